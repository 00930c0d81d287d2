"""UIMA CAS XMI, as INCEpTION, WebAnno and UIMA tools write it: an element a feature structure.

What an annotation is shows without the type system beside it; that only says which features a layer has.
Specification: https://uima.apache.org/d/uimaj-current/references.html#ugr.ref.xmi
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from xml.etree.ElementTree import Element

from loaders.cas import STRING, Cas, Structure, documents
from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.files import MIB, File
from loaders.inception import companion, work
from loaders.reading import Options, Reader
from loaders.safe_xml import LINE, parse

FORMAT = "cas-xmi"
XMI = "{http://www.omg.org/XMI}"
VIEW, NULL = "uima.cas.View", "uima.cas.NULL"

_ROOT = re.compile(rb"<(?:\w+:)?XMI[\s>]")
_ARRAY = re.compile(r"uima\.cas\.\w+Array")


def claims(file: File, head: bytes) -> str | None:
    """Why this is a CAS in XMI: its root and its namespaces."""
    if b"http://www.omg.org/XMI" not in head or b"/uima/cas.ecore" not in head or not _ROOT.search(head):
        return None
    return "XMI with the namespace of a UIMA CAS"


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The documents of a file, one for each view with a text."""
    root = parse(file, diagnostics)
    if root is not None:
        cas = _cas(root, _type_system(file))
        yield from documents(cas, work(file, diagnostics), file, FORMAT, options, diagnostics)


def _type_system(file: File) -> Mapping[str, Mapping[str, str]]:
    names = ("TypeSystem.xml", "typesystem.xml", f"{file.stem}.typesystem.xml")
    found = next((beside for name in names if (beside := file.sibling(name))), None)
    return _declared(found.read()) if found and found.size < MIB else {}


@lru_cache(maxsize=4)
def _declared(data: bytes) -> Mapping[str, Mapping[str, str]]:
    """The ranges of features, by type; of a type system that is cut off, what is there."""
    found: dict[str, dict[str, str]] = {}
    texts: set[str] = set()
    for block in data.decode("utf-8", "replace").split("<typeDescription>")[1:]:
        stated, *features = block.split("<featureDescription>")
        name = _inner(stated, "name")
        found[name] = {_inner(one, "name"): _inner(one, "rangeTypeName") for one in features}
        if _inner(stated, "supertypeName") == STRING:
            texts.add(name)
    return {
        name: {one: STRING if range_ in texts else range_ for one, range_ in ranges.items()}
        for name, ranges in found.items()
    }


def _inner(text: str, tag: str) -> str:
    return text.partition(f"<{tag}>")[2].partition("<")[0].strip()


def _cas(root: Element, declared: Mapping[str, Mapping[str, str]]) -> Cas:
    cas = Cas(marked=False, declared=declared)
    types: dict[str, str] = {}
    for number, element in enumerate(root):
        type_ = types.get(element.tag) or types.setdefault(element.tag, _type(element.tag))
        attributes = element.attrib
        if type_ == VIEW:
            cas.members.setdefault(attributes.get("sofa", ""), set()).update(attributes.get("members", "").split())
        elif type_ != NULL:
            place = attributes.pop(LINE, "")
            id_ = attributes.pop(f"{XMI}id", "") or f"#{number}"
            if id_ in cas.structures:
                id_ = f"{id_}#{number}"
            cas.structures[id_] = _structure(id_, type_, place, element)
    return cas


def _type(tag: str) -> str:
    """{http:///webanno/custom.ecore}Span → webanno.custom.Span."""
    space, _, name = tag.removeprefix("{").rpartition("}")
    package = space.removeprefix("http:///").removesuffix(".ecore").replace("/", ".")
    return name if package in ("", "uima.noNamespace") else f"{package}.{name}"


def _structure(id_: str, type_: str, place: str, element: Element) -> Structure:
    features: dict[str, object] = dict(element.attrib)
    for child in element:  # values of an array that belongs to one feature
        values = features.setdefault(child.tag, [])
        if isinstance(values, list):
            values.append(child.text or "")
    elements = None
    if _ARRAY.fullmatch(type_):
        stated = features.get("elements", "")
        elements = stated.split() if isinstance(stated, str) else stated
    return Structure(id_, type_, place, features, elements if isinstance(elements, list) else None)


CAS_XMI = Reader(FORMAT, "UIMA CAS XMI (INCEpTION, WebAnno)", claims, read, companion)
