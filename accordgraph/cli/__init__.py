"""The command line: the group, its errors and exit codes, and what its commands share. One file a group of commands."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

QUARANTINE = 3
SHOWN = 20  # diagnostics of one code that are printed unless all are asked for
COMMANDS = {
    "build": "build",
    "check": "build",
    "verify": "build",
    "convert": "convert",
    "inspect": "inspect",
    "agreement": "agreement",
    "profile": "profile",
    "scheme": "scheme",
    "suggest": "suggest",
    "questions": "ask",
    "ask": "ask",
    "show": "ask",
    "stats": "ask",
    "page": "output",
    "export": "output",
    "clear": "clear",
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
    """--store, the same for every command, and how to get into a server: --user, --database, --password-file."""
    for option in reversed(_ACCESS):
        command = option(command)
    return click.option(
        "--store",
        "-s",
        default=".accordgraph",
        show_default=True,
        envvar="ACCORDGRAPH_STORE",
        show_envvar=True,
        metavar="STORE",
        callback=_location,
        help="A folder for the embedded engine, or the address of a Neo4j (neo4j://host).",
    )(command)


def _noted(ctx: click.Context, option: click.Parameter, value: str | None) -> None:
    ctx.meta[f"accordgraph.{option.name}"] = value


def _server_option(name: str, shown: str, **more: Any) -> Callable[..., Any]:
    """An option for servers, read before --store is; commands get it with the location."""
    return click.option(name, metavar=shown, is_eager=True, expose_value=False, callback=_noted, **more)


_ACCESS = (
    _server_option("--user", "USER", envvar="ACCORDGRAPH_NEO4J_USER", show_envvar=True, help="User on the server."),
    _server_option(
        "--password-file",
        "FILE",
        type=click.Path(exists=True, dir_okay=False),
        help="Its first line is the password; else ACCORDGRAPH_NEO4J_PASSWORD, or you are asked.",
    ),
    _server_option(
        "--database",
        "NAME",
        envvar="ACCORDGRAPH_NEO4J_DATABASE",
        show_envvar=True,
        help="Database on the server, by default the user's home database.",
    ),
)


def _location(ctx: click.Context, _: click.Parameter, place: str) -> str:
    """The store's place, with the access to it where it is a server."""
    if "://" not in place or ctx.resilient_parsing:
        return place
    from graph.stores import Access, Location

    user, file, database = (ctx.meta.get(f"accordgraph.{name}") for name in ("user", "password_file", "database"))
    return Location(place, Access(user, _password(user, file), database))


def _password(user: str | None, file: str | None) -> str | None:
    """From the file, the environment, or whoever sits at the terminal: a command line can be read by everyone."""
    if file:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
        return lines[0] if lines else ""
    given = os.environ.get("ACCORDGRAPH_NEO4J_PASSWORD")
    if given is None and user and sys.stdin.isatty():
        asked: str = click.prompt(f"Password of {user}", hide_input=True, err=True)
        return asked
    return given


def say(text: str = "") -> None:
    """A line for people, on standard error: standard output stays for what was asked."""
    click.echo(text, err=True)


def report(problems: list[Any]) -> None:
    """Every problem on its own line."""
    for problem in problems:
        say(f"{click.style('✗', fg='red')} {problem}")


def report_diagnostics(diagnostics: Sequence[Any], codes: Mapping[str, int], *, every: bool = False) -> None:
    """Diagnostics, one a line; of each code only the first few and how many more, unless `every`."""
    told: dict[str, int] = {}
    for one in diagnostics:
        told[one.code] = told.get(one.code, 0) + 1
        if every or told[one.code] <= SHOWN:
            say(str(one))
    for code, count in codes.items():
        shown = told.get(code, 0) if every else min(told.get(code, 0), SHOWN)
        if count > shown:
            say(f"… and {count - shown:,} more of {code}")


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
