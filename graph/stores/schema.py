"""What a store needs of a database beside the graph: constraints, a full-text index, room shared with other data.

A database may hold other data: what has none of our labels is never read or written. Labels and types in these
statements come from the vocabulary, never from data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from graph.errors import StoreError
from graph.vocabulary import vocabulary

if TYPE_CHECKING:
    from neo4j import ManagedTransaction, Session

LABELS = ("Entity", "Article", "Claim", "Build")
TIES = ("SUBJECT", "OBJECT", "QUALIFIED_BY", "EVIDENCED_BY", "MENTIONS")
MARKS = {"Entity": "hash", "Article": "content_hash", "Claim": "stage"}  # a property that all of ours have
FULL_TEXT = "accordgraph_names"
BATCH = 10_000  # nodes deleted in one transaction

_UNIQUE = "CREATE CONSTRAINT accordgraph_{name}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
# `search` holds the names of scripts without spaces cut into words; the analyzer finds no word inside such a run.
_NAMES = (
    f"CREATE FULLTEXT INDEX {FULL_TEXT} IF NOT EXISTS FOR (n:Entity) ON EACH [n.name, n.names, n.search] "
    "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-no-stop-words'}}"
)


def constraint(label: str) -> str:
    """The statement that makes the ids of a label unique; running it again changes nothing."""
    return _UNIQUE.format(name=label.lower(), label=label)


def constraints() -> Iterator[str]:
    """Those of all our labels."""
    return map(constraint, LABELS)


def schema() -> Iterator[str]:
    """Everything a server is given beside the graph: constraints and the full-text index over names."""
    yield from constraints()
    yield _NAMES


@cache
def _own_types() -> list[str]:
    return [*TIES, *(relation.type for relation in vocabulary().relations.values())]


@cache
def _strangers() -> str:
    """Finds one node of others for each of our labels; ours all have a hash, or are the build's own."""
    marks = MARKS | dict.fromkeys(sorted(vocabulary().kinds), MARKS["Entity"])
    return " UNION ALL ".join(
        f"CALL () {{ MATCH (n:{label}) WHERE n.{mark} IS NULL RETURN n LIMIT 1 }} RETURN labels(n)"
        for label, mark in marks.items()
    )


def refuse_strangers(session: Session, place: str) -> None:
    """Refuses a database whose own nodes bear labels of ours: the two could not be told apart."""
    for (labels,) in session.run(_strangers()).values():
        raise StoreError(
            f"The database has nodes of its own with a label of this graph (:{':'.join(sorted(labels))})",
            path=place,
            way_out="use another database; --database names it",
        )


def refuse_ties_of_others(transaction: ManagedTransaction, label: str, ids: Iterable[str], place: str) -> None:
    """Refuses to delete nodes that hold relationships of others: those would go with them."""
    found = transaction.run(
        f"UNWIND $ids AS id MATCH (n:{label} {{id: id}})-[r]-() WHERE NOT type(r) IN $own "
        "RETURN n.id AS id, type(r) AS type LIMIT 1",
        ids=sorted(ids),
        own=_own_types(),
    ).values()
    _refuse(found, place)


def delete_graph(session: Session, place: str) -> int:
    """Deletes every entity, article and claim with their relationships; returns how many nodes there were."""
    labels = [label for label in LABELS if label != "Build"]
    for label in labels:
        session.execute_read(_refuse_ties, label, place)
    count = 0
    for label in reversed(labels):
        while deleted := session.execute_write(_delete_some, label):
            count += deleted
    return count


def drop_schema(session: Session) -> None:
    """Deletes the Build node, the constraints and the index."""
    session.run("MATCH (b:Build {id: 'current'}) DELETE b").consume()
    for label in LABELS:
        session.run(f"DROP CONSTRAINT accordgraph_{label.lower()}_id IF EXISTS").consume()
    session.run(f"DROP INDEX {FULL_TEXT} IF EXISTS").consume()


def _refuse_ties(transaction: ManagedTransaction, label: str, place: str) -> None:
    found = transaction.run(
        f"MATCH (n:{label})-[r]-() WHERE NOT type(r) IN $own RETURN n.id AS id, type(r) AS type LIMIT 1",
        own=_own_types(),
    ).values()
    _refuse(found, place)


def _refuse(found: list[list[Any]], place: str) -> None:
    for id_, type_ in found:
        raise StoreError(
            f"{id_} has a relationship that is not of this graph ({type_}) and would be lost with it",
            path=place,
            way_out="delete or move that relationship, then try again",
        )


def _delete_some(transaction: ManagedTransaction, label: str) -> int:
    found = transaction.run(f"MATCH (n:{label}) WITH n LIMIT {BATCH} DETACH DELETE n RETURN count(*)").values()
    return int(found[0][0])
