"""The text of a page, and addresses that are links to a knowledge base."""

import pytest

from loaders.document import Link
from loaders.html_text import html_text
from loaders.links import address_of, link_to


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\nb"),
        ("<p>a</p>\r\n<p>b <b>c</b>d</p>", "a\nb cd"),
        ("a<script>x < y</script><style>p{}</style>b<br/>c", "ab\nc"),
        ("&lt;ไทย&gt; &#128512; &amp;", "<ไทย> 😀 &"),
        ("<ul><li>1<li>2</ul>", "1\n2"),
        ("<title>t</title></style>a", "a"),
        ("a<script>never closed", "a"),
    ],
)
def test_the_text_of_a_page(html: str, text: str) -> None:
    assert html_text(html)[0] == text
    assert html_text("<title>\n One  two</title>")[1] == "One two"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("http://www.wikidata.org/entity/Q869", Link("wikidata", "Q869")),
        ("https://th.wikipedia.org/wiki/%E0%B9%84%E0%B8%97%E0%B8%A2", Link("wikipedia", "th:ไทย")),
        ("http://dbpedia.org/resource/AT%26T_(company)", Link("dbpedia", "AT&T_(company)")),
        ("https://pleiades.stoa.org/places/423025", Link("pleiades", "423025")),
        ("urn:x:1", Link("uri", "urn:x:1")),
        ("iso3166:TH", Link("iso3166", "TH")),
        ("accordgraph:agency:th-rtp", Link("accordgraph", "agency:th-rtp")),
        ("ftp://example.org/a:b", Link("uri", "ftp://example.org/a:b")),
        ("not: an id", Link("uri", "not: an id")),
    ],
)
def test_addresses_are_links_and_back(address: str, link: Link) -> None:
    assert link_to(address) == link
    assert link_to(address_of(link)) == link
