"""What only a server is asked for: room shared with other data, one loader at a time, names found in every script."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import neo4j
import pytest

from accordgraph.verify import verify
from graph.build import Graph
from graph.errors import StoreError
from graph.stores import Access, Store, bolt, lease, open_store
from tools.neo4j_server import Address

MakeGraph = Callable[..., Graph]
Statement = dict[str, Any]
SERVERS = (
    pytest.param("neo4j_lts", marks=pytest.mark.xdist_group("neo4j")),
    pytest.param("neo4j_newest", marks=pytest.mark.xdist_group("neo4j-newest")),
)
POLICE = "สำนักงานตำรวจแห่งชาติ"


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Address:
    address: Address = request.getfixturevalue(request.param)
    return address


@pytest.fixture
def database(server: Address) -> Iterator[neo4j.Driver]:
    """The server's database as its owner sees it, empty before and after."""
    auth = (server.access.user or "", server.access.password or "")
    with neo4j.GraphDatabase.driver(server.uri, auth=auth, notifications_min_severity="OFF") as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
        for (name,) in _values(driver, "SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'accordgraph_'"):
            driver.execute_query(f"DROP CONSTRAINT {name}")
        yield driver
        driver.execute_query("MATCH (n) DETACH DELETE n")


@pytest.fixture
def store(server: Address, database: neo4j.Driver) -> Iterator[Store]:
    with open_store(server.uri, write=True, access=server.access) as opened:
        yield opened


def _values(database: neo4j.Driver, cypher: str, **parameters: Any) -> list[list[Any]]:
    return [record.values() for record in database.execute_query(cypher, parameters).records]


# --- other data in the same database


def test_other_data_stays_bit_by_bit(store: Store, database: neo4j.Driver, make: MakeGraph, mou: Statement) -> None:
    database.execute_query(
        "CREATE (a:Cat:Pet {name: 'Tom', lives: 9, hash: 'x'})-[:CHASES {since: date('2020-01-01')}]->(:Mouse), (a)-[:SIGNED]->(a), ()"
    )
    database.execute_query("CREATE CONSTRAINT cat IF NOT EXISTS FOR (n:Cat) REQUIRE n.name IS UNIQUE")
    everything = "MATCH (n) WHERE n:Cat OR n:Mouse OR labels(n) = [] OPTIONAL MATCH (n)-[r]->() RETURN elementId(n), labels(n), properties(n), elementId(r), type(r), properties(r) ORDER BY elementId(n), elementId(r)"
    before = _values(database, everything)
    store.apply(make(mou))
    store.apply(make())
    store.apply(make(mou))
    assert verify(store, make(mou)) == []
    assert _values(database, everything) == before
    assert store.clear() > 0
    assert _values(database, everything) == before
    assert _values(database, "MATCH (n) RETURN count(n)") == [[3]]
    assert [name for (name,) in _values(database, "SHOW CONSTRAINTS YIELD name")] == ["cat"]
    assert not _values(database, "SHOW INDEXES YIELD name WHERE name STARTS WITH 'accordgraph' RETURN name")
    database.execute_query("DROP CONSTRAINT cat")
    assert store.root_hash() is None


@pytest.mark.parametrize("label", ["Entity", "Country", "Article", "Claim"])
def test_a_database_that_uses_our_labels_is_refused(
    store: Store, database: neo4j.Driver, make: MakeGraph, mou: Statement, label: str
) -> None:
    database.execute_query(f"CREATE (:{label}:Cat {{id: 'country:TH', name: 'Tom'}})")
    with pytest.raises(StoreError, match=rf"label of this graph \(:.*{label}.*; use another database"):
        store.apply(make(mou))
    assert _values(database, "MATCH (n) RETURN n.name") == [["Tom"]]
    assert not _values(database, "SHOW CONSTRAINTS YIELD name")


