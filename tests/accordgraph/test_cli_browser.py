"""`accordgraph export browser`: the files, the same ones every time, and errors in one line."""

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from graph.export.grass import to_grass
from queries.browser import PARAMETERS, QUESTIONS, graphs
from queries.catalog import templates

Run = Callable[..., Result]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_writes_the_style_and_every_question(run: Run, demo: Path, tmp_path: Path) -> None:
    done = run("export", "browser", "-o", tmp_path / "a" / "b", "--store", demo)
    count = len(templates()) + len(graphs())
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith(f"{count} questions written to {tmp_path / 'a' / 'b'}; drop accordgraph.grass and")
    written = files(tmp_path / "a" / "b")
    assert len(written) == 2 * count + 2
    assert written["accordgraph.grass"].decode() == to_grass()
    assert f"{QUESTIONS}/what-was-signed.cypher" in written
    assert b":param party => 'country:TH';\n" in written[f"{PARAMETERS}/what-was-signed.cypher"]


def test_writing_again_changes_nothing(run: Run, demo: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert run("export", "browser", "-o", tmp_path / "once", "--store", demo).exit_code == 0
    assert run("export", "browser", "-o", tmp_path / "other", "--store", demo).exit_code == 0
    assert files(tmp_path / "once") == files(tmp_path / "other")


def test_every_example_is_in_the_sample_corpus(run: Run, demo: Path, tmp_path: Path) -> None:
    run("export", "browser", "-o", tmp_path, "--store", demo)
    lacking = [name for name, text in files(tmp_path / PARAMETERS).items() if b"this graph has no" in text]
    assert lacking == []


def test_without_a_folder_or_a_graph_it_says_so(run: Run, tmp_path: Path) -> None:
    assert run("export", "browser").exit_code == 2
    done = run("export", "browser", "-o", tmp_path / "out", "--store", tmp_path / "nowhere")
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()
