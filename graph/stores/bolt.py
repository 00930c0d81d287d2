"""The store behind a Bolt port, spoken to with the official driver: the embedded engine and any Neo4j alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from graph.errors import StoreError
from graph.stores.base import LAYOUT, TIMEOUT, Access, Changes, Progress, Rows
from graph.stores.driver import driver_package
from graph.stores.failures import engine_errors

if TYPE_CHECKING:  # a question needs neither the model nor, before it connects, the driver
    from neo4j import Driver, ManagedTransaction, Session

    from graph.build import Graph
    from graph.stores.difference import Plan, Step
    from graph.stores.lease import Lease
    from graph.stores.reading import Ask

BATCH = 2000  # rows of one statement
TRANSACTION = 20_000  # rows of one transaction on a server, whose memory for transactions is limited
WRITE_TIMEOUT = 120.0  # seconds that one transaction may take there, waiting for locks included
RETRY = 30.0  # seconds for which a transaction is tried again after a fault that may pass
OLDEST = (5, 26)  # Neo4j

_SEAL = "UNWIND $rows AS row MERGE (b:Build {id: 'current'}) SET b.root_hash = row.root_hash, b.layout = row.layout"
_STATE = "MATCH (b:Build {id: 'current'}) RETURN b.root_hash, b.layout"
_MEND = "mend the query"
Answer = TypeVar("Answer")


def connect(address: str, user: str | None, password: str | None) -> Driver:
    """A driver for the server at this address; it connects when first used. Raises StoreError for a bad address."""
    neo4j = driver_package()
    with engine_errors(address, _MEND):
        driver: Driver = neo4j.GraphDatabase.driver(
            address,
            auth=(user, password or "") if user else None,
            max_transaction_retry_time=RETRY,
            notifications_min_severity="OFF",  # hints about labels not in use yet would go to standard error
        )
    return driver


def open_server(address: str, access: Access, *, write: bool) -> BoltStore:
    """The store in a database of a server.

    Raises StoreError where the server does not answer, is too old, or does not let us in.
    """
    driver = connect(address, access.user, access.password)
    with ExitStack() as opened, engine_errors(address, _MEND):
        opened.callback(driver.close)
        # at once, where transactions would go on trying for a while
        agent = driver.get_server_info().agent
        _refuse_old(agent, address)
        opened.pop_all()
    return BoltStore(driver, driver if write else None, access.database, place=address)


def _refuse_old(agent: str, address: str) -> None:
    """Refuses a Neo4j older than OLDEST; what else speaks Bolt is taken at its word."""
    found = re.fullmatch(r"Neo4j/(\d+)\.(\d+).*", agent)
    if found and (int(found[1]), int(found[2])) < OLDEST:
        raise StoreError(
            f"The server is too old ({agent})", path=address, way_out=f"use Neo4j {'.'.join(map(str, OLDEST))} or newer"
        )


class BoltStore:
    """A graph in one database of a server that speaks Bolt.

    `reader` and `writer` are drivers, `writer` None where the store is open for reading only. An `atomic` store applies
    a graph in one transaction, however large. `place` is what errors call the store, `repair` what they advise where it
    cannot be written, `stop` what ends its engine.
    """

    def __init__(
        self,
        reader: Driver,
        writer: Driver | None,
        database: str | None,
        *,
        place: str,
        repair: str = "see the server's log, and build again",
        atomic: bool = False,
        stop: Callable[[], None] = lambda: None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._database = database
        self._place = place
        self._repair = repair
        self._atomic = atomic
        self._stop = stop
        # so that what this store writes is what it reads, whichever member of a cluster answers
        self._bookmarks = None if atomic else driver_package().GraphDatabase.bookmark_manager()

    def __enter__(self) -> BoltStore:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connections, and an embedded engine with them; closing twice is no error."""
        self._reader.close()
        if self._writer:
            self._writer.close()
        self._stop()

    # --- reading

    def rows(self, cypher: str, parameters: Mapping[str, object] | None = None, *, timeout: float = TIMEOUT) -> Rows:
        """The answer to a Cypher query, within `timeout` seconds; whatever the query writes is refused or undone."""

        def ask() -> Rows:
            with self._reading() as session, session.begin_transaction(timeout=timeout) as transaction:
                # leaving the block without a commit rolls back
                result = transaction.run(cypher, dict(parameters or {}))
                columns = tuple(result.keys())
                return Rows(columns, [tuple(map(_plain, record.values())) for record in result])

        return self._within(timeout, ask)

    def graph(self) -> Graph:
        """The whole graph, equal to the one that was applied."""
        from graph.stores.reading import whole

        with self._reading() as session:
            return session.execute_read(lambda transaction: whole(_asking(transaction), _root_hash(transaction)))

    def root_hash(self) -> str | None:
        """The root hash of the graph held; None before the first complete build, and after one that was cut off."""
        with self._reading() as session:
            return session.execute_read(_root_hash)

    # --- writing

    def apply(self, graph: Graph, progress: Progress | None = None, *, recheck: bool = False) -> Changes:
        """Makes the store hold exactly this graph, writing only what differs."""
        from graph.stores.difference import difference
        from graph.stores.reading import held

        with self._writing() as session, self._leased(session) as lease:
            root_hash = self._prepared(session)
            if root_hash == graph.root_hash and not recheck:
                return Changes(unchanged=graph.size)
            trusted = None if recheck else root_hash
            old, new = session.execute_read(lambda transaction: held(_asking(transaction), graph, trusted))
            plan = difference(old, new, graph)
            if plan.steps or root_hash != graph.root_hash:
                self._write(session, plan, graph.root_hash, lease, progress or _silent)
            return plan.changes

    def clear(self) -> int:
        """Deletes all that this project wrote, and nothing else; returns how many nodes there were."""
        from graph.stores.schema import delete_graph, drop_schema

        with self._writing() as session, self._leased(session):
            count = delete_graph(session, self._place)
            drop_schema(session)
            return count

    @contextmanager
    def _leased(self, session: Session) -> Iterator[Lease | None]:
        """Alone with a server's graph; the directory of an embedded store is locked already."""
        from graph.stores.lease import Lease
        from graph.stores.schema import constraint, refuse_strangers

        if self._atomic:
            yield None
            return
        if not _state(session):
            refuse_strangers(session, self._place)
            session.run(constraint("Build")).consume()  # without it two loaders could each make one
        lease = Lease(self._place)
        with lease.held(session):
            yield lease

    def _prepared(self, session: Session) -> str | None:
        """The root hash of what is held, None where the store is empty or incomplete: there constraints are made sure.

        A graph in another layout is deleted, to be built anew.
        """
        from graph.stores.schema import constraints, delete_graph, schema

        root_hash, layout = (_state(session) or [(None, None)])[0]
        if root_hash and layout == LAYOUT:
            return root_hash
        if root_hash:
            delete_graph(session, self._place)
        for statement in constraints() if self._atomic else schema():
            session.run(statement).consume()
        return None

    def _write(self, session: Session, plan: Plan, root_hash: str, lease: Lease | None, progress: Progress) -> None:
        """Writes a plan in one transaction, or in several between which the store has no root hash."""
        from graph.stores.difference import Step

        begun, ended = (Step(_SEAL, [{"root_hash": hash_, "layout": LAYOUT}]) for hash_ in (None, root_hash))
        batches = [begun, *(batch for step in plan.steps for batch in step.batches(BATCH)), ended]
        size = len(batches) if self._atomic or plan.size <= TRANSACTION else TRANSACTION // BATCH
        timed = driver_package().unit_of_work(timeout=None if self._atomic else WRITE_TIMEOUT)
        done = 0
        for start in range(0, len(batches), size):
            group = batches[start : start + size]
            doomed = {} if start else plan.doomed
            done = session.execute_write(
                timed(_run), lease, doomed, group, done, lambda rows: progress(min(rows, plan.size), plan.size)
            )

    # --- sessions

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with engine_errors(self._place, _MEND), self._reader.session(**self._access("READ")) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        if not self._writer:
            raise StoreError("The store is open for reading only", path=self._place, way_out="open it with write=True")
        with engine_errors(self._place, self._repair), self._writer.session(**self._access("WRITE")) as session:
            yield session

    def _access(self, mode: str) -> dict[str, Any]:
        return {"database": self._database, "default_access_mode": mode, "bookmark_manager": self._bookmarks}

    def _within(self, seconds: float, ask: Callable[[], Answer]) -> Answer:
        """What `ask` answers, computed in a thread of its own: the embedded engine does not heed time limits itself."""
        answer: Future[Answer] = Future()
        Thread(target=_settle, args=(answer, ask), daemon=True, name="accordgraph-question").start()
        try:
            return answer.result(seconds + 1)
        except TimeoutError as error:
            raise StoreError(
                f"No answer within {seconds:g} s",
                path=self._place,
                way_out="narrow the question, or allow it more time",
            ) from error


