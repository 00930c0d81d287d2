"""Columns of tags, CoNLL-U and DocBin: real exports, the made ones, layouts and schemes, and files that are broken."""

from __future__ import annotations

import sys
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.columns import COLUMNS
from loaders.conllu import CONLLU
from loaders.diagnostics import Diagnostics
from loaders.docbin import DOCBIN
from loaders.document import Document, Link
from loaders.files import Files
from loaders.lines import lines
from loaders.reading import Options, Reader
from loaders.rebuilt import Sentence, rebuild
from loaders.tags import spans

TESTS = Path(__file__).resolve().parent.parent
CONLL = TESTS / "samples" / "conll"
Read = Callable[..., tuple[list[Document], Diagnostics]]


def _read(read: Read, reader: Reader, text: str, options: Options | None = None) -> tuple[list[Document], Diagnostics]:
    documents, diagnostics = read(reader, {"news.txt": text.encode()}, options)
    return documents, diagnostics


def _said(document: Document) -> list[tuple[str, str]]:
    return [(mention.types[0], document.words(mention)) for mention in document.mentions]


# --- real and made exports


def test_real_exports_have_the_counts_of_their_sources(read_files: Read, samples: Path) -> None:
    (indonesian,), _ = read_files(samples / "conll" / "idner-news-2k_dev_first2000.txt")
    assert (len(indonesian.sentences), len(indonesian.tokens), len(indonesian.mentions)) == (97, 1904, 104)
    (gum,), diagnostics = read_files(samples / "conll" / "GUM_news_asylum.conllu")
    assert (len(gum.mentions), len(gum.clusters), diagnostics.skipped) == (102, 25, 0)


def test_small_real_exports(read_files: Read) -> None:
    (indonesian,), diagnostics = read_files(CONLL / "idner-news-2k_dev_first40.txt")
    assert (indonesian.format, indonesian.text_origin, len(indonesian.sentences)) == ("columns", "rebuilt", 40)
    assert Counter(label for label, _ in _said(indonesian)) == {"LOC": 8, "PER": 12, "ORG": 12}
    assert ("PER", "Prabowo Subianto") in _said(indonesian)
    assert "\r" not in indonesian.text
    assert diagnostics.codes == {"text.rebuilt": 1}


def test_entities_and_coreference_of_gum(read_files: Read) -> None:
    (gum,), _ = read_files(CONLL / "GUM_news_asylum_first6.conllu")
    assert gum.id == "GUM_news_asylum"
    assert gum.text.startswith("Over 900 asylum seekers rescued off Indonesian coast\nMonday, May 18, 2015\nOn Friday,")
    assert _said(gum)[:3] == [
        ("event", "Over 900 asylum seekers rescued off Indonesian coast"),
        ("person", "Over 900 asylum seekers"),
        ("place", "Indonesian coast"),
    ]
    assert gum.mentions[0].attributes["infstat"] == ("new",)
    assert gum.mentions[0].extra == {"entity": "1"}
    assert Link("wikipedia", "Aceh") in [link for mention in gum.mentions for link in mention.links]
    assert (
        gum.metadata["sourceURL"] == "https://en.wikinews.org/wiki/Over_900_asylum_seekers_rescued_off_Indonesian_coast"
    )
    assert "sent_id" not in gum.metadata
    chain = next(one for one in gum.clusters if one.raw_id == "4")
    assert [gum.words(mention) for mention in gum.mentions if mention.id in chain.members] == [
        "Monday, May 18, 2015"[:6],
        "May 18, 2015",
    ]


def _inside(id_: Any, sentence: Any) -> bool:
    """Whether a word is a part of a token of several words."""
    wide = [token["id"] for token in sentence if isinstance(token["id"], tuple)]
    return isinstance(id_, int) and any(first <= id_ <= last for first, _, last in wide)


