"""The document model itself as JSON Lines, one document a line: whatever a reader made comes back as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from loaders.diagnostics import Diagnostics
from loaders.document import Document, document_from, referred, to_fields
from loaders.files import File, opening
from loaders.json_stream import elements, first_element
from loaders.reading import Options, Reader
from loaders.writing import Losses, Writer

FORMAT = "documents"
MARK, VERSION = "accordgraph", "document 1"

_FIRST = f'{{"{MARK}":"{VERSION}"'.encode()  # so the writer begins, whatever the size of a document


def claims(file: File, head: bytes) -> str | None:
    """Why these are documents of ours."""
    if opening(head).startswith(_FIRST):
        return f"{MARK}: {VERSION}"
    one = first_element(file) if opening(head)[:1] == b"{" else None
    return f"{MARK}: {VERSION}" if isinstance(one, dict) and one.get(MARK) == VERSION else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The documents of a file, as they were when they were written."""
    for place, fields in elements(file, diagnostics):
        document = _document(fields)
        if document is None:
            message = f"no {VERSION}: a key is missing, unknown, or of another type"
            diagnostics.lose("json.shape", file.path, message, place=place, excerpt=str(fields))
            continue
        diagnostics.read += sum(1 for _ in document.annotations) + len(document.notes)
        yield document


def _document(fields: Any) -> Document | None:
    """The document, if these are its fields and everything in it refers to what is there."""
    if not isinstance(fields, Mapping) or fields.get(MARK) != VERSION:
        return None
    try:
        document = document_from({key: value for key, value in fields.items() if key != MARK})
        ids = {one.id for one in document.annotations}
        sound = all(ids.issuperset(referred(one)) for one in document.annotations) and _within(document)
    except (TypeError, ValueError, AttributeError):
        return None
    return document if sound else None


def _within(document: Document) -> bool:
    places = (place for mention in document.mentions for place in mention.fragments)
    return all(0 <= start <= end <= len(document.text) for start, end in places)


def write(documents: Iterable[Document], losses: Losses) -> Iterator[tuple[str, bytes]]:
    """One line a document; nothing is left out."""
    for document in documents:
        yield "documents.jsonl", orjson.dumps({MARK: VERSION, **to_fields(document)}) + b"\n"


DOCUMENTS = Reader(FORMAT, "documents of this project, as JSON Lines", claims, read, opens=b"{")
DOCUMENTS_WRITER = Writer(FORMAT, "documents of this project, as JSON Lines", write, one_file=True)
