"""What every suite may use: the repository's folders, and real Neo4j servers."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings
from playwright.sync_api import Playwright, sync_playwright

from tools import neo4j_server
from tools.neo4j_server import Address, Release

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("project", deadline=None, print_blob=True)
settings.load_profile("project")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The sample corpus."""
    return ROOT / "articles"


@pytest.fixture(scope="session")
def samples() -> Path:
    """Real exports of annotation tools, which are not part of this repository."""
    folder = ROOT.parent / "shared" / "samples" / "formats"
    if not folder.is_dir():
        pytest.skip("the collection of real exports is not here")
    return folder


def _do_without(what: str, why: str) -> NoReturn:
    """Skips, saying why; in CI a test that cannot run is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have {what}: {why}")
    pytest.skip(f"no {what}: {why}")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium named in CHROMIUM, or one on the path."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return found or _do_without("Chromium", "install it, or set CHROMIUM to its path")


@pytest.fixture(scope="session")
def driver(chromium_path: str) -> Iterator[Playwright]:
    """What drives Chromium: one in a process, which is all that Playwright allows."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def neo4j_jars() -> None:
    """Asked for by what needs the long-term release's own tools."""
    if why := neo4j_server.LTS.missing_jars():
        _do_without("Neo4j", why)


@pytest.fixture(scope="session")
def neo4j_lts() -> Iterator[Address]:
    """A Neo4j of the long-term release, or the server that ACCORDGRAPH_NEO4J_URI names, whatever it is.

    Skips where none is to be had; in CI that is a failure.
    """
    if given := neo4j_server.given():
        yield given
    else:
        with _running(neo4j_server.LTS) as server:
            yield server


@pytest.fixture(scope="session")
def neo4j_newest() -> Iterator[Address]:
    """A Neo4j of the newest release. Skips where none is to be had; in CI that is a failure."""
    with _running(neo4j_server.NEWEST) as server:
        yield server


@contextmanager
def _running(release: Release) -> Iterator[Address]:
    if why := release.missing():
        _do_without("Neo4j", why)
    with neo4j_server.running(release) as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_uri(neo4j_lts: Address) -> Iterator[str]:
    """The address of `neo4j_lts`, for what is told user and password by the environment alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACCORDGRAPH_NEO4J_USER", neo4j_lts.access.user or "")
        patch.setenv("ACCORDGRAPH_NEO4J_PASSWORD", neo4j_lts.access.password or "")
        yield neo4j_lts.uri
