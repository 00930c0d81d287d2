"""Documents → W3C Web Annotations: a .json with quotes and positions beside the .txt that they stand on.

Positions count code points, as the specification says; who counts otherwise has the quote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from loaders.document import Annotation, Document, Mention, Note, Relation, referred
from loaders.links import address_of
from loaders.w3c import FORMAT
from loaders.w3c_body import NOTES, PURPOSES
from loaders.writing import Losses, Writer, cannot_hold, in_pairs, named

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
EMPTY = {"@context": CONTEXT, "type": "AnnotationPage", "items": ()}  # a text with nothing marked on it

_AROUND = 32  # code points of the text before and behind a quote


def write(documents: Iterable[Document], losses: Losses) -> Iterator[tuple[str, bytes]]:
    """Two files a document; what annotations cannot hold is counted."""
    for name, whole in named(documents, losses):
        document = in_pairs(whole, losses, attributes=False)
        yield f"{name}.txt", document.text.encode("utf-8", "replace")
        found: Any = [*_Written(document, f"{name}.txt", losses).annotations()] or EMPTY
        yield f"{name}.json", orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n"


class _Written:
    """The annotations of one document."""

    def __init__(self, document: Document, source: str, losses: Losses) -> None:
        self.document = document
        self.source = source
        self.losses = losses
        self.notes: dict[str | None, list[Note]] = {}
        for note in document.notes:
            self.notes.setdefault(note.target, []).append(note)
        losses["clusters"] += len(document.clusters)
        cannot_hold(document, losses, "confidences", "verdicts", "layers", "document metadata", "languages")

    def annotations(self) -> Iterator[dict[str, Any]]:
        """Mentions, relations, and notes on the document."""
        for mention in self.document.mentions:
            links = [
                {"type": "SpecificResource", "purpose": "identifying", "source": _source(address_of(link), link.label)}
                for link in mention.links
            ]
            self.losses["scores of links"] += sum(link.score is not None for link in mention.links)
            yield self._annotation(mention, mention.types, links, self._targets(mention))
        written = {one.id for one in (*self.document.mentions, *self.document.relations)}
        for relation in self.document.relations:
            if written.issuperset(referred(relation)):
                yield self._relation(relation)
            else:
                self.losses["relations of clusters"] += 1
        page = {"source": self.source}
        for number, note in enumerate(self.notes.pop(None, []), start=1):
            yield {**_head(f"#note-{number}", note.annotator), "body": [_note(note)], "target": page}
        self.losses["notes on other things"] += sum(map(len, self.notes.values()))

    def _relation(self, relation: Relation) -> dict[str, Any]:
        ends = [target for _, target in relation.args]
        targets = [{"id": end if end in relation.elsewhere else _iri(end)} for end in ends]
        types = [relation.type] if relation.type else []
        found = self._annotation(relation, types, [], targets)
        self.losses["undirected relations"] += not relation.directed
        self.losses["roles of relations"] += len(relation.args) if len(relation.args) > 2 else 0
        return {**found, "motivation": "linking"}

    def _annotation(
        self, one: Annotation, types: Iterable[str], links: list[Any], targets: list[Any]
    ) -> dict[str, Any]:
        tags = [{"type": "TextualBody", "purpose": "tagging", "value": label} for label in types]
        body = [*tags, *links, *self._attributes(one), *map(_note, self.notes.pop(one.id, []))]
        return {
            **_head(_iri(one.id), one.annotator),
            "motivation": "tagging" if tags else "highlighting",
            "body": body,
            "target": targets if len(targets) > 1 else targets[0],
        }

    def _attributes(self, one: Annotation) -> Iterator[dict[str, str]]:
        """A body for each value, whose purpose is the attribute's name; those of the standard mean something else."""
        for name, values in one.attributes.items():
            if name in PURPOSES or not name:
                self.losses["attributes that are called like a purpose"] += len(values)
                continue
            self.losses["empty attributes"] += sum(value == "" for value in values)
            for value in values:
                said = str(value).lower() if isinstance(value, bool) else str(value)
                yield {"type": "TextualBody", "purpose": name, "value": said}

    def _targets(self, mention: Mention) -> list[Any]:
        """A target for each fragment: several selectors in one would be ways to say the same."""
        if not mention.fragments:
            return [{"source": self.source}]
        text = self.document.text
        return [
            {
                "source": self.source,
                "selector": [
                    {
                        "type": "TextQuoteSelector",
                        "exact": text[start:end],
                        "prefix": text[max(0, start - _AROUND) : start],
                        "suffix": text[end : end + _AROUND],
                    },
                    {"type": "TextPositionSelector", "start": start, "end": end},
                ],
            }
            for start, end in mention.fragments
        ]


def _head(id_: str, annotator: str | None) -> dict[str, Any]:
    return {"@context": CONTEXT, "id": id_, "type": "Annotation", **_creator(annotator)}


def _source(address: str, label: str | None) -> Any:
    return {"id": address, "label": label} if label else address


def _note(note: Note) -> dict[str, Any]:
    known = note.type if note.type in NOTES else "commenting"
    return {"type": "TextualBody", "purpose": known, "value": note.text, **_creator(note.annotator)}


def _creator(annotator: str | None) -> dict[str, str]:
    return {"creator": annotator} if annotator else {}


def _iri(id_: str) -> str:
    return id_ if "://" in id_ or id_.startswith(("#", "urn:")) else f"#{id_}"


W3C_WRITER = Writer(FORMAT, "W3C Web Annotation: .json beside .txt", write)
