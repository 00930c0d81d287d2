"""The shape of web annotations in every dialect: wrappers, targets, selectors, ends of relations, sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from loaders.diagnostics import Diagnostics
from loaders.files import File
from loaders.json_stream import elements
from loaders.quotes import Anchor, paired
from loaders.w3c_body import address, bodies, first, listed, several

Annotation = Mapping[str, Any]

_CONTAINERS = ("items", "rows", "@graph", "annotations", "first")
_DEEP = 5  # how deep annotations, and selectors, are wrapped
_LARGE = 2**53  # an offset is smaller
_HOPS = 8  # annotations on annotations on annotations …
_CHARACTERS = re.compile(r"(?:char=|char-offset:)(\d{1,15})(?:,(\d{1,15}))?.*")


def annotations_in(file: File, diagnostics: Diagnostics) -> Iterator[tuple[str, dict[str, Any]]]:
    """Places and annotations of a file, whatever they are wrapped in."""
    for place, value in elements(file, diagnostics):
        for where, one in _unwrapped(place, value, 0):
            if isinstance(one, dict):
                yield where, one
                continue
            diagnostics.lose("json.shape", file.path, "no annotation", place=where, excerpt=str(one))


def _unwrapped(place: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list) and depth < _DEEP:
        for number, one in enumerate(value):
            yield from _unwrapped(f"{place}/{number}", one, depth + 1)
        return
    inner = []
    if isinstance(value, dict) and "target" not in value and depth < _DEEP:
        inner = [key for key in _CONTAINERS if isinstance(value.get(key), list | dict)]
    for key in inner:
        yield from _unwrapped(f"{place}/{key}", value[key], depth + 1)
    if not inner:
        yield place, value


def id_of(value: Annotation) -> str | None:
    """The id of an annotation."""
    found = value.get("id", value.get("@id", value.get("annotation_id")))
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else None


def targets(value: Annotation) -> list[Any]:
    """The targets of an annotation, however they are written."""
    return several(value.get("target")) + several(value.get("targets"))


def references(value: Annotation) -> list[str]:
    """What the targets refer to as a whole: annotations, or pages."""
    selector = _ends_selector(value)
    if selector:
        return selector
    whole = (one for one in targets(value) if not (isinstance(one, dict) and ("selector" in one or "source" in one)))
    return [where for one in whole if (where := address(one))]


def _ends_selector(value: Annotation) -> list[str]:
    """The two ends of a connection, as text-annotator-js keeps it."""
    target = value.get("target")
    selector = target.get("selector") if isinstance(target, dict) else None
    found = [selector.get(end) for end in ("from", "to")] if isinstance(selector, dict) else []
    return [end for end in found if isinstance(end, str)] if all(isinstance(end, str) for end in found) else []


def ends_of(value: Annotation, known: Callable[[str], bool]) -> list[str]:
    """The annotations that a relation ties, empty for what is none. `known` tells the ids of annotations."""
    if ends := _ends_selector(value):
        return ends
    if "linking" not in [first(one) for one in listed(value.get("motivation"))]:
        return []
    found = references(value)
    if len(found) == 1:
        others = (address(one) for one in bodies(value) if not (isinstance(one, dict) and "value" in one))
        found += [where for where in others if where and (known(where) or known(found[0]))]
    return found if len(found) > 1 else []


def own_source(value: Annotation) -> str | None:
    """What an annotation says it stands on: an address, a file, or an id of Recogito."""
    annotates = value.get("annotates")
    if isinstance(annotates, dict):
        part = annotates.get("filepart_id", annotates.get("document_id"))
        return part if isinstance(part, str) else None
    for one in targets(value):
        if isinstance(one, dict) and (found := address(one.get("source", one if "selector" in one else None))):
            return found
    uri = value.get("uri")
    return uri if isinstance(uri, str) and uri else None


class Plan:
    """Which sources a file has, and where the last annotation of each stands; what refers to others goes with them."""

    def __init__(self, found: Iterable[tuple[str, Annotation]]) -> None:
        self.last: dict[str | None, int] = {}
        self._sources: dict[str, str | None] = {}
        self._refers: dict[str, list[str]] = {}
        same: dict[str | None, str | None] = {}  # one copy of each source
        pending: list[tuple[int, list[str]]] = []
        for number, (_, value) in enumerate(found):
            id_, source = id_of(value), own_source(value)
            source = same.setdefault(source, source)
            refers = references(value) if source is None else []
            if refers:
                pending.append((number, refers))
                if id_ is not None:
                    self._refers.setdefault(id_, refers)
                continue
            self.last[source] = number
            if id_ is not None:
                self._sources.setdefault(id_, source)
        self._own = set(same)
        for number, refers in pending:
            source = self._of(refers)
            self.last[source] = max(number, self.last.get(source, 0))

    def knows(self, id_: str) -> bool:
        """Whether the file has an annotation with this id."""
        return id_ in self._sources or id_ in self._refers

    def source(self, value: Annotation) -> str | None:
        """The source of an annotation; that of what it refers to, where it has none of its own."""
        source = own_source(value)
        return self._of(references(value)) if source is None else source

    def _of(self, refers: list[str]) -> str | None:
        for start in refers:
            id_ = start
            for _ in range(_HOPS):
                if id_ in self._sources or id_ not in self._refers:
                    break
                id_ = self._refers[id_][0]
            if id_ in self._sources:
                return self._sources[id_]
        return next((one for one in refers if one in self._own or ("://" in one and one not in self._refers)), None)


# --- selectors ---------------------------------------------------------------------------------------------------


def anchors_of(value: Annotation, quoted: str | None) -> list[Anchor]:
    """The quotes and positions of an annotation, one anchor a fragment; `quoted` are the words of Recogito 2."""
    if isinstance(anchor := value.get("anchor"), str):
        found = _CHARACTERS.match(anchor)
        start = int(found[1]) if found else None
        return [Anchor(quoted, start, None if start is None else start + len(quoted or ""))] if quoted or found else []
    anchors: list[Anchor] = []
    for target in targets(value):
        if isinstance(target, dict):
            anchors += _anchors(list(_selectors(target.get("selector"), 0)))
    return anchors


def has_selectors(value: Annotation) -> bool:
    """Whether an annotation says that it stands on a part of its source."""
    return "anchor" in value or any(isinstance(one, dict) and one.get("selector") for one in targets(value))


def _selectors(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    for one in listed(value) if depth < _DEEP else []:
        if isinstance(one, list):
            yield from _selectors(one, depth + 1)
        elif isinstance(one, dict) and "refinedBy" in one:  # positions in there count from somewhere else
            inner = _selectors(one["refinedBy"], depth + 1)
            yield from ({**found, "start": None, "end": None} for found in inner if "exact" in found)
        elif isinstance(one, dict):
            yield one
            yield from _selectors(one.get("items"), depth + 1)


def _anchors(selectors: Iterable[Mapping[str, Any]]) -> list[Anchor]:
    both: list[Anchor] = []
    quotes: list[Anchor] = []
    positions: list[Anchor] = []
    for one in selectors:
        kind = first(one.get("type", one.get("@type")))
        start, end = _offset(one.get("start")), _offset(one.get("end"))
        fragment = _CHARACTERS.match(one["value"]) if isinstance(one.get("value"), str) else None
        if isinstance(one.get("quote"), str):
            both.append(Anchor(one["quote"] or None, start, end, _text(one, "quotePrefix"), _text(one, "quoteSuffix")))
        elif isinstance(one.get("exact"), str):
            quotes.append(Anchor(one["exact"] or None, None, None, _text(one, "prefix"), _text(one, "suffix")))
        elif fragment and fragment[2]:
            positions.append(Anchor(None, int(fragment[1]), int(fragment[2])))
        elif start is not None and end is not None and kind != "DataPositionSelector":
            positions.append(Anchor(None, start, end))
    return both or paired(quotes, positions)


def _offset(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGE else None


def _text(selector: Mapping[str, Any], key: str) -> str:
    value = selector.get(key)
    return value if isinstance(value, str) else ""
