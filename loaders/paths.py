"""Where a JSON file has what a document holds: the [json] table of a profile, or of a preset, read and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.errors import ArticleError, did_you_mean
from loaders.document import ORIGINS
from loaders.json_path import Path, path_of
from loaders.offsets import UNITS

TOKENS = "token"
INSIDE = "inside"  # what a cluster has whose members are not named
ENDS = ("id", "index", "offsets", TOKENS, "tokens", "words", "cluster")

_HERE = path_of("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What mentions, relations and clusters share: `path` leads to each of them.

    `file` is a file beside, whose annotations name their document at `document`. What has no value at `where` is
    passed over; what has a status among `reject` is not loaded.
    """

    path: Path = _HERE
    file: str | None = None
    document: Path | None = None
    where: Path | None = None
    type: tuple[Path, ...] = ()
    id: Path | None = None
    layer: Path | None = None
    annotator: Path | None = None
    confidence: Path | None = None
    status: Path | None = None
    reject: tuple[str, ...] = ()
    origin: str = "manual"
    attributes: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionPaths(Marks):
    """Mentions: from `start` to `end`, or of a `length`; counted in the sentence whose number is at `sentence`.

    With `inclusive`, `end` is the last one itself. Without `start` they are where their words stand. `first_token` and
    `last_token` only serve the ends of relations. Mentions with the same `cluster` are of one cluster. `tags` are those
    of the tokens (B-, I-, O …), in the place of everything else.
    """

    start: Path | None = None
    end: Path | None = None
    length: Path | None = None
    inclusive: bool = False
    sentence: Path | None = None
    first_token: Path | None = None
    last_token: Path | None = None
    surface: Path | None = None
    link: Path | None = None
    scheme: Path | None = None
    cluster: Path | None = None
    tags: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationPaths(Marks):
    """Relations: `head` and `tail` lead to what `ends` says they are, one path or two (start and end)."""

    head: tuple[Path, ...] = ()
    tail: tuple[Path, ...] = ()
    ends: str = "id"
    directed: Path | None = None
    evidence: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPaths(Marks):
    """Clusters: their `members` are what `ends` says; without `members`, the mentions that stand inside."""

    members: Path | None = None
    ends: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where everything is; `unit` is what offsets count in.

    Several texts, or `tokens`, are joined with `joiner`. Lists at `unread` hold what no path reads: that is said.
    """

    documents: Path = _HERE
    id: Path | None = None
    text: Path | None = None
    tokens: Path | None = None
    joiner: str | None = None
    language: Path | None = None
    annotator: Path | None = None
    unit: str = "codepoint"
    metadata: Mapping[str, Path] = field(default_factory=dict)
    mentions: tuple[MentionPaths, ...] = ()
    relations: tuple[RelationPaths, ...] = ()
    clusters: tuple[ClusterPaths, ...] = ()
    unread: tuple[Path, ...] = ()

    @property
    def marks(self) -> tuple[Marks, ...]:
        """Mentions, clusters and relations, in the order in which they are read."""
        return (*self.mentions, *self.clusters, *self.relations)

    @property
    def kinds_of_ends(self) -> set[str]:
        """Everything of ENDS that is asked for, and INSIDE."""
        asked = {one.ends for one in self.relations}
        return asked | {INSIDE if one.members is None else one.ends for one in self.clusters}


# --- reading -----------------------------------------------------------------------------------------------------

_Readers = Mapping[str, Callable[[Any, str], Any]]


def read_paths(values: Mapping[str, Any]) -> Paths:
    """The paths that a [json] table declares. Raises ArticleError that names the key."""
    paths = Paths(**_table(values, _PATHS, "json"))
    if paths.text is None and paths.tokens is None:
        raise ArticleError("[json] names no text", way_out='write text = "…", or tokens = "…[]"')
    for mentions in paths.mentions:
        _check_mentions(mentions, paths)
    for relations in paths.relations:
        _check_relations(relations)
    return paths


def _check_mentions(mentions: MentionPaths, paths: Paths) -> None:
    if mentions.tags is not None and paths.tokens is None:
        raise ArticleError("[json.mentions] has tags of no tokens", way_out='write tokens = "…[]" under [json]')
    if mentions.start is None and mentions.surface is None and mentions.tags is None:
        raise ArticleError("[json.mentions] says not where they stand", way_out='write start = "…", or surface = "…"')
    if mentions.start is not None and mentions.end is None and mentions.length is None:
        raise ArticleError("[json.mentions] has no end", way_out='write end = "…", or length = "…"')
    if paths.unit == TOKENS and paths.tokens is None:
        raise ArticleError("[json] counts in tokens and names none", way_out='write tokens = "…[]" under [json]')
    _check_file(mentions, "mentions")


def _check_relations(relations: RelationPaths) -> None:
    wanted = 2 if relations.ends in ("offsets", "tokens") else 1
    for name, ends in (("head", relations.head), ("tail", relations.tail)):
        if len(ends) != wanted:
            told = f"[json.relations] has {len(ends)} paths for {name}, not {wanted}"
            shape = '["START", "END"]' if wanted == 2 else '"…"'
            raise ArticleError(told, way_out=f"write {name} = {shape}, as ends is {relations.ends!r}")
    _check_file(relations, "relations")


def _check_file(marks: Marks, name: str) -> None:
    if marks.file and marks.document is None:
        told = f"[json.{name}] are in {marks.file}, and nothing says of which document"
        raise ArticleError(told, way_out='write document = "…"')


def _path(value: Any, key: str) -> Path:
    if not isinstance(value, str):
        raise ArticleError(f"{key} is no path: {value!r}", way_out=f'write {key} = "…"')
    return path_of(value)


def _paths(value: Any, key: str) -> tuple[Path, ...]:
    return tuple(_path(one, key) for one in (value if isinstance(value, list) else [value]))


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise ArticleError(f"{key} is no text: {value!r}", way_out=f'write {key} = "…"')
    return value


def _texts(value: Any, key: str) -> tuple[str, ...]:
    return tuple(_text(one, key) for one in (value if isinstance(value, list) else [value]))


def _flag(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise ArticleError(f"{key} is neither true nor false: {value!r}", way_out=f"write {key} = true")
    return value


def _named(value: Any, key: str) -> dict[str, Path]:
    if not isinstance(value, Mapping):
        raise ArticleError(f"{key} is no table", way_out=f'write {key} = {{ name = "path" }}')
    return {str(name): _path(one, f"{key}.{name}") for name, one in value.items()}


def _among(*choices: str) -> Callable[[Any, str], str]:
    def read(value: Any, key: str) -> str:
        if value not in choices:
            raise ArticleError(f"Unknown {key} {value!r}", way_out=did_you_mean(str(value), choices))
        return str(value)

    return read


def _several(sort: type, readers: _Readers) -> Callable[[Any, str], tuple[Any, ...]]:
    """A table, or several of them in double brackets."""

    def read(value: Any, key: str) -> tuple[Any, ...]:
        tables = value if isinstance(value, list) else [value]
        return tuple(sort(**_table(table, readers, f"json.{key}")) for table in tables)

    return read


def _table(values: Any, readers: _Readers, name: str) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        raise ArticleError(f"{name} is no table", way_out=f"write [{name}]")
    for key in values:
        if key not in readers:
            raise ArticleError(f"Unknown key {key!r} of [{name}]", way_out=did_you_mean(key, readers))
    return {key: readers[key](value, key) for key, value in values.items()}


_MARKS: _Readers = {
    "path": _path,
    "file": _text,
    "document": _path,
    "where": _path,
    "type": _paths,
    "id": _path,
    "layer": _path,
    "annotator": _path,
    "confidence": _path,
    "status": _path,
    "reject": _texts,
    "origin": _among(*ORIGINS),
    "attributes": _named,
}
_MENTIONS: _Readers = {
    **_MARKS,
    "start": _path,
    "end": _path,
    "length": _path,
    "inclusive": _flag,
    "sentence": _path,
    "first_token": _path,
    "last_token": _path,
    "surface": _path,
    "link": _path,
    "scheme": _path,
    "cluster": _path,
    "tags": _path,
}
_RELATIONS: _Readers = {
    **_MARKS,
    "head": _paths,
    "tail": _paths,
    "ends": _among(*ENDS),
    "directed": _path,
    "evidence": _path,
}
_CLUSTERS: _Readers = {**_MARKS, "members": _path, "ends": _among(*(one for one in ENDS if one != "cluster"))}
_PATHS: _Readers = {
    "documents": _path,
    "id": _path,
    "text": _path,
    "tokens": _path,
    "joiner": _text,
    "language": _path,
    "annotator": _path,
    "unit": _among(*UNITS, TOKENS),
    "metadata": _named,
    "mentions": _several(MentionPaths, _MENTIONS),
    "relations": _several(RelationPaths, _RELATIONS),
    "clusters": _several(ClusterPaths, _CLUSTERS),
    "unread": _paths,
}
