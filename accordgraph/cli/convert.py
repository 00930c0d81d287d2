"""The command that turns one format into another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accordgraph.cli import QUARANTINE, report, say
from accordgraph.cli.reading import profile_options
from accordgraph.cli.writing import in_folder, say_losses, write_pieces

if TYPE_CHECKING:
    from accordgraph.converting import Converted
    from graph.article import Article
    from loaders.document import Document
    from loaders.profile import Profile

ARTICLES = ("markdown", "jsonl")
DOCUMENTS = "documents"


@click.command(
    epilog="""\b
Examples:
  accordgraph convert articles/ -o articles.jsonl
  accordgraph convert articles.jsonl -o articles/
  accordgraph convert article.md > article.jsonl
  accordgraph convert export.zip corrected/ --to brat
  accordgraph convert articles/ --to label-studio -o tasks.json
  accordgraph convert export.zip articles/ --to markdown --profile ours.toml --set published=2025-10-16

Formats of annotation tools are read into one document model and written from it; what a format cannot hold is counted.
An export becomes articles with --to markdown, and with --to jsonl where a profile or --set says what they are;
--to jsonl alone writes its documents as they are, without loss.
"""
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATHS... [OUTPUT]")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="A file, a folder where there are several, or - to print."
)
@click.option("--to", metavar="FORMAT", help="An annotation tool's format; without it our Markdown or JSON Lines.")
@profile_options
def convert(paths: tuple[Path, ...], output: Path | None, to: str | None, *, profile: Profile) -> None:
    """Convert articles between annotated Markdown and JSON Lines without loss, or exports of tools into one another.

    Without --output the last path is the output, if it is not there yet; --output - prints.
    """
    if output is None and len(paths) > 1:
        if _is_new(paths[-1]):
            *given, output = paths
            paths = tuple(given)
        elif to:
            raise click.UsageError(f"Is {paths[-1]} read or written? --output {paths[-1]} writes, --output - prints")
    output = None if str(output) == "-" else output
    if to == "jsonl" and not _makes_articles(paths, profile):
        to = DOCUMENTS
    if to and to not in ARTICLES:
        _convert_documents(paths, output, to, profile)
    else:
        _convert_articles(paths, output, to, profile)


def _is_new(path: Path) -> bool:
    return str(path) != "-" and (not path.exists() or (path.is_dir() and not any(path.iterdir())))


def _makes_articles(paths: Sequence[Path], profile: Profile) -> bool:
    """Whether the paths are articles, or exports of which a profile makes some."""
    from accordgraph.pipeline import on_disk
    from loaders.registry import find_inputs

    says_more = profile.defaults or profile.metadata or profile.table or profile.nodes or profile.relations
    return bool(says_more or find_inputs(on_disk(paths)).articles)


# --- articles ----------------------------------------------------------------------------------------------------


def _convert_articles(paths: Sequence[Path], output: Path | None, to: str | None, profile: Profile) -> None:
    from accordgraph.converting import converted
    from loaders.diagnostics import Diagnostics

    diagnostics = Diagnostics(sink=lambda one: say(str(one)))
    found = converted(paths, profile, diagnostics)
    report(found.problems)
    if not found.articles:
        raise click.ClickException(f"No articles below {', '.join(map(str, paths))}")
    if twice := [id_ for id_, count in Counter(article.id for article in found.articles).items() if count > 1]:
        raise click.ClickException(f"Several articles have the id {twice[0]!r}; give each its own")
    _write_articles(found.articles, output, to)
    _write_undecided(found, output)
    if diagnostics.lost or found.problems:
        click.get_current_context().exit(QUARANTINE)


def _write_articles(articles: list[Article], output: Path | None, to: str | None) -> None:
    from accordgraph.tables import counted
    from loaders.annotated import to_markdown
    from loaders.jsonl import JSON_LINES
    from loaders.registry import loader_for

    if output is None:
        written = map(to_markdown, articles) if to == "markdown" else JSON_LINES.write(articles)
        click.echo("".join(written), nl=False)
        return
    if output.suffix:
        output.write_text("".join(loader_for(output).write(articles)), encoding="utf-8")
    else:
        output.mkdir(parents=True, exist_ok=True)
        if to == "jsonl":
            (output / "articles.jsonl").write_text("".join(JSON_LINES.write(articles)), encoding="utf-8")
        else:
            for article in articles:
                (output / f"{article.id}.md").write_text(to_markdown(article), encoding="utf-8")
    say(f"{counted(len(articles), 'article')} written to {output}")


def _write_undecided(found: Converted, output: Path | None) -> None:
    """The entities that the articles name and nobody has declared, into the register beside the articles."""
    from accordgraph.converting import UNDECIDED, undecided_yaml

    if not found.entities:
        return
    if output is None:
        say(f"{len(found.entities)} entities are not in the register; give --output, and they are written beside")
        return
    folder = (output.parent if output.suffix else output) / "entities"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / UNDECIDED
    before = path.read_text(encoding="utf-8") if path.exists() else ""  # somebody may have decided there already
    new = [one for one in found.entities.values() if f"id: {one.id}\n" not in before]
    text = undecided_yaml(new, {article.id: article for article in found.articles})
    path.write_text(f"{before}\n{text}" if before and new else before or text, encoding="utf-8")
    say(f"{len(found.entities)} entities are not in the register; decide on them in {path}")


# --- documents ---------------------------------------------------------------------------------------------------


def _convert_documents(paths: Sequence[Path], output: Path | None, to: str, profile: Profile) -> None:
    from accordgraph.article_table import ArticleTable
    from accordgraph.inspecting import documents
    from loaders.annotators import merged
    from loaders.detect import writer_named
    from loaders.diagnostics import Diagnostics
    from loaders.own import PROFILE

    writer = writer_named(to)
    losses: Counter[str] = Counter()
    diagnostics = Diagnostics(sink=lambda one: say(str(one)))
    single = output is None or bool(output.suffix)
    table = ArticleTable(profile)
    with closing(documents(paths, diagnostics, format_=profile.format, options=profile.options)) as read:
        found: Iterable[Document] = read if profile.annotators == "all" else merged(read, profile.annotators)
        if not (single or writer.one_file):
            found = table.noted(found)
        pieces: Iterable[tuple[str, bytes]] = writer.write(found, losses)
        if single and not writer.one_file:
            pieces = _single(pieces)
        count = write_pieces(pieces, in_folder(output) if output and not single else lambda name: output)
    if not count:
        raise click.ClickException("Nothing to read there; accordgraph inspect says why, file by file")
    say_losses(to, losses)
    say(f"{count} {'file' if count == 1 else 'files'} written to {output or 'standard output'}")
    if output and (written := table.write(output)):
        say(f"What the articles say of themselves is in {written}; build with --profile {written.with_name(PROFILE)}")
    if diagnostics.lost:
        click.get_current_context().exit(QUARANTINE)


def _single(pieces: Iterable[tuple[str, bytes]]) -> Iterable[tuple[str, bytes]]:
    """The pieces of one file, all of them; where there are several files nothing is written."""
    found: list[tuple[str, bytes]] = []
    for name, data in pieces:
        found.append((name, data))
        if name != found[0][0]:
            raise click.UsageError("This format has several files; give a folder: --output FOLDER")
    return found
