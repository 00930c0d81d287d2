"""What a TEI document says beside its text: the header's title, publisher, date …, and entries that names refer to.

An entry is a person, place, organization … with an xml:id, in standOff, the header or the text; its idno and sameAs
lead to knowledge bases.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from xml.etree.ElementTree import Element

from loaders.document import Link, Value
from loaders.links import URI, link_to
from loaders.tei_text import XML, id_of, name_of

LOCAL, KEY = "xml-id", "key"  # the schemes of links to an entry of the file, and to one that only a key names

_ADDRESS = re.compile(r"https?://\S+")
_PREFIXED = re.compile(r"([A-Za-z][\w.-]*):(.+)")
_WORLD = ("http", "https", "urn", "doi", "mailto", "file", "ftp", "info")  # schemes of addresses, not of a project
_DATES = ("when", "when-iso", "notBefore", "from", "notAfter", "to")
_NAMES = (
    "persName",
    "placeName",
    "orgName",
    "name",
    "objectName",
    "eventName",
    "label",
    "head",
    "title",
    "term",
    "desc",
)
_BIBLIOGRAPHIC = ("bibl", "biblStruct", "biblFull")
_PATTERN, _NUMBERS = 1000, 50  # characters of a replacement, identifiers of an entry: more are none
_POINTERS = ("sameAs", "corresp", "ref", "source")


LANGUAGE = ""  # the key of what a header says is used; the text itself may say otherwise


def said_in(header: Element) -> Mapping[str, str]:
    """What a header says, by the names of metadata; of what it says twice, the first."""
    found: dict[str, str] = {}
    for name, value in _said(header):
        found.setdefault(name, value)
    return found


def metadata(headers: Iterable[Mapping[str, str]]) -> dict[str, Value]:
    """What headers say together: the document's own first, that of the corpus around it where it says nothing."""
    found: dict[str, Value] = {}
    for said in headers:
        for name, value in said.items():
            found.setdefault(name, value)
    for name in ("publisher", "published", "url"):
        if f"source.{name}" in found:
            found.setdefault(name, found[f"source.{name}"])
    found.pop(LANGUAGE, None)
    return found


def _said(header: Element) -> Iterator[tuple[str, str]]:
    named = _first_of(header)
    title, publication, source = named.get("titleStmt"), named.get("publicationStmt"), named.get("sourceDesc")
    yield from _values(title, {"title": ("title",), "author": ("author",)})
    yield from _values(publication, {"publisher": ("publisher", "authority", "distributor")})
    yield from _dated("published", publication)
    yield from _numbers(publication)
    for licence in _inside(publication, ("licence", "license")):
        if licence.get("target"):
            yield "licence", licence.attrib["target"]
    cited = next(_inside(source, _BIBLIOGRAPHIC), None)
    for name, value in (
        *_values(cited, {"title": ("title",), "author": ("author",), "publisher": ("publisher",)}),
        *_dated("published", cited),
        *_numbers(cited),
        *(("url", one.attrib["target"]) for one in _inside(cited, ("ref", "ptr")) if _is_address(one.get("target"))),
    ):
        yield f"source.{name}", value
    yield from _dated("created", named.get("creation"))
    yield from (
        (LANGUAGE, code) for one in _inside(header, ("language",)) if (code := one.get("ident") or one.get("id"))
    )


def _first_of(header: Element) -> Mapping[str, Element]:
    found: dict[str, Element] = {}
    for one in header.iter():
        found.setdefault(name_of(one.tag), one)
    return found


def _inside(element: Element | None, names: Iterable[str]) -> Iterator[Element]:
    if element is not None:
        yield from (one for one in element.iter() if name_of(one.tag) in names)


