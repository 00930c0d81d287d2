"""A real Neo4j for tests and trials: private servers on loopback, gone with whoever started them.

`python -m tools.neo4j_server provide` fetches what the releases need (make test does); `… run --release 2026` starts a
server and prints its address until it is interrupted. A server runs from Maven's jars on a Java of this machine; where
they are not to be had, from the official image in a container engine.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import click
import neo4j

from graph.stores import Access
from tools.java import find_java

TOOLS = Path(__file__).resolve().parent.parent / ".tools"
START_SECONDS = 120

_DEPENDENCY = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"
_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>accordgraph</groupId><artifactId>neo4j-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>{}</dependencies>
</project>
"""
_JVM = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--add-modules=jdk.incubator.vector",
    "-Dfile.encoding=UTF-8",
)
_FOLDERS = ("conf", "data", "logs", "plugins", "import", "run", "licenses", "certificates")


# --- releases ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Release:
    """A release of Neo4j: its version, the Browser it serves, the class that starts it, the least Java it runs on."""

    version: str
    browser_version: str
    main_class: str
    java: int

    @property
    def library(self) -> Path:
        """The folder of its jars; a file `complete` in it says that they are all there."""
        return TOOLS / f"neo4j-{self.version}"

    @property
    def pom(self) -> str:
        """What Maven is to fetch."""
        artifacts = (
            ("org.neo4j", "neo4j", self.version),
            ("org.neo4j.app", "neo4j-server", self.version),
            ("org.neo4j.client", "neo4j-browser", self.browser_version),
        )
        return _POM.format("".join(_DEPENDENCY.format(*artifact) for artifact in artifacts))

    def missing_jars(self) -> str | None:
        """Why it cannot be run from jars here; None if it can."""
        if not find_java(self.java):
            return f"no Java {self.java} or newer for Neo4j {self.version}"
        if not (self.library / "complete").exists():
            return f"no jars of Neo4j {self.version}, which make neo4j fetches by Maven"
        return None

    def missing(self) -> str | None:
        """Why it cannot be run here at all; None if it can."""
        why = self.missing_jars()
        return None if why and container_engine() else why


LTS = Release("5.26.30", "5.24.0", "org.neo4j.server.CommunityEntryPoint", java=17)
NEWEST = Release("2026.08.1", "5.24.0", "org.neo4j.server.Neo4jCommunity", java=21)
RELEASES = (LTS, NEWEST)


def fetch(release: Release) -> str | None:
    """Fetches what a release needs, once. Returns why it cannot be run here all the same; None if it can."""
    why = release.missing_jars()
    if why and find_java(release.java) and shutil.which("mvn"):
        print(f"Fetching Neo4j {release.version} by Maven …")
        release.library.mkdir(parents=True, exist_ok=True)
        pom = release.library / "pom.xml"
        pom.write_text(release.pom, encoding="utf-8")
        command = ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
        subprocess.run([*command, f"-DoutputDirectory={release.library / 'lib'}"], check=True)
        (release.library / "complete").touch()
        return None
    if why and (engine := container_engine()):
        subprocess.run([engine, "pull", _image(release)], check=True)
        return None
    return why


# --- servers -----------------------------------------------------------------------------------------------------


@dataclass
class Address:
    """Where a server answers, and how it lets one in."""

    uri: str
    access: Access


