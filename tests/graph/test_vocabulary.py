"""The vocabulary as data: complete, consistent, and helpful about slips."""

import pytest

from graph.errors import VocabularyError
from graph.vocabulary import parse, slug_of, vocabulary

KINDS = "Country Official Agency Agreement Crime InternationalOrganization ArmedGroup Company Operation Meeting Place Person VictimGroup"
RELATIONS = """SIGNED COOPERATES_WITH SHARES_INTEL PLANS_TO_SIGN RATIFIED PARTY_TO REQUESTS_ASSISTANCE EXTRADITES_TO
REPATRIATES_TO JOINT_OPERATION_WITH TOOK_PART_IN SENDS_DELEGATION_TO MEETS_WITH SANCTIONS ARRESTS TARGETS LINKED_TO
HOLDS_OFFICE PART_OF MEMBER_OF LOCATED_IN SUPPORTS_VICTIMS FUNDS TRAINS BLOCKS_INFRASTRUCTURE CRITICIZES DENIES SUCCEEDS"""


def test_the_design_s_kinds_and_relations_are_there() -> None:
    words = vocabulary()
    assert set(KINDS.split()) <= set(words.kinds)
    assert set(RELATIONS.split()) <= {relation.type for relation in words.relations.values()}
    assert list(words.stages) == [
        "announced", "planned", "signed", "in force", "carried out", "suspended", "ended", "denied",
    ]  # fmt: skip


def test_every_relation_is_complete() -> None:
    words = vocabulary()
    for relation in words.relations.values():
        assert relation.nature in {"event", "state"}
        assert relation.stage in words.stages
        assert relation.rdf.partition(":")[0] in {"ag", "skos", "dcterms", "org", "schema"}
        assert {key for one in relation.requires for key in one.split("|")} <= {*words.values, *words.roles}
        if relation.symmetric:
            assert relation.subject == relation.object


def test_words_are_read_as_people_write_them() -> None:
    words = vocabulary()
    assert words.relation("SHARES_INTEL") is words.relation("shares-intel")
    assert words.stage("in-force") == "in force"
    assert words.kind_of("international-organization:asean").name == "InternationalOrganization"
    assert slug_of("VictimGroup") == "victim-group"


@pytest.mark.parametrize(
    ("look_up", "said"),
    [
        (lambda: vocabulary().relation("SIGNS"), "Unknown relation 'SIGNS'; did you mean 'signed'?"),
        (lambda: vocabulary().stage("plannd"), "Unknown stage 'plannd'; did you mean 'planned'?"),
        (lambda: vocabulary().kind_of("offical:x"), "Unknown kind 'offical' in 'offical:x'; did you mean 'official'?"),
    ],
)
def test_a_slip_gets_the_nearest_word(look_up, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(VocabularyError) as raised:
        look_up()
    assert str(raised.value) == said


def test_a_relation_cannot_allow_an_undeclared_kind() -> None:
    text = """
    namespace = "x"
    [groups]
    [kinds]
    [relations.knows]
    meaning = "x"
    subject = ["Person"]
    object = ["Person"]
    nature = "state"
    stage = "in force"
    cameo = "x"
    plover = "x"
    rdf = "x"
    """
    with pytest.raises(VocabularyError, match="allows the unknown kind 'Person'"):
        parse(text)
