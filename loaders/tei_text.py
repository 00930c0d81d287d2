"""The running text of a TEI document, and where its elements stand in it.

What starts a line of its own (p, head, l, item, cell, lb …) is set apart by a line break; white space is one space, and
none at the edges of a line, unless xml:space says to preserve it where words stand. A note inside a paragraph stands on
a line of its own behind it. Of alternatives one is in the text: corr, reg or expan of a choice, lem of an app, add of a
subst; else the first. Running heads, index terms and stand-off annotation are not.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from functools import cache
from xml.etree.ElementTree import Element

XML = "{http://www.w3.org/XML/1998/namespace}"
TEI = "http://www.tei-c.org/ns/1.0"
ROOTS = frozenset(("TEI", "TEI.2", "teiCorpus"))

_SPACES = re.compile(r"[ \t\r\n]+")
_PARAGRAPHS = {  # a note in one of these stands behind it
    "p", "ab", "head", "l", "item", "cell", "u", "stage", "speaker", "salute", "signed", "dateline", "byline",
    "trailer", "opener", "closer", "argument", "epigraph", "docTitle", "titlePart", "docAuthor", "docDate",
    "docEdition", "docImprint", "figDesc", "addrLine", "castItem",
}  # fmt: skip
_BLOCKS = _PARAGRAPHS | {
    "text", "front", "body", "back", "group", "floatingText", "div", "div0", "div1", "div2", "div3", "div4", "div5",
    "div6", "div7", "lg", "sp", "list", "row", "table", "titlePage", "figure", "castList", "castGroup", "set",
    "performance", "prologue", "epilogue", "postscript", "address", "entry", "entryFree", "msDesc", "post", "lb",
}  # fmt: skip
_ANNOTATION = ROOTS | {  # read elsewhere
    "teiHeader", "standOff", "facsimile", "sourceDoc", "spanGrp", "span", "linkGrp", "link", "interpGrp", "interp",
    "listAnnotation", "annotation",
}  # fmt: skip
_LEFT_OUT = _ANNOTATION | {"fw", "index", "listRelation", "relation"}
_ALTERNATIVES = {"choice": ("corr", "reg", "expan"), "app": ("lem",), "subst": ("add",)}
_TURNS = ("pb", "cb", "gb")


@cache
def name_of(tag: str) -> str:
    """The name of a TEI element, with or without its namespace; of another vocabulary, the whole tag."""
    space, _, local = tag[1:].partition("}") if tag.startswith("{") else (TEI, "", tag)
    return local if space == TEI else tag


def id_of(element: Element) -> str | None:
    """The xml:id of an element; its id in documents of before 2007. Some write it with the # of a pointer."""
    id_ = element.get(f"{XML}id") or element.get("id")
    return id_.removeprefix("#") if id_ else None


def _is_block(name: str) -> bool:
    return name in _BLOCKS or name == "note" or name.startswith("list")


def _holds_blocks(name: str) -> bool:
    """Whether white space in an element is layout, whatever xml:space says: it holds blocks, not words."""
    return (_is_block(name) and name not in _PARAGRAPHS) or name in _ALTERNATIVES


@dataclass(slots=True)
class Mark:
    """Where an element stands: the code points from its first to behind its last."""

    element: Element
    parent: Element | None
    start: int = -1
    end: int = -1


