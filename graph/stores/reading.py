"""Reads a graph back from a store: the whole of it, or as much as is needed to compare it with another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from graph.build import ArticleNode, Edge, Graph
from graph.claims import Claim, Evidence
from graph.identity import Entity
from graph.stores import shape
from graph.stores.schema import MARKS
from graph.vocabulary import vocabulary

Ask = Callable[[str, Mapping[str, object]], Iterable[tuple[Any, ...]]]
Ids = Collection[str] | None  # None: all there are
Thing = TypeVar("Thing", Entity, ArticleNode, Claim, Evidence, Edge)


def whole(ask: Ask, root_hash: str | None) -> Graph:
    """The whole graph; `root_hash` is the store's, None after a load that was cut off."""
    return Graph(
        entities=_by_id(_entities(ask, None)),
        articles=_by_id(_articles(ask, None)),
        claims=_by_id(_claims(ask, None)),
        evidence=_by_id(_evidence(ask, None)),
        edges=_by_id(_edges(ask)),
        root_hash=root_hash or "",
    )


def held(ask: Ask, new: Graph, root_hash: str | None) -> tuple[Graph, Graph]:
    """What the store holds, and what it is to hold: both without what they are known, by hash, to share.

    Without a root hash the store was left in the middle of a load: there nothing is taken on trust, and all is read.
    """
    if not root_hash:
        return whole(ask, None), new
    entity_hashes = {id_: shape.entity_hash(entity) for id_, entity in new.entities.items()}
    same_entities, other_entities = _compared(ask, "Entity", entity_hashes)
    content_hashes = {id_: article.content_hash for id_, article in new.articles.items()}
    same_articles, other_articles = _compared(ask, "Article", content_hashes)
    evidence = _by_id(_evidence(ask, other_articles))
    wanted = {id_: one for id_, one in new.evidence.items() if one.article not in same_articles}
    spoken = {one.claim for one in (*wanted.values(), *evidence.values())}
    # claims that an unchanged article supports are known
    unsure = spoken - {e.claim for e in new.evidence.values() if e.claim in spoken and e.article in same_articles}
    claims = _by_id(_claims(ask, unsure))
    touched = {(c.subject, c.relation, c.object) for id_ in spoken for c in _either(id_, claims, new.claims)}
    old = Graph(
        entities=_by_id(_entities(ask, other_entities)),
        articles=_by_id(_articles(ask, other_articles)),
        claims=claims,
        evidence=evidence,
        edges=_edges_touched(ask, touched),
        root_hash=root_hash,
    )
    return old, Graph(
        entities={id_: one for id_, one in new.entities.items() if id_ not in same_entities},
        articles={id_: one for id_, one in new.articles.items() if id_ not in same_articles},
        claims={id_: new.claims[id_] for id_ in sorted(unsure) if id_ in new.claims},
        evidence=wanted,
        edges={id_: new.edges[id_] for id_ in sorted(map(" ".join, touched)) if id_ in new.edges},
        root_hash=new.root_hash,
    )


def _either(id_: str, *several: Mapping[str, Claim]) -> list[Claim]:
    return [claims[id_] for claims in several if id_ in claims]


def _compared(ask: Ask, label: str, hashes: Mapping[str, str]) -> tuple[set[str], list[str]]:
    """Ids of the nodes that have the same hash as ours, and of our other nodes that the store holds."""
    mark = MARKS[label]
    # one long list: a driver takes some 20 µs for each row, however short
    query = f"MATCH (n:{label}) WHERE n.{mark} IS NOT NULL RETURN collect(n.{mark} + ' ' + n.id)"
    ours = {f"{hash_} {id_}": id_ for id_, hash_ in hashes.items()}
    theirs = {pair for (several,) in ask(query, {}) for pair in several}
    same = {ours[pair] for pair in theirs & ours.keys()}
    return same, sorted(pair.partition(" ")[2] for pair in theirs - ours.keys())


