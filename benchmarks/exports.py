"""Exports to read, in every format that is written here and in some more: the same synthetic documents in each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any

import orjson

from loaders.detect import WRITERS
from loaders.document import Document, Mention, Relation

Files = Iterator[tuple[str, bytes]]

_SENTENCE = "😀 ไทยลงนามกับกัมพูชา Polisi Thailand dan Kamboja bekerja sama, and the police shared intelligence. "
_WORDS = ("ไทย", "กัมพูชา", "Polisi", "Thailand", "Kamboja", "police")
_TOKEN = re.compile(r"\w[\w\u0e00-\u0e7f]*|[^\w\s]")


def synthetic(count: int) -> Iterator[Document]:
    """Documents of some 1,500 code points with 6 mentions and 4 relations each, astral characters before them."""
    text = _SENTENCE * 15
    for number in range(count):
        mentions = tuple(
            Mention(
                id=f"T{i + 1}", raw_id=f"T{i + 1}", types=("Country",), fragments=((at, at + len(word)),), surface=word
            )
            for i, word in enumerate(_WORDS)
            for at in (text.index(word, i * 90),)
        )
        relations = tuple(
            Relation(
                id=f"R{i + 1}", raw_id=f"R{i + 1}", type="signed", args=(("Arg1", f"T{i + 1}"), ("Arg2", f"T{i + 2}"))
            )
            for i in range(4)
        )
        yield Document(id=f"doc-{number}", path="", format="", text=text, mentions=mentions, relations=relations)


# --- formats that are only read here -----------------------------------------------------------------------------


def _columns(documents: Iterable[Document]) -> Files:
    for document in documents:
        rows = (f"{token} {tag}" for sentence in _tagged(document) for token, tag in (*sentence, ("", "")))
        yield "all.bio", ("-DOCSTART- O\n\n" + "\n".join(row.strip() for row in rows) + "\n").encode()


def _conllu(documents: Iterable[Document]) -> Files:
    for document in documents:
        lines = [f"# newdoc id = {document.id}"]
        for sentence in _tagged(document):
            for number, (token, tag) in enumerate(sentence, 1):
                named = "_" if tag == "O" else f"NER={tag}"
                lines.append(f"{number}\t{token}\t{token}\tX\t_\t_\t{number - 1}\tdep\t_\t{named}")
            lines.append("")
        yield "all.conllu", ("\n".join(lines) + "\n").encode()


def _tagged(document: Document) -> Iterator[list[tuple[str, str]]]:
    """Tokens and tags, a sentence a list."""
    begins = {mention.fragments[0][0] for mention in document.mentions}
    for start in range(0, len(document.text), len(_SENTENCE)):
        found = _TOKEN.finditer(document.text, start, start + len(_SENTENCE))
        yield [(one[0], "B-Country" if one.start() in begins else "O") for one in found]


def _min(documents: Iterable[Document]) -> Files:
    """Label Studio's JSON-MIN."""
    lead = b"["
    for number, document in enumerate(documents):
        spans = [
            {"start": start, "end": end, "text": one.surface, "labels": list(one.types)}
            for one in document.mentions
            for start, end in one.fragments
        ]
        row = {"id": number, "text": document.text, "label": spans, "annotator": 1, "annotation_id": number}
        yield "min.json", lead + orjson.dumps({**row, "lead_time": 1.5})
        lead = b",\n"
    yield "min.json", b"]\n"


SHAPES: dict[str, Callable[[Iterable[Document]], Files]] = {
    **{writer.format: partial(writer.write, losses=Counter()) for writer in WRITERS},  # type: ignore[call-arg]
    "columns": _columns,
    "conllu": _conllu,
    "label-studio-min": _min,
}


# --- writing -----------------------------------------------------------------------------------------------------


def written(folder: Path, count: int) -> None:
    """Writes so many documents in every format, a folder each; CAS XMI too where dkpro-cassis is there to write it."""
    for shape in SHAPES:
        write(folder / shape, shape, synthetic(count))
    try:
        import cassis  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        return
    _write_xmi(cassis, folder / "cas-json", folder / "cas-xmi")


def write(place: Path, shape: str, documents: Iterable[Document]) -> None:
    """Writes documents in one format into a folder."""
    place.mkdir(parents=True, exist_ok=True)
    for name, data in SHAPES[shape](documents):
        with (place / name).open("ab") as stream:
            stream.write(data)


def write_large(place: Path, shape: str, size: int) -> int:
    """Writes documents until their files have `size` bytes; how many bytes there are."""
    so_far = 0

    def more(_: Document) -> bool:
        return so_far < size

    place.mkdir(parents=True, exist_ok=True)
    stream, named = None, ""
    for name, data in SHAPES[shape](takewhile(more, synthetic(size))):
        if stream is None or name != named:
            if stream:
                stream.close()
            stream, named = (place / name).open("ab"), name
        stream.write(data)
        so_far += len(data)
    if stream:
        stream.close()
    return so_far


def _write_xmi(cassis: Any, given: Path, place: Path) -> None:
    place.mkdir()
    types = None
    for path in sorted(given.glob("*.json")):
        with path.open("rb") as stream:
            cas = cassis.load_cas_from_json(stream)
        cas.to_xmi(place / f"{path.stem}.xmi")
        types = types or cas.typesystem
    if types:
        types.to_xml(place / "TypeSystem.xml")
