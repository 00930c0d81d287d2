"""From the graph a store holds to the graph it is to hold: the statements to run, with their rows.

Pure: both graphs come in, steps go out. Labels and types in a statement come from the vocabulary, never from data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from graph.build import ArticleNode, Edge, Graph
from graph.claims import Claim, Evidence
from graph.errors import VocabularyError, did_you_mean
from graph.identity import Entity
from graph.stores import shape
from graph.stores.base import Changes
from graph.vocabulary import vocabulary

Row = Mapping[str, Any]
Thing = TypeVar("Thing")

_EACH = "UNWIND $rows AS row "
_ENDS = _EACH + "MATCH (s:Entity {id: row.subject}) MATCH (o:Entity {id: row.object}) "
_SUPPORT = _EACH + "MATCH (k:Claim {id: row.claim}) MATCH (a:Article {id: row.article}) "
_MENTION = _EACH + "MATCH (a:Article {id: row.article}) MATCH (n:Entity {id: row.entity}) "


@dataclass(frozen=True, slots=True)
class Step:
    """A statement that reads `$rows`, and its rows."""

    cypher: str
    rows: Sequence[Row]

    def batches(self, size: int) -> Iterator[Step]:
        """The same step in batches of at most so many rows."""
        for start in range(0, len(self.rows), size):
            yield Step(self.cypher, self.rows[start : start + size])


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in order, and what they amount to. `doomed` are the ids of nodes that are to go, by label."""

    steps: list[Step]
    changes: Changes
    doomed: Mapping[str, list[str]]

    @property
    def size(self) -> int:
        """How many rows there are to write."""
        return sum(len(step.rows) for step in self.steps)


@dataclass(frozen=True, slots=True)
class _Delta(Generic[Thing]):
    """What is to come, to change (as wanted) and to go (as held), of one sort of thing."""

    create: list[Thing]
    update: list[Thing]
    delete: list[Thing]

    @classmethod
    def of(cls, old: Mapping[str, Thing], new: Mapping[str, Thing]) -> _Delta[Thing]:
        return cls(
            create=[thing for id_, thing in new.items() if id_ not in old],
            # what is the same object need not be compared field by field
            update=[t for id_, t in new.items() if id_ in old and old[id_] is not t and old[id_] != t],
            delete=[thing for id_, thing in old.items() if id_ not in new],
        )


def difference(old: Graph, new: Graph, whole: Graph) -> Plan:
    """The plan that turns a store holding `old` into one holding `new`; no steps where the two are equal.

    Both may lack what they are known to share; `whole` is all that the store is to hold.
    """
    entities, articles = _Delta.of(old.entities, new.entities), _Delta.of(old.articles, new.articles)
    claims, edges = _Delta.of(old.claims, new.claims), _Delta.of(old.edges, new.edges)
    # Claims and evidence are content-hashed: one that differs is damaged; it goes and comes anew.
    gone = {claim.id for claim in (*claims.delete, *claims.update)}
    standing = {id_: one for id_, one in old.evidence.items() if one.claim not in gone}
    evidence = _Delta.of(standing, new.evidence)
    steps = [
        *_edge_steps("MATCH (s)-[e:TYPE {id: row.properties.id}]->(o) DELETE e", edges.delete),
        _evidence_deleted([*evidence.delete, *(standing[one.id] for one in evidence.update)]),
        _deleted("Claim", gone),
        _deleted("Article", (article.id for article in articles.delete)),
        Step(_MENTION + "MATCH (a)-[m:MENTIONS]->(n) DELETE m", _mentions(old, beyond=new)),
        _deleted("Entity", (entity.id for entity in entities.delete)),
        *_entities_created(entities.create),
        _rewritten("Entity", map(shape.entity_properties, entities.update)),
        _articles_created(articles.create),
        _rewritten("Article", map(shape.article_properties, articles.update)),
        Step(_MENTION + "CREATE (a)-[:MENTIONS]->(n)", _mentions(new, beyond=old)),
        *_claims_created([*claims.create, *claims.update]),
        _evidence_created([*evidence.create, *evidence.update], whole.entities),
        *_edge_steps("MATCH (s)-[e:TYPE {id: row.properties.id}]->(o) SET e = row.properties", edges.update),
        *_edge_steps(f"CREATE (s)-[:TYPE {_map(shape.EDGE)}]->(o)", edges.create),
        _speakers_renamed(old, whole, entities.update, {one.id for one in evidence.create}),
    ]
    doomed = {
        "Claim": sorted(gone),
        "Article": [article.id for article in articles.delete],
        "Entity": [entity.id for entity in entities.delete],
    }
    changes = _changes(old, new, whole, entities, articles, edges)
    return Plan([step for step in steps if step.rows], changes, {label: ids for label, ids in doomed.items() if ids})


def _changes(old: Graph, new: Graph, whole: Graph, *deltas: _Delta[Any]) -> Changes:
    pairs = [*zip(_maps(old), _maps(new), strict=True)]
    created = sum(len(now.keys() - held.keys()) for held, now in pairs)
    deleted = sum(len(held.keys() - now.keys()) for held, now in pairs)
    updated = sum(len(delta.update) for delta in deltas)
    return Changes(created, updated, deleted, unchanged=whole.size - created - updated)


