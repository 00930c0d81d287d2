"""Commands about profiles: a draft from an export, and a check of a profile against one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accordgraph.cli import QUARANTINE, report, say

if TYPE_CHECKING:
    from loaders.diagnostics import Diagnostics


@click.group()
def profile() -> None:
    """Say what the labels of an annotation tool mean: a profile is a TOML file, see docs/exports.md."""


@profile.command(
    epilog="""\b
Examples:
  accordgraph profile suggest export.zip -o ours.toml
  accordgraph profile suggest tasks.json --format label-studio
"""
)
@click.argument("paths", nargs=-1, required=True)
@click.option("--format", "-f", "format_", metavar="FORMAT", help="The format, where it is not to be found out.")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write it there; a new file.")
def suggest(paths: tuple[str, ...], format_: str | None, output: Path | None) -> None:
    """Write a draft of a profile from the labels found in an export, with counts. Nothing is decided by it.

    Of JSON that no reader knows, it guesses where the texts and marks are, and writes that, too.
    """
    from accordgraph.drafting import draft
    from accordgraph.profiling import found_in
    from loaders.diagnostics import Diagnostics
    from loaders.generic import JSON
    from loaders.profile import Profile

    found = found_in(paths, Profile(format=format_), Diagnostics())
    if not found.labelled and format_ is None:
        format_ = JSON.format
        found = found_in(paths, Profile(format=format_), Diagnostics())
    if not found.labelled:
        raise click.ClickException("No labels there; accordgraph inspect says what there is")
    text = draft(found, Path(paths[0]).stem)
    if format_ == JSON.format:
        text += _json_table(paths)
    if output is None:
        click.echo(text, nl=False)
        return
    with output.open("x", encoding="utf-8") as stream:  # somebody's profile is never written over
        stream.write(text)
    say(f"Written to {output}; read it, then: accordgraph profile check {output} {' '.join(paths)}")


def _json_table(paths: Sequence[str]) -> str:
    """Where the first file of a shape that can be guessed has what it holds."""
    from loaders.diagnostics import Diagnostics
    from loaders.files import Files
    from loaders.guessed import as_toml, guess_of

    with Files(paths, Diagnostics()) as files:
        guess = next((found for file in files if (found := guess_of(file))), None)
    return f"\n# --- where the file has what: guessed, see docs/json-paths.md\n{as_toml(guess)}" if guess else ""


@profile.command(
    epilog="""\b
Examples:
  accordgraph profile check ours.toml export.zip
"""
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("paths", nargs=-1, required=True)
def check(file: Path, paths: tuple[str, ...]) -> None:
    """List labels without a rule, rules that match nothing, and ends that the vocabulary forbids: then exit 3."""
    from accordgraph.profiling import check as check_profile
    from accordgraph.profiling import found_in
    from loaders.diagnostics import Diagnostics
    from loaders.profile_file import read_profile

    read = read_profile(file)
    diagnostics = Diagnostics()
    problems = list(check_profile(read, found_in(paths, read, diagnostics)))
    report(problems)
    _say_lost(diagnostics, paths)
    if problems:
        click.get_current_context().exit(QUARANTINE)
    say("every label has a rule, and every rule a label")


def _say_lost(diagnostics: Diagnostics, paths: tuple[str, ...]) -> None:
    """What could not be read is in no count of labels."""
    if diagnostics.lost:
        told = ", ".join(f"{code} ({count})" for code, count in sorted(diagnostics.codes.items()))
        say(f"Not all could be read: {told}; accordgraph inspect {' '.join(paths)} --diagnostics says where")
