"""What the embedded store promises beyond every store: one process, no noise, nothing lost, clear errors."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.build import Graph
from graph.errors import StoreError
from graph.stores import open_store

Statement = dict[str, Any]
MakeGraph = Callable[..., Graph]

OPEN = "import sys\nfrom graph.stores import open_store\n"
KEEP_OPEN = OPEN + "with open_store(sys.argv[1], write=True) as store:\n    print('open', flush=True)\n    input()\n"
KEEP_WRITING = (
    OPEN
    + """import pickle, pathlib
graphs = pickle.loads(pathlib.Path(sys.argv[2]).read_bytes())
def told(done, total):
    if done == total:
        print("committing", flush=True)
with open_store(sys.argv[1], write=True) as store:
    print("open", flush=True)
    while True:
        for graph in graphs:
            store.apply(graph, told)
"""
)
FILL_UP = (
    OPEN
    + """import pickle, pathlib, resource
from graph.errors import StoreError
old, new = pickle.loads(pathlib.Path(sys.argv[2]).read_bytes())
with open_store(sys.argv[1], write=True) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    try:
        store.apply(new)
    except StoreError as error:
        print(error)
    print(store.graph() == old)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""
)


def _child(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def _until(child: subprocess.Popen[str], line: str) -> None:
    assert child.stdout
    assert child.stdout.readline() == f"{line}\n"


@pytest.fixture(scope="module")
def two(make: MakeGraph, mou: Statement) -> tuple[Graph, Graph]:
    """A small graph, and a larger one that shares some of it."""
    more = [{**mou, "article": f"a{i}", "object": f"agreement:{i % 50}", "quote": f"{i} คำ" * 20} for i in range(400)]
    return make(mou), make(mou, *more)


@pytest.fixture
def built(directory: Path, two: tuple[Graph, Graph]) -> Path:
    """A directory that holds the small graph."""
    with open_store(directory, write=True) as store:
        store.apply(two[0])
    return directory


# --- the directory -------------------------------------------------------------------------------------------------


def test_files_are_for_their_owner(built: Path) -> None:
    assert stat.S_IMODE(built.stat().st_mode) == 0o700
    assert stat.S_IMODE((built / "password").stat().st_mode) == 0o600
    assert {path.name for path in built.iterdir()} >= {"databases", "config", "log", "password", "lock"}


def test_each_directory_has_its_own_password(built: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "other", write=True):
        assert (tmp_path / "other" / "password").read_text() != (built / "password").read_text()


def test_two_stores_in_one_process(built: Path, tmp_path: Path, two: tuple[Graph, Graph]) -> None:
    with open_store(built) as one, open_store(tmp_path / "other", write=True) as other:
        other.apply(two[1])
        assert (one.graph(), other.graph()) == two


@pytest.mark.skipif(not Path("/proc/self/net/tcp6").exists(), reason="reads Linux's table of sockets")
def test_it_listens_on_loopback_only(built: Path) -> None:
    with open_store(built):
        own = {str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()}
        tables = [Path(f"/proc/self/net/{name}").read_text() for name in ("tcp", "tcp6")]
    rows = [row.split() for table in tables for row in table.splitlines()]
    listening = {row[1].partition(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in own}
    ipv4, mapped = "0100007F", "0000000000000000FFFF00000100007F"  # 127.0.0.1, little-endian
    assert listening
    assert listening <= {ipv4, mapped}


def test_no_graph_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"No graph at .*/none; run accordgraph build PATH --store .*/none"):
        open_store(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_no_complete_graph_there(directory: Path) -> None:
    open_store(directory, write=True).close()
    with pytest.raises(StoreError, match="No complete graph at"):
        open_store(directory)


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("an article", encoding="utf-8")
    with pytest.raises(StoreError, match="holds other files; name a new directory"):
        open_store(tmp_path, write=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_a_place_where_none_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="Not a directory"):
        open_store(tmp_path / "file" / "graph", write=True)


def test_an_unknown_scheme() -> None:
    with pytest.raises(StoreError, match=r"Unknown store 'http://x'; give a directory, or one of bolt://"):
        open_store("http://x")


@pytest.mark.parametrize("scheme", ["bolt", "bolt+s", "neo4j", "neo4j+ssc"])
def test_a_server_that_is_not_there(scheme: str) -> None:
    with pytest.raises(StoreError, match="No server answers"):
        open_store(f"{scheme}://127.0.0.1:1")


def test_another_engine_made_it(built: Path) -> None:
    (built / "engine").write_text("arcadedb 1.0, layout 1\n", encoding="utf-8")
    with pytest.raises(StoreError, match=r"made by 'arcadedb 1.0, layout 1', not by .*; delete .* and run accordgraph"):
        open_store(built)


def test_opened_for_reading_it_cannot_be_written(built: Path, two: tuple[Graph, Graph]) -> None:
    with open_store(built) as store, pytest.raises(StoreError, match="open for reading only"):
        store.apply(two[1])


def test_closing_twice_is_no_error(built: Path) -> None:
    store = open_store(built)
    store.close()
    store.close()
    open_store(built).close()


def test_a_lost_password_is_made_anew(built: Path, two: tuple[Graph, Graph]) -> None:
    (built / "password").unlink()
    (built / "config" / "server-users.jsonl").write_text("garbage", encoding="utf-8")
    with open_store(built) as store:
        assert store.graph() == two[0]


def test_a_copied_directory_is_the_same_graph(built: Path, tmp_path: Path, two: tuple[Graph, Graph]) -> None:
    shutil.copytree(built, tmp_path / "copy", copy_function=shutil.copyfile)
    with open_store(tmp_path / "copy") as store:
        assert store.graph() == two[0]


@pytest.mark.parametrize("harm", ["overwritten", "cut", "gone"])
@pytest.mark.parametrize("name", ["Claim_0.*.bucket", "schema.json", "Entity_0*idx", "dictionary*"])
def test_a_damaged_file_is_named(built: Path, name: str, harm: str) -> None:
    path = next((built / "databases" / "graph").glob(name))
    if harm == "overwritten":
        path.write_bytes(b"x" * path.stat().st_size)
    elif harm == "cut":
        os.truncate(path, path.stat().st_size // 2)
    else:
        path.unlink()
    for write in (False, True):
        with pytest.raises(StoreError, match=r"(is damaged|is missing); delete .* and run accordgraph build") as caught:
            open_store(built, write=write)
        assert path.name in str(caught.value)


def test_a_file_that_the_engine_cannot_read(built: Path) -> None:
    (built / "databases" / "graph" / "configuration.json").write_text("no JSON", encoding="utf-8")
    with pytest.raises(StoreError, match=r"does not start on .*; see .*log, or delete") as caught:
        open_store(built)
    assert caught.value.__cause__


# --- processes -----------------------------------------------------------------------------------------------------


def test_one_process_at_a_time(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.stores.directory.PATIENCE", 0.2)
    child = _child(KEEP_OPEN, built)
    _until(child, "open")
    with pytest.raises(StoreError, match=rf"is open in process {child.pid}; close it there .*or end that process"):
        open_store(built)
    assert child.communicate("\n") == ("", "")
    open_store(built).close()


def test_the_lock_of_a_dead_process_is_taken_over(built: Path) -> None:
    child = _child(KEEP_OPEN, built)
    _until(child, "open")
    child.kill()
    child.communicate()
    open_store(built).close()


@pytest.mark.parametrize("program", [KEEP_OPEN, KEEP_WRITING], ids=["idle", "writing"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, -signal.SIGINT)])
def test_signals_end_it_in_order(
    built: Path, tmp_path: Path, two: tuple[Graph, Graph], program: str, number: signal.Signals, code: int
) -> None:
    (tmp_path / "graphs").write_bytes(pickle.dumps(two))
    child = _child(program, built, tmp_path / "graphs")
    _until(child, "open")
    child.send_signal(number)
    _, error = child.communicate(timeout=30)
    assert child.returncode == code
    assert error == "" or error.rstrip().endswith("KeyboardInterrupt")
    assert (built / "checksums").exists()  # taken after an orderly close
    with open_store(built) as store:
        assert store.graph() in two


def test_a_store_that_is_never_closed_ends_with_the_process(built: Path) -> None:
    (built / "checksums").unlink()
    child = _child(OPEN + "store = open_store(sys.argv[1], write=True)\nprint(store.root_hash() is not None)", built)
    assert child.communicate(timeout=30) == ("True\n", "")
    assert child.returncode == 0
    assert (built / "checksums").exists()


def test_nothing_is_imported_before_a_store_is_opened() -> None:
    child = _child(
        "import graph.stores, sys\nprint([m for m in ('neo4j', 'arcadedb', 'pandas', 'numpy') if m in sys.modules])"
    )
    assert child.communicate()[0] == "[]\n"


def test_opening_leaves_pandas_to_others(built: Path) -> None:
    program = OPEN + (
        "open_store(sys.argv[1]).close()\n"
        "print([m for m in ('pandas', 'numpy', 'pyarrow') if m in sys.modules])\n"
        "import numpy; print(numpy.arange(3).sum())"
    )
    assert _child(program, built).communicate() == ("[]\n3\n", "")


# --- crashes -------------------------------------------------------------------------------------------------------


def test_killed_at_any_moment_it_holds_the_old_graph_or_the_new_one(
    directory: Path, tmp_path: Path, two: tuple[Graph, Graph]
) -> None:
    (tmp_path / "graphs").write_bytes(pickle.dumps(two))
    for kill in range(16):
        child = _child(KEEP_WRITING, directory, tmp_path / "graphs")
        assert child.stdout
        if kill % 2:  # in or near a commit
            for _ in range(kill // 2 + 1):
                child.stdout.readline()
            time.sleep(kill / 1000)
        else:  # at any moment, the very first ones included
            time.sleep(0.15 + kill / 12)
        child.kill()
        child.communicate()
        _holds_one_of(directory, two)
    with open_store(directory, write=True) as store:
        store.apply(two[1])
        assert store.graph() == two[1]


def _holds_one_of(directory: Path, graphs: tuple[Graph, Graph]) -> None:
    try:
        with open_store(directory) as store:
            assert store.graph() in graphs
    except StoreError as error:
        # killed before it held any
        assert "No complete graph" in str(error) or "No graph at" in str(error)  # noqa: PT017


def test_a_full_disk_leaves_the_old_graph(built: Path, tmp_path: Path, two: tuple[Graph, Graph]) -> None:
    (tmp_path / "graphs").write_bytes(pickle.dumps(two))
    out, _ = _child(FILL_UP, built, tmp_path / "graphs").communicate(timeout=60)
    said, kept = out.splitlines()
    assert "see that the disk has room" in said
    assert kept == "True"
    with open_store(built, write=True) as store:
        assert store.graph() == two[0]
        store.apply(two[1])
        assert store.graph() == two[1]
