"""Columns of tokens and tags: one token a line, B-, I-, O in the schemes IOB1, IOB2, BIOES and BILOU (CoNLL-2003, HIPE …).

There is no text in such a file: it is rebuilt from the tokens. The tag columns are found by what stands in them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from loaders import conllu
from loaders.diagnostics import AS_IS, Diagnostics
from loaders.document import Document, Link
from loaders.files import File
from loaders.lines import lines
from loaders.reading import Draft, Options, Reader
from loaders.rebuilt import Sentence, rebuild
from loaders.tags import OUTSIDE, is_tag, spans

FORMAT = "columns"
START = "-DOCSTART-"

_CHUNKS = set("NP VP PP ADVP ADJP SBAR PRT CONJP INTJ LST UCP".split())  # syntax, not names
_OTHERS = (b"{", b"[", b"<", b"#FORMAT=WebAnno")
_MISFITS = 0.05  # the share of lines that may be no rows of the table
_COMMENT = re.compile(r"#+\s*(?:[\w-]+:{1,2})?([\w][\w .-]*?)\s*(?:=|:\s)\s*(.*)")
_NEW = re.compile(
    r"#\s*(?:begin document \(?(.*?)\)?(?:;.*)?"
    r"|(?:[\w-]+:)?(?:newdoc(?:[ _-]?id)?|doc(?:ument)?[ _-]?id|id)\s*(?:[=:]\s*|\s)(\S.*?)(?:\tdomain=.*)?|newdoc)\s*",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(?:^|[|\s])(?:NoSpaceAfter|SpaceAfter=No)(?:$|[|\s])")


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column holds what. `separator` is a tab, or None for white space; `tags` are columns and their layers."""

    separator: str | None
    width: int
    token: int
    tags: tuple[tuple[int, str | None], ...]
    header: tuple[str, ...] = ()
    links: tuple[int, ...] = ()
    misc: int | None = None

    def cells(self, line: str) -> list[str]:
        return _cells(line, self.separator)


def _cells(line: str, separator: str | None) -> list[str]:
    if separator:
        return line.rstrip("\t").split(separator)
    return (
        line.replace("\t", " ").split(" ")
        if "  " not in line and line[-1:] not in " \t"
        else re.findall(r"[^ \t]+", line)
    )


def claims(file: File, head: bytes) -> str | None:
    """Why these are columns with tags: how many lines of how many columns."""
    if file.suffix == ".ann" or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_OTHERS) or conllu.claims(file, head):
        return None
    rows = _rows(_head_lines(head))
    layout = _found(rows)
    if not layout:
        return None
    return f"{layout.width} columns, tags like {_an_example(rows, layout)} in column {layout.tags[0][0] + 1}"


