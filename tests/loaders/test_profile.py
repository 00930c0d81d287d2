"""What labels mean, with a profile and without, and what is wrong with a profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import AccordgraphError, ArticleError
from graph.vocabulary import vocabulary
from loaders.profile import Meaning, Profile, Rule, spelling
from loaders.profile_file import read_profile

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
        assert Profile().relation(relation.name) == Profile().relation(relation.type) == Meaning(Rule(relation.name))


def test_a_stage_in_the_label() -> None:
    assert Profile().relation("SIGNED:planned") == Meaning(Rule("signed"), stage="planned")
    assert Profile().relation("signed:in_force") == Meaning(Rule("signed"), stage="in force")
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
    (rule,) = profile.relations
    assert profile.relation("Signed by") == Meaning(rule, turned=True)
    assert profile.relation("has-signed:planned") == Meaning(rule, stage="planned")
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
        ("[nodes.Country]\nfrm = ['x']\n", r"Unknown key of \[nodes.Country\] 'frm'"),
        ("[nodes.Country]\nfrom = 3\n", "from is no list of labels"),
        ("[defaults]\npublishd = 'x'\n", "Unknown article field 'publishd', .*did you mean 'published'"),
        ("[roles]\nwhen = ['x']\n", "Unknown end or qualifier in \\[roles\\] 'when'"),
        ("nodes = 3\n", "nodes is no table"),
        ("[profile\n", "No TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ArticleError, match=told):
        _read(tmp_path, text)


def test_the_pattern_that_says_most_decides() -> None:
    profile = Profile(
        nodes={"Place": ("GPE", "L*"), "Country": ("GPE:country", "custom.Where/GPE", "LOC"), "Agency": ("org/*",)},
        relations=(Rule("signed", ("rel/signs!",)), Rule("ratified", ("rel/*:status=ratified",))),
    )
    assert profile.kind(["GPE"]) == "Place"
    assert profile.kind(["GPE"], attributes={"type": ("Country",)}) == "Country"
    assert profile.kind(["GPE"], "custom.Where") == "Country"
    assert (profile.kind(["LOC"]), profile.kind(["LOCATION"])) == ("Country", "Place")
    assert profile.kind([], "tool.Org") == "Agency"
    meaning = profile.relation("signs", "rel", {"status": ("ratified",)})
    assert meaning is not None
    assert (meaning.relation, meaning.turned) == ("ratified", False)
    assert profile.relation("signs") is None


def test_several_rules_of_one_relation_and_all_that_a_rule_may_say(tmp_path: Path) -> None:
    (tmp_path / "articles.csv").write_text("doc,published,Quelle\na,2025-10-16,Example\nb,,\n", encoding="utf-8")
    profile = _read(
        tmp_path,
        """
        [profile]
        on_error = "stop"
        [metadata]
        calendar = "thai-be"
        [table]
        file = "articles.csv"
        document = "doc"
        [table.columns]
        publisher = "Quelle"
        [[relations.signed]]
        from = "MoU"
        subject = "Country"
        object = ["Agreement"]
        [[relations.signed]]
        from = ["will_sign"]
        [relations.signed.roles]
        subject = "Signer"
        [relations.signed.qualifiers]
        stage = "planned"
        [unmapped]
        nodes = "error"
        relations = "drop"
        """,
    )
    first, second = profile.relations
    assert (first.subject, first.object, second.qualifiers) == (("Country",), ("Agreement",), {"stage": "planned"})
    assert (profile.role("Signer", second), profile.role("Signer", first)) == ("subject", None)
    assert (profile.stop_on_error, profile.calendar) == (True, "thai-be")
    assert profile.table == {"a": {"published": "2025-10-16", "publisher": "Example"}, "b": {}}
    assert (profile.unmapped_nodes, profile.unmapped_relations) == ("error", "drop")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[relations.signed]\nfrom = ['x']\nsubject = ['Contry']\n",
            "Unknown kind in subject .*did you mean 'Country'",
        ),
        ("[relations.signed.qualifiers]\nstage = 'plannd'\n", "Unknown stage 'plannd', .*did you mean 'planned'"),
        ("[unmapped]\nnodes = 'lose'\n", "Unknown nodes 'lose'"),
        ("[metadata]\ncalendar = 'mayan'\n", "Unknown calendar 'mayan'"),
        ("[profile]\noffset_unit = 'chars'\n", "Unknown offset_unit 'chars'"),
        ("[profile]\npredictions = 'yes'\n", "predictions is 'yes'.*true or false"),
        ("[table]\ndocument = 'x'\n", r"\[table\] without file"),
        ("[table]\nfile = 'none.csv'\n", "Cannot read the table: .*none.csv"),
        ("[table]\nfile = 't.csv'\n[table.columns]\ntitle = 'Titel'\n", "No column 'Titel', .*t.csv:1"),
        ("[table]\nfile = 't.csv'\n", "Document 'a' stands twice, .*t.csv:3"),
        ("[relations.signed.qualifiers]\nresponse = 'quick'\n", "Unknown response 'quick'"),
        ("[[relations.signed]]\nfrom = 'x'\nstages = 3\n", "Unknown key of .* 'stages'"),
        ("[relations]\nsigned = 3\n", "relations.signed is no table"),
    ],
)
def test_what_is_wrong_in_a_rule_or_a_table_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "t.csv").write_text("id,title\na,A\na,B\n", encoding="utf-8")
    with pytest.raises(AccordgraphError, match=told):
        _read(tmp_path, text)


TABLE = "[table]\nfile = 't.csv'\n"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", 'doc,Published,Title\r\na,2025,"one,\r\ntwo"\r\nb,2024,สวัสดี\r\n,,\r\n'),
        ("utf-8", 'doc;published;title;\na;2025;"one,\r\ntwo";\nb;2024;สวัสดี;\n;;;\n\n'),
        ("utf-16", 'doc\tpublished\tTITLE\na\t2025\t"one,\r\ntwo"\nb\t2024\tสวัสดี\n'),
    ],
)
def test_tables_as_spreadsheets_write_them(tmp_path: Path, encoding: str, text: str) -> None:
    (tmp_path / "t.csv").write_bytes(text.encode(encoding))
    wanted = {"a": {"published": "2025", "title": "one,\r\ntwo"}, "b": {"published": "2024", "title": "สวัสดี"}}
    assert _read(tmp_path, TABLE).table == wanted


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"doc,published\n,2025\n", "A row without doc, .*t.csv:2"),
        (b"doc,published\na,2025,more\n", "3 cells under 2 columns, .*t.csv:2"),
        (b"doc,date\na,2025\n", "No column is a field of an article, .*t.csv:1; call columns id, url"),
        (b"", "No column '', .*t.csv:1; give the table a first line with names"),
        ("doc,published,title\na,2025,é\n".encode("latin-1"), "The table is not UTF-8, .*; save it as UTF-8"),
        (b'doc,published\na,"2025\n', "Cannot read the table: "),
    ],
)
def test_a_table_that_is_none_is_named(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    with pytest.raises(AccordgraphError, match=told):
        _read(tmp_path, TABLE)
