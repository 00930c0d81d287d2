"""The lines of a WebAnno TSV file: header, sentences, rows of tokens and sub-tokens; and the text that they stand on.

What the cells of a row mean is `loaders.webanno_tsv`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from loaders.diagnostics import AS_IS, REPAIRED
from loaders.document import Fragment
from loaders.layers import chain_layer, label_feature
from loaders.offsets import Offsets
from loaders.reading import Draft

PLAIN, ROLE, TARGET, BASE, NONE = "plain", "role", "target", "base", "none"
SPAN, RELATION, CHAIN = "T_SP", "T_RL", "T_CH"
NEVER = ("", "_")

_PADDING = 65_536  # the most text that gaps between sentences may hold, beside the bytes of the file
_ROLE = re.compile(r"ROLE_(?:.+?:)?(.+)_([^_]*\..*)|ROLE_(?:.+:)?(.+)")
_TEXT_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_JAVA_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\(.)", re.DOTALL)
_VALUE_ESCAPE = re.compile(r"\\(->|.)", re.DOTALL)
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}


class Column(NamedTuple):
    """A column of a layer: what it holds, the feature it belongs to, the type that it points at."""

    sort: str
    feature: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the header. Its cells are those from `first` on; `label` is the feature that is its label."""

    sort: str
    name: str
    columns: tuple[Column, ...]
    first: int
    label: str | None

    @property
    def end(self) -> int:
        """The first cell behind it."""
        return self.first + len(self.columns)

    @property
    def features(self) -> list[str]:
        """The features that are no links."""
        return [column.feature for column in self.columns if column.sort == PLAIN]

    @property
    def links(self) -> dict[str, str]:
        """The features that are, and the types of their links."""
        return {column.feature: column.target for column in self.columns if column.sort == ROLE and column.target}


@dataclass(slots=True)
class Row:
    """A token or sub-token. `raw` is what the file counts, `at` code points, None where its word stands not there."""

    line: int
    unit: str
    raw: Fragment
    word: str
    cells: tuple[str, ...]
    at: Fragment | None = None


@dataclass(slots=True)
class Sentence:
    """The lines of `#Text=` and the rows below them."""

    id: str | None = None
    lines: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text as it is stated."""
        return "\n".join(self.lines)


@dataclass
class Table:
    """What stands in a file, line by line."""

    version: tuple[int, int] = (3, 3)
    layers: list[Layer] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    bad: list[tuple[int, str, str]] = field(default_factory=list)  # line number, what is wrong, the line

    def read(self, lines: Iterable[tuple[int, str]]) -> Table:
        """Takes the lines in."""
        blanks: tuple[str, ...] | None = None  # the cells of a row that says nothing
        for number, line in lines:
            if line[:1] == "#":
                self._sharp(number, line)
            elif line:
                if blanks is None:
                    nothing = "\t".join("_" * (self.layers[-1].end if self.layers else 0))
                    blanks = (f"{nothing}\t", nothing, "")
                self._row(number, line, blanks)
            elif self.sentences and self.sentences[-1].rows:
                self.sentences.append(Sentence())
        self.sentences = [one for one in self.sentences if one.rows or one.lines]
        return self

    def _sharp(self, number: int, line: str) -> None:
        key, _, value = line[1:].partition("=")
        if key == "Text" or key == "Sentence.id":
            if not self.sentences or self.sentences[-1].rows:
                self.sentences.append(Sentence())
            said = unescaped_text(value, self.version)
            if key == "Text":
                self.sentences[-1].lines.append(said)
            else:
                self.sentences[-1].id = said
        elif key in (SPAN, RELATION, CHAIN):
            first = self.layers[-1].end if self.layers else 0
            self.layers.append(_layer(key, value, first))
        elif key == "FORMAT":
            found = re.search(r"(\d+)\.(\d+)", value)
            self.version = (int(found[1][:4]), int(found[2][:4])) if found else self.version
        elif not self.sentences:
            self.header.append(line[1:])
        else:
            self.bad.append((number, "a line that is neither text nor a row", line))

    def _row(self, number: int, line: str, blanks: tuple[str, ...]) -> None:
        unit, _, rest = line.partition("\t")
        offsets, _, rest = rest.partition("\t")
        word, _, cells = rest.partition("\t")
        start, _, end = offsets.partition("-")
        try:
            raw = int(start), int(end)
        except ValueError:
            raw = -1, -1
        if not 0 <= raw[0] <= raw[1]:
            self.bad.append((number, "no row: sentence-token, start-end, word and its columns", line))
            return
        if not self.sentences:
            self.sentences.append(Sentence())
        found = () if cells in blanks else tuple(cells.split("\t"))
        self.sentences[-1].rows.append(Row(number, unit, raw, word, found))


def _layer(sort: str, declared: str, first: int) -> Layer:
    name, *fields = declared.split("|")
    columns: list[Column] = []
    for one in fields:
        before = columns[-1] if columns else None
        if sort == SPAN and (found := _ROLE.fullmatch(one)):
            columns.append(Column(ROLE, found[1] or found[3], found[2] or ""))
        elif sort == SPAN and before and before.sort == ROLE:
            columns.append(Column(TARGET, before.feature, one))
        elif sort == RELATION and one.startswith("BT_"):
            columns.append(Column(BASE, target=one.removeprefix("BT_")))
        elif one:
            columns.append(Column(PLAIN, one))
    label = label_feature(name, [column.feature for column in columns if column.sort == PLAIN])
    layer = chain_layer(name) if sort == CHAIN else name
    return Layer(sort, layer, tuple(columns) or (Column(NONE),), first, label)


def unescaped_text(text: str, version: tuple[int, int]) -> str:
    """The text of a `#Text=` line; versions up to 3.1 escape as Java does."""
    if "\\" not in text:
        return text
    if version > (3, 1):
        return _TEXT_ESCAPE.sub(lambda found: _CONTROLS.get(found[1], found[1]), text)
    found = _JAVA_ESCAPE.sub(lambda one: chr(int(one[1], 16)) if one[1] else _CONTROLS.get(one[2], one[2]), text)
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def unescaped(value: str) -> str:
    """The value of a cell."""
    if "\\" not in value:
        return value
    return _VALUE_ESCAPE.sub(lambda found: {"t": "\t", "n": "\n"}.get(found[1], found[1]), value)


# --- the text ----------------------------------------------------------------------------------------------------


def place(table: Table, draft: Draft, *, unit: str | None) -> None:
    """Rebuilds the text from the sentences where their rows say that they stand, and places every row on it.

    A gap between two sentences is a line break and spaces, since the format leaves out what stands there.
    """
    draft.unit = unit or _counted_in(table.sentences)
    if draft.unit not in (unit, "utf16"):
        draft.warn("offset.repaired", "offsets count code points, not UTF-16 units", action=REPAIRED)
    text = _Text(draft)
    for sentence in table.sentences:
        if not sentence.lines and sentence.rows:
            sentence.lines = _from_words(sentence.rows).split("\n")
            text.rebuilt += 1
        text.add(sentence)
    draft.text = "".join(text.parts)
    text.account()


class _Text:
    """The text as it grows, sentence by sentence."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.parts: list[str] = []
        self.length = 0  # in code points
        self.counted = 0  # where the file should be by its own counting
        self.room = _PADDING + draft.file.size
        self.rebuilt = self.gaps = self.overlaps = 0

    def add(self, sentence: Sentence) -> None:
        words = sentence.text
        measure = _Measure(words, self.draft.unit)
        start = _start(sentence, measure, self.counted + bool(self.parts))
        self._fill(start - self.counted)
        at = self.length
        for row in sentence.rows:
            row.at = measure.fragment(row, start, at)
            if row.at and "." not in row.unit:
                self.draft.tokens.append(row.at)
        self.draft.sentences.append((at, at + len(words)))
        self.parts.append(words)
        self.length += len(words)
        self.counted = start + measure.units(len(words))

    def _fill(self, gap: int) -> None:
        """What stands between two sentences; a gap larger than any export's is none."""
        filler = " " * gap if 0 <= gap <= self.room else " "
        if self.parts and filler:
            filler = "\n" + filler[1:]
        self.gaps += len(filler) > 1
        self.overlaps += not 0 <= gap <= self.room
        self.room -= len(filler)
        self.parts.append(filler)
        self.length += len(filler)

    def account(self) -> None:
        """Says what of the text is not the file's."""
        told = {
            "sentences without a text, made of their words": self.rebuilt,
            "gaps, filled with spaces: what stood there is not in the file": self.gaps,
            "sentences that begin where no text is, put behind the one before": self.overlaps,
        }
        if said := "; ".join(f"{count} {what}" for what, count in told.items() if count):
            self.draft.text_origin = "rebuilt"
            self.draft.warn("text.rebuilt", said, action=AS_IS)


