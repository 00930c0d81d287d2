from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import WrittenDate, read_date
from graph.errors import DateError

PUBLISHED = "2025-10-16"  # a Thursday
LANGUAGES = ("th", "id", "ms", "en", "vi", "zh", "ko", "ja", "km", "lo", "my", "it", "es", "fr")


def read(language: str, text: str, published: str = PUBLISHED) -> WrittenDate:
    return read_date(text, language=language, published=published)


# --- per language: the text, and the EDTF it means in an article of 16 October 2025 --------------------------------

TEXTS = tomllib.loads((Path(__file__).resolve().parents[1] / "golden" / "dates.toml").read_text(encoding="utf-8"))
CASES = [(language, *line.split(" | ")) for language, lines in TEXTS.items() for line in lines.strip().splitlines()]


@pytest.mark.parametrize(("language", "text", "edtf"), CASES)
def test_reads_what_a_language_writes(language: str, text: str, edtf: str) -> None:
    meant = read(language, text)
    assert (meant.edtf, meant.original) == (edtf, text)


@pytest.mark.parametrize("tag", ["zh-Hans", "zh-TW", "ZH-hant-HK"])
def test_takes_the_primary_subtag(tag: str) -> None:
    assert read(tag, "2025年10月14日").edtf == "2025-10-14"


@pytest.mark.parametrize("language", [*LANGUAGES, "de", "ar", "tlh"])
@pytest.mark.parametrize(
    "text", ["2022-07-11", "2022-07", "2022", " 2022-07-11 ", "2022-07-11/2022-07-12", "2022/2023"]
)
def test_iso_dates_are_gregorian_in_every_language(language: str, text: str) -> None:
    meant = read(language, text)
    assert (meant.edtf, meant.calendar, meant.notes) == (text.strip(), "gregorian", ())


# --- calendars ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "calendar"),
    [
        ("th", "11 ก.ค. 65", "thai-be"),
        ("th", "2565", "thai-be"),
        ("th", "2022", "gregorian"),
        ("th", "11 ก.ค.", "gregorian"),
        ("th", "ค.ศ. 2022", "gregorian"),
        ("km", "ឆ្នាំ ២៥៦៥", "khmer-be"),
        ("km", "ឆ្នាំ ២០២២", "gregorian"),
        ("ja", "令和7年", "gregorian"),
    ],
)
def test_names_the_calendar_as_written(language: str, text: str, calendar: str) -> None:
    assert read(language, text).calendar == calendar


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("พ.ศ. 2475", "1932/1933"),
        ("24 มิถุนายน 2475", "1932-06-24"),
        ("กุมภาพันธ์ 2475", "1932-02/1933-02"),
        ("14 กุมภาพันธ์ 2475", "1932-02-14/1933-02-14"),
        ("2483", "1940"),
        ("14 กุมภาพันธ์ 2484", "1941-02-14"),
    ],
)
def test_thai_years_began_in_april_until_1940(text: str, edtf: str) -> None:
    meant = read("th", text)
    assert meant.edtf == edtf
    assert ("1 April" in "".join(meant.notes)) == ("/" in edtf)


def test_a_two_figure_thai_year_that_fits_both_eras_is_refused() -> None:
    with pytest.raises(DateError, match="write 2522 or 2022 in full"):
        read("th", "11/07/22")
    assert read("th", "11 ก.ค. พ.ศ. 22").edtf == "1979-07-11"
    assert read("th", "11 ก.ค. ค.ศ. 22").edtf == "2022-07-11"


# --- what the article's date supplies ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "published", "edtf"),
    [
        ("30 December", "2025-01-03", "2024-12-30"),
        ("3 January", "2025-01-03", "2025-01-03"),
        ("4 January", "2025-01-03", "2025-01-04"),
        ("3 February", "2025-01-03", "2025-02-03"),  # 31 days on
        ("4 February", "2025-01-03", "2024-02-04"),
        ("2 January", "2024-12-28", "2025-01-02"),
        ("14 October", "2025-10", "2025-10-14"),
        ("14 October", "2025", "2024-10-14/2025-10-14"),  # published in January or in December: it may be either
        ("yesterday", "2025-10", "2025-09-30/2025-10-30"),
        ("today", "2025-10", "2025-10"),
        ("last month", "2025-01-03", "2024-12"),
        ("last year", "2025", "2024"),
        ("the 31st", "2025-03-02", "2025-01-31/2025-03-31"),
    ],
)
def test_supplies_what_is_missing_from_the_articles_date(text: str, published: str, edtf: str) -> None:
    meant = read("en", text, published)
    assert meant.edtf == edtf
    assert published in meant.notes[0]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("31 Desember", "2025-12-31"),
        ("16 Oktober", "2025-10-16"),
        ("15 Oktober", "2026-10-15"),
        ("tanggal 20", "2025-10-20"),
        ("tanggal 3", "2025-11-03"),
        ("29 Februari", "2028-02-29"),
        ("Oktober", "2025-10"),
        ("14 Oktober 2024", "2024-10-14"),
        ("14 Oktober lalu", "2025-10-14"),
    ],
)
def test_ahead_takes_the_next_one(text: str, edtf: str) -> None:
    assert read_date(text, language="id", published=PUBLISHED, ahead=True).edtf == edtf


