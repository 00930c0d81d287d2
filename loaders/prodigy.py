"""Prodigy JSON Lines: spans, relations between tokens or spans, and the links of entity-linking recipes.

Offsets are code points, tokens count from 0. Only what was accepted is loaded unless the options say otherwise.
Specification: https://prodi.gy/docs/api-interfaces
"""

from __future__ import annotations

import re
import string
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import orjson

from loaders.diagnostics import AS_IS, REPAIRED, Diagnostics
from loaders.document import Annotator, Document, Fragment, Link, Mention, Relation
from loaders.files import File, opening
from loaders.html_text import html_text
from loaders.json_stream import elements, first_element
from loaders.links import address_of, link_to
from loaders.offsets import same_words
from loaders.reading import JSON, Draft, Key, Options, Reader, flat
from loaders.rebuilt import aligned
from loaders.writing import DOCUMENT_ID, Losses, Writer, cannot_hold, in_pairs

FORMAT = "prodigy"
WORD = "TOKEN"  # the label of a word at which a relation ends without a span
ACCEPTED = ("accept",)
META = "meta."  # before the keys of a task's meta

_MARKS = ("_input_hash", "_task_hash", "_view_id", "_session_id", "_annotator_id")
_OWN = ("text", "tokens", "spans", "relations", "meta", "answer", "options")
_WIKIDATA = re.compile(r"[QP]\d+")
_PUNCTUATION = re.escape(string.punctuation + "“”‘’„«»‹›…–—、。「」！？，；：（）《》។៕")
_TOKEN = re.compile(rf"[{_PUNCTUATION}]|[^\s{_PUNCTUATION}]+")


