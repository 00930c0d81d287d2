"""RDF: well-formed literals, verbatim words, evidence within reach of every edge, the same bytes every time."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.namespace import OWL, PROV, SKOS, XSD
from rdflib.query import ResultRow

from accordgraph.pipeline import build_graph
from graph.build import Graph, make_graph
from graph.export.rdf import BASE, PREFIXES, to_rdf, to_turtle
from graph.vocabulary import vocabulary

Thing = TypeVar("Thing")

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
AG, OA = rdflib.Namespace(PREFIXES["ag"]), rdflib.Namespace(PREFIXES["oa"])
EDTF = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
LEXICAL = {
    XSD.gYear: r"\d{4}",
    XSD.gYearMonth: r"\d{4}-(0[1-9]|1[0-2])",
    XSD.date: r"\d{4}-\d{2}-\d{2}",
    XSD.integer: r"-?\d+",
    XSD.nonNegativeInteger: r"\d+",
    XSD.decimal: r"-?\d+(\.\d+)?",
    EDTF: r"(\d{4}(-\d{2}){0,2}|\.\.)?/(\d{4}(-\d{2}){0,2}|\.\.)?",
}
AWKWARD = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from('ไทยกัมพูជាភ្នំພາສາမြန်မာ陈建峰עברית‏العربية👮🏽‍♀️é́"\\\n\r\t\x00\x7f\u2028<>{}|^`%'),
    ),
    min_size=1,
    max_size=40,
)


@pytest.fixture(scope="module")
def triples(small: Graph) -> rdflib.Graph:
    return to_rdf(small)


def select(graph: rdflib.Graph, query: str) -> list[list[str]]:
    return [[str(value) for value in row] for row in graph.query(query) if isinstance(row, ResultRow)]


def entity(id_: str) -> URIRef:
    return URIRef(f"{BASE}entity/{id_}")


def test_every_literal_is_well_formed(triples: rdflib.Graph) -> None:
    literals = [object_ for object_ in triples.objects() if isinstance(object_, Literal)]
    seen = {literal.datatype for literal in literals}
    for literal in literals:
        assert literal.ill_typed is not True, literal.n3()
        assert literal.datatype is None or re.fullmatch(LEXICAL[literal.datatype], literal), literal.n3()
    assert seen == {None, *LEXICAL}


def test_no_node_is_blank_and_all_are_below_the_base(triples: rdflib.Graph) -> None:
    for node in triples.subjects():
        assert isinstance(node, URIRef)
        assert str(node).startswith((BASE, vocabulary().namespace))
    assert not any(isinstance(node, rdflib.BNode) for node in triples.objects())


def test_dates_keep_their_precision(triples: rdflib.Graph) -> None:
    dates: dict[str, set[tuple[str, URIRef | None]]] = defaultdict(set)
    for claim, predicate, date in triples:
        if isinstance(date, Literal) and predicate in (AG.validFrom, AG.validUntil, AG.due, AG.valid):
            subject = triples.value(claim, RDF.subject)
            dates[f"{subject}"[len(BASE) :]].add((str(date), date.datatype))
    assert ("2022-07-11", XSD.date) in dates["entity/official:chaiwut"]
    assert dates["entity/country:TH"] >= {("2021-08", XSD.gYearMonth), ("2022", XSD.gYear), ("2025", XSD.gYear)}
    assert ("2025-01/2025-05", EDTF) in dates["entity/country:KH"]


@pytest.mark.parametrize("edtf", ["2021-21", "2022/2023", "2021-08/..", "2022~", "20XX"])
def test_what_xsd_cannot_say_is_edtf(small: Graph, edtf: str) -> None:
    claims = {id_: replace(claim, valid=edtf) for id_, claim in small.claims.items()}
    found = set(to_rdf(replace(small, claims=claims)).objects(predicate=AG.valid))
    assert found == {Literal(edtf, datatype=EDTF)}


def test_a_relation_is_a_direct_triple_where_it_is_affirmed(triples: rdflib.Graph, small: Graph) -> None:
    assert (entity("official:chaiwut"), AG.signed, entity("agreement:kh-th-mou-2022")) in triples
    disputed = (entity("country:KH"), AG.cooperatesWith, entity("country:TH"))
    assert disputed in triples
    assert (AG.cooperatesWith, RDF.type, OWL.SymmetricProperty) in triples
    denied = (entity("country:KH"), AG.criticizes, entity("country:US"))
    assert denied not in triples
    (edge,) = (
        edge for edge in triples.subjects(AG.polarity, Literal("denied")) if (edge, RDF.type, AG.Edge) in triples
    )
    assert triples.value(edge, RDF.predicate) == AG.criticizes


def test_every_evidence_is_reached_from_its_edge(triples: rdflib.Graph, small: Graph) -> None:
    found = defaultdict(set)
    for edge, evidence in select(
        triples,
        """SELECT ?edge ?evidence WHERE {
             ?edge a ag:Edge ; ag:claim/ag:evidence ?evidence . ?evidence oa:hasBody/^ag:claim ?edge }""",
    ):
        found[edge].add(evidence)
    assert len(found) == len(small.edges)
    for one in small.edges.values():
        expected = {said.id.replace(":", "/") for claim in one.claims for said in small.evidence_of[claim]}
        assert found[f"{BASE}edge/{one.subject}/{one.relation}/{one.object}"] == {BASE + id_ for id_ in expected}


def test_evidence_selects_its_words_by_position_and_by_quote(
    triples: rdflib.Graph, small: Graph, texts: dict[str, str]
) -> None:
    rows = select(
        triples,
        """SELECT ?article ?start ?end ?exact ?prefix ?suffix WHERE {
             ?words oa:hasSource ?article ; oa:hasSelector ?position, ?quote .
             ?position a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end .
             ?quote a oa:TextQuoteSelector ; oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix }""",
    )
    assert len(rows) == len(small.evidence)
    for article, start, end, exact, prefix, suffix in rows:
        text = texts[article.removeprefix(f"{BASE}article/")]
        assert text[int(start) : int(end)] == exact
        assert prefix + exact + suffix in text


def test_provenance_leads_to_articles_and_speakers(triples: rdflib.Graph) -> None:
    claim = triples.value(predicate=RDF.predicate, object=AG.sharesIntel, any=True)
    claims = [c for c in triples.subjects(RDF.predicate, AG.sharesIntel) if (c, RDF.type, AG.Claim) in triples]
    assert claim is not None
    assert [triples.value(c, PROV.wasDerivedFrom) for c in claims] == [URIRef(f"{BASE}article/suara-2025")]
    assert [triples.value(c, PROV.wasAttributedTo) for c in claims] == [entity("official:chaiwut")]
    (words,) = triples.objects(claims[0], AG.evidence / OA.hasTarget)
    assert triples.value(words, PROV.wasQuotedFrom) == URIRef(f"{BASE}article/suara-2025")
    assert triples.value(words, PROV.wasAttributedTo) == entity("official:chaiwut")


def test_annotators_are_named_only_where_the_graph_names_them(triples: rdflib.Graph) -> None:
    creator = URIRef(PREFIXES["dc"] + "creator")
    assert (None, creator, None) not in triples
    conftest = runpy.run_path(str(HERE / "conftest.py"))
    assert (None, creator, Literal("A. N. Notator")) in to_rdf(conftest["small_graph"](keep_annotators=True))


def test_the_dataset_says_what_it_is_not(triples: rdflib.Graph, small: Graph) -> None:
    dataset = URIRef(f"{BASE}dataset")
    assert "implies no wrongdoing" in str(triples.value(dataset, AG.notice))
    assert triples.value(dataset, AG.rootHash) == Literal(small.root_hash)


def test_relations_and_kinds_are_explained(triples: rdflib.Graph, small: Graph) -> None:
    used = {predicate for _, predicate, object_ in triples if isinstance(object_, URIRef)}
    for relation in vocabulary().relations.values():
        term = URIRef(PREFIXES["ag"] + relation.rdf.removeprefix("ag:"))
        assert term not in used or triples.value(term, RDFS.comment) == Literal(relation.meaning, lang="en")
    kinds = {AG[one.kind] for one in small.entities.values()}
    assert all(triples.value(kind, RDFS.subClassOf) for kind in kinds)


def test_a_register_only_part_of_is_no_edge(triples: rdflib.Graph) -> None:
    assert (entity("agency:th-mdes"), AG.declaredPartOf, entity("country:TH")) in triples
    assert (entity("agency:th-mdes"), rdflib.DCTERMS.isPartOf, None) not in triples


def test_turtle_holds_the_same_triples(triples: rdflib.Graph, small: Graph) -> None:
    assert set(rdflib.Graph().parse(data=to_turtle(small), format="turtle")) == set(triples)


def renamed(graph: Graph, name: str, quote: str, id_: str) -> Graph:
    """The graph with every name, title and quote replaced, and one more place and article of this id."""
    place = replace(graph.entities["place:phnom-penh"], id=f"place:{id_}", facts={"note": (name, quote)})
    copy = replace(graph.articles["suara-2025"], id=id_, url=f"https://news.example/{id_}")
    return make_graph(
        {key: replace(one, name=name, names=(name, quote)) for key, one in {**graph.entities, place.id: place}.items()},
        {key: replace(one, title=name, publisher=quote) for key, one in {**graph.articles, id_: copy}.items()},
        graph.claims,
        {key: replace(one, quote=quote, before=name, after=name) for key, one in graph.evidence.items()},
    )


@given(name=AWKWARD, quote=AWKWARD, id_=AWKWARD)
@settings(deadline=None, max_examples=60)
def test_awkward_text_is_kept_verbatim(small: Graph, name: str, quote: str, id_: str) -> None:
    graph = renamed(small, name, quote, id_)
    read = rdflib.Graph().parse(data=to_turtle(graph), format="turtle")
    assert set(read) == set(to_rdf(graph))
    assert {str(found) for found in read.objects(predicate=OA.exact)} == {quote}
    assert {str(found) for found in read.objects(predicate=SKOS.altLabel)} == {quote} - {name}
    assert len(set(read.subjects(RDFS.label, Literal(name)))) == len(graph.entities)
    assert len(set(read.subjects(rdflib.DCTERMS.issued))) == len(graph.articles)


def test_the_base_can_be_chosen(small: Graph) -> None:
    mine = to_rdf(small, base="https://graph.example/kg")
    assert (URIRef("https://graph.example/kg/entity/country:TH"), RDFS.label, None) in mine
    assert BASE not in to_turtle(small, base="https://graph.example/kg")


def test_the_order_of_the_maps_does_not_matter(small: Graph) -> None:
    def turned(by_id: Mapping[str, Thing]) -> dict[str, Thing]:
        return dict(reversed(by_id.items()))  # type: ignore[call-overload]

    other = Graph(
        turned(small.entities),
        turned(small.articles),
        turned(small.claims),
        turned(small.evidence),
        turned(small.edges),
        small.root_hash,
    )
    assert to_turtle(other) == to_turtle(small)


def test_two_processes_write_the_same_bytes() -> None:
    script = (
        "import runpy, sys; from graph.export.rdf import to_turtle;"
        f"made = runpy.run_path({str(HERE / 'conftest.py')!r});"
        "sys.stdout.buffer.write(to_turtle(made['small_graph']()).encode())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert outputs != {b""}


# --- docs/rdf.md -------------------------------------------------------------------------------------------------


def blocks(language: str) -> list[str]:
    text = (ROOT / "docs" / "rdf.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def seeds() -> rdflib.Graph:
    articles = [
        ROOT / "articles" / name for name in ("thaigov-2022-07-11.md", "suarathailand-2025-10-16.md", "entities")
    ]
    return to_rdf(build_graph(articles).graph)


def test_the_example_in_the_manual_is_what_is_exported(seeds: rdflib.Graph) -> None:
    (example,) = blocks("turtle")
    edge = URIRef(f"{BASE}edge/official:chaiwut-thanakamanusorn/signed/agreement:kh-th-mou-call-centers-2022")
    for path in (AG.claim, AG.claim / AG.evidence):  # ids are hashes of their content: the manual's need not be today's
        current = str(next(seeds.objects(edge, path))).removeprefix(BASE)
        example = re.sub(rf"{current.partition('/')[0]}/[0-9a-f]{{32}}", current, example)
    shown = set(rdflib.Graph().parse(data=example, format="turtle"))
    assert len(shown) > 30
    assert shown - set(seeds) == set()


def test_the_queries_in_the_manual_answer(seeds: rdflib.Graph) -> None:
    signed, promised, partners = (select(seeds, query) for query in blocks("sparql"))
    assert {row[0] for row in signed} >= {"Chaiwut Thanakamanusorn", "Chea Vandeth", "Thailand", "Cambodia"}
    assert all("ลงนาม" in row[2] or "ความตกลง" in row[2] for row in signed)
    working_group = [row for row in promised if "working group" in row[2].lower()]
    assert "Chaiwut Thanakamanusorn" in {row[5] for row in working_group}
    assert {("Thailand", "Cambodia"), ("Thailand", "United States")} <= {(row[0], row[1]) for row in partners}
