"""GATE's JSON (BDOC, .bdocjs), a document an object: text, features, sets of annotations with features.

`offset_type` says what offsets count: j is Java's UTF-16 units, p Python's code points. Specification:
https://gatenlp.github.io/gateplugin-Format_Bdoc/bdoc_document.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Fragment
from loaders.files import File, opening
from loaders.gate_sets import Marked, describe, state
from loaders.json_stream import elements, first_element
from loaders.offsets import Offsets
from loaders.reading import JSON, Draft, Options, Reader

FORMAT = "bdoc"
SUFFIXES = (".bdocjs", ".bdocjsl", ".bdocjson")
UNITS = {"j": "utf16", "p": "codepoint"}
SETS = "annotation_sets"

_OF_ANNOTATION = ("type", "start", "end", "id", "features")
_WORKED = "duration_seconds"  # Teamware keeps a set for each annotator, and how long it took


def claims(file: File, head: bytes) -> str | None:
    """Why this is BDOC: text and annotation_sets in the first object, or the suffix."""
    if opening(head)[:1] not in (b"{", b"["):
        return None
    first = first_element(file)
    if isinstance(first, dict) and isinstance(first.get("text"), str) and isinstance(first.get(SETS), dict):
        return f"text and {SETS}"
    return f"the suffix {file.suffix}" if file.suffix in SUFFIXES else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document an object."""
    for place, one in elements(file, diagnostics):
        if not isinstance(one, dict) or not isinstance(one.get("text"), str):
            diagnostics.lose("json.shape", file.path, "no object with a text", place=place, excerpt=str(one)[:200])
            continue
        yield document(one, place, file, options, diagnostics)


def document(
    one: Mapping[str, Any], place: str, file: File, options: Options, diagnostics: Diagnostics, format_: str = FORMAT
) -> Document:
    """The document that an object with a text says."""
    declared = UNITS.get(str(one.get("offset_type")))
    draft = Draft(_id(one, place, file), one["text"], file, format_, diagnostics)
    draft.unit = options.unit or declared or draft.unit
    sure = bool(options.unit or declared)
    describe(draft, _mapping(one.get("features")))
    if isinstance(name := one.get("name"), str) and name:
        draft.metadata.setdefault("name", name)
    where = "/" if _is_alone(place, file) else f"{place}/" if place.startswith("/") else f"{place}:"
    state(draft, [*_annotations(draft, one.get(SETS), f"{where}{SETS}", sure=sure)])
    return draft.finish()


def _is_alone(place: str, file: File) -> bool:
    """Whether a file holds this document only, as far as can be told from the first."""
    return place in ("", "1") and file.suffix not in (".jsonl", ".bdocjsl")


def _id(one: Mapping[str, Any], place: str, file: File) -> str:
    """The file's name; where it holds several documents, their own names."""
    if _is_alone(place, file):
        return file.stem
    name = one.get("name")
    return name if isinstance(name, str) and name else f"{file.stem}-{place.strip('/')}"


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _annotations(draft: Draft, sets: Any, place: str, *, sure: bool) -> Iterator[Marked]:
    text = Offsets(draft.text)
    for name, one in _mapping(sets).items():
        listed = _mapping(one).get("annotations")
        where = f"{place}/{name.replace('~', '~0').replace('/', '~1')}"
        if not isinstance(listed, list):
            draft.skip("json.shape", "no set of annotations", where, str(one)[:200])
            continue
        for number, annotation in enumerate(listed):
            at = f"{where}/annotations/{number}"
            offsets = _offsets(annotation)
            if offsets is None:
                draft.skip("json.shape", "no annotation with a start and an end", at, str(annotation)[:200])
                continue
            type_, id_ = annotation.get("type"), annotation.get("id")
            yield Marked(
                name,
                str(id_) if isinstance(id_, int | str) else None,
                str(type_) if isinstance(type_, int | str) else None,
                (offsets,),
                text.fragment(*offsets, draft.unit) if sure else None,
                at,
                _mapping(annotation.get("features")),
                sure,
                name if name and _WORKED in annotation else None,
                {key: value for key, value in annotation.items() if key not in _OF_ANNOTATION},
            )


def _offsets(annotation: Any) -> Fragment | None:
    start, end = (_mapping(annotation).get(key) for key in ("start", "end"))
    return (start, end) if type(start) is int and type(end) is int else None


BDOC = Reader(FORMAT, "GATE BDOC JSON", claims, read, opens=JSON)
