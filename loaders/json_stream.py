"""JSON of any size, one element after another: an array, one object a line, or one object written over many lines.

An element that cannot be read costs itself; memory is that of one element.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, BinaryIO

import orjson

from loaders.diagnostics import REPAIRED, Diagnostics
from loaders.files import HEAD, MIB, File, opening

FIRST = 4 * MIB  # of a file, to find out what its first element is; if that is larger, more
MAX_ELEMENT = 128 * MIB  # code points of one element, bytes of one line
MAX_DEPTH = 200  # of one in another

_SKIP = re.compile(r"[\s,]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_ODD = (re.compile(r"\\u[dD][89a-fA-F]"), re.compile(r"[1-9]\d{18}"))  # each is found faster than both in one
_WRITABLE = 254  # how deep orjson writes
_TOO_DEEP = f"nested deeper than {MAX_DEPTH}"
_CUT_OFF = ("Unterminated string", "Invalid \\escape", "Invalid \\uXXXX")


def elements(file: File, diagnostics: Diagnostics) -> Iterator[tuple[str, Any]]:
    """The elements of a file and their places: a JSON pointer in an array, a line number in JSON Lines."""
    head = file.head()
    begun = opening(head)
    array = begun[:1] == b"["
    value = _small(file)
    if isinstance(value, list):
        yield from ((f"/{number}", one) for number, one in enumerate(value))
        return
    if isinstance(value, dict):
        yield str(head.count(b"\n", 0, len(head) - len(begun)) + 1), value
        return
    with file.open() as stream:
        first = b"" if array else _first_line(stream)  # all of an array may stand on one line
    if not array and (_is_json(first) or not _goes_on(first)):
        yield from _lines(file, diagnostics)
    else:
        yield from _Values(file, diagnostics).read()


def whole(file: File, diagnostics: Diagnostics) -> Any:
    """The one value that a file holds; None, and a diagnostic, where it is none."""
    if (value := _small(file)) is not None:
        return value
    data = file.read().removeprefix(codecs.BOM_UTF8)
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as problem:
        place = f"{problem.lineno}:{problem.colno}"
        diagnostics.lose("json.bad", file.path, problem.msg, place=place, excerpt=_around(problem.doc, problem.pos))
        return None
    if _may_be_deep(data) and _is_deep(value):
        diagnostics.lose("json.too-deep", file.path, _TOO_DEEP, excerpt=_shown(data))
        return None
    return value


def first_element(file: File) -> Any:
    """The first element, to tell formats apart by its keys; None where it is none, or larger than MAX_ELEMENT."""
    value = _small(file)
    if value is None:
        return _first_element(file)
    return next(iter(value), None) if isinstance(value, list) else value


@lru_cache(maxsize=1)  # one reader after another asks for that of the same file, then one reads it
def _small(file: File) -> Any:
    """What a small file holds if that is one sound value, not nested too deep; else None."""
    head = file.head()
    if len(head) == HEAD:
        return None
    try:
        value = orjson.loads(head.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError:
        return None
    return None if _may_be_deep(head) and _is_deep(value) else value


def let_go() -> None:
    """Forgets the last file's first element, which may be all of a large file."""
    _first_element.cache_clear()


@lru_cache(maxsize=1)
def _first_element(file: File) -> Any:
    with file.open() as stream:
        data = stream.read(FIRST)
        while True:
            text = data.decode("utf-8-sig", errors="replace").lstrip().removeprefix("[").lstrip()
            try:
                return json.JSONDecoder().raw_decode(text)[0]
            except json.JSONDecodeError as problem:
                wanted = min(3 * len(data), MAX_ELEMENT - len(data)) if _is_cut_off(problem, text) else 0
                more = stream.read(wanted)
            except (ValueError, RecursionError):
                return None
            if not more:
                return None
            data += more


def _is_cut_off(problem: json.JSONDecodeError, text: str) -> bool:
    """Whether a value is only not at its end yet."""
    return problem.msg.startswith(_CUT_OFF) or problem.pos >= len(text) - 16


def _first_line(stream: BinaryIO) -> bytes:
    for _ in range(100):
        if not (line := stream.readline(MAX_ELEMENT)) or opening(line):
            return line
    return b""


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError:
        return False
    return True


def _goes_on(line: bytes) -> bool:
    """Whether this looks like the first line of an object written over many."""
    return line.rstrip().endswith((b"{", b"[", b",")) and len(line) < 10_000


def _lines(file: File, diagnostics: Diagnostics) -> Iterator[tuple[str, Any]]:
    with file.open() as stream:
        number = 0
        while line := stream.readline(MAX_ELEMENT + 1):
            number += 1
            if len(line) > MAX_ELEMENT:
                while (rest := stream.readline(MAX_ELEMENT)) and not rest.endswith(b"\n"):
                    pass  # read to its end, thrown away
                told = f"a line of more than {MAX_ELEMENT:,} bytes"
                diagnostics.lose("file.too-large", file.path, told, place=str(number))
            elif number == 1:
                line = line.removeprefix(codecs.BOM_UTF8)
            if line.strip() and len(line) <= MAX_ELEMENT:
                yield from _line(line, number, file, diagnostics)