def test_nodes_of_others_that_come_later_are_neither_read_nor_deleted(
    store: Store, database: neo4j.Driver, make: MakeGraph, mou: Statement, meeting: Statement
) -> None:
    store.apply(make(mou))
    database.execute_query("CREATE (:Entity:Cat {name: 'Tom'}), (:Article {name: 'Tim'})")
    for recheck in (False, True):
        store.apply(make(meeting), recheck=recheck)
        store.apply(make(mou), recheck=recheck)
        assert store.graph() == make(mou)
    assert _values(database, "MATCH (n) WHERE n.name IN ['Tom', 'Tim'] RETURN count(n)") == [[2]]
    assert [str(one) for one in verify(store)] == [
        "extra in the store: Entity nodes (1 too many)",
        "extra in the store: Article nodes (1 too many)",
    ]


def test_a_node_that_others_have_tied_something_to_is_not_deleted(
    store: Store, database: neo4j.Driver, make: MakeGraph, mou: Statement, meeting: Statement
) -> None:
    graph = make(mou)
    store.apply(graph)
    database.execute_query("MATCH (n {id: 'agreement:mou'}) CREATE (n)<-[:ABOUT]-(:Note {text: 'mine'})")
    told = r"agreement:mou has a relationship that is not of this graph \(ABOUT\)"
    with pytest.raises(StoreError, match=told):
        store.apply(make(meeting))
    with pytest.raises(StoreError, match=told):
        store.clear()
    assert store.graph() == graph
    assert _values(database, "MATCH (:Note)-[r:ABOUT]->(n) RETURN n.id") == [["agreement:mou"]]
    database.execute_query("MATCH (n:Note) DETACH DELETE n")
    store.apply(make(meeting))
    assert store.graph() == make(meeting)


def test_an_altered_edge_and_a_doubled_one_are_found_and_the_first_is_mended(
    store: Store, database: neo4j.Driver, make: MakeGraph, mou: Statement
) -> None:
    graph = make(mou)
    store.apply(graph)
    database.execute_query("MATCH (:Entity)-[e:SIGNED]->() SET e.sources = 9")
    database.execute_query("MATCH (a:Entity)-[e:SIGNED]->(b) CREATE (a)-[f:SIGNED]->(b) SET f = properties(e)")
    assert {one.how for one in verify(store, graph)} == {"altered", "extra"}
    database.execute_query("MATCH ()-[e:SIGNED]->() WITH e LIMIT 1 DELETE e")
    assert not store.apply(graph)  # by its hashes nothing has changed
    assert store.apply(graph, recheck=True).updated == 1
    assert verify(store, graph) == []


# --- one loader at a time


def test_a_second_loader_is_told_of_the_first(
    server: Address, store: Store, make: MakeGraph, mou: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "PATIENCE", 0.1)
    assert isinstance(store, bolt.BoltStore)
    with (
        store._writing() as session,
        store._leased(session),
        open_store(server.uri, write=True, access=server.access) as second,
        pytest.raises(StoreError, match=r"Another loader is writing \(process \d+ on .*; wait until"),
    ):
        second.apply(make(mou))
    with open_store(server.uri, write=True, access=server.access) as second:
        assert second.apply(make(mou))


def test_a_loader_that_died_is_taken_over(
    store: Store, database: neo4j.Driver, make: MakeGraph, mou: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "PATIENCE", 0.1)
    store.apply(make(mou))
    mark = "MATCH (b:Build) SET b.loader = $loader, b.beat = timestamp() - $ago"
    database.execute_query(mark, loader="elsewhere/1/ab", ago=1000)
    with pytest.raises(StoreError, match="process 1 on elsewhere, last heard of 1 s ago"):
        store.apply(make())
    database.execute_query(mark, loader="elsewhere/1/ab", ago=61_000)
    store.apply(make())
    database.execute_query(mark, loader=f"{socket.gethostname()}/4194305/ab", ago=0)  # no such process
    store.apply(make(mou))
    assert _values(database, "MATCH (b:Build) RETURN b.loader, b.beat") == [[None, None]]


