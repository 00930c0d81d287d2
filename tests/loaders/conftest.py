"""Real exports to read, and a way to read bytes as if they were a file."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.files import File
from loaders.reading import Options, Reader

TESTS = Path(__file__).resolve().parent.parent
Read = Callable[..., tuple[list[Document], Diagnostics]]


@pytest.fixture(scope="session")
def samples() -> Path:
    """Real exports of annotation tools, which are not part of this repository."""
    folder = TESTS.parent.parent / "shared" / "samples" / "formats"
    if not folder.is_dir():
        pytest.skip("the collection of real exports is not here")
    return folder


@pytest.fixture(scope="session")
def made() -> dict[str, Any]:
    """The texts of our own and what is marked on them, see tests/made/README.md."""
    found: dict[str, Any] = json.loads((TESTS / "made" / "made.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def read_bytes() -> Read:
    """Reads the bytes of files, by name, with a reader; the first name is the file that is asked for."""

    def read(
        reader: Reader, contents: dict[str, bytes], options: Options | None = None
    ) -> tuple[list[Document], Diagnostics]:
        siblings: dict[str, File] = {}
        for name, data in contents.items():
            siblings[name] = File(name, ".", name, len(data), lambda data=data: io.BytesIO(data), siblings)  # type: ignore[misc]
        diagnostics = Diagnostics()
        first = siblings[next(iter(contents))]
        return list(reader.read(first, options or Options(), diagnostics)), diagnostics

    return read
