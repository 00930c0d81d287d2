"""The document model that every annotation format is read into: what a tool's export says, before it means anything.

Labels are the tool's own here; `loaders.profile` says which of our kinds and relations they stand for. Offsets are code
points, 0-based, end-exclusive, whatever the file counts in. Everything is plain data: `to_fields` and `document_from`
are inverse to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from typing import Any

Value = str | int | float | bool
Attributes = Mapping[str, tuple[Value, ...]]
Fragment = tuple[int, int]  # start and end
Arg = tuple[str, str]  # role, and the id of a mention, event or relation

ORIGINS = ("manual", "prediction", "initial", "curation")


@dataclass(frozen=True, slots=True)
class Link:
    """A pointer to a knowledge base: `scheme` names it (wikidata, iso3166 …), `id` is its own id."""

    scheme: str
    id: str
    label: str | None = None
    score: float | None = None


@dataclass(slots=True, kw_only=True)
class Annotation:
    """What mentions, relations, events and clusters share.

    `id` is unique in the document, `raw_id` what the file calls it, `place` where it stands there ("14", or a JSON
    pointer). `layer` groups labels of one sort, `status` is a verdict (accept …), `origin` one of ORIGINS, `extra`
    whatever the format says beside.
    """

    id: str
    raw_id: str | None = None
    place: str = ""
    layer: str | None = None
    attributes: Attributes = field(default_factory=dict)
    annotator: str | None = None
    status: str | None = None
    origin: str = "manual"
    confidence: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Mention(Annotation):
    """A marked stretch of text, or of several fragments; without fragments it marks the document as a whole.

    `types` are its labels, often one. `surface` is the text as the file states it, None where it does not;
    `raw_offsets` and `repair` say what the file counted and what had to be assumed for the two to agree.
    """

    types: tuple[str, ...]
    fragments: tuple[Fragment, ...]
    surface: str | None = None
    raw_offsets: tuple[Fragment, ...] = ()
    repair: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(slots=True, kw_only=True)
class Relation(Annotation):
    """A labelled tie between mentions, events or relations: two arguments or more, in the file's order.

    `elsewhere` are those of the arguments' ids that name annotations of another file, or of another text in it.
    """

    type: str | None
    args: tuple[Arg, ...]
    directed: bool = True
    elsewhere: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Event(Annotation):
    """Something that happens: the mention that names it, and who takes part in which role."""

    type: str | None
    trigger: str | None
    args: tuple[Arg, ...]


@dataclass(slots=True, kw_only=True)
class Cluster(Annotation):
    """Mentions of the same thing: a coreference chain, an equivalence, a vertex set. `canonical` is one of them."""

    type: str | None
    members: tuple[str, ...]
    canonical: str | None = None


@dataclass(slots=True, kw_only=True)
class Note:
    """Free text of an annotator on an annotation, or on the document where `target` is None."""

    target: str | None
    type: str | None
    text: str
    raw_id: str | None = None
    annotator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotator:
    """Somebody who annotated. `verdicts` count accepted, rejected, ignored pieces of work."""

    id: str
    role: str | None = None
    verdicts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text with everything marked on it, each annotator's marks beside the others'.

    `path` is the file as it was given, `format` its format. `text_origin` is given, rebuilt (from tokens) or missing.
    `unit` is what the file counts in, `repair` what had to be assumed about the whole of it. `metadata` holds what the
    file says of the text, flat, keys as dotted paths. `sentences` and `tokens` are fragments, empty where not stated.
    """

    id: str
    path: str
    format: str
    text: str
    text_origin: str = "given"
    unit: str = "codepoint"
    repair: str | None = None
    language: str | None = None
    metadata: Mapping[str, Value] = field(default_factory=dict)
    sentences: tuple[Fragment, ...] = ()
    tokens: tuple[Fragment, ...] = ()
    mentions: tuple[Mention, ...] = ()
    relations: tuple[Relation, ...] = ()
    events: tuple[Event, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    notes: tuple[Note, ...] = ()
    annotators: tuple[Annotator, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def annotations(self) -> Iterator[Annotation]:
        """Mentions, relations, events and clusters."""
        yield from self.mentions
        yield from self.relations
        yield from self.events
        yield from self.clusters

    def words(self, mention: Mention) -> str:
        """The text of a mention, its fragments joined with spaces."""
        return " ".join(self.text[start:end] for start, end in mention.fragments)


def referred(one: Annotation) -> list[str]:
    """The ids of annotations of the same document that one refers to: arguments, trigger, members."""
    if isinstance(one, Relation):
        return [target for _, target in one.args if target not in one.elsewhere]
    if isinstance(one, Event):
        return [*([one.trigger] if one.trigger else []), *(target for _, target in one.args)]
    return list(one.members) if isinstance(one, Cluster) else []


# --- plain data and back -----------------------------------------------------------------------------------------

_PARTS: dict[str, type] = {
    "mentions": Mention,
    "relations": Relation,
    "events": Event,
    "clusters": Cluster,
    "notes": Note,
    "annotators": Annotator,
    "links": Link,
}
_PAIRS = ("fragments", "raw_offsets", "args", "sentences", "tokens")
_LISTS = ("types", "members", "elsewhere")


def to_fields(one: Any) -> dict[str, Any]:
    """A document, or a part of one, as JSON values; what is as usual is left out."""
    values = ((part, getattr(one, part.name)) for part in fields(one))
    return {part.name: _plain(value) for part, value in values if not _usual(part, value)}


def _usual(part: Field[Any], value: Any) -> bool:
    if part.default_factory is not MISSING:
        return bool(value == part.default_factory())
    return part.default is not MISSING and bool(value == part.default)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return to_fields(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return {key: _plain(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def document_from(values: Mapping[str, Any]) -> Document:
    """The document that `to_fields` made these values of. Raises TypeError or ValueError where they are none."""
    return Document(**_parts(values))


def _parts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _read(key, value) for key, value in values.items()}


def _read(key: str, value: Any) -> Any:
    if key in _PARTS:
        return tuple(_PARTS[key](**_parts(one)) for one in value)
    if key in _PAIRS:
        return tuple((a, b) for a, b in value)
    if key in _LISTS:
        return tuple(value)
    return {name: tuple(several) for name, several in value.items()} if key == "attributes" else value
