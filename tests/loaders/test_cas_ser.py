"""CAS as INCEpTION stores it: made to the layout of UIMA's heap, in projects, and bytes that are broken."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordgraph.inspecting import inspect
from loaders import snappy
from loaders.cas_ser import CAS_SER
from loaders.detect import detect
from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.files import File
from loaders.java_objects import MAGIC, first_object

Read = Callable[..., tuple[list[Document], Diagnostics]]
TEXT = "😀 Ada และ\0 Bo"
UIMA = "org.apache.uima.cas.impl."
CODES = {"I": "i", "B": "b", "J": "q"}

# --- what Java would write


def _utf(text: str) -> bytes:
    """Java's own UTF-8: of an astral character both surrogates, and zero in two bytes."""
    units = struct.unpack(f"<{len(text.encode('utf-16-le')) // 2}H", text.encode("utf-16-le"))
    data = b"".join(chr(one).encode("utf-8", "surrogatepass") if one else b"\xc0\x80" for one in units)
    return struct.pack(">H", len(data)) + data


def _class(name: str, fields: dict[str, str], flags: int = 2, beside: bytes = b"") -> bytes:
    said = b"".join(
        sort[:1].encode() + _utf(field) + (b"t" + _utf(sort) if len(sort) > 1 else b"")
        for field, sort in fields.items()
    )
    return b"r" + _utf(name) + bytes(8) + bytes([flags]) + struct.pack(">H", len(fields)) + said + beside + b"xp"


def _array(sort: str, values: list[Any]) -> bytes:
    if sort == "S":
        inner = b"".join(b"p" if one is None else b"t" + _utf(one) for one in values)
        return b"u" + _class("[Ljava.lang.String;", {}) + struct.pack(">I", len(values)) + inner
    return b"u" + _class(f"[{sort}", {}) + struct.pack(f">I{len(values)}{CODES[sort]}", len(values), *values)


def _object(name: str, arrays: dict[str, tuple[str, list[Any]]]) -> bytes:
    fields = {field: "[Ljava/lang/String;" if sort == "S" else f"[{sort}" for field, (sort, _) in arrays.items()}
    return b"s" + _class(UIMA + name, fields) + b"".join(_array(*one) for one in arrays.values())


# --- a CAS of two spans and a relation between them

TYPES: dict[str, str] = {  # and the type above it
    "uima.cas.TOP": "", "uima.cas.Integer": "uima.cas.TOP", "uima.cas.Float": "uima.cas.TOP",
    "uima.cas.String": "uima.cas.TOP", "uima.cas.StringArray": "uima.cas.TOP", "uima.cas.BooleanArray": "uima.cas.TOP",
    "uima.cas.DoubleArray": "uima.cas.TOP", "uima.cas.FSArray": "uima.cas.TOP", "uima.cas.Boolean": "uima.cas.TOP",
    "uima.cas.Long": "uima.cas.TOP", "uima.cas.Double": "uima.cas.TOP", "uima.cas.Sofa": "uima.cas.TOP",
    "uima.cas.AnnotationBase": "uima.cas.TOP", "uima.tcas.Annotation": "uima.cas.AnnotationBase",
    "my.Kind": "uima.cas.String", "custom.Span": "uima.tcas.Annotation", "custom.Tie": "uima.tcas.Annotation",
}  # fmt: skip
FEATURES: list[tuple[str, str, str]] = [
    ("sofaNum", "uima.cas.Sofa", "uima.cas.Integer"), ("sofaID", "uima.cas.Sofa", "uima.cas.String"),
    ("value", "custom.Span", "my.Kind"), ("sofaString", "uima.cas.Sofa", "uima.cas.String"),
    ("sofa", "uima.cas.AnnotationBase", "uima.cas.Sofa"), ("begin", "uima.tcas.Annotation", "uima.cas.Integer"),
    ("end", "uima.tcas.Annotation", "uima.cas.Integer"), ("sure", "custom.Span", "uima.cas.Boolean"),
    ("share", "custom.Span", "uima.cas.Float"), ("count", "custom.Span", "uima.cas.Long"),
    ("weight", "custom.Span", "uima.cas.Double"), ("tags", "custom.Span", "uima.cas.StringArray"),
    ("flags", "custom.Span", "uima.cas.BooleanArray"), ("more", "custom.Span", "uima.cas.DoubleArray"),
    ("Governor", "custom.Tie", "custom.Span"), ("Dependent", "custom.Tie", "custom.Span"),
]  # fmt: skip
NUMBERS = {name: number for number, name in enumerate(TYPES, 1)}
STRINGS = [None, "_InitialView", TEXT, "Person", "a", "b"]
HEAP = [
    *(0, NUMBERS["uima.cas.Sofa"], 1, 1, 2),
    *(NUMBERS["custom.Span"], 1, 3, 6, 3, 1, struct.unpack(">i", struct.pack(">f", 0.5))[0], 1, 2, 35, 39, 42),
    *(NUMBERS["custom.Span"], 1, 12, 14, 0, 0, 0, 3, 3, 0, 0, 0),
    *(NUMBERS["custom.Tie"], 1, 3, 14, 5, 17),
    *(NUMBERS["uima.cas.StringArray"], 2, 4, 5),
    *(NUMBERS["uima.cas.BooleanArray"], 2, 1),
    *(NUMBERS["uima.cas.DoubleArray"], 1, 2),
    *(NUMBERS["custom.Span"], 1, 3, 6, 0, 0, 0, 3, 3, 0, 0, 0),  # taken out of the index, and still on the heap
]
INDEX = [1, 1, 1, 3, 5, 17, 29]


