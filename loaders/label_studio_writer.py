"""Documents as Label Studio's tasks, ready to be imported: marks as annotations, proposed ones as predictions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from loaders.document import Document, Mention, Note, Relation, Value
from loaders.label_studio import CONTROLS, FORMAT, LABELS, LINK, MIN_FORMAT, WRITTEN
from loaders.links import OWN
from loaders.writing import DOCUMENT_ID, Losses, Writer, cannot_hold, in_pairs

ENTITY = "entity"  # links to the register stand in this field
FIELDS = {  # of a chosen region in the scheme, and their types
    "stage": "choices",
    "polarity": "choices",
    "response": "choices",
    "legal_status": "choices",
    ENTITY: "textarea",
}


def write(documents: Iterable[Document], losses: Losses) -> Iterator[tuple[str, bytes]]:
    """One file of tasks, ready to be imported: marks as annotations, proposed ones as predictions."""
    lead = b"[\n"
    for document in documents:
        yield "tasks.json", lead + orjson.dumps(_written(document, losses))
        lead = b",\n"
    yield "tasks.json", b"\n]\n" if lead == b",\n" else b"[]\n"


def _written(whole: Document, losses: Losses) -> dict[str, Any]:
    document = in_pairs(whole, losses)
    cannot_hold(document, losses, "verdicts", *(() if document.format in (FORMAT, MIN_FORMAT) else ("layers",)))
    losses["clusters"] += len(document.clusters)
    language = {"language": document.language} if document.language else {}
    data = {**language, **document.metadata, DOCUMENT_ID: document.id, "text": document.text}
    task: dict[str, Any] = {"data": data}
    marks: dict[tuple[bool, str | None], list[Mention | Relation]] = defaultdict(list)
    for mention in document.mentions:
        marks[mention.origin == "prediction", mention.annotator].append(mention)
    for relation in document.relations:
        marks[relation.origin == "prediction", relation.annotator].append(relation)
    results = _Results(document, losses)
    for number, ((proposed, annotator), mine) in enumerate(marks.items(), start=1):
        found = [result for one in mine for result in results.of(one)]
        if proposed:
            task.setdefault("predictions", []).append({"model_version": annotator or "suggestions", "result": found})
        else:
            known = annotator is not None and annotator.isascii() and annotator.isdecimal()
            by = {"completed_by": int(annotator)} if annotator and known else {}
            losses["names of annotators"] += bool(annotator) and not known
            task.setdefault("annotations", []).append({"id": number, **by, "result": found})
    return task


class _Results:
    """The marks of one document as results."""

    def __init__(self, document: Document, losses: Losses) -> None:
        self.document = document
        self.losses = losses
        self.own = document.format in (FORMAT, MIN_FORMAT)  # layers are names of controls
        self.written = {one.id for one in document.mentions if len(one.fragments) == 1}
        self.makers = {one.id: (one.origin == "prediction", one.annotator) for one in document.annotations}
        self.notes: dict[str | None, list[Note]] = defaultdict(list)
        for note in document.notes:
            self.notes[note.target if note.target in self.written else None].append(note)
        losses["notes on a document, or on other things than mentions"] += len(self.notes.pop(None, []))

    def of(self, one: Mention | Relation) -> Iterator[dict[str, Any]]:
        """The result that a mention or a relation is written as, if it can be."""
        if isinstance(one, Relation):
            yield from self._relation(one)
        elif one.id in self.written:
            yield self._region(one)
            yield from self._fields(one)
        else:
            self.losses["mentions in several pieces, or none"] += 1

    def _relation(self, relation: Relation) -> Iterator[dict[str, Any]]:
        ends = [target for _, target in relation.args]
        if len(ends) != 2 or not self.written.issuperset(ends):
            self.losses["relations of other than two mentions"] += 1
        elif any(self.makers[end] != self.makers[relation.id] for end in ends):
            self.losses["relations of one annotator between mentions of another"] += 1
        else:
            self.losses["attributes of relations"] += len(relation.attributes)
            self.losses["confidences of relations"] += relation.confidence is not None
            yield {
                "type": "relation",
                "from_id": ends[0],
                "to_id": ends[1],
                "direction": "right" if relation.directed else "bi",
                LABELS: [relation.type] if relation.type else [],
            }

    def _region(self, mention: Mention) -> dict[str, Any]:
        ((start, end),) = mention.fragments
        value = {"start": start, "end": end, "text": self.document.text[start:end], LABELS: list(mention.types)}
        names = {**CONTROLS, "from_name": mention.layer} if self.own and mention.layer else CONTROLS
        score = {} if mention.confidence is None else {"score": mention.confidence}
        meta: dict[str, list[Value]] = {
            name: [*values] for name, values in mention.attributes.items() if name not in FIELDS
        }
        for link in mention.links:
            if link.scheme != OWN:
                meta.setdefault(f"{LINK}{link.scheme}", []).append(link.id)
        if notes := self.notes.get(mention.id):
            meta["text"] = [note.text for note in notes]
        about = {"meta": meta} if meta else {}
        return {"id": mention.id, **names, "type": LABELS, "value": value, **score, **about}

    def _fields(self, mention: Mention) -> Iterator[dict[str, Any]]:
        """What the scheme has fields for, to be seen and changed there: stage, polarity, the entity."""
        ((start, end),) = mention.fragments
        ids = [link.id for link in mention.links if link.scheme == OWN]
        said = {**mention.attributes, **({ENTITY: (*mention.attributes.get(ENTITY, ()), *ids)} if ids else {})}
        for name, type_ in FIELDS.items():
            if values := [str(value) for value in said.get(name, ())]:
                value = {"start": start, "end": end, WRITTEN.get(type_, type_): values}
                yield {
                    "id": mention.id,
                    "from_name": name,
                    "to_name": CONTROLS["to_name"],
                    "type": type_,
                    "value": value,
                }


LABEL_STUDIO_WRITER = Writer(FORMAT, "Label Studio tasks (JSON)", write, one_file=True)
