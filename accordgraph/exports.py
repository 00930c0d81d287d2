"""Exports of annotation tools → contributions to the graph: read, joined by text, mapped by a profile."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accordgraph.cache import Cache, MappedBefore
from accordgraph.held import Held
from accordgraph.inspecting import read
from graph.build import Contribution
from graph.canonical import canonical
from graph.identity import Entity, Register
from loaders.annotators import merged
from loaders.article_fields import Taken, text_hash
from loaders.detect import detect
from loaders.diagnostics import AS_IS, SKIPPED, Diagnostic, Diagnostics
from loaders.document import Document
from loaders.files import INSIDE, File, Files
from loaders.mapping import Mapped, article_of, unmapped
from loaders.private import Private, private_in
from loaders.profile import Profile

_Found = defaultdict[tuple[str, str], list[Private]]  # private marks of any annotator, by document


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
    _told: set[str] = field(default_factory=set, init=False)  # labels without a rule
    _ids: Taken = field(default_factory=Taken, init=False)
    _left: list[Exported] = field(default_factory=list, init=False)  # files that gave no document

    def contributions(self, register: Register, cache: Cache) -> Iterator[Exported]:
        """Each document's contribution, in the order of the files; then the files that gave none."""
        context = repr(self.profile)
        for document, private in self._joined(register):
            key = cache.key(_everything(context, document, private))
            before = cache.mapped(key)
            if before and self._ids.own(before.wanted, text_hash(document.text)) == before.contribution.article.id:
                self.entities |= {one.id: one for one in before.entities}
                self._say(before.said)
                yield Exported(document.path, document.id, before.contribution)
                continue
            said: list[Diagnostic] = []
            if mapped := self._map(document, private, register, Diagnostics(sink=said.append)):
                contribution, entities = mapped.contribution, tuple(mapped.entities.values())
                cache.add(key, MappedBefore(mapped.wanted, contribution, entities, tuple(said)))
                yield Exported(document.path, document.id, contribution)
            else:
                yield Exported(document.path, None if private else document.id)  # an id may be a person's name
            self._say(said)
        yield from self._left

    def _say(self, said: Iterable[Diagnostic]) -> None:
        for one in said:
            self.diagnostics.add(
                one.code, one.path, one.message, action=one.action, place=one.place, excerpt=one.excerpt
            )

    def mapped(self, register: Register) -> Iterator[Mapped]:
        """The article of each document that makes one."""
        for document, private in self._joined(register):
            if mapped := self._map(document, private, register, self.diagnostics):
                yield mapped

    def _joined(self, register: Register) -> Iterator[tuple[Document, list[Private]]]:
        """The documents as the policy joins them, with the private marks of all their annotators."""
        private: _Found = defaultdict(list)
        for document in merged(self._documents(register, private), self.profile.annotators):
            self._tell_unmapped(document)
            yield document, private.pop((document.id, document.text), [])

    def _map(
        self, document: Document, private: Sequence[Private], register: Register, diagnostics: Diagnostics
    ) -> Mapped | None:
        mapped = article_of(
            document,
            self.profile,
            register,
            diagnostics,
            keep_annotators=self.keep_annotators,
            private=private,
            taken=self._ids,
        )
        if mapped:
            self.entities |= mapped.entities
        return mapped

    def _documents(self, register: Register, private: _Found) -> Iterator[Document]:
        with Files(self.paths, self.diagnostics) as files:
            for file in files:
                path = os.path.normpath(file.path)
                if not self.taken(path):
                    self.seen |= {path, path.partition(INSIDE)[0]}
                    yield from self._of_file(file, register, private)

    def _of_file(self, file: File, register: Register, private: _Found) -> Iterator[Document]:
        """The documents of a file; a file without any is noted as ignored, or as what could not be read."""
        quiet = Diagnostics()  # that no reader knows a file is said by the ledger
        found = detect(file, quiet, format_=self.profile.format)
        if found and not found.reader:
            return  # it goes with another one
        lost = self.diagnostics.codes.total()
        given = False
        if found and found.reader:
            held = Held(self.diagnostics, self.profile, register)
            for document in read(found.reader, file, self.profile.options, held.reading):
                given = True
                persons = [*held.lost(), *private_in(document, self.profile, register)]
                if persons:
                    private[document.id, document.text] += persons
                held.release(persons)
                yield document
            held.release()
        else:
            for one in quiet.kept:
                if one.code == "format.ambiguous":
                    self.diagnostics.add(one.code, one.path, one.message)
        if not given:
            self._left.append(Exported(file.path, ignored=self.diagnostics.codes.total() == lost))

    def _tell_unmapped(self, document: Document) -> None:
        """Labels that mean nothing: each mark where that is an error, else each label once."""
        error = self.profile.unmapped_nodes == "error"
        for label, mention in unmapped(document, self.profile):
            if error or label not in self._told:
                self._told.add(label)
                told = f"{label!r} is no kind of the vocabulary, nor of a rule"
                action, place = (SKIPPED, mention.place) if error else (AS_IS, "")
                self.diagnostics.add("label.unmapped", document.path, told, action=action, place=place)


def _everything(*parts: object) -> bytes:
    """All that parts say, as bytes."""
    try:
        return canonical(parts)
    except TypeError:  # no JSON: half a surrogate pair, a huge number
        return repr(parts).encode("utf-8", "surrogatepass")
