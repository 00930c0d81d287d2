"""The embedded engine and a real Neo4j, of either release, give equal rows, in equal order, for every question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.build import Graph
from graph.stores import View, open_store
from queries import catalog
from queries.run import literal
from tools.parity import TIMES, answered, asked, from_the_header, sample

RELEASES = (
    pytest.param("neo4j_lts", marks=pytest.mark.xdist_group("neo4j")),
    pytest.param("neo4j_newest", marks=pytest.mark.xdist_group("neo4j-newest")),
)
FAR = {"from": "agency:th-mfa", "to": "agreement:kh-th-mou-call-centers-2022"}  # four steps apart


@pytest.fixture(scope="module", params=["small", "sample"])
def held(request: pytest.FixtureRequest, graph: Graph) -> Graph:
    """What both hold: the graph made by hand, or that of the sample corpus."""
    return graph if request.param == "small" else sample()


@pytest.fixture(scope="module")
def embedded(held: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    with open_store(tmp_path_factory.mktemp("held") / "store", write=True) as store:
        store.apply(held)
        yield store


@pytest.fixture(scope="module", params=RELEASES)
def neo4j(request: pytest.FixtureRequest, held: Graph) -> Iterator[View]:
    server = request.getfixturevalue(request.param)
    with open_store(server.uri, write=True, access=server.access) as store:
        store.apply(held)
        yield store


@pytest.mark.parametrize("name", sorted(catalog.templates()))
def test_both_engines_answer_alike(embedded: View, neo4j: View, name: str) -> None:
    template = catalog.find(name)
    far = [FAR | times for times in TIMES] if name == "paths-between" else []
    for parameters in (*asked(template, from_the_header(template)), *far):
        assert answered(neo4j, template, parameters) == answered(embedded, template, parameters), parameters


def test_literals_mean_their_values_on_neo4j(neo4j: View) -> None:
    awkward = ["'", "\\", "\\u0041", "'\\u0027", '"`', "\n\t\x00\u2028", "ไทย កម្ពុជា 🙂", "\u202e\u0301"]
    assert neo4j.rows(f"RETURN {literal(awkward)} AS words").rows == [(awkward,)]
