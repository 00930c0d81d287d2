"""GATE's XML and its JSON: a real document in both, the made exports, what features say, and files that are broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import inspect
from loaders.bdoc import BDOC
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Event, Link, Relation
from loaders.files import Files
from loaders.gate import GATE

TESTS = Path(__file__).resolve().parent.parent
SAMPLES = TESTS / "samples" / "gate"
Read = Callable[..., tuple[list[Document], Diagnostics]]
STRING = "java.lang.String"


def _feature(name: str, value: str, class_: str = STRING, more: str = "") -> str:
    return (
        f'<Feature>\n  <Name className="{STRING}">{name}</Name>\n  <Value className="{class_}"{more}>{value}</Value>\n'
        "</Feature>\n"
    )


def _wrapped(inner: str) -> str:
    return f"<![CDATA[<?xml version='1.1'?><gate.corpora.ObjectWrapper>{inner}</gate.corpora.ObjectWrapper>]]>"


def _annotation(id_: int, type_: str, start: int, end: int, *features: str) -> str:
    said = "".join(features)
    return f'<Annotation Id="{id_}" Type="{type_}" StartNode="{start}" EndNode="{end}">\n{said}</Annotation>\n'


def _xml(text: str, annotations: str = "", more: str = "", features: str = "") -> bytes:
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<GateDocument version=\"3\">\n<GateDocumentFeatures>\n{features}"
        f"</GateDocumentFeatures>\n<TextWithNodes>{text}</TextWithNodes>\n<AnnotationSet>\n{annotations}</AnnotationSet>\n"
        f"{more}</GateDocument>\n"
    ).encode()


def _read(read: Read, data: bytes) -> tuple[Document, Diagnostics]:
    (document,), diagnostics = read(GATE, {"x.xml": data})
    return document, diagnostics


# --- real and made files -----------------------------------------------------------------------------------------


def test_a_real_document_in_both_formats(read_files: Read) -> None:
    (xml,), said = read_files(SAMPLES / "testdoc1.xml")
    (json,), told = read_files(SAMPLES / "testdoc1.bdocjs")
    assert not said.codes
    assert not told.codes
    assert xml.text == "This is the document text"
    marks = [(m.layer, *m.types, m.raw_id, xml.words(m)) for m in xml.mentions]
    assert marks == [
        (None, "Type1", "0", "This"),
        (None, "Type1", "1", "is "),
        ("Set2", "LONG", "2", "This is the document"),
        ("Set2", "SHORT", "3", "is th"),
        ("Set2", "ZERO1", "4", ""),
        ("Set2", "ZERO2a", "5", ""),
        ("Set2", "ZERO2b", "6", ""),
    ]
    assert xml.mentions[0].attributes == {"shared2": ("SomeString", 0, True, 3.3)}
    assert xml.mentions[0].extra == {
        "features": {"fComplex2a": {"k1": "somevalue", "k2": [1, 2, 3, 4, 5], "k3": [1, 2, 3, 4, 5]}}
    }
    assert (xml.metadata["fBoolean"], xml.metadata["fFloat1"], xml.metadata["fMapStringInt.key2"]) == (True, 3.4, -4)
    assert xml.extra["features"]["fComplex1"] == {"key1": [1, 2, 3], "key2": {"1": 12, "2": True}}
    assert json.metadata["name"] == "GATE Document_00008"  # which the XML does not say

    def alike(document: Document) -> Document:
        mentions = tuple(replace(one, place="") for one in document.mentions)
        metadata = {key: value for key, value in document.metadata.items() if key != "name"}
        return replace(document, path="", format="", metadata=metadata, mentions=mentions)

    assert alike(xml) == alike(json)


def test_the_made_exports_say_what_was_marked(read_files: Read, made: dict[str, Any]) -> None:
    for language, wanted in made.items():
        for path, reader in (("gate/{}.xml", GATE), ("bdoc/{}.bdocjs", BDOC)):
            with Files([TESTS / "made" / path.format(language)], Diagnostics()) as files:
                (file,) = files
                assert reader.claims(file, file.head())
            (document,), diagnostics = read_files(TESTS / "made" / path.format(language))
            assert (document.id, document.text) == (language, wanted["text"])
            marks = [(*m.fragments[0], *m.types, document.words(m)) for m in document.mentions]
            stated = [(m["start"], m["end"], m["label"], m["words"]) for m in wanted["mentions"]]
            assert marks[: len(stated)] == stated
            both: list[Relation | Event] = [*document.relations, *document.events]
            ties = [(one.type, *(target for _, target in one.args)) for one in both]
            assert ties == [(one["label"], str(one["from"]), str(one["to"])) for one in wanted["relations"]]
            assert not diagnostics.codes


# --- GATE XML ----------------------------------------------------------------------------------------------------


def test_where_a_node_stands_is_certain_whatever_its_id(read_bytes: Read) -> None:
    text = '<Node id="0"/>😀 <Node id="3"/>ไทย<Node id="6"/> &amp; <Node id="77"/>កម្ពុជា<Node id="a"/>!'
    marks = _annotation(1, "C", 3, 6) + _annotation(2, "C", 77, 99).replace('"99"', '"a"') + _annotation(3, "D", 0, 6)
    document, diagnostics = _read(read_bytes, _xml(text, marks))
    assert document.text == "😀 ไทย & កម្ពុជា!"
    assert [document.words(one) for one in document.mentions] == ["ไทย", "កម្ពុជា", "😀 ไทย"]
    assert [one.raw_offsets for one in document.mentions] == [((3, 6),), (), ((0, 6),)]
    assert (document.unit, diagnostics.codes) == ("utf16", {})


def test_annotations_that_stand_nowhere(read_bytes: Read) -> None:
    marks = _annotation(1, "C", 0, 9) + _annotation(2, "C", 3, 0) + _annotation(3, "C", 0, 3)
    document, diagnostics = _read(read_bytes, _xml('<Node id="0"/>Lao<Node id="3"/>s', marks))
    assert [one.raw_id for one in document.mentions] == ["3"]
    assert [(one.code, one.place) for one in diagnostics.kept] == [("offset.bad", "7"), ("offset.bad", "9")]


def test_characters_that_xml_does_not_allow(read_bytes: Read) -> None:
    document, diagnostics = _read(
        read_bytes, _xml('a&#x1b;b&#0;<Node id="4"/>c<Node id="5"/>', _annotation(1, "C", 4, 5))
    )
    assert (document.text, document.words(document.mentions[0])) == ("a b c", "c")
    assert diagnostics.codes == {"xml.illegal-char": 1}


def test_features_have_the_values_of_their_classes(read_bytes: Read) -> None:
    features = [
        _feature("text", "007"),
        _feature("int", "7", "java.lang.Integer"),
        _feature("long", str(2**70), "java.lang.Long"),
        _feature("float", "2.50", "java.lang.Double"),
        _feature("none", "NaN", "java.lang.Float"),
        _feature("odd", "seven", "java.lang.Integer"),
        _feature("flag", "false", "java.lang.Boolean"),
        _feature("old", "1;2", "java.util.ArrayList", ' itemClassName="java.lang.Integer"'),
        _feature(
            "list", _wrapped('<value class="set"><string>ก</string><null/></value>'), "gate.corpora.ObjectWrapper"
        ),
        _feature("empty", _wrapped('<value class="list"/>'), "gate.corpora.ObjectWrapper"),
        _feature("inst", "http://www.wikidata.org/entity/Q869"),
        "<Feature><Name>alone</Name></Feature>",
    ]
    document, diagnostics = _read(read_bytes, _xml('<Node id="0"/>x', _annotation(1, "C", 0, 0, *features)))
    (mention,) = document.mentions
    assert mention.attributes == {
        "text": ("007",),
        "int": (7,),
        "long": (str(2**70),),
        "float": (2.5,),
        "none": ("NaN",),
        "odd": ("seven",),
        "flag": (False,),
        "old": (1, 2),
    }
    assert mention.extra == {"features": {"list": ["ก", None], "empty": []}}
    assert mention.links == (Link("wikidata", "Q869"),)
    assert diagnostics.codes == {"attribute.bad": 1}


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<value", "xml.bad"),
        ("", None),
        ('<value class="list"><list reference="../../value"/></value>', "attribute.bad"),
        ('<value class="list"><int reference="../int[7]"/></value>', "attribute.bad"),
        ("<value class='list'>" + "<list>" * 200 + "</list>" * 200 + "</value>", "attribute.bad"),
        ("<value class='list'>" + "<list>" * 900, "xml.bad"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><value>&a;</value>', "xml.bad"),
    ],
)
def test_objects_that_are_none_stay_text(read_bytes: Read, inner: str, code: str | None) -> None:
    text = _wrapped(inner)
    feature = _feature("odd", text, "gate.corpora.ObjectWrapper")
    document, diagnostics = _read(read_bytes, _xml('<Node id="0"/>x', _annotation(1, "C", 0, 0, feature)))
    assert document.mentions[0].attributes == {"odd": (text.removeprefix("<![CDATA[").removesuffix("]]>"),)}
    assert diagnostics.codes == ({code: 1} if code else {})
    assert not diagnostics.lost


def test_objects_that_refer_to_one_another_do_not_fill_the_memory(read_bytes: Read) -> None:
    doubled = "".join(
        f'<list><list reference="../../list[{n}]"/><list reference="../../list[{n}]"/></list>' for n in range(1, 60)
    )
    value = _wrapped(f'<value class="list"><list><string>lol</string></list>{doubled}</value>')
    feature = _feature("laughs", value, "gate.corpora.ObjectWrapper")
    document, diagnostics = _read(read_bytes, _xml('<Node id="0"/>x', _annotation(1, "C", 0, 0, feature)))
    assert str(document.mentions[0].attributes["laughs"][0]).startswith("<?xml")
    assert diagnostics.codes == {"attribute.bad": 1}


def test_relation_sets(read_bytes: Read) -> None:
    marks = _annotation(1, "P", 0, 1) + _annotation(2, "P", 1, 2) + _annotation(3, "P", 0, 2)
    relations = (
        '<RelationSet>\n<Relation Id="4" Type="signed" Members="1;2">\n<UserData>x</UserData>\n'
        + _feature("stage", "planned")
        + '</Relation>\n<Relation Id="5" Type="said" Members="3;4;1"/>\n<Relation Id="6" Type="coref" Members="1;3"/>\n'
        '<Relation Id="7" Type="lost" Members="1;99"/>\n<Relation Id="8" Type="none" Members=""/></RelationSet>'
    )
    document, diagnostics = _read(read_bytes, _xml('<Node id="0"/>a<Node id="1"/>b<Node id="2"/>', marks, relations))
    signed, said = document.relations
    assert (signed.type, signed.args, signed.attributes) == (
        "signed",
        (("arg1", "1"), ("arg2", "2")),
        {"stage": ("planned",)},
    )
    assert signed.extra == {"user_data": "x"}
    assert said.args == (("arg1", "3"), ("arg2", "4"), ("arg3", "1"))
    assert [(one.type, one.members) for one in document.clusters] == [("coref", ("1", "3"))]
    assert diagnostics.codes == {"ref.dangling": 2}


def test_a_namespace_and_an_old_version_change_nothing(read_bytes: Read) -> None:
    data = _xml('<Node id="0"/>a<Node id="1"/>', _annotation(1, "P", 0, 1, _feature("a", "b")))
    plain, _ = _read(read_bytes, data)
    spaced, _ = _read(read_bytes, data.replace(b' version="3"', b' xmlns="http://www.gate.ac.uk"'))
    assert spaced == plain


def test_many_nodes_on_one_place(read_bytes: Read) -> None:
    nodes = "".join(f'<Node id="{n}"/>' for n in range(10_000))
    marks = "".join(f'<Annotation Id="{n}" Type="C" StartNode="{n}" EndNode="10000"/>' for n in range(10_000))
    document, diagnostics = _read(read_bytes, _xml(f'{nodes}x<Node id="10000"/>', marks))
    assert {one.fragments for one in document.mentions} == {((0, 1),)}
    assert (len(document.mentions), diagnostics.codes) == (10_000, {})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xml.bad"),
        (b"<GateDocument", "xml.bad"),
        (b"<x/>", "file.bad"),
        (
            b'<!DOCTYPE x [<!ENTITY a "b">]><GateDocument><TextWithNodes>&a;</TextWithNodes></GateDocument>',
            "xml.entity",
        ),
    ],
)
def test_files_that_are_none(read_bytes: Read, data: bytes, code: str) -> None:
    documents, diagnostics = read_bytes(GATE, {"x.xml": data})
    assert (documents, diagnostics.codes) == ([], {code: 1})


def test_a_document_without_its_text(read_bytes: Read) -> None:
    data = b'<GateDocument><AnnotationSet><Annotation Id="1" Type="C" StartNode="0" EndNode="0"/></AnnotationSet></GateDocument>'
    document, diagnostics = _read(read_bytes, data)
    assert (document.text, document.text_origin, document.mentions) == ("", "missing", ())
    assert diagnostics.codes == {"text.missing": 1, "offset.bad": 1}


@pytest.mark.parametrize(
    ("name", "data", "format_"),
    [
        ("a.json", b'{"text": "x", "annotation_sets": {}}', "bdoc"),
        ("a.json", b'{"text": "x", "annotations": []}', None),
        ("a.bdocjs", b'{"text": 3}', "bdoc"),
        ("a.bdocym", b"", "bdoc-yaml"),
        ("a.yml", b"text: x\nannotation_sets: {}\n", "bdoc-yaml"),
        ("a.yml", b"text: x\n", None),
        ("a.xml", b'\xef\xbb\xbf<?xml version="1.0"?><!-- a --><GateDocument>', "gate"),
        ("a.xml", b"<GateDocumentFeatures/>", None),
        ("a.txt", b"a <GateDocument> is XML", None),
    ],
)
def test_a_file_is_claimed_by_what_is_in_it(tmp_path: Path, name: str, data: bytes, format_: str | None) -> None:
    (tmp_path / name).write_bytes(data)
    (found,) = inspect([tmp_path / name])
    assert found.format == format_


@settings(max_examples=100)
@given(st.data())
def test_mutated_xml_is_accounted_for(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    junk = [b"<", b">", b'"', b"9", b"\xff", b"&#0;", b"</list>", b"reference='..'", b"]]>", b"<Node id='7'/>"]
    original = (SAMPLES / "testdoc1.xml").read_bytes()
    read_bytes(GATE, {"x.xml": mutated(data, original, junk, times=8)})
