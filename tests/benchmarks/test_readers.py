"""The reading benchmark writes what the readers read back whole, and compares what it measures with the floor and others."""

from pathlib import Path

from benchmarks.exports import SHAPES, synthetic, written
from benchmarks.large import large, large_table
from benchmarks.readers import FLOOR, OURS, measured, shown
from loaders.detect import WRITERS


def test_every_format_is_written_read_and_shown(tmp_path: Path) -> None:
    written(tmp_path, 3)
    speeds = list(measured(tmp_path, 3))
    formats = {one.what for one in speeds}
    assert formats >= SHAPES.keys() >= {writer.format for writer in WRITERS}
    assert all({OURS, FLOOR} <= {one.by for one in speeds if one.what == format_} for format_ in formats)
    assert {(one.what, one.by) for one in speeds} >= {("brat", "bioc"), ("cas-json", "dkpro-cassis")}
    assert all(one.documents > 0 and one.megabytes > 0 for one in speeds)
    assert len(list(shown(speeds))) == len(speeds) + 2


def test_a_large_export_is_ten_times_a_small_one() -> None:
    found = list(large(0.1, ["brat"]))
    assert [one.what for one in found] == ["brat", "brat, zipped"]
    assert all(one.megabytes >= 0.1 and one.documents > 1 and one.peak > 0 and one.tenth > 0 for one in found)
    assert len(list(large_table(found))) == len(found) + 2


def test_synthetic_words_stand_in_the_text() -> None:
    (document,) = synthetic(1)
    assert all(document.words(mention) == mention.surface for mention in document.mentions)
