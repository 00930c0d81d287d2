"""What annotators are given: the scheme of their tool, and texts with suggestions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from accordgraph.cli.scheme import TOOLS

Run = Callable[..., Result]
ENTITIES = "- id: agency:th-rtp\n  names: {en: Royal Thai Police}\n"


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tools_scheme_is_written_out(run: Run, tmp_path: Path, tool: str) -> None:
    source = Path(__file__).parents[2] / "loaders" / "scheme" / tool
    done = run("scheme", tool, "-o", tmp_path / "out")
    assert done.exit_code == 0
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert written == {path.name: path.read_bytes() for path in source.iterdir()}
    assert all(name in done.stderr for name in written)


def test_every_scheme_has_its_tool() -> None:
    assert {path.name for path in (Path(__file__).parents[2] / "loaders" / "scheme").iterdir()} == set(TOOLS)


def test_an_unknown_tool_is_wrong_usage(run: Run) -> None:
    assert run("scheme", "word").exit_code == 2


def test_suggestions_are_written_for_a_tool(run: Run, tmp_path: Path) -> None:
    (tmp_path / "entities").mkdir()
    (tmp_path / "entities" / "agencies.yaml").write_text(ENTITIES, encoding="utf-8")
    (tmp_path / "new.txt").write_text("Royal Thai Police met Cambodia on 11 July 2022.", encoding="utf-8")
    done = run("suggest", tmp_path / "new.txt", "-o", tmp_path / "out")
    assert done.exit_code == 0, done.stderr
    assert "3 mentions suggested in 1 texts" in done.stderr
    lines = (tmp_path / "out" / "new.ann").read_text(encoding="utf-8").splitlines()
    assert lines[:3] == [
        "T1\tAgency 0 17\tRoyal Thai Police",
        "T2\tCountry 22 30\tCambodia",
        "T3\tDate 34 46\t11 July 2022",
    ]
    assert "accordgraph:agency:th-rtp" in lines[3]
    assert "accordgraph:country:KH" in lines[4]


def test_a_register_elsewhere_can_be_named(run: Run, tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "new.txt").write_text("สำนักงานตำรวจแห่งชาติ", encoding="utf-8")
    run("suggest", tmp_path / "new.txt", "-r", corpus, "-o", tmp_path / "out")
    assert "agency:th-rtp" in (tmp_path / "out" / "new.ann").read_text(encoding="utf-8")


def test_what_is_marked_stays_and_nothing_is_suggested_twice(run: Run, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("Cambodia", encoding="utf-8")
    for source, target in (("new.txt", "once"), ("once", "twice")):
        assert run("suggest", tmp_path / source, "-o", tmp_path / target).exit_code == 0
    assert (tmp_path / "once" / "new.ann").read_bytes() == (tmp_path / "twice" / "new.ann").read_bytes()


def test_a_format_that_is_not_written_and_a_folder_without_texts_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("Cambodia", encoding="utf-8")
    wrong = run("suggest", tmp_path / "new.txt", "--to", "brad")
    assert (wrong.exit_code, "did you mean 'brat'?" in wrong.stderr) == (1, True)
    (tmp_path / "empty").mkdir()
    assert "No text below" in run("suggest", tmp_path / "empty", "-o", tmp_path / "out").stderr


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Cambodia", encoding="utf-8")
    (tmp_path / "a.ann").write_text("T1\tCountry 0 99\tCambodia\n", encoding="utf-8")
    done = run("suggest", tmp_path, "-o", tmp_path / "out")
    assert done.exit_code == 3
    assert "offset." in done.stderr
    assert "Country 0 8\tCambodia" in (tmp_path / "out" / "a.ann").read_text(encoding="utf-8")
