"""Label Studio: JSON exports of tasks with annotations and predictions, and the flat JSON-MIN.

Where a region stands is told by `loaders.label_studio_text`. In an export a relation has no id, `left` means reversed,
`bi` undirected. Specification: https://labelstud.io/guide/export
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.diagnostics import AS_IS, REPAIRED, Diagnostics
from loaders.document import Document, Link, Value
from loaders.files import File, opening
from loaders.json_stream import elements, first_element
from loaders.label_studio_text import TaskText, is_region, is_timed, shape, words_of
from loaders.reading import JSON, Draft, Key, Options, Reader, flat
from loaders.writing import DOCUMENT_ID

FORMAT, MIN_FORMAT = "label-studio", "label-studio-min"
CONTROLS = {"from_name": "label", "to_name": "text"}
LABELS = "labels"  # types of results that label a region end with it: labels, hypertextlabels, paragraphlabels …
LINK = "link."  # before the scheme, where a link is written into a region's meta
NOTE = "meta"  # the type of a note that is the text in a region's meta

_ANNOTATED = ("annotations", "completions", "predictions")
_ENDS = ("start", "end", "startOffset", "endOffset", "globalOffsets")
_AREA = {"x", "y", "width", "height", "points", "vertices", "rle", "sequence", "ranges", *_ENDS}
WRITTEN = {"textarea": "text", "pairwise": "selected"}  # where the value of a type stands, if not under its name
_OF_TASK = ("inner_id", "file_upload", "project", "created_at", "updated_at")
_OF_ANNOTATION = ("id", "created_at", "updated_at", "lead_time", "ground_truth", "was_cancelled")
_OF_RESULT = ("parentID", "parent_id", "hidden", "readonly", "locked")
_SAID = ("choices", "taxonomy", "number", "rating", "datetime")  # of a region, in JSON-MIN
_ENDLESS = (float("inf"), float("-inf"))  # what numbers become that are too large, and JSON cannot say again
_MIN_KEYS = {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement"}


def claims(file: File, head: bytes) -> str | None:
    """Why this is a full JSON export."""
    if opening(head)[:1] not in (b"[", b"{"):
        return None
    task = first_element(file)
    if task is None and all(key in head for key in (b'"result"', b'"from_name"', b'"to_name"')):
        return "results with from_name and to_name"  # one task that is larger than what is looked at, or cut off
    task, stored = _opened(task)
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        return None
    if stored:
        return "an annotation with its task"
    annotated = next((key for key in _ANNOTATED if key in task), None)
    return f"tasks with data and {annotated}" if annotated else None


def claims_min(file: File, head: bytes) -> str | None:
    """Why this is a JSON-MIN export."""
    row = first_element(file) if opening(head)[:1] in (b"[", b"{") else None
    if not isinstance(row, dict):
        return None
    keys = {"annotation_id", "annotator", "lead_time"}
    if keys <= row.keys():
        return f"rows with {', '.join(sorted(keys))}"
    layer = next((key for key, value in row.items() if any(map(_labels, _dicts(value))) and _is_layer(value)), None)
    return f"rows with spans of start, end and labels under {layer}" if layer else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document a task."""
    export = _Export(file, options, diagnostics)
    for place, value in elements(file, diagnostics):
        task, stored = _opened(value)
        if isinstance(task, dict) and isinstance(task.get("data"), dict):
            yield _Task(task, place, export, stored).document()
        else:
            export.refuse(place, "no task: an object with data is wanted", task)


def _opened(value: Any) -> tuple[Any, Mapping[str, Any] | None]:
    """A task; and, where a storage has a file for each annotation with its task inside, that annotation."""
    inside = value.get("task") if isinstance(value, dict) and isinstance(value.get("result"), list) else None
    return (inside, value) if isinstance(inside, dict) else (value, None)


