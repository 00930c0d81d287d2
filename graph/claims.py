"""Claims and their evidence: what an article says, with the words that say it. `graph.build` makes edges of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from graph.article import Article, Span, StatedClaim
from graph.canonical import content_hash
from graph.dates import WrittenDate, read_date
from graph.errors import AccordgraphError, ArticleError, VocabularyError, did_you_mean
from graph.identity import Entity, Register
from graph.vocabulary import Relation, vocabulary

CONTEXT = 240  # code points kept on either side of a quote, at most
_BREAK = re.compile(r"\n|[。！？។။]|(?<=[.!?…])[\"”’»)]*\s+(?=[^a-z])")
# Full stops end no sentence in Thai, Lao and Khmer, where they mark abbreviations ("11 ก.ค. 65").
_LINE = re.compile(r"\n|[។]")
_LINE_LANGUAGES = ("th", "lo", "km")
_ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?")
_MOST_DIGITS = 18  # what every engine keeps exactly


@dataclass(frozen=True, slots=True)
class Claim:
    """A proposition. `id` is a content hash of everything else here; evidence is not in it.

    `valid_from` and `valid_until` are ISO 8601 prefixes at the precision written (2021-08), `first_day` and `last_day`
    the earliest and latest Gregorian day they may mean, None where open or unsaid; `valid` is the EDTF of the whole.
    What has happened stays so: an event has no `last_day`. `values` are the value qualifiers, `count` an int, `due`
    an EDTF date. `roles` map a role to entity ids. A symmetric claim has its ends in the order of their ids.
    """

    id: str
    subject: str
    relation: str  # as in the vocabulary: "shares-intel"
    object: str
    stage: str
    polarity: str
    valid: str | None
    valid_from: str | None
    valid_until: str | None
    first_day: str | None
    last_day: str | None
    values: Mapping[str, str | int]
    roles: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where an article says so.

    `start`, `end` are code points into the article's text, whose SHA-256 is `text_hash`; the slice is `quote`.
    `before` and `after` are the rest of the sentence around it. `dates` lists the dates as written:
    "on: 11 ก.ค. 65 (thai-be) = 2022-07-11". `id` is a content hash.
    """

    id: str
    claim: str
    article: str
    text_hash: str
    start: int
    end: int
    quote: str
    before: str
    after: str
    speaker: str | None
    annotator: str | None
    confidence: float | None
    dates: tuple[str, ...]


def rightful_id(one: Claim | Evidence) -> str:
    """The id that its content gives it; another one means that the content was altered."""
    content = asdict(one)
    return _id(content.pop("id").partition(":")[0], content)


def _id(sort: str, content: Mapping[str, object]) -> str:
    return f"{sort}:{content_hash(content)[:32]}"


def claims_of(
    article: Article, register: Register, *, keep_annotators: bool = False
) -> tuple[list[tuple[Claim, Evidence]], list[AccordgraphError]]:
    """The article's claims with their evidence, in its own order, and what is wrong with the others.

    Annotators' names stay out of the graph unless `keep_annotators`.
    """
    made: list[tuple[Claim, Evidence]] = []
    problems: list[AccordgraphError] = []
    for stated in article.claims:
        try:
            made.append(claim_of(stated, article, register, article.annotator if keep_annotators else None))
        except AccordgraphError as problem:
            problems.append(problem.at(article.path, stated.line or None))
    return made, problems


def claim_of(
    stated: StatedClaim, article: Article, register: Register, annotator: str | None
) -> tuple[Claim, Evidence]:
    """One claim that an article states, with its evidence; `annotator` is named in it. Raises what is wrong with it."""
    resolved = _Resolved(stated, article, register)
    claim = resolved.claim()
    return claim, _evidence(claim, resolved, annotator)


def mentioned(article: Article, register: Register) -> tuple[tuple[str, ...], list[AccordgraphError]]:
    """The ids of the entities that the text names, sorted, and an error for each that nobody declares."""
    ids: set[str] = set()
    problems: list[AccordgraphError] = []
    for mention in article.mentions:
        try:
            ids.add(register.resolve(mention.entity).id)
        except AccordgraphError as problem:
            problems.append(problem.at(article.path, mention.line or None))
    return tuple(sorted(ids)), problems


