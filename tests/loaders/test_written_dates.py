"""Dates in running text: what annotators mark, in each language's way of writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import read_date
from loaders.folded import Folded
from loaders.written_dates import find_dates


def found(text: str, language: str, published: str = "2025-10-17") -> list[str]:
    return [text[slice(*one)] for one in find_dates(Folded(text), language, published)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("th", "เมื่อวันที่ 11 ก.ค. 65 หลังหารือ", ["11 ก.ค. 65"]),
        ("th", "มาตั้งแต่เดือนสิงหาคม 2564 หลัง", ["สิงหาคม 2564"]),
        ("th", "1 มีนาคม 2565 ถึง 30 กันยายน 2566", ["1 มีนาคม 2565", "30 กันยายน 2566"]),
        ("th", "โทรคมนาคมกับกลาโหม 65 คน", []),
        ("id", "pada 16 Oktober 2025 menyambut, 14 Oktober untuk", ["16 Oktober 2025", "14 Oktober"]),
        ("id", "Jumat, 4 Agustus 2022. Dua orang", ["4 Agustus 2022"]),
        ("id", "pada Rabu (18/3) dan 3/4 warga", ["18/3"]),
        ("id", "sejak awal tahun", ["awal tahun"]),
        ("en", "In July 2025. On 21 August 2025 he may march", ["July 2025", "21 August 2025"]),
        ("en", "for 2,000 people and 2000 sites", []),
        ("en", "10-12 March 2025", ["10-12 March 2025"]),
        ("en", "2025-10-16, at noon", ["2025-10-16"]),
        ("vi", "ngày 25/10/2025 và tháng 9/2025, năm 2022", ["25/10/2025", "tháng 9/2025", "năm 2022"]),
        ("zh", "2025年10月14日至16日，3年后", ["2025年10月14日至16日"]),
        ("ja", "2025年8月19日に", ["2025年8月19日"]),
        ("ko", "10월 16일부터, 2025년 10월에, 3년간", ["10월 16일", "2025년 10월"]),
        ("xx", "2022-07-11", ["2022-07-11"]),
    ],
)  # fmt: skip
def test_dates_in_a_text(language: str, text: str, expected: list[str]) -> None:
    assert found(text, language) == expected


WORDS = st.sampled_from(
    [
        "11",
        "65",
        "2565",
        "2025",
        "ก.ค.",
        "กรกฎาคม",
        "วันที่",
        "Oktober",
        "May",
        "/",
        "-",
        ".",
        " ",
        "月",
        "年",
        "ถึง",
        "to",
        "ไทย",
        "😀",
        "１１",
        "\u200b",
    ]
)


@given(st.lists(WORDS, max_size=20).map("".join), st.sampled_from(["th", "id", "en", "zh", "km", "vi", ""]))
def test_whatever_is_found_can_be_read_and_stands_apart(text: str, language: str) -> None:
    last = 0
    for start, end in find_dates(Folded(text), language, "2025-10-17"):
        assert last <= start < end <= len(text)
        assert read_date(text[start:end], language=language, published="2025-10-17").edtf
        last = end
