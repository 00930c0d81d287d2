"""`accordgraph profile`: a draft that holds what was found and checks clean; a check that names what is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from loaders.profile import read_profile

Run = Callable[..., Result]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("Thailand Police Bangkok Thing 2022")
    (folder / "a.ann").write_text(
        "T1\tGPE 0 8\tThailand\nT2\tAgency 9 15\tPolice\nT3\tLOC 16 23\tBangkok\nT4\tWhat 24 29\tThing\nT5\tDate 30 34\t2022\n"
        "R1\tcooperates-with Arg1:T1 Arg2:T2\nR2\tlikes Arg1:T1 Arg2:T2\nR3\tsigned Arg1:T1 Arg2:T3\n"
    )
    return folder


def test_a_draft_says_what_was_found_and_checks_clean_but_for_forbidden_ends(
    run: Run, export: Path, tmp_path: Path
) -> None:
    target = tmp_path / "ours.toml"
    assert run("profile", "suggest", export, "-o", target).exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert '# "Agency" (1) is our own word' in text
    profile = read_profile(target)
    assert profile.nodes == {"Country": ("GPE",), "Place": ("LOC",)}
    assert profile.ignored_relations == ("likes",)
    assert set(profile.ignored_labels) == {"What", "Date"}
    checked = run("profile", "check", target, export)
    assert checked.exit_code == 3
    assert checked.stderr.count("✗") == 1
    assert "signed takes no Place as object" in checked.stderr
    (export / "a.ann").write_text((export / "a.ann").read_text().replace("R3\tsigned Arg1:T1 Arg2:T3\n", ""))
    assert run("profile", "check", target, export).exit_code == 0


def test_a_check_names_what_is_open(run: Run, export: Path, tmp_path: Path) -> None:
    target = tmp_path / "p.toml"
    target.write_text('[nodes.Country]\nfrom = ["GPE", "NATION"]\n[relations.signed]\nfrom = ["has_signed"]\n')
    told = run("profile", "check", target, export).stderr
    for one in (
        "label 'LOC' (1) has no rule",
        "label 'What' (1) has no rule",
        "relation 'likes' (1) has no rule",
        "[nodes.Country] 'NATION' matches nothing",
        "[relations.signed] 'has_signed' matches nothing",
        "signed takes no something that is no kind as object",
    ):
        assert one in told
    assert "'Date'" not in told


def test_a_profile_is_not_written_over_and_nothing_is_no_draft(run: Run, export: Path, tmp_path: Path) -> None:
    target = tmp_path / "p.toml"
    target.write_text("# mine\n")
    assert run("profile", "suggest", export, "-o", target).exit_code == 1
    assert target.read_text() == "# mine\n"
    (tmp_path / "x.txt").write_text("text alone")
    assert "No labels there" in run("profile", "suggest", tmp_path / "x.txt").stderr


def test_a_draft_goes_to_standard_output(run: Run, export: Path) -> None:
    assert run("profile", "suggest", export).stdout.startswith("# A draft")
