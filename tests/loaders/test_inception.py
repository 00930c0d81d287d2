"""Projects exported from INCEpTION, as folders and as archives, whole and in part; and documents written for it."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import documents as read_all
from accordgraph.inspecting import inspect
from loaders.cas_json import CAS_JSON
from loaders.cas_json_writer import CAS_JSON_WRITER
from loaders.cas_xmi import CAS_XMI
from loaders.diagnostics import Diagnostics
from loaders.document import Cluster, Document, Event, Link, Mention, Note, Relation
from loaders.files import File
from loaders.reading import Options, Reader
from loaders.webanno_tsv import WEBANNO_TSV
from loaders.webanno_tsv_writer import WEBANNO_TSV_WRITER
from loaders.writing import Losses, Writer

TESTS = Path(__file__).resolve().parent.parent
CASES = sorted((TESTS / "samples" / "webanno-tsv").glob("**/*.tsv")) + sorted((TESTS / "samples").glob("cas/*.[jx]*"))
TSV = b"#FORMAT=WebAnno TSV 3.3\n#T_SP=a.Span|value\n\n\n#Text=Ada\n1-1\t0-3\tAda\tX\t\n"
PROJECT = {
    "name": "news",
    "source_documents": [{"name": "a.txt", "state": "CURATION_FINISHED"}, {"name": "b.tsv", "state": "NEW"}],
    "annotation_documents": [
        {"name": "a.txt", "user": "anna", "state": "FINISHED"},
        {"name": "a.txt", "user": "anna1", "state": "IN_PROGRESS"},
        {"name": "b.tsv", "user": "bo", "state": "NEW"},
        {"user": 7},
        None,
    ],
}
PAIRS = [(WEBANNO_TSV_WRITER, WEBANNO_TSV), (CAS_JSON_WRITER, CAS_JSON)]


def _xmi() -> bytes:
    return (TESTS / "samples" / "cas" / "tsv3-testSimpleSlotFeature.xmi").read_bytes()


def _zip(files: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return into.getvalue()


def _export() -> dict[str, bytes]:
    """A project: two annotators, one of them as a zip of its own, a curated document, and what is nobody's work."""
    return {
        "exportedproject.json": orjson.dumps(PROJECT),
        "annotation/a.txt/anna_16405719629333389288.tsv": TSV,
        "annotation/a.txt/anna1.zip": _zip({"anna1.xmi": _xmi(), "TypeSystem.xml": b"<typeSystemDescription/>"}),
        "annotation/a.txt/INITIAL_CAS.tsv": TSV,
        "annotation/b.tsv/bo.json": (TESTS / "samples" / "cas" / "tsv3-testSimpleSlotFeature.json").read_bytes(),
        "curation/a.txt/CURATION_USER.tsv": TSV,
        "source/a.txt": b"Ada",
        "source/b.tsv": TSV,
        "log/x.log": b"1",
    }


def _documents(paths: Iterable[Path], options: Options | None = None) -> tuple[list[Document], Diagnostics]:
    diagnostics = Diagnostics()
    return list(read_all([*paths], diagnostics, options=options)), diagnostics


def _work(documents: Iterable[Document]) -> list[tuple[Any, ...]]:
    return sorted(
        (one.id, *(by.id for by in one.annotators), *{each.origin for each in one.annotations}) for one in documents
    )


WORK = [
    ("a.txt", "CURATION_USER", "curation"),
    ("a.txt", "anna", "manual"),
    ("a.txt", "anna1", "manual"),
    ("b.tsv", "bo", "manual"),
]


def test_a_project_is_read_whole_from_a_folder_and_from_archives(tmp_path: Path) -> None:
    for name, data in _export().items():
        path = tmp_path / "deep" / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "p.zip").write_bytes(_zip(_export()))
    (tmp_path / "pp.zip").write_bytes(_zip({"p.zip": _zip(_export())}))
    for path in (tmp_path / "deep", tmp_path / "deep" / "project", tmp_path / "p.zip", tmp_path / "pp.zip"):
        documents, diagnostics = _documents([path])
        assert _work(documents) == WORK
        assert diagnostics.codes == {"file.left-out": 1}
        curated = next(one for one in documents if one.annotators[0].id == "CURATION_USER")
        assert curated.annotators[0].role == "curator"
        assert curated.metadata == {"project": "news", "document_state": "CURATION_FINISHED"}
        anna = next(one for one in documents if one.annotators[0].id == "anna")
        assert anna.metadata["annotation_state"] == "FINISHED"
        assert {one.annotator for one in anna.annotations} == {"anna"}


