"""The vocabulary: kinds, relations, stages and qualifiers, read from `vocabulary.toml`. Data, not code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from graph.errors import VocabularyError, did_you_mean

_WORDS = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entity. `name` is its Neo4j label, `slug` its ids' prefix; `requires` register keys it must have."""

    name: str
    slug: str
    label: str
    meaning: str
    rdf: str
    color: str
    shape: str
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation. `name` is its word in files (shares-intel), `type` its Neo4j type (SHARES_INTEL).

    `subject` and `object` are the kinds allowed at its ends; `requires` lists qualifiers, "a|b" for one of them;
    `nature` is event or state.
    """

    name: str
    type: str
    meaning: str
    subject: frozenset[str]
    object: frozenset[str]
    symmetric: bool
    nature: str
    stage: str
    requires: tuple[str, ...]
    cameo: str
    plover: str
    rdf: str


@dataclass(frozen=True, slots=True)
class ValueQualifier:
    """A value that a claim may carry. `type` is integer, text or choice; `choices` only for a choice."""

    name: str
    type: str
    meaning: str
    choices: tuple[str, ...]
    suggested: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """An entity that a claim may point to beside its ends."""

    name: str
    kinds: frozenset[str]
    meaning: str


@dataclass(frozen=True)
class Vocabulary:
    """All of it. Look-ups raise VocabularyError with the nearest valid name."""

    namespace: str
    kinds: Mapping[str, Kind]
    relations: Mapping[str, Relation]
    stages: Mapping[str, str]
    values: Mapping[str, ValueQualifier]
    roles: Mapping[str, Role]

    def relation(self, name: str) -> Relation:
        """The relation of this name; SHARES_INTEL and shares_intel are read as shares-intel."""
        key = name.lower().replace("_", "-")
        if key not in self.relations:
            raise VocabularyError(f"Unknown relation {name!r}", way_out=did_you_mean(key, self.relations))
        return self.relations[key]

    def kind_of(self, entity_id: str) -> Kind:
        """The kind an entity id belongs to, by its prefix."""
        slug = entity_id.partition(":")[0]
        for kind in self.kinds.values():
            if kind.slug == slug:
                return kind
        raise VocabularyError(
            f"Unknown kind {slug!r} in {entity_id!r}", way_out=did_you_mean(slug, (k.slug for k in self.kinds.values()))
        )

    def stage(self, name: str) -> str:
        """The stage of this name; in-force and in_force are read as in force."""
        key = name.lower().replace("_", " ").replace("-", " ")
        if key not in self.stages:
            raise VocabularyError(f"Unknown stage {name!r}", way_out=did_you_mean(key, self.stages))
        return key


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with the package."""
    return parse(files("graph").joinpath("vocabulary.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Vocabulary:
    """A vocabulary from TOML text. Raises VocabularyError where a relation names an undeclared kind or group."""
    data = tomllib.loads(text)
    kinds = {name: _kind(name, row) for name, row in data["kinds"].items()}
    groups = {name: frozenset(members) for name, members in data["groups"].items()}
    relations = {name: _relation(name, row, groups, kinds) for name, row in data["relations"].items()}
    return Vocabulary(
        namespace=data["namespace"],
        kinds=kinds,
        relations=relations,
        stages=data["stages"],
        values={name: _value(name, row) for name, row in data["values"].items()},
        roles={name: Role(name, frozenset(row["kinds"]), row["meaning"]) for name, row in data["roles"].items()},
    )


def slug_of(kind_name: str) -> str:
    """InternationalOrganization → international-organization."""
    return _WORDS.sub("-", kind_name).lower()


def _kind(name: str, row: Mapping[str, Any]) -> Kind:
    return Kind(
        name=name,
        slug=slug_of(name),
        label=row["label"],
        meaning=row["meaning"],
        rdf=row["rdf"],
        color=row["color"],
        shape=row["shape"],
        requires=tuple(row.get("requires", ())),
    )


def _relation(
    name: str, row: Mapping[str, Any], groups: Mapping[str, frozenset[str]], kinds: Mapping[str, Kind]
) -> Relation:
    return Relation(
        name=name,
        type=name.upper().replace("-", "_"),
        meaning=row["meaning"],
        subject=_ends(name, row["subject"], groups, kinds),
        object=_ends(name, row["object"], groups, kinds),
        symmetric=row.get("symmetric", False),
        nature=row["nature"],
        stage=row["stage"],
        requires=tuple(row.get("requires", ())),
        cameo=row["cameo"],
        plover=row["plover"],
        rdf=row["rdf"],
    )


def _ends(
    relation: str, words: Iterable[str], groups: Mapping[str, frozenset[str]], kinds: Mapping[str, Kind]
) -> frozenset[str]:
    found: set[str] = set()
    for word in words:
        members = groups.get(word, frozenset({word}))
        if not members <= kinds.keys():
            raise VocabularyError(
                f"Relation {relation!r} allows the unknown kind {word!r}", way_out=did_you_mean(word, kinds)
            )
        found |= members
    return frozenset(found)


def _value(name: str, row: Mapping[str, Any]) -> ValueQualifier:
    return ValueQualifier(
        name, row["type"], row["meaning"], tuple(row.get("choices", ())), tuple(row.get("suggested", ()))
    )
