"""A small hand-written graph, and stores filled with it. What the templates answer on it is in test_answers.py."""

from __future__ import annotations

import hashlib
from itertools import groupby

import pytest

from graph.build import ArticleNode, Edge, Graph
from graph.claims import Claim, Evidence
from graph.identity import Entity, fold

MOU = "agreement:kh-th-mou-call-centers-2022"
GROUP = "agency:kh-th-joint-working-group"
MEASURES = "operation:us-measures-online-scam-2025-10"

# id: name, further names, country, facts
ENTITIES: dict[str, tuple[str, tuple[str, ...], str | None, dict[str, tuple[str, ...]]]] = {
    "country:TH": ("Thailand", ("ไทย", "TH"), "country:TH", {}),
    "country:KH": ("Cambodia", ("กัมพูชา", "កម្ពុជា", "KH"), "country:KH", {}),
    "country:US": ("United States", ("AS", "สหรัฐ"), "country:US", {}),
    "country:KR": ("South Korea", ("Korea Selatan",), "country:KR", {}),
    "country:ID": ("Indonesia", (), "country:ID", {}),
    "country:MM": ("Myanmar", ("မြန်မာ",), "country:MM", {}),
    "official:chaiwut-thanakamanusorn": (
        "Chaiwut Thanakamanusorn",
        ("ชัยวุฒิ ธนาคมานุสรณ์",),
        "country:TH",
        {"offices": ("Minister of Digital Economy and Society, agency:th-mdes, 2019-07/2023-09",)},
    ),
    "official:chea-vandeth": ("Chea Vandeth", (), "country:KH", {}),
    "official:nikorndej-balankura": ("Nikorndej Balankura", (), "country:TH", {}),
    "official:prayut-chan-o-cha": ("Prayut Chan-o-cha", ("ประยุทธ์",), "country:TH", {}),
    "agency:th-mdes": ("Ministry of Digital Economy and Society", ("MDES",), "country:TH", {}),
    "agency:kh-mptc": ("Ministry of Posts and Telecommunications", (), "country:KH", {}),
    "agency:th-mfa": ("Ministry of Foreign Affairs", ("MFA",), "country:TH", {}),
    "agency:kh-mfa": ("Ministry of Foreign Affairs", (), "country:KH", {}),
    GROUP: ("Thai-Cambodian joint working group", (), None, {}),
    "international-organization:interpol": ("INTERPOL", (), None, {}),
    MOU: ("MOU on call-center gangs and hybrid scam", (), None, {}),
    MEASURES: ("US measures against online scam networks", (), "country:US", {}),
    "crime:call-center-scam": ("call-center scam", ("แก๊งคอลเซ็นเตอร์",), None, {}),
    "crime:hybrid-scam": ("hybrid scam", (), None, {}),
    "crime:online-scam": ("online scam", (), None, {}),
    "crime:human-trafficking": ("human trafficking", (), None, {}),
    "crime:money-laundering": ("money laundering", (), None, {}),
    "place:phnom-penh": ("Phnom Penh", (), "country:KH", {}),
    "victim-group:thais-at-poipet": ("Thais at Poipet", (), None, {}),
}

# id: title, publisher, language, published, known from, wire
ARTICLES: dict[str, tuple[str, str, str, str, str, str | None]] = {
    "thaigov-2022-07-11": ("ไทยลงนาม MOU ร่วมกัมพูชา", "รัฐบาลไทย", "th", "2022-07-11", "2022-07-11", None),
    "khmer-daily-2022-07-12": ("Ministers sign", "Khmer Daily", "en", "2022-07-12", "2022-07-12", "wire-a"),
    "mekong-post-2022-07": ("Ministers sign", "Mekong Post", "en", "2022-07", "2022-07-31", "wire-a"),
    "suarathailand-2025-10-16": ("Thailand memuji langkah AS", "Suara", "id", "2025-10-16", "2025-10-16", None),
    "seoul-desk-2025-10-20": ("34 requests, 8 replies", "Seoul Desk", "en", "2025-10-20", "2025-10-20", None),
    "bangkok-wire-2026-01-05": ("Cambodia denies", "Bangkok Wire", "en", "2026-01-05", "2026-01-05", None),
}


def _claim(  # noqa: PLR0913
    name: str,
    subject: str,
    relation: str,
    object_: str,
    stage: str,
    since: str | None = None,
    *,
    until: str | None = None,
    polarity: str = "affirmed",
    roles: dict[str, tuple[str, ...]] | None = None,
    state: bool = False,
    **values: str | int,
) -> Claim:
    last = _last_day(until) if until else None
    valid = None if since is None else f"{since}/{until or '..'}" if state else since
    return Claim(
        name,
        subject,
        relation,
        object_,
        stage,
        polarity,
        valid,
        since,
        until,
        _first_day(since),
        last,
        values,
        roles or {},
    )


