"""`make parity`: every question, with several parameter sets, on the embedded engine and two releases of Neo4j.

Rows must be equal and in equal order, types included. The comparison itself is what tests/queries asks for as well.
"""

from __future__ import annotations

import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from statistics import median
from time import perf_counter

import click

from accordgraph.pipeline import build_graph
from benchmarks.measure import example, parameters_for, spoken_of
from benchmarks.synthetic import write_corpus
from graph.build import Graph
from graph.errors import AccordgraphError
from graph.stores import Store, View, open_store
from queries.catalog import Template, templates
from queries.run import ask
from tools.neo4j_server import RELEASES, running

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "parity.md"
STATED = 24_000  # as some claims repeat others, this makes 20,000
SLOW = 5.0  # seconds: an answer that took longer is timed as it is, any other by asking again
TIMES: tuple[dict[str, str], ...] = (
    {},
    {"valid_at": "2022-08"},
    {"known_at": "2022-08"},
    {"valid_at": "2025-10", "known_at": "2025"},
    {"valid_at": "2024-06-15", "known_at": "2026-03"},
)
Examples = Callable[[Template], Mapping[str, str]]
_FIGURES = re.compile(r"(?<=<!-- figures -->\n).*(?=<!-- end of figures -->)", re.DOTALL)


# --- one question ------------------------------------------------------------------------------------------------


