"""Label Studio's less usual results: texts of several kinds, controls on regions and on whole texts, model's work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link, to_fields
from loaders.html_text import html_page
from loaders.label_studio import LABEL_STUDIO, LABEL_STUDIO_MIN
from loaders.label_studio_writer import LABEL_STUDIO_WRITER
from loaders.reading import Options, Reader

Read = Callable[..., tuple[list[Document], Diagnostics]]
TEXT = "😀 Thailand and Cambodia"


def _read(
    read: Read, values: Any, reader: Reader = LABEL_STUDIO, options: Options | None = None
) -> tuple[list[Document], Diagnostics]:
    found: tuple[list[Document], Diagnostics] = read(reader, {"x.json": orjson.dumps(values)}, options)
    return found


def _task(*results: Any, data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    annotation = {"id": 5, "completed_by": 7, "result": list(results)}
    return {"id": 1, "data": data or {"text": TEXT}, "annotations": [annotation], **more}


def _span(id_: str, start: Any, end: Any, text: Any, label: str, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": text, "labels": [label], **more.pop("value", {})}
    return {"id": id_, "type": "labels", "from_name": "label", "to_name": "text", "value": value, **more}


def _control(type_: str, name: str, value: dict[str, Any], id_: str = "q") -> dict[str, Any]:
    return {"id": id_, "type": type_, "from_name": name, "to_name": "text", "value": value}


A, B = _span("a", 2, 10, "Thailand", "Country"), _span("b", 15, 23, "Cambodia", "Country")


# --- controls


@pytest.mark.parametrize(
    ("type_", "value", "wanted"),
    [
        ("textarea", {"text": ["country:TH", "Siam"]}, ("country:TH", "Siam")),
        ("choices", {"choices": ["planned"]}, ("planned",)),
        ("number", {"number": 3}, (3,)),
        ("rating", {"rating": 4}, (4,)),
        ("datetime", {"datetime": "2025-10-16"}, ("2025-10-16",)),
        ("taxonomy", {"taxonomy": [["Asia", "ASEAN"], ["World"]]}, ("Asia / ASEAN", "World")),
        ("pairwise", {"selected": "left"}, ("left",)),
    ],
)
def test_a_control_speaks_of_its_region_or_of_the_text(
    read_bytes: Read, type_: str, value: dict[str, Any], wanted: tuple[Any, ...]
) -> None:
    on_region = _control(type_, "said", {"start": 2, "end": 10, **value}, "a")
    on_text = _control(type_, "about", value)
    (document,), diagnostics = _read(read_bytes, [_task(on_region, on_text, A)])
    (mention,) = document.mentions
    assert (mention.types, mention.attributes) == (("Country",), {"said": wanted})
    assert document.metadata == {"annotation.about": wanted[0] if len(wanted) == 1 else "; ".join(map(str, wanted))}
    assert document.extra["answers"] == [{"name": "about", "values": [*wanted], "annotator": "7"}]
    assert not diagnostics.codes


def test_a_region_that_nobody_labelled_is_kept_with_what_is_said_of_it(read_bytes: Read) -> None:
    alone = _control("choices", "stage", {"start": 2, "end": 10, "text": "Thailand", "choices": ["planned"]}, "z")
    (document,), _ = _read(read_bytes, [_task(alone)])
    (mention,) = document.mentions
    assert (mention.types, mention.attributes, document.words(mention)) == ((), {"stage": ("planned",)}, "Thailand")


def test_two_controls_on_one_region_are_one_mention(read_bytes: Read) -> None:
    role = {**_span("a", 2, 10, "Thailand", "Member"), "from_name": "role"}
    elsewhere = _span("a", 15, 23, "Cambodia", "Country")
    (document,), diagnostics = _read(read_bytes, [_task(A, role)])
    assert [m.types for m in document.mentions] == [("Country", "Member")]
    assert not diagnostics.codes
    (document,), diagnostics = _read(read_bytes, [_task(A, elsewhere)])
    assert len(document.mentions) == 2
    assert diagnostics.codes == {"id.duplicate": 1}


def test_what_different_people_say_of_a_text_is_all_kept(read_bytes: Read) -> None:
    task = _task(_control("choices", "topic", {"choices": ["scam"]}))
    other = {"completed_by": 8, "result": [_control("choices", "topic", {"choices": ["raid", "scam"]})]}
    task["annotations"].append(other)
    model = {"model_version": "m1", "score": 0.5, "result": [_control("choices", "topic", {"choices": ["spam"]})]}
    (document,), _ = _read(read_bytes, [{**task, "predictions": [model]}], options=Options(predictions=True))
    assert document.metadata == {"annotation.topic": "scam; raid"}
    assert [(one["annotator"], one["values"]) for one in document.extra["answers"]] == [
        ("7", ["scam"]),
        ("8", ["raid", "scam"]),
        ("m1", ["spam"]),
    ]


def test_beside_a_region_stand_notes_links_and_attributes(read_bytes: Read) -> None:
    meta = {"text": ["is it?"], "link.wikidata": ["Q869"], "sure": [True, "mostly"]}
    (document,), _ = _read(read_bytes, [_task({**A, "meta": meta, "origin": "prediction-changed", "score": 0.7})])
    (mention,), (note,) = document.mentions, document.notes
    assert (note.text, note.target, note.annotator) == ("is it?", "a", "7")
    assert mention.links == (Link("wikidata", "Q869"),)
    assert mention.attributes == {"sure": (True, "mostly")}
    assert (mention.confidence, mention.origin) == (0.7, "manual")
    assert mention.extra == {"origin": "prediction-changed"}
    data = b"".join(piece for _, piece in LABEL_STUDIO_WRITER.write([document], Counter()))
    (again,), _ = _read(read_bytes, orjson.loads(data))
    assert (again.mentions[0].links, again.mentions[0].attributes) == (mention.links, mention.attributes)
    assert [one.text for one in again.notes] == ["is it?"]


def test_marks_on_pictures_and_sounds_are_no_mentions(read_bytes: Read) -> None:
    box = _control("rectanglelabels", "box", {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["Car"]})
    sound = _control("labels", "voice", {"start": 0.5, "end": 1.5, "channel": 0, "labels": ["Speech"]}, "s")
    (document,), diagnostics = _read(read_bytes, [_task(box, sound, A)])
    assert len(document.mentions) == 1
    assert not document.metadata
    assert diagnostics.codes == {"json.shape": 2}


# --- whose work


def test_a_model_and_a_person_may_use_the_same_numbers(read_bytes: Read) -> None:
    tie = {"type": "relation", "from_id": "a", "to_id": "a", "direction": "right", "labels": ["self"]}
    model = {"id": 5, "model_version": "m1", "score": {"not": "a number"}, "result": [A, tie]}
    (document,), diagnostics = _read(
        read_bytes, [_task(A, tie, predictions=[model])], options=Options(predictions=True)
    )
    assert [(m.id, m.annotator, m.origin, m.confidence) for m in document.mentions] == [
        ("a", "7", "manual", None),
        ("a@m1", "m1", "prediction", None),
    ]
    assert [target for r in document.relations for _, target in r.args] == ["a", "a", "a@m1", "a@m1"]
    assert not diagnostics.codes


def test_what_is_not_read_is_said(read_bytes: Read) -> None:
    task = _task(A, predictions=[{"result": [B]}], drafts=[{"result": [B]}])
    documents, diagnostics = _read(read_bytes, [task, task])
    assert [len(document.mentions) for document in documents] == [1, 1]
    assert diagnostics.codes == {"annotation.prediction": 1, "annotation.draft": 2}
    assert not diagnostics.skipped


def test_annotators_are_numbers_or_names_never_addresses(read_bytes: Read) -> None:
    person = {"id": 4, "email": "bo@example.org", "first_name": "Bo"}
    makers: list[Any] = [3, "anna@example.org", person, {}, [], None]
    annotations = [{"completed_by": by, "result": []} for by in makers]
    (document,), _ = _read(read_bytes, [{"id": 1, "data": {"text": "x"}, "annotations": annotations}])
    assert [one.id for one in document.annotators] == ["3", "anna", "4"]
    assert b"example" not in orjson.dumps(to_fields(document))


def test_suggestions_are_written_as_predictions(read_bytes: Read) -> None:
    (document,), _ = _read(
        read_bytes,
        [{"id": 1, "data": {"text": TEXT}, "predictions": [{"model_version": "names", "result": [A]}]}],
        options=Options(predictions=True),
    )
    ((_, first), _) = LABEL_STUDIO_WRITER.write([document], Counter())
    (task,) = orjson.loads(first + b"]")
    assert "annotations" not in task
    assert [(one["model_version"], len(one["result"])) for one in task["predictions"]] == [("names", 1)]


# --- texts


def test_a_page_is_its_text_and_offsets_are_those_of_its_text_nodes(read_bytes: Read) -> None:
    html = "<h1>Title</h1><p>In <b>Thailand</b><br>&amp; Cambodia</p><p>Thailand</p>"
    nodes = "TitleIn Thailand\n& CambodiaThailand"  # what a browser counts: <br> is one
    spans = []
    for number, (word, at) in enumerate((("Thailand", 8), ("Cambodia", 19), ("Thailand", 27))):
        assert nodes[at : at + 8] == word
        place = {"startOffset": 0, "endOffset": 8, "globalOffsets": {"start": at, "end": at + 8}}
        spans.append(_span(str(number), "/p[1]/text()[1]", "/p[1]/text()[1]", word, "Country", value=place))
    (document,), diagnostics = _read(read_bytes, [_task(*spans, data={"html": html})])
    assert document.text == "Title\nIn Thailand\n& Cambodia\nThailand"
    assert [m.fragments for m in document.mentions] == [((9, 17),), ((20, 28),), ((29, 37),)]
    assert diagnostics.codes == {"text.rebuilt": 1}
    assert document.mentions[0].raw_offsets == ((8, 16),)


def test_a_page_without_global_offsets_has_what_stands_in_it_once(read_bytes: Read) -> None:
    place = {"startOffset": 0, "endOffset": 8}
    once = _span("a", "/p[1]/text()[1]", "/p[1]/text()[1]", "Cambodia", "Country", value=place)
    twice = _span("b", "/p[2]/text()[1]", "/p[2]/text()[1]", "Thailand", "Country", value=place)
    data = {"html": "<p>Thailand, Cambodia, Thailand</p>"}
    (document,), diagnostics = _read(read_bytes, [_task(once, twice, data=data)])
    assert [(document.words(m), m.repair) for m in document.mentions] == [("Cambodia", "only-place")]
    assert diagnostics.codes == {"text.rebuilt": 1, "offset.repaired": 1, "offset.mismatch": 1}


@pytest.mark.parametrize(
    ("html", "path", "start", "end"),
    [
        ("Thailand and 😀 Thailand", "/text()[1]", 16, 24),
        ("<html><body><div>Thailand<p>😀 Thailand</p></div></body></html>", "/div[1]/p[1]/text()[1]", 3, 11),
        ("<p>Thailand<p>x<p>and Thailand", "/p[3]/text()", 4, 12),
        ("<ul><li>Thailand<li>Thailand</ul>", "/ul/li[2]/text()[1]", 0, 8),
        ("<table><tr><td>Thailand<td>Thailand</table>", "/table[1]/tbody[1]/tr[1]/td[2]/text()[1]", 0, 8),
        ("<p>Thailand<br/>a<!-- x -->b <b>x</b> Thailand</p>", "/p[1]/text()[4]", 1, 9),
        ("<p>Thailand</p></b><p>Thailand</p>", "/p[2]/text()[1]", 0, 8),
    ],
)
def test_a_path_leads_to_a_text_node(read_bytes: Read, html: str, path: str, start: int, end: int) -> None:
    place = {"startOffset": start, "endOffset": end}
    span = _span("a", path, path, "Thailand", "Country", value=place)
    silent = _span("b", path, path, None, "Country", value=place)
    (document,), diagnostics = _read(read_bytes, [_task(span, silent, data={"html": html})])
    assert [(m.fragments, m.repair) for m in document.mentions] == [
        (((document.text.rindex("Thailand"), document.text.rindex("Thailand") + 8),), None)
    ] * 2
    assert diagnostics.skipped == 0


def test_a_path_into_a_page_of_any_depth_costs_no_time(read_bytes: Read) -> None:
    place = {"startOffset": 0, "endOffset": 8}
    span = _span("a", "/b" * 30_000, "/b[1]" * 30_000, "Thailand", "Country", value=place)
    (document,), _ = _read(read_bytes, [_task(span, data={"html": "<b>" * 30_000 + "Thailand"})])
    assert [(document.words(m), m.repair) for m in document.mentions] == [("Thailand", "only-place")]


def test_where_a_page_counts_otherwise_the_nearest_words_are_meant(read_bytes: Read) -> None:
    place = {"startOffset": 0, "endOffset": 8, "globalOffsets": {"start": 14, "end": 22}}
    span = _span("a", "/p[2]/text()[1]", "/p[2]/text()[1]", "Thailand", "Country", value=place)
    (document,), _ = _read(read_bytes, [_task(span, data={"html": "Thailand, then <i>Thailand</i>"})])
    (mention,) = document.mentions
    assert (mention.fragments, mention.repair) == (((15, 23),), "nearest")


def test_a_page_is_counted_without_what_sets_blocks_apart() -> None:
    page = html_page("<p>a</p><p>b<br>c</p>")
    assert page.text == "a\nb\nc"
    assert [page.fragment(0, 1), page.fragment(1, 2), page.fragment(3, 4)] == [(0, 1), (2, 3), (4, 5)]


def test_paragraphs_are_joined_and_offsets_counted_inside_each(read_bytes: Read) -> None:
    data = {"talk": [{"author": "A", "text": "😀 Hi"}, {"author": "B", "text": "😀 In Thailand"}]}

    def region(id_: str, first: Any, last: Any, start: Any, end: Any, text: str) -> dict[str, Any]:
        value = {"startOffset": start, "endOffset": end, "paragraphlabels": ["Country"]}
        found = _span(id_, first, last, text, "x", value=value)
        del found["value"]["labels"]
        return {**found, "type": "paragraphlabels"}

    regions = [
        region("a", "1", "1", 5, 13, "Thailand"),
        region("utf16", 1, 1, 6, 14, "Thailand"),
        region("across", "0", "1", 2, 4, "Hi\n\n😀 In"),
        region("gone", "7", "7", 0, 1, "x"),
        region("bad", "0", "0", None, 1, "x"),
    ]
    regions[2]["value"]["endOffset"] = 4
    (document,), diagnostics = _read(read_bytes, [_task(*regions, data=data)])
    assert document.text == "😀 Hi\n😀 In Thailand"
    assert document.sentences == ((0, 4), (5, 18))
    found = {m.raw_id: (document.words(m), m.repair) for m in document.mentions}
    assert found == {
        "a": ("Thailand", None),
        "utf16": ("Thailand", "utf16"),
        "across": ("Hi\n😀 In", "white-space"),
    }
    assert document.mentions[0].types == ("Country",)
    assert diagnostics.skipped == 2


def test_a_title_and_a_body_are_one_text(read_bytes: Read) -> None:
    data = {"body": "It was Cambodia that signed.", "title": "😀 Thailand signs", "url": "https://x"}
    first = {**_span("a", 2, 10, "Thailand", "Country"), "to_name": "headline"}
    second = {**_span("b", 7, 15, "Cambodia", "Country"), "to_name": "story"}
    tie = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "bi", "labels": ["signed"]}
    (document,), diagnostics = _read(read_bytes, [_task(first, second, tie, data=data)])
    assert document.text == f"{data['title']}\n\n{data['body']}"
    assert [document.words(m) for m in document.mentions] == ["Thailand", "Cambodia"]
    assert not document.relations[0].directed
    assert document.metadata == {"url": "https://x"}
    assert diagnostics.codes == {"text.rebuilt": 1}


def test_a_task_without_spans_has_the_text_that_the_others_have(read_bytes: Read) -> None:
    data = {"id": "a much longer string than the text itself is", "content": TEXT}
    documents, _ = _read(read_bytes, [_task(A, data=data), _task(data=data)])
    assert [document.text for document in documents] == [TEXT, TEXT]


def test_a_task_without_a_text_says_so(read_bytes: Read) -> None:
    (document,), diagnostics = _read(read_bytes, [_task(A, data={"pages": 3})])
    assert (document.text_origin, document.mentions) == ("missing", ())
    assert [(one.action, one.excerpt) for one in diagnostics.kept] == [("kept", ""), ("skipped", "Thailand")]
    assert diagnostics.codes == {"text.missing": 2}
    (document,), diagnostics = _read(read_bytes, [_task(A)], options=Options(text_key="nothing"))
    assert document.text_origin == "missing"


@pytest.mark.parametrize(
    "address", ["/data/upload/9/4a85-Electric Sparks.wav", "https://example.org/a.jpg", "s3://b/ไทย.csv", "a.mp3"]
)
def test_where_a_picture_or_a_sound_lies_is_no_text(read_bytes: Read, address: str) -> None:
    (document,), diagnostics = _read(read_bytes, [_task(data={"audio": address})])
    assert (document.text, document.text_origin, document.metadata) == ("", "missing", {"audio": address})
    assert diagnostics.codes == {"text.missing": 1}
    (document,), _ = _read(read_bytes, [_task(A, data={"audio": address, "said": TEXT})])
    assert (document.text, len(document.mentions)) == (TEXT, 1)


def test_a_storage_has_a_file_for_each_annotation(read_bytes: Read) -> None:
    tie = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "left", "labels": ["signed"]}
    task = {"id": 3, "data": {"text": TEXT}, "annotations": [1, 2], "is_labeled": True}
    stored = {"id": 9, "result": [A, B, tie, 7], "completed_by": {"id": 4, "email": "x@example.org"}, "task": task}
    (document,), diagnostics = _read(read_bytes, stored)
    assert (document.id, document.text, len(document.mentions)) == ("3", TEXT, 2)
    assert {m.annotator for m in document.mentions} == {"4"}
    assert [document.words(m) for _, end in document.relations[0].args for m in document.mentions if m.id == end] == [
        "Cambodia",
        "Thailand",
    ]
    assert [(one.code, one.place) for one in diagnostics.kept] == [("json.shape", "1:result/3")]


def test_work_that_was_cancelled_is_told(read_bytes: Read) -> None:
    annotations = [{"id": 1, "was_cancelled": True, "result": [A]}, {"id": 2, "was_cancelled": True, "result": []}]
    (document,), diagnostics = _read(read_bytes, [{"id": 1, "data": {"text": TEXT}, "annotations": annotations}])
    assert not document.mentions
    assert [(one.code, one.place, one.action) for one in diagnostics.kept] == [
        ("task.not-accepted", "/0/annotations/0", "kept")
    ]


def test_a_text_that_is_an_address_alone_stands_where_texts_do(read_bytes: Read) -> None:
    alone = _task(data={"text": "https://example.org/x", "source": "somebody"})
    documents, _ = _read(read_bytes, [_task(A, data={"text": TEXT, "source": "somebody"}), alone])
    assert [document.text for document in documents] == [TEXT, "https://example.org/x"]


def test_an_address_that_somebody_marked_is_a_text(read_bytes: Read) -> None:
    mark = _span("a", 8, 19, "example.org", "Company")
    (document,), _ = _read(read_bytes, [_task(mark, data={"tweet": "https://example.org/a.jpg"})])
    assert [document.words(m) for m in document.mentions] == ["example.org"]


@pytest.mark.parametrize(
    "values",
    [
        [{"start": 1, "end": 3, "channel": 0, "labels": ["Noise"]}],
        [{"start": 1, "end": 3, "labels": ["Noise"]}, {"start": 4.5, "end": 6, "labels": ["Noise"]}],
        [{"start": 1, "end": 3, "instant": False, "timeserieslabels": ["Noise"]}],
        [{"start": "2023-01-10T10:15:00Z", "end": "2023-01-10T11:45:00Z", "timeserieslabels": ["Noise"]}],
        [{"sequence": [{"frame": 1, "x": 1}], "labels": ["Car"]}],
        [{"ranges": [{"start": 1, "end": 4}], "timelinelabels": ["Car"]}],
    ],
)
def test_what_is_counted_in_time_is_no_mention(read_bytes: Read, values: list[dict[str, Any]]) -> None:
    types = [next(key for key in value if key.endswith("labels")) for value in values]
    results = [_control(type_, "sound", value, str(id(value))) for type_, value in zip(types, values, strict=True)]
    task = _task(*({**one, "to_name": "audio"} for one in results), A, data={"audio": "x.wav", "text": TEXT})
    (document,), diagnostics = _read(read_bytes, [task])
    assert [document.words(m) for m in document.mentions] == ["Thailand"]
    assert diagnostics.codes == {"json.shape": len(values)}
    row = {"id": 1, "audio": "x.wav", "label": values, "annotator": 1, "annotation_id": 2, "lead_time": 3}
    (document,), diagnostics = _read(read_bytes, [row], LABEL_STUDIO_MIN)
    assert document.text == ""
    assert not document.mentions


def test_who_annotated_in_older_exports_and_how_sure_a_model_was(read_bytes: Read) -> None:
    sure = _span("a", 2, 10, "Thailand", "Country", value={"confidence": 0.9})
    for name, wanted in {"eric": "eric", " anna@example.org, 192": "192", "bo@example.org": "bo"}.items():
        task = {"id": 1, "data": {"text": TEXT}, "completions": [{"created_username": name, "result": [sure]}]}
        (document,), _ = _read(read_bytes, [task])
        assert [(m.annotator, m.confidence) for m in document.mentions] == [(wanted, 0.9)]


def test_line_breaks_written_as_two_characters_are_found_on_a_page(read_bytes: Read) -> None:
    page = "<p>appreciated.\n\nVincent: Look</p>"
    value = {"start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "startOffset": 0, "endOffset": 27}
    words = {**value, "text": "appreciated.\\n\\nVincent:", "hypertextlabels": ["Name"]}
    (document,), diagnostics = _read(
        read_bytes, [_task(_control("hypertextlabels", "name", words), data={"text": page})]
    )
    assert [document.words(m) for m in document.mentions] == ["appreciated.\n\nVincent:"]
    assert diagnostics.skipped == 0


def test_spans_without_words_are_as_they_are_counted(read_bytes: Read) -> None:
    bare = _span("a", 2, 10, None, "Country")
    for unit, words in (("codepoint", "Thailand"), ("utf16", " Thailan")):
        (document,), diagnostics = _read(read_bytes, [_task(bare)], options=Options(unit=unit))
        assert [document.words(m) for m in document.mentions] == [words]
        assert diagnostics.codes == {"offset.unchecked": 1}


def test_a_document_comes_back_as_itself(read_bytes: Read) -> None:
    document = Document(id="ไทย-1", path="x", format="x", text="x", language="th", metadata={"text": "no", "url": "u"})
    data = b"".join(piece for _, piece in LABEL_STUDIO_WRITER.write([document], Counter()))
    (again,), _ = _read(read_bytes, [{**orjson.loads(data)[0], "id": 99, "annotations": []}])
    assert (again.id, again.text) == ("ไทย-1", "x")
    assert again.metadata == {"language": "th", "url": "u"}


# --- JSON-MIN


def test_rows_have_spans_answers_and_what_is_said_of_spans(read_bytes: Read) -> None:
    row = {
        "id": 1,
        "body": TEXT,
        "talk": [{"text": "no span", "author": "A"}],
        "label": [
            {"start": 2, "end": 10, "text": "Thailand", "labels": ["Country"]},
            {"start": 15, "end": 23, "text": "Cambodia", "labels": ["Country"]},
            7,
        ],
        "stage": [
            {"start": 15, "end": 23, "text": "Cambodia", "choices": ["planned"]},
            {"start": 2, "end": 3, "choices": ["new"]},
        ],
        "topic": "scam",
        "annotator": "anna@example.org",
        "annotation_id": 5,
        "lead_time": 1.5,
    }
    (document,), diagnostics = _read(read_bytes, [row], LABEL_STUDIO_MIN)
    assert [(m.types, m.layer, m.attributes) for m in document.mentions] == [
        (("Country",), "label", {}),
        (("Country",), "label", {"stage": ("planned",)}),
        ((), "stage", {"stage": ("new",)}),
    ]
    assert (document.metadata, document.annotators[0].id) == ({"topic": "scam"}, "anna")
    assert diagnostics.codes == {"format.no-relations": 1, "json.shape": 1, "offset.unchecked": 1}
    assert diagnostics.read == 4


def test_a_row_without_its_text_says_so(read_bytes: Read) -> None:
    row = {"id": 1, "label": [{"start": 0, "end": 1, "labels": ["X"]}]}
    _, diagnostics = _read(read_bytes, [row], LABEL_STUDIO_MIN)
    assert diagnostics.codes == {"format.no-relations": 1, "text.missing": 2}


def test_old_rows_are_known_by_their_spans(read_bytes: Read, tmp_path: Any) -> None:
    from accordgraph.inspecting import inspect

    row = {"id": 1, "text": TEXT, "label": [{"start": 2, "end": 10, "text": "Thailand", "labels": ["Country"]}]}
    (tmp_path / "old.json").write_bytes(orjson.dumps([row]))
    big = {"id": 1, "annotations": [{"result": [A] * 30_000}], "data": {"text": TEXT}}
    (tmp_path / "big.json").write_bytes(orjson.dumps([big]))
    assert [(one.path[-8:], one.format) for one in inspect([tmp_path])] == [
        ("big.json", "label-studio"),
        ("old.json", "label-studio-min"),
    ]
