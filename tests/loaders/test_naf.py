"""NAF: what its layers say, where words stand, with and without the raw text, and files that are broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import inspect
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link
from loaders.naf import NAF

Read = Callable[..., tuple[list[Document], Diagnostics]]
TEXT = "😀 Thai police raided ไทย. They left in May."
WORDS = ((1, "😀"), (1, "Thai"), (1, "police"), (1, "raided"), (1, "ไทย"), (1, "."), (2, "They"), (2, "left"), (2, "in"), (2, "May"), (2, "."))  # fmt: skip


def _wf(unit: str = "codepoint") -> str:
    found, at = [], 0
    for number, (sentence, word) in enumerate(WORDS, 1):
        at = TEXT.index(word, at)
        start, length = (
            len(one.encode("utf-16-le")) // 2 if unit == "utf16" else len(one) for one in (TEXT[:at], word)
        )
        at += len(word)
        found.append(f'<wf id="w{number}" sent="{sentence}" offset="{start}" length="{length}"><![CDATA[{word}]]></wf>')
    return "\n".join(found)


def _span(*ids: str) -> str:
    return "<span>" + "".join(f'<target id="{id_}"/>' for id_ in ids) + "</span>"


def _naf(layers: str, words: str | None = None, raw: str | None = TEXT) -> bytes:
    terms = "".join(f'<term id="t{n}" lemma="x">{_span(f"w{n}")}</term>\n' for n in range(1, len(WORDS) + 1))
    text = "" if raw is None else f"<raw><![CDATA[{raw}]]></raw>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<NAF xml:lang="en" version="v3">\n<nafHeader>'
        '<fileDesc title="Raid" creationtime="2025-05-01"/><public publicId="n-1" uri="http://x.org/1"/></nafHeader>\n'
        f"{text}<text>\n{_wf() if words is None else words}\n</text><terms>\n{terms}</terms>\n{layers}</NAF>\n"
    ).encode()


LAYERS = (
    f'<entities><entity id="e1" type="ORG"><references>{_span("t2", "t3")}</references><externalReferences>'
    '<externalRef resource="spotlight" reference="http://dbpedia.org/resource/Police" confidence="0.9"/>'
    '<externalRef resource="wn" reference="ili-1"/></externalReferences></entity>\n'
    f'<entity id="e2" type="LOC">{_span("t5")}</entity></entities>\n'
    f'<timeExpressions><timex3 id="tmx0" type="DATE" value="2025-05-01" functionInDocument="CREATION_TIME"/>\n'
    f'<timex3 id="tmx1" type="DATE" value="2025-05">{_span("w10")}</timex3></timeExpressions>\n'
    f'<coreferences><coref id="co1" type="entity">{_span("t2", "t3")}{_span("t7")}</coref></coreferences>\n'
    f'<srl><predicate id="pr1" confidence="0.5">{_span("t4")}<role id="rl1" semRole="A0">{_span("t2", "t3")}</role>'
    f'<role id="rl2" semRole="A1">{_span("t5")}</role></predicate>\n'
    f'<predicate id="pr2">{_span("t8", "t10")}</predicate></srl>\n'
    '<temporalRelations><tlink id="tl1" from="pr1" to="tmx1" fromType="event" relType="BEFORE"/></temporalRelations>\n'
    '<causalRelations><clink id="cl1" from="pr1" to="pr2" relType="CAUSE"/></causalRelations>\n'
    '<deps><dep from="t3" to="t2" rfunc="nn"/><dep from="t4" to="t3" rfunc="nsubj"/></deps>'
)


def _read(read: Read, data: bytes) -> tuple[Document, Diagnostics]:
    (document,), diagnostics = read(NAF, {"x.naf": data})
    return document, diagnostics


def test_what_layers_say(read_bytes: Read) -> None:
    document, diagnostics = _read(read_bytes, _naf(LAYERS))
    assert (document.id, document.language, document.text) == ("n-1", "en", TEXT)
    assert document.metadata["fileDesc.title"] == "Raid"
    marks = [(one.raw_id, one.layer, *one.types, document.words(one)) for one in document.mentions]
    assert marks == [
        ("e1", "entities", "ORG", "Thai police"),
        ("e2", "entities", "LOC", "ไทย"),
        ("tmx0", "timeExpressions", "DATE", ""),
        ("tmx1", "timeExpressions", "DATE", "May"),
        (None, "coreferences", "entity", "Thai police"),
        (None, "coreferences", "entity", "They"),
        ("pr1", "srl", "predicate", "raided"),
        ("rl1", "srl", "role", "Thai police"),
        ("rl2", "srl", "role", "ไทย"),
        ("pr2", "srl", "predicate", "left May"),
    ]
    police, time, raided = document.mentions[0], document.mentions[2], document.mentions[6]
    assert police.links == (Link("dbpedia", "Police", score=0.9), Link("wn", "ili-1"))
    assert time.attributes == {"value": ("2025-05-01",), "functionInDocument": ("CREATION_TIME",)}
    assert raided.confidence == 0.5
    assert [one.members for one in document.clusters] == [tuple(one.id for one in document.mentions[4:6])]
    assert [(one.trigger, one.args) for one in document.events] == [
        ("pr1", (("A0", "rl1"), ("A1", "rl2"))),
        ("pr2", ()),
    ]
    assert [(one.type, one.args) for one in document.relations] == [
        ("tlink", (("from", "pr1"), ("to", "tmx1"))),
        ("clink", (("from", "pr1"), ("to", "pr2"))),
    ]
    assert document.relations[0].attributes == {"fromType": ("event",), "relType": ("BEFORE",)}
    assert document.extra == {"left_out": {"deps": 2}}
    assert not diagnostics.codes


def test_offsets_in_utf16_are_found_out_by_the_words(read_bytes: Read) -> None:
    document, diagnostics = _read(read_bytes, _naf(LAYERS, _wf("utf16")))
    plain, _ = _read(read_bytes, _naf(LAYERS))
    assert (document.tokens, document.mentions) == (plain.tokens, plain.mentions)
    assert diagnostics.codes == {"offset.repaired": 1}


def test_a_text_is_rebuilt_where_it_is_not_given(read_bytes: Read) -> None:
    document, diagnostics = _read(read_bytes, _naf(LAYERS, raw=None))
    assert document.text.split("\n") == ["😀 Thai police raided ไทย .", "They left in May ."]
    assert [document.words(one) for one in document.mentions[:2]] == ["Thai police", "ไทย"]
    assert (document.text_origin, diagnostics.codes) == ("rebuilt", {"text.rebuilt": 1})


def test_parts_of_words(read_bytes: Read) -> None:
    words = (
        '<wf id="w1" offset="0" length="9"><![CDATA[raidreport]]>\n<subtoken id="w1.1" offset="0" length="4">raid</subtoken>'
        '<subtoken id="w1.2" offset="4" length="6">report</subtoken></wf>'
    ).replace('length="9"', 'length="10"')
    part = f'<term id="x"><component id="x.c1">{_span("w1.1")}</component><component id="x.c2">{_span("w1.2")}</component></term>'
    data = _naf(f'<entities><entity id="e">{_span("x.c2")}</entity></entities>', words, "raidreport")
    document, _ = _read(read_bytes, data.replace(b"<terms>", b"<terms>" + part.encode()))
    assert [document.words(one) for one in document.mentions] == ["report"]
    assert document.tokens == ((0, 10),)


def test_what_is_not_there_costs_what_stands_on_it(read_bytes: Read) -> None:
    layers = (
        f'<entities><entity id="e1" type="X">{_span("t99")}</entity><entity id="e2" type="X">{_span("t1")}</entity></entities>'
        f'<coreferences><coref id="c">{_span("t99")}{_span("t2")}</coref></coreferences>'
        f'<srl><predicate id="p">{_span("t99")}<role semRole="A0">{_span("t2")}</role></predicate></srl>'
        '<temporalRelations><tlink from="e2" to="e9"/></temporalRelations>'
    )
    words = _wf().replace('"w1" sent="1" offset="0"', '"w1" sent="1" offset="77"')
    document, diagnostics = _read(read_bytes, _naf(layers, words))
    assert [document.words(one) for one in document.mentions] == ["Thai", "Thai"]
    assert ([len(one.members) for one in document.clusters], document.relations) == ([1], ())
    assert [(one.trigger, len(one.args)) for one in document.events] == [(None, 1)]
    assert diagnostics.codes == {"ref.dangling": 4, "offset.mismatch": 1}
    assert diagnostics.skipped == 5


def test_terms_without_end(read_bytes: Read) -> None:
    term = f'<term id="long">{_span(*["w1"] * 5000)}</term>'
    layers = "".join(f'<entities><entity id="e{n}">{_span("long")}</entity></entities>' for n in range(2000))
    document, diagnostics = _read(read_bytes, _naf(layers).replace(b"<terms>", b"<terms>" + term.encode()))
    assert document.mentions == ()
    assert diagnostics.codes == {"file.bad": 1, "ref.dangling": 2000}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xml.bad"),
        (b"<NAF", "xml.bad"),
        (b"<KAF/>", "file.bad"),
        (b'<!DOCTYPE NAF [<!ENTITY a "b">]><NAF><raw>&a;</raw></NAF>', "xml.entity"),
    ],
)
def test_files_that_are_none(read_bytes: Read, data: bytes, code: str) -> None:
    documents, diagnostics = read_bytes(NAF, {"x.naf": data})
    assert (documents, diagnostics.codes) == ([], {code: 1})


def test_a_file_is_claimed_by_its_root(tmp_path: Path) -> None:
    (tmp_path / "a.naf").write_text('<!DOCTYPE NAF SYSTEM "naf.dtd">\n<NAF version="v3"/>')
    (tmp_path / "b.xml").write_text("<NAFF/>")
    assert [found.format for found in inspect([tmp_path])] == ["naf", None]


@settings(max_examples=80)
@given(st.data())
def test_mutated_files_are_accounted_for(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    junk = [b"<", b">", b'"', b"9", b"\xff", b"&#0;", b'<target id="w1"/>', b"</span>", b'id="e1"', b"offset"]
    read_bytes(NAF, {"x.naf": mutated(data, _naf(LAYERS), junk, times=8, most=60)})
