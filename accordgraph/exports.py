"""Exports of annotation tools → contributions to the graph: read, joined by text, mapped by a profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accordgraph.inspecting import read
from graph.build import Contribution, contribute
from graph.errors import AccordgraphError
from graph.identity import Entity, Register
from loaders.annotators import merged
from loaders.detect import detect
from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.files import Files
from loaders.mapping import article_of, unmapped
from loaders.profile import Profile


@dataclass(frozen=True, slots=True)
class Exported:
    """What one document of an export came to: a contribution, or why there is none."""

    path: str
    document: str
    contribution: Contribution | None
    problems: tuple[AccordgraphError, ...] = ()


@dataclass
class Exports:
    """The exports below some paths. `diagnostics` has what was found in them, `entities` what only they name."""

    paths: Sequence[Path]
    profile: Profile
    diagnostics: Diagnostics
    taken: Callable[[str], bool]  # whether a file is read as one of our own articles
    keep_annotators: bool = False
    entities: dict[str, Entity] = field(default_factory=dict, init=False)
    read_files: set[str] = field(default_factory=set, init=False)

    def contributions(self, register: Register) -> Iterator[Exported]:
        """Each document's contribution, in the order of the files."""
        for document in merged(self._documents(), self.profile.annotators):
            self._tell_unmapped(document)
            mapped = article_of(document, self.profile, register, self.diagnostics)
            if mapped is None:  # the diagnostics say why
                yield Exported(document.path, document.id, None)
                continue
            here = register.beside(mapped.entities)
            contribution, problems = contribute(mapped.article, here, keep_annotators=self.keep_annotators)
            self.entities |= mapped.entities
            yield Exported(document.path, document.id, contribution, tuple(problems))

    def _documents(self) -> Iterator[Document]:
        quiet = Diagnostics()  # what no reader knows is in the ledger as ignored
        with Files(self.paths, self.diagnostics) as files:
            for file in files:
                if self.taken(file.path):
                    continue
                found = detect(file, quiet, format_=self.profile.format)
                if found:
                    self.read_files.add(file.path)
                if found and found.reader:
                    yield from read(found.reader, file, self.profile.options, self.diagnostics)

    def _tell_unmapped(self, document: Document) -> None:
        for label in dict.fromkeys(unmapped(document, self.profile)):
            self.diagnostics.add(
                "label.unmapped", document.path, f"{label!r} is no kind of the vocabulary, nor of a rule", action="kept"
            )
