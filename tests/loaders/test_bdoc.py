"""GATE's BDOC in JSON and YAML: what features say that hold ids, what offsets count, and files that are broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.bdoc import BDOC
from loaders.bdoc_yaml import BDOC_YAML
from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.reading import Options

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "gate"
Read = Callable[..., tuple[list[Document], Diagnostics]]


def _bdoc(text: str, *annotations: Any, **more: Any) -> dict[str, Any]:
    return {"text": text, "features": {}, "annotation_sets": {"": {"annotations": list(annotations)}}, **more}


def _one(read: Read, value: Any, options: Options | None = None) -> tuple[Document, Diagnostics]:
    (document,), diagnostics = read(BDOC, {"x.bdocjs": orjson.dumps(value)}, options)
    return document, diagnostics


# --- features that hold ids ------------------------------------------------------------------------------------------


def _mark(id_: int, type_: str, start: int, end: int, **features: Any) -> dict[str, Any]:
    return {"id": id_, "type": type_, "start": start, "end": end, "features": features}


def test_words_that_say_so_and_what_they_tie(read_bytes: Read) -> None:
    value = _bdoc(
        "Laos signed it in May",
        _mark(0, "Country", 0, 4),
        _mark(1, "signed", 5, 11, subject=0, objectId="2", on=3, stage="planned", length=3),
        _mark(2, "Agreement", 12, 14),
        _mark(3, "Date", 18, 21, args=[0], head=2),
        _mark(4, "Dependency", 0, 14, args=[0, 2], kind="obj"),
        offset_type="p",
    )
    document, diagnostics = _one(read_bytes, value)
    signed, dependency = document.events
    assert (signed.type, signed.trigger) == ("signed", "1")
    assert signed.args == (("subject", "0"), ("object", "2"), ("on", "3"))
    assert document.mentions[1].attributes == {"stage": ("planned",), "length": (3,)}
    assert dependency.args == (("arg1", "0"), ("arg2", "2"))
    assert document.mentions[3].attributes == {"args": (0,), "head": (2,)}  # one end ties nothing
    assert not diagnostics.codes


def test_what_matches_is_one_cluster(read_bytes: Read) -> None:
    value = _bdoc(
        "a b c d e",
        _mark(0, "P", 0, 1, matches=[0, 2]),
        _mark(1, "P", 2, 3, matches=[1]),
        _mark(2, "P", 4, 5, matches=[2, 3, 99]),
        _mark(3, "P", 6, 7, matches="yes"),
        _mark(4, "P", 8, 99, matches=[4, 0]),
        offset_type="p",
    )
    document, diagnostics = _one(read_bytes, value)
    assert [(one.type, one.members) for one in document.clusters] == [("matches", ("0", "2", "3"))]
    assert [dict(one.attributes) for one in document.mentions] == [{}, {}, {}, {"matches": ("yes",)}]
    assert diagnostics.codes == {"offset.bad": 1, "ref.dangling": 1}


def test_long_chains_of_matches_take_no_time(read_bytes: Read) -> None:
    marks = [_mark(n, "P", 0, 1, matches=[n, (n * 7919) % 10_000]) for n in range(10_000)]
    document, _ = _one(read_bytes, _bdoc("a", *marks, offset_type="p"))
    assert sum(len(one.members) for one in document.clusters) <= 10_000


def test_ids_are_those_of_their_set(read_bytes: Read) -> None:
    value = _bdoc("a b", _mark(0, "P", 0, 1), _mark(1, "Q", 2, 3), offset_type="p")
    value["annotation_sets"]["Other/Set"] = {
        "annotations": [_mark(0, "R", 2, 3), _mark(2, "r", 0, 3, subject=0, object=1)]
    }
    document, _ = _one(read_bytes, value)
    assert not document.events
    assert [(one.id, one.layer) for one in document.mentions] == [
        ("0", None), ("1", None), ("0~2", "Other/Set"), ("2", "Other/Set"),
    ]  # fmt: skip
    assert document.mentions[2].place == "/annotation_sets/Other~1Set/annotations/0"


def test_tokens_and_sentences_are_told_apart_as_well(read_bytes: Read) -> None:
    value = _bdoc("a b", _mark(1, "Token", 2, 3), _mark(0, "Token", 0, 1), _mark(2, "Sentence", 0, 3), offset_type="p")
    document, _ = _one(read_bytes, value)
    assert (document.tokens, document.sentences) == (((0, 1), (2, 3)), ((0, 3),))
    assert len(document.mentions) == 3


# --- BDOC ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "options", "words", "codes"),
    [
        ({"offset_type": "j"}, None, "ลาว", {}),
        ({"offset_type": "p"}, None, "าว😀", {}),
        ({}, None, "าว😀", {"offset.unchecked": 1}),
        ({}, Options(unit="utf16"), "ลาว", {}),
        ({"offset_type": "j"}, Options(unit="codepoint"), "าว😀", {}),
    ],
)
def test_what_offsets_count(
    read_bytes: Read, more: dict[str, Any], options: Options | None, words: str, codes: dict[str, int]
) -> None:
    document, diagnostics = _one(read_bytes, _bdoc("😀ลาว😀", _mark(0, "C", 2, 5), **more), options)
    assert document.words(document.mentions[0]) == words
    assert diagnostics.codes == codes


def test_offsets_that_split_a_character_or_lie_outside(read_bytes: Read) -> None:
    marks = [_mark(0, "C", 1, 3), _mark(1, "C", 2, 99), _mark(2, "C", 3, 2), _mark(3, "C", 2, 3), _mark(4, "C", -1, 2)]
    document, diagnostics = _one(read_bytes, _bdoc("😀a", *marks, offset_type="j"))
    assert [one.raw_id for one in document.mentions] == ["3"]
    assert (diagnostics.codes, diagnostics.skipped) == ({"offset.bad": 4}, 4)


def test_several_documents_in_one_file(read_bytes: Read) -> None:
    lines = b"\n".join(orjson.dumps(_bdoc(f"text {n}", name=name)) for n, name in enumerate(("a", "", "c")))
    documents, _ = read_bytes(BDOC, {"x.jsonl": lines})
    assert [(one.id, one.text) for one in documents] == [("a", "text 0"), ("x-2", "text 1"), ("c", "text 2")]
    listed = orjson.dumps([_bdoc("a", _mark(0, "C", 0, 9)), _bdoc("b", name="b")])
    documents, diagnostics = read_bytes(BDOC, {"x.json": listed})
    assert [one.id for one in documents] == ["x-0", "b"]
    assert [one.place for one in diagnostics.kept] == ["/0/annotation_sets//annotations/0"]


def test_an_export_of_teamware_has_an_annotator_a_set(read_bytes: Read) -> None:
    worked = {
        "type": "Document",
        "start": 0,
        "end": 0,
        "id": 0,
        "duration_seconds": 4.5,
        "features": {"label": {"q": "yes"}},
    }
    value = _bdoc("text", offset_type="p")
    value["annotation_sets"] = {name: {"name": 3, "annotations": [worked]} for name in ("anna", "bo")}
    document, _ = _one(read_bytes, value)
    assert [(one.annotator, one.layer) for one in document.mentions] == [("anna", "anna"), ("bo", "bo")]
    assert document.mentions[0].extra == {"features": {"label": {"q": "yes"}}, "duration_seconds": 4.5}
    assert [one.id for one in document.annotators] == ["anna", "bo"]


def test_what_is_no_annotation_is_said(read_bytes: Read) -> None:
    value = _bdoc("text", {}, 3, {"start": "0", "end": 1}, {"start": True, "end": 1}, _mark(0, "C", 0, 1))
    value["annotation_sets"]["bad"] = [1]
    document, diagnostics = _one(read_bytes, value)
    assert len(document.mentions) == 1
    assert (diagnostics.codes, diagnostics.read, diagnostics.skipped) == ({"json.shape": 5}, 6, 5)


def test_a_feature_nested_without_end_is_left_out(read_bytes: Read) -> None:
    deep: Any = 1
    for _ in range(120):
        deep = [deep]
    document, diagnostics = _one(read_bytes, _bdoc("a", _mark(0, "C", 0, 1, deep=deep, flat=[[1]]), offset_type="p"))
    assert document.mentions[0].extra == {"features": {"flat": [[1]]}}
    assert diagnostics.codes == {"attribute.bad": 1}
    assert diagnostics.lost


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"3", b'{"text": 3}', b"[" * 100_000, b"\xff\xfe"])
def test_files_that_are_no_json_of_the_format(read_bytes: Read, data: bytes) -> None:
    documents, diagnostics = read_bytes(BDOC, {"x.bdocjs": data})
    assert documents == []
    assert set(diagnostics.codes) <= {"json.bad", "json.shape", "json.too-deep"}


# --- BDOC in YAML ----------------------------------------------------------------------------------------------------

YAML = """annotation_sets:
  ? ''
  : name: ''
    annotations:
    - {end: 5, features: &f {n: 012, f: 1.5, yes: no, none: ~, inf: .inf, big: 99999999999999999999}, id: 0, start: 2, type: C}
    - {end: 8, features: *f, id: 1, start: 5, type: 2022-07-11}
