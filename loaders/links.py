"""Addresses in knowledge bases ↔ links: "http://www.wikidata.org/entity/Q869" is Q869 of wikidata."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from loaders.document import Link

OWN = "accordgraph"  # the scheme whose ids are those of the register, and of countries
URI = "uri"  # the scheme of an address that is in no base known here: its id is the address

_BASES = {  # scheme: the pattern of its addresses, and the one that is written
    "wikidata": (
        r"(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/(?:Special:EntityData/)?([QP]\d+)",
        "http://www.wikidata.org/entity/{}",
    ),
    "wikipedia": (r"([a-z-]+)(?:\.m)?\.wikipedia\.org/wiki/([^?#]+)", "https://{}.wikipedia.org/wiki/{}"),
    "dbpedia": (r"(?:www\.)?dbpedia\.org/(?:resource|page)/([^?#]+)", "http://dbpedia.org/resource/{}"),
    "geonames": (r"(?:www\.|sws\.)?geonames\.org/(\d+)(?:/.*)?", "https://sws.geonames.org/{}/"),
    "viaf": (r"(?:www\.)?viaf\.org/viaf/(\d+)/?", "http://viaf.org/viaf/{}"),
    "gnd": (r"d-nb\.info/gnd/([\dX-]+)", "https://d-nb.info/gnd/{}"),
    "pleiades": (r"pleiades\.stoa\.org/places/(\d+).*", "https://pleiades.stoa.org/places/{}"),
}
_NAMED = re.compile(r"(?!urn:|tag:|mailto:|javascript:|data:)([A-Za-z][\w.-]*):(?!//)(\S+)")  # "ISO3166:TH"
_PATTERNS = {scheme: re.compile(rf"https?://{pattern}") for scheme, (pattern, _) in _BASES.items()}


def link_to(address: str, label: str | None = None, score: float | None = None) -> Link:
    """The link that an address, or "scheme:id", stands for. Wikipedia's ids have a language: "th:ประเทศกัมพูชา"."""
    for scheme, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(address):
            return Link(scheme, ":".join(map(unquote, found.groups())), label, score)
    named = _NAMED.fullmatch(address)
    return Link(named[1], named[2], label, score) if named else Link(URI, address, label, score)


def is_of_a_base(link: Link) -> bool:
    """Whether a link points to a knowledge base that is known here."""
    return link.scheme in _BASES


def address_of(link: Link) -> str:
    """The address of a link; "scheme:id" where its base is not known here."""
    if link.scheme not in _BASES:
        return link.id if link.scheme == URI else f"{link.scheme}:{link.id}"
    parts = link.id.split(":", 1) if link.scheme == "wikipedia" and ":" in link.id else [link.id]
    if link.scheme == "wikipedia" and len(parts) == 1:
        parts = ["en", *parts]
    return _BASES[link.scheme][1].format(*(quote(part, safe="/():,_-") for part in parts))
