"""CoNLL-U: ten columns of syntax, with entities and coreference as brackets in the last (CorefUD, GUM), or as tags.

Specifications: https://universaldependencies.org/format.html, https://ufal.mff.cuni.cz/corefud
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Fragment, Link, Value
from loaders.files import File, opening
from loaders.lines import blocks
from loaders.reading import Draft, Options, Reader
from loaders.rebuilt import Sentence, rebuild
from loaders.tags import UNNAMED, is_tag, spans

FORMAT = "conllu"

_WIDTH = 10
_FORM, _MISC = 1, 9
_ID = re.compile(r"(\d+)(?:-(\d+)|(\.\d+))?")
_ROW = re.compile(rb"^\d+(?:[-.]\d+)?\t[^\t\r\n]+\t(?:[^\t\r\n]*\t){7}[^\t\r\n]*\r?$", re.MULTILINE)
_COMMENT = re.compile(r"#\s*(?:meta::)?(.+?)\s*=\s*(.*)")
_OF_SENTENCES = ("newpar", "sent_id", "text")  # the comments behind the document's own
_BRACKET = re.compile(r"\(([^()]*)(\))?|([^()]+)\)")
_EID = re.compile(r"([^\[\]]*)(?:\[(\d+)/(\d+)\])?")
_BARE_TYPE = re.compile(r"[^\W\d]+")  # an entity's own id has a figure
_TAG_KEYS = ("NER", "NE", "ner")  # besides those that are found to hold tags
_TAGGED = 0.95  # the share of a key's values that are tags, where it holds tags
_TYPE_NAMES = ("etype", "entity")
_OF_ENTITIES = ("Bridge", "SplitAnte")  # what ties entities to others; kept as it stands
_SPACES = {r"\s": " ", r"\t": "\t", r"\n": "\n", r"\r": "\r", r"\p": "|", r"\\": "\\"}
_NOTHING: dict[str, str] = {}
_CUT = re.compile(r"\\.")


def claims(file: File, head: bytes) -> str | None:
    """Why this is CoNLL-U: rows of ten columns that begin with a number."""
    if opening(head).startswith((b"{", b"[", b"<", b"#FORMAT=WebAnno")):
        return None
    if not (found := len(_ROW.findall(head))):
        return None
    rows = sum(1 for line in head.split(b"\n")[:-1] if line.strip() and not line.startswith(b"#")) or found
    return f"{found} rows of ten columns" if found * 2 > rows else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The documents of a file: from one `# newdoc` to the next; without any, one."""
    tag = options.paths.get("tag")
    reading = _Reading(file, options, diagnostics, (str(tag),) if tag else _tag_keys(file.head()))
    for block in blocks(file, diagnostics):
        yield from reading.block(block)
    yield from reading.end()


def _tag_keys(head: bytes) -> tuple[str, ...]:
    """The keys of the last column whose values are tags; an empty one where tags stand there without a key."""
    values: dict[str, Counter[str]] = defaultdict(Counter)
    for row in _ROW.findall(head):
        for key, value in _features(row.rpartition(b"\t")[2].decode("utf-8", "replace").rstrip("\r")).items():
            values[key][value] += 1
    return tuple(key for key, found in values.items() if _are_tags(found))


def _are_tags(values: Counter[str]) -> bool:
    tags = sum(count for value, count in values.items() if is_tag(value))
    sure = "O" in values or any(is_tag(value) and value[1:2] in ("-", "_") for value in values)
    return sure and tags >= values.total() * _TAGGED


@dataclass(slots=True)
class _Open:
    """A bracket that is not closed yet: the first token, what stands in it, and the line."""

    start: int
    values: str
    line: int


@dataclass(slots=True)
class _Marked:
    """A mention in tokens, the one behind the last included."""

    entity: str
    values: str
    line: int
    tokens: list[Fragment] = field(default_factory=list)


