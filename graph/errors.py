"""The error tree. Every error says what is wrong, where, and the way out; nothing else belongs here.

AccordgraphError
├── ArticleError        an article, or one of its claims, cannot be read or is refused
├── RegisterError       the entity register is wrong
├── VocabularyError     an unknown kind, relation, stage or qualifier; a relation with a wrong end
├── DateError           a date cannot be read, or does not exist
├── UnknownNameError    a name that no entity bears, or that several bear
├── StoreError          a graph store cannot be opened, read or written
├── PageError           a page is asked for something it cannot show safely
└── QuestionError       an unknown question, a wrong parameter, a template that is not read-only
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class AccordgraphError(Exception):
    """An error with its place and its way out.

    `what` is a clause without a full stop. `path` is the file as it was given, `line` is 1-based.
    """

    def __init__(
        self, what: str, *, path: str | None = None, line: int | None = None, way_out: str | None = None
    ) -> None:
        super().__init__(what)
        self.what = what
        self.path = path
        self.line = line
        self.way_out = way_out

    @property
    def place(self) -> str:
        """`file:line`, `file`, or nothing."""
        if self.path is None:
            return ""
        return self.path if self.line is None else f"{self.path}:{self.line}"

    def at(self, path: str, line: int | None = None) -> AccordgraphError:
        """The same error, placed; a place that is already known stays."""
        self.path = self.path or path
        self.line = self.line if self.line is not None else line
        return self

    def __str__(self) -> str:
        said = f"{self.what}, {self.place}" if self.place else self.what
        return f"{said}; {self.way_out}" if self.way_out else said


class ArticleError(AccordgraphError):
    """An article, or one of its claims, cannot be read or is refused."""


class RegisterError(AccordgraphError):
    """The entity register is wrong."""


class VocabularyError(AccordgraphError):
    """A kind, relation, stage or qualifier that the vocabulary lacks, or a relation with a wrong end."""


class DateError(AccordgraphError):
    """A date cannot be read, or does not exist."""


class UnknownNameError(AccordgraphError):
    """A name that no entity bears, or that several bear."""


class StoreError(AccordgraphError):
    """A graph store cannot be opened, read or written."""


class PageError(AccordgraphError):
    """A page is asked for something it cannot show safely."""


class QuestionError(AccordgraphError):
    """An unknown question, a wrong parameter, or a template that is not read-only."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?` for the nearest known word, else the list of what is known."""
    choices = sorted(known)
    near = get_close_matches(word, choices, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(choices)}"
