"""Paths into JSON: where they lead, what they leave unread, and what is no path."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import ArticleError
from loaders.json_path import Node, path_of, read_by, unread

VALUE = {
    "a": {"b": [{"c": 1}, {"c": 2, "d": None}], "e.f": 9},
    "ไทย": [[1, 2], [3]],
    "rows": ["x", {"n": [5, 6]}],
    "by label": {"PER": [[0, 1]], "LOC": [[2, 3], [4, 5]]},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~ไ", max_size=2), inner, max_size=3),
    max_leaves=12,
)
PATHS = st.lists(st.sampled_from(["a", "b", "0", "1", "*", "[]", "a[]", "*[][]"]), max_size=4).map(".".join)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("a.b[].c", [1, 2]),
        ("a.b", [{"c": 1}, {"c": 2, "d": None}]),
        ("a.b[].d", []),
        ("a.b.1.c", [2]),
        ("a.b.7.c", []),
        ("ไทย[][]", [1, 2, 3]),
        ("ไทย[].0", [1, 3]),
        ("rows.1.n[]", [5, 6]),
        ("rows.0.n", []),
        ("by label.*[].0", [0, 2, 4]),
        ("none|a.b[].c", [1, 2]),
        ("a.b[].c|none", [1, 2]),
        ("none|nothing", []),
        ("=a.b", ["a.b"]),
        ("none|=word", ["word"]),
        ("a.`e.f`", [9]),
        ("a.`none`|a.`e.f`", [9]),
        ("`by label`.*[].1", [1, 3, 5]),
        ("^.a", []),
    ],
)
def test_where_a_path_leads(path: str, values: list[Any]) -> None:
    assert path_of(path).values(Node(VALUE, "")) == values
    one = path_of(path).one(Node(VALUE, ""))
    assert one == (values if isinstance(one, list) else next(iter(values), None))


def test_upwards_are_the_objects_around_and_a_star_alone_is_its_key() -> None:
    root = Node(VALUE, "")
    inner = [*path_of("by label.*[]").nodes(root)]
    assert [path_of("*").one(node) for node in inner] == ["PER", "LOC", "LOC"]
    assert [node.place for node in inner] == ["/by label/PER/0", "/by label/LOC/0", "/by label/LOC/1"]
    (deep,) = [*path_of("a.b.1.c").nodes(root)]
    assert path_of("^.c").one(deep) == 2
    assert path_of("^.^.e").one(deep) is None
    assert path_of("^.^.^.rows.0").one(deep) == "x"
    assert path_of("^.^.^.^.rows").one(deep) is None


@pytest.mark.parametrize(
    "text", ["a..b", "a[0]", "a.[x]", ".a", "a.", "a[", "a^b", "*a", "a.|b", "``", "a`b", "`a", "`a`b", "a|b..c", "^a"]
)
def test_what_is_no_path_is_named(text: str) -> None:
    with pytest.raises(ArticleError, match="No path"):
        path_of(text)


def test_what_no_path_reads_is_left() -> None:
    value = {"id": 1, "value": {"start": 0, "end": 3, "note": "why"}, "score": 0.5, "no": None, "spans": [1, 2]}
    read = read_by(path_of(path) for path in ("id|ident", "value.start", "value.end", "spans[].x", "^.up", "=word"))
    assert unread(value, read) == {"value": {"note": "why"}, "score": 0.5}
    assert unread([1, 2, "x"], read_by([path_of("0"), path_of("1")])) == {"2": "x"}
    assert unread("a text", read) == {}


@given(JSON, PATHS)
def test_places_are_json_pointers_to_what_is_there(value: Any, path: str) -> None:
    for node in path_of(path).nodes(Node(value, "")):
        found = value
        for key in node.place.split("/")[1:]:
            key = key.replace("~1", "/").replace("~0", "~")
            found = found[int(key)] if isinstance(found, list) else found[key]
        assert found is node.value or found == node.value
