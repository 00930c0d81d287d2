"""What is in exports of annotation tools: counts for each file, before anything is built of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.errors import ArticleError
from loaders.detect import detect, detected
from loaders.diagnostics import Diagnostic, Diagnostics
from loaders.document import Document
from loaders.files import File, Files
from loaders.reading import Options, Reader

COUNTS = (
    "documents",
    "mentions",
    "relations",
    "events",
    "attributes",
    "links",
    "notes",
    "clusters",
    "surfaces_stated",
    "surfaces_equal",
    "read",
    "kept",
    "skipped",
)
_KEPT = ("mentions", "relations", "events", "clusters", "notes")


@dataclass
class Inspected:
    """What one file holds. `format` is None where no reader reads it; `why` says how the format was found.

    `read` annotations are those that the file states, `kept` those that came out, `skipped` the others. `labels` counts
    mentions by label, `relation_labels` relations and events by theirs.
    """

    path: str
    format: str | None
    why: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    annotators: set[str] = field(default_factory=set)
    labels: Counter[str] = field(default_factory=Counter)
    relation_labels: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, document: Document) -> None:
        """Counts a document."""
        counts = self.counts
        counts["documents"] += 1
        for sort in _KEPT:
            counts[sort] += len(getattr(document, sort))
        counts["attributes"] += sum(len(values) for one in document.annotations for values in one.attributes.values())
        counts["links"] += sum(len(mention.links) for mention in document.mentions)
        for mention in document.mentions:
            self.labels.update(mention.types)
            if mention.surface is not None:
                counts["surfaces_stated"] += 1
                counts["surfaces_equal"] += document.words(mention) == mention.surface
        self.relation_labels.update(one.type or "" for one in document.relations)
        self.relation_labels.update(one.type or "" for one in document.events)
        makers = {one.annotator for one in document.annotations if one.annotator}
        self.annotators |= makers | {annotator.id for annotator in document.annotators}

    def close(self, diagnostics: Diagnostics) -> None:
        """Takes over what the reader said. Raises ArticleError where counts do not add up: a fault of the reader."""
        self.counts["read"], self.counts["skipped"] = diagnostics.read, diagnostics.skipped
        self.codes, self.diagnostics = diagnostics.codes, diagnostics.kept
        self.counts["kept"] = sum(self.counts[sort] for sort in _KEPT)
        lost = diagnostics.read - diagnostics.skipped - self.counts["kept"]
        if self.format and lost:
            raise ArticleError(
                f"{self.format}: {diagnostics.read} annotations read, {self.counts['kept']} kept and "
                f"{diagnostics.skipped} skipped do not add up",
                path=self.path,
                way_out="please report it with the file",
            )

    def as_dict(self) -> dict[str, Any]:
        """The counts as JSON values."""
        return {"path": self.path, "format": self.format, **self.figures()}

    def figures(self) -> dict[str, Any]:
        """What is summed over files."""
        return {
            **{name: self.counts[name] for name in COUNTS},
            "annotators": sorted(self.annotators),
            "labels": dict(self.labels.most_common()),
            "relation_labels": dict(self.relation_labels.most_common()),
            "diagnostics": dict(sorted(self.codes.items())),
        }


def inspect(
    paths: Sequence[str | Path], *, format_: str | None = None, options: Options | None = None, strict: bool = False
) -> Iterator[Inspected]:
    """What each file below the paths holds, as it is read. Files that go with another one have no entry of their own.

    Raises ArticleError for a path that is not there, and with `strict` for the first annotation that cannot be read.
    """
    about = Diagnostics(strict=strict)
    with Files(paths, about) as files:
        for file in files:
            if found := _inspected(file, format_, options or Options(), strict=strict):
                yield found
    if about.codes:  # archives that could not be opened, and the like
        for path in dict.fromkeys(one.path for one in about.kept):
            mine = [one for one in about.kept if one.path == path]
            yield Inspected(path, None, codes=Counter(one.code for one in mine), diagnostics=mine)


def _inspected(file: File, format_: str | None, options: Options, *, strict: bool) -> Inspected | None:
    diagnostics = Diagnostics(strict=strict)
    found = detect(file, diagnostics, format_=format_)
    if found and not found.reader:
        return None
    inspected = Inspected(
        file.path, found.reader.format if found and found.reader else None, found.why if found else ""
    )
    if found and found.reader:
        for document in read(found.reader, file, options, diagnostics):
            inspected.add(document)
    inspected.close(diagnostics)
    return inspected


def read(reader: Reader, file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The documents of a file; one that cannot be opened or is too large gives a diagnostic instead."""
    try:
        yield from reader.read(file, options, diagnostics)
    except OSError as problem:
        diagnostics.add("file.unreadable", file.path, f"cannot be read: {problem.strerror or problem}")
    except ArticleError as problem:
        if diagnostics.strict:
            raise
        diagnostics.add("file.too-large", file.path, problem.what)


def documents(
    paths: Iterable[str | Path], diagnostics: Diagnostics, *, format_: str | None = None, options: Options | None = None
) -> Generator[Document, None, None]:
    """The documents of every file below the paths, one after another; close it where you stop early."""
    with Files(paths, diagnostics) as files:
        for found in detected(files, diagnostics, format_=format_):
            if found.reader:
                yield from read(found.reader, found.file, options or Options(), diagnostics)


def total(files: Sequence[Inspected]) -> Inspected:
    """The sums."""
    summed = Inspected("", None)
    for one in files:
        summed.counts += one.counts
        summed.annotators |= one.annotators
        summed.labels += one.labels
        summed.relation_labels += one.relation_labels
        summed.codes += one.codes
    return summed
