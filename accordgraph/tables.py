"""Rows as people read them: an aligned table where it fits the width, else one block a row. Knows nothing of graphs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from wcwidth import wcswidth, wcwidth

GAP = "  "


def cell(value: object) -> str:
    """A value as text on one line: nothing for null, lists joined, control characters shown as spaces."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(cell(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {cell(one)}" for key, one in value.items())
    return "".join(char if char.isprintable() or wcwidth(char) == 0 else " " for char in str(value))


def counted(number: int, word: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def width(text: str) -> int:
    """Terminal cells that the text takes: wide characters two, combining marks none."""
    return max(wcswidth(text), 0)


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], fits: int) -> Iterator[str]:
    """Lines of a table, or of blocks where the table is wider than `fits` terminal cells."""
    cells = [[cell(value) for value in row] for row in rows]
    widths = [max([width(name), *(width(row[i]) for row in cells)]) for i, name in enumerate(columns)]
    if sum(widths) + len(GAP) * (len(widths) - 1) <= fits:
        yield from _aligned(columns, cells, widths)
    else:
        yield from _blocks(columns, cells, fits)


def _aligned(columns: Sequence[str], cells: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    yield _padded(columns, widths)
    yield _padded(["─" * size for size in widths], widths)
    for row in cells:
        yield _padded(row, widths)


def _padded(row: Sequence[str], widths: Sequence[int]) -> str:
    return GAP.join(text + " " * (size - width(text)) for text, size in zip(row, widths, strict=True)).rstrip()


def _blocks(columns: Sequence[str], cells: Sequence[Sequence[str]], fits: int) -> Iterator[str]:
    margin = max(width(name) for name in columns) + len(GAP)
    for number, row in enumerate(cells, start=1):
        yield f"{number} ".ljust(min(fits, 60), "─")
        for name, text in zip(columns, row, strict=True):
            if text:
                yield from _wrapped(f"{name:<{margin}}", text, max(fits - margin, 20))


def _wrapped(head: str, text: str, room: int) -> Iterator[str]:
    for line in wrap(text, room):
        yield (head + line).rstrip()
        head = " " * len(head)


def wrap(text: str, room: int) -> Iterator[str]:
    """Lines of at most `room` cells: broken at spaces, else between characters, never before a combining mark."""
    while width(text) > room:
        at = _break(text, room)
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    yield text


def _break(text: str, room: int) -> int:
    end = space = 0
    while end < len(text) and width(text[: end + 1]) <= room:
        end += 1
        space = end if text[end - 1] == " " else space
    return space if space > end // 2 else max(end, 1)


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """RFC 4180 text with a header. Cells that a spreadsheet would run as a formula are quoted with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_safe(value) for value in row] for row in rows)
    return out.getvalue()


def _safe(value: Any) -> Any:
    if isinstance(value, int | float) or value is None:
        return value
    text = cell(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
