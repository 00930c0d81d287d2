"""Parameters as people type them become bound values; text is never pasted into Cypher."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.build import Graph
from graph.errors import QuestionError, StoreError, UnknownNameError, VocabularyError
from graph.stores import Rows, View
from queries import catalog
from queries.run import Answer, as_cypher, ask, bind, literal, resolve, run

MOU = "agreement:kh-th-mou-call-centers-2022"
AWKWARD = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("'\"`\\{}$;\n\t\u200b\u0301\u202e🙂ไทយမ中"),
    ),
    max_size=20,
)


def bound_to(view: View, question: str, **parameters: object) -> Mapping[str, object]:
    return bind(view, catalog.find(question), parameters)


@pytest.mark.parametrize(
    "typed", ["Thailand", "thailand", " THAILAND ", "TH", "ไทย", "ประเทศไทย", "country:TH", "泰国", "Tailandia"]
)
def test_a_country_is_what_people_call_it(view: View, typed: str) -> None:
    assert bound_to(view, "what-was-signed", party=typed)["party"] == "country:TH"


@pytest.mark.parametrize(
    ("typed", "id_"),
    [
        ("AS", "country:US"),  # Indonesian press for the United States; the island of that code is not in this graph
        ("ชัยวุฒิ ธนาคมานุสรณ์", "official:chaiwut-thanakamanusorn"),
        ("mou on CALL-CENTER gangs and  hybrid scam", MOU),
        ("แก๊งคอลเซ็นเตอร์", "crime:call-center-scam"),
        ("Call-Center\u200b Scam", "crime:call-center-scam"),
    ],
)
def test_any_name_of_an_entity_resolves(view: View, typed: str, id_: str) -> None:
    assert resolve(view, typed) == id_


def test_a_name_that_several_bear_is_refused_with_their_ids(view: View) -> None:
    with pytest.raises(UnknownNameError, match="'Ministry of Foreign Affairs' names 2 entities") as refused:
        resolve(view, "Ministry of Foreign Affairs")
    assert refused.value.way_out is not None
    assert "agency:kh-mfa (Ministry of Foreign Affairs), agency:th-mfa (" in refused.value.way_out


def test_an_unknown_name_comes_with_the_nearest_and_says_which_parameter(view: View) -> None:
    with pytest.raises(UnknownNameError) as refused:
        ask(view, "what-was-signed", {"party": "Thialand"})
    said = str(refused.value)
    assert said.startswith(
        "No entity is named 'Thialand' (parameter 'party' of 'what-was-signed'); did you mean 'Thailand'"
    )
    with pytest.raises(UnknownNameError, match="no name in the graph is like it"):
        resolve(view, "zzzzzzzz")


def test_a_country_that_the_graph_does_not_hold_is_unknown(view: View) -> None:
    with pytest.raises(UnknownNameError, match="No entity is named 'Brazil'"):
        resolve(view, "Brazil")


def test_an_empty_graph_says_so(nothing: View) -> None:
    with pytest.raises(UnknownNameError, match="the graph is empty: build it first"):
        resolve(nothing, "Thailand")


@pytest.mark.parametrize(
    ("typed", "last"),
    [("2022", "2022-12-31"), ("2022-02", "2022-02-28"), ("2024-02", "2024-02-29"), ("2022-07-11", "2022-07-11")],
)
def test_a_partial_date_stands_for_its_last_day_and_a_start_for_its_first(view: View, typed: str, last: str) -> None:
    bound = bound_to(view, "promises-and-delivery", valid_at=typed, known_at=typed, since=typed)
    first = (typed + "-01-01")[:10]
    assert (bound["valid_at"], bound["known_at"], bound["since"]) == (last, last, first)


@given(day=st.dates(min_value=date(1000, 1, 1), max_value=date(2399, 12, 31)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_day_stands_for_itself(view: View, day: date) -> None:
    assert bound_to(view, "coverage-check", valid_at=day)["valid_at"] == day.isoformat()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2022-02-30", "'2022-02-30' is no date (parameter 'valid_at' of 'coverage-check'); day is out of range"),
        ("2022-13", "'2022-13' is no date"),
        ("yesterday", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("11 ก.ค. 65", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("๒๕๖๕", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        (
            "2565",
            "'2565' is a Buddhist-era year (parameter 'valid_at' of 'coverage-check'); write the Gregorian one: 2022",
        ),
        ("2022-7-11", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("0000", "'0000' is no date"),
    ],
)
def test_a_wrong_date_is_refused(view: View, typed: str, said: str) -> None:
    with pytest.raises(QuestionError) as refused:
        ask(view, "coverage-check", {"valid_at": typed})
    assert said in str(refused.value)


def test_relations_stages_and_lists_are_read_as_written(view: View) -> None:
    bound = bound_to(view, "who-cooperates-with-whom", relation="shares-intel", countries="ไทย, KH,Thailand")
    assert (bound["relation"], bound["countries"]) == ("SHARES_INTEL", ["country:KH", "country:TH"])
    assert bound_to(view, "who-cooperates-with-whom", countries=["ไทย"])["countries"] == ["country:TH"]
    assert bound_to(view, "what-was-signed", stage="in-force")["stage"] == "in force"
    with pytest.raises(VocabularyError, match=r"'relation' of 'who-cooperates-with-whom'.*did you mean 'shares-intel'"):
        ask(view, "who-cooperates-with-whom", {"relation": "share-intel"})
    with pytest.raises(VocabularyError, match="Unknown stage 'sined'"):
        ask(view, "what-was-signed", {"stage": "sined"})


@pytest.mark.parametrize("typed", [None, "", "any"])
def test_any_leaves_a_parameter_open_but_not_a_required_one(view: View, typed: str | None) -> None:
    assert set(bound_to(view, "what-was-signed", party=typed).values()) == {None}
    with pytest.raises(QuestionError, match="needs parameter 'country'; for example: country=Thailand"):
        ask(view, "national-mechanism", {"country": typed})


def test_an_unknown_parameter_or_question_comes_with_the_nearest(view: View) -> None:
    with pytest.raises(QuestionError, match=r"'what-was-signed' has no parameter 'partty'; did you mean 'party'\?"):
        ask(view, "what-was-signed", {"partty": "TH"})
    with pytest.raises(QuestionError, match=r"no parameter 'zzz'; known are: crime, known_at, party, stage, valid_at"):
        ask(view, "what-was-signed", {"zzz": "TH"})
    with pytest.raises(QuestionError, match="Unknown question 'offices-hold'; did you mean 'offices-held'"):
        ask(view, "offices-hold", {})


def test_an_article_is_found_by_id_or_address(view: View) -> None:
    address = "https://news.example/thaigov-2022-07-11"
    assert bound_to(view, "what-an-article-says", article=address)["article"] == "thaigov-2022-07-11"
    with pytest.raises(
        UnknownNameError, match=r"No article is 'thaigov-2022-07-12'.*did you mean 'thaigov-2022-07-11'"
    ):
        ask(view, "what-an-article-says", {"article": "thaigov-2022-07-12"})
    with pytest.raises(UnknownNameError, match="write an article's id or address"):
        ask(view, "what-an-article-says", {"article": "zzz"})


def count_question() -> catalog.Template:
    return catalog.parse(
        "// title: t\n// answers: a\n// parameter n: integer | 2 | 3 | how many\n// parameter word: text | any | w | a word\n"
        "// column n: n\n// column word: word\n// relations: any\nUNWIND [1] AS one RETURN $n + one AS n, $word AS word",
        "count.cypher",
    )


def test_integers_and_defaults(view: View) -> None:
    mine = {"count": count_question()}
    assert ask(view, "count", {}, mine).rows == ((3, None),)
    assert ask(view, "count", {"n": "-7"}, mine).rows == ((-6, None),)
    assert ask(view, "count", {"n": 7, "word": "any"}, mine).rows == ((8, None),)
    for wrong in ("3.5", "three", "٣", "1e3", "9" * 19):
        with pytest.raises(QuestionError, match="is no whole number"):
            ask(view, "count", {"n": wrong}, mine)


@given(word=AWKWARD.map(str.strip).filter(lambda word: word not in ("", "any")))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_is_bound_and_comes_back_as_it_was(view: View, word: str) -> None:
    assert ask(view, "count", {"word": word}, {"count": count_question()}).rows == ((3, word),)


@given(words=st.lists(AWKWARD, max_size=3))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_literal_means_its_value(view: View, words: list[str]) -> None:
    assert view.rows(f"RETURN {literal(words)} AS words, {literal(None)} AS none, {literal(-3)} AS n").rows == [
        (words, None, -3)
    ]


@pytest.mark.parametrize(
    "evil",
    [
        "x' }) DETACH DELETE n //",
        "`}) DETACH DELETE n //",
        "\\' OR 1=1 //",
        '"; MATCH (n) DETACH DELETE n; //',
        "$party",
        "\\u0027}) MATCH (n) DETACH DELETE n //",
    ],
)
def test_names_and_texts_cannot_become_cypher(view: View, graph: Graph, evil: str) -> None:
    with pytest.raises(UnknownNameError):
        ask(view, "what-was-signed", {"party": evil})
    assert ask(view, "requests-and-answers", {"channel": evil}).rows == ()
    assert ask(view, "coverage-check", {"publisher": evil}).rows == ()
    count = view.rows("MATCH (k:Claim) RETURN count(k) AS n").rows
    assert count == [(len(graph.claims),)]


def test_a_store_does_not_write_for_a_question(view: View, graph: Graph) -> None:
    template = catalog.find("coverage-check")
    smuggled = catalog.Template(
        "smuggled", "t", "a", (), (catalog.Column("n", "n"),), (), "MATCH (k:Claim) DETACH DELETE k RETURN 1 AS n", "f"
    )
    before = run(view, template, bind(view, template, {})).rows
    with pytest.raises(StoreError):
        run(view, smuggled, {})
    assert run(view, template, bind(view, template, {})).rows == before
    assert len(before) == len(graph.articles)


def test_a_column_that_the_store_leaves_out_is_an_error() -> None:
    class Forgetful:
        def rows(self, cypher: str, parameters: Mapping[str, object] | None = None, *, timeout: float = 60.0) -> Rows:
            return Rows(("word",), [("w",)])

        def graph(self) -> Graph:
            raise NotImplementedError

        def root_hash(self) -> str | None:
            return None

    with pytest.raises(StoreError, match=r"answer to 'count' lacks n, count.cypher"):
        run(Forgetful(), count_question(), {"n": 1, "word": None})


def test_an_answer_gives_its_rows_as_mappings() -> None:
    answer = Answer(count_question(), {"n": 2, "word": None}, ("n", "word"), ((3, None), (4, "w")))
    assert answer.dicts() == [{"n": 3, "word": None}, {"n": 4, "word": "w"}]


def test_cypher_for_the_browser_names_every_parameter() -> None:
    text = as_cypher(count_question(), {"n": 2, "word": 'it\'s \\ "ไทย"\n'})
    lines = text.splitlines()
    assert lines[:2] == [":param n => 2;", ":param word => 'it\\'s \\\\ \"ไทย\"\\n';"]
    assert lines[2:] == (count_question().cypher + ";").splitlines()
    assert text.endswith(";\n")
