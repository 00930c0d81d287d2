"""The measurements of one size: reading, building, storing, asking, one article more, memory, each beside its floor."""

from __future__ import annotations

import math
import resource
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import arcadedb
import orjson
import yaml

from accordgraph.building import build_store
from accordgraph.pipeline import read_register
from benchmarks.synthetic import CLAIMS, Parameters, write_corpus
from graph.article import Article
from graph.build import Graph, assemble, contribute
from graph.errors import StoreError
from graph.stores import Store, View, open_store, shape
from graph.vocabulary import vocabulary
from loaders.registry import find_inputs, loader_for
from queries.catalog import Parameter, Template, templates
from queries.run import ask

MARKDOWN = 2500  # articles at most are written as Markdown: the rate no longer depends on how many
DECODING = "read and decode the bytes"
RUNS, SECONDS = 30, 2.0  # a question is asked so often, or for so long
_KINDS = {"crime": "Crime", "official": "Official", "agreement": "Agreement", "body": "Agency"}  # else a country
_SECOND = ("to", "b")
_NAMED = ("entity", "entities")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Measure:
    """One figure. `floor` says what was measured beside it, `floor_value` its figure in the same unit."""

    what: str
    value: float
    unit: str
    floor: str | None = None
    floor_value: float | None = None

    @property
    def ratio(self) -> float | None:
        """The figure over the floor's; below 1 it is slower than the floor, or takes less time than it."""
        return self.value / self.floor_value if self.floor_value else None


@dataclass(frozen=True)
class Question:
    """How long a question takes, in milliseconds, over so many runs; `problem` where it was not answered."""

    name: str
    p50: float | None = None
    p95: float | None = None
    runs: int = 0
    rows: int = 0
    problem: str | None = None


@dataclass(frozen=True)
class Report:
    """All about one size: `stated` claims are stated in the articles, some of them more than once."""

    stated: int
    counts: dict[str, int]
    measures: list[Measure]
    questions: list[Question]


def measure(stated: int, folder: Path) -> Report:
    """Writes a corpus that states so many claims into the folder, and measures everything on it."""
    parameters = parameters_for(stated)
    corpus, markdown, store = folder / "corpus", folder / "markdown", folder / "store"
    write_corpus(corpus, parameters)
    write_corpus(markdown, Parameters(min(parameters.articles, MARKDOWN), entities=parameters.entities), suffix=".md")
    measures = [_reading(markdown, "Markdown", _yaml_floor), _reading(corpus, "JSON Lines", _json_floor)]
    graph, built = _building(corpus)
    measures += [*built, _memory("peak memory of reading and building")]
    with open_store(store, write=True) as opened:
        measures += _storing(opened, graph, folder / "bulk")
        questions = list(_asking(opened, graph))
    measures += [*_again(corpus, store, parameters), _memory("peak memory with the store and its engine")]
    counts = {name: len(getattr(graph, name)) for name in ("articles", "entities", "claims", "evidence", "edges")}
    return Report(stated, counts, measures, questions)


