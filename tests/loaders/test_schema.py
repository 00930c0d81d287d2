"""The JSON Schema of the front matter accepts what the loader accepts, and the corpus is a proof of it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads((ROOT / "docs" / "article.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def front_matter(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8").split("---\n")[1], Loader=yaml.BaseLoader)  # noqa: S506  # all text


def test_every_article_of_the_corpus_is_valid(validator: Any, corpus: Path) -> None:
    for path in corpus.glob("*.md"):
        assert not [f"{path.name}: {error.message}" for error in validator.iter_errors(front_matter(path))]


@pytest.mark.parametrize(
    "change",
    [
        {"form": "summary"},
        {"url": "ftp://x"},
        {"colour": "red"},
        {"claims": [{"subject": "a", "relation": "signs", "object": "b", "quote": "c"}]},
        {"claims": [{"subject": "a", "relation": "signed", "object": "b"}]},
    ],
)
def test_what_the_loader_refuses_is_invalid(validator: Any, corpus: Path, change: dict[str, Any]) -> None:
    good = front_matter(corpus / "thaigov-2022-07-11.md")
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, **change})
