"""NAF (NLP Annotation Format, of NewsReader): a text, its words, and layers that point to terms or words by their ids.

Read are entities, time expressions, coreference, predicates with their roles, links of time and of cause; how many
things other layers hold (syntax, opinions …) is in `extra` as "left_out". Offsets are checked by the words.
Specifications: https://github.com/newsreader/NAF, https://github.com/cltl/NAF-4-Development
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from loaders.diagnostics import REPAIRED, Diagnostics
from loaders.document import Document, Fragment, Link, Value
from loaders.files import File, opening
from loaders.links import link_to
from loaders.offsets import Offsets, Stated, place
from loaders.reading import Draft, Options, Reader
from loaders.rebuilt import Sentence, in_pieces, rebuild
from loaders.safe_xml import LINE, parse

FORMAT = "naf"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
LAYERS = ("entities", "timeExpressions", "coreferences", "srl", "temporalRelations", "causalRelations")
STRUCTURE = ("nafHeader", "raw", "text", "terms")
LONGEST = 100  # words of a term

_ROOT = re.compile(rb"<NAF[\s>]")
_IDS = ("id", "wid", "tid", "eid", "coid", "prid", "rid", "lid")  # the older names are of KAF
_SAID = {*_IDS, LINE, "type", "from", "to", "confidence"}


def claims(file: File, head: bytes) -> str | None:
    """Why this is NAF: its root."""
    return "the root NAF" if opening(head)[:1] == b"<" and _ROOT.search(head) else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The one document of a file."""
    root = parse(file, diagnostics)
    if root is None:
        return
    if root.tag != "NAF":
        diagnostics.lose("file.bad", file.path, f"the root is {root.tag}, not NAF")
        return
    yield _Reading(root, file, options, diagnostics).document()


