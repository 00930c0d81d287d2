"""YAML read as text with line numbers: every scalar stays the string its author typed, and an error can name its line.

YAML 1.1 would make `on` a boolean, `2022-07-11` a date and `no` (Norwegian) false; annotations mean the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from graph.errors import AccordgraphError

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_MAX_DEPTH = 20


class Fields(dict[str, Any]):
    """A YAML mapping of str, Fields or Items; `lines` says where each key stands, `line` where it begins (1-based)."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Items(list[Any]):
    """A YAML sequence of str, Fields or Items; `lines` says where each begins."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def read_yaml(text: str, *, path: str, error: type[AccordgraphError], first_line: int = 1) -> Any:
    """The YAML document as str, Fields and Items; an empty document is None.

    Raises `error` with file and line for text that is not YAML, a key given twice, an alias of a list or mapping, or
    nesting beyond 20 levels.
    """
    try:
        # yaml's "document" is one node tree; aliases appear as the same node twice and are refused below
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as problem:
        opened = "quoted scalar" in (problem.context or "")  # an open quote runs on: its beginning is what to mend
        mark = problem.context_mark if opened else problem.problem_mark or problem.context_mark
        line = first_line + mark.line if mark else first_line
        said = problem.problem or problem.context or "cannot be read"
        raise error(f"Bad YAML: {said}", path=path, line=line, way_out=_yaml_hint(said)) from problem
    except (yaml.YAMLError, RecursionError) as problem:
        raise error(
            f"Bad YAML: {str(problem).splitlines()[0]}", path=path, line=first_line, way_out="remove that character"
        ) from problem
    return None if node is None else _Reading(path, error, first_line).value(node, 0)


def _yaml_hint(said: str) -> str:
    if "mapping values are not allowed" in said:
        return "put the value in quotes, it holds a colon"
    if "could not find expected ':'" in said:
        return "write 'key: value', and indent continued text"
    return "check the indentation, quotes and brackets on and above that line"


class _Reading:
    def __init__(self, path: str, error: type[AccordgraphError], first_line: int) -> None:
        self.path = path
        self.error = error
        self.first_line = first_line
        self.seen: set[int] = set()

    def value(self, node: Any, depth: int) -> Any:
        line = self.first_line + node.start_mark.line
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if id(node) in self.seen:
            raise self.error("YAML alias", path=self.path, line=line, way_out="write the value out")
        self.seen.add(id(node))
        if depth > _MAX_DEPTH:
            raise self.error("YAML nested too deeply", path=self.path, line=line, way_out="flatten it")
        return (self._items if isinstance(node, yaml.SequenceNode) else self._fields)(node, line, depth)

    def _items(self, node: Any, line: int, depth: int) -> Items:
        items = Items(line)
        for child in node.value:
            items.append(self.value(child, depth + 1))
            items.lines.append(self.first_line + child.start_mark.line)
        return items

    def _fields(self, node: Any, line: int, depth: int) -> Fields:
        fields = Fields(line)
        for key, child in node.value:
            key_line = self.first_line + key.start_mark.line
            if not isinstance(key, yaml.ScalarNode):
                raise self.error("YAML key that is not text", path=self.path, line=key_line, way_out="use a word")
            if key.value in fields:
                raise self.error(
                    f"Key {key.value!r} given twice", path=self.path, line=key_line, way_out="keep one of them"
                )
            fields[key.value] = self.value(child, depth + 1)
            fields.lines[key.value] = key_line
        return fields


def text_at(fields: Mapping[str, Any], key: str) -> str | None:
    """The text under a key, None if it is absent or empty; lists and mappings are no text and give None too."""
    value = fields.get(key)
    return value if isinstance(value, str) and value != "" else None
