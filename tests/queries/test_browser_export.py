"""Saved scripts for Neo4j Browser: every question twice, parameters of this graph, the same bytes every time."""

from __future__ import annotations

import io
import zipfile

import pytest

from graph.stores import View
from queries.browser import PARAMETERS, QUESTIONS, archive, graphs, scripts
from queries.catalog import code, templates
from queries.run import bind, literal, run

EVERY = {**templates(), **graphs()}


@pytest.fixture(scope="module")
def texts(view: View) -> dict[str, str]:
    return scripts(view)


def test_every_question_asks_and_has_its_parameters_under_the_same_name(texts: dict[str, str]) -> None:
    assert len(EVERY) == len(templates()) + len(graphs())  # no name is taken twice
    assert sorted(texts) == sorted(f"{folder}/{name}.cypher" for folder in (QUESTIONS, PARAMETERS) for name in EVERY)
    for name, template in EVERY.items():
        for folder in (QUESTIONS, PARAMETERS):
            assert texts[f"{folder}/{name}.cypher"].splitlines()[0] == f"// {template.title}"


def test_names_in_the_list_differ() -> None:
    assert len({template.title for template in EVERY.values()}) == len(EVERY)


@pytest.mark.parametrize("name", sorted(EVERY))
def test_a_question_is_one_statement(texts: dict[str, str], name: str) -> None:
    """Browser shows rows only of a statement that stands alone."""
    text = texts[f"{QUESTIONS}/{name}.cypher"]
    assert text.endswith(EVERY[name].cypher)
    assert ";" not in code(text)
    assert not [line for line in text.splitlines() if line.startswith(":")]


@pytest.mark.parametrize("name", sorted(EVERY))
def test_parameters_are_the_examples(view: View, texts: dict[str, str], name: str) -> None:
    template = EVERY[name]
    text = texts[f"{PARAMETERS}/{name}.cypher"]
    held = {p.name: p.example for p in template.parameters if set_to(text, p.name) != "null"}
    *comments, first = text[: text.index(":param")].splitlines()
    assert [line.partition(":")[0] for line in comments[2:]] == [f"// {p.name}" for p in template.parameters]
    assert first.startswith("RETURN '")
    for key, value in bind(view, template, held).items():
        assert set_to(text, key) == literal(value)


def set_to(text: str, parameter: str) -> str:
    """What a `:param` line says."""
    (line,) = [line for line in text.splitlines() if line.startswith(f":param {parameter} => ")]
    return line.removeprefix(f":param {parameter} => ").removesuffix(";")


def test_an_example_that_the_graph_lacks_is_left_open_and_named(nothing: View) -> None:
    text = scripts(nothing)[f"{PARAMETERS}/evidence.cypher"]
    assert set_to(text, "from") == "null"
    assert "// from: one end (entity, required; this graph has no 'Thailand')" in text
    assert set_to(text, "relation") == "'SHARES_INTEL'"


def test_the_archive_holds_the_folders_and_is_always_the_same(texts: dict[str, str]) -> None:
    packed = archive(texts)
    assert packed == archive(dict(texts))
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        assert pack.testzip() is None
        names = pack.namelist()
        assert names == [f"{QUESTIONS}/", f"{PARAMETERS}/", *texts]
        assert {name: pack.read(name).decode() for name in texts} == texts


ASKED = {
    "evidence": {"from": "Thailand", "to": "United States", "relation": "shares-intel"},
    "ties": {"entity": "Chea Vandeth"},
    "agreements": {"party": "Thailand"},
    "article": {"article": "thaigov-2022-07-11"},
    "find-entity": {"name": "คอลเซ็น"},
}


@pytest.mark.parametrize("name", sorted(graphs()))
def test_what_is_drawn_are_nodes_and_relationships(view: View, name: str) -> None:
    question = graphs()[name]
    first = run(view, question, bind(view, question, ASKED[name])).dicts()[0]
    drawn = {column: value for column, value in first.items() if isinstance(value, dict)}
    assert set(drawn) == set(first) - {"id", "name", "names"}
    assert all("properties" in value for value in drawn.values())


def test_evidence_leads_from_the_edge_to_the_words(view: View) -> None:
    question = graphs()["evidence"]
    ends = {"from": "Chea Vandeth", "to": "agreement:kh-th-mou-call-centers-2022", "relation": "signed"}
    rows = run(view, question, bind(view, question, ends)).dicts()
    assert rows
    for row in rows:
        assert row["claim"]["properties"]["id"] in row["edge"]["properties"]["claims"]
        assert row["evidence"]["properties"]["quote"]
        assert row["article"]["properties"]["title"]


def test_evidence_is_what_was_known(view: View) -> None:
    question = graphs()["evidence"]
    ends = {"from": "Chea Vandeth", "to": "agreement:kh-th-mou-call-centers-2022"}
    asked = {day: bind(view, question, {**ends, "known_at": day}) for day in ("2022-07-10", "2022-07-11")}
    assert {day: len(run(view, question, bound).rows) > 0 for day, bound in asked.items()} == {
        "2022-07-10": False,
        "2022-07-11": True,
    }
