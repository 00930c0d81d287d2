"""Everything known about one entity: its names, what the register says, its claims with their quotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accordgraph.tables import cell, counted, wrap
from graph.export import NOTICE
from graph.stores import View
from graph.stores.shape import entity_from
from queries.run import ask, resolve


@dataclass(frozen=True)
class Portrait:
    """An entity and its claims. `claims` are rows of the question `about-an-entity`, as dicts, by relation and date."""

    id: str
    name: str
    kind: str
    names: tuple[str, ...]
    country: str | None
    part_of: str | None
    facts: dict[str, tuple[str, ...]]
    claims: tuple[dict[str, Any], ...]

    def __repr__(self) -> str:
        return "\n".join(self.lines(110))

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {**self.__dict__, "claims": list(self.claims)}

    def lines(self, width: int) -> Iterator[str]:
        """The portrait as text of at most `width` terminal cells a line."""
        yield f"{self.name} · {self.kind} · {self.id}"
        if len(self.names) > 1:
            yield from _indented("also " + ", ".join(self.names[1:]), width)
        for key, values in {"country": (self.country,), "part of": (self.part_of,), **self.facts}.items():
            for value in values:
                if value and value != self.id:
                    yield from _indented(f"{key.replace('_', ' ')}: {value}", width)
        yield ""
        for claim in self.claims:
            yield from self._claim(claim, width)
        yield counted(len(self.claims), "quote")
        yield from wrap(NOTICE, width)

    def _claim(self, row: dict[str, Any], width: int) -> Iterator[str]:
        denied = " · DENIED" if row["polarity"] == "denied" else ""
        when = f" · {row['valid']}" if row["valid"] else ""
        yield f"{row['subject']} — {row['relation']} → {row['object']} · {row['stage']}{when}{denied}"
        figure = f"{row['count']} {row['unit']}" if row["count"] is not None else None
        values = (row["office"], figure, row["framing"], row["legal_status"])
        for told in (*values, *row["qualifiers"], *row["as_written"]):
            if told:
                yield from _indented(cell(told), width)
        yield from _indented(f"“{cell(row['quote'])}”", width)
        said = f"said by {row['speaker']}; " if row["speaker"] else ""
        yield from _indented(f"{said}{row['publisher']}, {row['published']}, {row['url']}", width)
        yield ""


def _indented(text: str, width: int) -> Iterator[str]:
    for line in wrap(text, width - 4):
        yield f"    {line}"


def portrait(view: View, entity: str) -> Portrait:
    """The entity of this id or name. Raises UnknownNameError where there is none, or several."""
    id_ = resolve(view, entity)
    rows = view.rows("MATCH (e:Entity {id: $id}) RETURN properties(e) AS entity", {"id": id_}).rows
    known = entity_from(rows[0][0])
    return Portrait(
        id=known.id,
        name=known.name,
        kind=known.kind,
        names=known.names,
        country=known.country,
        part_of=known.part_of,
        facts=dict(sorted(known.facts.items())),
        claims=tuple(ask(view, "about-an-entity", {"entity": id_}).dicts()),
    )
