"""spaCy's DocBin (.spacy): entities, span groups and links; needs the extra `spacy`.

The tokens carry their spaces, so the text is the one that was tokenized. Specification: https://spacy.io/api/docbin
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link
from loaders.files import MAX_FILE, MIB, File
from loaders.links import link_to
from loaders.reading import Draft, Key, Options, Reader

FORMAT = "docbin"
TRUE = 0.5  # the score from which a label of a pair in doc._.rel is a relation

_WIKIDATA = re.compile(r"[QP][1-9]\d*")
_BAD = (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError, EOFError)


def claims(file: File, head: bytes) -> str | None:
    """Why this is a DocBin: the name, and that it is packed as one."""
    return "a packed file named .spacy" if file.suffix == ".spacy" and head.startswith(b"\x78") else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The docs of a file. Without spaCy, one diagnostic that says so."""
    try:
        from spacy.tokens import DocBin
        from spacy.vocab import Vocab
    except ImportError:
        diagnostics.lose("extra.missing", file.path, "DocBin is read with spaCy: pip install 'accordgraph[spacy]'")
        return
    data = file.read()
    if why := _unreadable(data):
        diagnostics.lose("file.bad", file.path, why)
        return
    try:
        bin_ = DocBin().from_bytes(data)
        docs = enumerate(bin_.get_docs(Vocab()), start=1)
        while numbered := next(docs, None):
            number, doc = numbered
            yield _document(doc, file, file.stem if len(bin_) == 1 else f"{file.stem}-{number}", number, diagnostics)
    except _BAD as problem:
        diagnostics.lose("file.bad", file.path, f"no DocBin from here on: {type(problem).__name__}: {problem}")


def _unreadable(data: bytes) -> str | None:
    """Why packed bytes are not unpacked: broken, or of more than a file may have."""
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(data, MAX_FILE)
    except zlib.error as problem:
        return f"cannot be unpacked: {problem}"
    if unpacking.unconsumed_tail:
        return f"unpacks to more than {MAX_FILE // MIB} MiB"
    return None if unpacking.eof else "cut off"


def _document(doc: Any, file: File, id_: str, number: int, diagnostics: Diagnostics) -> Document:
    draft = Draft(id_, doc.text, file, FORMAT, diagnostics)
    draft.tokens = [(token.idx, token.idx + len(token)) for token in doc]
    if doc.has_annotation("SENT_START"):
        draft.sentences = [(one.start_char, one.end_char) for one in doc.sents]
    if doc.cats:
        draft.extra["cats"] = {str(name): float(score) for name, score in doc.cats.items()}
    for count, span in enumerate(doc.ents):
        _mention(draft, ("ents", span.start), span, None, f"/{number}/ents/{count}")
    for name, group in doc.spans.items():
        for count, span in enumerate(group):
            _mention(draft, (name, count), span, str(name), f"/{number}/spans/{name}/{count}")
    for key, value in doc.user_data.items():
        if isinstance(key, tuple) and len(key) == 4 and key[0] == "._." and key[2] is None:
            _extension(draft, str(key[1]), value, number)
    return draft.finish()


def _mention(draft: Draft, key: Key, span: Any, layer: str | None, place: str) -> None:
    label = span.label_ or layer or "ents"
    draft.mention(
        key,
        (label,),
        [(span.start_char, span.end_char)],
        placed=True,
        layer=layer,
        place=place,
        links=(_link(span.kb_id_),) if span.kb_id_ else (),
        extra={"id": span.id_} if span.id_ else {},
    )


def _link(id_: str) -> Link:
    if "://" in id_:
        return link_to(id_)
    return Link("wikidata" if _WIKIDATA.fullmatch(id_) else "kb", id_)


def _extension(draft: Draft, name: str, value: Any, number: int) -> None:
    """What was kept as doc._.name: relations, pairs of entities' first tokens with scored labels; or plain data."""
    if name == "rel" and isinstance(value, Mapping):
        for count, (pair, labels) in enumerate(value.items()):
            place = f"/{number}/rel/{count}"
            if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(labels, Mapping)):
                draft.skip("json.shape", "no pair of tokens with labels", place, str(pair))
                continue
            for label, score in labels.items():
                if isinstance(score, int | float) and score >= TRUE:
                    ends = [("from", ("ents", pair[0])), ("to", ("ents", pair[1]))]
                    draft.relation((pair, label), str(label), ends, place=place, confidence=float(score))
    elif isinstance(value, str | int | float | bool):
        draft.metadata[name] = value


DOCBIN = Reader(FORMAT, "spaCy DocBin", claims, read)
