"""Declarations of known shapes of JSON, ready to use: the files in presets/, and how an export is told by its keys."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Any

from graph.errors import ArticleError
from loaders.diagnostics import Diagnostics
from loaders.files import File, opening
from loaders.json_path import Node, Path, path_of
from loaders.json_stream import elements, first_element
from loaders.paths import Paths, read_paths

_FEW = 20  # elements that are looked at where nothing is marked in the first
_SORTS: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "number": (int, float),
    "list": list,
    "object": dict,
    "texts": list,
}


@dataclass(frozen=True, slots=True, eq=False)
class Preset:
    """A format told by what the first element has: of which sort the values at all paths in `needs` are.

    Beside these, one of the paths in `signs` leads somewhere, if there are any, in this element or the next ones.
    `head` are words that stand in the first bytes of such a file, for one element that is too large to be looked at.
    """

    name: str
    title: str
    needs: Mapping[Path, str]
    signs: tuple[Path, ...]
    head: tuple[bytes, ...]
    paths: Paths

    def claims(self, file: File, head: bytes) -> str | None:
        """Why a file is of this format: the keys that say so."""
        if opening(head)[:1] not in (b"{", b"["):
            return None
        first = first_element(file)
        if first is None:
            found = bool(self.head) and all(word in head for word in self.head)
            return f"{' and '.join(word.decode().strip(chr(34)) for word in self.head)}" if found else None
        if not self._has_all(first) or not self._has_files(file):
            return None
        sign = self._sign(first) if self.signs else None
        if self.signs and sign is None:
            sign = next(
                (one for _, value in islice(elements(file, Diagnostics()), _FEW) if (one := self._sign(value))), None
            )
            if sign is None:
                return None
        shown = [*(path.text for path in self.needs if path.text), *([sign] if sign else []), *sorted(self.files)]
        return f"{', '.join(shown[:-1])} and {shown[-1]}" if shown[1:] else shown[0]

    def companion(self, file: File) -> bool:
        """Whether a file goes with the documents of this format beside it."""
        if file.name not in self.files:
            return False
        beside = (one for one in file.siblings.values() if one.folder == file.folder and one.suffix == file.suffix)
        return any(one.name != file.name and self.claims(one, one.head()) for one in islice(beside, _FEW))

    @property
    def files(self) -> set[str]:
        """The files beside that hold what is marked."""
        return {one.file for one in self.paths.marks if one.file}

    def _has_files(self, file: File) -> bool:
        wanted = self.files
        return not wanted or (file.name not in wanted and any(file.sibling(name) for name in wanted))

    def _has_all(self, value: Any) -> bool:
        return all(_is(sort, path, value) for path, sort in self.needs.items())

    def _sign(self, value: Any) -> str | None:
        node = Node(value, "")
        return next((path.text for path in self.signs if next(path.nodes(node), None) is not None), None)


def _is(sort: str, path: Path, value: Any) -> bool:
    found = [node.value for node in islice(path.nodes(Node(value, "")), _FEW)]
    if sort == "texts":
        return bool(found) and all(
            isinstance(one, list) and all(isinstance(word, str) for word in one) for one in found
        )
    return bool(found) and all(isinstance(one, _SORTS[sort]) for one in found)


@lru_cache(1)
def presets() -> tuple[Preset, ...]:
    """Every preset, by name."""
    return tuple(_read())


def _read() -> Iterator[Preset]:
    folder = files("loaders") / "presets"
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if not one.name.endswith(".toml"):
            continue
        name = one.name.removesuffix(".toml")
        values = tomllib.loads(one.read_text(encoding="utf-8"))
        told = values["detect"]
        try:
            yield Preset(
                name=name,
                title=values["title"],
                needs={path_of(path): sort for path, sort in told["needs"].items()},
                signs=tuple(map(path_of, told.get("signs", ()))),
                head=tuple(word.encode() for word in told.get("head", ())),
                paths=read_paths(values["json"]),
            )
        except ArticleError as problem:
            raise problem.at(one.name) from problem