def _line(line: bytes, number: int, file: File, diagnostics: Diagnostics) -> Iterator[tuple[str, Any]]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as problem:
        place = f"{number}:{problem.colno}"
        diagnostics.lose("json.bad", file.path, problem.msg, place=place, excerpt=_shown(line))
        return
    if _may_be_deep(line) and _is_deep(value):
        diagnostics.lose("json.too-deep", file.path, _TOO_DEEP, place=str(number), excerpt=_shown(line))
    else:
        yield str(number), value


def _shown(line: bytes) -> str:
    return line[:400].decode("utf-8", "replace")


def _may_be_deep(data: bytes) -> bool:
    return data.count(b"[") + data.count(b"{") > MAX_DEPTH


def _is_deep(value: Any) -> bool:
    """Whether it is nested deeper than MAX_DEPTH: then it could be neither walked through nor written again."""
    for _ in range(_WRITABLE - MAX_DEPTH):
        value = [value]
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError as problem:
        return "Recursion" in str(problem)
    return False


def _around(text: str, at: int) -> str:
    return text[max(0, at - 40) : at + 120]


def tamed(value: Any) -> Any:
    """A value without what no JSON can be written of: halves of surrogate pairs, integers beyond 64 bits."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [tamed(one) for one in value]
    if isinstance(value, dict):
        return {tamed(key): tamed(one) for key, one in value.items()}
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return float(value) if abs(value) < 2**1000 else None
    return value


class _Values:
    """Values one after another, in an array or just so, decoded from a window on the file."""

    def __init__(self, file: File, diagnostics: Diagnostics) -> None:
        self.file = file
        self.diagnostics = diagnostics
        self.buffer = ""
        self.at = 0
        self.lines = 1  # of the file, where the buffer begins
        self.ended = False
        self.decoder = json.JSONDecoder(parse_constant=lambda _: None)  # NaN, Infinity
        self.bytes = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")

    def read(self) -> Iterator[tuple[str, Any]]:
        with self.file.open() as stream:
            in_array = self._next(stream) == "["
            self.at += in_array
            number = 0
            while (char := self._next(stream)) and char != "]":
                yield from self._value(stream, f"/{number}" if in_array else "")
                number += 1
            if in_array and not char:
                place = f"/{number}"
                self.diagnostics.add("json.bad", self.file.path, "cut off: the array does not end", place=place)

    def _value(self, stream: BinaryIO, pointer: str) -> Iterator[tuple[str, Any]]:
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
                value = tamed(value) if any(odd.search(self.buffer, self.at, end) for odd in _ODD) else value
            except (ValueError, RecursionError) as problem:
                if self._may_go_on(problem) and self._more(stream):
                    continue
                self._skip_value(stream, problem, pointer)
                return
            if end == len(self.buffer) and self._more(stream):
                continue  # a number may go on
            if self._may_be_deep(end) and _is_deep(value):
                self._skip_value(stream, RecursionError(_TOO_DEEP), pointer)
                return
            place = pointer or str(self._line_at(self.at))
            self.at = end
            yield place, value
            return

    def _may_be_deep(self, end: int) -> bool:
        return self.buffer.count("[", self.at, end) + self.buffer.count("{", self.at, end) > MAX_DEPTH

    def _may_go_on(self, problem: Exception) -> bool:
        """Whether the value only runs out of the buffer."""
        if self.ended or len(self.buffer) - self.at > MAX_ELEMENT:
            return False
        return not isinstance(problem, json.JSONDecodeError) or _is_cut_off(problem, self.buffer)

    def _skip_value(self, stream: BinaryIO, problem: Exception, pointer: str) -> None:
        """Says what is wrong, and goes on behind the value's last bracket, or at the end of the file."""
        at = problem.pos if isinstance(problem, json.JSONDecodeError) else self.at
        code = "json.too-deep" if isinstance(problem, RecursionError) else "json.bad"
        if len(self.buffer) - self.at > MAX_ELEMENT:
            code, problem = "file.too-large", ValueError(f"one element of more than {MAX_ELEMENT:,} code points")
        place = pointer or str(self._line_at(at))
        message = getattr(problem, "msg", None) or str(problem) or "nested too deep"
        told = f"{message}, line {self._line_at(at)}" if pointer else message
        self.diagnostics.lose(code, self.file.path, told, place=place, excerpt=_around(self.buffer, at))
        depth = 0
        while True:
            for token in _TOKEN.finditer(self.buffer, self.at):
                self.at = token.end()
                depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
                if depth <= 0:
                    return
            if not self._more(stream):
                self.at = len(self.buffer)
                return

    def _next(self, stream: BinaryIO) -> str:
        """The next character that is neither white space nor a comma; empty at the end."""
        while True:
            found = _SKIP.match(self.buffer, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.buffer) or not self._more(stream):
                return self.buffer[self.at : self.at + 1]

    def _more(self, stream: BinaryIO) -> bool:
        """Reads on, as much again as is kept; False at the end."""
        if self.ended:
            return False
        self.lines += self.buffer.count("\n", 0, self.at)
        kept = self.buffer[self.at :]
        data = stream.read(max(MIB, len(kept)))
        self.ended = not data
        text = self.bytes.decode(data, final=self.ended)
        if "\ufffd" in text and "\ufffd".encode() not in data:
            self.diagnostics.add(
                "encoding.not-utf8", self.file.path, "bytes that are no UTF-8 are replaced", action=REPAIRED
            )
        self.buffer, self.at = kept + text, 0
        return bool(data)

    def _line_at(self, at: int) -> int:
        return self.lines + self.buffer.count("\n", 0, at)