def test_what_was_there_before_is_loaded_with_the_predictions(tmp_path: Path) -> None:
    (tmp_path / "p.zip").write_bytes(_zip(_export()))
    documents, diagnostics = _documents([tmp_path / "p.zip"], Options(predictions=True))
    assert _work(documents) == [("a.txt", "CURATION_USER", "curation"), *WORK[1:3], ("a.txt", "initial"), WORK[3]]
    assert not diagnostics.codes


def test_the_project_file_of_older_versions_has_a_number(tmp_path: Path) -> None:
    export = {name.replace("project.json", "project168.json"): data for name, data in _export().items()}
    (tmp_path / "p.zip").write_bytes(_zip(export | {"event.log": b"x"}))
    documents, diagnostics = _documents([tmp_path / "p.zip"])
    assert (_work(documents), diagnostics.codes) == (WORK, {"file.left-out": 1})
    assert all(one.metadata["project"] == "news" for one in documents)


def test_one_file_of_a_project_still_knows_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "annotation" / "a.txt" / "anna_16405719629333389288.tsv"
    path.parent.mkdir(parents=True)
    path.write_bytes(TSV)
    assert _work(_documents([path])[0]) == [("a.txt", "anna", "manual")]


def test_a_broken_project_file_is_told_and_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "p.zip").write_bytes(_zip(_export() | {"exportedproject.json": b'{"name": '}))
    documents, diagnostics = _documents([tmp_path / "p.zip"])
    assert _work(documents) == WORK
    assert diagnostics.codes == {"file.left-out": 1, "json.bad": 1}


def test_files_that_stand_alone_are_documents_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "news.tsv").write_bytes(TSV)
    (tmp_path / "doc.zip").write_bytes(_zip({"doc.xmi": _xmi(), "TypeSystem.xml": b"<typeSystemDescription/>"}))
    documents, diagnostics = _documents([tmp_path])
    assert sorted(one.id for one in documents) == ["doc", "news"]
    assert not diagnostics.codes


def test_the_real_project_has_the_counts_of_its_sources(samples: Path) -> None:
    found = {one.path.rpartition("/")[2]: one for one in inspect([samples / "webanno-tsv" / "inception-project"])}
    layers = {"EStatus": 51, "Proposition": 51, "EContext": 25, "ESubject": 21, "EStatus2": 1}
    assert found["CURATION_USER.tsv"].labels == layers
    ep = found["ep_16405719629333389288.tsv"]
    assert (ep.labels, ep.annotators) == (layers | {"EContext": 27}, {"ep"})
    assert ep.counts["surfaces_equal"] == ep.counts["surfaces_stated"] == ep.counts["mentions"]
    assert found["INITIAL_CAS.tsv"].codes == {"file.left-out": 1}
    assert len(found) == 3


# --- writing -----------------------------------------------------------------------------------------------------


def _again(writer: Writer, reader: Reader, document: Document) -> tuple[Document, Losses, Diagnostics]:
    losses: Losses = Counter()
    ((name, data),) = writer.write([document], losses)
    diagnostics = Diagnostics()
    (again,) = reader.read(File(name, ".", name, len(data), lambda: io.BytesIO(data), {}), Options(), diagnostics)
    return again, +losses, diagnostics


def _meant(document: Document) -> dict[str, Any]:
    by_id = {one.id: one for one in document.mentions}

    def end(id_: str | None) -> object:
        one = by_id[id_ or ""]
        return one.fragments, one.types, one.layer

    def beside(one: Any) -> object:
        return sorted((name, [str(value).lower() for value in values]) for name, values in one.attributes.items())

    return {
        "text": document.text,
        "mentions": Counter(repr((end(one.id), beside(one), one.links)) for one in document.mentions),
        "relations": Counter(
            repr((one.type, one.layer, [(role, end(id_)) for role, id_ in one.args], beside(one)))
            for one in document.relations
        ),
        "events": Counter(
            repr((one.type, end(one.trigger), [(role, end(id_)) for role, id_ in one.args])) for one in document.events
        ),
        "clusters": Counter(repr((one.type, [*map(end, one.members)])) for one in document.clusters),
    }


