"""A project exported from INCEpTION or WebAnno: whose work an annotation file is, and which files are no work at all.

exportedproject.json             documents, annotators, states
annotation/<document>/<user>…    one file an annotator, or a zip with the file and its type system
curation/<document>/CURATION_USER…
source/<document>                the text as it was imported; further folders hold what the tool itself needs
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from loaders.diagnostics import AS_IS, Diagnostics
from loaders.document import Value
from loaders.files import INSIDE, File, Listing
from loaders.json_stream import whole
from loaders.reading import Draft, Options

INITIAL, CURATION = "INITIAL_CAS", "CURATION_USER"
ORIGINS = {INITIAL: "initial", CURATION: "curation"}

_PROJECT = re.compile(r"exportedproject\d*\.json")
_WORK = ("annotation", "curation")
_STORED = ("annotation_ser", "curation_ser")  # the same as the tool stores it: read where there is nothing else
_WHOLE = (".tsv", ".xmi", ".json", ".zip")  # forms that hold all annotations
_RANDOM = re.compile(r"_?\d{8,}$")  # what some versions add to a user's name


@dataclass(frozen=True, slots=True)
class Work:
    """Whose work a file is. `document` is the name of the source document, `by` what each annotation is given."""

    document: str
    annotator: str | None = None
    origin: str = "manual"
    metadata: Mapping[str, Value] = field(default_factory=dict)

    @property
    def by(self) -> dict[str, Any]:
        """The annotator and the origin of each annotation."""
        return {"annotator": self.annotator, "origin": self.origin}


@dataclass(frozen=True, slots=True)
class _Project:
    name: str | None
    documents: Mapping[str, str]  # document: state
    annotations: Mapping[str, Mapping[str, str]]  # document: user: state


def work(file: File, diagnostics: Diagnostics) -> Work:
    """Whose work a file is, by where it stands; a file of its own is a document of its own."""
    for one in _outwards(file):
        folders = _parts(one.folder)
        if len(folders) < 2:  # it may have been given without its folder
            folders = _parts(one.path.rpartition(INSIDE)[2])[:-1]
        if len(folders) >= 2 and folders[-2] in _WORK + _STORED:
            return _work(one, folders[-1], diagnostics)
    return Work(file.stem)


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".")]


def named(document: str, user: str, metadata: Mapping[str, Value] | None = None) -> Work:
    """The work of a user on a document, the tool's own users apart."""
    origin = ORIGINS.get(user, "manual")
    return Work(document, None if origin == "initial" else user, origin, metadata or {})


def left_out(whose: Work, file: File, options: Options, diagnostics: Diagnostics) -> bool:
    """Whether a file is nobody's work, and is not asked for; that is said."""
    if whose.origin != "initial" or options.predictions:
        return False
    told = f"{whose.document} as it was imported, nobody's annotation; it is loaded with the predictions"
    diagnostics.add("file.left-out", file.path, told, action=AS_IS)
    return True


def begin(whose: Work, text: str, file: File, format_: str, options: Options, diagnostics: Diagnostics) -> Draft:
    """The draft of a document in UTF-16 offsets, with what the project says of it."""
    draft = Draft(whose.document, text, file, format_, diagnostics, unit=options.unit or "utf16")
    draft.metadata.update(whose.metadata)
    if whose.annotator:
        draft.annotated_by(whose.annotator, "curator" if whose.origin == "curation" else None)
    return draft


def companion(file: File) -> bool:
    """Whether a file is a type system, or belongs to a project and is no annotator's work."""
    if _PROJECT.fullmatch(file.name) or file.name.lower().endswith("typesystem.xml"):
        return True
    for one in _outwards(file):
        above = _parts(one.folder)[-2:-1]
        if one.suffix == ".ser" and above and above[0] in _STORED and _is_beside(one, above[0]):
            return True  # in a project or in a part of one
        if not (projects := _projects(Listing(one.siblings))):
            continue
        folders = PurePosixPath(one.folder).parts
        for depth in range(len(folders) + 1):
            if PurePosixPath(*folders[:depth]) in projects:
                return one.suffix == ".log" if depth == len(folders) else _is_beside(one, folders[depth])
    return False