def test_an_independent_reader_sees_the_same_text(read_files: Read) -> None:
    conllu = pytest.importorskip("conllu")
    (gum,), _ = read_files(CONLL / "GUM_news_asylum_first6.conllu")
    sentences = conllu.parse((CONLL / "GUM_news_asylum_first6.conllu").read_text(encoding="utf-8"))
    assert [gum.text[start:end] for start, end in gum.sentences] == [one.metadata["text"] for one in sentences]
    words = [token["form"] for one in sentences for token in one if not _inside(token["id"], one)]
    assert [gum.text[start:end] for start, end in gum.tokens] == words


@pytest.mark.parametrize("name", ["columns/{}.conll", "conllu/{}.conllu"])
def test_the_made_exports_say_what_was_marked(read_files: Read, made: dict[str, Any], name: str) -> None:
    for language, wanted in made.items():
        (document,), _ = read_files(TESTS / "made" / name.format(language))
        assert document.text == wanted["text"].rstrip("\n")
        marks = [(*m.fragments[0], *m.types, document.words(m)) for m in document.mentions]
        assert marks == [(m["start"], m["end"], m["label"], m["words"]) for m in wanted["mentions"]]


# --- tags


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("B-A I-A B-A O", [("A", 0, 2), ("A", 2, 3)]),
        ("I-A I-A B-A I-B", [("A", 0, 2), ("A", 2, 3), ("B", 3, 4)]),  # IOB1
        ("B-A E-A S-A S-B O B-A I-A E-A", [("A", 0, 2), ("A", 2, 3), ("B", 3, 4), ("A", 5, 8)]),
        ("U-A B-A L-A U-B L-B", [("A", 0, 1), ("A", 1, 3), ("B", 3, 4), ("B", 4, 5)]),
        ("O I-A O", [("A", 1, 2)]),
        ("B I O B", [("Entity", 0, 2), ("Entity", 3, 4)]),
        ("B-a-b I-a-b B-", [("a-b", 0, 2), ("Entity", 2, 3)]),
        ("", []),
    ],
)
def test_spans_of_every_scheme(tags: str, found: list[tuple[str, int, int]]) -> None:
    assert list(spans(tags.split())) == found


# --- layouts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("-DOCSTART- -X- O\nThai -X- _ B-GPE\npolice -X- _ O\n\n\n", [("GPE", "Thai")]),  # Label Studio
        ("U.N. NNP I-NP I-ORG\nofficial NN I-NP O\nfor IN I-PP O\n", [("ORG", "U.N.")]),  # CoNLL-2003
        ("#\tn-tv.de [2010]\n1\tThai\tB-LOC\tO\n2\tPolizei\tO\tB-ORG\n", [("LOC", "Thai"), ("ORG", "Polizei")]),
        (
            "# sent_id = a\n# text = Thai, news\n1\tThai\tB-LOC\t-\tanna\n2\t,\tO\t-\tanna\n3\tnews\tO\t-\tanna\n",
            [("LOC", "Thai")],
        ),
        ("Hua Hin O\n# O\nThai B-LOC\nnews O\n" + "x O\n" * 30, [("LOC", "Thai")]),  # tokens with a space, and #
        ("Thai B-LOC\nnews O", [("LOC", "Thai")]),
        ("\ufeffThai B\npolice I\nnews O", [("Entity", "Thai police")]),
        ("กรม\tNN\tB_ORG\tB_CLS\nตำรวจ\tNN\tE_ORG\tI_CLS\nจับ\tVV\tO\tE_CLS\n", [("ORG", "กรมตำรวจ")]),  # LST20
        (
            "Sentence #\tWord\tPOS\tTag\nSentence: 1\tHua\tNN\tB-LOC\n\tHin\tNN\tI-LOC\n\tis\tVB\tO\n",
            [("LOC", "Hua Hin")],
        ),
        ("Sentence 1\tHua\tNN\tB-LOC\n\tHin\tNN\tI-LOC\n\tis\tVB\tO\n", [("LOC", "Hua Hin")]),
        ("Phnom\tB-LOC \nPenh\tI-LOC  \n \tO\nnews\tO\n", [("LOC", "Phnom Penh")]),
    ],
)
def test_columns_are_found(read_bytes: Read, text: str, found: list[tuple[str, str]]) -> None:
    (document,), diagnostics = _read(read_bytes, COLUMNS, text)
    assert _said(document) == found
    assert not diagnostics.skipped


