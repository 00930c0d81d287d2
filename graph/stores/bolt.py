"""The store behind a Bolt port, spoken to with the official driver: the embedded engine and any Neo4j alike."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from threading import Thread
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from graph.errors import StoreError
from graph.stores.base import TIMEOUT, Access, Changes, Progress, Rows

if TYPE_CHECKING:  # a question needs neither the model nor, before it connects, the driver
    from neo4j import Driver, ManagedTransaction, Session

    from graph.build import Graph
    from graph.stores.difference import Plan, Step
    from graph.stores.reading import Ask

BATCH = 2000  # rows of one statement
TRANSACTION = 20_000  # rows of one transaction on a server, whose memory for transactions is limited
LABELS = ("Entity", "Article", "Claim", "Build")

UNIQUE = "CREATE CONSTRAINT {name}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
_SEAL = "UNWIND $rows AS row MERGE (b:Build {id: 'current'}) SET b.root_hash = row.root_hash"
_SEALED = "MATCH (b:Build {id: 'current'}) RETURN b.root_hash"
_MEND = "mend the query"
_HEAVY = ("pandas", "numpy", "pyarrow")
Answer = TypeVar("Answer")


@contextmanager
def without_heavy() -> Iterator[None]:
    """Keeps pandas, numpy and pyarrow from being imported, unless they are already.

    The driver and the engine import them wherever they are installed, for conversions that are not used here; that
    costs half a second. A package that stands in `sys.modules` as None is taken for one that is not installed.
    """
    absent = [name for name in _HEAVY if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _driver_package() -> ModuleType:
    if "neo4j" not in sys.modules:
        with without_heavy():
            import neo4j
    import neo4j

    return neo4j


def connect(address: str, user: str | None, password: str | None) -> Driver:
    """A driver for the server at this address; it connects when first used. Raises StoreError for a bad address."""
    neo4j = _driver_package()
    with _engine_errors(address, _MEND):
        driver: Driver = neo4j.GraphDatabase.driver(
            address,
            auth=(user, password or "") if user else None,
            notifications_min_severity="OFF",  # hints about labels not in use yet would go to standard error
        )
    return driver


def open_server(address: str, access: Access, *, write: bool) -> BoltStore:
    """The store in a database of a server. Raises StoreError where the server does not answer, or does not let us in."""
    driver = connect(address, access.user, access.password)
    with ExitStack() as opened, _engine_errors(address, _MEND):
        opened.callback(driver.close)
        driver.verify_connectivity()  # at once, where transactions would go on trying for a while
        opened.pop_all()
    return BoltStore(driver, driver if write else None, access.database, place=address)


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

    def apply(self, graph: Graph, progress: Progress | None = None) -> Changes:
        """Makes the store hold exactly this graph, writing only what differs."""
        from graph.stores.difference import difference
        from graph.stores.reading import held

        with self._writing() as session:
            self._refuse_others(session)
            for label in LABELS:
                session.run(UNIQUE.format(name=label.lower(), label=label)).consume()
            old = session.execute_read(lambda transaction: held(_asking(transaction), graph, _root_hash(transaction)))
            plan = difference(old, graph)
            if old is not graph:
                self._write(session, plan, graph.root_hash, progress or _silent)
            return plan.changes

    def _refuse_others(self, session: Session) -> None:
        """A database that holds nodes, and no build of ours, is somebody else's: nothing is written there."""
        ours = session.run("MATCH (b:Build {id: 'current'}) RETURN b.id").values()
        others = session.run("MATCH (n) RETURN labels(n) LIMIT 1").values()
        if others and not ours:
            labels = ":".join(others[0][0]) or "no label"
            raise StoreError(
                f"The database holds other data (a node with {labels})",
                path=self._place,
                way_out="use an empty database; ACCORDGRAPH_NEO4J_DATABASE names it",
            )

    def _write(self, session: Session, plan: Plan, root_hash: str, progress: Progress) -> None:
        """Writes a plan in one transaction, or in several between which the store has no root hash."""
        from graph.stores.difference import Step

        begun, ended = Step(_SEAL, [{"root_hash": None}]), Step(_SEAL, [{"root_hash": root_hash}])
        batches = [begun, *(batch for step in plan.steps for batch in step.batches(BATCH)), ended]
        size = len(batches) if self._atomic or plan.size <= TRANSACTION else TRANSACTION // BATCH
        done = 0
        for start in range(0, len(batches), size):
            group = batches[start : start + size]
            done = session.execute_write(_run, group, done, lambda rows: progress(min(rows, plan.size), plan.size))

    # --- sessions

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with _engine_errors(self._place, _MEND), self._reader.session(**self._access("READ")) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        if not self._writer:
            raise StoreError("The store is open for reading only", path=self._place, way_out="open it with write=True")
        with _engine_errors(self._place, self._repair), self._writer.session(**self._access("WRITE")) as session:
            yield session

    def _access(self, mode: str) -> dict[str, Any]:
        return {"database": self._database, "default_access_mode": mode}

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


