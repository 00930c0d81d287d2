"""JSON and JSON Lines of any shape: a profile, or a preset, says where documents, mentions and relations stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from graph.errors import ArticleError
from loaders.diagnostics import AS_IS, REPAIRED, Diagnostics
from loaders.document import Document
from loaders.files import File
from loaders.generic_ends import scalar
from loaders.generic_marks import Marked
from loaders.generic_text import GIVEN, text_of
from loaders.guessed import as_toml, guess_of
from loaders.json_path import Node, Path, read_by, unread
from loaders.json_presets import Preset, presets
from loaders.json_stream import elements
from loaders.paths import TOKENS, Marks, Paths, read_paths
from loaders.reading import Draft, Options, Reader, flat

FORMAT = "json"


def _claims(file: File, head: bytes) -> str | None:
    """Never of itself: any JSON file would do."""
    return None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The documents that the declared paths lead to; without any, those that the keys of the first element suggest.

    A profile checks its paths when it is read; here, what is wrong with them is a diagnostic.
    """
    try:
        paths = read_paths(options.paths) if options.paths else _guessed(file, diagnostics)
    except ArticleError as problem:
        diagnostics.lose("json.shape", file.path, f"the paths to read by are wrong: {problem}")
        return
    if paths and not any(one.file == file.name for one in paths.marks):  # those are read with the documents beside
        yield from _Reading(file, options, diagnostics, paths, FORMAT).documents()


def _guessed(file: File, diagnostics: Diagnostics) -> Paths | None:
    values = guess_of(file)
    if values is None:
        told = "no text in the first elements; [json] in a profile says where it is"
        diagnostics.lose("json.shape", file.path, told)
        return None
    lacking = "" if "mentions" in values else "; no mentions found by it"
    told = f"by its keys this is {as_toml(values, inline=True)}{lacking}; accordgraph profile suggest writes it down"
    diagnostics.add("json.guessed", file.path, told, action=AS_IS)
    return read_paths(values)


