"""The embedded engine: ArcadeDB as a native library in this process, with a Bolt port on the loopback interface.

One directory is one graph: `engine` (which engine made it), `lock`, `password`, `config/`, `databases/`, `log/`.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import IO, Any

from graph.errors import StoreError
from graph.stores.bolt import BoltStore, connect, import_lean

DATABASE = "graph"
LAYOUT = 1  # of nodes, relationships and files; another one cannot be read
_START_TRIES = 5  # a free port may be taken by others before the engine binds it
_BOLT = "Bolt:com.arcadedb.bolt.BoltProtocolPlugin"
_READER, _WRITER = "reader", "root"  # the engine insists on a root


def open_embedded(directory: Path, *, write: bool) -> BoltStore:
    """The store in this directory; created if it is to be written and absent or empty. Raises StoreError."""
    made_by = f"arcadedb {version('arcadedb')}, layout {LAYOUT}\n"
    stamp = directory / "engine"
    if not stamp.exists():
        _check_creatable(directory, write=write)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = _lock(directory)
    try:
        if not stamp.exists():
            stamp.write_text(made_by, encoding="utf-8")
        elif (found := stamp.read_text(encoding="utf-8")) != made_by:
            raise StoreError(
                f"The graph was made by {found.strip()}, this is {made_by.strip()}",
                path=str(directory),
                way_out=_rebuild(directory),
            )
        return _start(directory, lock, write=write)
    except BaseException:
        lock.close()
        raise
