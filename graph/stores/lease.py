"""One loader at a time on a server: a lease on the graph, kept on its Build node and renewed by every transaction."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from graph.errors import StoreError
from graph.stores.driver import driver_package

if TYPE_CHECKING:
    from neo4j import ManagedTransaction, Session

LEASE = 60.0  # seconds after which a loader that has written nothing more is taken for dead
PATIENCE = 5.0  # seconds to wait for another loader
LOCKED = 10.0  # seconds to wait for a lock on the Build node
_PAUSE = 0.25
_held: set[str] = set()  # the leases that this process has

# The SET comes first: it takes the node's lock, and only then is the loader read.
_CLAIM = """
MERGE (b:Build {id: 'current'})
SET b.asking = $me
WITH b WHERE b.loader IS NULL OR b.loader = $me OR b.loader IN $dead OR b.beat < timestamp() - $lease
SET b.loader = $me, b.beat = timestamp()
REMOVE b.asking
RETURN b.loader
"""
_HOLDER = "MATCH (b:Build {id: 'current'}) RETURN b.loader, (timestamp() - b.beat) / 1000"
_RENEW = "MATCH (b:Build {id: 'current'}) WHERE b.loader = $me SET b.beat = timestamp() RETURN b.loader"
_RELEASE = "MATCH (b:Build {id: 'current'}) WHERE b.loader = $me REMOVE b.loader, b.beat"


class _Taken(Exception):  # noqa: N818  # never leaves this module
    """Another loader has the lease."""

    def __init__(self, loader: str, seconds: int) -> None:
        host, pid, _ = loader.split("/")
        super().__init__(f"process {pid} on {host}, last heard of {seconds} s ago")


class Lease:
    """The right to write, for as long as a `with held(…)` block lasts."""

    def __init__(self, place: str) -> None:
        self.me = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(8)}"
        self.place = place

    @contextmanager
    def held(self, session: Session) -> Iterator[None]:
        """Claims the lease, waiting a little for another loader, and gives it back. Raises StoreError if taken."""
        self._claim(session)
        _held.add(self.me)
        try:
            yield
        except BaseException:
            with suppress(driver_package().exceptions.Neo4jError, driver_package().exceptions.DriverError):
                self._release(session)  # what went wrong before is what is told
            raise
        finally:
            _held.discard(self.me)
        self._release(session)

    def renew(self, transaction: ManagedTransaction) -> None:
        """The first statement of every transaction: takes the lock, and refuses if another loader has taken over."""
        if not transaction.run(_RENEW, me=self.me).values():
            raise StoreError(
                "Another loader has taken over", path=self.place, way_out="wait until it has finished, and build again"
            )

    def _release(self, session: Session) -> None:
        session.run(driver_package().Query(_RELEASE, timeout=LOCKED), me=self.me).consume()

    def _claim(self, session: Session) -> None:
        deadline = time.monotonic() + PATIENCE
        timed = driver_package().unit_of_work(timeout=LOCKED)
        while True:
            try:
                session.execute_write(timed(self._try))
            except _Taken as taken:
                if time.monotonic() > deadline:
                    raise StoreError(
                        f"Another loader is writing ({taken})",
                        path=self.place,
                        way_out=f"wait until it has finished; one that is silent for {LEASE:g} s is taken for dead",
                    ) from taken
                time.sleep(_PAUSE)
            else:
                return

    def _try(self, transaction: ManagedTransaction) -> None:
        held = transaction.run(_HOLDER).values()
        dead = [held[0][0]] if held and _dead(held[0][0]) else []
        if transaction.run(_CLAIM, me=self.me, dead=dead, lease=int(LEASE * 1000)).values():
            return
        raise _Taken(*transaction.run(_HOLDER).values()[0])  # rolls back, so that nothing is left of the attempt


def _dead(loader: str | None) -> bool:
    """Whether this was a process of this machine that is no more, or a load of this process that has failed."""
    host, pid, _ = (loader or "//").split("/")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return loader not in _held
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
