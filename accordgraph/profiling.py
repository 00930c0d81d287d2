"""What a profile leaves open on an export: labels without a rule, rules without a label, ends that are not allowed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from accordgraph.inspecting import documents
from graph.vocabulary import vocabulary
from loaders.diagnostics import Diagnostics
from loaders.document import Annotation, Attributes, Document
from loaders.events import uncounted
from loaders.profile import ENDS, Meaning, Pattern, Profile, matches, spelling

USUAL = ("date", "time", "value", "o", "no-rel", "no-relation", "none", "token")  # labels that are no entity
MOST = 20_000  # labels with attributes that are told apart; beyond, their attributes are not looked at
EXAMPLES = 3  # values of a document's metadata that are remembered
SHORT = 60  # code points; a longer value of an attribute is text, no label


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells one sort of annotation from another: a label, its layer, its attributes."""

    label: str
    layer: str | None = None
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def values(self) -> Attributes:
        """The attributes as a document has them."""
        return dict(self.attributes)


@dataclass
class Found:
    """What an export holds, in the words of its tool, counted.

    `mentions`, `relations` and `events` are marks; `ends` counts labels of relations with the marks of both ends,
    `roles` labels of events with their roles; `metadata` has the keys of documents with example values.
    """

    documents: int = 0
    names: set[str] = field(default_factory=set)
    mentions: Counter[Mark] = field(default_factory=Counter)
    relations: Counter[Mark] = field(default_factory=Counter)
    events: Counter[Mark] = field(default_factory=Counter)
    ends: Counter[tuple[Mark, Mark, Mark]] = field(default_factory=Counter)
    roles: Counter[tuple[Mark, str]] = field(default_factory=Counter)
    metadata: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, document: Document) -> None:
        """Counts a document."""
        self.documents += 1
        self.names |= {document.id, PurePosixPath(document.path).name, PurePosixPath(document.path).stem}
        for key, value in document.metadata.items():
            self.metadata[key] += 1
            if len(self.examples[key]) < EXAMPLES and str(value) not in self.examples[key]:
                self.examples[key].append(str(value))
        marks = {mention.id: self._mark(mention, mention.types) for mention in document.mentions}
        self.mentions.update(one for several in marks.values() for one in several)
        for relation in document.relations:
            (tie,) = self._mark(relation, (relation.type or "",))
            self.relations[tie] += 1
            ends = [marks.get(target, ()) for _, target in relation.args]
            if len(ends) == 2 and all(ends):
                self.ends[tie, ends[0][0], ends[1][0]] += 1
        for event in document.events:
            (mark,) = self._mark(event, (event.type or "",))
            self.events[mark] += 1
            self.roles.update((mark, uncounted(role) or role) for role, _ in event.args)

    def _mark(self, one: Annotation, labels: Sequence[str]) -> tuple[Mark, ...]:
        attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
        if len(self.mentions) + len(self.relations) + len(self.events) < MOST:
            short = {
                key: tuple(v for v in map(str, values) if len(v) <= SHORT) for key, values in one.attributes.items()
            }
            attributes = tuple(sorted((key, values) for key, values in short.items() if values))
        return tuple(Mark(label, one.layer, attributes) for label in labels or ("",))

    @property
    def labelled(self) -> Counter[Mark]:
        """Everything that bears a label."""
        return self.mentions + self.relations + self.events

    @property
    def role_names(self) -> set[str]:
        """Everything that may be the name of a role: roles, attributes, relations."""
        marks = self.labelled
        return {
            *(role for _, role in self.roles),
            *(name for mark in marks for name, _ in mark.attributes),
            *(mark.label for mark in self.relations),
        }


def found_in(paths: Iterable[str | Path], profile: Profile, diagnostics: Diagnostics) -> Found:
    """What the exports below the paths hold, in the words of their tools."""
    found = Found()
    for document in documents(paths, diagnostics, format_=profile.format, options=profile.options):
        found.add(document)
    return found


def check(profile: Profile, found: Found) -> Iterator[str]:
    """What the profile leaves open on this export, a line each."""
    yield from _open(profile, found)
    yield from _open_roles(profile, found)
    yield from _idle(profile, found)
    yield from _absent(profile, found)
    yield from _forbidden(profile, found)


