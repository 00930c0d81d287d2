"""Label Studio: JSON exports of tasks with annotations and predictions, the flat JSON-MIN, and tasks to be imported.

Offsets of `Text` are code points (UTF-16 in old exports: found out from the words stated). In an export a relation has
no id, `left` means reversed, `bi` undirected. Specification: https://labelstud.io/guide/export
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from loaders.diagnostics import Diagnostics
from loaders.document import Annotation, Document, Mention, Value
from loaders.files import File
from loaders.json_stream import elements, first_element
from loaders.offsets import same_words
from loaders.reading import Draft, Options, Reader, flat
from loaders.writing import Losses, Writer

FORMAT, MIN_FORMAT = "label-studio", "label-studio-min"
CONTROLS = {"from_name": "label", "to_name": "text"}

_LABELS = re.compile(r"(?:hyper|paragraph|timeseries|rectangle|polygon|brush|ellipse|keypoint)?labels")
_BLANK = b"\xef\xbb\xbf \t\r\n"
_SPAN_KEYS = {"start", "end", "text", "globalOffsets", "startOffset", "endOffset"}
_MIN_KEYS = {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement"}


def claims(file: File, head: bytes) -> str | None:
    """Why this is a full JSON export."""
    task = first_element(file) if head.lstrip(_BLANK)[:1] in (b"[", b"{") else None
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        return None
    annotated = next((key for key in ("annotations", "completions", "predictions") if key in task), None)
    return f"tasks with data and {annotated}" if annotated else None


def claims_min(file: File, head: bytes) -> str | None:
    """Why this is a JSON-MIN export."""
    row = first_element(file) if head.lstrip(_BLANK)[:1] in (b"[", b"{") else None
    keys = {"annotation_id", "annotator", "lead_time"}
    return f"rows with {', '.join(sorted(keys))}" if isinstance(row, dict) and keys <= row.keys() else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document a task."""
    for place, task in elements(file, diagnostics):
        if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
            _refuse(file, diagnostics, place, "no task: an object with data is wanted")
            continue
        yield _Task(task, place, file, options, diagnostics).document()


def _refuse(file: File, diagnostics: Diagnostics, place: str, message: str) -> None:
    diagnostics.read += 1
    diagnostics.skipped += 1
    diagnostics.add("json.shape", file.path, message, place=place)


