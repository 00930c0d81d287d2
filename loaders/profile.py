"""What a tool's labels mean: which are our kinds, relations and qualifiers, and where an article's own fields stand.

A profile is TOML. Without one, labels are taken for our own words in any spelling: VICTIM_GROUP, victim-group.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from graph.article import DATE_KEYS
from graph.errors import ArticleError, did_you_mean
from graph.vocabulary import vocabulary
from loaders.reading import Options
from loaders.stated import OPTIONAL, REQUIRED

FIELDS = (*REQUIRED, *OPTIONAL)
ENDS = ("subject", "object")
_SECTIONS = ("profile", "metadata", "defaults", "nodes", "relations", "roles", "ignore")
_SETTINGS = ("name", "format", "text_key", "offset_unit", "joiner", "accept", "predictions", "annotators")
_IGNORED = ("labels", "relations")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\s_./]+")


@dataclass(frozen=True, slots=True)
class Profile:
    """A tool's words → ours. Patterns are globs, compared in any spelling; one that ends in ! turns a relation round.

    `metadata` maps an article's field to the key of the document's metadata that holds it, `defaults` to its value
    where there is none. `roles` maps subject, object and qualifiers to a tool's names for them.
    """

    name: str = "our own words"
    format: str | None = None
    annotators: str = "all"
    options: Options = field(default_factory=Options)
    metadata: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    nodes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    relations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored_labels: tuple[str, ...] = ()
    ignored_relations: tuple[str, ...] = ()

    def kind(self, labels: Iterable[str]) -> str | None:
        """The kind that one of these labels means: by rule, else by its name."""
        for label in labels:
            for kind, patterns in self.nodes.items():
                if matches(label, patterns):
                    return kind
            if found := _kinds().get(spelling(label)):
                return found
        return None

    def relation(self, label: str) -> tuple[str, bool, str | None] | None:
        """The relation that a label means, whether it is turned round, and the stage it names ("signed:planned")."""
        bare, _, stage = label.partition(":")
        for relation, patterns in self.relations.items():
            for pattern in patterns:
                if matches(label, (pattern.removesuffix("!"),)) or matches(bare, (pattern.removesuffix("!"),)):
                    return relation, pattern.endswith("!"), _stage(stage)
        found = _relations().get(spelling(bare))
        return (found, False, _stage(stage)) if found else None

    def role(self, name: str) -> str | None:
        """Which end or qualifier (subject, on, at, stage …) a role or an attribute of the tool's is."""
        for role, patterns in self.roles.items():
            if matches(name, patterns):
                return role
        found = spelling(name).replace("-", "_")
        return found if found in qualifiers() or found in ENDS else None

    def ignores(self, label: str, *, relation: bool = False) -> bool:
        """Whether a label is to be passed over without a word."""
        return matches(label, self.ignored_relations if relation else self.ignored_labels)


def qualifiers() -> tuple[str, ...]:
    """Everything that may qualify a claim, beside its ends."""
    words = vocabulary()
    return ("stage", "polarity", "speaker", "confidence", *DATE_KEYS, *words.values, *words.roles)


def spelling(label: str) -> str:
    """A label as all its spellings have it: VictimGroup, VICTIM_GROUP and victim group are victim-group."""
    return _SEPARATORS.sub("-", _CAMEL.sub("-", label.strip()).casefold())


def matches(label: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns fits a label, in any spelling."""
    return any(fnmatchcase(spelling(label), spelling(pattern)) for pattern in patterns)


def _kinds() -> dict[str, str]:
    return {spelling(word): kind.name for kind in vocabulary().kinds.values() for word in (kind.name, kind.slug)}


def _relations() -> dict[str, str]:
    relations = vocabulary().relations.values()
    return {spelling(word): relation.name for relation in relations for word in (relation.name, relation.type)}


def _stage(text: str) -> str | None:
    named = {spelling(stage): stage for stage in vocabulary().stages}
    return named.get(spelling(text))


# --- reading -----------------------------------------------------------------------------------------------------


def read_profile(path: Path) -> Profile:
    """The profile of a TOML file. Raises ArticleError that names the file and the key."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ArticleError(f"No TOML: {problem}", path=str(path), way_out="mend the line it names") from problem
    try:
        return _profile(values, path)
    except ArticleError as problem:
        raise problem.at(str(path)) from problem


def _profile(values: Mapping[str, Any], path: Path) -> Profile:
    _known(values, _SECTIONS, "section")
    settings = _table(values, "profile")
    _known(settings, _SETTINGS, "key of [profile]")
    ignored = _table(values, "ignore")
    _known(ignored, _IGNORED, "key of [ignore]")
    metadata, defaults = _table(values, "metadata"), _table(values, "defaults")
    for section in (metadata, defaults):
        _known(section, FIELDS, "article field")
    _known(_table(values, "nodes"), vocabulary().kinds, "kind")
    _known(_table(values, "relations"), vocabulary().relations, "relation")
    _known(_table(values, "roles"), (*ENDS, *qualifiers()), "end or qualifier")
    return Profile(
        name=str(settings.get("name", path.stem)),
        format=settings.get("format"),
        annotators=str(settings.get("annotators", "all")),
        options=Options(
            unit=settings.get("offset_unit"),
            text_key=settings.get("text_key"),
            joiner=settings.get("joiner"),
            accept=_texts(settings, "accept"),
            predictions=bool(settings.get("predictions", False)),
        ),
        metadata={key: str(value) for key, value in metadata.items()},
        defaults={key: str(value) for key, value in defaults.items()},
        nodes=_rules(values, "nodes"),
        relations=_rules(values, "relations"),
        roles={key: _texts(_table(values, "roles"), key) for key in _table(values, "roles")},
        ignored_labels=_texts(ignored, "labels"),
        ignored_relations=_texts(ignored, "relations"),
    )


def _known(values: Iterable[str], known: Iterable[str], what: str) -> None:
    choices = list(known)
    for key in values:
        if key not in choices:
            raise ArticleError(f"Unknown {what} {key!r}", way_out=did_you_mean(key, choices))


def _table(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name, {})
    if not isinstance(found, dict):
        raise ArticleError(f"{name} is no table", way_out=f"write [{name}]")
    return found


def _texts(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = values.get(key, [])
    several = [found] if isinstance(found, str) else found
    if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
        raise ArticleError(f"{key} is no list of labels", way_out=f'write {key} = ["…"]')
    return tuple(several)


def _rules(values: Mapping[str, Any], section: str) -> dict[str, tuple[str, ...]]:
    rules: dict[str, tuple[str, ...]] = {}
    for name, rule in _table(values, section).items():
        if not isinstance(rule, dict) or set(rule) - {"from"}:
            raise ArticleError(f"[{section}.{name}] has more than from", way_out='write from = ["LABEL", …]')
        rules[name] = _texts(rule, "from")
    return rules
