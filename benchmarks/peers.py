"""Other writers for Neo4j, each given the same rows. Runs in an environment of its own: nothing of the project is here.

`python peers.py NAME ROWS`: ROWS is JSON as benchmarks/load.py writes it; address, user and password come from the
environment. Prints the seconds that the writer took, given its own objects ready made.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

BATCH = 2000
_KEY = {"id": "key"}  # neomodel keeps `id` to itself
Rows = dict[str, Any]
Write = Callable[[], object]


def graphio(rows: Rows, driver: Any) -> Write:
    """Nodes and relationships merged by its sets."""
    package = import_module("graphio")
    sets = []
    for own, *kind in (labels for labels, _ in rows["nodes"]):
        sets.append(package.NodeSet([own], merge_keys=["id"], additional_labels=kind))
    for nodes, (_, properties) in zip(sets, rows["nodes"], strict=True):
        nodes.add_nodes(properties)
    for type_, start, end, several in rows["relationships"]:
        relationships = package.RelationshipSet(type_, [start], [end], ["id"], ["id"])
        for from_, to, properties in several:
            relationships.add_relationship({"id": from_}, {"id": to}, properties)
        sets.append(relationships)
    return lambda: [one.merge(driver, batch_size=BATCH) for one in sets]


def graphrag(rows: Rows, driver: Any) -> Write:
    """neo4j-graphrag's Neo4jWriter; it tells of a failure in its answer."""
    types = import_module("neo4j_graphrag.components.types")
    writer = import_module("neo4j_graphrag.components.kg_writer").Neo4jWriter(driver, batch_size=BATCH)
    graph = types.Neo4jGraph(
        nodes=[
            types.Neo4jNode(id=one["id"], label=labels[-1], properties=one)
            for labels, properties in rows["nodes"]
            for one in properties
        ],
        relationships=[
            types.Neo4jRelationship(start_node_id=start, end_node_id=end, type=type_, properties=properties)
            for type_, _, _, several in rows["relationships"]
            for start, end, properties in several
        ],
    )

    def write() -> None:
        answer = asyncio.run(writer.run(graph))
        if answer.status != "SUCCESS":
            sys.exit(f"{answer.status}: {answer.metadata['error']}")

    return write


def neomodel(rows: Rows, driver: Any) -> Write:
    """Nodes by bulk_save, relationships by connect, one by one: it has no other way."""
    package, contrib = import_module("neomodel"), import_module("neomodel.contrib")
    package.db.set_connection(driver=driver)

    def properties_of(several: list[dict[str, Any]]) -> dict[str, Any]:
        examples = {name: value for one in several for name, value in one.items()}
        return {name: _property(package, value) for name, value in examples.items() if name != "id"}

    classes: dict[str, Any] = {}
    nodes: dict[str, Any] = {}
    for labels, several in rows["nodes"]:
        own = {"__label__": ":".join(labels), "key": package.StringProperty(db_property="id"), **properties_of(several)}
        class_ = type(labels[-1], (contrib.SemiStructuredNode,), own)
        classes[labels[-1]] = class_
        for one in several:
            nodes[one["id"]] = class_(**_keyed(one))

    def write() -> None:
        for class_ in classes.values():
            ours = [node for node in nodes.values() if type(node) is class_]
            for first in range(0, len(ours), BATCH):
                class_.bulk_save(ours[first : first + BATCH])
        for type_, _, _, several in rows["relationships"]:
            _connect(package, type_, nodes, several)

    return write


def _property(package: Any, value: object) -> Any:
    kinds = {bool: "BooleanProperty", int: "IntegerProperty", float: "FloatProperty", list: "ArrayProperty"}
    return getattr(package, kinds.get(type(value), "StringProperty"))()


def _connect(package: Any, type_: str, nodes: dict[str, Any], several: list[Any]) -> None:
    examples = {name: value for _, _, properties in several for name, value in properties.items()}
    model = type(type_, (package.StructuredRel,), {_KEY.get(n, n): _property(package, v) for n, v in examples.items()})
    for start, end, properties in several:
        kind = package.RelationshipTo(type(nodes[end]), type_, model=model)
        kind.build_manager(nodes[start], type_).connect(nodes[end], _keyed(properties))


def _keyed(properties: dict[str, Any]) -> dict[str, Any]:
    return {_KEY.get(name, name): value for name, value in properties.items()}


PEERS: dict[str, Callable[[Rows, Any], Write]] = {"graphio": graphio, "neo4j-graphrag": graphrag, "neomodel": neomodel}


def main() -> None:
    """Loads the rows by the peer that is named."""
    name, path = sys.argv[1:]
    rows = json.loads(Path(path).read_text(encoding="utf-8"))
    access = os.environ["PEER_USER"], os.environ["PEER_PASSWORD"]
    with import_module("neo4j").GraphDatabase.driver(os.environ["PEER_URI"], auth=access) as driver:
        write = PEERS[name](rows, driver)
        begun = perf_counter()
        write()
        print(perf_counter() - begun)


if __name__ == "__main__":
    main()
