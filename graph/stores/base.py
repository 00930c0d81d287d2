"""What a store is: a `View` reads, a `Writer` writes, a `Store` is both. No engine is named here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:  # importing it takes a while, and a question needs none of it
    from graph.build import Graph

Progress = Callable[[int, int], None]
TIMEOUT = 60.0  # seconds that a question may take
LAYOUT = 2  # of nodes and relationships; a store in another layout is built anew


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks a server to be let in, and to which database; what is None is left to the server."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    database: str | None = None

    @classmethod
    def from_environment(cls) -> Self:
        """What ACCORDGRAPH_NEO4J_USER, …_PASSWORD and …_DATABASE say."""
        return cls(*(os.environ.get(f"ACCORDGRAPH_NEO4J_{name}") or None for name in ("USER", "PASSWORD", "DATABASE")))


class Location(str):
    """Where a store is, a directory or an address, together with the access that a server asks for."""

    __slots__ = ("access",)
    access: Access

    def __new__(cls, place: str, access: Access) -> Self:  # noqa: D102  # says what its class says
        location = super().__new__(cls, place)
        location.access = access
        return location


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a query: column names, and rows of plain values in the same order."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Changes:
    """What an `apply` did to a store: how many entities, articles, claims, evidence and edges."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.deleted)


class View(Protocol):
    """The read side: it cannot change a store."""

    def rows(self, cypher: str, parameters: Mapping[str, object] | None = None, *, timeout: float = TIMEOUT) -> Rows:
        """The answer to a Cypher query, within `timeout` seconds. Whatever the query writes is refused or undone.

        Values are plain Python: dates are ISO 8601 text; a node is {labels, properties}, a relationship {type,
        properties}, a path {nodes, relationships}. Raises StoreError.
        """

    def graph(self) -> Graph:
        """The whole graph, equal to the one that was applied. Raises StoreError."""

    def root_hash(self) -> str | None:
        """The root hash of the graph held; None before the first complete build. Raises StoreError."""


class Writer(Protocol):
    """The write side."""

    def apply(self, graph: Graph, progress: Progress | None = None, *, recheck: bool = False) -> Changes:
        """Makes the store hold exactly this graph, writing only what differs.

        What has the same hash in both is taken to be the same, unless `recheck`. `progress` is told how many rows of
        how many are written. Raises StoreError: an embedded store then still holds the old graph, a server holds a part
        of the new one, which the next `apply` completes.
        """

    def clear(self) -> int:
        """Deletes all that this project wrote, and nothing else; returns how many nodes there were.

        Raises StoreError, before anything is deleted, where relationships of others hang on these nodes.
        """


class Store(View, Writer, Protocol):
    """A graph store, open until its `with` block ends."""

    def close(self) -> None:
        """Ends the connection, and an embedded engine with it; closing twice is no error."""

    def __enter__(self) -> Store: ...

    def __exit__(self, *exception: object) -> None: ...
