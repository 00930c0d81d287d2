"""Exports beside articles: every file accounted for once, and what cannot be read kept with its words."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from accordgraph.pipeline import build_graph, read_articles
from loaders.annotated import to_markdown
from loaders.profile import Profile
from loaders.profile_file import read_profile

Run = Callable[..., Result]
PUBLISHED = Profile(defaults={"published": "2025-10-16"})
ANN = "T1\tCountry 0 8\tThailand\nT2\tCountry 13 21\tCambodia\nR1\tcooperates-with Arg1:T1 Arg2:T2\n"
ARTICLE = """\
---
id: own
url: https://example.org/own
title: Title
publisher: Example
language: en
published: 2022-07-11
form: digest
---
[Thailand](country:TH) spoke.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An article of ours beside brat files, a zip of another one, and a file that is nothing."""
    place = tmp_path / "all"
    (place / "brat").mkdir(parents=True)
    (place / "own.md").write_text(ARTICLE)
    (place / "brat" / "a.txt").write_text("Thailand and Cambodia cooperate.")
    (place / "brat" / "a.ann").write_text(ANN)
    (place / "picture.png").write_bytes(b"\x89PNG")
    with zipfile.ZipFile(place / "more.zip", "w") as archive:
        archive.writestr("b.txt", "Thailand and Cambodia do cooperate.")
        archive.writestr("b.ann", ANN)
        archive.writestr("readme.rst", "words")
    return place


def test_every_file_is_in_the_ledger_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for paths in ([Path()], ["."], [folder]):
        ledger = build_graph(paths, profile=PUBLISHED).ledger
        found = sorted((one.path.removeprefix("./").removeprefix(f"{folder}/"), one.outcome) for one in ledger)
        assert found == [
            ("brat/a.ann", "new"),
            ("more.zip!/b.ann", "new"),
            ("more.zip!/readme.rst", "ignored"),
            ("own.md", "new"),
            ("picture.png", "ignored"),
        ]


def test_patterns_and_standard_input(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(build_graph([str(folder / "br*" / "*.ann")], profile=PUBLISHED).graph.articles) == ["a"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((folder / "more.zip").read_bytes())))
    built = build_graph(["-"], profile=PUBLISHED)
    assert list(built.graph.articles) == ["b"]
    assert [one.path for one in built.ledger] == ["-!/b.ann", "-!/readme.rst"]


def test_other_texts_under_one_id_are_articles_of_their_own(tmp_path: Path) -> None:
    for name, words in (("one", "Thailand"), ("two", "Thailand!"), ("three", "Thailand")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "doc.txt").write_text(words)
        (tmp_path / name / "doc.ann").write_text("T1\tCountry 0 8\tThailand\n")
    first, second = sorted(build_graph([tmp_path], profile=PUBLISHED).graph.articles)
    assert first == "doc"
    assert second.startswith("doc-")


def test_files_without_documents_and_files_that_two_readers_know_are_told(tmp_path: Path, folder: Path) -> None:
    (folder / "cut.jsonl").write_text('{"text": "Thailand", "entities": [], "relations": []}\n{"text": "cut of')
    (folder / "two.json").write_text(
        '[{"id": 1, "text": "a", "entities": [], "relations": [], "data": {"text": "a"}, "annotations": []}]'
    )
    built = build_graph([folder], profile=PUBLISHED)
    outcomes = {Path(one.path).name: one.outcome for one in built.ledger}
    assert (outcomes["cut.jsonl"], outcomes["picture.png"]) == ("new", "ignored")
    assert "json.bad" in built.diagnostics.codes
    (folder / "cut.jsonl").write_text('{"text": "cut of')
    outcomes = {Path(one.path).name: one.outcome for one in build_graph([folder], profile=PUBLISHED).ledger}
    assert outcomes["cut.jsonl"] == "quarantined"


def test_a_date_that_is_none_costs_its_article_and_not_the_build(folder: Path) -> None:
    (folder / "tasks.jsonl").write_text(
        '{"id": 7, "text": "Laos", "label": [[0, 4, "Country"]], "published": "someday"}\n'
        '{"id": 8, "text": "Laos", "label": [[0, 4, "Country"]], "published": "2024-05"}\n'
    )
    built = build_graph([folder / "tasks.jsonl"])
    assert {id_: one.published for id_, one in built.graph.articles.items()} == {"8": "2024-05"}
    assert built.outcomes() == {"new": 1, "quarantined": 1}
    assert built.diagnostics.codes == {"article.field": 1, "article.incomplete": 1}


def test_a_build_keeps_what_it_could_not_read_in_its_store(run: Run, folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    with (folder / "brat" / "a.ann").open("a") as stream:
        stream.write("T3\tCountry 0 4\tLaos\n")
    (folder / "bad.md").write_text("no front matter")
    done = run("build", folder, "--set", "published=2025", "--store", store)
    assert done.exit_code == 3
    assert f"2 in quarantine: {store}/quarantine.jsonl" in done.stderr
    kept = [json.loads(line) for line in (store / "quarantine.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {(one["code"], one["excerpt"]) for one in kept} == {("offset.mismatch", "Laos"), ("article.bad", "")}
    (folder / "bad.md").unlink()
    (folder / "brat" / "a.ann").write_text(ANN)
    assert run("build", folder, "--set", "published=2025", "--store", store).exit_code == 0
    assert not (store / "quarantine.jsonl").exists()


def test_a_private_name_of_an_export_is_in_no_file_that_a_build_writes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Thailand met Cambodia, says Zebulon Quark.")
    (tmp_path / "a.ann").write_text(
        "T1\tCountry 0 8\tThailand\nT2\tCountry 13 21\tCambodia\nT3\tPER 28 41\tZebulon Quark\n"
        "R1\tmeets-with Arg1:T1 Arg2:T2\nR2\tmeets-with Arg1:T1 Arg2:T3\n"
    )
    done = run("build", tmp_path / "a.ann", "--set", "published=2025", "--store", tmp_path / "s")
    assert done.exit_code == 3
    assert "Zebulon" not in done.stdout + done.stderr
    page = tmp_path / "page.html"
    assert run("page", "-o", page, "--store", tmp_path / "s").exit_code == 0
    written = [path for path in (tmp_path / "s").rglob("*") if path.is_file()]
    assert not any(b"Zebulon" in path.read_bytes() for path in (*written, page))
    assert "▮▮▮" in page.read_text(encoding="utf-8")


# --- converting -----------------------------------------------------------------------------------------------------


def test_an_export_becomes_articles_and_the_names_to_be_decided(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "brat" / "a.ann").write_text(ANN + "T3\tAgency 22 31\tcooperate\nT4\tOfficial 9 12\tand\n")
    out = tmp_path / "out"
    done = run("convert", folder / "brat", out, "--to", "markdown", "--set", "published=2025-10-16")
    assert done.exit_code == 0
    assert "2 entities are not in the register" in done.stderr
    (article,) = read_articles([out])
    assert (article.id, article.published, len(article.claims)) == ("a", "2025-10-16", 1)
    assert to_markdown(article) == (out / "a.md").read_text(encoding="utf-8")
    told = (out / "entities" / "undecided.yaml").read_text(encoding="utf-8")
    assert "- id: agency:local-" in told
    assert "# - id: official:local-" in told
    built = build_graph([out])
    assert [problem.what.partition(":")[0] for problem in built.problems] == ["Unknown entity 'official"]


def test_an_export_is_written_as_documents_or_as_articles(run: Run, folder: Path, tmp_path: Path) -> None:
    documents = run("convert", folder / "brat", "--to", "jsonl").stdout
    assert json.loads(documents)["format"] == "brat"
    articles = run("convert", folder / "brat", "--to", "jsonl", "--set", "published=2025").stdout
    assert json.loads(articles)["published"] == "2025"
    whole = run(
        "convert", folder / "brat", folder / "own.md", tmp_path / "o.jsonl", "--to", "jsonl", "--set", "published=2025"
    )
    assert whole.exit_code == 0
    assert [json.loads(line)["id"] for line in (tmp_path / "o.jsonl").read_text().splitlines()] == ["own", "a"]


def test_the_last_path_is_the_output_only_where_it_is_not_there(run: Run, folder: Path, tmp_path: Path) -> None:
    assert run("convert", folder / "brat", tmp_path / "new", "--to", "doccano").exit_code == 0
    assert (tmp_path / "new" / "all.jsonl").exists()
    again = run("convert", folder / "brat", tmp_path / "new", "--to", "brat")
    assert (again.exit_code, f"Is {tmp_path / 'new'} read or written?" in again.stderr) == (2, True)
    assert '"entities"' in run("convert", folder / "brat", tmp_path / "new", "--to", "doccano", "-o", "-").stdout
    without_date = run("convert", folder / "brat", tmp_path / "x", "--to", "markdown")
    assert without_date.exit_code == 1
    assert "give --set published=" in without_date.stderr


def test_articles_as_documents_give_the_same_graph(run: Run, corpus: Path, tmp_path: Path) -> None:
    assert run("convert", corpus, tmp_path / "d.jsonl", "--to", "documents").exit_code == 0
    built, wanted = build_graph([tmp_path / "d.jsonl", corpus / "entities"]), build_graph([corpus])
    assert built.graph.root_hash == wanted.graph.root_hash
    assert not built.diagnostics.codes


@pytest.mark.parametrize("tool", ["brat", "cas-json", "label-studio", "w3c", "webanno-tsv"])
def test_a_corpus_goes_into_a_tool_and_comes_back_as_it_was(run: Run, corpus: Path, tmp_path: Path, tool: str) -> None:
    out = tmp_path / "out"
    assert run("convert", corpus, "--to", tool, "-o", out).exit_code == 0
    profile = read_profile(out / "articles.toml") if (out / "articles.toml").exists() else None
    built, wanted = build_graph([out, corpus / "entities"], profile=profile), build_graph([corpus])
    assert built.graph.root_hash == wanted.graph.root_hash
    assert not built.diagnostics.codes


@pytest.mark.parametrize("tool", ["doccano", "prodigy"])
def test_tools_without_attributes_say_so_and_keep_the_marks(run: Run, corpus: Path, tmp_path: Path, tool: str) -> None:
    done = run("convert", corpus, "--to", tool, "-o", tmp_path / "out")
    assert f"{tool} cannot hold attributes" in done.stderr
    built, wanted = build_graph([tmp_path / "out", corpus / "entities"]), build_graph([corpus])
    assert set(built.graph.articles) == set(wanted.graph.articles)
    spans = {(one.article, one.start, one.end) for one in wanted.graph.evidence.values()}
    kept = {(one.article, one.start, one.end) for one in built.graph.evidence.values()}
    assert len(kept & spans) > len(spans) / 2


def test_a_table_says_what_a_format_has_no_place_for(run: Run, tmp_path: Path) -> None:
    for name, words in (("a", "Thailand"), ("b", "Laos")):
        (tmp_path / f"{name}.jsonl").write_text(
            json.dumps({"id": "x", "text": words, "label": [[0, len(words), "Country"]], "title": f'"{name}"\n1'})
            + "\n"
        )
    out = tmp_path / "out"
    paths = (tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert run("convert", *paths, "--to", "brat", "-o", out, "--set", "published=11/7/2565").exit_code == 0
    assert (out / "articles.csv").read_text(encoding="utf-8").startswith("document,id,title,published\nx,x,")
    assert run("inspect", out).exit_code == 0
    built = build_graph([out], profile=read_profile(out / "articles.toml"))
    assert sorted(one.title for one in built.graph.articles.values()) == ['"a"\n1', '"b"\n1']
    (out / "articles.toml").write_text("# mine\n")
    assert run("convert", *paths, "--to", "brat", "-o", out, "--set", "published=2022").exit_code == 0
    assert (out / "articles.toml").read_text() == "# mine\n"
    bare = run("convert", tmp_path / "out" / "x.ann", "--to", "brat", "-o", tmp_path / "bare")
    assert "articles.csv" not in bare.stderr


def test_formats_of_several_files_print_nothing_and_what_was_decided_stays(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    for format_, printed in (
        ("brat", False),
        ("w3c", False),
        ("webanno-tsv", False),
        ("cas-json", False),
        ("doccano", True),
    ):
        done = run("convert", folder / "brat", folder / "more.zip", "--to", format_, "-o", "-")
        assert (done.exit_code, bool(done.stdout)) == ((0, True) if printed else (2, False)), format_
        one = run("convert", folder / "brat", "--to", format_, "-o", tmp_path / f"one.{format_}")
        assert one.exit_code == (2 if format_ in ("brat", "w3c") else 0)
    assert not (tmp_path / "one.brat").exists()
    (folder / "brat" / "a.ann").write_text(ANN + "T3\tAgency 22 31\tcooperate\n")
    convert = ("convert", folder / "brat", "--to", "markdown", "-o", tmp_path / "md", "--set", "published=2025")
    assert run(*convert).exit_code == 0
    undecided = tmp_path / "md" / "entities" / "undecided.yaml"
    decided = (
        undecided.read_text(encoding="utf-8")
        .replace("en: cooperate", "en: The Agency")
        .replace("und: coop", "und: The Agency; coop")
    )
    undecided.write_text(decided, encoding="utf-8")
    (folder / "brat" / "a.ann").write_text(ANN + "T3\tAgency 22 31\tcooperate\nT4\tAgency 9 12\tand\n")
    assert run(*convert).exit_code == 0
    again = undecided.read_text(encoding="utf-8")
    assert again.startswith(decided)
    assert again.count("- id: agency:local-") == 2
    assert not build_graph([tmp_path / "md"]).problems


def test_an_unchanged_export_is_not_mapped_again_and_says_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "brat" / "a.ann").write_text(ANN + "T3\tAgency 22 31\tcooperate\nR2\tsigned Arg1:T1 Arg2:T2\n")
    for name in ("x", "y"):  # other texts under one id
        (folder / name).mkdir()
        (folder / name / "same.txt").write_text(f"Thailand and Cambodia cooperate in {name}.")
        (folder / name / "same.ann").write_text(ANN)
    cache = tmp_path / "cache.sqlite"
    first = build_graph([folder], cache=cache, profile=PUBLISHED)
    assert first.diagnostics.codes == {"entity.undecided": 1, "claim.refused": 1}
    with monkeypatch.context() as patch:
        patch.setattr("accordgraph.exports.article_of", lambda *_, **__: pytest.fail("mapped again"))
        again = build_graph([folder], cache=cache, profile=PUBLISHED)
    assert (again.graph, again.diagnostics.kept) == (first.graph, first.diagnostics.kept)
    other = build_graph([folder], cache=cache, profile=Profile(defaults={"published": "2024"}))
    assert {one.published for one in other.graph.articles.values()} == {"2022-07-11", "2024"}
    (folder / "x" / "same.ann").unlink()
    without = build_graph([folder], cache=cache, profile=PUBLISHED)
    assert without.graph == build_graph([folder], profile=PUBLISHED).graph
