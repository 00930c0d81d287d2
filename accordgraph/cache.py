"""What unchanged articles and documents contribute, kept by content hash so that they are not checked again.

Only a cache: deleting it costs time, never data. A key covers the article's bytes and everything that reads them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Self, TypeVar

import orjson

from graph.build import ArticleNode, Contribution
from graph.canonical import canonical
from graph.claims import Claim, Evidence
from graph.identity import Entity
from loaders.diagnostics import Diagnostic

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class MappedBefore:
    """What came of a document of an export: what it contributes, the entities that are its own, what was said of it.

    `wanted` is the article's id, but for what another text under that id may have put behind it.
    """

    wanted: str
    contribution: Contribution
    entities: tuple[Entity, ...]
    said: tuple[Diagnostic, ...]


class Cache:
    """Contributions by key, in one SQLite file; without a path it remembers nothing."""

    def __init__(self, path: Path | None, context: str) -> None:
        self._context = hashlib.sha256((context + code_hash()).encode()).digest()
        self._file = _open(path) if path else None
        self._used: set[bytes] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def key(self, data: bytes) -> bytes:
        """The key of an article's bytes."""
        return hashlib.sha256(self._context + hashlib.sha256(data).digest()).digest()

    def get(self, key: bytes) -> Contribution | None:
        """What the article contributed the last time."""
        return self._read(key, _contribution)

    def mapped(self, key: bytes) -> MappedBefore | None:
        """What came of the document the last time."""
        return self._read(key, _mapped)

    def _read(self, key: bytes, made: Callable[[dict[str, Any]], Thing]) -> Thing | None:
        if not self._file:
            return None
        self._used.add(key)
        try:
            row = self._file.execute("SELECT value FROM contribution WHERE key = ?", (key,)).fetchone()
            return made(orjson.loads(row[0])) if row else None
        except (sqlite3.DatabaseError, orjson.JSONDecodeError, KeyError, TypeError):
            return None  # what was kept is damaged: the article is read again, and kept anew

    def add(self, key: bytes, made: Contribution | MappedBefore) -> None:
        """Keeps what was made, until the cache is closed; for good with `keep`."""
        if self._file:
            # a full disk or a damaged file costs the next build time; the first is for the store to complain of
            with suppress(sqlite3.DatabaseError):
                self._file.execute("INSERT OR REPLACE INTO contribution VALUES (?, ?)", (key, canonical(made)))

    def keep(self) -> None:
        """Keeps for good what was added, and drops what nobody asked for since the cache was opened."""
        if not self._file:
            return
        with suppress(sqlite3.DatabaseError), self._file:
            stored = {row[0] for row in self._file.execute("SELECT key FROM contribution")}
            self._file.executemany("DELETE FROM contribution WHERE key = ?", [(key,) for key in stored - self._used])


def code_hash() -> str:
    """A hash of the code and data that turn bytes into contributions: another version reads everything again."""
    digest = hashlib.sha256()
    for package in ("graph", "loaders"):
        for file in sorted(files(package).iterdir(), key=lambda f: f.name):
            if file.name.endswith((".py", ".toml", ".json")):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _open(path: Path) -> sqlite3.Connection | None:
    """The cache file; made anew where it cannot be read, and done without where none can be written."""
    for _ in range(2):
        try:
            return _connect(path)
        except sqlite3.OperationalError:
            return None  # in use elsewhere, or no room
        except sqlite3.DatabaseError:
            # a cache that cannot be read holds nothing that the articles do not say
            path.unlink(missing_ok=True)
    return None


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE IF NOT EXISTS contribution (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
    return connection


def _contribution(row: dict[str, Any]) -> Contribution:
    return Contribution(
        article=ArticleNode(**(row["article"] | {"mentions": tuple(row["article"]["mentions"])})),
        claims=tuple(_claim(one) for one in row["claims"]),
        evidence=tuple(Evidence(**(one | {"dates": tuple(one["dates"])})) for one in row["evidence"]),
    )


def _mapped(row: dict[str, Any]) -> MappedBefore:
    return MappedBefore(
        row["wanted"],
        _contribution(row["contribution"]),
        tuple(_entity(one) for one in row["entities"]),
        tuple(Diagnostic(**(one | {"labels": tuple(one["labels"])})) for one in row["said"]),
    )


def _entity(row: dict[str, Any]) -> Entity:
    facts = {key: tuple(values) for key, values in row["facts"].items()}
    return Entity(**(row | {"names": tuple(row["names"]), "keys": tuple(row["keys"]), "facts": facts}))


def _claim(row: dict[str, Any]) -> Claim:
    return Claim(**(row | {"roles": {role: tuple(ids) for role, ids in row["roles"].items()}}))