def _first_day(prefix: str | None) -> str | None:
    return None if prefix is None else prefix + "-01-01"[len(prefix) - 10 :] if len(prefix) < 10 else prefix


def _last_day(prefix: str) -> str:
    return prefix + "-12-31"[len(prefix) - 10 :] if len(prefix) < 10 else prefix


TH, KH, US, KR, MM = (f"country:{code}" for code in ("TH", "KH", "US", "KR", "MM"))
CHAIWUT, VANDETH, NIKORNDEJ = (
    "official:chaiwut-thanakamanusorn",
    "official:chea-vandeth",
    "official:nikorndej-balankura",
)
THAIS, POSTS, MDES = "victim-group:thais-at-poipet", "agency:kh-mptc", "agency:th-mdes"
SIGNING = {"at": ("place:phnom-penh",)}
GOV, DAILY, POST, SUARA, SEOUL, WIRE = ARTICLES

# a claim, and who says so in which words: (article, quote, speaker)
SAID: list[tuple[Claim, list[tuple[str, str, str | None]]]] = [
    (
        _claim("k01", CHAIWUT, "signed", MOU, "signed", "2022-07-11", roles=SIGNING),
        [
            (GOV, "นายชัยวุฒิ ลงนามบันทึกความเข้าใจ", None),
            (DAILY, "ministers signed", None),
            (POST, "ministers signed", None),
        ],
    ),
    (_claim("k02", VANDETH, "signed", MOU, "signed", "2022-07-11", roles=SIGNING), [(GOV, "นายเจีย วันเดค ลงนาม", None)]),
    (_claim("k03", TH, "plans-to-sign", MOU, "planned", "2021-08"), [(GOV, "หารือมาตั้งแต่สิงหาคม 2564", CHAIWUT)]),
    (
        _claim("k04", MOU, "targets", "crime:call-center-scam", "in force", "2022-07-11", state=True),
        [(GOV, "ปราบปรามแก๊ง Call Center", None)],
    ),
    (
        _claim("k05", MOU, "targets", "crime:hybrid-scam", "in force", "2022-07-11", state=True),
        [(GOV, "Hybrid Scam", None)],
    ),
    (
        _claim("k06", MOU, "establishes", GROUP, "planned", "2022-07-11", due="2022-09", roles={"under": (MOU,)}),
        [(GOV, "จะมีการตั้งคณะทำงานร่วม", CHAIWUT)],
    ),
    (
        _claim("k07", TH, "cooperates-with", KH, "carried out", "2022-07", state=True, roles={"under": (MOU,)}),
        [(GOV, "ร่วมกันปราบปราม", CHAIWUT), (WIRE, "the two still work together", NIKORNDEJ)],
    ),
    (
        _claim("k08", MDES, "cooperates-with", POSTS, "carried out", "2022-07", until="2023-09", state=True),
        [(DAILY, "the ministries work together", None)],
    ),
    (
        _claim(
            "k09", CHAIWUT, "holds-office", MDES, "in force", "2019-07", until="2023-09", state=True, title="Minister"
        ),
        [(GOV, "รัฐมนตรีว่าการกระทรวงดิจิทัลฯ", None)],
    ),
    (_claim("k10", VANDETH, "holds-office", POSTS, "in force", state=True, title="Minister"), [(GOV, "รัฐมนตรี", None)]),
    (
        _claim("k11", TH, "shares-intel", US, "carried out", state=True),
        [(SUARA, "saling bertukar informasi", NIKORNDEJ)],
    ),
    (
        _claim("k12", US, "shares-intel", TH, "carried out", state=True),
        [(SUARA, "saling bertukar informasi", NIKORNDEJ)],
    ),
    (
        _claim("k13", US, "establishes", MEASURES, "announced", "2025-10-14"),
        [(SUARA, "diumumkan pada 14 Oktober", None)],
    ),
    (
        _claim("k14", MEASURES, "targets", "crime:online-scam", "carried out", "2025-10-14", state=True),
        [(SUARA, "penipuan daring", None)],
    ),
    (
        _claim("k15", "agency:th-mfa", "endorses", MEASURES, "announced", "2025-10-16"),
        [(SUARA, "memuji langkah-langkah AS", None)],
    ),
    (
        _claim("k16", KR, "sends-delegation-to", KH, "carried out", "2025-10"),
        [(SUARA, "satuan tugas khusus", NIKORNDEJ)],
    ),
    (
        _claim("k17", "crime:human-trafficking", "linked-to", "crime:online-scam", "in force", state=True),
        [(SUARA, "termasuk perdagangan manusia", None)],
    ),
    (
        _claim("k18", "crime:money-laundering", "linked-to", "crime:online-scam", "in force", state=True),
        [(SUARA, "pencucian uang", None)],
    ),
    (
        _claim(
            "k19",
            KR,
            "requests-assistance",
            KH,
            "carried out",
            "2025-01",
            until="2025-10",
            count=34,
            unit="requests",
            channel="INTERPOL",
            response="open",
            roles={"via": ("international-organization:interpol",)},
        ),
        [(SEOUL, "34 requests through INTERPOL", None)],
    ),
    (
        _claim(
            "k20",
            KR,
            "requests-assistance",
            KH,
            "carried out",
            "2025-01",
            until="2025-10",
            count=8,
            unit="requests",
            channel="INTERPOL",
            response="answered",
        ),
        [(SEOUL, "8 were answered", None)],
    ),
    (
        _claim(
            "k21",
            KH,
            "repatriates-to",
            TH,
            "carried out",
            "2025-03-01",
            count=119,
            unit="people",
            framing="rescued",
            roles={"who": (THAIS,), "via": (MM,)},
        ),
        [(SEOUL, "119 Thais were rescued", None)],
    ),
    (
        _claim(
            "k22",
            KH,
            "repatriates-to",
            TH,
            "carried out",
            "2025-03",
            count=109,
            unit="people",
            framing="detained",
            roles={"who": (THAIS,)},
        ),
        [(WIRE, "109 Thais had been detained", None)],
    ),
    (
        _claim("k23", TH, "cooperates-with", KH, "carried out", "2026-01-04", polarity="denied", state=True),
        [(WIRE, "there is no cooperation, Cambodia said", None)],
    ),
    (
        _claim(
            "k24",
            TH,
            "joint-operation-with",
            KR,
            "carried out",
            "2025-11",
            roles={"within": (MEASURES,)},
            count=3,
            unit="raids",
        ),
        [(WIRE, "three joint raids", None)],
    ),
    (
        _claim("k25", KR, "took-part-in", MEASURES, "carried out", "2025-11", roles={"at": ("place:phnom-penh",)}),
        [(WIRE, "Korea took part", None)],
    ),
    (_claim("k26", KH, "criticizes", TH, "announced", "2026-01-04"), [(WIRE, "Cambodia blamed Thailand", None)]),
]


