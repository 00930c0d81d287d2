"""What a page holds: the graph and its drawing as one tree of plain values, ready for JSON. No HTML here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graph.build import ArticleNode, Graph
from graph.claims import Claim, Evidence
from graph.vocabulary import vocabulary

_Tree = dict[str, Any]


def document(nodes: Iterable[_Tree], edges: Iterable[_Tree], graph: Graph | None) -> _Tree:
    """The tree that a page shows: kinds, relations, articles, nodes, and edges with claims and evidence inside.

    `nodes` and `edges` are vis-network options; what the graph knows about one of the same id is added to it. Nodes and
    articles are referred to by their place in their list. What is empty is left out.
    """
    held = graph or Graph({}, {}, {}, {}, {}, "")
    article_at = {article_id: i for i, article_id in enumerate(held.articles)}
    drawn = [_node(node, held) for node in nodes]
    node_at = {node["id"]: i for i, node in enumerate(drawn)}
    joined = [_edge(edge, held, node_at, article_at, held.evidence_of) for edge in edges]
    return {
        "rootHash": held.root_hash,
        "kinds": _used(vocabulary().kinds, (node.get("kind") for node in drawn)),
        "relations": _used(vocabulary().relations, (edge.get("relation") for edge in joined)),
        "stages": dict(vocabulary().stages),
        "articles": [_article(article, node_at) for article in held.articles.values()],
        "nodes": drawn,
        "edges": joined,
    }


def words(relation: str) -> str:
    """A relation's name as a reader says it: "cooperates with"."""
    return relation.replace("-", " ")


def _used(declared: Mapping[str, Any], names: Iterable[str | None]) -> _Tree:
    """The declarations of the kinds or relations that occur, in the vocabulary's order; each has a label."""
    wanted = set(names)
    shown = ("label", "type", "meaning", "color", "shape", "nature")
    return {
        name: {"label": words(name)} | {key: getattr(one, key) for key in shown if hasattr(one, key)}
        for name, one in declared.items()
        if name in wanted
    }


def _article(article: ArticleNode, node_at: Mapping[str | int, int]) -> _Tree:
    keys = ("id", "url", "title", "publisher", "language", "published", "form")
    mentions = [node_at[entity] for entity in article.mentions if entity in node_at]
    return {key: getattr(article, key) for key in keys} | _said({"wire": article.wire, "mentions": mentions})


def _node(node: _Tree, graph: Graph) -> _Tree:
    entity = graph.entities.get(node["id"])
    if entity is None:
        return node
    keys = ("kind", "names", "facts", "country", "part_of")
    return node | _said({key: getattr(entity, key) for key in keys})


def _edge(
    edge: _Tree,
    graph: Graph,
    node_at: Mapping[str | int, int],
    article_at: Mapping[str, int],
    evidence: Mapping[str, Sequence[Evidence]],
) -> _Tree:
    drawn = edge | {"from": node_at[edge["from"]], "to": node_at[edge["to"]]}
    held = graph.edges.get(edge.get("id", ""))
    if held is None:
        return drawn
    keys = ("relation", "since", "until", "stages", "polarity", "articles", "sources")
    claims = [_claim(graph.claims[claim], evidence[claim], article_at) for claim in held.claims]
    return drawn | _said({key: getattr(held, key) for key in keys} | {"claims": claims})


def _claim(claim: Claim, evidence: Sequence[Evidence], article_at: Mapping[str, int]) -> _Tree:
    keys = ("id", "stage", "polarity", "valid", "values", "roles")
    quotes = [_evidence(one, article_at) for one in evidence]
    return _said({key: getattr(claim, key) for key in keys} | {"evidence": quotes})


def _evidence(evidence: Evidence, article_at: Mapping[str, int]) -> _Tree:
    keys = ("before", "after", "speaker", "annotator", "confidence", "dates")
    said = _said({key: getattr(evidence, key) for key in keys})
    return {"article": article_at[evidence.article], "quote": evidence.quote} | said


def _said(values: _Tree) -> _Tree:
    """The values that say something, maps and tuples as plain ones."""
    plain = {key: dict(value) if isinstance(value, Mapping) else value for key, value in values.items()}
    return {key: value for key, value in plain.items() if value not in (None, "", (), [], {})}
