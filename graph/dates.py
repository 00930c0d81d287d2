"""Dates as written → intervals of Gregorian days, with calendar, precision and EDTF. No clock: a date knows only its article.

How a language writes its dates is data (`dates.toml`); here is how they are read (`_Writing`) and what they mean (`_Reading`).
"""

from __future__ import annotations

import calendar
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from graph.errors import DateError

_YEARS = range(1900, 2101)
_BUDDHIST = 2400  # a bare year from here on counts a Buddhist era
_AHEAD = timedelta(days=31)  # a date without its year may lie this far after its article
_LONGEST = 200  # characters; no date is longer
_UNITS = {4: "year", 7: "month", 10: "day"}  # length of an ISO prefix → what it names
_PARTS = ("early", "middle", "late")

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_UNSEEN = re.compile("[\u00aa\u00ad\u00b0\u00ba\u200b-\u200f\u2060\ufeff]")  # with º and ª, which NFKC makes o and a
_PLAIN = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2212": "-", "’": "'"})
_HAN = re.compile("[〇零一二三四五六七八九十廿卅]+(?=[年月日号號季])")
_HAN_DIGITS = {han: str(digit) for digit, han in enumerate("〇一二三四五六七八九")} | {"零": "0"}


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as an article writes it, and what it means.

    `original` is the text; `calendar` is gregorian, thai-be or khmer-be; `earliest` and `latest` are the first and last
    Gregorian day it may mean (inclusive); `precision` is day, month, year or interval; `edtf` is the EDTF string
    (2022-07-11, 2021-08, 2022, 2022/2023); `notes` say what had to be supplied, such as the year.
    """

    original: str
    calendar: str
    earliest: date
    latest: date
    precision: str
    edtf: str
    notes: tuple[str, ...] = ()

    @property
    def start(self) -> str:
        """The beginning as an ISO 8601 prefix: 2021-08 for a month, 2021 for an interval of whole years, else the day."""
        return self.earliest.isoformat()[: _width(self.earliest, self.latest)]

    @property
    def end(self) -> str:
        """The end as an ISO 8601 prefix, no longer than `start`."""
        return self.latest.isoformat()[: _width(self.earliest, self.latest)]


def read_date(original: str, *, language: str, published: str, ahead: bool = False) -> WrittenDate:
    """What a date means in an article of this language (BCP 47), published then (EDTF YYYY[-MM[-DD]]).

    A year that is not written is the one that puts the date last before the article's, or up to 31 days after it; with
    `ahead`, for what is still to come, the first one not before the article's. Where several readings remain, the
    interval covers all of them and a note says so. ISO 8601 dates are read in every language, always as Gregorian.
    Raises DateError for a text that is no date, a day that does not exist, or a year outside 1900 to 2100.
    """
    return _read(original, language.partition("-")[0].lower(), published, ahead)


@lru_cache(maxsize=16384)
def _read(original: str, language: str, published: str, ahead: bool) -> WrittenDate:
    iso = _iso_days(original.strip())
    if iso:
        return _written(original, "gregorian", *iso)
    anchors = _iso_days(published)
    if anchors is None:
        raise DateError(f"Unreadable publication date {published!r}", way_out="write it as 2022-07-11, 2022-07 or 2022")
    tongue = _tongue(language)
    writing = _Writing(original, tongue)
    return _Reading(original, tongue, published, 1 if ahead else writing.aim).read(writing.ends(), sorted(set(anchors)))


def _iso_days(text: str) -> tuple[date, date] | None:
    """First and last day of an ISO date, None for any other text. Raises DateError for a day that does not exist."""
    match = _ISO.fullmatch(text)
    if not match or int(match[1]) not in _YEARS:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    return _days(text, year or 0, month, day)


def _days(original: str, year: int, month: int | None, day: int | None) -> tuple[date, date]:
    """First and last day of a day, a month or a year."""
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if not 1 <= month <= 12:
        raise DateError(f"No such month: {month} in {original!r}", way_out="a month is 1 to 12; write one that exists")
    length = calendar.monthrange(year, month)[1]
    if day is None:
        return date(year, month, 1), date(year, month, length)
    if not 1 <= day <= length:
        way_out = f"{year}-{month:02} has {length} days; write one that exists, or the month alone"
        raise DateError(f"No such day: {day} in {original!r}", way_out=way_out)
    return date(year, month, day), date(year, month, day)


def _width(earliest: date, latest: date) -> int:
    """How long an ISO prefix both ends need: 4 for whole years, 7 for whole months, else 10."""
    if earliest.day > 1 or (latest + timedelta(days=1)).day > 1:
        return 10
    return 4 if (earliest.month, latest.month) == (1, 12) else 7


def _written(original: str, in_calendar: str, earliest: date, latest: date, notes: Iterable[str] = ()) -> WrittenDate:
    """A WrittenDate with the precision and the EDTF that its days give."""
    width = _width(earliest, latest)
    start, end = earliest.isoformat()[:width], latest.isoformat()[:width]
    precision, edtf = (_UNITS[width], start) if start == end else ("interval", f"{start}/{end}")
    return WrittenDate(original, in_calendar, earliest, latest, precision, edtf, tuple(notes))


# --- how a language writes its dates -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tongue:
    """A language's table, compiled. `words` maps a folded word to its kind and value; `pattern` covers any text."""

    language: str
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


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(files("graph").joinpath("dates.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=256)
def _tongue(language: str) -> _Tongue:
    """The table of a language; an empty one, which reads numbers only, for a language without."""
    table = _tables().get(language, {})
    words = {form: meaning for word, meaning in _words(table) for form in _forms(word)}
    return _Tongue(
        language=language,
        order=table.get("order", ""),
        era=table.get("era", "gregorian"),
        example=table.get("example", ""),
        han=table.get("han", False),
        words=words,
        pattern=_pattern(words, table.get("before", {}).get("month", ()) if table.get("dashed") else ()),
    )


def _words(table: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, Any]]]:
    """Every word of a table with its kind and value; `skip` first, so that a word with a meaning keeps it."""
    lists = {"skip": "skip", "range": "joint", "past": "aim", "coming": "aim"}
    values = {"past": -1, "coming": 1}
    for key, kind in lists.items():
        yield from ((word, (kind, values.get(key))) for word in table.get(key, ()))
    for part, key in enumerate(("early", "mid", "late")):
        yield from ((word, ("part", part)) for word in table.get(key, ()))
    for half, key in enumerate(("first_half", "second_half"), start=1):
        yield from ((word, ("half", half)) for word in table.get(key, ()))
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
    """One pattern for all tokens of a language; the name of the group that matched says which one.

    `after_dashed`, if any, are words that tell the range in 10-12 tháng 3 from the day and month in 10-12.
    """
    stop = "|".join(map(re.escape, after_dashed))
    dashed = rf"|\d{{1,2}}-\d{{1,2}}(?!\s*(?:{stop})|[-/.]?\s?\d)" if stop else ""
    known = "|".join(_bounded(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    return re.compile(
        r"(?P<triple>\d{1,4}(?P<sign>[./-])\s?\d{1,2}(?P=sign)\s?\d{1,4}(?!\d))"
        r"|(?P<iso_month>\d{4}-\d{2}(?![\d-]))"
        rf"|(?P<pair>\d{{1,2}}/(?:\d{{4}}|\d{{1,2}})(?![\d/]){dashed})"
        r"|(?P<number>\d+)"
        rf"|(?P<word>{known or '(?!)'})"
        r"|(?P<sign_between>[-/‒–—―~〜])"
        r"|(?P<space>[\s.,;:()\[\]'\"“”‘「」、。၊។]+)"
        r"|(?P<unknown>.+)",
        re.DOTALL,
    )


def _bounded(word: str) -> str:
    """A pattern for a word that, where its script parts words, does not match inside another."""
    before = r"(?<![^\W\d_])" if _parts_words(word[0]) else ""
    after = r"(?![^\W\d_])" if _parts_words(word[-1]) else r"(?!\d)" if word[-1].isdigit() else ""
    return f"{before}{re.escape(word)}{after}"


def _parts_words(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN ")


def _from_han(match: re.Match[str]) -> str:
    """二〇二五 → 2025, 十四 → 14, 廿一 → 21."""
    numeral = match[0].replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = numeral.partition("十")
    digits = (tens or "一", ones or "〇") if ten else (numeral,)
    return "".join(_HAN_DIGITS.get(han, "") for part in digits for han in part)


# --- what a text writes -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Point:
    """One end of a date, as far as it is written. `loose` are numbers (value, digits) whose role is not marked."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    quarter: int | None = None
    half: int | None = None
    part: int | None = None
    shift: tuple[str, int] | None = None
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

    def written(self) -> frozenset[str]:
        """The parts that are there."""
        parts = ("day", "month", "year", "quarter", "half", "part", "shift", "loose")
        return frozenset(part for part in parts if getattr(self, part) not in (None, []))


class _Writing:
    """The ends of a date as a text writes them: one, or the two of a range. `aim` is -1 for a past word, 1 for a coming one.

    Numbers get a role from a word before or after them, from their length, or from the month they stand by.
    """

    def __init__(self, original: str, tongue: _Tongue) -> None:
        if len(original) > _LONGEST:
            raise tongue.unreadable(f"{original[:40]}…", f"it is longer than {_LONGEST} characters")
        self.original = original
        self.tongue = tongue
        self.aim = 0
        self._point = _Point()
        self._points = [self._point]
        self._joints: list[bool] = []  # True for a sign, False for a word
        self._pending: str | None = None  # the role that a word gives the next number
        self._last: tuple[int, int] | None = None  # the number just read
        text = _fold(original)
        for match in tongue.pattern.finditer(_HAN.sub(_from_han, text) if tongue.han else text):
            getattr(self, f"_{match.lastgroup}")(match[0])

    def ends(self) -> list[_Point]:
        """The one or two ends, every number in its role. Raises DateError where a number has none."""
        self._close()
        ends = self._joined()
        if len(ends) > 2 or not all(end.written() for end in ends):
            raise self._unreadable("it names no day, month or year" if len(ends) < 3 else "it has more than two ends")
        for end in ends:
            self._place(end)
        for end in ends:
            if end.loose:
                self._place_by(end, ends[0] if end is ends[-1] else ends[-1])
            self._check(end)
        return ends

    # One method a token, named as its group in the pattern.

    def _space(self, _: str) -> None:
        """Spaces, commas, brackets: nothing."""

    def _unknown(self, text: str) -> None:
        raise self._unreadable(f"{text[:40]!r} is not understood")

    def _sign_between(self, _: str) -> None:
        self._join(sign=True)

    def _number(self, text: str) -> None:
        if len(text) > 4:
            raise self._unreadable(f"{text[:20]} is neither a day nor a year")
        self._count(int(text), len(text))

    def _iso_month(self, text: str) -> None:
        self._mark("year", int(text[:4]), 4)
        self._mark("month", int(text[5:]))

    def _pair(self, text: str) -> None:
        first, second = re.split("[/-]", text)
        role, self._pending = self._pending, None
        if len(second) == 4 or role in ("month", "quarter", "half"):
            self._mark(role if role in ("quarter", "half") else "month", int(first))
            self._mark("year", int(second), len(second))
        else:
            self._day_and_month(int(first), int(second), self.tongue.order)

    def _triple(self, text: str) -> None:
        first, second, third = re.split(r"\D+", text)
        self._pending = None
        if len(first) > 2 or (self.tongue.order == "ymd" and len(third) < 3):
            self._mark("year", int(first), len(first))
            self._day_and_month(int(second), int(third), "ymd")
        else:
            self._mark("year", int(third), len(third))
            self._day_and_month(int(first), int(second), self.tongue.order if self.tongue.order == "dmy" else "")

    def _word(self, text: str) -> None:
        kind, value = self.tongue.words[text]
        last, self._last = self._last, None
        if kind == "number":
            self._count(value, 1)
        elif kind == "joint":
            self._join(sign=False)
        elif kind == "aim":
            self.aim = value
        elif kind == "before":
            self._close()
            self._pending = value
        elif kind == "after":
            self._mark_last(value, last)
        elif kind != "skip":
            self._set(kind, value)

    # What the tokens do to the point at hand.

    def _set(self, part: str, value: Any) -> None:
        known = getattr(self._point, part)
        if known not in (None, value):
            raise self._unreadable(f"it has two values for the {part}")
        setattr(self._point, part, value)
        if part == "month":
            self._point.month_first = not self._point.loose
            self._pending = None if self._pending == "month" else self._pending

    def _count(self, value: int, digits: int) -> None:
        self._last = value, digits
        if self._pending:
            role, self._pending = self._pending, None
            self._mark(role, value, digits)
        elif digits == 4:
            self._mark("year", value, digits)
        else:
            self._point.loose.append((value, digits))

    def _mark(self, role: str, value: int, digits: int = 4) -> None:
        """Give a number its role."""
        self._set("year" if role == "decade" else role, value)
        if role in ("year", "decade"):
            self._point.digits = digits
            self._point.decade |= role == "decade"
        self._point.counted |= role == "month"

    def _mark_last(self, role: str, last: tuple[int, int] | None) -> None:
        """Give the number before this word its role; a word without a number is bare."""
        if last and last in self._point.loose:
            self._point.loose.remove(last)
            self._mark(role, *last)
        elif last and last == (self._point.year, 4) and role in ("year", "decade"):
            self._mark(role, *last)
        elif last:
            raise self._unreadable(f"{last[0]} is no {role}")
        else:
            self._point.bare = role

    def _day_and_month(self, first: int, second: int, order: str) -> None:
        """Two numbers in the language's order; where it has none, in the only one possible, or in either."""
        day, month = (second, first) if order == "ymd" else (first, second)
        if not order and day <= 12 < month:
            day, month = month, day
        self._mark("day", day)
        self._mark("month", month)
        self._point.swap = not order and day != month and day <= 12 and month <= 12

    def _close(self) -> None:
        """A role that no number took: its word is bare."""
        if self._pending:
            self._point.bare, self._pending = self._pending, None

    def _join(self, *, sign: bool) -> None:
        self._close()
        self._joints.append(sign)
        self._point = _Point()
        self._points.append(self._point)

    def _joined(self) -> list[_Point]:
        """The points, those that only a sign parts in one: 14-Oct-2025, mid-2025. A word may stand before or after all."""
        ends = self._points[:1]
        for sign, point in zip(self._joints, self._points[1:], strict=True):
            if sign and _belong(ends[-1], point):
                ends[-1] = _merged(ends[-1], point)
            elif not sign and not ends[-1].written():
                ends[-1] = point
            elif sign or point.written():
                ends.append(point)
        return ends

    def _place(self, end: _Point) -> None:
        """Roles for loose numbers beside a month: 11 July 22, July 11, 2022 July 11."""
        if end.month is None or not end.loose:
            return
        value, digits = end.loose[0]
        alone = end.month_first and len(end.loose) == 1 and end.day is None and end.year is None
        if alone and value <= 31 and self.tongue.order == "dmy":
            raise self._unreadable(f"{value} after the month may be a day or a year")
        if end.day is None and not (alone and value > 31):
            end.day = value
            end.loose = end.loose[1:]
        if end.loose and end.year is None:
            (end.year, end.digits), *end.loose = end.loose

    def _place_by(self, end: _Point, other: _Point) -> None:
        """A role for a loose number by the other end: 10-12 March, 3~5월."""
        role = "day" if other.day is not None else "month" if other.counted else None
        if role is None or len(end.loose) > 1 or getattr(end, role) is not None or end is other:
            raise self._unreadable(f"what {end.loose[0][0]} counts is not said")
        setattr(end, role, end.loose.pop()[0])
        end.counted |= role == "month"

    def _check(self, end: _Point) -> None:
        """Parts that do not go together, and values that nothing has."""
        parts = end.written()
        small = parts & {"quarter", "half", "part", "day"}
        if len(small) > 1 or (parts & {"quarter", "half"} and "month" in parts):
            raise self._unreadable(f"{' and '.join(sorted(small | parts & {'month'}))} do not go together")
        for part, most in (("quarter", 4), ("half", 2), ("day", 31)):
            value = getattr(end, part)
            if value is not None and not 1 <= value <= most:
                raise DateError(f"No such {part}: {value} in {self.original!r}", way_out=f"a {part} is 1 to {most}")
        if end.decade and (end.year or 0) % 10:
            raise self._unreadable(f"no decade begins with {end.year}")

    def _unreadable(self, why: str) -> DateError:
        return self.tongue.unreadable(self.original, why)


def _belong(left: _Point, right: _Point) -> bool:
    """Whether a sign between two points only joins them."""
    if right.written() == {"year"}:
        return bool(left.written()) and left.year is None and left.shift is None
    if left.written() == {"part"}:
        return right.part is None
    return left.written() == {"loose"} and right.written() <= {"month", "year"} and not right.counted


def _merged(left: _Point, right: _Point) -> _Point:
    parts = {part: getattr(right, part) for part in right.written() - {"loose"}}
    return replace(
        left, **parts, loose=left.loose + right.loose, digits=right.digits, counted=left.counted or right.counted
    )


# --- what it means ------------------------------------------------------------------------------------------------

_Days = tuple[date, date]
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class _Reading:
    """Ends → days. `notes` collects what is not in the text; `calendar` is that of the years as written."""

    def __init__(self, original: str, tongue: _Tongue, published: str, aim: int) -> None:
        self.original = original
        self.tongue = tongue
        self.published = published
        self.aim = aim
        self.calendar = "gregorian"
        self.notes: dict[str, None] = {}

    def read(self, ends: list[_Point], anchors: list[date]) -> WrittenDate:
        """The days that every reading of the ends covers; `anchors` are the first and last day the article may be of."""
        if len(ends) == 2:
            _inherit(ends[0], ends[1])
            _inherit(ends[1], ends[0])
        swaps = [ends]
        if any(end.swap for end in ends):
            self._note("day and month may stand in either order: both readings are covered")
            swaps.append([replace(end, day=end.month, month=end.day) if end.swap else end for end in ends])
        spans = [
            span
            for points in swaps
            for anchor in anchors
            for dated in self._dated([self._anchored(point, anchor) for point in points], anchor)
            if (span := self._span(dated))
        ]
        if not spans:
            raise self.tongue.unreadable(self.original, "its end lies before its beginning")
        earliest, latest = min(first for first, _ in spans), max(last for _, last in spans)
        if earliest == latest and ends[0].weekday not in (None, earliest.weekday()):
            said, right = _WEEKDAYS[ends[0].weekday or 0], _WEEKDAYS[earliest.weekday()]
            self._note(f"{earliest} is a {right}; the text says {said}")
        return _written(self.original, self.calendar, earliest, latest, self.notes)

    # What the article's date supplies.

    def _anchored(self, point: _Point, anchor: date) -> _Point:
        """The point with this year, last month, today … put in figures."""
        shift = point.shift or self._bare(point)
        if shift is None:
            return replace(point)
        unit, by = shift
        if unit == "day" and point.written() != {"shift"}:
            return replace(point)  # today, 16 October 2025
        self._note(f"counted from the article's date, {self.published}")
        if unit == "year":
            return replace(point, **({} if point.year else _gregorian(anchor.year + by)))
        if unit == "month":
            year, month = _month_from(anchor, by)
            return replace(point, month=point.month or month, **_gregorian(year))
        day = anchor + timedelta(days=by)
        return replace(point, day=day.day, month=day.month, **_gregorian(day.year))

    def _bare(self, point: _Point) -> tuple[str, int] | None:
        """The start of the year, the first half of the year: of this year."""
        small = (point.part, point.quarter, point.half)
        if small == (None, None, None) or point.year is not None or point.month is not None:
            return None
        if point.bare in ("year", "month"):
            return point.bare, 0
        if point.part is not None:
            raise self.tongue.unreadable(self.original, f"the {_PARTS[point.part]} of what is not said")
        return None

    def _dated(self, points: list[_Point], anchor: date) -> Iterator[list[_Point]]:
        """The points with the year, or the month and year, that none of them has; twice where two months may be meant."""
        last = points[-1]
        if last.year is not None:
            yield points
        elif last.month is None and last.day is not None:
            self._note(f"month and year taken from the article's date, {self.published}")
            for year, month in self._months_near(last.day, anchor):
                yield [replace(point, month=month, **_gregorian(year)) for point in points]
        else:
            self._note(f"year taken from the article's date, {self.published}")
            year = self._year_near(last, anchor)
            *first, last = (replace(point, **_gregorian(year)) for point in points)
            yield [*(replace(point, borrowed=True) for point in first), last]

    def _year_near(self, point: _Point, anchor: date) -> int:
        """The last year that puts the point before the article or little after it; the first that does not, if ahead."""
        leap = (point.month, point.day) == (2, 29)
        reach = range(anchor.year - 8, anchor.year + 9) if leap else range(anchor.year - 1, anchor.year + 2)
        days = {year: self._within(point, year) for year in reach if not leap or calendar.isleap(year)}
        if self.aim > 0:
            return min(year for year, (_, last) in days.items() if last >= anchor)
        limit = anchor if self.aim < 0 else anchor + _AHEAD
        return max(year for year, (first, _) in days.items() if first <= limit)

    def _months_near(self, day: int, anchor: date) -> list[tuple[int, int]]:
        """The month of the article, the one before or the one after; two where a day without its month may be of either."""
        here, *others = (
            _month_from(anchor, by)
            for by in (0, *(range(1, 3) if self.aim > 0 else range(-1, -3, -1)))
            if by == 0 or day <= calendar.monthrange(*_month_from(anchor, by))[1]
        )
        exists = day <= calendar.monthrange(*here)[1]
        if self.aim > 0:
            return [here if exists and day >= anchor.day else others[0]]
        if exists and day <= anchor.day + (
            self.aim == 0
        ):  # a day of grace: the article's clock may be another country's
            return [here]
        return [others[0], here] if exists and self.aim == 0 else [others[0]]

    # Days of points whose year is known.

    def _span(self, points: list[_Point]) -> _Days | None:
        """The days from the first end to the last; None if that runs backwards."""
        first, last = self._days_of(points[0]), self._days_of(points[-1])
        if first[0] > last[1]:
            if points[0].borrowed:  # 28 December to 3 January 2025
                first = self._days_of(replace(points[0], year=(points[0].year or 0) - 1))
            elif points[-1].borrowed:  # 28 December 2024 to 3 January
                last = self._days_of(replace(points[-1], year=(points[-1].year or 0) + 1))
        return (first[0], last[1]) if first[0] <= last[1] else None

    def _days_of(self, point: _Point) -> _Days:
        if point.day is not None and point.month is None:
            raise self.tongue.unreadable(self.original, f"the month of day {point.day} is not said")
        spans = [self._within(point, year) for year in self._years(point)]
        return spans[0][0], spans[-1][1]

    def _within(self, point: _Point, year: int) -> _Days:
        """First and last day of a point in a Gregorian year."""
        if point.decade:
            if point.part is not None:
                self._note(f"the {_PARTS[point.part]} of a decade is read as the whole decade")
            return date(year, 1, 1), date(year + 9, 12, 31)
        if point.part is not None and point.month is not None:
            return self._third_of_month(point.part, _days(self.original, year, point.month, None))
        if point.part is not None:
            months = point.part * 4 + 1, point.part * 4 + 4
            self._note(
                f"{_PARTS[point.part]} of a year is read as {_MONTHS[months[0] - 1]} to {_MONTHS[months[1] - 1]}"
            )
        elif point.quarter or point.half:
            length, number = (3, point.quarter) if point.quarter else (6, point.half or 0)
            months = length * number - length + 1, length * number
        else:
            return _days(self.original, year, point.month, point.day)
        return date(year, months[0], 1), _days(self.original, year, months[1], None)[1]

    def _third_of_month(self, part: int, month: _Days) -> _Days:
        first = part * 10 + 1
        last = month[1].day if part == 2 else first + 9
        self._note(f"{_PARTS[part]} of a month is read as days {first} to {last if part < 2 else 'end'}")
        return month[0].replace(day=first), month[0].replace(day=last)

    # Years.

    def _years(self, point: _Point) -> tuple[int, ...]:
        """The Gregorian years that the written one may mean, in order. Raises DateError outside 1900 to 2100."""
        year, era = self._full_year(point)
        if isinstance(era, int):
            years: tuple[int, ...] = (era + year,)
            self._note(f"year {year} of its era is {era + year}")
        elif era == "gregorian":
            years = (year,)
        else:
            self.calendar = era
            years = self._thai_years(year, point) if era == "thai-be" else self._khmer_years(year, point)
        if not (years[0] in _YEARS and years[-1] in _YEARS):
            buddhist = f"; if it counts the Buddhist era, write {year - 543}" if year >= _BUDDHIST else ""
            raise DateError(
                f"Year {year} in {self.original!r} lies outside {_YEARS[0]} to {_YEARS[-1]}",
                way_out=f"write a year in between{buddhist}",
            )
        return years

    def _full_year(self, point: _Point) -> tuple[int, str | int]:
        """A year with its century, and its era. Two figures are Buddhist in Thai, else of the century nearest the article."""
        year, era = point.year or 0, point.era
        if isinstance(era, int):
            return year, era
        if point.digits > 2:
            return year, era or (self.tongue.era if year >= _BUDDHIST else "gregorian")
        published = int(self.published[:4])
        if era in ("thai-be", "khmer-be") or (era is None and self.tongue.era == "thai-be"):
            if era is None and 2000 + year <= published + 1:
                way_out = f"write {2500 + year} or {2000 + year} in full"
                raise DateError(f"Two-figure year {year:02} in {self.original!r} may be of either era", way_out=way_out)
            full, era = 2500 + year, era or "thai-be"
        else:
            full, era = min((1900 + year, 2000 + year), key=lambda one: abs(one - published)), "gregorian"
        self._note(f"two-figure year {year:02} read as {full}")
        return full, era

    def _thai_years(self, year: int, point: _Point) -> tuple[int, ...]:
        """Thai BE is CE + 543 since 1941; until BE 2482 the year began on 1 April, so that its first months are of the next CE year.

        Later writers may have put such a date in either reckoning; BE 2483 had no January to March of its own.
        """
        if year > 2482 or (point.month or 0) > 3:
            return (year - 543,)
        self._note(f"the Thai year {year} began on 1 April {year - 543} and ended in March {year - 542}")
        return year - 543, year - 542

    def _khmer_years(self, year: int, point: _Point) -> tuple[int, ...]:
        """Khmer BE is CE + 544 from the day after Visak Bochea, a full moon of April or May, and CE + 543 before it."""
        if point.month is None or point.month in (4, 5):
            self._note(f"the Khmer Buddhist year {year} began at Visak Bochea, in April or May {year - 544}")
            return year - 544, year - 543
        return (year - 543,) if point.month < 4 else (year - 544,)

    def _note(self, text: str) -> None:
        self.notes[text] = None


def _inherit(point: _Point, other: _Point) -> None:
    """Give one end of a range the month and the year that only the other has: 10-12 March 2025, 2025年10月14日至16日."""
    early_in_month = point.part is not None and point.bare is None and point.year is None
    if point.month is None and (point.day is not None or early_in_month):
        point.month = other.month
    if point.year is None and point.shift is None:
        point.year, point.digits, point.shift, point.borrowed = other.year, other.digits, other.shift, True
    point.era = point.era if point.era is not None else other.era


def _gregorian(year: int) -> dict[str, Any]:
    return {"year": year, "digits": 4, "era": "gregorian"}


def _month_from(day: date, by: int) -> tuple[int, int]:
    """Year and month so many months after that of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    return year, month + 1
