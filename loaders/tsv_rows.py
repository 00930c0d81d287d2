"""The lines of a WebAnno TSV file: header, sentences, rows of tokens and sub-tokens; and the text that they stand on.

What the cells of a row mean is `loaders.webanno_tsv`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from loaders.diagnostics import AS_IS, REPAIRED
from loaders.document import Fragment
from loaders.layers import chain_layer, label_feature
from loaders.offsets import Offsets, has_astral
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

    @property
    def is_token(self) -> bool:
        """Whether this is a whole token."""
        return "." not in self.unit


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
            found = re.search(r"(\d+)(?:\.(\d+))?", value)  # the first ones say "3"
            self.version = (int(found[1][:4]), int((found[2] or "0")[:4])) if found else self.version
        elif not self.sentences:
            self.header.append(line[1:])
        else:
            self.bad.append((number, "a line that is neither text nor a row", line))

    def _row(self, number: int, line: str, blanks: tuple[str, ...]) -> None:
        parts = line.split("\t", 3)
        unit, offsets, word, cells = parts if len(parts) == 4 else (*parts, "", "", "")[:4]
        try:
            start, end = map(int, offsets.split("-"))
        except ValueError:
            start = end = -1
        if not 0 <= start <= end:
            self.bad.append((number, "no row: sentence-token, start-end, word and its columns", line))
            return
        if not self.sentences:
            self.sentences.append(Sentence())
        found = () if cells in blanks else tuple(cells.split("\t"))
        self.sentences[-1].rows.append(Row(number, unit, (start, end), word, found))


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
    text = _Text(draft)
    for sentence in table.sentences:
        if sentence.rows and not sentence.lines:
            sentence.lines = _from_words(sentence.rows).split("\n")
            text.rebuilt += 1
    measured = _measured(table.sentences, unit)
    draft.unit = measured[0].unit if measured else unit or "utf16"
    if draft.unit not in (unit, "utf16"):
        draft.warn("offset.repaired", "offsets count code points, not UTF-16 units", action=REPAIRED)
    for one in measured:
        text.add(one)
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
        self.rebuilt = self.gaps = self.overlaps = self.moved = 0

    def add(self, one: _Measured) -> None:
        start = one.start if one.rows else self.counted + bool(self.parts)
        self._fill(start - self.counted)
        self.counted = start + one.offsets.written(len(one.text), one.unit)
        self._settle(one)
        at, words = self.length, one.text
        for row, found in zip(one.rows, one.found, strict=True):
            if found:
                row.at = at + found[0], at + found[1]
                if row.is_token:
                    self.draft.tokens.append(row.at)
        self.draft.sentences.append((at, at + len(words)))
        self.parts.append(words)
        self.length += len(words)

    def _settle(self, one: _Measured) -> None:
        """Where most words are not at their offsets: their order tells; text that has them not is made of them."""
        if one.found.count(None) * 2 <= len(one.rows):
            return
        tokens = [row for row in one.rows if row.is_token]
        found = _in_order(tokens, one.text)
        self.moved += found is not None
        if found is None:
            one.text = " ".join(row.word for row in tokens)
            found = _in_order(tokens, one.text) or []
            self.rebuilt += 1
        by_unit = {row.unit: (row, at) for row, at in zip(tokens, found, strict=True)}
        one.found = [_inside(row, *by_unit.get(row.unit.partition(".")[0], (row, None))) for row in one.rows]

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
        """Says what of the text is not the file's, and which words stand elsewhere in it than the file says."""
        if self.moved:
            moved = f"{self.moved} sentences whose words are not at their offsets: their order in the text decides"
            self.draft.warn("offset.repaired", moved, action=REPAIRED)
        told = {
            "sentences without a text that has their words, made of them": self.rebuilt,
            "gaps, filled with spaces: what stood there is not in the file": self.gaps,
            "sentences that begin where no text is, put behind the one before": self.overlaps,
        }
        if said := "; ".join(f"{count} {what}" for what, count in told.items() if count):
            self.draft.text_origin = "rebuilt"
            self.draft.warn("text.rebuilt", said, action=AS_IS)


def _in_order(tokens: list[Row], text: str) -> list[Fragment] | None:
    """Where tokens stand one behind the other in a text; None if not all do."""
    found: list[Fragment] = []
    end = 0
    for row in tokens:
        start = text.find(row.word, end)
        if start < 0:
            return None
        end = start + len(row.word)
        found.append((start, end))
    return found


def _inside(row: Row, token: Row, at: Fragment | None) -> Fragment | None:
    """Where a token stands, or a part of one; None if its letters are not there."""
    if at is None:
        return None
    start = row.raw[0] - token.raw[0]
    end = start + len(row.word)
    return (at[0] + start, at[0] + end) if start >= 0 and token.word[start:end] == row.word else None


class _Measured:
    """A sentence measured in some unit: where it begins by its first row, and where its rows stand in it.

    `found` has None for a row whose word is not there.
    """

    def __init__(self, sentence: Sentence, unit: str) -> None:
        self.text = sentence.text
        self.rows = sentence.rows
        self.unit = unit
        self.offsets = Offsets(self.text)
        self.start = self._start(self.rows[0]) if self.rows else 0
        self.found = [*self._fragments(self.text, self.offsets.points(unit))]

    def _start(self, first: Row) -> int:
        """That of the first row, less white space that the text has before it."""
        lead = self.text.find(first.word)
        spaced = lead > 0 and self.text[:lead].isspace()
        return max(0, first.raw[0] - self.offsets.written(lead, self.unit)) if spaced else first.raw[0]

    def _fragments(self, text: str, points: Sequence[int]) -> Iterator[Fragment | None]:
        for row in self.rows:
            first, last = row.raw[0] - self.start, row.raw[1] - self.start
            if 0 <= first <= last < len(points):
                at, end = points[first], points[last]
                if at >= 0 <= end and text[at:end] == row.word:
                    yield at, end
                    continue
            yield None


def _measured(sentences: Sequence[Sentence], unit: str | None) -> list[_Measured]:
    """Sentences in UTF-16 units, as the format has it; in code points where more words behind an emoji fit these."""
    measured = [_Measured(one, unit or "utf16") for one in sentences]
    wrong = sum(one.found.count(None) for one in measured) if unit is None else 0
    if not wrong or not any(has_astral(one.text) for one in measured):
        return measured
    otherwise = [_Measured(one, "codepoint") for one in sentences]
    return otherwise if sum(one.found.count(None) for one in otherwise) < wrong else measured


def _from_words(rows: list[Row]) -> str:
    """The text of a sentence that states none: its words, spaces where its rows leave a gap."""
    parts: list[str] = []
    end = rows[0].raw[0]
    for row in rows:
        if row.is_token:
            parts.append(" " * min(max(0, row.raw[0] - end), 1000) + row.word)
            end = row.raw[1]
    return "".join(parts)
