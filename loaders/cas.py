"""What both serializations of a UIMA CAS have in common: feature structures become a document a view with a text.

No type system is needed: annotations are what has begin and end; relations what has Governor and Dependent; slots what
refers to structures with role and target; chains what has first, and then next. A span with at least one slot is a
mention with its features and an event whose trigger is that mention and whose arguments are the slots by their roles.
Annotations without begin and end are of the document as a whole. Offsets are UTF-16 code units.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from loaders.diagnostics import REPAIRED, Diagnostics
from loaders.document import Document, Fragment, Value
from loaders.files import File
from loaders.inception import Work, begin, left_out, named
from loaders.layers import (
    DEPENDENT,
    DKPRO,
    GOVERNOR,
    POS,
    SENTENCE,
    TOKEN,
    chain_layer,
    label_feature,
    layer_of,
    said,
    short,
)
from loaders.offsets import cuts_words
from loaders.reading import Draft, Options

INITIAL_VIEW = "_InitialView"
SOFA_TYPE = "uima.cas.Sofa"
STRING = "uima.cas.String"  # types below it are text with certain values only
WEBANNO_TYPE = "de.tudarmstadt.ukp.clarin.webanno.api.type.CASMetadata"  # who annotated what
DOCUMENT_TYPES = (
    f"{DKPRO}metadata.type.DocumentMetaData",
    "uima.tcas.DocumentAnnotation",
    "org.apache.uima.examples.SourceDocumentInformation",
    WEBANNO_TYPE,
)

_NO_ANNOTATIONS = (  # types, by how they begin, in which tools keep their own affairs and how the text is laid out
    "uima.cas.",
    f"{DKPRO}metadata.type.",
    f"{DKPRO}structure.type.",
    "de.tudarmstadt.ukp.clarin.webanno.api.type.",
    "org.dkpro.core.api.xml.type.",
    "org.dkpro.core.api.pdf.type.",
)
_OWN = {"sofa", "begin", "end", GOVERNOR, DEPENDENT, "next", "first"}
_VALUES = re.compile(r"uima\.cas\.(?:String|Boolean|Integer|Long|Short|Byte|Float|Double)(?:Array|\[\])?")
_SHARED = 100_000  # how many elements of arrays may be read over and over, beside four times each
_UNKNOWN_LANGUAGE = "x-unspecified"


class Reference(str):
    """The id of another structure, where the file says that it is one."""

    __slots__ = ()


@dataclass(slots=True)
class Structure:
    """A feature structure with its features as stated, and the elements of an array; None for what is none."""

    id: str
    type: str
    place: str
    features: dict[str, Any]
    elements: list[Any] | None = None

    def reference(self, feature: str) -> str | None:
        """The id that a feature refers to; 0 is none."""
        value = self.features.get(feature)
        return None if isinstance(value, bool) or not isinstance(value, str | int) or not value else str(value)

    @property
    def span(self) -> Fragment | None:
        """Begin and end; None for what has none, or no numbers."""
        start, end = _number(self.features.get("begin")), _number(self.features.get("end"))
        return None if start is None or end is None else (start, end)

    @property
    def is_anchored(self) -> bool:
        """Whether it says where it stands on the text, well or badly."""
        return "begin" in self.features or "end" in self.features


@dataclass(slots=True)
class Cas:
    """What a file holds.

    `members` are the ids that each view lists, by the id of its sofa; `declared` the ranges of features by type, where
    a type system is there; `marked` says whether references are told apart from other values.
    """

    marked: bool
    structures: dict[str, Structure] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    declared: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def documents(
    cas: Cas, whose: Work, file: File, format_: str, options: Options, diagnostics: Diagnostics
) -> Iterator[Document]:
    """A document for each view with a text: the first has the id of the file, others the view's name behind it."""
    whose = _by_metadata(cas, whose)
    if left_out(whose, file, options, diagnostics):
        return
    sofas = [one for one in cas.structures.values() if one.type == SOFA_TYPE]
    texts = [one for one in sofas if isinstance(one.features.get("sofaString"), str)]
    texts.sort(key=lambda one: one.features.get("sofaID") != INITIAL_VIEW)
    reading = _Reading(cas, [one.id for one in texts], {one.id for one in sofas} - {one.id for one in texts})
    for number, sofa in enumerate(texts or [None]):
        mine = replace(whose, document=f"{whose.document}#{sofa.features.get('sofaID')}") if number and sofa else whose
        text = sofa.features["sofaString"] if sofa else ""
        draft = begin(mine, text, file, format_, options, diagnostics)
        if not sofa:
            draft.text_origin = "missing"
            draft.warn("text.missing", "no sofa with a text")
        _View(reading, draft, mine, sofa.id if sofa else "").state(options.unit)
        yield draft.finish()