def _is_beside(file: File, folder: str) -> bool:
    """Whether a file in this folder of a project is nobody's work, or another file has the same work."""
    if folder in _WORK:  # the text alone, or some of the annotations
        return not _is_whole(file) and any(one.suffix == ".ser" for one in _twins(file, f"{folder}_ser"))
    if folder not in _STORED or file.suffix != ".ser" or file.stem == INITIAL:
        return True
    return any(_is_whole(one) for one in _twins(file, folder.removesuffix("_ser")))


def _is_whole(file: File) -> bool:
    """Whether a file is in a form that holds all annotations, and is read."""
    return file.suffix in _WHOLE or (file.suffix == ".xml" and b"http://www.omg.org/XMI" in file.head())


def _twins(file: File, folder: str) -> Iterator[File]:
    """The files with the same user's work on the same document in another folder of the project."""
    document = PurePosixPath(file.folder)
    wanted = str(document.parent.parent / folder / document.name)
    beside = _by_folder(Listing(file.siblings)).get(wanted, ())
    user = _RANDOM.sub("", file.stem) or file.stem
    return (one for one in beside if (_RANDOM.sub("", one.stem) or one.stem) == user)


@lru_cache(maxsize=4)
def _by_folder(listing: Listing) -> Mapping[str, list[File]]:
    found: dict[str, list[File]] = defaultdict(list)
    for file in listing.files.values():
        found[file.folder].append(file)
    return found


def _outwards(file: File) -> Iterator[File]:
    """The file, the archive that it stands in, the archive that this one stands in, and so on."""
    one: File | None = file
    while one:
        yield one
        one = one.within


def _work(file: File, document: str, diagnostics: Diagnostics) -> Work:
    folder = PurePosixPath(file.folder).parent.parent
    projects = _projects(Listing(file.siblings))
    project = _project(projects[folder], diagnostics) if folder in projects else _Project(None, {}, {})
    user = _user(file.stem, document, project)
    said = {
        "project": project.name,
        "document_state": project.documents.get(document),
        "annotation_state": project.annotations.get(document, {}).get(user),
    }
    return named(document, user, {key: value for key, value in said.items() if value is not None})


def _user(stem: str, document: str, project: _Project) -> str:
    """The user of a file's name, to which some versions add a number."""
    known = {*project.annotations.get(document, ()), *ORIGINS}
    fitting = [user for user in known if stem == user or re.fullmatch(rf"{re.escape(user)}_?\d+", stem)]
    return max(fitting, key=len, default="") or _RANDOM.sub("", stem) or stem


# --- the project's own file --------------------------------------------------------------------------------------


class _Described:
    """A project's own file, which says what is in it once it is asked."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.said: _Project | None = None


@lru_cache(maxsize=4)
def _projects(listing: Listing) -> Mapping[PurePosixPath, _Described]:
    """The projects among these files, by their folder."""
    found = (file for file in listing.files.values() if _PROJECT.fullmatch(file.name))
    return {PurePosixPath(file.folder): _Described(file) for file in found}


def _project(described: _Described, diagnostics: Diagnostics) -> _Project:
    if described.said is None:
        described.said = _read(whole(described.file, diagnostics))
    return described.said


def _read(said: Any) -> _Project:
    annotations: dict[str, dict[str, str]] = defaultdict(dict)
    for one in _objects(said, "annotation_documents"):
        annotations[str(one.get("name"))][str(one.get("user"))] = str(one.get("state"))
    name = said.get("name") if isinstance(said, dict) else None
    documents = {str(one.get("name")): str(one.get("state")) for one in _objects(said, "source_documents")}
    return _Project(name if isinstance(name, str) else None, documents, annotations)


def _objects(said: Any, key: str) -> Iterator[dict[str, Any]]:
    values = said.get(key) if isinstance(said, dict) else None
    yield from (one for one in values if isinstance(one, dict)) if isinstance(values, list) else ()
