"""What articles say of themselves, in a table beside documents in a format that has no place for it.

The profile beside it names the table, so that a corpus that was corrected in a tool is built with all it had.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from loaders.article_fields import FIELDS, stated_fields
from loaders.document import Annotator, Document
from loaders.own import PROFILE, TABLE
from loaders.profile import Profile
from loaders.writing import named

DOCUMENT = "document"


class ArticleTable:
    """The rows of the documents that pass through `noted`, one each."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._rows: list[tuple[Document, dict[str, str]]] = []

    def noted(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The documents, while what they say is noted."""
        for document in documents:
            makers = {one.annotator for one in document.annotations if one.annotator}
            annotators = (*document.annotators, *map(_annotator, sorted(makers)))
            bare = replace(
                document, text="", tokens=(), sentences=(), mentions=(), relations=(), events=(), clusters=(), notes=(),
                annotators=annotators, extra={}, metadata={},
            )  # fmt: skip
            self._rows.append((bare, stated_fields(document, self._profile)))
            yield document

    def write(self, folder: Path) -> Path | None:
        """Writes the table and its profile, by the names of the files; None where no document says anything.

        A profile that is there already stays.
        """
        columns = [name for name in FIELDS if any(name in row for _, row in self._rows)]
        if not columns:
            return None
        names = [name for name, _ in named((document for document, _ in self._rows), Counter())]
        with (folder / TABLE).open("w", encoding="utf-8", newline="") as stream:
            rows = csv.DictWriter(stream, [DOCUMENT, *columns], lineterminator="\n")
            rows.writeheader()
            for name, (_, row) in zip(names, self._rows, strict=True):
                rows.writerow({DOCUMENT: name, **row})
        if not (folder / PROFILE).exists():
            (folder / PROFILE).write_text(self._toml(), encoding="utf-8")
        return folder / TABLE

    def _toml(self) -> str:
        calendar = f'[metadata]\ncalendar = "{self._profile.calendar}"\n\n' if self._profile.calendar else ""
        return (
            f"# Reads these documents with the fields of their articles, which stand in {TABLE}.\n"
            f'{calendar}[table]\nfile = "{TABLE}"\ndocument = "{DOCUMENT}"\n'
        )


def _annotator(name: str) -> Annotator:
    return Annotator(id=name)
