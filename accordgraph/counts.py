"""What a graph holds, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from graph.build import Graph


def count(graph: Graph) -> dict[str, Any]:
    """Totals, and counts by kind, relation, stage, language and publisher, most frequent first."""
    return {
        "articles": len(graph.articles),
        "entities": len(graph.entities),
        "claims": len(graph.claims),
        "evidence": len(graph.evidence),
        "edges": len(graph.edges),
        "edges_checked": graph.edges_checked,
        "root_hash": graph.root_hash,
        "entities_by_kind": _ranked(entity.kind for entity in graph.entities.values()),
        "edges_by_relation": _ranked(edge.relation for edge in graph.edges.values()),
        "claims_by_stage": _ranked(claim.stage for claim in graph.claims.values()),
        "articles_by_language": _ranked(article.language for article in graph.articles.values()),
        "articles_by_publisher": _ranked(article.publisher for article in graph.articles.values()),
    }


def _ranked(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))
