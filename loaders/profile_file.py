"""The file of a profile, TOML → `loaders.profile.Profile`: every key is known, or an error names it.

What may stand in it: docs/exports.md.
"""

from __future__ import annotations

import codecs
import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph.article import POLARITIES
from graph.errors import AccordgraphError, ArticleError, did_you_mean
from graph.vocabulary import vocabulary
from loaders.article_fields import CALENDARS, FIELDS
from loaders.offsets import UNITS
from loaders.paths import read_paths
from loaders.profile import ENDS, UNMAPPED, Profile, Rule, qualifiers, spelling
from loaders.reading import Options

SECTIONS = ("profile", "json", "metadata", "table", "defaults", "nodes", "relations", "roles", "ignore", "unmapped")
SETTINGS = ("name", "format", "text_key", "offset_unit", "joiner", "accept", "predictions", "annotators", "on_error")
JSON, OF_COLUMNS = "json", {"tag", "token"}  # the format that [json] tells of, unless it only names columns
ON_ERROR = ("quarantine", "stop")

Table = Mapping[str, Any]


def read_profile(path: Path) -> Profile:
    """The profile of a TOML file. Raises ArticleError that names the file and the key."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ArticleError(f"No TOML: {problem}", path=str(path), way_out="mend the line it names") from problem
    try:
        return _profile(values, path)
    except AccordgraphError as problem:
        raise problem.at(str(path)) from problem


def _profile(values: Table, path: Path) -> Profile:
    _known(values, SECTIONS, "section")
    settings = _table(values, "profile")
    _known(settings, SETTINGS, "key of [profile]")
    format_, paths = _text(settings, "format"), _table(values, "json")
    if format_ is None and paths.keys() - OF_COLUMNS:
        format_ = JSON
    if format_ == JSON and paths:
        read_paths(paths)  # names what is wrong with it
    ignored, unmapped = _table(values, "ignore"), _table(values, "unmapped")
    _known(ignored, ("labels", "relations"), "key of [ignore]")
    _known(unmapped, ("nodes", "relations"), "key of [unmapped]")
    metadata = dict(_table(values, "metadata"))
    calendar = metadata.pop("calendar", None)
    _known(metadata, FIELDS, "article field")
    return Profile(
        name=_text(settings, "name") or path.stem,
        format=format_,
        annotators=_text(settings, "annotators") or "all",
        stop_on_error=_choice(settings, "on_error", ON_ERROR, "quarantine") == "stop",
        options=_options(settings, paths),
        metadata={key: str(value) for key, value in metadata.items()},
        calendar=None if calendar is None else _choice({"calendar": calendar}, "calendar", CALENDARS, ""),
        table=_rows(_table(values, "table"), path.parent),
        defaults=_defaults(_table(values, "defaults")),
        nodes=dict(_nodes(_table(values, "nodes"))),
        relations=tuple(_rules(_table(values, "relations"))),
        roles=_roles(_table(values, "roles"), "[roles]"),
        ignored_labels=_texts(ignored, "labels"),
        ignored_relations=_texts(ignored, "relations"),
        unmapped_nodes=_choice(unmapped, "nodes", UNMAPPED, "keep"),
        unmapped_relations=_choice(unmapped, "relations", UNMAPPED, "error"),
    )


def _options(settings: Table, paths: Table) -> Options:
    predictions = settings.get("predictions", False)
    if not isinstance(predictions, bool):
        raise ArticleError(f"predictions is {predictions!r}", way_out="write true or false")
    return Options(
        unit=_choice(settings, "offset_unit", UNITS, "") or None,
        text_key=_text(settings, "text_key"),
        joiner=_text(settings, "joiner"),
        accept=_texts(settings, "accept"),
        predictions=predictions,
        paths=paths,
    )


def _defaults(values: Table) -> dict[str, str]:
    _known(values, FIELDS, "article field")
    return {key: str(value) for key, value in values.items()}


# --- rules -------------------------------------------------------------------------------------------------------


def _nodes(values: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    _known(values, vocabulary().kinds, "kind")
    for kind in values:
        rule = _table(values, kind, f"nodes.{kind}")
        _known(rule, ("from",), f"key of [nodes.{kind}]")
        yield kind, _texts(rule, "from")


def _rules(values: Table) -> Iterator[Rule]:
    _known(values, vocabulary().relations, "relation")
    for relation, given in values.items():
        for rule in given if isinstance(given, list) else [given]:
            yield _rule(relation, _table({relation: rule}, relation, f"relations.{relation}"))


def _rule(relation: str, rule: Table) -> Rule:
    section = f"[relations.{relation}]"
    _known(rule, ("from", *ENDS, "roles", "qualifiers"), f"key of {section}")
    for end in ENDS:
        _known(_texts(rule, end), vocabulary().kinds, f"kind in {end} of {section}")
    return Rule(
        relation,
        patterns=_texts(rule, "from"),
        subject=_texts(rule, "subject"),
        object=_texts(rule, "object"),
        roles=_roles(_table(rule, "roles"), f"roles of {section}"),
        qualifiers=_qualifiers(_table(rule, "qualifiers"), section),
    )


def _roles(values: Table, where: str) -> dict[str, tuple[str, ...]]:
    _known(values, (*ENDS, *qualifiers()), f"end or qualifier in {where}")
    return {key: _texts(values, key) for key in values}


def _qualifiers(values: Table, where: str) -> dict[str, str]:
    _known(values, qualifiers(), f"qualifier in {where}")
    for key, value in values.items():
        _qualified(key, str(value))
    return {key: str(value) for key, value in values.items()}


def _qualified(key: str, value: str) -> None:
    """Refuses a value that is none of a qualifier's choices."""
    qualifier = vocabulary().values.get(key)
    choices = {"stage": vocabulary().stages, "polarity": POLARITIES}.get(key) or (qualifier and qualifier.choices)
    if choices:
        _known([value], choices, key)


