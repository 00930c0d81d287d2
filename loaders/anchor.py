"""Quotes → spans: where the words of a quote stand in a text, and how to say it so that it is found again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from graph.article import Span
from graph.errors import ArticleError


def find_quote(text: str, quote: str, prefix: str = "", suffix: str = "") -> Span:
    """The one place where the quote stands, between prefix and suffix.

    Exact first; else runs of white space count as equal; else both sides are compared in Unicode NFC.
    Raises ArticleError where there is no such place, or several.
    """
    if not quote.strip():
        raise ArticleError("Empty quote", way_out="quote the words of the text that say so")
    for find in (_exact, _loose, _composed):  # each only where the ones before find nothing: the last one is slow
        spans = [*find(text, quote)]
        for fits in (_fits, _fits_loosely):
            fitting = [span for span in spans if fits(text, span, prefix, suffix)]
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                raise ArticleError(
                    f"Quote {_short(quote)!r} occurs {len(fitting)} times",
                    way_out="lengthen it, or add prefix: or suffix:",
                )
    raise ArticleError(f"Quote {_short(quote)!r} is not in the text", way_out=_hint(text, quote, prefix, suffix))


def context_of(text: str, span: Span) -> tuple[str, str]:
    """The shortest prefix, or suffix, or both, that make the quote at this span unique; both empty if it is already."""
    others = [other for other in _exact(text, text[span.start : span.end]) if other != span]
    length = 0
    prefix = suffix = ""
    # at the latest the whole text before and after tells the place from any other
    while any(_fits(text, other, prefix, suffix) for other in others):
        length += 1
        before, after = text[max(0, span.start - length) : span.start], text[span.end : span.end + length]
        for prefix, suffix in ((before, ""), ("", after), (before, after)):
            if not any(_fits(text, other, prefix, suffix) for other in others):
                break
    return prefix, suffix


def _exact(text: str, quote: str) -> Iterator[Span]:
    start = text.find(quote)
    while start >= 0:
        yield Span(start, start + len(quote))
        start = text.find(quote, start + 1)


def _loose(text: str, quote: str) -> Iterator[Span]:
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    for match in re.finditer(pattern, text):
        yield Span(*match.span())


def _composed(text: str, quote: str) -> Iterator[Span]:
    starts = [i for i, char in enumerate(text) if not _joins(char)] + [len(text)]
    if starts[0] != 0:
        starts.insert(0, 0)
    clusters = [unicodedata.normalize("NFC", text[a:b]) for a, b in pairwise(starts)]
    origin: list[int] = [start for start, cluster in zip(starts, clusters, strict=False) for _ in cluster]
    for span in _loose("".join(clusters), unicodedata.normalize("NFC", quote)):
        end = origin[span.end] if span.end < len(origin) else len(text)
        yield Span(origin[span.start], end)


def _joins(char: str) -> bool:
    """Whether NFC may join this character to the one before: combining marks, Hangul's vowels and finals."""
    return unicodedata.combining(char) != 0 or "\u1160" <= char <= "\u11ff"


def _fits(text: str, span: Span, prefix: str, suffix: str) -> bool:
    return text.endswith(prefix, 0, span.start) and text.startswith(suffix, span.end)


def _fits_loosely(text: str, span: Span, prefix: str, suffix: str) -> bool:
    before, after = _single_spaced(text[: span.start]), _single_spaced(text[span.end :])
    return before.endswith(_single_spaced(prefix)) and after.startswith(_single_spaced(suffix))


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _hint(text: str, quote: str, prefix: str, suffix: str) -> str:
    if (prefix or suffix) and any(_exact(text, quote)):
        return "it is there, but not between that prefix and suffix"
    kept = _longest_prefix(text, quote)
    if kept < 3:
        return "copy the words from the text as they stand, without links"
    at = text.find(quote[:kept])
    return (
        f"the text has {_short(quote[:kept], 20)!r} in its line {text.count(chr(10), 0, at) + 1}, "
        f"but goes on with {text[at + kept : at + kept + 12]!r}"
    )


def _longest_prefix(text: str, quote: str) -> int:
    low, high = 0, len(quote)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if quote[:middle] in text else (low, middle - 1)
    return low


def _short(quote: str, most: int = 48) -> str:
    return quote if len(quote) <= most else quote[:most] + "…"
