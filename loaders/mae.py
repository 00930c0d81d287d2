"""MAE XML (Multi-purpose Annotation Environment; also of the i2b2 tasks): a text, tags with spans, tags that link them.

A tag with spans, or with start and end, is a mention; -1~-1 stands for no words, so for the document as a whole. A tag
with attributes in pairs, `<role>ID` and `<role>Text`, ties others by these roles. Offsets are Java's UTF-16 units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Fragment, Value
from loaders.files import MIB, File, opening
from loaders.reading import Draft, Options, Reader
from loaders.safe_xml import LINE, parse

FORMAT = "mae"
TEXT, TAGS = "TEXT", "TAGS"
SPANS, START, END, WORDS = "spans", "start", "end", "text"
NOWHERE = -1
BETWEEN = " ... "  # what the tool writes between the words of two spans

_SPAN = re.compile(r"\s*(-?\d{1,15})\s*~\s*(-?\d{1,15})\s*")
_NUMBER = re.compile(r"-?\d{1,15}")


def claims(file: File, head: bytes) -> str | None:
    """Why this is MAE XML: TEXT, and behind it TAGS."""
    if opening(head)[:1] != b"<" or b"<TEXT>" not in head:
        return None
    return "TEXT and TAGS" if b"<TAGS" in (head if file.size <= len(head) else _further(file)) else None


def _further(file: File) -> bytes:
    """More of a file, whose text may be long."""
    with file.open() as stream:
        return stream.read(4 * MIB)


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The one document of a file."""
    root = parse(file, diagnostics)
    if root is None:
        return
    text, tags = root.find(TEXT), root.findall(f"{TAGS}/*")
    if text is None:
        diagnostics.lose("text.missing", file.path, f"no {TEXT} in <{root.tag}>")
        return
    draft = Draft(file.stem, "".join(text.itertext()), file, FORMAT, diagnostics)
    draft.unit = options.unit or "utf16"
    draft.metadata = {name: value for name, value in root.attrib.items() if value and name != LINE}
    for tag in tags:
        roles = _roles(tag)
        if roles and SPANS not in tag.attrib and START not in tag.attrib:
            _link(draft, tag, roles)
        else:
            _extent(draft, tag)
    yield draft.finish()


def _roles(tag: Element) -> list[str]:
    """The roles of a tag that links: those that an id and its words are stated for."""
    return [name[:-2] for name in tag.attrib if name.endswith("ID") and f"{name[:-2]}Text" in tag.attrib]


def _extent(draft: Draft, tag: Element) -> None:
    id_, line = tag.get("id"), tag.get(LINE, "")
    offsets = _offsets(tag)
    if offsets is None:
        stated = tag.get(SPANS, f"{tag.get(START)}~{tag.get(END)}")
        draft.skip("offset.bad", f"{tag.tag} {id_} at {stated[:60]!r}", line, tag.get(WORDS, ""))
        return
    placed = [(start, end) for start, end in offsets if (start, end) != (NOWHERE, NOWHERE)]
    words = tag.get(WORDS) if placed else None
    draft.mention(
        id_ or ("line", line),
        [tag.tag],
        placed,
        surface=words.replace(BETWEEN, " ") if words and len(placed) > 1 else words,
        raw_id=id_,
        place=line,
        attributes=_attributes(tag, {SPANS, START, END, WORDS}),
    )


def _offsets(tag: Element) -> list[Fragment] | None:
    """What a tag says where it stands; nothing where it says nothing, None where that is no span."""
    if (spans := tag.get(SPANS)) is not None:
        found = [_SPAN.fullmatch(one) for one in spans.split(",") if one.strip()]
        return [(int(one[1]), int(one[2])) for one in found if one] if all(found) else None
    start, end = tag.get(START), tag.get(END)
    if start is None and end is None:
        return []
    numbers = [_NUMBER.fullmatch(one or "") for one in (start, end)]
    return [(int(one[0]), int(other[0]))] if (one := numbers[0]) and (other := numbers[1]) else None


def _link(draft: Draft, tag: Element, roles: list[str]) -> None:
    id_, line = tag.get("id"), tag.get(LINE, "")
    args = [(role, target) for role in roles if (target := tag.get(f"{role}ID"))]
    if not args:
        draft.skip("ref.dangling", f"{tag.tag} {id_} links nothing", line)
        return
    without = {name for role in roles for name in (f"{role}ID", f"{role}Text")}
    draft.relation(id_ or ("line", line), tag.tag, args, raw_id=id_, place=line, attributes=_attributes(tag, without))


def _attributes(tag: Element, without: set[str]) -> dict[str, tuple[Value, ...]]:
    """What a tag says besides; an empty value says nothing."""
    return {name: (value,) for name, value in tag.items() if value and name not in without | {"id", LINE}}


MAE = Reader(FORMAT, "MAE XML", claims, read, opens=b"<")
