"""Annotated Markdown and JSON Lines: what each reads, refuses, and that one turns into the other without loss."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.article import Article, Mention, Span, StatedClaim
from graph.errors import ArticleError
from loaders.annotated import MARKDOWN, to_markdown
from loaders.base import MAX_ARTICLE_BYTES, Loader, Reading
from loaders.jsonl import JSON_LINES
from loaders.registry import find_inputs, loader_for

GOOD = """\
---
id: a-1
url: https://example.org/a
title: "Signing: a report"
publisher: Example
language: th
published: 2022-07-11
form: digest
claims:
  - subject: country:TH
    relation: signed
    object: agreement:mou
    on: 11 ก.ค. 65
    at: [place:phnom-penh, meeting:talks]
    quote: ไทย ลงนาม
---
วันนี้ [ไทย](country:TH) ลงนาม \\[MOU\\] ดู [ลิงก์](https://example.org) 😀
"""


def read_all(loader: Loader, data: bytes, path: str = "x") -> list[Reading]:
    return [loader.read(piece) for piece in loader.pieces(io.BytesIO(data), path)]


def read_one(loader: Loader, source: str) -> Article:
    (reading,) = read_all(loader, source.encode())
    assert reading.article is not None, [str(p) for p in reading.problems]
    return reading.article


def problems_of(source: str | bytes) -> list[str]:
    data = source.encode() if isinstance(source, str) else source
    (reading,) = read_all(MARKDOWN, data, "articles/a.md")
    assert reading.article is None
    return [str(problem) for problem in reading.problems]


def test_links_become_mentions_and_other_brackets_stay_text() -> None:
    article = read_one(MARKDOWN, GOOD)
    assert article.text == "วันนี้ ไทย ลงนาม [MOU] ดู [ลิงก์](https://example.org) 😀"
    assert article.mentions == (Mention(Span(7, 10), "country:TH"),)
    (claim,) = article.claims
    assert article.quote(claim.span) == "ไทย ลงนาม"
    assert claim.dates == {"on": "11 ก.ค. 65"}
    assert claim.roles == {"at": ("place:phnom-penh", "meeting:talks")}
    assert claim.line == 10


def test_yaml_11_makes_nothing_of_the_words() -> None:
    article = read_one(MARKDOWN, GOOD.replace("language: th", "language: no"))
    assert (article.language, article.published) == ("no", "2022-07-11")


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    (reading,) = read_all(MARKDOWN, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert reading.article == read_one(MARKDOWN, GOOD)


def test_private_names_are_masked_everywhere() -> None:
    source = GOOD.replace('title: "Signing: a report"', "title: Somchai speaks").replace(
        "😀", "[Somchai](private:) met Somchai"
    )
    article = read_one(MARKDOWN, source)
    assert "Somchai" not in repr(article)
    assert article.text.endswith("▮▮▮ met ▮▮▮")


def test_a_private_name_is_masked_in_any_spelling_or_the_article_is_refused() -> None:
    source = GOOD.replace("😀", "[Som Chai](private:) met som\nCHAI and Som  Chai")
    assert "chai" not in read_one(MARKDOWN, source).text.casefold()
    for hidden in ("met Ｓｏｍ Ｃｈａｉ", "met [Som](country:TH) Chai"):
        (said,) = problems_of(GOOD.replace("😀", f"[Som Chai](private:) {hidden}"))
        assert said.startswith("A name masked as private is still there in another spelling, articles/a.md")
    escaped = GOOD.replace("Signing: a report", "S\\u006fm Chai").replace("😀", "[Som Chai](private:)")
    assert any("still there" in said for said in problems_of(escaped))


def test_a_short_private_name_leaves_other_words_alone() -> None:
    assert read_one(MARKDOWN, GOOD.replace("😀", "[Li](private:) and a client")).text.endswith("▮▮▮ and a client")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda s: s.replace("relation:", "relatoin:"), "Unknown key 'relatoin' in a claim, articles/a.md:11; did you mean"),
        (lambda s: s.replace("title: \"Signing: a report\"", "title: Signing: a report"), "articles/a.md:4; put the value in quotes"),
        (lambda s: s.replace("quote: ไทย ลงนาม", "quote: ไทย ลงชื่อ"), "is not in the text, articles/a.md:15; the text has"),
        (lambda s: s.replace("published: 2022-07-11", "published: 2022-02-31"), "Bad published '2022-02-31', articles/a.md:7"),
        (lambda s: s.replace("url: https://example.org/a", "url: javascript:alert(1)"), "Bad url"),
        (lambda s: s.replace("publisher: Example", "publisher: 'Example"), "articles/a.md:5; check the indentation, quotes"),
        (lambda s: s.replace("published: 2022-07-11", "published: 2565-07-11"), "Bad published '2565-07-11', articles/a.md:7"),
        (lambda s: s.replace("claims:", "mentions: [{entity: country:TH, quot: x, quote: ไทย}]\nclaims:"), "Unknown key 'quot' in a mention"),
        (lambda s: s.replace("(country:TH)", "(contry:TH)"), "Unknown kind 'contry' in 'contry:TH', articles/a.md:17; did you mean 'country'"),
        (lambda s: s.replace("(country:TH)", "(country:TH and"), "Broken mention '](country:TH', articles/a.md:17"),
        (lambda s: s.replace("[ไทย](country:TH) ลงนาม", "[a [ไทย](country:TH) ลงนาม](country:KH)"), "Broken mention '](country:KH', articles/a.md:17"),
        (lambda s: s.replace("[ไทย]", "[ ]"), "A mention of 'country:TH' without words"),
        (lambda s: s.replace("id: a-1\n", ""), "No id, articles/a.md:1; add id:"),
        (lambda s: s.replace("form: digest", "form: digest\nform: verbatim"), "Key 'form' given twice, articles/a.md:9"),
        (lambda s: "", "Empty file, articles/a.md:1"),
        (lambda s: s.replace("---\n", "", 1), "No front matter, articles/a.md:1"),
        (lambda s: s.replace("---\nวัน", "วัน"), "The front matter does not end"),
        (lambda s: s.replace("claims:", "mentions: &m []\nwire: *m\nclaims:"), "YAML alias, articles/a.md:9"),
        (lambda s: s.replace("    on:", "    confidence: 7\n    on:"), "Bad confidence '7', articles/a.md:13"),
    ],
)  # fmt: skip
def test_each_mistake_names_file_line_and_way_out(spoil: Callable[[str], str], said: str) -> None:
    assert any(said in problem for problem in problems_of(spoil(GOOD))), problems_of(spoil(GOOD))


def test_all_mistakes_of_an_article_are_told_at_once() -> None:
    wrong = GOOD.replace("publisher: Example\n", "").replace("quote: ไทย ลงนาม", "quote: nowhere")
    assert len(problems_of(wrong)) == 2


def test_bytes_that_are_not_utf8_name_their_line() -> None:
    wrong = GOOD.encode().replace("วันนี้".encode(), "วันนี้".encode("cp874"))
    assert problems_of(wrong) == ["Not UTF-8: byte 0xc7, articles/a.md:17; save it as UTF-8"]


def test_a_huge_line_is_refused_by_its_number() -> None:
    (said,) = problems_of(GOOD.encode() + b"x" * (MAX_ARTICLE_BYTES + 5))
    assert "articles/a.md:18; split the text" in said


def test_a_huge_line_of_json_does_not_hide_the_next() -> None:
    line = b'{"id": "' + b"x" * (2 * MAX_ARTICLE_BYTES + 9) + b'"}'
    good = "".join(JSON_LINES.write([read_one(MARKDOWN, GOOD)])).encode()
    first, second = read_all(JSON_LINES, b"\n" + line + b"\n\n" + good)
    assert "more than 10 MiB" in str(first.problems[0])
    assert (second.line, second.article) == (4, read_one(MARKDOWN, GOOD))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"start":7', '"start":8', "The text at 8–10 is"),
        ('"end":10', '"end":9999', "Bad span 7–9999"),
        ('"text":', '"txt":', "Unknown key 'txt'"),
        ("{", "[", "Bad JSON"),
    ],
)
def test_json_offsets_must_fit_their_quotes(old: str, new: str, said: str) -> None:
    line = "".join(JSON_LINES.write([read_one(MARKDOWN, GOOD)])).replace(old, new, 1)
    (reading,) = read_all(JSON_LINES, line.encode())
    assert any(said in str(problem) for problem in reading.problems)


def test_one_markdown_file_holds_one_article() -> None:
    article = read_one(MARKDOWN, GOOD)
    with pytest.raises(ArticleError, match="Several articles"):
        list(MARKDOWN.write([article, article]))


TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("[]()\\&#13;-: \n\r\t'\"กํา្ខລາວမြန中한👩‍👧é́שׁا`}#|>"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    min_size=1,
    max_size=60,
)
WORD = TEXT.filter(lambda text: text.strip() != "")


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(WORD)
    spans = st.integers(0, len(text) - 1).flatmap(
        lambda start: st.integers(start + 1, len(text)).map(lambda end: Span(start, end))
    )
    quotable = spans.filter(lambda span: text[span.start : span.end].strip() != "")
    mentions = draw(st.lists(st.builds(Mention, quotable, st.sampled_from(["country:TH", "crime:x"])), max_size=4))
    claims = draw(
        st.lists(
            st.builds(
                StatedClaim,
                subject=WORD,
                relation=st.just("signed"),
                object=WORD,
                span=quotable,
                stage=st.none() | WORD,
                polarity=st.sampled_from(["affirmed", "denied"]),
                dates=st.dictionaries(st.sampled_from(["on", "from", "until", "due"]), WORD),
                values=st.dictionaries(st.sampled_from(["unit", "framing"]), WORD),
                roles=st.dictionaries(
                    st.sampled_from(["at", "who"]), st.lists(WORD, min_size=1, max_size=3).map(tuple)
                ),
                speaker=st.none() | WORD,
                confidence=st.none() | st.floats(0, 1),
            ),
            max_size=3,
        )
    )
    ordered = tuple(sorted(mentions, key=lambda m: (m.span.start, m.span.end, m.entity)))
    return Article(
        id="a", url="https://e.org", title=draw(WORD), publisher=draw(WORD), language="th", published="2022",
        form="digest", text=text, mentions=ordered, claims=tuple(claims),
    )  # fmt: skip


@given(articles())
def test_markdown_and_json_lines_hold_the_same(article: Article) -> None:
    assert read_one(JSON_LINES, "".join(JSON_LINES.write([article]))) == article
    markdown = to_markdown(article)
    assert read_one(MARKDOWN, markdown) == article
    assert to_markdown(read_one(MARKDOWN, markdown)) == markdown


def test_unknown_suffixes_and_missing_paths_are_named(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"No loader for '\.docx' files"):
        loader_for(Path("a.docx"))
    (tmp_path / "articles").mkdir()
    with pytest.raises(ArticleError, match=r"did you mean '.*articles'"):
        find_inputs([tmp_path / "article"])


def test_inputs_are_articles_registers_and_others(tmp_path: Path) -> None:
    for name in ("b.md", "a.jsonl", "README.md", "entities/x.yaml", "notes.txt", ".hidden/c.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    inputs = find_inputs([tmp_path])
    assert [path.name for path in inputs.articles] == ["a.jsonl", "b.md"]
    assert [path.name for path in inputs.registers] == ["x.yaml"]
    assert [path.name for path in inputs.others] == ["README.md", "notes.txt"]
    assert find_inputs([tmp_path / "b.md"]).registers == inputs.registers


def test_an_article_is_equal_whatever_file_it_came_from() -> None:
    article = read_one(MARKDOWN, GOOD)
    assert replace(article, path="elsewhere.md") == article
