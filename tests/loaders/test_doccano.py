"""What tells doccano's exports from others, whose work they are, and what their metadata are."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from accordgraph.inspecting import inspect
from loaders.diagnostics import Diagnostics
from loaders.doccano import DOCCANO, DOCCANO_WRITER
from loaders.document import Document, Note
from loaders.reading import Options

Read = Callable[..., tuple[list[Document], Diagnostics]]
ONE = {"id": 1, "text": "Thailand", "label": [[0, 8, "C"]]}


def _read(read: Read, *values: Any, options: Options | None = None) -> tuple[list[Document], Diagnostics]:
    found: tuple[list[Document], Diagnostics] = read(
        DOCCANO, {"x.jsonl": b"\n".join(map(orjson.dumps, values))}, options
    )
    return found


@pytest.mark.parametrize(
    ("lines", "format_"),
    [
        ([{"id": 1, "text": "x", "label": []}, ONE], "doccano"),  # nothing in the first text
        ([*[{"id": 1, "text": "ไทย " * 500, "label": []}] * 150, ONE], "doccano"),  # nor in many
        ([{"id": 1, "text": "x", "label": [], "Comments": []}], "doccano"),
        ([{"id": 1, "text": "x", "meta": {}, "annotation_approver": None, "labels": []}], "doccano"),
        ([{"text": "x", "entities": [[0, 1, "C"]]}], "doccano"),
        ([{"text": "x", "label": ["positive"]}], None),  # whole texts are classified
        ([{"text": "x", "label": "positive"}], None),
        ([{"text": "x", "label": []}], None),
        ([{"text": "x", "label": [[0, 1, "C"]], "_input_hash": 3, "answer": "accept"}], "prodigy"),
        ([{"label": [[0, 1, "C"]]}], None),
    ],
)
def test_a_file_is_claimed_by_what_is_in_it(tmp_path: Path, lines: list[Any], format_: str | None) -> None:
    (tmp_path / "x.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    (found,) = inspect([tmp_path / "x.jsonl"])
    assert found.format == format_


def test_an_object_over_many_lines_and_lines_in_a_json_file(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps(ONE, indent=2), encoding="utf-8")
    (tmp_path / "two.json").write_text(f"{json.dumps(ONE)}\n\n{json.dumps(ONE)}\n", encoding="utf-8")
    counted = {Path(one.path).name: (one.format, one.counts["mentions"]) for one in inspect([tmp_path])}
    assert counted == {"one.jsonl": ("doccano", 1), "two.json": ("doccano", 2)}


@pytest.mark.parametrize(
    ("names", "annotators"),
    [
        (["admin.jsonl", "anna.jsonl", "unknown.jsonl"], {"admin", "anna"}),
        (["all.jsonl"], set()),
        (["train.jsonl", "dev.jsonl"], set()),
        (["news/anna.jsonl", "news/bo.jsonl"], set()),  # no export: those lie flat
        (["anna.jsonl", "bo.jsonl", "README.md"], set()),
    ],
)
def test_files_are_named_after_users_in_an_export_only(tmp_path: Path, names: list[str], annotators: set[str]) -> None:
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        for name in names:
            archive.writestr(name, json.dumps(ONE))
    found = {name for one in inspect([tmp_path / "e.zip"]) for name in one.annotators}
    assert found == annotators
    (tmp_path / "anna.jsonl").write_text(json.dumps(ONE), encoding="utf-8")
    (tmp_path / "bo.jsonl").write_text(json.dumps(ONE), encoding="utf-8")
    assert not any(one.annotators for one in inspect([tmp_path / "anna.jsonl", tmp_path / "bo.jsonl"]))


def test_what_is_no_annotation_is_metadata(read_bytes: Read) -> None:
    (document,), _ = _read(read_bytes, {**ONE, "data": "raw", "labels": "none", "meta": {"page": 3}, "url": "u"})
    assert document.metadata == {"data": "raw", "labels": "none", "meta.page": 3, "url": "u"}


def test_numbers_and_strings_are_the_same_ids(read_bytes: Read) -> None:
    spans = [{"id": 1, "label": "C", "start_offset": 0, "end_offset": 8}]
    ties = [{"id": 1, "from_id": "1", "to_id": 1, "type": "self"}]
    (document,), diagnostics = _read(read_bytes, {"text": "Thailand", "entities": spans, "relations": ties})
    assert len(document.relations) == 1
    assert not diagnostics.codes


def test_users_of_single_spans_are_annotators(read_bytes: Read) -> None:
    spans = [{"label": 4, "start_offset": 0, "end_offset": 8, "user": user} for user in (1, 2, 1)]
    (document,), _ = _read(read_bytes, {"text": "Thailand", "annotations": spans})
    assert [one.id for one in document.annotators] == ["1", "2"]
    assert [one.annotator for one in document.mentions] == ["1", "2", "1"]


def test_comments_may_be_objects_and_bad_ones_are_counted(read_bytes: Read) -> None:
    comments = ["a", {"text": "b"}, {"comment": "c"}, None, {}]
    (document,), diagnostics = _read(read_bytes, {**ONE, "Comments": comments})
    assert [note.text for note in document.notes] == ["a", "b", "c"]
    assert (diagnostics.read, diagnostics.skipped) == (6, 2)


def test_a_document_comes_back_as_itself(read_bytes: Read) -> None:
    note = Note(target=None, type="comment", text="why?")
    document = Document(id="ไทย-1", path="x", format="x", text="x", language="th", notes=(note,), metadata={"url": "u"})
    ((_, line),) = DOCCANO_WRITER.write([document], Counter())
    (again,), _ = _read(read_bytes, {**orjson.loads(line), "id": 99})
    assert (again.id, [one.text for one in again.notes]) == ("ไทย-1", ["why?"])
    assert again.metadata == {"language": "th", "url": "u"}


def test_relations_are_missed_where_the_file_is_named_after_them(read_bytes: Read) -> None:
    for name, codes in (("Relations_2025.jsonl", {"format.no-relations": 1}), ("x.jsonl", {})):
        _, diagnostics = read_bytes(DOCCANO, {name: orjson.dumps(ONE)})
        assert diagnostics.codes == codes