features: {lang: th}
offset_type: j
text: "\\U0001F600\u0e44\u0e17\u0e22\u0e25\u0e32\u0e27"
"""


def _yaml(read: Read, text: str | bytes) -> tuple[list[Document], Diagnostics]:
    data = text.encode() if isinstance(text, str) else text
    found: tuple[list[Document], Diagnostics] = read(BDOC_YAML, {"x.bdocym": data})
    return found


def test_yaml_says_what_json_says(read_bytes: Read) -> None:
    (document,), diagnostics = _yaml(read_bytes, YAML)
    assert [(*one.types, document.words(one)) for one in document.mentions] == [("C", "ไทย"), ("2022-07-11", "ลาว")]
    said = {"n": (10,), "f": (1.5,), "true": (False,), "inf": (".inf",), "big": (1e20,)}
    assert [one.attributes for one in document.mentions] == [said, said]
    assert document.mentions[0].extra == {"features": {"none": None}}
    assert (document.id, document.metadata, diagnostics.codes) == ("x", {"lang": "th"}, {})


def test_the_same_document_in_yaml(read_bytes: Read, read_files: Read) -> None:
    value = orjson.loads((SAMPLES / "testdoc1.bdocjs").read_bytes())
    (document,), _ = _yaml(read_bytes, yaml.safe_dump(value))
    (json,), _ = read_files(SAMPLES / "testdoc1.bdocjs")
    assert replace(document, id="testdoc1", path=json.path, format="bdoc") == json


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "json.shape"),
        ("text: [a]", "json.shape"),
        ("text: {", "file.bad"),
        ("text: a\nfeatures: &a [*a]", "file.bad"),
        ("text: a\nfeatures: " + "[" * 100_000, "file.bad"),
        ("text: a\nfeatures: " + "[" * 900 + "]" * 900, "file.bad"),
        ("text: a\nfeatures: !!python/object/apply:os.system [ls]\na: &a " + "x" * 9999 + "\nb: [" + "*a, " * 999 + "]", "file.bad"),
        ("text: !!int x\nfeatures: {a: !!bool x, b: !!float y}", None),
        (b"\xff\xfe\x00", "file.bad"),
    ],
)  # fmt: skip
def test_yaml_that_is_none_or_holds_itself(read_bytes: Read, data: str | bytes, code: str | None) -> None:
    documents, diagnostics = _yaml(read_bytes, data)
    assert diagnostics.codes == ({code: 1} if code else {})
    assert len(documents) == (code is None)


def test_yaml_that_doubles_itself_does_not_fill_the_memory(read_bytes: Read) -> None:
    doubled = "".join(f"  a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    documents, diagnostics = _yaml(read_bytes, f"text: a\nfeatures:\n  a0: &a0 [lol]\n{doubled}")
    assert (documents, diagnostics.codes) == ([], {"file.bad": 1})


# --- what may be anything --------------------------------------------------------------------------------------------


@settings(max_examples=100)
@given(st.data())
def test_mutated_json_is_accounted_for(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    junk = [b"{", b"]", b'"', b"9", b"\xff", b"null", b"\\ud83d", b'"matches":[0,1],', b'"subject":0,"object":1,', b"-"]
    original = (SAMPLES / "testdoc1.bdocjs").read_bytes()
    read_bytes(BDOC, {"x.bdocjs": mutated(data, original, junk, times=8, most=8)})


@settings(max_examples=60)
@given(st.data())
def test_mutated_yaml_is_accounted_for(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    junk = [b"{", b"]", b'"', b"&f ", b"*f", b"\xff", b"\n", b": ", b"!!int ", b"- ", b"<<: *f"]
    _yaml(read_bytes, mutated(data, YAML.encode(), junk, times=8, most=8))