@dataclass
class _Export:
    """A file while it is read: what holds for all its tasks, and what has been said of it already."""

    file: File
    options: Options
    diagnostics: Diagnostics
    usual: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def refuse(self, place: str, message: str, value: Any) -> None:
        """What is no task costs itself."""
        self.diagnostics.lose("json.shape", self.file.path, message, place=place, excerpt=str(value))

    def tell(self, code: str, message: str, place: str = "") -> None:
        """Says something once for the file."""
        if code not in self.told:
            self.told.add(code)
            self.diagnostics.add(code, self.file.path, message, action=AS_IS, place=place)

    def draft(self, id_: Any, text: TaskText, place: str, format_: str) -> Draft:
        """The draft of a document with this text."""
        unit = self.options.unit or "codepoint"
        draft = Draft(str(id_), text.text, self.file, format_, self.diagnostics, unit=unit)
        draft.sentences = [*text.paragraphs]
        if not text.keys:
            draft.text_origin = "missing"
            draft.warn("text.missing", "nothing in its data is a text", place)
        elif text.rebuilt:
            draft.text_origin = "rebuilt"
            self.tell("text.rebuilt", f"the text is put together from {', '.join(text.keys)}", place)
        return draft


def _mark(
    draft: Draft, key: Key, labels: Iterable[Value], value: Mapping[str, Any], text: TaskText, name: str, **more: Any
) -> None:
    """A region as a mention."""
    place, words = more["place"], words_of(value)
    if not text.holds(value, name):
        draft.skip("json.shape", "a mark on something that is no text", place, str(value))
        return
    where = text.where(value, name, draft.unit)
    if where is None and words and text.rebuilt:
        draft.skip("offset.mismatch", f"{words[:60]!r} is not where it is said to be", place, words)
        return
    if where is None:
        draft.skip("offset.bad", "no start and end in the text", place, str(value))
        return
    if where.repair:
        draft.warn("offset.repaired", f"{where.repair}: {words!r}", place, action=REPAIRED)
    if shape(value) != "plain":
        ends = {end: value[end] for end in ("start", "end") if isinstance(value.get(end), str | int)}
        more["extra"] = {**more.get("extra", {}), **ends}
    draft.mention(key, map(str, labels), [where.raw], at=where.at, repair=where.repair, surface=words, **more)


