"""A store is compared with its own hashes and with the articles, and whatever was altered is named."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from accordgraph.pipeline import build_graph
from accordgraph.verify import Difference, verify
from graph.build import Graph
from graph.stores import Rows

Run = Callable[..., Result]


class Held:
    """A view that holds this graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def graph(self) -> Graph:
        return self._graph

    def root_hash(self) -> str | None:
        return self._graph.root_hash

    def rows(self, *_: Any, **__: Any) -> Rows:
        """Counts of nodes and relationships: never too many."""
        return Rows(("count(x)",), [(0,)])


@pytest.fixture(scope="module")
def graph(corpus: Path) -> Graph:
    return build_graph([corpus / "thaigov-2022-07-11.md"]).graph


def altered(graph: Graph, part: str, **changes: Any) -> tuple[Graph, str]:
    things = dict(getattr(graph, part))
    id_ = min(things)
    things[id_] = replace(things[id_], **changes)
    parts: dict[str, Any] = {part: things}
    return replace(graph, **parts), id_


def test_an_untouched_store_is_identical(graph: Graph) -> None:
    assert verify(Held(graph), graph) == []


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("claims", {"stage": "denied"}),
        ("evidence", {"quote": "forged"}),
        ("edges", {"sources": 99}),
        ("articles", {"title": "T"}),
    ],
)
def test_whatever_was_altered_is_named(graph: Graph, part: str, changes: dict[str, Any]) -> None:
    held, id_ = altered(graph, part, **changes)
    assert Difference(part, id_, "altered") in verify(Held(held))


def test_an_altered_entity_changes_the_root_hash(graph: Graph) -> None:
    held, _ = altered(graph, "entities", name="Somebody else")
    assert [one.sort for one in verify(Held(held))] == ["root hash"]


def test_missing_and_extra_things_are_told_apart(graph: Graph) -> None:
    less = replace(graph, entities=dict(list(graph.entities.items())[1:]))
    first = next(iter(graph.entities))
    assert Difference("entities", first, "missing") in verify(Held(less), graph)
    assert Difference("entities", first, "extra") in verify(Held(graph), less)


def test_the_command_says_identical_or_lists_what_differs(run: Run, demo: Path, corpus: Path, tmp_path: Path) -> None:
    same = run("verify", corpus, "--store", demo)
    assert same.exit_code == 0
    assert "identical" in same.stderr
    other = run("verify", corpus / "thaigov-2022-07-11.md", "--store", demo)
    assert other.exit_code == 1
    assert "extra in the store: articles suarathailand-2025-10-16" in other.stderr
