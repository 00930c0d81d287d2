"""The directory of an embedded store: whose it is, who may open it, and whether its files are as they were left.

`engine` says what made it, `lock` which process has it open, `password` what its engine asks for, `checksums` what the
files in `databases/` were when it was last closed. `config/` and `log/` are the engine's.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import secrets
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import StoreError

PATIENCE = 5.0  # seconds to wait for another process that has the graph open
READER, WRITER = "reader", "root"
_KEPT = (".bucket", "idx", ".dict", "schema.json")
_EARLY = ("lock",)  # what a creation that was cut short may leave
_RIGHTS = {
    "admin": (
        ["updateSecurity", "updateSchema", "updateDatabaseSettings"],
        ["createRecord", "readRecord", "updateRecord", "deleteRecord"],
    ),
    "reader": ([], ["readRecord"]),
    "*": ([], []),
}


def rebuild(directory: Path) -> str:
    """The way out where a graph cannot be read: it is made of the articles, so it can be made again."""
    return f"delete {directory} and run accordgraph build PATH --store {directory}"


@contextmanager
def claimed(directory: Path, *, made_by: str, write: bool) -> Iterator[None]:
    """Keeps other processes out of a directory that holds a graph made by this engine; creates it if `write`.

    Raises StoreError: no graph, other files, another engine's graph, or a process that has it open.
    """
    stamp = directory / "engine"
    if not stamp.exists():
        _check_creatable(directory, write=write)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(directory):
        if not stamp.exists():
            _replace(stamp, made_by)
        elif (found := _read(stamp)) != made_by:
            raise StoreError(
                f"The graph at {directory} was made by {found!r}, not by {made_by!r}", way_out=rebuild(directory)
            )
        yield


def _check_creatable(directory: Path, *, write: bool) -> None:
    if not write:
        raise StoreError(f"No graph at {directory}", way_out=f"run accordgraph build PATH --store {directory}")
    if directory.exists() and any(entry.name not in _EARLY for entry in directory.iterdir()):
        raise StoreError(f"{directory} holds other files", way_out="name a new directory, or an empty one")


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """The system lets go of the lock when its process ends, however it ends."""
    lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock, directory)
        os.pwrite(lock, f"{os.getpid():<20}".encode("ascii"), 0)  # in place: a full disk has room for that
        yield
    finally:
        os.close(lock)


def _take(lock: int, directory: Path) -> None:
    """Takes the lock, waiting a little: most processes that hold it ask one question and are gone."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                holder = os.pread(lock, 20, 0).decode("ascii", "replace").strip() or "unknown"
                raise StoreError(
                    f"The graph at {directory} is open in process {holder}",
                    way_out="close it there (a notebook holds its graph until it is closed), or end that process",
                ) from error
        time.sleep(0.05)


# --- who may do what ---------------------------------------------------------------------------------------------


def credentials(directory: Path) -> str:
    """The password of the engine's users, who stand in its configuration; both are made, or mended, where needed.

    READER may only read, which the engine itself enforces; WRITER may do everything.
    """
    path = directory / "password"
    if not path.exists() or not _read(path):
        _replace(path, secrets.token_urlsafe(24))
    password = _read(path)
    config = directory / "config"
    config.mkdir(mode=0o700, exist_ok=True)
    for name, text in (("server-users.jsonl", _users(password)), ("server-groups.json", _groups())):
        file = config / name
        if not file.exists() or _read(file) != text:  # the engine asks on the terminal where it finds no user
            _replace(file, text)
    return password


def _users(password: str) -> str:
    """The engine hashes with 65 536 rounds by default, 0.1 s at each opening; a random password needs no slow hash."""
    salt = base64.b64encode(hashlib.sha256(f"salt {password}".encode()).digest()).decode()
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 1)
    hashed = f"PBKDF2WithHmacSHA256$1${salt}${base64.b64encode(digest).decode()}"
    users = ((WRITER, "admin"), (READER, "reader"))
    return "\n".join(
        json.dumps({"name": name, "databases": {"*": [group]}, "password": hashed}) for name, group in users
    )


def _groups() -> str:
    groups = {
        name: {"resultSetLimit": -1, "readTimeout": -1, "access": access, "types": {"*": {"access": types}}}
        for name, (access, types) in _RIGHTS.items()
    }
    return json.dumps({"databases": {"*": {"groups": groups}}, "version": 2})


# --- whether files are as they were left -------------------------------------------------------------------------


Sums = dict[str, list[int]]  # file → size, time of the last change (ns), CRC-32


@contextmanager
def checked(directory: Path, *, write: bool) -> Iterator[None]:
    """Compares the database's files with their checksums, and takes new ones at the end, after an orderly close.

    The engine answers from damaged or missing files as if nothing were amiss. While the graph is open for writing, and
    after a process that was killed then, there are no checksums: the engine itself repairs what a crash leaves. Raises
    StoreError for a file that is not as it was left.
    """
    path = directory / "checksums"
    left = _compared(directory, path) if path.exists() else {}
    if write:
        path.unlink(missing_ok=True)
    yield
    now = {name: _sum(directory / name, left.get(name)) for name in _files(directory)}
    if write or now != left:
        _replace(path, json.dumps(now))


def _compared(directory: Path, path: Path) -> Sums:
    try:
        left: Sums = json.loads(_read(path))
    except ValueError as error:
        raise StoreError(f"{path} is damaged", way_out=rebuild(directory)) from error
    for name, known in left.items():
        file = directory / name
        if not file.exists():
            raise StoreError(f"{file} is missing", way_out=rebuild(directory))
        size, _, checksum = _sum(file, known)
        if [size, checksum] != [known[0], known[2]]:
            raise StoreError(f"{file} is damaged", way_out=rebuild(directory))
    return left


def _files(directory: Path) -> list[str]:
    """What the engine keeps a graph in. It also writes statistics and the like, at readings too."""
    kept = (path for path in (directory / "databases").rglob("*") if path.name.endswith(_KEPT))
    return sorted(str(path.relative_to(directory)) for path in kept)


def _sum(path: Path, known: list[int] | None) -> list[int]:
    """Size, time and checksum; the content is read only if size or time are not as known (as in a copied directory)."""
    status = path.stat()
    if known and known[:2] == [status.st_size, status.st_mtime_ns]:
        return known
    return [status.st_size, status.st_mtime_ns, zlib.crc32(path.read_bytes())]


# --- small files -------------------------------------------------------------------------------------------------


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").strip()


def _replace(path: Path, text: str) -> None:
    """Writes a file that is there whole or not at all, for its owner only."""
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    draft.replace(path)
