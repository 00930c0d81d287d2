"""A real Neo4j for tests and trials: jars by Maven, one private server on loopback, stopped by whoever started it.

`python -m tools.neo4j_server provide` fetches the jars (make test does); `… run` starts a server and prints its address
until it is interrupted.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

VERSION = "5.26.30"
BROWSER_VERSION = "5.24.0"
LIBRARY = Path(__file__).resolve().parent.parent / ".tools" / f"neo4j-{VERSION}"
START_SECONDS = 120

_ARTIFACTS = (
    ("org.neo4j", "neo4j", VERSION),
    ("org.neo4j.app", "neo4j-server", VERSION),
    ("org.neo4j.client", "neo4j-browser", BROWSER_VERSION),
)
_DEPENDENCY = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"
_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>accordgraph</groupId><artifactId>neo4j-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>{"".join(_DEPENDENCY.format(*artifact) for artifact in _ARTIFACTS)}</dependencies>
</project>
"""
_JVM = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--add-modules=jdk.incubator.vector",
    "-Dfile.encoding=UTF-8",
    "-Xmx1g",
)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it answers, and with which password for the user `neo4j`."""

    uri: str
    browser: str
    password: str
    pid: int


def missing() -> str | None:
    """Why no server can be started here; None if one can."""
    if not shutil.which("java"):
        return "no java"
    if not (LIBRARY / "complete").exists():
        return "no Neo4j jars; run make neo4j"
    return None


def provide() -> int:
    """Fetches the jars once; 0 if they are there, 1 if Maven or Java is missing or Maven fails."""
    if (LIBRARY / "complete").exists():
        return 0
    if not shutil.which("mvn") or not shutil.which("java"):
        print("No Maven or Java here: the tests on a real Neo4j are skipped without them.", file=sys.stderr)
        return 1
    print(f"Fetching Neo4j {VERSION} by Maven …")
    LIBRARY.mkdir(parents=True, exist_ok=True)
    (LIBRARY / "pom.xml").write_text(_POM, encoding="utf-8")
    command = ["mvn", "-q", "-B", "-f", str(LIBRARY / "pom.xml"), "dependency:copy-dependencies"]
    done = subprocess.run([*command, f"-DoutputDirectory={LIBRARY / 'lib'}"], check=False)
    if done.returncode == 0:
        (LIBRARY / "complete").touch()
    return done.returncode


def admin(home: Path) -> list[str]:
    """The command that runs neo4j-admin on this home; its arguments follow."""
    java = shutil.which("java") or "java"
    environment = [f"NEO4J_HOME={home}", f"NEO4J_CONF={home / 'conf'}"]
    return ["env", *environment, java, *_JVM, "-cp", f"{LIBRARY / 'lib'}/*", "org.neo4j.cli.AdminTool"]


@contextlib.contextmanager
def running(prepare: Callable[[Path], object] = lambda home: None) -> Iterator[Server]:
    """A fresh server with authentication on; stopped and deleted at the end of the block.

    It is empty unless `prepare`, which is given its home before it starts, puts a database there.
    """
    with tempfile.TemporaryDirectory(prefix="neo4j-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        bolt, http = _free_port(), _free_port()
        password = secrets.token_hex(16)
        _configure(home, bolt, http)
        subprocess.run([*admin(home), "dbms", "set-initial-password", password], check=True, capture_output=True)
        prepare(home)
        with (home / "logs" / "console.log").open("wb") as log:
            process = subprocess.Popen(_command(home, "org.neo4j.server.CommunityEntryPoint"), stdout=log, stderr=log)
        try:
            _wait(process, bolt, home)
            yield Server(f"bolt://127.0.0.1:{bolt}", f"http://localhost:{http}/browser/", password, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _command(home: Path, main: str) -> list[str]:
    java = shutil.which("java") or "java"
    return [java, *_JVM, "-cp", f"{LIBRARY / 'lib'}/*", main, f"--home-dir={home}", f"--config-dir={home / 'conf'}"]


def _configure(home: Path, bolt: int, http: int) -> None:
    for folder in ("conf", "data", "logs", "plugins", "import", "run", "licenses", "certificates"):
        (home / folder).mkdir()
    settings = {
        "server.bolt.listen_address": f"127.0.0.1:{bolt}",
        "server.bolt.advertised_address": f"127.0.0.1:{bolt}",
        "server.http.listen_address": f"127.0.0.1:{http}",
        "server.https.enabled": "false",
        "dbms.usage_report.enabled": "false",
        "server.memory.pagecache.size": "128m",
    }
    lines = (f"{key}={value}\n" for key, value in settings.items())
    (home / "conf" / "neo4j.conf").write_text("".join(lines), encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], port: int, home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    log = (home / "logs" / "console.log").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"Neo4j did not start:\n{log[-2000:]}")


def main() -> int:
    """`provide` or `run`."""
    if sys.argv[1:] == ["provide"]:
        return provide()
    if provide():
        return 1
    # both ways of being told to end unwind the block, which stops the server
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with running() as server:
        print(f"{server.uri}  user neo4j  password {server.password}  Browser {server.browser}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
