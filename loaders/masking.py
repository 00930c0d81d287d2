"""Private names, masked before anything is computed of a text: nobody private enters the graph by name.

What is marked goes where it is marked, and a name wherever else it stands, in any case, width and white space, in file
names and addresses too; but not in the words of what the register declares. Who is private: `loaders.private`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from urllib.parse import unquote

from loaders.document import Annotation, Attributes, Document, Fragment, Mention
from loaders.private_names import PrivateNames

MASK = "▮▮▮"
_JOINING = str.maketrans("-_+.", "    ")  # what stands for spaces in addresses and names of files


def spelled(name: str) -> re.Pattern[str]:
    """Finds a name whatever its case and white space; a name in Latin letters only where no such letter touches it."""
    before, after = ("(?<![A-Za-z])" if name[0].isascii() else ""), ("(?![A-Za-z])" if name[-1].isascii() else "")
    return re.compile(before + r"\s+".join(map(re.escape, name.split())) + after, re.IGNORECASE)


@dataclass(frozen=True)
class Masked:
    """A document without private names, and the names, for what is said of the document elsewhere."""

    document: Document
    names: PrivateNames

    def words(self, text: str) -> str:
        """A text without the names."""
        return without(self.names, text)

    def address(self, text: str) -> str:
        """An address, an id or the name of a file without the names, which are written otherwise there."""
        if not self.names:
            return text
        plain = unquote(text) if "%" in text else text
        found = joined(self.names.find(plain.translate(_JOINING), loosely=True))
        return cut(plain, found) if found else self.words(text)


def masked(
    document: Document, private: Iterable[Fragment], names: PrivateNames, spared: Fragments | None = None
) -> Masked:
    """The document without these fragments and names: in its text, its id, in other marks' words; not in its metadata.

    Names are left in the `spared` fragments. Fragments are moved to the same words of the masked text; one that ends
    within a mask takes all of it.
    """
    found = [one for one in names.find(document.text) if not (spared and spared.overlaps(one))]
    cuts = joined([*private, *found])
    moved, gone = _Moved(cuts), Fragments(cuts)
    shown = Masked(document, names)

    def mention(one: Mention) -> Mention:
        fragments = tuple(map(moved, one.fragments))
        if any(gone.holds(fragment) for fragment in one.fragments):
            return replace(one, fragments=fragments, surface=None, links=(), attributes={})
        surface = one.surface if one.surface is None else shown.words(one.surface)
        return replace(one, fragments=fragments, surface=surface, attributes=_without(one, shown.words))

    clean = replace(
        document,
        id=shown.address(document.id),
        text=cut(document.text, cuts),
        sentences=tuple(map(moved, document.sentences)),
        tokens=tuple(map(moved, document.tokens)),
        mentions=tuple(map(mention, document.mentions)),
        relations=tuple(replace(one, attributes=_without(one, shown.words)) for one in document.relations),
        events=tuple(replace(one, attributes=_without(one, shown.words)) for one in document.events),
    )
    return Masked(clean, names)


def _without(one: Annotation, words: Callable[[str], str]) -> Attributes:
    return one.attributes and {
        key: tuple(words(value) if isinstance(value, str) else value for value in values)
        for key, values in one.attributes.items()
    }


def without(names: PrivateNames, text: str) -> str:
    """A text without these names."""
    return cut(text, joined(names.find(text))) if names else text


# --- fragments ---------------------------------------------------------------------------------------------------


def joined(fragments: Iterable[Fragment]) -> list[Fragment]:
    """Fragments in order, those that overlap as one, empty ones left out."""
    found: list[Fragment] = []
    for start, end in sorted(fragments):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        elif end > start:
            found.append((start, end))
    return found


def cut(text: str, cuts: Sequence[Fragment]) -> str:
    """The text with a mask in the place of each fragment."""
    return "".join(_pieces(text, cuts))


def _pieces(text: str, cuts: Sequence[Fragment]) -> Iterator[str]:
    at = 0
    for start, end in cuts:
        yield text[at:start]
        yield MASK
        at = end
    yield text[at:]


class Fragments:
    """Fragments that are asked whether they overlap or hold another one."""

    def __init__(self, fragments: Iterable[Fragment]) -> None:
        self._fragments = joined(fragments)
        self._starts = [start for start, _ in self._fragments]

    def overlaps(self, fragment: Fragment) -> bool:
        """Whether one of them and this one have a character in common."""
        number = bisect_right(self._starts, fragment[1] - 1) - 1
        return number >= 0 and self._fragments[number][1] > fragment[0]

    def holds(self, fragment: Fragment) -> bool:
        """Whether this one is not empty and lies within one of them."""
        number = bisect_right(self._starts, fragment[0]) - 1
        return number >= 0 and fragment[0] < fragment[1] <= self._fragments[number][1]


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
