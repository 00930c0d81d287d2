"""Stated claims → claims with evidence: resolved, checked, hashed, and refused with a way out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.article import Article, Mention, Span, StatedClaim
from graph.build import contribute
from graph.claims import Claim, Evidence, claims_of
from graph.identity import Register, entity

STATUS = ("charged, Court, 2024-01-02 (https://example.org)",)
REGISTER = Register(
    {
        e.id: e
        for e in (
            entity("agency:th-mdes", "Agency", ["MDES"], country="country:TH", part_of="country:TH"),
            entity("official:chaiwut", "Official", ["Chaiwut"], country="country:TH"),
            entity("agreement:mou", "Agreement", ["MOU"]),
            entity("crime:scam", "Crime", ["Online scam", "หลอกลวงออนไลน์"]),
            entity("place:phnom-penh", "Place", ["Phnom Penh"], country="country:KH"),
            entity("person:x", "Person", ["X"], facts={"legal_status": STATUS}),
            entity("victim-group:g", "VictimGroup", ["G"]),
        )
    }
)
TEXT = "เมื่อวันที่ 11 ก.ค. 65 ไทยลงนามบันทึกความเข้าใจ\nอีกย่อหน้าหนึ่ง 😀 ตั้งแต่สิงหาคม 2564"


def article(*claims: StatedClaim, language: str = "th", text: str = TEXT) -> Article:
    return Article(
        id="a", url="https://e.org", title="T", publisher="P", language=language, published="2022-07-11",
        form="digest", text=text, claims=claims, annotator="me@example.org", path="a.md",
    )  # fmt: skip


def stated(**changes: Any) -> StatedClaim:
    basic = StatedClaim("country:TH", "signed", "agreement:mou", Span(23, 46), dates={"on": "11 ก.ค. 65"}, line=9)
    return replace(basic, **changes)


def made(*claims: StatedClaim, **given: Any) -> list[tuple[Claim, Evidence]]:
    pairs, problems = claims_of(article(*claims, **given), REGISTER)
    assert not problems, [str(p) for p in problems]
    return pairs


def refused(claim: StatedClaim) -> str:
    pairs, (problem,) = claims_of(article(claim), REGISTER)
    assert not pairs
    return str(problem)


def test_a_claim_carries_its_words_and_its_day() -> None:
    ((claim, evidence),) = made(stated(speaker="official:chaiwut", roles={"at": ("Phnom Penh",)}))
    assert (claim.stage, claim.polarity, claim.valid, claim.first_day) == (
        "signed",
        "affirmed",
        "2022-07-11",
        "2022-07-11",
    )
    assert claim.valid_until is None
    assert claim.last_day is None
    assert claim.roles == {"at": ("place:phnom-penh",)}
    assert evidence.quote == TEXT[evidence.start : evidence.end] == "ไทยลงนามบันทึกความเข้าใจ"[:23]
    assert evidence.before + evidence.quote + evidence.after == TEXT.splitlines()[0]
    assert evidence.dates == ("on: 11 ก.ค. 65 (thai-be) = 2022-07-11; two-figure year 65 read as 2565",)
    assert evidence.speaker == "official:chaiwut"
    assert evidence.annotator is None


def test_a_month_stays_a_month() -> None:
    ((claim, _),) = made(stated(relation="cooperates-with", object="country:KH", dates={"from": "สิงหาคม 2564"}))
    assert (claim.valid, claim.valid_from, claim.first_day) == ("2021-08/..", "2021-08", "2021-08-01")


def test_a_state_ends_on_the_last_day_it_may_mean() -> None:
    ((claim, _),) = made(stated(relation="party-to", dates={"from": "2563", "until": "2565"}))
    assert (claim.valid, claim.valid_until, claim.last_day) == ("2020/2022", "2022", "2022-12-31")


def test_the_same_words_twice_are_one_claim_with_two_pieces_of_evidence() -> None:
    (first, a), (second, b) = made(stated(), stated(span=Span(0, 5)))
    assert first == second
    assert a.id != b.id


def test_evidence_is_not_in_the_claim_s_id_but_every_other_part_is() -> None:
    variants = [
        stated(), stated(stage="planned"), stated(polarity="denied"), stated(dates={}), stated(values={"channel": "x"}),
        stated(roles={"at": ("place:phnom-penh",)}), stated(subject="country:KH"), stated(relation="ratified"),
    ]  # fmt: skip
    assert len({claim.id for claim, _ in made(*variants)}) == len(variants)
    assert made(stated(speaker="country:TH", confidence=0.5))[0][0].id == made(stated())[0][0].id


def test_a_symmetric_claim_has_one_direction() -> None:
    one = made(stated(relation="meets-with", subject="country:KH", object="country:TH"))[0][0]
    other = made(stated(relation="MEETS_WITH", subject="ไทย", object="กัมพูชา"))[0][0]
    assert one == other
    assert one.subject == "country:KH"


def test_a_deadline_and_a_number_are_values() -> None:
    ((claim, _),) = made(
        stated(
            relation="repatriates-to",
            object="country:KH",
            values={"count": "7,141", "unit": "people"},
            dates={"due": "2022-08"},
        )
    )
    assert claim.values == {"count": 7141, "unit": "people", "due": "2022-08"}


def test_a_claim_at_the_stage_denied_denies() -> None:
    assert made(stated(stage="denied"))[0][0].polarity == "denied"
    assert made(stated(relation="denies", object="crime:scam"))[0][0].polarity == "affirmed"


def test_a_person_enters_with_legal_status_and_date() -> None:
    good = stated(relation="arrests", object="person:x", values={"legal_status": "arrested"})
    assert made(good)
    assert "without legal status and date, a.md:9" in refused(replace(good, dates={}))
    assert "without legal status" in refused(
        stated(relation="repatriates-to", object="country:KH", roles={"who": ("person:x",)})
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"relation": "signs"}, "Unknown relation 'signs', a.md:9; did you mean 'signed'?"),
        (
            {"object": "crime:scam"},
            "Relation 'signed' takes no Crime as object: 'crime:scam', a.md:9; allowed are Agreement",
        ),
        ({"subject": "agency:nowhere"}, "Unknown entity 'agency:nowhere', a.md:9; declare it"),
        ({"object": "agreement:mu"}, "did you mean 'agreement:mou'?"),
        ({"stage": "singed"}, "Unknown stage 'singed', a.md:9; did you mean 'signed'?"),
        ({"dates": {"on": "31 ก.พ. 65"}}, "31 ก.พ. 65"),
        ({"dates": {"on": "2565", "from": "2564"}}, "A claim with on and from or until, a.md:9"),
        ({"dates": {"from": "2565", "until": "2564"}}, "ends ('2564') before it begins ('2565')"),
        ({"relation": "holds-office", "subject": "official:chaiwut", "object": "agency:th-mdes"}, "add title:"),
        ({"relation": "repatriates-to", "object": "country:KH"}, "add who or count:"),
        ({"values": {"count": "12"}}, "A count without unit"),
        ({"values": {"count": "many", "unit": "people"}}, "count 'many' is no whole number"),
        ({"values": {"count": "9" * 19, "unit": "people"}}, "no whole number of at most 18 digits"),
        ({"dates": {"on": "12 ก.ค. 65"}}, "Date '12 ก.ค. 65' is not in the text, a.md:9; write it as the text does"),
        ({"dates": {"on": "31 ก.พ. 65"}, "lines": {"on": 12}}, "a.md:12"),
        ({"values": {"response": "answerd"}}, "Unknown response 'answerd', a.md:9; did you mean 'answered'?"),
        ({"roles": {"at": ("crime:scam",)}}, "Qualifier 'at' takes no Crime: 'crime:scam', a.md:9"),
        ({"relation": "meets-with", "object": "country:TH"}, "joins 'country:TH' to itself"),
    ],
)
def test_each_mistake_names_file_line_and_way_out(changes: Mapping[str, Any], said: str) -> None:
    assert said in refused(stated(**changes))


def test_a_full_stop_ends_a_sentence_in_english_but_not_in_thai() -> None:
    text = "First. Thailand signed it. Then it left."
    ((_, evidence),) = made(stated(span=Span(7, 22), dates={}), language="en", text=text)
    assert (evidence.before, evidence.quote, evidence.after) == ("", "Thailand signed", " it.")


def test_an_article_enters_whole_or_not_at_all() -> None:
    good, bad = stated(), stated(relation="signs")
    contribution, problems = contribute(
        replace(article(good, bad), mentions=(Mention(Span(0, 3), "crime:y"),)), REGISTER
    )
    assert contribution is None
    assert len(problems) == 2


@given(st.text(min_size=3, max_size=400), st.data())
def test_context_and_quote_are_slices_of_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    language = data.draw(st.sampled_from(["th", "en", "my", "zh", "ar"]))
    ((_, evidence),) = made(stated(span=Span(start, end), dates={}), language=language, text=text)
    assert evidence.quote == text[start:end]
    assert evidence.before + evidence.quote + evidence.after in text