HIPE = (
    "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNEL-LIT\tNEL-METO\tMISC\n"
    "# hipe2022:document_id = zeitung-1\n# hipe2022:language = de\n"
    "Genf\tB-loc\tB-org\tQ71\tNIL\tNoSpaceAfter\n,\tO\tO\t_\t_\t_\ndas\tO\tO\t_\t_\tEndOfSentence\n\n"
    "# hipe2022:document_id = zeitung-2\nBern\tB-loc\tO\thttp://www.wikidata.org/entity/Q70\t_\t_\n"
)


def test_a_header_with_layers_links_and_spaces(read_bytes: Read) -> None:
    (first, second), _ = _read(read_bytes, COLUMNS, HIPE)
    assert (first.id, first.text, first.language) == ("zeitung-1", "Genf, das", "de")
    assert [(m.layer, *m.types, m.links) for m in first.mentions] == [
        ("NE-COARSE-LIT", "loc", (Link("wikidata", "Q71"),)),
        ("NE-COARSE-METO", "org", ()),
    ]
    assert second.mentions[0].links == (Link("wikidata", "Q70"),)
    assert second.mentions[0].place == "9"


def test_documents_of_a_file(read_bytes: Read) -> None:
    text = "-DOCSTART- O\n\na O\nb B-X\n\n-DOCSTART- O\n\n-DOCSTART- O\nc B-Y\n# id 5239d808\tdomain=en\n# genre = news\nd O\n"
    documents, _ = _read(read_bytes, COLUMNS, text)
    assert [(one.id, one.text) for one in documents] == [("news-1", "a b"), ("news-2", "c"), ("5239d808", "d")]
    assert documents[2].metadata == {"genre": "news"}


@pytest.mark.parametrize("tag", [4, "4", -1, "NER"])
def test_the_user_names_the_column(read_bytes: Read, tag: Any) -> None:
    text = "WORD A B NER\nThai x B-1 B-LOC\nnews y O O\n"
    (document,), _ = _read(read_bytes, COLUMNS, text, Options(paths={"tag": tag}))
    assert ("LOC", "Thai") in _said(document)
    none, diagnostics = _read(read_bytes, COLUMNS, text, Options(paths={"tag": "absent"}))
    assert (none, diagnostics.codes) == ([], {"format.unknown": 1})


@pytest.mark.parametrize(
    ("words", "joiner", "text"),
    [
        ("เจ้าหน้าที่ ตำรวจ ไทย 10 นาย", None, "เจ้าหน้าที่ตำรวจไทย10นาย"),
        ("ตำรวจ ไทย ที่ Green Park ครับ", None, "ตำรวจไทยที่Green Parkครับ"),
        ("ប្រទេស កម្ពុជា 🙂", None, "ប្រទេសកម្ពុជា🙂"),
        ("ປະເທດ ລາວ", None, "ປະເທດລາວ"),
        ("မြန်မာ နိုင်ငံ", None, "မြန်မာနိုင်ငံ"),
        ("柬埔寨 和 泰国", None, "柬埔寨和泰国"),
        ("カンボジア と タイ", None, "カンボジアとタイ"),
        ("شرطة تايلاند", None, "شرطة تايلاند"),
        ("the word ไทย means Thai", None, "the word ไทย means Thai"),
        ("ตำรวจ ไทย", " ", "ตำรวจ ไทย"),
        ("Thai police", "", "Thaipolice"),
    ],
)
def test_tokens_are_joined_as_their_script_is_written(words: str, joiner: str | None, text: str) -> None:
    assert rebuild([Sentence(words.split())], joiner).text == text