def _maps(graph: Graph) -> tuple[Mapping[str, Any], ...]:
    return graph.entities, graph.articles, graph.claims, graph.evidence, graph.edges


def _map(names: Iterable[str]) -> str:
    """A property map from `row.properties`. Set at creation, as adding properties later makes ArcadeDB write twice."""
    return "{" + ", ".join(f"{name}: row.properties.{name}" for name in names) + "}"


def _deleted(label: str, ids: Iterable[str]) -> Step:
    return Step(_EACH + f"MATCH (n:{label} {{id: row.id}}) DETACH DELETE n", [{"id": id_} for id_ in sorted(ids)])


def _rewritten(label: str, properties: Iterable[Row]) -> Step:
    return Step(_EACH + f"MATCH (n:{label} {{id: row.id}}) SET n = row", list(properties))


def _entities_created(entities: Iterable[Entity]) -> Iterator[Step]:
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for entity in entities:
        by_kind[entity.kind].append(shape.entity_properties(entity))
    kinds = vocabulary().kinds
    for kind, rows in by_kind.items():
        if kind not in kinds:
            raise VocabularyError(f"Unknown kind {kind!r} of {rows[0]['id']!r}", way_out=did_you_mean(kind, kinds))
        yield Step(_EACH + f"CREATE (n:Entity:{kind}) SET n = row", rows)


def _articles_created(articles: Iterable[ArticleNode]) -> Step:
    rows = [{"properties": shape.article_properties(article)} for article in articles]
    return Step(_EACH + f"CREATE (:Article {_map(shape.ARTICLE)})", rows)


def _mentions(graph: Graph, *, beyond: Graph) -> list[Row]:
    """Article and entity of every mention in a graph that the other one lacks."""
    rows: list[Row] = []
    for id_, article in graph.articles.items():
        other = beyond.articles.get(id_)
        if other is not article:
            known = set(other.mentions) if other else set()
            rows += ({"article": id_, "entity": entity} for entity in article.mentions if entity not in known)
    return rows


def _claims_created(claims: Iterable[Claim]) -> Iterator[Step]:
    claims = sorted(claims, key=lambda claim: claim.id)
    properties = _map((*shape.CLAIM, *vocabulary().values, "due"))
    yield Step(
        _ENDS + f"CREATE (s)<-[:SUBJECT]-(:Claim {properties})-[:OBJECT]->(o)",
        [{"subject": c.subject, "object": c.object, "properties": shape.claim_properties(c)} for c in claims],
    )
    yield Step(
        _EACH + "MATCH (k:Claim {id: row.claim}) MATCH (n:Entity {id: row.entity}) "
        "CREATE (k)-[:QUALIFIED_BY {role: row.role}]->(n)",
        [
            {"claim": claim.id, "role": role, "entity": entity}
            for claim in claims
            for role, entities in claim.roles.items()
            for entity in entities
        ],
    )


def _evidence_created(evidence: Iterable[Evidence], entities: Mapping[str, Entity]) -> Step:
    rows = [
        {
            "claim": one.claim,
            "article": one.article,
            "properties": shape.evidence_properties(one, entities[one.speaker].name if one.speaker else None),
        }
        for one in evidence
    ]
    return Step(_SUPPORT + f"CREATE (k)-[:EVIDENCED_BY {_map(shape.EVIDENCE)}]->(a)", rows)


def _evidence_deleted(evidence: Iterable[Evidence]) -> Step:
    rows = [{"claim": one.claim, "article": one.article, "id": one.id} for one in evidence]
    return Step(_SUPPORT + "MATCH (k)-[e:EVIDENCED_BY {id: row.id}]->(a) DELETE e", rows)


def _speakers_renamed(old: Graph, whole: Graph, updated: Iterable[Entity], created: set[str]) -> Step:
    """Evidence that stands while its speaker's name changes."""
    names = {one.id: one.name for one in updated if old.entities[one.id].name != one.name}
    rows = [
        {"claim": one.claim, "article": one.article, "id": one.id, "name": names[one.speaker]}
        for one in (whole.evidence.values() if names else ())
        if one.speaker in names and one.id not in created
    ]
    return Step(_SUPPORT + "MATCH (k)-[e:EVIDENCED_BY {id: row.id}]->(a) SET e.speaker_name = row.name", rows)


def _edge_steps(cypher: str, edges: Iterable[Edge]) -> Iterator[Step]:
    """One step for each relation, its type in the place of TYPE."""
    by_relation: dict[str, list[Row]] = defaultdict(list)
    for edge in edges:
        ends = {"subject": edge.subject, "object": edge.object}
        by_relation[edge.relation].append({**ends, "properties": shape.edge_properties(edge)})
    for relation, rows in by_relation.items():
        yield Step(_ENDS + cypher.replace("TYPE", vocabulary().relation(relation).type), rows)
