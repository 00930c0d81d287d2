"""Private names are masked wherever they stand, and nothing else is: who is private, where a name is one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.identity import Register, entity
from loaders.diagnostics import Diagnostics
from loaders.document import Cluster, Document, Mention, Relation
from loaders.mapping import Mapped, article_of
from loaders.masking import MASK, masked
from loaders.private_names import PrivateNames
from loaders.profile import Profile

DATED = Profile(defaults={"published": "2022-07-12"})
OFFICIAL = entity("official:manet", "Official", ["Hun Manet"])
REGISTER = Register(
    {
        one.id: one
        for one in (
            OFFICIAL,
            entity("company:prince", "Company", ["Prince Somdet Group"]),
            entity("official:one", "Official", ["Kim Lee"]),
            entity("official:two", "Official", ["Kim Lee"]),
        )
    }
)


def _document(text: str, *marks: tuple[str, str], clusters: Sequence[tuple[str, ...]] = (), **more: object) -> Document:
    """A document with the first place of each word marked; clusters by words."""
    mentions = tuple(
        Mention(id=f"{words}/{label}", types=(label,), fragments=((at, at + len(words)),), surface=words)
        for words, label in marks
        for at in [text.index(words)]
    )
    ids = {one.id.partition("/")[0]: one.id for one in mentions}
    tied = tuple(
        Cluster(id=str(number), type=None, members=tuple(ids[one] for one in members))
        for number, members in enumerate(clusters)
    )
    fields = {"id": "d", "path": "d.ann", "format": "brat", "language": "en", **more}
    return Document(text=text, mentions=mentions, clusters=tied, **fields)  # type: ignore[arg-type]


def _mapped(document: Document, profile: Profile = DATED) -> tuple[Mapped, Diagnostics]:
    diagnostics = Diagnostics()
    mapped = article_of(document, profile, REGISTER, diagnostics)
    assert mapped is not None
    return mapped, diagnostics


def _text(text: str, *marks: tuple[str, str], clusters: Sequence[tuple[str, ...]] = ()) -> str:
    return _mapped(_document(text, *marks, clusters=clusters))[0].article.text


def test_private_names_are_masked_before_anything_is_computed() -> None:
    text = "Somchai Jaidee 😀 of Thailand met Cambodia. SOMCHAI  JAIDEE signed; สมชาย ใจดี ลงนาม"
    names = ("Somchai Jaidee", "สมชาย ใจดี")
    spots = {words: text.index(words) for words in (*names, "Thailand", "Cambodia")}
    mentions = tuple(
        Mention(
            id=words,
            types=("PER" if words in names else "Country",),
            fragments=((at, at + len(words)),),
            surface=words,
        )
        for words, at in spots.items()
    )
    ends = (("from", "Thailand"), ("to", "Cambodia"))
    tie = Relation(id="R", type="meets-with", args=ends, attributes={"channel": ("through Somchai Jaidee",)})
    document = Document(
        id="d",
        path="d",
        format="x",
        text=text,
        language="en",
        metadata={"title": "Who is somchai jaidee?", "published": "2022"},
        mentions=mentions,
        relations=(tie,),
    )
    mapped, diagnostics = _mapped(document, Profile(nodes={"Person": ("PER",)}))
    assert mapped.article.text == "▮▮▮ 😀 of Thailand met Cambodia. ▮▮▮ signed; ▮▮▮ ลงนาม"
    assert mapped.article.title == "Who is ▮▮▮?"
    ((claim, evidence),) = mapped.pairs
    assert (evidence.quote, claim.values) == ("Thailand met Cambodia", {"channel": "through ▮▮▮"})
    everything = repr(mapped) + repr(diagnostics.kept)
    assert not any(name.casefold() in everything.casefold() for name in names)
    assert diagnostics.codes == {"entity.person": 1}
    unnamed = _mapped(document, Profile())[0]  # labels of persons are masked with no rule, too
    assert "Somchai" not in unnamed.article.text


def test_persons_of_the_register_keep_their_names_and_an_official_marked_as_a_person_is_one() -> None:
    official = entity("official:x", "Official", ["Thailand's minister"])
    mark = Mention(id="m", types=("Person",), fragments=((0, 19),))
    document = Document(id="d", path="d", format="x", text="Thailand's minister spoke", mentions=(mark,))
    mapped = article_of(document, DATED, Register({official.id: official}), Diagnostics())
    assert mapped is not None
    assert mapped.article.text == document.text
    assert [mention.entity for mention in mapped.article.mentions] == ["official:x"]


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 12), st.integers(0, 40), st.integers(0, 12))
def test_masking_moves_other_marks_to_the_same_words(text: str, at: int, size: int, other: int, wide: int) -> None:
    private = Mention(id="p", types=("Person",), fragments=((min(at, len(text)), min(at + size, len(text))),))
    second = Mention(id="s", types=("Country",), fragments=((min(other, len(text)), min(other + wide, len(text))),))
    document = Document(id="d", path="d", format="x", text=text, mentions=(private, second))
    found = masked(document, private.fragments, PrivateNames([document.words(private)])).document
    moved = found.mentions[1]
    assert all(0 <= start <= end <= len(found.text) for mention in found.mentions for start, end in mention.fragments)
    start, end = second.fragments[0]
    first, last = private.fragments[0]
    if MASK not in document.words(second) and (end <= first or start >= last):
        assert found.words(moved).replace(MASK, "") in document.words(second) or MASK in found.words(moved)


# --- who is private -------------------------------------------------------------------------------------------------


def test_a_person_named_like_a_country_is_masked_where_marked_and_the_country_stays() -> None:
    text = "Jordan met Chad Quark in Jordan; Jordan agreed."
    assert _text(text, ("Jordan", "PER")) == "▮▮▮ met Chad Quark in Jordan; Jordan agreed."
    assert _text("Ma and Li signed", ("Ma", "PER"), ("Li", "PER")) == "▮▮▮ and ▮▮▮ signed"  # ISO codes of countries


def test_all_that_a_cluster_says_is_the_same_person_goes() -> None:
    text = "Zebulon Quark, called Big Zeb, said he met Thailand. Big Zeb and he left."
    marks = (("Zebulon Quark", "PER"), ("Big Zeb", "Alias"), ("he", "Alias"), ("Thailand", "Country"))
    wanted = "▮▮▮, called ▮▮▮, said he met Thailand. ▮▮▮ and he left."
    assert _text(text, *marks, clusters=[("Zebulon Quark", "Big Zeb", "he")]) == wanted
    nickname = "สมชาย ใจดี หรือ โจ้ พบไทย"
    assert _text(nickname, ("สมชาย ใจดี", "PER"), ("โจ้", "x"), clusters=[("สมชาย ใจดี", "โจ้")]) == "▮▮▮ หรือ ▮▮▮ พบไทย"


def test_who_is_the_same_as_an_official_of_the_register_is_no_private_person() -> None:
    text = "Hun Manet spoke; he and Manet left."
    marks = (("Hun Manet", "Official"), ("he", "PER"), ("Manet left", "PER"))
    assert _text(text, *marks, clusters=[("Hun Manet", "he", "Manet left")]) == text
    inside = _document(text, ("Hun Manet", "Official"), ("Manet", "PER"))
    assert _mapped(inside)[0].article.text == text
    assert _text("Kim Lee spoke", ("Kim Lee", "PER")) == "Kim Lee spoke"  # which of two officials is not decided


def test_a_person_within_another_mark() -> None:
    text = "Zebulon Quark Holding and Prince Somdet Group paid Somdet, says Zebulon Quark."
    marks = (
        ("Zebulon Quark", "PER"),
        ("Zebulon Quark Holding", "Company"),
        ("Prince Somdet Group", "Company"),
        ("Somdet,", "PER"),
    )
    mapped, _ = _mapped(_document(text, *marks))
    assert mapped.article.text == "▮▮▮ Holding and Prince Somdet Group paid ▮▮▮ says ▮▮▮."
    assert [one.name for one in mapped.entities.values()] == ["▮▮▮ Holding"]
    both, diagnostics = _mapped(_document(text, ("Zebulon Quark", "PER"), ("Zebulon Quark", "Company")))
    assert not both.entities  # a mask is nobody's name
    assert diagnostics.codes["entity.undecided"] == 1


@pytest.mark.parametrize(
    ("label", "private"),
    [
        *((label, True) for label in ("PER.IND", "B-PER", "per:victim", "PERSON_NAME", "ne/Person")),
        *((label, False) for label in ("percent", "person-count", "Personnel", "O")),
    ],
)
def test_labels_of_persons(label: str, private: bool) -> None:
    assert Profile().is_private([label]) is private


def test_a_label_that_says_person_among_others_is_enough() -> None:
    assert Profile().is_private(["Agency", "PER"])
    assert Profile().is_private((), "webanno.custom.Person")
    assert not Profile().is_private(["PER", "Official"])
    assert not Profile(nodes={"Official": ("PER",)}).is_private(["PER"])


# --- where a name stands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("May", "May said it may be in May, or maybe in June.", "▮▮▮ said it may be in May, or maybe in June."),
        ("Will", "Will will be; Will is. WILLIAM too.", "▮▮▮ will be; ▮▮▮ is. WILLIAM too."),
        ("An", "An met an envoy; AN is not Ana", "▮▮▮ met an envoy; AN is not Ana"),
        ("Иван", "Иван и Иванов", "▮▮▮ и Иванов"),
        ("Ли", "Ли был ли в Липецке", "▮▮▮ был ли в Липецке"),
        ("Сергей", "Сергей с Сергеем", "▮▮▮ с Сергеем"),
        ("Mr. Zed Quark", "Mr. Zed Quark; ZED QUARK; Zed\nQuark", "▮▮▮; ▮▮▮; ▮▮▮"),
        ("นายสมชาย ใจดี", "นายสมชาย ใจดี และสมชาย ใจดีมา", "▮▮▮ และ▮▮▮มา"),
        ("เขา", "เขามาที่เขาใหญ่ เขา", "▮▮▮มาที่เขาใหญ่ เขา"),
        ("王伟", "王伟说,王伟。", "▮▮▮说,▮▮▮。"),
        ("علي", "علي قال عليه; علي", "▮▮▮ قال عليه; ▮▮▮"),
        ("សុខា", "សុខា និងសុខា", "▮▮▮ និង▮▮▮"),
        ("Nguyễn Văn Lê", "Nguyễn Văn Lê, NGUYỄN VĂN LÊ, Nguyễn Văn Lên", "▮▮▮, ▮▮▮, ▮▮▮n"),
        ("12", "12 of 12", "▮▮▮ of 12"),
    ],
)
def test_a_name_goes_wherever_it_is_one(name: str, text: str, wanted: str) -> None:
    assert _text(text, (name, "PER")) == wanted


def test_ids_addresses_and_fields_of_a_table_lose_names_too() -> None:
    text = "Zebulon Quark of Laos"
    document = _document(
        text,
        ("Zebulon Quark", "PER"),
        id="exports/zebulon-quark_3.txt",
        metadata={"url": "https://example.org/2022/zebulon-quark-held?x=1", "publisher": "Zebulon%20Quark Daily"},
    )
    table = {document.id: {"title": "ZEBULON QUARK was held", "published": "2022"}}
    mapped, diagnostics = _mapped(document, Profile(table=table))
    article = mapped.article
    assert (article.id, article.title) == ("exports-_3.txt", "▮▮▮ was held")
    assert article.url == "https://example.org/2022/▮▮▮-held?x=1"
    assert "zebulon" not in repr((article.url, article.title, article.publisher, diagnostics.kept)).casefold()
    for id_ in ("ZebulonQuark.ann", "zebulon_quark"):
        assert "zebulon" not in _mapped(_document(text, ("Zebulon Quark", "PER"), id=id_))[0].article.id
