"""TEI: names, dates and terms marked in the text, stand-off spans and annotations, relations between what is named.

Guidelines: https://tei-c.org/release/doc/tei-p5-doc/en/html/ (P5; P4's root and ids are understood). An element's name
is its label, and its type a second one; for rs, name, seg and term the type alone. Out of scope: XPath pointers,
XInclude, links between tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Fragment
from loaders.files import File
from loaders.reading import Draft, Options, Reader
from loaders.safe_xml import LINE, parse
from loaders.tei_header import Entries, language_of, metadata, said_in, words_of
from loaders.tei_text import ROOTS, TEI, Mark, Text, id_of, name_of, text_of

FORMAT = "tei"
NAMES = {
    "rs", "name", "persName", "placeName", "orgName", "geogName", "objectName", "eventName", "country", "region",
    "settlement", "district", "bloc", "date", "time", "term",
}  # fmt: skip

_GENERIC = ("rs", "name", "seg", "term")
_TOKENS, _SENTENCES = ("w", "pc"), ("s",)
_WANTED = NAMES.union(_TOKENS, _SENTENCES, ("speaker",))
_UNNAMED = ("g", "graphic", "relation", "ptr", "person", "place", "org", "event", "object", "nym")  # name nothing
_SPANS = ("span", "annotation")
_ENDS = ("active", "passive", "mutual")
_APART = frozenset(("ref", "key", "type", "resp", "cert", "id", "lang", "space", LINE))  # not among the attributes
_TARGETS = ("target", "corresp", "inst", "sameAs")
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(TEI|TEI\.2|teiCorpus)[\s/>]")
_ANY = re.compile(rb"<[A-Za-z_]")
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_SHARE = re.compile(r"0?\.\d{1,15}|[01](?:\.0*)?")
_LABEL, _GAP = 80, 80  # code points: what is longer is a note; what lies further apart is no one fragment


def claims(file: File, head: bytes) -> str | None:
    """Why this is TEI: its root, in TEI's namespace or in none."""
    bare = _COMMENT.sub(b"", head)
    first = _ANY.search(bare)
    root = _ROOT.match(bare, first.start()) if first else None
    if not root or (b"xmlns" in (said := bare[root.start() :].partition(b">")[0]) and TEI.encode() not in said):
        return None
    return f"the root element {root[1].decode()}"


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """A document for each TEI element of the file."""
    root = parse(file, diagnostics)
    if root is None:
        return
    found = list(_documents(root))
    said = cache(said_in)  # of a corpus once, not for each document in it
    outer: dict[Element, Entries] = {}
    for number, within in enumerate(found, start=1):
        id_ = id_of(within[-1]) or (file.stem if len(found) == 1 else f"{file.stem}-{number}")
        around = _around(within[:-1], outer)
        headers = [said(one) for each in reversed(within) for one in each if name_of(one.tag) == "teiHeader"]
        yield _Tei(within, headers, around, Draft(id_, "", file, FORMAT, diagnostics), options).document()
    for element in _shared(root) if found else ():
        told = "a relation of the corpus, not of one text in it"
        diagnostics.lose("ref.dangling", file.path, told, place=element.get(LINE, ""), excerpt=str(element.attrib))


def _around(within: Sequence[Element], known: dict[Element, Entries]) -> Entries | None:
    """The entries that stand beside a document, in the corpora around it."""
    found: Entries | None = None
    for one in within:
        if one not in known:
            known[one] = Entries((inner for inner in one if name_of(inner.tag) not in ROOTS), outer=found)
        found = known[one]
    return found


def _documents(root: Element) -> Iterator[tuple[Element, ...]]:
    """Each TEI element behind the corpora that it stands in."""
    waiting: list[tuple[Element, ...]] = [(root,)]
    while waiting:
        within = waiting.pop()
        if name_of(within[-1].tag) != "teiCorpus":
            yield within
        inner = (one for one in within[-1] if name_of(one.tag) in ROOTS)
        waiting += [(*within, one) for one in reversed(list(inner))]


def _shared(root: Element) -> Iterator[Element]:
    """Relations that stand outside every TEI element of a corpus."""
    waiting = [root] if name_of(root.tag) == "teiCorpus" else []
    while waiting:
        one = waiting.pop()
        if name_of(one.tag) == "relation":
            yield one
        waiting += [inner for inner in one if name_of(inner.tag) not in ("TEI", "TEI.2")]


