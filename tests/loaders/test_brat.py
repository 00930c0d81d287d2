"""brat standoff: real files, the made ones, what a line may be, and what it may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordgraph.inspecting import inspect, total
from loaders.brat import BRAT, BRAT_WRITER
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link, Mention, document_from, to_fields

TESTS = Path(__file__).resolve().parent.parent
Read = Callable[..., tuple[list[Document], Diagnostics]]

TEXT = "Ada met Bo in Thai.\nThey signed."
ANN = (
    "T1\tPerson 0 3\tAda\n"
    "T2\tPerson 8 10\tBo\n"
    "T3\tMeet 4 7\tmet\n"
    "T4\tPhrase 0 3;8 10\tAda Bo\n"
    "E1\tMeet:T3 Who:T1 Who2:T2\n"
    "R1\tknows Arg1:T1 Arg2:T2\t\n"
    "A1\tstage R1 planned\n"
    "A2\tNegation E1\n"
    "N1\tReference T1 Wikidata:Q7259\tAda Lovelace\n"
    "#1\tAnnotatorNotes T2\twho is this?\n"
    "*\tEquiv T1 T4\n"
)


def _brat(read: Read, ann: str, text: str = TEXT) -> tuple[Document, Diagnostics]:
    (document,), diagnostics = read(BRAT, {"a.ann": ann.encode(), "a.txt": text.encode()})
    return document, diagnostics


def test_every_sort_of_line_is_read(read_bytes: Read) -> None:
    document, diagnostics = _brat(read_bytes, ANN)
    assert not diagnostics.codes
    assert [(m.id, m.types, document.words(m)) for m in document.mentions] == [
        ("T1", ("Person",), "Ada"),
        ("T2", ("Person",), "Bo"),
        ("T3", ("Meet",), "met"),
        ("T4", ("Phrase",), "Ada Bo"),
    ]
    (relation,), (event,) = document.relations, document.events
    assert (relation.type, relation.args, dict(relation.attributes)) == (
        "knows",
        (("Arg1", "T1"), ("Arg2", "T2")),
        {"stage": ("planned",)},
    )
    assert (event.type, event.trigger, event.args) == ("Meet", "T3", (("Who", "T1"), ("Who2", "T2")))
    assert event.attributes == {"Negation": (True,)}
    assert document.mentions[0].links == (Link("Wikidata", "Q7259", "Ada Lovelace"),)
    assert [(note.target, note.text) for note in document.notes] == [("T2", "who is this?")]
    assert document.clusters[0].members == ("T1", "T4")
    assert document.mentions[1].place == "2"


def test_it_goes_through_json_and_back(read_bytes: Read) -> None:
    document, _ = _brat(read_bytes, ANN)
    assert document_from(orjson.loads(orjson.dumps(to_fields(document)))) == document


def test_it_is_written_as_it_was_read(read_bytes: Read) -> None:
    document, _ = _brat(read_bytes, ANN)
    losses: Counter[str] = Counter()
    files = dict(BRAT_WRITER.write([document], losses))
    assert not +losses
    again, diagnostics = _brat(read_bytes, files["a.ann"].decode(), files["a.txt"].decode())
    assert not diagnostics.codes
    assert _meant(again) == _meant(document)


def _meant(document: Document) -> dict[str, Any]:
    fields = to_fields(document)
    for part in ("mentions", "relations", "events", "clusters", "notes"):
        for one in fields[part]:
            one.pop("place", None)
            if part == "notes" or part == "clusters":
                one.pop("raw_id", None)
                one.pop("id", None)
    return fields


@pytest.mark.parametrize(
    ("line", "code", "skipped"),
    [
        ("nonsense", "line.bad", 1),
        ("T9\tPerson", "line.bad", 1),
        ("T9\tPerson 0 x\tAda", "line.bad", 1),
        (f"T9\tPerson 0 {'9' * 5_000}\tAda", "line.bad", 1),
        ("T9\tPerson 900 903\tAda", "offset.mismatch", 1),
        ("T9\tPerson 0 3\tEve", "offset.mismatch", 1),
        ("R9\tknows Arg1:T1 Arg2:T77\t", "ref.dangling", 1),
        ("R9\tknows Arg1:T1\t", "line.bad", 1),
        ("R9\tknows T1 T2\t", "line.bad", 1),
        ("E9\tMeet:T77 Who:T1", "ref.dangling", 1),
        ("A9\tstage T77 x", "ref.dangling", 1),
        ("A9\tstage", "line.bad", 1),
        ("N9\tReference T1 nothing\tx", "line.bad", 1),
        ("#9\tAnnotatorNotes T77\tx", "ref.dangling", 1),
        ("*\tEquiv T1", "line.bad", 1),
        ("T1\tPerson 0 3\tAda", "id.duplicate", 0),
        ("Q1\tx y", "line.bad", 1),
    ],
)
def test_a_bad_line_costs_itself_and_is_named(read_bytes: Read, line: str, code: str, skipped: int) -> None:
    document, diagnostics = _brat(read_bytes, ANN + line + "\n")
    assert diagnostics.codes == {code: 1}
    assert diagnostics.skipped == skipped
    assert len(document.mentions) == 4 + (code == "id.duplicate")
    told = str(diagnostics.kept[0])
    assert told.startswith("a.ann:12: ") or code in ("ref.dangling",)


def test_what_refers_to_what_is_skipped_is_skipped_too(read_bytes: Read) -> None:
    document, diagnostics = _brat(read_bytes, ANN.replace("T1\tPerson 0 3\tAda", "T1\tPerson 0 3\tEve"))
    assert not document.relations
    assert not document.events
    assert diagnostics.codes["ref.dangling"] == 6  # R1, E1, the equivalence, A1, A2, N1


def test_words_broken_over_lines_tabs_for_spaces_and_crlf(read_bytes: Read) -> None:
    document, diagnostics = _brat(read_bytes, "T1\tX\t15\t24\tThai.\nThey\r\nT2 \r\n", "Ada met Bo in  Thai.\nThey.")
    assert [document.words(m) for m in document.mentions] == ["Thai.\nThey"]
    assert diagnostics.codes == {"line.bad": 1, "offset.repaired": 1}  # "T2", and an end that is one short


def test_without_a_text_mentions_cannot_stand(read_bytes: Read) -> None:
    (document,), diagnostics = read_bytes(BRAT, {"a.ann": b"T1\tX 0 3\tAda\n"})
    assert diagnostics.codes["text.missing"] == 1
    assert document.text_origin == "missing"
    assert not document.mentions


def test_an_annotators_file_finds_the_text(read_bytes: Read) -> None:
    (document,), _ = read_bytes(BRAT, {"news_anna.ann": b"T1\tX 0 3\tAda\n", "news.txt": b"Ada"})
    assert len(document.mentions) == 1


def test_the_made_files_say_what_was_marked(made: dict[str, Any]) -> None:
    for name, wanted in made.items():
        (found,) = inspect([TESTS / "made" / "brat" / f"{name}.ann"])
        assert found.counts["mentions"] == found.counts["surfaces_equal"] == len(wanted["mentions"])
        assert found.counts["relations"] == len(wanted["relations"])
        assert not found.codes


def test_real_exports_have_the_counts_of_their_sources(samples: Path) -> None:
    news = total(list(inspect([samples / "brat" / "nlplab-news"])))
    counts = {name: news.counts[name] for name in ("documents", "mentions", "relations", "events", "attributes")}
    assert counts == {"documents": 13, "mentions": 119, "relations": 8, "events": 23, "attributes": 11}
    assert (news.counts["links"], news.counts["notes"], news.counts["clusters"]) == (1, 4, 2)
    litbank = total(list(inspect([samples / "brat" / "litbank-coref"])))
    assert (litbank.counts["mentions"], litbank.counts["relations"]) == (736, 4)
    medkit = total(list(inspect([samples / "brat" / "medkit"])))
    assert [medkit.counts[name] for name in ("mentions", "relations", "attributes", "notes")] == [7, 2, 3, 3]
    for one in (news, litbank, medkit):
        assert one.counts["surfaces_equal"] == one.counts["surfaces_stated"] == one.counts["mentions"]


@given(st.binary(max_size=200), st.integers(0, len(ANN)), st.integers(0, 40))
def test_no_damage_is_too_much(read_bytes: Read, junk: bytes, at: int, gone: int) -> None:
    ann = ANN.encode()
    read_bytes(BRAT, {"a.ann": ann[:at] + junk + ann[at + gone :], "a.txt": TEXT.encode()})


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8),
    st.text(alphabet="aก็😀ក្\u0301\n ", max_size=30),
)
def test_any_mentions_are_written_and_found_again(read_bytes: Read, places: list[tuple[int, int]], text: str) -> None:
    spans = sorted({(min(a, b), max(a, b)) for a, b in places if a != b and max(a, b) <= len(text)})
    mentions = tuple(
        Mention(id=f"m{i}", types=("X",), fragments=((a, b),))
        for i, (a, b) in enumerate(spans)
        if "\n" not in text[a:b]
    )
    document = Document(id="d", path="d", format="brat", text=text, mentions=mentions)
    files = dict(BRAT_WRITER.write([document], Counter()))
    again, _ = _brat(read_bytes, files["d.ann"].decode(), files["d.txt"].decode())
    assert {m.fragments for m in again.mentions} == {m.fragments for m in mentions}


def test_words_that_begin_with_a_space_keep_it(read_bytes: Read) -> None:
    document, diagnostics = _brat(read_bytes, "T1\tX 1 3\t a\nT2\tX 1 2\t \nT3\tX 2 3  a\n", "b a a")
    assert [document.words(one) for one in document.mentions] == [" a", " ", "a"]
    assert not diagnostics.codes