class _Resolved:
    """A stated claim whose names are entities and whose dates are intervals, checked against the vocabulary."""

    def __init__(self, stated: StatedClaim, article: Article, register: Register) -> None:
        self.stated = stated
        self.article = article
        self.register = register
        with self._at("relation"):
            self.relation = vocabulary().relation(stated.relation)
        self.subject = self._entity("subject", stated.subject)
        self.object = self._entity("object", stated.object)
        self.speaker = self._entity("speaker", stated.speaker) if stated.speaker else None
        self.roles = {role: tuple(self._entity(role, name) for name in names) for role, names in stated.roles.items()}
        with self._at("stage"):
            self.stage = vocabulary().stage(stated.stage or self.relation.stage)
        self.dates = {key: self._date(key, text) for key, text in stated.dates.items()}
        self.values = {key: self._value(key, text) for key, text in sorted(stated.values.items())}
        with self._at("relation"):
            _check_ends(self.relation, self.subject, self.object)
        _check_roles(self.roles)
        _check_required(self.relation, stated)
        _check_count(self.values)
        _check_dates(self.dates)
        self._check_persons()

    @contextmanager
    def _at(self, key: str) -> Iterator[None]:
        """Errors of the block belong to the line of this key."""
        try:
            yield
        except AccordgraphError as problem:
            raise problem.at(self.article.path, self.stated.lines.get(key, self.stated.line) or None) from problem

    def _entity(self, key: str, name: str) -> Entity:
        with self._at(key):
            return self.register.resolve(name)

    def _date(self, key: str, text: str) -> WrittenDate:
        # a date without its year lies ahead of the article where it is a deadline or a plan
        ahead = key == "due" or self.stage == "planned"
        with self._at(key):
            date = read_date(text, language=self.article.language, published=self.article.published, ahead=ahead)
            if not _ISO_DATE.fullmatch(text) and _plain(text) not in _plain(self.article.text):
                raise ArticleError(
                    f"Date {text!r} is not in the text", way_out="write it as the text does, or as YYYY-MM-DD"
                )
            return date

    def _value(self, key: str, text: str) -> str | int:
        with self._at(key):
            return _value(key, text)

    def _check_persons(self) -> None:
        """A natural person enters only with a legal status, who gave it, and when (design: people)."""
        entities = (self.subject, self.object, *(e for group in self.roles.values() for e in group))
        person = next((e for e in entities if e.kind == "Person"), None)
        if person and not ("legal_status" in self.values and self.dates):
            raise ArticleError(
                f"Claim about {person.id!r} without legal status and date",
                way_out="add legal_status: and on:, or leave it out",
            )

    def claim(self) -> Claim:
        subject, object_ = self.subject.id, self.object.id
        if self.relation.symmetric and object_ < subject:
            subject, object_ = object_, subject
        due = {"due": self.dates["due"].edtf} if "due" in self.dates else {}
        content: dict[str, object] = {
            "subject": subject,
            "relation": self.relation.name,
            "object": object_,
            "stage": self.stage,
            # a claim at the stage denied denies; a `denies` affirms that somebody did
            "polarity": "denied" if self.stage == "denied" != self.relation.stage else self.stated.polarity,
            **_validity(self.dates, self.relation),
            "values": {**self.values, **due},
            "roles": {role: tuple(sorted(e.id for e in group)) for role, group in sorted(self.roles.items())},
        }
        return Claim(id=_id("claim", content), **content)  # type: ignore[arg-type]


def _check_ends(relation: Relation, subject: Entity, object_: Entity) -> None:
    for end, found, allowed in (("subject", subject, relation.subject), ("object", object_, relation.object)):
        if found.kind not in allowed:
            raise VocabularyError(
                f"Relation {relation.name!r} takes no {found.kind} as {end}: {found.id!r}",
                way_out=f"allowed are {', '.join(sorted(allowed))}",
            )
    if subject.id == object_.id:
        raise VocabularyError(f"Relation {relation.name!r} joins {subject.id!r} to itself", way_out="name two entities")


def _check_roles(roles: Mapping[str, tuple[Entity, ...]]) -> None:
    for role, entities in roles.items():
        allowed = vocabulary().roles[role].kinds
        for found in entities:
            if found.kind not in allowed:
                raise VocabularyError(
                    f"Qualifier {role!r} takes no {found.kind}: {found.id!r}",
                    way_out=f"allowed are {', '.join(sorted(allowed))}",
                )


def _check_required(relation: Relation, stated: StatedClaim) -> None:
    given = {*stated.values, *stated.roles, *stated.dates}
    for alternatives in relation.requires:
        if not given & set(alternatives.split("|")):
            raise VocabularyError(
                f"Relation {relation.name!r} lacks a required qualifier",
                way_out=f"add {alternatives.replace('|', ' or ')}:",
            )