class _Task:
    """A task as it is read."""

    def __init__(
        self, task: Mapping[str, Any], place: str, file: File, options: Options, diagnostics: Diagnostics
    ) -> None:
        self.task = task
        self.place = place if place.startswith("/") else ""
        self.options = options
        key = _text_key(task["data"], _spans_of(task), options.text_key)
        text = task["data"].get(key) if key else None
        id_ = str(task.get("id") or task.get("inner_id") or place.strip("/"))
        self.draft = Draft(id_, text if isinstance(text, str) else "", file, FORMAT, diagnostics)
        self.draft.unit = options.unit or "codepoint"
        self.draft.metadata = flat({name: value for name, value in task["data"].items() if name != key})
        if isinstance(task.get("meta"), dict):
            self.draft.metadata |= flat(task["meta"], "meta.")
        if not isinstance(text, str):
            self.draft.text_origin = "missing"
            self.draft.warn("text.missing", "no text in data fits the spans; --profile can name its key", self.place)

    def document(self) -> Document:
        """The task's document, each annotation's marks with its annotator."""
        for sort in ("annotations", "completions"):
            for number, annotation in enumerate(_dicts(self.task.get(sort))):
                self._annotation(annotation, f"{self.place}/{sort}/{number}")
        if self.options.predictions:
            for number, prediction in enumerate(_dicts(self.task.get("predictions"))):
                self._prediction(prediction, f"{self.place}/predictions/{number}")
        if _dicts(self.task.get("drafts")):
            self.draft.warn("annotation.draft", "drafts are not read", self.place)
        return self.draft.finish()

    def _annotation(self, annotation: Mapping[str, Any], place: str) -> None:
        annotator = _annotator(annotation.get("completed_by"))
        cancelled = bool(annotation.get("was_cancelled"))
        if annotator:
            self.draft.annotated_by(annotator, verdict="cancelled" if cancelled else "accept")
        if not cancelled:
            truth = {"ground_truth": True} if annotation.get("ground_truth") else {}
            self._results(annotation, place, annotator=annotator, extra=truth)

    def _prediction(self, prediction: Mapping[str, Any], place: str) -> None:
        version = str(prediction.get("model_version") or "model")
        self._results(prediction, place, annotator=version, origin="prediction", confidence=prediction.get("score"))

    def _results(self, annotation: Mapping[str, Any], place: str, **more: Any) -> None:
        results = annotation.get("result")
        scope = str(annotation.get("id", place))
        if not isinstance(results, list):
            self.draft.skip("json.shape", "result is no list", f"{place}/result", str(results))
            return
        for number, result in enumerate(results):
            where = f"{place}/result/{number}"
            if not isinstance(result, dict):
                self.draft.skip("json.shape", "a result that is no object", where, str(result))
            elif result.get("type") == "relation":
                self._relation(result, where, scope, more)
            else:
                self._region(result, where, scope, more)

    def _region(self, result: Mapping[str, Any], place: str, scope: str, more: Mapping[str, Any]) -> None:
        value, type_ = result.get("value"), str(result.get("type"))
        if not isinstance(value, dict):
            self.draft.skip("json.shape", "a result without value", place, str(result))
            return
        values = _choices(value.get(type_, value.get("labels")))
        if _SPAN_KEYS.isdisjoint(value):
            self._of_the_document(result, values, place)
        elif _LABELS.fullmatch(type_):
            self._span(result, value, values, place, scope, more)
        else:  # a choice, a text, a number on a region that stands as a span of the same id
            for one in values:
                self.draft.attribute((scope, result.get("id")), str(result.get("from_name", type_)), one, place)

    def _of_the_document(self, result: Mapping[str, Any], values: Sequence[Value], place: str) -> None:
        name = f"annotation.{result.get('from_name', result.get('type'))}"
        if values:
            self.draft.metadata[name] = values[0] if len(values) == 1 else "; ".join(map(str, values))
        else:
            self.draft.warn("attribute.bad", f"{name} has no value", place)

    def _span(
        self,
        result: Mapping[str, Any],
        value: Mapping[str, Any],
        labels: Sequence[Value],
        place: str,
        scope: str,
        more: Mapping[str, Any],
    ) -> None:
        offsets = self._offsets(value)
        if offsets is None:
            self.draft.skip("offset.bad", "start and end are no numbers", place, str(value))
            return
        surface = value.get("text")
        given = {**more, "confidence": result.get("score", more.get("confidence"))}
        self.draft.mention(
            (scope, result.get("id")),
            map(str, labels),
            [offsets],
            surface=surface if isinstance(surface, str) and surface else None,
            raw_id=str(result["id"]) if result.get("id") is not None else None,
            place=place,
            layer=str(result["from_name"]) if result.get("from_name") else None,
            **given,
        )
        for key, one in (result.get("meta") or {}).items() if isinstance(result.get("meta"), dict) else ():
            for text in _choices(one):
                self.draft.attribute((scope, result.get("id")), f"meta.{key}", text, place)

    def _offsets(self, value: Mapping[str, Any]) -> tuple[int, int] | None:
        """Of a text, of a rendered hypertext, or of a paragraph that is the whole text."""
        around = value.get("globalOffsets")
        start, end = (around or value).get("start"), (around or value).get("end")
        if isinstance(value.get("startOffset"), int) and not isinstance(around, dict):
            start, end = value.get("startOffset"), value.get("endOffset")
        return (start, end) if type(start) is int and type(end) is int else None

    def _relation(self, result: Mapping[str, Any], place: str, scope: str, more: Mapping[str, Any]) -> None:
        ends = [("from", (scope, result.get("from_id"))), ("to", (scope, result.get("to_id")))]
        if result.get("direction") == "left":
            ends = [("from", ends[1][1]), ("to", ends[0][1])]
        labels: list[str | None] = [str(label) for label in _choices(result.get("labels"))]
        for label in labels or [None]:
            self.draft.relation(
                ("relation", place, label), label, ends, place=place, directed=result.get("direction") != "bi", **more
            )


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _choices(value: Any) -> list[Value]:
    """One value or several, as a list; nested taxonomies as paths."""
    if isinstance(value, str | int | float):
        return [value]
    several = value if isinstance(value, list) else []
    return [" / ".join(map(str, one)) if isinstance(one, list) else one for one in several if not isinstance(one, dict)]


def _annotator(value: Any) -> str | None:
    """The number of a user; where only an e-mail is given, what stands before the @."""
    if isinstance(value, dict):
        value = value.get("id", value.get("email"))
    return None if value is None else str(value).partition("@")[0]


def _spans_of(task: Mapping[str, Any]) -> list[tuple[int, int, str]]:
    """Start, end and words of the task's spans, for finding its text."""
    found = []
    for annotation in (one for key in ("annotations", "completions", "predictions") for one in _dicts(task.get(key))):
        for result in _dicts(annotation.get("result")):
            value = result.get("value")
            if isinstance(value, dict) and isinstance(value.get("text"), str) and type(value.get("start")) is int:
                found.append((value["start"], value.get("end"), value["text"]))
    return [(start, end, words) for start, end, words in found if type(end) is int]


def _text_key(data: Mapping[str, Any], spans: Sequence[tuple[int, int, str]], given: str | None) -> str | None:
    """The key of data that holds the text: the one given, the only one, or the one that most spans fit."""
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    if given:
        return given if given in texts else None
    if len(texts) < 2 or not spans:
        return next((key for key in ("text", *texts) if key in texts), None)
    fits = {key: sum(same_words(text[a:b], words) for a, b, words in spans) for key, text in texts.items()}
    return max(fits, key=lambda key: (fits[key], key == "text", len(texts[key])))


# --- JSON-MIN ----------------------------------------------------------------------------------------------------