@pytest.mark.parametrize(("writer", "reader"), PAIRS, ids=lambda one: one.format)
@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_read_is_written_and_read_again(path: Path, writer: Writer, reader: Reader) -> None:
    known = {".tsv": WEBANNO_TSV, ".xmi": CAS_XMI, ".json": CAS_JSON}
    file = File(path.name, ".", path.name, path.stat().st_size, lambda: path.open("rb"), {})
    (document,) = known[path.suffix].read(file, Options(), Diagnostics())
    again, losses, diagnostics = _again(writer, reader, document)
    assert set(losses) <= {"document metadata"}
    assert set(diagnostics.codes) <= {"offset.unchecked"}
    assert _meant(again) == _meant(document)


@pytest.mark.parametrize(
    "case",
    [
        "testMultiTokenSlotFeature",
        "testSentenceWithEmoji",
        "testSentenceWithLineBreak",
        "testStackedChain",
        "testStackedNonMultiTokenRelationWithMultipleFeatureValues",
        "testTokenBoundedStackedSpanWithFeatureValue",
        "testZeroLengthSpansWithFeatureValues",
    ],
)
def test_the_table_is_written_as_the_tool_writes_it(case: str) -> None:
    path = TESTS / "samples" / "webanno-tsv" / "tsv3-suite" / case / "reference.tsv"
    file = File(path.name, ".", path.name, path.stat().st_size, lambda: path.open("rb"), {})
    documents = list(WEBANNO_TSV.read(file, Options(), Diagnostics()))
    ((_, data),) = WEBANNO_TSV_WRITER.write(documents, Counter())
    assert data.decode() == path.read_text(encoding="utf-8").rstrip("\n") + "\n"


def _brat() -> Document:
    """What a tool without layers marks: an event, an attribute on it, a link, a note, a discontinuous mention."""
    return Document(
        id="n/1",
        path="n.ann",
        format="brat",
        text="Ada met Bo in Thai.\n\nThey signed 😀 it.\n",
        mentions=(
            Mention(id="T1", types=("Person",), fragments=((0, 3),), links=(Link("wikidata", "Q7259"),)),
            Mention(
                id="T2",
                types=("Person", "Friend"),
                fragments=((8, 10),),
                attributes={"sure": (True,), "a b": ("x", "y")},
            ),
            Mention(id="T3", types=("Meet",), fragments=((4, 7),), attributes={"kind": ("z",)}),
            Mention(id="T4", types=("Part",), fragments=((0, 3), (8, 10))),
            Mention(id="T5", types=("Topic",), fragments=()),
            Mention(id="T6", types=("Sign",), fragments=((26, 32),)),
        ),
        relations=(
            Relation(
                id="R1",
                type="knows",
                args=(("Arg1", "T1"), ("Arg2", "T2")),
                directed=False,
                attributes={"begin": ("9",)},
            ),
            Relation(id="R2", type="of", args=(("Arg1", "E1"), ("Arg2", "T2"))),
            Relation(id="R3", type="on", args=(("Arg1", "R1"), ("Arg2", "T2"))),
        ),
        events=(
            Event(id="E1", type="Meet", trigger="T3", args=(("Who", "T1"), ("Who", "T2"), ("What", "E2"))),
            Event(id="E2", type="Sign", trigger="T6", args=(("by", "R1"),)),
        ),
        clusters=(Cluster(id="C1", type="Equiv", members=("T1", "T4")),),
        notes=(Note(target="T1", type=None, text="?"),),
    )


@pytest.mark.parametrize(("writer", "reader"), PAIRS, ids=lambda one: one.format)
def test_documents_of_other_tools_go_to_the_layers_of_the_scheme(writer: Writer, reader: Reader) -> None:
    document = _brat()
    again, losses, diagnostics = _again(writer, reader, document)
    assert (again.text, again.id) == (document.text, "n_1")
    found = {(one.layer, one.types[0], again.words(one)) for one in again.mentions}
    assert {("webanno.custom.Mention", "Person", "Ada"), ("webanno.custom.Claim", "Meet", "met")} <= found
    ada, bo, met = (next(one for one in again.mentions if again.words(one) == words) for words in ("Ada", "Bo", "met"))
    assert ada.links == (Link("wikidata", "Q7259"),)
    assert [str(value).lower() for value in bo.attributes["sure"]] == ["true"]
    assert bo.attributes["a_b"][0] == "x"
    assert met.attributes == {"kind": ("z",)}
    words = {one.id: again.words(one) for one in again.mentions}
    event = next(one for one in again.events if one.type == "Meet")
    assert [(role, words[id_]) for role, id_ in event.args] == [("Who", "Ada"), ("Who", "Bo"), ("What", "signed")]
    assert [(one.type, [words[id_] for _, id_ in one.args], dict(one.attributes)) for one in again.relations] == [
        ("knows", ["Ada", "Bo"], {"begin_": ("9",)}),
        ("of", ["met", "Bo"], {}),
    ]
    assert set(diagnostics.codes) <= {"offset.unchecked"}
    told = {name for name in losses if not name.startswith("further")}
    assert told == {
        "ids of documents, which are no file names",
        "mentions without text",
        "gaps in mentions",
        "notes",
        "relations of other than two mentions",
        "that a relation has no direction",
        "ends that are events, written as their triggers",
        "arguments that are no mentions",
        "members of clusters, written a second time as links of a chain",
    }
    assert ("further values of an attribute" in losses) == (writer is WEBANNO_TSV_WRITER)


