"""Several annotators of one text: joined, counted, preferred; ids stay apart and ties follow their marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph.errors import ArticleError
from loaders.annotators import merged, signatures
from loaders.document import Cluster, Document, Event, Mention, Note, Relation

TEXT = "Thailand and Cambodia signed."


def _document(annotator: str, *, kind: str = "Country", origin: str = "manual", more: bool = False) -> Document:
    mentions = (
        Mention(id="1", types=(kind,), fragments=((0, 8),), annotator=annotator, origin=origin),
        Mention(id="2", types=("Country",), fragments=((13, 21),), annotator=annotator, origin=origin),
    )
    return Document(
        id="d",
        path=f"{annotator}.json",
        format="x",
        text=TEXT,
        mentions=mentions,
        relations=(
            Relation(id="3", type="cooperates", args=(("from", "1"), ("to", "2")), annotator=annotator, origin=origin),
        ),
        events=(Event(id="4", type="sign", trigger="2", args=(("who", "1"),), annotator=annotator, origin=origin),)
        if more
        else (),
        clusters=(Cluster(id="5", type=None, members=("1", "2"), annotator=annotator, origin=origin),) if more else (),
        notes=(Note(target="1", type=None, text=annotator),),
    )


def test_all_keeps_every_mark_of_everybody_and_ids_stay_apart() -> None:
    (one,) = merged([_document("ann", more=True), _document("bob", more=True)])
    assert [m.id for m in one.mentions] == ["1", "2", "1@bob", "2@bob"]
    assert one.relations[1].args == (("from", "1@bob"), ("to", "2@bob"))
    assert (one.events[1].trigger, one.events[1].args) == ("2@bob", (("who", "1@bob"),))
    assert one.clusters[1].members == ("1@bob", "2@bob")
    assert [note.target for note in one.notes] == ["1", "1@bob"]


def test_union_keeps_each_mark_once() -> None:
    (one,) = merged([_document("ann"), _document("bob", kind="Place")], "union")
    assert [(m.id, m.types) for m in one.mentions] == [("1", ("Country",)), ("2", ("Country",)), ("1@bob", ("Place",))]
    assert [relation.args for relation in one.relations] == [
        (("from", "1"), ("to", "2")),
        (("from", "1@bob"), ("to", "2")),
    ]
    (same,) = merged([_document("ann", more=True), _document("bob", more=True)], "union")
    assert [len(part) for part in (same.mentions, same.relations, same.events, same.clusters)] == [2, 1, 1, 1]


def test_a_relation_to_another_file_is_the_same_where_its_ends_are() -> None:
    def made(annotator: str, end: str) -> Document:
        one = _document(annotator)
        args = (("from", "1"), ("to", end))
        return replace(one, relations=(replace(one.relations[0], args=args, elsewhere=(end,)),))

    (one,) = merged([made("ann", "x"), made("bob", "x"), made("eve", "y")], "union")
    assert [(relation.args[1], relation.elsewhere) for relation in one.relations] == [
        (("to", "x"), ("x",)),
        (("to", "y"), ("y",)),
    ]


def test_a_majority_must_agree_and_ties_need_their_marks() -> None:
    (one,) = merged([_document("ann"), _document("bob", kind="Place"), _document("cy")], "majority:2")
    assert [(m.id, m.types) for m in one.mentions] == [("1", ("Country",)), ("2", ("Country",))]
    assert len(one.relations) == 1
    (none,) = merged([_document("ann"), _document("bob", kind="Place")], "majority:2")
    assert [m.id for m in none.mentions] == ["2"]
    assert not none.relations


def test_whoever_is_preferred_is_taken_where_there_is_anything_of_theirs() -> None:
    (one,) = merged([_document("ann"), _document("bob", kind="Place")], "prefer:bob")
    assert [m.types for m in one.mentions] == [("Place",), ("Country",)]
    (curated,) = merged(
        [_document("ann"), _document("CURATION_USER", kind="Place", origin="curation")], "prefer:curation"
    )
    assert [m.types for m in curated.mentions] == [("Place",), ("Country",)]
    (others,) = merged([_document("ann")], "prefer:bob")
    assert len(others.mentions) == 2


def test_documents_of_other_texts_stay_apart_and_in_order() -> None:
    other = Document(id="d", path="y", format="x", text="another text")
    assert [one.text for one in merged([_document("ann"), other, _document("bob")])] == [TEXT, "another text"]


@pytest.mark.parametrize("policy", ["some", "majority:0", "majority:x", "prefer:", ""])
def test_another_policy_is_refused(policy: str) -> None:
    with pytest.raises(ArticleError, match="give all, union, majority:N or prefer:NAME"):
        list(merged([], policy))


def test_circles_and_long_chains_end() -> None:
    circle = tuple(
        Event(id=str(i), type="e", trigger=None, args=(("next", str((i + 1) % 3000)),), annotator="a")
        for i in range(3000)
    )
    document = Document(id="d", path="x", format="x", text="", events=circle)
    assert len(signatures(document)) == 3000
