"""Columns of tokens and tags: one token a line, tagged in the schemes IOB1, IOB2, BIOES or BILOU (CoNLL-2003, HIPE …).

There is no text in such a file: it is rebuilt from the tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders import conllu
from loaders.column_layout import START, Layout, cells_of, is_glued, layout_of
from loaders.diagnostics import AS_IS, Diagnostics
from loaders.document import Document, Link, Value
from loaders.files import File, opening
from loaders.lines import blocks
from loaders.links import link_to
from loaders.reading import Draft, Options, Reader
from loaders.rebuilt import Sentence, rebuild
from loaders.tags import OUTSIDE, is_tag, spans

FORMAT = "columns"

_OTHERS = (b"{", b"[", b"<", b"#FORMAT=WebAnno")
_COMMENT = re.compile(r"#+\s*(?:[\w-]+:{1,2})?(\w[\w .-]*?)\s*(?:=|:\s)\s*(.*)")
_NEW = re.compile(  # a comment that begins a document, and its id
    r"#\s*(?:begin document \(?(?P<begun>.*?)\)?(?:;.*)?|newdoc|(?:[\w-]+:)?(?:newdoc|newdoc[ _-]id|doc[ _-]?id|"
    r"document[ _-]?id|id)(?:\s*[=:]\s*(?P<id>\S.*?)|\s+(?P<word>\S+).*))\s*",
    re.IGNORECASE,
)
_WIKIDATA = re.compile(r"Q[1-9]\d*")

_Mark = tuple[str | None, str, int, int, int, Link | None]  # layer, label, first token, token behind, line, link


def claims(file: File, head: bytes) -> str | None:
    """Why these are columns with tags: how many, and where the tags stand."""
    others = opening(head).startswith(_OTHERS)
    if file.suffix == ".ann" or others or conllu.claims(file, head):
        return None
    layout = layout_of(_lines(head), {}, sure=True)
    return f"{layout.width} columns, tags like B-… in column {layout.tags[0][0] + 1}" if layout else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The documents of a file: from one -DOCSTART- or document id to the next; without any, one."""
    layout = layout_of(_lines(file.head()), options.paths)
    if not layout:
        told = "no column of tags (B-…, I-…, O) as told; paths.tag names it" if options.paths else "no column of tags"
        diagnostics.add("format.unknown", file.path, told, action=AS_IS)
        return
    reading = _Reading(file, options, diagnostics, layout)
    for block in blocks(file, diagnostics):
        yield from reading.block(block)
    yield from reading.end()


def _lines(head: bytes) -> list[str]:
    found = head.decode("utf-8-sig", "replace").split("\n")
    return [line.removesuffix("\r") for line in (found[:-1] if len(head) >= 65_536 else found)]


