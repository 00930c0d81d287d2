"""WebAnno TSV 3.x, the table that INCEpTION and WebAnno export: a token a row, a feature of a layer a column.

Mentions are the spans; a span whose layer links to others (slots) is a mention with its features and, where it has at
least one link, an event whose trigger is that mention and whose arguments are the links by their roles. A chain is a
cluster, its elements are mentions. Tokens and sentences are the document's, never mentions, except where a dependency
relation ends at a token without a part of speech. What the relations' columns call their source is `Governor`.
Specification: INCEpTION user guide, appendix "WebAnno TSV 3.3 File format".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from loaders.diagnostics import AS_IS, Diagnostics
from loaders.document import Document, Fragment
from loaders.files import File
from loaders.inception import Work, begin, companion, left_out, work
from loaders.layers import (
    DEPENDENCY,
    DEPENDENT,
    GOVERNOR,
    POS,
    REFERENCE_RELATION,
    REFERENCE_TYPE,
    TOKEN,
    said,
    short,
)
from loaders.lines import lines
from loaders.reading import Draft, Key, Options, Reader
from loaders.tsv_rows import (
    BASE,
    CHAIN,
    NEVER,
    PLAIN,
    RELATION,
    ROLE,
    SPAN,
    TARGET,
    Layer,
    Row,
    Table,
    place,
    unescaped,
)

FORMAT = "webanno-tsv"

_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?#FORMAT=(WebAnno TSV 3\.\d+)\s")
_STACK = re.compile(r"(?<!\\)(?:\\\\)*\K") if False else re.compile(r"((?:[^|\\]|\\.)*)(?:\||$)", re.DOTALL)
_SLOT = re.compile(r"((?:[^;\\]|\\.)*)(?:;|$)", re.DOTALL)
_NUMBERED = re.compile(r"(.*)\[(\d{1,9})\]", re.DOTALL)
_ARROW = re.compile(r"(.*)->(\d{1,9})-(\d{1,9})", re.DOTALL)
_SOURCE = re.compile(r"([\d.-]+)(?:\[(\d{1,9})_(\d{1,9})\])?")
_NULL = ("*", "_", "")


class Cell(NamedTuple):
    """One of the stacked values of a cell, and its disambiguation id."""

    value: str
    id: int | None


class Slot(NamedTuple):
    """A link of a span: the feature, the role, the unit and the disambiguation id it points at, and the layer there."""

    feature: str
    role: str | None
    unit: str
    id: int | None
    layer: str


@dataclass(slots=True)
class Span:
    """An annotation over one row or several."""

    layer: Layer
    rows: list[Row]
    id: int | None = None
    features: dict[str, tuple[str, ...]] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    key: Key = None


def claims(file: File, head: bytes) -> str | None:
    """Why this is WebAnno TSV: its first line says so."""
    found = _HEAD.match(head)
    return f"{found[1].decode()} header" if found else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The one document of a file."""
    whose = work(file, diagnostics)
    if left_out(whose, file, options, diagnostics):
        return
    table = Table().read(lines(file, diagnostics))
    draft = begin(whose, "", file, FORMAT, options, diagnostics)
    if table.version[0] != 3 or table.version > (3, 3):
        draft.warn("format.version", f"WebAnno TSV {table.version[0]}.{table.version[1]} is read as 3.3", "1")
    for number, problem, line in table.bad:
        draft.skip("line.bad", problem, str(number), line)
    for line in table.header:
        key, _, value = line.partition("=")
        draft.metadata[key.strip() or "comment"] = value
    if any(sentence.id for sentence in table.sentences):
        draft.extra["sentence_ids"] = [sentence.id for sentence in table.sentences]
    place(table, draft, unit=options.unit)
    _Annotations(table, draft, whose).state()
    yield draft.finish()
