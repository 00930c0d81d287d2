"""Folded text: equal to folded names, with offsets in the original, and words that end where words do."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.identity import fold
from loaders.folded import Folded

AWKWARD = "กัมพูชาไทย นำ้ ៛កម្ពុជា​ថៃ ລາວ မြန်မာ 中国柬埔寨 캄보디아 각각 é ﬃ İß ǅ Ａｶﾞ 🇹🇭👨‍👩‍👧 תאילנד تايلاند \r\n\t\u00a0\u200d\u0301\ufeff¨"
TEXTS = st.text(st.sampled_from(AWKWARD) | st.characters(), max_size=60)


@given(TEXTS)
def test_a_text_is_folded_as_a_name_is(text: str) -> None:
    assert Folded(text).text.strip() == fold(text)


@given(TEXTS)
@example("\r¯")
@example("\x85¯")
def test_places_run_forward_inside_the_text(text: str) -> None:
    folded = Folded(text)
    assert len(folded.places) == len(folded.text)
    ends = [0, *(at for place in folded.places for at in place), len(text)]
    for (start, end), (later, _) in zip(folded.places, folded.places[1:], strict=False):
        assert later == start or later >= end
    assert min(ends) == 0
    assert max(ends) == len(text)


@given(TEXTS, st.data())
def test_a_fragment_folds_to_what_was_looked_for(text: str, data: st.DataObject) -> None:
    folded = Folded(text)
    start = data.draw(st.integers(0, max(0, len(folded.text) - 1)))
    end = data.draw(st.integers(start, len(folded.text)))
    fragment = folded.fragment(start, end) if start < end else None
    if fragment:
        assert fold(text[slice(*fragment)]) == folded.text[start:end].strip()


@pytest.mark.parametrize(
    ("text", "words", "whole"),
    [
        ("in Oman.", "oman", True),
        ("a woman", "oman", False),
        ("Omani", "oman", False),
        ("G20", "20", False),
        ("MOUกับไทย", "mou", True),
        ("กับไทยและ", "ไทย", True),
        ("กระทรวงมหาดไทย", "ไทย", False),
        ("태국과의 회담", "태국", True),
        ("타이틀", "타이", False),
        ("وتايلاند", "تايلاند", True),
        ("بالتايلاند", "تايلاند", True),
        ("xتايلاند", "تايلاند", False),
        ("ប្រទេសកម្ពុជានិងថៃ", "កម្ពុជា", True),
        ("东盟与中国合作", "中国", True),
        ("ไทยแลนด์ยิ่งใหญ่", "ไทย", True),
        ("ไท\u0e49ย", "ไท", False),
        ("👨‍👩‍👧ไทย😀", "ไทย", True),
        ("\ud800ไทย", "ไทย", True),
    ],
)
def test_where_a_word_ends(text: str, words: str, *, whole: bool) -> None:
    folded = Folded(text)
    at = folded.text.index(words)
    assert (folded.fragment(at, at + len(words)) is not None) == whole


def test_a_letter_is_not_cut_from_its_marks() -> None:
    folded = Folded("ที่")
    assert folded.text == "ที่"
    assert folded.fragment(0, 1) is None
    assert folded.fragment(0, 3) == (0, 3)
    assert Folded("ﬁ").fragment(0, 1) is None
