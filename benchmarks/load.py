"""`python -m benchmarks.load`: loading a real Neo4j, beside a bare loop of the same rows and beside other writers.

All in one run on one private server, whose database is emptied between the rounds. Rounds go in alternating order,
after one on fewer rows that warms the server up; what is reported is the median.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import click
import neo4j

from accordgraph.building import build_store
from accordgraph.pipeline import build_graph
from accordgraph.tables import table
from benchmarks.measure import Measure, node_rows, parameters_for, relationship_rows
from benchmarks.peers import PEERS
from benchmarks.run import WIDTH, measure_table
from benchmarks.synthetic import CLAIMS, Parameters, write_corpus
from graph.build import Graph
from graph.stores import open_store
from graph.stores.base import Location
from graph.stores.schema import constraints
from tools.neo4j_server import LTS, TOOLS, Address, Release, Server, fetch, running

BATCH = 2000  # rows of one statement
FLOOR = "bare UNWIND … MERGE"
OURS = "this project's store"
EVERY = 10  # of so many pieces of evidence one gets a second one beside it
ADDED = 5  # articles are added so often
_ENDS = {
    "SUBJECT": ("Claim", "Entity"),
    "OBJECT": ("Claim", "Entity"),
    "QUALIFIED_BY": ("Claim", "Entity"),
    "MENTIONS": ("Article", "Entity"),
    "EVIDENCED_BY": ("Claim", "Article"),
}
_KEYS = {"SUBJECT": (), "OBJECT": (), "MENTIONS": (), "QUALIFIED_BY": ("role",)}  # others have an id
_PEERS_NEEDED = Path(__file__).parent / "peers-requirements.txt"

Row = dict[str, Any]


@dataclass(frozen=True)
class Load:
    """A graph and its rows: nodes by their labels; relationships by type and the labels of their ends."""

    graph: Graph
    nodes: list[tuple[list[str], list[Row]]]
    relationships: list[tuple[str, str, str, list[tuple[str, str, Row]]]]

    @classmethod
    def of(cls, graph: Graph) -> Load:
        """The rows of a graph, as our store lays them out."""
        nodes = [(_labels(label), list(by_id.values())) for label, by_id in node_rows(graph).items()]
        ties = relationship_rows(graph)
        return cls(graph, nodes, [(t, *_ENDS.get(t, ("Entity", "Entity")), rows) for t, rows in ties.items()])

    @cached_property
    def counts(self) -> tuple[int, int]:
        """How many nodes and how many relationships there are to be found afterwards."""
        return sum(len(rows) for _, rows in self.nodes), sum(len(rows) for *_, rows in self.relationships)

    @cached_property
    def parallel(self) -> int:
        """How many relationships have the ends and the type of another one."""
        ends = {(type_, start, end) for type_, _, _, rows in self.relationships for start, end, _ in rows}
        return self.counts[1] - len(ends)

    def statements(self, verb: str) -> Iterator[tuple[str, list[Row]]]:
        """The plainest statements that load it by CREATE or by MERGE, and their rows."""
        for (label, *kind), rows in self.nodes:
            named = f"n:{kind[0]}, " if kind else ""
            key = " {id: row.id}" if verb == "MERGE" else ""
            yield f"UNWIND $rows AS row {verb} (n:{label}{key}) SET {named}n = row", rows
        for type_, start, end, ties in self.relationships:
            names = _KEYS.get(type_, ("id",)) if verb == "MERGE" else ()
            key = f" {{{', '.join(f'{name}: row.properties.{name}' for name in names)}}}" if names else ""
            yield (
                f"UNWIND $rows AS row MATCH (a:{start} {{id: row.start}}) MATCH (b:{end} {{id: row.end}}) "
                f"{verb} (a)-[r:{type_}{key}]->(b) SET r = row.properties",
                [{"start": a, "end": b, "properties": properties} for a, b, properties in ties],
            )


@dataclass(frozen=True)
class Result:
    """How fast a writer was: `seconds` of every round, the rows it was given, and what was found after the last."""

    writer: str
    seconds: list[float]
    expected: tuple[int, int]
    found: tuple[int, int] = (0, 0)
    problem: str | None = None

    @property
    def rate(self) -> float:
        """Rows a second, of the median round."""
        return sum(self.expected) / median(self.seconds)


def _labels(label: str) -> list[str]:
    return [label] if label in ("Article", "Claim") else ["Entity", label]


def with_parallels(graph: Graph) -> Graph:
    """The graph with a second piece of evidence, from the same article, beside every tenth."""
    again = {f"{id_}-again": replace(graph.evidence[id_], id=f"{id_}-again") for id_ in list(graph.evidence)[::EVERY]}
    return replace(graph, evidence={**graph.evidence, **again}, root_hash=f"{graph.root_hash}-again")


# --- the server and its database ---------------------------------------------------------------------------------


class ReleaseWithApoc(Release):
    """A release with the procedures that neo4j-graphrag's writer calls."""

    @property
    def library(self) -> Path:
        """A folder beside the release's own."""
        return TOOLS / f"neo4j-{self.version}-apoc"

    @property
    def pom(self) -> str:
        """What Maven is to fetch: the newest procedures of the same series."""
        major, minor, _ = self.version.split(".")
        series = f"<version>[{major}.{minor},{major}.{int(minor) + 1})</version>"
        names = ("apoc-core", "apoc-common")
        more = (f"<groupId>org.neo4j.procedure</groupId><artifactId>{name}</artifactId>{series}" for name in names)
        added = "".join(f"<dependency>{one}</dependency>" for one in more)
        return super().pom.replace("</dependencies>", f"{added}</dependencies>")

    def plug_in(self, home: Path) -> None:
        """Puts the procedures where a server looks for such; they are needed on its class path, too."""
        for jar in (self.library / "lib").glob("apoc-*.jar"):
            shutil.copy(jar, home / "plugins")


