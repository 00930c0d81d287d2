"""networkx: as many nodes and edges as the graph has, parallel ones kept, only scalars and tuples as attributes."""

from __future__ import annotations

import networkx as nx
import pytest

from graph.build import Graph
from graph.export.multigraph import to_networkx


@pytest.fixture(scope="module")
def made(small: Graph) -> nx.MultiDiGraph[str]:
    return to_networkx(small)


def test_every_entity_and_every_edge_is_there(made: nx.MultiDiGraph[str], small: Graph) -> None:
    assert set(made.nodes) == set(small.entities)
    assert {key for _, _, key in made.edges(keys=True)} == set(small.edges)
    assert made.graph["root_hash"] == small.root_hash
    assert "implies no wrongdoing" in made.graph["notice"]


def test_parallel_edges_of_a_pair_are_kept(made: nx.MultiDiGraph[str]) -> None:
    relations = {data["relation"] for data in made["country:KH"]["country:TH"].values()}
    assert relations == {"cooperates-with", "repatriates-to"}


def test_a_node_carries_what_the_register_says(made: nx.MultiDiGraph[str]) -> None:
    assert made.nodes["agency:th-mdes"] == {
        "kind": "Agency",
        "name": "MDES",
        "names": ("MDES", "กระทรวงดิจิทัลฯ"),
        "country": "country:TH",
        "part_of": "country:TH",
        "wikidata": ("Q1",),
    }


def test_an_edge_carries_its_words(made: nx.MultiDiGraph[str], small: Graph) -> None:
    edge = made.edges["country:KH", "country:TH", "country:KH cooperates-with country:TH"]
    assert edge["type"] == "COOPERATES_WITH"
    assert edge["symmetric"] is True
    assert (edge["since"], edge["polarity"], edge["articles"]) == ("2021-08", "disputed", 2)
    assert edge["claims"] == small.edges["country:KH cooperates-with country:TH"].claims
    assert set(edge["quotes"]) == {"หารือกันมา", "Thailand denies working with Cambodia", "In 2025 the two shared names"}


def test_attributes_are_scalars_or_tuples_and_never_none(made: nx.MultiDiGraph[str]) -> None:
    rows = [*(data for _, data in made.nodes(data=True)), *(data for _, _, data in made.edges(data=True))]
    assert {type(value) for data in rows for value in data.values()} <= {str, int, bool, tuple}
    assert all(isinstance(part, str) for data in rows for v in data.values() if isinstance(v, tuple) for part in v)
