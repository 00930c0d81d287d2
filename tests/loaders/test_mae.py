"""MAE XML: the made exports, spans and links as the tool and its older version write them, and files that are broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import inspect
from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.mae import MAE

MADE = Path(__file__).resolve().parent.parent / "made" / "mae"
Read = Callable[..., tuple[list[Document], Diagnostics]]


def _read(read: Read, text: str, *tags: str) -> tuple[Document, Diagnostics]:
    data = f"<Task>\n<TEXT><![CDATA[{text}]]></TEXT><TAGS>\n" + "\n".join(tags) + "\n</TAGS></Task>"
    (document,), diagnostics = read(MAE, {"x.xml": data.encode()})
    return document, diagnostics


def test_the_made_exports_say_what_was_marked(read_files: Read, made: dict[str, Any]) -> None:
    for language, wanted in made.items():
        (document,), diagnostics = read_files(MADE / f"{language}.xml")
        assert (document.id, document.format, document.text) == (language, "mae", wanted["text"])
        marks = [(*m.fragments[0], *m.types, m.surface, document.words(m)) for m in document.mentions]
        assert marks == [(m["start"], m["end"], m["label"], *[m["words"]] * 2) for m in wanted["mentions"]]
        ties = [(one.type, *(int(target[1:]) for _, target in one.args)) for one in document.relations]
        assert ties == [(one["label"], one["from"], one["to"]) for one in wanted["relations"]]
        assert not diagnostics.codes


def test_spans_apart_without_words_and_of_the_older_version(read_bytes: Read) -> None:
    document, diagnostics = _read(
        read_bytes,
        "\n😀 ไทย will not sign",
        '<V id="V0" spans="8~12,17~21" text="will ... sign" tense="future" aspect="" />',
        '<N id="N0" spans="-1~-1" text="" type="implied" />',
        '<DATE id="P0" start="4" end="7" text="ไทย" TYPE="C" comment="" />',
        '<MOOD id="M0" kind="none" />',
    )
    verb, noun, date, mood = document.mentions
    assert [document.text[start:end] for start, end in verb.fragments] == ["will", "sign"]
    assert (verb.surface, verb.attributes) == ("will sign", {"tense": ("future",)})
    assert (noun.fragments, noun.surface, noun.attributes) == ((), None, {"type": ("implied",)})
    assert (document.words(date), date.attributes, date.raw_offsets) == ("ไทย", {"TYPE": ("C",)}, ((4, 7),))
    assert (mood.types, mood.fragments) == (("MOOD",), ())
    assert not diagnostics.codes


def test_links_tie_what_their_roles_name(read_bytes: Read) -> None:
    document, diagnostics = _read(
        read_bytes,
        "a b",
        '<N id="N0" spans="0~1" text="a" orgID="7" />',
        '<N id="N1" spans="2~3" text="b" />',
        '<ACT id="L0" fromID="N0" fromText="a" toID="N1" toText="b" how="" why="x" />',
        '<ARGS id="L1" agentID="N0" agentText="a" themeID="" themeText="" act_ID="L0" act_Text="" />',
        '<ACT id="L2" fromID="" fromText="" toID="" toText="" />',
        '<ACT id="L3" fromID="N0" fromText="a" toID="N9" toText="" />',
    )
    assert document.mentions[0].attributes == {"orgID": ("7",)}  # whose words are not stated
    act, args = document.relations
    assert (act.type, act.args, act.attributes) == ("ACT", (("from", "N0"), ("to", "N1")), {"why": ("x",)})
    assert args.args == (("agent", "N0"), ("act_", "L0"))
    assert [(one.code, one.place) for one in diagnostics.kept] == [("ref.dangling", "7"), ("ref.dangling", "8")]


def test_spans_that_are_none_or_hold_other_words(read_bytes: Read) -> None:
    spans = [
        f'<N id="{n}" spans="{span}" text="b" />' for n, span in enumerate(("1~", "x", "9~10", "1~0", "0~1", "1~2"))
    ]
    document, diagnostics = _read(read_bytes, "ab", *spans, '<N start="1" text="b" />')
    assert [one.raw_id for one in document.mentions] == ["5"]
    assert diagnostics.codes == {"offset.bad": 3, "offset.mismatch": 3}
    assert (diagnostics.read, diagnostics.skipped) == (7, 6)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xml.bad"),
        (b"<T><TAGS/></T>", "text.missing"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><T><TEXT>&a;</TEXT></T>', "xml.entity"),
    ],
)
def test_files_that_are_none(read_bytes: Read, data: bytes, code: str) -> None:
    documents, diagnostics = read_bytes(MAE, {"x.xml": data})
    assert (documents, diagnostics.codes) == ([], {code: 1})


def test_a_file_is_claimed_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(f"<T><TEXT>{'a' * 100_000}</TEXT><TAGS/></T>")
    (tmp_path / "b.xml").write_text("<DOC><TEXT>a</TEXT></DOC>")
    (tmp_path / "c.xml").write_text("<T><TAGS/></T>")
    assert [found.format for found in inspect([tmp_path])] == ["mae", None, None]


@settings(max_examples=80)
@given(st.data())
def test_mutated_files_are_accounted_for(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    junk = [b"<", b">", b'"', b"~", b"9", b"\xff", b"&#0;", b"-1~-1", b",", b"fromID", b"</TAGS>"]
    read_bytes(MAE, {"x.xml": mutated(data, (MADE / "th.xml").read_bytes(), junk, times=8)})
