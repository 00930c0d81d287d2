"""UIMA CAS as INCEpTION and WebAnno store it: a Java object with a heap of numbers, of which all structures are made.

A project that is exported for a backup has its annotations in this form, and often in no other. The heap is UIMA's: a
type's number, then its features, those of the types above it first. Nothing in the file is run.
Source: org.apache.uima.cas.impl, CASMgrSerializer and CASSerializer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from loaders import snappy
from loaders.cas import STRING, Cas, Reference, Structure, documents
from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.files import MAX_FILE, File
from loaders.inception import companion, work
from loaders.java_objects import MAGIC, first_object
from loaders.reading import Options, Reader

FORMAT = "cas-ser"

_CLASS = b"org.apache.uima.cas.impl.CASCompleteSerializer"
_BAD = (ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, RecursionError, struct.error)
_HEAPS = {  # arrays whose elements stand in a heap of their own, and how a number there is meant
    "uima.cas.BooleanArray": "byteHeapArray",
    "uima.cas.ByteArray": "byteHeapArray",
    "uima.cas.ShortArray": "shortHeapArray",
    "uima.cas.LongArray": "longHeapArray",
    "uima.cas.DoubleArray": "longHeapArray",
}
_ARRAYS = ("Array", "[]")
_NUMBERS = {"uima.cas.Integer", "uima.cas.Byte", "uima.cas.Short"}


def claims(file: File, head: bytes) -> str | None:
    """Why this is a stored CAS: a Java object of that class."""
    is_stored = head.startswith((MAGIC, snappy.MAGIC)) and _CLASS in head[:200]  # so short a stretch is not packed
    return "a CAS as INCEpTION stores it" if is_stored else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The documents of a file, one for each view with a text."""
    try:
        data = file.read()
        packed = data.startswith(snappy.MAGIC)
        cas = _Heap(first_object(snappy.unpacked(data, MAX_FILE) if packed else data)).cas()
    except _BAD as problem:
        diagnostics.lose("file.bad", file.path, f"no stored CAS that can be read: {problem or type(problem).__name__}")
        return
    yield from documents(cas, work(file, diagnostics), file, FORMAT, options, diagnostics)


@dataclass(frozen=True, slots=True)
class _Feature:
    name: str
    range: str


