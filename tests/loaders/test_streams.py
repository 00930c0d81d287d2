"""JSON of any shape and size piece by piece, XML without entities: what is bad costs as little as can be."""

from __future__ import annotations

import io
import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders import json_stream
from loaders.diagnostics import Diagnostics
from loaders.files import File
from loaders.json_stream import elements, whole
from loaders.safe_xml import LINE, parse


def _file(data: bytes) -> File:
    return File("x", ".", "x", len(data), lambda: io.BytesIO(data), {})


def _elements(data: bytes) -> tuple[list[tuple[str, Any]], list[str]]:
    diagnostics = Diagnostics()
    return list(elements(_file(data), diagnostics)), [str(one) for one in diagnostics.kept]


@pytest.mark.parametrize(
    ("data", "found", "told"),
    [
        (b'[{"a": 1}, 2,\n"x"]', [("/0", {"a": 1}), ("/1", 2), ("/2", "x")], 0),
        (b'{"a": 1}\n\n{"b": 2}\n', [("1", {"a": 1}), ("3", {"b": 2})], 0),
        (b'{\n "a": 1\n}\n{\n "b": 2\n}', [("1", {"a": 1}), ("4", {"b": 2})], 0),
        (b"\xef\xbb\xbf[1, 2]", [("/0", 1), ("/1", 2)], 0),
        (b'\xef\xbb\xbf{"a": 1}\n', [("1", {"a": 1})], 0),
        (b"", [], 0),
        (b"[]", [], 0),
        (b'{"a": 1}\n{bad}\n{"c": 3}\n', [("1", {"a": 1}), ("3", {"c": 3})], 1),
        (b'[{"a": 1},\n{"b": [1, }]},\n{"c": 3}]', [("/0", {"a": 1})], 3),
        (b'[{"a": 1}, {"b":', [("/0", {"a": 1})], 2),
        (b'[{"a": nope}, {"b": 2}]', [("/1", {"b": 2})], 1),
        (b'[{"a": "\xff"}]', [("/0", {"a": "\ufffd"})], 1),
        (b"[" * 100_000, [], 2),
        (b"no json at all", [], 1),
    ],
)
def test_elements_and_what_cannot_be_read(data: bytes, found: list[tuple[str, Any]], told: int) -> None:
    got, problems = _elements(data)
    assert got[: len(found)] == found
    assert len(problems) <= told
    assert bool(problems) == bool(told)


@pytest.mark.parametrize("depth", [150, 201, 254, 500, 990, 1100])
@pytest.mark.parametrize("data", [b'{"a": %s}\n{"b": 1}\n', b'[{"a": %s}, {"b": 1}]', b'{\n"a": %s}\n{"b": 1}'])
@pytest.mark.parametrize("brackets", [(b"[", b"]"), (b'{"x": ', b"}")])
def test_what_is_nested_too_deep_costs_itself(depth: int, data: bytes, brackets: tuple[bytes, bytes]) -> None:
    deep = brackets[0] * depth + b"1" + brackets[1] * depth
    found, told = _elements(data % deep)
    assert found[-1][1] == {"b": 1}
    assert (len(found), len(told)) == ((2, 0) if depth < json_stream.MAX_DEPTH else (1, 1))
    assert all("json.too-deep" in one or "json.bad" in one for one in told)
    diagnostics = Diagnostics()
    assert (whole(_file(deep), diagnostics) is None) == (depth > json_stream.MAX_DEPTH) == bool(diagnostics.codes)
    for _, value in found:
        assert orjson.loads(orjson.dumps([value])) == [value]  # it can be written again


@given(
    st.lists(
        st.dictionaries(st.text(max_size=5), st.text() | st.integers(-(2**63), 2**64 - 1) | st.none() | st.booleans()),
        max_size=9,
    )
)
def test_an_array_and_its_lines_hold_the_same(values: list[dict[str, Any]]) -> None:
    for indent in (None, 1):
        assert [value for _, value in _elements(json.dumps(values, indent=indent).encode())[0]] == values
    lines = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
    assert [value for _, value in _elements(lines.encode())[0]] == values


def test_what_no_line_of_json_could_hold_is_tamed() -> None:
    values = b'[{"a": ["\\ud83d x", "\\ud83d\\ude00"], "b": NaN, "c": 36893488147419103232, "d": 1' + b"0" * 400 + b"}]"
    got, problems = _elements(values)
    assert got == [("/0", {"a": ["\ufffd x", "😀"], "b": None, "c": 2.0**65, "d": None})]
    assert not problems


def test_elements_longer_than_what_is_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MIB", 7)
    values = [{"text": "ไทย😀" * n, "n": n} for n in range(50)]
    got, problems = _elements(json.dumps(values, ensure_ascii=False).encode())
    assert [value for _, value in got] == values
    assert not problems


def test_an_element_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_ELEMENT", 1000)
    got, problems = _elements(b'[{"a": "' + b"x" * 5_000_000 + b'"}, {"b": 2}]')
    assert [value for _, value in got] == [{"b": 2}]
    assert "file.too-large" in problems[0]
    got, problems = _elements(b'{"a": 1}\n{"b": "' + b"x" * 5000 + b'"}\n{"c": 3}\n')
    assert [value for _, value in got] == [{"a": 1}, {"c": 3}]
    assert problems[0].startswith("x:2: file.too-large")


def test_whole_is_one_value_or_a_diagnostic() -> None:
    assert whole(_file(b'\xef\xbb\xbf{"a": [1]}'), Diagnostics()) == {"a": [1]}
    diagnostics = Diagnostics()
    assert whole(_file(b'{"a":\n nope}'), diagnostics) is None
    assert str(diagnostics.kept[0]).startswith("x:2:2: json.bad")


@given(st.binary(max_size=60), st.integers(0, 40))
def test_no_damage_is_too_much_for_json(junk: bytes, at: int) -> None:
    data = b'[{"a": [1, "\xe0\xb8\x81"]}, {"b": {"c": null}}]'
    _elements(data[:at] + junk + data[at:])
    _elements(junk)


def _parsed(data: bytes) -> tuple[Any, list[str]]:
    diagnostics = Diagnostics()
    return parse(_file(data), diagnostics), [one.code for one in diagnostics.kept]


def test_xml_elements_carry_their_lines() -> None:
    root, codes = _parsed(b'<a xmlns:x="u">\n <x:b x:id="1">t\xe0\xb8\x81</x:b>\n</a>')
    assert not codes
    assert (root[0].tag, root[0].text, root[0].get("{u}id"), root[0].get(LINE)) == ("{u}b", "tก", "1", "2")


@pytest.mark.parametrize(
    ("data", "codes", "read"),
    [
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', ["xml.entity"], False),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', ["xml.entity"], False),
        (b"<a><b>x</b><c>", ["xml.bad"], True),
        (b"<a>" * 5000, ["xml.bad"], True),
        (b'<?xml version="1.1"?><a>&#2;</a>', ["xml.illegal-char"], True),
        (b"no xml", ["xml.bad"], False),
        (b"", ["xml.bad"], False),
    ],
)
def test_xml_that_means_harm_or_is_cut_off(data: bytes, codes: list[str], read: bool) -> None:
    root, told = _parsed(data)
    assert told == codes
    assert (root is not None) is read
    assert b"root:" not in (root.text or "").encode() if root is not None else True


@given(st.binary(max_size=80))
def test_no_damage_is_too_much_for_xml(junk: bytes) -> None:
    _parsed(b"<a><b>" + junk + b"</b></a>")
    _parsed(junk)
