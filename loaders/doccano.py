"""doccano JSON Lines: sequence labelling (`label`, older `labels`, `annotations`), relations (`entities`, `relations`).

No words are stated, so offsets cannot be checked. The tool counts UTF-16 units, or what a reader calls a character
where the project was set up so; imported data come out as they went in. The option `unit` decides; utf16 unless told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.files import File, opening
from loaders.json_stream import FIRST, elements, first_element
from loaders.offsets import Offsets
from loaders.reading import JSON, Draft, Options, Reader, flat
from loaders.writing import DOCUMENT_ID, Losses, Writer, cannot_hold, in_pairs

FORMAT = "doccano"
SHARED = ("all", "train", "dev", "test", "valid", "data", "unknown")  # file names that name no annotator

_TEXT = ("text", "data")
_LABELS = ("label", "labels", "annotations", "entities")
_LISTS = (*_LABELS, "relations", "Comments", "comments")
_ONLY_HERE = {"Comments", "annotation_approver"}
_ELSEWHERE = {"spans", "tokens", "answer", "_input_hash"}


def claims(file: File, head: bytes) -> str | None:
    """Why this is an export of doccano."""
    if opening(head)[:1] not in (b"{", b"["):
        return None
    first = first_element(file)
    if not isinstance(first, dict) or not any(isinstance(first.get(key), str) for key in _TEXT):
        return None
    if (why := _why(first)) or not any(first.get(key) == [] for key in _LABELS):
        return why
    return next((why for one in _further(file) if (why := _why(one))), None)


def _why(one: Any) -> str | None:
    if not isinstance(one, dict) or _ELSEWHERE & one.keys():
        return None
    if isinstance(one.get("entities"), list) and isinstance(one.get("relations"), list):
        return "text, entities and relations" if all(map(_is_span, one["entities"])) else None
    for key in _LABELS:
        if isinstance(one.get(key), list) and all(map(_is_span, one[key])) and (one[key] or _ONLY_HERE & one.keys()):
            return f"text and {key} of start, end and label"
    return None


def _further(file: File) -> Iterator[Any]:
    """The next lines, as far as a format is looked for, where nothing is marked in the first text."""
    left = FIRST
    with file.open() as stream:
        while left > 0 and (line := stream.readline(left)):
            left -= len(line)
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError:
                return


def _is_span(one: Any) -> bool:
    if isinstance(one, list):
        return len(one) == 3 and type(one[0]) is int and type(one[1]) is int
    return isinstance(one, dict) and "start_offset" in one and "end_offset" in one


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document an object."""
    annotator = _annotator(file)
    relations, expected = 0, "relation" in file.stem.lower()
    for place, one in elements(file, diagnostics):
        key = next((key for key in _TEXT if isinstance(one.get(key), str)), None) if isinstance(one, dict) else None
        if key is None:
            diagnostics.lose("json.shape", file.path, "no object with a text", place=place, excerpt=str(one))
            continue
        expected = expected or "relations" in one
        draft = Draft(_id(one, file, place), one[key], file, FORMAT, diagnostics, unit=options.unit or "utf16")
        document = _document(one, key, place, draft, annotator)
        relations += len(document.relations)
        yield document
    if expected and not relations:
        told = "not one relation in it; some versions of doccano leave them out"
        diagnostics.add("format.no-relations", file.path, told, action="kept")


def _id(one: Mapping[str, Any], file: File, place: str) -> str:
    given = (one.get(key) for key in (DOCUMENT_ID, "id", "doc_id"))
    return next((str(id_) for id_ in given if isinstance(id_, str | int)), f"{file.stem}-{place.strip('/')}")


def _annotator(file: File) -> str | None:
    """The user after whom a file is named, in an archive with nothing in it but such files."""
    users = len(file.siblings) > 1 and all(name.endswith(".jsonl") and "/" not in name for name in file.siblings)
    return file.stem if users and file.within and file.stem not in SHARED else None


def _document(one: Mapping[str, Any], text_key: str, place: str, draft: Draft, annotator: str | None) -> Document:
    lists = {key: value for key in _LISTS if isinstance(value := one.get(key), list)}
    others = one.keys() - lists.keys() - {text_key, "id", DOCUMENT_ID}
    draft.metadata = flat({key: value for key, value in one.items() if key in others})
    if annotator:
        draft.annotated_by(annotator)
    where = f"{place}/" if place.startswith("/") else f"{place}:"
    for key in _LABELS:
        for number, span in enumerate(lists.get(key, ())):
            _mention(draft, span, f"{where}{key}/{number}", annotator)
    for number, relation in enumerate(lists.get("relations", ())):
        _relation(draft, relation, f"{where}relations/{number}", annotator)
    for comment in (*lists.get("Comments", ()), *lists.get("comments", ())):
        words = comment.get("text", comment.get("comment")) if isinstance(comment, dict) else comment
        if isinstance(words, str | int | float):
            draft.note(None, "comment", str(words))
        else:
            draft.skip("json.shape", "a comment without words", place, str(comment))
    return draft.finish()


