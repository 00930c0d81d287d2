"""What labels mean, with a profile and without, and what is wrong with a profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import ArticleError
from graph.vocabulary import vocabulary
from loaders.profile import Profile, read_profile, spelling

TEXT = """
[profile]
name = "ours"
format = "brat"
offset_unit = "utf16"
accept = ["accept"]
annotators = "union"
[metadata]
published = "meta.date"
[defaults]
publisher = "Example News"
[nodes.Country]
from = ["GPE", "loc-country*"]
[relations.signed]
from = ["has_signed", "SIGNED_BY!"]
[roles]
subject = ["Agent"]
[ignore]
labels = ["O"]
relations = ["No-rel"]
"""


def _read(tmp_path: Path, text: str) -> Profile:
    path = tmp_path / "p.toml"
    path.write_text(text, encoding="utf-8")
    return read_profile(path)


@pytest.mark.parametrize("label", ["VictimGroup", "VICTIM_GROUP", "victim-group", "victim group"])
def test_our_own_words_in_any_spelling(label: str) -> None:
    assert Profile().kind(["other", label]) == "VictimGroup"


def test_every_kind_and_relation_means_itself() -> None:
    for kind in vocabulary().kinds.values():
        assert Profile().kind([kind.name]) == Profile().kind([kind.slug]) == kind.name
    for relation in vocabulary().relations.values():
        assert Profile().relation(relation.name) == Profile().relation(relation.type) == (relation.name, False, None)


def test_a_stage_in_the_label() -> None:
    assert Profile().relation("SIGNED:planned") == ("signed", False, "planned")
    assert Profile().relation("signed:in_force") == ("signed", False, "in force")
    assert Profile().relation("nothing") is None


def test_rules_of_a_profile(tmp_path: Path) -> None:
    profile = _read(tmp_path, TEXT)
    assert (profile.name, profile.format, profile.annotators, profile.options.unit) == (
        "ours",
        "brat",
        "union",
        "utf16",
    )
    assert profile.kind(["gpe"]) == profile.kind(["LOC-Country-Asia"]) == "Country"
    assert profile.kind(["Agency"]) == "Agency"
    assert profile.relation("Signed by") == ("signed", True, None)
    assert profile.relation("has-signed:planned") == ("signed", False, "planned")
    assert (profile.role("agent"), profile.role("Time"), profile.role("On")) == ("subject", None, "on")
    assert profile.ignores("o")
    assert profile.ignores("no_rel", relation=True)
    assert not profile.ignores("GPE")
    assert profile.metadata == {"published": "meta.date"}
    assert spelling(" A_B/c ") == "a-b-c"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[profil]\n", "Unknown section 'profil', .*p.toml; did you mean 'profile'"),
        ("[profile]\nunit = 'x'\n", r"Unknown key of \[profile\] 'unit'"),
        ("[nodes.Contry]\nfrom = ['x']\n", "Unknown kind 'Contry', .*did you mean 'Country'"),
        ("[relations.sign]\nfrom = ['x']\n", "Unknown relation 'sign'"),
        ("[nodes.Country]\nfrm = ['x']\n", r"\[nodes.Country\] has more than from"),
        ("[nodes.Country]\nfrom = 3\n", "from is no list of labels"),
        ("[defaults]\npublishd = 'x'\n", "Unknown article field 'publishd', .*did you mean 'published'"),
        ("[roles]\nwhen = ['x']\n", "Unknown end or qualifier 'when'"),
        ("nodes = 3\n", "nodes is no table"),
        ("[profile\n", "No TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ArticleError, match=told):
        _read(tmp_path, text)
