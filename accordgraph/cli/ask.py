"""Commands that ask the graph: questions, ask, show, stats."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

from accordgraph.cli import say, store_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

    from queries.catalog import Template

FORMATS = ("table", "json", "csv", "cypher")


@click.command(
    epilog="""\b
Examples:
  accordgraph questions
  accordgraph questions what-was-signed
"""
)
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def questions(name: str | None, *, as_json: bool) -> None:
    """List the questions the graph answers, or tell everything about the question NAME."""
    from dataclasses import asdict

    from queries.catalog import find, templates

    chosen = [find(name)] if name else list(templates().values())
    if as_json:
        _json([asdict(one) for one in chosen])
    elif name:
        _describe(chosen[0])
    else:
        _definitions([(one.name, one.answers) for one in chosen])
        say("\nMore about one: accordgraph questions NAME · ask it: accordgraph ask NAME -p key=value")


def _describe(one: Template) -> None:
    click.echo(f"{one.title}\n\n{one.answers}\n\nParameters:")
    _definitions(
        [
            (f"{p.name}={p.example}", f"{p.meaning} ({p.type}, {'required' if p.required else p.default or 'any'})")
            for p in one.parameters
        ]
    )
    click.echo("\nColumns:")
    _definitions([(column.name, column.meaning) for column in one.columns])


def _definitions(rows: Sequence[tuple[str, str]]) -> None:
    formatter = click.HelpFormatter(width=min(_width(), 110))
    formatter.write_dl(rows, col_max=40)
    click.echo(formatter.getvalue(), nl=False)


def _complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from queries.catalog import templates

    return [CompletionItem(name, help=one.title) for name, one in templates().items() if name.startswith(incomplete)]


@click.command(
    epilog="""\b
Examples:
  accordgraph ask what-was-signed -p party=Thailand
  accordgraph ask what-was-signed -p party=ไทย -p crime="call-center scam" --format json
  accordgraph ask pair-timeline -p a=TH -p b=KH --format csv > timeline.csv
  accordgraph ask linked-crimes -p crime=crime:online-scam --format cypher
"""
)
@click.argument("name", shell_complete=_complete)
@click.option(
    "--param", "-p", "given", multiple=True, metavar="KEY=VALUE", help="A parameter; names as people type them."
)
@click.option("--format", "-f", "format_", type=click.Choice(FORMATS), default="table", show_default=True)
@store_option
def ask(name: str, given: tuple[str, ...], format_: str, store: str) -> None:
    """Ask the question NAME. `accordgraph questions` lists them.

    `--format cypher` prints `:param` lines and the query for Neo4j Browser; run them, then the query once more alone to
    see its rows there.
    """
    from graph.stores import open_store
    from queries.run import as_cypher
    from queries.run import ask as ask_question

    with open_store(store) as view:
        answer = ask_question(view, name, _parameters(given))
    if format_ == "cypher":
        click.echo(as_cypher(answer.template, answer.parameters))
    else:
        _print(answer.columns, answer.rows, format_)
        if not answer.rows:
            asked = ", ".join(f"{key} = {value}" for key, value in answer.parameters.items() if value is not None)
            say(f"Asked with {asked or 'no parameters'}")


def _parameters(given: Sequence[str]) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise click.BadParameter(f"{pair!r} is not KEY=VALUE", param_hint="'-p'")
        if key in parameters:
            raise click.BadParameter(f"{key!r} is given twice", param_hint="'-p'")
        parameters[key] = value
    return parameters


def _print(columns: Sequence[str], rows: Sequence[Sequence[object]], format_: str) -> None:
    from accordgraph.tables import as_csv, counted, table

    if format_ == "json":
        _json([dict(zip(columns, row, strict=True)) for row in rows])
    elif format_ == "csv":
        click.echo(as_csv(columns, rows), nl=False)
    else:
        _lines(table(columns, rows, _width()) if rows else [])
        say(counted(len(rows), "row"))


def _json(value: object) -> None:
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2))


def _lines(lines: Any) -> None:
    for line in lines:
        click.echo(line)


def _width() -> int:
    """The terminal's width or COLUMNS; in a pipe wide enough for a table, so that each row stays on its line."""
    told = sys.stdout.isatty() or "COLUMNS" in os.environ
    return shutil.get_terminal_size().columns if told else 10_000


@click.command(
    epilog="""\b
Examples:
  accordgraph show "Chea Vandeth"
  accordgraph show ไทย
  accordgraph show agreement:kh-th-mou-call-centers-2022 --json
"""
)
@click.argument("entity")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@store_option
def show(entity: str, *, as_json: bool, store: str) -> None:
    """Everything known about one ENTITY (id or name, any script), each tie with the words that support it."""
    from accordgraph.portrait import portrait
    from graph.stores import open_store

    with open_store(store) as view:
        known = portrait(view, entity)
    if as_json:
        _json(known.as_dict())
    else:
        _lines(known.lines(min(_width(), 110)))


@click.command(
    epilog="""\b
Examples:
  accordgraph stats
  accordgraph stats --json
"""
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@store_option
def stats(*, as_json: bool, store: str) -> None:
    """Count what the graph holds: articles, entities by kind, edges by relation, languages, evidence."""
    from accordgraph.counts import count
    from accordgraph.tables import table
    from graph.stores import open_store

    with open_store(store) as view:
        counts = count(view.graph())
    if as_json:
        _json(counts)
        return
    for key, numbers in counts.items():
        group = key.replace("_", " ")
        if isinstance(numbers, dict):
            click.echo("")
            _lines(table([group, "count"], list(numbers.items()), _width()))
        else:
            click.echo(f"{group}: {numbers}")
