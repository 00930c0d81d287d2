from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from graph.date_words import tongue
from graph.dates import read_date

TABLES: dict[str, Any] = tomllib.loads(files("graph").joinpath("date_words.toml").read_text(encoding="utf-8"))
LISTS = ("early", "mid", "late", "first_half", "second_half", "range", "past", "coming", "skip")
MAPS = ("numbers", "eras")


def words(table: dict[str, Any]) -> list[str]:
    nested = [word for key in ("months", "weekdays") for forms in table.get(key, ()) for word in forms]
    marks = [word for side in ("before", "after") for forms in table.get(side, {}).values() for word in forms]
    shifts = [word for counted in table.get("shift", {}).values() for word in counted]
    return nested + marks + shifts + [word for key in (*LISTS, *MAPS) for word in table.get(key, ())]


@pytest.mark.parametrize("language", sorted(TABLES))
def test_a_table_is_complete_and_each_word_means_one_thing(language: str) -> None:
    table = TABLES[language]
    known = {
        "order",
        "era",
        "example",
        "dashed",
        "han",
        "months",
        "weekdays",
        "before",
        "after",
        "shift",
        *LISTS,
        *MAPS,
    }
    assert table.keys() <= known
    assert len(table["weekdays"]) == 7
    assert len(table.get("months", ())) in (0, 12)
    assert table.get("months") or "month" in table["after"]
    assert len(words(table)) == len({word.casefold() for word in words(table)})


@pytest.mark.parametrize("language", sorted(TABLES))
def test_every_word_is_a_token_of_its_own(language: str) -> None:
    speech = tongue(language)
    for word in speech.words:
        match = speech.pattern.match(word)
        assert match is not None
        assert (match.lastgroup, match[0]) == ("word", word)


@pytest.mark.parametrize("language", sorted(TABLES))
def test_the_example_of_a_language_is_a_day_in_it(language: str) -> None:
    assert read_date(TABLES[language]["example"], language=language, published="2025-10-16").precision == "day"


def test_a_language_without_a_table_has_no_words() -> None:
    assert tongue("tlh").words == {}
