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
from loaders.document import Cluster, Document, Event, Link, Mention, Relation, document_from, to_fields

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


def test_a_relation_that_ends_in_another_file_is_a_loss() -> None:
    mention = Mention(id="1", types=("Person",), fragments=((0, 3),))
    relation = Relation(id="2", type="knows", args=(("from", "1"), ("to", "x")), elsewhere=("x",))
    document = Document(id="d", path="d", format="w3c", text=TEXT, mentions=(mention,), relations=(relation,))
    losses = Counter[str]()
    (ann,) = [data for name, data in BRAT_WRITER.write([document], losses) if name.endswith(".ann")]
    assert ann == b"T1\tPerson 0 3\tAda\n"
    assert +losses == {"relations of what is not written": 1}


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
    assert diagnostics.codes == {"text.missing": 2}
    assert document.text_origin == "missing"
    assert not document.mentions


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("N1\tReference T1 CHEBI:71629\tnisin", Link("CHEBI", "71629", "nisin")),
        ("N1\tCHEBI:71629 T1\tnisin", Link("CHEBI", "71629", "nisin")),
        ("N1\tReference T1 Wikipedia:Ada Lovelace", Link("Wikipedia", "Ada Lovelace")),
    ],
)
def test_normalizations_as_corpora_write_them(read_bytes: Read, line: str, link: Link) -> None:
    document, diagnostics = _brat(read_bytes, f"T1\tPerson 0 3\tAda\n{line}\n")
    assert document.mentions[0].links == (link,)
    assert not diagnostics.codes


def test_without_a_text_words_are_kept_in_the_report(read_bytes: Read) -> None:
    _, diagnostics = read_bytes(BRAT, {"a.ann": "T1\tX 0 3\tไทย\n".encode()})
    assert [(one.code, one.place, one.excerpt) for one in diagnostics.kept if one.action == "skipped"] == [
        ("text.missing", "1", "ไทย")
    ]


@pytest.mark.parametrize("text", ["text/a.txt", "a.txt", "txt/a.txt"])
def test_the_text_may_stand_in_a_folder_nearby(tmp_path: Path, text: str) -> None:
    for name, data in {"anna/a.ann": "T1\tX 0 3\tAda\n", text: "Ada"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(data, encoding="utf-8")
    counts = total(list(inspect([tmp_path]))).counts
    assert (counts["documents"], counts["surfaces_equal"]) == (1, 1)


@pytest.mark.parametrize(
    ("data", "claimed"),
    [
        ("", True),
        ("\n", True),
        ("T1\tX 0 3\tAda\n", True),
        ("words without a tab\n#1\tNote T1\tx\n", True),
        ("QUOTE\tQ1\t5\t0\t5\t7\tAda\nATTRIB\tQ1\tAda-1\n", False),  # LitBank's quotations
        ("<TimeML>\n", False),
    ],
)
def test_other_tools_write_ann_files_too(tmp_path: Path, data: str, claimed: bool) -> None:
    (tmp_path / "a.ann").write_text(data, encoding="utf-8")
    (tmp_path / "a.txt").write_text("Ada", encoding="utf-8")
    assert [one.format for one in inspect([tmp_path])] == (["brat"] if claimed else [None])


def test_what_brat_cannot_hold_is_counted_and_what_is_written_can_be_read(read_bytes: Read) -> None:
    def mention(id_: str, *types: str, at: tuple[tuple[int, int], ...]) -> Mention:
        return Mention(id=id_, types=types, fragments=at)

    document = Document(
        id="a",
        path="x",
        format="x",
        text="ไทย\n กัมพูชา",
        mentions=(
            mention("m1", "Big country", at=((0, 3),)),
            mention("m2", "Break", at=((3, 4),)),
            mention("m3", at=((0, 1),)),
            mention("m4", "Country", at=((4, 12),)),
        ),
        relations=(
            Relation(id="r1", type="near: by", args=(("from", "m1"), ("to", "m4"))),
            Relation(id="r2", type="x", args=(("from", "m1"), ("to", "m2"))),
            Relation(id="r3", type="x", args=(("from", "r2"), ("to", "m1"))),
            Relation(id="r4", type="x", args=(("from", "e1"), ("to", "m1"))),
        ),
        events=(
            Event(id="e1", type="x", trigger="m3", args=()),
            Event(id="e2", type="x", trigger="m1", args=(("who", "m4"), ("why", "e1"))),
        ),
        clusters=(Cluster(id="c1", type="same as", members=("m1", "m4")), Cluster(id="c2", type=None, members=("m1",))),
    )
    losses: Counter[str] = Counter()
    (back,), diagnostics = read_bytes(BRAT, dict(sorted(BRAT_WRITER.write([document], losses))))
    assert [(m.types[0], back.words(m)) for m in back.mentions] == [("Big_country", "ไทย"), ("Country", " กัมพูชา")]
    assert [(one.type, len(one.args)) for one in back.relations] == [("near:_by", 2)]
    assert [len(one.args) for one in back.events] == [1]
    assert [one.type for one in back.clusters] == ["same_as"]
    assert not diagnostics.codes
    assert {name: count for name, count in losses.items() if count} == {
        "mentions without text or label": 2,
        "events without a trigger": 1,
        "relations of what is not written": 3,
        "arguments that are not written": 1,
        "clusters of fewer than two mentions": 1,
        "spaces and colons in labels, written as _": 3,
    }


def test_documents_of_one_id_are_written_into_files_of_their_own(read_bytes: Read) -> None:
    document, _ = _brat(read_bytes, ANN)
    again = [*BRAT_WRITER.write([document, document, document], Counter())]
    assert [name for name, _ in again] == ["a.txt", "a.ann", "a-2.txt", "a-2.ann", "a-3.txt", "a-3.ann"]


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
