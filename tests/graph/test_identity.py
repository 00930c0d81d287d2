"""Names → entities: countries in every language, the register, and nothing merged on a name alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import UnknownNameError
from graph.identity import Register, countries_named, country, entity, fold


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Thailand", "TH"), ("TH", "TH"), ("tha", "TH"), ("ไทย", "TH"), ("ราชอาณาจักรไทย", "TH"), ("泰国", "TH"), ("태국", "TH"),
        ("Thái Lan", "TH"), ("ប្រទេសថៃ", "TH"), ("กัมพูชา", "KH"), ("Kamboja", "KH"), ("កម្ពុជា", "KH"), ("캄보디아", "KH"),
        ("Amerika Serikat", "US"), ("สหรัฐ", "US"), ("สหรัฐฯ", "US"), ("Mỹ", "US"), ("Korsel", "KR"), ("เกาหลีใต้", "KR"),
        ("韩国", "KR"), ("Myanmar", "MM"), ("เมียนมา", "MM"), ("Burma", "MM"), ("ລາວ", "LA"), ("香港", "HK"), ("Türkiye", "TR"),
    ],
)  # fmt: skip
def test_countries_are_known_in_the_press_s_languages(name: str, code: str) -> None:
    assert countries_named(name) == {f"country:{code}"}


def test_a_name_of_two_countries_names_both() -> None:
    assert countries_named("AS") == {"country:US", "country:AS"}


def test_a_country_carries_names_and_codes() -> None:
    thailand = country("country:TH")
    assert thailand is not None
    assert thailand.name == "Thailand"
    assert {"ไทย", "泰国", "태국"} <= set(thailand.names)
    assert (thailand.country, thailand.facts["iso3166_1"]) == ("country:TH", ("TH", "THA"))
    assert country("country:XX") is None
    assert country("agency:TH") is None


def test_a_shared_alias_resolves_to_neither() -> None:
    register = Register(
        {
            e.id: e
            for e in (
                entity("agency:a", "Agency", ["A", "Task Force"]),
                entity("agency:b", "Agency", ["B", "task force"]),
            )
        }
    )
    with pytest.raises(UnknownNameError, match="may be agency:a or agency:b"):
        register.resolve("Task  force")
    assert register.resolve("agency:a").name == "A"
    assert register.resolve("ไทย").id == "country:TH"


def test_an_unknown_entity_names_the_way_out() -> None:
    register = Register({"agency:th-mdes": entity("agency:th-mdes", "Agency", ["MDES"])})
    with pytest.raises(UnknownNameError, match="did you mean 'agency:th-mdes'"):
        register.resolve("agency:th-mde")
    with pytest.raises(UnknownNameError, match="ISO 3166-1 alpha-2"):
        register.resolve("country:Thailand")
    with pytest.raises(UnknownNameError, match=r"declare it in entities/\*.yaml"):
        register.resolve("zzz")


@given(st.text())
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_ignores_case_width_and_invisible_characters() -> None:
    assert fold("ＭＯＵ\u200b  Thai­land ") == "mou thailand"
