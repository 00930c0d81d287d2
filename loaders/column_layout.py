"""Which column of a table of tokens holds what: found by what stands in the columns, or told by the user."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loaders.tags import OUTSIDE, is_tag

START = "-DOCSTART-"

_CHUNKS = {"NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "CLS"}  # syntax, not names
_TOKENS = {"token", "tokens", "word", "words", "form"}  # what a header calls them
_MISFITS = 0.05  # the share of lines, or of cells in a column, that may be otherwise
_GLUED = re.compile(r"(?:^|[|\s])(?:NoSpaceAfter|SpaceAfter=No)(?:$|[|\s])")
_CELL = re.compile(r"[^ \t]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns, from 0. `separator` is a tab, or None for white space; `tags` are columns and the layers they stand for.

    `header` is the first row where it names the columns, `links` are columns of knowledge-base ids, `misc` is that
    which says where no space follows.
    """

    separator: str | None
    width: int
    token: int
    tags: tuple[tuple[int, str | None], ...]
    header: tuple[str, ...] = ()
    links: tuple[int, ...] = ()
    misc: int | None = None


def cells_of(line: str, separator: str | None) -> list[str]:
    """The cells of a row. White space is spaces and tabs alone: a token may hold other kinds."""
    if separator:
        return line.rstrip(" ").split(separator)
    return line.split() if line.isascii() else _CELL.findall(line)


def is_glued(cell: str) -> bool:
    """Whether the cell says that no space follows."""
    return _GLUED.search(cell) is not None


def layout_of(lines: Iterable[str], paths: Mapping[str, Any], *, sure: bool = False) -> Layout | None:
    """The layout, where a column holds tags. `paths` may name columns: `tag` and `token`, by number from 1 or header.

    Unless `sure`, a last column of O alone will do.
    """
    rows = [line for line in lines if line.strip() and not line.startswith(START) and not _is_comment(line)]
    separator = "\t" if sum("\t" in row for row in rows) * 2 > len(rows) else None
    table = [cells_of(row, separator) for row in rows]
    if not table:
        return None
    if "tag" in paths:
        return _told(table, separator, paths)
    width = Counter(map(len, table)).most_common(1)[0][0]
    fitting = [cells for cells in table if len(cells) == width]
    if width < 2 or (sure and (len(table) < 2 or len(fitting) < len(table) * (1 - _MISFITS))):
        return None
    return _found(list(zip(*fitting, strict=True)), separator, sure=sure)


def _is_comment(line: str) -> bool:
    """Whether a line is a comment, as far as can be told from it alone: "# O" may be a token and its tag."""
    return line.startswith("#") and ("=" in line or ":" in line or not any(map(is_tag, line.split()[1:])))


def _told(table: Sequence[Sequence[str]], separator: str | None, paths: Mapping[str, Any]) -> Layout | None:
    names = table[0]
    wanted = paths["tag"] if isinstance(paths["tag"], list | tuple) else [paths["tag"]]
    indexes = [_index(names, one) for one in wanted]
    token = _index(names, paths.get("token", 1))
    if not indexes or None in (*indexes, token):
        return None
    header = tuple(names) if any(isinstance(one, str) and one in names for one in wanted) else ()
    return _layout(separator, len(names), token or 0, [index or 0 for index in indexes], header)


def _index(names: Sequence[str], wanted: Any) -> int | None:
    """A column by its name, or by its number: from 1, or from -1 backwards."""
    if wanted in names:
        return names.index(wanted)
    number = int(wanted) if re.fullmatch(r"-?\d{1,3}", str(wanted)) else 0
    index = number - 1 if number > 0 else len(names) + number
    return index if number and 0 <= index < len(names) else None


def _found(columns: Sequence[Sequence[str]], separator: str | None, *, sure: bool) -> Layout | None:
    header = _header(columns)
    bodies = [cells[1:] if header else cells for cells in columns]
    token = _token_column(header, bodies)
    tagged = [index for index in range(token + 1, len(columns)) if _holds_tags(bodies[index])]
    named = [index for index in tagged if not all(one in OUTSIDE or one[2:] in _CHUNKS for one in set(bodies[index]))]
    empty = [index for index in range(token + 1, len(columns)) if set(bodies[index]) == {OUTSIDE[0]}]  # as far as seen
    chosen = sorted([*named, *empty]) if named else tagged[-1:]
    if not chosen and not sure and all(map(is_tag, bodies[-1])):
        chosen = [len(columns) - 1]
    if not chosen:
        return None
    misc = (index for index, cells in enumerate(bodies) if index > token and any(map(is_glued, cells)))
    return _layout(separator, len(columns), token, chosen, header, next(misc, None))


def _token_column(header: Sequence[str], bodies: Sequence[Sequence[str]]) -> int:
    """The column so named, or the second where the first counts tokens, or names a sentence once."""
    named = next((index for index, name in enumerate(header) if name.strip().lower() in _TOKENS), None)
    if named is not None or len(bodies) < 3:
        return named or 0
    first = bodies[0]
    counts = first[:1] in (("0",), ("1",)) and all(map(str.isdecimal, first))
    return int(counts or first.count("") * 2 > len(first))


def _layout(
    separator: str | None,
    width: int,
    token: int,
    tags: Sequence[int],
    header: tuple[str, ...],
    misc: int | None = None,
) -> Layout:
    one = len(tags) == 1 and not header
    layers = tuple((index, None if one else header[index] if header else f"column {index + 1}") for index in tags)
    links = tuple(index for index, name in enumerate(header) if name.upper().startswith("NEL"))
    return Layout(separator, width, token, layers, header, links, misc)


def _header(columns: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The first row, where it holds no tag in a column of tags."""
    named = any(not is_tag(cells[0]) and _holds_tags(cells[1:]) for cells in columns[1:])
    return tuple(cells[0] for cells in columns) if named else ()


def _holds_tags(cells: Sequence[str]) -> bool:
    """Whether these are tags, some with labels; or bare letters, B and what goes with it."""
    if sum(map(is_tag, cells)) < len(cells) * (1 - _MISFITS):
        return False
    kinds = set(cells)
    return any(is_tag(kind) and len(kind) > 2 for kind in kinds) or ({"B", "O"} <= kinds <= set("BIOESLU"))