@dataclass
class Server(Address):
    """A server of our own: `browser` is where it serves Neo4j Browser, `home` the folder of its files.

    `command` starts it, `killing` kills it, `removing` leaves nothing of it; `{pid}` in these is its process.
    """

    browser: str
    home: Path
    command: list[str]
    killing: list[str]
    removing: list[str]
    _process: subprocess.Popen[bytes] = field(init=False, repr=False)
    _watcher: subprocess.Popen[bytes] = field(init=False, repr=False)

    @property
    def pid(self) -> int:
        """Its process, or that of the container engine's client that waits for it."""
        return self._process.pid

    def start(self) -> None:
        """Starts it and waits until it answers queries. Raises RuntimeError with its log if it does not."""
        with (self.home / "console.log").open("ab") as log:
            self._process = subprocess.Popen(self.command, stdout=log, stderr=log, start_new_session=True)
        with contextlib.ExitStack() as undo:
            self._watcher = watch(self.home, self._with_pid(self.removing))
            undo.callback(self.kill)
            self._wait()
            undo.pop_all()  # it stays up

    def restart(self) -> None:
        """Starts it again, after `kill`, on the same files and ports."""
        self.start()

    def kill(self) -> None:
        """Kills it as `kill -9` does, in the midst of whatever it does; one that has ended already is no error."""
        if self._process.poll() is None:
            subprocess.run(self._with_pid(self.killing), check=True, capture_output=True)
        self._process.wait()
        with self._watcher:
            self._watcher.kill()  # before the pipe it reads from is closed

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.2)
        log = (self.home / "console.log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"Neo4j did not start:\n{log[-2000:]}")

    def _answers(self) -> bool:
        auth = (self.access.user or "", self.access.password or "")
        try:
            socket.create_connection(("127.0.0.1", urlsplit(self.browser).port or 0), timeout=1).close()  # comes last
            with neo4j.GraphDatabase.driver(self.uri, auth=auth) as driver, driver.session() as session:
                session.run("RETURN 1").consume()
        except (OSError, neo4j.exceptions.DriverError, neo4j.exceptions.TransientError):
            return False
        return True

    def _with_pid(self, command: list[str]) -> list[str]:
        return [word.format(pid=self._process.pid) for word in command]


def watch(home: Path, removing: list[str]) -> subprocess.Popen[bytes]:
    """A shell that runs a command and deletes the home as soon as this process is gone, even by `kill -9`.

    It waits for the end of a pipe of which this process has the other end; kill it first, and nothing is done.
    """
    command = ["sh", "-c", 'read -r _; "$@"; rm -rf "$0"', str(home), *removing]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, start_new_session=True)


def given() -> Address | None:
    """The server that the environment names, if any."""
    uri = os.environ.get("ACCORDGRAPH_NEO4J_URI")
    return Address(uri, Access.from_environment()) if uri else None


@contextlib.contextmanager
def running(
    release: Release = LTS,
    *,
    prepare: Callable[[Path], object] | None = None,
    settings: Mapping[str, str] | None = None,
    heap: str = "1g",
) -> Iterator[Server]:
    """A fresh server with authentication on; killed and deleted at the end of the block, or with this process.

    It is empty unless `prepare`, which is given its home before it starts and needs jars, puts a database there.
    `settings` are more lines of neo4j.conf, `heap` is the most memory it takes for its objects. Raises RuntimeError
    where it does not start.
    """
    ours = _in_container if release.missing_jars() and not prepare else _from_jars
    with (
        tempfile.TemporaryDirectory(prefix="neo4j-", ignore_cleanup_errors=True) as folder,
        ours(release, Path(folder), settings or {}, heap) as server,
    ):
        if prepare:
            prepare(server.home)
        server.start()
        try:
            yield server
        finally:
            server.kill()  # nobody needs its files any more, and an orderly end takes ten seconds


