"""The command line as its users meet it: help, exit codes, pipes, errors in one line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from accordgraph.cli import COMMANDS, _password, main
from graph.stores import Access, Location

Run = Callable[..., Result]


def test_every_command_has_help_with_examples(run: Run) -> None:
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        if name in ("export", "profile"):  # groups
            continue
        shown = run(name, "--help").output
        assert "Examples:" in shown, name
        assert f"accordgraph {name}" in shown


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from accordgraph.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert not loaded & {"neo4j", "networkx", "rdflib", "pyvis", "arcadedb", "numpy", "yaml", "orjson"}


def test_asking_imports_neither_pandas_nor_the_page(demo: Path) -> None:
    code = (
        "import sys; from accordgraph.cli import main\n"
        f"try: main(['ask', 'coverage-check', '--store', {str(demo)!r}])\nexcept SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stderr.split()) & {"pandas", "networkx", "rdflib", "pyvis"}


def test_build_prints_one_json_object_that_adds_up(run: Run, corpus: Path, tmp_path: Path) -> None:
    first = run("build", corpus, "--store", tmp_path / "s", "--json")
    counts = json.loads(first.stdout)
    assert first.exit_code == 0
    assert counts["evidence_checked"] == 1.0
    assert counts["inputs"] == len(counts["ledger"]) == sum(counts["outcomes"].values())
    assert counts["articles"] == counts["outcomes"]["new"] >= 24
    again = json.loads(run("build", corpus, "--store", tmp_path / "s", "--json").stdout)
    assert again["root_hash"] == counts["root_hash"]
    assert again["outcomes"] == {"unchanged": counts["articles"]}
    assert (again["written"]["created"], again["written"]["updated"], again["written"]["deleted"]) == (0, 0, 0)


def test_quarantine_is_exit_code_3_and_the_rest_is_built(run: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text("no front matter", encoding="utf-8")
    done = run("build", corpus, tmp_path / "bad.md", "--store", tmp_path / "s")
    assert done.exit_code == 3
    assert f"No front matter, {tmp_path}/bad.md:1; begin the file with a line '---'" in done.stderr
    assert run("stats", "--store", tmp_path / "s").exit_code == 0


def test_nothing_that_can_be_read_leaves_the_store_as_it_was(run: Run, corpus: Path, tmp_path: Path) -> None:
    run("build", corpus / "thaigov-2022-07-11.md", "--store", tmp_path / "s")
    before = json.loads(run("stats", "--json", "--store", tmp_path / "s").stdout)
    (tmp_path / "bad.md").write_text("no front matter", encoding="utf-8")
    done = run("build", tmp_path / "bad.md", "--store", tmp_path / "s")
    assert done.exit_code == 1
    assert "left as it was" in done.stderr
    assert json.loads(run("stats", "--json", "--store", tmp_path / "s").stdout) == before


def test_an_answer_without_rows_says_what_was_asked(run: Run, demo: Path) -> None:
    assert "party = place:phnom-penh" in run("ask", "what-was-signed", "-p", "party=Phnom Penh", "-s", demo).stderr


def test_check_writes_nothing(run: Run, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("check", corpus).exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["biuld"], 2, "did you mean 'build'"),
        (["build"], 2, "Missing argument 'PATHS"),
        (["build", "nowhere/"], 1, "No such file or folder 'nowhere'"),
        (["ask", "what-was-singed"], 2, "Unknown question 'what-was-singed'; did you mean 'what-was-signed'?"),
        (["ask", "what-was-signed", "-p", "partei=TH"], 2, "did you mean 'party'?"),
        (["ask", "what-was-signed", "-p", "party"], 2, "'party' is not KEY=VALUE"),
        (["ask", "what-was-signed", "-p", "party=Thailnd"], 1, "did you mean 'Thailand'"),
        (["ask", "what-was-signed", "-p", "valid_at=soon"], 2, "soon"),
        (["ask", "what-was-signed", "-f", "xml"], 2, "'xml' is not one of"),
        (["show", "Nobody At All"], 1, "No entity is named 'Nobody At All'"),
        (["page", "-o", "/nowhere/at/all.html"], 1, "No such file or directory"),
        (["export", "rdf", "-o", "/nowhere/at/all.ttl"], 1, "No such file or directory"),
    ],
)
def test_errors_are_one_line_with_a_way_out(
    run: Run, demo: Path, arguments: list[str], code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCORDGRAPH_STORE", str(demo))
    done = run(*arguments)
    assert done.exit_code == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_store_that_is_not_there_says_how_to_make_it(run: Run, tmp_path: Path) -> None:
    done = run("ask", "coverage-check", "--store", tmp_path / "none")
    assert done.exit_code == 1
    assert "accordgraph build" in done.stderr


def test_cypher_is_ready_for_the_browser(run: Run, demo: Path) -> None:
    text = run("ask", "what-was-signed", "-p", "party=ไทย", "-f", "cypher", "--store", demo).stdout
    assert ":param party => 'country:TH';" in text
    assert "MATCH" in text


def test_csv_and_json_go_to_standard_output_alone(run: Run, demo: Path) -> None:
    csv = run("ask", "coverage-check", "-f", "csv", "--store", demo)
    rows = json.loads(run("ask", "coverage-check", "-f", "json", "--store", demo).stdout)
    assert len(csv.stdout.splitlines()) == len(rows) + 1


def test_a_closed_pipe_is_no_error(demo: Path) -> None:
    command = f"{sys.executable} -m accordgraph ask what-an-article-says -p article=thaigov-2022-07-11 --store {demo} | head -n 1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_show_tells_everything_with_quotes(run: Run, demo: Path) -> None:
    shown = run("show", "เจีย วันเดค", "--store", demo).stdout
    assert "Chea Vandeth · Official · official:chea-vandeth" in shown
    assert "SIGNED → MOU on call-center gangs and hybrid scam · signed · 2022-07-11" in shown
    assert "11 ก.ค. 65 (thai-be) = 2022-07-11" in shown
    assert json.loads(run("show", "Chea Vandeth", "--json", "--store", demo).stdout)["claims"]


def test_page_and_rdf_are_written(run: Run, demo: Path, tmp_path: Path) -> None:
    assert run("page", "-o", tmp_path / "g.html", "--store", demo).exit_code == 0
    assert "<!doctype html>" in (tmp_path / "g.html").read_text(encoding="utf-8").lower()
    assert run("export", "rdf", "-o", tmp_path / "g.ttl", "--store", demo).exit_code == 0
    assert "11 ก.ค. 65" in (tmp_path / "g.ttl").read_text(encoding="utf-8")


def test_convert_goes_there_and_back(run: Run, corpus: Path, tmp_path: Path) -> None:
    assert run("convert", corpus, "-o", tmp_path / "all.jsonl").exit_code == 0
    assert run("convert", tmp_path / "all.jsonl", "-o", tmp_path / "back").exit_code == 0
    assert run("convert", tmp_path / "back", "-o", tmp_path / "again.jsonl").exit_code == 0
    assert (tmp_path / "all.jsonl").read_bytes() == (tmp_path / "again.jsonl").read_bytes()


@pytest.mark.parametrize("to", ["jsonl", "markdown", "brat"])
def test_what_converts_to_nothing_says_so(run: Run, tmp_path: Path, to: str) -> None:
    (tmp_path / "notes.txt").write_text("Plain words.\n", encoding="utf-8")
    done = run("convert", tmp_path, "--to", to, "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(run: Run, shell: str) -> None:
    assert "_ACCORDGRAPH_COMPLETE" in run("completion", shell).stdout


def test_questions_complete_in_the_shell() -> None:
    environment = {
        **os.environ,
        "_ACCORDGRAPH_COMPLETE": "bash_complete",
        "COMP_WORDS": "accordgraph ask what-w",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-m", "accordgraph"], env=environment, capture_output=True, text=True, check=False
    )
    assert "what-was-signed" in done.stdout


def test_three_who_ask_at_once_are_all_answered(demo: Path) -> None:
    command = [sys.executable, "-m", "accordgraph", "ask", "coverage-check", "--store", str(demo)]
    asking = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    told = [one.communicate() for one in asking]
    assert [one.returncode for one in asking] == [0, 0, 0], told


def test_clear_takes_the_graph_out_of_its_store_after_asking(run: Run, corpus: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    article = corpus / "thaigov-2022-07-11.md"
    assert run("build", article, "--store", store).exit_code == 0
    assert run("clear", "--store", store).exit_code == 1  # nobody says yes
    assert run("stats", "--store", store).exit_code == 0
    assert "nodes deleted" in run("clear", "--store", store, "--yes").stderr
    assert "No complete graph" in run("stats", "--store", store).stderr
    assert run("build", article, "--store", store).exit_code == 0
    assert run("clear", "--store", tmp_path / "none", "--yes").exit_code == 1
    assert not (tmp_path / "none").exists()


def test_a_password_comes_from_a_file_the_environment_or_whoever_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, object]] = []

    def prompt(text: str, **how: object) -> str:
        asked.append((text, how["hide_input"]))
        return "typed"

    monkeypatch.setattr(click, "prompt", prompt)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.delenv("ACCORDGRAPH_NEO4J_PASSWORD", raising=False)
    (tmp_path / "p").write_text("filed\nmore\n")
    assert _password("neo4j", str(tmp_path / "p")) == "filed"
    assert _password(None, None) is None
    assert not asked
    assert _password("neo4j", None) == "typed"
    assert asked == [("Password of neo4j", True)]
    monkeypatch.setenv("ACCORDGRAPH_NEO4J_PASSWORD", "set")
    assert _password("neo4j", None) == "set"


def test_access_to_a_server_comes_with_the_store(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("secret\n")
    stats = main.get_command(click.Context(main), "stats")
    assert stats is not None
    arguments = [
        "--store",
        "neo4j://host",
        "--user",
        "ann",
        "--database",
        "news",
        "--password-file",
        str(tmp_path / "p"),
    ]
    store = stats.make_context("stats", arguments).params["store"]
    assert isinstance(store, Location)
    assert (store, store.access) == ("neo4j://host", Access("ann", "secret", "news"))
