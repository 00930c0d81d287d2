"""Names of private persons, looked for in any text: which words are a name, and where one stands.

Rather a mask too many than a name left: in scripts without capitals a name of four code points goes even within other
words. But a pronoun is no name, nor is a word in lower case one: nobody called May takes "may" away.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from graph.dates import read_date
from graph.errors import DateError
from graph.identity import fold
from loaders.document import Fragment
from loaders.folded import Folded

_PIECE, _MARGIN = 500, 40  # code points: a text is looked through piece by piece, with what stands around
_MANY = 300  # names
_MONTH = 9  # letters of the longest: September
_WHOLE = 4  # code points; shorter names in scripts without capitals are looked for as whole words
_LOOSE = 5  # letters; as long a name in one word is one in an address, where there are no capitals
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2,}")  # whole names in two or three
_CALENDARS = ("en", "id", "fr", "de", "es")  # languages whose months are names of persons: May, Juni, Avril
_TITLES = (
    "mr mr. mrs mrs. ms ms. miss dr dr. prof prof. sir lady bapak pak ibu bu sdr sdr. tuan puan encik ông bà anh chị "
    "daw นาย นาง นางสาว น.ส. ดร. คุณ លោក លោកស្រី ທ້າວ ນາງ ဦး ဒေါ်"
)
_JOINED_TITLES = ("นางสาว", "น.ส.", "นาย", "นาง", "ด.ช.", "ด.ญ.", "คุณ", "ดร.", "លោកស្រី", "លោក", "ဦး", "ဒေါ်")
_PRONOUNS = (
    "เขา เธอ ท่าน ผม ฉัน มัน เรา พวกเขา ตน ตัวเขา គាត់ គេ នាង ខ្ញុំ ពួកគេ ລາວ ເຂົາ ຂ້ອຍ သူ သူမ သူတို့ "
    "他 她 他们 她们 他們 她們 我 彼 彼女 彼ら 그 그녀 그들 هو هي هم أنا वह वे मैं"
)


class PrivateNames:
    """The names that are looked for beyond where they are marked."""

    def __init__(self, words: Iterable[str]) -> None:
        self._names = {key: name for words_ in words for name in _forms(words_) if (key := fold(name))}
        lengths: dict[str, set[int]] = defaultdict(set)
        for key in self._names:
            lengths[key[:2]].add(len(key))
        # with spaces, and characters that nobody sees
        self._longest = 3 * max(map(len, self._names), default=0) + _MARGIN
        self._lengths = {start: sorted(several, reverse=True) for start, several in lengths.items()}

    def __bool__(self) -> bool:
        return bool(self._names)

    def find(self, text: str, *, loosely: bool = False) -> Iterator[Fragment]:
        """Where names stand in a text; `loosely` in lower case too, as in addresses."""
        for begin, start, end in self._pieces(len(text)):
            piece = text[max(begin - _MARGIN, 0) : end]
            if self._may_stand(fold(piece)):
                for first, last in self._within(Folded(piece), loosely=loosely):
                    moved = first + max(begin - _MARGIN, 0)
                    if begin <= moved < start:
                        yield moved, moved + last - first

    def _pieces(self, length: int) -> Iterator[tuple[int, int, int]]:
        """Where names begin in a piece of a text: from, to; and where the longest of them ends."""
        for begin in range(0, length, _PIECE):
            yield begin, begin + _PIECE, begin + _PIECE + self._longest

    def _may_stand(self, plain: str) -> bool:
        """Whether any name may stand in a folded text; most have none, and are done with by this."""
        return len(self._names) > _MANY or any(key in plain for key in self._names)

    def _within(self, folded: Folded, *, loosely: bool) -> Iterator[Fragment]:
        at = 0
        while at < len(folded.text):
            end = at + 1
            for length in self._lengths.get(folded.text[at : at + 2], ()):
                key = folded.text[at : at + length]
                name = self._names.get(key) if len(key) == length else None
                if name and (fragment := _standing(folded, at, at + length, name, loosely=loosely)):
                    yield fragment
                    end = at + length
                    break
            at = end


def _forms(words: str) -> Iterator[str]:
    """A name, without its title, and without its space as names of files have it; nothing for what is no name."""
    name = " ".join(words.split())
    first, _, rest = name.partition(" ")
    bare = rest if first.casefold() in _words(_TITLES) else name
    title = next((title for title in _JOINED_TITLES if bare.startswith(title)), "")
    for one in dict.fromkeys((name, bare, bare.removeprefix(title).strip())):
        if is_name(one):
            yield one
            if " " in one and len(one) > 2 * _WHOLE:
                yield one.replace(" ", "")


def is_name(words: str) -> bool:
    """Whether words are a name that may be looked for elsewhere: "Somchai" is, "he" and "the man" are not."""
    if len(words) < 2 or not any(map(str.isalpha, words)) or words in _words(_PRONOUNS):
        return False
    if has_capitals(words):
        return words != words.lower() and not (len(words) <= _MONTH and _is_month(words))
    return True


@cache
def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


@cache
def _is_month(word: str) -> bool:
    for language in _CALENDARS:
        try:
            read_date(f"1 {word} 2020", language=language, published="2020")
        except DateError:
            continue
        return True
    return False


def has_capitals(words: str) -> bool:
    """Whether words are in a script that has capitals."""
    return any(map(_has_case, words))


def _has_case(character: str) -> bool:
    return character.lower() != character.upper()


def _standing(folded: Folded, at: int, end: int, name: str, *, loosely: bool) -> Fragment | None:
    """Where a name that the folded text has at a place stands in the text itself, if it is the name there."""
    text, places = folded.original, folded.places
    first, last = places[at][0], places[end - 1][1]
    if has_capitals(name):
        fits = _is_whole(text, first, last, name) and _is_written(text[first:last], name, loosely=loosely)
        return (first, last) if fits else None
    if len(name) >= _WHOLE or _HAN.fullmatch(name):
        return first, last
    return folded.fragment(at, end)


def _is_whole(text: str, start: int, end: int, name: str) -> bool:
    """Whether it begins and ends where a word does.

    Full names go within words too; longer ones in other letters than Latin may take endings.
    """
    if " " in name and len(name) >= 2 * _WHOLE:
        return True
    if start and _has_case(text[start - 1]):
        return False
    ended = end == len(text) or not _has_case(text[end])
    return ended or (len(name) > _WHOLE and name[-1] > "\u024f")


def _is_written(words: str, name: str, *, loosely: bool) -> bool:
    """Whether words have capitals as a name has: of several words any case will do, of two or three letters none."""
    if " " in name or (loosely and len(name) >= _LOOSE):
        return True
    return words == name if len(name) < _WHOLE else words != words.lower()