def server() -> AbstractContextManager[Server] | None:
    """A fresh server, with APOC where Maven fetches it; None, saying why, where none can be had."""
    release = ReleaseWithApoc(LTS.version, LTS.browser_version, LTS.main_class, LTS.java)
    try:
        fetch(release)
    except subprocess.CalledProcessError as problem:
        click.echo(f"Without APOC: {problem}", err=True)
    if not release.missing_jars():
        return running(release, prepare=release.plug_in)
    if why := LTS.missing():
        click.echo(f"Loads of Neo4j are left out: {why}", err=True)
        return None
    return running(LTS)


class Database:
    """The one database of a server, emptied before each round; the unique ids stay."""

    def __init__(self, address: Address) -> None:
        self.address = address
        auth = (address.access.user or "", address.access.password or "")
        self.driver = neo4j.GraphDatabase.driver(address.uri, auth=auth, notifications_min_severity="OFF")

    def __enter__(self) -> Database:
        for statement in constraints():
            self.driver.execute_query(statement)
        return self

    def __exit__(self, *exception: object) -> None:
        self.driver.close()

    @property
    def location(self) -> Location:
        """For what opens stores."""
        return Location(self.address.uri, self.address.access)

    def empty(self) -> None:
        """Removes all nodes and relationships."""
        with self.driver.session() as session:
            for one in ("()-[x]->()", "(x)"):
                session.run(f"MATCH {one} CALL (x) {{ DELETE x }} IN TRANSACTIONS OF 20000 ROWS").consume()

    def counts(self, load: Load) -> tuple[int, int]:
        """How many nodes with labels of the load's and how many relationships there are."""
        labels = "|".join(sorted({label for labels, _ in load.nodes for label in labels}))
        found = self.driver.execute_query(
            f"RETURN COUNT {{ (:{labels}) }} AS nodes, COUNT {{ ()-[]->() }} AS relationships"
        ).records[0]
        return found["nodes"], found["relationships"]


