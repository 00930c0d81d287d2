"""From a JSON file of a shape that nobody knows to claims: suggest, check, inspect, build."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

MADE = Path(__file__).resolve().parent.parent / "made"
REGISTER = "- id: agency:th-police\n  names: {th: สำนักงานตำรวจแห่งชาติ}\n  country: country:TH\n"
Run = Callable[..., Result]


def test_a_shape_that_nobody_knows_becomes_claims(run: Run, tmp_path: Path) -> None:
    unknown = run("inspect", MADE / "json")
    assert unknown.exit_code == 1
    assert "--format json guesses" in unknown.stderr
    profile = tmp_path / "ours.toml"
    assert run("profile", "suggest", MADE / "json", "-o", profile).exit_code == 0
    written = tomllib.loads(profile.read_text(encoding="utf-8"))
    assert written["json"]["mentions"]["path"] == "passes[].marks[]"
    assert run("profile", "check", profile, MADE / "json").exit_code == 0
    told = json.loads(run("inspect", MADE / "json", "--profile", profile, "--json").stdout)
    assert (told["total"]["mentions"], told["total"]["relations"], told["total"]["skipped"]) == (8, 3, 0)
    (tmp_path / "entities").mkdir()
    (tmp_path / "entities" / "made.yaml").write_text(REGISTER, encoding="utf-8")
    more = ("--set", "published=2025-10-16", "--store", tmp_path / "s", "--json")
    built = run("build", MADE / "json", tmp_path / "entities", "--profile", profile, *more)
    assert json.loads(built.stdout)["claims"] == 2


def test_what_holds_nothing_is_no_draft(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"a": 1}]')
    done = run("profile", "suggest", tmp_path / "x.json")
    assert done.exit_code == 1
    assert "No labels there" in done.stderr
