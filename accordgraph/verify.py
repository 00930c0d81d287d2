"""Does a store hold what it says it holds, and what the articles say? Compares; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph.build import Graph, recomputed
from graph.claims import rightful_id
from graph.stores import View

SORTS = ("entities", "articles", "claims", "evidence", "edges")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `sort` is one of SORTS or "root hash"; `how` is missing, extra or altered."""

    sort: str
    id: str
    how: str

    def __str__(self) -> str:
        return f"{self.how} in the store: {self.sort} {self.id}"


def verify(store: View, wanted: Graph | None = None) -> list[Difference]:
    """How the store differs from itself, by its hashes, and from a wanted graph; empty if it is sound and identical."""
    held = store.graph()
    found = [*_altered(held), *_compared(held, recomputed(held))]
    if wanted is not None:
        found += _compared(held, wanted)
    return list(dict.fromkeys(found))


def _altered(held: Graph) -> Iterator[Difference]:
    """Claims and evidence whose content does not give their id."""
    for sort, things in (("claims", held.claims), ("evidence", held.evidence)):
        for one in things.values():
            if rightful_id(one) != one.id:
                yield Difference(sort, one.id, "altered")


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
