"""Events as tools say them that know mentions and relations alone: the trigger, and a relation to each argument.

`loaders.mapping` reads the same claim of both shapes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from loaders.document import Attributes, Document, Event, Mention, Note, Relation

DIGITS = "0123456789"


def without_events(document: Document, losses: Counter[str]) -> Document:
    """The document with each event as its trigger, which bears the event's label, tied to each argument by the role.

    An event as an argument is tied by its trigger; several events of one trigger get a copy of it each. What hangs on
    an event without a trigger cannot be said so, and is counted.
    """
    return _Rewritten(document, losses).document() if document.events else document


class _Rewritten:
    """`shown` says which trigger stands for an event, `lost` which events have none."""

    def __init__(self, document: Document, losses: Counter[str]) -> None:
        self.whole = document
        self.losses = losses
        self.taken = {one.id for one in document.annotations}
        self.mentions = {mention.id: mention for mention in document.mentions}
        self.shown: dict[str, str] = {}
        as_it_was = dict(self.mentions)
        for event in document.events:
            if event.trigger in as_it_was:
                self.shown[event.id] = self._trigger(as_it_was[event.trigger], event)
        self.lost = {event.id for event in document.events} - self.shown.keys()

    def document(self) -> Document:
        """The document without events."""
        self.losses["events without a trigger"] += len(self.lost)
        ties = [tie for event in self.whole.events if event.id in self.shown for tie in self._ties(event)]
        return replace(
            self.whole,
            mentions=tuple(self.mentions.values()),
            relations=(*self._relations(), *ties),
            events=(),
            clusters=tuple(
                replace(one, members=tuple(self._for(id_) for id_ in one.members if id_ not in self.lost))
                for one in self.whole.clusters
            ),
            notes=tuple(self._notes()),
        )

    def _trigger(self, trigger: Mention, event: Event) -> str:
        """Puts the trigger that stands for the event among the mentions; returns its id."""
        if trigger.id in self.shown.values():
            trigger = replace(trigger, id=self._new(f"{trigger.id}-{event.id}"), raw_id=None)
        types = dict.fromkeys((*((event.type,) if event.type else ()), *trigger.types))
        attributes = _joined(trigger.attributes, event.attributes)
        self.mentions[trigger.id] = replace(trigger, types=tuple(types), attributes=attributes)
        return trigger.id

    def _new(self, id_: str) -> str:
        while id_ in self.taken:
            id_ += "~"
        self.taken.add(id_)
        return id_

    def _for(self, id_: str) -> str:
        return self.shown.get(id_, id_)

    def _ties(self, event: Event) -> Iterator[Relation]:
        roles = {role for role, _ in event.args}
        for number, (role, target) in enumerate(event.args, start=1):
            if target in self.lost:
                self.losses["arguments that are events without a trigger"] += 1
                continue
            yield Relation(
                id=self._new(f"{event.id}-{number}"),
                place=event.place,
                layer=event.layer,
                annotator=event.annotator,
                status=event.status,
                origin=event.origin,
                confidence=event.confidence,
                type=_role(role, roles),
                args=(("from", self.shown[event.id]), ("to", self._for(target))),
            )

    def _relations(self) -> Iterator[Relation]:
        for one in self.whole.relations:
            if self.lost.isdisjoint(target for _, target in one.args):
                yield replace(one, args=tuple((role, self._for(target)) for role, target in one.args))
            else:
                self.losses["relations of events without a trigger"] += 1

    def _notes(self) -> Iterator[Note]:
        for note in self.whole.notes:
            if note.target in self.lost:
                self.losses["notes on events without a trigger"] += 1
            else:
                yield replace(note, target=note.target and self._for(note.target))


def _joined(one: Attributes, other: Attributes) -> Attributes:
    return {name: (*one.get(name, ()), *other.get(name, ())) for name in {**one, **other}}


def _role(role: str, roles: Iterable[str]) -> str:
    """The role without the number that tells it from others of its name in the event."""
    bare = role.rstrip(DIGITS)
    return bare if bare in roles else role