@given(
    st.lists(st.lists(st.text("aไក😀中\u0301ا", min_size=1), min_size=1), min_size=1),
    st.none() | st.sampled_from([" ", "", "_"]),
)
def test_rebuilt_tokens_stand_where_it_is_said(forms: list[list[str]], joiner: str | None) -> None:
    built = rebuild([Sentence(list(one)) for one in forms], joiner)
    assert [built.text[start:end] for start, end in built.tokens] == [form for one in forms for form in one]
    assert len(built.sentences) == len(forms)
    assert all(start <= end <= len(built.text) for start, end in built.sentences)


def test_a_stated_text_is_taken_only_where_the_tokens_are_it() -> None:
    forms = ["Thai", ",", "news"]
    assert rebuild([Sentence(forms, text="Thai,  news")], None).text == "Thai,  news"
    for other in ("Thai; news", "Thai, news and", "Thai"):
        assert rebuild([Sentence(forms, text=other)], None).text == "Thai , news"


# --- CoNLL-U


def _conllu(*rows: str) -> str:
    """Rows of id, form and MISC."""
    columns = (row.split(" ") for row in rows)
    return "".join(f"{one[0]}\t{one[1]}\t_\t_\t_\t_\t_\t_\t_\t{one[2]}\n" for one in columns)


def test_multiword_tokens_empty_nodes_and_spaces(read_bytes: Read) -> None:
    text = _conllu(
        "1 Viva Entity=(e1",
        "2-3 al SpaceAfter=No",
        "2 a _",
        "3 el Entity=e1)(e2)",
        "3.1 _ Entity=(e3)",
        "4 mar SpacesAfter=\\s\\s",
        "5 . _",
    )
    (document,), diagnostics = _read(read_bytes, CONLLU, text)
    assert document.text == "Viva almar  ."
    assert _said(document) == [("Entity", "Viva al"), ("Entity", "al")]
    assert diagnostics.codes["text.missing"] == 1


def test_brackets_of_corefud(read_bytes: Read) -> None:
    text = "# global.Entity = eid-etype-head-other\n" + _conllu(
        "1 a Entity=(e1[1/2]-person-1-",
        "2 b Entity=e1[1/2])(e2-place-1-x:y-z)",
        "3 c Entity=(e1[2/2]-person-1-)",
        "4 d Entity=(e2--1-)",
    )
    (document,), _ = _read(read_bytes, CONLLU, text)
    assert [(m.types, document.words(m), m.attributes) for m in document.mentions] == [
        (("person",), "a b c", {"head": ("1",)}),
        (("place",), "b", {"head": ("1",), "other": ("x:y-z",)}),
        (("Entity",), "d", {"head": ("1",)}),
    ]
    assert len(document.mentions[0].fragments) == 2
    assert [one.raw_id for one in document.clusters] == ["e2"]


def test_brackets_that_do_not_match_and_rows_that_are_none(read_bytes: Read) -> None:
    text = (
        _conllu("1 a Entity=(e1-person", "2 b Entity=e7)")
        + "3\tno row\n"
        + _conllu("99999999999999999999 c Entity=(e2)")
    )
    (document,), diagnostics = _read(read_bytes, CONLLU, text)
    assert _said(document) == [("Entity", "c")]
    assert [(one.place, one.code) for one in diagnostics.kept if one.action == "skipped"] == [
        ("2", "line.bad"),
        ("3", "line.bad"),
        ("1", "line.bad"),
    ]


