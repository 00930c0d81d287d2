"""What could not be read of an export, or only with a repair: one diagnostic each, in stable words, all counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from graph.errors import ArticleError, VocabularyError, did_you_mean

KEPT = 10_000  # diagnostics that are remembered; the rest is counted
EXCERPT = 200  # code points of the raw text that a diagnostic carries

SKIPPED, REPAIRED, AS_IS = "skipped", "repaired", "kept"

# code: what it says. A reader may use only these; docs/diagnostics.md is made of them.
CODES: dict[str, str] = {
    "annotation.draft": "work that its annotator has not handed in; it is not read",
    "annotation.prediction": "what a model proposed; it is read on request",
    "annotation.unlisted": "what stands on a text and is not in its index, so no annotation of it; it is not read",
    "archive.bad": "an archive, or one file in it, cannot be unpacked",
    "archive.path": "a file in an archive has an absolute path or one with '..'; it is left out",
    "archive.too-large": "an archive unpacks to far more than a corpus would",
    "attribute.bad": "an attribute has no name, or a value that is none",
    "encoding.not-utf8": "bytes that are no UTF-8",
    "extra.missing": "the format is read with a library that is not installed",
    "file.bad": "bytes that are not of the format, or cut off",
    "file.empty": "a file with nothing in it",
    "file.left-out": "a file of an export that is nobody's annotation; it is left out",
    "file.too-large": "a file, a line or one document in it is larger than what is read into memory",
    "file.unreadable": "a file cannot be opened",
    "format.ambiguous": "two formats fit a file; --format decides",
    "format.no-relations": "the format, or this version of it, leaves relations out",
    "format.unknown": "no reader knows the file",
    "format.version": "a version of the format that the reader was not written for",
    "id.duplicate": "two annotations have one id; the second gets another",
    "json.bad": "not JSON, or cut off",
    "json.guessed": "where texts and mentions stand is guessed from the keys; [json] in a profile says it",
    "json.shape": "JSON of another shape than the format has",
    "json.too-deep": "JSON nested deeper than any export is",
    "line.bad": "a line that the format does not have",
    "offset.bad": "offsets that are no numbers, run backwards, or lie outside the text",
    "offset.mismatch": "the text at the offsets is not the text stated, whatever the offsets count",
    "offset.repaired": "the offsets fit the text stated once they are counted in another way",
    "offset.unchecked": "offsets that cannot be checked, in a text where ways of counting differ",
    "rdf.bad": "not RDF of the format, or cut off",
    "ref.cycle": "annotations that refer to one another in a circle",
    "ref.dangling": "an annotation refers to one that is not there",
    "ref.elsewhere": "a relation ends at an annotation of another file, or of another text in it; it is kept",
    "task.not-accepted": "a task that its annotator rejected or passed over; it is not loaded",
    "text.missing": "annotations without the text they stand on",
    "text.rebuilt": "the text is rebuilt from tokens: offsets are of the rebuilt text",
    "xml.bad": "not XML, or cut off",
    "xml.entity": "XML entities declared in the file, which are refused, or elsewhere, which are not looked up",
    "xml.illegal-char": "a character reference that XML does not allow; a space stands for it",
    # of a profile, not of a reader
    "label.unmapped": "no rule of the profile matches a label",
    "relation.unmapped": "no rule of the profile matches a relation's label",
    "edge.endpoint-kind": "a relation ends at something the rule, or the vocabulary, does not allow",
    "article.field": "what an export says of a text is no value of that field; it is left out",
    "article.bad": "an article of ours has a mistake; accordgraph check names all of them",
    "article.incomplete": "the article lacks something that neither the file nor the profile gives",
    "claim.refused": "a relation matched a rule and is still no claim",
    "entity.person": "a person who is not in the register; the name is masked wherever it stands",
    "entity.undecided": "a name that the register does not decide; it stays an entity of its article alone",
    "entity.mismatch": "an identifier or a link names an entity of another kind than the mark, or none that is known",
    "qualifier.several": "several values of a qualifier that takes one; the first is taken",
    "qualifier.bad": "a value that the qualifier does not take; it is left out",
    "role.unmapped": "no rule says which part of a claim a role is; what it ties is left out",
    "trigger.untied": "words are marked with a relation's name, and nothing says who and what it joins",
}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that went wrong. `place` is a line ("14" or "14:3"), a JSON pointer ("/3/result/0") or nothing.

    `action` says what became of it: skipped, repaired or kept. `excerpt` is the raw text, `labels` are those of the
    mark that was skipped, where they are known.
    """

    code: str
    path: str
    message: str
    action: str = SKIPPED
    place: str = ""
    excerpt: str = ""
    labels: tuple[str, ...] = ()

    def __str__(self) -> str:
        mark = "#" if self.place.startswith("/") else ":"
        where = f"{self.path}{mark}{self.place}" if self.place else self.path
        return f"{where}: {self.code} {self.message} [{self.action}]"

    def as_dict(self) -> dict[str, str]:
        """The diagnostic as JSON values."""
        return {key: value for key, value in asdict(self).items() if key != "labels"}


@dataclass
class Diagnostics:
    """All diagnostics of a run. `read` and `skipped` count annotations; kept ones are the difference.

    With `strict`, the first that skips something is raised as an ArticleError. `sink` is given each as it comes.
    """

    strict: bool = False
    sink: Callable[[Diagnostic], None] | None = None
    read: int = 0
    skipped: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    kept: list[Diagnostic] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        """Whether anything was skipped."""
        return self.skipped > 0 or any(one.action == SKIPPED for one in self.kept)

    def add(
        self,
        code: str,
        path: str,
        message: str,
        *,
        action: str = SKIPPED,
        place: str = "",
        excerpt: str = "",
        labels: tuple[str, ...] = (),
    ) -> None:
        """Notes one. Raises VocabularyError for a code that is not in CODES."""
        if code not in CODES:
            raise VocabularyError(f"Unknown diagnostic {code!r}", way_out=did_you_mean(code, CODES))
        one = Diagnostic(code, path, message, action, place, excerpt[:EXCERPT], labels)
        self.codes[code] += 1
        if self.sink:
            self.sink(one)
        if len(self.kept) < KEPT:
            self.kept.append(one)
        if self.strict and action == SKIPPED:
            raise ArticleError(str(one), way_out="mend it, or leave out --strict to go on without it")

    def lose(self, code: str, path: str, message: str, *, place: str = "", excerpt: str = "") -> None:
        """Notes a piece that cannot be read at all: it counts as one annotation, as nobody knows how many it held."""
        self.read += 1
        self.skipped += 1
        self.add(code, path, message, place=place, excerpt=excerpt)
