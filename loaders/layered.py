"""A document as INCEpTION has it, for the writers of its formats: layers of spans, relations and chains, with features.

What has no such layer goes to those of the project's own scheme: mentions to webanno.custom.Mention, relations to
webanno.custom.Relation, mentions that name an event to webanno.custom.Claim.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from loaders.document import Annotation, Cluster, Document, Event, Mention, Relation, Value
from loaders.events import own_triggers
from loaders.layers import (
    CLAIM,
    COREFERENCE,
    MENTION,
    REFERENCE_RELATION,
    REFERENCE_TYPE,
    RELATION,
    TOKEN,
    chain_layer,
    default_label,
    label_feature,
    short,
)
from loaders.links import address_of
from loaders.writing import Losses, cannot_hold

One = TypeVar("One")

ARGUMENTS = "arguments"
_TYPE = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+", re.ASCII)
_TAKEN = {"begin", "end", "sofa", "Governor", "Dependent", "first", "next", "role", "target"}


@dataclass(frozen=True, slots=True)
class Slot:
    """A link of a span to another one: the feature, the role in it, None where none is stated, and where it points."""

    feature: str
    role: str | None
    target: Mention


@dataclass(frozen=True, slots=True)
class Arc:
    """A relation and its two ends."""

    relation: Relation
    source: Mention
    target: Mention


class Layered:
    """A document by layers. `spans` and `arcs` are in the document's order, chains without those of one layer's own."""

    def __init__(self, whole: Document, losses: Losses) -> None:
        self.document = document = own_triggers(whole)
        self.losses = losses
        self.by_id = {one.id: one for one in document.annotations}
        self.stated = _listed(document.extra.get("layers"))  # features by layer, where the document says them
        self.hosts = {event.trigger for event in document.events if event.trigger}
        linked = {
            member for cluster in document.clusters for member in cluster.members if self._is_link(member, cluster)
        }
        placed = [one for one in document.mentions if one.fragments]
        losses["mentions without text"] += len(document.mentions) - len(placed)
        self.spans = [one for one in placed if one.id not in linked and one.layer != TOKEN]
        self.layer_of = {one.id: self._span_layer(one) for one in placed}
        self.slots = self._slots()
        self.arcs = [arc for relation in document.relations if (arc := self._arc(relation))]
        self.chains = [(self._chain_layer(one), [*self._members(one)]) for one in document.clusters]
        self._count()

    def _is_link(self, member: str, cluster: Cluster) -> bool:
        one = self.by_id.get(member)
        return one is not None and one.layer is not None and one.layer == cluster.layer and "." in one.layer

    def _span_layer(self, one: Mention) -> str:
        if one.layer and _is_type(one.layer):
            return one.layer
        return CLAIM if one.id in self.hosts else MENTION

    def arc_layer(self, one: Relation) -> str:
        """The layer of a relation."""
        return one.layer if one.layer and _is_type(one.layer) else RELATION

    def _chain_layer(self, one: Cluster) -> str:
        return chain_layer(one.layer) if one.layer and _is_type(one.layer) else COREFERENCE

    def _members(self, cluster: Cluster) -> Iterator[Mention]:
        copies = 0
        for member in cluster.members:
            one = self.by_id.get(member)
            if isinstance(one, Mention) and one.fragments:
                copies += not self._is_link(member, cluster)
                yield one
        self.losses["members of clusters, written a second time as links of a chain"] += copies

    # --- what refers to spans

    def _target(self, id_: str) -> Mention | None:
        """The span that an end or an argument is written as: an event is where its trigger is."""
        one = self.by_id.get(id_)
        if isinstance(one, Event):
            self.losses["ends that are events, written as their triggers"] += 1
            one = self.by_id.get(one.trigger or "")
        return one if isinstance(one, Mention) and one.fragments else None

    def _slots(self) -> dict[str, list[Slot]]:
        found: dict[str, list[Slot]] = {}
        for event in self.document.events:
            trigger = self._target(event.trigger or "")
            if trigger is None or trigger.id in found:
                self.losses["events without a trigger of their own"] += 1
                continue
            slots = event.extra.get("slots")
            features = slots if isinstance(slots, list) and len(slots) == len(event.args) else ()
            named = [_name(str(feature)) for feature in features] or [ARGUMENTS] * len(event.args)
            ends = [(role, self._target(id_)) for role, id_ in event.args]
            self.losses["arguments that are no mentions"] += sum(target is None for _, target in ends)
            found[trigger.id] = [
                Slot(feature, None if role == feature else role, target)
                for feature, (role, target) in zip(named, ends, strict=True)
                if target is not None
            ]
        return found

    def _arc(self, relation: Relation) -> Arc | None:
        ends = [self._target(id_) for _, id_ in relation.args]
        if len(ends) != 2 or ends[0] is None or ends[1] is None:
            self.losses["relations of other than two mentions"] += 1
            return None
        self.losses["that a relation has no direction"] += not relation.directed
        return Arc(relation, ends[0], ends[1])

    def _count(self) -> None:
        document, losses = self.document, self.losses
        losses["notes"] += len(document.notes)
        cannot_hold(document, losses, "names of annotators", "confidences", "verdicts")
        losses["layers"] += sum(one.layer is not None and not _is_type(one.layer) for one in document.annotations)
        losses["gaps in mentions"] += sum(len(one.fragments) - 1 for one in document.mentions if one.fragments)
        losses["attributes of clusters"] += sum(len(one.attributes) for one in document.clusters)

    # --- features

    def label_feature(self, layer: str) -> str | None:
        """The feature that labels of a layer are written to; None where the layer's own name is the label."""
        return label_feature(layer, self.stated[layer]) if layer in self.stated else default_label(layer)

    def features(self, layer: str, ones: Sequence[Mention | Relation]) -> dict[str, str]:
        """The features of a layer by the names of what they hold: attributes, links (`identity`, `identifier`)."""
        label = self.label_feature(layer)
        taken = {*_TAKEN, *([label] if label else [])}
        found = {name: name for name in self.stated.get(layer, ()) if name not in taken}
        taken |= set(found)
        for one in ones:
            for name in said_beside(one):
                if name not in found:
                    feature = _name(name)
                    while feature in taken:
                        feature += "_"
                    taken.add(feature)
                    found[name] = feature
        return found

    def link_type(self, layer: str, feature: str) -> str:
        """The type of a slot's links: as the document says, else as INCEpTION names them."""
        links = self.document.extra.get("links")
        stated = links.get(layer) if isinstance(links, dict) else None
        named = stated.get(feature) if isinstance(stated, dict) else None
        return named if isinstance(named, str) and named else f"{layer}{feature[:1].upper()}{feature[1:]}Link"

    def by_layer(self) -> dict[str, list[Mention]]:
        """The spans of each layer."""
        found: dict[str, list[Mention]] = defaultdict(list)
        for one in self.spans:
            found[self.layer_of[one.id]].append(one)
        return self._ordered(found)

    def arcs_by_layer(self) -> dict[str, list[Arc]]:
        """The relations of each layer."""
        found: dict[str, list[Arc]] = defaultdict(list)
        for one in self.arcs:
            found[self.arc_layer(one.relation)].append(one)
        return self._ordered(found)

    def _ordered(self, found: dict[str, list[One]]) -> dict[str, list[One]]:
        """By layer, in the document's order of layers, others behind by name."""
        places = {layer: place for place, layer in enumerate(self.stated)}
        return dict(sorted(found.items(), key=lambda pair: (places.get(pair[0], len(places)), pair[0])))


