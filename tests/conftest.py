"""What every suite may use: the repository's folders, and a real Neo4j."""

import os
from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture(scope="session")
def neo4j_jars() -> None:
    """Skips where no Neo4j can be started; in CI that is a failure."""
    if why := neo4j_server.missing():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must have a real Neo4j: {why}")
        pytest.skip(f"no Neo4j: {why}")


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
