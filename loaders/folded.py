"""A text as it is looked through for names: folded, with the places of what was folded, and where its words end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import accumulate

from graph.identity import fold
from graph.segment import UNSPACED
from loaders.document import Fragment
from loaders.offsets import in_word

# What may stand between a name and the rest of its word, in scripts that write it without a space.
_PREFIXES = re.compile("[وف]?(?:[بك]?(?:ال)?|لل?)|[וש]?[בכלמה]?")  # Arabic and Hebrew: and, in, to, the
_PARTICLES = re.compile(
    "(?:은|는|이|가|을|를|의|에|에서|에게|와|과|로|으로|도|만|부터|까지|처럼|보다|측|발|행|정부|경찰|당국){0,3}"
)
_HANGUL = re.compile("[\uac00-\ud7a3]*")
_SURROGATES = re.compile("[\ud800-\udfff]")  # single ones, from broken JSON; ICU takes none
_LONG = 8  # code points; as long a name stands in no other word, and dictionaries do not know all of them


class Folded:
    """`text` is the original as `graph.identity.fold` folds a name, but for white space at its ends.

    `places[i]` is the fragment of the original, a letter with its marks, that gave text[i].
    """

    def __init__(self, original: str) -> None:
        self.original = original
        characters: list[str] = []
        self.places: list[Fragment] = []
        for start, end in _letters(original):
            letter = _fold_letter(original[start:end])
            for character in letter:
                if character == " " and characters and characters[-1] == " ":
                    self.places[-1] = self.places[-1][0], end if letter == " " else start  # ¯ is a space and a mark
                    continue
                characters.append(character)
                self.places.append((start, end))
        self.text = "".join(characters)

    def fragment(self, start: int, end: int) -> Fragment | None:
        """Where text[start:end] stands in the original; None where that would cut a letter from its marks, or a word.

        A word ends at what is no letter in scripts with spaces, at a break of ICU's dictionaries in those without.
        """
        places = self.places
        if start and places[start - 1] == places[start]:
            return None
        if end < len(places) and places[end - 1] == places[end]:
            return None
        first, last = places[start][0], places[end - 1][1]
        long = last - first >= _LONG
        return (first, last) if self._begins_word(first, long=long) and self._ends_word(last, long=long) else None

    def _begins_word(self, start: int, *, long: bool) -> bool:
        text = self.original
        if UNSPACED.match(text[start]):
            return long or start in self._breaks
        first = start
        while first and start - first < 4 and in_word(text[first - 1]):
            first -= 1
        return _PREFIXES.fullmatch(text, first, start) is not None

    def _ends_word(self, end: int, *, long: bool) -> bool:
        text = self.original
        if UNSPACED.match(text[end - 1]):
            return long or end in self._breaks
        if end == len(text) or not in_word(text[end]):
            return True
        rest = _HANGUL.match(text, end)
        return bool(rest and rest[0] and _PARTICLES.fullmatch(rest[0]))

    @cached_property
    def _breaks(self) -> set[int]:
        from icu4py.breakers import WordBreaker

        text = _SURROGATES.sub("\ufffd", self.original)
        return {*accumulate(map(len, WordBreaker(text, "en")))} | {0}  # its own offsets are UTF-16 code units


def _letters(text: str) -> Iterator[Fragment]:
    """Each character with the marks after it, which NFKC may compose with it."""
    start = 0
    for at in range(1, len(text)):
        if not _is_mark(text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    """Marks, the vowels and finals of Hangul, and the voicing marks of half-width kana."""
    joined = "\u1160" <= character <= "\u11ff" or character in "\uff9e\uff9f"
    return joined or unicodedata.category(character).startswith("M")


@lru_cache(maxsize=16384)
def _fold_letter(letter: str) -> str:
    """The letter folded; white space as one space."""
    return fold(f"-{letter}-")[1:-1]  # between two others it keeps a space of its own
