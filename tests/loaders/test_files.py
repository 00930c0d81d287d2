"""Files in folders, globs, archives and from standard input; archives that mean harm."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from graph.errors import ArticleError
from loaders import files as module
from loaders.diagnostics import Diagnostics
from loaders.files import Files


def _listed(*paths: Path | str) -> tuple[dict[str, bytes], Diagnostics]:
    diagnostics = Diagnostics()
    with Files(paths, diagnostics) as files:
        return {file.path: file.read() for file in files}, diagnostics


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_folder_is_listed_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.txt", ".hidden", ".git/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found, _ = _listed(tmp_path)
    assert list(found) == [str(tmp_path / "a/c.txt"), str(tmp_path / "b.txt")]


def test_a_glob_a_file_and_its_siblings(tmp_path: Path) -> None:
    for name in ("a.ann", "a.txt", "b.ann"):
        (tmp_path / name).write_text(name)
    found, diagnostics = _listed(f"{tmp_path}/*.ann")
    assert sorted(found.values()) == [b"a.ann", b"b.ann"]
    with Files([tmp_path / "a.ann"], diagnostics) as files:
        (file,) = files
        beside = file.sibling("a.txt")
        assert beside is not None
        assert beside.read() == b"a.txt"
        assert file.sibling("../a.txt") is None


def test_what_is_not_there_is_an_error() -> None:
    with pytest.raises(ArticleError, match="No such file or folder 'nowhere/x'"):
        _listed("nowhere/x")


def test_archives_are_read_where_they_lie_also_one_in_another(tmp_path: Path) -> None:
    inner = _zip(tmp_path / "inner.zip", {"deep/doc.txt": b"deep", "deep/doc.ann": b"ann"})
    outer = _zip(tmp_path / "outer.zip", {"x.txt": b"x", "inner.zip": inner.read_bytes()})
    found, diagnostics = _listed(outer)
    assert found == {
        f"{outer}!/inner.zip!/deep/doc.ann": b"ann",
        f"{outer}!/inner.zip!/deep/doc.txt": b"deep",
        f"{outer}!/x.txt": b"x",
    }
    assert not diagnostics.codes
    with Files([inner], diagnostics) as files:
        first, _ = files
        beside = first.sibling("doc.txt")
        assert beside is not None
        assert beside.read() == b"deep"


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz", ".tgz"])
def test_tar_packed_or_not(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with tarfile.open(path, "w:gz" if "gz" in suffix else "w") as archive:
        for name, data in (("./a/1.txt", b"one"), ("a/2.txt", b"two" * 1000)):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        link = tarfile.TarInfo("a/evil")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    found, _ = _listed(path)
    assert sorted(found.values()) == [b"one", b"two" * 1000]


def test_gzip_of_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"a": 1}\n'))
    found, _ = _listed(tmp_path / "a.jsonl.gz")
    assert found == {f"{tmp_path}/a.jsonl.gz!/a.jsonl": b'{"a": 1}\n'}


def test_standard_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = _zip(tmp_path / "a.zip", {"x.txt": b"x"}).read_bytes()
    for given, wanted in ((b"plain", {"-": b"plain"}), (data, {"-!/x.txt": b"x"})):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        assert _listed("-")[0] == wanted


def test_paths_that_lead_out_of_an_archive_are_left_out_and_nothing_is_written(tmp_path: Path) -> None:
    path = _zip(tmp_path / "evil.zip", {"../out.txt": b"x", "/abs.txt": b"x", "a\\..\\b.txt": b"x", "ok.txt": b"ok"})
    before = sorted(tmp_path.parent.iterdir())
    found, diagnostics = _listed(path)
    assert list(found.values()) == [b"ok"]
    assert diagnostics.codes == {"archive.path": 3}
    assert sorted(tmp_path.parent.iterdir()) == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_RATIO", 8)
    path = _zip(tmp_path / "bomb.zip", {"zeros": bytes(30 * 2**20), "ok.txt": b"ok"})
    found, diagnostics = _listed(path)
    assert list(found.values()) == [b"ok"]
    assert diagnostics.codes == {"archive.too-large": 1}
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(30 * 2**20)))
    found, diagnostics = _listed(tmp_path / "bomb.gz")
    assert not found
    assert diagnostics.codes == {"archive.too-large": 1}


def test_archives_within_archives_within_archives_end(tmp_path: Path) -> None:
    path = _zip(tmp_path / "0.zip", {"x": b"x"})
    for number in range(1, 6):
        path = _zip(tmp_path / f"{number}.zip", {path.name: path.read_bytes()})
    found, diagnostics = _listed(path)
    assert not found
    assert diagnostics.codes == {"archive.bad": 1}


@pytest.mark.parametrize("cut", [30, 100, -30])
def test_an_archive_that_is_cut_off_is_told(tmp_path: Path, cut: int) -> None:
    data = _zip(tmp_path / "a.zip", {f"{i}.txt": os.urandom(50) for i in range(9)}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[:cut])
    found, diagnostics = _listed(tmp_path / "cut.zip")
    assert not found
    assert diagnostics.codes == {"archive.bad": 1}


def test_a_file_too_large_to_be_kept_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILE", 10)
    (tmp_path / "a.txt").write_bytes(b"x" * 11)
    with pytest.raises(ArticleError, match="File of more than"):
        _listed(tmp_path / "a.txt")


def test_a_pipe_is_read_as_a_file_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b'{"text": "a"}',))
    writer.start()
    with Files([pipe], Diagnostics()) as files:
        (file,) = files
        assert (file.path, file.read(), file.read()) == (str(pipe), b'{"text": "a"}', b'{"text": "a"}')
    writer.join()
