"""Paths → files to read: folders, globs, zip and tar archives (also one in another), standard input; unpacked nowhere.

Nothing is ever written to where an archive says; what unpacks to more than a corpus would is refused.
"""

from __future__ import annotations

import glob
import gzip
import io
import os
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from graph.errors import ArticleError
from loaders.diagnostics import Diagnostics

STDIN = "-"
MIB = 2**20
HEAD = 65_536  # bytes of a file that are looked at to find out what it is
MAX_FILE = 256 * MIB  # what is read into memory whole
MAX_UNPACKED = 8192 * MIB  # of one archive
MAX_RATIO = 1000  # unpacked to packed; text reaches some 10, zeros 1,030
MAX_NESTED = 2
PLAIN = (".ann", ".txt", ".json", ".jsonl", ".md", ".tsv", ".conllu", ".xml", ".xmi", ".ttl", ".yaml", ".conf", ".html")
INSIDE = "!/"  # between an archive's path and that of a file in it

_BAD_ARCHIVE = (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError)


class File:
    """A file to read. `path` is how it is shown, `folder` and `name` where it stands among its siblings.

    `suffix` is the last one, in lower case: ".json"; `within` is the archive that the file stands in. Without `size`
    (bytes) and `opened` it lies on the disk, and is asked only where it must be: there may be a million of them.
    """

    __slots__ = ("_opened", "_size", "folder", "name", "path", "siblings", "suffix", "within")

    def __init__(
        self,
        path: str,
        folder: str,
        name: str,
        size: int | None,
        opened: Callable[[], BinaryIO] | None,
        siblings: dict[str, File],
        within: File | None = None,
    ) -> None:
        self.path = path
        self.folder = folder
        self.name = name
        stem, _, suffix = name.rpartition(".")
        self.suffix = sys.intern(f".{suffix.lower()}") if stem.strip(".") else ""
        self.siblings = siblings
        self.within = within
        self._size = size
        self._opened = opened

    @property
    def size(self) -> int:
        """How many bytes."""
        if self._size is None:
            self._size = os.stat(self.path).st_size  # noqa: PTH116  # many times as fast as a path
        return self._size

    @property
    def stem(self) -> str:
        """The name without its last suffix."""
        return self.name[: -len(self.suffix)] if self.suffix else self.name

    def open(self, *, buffered: bool = True) -> BinaryIO:
        """Its bytes, from the first; what is on the disk, unbuffered for a single reading."""
        if self._opened:
            return self._opened()
        return open(self.path, "rb", HEAD if buffered else 0)  # noqa: PTH123

    def sibling(self, name: str) -> File | None:
        """The file of this name, or relative path, beside it."""
        place = name if self.folder == "." else f"{self.folder}/{name}"
        return self.siblings.get(os.path.normpath(place) if "./" in place else place)

    def head(self) -> bytes:
        """The first bytes, HEAD at most."""
        return _head(self)

    def read(self) -> bytes:
        """All bytes. Raises ArticleError for a file of more than MAX_FILE."""
        data = self.head()
        if len(data) == HEAD:  # there may be more
            with self.open() as stream:
                data = stream.read(min(self.size, MAX_FILE) + 1)  # so much is allocated at once
                data += stream.read(MAX_FILE + 1 - len(data)) if len(data) > self.size else b""
        if len(data) > MAX_FILE:
            raise ArticleError(
                f"File of more than {MAX_FILE // MIB} MiB, which this format keeps in memory whole",
                path=self.path,
                way_out="split it, or export one line a document",
            )
        return data


class Listing:
    """Files that are siblings, as a key: what is known of all of them is found once."""

    def __init__(self, files: Mapping[str, File]) -> None:
        self.files = files

    def __hash__(self) -> int:
        return id(self.files)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listing) and self.files is other.files


def matching(pattern: str) -> list[str]:
    """The paths that a pattern matches, in order."""
    return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  # patterns may be absolute


@lru_cache(maxsize=4)  # one reader after another asks for that of the same file, then for that of the file beside it
def _head(file: File) -> bytes:
    with file.open(buffered=False) as stream:
        return stream.read(HEAD)


