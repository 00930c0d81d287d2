"""The text of an HTML page, as an annotation tool in a browser counts it: white space as it stands, markup left out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from loaders.document import Fragment

_UNSEEN = {"script", "style", "template", "title", "noscript"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option", "p",
    "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip


_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}  # fmt: skip
_DEEPEST = 500  # elements in elements, as in browsers
_OUTER = {"html", "body"}  # paths begin inside
_ENDED = {  # elements that end where one of these begins, unless they are ended before
    "p": _BLOCKS - {"br", "li", "dd", "dt", "option", "tr", "td", "th", "tbody", "thead", "tfoot"},
    "li": {"li"},
    "option": {"option"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "td": {"td", "th", "tr"},
    "th": {"td", "th", "tr"},
    "tr": {"tr"},
}


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page and its title. Blocks that touch are set apart by a line break that the page has not.

    `borders` tells where those were put in, counted without them; `breaks` where a <br> stands, each counted as one.
    `nodes` has where the text nodes begin in the page's text nodes, by their paths: "/div[1]/p[2]/text()[1]".
    """

    text: str
    title: str | None
    borders: tuple[int, ...]
    breaks: tuple[int, ...]
    nodes: Mapping[str, int]

    def node(self, path: str) -> int | None:
        """Where a text node begins in `text`; None for a path that leads to none."""
        steps = (step if not step or step.endswith("]") else f"{step}[1]" for step in path.split("/"))
        at = self.nodes.get("/".join(steps))
        return None if at is None else at + bisect_right(self.borders, at)

    def fragment(self, start: int, end: int) -> Fragment:
        """Offsets in the page's text nodes, where a <br> counts one, as offsets in `text`."""
        first = start - bisect_left(self.breaks, start)
        last = end - bisect_left(self.breaks, end)
        return first + bisect_right(self.borders, first), last + bisect_left(self.borders, last)


def html_page(html: str) -> Page:
    """A page as text; CRLF is LF, as in browsers."""
    parser = _Text()
    parser.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    parser.close()
    title = " ".join("".join(parser.titles).split())
    return Page("".join(parser.parts), title or None, tuple(parser.borders), tuple(parser.breaks), parser.nodes)


def html_text(html: str) -> tuple[str, str | None]:
    """The text of a page and its title. Blocks that touch are set apart by a line break; CRLF is LF, as in browsers."""
    page = html_page(html)
    return page.text, page.title


@dataclass(slots=True)
class _Element:
    """An element that is open: its path, how many children of each name it has so far, and whether text goes on."""

    tag: str
    path: str
    children: Counter[str] = field(default_factory=Counter)
    in_text: bool = False


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.titles: list[str] = []
        self.borders: list[int] = []
        self.breaks: list[int] = []
        self._length = 0  # of the text nodes so far
        self._unseen: list[str] = []
        self._border = False  # a block began or ended since the last text
        self.nodes: dict[str, int] = {}
        self._open = [_Element("", "")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._block(tag)
        self._begin(tag, empty=tag in _VOID)
        if tag in _UNSEEN:
            self._unseen.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._block(tag)
        self._begin(tag, empty=True)

    def handle_comment(self, data: str) -> None:
        self._open[-1].in_text = False

    def _begin(self, tag: str, *, empty: bool) -> None:
        if tag in _OUTER:
            return
        while tag in _ENDED.get(self._open[-1].tag, ()):
            self._open.pop()
        if tag == "tr" and self._open[-1].tag == "table":
            self._begin("tbody", empty=False)  # as browsers do
        above = self._open[-1]
        above.in_text = False
        above.children[tag] += 1
        if not empty and len(self._open) < _DEEPEST:
            self._open.append(_Element(tag, f"{above.path}/{tag}[{above.children[tag]}]"))

    def _end(self, tag: str) -> None:
        place = next((at for at in range(len(self._open) - 1, 0, -1) if self._open[at].tag == tag), None)
        if place is not None:
            del self._open[place:]
            self._open[-1].in_text = False

    def handle_endtag(self, tag: str) -> None:
        self._end(tag)
        self._border = self._border or tag in _BLOCKS
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]

    def _block(self, tag: str) -> None:
        self._border = self._border or tag in _BLOCKS
        if tag == "br":
            self.breaks.append(self._length + len(self.breaks))

    def handle_data(self, data: str) -> None:
        if self._unseen:
            if self._unseen[-1] == "title":
                self.titles.append(data)
            return
        if self._border and self.parts and not (data[:1].isspace() or self.parts[-1][-1:].isspace()):
            self.borders.append(self._length)
            self.parts.append("\n")
        self._border = False
        inside = self._open[-1]
        if not inside.in_text:
            inside.in_text = True
            inside.children["text()"] += 1
            self.nodes[f"{inside.path}/text()[{inside.children['text()']}]"] = self._length
        self._length += len(data)
        self.parts.append(data)
