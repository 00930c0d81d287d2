"""Commands that write the graph out: page, export, completion."""

from __future__ import annotations

from pathlib import Path

import click

from accordgraph.cli import say, store_option

OUTPUT = click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; standard output without it.",
)


@click.command(
    epilog="""\b
Examples:
  accordgraph page -o graph.html
  accordgraph page --title "Cambodia and its neighbours" > graph.html
"""
)
@OUTPUT
@click.option("--title", help="The page's heading.")
@store_option
def page(output: Path | None, title: str | None, store: str) -> None:
    """Write the graph as one HTML file that opens from disk, without a network: click an edge, read the words."""
    from graph.pages import TITLE, render
    from graph.stores import open_store

    with open_store(store) as view:
        graph = view.graph()
    _write(render(graph, title=title or TITLE), output, f"{len(graph.edges)} edges")


@click.group()
def export() -> None:
    """Write the graph in another format."""


@export.command(
    epilog="""\b
Examples:
  accordgraph export rdf -o graph.ttl
  accordgraph export rdf | riot --validate -
"""
)
@OUTPUT
@store_option
def rdf(output: Path | None, store: str) -> None:
    """Write Turtle: entities, edges, claims, and evidence with PROV-O and Web Annotation selectors."""
    from graph.export.rdf import to_turtle
    from graph.stores import open_store

    with open_store(store) as view:
        graph = view.graph()
    _write(to_turtle(graph), output, f"{len(graph.claims)} claims")


@export.command(
    "neo4j-admin",
    epilog="""\b
Examples:
  accordgraph export neo4j-admin -o bulk/
  sh bulk/import.sh && neo4j start && cypher-shell -f bulk/finish.cypher
""",
)
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path, file_okay=False), help="A new or empty folder."
)
@store_option
def neo4j_admin(output: Path, store: str) -> None:
    """Write CSV files with which neo4j-admin fills a new, offline database: the quick way for a large graph."""
    from graph.export.neo4j_admin import write_import
    from graph.stores import open_store

    with open_store(store) as view:
        graph = view.graph()
    write_import(graph, output)
    say(f"{len(graph.claims)} claims written to {output}; run sh {output / 'import.sh'} on the server's machine")


@export.command(
    epilog="""\b
Examples:
  accordgraph export browser -o for-browser/
  accordgraph export browser -o for-browser/ --store neo4j://localhost
"""
)
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path, file_okay=False), help="A folder.")
@store_option
def browser(output: Path, store: str) -> None:
    """Write what makes Neo4j Browser at home in the graph: its colours and captions, and all questions.

    Each question is a saved script, with another one that sets its parameters to values of this graph.
    """
    from graph.export.grass import to_grass
    from graph.stores import open_store
    from queries.browser import archive, scripts

    with open_store(store) as view:
        texts = scripts(view)
    for path, text in {"accordgraph.grass": to_grass(), **texts}.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text(text, encoding="utf-8", newline="\n")
    (output / "accordgraph.zip").write_bytes(archive(texts))
    say(f"{len(texts) // 2} questions written to {output}; drop accordgraph.grass and accordgraph.zip on Neo4j Browser")


def _write(text: str, output: Path | None, what: str) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    beside = output.with_name(output.name + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(output)
    say(f"{what} written to {output} ({output.stat().st_size / 1e6:.1f} MB)")


@click.command(
    epilog="""\b
Examples:
  eval "$(accordgraph completion bash)"
  accordgraph completion fish > ~/.config/fish/completions/accordgraph.fish
"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for a SHELL."""
    from click.shell_completion import get_completion_class

    from accordgraph.cli import main

    source = get_completion_class(shell)
    if source is None:
        raise click.ClickException(f"No completion for {shell}")
    click.echo(source(main, {}, "accordgraph", "_ACCORDGRAPH_COMPLETE").source())
