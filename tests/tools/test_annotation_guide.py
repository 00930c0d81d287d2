"""The annotation guide keeps to the vocabulary, to the sample articles, and to the files that the scheme has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from accordgraph.pipeline import read_articles
from graph.vocabulary import vocabulary
from tools.scheme import files, roles

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "annotation-guide.md").read_text(encoding="utf-8")
EXAMPLES = re.split(r"^### `(.+)`$", GUIDE.partition("## Two examples")[2].partition("## Step by step")[0], flags=re.M)[
    1:
]
LABELS = {*vocabulary().kinds, *vocabulary().relations, "Date", "Value"}


@pytest.mark.parametrize(("name", "example"), [*zip(EXAMPLES[::2], EXAMPLES[1::2], strict=True)])
def test_every_marked_word_of_an_example_stands_in_its_article(name: str, example: str) -> None:
    (article,) = read_articles([ROOT / "articles" / f"{name}.md"])
    rows = re.findall(r"^\| `(.+?)` \| `(.+?)` \|(.*)\|$", example, flags=re.M)
    assert len(rows) >= 8
    for words, label, ties in rows:
        assert words in article.text
        assert label in LABELS
        assert {tie.partition(":")[0].strip() for tie in ties.split("·") if ":" in tie} <= {
            *roles(vocabulary()),
            "stage",
        }
    for quote in re.findall(r"^> (.+)$", example, flags=re.M):
        assert all(piece.strip() in article.text for piece in quote.split("…"))


def test_what_it_names_is_there() -> None:
    assert len(EXAMPLES) == 4
    names = {Path(name).name for name in files(vocabulary())}
    for named in re.findall(r"`([\w-]+\.(?:conf|xml|json|txt))`", GUIDE):
        assert named in names
    for label, stage in re.findall(r"`([a-z-]+):([a-z-]+)`", GUIDE):
        if label in vocabulary().relations:
            assert vocabulary().stage(stage)
