"""How a language writes its dates: a text → the one or two ends of a date, as far as they are written.

The words are data (`date_words.toml`). What the ends mean in days is not here but in `graph.dates`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from graph.errors import DateError

_LONGEST = 200  # characters; no date is longer

_UNSEEN = re.compile("[\u00aa\u00ad\u00b0\u00ba\u200b-\u200f\u2060\ufeff]")  # with º and ª, else o and a in NFKC
_PLAIN = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2212": "-", "’": "'"})
_LETTER = r"[^\W\d_]"
_HAN = re.compile("[〇零一二三四五六七八九十廿卅]+(?=[年月日号號季])")
_HAN_DIGITS = {han: str(digit) for digit, han in enumerate("〇一二三四五六七八九")} | {"零": "0"}


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language's table, compiled.

    `order` is that of numbers: dmy, ymd, or empty where readers do not agree. `era` is what a bare year of 2400 or more
    counts. `words` maps a folded word to its kind and value; `pattern` covers any text, token by token.
    """

    order: str
    era: str
    example: str
    han: bool
    words: Mapping[str, tuple[str, Any]]
    pattern: re.Pattern[str]

    def unreadable(self, original: str, why: str) -> DateError:
        """The error for a text that is no date, with a date of this language as the way out."""
        example = f"{self.example!r}, or as " if self.example else ""
        return DateError(
            f"No date can be read in {original!r}: {why}", way_out=f"write it as {example}2022-07-11, 2022-07 or 2022"
        )


@lru_cache(maxsize=256)
def tongue(language: str) -> Tongue:
    """The table of a language (BCP 47 primary subtag); an empty one, which reads numbers only, for one without."""
    table = _tables().get(language, {})
    words = {form: meaning for word, meaning in _words(table) for form in _forms(word)}
    return Tongue(
        order=table.get("order", ""),
        era=table.get("era", "gregorian"),
        example=table.get("example", ""),
        han=table.get("han", False),
        words=words,
        pattern=_pattern(words, table.get("before", {}).get("month", ()) if table.get("dashed") else ()),
    )


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(files("graph").joinpath("date_words.toml").read_text(encoding="utf-8"))


def _words(table: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, Any]]]:
    """Every word of a table with its kind and value."""
    lists = {
        "skip": ("skip", None),
        "range": ("joint", None),
        "past": ("aim", -1),
        "coming": ("aim", 1),
        "early": ("part", 0),
        "mid": ("part", 1),
        "late": ("part", 2),
        "first_half": ("half", 1),
        "second_half": ("half", 2),
    }
    for key, meaning in lists.items():
        yield from ((word, meaning) for word in table.get(key, ()))
    for side in ("before", "after"):
        yield from ((word, (side, role)) for role, words in table.get(side, {}).items() for word in words)
    for unit, shifts in table.get("shift", {}).items():
        yield from ((word, ("shift", (unit, by))) for word, by in shifts.items())
    yield from ((word, ("weekday", day)) for day, words in enumerate(table.get("weekdays", ())) for word in words)
    yield from ((word, ("month", month)) for month, words in enumerate(table.get("months", ()), 1) for word in words)
    yield from ((word, ("era", era)) for word, era in table.get("eras", {}).items())
    yield from ((word, ("number", number)) for word, number in table.get("numbers", {}).items())


def _forms(word: str) -> set[str]:
    """A word folded, with its full stops, without the last, and without any."""
    folded = _fold(word)
    return {folded, folded.rstrip("."), folded.replace(".", "")}


def _fold(text: str) -> str:
    """NFKC, case folded, invisible characters and ordinal signs dropped, hyphens and apostrophes alike."""
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold().translate(_PLAIN)