class _Tei:
    """One TEI element while it is read."""

    def __init__(
        self,
        within: Sequence[Element],
        headers: Sequence[Mapping[str, str]],
        outer: Entries | None,
        draft: Draft,
        options: Options,
    ) -> None:
        self.own = within[-1]
        self.draft = draft
        self.roots = self._texts(options.text_key or "text")
        self.text: Text = text_of(self.roots, _WANTED)
        self.entries = Entries((self.own,), (draft.id, draft.file.name, draft.file.stem), outer)
        self.draft.text = self.text.text
        self.draft.metadata.update(metadata(headers))
        self.draft.language = language_of((*self.roots, *reversed(within)), headers)
        self.marks: dict[str, Mark] = {}
        self.keys: dict[int, int] = {}  # of mentions, by the element's identity
        self.pointed: dict[str, int] = {}  # the first mention that each pointer is on
        self.ends: dict[str, int | None] = {}  # of relations, by pointer
        self.dangling: list[str] = []
        self.stated = 0  # mentions so far

    def _texts(self, key: str) -> list[Element]:
        """The outermost elements of this name, other documents within this one apart."""
        found: list[Element] = []
        waiting = [self.own]
        while waiting:
            one = waiting.pop()
            if name_of(one.tag) == key:
                found.append(one)
            else:
                waiting += [inner for inner in reversed(one) if name_of(inner.tag) not in ROOTS]
        return found

    def document(self) -> Document:
        draft = self.draft
        if not self.roots:
            draft.text_origin = "missing"
            draft.warn("text.missing", "no text in it", self.own.get(LINE, ""))
        for mark in self.text.marks:
            self._mark(mark)
        self._say_left_out()
        apart = list(_apart(self.own))
        for element, parent in apart:
            if name_of(element.tag) in _SPANS:
                self._span(element, parent)
        for element, parent in apart:
            if name_of(element.tag) == "relation":
                self._relation(element, parent)
        if self.dangling:
            told = f"{len(self.dangling)} pointers to what is not in the file, the first {self.dangling[0]}"
            draft.warn("ref.dangling", told)
        return draft.finish()

    def _say_left_out(self) -> None:
        """Names in what the text leaves out: terms of an index are about the document, others are lost, and said."""
        for element in self.text.left_out:
            for one in element.iter():
                words = words_of(one) if _is_named(one) else ""
                if words and name_of(element.tag) == "index":
                    key = self._mention(one, [], _labels(one), one.get("ref", "").split())
                    self.draft.attribute(key, "words", words)
                elif words:
                    told = f"a {name_of(one.tag)} in a {name_of(element.tag)}, which is not in the text"
                    self.draft.skip("text.missing", told, one.get(LINE, ""), words)

    # --- what is marked in the text

    def _mark(self, mark: Mark) -> None:
        element, place = mark.element, (mark.start, mark.end)
        name = name_of(element.tag)
        if id_ := id_of(element):
            self.marks.setdefault(id_, mark)
        if name in _TOKENS:
            self.draft.tokens.append(place)
        elif name in _SENTENCES:
            self.draft.sentences.append(place)
        who = mark.parent.get("who", "") if name == "speaker" and mark.parent is not None else ""
        if who or (_is_named(element) and (name in NAMES or mark.start < mark.end)):
            self._mention(element, [place], _labels(element), f"{element.get('ref', '')} {who}".split())

    def _mention(
        self,
        element: Element,
        fragments: Sequence[Fragment],
        labels: Sequence[str],
        pointers: Iterable[str],
        layer: str | None = None,
    ) -> int:
        """States a mention and what it points to; its key."""
        number = self.stated = self.stated + 1
        expanded = [self.entries.expanded(one) for one in pointers]
        links = [link for one in expanded for link in self.entries.links(one)]
        self.dangling += [one for one in expanded if one[:1] == "#" and self.entries.entry(one) is None]
        if key := element.get("key"):
            links += self.entries.key(key)
            expanded += [key, f"#{key}"]
        self.draft.mention(
            number,
            labels,
            fragments,
            placed=True,
            layer=layer,
            raw_id=id_of(element),
            place=element.get(LINE, ""),
            links=tuple(dict.fromkeys(links)),
            **self._made(element),
        )
        self.keys.setdefault(id(element), number)
        for one in expanded:
            for alias in (one, *self.entries.aliases(one)):
                self.pointed.setdefault(alias, number)
        return number

    def _made(self, element: Element) -> dict[str, Any]:
        """Who is responsible for an annotation, how sure, and whatever else its attributes say."""
        annotators = [one.removeprefix("#") for one in element.get("resp", "").split()]
        for one in annotators[:1]:
            self.draft.annotated_by(one)
        said = {_local(key): value for key, value in element.attrib.items() if _local(key) not in _APART}
        certain = element.get("cert", "")
        share = float(certain) if _SHARE.fullmatch(certain) else None
        if certain and share is None:
            said["cert"] = certain
        return {
            "annotator": next(iter(annotators), None),
            "confidence": share,
            "attributes": {key: (value,) for key, value in said.items()},
            "extra": {"resp": annotators} if len(annotators) > 1 else {},
        }

    # --- what stands apart from it

    def _span(self, element: Element, group: Element) -> None:
        """A span or an annotation, on the elements that it points to."""
        fragments, words, place = self._pointed_to(element), _label(element), element.get(LINE, "")
        if not fragments:
            told = f"a {name_of(element.tag)} on what is not in the text: {_shown(element)}"
            self.draft.skip("ref.dangling", told, place, words)
            return
        named = [one for one in element if name_of(one.tag) in NAMES]
        types = [element.get("type"), *(one.get("type") or name_of(one.tag) for one in named[:1])]
        types.append(element.get("ana", "").removeprefix("#").replace("#", "") or None)
        type_ = next((one for one in types if one), None)
        label = type_ or (words if len(words) <= _LABEL else "") or group.get("type") or name_of(element.tag)
        pointers = [pointer for one in named for pointer in one.get("ref", "").split()]
        key = self._mention(element, fragments, (label,), pointers, group.get("type"))
        notes = [words_of(one) for one in element if name_of(one.tag) == "note"]
        for note in (*notes, *([words] if words not in ("", label) else [])):
            if note:
                self.draft.note(key, None, note)

    def _pointed_to(self, element: Element) -> list[Fragment]:
        """The fragments that an element is about; none where one of its pointers leads nowhere in the text."""
        if begin := element.get("from"):
            ends = [self.marks.get(one.removeprefix("#")) for one in (begin, element.get("to") or begin)]
            first, last = ends
            found = [(first.start, last.end)] if first and last else []
        else:
            stated = next((value for key in _TARGETS if (value := element.get(key))), "").split()
            marks = [mark for one in stated if (mark := self.marks.get(one.removeprefix("#")))]
            found = [(mark.start, mark.end) for mark in marks] if len(marks) == len(stated) else []
        text = self.text.text
        trimmed = [_trimmed(text, start, end) for start, end in found if start <= end]
        joined: list[Fragment] = []
        for start, end in sorted(trimmed):
            if joined and joined[-1][1] <= start < joined[-1][1] + _GAP and not text[joined[-1][1] : start].strip():
                start = joined.pop()[0]
            joined.append((start, end))
        return joined if len(trimmed) == len(found) else []

    def _relation(self, element: Element, group: Element) -> None:
        """A relation between mentions, or between what they refer to: then the first that does stands for it."""
        stated = [(role, one) for role in _ENDS for one in element.get(role, "").split()]
        ends = [(role, self._known_end(self.entries.expanded(one))) for role, one in stated]
        args = [(role, end) for role, end in ends if end is not None]
        place = element.get(LINE, "")
        if len(args) < 2 or len(args) < len(ends):
            lost = [one for (_, one), (_, end) in zip(stated, ends, strict=True) if end is None]
            told = f"no mention in the text refers to {' or '.join(lost)}" if lost else "fewer than two ends"
            self.draft.skip("ref.dangling", f"relation {element.get('name', '')}: {told}", place, _shown(element))
            return
        name = next((value for key in ("name", "ref", "key", "type") if (value := element.get(key))), None)
        said = self._made(element)
        said["attributes"] = {key: value for key, value in said["attributes"].items() if key not in (*_ENDS, "name")}
        layer = element.get("type") or group.get("type")
        directed = all(role != "mutual" for role, _ in args)
        key = ("relation", len(self.keys), place, id(element))
        self.draft.relation(key, name, args, directed=directed, layer=layer, raw_id=id_of(element), place=place, **said)
        if words := words_of(element):
            self.draft.note(key, "desc", words)

    def _known_end(self, pointer: str) -> int | None:
        if pointer not in self.ends:
            self.ends[pointer] = self._end(pointer)
        return self.ends[pointer]

    def _end(self, pointer: str) -> int | None:
        """The mention that a pointer means: itself, one that refers to the same, one within, or the words it is on."""
        entry = self.entries.entry(pointer)
        if entry is not None and id(entry) in self.keys:
            return self.keys[id(entry)]
        for one in (pointer, *self.entries.aliases(pointer)):
            if one in self.pointed:
                return self.pointed[one]
        if entry is None:
            return None
        if inner := next((one for one in entry.iter() if id(one) in self.keys), None):
            return self.keys[id(inner)]
        mark = self.marks.get(pointer[1:])
        return self._mention(entry, [(mark.start, mark.end)], _labels(entry), ()) if mark else None