# --- writers -----------------------------------------------------------------------------------------------------

Writer = Callable[[Database, Load], float]  # answers the seconds it took


def ours(database: Database, load: Load) -> float:
    """Our store."""
    with open_store(database.location, write=True) as store:
        return _timed(lambda: store.apply(load.graph))


def bare(verb: str, database: Database, load: Load) -> float:
    """The plainest loop there is: a statement, a batch, the next one."""
    statements = list(load.statements(verb))

    def write() -> None:
        for cypher, rows in statements:
            for first in range(0, len(rows), BATCH):
                database.driver.execute_query(cypher, rows=rows[first : first + BATCH])

    return _timed(write)


def peer(name: str, python: Path, database: Database, load: Load) -> float:
    """Another tool's writer, in a process of its own environment. Raises RuntimeError with what it says if it fails."""
    access = database.address.access
    environment = {
        "PEER_URI": database.address.uri,
        "PEER_USER": access.user or "",
        "PEER_PASSWORD": access.password or "",
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump({"nodes": load.nodes, "relationships": load.relationships}, file)
        file.flush()
        done = subprocess.run(
            [str(python), str(Path(__file__).parent / "peers.py"), name, file.name],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return float(done.stdout.split()[-1])


def peers_python() -> Path | None:
    """The Python of the peers' environment, made on demand; None, saying so, where they cannot be installed."""
    folder = TOOLS / "peers"
    python, complete = folder / "bin" / "python", folder / "complete"
    if not complete.exists() or complete.read_text(encoding="utf-8") != _PEERS_NEEDED.read_text(encoding="utf-8"):
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(_PEERS_NEEDED)]
        if subprocess.run(pip, check=False).returncode:
            click.echo("The other writers cannot be installed here; they are left out.", err=True)
            return None
        complete.write_text(_PEERS_NEEDED.read_text(encoding="utf-8"), encoding="utf-8")
    return python


def _timed(action: Callable[[], object]) -> float:
    begun = perf_counter()
    action()
    return perf_counter() - begun


# --- rounds ------------------------------------------------------------------------------------------------------


def compare(database: Database, load: Load, writers: Mapping[str, Writer], rounds: int) -> list[Result]:
    """Every writer in every round, in the order given and back again; one that fails is not asked again."""
    results = {name: Result(name, [], load.counts) for name in writers}
    for number in range(rounds):
        for name in list(writers)[:: 1 if number % 2 == 0 else -1]:
            if not results[name].problem:
                database.empty()
                results[name] = _round(database, load, results[name], writers[name])
                click.echo(f"  round {number + 1}: {name}", err=True)
    return list(results.values())


def _round(database: Database, load: Load, result: Result, writer: Writer) -> Result:
    try:
        seconds = [*result.seconds, writer(database, load)]
    except RuntimeError as problem:
        return replace(result, problem=str(problem), found=database.counts(load))
    return replace(result, seconds=seconds, found=database.counts(load))


def add_one(database: Database, folder: Path, articles: int) -> list[Measure]:
    """One article more in a store of so many, beside the full load: the store's part, and the whole build."""
    parameters = parameters_for(articles * CLAIMS)
    corpus, one = folder / "corpus", folder / "one"
    write_corpus(corpus, parameters)
    write_corpus(one, Parameters(1, entities=parameters.entities, first=articles), suffix=".md")
    (one / "entities" / "synthetic.yaml").unlink()  # the corpus has it
    before, after = build_graph([corpus]).graph, build_graph([corpus, one]).graph
    database.empty()
    with open_store(database.location, write=True) as store:
        full = _timed(lambda: store.apply(before))
        added = []
        for _ in range(ADDED):
            added.append(_timed(lambda: store.apply(after)))
            store.apply(before)
    database.empty()
    built = _timed(lambda: build_store([corpus], database.location))
    again = _timed(lambda: build_store([corpus, one], database.location))
    what = f"add one article to {articles:,}, "
    return [
        Measure(f"{what}store, the first", added[0], "s", "load all", full),
        Measure(f"{what}store, median of {ADDED}", median(added), "s", "load all", full),
        Measure(f"{what}read, build, store", again, "s", "read, build, store all", built),
    ]


# --- report ------------------------------------------------------------------------------------------------------


def results_table(load: Load, results: Sequence[Result]) -> Iterator[str]:
    """What was loaded, and how each writer did."""
    nodes, relationships = load.counts
    yield f"{nodes:,} nodes and {relationships:,} relationships, {load.parallel:,} of them parallel to another"
    floor = next(result for result in results if result.writer == FLOOR)
    columns = ("writer", "rows/s", "rounds", f"× {FLOOR}", "nodes found", "relationships found")
    yield from table(columns, [_row(result, floor) for result in results], WIDTH)


def _row(result: Result, floor: Result) -> tuple[str, ...]:
    found = [_found(*pair) for pair in zip(result.found, result.expected, strict=True)]
    if result.problem:
        return result.writer, "fails", result.problem[:60], "", *found
    rounds = " ".join(f"{sum(result.expected) / seconds:,.0f}" for seconds in result.seconds)
    return result.writer, f"{result.rate:,.0f}", rounds, f"{result.rate / floor.rate:.2f}", *found


def _found(found: int, expected: int) -> str:
    return "all" if found == expected else f"{found:,} ({found - expected:+,})"


@click.command()
@click.option("--claims", default=100_000, show_default=True, help="Claims stated, to load by our store and the floor.")
@click.option("--peer-claims", default=2_000, show_default=True, help="Claims stated, to load by all writers.")
@click.option("--articles", default=10_000, show_default=True, help="Articles in the store that one is added to.")
@click.option("--rounds", default=3, show_default=True, help="Rounds of each writer.")
@click.option("--json", "target", type=click.Path(dir_okay=False, path_type=Path), help="Writes the figures there too.")
def main(claims: int, peer_claims: int, articles: int, rounds: int, target: Path | None) -> None:
    """Measures loads of a real Neo4j, and one article more."""
    if not (started := server()):
        return
    with tempfile.TemporaryDirectory() as folder, started as address, Database(address) as database:
        report = measured(database, Path(folder), claims, peer_claims, articles, rounds)
    if target:
        target.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def measured(
    database: Database, folder: Path, claims: int, peer_claims: int, articles: int, rounds: int
) -> dict[str, Any]:
    """All measurements, printed as they come; the figures for JSON."""
    writers: dict[str, Writer] = {
        OURS: ours,
        FLOOR: partial(bare, "MERGE"),
        "bare UNWIND … CREATE": partial(bare, "CREATE"),
    }
    python = peers_python()
    peers: dict[str, Writer] = {name: partial(peer, name, python) for name in PEERS} if python else {}
    few = Load.of(with_parallels(_synthetic(folder / "few", peer_claims)))
    compare(database, few, writers, 1)  # warms the server up
    loads = {"few": (few, compare(database, few, writers | peers, rounds))}
    click.echo("\n".join(results_table(*loads["few"])) + "\n")
    many = Load.of(_synthetic(folder / "many", claims))
    loads["many"] = many, compare(database, many, writers, rounds)
    click.echo("\n".join(results_table(*loads["many"])) + "\n")
    more = add_one(database, folder, articles)
    click.echo("\n".join(measure_table(more)))
    results = {name: [asdict(result) for result in results] for name, (_, results) in loads.items()}
    return {**results, "one more": [asdict(one) for one in more]}


def _synthetic(folder: Path, claims: int) -> Graph:
    write_corpus(folder, parameters_for(claims))
    return build_graph([folder]).graph


if __name__ == "__main__":
    sys.exit(main())
