"""What a tool's labels mean: which are our kinds, relations and qualifiers. Its file is read by `loaders.profile_file`.

Without a profile, labels are taken for our own words in any spelling: VICTIM_GROUP, victim-group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache, cached_property, lru_cache
from typing import Generic, TypeVar

from graph.article import DATE_KEYS
from graph.vocabulary import vocabulary
from loaders.document import Attributes
from loaders.reading import Options

ENDS = ("subject", "object")
UNMAPPED = ("keep", "drop", "error")  # what becomes of a label without a rule
PLAIN = ("date", "value")  # our scheme's labels of words that are no entity
PERSONS = (  # what tools call persons
    *("person", "persons", "people", "per", "pers", "persname", "pers-name", "personne", "persona", "human"),
    *("person-name", "per-name", "personal-name", "name-person", "full-name", "orang", "บุคคล"),
)
REMEMBERED = 10_000  # labels

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\s_./]+")
_SUBTYPES = re.compile(r"[.:/|#]")
_BEGINS = re.compile(r"^[BIESLU][-_]")
_GLOB = re.compile(r"[*?\[]")
_NONE: Attributes = {}

Meant = TypeVar("Meant")


@dataclass(frozen=True, slots=True)
class Rule:
    """Labels that mean a relation. Patterns that end in ! turn it round.

    `subject` and `object` are the kinds that it may join here, empty for all that the vocabulary allows; `roles` maps
    ends and qualifiers to the tool's names for them, before the profile's own; `qualifiers` are said of every claim.
    """

    relation: str
    patterns: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    object: tuple[str, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    qualifiers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a label means: a rule, whether it is turned round here, and the stage that the label names."""

    rule: Rule
    turned: bool = False
    stage: str | None = None

    @property
    def relation(self) -> str:
        """The relation's name in the vocabulary."""
        return self.rule.relation


@dataclass(frozen=True)
class Profile:
    """A tool's words → ours. Patterns are `LABEL`, `layer/LABEL` or `LABEL:attribute value`, globs in any spelling.

    Where several fit a label, the one that says most decides, then the first. `metadata` maps an article's field to
    the key of the document's metadata that holds it, `defaults` to its value where there is none, `table` the ids of
    documents to further fields; `calendar` is what dates of publication are counted in. `roles` maps subject, object
    and qualifiers to a tool's names for them. `unmapped_nodes` and `unmapped_relations` are of UNMAPPED.
    """

    name: str = "our own words"
    format: str | None = None
    annotators: str = "all"
    stop_on_error: bool = False
    options: Options = field(default_factory=Options)
    metadata: Mapping[str, str] = field(default_factory=dict)
    calendar: str | None = None
    table: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    nodes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    relations: Sequence[Rule] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored_labels: tuple[str, ...] = ()
    ignored_relations: tuple[str, ...] = ()
    unmapped_nodes: str = "keep"
    unmapped_relations: str = "error"

    def kind(self, labels: Iterable[str], layer: str | None = None, attributes: Attributes = _NONE) -> str | None:
        """The kind that one of these labels means: by rule, else by its name."""
        return next((kind for label in labels or ("",) if (kind := self._kind(label, layer, attributes))), None)

    def relation(self, label: str, layer: str | None = None, attributes: Attributes = _NONE) -> Meaning | None:
        """What a relation's label means; "signed:planned" is our own word with a stage."""
        bare, _, stage = label.partition(":")
        for asked in dict.fromkeys((label, bare)):
            if found := self._relations.match(asked, layer, attributes):
                rule, pattern = found
                return Meaning(rule, pattern.turned, _stage(stage) if asked == bare else None)
        named = _relation_names().get(spelling(bare))
        return Meaning(Rule(named), stage=_stage(stage)) if named else None

    def role(self, name: str, rule: Rule | None = None) -> str | None:
        """Which end or qualifier (subject, on, at, stage …) a role or an attribute of the tool's is."""
        for roles in (rule.roles if rule else {}, self.roles):
            for role, patterns in roles.items():
                if matches(name, patterns):
                    return role
        found = spelling(name).replace("-", "_")
        return found if found in qualifiers() or found in ENDS else None

    def ignores(self, label: str, *, relation: bool = False) -> bool:
        """Whether a label is to be passed over without a word."""
        return matches(label, self.ignored_relations if relation else self.ignored_labels)

    def is_private(self, labels: Iterable[str], layer: str | None = None, attributes: Attributes = _NONE) -> bool:
        """Whether these are the labels of a person: by rule, or by the names that tools commonly have for persons.

        One label that says so is enough, unless another one says that it is an official.
        """
        asked = tuple(labels) or ((layer or "").rpartition(".")[2],)
        kinds = {label: self._kind(label, layer, attributes) for label in asked}
        if "Official" in kinds.values():
            return False
        return any(kind == "Person" or (kind is None and _is_person(label)) for label, kind in kinds.items())

    def _kind(self, label: str, layer: str | None, attributes: Attributes) -> str | None:
        if found := self._nodes.match(label, layer, attributes):
            return found[0]
        return _kinds().get(spelling(label))

    @cached_property
    def _nodes(self) -> _Patterns[str]:
        return _Patterns([(pattern, kind) for kind, patterns in self.nodes.items() for pattern in patterns])

    @cached_property
    def _relations(self) -> _Patterns[Rule]:
        return _Patterns([(pattern, rule) for rule in self.relations for pattern in rule.patterns])


