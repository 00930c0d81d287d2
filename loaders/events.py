"""Events as tools say them that know mentions and relations alone: the trigger, and a relation to each argument.

`loaders.mapping` reads the same claim of both shapes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from loaders.document import Attributes, Document, Event, Note, Relation


def own_triggers(document: Document) -> Document:
    """The document with a trigger for each event, which bears the event's label first, and its attributes.

    Of several events that share one, the later get a copy of it, with their label alone.
    """
    whole = {mention.id: mention for mention in document.mentions}
    mentions = dict(whole)
    used: set[str] = set()
    events: list[Event] = []
    taken = {one.id for one in document.annotations}
    for event in document.events:
        label = (event.type,) if event.type else ()
        if trigger := mentions.get(event.trigger or ""):
            if trigger.id in used:
                id_ = fresh(f"{trigger.id}-{event.id}", taken)
                trigger = replace(whole[trigger.id], id=id_, raw_id=None, types=label or whole[trigger.id].types)
                event = replace(event, trigger=trigger.id)
            used.add(trigger.id)
            types = tuple(dict.fromkeys((*label, *trigger.types)))
            attributes = _joined(trigger.attributes, event.attributes)
            mentions[trigger.id] = replace(trigger, types=types, attributes=attributes)
        events.append(event)
    return replace(document, mentions=tuple(mentions.values()), events=tuple(events)) if events else document


def without_events(document: Document, losses: Counter[str]) -> Document:
    """The document with each event as its trigger, which bears the event's label, tied to each argument by the role.

    An event as an argument is tied by its trigger; several events of one trigger get one each. What hangs on an event
    without a trigger cannot be said so, and is counted.
    """
    return _Rewritten(own_triggers(document), losses).document() if document.events else document


class _Rewritten:
    """`shown` says which trigger stands for an event, `lost` which events have none."""

    def __init__(self, document: Document, losses: Counter[str]) -> None:
        self.whole = document
        self.losses = losses
        self.taken = {one.id for one in document.annotations}
        mentions = {mention.id for mention in document.mentions}
        self.shown = {one.id: one.trigger for one in document.events if one.trigger and one.trigger in mentions}
        self.lost = {event.id for event in document.events} - self.shown.keys()

    def document(self) -> Document:
        """The document without events."""
        self.losses["events without a trigger"] += len(self.lost)
        ties = [tie for event in self.whole.events if event.id in self.shown for tie in self._ties(event)]
        return replace(
            self.whole,
            relations=(*self._relations(), *ties),
            events=(),
            clusters=tuple(
                replace(one, members=tuple(self._for(id_) for id_ in one.members if id_ not in self.lost))
                for one in self.whole.clusters
            ),
            notes=tuple(self._notes()),
        )

    def _for(self, id_: str) -> str:
        return self.shown.get(id_, id_)

    def _ties(self, event: Event) -> Iterator[Relation]:
        roles = {role for role, _ in event.args}
        for number, (role, target) in enumerate(event.args, start=1):
            if target in self.lost:
                self.losses["arguments that are events without a trigger"] += 1
                continue
            yield Relation(
                id=fresh(f"{event.id}-{number}", self.taken),
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


def fresh(id_: str, taken: set[str]) -> str:
    """The id, or one like it, that is not taken yet; it is from now on."""
    while id_ in taken:
        id_ += "~"
    taken.add(id_)
    return id_


def _joined(one: Attributes, other: Attributes) -> Attributes:
    return {name: (*one.get(name, ()), *other.get(name, ())) for name in {**one, **other}}


def uncounted(role: str) -> str:
    """A role without the number that counts further ones of its name: Arg2, Subject3."""
    return role.rstrip("0123456789")


def _role(role: str, roles: Iterable[str]) -> str:
    """The role without the number that tells it from others of its name in the event."""
    bare = uncounted(role)
    return bare if bare in roles else role