def _settle(answer: Future[Answer], ask: Callable[[], Answer]) -> None:
    try:
        answer.set_result(ask())
    except BaseException as error:  # noqa: BLE001  # whoever waits for the answer raises it
        answer.set_exception(error)


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


def _run(
    transaction: ManagedTransaction,
    lease: Lease | None,
    doomed: Mapping[str, list[str]],
    batches: list[Step],
    done: int,
    progress: Callable[[int], None],
) -> int:
    from graph.stores.schema import refuse_ties_of_others

    if lease:
        lease.renew(transaction)
        for label, ids in doomed.items():
            refuse_ties_of_others(transaction, label, ids, lease.place)
    for batch in batches:
        transaction.run(batch.cypher, rows=batch.rows).consume()
        done += len(batch.rows)
        progress(done)
    return done


def _state(session: Session) -> list[tuple[str | None, int | None]]:
    """Root hash and layout of what is held; empty before the first build."""
    return [(root_hash, layout) for root_hash, layout in session.run(_STATE).values()]


def _root_hash(transaction: ManagedTransaction) -> str | None:
    found = [str(root_hash) for root_hash, layout in transaction.run(_STATE).values() if root_hash and layout == LAYOUT]
    return found[0] if found else None


def _asking(transaction: ManagedTransaction) -> Ask:
    def ask(cypher: str, parameters: Mapping[str, object]) -> list[Any]:
        return transaction.run(cypher, dict(parameters)).values()

    return ask


def _plain(value: Any) -> Any:
    """A driver's value as plain Python: nodes, relationships and paths as dicts, dates as ISO 8601 text."""
    if value is None or isinstance(value, str | int | float | bytes):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return _plain_graph(value)


def _plain_graph(value: Any) -> Any:
    neo4j = driver_package()
    if isinstance(value, neo4j.graph.Node):
        return {"labels": sorted(value.labels), "properties": _plain(dict(value))}
    if isinstance(value, neo4j.graph.Relationship):
        return {"type": value.type, "properties": _plain(dict(value))}
    if isinstance(value, neo4j.graph.Path):
        return {"nodes": _plain(list(value.nodes)), "relationships": _plain(list(value.relationships))}
    return value.iso_format() if hasattr(value, "iso_format") else str(value)