def test_tags_in_misc_and_several_documents(read_bytes: Read) -> None:
    first = "# newdoc id = a\n# title = News\n# newpar\n" + _conllu("1 Thai NER=B-LOC", "2 news _")
    second = "\n# newdoc\n" + _conllu("1 Phnom NER=B-LOC", "2 Penh NER=I-LOC", "3 x NER=?")
    documents, diagnostics = _read(read_bytes, CONLLU, first + second)
    assert [(one.id, _said(one)) for one in documents] == [
        ("a", [("LOC", "Thai")]),
        ("news-2", [("LOC", "Phnom Penh")]),
    ]
    assert documents[0].metadata == {"title": "News"}
    assert diagnostics.codes["line.bad"] == 1


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            ("1 Finn name=B-PER", "2 Eilertsen name=I-PER|SpaceAfter=No", "3 . name=O"),
            [(None, "PER", "Finn Eilertsen")],
        ),
        (("1 กรุงเทพ B-LOC", "2 x O", "3 y _"), [(None, "LOC", "กรุงเทพ")]),
        (
            ("1 Thai NER=B-LOC|fine=B-LOC.land", "2 news Gloss=x"),
            [("NER", "LOC", "Thai"), ("fine", "LOC.land", "Thai")],
        ),
        (("1 Thai Gloss=B-52", "2 news Gloss=x"), []),
    ],
)
def test_tags_in_misc_under_any_key(read_bytes: Read, rows: tuple[str, ...], found: list[tuple[str, ...]]) -> None:
    (document,), diagnostics = _read(read_bytes, CONLLU, _conllu(*rows))
    assert [(one.layer, one.types[0], document.words(one)) for one in document.mentions] == found
    assert diagnostics.skipped == 0


@pytest.mark.parametrize("head", ["", "# global.Entity = etype-identity\n"])
def test_brackets_with_types_and_no_ids(read_bytes: Read, head: str) -> None:
    text = head + _conllu("1 קיסריה Entity=(GPE", "2 b Entity=(PER)GPE)", "3 c Entity=(GPE)")
    (document,), diagnostics = _read(read_bytes, CONLLU, text)
    assert _said(document) == [("GPE", "קיסריה b"), ("PER", "b"), ("GPE", "c")]
    assert (document.clusters, diagnostics.skipped) == ((), 0)


def test_what_ties_entities_to_others_is_kept(read_bytes: Read) -> None:
    text = "# global.Entity = eid-etype\n" + _conllu(
        "1 a Entity=(e1-place)", "2 b Bridge=e1<e2:part,e1<e9|SplitAnte=e7<e2,e8<e2|Entity=(e2-place)"
    )
    (document,), _ = _read(read_bytes, CONLLU, text)
    assert [one.extra for one in document.mentions] == [
        {"entity": "e1"},
        {"entity": "e2", "Bridge": "e1<e2:part", "SplitAnte": "e7<e2,e8<e2"},
    ]


# --- what is claimed


@pytest.mark.parametrize(
    ("name", "data", "reader"),
    [
        ("a.txt", b"Thai B-LOC\nnews O\n", "columns"),
        ("a.conllu", _conllu("1 a _", "2 b _").encode(), "conllu"),
        ("a.txt", b"The B-52 bomber\nflew over here\n", None),
        ("a.txt", b"Plain words.\n\nMore of them.\n", None),
        ("a.tsv", b"#FORMAT=WebAnno TSV 3.3\n\n1-1\t0-4\tThai\tB-LOC\n", None),
        ("a.ann", b"x B-LOC\ny O\n", None),
        ("a.txt", b"a O\nb O\n", None),
        ("a.csv", b"a,B-LOC\nb,O\n", None),
    ],
)
def test_claims_are_exact(tmp_path: Path, name: str, data: bytes, reader: str | None) -> None:
    (tmp_path / name).write_bytes(data)
    with Files([tmp_path], Diagnostics()) as files:
        (file,) = files
        claimed = [one.format for one in (COLUMNS, CONLLU, DOCBIN) if one.claims(file, file.head())]
    assert claimed == ([reader] if reader else [])


# --- broken files


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Thai B-LOC\nnews\npolice O\n" + "x O\n" * 40, ["2"]),
        ("Thai B-LOC\nnews ???\npolice O\n" + "x O\n" * 40, ["2"]),
        ("Thai\tB-LOC\n\tB-LOC\nnews\tO\n" + "x\tO\n" * 40, ["2"]),
        ("Thai\tB-LOC\na\tb\tc\tO\nnews\tO\n" + "x\tO\n" * 40, ["2"]),
    ],
)
def test_bad_rows_cost_themselves(read_bytes: Read, text: str, places: list[str]) -> None:
    (document,), diagnostics = _read(read_bytes, COLUMNS, text)
    assert _said(document)[0] == ("LOC", "Thai")
    assert [one.place for one in diagnostics.kept if one.code == "line.bad"] == places


