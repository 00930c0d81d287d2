"""Claims and evidence → the Graph: entities, articles, claims, evidence, and the edges derived from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TypeVar

from graph.article import Article
from graph.canonical import content_hash
from graph.claims import Claim, Evidence, claims_of, mentioned
from graph.dates import read_date
from graph.errors import AccordgraphError
from graph.identity import Entity as Entity
from graph.identity import Register
from graph.vocabulary import vocabulary

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class ArticleNode:
    """An article in the graph, without its text.

    `published` is as in the article, `known_from` the last day that it may mean (ISO day). `mentions` are the ids of
    the entities its text names or quotes, sorted. `content_hash` covers all that the article contributes to the graph.
    """

    id: str
    url: str
    title: str
    publisher: str
    language: str
    published: str
    known_from: str
    form: str
    wire: str | None
    text_hash: str
    content_hash: str
    mentions: tuple[str, ...]

    @property
    def source(self) -> str:
        """Whose word it is: syndication group, else publisher. Articles with the same one are not independent."""
        return self.wire or self.publisher


@dataclass(frozen=True, slots=True)
class Edge:
    """All claims with the same subject, relation and object.

    `since`: earliest valid_from of its claims; `until`: their latest valid_until, None while one is open (both ISO
    prefixes); `stages` in the order of the vocabulary; `polarity` affirmed, denied, or disputed where claims say both;
    `articles` how many articles support it, `sources` how many independent ones; `claims` are ids, by date. `id` is
    "subject relation object".
    """

    id: str
    subject: str
    relation: str
    object: str
    since: str | None
    until: str | None
    stages: tuple[str, ...]
    polarity: str
    articles: int
    sources: int
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one article brings to the graph."""

    article: ArticleNode
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Graph:
    """Everything, each map by id and sorted by it."""

    entities: Mapping[str, Entity]
    articles: Mapping[str, ArticleNode]
    claims: Mapping[str, Claim]
    evidence: Mapping[str, Evidence]
    edges: Mapping[str, Edge]
    root_hash: str

    @cached_property
    def evidence_of(self) -> Mapping[str, tuple[Evidence, ...]]:
        """Claim id → its evidence, by publication date, article and place."""
        found: dict[str, list[Evidence]] = defaultdict(list)
        published = {id_: article.published for id_, article in self.articles.items()}
        for one in sorted(self.evidence.values(), key=lambda e: (published[e.article], e.article, e.start, e.id)):
            found[one.claim].append(one)
        return {claim: tuple(several) for claim, several in found.items()}

    @property
    def size(self) -> int:
        """How many entities, articles, claims, evidence and edges there are."""
        return sum(map(len, (self.entities, self.articles, self.claims, self.evidence, self.edges)))

    @cached_property
    def edges_checked(self) -> int:
        """How many edges rest on evidence for every one of their claims."""
        return sum(all(self.evidence_of.get(claim) for claim in edge.claims) for edge in self.edges.values())


def contribute(
    article: Article, register: Register, *, keep_annotators: bool = False
) -> tuple[Contribution | None, list[AccordgraphError]]:
    """What an article brings, or everything that is wrong with it: an article enters whole or not at all."""
    pairs, problems = claims_of(article, register, keep_annotators=keep_annotators)
    mentions, unknown = mentioned(article, register)
    if problems or unknown:
        return None, [*problems, *unknown]
    return contribution_of(article, pairs, mentions), []


def contribution_of(article: Article, pairs: Iterable[tuple[Claim, Evidence]], mentions: Iterable[str]) -> Contribution:
    """What an article brings, of claims that are checked already and the ids of the entities that it mentions."""
    claims: dict[str, Claim] = {}
    evidence: dict[str, Evidence] = {}
    for claim, one in pairs:
        claims[claim.id] = claim
        evidence[one.id] = one
    named = {*mentions, *(one.speaker for one in evidence.values() if one.speaker)}
    contribution = Contribution(
        article=_node(article, tuple(sorted(named))),
        claims=tuple(claims[id_] for id_ in sorted(claims)),
        evidence=tuple(evidence[id_] for id_ in sorted(evidence)),
    )
    return sealed(contribution)


def sealed(contribution: Contribution) -> Contribution:
    """The contribution with its article's content hash computed."""
    article = replace(contribution.article, content_hash="")
    # evidence ids cover the claims' ids, and those cover the claims
    content = [article, [one.id for one in contribution.evidence]]
    return replace(contribution, article=replace(article, content_hash=content_hash(content)))


def _node(article: Article, mentions: tuple[str, ...]) -> ArticleNode:
    published = read_date(article.published, language="en", published=article.published)
    return ArticleNode(
        id=article.id,
        url=article.url,
        title=article.title,
        publisher=article.publisher,
        language=article.language,
        published=article.published,
        known_from=published.latest.isoformat(),
        form=article.form,
        wire=article.wire,
        text_hash=article.text_hash,
        content_hash="",
        mentions=mentions,
    )


