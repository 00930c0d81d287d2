"""Files → graph and ledger: every input accounted for, the same in any process."""

import contextlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from accordgraph.cache import Cache
from accordgraph.pipeline import Built, build_graph, read_articles
from graph.errors import ArticleError
from loaders.jsonl import JSON_LINES

REGISTER = """\
- id: agreement:mou
  names: {en: MOU}
- id: agency:police
  names: {en: Police, th: ตำรวจ}
  part_of: country:TH
"""
ARTICLE = """\
---
id: {id}
url: https://example.org/{id}
title: Title
publisher: Example
language: en
published: 2022-07-11
form: digest
claims:
  - subject: country:TH
    relation: signed
    object: agreement:mou
    on: 11 July 2022
    quote: Thailand signed
---
[Thailand](country:TH) signed the [memorandum](agreement:mou) on 11 July 2022 😀
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    articles = tmp_path / "articles"
    (articles / "entities").mkdir(parents=True)
    (articles / "entities" / "all.yaml").write_text(REGISTER, encoding="utf-8")
    for id_ in ("a", "b", "c"):
        (articles / f"{id_}.md").write_text(ARTICLE.format(id=id_), encoding="utf-8")
    (articles / "notes.txt").write_text("not an article", encoding="utf-8")
    return articles


def spoil(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def said(built: Built) -> list[str]:
    return [str(problem) for problem in built.problems]


def test_every_input_has_its_line_in_the_ledger(folder: Path) -> None:
    spoil(folder / "b.md", "signed\n", "singed\n")
    built = build_graph([folder])
    assert built.outcomes() == {"new": 2, "quarantined": 1, "ignored": 1}
    assert {Path(o.path).name: o.claims for o in built.ledger} == {"a.md": 1, "b.md": 0, "c.md": 1, "notes.txt": 0}
    assert said(built) == [f"Unknown relation 'singed', {folder}/b.md:11; did you mean 'signed'?"]


BREAKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "bad YAML": (lambda p: spoil(p, "title: Title", "title: A: B"), ":4; put the value in quotes"),
    "a quote not in the text": (lambda p: spoil(p, "quote: Thailand", "quote: Siam"), ":14; "),
    "an unknown relation": (lambda p: spoil(p, "relation: signed", "relation: signs"), ":11; did you mean 'signed'?"),
    "a wrong end": (lambda p: spoil(p, "object: agreement:mou", "object: agency:police"), ":11; allowed are Agreement"),
    "an impossible date": (lambda p: spoil(p, "on: 11 July", "on: 31 June"), ":13; "),
    "an unknown entity": (
        lambda p: spoil(p, "object: agreement:mou", "object: agreement:mu"),
        "did you mean 'agreement:mou'",
    ),
    "a duplicate id": (lambda p: spoil(p, "id: b", "id: a"), ":1; give it another id"),
    "not UTF-8": (lambda p: p.write_bytes(p.read_bytes().replace("😀".encode(), b"\xff")), ":16; save it as UTF-8"),
    "an empty file": (lambda p: p.write_text("", encoding="utf-8"), ":1; write an article"),
    "a 50 MB line": (lambda p: p.write_bytes(p.read_bytes() + b"x" * 50_000_000), ":17; split the text"),
}


@pytest.mark.parametrize("how", BREAKS)
def test_a_broken_article_is_named_with_file_line_and_way_out_and_the_others_load(folder: Path, how: str) -> None:
    break_it, told = BREAKS[how]
    break_it(folder / "b.md")
    built = build_graph([folder])
    assert sorted(built.graph.articles) == ["a", "c"]
    assert len(said(built)) == 1
    assert f"{folder}/b.md{told}" in said(built)[0] or (told in said(built)[0] and f"{folder}/b.md:" in said(built)[0])


def test_a_broken_register_entry_is_named_and_takes_only_its_articles(folder: Path) -> None:
    spoil(folder / "entities" / "all.yaml", "names: {en: MOU}", "name: {en: MOU}")
    other = (
        ARTICLE.format(id="d").replace("agreement:mou", "agency:police").replace("relation: signed", "relation: trains")
    )
    (folder / "d.md").write_text(other, encoding="utf-8")
    built = build_graph([folder])
    assert list(built.graph.articles) == ["d"]
    assert f"Unknown key 'name', {folder}/entities/all.yaml:2; did you mean 'names'?" in said(built)


def test_a_register_that_cannot_be_read_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "all.yaml":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    told = f"Cannot read: Permission denied, {folder}/entities/all.yaml; check the file's permissions"
    assert told in said(build_graph([folder]))


def test_what_is_no_file_is_in_the_ledger_too(folder: Path) -> None:
    (folder / "gone.md").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.md")
    ignored = {Path(o.path).name for o in build_graph([folder]).ledger if o.outcome == "ignored"}
    assert ignored == {"notes.txt", "gone.md", "pipe.md"}


def test_no_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"No articles below .*; give .md or .jsonl files"):
        build_graph([tmp_path])


def test_unchanged_changed_and_new_are_told_apart(folder: Path) -> None:
    before = {id_: article.content_hash for id_, article in build_graph([folder]).graph.articles.items()}
    spoil(folder / "b.md", "Title", "Another title")
    (folder / "d.md").write_text(ARTICLE.format(id="d"), encoding="utf-8")
    built = build_graph([folder], stored=before)
    assert {o.article: o.outcome for o in built.ledger if o.article} == {
        "a": "unchanged", "b": "changed", "c": "unchanged", "d": "new",
    }  # fmt: skip


def test_the_cache_changes_nothing_but_the_work(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "store" / "cache.sqlite"
    first = build_graph([folder], cache=cache)
    monkeypatch.setattr("accordgraph.pipeline.contribute", lambda *_, **__: pytest.fail("read again"))
    assert build_graph([folder], cache=cache).graph == first.graph


def test_a_changed_register_reads_the_articles_again(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.sqlite"
    build_graph([folder], cache=cache)
    spoil(folder / "entities" / "all.yaml", "agreement:mou", "agreement:other")
    assert build_graph([folder], cache=cache).outcomes()["quarantined"] == 3


def test_a_broken_cache_is_only_a_slower_build(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.sqlite"
    cache.write_bytes(b"no database" * 1000)
    assert build_graph([folder], cache=cache).graph == build_graph([folder]).graph
    with contextlib.closing(sqlite3.connect(cache)) as file, file:
        file.execute("UPDATE contribution SET value = '{}'")
    assert build_graph([folder], cache=cache).graph == build_graph([folder]).graph


def test_the_cache_forgets_what_no_article_asks_for(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.sqlite"
    build_graph([folder], cache=cache)
    (folder / "a.md").unlink()
    build_graph([folder], cache=cache)
    with Cache(cache, "x") as kept:
        assert kept._file is not None
        assert kept._file.execute("SELECT count(*) FROM contribution").fetchone() == (2,)


def test_annotators_stay_out_unless_asked_for(folder: Path) -> None:
    spoil(folder / "a.md", "form: digest", "form: digest\nannotator: somebody@example.org")
    assert "somebody" not in repr(build_graph([folder]).graph)
    assert "somebody" in repr(build_graph([folder], keep_annotators=True).graph)


def test_json_lines_and_markdown_build_the_same_graph(folder: Path, tmp_path: Path) -> None:
    lines = tmp_path / "twin" / "all.jsonl"
    lines.parent.mkdir()
    lines.write_text("".join(JSON_LINES.write(read_articles([folder]))), encoding="utf-8")
    shutil.copytree(folder / "entities", lines.parent / "entities")
    assert build_graph([lines]).graph == build_graph([folder]).graph


ROOT_HASH = """
import json, pathlib, sys
from accordgraph.pipeline import build_graph
print(json.dumps(build_graph([pathlib.Path(p) for p in sys.argv[1:]]).graph.root_hash))
"""


def test_the_root_hash_is_the_same_in_any_process(corpus: Path, tmp_path: Path) -> None:
    files = [*corpus.glob("*.md")]
    random.Random(7).shuffle(files)
    moved = tmp_path / "moved"
    shutil.copytree(corpus, moved)
    settings = [
        ({"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Bangkok"}, [str(corpus)]),
        ({"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "America/Los_Angeles"}, [str(f) for f in files]),
        ({"PYTHONHASHSEED": "3", "PYTHONUTF8": "0", "LC_ALL": "th_TH.UTF-8", "TZ": "UTC"}, [str(moved)]),
    ]
    hashes = {
        json.loads(
            subprocess.run(
                [sys.executable, "-c", ROOT_HASH, *paths], env={**os.environ, **env}, check=True, capture_output=True
            ).stdout
        )
        for env, paths in settings
    }
    assert len(hashes) == 1
