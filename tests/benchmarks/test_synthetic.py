"""The synthetic corpus is what it says: readable by the loaders, without problems but those asked for, always the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.pipeline import build_graph
from benchmarks.synthetic import (
    CLAIMS,
    LANGUAGES,
    LENGTH,
    MENTIONS,
    Parameters,
    articles,
    is_broken,
    main,
    write_corpus,
)
from graph.build import Graph


def built(folder: Path, parameters: Parameters, suffix: str) -> Graph:
    write_corpus(folder, parameters, suffix=suffix)
    made = build_graph([folder])
    assert made.problems == []
    return made.graph


def test_both_formats_make_the_same_graph_without_a_problem(tmp_path: Path) -> None:
    parameters = Parameters(30)
    markdown = built(tmp_path / "md", parameters, ".md")
    lines = built(tmp_path / "jsonl", parameters, ".jsonl")
    assert len(markdown.articles) == 30
    assert markdown.root_hash == lines.root_hash


def test_articles_are_of_the_declared_size_and_languages() -> None:
    made = list(articles(Parameters(60)))
    assert [one.language for one in made[:4]] == ["th", "id", "en", "th"]
    for one in made:
        assert len(one.claims) == CLAIMS
        assert len(one.mentions) == MENTIONS
        assert len(one.text) >= LENGTH
        assert any(ord(char) > 0xFFFF for char in one.text)
        assert any("\u0e00" <= char <= "\u0e7f" for char in one.text) or one.language != "th"


def test_some_claims_are_told_again_and_some_denied(tmp_path: Path) -> None:
    graph = built(tmp_path, Parameters(200), ".jsonl")
    assert len(graph.claims) < len(graph.evidence) == 200 * CLAIMS
    assert {claim.polarity for claim in graph.claims.values()} == {"affirmed", "denied"}
    assert any(edge.articles > 1 for edge in graph.edges.values())


def test_broken_articles_and_only_they_are_quarantined(tmp_path: Path) -> None:
    parameters = Parameters(120, errors=0.2)
    write_corpus(tmp_path, parameters)
    ledger = build_graph([tmp_path]).ledger
    broken = [is_broken(number, parameters) for number in range(120)]
    assert [outcome.outcome == "quarantined" for outcome in ledger] == broken
    said = " ".join(str(problem) for outcome in ledger for problem in outcome.problems)
    assert all(words in said for words in ("'signs'", "nobody-knows", "synthetic-8", "2024-02-31"))


@given(st.integers(0, 50), st.integers(0, 9), st.sampled_from(LANGUAGES), st.integers(10, 500))
@settings(max_examples=30)
def test_an_article_depends_on_its_number_alone(number: int, seed: int, language: str, entities: int) -> None:
    whole = list(articles(Parameters(number + 1, languages=(language,), seed=seed, entities=entities)))
    alone = list(articles(Parameters(1, first=number, languages=(language,), seed=seed, entities=entities)))
    assert alone == whole[-1:]
    assert {one.language for one in whole} == {language}


def test_another_seed_is_another_corpus() -> None:
    assert list(articles(Parameters(3))) != list(articles(Parameters(3, seed=1)))


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "benchmarks.synthetic", str(tmp_path / seed), "--articles", "20"]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2])
    one, other = (sorted((tmp_path / seed).rglob("*.*")) for seed in ("1", "2"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]
    assert len(one) == 2


@pytest.mark.parametrize("suffix", [".md", ".jsonl"])
def test_the_command_writes_what_it_is_told(tmp_path: Path, suffix: str) -> None:
    options = ["--articles", "5", "--languages", "id,en", "--entities", "20", "--seed", "7", "--suffix", suffix]
    result = CliRunner().invoke(main, [str(tmp_path), *options])
    assert result.exit_code == 0, result.output
    graph = build_graph([tmp_path]).graph
    assert sorted(graph.articles) == [f"synthetic-7-00000{number}" for number in range(5)]
    assert {article.language for article in graph.articles.values()} == {"id", "en"}