def _apart(root: Element) -> Iterator[tuple[Element, Element]]:
    """All elements with their parents, in order, without other documents in this one."""
    waiting = [(root, root)]
    while waiting:
        element, parent = waiting.pop()
        yield element, parent
        waiting += [(one, element) for one in reversed(element) if name_of(one.tag) not in ROOTS]


def _is_named(element: Element) -> bool:
    """Whether an element names something: by what it is, or as it says what it refers to."""
    name = name_of(element.tag)
    refers = "ref" in element.attrib or "key" in element.attrib
    return name in NAMES or (refers and name not in _UNNAMED and not name.startswith("{"))


def _labels(element: Element) -> tuple[str, ...]:
    name, type_ = name_of(element.tag), element.get("type")
    if name in _GENERIC:
        return (type_ or name,)
    return (name, type_) if type_ and type_ != name else (name,)


def _label(element: Element) -> str:
    """The words of a span, without notes on it."""
    return " ".join(" ".join([element.text or "", *(one.tail or "" for one in element)]).split())


def _local(key: str) -> str:
    return key.rpartition("}")[2]


def _shown(element: Element) -> str:
    return " ".join(f'{_local(key)}="{value}"' for key, value in element.attrib.items() if key != LINE)


def _trimmed(text: str, start: int, end: int) -> Fragment:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


TEI_READER = Reader(FORMAT, "TEI (names in the text, standOff)", claims, read, opens=b"<")
