"""Web annotations as they are written: what is written is read again, what cannot be is counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link, Mention, Note, Relation
from loaders.w3c import W3C
from loaders.w3c_writer import W3C_WRITER
from loaders.writing import Losses

TESTS = Path(__file__).resolve().parent.parent
SAMPLES = TESTS / "samples" / "w3c"
Read = Callable[..., tuple[list[Document], Diagnostics]]
TEXT = "Thailand signed. 😀 Cambodia and Thailand met; Thailand left."


def _written(document: Document, read: Read) -> tuple[Document, Losses]:
    losses = Losses()
    contents = dict(W3C_WRITER.write([document], losses))
    (back,), _ = read(W3C, dict(sorted(contents.items())))
    return back, losses


@pytest.mark.parametrize("folder", ["made/w3c", "made/brat", "samples/w3c"])
def test_what_is_written_is_read_again(read_files: Read, read_bytes: Read, folder: str) -> None:
    documents, _ = read_files(TESTS / folder)
    for document in documents:
        back, _ = _written(document, read_bytes)
        assert back.text == document.text
        assert [(m.types, m.fragments, m.links, m.annotator) for m in back.mentions] == [
            (m.types, m.fragments, m.links, m.annotator) for m in document.mentions
        ]
        numbers = [{one.id: number for number, one in enumerate(each.mentions)} for each in (document, back)]
        ties = [
            [(one.type, [place.get(target, target) for _, target in one.args]) for one in each.relations]
            for each, place in zip((document, back), numbers, strict=True)
        ]
        assert ties[0] == ties[1]
        assert sorted(note.text for note in back.notes) == sorted(note.text for note in document.notes)


def test_what_cannot_be_written_is_counted(read_bytes: Read) -> None:
    document = Document(
        id="a/b",
        path="x",
        format="x",
        text="ไทย 😀 ลาว",
        metadata={"url": "http://x"},
        mentions=(
            Mention(
                id="1",
                types=("A", "B"),
                fragments=((0, 3), (6, 9)),
                attributes={"x": (1, 2), "tagging": (True,)},
                confidence=0.5,
            ),
            Mention(id="2", types=("Topic",), fragments=(), links=(Link("wikidata", "Q1", "one", 0.5),)),
        ),
        relations=(Relation(id="r", type="t", args=(("a", "1"), ("b", "2"), ("c", "1")), directed=False),),
        notes=(Note(target=None, type=None, text="on all"), Note(target="1", type="x", text="on one")),
    )
    back, losses = _written(document, read_bytes)
    assert back.id == "a_b"
    assert [(m.types, m.fragments, m.links) for m in back.mentions] == [
        (("A", "B"), ((0, 3), (6, 9)), ()),
        (("Topic",), (), (Link("wikidata", "Q1", "one"),)),
    ]
    assert back.mentions[0].attributes == {"x": ("1", "2")}
    assert back.relations[0].args == (("from", "#1"), ("to", "#2"), ("to", "#1"))
    assert sorted(note.text for note in back.notes) == ["on all", "on one"]
    assert +losses == {
        "attributes that are called like a purpose": 1,
        "confidences": 1,
        "document metadata": 1,
        "ids of documents, which are no file names": 1,
        "roles of relations": 3,
        "scores of links": 1,
        "undirected relations": 1,
    }


@given(st.text('aไក😀中\u0301ا \n\r"\\\u2028', min_size=1, max_size=30), st.data())
def test_awkward_texts_come_back(read_bytes: Read, text: str, data: st.DataObject) -> None:
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda pair: (min(pair), max(pair)))
    drawn = data.draw(
        st.lists(st.lists(places.filter(lambda pair: pair[0] < pair[1]), min_size=1, max_size=3), max_size=5)
    )
    mentions = [Mention(id=f"m{n}", types=("X",), fragments=tuple(one)) for n, one in enumerate(drawn)]
    document = Document(id="d", path="x", format="x", text=text, mentions=tuple(mentions))
    if not mentions:
        return
    back, _ = _written(document, read_bytes)
    assert back.text == text
    assert [one.fragments for one in back.mentions] == [one.fragments for one in mentions]
