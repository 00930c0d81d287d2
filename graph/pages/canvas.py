"""The pyvis network of a graph: its nodes, edges and options, kept to what our own page can show safely.

pyvis's templates are not used: they run scripts found in data and load files from the network (docs/decisions/0003).
"""

from __future__ import annotations

import json
import re
import webbrowser
from collections import Counter
from collections.abc import Callable, Mapping
from html import escape
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pyvis.network import Network

from graph.build import Edge, Entity, Graph
from graph.errors import PageError, did_you_mean
from graph.pages import TITLE
from graph.pages.document import document, words
from graph.pages.layout import positions
from graph.pages.page import page
from graph.vocabulary import vocabulary

if TYPE_CHECKING:
    import networkx as nx

_SHAPES = frozenset({"dot", "square", "diamond", "triangle", "triangleDown", "star", "hexagon"})
_NODE = {"label": str, "title": str, "color": str, "shape": str, "size": float, "x": float, "y": float}
_EDGE = {"id": str, "label": str, "title": str, "color": str, "width": float, "dashes": list, "arrows": str}
_OPTIONS = frozenset(
    {f"interaction.{name}" for name in ("dragNodes", "dragView", "zoomView", "hideEdgesOnDrag", "hideEdgesOnZoom")}
    | {"nodes.size", "edges.width", "edges.color"}
)
_EXPECTED = {
    str: ((str, int), "text"),
    float: ((int, float), "a number"),
    list: ((bool, list), "true, false or a list of lengths"),
}
_LENGTH = re.compile(r"\d+(px|%|em|rem|vh|vw)?")
_SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"

_TENTATIVE = frozenset({"announced", "planned"})
_DASHED, _DOTTED = [9, 6], [2, 5]
_WIDEST = 6


def _refuse(what: str) -> NoReturn:
    raise PageError(
        f"{what} is not supported", way_out="positions are set, and the page has its own controls: graph.pages.render"
    )


def _refused(name: str) -> Callable[..., NoReturn]:
    """A method of pyvis that raises PageError: what it sets does not reach our page, or would not be safe there."""

    def method(self: KGNetwork, *_: object, **__: object) -> NoReturn:
        _refuse(name)

    return method