def _pattern(words: Iterable[str], after_dashed: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all tokens of a language; the group that matched says which, no group that it is but a space.

    `after_dashed`, if any, are words that tell the range in 10-12 tháng 3 from the day and month in 10-12.
    """
    stop = "|".join(map(re.escape, after_dashed))
    dashed = rf"|\d{{1,2}}-\d{{1,2}}(?!\s*(?:{stop})|[-/.]?\s?\d)" if stop else ""
    return re.compile(
        r"[\s,]+"
        r"|(?P<triple>\d{1,4}(?P<sign>[./-])\s?\d{1,2}(?P=sign)\s?\d{1,4}(?!\d))"
        r"|(?P<iso_month>\d{4}-\d{2}(?![\d-]))"
        rf"|(?P<pair>\d{{1,2}}/(?:\d{{4}}|\d{{1,2}})(?![\d/]){dashed})"
        r"|(?P<number>\d+)"
        rf"|(?P<word>{_any_of(words)})"
        r"|(?P<dash>[-/‒–—―~〜])"
        r"|[.;:()\[\]'\"“”‘「」、。၊។]+"
        r"|(?P<unknown>.+)",
        re.DOTALL,
    )


def _any_of(words: Iterable[str]) -> str:
    """A pattern for the longest word that stands here; in Latin script not inside another."""
    by_length = sorted(words, key=lambda word: (-len(word), word))
    latin = [re.escape(word) + _end(word) for word in by_length if _is_latin(word[0])]
    other = [re.escape(word) + _end(word) for word in by_length if not _is_latin(word[0])]
    # The look-behind stands outside, so that the engine can tell the words apart by their first letters.
    return "|".join((*other, f"(?<!{_LETTER})(?:{'|'.join(latin)})")) if latin else "|".join(other) or "(?!)"


def _end(word: str) -> str:
    """What must not follow a word: more of the word, more of its number."""
    return f"(?!{_LETTER})" if _is_latin(word[-1]) else r"(?!\d)" if word[-1].isdigit() else ""


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN ")


def _from_han(match: re.Match[str]) -> str:
    """二〇二五 → 2025, 十四 → 14, 廿一 → 21."""
    numeral = match[0].replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = numeral.partition("十")
    digits = (tens or "一", ones or "〇") if ten else (numeral,)
    return "".join(_HAN_DIGITS.get(han, "") for part in digits for han in part)


@dataclass(slots=True)
class Point:
    """One end of a date, as far as it is written. `loose` are numbers (value, digits) whose role is not marked."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    quarter: int | None = None
    half: int | None = None
    part: int | None = None  # 0 early, 1 middle, 2 late
    shift: tuple[str, int] | None = None  # so many days, months or years after the article's
    loose: list[tuple[int, int]] = field(default_factory=list)
    digits: int = 4  # of the year
    era: str | int | None = None  # an int is the Gregorian year before the era's first
    weekday: int | None = None
    decade: bool = False
    bare: str | None = None  # "year" or "month" without a number
    counted: bool = False  # the month is a number
    month_first: bool = False  # the month stands before the loose numbers
    swap: bool = False  # day and month may stand the other way round
    borrowed: bool = False  # the year is that of the other end

    def written(self) -> set[str]:
        """The parts that are there."""
        parts = ("day", "month", "year", "quarter", "half", "part", "shift")
        there = {part for part in parts if getattr(self, part) is not None}
        return there | {"loose"} if self.loose else there


class Writing:
    """The ends of a date as a text writes them; `aim` is -1 where a word puts it before the article, 1 for after.

    Numbers get a role from a word before or after them, from their length, or from the month they stand by.
    """

    def __init__(self, original: str, speech: Tongue) -> None:
        """Read the tokens. Raises DateError at one that is not understood."""
        if len(original) > _LONGEST:
            raise speech.unreadable(f"{original[:40]}…", f"it is longer than {_LONGEST} characters")
        self.aim = 0
        self._original = original
        self._tongue = speech
        self._point = Point()
        self._points = [self._point]
        self._joints: list[bool] = []  # True for a dash, False for a word
        self._pending: str | None = None  # the role that a word gives the next number
        self._last: tuple[int, int] | None = None  # the number just read
        text = _fold(original)
        for match in speech.pattern.finditer(_HAN.sub(_from_han, text) if speech.han else text):
            if match.lastgroup:
                getattr(self, f"_{match.lastgroup}")(match[0])

    def ends(self) -> list[Point]:
        """The one or two ends, every number in its role. Raises DateError where a number has none."""
        self._close()
        ends = self._joined()
        if len(ends) > 2:
            raise self._unreadable("it has more than two ends")
        if not all(end.written() for end in ends):
            raise self._unreadable("it names no day, month or year")
        for end in ends:
            self._place(end)
        for end, other in zip(ends, reversed(ends), strict=True):
            if end.loose:
                self._place_by(end, other)
            self._check(end)
        return ends

    # One method a token, named as its group in the pattern.

    def _triple(self, text: str) -> None:
        first, second, third = re.split(r"\D+", text)
        self._pending = None
        if len(first) > 2 or (self._tongue.order == "ymd" and len(third) < 3):
            self._mark("year", int(first), len(first))
            self._day_and_month(int(second), int(third), "ymd")
        else:
            self._mark("year", int(third), len(third))
            self._day_and_month(int(first), int(second), self._tongue.order if self._tongue.order == "dmy" else "")

    def _iso_month(self, text: str) -> None:
        self._pending = None
        self._mark("year", int(text[:4]), 4)
        self._mark("month", int(text[5:]), 2)

    def _pair(self, text: str) -> None:
        first, second = re.split("[/-]", text)
        role, self._pending = self._pending, None
        if len(second) == 4 or role in ("month", "quarter", "half"):
            self._mark(role if role in ("quarter", "half") else "month", int(first), len(first))
            self._mark("year", int(second), len(second))
        else:
            self._day_and_month(int(first), int(second), self._tongue.order)

    def _number(self, text: str) -> None:
        if len(text) > 4:
            raise self._unreadable(f"{text[:20]} is neither a day nor a year")
        self._count(int(text), len(text))

    def _word(self, text: str) -> None:
        kind, value = self._tongue.words[text]
        last, self._last = self._last, None
        if kind == "number":
            self._count(value, 1)
        elif kind == "joint":
            self._join(dash=False)
        elif kind == "aim":
            self.aim = value
        elif kind == "before":
            self._close()
            self._pending = value
        elif kind == "after":
            self._mark_last(value, last)
        elif kind != "skip":
            self._set(kind, value)

    def _dash(self, _: str) -> None:
        self._join(dash=True)

    def _unknown(self, text: str) -> None:
        raise self._unreadable(f"{text[:40]!r} is not understood")

    # What the tokens do to the point at hand.

    def _set(self, part: str, value: Any) -> None:
        if getattr(self._point, part) is not None:
            raise self._unreadable(f"it has two values for the {part}")
        setattr(self._point, part, value)
        if part == "month":
            self._point.month_first = not self._point.loose
            self._pending = None if self._pending == "month" else self._pending

    def _count(self, value: int, digits: int) -> None:
        """A number: of the role that is pending, a year if it has four figures, else loose."""
        self._last = value, digits
        if self._pending:
            role, self._pending = self._pending, None
            self._mark(role, value, digits)
        elif digits == 4:
            self._mark("year", value, digits)
        else:
            self._point.loose.append((value, digits))

    def _mark(self, role: str, value: int, digits: int) -> None:
        """Give a number its role."""
        self._set("year" if role == "decade" else role, value)
        if role in ("year", "decade"):
            self._point.digits = digits
            self._point.decade |= role == "decade"
        self._point.counted |= role == "month"

    def _mark_last(self, role: str, last: tuple[int, int] | None) -> None:
        """Give the number before this word its role; a word without a number is bare."""
        if last is None:
            self._point.bare = role
        elif last in self._point.loose:
            self._point.loose.remove(last)
            self._mark(role, *last)
        elif last == (self._point.year, 4) and role in ("year", "decade"):
            self._point.decade |= role == "decade"
        else:
            raise self._unreadable(f"{last[0]} is no {role}")

    def _day_and_month(self, first: int, second: int, order: str) -> None:
        """Two numbers in the language's order; where it has none, in the only one possible, or in either."""
        day, month = (second, first) if order == "ymd" or (not order and first <= 12 < second) else (first, second)
        self._mark("day", day, 2)
        self._mark("month", month, 2)
        self._point.swap = not order and day != month and day <= 12 and month <= 12

    def _close(self) -> None:
        """A role that no number took: its word is bare."""
        if self._pending:
            self._point.bare, self._pending = self._pending, None

    def _join(self, *, dash: bool) -> None:
        self._close()
        self._last = None
        self._joints.append(dash)
        self._point = Point()
        self._points.append(self._point)

    # From points to ends.

    def _joined(self) -> list[Point]:
        """The points; in one where a dash only joins them. A word may stand before or after all: until 2026."""
        ends = self._points[:1]
        for dash, point in zip(self._joints, self._points[1:], strict=True):
            if dash and _belong(ends[-1], point):
                ends[-1] = _merged(ends[-1], point)
            elif not dash and not ends[-1].written():
                ends[-1] = point
            elif dash or point.written():
                ends.append(point)
        return ends

    def _place(self, end: Point) -> None:
        """Roles for loose numbers beside a month: 11 July 22, July 11, 2022 July 11."""
        if end.month is None or not end.loose:
            return
        value = end.loose[0][0]
        alone = end.month_first and len(end.loose) == 1 and end.day is None and end.year is None
        if alone and value <= 31 and self._tongue.order == "dmy":
            raise self._unreadable(f"{value} after the month may be a day or a year")
        if end.day is None and not (alone and value > 31):
            end.day = value
            end.loose = end.loose[1:]
        if end.loose and end.year is None:
            (end.year, end.digits), *end.loose = end.loose

    def _place_by(self, end: Point, other: Point) -> None:
        """A role for a loose number by the other end: 10-12 March, 3~5월."""
        role = "day" if other.day is not None else "month" if other.counted else None
        if role is None or len(end.loose) > 1 or getattr(end, role) is not None or end is other:
            raise self._unreadable(f"what {end.loose[0][0]} counts is not said")
        setattr(end, role, end.loose.pop()[0])
        end.counted |= role == "month"

    def _check(self, end: Point) -> None:
        """Parts that do not go together, and numbers that nothing has."""
        parts = end.written()
        small = parts & {"quarter", "half", "part", "day"}
        if len(small) > 1 or (parts & {"quarter", "half"} and "month" in parts):
            raise self._unreadable(f"{' and '.join(sorted(parts & (small | {'month'})))} do not go together")
        for part, most in (("quarter", 4), ("half", 2), ("day", 31)):
            value = getattr(end, part)
            if value is not None and not 1 <= value <= most:
                raise DateError(f"No such {part}: {value} in {self._original!r}", way_out=f"a {part} is 1 to {most}")
        if end.decade and (end.year or 0) % 10:
            raise self._unreadable(f"no decade begins with {end.year}")
        if parts == {"year"} and end.digits < 3 and not (end.decade or end.era or self._tongue.era == "thai-be"):
            raise self._unreadable(f"{end.year} may be a year or a number of years")

    def _unreadable(self, why: str) -> DateError:
        return self._tongue.unreadable(self._original, why)


def _belong(left: Point, right: Point) -> bool:
    """Whether a dash between two points only joins them: 14-Oct-2025, mid-2025, I/2025, 2025-Q3."""
    before, after = left.written(), right.written()
    if before == {"part"}:
        return "part" not in after and bool(after or right.bare)
    if not before or not after:
        return False
    if after == {"year"}:
        return not before & {"year", "shift"}
    if before == {"year"}:
        return not after & {"year", "shift"}
    if after == {"loose"}:
        return "month" in before and not left.counted and not before & {"day", "loose"}
    return before == {"loose"} and after <= {"month", "year"} and not right.counted


def _merged(left: Point, right: Point) -> Point:
    """Two points in one; no part is in both."""
    parts = {part: getattr(right, part) for part in right.written() - {"loose"}}
    return replace(
        left,
        **parts,
        loose=left.loose + right.loose,
        digits=left.digits if right.year is None else right.digits,
        era=right.era if left.era is None else left.era,
        weekday=right.weekday if left.weekday is None else left.weekday,
        decade=left.decade or right.decade,
        bare=left.bare or right.bare,
        counted=left.counted or right.counted,
        month_first=left.month is not None and not left.loose,
    )
