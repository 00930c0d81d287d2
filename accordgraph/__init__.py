"""accordgraph: a knowledge graph of cooperation against scam centers in which every edge leads back to its words.

    import accordgraph as ag
    g = ag.build("articles/")
    g.ask("what-was-signed", party="TH")

`build` makes a graph of articles, `open_graph` opens one that `accordgraph build` wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accordgraph.api import KnowledgeGraph as KnowledgeGraph
    from accordgraph.api import build as build
    from accordgraph.api import open_graph as open_graph

__all__ = ["KnowledgeGraph", "build", "open_graph"]
__version__ = "0.1.0"


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def __getattr__(name: str) -> Any:
    # the command line imports this package first, and its --help must not wait for the graph
    if name not in __all__:
        raise AttributeError(f"module 'accordgraph' has no attribute {name!r}")
    from accordgraph import api

    return getattr(api, name)
