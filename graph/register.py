"""The entity register: YAML entries → entities. Checks each entry by itself, then what they say of one another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph.dates import WrittenDate, read_date
from graph.errors import AccordgraphError, DateError, RegisterError, did_you_mean
from graph.identity import Entity, Register, country, entity
from graph.marked import Fields, Items, read_yaml, text_at
from graph.vocabulary import vocabulary

KEYS = (
    "id", "names", "aliases", "part_of", "country", "offices", "legal_status", "identifiers", "wikidata_source", "note",
)  # fmt: skip
OFFICE_KEYS = ("title", "agency", "from", "until", "source")
LEGAL_STATUS_KEYS = ("status", "authority", "date", "source")
_ID = re.compile(r"[a-z]+(?:-[a-z]+)*:[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ISO_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
# what a node has of its own, or by its own key in the register, is no identifier
_IDENTIFIER = re.compile(
    r"(?!(?:id|kind|names?|keys|country|hash|part-of|offices|legal-status|wikidata-source)$)[a-z][a-z0-9-]*"
)
_WIKIDATA = re.compile(r"Q[1-9]\d*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entity as declared: its fields are checked, its references are not yet."""

    id: str
    kind: str
    names: tuple[str, ...]
    part_of: str | None
    country: str | None
    offices: tuple[Mapping[str, str], ...]
    facts: Mapping[str, tuple[str, ...]]
    path: str
    line: int


def parse_entries(text: str, path: str) -> tuple[list[Entry], list[AccordgraphError]]:
    """The entries of one register file, and what is wrong with the others."""
    try:
        entries = read_yaml(text, path=path, error=RegisterError)
    except RegisterError as problem:
        return [], [problem]
    if not isinstance(entries, Items):
        wrong = RegisterError(
            "The register file is no list", path=path, line=1, way_out="begin each entity with '- id:'"
        )
        return [], [wrong]
    good: list[Entry] = []
    problems: list[AccordgraphError] = []
    for fields, line in zip(entries, entries.lines, strict=True):
        try:
            good.append(_entry(fields, path, line))
        except AccordgraphError as problem:
            problems.append(problem.at(path, line))
    return good, problems


def build_register(entries: Iterable[Entry]) -> tuple[Register, list[AccordgraphError]]:
    """The register of all entries; one declared twice, or pointing to an unknown entity, is left out and reported."""
    known: dict[str, Entry] = {}
    problems: list[AccordgraphError] = []
    for entry in sorted(entries, key=lambda e: (e.path, e.line)):
        if entry.id in known:
            first = known[entry.id]
            problems.append(
                _wrong(
                    entry, f"Entity {entry.id!r} declared twice, first in {first.path}:{first.line}", "merge the two"
                )
            )
        else:
            known[entry.id] = entry
    # what is left out takes with it what points to it
    while found := [problem for entry in list(known.values()) for problem in _left_out(entry, known)]:
        problems += found
    return Register({id_: _entity(entry, known) for id_, entry in known.items()}), problems


def _left_out(entry: Entry, known: dict[str, Entry]) -> list[RegisterError]:
    """Takes the entry out if it is part of itself, or points to what is not there, and says why."""
    problems = [
        _wrong(entry, f"Unknown entity {target!r}", _reference_hint(target, known))
        for target in _references(entry)
        if target not in known and not country(target)
    ]
    if _is_its_own_part(entry, known):
        problems.append(_wrong(entry, f"Entity {entry.id!r} is part of itself", "mend part_of:"))
    if problems:
        del known[entry.id]
    return problems


def _wrong(entry: Entry, what: str, way_out: str) -> RegisterError:
    return RegisterError(what, path=entry.path, line=entry.line, way_out=way_out)


def _reference_hint(target: str, known: Mapping[str, Entry]) -> str:
    if target.startswith("country:"):
        return "use an ISO 3166-1 alpha-2 code, such as country:TH"
    return "declare it too, or " + did_you_mean(target, known) if len(known) < 20 else "declare it too"


def _is_its_own_part(entry: Entry, known: Mapping[str, Entry]) -> bool:
    seen: set[str] = set()
    current: Entry | None = entry
    while current and current.part_of and current.id not in seen:
        seen.add(current.id)
        current = known.get(current.part_of)
    return current is entry and bool(seen)


def _references(entry: Entry) -> Iterator[str]:
    yield from (target for target in (entry.part_of, entry.country) if target)
    yield from (office["agency"] for office in entry.offices)


def _entity(entry: Entry, known: Mapping[str, Entry]) -> Entity:
    offices = tuple(_office_text(office) for office in entry.offices)
    facts = {**entry.facts, "offices": offices} if offices else entry.facts
    return entity(
        entry.id, entry.kind, entry.names, country=_country_of(entry, known), part_of=entry.part_of, facts=facts
    )


def _office_text(office: Mapping[str, str]) -> str:
    term = f", {office.get('from', '')}/{office.get('until', '')}" if "from" in office or "until" in office else ""
    source = f" ({office['source']})" if "source" in office else ""
    return f"{office['title']}, {office['agency']}{term}{source}"


def _country_of(entry: Entry, known: Mapping[str, Entry]) -> str | None:
    """Declared, or that of what it is part of, or that of the first office; None for a cycle or where nothing says."""
    seen: set[str] = set()
    current: Entry | None = entry
    while current and current.id not in seen:
        if current.country:
            return current.country
        seen.add(current.id)
        above = current.part_of or (current.offices[0]["agency"] if current.offices else None)
        if above and country(above):
            return above
        current = known.get(above) if above else None
    return None


# --- one entry ---------------------------------------------------------------------------------------------------