def parameters_for(stated: int) -> Parameters:
    """A corpus whose entities grow with it, as a real one's do."""
    articles = math.ceil(stated / CLAIMS)
    return Parameters(articles, entities=max(200, articles // 5))


# --- reading and building ----------------------------------------------------------------------------------------


def _reading(folder: Path, form: str, decode: Callable[[Iterable[Path]], int]) -> Measure:
    decoding, count = _timed(lambda: decode(find_inputs([folder]).articles))
    reading, _ = _timed(lambda: _read(folder))
    return Measure(f"read {form}", count / reading, "articles/s", DECODING, count / decoding)


def _read(folder: Path) -> list[Article]:
    """The articles of a folder as the loaders read them."""
    articles = []
    for path in find_inputs([folder]).articles:
        loader = loader_for(path)
        with path.open("rb") as file:
            articles += [a for piece in loader.pieces(file, str(path)) if (a := loader.read(piece).article)]
    return articles


def _json_floor(paths: Iterable[Path]) -> int:
    count = 0
    for path in paths:
        with path.open("rb") as file:
            count += sum(1 for line in file if orjson.loads(line))
    return count


def _yaml_floor(paths: Iterable[Path]) -> int:
    fronts = (path.read_bytes().decode().split("---\n", 2)[1] for path in paths)
    return sum(1 for front in fronts if yaml.load(front, yaml.CSafeLoader))


def _building(corpus: Path) -> tuple[Graph, list[Measure]]:
    inputs = find_inputs([corpus])
    register, _ = read_register(inputs)
    decoding, count = _once(lambda: _json_floor(inputs.articles))
    reading, articles = _once(lambda: _read(corpus))
    checking, contributions = _once(lambda: [one for a in articles if (one := contribute(a, register)[0])])
    assembling, graph = _once(lambda: assemble(contributions, register))
    claims, checked, built = len(graph.claims), reading + checking, reading + checking + assembling
    return graph, [
        Measure("read and check JSON Lines", count / checked, "articles/s", DECODING, count / decoding),
        Measure("read, check, build the graph", claims / built, "claims/s", DECODING, claims / decoding),
    ]


# --- storing -----------------------------------------------------------------------------------------------------


def _storing(store: Store, graph: Graph, place: Path) -> list[Measure]:
    seconds, _ = _once(lambda: store.apply(graph))
    again, _ = _once(lambda: store.apply(graph))
    reading, _ = _once(store.graph)
    floor, rows = _bulk_load(graph, place)
    return [
        Measure("store edges, with all behind them", len(graph.edges) / seconds, "edges/s"),
        Measure("store nodes and relationships", rows / seconds, "rows/s", "the engine's bulk load", rows / floor),
        Measure("store the same graph again", again, "s"),
        Measure("read the whole graph back", reading, "s"),
    ]


def _bulk_load(graph: Graph, place: Path) -> tuple[float, int]:
    """Seconds for the engine's own batch loader, without log or constraint, and how many rows went in."""
    nodes, relationships = node_rows(graph), relationship_rows(graph)
    with arcadedb.create_database(str(place)) as database:
        for label in nodes:
            database.schema.create_vertex_type(label)
        for type_ in relationships:
            database.schema.create_edge_type(type_)
        start = perf_counter()
        with database.graph_batch() as batch:
            place_of: dict[str, str] = {}
            for label, by_id in nodes.items():
                place_of.update(zip(by_id, batch.create_vertices(label, list(by_id.values())), strict=True))
            for type_, rows in relationships.items():
                starts, ends, properties = zip(*rows, strict=True)
                batch.new_edges([place_of[id_] for id_ in starts], type_, [place_of[id_] for id_ in ends], properties)
        seconds = perf_counter() - start
        stored = sum(database.count_type(name) for name in (*nodes, *relationships))
    expected = sum(map(len, nodes.values())) + sum(map(len, relationships.values()))
    if stored != expected:
        raise StoreError(f"The bulk load stored {stored} rows of {expected}", way_out="the floor cannot be trusted")
    return seconds, expected


def node_rows(graph: Graph) -> dict[str, dict[str, shape.Properties]]:
    """Label → id → properties."""
    nodes: dict[str, dict[str, shape.Properties]] = defaultdict(dict)
    for entity in graph.entities.values():
        nodes[entity.kind][entity.id] = shape.entity_properties(entity)
    nodes["Article"] = {id_: shape.article_properties(article) for id_, article in graph.articles.items()}
    nodes["Claim"] = {id_: shape.claim_properties(claim) for id_, claim in graph.claims.items()}
    return dict(nodes)


def relationship_rows(graph: Graph) -> dict[str, list[tuple[str, str, shape.Properties]]]:
    """Type → start, end and properties of each."""
    found: dict[str, list[tuple[str, str, shape.Properties]]] = defaultdict(list)
    for edge in graph.edges.values():
        found[vocabulary().relation(edge.relation).type].append(
            (edge.subject, edge.object, shape.edge_properties(edge))
        )
    for claim in graph.claims.values():
        found["SUBJECT"].append((claim.id, claim.subject, {}))
        found["OBJECT"].append((claim.id, claim.object, {}))
        found["QUALIFIED_BY"] += [(claim.id, id_, {"role": role}) for role, ids in claim.roles.items() for id_ in ids]
    for article in graph.articles.values():
        found["MENTIONS"] += [(article.id, id_, {}) for id_ in article.mentions]
    for one in graph.evidence.values():
        speaker = graph.entities[one.speaker].name if one.speaker else None
        found["EVIDENCED_BY"].append((one.claim, one.article, shape.evidence_properties(one, speaker)))
    return dict(found)


# --- asking, and adding ------------------------------------------------------------------------------------------


def _asking(view: View, graph: Graph) -> Iterator[Question]:
    spoken = spoken_of(graph)
    for template in templates().values():
        first = [p for p in template.parameters[:1] if p.type in _NAMED]
        needed = [p for p in template.parameters if p.required]
        yield _question(view, template, {p.name: example(p, spoken, graph) for p in (*first, *needed)})


def _question(view: View, template: Template, given: Mapping[str, str]) -> Question:
    taken: list[float] = []
    try:
        rows = len(ask(view, template.name, given).rows)  # the first one also plans
        while len(taken) < RUNS and (not taken or sum(taken) < SECONDS * 1000):
            seconds, _ = _once(lambda: ask(view, template.name, given))
            taken.append(seconds * 1000)
    except StoreError as problem:
        return Question(template.name, problem=problem.what)
    taken.sort()
    return Question(template.name, p50=_quantile(taken, 0.5), p95=_quantile(taken, 0.95), runs=len(taken), rows=rows)


def example(parameter: Parameter, spoken: Mapping[str, Sequence[str]], graph: Graph) -> str:
    """What to ask for: of the parameter's kind, the entity most or second most spoken of; `spoken` is `spoken_of`."""
    if parameter.type == "article":
        return next(iter(graph.articles))
    if parameter.name == "publisher":
        return next(iter(graph.articles.values())).publisher
    if parameter.type not in _NAMED:
        return parameter.example
    return spoken[_KINDS.get(parameter.name, "Country")][parameter.name in _SECOND]


def spoken_of(graph: Graph) -> Mapping[str, Sequence[str]]:
    """Kind → ids of its entities, those with the most claims first."""
    found: dict[str, list[str]] = defaultdict(list)
    for id_, _ in Counter(
        end for claim in graph.claims.values() for end in (claim.subject, claim.object)
    ).most_common():
        found[graph.entities[id_].kind].append(id_)
    return found


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[math.ceil(len(ordered) * share) - 1]


def _again(corpus: Path, store: Path, parameters: Parameters) -> list[Measure]:
    """Building the stored corpus again: without a cache, with one, and with one article more."""
    count = parameters.articles
    without, _ = _once(lambda: build_store([corpus], str(store)))
    unchanged, _ = _once(lambda: build_store([corpus], str(store)))
    write_corpus(corpus, Parameters(1, entities=parameters.entities, first=count), suffix=".md")
    added, _ = _once(lambda: build_store([corpus], str(store)))
    return [
        Measure("build again, nothing changed, no cache yet", count / without, "articles/s"),
        Measure("build again, nothing changed", count / unchanged, "articles/s"),
        Measure(f"add one article to {count:,}", added, "s", "build all again", without),
    ]


# --- clock and memory --------------------------------------------------------------------------------------------


def _once(action: Callable[[], Result]) -> tuple[float, Result]:
    start = perf_counter()
    result = action()
    return perf_counter() - start, result


def _timed(action: Callable[[], Result]) -> tuple[float, Result]:
    """The best of three: others share the machine."""
    rounds = [_once(action) for _ in range(3)]
    return min(seconds for seconds, _ in rounds), rounds[0][1]


def _memory(what: str) -> Measure:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Measure(what, peak / (2**20 if sys.platform == "darwin" else 2**10), "MiB")
