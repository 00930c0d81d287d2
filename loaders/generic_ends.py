"""What the ends of relations and the members of clusters mean in JSON: its id, number, place, token or words."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Container, Sequence
from typing import Any

from loaders.document import Fragment
from loaders.paths import INSIDE, TOKENS
from loaders.reading import Draft, Key

_LARGEST = 2**53  # beyond which JSON numbers are not exact
_BACK = 50  # mentions before a token that are asked whether it stands in them


class Ends:
    """The mentions of a document by everything that may name them; by what is not among `kinds`, nobody asks."""

    def __init__(self, draft: Draft, kinds: Container[str]) -> None:
        self.draft = draft
        self.by_place = "offsets" in kinds
        self.by_words = "words" in kinds
        self.by_token = TOKENS in kinds or "tokens" in kinds
        self.by_inside = INSIDE in kinds
        self.numbered: list[Key | None] = []
        self.clusters: dict[str, Key] = {}  # the first mention of each, by number and id
        self._at: dict[tuple[Fragment, ...], tuple[float, Key]] = {}
        self._words: dict[str, Key] = {}
        self._tokens: dict[Fragment, Key] = {}
        self._by_token: list[tuple[int, int, Key]] | None = None
        self._places: list[tuple[str, Key]] = []
        self._inside: dict[str, list[Key]] | None = None

    def add(self, key: Key, place: str, raw: Sequence[Fragment], words: str | None, confidence: float | None) -> None:
        """A mention with its raw offsets; of several at one place, the one with the highest confidence is meant."""
        if self.by_inside:
            self._places.append((place, key))
        if self.by_place and raw:
            known, sure = self._at.get((*raw,)), 1.0 if confidence is None else confidence
            if known is None or sure > known[0]:
                self._at[(*raw,)] = (sure, key)
        if self.by_words and words:
            self._words.setdefault(words, key)

    def add_tokens(self, key: Key, first: int | None, last: int | None) -> None:
        """The first and the last token of a mention, as far as they are known."""
        begin = last if first is None else first
        if begin is not None:
            self._tokens.setdefault((begin, begin if last is None else last), key)

    def key(self, kind: str, values: Sequence[Any]) -> Key | None:
        """The mention that is meant; a key that stands for none where it is not there, None where nothing is stated."""
        if kind in ("offsets", "tokens"):
            return self._by_range(kind, values)
        shown = scalar(values[0]) if len(values) == 1 else None
        if shown is None:
            return None
        if kind == "id":
            return self._by_id(shown)
        if kind == "words":
            return self._words.get(shown, ("words", repr(shown)))
        if kind == "cluster":
            return self.clusters.get(shown, ("cluster number", f"cluster {shown}"))
        number = whole(values[0])
        if number is None:
            return None
        return self._by_number(number) if kind == "index" else self._holding(number)

    def inside(self, place: str) -> list[Key]:
        """The mentions that stand inside of a value."""
        if self._inside is None:
            self._inside = defaultdict(list)
            for inner, key in self._places:
                at = inner.rfind("/")
                while at > 0:
                    self._inside[inner[:at]].append(key)
                    at = inner.rfind("/", 0, at)
        return self._inside.get(place, [])

    def _by_id(self, id_: str) -> Key:
        for sort in ("mention", "relation"):
            if self.draft.knows((sort, id_)):
                return (sort, id_)
        return self.clusters.get(id_, ("mention", id_))

    def _by_number(self, number: int) -> Key:
        key = self.numbered[number] if 0 <= number < len(self.numbered) else None
        return ("mention number", f"mention number {number}") if key is None else key

    def _by_range(self, kind: str, values: Sequence[Any]) -> Key | None:
        first, last = (whole(value) for value in values) if len(values) == 2 else (None, None)
        if first is None or last is None:
            return None
        known = self._at.get(((first, last),)) if kind == "offsets" else None
        found = known[1] if known else self._tokens.get((first, last)) if kind == "tokens" else None
        return found or (kind, f"a mention at {first}–{last}")

    def _holding(self, token: int) -> Key:
        """The mention that a token stands in: begins with it, ends with it, or holds it."""
        if self._by_token is None:
            self._by_token = sorted(((first, last, key) for (first, last), key in self._tokens.items()), key=_range)
        behind = bisect_right(self._by_token, token, key=lambda one: one[0])
        near = self._by_token[max(behind - _BACK, 0) : behind]
        held = [one for one in near if one[1] >= token]
        best = next((one for one in held if one[0] == token), None) or next(
            (one for one in held if one[1] == token), held[-1] if held else None
        )
        return best[2] if best else (TOKENS, f"token {token}")


def _range(one: tuple[int, int, Key]) -> Fragment:
    return one[0], one[1]


def scalar(value: Any) -> str | None:
    """A text or a number as text; None for anything else."""
    if type(value) is str:
        return value or None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) and value != "" else None


def whole(value: Any) -> int | None:
    """A whole number, also one that is written as text or with .0; None for anything else."""
    if type(value) is int:
        return value if -_LARGEST < value < _LARGEST else None
    if isinstance(value, str) and len(value) < 20:
        digits = value.strip().removeprefix("-")
        return int(value) if digits.isdecimal() and digits.isascii() else None
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST:
        return int(value)
    return None
