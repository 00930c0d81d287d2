"""Real exports to read, and ways to read files and bytes so that nothing goes unaccounted for."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import strategies as st

from accordgraph.inspecting import documents
from loaders.diagnostics import Diagnostics
from loaders.document import Document, document_from, to_fields
from loaders.files import File
from loaders.reading import Options, Reader

TESTS = Path(__file__).resolve().parent.parent
Read = Callable[..., tuple[list[Document], Diagnostics]]


@pytest.fixture(scope="session")
def made() -> dict[str, Any]:
    """The texts of our own and what is marked on them, see tests/made/README.md."""
    found: dict[str, Any] = json.loads((TESTS / "made" / "made.json").read_text(encoding="utf-8"))
    return found


def _checked(found: Iterable[Document], diagnostics: Diagnostics) -> tuple[list[Document], Diagnostics]:
    """Documents of which everything is accounted for, lies in the text, and comes back from JSON."""
    several = list(found)
    kept = sum(len(list(document.annotations)) + len(document.notes) for document in several)
    assert diagnostics.read == diagnostics.skipped + kept
    for document in several:
        assert document_from(orjson.loads(orjson.dumps(to_fields(document)))) == document
        for mention in document.mentions:
            assert all(0 <= start <= end <= len(document.text) for start, end in mention.fragments)
    return several, diagnostics


@pytest.fixture(scope="session")
def read_bytes() -> Read:
    """Reads the bytes of files, by name, with a reader, and checks what comes out; the first name is asked for."""

    def read(
        reader: Reader, contents: dict[str, bytes], options: Options | None = None
    ) -> tuple[list[Document], Diagnostics]:
        siblings: dict[str, File] = {}
        for name, data in contents.items():
            siblings[name] = File(name, ".", name, len(data), lambda data=data: io.BytesIO(data), siblings)  # type: ignore[misc]
        diagnostics = Diagnostics()
        first = siblings[next(iter(contents))]
        return _checked(reader.read(first, options or Options(), diagnostics), diagnostics)

    return read


@pytest.fixture(scope="session")
def read_files() -> Read:
    """Reads files with whichever reader knows them, and checks what comes out."""

    def read(*paths: Path) -> tuple[list[Document], Diagnostics]:
        diagnostics = Diagnostics()
        return _checked(documents(paths, diagnostics), diagnostics)

    return read


@pytest.fixture(scope="session")
def mutated() -> Callable[..., bytes]:
    """Bytes with some deleted, inserted, doubled and swapped, as hypothesis draws; `junk` is what may be inserted."""

    def change(data: st.DataObject, original: bytes, junk: Sequence[bytes], *, times: int = 6, most: int = 30) -> bytes:
        changed = bytearray(original)
        for _ in range(data.draw(st.integers(1, times))):
            at, other = (data.draw(st.integers(0, len(changed) - 1)) for _ in range(2))
            way = data.draw(st.sampled_from(["delete", "insert", "double", "swap"]))
            if way == "delete":
                del changed[at : at + data.draw(st.integers(1, most))]
            elif way == "insert":
                changed[at:at] = data.draw(st.sampled_from(junk))
            elif way == "double":
                changed[at:at] = changed[at : at + 80]
            else:
                changed[at], changed[other] = changed[other], changed[at]
            changed += b"\n" * (not changed)
        return bytes(changed)

    return change
