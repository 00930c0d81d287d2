"""GATE's BDOC in YAML (.bdocym): the same document as in JSON, where a value that stands twice may be written once."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from loaders.bdoc import SETS, document
from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.files import MIB, File
from loaders.json_stream import tamed
from loaders.reading import Options, Reader
from loaders.xstream import SHARED

FORMAT = "bdoc-yaml"
SUFFIXES = (".bdocym", ".yaml", ".yml")
MAX_SIZE = 32 * MIB  # YAML takes some fifty times its size to be read
MAX_DEPTH = 200

_SETS = re.compile(rf"^{SETS}:".encode(), re.MULTILINE)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SCALARS = ("int", "float", "bool", "null")


def claims(file: File, head: bytes) -> str | None:
    """Why this is BDOC in YAML: the suffix, and annotation_sets at the beginning of a line."""
    if file.suffix == SUFFIXES[0]:
        return f"the suffix {file.suffix}"
    return f"YAML with {SETS}" if file.suffix in SUFFIXES and _SETS.search(head) else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The one document of a file."""
    if file.size > MAX_SIZE:
        diagnostics.lose("file.too-large", file.path, f"YAML of more than {MAX_SIZE // MIB} MiB")
        return
    try:
        node = yaml.compose(file.read(), Loader=_Loader)
        value = _Reading().value(node, 0) if node else None
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        mark = getattr(problem, "problem_mark", None)
        told = getattr(problem, "problem", None) or str(problem).partition("\n")[0] or "nested too deep"
        diagnostics.lose("file.bad", file.path, f"not YAML: {told}", place=str(mark.line + 1) if mark else "")
        return
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        diagnostics.lose("json.shape", file.path, "no mapping with a text", excerpt=str(value)[:200])
        return
    yield document(value, "", file, options, diagnostics, FORMAT)


class _Reading:
    """Nodes of YAML as JSON has them; keys are text."""

    def __init__(self) -> None:
        self.constructor = SafeConstructor()
        self.seen: set[int] = set()
        self.room = SHARED

    def value(self, node: yaml.Node, depth: int) -> Any:
        """What a node holds. Raises ValueError for more than memory should hold: values in values without end."""
        if id(node) in self.seen:
            self.room -= 1 + len(node.value)
        if depth > MAX_DEPTH or self.room < 0:
            raise ValueError("values nested, or referred to, without end")
        self.seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if isinstance(node, yaml.MappingNode):
            return {_key(self.value(key, depth + 1)): self.value(one, depth + 1) for key, one in node.value}
        return [self.value(one, depth + 1) for one in node.value]

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        kind = str(node.tag).rpartition(":")[2]
        if kind not in _SCALARS:
            return tamed(node.value)
        try:
            found = getattr(self.constructor, f"construct_yaml_{kind}")(node)
        except (ValueError, KeyError, ConstructorError):  # a tag that the value does not fit
            return tamed(node.value)
        return tamed(node.value if isinstance(found, float) and not math.isfinite(found) else found)


def _key(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


BDOC_YAML = Reader(FORMAT, "GATE BDOC YAML", claims, read)
