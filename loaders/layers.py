"""The layers of INCEpTION and DKPro: which feature of a layer is its label, which is a link, what is no annotation.

WebAnno TSV and both serializations of the UIMA CAS name layers by their types: "webanno.custom.Mention".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from loaders.document import Attributes, Link, Value
from loaders.links import link_to

DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
TOKEN = f"{DKPRO}segmentation.type.Token"
SENTENCE = f"{DKPRO}segmentation.type.Sentence"
NAMED_ENTITY = f"{DKPRO}ner.type.NamedEntity"
POS = f"{DKPRO}lexmorph.type.pos.POS"
DEPENDENCY = f"{DKPRO}syntax.type.dependency.Dependency"
MENTION, RELATION, CLAIM = "webanno.custom.Mention", "webanno.custom.Relation", "webanno.custom.Claim"  # our scheme's
COREFERENCE = f"{DKPRO}coref.type.Coreference"
GOVERNOR, DEPENDENT = "Governor", "Dependent"
REFERENCE_TYPE, REFERENCE_RELATION = "referenceType", "referenceRelation"

_MAIN: dict[str, str | None] = {  # of layers that many projects have; None: the layer's own name is the label
    NAMED_ENTITY: "value",
    POS: "PosValue",
    DEPENDENCY: "DependencyType",
    f"{DKPRO}syntax.type.chunk.Chunk": "chunkValue",
    f"{DKPRO}semantics.type.SemPred": "category",
    f"{DKPRO}transform.type.SofaChangeAnnotation": "operation",
    f"{DKPRO}segmentation.type.Lemma": None,
    f"{DKPRO}segmentation.type.Stem": None,
    f"{DKPRO}segmentation.type.SurfaceForm": None,
    f"{DKPRO}lexmorph.type.morph.MorphologicalFeatures": None,
}
_PREFERRED = {  # where a layer has the feature
    MENTION: "kind",
    RELATION: "relation",
    CLAIM: "relation",
    "webanno.custom.Referent": "entity",  # of the GUM corpus
}
_LABELS = ("value", "label", "type", "category", "kind", "relation")  # of a project's own layers
_NO_LABELS = {"id", "identifier", "identity", "comment", "note", "name"}  # even where a layer has nothing else
_LINKS = {"identifier", "identity"}
_SUBTYPES = (  # older exports have a type for each tag
    (f"{DKPRO}lexmorph.type.pos.", POS),
    (f"{DKPRO}syntax.type.dependency.", DEPENDENCY),
    (f"{DKPRO}syntax.type.chunk.", f"{DKPRO}syntax.type.chunk.Chunk"),
    (f"{DKPRO}ner.type.", NAMED_ENTITY),
)
_CHAIN = re.compile(r"(?<=\w)(?:Link|Chain)$")


@dataclass(frozen=True, slots=True)
class Said:
    """What the features of an annotation say: labels (never none), attributes and links."""

    labels: tuple[str, ...]
    attributes: Attributes
    links: tuple[Link, ...]


def short(layer: str) -> str:
    """The last part of a layer's name."""
    return layer.rpartition(".")[2] or layer


@lru_cache(maxsize=1024)
def layer_of(type_: str) -> str:
    """The layer that a type belongs to: itself, or the layer whose tags are types of their own."""
    return next((layer for prefix, layer in _SUBTYPES if type_.startswith(prefix)), type_)


def chain_layer(type_: str) -> str:
    """The layer of a chain, whose links and heads are types of their own: SimpleLink, SimpleChain → Simple."""
    return _CHAIN.sub("", type_)


def label_feature(layer: str, features: Iterable[str]) -> str | None:
    """The feature whose value is the label; None where the layer's own name is."""
    if layer in _MAIN:
        return _MAIN[layer]
    names = set(features)
    if REFERENCE_TYPE in names or REFERENCE_RELATION in names:
        return REFERENCE_TYPE
    if _PREFERRED.get(layer) in names:
        return _PREFERRED[layer]
    if found := next((name for name in _LABELS if name in names), None):
        return found
    only = next(iter(names)) if len(names) == 1 else None
    return None if only is None or only.lower() in _NO_LABELS else only


def said(type_: str, label: str | None, features: Mapping[str, Sequence[Value]], *, linked: bool = True) -> Said:
    """What features say, given the one that is the label; unless `linked`, those that are links are attributes."""
    labels = tuple(str(value) for value in features.get(label, ()) if value != "") if label else ()
    attributes: dict[str, tuple[Value, ...]] = {}
    links: list[Link] = []
    for name, values in features.items():
        if name == label or not values:
            continue
        if linked and name.lower() in _LINKS:
            links += [_link(name, str(value)) for value in values]
        else:
            attributes[name] = tuple(values)
    return Said(labels or (short(type_),), attributes, tuple(links))


def _link(name: str, value: str) -> Link:
    """A link by its address; bare names of an `identity` are titles of Wikipedia, as in GUM."""
    if name.lower() == "identity" and "://" not in value:
        return Link("wikipedia", value)
    return link_to(value)


def default_label(layer: str) -> str | None:
    """The feature that labels of a layer are written to where the document does not say which features it has."""
    return _MAIN[layer] if layer in _MAIN else _PREFERRED.get(layer, "value")
