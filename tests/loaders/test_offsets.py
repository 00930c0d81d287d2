"""Offsets in every unit are found again, and what a file counted instead is found out from the words it states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import ArticleError
from loaders.offsets import UNITS, Offsets, Placed, Stated, nearest, place, same_words

TEXT = "🇹🇭 ไทย 😀\r\nស្រី é 👨‍👩‍👧 မြန်မာ\n中文"
AWKWARD = st.text(alphabet=st.sampled_from(list("aé\u0301ก็ตា្សြ中😀🇹\u200d\u202e\r\n ")), max_size=40)


@given(AWKWARD, st.sampled_from(["codepoint", "utf16", "byte"]))
def test_what_is_written_in_a_unit_is_read_again(text: str, unit: str) -> None:
    offsets = Offsets(text)
    for at in range(len(text) + 1):
        written = offsets.written(at, unit)
        assert offsets.fragment(written, written, unit) == (at, at)


@given(AWKWARD)
def test_units_agree_with_the_encoders(text: str) -> None:
    offsets = Offsets(text)
    for at in range(len(text) + 1):
        assert offsets.written(at, "utf16") == len(text[:at].encode("utf-16-le")) // 2
        assert offsets.written(at, "byte") == len(text[:at].encode())


@given(AWKWARD, st.integers(-3, 99), st.integers(-3, 99), st.sampled_from(UNITS))
def test_a_fragment_lies_in_the_text_or_is_none(text: str, start: int, end: int, unit: str) -> None:
    found = Offsets(text).fragment(start, end, unit)
    assert found is None or 0 <= found[0] <= found[1] <= len(text)


@given(AWKWARD, st.sampled_from(UNITS))
def test_points_say_what_each_offset_is(text: str, unit: str) -> None:
    offsets = Offsets(text)
    points = offsets.points(unit)
    for at in range(len(points) + 2):
        found = offsets.fragment(at, at, unit)
        assert (points[at] if at < len(points) else -1) == (found[0] if found else -1)


def test_graphemes_are_what_a_reader_counts() -> None:
    offsets = Offsets("👨‍👩‍👧ក្សៃ")
    assert offsets.fragment(0, 1, "grapheme") == (0, 5)
    assert offsets.fragment(1, 9, "grapheme") is None


@pytest.mark.parametrize(
    ("text", "counted", "unit", "repair"),
    [
        ("😀 ไทย กัมพูชา", "utf16", "codepoint", "utf16"),
        ("😀 ไทย กัมพูชา", "codepoint", "utf16", "codepoint"),
        ("ab\r\nไทย\r\nกัมพูชา", "crlf", "codepoint", "crlf-as-one"),
        ("ab\nไทย\nกัมพูชา", "lf", "codepoint", "lf-as-two"),
        ("ab ไทย กัมพูชา", "bom", "codepoint", "one-too-many"),
        ("ab ไทย กัมพูชา", "inclusive", "codepoint", "inclusive-end"),
        ("ក្រ ไทย กัมพูชา", "byte", "codepoint", "byte"),
        ("👨‍👩‍👧 ไทย กัมพูชา", "grapheme", "codepoint", "grapheme"),
    ],
)
def test_what_a_file_counted_is_found_out(text: str, counted: str, unit: str, repair: str) -> None:
    offsets = Offsets(text)
    words = ["ไทย", "กัมพูชา"]
    places = [(text.index(word), text.index(word) + len(word)) for word in words]
    raw = [_counted(offsets, start, end, counted) for start, end in places]
    found, overall = place(offsets, [Stated((one,), word) for one, word in zip(raw, words, strict=True)], unit)
    assert found == [Placed((one,), repair) for one in places]
    assert overall == repair


def test_a_byte_order_mark_may_be_the_first_of_the_words() -> None:
    stated = [Stated(((0, 4),), "\ufeffไทย"), Stated(((5, 7),), "ลง"), Stated(((0, 1),), "\ufeff")]
    found, overall = place(Offsets("ไทย ลง"), stated, "codepoint")
    assert [one and one.fragments for one in found] == [((0, 3),), ((4, 6),), ((0, 0),)]
    assert overall == "one-too-many"


def _counted(offsets: Offsets, start: int, end: int, counted: str) -> tuple[int, int]:
    if counted in UNITS:
        return offsets.written(start, counted), offsets.written(end, counted)
    ends = {"crlf": -offsets.text.count("\r\n", 0, start), "lf": offsets.text.count("\n", 0, start), "bom": 1}
    shift = ends.get(counted, 0)
    return start + shift, end + shift - (counted == "inclusive")


def test_the_repair_of_most_mentions_holds_for_those_without_words() -> None:
    text = "😀 ไทย กัมพูชา"
    found, repair = place(Offsets(text), [Stated(((3, 6),), "ไทย"), Stated(((7, 14),))], "codepoint")
    assert repair == "utf16"
    assert found[1] == Placed(((6, 13),), "utf16")


def test_what_fits_nothing_is_not_placed() -> None:
    found, repair = place(Offsets("ไทย"), [Stated(((0, 3),), "ลาว"), Stated(((0, 99),))], "codepoint")
    assert found == [None, None]
    assert repair is None


def test_fragments_are_joined_with_a_space_and_white_space_counts_as_equal() -> None:
    text = "one two\nthree"
    found, _ = place(
        Offsets(text), [Stated(((0, 3), (8, 13)), "one three"), Stated(((4, 13),), "two\\nthree")], "codepoint"
    )
    assert found == [Placed(((0, 3), (8, 13))), Placed(((4, 13),), "white-space")]
    assert same_words(" a  b\n", "a b")


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ArticleError, match="did you mean 'utf16'"):
        place(Offsets("x"), [], "utf-16")


def test_of_several_places_the_framed_one_is_taken_then_the_nearest() -> None:
    text = "in Ithaca, and in Ithaca again"
    assert nearest(text, "Ithaca", hint=963) == (18, 24)
    assert nearest(text, "Ithaca", hint=963, suffix=", and") == (3, 9)
    assert nearest(text, "Ithaca", prefix="and in ") == (18, 24)
    assert nearest("a\nb", "a b") == (0, 3)
    assert nearest(text, "Troy") is None
    assert nearest(text, " ") is None
