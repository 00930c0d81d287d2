"""Pages: a Graph in, one self-contained HTML text out. Nothing here opens a file, a store or the network.

`document` says what a page holds, `layout` where its nodes stand, `canvas` is the pyvis network and `page` the HTML.
pyvis and networkx are imported when the first page is made, so that importing this package stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.build import Graph
    from graph.pages.canvas import KGNetwork

TITLE = "Who works with whom against scam centers"


def render(graph: Graph, *, title: str = TITLE) -> str:
    """One HTML file that opens from disk with the network off and shows every edge with the words that support it.

    The same graph and title give the same bytes. Raises VocabularyError for a kind or relation the vocabulary lacks.
    """
    return network(graph, title=title).generate_html()


def network(graph: Graph, *, title: str = TITLE) -> KGNetwork:
    """The graph as a pyvis network: parallel edges kept, positions set, physics off; a notebook shows it as the page.

    Raises VocabularyError for a kind or relation the vocabulary lacks.
    """
    from graph.pages.canvas import KGNetwork

    return KGNetwork.of(graph, title=title)
