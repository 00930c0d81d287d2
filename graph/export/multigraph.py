"""Graph → networkx MultiDiGraph: entities and the edges between them, with the words behind each edge as attributes."""

from __future__ import annotations

from typing import Any

import networkx as nx

from graph.build import Edge, Graph
from graph.export import NOTICE
from graph.identity import Entity
from graph.vocabulary import vocabulary

Attributes = dict[str, Any]  # scalars, or tuples of text


def to_networkx(graph: Graph) -> nx.MultiDiGraph[str]:
    """Entities as nodes by id, edges by (subject, object, edge id); parallel edges of one pair are kept.

    Nodes carry kind, name, names, country, part_of and the register's facts; edges relation, type (as in Neo4j),
    symmetric, since, until, stages, polarity, articles, sources, claims and quotes (one text an evidence, claim by
    claim). What is unknown is absent, never None. A symmetric relation stands once, from the smaller id to the larger.
    Edges with polarity "denied" are there too: filter by it before you count ties.
    """
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph(root_hash=graph.root_hash, notice=NOTICE)
    made.add_nodes_from((id_, _node(entity)) for id_, entity in sorted(graph.entities.items()))
    for id_, edge in sorted(graph.edges.items()):
        made.add_edge(edge.subject, edge.object, id_, **_edge(edge, graph))
    return made


def _node(entity: Entity) -> Attributes:
    said = {
        "kind": entity.kind,
        "name": entity.name,
        "names": entity.names,
        "country": entity.country,
        "part_of": entity.part_of,
    }
    return {**entity.facts, **_known(said)}


def _edge(edge: Edge, graph: Graph) -> Attributes:
    relation = vocabulary().relation(edge.relation)
    return _known(
        {
            "relation": relation.name,
            "type": relation.type,
            "symmetric": relation.symmetric,
            "since": edge.since,
            "until": edge.until,
            "stages": edge.stages,
            "polarity": edge.polarity,
            "articles": edge.articles,
            "sources": edge.sources,
            "claims": edge.claims,
            "quotes": tuple(one.quote for claim in edge.claims for one in graph.evidence_of.get(claim, ())),
        }
    )


def _known(attributes: Attributes) -> Attributes:
    return {name: value for name, value in attributes.items() if value is not None}
