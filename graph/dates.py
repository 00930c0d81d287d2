"""Dates as written → intervals of Gregorian days, with calendar, precision and EDTF.

No clock: a date knows only its article. How a language writes dates is in `graph.date_words`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from graph.date_words import Point, Tongue, Writing, tongue
from graph.errors import DateError

_YEARS = range(1900, 2101)
_BUDDHIST = 2400  # a bare year from here on counts a Buddhist era
_AHEAD = timedelta(days=31)  # a date without its year may lie this far after its article
_GRACE = timedelta(days=1)  # the article's clock may be another country's
_UNITS = {4: "year", 7: "month", 10: "day"}  # length of an ISO prefix → what it names
_PARTS = ("early", "middle", "late")
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)

_Days = tuple[date, date]


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
        """The beginning as an ISO 8601 prefix: 2021-08 for a month, 2021 for whole years, else the day."""
        return self.earliest.isoformat()[: _width(self.earliest, self.latest)]

    @property
    def end(self) -> str:
        """The end as an ISO 8601 prefix as long as `start`; the same text unless `precision` is interval."""
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
    days = _iso_days(original.strip())
    if days:
        return _written(original, "gregorian", days, ())
    anchors = _anchors(published)
    speech = tongue(language)
    writing = Writing(original, speech)
    reading = _Reading(original, speech, published, writing.aim or int(ahead))
    return reading.read(writing.ends(), anchors)


@lru_cache(maxsize=1024)
def _anchors(published: str) -> tuple[date, ...]:
    """The first and the last day that an article may be of; one where they are the same."""
    days = _iso_days(published)
    if days is None:
        raise DateError(f"Unreadable publication date {published!r}", way_out="write it as 2022-07-11, 2022-07 or 2022")
    return days[:1] if days[0] == days[1] else days


def _iso_days(text: str) -> _Days | None:
    """First and last day of an ISO date, None for any other text. Raises DateError for a day that does not exist."""
    match = _ISO.fullmatch(text)
    if not match or int(match[1]) not in _YEARS:
        return None
    _, month, day = match.groups()
    return _days(text, int(match[1]), int(month) if month else None, int(day) if day else None)


def _days(original: str, year: int, month: int | None, day: int | None) -> _Days:
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


def _written(original: str, counted_in: str, days: _Days, notes: Iterable[str]) -> WrittenDate:
    """A WrittenDate with the precision and the EDTF that its days give."""
    width = _width(*days)
    start, end = (day.isoformat()[:width] for day in days)
    precision, edtf = (_UNITS[width], start) if start == end else ("interval", f"{start}/{end}")
    return WrittenDate(original, counted_in, *days, precision, edtf, tuple(notes))


class _Reading:
    """Ends → days. `aim` is -1 for what is past, 1 for what is to come.

    `notes` collects what is not in the text; `calendar` is that of the years as written.
    """

    def __init__(self, original: str, speech: Tongue, published: str, aim: int) -> None:
        self.original = original
        self.tongue = speech
        self.published = published
        self.aim = aim
        self.calendar = "gregorian"
        self.notes: dict[str, None] = {}

    def read(self, ends: list[Point], anchors: tuple[date, ...]) -> WrittenDate:
        """The days that all readings of the ends cover; `anchors` are the first and last day of the article's date."""
        swaps = [ends]
        if any(end.swap for end in ends):
            self._note("day and month may stand in either order: both readings are covered")
            swaps.append([replace(end, day=end.month, month=end.day) if end.swap else end for end in ends])
        spans = [
            span
            for points in swaps
            for anchor in anchors
            for dated in self._dated(points, anchor)
            if (span := self._span(dated)) is not None
        ]
        if not spans:
            raise self._unreadable("its end lies before its beginning")
        days = min(first for first, _ in spans), max(last for _, last in spans)
        if days[0] == days[1] and ends[0].weekday not in (None, days[0].weekday()):
            self._note(f"{days[0]} is not the day of the week that the text says")
        return _written(self.original, self.calendar, days, self.notes)

    # What the article's date supplies.

    def _dated(self, ends: list[Point], anchor: date) -> Iterator[list[Point]]:
        """The ends with what they take from the article's date or each other; twice where two months may be meant."""
        points = [self._anchored(end, anchor) for end in ends]
        if len(points) == 2:
            points = [_completed(points[0], points[1]), _completed(points[1], points[0])]
        last = points[-1]
        if last.year is not None:
            yield points
        elif last.month is None and last.day is not None:
            self._note(f"month and year taken from the article's date, {self.published}")
            months = self._months_near(last.day, anchor)
            if len(months) > 1:
                self._note(f"day {last.day} may be of that month or of the one before: both are covered")
            for year, month in months:
                yield [replace(point, month=month, **_in_figures(year)) for point in points]
        elif last.month is None and last.part is not None:
            raise self._unreadable(f"the {_PARTS[last.part]} part of what is not said")
        else:
            self._note(f"year taken from the article's date, {self.published}")
            year = self._year_near(last, anchor)
            yield [replace(point, borrowed=point is not last, **_in_figures(year)) for point in points]

    def _anchored(self, point: Point, anchor: date) -> Point:
        """The point with this year, last month, today … in figures."""
        shift = point.shift
        if shift is None and point.bare in ("year", "month") and point.year is None and point.month is None:
            shift = point.bare, 0  # the start of the year: of this year
        if shift is None or point.year is not None or (shift[0] == "day" and point.written() != {"shift"}):
            return point  # today, 16 October 2025: the rest says more
        self._note(f"counted from the article's date, {self.published}")
        unit, by = shift
        if unit == "year":
            return replace(point, **_in_figures(anchor.year + by))
        if unit == "month":
            year, month = _month_from(anchor, by)
            return replace(point, month=point.month or month, **_in_figures(year))
        day = anchor + timedelta(days=by)
        return replace(point, day=day.day, month=day.month, **_in_figures(day.year))

    def _year_near(self, point: Point, anchor: date) -> int:
        """The last year that puts the point before the article or little after; the first that does not, if ahead."""
        leap = (point.month, point.day) == (2, 29)
        reach = range(anchor.year - 8, anchor.year + 9) if leap else range(anchor.year - 1, anchor.year + 2)
        days = {year: self._within(point, year) for year in reach if not leap or calendar.isleap(year)}
        if self.aim > 0:
            return min(year for year, (_, last) in days.items() if last >= anchor)
        limit = anchor + (_GRACE if self.aim < 0 else _AHEAD)
        return max(year for year, (first, _) in days.items() if first <= limit)

    def _months_near(self, day: int, anchor: date) -> list[tuple[int, int]]:
        """The month of a day without one: the article's or its neighbour; both where the day may be of either."""
        here = _month_from(anchor, 0)
        near = (_month_from(anchor, by) for by in ((1, 2) if self.aim > 0 else (-1, -2)))
        there = next(month for month in near if day <= calendar.monthrange(*month)[1])
        if day > calendar.monthrange(*here)[1]:
            return [there]
        if self.aim > 0:
            return [here if day >= anchor.day else there]
        if day <= anchor.day + _GRACE.days:
            return [here]
        return [there] if self.aim < 0 else [there, here]

    # Days of points whose year is known.

    def _span(self, points: list[Point]) -> _Days | None:
        """The days from the first end to the last; None if that runs backwards."""
        if len(points) == 1:
            return self._days_of(points[0])
        first, last = self._days_of(points[0]), self._days_of(points[1])
        if first[0] > last[1] and points[0].month != points[1].month:
            if points[0].borrowed:  # 28 December to 3 January 2025
                first = self._days_of(replace(points[0], **_in_figures(first[0].year - 1)))
            elif points[1].borrowed:  # 28 December 2024 to 3 January
                last = self._days_of(replace(points[1], **_in_figures(last[1].year + 1)))
        return (first[0], last[1]) if first[0] <= last[1] else None

    def _days_of(self, point: Point) -> _Days:
        if point.day is not None and point.month is None:
            raise self._unreadable(f"the month of day {point.day} is not said")
        years = self._years(point)
        first = self._within(point, years[0])
        return first if len(years) == 1 else (first[0], self._within(point, years[-1])[1])

    def _within(self, point: Point, year: int) -> _Days:
        """First and last day of a point in a Gregorian year."""
        if point.part is not None:
            return self._within_part(point, point.part, year)
        if point.decade:
            return date(year, 1, 1), date(year + 9, 12, 31)
        if point.quarter is not None:
            return _month_days(year, point.quarter * 3 - 2, point.quarter * 3)
        if point.half is not None:
            return _month_days(year, point.half * 6 - 5, point.half * 6)
        return _days(self.original, year, point.month, point.day)

    def _within_part(self, point: Point, part: int, year: int) -> _Days:
        """A third of a year or of a month; a decade is not parted."""
        if point.decade:
            self._note(f"the {_PARTS[part]} part of a decade is read as the whole decade")
            return date(year, 1, 1), date(year + 9, 12, 31)
        if point.month is None:
            months = ("January to April", "May to August", "September to December")[part]
            self._note(f"the {_PARTS[part]} part of a year is read as {months}")
            return _month_days(year, part * 4 + 1, part * 4 + 4)
        self._note(
            f"the {_PARTS[part]} part of a month is read as {('days 1 to 10', 'days 11 to 20', 'day 21 on')[part]}"
        )
        first, last = _days(self.original, year, point.month, None)
        return first.replace(day=part * 10 + 1), last if part == 2 else first.replace(day=part * 10 + 10)

    # Years.

    def _years(self, point: Point) -> tuple[int, ...]:
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

    def _full_year(self, point: Point) -> tuple[int, str | int]:
        """A year with its century, and its era."""
        year, era = point.year or 0, point.era
        if isinstance(era, int):
            return year, era
        if point.digits != 2:
            return year, era or (self.tongue.era if year >= _BUDDHIST else "gregorian")
        full, era = self._from_two_figures(year, era)
        self._note(f"two-figure year {year:02} read as {full}")
        return full, era

    def _from_two_figures(self, year: int, era: str | None) -> tuple[int, str]:
        """Two figures are Buddhist in Thai, unless they fit a recent Gregorian year; else of the nearest century."""
        published = int(self.published[:4])
        if era in ("thai-be", "khmer-be"):
            return 2500 + year, era
        if era is None and self.tongue.era == "thai-be":
            if 2000 + year <= published + 1:
                way_out = f"write {2500 + year} or {2000 + year} in full"
                raise DateError(f"Two-figure year {year:02} in {self.original!r} may be of either era", way_out=way_out)
            return 2500 + year, "thai-be"
        return min((1900 + year, 2000 + year), key=lambda full: abs(full - published)), "gregorian"

    def _thai_years(self, year: int, point: Point) -> tuple[int, ...]:
        """Thai BE is CE + 543; until BE 2482 the year ran from 1 April to the next CE year's 31 March.

        Writers of today may have put such a date in either reckoning. BE 2483 had no January to March of its own.
        """
        if year > 2482 or (point.month or 0) > 3:
            return (year - 543,)
        self._note(f"the Thai year {year} began on 1 April {year - 543} and ended in March {year - 542}")
        return year - 543, year - 542

    def _khmer_years(self, year: int, point: Point) -> tuple[int, ...]:
        """Khmer BE is CE + 544 from the day after Visak Bochea, a full moon of April or May, and CE + 543 before it."""
        if point.month is None or point.month in (4, 5):
            self._note(f"the Khmer Buddhist year {year} began at Visak Bochea, in April or May {year - 544}")
            return year - 544, year - 543
        return (year - 543,) if point.month < 4 else (year - 544,)

    def _note(self, text: str) -> None:
        self.notes[text] = None

    def _unreadable(self, why: str) -> DateError:
        return self.tongue.unreadable(self.original, why)


def _completed(point: Point, other: Point) -> Point:
    """An end with the month and year that only the other has: 10-12 March 2025, 2025年10月14日至16日."""
    early_in_month = point.part is not None and point.bare is None and point.year is None
    takes_month = point.month is None and (point.day is not None or early_in_month)
    takes_year = point.year is None
    return replace(
        point,
        month=other.month if takes_month else point.month,
        year=other.year if takes_year else point.year,
        digits=other.digits if takes_year else point.digits,
        borrowed=takes_year,
        era=other.era if point.era is None and (takes_year or other.shift is None) else point.era,
    )


def _in_figures(year: int) -> dict[str, Any]:
    """What a Gregorian year changes in a Point."""
    return {"year": year, "digits": 4, "era": "gregorian"}


def _month_from(day: date, by: int) -> tuple[int, int]:
    """Year and month so many months after that of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    return year, month + 1


def _month_days(year: int, first: int, last: int) -> _Days:
    """From the first day of one month to the last of another."""
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
