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
from functools import cached_property
from typing import NamedTuple

from loaders.diagnostics import Diagnostics
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
    SPAN,
    TARGET,
    Column,
    Layer,
    Row,
    Table,
    place,
    unescaped,
)

FORMAT = "webanno-tsv"

_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?#FORMAT=(WebAnno TSV 3(?:\.\d+)?)\s")
_STACKED = re.compile(r"((?:[^|\\]|\\.?)*)(\||$)", re.DOTALL)
_SLOTTED = re.compile(r"((?:[^;\\]|\\.?)*)(;|$)", re.DOTALL)
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
    if any(layer.sort != CHAIN for layer in table.layers):
        draft.extra["layers"] = {layer.name: layer.features for layer in table.layers if layer.sort != CHAIN}
    if links := {layer.name: layer.links for layer in table.layers if layer.links}:
        draft.extra["links"] = links
    place(table, draft, unit=options.unit)
    _Annotations(table, draft, whose).state()
    yield draft.finish()


class _Annotations:
    """What the cells say, collected row by row, then stated: spans first, then what refers to them."""

    def __init__(self, table: Table, draft: Draft, whose: Work) -> None:
        self.table = table
        self.draft = draft
        self.by = whose.by
        self.spans: dict[Key, Span] = {}
        self.numbered: dict[int, Key] = {}
        self.at: dict[tuple[str, str], list[Key]] = defaultdict(list)  # by layer and unit
        self.anywhere: dict[str, Key] = {}  # by unit
        self.chains: dict[tuple[str, int], dict[int, Key]] = defaultdict(dict)
        self.relations: list[tuple[Layer, Row, Sequence[str]]] = []

    def state(self) -> None:
        """States all annotations."""
        for sentence in self.table.sentences:
            for row in sentence.rows:
                if row.cells:
                    self._row(row)
        for key, span in self.spans.items():
            self._mention(key, span)
        for key, span in self.spans.items():
            if span.slots:
                self._event(key, span)
        for (name, number), links in self.chains.items():
            members = [links[index] for index in sorted(links)]
            place_ = str(self.spans[members[0]].rows[0].line)
            self.draft.cluster((CHAIN, name, number), short(name), members, layer=name, place=place_, **self.by)
        for layer, row, cells in self.relations:
            self._relations(layer, row, cells)

    def _row(self, row: Row) -> None:
        for layer in self.table.layers:
            if layer.first >= len(row.cells):
                break
            cells = row.cells[layer.first : layer.end]
            for cell in cells:
                if cell not in NEVER:
                    break
            else:
                continue
            if layer.sort == SPAN:
                self._spans(layer, row, cells)
            elif layer.sort == CHAIN:
                self._links(layer, row, cells)
            else:
                self.relations.append((layer, row, cells))

    # --- spans

    def _spans(self, layer: Layer, row: Row, cells: Sequence[str]) -> None:
        """The spans of a layer on a row. What a span says stands on its first row; later ones say it again."""
        lead = ""  # the cell that has them all: a feature without a value may be left out of another one
        for column, cell in zip(layer.columns, cells, strict=False):
            if cell not in NEVER and column.sort != TARGET and (not lead or cell.count("|") > lead.count("|")):
                lead = cell
        if not lead:  # of slots without a link nothing is said but that they are there
            lead = "|".join("*" for _ in _split(_STACKED, next(cell for cell in cells if cell not in NEVER)))
        keys: list[Key] = []
        is_first = False
        for index, (_, id_) in enumerate(_stack(lead)):
            keys.append((layer.name, row.line, index) if id_ is None else (layer.name, id_))
            is_first |= self._extend(keys[-1], layer, row, id_)
        if not is_first:
            return
        roles: list[Cell] = []
        for column, cell in zip(layer.columns, cells, strict=False):
            if column.sort == TARGET:
                self._slots(column, keys, roles, cell)
            else:
                roles = _stack(cell) if cell not in NEVER else []
                if column.sort == PLAIN:
                    self._values(layer, column.feature, keys, roles)

    def _extend(self, key: Key, layer: Layer, row: Row, id_: int | None) -> bool:
        """Lets the span of this key cover this row too; whether it is the span's first."""
        span = self.spans.get(key)
        is_first = span is None
        if span is None:
            span = self.spans[key] = Span(layer, [], id_)
            if id_ is not None:
                self.numbered.setdefault(id_, key)
        if is_first or span.rows[-1] is not row:
            span.rows.append(row)
            self.at[layer.name, row.unit].append(key)
            self.anywhere.setdefault(row.unit, key)
        return is_first

    def _values(self, layer: Layer, feature: str, keys: Sequence[Key], stack: Sequence[Cell]) -> None:
        for index, (value, id_) in enumerate(stack):
            span = self.spans.get((layer.name, id_) if id_ is not None else keys[index])
            if span and value not in _NULL and feature not in span.features:
                span.features[feature] = (unescaped(value),)

    def _slots(self, column: Column, keys: Sequence[Key], roles: Sequence[Cell], cell: str) -> None:
        """The links of the spans that begin on this row."""
        for number, targets in enumerate(_split(_STACKED, cell) if cell not in NEVER else ()):
            if number >= len(keys) or len(self.spans[keys[number]].rows) > 1:
                continue
            stated = _split(_SLOTTED, roles[number].value) if number < len(roles) else ["_"]
            for place_, target in enumerate(_split(_SLOTTED, targets)):
                role = stated[place_] if place_ < len(stated) else "*"
                unit, id_ = _numbered(target)
                if unit not in _NULL or role not in _NULL:
                    named = None if role in _NULL else unescaped(role)
                    self.spans[keys[number]].slots.append(Slot(column.feature, named, unit, id_, column.target))

    def _mention(self, key: Key, span: Span) -> None:
        rows = span.rows
        stated = said(span.layer.name, span.layer.label, span.features)
        raw = min(row.raw[0] for row in rows), max(row.raw[1] for row in rows)
        placed = [row.at for row in rows if row.at]
        whole = len(placed) == len(rows)
        self.draft.mention(
            key,
            stated.labels,
            [raw],
            at=[(min(start for start, _ in placed), max(end for _, end in placed))] if whole else (),
            surface=_words(self.draft.text, rows, placed) if whole else " ".join(row.word for row in rows),
            layer=span.layer.name,
            raw_id=None if span.id is None else str(span.id),
            place=str(rows[0].line),
            attributes=stated.attributes,
            links=stated.links,
            **self.by,
        )

    def _event(self, key: Key, span: Span) -> None:
        place_ = str(span.rows[0].line)
        args: list[tuple[str, Key]] = []
        features: list[str] = []
        for slot in span.slots:
            target = self._found(slot.layer, slot.unit, slot.id)
            if target is None:
                told = f"{slot.feature} links to {slot.unit}, where no {short(slot.layer)} is"
                self.draft.skip("ref.dangling", told, place_)
                continue
            args.append((slot.role or slot.feature, target))
            features.append(slot.feature)
        if args:
            label = said(span.layer.name, span.layer.label, span.features).labels[0]
            more = {"layer": span.layer.name, "place": place_, "extra": {"slots": features}, **self.by}
            self.draft.event(("event", key), label, key, args, **more)

    def _found(self, layer: str, unit: str, id_: int | None) -> Key:
        """The span that a reference means: by its id, else the one of the layer on that row; None where none is."""
        if id_:
            return (layer, id_) if (layer, id_) in self.spans else self.numbered.get(id_)
        on_row = self.at.get((layer, unit))
        return on_row[0] if on_row else self.anywhere.get(unit)

    # --- chains

    def _links(self, layer: Layer, row: Row, cells: Sequence[str]) -> None:
        """The elements of chains on a row: one column says what they are, the other which chain and which place."""
        stacks = [_split(_STACKED, cell) for cell in cells if cell not in NEVER]
        for index in range(max(map(len, stacks))):
            values = [stack[index] for stack in stacks if index < len(stack)]
            arrow = next((found for value in values if (found := _ARROW.fullmatch(value))), None)
            if not arrow:
                told = "an element of a chain without RELATION->CHAIN-PLACE"
                self.draft.skip("line.bad", told, str(row.line), " ".join(cells))
                continue
            chain, number = int(arrow[2]), int(arrow[3])
            key = (CHAIN, layer.name, chain, number)
            self._extend(key, layer, row, None)
            span = self.spans[key]
            self.chains[layer.name, chain].setdefault(number, key)
            type_ = next((_numbered(value).value for value in values if not _ARROW.fullmatch(value)), "*")
            for feature, value in ((REFERENCE_RELATION, arrow[1]), (REFERENCE_TYPE, type_)):
                if value not in _NULL:
                    span.features.setdefault(feature, (unescaped(value),))

    # --- relations

    def _relations(self, layer: Layer, row: Row, cells: Sequence[str]) -> None:
        columns = [*zip(layer.columns, cells, strict=False)]
        base, sources = next(((column, cell) for column, cell in columns if column.sort == BASE), (None, ""))
        if base is None or sources in NEVER:
            self.draft.skip("line.bad", f"a relation {short(layer.name)} without its source", str(row.line))
            return
        stacks = {
            column.feature: _stack(cell) for column, cell in columns if column.sort == PLAIN and cell not in NEVER
        }
        for index, source in enumerate(_split(_STACKED, sources)):
            features: dict[str, tuple[str, ...]] = {
                name: (unescaped(stack[index].value),)
                for name, stack in stacks.items()
                if index < len(stack) and stack[index].value not in _NULL
            }
            self._relation(layer, row, base.target, source, features, index)

    def _relation(
        self, layer: Layer, row: Row, base: str, source: str, features: dict[str, tuple[str, ...]], index: int
    ) -> None:
        found = _SOURCE.fullmatch(source)
        if not found:
            self.draft.skip("line.bad", f"{source!r} is no source of a relation", str(row.line))
            return
        tokens = layer.name == DEPENDENCY or base == TOKEN
        ends = (found[1], int(found[2] or 0)), (row.unit, int(found[3] or 0))
        keys = [self._token(base, *end) if tokens else self._found(base, *end) for end in ends]
        if None in keys:
            missing = ends[keys.index(None)][0]
            told = f"a relation {short(layer.name)} from {found[1]} to {row.unit}: no {short(base)} at {missing}"
            self.draft.skip("ref.dangling", told, str(row.line), source)
            return
        stated = said(layer.name, layer.label, features, linked=False)
        more = {"layer": layer.name, "place": str(row.line), "attributes": stated.attributes, **self.by}
        args = [(GOVERNOR, keys[0]), (DEPENDENT, keys[1])]
        self.draft.relation((RELATION, layer.name, row.line, index), stated.labels[0], args, **more)

    def _token(self, base: str, unit: str, id_: int) -> Key:
        """The part of speech at a unit, else its token, which is then a mention."""
        on_row = self.at.get((base, unit)) or self.at.get((POS, unit))
        if id_ or on_row:
            return self._found(base, unit, id_)
        key = (TOKEN, unit)
        row = self._rows.get(unit)
        if row and not self.draft.knows(key):
            at = [row.at] if row.at else []
            more = {"at": at, "surface": row.word, "layer": TOKEN, "place": str(row.line), **self.by}
            self.draft.mention(key, (short(TOKEN),), [row.raw], **more)
        return key if row else None

    @cached_property
    def _rows(self) -> dict[str, Row]:
        return {row.unit: row for sentence in self.table.sentences for row in sentence.rows}


