"""Servers for tests: what is fetched for each, and that they come back after `kill -9` and go with whoever started them."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import neo4j
import pytest

from graph.stores import Access
from tools import neo4j_server
from tools.neo4j_server import LTS, NEWEST, RELEASES, Release

# starts a process that is to be watched over, says its id, and waits to be killed
WATCHED = """
import subprocess, sys, time
from pathlib import Path
from tools.neo4j_server import watch
process = subprocess.Popen(["sleep", "600"], start_new_session=True)
watch(Path(sys.argv[1]), ["kill", "-9", str(process.pid)])
print(process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.version)
def test_maven_is_asked_for_database_server_and_browser(release: Release) -> None:
    part = r"<groupId>(.+?)</groupId><artifactId>(.+?)</artifactId><version>(.+?)</version>"
    assert [":".join(found) for found in re.findall(f"<dependency>{part}</dependency>", release.pom)] == [
        f"org.neo4j:neo4j:{release.version}",
        f"org.neo4j.app:neo4j-server:{release.version}",
        f"org.neo4j.client:neo4j-browser:{release.browser_version}",
    ]


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neo4j_server, "TOOLS", tmp_path)
    monkeypatch.setattr(neo4j_server, "container_engine", lambda: None)
    monkeypatch.setattr(neo4j_server, "find_java", lambda least: "java" if least <= 17 else None)
    assert LTS.missing() == f"no jars of Neo4j {LTS.version}, which make neo4j fetches by Maven"
    assert NEWEST.missing() == f"no Java 21 or newer for Neo4j {NEWEST.version}"
    LTS.library.mkdir()
    (LTS.library / "complete").touch()
    assert LTS.missing() is None
    monkeypatch.setattr(neo4j_server, "container_engine", lambda: "podman")
    assert NEWEST.missing() is None


def test_a_server_of_the_environment_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACCORDGRAPH_NEO4J_URI", raising=False)
    assert neo4j_server.given() is None
    for name, value in {"URI": "neo4j://db.example", "USER": "reader", "PASSWORD": "p"}.items():
        monkeypatch.setenv(f"ACCORDGRAPH_NEO4J_{name}", value)
    given = neo4j_server.given()
    assert given
    assert (given.uri, given.access.user, given.access.password) == ("neo4j://db.example", "reader", "p")


def _runs(pid: int) -> bool:
    """Whether a process is there; one that has ended and is not waited for counts as gone."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_what_is_watched_over_goes_with_whoever_started_it(tmp_path: Path, ending: signal.Signals) -> None:
    home = tmp_path / "home's folder"
    (home / "data").mkdir(parents=True)
    command = [sys.executable, "-c", WATCHED, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert _runs(pid)
        parent.send_signal(ending)
    for _ in range(600):
        if not _runs(pid) and not home.exists():
            break
        time.sleep(0.1)
    assert not _runs(pid)
    assert not home.exists()


@pytest.mark.usefixtures("neo4j_jars")
@pytest.mark.xdist_group("neo4j-newest")
def test_a_killed_server_comes_back_with_what_was_committed() -> None:
    with neo4j_server.running(settings={"db.transaction.timeout": "77s"}, heap="512m") as server:
        first, home = server.pid, server.home
        auth = (server.access.user or "", server.access.password or "")
        with neo4j.GraphDatabase.driver(server.uri, auth=auth) as driver:
            driver.execute_query("CREATE (:Kept {name: 'ตำรวจ'})")
        server.kill()
        assert not _runs(first)
        server.restart()
        with neo4j.GraphDatabase.driver(server.uri, auth=auth) as driver:
            assert driver.execute_query("MATCH (n:Kept) RETURN n.name").records[0].values() == ["ตำรวจ"]
            asked = "SHOW SETTINGS 'db.transaction.timeout' YIELD value"
            assert driver.execute_query(asked).records[0].values() == ["1m17s"]
    assert not _runs(server.pid)
    assert not home.exists()


def test_a_server_that_does_not_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = neo4j_server.Server(
        uri="bolt://127.0.0.1:1",
        access=Access("neo4j", "p"),
        browser="http://localhost:1/browser/",
        home=tmp_path,
        command=["sh", "-c", "echo no room for a heap; exit 3"],
        killing=["kill", "-9", "{pid}"],
        removing=["kill", "-9", "{pid}"],
    )
    with pytest.raises(RuntimeError, match="no room for a heap"):
        server.start()
    server.command = ["sleep", "600"]
    monkeypatch.setattr(neo4j_server, "START_SECONDS", 0.1)
    with pytest.raises(RuntimeError, match="did not start"):
        server.start()
    assert not _runs(server.pid)
