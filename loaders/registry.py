"""Which files are articles, and which loader reads each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from graph.errors import ArticleError
from loaders.annotated import MARKDOWN
from loaders.base import Loader
from loaders.detect import READERS
from loaders.files import File
from loaders.jsonl import JSON_LINES

LOADERS: tuple[Loader, ...] = (MARKDOWN, JSON_LINES)
OWN = (MARKDOWN.format, JSON_LINES.format)
REGISTER_FOLDER = "entities"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files below some paths, each list sorted: articles, register files, and files that are neither."""

    articles: tuple[Path, ...]
    registers: tuple[Path, ...]
    others: tuple[Path, ...]


def loader_for(path: Path) -> Loader:
    """The loader for a file, by its suffix."""
    for loader in LOADERS:
        if path.suffix.lower() == loader.suffix:
            return loader
    raise ArticleError(
        f"No loader for {path.suffix or path.name!r} files",
        path=str(path),
        way_out=f"give {' or '.join(loader.suffix for loader in LOADERS)} files",
    )


def find_inputs(paths: Iterable[Path]) -> Inputs:
    """The files below folders, and files named themselves; hidden ones are left alone.

    YAML files in a folder called `entities` are the register. A file named itself brings the `entities` folder beside
    it. Raises ArticleError for a path that is not there.
    """
    articles: set[Path] = set()
    registers: set[Path] = set()
    others: set[Path] = set()
    for given in paths:
        if not given.exists():
            beside = [path.name for path in given.parent.iterdir()] if given.parent.is_dir() else []
            near = get_close_matches(given.name, beside, n=1)
            way_out = f"did you mean {str(given.with_name(near[0]))!r}?" if near else "check the path"
            raise ArticleError(f"No such file or folder {str(given)!r}", way_out=way_out)
        for path in _below(given):
            kind = registers if _is_register(path) else articles if _is_article(path) else others
            kind.add(path)
        if given.is_file():
            registers.update(p for p in _below(given.parent / REGISTER_FOLDER) if _is_register(p))
    return Inputs(tuple(sorted(articles)), tuple(sorted(registers)), tuple(sorted(others)))


def _below(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    found = (p for p in path.rglob("*") if not p.is_dir())
    return [p for p in found if not any(part.startswith(".") for part in p.relative_to(path).parts)]


def _is_register(path: Path) -> bool:
    return path.suffix.lower() in {".yaml", ".yml"} and REGISTER_FOLDER in path.parent.parts


def _is_article(path: Path) -> bool:
    known = path.suffix.lower() in {loader.suffix for loader in LOADERS}
    return known and path.stem.upper() != "README" and path.is_file() and not _is_export(path)


def _is_export(path: Path) -> bool:
    """Whether JSON Lines are those of an annotation tool."""
    if path.suffix.lower() != JSON_LINES.suffix:
        return False
    file = File(str(path), ".", path.name, None, None, {})
    try:
        head = file.head()
    except OSError:  # it is read, and complained of, as an article
        return False
    return any(reader.claims(file, head) for reader in READERS if reader.format not in OWN)
