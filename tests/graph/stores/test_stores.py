"""What every store promises, on every engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.build import Graph
from graph.errors import StoreError, VocabularyError
from graph.stores import Changes, Store, bolt
from graph.vocabulary import vocabulary

Statement = dict[str, Any]
MakeGraph = Callable[..., Graph]

AWKWARD = (
    "null \0 byte",
    "`back`tick` 'quote' \"double\" \\ back\\slash",
    "'}) DETACH DELETE n //",
    "$rows {id: 1} /* */ ; \n\r\t\u2028",
    "ស្ថានទូត ສະຖານທູດ သံရုံး 大使馆 🇹🇭👨‍👩‍👧 e\u0301 \u202eright to left\u202c שלום",
)
BIG = "ตำรวจ" * 70_000  # a megabyte of UTF-8


def test_the_graph_comes_back_as_it_was(store: Store, make: MakeGraph, mou: Statement, meeting: Statement) -> None:
    graph = make(mou, meeting, offices=("Minister of X, agency:y, 2019-07/2023-09",), wikidata=("Q1",))
    changes = store.apply(graph)
    assert store.graph() == graph
    assert store.root_hash() == graph.root_hash
    assert changes == Changes(created=6 + 2 + 2 + 2 + 2)


def test_the_same_again_writes_nothing(store: Store, make: MakeGraph, mou: Statement) -> None:
    store.apply(make(mou))
    told: list[tuple[int, int]] = []
    assert not store.apply(make(mou), lambda done, total: told.append((done, total)))
    assert told == []


def test_progress_ends_at_the_total(store: Store, make: MakeGraph, mou: Statement) -> None:
    told: list[tuple[int, int]] = []
    store.apply(make(mou), lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0
    assert told == sorted(told)


def test_a_changed_article_touches_what_depends_on_it(
    store: Store, make: MakeGraph, mou: Statement, meeting: Statement
) -> None:
    store.apply(make(mou, meeting))
    changed = make(mou, {**meeting, "day": "2023-01-02"})
    # the article and the edge are rewritten; the claim, which is content-hashed, and its evidence are others
    assert store.apply(changed) == Changes(created=2, updated=2, deleted=2, unchanged=6 + 1 + 1 + 1 + 1)
    assert store.graph() == changed


def test_a_second_article_that_says_the_same_adds_evidence(
    store: Store, make: MakeGraph, mou: Statement, meeting: Statement
) -> None:
    store.apply(make(mou, meeting))
    both = make(mou, meeting, {**meeting, "article": "a3"})
    assert store.apply(both) == Changes(created=2, updated=1, unchanged=6 + 2 + 2 + 2 + 1)
    assert store.graph() == both


def test_what_nothing_supports_any_more_goes(store: Store, make: MakeGraph, mou: Statement, meeting: Statement) -> None:
    store.apply(make(mou, meeting))
    store.apply(make(meeting))
    assert store.graph() == make(meeting)
    assert store.rows("MATCH (n) WHERE NOT n:Build RETURN count(n)").rows == [(2 + 1 + 1,)]
    assert store.rows("MATCH ()-[r]->() RETURN count(r)").rows == [(1 + 2 + 1 + 1,)]


def test_a_renamed_speaker_is_renamed_in_the_evidence(store: Store, make: MakeGraph, mou: Statement) -> None:
    store.apply(make(mou))
    store.apply(make(mou, names={"official:chaiwut": "ชัยวุฒิ"}))
    found = store.rows("MATCH (:Claim)-[e:EVIDENCED_BY]->(:Article) RETURN e.speaker, e.speaker_name")
    assert found.rows == [("official:chaiwut", "ชัยวุฒิ")]


def test_properties_and_relationships_are_what_templates_expect(store: Store, make: MakeGraph, mou: Statement) -> None:
    store.apply(make(mou))
    found = store.rows(
        "MATCH (k:Claim {relation: 'SIGNED'})-[:SUBJECT]->(x:Country), (k)-[:OBJECT]->(y:Agreement) "
        "MATCH (k)-[:QUALIFIED_BY {role: 'at'}]->(p:Place) MATCH (k)-[e:EVIDENCED_BY]->(a:Article)-[:MENTIONS]->(x) "
        "MATCH (x)-[s:SIGNED]->(y) WHERE k.id IN s.claims AND k.first_day <= '2023' AND k.last_day IS NULL "
        "RETURN x.kind AS kind, p.name AS place, k.count AS count, e.quote AS quote, a.known_from, s.articles, s.stages"
    )
    assert found.columns == ("kind", "place", "count", "quote", "a.known_from", "s.articles", "s.stages")
    expected = ("Country", "place:phnom-penh", 2, "ลงนามบันทึกความเข้าใจ", "2022-12-31", 1, ["signed"])
    assert found.rows == [expected]


# --- any text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*AWKWARD, BIG], ids=lambda text: ascii(text[:12]))
def test_text_is_stored_and_found_verbatim(
    store: Store, make: MakeGraph, mou: Statement, meeting: Statement, text: str
) -> None:
    graph = make({**mou, "quote": text, "title": text}, meeting, names={"country:TH": text}, note=(text, ""))
    store.apply(graph)
    assert store.graph() == graph
    assert store.rows("MATCH (n:Entity {name: $name}) RETURN n.id", {"name": text}).rows == [("country:TH",)]
    assert store.rows("MATCH ()-[e:EVIDENCED_BY]->() WHERE e.quote = $quote RETURN count(e)", {"quote": text}).rows == [
        (1,)
    ]


_ENTITIES = ("country:TH", "country:KH", "agency:police", "official:k", "agreement:mou", "crime:scam")
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20) | st.sampled_from(AWKWARD)
_STATEMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "article": st.sampled_from(["a", "b", "c"]),
            "subject": st.sampled_from(_ENTITIES),
            "relation": st.sampled_from(["signed", "meets-with", "shares-intel", "linked-to"]),
            "object": st.sampled_from(_ENTITIES),
            "quote": _TEXT,
        },
        optional={
            "day": st.sampled_from(["2021-08", "2022-07-11"]),
            "stage": st.sampled_from(list(vocabulary().stages)),
            "polarity": st.sampled_from(["affirmed", "denied"]),
            "speaker": st.sampled_from(_ENTITIES),
            "values": st.dictionaries(st.sampled_from(["unit", "framing", "title"]), _TEXT, max_size=2),
            "roles": st.dictionaries(
                st.sampled_from(["at", "who"]), st.sets(st.sampled_from(_ENTITIES), min_size=1).map(sorted).map(tuple)
            ),
        },
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statements=_STATEMENTS, names=st.dictionaries(st.sampled_from(_ENTITIES), _TEXT))
def test_any_graph_follows_any_other(
    engine: Store, make: MakeGraph, statements: list[Statement], names: dict[str, str]
) -> None:
    # each example finds the graph of the one before in the store
    graph = make(*statements, names=names)
    engine.apply(graph)
    assert engine.graph() == graph
    assert not engine.apply(graph)


def test_labels_come_from_the_vocabulary_only(store: Store, make: MakeGraph, mou: Statement) -> None:
    graph = make(mou)
    bad = {**graph.entities, "x:y": replace(graph.entities["country:TH"], id="x:y", kind="Official) DELETE (n")}
    with pytest.raises(VocabularyError, match="Unknown kind"):
        store.apply(Graph(bad, graph.articles, graph.claims, graph.evidence, graph.edges, "other"))


def test_a_fact_cannot_hide_a_property(store: Store, make: MakeGraph, mou: Statement) -> None:
    with pytest.raises(StoreError, match="Fact 'hash' of"):
        store.apply(make(mou, hash=("x",)))


# --- asking --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cypher",
    [
        "CREATE (n:Entity {id: 'x'}) RETURN n",
        "MATCH (n:Entity) SET n.name = 'x' RETURN n",
        "MATCH (n:Entity) DETACH DELETE n",
        "MATCH (n:Entity) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS",
        "MATCH (n:Entity) CALL { WITH n SET n.name = 'x' } IN TRANSACTIONS",
        "CREATE INDEX FOR (n:Entity) ON (n.country)",
    ],
)
def test_a_question_changes_nothing(store: Store, make: MakeGraph, mou: Statement, cypher: str) -> None:
    graph = make(mou)
    store.apply(graph)
    try:
        store.rows(cypher)
    except StoreError as error:
        assert error.way_out  # noqa: PT017  # some engines refuse, the others undo
    assert store.graph() == graph


def test_values_are_plain(store: Store, make: MakeGraph, meeting: Statement) -> None:
    store.apply(make(meeting))
    found = store.rows(
        "MATCH p = (x:Country {id: 'country:KH'})-[e:MEETS_WITH]-(y:Country) "
        "RETURN x, e, p, date('2022-07-11') AS day, [1, 2.5, null, 'a'] AS several, {a: [true]} AS map"
    )
    (x, e, p, day, several, map_) = found.rows[0]
    assert x["labels"] == ["Country", "Entity"]
    assert x["properties"]["id"] == "country:KH"
    assert e["type"] == "MEETS_WITH"
    assert e["properties"]["articles"] == 1
    assert [node["properties"]["id"] for node in p["nodes"]] == ["country:KH", "country:TH"]
    assert p["relationships"] == [e]
    assert (day, several, map_) == ("2022-07-11", [1, 2.5, None, "a"], {"a": [True]})


@pytest.mark.parametrize(
    ("cypher", "parameters"),
    [("NO CYPHER", {}), ("RETURN $absent", {}), ("RETURN $x", {"x": "\ud800"}), ("RETURN 1 / 0", {})],
)
def test_what_is_wrong_with_a_query_is_said(store: Store, cypher: str, parameters: dict[str, object]) -> None:
    with pytest.raises(StoreError) as caught:
        store.rows(cypher, parameters)
    assert caught.value.__cause__
    assert caught.value.way_out
    assert "\n" not in str(caught.value)
    assert store.rows("RETURN 1 AS one").rows == [(1,)]


def test_a_question_may_not_take_for_ever(store: Store) -> None:
    endless = "UNWIND range(1, 8000) AS a UNWIND range(1, 8000) AS b RETURN sum(a * b)"
    with pytest.raises(StoreError):
        store.rows(endless, timeout=0.05)
    assert store.rows("RETURN 1 AS one").rows == [(1,)]


def test_nothing_is_said_by_the_way(
    store: Store, make: MakeGraph, mou: Statement, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    store.apply(make(mou))
    store.rows("MATCH (n:NoSuchLabel)-[:NO_SUCH_TYPE]->() RETURN n.no_such_property")
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


# --- loads that were cut off ---------------------------------------------------------------------------------------


def test_nothing_is_taken_on_trust_after_a_load_that_was_cut_off(
    store: Store, make: MakeGraph, mou: Statement, meeting: Statement
) -> None:
    graph = make(mou, meeting)
    store.apply(graph)
    for damage in (
        "MATCH (b:Build) SET b.root_hash = null",
        "MATCH (:Claim)-[q:QUALIFIED_BY {role: 'at'}]->() DELETE q",
        "MATCH ()-[e:MEETS_WITH]->() SET e.articles = 7",
        "MATCH (:Claim {relation: 'MEETS_WITH'})-[e:EVIDENCED_BY]->() DELETE e",
        "MATCH (a:Article {id: 'a2'}) SET a.title = 'wrong'",
        "MATCH (n:Entity {id: 'country:KH'}) SET n.extra = ['x']",
    ):
        _write(store, damage)
    assert store.root_hash() is None
    assert store.graph() != graph
    store.apply(graph)
    assert store.graph() == graph


def test_a_load_in_many_transactions_ends_the_same(
    store: Store, make: MakeGraph, mou: Statement, meeting: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(store, bolt.BoltStore)
    monkeypatch.setattr(store, "_atomic", False)
    monkeypatch.setattr(bolt, "BATCH", 2)
    monkeypatch.setattr(bolt, "TRANSACTION", 4)
    for graph in (make(mou, meeting), make(meeting), make(mou)):
        store.apply(graph)
        assert store.graph() == graph


def _write(store: Store, cypher: str) -> None:
    assert isinstance(store, bolt.BoltStore)
    with store._writing() as session:
        session.run(cypher).consume()