def _conf(bolt: int, http: int, listen: str) -> dict[str, str]:
    """The settings that every server needs; Bolt's address is told to clients that route by it."""
    return {
        "server.bolt.listen_address": f"{listen}:{bolt}",
        "server.bolt.advertised_address": f"127.0.0.1:{bolt}",
        "server.http.listen_address": f"{listen}:{http}",
        "server.https.enabled": "false",
        "dbms.usage_report.enabled": "false",
        "server.memory.pagecache.size": "128m",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# --- from jars ---------------------------------------------------------------------------------------------------


def admin(home: Path, release: Release = LTS) -> list[str]:
    """The command that runs neo4j-admin on this home; its arguments follow."""
    environment = [f"NEO4J_HOME={home}", f"NEO4J_CONF={home / 'conf'}"]
    return ["env", *environment, *_java(release, "1g"), "org.neo4j.cli.AdminTool"]


@contextlib.contextmanager
def _from_jars(release: Release, home: Path, settings: Mapping[str, str], heap: str) -> Iterator[Server]:
    for name in _FOLDERS:
        (home / name).mkdir()
    bolt, http = _free_port(), _free_port()
    lines = _conf(bolt, http, "127.0.0.1") | dict(settings)
    conf = home / "conf"
    (conf / "neo4j.conf").write_text("".join(f"{key}={value}\n" for key, value in lines.items()), encoding="utf-8")
    password = secrets.token_hex(16)
    first = [*admin(home, release), "dbms", "set-initial-password", password]
    subprocess.run(first, check=True, capture_output=True)
    yield Server(
        uri=f"bolt://127.0.0.1:{bolt}",
        access=Access("neo4j", password),
        browser=f"http://localhost:{http}/browser/",
        home=home,
        command=[*_java(release, heap), release.main_class, f"--home-dir={home}", f"--config-dir={conf}"],
        killing=["kill", "-9", "{pid}"],
        removing=["kill", "-9", "{pid}"],
    )


def _java(release: Release, heap: str) -> list[str]:
    java = find_java(release.java)
    if not java:
        raise RuntimeError(release.missing_jars())
    return [java, *_JVM, f"-Xmx{heap}", "-cp", f"{release.library / 'lib'}/*"]


# --- in a container (untested: no engine was at hand) ------------------------------------------------------------


@cache
def container_engine() -> str | None:
    """The container engine that answers on this machine, if one does."""
    found = [engine for name in ("docker", "podman") if (engine := shutil.which(name))]
    return next(
        (e for e in found if not subprocess.run([e, "version"], check=False, capture_output=True).returncode), None
    )


@contextlib.contextmanager
def _in_container(release: Release, home: Path, settings: Mapping[str, str], heap: str) -> Iterator[Server]:
    """A container that exists until the end of the block; its files are in a volume, `home` has only its output."""
    engine, name = container_engine(), f"accordgraph-{secrets.token_hex(8)}"
    if not engine:
        raise RuntimeError(release.missing_jars())
    bolt, http, password = _free_port(), _free_port(), secrets.token_hex(16)
    lines = {**_conf(bolt, http, "0.0.0.0"), "server.memory.heap.max_size": heap, **settings}  # noqa: S104  # inside
    environment = {f"NEO4J_{key.replace('_', '__').replace('.', '_')}": value for key, value in lines.items()}
    environment["NEO4J_AUTH"] = f"neo4j/{password}"
    create = [engine, "create", "--name", name]
    create += [word for port in (bolt, http) for word in ("--publish", f"127.0.0.1:{port}:{port}")]
    create += [word for key in environment for word in ("--env", key)]  # its value is taken from this command's
    removing = [engine, "rm", "--force", "--volumes", name]
    subprocess.run([*create, _image(release)], check=True, capture_output=True, env={**os.environ, **environment})
    try:
        yield Server(
            uri=f"bolt://127.0.0.1:{bolt}",
            access=Access("neo4j", password),
            browser=f"http://localhost:{http}/browser/",
            home=home,
            command=[engine, "start", "--attach", name],
            killing=[engine, "kill", name],
            removing=removing,
        )
    finally:
        subprocess.run(removing, check=True, capture_output=True)


def _image(release: Release) -> str:
    return f"neo4j:{release.version}"


# --- command line ------------------------------------------------------------------------------------------------


@click.group()
def main() -> None:
    """A real Neo4j for tests and trials."""


@main.command()
def provide() -> None:
    """Fetches what each release needs; 1 if one of them cannot be run here."""
    missing = [why for release in RELEASES if (why := fetch(release))]
    for why in missing:
        click.echo(f"The tests on this Neo4j are skipped: {why}; a container engine would do as well", err=True)
    sys.exit(bool(missing))


@main.command()
@click.option(
    "--release", "version", default=LTS.version, show_default=True, help="Which, by the start of its version."
)
def run(version: str) -> None:
    """Runs a server until it is interrupted."""
    release = next((one for one in RELEASES if one.version.startswith(version)), None)
    if not release:
        raise click.BadParameter(f"{version!r} is none of {', '.join(one.version for one in RELEASES)}")
    if why := fetch(release):
        raise click.ClickException(why)
    with running(release) as server, contextlib.suppress(KeyboardInterrupt):
        user, password = server.access.user, server.access.password
        click.echo(f"{server.uri}  user {user}  password {password}  process {server.pid}  Browser {server.browser}")
        signal.pause()


if __name__ == "__main__":
    main()