class _Reading:
    """A file while it is read, a block of lines at a time; and the document that is being read."""

    def __init__(self, file: File, options: Options, diagnostics: Diagnostics, layout: Layout) -> None:
        self.file = file
        self.joiner = options.joiner
        self.diagnostics = diagnostics
        self.layout = layout
        self.documents = 0
        self.several = False
        self.header_is_due = bool(layout.header)
        self._begin(None)

    def _begin(self, id_: str | None) -> None:
        self.id = id_
        self.draft = Draft("", "", self.file, FORMAT, self.diagnostics)
        self.sentences: list[Sentence] = []
        self.marks: list[_Mark] = []
        self.tokens = 0
        self.metadata: dict[str, Value] = {}
        self.stated: str | None = None

    def block(self, block: list[tuple[int, str]]) -> Iterator[Document]:
        """Reads lines without a blank one between: most often a sentence."""
        rows: list[tuple[int, str]] = []
        for number, line in block:
            if line[0] == "#" and not self._is_row(line):
                new = _NEW.fullmatch(line)
                if not new:
                    self._comment(line)
                    continue
                yield from self._next(rows, new["begun"] or new["id"] or new["word"])
                rows = []
            elif line.startswith(START):
                self.several = True
                yield from self._next(rows, None)
                rows = []
            elif self.header_is_due:
                self.header_is_due = False
            else:
                rows.append((number, line))
        self._sentence(rows)

    def end(self) -> Iterator[Document]:
        """The last document."""
        yield from self._next([], None)

    def _next(self, rows: list[tuple[int, str]], id_: str | None) -> Iterator[Document]:
        """Ends the document before, if there is one; the comments before the first token are of the one that begins."""
        self._sentence(rows)
        metadata = {} if self.sentences else self.metadata
        id_ = id_ or (None if self.sentences else self.id)
        if self.sentences:
            self.documents += 1
            yield self._finished()
        self._begin(id_)
        self.metadata = metadata

    def _is_row(self, line: str) -> bool:
        """Whether a line that begins with # is a token with its tags, no comment."""
        cells = cells_of(line, self.layout.separator)
        return len(cells) == self.layout.width and all(is_tag(cells[index]) for index, _ in self.layout.tags)

    def _comment(self, line: str) -> None:
        found = _COMMENT.fullmatch(line)
        if found and found[1] == "text":
            self.stated = found[2]
        elif found and not self.sentences and found[1] != "sent_id":
            self.metadata[found[1]] = found[2]

    def _sentence(self, rows: list[tuple[int, str]]) -> None:
        layout = self.layout
        table = [cells_of(line, layout.separator) for _, line in rows]
        if any(len(cells) != layout.width or not cells[layout.token] for cells in table):
            rows, table = self._mended(rows, table)
        if not table:
            return
        sentence = Sentence([cells[layout.token] for cells in table], text=self.stated)
        if layout.misc is not None:
            sentence.gaps = ["" if is_glued(cells[layout.misc]) else None for cells in table]
        for index, layer in layout.tags:
            tags = [cells[index] for cells in table]
            if tags.count("O") < len(tags):
                self._mark(layer, tags, rows, table)
        self.sentences.append(sentence)
        self.tokens += len(table)
        self.stated = None

    def _mended(
        self, rows: list[tuple[int, str]], table: list[list[str]]
    ) -> tuple[list[tuple[int, str]], list[list[str]]]:
        """The rows as wide as they should be. A token may hold spaces; one without tags is outside of all."""
        kept: list[tuple[int, str]] = []
        mended: list[list[str]] = []
        width, token = self.layout.width, self.layout.token
        for (number, line), cells in zip(rows, table, strict=True):
            while len(cells) > width and not cells[-1]:
                cells.pop()  # a tab behind the last column
            extra = len(cells) - width
            if extra > 0 and self.layout.separator is None and is_tag(cells[-1]):
                cells[token : token + extra + 1] = [" ".join(cells[token : token + extra + 1])]
            elif extra or not cells[token]:
                told = f"{len(cells)} columns, not {width}" if extra else "no token"
                if not extra and all(cells[index] in OUTSIDE for index, _ in self.layout.tags):
                    self.draft.warn("line.bad", told, str(number))  # nothing is marked there
                else:
                    self.draft.skip("line.bad", told, str(number), line)
                word = "".join(cells[token : token + 1])
                cells = ["O"] * width
                cells[token] = word
            if cells[token]:
                kept.append((number, line))
                mended.append(cells)
        return kept, mended

    def _mark(self, layer: str | None, tags: list[str], rows: list[tuple[int, str]], table: list[list[str]]) -> None:
        for tag in {one for one in tags if not is_tag(one)}:
            number, line = rows[tags.index(tag)]
            self.draft.skip("line.bad", f"{tag!r} is no tag", str(number), line)
        for label, start, end in spans(tags):
            link = self._link(layer, table[start]) if self.layout.links else None
            self.marks.append((layer, label, self.tokens + start, self.tokens + end, rows[start][0], link))

    def _link(self, layer: str | None, cells: list[str]) -> Link | None:
        """The link in the row's link column that goes with a layer: NEL-LIT with NE-COARSE-LIT."""
        header, links = self.layout.header, self.layout.links
        sort = str(layer).rpartition("-")[2]
        column = next((index for index in links if header[index].rpartition("-")[2] == sort), links[0])
        value = cells[column]
        if value.startswith(("http://", "https://")):
            return link_to(value)
        return Link("wikidata", value) if _WIKIDATA.fullmatch(value) else None

    def _finished(self) -> Document:
        draft, built = self.draft, rebuild(self.sentences, self.joiner)
        draft.id = self.id or (f"{self.file.stem}-{self.documents}" if self.several else self.file.stem)
        draft.text, draft.tokens, draft.sentences = built.text, built.tokens, built.sentences
        draft.text_origin = "rebuilt"
        draft.language = str(self.metadata["language"]) if "language" in self.metadata else None
        draft.metadata = self.metadata
        if self.documents == 1:
            draft.warn("text.rebuilt", "offsets are of the text rebuilt from its tokens")
        for layer, label, start, end, line, link in self.marks:
            place = (built.tokens[start][0], built.tokens[end - 1][1])
            links = (link,) if link else ()
            draft.mention((layer, start), (label,), [place], placed=True, layer=layer, place=str(line), links=links)
        return draft.finish()


COLUMNS = Reader(FORMAT, "token columns with BIO, IOB2, BIOES or BILOU tags", claims, read)