def _by_metadata(cas: Cas, whose: Work) -> Work:
    """Whose work a file is that stands in no project, by what INCEpTION writes into it."""
    if whose.annotator or whose.origin != "manual":
        return whose
    stated = next((one.features for one in cas.structures.values() if one.type == WEBANNO_TYPE), {})
    user, name = stated.get("username"), stated.get("sourceDocumentName")
    if not isinstance(user, str) or not user:
        return whose
    return named(name if isinstance(name, str) and name else whose.document, user)


def _number(value: Any) -> int | None:
    if isinstance(value, str):
        return int(value) if value.isdecimal() and len(value) < 16 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class _Chain:
    """A chain and its links; `rest` is the id that it goes on with where that is none, or one for the second time."""

    head: Structure
    links: tuple[str, ...]
    rest: str | None


class _Reading:
    """What must be known of all structures before any is read: what sort each type is, and where slots are."""

    def __init__(self, cas: Cas, texts: list[str], mute: set[str]) -> None:
        """Given the ids of the sofas with a text, and of those without."""
        self.cas = cas
        self.mute = mute
        self.features: dict[str, set[str]] = defaultdict(set, {name: set(own) for name, own in cas.declared.items()})
        for one in cas.structures.values():
            self.features[one.type].update(one.features)
        self.relations = {type_ for type_, names in self.features.items() if names & {GOVERNOR, DEPENDENT}}
        self.heads = {type_ for type_, names in self.features.items() if "first" in names and "begin" not in names}
        self.arrays = self._wherever({id_ for id_, one in cas.structures.items() if one.elements is not None})
        self.slots = self._wherever({id_ for id_, one in cas.structures.items() if _is_link(one)})
        self.stated = {type_: self._stated(type_, names) for type_, names in self.features.items()}
        self.labels = {type_: label_feature(layer_of(type_), names) for type_, names in self.stated.items()}
        self.chained: set[str] = set()
        self.chains = {id_: self._chain(one) for id_, one in cas.structures.items() if one.type in self.heads}
        self.link_types = {cas.structures[id_].type for id_ in self.chained}
        self.views = self._views(texts or [""])
        self.room = _SHARED + 4 * sum(len(one.elements or ()) for one in cas.structures.values())

    def _views(self, texts: list[str]) -> dict[str, list[Structure]]:
        """The structures of each view that stand on it; what stands on no sofa with a text belongs to the first."""
        found: dict[str, list[Structure]] = {id_: [] for id_ in texts}
        for one in self.cas.structures.values():
            if one.elements is not None or one.type == SOFA_TYPE:
                continue
            sofa = one.reference("sofa")
            if sofa is not None or one.is_anchored or one.type in self.heads:
                found[sofa if sofa in found else texts[0]].append(one)
        return found

    def _wherever(self, wanted: set[str]) -> set[tuple[str, str]]:
        """Type and feature wherever all values are ids of these, or of arrays of these, and nothing else."""
        fits: dict[tuple[str, str], bool] = {}
        arrays: dict[str, bool] = {}
        for one in self.cas.structures.values() if wanted else ():
            for name in one.features:
                if name in _OWN or one.features[name] in (None, "") or not fits.get((one.type, name), True):
                    continue
                ids = self._ids(one, name)
                array = self._array(ids)
                if array and array.id not in wanted:
                    if array.id not in arrays:
                        arrays[array.id] = wanted.issuperset(_texts(array.elements))
                    fits[one.type, name] = arrays[array.id]
                else:
                    fits[one.type, name] = ids is not None and wanted.issuperset(ids)
        return {place for place, fit in fits.items() if fit}

    def _ids(self, one: Structure, feature: str) -> list[str] | None:
        """The ids that a feature lists; None where it holds something else."""
        value = one.features[feature]
        return value.split() if isinstance(value, Reference if self.cas.marked else str) else None

    def _array(self, ids: list[str] | None) -> Structure | None:
        found = self.cas.structures.get(ids[0]) if ids and len(ids) == 1 else None
        return found if found and found.elements is not None else None

    def _elements(self, array: Structure) -> list[Any]:
        """The elements of an array; none any more where so many structures share arrays that they fill the memory."""
        self.room -= len(array.elements or ())
        return array.elements or [] if self.room >= 0 else []

    def linked(self, one: Structure, feature: str) -> list[str]:
        """The ids that a slot lists, itself or in an array of its own."""
        ids = self._ids(one, feature)
        array = self._array(ids)
        return _texts(self._elements(array)) if array else ids or []

    def _stated(self, type_: str, names: set[str]) -> set[str]:
        """The features of a type that say something of an annotation, and refer to no other."""
        ranges = self.cas.declared.get(type_, {})
        referring = {feature for feature, range_ in ranges.items() if not _VALUES.fullmatch(range_)}
        return {name for name in names - _OWN - referring if (type_, name) not in self.slots}

    def _chain(self, head: Structure) -> _Chain:
        links: dict[str, None] = {}
        at = head.reference("first")
        while at and at not in self.chained and (link := self.cas.structures.get(at)):
            links[at] = None
            self.chained.add(at)
            at = link.reference("next")
        return _Chain(head, tuple(links), at)

    def layer(self, type_: str) -> str:
        """The layer of a type."""
        return chain_layer(type_) if type_ in self.link_types or type_ in self.heads else layer_of(type_)

    def values(self, one: Structure) -> dict[str, tuple[Value, ...]]:
        """The features of an annotation that say something of it, with their values."""
        found: dict[str, tuple[Value, ...]] = {}
        for name, value in one.features.items():
            if name in _OWN or (one.type, name) in self.slots:
                continue
            array = self.cas.structures.get(value) if (one.type, name) in self.arrays else None
            several = self._elements(array) if array else value if isinstance(value, list) else [value]
            said_ = tuple(each for each in several if isinstance(each, str | int | float | bool) and each != "")
            if said_:
                found[name] = said_
        return found


