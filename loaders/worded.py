"""Claims as annotators mark them: the words that say so, tied to subject, object and whatever qualifies them.

Our articles state a claim as a relation with attributes, its quote among them. Many tools have no attributes of
relations; what is here says the same by marks and ties alone, as far as the text has the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from graph.article import DATE_KEYS
from graph.vocabulary import vocabulary
from loaders.document import Attributes, Document, Event, Fragment, Mention, Relation, Value
from loaders.events import fresh
from loaders.offsets import nearest
from loaders.profile import ENDS

QUOTE = "quote"
DATE, VALUE = "Date", "Value"  # labels of what names no entity


class _Said:
    """What several relations say alike, but for their ends: of these the first."""

    def __init__(self, relation: Relation, place: Fragment) -> None:
        self.relation = relation
        self.place = place
        about = (relation.layer, relation.annotator, relation.status, relation.origin, relation.confidence)
        self._key = (relation.type, place, repr(relation.attributes), *about)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Said) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


_Group = tuple[_Said, tuple[str, ...], tuple[str, ...]]  # subjects and objects


def worded(document: Document) -> Document:
    """The document with each relation that has a quote as an event, whose trigger is the quote."""
    if not any(QUOTE in relation.attributes for relation in document.relations):
        return document
    return _Worded(document).document()


class _Worded:
    def __init__(self, whole: Document) -> None:
        self.whole = whole
        self.taken = {one.id for one in whole.annotations}
        self.mentions = {mention.id: mention for mention in whole.mentions}
        self.named: dict[str, list[Mention]] = {}  # by the ids that links give them
        for mention in whole.mentions:
            for link in mention.links:
                self.named.setdefault(link.id, []).append(mention)
        self.values: dict[tuple[str, Fragment], Mention] = {}

    def document(self) -> Document:
        groups, kept = self._groups()
        events = [self._event(*group) for group in groups]
        return replace(
            self.whole,
            mentions=tuple(self.mentions.values()),
            relations=tuple(kept),
            events=(*self.whole.events, *events),
        )

    def _groups(self) -> tuple[list[_Group], list[Relation]]:
        """Claims that one event says, as all subjects do it to all objects; and the relations that are none."""
        pairs: dict[_Said, dict[str, list[str]]] = {}
        kept: list[Relation] = []
        for relation in self.whole.relations:
            ends = dict(relation.args)
            place = self._place(relation) if len(relation.args) == 2 and {*ends} == {*ENDS} else None
            if place is None:
                kept.append(relation)
                continue
            said = _Said(relation, place)
            pairs.setdefault(said, {}).setdefault(ends["subject"], []).append(ends["object"])
        groups: list[_Group] = []
        for said, by_subject in pairs.items():
            by_objects: dict[tuple[str, ...], list[str]] = {}
            for subject, objects in by_subject.items():
                by_objects.setdefault(tuple(dict.fromkeys(objects)), []).append(subject)
            groups += [(said, tuple(subjects), objects) for objects, subjects in by_objects.items()]
        return groups, kept

    def _event(self, said: _Said, subjects: Sequence[str], objects: Sequence[str]) -> Event:
        relation, place = said.relation, said.place
        args: list[tuple[str, str]] = []
        attributes: dict[str, list[Value]] = {}
        for role, target in [*((ENDS[0], one) for one in subjects), *((ENDS[1], one) for one in objects)]:
            mention = self._best(self.mentions[target], place)
            if not mention.fragments and mention.links:
                attributes.setdefault(role, []).append(mention.links[0].id)
            else:
                args.append((role, mention.id))
        passage = any(self._within(self.mentions[target], place) for _, target in args)
        for name, values in relation.attributes.items():
            for value in values:
                if marked := self._marked(name, value, place):
                    args.append((name, marked))
                elif name != QUOTE or not passage:
                    attributes.setdefault(name, []).append(value)
        return Event(
            id=fresh(f"{relation.id}-says", self.taken),
            place=relation.place,
            layer=relation.layer,
            type=relation.type,
            trigger=self._trigger(relation, place).id,
            args=tuple(args),
            attributes={name: tuple(values) for name, values in attributes.items()},
            annotator=relation.annotator,
            status=relation.status,
            origin=relation.origin,
            confidence=relation.confidence,
        )

    def _place(self, relation: Relation) -> Fragment | None:
        """Where the quote stands, if the ends are mentions."""
        quote = next(iter(relation.attributes.get(QUOTE, ())), None)
        known = all(target in self.mentions for _, target in relation.args)
        if not isinstance(quote, str) or not known:
            return None
        start, end = relation.extra.get("start"), relation.extra.get("end")
        if isinstance(start, int) and isinstance(end, int) and self.whole.text[start:end] == quote:
            return start, end
        marks = [self.mentions[target].fragments for _, target in relation.args]
        hint = min((fragments[0][0] for fragments in marks if fragments), default=0)
        return nearest(self.whole.text, quote, hint=hint)

    def _trigger(self, relation: Relation, place: Fragment) -> Mention:
        mention = Mention(
            id=fresh(f"{relation.id}-words", self.taken),
            place=relation.place,
            types=(relation.type or "",),
            fragments=(place,),
            surface=self.whole.text[slice(*place)],
            annotator=relation.annotator,
            origin=relation.origin,
        )
        self.mentions[mention.id] = mention
        return mention

    def _best(self, mention: Mention, place: Fragment) -> Mention:
        """Of all mentions of the same entity the one within the place, or nearest to it."""
        same = [one for link in mention.links for one in self.named.get(link.id, ()) if one.fragments]
        return min(
            same, key=lambda one: (not self._within(one, place), _apart(one.fragments[0], place)), default=mention
        )

    def _within(self, mention: Mention | None, place: Fragment) -> bool:
        return bool(mention and mention.fragments) and encloses(place, mention.fragments)  # type: ignore[union-attr]

    def _marked(self, name: str, value: Value, place: Fragment) -> str | None:
        """The mention that says a qualifier's value: of the entity, or words within the line of the quote."""
        words = vocabulary()
        if name in words.roles or name == "speaker":
            several = self.named.get(str(value), ())
            found = self._best(several[0], place) if several else None
            return found.id if found and found.fragments else None
        if name not in DATE_KEYS and not (name in words.values and words.values[name].type != "choice"):
            return None
        start = self.whole.text.rfind("\n", 0, place[0]) + 1
        end = self.whole.text.find("\n", place[1])
        line = self.whole.text[start : end if end >= 0 else None]
        at = nearest(line, str(value), hint=place[0] - start)
        if at is None or line[slice(*at)] != str(value):
            return None
        return self._value((at[0] + start, at[1] + start), DATE if name in DATE_KEYS else VALUE)

    def _value(self, place: Fragment, label: str) -> str:
        if (label, place) not in self.values:
            id_ = fresh(f"{label}-{place[0]}-{place[1]}", self.taken)
            mention = Mention(id=id_, types=(label,), fragments=(place,), surface=self.whole.text[slice(*place)])
            self.values[label, place] = self.mentions[id_] = mention
        return self.values[label, place].id


