"""Documents as JSON Lines come back as they were; our own articles are documents too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import documents, inspect, total
from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.documents import DOCUMENTS, DOCUMENTS_WRITER
from loaders.own import OWN_MARKDOWN

TESTS = Path(__file__).resolve().parent.parent
Read = Callable[..., tuple[list[Document], Diagnostics]]


def _written(several: list[Document]) -> bytes:
    losses: Counter[str] = Counter()
    data = b"".join(piece for _, piece in DOCUMENTS_WRITER.write(several, losses))
    assert not losses
    return data


def _same(read: Read, several: list[Document]) -> None:
    again, diagnostics = read(DOCUMENTS, {"documents.jsonl": _written(several)})
    assert again == several
    assert not diagnostics.codes


def test_every_made_export_comes_back(read_bytes: Read) -> None:
    several = list(documents([TESTS / "made"], Diagnostics()))
    assert len(several) > 6
    _same(read_bytes, several)


def test_every_real_export_comes_back(read_bytes: Read, samples: Path) -> None:
    several = list(documents([samples], Diagnostics()))
    assert len(several) > 500
    _same(read_bytes, several)


def test_a_document_of_any_size_is_known_again(tmp_path: Path) -> None:
    long = Document(id="a", path="x", format="x", text="x" * 5_000_000)
    (tmp_path / "a.jsonl").write_bytes(b"".join(data for _, data in DOCUMENTS_WRITER.write([long], Counter())))
    assert [document.text for document in documents([tmp_path], Diagnostics())] == [long.text]


def test_our_articles_are_documents_and_come_back(read_bytes: Read, corpus: Path) -> None:
    several = list(documents([corpus], Diagnostics()))
    _same(read_bytes, several)
    summed = total(list(inspect([corpus])))
    assert (
        summed.counts["documents"] == len(several) == len(list(corpus.glob("*.md"))) - (corpus / "README.md").exists()
    )
    assert summed.counts["skipped"] == 0
    assert summed.counts["surfaces_equal"] == summed.counts["surfaces_stated"] > 0
    assert summed.labels["Country"] > 50
    assert summed.relation_labels["signed"] > 0


def test_an_article_with_a_mistake_costs_itself(read_bytes: Read) -> None:
    documents_, diagnostics = read_bytes(OWN_MARKDOWN, {"a.md": b"---\nid: a\nurl: x\n---\ntext\n"})
    assert not documents_
    assert set(diagnostics.codes) == {"article.bad"}
    assert (diagnostics.read, diagnostics.skipped) == (1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"accordgraph": "document 2"},
        {"accordgraph": "document 1"},
        {"accordgraph": "document 1", "id": "x", "path": "x", "format": "x", "text": "x", "colour": 1},
        {"accordgraph": "document 1", "id": "x", "path": "x", "format": "x", "text": "x", "mentions": [{"id": "1", "types": [], "fragments": [[0, 9]]}]},
        {"accordgraph": "document 1", "id": "x", "path": "x", "format": "x", "text": "x", "relations": [{"id": "1", "type": None, "args": [["a", "2"]]}]},
        3,
    ],
)  # fmt: skip
def test_what_is_no_document_costs_itself(read_bytes: Read, wrong: Any) -> None:
    found, diagnostics = read_bytes(DOCUMENTS, {"d.jsonl": orjson.dumps(wrong) + b"\n"})
    assert not found
    assert diagnostics.codes == {"json.shape": 1}


@given(junk=st.binary(max_size=9), at=st.integers(0, 3000), gone=st.integers(0, 30))
@settings(max_examples=60)
def test_no_damage_is_too_much(read_bytes: Read, junk: bytes, at: int, gone: int) -> None:
    data = _written(list(documents([TESTS / "made" / "brat"], Diagnostics())))
    found, diagnostics = read_bytes(DOCUMENTS, {"d.jsonl": data[:at] + junk + data[at + gone :]})
    kept = sum(len(list(one.annotations)) + len(one.notes) for one in found)
    assert diagnostics.read == diagnostics.skipped + kept
