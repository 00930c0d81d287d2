"""Reads a graph back from a store: the whole of it, or as much as is needed to compare it with another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from graph.build import ArticleNode, Edge, Graph
from graph.claims import Claim, Evidence
from graph.identity import Entity
from graph.stores import shape
from graph.vocabulary import vocabulary

Ask = Callable[[str, Mapping[str, object]], Iterable[tuple[Any, ...]]]
Ids = Iterable[str] | None  # None: all there are
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


def held(ask: Ask, new: Graph, root_hash: str | None) -> Graph:
    """The graph that the store holds. What `new` shares with it is taken from `new` by hash, so that little is read.

    Without a root hash the store was left in the middle of a load: there nothing is taken on trust. With that of `new`
    it is `new` itself.
    """
    if root_hash == new.root_hash:
        return new
    return _sharing(ask, new, root_hash) if root_hash else whole(ask, None)


def _sharing(ask: Ask, new: Graph, root_hash: str) -> Graph:
    entity_hashes = {id_: shape.entity_hash(entity) for id_, entity in new.entities.items()}
    same_entities, other_entities = _compared(ask, "Entity", "hash", entity_hashes)
    content_hashes = {id_: article.content_hash for id_, article in new.articles.items()}
    same_articles, other_articles = _compared(ask, "Article", "content_hash", content_hashes)
    shared = {id_: one for id_, one in new.evidence.items() if one.article in same_articles}
    evidence = {**shared, **_by_id(_evidence(ask, other_articles))}
    claims = _shared_claims(ask, new, supported={one.claim for one in shared.values()}, held_evidence=evidence)
    return Graph(
        entities={**_only(new.entities, same_entities), **_by_id(_entities(ask, other_entities))},
        articles={**_only(new.articles, same_articles), **_by_id(_articles(ask, other_articles))},
        claims=claims,
        evidence=evidence,
        edges=_shared_edges(ask, new, touched=_touched(new, evidence, claims, same_articles)),
        root_hash=root_hash,
    )


def _compared(ask: Ask, label: str, property_: str, hashes: Mapping[str, str]) -> tuple[set[str], list[str]]:
    """Ids of the nodes that have the same hash as ours, and of the other nodes that the store holds."""
    # one long list: a driver takes some 20 µs for each row, however short
    query = f"MATCH (n:{label}) RETURN collect(coalesce(n.{property_}, '') + ' ' + n.id)"
    pairs = [pair.partition(" ") for (several,) in ask(query, {}) for pair in several]
    same = {id_ for hash_, _, id_ in pairs if hashes.get(id_) == hash_}
    return same, sorted(id_ for _, _, id_ in pairs if id_ not in same)


def _shared_claims(
    ask: Ask, new: Graph, *, supported: set[str], held_evidence: Mapping[str, Evidence]
) -> dict[str, Claim]:
    """Claims that an unchanged article supports are known; the others are read."""
    unsure = (new.claims.keys() | {one.claim for one in held_evidence.values()}) - supported
    return {**_only(new.claims, supported), **_by_id(_claims(ask, unsure))}


def _touched(
    new: Graph, evidence: Mapping[str, Evidence], claims: Mapping[str, Claim], same_articles: set[str]
) -> set[tuple[str, str, str]]:
    """Subject, relation and object of the edges that changed articles support, now or before."""
    before = (claims[one.claim] for one in evidence.values() if one.article not in same_articles)
    now = (new.claims[one.claim] for one in new.evidence.values() if one.article not in same_articles)
    return {(claim.subject, claim.relation, claim.object) for pair in (before, now) for claim in pair}


def _shared_edges(ask: Ask, new: Graph, *, touched: set[tuple[str, str, str]]) -> dict[str, Edge]:
    kept = {id_: e for id_, e in new.edges.items() if (e.subject, e.relation, e.object) not in touched}
    by_relation: dict[str, list[dict[str, str]]] = defaultdict(list)
    for subject, relation, object_ in sorted(touched):
        by_relation[relation].append({"subject": subject, "object": object_})
    read = (_edges_between(ask, relation, ends) for relation, ends in by_relation.items())
    return {**kept, **_by_id(edge for several in read for edge in several)}


def _only(things: Mapping[str, Thing], ids: set[str]) -> dict[str, Thing]:
    return {id_: thing for id_, thing in things.items() if id_ in ids}


def _by_id(things: Iterable[Thing]) -> dict[str, Thing]:
    found = {thing.id: thing for thing in things}
    return {id_: found[id_] for id_ in sorted(found)}


# --- one sort of thing -------------------------------------------------------------------------------------------


def _match(node: str, label: str, ids: Ids) -> tuple[str, dict[str, object]]:
    if ids is None:
        return f"MATCH ({node}:{label})", {}
    return f"UNWIND $ids AS id MATCH ({node}:{label} {{id: id}})", {"ids": sorted(ids)}


def _entities(ask: Ask, ids: Ids) -> list[Entity]:
    match, parameters = _match("n", "Entity", ids)
    return [shape.entity_from(properties) for (properties,) in ask(f"{match} RETURN properties(n)", parameters)]


def _articles(ask: Ask, ids: Ids) -> list[ArticleNode]:
    match, parameters = _match("a", "Article", ids)
    mentions: dict[str, list[str]] = defaultdict(list)
    for article, entity in ask(f"{match} MATCH (a)-[:MENTIONS]->(n:Entity) RETURN a.id, n.id", parameters):
        mentions[article].append(entity)
    nodes = ask(f"{match} RETURN properties(a)", parameters)
    return [shape.article_from(properties, mentions[properties["id"]]) for (properties,) in nodes]


def _claims(ask: Ask, ids: Ids) -> list[Claim]:
    match, parameters = _match("k", "Claim", ids)
    roles: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for claim, role, entity in ask(
        f"{match} MATCH (k)-[q:QUALIFIED_BY]->(n:Entity) RETURN k.id, q.role, n.id", parameters
    ):
        roles[claim].append((role, entity))
    nodes = ask(
        f"{match} MATCH (k)-[:SUBJECT]->(s:Entity) MATCH (k)-[:OBJECT]->(o:Entity) RETURN properties(k), s.id, o.id",
        parameters,
    )
    return [shape.claim_from(properties, s, o, roles[properties["id"]]) for properties, s, o in nodes]


def _evidence(ask: Ask, articles: Ids) -> list[Evidence]:
    match, parameters = _match("a", "Article", articles)
    rows = ask(f"{match} MATCH (k:Claim)-[e:EVIDENCED_BY]->(a) RETURN properties(e), k.id, a.id", parameters)
    return [shape.evidence_from(properties, claim, article) for properties, claim, article in rows]


def _edges(ask: Ask) -> list[Edge]:
    types = "|".join(relation.type for relation in vocabulary().relations.values())
    rows = ask(f"MATCH (s:Entity)-[e:{types}]->(o:Entity) RETURN properties(e), s.id, type(e), o.id", {})
    return [shape.edge_from(*row) for row in rows]


def _edges_between(ask: Ask, relation: str, ends: list[dict[str, str]]) -> list[Edge]:
    type_ = vocabulary().relation(relation).type
    rows = ask(
        "UNWIND $rows AS row MATCH (s:Entity {id: row.subject}) MATCH (o:Entity {id: row.object}) "
        f"MATCH (s)-[e:{type_}]->(o) RETURN properties(e), s.id, o.id",
        {"rows": ends},
    )
    return [shape.edge_from(properties, s, type_, o) for properties, s, o in rows]
