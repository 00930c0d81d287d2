"""The same annotations, exported by each tool, give the same claims on the same words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from accordgraph.pipeline import build_graph
from accordgraph.profiling import check, found_in
from graph.build import Graph
from loaders.diagnostics import Diagnostics
from loaders.profile import Profile
from loaders.profile_file import read_profile

MADE = Path(__file__).resolve().parent.parent / "made"
FORMATS = sorted(path.name for path in MADE.iterdir() if path.is_dir())
WITHOUT_RELATIONS = ("argilla", "columns", "conllu", "docbin", "lighttag", "nif")
REGISTER = """
- id: agency:th-police
  names: {th: สำนักงานตำรวจแห่งชาติ}
  country: country:TH
- id: crime:call-center-scam
  names: {th: แก๊งคอลเซ็นเตอร์}
- id: crime:online-scam
  names: {km: ការបោកប្រាស់តាមអនឡាញ}
"""
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def entities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("register") / "entities"
    folder.mkdir()
    (folder / "made.yaml").write_text(REGISTER, encoding="utf-8")
    return folder


def _built(name: str, entities: Path) -> Graph:
    profile = Profile(defaults={"published": "2025-10-16"})
    if name == "json":  # a shape of our own, which says nothing of itself
        profile = replace(read_profile(MADE / "json.toml"), defaults=profile.defaults)
    built = build_graph([MADE / name, entities], profile=profile)
    assert not built.problems
    assert not built.diagnostics.lost, [str(one) for one in built.diagnostics.kept]
    return built.graph


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in WITHOUT_RELATIONS])
def test_every_format_gives_the_same_claims(name: str, entities: Path) -> None:
    graph, wanted = _built(name, entities), _built("brat", entities)
    assert len(wanted.claims) == 2
    assert graph.claims == wanted.claims
    quotes = sorted((one.claim, one.quote, one.start, one.end) for one in graph.evidence.values())
    assert quotes == sorted((one.claim, one.quote, one.start, one.end) for one in wanted.evidence.values())
    assert len(quotes) == 3


@pytest.mark.parametrize(
    ("tool", "formats"),
    [(tool, (tool,)) for tool in ("brat", "doccano", "label-studio", "prodigy")]
    + [("inception", ("webanno-tsv", "cas-json", "cas-xmi"))],
)
def test_the_profile_of_a_scheme_reads_what_is_made_with_it(
    run: Run, tmp_path: Path, entities: Path, tool: str, formats: tuple[str, ...]
) -> None:
    assert run("scheme", tool, "-o", tmp_path).exit_code == 0
    wanted = _built("brat", entities)
    for format_ in formats:
        profile = replace(read_profile(tmp_path / "profile.toml"), defaults={"published": "2025-10-16"})
        built = build_graph([MADE / format_, entities], profile=profile)
        assert not built.diagnostics.lost, [str(one) for one in built.diagnostics.kept]
        assert built.graph.claims == wanted.claims
        found = found_in([MADE / format_], profile, Diagnostics())
        assert all("matches nothing" in problem for problem in check(profile, found))
    done = run(
        *("build", MADE / formats[0], entities, "--profile", tmp_path / "profile.toml"),
        *("--set", "published=2025-10-16", "--store", tmp_path / "s"),
    )
    assert done.exit_code == 0


def test_an_export_is_built_from_the_command_line(run: Run, tmp_path: Path, entities: Path) -> None:
    result = run("build", MADE / "brat", entities, "--store", tmp_path / "s", "--set", "published=2025-10-16", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (told["articles"], told["claims"], told["evidence_checked"]) == (2, 2, 1.0)
    assert told["annotations"] == {"read": 11, "skipped": 0}
    again = json.loads(
        run(
            "build", MADE / "brat", entities, "--store", tmp_path / "s", "--set", "published=2025-10-16", "--json"
        ).stdout
    )
    assert again["outcomes"] == {"unchanged": 2}


def test_what_is_bad_is_named_counted_and_kept(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Thailand and Cambodia cooperate.")
    (tmp_path / "in" / "a.ann").write_text(
        "T1\tCountry 0 8\tThailand\nT2\tCountry 13 21\tCambodia\nR1\tcooperates-with Arg1:T1 Arg2:T2\nR2\tnonsense Arg1:T1 Arg2:T2\nT3\tCountry 0 4\tLaos\n"
    )
    more = ("--set", "published=2025", "--quarantine", tmp_path / "q.jsonl")
    result = run("build", tmp_path / "in", "--store", tmp_path / "s", *more)
    assert result.exit_code == 3
    assert "a.ann:5: offset.mismatch" in result.stderr
    assert "relation.unmapped" in result.stderr
    kept = [json.loads(line) for line in (tmp_path / "q.jsonl").read_text().splitlines()]
    assert {one["code"] for one in kept} == {"offset.mismatch", "relation.unmapped"}
    strict = run("build", tmp_path / "in", "--store", tmp_path / "none", "--strict", "--set", "published=2025")
    assert strict.exit_code == 1
    assert strict.stderr.startswith("Error: ")
    assert not (tmp_path / "none").exists()


def test_an_export_without_a_date_says_how_to_give_one(run: Run, tmp_path: Path) -> None:
    result = run("build", MADE / "brat", "--store", tmp_path / "s")
    assert result.exit_code == 1
    assert "give --set published=" in result.stderr
    assert run("build", MADE / "brat", "--store", tmp_path / "s", "--set", "publishd=2025").exit_code == 2
