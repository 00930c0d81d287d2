"""`python -m benchmarks.readers`: reading exports of annotation tools, beside decoding the same bytes and beside peers.

The same synthetic documents are read from every format that is written here and from some more. Ours finds the files
and their formats, checks words against the text, resolves references, gives ids and accounts for everything. The floor
makes values of the same bytes and does nothing with them: orjson for JSON, ElementTree's C parser for XML, lines for
what is lines. bioc and dkpro-cassis are given the files and make their own objects of them; bioc does not look at the
text, cassis checks nothing. Rounds go in alternating order; what is reported is the median of the processor's seconds:
on a quiet machine that is the time it takes, and on a busy one what others do does not count.
"""

from __future__ import annotations

import json
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import process_time

import click
import orjson

from accordgraph.inspecting import documents
from accordgraph.tables import table
from benchmarks.exports import written
from benchmarks.large import large, large_table
from benchmarks.run import WIDTH
from loaders.diagnostics import Diagnostics

ROUNDS = 5
OURS, FLOOR = "this project", "decoding alone"

Read = Callable[[Path], None]


@dataclass(frozen=True)
class Speed:
    """How fast a format was read, and by what; `ratio` is how many times as long it took as ours."""

    what: str
    by: str
    documents: float
    megabytes: float
    ratio: float


def measured(folder: Path, count: int) -> Iterator[Speed]:
    """The speed of each reader on what was written, its floor's, and that of others that read the format."""
    for place in sorted(folder.iterdir()):
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
        ways: dict[str, Read] = {OURS: lambda place: _read(place, count), FLOOR: _decode, **_peers(place.name)}
        seconds = _rounds(place, ways)
        for by, one in seconds.items():
            yield Speed(place.name, by, count / one, size / one / 1e6, one / seconds[OURS])


def _rounds(place: Path, ways: dict[str, Read]) -> dict[str, float]:
    """The median of the seconds that each takes."""
    taken: dict[str, list[float]] = {by: [] for by in ways}
    for number in range(ROUNDS):
        for by in list(ways)[:: -1 if number % 2 else 1]:
            begun = process_time()
            ways[by](place)
            taken[by].append(process_time() - begun)
    return {by: median(several) for by, several in taken.items()}


def _read(folder: Path, count: int) -> None:
    read = sum(1 for _ in documents([folder], Diagnostics()))
    if read != count:
        raise click.ClickException(f"{folder.name}: {read} documents read of {count}")


def _decode(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes()
        if path.suffix == ".json":
            orjson.loads(data)
        elif path.suffix == ".jsonl":
            for line in data.splitlines():
                orjson.loads(line)
        elif path.suffix in (".xmi", ".xml"):
            ET.fromstring(data)  # noqa: S314  # written by ourselves a moment ago
        elif path.suffix == ".txt":
            data.decode()
        else:
            data.decode().split("\n")


def _peers(format_: str) -> dict[str, Read]:
    """What else reads a format and is installed."""
    known: dict[str, tuple[str, str, Read]] = {
        "brat": ("bioc", "bioc", _bioc),
        "cas-json": ("dkpro-cassis", "cassis", _cassis_json),
        "cas-xmi": ("dkpro-cassis", "cassis", _cassis_xmi),
    }
    if format_ not in known:
        return {}
    name, module, read = known[format_]
    if find_spec(module) is None:
        click.echo(f"{name} is not installed: not measured", err=True)
        return {}
    return {name: read}


def _bioc(folder: Path) -> None:
    from bioc import brat  # type: ignore[import-untyped, unused-ignore]

    for path in sorted(folder.glob("*.ann")):
        with path.open(encoding="utf-8") as ann, path.with_suffix(".txt").open(encoding="utf-8", newline="") as text:
            brat.load(text, ann)


def _cassis_json(folder: Path) -> None:
    import cassis  # type: ignore[import-untyped, unused-ignore]

    for path in sorted(folder.glob("*.json")):
        with path.open("rb") as stream:
            cassis.load_cas_from_json(stream)


def _cassis_xmi(folder: Path) -> None:
    import cassis

    with (folder / "TypeSystem.xml").open("rb") as stream:
        types = cassis.load_typesystem(stream)
    for path in sorted(folder.glob("*.xmi")):
        with path.open("rb") as stream:
            cassis.load_cas_from_xmi(stream, typesystem=types)


def shown(speeds: Sequence[Speed]) -> Iterator[str]:
    """The figures as a table."""
    rows = [(one.what, one.by, f"{one.documents:,.0f}", f"{one.megabytes:,.1f}", f"{one.ratio:.2f}") for one in speeds]
    yield from table(("format", "read by", "documents/s", "MB/s", "its time to ours"), rows, WIDTH)


@click.command()
@click.option("--documents", "count", default=1_000, show_default=True, help="Documents in each format.")
@click.option("--megabytes", default=100, show_default=True, help="Of the large export of each format; a tenth beside.")
@click.option("--json", "target", type=click.Path(dir_okay=False, path_type=Path), help="Writes the figures there too.")
def main(count: int, megabytes: int, target: Path | None) -> None:
    """Measures the readers of exports: how fast they are, and how much memory a large export takes."""
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder), count)
        speeds = list(measured(Path(folder), count))
    click.echo("\n".join(shown(speeds)) + "\n")
    peaks = list(large(megabytes))
    click.echo("\n".join(large_table(peaks)))
    if target:
        found = {"speeds": [asdict(one) for one in speeds], "large": [asdict(one) for one in peaks]}
        target.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
