"""The demo graph in a store, built once through the command line as a newcomer would."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from accordgraph.cli import main

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs the command line in this process."""

    def run_(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)

    return run_


@pytest.fixture(scope="session")
def demo(run: Run, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the sample corpus."""
    store = tmp_path_factory.mktemp("demo") / "store"
    built = run("build", corpus, "--store", store)
    assert built.exit_code == 0, built.stderr
    return store
