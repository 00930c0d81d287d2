"""Graphs for the stores, made by hand from few words, and the stores to keep them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.article import Article
from graph.build import ArticleNode, Contribution, Graph, make_graph, sealed
from graph.canonical import content_hash
from graph.claims import Claim, Evidence
from graph.identity import Entity, entity
from graph.stores import Store, open_store
from graph.vocabulary import vocabulary

MakeGraph = Callable[..., Graph]
ENGINES = (
    "embedded",
    pytest.param("neo4j_lts", marks=pytest.mark.xdist_group("neo4j")),
    pytest.param("neo4j_newest", marks=pytest.mark.xdist_group("neo4j-newest")),
)


def _entity(id_: str, name: str, *, facts: dict[str, tuple[str, ...]] | None = None) -> Entity:
    return entity(id_, vocabulary().kind_of(id_).name, [name, f"{name} ไทย"], country="country:TH", facts=facts)


def _claim(subject: str, relation: str, object_: str, *, day: str | None, **more: Any) -> Claim:
    content: dict[str, Any] = {
        "subject": subject,
        "relation": relation,
        "object": object_,
        "stage": more.get("stage", "signed"),
        "polarity": more.get("polarity", "affirmed"),
        "valid": day,
        "valid_from": day,
        "valid_until": None,
        "first_day": day,
        "last_day": None,
        "values": more.get("values", {}),
        "roles": more.get("roles", {}),
    }
    return Claim(id=f"claim:{content_hash(content)[:32]}", **content)


def _evidence(claim: Claim, article: Article, *, quote: str, speaker: str | None) -> Evidence:
    content: dict[str, Any] = {
        "claim": claim.id,
        "article": article.id,
        "text_hash": article.text_hash,
        "start": 0,
        "end": len(quote),
        "quote": quote,
        "before": "",
        "after": " and so on",
        "speaker": speaker,
        "annotator": None,
        "confidence": 0.5 if speaker else None,
        "dates": ("on: 11 ก.ค. 65 (thai-be) = 2022-07-11",) if claim.valid else (),
    }
    return Evidence(id=f"evidence:{content_hash(content)[:32]}", **content)


def _graph(*said: dict[str, Any], names: dict[str, str] | None = None, **facts: tuple[str, ...]) -> Graph:
    """A graph of statements: article, subject, relation, object; day, quote, speaker, title, values, roles, stage.

    `names` are entities' names where they are not their ids; `facts` are those of every entity.
    """
    texts: dict[str, Article] = {}
    claims: dict[str, dict[str, Claim]] = {}
    evidence: dict[str, dict[str, Evidence]] = {}
    for one in said:
        more = {key: one[key] for key in ("stage", "polarity", "values", "roles") if key in one}
        claim = _claim(one["subject"], one["relation"], one["object"], day=one.get("day"), **more)
        id_ = one["article"]
        quote = one.get("quote", "they signed")
        article = Article(
            id_, f"https://example.org/{id_}", one.get("title", "Title"), "P", "th", "2022", "digest", "t"
        )
        texts[id_] = article
        claims.setdefault(id_, {})[claim.id] = claim
        found = _evidence(claim, article, quote=quote, speaker=one.get("speaker"))
        evidence.setdefault(id_, {})[found.id] = found
    parts = [_contribution(texts[id_], claims[id_], evidence[id_]) for id_ in texts]
    ids = {id_ for one in said for id_ in _named(one)}
    return make_graph(
        {id_: _entity(id_, (names or {}).get(id_, id_), facts=dict(facts)) for id_ in ids},
        {part.article.id: part.article for part in parts},
        {claim.id: claim for part in parts for claim in part.claims},
        {found.id: found for part in parts for found in part.evidence},
    )


def _named(one: dict[str, Any]) -> set[str]:
    roles = {id_ for ids in one.get("roles", {}).values() for id_ in ids}
    return {one["subject"], one["object"], *roles} | ({one["speaker"]} if one.get("speaker") else set())


def _contribution(text: Article, claims: dict[str, Claim], evidence: dict[str, Evidence]) -> Contribution:
    mentions = sorted({claim.subject for claim in claims.values()})
    node = ArticleNode(
        id=text.id,
        url=text.url,
        title=text.title,
        publisher=text.publisher,
        language=text.language,
        published=text.published,
        known_from="2022-12-31",
        form=text.form,
        wire=None,
        text_hash=text.text_hash,
        content_hash="",
        mentions=tuple(mentions),
    )
    return sealed(Contribution(node, tuple(claims.values()), tuple(evidence.values())))


@pytest.fixture(scope="session")
def make() -> MakeGraph:
    """Makes a graph of statements."""
    return _graph


@pytest.fixture(scope="session")
def mou() -> dict[str, Any]:
    """A statement with everything: Thailand signs a memorandum in Phnom Penh."""
    return {
        "article": "thaigov-2022-07-11",
        "subject": "country:TH",
        "relation": "signed",
        "object": "agreement:mou",
        "day": "2022-07-11",
        "quote": "ลงนามบันทึกความเข้าใจ",
        "speaker": "official:chaiwut",
        "values": {"count": 2, "unit": "copies", "due": "2023"},
        "roles": {"at": ("place:phnom-penh",), "who": ("official:chaiwut", "official:vandeth")},
    }


@pytest.fixture(scope="session")
def meeting() -> dict[str, Any]:
    """A bare statement of another article."""
    return {"article": "a2", "subject": "country:TH", "relation": "meets-with", "object": "country:KH"}


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store on each engine, open for writing."""
    if request.param == "embedded":
        opened = open_store(tmp_path_factory.mktemp("store") / "graph", write=True)
    else:
        server = request.getfixturevalue(request.param)
        opened = open_store(server.uri, write=True, access=server.access)
    with opened as store:
        yield store


@pytest.fixture
def store(engine: Store) -> Store:
    """The same, emptied."""
    engine.apply(_graph())
    return engine


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Where an embedded store may be made."""
    return tmp_path / "graph"
