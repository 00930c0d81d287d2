"""The benchmark runs, on a size that takes seconds, and reports every question, floor and peer."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from benchmarks.run import main
from queries.catalog import templates


def test_a_small_run_reports_everything(tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    result = CliRunner().invoke(main, ["--claims", "80", "--json", str(target)])
    assert result.exit_code == 0, result.output
    (report,) = json.loads(target.read_text(encoding="utf-8"))["reports"]
    assert report["counts"]["articles"] == 20
    assert all(one["value"] > 0 for one in report["measures"])
    assert {one["floor"] for one in report["measures"]} == {
        None,
        "read and decode the bytes",
        "the engine's bulk load",
        "build all again",
    }
    assert [one["name"] for one in report["questions"]] == list(templates())
    assert all(0 < one["p50"] <= one["p95"] for one in report["questions"]), report["questions"]
    assert all(name in result.output for name in templates())
    assert "python-frontmatter" in result.output
