"""The text of an HTML page, as an annotation tool in a browser counts it: white space as it stands, markup left out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from html.parser import HTMLParser

from loaders.document import Fragment

_UNSEEN = {"script", "style", "template", "title", "noscript"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option", "p",
    "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page and its title. Blocks that touch are set apart by a line break that the page has not.

    `borders` tells where those were put in, counted without them; `breaks` where a <br> stands, each counted as one.
    """

    text: str
    title: str | None
    borders: tuple[int, ...]
    breaks: tuple[int, ...]

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
    return Page("".join(parser.parts), title or None, tuple(parser.borders), tuple(parser.breaks))


def html_text(html: str) -> tuple[str, str | None]:
    """The text of a page and its title. Blocks that touch are set apart by a line break; CRLF is LF, as in browsers."""
    page = html_page(html)
    return page.text, page.title


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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._block(tag)
        if tag in _UNSEEN:
            self._unseen.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._block(tag)

    def handle_endtag(self, tag: str) -> None:
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
        self._length += len(data)
        self.parts.append(data)
