"""Documents → UIMA CAS JSON 0.4, a file each with its own type system, which INCEpTION and UIMA tools import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from loaders.document import Document, Fragment, Mention, Relation, Value
from loaders.layered import Layered, chain_features, labels, said_beside
from loaders.layers import DEPENDENT, DKPRO, GOVERNOR, REFERENCE_RELATION, REFERENCE_TYPE, SENTENCE, TOKEN, short
from loaders.offsets import Offsets
from loaders.writing import Losses, Writer, named

FORMAT = "cas-json"
ANNOTATION, BASE, TOP = "uima.tcas.Annotation", "uima.cas.AnnotationBase", "uima.cas.TOP"
STRING, STRINGS = "uima.cas.String", "uima.cas.StringArray"
METADATA = f"{DKPRO}metadata.type.DocumentMetaData"
LARGEST = 2**63 - 1

_Said = Mapping[str, Sequence[Value]]


def write(documents: Iterable[Document], losses: Losses) -> Iterator[tuple[str, bytes]]:
    """A file a document; what a CAS cannot hold is counted."""
    for name, document in named(documents, losses):
        losses["document metadata"] += len(document.metadata.keys() - {"documentId", "documentTitle"})
        written = _Written(document, losses).whole()
        yield f"{name}.json", orjson.dumps(written, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


class _Written:
    """The feature structures of one document, and the types that they are of."""

    def __init__(self, document: Document, losses: Losses) -> None:
        self.document = document
        self.layered = Layered(document, losses)
        self.text = _clean(document.text)
        self.offsets = Offsets(self.text)
        self.types: dict[str, dict[str, Any]] = {}
        self.structures: list[dict[str, Any]] = []
        self.members: list[int] = []
        self.ids: dict[str, int] = {}  # of mentions

    def whole(self) -> dict[str, Any]:
        """The file."""
        stated = {"sofaNum": 1, "sofaID": "_InitialView", "mimeType": "text", "sofaString": self.text}
        sofa = self._add("uima.cas.Sofa", stated)
        self._metadata()
        for type_, spans in ((SENTENCE, self.document.sentences), (TOKEN, self.document.tokens)):
            for start, end in spans:
                self._declare(type_, ANNOTATION, {})
                self._stand(type_, (start, end), {})
        for layer, ones in self.layered.by_layer().items():
            self._spans(layer, ones)
        for layer, members in self.layered.chains:
            self._chain(layer, members)
        self._tokens()
        self._slots()
        self._arcs()
        view = {"%SOFA": sofa, "%MEMBERS": self.members}
        return {
            "%TYPES": self.types,
            "%FEATURE_STRUCTURES": self.structures,
            "%VIEWS": {"_InitialView": view},
        }

    def _add(self, type_: str, features: Mapping[str, Any]) -> int:
        id_ = len(self.structures) + 1
        self.structures.append({"%ID": id_, "%TYPE": type_, **features})
        return id_

    def _stand(self, type_: str, place: Fragment, features: Mapping[str, Any]) -> int:
        """A structure on the text, which is a member of the view."""
        begin, end = (self.offsets.written(edge, "utf16") for edge in place)
        id_ = self._add(type_, {"@sofa": 1, "begin": begin, "end": end, **features})
        self.members.append(id_)
        return id_

    def _declare(self, type_: str, above: str, features: Mapping[str, str]) -> None:
        """A type and the ranges of its features, those that it has already aside."""
        stated = self.types.setdefault(type_, {"%NAME": type_, "%SUPER_TYPE": above})
        for name, range_ in features.items():
            stated.setdefault(name, {"%NAME": name, "%RANGE": range_})

    def _metadata(self) -> None:
        title = self.document.metadata.get("documentTitle")
        said = {"documentId": _clean(self.document.id), "documentTitle": _clean(str(title)) if title else None}
        stated = {name: value for name, value in said.items() if value}
        self._declare(METADATA, "uima.tcas.DocumentAnnotation", dict.fromkeys(stated, STRING))
        language = self.document.language or "x-unspecified"
        self._stand(METADATA, (0, len(self.text)), {"language": _clean(language), **stated})

    # --- spans

    def _spans(self, layer: str, ones: Sequence[Mention]) -> None:
        said = self._said(layer, ones)
        for one, features in zip(ones, said, strict=True):
            self.ids[one.id] = self._stand(layer, _place(one), features)

    def _said(self, layer: str, ones: Sequence[Mention | Relation]) -> list[dict[str, Any]]:
        """The features of each, after their ranges are declared: arrays where one of them has several values."""
        names = self.layered.features(layer, ones)
        label = self.layered.label_feature(layer)
        said: list[_Said] = []
        for one in ones:
            features: dict[str, Sequence[Value]] = {names[name]: values for name, values in said_beside(one).items()}
            stated = labels(one)
            said.append({**features, label: stated} if label and stated not in ((), (short(layer),)) else features)
        ranges = {
            name: _range([one[name] for one in said if one.get(name)]) for name in [*names.values(), label] if name
        }
        self._declare(layer, ANNOTATION, ranges)
        return [self._features(one, ranges) for one in said]

    def _features(self, said: _Said, ranges: Mapping[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, values in said.items():
            if values and ranges[name] == STRINGS:
                found[f"@{name}"] = self._add(STRINGS, {"%ELEMENTS": [*map(_string, values)]})
            elif values:
                found[name] = _string(values[0]) if ranges[name] == STRING else values[0]
        return found

    def _tokens(self) -> None:
        """Gives tokens that relations end at the ids of their structures."""
        places = {(one["begin"], one["end"]): one["%ID"] for one in self.structures if one["%TYPE"] == TOKEN}
        for one in self.document.mentions:
            if self.layered.layer_of.get(one.id) == TOKEN:
                begin, end = (self.offsets.written(edge, "utf16") for edge in _place(one))
                self._declare(TOKEN, ANNOTATION, {})
                self.ids[one.id] = places.get((begin, end)) or self._stand(TOKEN, _place(one), {})

    # --- what refers to spans

    def _slots(self) -> None:
        for id_, slots in self.layered.slots.items():
            layer = self.layered.layer_of[id_]
            for feature in dict.fromkeys(slot.feature for slot in slots):
                type_ = self.layered.link_type(layer, feature)
                self._declare(type_, TOP, {"role": STRING, "target": ANNOTATION})
                self._declare(layer, ANNOTATION, {feature: f"{type_}[]"})
                links = [
                    self._add(type_, {**({"role": _clean(slot.role)} if slot.role else {}), "@target": target})
                    for slot in slots
                    if slot.feature == feature and (target := self.ids.get(slot.target.id))
                ]
                array = self._add(f"{type_}[]", {"%ELEMENTS": links})
                self.structures[self.ids[id_] - 1][f"@{feature}"] = array

    def _chain(self, layer: str, members: Sequence[Mention]) -> None:
        link, head = f"{layer}Link", f"{layer}Chain"
        strings = {REFERENCE_TYPE: STRING, REFERENCE_RELATION: STRING}
        self._declare(link, ANNOTATION, {"next": link, **strings})
        self._declare(head, BASE, {"first": link})
        before: int | None = None
        for one in members:
            said = {name: _clean(value) for name, value in chain_features(one, layer).items()}
            id_ = self._stand(link, _place(one), said)
            self.ids.setdefault(one.id, id_)
            if before is None:
                self.members.append(self._add(head, {"@sofa": 1, "@first": id_}))
            else:
                self.structures[before - 1]["@next"] = id_
            before = id_

    def _arcs(self) -> None:
        for layer, arcs in self.layered.arcs_by_layer().items():
            self._declare(layer, ANNOTATION, {GOVERNOR: ANNOTATION, DEPENDENT: ANNOTATION})
            said = self._said(layer, [arc.relation for arc in arcs])
            for arc, features in zip(arcs, said, strict=True):
                ends = {f"@{GOVERNOR}": self.ids[arc.source.id], f"@{DEPENDENT}": self.ids[arc.target.id]}
                self._stand(layer, _place(arc.target), {**ends, **features})


def _place(one: Mention) -> Fragment:
    """From where the first fragment begins to where the last one ends; some tools do not order them."""
    return min(start for start, _ in one.fragments), max(end for _, end in one.fragments)


def _range(several: Sequence[Sequence[Value]]) -> str:
    """The range that holds all these values."""
    if any(len(values) > 1 for values in several):
        return STRINGS
    sorts = {type(values[0]) for values in several}
    if sorts == {bool}:
        return "uima.cas.Boolean"
    if sorts == {int} and all(abs(values[0]) <= LARGEST for values in several if isinstance(values[0], int)):
        return "uima.cas.Long"
    return "uima.cas.Double" if sorts == {float} else STRING


def _string(value: Value) -> str:
    return _clean(str(value).lower() if isinstance(value, bool) else str(value))


def _clean(text: str) -> str:
    """A text that UTF-8 can hold: half a surrogate pair is a question mark."""
    return text.encode("utf-8", "replace").decode()


CAS_JSON_WRITER = Writer(FORMAT, "UIMA CAS JSON 0.4, for INCEpTION", write)
