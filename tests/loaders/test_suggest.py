"""Suggestions: what is found beside what is marked, from texts, articles and exports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.identity import Register, entity
from loaders.detect import writer_named
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Link, Mention
from loaders.files import Files
from loaders.suggest import Suggester, language_of, read_documents
from loaders.writing import Losses

REGISTER = Register({"agency:th-rtp": entity("agency:th-rtp", "Agency", ["Royal Thai Police", "สำนักงานตำรวจแห่งชาติ"])})
MADE = json.loads((Path(__file__).parent.parent / "made" / "made.json").read_text(encoding="utf-8"))
ARTICLE = """---
id: a
url: https://example.org/a
title: t
publisher: p
language: id
published: 2025-10-16
form: digest
---
[Polisi](agency:th-rtp) Thailand dan Kamboja bertemu pada 14 Oktober.
"""


def suggested(document: Document) -> list[tuple[str, str, list[str]]]:
    (done,) = Suggester(REGISTER).suggest([document])
    found = [one for one in done.mentions if one.origin == "prediction"]
    return [(document.words(one), one.types[0], [link.id for link in one.links]) for one in found]


def text(words: str, **more: object) -> Document:
    return Document(id="d", path="d.txt", format="text", text=words, **more)  # type: ignore[arg-type]


def test_names_and_dates_are_suggested_with_their_ids() -> None:
    document = text("Royal Thai Police met Cambodia on 11 July 2022.")
    assert suggested(document) == [
        ("Royal Thai Police", "Agency", ["agency:th-rtp"]),
        ("Cambodia", "Country", ["country:KH"]),
        ("11 July 2022", "Date", []),
    ]
    (done,) = Suggester(REGISTER).suggest([document])
    assert {link.scheme for one in done.mentions for link in one.links} == {"accordgraph"}
    assert all(one.surface == document.words(one) for one in done.mentions)
    assert len({one.id for one in done.mentions}) == len(done.mentions)


def test_a_date_of_publication_that_is_none_costs_no_date() -> None:
    assert suggested(text("11 July 2022", metadata={"published": "yesterday"})) == [("11 July 2022", "Date", [])]


def test_nothing_is_laid_over_what_is_marked() -> None:
    marked = Mention(id="T1", types=("VictimGroup",), fragments=((0, 14),))
    document = text("Thais in China, and China.", language="en", mentions=(marked,))
    (done,) = Suggester(REGISTER).suggest([document])
    assert done.mentions[0] is marked
    assert [one.fragments for one in done.mentions[1:]] == [((20, 25),)]


def test_a_register_name_takes_the_country_in_it_along() -> None:
    assert suggested(text("สำนักงานตำรวจแห่งชาติของไทย")) == [
        ("สำนักงานตำรวจแห่งชาติ", "Agency", ["agency:th-rtp"]),
        ("ไทย", "Country", ["country:TH"]),
    ]


@pytest.mark.parametrize("language", ["th", "km"])
def test_countries_among_emoji_are_found_where_they_are_marked(language: str) -> None:
    made = MADE[language]
    countries = {(one["start"], one["end"]) for one in made["mentions"] if one["label"] == "Country"}
    (done,) = Suggester(REGISTER).suggest([text(made["text"])])
    assert countries <= {one.fragments[0] for one in done.mentions}


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("ไทยกับกัมพูชา MOU", "th"),
        ("កម្ពុជា", "km"),
        ("ລາວ", "lo"),
        ("မြန်မာ", "my"),
        ("中国和泰国", "zh"),
        ("日本とタイ", "ja"),
        ("한국과 태국", "ko"),
        ("Việt Nam bắt giữ người", "vi"),
        ("Thailand and Cambodia, quoted as ไทย in a long English sentence about it", "en"),
        ("Polisi dari Indonesia dan Kamboja bertemu pada hari itu", "id"),
        ("El ministro de Camboya y la policía de Tailandia", "es"),
        ("", "en"),
    ],
)
def test_the_script_gives_the_language_away(words: str, language: str) -> None:
    assert language_of(words) == language


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[list[Document], Diagnostics]]:
    def read_files(language: str | None = None, **files: str) -> tuple[list[Document], Diagnostics]:
        for name, content in files.items():
            (tmp_path / name.replace("__", ".")).write_text(content, encoding="utf-8", newline="")
        diagnostics = Diagnostics()
        with Files([tmp_path], diagnostics) as found:
            return list(read_documents(found, diagnostics, language=language)), diagnostics

    return read_files


def test_texts_articles_and_exports_are_read(read: Callable[..., tuple[list[Document], Diagnostics]]) -> None:
    documents, diagnostics = read(
        a__md=ARTICLE, b__txt="ไทย", c__txt="Thai\r\n", c__ann="T1\tX 0 4\tThai\n", d__pdf="%PDF"
    )
    by_id = {one.id: one for one in documents}
    assert sorted(by_id) == ["a", "b", "c"]
    assert by_id["a"].text.startswith("Polisi Thailand")
    assert by_id["a"].mentions[0].links == (Link("accordgraph", "agency:th-rtp"),)
    assert by_id["c"].mentions[0].types == ("X",)
    assert diagnostics.codes == {"format.unknown": 1}
    assert [words for words, _, _ in suggested(by_id["a"])] == ["Thailand", "Kamboja", "14 Oktober"]


def test_the_language_is_told_to_those_that_say_none(read: Callable[..., tuple[list[Document], Diagnostics]]) -> None:
    documents, _ = read("nl", a__md=ARTICLE, b__txt="Cambodja")
    assert {one.id: one.language for one in documents} == {"a": "id", "b": "nl"}
    assert suggested(documents[1]) == [("Cambodja", "Country", ["country:KH"])]


def test_an_article_that_cannot_be_read_is_reported(read: Callable[..., tuple[list[Document], Diagnostics]]) -> None:
    documents, diagnostics = read(a__md=ARTICLE.replace("url: https://example.org/a\n", ""))
    assert not documents
    assert "No url" in str(diagnostics.kept[0])


def test_suggestions_survive_a_tool(tmp_path: Path) -> None:
    document = text("ไทย 😀 กัมพูชา", language="th")
    (done,) = Suggester(REGISTER).suggest([document])
    losses: Losses = Counter()
    for name, data in writer_named("brat").write([done], losses):
        (tmp_path / name).write_bytes(data)
    assert +losses == {"languages": 1}
    diagnostics = Diagnostics()
    with Files([tmp_path], diagnostics) as files:
        (back,) = read_documents(files, diagnostics)
    assert [(one.types, one.fragments) for one in back.mentions] == [
        (one.types, one.fragments) for one in done.mentions
    ]
    assert [one.links[0].id for one in back.mentions] == ["country:TH", "country:KH"]
