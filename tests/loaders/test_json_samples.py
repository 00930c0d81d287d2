"""Label Studio, doccano and Prodigy: small real exports, damaged in every way; what is written and read again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import inspect
from loaders.detect import READERS
from loaders.diagnostics import Diagnostics
from loaders.doccano import DOCCANO, DOCCANO_WRITER
from loaders.document import Document, Link, Mention, Relation, document_from, to_fields
from loaders.files import Files
from loaders.label_studio import LABEL_STUDIO, LABEL_STUDIO_MIN
from loaders.label_studio_writer import LABEL_STUDIO_WRITER
from loaders.prodigy import PRODIGY, PRODIGY_WRITER
from loaders.reading import Options, Reader
from loaders.writing import Losses, Writer

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
Read = Callable[..., tuple[list[Document], Diagnostics]]
COUNTS = {  # documents, mentions, relations, links
    "label-studio/testing_ls_full_second.json": ("label-studio", 1, 5, 2, 0),
    "label-studio/testing_ls_min_second.json": ("label-studio-min", 1, 11, 0, 0),
    "doccano/relation_extraction_example.jsonl": ("doccano", 1, 4, 3, 0),
    "doccano/sequence_labeling_example.jsonl": ("doccano", 3, 4, 0, 0),
    "doccano/example_overlapping.jsonl": ("doccano", 1, 2, 0, 0),
    "doccano/medkit_relation_extraction.jsonl": ("doccano", 1, 2, 1, 0),
    "doccano/bsner_first60.jsonl": ("doccano", 60, 70, 0, 0),
    "prodigy/rel_component_first6.jsonl": ("prodigy", 6, 25, 19, 0),
    "prodigy/emerson_first6.jsonl": ("prodigy", 6, 6, 0, 6),
}
BY_FORMAT: dict[str, Reader] = {reader.format: reader for reader in READERS}
PAIRS: list[tuple[Reader, Writer]] = [
    (LABEL_STUDIO, LABEL_STUDIO_WRITER),
    (DOCCANO, DOCCANO_WRITER),
    (PRODIGY, PRODIGY_WRITER),
]


@pytest.mark.parametrize("name", COUNTS)
def test_small_copies_have_the_counts_of_their_sources(name: str) -> None:
    (found,) = inspect([SAMPLES / name])
    counted = (found.format, *(found.counts[sort] for sort in ("documents", "mentions", "relations", "links")))
    assert counted == COUNTS[name]
    assert found.counts["surfaces_equal"] == found.counts["surfaces_stated"]
    assert not found.counts["skipped"]


@pytest.mark.parametrize("name", COUNTS)
def test_every_document_survives_its_own_json(name: str) -> None:
    for document in _documents(name):
        assert document_from(orjson.loads(orjson.dumps(to_fields(document)))) == document


def _documents(name: str) -> list[Document]:
    diagnostics = Diagnostics()
    with Files([SAMPLES / name], diagnostics) as files:
        return list(BY_FORMAT[COUNTS[name][0]].read(next(iter(files)), Options(), diagnostics))


# --- damage


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """Bytes with stretches deleted, inserted, doubled and swapped."""
    for _ in range(chance.randint(1, 5)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((1, 1, 2, 5, 40, 400)))
        piece = data[start:end]
        junk = chance.choice((piece * 2, b"", piece[::-1], b"\xff", b"[", b"}", b'"', b"null", b"\\ud83d", b"-1e999"))
        data = data[:start] + junk + data[end:]
    return data


@pytest.mark.parametrize("name", COUNTS)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_real_exports_in_pieces_cost_only_what_is_broken(read_bytes: Read, name: str, seed: int) -> None:
    data = _mutated((SAMPLES / name).read_bytes(), random.Random(seed))
    documents, diagnostics = read_bytes(BY_FORMAT[COUNTS[name][0]], {Path(name).name: data}, Options(predictions=True))
    kept = sum(len(list(document.annotations)) + len(document.notes) for document in documents)
    assert diagnostics.read == kept + diagnostics.skipped
    for document in documents:
        orjson.dumps(to_fields(document))
        assert all(0 <= a <= b <= len(document.text) for m in document.mentions for a, b in m.fragments)


@pytest.mark.parametrize("reader", [LABEL_STUDIO, LABEL_STUDIO_MIN, DOCCANO, PRODIGY], ids=lambda one: one.format)
@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[", b"null", b"{", b"[1, 2", b"\xef\xbb\xbf[]", b'"x"\n7\n'])
def test_files_that_are_none(read_bytes: Read, reader: Reader, data: bytes) -> None:
    documents, diagnostics = read_bytes(reader, {"x.json": data})
    assert not documents
    assert diagnostics.read == diagnostics.skipped


# --- written and read again


def _said(document: Document, *, alone: bool) -> list[Any]:
    """What every one of these formats holds: spans with their labels (the first `alone`), ties between them."""
    spans = {m.id: (m.fragments, m.types[:1] if alone else m.types) for m in document.mentions}
    ties = [(r.type, *(spans[target] for _, target in r.args)) for r in document.relations]
    return [document.id, document.text, [*spans.values()], ties]


def _again(
    read_bytes: Read, reader: Reader, writer: Writer, documents: list[Document]
) -> tuple[list[Document], Losses]:
    losses: Losses = Counter()
    pieces = list(writer.write(documents, losses))
    (name,) = {name for name, _ in pieces}
    found, diagnostics = read_bytes(reader, {name: b"".join(piece for _, piece in pieces)})
    assert not diagnostics.skipped
    return found, +losses


@pytest.mark.parametrize(("reader", "writer"), PAIRS, ids=lambda one: one.format)
@pytest.mark.parametrize("name", COUNTS)
def test_real_exports_are_written_and_read_again(read_bytes: Read, reader: Reader, writer: Writer, name: str) -> None:
    documents = _documents(name)
    again, _ = _again(read_bytes, reader, writer, documents)
    assert [_said(one, alone=True) for one in again] == [_said(one, alone=True) for one in documents]


_AWKWARD = '🇹🇭 ไทย é é ខ្មែរ ລາວ မြန်မာ 中国\r\n👨‍👩‍👧 עברית\t"\\ \u2028x'


@st.composite
def _made_up(draw: st.DrawFn) -> Document:
    text = draw(st.text(st.sampled_from(_AWKWARD), min_size=1, max_size=40))
    places = st.integers(0, len(text))
    mentions: list[Mention] = []
    for number in range(draw(st.integers(0, 4))):
        start, end = sorted((draw(places), draw(places)))
        label = draw(st.text(st.characters(codec="utf-8"), min_size=1, max_size=5))
        if not any(one.types == (label,) and one.fragments == ((start, end),) for one in mentions):
            mentions.append(Mention(id=f"m{number}", types=(label,), fragments=((start, end),)))
    ends = st.sampled_from([one.id for one in mentions] or [""])
    ties = draw(st.lists(st.tuples(st.sampled_from(["signed", "ร่วมมือ"]), ends, ends), max_size=3 if mentions else 0))
    relations = [
        Relation(id=f"r{number}", type=type_, args=(("from", a), ("to", b)))
        for number, (type_, a, b) in enumerate(ties)
    ]
    return Document(id="ไทย/1", path="x", format="x", text=text, mentions=tuple(mentions), relations=tuple(relations))


@pytest.mark.parametrize(("reader", "writer"), PAIRS, ids=lambda one: one.format)
@given(document=_made_up())
@settings(max_examples=80, deadline=None)
def test_awkward_text_is_written_and_read_again(
    read_bytes: Read, reader: Reader, writer: Writer, document: Document
) -> None:
    (again,), losses = _again(read_bytes, reader, writer, [document])
    assert not losses
    assert _said(again, alone=False) == _said(document, alone=False)


def test_what_is_lost_is_counted() -> None:
    first = Mention(
        id="a", types=("A", "B"), fragments=((0, 1),), attributes={"x": (1,)}, annotator="ann",
        links=(Link("wikidata", "Q1"), Link("kb", "2")),
    )  # fmt: skip
    split = Mention(id="b", types=("C",), fragments=((0, 1), (2, 3)), annotator="ann")
    tie = Relation(id="r", type="t", args=(("from", "a"), ("to", "b")), annotator="ann")
    document = Document(id="1", path="x", format="x", text="a b", mentions=(first, split), relations=(tie,))
    lost = {}
    for _, writer in PAIRS:
        losses: Losses = Counter()
        list(writer.write([document], losses))
        lost[writer.format] = dict(+losses)
    assert lost == {
        "label-studio": {
            "names of annotators": 1,
            "mentions in several pieces, or none": 1,
            "relations of other than two mentions": 1,
        },
        "doccano": {
            "names of annotators": 1,
            "mentions in several pieces, or none": 1,
            "relations of other than two mentions": 1,
            "further labels of a mention": 1,
            "attributes and links of mentions": 3,
        },
        "prodigy": {
            "mentions in several pieces, or none": 1,
            "relations of other than two mentions of one annotator": 1,
            "further labels of a mention": 1,
            "further links of a mention": 1,
            "attributes of mentions": 1,
        },
    }


def test_one_file_of_each_kind_is_claimed_by_one_reader() -> None:
    folders = [SAMPLES / name for name in ("label-studio", "doccano", "prodigy")]
    found = {Path(one.path).name: one.format for one in inspect(folders) if one.format}
    assert found == {Path(name).name: counts[0] for name, counts in COUNTS.items()}
