"""The importer's files hold every graph exactly, and a real neo4j-admin makes of them what a store's `apply` makes."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import neo4j
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.pipeline import build_graph
from graph.build import Graph, make_graph
from graph.errors import StoreError
from graph.export import neo4j_admin
from graph.export.neo4j_admin import write_import
from graph.identity import Entity
from graph.stores import Store, open_store, shape
from tools import neo4j_server

pytestmark = pytest.mark.xdist_group("neo4j")

AWKWARD = (
    "",
    "null \0 byte",
    "\0",
    "a;b|c,d\te",
    "`back`tick` 'quote' \"double\" \\ back\\slash\\",
    '"',
    "\n",
    "lines\r\nof\rseveral\u2028sorts\u0085\x0b\x0c",
    "'}) DETACH DELETE n // $(id) `id` ${HOME}",
    "".join(map(chr, range(0x20))),  # every control character: none is left to stand between elements
    "ស្ថានទូត ສະຖານທູດ သံရုံး 大使馆 🇹🇭👨‍👩‍👧 e\u0301 \u202eright to left\u202c שלום",
    "\ufeffno \ufffe characters \uffff \U0010ffff",
    "  spaces around\u00a0\u3000 ",
)
BIG = "ตำรวจ" * 600_000  # nine megabytes of UTF-8
EVERY = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))


# --- the files -----------------------------------------------------------------------------------------------------


def _fields(path: Path) -> Iterator[list[str | None]]:
    """The lines of a CSV file as RFC 4180 reads them; None for what is empty and not in quotes."""
    fields: list[str | None] = []
    for quoted, bare, end in re.findall(r'(?:("(?:[^"]|"")*")|([^",\n]*))([,\n])', path.read_bytes().decode()):
        fields.append(quoted[1:-1].replace('""', '"') if quoted else bare or None)
        if end == "\n":
            yield fields
            fields = []


def _rows(folder: Path, file: str) -> list[dict[str, Any]]:
    """What the importer and the finishing statements make of a data file."""
    (head,) = _fields(folder / f"{file}-header.csv")
    given = re.search("--array-delimiter=U[+]([0-9A-F]{4})", (folder / "import.sh").read_text())
    assert given
    separator = chr(int(given[1], 16))
    marks = re.findall(r" = \['(\S+)'\] .* SET x.`(\S+)` = (\S+);", (folder / "finish.cypher").read_text())
    blanks = {
        (name, mark.encode().decode("unicode-escape")): [""] if "''" in meant else [] for mark, name, meant in marks
    }

    def value(name: str, type_: str, text: str) -> Any:
        if type_ == "string[]":
            return blanks.get((name, text), text.split(separator))
        return {"long": int, "double": float}.get(type_, str)(text)

    columns = [str(column).rpartition(":")[::2] for column in head]
    return [
        {name or type_: value(name, type_, text) for (name, type_), text in zip(columns, line, strict=True) if text is not None}
        for line in _fields(folder / f"{file}.csv")
    ]  # fmt: skip


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["", "\x1f", '"', "\x1e\x1d", "a;b"]
)
_LISTS = st.lists(_TEXT, max_size=4).map(tuple)


@settings(max_examples=150)
@given(names=_LISTS, keys=_LISTS, facts=st.dictionaries(st.sampled_from(["note", "lei", "ชื่อ"]), _LISTS), name=_TEXT)
def test_any_text_comes_back_from_the_files(
    small: Graph, names: tuple[str, ...], keys: tuple[str, ...], facts: dict[str, tuple[str, ...]], name: str
) -> None:
    odd = Entity("agency:odd", "Agency", name, names, keys, None, None, facts)
    graph = make_graph({**small.entities, odd.id: odd}, small.articles, small.claims, small.evidence)
    with tempfile.TemporaryDirectory() as folder:
        write_import(graph, Path(folder))
        rows = _rows(Path(folder), "entities")
    kinds = [row.pop("LABEL") for row in rows]
    ids = [row.pop("id") for row in rows]
    assert [{"id": id_, **row} for id_, row in zip(ids, rows, strict=True)] == [
        shape.entity_properties(one) for one in graph.entities.values()
    ]
    assert kinds == [one.kind for one in graph.entities.values()]


def test_no_list_of_text_can_be_marked_without_a_free_character(small: Graph, tmp_path: Path) -> None:
    full = replace(small.entities["country:TH"], names=(EVERY,))
    graph = make_graph({**small.entities, full.id: full}, small.articles, small.claims, small.evidence)
    with pytest.raises(StoreError, match="Every character for private use"):
        write_import(graph, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"a:b": ("x",)}, "'a:b' cannot head a column"),
        ({"": ("x",)}, "'' cannot head"),
        ({"hash": ("x",)}, "'hash' of"),
    ],
)
def test_a_fact_that_no_column_can_hold_is_refused(
    small: Graph, tmp_path: Path, facts: dict[str, tuple[str, ...]], said: str
) -> None:
    odd = replace(small.entities["country:TH"], facts=facts)
    graph = make_graph({**small.entities, odd.id: odd}, small.articles, small.claims, small.evidence)
    with pytest.raises(StoreError, match=said):
        write_import(graph, tmp_path)


def test_values_of_two_types_are_refused(small: Graph, tmp_path: Path) -> None:
    first, second, *_ = small.claims.values()
    claims = {first.id: replace(first, values={"count": 1}), second.id: replace(second, values={"count": "2"})}
    with pytest.raises(StoreError, match="'count' is long and string"):
        write_import(make_graph(small.entities, small.articles, {**small.claims, **claims}, small.evidence), tmp_path)


def test_a_folder_with_files_is_left_alone(small: Graph, tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(StoreError, match="holds files"):
        write_import(small, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


# --- a real import -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def odd(small: Graph, corpus: Path) -> Graph:
    """The sample corpus, and beside it a graph with awkward text wherever there is text."""
    text = cycle(AWKWARD)
    most = EVERY.translate({0xE000: "", 0xE001: ""})  # two that no list holds are needed
    entities = {
        id_: replace(one, name=next(text), names=AWKWARD, keys=keys, facts={"note": AWKWARD, 'odd `name", é': keys})
        for (id_, one), keys in zip(small.entities.items(), cycle([("",), (), (*AWKWARD, most), AWKWARD]), strict=False)
    }
    ids = {id_: f"{id_}, 'a' \"b\";\tc" for id_ in small.articles}
    articles = {
        ids[one.id]: replace(one, id=ids[one.id], title=title, url=next(text))
        for one, title in zip(small.articles.values(), (EVERY, *AWKWARD), strict=False)
    }
    claims = {id_: replace(one, values={"count": 3, "title": next(text)}) for id_, one in small.claims.items()}
    evidence = {
        id_: replace(one, article=ids[one.article], quote=quote, before=next(text), dates=dates, confidence=confidence)
        for (id_, one), quote, dates, confidence in zip(
            small.evidence.items(),
            (BIG, *AWKWARD),
            cycle([(), ("",), AWKWARD]),
            cycle([None, 0.1, 5e-324]),
            strict=False,
        )
    }
    known = build_graph([corpus]).graph
    return make_graph(
        {**known.entities, **entities},
        {**known.articles, **articles},
        {**known.claims, **claims},
        {**known.evidence, **evidence},
    )


def _held(store: Store) -> tuple[list[str], list[str], list[str]]:
    """All that a server holds, as sorted text: nodes, relationships, constraints."""
    nodes = store.rows("MATCH (n) RETURN labels(n), properties(n)")
    relationships = store.rows("MATCH (a)-[r]->(b) RETURN a.id, type(r), b.id, properties(r)")
    constraints = store.rows("SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties")
    return (
        sorted(repr((sorted(labels), sorted(properties.items()))) for labels, properties in nodes),
        sorted(repr((*ends, sorted(properties.items()))) for *ends, properties in relationships),
        sorted(map(repr, constraints)),
    )


def _import(folder: Path, home: Path) -> None:
    """Runs import.sh with a neo4j-admin that works on this home."""
    (home / "bin").mkdir()
    command = home / "bin" / "neo4j-admin"
    command.write_text(f'#!/bin/sh\nexec {shlex.join(neo4j_server.admin(home))} "$@"\n')
    command.chmod(0o755)
    path = f"{home / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", folder / "import.sh"], capture_output=True, text=True, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _finish(folder: Path, server: neo4j_server.Server) -> None:
    """Runs finish.cypher, as cypher-shell would."""
    with neo4j.GraphDatabase.driver(server.uri, auth=("neo4j", server.access.password or "")) as driver:
        for statement in (folder / "finish.cypher").read_text().split(";\n")[:-1]:
            driver.execute_query(statement)


@pytest.mark.usefixtures("neo4j_jars")
def test_an_imported_database_is_what_apply_makes(
    odd: Graph, neo4j_lts: neo4j_server.Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "an export"
    monkeypatch.setattr(neo4j_admin, "BATCH", 2)  # several statements for what is put right
    write_import(odd, folder)
    with open_store(neo4j_lts.uri, write=True, access=neo4j_lts.access) as store:
        store.apply(make_graph({}, {}, {}, {}))  # other tests' claims may have the ids of these, which are not hashes
        store.apply(odd)
        applied = _held(store)
    with neo4j_server.running(prepare=lambda home: _import(folder, home)) as server:
        with pytest.raises(StoreError, match="No complete graph"):
            open_store(server.uri, access=server.access)
        _finish(folder, server)
        with open_store(server.uri, write=True, access=server.access) as imported:
            assert imported.root_hash() == odd.root_hash
            assert imported.graph() == odd
            assert [len(several) for several in _held(imported)] == [len(several) for several in applied]
            assert _held(imported) == applied
            assert not imported.apply(odd)
