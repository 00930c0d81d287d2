"""Suggestions for annotators: names of known entities and dates in a text, as mentions of the origin "prediction"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from graph.article import Article
from graph.date_words import tongue
from graph.identity import Register
from graph.vocabulary import vocabulary
from loaders.detect import detect
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Fragment, Link, Mention
from loaders.files import File
from loaders.folded import Folded
from loaders.links import OWN
from loaders.names import Names
from loaders.reading import Options, decoded
from loaders.registry import LOADERS, REGISTER_FOLDER, loader_for
from loaders.written_dates import find_dates

DATE = "Date"

_SOME_YEAR = "2020"  # for a text that does not say when it was published; what matters is that a date can be read

_LATIN = ("en", "id", "ms", "es", "fr", "it")  # written in Latin script, and with a table of words
_WORD = re.compile(r"[^\W\d_]+")
_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")

# The language that a script gives away. Others, Latin above all, give away none.
_SCRIPTS = {
    "th": re.compile("[\u0e01-\u0e5b]"),
    "lo": re.compile("[\u0e81-\u0edf]"),
    "km": re.compile("[\u1780-\u17ff]"),
    "my": re.compile("[\u1000-\u109f]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "ja": re.compile("[\u3041-\u30ff]"),
    "zh": re.compile("[\u3400-\u9fff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "bn": re.compile("[\u0980-\u09ff]"),
    "ta": re.compile("[\u0b80-\u0bff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "vi": re.compile("[ăđơưạảấầẩậắằẳặẹẻẽếềểệỉịọỏốồổộớờởợụủứừửựỳỵỷỹ]"),
}


class Suggester:
    """Suggests the entities of a register, countries, and dates; keeps the names of each language it has met."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._names: dict[str, Names] = {}

    def suggest(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Each document with what is found in it; nothing is laid over its own mentions."""
        for document in documents:
            yield replace(document, mentions=document.mentions + tuple(self._found(document)))

    def _found(self, document: Document) -> Iterator[Mention]:
        language = (document.language or language_of(document.text)).partition("-")[0].lower()
        stated = str(document.metadata.get("published", ""))
        published = stated if _ISO_DATE.fullmatch(stated) else _SOME_YEAR
        folded = Folded(document.text)
        taken = _Taken(document)
        for named in self._names_in(language).find(folded):
            if taken.free(named.fragment):
                links = (Link(OWN, named.entity),) if named.entity else ()
                yield _predicted(document.text, named.kind, named.fragment, links)
        for fragment in find_dates(folded, language, published):
            if taken.free(fragment):
                yield _predicted(document.text, DATE, fragment)

    def _names_in(self, language: str) -> Names:
        if language not in self._names:
            self._names[language] = Names(self._register, language)
        return self._names[language]


class _Taken:
    """Which code points of a document a mention covers."""

    def __init__(self, document: Document) -> None:
        self._covered = bytearray(len(document.text))
        for mention in document.mentions:
            for fragment in mention.fragments:
                self._cover(fragment)

    def free(self, fragment: Fragment) -> bool:
        """Whether none covers any of the fragment; it does from now on."""
        if self._covered.find(1, *fragment) >= 0:
            return False
        self._cover(fragment)
        return True

    def _cover(self, fragment: Fragment) -> None:
        start, end = fragment
        self._covered[start:end] = b"\1" * (end - start)


def _predicted(text: str, label: str, fragment: Fragment, links: tuple[Link, ...] = ()) -> Mention:
    start, end = fragment
    return Mention(
        id=f"suggested-{start}-{end}",
        types=(label,),
        fragments=(fragment,),
        surface=text[start:end],
        raw_offsets=(fragment,),
        links=links,
        origin="prediction",
    )


def language_of(text: str) -> str:
    """The language of a text (BCP 47), by its script, or by which language's words for dates stand in it.

    `en` where nothing gives it away. Indonesian and Malay are told apart no better than by chance.
    """
    counts = {language: len(pattern.findall(text)) for language, pattern in _SCRIPTS.items()}
    if counts["ja"] * 20 > counts["zh"]:
        counts["zh"] = 0  # no Chinese text has kana, no Japanese one is without
    likeliest = max(counts, key=lambda language: counts[language])
    if counts[likeliest] * 20 > len(text):
        return likeliest
    words = Counter(_WORD.findall(text.casefold()))
    found = {language: sum(words[word] for word in tongue(language).words) for language in _LATIN}
    return max(_LATIN, key=lambda language: found[language])


# --- texts to be annotated ---------------------------------------------------------------------------------------


def read_documents(
    files: Iterable[File], diagnostics: Diagnostics, *, language: str | None = None
) -> Iterator[Document]:
    """Every file as documents: exports of any tool, articles, plain texts; `language` is for those that say none."""
    for file in files:
        for document in _documents(file, diagnostics):
            yield document if document.language else replace(document, language=language)


def _documents(file: File, diagnostics: Diagnostics) -> Iterator[Document]:
    found = detect(file, Diagnostics())
    if found:
        if found.reader:
            yield from found.reader.read(file, Options(), diagnostics)
    elif file.suffix == ".txt":
        text = decoded(file.read(), file, diagnostics)
        yield Document(id=file.stem, path=file.path, format="text", text=text)
    elif file.suffix in {loader.suffix for loader in LOADERS}:
        yield from _articles(file, diagnostics)
    elif REGISTER_FOLDER not in PurePosixPath(file.folder).parts:
        detect(file, diagnostics)  # says why not


def _articles(file: File, diagnostics: Diagnostics) -> Iterator[Document]:
    loader = loader_for(Path(file.name))
    with file.open() as stream:
        for piece in loader.pieces(stream, file.path):
            reading = loader.read(piece)
            for problem in reading.problems:
                diagnostics.add("article.incomplete", file.path, problem.what, place=str(problem.line or piece.line))
            if reading.article:
                yield document_of(reading.article)


def document_of(article: Article) -> Document:
    """An article of the project as a document, with its mentions; its claims stay in the article."""
    mentions = (
        Mention(
            id=f"M{number}",
            types=(vocabulary().kind_of(one.entity).name,),
            fragments=((one.span.start, one.span.end),),
            surface=article.quote(one.span),
            links=(Link(OWN, one.entity),),
        )
        for number, one in enumerate(article.mentions, start=1)
    )
    return Document(
        id=article.id,
        path=article.path,
        format="article",
        text=article.text,
        language=article.language,
        metadata={key: getattr(article, key) for key in ("url", "title", "publisher", "published", "form")},
        mentions=tuple(mentions),
    )
