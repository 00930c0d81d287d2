"""The measure of suggestions: counts that agree with what is marked."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from benchmarks.suggestions import compared, main
from graph.article import Article, Mention, Span, StatedClaim
from graph.identity import Register
from loaders.suggest import Suggester, document_of


def test_found_right_and_covered_are_told_apart() -> None:
    text = "Thais of Thailand and Cambodia. Thailand, Laos and China, 11 July 2022."
    spans = {words: Span(text.index(words), text.index(words) + len(words)) for words in ("Thais", "Thailand", "Laos")}
    article = Article(
        id="a",
        url="https://example.org/a",
        title="t",
        publisher="p",
        language="en",
        published="2022-07-11",
        form="digest",
        text=text,
        mentions=(
            Mention(spans["Thais"], "country:TH"),
            Mention(spans["Thailand"], "country:TH"),
            Mention(spans["Laos"], "place:laos"),
        ),
        claims=(
            StatedClaim("country:TH", "meets-with", "country:KH", spans["Thailand"], dates={"on": "11 July 2022"}),
        ),
    )
    register = Register({})
    bare = document_of(
        Article(**{**{name: getattr(article, name) for name in article.__dataclass_fields__}, "mentions": ()})
    )
    (document,) = Suggester(register).suggest([bare])
    assert compared(article, document, register) == {
        "marked": 3,
        "found": 1,
        "known names": 1,
        "found of these": 1,
        "suggested": 5,
        "right": 3,  # Thailand twice, Cambodia; Laos is marked as something else, China nowhere
        "dates": 1,
        "covered": 1,
    }


def test_the_table_is_printed(corpus: Path) -> None:
    shown = CliRunner().invoke(main, [str(corpus)], catch_exceptions=False).output
    assert shown.splitlines()[0].split()[0] == "language"
    assert "kB/s" in shown