def _stored(*, heap: list[int] | None = None, index: list[int] | None = None) -> bytes:
    declared = [0, 0, 0]
    for _, domain, range_ in FEATURES:
        declared += [NUMBERS[domain], NUMBERS[range_], 0]
    types = _object(
        "CASMgrSerializer",
        {
            "featDecls": ("I", declared),
            "featureNames": ("S", [None, *(name for name, *_ in FEATURES)]),
            "typeInheritance": ("I", [0, *(NUMBERS.get(above, 0) for above in TYPES.values())]),
            "typeNames": ("S", [None, *TYPES]),
        },
    )
    weight = struct.unpack(">q", struct.pack(">d", 2.5))[0]
    data = _object(
        "CASSerializer",
        {
            "byteHeapArray": ("B", [0, 1, 0]),
            "fsIndex": ("I", index or INDEX),
            "heapArray": ("I", heap or HEAP),
            "longHeapArray": ("J", [0, 2**40, weight, 0]),
            "shortHeapArray": ("B", [0]),
            "stringTable": ("S", STRINGS),
        },
    )
    fields = {"casMgrSer": f"L{UIMA}CASMgrSerializer;", "casSer": f"L{UIMA}CASSerializer;"}
    return MAGIC + b"s" + _class(f"{UIMA}CASCompleteSerializer", fields) + types + data


