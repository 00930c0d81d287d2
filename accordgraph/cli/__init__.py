"""The command line: the group, its errors and exit codes, and what its commands share. One file a group of commands."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

import click

QUARANTINE = 3
COMMANDS = {
    "build": "build",
    "check": "build",
    "verify": "build",
    "convert": "build",
    "questions": "ask",
    "ask": "ask",
    "show": "ask",
    "stats": "ask",
    "page": "output",
    "export": "output",
    "completion": "output",
}
EPILOG = """\b
Examples:
  accordgraph check articles/
  accordgraph build articles/
  accordgraph ask what-was-signed -p party=Thailand
  accordgraph show "Chea Vandeth"
  accordgraph page -o graph.html

Exit codes: 0 fine, 1 failed, 2 wrong usage, 3 done with something in quarantine.
"""


class _Commands(click.Group):
    """Commands by name, each module imported when it is used; errors of ours become one line and exit code 1."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"accordgraph.cli.{COMMANDS[name]}")
        command: click.Command = getattr(module, name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches

        if args and args[0] not in COMMANDS and (near := get_close_matches(args[0], COMMANDS, n=1)):
            raise click.UsageError(f"No such command {args[0]!r}; did you mean {near[0]!r}?", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        from graph.errors import AccordgraphError, QuestionError

        try:
            return super().invoke(ctx)
        except QuestionError as problem:
            raise click.UsageError(str(problem)) from problem
        except AccordgraphError as problem:
            raise click.ClickException(str(problem)) from problem
        except OSError as problem:
            if problem.errno == errno.EPIPE:  # whoever reads has gone, as `head` does; click ends quietly
                raise
            told = f"{problem.strerror}: {problem.filename}" if problem.filename else str(problem.strerror or problem)
            raise click.ClickException(told) from problem


@click.group(cls=_Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="accordgraph")
def main() -> None:
    """A knowledge graph in which every edge leads back to the words that support it.

    Annotated articles go in; out come a graph that answers questions in Cypher, a page to explore it, RDF and data
    frames.
    """


def store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--store, the same for every command."""
    return click.option(
        "--store",
        "-s",
        default=".accordgraph",
        show_default=True,
        envvar="ACCORDGRAPH_STORE",
        show_envvar=True,
        metavar="STORE",
        help="A folder for the embedded engine, or the address of a Neo4j (neo4j://host).",
    )(command)


def say(text: str = "") -> None:
    """A line for people, on standard error: standard output stays for what was asked."""
    click.echo(text, err=True)


def report(problems: list[Any]) -> None:
    """Every problem on its own line."""
    for problem in problems:
        say(f"{click.style('✗', fg='red')} {problem}")


class Progress:
    """A bar on a terminal, nothing in a pipe. Called with (done, of)."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def __call__(self, done: int, of: int) -> None:
        """Moves the bar."""
        if not self._shown:
            return
        if self._bar is None:
            self._bar = click.progressbar(length=of, label=self._label, file=sys.stderr, show_pos=True)
        self._bar.update(done - self._bar.pos)
        if done >= of:
            self._bar.render_finish()