@pytest.mark.parametrize(
    ("language", "text", "note"),
    [
        ("id", "14 Oktober", "year taken from the article's date, 2025-10-16"),
        ("zh", "14日", "month and year taken from the article's date, 2025-10-16"),
        ("id", "hari ini", "counted from the article's date, 2025-10-16"),
        ("th", "11 ก.ค. 65", "two-figure year 65 read as 2565"),
        ("en", "early 2025", "the early part of a year is read as January to April"),
        ("en", "mid-October 2025", "the middle part of a month is read as days 11 to 20"),
        ("en", "03/04/2023", "day and month may stand in either order: both readings are covered"),
        ("en", "Monday, 14 October 2025", "2025-10-14 is not the day of the week that the text says"),
        ("ja", "令和7年", "year 7 of its era is 2025"),
        ("km", "ឆ្នាំ ២៥៦៥", "the Khmer Buddhist year 2565 began at Visak Bochea, in April or May 2021"),
    ],
)
def test_notes_say_what_the_text_does_not(language: str, text: str, note: str) -> None:
    assert read(language, text).notes == (note,)


@pytest.mark.parametrize(
    ("language", "text"), [("th", "วันจันทร์ที่ 11 กรกฎาคม 2565"), ("en", "14 October 2025"), ("en", "10-12 March 2025")]
)
def test_a_full_date_needs_no_note(language: str, text: str) -> None:
    assert read(language, text).notes == ()


# --- start and end -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "precision", "start", "end"),
    [
        ("11 July 2022", "day", "2022-07-11", "2022-07-11"),
        ("August 2021", "month", "2021-08", "2021-08"),
        ("2022", "year", "2022", "2022"),
        ("2022 to 2023", "interval", "2022", "2023"),
        ("early 2025", "interval", "2025-01", "2025-04"),
        ("11 July 2022 to August 2023", "interval", "2022-07-11", "2023-08-31"),
        ("January to March 2025", "interval", "2025-01", "2025-03"),
    ],
)
def test_start_and_end_are_iso_prefixes(text: str, precision: str, start: str, end: str) -> None:
    meant = read("en", text)
    assert (meant.precision, meant.start, meant.end) == (precision, start, end)


