"""Exports of annotation tools → contributions to the graph: read, joined by text, mapped by a profile."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from accordgraph.inspecting import read
from graph.build import Contribution
from graph.identity import Entity, Register
from loaders.annotators import merged
from loaders.article_fields import article_id
from loaders.detect import detect
from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.files import INSIDE, File, Files
from loaders.mapping import Mapped, article_of, unmapped
from loaders.profile import Profile


@dataclass(frozen=True, slots=True)
class Exported:
    """What a file, or one document in it, came to: a contribution, or none; `ignored` where no reader knows the file.

    Why there is none is among the diagnostics.
    """

    path: str
    document: str | None = None
    contribution: Contribution | None = None
    ignored: bool = False


@dataclass
class Exports:
    """The exports below some paths. `diagnostics` has what was found in them, `entities` what only they name."""

    paths: Sequence[str | Path]
    profile: Profile
    diagnostics: Diagnostics
    taken: Callable[[str], bool] = lambda path: False  # whether a file is read elsewhere
    keep_annotators: bool = False
    entities: dict[str, Entity] = field(default_factory=dict, init=False)
    seen: set[str] = field(default_factory=set, init=False)  # files, and archives that files were in
    _ids: dict[str, str] = field(default_factory=dict, init=False)  # article id → hash of the text that has it
    _left: list[Exported] = field(default_factory=list, init=False)  # files that gave no document

    def contributions(self, register: Register) -> Iterator[Exported]:
        """Each document's contribution, in the order of the files; then the files that gave none."""
        for document, mapped in self.mapped(register):
            yield Exported(document.path, document.id, mapped.contribution if mapped else None)
        yield from self._left

    def mapped(self, register: Register) -> Iterator[tuple[Document, Mapped | None]]:
        """Each document with the article that it makes."""
        for document in merged(self._documents(), self.profile.annotators):
            self._tell_unmapped(document)
            mapped = article_of(
                self._with_own_id(document),
                self.profile,
                register,
                self.diagnostics,
                keep_annotators=self.keep_annotators,
            )
            if mapped:
                self.entities |= mapped.entities
            yield document, mapped

    def _with_own_id(self, document: Document) -> Document:
        """Another text under an id that is taken gets a part of its hash behind it."""
        digest = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
        first = self._ids.setdefault(article_id(document.id), digest)
        return document if first == digest else replace(document, id=f"{document.id}-{digest[:8]}")

    def _documents(self) -> Iterator[Document]:
        with Files(self.paths, self.diagnostics) as files:
            for file in files:
                path = os.path.normpath(file.path)
                if not self.taken(path):
                    self.seen |= {path, path.partition(INSIDE)[0]}
                    yield from self._of_file(file)

    def _of_file(self, file: File) -> Iterator[Document]:
        """The documents of a file; a file without any is noted as ignored, or as what could not be read."""
        quiet = Diagnostics()  # that no reader knows a file is said by the ledger
        found = detect(file, quiet, format_=self.profile.format)
        if found and not found.reader:
            return  # it goes with another one
        lost = self.diagnostics.codes.total()
        given = False
        if found and found.reader:
            for document in read(found.reader, file, self.profile.options, self.diagnostics):
                given = True
                yield document
        else:
            for one in quiet.kept:
                if one.code == "format.ambiguous":
                    self.diagnostics.add(one.code, one.path, one.message)
        if not given:
            self._left.append(Exported(file.path, ignored=self.diagnostics.codes.total() == lost))

    def _tell_unmapped(self, document: Document) -> None:
        action = "skipped" if self.profile.unmapped_nodes == "error" else "kept"
        for label in dict.fromkeys(unmapped(document, self.profile)):
            told = f"{label!r} is no kind of the vocabulary, nor of a rule"
            self.diagnostics.add("label.unmapped", document.path, told, action=action)
