"""An article as its annotators left it: text, mentions, and claims still in the article's own words.

Nothing is resolved here: entity ids are strings, dates are as written. `graph.claims` makes claims of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

FORMS = ("digest", "excerpt", "verbatim")
POLARITIES = ("affirmed", "denied")
DATE_KEYS = ("on", "from", "until", "due")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article's text: code points, 0-based, end-exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of the text that names an entity."""

    span: Span
    entity: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class StatedClaim:
    """One claim as the article's annotation states it.

    `subject`, `object`, `speaker` and the values of `roles` are entity ids or names; `dates` maps on, from, until,
    due to the text as written; `values` holds the value qualifiers as text. `span` is where the supporting words stand.
    `line` is where the annotation stands in its file (1-based), `lines` where each of its keys does.
    """

    subject: str
    relation: str
    object: str
    span: Span
    stage: str | None = None
    polarity: str = "affirmed"
    dates: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    speaker: str | None = None
    confidence: float | None = None
    line: int = field(default=0, compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Article:
    """One source document. `text` is what offsets and hashes refer to; `published` is an EDTF date (YYYY[-MM[-DD]]).

    `wire` names a syndication group: articles that carry the same copy share it and count as one source.
    """

    id: str
    url: str
    title: str
    publisher: str
    language: str
    published: str
    form: str
    text: str
    annotator: str | None = None
    wire: str | None = None
    mentions: tuple[Mention, ...] = ()
    claims: tuple[StatedClaim, ...] = ()
    path: str = field(default="", compare=False)

    @cached_property
    def text_hash(self) -> str:
        """SHA-256 of the text in UTF-8, as hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def quote(self, span: Span) -> str:
        """The words at a span."""
        return self.text[span.start : span.end]