class _Reading:
    """A file while it is read. `spans` says which words, by number, an id of a word or a term stands for."""

    def __init__(self, root: Element, file: File, options: Options, diagnostics: Diagnostics) -> None:
        self.root = root
        header = {one.tag: one for one in root.iterfind("nafHeader/*")}
        public = header.get("public")
        id_ = public.get("publicId") if public is not None else None
        self.draft = Draft(id_ or file.stem, "", file, FORMAT, diagnostics, unit=options.unit or "codepoint")
        self.draft.language = root.get(LANGUAGE)
        for part in (header[name] for name in ("fileDesc", "public") if name in header):
            self.draft.metadata |= {f"{part.tag}.{name}": value for name, value in _attributes(part).items()}
        words = root.findall("text/wf")
        parts = root.findall("text/wf/subtoken")
        self.spans = {_id(word): [number] for number, word in enumerate(words)}
        self.spans |= {_id(part): [len(words) + 2 * number] for number, part in enumerate(parts, 1)}  # none in a row
        self.places = self._text(words, parts, options.joiner)
        self.draft.tokens = [one for number, one in self.places.items() if number < len(words)]
        for term in (*root.iterfind("terms/term"), *root.iterfind("terms/term/component")):
            targets = _targets(term.find("span"))
            if len(targets) <= LONGEST:
                self.spans[_id(term)] = [n for id_ in targets for n in self.spans.get(id_, ())[:LONGEST]]
            else:
                told = f"term {_id(term)} of {len(targets)} words; nothing can stand on it"
                self.draft.warn("file.bad", told, term.get(LINE, ""))

    def document(self) -> Document:
        """The document."""
        for entity in self.root.iterfind("entities/entity"):
            self._entity(entity)
        for time in self.root.iterfind("timeExpressions/timex3"):
            self._mention(_id(time), time.get("type") or time.tag, time, time.find("span"), "timeExpressions")
        for coreference in self.root.iterfind("coreferences/coref"):
            self._coreference(coreference)
        for predicate in self.root.iterfind("srl/predicate"):
            self._predicate(predicate)
        for link in (*self.root.iterfind("temporalRelations/tlink"), *self.root.iterfind("causalRelations/clink")):
            self._link(link)
        if left := {layer.tag: len(layer) for layer in self.root if layer.tag not in (*LAYERS, *STRUCTURE)}:
            self.draft.extra["left_out"] = dict(sorted(left.items()))
        return self.draft.finish()

    # --- the text

    def _text(self, words: Sequence[Element], parts: Sequence[Element], joiner: str | None) -> dict[int, Fragment]:
        """Gives the draft its text; where words, by number, and parts of words stand in it, if they do."""
        draft, raw = self.draft, self.root.find("raw")
        draft.text = "".join(raw.itertext()) if raw is not None else ""
        if not draft.text.strip():
            built = rebuild(_sentences(words), joiner)
            draft.text, draft.sentences, draft.text_origin = built.text, built.sentences, "rebuilt"
            draft.warn("text.rebuilt", "offsets are of the text rebuilt from its words")
            return dict(enumerate(built.tokens))
        stated = [Stated(_offsets(word), _form(word)) for word in (*words, *parts)]
        placed, repair = place(Offsets(draft.text), stated, draft.unit)
        if repair:
            told = f"offsets count otherwise than {draft.unit}: {repair} fits most words"
            draft.warn("offset.repaired", told, action=REPAIRED)
        numbers = [number for one in (*words, *parts) for number in self.spans[_id(one)]]
        found = zip(numbers, placed, strict=True)
        return {number: one.fragments[0] for number, one in found if one and one.fragments}

    # --- layers

    def _mention(self, key: Any, label: str, said: Element, span: Element | None, layer: str, **more: Any) -> bool:
        """States a mention, unless it stands on words that are not there; whether it did."""
        line, targets = said.get(LINE, ""), _targets(span)
        numbers = {number for id_ in targets for number in self.spans.get(id_, ())}
        if missing := [id_ for id_ in targets if id_ not in self.spans]:
            self.draft.skip("ref.dangling", f"{said.tag} {_id(said)} stands on {missing[0]}, which is not there", line)
        elif not self.places.keys() >= numbers:
            self.draft.skip("offset.mismatch", f"{said.tag} {_id(said)}: its words are not where they should be", line)
        else:
            more = {"raw_id": _id(said) or None, "links": tuple(_links(said)), **more}
            attributes: dict[str, tuple[Value, ...]] = {name: (value,) for name, value in _attributes(said).items()}
            self.draft.mention(
                key,
                [label],
                in_pieces(numbers, self.places),
                placed=True,
                layer=layer,
                place=line,
                attributes=attributes,
                confidence=_number(said.get("confidence")),
                **more,
            )
            return True
        return False

    def _entity(self, entity: Element) -> None:
        spans = entity.findall("references/span") or entity.findall("span")
        self._several(entity, spans or [None], entity.get("type") or entity.tag, "entities", _id(entity))

    def _coreference(self, coreference: Element) -> None:
        id_, label = _id(coreference), coreference.get("type") or coreference.tag
        spans = coreference.findall("span")
        members = self._several(coreference, spans, label, "coreferences", None)
        if members:
            line = coreference.get(LINE, "")
            self.draft.cluster(id_, label, members, raw_id=id_ or None, layer="coreferences", place=line)

    def _several(
        self, said: Element, spans: Sequence[Element | None], label: str, layer: str, first: str | None
    ) -> list[Any]:
        """States a mention for each span; the first has the id given. Those that came out."""
        keys: list[Any] = []
        for number, span in enumerate(spans):
            alone = number == 0 and first is not None
            key = first if alone else (said.tag, _id(said), number)
            if self._mention(key, label, said, span, layer, **({} if alone else {"raw_id": None})):
                keys.append(key)
        return keys

    def _predicate(self, predicate: Element) -> None:
        """The words that name an event, those who take part in it, and the event."""
        id_ = _id(predicate)
        named = self._mention(id_, predicate.tag, predicate, predicate.find("span"), "srl")
        args: list[tuple[str, Any]] = []
        for number, role in enumerate(predicate.iterfind("role")):
            key = _id(role) or (id_, number)
            if self._mention(key, role.tag, role, role.find("span"), "srl"):
                args.append((role.get("semRole") or role.tag, key))
        line = predicate.get(LINE, "")
        self.draft.event(("event", id_), predicate.tag, id_ if named else None, args, layer="srl", place=line)

    def _link(self, link: Element) -> None:
        args = [(role, link.get(role, "")) for role in ("from", "to")]
        said: dict[str, tuple[Value, ...]] = {name: (value,) for name, value in _attributes(link).items()}
        more: dict[str, Any] = {"raw_id": _id(link) or None, "place": link.get(LINE, ""), "attributes": said}
        self.draft.relation((link.tag, _id(link) or link.get(LINE)), link.tag, args, **more)


def _id(element: Element) -> str:
    return next((value for name in _IDS if (value := element.get(name))), "")


def _attributes(element: Element) -> dict[str, str]:
    return {name: value for name, value in element.items() if value and name not in _SAID}


def _targets(span: Element | None) -> list[str]:
    return [] if span is None else [target.get("id", "") for target in span.iter("target")]


def _offsets(word: Element) -> tuple[Fragment, ...]:
    start, length = word.get("offset", ""), word.get("length", "")
    if not (start.isdecimal() and length.isdecimal() and max(len(start), len(length)) < 16):
        return ()
    return ((int(start), int(start) + int(length)),)


def _form(word: Element) -> str:
    """The word itself, without its parts."""
    return (word.text or "").strip() if len(word) else word.text or ""


def _sentences(words: Sequence[Element]) -> list[Sentence]:
    found: list[Sentence] = []
    before: str | None = None
    for word in words:
        if not found or word.get("sent") != before:
            found.append(Sentence())
        before = word.get("sent")
        found[-1].forms.append(_form(word))
    return found


def _links(said: Element) -> Iterator[Link]:
    """What an element refers to outside: its own references, not those of what stands in it."""
    for one in (ref for refs in said.iterfind("externalReferences") for ref in refs.iter("externalRef")):
        reference, score = one.get("reference", ""), _number(one.get("confidence"))
        if reference.startswith(("http://", "https://")):
            yield link_to(reference, score=score)
        elif reference:
            yield Link(one.get("resource") or "reference", reference, score=score)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text and math.isfinite(float(text)) else None
    except ValueError:
        return None


NAF = Reader(FORMAT, "NAF (NewsReader)", claims, read, opens=b"<")
