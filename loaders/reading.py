"""What every format's reader shares: options, a draft of the document being read, and the step that finishes it.

A reader states what the file says; `Draft.finish` places it on the text, resolves references, and accounts for it all.
"""

from __future__ import annotations

import codecs
import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from loaders.diagnostics import AS_IS, REPAIRED, Diagnostics
from loaders.document import (
    Annotation,
    Annotator,
    Cluster,
    Document,
    Event,
    Fragment,
    Link,
    Mention,
    Note,
    Relation,
    Value,
)
from loaders.files import File
from loaders.offsets import Offsets, Stated, place

JSON = b"{["  # what it begins with
Key = Hashable  # what a reader calls an annotation until it has its id


@dataclass(frozen=True, slots=True)
class Options:
    """What a reader may be told; None and empty mean: as the format has it, or find out.

    `unit` is what offsets count in, `text_key` where the text stands, `joiner` what stands between rebuilt tokens,
    `accept` the verdicts that are loaded, `predictions` whether a model's are, `paths` those of the generic reader.
    """

    unit: str | None = None
    text_key: str | None = None
    joiner: str | None = None
    accept: tuple[str, ...] = ()
    predictions: bool = False
    paths: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """A format. `claims` says why a file, given its first bytes, is of this format, or None; `read` yields documents.

    `companion` tells the files that are read along with another one, or hold the tool's settings. `opens` are the
    characters that a file may begin with, white space apart, where these are known: others are not asked for. Nothing
    that `read` meets in a file may raise: what cannot be read goes to the diagnostics.
    """

    format: str
    title: str
    claims: Callable[[File, bytes], str | None]
    read: Callable[[File, Options, Diagnostics], Iterator[Document]]
    companion: Callable[[File], bool] = lambda file: False
    opens: bytes = b""


