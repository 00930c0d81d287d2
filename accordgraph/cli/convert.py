"""The command that turns one format into another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accordgraph.cli import QUARANTINE, say
from accordgraph.cli.writing import Target, in_folder, say_losses, write_pieces

if TYPE_CHECKING:
    from graph.article import Article

ARTICLES = ("markdown", "jsonl")


@click.command(
    epilog="""\b
Examples:
  accordgraph convert articles/ -o articles.jsonl
  accordgraph convert articles.jsonl -o articles/
  accordgraph convert article.md > article.jsonl
  accordgraph convert export.zip --to brat -o corrected/
  accordgraph convert articles/ --to label-studio -o tasks.json

Formats of annotation tools are read into one document model and written from it; what a format cannot hold is counted.
"""
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), help="A file, or a folder where there are several.")
@click.option("--to", metavar="FORMAT", help="An annotation tool's format; without it our Markdown or JSON Lines.")
@click.option("--format", "-f", "format_", metavar="FORMAT", help="The format of the input, where it is not found out.")
def convert(paths: tuple[Path, ...], output: Path | None, to: str | None, format_: str | None) -> None:
    """Convert articles between annotated Markdown and JSON Lines without loss, or exports of tools into one another."""
    if to and to not in ARTICLES:
        _convert_documents(paths, output, to, format_)
        return
    from accordgraph.pipeline import read_articles

    articles = list(read_articles(paths))
    if twice := [id_ for id_, count in Counter(article.id for article in articles).items() if count > 1]:
        raise click.ClickException(f"Several articles have the id {twice[0]!r}; give each its own")
    _write_articles(articles, output, to)


def _write_articles(articles: list[Article], output: Path | None, to: str | None) -> None:
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
        for article in articles:
            (output / f"{article.id}.md").write_text(to_markdown(article), encoding="utf-8")
    say(f"{len(articles)} articles written to {output}")


def _convert_documents(paths: Iterable[Path], output: Path | None, to: str, format_: str | None) -> None:
    from accordgraph.inspecting import documents
    from loaders.detect import writer_named
    from loaders.diagnostics import Diagnostics

    writer = writer_named(to)
    losses: Counter[str] = Counter()
    diagnostics = Diagnostics(sink=lambda one: say(str(one)))
    target_of = _one_file(output) if output is None or output.suffix else in_folder(output)
    count = write_pieces(writer.write(documents(paths, diagnostics, format_=format_), losses), target_of)
    say_losses(to, losses)
    say(f"{count} {'file' if count == 1 else 'files'} written to {output or 'standard output'}")
    if diagnostics.lost:
        click.get_current_context().exit(QUARANTINE)


def _one_file(output: Path | None) -> Target:
    """The output itself, for a format that is one file."""
    names: set[str] = set()

    def target(name: str) -> Path | None:
        names.add(name)
        if len(names) > 1:
            raise click.UsageError("This format has several files; give a folder: --output FOLDER")
        return output

    return target
