"""Options of the commands that read exports of annotation tools: what labels mean, and what becomes of what is bad."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from loaders.diagnostics import Diagnostic, Diagnostics
    from loaders.profile import Profile


def export_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--profile, --format, --annotators, --set, --strict, --quarantine; the command gets a profile and diagnostics."""

    @wraps(command)
    def wrapped(
        *arguments: Any,
        profile_file: Path | None,
        format_: str | None,
        annotators: str | None,
        defaults: Sequence[str],
        strict: bool,
        quarantine: Path | None,
        **more: Any,
    ) -> Any:
        with ExitStack() as opened:
            more["profile"] = _profile(profile_file, format_, annotators, defaults)
            more["diagnostics"] = _diagnostics(quarantine, opened, strict=strict)
            return command(*arguments, **more)

    for option in reversed(_OPTIONS):
        option(wrapped)
    return wrapped


_OPTIONS = (
    click.option(
        "--profile",
        "profile_file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="What the labels of an export mean (TOML); else they are taken for the vocabulary's own words.",
    ),
    click.option("--format", "format_", metavar="FORMAT", help="The export's format, where it is not found out."),
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
    click.option("--strict", is_flag=True, help="Stop at the first annotation that cannot be read; write nothing."),
    click.option(
        "--quarantine",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Write everything that could not be read there, as JSON Lines with the raw text.",
    ),
)


def _profile(file: Path | None, format_: str | None, annotators: str | None, defaults: Sequence[str]) -> Profile:
    from dataclasses import replace

    from graph.errors import did_you_mean
    from loaders.profile import FIELDS, Profile, read_profile

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


def _diagnostics(quarantine: Path | None, opened: ExitStack, *, strict: bool) -> Diagnostics:
    from loaders.diagnostics import Diagnostics

    if quarantine is None:
        return Diagnostics(strict=strict)
    import orjson

    stream = opened.enter_context(quarantine.open("wb"))

    def keep(one: Diagnostic) -> None:
        stream.write(orjson.dumps(one.as_dict()) + b"\n")

    return Diagnostics(strict=strict, sink=keep)