def assemble(contributions: Iterable[Contribution], register: Register) -> Graph:
    """The graph of all contributions. Their order does not matter; their article ids must be unique."""
    articles: dict[str, ArticleNode] = {}
    claims: dict[str, Claim] = {}
    evidence: dict[str, Evidence] = {}
    for contribution in contributions:
        articles[contribution.article.id] = contribution.article
        claims.update((claim.id, claim) for claim in contribution.claims)
        evidence.update((one.id, one) for one in contribution.evidence)
    entities = _entities(articles.values(), claims.values(), evidence.values(), register)
    return make_graph(entities, articles, claims, evidence)


def make_graph(
    entities: Mapping[str, Entity],
    articles: Mapping[str, ArticleNode],
    claims: Mapping[str, Claim],
    evidence: Mapping[str, Evidence],
) -> Graph:
    """The graph of its parts, with the edges and the root hash derived from them."""
    return Graph(
        entities=_sorted(entities),
        articles=_sorted(articles),
        claims=_sorted(claims),
        evidence=_sorted(evidence),
        edges=_edges(claims, articles, evidence.values()),
        root_hash=_root_hash(entities, articles),
    )


def recomputed(graph: Graph) -> Graph:
    """The graph with its hashes and edges derived anew from its parts: equal to it unless something was altered."""
    supported: dict[str, list[Evidence]] = defaultdict(list)
    for one in graph.evidence.values():
        supported[one.article].append(one)
    articles = {
        id_: sealed(Contribution(article, (), tuple(supported[id_]))).article for id_, article in graph.articles.items()
    }
    return make_graph(graph.entities, articles, graph.claims, graph.evidence)


def _sorted(things: Mapping[str, Thing]) -> dict[str, Thing]:
    return {id_: things[id_] for id_ in sorted(things)}


def _root_hash(entities: Mapping[str, Entity], articles: Mapping[str, ArticleNode]) -> str:
    """Covers entities and articles by content; an article's content hash covers its claims and evidence."""
    return content_hash(
        [[asdict(entities[id_]) for id_ in sorted(entities)], [articles[id_].content_hash for id_ in sorted(articles)]]
    )


def _entities(
    articles: Iterable[ArticleNode], claims: Iterable[Claim], evidence: Iterable[Evidence], register: Register
) -> dict[str, Entity]:
    """Every entity that is named, and what each is declared part of."""
    waiting = {id_ for article in articles for id_ in article.mentions}
    waiting |= {one.speaker for one in evidence if one.speaker}
    for claim in claims:
        waiting |= {claim.subject, claim.object, *(id_ for ids in claim.roles.values() for id_ in ids)}
    found: dict[str, Entity] = {}
    while waiting:
        entity = register.resolve(waiting.pop())
        found[entity.id] = entity
        waiting |= {id_ for id_ in (entity.part_of, entity.country) if id_ and id_ not in found}
    return found


def _edges(
    claims: Mapping[str, Claim], articles: Mapping[str, ArticleNode], evidence: Iterable[Evidence]
) -> dict[str, Edge]:
    support: dict[str, set[str]] = defaultdict(set)
    for one in evidence:
        support[one.claim].add(one.article)
    groups: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for claim in claims.values():
        groups[claim.subject, claim.relation, claim.object].append(claim)
    edges = (_edge(ends, group, support, articles) for ends, group in groups.items())
    return _sorted({edge.id: edge for edge in edges})


def _until(group: list[Claim]) -> str | None:
    """When the last of the claims ended; None while one that has a date is open."""
    dated = [claim for claim in group if claim.valid_from or claim.valid_until]
    ends = [claim.valid_until for claim in dated if claim.valid_until]
    return max(ends) if ends and len(ends) == len(dated) else None


def _edge(
    ends: tuple[str, str, str],
    group: list[Claim],
    support: Mapping[str, set[str]],
    articles: Mapping[str, ArticleNode],
) -> Edge:
    subject, relation, object_ = ends
    ordered = sorted(group, key=lambda claim: (claim.first_day or "", claim.id))
    said = {claim.stage for claim in group}
    polarities = {claim.polarity for claim in group}
    supporting = {article for claim in group for article in support[claim.id]}
    return Edge(
        id=" ".join(ends),
        subject=subject,
        relation=relation,
        object=object_,
        since=min((claim.valid_from for claim in group if claim.valid_from), default=None),
        until=_until(group),
        stages=tuple(stage for stage in vocabulary().stages if stage in said),
        polarity=polarities.pop() if len(polarities) == 1 else "disputed",
        articles=len(supporting),
        sources=len({articles[article].source for article in supporting}),
        claims=tuple(claim.id for claim in ordered),
    )
