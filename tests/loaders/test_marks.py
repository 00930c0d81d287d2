"""Marks of annotators as they are compared; texts brought together; events told as relations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from graph.errors import ArticleError
from loaders.document import Annotator, Cluster, Document, Event, Mention, Note, Relation
from loaders.events import without_events
from loaders.marks import MEETING, Marks, Span, Tie, marks_of, partners
from loaders.profile import Profile, Rule
from loaders.same_text import UNNAMED, Texts, names_of

TEXT = "ไทยลงนามกับกัมพูชา 😀 ในพนมเปญ"


def _mention(id_: str, words: str, label: str, **more: object) -> Mention:
    start = TEXT.index(words)
    return Mention(id=id_, types=(label,), fragments=((start, start + len(words)),), **more)  # type: ignore[arg-type]


def _document(path: str = "a.ann", id_: str = "d", **parts: object) -> Document:
    return Document(id=id_, path=path, format="brat", text=TEXT, **parts)  # type: ignore[arg-type]


MENTIONS = (
    _mention("1", "ไทย", "Country"),
    _mention("2", "กัมพูชา", "Country"),
    _mention("3", "ลงนาม", "signed"),
    _mention("4", "พนมเปญ", "Place"),
)


# --- events ------------------------------------------------------------------------------------------------------


def test_an_event_is_its_trigger_tied_to_each_argument() -> None:
    event = Event(
        id="e", type="signed", trigger="3", attributes={"stage": ("planned",)}, annotator="anna",
        args=(("subject", "1"), ("subject2", "4"), ("object", "2"), ("Arg2", "4")),
    )  # fmt: skip
    losses: Counter[str] = Counter()
    told = without_events(_document(mentions=MENTIONS, events=(event,)), losses)
    assert not told.events
    assert [(tie.type, tie.args, tie.annotator) for tie in told.relations] == [
        ("subject", (("from", "3"), ("to", "1")), "anna"),
        ("subject", (("from", "3"), ("to", "4")), "anna"),  # the 2 tells it from the first subject
        ("object", (("from", "3"), ("to", "2")), "anna"),
        ("Arg2", (("from", "3"), ("to", "4")), "anna"),  # the 2 is part of the name
    ]
    trigger = next(mention for mention in told.mentions if mention.id == "3")
    assert (trigger.types, trigger.attributes) == (("signed",), {"stage": ("planned",)})
    assert [mention.id for mention in told.mentions] == ["1", "2", "3", "4"]
    assert not +losses


def test_events_of_one_trigger_get_one_each_and_events_are_tied_by_triggers() -> None:
    events = (
        Event(id="e1", type="signed", trigger="3", args=(("subject", "1"),), attributes={"a": ("1",)}),
        Event(id="e2", type="denies", trigger="3", args=(("subject", "2"), ("about", "e1"))),
        Event(id="e3", type="lost", trigger=None, args=(("subject", "2"),)),
        Event(id="e4", type="meets", trigger="4", args=(("about", "e3"), ("about", "e2"))),
    )
    losses: Counter[str] = Counter()
    told = without_events(
        _document(
            mentions=MENTIONS,
            events=events,
            relations=(
                Relation(id="r1", type="before", args=(("from", "e1"), ("to", "e2"))),
                Relation(id="r2", type="before", args=(("from", "e1"), ("to", "e3"))),
            ),
            clusters=(Cluster(id="c", type=None, members=("e1", "e3", "1")),),
            notes=(
                Note(target="e2", type=None, text="?"),
                Note(target="e3", type=None, text="?"),
                Note(target=None, type=None, text="!"),
            ),
        ),
        losses,
    )
    by_id = {mention.id: mention for mention in told.mentions}
    assert by_id["3"].types == ("signed",)
    assert by_id["3-e2"].types == ("denies",)
    assert by_id["3-e2"].fragments == by_id["3"].fragments
    assert by_id["3-e2"].attributes == {}
    assert by_id["4"].types == ("meets", "Place")
    assert [(one.type, *(target for _, target in one.args)) for one in told.relations] == [
        ("before", "3", "3-e2"),
        ("subject", "3", "1"),
        ("subject", "3-e2", "2"),
        ("about", "3-e2", "3"),
        ("about", "4", "3-e2"),
    ]
    assert told.clusters[0].members == ("3", "1")
    assert [note.target for note in told.notes] == ["3-e2", None]
    assert +losses == {
        "events without a trigger": 1,
        "arguments that are events without a trigger": 1,
        "relations of events without a trigger": 1,
        "notes on events without a trigger": 1,
    }


def test_ids_stay_apart() -> None:
    mentions = (*MENTIONS, _mention("3-e2", "กับ", "Word"), _mention("e1-1", "ใน", "Word"))
    events = (Event(id="e1", type="a", trigger="3", args=(("x", "1"),)), Event(id="e2", type="b", trigger="3", args=()))
    told = without_events(_document(mentions=mentions, events=events), Counter())
    ids = [one.id for one in told.annotations]
    assert len(set(ids)) == len(ids) == 8


# --- marks -------------------------------------------------------------------------------------------------------


def _span(words: str, layer: str | None = None) -> Span:
    start = TEXT.index(words)
    return Span(layer, ((start, start + len(words)),))


def test_marks_are_sets_by_annotator_and_events_are_ties() -> None:
    anna = {"annotator": "anna"}
    document = _document(
        mentions=(
            _mention("1", "ไทย", "Country", **anna),
            _mention("1b", "ไทย", "Place", **anna),
            _mention("3", "ลงนาม", "signed", **anna),
            _mention("2", "กัมพูชา", "Country", annotator="bob"),
            _mention("5", "ไทย", "Country", origin="initial"),
            Mention(id="6", types=("News",), fragments=(), **anna),  # type: ignore[arg-type]
        ),
        events=(Event(id="e", type="signed", trigger="3", args=(("subject", "1"), ("of", "6")), **anna),),  # type: ignore[arg-type]
        annotators=(Annotator(id="cy", verdicts={"accept": 1}), Annotator(id="dan", verdicts={"cancelled": 1})),
    )
    left_out: Counter[str] = Counter()
    found = marks_of(document, None, left_out)
    assert list(found) == ["cy", "anna", "bob"]
    assert {span: list(labels) for span, labels in found["anna"].spans.items()} == {
        _span("ไทย"): ["Country", "Place"], _span("ลงนาม"): ["signed"],
    }  # fmt: skip
    assert found["anna"].ties == {Tie((("", _span("ลงนาม")), ("", _span("ไทย"))), True): {"subject": None}}
    assert found["cy"] == Marks()
    assert +left_out == {"marks without words": 1, "relations that do not join marks": 1}


def test_relations_turned_round_undirected_or_symmetric_are_the_same() -> None:
    def ties(profile: Profile | None, label: str, *args: str, directed: bool = True) -> Mapping[Tie, object]:
        relation = Relation(
            id="r", type=label, args=tuple((f"a{n}", one) for n, one in enumerate(args)), directed=directed
        )
        return marks_of(_document(mentions=MENTIONS, relations=(relation,)), profile, Counter())[None].ties

    turning = Profile(relations=[Rule("signed", ("SIGNED_BY!",))])
    assert ties(turning, "signed_by", "1", "2") == ties(turning, "signed", "2", "1")
    assert ties(None, "x", "1", "2") != ties(None, "x", "2", "1")
    assert ties(None, "x", "1", "2", directed=False) == ties(None, "x", "2", "1", directed=False)
    assert ties(Profile(), "cooperates_with", "1", "2") == ties(Profile(), "COOPERATES_WITH", "2", "1")
    assert ties(None, "x", "1", "2", "3") != ties(None, "x", "2", "1", "3")


def test_spans_go_together_one_to_one_by_words_then_label_then_part() -> None:
    def marks(*spans: tuple[int, int, str]) -> Marks:
        return Marks({Span(None, ((start, end),)): {label: None} for start, end, label in spans})

    def pairs(one: Marks, other: Marks) -> set[tuple[tuple[int, int], tuple[int, int]]]:
        return {(a.fragments[0], b.fragments[0]) for b, a in partners(one, other, overlapping=True).items()}

    one, other = marks((0, 10, "A"), (12, 20, "A")), marks((0, 9, "B"), (8, 10, "A"), (19, 30, "B"), (20, 22, "A"))
    assert pairs(one, other) == {((0, 10), (8, 10)), ((12, 20), (19, 30))}
    assert pairs(other, one) == {(b, a) for a, b in pairs(one, other)}
    assert partners(one, other, overlapping=False) == {}
    other_layer = Marks({Span("ner", ((0, 10),)): {"A": None}})
    assert partners(one, other_layer, overlapping=True) == {}
    cut = Marks({Span(None, ((0, 2), (8, 10))): {"A": None}})
    assert pairs(cut, marks((3, 7, "A"))) == set()  # between the fragments


def test_more_overlaps_than_anybody_marks_are_refused() -> None:
    size = int(MEETING**0.5) + 2
    one = Marks({Span(None, ((n, 2 * size + n),)): {"A": None} for n in range(size)})
    other = Marks({Span(None, ((n, 2 * size + n + 1),)): {"A": None} for n in range(size)})
    with pytest.raises(ArticleError, match="More than 200,000 pairs"):
        partners(one, other, overlapping=True)


# --- whose, and of which text ------------------------------------------------------------------------------------


def _by(texts: Texts) -> list[tuple[str, list[str]]]:
    return [(text.id, list(text.by)) for text in texts.found()]


def test_whose_a_document_is_by_path_folder_or_name() -> None:
    for expected, files in {
        ("anna", "bob"): [("anna", "x/anna/d.ann"), ("bob", "x/bob/d.ann")],
        ("a1", "b1"): [("all", "all/a1/batch/d.ann"), ("all", "all/b1/batch/d.ann")],
        ("a2", "b2"): [("all", "all/batch/a2.zip!/d.ann"), ("all", "all/batch/b2.zip!/d.ann")],
        ("a3", "b3"): [("all", "all/d_a3.ann"), ("all", "all/d_b3.ann")],
    }.items():
        texts = Texts()
        for given, path in files:
            texts.add(given, _document(path, path.rpartition("/")[2], mentions=MENTIONS))
        assert [names for _, names in _by(texts)] == [[*expected]]
        assert texts.named_by_path == {*expected}


def test_the_same_text_twice_is_no_second_annotator() -> None:
    texts = Texts()
    for id_ in ("one", "two"):
        texts.add("all", _document("all/news.jsonl", id_, mentions=MENTIONS))
    assert _by(texts) == [("one", []), ("two", [])]
    assert texts.left_out[UNNAMED] == 2
    named = Texts()
    for id_ in ("one", "two"):
        for name in ("anna", "bob"):
            mention = _mention("1", "ไทย", "Country", annotator=name)
            named.add("all", _document("all/news.jsonl", id_, mentions=(mention,)))
    assert _by(named) == [("one", ["anna", "bob"]), ("two", ["anna", "bob"])]


def test_one_annotator_in_two_views_of_a_text_is_one() -> None:
    texts = Texts()
    for label, words in (("Country", "ไทย"), ("Place", "พนมเปญ")):
        texts.add("all", _document(mentions=(_mention("1", words, label, annotator="anna"),)))
    (text,) = texts.found()
    assert len(text.by["anna"].spans) == 2


def test_layers_count_where_somebody_used_more_than_one() -> None:
    def by(*layers: str) -> set[str | None]:
        texts = Texts()
        for name, layer in zip(("anna", "bob"), layers, strict=True):
            mentions = [_mention(str(n), "ไทย", "X", layer=one, annotator=name) for n, one in enumerate(layer.split())]
            texts.add("all", _document(mentions=tuple(mentions)))
        (text,) = texts.found()
        return {span.layer for marks in text.by.values() for span in marks.spans}

    assert by("label", "ner") == {None}  # two names for the same
    assert by("pos ner", "ner") == {"pos", "ner"}


def test_names_of_paths() -> None:
    assert names_of(["a/anna/", "a/bob"]) == ["anna", "bob"]
    assert names_of(["anna/news.json", "bob/news.json"]) == ["anna/news", "bob/news"]
    assert names_of(["x.k/", "export.zip"]) == ["x.k", "export"]
    assert names_of(["a", "a"]) == ["a", "a"]