def claims(file: File, head: bytes) -> str | None:
    """Why these are Prodigy's tasks."""
    if opening(head)[:1] not in (b"{", b"["):
        return None
    one = first_element(file)
    if not isinstance(one, dict) or not isinstance(one.get("text"), str):
        return None
    marks = [key for key in _MARKS if key in one]
    if "spans" in one and ("tokens" in one or "answer" in one or marks):
        return f"text with spans and {', '.join([*marks, *(key for key in ('tokens', 'answer') if key in one)][:3])}"
    return f"text with {marks[0]} and answer" if marks and "answer" in one else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document a task that was accepted. The others count as verdicts, of the document before them (or the first).

    A text that two have annotated is two tasks, and two documents of one id.
    """
    accepted = options.accept or ACCEPTED
    held: Document | None = None
    verdicts: Counter[tuple[str, str]] = Counter()
    for place, task in elements(file, diagnostics):
        if not isinstance(task, dict) or not isinstance(task.get("text"), str):
            told = "no task: an object with a text is wanted"
            diagnostics.lose("json.shape", file.path, told, place=place, excerpt=str(task))
            continue
        answer = str(task.get("answer", "accept"))
        if answer in accepted:
            draft = Draft(_id(task, file, place), task["text"], file, FORMAT, diagnostics)
            draft.unit = options.unit or "codepoint"
            document = _Task(task, place, draft, answer).document()
            if held:
                yield _judged(held, verdicts)
                verdicts.clear()
            held = document
            continue
        told = f"answered {answer!r}: not loaded"
        diagnostics.add("task.not-accepted", file.path, told, action=AS_IS, place=place)
        if by := _annotator(task):
            verdicts[by, answer] += 1
    if held:
        yield _judged(held, verdicts)


def _judged(document: Document, verdicts: Mapping[tuple[str, str], int]) -> Document:
    """The document with further verdicts of its annotators, and of others."""
    annotators = {one.id: one for one in document.annotators}
    for (id_, answer), times in verdicts.items():
        one = annotators.setdefault(id_, Annotator(id=id_))
        annotators[id_] = replace(one, verdicts={**one.verdicts, answer: one.verdicts.get(answer, 0) + times})
    return replace(document, annotators=tuple(annotators.values())) if verdicts else document


def _id(task: Mapping[str, Any], file: File, place: str) -> str:
    """Ours where it has one; the hash of the text, which is the same in every file; else where it stands."""
    meta, hash_ = task.get("meta"), task.get("_input_hash")
    if isinstance(meta, dict) and isinstance(meta.get(DOCUMENT_ID), str):
        return str(meta[DOCUMENT_ID])
    return f"{FORMAT}-{hash_}" if isinstance(hash_, str | int) else f"{file.stem}-{place.strip('/')}"


def _annotator(task: Mapping[str, Any]) -> str | None:
    names = (task.get("_annotator_id"), task.get("_session_id"))
    return next((str(name) for name in names if name and name != "None" and isinstance(name, str | int)), None)


class _Task:
    """A task as it is read."""

    def __init__(self, task: Mapping[str, Any], place: str, draft: Draft, answer: str) -> None:
        self.task = task
        self.place = f"{place}/" if place.startswith("/") else f"{place}:"
        self.draft = draft
        self.annotator = _annotator(task)
        self.given: dict[str, Any] = {"annotator": self.annotator, "status": answer}
        tokens = [one for one in _list(task.get("tokens")) if isinstance(one, dict) and type(one.get("id")) is int]
        words = {one["id"]: one.get("text") for one in tokens if _pair(one, "start", "end")}
        self.tokens = {one["id"]: (one["start"], one["end"]) for one in tokens if one["id"] in words}
        self.sure = {id_: at for id_, at in self.tokens.items() if draft.text[slice(*at)] == words[id_]}
        self.moved: tuple[dict[int, int], dict[int, int]] | None = None  # starts and ends of tokens, as they should be
        if len(self.sure) < len(self.tokens) and (found := aligned(draft.text, [*words.values()])):
            self._move(found)
        self.at: dict[Fragment, Key] = {}  # the first span there
        self.ending: dict[int, Key] = {}  # the first span whose last token has this number
        self.ends: dict[int, Key] = {}  # the first span that ends at this offset
        draft.tokens = [*self.tokens.values()]
        if isinstance(meta := task.get("meta"), dict):
            draft.metadata = flat({key: value for key, value in meta.items() if key != DOCUMENT_ID}, META)
        draft.extra = {
            key: value for key, value in task.items() if key not in _OWN and isinstance(value, str | int | float)
        }

    def _move(self, found: list[Fragment]) -> None:
        """Puts the tokens where their words stand in the text: it is not the text that their offsets are of."""
        pairs = [*zip(self.tokens.values(), found, strict=True)]
        self.moved = {old[0]: new[0] for old, new in pairs}, {old[1]: new[1] for old, new in pairs}
        self.tokens = self.sure = dict(zip(self.tokens, found, strict=True))
        told = "offsets are of another text than that given; spans stand where their tokens do"
        self.draft.warn("offset.repaired", told, self.place.rstrip("/:"), action=REPAIRED)

    def document(self) -> Document:
        """The task's document."""
        if self.annotator:
            self.draft.annotated_by(self.annotator, verdict=self.given["status"])
        for number, span in enumerate(_list(self.task.get("spans"))):
            self._span(span, f"{self.place}spans/{number}")
        for number, relation in enumerate(_list(self.task.get("relations"))):
            self._relation(relation, f"{self.place}relations/{number}")
        self._choices(_list(self.task.get("accept")))
        return self.draft.finish()

    # --- spans

    def _span(self, span: Any, place: str) -> None:
        if not isinstance(span, dict):
            self.draft.skip("json.shape", "a span that is no object", place, str(span))
            return
        offsets = self._offsets(span)
        if offsets is None:
            self.draft.skip("offset.bad", "start and end are no numbers", place, str(span))
            return
        key = _key(offsets, span)
        key = (*key, place) if self.draft.knows(key) else key
        self._mention(key, span, offsets, [] if span.get("label") is None else [str(span["label"])], place)
        self.at.setdefault(offsets, key)
        self.ends.setdefault(offsets[1], key)
        if type(last := span.get("token_end")) is int:
            self.ending.setdefault(last, key)
        for name in ("kb_id", "id"):
            if isinstance(id_ := span.get(name), str) and id_:
                self.draft.link(key, _link(id_), place)

    def _mention(
        self, key: Key, span: Mapping[str, Any], offsets: Fragment, labels: list[str], place: str, **more: Any
    ) -> None:
        text, score = span.get("text"), span.get("score")
        if isinstance(text, str) and self._is_stale(text, span, offsets):
            found = self.draft.text[slice(*offsets)]
            told = f"its tokens and offsets are {found[:60]!r}, its text is {text[:60]!r}, which is left aside"
            self.draft.warn("offset.mismatch", told, place)
            text, more = None, {**more, "extra": {**more.get("extra", {}), "text": text}}
        if self.moved:
            more = {**more, "at": [offsets], "repair": "tokens"}
        self.draft.mention(
            key,
            labels,
            [_pair(span, "start", "end") or offsets],
            surface=text if isinstance(text, str) else None,
            place=place,
            confidence=score if isinstance(score, int | float) else None,
            **self.given,
            **more,
        )

    def _is_stale(self, text: str, span: Mapping[str, Any], offsets: Fragment) -> bool:
        """Whether a text is not that of a span whose tokens, offsets and all, are those of the task.

        Recipes that correct a model's spans leave the model's words where somebody drew a span anew.
        """
        if same_words(self.draft.text[slice(*offsets)], text):
            return False
        first, last = (self.sure.get(token) for token in _pair(span, "token_start", "token_end") or (None, None))
        return first is not None and last is not None and (first[0], last[1]) == offsets

    def _offsets(self, span: Mapping[str, Any]) -> Fragment | None:
        """Where a span stands: its own offsets, else from its first token to its last."""
        tokens, offsets = _pair(span, "token_start", "token_end"), _pair(span, "start", "end")
        if offsets and self.moved and not tokens:
            start, end = self.moved[0].get(offsets[0]), self.moved[1].get(offsets[1])
            return (start, end) if start is not None and end is not None else None
        if offsets and not self.moved:
            return offsets
        first, last = (self.tokens.get(token) for token in tokens) if tokens else (None, None)
        return (first[0], last[1]) if first and last else None

    # --- relations

    def _relation(self, relation: Any, place: str) -> None:
        if not isinstance(relation, dict):
            self.draft.skip("json.shape", "a relation that is no object", place, str(relation))
            return
        ends = [self._end(relation, name, place) for name in ("head", "child")]
        label = relation.get("label")
        if None in ends:
            self.draft.skip("ref.dangling", "head or child is no span and no token", place, str(relation))
            return
        args = [("head", ends[0]), ("child", ends[1])]
        self.draft.relation(("relation", place), None if label is None else str(label), args, place=place, **self.given)

    def _end(self, relation: Mapping[str, Any], name: str, place: str) -> Key | None:
        """What a relation ends at: the span at these offsets, else the span that the token ends, else the token."""
        given = relation.get(f"{name}_span")
        span: Mapping[str, Any] = given if isinstance(given, dict) else {}
        offsets, token = self._offsets(span), relation.get(name)
        if offsets is None and type(token) is int:
            offsets = self.tokens.get(token)
            if found := self.ending.get(token) or (self.ends.get(offsets[1]) if offsets else None):
                return found
        if offsets is None:
            return None
        exact = _key(offsets, span)
        if self.draft.knows(exact):
            return exact
        return self.at.get(offsets) or self._word(offsets, span, place)

    def _word(self, offsets: Fragment, span: Mapping[str, Any], place: str) -> Key:
        """A mention for an end that no span stands for: labelled as the relation says, or a bare token."""
        label = span.get("label")
        key = _key(offsets, span) if label is not None else ("span", *offsets, WORD)
        if not self.draft.knows(key):
            more = {} if label is not None else {"extra": {"extent": "token"}}
            self._mention(key, span, offsets, [WORD if label is None else str(label)], place, **more)
        return key

    # --- choices

    def _choices(self, accepted: list[Any]) -> None:
        """The choices of an entity-linking recipe are the links of its one span, others are said of the text."""
        chosen = [str(choice) for choice in accepted if isinstance(choice, str | int)]
        if not chosen:
            return
        if len(self.at) != 1:
            self.draft.metadata["accept"] = "; ".join(chosen)
            return
        options = [one for one in _list(self.task.get("options")) if isinstance(one, dict)]
        said = {str(one.get("id")): one.get("text") or one.get("html") for one in options}
        (key,) = self.at.values()
        for choice in chosen:
            scheme = "wikidata" if _WIKIDATA.fullmatch(choice) else "choice"
            words = said.get(choice)
            label = html_text(words)[0].strip() if isinstance(words, str) else None
            self.draft.link(key, Link(scheme, choice, label or None), f"{self.place}accept")


