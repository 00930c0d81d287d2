"""Offsets in any unit → code points, checked against the words that the file states. One resolver for every format.

Units: codepoint, utf16 (code units, as Java and JavaScript count), byte (of UTF-8), grapheme (what a reader calls a
character, UAX #29).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from operator import eq
from typing import NamedTuple

from wcwidth import iter_graphemes

from graph.errors import ArticleError, did_you_mean
from graph.segment import UNSPACED
from loaders.document import Fragment

UNITS = ("codepoint", "utf16", "byte", "grapheme")
LONG = 2**22  # code points of a text beyond which words are looked for only in the ways that cost little

_SPACE = re.compile(r"(?:\s|\\[nrt])+")  # some exports write a line break as two characters
_PATTERN = 10_000  # code points of words beyond which they must stand letter by letter
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Offsets:
    """A text, and where its code points stand in the other units."""

    def __init__(self, text: str) -> None:
        self.text = text

    def fragment(self, start: int, end: int, unit: str) -> Fragment | None:
        """The code points from start to end counted in `unit`; None where those lie outside the text or split one."""
        if unit == "codepoint" or (unit == "utf16" and not self._astral):
            return (start, end) if 0 <= start <= end <= len(self.text) else None
        first, last = self._read(start, unit), self._read(end, unit)
        return (first, last) if first is not None and last is not None and first <= last else None

    def exact(self, offsets: Sequence[Fragment], surface: str | None, unit: str) -> tuple[Fragment, ...] | None:
        """The code points of all fragments, where the words there are those stated letter by letter."""
        fragments: list[Fragment] = []
        for start, end in offsets:
            found = self.fragment(start, end, unit)
            if found is None:
                return None
            fragments.append(found)
        return tuple(fragments) if surface is None or self.words(fragments) == surface else None

    def words(self, fragments: Sequence[Fragment]) -> str:
        """The text of fragments, joined with spaces."""
        if len(fragments) == 1:
            ((start, end),) = fragments
            return self.text[start:end]
        return " ".join(self.text[start:end] for start, end in fragments)

    def written(self, at: int, unit: str) -> int:
        """Where code point `at` stands counted in `unit`, for writers. Inside a grapheme: where that begins."""
        if unit == "codepoint":
            return at
        if unit == "utf16":
            return at + bisect_left(self._astral, at)
        return self._bytes[at] if unit == "byte" else bisect_left(self._graphemes, at)

    def points(self, unit: str) -> Sequence[int]:
        """The code point at each offset counted in `unit`, -1 where none begins: for where many are asked for."""
        if unit == "grapheme":
            return self._graphemes
        wide = self._wide(unit)
        if not wide:
            return range(len(self.text) + 1)
        found: list[int] = []
        behind = 0
        for at, units in wide:
            found += (*range(behind, at + 1), *[-1] * (units - 1))
            behind = at + 1
        return [*found, *range(behind, len(self.text) + 1)]

    def _wide(self, unit: str) -> list[tuple[int, int]]:
        """The code points that are more than one unit, and how many they are."""
        if unit == "utf16":
            return [(at, 2) for at in self._astral]
        if unit == "byte":
            return [(at, end - start) for at, (start, end) in enumerate(pairwise(self._bytes)) if end - start > 1]
        return []

    @property
    def units_differ(self) -> bool:
        """Whether the ways of counting that a format may mean differ in this text: astral characters, or CRLF."""
        return bool(self._astral) or "\r\n" in self.text

    def _read(self, at: int, unit: str) -> int | None:
        if unit == "utf16":
            return self._read_utf16(at)
        if unit == "grapheme":
            return self._graphemes[at] if 0 <= at < len(self._graphemes) else None
        place = bisect_left(self._bytes, at)
        return place if place < len(self._bytes) and self._bytes[place] == at else None

    def _read_utf16(self, at: int) -> int | None:
        pairs = bisect_left(self._astral16, at)
        splits = pairs > 0 and self._astral16[pairs - 1] == at - 1
        return at - pairs if not splits and 0 <= at - pairs <= len(self.text) else None

    @cached_property
    def _astral(self) -> list[int]:
        return [found.start() for found in _ASTRAL.finditer(self.text)] if has_astral(self.text) else []

    @cached_property
    def _astral16(self) -> list[int]:
        return [at + count for count, at in enumerate(self._astral)]

    @cached_property
    def _bytes(self) -> Sequence[int]:
        return array("I", accumulate((len(char.encode("utf-8", "surrogatepass")) for char in self.text), initial=0))

    @cached_property
    def _graphemes(self) -> Sequence[int]:
        return array("I", accumulate(map(len, iter_graphemes(self.text)), initial=0))

    @cached_property
    def _line_ends(self) -> tuple[list[int], list[int]]:
        """Where CRLF ends once each counts one, and where LF ends once each counts two."""
        pairs = [found.end() for found in re.finditer("\r\n", self.text)]
        single = [found.end() for found in re.finditer("\n", self.text)]
        return [at - count for count, at in enumerate(pairs, 1)], [at + count for count, at in enumerate(single, 1)]

    def joined_line_ends(self, start: int, end: int) -> Fragment:
        """Offsets that count each CRLF as one, as they are in this text."""
        ends = self._line_ends[0]
        return start + _up_to(ends, start), end + _up_to(ends, end)

    def split_line_ends(self, start: int, end: int) -> Fragment:
        """Offsets that count each LF as two, as they are in this text."""
        ends = self._line_ends[1]
        return start - _up_to(ends, start), end - _up_to(ends, end)


def has_astral(text: str) -> bool:
    """Whether some characters are two UTF-16 units."""
    return not text.isascii() and len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)


def _up_to(ends: list[int], at: int) -> int:
    return bisect_left(ends, at + 1)


_MARK = "one-too-many"  # a byte order mark is counted, and may be the first of the words

# What a file may have counted instead, in the order in which it is tried.
_REPAIRS: dict[str, Callable[[Offsets, int, int, str], Fragment | None]] = {
    "codepoint": lambda text, start, end, _: text.fragment(start, end, "codepoint"),
    "utf16": lambda text, start, end, _: text.fragment(start, end, "utf16"),
    "crlf-as-one": lambda text, start, end, unit: text.fragment(*text.joined_line_ends(start, end), unit),
    "lf-as-two": lambda text, start, end, unit: text.fragment(*text.split_line_ends(start, end), unit),
    _MARK: lambda text, start, end, unit: text.fragment(max(start - 1, 0), end - 1, unit),
    "grapheme": lambda text, start, end, _: text.fragment(start, end, "grapheme"),
    "inclusive-end": lambda text, start, end, unit: text.fragment(start, end + 1, unit),
    "byte": lambda text, start, end, _: text.fragment(start, end, "byte"),
}
_TABLED = ("grapheme", "byte")  # need a table of the whole text


class Stated(NamedTuple):
    """Where a file says that words stand: raw offsets of each fragment, and the words themselves, if it gives them."""

    offsets: tuple[Fragment, ...]
    surface: str | None = None


class Placed(NamedTuple):
    """Where they do stand, and what had to be assumed, None if nothing."""

    fragments: tuple[Fragment, ...]
    repair: str | None = None


def place(text: Offsets, stated: Sequence[Stated], unit: str) -> tuple[list[Placed | None], str | None]:
    """Each place in code points, None where nothing fits; and the repair that the whole text needs, if it does.

    Where the declared unit does not fit all stated words, the repair that fits most of them is taken for the text, and
    so for what states no words; what fits neither is tried with every other one.
    """
    if unit not in UNITS:
        raise ArticleError(f"Unknown unit {unit!r}", way_out=did_you_mean(unit, UNITS))
    exact = [text.exact(one.offsets, one.surface, unit) for one in stated]
    found = [None if fragments is None else Placed(fragments) for fragments in exact]
    wrong = [one for one, placed in zip(stated, found, strict=True) if placed is None and one.surface is not None]
    if not wrong:
        return found, None
    ways = [name for name in _REPAIRS if len(text.text) <= LONG or name not in _TABLED]
    fitting = Counter(name for one in wrong for name in ways if _placed(text, one, unit, name))
    common = max(ways, key=lambda name: fitting[name])
    worded = sum(one.surface is not None for one in stated)
    for_all = sum(1 for one in stated if one.surface is not None and _placed(text, one, unit, common)) * 2 > worded
    repair = common if for_all and fitting[common] else None
    return [_repaired(text, one, unit, repair, ways) for one in stated], repair


def _repaired(text: Offsets, one: Stated, unit: str, repair: str | None, others: Iterable[str]) -> Placed | None:
    if one.surface is None:
        return _placed(text, one, unit, repair)
    likely = dict.fromkeys((repair, None))
    # where the words stand as the file counts but for white space, no other way of counting is looked for
    for ways in (likely, [way for way in others if way not in likely]):
        exact = (placed for way in ways if (placed := _placed(text, one, unit, way)))
        spaced = (placed for way in ways if (placed := _placed(text, one, unit, way, same_words)))
        if found := next(exact, None) or next(spaced, None):
            return found
    return None


def _placed(
    text: Offsets, one: Stated, unit: str, repair: str | None, same: Callable[[str, str], bool] = eq
) -> Placed | None:
    """Placed with this repair, if the words there are the words stated."""
    fragments: list[Fragment] = []
    for start, end in one.offsets:
        found = _REPAIRS[repair](text, start, end, unit) if repair else text.fragment(start, end, unit)
        if found is None:
            return None
        fragments.append(found)
    if one.surface is None:
        return Placed(tuple(fragments), repair)
    words = text.words(fragments)
    surface = one.surface.removeprefix("\ufeff") if repair == _MARK else one.surface
    if words == surface:
        return Placed(tuple(fragments), repair)
    return Placed(tuple(fragments), repair or "white-space") if same(words, surface) else None


def same_words(one: str, other: str) -> bool:
    """Whether two texts are equal but for white space; a backslash with n, r or t is white space too."""
    return one == other or _SPACE.sub(" ", one).strip() == _SPACE.sub(" ", other).strip()


def cuts_words(text: str, fragment: Fragment) -> bool:
    """Whether a fragment begins or ends inside a word of a script that sets words apart."""
    return any(0 < at < len(text) and in_word(text[at - 1]) and in_word(text[at]) for at in fragment)


def in_word(character: str) -> bool:
    """A letter or figure of a script with spaces."""
    return character.isalnum() and not UNSPACED.match(character)


def nearest(text: str, words: str, *, hint: int = 0, prefix: str = "", suffix: str = "") -> Fragment | None:
    """Where words stand, white space apart: of several places that between prefix and suffix, then nearest `hint`."""
    parts = words.split()
    if not parts or sum(map(len, parts)) > len(text):
        return None
    if len(words) > _PATTERN:
        at = text.find(words.strip())
        return (at, at + len(words.strip())) if at >= 0 else None
    places = [found.span() for found in re.finditer(r"\s+".join(map(re.escape, parts)), text)]
    around = prefix or suffix
    fitting = [(a, b) for a, b in places if framed(text, a, b, prefix, suffix)] if around else []
    return min(fitting or places, key=lambda place: abs(place[0] - hint), default=None)


def framed(text: str, start: int, end: int, prefix: str, suffix: str) -> bool:
    """Whether what stands before and behind a place is what is stated, white space apart."""
    before, after = text[max(0, start - 2 * len(prefix)) : start], text[end : end + 2 * len(suffix)]
    bare = [_SPACE.sub("", part) for part in (before, prefix, after, suffix)]
    return bare[0].endswith(bare[1]) and bare[2].startswith(bare[3])
