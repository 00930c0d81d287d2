"""A real Neo4j Browser in a real Chromium: what `export browser` writes is dropped on it, run, and read off the drawing."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Locator, Page, Playwright, expect

from accordgraph.cli import main
from graph.stores import open_store
from queries.browser import PARAMETERS, QUESTIONS, graphs
from queries.catalog import find, templates

pytestmark = pytest.mark.xdist_group("neo4j")

HTTP = "SHOW SETTINGS YIELD name, value WHERE name = 'server.http.listen_address' RETURN value"
SLOW = 60_000  # milliseconds that Browser may take on a busy machine
TRIES = 6
DROP = """([name, data]) => {
    const dropped = new DataTransfer();
    dropped.items.add(new File([Uint8Array.from(atob(data), c => c.charCodeAt(0))], name));
    return dropped;
}"""
EVIDENCE = """MATCH (:Entity {id: $from})<-[:SUBJECT]-(k:Claim {relation: $relation})-[:OBJECT]->(:Entity {id: $to}),
    (k)-[e:EVIDENCED_BY]->(a:Article) RETURN e.quote, a.publisher, a.title"""
Words = Callable[..., list[tuple[Any, ...]]]
CALL_CENTERS = "MOU on call-center gangs and hybrid scam"


class Desk:
    """Browser as an analyst uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def connect(self, address: str, bolt: str) -> None:
        page = self.page
        page.goto(f"http://{address}/browser/?dbms={bolt}")
        page.get_by_test_id("username").fill(os.environ.get("ACCORDGRAPH_NEO4J_USER", "neo4j"))
        page.get_by_test_id("password").fill(os.environ.get("ACCORDGRAPH_NEO4J_PASSWORD", ""))
        page.get_by_test_id("connect").click()
        page.get_by_text("You are connected as user").wait_for()

    def drop(self, path: Path) -> None:
        data = base64.b64encode(path.read_bytes()).decode()
        self.page.dispatch_event(
            ".filedrop", "drop", {"dataTransfer": self.page.evaluate_handle(DROP, [path.name, data])}
        )

    def scripts(self, folder: str) -> Locator:
        return self.page.get_by_test_id(f"savedScriptsFolder-{folder}").get_by_test_id("savedScriptListItem")

    def unfold(self, folder: str) -> None:
        self.page.get_by_test_id(f"expandFolder-{folder}").click()

    def run(self, folder: str, title: str) -> Locator:
        """The frame in which a saved script is run."""
        script = self.scripts(folder).filter(has=self.page.get_by_test_id(f"scriptTitle-{title}"))
        script.hover()
        script.get_by_test_id("savedScriptsButton-Run").click()
        frame = self.page.get_by_test_id("frame").first
        expect(frame.get_by_test_id("frameCommand")).to_contain_text(f"// {title}")
        return frame

    def ask(self, title: str) -> Locator:
        """The frame that shows a question's answer, its parameters set by its other script."""
        done = self.run(PARAMETERS, title).get_by_test_id("multi-statement-list-icon")
        expect(done.first).to_be_visible()
        for mark in done.all():
            expect(mark).to_have_attribute("title", "Status: success")
        return self.run(QUESTIONS, title)

    def inspect(self, drawn: Locator) -> str:
        """What Browser tells about a relationship that is clicked."""
        self.page.mouse.move(0, 0)  # off what it tells about as long as the mouse is on it
        drawn.dispatch_event("mousedown")  # Browser opens it then
        panel = self.page.get_by_test_id("frame").first.get_by_test_id("vizInspector")
        expect(panel).to_contain_text("Relationship properties")
        return " ".join(panel.inner_text().split())


def captions(frame: Locator, what: str = "node") -> list[str]:
    """What is written in the nodes, or on the relationships; lines of one caption joined."""
    read = "all => all.map(g => [...g.querySelectorAll('text')].map(t => t.textContent.trim()).join(' '))"
    found: list[str] = frame.locator(f"g.{what}").evaluate_all(read)
    return found


def node(frame: Locator, caption: str) -> Locator:
    return frame.locator("g.node").filter(has_text=re.compile(r"\s*".join(map(re.escape, caption.split())))).first


def evidence(frame: Locator) -> Locator:
    """The relationships from claims to articles, which alone are drawn in this blue."""
    return frame.locator("g.relationship").filter(has=frame.page.locator("path[fill='#0b63c5']"))


def color(circle: Locator) -> str | None:
    return circle.locator("circle.b-outline").get_attribute("fill")


