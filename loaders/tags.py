"""Tags on tokens (B-PER, I-PER, O) → spans, in whichever of the schemes IOB1, IOB2, BIOES and BILOU."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

OUTSIDE = ("O", "_")
UNNAMED = "Entity"  # the label of tags without one

_TAG = re.compile(r"([BIMESLUW])(?:[-_](.*))?", re.DOTALL)  # B-PER; B_PER in corpora of Thai and Chinese


@lru_cache(4096)
def parsed(tag: str) -> tuple[str, str] | None:
    """The letter and the label of a tag, empty ones outside; None where it is no tag."""
    if tag in OUTSIDE:
        return "", ""
    found = _TAG.fullmatch(tag)
    return (found[1], found[2] or UNNAMED) if found else None


def is_tag(text: str) -> bool:
    """Whether a text is a tag of any scheme, the one outside of spans included."""
    return parsed(text) is not None


def spans(tags: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Label, first token and the one behind the last; what is no tag stands outside.

    I after O, or after another label, begins a span: so IOB1 writes it, and so it is read where IOB2 is written badly.
    """
    label, start = "", 0
    for at, tag in enumerate(tags):
        letter, named = parsed(tag) or ("", "")
        if label and (letter not in ("I", "M", "E", "L") or named != label):
            yield label, start, at
            label = ""
        if letter and not label:
            label, start = named, at
        if letter and letter in "ESULW":
            yield label, start, at + 1
            label = ""
    if label:
        yield label, start, len(tags)