def _values(element: Element | None, wanted: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Of each sort the first that says something; the main title before others."""
    for key, names in wanted.items():
        several = [one for one in _inside(element, names) if words_of(one)]
        several.sort(key=lambda one: (one.get("type") not in (None, "main"), names.index(name_of(one.tag))))
        if several:
            yield key, words_of(several[0])


def _dated(name: str, element: Element | None) -> Iterator[tuple[str, str]]:
    for date in _inside(element, ("date",)):
        if value := next((stated for key in _DATES if (stated := date.get(key))), words_of(date)):
            yield name, value
            return


def _numbers(element: Element | None) -> Iterator[tuple[str, str]]:
    for one in _inside(element, ("idno",)):
        if value := words_of(one):
            yield ("url" if _is_address(value) else f"idno.{one.get('type', 'id')}"), value


def _is_address(text: str | None) -> bool:
    return bool(text and _ADDRESS.fullmatch(text))


def words_of(element: Element) -> str:
    """The words in an element, one space between them."""
    return " ".join("".join(element.itertext()).split())


def language_of(elements: Iterable[Element], headers: Iterable[Mapping[str, str]]) -> str | None:
    """The language of the first element that states one; else the first that a header says is used."""
    stated = (one.get(f"{XML}lang") or one.get("lang") for one in elements)
    return next((one for one in (*stated, *(said.get(LANGUAGE) for said in headers)) if one), None)


# --- entries -----------------------------------------------------------------------------------------------------


class Entries:
    """All elements with an id that a document may refer to, and the private prefixes that its header declares.

    `own` are names of the document itself: "name.xml#id" is "#id" then. `outer` are those of the corpus around it.
    """

    def __init__(self, roots: Iterable[Element], own: Iterable[str] = (), outer: Entries | None = None) -> None:
        self._own = {*own}
        self._by_id: ChainMap[str, Element] = outer._by_id.new_child() if outer else ChainMap()
        self._prefixes: ChainMap[str, str] = outer._prefixes.new_child() if outer else ChainMap()
        self._links: dict[str, list[Link]] = {}
        for root in roots:
            for one in root.iter():
                if id_ := id_of(one):
                    self._by_id.maps[0].setdefault(id_, one)
                if name_of(one.tag) == "prefixDef" and "ident" in one.attrib:
                    self._prefixes.maps[0].setdefault(one.attrib["ident"], one.get("replacementPattern", "")[:_PATTERN])

    def expanded(self, pointer: str) -> str:
        """A pointer with its private prefix replaced, as the header says. Its matchPattern is taken to be all."""
        found = _PREFIXED.fullmatch(pointer)
        pattern = self._prefixes.get(found[1], "") if found else ""
        pointer = pattern.replace("$1", found[2], 1) if found and "$1" in pattern else pointer
        name, _, id_ = pointer.partition("#")
        return f"#{id_}" if id_ and name in self._own else pointer

    def entry(self, pointer: str) -> Element | None:
        """The element that "#id" means."""
        return self._by_id.get(pointer[1:]) if pointer.startswith("#") else None

    def links(self, pointer: str) -> list[Link]:
        """Where a pointer leads: to an entry and on to the bases that it names, or straight to one."""
        if pointer not in self._links:
            self._links[pointer] = [*self._found(pointer)]
        return self._links[pointer]

    def _found(self, pointer: str) -> Iterator[Link]:
        entry = self.entry(pointer)
        label = name_in(entry) if entry is not None else None
        yield Link(LOCAL, pointer[1:], label) if pointer.startswith("#") else _link(pointer)
        if entry is not None:
            yield from (replace(one, label=label) for one in _numbered(entry))

    def key(self, key: str) -> list[Link]:
        """Where a key leads: to the entry whose id it is, to an address, or to what only the project knows."""
        if key in self._by_id:
            return self.links(f"#{key}")
        return [_link(key) if _is_address(key) else Link(KEY, key)]

    def aliases(self, pointer: str) -> Iterator[str]:
        """Other pointers that mean the same entry."""
        entry = self.entry(pointer)
        if entry is not None:
            yield from (one.get("target") or words_of(one) for one in _identifiers(entry))
            for key in _POINTERS:
                yield from entry.get(key, "").split()


def name_in(entry: Element) -> str | None:
    """The name of an entry: the first of what stands in it as one."""
    named = (words for name in _NAMES for one in entry if name_of(one.tag) == name and (words := words_of(one)))
    return next(named, None)


def _identifiers(entry: Element) -> Iterator[Element]:
    """The first idno and ptr, in the entry itself or in an idno or linkGrp of it."""
    several = (inner for one in entry for inner in (one, *(one if name_of(one.tag) in ("idno", "linkGrp") else ())))
    yield from islice((one for one in several if name_of(one.tag) in ("idno", "ptr", "ref") and not len(one)), _NUMBERS)


def _numbered(entry: Element) -> Iterator[Link]:
    """The links of an entry, each once."""
    found = []
    for one in _identifiers(entry):
        number = one.get("target") or words_of(one)
        if _is_address(number):
            found.append(link_to(number))
        elif number and name_of(one.tag) == "idno":
            found.append(Link((one.get("type") or "idno").lower(), number))
    pointers = [one for key in _POINTERS for one in entry.get(key, "").split()]
    pointers += [one for name in entry if name_of(name.tag) in _NAMES for one in name.get("ref", "").split()]
    found += [_link(one) for one in pointers if not one.startswith("#")]
    yield from dict.fromkeys(found)


def _link(pointer: str) -> Link:
    """The link of an address, or of prefix:id."""
    found = _PREFIXED.fullmatch(pointer)
    if found and found[1].lower() not in _WORLD:
        return Link(found[1].lower(), found[2])
    link = link_to(pointer)
    return link if link.scheme != URI else Link(URI, pointer)