def small_graph() -> Graph:
    """The graph above as the stores take it."""
    entities = {id_: _entity(id_, *row) for id_, row in sorted(ENTITIES.items())}
    evidence = {proof.id: proof for claim, words in SAID for proof in _evidence(claim, words)}
    claims = {claim.id: claim for claim, _ in SAID}
    mentions = {
        name: tuple(sorted({end for p in evidence.values() if p.article == name for end in _ends(claims[p.claim])}))
        for name in ARTICLES
    }
    articles = {name: _article(name, *row, mentions=mentions[name]) for name, row in sorted(ARTICLES.items())}
    return Graph(entities, articles, claims, dict(sorted(evidence.items())), _edges(claims), "0" * 64)


def _ends(claim: Claim) -> tuple[str, str]:
    return claim.subject, claim.object


def _entity(
    id_: str, name: str, names: tuple[str, ...], country: str | None, facts: dict[str, tuple[str, ...]]
) -> Entity:
    kind = "".join(word.capitalize() for word in id_.partition(":")[0].split("-"))
    every = (name, *names)
    return Entity(id_, kind, name, every, tuple(fold(n) for n in every), country, None, facts)


def _article(  # noqa: PLR0913
    id_: str,
    title: str,
    publisher: str,
    language: str,
    published: str,
    known: str,
    wire: str | None,
    *,
    mentions: tuple[str, ...],
) -> ArticleNode:
    mark = hashlib.sha256(id_.encode()).hexdigest()
    url = f"https://news.example/{id_}"
    return ArticleNode(id_, url, title, publisher, language, published, known, "digest", wire, mark, mark, mentions)


def _evidence(claim: Claim, words: list[tuple[str, str, str | None]]) -> list[Evidence]:
    start = 100 * int(claim.id[1:])
    return [
        Evidence(
            f"{claim.id}-{article}",
            claim.id,
            article,
            hashlib.sha256(article.encode()).hexdigest(),
            start,
            start + len(quote),
            quote,
            "",
            "",
            speaker,
            None,
            None,
            (),
        )
        for article, quote, speaker in words
    ]


def _edges(claims: dict[str, Claim]) -> dict[str, Edge]:
    def key(claim: Claim) -> tuple[str, str, str]:
        return claim.subject, claim.relation, claim.object

    edges = {}
    for (subject, relation, object_), group in groupby(sorted(claims.values(), key=key), key):
        same = list(group)
        id_ = f"{subject} {relation} {object_}"
        edges[id_] = Edge(
            id_,
            subject,
            relation,
            object_,
            None,
            None,
            tuple({c.stage: 1 for c in same}),
            "affirmed",
            1,
            1,
            tuple(c.id for c in same),
        )
    return edges