class _Reading:
    """A file while it is read."""

    def __init__(self, file: File, options: Options, diagnostics: Diagnostics, paths: Paths, format_: str) -> None:
        self.file = file
        self.options = options
        self.diagnostics = diagnostics
        self.paths = paths
        self.format = format_
        self.joiner = paths.joiner if options.joiner is None else options.joiner
        unit = options.unit or paths.unit
        self.unit = "codepoint" if unit == TOKENS or paths.unit == TOKENS else unit
        self.marks = paths.marks
        self.read = read_by(_of_document(paths))
        self.respaced = 0
        self.rebuilt = False  # whether it was said that texts are
        self.unread: set[str] = set()  # lists that were said not to be read

    def documents(self) -> Iterator[Document]:
        """One document after another; then, what files beside say of documents that are not there."""
        self.beside = {number: self._beside(one) for number, one in enumerate(self.marks) if one.file}
        for root in _roots(self.file, self.diagnostics):
            for node in self._located(root):
                if document := self._document(node):
                    yield document
        for number, groups in self.beside.items():
            self._left(self.marks[number], groups)
        if self.respaced:
            told = f"white space: {self.respaced} mentions whose words are the tokens but for that"
            self.diagnostics.add("offset.repaired", self.file.path, told, action=REPAIRED)

    def _located(self, root: Node) -> Iterator[Node]:
        found = self.paths.documents.nodes(root)
        if (first := next(found, None)) is not None:
            return chain((first,), found)
        lists = (one.split()[0] for one in self.paths.documents.alternatives if one.several)
        if any(isinstance(node.value, list) for path in lists for node in path.nodes(root)):
            return iter(())  # an empty one
        told = f"no documents at {self.paths.documents.text!r}"
        self.diagnostics.lose("json.shape", self.file.path, told, place=_shown(root), excerpt=str(root.value))
        return iter(())

    def _document(self, node: Node) -> Document | None:
        texted = text_of(node, self.paths, self.joiner) if isinstance(node.value, dict | list) else None
        if texted is None:
            where = " or ".join(path.text for path in (self.paths.text, self.paths.tokens) if path)
            place = _shown(node)
            self.diagnostics.lose(
                "json.shape", self.file.path, f"no text at {where}", place=place, excerpt=str(node.value)
            )
            return None
        draft = Draft(self._id(node), texted.text, self.file, self.format, self.diagnostics, unit=self.unit)
        draft.text_origin = texted.origin
        draft.tokens, draft.sentences = texted.tokens, texted.sentences
        if texted.origin != GIVEN and not self.rebuilt:
            self.rebuilt = True
            draft.warn("text.rebuilt", "offsets are of the text rebuilt from its tokens, or parts")
        self._state_metadata(node, draft)
        marked = Marked(draft, texted, self.options, self.paths, self._annotator(node, draft))
        self._state_marks(node, marked)
        return draft.finish()

    def _state_marks(self, node: Node, marked: Marked) -> None:
        id_ = marked.draft.id
        numbers = iter(range(len(self.marks)))
        for mentions in self.paths.mentions:
            marked.mentions(mentions, self._nodes(next(numbers), mentions, node, id_))
        marked.grouped_clusters(stated=bool(self.paths.clusters))
        for clusters in self.paths.clusters:
            marked.clusters(clusters, self._nodes(next(numbers), clusters, node, id_))
        for relations in self.paths.relations:
            marked.relations(relations, self._nodes(next(numbers), relations, node, id_))
        marked.finish()
        self.respaced += marked.respaced
        for path in self.paths.unread:
            if path.text not in self.unread and path.values(node):
                self.unread.add(path.text)
                told = f"what is at {path.text} is not read"
                self.diagnostics.add("format.no-relations", self.file.path, told, action=AS_IS)

    def _nodes(self, number: int, stated: Marks, node: Node, id_: str) -> Iterable[Node]:
        return self.beside[number].pop(id_, ()) if stated.file else stated.path.nodes(node)

    # --- the document itself

    def _id(self, node: Node) -> str:
        given = scalar(self.paths.id.one(node)) if self.paths.id else None
        return given or f"{self.file.stem}-{_shown(node).strip('/').replace('/', '-') or 1}"

    def _annotator(self, node: Node, draft: Draft) -> str | None:
        name = scalar(self.paths.annotator.one(node)) if self.paths.annotator else None
        if name:
            draft.annotated_by(name)
        return name

    def _state_metadata(self, node: Node, draft: Draft) -> None:
        rest = unread(node.value, self.read)
        draft.metadata = flat(rest)
        draft.extra = dict(_deeper(rest))
        for name, path in self.paths.metadata.items():
            values = [text for one in path.values(node) if (text := scalar(one))]
            if values:
                draft.metadata[name] = "; ".join(values)
        language = self.paths.language.one(node) if self.paths.language else None
        draft.language = language if isinstance(language, str) and language else None

    # --- files beside

    def _beside(self, stated: Marks) -> dict[str, list[Node]]:
        """What a file beside holds, by document."""
        groups: dict[str, list[Node]] = {}
        beside = self.file.sibling(stated.file or "")
        if beside is None:
            told = f"{stated.file} is not beside it"
            self.diagnostics.add("file.unreadable", self.file.path, told, action=AS_IS)
            return groups
        for root in _roots(beside, self.diagnostics):
            root.place = f"{beside.name}:{_shown(root)}"
            for node in stated.path.nodes(root):
                id_ = scalar(stated.document.one(node)) if stated.document else None
                groups.setdefault(id_ or "", []).append(node)
        return groups

    def _left(self, stated: Marks, groups: Mapping[str, list[Node]]) -> None:
        for id_, nodes in groups.items():
            for node in nodes:
                told = f"of document {id_}, which is not there" if id_ else "of no document"
                self.diagnostics.lose("ref.dangling", self.file.path, told, place=node.place, excerpt=str(node.value))


def _roots(file: File, diagnostics: Diagnostics) -> Iterator[Node]:
    """The elements of a file. Places in the only one are JSON pointers; in lines, pointers behind the line's number."""
    found = elements(file, diagnostics)
    few = [one for one in (next(found, None), next(found, None)) if one]
    alone = len(few) == 1 and not few[0][0].startswith("/")
    for place, value in chain(few, found):
        yield Node(value, "" if alone else place if place.startswith("/") else f"{place}:")


def _shown(node: Node) -> str:
    return node.place.removesuffix(":")


def _of_document(paths: Paths) -> list[Path]:
    """What is read of a document, and so is no metadata."""
    found = [*paths.metadata.values(), *paths.unread, *(one.tags for one in paths.mentions if one.tags)]
    found += [one for one in (paths.id, paths.text, paths.tokens, paths.language, paths.annotator) if one]
    for stated in paths.marks:
        if stated.path.steps and not stated.file:
            found.append(stated.path)
    return found


def _deeper(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What is no metadata, as it is nested in lists."""
    for key, value in values.items():
        if isinstance(value, dict):
            inner = dict(_deeper(value))
            if inner:
                yield key, inner
        elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
            yield key, value


# --- presets -----------------------------------------------------------------------------------------------------


class _OfPreset:
    """How the files of a preset are read."""

    def __init__(self, preset: Preset) -> None:
        self.preset = preset

    def read(self, file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
        yield from _Reading(file, options, diagnostics, self.preset.paths, self.preset.name).documents()


def _reader(preset: Preset) -> Reader:
    beside = {"companion": preset.companion} if preset.files else {}
    return Reader(preset.name, preset.title, preset.claims, _OfPreset(preset).read, opens=_OPENS, **beside)


_OPENS = b"{["
JSON = Reader(FORMAT, "JSON of any shape, by the paths of a profile", _claims, read, opens=_OPENS)
PRESETS = tuple(map(_reader, presets()))
