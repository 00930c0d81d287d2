"""The text of formats that give tokens alone: joined as its script joins words, and where each token stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.segment import UNSPACED
from loaders.document import Fragment

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W_]")


@dataclass(slots=True)
class Sentence:
    """Tokens in a row. `gaps` is what stands after each, None where the file does not say, empty where it never does.

    `text` is the sentence as the file states it, `end` what stands after it.
    """

    forms: list[str] = field(default_factory=list)
    gaps: list[str | None] = field(default_factory=list)
    text: str | None = None
    end: str = "\n"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A text with its tokens and sentences, in code points."""

    text: str
    tokens: list[Fragment]
    sentences: list[Fragment]


def rebuild(sentences: Sequence[Sentence], joiner: str | None) -> Rebuilt:
    """The text of some sentences; one that is stated comes first, where its tokens are found in it.

    Without a `joiner`, words are joined with spaces, but not those of Thai, Khmer, Lao, Burmese, Chinese and Japanese
    texts.
    """
    join = None if joiner is None and _unspaced(sentences) else " " if joiner is None else joiner
    parts: list[str] = []
    tokens: list[Fragment] = []
    places: list[Fragment] = []
    at = 0
    for number, sentence in enumerate(sentences, start=1):
        aligned = _aligned(sentence)
        text, inside = aligned or _joined(sentence, join)
        tokens += [(at + start, at + end) for start, end in inside]
        places.append((at, at + len(text)))
        end = sentence.end if number < len(sentences) else ""
        parts += (text, end)
        at += len(text) + len(end)
    return Rebuilt("".join(parts), tokens, places)


def in_pieces(indices: Iterable[int], tokens: Sequence[Fragment] | Mapping[int, Fragment]) -> list[Fragment]:
    """Where tokens stand, those in a row in one piece."""
    found: list[Fragment] = []
    before = -2
    for index in sorted(indices):
        start, end = tokens[index]
        if index == before + 1:
            start = found.pop()[0]
        found.append((start, end))
        before = index
    return found


def _unspaced(sentences: Sequence[Sentence]) -> bool:
    """Whether most letters are of a script that is written without spaces."""
    text = "".join(form for sentence in sentences for form in sentence.forms)
    if text.isascii() or not UNSPACED.search(text):
        return False
    found = len(UNSPACED.findall(text))
    return found * 2 > found + len(_LETTER.findall(UNSPACED.sub("", text)))


def _aligned(sentence: Sentence) -> tuple[str, list[Fragment]] | None:
    """The stated text and where the tokens stand in it; None where it is not made of them and white space."""
    if sentence.text is None:
        return None
    found = aligned(sentence.text, sentence.forms)
    return None if found is None else (sentence.text, found)


def aligned(text: str, forms: Sequence[object]) -> list[Fragment] | None:
    """Where tokens stand in a text; None where it is not made of them, one after another, and white space."""
    at = 0
    found: list[Fragment] = []
    for form in forms:
        if not isinstance(form, str):
            return None
        while not text.startswith(form, at):
            if at >= len(text) or not text[at].isspace():
                return None
            at += 1
        found.append((at, at + len(form)))
        at += len(form)
    return None if text[at:].strip() else found


def _joined(sentence: Sentence, joiner: str | None) -> tuple[str, list[Fragment]]:
    """The tokens joined; a joiner of None stands for nothing, but for a space between two spaced words."""
    if not sentence.gaps and joiner is not None:
        step, ends, at = len(joiner), [], -len(joiner)
        for form in sentence.forms:
            at += step
            ends.append((at, at := at + len(form)))
        return joiner.join(sentence.forms), ends
    gaps = sentence.gaps or [None] * len(sentence.forms)
    parts: list[str] = []
    found: list[Fragment] = []
    at = 0
    for number, (form, gap) in enumerate(zip(sentence.forms, gaps, strict=True), start=1):
        found.append((at, at + len(form)))
        if number == len(sentence.forms):
            gap = ""
        elif gap is None:
            gap = _gap(form, sentence.forms[number]) if joiner is None else joiner
        parts += (form, gap)
        at += len(form) + len(gap)
    return "".join(parts), found


def _gap(before: str, after: str) -> str:
    spaced = all(_WORD.match(char) and not UNSPACED.match(char) for char in (before[-1:], after[:1]))
    return " " if spaced else ""