# --- fields of articles from a table -----------------------------------------------------------------------------


def _rows(values: Table, folder: Path) -> dict[str, dict[str, str]]:
    """A row for each document of a CSV or TSV file beside the profile, by the document's id."""
    if not values:
        return {}
    _known(values, ("file", "document", "columns"), "key of [table]")
    if not (name := _text(values, "file")):
        raise ArticleError("[table] without file", way_out='write file = "articles.csv"')
    path = folder / name
    columns = {key: str(value) for key, value in _table(values, "columns").items()}
    _known(columns, FIELDS, "article field in [table.columns]")
    try:
        return _read_rows(_table_text(path), _text(values, "document"), columns, path)
    except UnicodeDecodeError as problem:
        way_out = "save it as UTF-8; Excel calls that CSV UTF-8"
        raise ArticleError("The table is not UTF-8", path=str(path), way_out=way_out) from problem
    except (OSError, csv.Error) as problem:
        raise ArticleError(f"Cannot read the table: {problem}", path=str(path), way_out="check the file") from problem


def _table_text(path: Path) -> str:
    """What stands in the file: UTF-8, or what Excel calls Unicode."""
    data = path.read_bytes()
    return data.decode("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")


def _delimiter(text: str, path: Path) -> str:
    """What stands most often in the first line: spreadsheets write what their country does."""
    first = text.partition("\n")[0]
    usual = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    return max((usual, ",", ";", "\t"), key=first.count)


def _read_rows(text: str, document: str | None, columns: Mapping[str, str], path: Path) -> dict[str, dict[str, str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, path), strict=True)
    header = [name.strip() for name in next(rows, ())]
    key = _column(document or next(iter(header), ""), header, path)
    named = {field: name for name in header for field in FIELDS if spelling(field) == spelling(name) and name != key}
    named |= {field: _column(column, header, path) for field, column in columns.items()}
    if not named:
        way_out = f"call columns {', '.join(FIELDS)}, or say in [table.columns] which is which"
        raise ArticleError("No column is a field of an article", path=str(path), line=1, way_out=way_out)
    found: dict[str, dict[str, str]] = {}
    for cells in rows:
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        id_ = row.get(key, "")
        if not id_ and not any(row.values()):
            continue  # spreadsheets write empty rows at the end
        problem = f"Document {id_!r} stands twice" if id_ in found else "" if id_ else f"A row without {key}"
        if problem or any(cells[len(header) :]):
            told = problem or f"{len(cells)} cells under {len(header)} columns"
            raise ArticleError(told, path=str(path), line=rows.line_num, way_out="mend the row, or leave it out")
        found[id_] = {field: value for field, column in named.items() if (value := row.get(column, ""))}
    return found


def _column(name: str, header: Sequence[str], path: Path) -> str:
    """The column of a name, in any spelling. Raises ArticleError where there is none."""
    if name not in header and not (near := [one for one in header if spelling(one) == spelling(name)]):
        way_out = did_you_mean(name, header) if header else "give the table a first line with names"
        raise ArticleError(f"No column {name!r}", path=str(path), line=1, way_out=way_out)
    return name if name in header else near[0]


# --- values ------------------------------------------------------------------------------------------------------


def _known(values: Iterable[str], known: Iterable[str], what: str) -> None:
    choices = list(known)
    for key in values:
        if key not in choices:
            raise ArticleError(f"Unknown {what} {key!r}", way_out=did_you_mean(key, choices))


def _table(values: Table, name: str, shown: str | None = None) -> Table:
    found = values.get(name, {})
    if not isinstance(found, dict):
        raise ArticleError(f"{shown or name} is no table", way_out=f"write [{shown or name}]")
    return found


def _text(values: Table, key: str) -> str | None:
    found = values.get(key)
    if found is not None and not isinstance(found, str):
        raise ArticleError(f"{key} is no text: {found!r}", way_out=f'write {key} = "…"')
    return found


def _choice(values: Table, key: str, choices: Iterable[str], otherwise: str) -> str:
    found = _text(values, key)
    if found is not None:
        _known([found], choices, key)
    return otherwise if found is None else found


def _texts(values: Table, key: str) -> tuple[str, ...]:
    found = values.get(key, [])
    several = [found] if isinstance(found, str) else found
    if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
        raise ArticleError(f"{key} is no list of labels", way_out=f'write {key} = ["…"]')
    return tuple(several)
