"""tagtog: a real document, the made exports, folders of an export, what an ann.json may say, and files that are broken."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link
from loaders.files import Files
from loaders.reading import Options
from loaders.tagtog import TAGTOG
from loaders.tagtog_text import page_of

TESTS = Path(__file__).resolve().parent.parent
SAMPLE = TESTS / "samples" / "tagtog"
MADE = TESTS / "made" / "tagtog"
PAGE = """<!DOCTYPE html><html id="x" data-origid="news.txt" lang="th">
<head><meta name="dcterms.source" content="http://n.org/1"/><title>x</title></head>
<body><article><section><h2 id="s1h1">😀 ข่าว &lt;ไทย&gt;</h2><div class="content">
  <p id="s1p1">ไทย <b>and</b> កម្ពុជា 👨‍👩‍👧 سريلانكا</p><p id="s1p2"></p></div></section></article></body></html>"""
Read = Callable[..., tuple[list[Document], Diagnostics]]


def _confidence(who: str = "user:anna", state: str = "", prob: object = 1) -> dict[str, Any]:
    return {"state": state, "who": [who], "prob": prob}


def _entity(part: str, start: object, text: object, **more: Any) -> dict[str, Any]:
    one = {"classId": "e_1", "part": part, "offsets": [{"start": start, "text": text}], "confidence": _confidence()}
    return {**one, "fields": {}, "normalizations": {}, **more}


def _relation(*ends: object, **more: Any) -> dict[str, Any]:
    return {"classId": "r_2", "type": "linked", "directed": True, "entities": [*ends], **more}


def _read(
    read: Read, entities: object, relations: object = (), page: str = PAGE, **more: Any
) -> tuple[Document, Diagnostics]:
    options = more.pop("options", None)
    value = {"annotatable": {"parts": ["s1h1", "s1p1"]}, "entities": entities, "relations": relations, **more}
    files = {
        "x.ann.json": json.dumps(value).encode(),
        "x.plain.html": page.encode(),
        "annotations-legend.json": b'{"e_1": "Country", "r_2": "borders", "f_3": "role", "m_4": "desk", "r_5": "k3(e_1|e_9)"}',
    }
    (document,), diagnostics = read(TAGTOG, files, options)
    return document, diagnostics


def test_the_real_sample(read_files: Read) -> None:
    (document,), diagnostics = read_files(SAMPLE / "20932478.ann.json")
    assert not diagnostics.codes
    assert (len(document.mentions), len(document.relations)) == (10, 5)
    assert all(document.words(mention) == mention.surface for mention in document.mentions)
    assert Counter(mention.types for mention in document.mentions) == {("e_1",): 8, ("e_3",): 2}
    assert document.text.startswith("A WD-repeat protein stabilizes ORC binding to chromatin.\nAbstract\nOrigin recogn")
    relation = document.relations[4]
    words = {mention.id: document.words(mention) for mention in document.mentions}
    assert [(role, words[target]) for role, target in relation.args] == [("Arg1", "ORCA"), ("Arg2", "human")]
    assert (relation.type, relation.layer, relation.directed, relation.annotator) == (
        "r_6",
        "linked",
        False,
        "goldberg",
    )
    assert document.mentions[0].links == (Link("UniProtKB", "Q9UFC0", score=1.0),)
    assert document.metadata["url"] == "http://www.ncbi.nlm.nih.gov/pubmed/20932478"
    assert (document.metadata["source.PMID"], document.metadata["anncomplete"]) == ("20932478", True)


def test_the_made_exports_say_what_was_marked(read_files: Read, made: dict[str, Any]) -> None:
    found, diagnostics = read_files(MADE)
    assert not diagnostics.codes
    for document in found:
        wanted = made[document.id]
        assert (document.text, document.language) == (wanted["text"].rstrip("\n"), document.id)
        marks = [(*m.fragments[0], *m.types, document.words(m)) for m in document.mentions]
        assert marks == [(m["start"], m["end"], m["label"], m["words"]) for m in wanted["mentions"]]
        numbers = {mention.id: number for number, mention in enumerate(document.mentions)}
        ties = [(r.type, *(numbers[target] for _, target in r.args)) for r in document.relations]
        assert ties == [(r["label"], r["from"], r["to"]) for r in wanted["relations"]]
        assert (document.metadata["desk"], {m.annotator for m in document.mentions}) == ("press", {"anna"})


def test_what_entities_say(read_bytes: Read) -> None:
    normalized = {
        "n_1": {"source": {"name": "Wikipedia", "id": "Thailand", "url": "https://en.wikipedia.org/wiki/Thailand"}},
        "n_2": {"source": {"name": "ISO", "id": "TH", "url": None}, "recName": "Thailand", "confidence": {"prob": 0.5}},
        "n_3": {"source": {"name": "ISO", "id": None, "url": None}},
        "n_4": None,
    }
    entities = [
        _entity(
            "s1h1", 9, "ไทย", normalizations=normalized, fields={"f_3": {"value": "agent"}, "f_9": {"value": True}}
        ),
        _entity("s1p1", 8, "កម្ពុជា", confidence=_confidence("user:bo", prob=0.25)),
        _entity("s1p1", 0, "", offsets=[{"start": 0, "text": "ไทย"}, {"start": 8, "text": "កម្ពុជា"}]),
        _entity("s1p1", 25, "سريلانكا", confidence={"who": ["user:bo", "ml:m1"], "state": None}),
    ]
    relations = [
        _relation("s1h1|9,12", "s1p1|8,15", connectingWords=[{"start": 4, "text": "and"}]),
        _relation("s1p1|25,33", "s1p1|0,15", classId="r_5", directed=False, type=None),
    ]
    document, diagnostics = _read(read_bytes, entities, relations, metas={"m_4": {"value": "politics"}, "m_5": {}})
    assert not diagnostics.codes
    assert document.text == "😀 ข่าว <ไทย>\nไทย and កម្ពុជា 👨‍👩‍👧 سريلانكا\n"
    thai, khmer, both, lanka = document.mentions
    assert [document.words(one) for one in document.mentions] == ["ไทย", "កម្ពុជា", "ไทย កម្ពុជា", "سريلانكا"]
    assert (thai.fragments, thai.raw_offsets, thai.place) == (((8, 11),), ((9, 12),), "/entities/0")
    assert thai.links == (Link("wikipedia", "en:Thailand"), Link("ISO", "TH", "Thailand", 0.5))
    assert thai.attributes == {"role": ("agent",), "f_9": (True,)}
    assert (khmer.confidence, khmer.annotator, len(both.fragments)) == (0.25, "bo", 2)
    assert (lanka.annotator, lanka.extra) == ("bo", {"part": "s1p1", "who": ["bo", "ml:m1"]})
    first, second = document.relations
    assert (first.type, [target for _, target in first.args]) == ("borders", [thai.id, khmer.id])
    assert first.extra == {"connectingWords": [{"start": 4, "text": "and"}]}
    assert (second.type, second.directed) == ("Country|e_9", False)
    assert [target for _, target in second.args] == [lanka.id, both.id]
    assert document.metadata == {"url": "http://n.org/1", "origid": "news.txt", "desk": "politics"}


@pytest.mark.parametrize(
    ("unit", "start", "repair"), [("utf16", 3, None), ("codepoint", 2, None), (None, 2, "codepoint")]
)
def test_offsets_that_count_otherwise(read_bytes: Read, unit: str | None, start: int, repair: str | None) -> None:
    options = Options(unit=unit)
    document, diagnostics = _read(read_bytes, [_entity("s1h1", start, "ข่าว")], options=options)
    (mention,) = document.mentions
    assert (mention.fragments, mention.repair) == (((2, 6),), repair)
    assert diagnostics.codes == ({"offset.repaired": 1} if repair else {})


def test_one_shift_for_most_of_a_part(read_bytes: Read) -> None:
    """In real exports a "<" counts three: what stands behind it lies two to the left, also the ends of relations."""
    page = PAGE.replace("ไทย <b>", "a &lt;5 ไทย <b>")
    entities = [_entity("s1p1", 7, "ไทย"), _entity("s1p1", 11, "and"), _entity("s1p1", 14, "nowhere")]
    document, diagnostics = _read(read_bytes, entities, [_relation("s1p1|7,10", "s1p1|11,14")], page=page)
    assert [document.words(one) for one in document.mentions] == ["ไทย", "and"]
    assert [one.repair for one in document.mentions] == ["shift -2", "shift -2"]
    assert len(document.relations) == 1
    assert diagnostics.codes == {"offset.mismatch": 1, "offset.repaired": 1}


def test_what_a_model_proposed(read_bytes: Read) -> None:
    entities = [
        _entity("s1p1", 0, "ไทย"),
        _entity("s1p1", 8, "កម្ពុជា", confidence=_confidence("ml:m1", "pre-added", 0.3)),
        _entity("s1p1", 8, "កម្ពុជា", confidence=_confidence("ml:m1", "pre-removed", 0.1)),
    ]
    document, diagnostics = _read(read_bytes, entities)
    assert (len(document.mentions), diagnostics.codes) == (1, {"annotation.prediction": 1})
    document, diagnostics = _read(read_bytes, entities, options=Options(predictions=True))
    assert [(m.origin, m.annotator, m.confidence) for m in document.mentions] == [
        ("manual", "anna", 1.0),
        ("prediction", "ml:m1", 0.3),
    ]


def test_what_is_bad_is_skipped_and_told(read_bytes: Read) -> None:
    entities = [
        _entity("s1p1", 0, "ไทย"),
        _entity("s9p9", 0, "ไทย"),
        _entity("s1p1", "0", "ไทย"),
        _entity("s1p1", -1, "ไทย"),
        _entity("s1p1", 10**30, "ไทย"),
        _entity("s1p1", 0, None),
        _entity("s1p1", 0, "ไทย", offsets=[]),
        _entity("s1p1", 0, "ไทย", classId=None),
        _entity("s1p1", 0, "Laos"),
        "nonsense",
    ]
    relations = [
        _relation("s1p1|0,3"),
        _relation("s1p1|0,3", "s1p1|9,12"),
        _relation("s1p1|0,3", 7),
        _relation("s1p1|0,3", "s1p1|0,99999999999999999999"),
        {"entities": "s1p1|0,3"},
        None,
    ]
    document, diagnostics = _read(read_bytes, entities, relations, metas=[], sources={}, anncomplete="no")
    assert (len(document.mentions), len(document.relations)) == (1, 0)
    assert diagnostics.skipped == 15
    assert diagnostics.codes == {"ref.dangling": 6, "offset.bad": 5, "json.shape": 3, "offset.mismatch": 1}
    assert "ไทย and" in next(str(one) for one in diagnostics.kept if one.code == "offset.mismatch")


def test_without_the_text(read_bytes: Read) -> None:
    value = {"anncomplete": False, "entities": [_entity("s1p1", 0, "ไทย")], "relations": []}
    (document,), diagnostics = read_bytes(TAGTOG, {"x.ann.json": json.dumps(value).encode()})
    assert (document.text_origin, document.mentions) == ("missing", ())
    assert diagnostics.codes == {"text.missing": 2}


def test_folders_of_an_export(read_files: Read, tmp_path: Path) -> None:
    """Pairs stand in two trees; a name may be in several folders; members' work is kept apart from what was agreed on."""
    value = {"anncomplete": True, "annotatable": {}, "relations": []}
    random = "aOnB4EtfGpVeXzJ1fcI2.Uw_E-Qm"
    for pool, text in (("pool", "ไทย"), ("train", "Lao")):
        for who in ("master", "members/bo", "members/may"):
            folder = tmp_path / "project" / "ann.json" / who / pool
            folder.mkdir(parents=True)
            named = json.dumps({**value, "entities": [_entity("s1v1", 0, text)]}, ensure_ascii=False)
            (folder / f"{random}-1.txt.ann.json").write_text(named, encoding="utf-8")
        folder = tmp_path / "project" / "plain.html" / pool
        folder.mkdir(parents=True)
        (folder / f"{random}-1.txt.plain.html").write_text(f'<body><pre id="s1v1">{text}</pre>', encoding="utf-8")
        (folder / f"{random}-2.txt.plain.html").write_text('<body><pre id="s1v1">not annotated</pre>', encoding="utf-8")
    (tmp_path / "project" / "annotations-legend.json").write_text('{"e_1": "Country"}')
    (tmp_path / "project" / "ann.json" / "members" / "annotations-legend.json").write_text("nonsense")
    with ZipFile(tmp_path / "x.zip", "w") as archive:
        for path in sorted(tmp_path.rglob("*.*")):
            if path.is_file() and path.suffix != ".zip":
                archive.write(path, path.relative_to(tmp_path))
    for given_path in (tmp_path / "project", tmp_path / "x.zip"):
        documents, diagnostics = read_files(given_path)
        assert diagnostics.codes == {"json.bad": 4}  # the legend nearest to the members' work
        said = [(d.text, *m.types, m.origin, m.annotator) for d in documents for m in d.mentions]
        assert said == [
            ("ไทย", "Country", "curation", "anna"),
            ("Lao", "Country", "curation", "anna"),
            ("ไทย", "e_1", "manual", "bo"),
            ("Lao", "e_1", "manual", "bo"),
            ("ไทย", "e_1", "manual", "may"),
            ("Lao", "e_1", "manual", "may"),
        ]


