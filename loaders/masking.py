"""Private names, masked before anything is computed of a text: nobody private enters the graph by name.

A name goes wherever it stands, whatever its case, width and white space; what is marked goes even where it stands once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from graph.identity import fold
from loaders.document import Attributes, Document, Fragment, Mention
from loaders.folded import Folded

MASK = "▮▮▮"
_SHORTEST = 4  # code points; shorter names without spaces around them may be part of any word
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2,}")  # whole names in two or three


def spelled(name: str) -> re.Pattern[str]:
    """Finds a name whatever its case and white space; a name in Latin letters only where no such letter touches it."""
    before, after = ("(?<![A-Za-z])" if name[0].isascii() else ""), ("(?![A-Za-z])" if name[-1].isascii() else "")
    return re.compile(before + r"\s+".join(map(re.escape, name.split())) + after, re.IGNORECASE)


def masked(document: Document, private: Sequence[Mention]) -> Document:
    """The document without the words of these mentions: in its text, in what it says of itself, in other marks' words.

    Fragments are moved to the same words of the masked text; one that ends within a mask takes all of it.
    """
    names = _names({document.words(mention) for mention in private})
    marked = [fragment for mention in private for fragment in mention.fragments]
    cuts = _joined([*marked, *_found(document.text, names)])
    moved = _Moved(cuts)
    gone = {mention.id for mention in private}
    return replace(
        document,
        text=_cut(document.text, cuts),
        metadata={
            key: _cut_words(value, names) if isinstance(value, str) else value
            for key, value in document.metadata.items()
        },
        sentences=tuple(map(moved, document.sentences)),
        tokens=tuple(map(moved, document.tokens)),
        mentions=tuple(
            replace(
                one,
                fragments=tuple(map(moved, one.fragments)),
                surface=None if one.id in gone or one.surface is None else _cut_words(one.surface, names),
                links=() if one.id in gone else one.links,
                attributes={} if one.id in gone else _without(one.attributes, names),
            )
            for one in document.mentions
        ),
        relations=tuple(replace(one, attributes=_without(one.attributes, names)) for one in document.relations),
        events=tuple(replace(one, attributes=_without(one.attributes, names)) for one in document.events),
    )


def _without(attributes: Attributes, names: Sequence[re.Pattern[str]]) -> Attributes:
    return {
        key: tuple(_cut_words(value, names) if isinstance(value, str) else value for value in values)
        for key, values in attributes.items()
    }


def _names(words: Iterable[str]) -> list[re.Pattern[str]]:
    """The names that are looked for beyond where they are marked: not "he", not two letters of a longer word."""
    folded = {name: fold(name) for name in words}
    wanted = {key for name, key in folded.items() if key and _is_name(name)}
    return [spelled(key) for key in sorted(wanted, key=lambda key: (-len(key), key))]


def _is_name(words: str) -> bool:
    if words != words.casefold():
        return len(words) > 1
    cased = any(letter.upper() != letter for letter in words)
    return not cased and (len(words) >= _SHORTEST or _HAN.fullmatch(words) is not None)


def _found(text: str, names: Sequence[re.Pattern[str]]) -> Iterator[Fragment]:
    if not names:
        return
    folded = Folded(text)
    for name in names:
        for match in name.finditer(folded.text):
            if match.end() > match.start():
                yield folded.places[match.start()][0], folded.places[match.end() - 1][1]


def _cut_words(words: str, names: Sequence[re.Pattern[str]]) -> str:
    return _cut(words, _joined(_found(words, names)))


def _joined(fragments: Iterable[Fragment]) -> list[Fragment]:
    """Fragments in order, those that overlap as one."""
    joined: list[Fragment] = []
    for start, end in sorted(fragments):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif end > start:
            joined.append((start, end))
    return joined


def _cut(text: str, cuts: Sequence[Fragment]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in cuts:
        parts += (text[at:start], MASK)
        at = end
    return "".join([*parts, text[at:]])


class _Moved:
    """Fragments of a text → the same of the masked one."""

    def __init__(self, cuts: Sequence[Fragment]) -> None:
        self._cuts = cuts
        self._starts = [start for start, _ in cuts]
        self._shifts = [0, *accumulate(len(MASK) - (end - start) for start, end in cuts)]

    def __call__(self, fragment: Fragment) -> Fragment:
        start, end = fragment
        return self._at(start, start=True), self._at(end, start=False)

    def _at(self, offset: int, *, start: bool) -> int:
        number = bisect_right(self._starts, offset if start else offset - 1) - 1
        if number < 0:
            return offset
        first, last = self._cuts[number]
        if offset >= last:
            return offset + self._shifts[number + 1]
        return first + self._shifts[number] + (0 if start else len(MASK))