def _check_dates(dates: Mapping[str, WrittenDate]) -> None:
    if "on" in dates and ("from" in dates or "until" in dates):
        raise ArticleError("A claim with on and from or until", way_out="on: for a day, from: and until: for a stretch")
    if "from" in dates and "until" in dates and dates["until"].latest < dates["from"].earliest:
        raise ArticleError(
            f"A claim that ends ({dates['until'].original!r}) before it begins ({dates['from'].original!r})",
            way_out="mend from: or until:",
        )


def _check_count(values: Mapping[str, str | int]) -> None:
    if "count" in values and "unit" not in values:
        raise VocabularyError("A count without unit", way_out="add unit: people, sites, cases …")


def _value(key: str, text: str) -> str | int:
    qualifier = vocabulary().values[key]
    if qualifier.type == "choice" and text not in qualifier.choices:
        raise VocabularyError(f"Unknown {key} {text!r}", way_out=did_you_mean(text, qualifier.choices))
    if qualifier.type != "integer":
        return text
    digits = text.replace(",", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > _MOST_DIGITS:
        raise VocabularyError(
            f"{key} {text!r} is no whole number of at most {_MOST_DIGITS} digits",
            way_out=f"write digits, such as {key}: 1200",
        )
    return int(digits)


def _validity(dates: Mapping[str, WrittenDate], relation: Relation) -> dict[str, str | None]:
    on, begun, ended = dates.get("on"), dates.get("from"), dates.get("until")
    first = on or begun
    last = ended or (on if on and on.precision == "interval" and relation.nature == "event" else None)
    return {
        "valid": on.edtf if on else _stretch(begun, ended),
        "valid_from": first.start if first else None,
        "valid_until": last.end if last else None,
        "first_day": first.earliest.isoformat() if first else None,
        "last_day": ended.latest.isoformat() if ended and relation.nature == "state" else None,
    }


def _stretch(begun: WrittenDate | None, ended: WrittenDate | None) -> str | None:
    if not begun and not ended:
        return None
    return f"{begun.start if begun else '..'}/{ended.end if ended else '..'}"


def _evidence(claim: Claim, resolved: _Resolved, annotator: str | None) -> Evidence:
    article, span = resolved.article, resolved.stated.span
    before, after = _sentence(article, span)
    content: dict[str, object] = {
        "claim": claim.id,
        "article": article.id,
        "text_hash": article.text_hash,
        "start": span.start,
        "end": span.end,
        "quote": article.quote(span),
        "before": before,
        "after": after,
        "speaker": resolved.speaker.id if resolved.speaker else None,
        "annotator": annotator,
        "confidence": resolved.stated.confidence,
        "dates": tuple(_written(key, date) for key, date in resolved.dates.items()),
    }
    return Evidence(id=_id("evidence", content), **content)  # type: ignore[arg-type]


def _written(key: str, date: WrittenDate) -> str:
    notes = "".join(f"; {note}" for note in date.notes)
    calendar = "" if date.calendar == "gregorian" else f" ({date.calendar})"
    return f"{key}: {date.original}{calendar} = {date.edtf}{notes}"


def _plain(text: str) -> str:
    """Text to compare words in: Unicode NFC, white space single."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _sentence(article: Article, span: Span) -> tuple[str, str]:
    """What stands before and after the quote in its sentence, at most CONTEXT code points each, cut at white space."""
    text, language = article.text, article.language.partition("-")[0].lower()
    low, high = max(0, span.start - CONTEXT), min(len(text), span.end + CONTEXT)
    breaks = list((_LINE if language in _LINE_LANGUAGES else _BREAK).finditer(text, low, high))
    start = max((match.end() for match in breaks if match.end() <= span.start), default=None)
    stop = min((match.end() for match in breaks if match.start() >= span.end), default=None)
    if start is None:
        start = low if low == 0 else _after_space(text, low, span.start)
    if stop is None:
        stop = high if high == len(text) else _before_space(text, span.end, high)
    return text[start : span.start].lstrip(), text[span.end : stop].rstrip()


def _after_space(text: str, low: int, high: int) -> int:
    at = text.find(" ", low, high)
    return low if at < 0 else at + 1


def _before_space(text: str, low: int, high: int) -> int:
    at = text.rfind(" ", low, high)
    return high if at < 0 else at
