"""The command that proposes mentions to annotators: suggest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accordgraph.cli import QUARANTINE, report, say
from accordgraph.cli.writing import in_folder, say_losses, write_pieces

if TYPE_CHECKING:
    from loaders.document import Document


@click.command(
    epilog="""\b
Examples:
  accordgraph suggest new/*.txt --register articles/
  accordgraph suggest articles/ --to brat -o for-brat/
"""
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", "format_", default="brat", show_default=True, metavar="FORMAT", help="The format to write.")
@click.option(
    "--output", "-o", default="suggestions", show_default=True, type=click.Path(path_type=Path, file_okay=False)
)
@click.option(
    "--register",
    "-r",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder with entities/*.yaml, if there is none by PATHS.",
)
@click.option("--language", "-l", help="BCP 47 tag for the texts that do not say theirs; guessed by script without it.")
def suggest(
    paths: tuple[Path, ...], format_: str, output: Path, register: tuple[Path, ...], language: str | None
) -> None:
    """Mark known entities, countries and dates in the texts below PATHS, for annotators to correct and go on from.

    Texts are .txt files, articles, or exports of any tool. What is marked already stays as it is.
    """
    from accordgraph.pipeline import read_register
    from loaders.detect import writer_named
    from loaders.diagnostics import Diagnostics
    from loaders.files import Files
    from loaders.registry import find_inputs
    from loaders.suggest import Suggester, read_documents

    writer = writer_named(format_)
    on_disk = [path for path in paths if path.exists()]  # not standard input, not a pattern
    known, problems = read_register(find_inputs([*on_disk, *register]))
    report(problems)
    diagnostics = Diagnostics(sink=lambda one: say(str(one)))
    counts: Counter[str] = Counter()
    losses: Counter[str] = Counter()
    with Files(paths, diagnostics) as files:
        documents = Suggester(known).suggest(read_documents(files, diagnostics, language=language))
        write_pieces(writer.write(_counted(documents, counts), losses), in_folder(output))
    say(f"{counts['mentions']} mentions suggested in {counts['documents']} texts, written to {output}")
    say_losses(format_, losses)
    if not counts["documents"]:
        raise click.ClickException(
            f"No text below {', '.join(map(str, paths))}; give .txt files, articles or an export"
        )
    if diagnostics.skipped or problems:
        click.get_current_context().exit(QUARANTINE)


def _counted(documents: Iterable[Document], counts: Counter[str]) -> Iterator[Document]:
    for document in documents:
        counts["documents"] += 1
        counts["mentions"] += sum(mention.origin == "prediction" for mention in document.mentions)
        yield document
