"""What the bodies of a web annotation say: labels, notes, links and attributes, in the dialects of the tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from loaders.document import Link, Value
from loaders.links import is_of_a_base, link_to

_LABELS = ("tagging", "classifying")
_NAMES = ("identifying", "linking")
NOTES = ("commenting", "replying", "describing", "questioning", "assessing", "moderating", "editing", "bookmarking")
PURPOSES = (*_LABELS, *_NAMES, *NOTES, "highlighting")  # any other is an attribute
_MAKERS = ("creator", "user", "last_modified_by", "contributors")
_ENTITIES = ("PLACE", "PERSON", "EVENT", "ENTITY", "ORGANIZATION")  # of Recogito 2


@dataclass(slots=True)
class Said:
    """What an annotation says. `notes` are type, text and annotator; `rest` are bodies that say none of this."""

    types: list[str] = field(default_factory=list)
    notes: list[tuple[str | None, str, str | None]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    attributes: dict[str, list[Value]] = field(default_factory=dict)
    status: str | None = None
    rest: list[Any] = field(default_factory=list)


def said_by(value: Mapping[str, Any]) -> Said:
    """What the bodies of an annotation say, of W3C, Recogito and Hypothes.is alike."""
    said = Said()
    motivation = first(value.get("motivation"))
    for body in bodies(value):
        _read_body(said, body, motivation)
    said.types += [tag for tag in listed(value.get("tags")) if isinstance(tag, str) and tag]
    if isinstance(text := value.get("text"), str) and text:
        said.notes.append(("commenting", text, None))
    if not said.types:  # in Recogito 2, a tag goes beside the sort of entity, or stands for it
        said.types = [str(tag) for tag in said.attributes.pop("tag", [])]
    said.types = list(dict.fromkeys(said.types))
    return said


def bodies(value: Mapping[str, Any]) -> list[Any]:
    """The bodies of an annotation, however they are written."""
    plain = value.get("bodyValue")
    written = several(value.get("body")) + several(value.get("bodies"))
    return [*written, {"value": plain}] if isinstance(plain, str) else written


def listed(value: Any) -> list[Any]:
    """A value that may be one or several, or nothing."""
    return value if isinstance(value, list) else [] if value is None else [value]


def several(value: Any) -> list[Any]:
    """Bodies or targets: one, several, or a set of them (Choice, Composite, List, Independents)."""
    found: list[Any] = []
    for one in listed(value):
        found += listed(one["items"]) if isinstance(one, dict) and one.get("items") else [one]
    return found


def first(value: Any) -> str | None:
    """The first text of one or several, without a prefix ("oa:tagging")."""
    if not isinstance(value, str):
        value = next((one for one in listed(value) if isinstance(one, str)), None)
    return value.rpartition(":")[2] if value else None


def address(value: Any) -> str | None:
    """The address that a value is, or has as its id."""
    if isinstance(value, dict):
        value = value.get("id", value.get("@id", value.get("uri")))
    return value if isinstance(value, str) and value else None


def annotator_of(value: Mapping[str, Any]) -> str | None:
    """The id or user name of whoever made an annotation or a body; a full name only where there is no other."""
    for one in [one for key in _MAKERS if key in value for one in listed(value[key])]:
        if isinstance(one, dict):
            one = next((one[key] for key in ("id", "@id", "nickname", "name") if one.get(key)), None)
        if isinstance(one, str | int) and not isinstance(one, bool) and one != "":
            return str(one)
    return None


def _read_body(said: Said, body: Any, motivation: str | None) -> None:
    if isinstance(body, str) and body:
        body = {"source": body} if "://" in body else {"value": body}
    if not isinstance(body, dict):
        said.rest.append(body)
        return
    kind = first(body.get("type", body.get("@type")))
    if kind and kind.isupper():
        _read_recogito(said, body, kind)
        return
    text, where, label = _contents(body)
    purpose = first(body.get("purpose")) or motivation
    if text is None and where is None:
        said.rest.append(_public(body))
    elif purpose in _LABELS:
        name = text or label
        links = [link_to(where, name)] if where else []
        if where and not name and not is_of_a_base(links[0]):  # a class of an ontology
            name = _short(where)
        said.types += [name] if name else []
        said.links += links
    elif where or (purpose in _NAMES and text and "://" in text):
        said.links.append(link_to(where or text or "", label if where else None))
        if where and text and purpose not in _NAMES:
            said.notes.append((purpose, text, annotator_of(body)))
    elif purpose in NOTES or purpose is None or purpose == "highlighting":
        said.notes.append((purpose, text or "", annotator_of(body)))
    else:
        said.attributes.setdefault(purpose, []).append(text or "")


def _contents(body: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Text, address and label of a body; a value may itself be one with an id and a label."""
    value, source = body.get("value"), body.get("source")
    labels = [one["label"] for one in (source, value, body) if isinstance(one, dict) and one.get("label")]
    label = labels[0] if labels and isinstance(labels[0], str) else None
    if isinstance(value, dict):
        return label, address(value), label
    text = str(value) if isinstance(value, str | int | float) and value != "" else None
    own = body.get("id", body.get("@id"))  # of the body itself, or of what it is
    named = isinstance(own, str) and "://" in own
    return text, address(source) or (address(own) if text is None or named else None), label


def _read_recogito(said: Said, body: Mapping[str, Any], kind: str) -> None:
    """A body of Recogito 2: its type is what it says."""
    text = body.get("value")
    reference = address(body.get("reference"))
    status = body.get("status")
    if isinstance(status, dict) and isinstance(status.get("value"), str):
        said.status = status["value"]
    if reference:
        said.links.append(link_to(reference))
    note = body.get("note")
    if isinstance(note, str) and note:
        said.notes.append(("note", note, annotator_of(body)))
    if kind in _ENTITIES:
        said.types.append(kind)
    elif kind == "COMMENT" and isinstance(text, str):
        said.notes.append(("commenting", text, annotator_of(body)))
    elif kind != "QUOTE" and isinstance(text, str):
        said.attributes.setdefault(kind.lower(), []).append(text)
    elif kind != "QUOTE":
        said.rest.append(_public(body))


def _short(where: str) -> str:
    """The name at the end of an address."""
    return where.rstrip("/#").rpartition("#")[2].rpartition("/")[2] or where


def _public(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body without whoever made it."""
    return {key: value for key, value in body.items() if key not in ("creator", "user")}


def recogito_quote(value: Mapping[str, Any]) -> str | None:
    """The words of a Recogito 2 annotation."""
    quotes = (one for one in bodies(value) if isinstance(one, dict) and one.get("type") == "QUOTE")
    return next((one["value"] for one in quotes if isinstance(one.get("value"), str) and one["value"]), None)