class Draft:
    """A document while it is read. Add what the file says, in any order, then `finish`.

    Keys are the reader's own names for annotations, unique in the document: any hashable value. Arguments and members
    are keys too, of annotations that may come later. Every `add` and every `skip` counts as one annotation read.
    """

    def __init__(
        self, id_: str, text: str, file: File, format_: str, diagnostics: Diagnostics, *, unit: str = "codepoint"
    ) -> None:
        self.id = id_
        self.text = text
        self.file = file
        self.format = format_
        self.unit = unit
        self.text_origin = "given"
        self.language: str | None = None
        self.metadata: dict[str, Value] = {}
        self.sentences: list[Fragment] = []
        self.tokens: list[Fragment] = []
        self.annotators: dict[str, Annotator] = {}
        self.extra: dict[str, Any] = {}
        self._offsets = Offsets(text)
        self._diagnostics = diagnostics
        self._stated: dict[Key, Annotation] = {}
        self._referring: list[Annotation] = []  # those of them that refer to others
        self._attributes: list[tuple[Key, str, Value, str]] = []
        self._links: list[tuple[Key, Link, str]] = []
        self._notes: list[tuple[Key | None, Note]] = []

    # --- stating

    def mention(
        self,
        key: Key,
        types: Iterable[str],
        offsets: Iterable[Fragment],
        *,
        surface: str | None = None,
        placed: bool = False,
        at: Iterable[Fragment] = (),
        **more: Any,
    ) -> None:
        """A mention at raw offsets, counted in the draft's unit; `placed` where they are code points for certain.

        `at` is where the reader found the words itself, in code points, whatever the file counts.
        """
        raw = tuple(offsets)
        fragments = raw if placed else tuple(at)
        one = Mention(id="", types=tuple(types), fragments=fragments, surface=surface, raw_offsets=raw, **more)
        self._keep(key, one)

    def relation(self, key: Key, type_: str | None, args: Iterable[tuple[str, Key]], **more: Any) -> None:
        """A relation whose arguments are pairs of role and key; keys in `elsewhere` are ids in another document."""
        one = Relation(id="", type=type_, args=tuple(args), **more)  # type: ignore[arg-type]  # keys yet
        self._referring.append(one)
        self._keep(key, one)

    def event(
        self, key: Key, type_: str | None, trigger: Key | None, args: Iterable[tuple[str, Key]], **more: Any
    ) -> None:
        """An event with the key of its trigger."""
        one = Event(id="", type=type_, trigger=trigger, args=tuple(args), **more)  # type: ignore[arg-type]
        self._referring.append(one)
        self._keep(key, one)

    def cluster(
        self, key: Key, type_: str | None, members: Iterable[Key], *, canonical: Key | None = None, **more: Any
    ) -> None:
        """A cluster of mentions by their keys."""
        one = Cluster(id="", type=type_, members=tuple(members), canonical=canonical, **more)  # type: ignore[arg-type]
        self._referring.append(one)
        self._keep(key, one)

    def note(self, target: Key | None, type_: str | None, text: str, **more: Any) -> None:
        """A note on an annotation, or on the document where `target` is None."""
        self._diagnostics.read += 1
        self._notes.append((target, Note(target=None, type=type_, text=text, **more)))

    def attribute(self, target: Key, name: str, value: Value, place: str = "") -> None:
        """One more attribute of an annotation, stated apart from it."""
        self._attributes.append((target, name, value, place))

    def link(self, target: Key, link: Link, place: str = "") -> None:
        """One more link of a mention, stated apart from it."""
        self._links.append((target, link, place))

    def annotated_by(self, id_: str, role: str | None = None, verdict: str | None = None) -> None:
        """Somebody annotated here; a verdict is counted."""
        before = self.annotators.get(id_) or Annotator(id=id_, role=role)
        verdicts = dict(before.verdicts)
        if verdict:
            verdicts[verdict] = verdicts.get(verdict, 0) + 1
        self.annotators[id_] = replace(before, role=before.role or role, verdicts=verdicts)

    def skip(self, code: str, message: str, place: str = "", excerpt: str = "") -> None:
        """An annotation that cannot be read: counted as read and as skipped."""
        self._diagnostics.read += 1
        self._drop(code, message, place, excerpt)

    def warn(self, code: str, message: str, place: str = "", *, action: str = AS_IS) -> None:
        """Something that costs no annotation."""
        self._diagnostics.add(code, self.file.path, message, action=action, place=place)

    @property
    def offsets(self) -> Offsets:
        """The text as it is now, and where its code points stand in other units."""
        if self._offsets.text is not self.text:
            self._offsets = Offsets(self.text)
        return self._offsets

    def knows(self, key: Key) -> bool:
        """Whether an annotation with this key is stated already."""
        return key in self._stated

    def _keep(self, key: Key, one: Annotation) -> None:
        self._diagnostics.read += 1
        if key in self._stated:
            told = f"id {_shown(key)} stands twice; what refers to it means the first"
            self.warn("id.duplicate", told, one.place)
            key = (key, len(self._stated))
        self._stated[key] = one

    def _drop(self, code: str, message: str, place: str, excerpt: str, labels: tuple[str, ...] = ()) -> None:
        self._diagnostics.skipped += 1
        self._diagnostics.add(code, self.file.path, message, place=place, excerpt=excerpt, labels=labels)

    # --- finishing

    def finish(self) -> Document:
        """The document: mentions placed, references resolved to ids. What does not fit is skipped, and said."""
        repair = self._place_mentions()
        self._drop_dangling()
        if self._attributes or self._links:
            self._attach()
        ids = self._give_ids()
        sorts: dict[type[Annotation], list[Any]] = {Mention: [], Relation: [], Event: [], Cluster: []}
        for one in self._stated.values():
            sorts[type(one)].append(one)
            if not isinstance(one, Mention):
                _resolve(one, ids)
        for target, note in self._notes:
            note.target = None if target is None else ids[target]
        return Document(
            id=self.id,
            path=self.file.path,
            format=self.format,
            text=self.text,
            text_origin=self.text_origin,
            unit=self.unit,
            repair=repair,
            language=self.language,
            metadata=self.metadata,
            sentences=tuple(self.sentences),
            tokens=tuple(self.tokens),
            mentions=tuple(sorts[Mention]),
            relations=tuple(sorts[Relation]),
            events=tuple(sorts[Event]),
            clusters=tuple(sorts[Cluster]),
            notes=tuple(note for _, note in self._notes),
            annotators=tuple(self.annotators.values()),
            extra=self.extra,
        )

    def _place_mentions(self) -> str | None:
        stated = self._stated.items()
        waiting = [(k, m) for k, m in stated if isinstance(m, Mention) and m.raw_offsets and not m.fragments]
        text, repair = self.offsets, None
        if not all(self._stands(one, text) for _, one in waiting):
            repair = self._repair(waiting, text)
        if not repair and any(one.surface is None for _, one in waiting) and text.units_differ:
            self.warn("offset.unchecked", f"{self.id}: no words stated to check {self.unit} offsets by")
        return repair

    def _stands(self, one: Mention, text: Offsets) -> bool:
        """Whether a mention stands where the file says; it is placed there."""
        found = text.exact(one.raw_offsets, one.surface, self.unit)
        one.fragments = found or ()
        return found is not None

    def _repair(self, waiting: Sequence[tuple[Key, Mention]], text: Offsets) -> str | None:
        """Places mentions of which not all stand where the file says; the repair that the text needs, if it does."""
        placed, repair = place(text, [Stated(one.raw_offsets, one.surface) for _, one in waiting], self.unit)
        for (key, one), found in zip(waiting, placed, strict=True):
            if found is None:
                del self._stated[key]
                self._drop(*self._misplaced(one), labels=one.types)
                continue
            one.fragments, one.repair = found.fragments, found.repair
            if one.repair and one.repair != repair:
                self.warn("offset.repaired", f"{one.repair}: {one.surface!r}", one.place, action=REPAIRED)
        if repair:
            told = f"offsets count otherwise than {self.unit}: {repair} fits {sum(p is not None for p in placed)}"
            self.warn("offset.repaired", f"{told} of {len(placed)} mentions", action=REPAIRED)
        return repair

    def _misplaced(self, one: Mention) -> tuple[str, str, str, str]:
        where = ", ".join(f"{start}–{end}" for start, end in one.raw_offsets)
        if self.text_origin == "missing":
            return "text.missing", f"no text that {where} stands on", one.place, one.surface or ""
        if one.surface is None:
            return "offset.bad", f"{where} in a text of {len(self.text)} code points", one.place, ""
        start, end = one.raw_offsets[0][0], one.raw_offsets[-1][1]
        said = f"the text at {where} is {self.text[max(start, 0) : max(end, 0)][:60]!r}, not {one.surface[:60]!r}"
        return "offset.mismatch", said, one.place, one.surface

    def _drop_dangling(self) -> None:
        """Drops what refers to something that is not there, and what refers to that."""
        stated = self._stated
        lost = [target for one in self._referring for target in _targets(one) if target not in stated]
        users: dict[Key, list[Key]] = defaultdict(list)
        for key, one in stated.items() if lost else ():
            for target in _targets(one):
                users[target].append(key)
        lost = [*dict.fromkeys(lost)]
        for target in lost:  # grows while it runs
            for key in users[target]:
                if key in stated:
                    one = stated.pop(key)
                    lost.append(key)
                    told = f"{_named(one)} refers to {_shown(target)}, which is not there"
                    self._drop("ref.dangling", told, one.place, "")
        for target, note in self._notes:
            if target is not None and target not in stated:
                self._drop("ref.dangling", f"a note on {_shown(target)}, which is not there", "", note.text)
        self._notes = [(t, note) for t, note in self._notes if t is None or t in stated]

    def _attach(self) -> None:
        """Attributes and links that were stated apart, to what they belong to."""
        several: dict[Key, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        for target, name, value, place_ in self._attributes:
            if target in self._stated:
                several[target][name].append(value)
            else:
                self.skip("ref.dangling", f"attribute {name!r} of {_shown(target)}, which is not there", place_)
        for target, named in several.items():
            before = self._stated[target].attributes
            more = {name: (*before.get(name, ()), *values) for name, values in named.items()}
            self._stated[target].attributes = {**before, **more}
        for target, link, place_ in self._links:
            one = self._stated.get(target)
            if isinstance(one, Mention):
                one.links = (*one.links, link)
            else:
                self.skip("ref.dangling", f"link {link.id!r} of {_shown(target)}, which is not there", place_)

    def _give_ids(self) -> dict[Key, str]:
        """Key → id: the file's own where it has one, else a digest of what the annotation says."""
        ids: dict[Key, str] = {}
        times: dict[str, int] = {}
        for key, one in self._stated.items():
            wanted = one.raw_id or self._digest(one)
            if one.annotator and wanted in times:  # another annotator's own
                wanted = f"{wanted}@{one.annotator}"
            times[wanted] = times.get(wanted, 0) + 1
            one.id = ids[key] = wanted if times[wanted] == 1 else f"{wanted}~{times[wanted]}"
        return ids

    def _digest(self, one: Annotation) -> str:
        places = [m.fragments for t in _targets(one) if isinstance(m := self._stated[t], Mention)]
        said = [type(one).__name__, one.layer, one.annotator, repr(_said(one)), repr(places)]
        return hashlib.sha256(orjson.dumps([self.id, *said])).hexdigest()[:12]


def _said(one: Annotation) -> object:
    if isinstance(one, Mention):
        return one.types, one.fragments
    return one.type if isinstance(one, Relation | Event | Cluster) else None


def _targets(one: Annotation) -> Sequence[Key]:
    """The keys an annotation refers to."""
    if isinstance(one, Relation):
        return [target for _, target in one.args if target not in one.elsewhere]
    if isinstance(one, Event):
        return [*([] if one.trigger is None else [one.trigger]), *(target for _, target in one.args)]
    if isinstance(one, Cluster):
        return [*one.members, *([] if one.canonical is None else [one.canonical])]
    return ()


def _resolve(one: Annotation, ids: Mapping[Key, str]) -> None:
    """Puts ids in the place of keys."""
    if isinstance(one, (Relation, Event)):
        one.args = tuple([(role, ids.get(target, target)) for role, target in one.args])
    if isinstance(one, Event) and one.trigger is not None:
        one.trigger = ids[one.trigger]
    if isinstance(one, Cluster):
        one.members = tuple(ids[member] for member in one.members)
        one.canonical = None if one.canonical is None else ids[one.canonical]


def _named(one: Annotation) -> str:
    type_ = one.type if isinstance(one, Relation | Event | Cluster) else None
    return " ".join(str(part) for part in (type(one).__name__.lower(), one.raw_id, type_) if part)


def _shown(key: Key) -> str:
    return str(key[-1]) if isinstance(key, tuple) else str(key)


def decoded(data: bytes, file: File, diagnostics: Diagnostics) -> str:
    """Bytes as text, line ends untouched, a byte order mark dropped; what is no UTF-8 is replaced, and said."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        told = f"byte 0x{data[problem.start]:02x} is no UTF-8; what is none is replaced"
        diagnostics.add("encoding.not-utf8", file.path, told, action=REPAIRED, place=str(line))
        return data.decode(errors="replace")


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Value]:
    """Nested JSON as metadata: dotted keys to scalars; lists of scalars are joined with '; ', others left out."""
    found: dict[str, Value] = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found |= flat(value, f"{name}.")
        elif isinstance(value, str | int | float | bool):
            found[name] = value
        elif isinstance(value, Sequence) and value and all(isinstance(one, str | int | float) for one in value):
            found[name] = "; ".join(map(str, value))
    return found