def _edges_touched(ask: Ask, touched: set[tuple[str, str, str]]) -> dict[str, Edge]:
    by_relation: dict[str, list[dict[str, str]]] = defaultdict(list)
    for subject, relation, object_ in sorted(touched):
        by_relation[relation].append({"subject": subject, "object": object_})
    read = (_edges_between(ask, relation, ends) for relation, ends in by_relation.items())
    return _by_id(edge for several in read for edge in several)


def _by_id(things: Iterable[Thing]) -> dict[str, Thing]:
    found = {thing.id: thing for thing in things}
    return {id_: found[id_] for id_ in sorted(found)}


# --- one sort of thing -------------------------------------------------------------------------------------------


def _asked(ask: Ask, cypher: str, parameters: Mapping[str, object]) -> Iterable[tuple[Any, ...]]:
    """The rows; none, unasked, where the list of ids is empty."""
    return () if parameters.get("ids") == [] else ask(cypher, parameters)


def _match(node: str, label: str, ids: Ids) -> tuple[str, dict[str, object]]:
    if ids is None:  # nodes of others that bear our label lack our marks
        return f"MATCH ({node}:{label}) WHERE {node}.{MARKS[label]} IS NOT NULL", {}
    return f"UNWIND $ids AS id MATCH ({node}:{label} {{id: id}})", {"ids": sorted(ids)}


def _entities(ask: Ask, ids: Ids) -> list[Entity]:
    match, parameters = _match("n", "Entity", ids)
    return [shape.entity_from(properties) for (properties,) in _asked(ask, f"{match} RETURN properties(n)", parameters)]


def _articles(ask: Ask, ids: Ids) -> list[ArticleNode]:
    match, parameters = _match("a", "Article", ids)
    mentions: dict[str, list[str]] = defaultdict(list)
    for article, entity in _asked(ask, f"{match} MATCH (a)-[:MENTIONS]->(n:Entity) RETURN a.id, n.id", parameters):
        mentions[article].append(entity)
    nodes = _asked(ask, f"{match} RETURN properties(a)", parameters)
    return [shape.article_from(properties, mentions[properties["id"]]) for (properties,) in nodes]


def _claims(ask: Ask, ids: Ids) -> list[Claim]:
    match, parameters = _match("k", "Claim", ids)
    roles: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for claim, role, entity in _asked(
        ask, f"{match} MATCH (k)-[q:QUALIFIED_BY]->(n:Entity) RETURN k.id, q.role, n.id", parameters
    ):
        roles[claim].append((role, entity))
    nodes = _asked(
        ask,
        f"{match} MATCH (k)-[:SUBJECT]->(s:Entity) MATCH (k)-[:OBJECT]->(o:Entity) RETURN properties(k), s.id, o.id",
        parameters,
    )
    return [shape.claim_from(properties, s, o, roles[properties["id"]]) for properties, s, o in nodes]


def _evidence(ask: Ask, articles: Ids) -> list[Evidence]:
    match, parameters = _match("a", "Article", articles)
    rows = _asked(ask, f"{match} MATCH (k:Claim)-[e:EVIDENCED_BY]->(a) RETURN properties(e), k.id, a.id", parameters)
    return [shape.evidence_from(properties, claim, article) for properties, claim, article in rows]


def _edges(ask: Ask) -> list[Edge]:
    types = "|".join(relation.type for relation in vocabulary().relations.values())
    match = f"MATCH (s:Entity)-[e:{types}]->(o:Entity) WHERE e.id IS NOT NULL"  # those that somebody drew have none
    rows = ask(f"{match} RETURN properties(e), s.id, type(e), o.id", {})
    return [shape.edge_from(*row) for row in rows]


def _edges_between(ask: Ask, relation: str, ends: list[dict[str, str]]) -> list[Edge]:
    type_ = vocabulary().relation(relation).type
    rows = ask(
        "UNWIND $rows AS row MATCH (s:Entity {id: row.subject}) MATCH (o:Entity {id: row.object}) "
        f"MATCH (s)-[e:{type_}]->(o) WHERE e.id IS NOT NULL RETURN properties(e), s.id, o.id",
        {"rows": ends},
    )
    return [shape.edge_from(properties, s, type_, o) for properties, s, o in rows]
