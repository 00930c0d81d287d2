"""Graph → CSV files for `neo4j-admin database import full`, and the statements that finish the database it makes.

What a node or relationship carries is said in `graph.stores.shape`; here it is only put into columns. The importer
takes any text, but no empty list: these are marked in the files, and the finishing statements put them in place.
"""

from __future__ import annotations

import shlex
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from graph.build import Graph
from graph.errors import StoreError
from graph.export import NOTICE
from graph.stores import shape
from graph.stores.base import LAYOUT
from graph.stores.schema import schema
from graph.vocabulary import vocabulary

SCRIPT, FINISH = "import.sh", "finish.cypher"
BUFFER = 4 << 20  # bytes that the importer reads at a time unless told; a line must fit in
BATCH = 50_000  # lists put right in one transaction

Row = tuple[tuple[str, ...], shape.Properties]  # what the importer's own columns hold, and the properties

_TYPES = {str: "string", int: "long", float: "double", list: "string[]"}
# Control characters that no XML, hence hardly a text, may hold; then those for private use. None needs quotes in CSV.
_RARE = (*range(0x1F, 0x0D, -1), *range(0xE000, 0xF900))


@dataclass(frozen=True, slots=True)
class _Sort:
    """A sort of node or relationship: its file, its label or type, the importer's own columns, its rows.

    `name` is empty where each row brings its type.
    """

    file: str
    name: str
    columns: tuple[str, ...]
    rows: Callable[[Graph], Iterator[Row]]

    @property
    def option(self) -> str:
        """What tells the importer of the files."""
        kind = "relationships" if self.columns[0].startswith(":START_ID") else "nodes"
        name = f"{self.name}=" if self.name else ""
        return f"--{kind}={name}{self.file}-header.csv,{self.file}.csv"

    @property
    def pattern(self) -> str:
        """What matches one of them, x, in Cypher."""
        label = f":{self.name}" if self.name else ""
        return f"()-[x{label}]->()" if self.option.startswith("--relationships") else f"(x{label})"


@dataclass(slots=True)
class _Survey:
    """What must be known before the first row is written: the columns, and which characters the lists leave free."""

    types: dict[str, dict[str, str]] = field(default_factory=dict)  # of the properties, by file
    blanks: dict[tuple[_Sort, str], Counter[int]] = field(default_factory=dict)  # [] and [""] by length, by property
    used: set[str] = field(default_factory=set)

    def add(self, sort: _Sort, graph: Graph) -> None:
        types = self.types.setdefault(sort.file, {})
        for _, properties in sort.rows(graph):
            for name, value in properties.items():
                type_ = _TYPES[type(value)]
                if types.setdefault(_heading(name), type_) != type_:
                    raise StoreError(f"{name!r} is {types[name]} and {type_}", way_out="give it values of one type")
                if type_ == "string[]":
                    self.used.update(*value)
                    if value in ([], [""]):
                        self.blanks.setdefault((sort, name), Counter())[len(value)] += 1


