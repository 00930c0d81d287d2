"""UIMA CAS in both serializations: real files, the made ones, what may be missing in them, and broken files."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import inspect
from loaders.cas_json import CAS_JSON
from loaders.cas_xmi import CAS_XMI
from loaders.detect import detect
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link, document_from, to_fields
from loaders.files import File
from loaders.reading import Options, Reader

TESTS = Path(__file__).resolve().parent.parent
SAMPLES = TESTS / "samples" / "cas"
SUITE = TESTS / "samples" / "webanno-tsv" / "tsv3-suite"
PER = 'xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore"'
TOKENS = 'xmlns:t="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore"'
HEAD = (
    f'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" {PER} {TOKENS}'
    ' xmlns:c="http:///webanno/custom.ecore" xmi:version="2.0">\n'
)
SOFA = '<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="Ada met Bo."/>\n'
ADA = '<ner:NamedEntity xmi:id="5" sofa="1" begin="0" end="3" value="PER"/>\n'
BO = '<ner:NamedEntity xmi:id="6" sofa="1" begin="8" end="10" value="PER"/>\n'


def _file(data: bytes, name: str, **beside: bytes) -> File:
    siblings: dict[str, File] = {}
    for one, content in {name: data, **{key.replace("_", "."): value for key, value in beside.items()}}.items():
        siblings[one] = File(one, ".", one, len(content), lambda content=content: io.BytesIO(content), siblings)  # type: ignore[misc]
    return siblings[name]


def _all(reader: Reader, data: bytes, **beside: bytes) -> tuple[list[Document], Diagnostics]:
    diagnostics = Diagnostics()
    name = "a.xmi" if reader is CAS_XMI else "a.json"
    documents = list(reader.read(_file(data, name, **beside), Options(), diagnostics))
    kept = sum(len(list(document.annotations)) + len(document.notes) for document in documents)
    assert diagnostics.read == diagnostics.skipped + kept
    for document in documents:
        assert document_from(orjson.loads(orjson.dumps(to_fields(document)))) == document
        assert all(0 <= a <= b <= len(document.text) for one in document.mentions for a, b in one.fragments)
    return documents, diagnostics


def _xmi(*elements: str, sofa: str = SOFA, **beside: bytes) -> tuple[Document, Diagnostics]:
    data = f"{HEAD}{sofa}{''.join(elements)}</xmi:XMI>"
    (document,), diagnostics = _all(CAS_XMI, data.encode(), **beside)
    return document, diagnostics


def _json(*structures: dict[str, Any], **more: Any) -> tuple[Document, Diagnostics]:
    sofa = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": "Ada met Bo."}
    (document,), diagnostics = _all(CAS_JSON, orjson.dumps({"%FEATURE_STRUCTURES": [sofa, *structures], **more}))
    return document, diagnostics


def _span(id_: int, start: int, end: int, type_: str = "webanno.custom.Mention", **features: Any) -> dict[str, Any]:
    return {"%ID": id_, "%TYPE": type_, "@sofa": 1, "begin": start, "end": end, **features}


def _said(document: Document) -> list[tuple[tuple[str, ...], str]]:
    return [(one.types, document.words(one)) for one in document.mentions]


def test_annotations_need_no_type_system() -> None:
    document, diagnostics = _xmi(ADA, BO)
    assert _said(document) == [(("PER",), "Ada"), (("PER",), "Bo")]
    assert [(one.raw_id, one.place) for one in document.mentions] == [("5", "3"), ("6", "4")]
    assert not diagnostics.codes


def test_the_type_system_beside_says_which_features_a_layer_has() -> None:
    feature = "<featureDescription><name>{}</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>"
    types = (
        f"<typeDescription><name>webanno.custom.X</name>{feature.format('a')}{feature.format('b')}</typeDescription>"
    )
    one = '<c:X xmi:id="5" sofa="1" begin="0" end="3" a="y"/>'
    alone, _ = _xmi(one)
    assert _said(alone) == [(("y",), "Ada")]
    beside, _ = _xmi(one, TypeSystem_xml=types.encode() + b"<typeDescription><name>cut")
    assert _said(beside) == [(("X",), "Ada")]
    assert beside.mentions[0].attributes == {"a": ("y",)}


def test_text_with_certain_values_only_is_a_label_like_other_text() -> None:
    """Types below uima.cas.String, in which a project lists the values that a feature may have."""
    types = (
        "<typeDescription><name>my.Kind</name><supertypeName>uima.cas.String</supertypeName></typeDescription>"
        "<typeDescription><name>webanno.custom.Mention</name><features><featureDescription><name>kind</name>"
        "<rangeTypeName>my.Kind</rangeTypeName></featureDescription></features></typeDescription>"
    )
    span = '<c:Mention xmi:id="5" sofa="1" begin="0" end="3" kind="Person"/>'
    document, _ = _xmi(span, TypeSystem_xml=types.encode())
    assert _said(document) == [(("Person",), "Ada")]
    declared = {
        "my.Kind": {"%NAME": "my.Kind", "%SUPER_TYPE": "uima.cas.String"},
        "webanno.custom.Mention": {"%NAME": "webanno.custom.Mention", "kind": {"%NAME": "kind", "%RANGE": "my.Kind"}},
    }
    document, _ = _json(_span(2, 0, 3, kind="Person"), **{"%TYPES": declared})
    assert _said(document) == [(("Person",), "Ada")]


def test_relations_go_from_governor_to_dependent_and_lose_nothing_but_themselves() -> None:
    good = '<c:Rel xmi:id="7" sofa="1" begin="8" end="10" Governor="5" Dependent="6" label="met" x="1"/>'
    ends = ['Governor="5"', 'Dependent="6"', 'Governor="5" Dependent="99"', ""]
    bad = [f'<c:Rel xmi:id="{8 + n}" sofa="1" begin="8" end="10" {end}/>' for n, end in enumerate(ends)]
    document, diagnostics = _xmi(ADA, BO, good, *bad)
    (relation,) = document.relations
    assert (relation.type, relation.args) == ("met", (("Governor", "5"), ("Dependent", "6")))
    assert relation.attributes == {"x": ("1",)}
    assert (diagnostics.codes, diagnostics.skipped) == ({"ref.dangling": 4}, 4)


def test_a_relation_of_tokens_ends_at_their_parts_of_speech_or_at_tokens() -> None:
    space = 'xmlns:p="http:///de/tudarmstadt/ukp/dkpro/core/api/lexmorph/type/pos.ecore"'
    document, diagnostics = _xmi(
        f'<p:POS_PROPN {space} xmi:id="4" sofa="1" begin="0" end="3" PosValue="NNP"/>',
        '<t:Token xmi:id="2" sofa="1" begin="0" end="3" pos="4"/><t:Token xmi:id="3" sofa="1" begin="8" end="10"/>',
        '<c:Rel xmi:id="7" sofa="1" begin="8" end="10" Governor="2" Dependent="3"/>',
    )
    assert _said(document) == [(("NNP",), "Ada"), (("Token",), "Bo")]
    assert document.relations[0].args == (("Governor", "4"), ("Dependent", "3"))
    assert document.tokens == ((0, 3), (8, 10))
    assert not diagnostics.codes


def test_slots_are_told_from_numbers() -> None:
    document, diagnostics = _xmi(
        ADA,
        BO,
        '<c:Link xmi:id="1001" role="who" target="5"/><c:Link xmi:id="1002" target="6"/><c:Link xmi:id="1003" role="x"/>',
        '<c:Meet xmi:id="7" sofa="1" begin="4" end="7" value="talk" count="1001" links="1001 1002 1003"/>',
        '<c:Meet xmi:id="8" sofa="1" begin="4" end="7" count="12"/>',
    )
    assert [(one.type, one.trigger, one.args) for one in document.events] == [
        ("talk", "7", (("who", "5"), ("links", "6")))
    ]
    assert [one.attributes for one in document.mentions][2:] == [{"count": ("1001",)}, {"count": ("12",)}]
    assert diagnostics.codes == {"ref.dangling": 1}


def test_several_values_stand_in_elements_or_in_an_array() -> None:
    document, _ = _xmi(
        '<c:X xmi:id="5" sofa="1" begin="0" end="3" value="a"><tags>one</tags><tags>two</tags></c:X>',
        '<cas:StringArray xmi:id="90"><elements>p</elements><elements>q</elements></cas:StringArray>',
        '<c:Y xmi:id="6" sofa="1" begin="0" end="3" kind="k" tags="90"/>',
    )
    assert [one.attributes for one in document.mentions] == [{"tags": ("one", "two")}, {"tags": ("p", "q")}]


def test_chains_are_clusters_and_go_in_no_circle() -> None:
    document, diagnostics = _xmi(
        '<c:CorefLink xmi:id="5" sofa="1" begin="0" end="3" next="6" referenceType="nam" referenceRelation="same"/>',
        '<c:CorefLink xmi:id="6" sofa="1" begin="8" end="10" next="5"/>',
        '<c:CorefChain xmi:id="7" sofa="1" first="5"/><c:CorefChain xmi:id="8" sofa="1" first="77"/>',
    )
    assert [(one.type, one.layer, one.members) for one in document.clusters] == [
        ("Coref", "webanno.custom.Coref", ("5", "6"))
    ]
    assert _said(document) == [(("nam",), "Ada"), (("Coref",), "Bo")]
    assert diagnostics.codes == {"ref.cycle": 1, "ref.dangling": 1}


def test_only_members_of_a_view_are_annotations_and_members_may_be_missing() -> None:
    document, diagnostics = _xmi(ADA, BO, '<cas:View sofa="1" members="5 77 78"/>')
    assert _said(document) == [(("PER",), "Ada")]
    assert document.extra["left_out"] == {"not in the view": 1}
    assert diagnostics.codes == {"ref.dangling": 1, "annotation.unlisted": 1}
    assert diagnostics.kept[0].message.endswith(": 1 NamedEntity")
    assert not diagnostics.skipped


def test_each_view_with_a_text_is_a_document() -> None:
    more = (
        '<cas:Sofa xmi:id="2" sofaNum="2" sofaID="th" sofaString="ไทย"/><cas:Sofa xmi:id="3" sofaID="pdf" sofaURI="x"/>'
    )
    theirs = '<c:X xmi:id="8" sofa="2" begin="0" end="3"/><c:X xmi:id="9" sofa="3" begin="0" end="3"/>'
    data = f"{HEAD}{more}{SOFA}{ADA}{theirs}</xmi:XMI>"
    documents, diagnostics = _all(CAS_XMI, data.encode())
    assert [(one.id, _said(one)) for one in documents] == [("a", [(("PER",), "Ada")]), ("a#th", [(("X",), "ไทย")])]
    assert diagnostics.codes == {"text.missing": 1}


def test_annotations_of_the_whole_document_metadata_and_language() -> None:
    space = 'xmlns:m="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"'
    who = 'xmlns:w="http:///de/tudarmstadt/ukp/clarin/webanno/api/type.ecore"'
    document, _ = _xmi(
        f'<m:DocumentMetaData {space} xmi:id="2" sofa="1" begin="0" end="11" language="th" documentTitle="News"/>',
        f'<w:CASMetadata {who} xmi:id="3" sofa="1" begin="0" end="0" username="anna" sourceDocumentName="n.txt"/>',
        f'<m:TagsetDescription {space} xmi:id="4" sofa="1" begin="0" end="0" name="x"/>',
        '<c:Topic xmi:id="5" sofa="1" value="crime"/>',
    )
    assert (document.id, document.language, document.metadata["documentTitle"]) == ("n.txt", "th", "News")
    assert [one.id for one in document.annotators] == ["anna"]
    assert "username" not in document.metadata
    (topic,) = document.mentions
    assert (topic.types, topic.fragments, topic.annotator) == (("crime",), (), "anna")
    assert document.extra["left_out"] == {"TagsetDescription": 1}


def test_xml_1_1_control_characters_and_halves_of_pairs_keep_the_offsets() -> None:
    sofa = '<cas:Sofa xmi:id="1" sofaID="_InitialView" sofaString="&#55357;&#56842;&#1;&#13;&#10;Ada"/>'
    ada = '<c:X xmi:id="5" sofa="1" begin="5" end="8"/>'
    data = f'<?xml version="1.1" encoding="UTF-8"?>{HEAD}{sofa}{ada}</xmi:XMI>'
    (document,), diagnostics = _all(CAS_XMI, data.encode())
    assert document.text == "😊 \r\nAda"
    assert _said(document) == [(("X",), "Ada")]
    assert diagnostics.codes["xml.illegal-char"] == 1


def test_white_space_that_annotators_marked_does_not_speak_against_utf16() -> None:
    sofa = '<cas:Sofa xmi:id="1" sofaID="_InitialView" sofaString="🤝 in AZ today, the GOP"/>'
    document, diagnostics = _xmi(
        '<c:X xmi:id="5" sofa="1" begin="6" end="9"/><c:X xmi:id="6" sofa="1" begin="15" end="23"/>', sofa=sofa
    )
    assert [document.words(one) for one in document.mentions] == ["AZ ", " the GOP"]
    assert (document.unit, diagnostics.codes["offset.repaired"]) == ("utf16", 0)


def test_offsets_that_count_code_points_are_found_out() -> None:
    sofa = '<cas:Sofa xmi:id="1" sofaID="_InitialView" sofaString="😊 Ada met Bo"/>'
    document, diagnostics = _xmi(
        '<c:X xmi:id="5" sofa="1" begin="2" end="5"/><c:X xmi:id="6" sofa="1" begin="10" end="12"/>', sofa=sofa
    )
    assert [document.words(one) for one in document.mentions] == ["Ada", "Bo"]
    assert document.unit == "codepoint"
    assert diagnostics.codes["offset.repaired"] == 1


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ('<c:X xmi:id="9" sofa="1" begin="0" end="99"/>', "offset.bad"),
        ('<c:X xmi:id="9" sofa="1" begin="5" end="2"/>', "offset.bad"),
        ('<c:X xmi:id="9" sofa="1" begin="-1" end="2"/>', "offset.bad"),
        ('<c:X xmi:id="9" sofa="1" begin="x" end="2"/>', "offset.bad"),
        ('<c:X xmi:id="9" sofa="1" begin="1"/>', "offset.bad"),
    ],
)
def test_a_bad_annotation_costs_itself(element: str, code: str) -> None:
    document, diagnostics = _xmi(ADA, element)
    assert _said(document) == [(("PER",), "Ada")]
    assert (diagnostics.codes, diagnostics.skipped) == ({code: 1}, 1)
    assert "a.xmi:4: " in str(diagnostics.kept[0]) or diagnostics.kept[0].place == "4"


def test_a_file_that_is_cut_off_gives_what_stands_before() -> None:
    (document,), diagnostics = _all(CAS_XMI, f"{HEAD}{SOFA}{ADA}<ner:Named".encode())
    assert _said(document) == [(("PER",), "Ada")]
    assert diagnostics.codes == {"xml.bad": 1}
    assert _all(CAS_XMI, b"no xml")[0] == []
    nothing, told = _all(CAS_XMI, f"{HEAD}{ADA}</xmi:XMI>".encode())
    assert not nothing[0].mentions
    assert told.codes["text.missing"] == 2


def test_json_references_arrays_and_anchors() -> None:
    document, diagnostics = _json(
        _span(5, 0, 3, kind="Official", entity="ada"),
        {"%ID": 6, "%TYPE": "webanno.custom.Mention", "@sofa": 1, "^begin": 8, "^end": 10, "@tags": 20},
        {"%ID": 20, "%TYPE": "uima.cas.StringArray", "%ELEMENTS": ["p", None, "q"]},
        {"%ID": 21, "%TYPE": "webanno.custom.L", "role": "who", "@target": 5},
        {"%ID": 22, "%TYPE": "webanno.custom.L[]", "%ELEMENTS": [21, 23]},
        {"%ID": 23, "%TYPE": "webanno.custom.L", "@target": 0},
        _span(7, 4, 7, "webanno.custom.Claim", relation="meets", count=21, sure=True, **{"@arguments": 22}),
        _span(9, 8, 10, "webanno.custom.Claim", **{"@arguments": None}),
        _span(8, 8, 10, "webanno.custom.Relation", relation="signed", **{"@Governor": 5, "@Dependent": 6}),
    )
    assert _said(document) == [(("Official",), "Ada"), (("Mention",), "Bo"), (("meets",), "met"), (("Claim",), "Bo")]
    assert [one.attributes for one in document.mentions] == [
        {"entity": ("ada",)},
        {"tags": ("p", "q")},
        {"count": (21,), "sure": (True,)},
        {},
    ]
    assert document.events[0].args == (("who", "5"),)
    assert (document.relations[0].type, document.relations[0].args) == (
        "signed",
        (("Governor", "5"), ("Dependent", "6")),
    )
    assert diagnostics.codes == {"ref.dangling": 1}
    assert document.mentions[0].place == "/%FEATURE_STRUCTURES/1"


def test_json_structures_may_be_an_object_and_types_say_what_a_layer_has() -> None:
    string = {"%RANGE": "uima.cas.String"}
    types = {"webanno.custom.X": {"%NAME": "webanno.custom.X", "a": string, "b": string}}
    structures = {
        "1": {"%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": "Ada"},
        "2": {
            "%TYPE": "webanno.custom.X",
            "@sofa": 1,
            "begin": 0,
            "end": 3,
            "a": "y",
            "identifier": "http://www.wikidata.org/entity/Q7259",
        },
    }
    data = orjson.dumps({"%TYPES": types, "%FEATURE_STRUCTURES": structures})
    (document,), _ = _all(CAS_JSON, data)
    assert document.mentions[0].types == ("X",)
    assert document.mentions[0].attributes == {"a": ("y",)}
    assert document.mentions[0].links == (Link("wikidata", "Q7259"),)
    assert document.mentions[0].place == "/%FEATURE_STRUCTURES/2"


@pytest.mark.parametrize(
    "value", [None, 1, "x", [], {}, [None, 1, "x", {}, {"%TYPE": 3}, {"%ID": {}, "%TYPE": "T"}], {"1": 2}]
)
def test_json_of_another_shape_costs_what_is_wrong(value: Any) -> None:
    _all(CAS_JSON, orjson.dumps(value))
    for key in ("%TYPES", "%FEATURE_STRUCTURES", "%VIEWS"):
        _all(CAS_JSON, orjson.dumps({key: value}))
        _all(CAS_JSON, orjson.dumps({key: {"a": value, "b": [value]}}))
    for feature in (
        "begin",
        "end",
        "@sofa",
        "sofaString",
        "kind",
        "@Governor",
        "@first",
        "@next",
        "@links",
        "%ELEMENTS",
        "%ID",
    ):
        for type_ in ("webanno.custom.X", "uima.cas.Sofa", "x.Chain"):
            structure = {"%ID": 2, "%TYPE": type_, "@sofa": 1, "begin": 0, "end": 1, feature: value}
            sofa = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": "Ada"}
            _all(CAS_JSON, orjson.dumps({"%FEATURE_STRUCTURES": [sofa, structure]}))


def test_both_serializations_of_a_file_say_the_same() -> None:
    (table,), _ = _all(CAS_JSON, (SAMPLES / "tsv3-testSimpleSlotFeature.json").read_bytes())
    (xmi,), _ = _all(CAS_XMI, (SAMPLES / "tsv3-testSimpleSlotFeature.xmi").read_bytes())
    for document in (table, xmi):
        words = {one.id: document.words(one) for one in document.mentions}
        assert Counter(words.values()) == Counter(["This", "is", "a"])
        (event,) = document.events
        assert [(role, words[id_]) for role, id_ in event.args] == [("p1", "is"), ("p2", "a")]
    assert (table.tokens, table.sentences) == (xmi.tokens, xmi.sentences)


@pytest.mark.parametrize(("reader", "suffix"), [(CAS_XMI, "xmi"), (CAS_JSON, "json")])
def test_the_made_files_say_what_was_marked(made: dict[str, Any], reader: Reader, suffix: str) -> None:
    for name, wanted in made.items():
        (document,), _ = _all(reader, (TESTS / "made" / reader.format / f"{name}.{suffix}").read_bytes())
        assert (document.text, document.language) == (wanted["text"], wanted["language"])
        found = [(one.fragments, one.types[0], document.words(one)) for one in document.mentions]
        assert found == [(((m["start"], m["end"]),), m["label"], m["words"]) for m in wanted["mentions"]]
        ids = [one.id for one in document.mentions]
        relations = [(one.type, [ids.index(id_) for _, id_ in one.args]) for one in document.relations]
        assert relations == [(one["label"], [one["from"], one["to"]]) for one in wanted["relations"]]


def test_real_exports_have_the_counts_of_their_sources(samples: Path) -> None:
    (smileys,) = inspect([SAMPLES / "cas_with_smileys.xmi"])
    assert smileys.labels == {"OTH": 5}
    (document,), _ = _all(CAS_XMI, (SAMPLES / "cas_with_smileys.xmi").read_bytes())
    assert Counter(map(document.words, document.mentions)) == {"Transformers": 3, "PyTorch": 1, "TensorFlow": 1}
    (missive,) = inspect([samples / "cas-xmi" / "missive_1_49_notes.xmi"])
    assert (missive.counts["mentions"], missive.counts["skipped"]) == (124, 0)
    (letter,), _ = _all(CAS_XMI, (samples / "cas-xmi" / "missive_1_49_notes.xmi").read_bytes())
    assert _said(letter)[:3] == [(("LOCderiv",), "Maleis"), (("LOC",), "Atjeh"), (("PER",), "De Montmorency")]
    json = {
        one.path.rpartition("/")[2]: one.counts["mentions"] for one in inspect([samples / "cas-json"]) if one.format
    }
    assert sorted(json.values()) == [3, 3, 4, 4, 4, 9]


def test_cassis_finds_the_same_annotations() -> None:
    cassis = pytest.importorskip("cassis")
    for path in sorted(SAMPLES.glob("*.json")):
        (document,), _ = _all(CAS_JSON, path.read_bytes())
        cas = cassis.load_cas_from_json(io.BytesIO(path.read_bytes()))
        layers = {one.layer for one in document.mentions}
        theirs = Counter(
            (one.type.name, one.begin, one.end) for one in cas.select_all_annotations() if one.type.name in layers
        )
        assert theirs == Counter((one.layer, *one.fragments[0]) for one in document.mentions)


def test_detection_names_the_formats() -> None:
    for path, reader in [
        (SAMPLES / "cas_with_smileys.xmi", CAS_XMI),
        *((one, CAS_JSON) for one in SAMPLES.glob("*.json")),
    ]:
        found = detect(_file(path.read_bytes(), path.name), Diagnostics())
        assert found
        assert found.reader is reader
    assert CAS_XMI.companion(_file(b"", "TypeSystem.xml"))


SEEDS = [
    *((CAS_JSON, path.read_bytes()) for path in sorted(SAMPLES.glob("*.json"))),
    *((CAS_XMI, path.read_bytes()) for path in sorted(SUITE.glob("*/reference.xmi"))),
    (
        CAS_XMI,
        (SAMPLES / "cas_with_smileys.xmi")
        .read_bytes()[-3500:]
        .replace(b"tion answering", HEAD.encode() + b'<cas:Sofa xmi:id="1" sofaString="', 1),
    ),
]


@settings(max_examples=150)
@given(st.sampled_from(SEEDS), st.data())
def test_no_damage_is_too_much(seed: tuple[Reader, bytes], data: st.DataObject) -> None:
    reader, content = seed
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 60))
        other = data.draw(st.integers(0, len(content)))
        change = data.draw(st.sampled_from(["delete", "insert", "double", "digit", "swap"]))
        piece = content[at : at + length]
        if change == "delete":
            content = content[:at] + content[at + length :]
        elif change == "insert":
            content = content[:at] + data.draw(st.binary(max_size=20)) + content[at:]
        elif change == "double":
            content = content[:other] + piece + content[other:]
        elif change == "digit":
            content = content[:at] + content[at:].replace(
                b"1", data.draw(st.sampled_from([b"2", b"-1", b"999", b"null", b"5"])), 3
            )
        else:
            content = content[:at] + content[at + length :][:length] + piece + content[at + 2 * length :]
    _all(reader, content)
