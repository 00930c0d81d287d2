"""The public API for scripts and notebooks: `build`, `open_graph` and the `KnowledgeGraph` they return."""

from __future__ import annotations

import shutil
import tempfile
import warnings
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from accordgraph.pipeline import Built, build_graph
from accordgraph.tables import cell, counted, table
from graph.build import Graph
from graph.errors import ArticleError, did_you_mean
from graph.pages import TITLE, network
from graph.stores import open_store
from loaders.article_fields import FIELDS
from loaders.diagnostics import SKIPPED
from loaders.profile import Profile
from loaders.profile_file import read_profile

if TYPE_CHECKING:
    import networkx
    import pandas
    import rdflib

    from accordgraph.portrait import Portrait
    from graph.pages.canvas import KGNetwork
    from graph.stores import Store

PathLike = str | Path


class Table:
    """Rows of an answer: shows as a table in a notebook and on a terminal, and converts to a data frame."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.columns = tuple(columns)
        self.rows = [tuple(row) for row in rows]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return dict(zip(self.columns, self.rows[index], strict=True))

    def __repr__(self) -> str:
        return "\n".join(table(self.columns, self.rows, fits=120)) if self.rows else "no rows"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f'<td dir="auto">{escape(cell(value))}</td>' for value in row) + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def frame(self) -> pandas.DataFrame:
        """The rows as a pandas data frame; needs the extra `accordgraph[pandas]`."""
        import pandas

        return pandas.DataFrame(self.rows, columns=list(self.columns))


class KnowledgeGraph:
    """A graph and the ways to use it. `model` holds everything as plain data; `ask` and `query` run Cypher.

    Use it as a context manager, or `close` it: an embedded store belongs to one process at a time.
    """

    def __init__(self, store: Store, *, built: Built | None = None, temporary: Path | None = None) -> None:
        self._store = store
        self.built = built
        self._close = weakref.finalize(self, _closed, store, temporary)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        graph = self.model
        return f"<KnowledgeGraph: {len(graph.entities)} entities, {len(graph.edges)} edges, {len(graph.claims)} claims>"

    def close(self) -> None:
        """Closes the store; a temporary one is deleted."""
        self._close()

    @cached_property
    def model(self) -> Graph:
        """Entities, articles, claims, evidence and edges."""
        return self.built.graph if self.built else self._store.graph()

    def questions(self) -> Table:
        """The questions it answers."""
        from queries.catalog import templates

        return Table(("question", "answers"), [(one.name, one.title) for one in templates().values()])

    def ask(self, question: str, **parameters: Any) -> Table:
        """The answer to a question of `questions()`; entities by id or by any name."""
        from queries.run import ask

        answer = ask(self._store, question, parameters)
        return Table(answer.columns, answer.rows)

    def query(self, cypher: str, **parameters: Any) -> Table:
        """The rows of any read-only Cypher; parameters are bound, never pasted."""
        rows = self._store.rows(cypher, parameters)
        return Table(rows.columns, rows.rows)

    def show(self, entity: str) -> Portrait:
        """Everything known about one entity, by id or name."""
        from accordgraph.portrait import portrait

        return portrait(self._store, entity)

    def networkx(self) -> networkx.MultiDiGraph[str]:
        """The edges as a networkx graph; its keys are edge ids."""
        from graph.export.multigraph import to_networkx

        return to_networkx(self.model)

    def rdf(self) -> rdflib.Graph:
        """Entities, edges, claims and evidence as RDF."""
        from graph.export.rdf import to_rdf

        return to_rdf(self.model)

    def page(self, path: PathLike | None = None, *, title: str = TITLE) -> KGNetwork:
        """The graph as one interactive HTML page: shows itself in a notebook, and is saved where a path is given."""
        made = network(self.model, title=title)
        if path is not None:
            made.write_html(str(path))
        return made


def build(
    *paths: PathLike, store: PathLike | None = None, profile: PathLike | None = None, **fields: str
) -> KnowledgeGraph:
    """The graph of the articles below the paths, in a store folder or, without one, in a temporary one.

    Paths may be exports of annotation tools; `profile` is the file that says what their labels mean, `fields` are those
    of every article that the export does not state: published="2025-10-16". What cannot be read is in
    `.built.problems` and `.built.diagnostics`, the ledger of all inputs in `.built.ledger`.
    """
    for name in fields:
        if name not in FIELDS:
            raise ArticleError(f"Unknown article field {name!r}", way_out=did_you_mean(name, FIELDS))
    meant = read_profile(Path(profile)) if profile else Profile()
    built = build_graph(paths, profile=replace(meant, defaults={**meant.defaults, **fields}))
    skipped = [one for one in built.diagnostics.kept if one.action == SKIPPED]
    if not built.graph.articles:  # a slip must not empty a graph
        raise built.problems[0] if built.problems else ArticleError(f"Not one article can be read: {skipped[0]}")
    if problems := [*built.problems, *skipped]:
        told = f"{counted(len(problems), 'problem')}, the first: {problems[0]} (all are in .built)"
        warnings.warn(told, stacklevel=2)
    temporary = Path(tempfile.mkdtemp(prefix="accordgraph-")) if store is None else None
    opened = open_store(temporary or str(store), write=True)
    graph = KnowledgeGraph(opened, built=built, temporary=temporary)
    opened.apply(built.graph)
    return graph


def _closed(store: Store, temporary: Path | None) -> None:
    store.close()
    if temporary:
        shutil.rmtree(temporary, ignore_errors=True)


def open_graph(store: PathLike = ".accordgraph") -> KnowledgeGraph:
    """The graph that `accordgraph build` wrote to a store: a folder, or the address of a Neo4j."""
    return KnowledgeGraph(open_store(str(store)))
