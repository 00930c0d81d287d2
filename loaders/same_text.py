"""Documents of one text brought together: who annotated it, and what each of them marked.

Whose a document is that names nobody is told by the path that was given, or by where the file stands beside others.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from loaders.document import Document
from loaders.files import INSIDE
from loaders.marks import CURATION, Marks, marks_of
from loaders.profile import Profile

UNNAMED = "texts that stand there more than once, and nothing says by whom"

_FILE = re.compile(r"(\.(ann|conllu?|gz|jsonl?|spacy|tar|tgz|tsv|ttl|txt|xmi|xml|zip))+$", re.IGNORECASE)


@dataclass(slots=True)
class _Work:
    """One document: the path that was given for it, its own, its id, and its marks by annotator."""

    given: str
    path: str
    id: str
    by: dict[str | None, Marks]


@dataclass(frozen=True, slots=True)
class Text:
    """A text, where it stands first, and what each annotator marked on it."""

    path: str
    id: str
    by: Mapping[str, Marks]


@dataclass
class Texts:
    """Texts being gathered: add all documents, each with the name of the path that was given for it, then take `found`.

    With `by_path` each such path is one annotator; `layers` are globs of those that count, all without any.
    `left_out` counts what cannot be compared, `named_by_path` are annotators whom no file names, `layers_seen` the
    layers of all mentions.
    """

    profile: Profile | None = None
    by_path: bool = False
    layers: Sequence[str] = ()
    left_out: Counter[str] = field(default_factory=Counter)
    named_by_path: set[str] = field(default_factory=set)
    layers_seen: set[str] = field(default_factory=set)
    _works: dict[bytes, list[_Work]] = field(default_factory=lambda: defaultdict(list))
    _formats: set[str] = field(default_factory=set)
    _layered: bool = False

    def add(self, given: str, document: Document) -> None:
        """A document; of its text nothing is kept."""
        by = marks_of(document, self.profile, self.left_out, self.layers)
        if self.by_path:
            self.named_by_path.add(given)
            by = {given: _together(by.values())}
        elif named := by.keys() - {None, CURATION}:
            nobodys = by.pop(None, Marks()) if named else Marks()
            self.left_out["marks that nobody is named for"] += len(nobodys.spans) + len(nobodys.ties)
        elif not by:
            by = {None: Marks()}
        self.layers_seen |= {mention.layer for mention in document.mentions if mention.layer}
        self._formats.add(document.format)
        self._layered |= any(len({span.layer for span in marks.spans}) > 1 for marks in by.values())
        same = f"id {document.id}" if document.text_origin == "missing" else document.text
        digest = hashlib.sha256(same.encode("utf-8", "surrogatepass")).digest()
        self._works[digest].append(_Work(given, document.path, document.id, by))

    def found(self) -> Iterator[Text]:
        """Each text once, in the order of the first document; of one text that has several ids, each id.

        Layers are told apart in exports of one format where somebody marked in more than one.
        """
        layers = self._layered and len(self._formats) == 1
        for works in self._works.values():
            self._name(works)
            for several in _of_one_id(works):
                by: dict[str, Marks] = {}
                for work in several:
                    for name, marks in work.by.items():
                        if name is not None:
                            by.setdefault(name, Marks()).add(marks if layers else marks.without_layers())
                yield Text(several[0].path, several[0].id, by)

    def _name(self, works: Sequence[_Work]) -> None:
        """Gives the works on one text that are nobody's a name, where something tells them apart."""
        nobodys = [work for work in works if None in work.by]
        names = _names(nobodys)
        for work, name in zip(nobodys, names, strict=True):
            if name is None:
                self.left_out[UNNAMED] += 1
            else:
                self.named_by_path.add(name)
                work.by.setdefault(name, Marks()).add(work.by.pop(None))


def _together(several: Iterable[Marks]) -> Marks:
    joined = Marks()
    for marks in several:
        joined.add(marks)
    return joined


def _of_one_id(works: Sequence[_Work]) -> list[list[_Work]]:
    """The works together, as ids are the tool's own; apart by id where somebody annotated the same text twice."""
    ids: dict[str, set[str]] = defaultdict(set)
    for work in works:
        for name in work.by:
            ids[name or ""].add(work.id)
    if all(len(several) == 1 for several in ids.values()):
        return [list(works)]
    apart: dict[str, list[_Work]] = defaultdict(list)
    for work in works:
        apart[work.id].append(work)
    return list(apart.values())


# --- whose a work is ---------------------------------------------------------------------------------------------


def names_of(paths: Sequence[str]) -> list[str]:
    """Paths as names of annotators: the last part of each, or as much of its end as tells it from the others."""
    parts = [_parts(path.rstrip("/")) for path in paths]
    for length in range(1, max(map(len, parts), default=0) + 1):
        names = ["/".join(part[-length:]) for part in parts]
        if len(set(names)) == len(names):
            return names
    return list(paths)


def _names(works: Sequence[_Work]) -> Sequence[str | None]:
    """By the paths that were given, where there are several; else by what first differs in the files' own."""
    if len({work.given for work in works}) != 1 or len(works) == 1:
        return [work.given for work in works]
    paths = [_parts(work.path) for work in works]
    apart = next((at for at, parts in enumerate(zip(*paths, strict=False)) if len(set(parts)) > 1), None)
    if apart is not None and any(apart < len(path) - 1 for path in paths):  # folders, or archives
        return [path[apart] for path in paths]
    stems = [path[-1].rpartition("_") for path in paths]  # news_anna.ann and news_bob.ann
    alike = apart is not None and stems[0][0] and len({stem for stem, *_ in stems}) == 1
    return [last for *_, last in stems] if alike else [None] * len(works)


def _parts(path: str) -> list[str]:
    """Folders, archives and the file; files and archives without their suffix."""
    parts = path.replace(INSIDE, "/").split("/")
    return [(_FILE.sub("", part) or part) for part in parts]
