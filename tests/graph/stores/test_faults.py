"""A server that fails: killed in the middle of a load, full, read-only, locked by others. One line each, and it mends."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import neo4j
import pytest

from accordgraph.pipeline import build_graph
from accordgraph.verify import verify
from benchmarks.synthetic import Parameters, write_corpus
from graph.build import Graph
from graph.errors import StoreError
from graph.stores import bolt, open_store
from tools import neo4j_server
from tools.neo4j_server import Server

pytestmark = pytest.mark.xdist_group("neo4j-faults")

MakeGraph = Callable[..., Graph]
Statement = dict[str, Any]


@pytest.fixture(scope="module")
def server(neo4j_jars: None) -> Iterator[Server]:
    """A server of this module's own: it is killed."""
    with neo4j_server.running(heap="512m") as running:
        yield running


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A graph that takes several transactions."""
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, Parameters(400, entities=200))
    return build_graph([folder]).graph


def _driver(server: Server) -> neo4j.Driver:
    return neo4j.GraphDatabase.driver(server.uri, auth=(server.access.user or "", server.access.password or ""))


def _fails(server: Server, graph: Graph, told: str) -> None:
    with pytest.raises(StoreError, match=told), open_store(server.uri, write=True, access=server.access) as store:
        store.apply(graph)


def _mends(server: Server, graph: Graph) -> None:
    with open_store(server.uri, write=True, access=server.access) as store:
        store.apply(graph)
        assert verify(store, graph) == []


@pytest.mark.parametrize("moment", [1, 4, 9])
def test_a_server_killed_in_the_middle_of_a_load_is_loaded_by_a_second_run(
    server: Server, large: Graph, make: MakeGraph, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    _mends(server, make())
    monkeypatch.setattr(bolt, "BATCH", 200)
    monkeypatch.setattr(bolt, "TRANSACTION", 800)
    monkeypatch.setattr(bolt, "RETRY", 1.0)
    seen = []

    def kill(done: int, of: int) -> None:
        seen.append(done)
        if len(seen) == moment * 4:
            server.kill()

    with (
        open_store(server.uri, write=True, access=server.access) as store,
        pytest.raises(StoreError, match="No server answers"),
    ):
        store.apply(large, kill)
    server.restart()
    with open_store(server.uri, write=True, access=server.access) as store:
        assert store.root_hash() == (make().root_hash if moment == 1 else None)  # the first transaction was undone
    _mends(server, large)


def test_a_server_restarted_while_a_load_waits_for_it_is_loaded_on(
    server: Server, large: Graph, make: MakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A break shorter than the driver's patience is bridged by its retries."""
    _mends(server, make())
    monkeypatch.setattr(bolt, "BATCH", 200)
    monkeypatch.setattr(bolt, "TRANSACTION", 800)
    restart = threading.Thread(target=server.restart)

    def kill(done: int, of: int) -> None:
        if done > 2000 and not restart.ident:
            server.kill()
            restart.start()

    with open_store(server.uri, write=True, access=server.access) as store:
        store.apply(large, kill)
        restart.join()
        assert verify(store, large) == []


def test_a_lock_of_someone_else_is_not_waited_for_for_ever(
    server: Server, make: MakeGraph, mou: Statement, meeting: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    _mends(server, make(mou))
    monkeypatch.setattr(bolt, "WRITE_TIMEOUT", 2.0)
    with _driver(server) as driver, driver.session() as session, session.begin_transaction() as holding:
        holding.run("MATCH (n {id: 'agreement:mou'}) SET n.locked = true").consume()
        before = time.monotonic()
        _fails(server, make(meeting), r"No answer in time \(.*; another transaction may hold a lock: SHOW TRANSACTIONS")
        assert time.monotonic() - before < 60
        holding.rollback()
    _mends(server, make(meeting))


def test_a_lock_on_the_lease_itself_is_not_waited_for_for_ever(server: Server, make: MakeGraph, mou: Statement) -> None:
    _mends(server, make(mou))
    with _driver(server) as driver, driver.session() as session, session.begin_transaction() as holding:
        holding.run("MATCH (b:Build) SET b.locked = true").consume()
        _fails(server, make(), r"No answer in time \(.*; another transaction may hold a lock")
        holding.rollback()
    _mends(server, make())


def test_a_full_disk_is_told_and_mends(server: Server, large: Graph, make: MakeGraph) -> None:
    """No file of the server's may grow: that is what a full disk looks like to it."""
    _mends(server, make())
    limits = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        with open_store(server.uri, write=True, access=server.access) as store, pytest.raises(StoreError) as told:
            store.apply(large)
        assert "\n" not in str(told.value)
        assert server.uri in str(told.value)
        assert told.value.way_out
    finally:
        server.kill()
        server.restart()
    _mends(server, large)


def test_a_read_only_database_is_told(server: Server, make: MakeGraph, mou: Statement) -> None:
    _mends(server, make())
    server.kill()
    conf = server.home / "conf" / "neo4j.conf"
    settings = conf.read_text(encoding="utf-8")
    conf.write_text(settings + "server.databases.read_only=neo4j\n", encoding="utf-8")
    server.restart()
    _fails(server, make(mou), r"read-only \(.*; use a user and a database that may be written")
    server.kill()
    conf.write_text(settings, encoding="utf-8")
    server.restart()
    _mends(server, make(mou))


def test_no_server_is_told_on_the_command_line() -> None:
    command = [sys.executable, "-m", "accordgraph", "build", "articles", "--store", "bolt://127.0.0.1:1"]
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: No server answers (")
    assert done.stderr.rstrip().endswith("bolt://127.0.0.1:1; check the address, and that the server runs")
    assert done.stderr.count("\n") == 1
