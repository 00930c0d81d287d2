"""The text beside tagtog's annotations: which plain.html goes with an ann.json, and where each part stands in it.

Offsets count inside a part, an element with an id: that is why the parts of a page are kept letter by letter, and set
apart by line breaks that no offset counts. What stands outside every part is layout.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from itertools import takewhile

from loaders.document import Fragment
from loaders.files import File

ANNOTATIONS, PLAIN, LEGEND = ".ann.json", ".plain.html", "annotations-legend.json"

_RANDOM = re.compile(r"a[\w.-]{27}-")  # what the tool puts before a document's own name
_DEEP = 50  # parts in parts
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_UNSEEN = {"head", "script", "style", "template"}
_NO_PARTS = _UNSEEN | {"html", "body"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page's text, its parts by id, and what its head says: id, data-origid, lang and the meta elements."""

    text: str = ""
    parts: Mapping[str, Fragment] = field(default_factory=dict)
    head: Mapping[str, str] = field(default_factory=dict)


def page_of(html: str, annotatable: Iterable[str]) -> Page:
    """The text of a plain.html. A part inside one of the `annotatable` is not set apart from what it stands in."""
    parser = _Parts(set(annotatable))
    parser.feed(html)
    parser.close()
    parser.handle_endtag("html")
    return Page("".join(parser.text), parser.parts, parser.head)


class _Parts(HTMLParser):
    def __init__(self, annotatable: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.annotatable = annotatable
        self.text: list[str] = []
        self.parts: dict[str, Fragment] = {}
        self.head: dict[str, str] = {}
        self._length = 0
        self._open: list[tuple[str, str | None]] = []  # tag and, of a part, its id
        self._tags: Counter[str] = Counter()  # of those that are open
        self._within: list[str] = []  # the parts that are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value for name, value in attrs if value}
        if tag == "html":
            self.head.update(said)
        elif tag == "meta" and {"name", "content"} <= said.keys():
            self.head.setdefault(said["name"], said["content"])
        if tag in _VOID:
            return
        id_ = said.get("id") if tag not in _NO_PARTS else None
        if id_ is not None and id_ not in self.parts and len(self._within) < _DEEP:
            if not self.annotatable.intersection(self._within[-1:]):
                self._set_apart()
            self.parts[id_] = (self._length, self._length)
            self._within.append(id_)
        else:
            id_ = None
        self._open.append((tag, id_))
        self._tags[tag] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "html" and not self._tags[tag]:
            return
        while self._open:
            closed, id_ = self._open.pop()
            self._tags[closed] -= 1
            if id_ is not None:
                self.parts[id_] = (self.parts[id_][0], self._length)
                self._within.pop()
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._within and not any(self._tags[tag] for tag in _UNSEEN):
            self._add(data)

    def _set_apart(self) -> None:
        if self._length and not self.text[-1].endswith("\n"):
            self._add("\n")

    def _add(self, text: str) -> None:
        if text:
            self.text.append(text)
            self._length += len(text)


# --- which files belong together -----------------------------------------------------------------------------------


def plain_of(file: File) -> File | None:
    """The plain.html of an ann.json: of the same name, wherever it stands; of several, the one in the likest folder."""
    return _likest(file, _index(_Siblings(file.siblings)).get(_bare(file.name, ANNOTATIONS), []), PLAIN)


def has_annotations(file: File) -> bool:
    """Whether a plain.html is among ann.json files: in an export, where texts that nobody annotated have none."""
    return bool(_index(_Siblings(file.siblings)).get(ANNOTATIONS))


def legend_of(file: File) -> File | None:
    """The names of classes: in the folder of the annotations, or the nearest above it."""
    folder = file.folder
    while True:
        if found := file.siblings.get(LEGEND if folder == "." else f"{folder}/{LEGEND}"):
            return found
        if folder == ".":
            return None
        folder = folder.rpartition("/")[0] or "."


def has_members(file: File) -> bool:
    """Whether the export holds what each member annotated beside what was agreed on."""
    return bool(_index(_Siblings(file.siblings)).get("/members/"))


def _bare(name: str, suffix: str) -> str:
    return _RANDOM.sub("", name.removesuffix(suffix), count=1)


def _likest(file: File, found: Iterable[File], suffix: str) -> File | None:
    """Of files with this suffix the one whose name is the same, then whose folders are: from below, then from above."""
    own = file.folder.split("/")

    def alike(one: File) -> tuple[bool, int, int]:
        others = one.folder.split("/")
        same_name = one.name.removesuffix(suffix) == file.name.removesuffix(ANNOTATIONS).removesuffix(PLAIN)
        return same_name, _common(own[::-1], others[::-1]), _common(own, others)

    return max((one for one in found if one.name.endswith(suffix)), key=alike, default=None)


def _common(some: Iterable[str], others: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))


class _Siblings:
    """Files of one folder or archive, as a key: what is known of them is found once."""

    def __init__(self, files: Mapping[str, File]) -> None:
        self.files = files

    def __hash__(self) -> int:
        return id(self.files)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Siblings) and self.files is other.files


@lru_cache(maxsize=2)
def _index(siblings: _Siblings) -> Mapping[str, list[File]]:
    """Files by their documents' own names; every ann.json under ANNOTATIONS, those of members under "/members/"."""
    found: dict[str, list[File]] = defaultdict(list)
    for file in siblings.files.values():
        suffix = next((one for one in (ANNOTATIONS, PLAIN) if file.name.endswith(one)), None)
        if suffix:
            found[_bare(file.name, suffix)].append(file)
        for mark in ("/members/", ANNOTATIONS):
            if suffix == ANNOTATIONS and mark in f"/{file.folder}/{file.name}":
                found[mark].append(file)
    return found
