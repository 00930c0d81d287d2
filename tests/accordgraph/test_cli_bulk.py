"""`accordgraph export neo4j-admin`: a folder with the importer's files, its command, and the finishing statements."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]


def test_a_folder_is_written_whose_command_names_files_that_are_there(run: Run, demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bulk"
    done = run("export", "neo4j-admin", "-o", folder, "--store", demo)
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"claims written to {folder}; run sh {folder}/import.sh" in done.stderr
    (tmp_path / "neo4j-admin").write_text('#!/bin/sh\npwd\nprintf "%s\\n" "$@"\n')
    (tmp_path / "neo4j-admin").chmod(0o755)
    said = subprocess.run(
        ["sh", folder / "import.sh", "other"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        check=True,
    )
    place, *arguments = said.stdout.decode().splitlines()
    assert Path(place) == folder
    assert arguments[:4] == ["database", "import", "full", "other"]
    named = {file for argument in arguments if ".csv" in argument for file in argument.split("=")[-1].split(",")}
    assert named | {"import.sh", "finish.cypher"} == {path.name for path in folder.iterdir()}


def test_a_folder_with_files_is_an_error_in_one_line(run: Run, demo: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    done = run("export", "neo4j-admin", "-o", tmp_path, "--store", demo)
    assert done.exit_code == 1
    assert f"{tmp_path} holds files; name a new folder, or an empty one" in done.stderr


def test_an_output_folder_must_be_given(run: Run, demo: Path) -> None:
    assert run("export", "neo4j-admin", "--store", demo).exit_code == 2