class _Task:
    """A task while it is read."""

    def __init__(
        self, task: Mapping[str, Any], place: str, export: _Export, stored: Mapping[str, Any] | None = None
    ) -> None:
        self.task = task if stored is None else {key: one for key, one in task.items() if key not in _ANNOTATED}
        self.stored = stored
        self.place = place if place.startswith("/") else f"{place}:"
        self.export = export
        data = task["data"]
        regions, timed = _regions_of({**self.task, "annotations": [stored]} if stored else task)
        self.text = TaskText(data, regions, export.options.text_key, export.usual, timed)
        given = (data.get(DOCUMENT_ID), task.get("id"), task.get("inner_id"))
        id_ = next((one for one in given if isinstance(one, str | int)), place.strip("/"))
        self.draft = export.draft(id_, self.text, place, FORMAT)
        read = (DOCUMENT_ID, *self.text.keys)
        self.draft.metadata = flat({name: value for name, value in data.items() if name not in read})
        if isinstance(task.get("meta"), dict):
            self.draft.metadata |= flat(task["meta"], "meta.")
        self.answers: dict[str, dict[Value, None]] = defaultdict(dict)  # of people, about the whole text
        if about := _scalars(task, _OF_TASK):
            self.draft.extra["task"] = about

    def document(self) -> Document:
        """The task's document, each annotation's marks with its annotator."""
        if self.stored:
            self._annotation(self.stored, self.place.rstrip("/"))
        for sort in ("annotations", "completions"):
            for place, annotation in self._each(sort):
                self._annotation(annotation, place)
        if self.export.options.predictions:
            for place, prediction in self._each("predictions"):
                self._prediction(prediction, place)
        elif self.task.get("predictions"):
            self.export.tell(
                "annotation.prediction", "what a model proposed is read on request", self._at("predictions")
            )
        if self.task.get("drafts"):
            self.draft.warn("annotation.draft", "drafts are not read", self._at("drafts"))
        for name, values in self.answers.items():
            joined = "; ".join(map(str, values))
            self.draft.metadata[f"annotation.{name}"] = next(iter(values)) if len(values) == 1 else joined
        return self.draft.finish()

    def _at(self, path: str) -> str:
        return _below(self.place, path)

    def _each(self, sort: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        several = self.task.get(sort) or []
        if not isinstance(several, list):
            self.draft.skip("json.shape", f"{sort} is no list", self._at(sort), str(several))
            return
        for number, one in enumerate(several):
            place = self._at(f"{sort}/{number}")
            if isinstance(one, dict):
                yield place, one
            else:
                self.draft.skip("json.shape", f"one of {sort} that is no object", place, str(one))

    def _annotation(self, annotation: Mapping[str, Any], place: str) -> None:
        annotator = _annotator(annotation.get("completed_by")) or _annotator(annotation.get("created_username"))
        cancelled = bool(annotation.get("was_cancelled"))
        if annotator:
            self.draft.annotated_by(annotator, verdict="cancelled" if cancelled else "accept")
        about = _scalars(annotation, _OF_ANNOTATION) | ({"annotator": annotator} if annotator else {})
        self.draft.extra.setdefault("annotations", []).append(about)
        if cancelled:
            if annotation.get("result"):
                self.draft.warn("task.not-accepted", "its annotator cancelled it: not loaded", place)
        else:
            truth = {"ground_truth": True} if annotation.get("ground_truth") else {}
            self._results(annotation, place, annotator=annotator, extra=truth)

    def _prediction(self, prediction: Mapping[str, Any], place: str) -> None:
        version = str(prediction.get("model_version") or "model")
        score = _number(prediction.get("score"))
        self._results(prediction, place, annotator=version, origin="prediction", confidence=score)

    def _results(self, annotation: Mapping[str, Any], scope: str, **more: Any) -> None:
        results = annotation.get("result")
        if not isinstance(results, list):
            self.draft.skip("json.shape", "result is no list", _below(scope, "result"), str(results))
            return
        labelled: dict[Key, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
        others: list[tuple[str, Mapping[str, Any]]] = []
        for number, result in enumerate(results):
            place = _below(scope, f"result/{number}")
            if not isinstance(result, dict):
                self.draft.skip("json.shape", "a result that is no object", place, str(result))
            elif result.get("type") == "relation":
                self._relation(result, place, scope, more)
            elif not isinstance(result.get("value"), dict):
                self.draft.skip("json.shape", "a result without value", place, str(result))
            elif str(result.get("type")).endswith(LABELS):
                labelled[_key(scope, result, place)].append((place, result))
            else:
                others.append((place, result))
        for key, several in labelled.items():
            self._region(key, several, more)
        for place, result in others:
            self._other(_key(scope, result, place), result, place, more)

    def _region(self, key: Key, several: Sequence[tuple[str, Mapping[str, Any]]], more: Mapping[str, Any]) -> None:
        """One mention, with the labels of each control that labels it."""
        place, first = several[0]
        labels = dict.fromkeys(_values(first))
        for again, result in several[1:]:
            if _same_place(result["value"], first["value"]):
                labels |= dict.fromkeys(_values(result))
            else:
                self._mention(key, result, _values(result), again, more)
        self._mention(key, first, labels, place, more)

    def _mention(
        self, key: Key, result: Mapping[str, Any], labels: Iterable[Value], place: str, more: Mapping[str, Any]
    ) -> None:
        kept = {name: one for name in _OF_RESULT if (one := result.get(name)) and isinstance(one, str | int)}
        if isinstance(origin := result.get("origin"), str) and origin != "manual":
            kept["origin"] = origin
        if isinstance(name := result.get("to_name"), str) and name != CONTROLS["to_name"]:
            kept["to_name"] = name
        score = _number(result.get("score", result["value"].get("confidence")))
        given = {
            **more,
            "extra": {**more.get("extra", {}), **kept},
            "confidence": more.get("confidence") if score is None else score,
            "raw_id": _text(result.get("id")),
            "layer": _text(result.get("from_name")),
            "place": place,
        }
        _mark(self.draft, key, labels, result["value"], self.text, str(result.get("to_name") or ""), **given)
        self._meta(key, result.get("meta"), place, more)

    def _meta(self, key: Key, meta: Any, place: str, more: Mapping[str, Any]) -> None:
        """What stands beside a region: its text is a note, the rest attributes and links."""
        for name, value in meta.items() if isinstance(meta, dict) else ():
            for one in _several(value):
                if name == "text":
                    self.draft.note(key, NOTE, str(one), annotator=more.get("annotator"))
                elif name.startswith(LINK):
                    self.draft.link(key, Link(name.removeprefix(LINK), str(one)), place)
                else:
                    self.draft.attribute(key, name, one, place)

    def _other(self, key: Key, result: Mapping[str, Any], place: str, more: Mapping[str, Any]) -> None:
        """A choice, a text or a number: of the region with the same id, of one without a label, or of the document."""
        name = str(result.get("from_name") or result.get("type"))
        if not self.draft.knows(key):
            if _AREA.isdisjoint(result["value"]):
                self._of_the_document(name, _values(result), place, more)
                return
            value = {**result["value"], "text": words_of(result["value"])}
            self._mention(key, {**result, "value": value}, (), place, more)
            if not self.draft.knows(key):
                return
        values = _values(result)
        for one in values:
            self.draft.attribute(key, name, one, place)
        if not values:
            self.draft.warn("attribute.bad", f"{name} has no value", place)

    def _of_the_document(self, name: str, values: Sequence[Value], place: str, more: Mapping[str, Any]) -> None:
        if not values:
            self.draft.warn("attribute.bad", f"annotation.{name} has no value", place)
            return
        who = {key: more[key] for key in ("annotator", "origin", "confidence") if more.get(key) is not None}
        self.draft.extra.setdefault("answers", []).append({"name": name, "values": [*values], **who})
        if "origin" not in more:  # a model's answers stay apart
            self.answers[name] |= dict.fromkeys(values)

    def _relation(self, result: Mapping[str, Any], place: str, scope: str, more: Mapping[str, Any]) -> None:
        ends = [(scope, _text(result.get(name))) for name in ("from_id", "to_id")]
        if result.get("direction") == "left":
            ends.reverse()
        labels: list[str | None] = [str(label) for label in _several(result.get("labels"))]
        for number, label in enumerate(labels or [None]):
            self.draft.relation(
                ("relation", place, number),
                label,
                [("from", ends[0]), ("to", ends[1])],
                place=place,
                directed=result.get("direction") != "bi",
                **more,
            )


def _below(place: str, path: str) -> str:
    """A place in what stands at another place, which is a pointer or the number of a line and a colon."""
    return f"{place}{path}" if place.endswith(":") else f"{place}/{path}"


def _regions_of(task: Mapping[str, Any]) -> tuple[dict[str, list[Mapping[str, Any]]], set[str]]:
    """The regions of each object that is labelled, for finding its text; and the objects that are sounds or series."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    timed: set[str] = set()
    for annotation in (one for key in _ANNOTATED for one in _dicts(task.get(key))):
        for result in _dicts(annotation.get("result")):
            value = result.get("value")
            if isinstance(value, dict) and is_region(value):
                found[str(result.get("to_name") or "")].append(value)
                if is_timed(value) or "original_length" in result:
                    timed.add(str(result.get("to_name") or ""))
    return found, {name for name in timed if not any(map(words_of, found[name]))}


def _key(scope: str, result: Mapping[str, Any], place: str) -> Key:
    """Ids are those of an annotation; a region without one is referred to by nothing."""
    id_ = _text(result.get("id"))
    return (scope, id_) if id_ is not None else ("unnamed", place)


def _same_place(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(end) == other.get(end) for end in _ENDS)


def _values(result: Mapping[str, Any]) -> list[Value]:
    """What a control says: its labels or choices, the texts or the number given."""
    value, type_ = result["value"], str(result.get("type"))
    said = value.get(WRITTEN.get(type_, type_))
    return _several(value.get(LABELS) if said is None else said)


def _several(value: Any) -> list[Value]:
    """One value or several, as a list; nested taxonomies as paths."""
    if isinstance(value, str | int | float):
        return [value]
    several = value if isinstance(value, list) else []
    paths = [" / ".join(map(str, one)) if isinstance(one, list) else one for one in several]
    return [one for one in paths if isinstance(one, str | int | float)]


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _scalars(values: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Those of the values that are there, and are plain."""
    found = {key: one for key in keys if isinstance(one := values.get(key), str | int | float) and one is not False}
    return {key: str(one) if one in _ENDLESS else one for key, one in found.items()}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _annotator(value: Any) -> str | None:
    """The number of a user, which may stand behind the e-mail; where only that is given, what stands before the @."""
    if isinstance(value, dict):
        value = value.get("id", value.get("email"))
    if isinstance(value, str):
        email, _, number = value.strip().rpartition(", ")
        value = number if email and number.isdecimal() else value.strip()
    return str(value).partition("@")[0] if isinstance(value, str | int) and value != "" else None


# --- JSON-MIN ----------------------------------------------------------------------------------------------------


def read_min(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document a row, which is one annotation of a task. There are no relations in it."""
    export = _Export(file, options, diagnostics)
    for place, row in elements(file, diagnostics):
        if isinstance(row, dict):
            export.tell("format.no-relations", "JSON-MIN has no relations; export as JSON to have them")
            yield _row(row, place, export)
        else:
            export.refuse(place, "no row: an object is wanted", row)


def _row(row: Mapping[str, Any], place: str, export: _Export) -> Document:
    layers = {key: value for key, value in row.items() if _is_layer(value)}
    data = {key: value for key, value in row.items() if key not in _MIN_KEYS and key not in layers}
    regions = {"": [one for several in layers.values() for one in _dicts(several) if not is_timed(one)]}
    text = TaskText(data, regions, export.options.text_key, export.usual)
    given = (row.get(DOCUMENT_ID), row.get("id"))
    id_ = next((one for one in given if isinstance(one, str | int)), place.strip("/"))
    draft = export.draft(id_, text, place, MIN_FORMAT)
    draft.metadata = flat({name: value for name, value in data.items() if name not in (DOCUMENT_ID, *text.keys)})
    draft.extra |= {"annotation": about} if (about := _scalars(row, ("annotation_id", *_OF_ANNOTATION[1:4]))) else {}
    annotator = _annotator(row.get("annotator"))
    if annotator:
        draft.annotated_by(annotator, verdict="accept")
    spans = [(layer, number, one) for layer, several in layers.items() for number, one in enumerate(several)]
    known: dict[str, Key] = {}
    for layer, number, one in sorted(spans, key=lambda span: not _labels(span[2])):
        where = f"{place}/{layer}/{number}" if place.startswith("/") else f"{place}:{layer}/{number}"
        if not isinstance(one, dict):
            draft.skip("json.shape", "a span that is no object", where, str(one))
            continue
        labels, key, at = _labels(one), (layer, number), str([one.get(end) for end in _ENDS])
        if labels or at not in known:
            _mark(draft, key, labels, one, text, "", layer=layer, place=where, annotator=annotator)
            known.setdefault(at, key)
        for value in () if labels else _several(next((one[name] for name in _SAID if name in one), None)):
            draft.attribute(known[at], layer, value, where)  # of the span at the same place
    return draft.finish()


def _labels(span: Any) -> list[Value]:
    several = span.items() if isinstance(span, dict) else ()
    return next((_several(value) for name, value in several if name.endswith(LABELS)), [])


def _is_layer(value: Any) -> bool:
    """Whether these are the spans of a control, and no paragraphs of a text, which may have times."""
    return any(is_region(one) and (_labels(one) or any(name in one for name in _SAID)) for one in _dicts(value))


LABEL_STUDIO = Reader(FORMAT, "Label Studio JSON", claims, read, opens=JSON)
LABEL_STUDIO_MIN = Reader(MIN_FORMAT, "Label Studio JSON-MIN", claims_min, read_min, opens=JSON)
