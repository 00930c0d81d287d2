"""What an article says of itself, from a document of an export: its id, address, title, publisher, language and date.

The strongest first: the profile's table, its [metadata], metadata of the same names, its [defaults], what can be seen.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath

from graph.article import FORMS
from graph.dates import read_date
from graph.errors import DateError
from loaders.diagnostics import AS_IS, Diagnostics
from loaders.document import Document
from loaders.profile import Profile
from loaders.stated import OPTIONAL, REQUIRED, wrong_head

FIELDS = (*REQUIRED, *OPTIONAL)
CALENDARS = ("gregorian", "thai-be", "khmer-be")
UNDETERMINED = "und"  # ISO 639-2
UNSAID = ("und", "mul", "x-unspecified")  # UIMA's word for it, too

_SAME_NAMES = ("url", "title", "publisher", "language", "published", "wire", "form")
_NO_ID = re.compile(r"[^a-z0-9._-]+")
_TIME = re.compile(r"(?<=\d)[T ]\d{2}:\d{2}.*", re.DOTALL)
_COUNTS_IN = {"gregorian": "en", "thai-be": "th", "khmer-be": "km"}  # a language that counts so
_CENTURY = {"gregorian": 20, "thai-be": 25, "khmer-be": 25}  # of a year in two figures
_YEAR = re.compile(r"\d{4}")
_SHORT_YEAR = re.compile(r"(?<=\D)\d{2}$")
_BUDDHIST = re.compile(r"(?<!\d)2[4-9]\d\d(?!\d)")
_NOW = "2100-12-31"  # dates of publication say their year; nothing is taken from the clock
_SCRIPTS = (
    ("th", "\u0e00-\u0e7f"),
    ("lo", "\u0e80-\u0eff"),
    ("km", "\u1780-\u17ff"),
    ("my", "\u1000-\u109f"),
    ("ja", "\u3040-\u30ff"),
    ("ko", "\uac00-\ud7a3"),
    ("zh", "\u4e00-\u9fff"),
    ("hi", "\u0900-\u097f"),
    ("ar", "\u0600-\u06ff"),
    ("ru", "\u0400-\u04ff"),
)


class Taken:
    """The ids of articles, each with the text that has it: another text under one gets a part of its hash behind it."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def own(self, id_: str, digest: str) -> str:
        """The id for the text with this hash."""
        return id_ if self._texts.setdefault(id_, digest) == digest else f"{id_}-{digest[:8]}"


def article_fields(
    document: Document,
    profile: Profile,
    diagnostics: Diagnostics,
    *,
    row: Mapping[str, str],
    hide: Callable[[str], str] = str,
) -> dict[str, str] | None:
    """The fields of the article that a document makes, each sound; None, and a diagnostic, where no date is known.

    A value that is none of its field is said and left out: what is weaker stands in for it. `row` is what the table
    says of the document, `hide` masks names.
    """
    fields = _usual(document)
    for source in (_seen(document), profile.defaults, _same(document), _mapped(document, profile), row):
        for name, value in source.items():
            hidden = hide(value)
            sound, problem = _sound(name, hidden, profile, fields["language"])
            if problem:
                told = f"{document.id}: {name} {hidden!r} is left out; {problem}"
                diagnostics.add("article.field", document.path, told, action=AS_IS)
            else:
                fields[name] = sound
    if "published" in fields:
        return {name: fields[name] for name in FIELDS if name in fields}
    way_out = "give --set published=2025-10-16, or [defaults], [metadata] or [table] with published in a profile"
    told = f"{document.id}: no date of publication; {way_out}"
    diagnostics.add("article.incomplete", document.path, told, excerpt=document.text)
    return None


def stated_fields(document: Document, profile: Profile) -> dict[str, str]:
    """What a document and a profile say of the article, as they say it; empty where neither says anything."""
    said = (_seen(document), profile.defaults, _same(document), _mapped(document, profile), row_of(document, profile))
    fields = {name: value for source in said for name, value in source.items()}
    return {"id": document.id, **fields} if fields else {}


