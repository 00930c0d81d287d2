"""The comparison of engines: what counts as equal, and that a difference is told and fails the command."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from graph.build import Graph
from graph.errors import StoreError
from graph.stores import Rows, Store, open_store
from queries.catalog import find, templates
from tools import parity

VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
FEW = {name: find(name) for name in ("linked-crimes", "what-an-article-says", "what-was-signed")}
NESTED = st.recursive(VALUES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(NESTED)
def test_a_value_equals_itself_and_no_value_of_another_type(value: object) -> None:
    assert parity.typed(value) == parity.typed(value)
    assert parity.typed(value) != parity.typed([value])
    assert parity.typed(value) != parity.typed(repr(value))


@pytest.mark.parametrize(
    ("one", "other"), [(1, 1.0), (1, True), (0, None), ("1", 1), (0.0, -0.0), ([1], [1.0]), ({"a": 1}, {"a": True})]
)
def test_types_are_compared(one: object, other: object) -> None:
    assert parity.typed(one) != parity.typed(other)


def test_the_order_of_keys_does_not_count_and_that_of_lists_does() -> None:
    assert parity.typed({"a": 1, "b": (2,)}) == parity.typed({"b": [2], "a": 1})
    assert parity.typed([1, 2]) != parity.typed([2, 1])


@pytest.mark.parametrize("name", templates())
def test_every_parameter_is_asked_with_and_without(name: str) -> None:
    template = find(name)
    sets = list(parity.asked(template, parity.from_the_header(template)))
    for parameter in template.parameters:
        given_in = [parameter.name in one for one in sets]
        assert any(given_in)
        assert all(given_in) == parameter.required
    assert len(sets) >= 8


class _Odd:
    """A store as it is, but for what it answers to one question."""

    def __init__(self, store: Store, change: Callable[[Rows], Rows]) -> None:
        self.store = store
        self.change = change

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def rows(self, cypher: str, parameters: Mapping[str, object] | None = None, **more: Any) -> Rows:
        found = self.store.rows(cypher, parameters, **more)
        return self.change(found) if cypher == find("linked-crimes").cypher else found


def _as_floats(found: Rows) -> Rows:
    rows = [tuple(float(value) if isinstance(value, int) else value for value in row) for row in found]
    return Rows(found.columns, rows)


def _refuse(found: Rows) -> Rows:
    raise StoreError("No answer within 60 s")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Graph]]:
    graph = parity.generated(80)
    with open_store(tmp_path_factory.mktemp("parity") / "graph", write=True) as store:
        yield store, graph


@pytest.fixture
def run(stored: tuple[Store, Graph], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs the command on one store under two names, the second with something amiss."""
    store, graph = stored
    page = tmp_path / "parity.md"
    page.write_text("# Head\n\n<!-- figures -->\nold\n<!-- end of figures -->\n\nTail\n", "utf-8")

    def run(change: Callable[[Rows], Rows]) -> Any:
        @contextmanager
        def engines() -> Iterator[dict[str, object]]:
            yield {"one": store, "other": _Odd(store, change)}

        monkeypatch.setattr(parity, "PAGE", page)
        monkeypatch.setattr(parity, "RELEASES", ())
        monkeypatch.setattr(parity, "templates", lambda: FEW)
        monkeypatch.setattr(parity, "_engines", engines)
        monkeypatch.setattr(parity, "sample", lambda: graph)
        monkeypatch.setattr(parity, "from_the_header", parity.most_spoken_of(graph))
        return CliRunner().invoke(parity.main, ["--claims", "80", "--write"])

    return run


def test_equal_engines_make_a_page_with_every_question(run: Callable[..., Any], tmp_path: Path) -> None:
    result = run(lambda found: found)
    assert result.exit_code == 0, result.output
    page = (tmp_path / "parity.md").read_text("utf-8")
    assert page.startswith("# Head\n\n<!-- figures -->\n")
    assert page.endswith("<!-- end of figures -->\n\nTail\n")
    assert "old" not in page
    assert page.count("Equal: 3 of 3 questions.") == 2
    assert all(page.count(f"| {name} | ") == 2 for name in FEW)
    assert "| question | parameter sets | rows | equal | one, ms | other, ms |" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_as_floats, r"linked-crimes {.*}: row 1: one has \[.*'int 1'.*\], other has \[.*'float 1.0'.*\]"),
        (lambda found: Rows(found.columns, found.rows[:-1]), r"row \d+: one has \[.*\], other has None"),
        (_refuse, r"the parameters: one has {.*}, other has No answer within 60 s"),
    ],
    ids=["other types", "a row less", "no answer"],
)
def test_a_difference_is_told_and_fails(
    run: Callable[..., Any], tmp_path: Path, change: Callable[[Rows], Rows], said: str
) -> None:
    result = run(change)
    assert result.exit_code == 1
    assert re.search(said, result.stderr), result.stderr
    page = (tmp_path / "parity.md").read_text("utf-8")
    assert page.count("Equal: 2 of 3 questions.") == 2
    assert len(re.findall(r"^\| linked-crimes \| \d+ \| [\d,]+ \| \*\*no\*\* \|", page, re.MULTILINE)) == 2
