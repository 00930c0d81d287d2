"""Private names of exports are in nothing that the program says or writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]


def _built(run: Run, folder: Path, *more: object) -> str:
    """Everything that a build, a page, an export and a conversion of the folder say and write."""
    out = folder.parent / "out"
    set_ = ("--set", "published=2025", *more)
    said = [
        run("build", folder, "--store", out / "store", "--json", *set_),
        run("build", folder, "--store", out / "store", *set_),
    ]
    said += [run("page", "-o", out / "page.html", "--store", out / "store")]
    said += [run("export", "rdf", "-o", out / "graph.ttl", "--store", out / "store")]
    said += [run("convert", folder, "-o", out / "md", "--to", "markdown", *set_)]
    written = [path for path in out.rglob("*") if path.is_file()]
    names = "".join(path.name for path in written)
    return (
        names
        + "".join(one.stdout + one.stderr for one in said)
        + "".join(path.read_bytes().decode("utf-8", "replace") for path in written)
    )


def test_whoever_one_annotator_marks_is_nowhere_whatever_the_policy(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    text = "Thailand met Cambodia, says Zebulon Quark. Laos heard Zebulon Quark."
    spans = [[0, 8, "Country"], [13, 21, "Country"]]
    for name, more in (("ann", []), ("bob", [[28, 41, "PER"]]), ("cat", [])):
        row = {"id": 1, "text": text, "label": [*spans, *more]}
        (folder / f"{name}.jsonl").write_text(json.dumps(row) + "\n")
    for policy in ("all", "union", "majority:2", "prefer:ann"):
        everything = _built(run, folder, "--annotators", policy)
        assert "Zebulon" not in everything
        assert "▮▮▮" in everything


def test_words_of_a_person_whose_mark_does_not_fit_are_in_no_file(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("Thailand met Cambodia, says Zebulon Quark. Laos too.")
    (folder / "a.ann").write_text(
        "T1\tCountry 0 8\tThailand\nT2\tPER 30 43\tZebulon Quark\nT3\tCountry 27 31\tLaos\n"
        "T4\tPER 0 3\tZebulon Quark Esq\n"
    )
    everything = _built(run, folder)
    assert "offset.mismatch" in everything
    assert "Zeb" not in everything
