"""GATE XML: a text with nodes in it, annotations from node to node in named sets, features with their Java classes.

A node's id is most often its offset in UTF-16 units; where the node stands in the text is certain. Specification:
https://gate.ac.uk/sale/tao/splitch5.html#sec:corpora:xml
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from loaders.diagnostics import AS_IS, REPAIRED, Diagnostics
from loaders.document import Document, Fragment
from loaders.files import File, opening
from loaders.gate_sets import Marked, describe, state, stated
from loaders.reading import Draft, Options, Reader
from loaders.safe_xml import LINE, parse
from loaders.xstream import Values, scalar

FORMAT = "gate"
ROOT, TEXT = "GateDocument", "TextWithNodes"
COREFERENCE = "coref"  # what GATE calls a relation of annotations that mean the same

_ROOT = re.compile(rb"<(?:[\w.-]+:)?GateDocument[\s>]")
_DIGITS = 15  # of a number that is an offset


def claims(file: File, head: bytes) -> str | None:
    """Why this is GATE XML: its root."""
    return "the root GateDocument" if opening(head)[:1] == b"<" and _ROOT.search(head) else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The one document of a file."""
    root = parse(file, diagnostics)
    if root is None:
        return
    if _name(root) != ROOT:
        diagnostics.lose("file.bad", file.path, f"the root is {_name(root)}, not {ROOT}")
        return
    yield _Reading(root, file, diagnostics).document()


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _of(element: Element, name: str) -> Iterator[Element]:
    """The children of a name, in whatever namespace."""
    return (child for child in element if _name(child) == name)


class _Reading:
    """A file while it is read."""

    def __init__(self, root: Element, file: File, diagnostics: Diagnostics) -> None:
        self.root = root
        self.values = Values(file)
        self.nodes: dict[str, int] = {}
        text = next(_of(root, TEXT), None)
        self.draft = Draft(file.stem, "" if text is None else self._text(text), file, FORMAT, diagnostics, unit="utf16")
        if text is None:
            self.draft.text_origin = "missing"
            self.draft.warn("text.missing", f"no {TEXT}")

    def document(self) -> Document:
        """The document."""
        for features in _of(self.root, "GateDocumentFeatures"):
            describe(self.draft, self._features(features))
        state(self.draft, [*self._annotations()])
        for relations in _of(self.root, "RelationSet"):
            for relation in _of(relations, "Relation"):
                self._relation(relations.get("Name", ""), relation)
        return self.draft.finish()

    def _text(self, element: Element) -> str:
        """The text, and where in it nodes stand."""
        parts = [element.text or ""]
        at = len(parts[0])
        for node in element:
            self.nodes[node.get("id", "")] = at
            parts += ("".join(node.itertext()), node.tail or "")
            at += len(parts[-2]) + len(parts[-1])
        return "".join(parts)

    def _annotations(self) -> Iterator[Marked]:
        for set_ in _of(self.root, "AnnotationSet"):
            for one in _of(set_, "Annotation"):
                ends = one.get("StartNode", ""), one.get("EndNode", "")
                yield Marked(
                    set_.get("Name", ""),
                    one.get("Id"),
                    one.get("Type"),
                    _raw(*ends),
                    self._place(*ends),
                    one.get(LINE, ""),
                    self._features(one),
                )

    def _place(self, start: str, end: str) -> Fragment | None:
        first, last = self.nodes.get(start), self.nodes.get(end)
        return (first, last) if first is not None and last is not None and first <= last else None

    def _relation(self, set_: str, one: Element) -> None:
        """A relation; its members are annotations, or relations, of the same set."""
        type_, line = one.get("Type"), one.get(LINE, "")
        members = [(set_, member.strip()) for member in one.get("Members", "").split(";") if member.strip()]
        if not members:
            self.draft.skip("ref.dangling", f"relation {type_} has no members", line)
            return
        key = (set_, one.get("Id", f"at {line}"))
        said = stated(self._features(one))
        if data := "".join(text for child in _of(one, "UserData") for text in child.itertext()).strip():
            said["extra"]["user_data"] = data
        more: Mapping[str, Any] = {"layer": set_ or None, "raw_id": one.get("Id"), "place": line, **said}
        if type_ == COREFERENCE:
            self.draft.cluster(key, type_, dict.fromkeys(members), **more)
        else:
            args = [(f"arg{number}", member) for number, member in enumerate(members, start=1)]
            self.draft.relation(key, type_, args, **more)

    # --- features

    def _features(self, element: Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for feature in _of(element, "Feature"):
            name, value = (next(_of(feature, part), None) for part in ("Name", "Value"))
            if name is None or value is None:
                self.draft.warn("attribute.bad", "a feature without a name or a value", feature.get(LINE, ""))
                continue
            found["".join(name.itertext())] = self._value("".join(name.itertext()), value)
        return found

    def _value(self, feature: str, element: Element) -> Any:
        text, class_ = "".join(element.itertext()), element.get("className", "")
        if class_ == "gate.corpora.ObjectWrapper":

            def tell(code: str, message: str) -> None:
                action = REPAIRED if code == "xml.illegal-char" else AS_IS
                self.draft.warn(code, f"feature {feature!r}: {message}", element.get(LINE, ""), action=action)

            return self.values.read(text, tell)
        if class_.startswith("java.util."):  # as older versions write collections
            kind = element.get("itemClassName", "")
            return [scalar(kind, one) for one in text.split(";")] if text else []
        return scalar(class_, text)


def _raw(start: str, end: str) -> tuple[Fragment, ...]:
    numbers = start.isdecimal() and end.isdecimal() and max(len(start), len(end)) <= _DIGITS
    return ((int(start), int(end)),) if numbers else ()


GATE = Reader(FORMAT, "GATE XML", claims, read, opens=b"<")