def _entry(fields: Any, path: str, line: int) -> Entry:
    if not isinstance(fields, Fields):
        raise RegisterError("An entity is no mapping", way_out="begin it with '- id: kind:slug'")
    _known_keys(fields, KEYS)
    id_ = text_at(fields, "id") or ""
    if id_.startswith("country:"):
        raise RegisterError(f"Country {id_!r} declared", way_out="remove it: countries come from ISO 3166")
    if not _ID.fullmatch(id_):
        raise RegisterError(
            f"Bad entity id {id_!r}", way_out="write kind:slug in lower-case ASCII, such as agency:th-mdes"
        )
    kind = vocabulary().kind_of(id_)
    entry = Entry(
        id=id_,
        kind=kind.name,
        names=_names(fields),
        part_of=text_at(fields, "part_of"),
        country=text_at(fields, "country"),
        offices=tuple(_offices(fields)),
        facts=_facts(fields),
        path=path,
        line=line,
    )
    if kind.name == "Official" and not entry.offices:
        raise RegisterError(f"Official {id_!r} without an office", way_out="add offices: with title, agency and source")
    for key in kind.requires:
        if key not in entry.facts:
            raise RegisterError(
                f"{kind.name} {id_!r} without {key}",
                way_out=f"add {key}: with {', '.join(LEGAL_STATUS_KEYS)}, or leave the person out",
            )
    return entry


def _known_keys(fields: Fields, known: Iterable[str]) -> None:
    for key in fields:
        if key not in known:
            raise RegisterError(f"Unknown key {key!r}", line=fields.lines[key], way_out=did_you_mean(key, known))


def _names(fields: Fields) -> tuple[str, ...]:
    names = fields.get("names")
    if not isinstance(names, Fields) or not names or not all(isinstance(n, str) and n.strip() for n in names.values()):
        raise RegisterError(
            "An entity without names", way_out="add names: {en: …, th: …}, and quote a name that holds a comma"
        )
    for language in names:
        if not _LANGUAGE.fullmatch(language):
            raise RegisterError(
                f"Bad language tag {language!r}", line=names.lines[language], way_out="give a BCP 47 tag, such as th"
            )
    aliases = fields.get("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) and alias.strip() for alias in aliases):
        raise RegisterError("aliases is no list of names", way_out="write aliases: [one, another]")
    first = [names["en"]] if "en" in names else []
    return tuple(dict.fromkeys([*first, *names.values(), *aliases]))


def _offices(fields: Fields) -> Iterator[Mapping[str, str]]:
    offices = fields.get("offices") or []
    for office in offices if isinstance(offices, list) else [offices]:
        checked = _mapping(office, OFFICE_KEYS, required=("title", "agency", "source"), what="An office")
        _check_term(checked, office)
        yield checked


def _check_term(office: Mapping[str, str], fields: Fields) -> None:
    """An office's dates are ISO prefixes of days that exist, in order."""
    days: dict[str, WrittenDate] = {}
    for key in ("from", "until"):
        if key in office:
            days[key] = _iso_day(office[key], fields.lines[key])
    if len(days) == 2 and days["until"].latest < days["from"].earliest:
        raise RegisterError("An office that ends before it begins", line=fields.line, way_out="mend from: or until:")


def _iso_day(text: str, line: int) -> WrittenDate:
    wrong = RegisterError(f"Bad date {text!r}", line=line, way_out="write YYYY, YYYY-MM or YYYY-MM-DD")
    if not _ISO_DAY.fullmatch(text):
        raise wrong
    try:
        return read_date(text, language="en", published="2000")
    except DateError as problem:
        raise wrong from problem


def _mapping(fields: Any, keys: tuple[str, ...], *, required: tuple[str, ...], what: str) -> dict[str, str]:
    if not isinstance(fields, Fields):
        raise RegisterError(f"{what} is no mapping", way_out=f"give {', '.join(keys)}")
    _known_keys(fields, keys)
    missing = [key for key in required if not text_at(fields, key)]
    if missing:
        raise RegisterError(f"{what} without {missing[0]}", line=fields.line, way_out=f"give {', '.join(required)}")
    return {key: value for key in keys if (value := text_at(fields, key))}


def _facts(fields: Fields) -> dict[str, tuple[str, ...]]:
    facts: dict[str, tuple[str, ...]] = {}
    if "legal_status" in fields:
        given = fields["legal_status"]
        status = _mapping(given, LEGAL_STATUS_KEYS, required=LEGAL_STATUS_KEYS, what="A legal status")
        choices = vocabulary().values["legal_status"].choices
        if status["status"] not in choices:
            raise RegisterError(
                f"Unknown legal status {status['status']!r}",
                line=given.line,
                way_out=did_you_mean(status["status"], choices),
            )
        facts["legal_status"] = (f"{status['status']}, {status['authority']}, {status['date']} ({status['source']})",)
    identifiers = fields.get("identifiers") or {}
    if not isinstance(identifiers, dict):
        raise RegisterError("identifiers is no mapping", way_out="write identifiers: {wikidata: Q…}")
    if "wikidata" in identifiers:
        if not _WIKIDATA.fullmatch(str(identifiers["wikidata"])):
            raise RegisterError(f"Bad Wikidata identifier {identifiers['wikidata']!r}", way_out="write Q and digits")
        if not text_at(fields, "wikidata_source"):
            raise RegisterError("A Wikidata identifier without wikidata_source", way_out="say where it was seen")
    for name, value in identifiers.items():
        if not _IDENTIFIER.fullmatch(name):
            raise RegisterError(f"Bad identifier {name!r}", way_out="name the scheme: wikidata, iso3166-2, …")
        facts[name.replace("-", "_")] = (str(value),)
    if source := text_at(fields, "wikidata_source"):
        facts["wikidata_source"] = (source,)
    return facts
