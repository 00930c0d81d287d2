"""`accordgraph agreement`: figures as they are worked out by hand, from exports of each tool; and what is left out."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.agreement import OVERLAP, Agreement, agreement_on
from loaders.document import Document, Mention, Relation
from loaders.same_text import Texts

Run = Callable[..., Result]
Places = Sequence[tuple[str, str]]  # words, label
Ties = Sequence[tuple[int, str, int]]

# Thai, with an emoji before and between the marks, so that code points and UTF-16 units differ
TEXT = "🇹🇭 ไทยและกัมพูชาลงนามบันทึกความเข้าใจ 😀 เมื่อวานนี้ที่พนมเปญ"
ANNA: Places = [("ไทย", "Country"), ("กัมพูชา", "Country"), ("บันทึกความเข้าใจ", "Agreement"), ("พนมเปญ", "Place")]
BOB: Places = [
    ("ไทย", "Country"),
    ("กัมพูชา", "Country"),
    ("ความเข้าใจ", "Agreement"),
    ("พนมเปญ", "Country"),
    ("เมื่อวานนี้", "Date"),
]
CY: Places = [("ไทย", "Country"), ("กัมพูชา", "Place"), ("พนมเปญ", "Place")]
TIES: Mapping[str, Ties] = {
    "anna": [(0, "signed", 2), (1, "signed", 2)],
    "bob": [(0, "signed", 2), (2, "signed", 1)],
    "cy": [],
}
MARKED: Mapping[str, Places] = {"anna": ANNA, "bob": BOB, "cy": CY}


def _at(words: str, unit: str = "codepoint") -> tuple[int, int]:
    start = TEXT.index(words)
    if unit == "utf16":
        return len(TEXT[:start].encode("utf-16-le")) // 2, len(TEXT[: start + len(words)].encode("utf-16-le")) // 2
    return start, start + len(words)


# --- the same annotations in each tool's form --------------------------------------------------------------------


def _brat(folder: Path, names: Sequence[str]) -> list[Path]:
    for name in names:
        (folder / name).mkdir(parents=True)
        (folder / name / "news.txt").write_text(TEXT, encoding="utf-8")
        lines = [
            f"T{number}\t{label} {_at(words)[0]} {_at(words)[1]}\t{words}\n"
            for number, (words, label) in enumerate(MARKED[name])
        ]
        lines += [f"R{n}\t{label} Arg1:T{a} Arg2:T{b}\n" for n, (a, label, b) in enumerate(TIES[name])]
        (folder / name / "news.ann").write_text("".join(lines), encoding="utf-8")
    return [folder / name for name in names]


def _brat_in_one(folder: Path, names: Sequence[str]) -> list[Path]:
    return [folder for _ in _brat(folder, names)][:1]


def _brat_side_by_side(folder: Path, names: Sequence[str]) -> list[Path]:
    _brat(folder / "apart", names)
    (folder / "in").mkdir()
    (folder / "in" / "news.txt").write_text(TEXT, encoding="utf-8")
    for name in names:
        (folder / "in" / f"news_{name}.ann").write_bytes((folder / "apart" / name / "news.ann").read_bytes())
    return [folder / "in"]


def _label_studio(folder: Path, names: Sequence[str]) -> list[Path]:
    annotations = []
    for name in names:
        result: list[dict[str, Any]] = [
            {
                "id": f"{name}{number}", "type": "labels", "from_name": "label", "to_name": "text",
                "value": {"start": _at(words, "utf16")[0], "end": _at(words, "utf16")[1], "text": words, "labels": [label]},
            }
            for number, (words, label) in enumerate(MARKED[name])
        ]  # fmt: skip
        result += [
            {
                "type": "relation",
                "from_id": f"{name}{a}",
                "to_id": f"{name}{b}",
                "direction": "right",
                "labels": [label],
            }
            for a, label, b in TIES[name]
        ]
        annotations.append({"id": 1, "completed_by": {"id": name, "email": f"{name}@example.org"}, "result": result})
    tasks = [{"id": 1, "data": {"text": TEXT}, "annotations": annotations}]
    (folder / "tasks.json").write_text(json.dumps(tasks), encoding="utf-8")
    return [folder / "tasks.json"]


def _doccano(folder: Path, names: Sequence[str]) -> list[Path]:
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        for name in names:
            places = [(*_at(words, "utf16"), label) for words, label in MARKED[name]]
            row = {
                "id": 7, "text": TEXT, "Comments": [],
                "entities": [{"id": n, "start_offset": s, "end_offset": e, "label": label} for n, (s, e, label) in enumerate(places)],
                "relations": [{"id": n, "from_id": a, "to_id": b, "type": label} for n, (a, label, b) in enumerate(TIES[name])],
            }  # fmt: skip
            archive.writestr(f"{name}.jsonl", json.dumps(row, ensure_ascii=False) + "\n")
    return [folder / "export.zip"]


WRITTEN = {
    "brat, a folder each": _brat,
    "brat, folders in one": _brat_in_one,
    "brat, files beside one text": _brat_side_by_side,
    "Label Studio": _label_studio,
    "doccano, a file each": _doccano,
}


def _json(run: Run, *arguments: object) -> dict[str, Any]:
    result = run("agreement", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    told: dict[str, Any] = json.loads(result.stdout)
    return told


@pytest.mark.parametrize("tool", WRITTEN)
def test_two_annotators_in_each_tool(run: Run, tmp_path: Path, tool: str) -> None:
    told = _json(run, *WRITTEN[tool](tmp_path, ["anna", "bob"]))
    assert told["annotators"] == {
        "anna": {"texts": 1, "spans": 4, "relations": 2},
        "bob": {"texts": 1, "spans": 5, "relations": 2},
    }
    (pair,) = told["pairs"]
    assert pair["annotators"] == ["anna", "bob"]
    # ไทย, กัมพูชา and พนมเปญ are the same words; บันทึกความเข้าใจ and ความเข้าใจ have some in common; พนมเปญ has two labels
    assert pair["spans_exact"] == {"value": round(2 * 3 / (4 + 5), 6), "shared": 3, "first": 4, "second": 5}
    assert pair["spans_overlap"] == {"value": round(2 * 4 / (4 + 5), 6), "shared": 4, "first": 4, "second": 5}
    assert pair["labelled_exact"] == {"value": round(2 * 2 / (4 + 5), 6), "shared": 2, "first": 4, "second": 5}
    assert pair["labelled_overlap"] == {"value": round(2 * 3 / (4 + 5), 6), "shared": 3, "first": 4, "second": 5}
    # every relation ends at the agreement, on which other words are marked
    assert pair["relations"] == {"value": 0.0, "shared": 0, "first": 2, "second": 2}
    assert pair["relations_of_shared_ends"] == {
        "value": None, "shared": 0, "first": 0, "second": 0, "why": "neither marked any",
    }  # fmt: skip
    # three spans: they agree on 2; anna has Country 2/3 and Place 1/3, bob Country 3/3
    observed, expected = 2 / 3, (2 / 3) * (3 / 3) + (1 / 3) * (0 / 3)
    assert pair["kappa"] == {"value": round((observed - expected) / (1 - expected), 6), "shared": 3}
    assert pair["confused"] == [["Country", "Place", 1]]
    assert told["fleiss"]["value"] is None
    assert "fewer than three" in told["fleiss"]["why"]


@pytest.mark.parametrize("tool", WRITTEN)
def test_words_in_common_are_enough_where_asked_for(run: Run, tmp_path: Path, tool: str) -> None:
    told = _json(run, *WRITTEN[tool](tmp_path, ["anna", "bob"]), "--match", "overlap")
    (pair,) = told["pairs"]
    # anna: Thailand and Cambodia sign; bob: Thailand signs, and the agreement "signs" Cambodia
    assert pair["relations"] == {"value": 0.5, "shared": 1, "first": 2, "second": 2}
    assert pair["relations_of_shared_ends"] == {"value": 0.5, "shared": 1, "first": 2, "second": 2}
    # Country, Country, Agreement, Place beside Country, Country, Agreement, Country
    observed, expected = 3 / 4, (2 / 4) * (3 / 4) + (1 / 4) * (1 / 4) + (1 / 4) * (0 / 4)
    assert pair["kappa"] == {"value": round((observed - expected) / (1 - expected), 6), "shared": 4}


@pytest.mark.parametrize("tool", WRITTEN)
def test_three_annotators_in_each_tool(run: Run, tmp_path: Path, tool: str) -> None:
    told = _json(run, *WRITTEN[tool](tmp_path, ["anna", "bob", "cy"]))
    assert [pair["annotators"] for pair in told["pairs"]] == [["anna", "bob"], ["anna", "cy"], ["bob", "cy"]]
    assert told["mean"]["spans_exact"] == {"value": round((2 * 3 / 9 + 2 * 3 / 7 + 2 * 3 / 8) / 3, 6), "shared": 3}
    # spans that all marked: ไทย CCC, กัมพูชา CCP, พนมเปญ PCP; of 9 labels 6 are C and 3 are P
    observed = (3 / 3 + 1 / 3 + 1 / 3) / 3  # pairs that agree, of the three pairs on each span
    expected = (6 / 9) ** 2 + (3 / 9) ** 2
    assert told["fleiss"] == {"value": round((observed - expected) / (1 - expected), 6), "shared": 3}
    # the same spans; alpha draws two of the nine labels without putting the first back
    disagreed = 1 - observed
    by_chance = 2 * 6 * 3 / (9 * 8)
    assert told["alpha"] == {"value": round(1 - disagreed / by_chance, 6), "shared": 3}


def test_people_are_told_figures_and_what_they_are_of(run: Run, tmp_path: Path) -> None:
    result = run("agreement", *_brat(tmp_path, ["anna", "bob", "cy"]), "--per-label")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "anna: 1 text, 4 spans, 2 relations" in lines
    assert "anna and bob spans, the same words F1 0.667 3 of 4 and 5" in lines
    assert "labels of spans that both marked Cohen's κ 0.000 3 spans" in lines
    assert "relations, where both marked the ends F1 – neither marked any" in lines
    assert "labels of spans that all marked Fleiss' κ 0.000 3 spans" in lines
    assert "anna and bob Country 0.800 2 of 2 and 3 0.800 2 of 2 and 3" in lines
    assert "anna and bob → signed 0.000 0 of 2 and 2" in lines
    assert "Taken for one another: Country / Place 4" in lines
    assert "annotators by the path alone: anna, bob, cy" in result.stderr


def test_some_annotators_alone(run: Run, tmp_path: Path) -> None:
    (path,) = _label_studio(tmp_path, ["anna", "bob", "cy"])
    told = _json(run, path, "--annotators", "anna,cy")
    assert list(told["annotators"]) == ["anna", "cy"]
    assert len(told["pairs"]) == 1
    refused = run("agreement", path, "--annotators", "ana,cy")
    assert refused.exit_code == 1
    assert "No annotator 'ana' there; did you mean 'anna'?" in refused.stderr


def test_texts_that_one_annotator_did_are_counted_and_left_out(run: Run, tmp_path: Path) -> None:
    paths = _brat(tmp_path, ["anna", "bob"])
    for name in ("other", "more"):
        (paths[0] / f"{name}.txt").write_text(f"{name}: กัมพูชา", encoding="utf-8")
        (paths[0] / f"{name}.ann").write_text("", encoding="utf-8")
    result = run("agreement", *paths)
    assert "2 texts left out that one annotator alone did" in result.stderr
    told = _json(run, *paths)
    assert (told["texts"], told["alone"]) == (1, 2)


def test_nothing_to_compare_is_a_failure_with_a_way_out(run: Run, tmp_path: Path) -> None:
    paths = _brat(tmp_path, ["anna", "bob"])
    (paths[1] / "news.txt").write_text(f"{TEXT} ", encoding="utf-8")  # not letter by letter
    for given_ in (paths, paths[:1]):
        result = run("agreement", *given_)
        assert result.exit_code == 1
        assert "No text that two annotators did" in result.stderr
        assert "--by-path" in result.stderr


def test_an_export_each_in_which_both_are_user_one(run: Run, tmp_path: Path) -> None:
    paths = []
    for name in ("anna", "bob"):
        (tmp_path / name).mkdir()
        (path,) = _label_studio(tmp_path / name, [name])
        path.write_text(
            path.read_text().replace(f'"id": "{name}", "email": "{name}@example.org"', '"id": 1'), encoding="utf-8"
        )
        paths.append(path)
    assert run("agreement", *paths).exit_code == 1
    told = _json(run, *paths, "--by-path")
    assert told["named_by_path"] == ["anna/tasks", "bob/tasks"]
    assert told["pairs"][0]["spans_exact"]["shared"] == 3


def test_one_tool_beside_another(run: Run, tmp_path: Path) -> None:
    (tmp_path / "studio").mkdir()
    (studio,) = _label_studio(tmp_path / "studio", ["anna"])
    told = _json(run, studio, *_brat(tmp_path / "brat", ["bob"]), "--by-path")
    assert told["pairs"][0]["spans_exact"]["shared"] == 3
    assert told["pairs"][0]["kappa"]["shared"] == 3


def test_a_profile_says_what_labels_mean(run: Run, tmp_path: Path) -> None:
    paths = _brat(tmp_path, ["anna", "bob"])
    (paths[1] / "news.ann").write_text(
        (paths[0] / "news.ann").read_text(encoding="utf-8").replace("Country", "GPE").replace("signed Arg1:T0 Arg2:T2", "signed_by Arg1:T2 Arg2:T0"),
        encoding="utf-8",
    )  # fmt: skip
    assert _json(run, *paths)["mean"]["labelled_exact"]["value"] == 0.5
    (tmp_path / "ours.toml").write_text(
        '[nodes.Country]\nfrom = ["GPE"]\n[relations.signed]\nfrom = ["signed_by!"]\n[ignore]\nlabels = ["Place"]\n'
    )
    told = _json(run, *paths, "--profile", tmp_path / "ours.toml")
    (pair,) = told["pairs"]
    assert (pair["labelled_exact"]["value"], pair["kappa"]["value"], pair["relations"]["value"]) == (1.0, 1.0, 1.0)
    assert told["annotators"]["anna"]["spans"] == 4  # Place is a kind of ours, which a profile does not ignore


def test_kappa_of_one_label_is_not_defined_and_said(run: Run, tmp_path: Path) -> None:
    paths = _brat(tmp_path, ["anna", "bob"])
    for path in paths:
        (path / "news.ann").write_text(f"T1\tCountry {_at('ไทย')[0]} {_at('ไทย')[1]}\tไทย\n", encoding="utf-8")
    told = _json(run, *paths)
    assert told["pairs"][0]["kappa"] == {
        "value": None, "shared": 1, "why": "one label alone, Country: chance cannot be told from agreement",
    }  # fmt: skip
    assert told["mean"]["kappa"] == {"value": None, "shared": 0, "why": "not defined for any pair"}
    assert "nan" not in run("agreement", *paths).stdout
    for path in paths:
        (path / "news.ann").write_text("", encoding="utf-8")
    pair = _json(run, *paths)["pairs"][0]
    assert {figure["why"] for name, figure in pair.items() if isinstance(figure, dict) and "why" in figure} == {
        "neither marked any", "no span that both marked",
    }  # fmt: skip


def test_one_who_marked_nothing_disagrees_with_one_who_did(run: Run, tmp_path: Path) -> None:
    paths = _brat(tmp_path, ["anna", "bob"])
    (paths[1] / "news.ann").write_text("", encoding="utf-8")
    assert _json(run, *paths)["pairs"][0]["spans_exact"] == {"value": 0.0, "shared": 0, "first": 4, "second": 0}


def test_what_cannot_be_read_is_told(run: Run, tmp_path: Path) -> None:
    paths = _brat(tmp_path, ["anna", "bob"])
    with (paths[0] / "news.ann").open("a", encoding="utf-8") as stream:
        stream.write("T9\tCountry 0 2\tไทย\n")
    result = run("agreement", *paths)
    assert result.exit_code == 3
    assert "offset.mismatch" in result.stderr
    assert run("agreement", *paths, "--strict").exit_code == 1


def test_curated_work_is_compared_on_request(run: Run, samples: Path) -> None:
    project = samples / "webanno-tsv" / "inception-project"
    assert run("agreement", project).exit_code == 1
    pair = _json(run, project, "--annotators", "ep,curation")["pairs"][0]
    assert pair["spans_exact"] == {"value": round(2 * 149 / (149 + 150), 6), "shared": 149, "first": 149, "second": 150}
    assert pair["relations"] == {"value": 0.8, "shared": 4, "first": 4, "second": 6}
    one_layer = _json(run, project, "--annotators", "ep,curation", "--layer", "Proposition")
    assert 0 < one_layer["annotators"]["ep"]["spans"] < 150
    assert "did you mean 'Proposition'" in run("agreement", project, "--layer", "Propositio").stderr


def test_without_the_library_the_way_out_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nltk.metrics.scores", None)
    result = run("agreement", *_brat(tmp_path, ["anna", "bob"]))
    assert result.exit_code == 1
    assert "pip install 'accordgraph[agreement]'" in result.stderr


# --- properties --------------------------------------------------------------------------------------------------

_SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from(["Country", "Place", "หน่วยงาน"])), max_size=8
)
_DRAWN = st.tuples(_SPANS, st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from("ab")), max_size=4))
_Drawn = tuple[list[tuple[int, int, str]], list[tuple[int, int, str]]]


def _document(name: str, number: int, drawn: _Drawn) -> Document:
    spans, ties = drawn
    mentions = [
        Mention(id=f"{n}", types=(label,), fragments=((start, start + length),), annotator=name)
        for n, (start, length, label) in enumerate(spans)
    ]
    relations = [
        Relation(id=f"r{n}", type=label, args=(("from", f"{a}"), ("to", f"{b}")), annotator=name)
        for n, (a, b, label) in enumerate(ties)
        if max(a, b) < len(spans)
    ]
    text = f"{number} ไทย กัมพูชา 😀 ลาว เวียดนาม เมียนมา จีน"
    return Document(
        id=f"d{number}", path="x", format="documents", text=text, mentions=(*mentions,), relations=(*relations,)
    )


def _figures(documents: Sequence[Document], match: str) -> Agreement:
    texts = Texts()
    for document in documents:
        texts.add("x", document)
    return agreement_on(texts, match=match)


@settings(max_examples=40, deadline=None)
@given(drawn=st.lists(_DRAWN, min_size=1, max_size=3), match=st.sampled_from(["exact", "overlap"]))
def test_whoever_is_compared_with_themselves_agrees(drawn: list[_Drawn], match: str) -> None:
    documents = [_document(name, n, one) for name in ("anna", "bob", "cy") for n, one in enumerate(drawn) if one[0]]
    if not documents:
        return
    found = _figures(documents, match)
    values = [figure.value for pair in found.pairs for figure in (*pair.figures.values(), pair.kappa)]
    assert {value for value in (*values, found.fleiss.value, found.alpha.value) if value is not None} == {1.0}
    assert not any(pair.confused for pair in found.pairs)


@settings(max_examples=40, deadline=None)
@given(drawn=st.lists(st.tuples(_DRAWN, _DRAWN), min_size=1, max_size=3), match=st.sampled_from(["exact", "overlap"]))
def test_neither_who_is_first_nor_the_order_of_texts_matters(drawn: list[tuple[_Drawn, _Drawn]], match: str) -> None:
    told = []
    for one, other in permutations(("anna", "bob")):
        documents = [
            _document(name, n, pair[side]) for n, pair in enumerate(drawn) if pair[0][0] and pair[1][0]
            for side, name in enumerate((one, other))
        ]  # fmt: skip
        if not documents:
            return
        for ordered in (documents, documents[::-1]):
            (pair,) = _figures(ordered, match).pairs
            values = {name: (figure.value, figure.shared) for name, figure in pair.figures.items()}
            told.append(
                (
                    values,
                    pair.kappa,
                    pair.confused,
                    {label: [f.value for f in two] for label, two in pair.labels.items()},
                )
            )
    assert all(one == told[0] for one in told)


@settings(max_examples=60, deadline=None)
@given(drawn=st.tuples(_DRAWN, _DRAWN))
def test_figures_lie_where_they_can(drawn: tuple[_Drawn, _Drawn]) -> None:
    if not (drawn[0][0] and drawn[1][0]):
        return
    documents = [_document(name, 0, one) for name, one in zip(("anna", "bob"), drawn, strict=True)]
    (pair,) = _figures(documents, OVERLAP).pairs
    counts = {name: figure.shared for name, figure in pair.figures.items()}
    assert counts["labelled_exact"] <= counts["labelled_overlap"]
    assert counts["spans_exact"] <= counts["spans_overlap"] <= min(len(set(d[0])) for d in drawn)
    assert all(0 <= figure.value <= 1 for figure in pair.figures.values() if figure.value is not None)
    assert pair.kappa.value is None or -1 <= pair.kappa.value <= 1
    for name in ("spans_exact", "labelled_exact", "relations"):
        figure = pair.figures[name]
        if figure.value is not None:
            assert figure.first is not None
            assert figure.second is not None
            assert figure.value == pytest.approx(2 * figure.shared / (figure.first + figure.second), abs=1e-6)
