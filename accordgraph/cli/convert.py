"""The command that turns one format into another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accordgraph.cli import QUARANTINE, say

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
    count = _write(writer.write(documents(paths, diagnostics, format_=format_), losses), output)
    for what, times in sorted((+losses).items()):
        say(f"{to} cannot hold {what}: {times:,} left out")
    say(f"{count} {'file' if count == 1 else 'files'} written to {output or 'standard output'}")
    if any(one.action == "skipped" for one in diagnostics.kept):
        click.get_current_context().exit(QUARANTINE)


def _write(pieces: Iterable[tuple[str, bytes]], output: Path | None) -> int:
    """Writes pieces of files, those of one path one after another. Returns how many files there are."""
    seen: dict[str, Path | None] = {}
    for name, data in pieces:
        target = seen[name] if name in seen else _target(name, output, first=not seen)
        if target:
            with target.open("ab" if name in seen else "wb") as stream:
                stream.write(data)
        else:
            click.echo(data, nl=False)
        seen[name] = target
    return len(seen)


def _target(name: str, output: Path | None, *, first: bool) -> Path | None:
    """The file for a path that a writer names: the output itself if it names a file; None for standard output."""
    if output is None or output.suffix:
        if not first:
            raise click.UsageError("This format has several files; give a folder: --output FOLDER")
        return output
    target = output / name
    target.parent.mkdir(parents=True, exist_ok=True)
    return target
