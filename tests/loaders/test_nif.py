"""NIF 2: the made exports, what a string may say, and files that are broken."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link
from loaders.files import File, Files
from loaders.nif import NIF, NIF_READER

MADE = Path(__file__).resolve().parent.parent / "made" / "nif"
Read = Callable[..., tuple[list[Document], Diagnostics]]
PREFIXES = """@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix itsrdf: <http://www.w3.org/2005/11/its/rdf#> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix : <http://x.org/doc#> .
"""
CONTEXT = ':char=0,15 a nif:Context ; nif:isString "😀 Thai police. "@en ; dc:title "News" ; nif:sourceUrl <http://x.org/a> .\n'


def _string(start: int, end: int, more: str) -> str:
    return f":char={start},{end} nif:referenceContext :char=0,15 ; nif:beginIndex {start} ; nif:endIndex {end} ; {more} .\n"


def _read(read: Read, turtle: str) -> tuple[list[Document], Diagnostics]:
    escaped = turtle.replace("=", r"\=").replace(",", r"\,") if ":char" in turtle else turtle
    documents, diagnostics = read(NIF_READER, {"x.ttl": (PREFIXES + escaped).encode()})
    return documents, diagnostics


def test_the_made_exports_say_what_was_marked(read_files: Read, made: dict[str, Any]) -> None:
    for language, wanted in made.items():
        with Files([MADE / f"{language}.ttl"], Diagnostics()) as files:
            (file,) = files
            assert NIF_READER.claims(file, file.head()) == "the NIF core vocabulary"
        (document,), diagnostics = read_files(MADE / f"{language}.ttl")
        assert (document.id, document.text, document.language) == (
            f"http://example.org/{language}",
            wanted["text"],
            language,
        )
        marks = [(*m.fragments[0], *m.types, document.words(m)) for m in document.mentions]
        assert marks == [(m["start"], m["end"], m["label"], m["words"]) for m in wanted["mentions"]]
        assert not diagnostics.codes


def test_what_strings_say(read_bytes: Read) -> None:
    (document,), diagnostics = _read(
        read_bytes,
        CONTEXT
        + _string(2, 14, "a nif:Sentence")
        + _string(2, 6, 'a nif:Word ; nif:anchorOf "Thai"')
        + _string(
            7, 13, 'a nif:Word ; nif:anchorOf "police" ; itsrdf:taIdentRef <http://www.wikidata.org/entity/Q35535>'
        )
        + _string(
            2,
            13,
            'nif:anchorOf "Thai police" ; nif:annotationUnit [ itsrdf:taClassRef :Agency ; itsrdf:taConfidence 0.5 ; itsrdf:taAnnotatorsRef :anna ]',
        )
        + _string(3, 14, 'a nif:Phrase ; nif:anchorOf "Thai police"')
        + _string(4, 99, "a nif:Phrase")
        + ":p nif:referenceContext :char=0,15 ; a nif:Phrase .\n",
    )
    assert (document.text, document.metadata) == ("😀 Thai police. ", {"sourceUrl": "http://x.org/a", "title": "News"})
    assert (document.sentences, document.tokens) == (((2, 14),), ((2, 6),))
    agency, other, police = document.mentions
    assert (agency.types, agency.confidence, agency.annotator) == (("Agency",), 0.5, "http://x.org/doc#anna")
    assert agency.extra == {"classes": ["http://x.org/doc#Agency"]}
    assert (police.links, police.raw_offsets) == ((Link("wikidata", "Q35535"),), ((7, 13),))
    assert (other.repair, document.words(other)) == ("utf16", "Thai police")
    assert diagnostics.codes == {"offset.bad": 2, "offset.repaired": 1, "offset.unchecked": 1}


def test_strings_without_their_text(read_bytes: Read) -> None:
    documents, diagnostics = _read(read_bytes, _string(0, 4, "itsrdf:taIdentRef :x"))
    assert (documents, diagnostics.codes) == ([], {"text.missing": 1})


@pytest.mark.parametrize("data", [b"", b"@prefix", b"<a> <b> ", b"\xff\xfe", b"{}"])
def test_files_that_are_none(read_bytes: Read, data: bytes) -> None:
    documents, diagnostics = read_bytes(NIF_READER, {"x.ttl": data})
    assert (documents, set(diagnostics.codes) <= {"rdf.bad"}) == ([], True)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"@prefix a: <http://a/>\n@prefix b: <http://b/> .", "Bad syntax"),
        (b"@prefix n: <http://n/> .\n<a> a n:Offs", "cut off in the middle"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(read_bytes: Read, data: bytes, told: str) -> None:
    _, diagnostics = read_bytes(NIF_READER, {"x.ttl": data})
    assert [one.message.startswith(told) and "\n" not in one.message for one in diagnostics.kept] == [True]


@pytest.mark.parametrize(
    ("name", "head", "known"),
    [
        ("stdin", b"@prefix nif: <%s> .", True),
        ("stdin", b"\n<http://x/1#char=0,4> <%sisString> 'Thai' .", True),
        ("stdin", b"<?xml version='1.0'?><rdf:RDF xmlns:nif='%s'/>", False),
        ("page.html", b"@prefix nif: <%s> .", False),
    ],
)
def test_standard_input_is_known_by_how_it_begins(name: str, head: bytes, known: bool) -> None:
    data = head % NIF.encode()
    file = File(name, ".", name, len(data), lambda: io.BytesIO(data), {})
    assert (NIF_READER.claims(file, data) is not None) == known


def test_what_stands_before_a_slip_is_kept(read_bytes: Read) -> None:
    (document,), diagnostics = _read(read_bytes, CONTEXT + _string(2, 6, "a nif:Phrase") + "<a> nonsense")
    assert len(document.mentions) == 1
    assert [(one.code, one.place) for one in diagnostics.kept if one.action == "skipped"] == [("rdf.bad", "7")]


@settings(max_examples=100)
@given(st.data())
def test_mutated_files_are_accounted_for(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    junk = [b"<", b">", b"[", b"]", b'"', b"9", b"\xff", b"\\", b";", b" ."]
    changed = mutated(data, (MADE / "km.ttl").read_bytes(), junk, times=4, most=20)
    read_bytes(NIF_READER, {"x.ttl": changed})
