"""Quoted words → where they stand in a text: the words decide, a position and the words around them are hints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median_low

from loaders.document import Fragment
from loaders.offsets import LONG, Offsets, Placed, Stated, framed, nearest, place

BY_WORDS = "by-words"  # the repair of what does not stand where its position says

_NEAR = 2_000  # code points around a hint that are searched first
_ENOUGH = 2**31  # code points that are searched for the quotes of one text
_SHORT = 4  # words of fewer code points say nothing about a shift


@dataclass(frozen=True, slots=True)
class Anchor:
    """One quote: its words, its position, and what stands before and behind it; what is not stated is None or empty."""

    exact: str | None
    start: int | None = None
    end: int | None = None
    prefix: str = ""
    suffix: str = ""


class Quotes:
    """A text in which quotes are looked for."""

    def __init__(self, text: str, unit: str) -> None:
        self.text = text
        self.unit = unit
        self.searched = 0
        self.guessed = 0  # quotes that stand in several places, with nothing to choose by

    def place(self, wanted: Sequence[Sequence[Anchor]]) -> tuple[list[Placed | None], str | None]:
        """Each mention's fragments, None where its words are nowhere; and the repair that most positions needed.

        A mention is a list of anchors, one a fragment.
        """
        stated = [_stated(anchors) for anchors in wanted]
        positions = [one for one in stated if one]
        found, repair = place(Offsets(self.text), positions, self.unit)
        by_position = iter(found)
        placed = [next(by_position) if one else None for one in stated]
        wrong = [anchor for anchors, one in zip(wanted, placed, strict=True) if one is None for anchor in anchors]
        shift = self._shift(wrong)
        return [
            one if one and self._framed(anchors, one) else self._searched(anchors, shift) or one
            for anchors, one in zip(wanted, placed, strict=True)
        ], repair

    def _framed(self, anchors: Sequence[Anchor], placed: Placed) -> bool:
        """Whether the words around are those stated; a page's markup may part them otherwise, so it is no must."""
        return all(
            not (anchor.prefix or anchor.suffix) or framed(self.text, start, end, anchor.prefix, anchor.suffix)
            for anchor, (start, end) in zip(anchors, placed.fragments, strict=True)
        )

    def _shift(self, anchors: Sequence[Anchor]) -> int:
        """How far positions in a part of the page are from those in the text: told by words that stand there once."""
        known = [one for one in anchors if one.start is not None and one.exact and len(one.exact) >= _SHORT][:50]
        once = [one for one in known if one.exact and self.text.count(one.exact) == 1]
        return median_low([self.text.index(one.exact or "") - (one.start or 0) for one in once]) if once else 0

    def _searched(self, anchors: Sequence[Anchor], shift: int) -> Placed | None:
        found: list[Fragment] = []
        for anchor in anchors:
            hint = None if anchor.start is None else anchor.start + shift
            one = self._find(anchor, hint) if anchor.exact else None
            if one is None:
                return None
            found.append(one)
        if not found:
            return None
        return Placed(tuple(found), BY_WORDS if any(anchor.start is not None for anchor in anchors) else None)

    def _find(self, anchor: Anchor, hint: int | None) -> Fragment | None:
        words = anchor.exact or ""
        around = bool(anchor.prefix or anchor.suffix)
        if hint is not None:
            base = max(0, hint - _NEAR)
            near = self.text[base : max(0, hint) + len(words) + _NEAR]
            found = nearest(near, words, hint=hint - base, prefix=anchor.prefix, suffix=anchor.suffix)
            if found and (not around or framed(near, *found, anchor.prefix, anchor.suffix)):
                return base + found[0], base + found[1]
        self.searched += len(self.text)
        if self.searched > _ENOUGH:
            return None
        found = nearest(self.text, words, hint=hint or 0, prefix=anchor.prefix, suffix=anchor.suffix)
        if found and hint is None and not around and self.text.find(words, found[0] + 1) >= 0:
            self.guessed += 1
        return found or self._squeezed_find(words, hint or 0)

    def _squeezed_find(self, words: str, hint: int) -> Fragment | None:
        """Where words stand if all white space is left out: blocks of a page have none between them in a quote."""
        if len(self.text) > LONG:
            return None
        bare, places = self._squeezed
        wanted = re.sub(r"\s+", "", words)
        found = nearest(bare, wanted, hint=hint) if wanted else None
        return (places[found[0]], places[found[1] - 1] + 1) if found else None

    @cached_property
    def _squeezed(self) -> tuple[str, list[int]]:
        places = [at for at, char in enumerate(self.text) if not char.isspace()]
        return "".join(self.text[at] for at in places), places


def _stated(anchors: Sequence[Anchor]) -> Stated | None:
    """The positions of all fragments with their words, None where one has no position."""
    offsets = offsets_of(anchors)
    if not offsets or len(offsets) < len(anchors):
        return None
    words = [one.exact for one in anchors]
    surface = None if None in words else " ".join(word or "" for word in words)
    return Stated(tuple(offsets), surface)


def offsets_of(anchors: Sequence[Anchor]) -> list[Fragment]:
    """The positions that are stated."""
    return [(one.start, one.end) for one in anchors if one.start is not None and one.end is not None]


def quoted_text(wanted: Sequence[Sequence[Anchor]]) -> tuple[str, list[tuple[Fragment, ...]]]:
    """A text of the quotes alone, a line each, by their positions, and the fragments of each mention in it.

    The same words at the same position stand there once; what has no words has no fragments.
    """
    known = {_key(anchor): anchor for anchors in wanted for anchor in anchors if anchor.exact}
    ordered = sorted(known, key=lambda key: (key[0] is None, key[0] or 0))
    places: dict[tuple[int | None, str], Fragment] = {}
    at = 0
    for key in ordered:
        places[key] = (at, at + len(key[1]))
        at += len(key[1]) + 1
    text = "\n".join(key[1] for key in ordered)
    return text, [tuple(places[_key(anchor)] for anchor in anchors if anchor.exact) for anchors in wanted]


def _key(anchor: Anchor) -> tuple[int | None, str]:
    return anchor.start, anchor.exact or ""


def paired(quotes: Sequence[Anchor], positions: Sequence[Anchor]) -> list[Anchor]:
    """Quotes with the positions stated beside them; positions alone where there are no quotes."""
    if not quotes:
        return list(positions)
    if len(quotes) == len(positions):
        pairs = zip(quotes, positions, strict=True)
        return [replace(quote, start=where.start, end=where.end) for quote, where in pairs]
    return list(quotes)
