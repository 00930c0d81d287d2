"""The page in a real Chromium, as a reader uses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote as quoted

import pytest
from playwright.sync_api import expect

from graph.build import Graph
from graph.pages import network, render

PAYLOADS = [
    "<img src=x onerror=flag=1>",
    "</script><script>flag=1</script>",
    "</style><img src=x onerror=flag=1>",
    '"></option></select><img src=x onerror=flag=1>',
    "<!--<script>",
    "javascript:flag=1",
    "data:text/html,<script>flag=1</script>",
    "https://news.example/\"onmouseover='flag=1'",
    '{"href": "javascript:flag=1"}',
    "\u2028flag=1//\u2029",
    "\u202e\u2066flag=1\u2069",
    "{{ 7 * 7 }}{% raw %}${flag=1}",
    "&lt;svg onload=flag=1&gt;&#x3c;b",
    "\\u003cimg src=x onerror=flag=1\\u003e",
]
SIGNED = "country:TH signed agreement:kh-th-mou-call-centers-2022"
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def html(small: Graph) -> str:
    return render(small)


def edge_at(graph: Graph, edge_id: str) -> int:
    return list(graph.edges).index(edge_id)


def test_every_field_is_text_to_the_page(open_page: Open, sketch: Any) -> None:
    for i, bad in enumerate(PAYLOADS):
        one, two = (
            sketch.entity(f"country:{i}{side}{bad}", bad, f"{bad} ไทย", country=bad, part_of=bad, **{bad: (bad,)})
            for side in "ab"
        )
        names = ("url", "title", "publisher", "language", "published", "form", "wire")
        article = sketch.article(f"{i}{bad}", mentions=(one, two), **dict.fromkeys(names, bad))
        roles, values = {"at": (two, bad)}, {bad: bad, "unit": bad, "count": 7, "count_kind": bad}
        claim = sketch.claim(one, "cooperates-with", two, stage=bad, polarity=bad, on=bad, values=values, roles=roles)
        said = {"speaker": bad, "annotator": bad, "confidence": 0.5, "dates": (bad, f"on: {bad} (thai-be) = {bad}")}
        sketch.quote(claim, article, bad, bad, bad, **said)
    seen = open_page(render(sketch.graph(), title="".join(PAYLOADS)))
    page = seen.page
    for what, count in (("node", 2 * len(PAYLOADS)), ("edge", len(PAYLOADS))):
        for at in range(count):
            spot = page.evaluate(f"explorer.view.{'pointOf' if what == 'node' else 'middleOf'}({at})")
            box = page.locator("#canvas").bounding_box()
            page.mouse.move(box["x"] + spot["x"], box["y"] + spot["y"])
            page.evaluate(f"explorer.state.select({{what: '{what}', at: {at}}})")
            page.evaluate("document.querySelectorAll('#panel summary').forEach(summary => summary.click())")
    for bad in PAYLOADS:
        page.locator("#search").fill(bad[:12])
    page.locator("#show-table").click()
    assert page.evaluate("typeof flag") == "undefined"
    assert page.locator("h1").text_content() == "".join(PAYLOADS)
    links = page.evaluate("[...document.links].map(a => a.getAttribute('href'))")
    assert links
    assert all(href.startswith(("#", "https://news.example/")) for href in links), links
    assert (
        page.evaluate("document.images.length + document.querySelectorAll('[onerror],[onload],[onmouseover]').length")
        == 0
    )
    assert (seen.requests, seen.trouble) == ([], [])


def test_nothing_is_requested_and_nothing_is_violated(open_page: Open, html: str) -> None:
    seen = open_page(html)
    page = seen.page
    page.locator("#zoom-in").click()
    page.locator("#fit").click()
    page.locator("#panel .row").first.click()
    page.locator("#show-table").click()
    page.wait_for_timeout(100)  # what would be loaded late
    assert (seen.requests, seen.trouble) == ([], [])


def test_the_page_counts_what_the_graph_counts(open_page: Open, html: str, small: Graph) -> None:
    page = open_page(html).page
    assert page.locator("#rows tr").count() == len(small.edges)
    counts = f"{len(small.entities)} entities · {len(small.edges)} edges · {len(small.articles)} articles"
    expect(page.locator("footer")).to_contain_text(counts)
    expect(page.locator("footer")).to_contain_text(small.root_hash)
    expect(page.locator("footer")).to_contain_text("implies no wrongdoing; connection is not allegation.")
    expect(page.locator("#status")).to_have_text("21 entities · 27 edges")
    data = json.loads(page.locator("#data").text_content() or "")
    assert sum(len(claim["evidence"]) for edge in data["edges"] for claim in edge["claims"]) == len(small.evidence)
    assert sorted(claim["id"] for edge in data["edges"] for claim in edge["claims"]) == sorted(small.claims)


def test_two_pieces_of_evidence_on_one_pair_are_two(open_page: Open, sketch: Any) -> None:
    one, two = sketch.entity("country:TH", "Thailand"), sketch.entity("country:KH", "Cambodia")
    for relation in ("meets-with", "cooperates-with"):
        claim = sketch.claim(one, relation, two)
        for article in ("a", "b"):
            sketch.quote(claim, sketch.article(article), "They ", f"{relation} {article}", ".")
    page = open_page(render(sketch.graph())).page
    assert page.locator("#rows tr").count() == 2
    page.locator("#panel .row").first.click()
    assert page.locator("#panel mark").all_text_contents() == ["cooperates-with a", "cooperates-with b"]
    middles = [page.evaluate(f"explorer.view.middleOf({at})") for at in (0, 1)]
    assert max(abs(middles[0][axis] - middles[1][axis]) for axis in "xy") > 10


def test_a_click_on_an_edge_of_the_canvas_opens_its_words(open_page: Open, html: str, small: Graph) -> None:
    seen = open_page(html)
    page = seen.page
    page.locator("#filters").get_by_role("button", name="Only signed").click(force=True)
    page.get_by_label("agency", exact=True).uncheck()  # so that no name stands on the edge
    spot = page.evaluate(f"explorer.view.middleOf({edge_at(small, SIGNED)})")
    page.locator("#canvas").click(position=spot)
    assert seen.selected() == "Thailand — signed → MOU on call-center gangs and hybrid scam"
    quote = page.locator("#panel blockquote").first
    expect(quote).to_have_attribute("lang", "th")
    expect(quote).to_have_attribute("dir", "auto")
    expect(quote.locator("mark")).to_contain_text("ร่วมกันลงนามบันทึกความเข้าใจ")
    expect(quote).to_contain_text("เมื่อวันที่ 11 ก.ค. 65")
    first = page.locator("#panel figure").first
    expect(first).to_contain_text("on 11 ก.ค. 65 (Thai Buddhist era) = 2022-07-11")
    expect(first).to_contain_text("รัฐบาลไทย · 2022-07-11 · digest · Thai")
    source = first.locator("a")
    expect(source).to_have_attribute("href", "https://www.thaigov.go.th/news/contents/details/56776")
    expect(source).to_have_attribute("rel", "noopener noreferrer")
    expect(page.locator("#panel dl")).to_contain_text("Phnom Penh")
    expect(page.locator("#panel .badges")).to_contain_text("2 independent sources")


def test_a_click_on_a_node_lists_its_names_facts_and_edges(open_page: Open, html: str, small: Graph) -> None:
    seen = open_page(html)
    page = seen.page
    at = list(small.entities).index("official:chaiwut-thanakamanusorn")
    page.locator("#canvas").click(position=page.evaluate(f"explorer.view.pointOf({at})"))
    assert seen.selected() == "Chaiwut Thanakamanusorn"
    panel = page.locator("#panel")
    expect(panel.locator(".names")).to_contain_text("ชัยวุฒิ ธนาคมานุสรณ์")
    expect(panel.locator("dl")).to_contain_text(
        "Minister of Digital Economy and Society, Ministry of Digital Economy and Society, 2019-07/2023-09"
    )
    panel.get_by_text("Named in 1 article").click()
    expect(panel.locator("details a")).to_have_attribute(
        "href", "https://www.thaigov.go.th/news/contents/details/56776"
    )
    seen.row("MOU on call-center gangs").click()
    assert seen.selected() == "Chaiwut Thanakamanusorn — signed → MOU on call-center gangs and hybrid scam"
    panel.get_by_role("button", name="Phnom Penh").click()
    assert seen.selected() == "Phnom Penh"
    expect(panel.locator(".group").first).to_contain_text("Named in claims")


def test_qualifiers_speakers_and_badges_stand_with_the_claim(open_page: Open, html: str) -> None:
    seen = open_page(html)
    page = seen.page
    panel = page.locator("#panel")
    page.goto(page.url + "#e=agency%3Akr-task-force%20sends-delegation-to%20country%3AKH")
    expect(panel.locator("dl")).to_contain_text("23 officers (sent)")
    expect(panel.locator(".badges")).to_contain_text("single source")
    expect(panel.locator("blockquote")).to_have_attribute("lang", "ko")
    page.goto(page.url.split("#")[0] + "#e=country%3ATH%20cooperates-with%20country%3AKH")
    expect(panel.locator(".badges .disputed")).to_have_text("disputed")
    expect(panel.locator(".claim")).to_have_count(2)
    expect(panel.locator(".claim h3").last).to_contain_text("denied")
    page.goto(page.url.split("#")[0] + "#e=country%3ATH%20shares-intel%20country%3AUS")
    expect(panel.locator(".speaker")).to_have_text("said by Nikorndej Balankura")
    expect(panel.locator("dl")).to_contain_text("security agencies")


def test_the_keyboard_reaches_the_article(open_page: Open, html: str) -> None:
    seen = open_page(html)
    page = seen.page
    press_until(page, "Tab", "document.activeElement.id === 'search'")
    page.keyboard.type("thanakamanusorn")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert seen.selected() == "Chaiwut Thanakamanusorn"
    press_until(page, "Tab", "document.activeElement.matches('#panel .row')")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert seen.selected().startswith("Chaiwut Thanakamanusorn — signed →")
    press_until(page, "Tab", "document.activeElement.matches('#panel a[target=_blank]')")
    assert page.evaluate("document.activeElement.href") == "https://www.thaigov.go.th/news/contents/details/56776"
    page.keyboard.press("Escape")
    assert seen.selected() == "Every edge leads to its words"
    expect(page.locator("#search")).to_be_focused()


def press_until(page: Any, key: str, reached: str) -> None:
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate(reached):
            return
    pytest.fail(f"{key} never reached: {reached}")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ไทย", "Thailand"),
        ("พนมเปญ", "Phnom Penh"),  # inside กรุงพนมเปญ
        ("កម្ពុជា", "Cambodia"),
        ("泰国", "Thailand"),
        ("대한민국", "South Korea"),
        ("CHÁIWUT", "Chaiwut Thanakamanusorn"),
        ("ＭＯＵ on\u200b call", "MOU on call-center gangs and hybrid scam"),
        ("berbagi data intelijen", "Thailand — shares intel → United States"),
    ],
)
def test_search_finds_any_name_in_any_script(open_page: Open, html: str, typed: str, found: str) -> None:
    seen = open_page(html)
    seen.page.locator("#search").fill(typed)
    seen.page.keyboard.press("Enter")
    assert seen.selected() == found


def test_search_without_a_hit_says_so(open_page: Open, html: str) -> None:
    page = open_page(html).page
    page.locator("#search").fill("Atlantis")
    expect(page.locator("#results")).to_contain_text("0 entities, 0 quotes")
    page.keyboard.press("Escape")
    expect(page.locator("#results")).to_be_hidden()


def test_filters_narrow_drawing_table_and_counts_alike(open_page: Open, html: str) -> None:
    page = open_page(html).page
    page.locator("#show-table").click()
    filters, status, rows = page.locator("#filters"), page.locator("#status"), page.locator("#rows tr:visible")
    filters.get_by_label("crime", exact=True).uncheck()
    expect(status).to_have_text("16 of 21 entities · 21 of 27 edges")
    expect(rows).to_have_count(21)
    expect(page.locator("caption")).to_contain_text("21 of 27 edges.")
    filters.get_by_role("button", name="all").first.click()
    filters.get_by_role("button", name="Only signed").click(force=True)
    expect(rows).to_have_count(6)
    expect(status).to_contain_text("7 of 21 entities")
    filters.get_by_role("button", name="all").nth(1).click()
    expect(rows).to_have_count(27)


def test_as_of_a_day_later_edges_are_gone_and_undated_ones_are_said(open_page: Open, html: str) -> None:
    page = open_page(html).page
    page.locator("#show-table").click()
    rows = page.locator("#rows tr:visible")
    page.locator("input[type=date]").fill("2022-07-10")
    expect(rows.filter(has_text="meets with")).to_have_count(1)
    expect(rows.filter(has=page.get_by_role("link", name="signed", exact=True))).to_have_count(0)
    expect(rows.filter(has_text="part of")).to_have_count(1)
    page.get_by_label("undated too").uncheck()
    expect(rows.filter(has_text="part of")).to_have_count(0)


def test_entities_without_an_edge_are_drawn_on_request(open_page: Open, html: str) -> None:
    page = open_page(html).page
    expect(page.locator(".status")).to_have_text("21 entities · 27 edges · 1 without an edge show")
    page.locator(".status button").click()
    expect(page.locator(".status")).to_have_text("22 entities · 27 edges · 1 without an edge hide")
    expect(page.locator(".status button")).to_be_focused()
    assert page.evaluate("location.hash") == "#alone=1"
    page.locator(".status button").click()
    page.evaluate("explorer.state.select({what: 'node', at: explorer.data.edgesOf.findIndex(edges => !edges.length)})")
    expect(page.locator("#status")).to_have_text("21 entities · 27 edges")


def test_the_address_keeps_filters_and_brings_them_back(open_page: Open, html: str) -> None:
    page = open_page(html).page
    filters = page.locator("#filters")
    filters.get_by_label("crime", exact=True).uncheck()
    filters.get_by_role("button", name="Only signed").click(force=True)
    page.get_by_label("Held on this day").fill("2023-01-01")
    page.get_by_label("undated too").uncheck()
    page.locator("#panel .row", has_text="Thailand — signed").click()
    address = page.evaluate("location.hash")
    assert address == f"#e={quoted(SIGNED)}&k=-Crime&r=signed&on=2023-01-01&undated=0"
    again = open_page(html, address)
    assert again.selected() == "Thailand — signed → MOU on call-center gangs and hybrid scam"
    expect(again.page.locator("#status")).to_have_text(page.locator("#status").inner_text())
    expect(again.page.get_by_label("crime", exact=True)).not_to_be_checked()
    expect(again.page.get_by_label("cooperates with", exact=True)).not_to_be_checked()
    expect(again.page.get_by_label("Held on this day")).to_have_value("2023-01-01")
    again.page.evaluate("location.hash = ''")
    expect(again.page.locator("#status")).to_have_text("21 entities · 27 edges")
    expect(again.page.get_by_label("crime", exact=True)).to_be_checked()
    again.page.evaluate("location.hash = '#k=Nothing&r=-nothing,signed&on=today'")
    expect(again.page.locator("#status")).to_have_text("0 of 21 entities · 0 of 27 edges")
    assert again.trouble == []


@pytest.mark.parametrize(
    ("fragment", "says"),
    [
        ("#e=nope", "The link asks for the edge nope, which this graph does not hold."),
        ("#n=official%3Anobody&k=-Crime", "The link asks for the entity official:nobody, which"),
        ("#n=%E0%A4%A", "The link asks for the entity"),
    ],
)
def test_a_dead_link_is_said_to_be_one(open_page: Open, html: str, fragment: str, says: str) -> None:
    seen = open_page(html, fragment)
    assert seen.selected() == "Not in this graph"
    expect(seen.page.locator("#panel")).to_contain_text(says)
    assert seen.page.evaluate("location.hash") == fragment
    seen.page.keyboard.press("Escape")
    assert seen.selected() == "Every edge leads to its words"
    assert "nobody" not in seen.page.evaluate("location.hash")
    assert seen.trouble == []


def test_a_relation_is_read_as_words_and_its_type_stands_in_the_panel(open_page: Open, html: str) -> None:
    page = open_page(html, "#e=country%3ATH%20cooperates-with%20country%3AKR").page
    expect(page.locator("#panel h2")).to_have_text("Thailand — cooperates with — South Korea")
    expect(page.locator("#panel p code").first).to_have_text("COOPERATES_WITH")
    expect(page.locator("#filters")).to_contain_text("cooperates with")
    assert "COOPERATES_WITH" not in page.locator("#rows").inner_text() + page.locator("#filters").inner_text()


def test_names_are_drawn_whole_wherever_the_picture_is_moved(open_page: Open, html: str) -> None:
    page = open_page(html, viewport={"width": 1000, "height": 560}).page
    drawn = page.evaluate(WATCH_NAMES)
    assert len(drawn) > 20
    assert [name for name in drawn if name["left"] < 0 or name["right"] > name["width"]] == []


# Zooms in and looks at the names that the canvas is told to write, in pixels from its left side.
WATCH_NAMES = """async () => {
  const drawn = [], write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const { a, e } = this.getTransform(), ratio = this.canvas.width / this.canvas.clientWidth;
    const half = this.measureText(text).width * a / 2;
    drawn.push({ text, left: (x * a + e - half) / ratio, right: (x * a + e + half) / ratio, width: this.canvas.clientWidth });
    write.call(this, text, x, y);
  };
  for (let step = 0; step < 4; step++) {
    explorer.view.zoom(1.3);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
  return drawn;
}"""


def test_a_link_opens_its_selection_and_follows_the_next(open_page: Open, html: str) -> None:
    seen = open_page(html, "#n=country%3AKH")
    assert seen.selected() == "Cambodia"
    seen.row("MOU on call-center").click()
    assert seen.page.evaluate("location.hash").startswith("#e=country%3AKH%20signed%20")
    seen.page.keyboard.press("Escape")
    assert seen.page.evaluate("location.hash") == ""


def test_the_table_sorts_and_opens_evidence(open_page: Open, html: str) -> None:
    seen = open_page(html)
    page = seen.page
    page.locator("#show-table").click()
    page.get_by_role("button", name="When").click()
    expect(page.locator("#rows tr").last.locator("td").nth(4)).to_have_text("")
    page.get_by_role("button", name="When").click()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    expect(page.locator("#rows tr").last.locator("td").nth(4)).to_have_text("")
    expect(page.locator("#rows tr").first.locator("td").nth(4)).to_have_text("2025-10-16")
    page.locator("#rows tr").first.locator("a").first.click()
    assert seen.selected() == "Thailand — endorses → US measures of 14 October 2025"


def test_the_table_is_listed_by_subject_then_date_and_undated_last(open_page: Open, html: str) -> None:
    page = open_page(html, java_script_enabled=False).page
    cells = page.locator("#rows tr").evaluate_all("rows => rows.map(row => [0, 4].map(i => row.cells[i].innerText))")
    order = [(subject.casefold(), not when, when) for subject, when in cells]
    assert order == sorted(order)
    assert len({subject for subject, *_ in order}) < len(order)
    expect(page.locator("th[aria-sort]")).to_have_text("From")
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")


def test_search_narrows_the_table(open_page: Open, html: str) -> None:
    page = open_page(html).page
    page.locator("#show-table").click()
    rows, search = page.locator("#rows tr:visible"), page.locator("#search")
    search.fill("ឥណ្ឌា")
    expect(rows).to_have_count(0)
    search.fill("Signed ชัยวุฒิ")
    expect(rows).to_have_count(1)
    expect(page.locator("#results")).to_be_hidden()
    expect(page.locator("caption")).to_have_text("1 of 27 edges with “signed ชัยวุฒิ”. A relation opens its evidence.")
    search.fill("berbagi data")  # in a quote
    expect(rows).to_have_count(1)
    search.fill("")
    expect(page.locator("caption")).to_have_text("27 edges. A relation opens its evidence.")


def test_a_row_says_how_many_quotes_more_there_are(open_page: Open, html: str, small: Graph) -> None:
    seen = open_page(html)
    seen.page.locator("#show-table").click()
    more = seen.page.locator(f"#rows tr[data-at='{edge_at(small, SIGNED)}'] .more")
    expect(more).to_have_text("+1 more")
    more.click()
    expect(seen.page.locator("#panel mark")).to_have_count(2)


def test_without_a_script_the_table_and_its_quotes_are_there(open_page: Open, html: str) -> None:
    page = open_page(html, java_script_enabled=False).page
    expect(page.locator("#rows")).to_contain_text("ร่วมกันลงนามบันทึกความเข้าใจ")
    expect(page.locator("#rows tr").first).to_be_visible()
    expect(page.locator("#rows b.badge")).to_have_text(["disputed"])
    expect(page.locator("#stage")).to_be_hidden()
    expect(page.locator("footer")).to_contain_text("connection is not allegation")


def test_a_notebook_shows_the_page_in_a_sandboxed_frame(open_page: Open, small: Graph) -> None:
    cell = network(small)._repr_html_()
    seen = open_page(f"<!doctype html><title>notebook</title>{cell}")
    frame = seen.page.frame_locator("iframe")
    frame.locator("#panel .row", has_text="Thailand — signed").first.click()
    expect(frame.locator("#panel mark").first).to_contain_text("ร่วมกันลงนามบันทึกความเข้าใจ")
    frame.locator("#show-table").click()
    frame.locator("#rows a").first.click()
    expect(frame.locator("#panel h2")).to_contain_text("signed")
    seen.page.keyboard.press("Escape")
    expect(frame.locator("#panel h2")).to_have_text("Every edge leads to its words")
    assert (seen.requests, seen.trouble) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_scrolls_one_way_only(open_page: Open, html: str, scheme: str) -> None:
    seen = open_page(html, viewport={"width": 380, "height": 760}, color_scheme=scheme)
    page = seen.page
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 380
    page.locator("#panel .row").first.click()
    expect(page.locator("#panel h2")).to_be_in_viewport()
    assert seen.trouble == []


def test_a_graph_of_hundreds_opens_selects_and_filters(open_page: Open, large: Graph) -> None:
    seen = open_page(render(large))
    page = seen.page
    expect(page.locator("#status")).to_contain_text(" entities · 900 edges")
    spot = page.evaluate("explorer.view.pointOf(0)")
    page.locator("#canvas").click(position=spot)
    assert seen.selected() == next(iter(large.entities.values())).name
    page.locator("#filters").get_by_role("button", name="Only denies").click(force=True)
    expect(page.locator("#status")).to_contain_text("of 900 edges")
    assert seen.trouble == []


def test_an_empty_graph_is_a_page_too(open_page: Open, sketch: Any) -> None:
    seen = open_page(render(sketch.graph()))
    expect(seen.page.locator("#status")).to_have_text("0 entities · 0 edges")
    assert seen.trouble == []