def _an_example(rows: Sequence[str], layout: _Layout) -> str:
    for index, _ in layout.tags:
        for row in rows:
            cells = layout.cells(row)
            if len(cells) > index and "-" in cells[index] and is_tag(cells[index]):
                return cells[index]
    return "B"


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The documents of a file: from one -DOCSTART- or document id to the next; without any, one."""
    layout = _layout(_head_lines(file.head()), options.paths)
    if not layout:
        told = "no column with tags (B-…, I-…, O); the option `tag` names one"
        diagnostics.add("format.unknown", file.path, told, action=AS_IS)
        return
    reading = _Reading(file, options, diagnostics, layout)
    block: list[tuple[int, str]] = []
    for number, line in lines(file, diagnostics):
        if line and not line.isspace():
            block.append((number, line))
        elif block:
            yield from reading.block(block)
            block = []
    yield from reading.block(block)
    yield from reading.end()


# --- the layout --------------------------------------------------------------------------------------------------


def _head_lines(head: bytes) -> list[str]:
    found = head.decode("utf-8-sig", "replace").split("\n")
    return [line.removesuffix("\r") for line in (found[:-1] if len(head) >= 65_536 else found)]


def _rows(found: Iterable[str]) -> list[str]:
    """The lines that look like rows of the table."""
    return [line for line in found if line.strip() and not line.startswith(START) and not _is_comment(line)]


def _is_comment(line: str) -> bool:
    if not line.startswith("#"):
        return False
    return not is_tag(line.split()[-1]) or "=" in line or bool(_NEW.fullmatch(line))


def _layout(found: list[str], paths: Any) -> _Layout | None:
    rows = _rows(found)
    wanted = paths.get("tag")
    if wanted is None:
        return _found(rows) or _found(rows, sure=False)
    separator = _separator(rows)
    table = [_cells(row, separator) for row in rows]
    header = tuple(table[0]) if table else ()
    tags = [_column(header, one) for one in ([wanted] if isinstance(wanted, str | int) else wanted)]
    chosen = [(index, name) for index, name in tags if index is not None]
    if not chosen:
        return None
    named = any(name for _, name in chosen)
    token, _ = _column(header, paths.get("token", 1))
    layers = chosen if len(chosen) > 1 or named else [(chosen[0][0], None)]
    return _Layout(separator, len(header), token or 0, tuple(layers), header if named else ())


def _column(header: Sequence[str], wanted: Any) -> tuple[int | None, str | None]:
    """A column by its number, from 1, or -1 for the last; or by its name in the header."""
    if isinstance(wanted, int):
        index = wanted - 1 if wanted > 0 else len(header) + wanted
        return (index if 0 <= index < len(header) else None), None
    return (header.index(wanted), wanted) if wanted in header else (None, None)


def _separator(rows: Sequence[str]) -> str | None:
    return "\t" if rows and sum("\t" in row for row in rows) * 2 > len(rows) else None


def _found(rows: Sequence[str], *, sure: bool = True) -> _Layout | None:
    """The layout, if at least one column holds tags; unless `sure`, one of O alone will do."""
    if not rows or (sure and len(rows) < 2):
        return None
    separator = _separator(rows)
    table = [_cells(row, separator) for row in rows]
    width = Counter(map(len, table)).most_common(1)[0][0]
    fitting = [cells for cells in table if len(cells) == width]
    if width < 2 or len(fitting) < len(table) * (1 - _MISFITS):
        return None
    columns = list(zip(*fitting, strict=True))
    header = _header(columns)
    first = 1 if header else 0
    token = _token_column(columns, first)
    tags = [index for index in range(token + 1, width) if _holds_tags(columns[index][first:], sure=sure)]
    names = [index for index in tags if not _holds_chunks(columns[index][first:])] or tags[-1:]
    if not sure:
        names = names[-1:]
    if not names:
        return None
    layers = [(index, header[index] if header else f"column {index + 1}") for index in names]
    if len(layers) == 1 and not header:
        layers = [(names[0], None)]  # type: ignore[list-item]
    links = tuple(index for index, name in enumerate(header) if name.upper().startswith("NEL"))
    glued = (index for index, cells in enumerate(columns) if any(map(_GLUED.search, cells)) and index > token)
    return _Layout(separator, width, token, tuple(layers), header, links, next(glued, None))


def _header(columns: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The names of the columns, where the first row holds no tag in a column of tags."""
    named = [cells for cells in columns[1:] if not is_tag(cells[0]) and _holds_tags(cells[1:], sure=True)]
    return tuple(cells[0] for cells in columns) if named else ()


def _token_column(columns: Sequence[Sequence[str]], first: int) -> int:
    """The first column, or the second where the first counts."""
    counts = len(columns) > 2 and all(cell.isdecimal() for cell in columns[0][first:])
    return 1 if counts and columns[0][first] in ("0", "1") else 0


def _holds_tags(cells: Sequence[str], *, sure: bool) -> bool:
    kinds = set(cells)
    wrong = sum(not is_tag(cell) for cell in cells) if len(cells) < 5000 or not all(map(is_tag, kinds)) else 0
    if wrong > len(cells) * _MISFITS:
        return False
    if not sure:
        return True
    labelled = any(len(kind) > 2 and is_tag(kind) for kind in kinds)
    return labelled or ("B" in kinds and kinds & {"I", "O"} and kinds <= set("BIOESLU")) is True


def _holds_chunks(cells: Sequence[str]) -> bool:
    return all(cell in OUTSIDE or cell[2:] in _CHUNKS for cell in set(cells))
