"""The command that takes a graph out of its store."""

from __future__ import annotations

import click

from accordgraph.cli import say, store_option


@click.command(
    epilog="""\b
Examples:
  accordgraph clear --store neo4j://localhost
  accordgraph clear --store old-graph --yes
"""
)
@store_option
@click.option("--yes", is_flag=True, help="Do not ask first.")
def clear(store: str, *, yes: bool) -> None:
    """Delete the graph from the store, and nothing else.

    A Neo4j keeps all nodes, relationships, constraints and indexes that this project did not write.
    """
    from graph.stores import open_store

    with open_store(store) as view:  # what is no store of ours is not created to be cleared
        view.root_hash()
    if not yes:
        click.confirm(f"Delete the graph in {store}?", abort=True, err=True)
    with open_store(store, write=True) as opened:
        count = opened.clear()
    say(f"{count:,} nodes deleted from {store}")
