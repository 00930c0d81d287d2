"""Where the words of a quote stand."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.article import Span
from graph.errors import ArticleError
from loaders.anchor import context_of, find_quote

AWKWARD = st.text(alphabet="ab \nกำนันเ្ខ្មែរລາວမြန်မာ中文한국어👩‍👩‍👧é́ا́לְ", min_size=1, max_size=40)


def test_exact_words_are_found_in_code_points() -> None:
    text = "🙂 ไทยลงนาม MOU ร่วมกัมพูชา"
    assert find_quote(text, "ลงนาม MOU") == Span(5, 14)


def test_white_space_counts_as_equal() -> None:
    assert find_quote("one\n  two three", "one two") == Span(0, 9)


def test_composed_and_decomposed_words_are_the_same() -> None:
    text = unicodedata.normalize("NFD", "Chính phủ Việt Nam ký")
    span = find_quote(text, unicodedata.normalize("NFC", "Việt Nam"))
    assert unicodedata.normalize("NFC", text[span.start : span.end]) == "Việt Nam"


def test_hangul_jamo_are_joined() -> None:
    text = unicodedata.normalize("NFD", "한국과 캄보디아")
    assert text[find_quote(text, "캄보디아").start :] == unicodedata.normalize("NFD", "캄보디아")


def test_words_that_are_not_there_say_where_they_stop_agreeing() -> None:
    with pytest.raises(ArticleError, match="is not in the text") as raised:
        find_quote("first line\nThailand signed the memorandum", "Thailand signed a treaty")
    assert "line 2" in str(raised.value)
    assert "goes on with 'the memorand'" in str(raised.value)


def test_several_places_need_a_prefix_or_suffix() -> None:
    text = "He said yes. She said yes."
    with pytest.raises(ArticleError, match="occurs 2 times"):
        find_quote(text, "said yes")
    assert find_quote(text, "said yes", prefix="She ").start == 17
    assert find_quote(text, "said yes", suffix=". She").start == 3
    with pytest.raises(ArticleError, match="not between that prefix and suffix"):
        find_quote(text, "said yes", prefix="They ")


def test_a_place_that_neither_prefix_nor_suffix_tells_has_both() -> None:
    assert context_of("aaa", Span(1, 2)) == ("a", "a")
    assert find_quote("aaa", "a", "a", "a") == Span(1, 2)


def test_an_empty_quote_is_refused() -> None:
    with pytest.raises(ArticleError, match="Empty quote"):
        find_quote("text", " ")


@given(AWKWARD, st.data())
def test_every_span_is_found_again_by_its_context(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if not text[start:end].strip():
        return
    prefix, suffix = context_of(text, Span(start, end))
    assert find_quote(text, text[start:end], prefix, suffix) == Span(start, end)
