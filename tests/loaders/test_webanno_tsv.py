"""WebAnno TSV: real files, the made ones, the writer's own cases beside their XMI twins, and broken files."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import inspect, total
from loaders.cas_xmi import CAS_XMI
from loaders.detect import detect
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link, document_from, to_fields
from loaders.files import File
from loaders.reading import Options, Reader
from loaders.tsv_rows import unescaped, unescaped_text
from loaders.webanno_tsv import WEBANNO_TSV

TESTS = Path(__file__).resolve().parent.parent
SAMPLES = TESTS / "samples" / "webanno-tsv"
SUITE = sorted((SAMPLES / "tsv3-suite").iterdir())
Read = Callable[..., tuple[list[Document], Diagnostics]]

HEAD = "#FORMAT=WebAnno TSV 3.3\n"
SPANS = HEAD + "#T_SP=webanno.custom.Span|value\n\n\n"
WORDS = ("This", "is", "a", "test", ".")


def _read(reader: Reader, data: bytes, name: str = "a.tsv") -> tuple[Document, Diagnostics]:
    diagnostics = Diagnostics()
    file = File(name, ".", name, len(data), lambda: io.BytesIO(data), {})
    (document,) = reader.read(file, Options(), diagnostics)
    kept = len(list(document.annotations)) + len(document.notes)
    assert diagnostics.read == diagnostics.skipped + kept
    assert document_from(orjson.loads(orjson.dumps(to_fields(document)))) == document
    assert all(0 <= a <= b <= len(document.text) for one in document.mentions for a, b in one.fragments)
    return document, diagnostics


def _tsv(text: str) -> tuple[Document, Diagnostics]:
    return _read(WEBANNO_TSV, text.encode())


def _rows(*cells: str, head: str = SPANS) -> str:
    """A table of one sentence with these cells beside its words."""
    at, lines = 0, [head + "#Text=This is a test ."]
    for number, (word, cell) in enumerate(zip(WORDS, cells, strict=True), 1):
        lines.append(f"1-{number}\t{at}-{at + len(word)}\t{word}\t{cell}\t")
        at += len(word) + 1
    return "\n".join(lines) + "\n"


def _said(document: Document) -> list[tuple[Any, ...]]:
    return [(one.types, document.words(one), dict(one.attributes)) for one in document.mentions]


def _meant(document: Document) -> dict[str, Any]:
    """What a document says, without the names that the two formats give it."""
    by_id = {one.id: one for one in document.mentions}

    def end(id_: str) -> object:
        return by_id[id_].fragments, [label.replace("NamedEntity", "Span") for label in by_id[id_].types]

    def beside(one: Any) -> list[Any]:
        return sorted((name.replace("integerValue", "intValue"), values) for name, values in one.attributes.items())

    return {
        "text": (document.text, document.tokens, document.sentences),
        "mentions": Counter(repr((end(one.id), beside(one))) for one in document.mentions),
        "relations": Counter(
            repr((one.type, [(role, end(id_)) for role, id_ in one.args], beside(one))) for one in document.relations
        ),
        "events": Counter(
            repr((end(one.trigger or ""), [(role, end(id_)) for role, id_ in one.args])) for one in document.events
        ),
        "clusters": Counter(repr((one.type, [*map(end, one.members)])) for one in document.clusters),
    }


@pytest.mark.parametrize("case", SUITE, ids=lambda case: case.name)
def test_both_formats_of_a_case_say_the_same(case: Path) -> None:
    table, told = _read(WEBANNO_TSV, (case / "reference.tsv").read_bytes())
    xmi, _ = _read(CAS_XMI, (case / "reference.xmi").read_bytes())
    assert not told.codes
    assert _meant(table) == _meant(xmi)
    assert all(table.words(one) == one.surface for one in table.mentions)


def test_all_cases_of_the_collection_say_the_same(samples: Path) -> None:
    for case in sorted((samples / "webanno-tsv" / "tsv3-suite").iterdir()):
        test_both_formats_of_a_case_say_the_same(case)


def test_spans_are_stacked_and_go_over_several_rows() -> None:
    document, diagnostics = _tsv(_rows("A[1]|B[2]", "A[1]", "C", "*", "*"))
    assert not diagnostics.codes
    assert [(one[0], one[1]) for one in _said(document)] == [
        (("A",), "This is"),
        (("B",), "This"),
        (("C",), "a"),
        (("Span",), "test"),
        (("Span",), "."),
    ]
    assert [one.raw_id for one in document.mentions] == ["1", "2", None, None, None]
    assert [one.place for one in document.mentions][:3] == ["6", "6", "8"]


def test_features_beside_the_label_are_attributes_and_addresses_are_links() -> None:
    head = HEAD + "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value|x\n\n\n"
    row = "http://www.wikidata.org/entity/Q869\tGPE\ta\\|b"
    document, _ = _tsv(_rows(row, *["_\t_\t_"] * 4, head=head))
    assert _said(document) == [(("GPE",), "This", {"x": ("a|b",)})]
    assert document.mentions[0].links == (Link("wikidata", "Q869"),)


@pytest.mark.parametrize(
    ("layer", "label"),
    [
        ("webanno.custom.Foo|comment|kind", "v2"),
        ("webanno.custom.Foo|only", "v1"),
        ("webanno.custom.Foo|Id", "Foo"),
        ("webanno.custom.Foo|other|some", "Foo"),
        ("webanno.custom.Mention|entity|kind", "v2"),
        ("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Lemma|value", "Lemma"),
        ("de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue|coarseValue", "v1"),
    ],
)
def test_the_label_is_what_a_profile_would_name(layer: str, label: str) -> None:
    features = layer.count("|")
    values = "\t".join(f"v{number}" for number in range(1, features + 1))
    document, _ = _tsv(_rows(values, *["\t".join("_" * features)] * 4, head=f"{HEAD}#T_SP={layer}\n\n\n"))
    assert document.mentions[0].types == (label,)


def test_slots_make_an_event_of_their_span() -> None:
    head = HEAD + "#T_SP=a.B|value\n#T_SP=a.Host|value|ROLE_a.Host:links_a.HostLinksLink|a.B\n\n\n"
    document, diagnostics = _tsv(
        _rows("_\tsold\tseller;*\t1-2;1-3[4]", "x\t_\t_\t_", "y[4]\t_\t_\t_", "y[4]\tz\t_\t*", "_\t_\t_\t_", head=head)
    )
    (event,) = document.events
    by_id = {one.id: document.words(one) for one in document.mentions}
    assert (event.type, by_id[event.trigger or ""]) == ("sold", "This")
    assert [(role, by_id[id_]) for role, id_ in event.args] == [("seller", "is"), ("links", "a test")]
    assert not diagnostics.codes


def test_relations_point_from_their_source_to_the_row_they_stand_on() -> None:
    head = HEAD + "#T_SP=a.B|value\n#T_RL=a.R|type|x|BT_a.B\n\n\n"
    document, diagnostics = _tsv(
        _rows(
            "p[1]|q[2]\t_\t_\t_",
            "p[1]\t_\t_\t_",
            "r\ts|*\t1|2\t1-1[2_0]|1-1[1_0]",
            "_\t_\t_\t_",
            *["_\t_\t_\t_"],
            head=head,
        )
    )
    labels = {one.id: one.types[0] for one in document.mentions}
    assert [
        (one.type, [(role, labels[id_]) for role, id_ in one.args], one.attributes) for one in document.relations
    ] == [
        ("s", [("Governor", "q"), ("Dependent", "r")], {"x": ("1",)}),
        ("R", [("Governor", "p"), ("Dependent", "r")], {"x": ("2",)}),
    ]
    assert not diagnostics.codes


def test_a_dependency_ends_at_tokens_where_there_is_no_part_of_speech() -> None:
    dependency = "de.tudarmstadt.ukp.dkpro.core.api.syntax.type.dependency.Dependency"
    head = f"{HEAD}#T_RL={dependency}|DependencyType|BT_de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS\n\n\n"
    document, _ = _tsv(_rows("det\t1-2", "ROOT\t1-2", "_\t_", "_\t_", "_\t_", head=head))
    assert [(one.types, document.words(one)) for one in document.mentions] == [(("Token",), "is"), (("Token",), "This")]
    assert [one.type for one in document.relations] == ["det", "ROOT"]


@pytest.mark.parametrize("order", ["referenceType|referenceRelation", "referenceRelation|referenceType"])
def test_chains_are_clusters_whatever_the_order_of_their_columns(order: str) -> None:
    head = f"{HEAD}#T_CH=de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink|{order}\n\n\n"
    cells = [("nam[1]", "coref->1-2"), ("_", "_"), ("pr[1]|x[2]", "*->1-1|*->2-1"), ("x[2]", "*->2-1"), ("_", "_")]
    turned = [cell if order.startswith("referenceT") else cell[::-1] for cell in cells]
    document, _ = _tsv(_rows(*("\t".join(cell) for cell in turned), head=head))
    words = {one.id: (one.types[0], document.words(one)) for one in document.mentions}
    assert [(one.type, [words[id_] for id_ in one.members]) for one in document.clusters] == [
        ("Coreference", [("pr", "a"), ("nam", "This")]),
        ("Coreference", [("x", "a test")]),
    ]
    assert document.mentions[0].attributes == {"referenceRelation": ("coref",)}


def test_escapes_are_undone() -> None:
    assert unescaped(r"\[\]\|\_\->\;\t\n\*\\") == "[]|_->;\t\n*\\"
    assert unescaped_text(r"a\tb\rc\\n", (3, 3)) == "a\tb\rc\\n"
    assert unescaped_text(r"\u0E44\uD83D\uDE0A\t", (3, 1)) == "ไ😊\t"
    assert unescaped_text(r"\u0E44", (3, 2)) == "u0E44"


def test_text_between_sentences_is_padded_and_line_breaks_come_back() -> None:
    text = (
        HEAD
        + "\n\n#Text=One\n#Text=two\n1-1\t2-5\tOne\n1-2\t6-9\ttwo\n\n#Text=x\n2-1\t13-14\tx\n\n#Text=y\n3-1\t14-15\ty\n"
    )
    document, diagnostics = _tsv(text)
    assert document.text == "  One\ntwo\n   xy"
    assert [document.text[a:b] for a, b in document.tokens] == ["One", "two", "x", "y"]
    assert [document.text[a:b] for a, b in document.sentences] == ["One\ntwo", "x", "y"]
    assert (document.text_origin, diagnostics.codes) == ("rebuilt", {"text.rebuilt": 1})


def test_a_sentence_without_its_text_is_made_of_its_words() -> None:
    document, diagnostics = _tsv(_rows("A", "_", "_", "_", "B").replace("#Text=This is a test .\n", ""))
    assert document.text == "This is a test ."
    assert [document.words(one) for one in document.mentions] == ["This", "."]
    assert diagnostics.codes == {"text.rebuilt": 1}


@pytest.mark.parametrize(
    ("stated", "text", "code"),
    [
        ("=This is a  test .", "=This is a  test .", "offset.repaired"),  # the words are there, one behind the other
        ("#text This is one test", "This is a test .", "text.rebuilt"),  # they are not
    ],
)
def test_where_the_text_is_not_the_rows_the_words_decide(stated: str, text: str, code: str) -> None:
    rows = _rows("A[1]", "A[1]", "_", "_", "B").replace("This is a test .", stated)
    document, diagnostics = _tsv(rows.replace("1-5\t", "1-4.1\t12-14\tst\tC\t\n1-5\t"))
    assert [document.words(one) for one in document.mentions] == ["This is", "st", "."]
    assert (document.text, diagnostics.codes, diagnostics.skipped) == (text, {code: 1}, 0)


def test_white_space_before_the_first_word_does_not_shift_the_rest() -> None:
    document, _ = _tsv(SPANS + "#Text=  Hello you\n1-1\t2-7\tHello\tA\t\n1-2\t8-11\tyou\tB\t\n")
    assert [document.words(one) for one in document.mentions] == ["Hello", "you"]
    assert document.text == "  Hello you"


def test_offsets_that_count_code_points_are_found_out() -> None:
    document, diagnostics = _tsv(
        SPANS + "#Text=😀 ไทย 😀 x\n1-1\t0-1\t😀\t_\t\n1-2\t2-5\tไทย\tA[1]\t\n1-3\t6-7\t😀\tA[1]\t\n1-4\t8-9\tx\tB\t\n"
    )
    assert [document.words(one) for one in document.mentions] == ["ไทย 😀", "x"]
    assert (document.unit, diagnostics.codes) == ("codepoint", {"offset.repaired": 1})


def test_further_lines_of_the_header_are_metadata_and_sentences_keep_their_ids() -> None:
    document, _ = _tsv(HEAD + "#Summary1=Short = good\n\n\n#Sentence.id=s-1\n#Text=One\n1-1\t0-3\tOne\t\n")
    assert document.metadata == {"Summary1": "Short = good"}
    assert document.extra["sentence_ids"] == ["s-1"]


@pytest.mark.parametrize(
    ("line", "code", "skipped"),
    [
        ("nonsense", "line.bad", 1),
        ("1-6\tx-9\tword\tA\t", "line.bad", 1),
        ("1-6\t9-3\tword\tA\t", "line.bad", 1),
        ("#what is this", "line.bad", 1),
        ("1-6\t16-19\tend\tA\t", "offset.mismatch", 1),
        ("1-6\t900-903\tend\tA\t", "offset.mismatch", 1),
    ],
)
def test_a_bad_line_costs_itself_and_is_named(line: str, code: str, skipped: int) -> None:
    document, diagnostics = _tsv(_rows("A", "_", "_", "_", "B") + line + "\n")
    assert len(document.mentions) == 2
    assert (diagnostics.codes, diagnostics.skipped) == ({code: 1}, skipped)
    assert str(diagnostics.kept[0]).startswith("a.tsv:11: ")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("s\t1-4", "ref.dangling"),
        ("s\t7-7[9_0]", "ref.dangling"),
        ("s\tnowhere", "line.bad"),
        ("s\t_", "line.bad"),
    ],
)
def test_a_relation_whose_end_is_not_there_costs_itself(cell: str, code: str) -> None:
    head = HEAD + "#T_SP=a.B|value\n#T_RL=a.R|type|BT_a.B\n\n\n"
    document, diagnostics = _tsv(_rows("p\t_\t_", f"q\t{cell}", *["_\t_\t_"] * 3, head=head))
    assert (len(document.mentions), len(document.relations)) == (2, 0)
    assert (diagnostics.codes, diagnostics.skipped) == ({code: 1}, 1)


def test_a_slot_that_points_nowhere_costs_itself_alone() -> None:
    head = HEAD + "#T_SP=a.Host|value|ROLE_a.Host:links_a.HostLinksLink|a.Host\n\n\n"
    document, diagnostics = _tsv(_rows("x\tr;s\t1-2;9-9", "y\t_\t*", *["_\t_\t_"] * 3, head=head))
    assert [len(one.args) for one in document.events] == [1]
    assert diagnostics.codes == {"ref.dangling": 1}


def test_gaps_larger_than_any_export_has_are_no_text() -> None:
    text = SPANS + "".join(f"#Text=x\n{n}-1\t{n * 10**12}-{n * 10**12 + 1}\tx\tA\t\n\n" for n in range(1, 50))
    document, diagnostics = _tsv(text)
    assert len(document.text) < 1000
    assert len(document.mentions) == 49
    assert diagnostics.codes == {"text.rebuilt": 1}


def test_only_files_that_say_so_are_claimed(read_bytes: Read) -> None:
    def claim(data: bytes) -> str | None:
        return WEBANNO_TSV.claims(File("a", ".", "a", len(data), lambda: io.BytesIO(data), {}), data)

    assert claim(SPANS.encode()) == "WebAnno TSV 3.3 header"
    assert claim(b"\xef\xbb\xbf" + HEAD.encode()) == "WebAnno TSV 3.3 header"
    assert claim(b"#FORMAT=WebAnno TSV 3\n#T_SP=") == "WebAnno TSV 3 header"  # of the first that wrote it
    assert claim(b"1-1\t0-3\tOne\t_\t\n") is None
    assert claim(b"#FORMAT=WebAnno TSV 2.0\n") is None
    (document,), diagnostics = read_bytes(WEBANNO_TSV, {"a.tsv": b""})
    assert (document.text, diagnostics.read) == ("", 0)


def test_the_made_files_say_what_was_marked(made: dict[str, Any]) -> None:
    for name, wanted in made.items():
        data = (TESTS / "made" / "webanno-tsv" / f"{name}.tsv").read_bytes()
        document, diagnostics = _read(WEBANNO_TSV, data)
        assert not diagnostics.codes
        assert document.text == wanted["text"].rstrip("\n")
        found = [(one.fragments, one.types[0], one.surface) for one in document.mentions]
        assert found == [(((m["start"], m["end"]),), m["label"], m["words"]) for m in wanted["mentions"]]
        ids = [one.id for one in document.mentions]
        relations = [(one.type, [ids.index(id_) for _, id_ in one.args]) for one in document.relations]
        assert relations == [(one["label"], [one["from"], one["to"]]) for one in wanted["relations"]]


def test_real_exports_have_the_counts_of_their_sources(samples: Path) -> None:
    (asylum,) = inspect([SAMPLES / "GUM_news_asylum.tsv"])
    assert (asylum.counts["mentions"], asylum.counts["relations"], asylum.counts["surfaces_equal"]) == (102, 48, 102)
    assert asylum.labels["person"] == 38
    gum = total(list(inspect([samples / "webanno-tsv" / "gum-news"])))
    assert (gum.counts["mentions"], gum.counts["relations"], gum.counts["skipped"]) == (209, 104, 0)
    assert gum.counts["surfaces_equal"] == gum.counts["surfaces_stated"] == 209
    assert not gum.codes


REAL = (SAMPLES / "GUM_news_asylum.tsv").read_bytes()[:9000]
SEEDS = [REAL, *((case / "reference.tsv").read_bytes() for case in SUITE)]


@settings(max_examples=150)
@given(st.sampled_from(SEEDS), st.data())
def test_no_damage_is_too_much(seed: bytes, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(seed))), data.draw(st.integers(0, 60))
        other = data.draw(st.integers(0, len(seed)))
        change = data.draw(st.sampled_from(["delete", "insert", "double", "swap"]))
        piece = seed[at : at + length]
        if change == "delete":
            seed = seed[:at] + seed[at + length :]
        elif change == "insert":
            seed = (
                seed[:at]
                + data.draw(st.binary(max_size=20) | st.sampled_from([b"|", b"[1]", b"->1-1", b"\t"]))
                + seed[at:]
            )
        elif change == "double":
            seed = seed[:other] + piece + seed[other:]
        else:
            seed = seed[:at] + seed[at + length :][:length] + piece + seed[at + 2 * length :]
    _read(WEBANNO_TSV, seed)


def test_detection_names_the_format() -> None:
    path = SAMPLES / "GUM_news_asylum.tsv"
    data = path.read_bytes()
    file = File(path.name, ".", path.name, len(data), lambda: io.BytesIO(data), {})
    found = detect(file, Diagnostics())
    assert found
    assert found.reader is WEBANNO_TSV
    assert found.why == "WebAnno TSV 3.2 header"


def test_a_table_of_ten_columns_is_no_conllu() -> None:
    head = HEAD + "#T_SP=a.B|a|b|c\n#T_SP=a.C|a|b|c|d\n\n\n"
    data = _rows(*["1\t_\t_\t_\t_\t_\t_"] * 5, head=head).replace("\t\n", "\n").encode()
    found = detect(File("a.tsv", ".", "a.tsv", len(data), lambda: io.BytesIO(data), {}), Diagnostics())
    assert found
    assert found.reader is WEBANNO_TSV
