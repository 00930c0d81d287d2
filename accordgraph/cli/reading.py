"""Options of the commands that read exports of annotation tools: what labels mean, and what becomes of what is bad."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from accordgraph.cli import say

if TYPE_CHECKING:
    from graph.errors import AccordgraphError
    from loaders.diagnostics import Diagnostic
    from loaders.profile import Profile
    from loaders.reading import Options

QUARANTINE_FILE = "quarantine.jsonl"  # in the folder of the store that is built


def export_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--profile, --format, --annotators, --set, --strict, --quarantine; the command gets a profile and diagnostics.

    What is skipped goes to the quarantine, and so do the problems of our own articles that the command leaves in
    `diagnostics.problems`.
    """

    @wraps(command)
    def wrapped(*arguments: Any, strict: bool, quarantine: Path | None, **more: Any) -> Any:
        from loaders.diagnostics import Diagnostics

        profile = given_profile(more)
        strict = strict or profile.stop_on_error
        with Quarantine(quarantine or (None if strict else _in_store(more.get("store"), command))) as kept:
            diagnostics = Diagnostics(strict=strict, sink=kept.keep)
            return command(*arguments, profile=profile, diagnostics=diagnostics, quarantine=kept, **more)

    for option in reversed((*PROFILE_OPTIONS, *_OPTIONS)):
        option(wrapped)
    return wrapped


def profile_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--profile, --format, --annotators, --set alone; the command gets a profile."""

    @wraps(command)
    def wrapped(*arguments: Any, **more: Any) -> Any:
        return command(*arguments, profile=given_profile(more), **more)

    for option in reversed(PROFILE_OPTIONS):
        option(wrapped)
    return wrapped


PROFILE_OPTIONS = (
    click.option(
        "--profile",
        "profile_file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="What the labels of an export mean (TOML); else they are taken for the vocabulary's own words.",
    ),
    click.option("--format", "-f", "format_", metavar="FORMAT", help="The export's format, where it is not found out."),
    click.option(
        "--annotators", metavar="POLICY", help="all, union, majority:N or prefer:NAME, where several annotated a text."
    ),
    click.option(
        "--set",
        "defaults",
        multiple=True,
        metavar="FIELD=VALUE",
        help="A field of every exported article that the export does not state: published=2025-10-16.",
    ),
)
_OPTIONS = (
    click.option("--strict", is_flag=True, help="Stop at the first annotation that cannot be read; write nothing."),
    click.option(
        "--quarantine",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Where to write what could not be read, as JSON Lines; without it build has one in its store's folder.",
    ),
)


# What the commands share that read exports and build nothing.
OFFSETS = click.option(
    "--offsets",
    "unit",
    type=click.Choice(["codepoint", "utf16", "byte", "grapheme"]),
    help="What the offsets count, where the format leaves it open.",
)
DIAGNOSTICS = click.option(
    "--diagnostics", is_flag=True, help="List everything that could not be read, with its place."
)
STRICT = click.option("--strict", is_flag=True, help="Stop at the first annotation that cannot be read.")


def as_told(options: Options, unit: str | None, *, predictions: bool) -> Options:
    """The options of a profile, with what the command line says beside."""
    from dataclasses import replace

    return replace(options, unit=unit or options.unit, predictions=predictions or options.predictions)


def given_profile(options: dict[str, Any]) -> Profile:
    """The profile of the options PROFILE_OPTIONS, which are taken out of the options."""
    from dataclasses import replace

    from graph.errors import did_you_mean
    from loaders.article_fields import FIELDS
    from loaders.profile import Profile
    from loaders.profile_file import read_profile

    file: Path | None = options.pop("profile_file")
    format_, annotators = options.pop("format_"), options.pop("annotators")
    defaults: Sequence[str] = options.pop("defaults")
    profile = read_profile(file) if file else Profile()
    given = dict(profile.defaults)
    for pair in defaults:
        name, equals, value = pair.partition("=")
        if not equals or name not in FIELDS:
            raise click.UsageError(f"--set {pair}: no FIELD=VALUE; {did_you_mean(name, FIELDS)}")
        given[name] = value
    return replace(
        profile,
        format=format_ or profile.format,
        annotators=annotators or profile.annotators,
        defaults=given,
    )


def _in_store(store: str | None, command: Callable[..., Any]) -> Path | None:
    """Where a build keeps what it could not read, unless told otherwise; a server has no folder for it."""
    return Path(store) / QUARANTINE_FILE if store and command.__name__ == "build" and "://" not in store else None


class Quarantine:
    """The file of what could not be read, one JSON object a line. There is none while nothing is kept.

    Use it in a `with` block. A file that an earlier run left goes.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.count = 0
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Quarantine:
        if self.path:
            self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._stream:
            self._stream.close()
            say(f"{self.count:,} in quarantine: {self.path}")

    def keep(self, one: Diagnostic) -> None:
        """Keeps what was skipped; what was repaired is no loss."""
        if one.action == "skipped":
            self._write(one.as_dict())

    def keep_problems(self, problems: Iterable[AccordgraphError]) -> None:
        """Keeps what is wrong with our own articles."""
        from loaders.diagnostics import Diagnostic

        for problem in problems:
            told = f"{problem.what}; {problem.way_out}" if problem.way_out else problem.what
            self.keep(Diagnostic("article.bad", problem.path or "", told, place=str(problem.line or "")))

    def _write(self, row: dict[str, str]) -> None:
        import orjson

        if self.path is None:
            return
        if self._stream is None:
            self._stream = self.path.open("wb")
        self._stream.write(orjson.dumps(row) + b"\n")
        self.count += 1