def test_a_document_named_without_what_the_tool_put_before_it(read_bytes: Read) -> None:
    value = {"anncomplete": True, "entities": [_entity("s1p1", 0, "ไทย")], "relations": []}
    page = '<body><p id="s1p1">ไทย</p>'.encode()
    files = {"9.ann.json": json.dumps(value).encode(), "aOnB4EtfGpVeXzJ1fcI2.Uw_E-Qm-9.plain.html": page}
    (document,), diagnostics = read_bytes(TAGTOG, files)
    assert (len(document.mentions), diagnostics.codes) == (1, {})


def test_pages_of_every_sort() -> None:
    page = page_of(
        '<body><p id="a">one<p id="b">two</p>\n<table id="t"><td id="c">x</td><td id="d">y</td></table>', ["t"]
    )
    assert page.text == "one\ntwo\nxy"
    assert {id_: page.text[start:end] for id_, (start, end) in page.parts.items()} == {
        "a": "one\ntwo\nxy",
        "b": "two",
        "t": "xy",
        "c": "x",
        "d": "y",
    }
    assert page_of('<p id="a">1</p><p id="a">2</p></div></p><script id="s">x</script><br id="k"/>', []).text == "1"
    assert page_of("", []).text == ""
    assert page_of("<p id='a'>" * 5000 + "x" + "</p>" * 5000 + "</div>" * 5000, []).text == "x"