class Pattern:
    """`[layer/]LABEL[:value][!]`."""

    def __init__(self, text: str) -> None:
        self.turned = text.endswith("!")
        self.whole = text.removesuffix("!")
        self.layer, slash, rest = self.whole.rpartition("/")
        self.label, self.colon, self.value = rest.partition(":")
        exact = _GLOB.search(self.whole) is None
        self.says = (bool(self.colon), bool(slash), exact)  # the more, the sooner it is asked

    def fits(self, label: str, layer: str | None, attributes: Attributes) -> bool:
        """Whether a label in this layer, with these attributes, is meant."""
        if matches(label, (self.whole,)):
            return True
        if not (self.layer or self.colon) or not matches(label, (self.label,)):
            return False
        if self.layer and not (layer and any(matches(one, (self.layer,)) for one in (layer, layer.rpartition(".")[2]))):
            return False
        name, equals, value = self.value.rpartition("=")
        return not self.colon or any(
            matches(str(one), (value,))
            for key, values in attributes.items()
            if not equals or matches(key, (name,))
            for one in values
        )


class _Patterns(Generic[Meant]):
    """Patterns with what each means; what was asked once is remembered."""

    def __init__(self, rows: Sequence[tuple[str, Meant]]) -> None:
        compiled = [(Pattern(text), meant) for text, meant in rows]
        self._rows = sorted(compiled, key=lambda row: row[0].says, reverse=True)
        self._by_value = any(pattern.colon for pattern, _ in compiled)
        self._known: dict[tuple[object, ...], tuple[Meant, Pattern] | None] = {}

    def match(self, label: str, layer: str | None, attributes: Attributes) -> tuple[Meant, Pattern] | None:
        """What the first pattern that fits means, and that pattern."""
        if not self._rows:
            return None
        asked = (label, layer, *(sorted(attributes.items()) if self._by_value else ()))
        if asked not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            fitting = ((meant, one) for one, meant in self._rows if one.fits(label, layer, attributes))
            self._known[asked] = next(fitting, None)
        return self._known[asked]


@cache
def qualifiers() -> tuple[str, ...]:
    """Everything that may qualify a claim, beside its ends."""
    words = vocabulary()
    return ("stage", "polarity", "speaker", "confidence", "quote", *DATE_KEYS, *words.values, *words.roles)


@lru_cache(maxsize=65536)
def spelling(label: str) -> str:
    """A label as all its spellings have it: VictimGroup, VICTIM_GROUP and victim group are victim-group."""
    return _SEPARATORS.sub("-", _CAMEL.sub("-", label.strip()).casefold())


def matches(label: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns fits a label, in any spelling."""
    return any(fnmatchcase(spelling(label), spelling(pattern)) for pattern in patterns)


@cache
def _kinds() -> dict[str, str]:
    return {spelling(word): kind.name for kind in vocabulary().kinds.values() for word in (kind.name, kind.slug)}


@cache
def _relation_names() -> dict[str, str]:
    relations = vocabulary().relations.values()
    return {spelling(word): relation.name for relation in relations for word in (relation.name, relation.type)}


@lru_cache(maxsize=4096)
def _is_person(label: str) -> bool:
    """Whether a label is a name for persons, or one for some of them: PER, B-PER, PER.IND, person:victim."""
    parts = (label, *_SUBTYPES.split(label), _BEGINS.sub("", label))
    return any(spelling(part) in PERSONS for part in parts)


def _stage(text: str) -> str | None:
    named = {spelling(stage): stage for stage in vocabulary().stages}
    return named.get(spelling(text))