@dataclass(slots=True)
class Text:
    """The text; the elements asked for, in its order; and those that it leaves out without their being annotation."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    left_out: list[Element] = field(default_factory=list)


def text_of(roots: Iterable[Element], wanted: Set[str]) -> Text:
    """The text of some elements. Marked is what bears an id, a ref or a key, and what has one of the `wanted` names."""
    walk = _Walk(wanted)
    for root in roots:
        walk.through(root)
    return Text("".join(walk.parts), walk.marks, walk.left_out)


@dataclass(slots=True)
class _Frame:
    """An element that is open."""

    element: Element
    children: Iterator[Element]
    preserved: bool  # white space is
    mark: Mark | None
    only: Element | None = None  # the one of its children that is in the text, of alternatives


class _Walk:
    def __init__(self, wanted: Set[str]) -> None:
        self.wanted = wanted
        self.parts: list[str] = []
        self.marks: list[Mark] = []
        self.left_out: list[Element] = []
        self._length = 0
        self._waiting: list[Mark] = []  # for the text that they begin with
        self._broken = self._glued = self._spaced = False  # what stands before the next text
        self._paragraphs = 0
        self._notes: deque[tuple[Element, bool]] = deque()
        self._behind = False  # a paragraph, with its notes

    def through(self, root: Element, *, preserved: bool = False) -> None:
        """An element and all in it; without recursion, as deep as elements may be nested."""
        stack = [self._open(root, None, preserved)]
        while stack:
            frame = stack[-1]
            child = next(frame.children, None)
            if child is None:
                stack.pop()
                self._close(frame)
                if stack:
                    self._add(frame.element.tail, stack[-1])
            elif self._enters(child, frame):
                stack.append(self._open(child, frame.element, frame.preserved))
            else:
                self._add(child.tail, frame)

    def _open(self, element: Element, parent: Element | None, preserved: bool) -> _Frame:
        name, attributes = name_of(element.tag), element.attrib
        self._separate(name, attributes.get("break"), parent)
        self._glued = self._glued or attributes.get("join") in ("left", "both")
        self._paragraphs += name in _PARAGRAPHS
        space = attributes.get(f"{XML}space")
        mark = None
        if name in self.wanted or "ref" in attributes or "key" in attributes or id_of(element):
            mark = Mark(element, parent)
            self.marks.append(mark)
            self._waiting.append(mark)
        frame = _Frame(element, iter(element), space == "preserve" if space else preserved, mark)
        if name in _ALTERNATIVES and len(element):
            fitting = (one for one in element if name_of(one.tag) in _ALTERNATIVES[name])
            frame.only = next(fitting, element[0])
        self._add(element.text, frame)
        return frame

    def _separate(self, name: str, stated: str | None, parent: Element | None) -> None:
        """A line break before what stands on a line of its own; nothing at the turn of a page, within a word."""
        if stated == "no":
            self._glued = True
        elif _is_block(name) or (parent is not None and name_of(parent.tag).startswith("list")):
            self._broken = True
        elif name in _TURNS:
            self._spaced = True

    def _enters(self, child: Element, frame: _Frame) -> bool:
        """Whether a child's text is part of the running text, here."""
        name = name_of(child.tag)
        if name in _LEFT_OUT or (frame.only is not None and child is not frame.only):
            if name not in _ANNOTATION:
                self.left_out.append(child)
            return False
        if name == "note" and self._paragraphs:
            self._notes.append((child, frame.preserved))
            return False
        return True

    def _close(self, frame: _Frame) -> None:
        name = name_of(frame.element.tag)
        if frame.mark:
            frame.mark.end = self._length
            if frame.mark.start < 0:  # nothing in it
                frame.mark.start = self._length
        self._broken = self._broken or (_is_block(name) and name != "lb")
        self._glued = self._glued or frame.element.get("join") in ("right", "both")
        self._paragraphs -= name in _PARAGRAPHS
        if name in _PARAGRAPHS and not self._paragraphs and not self._behind:
            self._behind = True
            while self._notes:
                note, preserved = self._notes.popleft()
                self.through(note, preserved=preserved)
            self._behind = False

    def _add(self, text: str | None, frame: _Frame) -> None:
        if not text:
            return
        if not (frame.preserved and (text.strip() or not _holds_blocks(name_of(frame.element.tag)))):
            text = _SPACES.sub(" ", text)
            core = text.strip(" ")
            if frame.only is not None and not core:
                return  # between alternatives
            self._spaced = self._spaced or text[0] == " "
            if core:
                self._emit(core)
                self._spaced = text[-1] == " "
        else:
            self._emit(text)

    def _emit(self, text: str) -> None:
        before = "\n" if self._broken else "" if self._glued else " " if self._spaced else ""
        if before and self._length and not (before == text[0] or self.parts[-1][-1] == before):
            self.parts.append(before)
            self._length += 1
        self._broken = self._glued = self._spaced = False
        for mark in self._waiting:
            if mark.start < 0:
                mark.start = self._length
        self._waiting.clear()
        self.parts.append(text)
        self._length += len(text)
