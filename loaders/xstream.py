"""Values of Java as XStream writes them in XML, which is how GATE keeps features that are no text and no number.

What a class is called hardly matters: children of the name entry make a map, other children a list. Specification:
https://x-stream.github.io/converters.html
"""

from __future__ import annotations

import io
import math
import re
from collections import defaultdict
from collections.abc import Callable
from xml.etree.ElementTree import Element

from loaders.diagnostics import Diagnostics
from loaders.files import File
from loaders.safe_xml import parse

MAX_NESTED = 100  # a value in a value
SHARED = 1_000_000  # values, and characters of them, that stand in a file once and are read again by reference

_INTEGERS = {"int", "integer", "long", "short", "byte", "big-int", "biginteger"}
_FLOATS = {"float", "double", "big-decimal", "bigdecimal"}
_MAP = re.compile(r"map|table|properties", re.IGNORECASE)
_LIST = re.compile(r"list|set|array|vector", re.IGNORECASE)
_STEP = re.compile(r"([^\[\]]+)(?:\[(\d{1,9})\])?")


def scalar(kind: str, text: str) -> str | int | float | bool:
    """A value by the name of its class, as Java or XStream has it; the text where it is no value of that class."""
    kind = kind.rpartition(".")[2].lower()
    try:
        if kind in _INTEGERS and abs(whole := int(text)) < 2**63:
            return whole
        if kind in _FLOATS and math.isfinite(number := float(text)):
            return number
    except ValueError:
        return text
    return text.strip().lower() == "true" if kind == "boolean" else text


class Values:
    """The values of one file. What refers to others is read with them, up to SHARED in all."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.room = SHARED

    def read(self, text: str, tell: Callable[[str, str], None]) -> object:
        """The value that a text in XML holds, as JSON has it; the text itself where it is none, which is told."""
        data, said = text.encode(), Diagnostics()
        inner = File(self.file.path, ".", self.file.name, len(data), lambda: io.BytesIO(data), {})
        root = parse(inner, said)
        for one in said.kept:
            tell(one.code, one.message)
        value = next(iter(root), None) if root is not None and not said.skipped else None
        if value is None:
            return text
        try:
            return _Reading(self, value).value(value)
        except ValueError as problem:
            tell("attribute.bad", str(problem))
            return text


class _Reading:
    """One value while it is read."""

    def __init__(self, values: Values, root: Element) -> None:
        self.values = values
        self.parents = {child: parent for parent in root.iter() for child in parent}
        self.named: dict[Element, dict[str, list[Element]]] = {}
        self.open: set[Element] = set()
        self.again = 0  # how many references deep

    def value(self, element: Element) -> object:
        """What an element holds. Raises ValueError where it holds itself, or too much."""
        if reference := element.get("reference"):
            self.again += 1
            found = self.value(self._referred(element, reference))
            self.again -= 1
            return found
        if self.again:
            self.values.room -= 1 + len(element.text or "")
        if element in self.open:
            raise ValueError("a value that holds itself")
        if len(self.open) == MAX_NESTED or self.values.room < 0 or self.again > MAX_NESTED:
            raise ValueError("values nested, or referred to, without end")
        self.open.add(element)
        found = self._inner(element)
        self.open.remove(element)
        return found

    def _inner(self, element: Element) -> object:
        kind = element.get("class") or element.tag
        if any(child.tag == "entry" for child in element):
            return dict(self._entry(child) for child in element if len(child) == 2)
        if len(element):
            return [self.value(child) for child in element]
        if kind == "null":
            return None
        if _MAP.search(kind) or _LIST.search(kind):
            return {} if _MAP.search(kind) else []
        return scalar(kind, element.text or "")

    def _entry(self, entry: Element) -> tuple[str, object]:
        key, value = entry
        return str(self.value(key)), self.value(value)

    def _referred(self, element: Element, path: str) -> Element:
        """The element at a path from this one: ../../entry[2]/list."""
        found: Element | None = element
        for step in path.split("/"):
            if found is None:
                break
            if step == "..":
                found = self.parents.get(found)
                continue
            named = _STEP.fullmatch(step)
            same = self._children(found).get(named[1], ()) if named else ()
            place = int(named[2] or 1) if named else 1
            found = same[place - 1] if 0 < place <= len(same) else None
        if found is None:
            raise ValueError(f"refers to {path[:60]!r}, which is not there")
        return found

    def _children(self, element: Element) -> dict[str, list[Element]]:
        """The children of an element by their names; looked up over and over, so they are kept."""
        if element not in self.named:
            self.named[element] = defaultdict(list)
            for child in element:
                self.named[element][child.tag].append(child)
        return self.named[element]