def test_a_tab_behind_the_last_column_costs_nothing(read_bytes: Read) -> None:
    (document,), diagnostics = _read(
        read_bytes, COLUMNS, "1\tPhnom\tB-LOC\tO\n2\tPenh\tI-LOC\tO\t\n" + "3\tx\tO\tO\n" * 9
    )
    assert _said(document) == [("LOC", "Phnom Penh")]
    assert diagnostics.codes == {"text.rebuilt": 1}


def test_a_row_without_token_and_without_tag_costs_no_annotation(read_bytes: Read) -> None:
    _, diagnostics = _read(read_bytes, COLUMNS, "Thai\tB-LOC\n\tO\n" + "x\tO\n" * 40)
    assert [(one.code, one.place, one.action) for one in diagnostics.kept][:1] == [("line.bad", "2", "kept")]
    assert (diagnostics.read, diagnostics.skipped) == (1, 0)


def test_a_column_of_tags_that_begins_late_in_a_file_is_read(read_bytes: Read) -> None:
    rows = "TOKEN\tNE\tNE-NESTED\tNEL\n" + "Thai\tB-LOC\tO\t_\n" + "x\tO\tO\t_\n" * 9000 + "Bank\tB-ORG\tB-LOC\t_\n"
    assert len(rows) > 2**16
    (document,), diagnostics = _read(read_bytes, COLUMNS, rows)
    assert [(one.layer, one.types[0]) for one in document.mentions] == [
        ("NE", "LOC"),
        ("NE", "ORG"),
        ("NE-NESTED", "LOC"),
    ]
    assert diagnostics.skipped == 0


@pytest.mark.parametrize("data", [b"", b"\n\n \n", b"\xff\xfe\x00", b"# newdoc\n"])
@pytest.mark.parametrize("reader", [COLUMNS, CONLLU])
def test_files_without_anything(read_bytes: Read, reader: Reader, data: bytes) -> None:
    documents, _ = read_bytes(reader, {"x.txt": data})
    assert not [one for one in documents if one.mentions]


def test_bytes_that_are_no_utf8_are_said_once(read_bytes: Read) -> None:
    documents, diagnostics = read_bytes(COLUMNS, {"x.txt": b"Tha\xffi B-LOC\nn\xff O\n"})
    assert _said(documents[0]) == [("LOC", "Tha\ufffdi")]
    assert diagnostics.codes["encoding.not-utf8"] == 1


def test_a_line_that_is_too_long_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loaders.lines.MAX_LINE", 100)
    monkeypatch.setattr("loaders.lines.MIB", 64)
    (tmp_path / "x.txt").write_bytes(b"a\r\n" + b"x" * 1000 + b"\nb\n\nc")
    diagnostics = Diagnostics()
    with Files([tmp_path / "x.txt"], diagnostics) as files:
        found = list(lines(next(iter(files)), diagnostics))
    assert found == [(1, "a"), (3, "b"), (4, ""), (5, "c")]
    assert diagnostics.codes == {"file.too-large": 1}


