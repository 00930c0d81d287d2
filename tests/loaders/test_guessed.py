"""What the keys of home-made JSON tell of where its texts, mentions and relations are."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.generic import JSON
from loaders.guessed import as_toml, guess_paths

Read = Callable[..., tuple[list[Document], Diagnostics]]
TEXT = "ลาว met Siam"
WORDS = ["ลาว", "met", "Siam"]
A, B = {"start": 0, "end": 3, "label": "C"}, {"start": 8, "end": 12, "label": "C"}
SHAPES: dict[str, Any] = {
    "plain": [{"text": TEXT, "entities": [A, B], "relations": [{"head": 0, "tail": 1, "type": "met"}]}],
    "a later one": [{"text": "x", "entities": []}, {"text": TEXT, "entities": [A, B], "relations": [{"head": 0, "tail": 1, "label": "met"}]}],
    "other words": {"docs": [{"body": TEXT, "spans": [{"begin": 0, "stop": 3, "tag": "C", "id": "a"}, {"begin": 8, "stop": 12, "tag": "C", "id": "b"}], "edges": [{"source": "a", "target": "b", "predicate": "met"}]}]},
    "deeper": {"data": {"articles": [{"content": TEXT, "annotations": [A, B], "links": [{"from": 0, "to": 1, "label": "met"}]}], "n": 1}},
    "keys with signs": {"my.docs": {"=a|b": [{"text": TEXT, "entities": [A, B], "relations": [{"head": 0, "tail": 1, "type": "met"}]}]}},
    "by id": {"d1": {"text": TEXT, "mentions": [{"id": 7, "offsets": [[0, 3]], "type": "C"}, {"id": 8, "offsets": [[8, 12]], "type": "C"}], "relations": [{"arg1_id": 7, "arg2_id": 8, "type": "met"}]}},
    "rows": [{"sentence": TEXT, "entities": [[0, 3, "C"], [8, 12, "C"]], "relations": [[0, 3, 8, 12, "met"]]}],
    "by label": [{"text": TEXT, "entities": {"C": [[0, 3], [8, 12]]}}],
    "spaCy's training data": [[TEXT, {"entities": [[0, 3, "C"], [8, 12, "C"]]}]],
    "words alone": [{"text": TEXT, "entities": [{"name": "ลาว", "type": "C"}, {"name": "Siam", "type": "C"}], "triples": [{"subject": "ลาว", "object": "Siam", "predicate": "met"}]}],
    "offsets at the ends": [{"text": TEXT, "spans": [A, B], "relations": [{"head": {"start": 0, "end": 3}, "tail": {"start": 8, "end": 12}, "relation": "met"}]}],
    "ids at the ends": [{"text": TEXT, "spans": [{**A, "id": 5}, {**B, "id": 6}], "relations": [{"head": {"id": 5}, "tail": {"id": 6}, "type": "met"}]}],
    "tokens": [{"tokens": WORDS, "entities": [{"type": "C", "start": 0, "end": 1}, {"type": "C", "start": 2, "end": 3}], "relations": [{"type": "met", "head": 0, "tail": 1}]}],
    "tokens, the last included": [{"words": WORDS, "ner": [[0, 0, "C"], [2, 2, "C"]]}],
    "tags": [{"tokens": WORDS, "ner_tags": ["B-C", "O", "B-C"]}],
    "tags of sentences": [{"sents": [["ลาว", "met"], ["Siam"]], "tags": [["B-C", "O"], ["B-C"]]}],
    "sentences": [{"sents": [["ลาว", "met"], ["Siam"]], "ner": [[0, 1, "C"], [2, 3, "C"]]}],
    "lengths": [{"text": TEXT, "marks": [{"offset": 0, "length": 3, "type": "C"}, {"offset": 8, "length": 4, "type": "C"}]}],
}  # fmt: skip

WITHOUT_RELATIONS = (
    "tags",
    "tags of sentences",
    "by label",
    "spaCy's training data",
    "tokens, the last included",
    "sentences",
    "lengths",
)


@pytest.mark.parametrize("name", SHAPES)
def test_common_shapes_are_read(name: str, read_bytes: Read) -> None:
    documents, diagnostics = read_bytes(JSON, {"x.json": orjson.dumps(SHAPES[name])})
    document = documents[-1]
    assert diagnostics.codes["json.guessed"] == 1
    assert [(one.types, document.words(one)) for one in document.mentions] == [(("C",), "ลาว"), (("C",), "Siam")]
    if name not in WITHOUT_RELATIONS:
        (tie,) = document.relations
        assert (tie.type, [end for _, end in tie.args]) == ("met", [one.id for one in document.mentions])


def test_the_guess_is_written_as_a_profile_has_it() -> None:
    guess = guess_paths(SHAPES["plain"])
    assert guess
    assert tomllib.loads(as_toml(guess)) == {"json": guess}
    assert (
        as_toml({"text": "t", "mentions": {"path": "m[]"}}, inline=True)
        == '[json] text = "t" [json.mentions] path = "m[]"'
    )


@pytest.mark.parametrize("value", [[], {}, [1], ["a"], {"a": 1}, [[]], [["a"]], [["a", 1]], [{"text": 1}], None])
def test_without_a_text_nothing_is_guessed(value: Any, read_bytes: Read) -> None:
    documents, diagnostics = read_bytes(JSON, {"x.json": orjson.dumps(value)})
    assert not documents
    assert diagnostics.codes == {"json.shape": 1}


def test_marks_are_found_by_the_words_that_numbers_cut_out(read_bytes: Read, made: dict[str, Any]) -> None:
    data = (Path(__file__).parents[1] / "made" / "json" / "made.json").read_bytes()
    documents, diagnostics = read_bytes(JSON, {"x.json": data})
    assert diagnostics.codes == {"json.guessed": 1}
    for document, wanted in zip(documents, made.values(), strict=True):
        assert [document.words(one) for one in document.mentions] == [one["words"] for one in wanted["mentions"]]
        assert [one.type for one in document.relations] == [one["label"] for one in wanted["relations"]]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("ab.*[ไ/`~=|^1", max_size=3), min_size=11, max_size=11, unique=True), st.booleans())
def test_whatever_the_keys_are_called(read_bytes: Read, keys: list[str], lengths: bool) -> None:
    text, marks, no, start, end, words, label, ties, head, tail, said = keys
    places = [(0, 3, "ลาว"), (8, 12, "Siam"), (4, 7, "met")]
    value = {
        text: TEXT,
        marks: [
            {no: 70 + number, start: a, end: b - a * lengths, words: name, label: ("C", "D")[number == 2]}
            for number, (a, b, name) in enumerate(places)
        ],
        ties: [{head: 70, tail: 71, said: "met"}],
    }
    documents, _ = read_bytes(JSON, {"x.json": orjson.dumps([value])})
    if all(key and "`" not in key for key in keys):
        (document,) = documents
        assert [document.words(one) for one in document.mentions] == ["ลาว", "Siam", "met"]
        assert [one.types for one in document.mentions] == [("C",), ("C",), ("D",)]
        (tie,) = document.relations
        assert (tie.type, [end for _, end in tie.args]) == ("met", ["70", "71"])


KEYS = st.sampled_from(
    ["text", "tokens", "entities", "spans", "start", "end", "label", "relations", "head", "tail", "id", "offsets"]
)
LIKELY = st.recursive(
    st.none() | st.integers(-1, 9) | st.sampled_from(["x", "ไทย", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(LIKELY)
def test_whatever_has_such_keys_never_raises(read_bytes: Read, value: Any) -> None:
    read_bytes(JSON, {"x.json": orjson.dumps(value)})
