"""Commands that read articles: build, check, verify."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from accordgraph.cli import QUARANTINE, Progress, report, report_diagnostics, say, store_option
from accordgraph.cli.reading import export_options

if TYPE_CHECKING:
    from accordgraph.cli.reading import Quarantine
    from accordgraph.pipeline import Built
    from loaders.diagnostics import Diagnostics
    from loaders.profile import Profile

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command(
    epilog="""\b
Examples:
  accordgraph build articles/
  accordgraph build articles/ more.jsonl --store mygraph
  accordgraph build articles/ --json | jq .root_hash
  accordgraph build articles/ export.zip --set published=2025-10-16 --set publisher="Example News"
"""
)
@PATHS
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: counts, root hash, ledger.")
@click.option(
    "--keep-annotators", is_flag=True, help="Keep annotators' names in the graph; they are left out by default."
)
@click.option("--recheck", is_flag=True, help="Compare everything in the store, not only what its hashes say differs.")
@export_options
def build(
    paths: tuple[Path, ...],
    store: str,
    *,
    as_json: bool,
    keep_annotators: bool,
    recheck: bool,
    profile: Profile,
    diagnostics: Diagnostics,
    quarantine: Quarantine,
) -> None:
    """Build the graph of the articles below PATHS and write it to the store.

    The store then holds what these articles say and nothing else; only what changed is written. What cannot be read
    goes to quarantine, is named with file and line, and the rest goes on. PATHS are files, folders, patterns, or - for
    standard input; they may be exports of annotation tools, see `accordgraph inspect`.
    """
    from accordgraph.building import build_store

    built, changes = build_store(
        paths,
        store,
        keep_annotators=keep_annotators,
        recheck=recheck,
        profile=profile,
        diagnostics=diagnostics,
        reading=Progress("Reading"),
        writing=Progress("Writing"),
    )
    quarantine.keep_problems(built.problems)
    _tell(built, as_json=as_json, extra={"store": store, "written": changes})
    if changes is None:
        raise click.ClickException(f"Every article is in quarantine; {store} is left as it was")
    if not as_json:
        told = ", ".join(f"{count} {what}" for what, count in changes.items() if count)
        say(f"Written to {store}: {told or 'nothing to change'}")
    _finish(built)


@click.command(
    epilog="""\b
Examples:
  accordgraph check articles/
  accordgraph check articles/new.md --json
"""
)
@PATHS
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: counts, root hash, ledger.")
@export_options
def check(
    paths: tuple[Path, ...], *, as_json: bool, profile: Profile, diagnostics: Diagnostics, quarantine: Quarantine
) -> None:
    """Check the articles below PATHS without writing a graph: every problem with its file, its line and the way out."""
    from accordgraph.pipeline import build_graph

    built = build_graph(paths, progress=Progress("Checking"), profile=profile, diagnostics=diagnostics)
    quarantine.keep_problems(built.problems)
    _tell(built, as_json=as_json, extra={})
    _finish(built)


def _tell(built: Built, *, as_json: bool, extra: dict[str, Any]) -> None:
    """The outcome, for people on standard error or as JSON on standard output."""
    if as_json:
        import orjson

        click.echo(orjson.dumps(built.as_dict() | extra, option=orjson.OPT_INDENT_2))
    else:
        report(built.problems)
        report_diagnostics(built.diagnostics.kept, built.diagnostics.codes)
        for line in built.summary():
            say(line)


def _finish(built: Built) -> None:
    if built.problems or built.diagnostics.lost:
        click.get_current_context().exit(QUARANTINE)


@click.command(
    epilog="""\b
Examples:
  accordgraph verify
  accordgraph verify articles/ --store neo4j://localhost
"""
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--keep-annotators", is_flag=True, help="As the store was built.")
@export_options
def verify(
    paths: tuple[Path, ...],
    store: str,
    *,
    as_json: bool,
    keep_annotators: bool,
    profile: Profile,
    diagnostics: Diagnostics,
    quarantine: Quarantine,
) -> None:
    """Compare the store with its own hashes, and with what the articles below PATHS say. Writes nothing.

    Exit code 0 says that it is identical, 1 that something differs; each difference is listed. `accordgraph build
    --recheck` mends what differs; what is there twice, or was drawn by others, goes by `accordgraph clear`.
    """
    from accordgraph.pipeline import build_graph
    from accordgraph.verify import verify as verify_store
    from graph.stores import open_store

    built = None
    if paths:
        built = build_graph(
            paths,
            keep_annotators=keep_annotators,
            progress=Progress("Reading"),
            profile=profile,
            diagnostics=diagnostics,
        )
        report(built.problems)
        quarantine.keep_problems(built.problems)
    with open_store(store) as view:
        root_hash, found = view.root_hash(), verify_store(view, built.graph if built else None)
    if as_json:
        import orjson

        told = {"identical": not found, "root_hash": root_hash, "differences": [asdict(one) for one in found]}
        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    else:
        report(found)
        say(f"{'identical' if not found else f'{len(found)} differences'}: root hash {root_hash}")
    if found:
        click.get_current_context().exit(1)
