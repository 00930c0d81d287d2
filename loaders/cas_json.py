"""UIMA CAS JSON 0.4, as INCEpTION and UIMA tools write it: feature structures in a list or by id, with their types.

Keys that begin with % are the format's, with @ references to other structures, with ^ offsets.
Specification: https://github.com/apache/uima-uimaj-io-jsoncas, SPECIFICATION.adoc
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from loaders.cas import STRING, Cas, Reference, Structure, documents
from loaders.diagnostics import Diagnostics
from loaders.document import Document
from loaders.files import File
from loaders.inception import companion, work
from loaders.json_stream import whole
from loaders.reading import Options, Reader

FORMAT = "cas-json"
TYPES, STRUCTURES, VIEWS = "%TYPES", "%FEATURE_STRUCTURES", "%VIEWS"

_HEAD = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"%(?:HEADER|TYPES|FEATURE_STRUCTURES|VIEWS)"\s*:')


def claims(file: File, head: bytes) -> str | None:
    """Why this is a CAS in JSON: the first key."""
    return "an object with %TYPES and %FEATURE_STRUCTURES" if _HEAD.match(head) else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The documents of a file, one for each view with a text."""
    stated = whole(file, diagnostics)
    if stated is None:
        return
    if not isinstance(stated, dict) or not isinstance(stated.get(STRUCTURES, []), list | dict):
        _wrong(file, diagnostics, "an object whose %FEATURE_STRUCTURES are a list or an object is expected", "/")
        return
    cas = Cas(marked=True, declared=_declared(stated.get(TYPES)))
    for place, id_, one in _listed(stated.get(STRUCTURES, [])):
        if isinstance(one, dict) and isinstance(one.get("%TYPE"), str):
            name = id_ if id_ not in cas.structures else f"{id_}#{place}"
            cas.structures[name] = _structure(name, f"/{STRUCTURES}/{place}", one)
        else:
            _wrong(file, diagnostics, "a feature structure without %TYPE", f"/{STRUCTURES}/{place}")
    _views(cas, stated.get(VIEWS))
    yield from documents(cas, work(file, diagnostics), file, FORMAT, options, diagnostics)


def _listed(stated: list[Any] | dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Place, id and value of each structure."""
    if isinstance(stated, dict):
        yield from ((id_, id_, one) for id_, one in stated.items())
    else:
        for number, one in enumerate(stated):
            id_ = one.get("%ID") if isinstance(one, dict) else None
            yield str(number), str(id_) if isinstance(id_, int | str) else f"#{number}", one


def _structure(id_: str, place: str, stated: dict[str, Any]) -> Structure:
    features: dict[str, Any] = {}
    for key, value in stated.items():
        if key[:1] == "@" and isinstance(value, int) and not isinstance(value, bool):
            features[key[1:]] = Reference(value) if value else ""
        elif key[:1] != "%":
            features[key.lstrip("^@#")] = value
    elements = stated.get("%ELEMENTS")
    return Structure(id_, stated["%TYPE"], place, features, elements if isinstance(elements, list) else None)


def _views(cas: Cas, stated: Any) -> None:
    for view in stated.values() if isinstance(stated, dict) else ():
        members = view.get("%MEMBERS") if isinstance(view, dict) else None
        if isinstance(members, list):
            cas.members.setdefault(str(view.get("%SOFA")), set()).update(map(str, members))


def _declared(stated: Any) -> dict[str, dict[str, str]]:
    """The ranges of features, by type."""
    types = {name: one for name, one in stated.items() if isinstance(one, dict)} if isinstance(stated, dict) else {}
    texts = {name for name, one in types.items() if one.get("%SUPER_TYPE") == STRING}
    return {
        name: {
            feature: _range(said.get("%RANGE") if isinstance(said, dict) else "", texts)
            for feature, said in type_.items()
            if not feature.startswith("%")
        }
        for name, type_ in types.items()
    }


def _range(stated: Any, texts: set[str]) -> str:
    return STRING if isinstance(stated, str) and stated in texts else str(stated)


def _wrong(file: File, diagnostics: Diagnostics, told: str, place: str) -> None:
    diagnostics.lose("json.shape", file.path, told, place=place)


CAS_JSON = Reader(FORMAT, "UIMA CAS JSON 0.4 (INCEpTION)", claims, read, companion, opens=b"{")