def test_a_layer_of_another_tool_that_is_called_like_its_label_keeps_it() -> None:
    mention = Mention(id="m", types=("Person",), fragments=((0, 3),), layer="Person")
    empty = Mention(id="e", types=("Nothing",), fragments=((0, 0),))
    relation = Relation(id="r", type="of", args=(("a", "m"), ("b", "e")))
    for writer, reader in PAIRS:
        document = Document(id="d", path="d", format="x", text="Ada", mentions=(mention, empty), relations=(relation,))
        again, losses, _ = _again(writer, reader, document)
        assert {one.types for one in again.mentions} == {("Person",), ("Nothing",)}
        assert len(again.relations) == 1
        assert losses == {"layers": 1}  # it is the label that is kept
        blank = Document(id="d", path="d", format="x", text=" ", mentions=(mention, empty), relations=(relation,))
        ((_, data),) = writer.write([blank], Counter())
        assert data


AWKWARD = st.text(alphabet="aZ. 1ก็ไทยក្ខာ中😀é\u0301\u200d\u05d0\n\r\t\u00a0[]|_;*->\\\x00#", max_size=40)


@settings(max_examples=150)
@given(
    text=AWKWARD,
    places=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), AWKWARD, AWKWARD), max_size=7),
    data=st.data(),
)
@pytest.mark.parametrize(("writer", "reader"), PAIRS, ids=lambda one: one.format)
def test_any_marks_are_written_and_found_again(
    writer: Writer, reader: Reader, text: str, places: list[tuple[int, int, str, str]], data: st.DataObject
) -> None:
    mentions = tuple(
        Mention(id=f"m{n}", types=(f"L{label}",), fragments=((a, b),), attributes={"x": (f"v{value}",)})
        for n, (a, b, label, value) in enumerate((min(a, b), max(a, b), label, value) for a, b, label, value in places)
        if a < b <= len(text) and not text[a].isspace() and not text[b - 1].isspace()
    )
    ids = [one.id for one in mentions]
    pairs = (
        data.draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids), AWKWARD), max_size=4)) if ids else []
    )
    relations = tuple(
        Relation(id=f"r{n}", type=f"R{label}", args=(("Governor", a), ("Dependent", b)))
        for n, (a, b, label) in enumerate(pairs)
    )
    document = Document(id="d", path="d", format="brat", text=text, mentions=mentions, relations=relations)
    again, losses, diagnostics = _again(writer, reader, document)
    assert set(losses) <= {"texts without a word", "white space before the text"}
    assert set(diagnostics.codes) <= {"text.rebuilt", "offset.unchecked"}
    if not losses:
        assert again.text == text
    theirs = {one.id: one for one in again.mentions}
    assert Counter((one.types, one.fragments, one.attributes["x"]) for one in again.mentions) == Counter(
        (one.types, one.fragments, one.attributes["x"]) for one in mentions
    )
    mine = {one.id: one for one in mentions}
    assert Counter(
        (one.type, tuple(theirs[id_].fragments for _, id_ in one.args)) for one in again.relations
    ) == Counter((one.type, tuple(mine[id_].fragments for _, id_ in one.args)) for one in relations)


def test_cassis_reads_what_is_written() -> None:
    cassis = pytest.importorskip("cassis")
    ((_, data),) = CAS_JSON_WRITER.write([_brat()], Counter())
    cas = cassis.load_cas_from_json(io.BytesIO(data))
    assert cas.sofa_string == _brat().text
    signed = next(one for one in cas.select("webanno.custom.Claim") if one.relation == "Sign")
    assert signed.get_covered_text() == "signed"
    assert next(iter(cas.select("webanno.custom.Relation"))).Governor.get_covered_text() == "Ada"
