"""Lines of a text file of any size, one after another, for the formats that are written in lines."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from loaders.diagnostics import REPAIRED, Diagnostics
from loaders.files import MIB, File

MAX_LINE = 16 * MIB  # bytes


def lines(file: File, diagnostics: Diagnostics) -> Iterator[tuple[int, str]]:
    """Numbered lines without their ends, which are LF or CRLF; a byte order mark is dropped.

    A line of more than MAX_LINE is skipped, bytes that are no UTF-8 are replaced, and both are said.
    """
    told = False
    with file.open() as stream:
        number, tail, data = 1, b"", stream.read(MIB)
        tail = data.removeprefix(codecs.BOM_UTF8)
        while tail:
            data = stream.read(MIB)
            cut = tail.rfind(b"\n") + 1 if data else len(tail)
            text, mended = _text(tail[:cut])
            if mended and not told:
                told = True
                diagnostics.add("encoding.not-utf8", file.path, mended, action=REPAIRED, place=str(number))
            tail = tail[cut:] + data
            found = text.split("\n") if text else []
            if found and not found[-1]:
                found.pop()
            for line in found:
                yield number, line.removesuffix("\r")
                number += 1
            if len(tail) > MAX_LINE and b"\n" not in tail:
                message = f"a line of more than {MAX_LINE:,} bytes"
                diagnostics.lose("file.too-large", file.path, message, place=str(number))
                while (tail := stream.read(MIB)) and b"\n" not in tail:
                    pass  # read to its end, thrown away
                tail, number = tail.partition(b"\n")[2], number + 1


def blocks(file: File, diagnostics: Diagnostics) -> Iterator[list[tuple[int, str]]]:
    """Numbered lines up to the next empty one, block by block; the last may be empty."""
    block: list[tuple[int, str]] = []
    for numbered in lines(file, diagnostics):
        if numbered[1].strip():
            block.append(numbered)
        elif block:
            yield block
            block = []
    yield block


def _text(data: bytes) -> tuple[str, str | None]:
    """The bytes as text, and what had to be replaced."""
    try:
        return data.decode(), None
    except UnicodeDecodeError as problem:
        return data.decode(errors="replace"), f"byte 0x{data[problem.start]:02x} is no UTF-8; what is none is replaced"
