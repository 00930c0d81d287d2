"""Documents become articles and claims: two shapes, names by the register, what is refused costs itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.claims import claims_of
from graph.identity import Entity, Register, entity
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Event, Link, Mention, Relation
from loaders.mapping import Mapped, article_of
from loaders.profile import Profile

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


def test_a_profile_turns_relations_round_and_names_roles() -> None:
    profile = Profile(
        defaults={"published": "2022"}, relations={"signed": ("signed_by!",)}, nodes={"Agreement": ("DOC",)}
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
        assert TEXT[evidence.start : evidence.end] == evidence.quote
