"""JSON by declared paths: real and made files of the presets, every way to say where things are, and hostile shapes."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import inspect
from graph.errors import ArticleError
from loaders.detect import detect, reader_named
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Mention
from loaders.files import Files
from loaders.generic import JSON, PRESETS
from loaders.paths import read_paths
from loaders.profile_file import read_profile
from loaders.reading import Options

MADE = Path(__file__).resolve().parent.parent / "made"
SAMPLES = MADE.with_name("samples")
Read = Callable[..., tuple[list[Document], Diagnostics]]
NAMES = ("argilla", "crossre", "docred", "lighttag", "re3d", "ubiai")
FIRST = {name: "documents.json" if name == "re3d" else "made.json" for name in (*NAMES, "json")}
OWN = tomllib.loads((MADE / "json.toml").read_text(encoding="utf-8"))["json"]
SPAN = {"path": "spans[]", "start": "s", "end": "e", "type": "t"}


def _read(read: Read, value: Any, paths: dict[str, Any], **more: Any) -> tuple[list[Document], Diagnostics]:
    found: tuple[list[Document], Diagnostics] = read(
        JSON, {"x.json": orjson.dumps(value)}, Options(paths=paths, **more)
    )
    return found


def _words(document: Document) -> list[tuple[str, ...]]:
    return [(*one.types, document.words(one)) for one in document.mentions]


def _ends(document: Document) -> list[tuple[str | None, list[str]]]:
    """Relations, with the words at their ends."""
    by_id = {one.id: one for one in document.mentions}
    return [(one.type, [document.words(by_id[target]) for _, target in one.args]) for one in document.relations]


# --- real and made files


def test_docred_has_the_counts_of_its_source(read_files: Read) -> None:
    documents, diagnostics = read_files(SAMPLES / "docred" / "re-docred_dev_first3.json")
    assert [len(one.clusters) for one in documents] == [29, 27, 20]
    assert [len(one.mentions) for one in documents] == [32, 34, 25]
    assert [len(one.relations) for one in documents] == [51, 51, 18]
    assert diagnostics.codes == {"text.rebuilt": 1}
    for document in documents:
        assert document.text_origin == "rebuilt"
        assert all(document.words(one) == one.surface for one in document.mentions)
        assert all(document.text[a:b].strip() for a, b in (*document.sentences, *document.tokens))
        firsts = {one.members[0] for one in document.clusters}
        assert {target for one in document.relations for _, target in one.args} <= firsts
    first = documents[0]
    assert first.metadata == {"title": "Willi Schneider (skeleton racer)"}
    assert (first.clusters[0].type, len(first.clusters[0].members)) == ("PER", 4)
    assert any(one.extra["evidence"] for one in first.relations)


def test_re3d_is_joined_and_keeps_confidence_0(read_files: Read) -> None:
    documents, diagnostics = read_files(SAMPLES / "re3d")
    mentions = [one for document in documents for one in document.mentions]
    assert (len(documents), len(mentions), sum(len(one.relations) for one in documents)) == (4, 70, 17)
    assert sum(one.confidence == 0 for one in mentions) == 28
    assert {*diagnostics.codes} == {"format.unknown"}  # of the licence and the like
    for document in documents:
        assert document.metadata["sourceName"] == "Australian Department of Foreign Affairs"
        for (_, words), relation in zip(_ends(document), document.relations, strict=True):
            assert words == [relation.extra["source"], relation.extra["target"]]
            assert document.text[relation.extra["begin"] : relation.extra["end"]].strip() == relation.extra["value"]


@pytest.mark.parametrize("name", FIRST)
def test_made_files_say_what_was_marked(name: str, made: dict[str, Any]) -> None:
    options, diagnostics = Options(paths=OWN if name == "json" else {}), Diagnostics()
    with Files([MADE / name / FIRST[name]], diagnostics) as files:
        found = detect(next(iter(files)), diagnostics, format_="json" if name == "json" else None)
        assert found
        assert found.reader
        assert found.reader.format == name
        documents = list(found.reader.read(found.file, options, diagnostics))
    assert not diagnostics.skipped
    assert [document.id for document in documents] == [*made]
    for document, wanted in zip(documents, made.values(), strict=True):
        assert document.text == wanted["text"]
        marks = [(*m.fragments[0], *m.types, document.words(m)) for m in document.mentions]
        assert marks == [(m["start"], m["end"], m["label"], m["words"]) for m in wanted["mentions"]]
        if name not in ("argilla", "lighttag"):
            words = [one["words"] for one in wanted["mentions"]]
            assert _ends(document) == [(r["label"], [words[r["from"]], words[r["to"]]]) for r in wanted["relations"]]


def test_detection_says_by_which_keys() -> None:
    why = {}
    for name in NAMES:
        (found,) = [one for one in inspect([MADE / name]) if one.counts["documents"]]
        why[name] = found.why
        assert found.format == name
    assert why["docred"] == "sents and vertexSet"
    assert why["re3d"] == "_id, text, entities.json and relations.json"
    assert why["ubiai"] == "document, tokens and tokens[].entityLabel"


def test_unknown_json_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps([{"body": "Laos", "spans": [{"s": 0, "e": 4, "t": "C"}]}]))
    (found,) = inspect([tmp_path / "x.json"])
    assert found.format is None
    (told,) = found.diagnostics
    assert (told.code, told.action) == ("format.unknown", "kept")
    assert "[json] in a profile" in told.message


def test_one_object_that_is_too_large_to_look_at_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    example = {"example_id": "1", "content": "Laos", "annotations": [{"start": 0, "end": 4, "tag": "C"}]}
    value = {"id": "t", "examples": [example, {"content": "x" * 5_000_000, "annotations": []}]}
    (tmp_path / "x.json").write_text(json.dumps(value))
    (found,) = inspect([tmp_path / "x.json"])
    assert (found.format, found.counts["documents"], found.counts["mentions"]) == ("lighttag", 2, 1)


def test_a_later_text_may_say_what_it_is(tmp_path: Path) -> None:
    token = {"text": "Laos", "start": 0, "end": 4, "token_start": 0, "token_end": 0, "entityLabel": "C"}
    values = [{"document": "x", "tokens": [], "relations": []}] * 3 + [{"document": "Laos", "tokens": [token]}]
    (tmp_path / "x.json").write_text(json.dumps(values))
    (found,) = inspect([tmp_path / "x.json"])
    assert (found.format, found.counts["documents"], found.counts["mentions"]) == ("ubiai", 4, 1)


# --- what presets know of their tools


def test_lighttag_keeps_annotators_apart_and_leaves_out_what_a_reviewer_refused(read_bytes: Read) -> None:
    by = [{"annotator": "a"}, {"annotator": "b"}]
    marks = [
        {
            "tagged_token_id": "1",
            "start": 0,
            "end": 4,
            "tag": "C",
            "value": "Laos",
            "correct": True,
            "annotated_by": by,
        },
        {"tagged_token_id": "2", "start": 0, "end": 2, "tag": "C", "value": "La", "correct": False},
        {
            "tagged_token_id": "3",
            "start": 1,
            "end": 4,
            "tag": "C",
            "value": "aos",
            "correct": None,
            "annotated_by": by[:1],
        },
    ]
    value = {"examples": [{"example_id": "e", "content": "Laos", "annotations": marks}], "relations": [{"id": "r"}]}
    (document,), diagnostics = read_bytes(reader_named("lighttag"), {"x.json": orjson.dumps(value)})
    assert [(one.annotator, document.words(one)) for one in document.mentions] == [
        ("a", "Laos"),
        ("b", "Laos"),
        ("a", "aos"),
    ]
    assert [one.id for one in document.mentions] == ["1", "1@b", "3"]
    assert [one.id for one in document.annotators] == ["a", "b"]
    assert diagnostics.codes == {"task.not-accepted": 1, "format.no-relations": 1}


def test_lighttag_of_old(read_bytes: Read) -> None:
    mark = {"id": "m", "start": 17, "end": 20, "tag": "Person", "annotator": "lighttag", "value": "Eli"}
    text = " Now the sons of Eli were sons of Belial"
    value = {"id": "t", "dataset": {"name": "Bible", "examples": [{"id": "v", "content": text, "annotations": [mark]}]}}
    (document,), _ = read_bytes(reader_named("lighttag"), {"x.json": orjson.dumps(value)})
    assert (document.id, _words(document), document.mentions[0].annotator) == ("v", [("Person", "Eli")], "lighttag")


def test_argilla_loads_answers_and_suggestions_on_request(read_bytes: Read) -> None:
    span = {"start": 0, "end": 4, "label": "C"}
    value = {
        "id": "1",
        "fields": {"text": "Laos signed"},
        "responses": {
            "names": [
                {"value": [span], "user_id": "u", "status": "submitted"},
                {"value": [span], "user_id": "v", "status": "draft"},
            ],
            "topic": [{"value": "crime", "user_id": "u"}, {"value": ["a", "b"], "user_id": "u"}],
        },
        "suggestions": {"names": {"value": [{"start": 5, "end": 11, "label": "V", "score": 0.5}], "agent": "m"}},
    }
    data = {"x.json": orjson.dumps([value])}
    (document,), diagnostics = read_bytes(reader_named("argilla"), data)
    assert [(one.layer, one.annotator, document.words(one)) for one in document.mentions] == [("names", "u", "Laos")]
    assert [one["value"] for one in document.extra["others"]] == ["a", "b"]
    assert diagnostics.codes == {"task.not-accepted": 1, "annotation.prediction": 1}
    (document,), diagnostics = read_bytes(reader_named("argilla"), data, Options(predictions=True))
    (_, proposed) = document.mentions
    assert (proposed.origin, proposed.annotator, proposed.confidence) == ("prediction", "m", 0.5)


def test_crossre_counts_the_last_token_in(read_bytes: Read) -> None:
    row: dict[str, Any] = {
        "doc_key": "n-1",
        "sentence": ["Phnom", "Penh", "met", "Bangkok"],
        "ner": [[0, 1, "city"], [3, 3, "city"]],
    }
    row["relations"] = [[0, 1, 3, 3, "role", "said so", False, True], [0, 0, 3, 3, "role", "", False, False]]
    (document,), diagnostics = read_bytes(reader_named("crossre"), {"x.json": orjson.dumps(row)})
    assert _words(document) == [("city", "Phnom Penh"), ("city", "Bangkok")]
    assert _ends(document) == [("role", ["Phnom Penh", "Bangkok"])]
    assert document.relations[0].attributes == {"explanation": ("said so",), "unsure": (False,), "syntactic": (True,)}
    assert diagnostics.codes == {"text.rebuilt": 1, "ref.dangling": 1}


def test_ubiai_ends_may_be_any_token_of_a_mention(read_bytes: Read) -> None:
    tokens = [
        {"text": "Phnom Penh", "start": 0, "end": 10, "token_start": 0, "token_end": 2, "entityLabel": "A"},
        {"text": "Bangkok", "start": 15, "end": 22, "token_start": 4, "token_end": 4, "entityLabel": "B"},
    ]
    ties = [{"head": head, "child": 4, "relationLabel": "met"} for head in (0, 1, 2, 3)]
    value = {"document": "Phnom Penh met Bangkok", "tokens": tokens, "relations": ties}
    (document,), diagnostics = read_bytes(reader_named("ubiai"), {"x.json": orjson.dumps(value)})
    assert _ends(document) == [("met", ["Phnom Penh", "Bangkok"])] * 3
    assert diagnostics.codes == {"ref.dangling": 1}


def test_docred_whose_words_differ_from_its_tokens(read_bytes: Read) -> None:
    def mention(name: str, start: int, end: int) -> dict[str, Any]:
        return {"name": name, "pos": [start, end], "sent_id": 0, "type": "X"}

    clusters = [[mention("55.5%", 0, 2)], [mention("other", 2, 3), mention("votes", 2, 3)], [mention("votes", 3, 4)]]
    value: dict[str, Any] = {"title": "t", "sents": [["55.5", "%", "votes"]], "vertexSet": clusters}
    value["labels"] = [{"h": 0, "t": 1, "r": "P1", "evidence": [0]}, {"h": 0, "t": 2, "r": "P1", "evidence": []}]
    (document,), diagnostics = read_bytes(reader_named("docred"), {"x.json": orjson.dumps([value])})
    assert [(one.surface, one.repair) for one in document.mentions] == [("55.5%", "white-space"), ("votes", None)]
    assert [len(one.members) for one in document.clusters] == [1, 1]
    assert _ends(document) == [("P1", ["55.5 %", "votes"])]
    wanted = {"offset.mismatch": 1, "offset.bad": 1, "json.shape": 1, "ref.dangling": 1}
    assert diagnostics.codes == {"text.rebuilt": 1, "offset.repaired": 1, **wanted}


# --- files beside


ENTITY = {"_id": "e", "begin": 0, "end": 4, "type": "C", "value": "Laos", "documentId": "d", "confidence": 0}


def test_what_files_beside_say_of_other_documents_is_counted(read_bytes: Read) -> None:
    tie = {"_id": "r", "sourceBegin": 0, "sourceEnd": 4, "targetBegin": 0, "targetEnd": 4, "type": "self"}
    contents = {
        "documents.json": orjson.dumps({"_id": "d", "text": "Laos"}),
        "entities.json": b"\n".join(map(orjson.dumps, (ENTITY, {**ENTITY, "documentId": "x"}, {"_id": "y"}))),
        "relations.json": orjson.dumps([{**tie, "documentId": "d"}, {**tie, "documentId": 7}]),
    }
    (document,), diagnostics = read_bytes(reader_named("re3d"), contents)
    assert (len(document.mentions), len(document.relations), document.mentions[0].confidence) == (1, 1, 0)
    assert document.mentions[0].place == "entities.json:1"
    assert diagnostics.codes == {"ref.dangling": 3}
    assert {one.place for one in diagnostics.kept} == {"entities.json:2", "entities.json:3", "relations.json:/1"}


def test_a_file_that_is_not_beside_is_said(read_bytes: Read) -> None:
    contents = {"documents.json": orjson.dumps({"_id": "d", "text": "Laos"}), "entities.json": orjson.dumps(ENTITY)}
    (document,), diagnostics = read_bytes(reader_named("re3d"), contents)
    assert len(document.mentions) == 1
    assert diagnostics.codes == {"file.unreadable": 1}


# --- every way to say where things are


def test_numbers_as_text_lengths_fragments_and_inclusive_ends(read_bytes: Read) -> None:
    value = {
        "t": "Phnom Penh met Bangkok",
        "spans": [{"s": "0", "e": 10.0, "t": 1}, {"s": "x", "e": 3}, {"s": True, "e": 3}],
    }
    (document,), diagnostics = _read(read_bytes, value, {"text": "t", "mentions": SPAN})
    assert _words(document) == [("1", "Phnom Penh")]
    assert diagnostics.codes == {"offset.bad": 2}
    several = {"t": "Phnom Penh met Bangkok", "m": [{"o": [[0, 5], [15, 22]]}]}
    (document,), _ = _read(
        read_bytes, several, {"text": "t", "mentions": {"path": "m[]", "start": "o[].0", "end": "o[].1"}}
    )
    assert document.mentions[0].fragments == ((0, 5), (15, 22))
    long = {"t": "Phnom Penh", "m": [{"o": [{"at": 6, "n": 4}]}]}
    (document,), _ = _read(
        read_bytes, long, {"text": "t", "mentions": {"path": "m[]", "start": "o[].at", "length": "o[].n"}}
    )
    assert document.words(document.mentions[0]) == "Penh"
    (document,), _ = _read(
        read_bytes,
        {"t": "Laos", "m": [[0, 3]]},
        {"text": "t", "mentions": {"path": "m[]", "start": "0", "end": "1", "inclusive": True}},
    )
    assert document.words(document.mentions[0]) == "Laos"


@pytest.mark.parametrize(("unit", "start"), [("codepoint", 2), ("utf16", 3), ("byte", 5), ("grapheme", 2)])
def test_units(read_bytes: Read, unit: str, start: int) -> None:
    value = {"t": "🙂 ថៃ", "spans": [{"s": start, "e": start + {"byte": 6, "grapheme": 1}.get(unit, 2), "t": "C"}]}
    (document,), _ = _read(read_bytes, value, {"text": "t", "unit": unit, "mentions": SPAN})
    assert _words(document) == [("C", "ថៃ")]
    (document,), _ = _read(read_bytes, value, {"text": "t", "mentions": SPAN}, unit=unit)
    assert _words(document) == [("C", "ថៃ")]


def test_offsets_within_sentences(read_bytes: Read) -> None:
    value = {
        "s": [{"t": "🙂 ไทย"}, {"t": "🙂 ลาว"}],
        "spans": [{"n": 1, "s": 3, "e": 6, "t": "C"}, {"n": 2, "s": 0, "e": 1}],
    }
    paths = {"text": "s[].t", "unit": "utf16", "mentions": {**SPAN, "sentence": "n"}}
    (document,), diagnostics = _read(read_bytes, value, paths)
    assert document.text == "🙂 ไทย\n🙂 ลาว"
    assert _words(document) == [("C", "ลาว")]
    assert diagnostics.codes == {"text.rebuilt": 1, "offset.bad": 1, "offset.unchecked": 1}


def test_tokens_beside_a_text_are_found_in_it(read_bytes: Read) -> None:
    paths = {"text": "t", "tokens": "w[]", "unit": "token", "mentions": {**SPAN, "surface": "x"}}
    value = {
        "t": "ไทย  และลาว",
        "w": ["ไทย", "และ", "ลาว"],
        "spans": [{"s": 2, "e": 3, "t": "C", "x": "ลาว"}, {"s": 0, "e": 9}],
    }
    (document,), diagnostics = _read(read_bytes, value, paths)
    assert (document.text, document.text_origin, _words(document)) == (value["t"], "given", [("C", "ลาว")])
    assert document.mentions[0].extra == {"s": 2, "e": 3}
    assert diagnostics.codes == {"offset.bad": 1}
    (document,), diagnostics = _read(read_bytes, {**value, "w": ["ไทย", "มา", "ลาว"]}, paths)
    assert (document.text, document.text_origin) == ("ไทยมาลาว", "rebuilt")


def test_words_without_offsets_are_found_one_after_another(read_bytes: Read) -> None:
    value = {"t": "Laos met Laos, not Lao", "m": ["Laos", "Laos", "Laos", "Lao", "Thai", ""]}
    (document,), diagnostics = _read(
        read_bytes, value, {"text": "t", "mentions": {"path": "m[]", "surface": "", "type": "=C"}}
    )
    assert [one.fragments[0] for one in document.mentions] == [(0, 4), (9, 13), (9, 13), (0, 3)]
    assert all(one.types == ("C",) for one in document.mentions)
    assert diagnostics.codes == {"offset.bad": 1, "offset.mismatch": 1, "offset.unchecked": 1}


@pytest.mark.parametrize(
    ("ends", "head", "tail", "value"),
    [
        ("id", "h", "t", {"h": 7, "t": "8"}),
        ("index", "h", "t", {"h": 0, "t": 1}),
        ("offsets", ["h.0", "h.1"], ["t.0", "t.1"], {"h": [0, 4], "t": [9, 13]}),
        ("words", "h", "t", {"h": "Laos", "t": "Siam"}),
        ("cluster", "h", "t", {"h": "k", "t": 5}),
    ],
)
def test_what_ends_may_be(read_bytes: Read, ends: str, head: Any, tail: Any, value: Any) -> None:
    spans = [{"i": 7, "s": 0, "e": 4, "w": "Laos", "k": "k"}, {"i": 8, "s": 9, "e": 13, "w": "Siam", "k": 5}]
    mentions = {"path": "spans[]", "start": "s", "end": "e", "id": "i", "surface": "w", "cluster": "k"}
    relations = {"path": "r[]", "ends": ends, "head": head, "tail": tail, "type": "y", "directed": "d"}
    nowhere = {key: [99, 99] if isinstance(one, list) else 99 for key, one in value.items()}
    ties = [{**value, "y": ["met", "saw"], "d": False}, nowhere, {**value, "h": None}, {}, 3]
    paths = {"text": "text", "mentions": mentions, "relations": relations}
    (document,), diagnostics = _read(read_bytes, {"text": "Laos met Siam", "spans": spans, "r": ties}, paths)
    assert _ends(document) == [("met", ["Laos", "Siam"])]
    assert (document.relations[0].attributes, document.relations[0].directed) == ({"label": ("saw",)}, False)
    assert [len(one.members) for one in document.clusters] == [1, 1]
    assert diagnostics.codes == {"ref.dangling": 1, "json.shape": 3}


def test_the_surest_of_several_mentions_at_a_place_is_meant(read_bytes: Read) -> None:
    spans = [
        {"s": 0, "e": 4, "t": name, "c": sure} for name, sure in (("A", 0), ("B", "0.9"), ("C", 0.5), ("D", "high"))
    ]
    paths = {"text": "text", "mentions": {**SPAN, "confidence": "c"}}
    paths["relations"] = {"path": "r[]", "ends": "offsets", "head": ["0", "1"], "tail": ["0", "1"]}
    (document,), _ = _read(read_bytes, {"text": "Laos", "spans": spans, "r": [[0, 4]]}, paths)
    (relation,) = document.relations
    by_id: dict[str, Mention] = {one.id: one for one in document.mentions}
    assert [by_id[target].types for _, target in relation.args] == [("D",), ("D",)]
    assert [one.confidence for one in document.mentions] == [0, 0.9, 0.5, None]
    assert document.mentions[3].extra == {"confidence": "high"}


def test_clusters_of_members_by_place_and_by_id(read_bytes: Read) -> None:
    value = {"w": ["a", "b", "c"], "ner": [[0, 0, "X"], [1, 2, "Y"]], "co": [[[0, 0], [1, 2]], [[5, 5]], []]}
    paths = {
        "tokens": "w[]",
        "unit": "token",
        "mentions": {"path": "ner[]", "start": "0", "end": "1", "type": "2", "inclusive": True},
    }
    paths["clusters"] = {"path": "co[]", "members": "[]", "ends": "offsets"}
    (document,), diagnostics = _read(read_bytes, value, paths)
    assert [one.members for one in document.clusters] == [tuple(one.id for one in document.mentions)]
    assert diagnostics.codes == {"text.rebuilt": 1, "ref.dangling": 1, "json.shape": 1}
    named = {
        "t": "ab",
        "m": [{"i": 1, "s": 0, "e": 1}, {"i": 2, "s": 1, "e": 2}],
        "co": [{"of": [1, 2], "kind": "PER"}],
    }
    paths = {
        "text": "t",
        "mentions": {"path": "m[]", "start": "s", "end": "e", "id": "i"},
        "clusters": {"path": "co[]", "members": "of", "type": "kind"},
    }
    (document,), diagnostics = _read(read_bytes, named, paths)
    assert [(one.type, one.members) for one in document.clusters] == [("PER", ("1", "2"))]


def test_attributes_links_and_what_is_left(read_bytes: Read) -> None:
    mark = {
        "s": 0,
        "e": 4,
        "t": ["C", "GPE", "C"],
        "kb": "https://www.wikidata.org/wiki/Q819",
        "own": {"stage": "planned", "n": 2},
    }
    paths = {"text": "text", "mentions": {**SPAN, "link": "kb", "attributes": {"stage": "own.stage"}}}
    value = {"text": "Laos", "spans": [mark], "url": "u", "meta": {"page": 3, "who": [{"n": 1}]}, "none": None}
    (document,), _ = _read(read_bytes, value, paths)
    (one,) = document.mentions
    assert (one.types, one.attributes, one.extra) == (("C", "GPE"), {"stage": ("planned",)}, {"own": {"n": 2}})
    assert [(link.scheme, link.id) for link in one.links] == [("wikidata", "Q819")]
    assert document.metadata == {"url": "u", "meta.page": 3}
    assert document.extra == {"meta": {"who": [{"n": 1}]}}


def test_lines_places_and_ids(read_bytes: Read) -> None:
    lines = b'{"text": "Laos", "spans": [{"s": 0, "e": 9}]}\n[]\n{"text": "Laos", "spans": "none"}\n'
    documents, diagnostics = read_bytes(JSON, {"x.jsonl": lines}, Options(paths={"text": "text", "mentions": SPAN}))
    assert [one.id for one in documents] == ["x-1", "x-3"]
    assert [(one.code, one.place) for one in diagnostics.kept] == [("offset.bad", "1:/spans/0"), ("json.shape", "2")]


# --- declarations


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "names no text"),
        ({"txt": "a"}, "did you mean 'text'"),
        ({"text": 3}, "text is no path"),
        (
            {"text": "a", "mentions": {"path": "m[]", "strat": "s"}},
            r"'strat' of \[json.mentions\]; did you mean 'start'",
        ),
        ({"text": "a", "mentions": {"path": "m[]", "start": "s"}}, "no end"),
        ({"text": "a", "mentions": {"path": "m[]"}}, "where they stand"),
        ({"text": "a", "unit": "token", "mentions": SPAN}, "counts in tokens"),
        ({"text": "a", "unit": "utf-16"}, "did you mean 'utf16'"),
        ({"text": "a", "mentions": {**SPAN, "file": "m.json"}}, "of which document"),
        ({"text": "a", "mentions": {**SPAN, "inclusive": "yes"}}, "neither true nor false"),
        ({"text": "a", "relations": {"path": "r[]", "head": "h"}}, "0 paths for tail"),
        (
            {"text": "a", "relations": {"path": "r[]", "ends": "offsets", "head": "h", "tail": "t"}},
            "1 paths for head, not 2",
        ),
        ({"text": "a", "relations": {"path": "r[]", "ends": "ids", "head": "h", "tail": "t"}}, "did you mean 'id'"),
        ({"text": "a", "relations": 1}, "json.relations is no table"),
        ({"text": "a", "metadata": ["b"]}, "metadata is no table"),
        ({"text": "a..b"}, "No path"),
    ],
)
def test_a_declaration_that_is_none_names_the_key(values: dict[str, Any], told: str) -> None:
    with pytest.raises(ArticleError, match=told):
        read_paths(values)


def test_what_is_nested_in_a_mention_is_read_once(read_bytes: Read) -> None:
    first = {"i": 1, "s": 0, "e": 4, "ties": [{"to": 2, "y": "met"}], "note": "n"}
    value = {"text": "Laos met Siam", "m": [first, {"i": 2, "s": 9, "e": 13, "ties": []}], "url": "u"}
    paths = {"text": "text", "mentions": {"path": "m[]", "id": "i", "start": "s", "end": "e"}}
    paths["relations"] = {"path": "m[].ties[]", "head": "^.i", "tail": "to", "type": "y"}
    (document,), diagnostics = _read(read_bytes, value, paths)
    assert _ends(document) == [("met", ["Laos", "Siam"])]
    assert [one.extra for one in document.mentions] == [{"note": "n"}, {}]
    assert not diagnostics.codes


def test_sentences_without_tokens_keep_their_numbers(read_bytes: Read) -> None:
    value = {
        "w": [["a"], [], ["b", "c"]],
        "m": [{"n": 2, "s": 1, "e": 2}, {"n": 1, "s": 0, "e": 1}, {"n": 3, "s": 0, "e": 1}],
    }
    paths = {"tokens": "w[][]", "unit": "token", "mentions": {"path": "m[]", "sentence": "n", "start": "s", "end": "e"}}
    (document,), diagnostics = _read(read_bytes, value, paths)
    assert [document.words(one) for one in document.mentions] == ["c"]
    assert (document.text, len(document.sentences)) == ("a\n\nb c", 2)
    assert diagnostics.codes == {"text.rebuilt": 1, "offset.bad": 2}


@pytest.mark.parametrize(
    ("value", "lost"), [({"docs": []}, 0), ({"docs": None}, 1), ({}, 1), ([], 0), ({"docs": [3]}, 1)]
)
def test_an_empty_list_of_documents_is_no_mistake(read_bytes: Read, value: Any, lost: int) -> None:
    documents, diagnostics = _read(read_bytes, value, {"documents": "docs[]", "text": "t"})
    assert (documents, diagnostics.skipped) == ([], lost)


def test_a_file_that_is_read_along_holds_no_documents_itself(read_bytes: Read) -> None:
    contents = {
        "m.json": orjson.dumps([{"of": "1", "s": 0, "e": 4}]),
        "t.json": orjson.dumps([{"i": 1, "text": "Laos"}]),
    }
    paths = {"id": "i", "text": "text", "mentions": {"file": "m.json", "document": "of", "start": "s", "end": "e"}}
    assert read_bytes(JSON, contents, Options(paths=paths))[0] == []
    (document,), _ = read_bytes(JSON, dict(reversed(contents.items())), Options(paths=paths))
    assert document.words(document.mentions[0]) == "Laos"


def test_several_sorts_of_mentions(read_bytes: Read) -> None:
    value = {"w": ["A", "met", "B"], "subj": [0, 1], "obj": [2, 3], "rel": "met"}
    ends = [{"start": f"{name}.0", "end": f"{name}.1", "type": f"={name}"} for name in ("subj", "obj")]
    relation = {"ends": "offsets", "head": ["subj.0", "subj.1"], "tail": ["obj.0", "obj.1"], "type": "rel"}
    paths = {"tokens": "w[]", "unit": "token", "mentions": ends, "relations": relation}
    (document,), _ = _read(read_bytes, value, paths)
    assert _words(document) == [("subj", "A"), ("obj", "B")]
    assert _ends(document) == [("met", ["A", "B"])]


def test_the_example_of_the_documentation(read_bytes: Read) -> None:
    page = (MADE.parents[1] / "docs" / "json-paths.md").read_text(encoding="utf-8")
    value, paths = (re.findall(rf"```{name}\n(.*?)```", page, re.DOTALL)[0] for name in ("json", "toml"))
    options = Options(paths=tomllib.loads(paths)["json"])
    (document,), diagnostics = read_bytes(JSON, {"x.json": value.encode()}, options)
    assert not diagnostics.codes
    assert _ends(document) == [("shares-intel", ["ไทย", "ลาว"])]
    assert (document.id, document.language, document.metadata) == ("a-17", "th", {"project": "border desk"})
    assert [(one.annotator, one.confidence) for one in document.mentions] == [("anna", None), ("anna", 0.8)]


def test_tags_of_tokens(read_bytes: Read) -> None:
    paths = {"tokens": "w[]", "unit": "token", "mentions": {"tags": "t[]", "layer": "=ner"}}
    paths["relations"] = {"path": "r[]", "ends": "token", "head": "0", "tail": "1", "type": "2"}
    tags = ["B-C", "I-C", "O", "B-C"]
    (document,), diagnostics = _read(
        read_bytes, {"w": ["Phnom", "Penh", "met", "Siam"], "t": tags, "r": [[1, 3, "met"]]}, paths
    )
    assert _words(document) == [("C", "Phnom Penh"), ("C", "Siam")]
    assert _ends(document) == [("met", ["Phnom Penh", "Siam"])]
    assert diagnostics.codes == {"text.rebuilt": 1}
    paths["tokens"] = "w"
    (document,), _ = _read(read_bytes, {"w": ["a", None, "c", "d"], "t": tags, "r": []}, paths)
    assert [one.fragments for one in document.mentions] == [((0, 2),), ((5, 6),)]
    for wrong in (tags[:3], [1, 2, 3, 4], "BIO", None, [*tags[:3], None]):
        (document,), diagnostics = _read(read_bytes, {"w": ["a", "b", "c", "d"], "t": wrong}, paths)
        assert (len(document.mentions), diagnostics.skipped) == (0, 1)


def test_paths_that_are_wrong_are_said_when_a_file_is_read(read_bytes: Read) -> None:
    documents, diagnostics = _read(read_bytes, {"text": "x"}, {"txt": "text"})
    assert (documents, diagnostics.codes) == ([], {"json.shape": 1})
    assert "did you mean 'text'" in diagnostics.kept[0].message


def test_a_profile_says_the_paths(tmp_path: Path) -> None:
    profile = read_profile(MADE / "json.toml")
    assert (profile.format, profile.options.paths) == ("json", OWN)
    (found,) = inspect([MADE / "json"], format_=profile.format, options=profile.options)
    assert (found.format, found.counts["documents"], found.counts["relations"]) == ("json", 2, 3)
    short = tmp_path / "short.toml"
    short.write_text('[json]\ntext = "body"\n')
    assert read_profile(short).format == "json"
    short.write_text("[json]\ntag = 3\n")
    assert read_profile(short).format is None
    short.write_text('[json]\ntxt = "body"\n')
    with pytest.raises(ArticleError, match=r"Unknown key 'txt' of \[json\].*short.toml"):
        read_profile(short)


# --- hostile


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "a", "1", "ไทย😀", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=3),
    max_leaves=5,
)
JUNK = (b"null", b"[]", b"{}", b'"', b"-1", b"1e9", b"[[", b"}]", b'"x"', b"\xff", b"9" * 30, b"\\ud800", b"true")


@pytest.mark.parametrize("name", FIRST)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_files_never_raise(
    name: str, mutated: Callable[..., bytes], read_bytes: Read, data: st.DataObject
) -> None:
    contents = {path.name: path.read_bytes() for path in sorted((MADE / name).iterdir())}
    spoilt = data.draw(st.sampled_from(sorted(contents)))
    contents[spoilt] = mutated(data, contents[spoilt], JUNK)
    ordered = {FIRST[name]: contents.pop(FIRST[name]), **contents}
    reader, options = (JSON, Options(paths=OWN)) if name == "json" else (reader_named(name), Options(predictions=True))
    read_bytes(reader, ordered, options)


@pytest.mark.parametrize("name", FIRST)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_values_of_any_type_anywhere_never_raise(name: str, read_bytes: Read, data: st.DataObject) -> None:
    value = (
        json.loads((MADE / name / FIRST[name]).read_text(encoding="utf-8").splitlines()[0])
        if name in ("crossre", "re3d")
        else json.loads((MADE / name / FIRST[name]).read_bytes())
    )
    for _ in range(data.draw(st.integers(1, 4))):
        at: Any = value
        while isinstance(at, dict | list) and at:
            keys = sorted(at) if isinstance(at, dict) else range(len(at))
            key = data.draw(st.sampled_from(list(keys)))
            if not isinstance(at[key], dict | list) or not at[key] or data.draw(st.integers(0, 3)) == 0:
                at[key] = data.draw(ANY)
                break
            at = at[key]
    spoilt = json.dumps(value).encode("utf-8", "replace")
    contents = {path.name: path.read_bytes() for path in sorted((MADE / name).iterdir()) if path.name != FIRST[name]}
    reader, options = (JSON, Options(paths=OWN)) if name == "json" else (reader_named(name), Options(predictions=True))
    read_bytes(reader, {FIRST[name]: spoilt, **contents}, options)


@pytest.mark.parametrize("depth", [190, 254, 600, 985, 1000, 1050])
@pytest.mark.parametrize("value", ['{"text": "Laos", "m": %s}', '{"text": "Laos", "spans": [%s]}', '{"text": %s}', '{"text": "Laos", "spans": [{"s": 0, "e": 4, "x": %s, "t": %s}]}', "%s"])  # fmt: skip
def test_values_as_deep_as_can_be_never_raise(read_bytes: Read, depth: int, value: str) -> None:
    for opened, closed in (("[", "]"), ('{"a":', "}")):
        data = value.replace("%s", opened * depth + "1" + closed * depth).encode()
        read_bytes(JSON, {"x.json": data}, Options(paths={"text": "text", "mentions": SPAN}))


def test_a_hundred_thousand_mentions_of_one_letter(read_bytes: Read) -> None:
    many = 100_000
    value = {"text": "x", "spans": [{"s": 0, "e": 1, "t": "A", "n": number} for number in range(many)]}
    value["r"] = [{"h": number, "t": 0} for number in range(1000)]
    paths = {"text": "text", "mentions": {**SPAN, "id": "n", "first_token": "n", "last_token": "e"}}
    paths["relations"] = {"path": "r[]", "ends": "token", "head": "h", "tail": "t"}
    began = time.process_time()
    (document,), _ = _read(read_bytes, value, paths)
    assert len(document.mentions) == many
    assert time.process_time() - began < 60


def test_presets_are_formats_of_their_own() -> None:
    assert [one.format for one in PRESETS] == [*NAMES]
    assert Counter(one.title for one in PRESETS).most_common(1)[0][1] == 1