class _Heap:
    """The numbers, and the types that tell what they mean."""

    def __init__(self, stored: Any) -> None:
        types, data = stored["casMgrSer"], stored["casSer"]
        self.names: list[str] = types["typeNames"]
        self.above: list[int] = types["typeInheritance"]
        self.heap: list[int] = data["heapArray"]
        self.strings: list[str | None] = data["stringTable"]
        self.indexed: list[int] = data["fsIndex"]
        self.own: dict[int, list[_Feature]] = {}
        self.data: dict[str, list[int]] = data
        names, declared = types["featureNames"], types["featDecls"]
        for number in range(1, len(names)):
            type_, range_ = declared[3 * number : 3 * number + 2]
            self.own.setdefault(type_, []).append(_Feature(names[number], self.names[range_]))
        self.features = cache(self._features)
        string = self.names.index(STRING)  # types below it are text with certain values only
        self.texts = {name for name, above in zip(self.names, self.above, strict=True) if above == string} | {STRING}

    def _features(self, type_: int) -> tuple[_Feature, ...]:
        """The features of a type in their order on the heap."""
        chain: list[int] = []
        while type_ and type_ not in chain:
            chain.append(type_)
            type_ = self.above[type_]
        return tuple(one for each in reversed(chain) for one in self.own.get(each, ()))

    def cas(self) -> Cas:
        """All that is indexed, and what that refers to."""
        cas = Cas(marked=True, declared=self._declared())
        sofas, views = self._views()
        waiting = [*sofas, *(address for view in views for address in view)]
        while waiting:
            address = waiting.pop()
            if str(address) not in cas.structures and 0 < address < len(self.heap):
                one, further = self._structure(address)
                cas.structures[one.id] = one
                waiting += further
        cas.structures = dict(sorted(cas.structures.items(), key=lambda pair: int(pair[0])))
        by_number = {cas.structures[str(address)].features.get("sofaNum"): str(address) for address in sofas}
        for number, view in enumerate(views, 1):
            if sofa := by_number.get(number):
                cas.members[sofa] = {str(address) for address in view}
        return cas

    def _declared(self) -> dict[str, dict[str, str]]:
        return {
            self.names[type_]: {
                one.name: STRING if one.range in self.texts else one.range for one in self.features(type_)
            }
            for type_ in range(1, len(self.names))
        }

    def _views(self) -> tuple[list[int], list[list[int]]]:
        """The addresses of sofas, and of what each view has in its index."""
        views, sofas = _some(self.indexed, 0, 2)
        found, at = _some(self.indexed, 2, sofas), 2 + sofas
        listed: list[list[int]] = []
        while len(listed) < views and at < len(self.indexed):
            listed.append(_some(self.indexed, at + 1, self.indexed[at]))
            at += 1 + self.indexed[at]
        return found, listed

    def _structure(self, address: int) -> tuple[Structure, list[int]]:
        """The structure at an address, and the addresses that it refers to."""
        type_ = self.heap[address]
        (name,) = _some(self.names, type_, 1)
        if name.endswith(_ARRAYS):
            elements, further = self._elements(name, address)
            return Structure(str(address), name, str(address), {}, elements), further
        features: dict[str, Any] = {}
        further = []
        stated = self.features(type_)
        for one, cell in zip(stated, _some(self.heap, address + 1, len(stated)), strict=True):
            value = self._value(one.range, cell)
            if isinstance(value, Reference):
                further.append(cell)
            if value is not None:
                features[one.name] = value
        return Structure(str(address), name, str(address), features), further

    def _value(self, range_: str, cell: int) -> Any:
        """What a cell of the heap means; None for a reference to nothing, and for text that is not set."""
        if range_ in _NUMBERS:
            return cell
        if range_ == "uima.cas.Boolean":
            return bool(cell)
        if range_ == "uima.cas.Float":
            return struct.unpack(">f", struct.pack(">i", cell))[0]
        if range_ in ("uima.cas.Long", "uima.cas.Double"):
            return self._wide(range_, _some(self.data["longHeapArray"], cell, 1)[0])
        if range_ in self.texts:
            return _some(self.strings, cell, 1)[0] if cell else None
        return Reference(cell) if cell else None

    def _wide(self, range_: str, value: int) -> int | float:
        return value if range_.endswith("Long") else float(struct.unpack(">d", struct.pack(">q", value))[0])

    def _elements(self, name: str, address: int) -> tuple[list[Any], list[int]]:
        """The elements of an array, and the addresses among them."""
        (size,) = _some(self.heap, address + 1, 1)
        if heap := _HEAPS.get(name):
            (start,) = _some(self.heap, address + 2, 1)
            found = _some(self.data[heap], start, size)
            wide = name == "uima.cas.DoubleArray"
            return [self._wide("Double", one) if wide else bool(one) if "Bool" in name else one for one in found], []
        cells = _some(self.heap, address + 2, size)
        if name in ("uima.cas.IntegerArray", "uima.cas.FloatArray", "uima.cas.StringArray"):
            return [self._value(f"uima.cas.{name[9:-5]}", cell) for cell in cells], []
        return [*cells], [cell for cell in cells if cell]


def _some(values: list[Any], start: int, count: int) -> list[Any]:
    """So many values from a place on. Raises IndexError where there are fewer."""
    found = values[start : start + count] if start >= 0 <= count else []
    if len(found) != count:
        raise IndexError("it refers to what is not there")
    return found


CAS_SER = Reader(FORMAT, "UIMA CAS as INCEpTION stores it (.ser)", claims, read, companion)
