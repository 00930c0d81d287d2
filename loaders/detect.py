"""Which reader reads a file, and why. Where two fit, neither is taken: the user decides."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from graph.errors import ArticleError, did_you_mean
from loaders.bdoc import BDOC
from loaders.bdoc_yaml import BDOC_YAML
from loaders.brat import BRAT, BRAT_WRITER
from loaders.cas_json import CAS_JSON
from loaders.cas_json_writer import CAS_JSON_WRITER
from loaders.cas_ser import CAS_SER
from loaders.cas_xmi import CAS_XMI
from loaders.cat import CAT
from loaders.columns import COLUMNS
from loaders.conllu import CONLLU
from loaders.diagnostics import AS_IS, Diagnostics
from loaders.docbin import DOCBIN
from loaders.doccano import DOCCANO, DOCCANO_WRITER
from loaders.documents import DOCUMENTS, DOCUMENTS_WRITER
from loaders.files import File, opening
from loaders.gate import GATE
from loaders.generic import JSON, PRESETS
from loaders.json_stream import let_go
from loaders.label_studio import LABEL_STUDIO, LABEL_STUDIO_MIN
from loaders.label_studio_writer import LABEL_STUDIO_WRITER
from loaders.mae import MAE
from loaders.naf import NAF
from loaders.nif import NIF_READER
from loaders.own import OWN_JSON_LINES, OWN_MARKDOWN
from loaders.prodigy import PRODIGY, PRODIGY_WRITER
from loaders.reading import Reader
from loaders.tagtog import TAGTOG
from loaders.tei import TEI_READER
from loaders.w3c import W3C
from loaders.w3c_writer import W3C_WRITER
from loaders.webanno_tsv import WEBANNO_TSV
from loaders.webanno_tsv_writer import WEBANNO_TSV_WRITER
from loaders.writing import Writer

READERS: tuple[Reader, ...] = (
    BRAT,
    DOCCANO,
    LABEL_STUDIO,
    LABEL_STUDIO_MIN,
    PRODIGY,
    COLUMNS,
    CONLLU,
    DOCBIN,
    NIF_READER,
    W3C,
    WEBANNO_TSV,
    CAS_XMI,
    CAS_JSON,
    CAS_SER,
    CAT,
    GATE,
    MAE,
    NAF,
    BDOC,
    BDOC_YAML,
    TAGTOG,
    TEI_READER,
    DOCUMENTS,
    OWN_MARKDOWN,
    OWN_JSON_LINES,
    *PRESETS,
    JSON,
)
WRITERS: tuple[Writer, ...] = (
    BRAT_WRITER,
    DOCUMENTS_WRITER,
    DOCCANO_WRITER,
    LABEL_STUDIO_WRITER,
    PRODIGY_WRITER,
    W3C_WRITER,
    WEBANNO_TSV_WRITER,
    CAS_JSON_WRITER,
)
_JSON_WAY_OUT = "--format names one; --format json guesses where texts and mentions are, [json] in a profile says it"
_COMPANIONS = tuple(dict.fromkeys(reader.companion for reader in READERS))  # several readers share one


@cache
def _opening_with(first: bytes) -> tuple[Reader, ...]:
    """The readers whose files may begin with this character."""
    return tuple(reader for reader in READERS if first in reader.opens or not reader.opens)


@dataclass(frozen=True, slots=True)
class Found:
    """A file, the reader that reads it, and why; no reader for a file that is read along with another one."""

    file: File
    reader: Reader | None
    why: str


def reader_named(format_: str) -> Reader:
    """The reader of a format. Raises ArticleError for an unknown one."""
    known = {reader.format: reader for reader in READERS}
    if format_ not in known:
        raise ArticleError(f"Unknown format {format_!r}", way_out=did_you_mean(format_, known))
    return known[format_]


def writer_named(format_: str) -> Writer:
    """The writer of a format. Raises ArticleError for one that is not written."""
    known = {writer.format: writer for writer in WRITERS}
    if format_ not in known:
        raise ArticleError(f"No writer for the format {format_!r}", way_out=did_you_mean(format_, known))
    return known[format_]


def detect(file: File, diagnostics: Diagnostics, *, format_: str | None = None) -> Found | None:
    """The reader of a file; None, and a diagnostic, where none or several know it. `format_` decides."""
    told = reader_named(format_) if format_ else None
    if any(companion(file) for companion in ((told.companion,) if told else _COMPANIONS)):
        return Found(file, None, "read along with another file")
    head = file.head()
    readers = (told,) if told else _opening_with(opening(head)[:1])
    fitting = [(reader, why) for reader in readers if (why := reader.claims(file, head))]
    let_go()
    if told and not fitting:
        return _as_told(file, head, told, diagnostics)
    if len(fitting) == 1:
        return Found(file, *fitting[0])
    if fitting:
        several = " and ".join(f"{reader.format} ({why})" for reader, why in fitting)
        diagnostics.add("format.ambiguous", file.path, f"it may be {several}; --format decides")
    elif not file.size:
        diagnostics.add("file.empty", file.path, "nothing in it", action=AS_IS)
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        diagnostics.add("encoding.not-utf8", file.path, "it begins as UTF-16 does; save it as UTF-8", place="1")
    else:
        way_out = _JSON_WAY_OUT if opening(head)[:1] in (b"{", b"[") else "--format names one"
        diagnostics.add("format.unknown", file.path, f"no reader knows it; {way_out}", action=AS_IS)
    return None


def _as_told(file: File, head: bytes, told: Reader, diagnostics: Diagnostics) -> Found | None:
    """The reader that the user names, unless the file is a project's own storage, in which no text stands."""
    if CAS_SER.claims(file, head) is None:
        return Found(file, told, "as --format says")
    diagnostics.add("file.left-out", file.path, f"{CAS_SER.title}, not {told.format}", action=AS_IS)
    return None


def detected(files: Iterable[File], diagnostics: Diagnostics, *, format_: str | None = None) -> Iterator[Found]:
    """Every file that a reader reads, in order."""
    for file in files:
        if (found := detect(file, diagnostics, format_=format_)) and found.reader:
            yield found
