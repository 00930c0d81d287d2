"""Label Studio, doccano and Prodigy: real exports, the made ones, what their JSON may hold, and what it may not."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import Inspected, inspect, total
from loaders.diagnostics import Diagnostics
from loaders.doccano import DOCCANO, DOCCANO_WRITER
from loaders.document import Document, Link, to_fields
from loaders.files import Files
from loaders.label_studio import LABEL_STUDIO, LABEL_STUDIO_MIN
from loaders.label_studio_writer import LABEL_STUDIO_WRITER
from loaders.prodigy import PRODIGY
from loaders.reading import Options, Reader

TESTS = Path(__file__).resolve().parent.parent
Read = Callable[..., tuple[list[Document], Diagnostics]]
MADE = {
    "label-studio": (LABEL_STUDIO, "tasks.json"),
    "doccano": (DOCCANO, "all.jsonl"),
    "prodigy": (PRODIGY, "annotations.jsonl"),
}


def _read(
    read: Read, reader: Reader, values: Any, options: Options | None = None
) -> tuple[list[Document], Diagnostics]:
    found: tuple[list[Document], Diagnostics] = read(reader, {"x.json": orjson.dumps(values)}, options)
    return found


# --- real and made exports


@pytest.mark.parametrize(
    ("place", "counts"),
    [
        ("label-studio/testing_ls_full.json", {"documents": 2, "mentions": 13, "relations": 7}),
        ("label-studio/testing_ls.json-min.json", {"documents": 2, "mentions": 34, "relations": 0}),
        ("doccano/relation_extraction_example.jsonl", {"documents": 1, "mentions": 4, "relations": 3}),
        ("doccano/sequence_labeling_example.jsonl", {"documents": 3, "mentions": 4, "relations": 0}),
        ("doccano/example_overlapping.jsonl", {"documents": 1, "mentions": 2, "relations": 0}),
        ("doccano/medkit_relation_extraction.jsonl", {"documents": 1, "mentions": 2, "relations": 1}),
        ("doccano/bsner_admin.jsonl", {"documents": 454, "mentions": 444, "relations": 0}),
        ("prodigy/rel_component_first25.jsonl", {"documents": 25, "mentions": 75, "relations": 47}),
        ("prodigy/emerson_annotated_text.jsonl", {"documents": 30, "mentions": 30, "links": 30}),
    ],
)
def test_real_exports_have_the_counts_of_their_sources(samples: Path, place: str, counts: dict[str, int]) -> None:
    (found,) = inspect([samples / place])
    assert {name: found.counts[name] for name in counts} == counts
    assert found.counts["surfaces_equal"] == found.counts["surfaces_stated"]
    assert not found.counts["skipped"]


def test_labels_of_real_exports(samples: Path) -> None:
    (prodigy,) = inspect([samples / "prodigy" / "rel_component_first25.jsonl"])
    assert prodigy.relation_labels == {"Pos-Reg": 14, "No-rel": 11, "Neg-Reg": 9, "Binds": 8, "Reg": 5}
    (grapheme,) = inspect(
        [samples / "doccano" / "medkit_relation_extraction_crlf_grapheme.jsonl"], options=Options(unit="grapheme")
    )
    assert grapheme.counts["mentions"] == 2


def test_the_unit_of_doccano_is_the_users_word(read_bytes: Read) -> None:
    value = {"text": "a\r\nb 2022", "label": [[4, 8, "DATE"]]}
    for unit, words in (("utf16", " 202"), ("grapheme", "2022")):
        (document,), diagnostics = _read(read_bytes, DOCCANO, value, Options(unit=unit))
        assert document.words(document.mentions[0]) == words
        assert diagnostics.codes == {"offset.unchecked": 1}


@pytest.mark.parametrize("name", MADE)
def test_the_made_exports_say_what_was_marked(made: dict[str, Any], name: str) -> None:
    reader, file = MADE[name]
    (found,) = inspect([TESTS / "made" / name / file])
    assert found.format == name
    with Files([TESTS / "made" / name / file], Diagnostics()) as files:
        documents = list(reader.read(next(iter(files)), Options(), Diagnostics()))
    for document, wanted in zip(documents, made.values(), strict=True):
        assert document.text == wanted["text"]
        marks = [(*m.fragments[0], *m.types, document.words(m)) for m in document.mentions]
        assert marks == [(m["start"], m["end"], m["label"], m["words"]) for m in wanted["mentions"]]
        place = {m.id: number for number, m in enumerate(document.mentions)}
        ties = [(r.type, *(place[target] for _, target in r.args)) for r in document.relations]
        assert ties == [(r["label"], r["from"], r["to"]) for r in wanted["relations"]]


# --- Label Studio


def _task(*results: Any, **more: Any) -> dict[str, Any]:
    annotation = {"id": 5, "completed_by": {"id": 7, "email": "a@b.c"}, "result": list(results), **more}
    return {"id": 1, "data": {"text": "😀 Thailand and Cambodia", "url": "https://x"}, "annotations": [annotation]}


def _span(id_: str, start: int, end: int, text: str, *labels: str) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "labels",
        "from_name": "label",
        "to_name": "text",
        "value": {"start": start, "end": end, "text": text, "labels": list(labels)},
    }


A, B = _span("a", 2, 10, "Thailand", "Country", "Member"), _span("b", 15, 23, "Cambodia", "Country")


def test_a_task_with_everything(read_bytes: Read) -> None:
    task = _task(
        A,
        B,
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "left", "labels": ["backs", "warns"]},
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "bi", "labels": []},
        {"id": "a", "type": "choices", "from_name": "stage", "value": {"start": 2, "end": 10, "choices": ["planned"]}},
        {"id": "c", "type": "choices", "from_name": "topic", "value": {"choices": ["scam", "raid"]}},
    )
    task["drafts"] = [{"result": []}]
    (document,), diagnostics = _read(read_bytes, LABEL_STUDIO, [task])
    first, second = document.mentions
    assert (first.types, first.annotator, first.layer) == (("Country", "Member"), "7", "label")
    assert first.attributes == {"stage": ("planned",)}
    assert [(r.type, r.args, r.directed) for r in document.relations] == [
        ("backs", (("from", second.id), ("to", first.id)), True),
        ("warns", (("from", second.id), ("to", first.id)), True),
        (None, (("from", first.id), ("to", second.id)), False),
    ]
    assert document.metadata == {"url": "https://x", "annotation.topic": "scam; raid"}
    assert "a@b.c" not in json.dumps(to_fields(document))
    assert diagnostics.codes == {"annotation.draft": 1}


def test_old_exports_count_in_utf16_and_that_is_found_out(read_bytes: Read) -> None:
    (document,), diagnostics = _read(
        read_bytes, LABEL_STUDIO, [_task(_span("a", 3, 11, "Thailand", "C"), _span("b", 16, 24, "Cambodia", "C"))]
    )
    assert document.repair == "utf16"
    assert diagnostics.codes == {"offset.repaired": 1}


def test_annotators_are_kept_apart_and_what_was_cancelled_is_counted(read_bytes: Read) -> None:
    task = _task(A)
    task["annotations"] += [
        {"id": 6, "completed_by": 8, "result": [A]},
        {"id": 7, "completed_by": 9, "was_cancelled": True, "result": [B]},
    ]
    (document,), _ = _read(read_bytes, LABEL_STUDIO, [task])
    assert [(m.annotator, m.id) for m in document.mentions] == [("7", "a"), ("8", "a@8")]
    assert {a.id: dict(a.verdicts) for a in document.annotators} == {
        "7": {"accept": 1},
        "8": {"accept": 1},
        "9": {"cancelled": 1},
    }


def test_predictions_are_read_on_request(read_bytes: Read) -> None:
    task = {
        "id": 1,
        "data": {"text": "😀 Thailand"},
        "predictions": [{"model_version": "m1", "score": 0.5, "result": [A]}],
    }
    assert not _read(read_bytes, LABEL_STUDIO, [task])[0][0].mentions
    (document,), _ = _read(read_bytes, LABEL_STUDIO, [task], Options(predictions=True))
    (mention,) = document.mentions
    assert (mention.origin, mention.annotator, mention.confidence) == ("prediction", "m1", 0.5)


def test_the_text_is_the_one_that_the_spans_fit(read_bytes: Read) -> None:
    task = _task(A)
    task["data"] = {"original": "Thailand  and", "text": "nothing", "body": "😀 Thailand and Cambodia"}
    (document,), _ = _read(read_bytes, LABEL_STUDIO, [task])
    assert document.text == "😀 Thailand and Cambodia"
    (document,), diagnostics = _read(read_bytes, LABEL_STUDIO, [task], Options(text_key="original"))
    assert document.text == "Thailand  and"
    assert diagnostics.skipped or document.mentions[0].repair


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        7,
        "x",
        [],
        {},
        {"value": None},
        {"type": "labels", "value": {"start": "0", "end": 3}},
        {"type": "relation"},
        {"type": "labels", "value": {"start": 0, "end": 99, "labels": "x"}},
    ],
)
def test_a_bad_result_costs_itself(read_bytes: Read, wrong: Any) -> None:
    (document,), diagnostics = _read(read_bytes, LABEL_STUDIO, [_task(A, wrong, B)])
    assert len(document.mentions) == 2
    assert diagnostics.skipped == 1
    assert diagnostics.kept[0].place.startswith("/0/annotations/0/result/1") or diagnostics.codes["ref.dangling"]


@pytest.mark.parametrize("wrong", [None, 7, "x", {}, {"data": 5}, {"data": {}, "annotations": 3}])
def test_a_bad_task_costs_itself(read_bytes: Read, wrong: Any) -> None:
    documents, diagnostics = _read(read_bytes, LABEL_STUDIO, [_task(A), wrong, _task(B)])
    assert [len(document.mentions) for document in documents if document.mentions] == [1, 1]
    assert diagnostics.codes


def test_tasks_are_written_and_read_again(read_bytes: Read) -> None:
    task = _task(A, B, {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right", "labels": ["backs"]})
    (document,), _ = _read(read_bytes, LABEL_STUDIO, [task])
    losses: Counter[str] = Counter()
    data = b"".join(piece for _, piece in LABEL_STUDIO_WRITER.write([document, document], losses))
    (again, _), diagnostics = _read(read_bytes, LABEL_STUDIO, orjson.loads(data))
    assert not +losses
    assert not diagnostics.codes
    assert [(m.types, m.fragments) for m in again.mentions] == [(m.types, m.fragments) for m in document.mentions]
    assert [(r.type, r.args) for r in again.relations] == [(r.type, r.args) for r in document.relations]


# --- doccano


def test_older_keys_of_doccano(read_bytes: Read) -> None:
    older = {
        "id": 3,
        "data": "Thailand",
        "annotations": [{"id": 1, "label": 4, "start_offset": 0, "end_offset": 8, "user": 2}],
    }
    (document,), _ = _read(read_bytes, DOCCANO, [older])
    (mention,) = document.mentions
    assert (document.id, mention.types, mention.annotator) == ("3", ("4",), "2")


def test_a_user_is_the_name_of_a_file_in_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        for name in ("anna", "bo"):
            archive.writestr(f"{name}.jsonl", json.dumps({"text": "Thailand", "label": [[0, 8, "C"]]}))
    summed = total(list(inspect([tmp_path / "e.zip"])))
    assert summed.annotators == {"anna", "bo"}


def test_relations_that_a_version_leaves_out_are_missed(read_bytes: Read) -> None:
    _, diagnostics = _read(read_bytes, DOCCANO, [{"text": "x", "entities": [], "relations": []}])
    assert diagnostics.codes == {"format.no-relations": 1}


def test_comments_are_notes_and_other_keys_metadata(read_bytes: Read) -> None:
    (document,), _ = _read(read_bytes, DOCCANO, [{"text": "x", "label": [], "Comments": ["why?"], "meta": {"page": 3}}])
    assert [note.text for note in document.notes] == ["why?"]
    assert document.metadata == {"meta.page": 3}


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        3,
        "x",
        [1],
        [0, 1],
        ["0", "1", "X"],
        {},
        {"start_offset": None, "end_offset": 1, "label": "X"},
        [5, 1, "X"],
        [0, 99, "X"],
    ],
)
def test_a_bad_span_costs_itself(read_bytes: Read, wrong: Any) -> None:
    (document,), diagnostics = _read(read_bytes, DOCCANO, [{"text": "Thailand", "label": [[0, 8, "C"], wrong]}])
    assert len(document.mentions) == 1
    assert diagnostics.skipped == 1


def test_a_relation_to_nothing_costs_itself(read_bytes: Read) -> None:
    span = {"id": 1, "label": "C", "start_offset": 0, "end_offset": 8}
    ties = [{"id": 1, "from_id": 1, "to_id": 9, "type": "t"}, {"id": 2, "from_id": 1, "to_id": 1, "type": "t"}, 5]
    (document,), diagnostics = _read(read_bytes, DOCCANO, [{"text": "Thailand", "entities": [span], "relations": ties}])
    assert len(document.relations) == 1
    assert diagnostics.codes == {"ref.dangling": 1, "json.shape": 1}


def test_doccano_is_written_and_read_again(read_bytes: Read) -> None:
    value = {
        "text": "😀 Thailand",
        "entities": [{"id": 1, "label": "C", "start_offset": 3, "end_offset": 11}],
        "relations": [{"id": 1, "from_id": 1, "to_id": 1, "type": "self"}],
    }
    (document,), _ = _read(read_bytes, DOCCANO, [value])
    data = b"".join(piece for _, piece in DOCCANO_WRITER.write([document], Counter()))
    (again,), _ = _read(read_bytes, DOCCANO, orjson.loads(data))
    assert [(m.types, m.fragments) for m in again.mentions] == [(("C",), ((2, 10),))]
    assert [r.type for r in again.relations] == ["self"]


# --- Prodigy


def test_only_what_was_accepted_is_loaded(read_bytes: Read) -> None:
    tasks = [
        {"text": "x y", "spans": [{"start": 0, "end": 1, "label": "A"}], "answer": answer, "_session_id": "s"}
        for answer in ("accept", "reject", "ignore")
    ]
    documents, diagnostics = _read(read_bytes, PRODIGY, tasks)
    assert [d.annotators[0].id for d in documents] == ["s"]
    assert diagnostics.codes == {"task.not-accepted": 2}
    assert len(_read(read_bytes, PRODIGY, tasks, Options(accept=("accept", "reject")))[0]) == 2


def test_a_relation_ends_at_spans_or_at_bare_words(read_bytes: Read) -> None:
    tokens = [{"text": w, "start": s, "end": s + 1, "id": i} for i, (w, s) in enumerate((("a", 0), ("b", 2), ("c", 4)))]
    spans = [{"start": 0, "end": 3, "token_start": 0, "token_end": 1, "label": "S"}]
    ties: list[Any] = [
        {"head": 1, "child": 2, "head_span": {}, "label": "t"},
        {"head": 1, "child": 9, "label": "t"},
        {
            "head": 1,
            "child": 2,
            "head_span": {"start": 0, "end": 3, "label": "S"},
            "child_span": {"start": 4, "end": 5, "label": None},
            "label": "u",
        },
    ]
    (document,), diagnostics = _read(
        read_bytes, PRODIGY, [{"text": "a b c", "tokens": tokens, "spans": spans, "relations": ties}]
    )
    span, word = document.mentions
    assert (span.types, word.types, document.words(word)) == (("S",), ("TOKEN",), "c")
    assert [(r.type, [target for _, target in r.args]) for r in document.relations] == [
        ("t", [span.id, word.id]),
        ("u", [span.id, word.id]),
    ]
    assert diagnostics.codes == {"ref.dangling": 1}


def test_choices_of_a_linking_recipe_are_links(read_bytes: Read) -> None:
    task = {
        "text": "Emerson",
        "spans": [{"start": 0, "end": 7, "label": "P"}],
        "accept": ["Q312545", "NIL_other"],
        "answer": "accept",
    }
    (document,), _ = _read(read_bytes, PRODIGY, [task])
    assert document.mentions[0].links == (Link("wikidata", "Q312545"), Link("choice", "NIL_other"))


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        3,
        "x",
        {},
        {"start": "0", "end": 1},
        {"token_start": 0, "token_end": 9},
        {"start": 0, "end": 99, "label": "X"},
    ],
)
def test_a_bad_span_of_prodigy_costs_itself(read_bytes: Read, wrong: Any) -> None:
    spans = [{"start": 0, "end": 1, "label": "A"}, wrong]
    (document,), diagnostics = _read(read_bytes, PRODIGY, [{"text": "x", "spans": spans, "relations": [wrong]}])
    assert len(document.mentions) == 1
    assert diagnostics.skipped == 2


# --- damage

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 50) | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "label", "id", "start", "end", "spans", "type", "value"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("name", MADE)
@given(data=st.data())
@settings(max_examples=150)
def test_any_value_anywhere_is_survived(read_bytes: Read, name: str, data: st.DataObject) -> None:
    reader, file = MADE[name]
    text = (TESTS / "made" / name / file).read_text(encoding="utf-8")
    values = json.loads(text) if file.endswith(".json") else [json.loads(line) for line in text.splitlines()]
    at: Any = values
    while isinstance(at, list | dict) and at:
        keys = range(len(at)) if isinstance(at, list) else list(at)
        key: Any = data.draw(st.sampled_from(list(keys)))
        if not isinstance(at[key], list | dict) or not at[key] or data.draw(st.booleans()):
            at[key] = data.draw(_JSON)
            break
        at = at[key]
    documents, _ = _read(read_bytes, reader, values)
    for document in documents:
        assert all(0 <= a <= b <= len(document.text) for m in document.mentions for a, b in m.fragments)


@pytest.mark.parametrize("name", MADE)
@given(junk=st.binary(max_size=9), at=st.integers(0, 4000), gone=st.integers(0, 30))
def test_no_damage_is_too_much(read_bytes: Read, name: str, junk: bytes, at: int, gone: int) -> None:
    reader, file = MADE[name]
    data = (TESTS / "made" / name / file).read_bytes()
    read_bytes(reader, {file: data[:at] + junk + data[at + gone :]})


def test_json_min_of_any_shape(read_bytes: Read) -> None:
    rows: list[Any] = [
        {
            "id": 1,
            "text": "ab",
            "label": [{"start": 0, "end": 1, "text": "a", "labels": ["X"]}, {"start": None}],
            "annotator": 2,
        },
        5,
    ]
    documents, diagnostics = _read(read_bytes, LABEL_STUDIO_MIN, rows)
    assert [m.types for m in documents[0].mentions] == [("X",)]
    assert diagnostics.codes == {"format.no-relations": 1, "offset.bad": 1, "json.shape": 1}


def test_an_inspected_file_is_of_one_format_only() -> None:
    found: list[Inspected] = list(inspect([TESTS / "made"]))
    assert {one.format for one in found if "format.ambiguous" in one.codes} == set()
