"""Does a store hold what it says it holds, and what the articles say? Compares; changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph.build import Graph, recomputed
from graph.claims import rightful_id
from graph.stores import View
from graph.vocabulary import vocabulary

SORTS = ("entities", "articles", "claims", "evidence", "edges")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `sort` is one of SORTS, "root hash", or a label or type of which there are too many.

    `how` is missing, extra or altered.
    """

    sort: str
    id: str
    how: str

    def __str__(self) -> str:
        return f"{self.how} in the store: {self.sort} {self.id}"


def verify(store: View, wanted: Graph | None = None) -> list[Difference]:
    """How the store differs from itself, by its hashes, and from a wanted graph; empty if it is sound and identical."""
    held = store.graph()
    found = [*_altered(held), *_compared(held, recomputed(held)), *_strays(store, held)]
    if wanted is not None:
        found += _compared(held, wanted)
    return list(dict.fromkeys(found))


def _altered(held: Graph) -> Iterator[Difference]:
    """Claims and evidence whose content does not give their id."""
    for sort, things in (("claims", held.claims), ("evidence", held.evidence)):
        for one in things.values():
            if rightful_id(one) != one.id:
                yield Difference(sort, one.id, "altered")


def _strays(store: View, held: Graph) -> Iterator[Difference]:
    """Labels and types of which the store has more than the graph explains: duplicates, and what others added."""
    for pattern, name, expected in _expected(held):
        ((count,),) = store.rows(f"MATCH {pattern} RETURN count(x)").rows
        if count > expected:
            yield Difference(name, f"({count - expected} too many)", "extra")


def _expected(held: Graph) -> Iterator[tuple[str, str, int]]:
    """Patterns that match x, what x is called, and how many there should be."""
    nodes = {"Entity": held.entities, "Article": held.articles, "Claim": held.claims}
    for label, things in nodes.items():
        yield f"(x:{label})", f"{label} nodes", len(things)
    claims, articles = held.claims.values(), held.articles.values()
    roles = sum(len(ids) for claim in claims for ids in claim.roles.values())
    yield "(:Claim)-[x:SUBJECT]->()", "SUBJECT", len(held.claims)
    yield "(:Claim)-[x:OBJECT]->()", "OBJECT", len(held.claims)
    yield "(:Claim)-[x:QUALIFIED_BY]->()", "QUALIFIED_BY", roles
    yield "(:Claim)-[x:EVIDENCED_BY]->()", "EVIDENCED_BY", len(held.evidence)
    yield "(:Article)-[x:MENTIONS]->()", "MENTIONS", sum(len(article.mentions) for article in articles)
    counts = Counter(edge.relation for edge in held.edges.values())
    for relation in vocabulary().relations.values():
        yield f"(:Entity)-[x:{relation.type}]->(:Entity)", relation.type, counts[relation.name]


def _compared(held: Graph, wanted: Graph) -> Iterator[Difference]:
    for sort in SORTS:
        ours: Mapping[str, Any] = getattr(held, sort)
        theirs: Mapping[str, Any] = getattr(wanted, sort)
        for id_ in sorted(ours.keys() | theirs.keys()):
            if id_ not in ours:
                yield Difference(sort, id_, "missing")
            elif id_ not in theirs:
                yield Difference(sort, id_, "extra")
            elif ours[id_] != theirs[id_]:
                yield Difference(sort, id_, "altered")
    if held.root_hash != wanted.root_hash:
        yield Difference("root hash", held.root_hash, "altered")
