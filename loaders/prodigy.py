"""Prodigy JSON Lines: spans, relations between tokens or spans, and the links of entity-linking recipes.

Offsets are code points, tokens count from 0. Only what was accepted is loaded unless the options say otherwise.
Specification: https://prodi.gy/docs/api-interfaces
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link
from loaders.files import File
from loaders.json_stream import elements, first_element
from loaders.reading import Draft, Key, Options, Reader, flat

FORMAT = "prodigy"
WORD = "TOKEN"  # the label of a word at which a relation ends without a span
ACCEPTED = ("accept",)

_MARKS = ("_input_hash", "_task_hash", "_view_id", "_session_id", "_annotator_id")


def claims(file: File, head: bytes) -> str | None:
    """Why these are Prodigy's tasks."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return None
    one = first_element(file)
    if not isinstance(one, dict) or not isinstance(one.get("text"), str):
        return None
    marks = [key for key in _MARKS if key in one]
    if "spans" in one and ("tokens" in one or "answer" in one or marks):
        return f"text with spans and {', '.join([*marks, *(key for key in ('tokens', 'answer') if key in one)][:3])}"
    return f"text with {marks[0]} and answer" if marks and "answer" in one else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document a task that was accepted; the others are counted as verdicts of the last document."""
    accepted = options.accept or ACCEPTED
    for place, task in elements(file, diagnostics):
        if not isinstance(task, dict) or not isinstance(task.get("text"), str):
            diagnostics.read += 1
            diagnostics.skipped += 1
            diagnostics.add("json.shape", file.path, "no task: an object with a text is wanted", place=place)
            continue
        answer = str(task.get("answer", "accept"))
        if answer in accepted:
            yield _Task(task, place, file, options, diagnostics, answer).document()
        else:
            diagnostics.add(
                "task.not-accepted", file.path, f"answered {answer!r}: not loaded", action="kept", place=place
            )


class _Task:
    """A task as it is read."""

    def __init__(
        self,
        task: Mapping[str, Any],
        place: str,
        file: File,
        options: Options,
        diagnostics: Diagnostics,
        answer: str,
    ) -> None:
        self.task = task
        self.place = place if place.startswith("/") else f"{place}:"
        self.answer = answer
        hash_ = task.get("_input_hash")
        id_ = f"{file.stem}-{place.strip('/')}" if hash_ is None else f"{file.stem}-{hash_}"
        self.draft = Draft(id_, task["text"], file, FORMAT, diagnostics, unit=options.unit or "codepoint")
        self.tokens = {
            token["id"]: (token["start"], token["end"])
            for token in _dicts(task.get("tokens"))
            if all(type(token.get(key)) is int for key in ("id", "start", "end"))
        }
        self.draft.tokens = list(self.tokens.values())
        self.draft.metadata = flat(task["meta"], "meta.") if isinstance(task.get("meta"), dict) else {}
        name = task.get("_annotator_id") or task.get("_session_id")
        self.annotator = None if name is None else str(name)

    def document(self) -> Document:
        """The task's document."""
        if self.annotator:
            self.draft.annotated_by(self.annotator, verdict=self.answer)
        spans = self.task.get("spans")
        for number, span in enumerate(spans if isinstance(spans, list) else []):
            self._span(span, self._at("spans", number))
        relations = self.task.get("relations")
        for number, relation in enumerate(relations if isinstance(relations, list) else []):
            self._relation(relation, self._at("relations", number))
        self._links()
        return self.draft.finish()

    def _at(self, key: str, number: int) -> str:
        return f"{self.place}/{key}/{number}".replace(":/", ":")

    def _span(self, span: Any, place: str) -> None:
        if not isinstance(span, dict):
            self.draft.skip("json.shape", "a span that is no object", place, str(span))
            return
        offsets = self._offsets(span)
        if offsets is None:
            self.draft.skip("offset.bad", "start and end are no numbers", place, str(span))
            return
        label, text = span.get("label"), span.get("text")
        key = self._key(offsets, label)
        self.draft.mention(
            key if not self.draft.knows(key) else (*key, place),
            [str(label)] if label is not None else [],
            [offsets],
            surface=text if isinstance(text, str) else None,
            place=place,
            annotator=self.annotator,
            status=self.answer,
            confidence=span["score"] if isinstance(span.get("score"), int | float) else None,
        )
        for scheme, name in (("kb", "kb_id"), ("id", "id")):
            if isinstance(span.get(name), str) and span[name]:
                self.draft.link(key, Link(scheme, span[name]), place)

    def _key(self, offsets: tuple[int, int], label: Any) -> tuple[Any, ...]:
        return "span", *offsets, None if label is None else str(label)

    def _offsets(self, span: Mapping[str, Any]) -> tuple[int, int] | None:
        start, end = span.get("start"), span.get("end")
        if type(start) is int and type(end) is int:
            return start, end
        first, last = self.tokens.get(span.get("token_start")), self.tokens.get(span.get("token_end"))
        return (first[0], last[1]) if first and last else None

    def _relation(self, relation: Any, place: str) -> None:
        if not isinstance(relation, dict):
            self.draft.skip("json.shape", "a relation that is no object", place, str(relation))
            return
        ends = [self._end(relation, name, place) for name in ("head", "child")]
        label = relation.get("label")
        if None in ends:
            self.draft.skip("ref.dangling", "head or child is no span and no token", place, str(relation))
            return
        self.draft.relation(
            ("relation", place),
            None if label is None else str(label),
            [("head", ends[0]), ("child", ends[1])],
            place=place,
            annotator=self.annotator,
            status=self.answer,
        )

    def _end(self, relation: Mapping[str, Any], name: str, place: str) -> Key | None:
        """What a relation ends at: the span at these offsets, else the span that the token ends, else the token."""
        span = relation.get(f"{name}_span")
        offsets = self._offsets(span) if isinstance(span, dict) else None
        token = relation.get(name)
        if offsets is None and isinstance(token, int):
            offsets = self._span_ending(token) or self.tokens.get(token)
        if offsets is None:
            return None
        label, key = span.get("label") if isinstance(span, dict) else None, self._key(offsets, WORD)
        for wanted in (self._key(offsets, label), self._at_offsets(offsets), key):
            if wanted and self.draft.knows(wanted):
                return wanted
        self.draft.mention(
            key,
            [WORD],
            [offsets],
            place=place,
            annotator=self.annotator,
            status=self.answer,
            extra={"extent": "token"},
        )
        return key

    def _span_ending(self, token: int) -> tuple[int, int] | None:
        spans = _dicts(self.task.get("spans"))
        return next((self._offsets(span) for span in spans if span.get("token_end") == token), None)

    def _at_offsets(self, offsets: tuple[int, int]) -> tuple[Any, ...] | None:
        for span in _dicts(self.task.get("spans")):
            if self._offsets(span) == offsets:
                return self._key(offsets, span.get("label"))
        return None

    def _links(self) -> None:
        """The choices of an entity-linking recipe are the links of its one span."""
        spans, accepted = _dicts(self.task.get("spans")), self.task.get("accept")
        if not isinstance(accepted, list) or len(spans) != 1 or not (offsets := self._offsets(spans[0])):
            return
        for choice in accepted:
            scheme = "wikidata" if str(choice)[:1] == "Q" and str(choice)[1:].isdigit() else "choice"
            self.draft.link(self._key(offsets, spans[0].get("label")), Link(scheme, str(choice)), self.place.strip(":"))


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


PRODIGY = Reader(FORMAT, "Prodigy JSON Lines", claims, read)