def asked(template: Template, examples: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Parameter sets made of examples: all of them, the required ones at several times, and with each of the others."""
    values = dict(examples)
    required = {p.name: values[p.name] for p in template.parameters if p.required}
    yield values
    yield from ({**required, **times} for times in TIMES)
    yield from ({**required, name: value} for name, value in values.items() if name not in required)


def answered(view: View, template: Template, parameters: Mapping[str, str]) -> list[object]:
    """What a view answers, types included: the values it bound, then each row. Raises StoreError and QuestionError."""
    answer = ask(view, template.name, parameters)
    return [typed(answer.parameters), *map(typed, answer.rows)]


def typed(value: object) -> object:
    """A value to compare by: unlike in Python, 1, 1.0 and true differ, and so do 0.0 and -0.0."""
    if isinstance(value, Mapping):
        return {key: typed(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [typed(one) for one in value]
    return f"{type(value).__name__} {value!r}"


@dataclass
class Comparison:
    """A question on several engines: how often and with how many rows it was answered, and how it differed.

    `seconds` are those of each parameter set, by engine.
    """

    template: Template
    sets: int = 0
    rows: int = 0
    seconds: dict[str, list[float]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


def compare(views: Mapping[str, View], template: Template, sets: Iterable[Mapping[str, str]]) -> Comparison:
    """Asks each view with each parameter set; the first view is what the others are compared with."""
    found = Comparison(template, seconds={name: [] for name in views})
    for parameters in sets:
        answers = {name: _timed(view, template, parameters, found.seconds[name]) for name, view in views.items()}
        first, *others = answers
        found.sets += 1
        found.rows += len(answers[first]) - 1
        found.differences += [
            f"{template.name} {dict(parameters)}: {difference}"
            for name in others
            if (difference := _difference(first, answers[first], name, answers[name]))
        ]
    return found


def _timed(view: View, template: Template, parameters: Mapping[str, str], seconds: list[float]) -> list[object]:
    """The answer; an engine that gives none answers with its error, unlike any other."""
    taken = 0.0
    answer: list[object] = []
    for _ in range(2):
        start = perf_counter()
        try:
            answer = answered(view, template, parameters)
        except AccordgraphError as problem:
            answer = [f"{problem} (by {id(view)})"]
        taken = perf_counter() - start
        if taken > SLOW:
            break
    seconds.append(taken)
    return answer


def _difference(first: str, answer: list[object], second: str, other: list[object]) -> str | None:
    for place, (one, two) in enumerate(zip_longest(answer, other)):
        if one != two:
            return f"{f'row {place}' if place else 'the parameters'}: {first} has {one}, {second} has {two}"
    return None


# --- all of them -------------------------------------------------------------------------------------------------


def sample() -> Graph:
    """The graph of the sample corpus."""
    return build_graph([ROOT / "articles"]).graph


def generated(stated: int) -> Graph:
    """The graph of a generated corpus that states so many claims."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), parameters_for(stated))
        return build_graph([Path(folder)]).graph


def parity(stores: Mapping[str, Store], graph: Graph, examples: Examples) -> Iterator[Comparison]:
    """Every question on stores that are made to hold this graph."""
    for name, store in stores.items():
        click.echo(f"Loading {len(graph.claims):,} claims into {name} …", err=True)
        store.apply(graph)
    for template in templates().values():
        click.echo(f"  {template.name}", err=True)
        yield compare(stores, template, asked(template, examples(template)))


def from_the_header(template: Template) -> dict[str, str]:
    """The example that a question's header gives for each of its parameters."""
    return {p.name: p.example for p in template.parameters}


def most_spoken_of(graph: Graph) -> Examples:
    """Examples that fit any graph: those of its entities that most is said of."""
    spoken = spoken_of(graph)
    return lambda template: {p.name: example(p, spoken, graph) for p in template.parameters}


def section(title: str, graph: Graph, compared: Sequence[Comparison]) -> str:
    """A Markdown table of what was compared on a graph."""
    counts = ", ".join(f"{len(getattr(graph, name)):,} {name}" for name in ("articles", "entities", "claims", "edges"))
    engines = list(compared[0].seconds)
    equal = sum(not one.differences for one in compared)
    return "\n".join(
        [
            f"## {title}\n",
            f"{counts}. Equal: {equal} of {len(compared)} questions.\n",
            f"| question | parameter sets | rows | equal | {' | '.join(f'{name}, ms' for name in engines)} |",
            f"|---|--:|--:|---|{'--:|' * len(engines)}",
            *map(_row, compared),
            "",
        ]
    )


def _row(one: Comparison) -> str:
    times = " | ".join(f"{median(seconds) * 1000:,.1f}" for seconds in one.seconds.values())
    equal = "**no**" if one.differences else "yes"
    return f"| {one.template.name} | {one.sets} | {one.rows:,} | {equal} | {times} |"


@click.command()
@click.option("--claims", "stated", default=STATED, show_default=True, help="How many the generated corpus states.")
@click.option("--write", is_flag=True, help="Writes the tables into docs/parity.md.")
def main(stated: int, write: bool) -> None:
    """Compares the engines on the sample corpus and on a generated one; 1 if a question is not answered alike."""
    if missing := [why for release in RELEASES if (why := release.missing())]:
        raise click.ClickException("; ".join(missing))
    sections = [f"Measured on {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}.\n"]
    differences: list[str] = []
    large = generated(stated)
    with _engines() as stores:
        for title, graph, examples in (
            ("The sample corpus", sample(), from_the_header),
            ("A generated corpus", large, most_spoken_of(large)),
        ):
            compared = list(parity(stores, graph, examples))
            differences += [difference for one in compared for difference in one.differences]
            sections.append(section(title, graph, compared))
            click.echo(sections[-1])
    if write:
        PAGE.write_text(_FIGURES.sub(lambda _: "\n".join(["", *sections, ""]), PAGE.read_text("utf-8")), "utf-8")
    click.echo("\n".join(differences), err=True)
    sys.exit(bool(differences))


@contextmanager
def _engines() -> Iterator[dict[str, Store]]:
    """A store on each engine, on servers of their own."""
    with ExitStack() as opened:
        folder = opened.enter_context(tempfile.TemporaryDirectory())
        stores = {"embedded": opened.enter_context(open_store(Path(folder) / "graph", write=True))}
        for release in RELEASES:
            server = opened.enter_context(running(release))
            store = opened.enter_context(open_store(server.uri, write=True, access=server.access))
            stores[f"Neo4j {release.version}"] = store
        yield stores


if __name__ == "__main__":
    main()
