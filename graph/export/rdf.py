"""Graph → RDF, as an rdflib Graph or as Turtle: entities, articles, edges, claims and evidence (see docs/rdf.md).

Every node has an IRI below the base, none is blank. The Turtle is written here, node by node as it is described:
rdflib's writer needs the whole graph in memory first and is many times slower. Both forms hold the same triples.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar
from urllib.parse import quote

import rdflib
from rdflib import Literal, URIRef

from graph.build import ArticleNode, Edge, Graph
from graph.claims import Claim, Evidence
from graph.export import NOTICE
from graph.identity import Entity
from graph.vocabulary import Kind, Relation, vocabulary

Thing = TypeVar("Thing")

BASE = "https://accordgraph.example/id/"
PREFIXES = {
    "ag": vocabulary().namespace,
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Statement = tuple[str, URIRef | Literal]  # a predicate as a prefixed name, and its object
Node = tuple[URIRef, Iterable[Statement]]

_PRECISIONS = {
    "xsd:gYear": re.compile(r"\d{4}"),
    "xsd:gYearMonth": re.compile(r"\d{4}-(0[1-9]|1[0-2])"),  # no more: 2021-21 is EDTF for the spring of 2021
    "xsd:date": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
}
_JOINT = re.compile(r"[_-]+(\w)")
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_RELATIVE = re.compile(r"[a-z]+(/[\w:%~-][\w.:%~-]*)*", re.ASCII)  # resolves to base + itself: no empty or dot segment
_LOCAL_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)} | {ord(mark): f"\\{mark}" for mark in '"\\'}


def to_rdf(graph: Graph, *, base: str = BASE) -> rdflib.Graph:
    """The graph as triples. `base` is the absolute IRI below which every node gets its own.

    A relation is a direct triple (`ag:signed`) wherever some claim affirms it; what is only denied is an `ag:Edge` and
    its claims. Dates keep their precision as xsd:gYear, xsd:gYearMonth or xsd:date; all else EDTF can say is edtf:EDTF.
    """
    found = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        found.bind(prefix, namespace)
    for node, statements in _Description(graph, base).nodes():
        for predicate, object_ in statements:
            found.add((node, _term(predicate), object_))
    return found


def to_turtle(graph: Graph, *, base: str = BASE) -> str:
    """The triples of `to_rdf` as Turtle: the same graph and base give the same text, whatever order its maps are in."""
    description = _Description(graph, base)
    head = [f"@base <{description.base}> .", *(f"@prefix {prefix}: <{ns}> ." for prefix, ns in PREFIXES.items())]
    blocks = (_block(node, statements, description.base) for node, statements in description.nodes())
    return "\n".join([*head, "", *blocks])


class _Description:
    """What is said of each node, every node once, in an order that depends on the ids alone."""

    def __init__(self, graph: Graph, base: str) -> None:
        self.graph = graph
        self.base = base.rstrip("/") + "/"
        self.edges_from: dict[str, list[Edge]] = defaultdict(list)
        for edge in _in_order(graph.edges):
            self.edges_from[edge.subject].append(edge)

    def nodes(self) -> Iterator[Node]:
        yield self._iri("dataset"), self._dataset()
        yield from (_kind(kind) for kind in vocabulary().kinds.values())
        yield from (_relation(relation) for relation in vocabulary().relations.values() if relation.rdf[:3] == "ag:")
        for entity in _in_order(self.graph.entities):
            yield self._iri("entity", entity.id), self._entity(entity)
        for article in _in_order(self.graph.articles):
            yield self._iri("article", article.id), self._article(article)
        for edge in _in_order(self.graph.edges):
            yield self._iri("edge", edge.subject, edge.relation, edge.object), self._edge(edge)
        for claim in _in_order(self.graph.claims):
            yield self._of(claim.id), self._claim(claim)
        for evidence in _in_order(self.graph.evidence):
            yield from self._evidence(evidence)

    def _iri(self, *path: str) -> URIRef:
        return URIRef(self.base + "/".join(quote(segment, safe=":") for segment in path))

    def _of(self, id_: str, *part: str) -> URIRef:
        """The node of a claim or of evidence, whose ids begin with that word."""
        return self._iri(*id_.split(":", 1), *part)

    def _dataset(self) -> Iterator[Statement]:
        yield "rdf:type", _term("schema:Dataset")
        yield "ag:notice", Literal(NOTICE, lang="en")
        yield "ag:rootHash", Literal(self.graph.root_hash)

    def _entity(self, entity: Entity) -> Iterator[Statement]:
        yield "rdf:type", _term(f"ag:{entity.kind}")
        yield "rdf:type", _term(vocabulary().kinds[entity.kind].rdf)
        yield "rdfs:label", Literal(entity.name)
        yield from (("skos:altLabel", Literal(name)) for name in entity.names if name != entity.name)
        if entity.country:
            yield "ag:country", self._iri("entity", entity.country)
        if entity.part_of:  # declared, not reported: dcterms:isPartOf is kept for edges with evidence
            yield "ag:declaredPartOf", self._iri("entity", entity.part_of)
        for key, texts in sorted(entity.facts.items()):
            yield from ((_property(key), Literal(text)) for text in texts)
        for edge in self.edges_from[entity.id]:
            if edge.polarity != "denied":
                yield vocabulary().relation(edge.relation).rdf, self._iri("entity", edge.object)

    def _article(self, article: ArticleNode) -> Iterator[Statement]:
        yield "rdf:type", _term("schema:NewsArticle")
        yield "dcterms:title", Literal(article.title, lang=article.language)
        yield "dc:publisher", Literal(article.publisher)
        yield "dc:language", Literal(article.language)
        yield "schema:url", URIRef(_NOT_IN_IRI.sub(lambda found: quote(found[0]), article.url))
        yield "dcterms:issued", _date(article.published)
        yield "ag:knownFrom", _date(article.known_from)
        yield "ag:form", Literal(article.form)
        if article.wire:
            yield "ag:wire", Literal(article.wire)
        yield "ag:textHash", Literal(article.text_hash)
        yield "ag:contentHash", Literal(article.content_hash)
        yield from (("schema:mentions", self._iri("entity", entity)) for entity in article.mentions)

    def _edge(self, edge: Edge) -> Iterator[Statement]:
        yield "rdf:type", _term("ag:Edge")
        yield from self._triple(edge)
        yield from (("ag:stage", Literal(stage)) for stage in edge.stages)
        yield "ag:polarity", Literal(edge.polarity)
        yield from _dates({"ag:since": edge.since, "ag:until": edge.until})
        yield "ag:articles", _number(edge.articles)
        yield "ag:sources", _number(edge.sources)
        yield from (("ag:claim", self._of(claim)) for claim in edge.claims)

    def _claim(self, claim: Claim) -> Iterator[Statement]:
        yield "rdf:type", _term("ag:Claim")
        yield "rdf:type", _term("rdf:Statement")
        yield from self._triple(claim)
        yield "ag:stage", Literal(claim.stage)
        yield "ag:polarity", Literal(claim.polarity)
        yield from _dates({"ag:valid": claim.valid, "ag:firstDay": claim.first_day, "ag:lastDay": claim.last_day})
        yield from _dates({"ag:validFrom": claim.valid_from, "ag:validUntil": claim.valid_until})
        yield from ((_property(key), _value(key, value)) for key, value in sorted(claim.values.items()))
        for role, entities in sorted(claim.roles.items()):
            yield from ((_property(role), self._iri("entity", entity)) for entity in entities)
        evidence = self.graph.evidence_of.get(claim.id, ())
        yield from (("ag:evidence", self._of(found.id)) for found in evidence)
        for article in sorted({found.article for found in evidence}):
            yield "prov:wasDerivedFrom", self._iri("article", article)
        for speaker in sorted({found.speaker for found in evidence if found.speaker}):
            yield "prov:wasAttributedTo", self._iri("entity", speaker)

    def _triple(self, said: Edge | Claim) -> Iterator[Statement]:
        yield "rdf:subject", self._iri("entity", said.subject)
        yield "rdf:predicate", _term(vocabulary().relation(said.relation).rdf)
        yield "rdf:object", self._iri("entity", said.object)

    def _evidence(self, evidence: Evidence) -> Iterator[Node]:
        """An annotation whose body is the claim and whose target are the words, found by position and by quote."""
        node, words, position, quotation = (
            self._of(evidence.id, *part) for part in ((), ("words",), ("position",), ("quote",))
        )
        yield node, self._annotation(evidence, words)
        yield words, self._words(evidence, position, quotation)
        yield position, _position(evidence)
        yield quotation, _quotation(evidence)

    def _annotation(self, evidence: Evidence, words: URIRef) -> Iterator[Statement]:
        yield "rdf:type", _term("oa:Annotation")
        yield "oa:hasBody", self._of(evidence.claim)
        yield "oa:hasTarget", words
        yield from (("ag:dateAsWritten", Literal(text)) for text in evidence.dates)
        if evidence.confidence is not None:
            yield "ag:confidence", _decimal(evidence.confidence)
        if evidence.annotator:
            yield "dc:creator", Literal(evidence.annotator)

    def _words(self, evidence: Evidence, position: URIRef, quotation: URIRef) -> Iterator[Statement]:
        article = self._iri("article", evidence.article)
        yield "rdf:type", _term("oa:SpecificResource")
        yield "oa:hasSource", article
        yield "oa:hasSelector", position
        yield "oa:hasSelector", quotation
        yield "ag:textHash", Literal(evidence.text_hash)
        yield "prov:wasQuotedFrom", article
        if evidence.speaker:
            yield "prov:wasAttributedTo", self._iri("entity", evidence.speaker)


def _position(evidence: Evidence) -> Iterator[Statement]:
    yield "rdf:type", _term("oa:TextPositionSelector")
    yield "oa:start", _number(evidence.start, "xsd:nonNegativeInteger")
    yield "oa:end", _number(evidence.end, "xsd:nonNegativeInteger")


def _quotation(evidence: Evidence) -> Iterator[Statement]:
    yield "rdf:type", _term("oa:TextQuoteSelector")
    yield "oa:exact", Literal(evidence.quote)
    yield "oa:prefix", Literal(evidence.before)
    yield "oa:suffix", Literal(evidence.after)


def _kind(kind: Kind) -> Node:
    return _term(f"ag:{kind.name}"), [
        ("rdf:type", _term("rdfs:Class")),
        ("rdfs:subClassOf", _term(kind.rdf)),
        ("rdfs:label", Literal(kind.label, lang="en")),
        ("rdfs:comment", Literal(kind.meaning, lang="en")),
    ]


def _relation(relation: Relation) -> Node:
    return _term(relation.rdf), [
        ("rdf:type", _term("rdf:Property")),
        *([("rdf:type", _term("owl:SymmetricProperty"))] if relation.symmetric else []),
        ("rdfs:label", Literal(relation.name, lang="en")),
        ("rdfs:comment", Literal(relation.meaning, lang="en")),
        ("ag:cameo", Literal(relation.cameo)),
        ("ag:plover", Literal(relation.plover)),
    ]


def _in_order(by_id: Mapping[str, Thing]) -> Iterator[Thing]:
    return (by_id[id_] for id_ in sorted(by_id))


@lru_cache(maxsize=4096)
def _term(name: str) -> URIRef:
    """The IRI of a prefixed name."""
    prefix, _, local = name.partition(":")
    return URIRef(PREFIXES[prefix] + local)


@lru_cache(maxsize=4096)
def _property(key: str) -> str:
    """count_kind → ag:countKind."""
    return "ag:" + _JOINT.sub(lambda joint: joint[1].upper(), key)


def _value(key: str, value: str | int) -> Literal:
    if isinstance(value, int):
        return _number(value)
    return _date(value) if key == "due" else Literal(value)


def _dates(texts: Mapping[str, str | None]) -> Iterator[Statement]:
    return ((predicate, _date(text)) for predicate, text in texts.items() if text)


def _date(text: str) -> Literal:
    """An ISO prefix at the precision it is written in, anything else as EDTF."""
    datatype = next((name for name, form in _PRECISIONS.items() if form.fullmatch(text)), "edtf:EDTF")
    return Literal(text, datatype=_term(datatype))


def _number(number: int, datatype: str = "xsd:integer") -> Literal:
    return Literal(str(number), datatype=_term(datatype))


def _decimal(number: float) -> Literal:
    return Literal(format(Decimal(str(number)), "f"), datatype=_term("xsd:decimal"))  # xsd:decimal knows no 1e-05


def _block(node: URIRef, statements: Iterable[Statement], base: str) -> str:
    lines = (f"    {'a' if verb == 'rdf:type' else verb} {_text(object_, base)}" for verb, object_ in statements)
    return f"{_iri_text(node, base)}\n" + " ;\n".join(lines) + " .\n"


def _text(term: URIRef | Literal, base: str) -> str:
    if isinstance(term, URIRef):
        return _iri_text(term, base)
    words = f'"{term.translate(_ESCAPES)}"'
    if term.language:
        return f"{words}@{term.language}"
    return f"{words}^^{_iri_text(term.datatype, base)}" if term.datatype else words


@lru_cache(maxsize=65536)
def _iri_text(iri: URIRef, base: str) -> str:
    if iri.startswith(base) and _RELATIVE.fullmatch(iri, len(base)):
        return f"<{iri[len(base) :]}>"
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL_NAME.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"
