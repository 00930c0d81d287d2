"""A Java serialization stream as plain data: objects are dicts of their fields, arrays lists, strings text.

Nothing in a stream is run, and no class is looked for: only what the bytes say is taken. Specification: Java Object
Serialization Specification, chapter 6.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MAGIC = b"\xac\xed\x00\x05"

_HANDLES = 0x7E0000  # the number of the first thing that may be referred to
_DEEP = 60  # how deep objects are nested
_FORMATS = {"B": "b", "C": "H", "D": "d", "F": "f", "I": "i", "J": "q", "S": "h", "Z": "?"}
_OBJECTS = "[L"
_WRITES, _EXTERNAL = 0x01, 0x04  # flags of a class: it wrote more behind its fields; it wrote all by itself
_END = 0x78


@dataclass(slots=True)
class _Class:
    name: str
    flags: int = 0
    fields: tuple[tuple[str, str], ...] = ()  # sort and name
    above: _Class | None = None


def first_object(data: bytes) -> Any:
    """The first object of a stream. Raises ValueError, TypeError or EOFError for bytes that are none."""
    if not data.startswith(MAGIC):
        raise ValueError("no Java serialization stream")
    return _Stream(data).content(0)


class _Stream:
    """Bytes being read, and what in them may be referred to again."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = len(MAGIC)
        self.known: list[Any] = []

    # --- numbers and text

    def _take(self, size: int) -> bytes:
        found = self.data[self.at : self.at + size]
        if len(found) < size:
            raise EOFError("cut off")
        self.at += size
        return found

    def _number(self, format_: str) -> Any:
        return self._numbers(format_, 1)[0]

    def _numbers(self, format_: str, count: int) -> tuple[Any, ...]:
        return struct.unpack(f">{count}{format_}", self._take(count * struct.calcsize(f">{format_}")))

    def _text(self, size: int) -> str:
        """Text in Java's own UTF-8: surrogates by themselves, and zero in two bytes."""
        stated = self._take(size).replace(b"\xc0\x80", b"\0").decode("utf-8", "surrogatepass")
        return stated.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _know(self, value: Any) -> Any:
        self.known.append(value)
        return value

    # --- what the stream holds

    def content(self, depth: int) -> Any:
        """The next thing."""
        sort = self._number("B")
        read = _SORTS.get(sort)
        if read is None or depth > _DEEP:
            raise ValueError(f"0x{sort:02x} at byte {self.at - 1} is not read here")
        return read(self, depth + 1)

    def _nothing(self, _: int) -> None:
        return None

    def _again(self, _: int) -> Any:
        number = self._number("I") - _HANDLES
        if not 0 <= number < len(self.known):
            raise ValueError("refers to what is not there")
        return self.known[number]

    def _string(self, _: int) -> str:
        return str(self._know(self._text(self._number("H"))))

    def _long_string(self, _: int) -> str:
        return str(self._know(self._text(self._number("Q"))))

    def _block(self, _: int) -> bytes:
        return self._take(self._number("B"))

    def _long_block(self, _: int) -> bytes:
        return self._take(self._number("I"))

    def _class(self, depth: int) -> _Class:
        found: _Class = self._know(_Class(self._text(self._number("H"))))
        self._take(8)  # its version
        found.flags = self._number("B")
        fields: list[tuple[str, str]] = []
        for _ in range(self._number("H")):
            sort, name = chr(self._number("B")), self._text(self._number("H"))
            if sort in _OBJECTS:
                self.content(depth)  # the name of its class
            fields.append((sort, name))
        found.fields = tuple(fields)
        self._skip_rest(depth)
        found.above = self._described(depth)
        return found

    def _described(self, depth: int) -> _Class | None:
        found = self.content(depth)
        if not isinstance(found, _Class | None):
            raise TypeError("no class where one is expected")
        return found

    def _skip_rest(self, depth: int) -> None:
        """Whatever a class wrote behind its fields."""
        while self._number("B") != _END:
            self.at -= 1
            self.content(depth)

    def _object(self, depth: int) -> dict[str, Any]:
        of = self._described(depth)
        found: dict[str, Any] = self._know({})
        classes: list[_Class] = []
        while of and of not in classes:
            classes.append(of)
            of = of.above
        for one in reversed(classes):
            if one.flags & _EXTERNAL:
                raise ValueError(f"{one.name} is written in a way of its own")
            for sort, name in one.fields:
                found[name] = self.content(depth) if sort in _OBJECTS else self._value(sort)
            if one.flags & _WRITES:
                self._skip_rest(depth)
        return found

    def _value(self, sort: str) -> Any:
        return self._number(_FORMATS[sort])

    def _array(self, depth: int) -> list[Any]:
        of = self._described(depth)
        found: list[Any] = self._know([])
        size, sort = self._number("I"), of.name[1:2] if of else ""
        if size > len(self.data):  # each element has a byte at least
            raise EOFError("cut off")
        if sort in _OBJECTS:
            found += [self.content(depth) for _ in range(size)]
        else:
            found += self._numbers(_FORMATS[sort], size)
        return found


_SORTS: dict[int, Callable[[_Stream, int], Any]] = {
    0x70: _Stream._nothing,
    0x71: _Stream._again,
    0x72: _Stream._class,
    0x73: _Stream._object,
    0x74: _Stream._string,
    0x75: _Stream._array,
    0x77: _Stream._block,
    0x7A: _Stream._long_block,
    0x7C: _Stream._long_string,
}