def _key(offsets: Fragment, span: Mapping[str, Any]) -> tuple[Any, ...]:
    label = span.get("label")
    return "span", *offsets, None if label is None else str(label)


def _link(id_: str) -> Link:
    """An address, an id with its scheme before it, a Wikidata id, or whatever the task's knowledge base is."""
    if "://" in id_:
        return link_to(id_)
    scheme, colon, rest = id_.partition(":")
    if colon and scheme and rest:
        return Link(scheme, rest)
    return Link("wikidata" if _WIKIDATA.fullmatch(id_) else "kb", id_)


def _pair(values: Mapping[str, Any], start: str, end: str) -> Fragment | None:
    first, last = values.get(start), values.get(end)
    return (first, last) if type(first) is int and type(last) is int else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


# --- writing -----------------------------------------------------------------------------------------------------


def write(documents: Iterable[Document], losses: Losses) -> Iterator[tuple[str, bytes]]:
    """JSON Lines: a task for everybody who annotated a document, with tokens that no span cuts."""
    for whole in documents:
        document = in_pairs(whole, losses, attributes=False)
        cannot_hold(document, losses, "verdicts", "layers", "undirected relations")
        losses["clusters"] += len(document.clusters)
        losses["notes"] += len(document.notes)
        marks: dict[tuple[str | None, bool], list[Mention | Relation]] = defaultdict(list)
        for mention in document.mentions:
            marks[mention.annotator, mention.origin == "prediction"].append(mention)
        for relation in document.relations:
            marks[relation.annotator, relation.origin == "prediction"].append(relation)
        for (annotator, proposed), mine in (marks or {(None, True): []}).items():
            by = {"_annotator_id": annotator, "_session_id": annotator} if annotator else {}
            answer = {} if proposed else {"answer": "accept"}
            task = _Written(document, mine, losses).task()
            yield "annotations.jsonl", orjson.dumps({**task, **answer, **by}) + b"\n"