# --- what is no date ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "what"),
    [
        ("en", "31 February 2023", "No such day: 31 in '31 February 2023'"),
        ("en", "30 February", "No such day: 30 in '30 February'"),
        ("en", "2023-02-29", "No such day: 29 in '2023-02-29'"),
        ("en", "2022-13", "No such month: 13 in '2022-13'"),
        ("en", "13/13/2023", "No such month: 13 in '13/13/2023'"),
        ("id", "04/13/2023", "No such month: 13 in '04/13/2023'"),
        ("th", "32 ก.ค. 65", "No such day: 32 in '32 ก.ค. 65'"),
        ("th", "29 กุมภาพันธ์ 2566", "No such day: 29 in '29 กุมภาพันธ์ 2566'"),
        ("zh", "2025年13月", "No such month: 13 in '2025年13月'"),
        ("en", "Q5 2025", "No such quarter: 5 in 'Q5 2025'"),
        ("en", "1899", "Year 1899 in '1899' lies outside 1900 to 2100"),
        ("en", "2565", "Year 2565 in '2565' lies outside 1900 to 2100"),
        ("th", "พ.ศ. 2022", "Year 2022 in 'พ.ศ. 2022' lies outside 1900 to 2100"),
        ("en", "12 March 2025 to 10 March 2025", "its end lies before its beginning"),
        ("en", "12 to 10 March 2025", "its end lies before its beginning"),
        ("en", "", "it names no day, month or year"),
        ("en", "Thursday", "it names no day, month or year"),
        ("id", "kamis", "it names no day, month or year"),
        ("en", "2021–", "it names no day, month or year"),
        ("en", "14", "what 14 counts is not said"),
        ("en", "10-12", "what 10 counts is not said"),
        ("id", "2 tahun lalu", "what 2 counts is not said"),
        ("vi", "6 tháng đầu năm 2025", "what 6 counts is not said"),
        ("ko", "3년", "3 may be a year or a number of years"),
        ("zh", "10年", "10 may be a year or a number of years"),
        ("id", "Oktober 14", "14 after the month may be a day or a year"),
        ("en", "14 2025", "what 14 counts is not said"),
        ("en", "the 14th 2025", "the month of day 14 is not said"),
        ("en", "14 October 15 October", "it has two values for the month"),
        ("en", "2025 October 14, 2025", "it has two values for the year"),
        ("th", "พ.ศ. 2565 (ค.ศ. 2022)", "it has two values for the era"),
        ("en", "early", "the early part of what is not said"),
        ("en", "early on 14 October", "day and month and part do not go together"),
        ("en", "the 2015s", "no decade begins with 2015"),
        ("en", "1 to 2 to 3 March", "it has more than two ends"),
        ("en", "last week", "'last week' is not understood"),
        ("en", "about 2025", "'about 2025' is not understood"),
        ("en", "2025-10-14T10:00", "'t10:00' is not understood"),
        ("en", "mayor 2025", "'mayor 2025' is not understood"),
        ("de", "14. Oktober 2025", "'oktober 2025' is not understood"),
        ("en", "20251014", "20251014 is neither a day nor a year"),
        ("en", "14 October 2025 " * 20, "it is longer than 200 characters"),
    ],
)
def test_refuses_what_is_no_date(language: str, text: str, what: str) -> None:
    with pytest.raises(DateError) as refused:
        read(language, text)
    assert what in refused.value.what
    assert refused.value.way_out


def test_the_way_out_shows_a_date_of_the_language() -> None:
    with pytest.raises(DateError, match="write it as '11 กรกฎาคม 2565', or as 2022-07-11, 2022-07 or 2022"):
        read("th", "วันพฤหัสบดี")
    with pytest.raises(DateError, match="if it counts the Buddhist era, write 2022"):
        read("lo", "2565")


@pytest.mark.parametrize("published", ["", "yesterday", "2025-10-16T08:00", "2568-10-16", "2025-1-3"])
def test_refuses_a_publication_date_that_is_not_iso(published: str) -> None:
    with pytest.raises(DateError, match="Unreadable publication date"):
        read("en", "14 October", published)


# --- properties -----------------------------------------------------------------------------------------------------

