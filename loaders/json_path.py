"""Paths into JSON: keys with dots between, [] for each of a list, * for any key, ^ for the object around.

`a|b` is a, or b where a leads to nothing; `=word` is the word itself; `*` alone, where a value is asked for, the key
that a star stood for. A key with one of these signs in it stands between backquotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import chain
from typing import Any

from graph.errors import ArticleError


class _Sign(Enum):
    EACH = "[]"
    ANY = "*"


EACH, ANY = _Sign.EACH, _Sign.ANY
Step = str | _Sign

_STEP = re.compile(r"(?:`([^`]+)`|(\*)|([^.\[\]*^`|]+))?((?:\[\])*)(\.|\||$)")  # a key, lists in it, what goes on
_SIGNS = re.compile(r"^=|[.\[\]*^`|]")
_UP = re.compile(r"\^(?:\.|(?=\|)|$)")
_WAY_OUT = "write keys with dots between, as in data.spans[].start; docs/json-paths.md has them all"


class Node:
    """A JSON value, its place, what it stands in (an object, not a list), and the key that the last star stood for."""

    __slots__ = ("above", "key", "place", "value")

    def __init__(self, value: Any, place: str, above: Node | None = None, key: str | None = None) -> None:
        self.value = value
        self.place = place
        self.above = above
        self.key = key

    def children(self, step: Step) -> Iterator[Node]:
        """What a step leads to."""
        value = self.value
        if isinstance(value, dict):
            if step is ANY:
                for key, one in value.items():
                    yield Node(one, f"{self.place}/{_escaped(key)}", self, key)
            elif step in value:
                yield Node(value[step], f"{self.place}/{_escaped(str(step))}", self, self.key)
        elif isinstance(value, list):
            if step is EACH:
                for number, one in enumerate(value):
                    yield Node(one, f"{self.place}/{number}", self.above, self.key)
            elif isinstance(step, str) and step.isdecimal() and len(step) < 10 and int(step) < len(value):
                yield Node(value[int(step)], f"{self.place}/{int(step)}", self.above, self.key)


@dataclass(frozen=True, slots=True)
class Path:
    """A path: how many objects up, then which steps down; or a constant `word`. `otherwise` is tried after it."""

    text: str
    up: int = 0
    steps: tuple[Step, ...] = ()
    word: str | None = None
    otherwise: Path | None = None
    plain: bool = True  # keys alone

    def nodes(self, start: Node) -> Iterator[Node]:
        """Everything that the path leads to."""
        node: Node | None = start
        for _ in range(self.up):
            node = node.above if node else None
        found: Iterator[Node] = iter(() if node is None or self.word is not None else (node,))
        for step in self.steps:
            found = _further(found, step)
        if self.otherwise is None:
            return found
        first = next(found, None)
        return self.otherwise.nodes(start) if first is None else chain((first,), found)

    def values(self, start: Node) -> list[Any]:
        """All values there, those of a list one by one; without nulls."""
        if self.word is not None:
            return [self.word]
        if self.plain:
            value = self._plain(start.value)
            if value is not None and not isinstance(value, list):
                return [value]
            several: list[Any] = [value]
        elif self.steps == (ANY,) and not self.up:
            several = [start.key]
        else:
            several = [node.value for node in self.nodes(start)]
        found = [
            one for value in several for one in (value if isinstance(value, list) else (value,)) if one is not None
        ]
        return found if found or self.otherwise is None else self.otherwise.values(start)

    def one(self, start: Node) -> Any:
        """The first value that is not null, a list as it is; None where there is none."""
        if self.word is not None:
            return self.word
        if self.plain:
            found = self._plain(start.value)
        elif self.steps == (ANY,) and not self.up:
            found = start.key
        else:
            found = next((node.value for node in self.nodes(start) if node.value is not None), None)
        return found if found is not None or self.otherwise is None else self.otherwise.one(start)

    def _plain(self, value: Any) -> Any:
        """What keys alone lead to."""
        for step in self.steps:
            if type(value) is dict:
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, str) and step.isdecimal() and len(step) < 10:
                value = value[int(step)] if int(step) < len(value) else None
            else:
                return None
        return value

    @property
    def several(self) -> bool:
        """Whether it goes through a list."""
        return EACH in self.steps

    @property
    def alternatives(self) -> Iterator[Path]:
        """The path, and what is tried after it."""
        path: Path | None = self
        while path is not None:
            yield path
            path = path.otherwise

    def within(self, outer: Path) -> Path | None:
        """The path from what another one leads to, if it goes through there."""
        cut = len(outer.steps)
        through = self.up == outer.up and len(self.steps) > cut and self.steps[:cut] == outer.steps
        return _made(self.text, 0, self.steps[cut:]) if through else None

    def split(self) -> tuple[Path, Path]:
        """The path to the last lists, and that from each thing in them."""
        cut = len(self.steps) - 1 - self.steps[::-1].index(EACH)
        return _made(self.text, self.up, self.steps[:cut]), _made(self.text, 0, self.steps[cut + 1 :])


def _further(found: Iterator[Node], step: Step) -> Iterator[Node]:
    for node in found:
        yield from node.children(step)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def quoted(key: str) -> str:
    """A key as a path has it."""
    return f"`{key}`" if _SIGNS.search(key) else key


@lru_cache(1024)
def path_of(text: str) -> Path:
    """The path that a text says. Raises ArticleError where it is none."""
    if text.startswith("="):
        return Path(text, word=text[1:], plain=False)
    at, up = 0, 0
    while found := _UP.match(text, at):
        at, up = found.end(), up + 1
    steps: list[Step] = []
    while at < len(text) or (steps and text.endswith(".")):
        step = _STEP.match(text, at)
        if step is None or not (step.end() - step.start() > len(step[5]) or (step[5] == "|" and not steps)):
            raise ArticleError(f"No path: {text!r}", way_out=_WAY_OUT)
        quoted, star, key, lists, on = step.groups()
        steps += [ANY] if star else [quoted or key] if quoted or key else []
        steps += [EACH] * lists.count("[]")
        at = step.end()
        if on == "|":
            return _made(text, up, (*steps,), path_of(text[at:]))
    return _made(text, up, (*steps,))


def _made(text: str, up: int, steps: tuple[Step, ...], otherwise: Path | None = None) -> Path:
    plain = not up and all(isinstance(step, str) for step in steps)
    return Path(text, up, steps, otherwise=otherwise, plain=plain)


# --- what no path leads to ---------------------------------------------------------------------------------------

Read = dict[str, "Read | None"]  # what is read of a value, by key; None: all that stands there


def read_by(paths: Iterable[Path]) -> Read:
    """What some paths read of the value that they start at."""
    tree: Read = {}
    for path in chain.from_iterable(one.alternatives for one in paths):
        keys = [step for step in path.steps[: _signs_at(path)] if isinstance(step, str)]
        if path.up or path.word is not None or not keys:
            continue
        at: Read | None = tree
        for key in keys[:-1]:
            at = at.setdefault(key, {}) if at is not None else None
        if at is not None:
            at[keys[-1]] = None
    return tree


def _signs_at(path: Path) -> int:
    return next((number for number, step in enumerate(path.steps) if not isinstance(step, str)), len(path.steps))


def unread(value: Any, read: Read) -> dict[str, Any]:
    """What of an object, or of a list by its numbers, is not read; nulls apart."""
    if isinstance(value, list):
        value = {str(number): one for number, one in enumerate(value)} if read else {}
    found: dict[str, Any] = {}
    for key, one in value.items() if isinstance(value, dict) else ():
        if key not in read:
            found[key] = one
        elif (deeper := read[key]) and (left := unread(one, deeper)):
            found[key] = left
    return {key: one for key, one in found.items() if one is not None}
