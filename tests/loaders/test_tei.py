"""TEI: a real letter, the made exports, what names, spans and relations say, corpora, and files that are broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link
from loaders.files import Files
from loaders.reading import Options
from loaders.tei import TEI_READER

TESTS = Path(__file__).resolve().parent.parent
SAMPLE = TESTS / "samples" / "tei" / "thun.xml"
MADE = TESTS / "made" / "tei"
NAMESPACE = 'xmlns="http://www.tei-c.org/ns/1.0"'
Read = Callable[..., tuple[list[Document], Diagnostics]]


def _tei(body: str, *, apart: str = "", header: str = "", root: str = "") -> str:
    header = f"<teiHeader>{header}</teiHeader>" if header else ""
    return f"<TEI {NAMESPACE} {root}>{header}{apart}<text><body>{body}</body></text></TEI>"


def _read(read: Read, body: str, **more: str) -> tuple[Document, Diagnostics]:
    (document,), diagnostics = read(TEI_READER, {"x.xml": _tei(body, **more).encode()})
    return document, diagnostics


def _words(document: Document) -> list[tuple[str, ...]]:
    return [(*mention.types, document.words(mention)) for mention in document.mentions]


def _ties(document: Document) -> list[tuple[Any, ...]]:
    words = {mention.id: document.words(mention) for mention in document.mentions}
    return [(one.type, *((role, words[target]) for role, target in one.args)) for one in document.relations]


def test_the_real_letter(read_files: Read) -> None:
    (document,), diagnostics = read_files(SAMPLE)
    assert diagnostics.codes == {"ref.dangling": 1}  # its places stand in another file
    assert document.text.split("\n")[:4] == [
        "Prag, am 4. Jänner [1]860",
        "Lieber Freund!",
        "In der beiliegenden Broschüre habe ich meine Ansicht über die Nothwendigkeit der Bildung von Gutsgebieten in "
        "Böhmen ausgesprochen.",
        "Ich übersende Dir hier eine Anzahl Exemplare und überlasse es Deiner Beurtheilung, ob Du es für zwekmäßig "
        "hältst, sie an Deine Herrn Collegen oder sonst zu vertheilen.",
    ]
    assert document.text.endswith("Freund Albert G. Nostitz\nDie Broschüre erscheint im Buchhandel.")
    assert _words(document) == [
        ("place", "Prag"),
        ("place", "Böhmen"),
        ("rs", "Broschüre"),
        ("term", ""),
        ("term", ""),
        ("term", ""),
    ]
    assert [m.attributes["words"] for m in document.mentions[3:]] == [
        ("Böhmen",),
        ("Verwaltung",),
        ("Neoabsolutismus",),
    ]
    assert document.mentions[1].links == (Link("xml-id", "place_867b530d8072e0e4d907aa82937d3e01"),)
    assert document.mentions[1].attributes == {"subtype": ("region",)}
    assert document.id == "nostitz-an-thun-1860-01-04-a3-xxi-d545.xml"
    assert document.metadata["title"] == "Albert Nostitz an Leo Thun Prag, 4. Jänner 1860"
    assert document.metadata["url"] == "http://hdl.handle.net/21.11115/0000-000B-DB09-5"


def test_the_made_exports_say_what_was_marked(read_files: Read, made: dict[str, Any]) -> None:
    for language, wanted in made.items():
        with Files([MADE / f"{language}.xml"], Diagnostics()) as files:
            (file,) = files
            assert TEI_READER.claims(file, file.head()) == "the root element TEI"
        (document,), diagnostics = read_files(MADE / f"{language}.xml")
        assert (document.id, document.text, document.language) == (language, wanted["text"].rstrip("\n"), language)
        marks = [(*m.fragments[0], m.types[-1], document.words(m)) for m in document.mentions]
        assert marks == [(m["start"], m["end"], m["label"], m["words"]) for m in wanted["mentions"]]
        numbers = {mention.id: number for number, mention in enumerate(document.mentions)}
        ties = [(r.type, *(numbers[target] for _, target in r.args)) for r in document.relations]
        assert ties == [(r["label"], r["from"], r["to"]) for r in wanted["relations"]]
        assert not diagnostics.codes
        assert document.metadata["published"] == "2025-10-16"


# --- the text ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>one\n  two </p>\n<p>three</p>", "one two\nthree"),
        ("<head>a</head><p>b<lb/>c<hi>d</hi>e<pb/>f</p>", "a\nb\ncde f"),
        ('<p>เจ้าหน้าที่<lb break="no"/>ตำรวจ ខ្មែរ\n<pb break="no"/> 😀</p>', "เจ้าหน้าที่ตำรวจ ខ្មែរ😀"),
        (
            "<table><row><cell>a</cell><cell>b</cell></row></table><list><item>c</item><label>d</label></list>",
            "a\nb\nc\nd",
        ),
        ("<lg><l>a</l><l>b</l></lg><sp><speaker>X</speaker><p>y</p></sp>", "a\nb\nX\ny"),
        ('<p xml:space="preserve"> a\n  b </p>\n\n<p>c</p>', " a\n  b \nc"),
        (
            '<div xml:space="preserve">\n <p>a  b</p>\n <p>c<lb/>\nd <hi xml:space="default"> e\n</hi></p>\n</div>',
            "a  b\nc\nd e",
        ),
        ("<p>a<note>n<note>deep</note></note> b<note>m</note>.</p><p>c</p>", "a b.\nn\ndeep\nm\nc"),
        ("<div><note>n</note><p>a</p></div>", "n\na"),
        ("<p>a <choice>\n <sic>Tailand</sic>\n <corr>Thailand</corr>\n</choice>, b</p>", "a Thailand, b"),
        (
            "<p><choice><unclear>a</unclear><unclear>b</unclear></choice><subst><del>c</del><add>d</add></subst></p>",
            "ad",
        ),
        ("<p><app><lem>a</lem><rdg>b</rdg></app> <app><rdg>c</rdg><rdg>d</rdg></app> <choice/>e</p>", "a c e"),
        ("<fw>running head</fw><p>a<fw>12</fw>b</p>", "ab"),
        (
            '<p><w>The</w> <w join="right">king</w>\n<pc>,</pc> <w>said</w> <pc join="left">!</pc></p>',
            "The king, said!",
        ),
        ("<listPerson><person><persName>A</persName></person><person>B</person></listPerson>c", "A\nB\nc"),
        ("<p>a\u00a0b\u3000c &#x0e01; e\u0301 \u200fשלום</p>", "a\u00a0b\u3000c ก e\u0301 \u200fשלום"),
        ("", ""),
    ],
)
def test_the_running_text(read_bytes: Read, body: str, text: str) -> None:
    document, diagnostics = _read(read_bytes, body)
    assert document.text == text
    assert not diagnostics.codes


def test_deep_nesting_costs_no_recursion(read_bytes: Read) -> None:
    document, _ = _read(read_bytes, "<p>" + "<note>a<p>" * 200 + "x" + "</p>b</note>" * 200 + "</p>")
    assert [document.text.count(one) for one in "abx"] == [200, 200, 1]


def test_names_that_the_text_leaves_out_are_told(read_bytes: Read) -> None:
    body = "<p><choice><sic><name>Lao</name></sic><corr>Laos</corr></choice> <fw><date>1</date></fw><index><term>Thai</term></index></p>"
    document, diagnostics = _read(read_bytes, body)
    assert diagnostics.codes == {"text.missing": 2}
    (term,) = document.mentions
    assert (term.fragments, term.attributes) == ((), {"words": ("Thai",)})


# --- names -------------------------------------------------------------------------------------------------------


def test_what_names_say(read_bytes: Read) -> None:
    document, diagnostics = _read(
        read_bytes,
        """<p xml:lang="th"> 😀 <rs type="country" ref="#th"> ไทย </rs> <persName cert="0.5" resp="#anna #bo" role="x">A <surname>B</surname></persName>
        <placeName type="city" key="pp">ភ្នំពេញ</placeName>, <name cert="high" key="https://www.wikidata.org/wiki/Q424">Khmer</name>
        <date when="2025-10-16" calendar="#buddhist"/> <term>scam</term> <title ref="wd:Q1 gnd:118 #lost">T</title> <g ref="#g1">g</g>
        <orgName ref="http://x.org/y https://d-nb.info/gnd/2-1 urn:isbn:1"><placeName>Thai</placeName> police</orgName></p>""",
        apart="""<standOff><listPlace><place xml:id="th" sameAs="https://www.geonames.org/1605651/thailand.html">
            <placeName ref="https://viaf.org/viaf/12">Thailand</placeName><placeName>ไทย</placeName>
            <idno type="Wikidata">Q869</idno><idno>http://www.wikidata.org/entity/Q869</idno><idno><idno type="ISO">TH</idno></idno>
            </place><place xml:id="pp"><label>Phnom Penh</label></place></listPlace></standOff>""",
        header="""<encodingDesc><listPrefixDef><prefixDef ident="wd" matchPattern="(.+)+$"
            replacementPattern="http://www.wikidata.org/entity/$1"/></listPrefixDef></encodingDesc>""",
    )
    assert document.text == "😀 ไทย A B ភ្នំពេញ, Khmer scam T g Thai police"
    assert _words(document) == [
        ("country", "ไทย"),
        ("persName", "A B"),
        ("placeName", "city", "ភ្នំពេញ"),
        ("name", "Khmer"),
        ("date", ""),
        ("term", "scam"),
        ("title", "T"),
        ("orgName", "Thai police"),
        ("placeName", "Thai"),
    ]
    thai, person, place, khmer, date, _, title, police, _ = document.mentions
    assert thai.links == (
        Link("xml-id", "th", "Thailand"),
        Link("wikidata", "Q869", "Thailand"),
        Link("iso", "TH", "Thailand"),
        Link("geonames", "1605651", "Thailand"),
        Link("viaf", "12", "Thailand"),
    )
    assert (person.annotator, person.confidence, person.extra) == ("anna", 0.5, {"resp": ["anna", "bo"]})
    assert (person.attributes, place.links) == ({"role": ("x",)}, (Link("xml-id", "pp", "Phnom Penh"),))
    assert (khmer.links, khmer.attributes) == ((Link("wikidata", "Q424"),), {"cert": ("high",)})
    assert date.attributes == {"when": ("2025-10-16",), "calendar": ("#buddhist",)}
    assert title.links == (Link("wikidata", "Q1"), Link("gnd", "118"), Link("xml-id", "lost"))
    assert police.links == (Link("uri", "http://x.org/y"), Link("gnd", "2-1"), Link("uri", "urn:isbn:1"))
    assert [(one.code, one.action) for one in diagnostics.kept] == [("ref.dangling", "kept")]
    assert "#lost" in diagnostics.kept[0].message


def test_words_and_sentences(read_bytes: Read) -> None:
    document, _ = _read(read_bytes, "<p><s><w>ไทย</w><w>ลง</w><pc>.</pc></s> <s><w>b</w></s></p>")
    assert [document.text[start:end] for start, end in document.tokens] == ["ไทย", "ลง", ".", "b"]
    assert [document.text[start:end] for start, end in document.sentences] == ["ไทยลง.", "b"]


def test_other_vocabularies_are_text(read_bytes: Read) -> None:
    body = '<p>a <x:persName xmlns:x="http://x.org">b</x:persName> <egXML xmlns="http://www.tei-c.org/ns/Examples"><name ref="#q">c</name></egXML></p>'
    document, diagnostics = _read(read_bytes, body)
    assert (document.text, document.mentions, diagnostics.codes) == ("a b c", (), {})


# --- relations ---------------------------------------------------------------------------------------------------

PEOPLE = """<standOff><listPerson><person xml:id="p1"><persName>Anna</persName><idno type="URI">http://x.org/anna</idno></person>
<person xml:id="p2"/><person xml:id="p3"/><listRelation type="personal">{}</listRelation></listPerson></standOff>"""


@pytest.mark.parametrize(
    ("relation", "tie"),
    [
        ('<relation name="knows" active="#m1" passive="#m2"/>', ("knows", ("active", "A"), ("passive", "B"))),
        ('<relation name="knows" active="#p1" passive="#p2"/>', ("knows", ("active", "A"), ("passive", "B"))),
        ('<relation ref="http://x.org/k" mutual="#p1 #p2"/>', ("http://x.org/k", ("mutual", "A"), ("mutual", "B"))),
        (
            '<relation name="k" active="http://x.org/anna" passive="x.xml#p2"/>',
            ("k", ("active", "A"), ("passive", "B")),
        ),
        ('<relation type="k" active="http://x.org/c" passive="key9"/>', ("k", ("active", "C"), ("passive", "D"))),
        ('<relation name="k" active="#words" passive="#m1"/>', ("k", ("active", "some words"), ("passive", "A"))),
        (
            '<relation name="k" active="#p1 #p2" passive="#c"/>',
            ("k", ("active", "A"), ("active", "B"), ("passive", "C")),
        ),
        ('<relation name="k" active="#sp" passive="#m1"/>', ("k", ("active", "B some"), ("passive", "A"))),
    ],
)
def test_relations_end_at_mentions(read_bytes: Read, relation: str, tie: tuple[Any, ...]) -> None:
    body = """<p><persName xml:id="m1" ref="#p1">A</persName> <rs xml:id="m2" ref="http://y.org/b #p2">B</rs>
        <seg xml:id="words"><seg xml:id="some">some</seg> words</seg> <rs ref="http://x.org/c" xml:id="c">C</rs>
        <name key="key9">D</name> <persName ref="#p1">A again</persName></p>
        <spanGrp type="t"><span xml:id="sp" from="#m2" to="#some"/></spanGrp>"""
    document, diagnostics = _read(read_bytes, body, apart=PEOPLE.format(relation))
    assert _ties(document) == [tie]
    assert document.relations[0].directed == ("mutual" not in relation)
    assert document.relations[0].layer == ("k" if "type=" in relation else "personal")
    assert not diagnostics.codes


def test_what_relations_say_beside_their_ends(read_bytes: Read) -> None:
    relation = """<relation xml:id="r1" name="knows" active="#p1" passive="#p2" when="2025" resp="#anna" cert="0.25" type="x">
        <desc>Seen in <date>2025</date>.</desc></relation>"""
    body = '<p><rs ref="#p1">A</rs> <rs ref="#p2">B</rs></p>'
    document, diagnostics = _read(read_bytes, body, apart=PEOPLE.format(relation))
    (one,) = document.relations
    assert (one.raw_id, one.attributes, one.annotator, one.confidence) == ("r1", {"when": ("2025",)}, "anna", 0.25)
    assert [(note.target, note.type, note.text) for note in document.notes] == [(one.id, "desc", "Seen in 2025.")]
    assert (one.place, diagnostics.codes) == ("2", {})


@pytest.mark.parametrize(
    ("relation", "told"),
    [
        ('<relation name="k" active="#p1" passive="#p3"/>', "relation k: no mention in the text refers to #p3"),
        ('<relation name="k" active="#p1" passive="#nobody"/>', "refers to #nobody"),
        ('<relation name="k" active="#p1"/>', "fewer than two ends"),
        ("<relation/>", "fewer than two ends"),
    ],
)
def test_relations_without_their_ends(read_bytes: Read, relation: str, told: str) -> None:
    body = '<p><rs ref="#p1">A</rs> <rs ref="#p2">B</rs></p>'
    document, diagnostics = _read(read_bytes, body, apart=PEOPLE.format(relation))
    assert (document.relations, diagnostics.skipped) == ((), 1)
    assert told in str(diagnostics.kept[0])
    assert diagnostics.codes == {"ref.dangling": 1}


def test_a_play_names_who_speaks(read_bytes: Read) -> None:
    """As in real plays: persons are related in standOff, and named where they speak."""
    body = """<sp who="#p2"><speaker>Bo.</speaker><p>Ja.</p></sp><sp who="#p1 #p3"><speaker>Both</speaker></sp>
        <sp><speaker>All</speaker></sp>"""
    document, _ = _read(read_bytes, body, apart=PEOPLE.format('<relation name="spouses" mutual="#p1 #p2"/>'))
    assert _words(document) == [("speaker", "Bo."), ("speaker", "Both")]
    assert _ties(document) == [("spouses", ("mutual", "Both"), ("mutual", "Bo."))]


# --- spans -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "label", "words", "note"),
    [
        ('<span type="Country" target="#w1"/>', "Country", "ไทย", None),
        ('<span from="#w1" to="#w3">claim</span>', "claim", "ไทยลง นาม", None),
        ('<span from="#a" to="#b" ana="#signed">a note</span>', "signed", "ลง นาม", "a note"),
        ('<span corresp="#w1 #w2" type="PER"/>', "PER", "ไทยลง", None),
        ('<span target="#w1 #w3"/>', "entities", "ไทย นาม", None),
        ('<annotation target="#w3"><rs type="Act"/><note>sure</note></annotation>', "Act", "นาม", "sure"),
        (f'<span from="#w1">{"x" * 81}</span>', "entities", "ไทย", "x" * 81),
    ],
)
def test_spans_stand_on_what_they_point_to(
    read_bytes: Read, span: str, label: str, words: str, note: str | None
) -> None:
    body = '<p><w xml:id="w1">ไทย</w><anchor xml:id="a"/><w xml:id="w2">ลง</w>\n<w xml:id="w3">นาม</w> <anchor xml:id="b"/>!</p>'
    apart = f'<standOff><spanGrp type="entities">{span}</spanGrp></standOff>'
    document, diagnostics = _read(read_bytes, body, apart=apart)
    (mention,) = document.mentions
    assert (mention.types, document.words(mention), mention.layer) == ((label,), words, "entities")
    assert [one.text for one in document.notes] == ([note] if note else [])
    assert (document.text, diagnostics.codes) == ("ไทยลง นาม !", {})


@pytest.mark.parametrize(
    "span",
    [
        '<span target="#nowhere"/>',
        '<span target="#w1 #nowhere"/>',
        '<span from="#w2" to="#w1"/>',
        "<span/>",
        "<span from=\"#string-range(//p[@xml:id='p1'],0,17)\"/>",
        '<annotation target="#th"/>',
    ],
)
def test_spans_on_nothing(read_bytes: Read, span: str) -> None:
    body = '<p><w xml:id="w1">a</w> <w xml:id="w2">b</w></p>'
    document, diagnostics = _read(read_bytes, body, apart=f'<standOff><place xml:id="th"/>{span}</standOff>')
    assert (document.mentions, diagnostics.codes, diagnostics.skipped) == ((), {"ref.dangling": 1}, 1)


# --- headers and corpora -----------------------------------------------------------------------------------------

HEADER = """<fileDesc><titleStmt><title type="sub">of it</title><title>Raid in <hi>Sihanoukville</hi></title><author>Ann</author></titleStmt>
<publicationStmt>{}<idno type="doi">10.1/2</idno><availability><licence target="http://cc.org/by"/></availability></publicationStmt>
<sourceDesc><listPerson><person><birth><date when="1900"/></birth></person></listPerson><bibl><title>Khmer Times</title>
<publisher>KT</publisher><date when="2025-10-15">yesterday</date><ref target="https://kt.com/1"/></bibl></sourceDesc></fileDesc>
<profileDesc><creation><date notBefore="2025-10" notAfter="2025-11"/></creation><langUsage><language ident="km"/></langUsage></profileDesc>"""


def test_what_the_header_says(read_bytes: Read) -> None:
    document, _ = _read(read_bytes, "<p>a</p>", header=HEADER.format(""))
    assert document.language == "km"
    assert document.metadata == {
        "title": "Raid in Sihanoukville",
        "author": "Ann",
        "idno.doi": "10.1/2",
        "licence": "http://cc.org/by",
        "source.title": "Khmer Times",
        "source.publisher": "KT",
        "source.published": "2025-10-15",
        "source.url": "https://kt.com/1",
        "created": "2025-10",
        "publisher": "KT",
        "published": "2025-10-15",
        "url": "https://kt.com/1",
    }
    own = "<publisher>Us</publisher><date>16 ตุลาคม 2568</date><idno>https://us.org/2</idno>"
    document, _ = _read(read_bytes, "<p>a</p>", header=HEADER.format(own), root='xml:lang="th"')
    said = [document.metadata[key] for key in ("publisher", "published", "url", "source.url")]
    assert (document.language, said) == ("th", ["Us", "16 ตุลาคม 2568", "https://us.org/2", "https://kt.com/1"])


def test_a_corpus_is_several_documents(read_bytes: Read) -> None:
    header = """<teiHeader><publicationStmt><publisher>Both</publisher></publicationStmt>
        <langUsage><language ident="km"/></langUsage></teiHeader>"""
    shared = """<standOff><place xml:id="th"><placeName>ไทย</placeName></place>
        <relation name="k" active="#th" passive="#kh"/></standOff>"""
    own = '<standOff><place xml:id="th"><label>Thailand</label></place></standOff>'
    inner = _tei('<p><rs ref="#th">a</rs></p>', root='xml:id="one"')
    inner += _tei('<p><rs ref="#th">b</rs></p>', root='xml:lang="en"', header="<title>B</title>", apart=own)
    corpus = f"<teiCorpus {NAMESPACE}>{header}{shared}{inner}</teiCorpus>"
    documents, diagnostics = read_bytes(TEI_READER, {"x.xml": corpus.encode()})
    assert [(one.id, one.text, one.language, one.metadata) for one in documents] == [
        ("one", "a", "km", {"publisher": "Both"}),
        ("x-2", "b", "en", {"publisher": "Both"}),
    ]
    assert [one.mentions[0].links for one in documents] == [
        (Link("xml-id", "th", "ไทย"),),
        (Link("xml-id", "th", "Thailand"),),
    ]
    assert [(one.code, one.place) for one in diagnostics.kept] == [("ref.dangling", "3")]
    outer = _tei("<p>a</p>").replace("</TEI>", f"{_tei('<p>b</p>')}</TEI>")
    documents, _ = read_bytes(TEI_READER, {"x.xml": outer.encode()})
    assert [one.text for one in documents] == ["a", "b"]


def test_older_and_unusual_documents(read_bytes: Read) -> None:
    old = '<TEI.2><text lang="km" id="t"><body><p id="p"><name type="place" key="pp" id="n">ភ្នំពេញ</name></p></body></text></TEI.2>'
    (document,), diagnostics = read_bytes(TEI_READER, {"x.xml": old.encode()})
    assert (_words(document), document.language, document.mentions[0].raw_id) == ([("place", "ភ្នំពេញ")], "km", "n")
    assert not diagnostics.codes
    (document,), diagnostics = read_bytes(TEI_READER, {"x.xml": f"<TEI {NAMESPACE}><teiHeader/></TEI>".encode()})
    assert (document.text, document.text_origin, diagnostics.codes) == ("", "missing", {"text.missing": 1})
    source = f"<TEI {NAMESPACE}><sourceDoc><line>a</line></sourceDoc><text><body><p>b</p><ab>c</ab></body></text></TEI>"
    for key, text in {"ab": "c", "sourceDoc": "a", None: "b\nc"}.items():
        (document,), _ = read_bytes(TEI_READER, {"x.xml": source.encode()}, Options(text_key=key))
        assert document.text == text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (
            b'\xef\xbb\xbf<?xml version="1.0"?><!-- <p> --><!DOCTYPE TEI [<!ELEMENT p ANY>]>\n<TEI>',
            "the root element TEI",
        ),
        (b"<t:teiCorpus\n xmlns:t='http://www.tei-c.org/ns/1.0'>", "the root element teiCorpus"),
        (b'<TEI xmlns="http://other.org/">', None),
        (b"<TEIform/>", None),
        (b"<html><TEI></TEI></html>", None),
        (b"<!-- <TEI> ", None),
        (b"<", None),
    ],
)
def test_what_is_tei(data: bytes, why: str | None, tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes(data)
    with Files([tmp_path], Diagnostics()) as files:
        assert [TEI_READER.claims(file, file.head()) for file in files] == [why]


# --- broken files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", {"xml.bad": 1}),
        (b"<TEI><text><body><p><name>a</name> b <name>c", {"xml.bad": 1}),
        (b'<!DOCTYPE TEI [<!ENTITY a "b">]><TEI><text>&a;</text></TEI>', {"xml.entity": 1}),
        (b'<!DOCTYPE TEI [<!ENTITY a SYSTEM "/etc/passwd">]><TEI><text>&a;</text></TEI>', {"xml.entity": 1}),
        (b"<TEI>" + b"<p>" * 1000, {"xml.bad": 1, "text.missing": 1}),
        (b"<TEI><text>" + b"<p><note>" * 249 + b"x", {"xml.bad": 1}),
    ],
)
def test_files_that_are_broken(read_bytes: Read, data: bytes, codes: dict[str, int]) -> None:
    _, diagnostics = read_bytes(TEI_READER, {"x.xml": data})
    assert diagnostics.codes == codes


def test_entities_of_a_dtd_elsewhere_are_no_loss(read_bytes: Read) -> None:
    data = (
        b'<!DOCTYPE TEI SYSTEM "tei.dtd"><TEI><text><p>caf&eacute; &mdash; &foo;<name>&Agrave;</name></p></text></TEI>'
    )
    (document,), diagnostics = read_bytes(TEI_READER, {"x.xml": data})
    assert (document.text, _words(document)) == ("café — \ufffdÀ", [("name", "À")])
    assert (diagnostics.codes, diagnostics.skipped) == ({"xml.entity": 4}, 0)


@settings(max_examples=100)
@given(st.data())
def test_mutated_files_are_accounted_for(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([SAMPLE, MADE / "km.xml", MADE / "th.xml"]))
    junk = [
        b"<p>",
        b"</p>",
        b"<rs>",
        b'<span from="#m1"/>',
        b'xml:id="m1"',
        b"<note>",
        b"&",
        b"\xff",
        b"<choice>",
        b'"',
    ]
    changed = mutated(data, path.read_bytes(), [*junk, b'<relation mutual="#m1 #m1 #th"/>'], times=4, most=20)
    read_bytes(TEI_READER, {"x.xml": changed})
