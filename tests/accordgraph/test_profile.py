"""`accordgraph profile`: a draft that holds what was found and checks clean; a check that names what is open."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from loaders.profile_file import read_profile

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


def test_the_profile_in_the_documentation_reads(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")
    (tmp_path / "p.toml").write_text(guide.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    (tmp_path / "articles.csv").write_text("doc,Date\na,2565-07-11\n", encoding="utf-8")
    profile = read_profile(tmp_path / "p.toml")
    assert profile.table == {"a": {"published": "2565-07-11"}}
    assert [rule.relation for rule in profile.relations] == ["signed", "trains", "trains"]


def test_a_draft_guesses_what_is_common_and_shows_attributes_ends_and_roles(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Thailand trains Police 2022")
    (tmp_path / "a.ann").write_text(
        "T1\tGPE 0 8\tThailand\nT2\tORG 16 22\tPolice\nT3\tTrain 9 15\ttrains\nE1\tTrain:T3 Agent:T1 Theme2:T2\n"
        "A1\tType T2 government\nR1\tsigned_by Arg1:T2 Arg2:T1\n"
    )
    text = run("profile", "suggest", tmp_path / "a.ann").stdout
    for line in (
        '# "ORG" has Type: government (1)',
        '# "signed_by" joins ORG → GPE (1)',
        '[relations.signed]\nfrom = [\n  "signed_by!",  # 1\n]',
        '[relations.trains]\nfrom = [\n  "Train",  # 1\n]',
        '# "Theme" (1) is open: subject, object, on, at …',
    ):
        assert line in text
    target = tmp_path / "p.toml"
    target.write_text(text.replace("[roles]", '[roles]\nsubject = ["Agent", "Giver"]\n#'), encoding="utf-8")
    told = run("profile", "check", target, tmp_path / "a.ann").stderr
    assert "role 'Theme' of 'Train' (1) has no rule" in told
    assert "[roles] subject = 'Giver' matches nothing" in told
    assert "takes no Agency as object" in told


def test_metadata_are_proposed_where_their_values_fit(run: Run, tmp_path: Path) -> None:
    row = '{"text": "Laos", "label": [[0, 4, "LOC"]], "date": "16 Oct 2025", "source": "a book", "link": "https://example.org"}\n'
    (tmp_path / "t.jsonl").write_text(row)
    text = run("profile", "suggest", tmp_path / "t.jsonl").stdout
    assert 'published = "date"  # in 1 of 1, such as "16 Oct 2025"' in text
    assert 'url = "link"' in text
    assert '# "source"  # in 1 of 1, such as "a book"' in text


def test_a_draft_reads_whatever_values_say_and_shows_nothing_of_persons(run: Run, tmp_path: Path) -> None:
    mark = {"id": "1", "types": ["ORG"], "fragments": [[0, 4]], "attributes": {"a\rb": ["x\r\x7f\x0by"]}}
    row = {"accordgraph": "document 1", "id": "d", "path": "d", "format": "x", "text": "Laos", "mentions": [mark]}
    (tmp_path / "t.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "a.txt").write_text("Laos and Zed")
    (tmp_path / "a.ann").write_text("T1\tPER 9 12\tZed\nA1\tName T1 Zebulon\nT2\tORG 0 4\tNiue\n")
    draft = tmp_path / "p.toml"
    assert run("profile", "suggest", tmp_path / "t.jsonl", tmp_path / "a.ann", "-o", draft).exit_code == 0
    assert read_profile(draft).nodes["Agency"] == ("ORG",)
    assert '# "PER" has Name: 1 values, not shown' in draft.read_text()
    assert "Zebulon" not in draft.read_text()
    assert "Not all could be read: offset.mismatch (1)" in run("profile", "check", draft, tmp_path / "a.ann").stderr