def write_import(graph: Graph, folder: Path) -> None:
    """Writes files for `neo4j-admin database import full` into a new or empty folder.

    `import.sh` there runs the importer on them; `finish.cypher` is to be run in the database it makes, which then holds
    what `Store.apply` would have written. Raises StoreError where the folder holds files, where a property's name
    cannot head a column, or its values differ in type.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise StoreError(f"{folder} holds files", way_out="name a new folder, or an empty one")
    survey = _Survey()
    for sort in _SORTS:
        survey.add(sort, graph)
    separator, mark = _free(survey.used)
    folder.mkdir(parents=True, exist_ok=True)
    longest = 0
    for sort in _SORTS:
        types = survey.types[sort.file]
        _write(folder / f"{sort.file}-header.csv", [_line((*sort.columns, *map(":".join, types.items())))])
        lines = (_line((*own, *map(said.get, types)), separator, mark) for own, said in sort.rows(graph))
        longest = max(longest, _write(folder / f"{sort.file}.csv", lines))
    _write(folder / FINISH, _finish(survey, mark, graph.root_hash))
    _write(folder / SCRIPT, _script(separator, max(BUFFER, 2 * longest)))  # last: a folder that lacks it is unfinished


# --- rows --------------------------------------------------------------------------------------------------------


def _entities(graph: Graph) -> Iterator[Row]:
    for one in graph.entities.values():
        properties = shape.entity_properties(one)
        yield (properties.pop("id"), one.kind), properties


def _articles(graph: Graph) -> Iterator[Row]:
    for one in graph.articles.values():
        properties = shape.article_properties(one)
        yield (properties.pop("id"),), properties


def _claims(graph: Graph) -> Iterator[Row]:
    for one in graph.claims.values():
        properties = shape.claim_properties(one)
        yield (properties.pop("id"),), properties


def _mentions(graph: Graph) -> Iterator[Row]:
    return (((one.id, entity), {}) for one in graph.articles.values() for entity in one.mentions)


def _subjects(graph: Graph) -> Iterator[Row]:
    return (((one.id, one.subject), {}) for one in graph.claims.values())


def _objects(graph: Graph) -> Iterator[Row]:
    return (((one.id, one.object), {}) for one in graph.claims.values())


def _qualifiers(graph: Graph) -> Iterator[Row]:
    for one in graph.claims.values():
        for role, entities in one.roles.items():
            yield from (((one.id, entity), {"role": role}) for entity in entities)


def _evidence(graph: Graph) -> Iterator[Row]:
    for one in graph.evidence.values():
        speaker = graph.entities[one.speaker].name if one.speaker else None
        yield (one.claim, one.article), shape.evidence_properties(one, speaker)


def _edges(graph: Graph) -> Iterator[Row]:
    for one in graph.edges.values():
        type_ = vocabulary().relation(one.relation).type
        yield (one.subject, one.object, type_), shape.edge_properties(one)


_OF_CLAIM = (":START_ID(Claim)", ":END_ID(Entity)")
_SORTS = (
    _Sort("entities", "Entity", ("id:ID(Entity)", ":LABEL"), _entities),
    _Sort("articles", "Article", ("id:ID(Article)",), _articles),
    _Sort("claims", "Claim", ("id:ID(Claim)",), _claims),
    _Sort("mentions", "MENTIONS", (":START_ID(Article)", ":END_ID(Entity)"), _mentions),
    _Sort("subjects", "SUBJECT", _OF_CLAIM, _subjects),
    _Sort("objects", "OBJECT", _OF_CLAIM, _objects),
    _Sort("qualifiers", "QUALIFIED_BY", _OF_CLAIM, _qualifiers),
    _Sort("evidence", "EVIDENCED_BY", (":START_ID(Claim)", ":END_ID(Article)"), _evidence),
    _Sort("edges", "", (":START_ID(Entity)", ":END_ID(Entity)", ":TYPE"), _edges),
)


# --- files -------------------------------------------------------------------------------------------------------


def _free(used: set[str]) -> tuple[str, str]:
    """Two characters that no list holds: one to stand between elements, one to mark the lists that CSV cannot tell."""
    free = list(islice((character for character in map(chr, _RARE) if character not in used), 2))
    if len(free) < 2:
        raise StoreError("Every character for private use occurs in some list of names", way_out="remove one")
    return free[0], free[1]


def _heading(name: str) -> str:
    # a colon and a brace end a name in a heading, a backslash begins an escape in Cypher
    if not name or any(mark in name for mark in ":{}\\\n\r"):
        raise StoreError(
            f"{name!r} cannot head a column", way_out="give it another name, or use accordgraph build --store"
        )
    return name


def _line(values: tuple[Any, ...], separator: str = "", mark: str = "") -> str:
    return ",".join(_field(value, separator, mark) for value in values) + "\n"


def _field(value: Any, separator: str, mark: str) -> str:
    """RFC 4180: nothing for what is absent, quotes around all text, so that empty text is not absent."""
    if value is None:
        return ""
    if isinstance(value, list):
        # no empty list, and no list of one empty text, survives the importer
        value = separator.join(value) or mark * (1 + len(value))
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else repr(value)


def _write(path: Path, lines: Iterator[str] | list[str]) -> int:
    """Writes lines, and says how many bytes the longest has."""
    longest = 0
    with path.open("wb") as file:
        for line in lines:
            longest = max(longest, file.write(line.encode()))
    return longest


def _script(separator: str, buffer: int) -> list[str]:
    about = (
        "Fills a new database, by default neo4j, from the files beside this one. Run it on the server's machine, as "
        "the user that Neo4j runs as, while Neo4j is stopped; arguments go to neo4j-admin: the database's name, or "
        "--overwrite-destination, which deletes what the database holds. Then start Neo4j and run "
        f"cypher-shell -d neo4j -f {FINISH}"
    )
    options = (
        f"--array-delimiter=U+{ord(separator):04X}",
        "--multiline-fields=true",
        f"--read-buffer-size={buffer}",
        *(sort.option for sort in _SORTS),
    )
    return [
        "#!/bin/sh\n",
        *(f"{line}\n" for text in (about, NOTICE) for line in _comment("# ", text)),
        'cd -- "$(dirname -- "$0")" || exit\n',
        " \\\n  ".join(['exec neo4j-admin database import full "$@"', *map(shlex.quote, options)]) + "\n",
    ]


def _finish(survey: _Survey, mark: str, root_hash: str) -> Iterator[str]:
    about = "Finishes the database that import.sh filled. The last statement makes it count as complete."
    yield from (f"{line}\n" for line in _comment("// ", about))
    yield from (f"{statement};\n" for statement in schema())
    for (sort, name), counts in survey.blanks.items():
        place = "x.`" + name.replace("`", "``") + "`"
        for length, count in counts.items():
            marked = f"\\u{ord(mark):04X}" * (1 + length)
            meant = "['']" if length else "[]"
            statement = (
                f"MATCH {sort.pattern} WHERE {place} = ['{marked}'] WITH x LIMIT {BATCH} SET {place} = {meant};\n"
            )
            yield from [statement] * -(-count // BATCH)
    yield f"MERGE (b:Build {{id: 'current'}}) SET b.root_hash = '{root_hash}', b.layout = {LAYOUT};\n"


def _comment(sign: str, text: str) -> list[str]:
    return textwrap.wrap(text, 100, initial_indent=sign, subsequent_indent=sign, break_on_hyphens=False)
