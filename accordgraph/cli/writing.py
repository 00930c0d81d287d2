"""What writers yield → files: pieces of one path one after another, and what a format could not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from accordgraph.cli import say

Target = Callable[[str], Path | None]  # the file for a path that a writer names; None for standard output


def write_pieces(pieces: Iterable[tuple[str, bytes]], target_of: Target) -> int:
    """Writes pieces of files, those of one path one after another. Returns how many files there are."""
    begun: dict[str, Path | None] = {}
    for name, data in pieces:
        target = begun[name] if name in begun else target_of(name)
        if target:
            with target.open("ab" if name in begun else "wb") as stream:
                stream.write(data)
        else:
            click.echo(data, nl=False)
        begun[name] = target
    return len(begun)


def in_folder(folder: Path) -> Target:
    """Every path below a folder, which is made."""

    def target(name: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    return target


def say_losses(format_: str, losses: Counter[str]) -> None:
    """What was left out, a line each."""
    for what, count in sorted((+losses).items()):
        say(f"{format_} cannot hold {what}: {count:,} left out")
