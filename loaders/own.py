"""Our own articles as documents, so that they can be counted, compared and written in a tool's format.

A mention's label is the kind of its entity, which is its link. A claim is a relation between its ends; what qualifies
it are attributes, the words that say so among them (`quote`). An end that is nowhere marked is a mention of the
document as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from graph.article import Article, StatedClaim
from graph.errors import AccordgraphError
from graph.vocabulary import vocabulary
from loaders.annotated import MARKDOWN
from loaders.base import Loader
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link, Value
from loaders.files import File, opening
from loaders.json_stream import first_element
from loaders.jsonl import JSON_LINES
from loaders.links import OWN
from loaders.reading import Draft, Options, Reader
from loaders.stated import claim_fields, head_fields

TABLE, PROFILE = "articles.csv", "articles.toml"  # of fields of articles that a tool's format does not hold

_FRONT_MATTER = re.compile(rb"(?:\xef\xbb\xbf)?---\r?\n(?:.*\n)*?id:")
_ENDS = ("subject", "relation", "object")


def claims_markdown(file: File, head: bytes) -> str | None:
    """Why this is an annotated article."""
    return "front matter with an id" if file.suffix == ".md" and _FRONT_MATTER.match(head) else None


def claims_jsonl(file: File, head: bytes) -> str | None:
    """Why these are our articles as JSON Lines."""
    one = first_element(file) if opening(head)[:1] == b"{" else None
    keys = {"id", "url", "text", "publisher", "published"}
    if not isinstance(one, dict) or not keys <= one.keys() or not isinstance(one["text"], str):
        return None
    return f"articles with {', '.join(sorted(keys))}"


def companion(file: File) -> bool:
    """The entity register beside the articles, and what is written beside documents of tools."""
    if file.name in (TABLE, PROFILE):
        return True
    return file.suffix in (".yaml", ".yml") and file.folder.rpartition("/")[2] == "entities"


def read(loader: Loader, file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document an article; an article with a mistake costs itself, as it does when it is built."""
    with file.open() as stream:
        for piece in loader.pieces(stream, file.path):
            reading = loader.read(piece)
            if reading.article is None:
                diagnostics.read += 1
                diagnostics.skipped += 1
                for problem in reading.problems:
                    diagnostics.add("article.bad", file.path, _told(problem), place=str(problem.line or piece.line))
            else:
                yield document_of(reading.article, file, loader.format, diagnostics)


def _told(problem: AccordgraphError) -> str:
    return f"{problem.what}; {problem.way_out}" if problem.way_out else problem.what


def document_of(article: Article, file: File, format_: str, diagnostics: Diagnostics) -> Document:
    """An article as a document."""
    draft = Draft(article.id, article.text, file, format_, diagnostics)
    draft.language = article.language
    draft.metadata = {key: value for key, value in head_fields(article).items() if key not in ("id", "annotator")}
    if article.annotator:
        draft.annotated_by(article.annotator)
    for number, mention in enumerate(article.mentions):
        place = (mention.span.start, mention.span.end)
        key = mention.entity if not draft.knows(mention.entity) else (mention.entity, number)
        _mention(draft, key, mention.entity, [place], article, str(mention.line or ""))
    for number, claim in enumerate(article.claims):
        for end in (claim.subject, claim.object):
            if not draft.knows(end):
                _mention(draft, end, end, [], article, str(claim.line or ""))
        _claim(draft, number, claim, article)
    return draft.finish()


def _mention(
    draft: Draft, key: object, entity: str, places: list[tuple[int, int]], article: Article, place: str
) -> None:
    kind = next((kind.name for kind in vocabulary().kinds.values() if kind.slug == entity.partition(":")[0]), "Entity")
    links = (Link(OWN, entity),) if ":" in entity else ()
    surface = " ".join(article.text[a:b] for a, b in places) or None
    draft.mention(
        key, [kind], places, surface=surface, placed=True, links=links, place=place, annotator=article.annotator
    )


def _claim(draft: Draft, number: int, claim: StatedClaim, article: Article) -> None:
    attributes: Mapping[str, tuple[Value, ...]] = {
        key: tuple(value) if isinstance(value, list) else (value,)
        for key, value in claim_fields(claim).items()
        if key not in _ENDS
    }
    draft.relation(
        ("claim", number),
        claim.relation,
        [("subject", claim.subject), ("object", claim.object)],
        attributes={**attributes, "quote": (article.quote(claim.span),)},
        place=str(claim.line or ""),
        annotator=article.annotator,
        extra={"start": claim.span.start, "end": claim.span.end},
    )


def _reader(loader: Loader, title: str, claims: Callable[[File, bytes], str | None]) -> Reader:
    return Reader(loader.format, title, claims, partial(read, loader), companion)


OWN_MARKDOWN = _reader(MARKDOWN, "annotated Markdown of this project", claims_markdown)
OWN_JSON_LINES = _reader(JSON_LINES, "articles of this project as JSON Lines", claims_jsonl)
