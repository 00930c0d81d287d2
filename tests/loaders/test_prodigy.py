"""Prodigy's tasks: whose they are, what their relations end at, what is chosen in them, and tasks to be annotated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from loaders.annotators import merged
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link, Mention, Relation
from loaders.prodigy import PRODIGY, PRODIGY_WRITER
from loaders.reading import Options

Read = Callable[..., tuple[list[Document], Diagnostics]]
TEXT = "Thailand and Cambodia"
A = {"start": 0, "end": 8, "label": "Country", "text": "Thailand"}
B = {"start": 13, "end": 21, "label": "Country", "text": "Cambodia"}


def _read(read: Read, *tasks: Any, options: Options | None = None) -> tuple[list[Document], Diagnostics]:
    found: tuple[list[Document], Diagnostics] = read(
        PRODIGY, {"x.jsonl": b"\n".join(map(orjson.dumps, tasks))}, options
    )
    return found


def _task(**more: Any) -> dict[str, Any]:
    return {"text": TEXT, "spans": [A, B], "answer": "accept", "_input_hash": 5, **more}


# --- whose work


def test_two_annotators_of_one_text_are_two_documents_of_one_id(read_bytes: Read) -> None:
    other = _task(_input_hash=6, text="x", spans=[], _annotator_id="news-anna")
    documents, _ = _read(read_bytes, _task(_annotator_id="news-anna"), other, _task(_session_id="news-bo"))
    assert [(one.id, [who.id for who in one.annotators]) for one in documents] == [
        ("prodigy-5", ["news-anna"]),
        ("prodigy-6", ["news-anna"]),
        ("prodigy-5", ["news-bo"]),
    ]
    joined = next(iter(merged(documents)))
    assert [one.annotator for one in joined.mentions] == ["news-anna", "news-anna", "news-bo", "news-bo"]
    assert len(next(iter(merged(documents, "union"))).mentions) == 2


def test_what_was_not_accepted_counts_for_who_judged(read_bytes: Read) -> None:
    tasks = [
        _task(answer="reject", _session_id="a"),
        _task(_session_id="a"),
        _task(answer="ignore", _session_id="b"),
        _task(_session_id="a"),
        _task(answer="reject"),
    ]
    documents, diagnostics = _read(read_bytes, *tasks)
    verdicts = [{one.id: dict(one.verdicts) for one in document.annotators} for document in documents]
    assert verdicts == [{"a": {"accept": 1, "reject": 1}, "b": {"ignore": 1}}, {"a": {"accept": 1}}]
    assert diagnostics.codes == {"task.not-accepted": 3}
    assert not diagnostics.skipped


def test_verdicts_that_are_asked_for_are_loaded(read_bytes: Read) -> None:
    tasks = [_task(answer=answer) for answer in ("accept", "reject", "ignore")]
    documents, _ = _read(read_bytes, *tasks, options=Options(accept=("reject", "ignore")))
    assert [document.mentions[0].status for document in documents] == ["reject", "ignore"]


# --- relations


def _tie(head: Any, child: Any, **more: Any) -> dict[str, Any]:
    return {"head": head, "child": child, "label": "signed", **more}


def test_ends_are_found_by_offsets_by_token_numbers_and_by_where_tokens_end(read_bytes: Read) -> None:
    tokens = [{"start": s, "end": e, "id": i} for i, (s, e) in enumerate(((0, 4), (4, 8), (9, 12), (13, 21)))]
    numbered = [{**A, "token_start": 0, "token_end": 1}, {**B, "token_start": 3, "token_end": 3}]
    offsets = {"head_span": {"start": 0, "end": 8}, "child_span": {"start": 13, "end": 21, "label": "Other"}}
    for spans, tie in (
        (numbered, _tie(1, 3)),
        (numbered, _tie(99, 99, **offsets)),
        ([A, B], _tie(1, 3, head_span={}, child_span={})),  # written by hand
        ([{"token_start": 0, "token_end": 1, "label": "C"}, B], _tie(1, 3, child_span=B)),
    ):
        (document,), diagnostics = _read(read_bytes, _task(tokens=tokens, spans=spans, relations=[tie]))
        (relation,) = document.relations
        assert relation.args == (("head", document.mentions[0].id), ("child", document.mentions[1].id))
        assert [document.words(m) for m in document.mentions] == ["Thailand", "Cambodia"]
        assert not diagnostics.codes


def test_an_end_that_is_no_span_is_labelled_as_the_relation_says(read_bytes: Read) -> None:
    bare = {"start": 9, "end": 12, "label": None}
    tie = _tie(None, None, head_span=A, child_span=bare)
    (document,), _ = _read(read_bytes, _task(spans=[], relations=[tie, tie]))
    assert [(m.types, m.extra, document.words(m)) for m in document.mentions] == [
        (("Country",), {}, "Thailand"),
        (("TOKEN",), {"extent": "token"}, "and"),
    ]
    assert len(document.relations) == 2


@pytest.mark.parametrize("wrong", [[], {}, "1", True, None, 1.0, 7])
def test_token_numbers_of_any_kind_cost_the_relation(read_bytes: Read, wrong: Any) -> None:
    task = _task(tokens=[{"start": 0, "end": 8, "id": wrong}, wrong], relations=[_tie(wrong, 0), _tie(0, wrong)])
    task["spans"] = [A, {"token_start": wrong, "token_end": wrong, "label": "x"}]
    (document,), diagnostics = _read(read_bytes, task)
    assert diagnostics.read == diagnostics.skipped + len(document.mentions) + len(document.relations)
    assert not document.relations


# --- choices and links


def test_what_is_chosen_has_its_words(read_bytes: Read) -> None:
    options = [{"id": "Q869", "html": "<a href='x'>Q869: a country</a>"}, {"id": "NIL", "text": "none of these"}]
    (document,), _ = _read(read_bytes, _task(spans=[A], options=options, accept=["Q869", "NIL"]))
    assert document.mentions[0].links == (
        Link("wikidata", "Q869", "Q869: a country"),
        Link("choice", "NIL", "none of these"),
    )


def test_choices_about_the_whole_text_are_its_metadata(read_bytes: Read) -> None:
    (document,), _ = _read(read_bytes, _task(spans=[], accept=["RAID", "SCAM"], label="NEWS", meta={"source": "s"}))
    assert document.metadata == {"accept": "RAID; SCAM", "meta.source": "s"}
    assert document.extra == {"label": "NEWS", "_input_hash": 5}


@pytest.mark.parametrize(
    ("id_", "link"),
    [
        ("Q869", Link("wikidata", "Q869")),
        ("http://www.wikidata.org/entity/Q869", Link("wikidata", "Q869")),
        ("accordgraph:country:TH", Link("accordgraph", "country:TH")),
        ("TH", Link("kb", "TH")),
    ],
)
def test_a_span_is_linked_by_its_id(read_bytes: Read, id_: str, link: Link) -> None:
    (document,), _ = _read(read_bytes, _task(spans=[{**A, "kb_id": id_}]))
    assert document.mentions[0].links == (link,)


def test_links_stay_with_their_own_of_two_equal_spans(read_bytes: Read) -> None:
    (document,), _ = _read(read_bytes, _task(spans=[A, {**A, "kb_id": "Q1"}]))
    assert [m.links for m in document.mentions] == [(), (Link("wikidata", "Q1"),)]


# --- written


@pytest.mark.parametrize(("words", "kept"), [("Voldemortove", True), ("Other", False)])
def test_tokens_and_offsets_outweigh_the_words_of_a_model(read_bytes: Read, words: str, kept: bool) -> None:
    tokens = [{"text": words, "start": 4, "end": 16, "id": 1}]
    span = {"start": 4, "end": 16, "token_start": 1, "token_end": 1, "text": "Voldemor", "label": "PER"}
    (document,), diagnostics = _read(read_bytes, {"text": "The Voldemortove", "tokens": tokens, "spans": [span]})
    assert [(document.words(m), m.surface, m.extra) for m in document.mentions] == (
        [("Voldemortove", None, {"text": "Voldemor"})] if kept else []
    )
    assert [(one.code, one.action) for one in diagnostics.kept] == [("offset.mismatch", "kept" if kept else "skipped")]


def test_spans_stand_where_their_tokens_do_if_the_text_is_another_one(read_bytes: Read) -> None:
    tokens = [
        {"text": "ไทย", "start": 0, "end": 3, "id": 0},
        {"text": ",", "start": 4, "end": 5, "id": 1},
        {"text": "Germany", "start": 6, "end": 13, "id": 2},
        {"text": ".", "start": 14, "end": 15, "id": 3},
    ]
    spans = [
        {"start": 6, "end": 13, "token_start": 2, "token_end": 2, "label": "LOC"},
        {"start": 0, "end": 3, "label": "LOC"},
        {"start": 1, "end": 3, "label": "LOC"},
    ]
    tie = {"head": 2, "child": 0, "head_span": spans[0], "child_span": spans[1], "label": "near"}
    task = {"text": "ไทย, Germany.", "tokens": tokens, "spans": spans, "relations": [tie], "_session_id": "None"}
    (document,), diagnostics = _read(read_bytes, task)
    assert [(document.words(m), m.raw_offsets, m.repair) for m in document.mentions] == [
        ("Germany", ((6, 13),), "tokens"),
        ("ไทย", ((0, 3),), "tokens"),
    ]
    assert [document.text[start:end] for start, end in document.tokens] == ["ไทย", ",", "Germany", "."]
    assert [end for _, end in document.relations[0].args] == [m.id for m in document.mentions]
    assert diagnostics.codes == {"offset.repaired": 1, "offset.bad": 1}
    assert not document.annotators


def _written(*documents: Document) -> list[dict[str, Any]]:
    return [orjson.loads(line) for _, line in PRODIGY_WRITER.write(documents, Counter())]


def test_no_span_cuts_a_token(read_bytes: Read) -> None:
    text = "🇹🇭ไทยจับมือกัมพูชา, ที่กรุงเทพฯ"
    mentions = tuple(
        Mention(id=str(at), types=("Country",), fragments=((at, at + len(words)),))
        for words in ("ไทย", "กัมพูชา", "ที่กรุงเทพฯ")
        for at in (text.index(words),)
    )
    tie = Relation(id="r", type="signed", args=(("from", mentions[0].id), ("to", mentions[1].id)))
    (task,) = _written(Document(id="1", path="x", format="x", text=text, mentions=mentions, relations=(tie,)))
    assert [token["text"] for token in task["tokens"]] == ["🇹🇭", "ไทย", "จับมือ", "กัมพูชา", ",", "ที่กรุงเทพฯ"]
    for span in task["spans"]:
        first, last = task["tokens"][span["token_start"]], task["tokens"][span["token_end"]]
        assert (first["start"], last["end"]) == (span["start"], span["end"])
    (relation,) = task["relations"]
    assert (relation["head"], relation["child"]) == (1, 3)
    for name in ("head_span", "child_span"):
        del relation[name]
    (document,), _ = _read(read_bytes, task)
    assert [document.words(m) for m in document.mentions] == ["ไทย", "กัมพูชา", "ที่กรุงเทพฯ"]
    assert [target for _, target in document.relations[0].args] == [m.id for m in document.mentions[:2]]


def test_everybody_has_a_task_of_their_own_and_suggestions_no_answer(read_bytes: Read) -> None:
    tasks = [_task(_annotator_id="anna"), _task(_annotator_id="bo", spans=[A])]
    documents, _ = _read(read_bytes, *tasks)
    proposed = Mention(id="p", types=("Country",), fragments=((0, 8),), origin="prediction")
    written = _written(*merged(documents), Document(id="n", path="x", format="x", text=TEXT, mentions=(proposed,)))
    assert [(one.get("_annotator_id"), len(one["spans"]), one.get("answer")) for one in written] == [
        ("anna", 2, "accept"),
        ("bo", 1, "accept"),
        (None, 1, None),
    ]


def test_a_document_comes_back_as_itself(read_bytes: Read) -> None:
    word = Mention(id="w", types=("TOKEN",), fragments=((9, 12),), extra={"extent": "token"})
    place = Mention(id="a", types=("C",), fragments=((0, 8),), links=(Link("wikidata", "Q869"),), confidence=0.5)
    tie = Relation(id="r", type="signed", args=(("head", "a"), ("child", "w")))
    document = Document(
        id="ไทย-1", path="x", format="x", text=TEXT, language="en", metadata={"meta.page": 3},
        mentions=(place, word), relations=(tie,),
    )  # fmt: skip
    (again,), _ = _read(read_bytes, *_written(document))
    assert (again.id, again.metadata) == ("ไทย-1", {"meta.language": "en", "meta.page": 3})
    assert [(m.types, m.links, m.confidence, m.extra) for m in again.mentions] == [
        (("C",), (Link("wikidata", "Q869"),), 0.5, {}),
        (("TOKEN",), (), None, {"extent": "token"}),
    ]
    assert len(again.relations) == 1


def test_marks_that_relations_cannot_tell_apart_are_left_out_and_counted(read_bytes: Read) -> None:
    marks = tuple(Mention(id=f"m{i}", types=("signed",), fragments=((0, 2),)) for i in range(3))
    other = Mention(id="o", types=("Country",), fragments=((3, 4),))
    ties = tuple(Relation(id=f"r{i}", type="subject", args=(("from", f"m{i}"), ("to", "o"))) for i in range(2))
    document = Document(id="d", path="d", format="x", text="ab c", mentions=(*marks, other), relations=ties)
    losses: Counter[str] = Counter()
    (again,), _ = read_bytes(PRODIGY, dict(PRODIGY_WRITER.write([document], losses)))
    assert losses["tied marks of the same words with the same label"] == 1
    assert (len(again.mentions), len(again.relations)) == (3, 1)
