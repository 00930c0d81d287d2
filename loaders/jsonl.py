"""JSON Lines, the machine's twin of annotated Markdown: one article an object, offsets beside the quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

import orjson

from graph.article import Article, Mention, Span, StatedClaim
from graph.errors import AccordgraphError, ArticleError
from graph.vocabulary import vocabulary
from loaders.base import MAX_ARTICLE_BYTES, Loader, Piece, Reading, decode
from loaders.stated import Problems, claim_fields, head_fields, make_article, read_claim, read_head


def pieces(stream: BinaryIO, path: str) -> Iterator[Piece]:
    """One piece a line, blank lines left out. A line over the limit is read to its end, its rest thrown away."""
    number = pieces_found = 0
    while data := stream.readline(MAX_ARTICLE_BYTES + 1):
        number += 1
        rest = data
        while len(rest) > MAX_ARTICLE_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_ARTICLE_BYTES + 1)
        if data.strip():
            pieces_found += 1
            yield Piece(path, number, data.rstrip(b"\r\n"))
    if not pieces_found:
        yield Piece(path, 1, b"")


def read(piece: Piece) -> Reading:
    """The article, or everything that is wrong with it."""
    problems = Problems(piece.path, piece.line)
    article = None
    try:
        article = _read(decode(piece), problems)
    except AccordgraphError as problem:
        problems.append(problem)
    return Reading(piece.path, piece.line, None if problems else article, tuple(problems))


def _read(source: str, problems: Problems) -> Article | None:
    try:
        fields = orjson.loads(source)
    except orjson.JSONDecodeError as problem:
        what = f"Bad JSON: {problem.msg}, column {problem.colno}"
        raise ArticleError(what, path=problems.path, line=problems.line, way_out="write one object a line") from problem
    if not isinstance(fields, dict):
        raise ArticleError("No JSON object", path=problems.path, line=problems.line, way_out="write one object a line")
    head = read_head(fields, ("text", "mentions", "claims"), problems)
    text = fields.get("text")
    if not isinstance(text, str) or not text:
        problems.add("No text", "add the article's text as text:")
        return None
    if "](private:" in text:
        problems.add("A private name in JSON Lines", "mask it in the text itself: [name](private:) is Markdown's way")
    mentions = [m for one in _list(fields, "mentions", problems) for m in _mention(one, text, problems)]
    claims = [c for one in _list(fields, "claims", problems) for c in _claim(one, text, problems)]
    return None if problems else make_article(head, text, mentions, claims, problems.path)


def _list(fields: Mapping[str, Any], key: str, problems: Problems) -> list[Any]:
    values = fields.get(key) or []
    if isinstance(values, list):
        return values
    problems.add(f"{key} is no list", "write [ … ]")
    return []


def _mention(one: Any, text: str, problems: Problems) -> Iterator[Mention]:
    entity = one.get("entity") if isinstance(one, dict) else None
    if not isinstance(entity, str):
        problems.add("A mention without entity", "give start, end, quote and entity")
        return
    try:
        vocabulary().kind_of(entity)
    except AccordgraphError as problem:
        problems.append(problem.at(problems.path, problems.line))
        return
    if span := _span(one, text, problems):
        yield Mention(span, entity, problems.line)


def _claim(one: Any, text: str, problems: Problems) -> Iterator[StatedClaim]:
    claim = read_claim(one, ("start", "end"), problems, problems.line)
    span = _span(one, text, problems) if claim else None
    if claim and span:
        yield replace(claim, span=span)


def _span(fields: Mapping[str, Any], text: str, problems: Problems) -> Span | None:
    start, end, quote = fields.get("start"), fields.get("end"), fields.get("quote")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        problems.add(f"Bad span {start!r}–{end!r}", f"give code points from 0 to {len(text)}, end-exclusive")
        return None
    if text[start:end] != quote:
        problems.add(
            f"The text at {start}–{end} is {text[start:end]!r}, not {quote!r}", "mend the offsets or the quote"
        )
        return None
    return Span(start, end)


def write(articles: Iterable[Article]) -> Iterator[str]:
    """One line an article."""
    for article in articles:
        yield orjson.dumps(to_fields(article)).decode() + "\n"


def to_fields(article: Article) -> dict[str, Any]:
    """The article as a JSON object; reading it gives the article again."""
    return {
        **head_fields(article),
        "text": article.text,
        "mentions": [{**_placed(article, m.span), "entity": m.entity} for m in article.mentions],
        "claims": [{**claim_fields(c), **_placed(article, c.span)} for c in article.claims],
    }


def _placed(article: Article, span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "quote": article.quote(span)}


JSON_LINES = Loader("jsonl", ".jsonl", pieces, read, write)
