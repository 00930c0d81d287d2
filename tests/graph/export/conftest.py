"""A small graph of three articles: stages, both polarities, partial dates, qualifiers, speakers, a wire copy."""

from __future__ import annotations

import pytest

from graph.article import Article, Mention, Span, StatedClaim
from graph.build import Graph, assemble, contribute
from graph.identity import Register, entity

MOU, CHAIWUT, MDES = "agreement:kh-th-mou-2022", "official:chaiwut", "agency:th-mdes"
TH, KH, US = "country:TH", "country:KH", "country:US"

REGISTER = Register(
    {
        made.id: made
        for made in (
            entity(MOU, "Agreement", ["MOU on call-center gangs", "บันทึกความเข้าใจ"]),
            entity(MDES, "Agency", ["MDES", "กระทรวงดิจิทัลฯ"], country=TH, part_of=TH, facts={"wikidata": ("Q1",)}),
            entity(
                CHAIWUT,
                "Official",
                ["Chaiwut", "ชัยวุฒิ ธนาคมานุสรณ์"],
                country=TH,
                facts={"offices": ("Minister, agency:th-mdes, 2019-07/2023-09",)},
            ),
            entity("crime:call-center-scam", "Crime", ["call-center scam"]),
            entity("place:phnom-penh", "Place", ["Phnom Penh", "ភ្នំពេញ"], country=KH),
            entity("victim-group:thais-at-poipet", "VictimGroup", ["Thais at Poipet"]),
        )
    }
)

THAI = 'เมื่อวันที่ 11 ก.ค. 65 ชัยวุฒิ 👮🏽 ลงนาม "MOU" \\ ที่พนมเปญ\nหารือกันมาตั้งแต่สิงหาคม 2564'
ENGLISH = (
    "Thailand denies working with Cambodia. In 2025 the two shared names. 34 people were sent home until May 2025."
)
INDONESIAN = "Kamboja tidak mengkritik AS. Sejak 2025 Thailand dan AS berbagi data intelijen, kata Chaiwut."

SIGNED = (
    (
        CHAIWUT,
        "signed",
        MOU,
        "ชัยวุฒิ 👮🏽 ลงนาม",
        {"dates": {"on": "11 ก.ค. 65"}, "roles": {"at": ("place:phnom-penh",)}},
    ),
    (TH, "plans-to-sign", MOU, "หารือกันมาตั้งแต่สิงหาคม 2564", {"dates": {"on": "สิงหาคม 2564", "due": "2565"}}),
    (MOU, "targets", "crime:call-center-scam", '"MOU" \\ ที่พนมเปญ\nหารือ', {"confidence": 0.00001}),
    (TH, "cooperates-with", KH, "หารือกันมา", {"dates": {"from": "สิงหาคม 2564"}, "speaker": CHAIWUT}),
)
DENIED = (
    (TH, "cooperates-with", KH, "Thailand denies working with Cambodia", {"polarity": "denied", "speaker": TH}),
    (TH, "cooperates-with", KH, "In 2025 the two shared names", {"dates": {"on": "2025"}, "confidence": 1.0}),
    (
        KH,
        "repatriates-to",
        TH,
        "34 people were sent home until May 2025",
        {
            "dates": {"from": "2025-01", "until": "May 2025"},
            "values": {"count": "34", "unit": "people", "count_kind": "returned"},
            "roles": {"who": ("victim-group:thais-at-poipet",), "via": (US, "place:phnom-penh")},
        },
    ),
)
SHARED = (
    (KH, "criticizes", US, "Kamboja tidak mengkritik AS", {"polarity": "denied", "values": {}}),
    (
        TH,
        "shares-intel",
        US,
        "Thailand dan AS berbagi data intelijen",
        {"dates": {"from": "2025"}, "speaker": CHAIWUT},
    ),
)


def article(
    id_: str, text: str, language: str, published: str, claims: tuple[tuple[object, ...], ...], wire: str | None = None
) -> Article:
    stated = []
    for subject, relation, object_, quote, rest in claims:
        start = text.index(str(quote))
        stated.append(StatedClaim(subject, relation, object_, Span(start, start + len(str(quote))), **rest))  # type: ignore[arg-type]
    return Article(
        id_, f"https://news.example/{id_}?q=a|b", f"Title of {id_}", "ผู้จัดพิมพ์", language, published, "digest", text,
        annotator="A. N. Notator", wire=wire, mentions=(Mention(Span(0, 4), MDES),), claims=tuple(stated),
    )  # fmt: skip


ARTICLES = {
    made.id: made
    for made in (
        article("thaigov-2022", THAI, "th", "2022-07-11", SIGNED),
        article("daily-2026", ENGLISH, "en", "2026-01", DENIED, wire="w"),
        article("suara-2025", INDONESIAN, "id", "2025", SHARED, wire="w"),
    )
}


def small_graph(*, keep_annotators: bool = False) -> Graph:
    contributions = []
    for one in ARTICLES.values():
        made, problems = contribute(one, REGISTER, keep_annotators=keep_annotators)
        assert made, problems
        contributions.append(made)
    return assemble(contributions, REGISTER)


@pytest.fixture(scope="session")
def small() -> Graph:
    return small_graph()


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """Article id → its text."""
    return {id_: made.text for id_, made in ARTICLES.items()}
