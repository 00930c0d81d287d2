"""What GATE's XML and its JSON have in common: annotations in named sets, and what their features say.

A set is a layer, the default one none. Every annotation is a mention; tokens and sentences are told apart besides. Two
sorts of features hold ids of annotations in the same set: `matches` makes a cluster of them, as GATE's own coreference
does; at least two of subject, object, source, target, from, to, arg1, args … make the annotation an event too, whose
trigger it is, with these roles.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph.article import DATE_KEYS
from graph.vocabulary import vocabulary
from loaders.diagnostics import SKIPPED
from loaders.document import Fragment, Link, Value
from loaders.links import link_to
from loaders.reading import Draft, flat
from loaders.xstream import MAX_NESTED

MATCHES = "matches"

_ROLE = re.compile(r"(subject|object|source|target|from|to|arg(?:ument)?s?\d*)(?:_?ids?)?", re.IGNORECASE)
_LINKS = ("inst", "uri")  # features that name an entity by its address
_ADDRESS = ("http://", "https://")

Key = tuple[str, str]  # a set and an id in it


@dataclass(slots=True)
class Marked:
    """An annotation: raw offsets, and where they are in code points, None where that is in the text nowhere.

    `sure` says whether the file says what it counts. `id` is its own in its set.
    """

    set: str
    id: str | None
    type: str | None
    offsets: tuple[Fragment, ...]
    at: Fragment | None
    place: str
    features: dict[str, Any]
    sure: bool = True
    annotator: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What others in the set mean it by."""
        return self.set, f"at {self.place}" if self.id is None else self.id

    @property
    def is_astray(self) -> bool:
        """Whether it stands outside the text for certain."""
        return self.sure and self.at is None


def describe(draft: Draft, features: Mapping[str, Any]) -> None:
    """What features say of the document as a whole: metadata, and beside it those that are more than one value."""
    features = _bounded(draft, features, "")
    draft.metadata = flat(features)
    if more := {name: value for name, value in features.items() if not _is_scalar(value)}:
        draft.extra["features"] = more


def state(draft: Draft, annotations: Sequence[Marked]) -> None:
    """States all annotations of a document, and what ties them."""
    known = {one.key for one in annotations if one.id is not None and not one.is_astray}
    for one in annotations:
        one.features = _bounded(draft, one.features, one.place)
        _mention(draft, one, _ends(one, known))
    _clusters(draft, annotations, known)
    for type_, places in (("Token", draft.tokens), ("Sentence", draft.sentences)):
        of_type = [one for one in annotations if one.type == type_ and one.at]
        places += sorted(one.at for one in of_type if one.at and one.set == of_type[0].set)


def stated(features: Mapping[str, Any], without: Set[str] = frozenset()) -> dict[str, Any]:
    """Features as attributes; those that are no values, nor lists of values, beside them."""
    attributes: dict[str, tuple[Value, ...]] = {}
    more: dict[str, Any] = {}
    for name, value in features.items():
        if name in without:
            continue
        if _is_scalar(value):
            attributes[name] = (value,)
        elif isinstance(value, list) and value and all(map(_is_scalar, value)):
            attributes[name] = tuple(value)
        else:
            more[name] = value
    return {"attributes": attributes, "extra": {"features": more} if more else {}}


def _mention(draft: Draft, one: Marked, ends: Sequence[_End]) -> None:
    if one.is_astray:
        where = "–".join(map(str, one.offsets[0])) if one.offsets else "nowhere"
        draft.skip("offset.bad", f"{one.type} at {where} in a text of {len(draft.text)} code points", one.place)
        return
    if one.annotator:
        draft.annotated_by(one.annotator)
    links = {name: link_to(value) for name, value in one.features.items() if _is_link(name, value)}
    elsewhere = {*links, *(end.feature for end in ends), *([MATCHES] if _ids(one.features.get(MATCHES)) else [])}
    said = stated(one.features, elsewhere)
    said["extra"] |= one.extra
    more: dict[str, Any] = {"layer": one.set or None, "place": one.place, "annotator": one.annotator}
    at = [one.at] if one.at else []
    types = [] if one.type is None else [one.type]
    ties: tuple[Link, ...] = tuple(links.values())
    draft.mention(one.key, types, one.offsets, at=at, raw_id=one.id, links=ties, **more, **said)
    if ends:
        args = [(end.role, end.target) for end in ends]
        draft.event(("event", *one.key), one.type, one.key, args, **more)


