"""The command that writes out what an annotation tool imports: scheme."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from accordgraph.cli import say

TOOLS = ("brat", "doccano", "inception", "label-studio", "prodigy")


@click.command(
    epilog="""\b
Examples:
  accordgraph scheme label-studio -o for-label-studio/
  accordgraph scheme brat -o /srv/brat/data/scam-centers/
"""
)
@click.argument("tool", type=click.Choice(TOOLS))
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder; one of the tool's name without it.",
)
def scheme(tool: str, output: Path | None) -> None:
    """Write the labels, relations and roles of the vocabulary as files that TOOL imports.

    profile.toml among them says what the labels mean: accordgraph build EXPORT --profile profile.toml.
    docs/annotation-guide.md says where to import them, what to mark, and which export to give to build.
    """
    folder = output or Path(tool)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted(files("loaders").joinpath("scheme", tool).iterdir(), key=lambda one: one.name):
        (folder / source.name).write_bytes(source.read_bytes())
        written.append(source.name)
    say(f"{', '.join(written)} written to {folder}")
