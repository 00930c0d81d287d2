"""A second opinion on brat: bioc finds the same mentions, relations, events, attributes, notes and equivalences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accordgraph.inspecting import documents
from loaders.diagnostics import Diagnostics
from loaders.document import Document

TESTS = Path(__file__).resolve().parent.parent
FOLDERS = (TESTS / "samples" / "brat", TESTS / "made" / "brat")


def _ours(document: Document) -> dict[str, Any]:
    """What a document holds, in a shape that both can be brought into."""
    raw = {one.id: one.raw_id for one in document.annotations}
    said = [
        (raw[one.id], name, value)
        for one in document.annotations
        for name, values in one.attributes.items()
        for value in values
    ]
    return {
        "mentions": {m.raw_id: (*m.types, sorted(m.raw_offsets), m.surface) for m in document.mentions},
        "relations": {r.raw_id: (r.type, {role: raw[to] for role, to in r.args}) for r in document.relations},
        "events": {
            e.raw_id: (e.type, raw[e.trigger or ""], {role: raw[to] for role, to in e.args}) for e in document.events
        },
        "attributes": sorted((to, name, "" if value is True else str(value)) for to, name, value in said),
        "notes": {n.raw_id: (n.type, raw[n.target or ""], n.text) for n in document.notes},
        "equivalences": sorted((c.type, sorted(raw[m] or "" for m in c.members)) for c in document.clusters),
    }


def _theirs(document: Any) -> dict[str, Any]:
    return {
        "mentions": {
            e.id: (e.type, sorted((span.begin, span.end) for span in e.locations), e.text) for e in document.entities
        },
        "relations": {r.id: (r.type, dict(r.arguments)) for r in document.relations},
        "events": {e.id: (e.type, e.trigger_id, dict(e.arguments)) for e in document.events},
        "attributes": sorted((a.refid, a.type, " ".join(a.attributes)) for a in document.attributes),
        "notes": {n.id: (n.type, n.refid, n.text) for n in document.notes},
        "equivalences": sorted((r.type, sorted(r.argids)) for r in document.equiv_relations),
    }


def _compared(folder: Path) -> int:
    brat = pytest.importorskip("bioc.brat")
    compared = 0
    for path in sorted(folder.rglob("*.ann")):
        diagnostics = Diagnostics()
        (document,) = documents([path], diagnostics)
        # a normalization is no line that bioc knows, and a relation may end in a tab, which it does not expect
        lines = [line.rstrip("\t") for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("N")]
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        assert _ours(document) == _theirs(brat.loads(text, "\n".join(lines))), path.name
        assert not diagnostics.skipped
        compared += len(list(document.annotations))
    return compared


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_bioc_reads_the_same(folder: Path) -> None:
    assert _compared(folder) == {"samples": 128, "made": 11}[folder.parent.name]


def test_bioc_reads_the_same_of_all_real_exports(samples: Path) -> None:
    assert _compared(samples / "brat") == 901