def labels(one: Annotation) -> tuple[str, ...]:
    """The labels of a mention or a relation."""
    if isinstance(one, Mention):
        return one.types
    return (one.type,) if isinstance(one, Relation) and one.type else ()


def said_beside(one: Annotation) -> dict[str, tuple[Value, ...]]:
    """What an annotation says beside its label: attributes, and links as addresses."""
    found = dict(one.attributes)
    for link in one.links if isinstance(one, Mention) else ():
        is_title = link.scheme == "wikipedia" and ":" not in link.id
        name, value = ("identity", link.id) if is_title else ("identifier", address_of(link))
        found[name] = (*found.get(name, ()), value)
    return found


def chain_features(one: Mention, layer: str) -> dict[str, str]:
    """The two features of a chain's link: what it is, and what ties it to the next."""
    found = {REFERENCE_TYPE: one.types[0]} if one.types and one.types[0] != short(layer) else {}
    tie = one.attributes.get(REFERENCE_RELATION)
    return {**found, REFERENCE_RELATION: str(tie[0])} if tie else found


def _is_type(name: str) -> bool:
    """Whether a layer is named as UIMA's types are."""
    return bool(_TYPE.fullmatch(name))


def _name(text: str) -> str:
    """A name that a feature may have."""
    found = re.sub(r"\W+", "_", text) or "feature"
    return found if not found[0].isdigit() else f"_{found}"


def _listed(values: object) -> dict[str, list[str]]:
    """Lists of names by name; what is none is left out."""
    stated = values.items() if isinstance(values, dict) else ()
    return {key: [*map(str, names)] for key, names in stated if isinstance(names, list)}