def test_a_loader_that_was_taken_over_writes_no_more(
    store: Store, database: neo4j.Driver, make: MakeGraph, mou: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bolt, "BATCH", 2)
    monkeypatch.setattr(bolt, "TRANSACTION", 4)
    calls = []

    def run(*arguments: Any) -> int:
        calls.append(arguments)
        if len(calls) == 3:
            database.execute_query("MATCH (b:Build) SET b.loader = 'elsewhere/1/ab'")
        return write(*arguments)

    write = bolt._run
    monkeypatch.setattr(bolt, "_run", run)
    with pytest.raises(StoreError, match="Another loader has taken over"):
        store.apply(make(mou))
    assert store.root_hash() is None
    database.execute_query("MATCH (b:Build) REMOVE b.loader, b.beat")
    store.apply(make(mou))
    assert verify(store, make(mou)) == []


# --- names in every script


@pytest.mark.parametrize(
    ("name", "word"),
    [
        (POLICE, "ตำรวจ"),
        (POLICE, POLICE),
        ("នគរបាលជាតិកម្ពុជា", "កម្ពុជា"),
        ("国家警察总局", "警察"),
        ("日本国警察庁", "警察"),
        ("Royal Thai Police", "police"),
        ("Kepolisian Negara", "kepolisian"),
        ("الشرطة الملكية", "الشرطة"),
    ],
)
def test_a_word_finds_the_name_it_stands_in(
    store: Store, database: neo4j.Driver, make: MakeGraph, mou: Statement, name: str, word: str
) -> None:
    store.apply(make(mou, names={"agreement:mou": name}))
    database.execute_query("CALL db.awaitIndexes()")
    database.execute_query("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")
    found = _values(
        database, "CALL db.index.fulltext.queryNodes('accordgraph_names', $word) YIELD node RETURN node.id", word=word
    )
    assert ["agreement:mou"] in found


# --- how it is reached


def test_routing_leads_to_the_same_database(
    server: Address, store: Store, make: MakeGraph, mou: Statement, meeting: Statement
) -> None:
    store.apply(make(mou))
    routed = server.uri.replace("bolt://", "neo4j://")
    with open_store(routed, write=True, access=server.access) as cluster:
        assert cluster.graph() == make(mou)
        cluster.apply(make(meeting))
        assert cluster.rows("MATCH (k:Claim) RETURN count(k)").rows == [(1,)]
    assert store.graph() == make(meeting)


# --- who may not


def test_a_wrong_password_and_a_wrong_database_are_told_apart(server: Address) -> None:
    user, password = server.access.user, server.access.password
    with pytest.raises(StoreError, match=r"User or password refused.*--user"):
        open_store(server.uri, access=Access(user, "wrong"))
    with (
        pytest.raises(StoreError, match=r"No such database .*--database"),
        open_store(server.uri, write=True, access=Access(user, password, "nowhere")) as store,
    ):
        store.root_hash()


@pytest.mark.parametrize(
    ("agent", "refused"),
    [
        ("Neo4j/4.4.38", True),
        ("Neo4j/5.25.1", True),
        ("Neo4j/5.26.0", False),
        ("Neo4j/2026.08.1", False),
        ("Neo4j/v5.11.0 compatible graph database server - Memgraph", False),
    ],
)
def test_a_server_that_is_too_old_is_refused(agent: str, refused: bool) -> None:
    if refused:
        with pytest.raises(StoreError, match=r"too old \(Neo4j/.*; use Neo4j 5.26 or newer"):
            bolt._refuse_old(agent, "bolt://x")
    else:
        bolt._refuse_old(agent, "bolt://x")


def test_a_password_is_shown_nowhere() -> None:
    assert "secret" not in repr(Access("neo4j", "secret", "db"))
