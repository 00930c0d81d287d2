"""The seeds' claims and evidence, word for word, against a golden file. `UPDATE_GOLDEN=1` writes it anew: read the diff."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from accordgraph.pipeline import build_graph

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def told(path: Path) -> list[dict[str, Any]]:
    graph = build_graph([path]).graph
    ordered = sorted(graph.evidence.values(), key=lambda one: (one.start, one.end, one.id))
    return [{"claim": asdict(graph.claims[one.claim]), "evidence": asdict(one)} for one in ordered]


@pytest.mark.parametrize("seed", ["thaigov-2022-07-11", "suarathailand-2025-10-16"])
def test_a_seed_says_what_it_said(seed: str, corpus: Path) -> None:
    made = json.dumps(told(corpus / f"{seed}.md"), ensure_ascii=False, indent=1) + "\n"
    golden = GOLDEN / f"{seed}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")
