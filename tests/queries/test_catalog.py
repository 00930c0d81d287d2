"""Headers are read and checked, templates can only read, and the shipped ones keep to the Cypher both engines share."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import QuestionError
from graph.vocabulary import vocabulary
from queries import catalog
from queries.catalog import Column, Parameter, Template

HEADER = """\
// title: Who met whom
// answers: Who met whom,
//   and when?
// parameter who: entity | any | ไทย | one of them
// parameter since: start | 2021 | 2022-07 | from
//   when on
// parameter article: article | required | a-1 | an article
// column name: who
// column n: how many times
// relations: meets-with, signed
"""
QUERY = """\
MATCH (x:Entity)<-[:SUBJECT]-(k:Claim) // $remark, RETURN nothing
WHERE x.id = $who AND k.first_day >= $since AND k.id <> '$text' AND k.id <> $article
RETURN DISTINCT coalesce(x.name, [x.id, '?'][0]) AS name, count { (k)--(y) RETURN y, k } AS n
ORDER BY name, n
"""
SHIPPED = list(catalog.templates().values())
STANDARD = ("sources", "first_article", "url", "quote")


def named(template: Template) -> str:
    return template.name


def test_a_header_says_what_a_question_is() -> None:
    template = catalog.parse(HEADER + QUERY, "folder/who-met-whom.cypher")
    assert template == Template(
        name="who-met-whom",
        title="Who met whom",
        answers="Who met whom, and when?",
        parameters=(
            Parameter("who", "entity", required=False, default=None, example="ไทย", meaning="one of them"),
            Parameter("since", "start", required=False, default="2021", example="2022-07", meaning="from when on"),
            Parameter("article", "article", required=True, default=None, example="a-1", meaning="an article"),
        ),
        columns=(Column("name", "who"), Column("n", "how many times")),
        relations=("meets-with", "signed"),
        cypher=HEADER + QUERY,
        path="folder/who-met-whom.cypher",
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("// title: Who met whom\n", "", 1, "0 lines `// title:`"),
        ("// title:", "// titel:", 1, "says nothing"),
        ("// title: Who met whom\n", "// title: Who\n// title: met\n", 1, "2 lines `// title:`"),
        ("entity | any", "entity", 4, "'who' is not fully declared"),
        ("entity |", "entitty |", 4, "unknown type 'entitty', q.cypher:4; did you mean 'entity'?"),
        ("meets-with,", "meet-with,", 10, "did you mean 'meets-with'?"),
        ("$who ", "$whom ", 12, "$whom is used and not declared"),
        ("$who ", "'x' ", 4, "'who' is declared and not used"),
        ("// parameter since", "// parameter who: text | any | x | again\n// parameter since", 5, "declared twice"),
        ("// column n:", "// column m:", 9, "m, n, q.cypher:9; the query returns: name, n"),
        ("// column n: how many times\n", "", 12, "differ: n"),
        ("AS name, count", "AS n, count", 8, "differ: name"),
        ("// column name: who\n", "", 12, "differ: name"),
        ("AS n\n", "AS nn\n", 9, "differ: n, nn"),
    ],
)
def test_a_wrong_header_is_refused_with_its_line(old: str, new: str, line: int, said: str) -> None:
    text = HEADER + QUERY
    assert old in text
    with pytest.raises(QuestionError, match=re.escape(said)) as refused:
        catalog.parse(text.replace(old, new, 1), "q.cypher")
    assert (refused.value.path, refused.value.line) == ("q.cypher", line)


def test_columns_in_another_order_are_refused() -> None:
    swapped = HEADER.replace(
        "// column name: who\n// column n: how many times", "// column n: how\n// column name: who"
    )
    with pytest.raises(QuestionError, match="another order"):
        catalog.parse(swapped + QUERY, "q.cypher")


WRITES = [
    "MATCH (n) SET n.x = 1",
    "MATCH (n) set n:Gone",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) WHERE n.x = 1DELETE n",
    "MATCH (n) WHERE n.x = 1.DELETE n",
    "MATCH (n)/**/DELETE/**/n",
    "MATCH (n) REMOVE n.x",
    "MERGE (n:Entity {id: 'x'})",
    "CREATE (n)",
    "INSERT (n)",
    "CREATE CONSTRAINT FOR (n:X) REQUIRE n.id IS UNIQUE",
    "DROP DATABASE neo4j",
    "SHOW USERS",
    "ALTER USER neo4j SET PASSWORD 'x'",
    "USE system MATCH (n)",
    "MATCH (n) FOREACH (x IN [1] | CREATE (:X))",
    "LOAD CSV FROM 'file:///etc/passwd' AS row",
    "CALL db.labels() YIELD label",
    "CALL `db`.`labels`() YIELD label",
    "CALL `clear`()",
    "MATCH (n) CALL (n) { WITH n DELETE n } IN TRANSACTIONS",
    "MATCH (n) CALL (n) { RETURN 1 AS one } IN TRANSACTIONS OF 5 ROWS",
    "MATCH (n) // harmless\rCREATE (m)",
    "MATCH (n) CRE\\u0041TE (m)",
    "MATCH (n) WHERE n.name = '\\u0027 CREATE (m) //'",
    "MATCH (n) RETURN n; CREATE (m)",
    "MATCH (n) WHERE n.name = 'it''s' CREATE (m)",
    "PROFILE MATCH (n)",
]


@pytest.mark.parametrize("query", WRITES)
def test_a_template_that_does_more_than_read_is_refused(query: str, tmp_path: Path) -> None:
    text = f"// title: t\n// answers: a\n// column n: n\n// relations: any\n{query}\nRETURN n\n"
    file = tmp_path / "bad.cypher"
    file.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(QuestionError, match="may only read") as refused:
        catalog.load(tmp_path)
    assert refused.value.path == str(file)


@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=30))
def test_writing_words_in_strings_comments_and_quoted_names_are_words_like_others(name: str) -> None:
    string = name.replace("\\", "/").replace("'", "’")
    quoted = name.replace("\\", "/").replace("`", "``")
    comment = name.replace("\\", "/")
    query = f"MATCH (n) // CREATE {comment}\nWHERE n.x = 'SET {string}' AND n.`DELETE {quoted}` = \"DROP\"\nRETURN n"
    text = f"// title: t\n// answers: a\n// column n: n\n// relations: any\n{query}"
    assert catalog.parse(text, "q.cypher").columns == (Column("n", "n"),)


def test_code_keeps_offsets() -> None:
    text = "MATCH (n) // ไทย\nWHERE n.x = 'it\\'s' /* a\nb */ RETURN `a``b`"
    plain = catalog.code(text)
    assert len(plain) == len(text)
    assert [i for i, c in enumerate(plain) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
    assert plain.split() == ["MATCH", "(n)", "WHERE", "n.x", "=", "RETURN", "______"]


def test_an_unknown_question_comes_with_the_nearest() -> None:
    with pytest.raises(QuestionError, match=r"Unknown question 'what-was-singed'; did you mean 'what-was-signed'\?"):
        catalog.find("what-was-singed")


def test_a_folder_of_questions_can_be_added(tmp_path: Path) -> None:
    (tmp_path / "mine.cypher").write_text(HEADER + QUERY, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a question", encoding="utf-8")
    assert catalog.find("mine", catalog.load(tmp_path)).title == "Who met whom"


REQUIRED = {
    *("what-was-signed", "promises-and-delivery", "who-cooperates-with-whom", "who-shares-intelligence"),
    *("evidence-behind-tie", "pair-timeline", "joint-operations", "national-mechanism", "offices-held"),
    *("linked-crimes", "paths-between", "what-an-article-says", "coverage-check"),
}


def test_the_promised_questions_are_there() -> None:
    assert catalog.templates().keys() >= REQUIRED


@pytest.mark.parametrize("template", SHIPPED, ids=named)
class TestShipped:
    def test_takes_both_times(self, template: Template) -> None:
        assert [p.name for p in template.parameters][-2:] == ["valid_at", "known_at"]
        assert template.cypher.count("coalesce(") > 1

    def test_every_answer_carries_words(self, template: Template) -> None:
        columns = [column.name for column in template.columns]
        assert template.name == "coverage-check" or "quote" in columns
        if "sources" in columns:
            assert tuple(columns[-4:]) == STANDARD

    def test_known_time_bounds_every_piece_of_evidence(self, template: Template) -> None:
        articles = re.findall(r"\((\w+):Article\b", catalog.code(template.cypher))
        for name in set(articles):
            assert f"$known_at IS NULL OR {name}.known_from <= $known_at" in template.cypher

    def test_relations_are_declared_and_exist(self, template: Template) -> None:
        types = {relation.type for relation in vocabulary().relations.values()}
        written = set(re.findall(r"'([A-Z_]+)'", template.cypher)) - {"SUBJECT", "OBJECT"}
        assert written <= types
        if template.relations:
            assert {vocabulary().relation(name).type for name in template.relations} == written

    def test_stages_and_kinds_exist(self, template: Template) -> None:
        for stage in re.findall(r"stage (?:=|<>) '([^']*)'", template.cypher):
            assert vocabulary().stage(stage) == stage
        for words in re.findall(r"stage IN \[([^]]*)\]", template.cypher):
            assert {vocabulary().stage(w) for w in re.findall(r"'([^']*)'", words)} <= vocabulary().stages.keys()
        for words in re.findall(r"kind IN \[([^]]*)\]", template.cypher):
            assert set(re.findall(r"'([^']*)'", words)) <= vocabulary().kinds.keys()

    @pytest.mark.parametrize(
        ("avoid", "why"),
        [
            (r"\belementId\s*\(|(?<!\w)id\s*\(", "engine ids are not kept"),
            (r"\bSHORTEST\b", "ArcadeDB lacks it"),
            (r"\bshortestPath\b", "a condition on it is applied after the search on ArcadeDB"),
            (r"\b(min|max|collect|sum|avg)\s*\([^()]*\)\s*\.", "ArcadeDB leaves the column out in silence"),
            (r":\s*\$\s*\(", "dynamic labels: none are set, no error"),
            (r"\bSEARCH\b|\bFULLTEXT\b", "DDL belongs to the store"),
            (r"\bdatetime\s*\(|\btimestamp\s*\(|\bdate\s*\(\s*\)", "no clock, no zones; dates are ISO strings"),
            (r"\blabels\s*\(", "their order differs; use the kind"),
            (r"\bRETURN\s+\*", "columns are named"),
            (r"\brand\s*\(|\brandomUUID\s*\(", "the same question has the same answer"),
        ],
    )
    def test_keeps_to_the_cypher_both_engines_share(self, template: Template, avoid: str, why: str) -> None:
        assert not re.search(avoid, catalog.code(template.cypher)), why

    def test_rows_come_in_one_order(self, template: Template) -> None:
        assert re.search(r"\nORDER BY [^\n]+\n\Z", template.cypher)

    def test_symmetric_relations_are_those_of_the_vocabulary(self, template: Template) -> None:
        if "type(r) = 'SUBJECT' OR k.relation IN" in template.cypher:
            found = re.search(r"type\(r\) = 'SUBJECT' OR k\.relation IN \[([^]]*)\]", template.cypher)
            assert found
            symmetric = {r.type for r in vocabulary().relations.values() if r.symmetric}
            assert set(re.findall(r"'(\w+)'", found[1])) == symmetric


def test_the_reference_has_every_question_and_parameter() -> None:
    text = catalog.reference()
    for template in SHIPPED:
        section = text.split(f"\n## {template.name}\n")[1].split("\n## ")[0]
        assert template.answers in section
        for parameter in template.parameters:
            assert f"| `{parameter.name}` | {parameter.type} |" in section
            assert parameter.example in section
        assert all(f"| {column.name} | {column.meaning} |" in section for column in template.columns)
    assert all(line.count("|") in (0, 3, 6) for line in text.splitlines())