def test_what_is_no_tagtog(tmp_path: Path) -> None:
    for name, data in {"a.json": b'{"entities": [], "relations": []}', "b.json": b"[1]", "c.txt": b"{}"}.items():
        (tmp_path / name).write_bytes(data)
    with Files([tmp_path], Diagnostics()) as files:
        assert [TAGTOG.claims(file, file.head()) for file in files] == [None, None, None]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"7", b'{"entities": 7, "relations": {"a": 1}}', b"\xff\xfe{"])
def test_files_that_are_none(read_bytes: Read, data: bytes) -> None:
    _, diagnostics = read_bytes(TAGTOG, {"x.ann.json": data})
    assert set(diagnostics.codes) <= {"json.bad", "json.shape", "text.missing"}


@settings(max_examples=100)
@given(st.data())
def test_mutated_files_are_accounted_for(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    names = ("20932478.ann.json", "20932478.plain.html")
    files = {name: (SAMPLE / name).read_bytes() for name in names}
    name = data.draw(st.sampled_from(names))
    junk = [b"<", b">", b'id="s2p1"', b"{}", b'"', b"9", b"\xff", b"</p>", b"null", b"[", b"&lt;", b"\xf0\x9f\x98\x80"]
    files[name] = mutated(data, files[name], junk)
    read_bytes(TAGTOG, files)
