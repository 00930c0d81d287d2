"""The command that says what is in an export of an annotation tool."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accordgraph.cli import QUARANTINE, report_diagnostics
from accordgraph.cli.reading import DIAGNOSTICS, OFFSETS, STRICT, as_told

if TYPE_CHECKING:
    from accordgraph.inspecting import Inspected

KINDS = ("mentions", "relations", "events", "clusters", "attributes", "links", "notes")
ALWAYS = ("documents", "mentions", "relations")  # columns that are shown even if all are 0
LABELS = 30  # labels that are listed, the most frequent ones


@click.command(
    epilog="""\b
Examples:
  accordgraph inspect export.zip
  accordgraph inspect corpus/ --diagnostics
  accordgraph inspect tasks.json --format label-studio --json | jq .total
  curl -s https://example.org/export.jsonl | accordgraph inspect -
"""
)
@click.argument("paths", nargs=-1, required=True)
@click.option("--format", "-f", "format_", metavar="FORMAT", help="The format, where it is not to be found out.")
@OFFSETS
@click.option(
    "--profile",
    "profile_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Read as a profile says: its format, its text key, its offsets, its paths into JSON.",
)
@click.option("--predictions", is_flag=True, help="Read what a model proposed, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: counts for each file, and their sum.")
@DIAGNOSTICS
@STRICT
def inspect(
    paths: tuple[str, ...],
    *,
    format_: str | None,
    unit: str | None,
    profile_file: Path | None,
    predictions: bool,
    as_json: bool,
    diagnostics: bool,
    strict: bool,
) -> None:
    """Say what is in exports of annotation tools: files, folders, archives, or - for standard input. Writes nothing.

    Each file is counted by itself: documents, mentions, relations and so on, labels, what could not be read and why.
    The counts add up: read = kept + skipped.
    """
    from accordgraph.inspecting import inspect as inspect_paths
    from accordgraph.inspecting import total
    from loaders.profile import Profile
    from loaders.profile_file import read_profile

    profile = read_profile(profile_file) if profile_file else Profile()
    options = as_told(profile.options, unit, predictions=predictions)
    files = list(inspect_paths(paths, format_=format_ or profile.format, options=options, strict=strict))
    if as_json:
        _print_json(files, total(files))
    else:
        _print_table(files, total(files))
    if not as_json or diagnostics:
        codes: Counter[str] = sum((one.codes for one in files), Counter())
        report_diagnostics([told for one in files for told in one.diagnostics], codes, every=diagnostics)
    _exit(files)


def _print_json(files: list[Inspected], summed: Inspected) -> None:
    import orjson

    told = {"files": [one.as_dict() for one in files], "total": summed.figures()}
    click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2))


def _print_table(files: list[Inspected], summed: Inspected) -> None:
    from accordgraph.tables import table

    columns = [name for name in ("documents", *KINDS, "skipped") if summed.counts[name] or name in ALWAYS]
    read = [one for one in files if one.format]
    folder = _common_folder([one.path for one in read])
    rows = [(one.path[len(folder) :], one.format, *(f"{one.counts[name]:,}" for name in columns)) for one in read]
    if len(read) != 1:
        rows.append(("total", "", *(f"{summed.counts[name]:,}" for name in columns)))
    if folder:
        click.echo(f"In {folder}")
    fits = shutil.get_terminal_size().columns if sys.stdout.isatty() else 10_000
    for line in table(("file", "format", *columns), rows, fits=fits):
        click.echo(line)
    for what, counts in (("Labels", summed.labels), ("Relations", summed.relation_labels)):
        if counts:
            click.echo(
                f"{what}: " + ", ".join(f"{label or '(none)'} {count:,}" for label, count in counts.most_common())
            )
    if summed.annotators:
        click.echo("Annotators: " + ", ".join(sorted(summed.annotators)))
    stated, equal = summed.counts["surfaces_stated"], summed.counts["surfaces_equal"]
    if stated:
        click.echo(f"Words stated with {stated:,} mentions, {equal:,} of them letter by letter as in the text")


def _common_folder(paths: list[str]) -> str:
    """What all paths begin with, up to a slash; nothing for a single one."""
    common = os.path.commonprefix(paths) if len(paths) > 1 else ""  # noqa: RUF071  # cut at a slash below
    return common[: common.rfind("/") + 1]


def _listed(counts: Counter[str]) -> str:
    most = [f"{label or '(none)'} {count:,}" for label, count in counts.most_common(LABELS)]
    more = len(counts) - len(most)
    return ", ".join(most) + (f" … and {more:,} more" if more else "")


def _exit(files: list[Inspected]) -> None:
    if not any(file.format for file in files):
        raise click.ClickException("Nothing to read there; accordgraph inspect --help names the formats")
    if any(file.counts["skipped"] or any(one.action == "skipped" for one in file.diagnostics) for file in files):
        click.get_current_context().exit(QUARANTINE)