def text_hash(text: str) -> str:
    """SHA-256 of a text, as hex; whatever broken JSON left in it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _usual(document: Document) -> dict[str, str]:
    """What can be seen from the document itself."""
    digest = text_hash(document.text)
    first = next((line.strip() for line in document.text.splitlines() if line.strip()), "untitled")
    return {
        "id": article_id(document.id) or f"document-{digest[:12]}",
        "url": f"urn:sha256:{digest}",
        "title": first[:120],
        "publisher": "unstated",
        "language": language_of(document.text),
        "form": "verbatim",
    }


def _seen(document: Document) -> dict[str, str]:
    """What the document's own fields say."""
    return _stated({"language": None if document.language in UNSAID else document.language})


def article_id(id_: str) -> str:
    """A document's id as that of an article; empty where nothing is left of it.

    Letters lose their accents; where others are left out, a part of the id's hash stands for them, so that ids in
    scripts of which nothing is left stay apart.
    """
    folded = unicodedata.normalize("NFKD", id_.casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    plain = _NO_ID.sub("-", bare).strip("-._")
    if any(letter.isalnum() and not letter.isascii() for letter in bare):
        plain = f"{plain or 'document'}-{text_hash(id_)[:8]}"
    return f"{plain}-text" if plain == "readme" else plain


def _same(document: Document) -> dict[str, str]:
    """Metadata that have a field's name."""
    found = {name: document.metadata.get(name, document.metadata.get(f"meta.{name}")) for name in _SAME_NAMES}
    if found["form"] not in FORMS:  # a common word
        del found["form"]
    return _stated(found)


def _mapped(document: Document, profile: Profile) -> dict[str, str]:
    return _stated({name: document.metadata.get(key) for name, key in profile.metadata.items()})


def row_of(document: Document, profile: Profile) -> Mapping[str, str]:
    """The row of the table for this document, by its id, or by its file's name with or without the suffix."""
    path = PurePosixPath(document.path)
    rows = (profile.table.get(key) for key in (document.id, path.name, path.stem))
    return next((row for row in rows if row is not None), {})


def _stated(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value is not None and str(value).strip()}


def _sound(name: str, value: str, profile: Profile, language: str) -> tuple[str, str | None]:
    """The value as an article has it, and what is wrong with it."""
    value = value.strip()
    if name == "published":
        try:
            value = published(value, profile.calendar, language)
        except DateError as problem:
            return value, problem.what
    if name == "id":
        value = article_id(value)
    return value, wrong_head(name, value)


def published(text: str, calendar: str | None, language: str) -> str:
    """A date of publication as EDTF: YYYY-MM-DD, YYYY-MM or YYYY, from how it is written. Raises DateError.

    Years from 2400 on count the Buddhist era, whatever the language; `calendar` (of CALENDARS) decides which, and what
    two figures mean. A date in another language than the text's is read by its script, else as English.
    """
    problems = []
    for bare, speech in _readings(_TIME.sub("", text).strip(), calendar, language):
        try:
            read = read_date(bare, language=speech, published=_NOW)
        except DateError as problem:
            problems.append(problem)
            continue
        if read.precision == "interval":
            raise DateError(f"{text!r} is more than one day, month or year", way_out="write it as 2022-07-11")
        return read.edtf
    raise problems[0]


def _readings(bare: str, calendar: str | None, language: str) -> Iterator[tuple[str, str]]:
    """What a date may be read as and in which language, the likeliest first."""
    if calendar and not _YEAR.search(bare):
        bare = _SHORT_YEAR.sub(lambda year: f"{_CENTURY[calendar]}{int(year[0]):02}", bare)
    usual = [one for one in (language, language_of(bare), "en") if one != UNDETERMINED]
    buddhist = calendar is None and _BUDDHIST.search(bare)
    if buddhist and language not in ("th", "km", "lo"):
        usual = ["th", *usual]
    for speech in dict.fromkeys([_COUNTS_IN[calendar], *usual] if calendar else usual):
        yield bare, speech
    if buddhist or calendar == "thai-be":  # "16 October 2568"
        yield _BUDDHIST.sub(lambda year: str(int(year[0]) - 543), bare), usual[-1]


def language_of(text: str) -> str:
    """By the script that most letters of a language's own are in; undetermined where that tells nothing."""
    counts = {code: len(re.findall(f"[{letters}]", text)) for code, letters in _SCRIPTS}
    best = "ja" if counts["ja"] else max(counts, key=lambda code: counts[code])  # Japanese has Chinese letters too
    return best if counts[best] else UNDETERMINED