def _open(profile: Profile, found: Found) -> Iterator[str]:
    """Labels without a rule."""
    for what, marks, relation in (
        ("label", found.mentions, False),
        ("relation", found.relations, True),
        ("event", found.events, True),
    ):
        counts: Counter[str] = Counter()
        for mark, count in marks.items():
            if not (_means(profile, mark, relation=relation) or profile.ignores(mark.label, relation=relation)):
                counts[mark.label] += count
        for label, count in sorted(counts.items()):
            if spelling(label) not in USUAL:
                yield f"{what} {label!r} ({count}) has no rule"


def _means(profile: Profile, mark: Mark, *, relation: bool) -> bool:
    asked = (mark.label, mark.layer, mark.values)
    if profile.relation(*asked):
        return True
    if relation:
        rules = [None, *profile.relations]
        return any(profile.role(mark.label, rule) for rule in rules)
    return profile.kind([mark.label], mark.layer, mark.values) is not None


def _open_roles(profile: Profile, found: Found) -> Iterator[str]:
    """Roles of events that are no part of a claim."""
    for (event, role), count in sorted(found.roles.items(), key=repr):
        meaning = profile.relation(event.label, event.layer, event.values)
        if meaning and not profile.role(role, meaning.rule) and not profile.ignores(role, relation=True):
            yield f"role {role!r} of {event.label!r} ({count}) has no rule"


def _idle(profile: Profile, found: Found) -> Iterator[str]:
    """Rules that match nothing."""
    everything = list(found.labelled)
    for section, patterns, marks in _rules(profile, found, everything):
        for pattern in patterns:
            bare = Pattern(pattern)
            if not any(bare.fits(one, mark.layer, mark.values) for mark in marks for one in _bare(mark.label)):
                yield f"{section} {pattern!r} matches nothing"
    names = {one for name in found.role_names for one in (name, uncounted(name))}
    for where, roles in _role_rules(profile):
        for role, patterns in roles.items():
            for pattern in patterns:
                if not any(matches(name, (pattern,)) for name in names):
                    yield f"{where} {role} = {pattern!r} matches nothing"


def _rules(
    profile: Profile, found: Found, everything: Sequence[Mark]
) -> Iterator[tuple[str, Sequence[str], Sequence[Mark]]]:
    for kind, patterns in profile.nodes.items():
        yield f"[nodes.{kind}]", patterns, list(found.mentions)
    for rule in profile.relations:
        yield f"[relations.{rule.relation}]", rule.patterns, everything


def _role_rules(profile: Profile) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    yield "[roles]", dict(profile.roles)
    for rule in profile.relations:
        yield f"[relations.{rule.relation}] roles", dict(rule.roles)


def _bare(label: str) -> tuple[str, ...]:
    """A label, and without the stage that it may name."""
    return tuple(dict.fromkeys((label, label.partition(":")[0])))


def _absent(profile: Profile, found: Found) -> Iterator[str]:
    """Keys and rows that no document has."""
    for name, key in profile.metadata.items():
        if key not in found.metadata:
            yield f"[metadata] {name} = {key!r}: no document has it"
    if lost := [id_ for id_ in profile.table if id_ not in found.names]:
        yield f"[table] {len(lost)} of {len(profile.table)} rows fit no document, the first {lost[0]!r}"


def _forbidden(profile: Profile, found: Found) -> Iterator[str]:
    """Relations between kinds that the vocabulary, or the rule, does not take."""
    told: Counter[str] = Counter()
    for (tie, first, second), count in found.ends.items():
        meaning = profile.relation(tie.label, tie.layer, tie.values)
        if meaning and not profile.ignores(tie.label, relation=True):
            kinds = [profile.kind([one.label], one.layer, one.values) for one in (first, second)]
            for end, kind in _wrong_ends(meaning, kinds):
                shown = kind or "something that is no kind"
                told[f"relation {tie.label!r} ({{}}): {meaning.relation} takes no {shown} as {end}"] += count
    for line, count in sorted(told.items()):
        yield line.format(count)


def _wrong_ends(meaning: Meaning, kinds: Sequence[str | None]) -> Iterator[tuple[str, str | None]]:
    relation = vocabulary().relation(meaning.relation)
    ordered = reversed(kinds) if meaning.turned else kinds
    allowed = (set(relation.subject), set(relation.object))
    wanted = (meaning.rule.subject, meaning.rule.object)
    for end, kind, takes, rule in zip(ENDS, ordered, allowed, wanted, strict=True):
        if kind not in takes or (rule and kind not in rule):
            yield end, kind
