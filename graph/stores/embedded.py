"""The embedded engine: ArcadeDB as a native library in this process, with a Bolt port on the loopback interface."""

from __future__ import annotations

import os
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
from graph.stores import directory as files
from graph.stores.base import LAYOUT
from graph.stores.bolt import BoltStore, connect
from graph.stores.driver import without_heavy

DATABASE = "graph"
_BOLT = "Bolt:com.arcadedb.bolt.BoltProtocolPlugin"
_TRIES = 5  # to start: a port that was free may be taken before the engine binds it


def open_embedded(directory: Path, *, write: bool) -> BoltStore:
    """The store in this directory; created if it is to be written and is absent or empty. Raises StoreError."""
    made_by = f"arcadedb {version('arcadedb')}, layout {LAYOUT}"
    with _file_errors(directory), ExitStack() as opened:
        opened.enter_context(files.claimed(directory, made_by=made_by, write=write))
        password = files.credentials(directory)
        opened.enter_context(_ending_on_sigterm())
        opened.enter_context(files.checked(directory, write=write))
        address = f"bolt://127.0.0.1:{_start(directory, opened)}"
        reader = connect(address, files.READER, password)
        writer = connect(address, files.WRITER, password) if write else None
        # runs at the latest when the interpreter exits
        stop = weakref.finalize(reader, _close, directory, opened.pop_all())
        repair = f"see that the disk has room, and {directory / 'log'}; the graph is as it was before"
        return BoltStore(reader, writer, DATABASE, place=str(directory), repair=repair, atomic=True, stop=stop)


def _close(directory: Path, opened: ExitStack) -> None:
    with _file_errors(directory):
        opened.close()


@contextmanager
def _file_errors(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{error.strerror or error}: {error.filename or directory}",
            way_out="make room on the disk, and see that you may write there",
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
                opened.callback(_stop, server, directory)
                server.create_database(DATABASE)
        except arcadedb.ArcadeDBError as failed:
            error = failed
            if "plugin" not in str(failed):
                break
        else:
            return port
    raise StoreError(
        f"The engine does not start on {directory} ({error})",
        way_out=f"see {directory / 'log'}, or {files.rebuild(directory)}",
    ) from error


def _stop(server: Any, directory: Path) -> None:
    import arcadedb

    try:
        server.stop()
    except arcadedb.ArcadeDBError as error:
        raise StoreError(
            f"The engine does not stop in order ({error})", path=str(directory), way_out=f"see {directory / 'log'}"
        ) from error


def _settings(port: int) -> dict[str, object]:
    """Of the engine: its keys have dots for underscores. Every listener stays on the loopback interface."""
    return {
        "host": "127.0.0.1",
        "server_plugins": _BOLT,
        "bolt_port": port,
        "http_port": 0,  # cannot be switched off; the system chooses a free port
        "server_saltIterations": 1,
        "txWalFlush": 1,  # a commit is on the disk before it is acknowledged
        "backup_enabled": False,
        "opencypher_loadCsv_allowFileUrls": False,
        "opencypher_loadCsv_allowRemoteUrls": False,
    }


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
