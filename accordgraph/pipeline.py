"""Files → Graph and ledger: finds the inputs, reads and checks them, and accounts for every one."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accordgraph.cache import Cache
from accordgraph.exports import Exports
from accordgraph.tables import counted
from graph.article import Article
from graph.build import Contribution, Graph, assemble, contribute
from graph.errors import AccordgraphError, ArticleError, RegisterError
from graph.identity import Register
from graph.register import Entry, build_register, parse_entries
from graph.stores import Progress
from loaders.base import Loader, Piece
from loaders.diagnostics import Diagnostics
from loaders.files import STDIN, matching
from loaders.profile import Profile
from loaders.registry import Inputs, find_inputs, loader_for


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input: `outcome` is new, changed, unchanged, quarantined or ignored.

    `article` is its id where it could be read, `claims` how many it supports, `problems` why it is in quarantine.
    """

    path: str
    line: int
    outcome: str
    article: str | None = None
    claims: int = 0
    problems: tuple[AccordgraphError, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The outcome as JSON values."""
        return {
            "path": self.path,
            "line": self.line,
            "outcome": self.outcome,
            "article": self.article,
            "claims": self.claims,
            "problems": [
                {"path": p.path, "line": p.line, "what": p.what, "way_out": p.way_out, "message": str(p)}
                for p in self.problems
            ],
        }


@dataclass
class Built:
    """A graph, the ledger of everything that went in, and what is wrong with the register."""

    graph: Graph
    ledger: list[Outcome]
    register_problems: list[AccordgraphError]
    register: Register = field(repr=False)
    diagnostics: Diagnostics = field(repr=False, default_factory=Diagnostics)  # of exports of annotation tools

    @property
    def problems(self) -> list[AccordgraphError]:
        """Every problem, the register's first."""
        return [*self.register_problems, *(p for outcome in self.ledger for p in outcome.problems)]

    def outcomes(self) -> Mapping[str, int]:
        """How many inputs came to which outcome."""
        return Counter(outcome.outcome for outcome in self.ledger)

    @property
    def evidence_checked(self) -> float:
        """The share of edges, 0 to 1, of which every claim has evidence whose words stand in its article."""
        return self.graph.edges_checked / len(self.graph.edges) if self.graph.edges else 1.0

    def as_dict(self) -> dict[str, Any]:
        """Counts, evidence share, root hash and ledger as JSON values."""
        graph = self.graph
        return {
            "articles": len(graph.articles),
            "entities": len(graph.entities),
            "claims": len(graph.claims),
            "evidence": len(graph.evidence),
            "edges": len(graph.edges),
            "evidence_checked": self.evidence_checked,
            "root_hash": graph.root_hash,
            "inputs": len(self.ledger),
            "outcomes": dict(self.outcomes()),
            "register_problems": [str(problem) for problem in self.register_problems],
            "ledger": [outcome.as_dict() for outcome in self.ledger],
            "annotations": {"read": self.diagnostics.read, "skipped": self.diagnostics.skipped},
            "diagnostics": dict(sorted(self.diagnostics.codes.items())),
        }

    def summary(self) -> list[str]:
        """The same in a few lines for people."""
        graph, outcomes = self.graph, self.outcomes()
        told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
        return [
            f"{counted(len(self.ledger), 'input')}: {told}",
            f"{len(graph.entities)} entities, {counted(len(graph.claims), 'claim')} on "
            f"{counted(len(graph.evidence), 'quote')}, {counted(len(graph.edges), 'edge')}",
            f"Edges with checked evidence: {graph.edges_checked} of {len(graph.edges)} ({self.evidence_checked:.0%})",
            f"Root hash: {graph.root_hash}",
        ]


def build_graph(
    paths: Sequence[str | Path],
    *,
    stored: Mapping[str, str] | None = None,
    cache: Path | None = None,
    keep_annotators: bool = False,
    progress: Progress | None = None,
    profile: Profile | None = None,
    diagnostics: Diagnostics | None = None,
) -> Built:
    """The graph of all articles below the paths, and the ledger.

    What is no article of ours and a reader knows is read as an export of an annotation tool, by the profile; what could
    not be read there is in `diagnostics`. `stored` maps the article ids of an earlier build to their content hashes and
    tells new, changed and unchanged apart. Paths may be patterns, and - for standard input.

    Raises ArticleError where there is nothing to read, or a path is not there.
    """
    inputs = find_inputs(on_disk(paths))
    told = diagnostics or Diagnostics()
    own = {os.path.normpath(path) for path in (*inputs.articles, *inputs.registers)}
    exports = Exports(paths, profile or Profile(), told, own.__contains__, keep_annotators=keep_annotators)
    register, register_problems = read_register(inputs)
    with _without_collection(), Cache(cache, f"{register.hash} {keep_annotators}") as kept:
        reading = _Reading(register, kept, stored or {}, keep_annotators=keep_annotators)
        for done, path in enumerate(inputs.articles, start=1):
            reading.file(path)
            if progress:
                progress(done, len(inputs.articles))
        if inputs.others or STDIN in map(str, paths):
            reading.exports(exports)
        kept.keep()
        _refuse_nothing(reading, paths)
        graph = assemble(reading.contributions.values(), register.beside(exports.entities))
    left = (path for path in inputs.others if os.path.normpath(path) not in exports.seen)  # no files, or bad archives
    reading.ledger += [Outcome(str(path), 1, "ignored") for path in left]
    return Built(graph, reading.ledger, register_problems, register, told)


def on_disk(paths: Iterable[str | Path]) -> list[Path]:
    """The paths without standard input, patterns replaced by the files they match."""
    given = [os.fspath(path) for path in paths]
    return [
        Path(one)
        for path in given
        if path != STDIN
        for one in ([path] if Path(path).exists() else matching(path) or [path])
    ]


def _refuse_nothing(reading: _Reading, paths: Sequence[str | Path]) -> None:
    if all(one.outcome == "ignored" for one in reading.ledger):
        raise ArticleError(
            f"No articles below {', '.join(str(p) for p in paths)}",
            way_out="give .md or .jsonl files, or a folder of them, or an export that accordgraph inspect can read",
        )


@contextmanager
def _without_collection() -> Iterator[None]:
    """Pauses the garbage collector: what is read stays, and going through it again and again costs much time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def read_register(inputs: Inputs) -> tuple[Register, list[AccordgraphError]]:
    """The entity register of the inputs, and what is wrong with it."""
    entries: list[Entry] = []
    problems: list[AccordgraphError] = []
    for path in inputs.registers:
        try:
            found, wrong = parse_entries(_register_text(path), str(path))
        except RegisterError as problem:
            found, wrong = [], [problem]
        entries += found
        problems += wrong
    register, wrong = build_register(entries)
    return register, problems + wrong


def _register_text(path: Path) -> str:
    data = b""
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as problem:
        raise RegisterError(
            f"Cannot read: {problem.strerror}", path=str(path), way_out="check the file's permissions"
        ) from problem
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise RegisterError("Not UTF-8", path=str(path), line=line, way_out="save it as UTF-8") from problem


def read_articles(paths: Sequence[Path], problems: list[AccordgraphError] | None = None) -> Iterator[Article]:
    """The articles of files, unresolved, for conversion.

    Raises the first problem of an article that cannot be read; with a list of `problems` they go there instead.
    """
    for path in find_inputs(paths).articles:
        loader = loader_for(path)
        for piece in _pieces(loader, path):
            reading = loader.read(piece)
            if reading.article:
                yield reading.article
            elif problems is None:
                raise reading.problems[0]
            else:
                problems += reading.problems


def _pieces(loader: Loader, path: Path) -> Iterator[Piece]:
    with path.open("rb") as stream:
        yield from loader.pieces(stream, str(path))


class _Reading:
    """Reads file after file and remembers which article ids are taken."""

    def __init__(self, register: Register, cache: Cache, stored: Mapping[str, str], *, keep_annotators: bool) -> None:
        self.register = register
        self.cache = cache
        self.stored = stored
        self.keep_annotators = keep_annotators
        self.contributions: dict[str, Contribution] = {}
        self.taken: dict[str, str] = {}
        self.ledger: list[Outcome] = []

    def file(self, path: Path) -> None:
        loader = loader_for(path)
        try:
            for piece in _pieces(loader, path):
                self.ledger.append(self._piece(loader, piece))
        except OSError as problem:
            wrong = ArticleError(
                f"Cannot read: {problem.strerror}", path=str(path), way_out="check the file's permissions"
            )
            self.ledger.append(Outcome(str(path), 1, "quarantined", problems=(wrong,)))

    def exports(self, exports: Exports) -> None:
        """Takes in every document of the exports."""
        for one in exports.contributions(self.register, self.cache):
            contribution, piece = one.contribution, Piece(one.path, 1, b"")
            if contribution and contribution.article.id not in self.taken:
                self.ledger.append(self._accept(contribution, piece))
                continue
            problems = (self._taken(contribution.article.id, piece),) if contribution else ()
            outcome = "ignored" if one.ignored else "quarantined"
            self.ledger.append(Outcome(one.path, 1, outcome, one.document, problems=problems))

    def _piece(self, loader: Loader, piece: Piece) -> Outcome:
        key = self.cache.key(piece.data)
        contribution, problems = self.cache.get(key), tuple[AccordgraphError, ...]()
        article_id = contribution.article.id if contribution else None
        if contribution is None:
            contribution, problems, article_id = self._read(loader, piece)
            if contribution:
                self.cache.add(key, contribution)
        if contribution and contribution.article.id in self.taken:
            problems = (self._taken(contribution.article.id, piece),)
        if problems or contribution is None:
            return Outcome(piece.path, piece.line, "quarantined", article_id, problems=problems)
        return self._accept(contribution, piece)

    def _read(
        self, loader: Loader, piece: Piece
    ) -> tuple[Contribution | None, tuple[AccordgraphError, ...], str | None]:
        reading = loader.read(piece)
        if reading.article is None:
            return None, reading.problems, None
        contribution, problems = contribute(reading.article, self.register, keep_annotators=self.keep_annotators)
        placed = tuple(problem.at(piece.path, piece.line) for problem in problems)
        return contribution, placed, reading.article.id

    def _taken(self, id_: str, piece: Piece) -> ArticleError:
        return ArticleError(
            f"Article id {id_!r} already taken by {self.taken[id_]}",
            path=piece.path,
            line=piece.line,
            way_out="give it another id (for an export: [metadata] or [table] of a profile), or leave one out",
        )

    def _accept(self, contribution: Contribution, piece: Piece) -> Outcome:
        article = contribution.article
        self.contributions[article.id] = contribution
        self.taken[article.id] = f"{piece.path}:{piece.line}"
        before = self.stored.get(article.id)
        outcome = "new" if before is None else "unchanged" if before == article.content_hash else "changed"
        return Outcome(piece.path, piece.line, outcome, article.id, len(contribution.claims))
