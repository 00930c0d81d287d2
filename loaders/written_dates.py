"""Dates in a running text, found by the words with which its language writes them (`graph.date_words`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graph.date_words import tongue
from graph.dates import read_date
from graph.errors import DateError
from loaders.document import Fragment
from loaders.folded import Folded

_LONGEST = 14  # tokens, spaces among them
_LIKELY_YEARS = range(1950, 2040)
_PLAIN = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2212": "-", "’": "'"})
_STOPS = frozenset(".;。၊။។")
_FIRST = ("triple", "iso_month", "pair", "number", "month", "shift", "part", "before", "half", "era")
_LAST = (*_FIRST, "after")
_NAMED = ("triple", "iso_month", "month", "shift")  # these make a date of themselves; a number alone is none
_TWICE = ("triple", "iso_month", "pair", "month")  # at most, in a date with two ends


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a date: a group of the language's pattern, or the kind and value of a word in its table."""

    kind: str
    value: Any
    text: str
    start: int
    end: int


def find_dates(folded: Folded, language: str, published: str) -> Iterator[Fragment]:
    """Where dates stand that `graph.dates` can read: the longest from each place, in order, none upon another.

    Words around a date that add nothing to it are left out: prepositions, the day of the week. `language` is a BCP 47
    primary subtag, `published` the date of the article.
    """
    for run in _runs(folded.text.translate(_PLAIN), language):
        at = 0
        while at < len(run):
            end = _longest(run, at, language, published)
            fragment = folded.fragment(run[at].start, run[end - 1].end) if end else None
            if fragment:
                yield fragment
            at = end or at + 1


def _runs(plain: str, language: str) -> Iterator[list[_Token]]:
    """Stretches of tokens without anything between them, and without the end of a sentence."""
    words = tongue(language).words
    run: list[_Token] = []
    for match in _pattern(language).finditer(plain):
        if run and (match.start() != run[-1].end or _ends_sentence(run)):
            yield run
            run = []
        kind, value = words[match[0]] if match.lastgroup == "word" else (match.lastgroup or "", None)
        run.append(_Token(kind, value, match[0], match.start(), match.end()))
    if run:
        yield run


@lru_cache(maxsize=64)
def _pattern(language: str) -> re.Pattern[str]:
    """The language's tokens without the one for everything else."""
    return re.compile(tongue(language).pattern.pattern.partition("|(?P<unknown>")[0])


def _ends_sentence(run: Sequence[_Token]) -> bool:
    """A full stop that follows no day: 11. 7. 2025 goes on, July 2025. does not."""
    if run[-1].kind or not _STOPS.intersection(run[-1].text):
        return False
    return len(run) < 2 or run[-2].kind != "number" or len(run[-2].text) > 2


def _longest(run: Sequence[_Token], at: int, language: str, published: str) -> int | None:
    """The end, in tokens, of the longest date that begins with this token."""
    if run[at].kind not in _FIRST or (run[at].kind == "number" and not run[at].text.isdigit()):
        return None
    if run[at].kind == "before" and any(token.kind in _NAMED[:3] for token in run[at + 1 : at + 5]):
        return None  # วันที่ 11 ก.ค. 65: what marks the day is not needed
    for end in range(min(len(run), at + _LONGEST), at, -1):
        if _may_end(run, at, end) and _is_date(run, at, end, language, published):
            return end
    return None


def _may_end(run: Sequence[_Token], at: int, end: int) -> bool:
    """Whether a date from token `at` may end before token `end`.

    A word that stands before what it marks ends only awal tahun; 中 is the middle in 10月中, China in 10月，中方.
    """
    last = run[end - 1].kind
    if last == "before":
        return run[at].kind == "part"
    return last in _LAST and (last != "part" or end - at == 1 or bool(run[end - 2].kind))


def _is_date(run: Sequence[_Token], at: int, end: int, language: str, published: str) -> bool:
    tokens = run[at:end]
    kinds = [token.kind for token in tokens]
    if any(kinds.count(kind) > 2 for kind in _TWICE):
        return False
    if not (_is_named(tokens) or _is_likely(run, at, tokens)) or _is_two(tokens):
        return False
    try:
        read_date("".join(token.text for token in tokens), language=language, published=published)
    except DateError:
        return False
    return True


def _is_named(tokens: Sequence[_Token]) -> bool:
    """Whether a month, or all of a date, is written; a month's name alone may be another word: may, march."""
    kinds = {token.kind for token in tokens}
    return bool(kinds & {"triple", "iso_month", "shift"}) or ("month" in kinds and len(tokens) > 1)


def _is_likely(run: Sequence[_Token], at: int, tokens: Sequence[_Token]) -> bool:
    """Whether numbers are a date by the words beside them: 2025年10月, tháng 9/2025, in 2025, (18/3), awal tahun."""
    marked = {token.value for token in tokens if token.kind in ("before", "after")}
    first = tokens[0]
    if first.kind == "part":
        return bool(marked) or any(token.kind == "number" for token in tokens)
    if marked & {"month", "year", "quarter"}:
        return "month" in marked or any(_is_year(token) for token in tokens)
    before = [token for token in run[max(0, at - 2) : at] if token.text.strip()]
    led = bool(before) and (before[-1].kind in ("skip", "before", "weekday") or before[-1].text.endswith("("))
    return len(tokens) == 1 and (_is_year(first) or first.kind == "pair") and led


def _is_year(token: _Token) -> bool:
    year = token.text[-4:]
    return token.kind in ("number", "pair") and year.isdigit() and len(year) == 4 and int(year) in _LIKELY_YEARS


def _is_two(tokens: Sequence[_Token]) -> bool:
    """Whether a word stands between two dates, each of which can stand alone; those are marked one by one."""
    joints = [at for at, token in enumerate(tokens) if token.kind in ("joint", "skip")]
    half = (
        tokens[-1].kind == "after"
    )  # 2025年10月14日至16日: the end says what it counts and takes the rest from before
    return any(_is_dated(tokens[:at]) and (not half or _is_dated(tokens[at + 1 :])) for at in joints)


def _is_dated(tokens: Sequence[_Token]) -> bool:
    """Whether there is a month or a year among the tokens."""
    marked = {token.value for token in tokens if token.kind in ("before", "after")}
    return any(token.kind in _NAMED or _is_year(token) for token in tokens) or bool(marked & {"month", "year"})