class KGNetwork(Network):  # type: ignore[misc]  # pyvis has no types
    """A directed pyvis network that keeps parallel edges and renders through our own page.

    `nodes` and `edges` are pyvis's lists of vis-network options. What the page cannot show safely raises PageError.
    """

    def __init__(
        self,
        height: str = "720px",
        width: str = "100%",
        *,
        heading: str = TITLE,
        graph: Graph | None = None,
        **unsafe: object,
    ) -> None:
        for name in unsafe:
            _refuse(f"{name!r} of pyvis")
        super().__init__(_length(height), _length(width), directed=True, heading=heading, cdn_resources="in_line")
        self.graph = graph
        self.options: dict[str, dict[str, Any]] = {}

    @classmethod
    def of(cls, graph: Graph, *, title: str = TITLE) -> KGNetwork:
        """The network of a graph, placed and styled by the vocabulary."""
        net = cls(heading=title, graph=graph)
        ends = [(edge.subject, edge.object) for edge in graph.edges.values()]
        places = positions(graph.entities, ends)
        degree = Counter(end for pair in ends for end in pair)
        for entity in graph.entities.values():
            x, y = places[entity.id]
            net.add_node(entity.id, entity.name, x=x, y=y, **_node_style(entity, degree[entity.id]))
        for edge in graph.edges.values():
            net.add_edge(edge.subject, edge.object, id=edge.id, **_edge_style(edge))
        return net

    def add_node(
        self,
        n_id: str | int,
        label: str | int | None = None,
        shape: str = "dot",
        color: str = "#71717a",
        **options: Any,
    ) -> None:
        """A node. Raises PageError for an id that is there already, an unknown shape or option."""
        if n_id in self.node_map:
            raise PageError(f"The network has a node {n_id!r} already", way_out="give each node its own id")
        if shape not in _SHAPES:
            raise PageError(f"Unknown shape {shape!r}", way_out=did_you_mean(shape, _SHAPES))
        node = {"label": str(n_id if label is None else label), "shape": shape, "color": color, **options}
        _check("node", node, _NODE)
        self.node_map[n_id] = {"id": _identifier(n_id), **node}
        self.nodes.append(self.node_map[n_id])
        self.node_ids.append(_identifier(n_id))

    def add_edge(self, source: str | int, to: str | int, **options: Any) -> None:
        """An edge beside those that join the same nodes already. Raises PageError for an unknown node or option."""
        for end in (source, to):
            if end not in self.node_map:
                raise PageError(f"The network has no node {end!r}", way_out="add the node before its edges")
        _check("edge", options, _EDGE)
        self.edges.append({"arrows": "to", **options, "from": _identifier(source), "to": _identifier(to)})

    def from_nx(self, nx_graph: nx.Graph[Any], **unsafe: object) -> None:
        """Adds the nodes and edges of a networkx graph with those attributes that a page draws; it stays as it is."""
        for name in unsafe:
            _refuse(f"{name!r} of from_nx")
        for node, said in nx_graph.nodes(data=True):
            self.add_node(node, **{key: said[key] for key in _NODE if key in said})
        for source, to, said in nx_graph.edges(data=True):
            self.add_edge(source, to, **{key: said[key] for key in _EDGE if key in said})

    def set_options(self, options: str | Mapping[str, Any]) -> None:
        """Options of vis-network, as JSON or a mapping, that are known to be harmless; others raise PageError."""
        try:
            wanted = json.loads(options) if isinstance(options, str) else options
        except json.JSONDecodeError as error:
            raise PageError("The options are no JSON", way_out='write them as {"edges": {"width": 2}}') from error
        for part, choices in wanted.items():
            for name in choices if isinstance(choices, Mapping) else [str(choices)]:
                if f"{part}.{name}" not in _OPTIONS:
                    raise PageError(f"Unknown option '{part}.{name}'", way_out=did_you_mean(f"{part}.{name}", _OPTIONS))
        self.options = {part: dict(choices) for part, choices in wanted.items()}

    def toggle_physics(self, status: bool) -> None:
        """Physics is off and stays off: turning it on raises PageError."""
        if status:
            _refuse("toggle_physics(True)")

    def generate_html(self, name: str = "index.html", local: bool = True, notebook: bool = False) -> str:
        """The page as text; the parameters are pyvis's and change nothing."""
        self.html = page(document(self._placed(), self.edges, self.graph), title=self.heading, options=self.options)
        return self.html

    def write_html(self, name: str, local: bool = True, notebook: bool = False, open_browser: bool = False) -> None:
        """Writes the page as UTF-8: the whole of it or, where that fails, nothing."""
        path = Path(name)
        part = path.with_name(f"{path.name}.part")
        try:
            part.write_text(self.generate_html(), encoding="utf-8", newline="\n")
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        if open_browser:
            webbrowser.open(path.resolve().as_uri())

    def show(self, name: str, local: bool = True, notebook: bool = True) -> KGNetwork:
        """Writes the page, opens it unless in a notebook, and gives the network, which a notebook then shows."""
        self.write_html(name, open_browser=not notebook)
        return self

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="{escape(self.heading)}" width="{self.width}" height="{self.height}" frameborder="0" '
            f'sandbox="{_SANDBOX}" referrerpolicy="no-referrer" srcdoc="{escape(self.generate_html())}"></iframe>'
        )

    def _placed(self) -> list[dict[str, Any]]:
        """The nodes, those without a place given one."""
        if all("x" in node and "y" in node for node in self.nodes):
            return list(self.nodes)
        places = positions(
            (str(node["id"]) for node in self.nodes), ((str(e["from"]), str(e["to"])) for e in self.edges)
        )
        return [dict(zip("xy", places[str(node["id"])], strict=True)) | node for node in self.nodes]

    from_DOT = _refused("from_DOT")  # noqa: N815  # pyvis's name; it pastes the text into a script
    prep_notebook = _refused("prep_notebook")  # templates from elsewhere escape nothing
    set_template = _refused("set_template")
    set_template_dir = _refused("set_template_dir")
    show_buttons = _refused("show_buttons")
    barnes_hut = _refused("barnes_hut")
    force_atlas_2based = _refused("force_atlas_2based")
    hrepulsion = _refused("hrepulsion")
    repulsion = _refused("repulsion")
    toggle_stabilization = _refused("toggle_stabilization")
    inherit_edge_colors = _refused("inherit_edge_colors")
    set_edge_smooth = _refused("set_edge_smooth")
    toggle_drag_nodes = _refused("toggle_drag_nodes")
    toggle_hide_edges_on_drag = _refused("toggle_hide_edges_on_drag")
    toggle_hide_nodes_on_drag = _refused("toggle_hide_nodes_on_drag")


def _length(value: str) -> str:
    if not _LENGTH.fullmatch(str(value)):
        raise PageError(f"No length: {value!r}", way_out="write it as '720px' or '100%'")
    return str(value)


def _identifier(value: str | int) -> str | int:
    """The id as text or plain int, so that a numpy integer is written like any other."""
    return value if isinstance(value, str) else int(value)


def _check(what: str, options: Mapping[str, Any], known: Mapping[str, type]) -> None:
    for name, value in options.items():
        if name not in known:
            raise PageError(f"Unknown {what} option {name!r}", way_out=did_you_mean(name, known))
        types, words = _EXPECTED[known[name]]
        if not isinstance(value, types):
            raise PageError(f"The {what} option {name!r} is {value!r}", way_out=f"it takes {words}")


def _node_style(entity: Entity, degree: int) -> dict[str, Any]:
    kind = vocabulary().kinds.get(entity.kind) or vocabulary().kind_of(entity.id)
    return {"shape": kind.shape, "color": kind.color, "size": round(min(9 + 2.4 * sqrt(degree), 28))}


def _edge_style(edge: Edge) -> dict[str, Any]:
    """Width: how many independent sources. Dashes: only announced or planned. Dots: somebody denies it."""
    relation = vocabulary().relation(edge.relation)
    dashes: bool | list[int] = _DASHED if _TENTATIVE.issuperset(edge.stages) else False
    return {
        "label": words(relation.name),
        "width": min(max(edge.sources, 1), _WIDEST),
        "dashes": dashes if edge.polarity == "affirmed" else _DOTTED,
        "arrows": "" if relation.symmetric else "to",
    }
