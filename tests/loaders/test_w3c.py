"""Web annotations in every dialect: real exports, the made ones, quotes on texts and pages, broken files, and writing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link, document_from, to_fields
from loaders.files import Files
from loaders.quotes import Anchor, Quotes
from loaders.reading import Options
from loaders.w3c import W3C

TESTS = Path(__file__).resolve().parent.parent
SAMPLES = TESTS / "samples" / "w3c"
Read = Callable[..., tuple[list[Document], Diagnostics]]
TEXT = "Thailand signed. 😀 Cambodia and Thailand met; Thailand left."


def _read(
    read: Read, values: Any, *, text: str | None = TEXT, name: str = "news.txt", options: Options | None = None
) -> tuple[list[Document], Diagnostics]:
    contents = {"news.json": orjson.dumps(values)} | ({name: text.encode()} if text is not None else {})
    documents, diagnostics = read(W3C, contents, options)
    return documents, diagnostics


def _mark(id_: str, exact: str | None, start: int | None = None, *tags: str, **quote: str) -> dict[str, Any]:
    selectors: list[dict[str, Any]] = []
    if exact is not None:
        selectors.append({"type": "TextQuoteSelector", "exact": exact, **quote})
    if start is not None:
        selectors.append({"type": "TextPositionSelector", "start": start, "end": start + len(exact or "")})
    body = [{"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in tags]
    return {"id": id_, "type": "Annotation", "body": body, "target": {"selector": selectors}}


# --- real and made exports


@pytest.mark.parametrize("folder", ["small", "all"])
def test_real_exports_have_the_counts_of_their_sources(
    read_files: Read, request: pytest.FixtureRequest, folder: str
) -> None:
    place = SAMPLES if folder == "small" else request.getfixturevalue("samples") / "w3c"
    documents, diagnostics = read_files(place)
    recogito_js, recogito, annotator = documents
    assert [(len(one.mentions), len(one.relations), len(one.notes)) for one in documents] == [
        (3, 1, 3),
        (1, 2, 0),
        (14, 0, 0),
    ]
    assert all(one.words(mention) == mention.surface for one in documents for mention in one.mentions)
    assert diagnostics.codes["ref.elsewhere"] == 2  # relations of Recogito 2 to annotations in another file
    assert not diagnostics.skipped
    assert (recogito_js.text_origin, recogito.text_origin, annotator.text_origin) == ("given", "missing", "missing")


def test_what_recogito_js_says(read_files: Read) -> None:
    (document,), _ = read_files(SAMPLES / "recogito-js.annotations.w3c.json")
    troy, death, ithaca = document.mentions
    assert troy.types == ("A Tag", "Another Tag")
    assert (ithaca.raw_offsets, ithaca.repair, document.words(ithaca)) == (((963, 970),), "by-words", "Ithaca")
    (relation,) = document.relations
    assert (relation.type, relation.args) == ("isRelatedTo", (("from", troy.id), ("to", death.id)))
    assert (document.notes[0].target, document.notes[0].text) == (troy.id, "This is a comment")
    assert document.metadata["title"] == "RecogitoJS | Development"
    assert "Recogito.init" not in document.text


def test_what_recogito_2_says(read_files: Read) -> None:
    (document,), _ = read_files(SAMPLES / "recogito2.annotation-with-two-relations.json")
    (mention,) = document.mentions
    assert (mention.types, mention.links, mention.annotator) == (("PLACE",), (Link("wikidata", "Q8709"),), "rainer")
    assert document.text == "London Stansted"
    assert document.metadata["document_id"] == "98muze1cl3saib"


def test_without_a_text_the_quotes_stand_for_it(read_files: Read) -> None:
    (document,), diagnostics = read_files(SAMPLES / "text-annotator-js.annotations.json")
    assert diagnostics.codes == {"text.missing": 1}
    assert document.text.startswith("that ingenious hero\ningenious hero who travelled far and wide\n")
    same = [mention.fragments for mention in document.mentions if mention.raw_offsets == ((335, 347),)]
    assert len(same) == 2
    assert same[0] == same[1]


def test_the_made_exports_say_what_was_marked(read_files: Read, made: dict[str, Any]) -> None:
    for language, wanted in made.items():
        (document,), _ = read_files(TESTS / "made" / "w3c" / f"{language}.json")
        assert document.text == wanted["text"]
        marks = [(*m.fragments[0], *m.types, document.words(m)) for m in document.mentions]
        assert marks == [(m["start"], m["end"], m["label"], m["words"]) for m in wanted["mentions"]]
        place = {m.id: number for number, m in enumerate(document.mentions)}
        ties = [(r.type, *(place[target] for _, target in r.args)) for r in document.relations]
        assert ties == [(r["label"], r["from"], r["to"]) for r in wanted["relations"]]


# --- where quotes stand


@pytest.mark.parametrize(
    ("anchor", "at"),
    [
        (Anchor("Thailand", 32, 40), 32),  # at its position
        (Anchor("Thailand", 30, 38), 32),  # the nearest
        (Anchor("Thailand", 44, 52), 46),
        (Anchor("Thailand", 0, 8, prefix="met; ", suffix=" left"), 46),  # what stands around comes before the position
        (Anchor("Thailand", None, None, suffix=" met"), 32),
        (Anchor("Thailand", 999_999, 999_999), 46),
        (Anchor("Cambodia\n  and", 1, 4), 19),
        (Anchor("signed.😀Cambodia", None, None), 9),  # blocks of a page
        (Anchor(None, 19, 27), 19),
        (Anchor("Vietnam", 19, 27), None),
        (Anchor("Vietnam", None, None), None),
        (Anchor(None, 19, 99), None),
        (Anchor(None, None, None), None),
        (Anchor(" ", None, None), None),
    ],
)
def test_the_words_decide(anchor: Anchor, at: int | None) -> None:
    (placed,), _ = Quotes(TEXT, "codepoint").place([[anchor]])
    assert (placed.fragments[0][0] if placed else None) == at


def test_positions_in_utf16_are_noticed() -> None:
    quotes = Quotes(TEXT, "codepoint")
    placed, repair = quotes.place([[Anchor("Cambodia", 20, 28)], [Anchor("Thailand", 33, 41)], [Anchor(None, 33, 41)]])
    assert repair == "utf16"
    assert [one.fragments[0][0] for one in placed if one] == [19, 32, 32]


def test_positions_in_a_part_of_the_page_are_shifted() -> None:
    page = "menu menu menu " + TEXT
    wanted = [[Anchor("Thailand", 32, 40)], [Anchor("Cambodia", 19, 27)]]
    placed, _ = Quotes(page, "codepoint").place(wanted)
    assert [one.fragments[0][0] for one in placed if one] == [47, 34]


def test_a_quote_in_several_places_with_nothing_to_choose_by_is_said(read_bytes: Read) -> None:
    (document,), diagnostics = _read(read_bytes, [_mark("#1", "Thailand")])
    assert document.mentions[0].fragments == ((0, 8),)
    assert diagnostics.codes == {"offset.unchecked": 1}


# --- what annotations say


def test_several_fragments_links_notes_and_attributes(read_bytes: Read) -> None:
    one = {
        "id": "http://x/1",
        "motivation": "oa:classifying",
        "creator": {"id": "anna", "name": "Anna Full-Name", "email": "a@b.c"},
        "created": "2022-07-11",
        "body": [
            {"value": "Country"},
            {"purpose": "tagging", "value": {"id": "http://onto/x#Member", "label": "Member"}},
            {"purpose": "identifying", "source": {"id": "https://www.wikidata.org/wiki/Q869", "label": "Thailand"}},
            {"purpose": "identifying", "value": "http://x.org/thai"},
            "http://www.geonames.org/1605651",
            {"purpose": "commenting", "value": "sure?", "creator": "ben"},
            {"purpose": "transcribing", "value": "Thai"},
            {"type": "Feature", "geometry": {"coordinates": [1, 2]}, "creator": {"name": "Anna Full-Name"}},
            7,
        ],
        "target": [
            {"selector": {"type": "TextQuoteSelector", "exact": "Cambodia"}},
            {
                "selector": {
                    "refinedBy": {"exact": "Thailand", "suffix": " met"},
                    "type": "XPathSelector",
                    "value": "/p",
                }
            },
        ],
    }
    (document,), diagnostics = _read(read_bytes, one)
    (mention,) = document.mentions
    assert (mention.types, mention.annotator, mention.fragments) == (
        ("Country", "Member"),
        "anna",
        ((19, 27), (32, 40)),
    )
    assert mention.links == (
        Link("uri", "http://onto/x#Member", "Member"),
        Link("wikidata", "Q869", "Thailand"),
        Link("uri", "http://x.org/thai"),
        Link("geonames", "1605651"),
    )
    assert mention.attributes == {"transcribing": ("Thai",)}
    assert mention.extra == {
        "created": "2022-07-11",
        "bodies": [{"type": "Feature", "geometry": {"coordinates": [1, 2]}}, 7],
    }
    assert [(note.text, note.annotator) for note in document.notes] == [("sure?", "ben")]
    assert b"Full-Name" not in orjson.dumps(to_fields(document))
    assert not diagnostics.codes


def test_rows_of_hypothes_is(read_bytes: Read) -> None:
    def row(id_: str, uri: str, **more: Any) -> dict[str, Any]:
        return {
            "id": id_,
            "uri": uri,
            "user": "acct:anna@hypothes.is",
            "tags": [],
            "text": "",
            "target": [{"source": uri}],
            **more,
        }

    quote = [
        {
            "source": "https://x.org/a",
            "selector": [
                {"type": "RangeSelector"},
                {"type": "TextQuoteSelector", "exact": "Thailand", "suffix": " met"},
            ],
        }
    ]
    rows = [
        row("1", "https://x.org/a", tags=["Country"], text="a state", target=quote, document={"title": ["News"]}),
        row("2", "https://x.org/b", tags=["scam"]),
        row("3", "https://x.org/a", references=["1"], text="is it?"),
        row("4", "https://x.org/b", text="on the page"),
        row("5", "https://x.org/b"),
    ]
    documents, diagnostics = _read(read_bytes, {"total": 5, "rows": rows}, text=None)
    first, second = documents
    assert (first.id, first.metadata) == ("https://x.org/a", {"source": "https://x.org/a", "title": "News"})
    assert [(note.target, note.text) for note in first.notes] == [("1", "a state"), ("1", "is it?")]
    assert [(m.types, m.fragments) for m in second.mentions] == [(("scam",), ())]
    assert [(note.target, note.text) for note in second.notes] == [(None, "on the page")]
    assert [(one.code, one.place) for one in diagnostics.kept] == [("text.missing", ""), ("json.shape", "1/rows/4")]


@pytest.mark.parametrize(
    "relation",
    [
        [
            {
                "id": "r",
                "motivation": "linking",
                "target": [{"id": "1"}, {"id": "2"}],
                "body": {"purpose": "tagging", "value": "met"},
            }
        ],
        [
            [
                {"id": "r", "motivation": "linking", "target": "1", "body": "2"},
                {"motivation": "tagging", "body": [{"value": "met"}], "target": "r"},
            ]
        ],
        [
            {
                "id": "r",
                "bodies": [{"purpose": "tagging", "value": "met"}],
                "target": {"annotation": "r", "selector": {"from": "1", "to": "2"}},
            }
        ],
        [
            {
                "id": "r",
                "motivation": ["linking"],
                "target": ["1", "2"],
                "body": [{"purpose": "tagging", "value": "met"}],
            }
        ],
    ],
)
def test_relations_in_every_dialect(read_bytes: Read, relation: list[Any]) -> None:
    values = [*relation, _mark("1", "Cambodia", 19, "Country"), _mark("2", "signed", 9, "Act")]
    (document,), diagnostics = _read(read_bytes, values)
    (found,) = document.relations
    assert (found.type, found.args) == ("met", (("from", "1"), ("to", "2")))
    assert not diagnostics.codes


def test_sets_of_bodies_and_of_targets_are_opened(read_bytes: Read) -> None:
    """Section 3.2.7 of the specification: Choice, Composite, List, Independents."""
    one = _mark("1", "Cambodia", 19, "Country")
    bodies = [*one["body"], {"value": "no", "purpose": "commenting"}, {"id": "http://x/note"}]
    values = [
        {**one, "body": {"type": "Choice", "items": bodies}, "target": {"type": "List", "items": [one["target"]]}},
        {"id": "2", "body": {"type": "Choice", "items": [{"id": "http://x/a"}, {"id": "http://x/b"}]}, "target": "y"},
    ]
    (document,), diagnostics = _read(read_bytes, values)
    assert [(document.words(m), m.types, [link.id for link in m.links]) for m in document.mentions] == [
        ("Cambodia", ("Country",), ["http://x/note"]),
        ("", ("Annotation",), ["http://x/a", "http://x/b"]),
    ]
    assert [note.text for note in document.notes] == ["no"]
    assert not diagnostics.codes


def test_a_relation_to_another_file_or_another_page_is_kept_with_the_id_of_its_end(read_bytes: Read) -> None:
    other = {"id": "9", "target": {"source": "http://x/other", "selector": {"exact": "Phnom Penh"}}}
    values = [
        _mark("1", "Cambodia", 19, "Country"),
        {"id": "r", "motivation": "linking", "body": {"value": "met", "purpose": "tagging"}, "target": ["1", "9"]},
        {"id": "s", "motivation": "linking", "target": [{"id": "http://x/7"}, {"id": "1"}]},
        other,
    ]
    (document, page), diagnostics = _read(read_bytes, values)
    assert [(one.type, one.args, one.elsewhere) for one in document.relations] == [
        ("met", (("from", "1"), ("to", "9")), ("9",)),
        (None, (("from", "http://x/7"), ("to", "1")), ("http://x/7",)),
    ]
    assert (len(page.mentions), diagnostics.codes["ref.elsewhere"], diagnostics.skipped) == (1, 2, 0)
    assert document_from(to_fields(document)) == document


def test_annotations_on_annotations(read_bytes: Read) -> None:
    values = [
        _mark("1", "Cambodia", 19, "Country"),
        {"id": "2", "motivation": "replying", "body": {"value": "why?"}, "target": "1"},
        {"id": "3", "motivation": "tagging", "body": {"value": "checked"}, "target": {"id": "1"}},
        {"id": "4", "motivation": "replying", "body": {"value": "why?"}, "target": "3"},
        {"id": "5", "target": "1"},
    ]
    (document,), diagnostics = _read(read_bytes, values)
    assert document.mentions[0].attributes == {"tag": ("checked",)}
    assert [(note.target, note.text) for note in document.notes] == [("1", "why?")]
    assert sorted(one.code for one in diagnostics.kept) == ["json.shape", "ref.dangling"]


def test_sources_are_documents_whatever_the_order(read_bytes: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    values = []
    for number in range(6):
        one = _mark(f"m{number}", "Thailand", 0, "Country")
        values.append({**one, "target": {**one["target"], "source": f"http://x/{number % 3}"}})
    values.append({"id": "r", "motivation": "linking", "target": [{"id": "m1"}, {"id": "m4"}]})
    once, _ = _read(read_bytes, values, text=None)
    assert [(one.id, len(one.mentions), len(one.relations)) for one in once] == [
        ("http://x/0", 2, 0),
        ("http://x/2", 2, 0),
        ("http://x/1", 2, 1),
    ]
    monkeypatch.setattr("loaders.w3c._SMALL", 0)
    twice, _ = _read(read_bytes, values, text=None)
    assert twice == once


# --- the text beside it


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("https://x.org/a/news%202.html?x#y", "news 2.html"),
        ("news 2", "news 2.txt"),
        ("file:///home/x/news 2.txt", "news 2.txt"),
        ("f903b736", "parts/f903b736.txt"),
        ("http://[", "news.txt"),
        (None, "news.htm"),
        (None, "news.other.txt"),
    ],
)
def test_texts_are_found(read_bytes: Read, source: str | None, name: str) -> None:
    one = _mark("1", "Cambodia", 19, "Country")
    one["target"] |= {"source": source} if source else {}
    (document,), _ = _read(read_bytes, [one], name=name)
    assert document.text == TEXT
    assert document.text_origin == "given"


def test_a_text_that_only_has_a_like_name_must_hold_the_quotes(read_bytes: Read) -> None:
    (document,), diagnostics = _read(read_bytes, [_mark("1", "Vietnam", 19, "Country")], name="news.other.txt")
    assert (document.text, document.text_origin, diagnostics.codes) == ("Vietnam", "missing", {"text.missing": 1})


def test_the_only_text_beside_the_only_export_is_its_text_where_it_has_all_the_words(read_bytes: Read) -> None:
    quotes = [TEXT[:40], TEXT[10:45]]
    marks = [_mark(str(number), exact, None, "Words") for number, exact in enumerate(quotes)]
    (document,), _ = _read(read_bytes, marks, name="index.html")
    assert (document.text_origin, document.text.split()) == ("given", TEXT.split())
    (document,), _ = _read(read_bytes, marks[:1], name="index.html")  # too few words to tell
    assert document.text_origin == "missing"
    (document,), _ = _read(read_bytes, [*marks, _mark("x", "Vietnam")], name="index.html")
    assert document.text_origin == "missing"


def test_a_position_without_a_text_says_so(read_bytes: Read) -> None:
    (document,), diagnostics = _read(read_bytes, [_mark("1", None, 7, "Country")], text=None)
    assert not document.mentions
    assert [(one.code, one.action) for one in diagnostics.kept][-1] == ("text.missing", "skipped")


def test_words_that_are_not_in_the_text_are_quarantined_with_what_hangs_on_them(read_bytes: Read) -> None:
    relation = {"id": "r", "motivation": "linking", "target": [{"id": "1"}, {"id": "2"}]}
    (document,), diagnostics = _read(
        read_bytes, [_mark("1", "Vietnam", 1, "Country"), _mark("2", "Cambodia"), relation]
    )
    assert [m.id for m in document.mentions] == ["2"]
    assert [(one.code, one.excerpt) for one in diagnostics.kept] == [
        ("offset.mismatch", "Vietnam"),
        ("ref.dangling", ""),
    ]


def test_the_companions_are_the_texts(tmp_path: Path) -> None:
    one = _mark("1", "Cambodia", 19, "Country")
    (tmp_path / "a.json").write_bytes(
        orjson.dumps({**one, "target": {**one["target"], "source": "http://x/news.html"}})
    )
    for name in ("a.txt", "a.page.html", "news.html", "other.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "other.json").write_text('{"text": "no web annotation"}', encoding="utf-8")
    with Files([tmp_path], Diagnostics()) as files:
        assert [file.name for file in files if W3C.companion(file)] == ["a.page.html", "a.txt", "news.html"]


# --- broken files


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "x", "Thailand", "1", "linking", "http://x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "type",
                    "selector",
                    "exact",
                    "start",
                    "end",
                    "source",
                    "value",
                    "purpose",
                    "from",
                    "to",
                    "quote",
                    "items",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
_KEYS = [
    "id",
    "body",
    "bodies",
    "target",
    "motivation",
    "creator",
    "tags",
    "text",
    "uri",
    "references",
    "relations",
    "anchor",
    "annotates",
    "document",
    "items",
    "rows",
    "created",
]


@settings(max_examples=300)
@given(st.lists(_JSON | st.dictionaries(st.sampled_from(_KEYS), _JSON, max_size=6), max_size=4), st.booleans())
def test_any_json_is_accounted_for(read_bytes: Read, values: list[Any], beside: bool) -> None:
    contents = {"news.json": json.dumps(values).encode()} | ({"news.txt": TEXT.encode()} if beside else {})
    read_bytes(W3C, contents)


@pytest.mark.parametrize("data", [b"", b"[", b"[{}]", b'{"target": {}}', b"\xff\xfe", b'["a", 1, null]', b"[" * 400])
def test_files_that_say_nothing(read_bytes: Read, data: bytes) -> None:
    documents, _ = read_bytes(W3C, {"x.json": data})
    assert not [one for one in documents if one.mentions]


@settings(max_examples=200)
@given(st.data())
def test_mutated_files_are_accounted_for(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    name = data.draw(
        st.sampled_from(
            [
                "recogito-js.annotations.w3c.json",
                "recogito2.annotation-with-two-relations.json",
                "text-annotator-js.annotations.json",
            ]
        )
    )
    junk = [b"{", b"}", b"[", b"]", b'"', b"9", b"\xff", b"\\ud800", b"null"]
    changed = mutated(data, (SAMPLES / name).read_bytes(), junk)
    page = (SAMPLES / "recogito-js.index.html").read_bytes()
    read_bytes(W3C, {"recogito-js.json": changed, "recogito-js.html": page})
