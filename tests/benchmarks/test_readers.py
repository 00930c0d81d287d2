"""The reading benchmark writes what the readers read back whole."""

from pathlib import Path

from benchmarks.readers import measured, shown, synthetic, written
from loaders.detect import WRITERS


def test_every_format_is_written_read_and_shown(tmp_path: Path) -> None:
    written(tmp_path, 3)
    speeds = list(measured(tmp_path, 3))
    assert [one.what for one in speeds[: len(WRITERS)]] == [writer.format for writer in WRITERS]
    assert all(one.documents > 0 and one.megabytes > 0 for one in speeds)
    assert len(list(shown(speeds))) == len(speeds) + 2


def test_synthetic_words_stand_in_the_text() -> None:
    (document,) = synthetic(1)
    assert all(document.words(mention) == mention.surface for mention in document.mentions)
