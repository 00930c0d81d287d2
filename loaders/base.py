"""What a loader is: it cuts a file into pieces, one article each, and reads a piece into an article or problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from graph.article import Article
from graph.errors import AccordgraphError, ArticleError

MAX_ARTICLE_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one article; `line` is where they begin in the file (1-based)."""

    path: str
    line: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one piece: an article, or all that is wrong with it. One of the two is empty."""

    path: str
    line: int
    article: Article | None
    problems: tuple[AccordgraphError, ...] = ()


@dataclass(frozen=True, slots=True)
class Loader:
    """A format: how a file is cut, read and written. `write` yields text whose concatenation is the file."""

    format: str
    suffix: str
    pieces: Callable[[BinaryIO, str], Iterator[Piece]]
    read: Callable[[Piece], Reading]
    write: Callable[[Iterable[Article]], Iterator[str]]


def decode(piece: Piece) -> str:
    """The piece's text. Raises ArticleError with the line at fault if it is empty, over 10 MiB, or not UTF-8."""
    if len(piece.data) > MAX_ARTICLE_BYTES:
        lines = piece.data.split(b"\n")
        longest = max(range(len(lines)), key=lambda i: len(lines[i]))
        raise ArticleError(
            f"Article of more than {MAX_ARTICLE_BYTES // 2**20} MiB, {len(lines[longest]):,} bytes of it in one line",
            path=piece.path,
            line=piece.line + longest,
            way_out="split the text into articles",
        )
    if not piece.data.strip():
        raise ArticleError("Empty file", path=piece.path, line=1, way_out="write an article, or delete the file")
    try:
        return piece.data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = piece.line + piece.data.count(b"\n", 0, problem.start)
        raise ArticleError(
            f"Not UTF-8: byte 0x{piece.data[problem.start]:02x}", path=piece.path, line=line, way_out="save it as UTF-8"
        ) from problem