def _split(pattern: re.Pattern[str], cell: str) -> list[str]:
    """The parts of a cell between separators that no backslash stands before."""
    parts: list[str] = []
    for found in pattern.finditer(cell):
        parts.append(found[1])
        if not found[2]:
            break
    return parts


def _stack(cell: str) -> list[Cell]:
    if "|" not in cell:
        return [_numbered(cell)]
    return [_numbered(value) for value in (_split(_STACKED, cell) if "\\" in cell else cell.split("|"))]


def _numbered(value: str) -> Cell:
    """A value and the id in brackets behind it."""
    if value[-1:] == "]":
        stated, _, id_ = value[:-1].rpartition("[")
        if id_.isdecimal() and len(id_) < 10:
            return Cell(stated, int(id_))
    return Cell(value, None)


def _words(text: str, rows: Sequence[Row], places: Sequence[Fragment]) -> str | None:
    """The words that the rows state, with what the text has between them; None where rows overlap."""
    words: list[str] = []
    end = places[0][0]
    for row, (start, last) in zip(rows, places, strict=True):
        if start < end:
            return None
        words += (text[end:start], row.word)
        end = last
    return "".join(words)


WEBANNO_TSV = Reader(FORMAT, "WebAnno TSV 3 (INCEpTION, WebAnno)", claims, read, companion, opens=b"#")
