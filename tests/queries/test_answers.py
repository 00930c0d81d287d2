"""What each question answers on the small graph of conftest.py, checked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from graph.stores import View
from queries import catalog
from queries.run import ask, bind, run

MOU = "MOU on call-center gangs and hybrid scam"
MEASURES = "US measures against online scam networks"
WORKING_GROUP = "Thai-Cambodian joint working group"
GOV, DAILY, SUARA, SEOUL, WIRE = (
    "thaigov-2022-07-11",
    "khmer-daily-2022-07-12",
    "suarathailand-2025-10-16",
    "seoul-desk-2025-10-20",
    "bangkok-wire-2026-01-05",
)
TOGETHER = "ร่วมกันปราบปราม"
SIGNED = "นายชัยวุฒิ ลงนามบันทึกความเข้าใจ"


def cells(view: View, question: str, columns: str, **parameters: object) -> list[tuple[Any, ...]]:
    """The named columns of an answer."""
    answer = ask(view, question, {name.rstrip("_"): value for name, value in parameters.items()})
    return [tuple(row[column] for column in columns.split()) for row in answer.dicts()]


def test_what_was_signed(view: View) -> None:
    (row,) = ask(view, "what-was-signed", {"party": "Thailand", "crime": "call-center scam"}).dicts()
    assert row == {
        "agreement": MOU,
        "parties": ["Thailand", "Cambodia"],
        "signed_by": ["Chaiwut Thanakamanusorn", "Chea Vandeth"],
        "signed": "2022-07-11",
        "places": ["Phnom Penh"],
        "crimes": ["call-center scam", "hybrid scam"],
        "stages": ["planned", "signed"],
        "sources": 2,  # the government, and one wire in two papers
        "first_article": GOV,
        "url": f"https://news.example/{GOV}",
        "quote": SIGNED,
    }
    assert cells(view, "what-was-signed", "agreement", party="KH", stage="signed") == [(MOU,)]
    assert cells(view, "what-was-signed", "agreement", party="Chea Vandeth") == [(MOU,)]
    assert cells(view, "what-was-signed", "agreement", party="KR") == []
    assert cells(view, "what-was-signed", "agreement", crime="money laundering") == []
    assert cells(view, "what-was-signed", "agreement", stage="in force") == []


def test_what_was_signed_by_a_day(view: View) -> None:
    before = cells(view, "what-was-signed", "parties signed_by signed crimes stages quote", valid_at="2021")
    assert before == [(["Thailand"], [], None, [], ["planned"], "หารือมาตั้งแต่สิงหาคม 2564")]
    assert cells(view, "what-was-signed", "agreement", known_at="2022-07-10") == []
    assert cells(view, "what-was-signed", "sources", known_at="2022-07-11") == [(1,)]
    assert cells(view, "what-was-signed", "sources", known_at="2022-07-12") == [(2,)]


def test_promises_and_delivery(view: View) -> None:
    columns = "who relation what due deliveries delivered delivery_quote last_word"
    promised = [
        (["Thailand"], "PLANS_TO_SIGN", MOU, None, 2, "2022-07-11", SIGNED, "2022-07-31"),
        ([MOU], "ESTABLISHES", WORKING_GROUP, "2022-09", 0, None, None, "2022-07-11"),
        (
            ["Chaiwut Thanakamanusorn", "Chea Vandeth"],
            *("SIGNED", MOU, None, 1, "2022-07", TOGETHER, "2026-01-05"),
        ),
    ]
    measures = (["United States"], "ESTABLISHES", MEASURES, None, 2, "2025-11", "three joint raids", "2026-01-05")
    assert cells(view, "promises-and-delivery", columns) == [*promised, measures]
    assert cells(view, "promises-and-delivery", columns, agreement=MOU) == promised
    assert cells(view, "promises-and-delivery", "what", party="US") == [(MEASURES,)]
    assert cells(view, "promises-and-delivery", "what", since="2023") == [(MEASURES,)]
    assert cells(view, "promises-and-delivery", "what deliveries", party="US", known_at="2025") == [(MEASURES, 0)]
    assert cells(view, "promises-and-delivery", "what deliveries", valid_at="2021-12") == [(MOU, 0)]


def test_who_cooperates_with_whom(view: View) -> None:
    columns = "country partner relation ties denials first sources"
    assert cells(view, "who-cooperates-with-whom", columns) == [
        ("Cambodia", "Thailand", "COOPERATES_WITH", 2, 1, "2022-07", 3),
        ("Cambodia", "Thailand", "REPATRIATES_TO", 2, 0, "2025-03-01", 2),
        ("Thailand", "United States", "SHARES_INTEL", 2, 0, None, 1),
        ("Cambodia", "Thailand", "JOINT_OPERATION_WITH", 1, 0, "2023-02", 1),
        ("South Korea", "Thailand", "JOINT_OPERATION_WITH", 1, 0, "2025-11", 1),
    ]
    among = cells(view, "who-cooperates-with-whom", "country partner", countries="TH,KR,MM")
    assert among == [("South Korea", "Thailand")]
    assert cells(view, "who-cooperates-with-whom", "country partner", countries="US") == [("Thailand", "United States")]
    assert cells(view, "who-cooperates-with-whom", "ties", relation="cooperates-with", since="2023") == []
    (row,) = cells(view, "who-cooperates-with-whom", "ties actors quote", relation="cooperates-with", valid_at="2024")
    assert row == (1, ["Thailand, Cambodia"], TOGETHER)
    known = cells(view, "who-cooperates-with-whom", "ties denials sources first_article", known_at="2025-01")
    assert known == [(2, 0, 2, GOV)]


def test_who_shares_intelligence(view: View) -> None:
    columns = "giver receiver since speakers stages sources first_article quote"
    words = (None, ["Nikorndej Balankura"], ["carried out"], 1, SUARA, "saling bertukar informasi")
    there, back = ("Thailand", "United States", *words), ("United States", "Thailand", *words)
    assert cells(view, "who-shares-intelligence", columns) == [there, back]
    assert cells(view, "who-shares-intelligence", columns, receiver="AS") == [there]
    assert cells(view, "who-shares-intelligence", columns, known_at="2025-10-15") == []


def test_evidence_behind_a_tie(view: View) -> None:
    columns = "subject stage polarity speaker article start end quote"
    th, mdes = "Thailand", "Ministry of Digital Economy and Society"
    rows = [
        (th, "carried out", "affirmed", "Chaiwut Thanakamanusorn", GOV, 700, 715, TOGETHER),
        (mdes, "carried out", "affirmed", None, DAILY, 800, 828, "the ministries work together"),
        (th, "carried out", "affirmed", "Nikorndej Balankura", WIRE, 700, 727, "the two still work together"),
        (th, "carried out", "denied", None, WIRE, 2300, 2338, "there is no cooperation, Cambodia said"),
    ]
    tie = {"relation": "cooperates-with", "from_": "Thailand", "to": "Cambodia"}
    assert cells(view, "evidence-behind-tie", columns, **tie) == rows
    assert cells(view, "evidence-behind-tie", columns, **{**tie, "from_": "Cambodia", "to": "Thailand"}) == rows
    assert cells(view, "evidence-behind-tie", columns, **tie, valid_at="2024") == [rows[0], rows[2]]
    assert cells(view, "evidence-behind-tie", columns, **tie, known_at="2022") == rows[:2]
    assert cells(view, "evidence-behind-tie", "object", from_="US", to="TH", relation="shares-intel") == [("Thailand",)]
    assert cells(view, "evidence-behind-tie", "object", from_="KH", to="KR") == []


def test_pair_timeline(view: View) -> None:
    columns = "since until relation polarity stage sources"
    rows = [
        ("2021-08", None, "PLANS_TO_SIGN", "affirmed", "planned", 1),
        ("2022-07", None, "COOPERATES_WITH", "affirmed", "carried out", 2),
        ("2022-07", "2023-09", "COOPERATES_WITH", "affirmed", "carried out", 1),
        ("2022-07-11", None, "SIGNED", "affirmed", "signed", 2),
        ("2022-07-11", None, "SIGNED", "affirmed", "signed", 1),
        ("2023-02", None, "JOINT_OPERATION_WITH", "affirmed", "carried out", 1),
        ("2025-03", None, "REPATRIATES_TO", "affirmed", "carried out", 1),
        ("2025-03-01", None, "REPATRIATES_TO", "affirmed", "carried out", 1),
        ("2026-01-04", None, "COOPERATES_WITH", "denied", "carried out", 1),
        ("2026-01-04", None, "CRITICIZES", "affirmed", "announced", 1),
    ]
    assert cells(view, "pair-timeline", columns, a="Thailand", b="Cambodia") == rows
    assert cells(view, "pair-timeline", columns, a="Cambodia", b="Thailand") == rows
    assert cells(view, "pair-timeline", "relation", a="TH", b="KH", valid_at="2021") == [("PLANS_TO_SIGN",)]
    backed = cells(view, "pair-timeline", "subject relation", a="MFA", b="US")
    assert backed == [("United States", "ESTABLISHES"), ("Ministry of Foreign Affairs", "ENDORSES")]
    assert cells(view, "pair-timeline", "subject", a="KR", b="US", known_at="2025-12") == []


def test_joint_operations(view: View) -> None:
    columns = "operation since participants set_up_by crimes places results stages sources"
    mdes, mptc = "Ministry of Digital Economy and Society", "Ministry of Posts and Telecommunications"
    unnamed: tuple[object, ...] = (
        f"{mdes} with {mptc}",
        "2023-02",
        [mdes, mptc],
        [],
        [],
        ["Phnom Penh"],
        ["20 people"],
        ["carried out"],
        1,
    )
    measures = (
        MEASURES,
        "2025-10-14",
        ["Thailand", "South Korea"],
        ["United States"],
        ["online scam"],
        ["Phnom Penh"],
        ["3 raids"],
        ["announced", "carried out"],
        2,
    )
    assert cells(view, "joint-operations", columns) == [unnamed, measures]
    assert cells(view, "joint-operations", columns, crime="online scam") == [measures]
    assert cells(view, "joint-operations", "since", country="Cambodia") == [("2023-02",)]
    assert cells(view, "joint-operations", "since", since="2024") == [("2025-10-14",)]
    assert cells(view, "joint-operations", "participants sources", known_at="2025") == [([], 1)]


def test_national_mechanism(view: View) -> None:
    mdes, mfa = "Ministry of Digital Economy and Society", "Ministry of Foreign Affairs"
    assert cells(view, "national-mechanism", "agency offices partners relations sources", country="TH") == [
        (
            mdes,
            ["Chaiwut Thanakamanusorn, Minister"],
            ["Ministry of Posts and Telecommunications (Cambodia)"],
            ["HOLDS_OFFICE", "COOPERATES_WITH", "JOINT_OPERATION_WITH"],
            3,
        ),
        (mfa, [], [], ["ENDORSES"], 1),
    ]
    later = cells(view, "national-mechanism", "agency offices partners", country="TH", valid_at="2025-01")
    assert later == [(mdes, [], ["Ministry of Posts and Telecommunications (Cambodia)"])]


def test_offices_held(view: View) -> None:
    columns = "official title body since until"
    mdes, mptc = "Ministry of Digital Economy and Society", "Ministry of Posts and Telecommunications"
    chaiwut = ("Chaiwut Thanakamanusorn", "Minister", mdes, "2019-07", "2023-09")
    vandeth = ("Chea Vandeth", "Minister", mptc, None, None)
    assert cells(view, "offices-held", columns, valid_at="2022-07-11") == [chaiwut, vandeth]
    assert cells(view, "offices-held", columns, valid_at="2023-09-30", body="MDES") == [chaiwut]
    assert cells(view, "offices-held", columns, valid_at="2023-10-01") == [vandeth]
    assert cells(view, "offices-held", columns, body="Cambodia") == [vandeth]
    (register,) = cells(view, "offices-held", "in_register", official="Chaiwut Thanakamanusorn")
    assert register == (["Minister of Digital Economy and Society, agency:th-mdes, 2019-07/2023-09"],)


def test_linked_crimes(view: View) -> None:
    columns = "crime linked_crime sources quote"
    trafficking = ("juga perdagangan manusia",)
    laundering = ("pencucian uang",)
    assert cells(view, "linked-crimes", columns, crime="online scam") == [
        ("online scam", "human trafficking", 1, *trafficking),
        ("online scam", "money laundering", 1, *laundering),
    ]
    assert cells(view, "linked-crimes", columns) == [
        ("human trafficking", "online scam", 1, *trafficking),
        ("money laundering", "online scam", 1, *laundering),
    ]
    assert cells(view, "linked-crimes", columns, crime="hybrid scam") == []


def test_paths_between(view: View) -> None:
    columns = "chain step subject relation object"
    signed = (1, 1, "Chaiwut Thanakamanusorn", "SIGNED", MOU)
    assert cells(view, "paths-between", columns, from_="Chaiwut Thanakamanusorn", to="Chea Vandeth") == [
        signed,
        (1, 2, "Chea Vandeth", "SIGNED", MOU),
    ]
    assert cells(view, "paths-between", columns, from_="Chaiwut Thanakamanusorn", to="US") == [
        signed,
        (1, 2, "Thailand", "PLANS_TO_SIGN", MOU),
        (1, 3, "Thailand", "SHARES_INTEL", "United States"),
        (1, 3, "United States", "SHARES_INTEL", "Thailand"),
    ]
    one_step = cells(view, "paths-between", "step relation claims", from_="TH", to="KH")
    assert one_step == [(1, "COOPERATES_WITH", 1), (1, "CRITICIZES", 1), (1, "REPATRIATES_TO", 2)]
    assert cells(view, "paths-between", columns, from_="TH", to="TH") == []
    assert cells(view, "paths-between", columns, from_="Myanmar", to="TH") == []


def test_a_path_of_four_steps_holds_at_the_time_asked_for(view: View) -> None:
    ends = {"from_": "agency:th-mfa", "to": MOU}
    through_korea = [
        (1, 1, "Ministry of Foreign Affairs", MEASURES),
        (1, 2, "South Korea", MEASURES),
        (1, 3, "Thailand", "South Korea"),
        (1, 4, "Thailand", MOU),
    ]
    through_the_us = [
        (2, 1, "Ministry of Foreign Affairs", MEASURES),
        (2, 2, "United States", MEASURES),
        (2, 3, "Thailand", "United States"),
        (2, 3, "United States", "Thailand"),
        (2, 4, "Thailand", MOU),
    ]
    columns = "chain step subject object"
    assert cells(view, "paths-between", columns, **ends) == through_korea + through_the_us
    only = [(1, *row[1:]) for row in through_the_us]
    assert cells(view, "paths-between", columns, **ends, known_at="2025-10") == only
    assert cells(view, "paths-between", columns, **ends, valid_at="2025-10-31") == only
    assert cells(view, "paths-between", "chain", **ends, valid_at="2025-09") == []
    assert cells(view, "paths-between", "chain", **ends, known_at="2025-10-15") == []


def test_what_an_article_says(view: View) -> None:
    columns = "subject relation object qualifiers speaker start quote"
    rows = cells(view, "what-an-article-says", columns, article=GOV)
    assert len(rows) == 9
    assert rows[0] == ("Chaiwut Thanakamanusorn", "SIGNED", MOU, ["at: Phnom Penh"], None, 100, SIGNED)
    assert rows[5] == (
        *(MOU, "ESTABLISHES", WORKING_GROUP, ["due: 2022-09", f"under: {MOU}"]),
        *("Chaiwut Thanakamanusorn", 600, "จะมีการตั้งคณะทำงานร่วม"),
    )
    figures = cells(view, "what-an-article-says", "qualifiers", article=SEOUL)
    assert figures == [
        (["34 requests", "response: open", "channel: INTERPOL", "via: INTERPOL"],),
        (["8 requests", "response: answered", "channel: INTERPOL"],),
        (["119 people", "framing: rescued", "via: Myanmar", "who: Thais at Poipet"],),
    ]
    assert cells(view, "what-an-article-says", "start", article=GOV, known_at="2022-07-10") == []


def test_coverage_check(view: View) -> None:
    columns = "language publisher month articles wire_copies claims denied only_here"
    rows = [
        ("en", "Khmer Daily", "2022-07", 1, 1, 2, 0, 1),
        ("en", "Mekong Post", "2022-07", 1, 1, 1, 0, 0),
        ("th", "รัฐบาลไทย", "2022-07", 1, 0, 9, 0, 7),
        ("en", "Seoul Desk", "2025-10", 1, 0, 3, 0, 3),
        ("id", "Suara", "2025-10", 1, 0, 8, 0, 8),
        ("en", "Bangkok Wire", "2026-01", 1, 0, 7, 1, 6),
    ]
    assert cells(view, "coverage-check", columns) == rows
    assert cells(view, "coverage-check", columns, publisher="Suara") == [rows[4]]
    early = cells(view, "coverage-check", "publisher only_here", known_at="2022-07-12")
    assert early == [("Khmer Daily", 1), ("รัฐบาลไทย", 8)]


def test_requests_and_answers(view: View) -> None:
    columns = "asker asked response count unit channel since until"
    common = ("requests", "INTERPOL", "2025-01", "2025-10")
    answered, asked = ("answered", 8, *common), ("open", 34, *common)
    rows = [("South Korea", "Cambodia", *answered), ("South Korea", "Cambodia", *asked)]
    assert cells(view, "requests-and-answers", columns, channel="interpol") == rows
    assert cells(view, "requests-and-answers", columns, from_="KR", to="KH", valid_at="2025-05") == rows
    assert cells(view, "requests-and-answers", columns, from_="KH") == []


def test_returns_by_route(view: View) -> None:
    columns = "from via to who count framing since"
    who = ["Thais at Poipet"]
    rescued = ("Cambodia", ["Myanmar"], "Thailand", who, 119, "rescued", "2025-03-01")
    detained: tuple[object, ...] = ("Cambodia", [], "Thailand", who, 109, "detained", "2025-03")
    assert cells(view, "returns-by-route", columns) == [rescued, detained]
    assert cells(view, "returns-by-route", columns, via="Myanmar") == [rescued]
    assert cells(view, "returns-by-route", columns, known_at="2025") == [rescued]


def test_conflicting_figures(view: View) -> None:
    columns = "subject relation object unit count framing first_article other_count other_framing other_article sources"
    rows = [
        (
            *("Cambodia", "REPATRIATES_TO", "Thailand", "people"),
            *(109, "detained", WIRE, 119, "rescued", SEOUL, 2),
        )
    ]
    assert cells(view, "conflicting-figures", columns) == rows
    assert cells(view, "conflicting-figures", columns, subject="KH", relation="repatriates-to") == rows
    assert cells(view, "conflicting-figures", columns, known_at="2025") == []


def test_denied_and_disputed(view: View) -> None:
    columns = "subject relation object denials affirming affirming_sources affirming_quote first_article"
    rows = [("Thailand", "COOPERATES_WITH", "Cambodia", 1, 1, 2, TOGETHER, WIRE)]
    assert cells(view, "denied-and-disputed", columns, about="Cambodia") == rows
    assert cells(view, "denied-and-disputed", columns, about="US") == []
    assert cells(view, "denied-and-disputed", columns, known_at="2025") == []


def test_deadlines_passed(view: View) -> None:
    rows = [(MOU, "ESTABLISHES", WORKING_GROUP, "2022-09", "planned")]
    columns = "who relation what due stage"
    assert cells(view, "deadlines-passed", columns, today="2022-10-01", party="TH") == rows
    assert cells(view, "deadlines-passed", columns, today="2022-09-30") == []
    assert cells(view, "deadlines-passed", columns, today="2023", party="US") == []


def test_who_backs_what(view: View) -> None:
    backed = ("Ministry of Foreign Affairs", "ENDORSES", MEASURES, "2025-10-16")
    blamed = ("Cambodia", "CRITICIZES", "Thailand", "2026-01-04")
    assert cells(view, "who-backs-what", "who stance what since") == [backed, blamed]
    assert cells(view, "who-backs-what", "who stance what since", who="Thailand", what=MEASURES) == [backed]


def test_delegations(view: View) -> None:
    rows = [("South Korea", "Cambodia", 1, ["2025-10"], "satuan tugas khusus")]
    columns = "sender host visits dates quote"
    assert cells(view, "delegations", columns, from_="KR", to="KH", since="2025-10", until="2025-10") == rows
    assert cells(view, "delegations", columns, since="2025-11") == []


def test_new_since(view: View) -> None:
    rows = cells(view, "new-since", "known subject relation object", since="2025-10-17", about="US")
    assert rows == [("2026-01-05", "South Korea", "TOOK_PART_IN", MEASURES)]
    recent = cells(view, "new-since", "known relation polarity", since="2025-10-17", about="KR")
    assert [row[:2] for row in recent] == [
        ("2026-01-05", "TOOK_PART_IN"),
        ("2026-01-05", "JOINT_OPERATION_WITH"),
        ("2025-10-20", "REQUESTS_ASSISTANCE"),
        ("2025-10-20", "REQUESTS_ASSISTANCE"),
    ]
    assert len(cells(view, "new-since", "known", since="2025-10-17", known_at="2025")) == 3


def test_everything_about_an_entity(view: View) -> None:
    rows = cells(view, "about-an-entity", "subject relation speaker", entity="Nikorndej Balankura")
    assert {row[2] for row in rows} == {"Nikorndej Balankura"}
    assert [row[1] for row in rows] == [
        *("COOPERATES_WITH", "SENDS_DELEGATION_TO", "SHARES_INTEL", "SHARES_INTEL"),
    ]


@pytest.mark.parametrize("name", sorted(catalog.templates()))
def test_every_question_is_answered_with_its_examples_and_defaults(view: View, name: str) -> None:
    template = catalog.find(name)
    examples = {p.name: p.example for p in template.parameters}
    required = {p.name: p.example for p in template.parameters if p.required}
    columns = tuple(column.name for column in template.columns)
    for answer in (ask(view, name, examples), ask(view, name, required)):
        assert answer.columns == columns
    assert answer.rows, "with nothing but what is required there is something to see"


@pytest.mark.parametrize("name", sorted(catalog.templates()))
def test_an_empty_store_has_no_rows_and_no_error(view: View, nothing: View, name: str) -> None:
    template = catalog.find(name)
    bound = bind(view, template, {p.name: p.example for p in template.parameters})
    open_ = {p.name: bound[p.name] if p.required else None for p in template.parameters}
    assert run(nothing, template, bound).rows == ()
    assert run(nothing, template, open_).rows == ()


def test_a_pair_has_one_timeline_either_way_round(view: View) -> None:
    for one, other in (("Thailand", "Cambodia"), ("Thailand", "Nikorndej Balankura"), ("Thailand", "ประยุทธ์")):
        there, back = (ask(view, "pair-timeline", {"a": a, "b": b}).rows for a, b in ((one, other), (other, one)))
        assert there == back
