"""Fields → Article: the keys that the Markdown front matter and the JSON Lines twin share, checked one by one.

Keys are checked here, with their line; what they mean (entities, dates, vocabulary) is for `graph.claims`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from graph.article import DATE_KEYS, FORMS, POLARITIES, Article, Mention, Span, StatedClaim
from graph.errors import AccordgraphError, ArticleError, did_you_mean
from graph.vocabulary import vocabulary

REQUIRED = ("id", "url", "title", "publisher", "language", "published", "form")
OPTIONAL = ("annotator", "wire")
CLAIM_TEXT = ("subject", "relation", "object", "stage", "polarity", "speaker", "confidence")
QUOTE = ("quote", "prefix", "suffix")

_ARTICLE_ID = re.compile(r"(?!readme$)[a-z0-9][a-z0-9._-]*")  # README.md is no article
_ADDRESS = re.compile(r"(?:https?://|urn:[a-z0-9][a-z0-9-]*:)\S+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PUBLISHED = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class Problems(list[AccordgraphError]):
    """What is wrong with one article, gathered so that an annotator sees it all at once."""

    def __init__(self, path: str, line: int) -> None:
        super().__init__()
        self.path = path
        self.line = line

    def add(self, what: str, way_out: str, line: int | None = None) -> None:
        """Notes an error at this file and line."""
        self.append(ArticleError(what, path=self.path, line=line or self.line, way_out=way_out))


def line_of(fields: Any, key: str, otherwise: int) -> int:
    """The line a key stands on, if the format has lines."""
    lines: dict[str, int] = getattr(fields, "lines", {})
    return lines.get(key, otherwise)


def read_head(fields: Mapping[str, Any], extra: Sequence[str], problems: Problems) -> dict[str, Any]:
    """The article's own keys, checked; `extra` are the further keys its format allows."""
    known = (*REQUIRED, *OPTIONAL, *extra)
    for key in fields:
        if key not in known:
            problems.add(f"Unknown key {key!r}", did_you_mean(key, known), line_of(fields, key, problems.line))
    head: dict[str, Any] = {}
    for key in (*REQUIRED, *OPTIONAL):
        value = fields.get(key)
        if isinstance(value, str) and value.strip():
            head[key] = value
        elif value not in (None, ""):
            problems.add(f"{key} is no text", f"write {key}: and the text", line_of(fields, key, problems.line))
        elif key in REQUIRED:
            problems.add(f"No {key}", f"add {key}: to the front matter", line_of(fields, key, problems.line))
    for key, value in head.items():
        if way_out := wrong_head(key, value):
            problems.add(f"Bad {key} {value!r}", way_out, line_of(fields, key, problems.line))
    return head


def wrong_head(key: str, value: str) -> str | None:
    """The way out for a value that is none of an article's key; None for one that is sound."""
    sound, way_out = _CHECKS.get(key, (str.strip, f"give the {key} as text"))
    return None if sound(value) else way_out


def _is_published(value: str) -> bool:
    if not _PUBLISHED.fullmatch(value):
        return False
    year, month, day = (int(part) for part in f"{value}-01-01".split("-")[:3])
    if not 1900 <= year <= 2100:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_CHECKS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "id": (_ARTICLE_ID.fullmatch, "use lower-case letters, digits, - . and _"),
    "url": (_ADDRESS.fullmatch, "give an address that begins with https://, or a urn:"),
    "language": (_LANGUAGE.fullmatch, "give a BCP 47 tag, such as th or zh-Hans"),
    "published": (_is_published, "write YYYY-MM-DD, YYYY-MM or YYYY, a Gregorian date that exists"),
    "form": (FORMS.__contains__, f"write {', '.join(FORMS)}"),
}


