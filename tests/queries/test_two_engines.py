"""The embedded engine and a real Neo4j give equal rows, in equal order, for every question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.build import Graph
from graph.stores import View, open_store
from queries import catalog
from queries.catalog import Template
from queries.run import bind, literal, run

pytestmark = pytest.mark.xdist_group("neo4j")

TIMES: tuple[dict[str, object], ...] = (
    {},
    {"valid_at": "2022-08"},
    {"known_at": "2022-08"},
    {"valid_at": "2025-10", "known_at": "2025"},
)
FAR = {"from": "agency:th-mfa", "to": "agreement:kh-th-mou-call-centers-2022"}  # four steps apart


@pytest.fixture(scope="module")
def neo4j(graph: Graph, neo4j_uri: str) -> Iterator[View]:
    with open_store(neo4j_uri, write=True) as store:
        store.apply(graph)
        yield store


def asked(template: Template) -> Iterator[dict[str, object]]:
    """Parameters to ask with: what is required, each of the others alone, all of them, and several times."""
    examples: dict[str, object] = {p.name: p.example for p in template.parameters}
    required = {p.name: p.example for p in template.parameters if p.required}
    yield examples
    yield from ({**required, **times} for times in TIMES)
    yield from ({**required, name: value} for name, value in examples.items() if name not in required)
    if template.name == "paths-between":
        yield from ({**FAR, **times} for times in TIMES)


@pytest.mark.parametrize("name", sorted(catalog.templates()))
def test_both_engines_answer_alike(view: View, neo4j: View, name: str) -> None:
    template = catalog.find(name)
    for parameters in asked(template):
        bound = bind(view, template, parameters)
        assert run(neo4j, template, bound).rows == run(view, template, bound).rows, parameters


def test_literals_mean_their_values_on_neo4j(neo4j: View) -> None:
    awkward = ["'", "\\", "\\u0041", "'\\u0027", '"`', "\n\t\x00\u2028", "ไทย កម្ពុជា 🙂", "\u202e\u0301"]
    assert neo4j.rows(f"RETURN {literal(awkward)} AS words").rows == [(awkward,)]
