"""XML without surprises: no entities of its own, no look-ups; a file that is cut off costs what follows."""

from __future__ import annotations

import re
from functools import lru_cache
from html.entities import html5
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from loaders.diagnostics import REPAIRED, Diagnostics
from loaders.files import File

MAX_DEPTH = 500
LINE = "LINE"

_REFERENCE = re.compile(rb"&#(?:x([0-9a-fA-F]+)|([0-9]+));")
_PAIR = re.compile(rb"&#(x[dD][89abAB][0-9a-fA-F]{2}|5[56][0-9]{3});&#(x[dD][c-fC-F][0-9a-fA-F]{2}|5[67][0-9]{3});")
_VERSION_11 = re.compile(rb"""^(\xef\xbb\xbf)?(\s*<\?xml[^>]*version=["'])1\.1""")


class _Refused(Exception):  # noqa: N818  # never leaves this module
    """Why the file is not read on: a diagnostic's code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse(file: File, diagnostics: Diagnostics) -> Element | None:
    """The root element; None, and a diagnostic, where the file is no XML. Names of namespaces are {uri}local.

    Each element carries the line it begins on as its attribute `LINE`. A file that is cut off gives what stands before.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    open_tags: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(open_tags) == MAX_DEPTH:
            raise _Refused("xml.bad", f"elements nested more than {MAX_DEPTH} deep")
        open_tags.append(_name(tag))
        named = {_name(name): value for name, value in attributes.items()}
        builder.start(_name(tag), {**named, LINE: str(parser.CurrentLineNumber)})

    def end(tag: str) -> None:
        open_tags.pop()
        builder.end(_name(tag))

    def undeclared(name: str, is_parameter: bool) -> None:
        if not is_parameter:  # declared in a file elsewhere, which is not looked up
            known = html5.get(f"{name};", "\ufffd")
            told = f"&{name}; is declared elsewhere; {known!r} stands for it"
            diagnostics.add("xml.entity", file.path, told, action=REPAIRED, place=str(parser.CurrentLineNumber))
            builder.data(known)

    def refuse(*_: object) -> int:
        raise _Refused("xml.entity", "entities declared in the file are refused")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.SkippedEntityHandler = undeclared
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(_cleaned(file, diagnostics), True)
    except (expat.ExpatError, _Refused, LookupError, ValueError) as problem:  # the latter two: of an encoding
        return _rest(file, diagnostics, builder, parser, problem, open_tags)
    return builder.close()


@lru_cache(maxsize=1024)
def _name(name: str) -> str:
    return "{" + name if "}" in name else name


def _rest(
    file: File,
    diagnostics: Diagnostics,
    builder: TreeBuilder,
    parser: expat.XMLParserType,
    problem: Exception,
    open_tags: list[str],
) -> Element | None:
    """Says what is wrong; what stood before a cut-off end is kept."""
    code = problem.code if isinstance(problem, _Refused) else "xml.bad"
    place = f"{parser.CurrentLineNumber}:{parser.CurrentColumnNumber + 1}"
    diagnostics.lose(code, file.path, str(problem), place=place)
    if code == "xml.entity" or not open_tags:
        return None
    for tag in reversed(open_tags):
        builder.end(tag)
    return builder.close()


def _cleaned(file: File, diagnostics: Diagnostics) -> bytes:
    """The bytes, as XML 1.0, with a space for each reference to a character that it does not allow."""
    data = _VERSION_11.sub(rb"\g<1>\g<2>1.0", file.read())
    found: list[str] = []

    def mend(reference: re.Match[bytes]) -> bytes:
        code = int(reference[1], 16) if reference[1] else int(reference[2])
        if code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF:
            return reference[0]
        found.append(reference[0].decode())
        return b" "

    data = _REFERENCE.sub(mend, _PAIR.sub(_joined, data))
    if found:
        told = f"{len(found)} references to characters that XML does not allow, the first {found[0]}"
        diagnostics.add("xml.illegal-char", file.path, told, action=REPAIRED)
    return data


def _joined(pair: re.Match[bytes]) -> bytes:
    """One reference for the two halves that some Java versions write of a character outside the basic plane."""
    high, low = (int(half[1:], 16) if half[:1] == b"x" else int(half) for half in pair.groups())
    if not 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return pair[0]
    return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)