MONTHS = {
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "th-short": "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "ms": "Januari Februari Mac April Mei Jun Julai Ogos September Oktober November Disember",
    "en": "January February March April May June July August September October November December",
    "km": "មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ",
    "lo": "ມັງກອນ ກຸມພາ ມີນາ ເມສາ ພຶດສະພາ ມິຖຸນາ ກໍລະກົດ ສິງຫາ ກັນຍາ ຕຸລາ ພະຈິກ ທັນວາ",
    "my": "ဇန်နဝါရီ ဖေဖော်ဝါရီ မတ် ဧပြီ မေ ဇွန် ဇူလိုင် ဩဂုတ် စက်တင်ဘာ အောက်တိုဘာ နိုဝင်ဘာ ဒီဇင်ဘာ",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
STYLES = {
    "th": ["{d} {m} {be}", "วันที่ {d} {m} พ.ศ. {be}", "{d} {s} {be}", "{d}/{n}/{be}", "{d} {m} ค.ศ. {y}"],
    "id": ["{d} {m} {y}", "({d}/{n}/{y})", "tanggal {d} {m} {y}"],
    "ms": ["{d} {m} {y}", "{d}hb {m} {y}", "{d}.{n}.{y}"],
    "en": ["{d} {m} {y}", "{m} {d}, {y}", "{d} of {m} {y}", "{y}-{n:02}-{d:02}"],
    "vi": ["ngày {d} tháng {n} năm {y}", "{d}/{n}/{y}", "ngày {d}-{n}-{y}"],
    "zh": ["{y}年{n}月{d}日", "{y}/{n}/{d}"],
    "ko": ["{y}년 {n}월 {d}일", "{y}. {n}. {d}."],
    "ja": ["{y}年{n}月{d}日", "西暦{y}年{n}月{d}日"],
    "km": ["ថ្ងៃទី{d} ខែ{m} ឆ្នាំ{y}", "{d} {m} {y}"],
    "lo": ["ວັນທີ {d} {m} {y}", "{d}/{n}/{y}"],
    "my": ["{y} ခုနှစ် {m}လ {d} ရက်"],
    "it": ["{d} {m} {y}"],
    "es": ["{d} de {m} de {y}"],
    "fr": ["{d} {m} {y}"],
}
DIGITS = {"th": "๐๑๒๓๔๕๖๗๘๙", "km": "០១២៣៤៥៦៧៨៩", "lo": "໐໑໒໓໔໕໖໗໘໙", "my": "၀၁၂၃၄၅၆၇၈၉", "zh": "０１２３４５６７８９"}


def written(day: date, language: str, style: str) -> str:
    names = MONTHS.get(language, "").split() or [""] * 12
    short = MONTHS["th-short"].split()[day.month - 1]
    facts = {"d": day.day, "n": day.month, "m": names[day.month - 1], "s": short, "y": day.year, "be": day.year + 543}
    return style.format_map(facts)


@st.composite
def days_in_style(draw: st.DrawFn) -> tuple[date, str, str]:
    language = draw(st.sampled_from(LANGUAGES))
    first = date(1941, 1, 1) if language == "th" else date(1900, 1, 1)
    day = draw(st.dates(first, date(2100, 12, 31)))
    text = written(day, language, draw(st.sampled_from(STYLES[language])))
    if language in DIGITS and draw(st.booleans()):
        text = text.translate(str.maketrans("0123456789", DIGITS[language]))
    return day, language, text


@given(days_in_style())
def test_a_day_in_any_style_is_read_back(case: tuple[date, str, str]) -> None:
    day, language, text = case
    meant = read(language, text)
    assert (meant.earliest, meant.latest, meant.precision) == (day, day, "day")
    assert meant.edtf == meant.start == meant.end == day.isoformat()


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.sampled_from(["id", "km", "zh", "ko"]))
def test_a_missing_year_never_lies_far_ahead(published: date, language: str) -> None:
    text = {"id": "29 Agustus", "km": "29 សីហា", "zh": "8月29日", "ko": "8월 29일"}[language]
    meant = read(language, text, published.isoformat())
    assert published - timedelta(days=366) < meant.earliest <= published + timedelta(days=31)
    next_one = read_date(text, language=language, published=published.isoformat(), ahead=True)
    assert published <= next_one.earliest <= published + timedelta(days=366)


WORDS = """
    ก.ค. ปี พ.ศ. ต้น ถึง วันนี้ Oktober awal tahun hari ini first half of quarter to mid s
    年 月 日 上半 年代 월 지난 ថ្ងៃទី ខែ ຕົ້ນ ရက် ngày tháng
"""
PIECES = st.one_of(
    st.sampled_from([*WORDS.split(), "-", "–", "/", "(", "'", "5", "31", "2", "2565", "2025", "65", "1/2", "3-4-25"]),
    st.text(max_size=4),
    st.text(st.characters(categories=["Mn", "Mc", "Cf", "Nd", "Lo"]), max_size=3),
)


@given(
    st.one_of(st.text(), st.lists(PIECES, max_size=9).map(" ".join), st.lists(PIECES, max_size=9).map("".join)),
    st.sampled_from([*LANGUAGES, "de", "", "x-lojban"]),
    st.sampled_from(["2025-10-16", "2024-02-29", "2025-10", "2025"]),
    st.booleans(),
)
def test_any_text_is_a_date_or_a_date_error(text: str, language: str, published: str, ahead: bool) -> None:
    try:
        meant = read_date(text, language=language, published=published, ahead=ahead)
    except DateError as refused:
        assert refused.way_out  # noqa: PT017 - either outcome is right, each has its property
        return
    assert meant.original == text
    assert meant.earliest <= meant.latest
    assert days_of(meant.edtf) == (meant.earliest, meant.latest)
    assert (meant.precision == "interval") == ("/" in meant.edtf) == (meant.start != meant.end)
    assert meant.edtf == (f"{meant.start}/{meant.end}" if meant.start != meant.end else meant.start)


def days_of(edtf: str) -> tuple[date, date]:
    """First and last day of an EDTF date or interval, reckoned apart from the code under test."""
    start, _, end = edtf.partition("/")
    assert re.fullmatch(r"\d{4}(-\d\d){0,2}", start)
    first = date.fromisoformat(start + "-01-01"[len(start) - 4 :] if len(start) < 10 else start)
    end = end or start
    last = date.fromisoformat(end + "-12-31"[len(end) - 4 :] if len(end) != 7 else f"{end}-01")
    if len(end) == 7:
        last = (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first, last