def _run(transaction: ManagedTransaction, batches: list[Step], done: int, progress: Callable[[int], None]) -> int:
    for batch in batches:
        transaction.run(batch.cypher, rows=batch.rows).consume()
        done += len(batch.rows)
        progress(done)
    return done


def _root_hash(transaction: ManagedTransaction) -> str | None:
    found = [record[0] for record in transaction.run(_SEALED)]
    return str(found[0]) if found and found[0] is not None else None


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
    neo4j = _driver_package()
    if isinstance(value, neo4j.graph.Node):
        return {"labels": sorted(value.labels), "properties": _plain(dict(value))}
    if isinstance(value, neo4j.graph.Relationship):
        return {"type": value.type, "properties": _plain(dict(value))}
    if isinstance(value, neo4j.graph.Path):
        return {"nodes": _plain(list(value.nodes)), "relationships": _plain(list(value.relationships))}
    return value.iso_format() if hasattr(value, "iso_format") else str(value)


# --- errors ------------------------------------------------------------------------------------------------------


@contextmanager
def _engine_errors(place: str, otherwise: str) -> Iterator[None]:
    """Turns what the driver raises into StoreErrors that name the store and the way out, by default `otherwise`."""
    exceptions = _driver_package().exceptions
    try:
        yield
    except (exceptions.Neo4jError, exceptions.DriverError) as error:
        what, way_out = _explained(error, exceptions)
        raise StoreError(what, path=place, way_out=way_out or otherwise) from error
    except UnicodeEncodeError as error:
        raise StoreError(
            f"Text that is no Unicode: {error.object[error.start : error.end]!r}", path=place, way_out="remove it"
        ) from error


def _explained(error: Any, exceptions: Any) -> tuple[str, str | None]:
    """What is wrong, in a clause, and the way out if it is plain from the error."""
    message = getattr(error, "message", None) or str(error)
    if isinstance(error, exceptions.AuthError):
        return "User or password refused", "set ACCORDGRAPH_NEO4J_USER and ACCORDGRAPH_NEO4J_PASSWORD"
    if isinstance(error, exceptions.ServiceUnavailable | exceptions.SessionExpired):
        return f"No server answers ({_first_line(message)})", "check the address, and that the server runs"
    if isinstance(error, exceptions.ConfigurationError):
        return f"Bad address ({_first_line(message)})", "give bolt://HOST:PORT or neo4j://HOST:PORT"
    code = getattr(error, "code", None) or ""
    if code.endswith(("DatabaseNotFound", "DatabaseUnavailable")):
        return f"No such database ({_first_line(message)})", "set ACCORDGRAPH_NEO4J_DATABASE"
    if isinstance(error, exceptions.TransientError):
        return f"The engine is busy or short of memory ({_first_line(message)})", "try again"
    return f"The engine refuses: {_first_line(message)}", None


def _first_line(message: str) -> str:
    return message.strip().partition("\n")[0].rstrip(".")