class _Reading:
    """A file while it is read, a block of lines at a time; and the document that is being read."""

    def __init__(self, file: File, options: Options, diagnostics: Diagnostics, tag_keys: tuple[str, ...]) -> None:
        self.file = file
        self.joiner = options.joiner
        self.tag_keys = tag_keys or _TAG_KEYS
        self.diagnostics = diagnostics
        self.documents = 0
        self.several = False
        self.names: list[str] = []  # of the values in a bracket
        self._begin(None)

    def _begin(self, id_: str | None) -> None:
        self.id = id_
        self.draft = Draft("", "", self.file, FORMAT, self.diagnostics)
        self.metadata: dict[str, Value] = {}
        self.sentences: list[Sentence] = []
        self.tokens = 0
        self.open: dict[str, list[_Open]] = defaultdict(list)
        self.parts: dict[str, list[_Marked]] = defaultdict(list)  # of mentions that are broken off
        self.marked: list[_Marked] = []
        self.tagged: list[tuple[str, str, int, int, int]] = []
        self.ties: dict[int, list[tuple[str, str]]] = defaultdict(list)  # by the token that an entity begins with

    def block(self, block: list[tuple[int, str]]) -> Iterator[Document]:
        """Reads a sentence with its comments."""
        sentence, of_document = Sentence(end=" "), True
        rows: list[tuple[int, str]] = []
        for number, line in block:
            if not line.startswith("#"):
                rows.append((number, line))
                continue
            key, value = _comment(line)
            if key == "newdoc":
                yield from self._next(value)
            elif key == "text":
                sentence.text = value
            elif key.startswith("newpar") and self.sentences:
                self.sentences[-1].end = "\n"
            of_document = of_document and not key.startswith(_OF_SENTENCES)
            if key.startswith("global."):
                self._global(key, value or "")
            elif of_document and key != "newdoc" and value and not self.sentences:
                self.metadata[key] = value
        if rows:
            self._sentence(sentence, rows)

    def end(self) -> Iterator[Document]:
        """The last document."""
        yield from self._next(None)

    def _next(self, id_: str | None) -> Iterator[Document]:
        if self.sentences:
            self.documents += 1
            yield self._finished()
        self.several = True
        self._begin(id_)

    def _global(self, key: str, value: str) -> None:
        if key == "global.Entity":
            self.names = value.split("-")
        self.draft.extra[key] = value

    # --- sentences

    def _sentence(self, sentence: Sentence, rows: list[tuple[int, str]]) -> None:
        gaps: list[str | None] = []
        covered = 0  # the last word of a token that several words share
        tags: dict[str, list[tuple[str, int, int]]] = defaultdict(list)  # by key: tag, token, line
        for number, line in rows:
            cells = line.split("\t")
            numbers = _ID.fullmatch(cells[0])
            if len(cells) != _WIDTH or not numbers or not cells[_FORM]:
                self.draft.skip("line.bad", f"no row of CoNLL-U: {len(cells)} columns", str(number), line)
                continue
            misc = _features(cells[_MISC])
            word, last, empty = int(numbers[1][-9:]), numbers[2], numbers[3]
            if not empty and (last or word > covered):
                sentence.forms.append(cells[_FORM])
                gaps.append(_gap(misc))
            covered = int(last[-9:]) if last else covered
            here = self.tokens + len(sentence.forms)
            if "Entity" in misc:
                self._brackets(misc["Entity"], here if empty else here - 1, here, number)
                if ties := [(key, misc[key]) for key in _OF_ENTITIES if key in misc]:
                    self.ties[here - 1] += ties
            if misc and not last and not empty:
                for key in self.tag_keys:
                    if key in misc:
                        _state(tags[key], misc[key], here - 1, number)
        for key, several in tags.items():
            self._tags(key, several)
        self._keep(sentence, gaps)

    def _keep(self, sentence: Sentence, gaps: list[str | None]) -> None:
        if not sentence.forms:
            return
        sentence.gaps = gaps
        if gaps[-1] is not None:
            sentence.end = gaps[-1]
        self.tokens += len(sentence.forms)
        self.sentences.append(sentence)

    def _tags(self, key: str, tags: Sequence[tuple[str, int, int]]) -> None:
        for tag, _, number in tags:
            if not is_tag(tag):
                self.draft.skip("line.bad", f"{tag!r} is no tag", str(number), tag)
        for label, start, end in spans([tag for tag, _, _ in tags]):
            self.tagged.append((key, label, tags[start][1], tags[end - 1][1] + 1, tags[start][2]))

    def _brackets(self, brackets: str, start: int, end: int, number: int) -> None:
        """Brackets that open before token `start` and close before token `end`."""
        for found in _BRACKET.finditer(brackets):
            opened, at_once, closed = found.groups()
            key = (closed if opened is None else opened).split("-", 1)[0]
            if opened is not None:
                self.open[key].append(_Open(start, opened, number))
            if opened is None or at_once:
                self._close(key, end, number, brackets)

    def _close(self, key: str, end: int, number: int, brackets: str) -> None:
        if not self.open.get(key):
            self.draft.skip("line.bad", f"a bracket of {key} is closed that was not opened", str(number), brackets)
            return
        opened = self.open[key].pop()
        place = (opened.start, end)
        found = _EID.fullmatch(key)
        entity, part, parts = found.groups() if found else (key, None, None)
        if part is None:
            self.marked.append(_Marked(entity, opened.values, opened.line, [place]))
            return
        if part == "1" or not self.parts[entity]:
            self.parts[entity].append(_Marked(entity, opened.values, opened.line))
        self.parts[entity][-1].tokens.append(place)
        if part == parts:
            self.marked.append(self.parts[entity].pop())

    # --- finishing

    def _finished(self) -> Document:
        draft, built = self.draft, rebuild(self.sentences, self.joiner)
        draft.id = self.id or (f"{self.file.stem}-{self.documents}" if self.several else self.file.stem)
        draft.text, draft.tokens, draft.sentences = built.text, built.tokens, built.sentences
        draft.text_origin = "rebuilt"
        draft.metadata = self.metadata
        language = self.metadata.get("language", self.metadata.get("lang"))
        draft.language = None if language is None else str(language)
        if self.documents == 1:
            draft.warn("text.rebuilt", "offsets are of the text rebuilt from its tokens")
        for one in (part for waiting in self.parts.values() for part in waiting):
            self.marked.append(one)  # broken off, and not all of it there
        self._state_mentions(built.tokens)
        several = len({key for key, *_ in self.tagged}) > 1
        for key, label, start, end, number in self.tagged:
            place = (built.tokens[start][0], built.tokens[end - 1][1])
            layer = key if several else None
            draft.mention(("tag", key, start), (label,), [place], placed=True, place=str(number), layer=layer)
        for key, waiting in self.open.items():
            for opened in waiting:
                draft.skip("line.bad", f"a bracket of {key} is never closed", str(opened.line), opened.values)
        return draft.finish()

    def _state_mentions(self, tokens: Sequence[Fragment]) -> None:
        chains: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for number, one in enumerate(sorted(self.marked, key=_by_place)):
            words = [(start, end) for start, end in one.tokens if start < end]
            if not words:
                told = "a mention of an empty node alone: no words stand for it"
                self.draft.skip("text.missing", told, str(one.line), one.values)
                continue
            places = [(tokens[start][0], tokens[end - 1][1]) for start, end in words]
            label, more = self._said(one.values)
            key = ("entity", number)
            if id_ := more["extra"].get("entity"):
                chains[id_].append(key)
                more["extra"] |= self._tied(words[0][0], id_)
            self.draft.mention(key, (label,), places, placed=True, layer="Entity", place=str(one.line), **more)
        for entity, members in chains.items():
            if len(members) > 1:
                self.draft.cluster(("chain", entity), None, members, raw_id=entity, layer="Entity")

    def _tied(self, start: int, entity: str) -> dict[str, str]:
        """What ties the entity that begins at a token to others: "e2<e5:part"."""
        stated = ((key, part) for key, value in self.ties.get(start, ()) for part in value.split(","))
        mine = ((key, part) for key, part in stated if part.partition("<")[2].partition(":")[0] == entity)
        found: dict[str, str] = {}
        for key, part in mine:
            found[key] = f"{found[key]},{part}" if key in found else part
        return found

    def _said(self, values: str) -> tuple[str, dict[str, Any]]:
        """The label of a bracket, and its further values as attributes and links."""
        names = self.names or (["etype"] if _BARE_TYPE.fullmatch(values) else ["eid", "etype"])
        said = dict(zip(names, values.split("-", len(names) - 1), strict=False))
        entity = _EID.sub(r"\1", said.pop(names[0], "")) if names[0] not in _TYPE_NAMES else ""
        label = said.pop("etype", "") or said.pop("entity", "") or UNNAMED
        identity = said.pop("identity", "")
        links = (Link("wikipedia", identity),) if identity else ()
        attributes = {name: (value,) for name, value in said.items() if value and value != "_"}
        return label, {"attributes": attributes, "links": links, "extra": {"entity": entity} if entity else {}}