class _Measure:
    """Places in one sentence, counted in the unit of the file."""

    def __init__(self, text: str, unit: str) -> None:
        self.text = text
        self.offsets = None if unit == "codepoint" or (unit == "utf16" and not _has_astral(text)) else Offsets(text)
        self.unit = unit

    def units(self, at: int) -> int:
        return self.offsets.written(at, self.unit) if self.offsets else at

    def fragment(self, row: Row, start: int, at: int) -> Fragment | None:
        """Where a row stands in the text whose code point `at` is counted `start`; None if its word is not there."""
        first, last = row.raw[0] - start, row.raw[1] - start
        if self.offsets:
            found = self.offsets.fragment(first, last, self.unit)
            if not found:
                return None
            first, last = found
        if not 0 <= first <= last <= len(self.text) or self.text[first:last] != row.word:
            return None
        return at + first, at + last


def _has_astral(text: str) -> bool:
    return not text.isascii() and max(text) > "\uffff"


def _start(sentence: Sentence, measure: _Measure, otherwise: int) -> int:
    """Where a sentence begins: at its first row, less white space that its text has before it."""
    if not sentence.rows:
        return otherwise
    first = sentence.rows[0]
    lead = measure.text.find(first.word)
    return max(0, first.raw[0] - measure.units(lead)) if lead > 0 and measure.text[:lead].isspace() else first.raw[0]


def _from_words(rows: list[Row]) -> str:
    """The text of a sentence that states none: its words, spaces where its rows leave a gap."""
    parts: list[str] = []
    end = rows[0].raw[0]
    for row in rows:
        if "." not in row.unit:
            parts.append(" " * min(max(0, row.raw[0] - end), 1000) + row.word)
            end = row.raw[1]
    return "".join(parts)


def _counted_in(sentences: Iterable[Sentence]) -> str:
    """UTF-16 units, as the format has it; code points where only these fit the words behind an emoji."""
    fitting = {"utf16": 0, "codepoint": 0}
    for sentence in sentences:
        text = sentence.text
        if sentence.rows and _has_astral(text):
            for unit, measure in _measures(text):
                start = _start(sentence, measure, 0)
                fitting[unit] += sum(measure.fragment(row, start, 0) is not None for row in sentence.rows)
    return "codepoint" if fitting["codepoint"] > fitting["utf16"] else "utf16"


def _measures(text: str) -> Iterator[tuple[str, _Measure]]:
    for unit in ("utf16", "codepoint"):
        yield unit, _Measure(text, unit)
