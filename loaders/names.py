"""Names of known entities in a text: the register's, and the countries' in the text's language and in English.

The longest name from each place that ends where a word does, whatever the script.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from graph.identity import Register, country_names, fold
from loaders.document import Fragment
from loaders.folded import Folded

SHORTEST = 2  # code points; 中, 美 and 미 are left to people
_ALIKE = {"id": ("ms",), "ms": ("id",)}  # languages that are hard to tell apart lend each other their names
_END = ""  # in the tree, what ends here


@dataclass(frozen=True, slots=True)
class Known:
    """What a name stands for: an entity and its kind, or neither for a word that only contains a name."""

    name: str
    entity: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A name found in a text."""

    fragment: Fragment
    entity: str | None
    kind: str


class Names:
    """The names to be looked for in texts of one language (BCP 47 primary subtag)."""

    def __init__(self, register: Register, language: str) -> None:
        by_key: dict[str, dict[str | None, Known]] = {}
        for one in _known(register, language):
            by_key.setdefault(fold(one.name), {}).setdefault(one.entity, one)
        self._tree: dict[str, Any] = {}
        for key, known in by_key.items():
            if len(key) >= SHORTEST and (meant := _meant(known)):
                node = self._tree
                for character in key:
                    node = node.setdefault(character, {})
                node[_END] = meant

    def find(self, folded: Folded) -> Iterator[Named]:
        """The names, in order; none overlaps another."""
        at = 0
        while at < len(folded.text):
            for end, known in self._ends(folded.text, at):
                fragment = folded.fragment(at, end)
                if fragment and _case_fits(known.name, folded.original[slice(*fragment)]):
                    if known.kind:
                        yield Named(fragment, known.entity, known.kind)
                    at = end - 1
                    break
            at += 1

    def _ends(self, text: str, at: int) -> list[tuple[int, Known]]:
        """Where names that begin here end, the longest first."""
        found = []
        node: dict[str, Any] | None = self._tree
        while node is not None:
            if _END in node:
                found.append((at, node[_END]))
            node = node.get(text[at]) if at < len(text) else None
            at += 1
        return found[::-1]


def _known(register: Register, language: str) -> Iterator[Known]:
    for word in _other_words().get(language, ()):
        yield Known(word)
    for one in register:
        yield from (Known(name, one.id, one.kind) for name in one.names)
    for spoken in dict.fromkeys((language, *_ALIKE.get(language, ()), "en")):
        for id_, names in country_names(spoken).items():
            yield from (Known(name, id_, "Country") for name in names)


def _meant(known: dict[str | None, Known]) -> Known | None:
    """The one thing that a name means; without the entity where there are several of a kind, None where of several."""
    if None in known:
        return known[None]
    kinds = {one.kind for one in known.values()}
    first = next(iter(known.values()))
    if len(known) == 1:
        return first
    return Known(first.name, None, first.kind) if len(kinds) == 1 else None


@cache
def _other_words() -> dict[str, list[str]]:
    return tomllib.loads(files("loaders").joinpath("names.toml").read_text(encoding="utf-8"))


def _case_fits(name: str, words: str) -> bool:
    """Whether a one-word name is written as one: AS is not as, Turkey not turkey. Of several words any case will do."""
    if " " in name or name.islower():
        return True
    if name.isupper():
        return words == name
    return words[0].isupper() or not name[0].isupper()