def read_min(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document a row, which is one annotation of a task. There are no relations in it."""
    told = False
    for place, row in elements(file, diagnostics):
        if not isinstance(row, dict):
            _refuse(file, diagnostics, place, "no row: an object is wanted")
            continue
        if not told:
            message = "JSON-MIN has no relations; export as JSON to have them"
            diagnostics.add("format.no-relations", file.path, message, action="kept")
            told = True
        yield _row(row, place, file, options, diagnostics)


def _row(row: Mapping[str, Any], place: str, file: File, options: Options, diagnostics: Diagnostics) -> Document:
    spans = {key: _dicts(value) for key, value in row.items() if _dicts(value)}
    stated = [
        (one["start"], one["end"], one["text"])
        for several in spans.values()
        for one in several
        if type(one.get("start")) is int and type(one.get("end")) is int and isinstance(one.get("text"), str)
    ]
    data = {key: value for key, value in row.items() if key not in _MIN_KEYS}
    key = _text_key(data, stated, options.text_key)
    text = str(row.get(key, "")) if key else ""
    draft = Draft(str(row.get("id", place.strip("/"))), text, file, MIN_FORMAT, diagnostics)
    draft.unit = options.unit or "codepoint"
    draft.metadata = flat({name: value for name, value in data.items() if name != key and name not in spans})
    annotator = _annotator(row.get("annotator"))
    if annotator:
        draft.annotated_by(annotator, verdict="accept")
    for layer, several in spans.items():
        for number, one in enumerate(several):
            where = f"{place}/{layer}/{number}"
            start, end = one.get("start"), one.get("end")
            if type(start) is not int or type(end) is not int:
                draft.skip("offset.bad", "start and end are no numbers", where, str(one))
                continue
            labels = next((_choices(value) for name, value in one.items() if _LABELS.fullmatch(name)), [])
            surface = one["text"] if isinstance(one.get("text"), str) and one["text"] else None
            draft.mention(
                (layer, number), map(str, labels), [(start, end)], surface=surface, layer=layer, place=where,
                annotator=annotator,
            )  # fmt: skip
    return draft.finish()


# --- writing -----------------------------------------------------------------------------------------------------


def write(documents: Iterable[Document], losses: Losses) -> Iterator[tuple[str, bytes]]:
    """One file of tasks, ready to be imported: marks as annotations, proposed ones as predictions."""
    lead = b"[\n"
    for document in documents:
        yield "tasks.json", lead + orjson.dumps(_task(document, losses))
        lead = b",\n"
    yield "tasks.json", b"\n]\n" if lead == b",\n" else b"[]\n"


def _task(document: Document, losses: Losses) -> dict[str, Any]:
    losses["events"] += len(document.events)
    losses["clusters"] += len(document.clusters)
    losses["notes"] += len(document.notes)
    task: dict[str, Any] = {"data": {"text": document.text, "document": document.id, **document.metadata}}
    makers = dict.fromkeys((one.origin == "prediction", one.annotator) for one in document.annotations)
    for number, (proposed, annotator) in enumerate(makers):
        results = [*_results(document, proposed, annotator, losses)]
        if proposed:
            task.setdefault("predictions", []).append({"model_version": annotator or "suggestions", "result": results})
        else:
            by = {"completed_by": int(annotator)} if annotator and annotator.isdigit() else {}
            task.setdefault("annotations", []).append({"id": number + 1, **by, "result": results})
    return task


def _results(document: Document, proposed: bool, annotator: str | None, losses: Losses) -> Iterator[dict[str, Any]]:
    def mine(one: Annotation) -> bool:
        return (one.origin == "prediction", one.annotator) == (proposed, annotator)

    written = {one.id for one in document.mentions if len(one.fragments) == 1}
    for mention in filter(mine, document.mentions):
        if mention.id in written:
            yield from _region(document, mention)
        else:
            losses["mentions in several pieces, or none"] += 1
    for relation in filter(mine, document.relations):
        ends = [target for _, target in relation.args]
        if len(ends) == 2 and written.issuperset(ends):
            losses["attributes of relations"] += len(relation.attributes)
            yield {
                "type": "relation",
                "from_id": ends[0],
                "to_id": ends[1],
                "direction": "right" if relation.directed else "bi",
                "labels": [relation.type] if relation.type else [],
            }
        else:
            losses["relations of other than two mentions"] += 1


def _region(document: Document, mention: Mention) -> Iterator[dict[str, Any]]:
    ((start, end),) = mention.fragments
    place = {"start": start, "end": end, "text": document.text[start:end]}
    labels = {"type": "labels", "value": {**place, "labels": list(mention.types)}}
    score = {} if mention.confidence is None else {"score": mention.confidence}
    meta = {name: list(values) for name, values in mention.attributes.items()}
    meta |= {f"link.{link.scheme}": [link.id] for link in mention.links}
    yield {"id": mention.id, **CONTROLS, **labels, **score, **({"meta": meta} if meta else {})}


LABEL_STUDIO = Reader(FORMAT, "Label Studio JSON", claims, read)
LABEL_STUDIO_MIN = Reader(MIN_FORMAT, "Label Studio JSON-MIN", claims_min, read_min)
LABEL_STUDIO_WRITER = Writer(FORMAT, "Label Studio tasks (JSON)", write)
