"""The embedded engine: ArcadeDB as a native library in this process, with a Bolt port on the loopback interface.

A directory holds one graph: `engine` (what made it), `lock`, `password`, `config/`, `databases/`, `log/`.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import secrets
import signal
import socket
import threading
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any

from graph.errors import StoreError
from graph.stores.bolt import BoltStore, connect, without_heavy

DATABASE = "graph"
LAYOUT = 1  # of nodes, relationships and files; a graph in another layout is built anew
_TRIES = 5  # to start: a port that was free may be taken before the engine binds it
_READER, _WRITER = "reader", "root"
_USERS, _GROUPS = "server-users.jsonl", "server-groups.json"
_OWN = ("lock", "log")  # what an opening that was cut short may leave behind


def open_embedded(directory: Path, *, write: bool) -> BoltStore:
    """The store in this directory; created if it is to be written and is absent or empty. Raises StoreError."""
    stamp = directory / "engine"
    if not stamp.exists():
        _check_creatable(directory, write=write)
    with ExitStack() as opened, _file_errors(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened.enter_context(_lock(directory))
        _check_engine(stamp)
        password = _password(directory)
        opened.enter_context(_ending_on_sigterm())
        port = _start(directory, opened)
        address = f"bolt://127.0.0.1:{port}"
        reader = connect(address, _READER, password)
        writer = connect(address, _WRITER, password) if write else None
        # runs at the latest when the interpreter exits
        stop = weakref.finalize(reader, opened.pop_all().close)
        return BoltStore(reader, writer, DATABASE, place=str(directory), atomic=True, stop=stop)


# --- the directory -----------------------------------------------------------------------------------------------


def _check_creatable(directory: Path, *, write: bool) -> None:
    if not write:
        raise StoreError(f"No graph at {directory}", way_out=f"run accordgraph build PATH --store {directory}")
    if directory.exists() and any(entry.name not in _OWN for entry in directory.iterdir()):
        raise StoreError(f"{directory} holds other files", way_out="name a new directory, or an empty one")


def _check_engine(stamp: Path) -> None:
    """Leaves a stamp of the engine, or compares what stands there. Another version's files may be read wrongly."""
    ours = f"arcadedb {version('arcadedb')}, layout {LAYOUT}"
    if not stamp.exists():
        stamp.write_text(ours + "\n", encoding="utf-8")
    elif (found := stamp.read_text(encoding="utf-8").strip()) != ours:
        raise StoreError(f"The graph at {stamp.parent} was made by {found}, not {ours}", way_out=_rebuild(stamp.parent))


def _rebuild(directory: Path) -> str:
    return f"delete {directory} and run accordgraph build PATH --store {directory}"


@contextmanager
def _lock(directory: Path) -> Iterator[None]:
    """Keeps other processes out. The system lets go of the lock when its process ends, however it ends."""
    lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(lock, 20, 0).decode("ascii").strip() or "unknown"
            raise StoreError(
                f"The graph at {directory} is open in process {holder}", way_out="close it there, or end that process"
            ) from error
        os.pwrite(lock, f"{os.getpid():<20}".encode("ascii"), 0)  # in place, so that a full disk has room for it
        yield
    finally:
        os.close(lock)


def _password(directory: Path) -> str:
    """The password of this directory's engine, made together with the engine's users when first needed."""
    path, users, groups = directory / "password", directory / "config" / _USERS, directory / "config" / _GROUPS
    if not (path.exists() and users.exists() and groups.exists()):
        password = secrets.token_urlsafe(24)
        users.parent.mkdir(mode=0o700, exist_ok=True)
        _replace(users, _users(password))
        _replace(groups, _groups())
        _replace(path, password)
    return path.read_text(encoding="ascii")


def _users(password: str) -> str:
    """The engine's users: one that may do everything and one that may only read, which the engine itself enforces.

    The engine hashes slowly by default (65 536 rounds, 0.1 s at each opening); a random password needs no slow hash.
    """
    salt = base64.b64encode(secrets.token_bytes(32)).decode()
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 1)
    hashed = f"PBKDF2WithHmacSHA256$1${salt}${base64.b64encode(digest).decode()}"
    return "".join(
        json.dumps({"name": name, "databases": {"*": [group]}, "password": hashed}) + "\n"
        for name, group in ((_WRITER, "admin"), (_READER, "reader"))
    )


def _groups() -> str:
    groups = {
        "admin": _group(
            access=["updateSecurity", "updateSchema", "updateDatabaseSettings"],
            types=["createRecord", "readRecord", "updateRecord", "deleteRecord"],
        ),
        "reader": _group(access=[], types=["readRecord"]),
        "*": _group(access=[], types=[]),
    }
    return json.dumps({"databases": {"*": {"groups": groups}}, "version": 2})


def _group(*, access: list[str], types: list[str]) -> dict[str, Any]:
    return {"resultSetLimit": -1, "readTimeout": -1, "access": access, "types": {"*": {"access": types}}}


def _replace(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


@contextmanager
def _file_errors(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{error.strerror or error}: {error.filename or directory}",
            way_out="make room and see that you may write there",
        ) from error


# --- the engine --------------------------------------------------------------------------------------------------


def _start(directory: Path, opened: ExitStack) -> int:
    """Starts the engine in this process, to be stopped with `opened`. Returns its Bolt port."""
    with without_heavy():
        import arcadedb
    error: Exception | None = None
    for _ in range(_TRIES):
        port = _free_port()
        try:
            with _logging_to(directory / "log"), without_heavy():
                server = arcadedb.create_server(str(directory), config=_settings(port))
                server.start()
                opened.callback(server.stop)
                server.create_database(DATABASE)
        except arcadedb.ArcadeDBError as failed:
            error = failed
            if "plugin" not in str(failed):
                break
        else:
            return port
    raise StoreError(
        f"The engine does not start on {directory} ({error})",
        way_out=f"see {directory / 'log'}, or {_rebuild(directory)}",
    ) from error


def _settings(port: int) -> dict[str, object]:
    """Of the engine: its keys have dots for underscores. Every listener stays on the loopback interface."""
    return {
        "host": "127.0.0.1",
        "server_plugins": _BOLT_PLUGIN,
        "bolt_port": port,
        "http_port": 0,  # cannot be switched off; the system chooses a free port
        "server_saltIterations": 1,
        "txWalFlush": 1,  # a commit is on the disk before it is acknowledged
        "backup_enabled": False,
        "opencypher_loadCsv_allowFileUrls": False,
        "opencypher_loadCsv_allowRemoteUrls": False,
    }


_BOLT_PLUGIN = "Bolt:com.arcadedb.bolt.BoltProtocolPlugin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _logging_to(log: Path) -> Iterator[None]:
    """Sends the engine's log to files. It reads where to from the environment, once, when its library is loaded."""
    settings = {"ARCADEDB_LOG_DIR": str(log), "ARCADEDB_LOG_CONSOLE": "0"}
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Lets SIGTERM unwind the program, so that stores are closed, where the program has not decided otherwise."""
    ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if ours:
        signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        if ours and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _exit(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
