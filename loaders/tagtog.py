"""tagtog: an ann.json with the annotations of a text that stands in a plain.html, and the names of classes in a legend.

ann.json/master/…       what was agreed on; ann.json/members/<user>/… what each annotator did
plain.html/…            the texts, one element with an id a part
annotations-legend.json e_1, r_2, f_3, n_4, m_5 → their names
The service is closed; its exports remain.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import orjson

from loaders.diagnostics import REPAIRED, Diagnostics
from loaders.document import Document, Fragment, Link, Value
from loaders.files import MIB, File, opening
from loaders.json_stream import first_element, whole
from loaders.links import URI, link_to
from loaders.offsets import Offsets, Placed, Stated, place
from loaders.reading import Draft, Options, Reader, decoded
from loaders.tagtog_text import (
    ANNOTATIONS,
    LEGEND,
    PLAIN,
    Page,
    has_annotations,
    has_members,
    legend_of,
    page_of,
    plain_of,
)

FORMAT = "tagtog"

_END = re.compile(r"(.*)\|(\d{1,15}),(\d{1,15})", re.DOTALL)
_UNNAMED = re.compile(r"\w+\((e_\w+)\|(e_\w+)\)")  # what the legend says of a relation that nobody named
_LARGE = 2**53
_SHIFTS = sorted(range(-8, 9), key=abs)  # the tool counted what it wrote, "<" with spaces around it for one
_PROPOSED, _TAKEN_BACK = "pre-added", "pre-removed"


def claims(file: File, head: bytes) -> str | None:
    """Why this is an ann.json of tagtog."""
    if file.suffix != ".json" or opening(head)[:1] != b"{":
        return None
    first = first_element(file)
    if (
        isinstance(first, dict)
        and isinstance(first.get("entities"), list)
        and {"anncomplete", "annotatable"} & {*first}
    ):
        return "entities, and whether the annotation is complete"
    return None


def companion(file: File) -> bool:
    """The legend, and the text of an ann.json."""
    return file.name == LEGEND or (file.name.endswith(PLAIN) and has_annotations(file))


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The one document of an ann.json."""
    value = whole(file, diagnostics)
    if isinstance(value, dict):
        yield _Annotated(value, file, options, diagnostics).document()
    elif value is not None:
        diagnostics.lose("json.shape", file.path, "no object with entities", excerpt=str(value))


@dataclass(frozen=True, slots=True)
class _Said:
    """An entity as the file has it: the offsets of its fragments in their part, and the words."""

    place: str
    value: Mapping[str, Any]
    part: str
    starts: tuple[int, ...]
    texts: tuple[str, ...]

    def offsets(self, unit: str) -> tuple[Fragment, ...]:
        return tuple((at, at + _length(text, unit)) for at, text in zip(self.starts, self.texts, strict=True))