def _mention(draft: Draft, span: Any, place: str, annotator: str | None) -> None:
    if not _is_span(span):
        draft.skip("json.shape", "no span of start, end and label", place, str(span))
        return
    if isinstance(span, list):
        start, end, label, id_, user = *span, None, None
    else:
        start, end, label = span["start_offset"], span["end_offset"], span.get("label")
        id_, user = span.get("id"), span.get("user")
    if type(start) is not int or type(end) is not int:
        draft.skip("offset.bad", "start and end are no numbers", place, str(span))
        return
    by = str(user) if isinstance(user, str | int) else annotator
    if by:
        draft.annotated_by(by)
    draft.mention(
        ("span", str(id_)) if isinstance(id_, str | int) else ("span at", place),
        [str(label)] if label is not None else [],
        [(start, end)],
        raw_id=None if id_ is None else str(id_),
        place=place,
        annotator=by,
    )


def _relation(draft: Draft, relation: Any, place: str, annotator: str | None) -> None:
    if not isinstance(relation, dict) or not {"from_id", "to_id"} <= relation.keys():
        draft.skip("json.shape", "no relation of from_id, to_id and type", place, str(relation))
        return
    id_, label = relation.get("id"), relation.get("type", relation.get("label"))
    draft.relation(
        ("relation", str(id_) if id_ is not None else place),
        None if label is None else str(label),
        [("from", ("span", str(relation["from_id"]))), ("to", ("span", str(relation["to_id"])))],
        raw_id=None if id_ is None else f"r{id_}",
        place=place,
        annotator=annotator,
    )


# --- writing -----------------------------------------------------------------------------------------------------


def write(documents: Iterable[Document], losses: Losses) -> Iterator[tuple[str, bytes]]:
    """JSON Lines to be imported: entities and relations. Offsets are UTF-16 units, as the tool counts them.

    Relations come along even where there are none, since one import is of one shape.
    """
    for whole in documents:
        document = in_pairs(whole, losses, attributes=False)
        ids = {one.id: number for number, one in enumerate(document.mentions) if len(one.fragments) == 1}
        losses["mentions in several pieces, or none"] += len(document.mentions) - len(ids)
        losses["clusters"] += len(document.clusters)
        losses["notes on annotations"] += sum(note.target is not None for note in document.notes)
        cannot_hold(
            document, losses, "names of annotators", "confidences", "verdicts", "layers", "undirected relations"
        )
        row = {
            **({"language": document.language} if document.language else {}),
            **document.metadata,
            DOCUMENT_ID: document.id,
            "text": document.text,
            "entities": [*_entities(document, ids, losses)],
            "relations": [*_relations(document, ids, losses)],
            "Comments": [note.text for note in document.notes if note.target is None],
        }
        yield "all.jsonl", orjson.dumps(row) + b"\n"


def _entities(document: Document, ids: Mapping[str, int], losses: Losses) -> Iterator[dict[str, Any]]:
    offsets = Offsets(document.text)
    for mention in document.mentions:
        if mention.id in ids:
            start, end = (offsets.written(at, "utf16") for at in mention.fragments[0])
            label = mention.types[0] if mention.types else ""
            yield {"id": ids[mention.id], "label": label, "start_offset": start, "end_offset": end}
            losses["further labels of a mention"] += max(len(mention.types) - 1, 0)
            losses["attributes and links of mentions"] += len(mention.attributes) + len(mention.links)


def _relations(document: Document, ids: Mapping[str, int], losses: Losses) -> Iterator[dict[str, Any]]:
    for number, relation in enumerate(document.relations):
        ends = [ids[target] for _, target in relation.args if target in ids]
        if len(ends) == 2 == len(relation.args):
            losses["attributes of relations"] += len(relation.attributes)
            yield {"id": number, "from_id": ends[0], "to_id": ends[1], "type": relation.type or ""}
        else:
            losses["relations of other than two mentions"] += 1


DOCCANO = Reader(FORMAT, "doccano JSON Lines", claims, read, opens=JSON)
DOCCANO_WRITER = Writer(FORMAT, "doccano JSON Lines", write, one_file=True)