@pytest.fixture(scope="module")
def loaded(neo4j_uri: str, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus in Neo4j, and what is exported for Browser, both through the command line."""
    folder = tmp_path_factory.mktemp("for-browser")
    for command in (["build", str(corpus)], ["export", "browser", "-o", str(folder)]):
        done = CliRunner().invoke(main, [*command, "--store", neo4j_uri], catch_exceptions=False)
        assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def words(neo4j_uri: str, loaded: Path) -> Iterator[Words]:
    """Quote, publisher and title of each piece of evidence for an edge, asked of the store itself."""
    with open_store(neo4j_uri) as view:
        yield lambda *edge: view.rows(EVIDENCE, dict(zip(("from", "relation", "to"), edge, strict=True))).rows


@pytest.fixture(scope="module")
def desk(neo4j_uri: str, loaded: Path, chromium_path: str, driver: Playwright) -> Iterator[Desk]:
    """Browser, connected, with the style and the scripts dropped on it."""
    with open_store(neo4j_uri) as view:
        ((address,),) = view.rows(HTTP).rows
    chromium = driver.chromium.launch(executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"])
    page = chromium.new_page(viewport={"width": 1600, "height": 1100})
    page.set_default_timeout(SLOW)
    expect.set_options(timeout=SLOW)
    found = Desk(page)
    found.connect(address, neo4j_uri)
    found.drop(loaded / "accordgraph.grass")
    page.get_by_text("node.Entity").wait_for()
    page.get_by_test_id("navigationFavorites").click()
    found.drop(loaded / "accordgraph.zip")
    for folder in (QUESTIONS, PARAMETERS):
        found.unfold(folder)
    yield found
    chromium.close()


def unfold(one: Locator, wanted: Locator) -> None:
    """Double-clicks a node until its neighbours are there: another one may lie upon it, or the drawing move on."""
    one.dblclick(force=True)
    for _ in range(TRIES):
        with suppress(AssertionError):
            expect(wanted).to_be_visible(timeout=SLOW / TRIES)
            return
        one.dispatch_event("dblclick")
    expect(wanted).to_be_visible()


def test_the_import_lists_every_question_by_its_title(desk: Desk) -> None:
    titles = sorted(one.title for one in (*templates().values(), *graphs().values()))
    for folder in (QUESTIONS, PARAMETERS):
        expect(desk.scripts(folder)).to_have_count(len(titles))
        assert sorted(text.strip() for text in desk.scripts(folder).all_inner_texts()) == titles


def test_a_table_question_shows_its_rows(desk: Desk) -> None:
    question = find("what-was-signed")
    frame = desk.ask(question.title)
    expect(frame.get_by_text(CALL_CENTERS).first).to_be_visible()
    assert frame.locator("th").all_inner_texts()[1:] == [column.name for column in question.columns]


def test_agreements_are_drawn_in_the_colours_and_by_the_names_of_the_page(desk: Desk) -> None:
    frame = desk.ask("Agreements and their parties, drawn")
    expect(node(frame, "Thailand")).to_be_visible()
    assert color(node(frame, "Thailand")) == "#2f6db3"
    assert color(node(frame, "MOU on call-center")) == "#8a4fb0"
    assert color(node(frame, "call-center scam")) == "#b3263f"
    assert {"SIGNED", "TARGETS"} <= set(captions(frame, "relationship"))


def test_the_evidence_question_leads_from_an_edge_to_its_words_in_one_step(desk: Desk, words: Words) -> None:
    frame = desk.ask("Evidence behind an edge, drawn")
    expect(node(frame, "affirmed carried out SHARES_INTEL")).to_be_visible()
    assert {"Thailand", "United States"} <= set(captions(frame))
    assert color(node(frame, "affirmed carried out SHARES_INTEL")) == "#ffe68a"
    ((quote, publisher, title),) = words("country:TH", "SHARES_INTEL", "country:US")
    expect(node(frame, f"{publisher} · {title[:10]}")).to_be_visible()
    assert any(quote.startswith(written.rstrip("…")) for written in captions(frame, "relationship"))
    assert quote in desk.inspect(evidence(frame))


def test_two_double_clicks_lead_from_an_entity_to_the_words_in_an_article(desk: Desk, words: Words) -> None:
    frame = desk.ask("Ties of an entity, drawn")
    assert node(frame, "affirmed signed SIGNED").count() == 0
    claim = node(frame, "affirmed signed SIGNED")
    unfold(node(frame, "Chea Vandeth"), claim)
    unfold(claim, node(frame, "Phnom Penh"))  # where it was signed
    said = words("official:chea-vandeth", "SIGNED", "agreement:kh-th-mou-call-centers-2022")
    expect(node(frame, f"{said[0][1]} · {said[0][2][:4]}")).to_be_visible()
    seen = [desk.inspect(one) for one in evidence(frame).all()]
    assert any(quote in text for text in seen for quote, *_ in said)
