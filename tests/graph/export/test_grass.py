"""The style sheet for Neo4j Browser: read as Browser reads it, the vocabulary's colours, captions that say what is what."""

from __future__ import annotations

import re

import pytest

from graph.export.grass import to_grass
from graph.vocabulary import vocabulary


def rules(text: str) -> dict[str, dict[str, str]]:
    """The style as Browser parses it: quotes dropped, declarations split at every semicolon, halves at every colon."""
    found = {}
    for selector, body in re.findall(r'([\w.]+)\s*\{((?:"[^"]*"|[^"}])*)\}', text):
        halves = [line.replace('"', "").split(":") for line in body.split(";")]
        found[selector] = {pair[0].strip(): pair[1].strip() for pair in halves if len(pair) == 2}
    return found


@pytest.fixture(scope="module")
def style() -> dict[str, dict[str, str]]:
    return rules(to_grass())


def styled(style: dict[str, dict[str, str]], tag: str, *classes: str) -> dict[str, str]:
    """What Browser makes of a node with these labels, or a relationship of this type: every rule that fits, in order."""
    merged: dict[str, str] = {}
    for selector, said in style.items():
        kind, *wanted = selector.split(".")
        if kind == tag and set(wanted) <= set(classes):
            merged |= said
    return merged


def test_no_declaration_is_lost_on_the_way(style: dict[str, dict[str, str]]) -> None:
    assert to_grass().count(";\n") == sum(map(len, style.values()))
    assert to_grass().count("{\n") == len(style)


@pytest.mark.parametrize("labels", [("Entity", "{}"), ("{}", "Entity")])
def test_a_node_of_two_labels_looks_like_its_kind(style: dict[str, dict[str, str]], labels: tuple[str, ...]) -> None:
    for kind in vocabulary().kinds.values():
        seen = styled(style, "node", *(label.format(kind.name) for label in labels))
        assert (seen["color"], seen["caption"]) == (kind.color, "{name}")


def test_relations_are_captioned_by_type_and_evidence_by_its_words(style: dict[str, dict[str, str]]) -> None:
    for relation in vocabulary().relations.values():
        assert styled(style, "relationship", relation.type)["caption"] == "<type>"
    assert styled(style, "relationship", "EVIDENCED_BY")["caption"] == "{quote}"
    assert styled(style, "relationship", "QUALIFIED_BY")["caption"] == "{role}"


def test_claims_and_articles_say_what_they_are(style: dict[str, dict[str, str]]) -> None:
    assert styled(style, "node", "Claim")["caption"] == "{polarity} {stage} {relation}"
    assert styled(style, "node", "Article")["caption"] == "{publisher} · {title}"


def test_captions_can_be_read_on_every_colour(style: dict[str, dict[str, str]]) -> None:
    def luminance(color: str) -> float:
        shares = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for selector, said in style.items():
        dark, light = sorted((luminance(said["color"]), luminance(said["text-color-internal"])))
        assert (light + 0.05) / (dark + 0.05) >= 4, selector
