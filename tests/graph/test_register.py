"""The entity register: what a good entry becomes, and what is said of a bad one."""

import pytest

from graph.identity import Register
from graph.register import build_register, parse_entries

GOOD = """\
- id: agency:th-mdes
  names: {th: กระทรวงดิจิทัลเพื่อเศรษฐกิจและสังคม, en: Ministry of Digital Economy and Society}
  aliases: [MDES]
  part_of: country:TH
- id: agency:th-unit
  names: {en: Unit}
  part_of: agency:th-mdes
- id: official:chaiwut
  names: {en: Chaiwut, th: ชัยวุฒิ}
  offices:
    - {title: Minister, agency: agency:th-mdes, from: 2019-07, until: 2023-09, source: https://example.org}
- id: person:x
  names: {en: X}
  legal_status: {status: convicted, authority: Criminal Court, date: 2024-05-01, source: https://example.org}
  identifiers: {wikidata: Q1}
  wikidata_source: https://example.org
"""


def register_of(text: str) -> tuple[Register, list[str]]:
    entries, wrong = parse_entries(text, "entities/a.yaml")
    register, more = build_register(entries)
    return register, [str(problem) for problem in (*wrong, *more)]


def test_entries_become_entities() -> None:
    register, problems = register_of(GOOD)
    assert problems == []
    ministry, unit, official, person = (
        register.resolve(name) for name in ("mdes", "agency:th-unit", "ชัยวุฒิ", "person:x")
    )
    assert ministry.name == "Ministry of Digital Economy and Society"
    assert (unit.country, unit.part_of) == ("country:TH", "agency:th-mdes")
    assert official.country == "country:TH"
    assert official.facts["offices"] == ("Minister, agency:th-mdes, 2019-07/2023-09 (https://example.org)",)
    assert person.facts["legal_status"] == ("convicted, Criminal Court, 2024-05-01 (https://example.org)",)
    assert person.facts["wikidata"] == ("Q1",)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("- id: Agency:X\n  names: {en: X}", "Bad entity id 'Agency:X', entities/a.yaml:1; write kind:slug"),
        ("- id: agncy:x\n  names: {en: X}", "Unknown kind 'agncy' in 'agncy:x', entities/a.yaml:1; did you mean 'agency'?"),
        ("- id: agency:x", "An entity without names, entities/a.yaml:1"),
        ("- id: agency:x\n  nmaes: {en: X}", "Unknown key 'nmaes', entities/a.yaml:2; did you mean 'names'?"),
        ("- id: country:TH\n  names: {en: X}", "Country 'country:TH' declared, entities/a.yaml:1; remove it"),
        ("- id: official:x\n  names: {en: X}", "Official 'official:x' without an office, entities/a.yaml:1"),
        ("- id: person:x\n  names: {en: X}", "Person 'person:x' without legal_status, entities/a.yaml:1"),
        ("- id: person:x\n  names: {en: X}\n  legal_status: {status: bad, authority: a, date: b, source: c}",
         "Unknown legal status 'bad', entities/a.yaml:3"),
        ("- id: official:x\n  names: {en: X}\n  offices:\n    - {title: M, agency: agency:y, from: soon}",
         "An office without source, entities/a.yaml:4"),
        ("- id: official:x\n  names: {en: X}\n  offices:\n    - {title: M, agency: country:TH, from: 2022-13, source: s}",
         "Bad date '2022-13', entities/a.yaml:4"),
        ("- id: official:x\n  names: {en: X}\n  offices:\n    - {title: M, agency: country:TH, from: 2023, until: 2021, source: s}",
         "An office that ends before it begins, entities/a.yaml:4"),
        ("- id: agency:x\n  names: {english: X}", "Bad language tag 'english', entities/a.yaml:2"),
        ("- id: agency:x\n  names: {en: X}\n  identifiers: {wikidata: foo}", "Bad Wikidata identifier 'foo'"),
        ("- id: agency:x\n  names: {en: X}\n  part_of: agency:y\n- id: agency:y\n  names: {en: Y}\n  part_of: agency:x",
         "Entity 'agency:x' is part of itself, entities/a.yaml:1; mend part_of:"),
        ("- id: agency:x\n  names: {en: X}\n  part_of: agency:y", "Unknown entity 'agency:y', entities/a.yaml:1; declare it too"),
        ("- id: agency:x\n  names: {en: X}\n  part_of: country:Siam", "Unknown entity 'country:Siam', entities/a.yaml:1; use an ISO"),
        ("- id: agency:x\n  names: {en: X}\n- id: agency:x\n  names: {en: Y}", "declared twice, first in entities/a.yaml:1"),
        ("- id: agency:x\n  names: {en: X}\n  identifiers: {wikidata: Q1}", "without wikidata_source"),
        ("- id: agency:x\n  names: {en: X}\n  identifiers: {name: Y}", "Bad identifier 'name'"),
        ("- id: person:x\n  names: {en: X}\n  identifiers: {legal-status: rumour}", "Bad identifier 'legal-status'"),
        ("id: agency:x", "The register file is no list"),
        ("- [", "Bad YAML"),
    ],
)  # fmt: skip
def test_each_mistake_names_file_line_and_way_out(entry: str, said: str) -> None:
    _, problems = register_of(entry)
    assert any(said in problem for problem in problems), problems


def test_what_is_left_out_takes_along_what_points_to_it() -> None:
    part = "- id: agency:{}\n  names: {{en: X}}\n  part_of: agency:{}\n"
    register, problems = register_of(part.format("a", "b") + part.format("b", "nowhere") + GOOD)
    assert (len(register), len(problems)) == (4, 2)
    assert all("Unknown entity" in problem for problem in problems)


def test_a_bad_entry_leaves_the_others() -> None:
    register, problems = register_of("- id: agency:x\n" + GOOD)
    assert (len(register), len(problems)) == (4, 1)


def test_the_hash_ignores_the_order_of_files() -> None:
    first, second = GOOD.split("- id: official")
    a, _ = parse_entries(first, "a.yaml")
    b, _ = parse_entries("- id: official" + second, "b.yaml")
    assert build_register([*a, *b])[0].hash == build_register([*b, *a])[0].hash
