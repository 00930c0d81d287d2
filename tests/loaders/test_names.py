"""Names of known entities: longest first, in their language, in their case, whatever the script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.identity import Register, entity
from loaders.folded import Folded
from loaders.names import Names

REGISTER = Register(
    {
        one.id: one
        for one in (
            entity("agency:th-rtp", "Agency", ["Royal Thai Police", "ตำรวจไทย", "RTP"]),
            entity("agency:kh-moi", "Agency", ["Ministry of Interior", "กระทรวงมหาดไทยกัมพูชา"]),
            entity("agency:th-moi", "Agency", ["Ministry of Interior", "กระทรวงมหาดไทย"]),
            entity("crime:online-scam", "Crime", ["online scam"]),
            entity("company:mercury", "Company", ["Mercury"]),
            entity("operation:mercury", "Operation", ["Mercury"]),
            entity("place:x", "Place", ["X"]),
        )
    }
)


def found(text: str, language: str) -> list[tuple[str, str | None]]:
    return [(text[slice(*one.fragment)], one.entity) for one in Names(REGISTER, language).find(Folded(text))]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Thailand and CAMBODIA met", [("Thailand", "country:TH"), ("CAMBODIA", "country:KH")]),
        ("en", "the Royal  Thai\nPolice", [("Royal  Thai\nPolice", "agency:th-rtp")]),
        ("en", "the royal Thai police", [("royal Thai police", "agency:th-rtp")]),
        ("en", "Online scam, online scams", [("Online scam", "crime:online-scam")]),
        ("en", "TH, KHM, th", []),
        ("en", "roast turkey, US for us", [("US", "country:US")]),
        ("en", "the South China Sea off China", [("China", "country:CN")]),
        ("en", "Hong Kong, Myanmar, Burma", [("Hong Kong", "country:HK"), ("Myanmar", "country:MM"), ("Burma", "country:MM")]),
        ("en", "Mercury rose", []),
        ("en", "the Ministry of Interior", [("Ministry of Interior", None)]),
        ("en", "X marks", []),
        ("id", "Kamboja, AS dan as roda", [("Kamboja", "country:KH"), ("AS", "country:US")]),
        ("th", "กระทรวงมหาดไทยและตำรวจไทยของไทย", [("กระทรวงมหาดไทย", "agency:th-moi"), ("ตำรวจไทย", "agency:th-rtp"), ("ไทย", "country:TH")]),
        ("th", "ผู้ว่าฯ มหาดไทย", []),
        ("th", "Thailand กับสหรัฐฯ", [("Thailand", "country:TH"), ("สหรัฐฯ", "country:US")]),
        ("km", "ប្រទេសកម្ពុជា​និង​ថៃ", [("កម្ពុជា", "country:KH"), ("ថៃ", "country:TH")]),
        ("zh", "中国和柬埔寨，中泰合作，印度洋", [("中国", "country:CN"), ("柬埔寨", "country:KH")]),
        ("ko", "한국은 캄보디아에서", [("한국", "country:KR"), ("캄보디아", "country:KH")]),
        ("vi", "Anh ta nói Campuchia", [("Campuchia", "country:KH")]),
        ("nl", "Cambodja", [("Cambodja", "country:KH")]),
        ("en", "Cambodja", []),
        ("ru", "Камбоджа и Таиланд", [("Камбоджа", "country:KH"), ("Таиланд", "country:TH")]),
        ("ar", "كمبوديا وتايلاند", [("كمبوديا", "country:KH"), ("تايلاند", "country:TH")]),
    ],
)  # fmt: skip
def test_names_in_a_text(language: str, text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text, language) == expected


ENGLISH, THAI = Names(REGISTER, "en"), Names(REGISTER, "th")
PIECES = st.sampled_from(
    [
        "Thailand",
        "ไทย",
        "ตำรวจไทย",
        "กัมพูชา",
        "ថៃ",
        "中国",
        " ",
        "\n",
        "a",
        "ก",
        "\u0e49",
        "😀",
        "\u200b",
        "é",
        "تايلاند",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from([ENGLISH, THAI]))
def test_what_is_found_stands_in_order_and_apart(text: str, names: Names) -> None:
    last = 0
    for one in names.find(Folded(text)):
        start, end = one.fragment
        assert last <= start < end <= len(text)
        last = end
