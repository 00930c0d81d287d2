"""What every suite may use: the repository's folders, and a real Neo4j."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from tools import neo4j_server

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("project", deadline=None, print_blob=True)
settings.load_profile("project")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The sample corpus."""
    return ROOT / "articles"


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
def neo4j_jars() -> None:
    """Asked for by what starts a Neo4j."""
    if why := neo4j_server.missing():
        _do_without("Neo4j", why)


@pytest.fixture(scope="session")
def neo4j_uri(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a real Neo4j: the one named in ACCORDGRAPH_NEO4J_URI, else a private one started here.

    Its user and password are in ACCORDGRAPH_NEO4J_USER and ACCORDGRAPH_NEO4J_PASSWORD. Skips where none is to be had; in CI
    that is a failure.
    """
    if given := os.environ.get("ACCORDGRAPH_NEO4J_URI"):
        yield given
        return
    request.getfixturevalue("neo4j_jars")
    with neo4j_server.running() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACCORDGRAPH_NEO4J_USER", "neo4j")
        patch.setenv("ACCORDGRAPH_NEO4J_PASSWORD", server.password)
        yield server.uri
