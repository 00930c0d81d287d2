"""What is converted for another tool comes back with the same claims, every text, and what was left out told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from accordgraph.inspecting import documents
from accordgraph.pipeline import build_graph
from graph.build import Graph
from loaders.detect import WRITERS
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Event, Mention, Relation
from loaders.documents import DOCUMENTS_WRITER
from loaders.profile import Profile

Run = Callable[..., Result]
FORMATS = sorted(writer.format for writer in WRITERS)
WITH_ATTRIBUTES = ("brat", "cas-json", "documents", "label-studio", "w3c", "webanno-tsv")

TEXT = "🇹🇭 ไทยและลาวลงนามบันทึกความเข้าใจกับกัมพูชาเมื่อ 16 ตุลาคม 2568 ที่พนมเปญ 😀 เวียดนามปฏิเสธ\n"
REGISTER = """
- id: agreement:made-memorandum
  names: {th: บันทึกความเข้าใจ}
- id: place:phnom-penh
  names: {th: พนมเปญ}
"""
MARKS = {
    "T1": ("Country", "ไทย"), "T2": ("Country", "ลาว"), "T3": ("signed", "ลงนาม"), "T4": ("Agreement", "บันทึกความเข้าใจ"),
    "T5": ("Country", "กัมพูชา"), "T6": ("Date", "16 ตุลาคม 2568"), "T7": ("Place", "พนมเปญ"), "T8": ("Country", "เวียดนาม"),
    "T9": ("criticizes", "ปฏิเสธ"),
}  # fmt: skip
EVENTS = (
    "E1\tsigned:T3 Subject:T1 Subject2:T2 Object:T4 on:T6 at:T7\n"
    "E2\tcooperates-with:T3 subject:T1 object:T5\n"  # on the same words as another
    "E3\tcriticizes:T9 subject:T8 object:T1 about:E1\n"  # an argument that is an event
)
ATTRIBUTES = "A1\tstage E1 planned\nA2\tpolarity E3 denied\n"


@pytest.fixture
def entities(tmp_path: Path) -> Path:
    (tmp_path / "entities").mkdir()
    (tmp_path / "entities" / "made.yaml").write_text(REGISTER, encoding="utf-8")
    return tmp_path / "entities"


def _brat(folder: Path, more: str) -> Path:
    folder.mkdir()
    (folder / "news.txt").write_text(TEXT, encoding="utf-8")
    marks = [
        f"{id_}\t{label} {(start := TEXT.index(words))} {start + len(words)}\t{words}\n"
        for id_, (label, words) in MARKS.items()
    ]
    (folder / "news.ann").write_text("".join(marks) + more, encoding="utf-8")
    return folder


def _documents(folder: Path, *documents_: Document) -> Path:
    (folder / "in.jsonl").write_bytes(b"".join(data for _, data in DOCUMENTS_WRITER.write(documents_, Counter())))
    return folder / "in.jsonl"


def _built(path: Path, entities: Path) -> Graph:
    profile = Profile(defaults={"published": "2025-10-16"}, ignored_relations=("about",))
    built = build_graph([path, entities], profile=profile)
    assert not built.problems
    return built.graph


def _quotes(graph: Graph) -> list[tuple[str, str, int, int]]:
    return sorted((one.claim, one.quote, one.start, one.end) for one in graph.evidence.values())


@pytest.mark.parametrize(
    ("format_", "attributes"), [*((one, False) for one in FORMATS), *((one, True) for one in WITH_ATTRIBUTES)]
)
def test_events_give_the_same_claims_in_every_tool(
    run: Run, tmp_path: Path, entities: Path, format_: str, *, attributes: bool
) -> None:
    source = _brat(tmp_path / "in", EVENTS + (ATTRIBUTES if attributes else ""))
    done = run("convert", source, "--to", format_, "-o", tmp_path / "out")
    assert done.exit_code == 0
    assert "cannot hold events" not in done.stderr
    wanted, found = _built(source, entities), _built(tmp_path / "out", entities)
    said = sorted((claim.relation, claim.stage, claim.polarity) for claim in wanted.claims.values())
    assert said == [
        ("cooperates-with", "carried out", "affirmed"),
        ("criticizes", "announced", "denied" if attributes else "affirmed"),
        *[("signed", "planned" if attributes else "signed", "affirmed")] * 2,
    ]
    assert found.claims == wanted.claims
    assert _quotes(found) == _quotes(wanted)


@pytest.mark.parametrize("format_", ["doccano", "label-studio", "prodigy", "w3c"])
def test_a_relation_that_names_its_ends_keeps_them_whatever_their_order(
    run: Run, tmp_path: Path, entities: Path, format_: str
) -> None:
    relations = "R1\tsigned object:T4 subject:T1\nR2\tsends-delegation-to object:T5 subject:T1 subject2:T2 on:T6\n"
    source = _brat(tmp_path / "in", relations)
    done = run("convert", source, "--to", format_, "-o", tmp_path / "out")
    assert f"{format_} cannot hold further arguments of relations: 1 left out" in done.stderr
    wanted, found = _built(source, entities), _built(tmp_path / "out", entities)
    triples = [{(one.subject, one.relation, one.object) for one in graph.claims.values()} for graph in (wanted, found)]
    assert len(triples[0]) == 3
    assert triples[0] == triples[1]


@pytest.mark.parametrize("format_", FORMATS)
def test_documents_of_one_id_and_texts_without_a_mark_all_come_back(run: Run, tmp_path: Path, format_: str) -> None:
    texts = ["ไทย 😀 one", "ลาว two", "กัมพูชา three", "nothing marked", "a name of a hundred"]
    ids = ["news", "news", "NEWS", "news", "ข่าว" * 100]
    whole = [
        Document(
            id=id_,
            path="x",
            format="documents",
            text=text,
            mentions=()
            if "nothing" in text
            else (Mention(id="1", types=("Country",), fragments=((0, 3),), annotator=by),),
        )
        for text, id_, by in zip(texts, ids, ["anna", "bob", None, None, None], strict=True)
    ]
    done = run("convert", _documents(tmp_path, *whole), "--to", format_, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.stderr
    diagnostics = Diagnostics()
    back = {one.text.strip(): one for one in documents([tmp_path / "out"], diagnostics)}
    assert not diagnostics.lost, diagnostics.kept
    assert set(back) == set(texts)
    assert [len(back[text].mentions) for text in texts] == [1, 1, 1, 0, 1]
    if format_ in ("brat", "w3c", "webanno-tsv", "cas-json"):
        stems = {path.stem for path in (tmp_path / "out").iterdir()}
        assert {"news", "news_bob", "NEWS-2", "news-3"} <= stems
        assert "cannot hold ids of documents, which are no file names: 4" in done.stderr


def test_labels_and_their_stages_survive_brat(run: Run, tmp_path: Path, entities: Path) -> None:
    words = {"1": "ไทย", "2": "บันทึกความเข้าใจ", "3": "ลงนาม", "4": "ลาว"}
    mentions = [
        Mention(id=id_, types=(label,), fragments=((start := TEXT.index(words[id_]), start + len(words[id_])),))
        for id_, label in (("1", "Country"), ("2", "Agreement"), ("3", "signed:planned"), ("4", "Country"))
    ]
    empty = Mention(id="5", types=("Place",), fragments=((4, 4),))
    document = Document(
        id="news", path="x", format="documents", text=TEXT, mentions=(*mentions, empty),
        relations=(
            Relation(id="r1", type="subject", args=(("from", "3"), ("to", "1"))),
            Relation(id="r2", type="object", args=(("from", "3"), ("to", "2"))),
            Relation(id="r3", type="signed:planned", args=(("from", "4"), ("to", "2"))),
            Relation(id="r4", type="located in", args=(("from", "4"), ("to", "5"))),
        ),
        events=(Event(id="e", type="a b:c", trigger="4", args=(("x", "5"), ("y", "1"))),),
    )  # fmt: skip
    done = run("convert", _documents(tmp_path, document), "--to", "brat", "-o", tmp_path / "out")
    claims = _built(tmp_path / "out", entities).claims.values()
    assert [claim.stage for claim in claims] == ["planned", "planned"]
    for told in (
        "mentions without text or label: 1",
        "relations of what is not written: 1",
        "arguments that are not written: 1",
        "spaces and colons in labels, written as _: 1",
    ):
        assert f"brat cannot hold {told} left out" in done.stderr
    lines = (tmp_path / "out" / "news.ann").read_text(encoding="utf-8")
    assert "E1\ta_b_c:T4 y:T1" in lines


def test_annotators_are_joined_where_that_is_asked_for(run: Run, tmp_path: Path) -> None:
    whole = [
        Document(
            id="news", path="x", format="documents", text=TEXT,
            mentions=tuple(
                Mention(id=f"{n}", types=(label,), fragments=((start := TEXT.index(words), start + len(words)),), annotator=by)
                for n, (label, words) in enumerate(marks)
            ),
        )
        for by, marks in {"anna": [MARKS["T1"], MARKS["T2"]], "bob": [MARKS["T1"], ("Place", "ลาว")]}.items()
    ]  # fmt: skip
    source = _documents(tmp_path, *whole)
    for policy, marks in {"union": 3, "majority:2": 1, "prefer:bob": 2}.items():
        done = run("convert", source, "--to", "brat", "-o", tmp_path / policy[:3], "--annotators", policy)
        assert done.exit_code == 0
        (ann,) = (tmp_path / policy[:3]).glob("*.ann")
        assert len(ann.read_text(encoding="utf-8").splitlines()) == marks
    assert run("convert", source, "--to", "brat", "-o", tmp_path / "apart").exit_code == 0
    assert {path.name for path in (tmp_path / "apart").glob("*.ann")} == {"news.ann", "news_bob.ann"}
