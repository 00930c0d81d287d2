"""`make bench`: measures each size in a process of its own and reports it as a table and as JSON."""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from accordgraph.tables import table
from benchmarks.measure import RUNS, Measure, Question, Report, measure

SIZES = (1_000, 10_000, 40_000, 100_000)  # 40,000 claims are 10,000 articles
WIDTH = 200


@click.command()
@click.option("--claims", "sizes", type=int, multiple=True, default=SIZES, show_default=True, help="Claims stated.")
@click.option("--json", "target", type=click.Path(dir_okay=False, path_type=Path), help="Writes the figures there too.")
def main(sizes: tuple[int, ...], target: Path | None) -> None:
    """Measures reading, building, storing, asking and memory at each size, beside floors of the same run."""
    reports = []
    for size in sizes:
        click.echo(f"Measuring {size:,} claims …", err=True)
        reports.append(_apart(size))
        click.echo("\n".join(_size_table(reports[-1])) + "\n")
    click.echo("\n".join([*_question_table(reports), "", *_peer_table()]))
    if target:
        target.write_text(json.dumps(_as_json(reports), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _apart(size: int) -> Report:
    """The report of one size from a fresh process, so that its peak of memory is its own."""
    with tempfile.TemporaryDirectory() as folder, multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (size, Path(folder)))


def _size_table(report: Report) -> Iterator[str]:
    counts = ", ".join(f"{count:,} {name}" for name, count in report.counts.items())
    yield f"{report.stated:,} claims stated: {counts}"
    yield from measure_table(report.measures)


def measure_table(measures: Sequence[Measure]) -> Iterator[str]:
    """Figures beside their floors."""
    columns = ("measured", "figure", "unit", "floor", "its figure", "ratio")
    yield from table(columns, [_row(one) for one in measures], WIDTH)


def _row(one: Measure) -> tuple[str, ...]:
    figures = ("" if value is None else _figure(value) for value in (one.floor_value, one.ratio))
    return one.what, _figure(one.value), one.unit, one.floor or "", *figures


def _question_table(reports: Sequence[Report]) -> Iterator[str]:
    columns = [f"p50 / p95 in ms (rows; runs if not {RUNS})", *(f"{report.stated:,} claims" for report in reports)]
    rows = [[asked[0].name, *map(_answered, asked)] for asked in zip(*(r.questions for r in reports), strict=True)]
    yield from table(columns, rows, WIDTH)


def _answered(one: Question) -> str:
    if one.problem:
        return one.problem
    few = f"; {one.runs}×" if one.runs < RUNS else ""
    return f"{one.p50:,.1f} / {one.p95:,.1f} ({one.rows:,}{few})"


def _peer_table() -> Iterator[str]:
    text = (Path(__file__).parent / "peers.toml").read_text(encoding="utf-8")
    yield "Others, measured elsewhere (see peers.toml):"
    yield from table(("task", "tool", "figure"), [tuple(one.values()) for one in tomllib.loads(text)["peer"]], WIDTH)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _as_json(reports: Sequence[Report]) -> dict[str, Any]:
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    return {"machine": machine, "reports": [asdict(report) for report in reports]}


if __name__ == "__main__":
    main()