class Files:
    """All files below some paths, in order. Use it in a `with` block: archives stay open as long."""

    def __init__(self, paths: Iterable[str | os.PathLike[str]], diagnostics: Diagnostics) -> None:
        self._paths = [os.fspath(path) for path in paths]
        self._diagnostics = diagnostics
        self._opened = ExitStack()

    def __enter__(self) -> Files:
        return self

    def __exit__(self, *exception: object) -> None:
        self._opened.close()
        _head.cache_clear()

    def __iter__(self) -> Iterator[File]:
        for path in self._paths:
            yield from self._below(path)

    def _below(self, path: str) -> Iterator[File]:
        given = Path(path)
        if path == STDIN:
            yield from self._poured(sys.stdin.buffer, path)
        elif given.is_dir():
            yield from self._in_folder(path)
        elif given.is_file():
            yield from self._among_others(path)
        elif given.exists():  # a pipe, such as <(command): it can be read once
            with given.open("rb") as stream:
                yield from self._poured(stream, path)
        elif matches := matching(path):
            for match in matches:
                yield from self._below(match)
        else:
            raise ArticleError(f"No such file or folder {path!r}", way_out="check the path")

    def _in_folder(self, path: str) -> Iterator[File]:
        siblings: dict[str, File] = {}
        root = path.rstrip("/")
        for inner in _visible(path, ""):
            folder, _, name = inner.rpartition("/")
            siblings[inner] = File(f"{root}/{inner}", folder or ".", name, None, None, siblings)
        for file in siblings.values():
            yield from self._unpacked(file, 0)

    def _among_others(self, path: str) -> Iterator[File]:
        """A file that was named itself: those beside it can be read, and are not asked for."""
        siblings: dict[str, File] = {}
        folder, name = os.path.split(path)
        with os.scandir(folder or ".") as entries:
            names = sorted(entry.name for entry in entries if entry.is_file())
        for beside in names:
            shown = f"{folder}/{beside}" if folder else beside
            siblings[beside] = File(shown, ".", beside, None, None, siblings)
        yield from self._unpacked(siblings[name], 0)

    def _poured(self, stream: BinaryIO, path: str) -> Iterator[File]:
        """What a stream holds, as a file that can be read again."""
        kept = self._opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  # closed with the rest
        while block := stream.read(MIB):
            kept.write(block)
        file = File(path, ".", os.path.basename(path), kept.tell(), lambda: _window(kept), {})  # noqa: PTH119
        yield from self._unpacked(file, 0)

    # --- archives

    def _unpacked(self, file: File, depth: int) -> Iterator[File]:
        """The file itself, or the files in it."""
        members = _members(file)
        if members is None:
            yield file
            return
        if depth > MAX_NESTED:
            self._diagnostics.add("archive.bad", file.path, f"archives in archives, more than {MAX_NESTED} deep")
            return
        try:
            found = self._listed(file, members)
        except (*_BAD_ARCHIVE, OSError, RuntimeError, ValueError) as problem:
            self._diagnostics.add("archive.bad", file.path, f"cannot be unpacked: {problem}")
            return
        for one in found:
            yield from self._unpacked(one, depth + 1)

    def _listed(self, file: File, members: Callable[[File, ExitStack], Iterable[_Member]]) -> list[File]:
        siblings: dict[str, File] = {}
        total = 0
        for name, size, opened in sorted(members(file, self._opened), key=lambda one: one[0]):
            path = f"{file.path}{INSIDE}{name}"
            total += size
            if name.startswith("/") or ".." in PurePosixPath(name).parts or "\\" in name:
                self._diagnostics.add("archive.path", path, f"the archive puts a file at {name!r}")
            elif total > MAX_UNPACKED or size > max(MAX_RATIO * file.size, MAX_RATIO * MIB // 8):
                self._diagnostics.add("archive.too-large", path, f"unpacks to {size:,} bytes")
            elif not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts):
                inner = PurePosixPath(name)
                siblings[name] = File(path, str(inner.parent), inner.name, size, opened, siblings, file)
        return list(siblings.values())


_Member = tuple[str, int, Callable[[], BinaryIO]]


def _members(file: File) -> Callable[[File, ExitStack], Iterable[_Member]] | None:
    """How to list what is in an archive; None for a file that is none."""
    if file.suffix in PLAIN:
        return None
    head = file.head()
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_members
    if head[257:262] == b"ustar":
        return _tar_members
    return _gzip_members if head.startswith(b"\x1f\x8b") else None


def _zip_members(file: File, opened: ExitStack) -> Iterator[_Member]:
    archive = opened.enter_context(zipfile.ZipFile(opened.enter_context(_seekable(file))))
    for member in archive.infolist():
        if not member.is_dir():
            yield member.filename, member.file_size, _zip_opener(archive, member)


def _zip_opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: cast("BinaryIO", archive.open(member))


def _tar_members(file: File, opened: ExitStack) -> Iterator[_Member]:
    stream = opened.enter_context(_seekable(file))
    archive = opened.enter_context(tarfile.open(fileobj=stream, mode="r:"))  # noqa: SIM115
    for member in archive:
        if member.isfile():
            yield member.name.removeprefix("./"), member.size, _tar_opener(archive, member)


def _tar_opener(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Callable[[], BinaryIO]:
    return lambda: cast("BinaryIO", archive.extractfile(member))


def _gzip_members(file: File, opened: ExitStack) -> Iterator[_Member]:
    """The one file in it, unpacked once: it is read more than once, and a tar needs to be searched."""
    kept = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    limit = min(MAX_UNPACKED, max(MAX_RATIO * file.size, MAX_RATIO * MIB // 8))
    with file.open() as packed, gzip.GzipFile(fileobj=packed) as stream:
        while kept.tell() <= limit and (block := stream.read(MIB)):
            kept.write(block)
    name = file.name.removesuffix(".gz").replace(".tgz", ".tar")
    yield name, kept.tell(), lambda: _window(kept)


def _seekable(file: File) -> BinaryIO:
    stream = file.open()
    if stream.seekable():
        return stream
    with stream:
        return io.BytesIO(stream.read(MAX_FILE + 1))


def opening(head: bytes) -> bytes:
    """A file's first bytes from the first that says something: without a byte order mark and white space."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")


# --- files -------------------------------------------------------------------------------------------------------


def _visible(folder: str, inner: str) -> Iterator[str]:
    """Relative paths of the files below, in order; what is hidden is left out."""
    names: list[str] = []  # of what the system tells nothing else is kept: there may be a million files
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                names.append(f"{entry.name}/")
            elif entry.is_file():
                names.append(entry.name)
    for name in sorted(names, key=lambda name: name.removesuffix("/")):
        if name.endswith("/"):
            yield from _visible(f"{folder}/{name[:-1]}", f"{inner}{name}")
        else:
            yield f"{inner}{name}"


def _window(kept: IO[bytes]) -> BinaryIO:
    """A stream of its own on a file that stays open."""
    return cast("BinaryIO", io.BufferedReader(_Window(kept)))


class _Window(io.RawIOBase):
    def __init__(self, kept: IO[bytes]) -> None:
        self._kept = kept
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._at, 2: self._kept.seek(0, 2)}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        self._kept.seek(self._at)
        data = self._kept.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
