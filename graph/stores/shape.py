"""What a graph looks like in a store: entities, articles, claims, evidence and edges as property maps, and back.

Nothing here speaks to a store. Absent values are absent properties, dates are strings, tuples are lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from graph.build import ArticleNode, Edge
from graph.canonical import content_hash
from graph.claims import Claim, Evidence
from graph.errors import StoreError
from graph.identity import Entity
from graph.segment import search_words
from graph.vocabulary import vocabulary

Properties = dict[str, Any]

_ENTITY = ("id", "kind", "name", "names", "keys", "country", "part_of", "hash", "search")


def _names(kind: type, *, without: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in without)


# What nodes and relationships carry beside their ends; a claim also has its values.
ARTICLE = _names(ArticleNode, without=("mentions",))
CLAIM = _names(Claim, without=("subject", "object", "values", "roles"))
EVIDENCE = (*_names(Evidence, without=("claim", "article")), "speaker_name")
EDGE = _names(Edge, without=("subject", "relation", "object"))


def entity_hash(entity: Entity) -> str:
    """Content hash of an entity, facts included."""
    return content_hash(entity)


def entity_properties(entity: Entity) -> Properties:
    """The properties of an entity's node: its fields, its facts as lists of text, its hash, and words to search it by.

    Raises StoreError for a fact that is named like one of the node's own properties.
    """
    taken = entity.facts.keys() & set(_ENTITY)
    if taken:
        raise StoreError(
            f"Fact {min(taken)!r} of {entity.id!r} would hide the node's own property",
            way_out="give it another name in the entity register",
        )
    own = {field.name: getattr(entity, field.name) for field in fields(entity) if field.name != "facts"}
    return _present({**own, **entity.facts, "hash": entity_hash(entity), "search": search_words(entity.names)})


def entity_from(properties: Mapping[str, Any]) -> Entity:
    """The entity a node stands for."""
    return Entity(
        id=properties["id"],
        kind=properties["kind"],
        name=properties["name"],
        names=tuple(properties["names"]),
        keys=tuple(properties["keys"]),
        country=properties.get("country"),
        part_of=properties.get("part_of"),
        facts={name: tuple(value) for name, value in properties.items() if name not in _ENTITY},
    )


def article_properties(article: ArticleNode) -> Properties:
    """The properties of an article's node; its mentions are relationships."""
    return _present({name: getattr(article, name) for name in ARTICLE})


def article_from(properties: Mapping[str, Any], mentions: Iterable[str]) -> ArticleNode:
    """The article a node stands for, with the ids of the entities it points to."""
    return ArticleNode(**_read(ArticleNode, {**properties, "mentions": sorted(mentions)}))


def claim_properties(claim: Claim) -> Properties:
    """The properties of a claim's node; its subject, object and roles are relationships."""
    own = {name: getattr(claim, name) for name in CLAIM}
    return _present({**own, "relation": vocabulary().relation(claim.relation).type, **claim.values})


def claim_from(properties: Mapping[str, Any], subject: str, object_: str, roles: Iterable[tuple[str, str]]) -> Claim:
    """The claim a node stands for; `roles` are pairs of role and entity id in any order."""
    by_role: dict[str, tuple[str, ...]] = {}
    for role, entity in sorted(roles):
        by_role[role] = (*by_role.get(role, ()), entity)
    own = {name: properties.get(name) for name in CLAIM}
    own["relation"] = vocabulary().relation(properties["relation"]).name
    values = {name: value for name, value in properties.items() if name not in CLAIM}
    return Claim(**own, subject=subject, object=object_, values=values, roles=by_role)  # type: ignore[arg-type]


def evidence_properties(evidence: Evidence, speaker_name: str | None) -> Properties:
    """The properties of the relationship from a claim to the article that says so."""
    own = {name: getattr(evidence, name) for name in EVIDENCE if name != "speaker_name"}
    return _present({**own, "speaker_name": speaker_name})


def evidence_from(properties: Mapping[str, Any], claim: str, article: str) -> Evidence:
    """The evidence a relationship stands for."""
    return Evidence(**_read(Evidence, {**properties, "claim": claim, "article": article}))


def edge_properties(edge: Edge) -> Properties:
    """The properties of the relationship between two entities."""
    return _present({name: getattr(edge, name) for name in EDGE})


def edge_from(properties: Mapping[str, Any], subject: str, type_: str, object_: str) -> Edge:
    """The edge a relationship of this type stands for."""
    relation = vocabulary().relation(type_).name
    return Edge(**_read(Edge, {**properties, "subject": subject, "relation": relation, "object": object_}))


def _present(properties: Mapping[str, Any]) -> Properties:
    """Without what is None, and with lists for tuples, as drivers want them."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in properties.items()
        if value is not None
    }


def _read(kind: type, properties: Mapping[str, Any]) -> Properties:
    """The fields of a dataclass from properties: absent ones None, lists as tuples."""
    values = {field.name: properties.get(field.name) for field in fields(kind)}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
