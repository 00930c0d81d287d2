"""Contributions → graph: edges are views of claims, and equal content has an equal root hash."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.article import Article, Mention, Span, StatedClaim
from graph.build import Contribution, Graph, assemble, contribute
from graph.identity import Register, entity

REGISTER = Register(
    {
        e.id: e
        for e in (
            entity("agreement:mou", "Agreement", ["MOU"]),
            entity("agency:x", "Agency", ["X"], country="country:TH", part_of="country:TH"),
        )
    }
)
TEXT = "Thailand and Cambodia signed, Thailand denies it."


def contribution(id_: str, *claims: StatedClaim, publisher: str = "P", wire: str | None = None) -> Contribution:
    article = Article(
        id=id_, url="https://e.org", title="T", publisher=publisher, language="en", published="2022-07",
        form="digest", text=TEXT, wire=wire, claims=claims, mentions=(Mention(Span(0, 8), "agency:x"),),
    )  # fmt: skip
    made, problems = contribute(article, REGISTER)
    assert made, problems
    return made


def claim(**changes: Any) -> StatedClaim:
    basic = StatedClaim("country:TH", "signed", "agreement:mou", Span(0, 8), dates={"on": "2022-07-11"})
    return replace(basic, **changes)


def graph(*contributions: Contribution) -> Graph:
    return assemble(contributions, REGISTER)


def test_a_second_article_adds_evidence_not_a_claim() -> None:
    made = graph(contribution("a", claim()), contribution("b", claim(), publisher="Q"))
    (edge,) = made.edges.values()
    assert (len(made.claims), len(made.evidence), edge.articles, edge.sources) == (1, 2, 2, 2)
    assert [e.article for e in made.evidence_of[edge.claims[0]]] == ["a", "b"]


def test_a_wire_copy_counts_once() -> None:
    made = graph(*(contribution(id_, claim(), publisher=id_, wire="afp-1") for id_ in "abc"))
    (edge,) = made.edges.values()
    assert (edge.articles, edge.sources) == (3, 1)


def test_an_edge_tells_stages_in_order_and_disputes() -> None:
    (edge,) = graph(
        contribution("a", claim(), claim(stage="announced", dates={"on": "2022-06"})),
        contribution("b", claim(polarity="denied", dates={})),
    ).edges.values()
    assert edge.stages == ("announced", "signed")
    assert edge.polarity == "disputed"
    assert (edge.since, edge.until) == ("2022-06", None)
    assert len(edge.claims) == 3


def test_an_edge_is_open_while_one_of_its_claims_is() -> None:
    past = claim(relation="party-to", dates={"from": "2019", "until": "2020"})
    now = claim(relation="party-to", dates={"from": "2022"})
    (closed,), (open_,) = (graph(contribution("a", *claims)).edges.values() for claims in ((past,), (past, now)))
    assert (closed.until, open_.until) == ("2020", None)


def test_two_terms_of_one_thing_stay_two_claims() -> None:
    made = graph(contribution("a", claim(dates={"on": "2022"}), claim(dates={"on": "2024"})))
    assert len(made.claims) == 2


def test_mentioned_entities_and_what_they_are_part_of_are_nodes() -> None:
    made = graph(contribution("a"))
    assert list(made.entities) == ["agency:x", "country:TH"]
    assert made.articles["a"].mentions == ("agency:x",)
    assert made.articles["a"].known_from == "2022-07-31"


def test_every_edge_of_a_graph_is_checked() -> None:
    made = graph(contribution("a", claim(), claim(subject="country:KH")))
    assert made.edges_checked == len(made.edges) == 2


@given(st.permutations("abcd"))
def test_the_order_of_articles_does_not_matter(order: list[str]) -> None:
    parts = {id_: contribution(id_, claim(dates={"on": f"200{n}"})) for n, id_ in enumerate("abcd")}
    assert graph(*(parts[id_] for id_ in order)) == graph(*parts.values())


def test_any_change_changes_the_root_hash() -> None:
    hashes = {
        graph(contribution("a", claim())).root_hash,
        graph(contribution("b", claim())).root_hash,
        graph(contribution("a", claim(stage="planned"))).root_hash,
        graph(contribution("a", claim(span=Span(0, 12)))).root_hash,
        graph(contribution("a", claim(), publisher="Q")).root_hash,
    }
    assert len(hashes) == 5
