"""Web annotations: W3C, Recogito-JS, Recogito 2, text-annotator-js, and the rows of Hypothes.is; a document a source.

The words that an annotation quotes decide where it stands; its position is a hint. Where the text is not beside the
file, the quotes stand for it, a line each. Specification: https://www.w3.org/TR/annotation-model/
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.files import MIB, File
from loaders.json_stream import elements
from loaders.offsets import Placed
from loaders.quotes import BY_WORDS, Anchor, Quotes, paired, quoted_text
from loaders.reading import Draft, Key, Options, Reader, decoded
from loaders.html_text import html_text
from loaders.w3c_body import Said, address, annotator_of, first, listed, quotes_of_recogito, said_by

FORMAT = "w3c"

_TEXTS = (".txt", ".html", ".htm", ".xhtml")
_JSON = (".json", ".jsonld", ".jsonl")
_SIGNS = (  # in the first bytes of a file
    (re.compile(rb'"https?://www\.w3\.org/ns/anno\.jsonld"'), "W3C Web Annotation"),
    (re.compile(rb'"(?:TextQuoteSelector|TextPositionSelector)"'), "selectors of W3C Web Annotation"),
    (re.compile(rb'"anchor"\s*:\s*"(?:char-offset:|from=)'), "anchors of Recogito 2"),
    (re.compile(rb'"selector"\s*:\s*\[\s*\{[^{}\]]*"quote"\s*:'), "selectors of text-annotator-js"),
    (re.compile(rb'"user"\s*:\s*"acct:'), "rows of Hypothes.is"),
)
_CONTAINERS = ("items", "rows", "@graph", "annotations", "first")
_SMALL = 32 * MIB  # a file that is read once and kept; a larger one is read twice
_MANY = 100  # files in a folder beyond which a text is looked for by name alone
_READ = frozenset(  # keys of an annotation that are read, or that no graph needs
    "@context id @id type @type annotation_id motivation body bodies bodyValue target targets creator user user_info uri tags text"
    " document references relations anchor annotates links permissions".split()
)


def claims(file: File, head: bytes) -> str | None:
    """Why these are web annotations: the words of one of the dialects."""
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return None
    return next((why for sign, why in _SIGNS if sign.search(head)), None)


def companion(file: File) -> bool:
    """A text that the annotations in a file beside it stand on."""
    if file.suffix not in _TEXTS:
        return False
    named = [f"{file.stem}{suffix}" for suffix in _JSON]
    backup = ["../annotations.jsonl"] if PurePosixPath(file.folder).name == "parts" else []
    beside = [found for name in (*named, *backup) if (found := file.sibling(name))]
    if len(file.siblings) <= _MANY:
        near = [one for one in file.siblings.values() if one.folder == file.folder and one.suffix in _JSON]
        beside += [one for one in near if _same_start(one, file) or _quoted(file.name) in one.head()]
    return any(claims(one, one.head()) for one in beside)


def _same_start(one: File, other: File) -> bool:
    return one.name.partition(".")[0] == other.name.partition(".")[0]


def _quoted(name: str) -> bytes:
    return f'{name}"'.encode()


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document a source, as soon as its last annotation is read."""
    kept = list(_annotations(file, diagnostics)) if file.size <= _SMALL else None
    plan = _Plan(_annotations(file, Diagnostics()) if kept is None else kept)
    waiting: dict[str | None, list[_One]] = defaultdict(list)
    for number, (place, value) in enumerate(_annotations(file, diagnostics) if kept is None else kept):
        source = plan.source(value)
        waiting[source].append(_One(place, value))
        if plan.last.get(source) == number:
            yield _Page(file, options, diagnostics, plan, source).read(waiting.pop(source))


# --- annotations one after another -------------------------------------------------------------------------------


def _annotations(file: File, diagnostics: Diagnostics) -> Iterator[tuple[str, dict[str, Any]]]:
    """Places and annotations, whatever they are wrapped in."""
    for place, value in elements(file, diagnostics):
        for where, one in _unwrapped(place, value, 0):
            if isinstance(one, dict):
                yield where, one
            else:
                diagnostics.read += 1
                diagnostics.skipped += 1
                told = f"no annotation: {str(one)[:60]!r}"
                diagnostics.add("json.shape", file.path, told, place=where, excerpt=str(one))


def _unwrapped(place: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list) and depth < 5:
        for number, one in enumerate(value):
            yield from _unwrapped(f"{place}/{number}", one, depth + 1)
        return
    if isinstance(value, dict) and "target" not in value and depth < 5:
        inner = [key for key in _CONTAINERS if isinstance(value.get(key), list | dict)]
        for key in inner:
            yield from _unwrapped(f"{place}/{key}", value[key], depth + 1)
        if inner:
            return
    yield place, value


@dataclass(frozen=True, slots=True)
class _One:
    place: str
    value: dict[str, Any]

    @property
    def key(self) -> Key:
        return _id(self.value) or ("#", self.place)


def _id(value: Mapping[str, Any]) -> str | None:
    found = value.get("id", value.get("@id", value.get("annotation_id")))
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else None


def _targets(value: Mapping[str, Any]) -> list[Any]:
    return [*listed(value.get("target")), *listed(value.get("targets"))]


class _Plan:
    """Which sources a file has, and where the last annotation of each stands; relations go with their ends."""

    def __init__(self, annotations: Iterable[tuple[str, dict[str, Any]]]) -> None:
        self.last: dict[str | None, int] = {}
        self._sources: dict[str, str | None] = {}
        self._refers: dict[str, str] = {}
        pending: list[tuple[int, dict[str, Any]]] = []
        for number, (_, value) in enumerate(annotations):
            if _source(value) is None and _references(value):
                pending.append((number, {"id": _id(value), "target": value.get("target")}))
                self._note(value)
                continue
            source = self._shared(_source(value))
            self.last[source] = number
            if id_ := _id(value):
                self._sources.setdefault(id_, source)
        for number, value in pending:
            source = self.source(value)
            self.last[source] = max(number, self.last.get(source, 0))

    def _note(self, value: Mapping[str, Any]) -> None:
        if id_ := _id(value):
            self._refers.setdefault(id_, _references(value)[0])

    def _shared(self, source: str | None) -> str | None:
        return source if source not in self.last else next(one for one in (source,) if one in self.last)

    def knows(self, id_: str) -> bool:
        """Whether the file has an annotation with this id."""
        return id_ in self._sources or id_ in self._refers

    def source(self, value: Mapping[str, Any]) -> str | None:
        """The source that an annotation is of; of one that refers to others, theirs."""
        own = _source(value)
        if own is not None:
            return own
        for id_ in _references(value):
            for _ in range(8):
                if id_ not in self._refers:
                    break
                id_ = self._refers[id_]
            if id_ in self._sources:
                return self._sources[id_]
        return None
