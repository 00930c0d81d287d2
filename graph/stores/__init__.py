"""Graph stores: where a graph is kept and asked. `open_store` opens one, whatever engine holds it."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from graph.errors import StoreError
from graph.stores.base import Access as Access
from graph.stores.base import Changes as Changes
from graph.stores.base import Location as Location
from graph.stores.base import Progress as Progress
from graph.stores.base import Rows as Rows
from graph.stores.base import Store as Store
from graph.stores.base import View as View
from graph.stores.base import Writer as Writer

_SCHEMES = tuple(f"{kind}{security}://" for kind in ("bolt", "neo4j") for security in ("", "+s", "+ssc"))


def open_store(location: str | os.PathLike[str], *, write: bool = False, access: Access | None = None) -> Store:
    """Opens the graph store at a directory, or at a bolt:// or neo4j:// address (also with +s, +ssc).

    A directory that does not exist is created if `write`. A server is entered with `access`, by default that of the
    Location or else of the environment (`Access.from_environment`). Use it in a `with` block. Raises StoreError if
    there is no graph to read, another process has it open, or the server does not let us in.
    """
    place = os.fspath(location)
    access = access or (location.access if isinstance(location, Location) else Access.from_environment())
    with ExitStack() as opened:
        store = opened.enter_context(_opened(place, access, write=write))
        if not write and store.root_hash() is None:
            raise StoreError(f"No complete graph at {place}", way_out=f"run accordgraph build PATH --store {place}")
        opened.pop_all()  # it stays open
        return store


def _opened(location: str, access: Access, *, write: bool) -> Store:
    # The driver and the engine are imported when a store is opened, not when this package is.
    if location.startswith(_SCHEMES):
        from graph.stores.bolt import open_server

        return open_server(location, access, write=write)
    if "://" in location:
        raise StoreError(f"Unknown store {location!r}", way_out=f"give a directory, or one of {', '.join(_SCHEMES)}")
    from graph.stores.embedded import open_embedded

    return open_embedded(Path(location), write=write)
