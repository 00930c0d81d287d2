"""Graphs to draw, and a real Chromium to look at the pages with."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright

from graph.build import ArticleNode, Edge, Entity, Graph
from graph.claims import Claim, Evidence
from graph.identity import fold
from graph.vocabulary import vocabulary

KINDS = {kind.slug: kind.name for kind in vocabulary().kinds.values()}


class Sketch:
    """A Graph put together by hand: entities, articles, and quotes that support claims."""

    def __init__(self) -> None:
        self.entities: dict[str, Entity] = {}
        self.articles: dict[str, ArticleNode] = {}
        self.claims: dict[str, Claim] = {}
        self.evidence: dict[str, Evidence] = {}

    def entity(self, entity_id: str, *names: str, **facts: Any) -> str:
        country, part_of = facts.pop("country", None), facts.pop("part_of", None)
        keys = tuple(fold(name) for name in names)
        kind = KINDS[entity_id.partition(":")[0]]
        self.entities[entity_id] = Entity(entity_id, kind, names[0], names, keys, country, part_of, facts)
        return entity_id

    def article(self, article_id: str, **said: Any) -> str:
        known: dict[str, Any] = {
            "url": f"https://news.example/{article_id}",
            "language": "en",
            "form": "digest",
            "wire": None,
        }
        known |= {"title": article_id, "publisher": "News", "published": "2025-01-02", "mentions": ()} | said
        known.setdefault("known_from", known["published"])
        self.articles[article_id] = ArticleNode(id=article_id, text_hash="t", content_hash="c", **known)
        return article_id

    def claim(self, subject: str, relation: str, object_: str, **said: Any) -> str:
        values, roles = said.get("values", {}), said.get("roles", {})
        stage = said["stage"] if "stage" in said else vocabulary().relation(relation).stage
        polarity, on, until = said.get("polarity", "affirmed"), said.get("on"), said.get("until")
        whole = (subject, relation, object_, stage, polarity, on, until, sorted(values.items()), sorted(roles.items()))
        claim_id = sha256(repr(whole).encode()).hexdigest()[:16]
        valid = f"{on}/{until}" if until else on
        ends = (subject, relation, object_, stage, polarity)
        self.claims[claim_id] = Claim(claim_id, *ends, valid, on, until, on, until or on, values, roles)
        return claim_id

    def quote(self, claim: str, article: str, before: str, quote: str, after: str = "", **said: Any) -> None:
        known = {"speaker": None, "annotator": None, "confidence": None, "dates": ()} | said
        evidence_id = sha256(repr((claim, article, quote)).encode()).hexdigest()[:16]
        spot = (claim, article, "t", len(before), len(before) + len(quote), quote, before, after)
        self.evidence[evidence_id] = Evidence(evidence_id, *spot, **known)

    def graph(self) -> Graph:
        together: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in sorted(self.claims.values(), key=lambda claim: (claim.valid_from or "", claim.id)):
            together[f"{claim.subject} {claim.relation} {claim.object}"].append(claim)
        edges = {edge_id: self._edge(edge_id, claims) for edge_id, claims in sorted(together.items())}
        maps = (self.entities, self.articles, self.claims, self.evidence)
        root = sha256(repr([sorted(one) for one in maps]).encode()).hexdigest()
        return Graph(
            entities=dict(sorted(self.entities.items())),
            articles=dict(sorted(self.articles.items())),
            claims=dict(sorted(self.claims.items())),
            evidence=dict(sorted(self.evidence.items())),
            edges=edges,
            root_hash=root,
        )

    def _edge(self, edge_id: str, claims: list[Claim]) -> Edge:
        ids = tuple(claim.id for claim in claims)
        articles = {one.article for one in self.evidence.values() if one.claim in ids}
        sources = {self.articles[article].wire or self.articles[article].publisher for article in articles}
        starts = [claim.valid_from for claim in claims if claim.valid_from]
        ends = [claim.valid_until for claim in claims if claim.valid_until]
        stages = tuple(stage for stage in vocabulary().stages if stage in {claim.stage for claim in claims})
        polarities = {claim.polarity for claim in claims}
        return Edge(
            id=edge_id,
            subject=claims[0].subject,
            relation=claims[0].relation,
            object=claims[0].object,
            since=min(starts, default=None),
            until=max(ends, default=None),
            stages=stages,
            polarity=polarities.pop() if len(polarities) == 1 else "disputed",
            articles=len(articles),
            sources=len(sources),
            claims=ids,
        )


class Said(NamedTuple):
    """Words of one article, and what they support: a claim for each pair of a subject and an object."""

    subjects: tuple[str, ...]
    relation: str
    objects: tuple[str, ...]
    article: str
    words: tuple[str, str, str]  # before, quote, after
    claim: Mapping[str, Any] = MappingProxyType({})
    evidence: Mapping[str, Any] = MappingProxyType({})


TH, KH, US, KR = "country:TH", "country:KH", "country:US", "country:KR"
MDES, MPTC = "agency:th-mdes", "agency:kh-mptc"
GROUP, FORCE = "agency:kh-th-working-group", "agency:kr-task-force"
CHAIWUT, VANDETH = "official:chaiwut-thanakamanusorn", "official:chea-vandeth"
PRAYUT, HUN_SEN, NIKORNDEJ = "official:prayut-chan-o-cha", "official:hun-sen", "official:nikorndej-balankura"
PACT, MEASURES = "agreement:kh-th-mou-call-centers-2022", "operation:us-measures-2025-10"
SCAM, GANGS, TRAFFIC = "crime:online-scam", "crime:call-center-gangs", "crime:human-trafficking"
LABOUR, WASH = "crime:forced-labour", "crime:money-laundering"
CITY, NATIONALS = "place:phnom-penh", "victim-group:kr-nationals-2025"

ENTITIES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    TH: (("Thailand", "ไทย", "ประเทศไทย", "泰国", "태국"), {"country": TH}),
    KH: (("Cambodia", "កម្ពុជា", "กัมพูชา", "柬埔寨", "캄보디아"), {"country": KH}),
    US: (("United States", "สหรัฐ", "AS", "Amerika Serikat", "美国"), {"country": US}),
    KR: (("South Korea", "대한민국", "한국", "เกาหลีใต้"), {"country": KR}),
    MDES: (
        ("Ministry of Digital Economy and Society", "กระทรวงดิจิทัลเพื่อเศรษฐกิจและสังคม"),
        {"country": TH, "part_of": TH},
    ),
    MPTC: (("Ministry of Posts and Telecommunications", "กระทรวงการไปรษณีย์ฯ กัมพูชา"), {"country": KH, "part_of": KH}),
    CHAIWUT: (
        ("Chaiwut Thanakamanusorn", "ชัยวุฒิ ธนาคมานุสรณ์", "นายชัยวุฒิ"),
        {
            "country": TH,
            "offices": (
                "Minister of Digital Economy and Society, agency:th-mdes, 2019-07/2023-09, https://cabinet.example/54",
            ),
        },
    ),
    VANDETH: (
        ("Chea Vandeth", "ជា វ៉ាន់ដេត", "นายเจีย วันเดค"),
        {"country": KH, "offices": ("Minister of Posts and Telecommunications, agency:kh-mptc, 2020-03/…",)},
    ),
    PRAYUT: (("Prayut Chan-o-cha", "ประยุทธ์ จันทร์โอชา"), {"country": TH}),
    HUN_SEN: (("Hun Sen", "ហ៊ុន សែន", "ฮุนเซน"), {"country": KH}),
    NIKORNDEJ: (("Nikorndej Balankura", "นิกรเดช พลางกูร"), {"country": TH}),
    PACT: (("MOU on call-center gangs and hybrid scam", "MOU ปราบแก๊งคอลเซ็นเตอร์"), {}),
    GROUP: (("Thai–Cambodian joint working group", "คณะทำงานร่วมไทย–กัมพูชา"), {}),
    FORCE: (("Korean task force for Cambodia", "캄보디아 합동대응팀"), {"country": KR, "part_of": KR}),
    MEASURES: (("US measures of 14 October 2025",), {"country": US}),
    SCAM: (("Online scams", "หลอกลวงทางออนไลน์", "网络诈骗", "penipuan daring"), {}),
    GANGS: (("Call-center gangs", "แก๊งคอลเซ็นเตอร์"), {}),
    TRAFFIC: (("Human trafficking", "ค้ามนุษย์", "perdagangan manusia"), {}),
    LABOUR: (("Forced labour", "kerja paksa"), {}),
    WASH: (("Money laundering", "ฟอกเงิน", "pencucian uang"), {}),
    CITY: (("Phnom Penh", "ភ្នំពេញ", "กรุงพนมเปญ"), {"country": KH}),
    NATIONALS: (("South Korean nationals in Cambodia",), {"country": KR}),
}

THAI, KHMER, PAPER = "thaigov-2022-07-11", "mptc-2022-07-12", "paper-2022-07-12"
INDONESIAN, KOREAN = "suarathailand-2025-10-16", "yonhap-2025-10-16"

ARTICLES: dict[str, dict[str, Any]] = {
    THAI: {
        "url": "https://www.thaigov.go.th/news/contents/details/56776",
        "title": "ไทยลงนาม MOU ร่วมกัมพูชา ย้ำประยุทธ์ - ฮุนเซน ผนึกกำลัง ปราบ call center",
        "publisher": "รัฐบาลไทย",
        "language": "th",
        "published": "2022-07-11",
        "mentions": (TH, KH, MDES, MPTC, CHAIWUT, VANDETH, PRAYUT, HUN_SEN, PACT, CITY, GANGS),
    },
    KHMER: {
        "title": "កម្ពុជា និងថៃ ចុះហត្ថលេខាលើ MOU",
        "publisher": "MPTC",
        "language": "km",
        "published": "2022-07-12",
        "mentions": (TH, KH, MPTC),
    },
    PAPER: {
        "title": "Thailand, Cambodia sign MOU on call centres",
        "publisher": "The Paper",
        "published": "2022-07-12",
        "mentions": (TH, KH),
    },
    INDONESIAN: {
        "title": "Thailand puji langkah AS melawan penipuan daring",
        "publisher": "Suara Thailand",
        "language": "id",
        "published": "2025-10-16",
        "mentions": (TH, US, KR, KH, NIKORNDEJ, MEASURES, SCAM, TRAFFIC, LABOUR, WASH),
    },
    KOREAN: {
        "title": "정부 합동대응팀 캄보디아 도착",
        "publisher": "Yonhap",
        "language": "ko",
        "published": "2025-10-16",
        "mentions": (KR, KH, FORCE, NATIONALS),
    },
}

SIGNING: dict[str, Any] = {"on": "2022-07-11", "roles": {"at": (CITY,)}}

# The quotes are written for these tests: short sentences in the language of the article.
SAID = (
    Said(
        (TH, KH, MDES, MPTC, CHAIWUT, VANDETH),
        "signed",
        (PACT,),
        THAI,
        ("เมื่อวันที่ 11 ก.ค. 65 ชัยวุฒิ ธนาคมานุสรณ์ กับเจีย วันเดค ", "ร่วมกันลงนามบันทึกความเข้าใจ", "ที่กรุงพนมเปญ"),
        SIGNING,
        {"dates": ("on: 11 ก.ค. 65 (thai-be) = 2022-07-11",)},
    ),
    Said(
        (TH,),
        "signed",
        (PACT,),
        PAPER,
        ("On Monday, ", "the two countries signed a memorandum", " in Phnom Penh."),
        SIGNING,
        {"dates": ("on: Monday (gregorian) = 2022-07-11",)},
    ),
    Said((KH,), "signed", (PACT,), KHMER, ("", "កម្ពុជា និងថៃ បានចុះហត្ថលេខា", " លើអនុស្សរណៈយោគយល់គ្នា។"), SIGNING),
    Said(
        (PACT,),
        "establishes",
        (GROUP,),
        THAI,
        ("ชัยวุฒิกล่าวว่า ", "หลังลงนามแล้วสองประเทศจะตั้งคณะทำงานร่วม", " เพื่อเข้าจับกุมด้วยกัน"),
        {"stage": "planned"},
        {"speaker": CHAIWUT},
    ),
    Said((PACT,), "targets", (GANGS,), THAI, ("", "เพื่อร่วมมือปราบแก๊งคอลเซ็นเตอร์และไฮบริดสแกม", "")),
    Said((MDES,), "part-of", (TH,), THAI, ("รัฐมนตรีว่าการ", "กระทรวงดิจิทัลเพื่อเศรษฐกิจและสังคม", "ของไทย")),
    Said(
        (TH,),
        "meets-with",
        (KH,),
        THAI,
        ("รัฐบาลทั้งสอง", "เริ่มพูดคุยและทำงานด้วยกันในเดือนสิงหาคม 2564", ""),
        {"on": "2021-08"},
        {"dates": ("from: สิงหาคม 2564 (thai-be) = 2021-08",)},
    ),
    Said(
        (PRAYUT, HUN_SEN),
        "endorses",
        (PACT,),
        THAI,
        ("ประยุทธ์ จันทร์โอชา นายกรัฐมนตรีไทย และฮุน เซน … ", "ต่างกำชับให้ทำงานนี้ร่วมกัน", ""),
        {"on": "2022-07-11"},
        {"speaker": VANDETH},
    ),
    Said(
        (TH,),
        "shares-intel",
        (US,),
        INDONESIAN,
        ("Nikorndej membenarkan bahwa ", "badan keamanan kedua negara berbagi data intelijen", "."),
        {"on": "2025", "values": {"channel": "security agencies", "basis": "own statement"}},
        {"speaker": NIKORNDEJ},
    ),
    Said(
        (US,),
        "shares-intel",
        (TH,),
        INDONESIAN,
        ("", "Washington pun meneruskan data intelijen ke Bangkok", " tentang para pelaku."),
        {"on": "2025"},
    ),
    Said(
        (TH,),
        "endorses",
        (MEASURES,),
        INDONESIAN,
        ("Pada 16 Oktober 2025 juru bicara menyebut langkah itu ", '"cocok dengan kebijakan kami"', "."),
        {"on": "2025-10-16"},
        {"speaker": NIKORNDEJ, "dates": ("on: 16 Oktober 2025 (gregorian) = 2025-10-16",)},
    ),
    Said(
        (US,),
        "establishes",
        (MEASURES,),
        INDONESIAN,
        ("Amerika Serikat ", "mengumumkan langkah itu pada 14 Oktober", ", …"),
        {"on": "2025-10-14"},
        {"dates": ("on: 14 Oktober (gregorian) = 2025-10-14; year from the article's date",)},
    ),
    Said(
        (MEASURES,), "targets", (SCAM,), INDONESIAN, ("langkah yang ", "ditujukan untuk menekan penipuan daring", " …")
    ),
    Said(
        (FORCE,),
        "sends-delegation-to",
        (KH,),
        KOREAN,
        ("정부는 ", "합동대응팀을 캄보디아에 파견했다", "."),
        {
            "on": "2025-10-15",
            "values": {"count": 23, "unit": "officers", "count_kind": "sent"},
            "roles": {"at": (CITY,)},
        },
    ),
    Said(
        (KR,),
        "sends-delegation-to",
        (KH,),
        INDONESIAN,
        ("Korea Selatan … ", "mengirim satuan tugas ke Kamboja", " demi menolong warganya di sana"),
        {"stage": "announced", "on": "2025-10"},
        {"speaker": NIKORNDEJ},
    ),
    Said(
        (FORCE,), "supports-victims", (NATIONALS,), KOREAN, ("", "한국인 피해자를 지원한다", "."), {"on": "2025-10-15"}
    ),
    Said((KH,), "denies", (SCAM,), PAPER, ("Officials ", "denied there were scam centers", "."), {"on": "2025-10"}),
    Said((TH,), "cooperates-with", (KR,), INDONESIAN, ("", "akan berpeluang bekerja sama lebih jauh", "")),
    Said(
        (TH,),
        "cooperates-with",
        (KH,),
        PAPER,
        ("", "cooperation had stopped", ", it said."),
        {"polarity": "denied", "on": "2025-07"},
    ),
    Said(
        (TH,),
        "cooperates-with",
        (KH,),
        THAI,
        ("", "ความช่วยเหลือของกัมพูชาทำให้ไทยจับผู้ต้องหาได้", ""),
        {"on": "2022-07"},
    ),
    Said(
        (SCAM,),
        "linked-to",
        (TRAFFIC, LABOUR, WASH),
        INDONESIAN,
        (
            "penipuan daring ",
            "kerap berjalan bersama kejahatan lain",
            ": kerja paksa, pencucian uang, perdagangan manusia.",
        ),
    ),
    Said(
        (NIKORNDEJ,),
        "holds-office",
        (TH,),
        INDONESIAN,
        ("Nikorndej Balankura, ", "juru bicara kementerian itu", ""),
        {"values": {"title": "Juru Bicara"}},
    ),
)


def mou() -> Graph:
    """The memorandum of 11 July 2022 and what stands around it, in Thai, Indonesian, Khmer, Korean and English."""
    s = Sketch()
    for entity_id, (names, facts) in ENTITIES.items():
        s.entity(entity_id, *names, **facts)
    for article_id, about in ARTICLES.items():
        s.article(article_id, **about | {"mentions": tuple(sorted(about["mentions"]))})
    for said in SAID:
        for subject, object_ in product(said.subjects, said.objects):
            claim = s.claim(subject, said.relation, object_, **said.claim)
            s.quote(claim, said.article, *said.words, **said.evidence)
    return s.graph()


def generated(nodes: int, edges: int, *, seed: int = 1) -> Graph:
    """A graph with hubs, as news about states has them; a third of the quotes are Thai."""
    dice = random.Random(seed)  # the same graph every time
    s = Sketch()
    slugs = [slug for slug in KINDS if slug != "person"]
    ids = [s.entity(f"{slugs[i % len(slugs)]}:n{i}", f"Entity number {i}", f"หน่วยงาน {i}") for i in range(nodes)]
    articles = [
        s.article(
            f"a{i}",
            publisher=f"Paper {i % 40}",
            language=("en", "en", "th")[i % 3],
            published=f"20{i % 9 + 15}-0{i % 8 + 1}-11",
        )
        for i in range(nodes // 2)
    ]
    relations = sorted(vocabulary().relations)
    drawn: set[tuple[str, str, str]] = set()
    while len(drawn) < edges:
        hub = ids[int(len(ids) * dice.random() ** 3)]
        end = (hub, dice.choice(relations), dice.choice(ids))
        if end in drawn or end[0] == end[2]:
            continue
        drawn.add(end)
        stage = dice.choice(list(vocabulary().stages))
        claim = s.claim(
            *end, stage=stage, polarity="denied" if dice.random() < 0.05 else "affirmed", on=f"20{dice.randint(15, 25)}"
        )
        for article in dice.sample(articles, dice.choice([1, 1, 1, 2, 3])):
            thai = s.articles[article].language == "th"
            text = ("เมื่อวันที่ 11 ก.ค. 65 ", "จรดปากกาในบันทึกความเข้าใจ", " ณ กรุงพนมเปญ")
            s.quote(
                claim, article, *(text if thai else ("On Monday, ", f"{hub} worked with {end[2]}", ", officials said."))
            )
    return s.graph()


@pytest.fixture(scope="session")
def small() -> Graph:
    return mou()


@pytest.fixture(scope="session")
def large() -> Graph:
    return generated(300, 900)


@pytest.fixture
def sketch() -> Sketch:
    return Sketch()


@pytest.fixture(scope="session")
def browser(chromium_path: str, driver: Playwright) -> Iterator[Browser]:
    """Chromium as on a machine without any graphics card: WebGL is off, the 2D canvas works."""
    no_gpu = ["--no-sandbox", "--disable-gpu", "--disable-software-rasterizer"]
    running = driver.chromium.launch(
        executable_path=chromium_path, args=no_gpu, ignore_default_args=["--enable-unsafe-swiftshader"]
    )
    yield running
    running.close()


@dataclass
class Opened:
    """A page opened from disk, and what it did that it must not: requests, dialogs, errors, policy violations."""

    page: Page
    requests: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def row(self, text: str) -> Locator:
        return self.page.locator("#panel .row", has_text=text).first

    def selected(self) -> str:
        """The panel's heading, white space single."""
        return " ".join(self.page.locator("#panel h2").inner_text().split())


_WATCH = "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    contexts: list[BrowserContext] = []

    def opened(html: str, fragment: str = "", **how: Any) -> Opened:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | how)
        contexts.append(context)
        context.add_init_script(_WATCH)
        seen = Opened(context.new_page())
        page = seen.page
        page.on("dialog", lambda dialog: seen.trouble.append(f"dialog: {dialog.message}"))
        page.on("pageerror", lambda error: seen.trouble.append(str(error)))
        page.on("console", lambda message: seen.trouble.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: seen.requests.append(request.url) if request.url[:5] != "file:" else None)
        context.route(re.compile("^(?!file:)"), lambda route: route.abort())
        path = tmp_path / f"page-{len(contexts)}.html"
        path.write_text(html, encoding="utf-8", newline="\n")
        page.goto(path.as_uri() + fragment)
        return seen

    yield opened
    for context in contexts:
        context.close()
