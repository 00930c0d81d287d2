"""Makes graph/countries.json, graph/country-names.json and graph/country-keys.json.

The first holds the names of countries in the languages of their nodes, the second those in all other languages of CLDR,
the last folded name → codes, all of CLDR. Run it after an update of babel or pycountry, or of
graph/countries-press.toml. `--check` only says whether they are fresh.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale, localedata

from graph.identity import NODE_LANGUAGES, fold

GRAPH = Path(__file__).resolve().parent.parent / "graph"
FANCY_SCRIPTS = {"Dsrt", "Shaw"}  # English in Deseret and Shavian letters: nobody's name for a country


def countries() -> dict[str, dict[str, Any]]:
    """Code → alpha3, English display name, and language → names (CLDR's first)."""
    press = tomllib.loads((GRAPH / "countries-press.toml").read_text(encoding="utf-8"))
    locales = [Locale.parse(name) for name in sorted(localedata.locale_identifiers()) if name != "root"]
    locales = [locale for locale in locales if locale.script not in FANCY_SCRIPTS]
    english = Locale.parse("en")
    return {
        country.alpha_2: {
            "alpha3": country.alpha_3,
            "name": press.get(country.alpha_2, {}).get("display") or english.territories[country.alpha_2],
            "names": _names(country.alpha_2, locales, press.get(country.alpha_2, {})),
        }
        for country in sorted(pycountry.countries, key=lambda c: c.alpha_2)
    }


def _names(code: str, locales: list[Locale], press: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for locale in locales:
        _add(found, locale.language, locale.territories.get(code))
    for language, names in press.items():
        for name in names if language != "display" else ():
            _add(found, language, name)
    return dict(sorted(found.items()))


def _add(found: dict[str, list[str]], language: str, name: str | None) -> None:
    if name and name not in found.setdefault(language, []):
        found[language].append(name)


def keys(known: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Folded name or code → the codes of the countries that bear it, with a space between."""
    found: dict[str, set[str]] = {}
    for code, row in known.items():
        for name in (code, row["alpha3"], row["name"], *(name for names in row["names"].values() for name in names)):
            found.setdefault(fold(name), set()).add(code)
    return {key: " ".join(sorted(codes)) for key, codes in sorted(found.items())}


def outputs() -> dict[Path, str]:
    """What each file should hold."""
    known = countries()
    shown = {
        code: {**row, "names": {lang: row["names"][lang] for lang in NODE_LANGUAGES if lang in row["names"]}}
        for code, row in known.items()
    }
    return {
        GRAPH / "countries.json": _json(shown),
        GRAPH / "country-names.json": _json(_by_language(known)),
        GRAPH / "country-keys.json": _json(keys(known)),
    }


def _by_language(known: dict[str, dict[str, Any]]) -> dict[str, dict[str, list[str]]]:
    """Language → code → names, for the languages whose names no node carries."""
    found: dict[str, dict[str, list[str]]] = {}
    for code, row in known.items():
        for language in row["names"].keys() - set(NODE_LANGUAGES):
            found.setdefault(language, {})[code] = row["names"][language]
    return dict(sorted(found.items()))


def _json(rows: dict[str, Any]) -> str:
    """One line a key, so that a change reads as one."""
    lines = (f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(rows[key], ensure_ascii=False)}" for key in rows)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    """Writes the files, or with --check compares them; 1 if one was stale."""
    stale = [path for path, text in outputs().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        print(
            f"stale: {[path.name for path in stale]}, run python tools/countries.py" if stale else "countries are fresh"
        )
        return 1 if stale else 0
    for path in stale:
        path.write_text(outputs()[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