def _texts(elements: list[Any] | None) -> list[str]:
    return [str(one) for one in elements or () if isinstance(one, str | int)]


def _is_link(one: Structure) -> bool:
    """Whether this is a slot's link: something that stands nowhere and has a role or a target."""
    return not one.is_anchored and one.elements is None and not one.features.keys().isdisjoint(("role", "target"))


class _View:
    """The structures of one view, stated to a draft."""

    def __init__(self, reading: _Reading, draft: Draft, whose: Work, sofa: str) -> None:
        self.reading = reading
        self.structures = reading.cas.structures
        self.draft = draft
        self.by = whose.by
        self.sofa = sofa
        self.members = reading.cas.members.get(sofa) or None
        self.left: Counter[str] = Counter()
        self.layers: dict[str, list[str]] = {}  # their features
        self.links: dict[str, dict[str, str]] = {}  # the types of the links in them, by feature
        self.parts_of_speech: dict[Fragment | None, str] = {}

    def state(self, unit: str | None) -> None:
        """States all that stands in the view."""
        listed = self.reading.views[self.sofa]
        mine = [one for one in listed if self.members is None or one.id in self.members]
        self._unlisted([one for one in listed if self.members is not None and one.id not in self.members])
        if not unit:
            self._find_unit(mine)
        later: list[Structure] = []
        for one in mine:
            if one.type in (TOKEN, SENTENCE):
                self._segment(one)
            elif one.type in DOCUMENT_TYPES:
                self._metadata(one)
            elif one.type.startswith(_NO_ANNOTATIONS):
                self.left[short(one.type)] += 1
            elif one.type in self.reading.relations or one.type in self.reading.heads:
                later.append(one)
            else:
                self._mention(one)
        for one in later:
            if one.type in self.reading.relations:
                self._relation(one)
            else:
                self._cluster(self.reading.chains[one.id])
        self._account()

    def _unlisted(self, others: list[Structure]) -> None:
        """Says what stands on the text and is none of its annotations: the tool took it out of the view's index."""
        self.left["not in the view"] = len(others)
        if on_text := Counter(short(one.type) for one in others if one.is_anchored):
            what = ", ".join(f"{count} {name}" for name, count in on_text.most_common(5))
            self.draft.warn("annotation.unlisted", f"not in the view's index, and so not read: {what}")

    def _find_unit(self, mine: Iterable[Structure]) -> None:
        """UTF-16 units, as the format has it; code points where annotations then begin and end better at words.

        White space at an edge, which some annotators mark too, tells less than a word that is cut.
        """
        text = self.draft.offsets
        if not text.units_differ:
            return
        spans = [span for one in mine if (span := one.span)]
        cut, spaced = Counter[str](), Counter[str]()
        for unit in ("utf16", "codepoint"):
            for span in spans:
                found = text.fragment(*span, unit)
                cut[unit] += found is None or cuts_words(text.text, found)
                spaced[unit] += found is not None and text.text[slice(*found)] != text.text[slice(*found)].strip()
        even = cut["codepoint"] == cut["utf16"] and not spaced["codepoint"] and spaced["utf16"]
        if even or cut["codepoint"] < cut["utf16"]:
            self.draft.unit = "codepoint"
            fit, others = (len(spans) - cut[unit] - (spaced[unit] if even else 0) for unit in ("codepoint", "utf16"))
            told = f"{fit} annotations fit as code points, {others} as UTF-16 units"
            self.draft.warn("offset.repaired", told, action=REPAIRED)

    def _segment(self, one: Structure) -> None:
        span = one.span
        found = self.draft.offsets.fragment(*span, self.draft.unit) if span else None
        if found:
            (self.draft.tokens if one.type == TOKEN else self.draft.sentences).append(found)
        else:
            self.left[f"{short(one.type)} outside the text"] += 1

    def _metadata(self, one: Structure) -> None:
        for name, values in self.reading.values(one).items():
            if name == "language" and values:
                self.draft.language = None if values[0] == _UNKNOWN_LANGUAGE else str(values[0])
            elif name not in ("username", "isLastSegment"):
                self.draft.metadata.update((name, value) for value in values)

    def _mention(self, one: Structure) -> None:
        span = one.span
        if one.is_anchored and not span:
            told = f"{short(one.type)} from {one.features.get('begin')!r} to {one.features.get('end')!r}"
            self.draft.skip("offset.bad", told[:200], one.place)
            return
        if one.is_anchored and one.reference("sofa") in self.reading.mute:
            self.draft.skip("text.missing", f"{short(one.type)} on a sofa without a text", one.place)
            return
        layer = self._layer(one)
        if layer == POS:
            self.parts_of_speech[span] = one.id
        stated = said(
            layer if one.type in self.reading.link_types else one.type,
            self.reading.labels[one.type],
            self.reading.values(one),
        )
        more = {"layer": layer, "raw_id": one.id, "place": one.place, "attributes": stated.attributes, **self.by}
        self.draft.mention(one.id, stated.labels, [span] if span else [], links=stated.links, **more)
        self._event(one, layer, stated.labels[0])

    def _layer(self, one: Structure) -> str:
        """The layer of an annotation, whose features are noted."""
        layer = self.reading.layer(one.type)
        if layer not in self.layers and one.type not in self.reading.link_types:
            self.layers[layer] = sorted(self.reading.stated[one.type])
        return layer

    def _event(self, one: Structure, layer: str, label: str) -> None:
        """The event of a mention that has slots."""
        args: list[tuple[str, str]] = []
        slots: list[str] = []
        for feature in one.features:
            for id_ in self.reading.linked(one, feature) if (one.type, feature) in self.reading.slots else ():
                link = self.structures[id_]
                target = link.reference("target")
                if target is None or target not in self.structures:
                    told = f"{feature} of {short(layer)} {one.id} links to {target or 'nothing'}, which is not there"
                    self.draft.skip("ref.dangling", told, link.place)
                    continue
                self.links.setdefault(layer, {})[feature] = link.type
                args.append((str(link.features.get("role") or feature), self._end(target)))
                slots.append(feature)
        if args:
            more = {"layer": layer, "place": one.place, "extra": {"slots": slots}, **self.by}
            self.draft.event(("event", one.id), label, one.id, args, **more)

    def _relation(self, one: Structure) -> None:
        ends = {role: one.reference(role) for role in (GOVERNOR, DEPENDENT)}
        lost = [role for role, id_ in ends.items() if id_ is None or id_ not in self.structures]
        if lost:
            what = ", ".join(f"{role} {ends[role] or 'nothing'}" for role in lost)
            told = f"{short(one.type)} {one.id} has as its {what}, which is not there"
            self.draft.skip("ref.dangling", told, one.place)
            return
        layer = self._layer(one)
        stated = said(layer, self.reading.labels[one.type], self.reading.values(one), linked=False)
        args = [(role, self._end(id_)) for role, id_ in ends.items() if id_]
        more = {"layer": layer, "raw_id": one.id, "place": one.place, "attributes": stated.attributes, **self.by}
        self.draft.relation(one.id, stated.labels[0], args, **more)

    def _end(self, id_: str) -> str:
        """What a relation or a slot ends at: a token's part of speech for the token, else the token as a mention."""
        one = self.structures[id_]
        if one.type != TOKEN:
            return id_
        part = one.reference("pos")
        if part is None or part not in self.structures:
            part = self.parts_of_speech.get(one.span)
        if part is not None:
            return part
        if not self.draft.knows(id_) and (span := one.span):
            more = {"layer": TOKEN, "raw_id": id_, "place": one.place, **self.by}
            self.draft.mention(id_, (short(TOKEN),), [span], **more)
        return id_

    def _cluster(self, chain: _Chain) -> None:
        head = chain.head
        if chain.rest in chain.links:
            self.draft.warn("ref.cycle", f"the chain {head.id} goes in a circle from {chain.rest}", head.place)
        elif chain.rest is not None or not chain.links:
            told = f"the chain {head.id} goes on with {chain.rest or 'nothing'}, which is not there or another chain's"
            self.draft.skip("ref.dangling", told, head.place)
        if chain.links:
            layer = self.reading.layer(head.type)
            more = {"layer": layer, "raw_id": head.id, "place": head.place, **self.by}
            self.draft.cluster(head.id, short(layer), chain.links, **more)

    def _account(self) -> None:
        """Says what of the view is no annotation."""
        self.draft.tokens.sort()
        self.draft.sentences.sort()
        missing = [id_ for id_ in self.members or () if id_ not in self.structures]
        if missing:
            told = f"{len(missing)} members of the view are not in the file, {min(missing)} among them"
            self.draft.warn("ref.dangling", told)
        if self.layers:
            self.draft.extra["layers"] = self.layers
        if self.links:
            self.draft.extra["links"] = self.links
        if self.reading.room < 0:
            self.draft.warn("file.too-large", "arrays shared by too many structures; the last have no values")
        if +self.left:
            self.draft.extra["left_out"] = dict(sorted((+self.left).items()))