@settings(max_examples=150)
@given(st.data())
def test_mutated_files_are_accounted_for(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    name, reader = data.draw(
        st.sampled_from([("idner-news-2k_dev_first40.txt", COLUMNS), ("GUM_news_asylum_first6.conllu", CONLLU)])
    )
    junk = [b"\t", b"\n", b"(", b")", b"#", b"\xff", b" B-X", b"-DOCSTART- ", b"Entity=(e1[1/2]"]
    changed = mutated(data, (CONLL / name).read_bytes()[-4000:], junk)
    read_bytes(reader, {"x.txt": changed})


# --- DocBin


def test_without_spacy_it_is_said_once(read_bytes: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy.tokens", None)
    data = (TESTS / "samples" / "spacy-docbin" / "demo.spacy").read_bytes()
    documents, diagnostics = read_bytes(DOCBIN, {"demo.spacy": data})
    assert (documents, diagnostics.codes) == ([], {"extra.missing": 1})
    assert "accordgraph[spacy]" in diagnostics.kept[0].message


@pytest.fixture
def _spacy() -> None:
    pytest.importorskip("spacy", exc_type=ImportError)


@pytest.mark.usefixtures("_spacy")
@pytest.mark.filterwarnings("ignore")
def test_a_real_docbin(read_files: Read) -> None:
    (document,), diagnostics = read_files(TESTS / "samples" / "spacy-docbin" / "demo.spacy")
    assert (document.id, len(document.mentions), diagnostics.codes) == ("demo", 1, {})


@pytest.mark.usefixtures("_spacy")
@pytest.mark.filterwarnings("ignore")
def test_the_made_docbins_say_what_was_marked(read_files: Read, made: dict[str, Any]) -> None:
    for language, wanted in made.items():
        (document,), _ = read_files(TESTS / "made" / "docbin" / f"{language}.spacy")
        assert document.text == wanted["text"]
        marks = [(*m.fragments[0], *m.types, document.words(m)) for m in document.mentions]
        assert marks == [(m["start"], m["end"], m["label"], m["words"]) for m in wanted["mentions"]]
        place = {m.id: number for number, m in enumerate(document.mentions)}
        ties = [(r.type, *(place[target] for _, target in r.args)) for r in document.relations]
        assert ties == [(r["label"], r["from"], r["to"]) for r in wanted["relations"]]


@pytest.mark.usefixtures("_spacy")
@pytest.mark.filterwarnings("ignore")
def test_groups_links_and_categories_of_a_docbin(read_bytes: Read) -> None:
    from spacy.tokens import Doc, DocBin, Span
    from spacy.vocab import Vocab

    doc = Doc(Vocab(), words=["Thai", "police", "😀"], spaces=[True, True, False], sent_starts=[True, False, False])
    doc.set_ents([Span(doc, 0, 1, label="LOC", kb_id="Q869")])
    doc.spans["sc"] = [Span(doc, 0, 2, label="ORG", kb_id="http://www.wikidata.org/entity/Q1"), Span(doc, 1, 3)]
    doc.cats = {"news": 1.0}
    packed = DocBin(store_user_data=True, docs=[doc, doc]).to_bytes()
    documents, _ = read_bytes(DOCBIN, {"x.spacy": packed})
    (first, _) = documents
    assert first.id == "x-1"
    assert [(m.layer, *m.types, first.words(m), m.links) for m in first.mentions] == [
        (None, "LOC", "Thai", (Link("wikidata", "Q869"),)),
        ("sc", "ORG", "Thai police", (Link("wikidata", "Q1"),)),
        ("sc", "sc", "police 😀", ()),
    ]
    assert (first.sentences, first.extra) == (((0, 13),), {"cats": {"news": 1.0}})


@pytest.mark.usefixtures("_spacy")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "data", [b"", b"x", b"\x78\x9c", zlib.compress(b"x"), zlib.compress(b"\x80"), zlib.compress(b"")]
)
def test_files_that_are_no_docbin(read_bytes: Read, data: bytes) -> None:
    documents, diagnostics = read_bytes(DOCBIN, {"x.spacy": data})
    assert (documents, diagnostics.codes) == ([], {"file.bad": 1})


@pytest.mark.usefixtures("_spacy")
@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60)
@given(st.data())
def test_mutated_docbins_are_accounted_for(read_bytes: Read, data: st.DataObject) -> None:
    inner = bytearray(zlib.decompress((TESTS / "samples" / "spacy-docbin" / "demo.spacy").read_bytes()))
    at = data.draw(st.integers(0, len(inner) - 1))
    inner[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    read_bytes(DOCBIN, {"x.spacy": zlib.compress(bytes(inner))})
