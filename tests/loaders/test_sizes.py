"""What size costs: files are opened as often as they must be, and what is huge is read, or told, without huge tables."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

import pytest

from accordgraph.inspecting import read
from benchmarks.exports import synthetic, write
from loaders import json_stream, offsets
from loaders.detect import detect
from loaders.diagnostics import Diagnostics
from loaders.files import File
from loaders.offsets import Offsets, Placed, Stated, nearest, place
from loaders.reading import Options


def _opened(folder: Path, shape: str, count: int) -> tuple[int, int]:
    """How many documents are read, and how often the files are opened for that."""
    place = folder / f"{shape}-{count}"
    write(place, shape, synthetic(count))
    opened: Counter[str] = Counter()
    siblings: dict[str, File] = {}
    for path in sorted(place.iterdir()):
        data = path.read_bytes()

        def stream(name: str = path.name, data: bytes = data) -> io.BytesIO:
            opened[name] += 1
            return io.BytesIO(data)

        siblings[path.name] = File(path.name, ".", path.name, len(data), stream, siblings)
    documents, diagnostics = 0, Diagnostics()
    for file in siblings.values():
        found = detect(file, diagnostics)
        if found and found.reader:
            documents += sum(1 for _ in read(found.reader, file, Options(), diagnostics))
    return documents, opened.total()


@pytest.mark.parametrize("shape", ["brat", "cas-json", "w3c"])
def test_small_files_are_opened_once(tmp_path: Path, shape: str) -> None:
    files = {"brat": 2, "cas-json": 1, "w3c": 2}[shape]
    assert _opened(tmp_path, shape, 30) == (30, 30 * files)


@pytest.mark.parametrize("shape", ["webanno-tsv", "label-studio", "doccano"])
def test_files_are_opened_no_oftener_where_there_are_more(tmp_path: Path, shape: str) -> None:
    few, many = (_opened(tmp_path, shape, count)[1] for count in (50, 500))
    assert many <= few * (10 if shape == "webanno-tsv" else 1)


@pytest.mark.parametrize(("lead", "end"), [("", "\n"), ("[", "]")])
def test_a_first_document_of_any_size_tells_the_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lead: str, end: str
) -> None:
    monkeypatch.setattr(json_stream, "FIRST", 1_000)
    text = "ไทย " * 40_000
    path = tmp_path / "a.json"
    path.write_text(lead + json.dumps({"text": text, "label": [[0, 3, "Country"]]}, ensure_ascii=False) + end)
    file = File(str(path), ".", path.name, None, None, {})
    found = detect(file, Diagnostics())
    assert found
    assert found.reader
    (document,) = found.reader.read(file, Options(), Diagnostics())
    assert (document.text, document.words(document.mentions[0])) == (text, "ไทย")
    assert json_stream._first_element.cache_info().currsize == 0  # it is not kept while the file is read


def test_a_first_document_that_is_too_large_is_not_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "FIRST", 1_000)
    monkeypatch.setattr(json_stream, "MAX_ELEMENT", 10_000)
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "x" * 100_000, "label": []}))
    diagnostics = Diagnostics()
    assert detect(File(str(path), ".", path.name, None, None, {}), diagnostics) is None
    assert diagnostics.codes == {"format.unknown": 1}


def test_in_a_long_text_no_table_of_all_of_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offsets, "LONG", 100)
    text = Offsets("😀 ไทย" + " x" * 100)
    found, _ = place(text, [Stated(((3, 6),), "ไทย"), Stated(((4, 7),), "ลาว")], "codepoint")
    assert found == [Placed(((2, 5),), "utf16"), None]
    assert not {"_bytes", "_graphemes"} & vars(text).keys()


def test_words_longer_than_the_text_or_any_pattern_are_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    assert nearest("a b", "a b c" * 100_000) is None
    monkeypatch.setattr(offsets, "_PATTERN", 10)
    text = "x ไทยลงนามกับกัมพูชา y"
    assert nearest(text, " ไทยลงนามกับกัมพูชา ") == (2, 20)
    assert nearest(text, "ไทยลงนาม กับกัมพูชา") is None
