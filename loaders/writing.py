"""What every format's writer is: documents in, named files out, and an account of what the format cannot hold."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from loaders.document import Document, Relation
from loaders.events import fresh, uncounted, without_events
from loaders.worded import staged, worded

# Where formats whose own ids are the tool's keep ours among the metadata, so that what comes back is the same document.
DOCUMENT_ID = "accordgraph_id"

LONGEST = 200  # bytes of a file's name, without its suffix

Losses = Counter[str]  # what could not be written ("notes", "attributes of relations" …): how often


@dataclass(frozen=True, slots=True)
class Writer:
    """`write` yields relative paths and bytes, and counts in its second argument what it had to leave out.

    Line-based formats yield one path again and again, to be appended to. `one_file` says that there is no other path,
    however many documents there are.
    """

    format: str
    title: str
    write: Callable[[Iterable[Document], Losses], Iterator[tuple[str, bytes]]]
    one_file: bool = False


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


def named(documents: Iterable[Document], losses: Losses) -> Iterator[tuple[str, Document]]:
    """Documents with file names of their own, made of their ids; how many ids are no file names is counted.

    Two have one id where two annotators worked on one text, or where two folders hold files of one name: the second
    bears its annotator's name, or a number.
    """
    taken: set[str] = set()  # in lower case: some file systems do not tell
    for document in documents:
        plain = name = _file_name(document.id)
        makers = {one.annotator for one in document.annotations} | {one.id for one in document.annotators}
        if name.lower() in taken and len(makers) == 1 and (sole := makers.pop()):
            name = f"{plain}_{_file_name(sole)}"
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.lower())
        losses["ids of documents, which are no file names"] += name != document.id
        yield name, document


def _file_name(text: str) -> str:
    name = re.sub(r"[^\w.-]+", "_", text).strip("._") or "document"
    if len(name.encode()) <= LONGEST:
        return name
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{name.encode()[: LONGEST - 9].decode(errors='ignore')}-{digest}"


# What formats leave out, and how much of it a document has.
_FACETS: Mapping[str, Callable[[Document], int]] = {
    "names of annotators": lambda document: len({one.annotator for one in document.annotations} - {None}),
    "confidences": lambda document: sum(one.confidence is not None for one in document.annotations),
    "verdicts": lambda document: sum(one.status not in (None, "accept") for one in document.annotations),
    "layers": lambda document: sum(one.layer is not None for one in document.annotations),
    "undirected relations": lambda document: sum(not one.directed for one in document.relations),
    "document metadata": lambda document: len(document.metadata),
    "languages": lambda document: document.language is not None,
}


def cannot_hold(document: Document, losses: Losses, *facets: str) -> None:
    """Counts what a format leaves out of every document; `facets` are of _FACETS."""
    for facet in facets:
        losses[facet] += _FACETS[facet](document)


def in_pairs(document: Document, losses: Losses, *, attributes: bool = True) -> Document:
    """The document as tools hold it that know relations of two ends alone, told from one another by their order.

    A claim with its quote is the quote tied to what it is about, and so is an event its trigger to its arguments;
    without `attributes` of mentions, a stage stands in the label. Of a relation whose roles are subject and object, the
    subject comes first, whatever the order in the file; what else it has cannot be said.
    """
    said = worded(document)
    plain = without_events(said if attributes else staged(said), losses)
    taken = {one.id for one in plain.annotations}
    relations = [pair for relation in plain.relations for pair in _pairs(relation, taken, losses)]
    return replace(plain, relations=tuple(relations))


def _pairs(relation: Relation, taken: set[str], losses: Losses) -> Iterator[Relation]:
    ends: dict[str, list[str]] = {}
    for role, target in relation.args:
        ends.setdefault(uncounted(role).casefold(), []).append(target)
    if not {"subject", "object"} <= ends.keys():
        yield relation
        return
    losses["further arguments of relations"] += len(relation.args) - len(ends["subject"]) - len(ends["object"])
    for number, (subject, object_) in enumerate(product(ends["subject"], ends["object"])):
        id_ = fresh(relation.id, taken) if number else relation.id
        yield replace(relation, id=id_, args=(("from", subject), ("to", object_)))