class _Annotated:
    """One ann.json while it is read."""

    def __init__(self, value: Mapping[str, Any], file: File, options: Options, diagnostics: Diagnostics) -> None:
        self.value = value
        self.unit = options.unit or "utf16"
        self.predictions = options.predictions
        legend = legend_of(file)
        names = _names(legend.read()) if legend and legend.size < MIB else {}
        self.legend: Mapping[str, str] = names or {}
        page, self.missing = self._page(file, diagnostics)
        self.page = page
        self.draft = Draft(file.name.removesuffix(ANNOTATIONS), page.text, file, FORMAT, diagnostics, unit=self.unit)
        self.member = _member(file)
        agreed = self.member is None and has_members(file)
        self.origin = "curation" if agreed else "manual"
        self.ends: dict[tuple[str, int, int], int] = {}
        self.repairs: set[str] = set()
        self.proposed = 0
        if names is None:
            self.draft.warn("json.bad", f"{LEGEND} names no classes; they keep their ids")

    def _page(self, file: File, diagnostics: Diagnostics) -> tuple[Page, bool]:
        plain = plain_of(file)
        if plain is None:
            return Page(), True
        return page_of(decoded(plain.read(), plain, diagnostics), self._annotatable()), False

    def _annotatable(self) -> Iterator[str]:
        stated = self.value.get("annotatable")
        parts = stated.get("parts") if isinstance(stated, dict) else None
        yield from (one for one in parts if isinstance(one, str)) if isinstance(parts, list) else ()

    def document(self) -> Document:
        draft = self.draft
        if self.missing:
            draft.text_origin = "missing"
            draft.warn("text.missing", f"no {draft.id}{PLAIN} in the export")
        if self.member:
            draft.annotated_by(self.member)
        draft.language = self.page.head.get("lang")
        draft.metadata.update(self._metadata())
        by_part: dict[str, list[tuple[int, _Said]]] = defaultdict(list)
        for number, (where, value) in enumerate(self._each("entities")):
            if said := self._entity(value, where):
                by_part[said.part].append((number, said))
        for part, several in by_part.items():
            self._place(part, several)
        for where, value in self._each("relations"):
            self._relation(value, where)
        for repair in sorted(self.repairs):
            draft.warn("offset.repaired", f"offsets count otherwise than {self.unit}: {repair}", action=REPAIRED)
        if self.proposed:
            draft.warn("annotation.prediction", f"{self.proposed} that a model proposed are read on request")
        return draft.finish()

    def _each(self, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Places and values of a list, without what a model proposed."""
        values = self.value.get(key)
        for number, one in enumerate(values if isinstance(values, list) else []):
            where = f"/{key}/{number}"
            if not isinstance(one, dict):
                self.draft.skip("json.shape", "no object", where, str(one))
                continue
            state = _part(one, "confidence").get("state")
            if state == _TAKEN_BACK or (state == _PROPOSED and not self.predictions):
                self.proposed += 1
            else:
                yield where, one

    # --- what the document says of itself

    def _metadata(self) -> dict[str, Value]:
        head, found = self.page.head, dict[str, Value]()
        sources = self.value.get("sources")
        for one in sources if isinstance(sources, list) else []:
            if isinstance(one, dict):
                name = one.get("name") or "source"
                found |= {f"source.{name}": one["id"]} if isinstance(one.get("id"), str) else {}
                found |= {"url": one["url"]} if isinstance(one.get("url"), str) and "url" not in found else {}
        if "dcterms.source" in head:
            found.setdefault("url", head["dcterms.source"])
        if "data-origid" in head:
            found["origid"] = head["data-origid"]
        if isinstance(self.value.get("anncomplete"), bool):
            found["anncomplete"] = self.value["anncomplete"]
        for key, one in _part(self.value, "metas").items():
            if isinstance(value := one.get("value") if isinstance(one, dict) else None, str | int | float):
                found[self._name(key)] = value
        return found

    def _name(self, class_: Any) -> str:
        """The name of a class; of a relation without one, the names of what it ties."""
        name = self.legend.get(class_, class_) if isinstance(class_, str) else ""
        if unnamed := _UNNAMED.fullmatch(name):
            return "|".join(self.legend.get(one, one) for one in unnamed.groups())
        return name

    # --- entities

    def _entity(self, value: Mapping[str, Any], where: str) -> _Said | None:
        class_, part, offsets = value.get("classId"), value.get("part"), value.get("offsets")
        stated = [one for one in offsets if isinstance(one, dict)] if isinstance(offsets, list) else []
        starts = [at for one in stated if type(at := one.get("start")) is int and 0 <= at < _LARGE]
        texts = [text for one in stated if isinstance(text := one.get("text"), str)]
        if not isinstance(class_, str) or not isinstance(part, str):
            self.draft.skip("json.shape", "an entity without class and part", where, str(value))
        elif not isinstance(offsets, list) or not offsets or not len(starts) == len(texts) == len(offsets):
            self.draft.skip("offset.bad", "an entity without start and text", where, str(offsets))
        elif part not in self.page.parts:
            code, told = (
                ("text.missing", "no text") if self.missing else ("ref.dangling", f"no part {part!r} in the text")
            )
            self.draft.skip(code, told, where, " ".join(texts))
        else:
            return _Said(where, value, part, tuple(starts), tuple(texts))
        return None

    def _place(self, part: str, several: list[tuple[int, _Said]]) -> None:
        """Entities of one part: they are counted from its first character."""
        begin, end = self.page.parts[part]
        text = Offsets(self.page.text[begin:end])
        stated = [Stated(said.offsets(self.unit), " ".join(said.texts)) for _, said in several]
        placed = _shifted(text, stated, place(text, stated, self.unit)[0], self.unit)
        for (number, said), found in zip(several, placed, strict=True):
            if found is None:
                at = said.starts[0]
                there = f"the text at {at} of {part} is {text.text[at : at + 60]!r}, not {said.texts[0][:60]!r}"
                self.draft.skip("offset.mismatch", there, said.place, " ".join(said.texts))
                continue
            if found.repair:
                self.repairs.add(found.repair)
            fragments = [(begin + first, begin + last) for first, last in found.fragments]
            self._mention(number, said, fragments, found.repair)

    def _mention(self, number: int, said: _Said, fragments: list[Fragment], repair: str | None) -> None:
        for unit in (self.unit, "codepoint", "utf16"):
            offsets = said.offsets(unit)
            self.ends.setdefault((said.part, offsets[0][0], offsets[-1][1]), number)
        self.draft.mention(
            ("entity", number),
            (self._name(said.value["classId"]),),
            said.offsets(self.unit),
            at=fragments,
            surface=" ".join(said.texts),
            repair=repair,
            place=said.place,
            links=tuple(self._links(said.value)),
            attributes={self._name(key): (one,) for key, one in _values(_part(said.value, "fields"))},
            **self._made(said.value, {"part": said.part}),
        )

    def _links(self, value: Mapping[str, Any]) -> Iterator[Link]:
        normalized = _part(value, "normalizations")
        for key in normalized:
            one = _part(normalized, key)
            source = _part(one, "source")
            id_, url = source.get("id"), source.get("url")
            label, score = one.get("recName"), _share(_part(one, "confidence").get("prob"))
            link = link_to(url) if isinstance(url, str) and url else Link(URI, "")
            if link.scheme == URI and isinstance(id_, str) and id_:
                link = Link(str(source.get("name") or self._name(key)), id_)
            if link.id:
                yield replace(link, label=label if isinstance(label, str) else None, score=score)

    def _made(self, value: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
        """Who made an annotation, how sure, and whether it was only proposed."""
        confidence = _part(value, "confidence")
        who = confidence.get("who")
        makers = [one.removeprefix("user:") for one in who if isinstance(one, str)] if isinstance(who, list) else []
        annotator = self.member or next(iter(makers), None)
        if annotator:
            self.draft.annotated_by(annotator)
        proposed = confidence.get("state") == _PROPOSED
        return {
            "annotator": annotator,
            "origin": "prediction" if proposed else self.origin,
            "confidence": _share(confidence.get("prob")),
            "extra": {**extra, **({"who": makers} if makers not in ([], [annotator]) else {})},
        }

    # --- relations

    def _relation(self, value: Mapping[str, Any], where: str) -> None:
        ends = value.get("entities")
        found = [self._end(end) for end in ends] if isinstance(ends, list) else []
        if len(found) < 2 or None in found:
            told = "a relation without two entities" if len(found) < 2 else f"{ends} are not all entities of the text"
            self.draft.skip("ref.dangling", told, where, str(ends))
            return
        kind, words = value.get("type"), value.get("connectingWords")
        self.draft.relation(
            where,
            self._name(value.get("classId")) or None,
            [(f"Arg{number}", ("entity", end)) for number, end in enumerate(found, start=1)],
            directed=value.get("directed") is not False,
            layer=kind if isinstance(kind, str) else None,
            place=where,
            **self._made(value, {"connectingWords": words} if isinstance(words, list) and words else {}),
        )

    def _end(self, end: Any) -> int | None:
        """The number of the entity that "part|start,end" means; the end is exclusive."""
        found = _END.fullmatch(end) if isinstance(end, str) else None
        return self.ends.get((found[1], int(found[2]), int(found[3]))) if found else None


def _shifted(text: Offsets, stated: list[Stated], placed: list[Placed | None], unit: str) -> list[Placed | None]:
    """What found no place gets one where its words stand a little to the left or right, most of a part by one shift."""
    waiting = [one for one, found in zip(stated, placed, strict=True) if found is None]
    fitting = {by: sum(_moved(text, one, unit, by) is not None for one in waiting) for by in _SHIFTS}
    by = max(_SHIFTS, key=lambda by: fitting[by])
    if fitting[by] * 2 <= len(waiting):
        return placed
    return [found or _moved(text, one, unit, by) for one, found in zip(stated, placed, strict=True)]


def _moved(text: Offsets, one: Stated, unit: str, by: int) -> Placed | None:
    found = [text.fragment(start + by, end + by, unit) for start, end in one.offsets]
    fragments = tuple(fragment for fragment in found if fragment)
    words = " ".join(text.text[start:end] for start, end in fragments)
    return Placed(fragments, f"shift {by:+}") if len(fragments) == len(found) and words == one.surface else None


def _part(value: Any, key: str) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _values(several: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for key, one in several.items():
        if isinstance(value := one.get("value") if isinstance(one, dict) else None, str | int | float):
            yield key, value


def _share(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None


def _length(text: str, unit: str) -> int:
    return Offsets(text).written(len(text), unit)


def _member(file: File) -> str | None:
    folders = PurePosixPath(file.folder).parts
    return folders[at + 1] if "members" in folders and (at := folders.index("members")) + 1 < len(folders) else None


@lru_cache(maxsize=4)
def _names(data: bytes) -> Mapping[str, str] | None:
    """The legend's names by class; None where it is no JSON of that shape."""
    try:
        said = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return {key: name for key, name in said.items() if isinstance(name, str)} if isinstance(said, dict) else None


TAGTOG = Reader(FORMAT, "tagtog ann.json and plain.html", claims, read, companion, opens=b"{")