def _packed(data: bytes) -> bytes:
    """In Snappy's framing: a chunk that copies what stands before, one to be passed over, one that stands as it is."""
    repeated = data.index(b"[I", data.index(b"[I") + 2)  # of no use but that it stands there twice
    start = data.index(b"[I")
    head, tail = data[:repeated], data[repeated + 2 :]
    block = struct.pack("<BBBH", 0x80 | (repeated + 2) % 128, (repeated + 2) // 128, 61 << 2, repeated - 1) + head
    block += bytes([(1 << 2) | 2]) + (repeated - start).to_bytes(2, "little")
    chunks = [(0x00, bytes(4) + block), (0xFE, b"padding"), (0x01, bytes(4) + tail)]
    return snappy.MAGIC + b"".join(bytes([sort]) + len(one).to_bytes(3, "little") + one for sort, one in chunks)


@pytest.mark.parametrize("packed", [False, True])
def test_structures_are_read_off_the_heap(read_bytes: Read, packed: bool) -> None:
    (document,), diagnostics = read_bytes(CAS_SER, {"x.ser": _packed(_stored()) if packed else _stored()})
    assert document.text == TEXT
    ada, bo = document.mentions
    assert [(one.types, document.words(one)) for one in (ada, bo)] == [(("Person",), "Ada"), (("Span",), "Bo")]
    assert ada.attributes == {
        "sure": (True,),
        "share": (0.5,),
        "count": (2**40,),
        "weight": (2.5,),
        "tags": ("a", "b"),
        "flags": (True, False),
        "more": (2.5,),
    }
    (tie,) = document.relations
    assert tie.args == (("Governor", ada.id), ("Dependent", bo.id))
    assert (diagnostics.codes, document.extra.get("left_out")) == ({"offset.unchecked": 1}, None)


# --- in a project


STORED = _stored(index=[1, 1, 1, 1, 5])  # one span
TSV = b"""\
#FORMAT=WebAnno TSV 3.3
#T_SP=webanno.custom.Span|value


#Text=Ada met Bo
1-1\t0-3\tAda\tPerson\t
1-2\t4-7\tmet\t_\t
1-3\t8-10\tBo\t_\t
"""


@pytest.mark.parametrize(
    ("beside", "found"),
    [
        ({}, [("cas-ser", "anna")]),
        ({"annotation/a.txt/anna.txt": b"This is"}, [("cas-ser", "anna")]),  # the text alone
        ({"annotation/a.txt/anna.xml": b"<Document/>"}, [("cas-ser", "anna")]),  # a form that is not read
        ({"annotation/a.txt/anna_12345678901.tsv": TSV}, [("webanno-tsv", "anna")]),
        ({"annotation/a.txt/bo.tsv": TSV}, [("webanno-tsv", "bo"), ("cas-ser", "anna")]),
    ],
)
def test_a_project_is_read_in_this_form_where_there_is_no_other(
    tmp_path: Path, beside: dict[str, bytes], found: list[tuple[str, str]]
) -> None:
    files = {
        "exportedproject.json": orjson.dumps({"name": "news"}),
        "annotation_ser/a.txt/anna.ser": STORED,
        "annotation_ser/a.txt/INITIAL_CAS.ser": STORED,
        "source/a.txt": b"This is an example sentence.",
        **beside,
    }
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    read = [*inspect([tmp_path / "p.zip"])]
    assert [(one.format, *one.annotators) for one in read] == found
    assert all(one.counts["mentions"] == 1 and not one.codes.keys() - {"offset.unchecked"} for one in read)


def test_a_part_of_a_project_is_not_read_twice_either(tmp_path: Path) -> None:
    for name, data in {
        "annotation_ser/a.txt/anna.ser": STORED,
        "annotation_ser/a.txt/INITIAL_CAS.ser": STORED,
        "annotation_ser/a.txt/bo.ser": STORED,
        "annotation/a.txt/anna.tsv": TSV,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    read = [*inspect([tmp_path])]
    assert [(one.format, *one.annotators) for one in read] == [("webanno-tsv", "anna"), ("cas-ser", "bo")]


def test_no_other_format_is_read_out_of_it() -> None:
    data = _stored()
    file = File("x.ser", ".", "x.ser", len(data), lambda: io.BytesIO(data), {})
    diagnostics = Diagnostics()
    assert detect(file, diagnostics, format_="webanno-tsv") is None
    assert diagnostics.codes == {"file.left-out": 1}
    found = detect(file, diagnostics)
    assert found
    assert found.reader is CAS_SER


# --- broken files


@pytest.mark.parametrize(
    "data",
    [
        b"",
        MAGIC,
        MAGIC + b"s",
        MAGIC + b"q\x00\x7e\x00\x05",
        MAGIC + b"u" * 1000,
        MAGIC + b"u" + _class("[I", {}) + b"\xff\xff\xff\xff",
        MAGIC + b"s" + _class("x.Own", {}, flags=4),
        MAGIC + b"s" + _class("x.Other", {}),
        snappy.MAGIC + b"\x00\xff\xff\xff",
        snappy.MAGIC + b"\x02\x00\x00\x00",
        snappy.MAGIC + b"\x00\x08\x00\x00" + bytes(4) + b"\x04\x05\x00\x00",  # a copy of what is not there
        _stored(index=[2**31 - 1, 2**31 - 1]),
        _stored(index=[1, 1, 99, 0]),
        _stored(heap=[0, 99]),
        _stored(heap=[0, NUMBERS["uima.cas.Sofa"], 1, 1]),
        _stored(heap=[*HEAP[:5], NUMBERS["custom.Span"], 1, 3, 6, -1, *HEAP[10:]]),
    ],
)
def test_what_is_broken_is_told(read_bytes: Read, data: bytes) -> None:
    documents, diagnostics = read_bytes(CAS_SER, {"x.ser": data})
    assert (documents, diagnostics.codes) == ([], {"file.bad": 1})


def test_java_objects_are_plain_data() -> None:
    written = (
        b"s" + _class("x.Written", {"a": "I"}, flags=3, beside=b"w\x01z") + b"\x00\x00\x00\x07" + b"w\x02ab" + b"x"
    )
    twice = b"u" + _class("[Lx;", {}) + b"\x00\x00\x00\x02" + written + b"q\x00\x7e\x00\x03"
    assert first_object(MAGIC + twice) == [{"a": 7}, {"a": 7}]
    assert first_object(MAGIC + b"|" + bytes(7) + b"\x02ab") == "ab"


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_damage_is_too_much(read_bytes: Read, mutated: Callable[..., bytes], data: st.DataObject) -> None:
    read_bytes(CAS_SER, {"x.ser": mutated(data, _stored(), [b"\xff\xff\xff\xff", b"q\x00\x7e\x00\x01", b"\x00", b"p"])})
