"""The graph answers what the two seed articles say, each answer with its quote, as a table and as JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
Ask = Callable[..., list[dict[str, Any]]]
MOU = "MOU on call-center gangs and hybrid scam"
THAI, INDONESIAN = "thaigov-2022-07-11", "suarathailand-2025-10-16"


@pytest.fixture(scope="session")
def ask(run: Run, demo: Path) -> Ask:
    def ask_(question: str, **parameters: str) -> list[dict[str, Any]]:
        given = [word for key, value in parameters.items() for word in ("-p", f"{key}={value}")]
        answer = run("ask", question, *given, "--store", demo, "--format", "json")
        assert answer.exit_code == 0, answer.stderr
        rows: list[dict[str, Any]] = json.loads(answer.stdout)
        assert run("ask", question, *given, "--store", demo).exit_code == 0
        return rows

    return ask_


def one(rows: list[dict[str, Any]], **fields: object) -> dict[str, Any]:
    found = [row for row in rows if all(row[key] == value for key, value in fields.items())]
    assert found, (fields, rows)
    assert found[0]["quote"]
    return found[0]


def test_the_memorandum_of_july_2022(ask: Ask) -> None:
    row = one(ask("what-was-signed", party="TH", crime="hybrid scam"), agreement=MOU)
    assert row["signed"] == "2022-07-11"
    assert set(row["parties"]) == {"Thailand", "Cambodia"}
    assert {
        "Ministry of Digital Economy and Society of Thailand",
        "Ministry of Posts and Telecommunications of Cambodia",
        "Chaiwut Thanakamanusorn",
        "Chea Vandeth",
    } <= set(row["signed_by"])
    assert "Phnom Penh" in row["places"]
    assert {"call-center scam", "hybrid scam"} <= {crime.lower() for crime in row["crimes"]}
    assert "ลงนาม" in row["quote"]


def test_talks_and_joint_work_since_august_2021(ask: Ask) -> None:
    rows = [
        r for r in ask("pair-timeline", a="ไทย", b="Cambodia") if r["since"] == "2021-08" and r["first_article"] == THAI
    ]
    assert {"MEETS_WITH", "COOPERATES_WITH"} <= {row["relation"] for row in rows}
    assert all("2564" in row["quote"] for row in rows)


def test_the_joint_working_group_is_planned(ask: Ask) -> None:
    rows = ask("what-an-article-says", article=THAI)
    planned = [r for r in rows if r["relation"] == "ESTABLISHES" and r["stage"] == "planned"]
    assert any("working group" in row["object"].lower() for row in planned)
    assert all("คณะทำงาน" in row["quote"] for row in planned)


def test_the_heads_of_government_back_it(ask: Ask) -> None:
    backers = {row["subject"] for row in ask("what-an-article-says", article=THAI) if row["relation"] == "ENDORSES"}
    assert {"Prayut Chan-o-cha", "Hun Sen"} <= backers


def test_thai_and_us_security_agencies_share_intelligence(ask: Ask) -> None:
    rows = [row for row in ask("who-shares-intelligence") if row["first_article"] == INDONESIAN]
    assert len(rows) >= 2
    for row in rows:
        assert "Nikorndej Balankura" in row["speakers"]
        assert "informasi" in row["quote"] or "intelijen" in row["quote"]


def test_the_us_measures_of_october_2025(ask: Ask) -> None:
    rows = ask("what-an-article-says", article=INDONESIAN)
    assert any(r["subject"] == "United States" and r["since"] == "2025-10-14" for r in rows)
    assert any(r["relation"] == "ENDORSES" and "measures" in r["object"].lower() for r in rows)


def test_south_korea_s_task_force_to_cambodia(ask: Ask) -> None:
    assert one(ask("delegations", **{"from": "South Korea", "to": "KH"}), sender="South Korea", host="Cambodia")
    row = one(ask("what-an-article-says", article=INDONESIAN), relation="SENDS_DELEGATION_TO", subject="South Korea")
    assert row["object"] == "Cambodia"
    assert "satuan tugas" in row["quote"]


def test_the_crimes_and_how_they_are_linked(ask: Ask) -> None:
    linked = {row["linked_crime"].lower() for row in ask("linked-crimes", crime="online scam")}
    assert {"human trafficking", "forced labour", "money laundering"} <= linked


def test_every_row_of_a_seed_has_its_words_and_its_article(ask: Ask) -> None:
    for article in (THAI, INDONESIAN):
        for row in ask("what-an-article-says", article=article):
            assert row["quote"]


def test_names_resolve_as_people_type_them(ask: Ask) -> None:
    answers = [ask("what-was-signed", party=name) for name in ("Thailand", "TH", "ไทย", "country:TH")]
    assert answers[0]
    assert all(answer == answers[0] for answer in answers)