def read_claim(fields: Any, span_keys: Sequence[str], problems: Problems, line: int) -> StatedClaim | None:
    """One claim without its span (which the format finds), or None with the problems noted."""
    if not isinstance(fields, Mapping):
        problems.add("A claim is no mapping", "give subject, relation, object and quote", line)
        return None
    before = len(problems)
    values, roles = vocabulary().values, vocabulary().roles
    known = (*CLAIM_TEXT, *QUOTE, *DATE_KEYS, *values, *roles, *span_keys)
    for key in fields:
        if key not in known:
            problems.add(f"Unknown key {key!r} in a claim", did_you_mean(key, known), line_of(fields, key, line))
    for key in ("subject", "relation", "object", "quote"):
        if fields.get(key) in (None, ""):
            problems.add(f"A claim without {key}", f"add {key}:", line)
    texts = _texts(fields, (*CLAIM_TEXT, *QUOTE, *DATE_KEYS, *values), problems, line)
    polarity = texts.get("polarity", "affirmed")
    if polarity not in POLARITIES:
        problems.add(
            f"Unknown polarity {polarity!r}", did_you_mean(polarity, POLARITIES), line_of(fields, "polarity", line)
        )
    confidence = _confidence(texts.get("confidence"), problems, line_of(fields, "confidence", line))
    pointed = {
        role: _ids(fields[role], role, problems, line_of(fields, role, line)) for role in roles if fields.get(role)
    }
    if len(problems) > before:
        return None
    return StatedClaim(
        subject=texts["subject"],
        relation=texts["relation"],
        object=texts["object"],
        span=Span(0, 0),
        stage=texts.get("stage"),
        polarity=polarity,
        dates={key: texts[key] for key in DATE_KEYS if key in texts},
        values={key: texts[key] for key in values if key in texts},
        roles=pointed,
        speaker=texts.get("speaker"),
        confidence=confidence,
        line=line,
        lines=getattr(fields, "lines", {}),
    )


def _texts(fields: Mapping[str, Any], keys: Sequence[str], problems: Problems, line: int) -> dict[str, str]:
    texts: dict[str, str] = {}
    for key in keys:
        value = fields.get(key)
        if value is None or value == "":
            continue
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            texts[key] = str(value)
        else:
            problems.add(f"{key} is no text", f"write one value after {key}:", line_of(fields, key, line))
    return texts


def _confidence(text: str | None, problems: Problems, line: int) -> float | None:
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        problems.add(f"Bad confidence {text!r}", "write a number from 0 to 1", line)
        return None
    return value


def _ids(value: Any, role: str, problems: Problems, line: int) -> tuple[str, ...]:
    ids = [value] if isinstance(value, str) else value
    if not isinstance(ids, list) or not all(isinstance(id_, str) and id_ for id_ in ids):
        problems.add(f"{role} is no entity", f"write {role}: kind:slug, or a list of them", line)
        return ()
    return tuple(ids)


def make_article(
    head: Mapping[str, str], text: str, mentions: Sequence[Mention], claims: Sequence[StatedClaim], path: str
) -> Article:
    """The article of checked parts; mentions in the order of the text."""
    ordered = tuple(sorted(mentions, key=lambda m: (m.span.start, m.span.end, m.entity)))
    return Article(**head, text=text, mentions=ordered, claims=tuple(claims), path=path)


def claim_fields(claim: StatedClaim) -> dict[str, Any]:
    """The claim's keys as they are written, without its place."""
    optional = {
        "stage": claim.stage,
        "polarity": None if claim.polarity == "affirmed" else claim.polarity,
        **{key: claim.dates.get(key) for key in DATE_KEYS},
        **{role: _one_or_list(claim.roles.get(role, ())) for role in vocabulary().roles},
        **{key: claim.values.get(key) for key in vocabulary().values},
        "speaker": claim.speaker,
        "confidence": None if claim.confidence is None else repr(claim.confidence),
    }
    stated = {"subject": claim.subject, "relation": claim.relation, "object": claim.object}
    return stated | {key: value for key, value in optional.items() if value is not None}


def _one_or_list(ids: tuple[str, ...]) -> str | list[str] | None:
    return list(ids) if len(ids) > 1 else next(iter(ids), None)


def head_fields(article: Article) -> dict[str, str]:
    """The article's own keys as they are written."""
    pairs = ((key, getattr(article, key)) for key in (*REQUIRED, *OPTIONAL))
    return {key: value for key, value in pairs if value is not None}
