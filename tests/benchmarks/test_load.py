"""Loads of a real Neo4j: the rows are the graph's, the bare statements load all of them, the report tells what is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from accordgraph.pipeline import build_graph
from benchmarks.load import (
    FLOOR,
    OURS,
    Database,
    Load,
    ReleaseWithApoc,
    Result,
    Writer,
    add_one,
    bare,
    compare,
    ours,
    results_table,
    with_parallels,
)
from benchmarks.measure import parameters_for
from benchmarks.synthetic import write_corpus
from graph.stores import open_store
from tools.neo4j_server import LTS, Address, given

CLAIMS = 40


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, parameters_for(CLAIMS))
    return Load.of(with_parallels(build_graph([folder]).graph))


def test_the_rows_are_all_of_the_graph(load: Load) -> None:
    graph = load.graph
    nodes, relationships = load.counts
    assert nodes == len(graph.entities) + len(graph.articles) + len(graph.claims)
    mentions = sum(len(article.mentions) for article in graph.articles.values())
    roles = sum(len(ids) for claim in graph.claims.values() for ids in claim.roles.values())
    assert relationships == len(graph.edges) + 2 * len(graph.claims) + len(graph.evidence) + mentions + roles


def test_every_tenth_evidence_has_a_parallel(load: Load) -> None:
    again = [one for id_, one in load.graph.evidence.items() if id_.endswith("-again")]
    assert load.parallel == len(again) == CLAIMS // 10


@pytest.mark.parametrize("verb", ["MERGE", "CREATE"])
def test_the_bare_statements_hold_every_row_once(load: Load, verb: str) -> None:
    statements = list(load.statements(verb))
    assert sum(len(rows) for _, rows in statements) == sum(load.counts)
    assert all(verb in cypher and cypher.startswith("UNWIND $rows") for cypher, _ in statements)


def test_merging_goes_by_id_so_that_parallels_stay(load: Load) -> None:
    merge = next(cypher for cypher, _ in load.statements("MERGE") if ":EVIDENCED_BY" in cypher)
    assert "[r:EVIDENCED_BY {id: row.properties.id}]" in merge


def test_rows_are_what_another_process_can_be_told(load: Load) -> None:
    told = json.loads(json.dumps({"nodes": load.nodes, "relationships": load.relationships}))
    assert [len(rows) for _, rows in told["nodes"]] == [len(rows) for _, rows in load.nodes]


def test_the_table_tells_ratio_loss_and_failure(load: Load) -> None:
    nodes, relationships = load.counts
    results = [
        Result(FLOOR, [2.0, 1.0, 4.0], load.counts, load.counts),
        Result(OURS, [1.0], load.counts, load.counts),
        Result("loses", [4.0], load.counts, (nodes, relationships - 4)),
        Result("breaks", [], load.counts, (nodes, 0), problem="FAILURE: no such procedure"),
    ]
    head, _, _, *rows = results_table(load, results)
    assert head.startswith(f"{nodes:,} nodes and {relationships:,} relationships, 4 of them parallel")
    floor, ours_, loses, breaks = ([cell.strip() for cell in row.split("  ") if cell.strip()] for row in rows)
    assert floor[3:] == ["1.00", "all", "all"]
    assert ours_[3:] == ["2.00", "all", "all"]
    assert loses[3:] == ["0.50", "all", f"{relationships - 4:,} (-4)"]
    assert breaks[1:] == ["fails", "FAILURE: no such procedure", "all", f"0 (-{relationships:,})"]


def test_the_procedures_are_of_the_release_s_series() -> None:
    release = ReleaseWithApoc(LTS.version, LTS.browser_version, LTS.main_class, LTS.java)
    assert release.pom.count("<version>[5.26,5.27)</version>") == 2
    assert release.library != LTS.library


# --- on a real server --------------------------------------------------------------------------------------------


@pytest.fixture
def database(neo4j_lts: Address) -> Iterator[Database]:
    if given():
        pytest.skip("a server of somebody else's is not emptied")
    with Database(neo4j_lts) as database:
        yield database
        database.empty()


@pytest.mark.xdist_group("neo4j")
def test_our_store_and_the_floor_load_the_same(load: Load, database: Database) -> None:
    writers: dict[str, Writer] = {OURS: ours, FLOOR: partial(bare, "MERGE"), "create": partial(bare, "CREATE")}
    results = compare(database, load, writers, 2)
    assert [result.found for result in results] == [load.counts] * 3
    assert all(len(result.seconds) == 2 and result.rate > 0 for result in results)
    database.empty()
    assert database.counts(load) == (0, 0)


@pytest.mark.xdist_group("neo4j")
def test_a_writer_that_fails_is_asked_once(load: Load, database: Database) -> None:
    asked = []

    def breaks(_: Database, load: Load) -> float:
        asked.append(load)
        raise RuntimeError("no such procedure")

    (result,) = compare(database, load, {"breaks": breaks}, 2)
    assert (result.problem, len(asked)) == ("no such procedure", 1)


@pytest.mark.xdist_group("neo4j")
def test_one_article_is_added_beside_the_full_load(database: Database, tmp_path: Path) -> None:
    measures = add_one(database, tmp_path, 5)
    with open_store(database.location) as store:
        assert len(store.graph().articles) == 6
    assert [one.what.partition(", ")[2] for one in measures] == [
        "store, the first",
        "store, median of 5",
        "read, build, store",
    ]
    assert all(one.ratio and one.ratio > 0 for one in measures)