def _by_place(one: _Marked) -> tuple[int, int]:
    return one.tokens[0][0], -one.tokens[0][1]


def _comment(line: str) -> tuple[str, str | None]:
    """Key and value of a comment; those of a new document are "newdoc" and its id."""
    found = _COMMENT.fullmatch(line)
    key, value = (found[1], found[2]) if found else (line.lstrip("# ").strip(), None)
    return ("newdoc", value) if key in ("newdoc", "newdoc id", "newdoc_id") else (key, value)


def _state(tags: list[tuple[str, int, int]], tag: str, token: int, number: int) -> None:
    """One more tag; tokens between it and the one before, which have none, are outside of all."""
    if tags and tags[-1][1] < token - 1:
        tags.append(("O", token - 1, number))
    tags.append((tag, token, number))


def _features(misc: str) -> dict[str, str]:
    """What the last column says: key and value; what stands there without a key has an empty one."""
    if misc == "_":
        return _NOTHING
    parts = misc.split("|")
    if "" not in (found := dict(part.partition("=")[::2] for part in parts)).values():
        return found
    return dict(part.partition("=")[::2] if "=" in part else ("", part) for part in parts)


def _gap(misc: dict[str, str]) -> str | None:
    """What stands behind a token, None where it is not said."""
    if "SpacesAfter" in misc:
        return _CUT.sub(lambda found: _SPACES.get(found[0], found[0]), misc["SpacesAfter"])
    return "" if misc.get("SpaceAfter") == "No" else None


CONLLU = Reader(FORMAT, "CoNLL-U", claims, read)
