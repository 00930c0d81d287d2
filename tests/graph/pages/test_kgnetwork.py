"""The pyvis network: what of pyvis is kept, what is refused, and that its pages are ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from pyvis.network import Network

from graph.build import Graph
from graph.errors import PageError
from graph.pages import network, render
from graph.pages.canvas import KGNetwork


def drawn(net: KGNetwork) -> dict[str, Any]:
    html: str = net.generate_html()
    data: dict[str, Any] = json.loads(html.split('id="data">')[1].split("</script>")[0])
    return data


def test_it_is_a_pyvis_network_of_every_entity_and_edge(small: Graph) -> None:
    net = network(small)
    assert isinstance(net, Network)
    assert (net.num_nodes(), net.num_edges()) == (len(small.entities), len(small.edges))
    assert [node["id"] for node in net.nodes] == list(small.entities)
    assert net.get_node("country:TH") == net.nodes[list(small.entities).index("country:TH")]
    assert net.neighbors("country:US") == {"country:TH", "operation:us-measures-2025-10"}
    assert net.generate_html() == render(small)


def test_lines_say_sources_and_what_is_not_affirmed_or_not_yet_done(small: Graph) -> None:
    look = {edge["id"]: edge for edge in network(small).edges}
    signed = look["country:TH signed agreement:kh-th-mou-call-centers-2022"]
    assert (signed["label"], signed["width"], signed["dashes"], signed["arrows"]) == ("signed", 2, False, "to")
    planned = look["agreement:kh-th-mou-call-centers-2022 establishes agency:kh-th-working-group"]
    disputed = look["country:TH cooperates-with country:KH"]
    assert planned["dashes"] != disputed["dashes"]
    assert planned["dashes"]
    assert disputed["arrows"] == ""


def test_parallel_edges_and_loops_are_kept() -> None:
    net = KGNetwork()
    net.add_node("a")
    net.add_node(2, label="two")
    for _ in range(3):
        net.add_edge("a", 2, label="MEETS_WITH")
    net.add_edge(2, "a")
    net.add_edge("a", "a")
    data = drawn(net)
    assert [(edge["from"], edge["to"]) for edge in data["edges"]] == [(0, 1), (0, 1), (0, 1), (1, 0), (0, 0)]
    assert {"x", "y"} <= data["nodes"][1].keys()


def test_a_networkx_graph_is_read_and_left_as_it_is() -> None:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    graph.add_node(np.int64(1), label="one", kind="Country")
    graph.add_edge(1, 2, label="SIGNED", weight=3)
    graph.add_edge(1, 2, label="RATIFIED")
    before = (dict(graph.nodes(data=True)), list(graph.edges(data=True)))
    net = KGNetwork()
    net.from_nx(graph)
    assert (dict(graph.nodes(data=True)), list(graph.edges(data=True))) == before
    assert [edge["label"] for edge in drawn(net)["edges"]] == ["SIGNED", "RATIFIED"]


def test_a_place_that_is_given_stays() -> None:
    net = KGNetwork()
    net.add_node("a", x=5, y=-7)
    net.add_node("b")
    first, second = drawn(net)["nodes"]
    assert (first["x"], first["y"]) == (5, -7)
    assert {"x", "y"} <= second.keys()


def test_options_are_those_that_do_no_harm() -> None:
    net = KGNetwork()
    net.set_options('{"interaction": {"dragNodes": false}}')
    assert drawn(net)["options"] == {"interaction": {"dragNodes": False}}
    with pytest.raises(PageError, match=r"Unknown option 'nodes\.image'"):
        net.set_options({"nodes": {"image": "https://tracker.example"}})
    with pytest.raises(PageError, match=r"Unknown option 'physics\.True'"):
        net.set_options('{"physics": true}')
    with pytest.raises(PageError, match="no JSON"):
        net.set_options("var options = {}")
    net.toggle_physics(False)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda net: net.add_node("a"), "has a node 'a' already"),
        (lambda net: net.add_node("b", shape="image"), "Unknown shape 'image'"),
        (lambda net: net.add_node("b", image="https://tracker.example"), "Unknown node option 'image'"),
        (lambda net: net.add_node("b", size="big"), "it takes a number"),
        (lambda net: net.add_edge("a", "z"), "no node 'z'"),
        (lambda net: net.add_edge("a", "a", href="x"), "Unknown edge option 'href'"),
        (lambda net: net.from_DOT("graph.dot"), "from_DOT is not supported"),
        (lambda net: net.show_buttons(), "graph.pages.render"),
        (lambda net: net.prep_notebook(), "not supported"),
        (lambda net: net.barnes_hut(gravity=-1), "barnes_hut is not supported"),
        (lambda net: net.toggle_physics(True), "toggle_physics"),
        (lambda net: net.set_template("t.html"), "not supported"),
        (lambda net: net.set_template_dir("t"), "not supported"),
        (lambda net: net.from_nx(nx.Graph(), node_size_transf=abs), "'node_size_transf' of from_nx"),
        (lambda net: KGNetwork(select_menu=True), "'select_menu' of pyvis"),
        (lambda net: KGNetwork(bgcolor="</style>"), "'bgcolor' of pyvis"),
        (lambda net: KGNetwork(height='1px" onload="x'), "No length"),
    ],
)
def test_what_cannot_be_shown_safely_is_refused(ask: Callable[[KGNetwork], object], says: str) -> None:
    net = KGNetwork()
    net.add_node("a")
    with pytest.raises(PageError, match=says):
        ask(net)


def test_a_page_is_written_whole_and_as_utf8(small: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net = network(small, title="ไทย")
    path = tmp_path / "page.html"
    assert net.show(str(path)) is net
    assert path.read_bytes() == render(small, title="ไทย").encode()
    monkeypatch.setattr(Path, "replace", no_room)
    with pytest.raises(OSError, match="no room"):
        network(small, title="another").write_html(str(path))
    assert path.read_bytes() == render(small, title="ไทย").encode()
    assert [left.name for left in tmp_path.iterdir()] == ["page.html"]


def no_room(path: Path, target: Path) -> None:
    raise OSError("no room")
