"""Annotated Markdown, the project's own format: YAML front matter, then a text with mentions as inline links.

Specification: docs/article-format.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

import yaml

from graph.article import Article, Mention, Span, StatedClaim
from graph.errors import AccordgraphError, ArticleError, did_you_mean
from graph.identity import fold
from graph.marked import Fields, read_yaml, text_at
from graph.vocabulary import vocabulary
from loaders.anchor import context_of, find_quote
from loaders.base import Loader, Piece, Reading, decode
from loaders.masking import MASK, spelled
from loaders.stated import (
    QUOTE,
    Problems,
    claim_fields,
    head_fields,
    line_of,
    make_article,
    read_claim,
    read_head,
)

_FENCE = re.compile(r"^---[ \t]*\n", re.MULTILINE)
_PRIVATE = re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\(private:[^()\s]*\)")
_INLINE = re.compile(r"\\([\[\]\\&])|\[((?:\\.|[^\[\]\\])*)\]\(([a-z][a-z-]*):([^()\s]*)\)|&#13;")
_NEAR_LINK = re.compile(r"\]\(\s*([a-z][a-z-]*):[^\s)]*")
_WEB = ("http", "https", "mailto")
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def pieces(stream: BinaryIO, path: str) -> Iterator[Piece]:
    """The whole file: one article."""
    yield Piece(path, 1, stream.read())


def read(piece: Piece) -> Reading:
    """The article, or everything that is wrong with it."""
    problems = Problems(piece.path, piece.line)
    article = None
    try:
        article = _read(decode(piece).replace("\r\n", "\n"), piece.path, problems)
    except AccordgraphError as problem:
        problems.append(problem)
    return Reading(piece.path, piece.line, None if problems else article, tuple(problems))


def _read(source: str, path: str, problems: Problems) -> Article | None:
    front, body, body_line = _split(source, path)
    front, body, private = _mask(front, body)
    fields = read_yaml(front, path=path, error=ArticleError, first_line=2)
    if not isinstance(fields, Fields):
        raise ArticleError("The front matter is no mapping", path=path, line=2, way_out="write id:, url:, title: …")
    head = read_head(fields, ("claims", "mentions"), problems)
    text, mentions = _read_body(body, body_line, problems)
    _check_masked(private, [text, *_texts_in(fields)], path)
    mentions += _listed_mentions(fields, text, problems)
    claims = _claims(fields, text, problems)
    return None if problems else make_article(head, text, mentions, claims, path)


def _split(source: str, path: str) -> tuple[str, str, int]:
    opening = _FENCE.match(source)
    if not opening:
        raise ArticleError("No front matter", path=path, line=1, way_out="begin the file with a line '---'")
    closing = _FENCE.search(source if source.endswith("\n") else source + "\n", opening.end())
    if not closing:
        raise ArticleError("The front matter does not end", path=path, line=1, way_out="close it with a line '---'")
    front = source[opening.end() : closing.start()]
    return front, source[closing.end() :].removesuffix("\n"), front.count("\n") + 3


def _mask(front: str, body: str) -> tuple[str, str, list[str]]:
    """Front matter and body with the private names gone, before anything is computed of them; and those names."""
    names = sorted({match[1] for match in _PRIVATE.finditer(body)}, key=lambda name: (-len(name), name))
    body = _PRIVATE.sub(MASK, body)
    for name in names:
        body, front = spelled(name).sub(MASK, body), spelled(name).sub(MASK, front)
    return front, body, names


def _check_masked(names: list[str], said: Iterable[str], path: str) -> None:
    """Refuses an article in which a masked name is still found: escaped, in another width, or around a mention."""
    folded = [fold(one) for one in said]
    for name in names:
        if any(spelled(fold(name)).search(one) for one in folded):
            raise ArticleError(
                "A name masked as private is still there in another spelling",
                path=path,
                line=1,
                way_out="mask or remove every spelling of it",
            )


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(one)


def _read_body(body: str, first_line: int, problems: Problems) -> tuple[str, list[Mention]]:
    parts: list[str] = []
    mentions: list[Mention] = []
    length = end = 0
    for match in _INLINE.finditer(body):
        surface = _surface(match)
        before = body[end : match.start()]
        _check_no_link(before, first_line + body.count("\n", 0, end), problems)
        parts += (before, surface)
        start = length + len(before)
        length, end = start + len(surface), match.end()
        if match[3] and match[3] not in _WEB:
            line = first_line + body.count("\n", 0, match.start())
            mentions += _mention(match, Span(start, length), problems, line)
    _check_no_link(body[end:], first_line + body.count("\n", 0, end), problems)
    return "".join([*parts, body[end:]]), mentions


def _check_no_link(text: str, line: int, problems: Problems) -> None:
    """Notes what looks like a mention and is none: unclosed, nested in another, or with a title."""
    for match in _NEAR_LINK.finditer(text):
        if match[1] in {kind.slug for kind in vocabulary().kinds.values()}:
            at = line + text.count("\n", 0, match.start())
            problems.add(f"Broken mention {match[0]!r}", "write [name](kind:slug), closed, and none inside another", at)


def _surface(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    if match[3] is None:
        return "\r"
    return match[0] if match[3] in _WEB else _unescape(match[2])


def _unescape(text: str) -> str:
    return _INLINE.sub(lambda m: m[1] or ("\r" if m[3] is None else m[0]), text)


def _mention(match: re.Match[str], span: Span, problems: Problems, line: int) -> Iterator[Mention]:
    target = f"{match[3]}:{match[4]}"
    if not _unescape(match[2]).strip():
        problems.add(f"A mention of {target!r} without words", "write the name between the brackets", line)
        return
    try:
        vocabulary().kind_of(target)
    except AccordgraphError as problem:
        problems.append(problem.at(problems.path, line))
        return
    yield Mention(span, target, line)


def _listed_mentions(fields: Fields, text: str, problems: Problems) -> list[Mention]:
    mentions: list[Mention] = []
    for line, one in _each(fields, "mentions", problems):
        for key in one if isinstance(one, Fields) else ():
            if key not in (*QUOTE, "entity"):
                problems.add(f"Unknown key {key!r} in a mention", did_you_mean(key, (*QUOTE, "entity")), line)
        entity = text_at(one, "entity") if isinstance(one, Fields) else None
        if entity is None:
            problems.add("A mention without entity", "give entity: and quote:", line)
        elif span := _span(one, text, problems, line):
            mentions.append(Mention(span, entity, line))
    return mentions


def _claims(fields: Fields, text: str, problems: Problems) -> list[StatedClaim]:
    claims: list[StatedClaim] = []
    for line, one in _each(fields, "claims", problems):
        claim = read_claim(one, (), problems, line)
        span = _span(one, text, problems, line) if claim else None
        if claim and span:
            claims.append(replace(claim, span=span))
    return claims


def _each(fields: Fields, key: str, problems: Problems) -> Iterator[tuple[int, Any]]:
    values = fields.get(key) or []
    if not isinstance(values, list):
        problems.add(f"{key} is no list", "begin each with '- '", line_of(fields, key, problems.line))
        return
    yield from zip(getattr(values, "lines", ()), values, strict=False)


def _span(fields: Mapping[str, Any], text: str, problems: Problems, line: int) -> Span | None:
    quote, prefix, suffix = (text_at(fields, key) or "" for key in ("quote", "prefix", "suffix"))
    try:
        return find_quote(text, quote, prefix, suffix)
    except ArticleError as problem:
        problems.append(problem.at(problems.path, line_of(fields, "quote", line)))
        return None


# --- writing -----------------------------------------------------------------------------------------------------


def write(articles: Iterable[Article]) -> Iterator[str]:
    """The text of one file. Raises ArticleError for more than one article: they are written one a file."""
    for count, article in enumerate(articles):
        if count:
            raise ArticleError("Several articles for one Markdown file", way_out="write to a folder, or to .jsonl")
        yield to_markdown(article)


def to_markdown(article: Article) -> str:
    """The article as annotated Markdown; reading it gives the article again."""
    inline, listed = _split_mentions(article.mentions)
    fields: dict[str, Any] = dict(head_fields(article))
    if listed:
        fields["mentions"] = [{"entity": m.entity, **_quoted(article, m.span)} for m in listed]
    if article.claims:
        fields["claims"] = [{**claim_fields(c), **_quoted(article, c.span)} for c in article.claims]
    front = yaml.dump(fields, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return f"---\n{front}---\n{_body(article.text, inline)}\n"


def _quoted(article: Article, span: Span) -> dict[str, str]:
    prefix, suffix = context_of(article.text, span)
    fields = {"quote": article.quote(span), "prefix": prefix, "suffix": suffix}
    return {key: value for key, value in fields.items() if value}


def _split_mentions(mentions: Iterable[Mention]) -> tuple[list[Mention], list[Mention]]:
    """Mentions that can stand as links, and those that overlap one of them."""
    inline: list[Mention] = []
    listed: list[Mention] = []
    end = 0
    for mention in mentions:
        fits = mention.span.start >= end and mention.span.end > mention.span.start
        (inline if fits else listed).append(mention)
        end = mention.span.end if fits else end
    return inline, listed


def _body(text: str, mentions: Iterable[Mention]) -> str:
    parts: list[str] = []
    end = 0
    for mention in mentions:
        words = _escape(text[mention.span.start : mention.span.end])
        parts += (_escape(text[end : mention.span.start]), f"[{words}]({mention.entity})")
        end = mention.span.end
    return "".join([*parts, _escape(text[end:])])


def _escape(text: str) -> str:
    return re.sub(r"[\[\]\\]|&(?=#13;)", r"\\\g<0>", text).replace("\r", "&#13;")


MARKDOWN = Loader("markdown", ".md", pieces, read, write)
