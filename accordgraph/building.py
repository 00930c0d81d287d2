"""Articles → store: builds the graph and applies it, so that the store holds what the articles say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from accordgraph.pipeline import Built, build_graph
from graph.errors import ArticleError
from graph.stores import Progress, open_store
from loaders.diagnostics import Diagnostics
from loaders.profile import Profile

_STORED = "MATCH (a:Article) WHERE a.content_hash IS NOT NULL RETURN a.id AS id, a.content_hash AS hash"


def build_store(
    paths: Sequence[Path],
    location: str,
    *,
    keep_annotators: bool = False,
    recheck: bool = False,
    profile: Profile | None = None,
    diagnostics: Diagnostics | None = None,
    reading: Progress | None = None,
    writing: Progress | None = None,
) -> tuple[Built, dict[str, int] | None]:
    """Builds the graph of the paths and writes the difference to the store; returns both, the second as counts.

    What has the same hash is taken to be the same, unless `recheck`. Where every article is in quarantine nothing is
    written and there are no counts: a slip must not empty a graph.
    """
    with _left_as_it_was(location), open_store(location, write=True) as store:
        stored = dict(store.rows(_STORED, {}).rows)
        built = build_graph(
            paths,
            stored=stored,
            cache=cache_of(location),
            keep_annotators=keep_annotators,
            progress=reading,
            profile=profile,
            diagnostics=diagnostics,
        )
        changes = asdict(store.apply(built.graph, writing, recheck=recheck)) if built.graph.articles else None
    return built, changes


@contextmanager
def _left_as_it_was(location: str) -> Iterator[None]:
    """Where there was no store and the input stops the build, there is none afterwards."""
    is_new = "://" not in location and not Path(location).exists()
    try:
        yield
    except ArticleError:
        if is_new:
            shutil.rmtree(location, ignore_errors=True)
        raise


def cache_of(location: str) -> Path | None:
    """Where a store's cache of read articles lies: in its folder; a server has none."""
    return None if "://" in location else Path(location) / "cache.sqlite"
