"""What every format's writer is: documents in, named files out, and an account of what the format cannot hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from loaders.document import Document

# Where formats whose own ids are the tool's keep ours among the metadata, so that what comes back is the same document.
DOCUMENT_ID = "accordgraph_id"

Losses = Counter[str]  # what could not be written ("notes", "attributes of relations" …): how often


@dataclass(frozen=True, slots=True)
class Writer:
    """`write` yields relative paths and bytes, and counts in its second argument what it had to leave out.

    Line-based formats yield one path again and again, to be appended to.
    """

    format: str
    title: str
    write: Callable[[Iterable[Document], Losses], Iterator[tuple[str, bytes]]]


def numbered(prefix: str, ids: Sequence[str], taken: set[str] | None = None) -> dict[str, str]:
    """Ids as a format wants them, prefix and number: what has that form already keeps it."""
    form = re.compile(re.escape(prefix) + r"[1-9]\d*")
    kept = {id_ for id_ in ids if form.fullmatch(id_)} | (taken or set())
    found: dict[str, str] = {}
    number = 0
    for id_ in ids:
        if form.fullmatch(id_):
            found[id_] = id_
            continue
        number += 1
        while f"{prefix}{number}" in kept:
            number += 1
        found[id_] = f"{prefix}{number}"
    return found


def file_name(document: Document) -> str:
    """A document's id as a file name."""
    return re.sub(r"[^\w.-]+", "_", document.id).strip("._") or "document"
