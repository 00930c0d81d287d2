"""`python -m benchmarks.readers`: reading exports of annotation tools, beside decoding the same bytes and beside peers.

Every format that is written here is written from the same synthetic documents and read back; the floor decodes the same
files (text, JSON or XML) and does nothing with them. Ratios are of one run, the best of three.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import click
import orjson

from accordgraph.inspecting import documents
from accordgraph.tables import table
from benchmarks.run import WIDTH
from loaders.detect import WRITERS
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Mention, Relation

ROUNDS = 3
_SENTENCE = "😀 ไทยลงนามกับกัมพูชา Polisi Thailand dan Kamboja bekerja sama, and the police shared intelligence. "
_WORDS = ("ไทย", "กัมพูชา", "Polisi", "Thailand", "Kamboja", "police")


@dataclass(frozen=True)
class Speed:
    """How fast one reader was: documents and megabytes a second, and how fast its floor was on the same files."""

    what: str
    documents: float
    megabytes: float
    floor: float | None = None


def synthetic(count: int) -> Iterator[Document]:
    """Documents of some 1,500 code points with 6 mentions and 4 relations each, astral characters before them."""
    text = _SENTENCE * 15
    for number in range(count):
        mentions = tuple(
            Mention(
                id=f"T{i + 1}", raw_id=f"T{i + 1}", types=("Country",), fragments=((at, at + len(word)),), surface=word
            )
            for i, word in enumerate(_WORDS)
            for at in (text.index(word, i * 90),)
        )
        relations = tuple(
            Relation(
                id=f"R{i + 1}", raw_id=f"R{i + 1}", type="signed", args=(("Arg1", f"T{i + 1}"), ("Arg2", f"T{i + 2}"))
            )
            for i in range(4)
        )
        yield Document(id=f"doc-{number}", path="", format="", text=text, mentions=mentions, relations=relations)


def written(folder: Path, count: int) -> None:
    """Writes the documents in every format, a folder each."""
    for writer in WRITERS:
        place = folder / writer.format
        for name, data in writer.write(synthetic(count), Counter()):
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("ab") as stream:
                stream.write(data)


def measured(folder: Path, count: int) -> Iterator[Speed]:
    """The speed of each reader on what was written, then that of others."""
    for writer in WRITERS:
        place = folder / writer.format
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
        seconds = _best(lambda place=place: _read(place, count))  # type: ignore[misc]
        floor = _best(lambda place=place: _decode(place))  # type: ignore[misc]
        yield Speed(writer.format, count / seconds, size / seconds / 1e6, count / floor)
    yield from _peers(folder, count)


def _read(folder: Path, count: int) -> None:
    read = sum(1 for _ in documents([folder], Diagnostics()))
    if read != count:
        raise click.ClickException(f"{folder.name}: {read} documents read of {count}")


def _decode(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if path.suffix == ".json":
            orjson.loads(data)
        elif path.suffix == ".jsonl":
            for line in data.splitlines():
                orjson.loads(line)
        elif path.suffix == ".xmi":
            ET.fromstring(data)  # noqa: S314  # written by ourselves a moment ago
        else:
            data.decode()


def _peers(folder: Path, count: int) -> Iterator[Speed]:
    for name, format_, read in (("bioc", "brat", _bioc), ("dkpro-cassis", "cas-json", _cassis)):
        place = folder / format_
        if not place.exists():
            continue
        try:
            seconds = _best(lambda place=place, read=read: read(place))  # type: ignore[misc]
        except ImportError:
            click.echo(f"{name} is not installed: not measured", err=True)
            continue
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
        yield Speed(f"{format_}, by {name}", count / seconds, size / seconds / 1e6)


def _bioc(folder: Path) -> None:
    from bioc import brat  # type: ignore[import-untyped, unused-ignore]

    for path in sorted(folder.glob("*.ann")):
        with path.open(encoding="utf-8") as ann, path.with_suffix(".txt").open(encoding="utf-8", newline="") as text:
            brat.load(text, ann)


def _cassis(folder: Path) -> None:
    import cassis  # type: ignore[import-untyped, unused-ignore]

    for path in sorted(folder.glob("*.json")):
        with path.open("rb") as stream:
            cassis.load_cas_from_json(stream)


def _best(action: Callable[[], None]) -> float:
    rounds = []
    for _ in range(ROUNDS):
        start = perf_counter()
        action()
        rounds.append(perf_counter() - start)
    return min(rounds)


def shown(speeds: Sequence[Speed]) -> Iterator[str]:
    """The figures as a table."""
    rows = [
        (
            one.what,
            f"{one.documents:,.0f}",
            f"{one.megabytes:,.1f}",
            f"{one.floor:,.0f}" if one.floor else "",
            f"{one.documents / one.floor:.2f}" if one.floor else "",
        )
        for one in speeds
    ]
    yield from table(("read", "documents/s", "MB/s", "decoding alone, documents/s", "ratio"), rows, WIDTH)


@click.command()
@click.option("--documents", "count", default=2_000, show_default=True, help="Documents in each format.")
@click.option("--json", "target", type=click.Path(dir_okay=False, path_type=Path), help="Writes the figures there too.")
def main(count: int, target: Path | None) -> None:
    """Measures the readers of exports."""
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder), count)
        speeds = list(measured(Path(folder), count))
    click.echo("\n".join(shown(speeds)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    click.echo(f"peak memory {peak:,.0f} MiB")
    if target:
        target.write_text(json.dumps([asdict(one) for one in speeds], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
