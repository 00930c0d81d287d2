"""Documents become articles and claims: two shapes, names by the register, what is refused costs itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.claims import claims_of
from graph.identity import Entity, Register, entity
from loaders.article_fields import article_id
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Event, Link, Mention, Relation
from loaders.mapping import Mapped, article_of
from loaders.profile import Profile, Rule

TEXT = "😀 Thailand signed the memorandum with Cambodia on 11 July 2022 in Phnom Penh."
REGISTER = Register(
    {
        one.id: one
        for one in (
            entity("agreement:mou", "Agreement", ["the memorandum"]),
            entity("place:phnom-penh", "Place", ["Phnom Penh"]),
            entity("agency:penh", "Agency", ["Penh"]),
        )
    }
)
DATED = Profile(defaults={"published": "2022-07-12"})


def _mention(words: str, label: str, **more: Any) -> Mention:
    start = TEXT.index(words)
    return Mention(id=words, types=(label,), fragments=((start, start + len(words)),), **more)


THAILAND, MOU, CAMBODIA = (
    _mention("Thailand", "Country"),
    _mention("the memorandum", "AGREEMENT"),
    _mention("Cambodia", "country"),
)
DAY, PLACE, SIGNED = _mention("11 July 2022", "Date"), _mention("Phnom Penh", "Place"), _mention("signed", "SIGNED")


def _document(
    *mentions: Mention, relations: tuple[Relation, ...] = (), events: tuple[Event, ...] = (), **more: Any
) -> Document:
    more = {"language": "en", **more}
    return Document(
        id="Doc 1",
        path="x.ann",
        format="brat",
        text=TEXT,
        mentions=mentions,
        relations=relations,
        events=events,
        **more,
    )


def _relation(type_: str, source: str, target: str, number: int = 0, **attributes: tuple[str, ...]) -> Relation:
    return Relation(id=f"R{number}{type_}", type=type_, args=(("from", source), ("to", target)), attributes=attributes)


def _mapped(document: Document, profile: Profile = DATED) -> tuple[Mapped, Diagnostics]:
    diagnostics = Diagnostics()
    mapped = article_of(document, profile, REGISTER, diagnostics)
    assert mapped is not None
    return mapped, diagnostics


def test_a_relation_between_two_mentions_is_a_claim_with_the_words_between() -> None:
    tie = _relation("signed", "Thailand", "the memorandum", on=("11 July 2022",), at=("place:phnom-penh",))
    mapped, diagnostics = _mapped(_document(THAILAND, MOU, CAMBODIA, relations=(tie,)))
    (claim,) = mapped.article.claims
    assert (claim.subject, claim.relation, claim.object) == ("country:TH", "signed", "agreement:mou")
    assert (claim.dates, claim.roles) == ({"on": "11 July 2022"}, {"at": ("place:phnom-penh",)})
    assert mapped.article.quote(claim.span) == "Thailand signed the memorandum"
    assert not diagnostics.codes
    assert [mention.entity for mention in mapped.article.mentions] == ["country:TH", "agreement:mou", "country:KH"]


def test_the_words_that_say_so_tie_the_parts() -> None:
    ties = [("subject", "Thailand"), ("object", "the memorandum"), ("on", "11 July 2022"), ("at", "Phnom Penh")]
    relations = tuple(_relation(role, "signed", target) for role, target in ties)
    mapped, diagnostics = _mapped(_document(THAILAND, MOU, DAY, PLACE, SIGNED, relations=relations))
    (claim,) = mapped.article.claims
    assert (claim.subject, claim.object) == ("country:TH", "agreement:mou")
    assert (claim.dates, claim.roles) == ({"on": "11 July 2022"}, {"at": ("place:phnom-penh",)})
    assert mapped.article.quote(claim.span) == TEXT[2:-1]
    assert not diagnostics.codes


def test_several_subjects_are_several_claims() -> None:
    args = (("Subject", "Thailand"), ("Subject2", "Cambodia"), ("Object", "the memorandum"))
    event = Event(id="E1", type="Signed", trigger="signed", args=args)
    mapped, _ = _mapped(_document(THAILAND, CAMBODIA, MOU, SIGNED, events=(event,)))
    assert [claim.subject for claim in mapped.article.claims] == ["country:TH", "country:KH"]


def test_an_event_is_the_same_shape() -> None:
    args = (("Subject", "Thailand"), ("Object1", "the memorandum"), ("On", "11 July 2022"))
    event = Event(id="E1", type="Signed", trigger="signed", args=args, attributes={"stage": ("planned",)})
    mapped, _ = _mapped(_document(THAILAND, MOU, DAY, SIGNED, events=(event,)))
    (claim,) = mapped.article.claims
    assert (claim.subject, claim.object, claim.stage) == ("country:TH", "agreement:mou", "planned")


def test_what_is_said_of_the_trigger_is_said_of_the_event() -> None:
    """INCEpTION keeps stage and polarity as features of the span, which is the trigger."""
    denied = replace(SIGNED, attributes={"polarity": ("denied",), "stage": ("planned",)})
    event = Event(
        id="E1", type="signed", trigger="signed", args=(("subject", "Thailand"), ("object", "the memorandum"))
    )
    (claim,) = _mapped(_document(THAILAND, MOU, denied, events=(event,)))[0].article.claims
    assert (claim.polarity, claim.stage) == ("denied", "planned")
    event = replace(event, attributes={"stage": ("signed",)})  # what the event says itself goes before
    (claim,) = _mapped(_document(THAILAND, MOU, denied, events=(event,)))[0].article.claims
    assert (claim.polarity, claim.stage) == ("denied", "signed")


def test_a_profile_turns_relations_round_and_names_roles() -> None:
    profile = Profile(
        defaults={"published": "2022"}, relations=(Rule("signed", ("signed_by!",)),), nodes={"Agreement": ("DOC",)}
    )
    document = _document(
        THAILAND, _mention("the memorandum", "DOC"), relations=(_relation("signed_by", "the memorandum", "Thailand"),)
    )
    (claim,) = _mapped(document, profile)[0].article.claims
    assert (claim.subject, claim.object) == ("country:TH", "agreement:mou")


def test_what_the_register_does_not_decide_stays_the_articles_own() -> None:
    unknown = _mention("July", "Agency")
    mapped, diagnostics = _mapped(_document(unknown, THAILAND))
    (id_,) = mapped.entities
    assert id_.startswith("agency:local-")
    assert mapped.entities[id_].facts == {"undecided": ("doc-1",)}
    assert diagnostics.codes == {"entity.undecided": 1}
    other, _ = _mapped(Document(id="Doc 2", path="y", format="brat", text=TEXT, mentions=(unknown,)))
    assert set(other.entities) != {id_}


def test_a_name_must_be_of_the_mentions_kind_and_an_id_goes_before_a_name() -> None:
    wrong = _mention("Penh", "Place")
    right = _mention("Phnom", "Place", attributes={"entity": ("place:phnom-penh",)})
    linked = _mention("Penh.", "Place", links=(Link("accordgraph", "place:phnom-penh"),))
    mapped, _ = _mapped(_document(wrong, right, linked))
    found = [mention.entity for mention in mapped.article.mentions]
    assert found.count("place:phnom-penh") == 2
    assert len(mapped.entities) == 1


def test_a_private_person_is_not_made_an_entity() -> None:
    mapped, diagnostics = _mapped(_document(_mention("July", "Person")))
    assert not mapped.entities
    assert diagnostics.codes == {"entity.person": 1}


def test_a_claim_that_is_refused_costs_itself() -> None:
    ties = (
        _relation("signed", "the memorandum", "Thailand", 1),
        _relation("signed", "Thailand", "the memorandum", 2, on=("13 July 2022",)),
        _relation("unheard-of", "Thailand", "Cambodia", 3),
        _relation("signed", "Thailand", "11 July 2022", 4),
        _relation("cooperates-with", "Thailand", "Cambodia", 5),
    )
    mapped, diagnostics = _mapped(_document(THAILAND, MOU, CAMBODIA, DAY, relations=ties))
    assert [claim.relation for claim in mapped.article.claims] == ["cooperates-with"]
    assert diagnostics.codes == {"claim.refused": 2, "relation.unmapped": 1, "edge.endpoint-kind": 1}


def test_an_article_needs_a_date_and_takes_the_rest_from_what_is_there() -> None:
    diagnostics = Diagnostics()
    assert article_of(_document(THAILAND), Profile(), REGISTER, diagnostics) is None
    assert diagnostics.codes == {"article.incomplete": 1}
    document = _document(THAILAND, metadata={"meta.date": "2022-07-11", "url": "https://example.org/1"})
    profile = Profile(metadata={"published": "meta.date"}, defaults={"published": "1999", "publisher": "P"})
    article = _mapped(document, profile)[0].article
    assert (article.id, article.published, article.publisher, article.url) == (
        "doc-1",
        "2022-07-11",
        "P",
        "https://example.org/1",
    )
    assert (article.title, article.language, article.form) == (TEXT, "en", "verbatim")


def test_languages_by_their_script() -> None:
    for text, language in (
        ("ไทยจับมือ", "th"),
        ("កម្ពុជា", "km"),
        ("ລາວ", "lo"),
        ("မြန်မာ", "my"),
        ("日本の", "ja"),
        ("中国", "zh"),
        ("abc", "und"),
    ):
        document = Document(id="x", path="x", format="x", text=text)
        assert _mapped(document)[0].article.language == language


def test_a_date_in_a_text_whose_language_nobody_says_is_refused_with_the_way_out() -> None:
    tie = _relation("signed", "Thailand", "the memorandum", on=("11 July 2022",))
    _, diagnostics = _mapped(_document(THAILAND, MOU, relations=(tie,), language=None))
    assert "--set language=en" in str(diagnostics.kept[0])


LABELS = ["Country", "Agency", "Agreement", "Person", "signed", "Date", "?"]


@given(
    st.lists(st.tuples(st.integers(0, 70), st.integers(1, 9), st.sampled_from(LABELS)), max_size=6),
    st.lists(
        st.tuples(
            st.integers(0, 5),
            st.integers(0, 5),
            st.sampled_from(["signed", "subject", "object", "on", "cooperates-with", "x"]),
        ),
        max_size=6,
    ),
)
def test_whatever_is_marked_gives_claims_whose_words_stand_in_the_text(
    marks: list[tuple[int, int, str]], ties: list[tuple[int, int, str]]
) -> None:
    mentions = tuple(
        Mention(id=str(i), types=(label,), fragments=((at, min(at + size, len(TEXT))),))
        for i, (at, size, label) in enumerate(marks)
    )
    relations = tuple(
        _relation(label, str(a), str(b), i) for i, (a, b, label) in enumerate(ties) if max(a, b) < len(mentions)
    )
    mapped, _ = _mapped(_document(*mentions, relations=relations))
    entities: Mapping[str, Entity] = mapped.entities
    made, problems = claims_of(mapped.article, REGISTER.beside(entities))
    assert not problems
    for _, evidence in made:
        assert mapped.article.text[evidence.start : evidence.end] == evidence.quote


# --- what is not dropped in silence -------------------------------------------------------------------------------


def test_an_unknown_polarity_refuses_the_claim_and_a_flag_denies_it() -> None:
    unknown = _relation("signed", "Thailand", "the memorandum", polarity=("maybe",))
    mapped, diagnostics = _mapped(_document(THAILAND, MOU, relations=(unknown,)))
    assert not mapped.article.claims
    assert "unknown polarity 'maybe'" in str(diagnostics.kept[0])
    profile = Profile(defaults={"published": "2022"}, roles={"polarity": ("Negation", "POL")})
    for attributes in ({"Negation": (True,)}, {"POL": ("NEG",)}, {"POL": ("Denied",)}):
        tie = Relation(id="R", type="signed", args=(("a", "Thailand"), ("b", "the memorandum")), attributes=attributes)
        (claim,) = _mapped(_document(THAILAND, MOU, relations=(tie,)), profile)[0].article.claims
        assert claim.polarity == "denied"


def test_a_second_value_of_a_qualifier_is_told_and_a_value_is_spelled_as_ours() -> None:
    tie = _relation("signed", "Thailand", "the memorandum", on=("11 July 2022", "2022"), stage=("In_Force",))
    mapped, diagnostics = _mapped(_document(THAILAND, MOU, relations=(tie,)))
    (claim,) = mapped.article.claims
    assert (claim.dates, claim.stage) == ({"on": "11 July 2022"}, "in force")
    assert diagnostics.codes == {"qualifier.several": 1}
    assert diagnostics.lost


def test_an_unknown_role_and_untied_words_are_told() -> None:
    args = (("Subject", "Thailand"), ("Object", "the memorandum"), ("Mood", "Cambodia"), ("On", "E2"))
    events = (
        Event(id="E1", type="Signed", trigger="signed", args=args),
        Event(id="E2", type="Nothing", trigger=None, args=()),
    )
    other = _mention("with", "cooperates-with")
    mapped, diagnostics = _mapped(_document(THAILAND, CAMBODIA, MOU, SIGNED, other, events=events))
    assert len(mapped.article.claims) == 1
    wanted = {"role.unmapped": 1, "trigger.untied": 1, "edge.endpoint-kind": 1, "relation.unmapped": 1}
    assert diagnostics.codes == wanted


def test_the_confidence_of_the_tool_is_that_of_the_evidence() -> None:
    tie = _relation("signed", "Thailand", "the memorandum")
    tie.confidence = 0.25
    mapped, _ = _mapped(_document(THAILAND, MOU, relations=(tie,)))
    assert [evidence.confidence for _, evidence in mapped.pairs] == [0.25]
    tie.confidence = 87.0
    mapped, diagnostics = _mapped(_document(THAILAND, MOU, relations=(tie,)))
    assert [evidence.confidence for _, evidence in mapped.pairs] == [None]
    assert diagnostics.codes == {"qualifier.bad": 1}


def test_an_annotator_is_named_only_where_that_is_asked_for() -> None:
    tie = _relation("signed", "Thailand", "the memorandum")
    tie.annotator = "somebody"
    document = _document(THAILAND, MOU, relations=(tie,))
    for keep, wanted in ((False, None), (True, "somebody")):
        mapped = article_of(document, DATED, REGISTER, Diagnostics(), keep_annotators=keep)
        assert mapped is not None
        assert [evidence.annotator for _, evidence in mapped.pairs] == [wanted]


def test_ids_of_the_register_in_any_form_and_ids_of_other_bases() -> None:
    register = Register({"agency:x": entity("agency:x", "Agency", ["X"], facts={"wikidata": ("Q42",)})})
    marks = (
        _mention("Thailand", "Agency", links=(Link("Wikidata", "Q42"),)),
        _mention("Cambodia", "Agency", links=(Link("uri", "accordgraph:agency:x"),)),
        _mention("Phnom", "Agency", attributes={"entity": ("accordgraph:agency:x",)}),
        _mention("Penh", "Country", links=(Link("iso3166-1", "KHM"),)),
    )
    diagnostics = Diagnostics()
    mapped = article_of(_document(*marks), DATED, register, diagnostics)
    assert mapped is not None
    assert [mention.entity for mention in mapped.article.mentions] == ["agency:x", "agency:x", "agency:x", "country:KH"]
    assert not diagnostics.codes
    wrong = _mention("Penh", "Place", links=(Link("accordgraph", "agency:x"), Link("accordgraph", "place:nowhere")))
    assert article_of(_document(wrong), DATED, register, diagnostics) is not None
    assert diagnostics.codes == {"entity.mismatch": 2, "entity.undecided": 1}


def test_ends_by_what_the_roles_are_called_and_relations_of_many() -> None:
    named = Relation(id="1", type="signed", args=(("Object", "the memorandum"), ("Subject", "Thailand")))
    (claim,) = _mapped(_document(THAILAND, MOU, relations=(named,)))[0].article.claims
    assert claim.subject == "country:TH"
    many = (("source", "Thailand"), ("source", "Cambodia"), ("target", "the memorandum"))
    mapped, _ = _mapped(_document(THAILAND, CAMBODIA, MOU, relations=(Relation(id="2", type="signed", args=many),)))
    assert [claim.subject for claim in mapped.article.claims] == ["country:TH", "country:KH"]
    open_ = tuple((str(number), target) for number, (_, target) in enumerate(many))
    _, diagnostics = _mapped(
        _document(THAILAND, CAMBODIA, MOU, relations=(Relation(id="3", type="signed", args=open_),))
    )
    assert diagnostics.codes["edge.endpoint-kind"] == 1


def test_a_rule_says_which_kinds_it_joins_and_what_its_claims_say() -> None:
    rule = Rule(
        "signed",
        ("SIG",),
        subject=("Agency",),
        roles={"subject": ("Signer",), "object": ("Paper",)},
        qualifiers={"stage": "planned"},
    )
    profile = Profile(defaults={"published": "2022"}, relations=(rule,))
    event = Event(id="E", type="SIG", trigger=None, args=(("Signer1", "Thailand"), ("Paper", "the memorandum")))
    document = _document(THAILAND, MOU, events=(event,))
    mapped, diagnostics = _mapped(document, profile)
    assert not mapped.article.claims
    assert "takes no Country as subject" in str(diagnostics.kept[0])
    wider = Profile(
        defaults={"published": "2022"},
        relations=(Rule(rule.relation, rule.patterns, roles=rule.roles, qualifiers=rule.qualifiers),),
    )
    (claim,) = _mapped(document, wider)[0].article.claims
    assert claim.stage == "planned"


def test_what_becomes_of_relations_without_a_rule_is_the_profiles_choice() -> None:
    document = _document(THAILAND, CAMBODIA, relations=(_relation("likes", "Thailand", "Cambodia"),))
    for choice, codes, lost in (("keep", 1, False), ("drop", 0, False), ("error", 1, True)):
        profile = Profile(defaults={"published": "2022"}, unmapped_relations=choice)
        _, diagnostics = _mapped(document, profile)
        assert (diagnostics.codes["relation.unmapped"], diagnostics.lost) == (codes, lost)


@pytest.mark.parametrize("roles", [{}, {"subject": ("from",), "object": ("to",)}])
def test_an_exclamation_mark_turns_every_shape_round(roles: dict[str, tuple[str, ...]]) -> None:
    profile = Profile(defaults={"published": "2022"}, relations=(Rule("signed", ("signed_by!",)),), roles=roles)
    tie = _relation("signed_by", "the memorandum", "Thailand")
    args = (("Subject", "the memorandum"), ("Object", "Thailand"))
    event = Event(id="E", type="signed_by", trigger=None, args=args)
    for document in (_document(THAILAND, MOU, relations=(tie,)), _document(THAILAND, MOU, events=(event,))):
        (claim,) = _mapped(document, profile)[0].article.claims
        assert (claim.subject, claim.object) == ("country:TH", "agreement:mou")


def test_a_flag_that_is_false_denies_nothing_and_figures_of_any_script_are_figures() -> None:
    profile = Profile(defaults={"published": "2022"}, roles={"polarity": ("Negation",)})
    tie = _relation("signed", "Thailand", "the memorandum", count=("๑๒.0",), unit=("people",))
    tie.attributes = {**tie.attributes, "Negation": (False,)}
    ((claim, _),) = _mapped(_document(THAILAND, MOU, relations=(tie,)), profile)[0].pairs
    assert (claim.polarity, claim.values) == ("affirmed", {"count": 12, "unit": "people"})


def test_a_meeting_that_is_marked_as_an_event_is_the_meeting() -> None:
    meeting = _mention("signed", "Meeting")
    events = (
        Event(id="E1", type="TOOK_PART_IN", trigger=None, args=(("Subject", "Thailand"), ("Object", "E2"))),
        Event(id="E2", type="Meeting", trigger="signed", args=()),
    )
    mapped, _ = _mapped(_document(THAILAND, meeting, events=events))
    (claim,) = mapped.article.claims
    assert claim.object.startswith("meeting:local-")


def test_ids_in_other_scripts_stay_apart_and_accents_go() -> None:
    ids = [article_id(name) for name in ("ไทย-1", "กัมพูชา-1", "Café Größe", "readme", "😀")]
    assert ids[2:] == ["cafe-grosse", "readme-text", ""]
    assert len(set(ids[:2])) == 2
    assert all(re.fullmatch(r"1-[0-9a-f]{8}", one) for one in ids[:2])


def test_a_document_without_text_is_told_and_makes_no_article() -> None:
    for text in ("", " \n\u2003"):
        diagnostics = Diagnostics()
        document = Document(id="d", path="d", format="x", text=text)
        assert article_of(document, DATED, REGISTER, diagnostics) is None
        assert diagnostics.codes == {"article.incomplete": 1}


# --- fields of articles ---------------------------------------------------------------------------------------------


def test_dates_of_publication_in_any_calendar_and_spelling() -> None:
    for written, calendar, language, wanted in (
        ("2565-07-11", "thai-be", None, "2022-07-11"),
        ("2565-07-11", None, "th", "2022-07-11"),
        ("2565-07-11", None, "en", "2022-07-11"),
        ("11 ก.ค. 2565", None, "th", "2022-07-11"),
        ("2025-10-16T08:30:00+07:00", None, "id", "2025-10-16"),
        ("16 Oktober 2025", None, "id", "2025-10-16"),
        ("2025/10/16", None, None, "2025-10-16"),
        ("11/7/2565", "khmer-be", None, "2021-07-11"),
        ("11 ก.ค. 65", "thai-be", None, "2022-07-11"),
        ("๑๑/๐๗/๖๕", "thai-be", None, "2022-07-11"),
        ("11-Jul-22", "gregorian", None, "2022-07-11"),
        ("11 July 2565", None, "en", "2022-07-11"),
        ("11 กรกฎาคม 2565", None, None, "2022-07-11"),
    ):
        profile = Profile(metadata={"published": "meta.date"}, calendar=calendar)
        document = _document(THAILAND, metadata={"meta.date": written}, language=language)
        assert _mapped(document, profile)[0].article.published == wanted


def test_a_field_that_is_none_is_told_and_what_is_weaker_stands() -> None:
    profile = Profile(metadata={"published": "d", "url": "u"}, defaults={"published": "2022"})
    mapped, diagnostics = _mapped(_document(THAILAND, metadata={"d": "someday", "u": "no address"}), profile)
    assert mapped.article.published == "2022"
    assert mapped.article.url.startswith("urn:sha256:")
    assert diagnostics.codes == {"article.field": 2}
    unsaid = Diagnostics()
    assert (
        article_of(_document(metadata={"d": "someday"}), Profile(metadata={"published": "d"}), REGISTER, unsaid) is None
    )
    assert unsaid.codes == {"article.field": 1, "article.incomplete": 1}
    assert unsaid.lost


def test_a_row_of_the_table_says_more_than_the_export() -> None:
    profile = Profile(table={"x": {"published": "2025-10-16", "publisher": "P"}}, defaults={"published": "1999"})
    article = _mapped(_document(THAILAND, metadata={"published": "2000"}), profile)[0].article
    assert (article.published, article.publisher) == ("2025-10-16", "P")


def test_a_mark_may_name_its_quote_and_ends_that_are_nowhere_marked() -> None:
    named = _relation("signed", "Thailand", "the memorandum", quote=("the  memorandum with Cambodia",))
    mapped, diagnostics = _mapped(_document(THAILAND, MOU, relations=(named,)))
    assert [evidence.quote for _, evidence in mapped.pairs] == ["the memorandum with Cambodia"]
    assert not diagnostics.codes
    lost = _relation("signed", "Thailand", "the memorandum", quote=("no such words",))
    mapped, diagnostics = _mapped(_document(THAILAND, MOU, relations=(lost,)))
    assert [evidence.quote for _, evidence in mapped.pairs] == ["Thailand signed the memorandum"]
    assert diagnostics.codes == {"qualifier.bad": 1}
    signed = _mention("signed", "SIGNED", attributes={"object": ("agreement:mou",), "subject": ("country:LA",)})
    tie = _relation("subject", "signed", "Thailand")
    (claim,) = _mapped(_document(THAILAND, signed, relations=(tie,)))[0].article.claims
    assert (claim.subject, claim.object) == ("country:TH", "agreement:mou")


def test_an_end_in_another_file_is_said() -> None:
    tie = Relation(id="1", type="signed", args=(("from", "Thailand"), ("to", "x9")), elsewhere=("x9",))
    mapped, diagnostics = _mapped(_document(THAILAND, relations=(tie,)))
    assert not mapped.article.claims
    assert "object of signed is x9, in another file" in str(diagnostics.kept[0])
