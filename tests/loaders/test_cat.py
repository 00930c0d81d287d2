"""CAT XML: a real sample, the made exports, what markables and relations say, and files that are broken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import inspect
from loaders.cat import CAT
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link
from loaders.files import Files
from loaders.reading import Options

TESTS = Path(__file__).resolve().parent.parent
SAMPLE = TESTS / "samples" / "cat" / "23_1ecbplus.xml.xml"
Read = Callable[..., tuple[list[Document], Diagnostics]]


def _xml(words: str | list[str], markables: str = "", relations: str = "", root: str = "") -> bytes:
    listed = words.split() if isinstance(words, str) else words
    tokens = "".join(
        f'<token t_id="{n}" sentence="0" number="{n - 1}">{escape(word)}</token>\n' for n, word in enumerate(listed, 1)
    )
    found = f"<Document {root}>\n{tokens}<Markables>\n{markables}</Markables><Relations>\n{relations}</Relations></Document>"
    return found.encode()


def _mark(label: str, id_: int, *tokens: int, more: str = "") -> str:
    return f'<{label} m_id="{id_}" {more}>' + "".join(f'<token_anchor t_id="{t}"/>' for t in tokens) + f"</{label}>\n"


def _read(read: Read, data: bytes, options: Options | None = None) -> tuple[list[Document], Diagnostics]:
    found: tuple[list[Document], Diagnostics] = read(CAT, {"x.xml": data}, options)
    return found


@pytest.mark.parametrize(
    ("name", "tokens", "anchored", "instances", "relations"),
    [("3_5ecbplus.xml.xml", 175, 39, 20, 36), ("23_1ecbplus.xml.xml", 143, 17, 7, 16)],
)
def test_the_counts_of_the_collection(
    samples: Path, read_files: Read, name: str, tokens: int, anchored: int, instances: int, relations: int
) -> None:
    (document,), diagnostics = read_files(samples / "cat-xml" / name)
    assert len(document.tokens) == tokens
    assert Counter(bool(mention.fragments) for mention in document.mentions) == {True: anchored, False: instances}
    assert len(document.relations) == relations
    assert diagnostics.codes == {"text.rebuilt": 1}


def test_a_real_file(read_files: Read) -> None:
    (document,), _ = read_files(SAMPLE)
    assert (document.id, document.format, document.text_origin) == ("23_1ecbplus.xml", "cat", "rebuilt")
    assert document.text.split("\n")[1] == "Climber dead after Aoraki Mount Cook fall"
    assert len(document.sentences) == len(document.text.split("\n")) == 8
    data = SAMPLE.read_text(encoding="utf-8")
    words = dict(re.findall(r'<token t_id="(\d+)"[^>]*>([^<]*)</token>', data))
    for tag, id_, inner in re.findall(r'<(\w+) m_id="(\d+)"[^/>]*>\s*((?:<token_anchor[^>]*>\s*)+)', data):
        mention = next(one for one in document.mentions if one.raw_id == id_)
        assert mention.types == (tag,)
        assert document.words(mention) == " ".join(words[t] for t in re.findall(r't_id="(\d+)"', inner))
    instance = next(one for one in document.mentions if one.raw_id == "24")
    assert (instance.types, instance.fragments) == (("LOC_GEO",), ())
    assert instance.attributes == {"TAG_DESCRIPTOR": ("t23_cook",)}
    relation = document.relations[0]
    assert (relation.type, relation.raw_id) == ("TLINK", "244754")
    assert (relation.args, relation.attributes) == ((("source", "17"), ("target", "7")), {"relType": ("AFTER",)})
    assert relation.place == "228"


def test_the_made_exports_say_what_was_marked(read_files: Read, made: dict[str, Any]) -> None:
    for language, wanted in made.items():
        path = TESTS / "made" / "cat" / f"{language}.xml"
        with Files([path], Diagnostics()) as files:
            (file,) = files
            assert CAT.claims(file, file.head()) == "a Document of tokens with t_id"
        (document,), _ = read_files(path)
        assert (document.text, document.language) == (wanted["text"].rstrip("\n"), language)
        marks = [(*m.fragments[0], *m.types, document.words(m)) for m in document.mentions]
        assert marks == [(m["start"], m["end"], m["label"], m["words"]) for m in wanted["mentions"]]
        ties = [(one.type, *(int(target) - 1 for _, target in one.args)) for one in document.relations]
        assert ties == [(one["label"], one["from"], one["to"]) for one in wanted["relations"]]


def test_tokens_apart_are_fragments_and_those_in_a_row_one(read_bytes: Read) -> None:
    (document,), _ = _read(read_bytes, _xml("They will have met 😀 again", _mark("EVENT", 1, 4, 2, 3, 3, 6)))
    (mention,) = document.mentions
    assert [document.text[start:end] for start, end in mention.fragments] == ["will have met", "again"]


def test_the_joiner_is_an_option(read_bytes: Read) -> None:
    data = _xml(["ไทย", "และ", "ลาว"], _mark("C", 1, 3))
    for joiner, text in ((None, "ไทยและลาว"), (" ", "ไทย และ ลาว"), ("-", "ไทย-และ-ลาว")):
        (document,), _ = _read(read_bytes, data, Options(joiner=joiner))
        assert (document.text, document.words(document.mentions[0])) == (text, "ลาว")


def test_relations_of_several_sources(read_bytes: Read) -> None:
    marks = (
        _mark("PER", 1, 1)
        + _mark("PER", 2, 3)
        + _mark("PER", 3, more='TAG_DESCRIPTOR="t1" RELATED_TO="" external_ref="http://dbpedia.org/resource/Anna"')
    )
    tie = (
        '<CROSS_DOC_COREF r_id="9" note="HUM1"><source m_id="1"/><source m_id="2"/><target m_id="3"/></CROSS_DOC_COREF>'
    )
    (document,), diagnostics = _read(
        read_bytes, _xml("Anna and she", marks, tie, 'doc_name="a" lang="en" url="http://x"')
    )
    (relation,) = document.relations
    assert relation.args == (("source", "1"), ("source", "2"), ("target", "3"))
    assert (relation.type, relation.attributes) == ("CROSS_DOC_COREF", {"note": ("HUM1",)})
    instance = document.mentions[2]
    assert (instance.links, instance.attributes) == ((Link("dbpedia", "Anna"),), {"TAG_DESCRIPTOR": ("t1",)})
    assert (document.id, document.language, document.metadata) == ("a", "en", {"lang": "en", "url": "http://x"})
    assert set(diagnostics.codes) == {"text.rebuilt"}


def test_what_is_not_there_costs_what_refers_to_it(read_bytes: Read) -> None:
    ties = (
        '<T r_id="1"><source m_id="1"/><target m_id="2"/></T>\n'
        '<T r_id="2"><source m_id="1"/><target m_id="7"/></T>\n'
        '<T r_id="3"><target m_id="1"/></T>\n'
        '<T r_id="4"><source m_id="1"/><target m_id="1"/></T>\n'
    )
    (document,), diagnostics = _read(read_bytes, _xml("a b", _mark("X", 1, 1) + _mark("X", 2, 9), ties))
    assert [one.raw_id for one in document.mentions] == ["1"]
    assert [one.raw_id for one in document.relations] == ["4"]
    assert (diagnostics.read, diagnostics.skipped) == (6, 4)
    lost = [(one.code, one.place) for one in diagnostics.kept if one.action == "skipped"]
    assert lost == [("ref.dangling", line) for line in ("6", "10", "8", "9")]


def test_ids_that_stand_twice(read_bytes: Read) -> None:
    data = _xml("a b", _mark("X", 1, 1) + _mark("Y", 1, 2)).replace(b't_id="2" s', b't_id="1" s', 1)
    (document,), diagnostics = _read(read_bytes, data.replace(b'anchor t_id="2"', b'anchor t_id="1"'))
    assert [(one.id, document.words(one)) for one in document.mentions] == [("1", "a"), ("1~2", "a")]
    assert diagnostics.codes == {"text.rebuilt": 1, "id.duplicate": 2}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xml.bad"),
        (b"<Document>", "xml.bad"),
        (b"<Document/>", "file.bad"),
        (b"<html><body/></html>", "file.bad"),
        (b"\xff\xfe<", "xml.bad"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><Document><token t_id="1">&a;</token></Document>', "xml.entity"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><Document><Markables/></Document>', "file.bad"),
        (b"<Document>" + b"<a>" * 100_000, "xml.bad"),
    ],
)
def test_files_that_are_none(read_bytes: Read, data: bytes, code: str) -> None:
    documents, diagnostics = _read(read_bytes, data)
    assert documents == []
    assert code in diagnostics.codes


def test_a_file_that_is_cut_off_gives_what_stands_before(read_bytes: Read) -> None:
    data = SAMPLE.read_bytes()
    (document,), diagnostics = _read(read_bytes, data[: data.index(b'<target m_id="3"/>')])
    assert (len(document.mentions), len(document.relations)) == (24, 1)
    assert (diagnostics.skipped, diagnostics.codes["xml.bad"]) == (2, 1)  # the rest, and the relation that is cut


def test_other_documents_are_not_claimed(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<Document><Sections/></Document>")
    (tmp_path / "b.xml").write_text("<x><Document/></x>")
    (tmp_path / "c.xml").write_text('<Document doc_name="c"><token sentence="0"\n t_id="1">c</token></Document>')
    assert [found.format for found in inspect([tmp_path])] == [None, None, "cat"]


@settings(max_examples=100)
@given(st.data())
def test_mutated_files_are_accounted_for(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    junk = [b"<", b">", b'"', b"9", b"\xff", b"&#0;", b"<token_anchor t_id='1'/>", b"</Markables>", b"m_id"]
    original = SAMPLE.read_bytes()
    start = data.draw(st.sampled_from([0, original.index(b"<Markables>"), original.index(b"<Relations>")]))
    changed = original[:start] + mutated(data, original[start:], junk, times=8, most=60)
    _read(read_bytes, changed)
