"""The text of an HTML page, as an annotation tool in a browser counts it: white space as it stands, markup left out."""

from __future__ import annotations

from html.parser import HTMLParser

_UNSEEN = {"script", "style", "template", "title", "noscript"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option", "p",
    "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip


def html_text(html: str) -> tuple[str, str | None]:
    """The text of a page and its title. Blocks that touch are set apart by a line break; CRLF is LF, as in browsers."""
    parser = _Text()
    parser.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    parser.close()
    title = " ".join("".join(parser.titles).split())
    return "".join(parser.parts), title or None


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.titles: list[str] = []
        self._unseen: list[str] = []
        self._border = False  # a block began or ended since the last text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._border = self._border or tag in _BLOCKS
        if tag in _UNSEEN:
            self._unseen.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._border = self._border or tag in _BLOCKS

    def handle_endtag(self, tag: str) -> None:
        self._border = self._border or tag in _BLOCKS
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]

    def handle_data(self, data: str) -> None:
        if self._unseen:
            if self._unseen[-1] == "title":
                self.titles.append(data)
            return
        if self._border and self.parts and not (data[:1].isspace() or self.parts[-1][-1:].isspace()):
            self.parts.append("\n")
        self._border = False
        self.parts.append(data)
