"""Asking a question: parameters as typed → bound values → rows. Values are always bound, never pasted into Cypher."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeAlias

from graph.errors import AccordgraphError, QuestionError, StoreError, UnknownNameError, VocabularyError
from graph.identity import countries_named, fold
from graph.stores.base import View
from graph.vocabulary import vocabulary
from queries.catalog import ANY, Parameter, Template, find

Value: TypeAlias = str | int | list[str] | None
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_FIRST_BUDDHIST_YEAR = 2400  # no date here is that late; 2400 BE is 1857

_BY_ID = "MATCH (x:Entity {id: $id}) RETURN x.id AS id"
_BY_NAME = "MATCH (x:Entity) WHERE $key IN x.keys OR x.id IN $countries RETURN x.id AS id, x.name AS name ORDER BY x.id"
_NAMES = "MATCH (x:Entity) UNWIND x.names AS name RETURN DISTINCT name AS name, x.id AS id ORDER BY name, id"
_ARTICLE = "MATCH (a:Article) WHERE a.id = $text OR a.url = $text RETURN a.id AS id ORDER BY a.id LIMIT 1"
_ARTICLES = "MATCH (a:Article) RETURN a.id AS id ORDER BY a.id"


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's rows. `parameters` are the values that were bound, entity names resolved to ids."""

    template: Template
    parameters: Mapping[str, Value]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as mappings from column to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def ask(
    view: View, name: str, parameters: Mapping[str, object], templates: Mapping[str, Template] | None = None
) -> Answer:
    """The answer to a question, asked with parameters as a person types them.

    `templates` are the questions to choose from, by default those of the package. Raises QuestionError for an unknown
    question or a wrong parameter, UnknownNameError for a name that no entity of the store bears or several do.
    """
    template = find(name, templates)
    return run(view, template, bind(view, template, parameters))


def run(view: View, template: Template, bound: Mapping[str, Value]) -> Answer:
    """The answer for values that are bound already. Raises StoreError if the store leaves out a column."""
    columns = tuple(column.name for column in template.columns)
    found = view.rows(template.cypher, bound)
    missing = [column for column in columns if column not in found.columns]
    if found.rows and missing:
        raise StoreError(f"The store's answer to {template.name!r} lacks {', '.join(missing)}", path=template.path)
    order = [found.columns.index(column) for column in columns] if found.rows else []
    return Answer(template, bound, columns, tuple(tuple(row[place] for place in order) for row in found))


def bind(view: View, template: Template, parameters: Mapping[str, object]) -> dict[str, Value]:
    """The values to bind, of the declared types, for parameters as typed; what is not given takes its default."""
    for name in parameters:
        template.parameter(name)
    return {p.name: _value(view, template, p, parameters.get(p.name, p.default)) for p in template.parameters}


def as_cypher(template: Template, bound: Mapping[str, Value]) -> str:
    """The question as text for Neo4j Browser: a `:param` line for each value, then the query."""
    lines = [f":param {name} => {literal(value)};" for name, value in bound.items()]
    return "\n".join([*lines, template.cypher.rstrip() + ";"]) + "\n"


def literal(value: Value) -> str:
    """A value as a Cypher literal."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return str(value) if isinstance(value, int) else _quoted(value)


def resolve(view: View, name: str) -> str:
    """The id of the one entity of the store that has this id or bears this name.

    Raises UnknownNameError with the nearest names, or with the ids of all that bear it.
    """
    if len(view.rows(_BY_ID, {"id": name})):
        return name
    found = view.rows(_BY_NAME, {"key": fold(name), "countries": sorted(countries_named(name))}).rows
    if len(found) == 1:
        return str(found[0][0])
    if found:
        ids = ", ".join(f"{id_} ({shown})" for id_, shown in found)
        raise UnknownNameError(f"{name!r} names {len(found)} entities", way_out=f"write one of: {ids}")
    raise UnknownNameError(f"No entity is named {name!r}", way_out=_nearest(view, name))


def _nearest(view: View, name: str) -> str:
    ids = {str(known): str(id_) for known, id_ in view.rows(_NAMES)}
    folded = {fold(known): known for known in ids}
    near = [folded[key] for key in get_close_matches(fold(name), folded, n=3)]
    if near:
        return f"did you mean {' or '.join(f'{known!r} ({ids[known]})' for known in near)}?"
    return "no name in the graph is like it" if ids else "the graph is empty: build it first"


def _value(view: View, template: Template, parameter: Parameter, given: object) -> Value:
    if given is None or given in ("", ANY):
        if not parameter.required:
            return None
        needed = ", ".join(f"{p.name}={p.example}" for p in template.parameters if p.required)
        raise QuestionError(
            f"Question {template.name!r} needs parameter {parameter.name!r}", way_out=f"for example: {needed}"
        )
    if parameter.type == "entities":
        names = given if isinstance(given, (list, tuple)) else str(given).split(",")
        return sorted({resolve(view, str(name).strip()) for name in names})
    try:
        return _CONVERT[parameter.type](view, str(given).strip())
    except (QuestionError, VocabularyError, UnknownNameError) as error:
        raise _placed(error, template, parameter) from error


def _placed(error: AccordgraphError, template: Template, parameter: Parameter) -> AccordgraphError:
    """The same error, saying which parameter of which question it is about."""
    return type(error)(f"{error.what} (parameter {parameter.name!r} of {template.name!r})", way_out=error.way_out)


def _day(text: str, *, last: bool) -> str:
    """A date's first or last day, for a year, a month or a day."""
    match = _DATE.fullmatch(text)
    if not match:
        raise QuestionError(f"{text!r} is no date", way_out="write YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = int(match[1]), match[2] and int(match[2]), match[3] and int(match[3])
    if year >= _FIRST_BUDDHIST_YEAR:
        raise QuestionError(f"{text!r} is a Buddhist-era year", way_out=f"write the Gregorian one: {year - 543}")
    try:
        found = date(year, month or (12 if last else 1), day or 1)
    except ValueError as error:
        raise QuestionError(f"{text!r} is no date", way_out=str(error)) from error
    if last and not day:
        found = found.replace(day=calendar.monthrange(found.year, found.month)[1])
    return found.isoformat()


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise QuestionError(f"{text!r} is no whole number", way_out="write digits, such as 3")
    return int(text)


def _article(view: View, text: str) -> str:
    for (id_,) in view.rows(_ARTICLE, {"text": text}):
        return str(id_)
    known = [str(id_) for (id_,) in view.rows(_ARTICLES)]
    near = get_close_matches(text, known, n=3)
    way_out = f"did you mean {' or '.join(map(repr, near))}?" if near else "write an article's id or address"
    raise UnknownNameError(f"No article is {text!r}", way_out=way_out)


_CONVERT: Mapping[str, Callable[[View, str], str | int]] = {
    "text": lambda _, text: text,
    "integer": lambda _, text: _integer(text),
    "date": lambda _, text: _day(text, last=True),
    "start": lambda _, text: _day(text, last=False),
    "entity": resolve,
    "relation": lambda _, text: vocabulary().relation(text).type,
    "stage": lambda _, text: vocabulary().stage(text),
    "article": _article,
}


def _quoted(text: str) -> str:
    return "'" + json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
