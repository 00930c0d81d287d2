"""Names → entities: the entity register, the countries of ISO 3166, and how a name is folded for look-up.

Nothing is merged on a name alone: a name that two entities bear resolves to neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import orjson

from graph.canonical import content_hash
from graph.errors import UnknownNameError

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SPACE = re.compile(r"\s+")

# The languages whose names a country's node carries; look-up knows all of CLDR's.
NODE_LANGUAGES = (
    "en",
    "th",
    "id",
    "ms",
    "km",
    "lo",
    "my",
    "vi",
    "zh",
    "ko",
    "ja",
    "hi",
    "bn",
    "ur",
    "ru",
    "ar",
    "fr",
    "es",
    "pt",
    "de",
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A node. `id` is `kind-slug:slug`; `kind` a kind of the vocabulary ("Official"); `name` what tables show.

    `names` are all its names in any script, `name` first; `keys` the same folded for look-up; `country` the id of the
    country it belongs to (a country's own id for itself), None if it has none; `part_of` the id it is declared part of.
    `facts` are what the register says beside names, as readable text: offices, legal_status, wikidata …
    """

    id: str
    kind: str
    name: str
    names: tuple[str, ...]
    keys: tuple[str, ...]
    country: str | None
    part_of: str | None
    facts: Mapping[str, tuple[str, ...]]


def fold(name: str) -> str:
    """A name's look-up key: NFKC, case folded, invisible characters dropped, white space single."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", name))
    return _SPACE.sub(" ", visible.casefold()).strip()


def entity(
    id_: str,
    kind: str,
    names: Iterable[str],
    *,
    country: str | None = None,
    part_of: str | None = None,
    facts: Mapping[str, tuple[str, ...]] | None = None,
) -> Entity:
    """An entity with its look-up keys; names keep their order, once each."""
    unique = tuple(dict.fromkeys(names))
    keys = tuple(sorted({fold(name) for name in unique}))
    return Entity(id_, kind, unique[0], unique, keys, country, part_of, facts or {})


class Register:
    """All entities that articles may name: those declared, and every country.

    `get` finds by id, `resolve` by id or by a name that exactly one entity bears.
    """

    def __init__(self, declared: Mapping[str, Entity]) -> None:
        self._declared = dict(declared)
        self._local: Mapping[str, Entity] = {}
        self._by_key: dict[str, frozenset[str]] = {}
        for one in self._declared.values():
            for key in one.keys:
                self._by_key[key] = self._by_key.get(key, frozenset()) | {one.id}

    @property
    def hash(self) -> str:
        """Content hash of everything declared."""
        return content_hash([self._declared[key] for key in sorted(self._declared)])

    def get(self, id_: str) -> Entity | None:
        """The entity with this id."""
        return self._declared.get(id_) or self._local.get(id_) or country(id_)

    def beside(self, local: Mapping[str, Entity]) -> Register:
        """The same register with further entities, which are found by their ids alone: what nobody has decided yet."""
        other = copy(self)
        other._local = local
        return other

    def resolve(self, name: str) -> Entity:
        """The entity with this id or name. Raises UnknownNameError with what is near, or with the several it may be."""
        found = self.get(name)
        if found:
            return found
        ids = self.ids_named(name)
        if len(ids) == 1:
            return self.resolve(next(iter(ids)))
        if ids:
            raise UnknownNameError(f"Name {name!r} may be {' or '.join(sorted(ids))}", way_out="write the id")
        raise UnknownNameError(f"Unknown entity {name!r}", way_out=self._nearest(name))

    def ids_named(self, name: str) -> frozenset[str]:
        """The ids of all entities that bear this id or name."""
        if self.get(name):
            return frozenset((name,))
        return self._by_key.get(fold(name), frozenset()) | countries_named(name)

    def identified(self, scheme: str, id_: str) -> Entity | None:
        """The entity with this identifier (wikidata Q869, iso3166-1 TH …), None if none or several have it."""
        if scheme.replace("-", "").replace("_", "").startswith("iso3166"):
            ids = countries_named(id_)
        else:
            ids = self._by_identifier.get((scheme, id_), frozenset())
        return self.get(next(iter(ids))) if len(ids) == 1 else None

    @cached_property
    def _by_identifier(self) -> Mapping[tuple[str, str], frozenset[str]]:
        found: dict[tuple[str, str], frozenset[str]] = {}
        for one in self._declared.values():
            for scheme, values in one.facts.items():
                for value in values:
                    found[scheme, value] = found.get((scheme, value), frozenset()) | {one.id}
        return found

    def _nearest(self, name: str) -> str:
        if name.startswith("country:"):
            return "use an ISO 3166-1 alpha-2 code, such as country:TH"
        near = get_close_matches(name, self._declared, n=1, cutoff=0.7)
        if near:
            return f"did you mean {near[0]!r}? Else declare it in entities/*.yaml beside the articles"
        return "declare it in entities/*.yaml beside the articles"

    def __iter__(self) -> Any:
        return iter(self._declared.values())

    def __len__(self) -> int:
        return len(self._declared)


def country(id_: str) -> Entity | None:
    """The country with this id (`country:TH`), None if ISO 3166-1 has no such code."""
    prefix, _, code = id_.partition(":")
    known = _countries().get(code) if prefix == "country" else None
    return _country_entity(code) if known else None


def countries_named(name: str) -> frozenset[str]:
    """Ids (`country:TH`) of the countries that bear this name or ISO code, in any CLDR language."""
    return frozenset(f"country:{code}" for code in _country_keys().get(fold(name), "").split())


@cache
def country_names(language: str) -> Mapping[str, tuple[str, ...]]:
    """Country id → its names in a language (BCP 47 primary subtag), CLDR's and the press's; no ISO codes."""
    if language in NODE_LANGUAGES:
        shown = language == "en"  # the name that tables show may be another one than CLDR's
        rows = {
            code: [*([row["name"]] if shown else []), *row["names"].get(language, ())]
            for code, row in _countries().items()
        }
    else:
        rows = _data("country-names.json").get(language, {})
    return {f"country:{code}": tuple(names) for code, names in rows.items()}


def _data(name: str) -> Any:
    return orjson.loads(files("graph").joinpath(name).read_bytes())


@cache
def _countries() -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = _data("countries.json")
    return rows


@cache
def _country_keys() -> dict[str, str]:
    keys: dict[str, str] = _data("country-keys.json")
    return keys


@cache
def _country_entity(code: str) -> Entity:
    row = _countries()[code]
    names = [row["name"], *(name for language in NODE_LANGUAGES for name in row["names"].get(language, ()))]
    return entity(
        f"country:{code}", "Country", names, country=f"country:{code}", facts={"iso3166_1": (code, row["alpha3"])}
    )