class _Written:
    """One annotator's marks on a document as a task."""

    def __init__(self, document: Document, marks: Iterable[Mention | Relation], losses: Losses) -> None:
        self.document = document
        self.losses = losses
        self.relations = [one for one in marks if isinstance(one, Relation)]
        mentions = [one for one in marks if isinstance(one, Mention)]
        self.mentions = {one.id: one for one in mentions if len(one.fragments) == 1}
        losses["mentions in several pieces, or none"] += len(mentions) - len(self.mentions)
        tied = {target for relation in self.relations for _, target in relation.args}
        first = {(one.fragments, one.types[:1]): one.id for one in reversed(self.mentions.values())}
        alike = [
            id_ for id_, one in self.mentions.items() if id_ in tied and first[one.fragments, one.types[:1]] != id_
        ]
        losses["tied marks of the same words with the same label"] += len(alike)
        for id_ in alike:  # a relation names its ends by words and label
            del self.mentions[id_]
        self.tokens = _tokens(document, {at for one in self.mentions.values() for at in one.fragments[0]})
        self.starts = [start for start, _ in self.tokens]
        self.ends = [end for _, end in self.tokens]

    def task(self) -> dict[str, Any]:
        """The task as JSON values."""
        text = self.document.text
        tokens = [
            {"text": text[start:end], "start": start, "end": end, "id": number, "ws": text[end : end + 1].isspace()}
            for number, (start, end) in enumerate(self.tokens)
        ]
        language = {"language": self.document.language} if self.document.language else {}
        metadata = {key.removeprefix(META): value for key, value in self.document.metadata.items()}
        return {
            "text": text,
            "meta": {**language, **metadata, DOCUMENT_ID: self.document.id},
            "tokens": tokens,
            "spans": [self._span(one) for one in self.mentions.values() if not _is_word(one)],
            "relations": [*self._relations()],
        }

    def _span(self, mention: Mention) -> dict[str, Any]:
        self.losses["further labels of a mention"] += max(len(mention.types) - 1, 0)
        self.losses["further links of a mention"] += max(len(mention.links) - 1, 0)
        self.losses["attributes of mentions"] += len(mention.attributes)
        start, end = mention.fragments[0]
        link = {"kb_id": address_of(mention.links[0])} if mention.links else {}
        score = {} if mention.confidence is None else {"score": mention.confidence}
        return {**self._place(mention), "text": self.document.text[start:end], **link, **score}

    def _place(self, mention: Mention) -> dict[str, Any]:
        start, end = mention.fragments[0]
        first, last = bisect_left(self.starts, start), bisect_right(self.ends, end) - 1
        tokens = {"token_start": first, "token_end": last} if first <= last else {}
        label = None if _is_word(mention) or not mention.types else mention.types[0]
        return {"start": start, "end": end, **tokens, "label": label}

    def _relations(self) -> Iterator[dict[str, Any]]:
        for relation in self.relations:
            ends = [self.mentions.get(target) for _, target in relation.args]
            head, child = ends if len(ends) == 2 else (None, None)
            if head is None or child is None:
                self.losses["relations of other than two mentions of one annotator"] += 1
                continue
            self.losses["attributes of relations"] += len(relation.attributes)
            self.losses["confidences of relations"] += relation.confidence is not None
            spans = {"head_span": self._place(head), "child_span": self._place(child)}
            tokens = {"head": spans["head_span"].get("token_end"), "child": spans["child_span"].get("token_end")}
            yield {**tokens, **spans, "label": relation.type}


def _is_word(mention: Mention) -> bool:
    """Whether this was no span where it was read, but a token at which a relation ends."""
    return mention.types == (WORD,) and mention.extra.get("extent") == "token"


def _tokens(document: Document, cuts: set[int]) -> list[Fragment]:
    """The document's tokens, else what stands between white space and punctuation; cut wherever a mention ends."""
    given = [*document.tokens]
    if not given or any(end > start for (_, end), (start, _) in pairwise(given)):
        given = [found.span() for found in _TOKEN.finditer(document.text)]
    ordered = sorted(cuts)
    tokens: list[Fragment] = []
    for start, end in given:
        inside = ordered[bisect_right(ordered, start) : bisect_left(ordered, end)]
        tokens += zip([start, *inside], [*inside, end], strict=True)
    return tokens


PRODIGY = Reader(FORMAT, "Prodigy JSON Lines", claims, read, opens=JSON)
PRODIGY_WRITER = Writer(FORMAT, "Prodigy JSON Lines", write, one_file=True)