def encloses(place: Fragment, fragments: Iterable[Fragment]) -> bool:
    """Whether fragments lie within a place."""
    return all(place[0] <= start and end <= place[1] for start, end in fragments)


def _apart(fragment: Fragment, place: Fragment) -> int:
    return max(place[0] - fragment[1], fragment[0] - place[1], 0)


def staged(document: Document) -> Document:
    """The document with the stage of an event in its label, and its trigger's: signed:planned."""
    labels = {event.id: f"{event.type}:{stage}" for event in document.events if (stage := _stage_of(event))}
    triggers = {event.trigger: labels[event.id] for event in document.events if event.id in labels}
    return replace(
        document,
        events=tuple(_labelled(event, labels[event.id]) if event.id in labels else event for event in document.events),
        mentions=tuple(
            replace(one, types=(triggers[one.id],)) if one.id in triggers and len(one.types) < 2 else one
            for one in document.mentions
        ),
    )


def _stage_of(event: Event) -> Value | None:
    stages = event.attributes.get("stage", ())
    return stages[0] if len(stages) == 1 and event.type and ":" not in event.type else None


def _labelled(event: Event, label: str) -> Event:
    rest: Attributes = {name: values for name, values in event.attributes.items() if name != "stage"}
    return replace(event, type=label, attributes=rest)
