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
from loaders.files import File
from loaders.json_stream import elements, first_element
from loaders.reading import Draft, Options, Reader, flat
from loaders.writing import Losses, Writer

FORMAT = "doccano"
SHARED = ("all", "admin", "train", "dev", "test", "valid", "data", "unknown")  # file names that name no annotator

_TEXT = ("text", "data")
_LABELS = ("label", "labels", "annotations", "entities")
_OWN = {*_TEXT, *_LABELS, "relations", "Comments", "comments", "id"}


def claims(file: File, head: bytes) -> str | None:
    """Why this is an export of doccano."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return None
    one = first_element(file)
    if not isinstance(one, dict) or not any(isinstance(one.get(key), str) for key in _TEXT):
        return None
    if isinstance(one.get("entities"), list) and isinstance(one.get("relations"), list):
        return "text, entities and relations" if all(map(_is_span, one["entities"])) else None
    if {"spans", "tokens", "answer", "_input_hash"} & one.keys():
        return None
    for key in _LABELS:
        if isinstance(one.get(key), list) and all(map(_is_span, one[key])) and (one[key] or "Comments" in one):
            return f"text and {key} of start, end and label"
    return None


def _is_span(one: Any) -> bool:
    if isinstance(one, list):
        return len(one) == 3 and type(one[0]) is int and type(one[1]) is int
    return isinstance(one, dict) and "start_offset" in one and "end_offset" in one


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document an object."""
    annotator = _annotator(file)
    relations = expected = 0
    for place, one in elements(file, diagnostics):
        text = (
            next((one[key] for key in _TEXT if isinstance(one.get(key), str)), None) if isinstance(one, dict) else None
        )
        if text is None:
            diagnostics.read += 1
            diagnostics.skipped += 1
            diagnostics.add("json.shape", file.path, "no object with a text", place=place, excerpt=str(one))
            continue
        expected += "relations" in one
        document = _document(one, text, place, file, options, diagnostics, annotator)
        relations += len(document.relations)
        yield document
    if expected and not relations:
        told = "not one relation in it; some versions of doccano leave them out"
        diagnostics.add("format.no-relations", file.path, told, action="kept")


def _annotator(file: File) -> str | None:
    """The user after whom a file in an export of several is named."""
    several = sum(1 for name in file.siblings if name.endswith(".jsonl")) > 1
    return file.stem if several and "!/" in file.path and file.stem not in SHARED else None


def _document(
    one: Mapping[str, Any],
    text: str,
    place: str,
    file: File,
    options: Options,
    diagnostics: Diagnostics,
    annotator: str | None,
) -> Document:
    id_ = one.get("id", one.get("doc_id", f"{file.stem}-{place.strip('/')}"))
    draft = Draft(str(id_), text, file, FORMAT, diagnostics, unit=options.unit or "utf16")
    draft.metadata = flat({key: value for key, value in one.items() if key not in _OWN})
    if annotator:
        draft.annotated_by(annotator)
    where = place if place.startswith("/") else f"{place}:"
    for key in _LABELS:
        spans = one.get(key)
        if isinstance(spans, list):
            for number, span in enumerate(spans):
                _mention(draft, span, number, f"{where}/{key}/{number}".replace(":/", ":"), annotator)
    relations = one.get("relations")
    for number, relation in enumerate(relations if isinstance(relations, list) else []):
        _relation(draft, relation, number, f"{where}/relations/{number}".replace(":/", ":"), annotator)
    comments = one.get("Comments", one.get("comments"))
    for comment in comments if isinstance(comments, list) else []:
        words = comment.get("text", comment.get("comment")) if isinstance(comment, dict) else comment
        draft.note(None, "comment", str(words))
    return draft.finish()


def _mention(draft: Draft, span: Any, number: int, place: str, annotator: str | None) -> None:
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
    draft.mention(
        ("span", id_ if isinstance(id_, str | int) else f"at {place}"),
        [str(label)] if label is not None else [],
        [(start, end)],
        raw_id=None if id_ is None else str(id_),
        place=place,
        annotator=str(user) if isinstance(user, str | int) else annotator,
    )


def _relation(draft: Draft, relation: Any, number: int, place: str, annotator: str | None) -> None:
    if not isinstance(relation, dict) or not {"from_id", "to_id"} <= relation.keys():
        draft.skip("json.shape", "no relation of from_id, to_id and type", place, str(relation))
        return
    id_, label = relation.get("id"), relation.get("type", relation.get("label"))
    draft.relation(
        ("relation", str(id_) if id_ is not None else place),
        None if label is None else str(label),
        [("from", ("span", _key(relation["from_id"]))), ("to", ("span", _key(relation["to_id"])))],
        raw_id=None if id_ is None else f"r{id_}",
        place=place,
        annotator=annotator,
    )


def _key(id_: Any) -> Any:
    return id_ if isinstance(id_, str | int) else repr(id_)


# --- writing -----------------------------------------------------------------------------------------------------


def write(documents: Iterable[Document], losses: Losses) -> Iterator[tuple[str, bytes]]:
    """JSON Lines to be imported: entities and relations. Offsets are UTF-16 units, as the tool counts them."""
    from loaders.offsets import Offsets

    for document in documents:
        offsets = Offsets(document.text)
        ids: dict[str, int] = {}
        entities = []
        for mention in document.mentions:
            if len(mention.fragments) != 1:
                losses["mentions in several pieces, or none"] += 1
                continue
            start, end = (offsets.written(at, "utf16") for at in mention.fragments[0])
            ids[mention.id] = len(ids)
            label = mention.types[0] if mention.types else ""
            entities.append({"id": ids[mention.id], "label": label, "start_offset": start, "end_offset": end})
            losses["further labels of a mention"] += max(len(mention.types) - 1, 0)
            losses["attributes and links of mentions"] += len(mention.attributes) + len(mention.links)
        relations: list[dict[str, Any]] = []
        for relation in document.relations:
            ends = [ids[target] for _, target in relation.args if target in ids]
            if len(ends) == 2 == len(relation.args):
                losses["attributes of relations"] += len(relation.attributes)
                relations.append(
                    {"id": len(relations), "from_id": ends[0], "to_id": ends[1], "type": relation.type or ""}
                )
            else:
                losses["relations of other than two mentions"] += 1
        losses["events"] += len(document.events)
        losses["clusters"] += len(document.clusters)
        losses["notes"] += len(document.notes)
        row = {**document.metadata, "text": document.text, "entities": entities, "relations": relations}
        yield "all.jsonl", orjson.dumps({"document": document.id, **row}) + b"\n"


DOCCANO = Reader(FORMAT, "doccano JSON Lines", claims, read)
DOCCANO_WRITER = Writer(FORMAT, "doccano JSON Lines", write)