def _is_link(name: str, value: Any) -> bool:
    return name.lower() in _LINKS and isinstance(value, str) and value.startswith(_ADDRESS)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _bounded(draft: Draft, features: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Features without those nested deeper than any are."""
    kept = {name: value for name, value in features.items() if _is_shallow(value, MAX_NESTED)}
    for name in features.keys() - kept.keys():
        told = f"feature {name[:60]!r} is nested more than {MAX_NESTED} deep; it is left out"
        draft.warn("attribute.bad", told, place, action=SKIPPED)
    return kept


def _is_shallow(value: Any, left: int) -> bool:
    if isinstance(value, dict):
        value = [*value.values()]
    return not isinstance(value, list) or (left > 0 and all(_is_shallow(one, left - 1) for one in value))


# --- features that hold ids --------------------------------------------------------------------------------------


def _ids(value: Any) -> list[str]:
    """The ids that a feature may list: numbers, or digits as people type them."""
    several = value if isinstance(value, list) else [value]
    found = [str(one) for one in several if isinstance(one, int | str) and not isinstance(one, bool)]
    return found if len(found) == len(several) and all(one.isdecimal() for one in found) else []


class _End(NamedTuple):
    feature: str
    role: str
    target: Key


def _ends(one: Marked, known: Set[Key]) -> list[_End]:
    """What an annotation ties; nothing where that is less than two."""
    ends = [*_named(one, known, _end)]
    return [*ends, *_named(one, known, _further)] if len(ends) > 1 else []


def _named(one: Marked, known: Set[Key], role_of: Callable[[str], str | None]) -> Iterator[_End]:
    """The ends that features with a role list, where all they list are ids in the set."""
    for feature, value in one.features.items():
        role = role_of(feature)
        targets = [(one.set, id_) for id_ in _ids(value)] if role else []
        if role and all(target in known for target in targets):
            for number, target in enumerate(targets, start=1):
                yield _End(feature, f"{role.removesuffix('s')}{number}" if len(targets) > 1 else role, target)


def _end(feature: str) -> str | None:
    found = _ROLE.fullmatch(feature)
    return found[1].lower() if found else None


def _further(feature: str) -> str | None:
    """A qualifier of a claim, beside its two ends."""
    return feature if feature in vocabulary().roles or feature in DATE_KEYS or feature == "speaker" else None


def _clusters(draft: Draft, annotations: Sequence[Marked], known: Set[Key]) -> None:
    """Annotations that match one another, directly or by way of others."""
    joined: dict[Key, Key] = {}
    lost = 0
    for one in annotations:
        for target in ((one.set, id_) for id_ in _ids(one.features.get(MATCHES))):
            if one.key in known and target in known:
                joined[_first(joined, target)] = _first(joined, one.key)
            lost += target not in known
    if lost:
        draft.warn("ref.dangling", f"{MATCHES} names {lost} annotations that are not there")
    members: dict[Key, dict[Key, None]] = defaultdict(dict)
    for one in annotations:
        if one.key in joined:
            members[_first(joined, one.key)][one.key] = None
    for several in members.values():
        if len(several) > 1:
            set_, id_ = next(iter(several))
            draft.cluster((MATCHES, set_, id_), MATCHES, several, layer=set_ or None)


def _first(joined: dict[Key, Key], key: Key) -> Key:
    """The one that stands for all that are joined with this one; ways to it are shortened as they are gone."""
    while (next_ := joined.setdefault(key, key)) != key:
        joined[key] = joined[next_]
        key = joined[key]
    return key
