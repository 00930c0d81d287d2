"""How much memory a large export takes, beside one of a tenth of its size: each is read in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from accordgraph.inspecting import documents
from accordgraph.tables import table
from benchmarks.exports import SHAPES, write_large
from benchmarks.run import WIDTH
from loaders.diagnostics import Diagnostics

ZIPPED = "brat"  # is read from a zip too


@dataclass(frozen=True)
class Large:
    """A large export, and a tenth of it beside: bytes, documents, seconds to read it, peaks of memory in MiB."""

    what: str
    megabytes: float
    documents: int
    seconds: float
    peak: float
    tenth: float


def large(megabytes: float, shapes: Iterable[str] = tuple(SHAPES)) -> Iterator[Large]:
    """Each format, so large and a tenth of it."""
    for shape in shapes:
        with tempfile.TemporaryDirectory() as folder:
            tenth, whole = Path(folder) / "tenth", Path(folder) / "whole"
            write_large(tenth, shape, int(megabytes * 1e5))
            size = write_large(whole, shape, int(megabytes * 1e6))
            yield _compared(shape, whole, tenth, size)
            if shape == ZIPPED:
                yield _compared(f"{shape}, zipped", _zipped(whole), _zipped(tenth), size)


def _compared(what: str, whole: Path, tenth: Path, size: int) -> Large:
    _, _, before = _apart(tenth)
    count, seconds, peak = _apart(whole)
    return Large(what, size / 1e6, count, seconds, peak, before)


def _zipped(folder: Path) -> Path:
    target = folder.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return target


def _apart(path: Path) -> tuple[int, float, float]:
    """Documents, seconds and peak of memory of reading an export in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(read_all, (path,))


def read_all(path: Path) -> tuple[int, float, float]:
    """Reads an export and keeps nothing of it: documents, seconds, and this process's peak of memory in MiB."""
    begun = perf_counter()
    count = sum(1 for _ in documents([path], Diagnostics()))
    return count, perf_counter() - begun, _peak()


def _peak() -> float:
    """MiB. The system's own figure begins anew with the process; that of `resource` may be that of its parent."""
    status = Path("/proc/self/status")
    if status.exists():
        return (
            next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 2**10
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def large_table(found: Sequence[Large]) -> Iterator[str]:
    """The figures as a table."""
    rows = [
        (
            one.what,
            f"{one.megabytes:,.1f}",
            f"{one.documents:,}",
            f"{one.megabytes / one.seconds:,.1f}",
            f"{one.peak:,.0f}",
            f"{one.tenth:,.0f}",
        )
        for one in found
    ]
    yield from table(("large export", "MB", "documents", "MB/s", "peak in MiB", "of a tenth of it"), rows, WIDTH)
