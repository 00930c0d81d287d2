"""`accordgraph inspect`: counts that add up, diagnostics with their places, exit codes."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
KEYS = {
    "path", "format", "documents", "mentions", "relations", "events", "attributes", "links", "notes", "clusters", "annotators", "labels",
    "relation_labels", "surfaces_stated", "surfaces_equal", "read", "kept", "skipped", "diagnostics",
}  # fmt: skip


@pytest.fixture
def export(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("Ada met Bo.")
    (tmp_path / "a.ann").write_text(
        "T1\tPerson 0 3\tAda\nT2\tPerson 8 10\tBo\nR1\tknows Arg1:T1 Arg2:T2\t\nT3\tPerson 4 7\tEve\n?\n"
    )
    return tmp_path


def test_json_has_every_key_and_adds_up(run: Run, export: Path) -> None:
    result = run("inspect", export, "--json")
    told = json.loads(result.stdout)
    (one,) = told["files"]
    assert set(one) == KEYS
    assert set(told["total"]) == KEYS - {"path", "format"}
    assert one["format"] == "brat"
    assert (one["mentions"], one["relations"], one["read"], one["kept"], one["skipped"]) == (2, 1, 5, 3, 2)
    assert one["labels"] == {"Person": 2}
    assert one["relation_labels"] == {"knows": 1}
    assert one["diagnostics"] == {"line.bad": 1, "offset.mismatch": 1}
    assert result.exit_code == 3


def test_people_are_told_counts_and_places(run: Run, export: Path) -> None:
    result = run("inspect", export)
    assert "a.ann" in result.stdout
    assert "Labels: Person 2" in result.stdout
    assert f"{export}/a.ann:4: offset.mismatch" in result.stderr
    assert f"{export}/a.ann:5: line.bad" in result.stderr
    assert "[skipped]" in result.stderr


def test_many_of_one_code_are_cut_short_unless_asked_for(run: Run, export: Path) -> None:
    (export / "a.ann").write_text("?\n" * 30)
    assert "… and 10 more of line.bad" in run("inspect", export).stderr
    assert run("inspect", export, "--diagnostics").stderr.count("line.bad") == 30


def test_utf16_is_named_as_what_it_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "ไทย", "label": [[0, 3, "LOC"]]}', encoding="utf-16")
    assert f"{tmp_path}/a.jsonl:1: encoding.not-utf8 it begins as UTF-16" in run("inspect", tmp_path).stderr


def test_strict_stops_at_the_first(run: Run, export: Path) -> None:
    result = run("inspect", export, "--strict")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {export}/a.ann:5: line.bad")


def test_a_zip_is_read_as_its_folder_is(run: Run, export: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        for name in ("a.ann", "a.txt"):
            archive.write(export / name, f"in/{name}")
    (one,) = json.loads(run("inspect", tmp_path / "e.zip", "--json").stdout)["files"]
    assert one["path"] == f"{tmp_path}/e.zip!/in/a.ann"
    assert one["mentions"] == 2


def test_nothing_to_read_is_a_failure_and_an_unknown_format_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"\x00\x01")
    result = run("inspect", tmp_path / "x.bin")
    assert result.exit_code == 1
    assert "format.unknown" in result.stderr
    assert "did you mean 'brat'" in run("inspect", tmp_path / "x.bin", "--format", "brta").stderr
    assert run("inspect", tmp_path / "none").exit_code == 1
