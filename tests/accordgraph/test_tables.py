"""Rows for people: aligned in any script, blocks where a table is too wide, CSV that a spreadsheet cannot run."""

from hypothesis import given
from hypothesis import strategies as st

from accordgraph.tables import as_csv, cell, table, width, wrap


def test_wide_and_combining_characters_keep_columns_straight() -> None:
    lines = list(table(["name", "n"], [["กำนัน", 1], ["中文", 2], ["abc", None]], fits=80))
    assert lines == ["name  n", "────  ─", "กำนัน" + " " * (4 - width("กำนัน")) + "  1", "中文  2", "abc"]


def test_a_table_too_wide_becomes_blocks() -> None:
    lines = list(table(["quote", "by"], [["word " * 20, "x"]], fits=30))
    assert lines[0].startswith("1 ──")
    assert all(width(line) <= 30 for line in lines)
    assert lines[-1] == "by     x"


def test_cells_are_one_line() -> None:
    assert cell(["a", None, {"k": 1}]) == "a, , k: 1"
    assert cell("a\nb\x1b[31m") == "a b [31m"


def test_csv_quotes_and_defuses() -> None:
    assert as_csv(["a", "b"], [["=1+1", 'say "x"'], [None, 2]]) == 'a,b\r\n\'=1+1,"say ""x"""\r\n,2\r\n'


@given(st.text(alphabet="ab กำนันខ្មែរ中文😀é"), st.integers(8, 40))
def test_wrapping_loses_nothing_and_fits(text: str, room: int) -> None:
    lines = list(wrap(text, room))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= room for line in lines)
