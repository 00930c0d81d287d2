"""Web annotations: W3C, Recogito-JS, Recogito 2, text-annotator-js, and the rows of Hypothes.is; a document a source.

The words that an annotation quotes decide where it stands; its position is a hint. Where the text is not beside the
file, the quotes stand for it, a line each. Specification: https://www.w3.org/TR/annotation-model/
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from loaders.diagnostics import REPAIRED, Diagnostics
from loaders.document import Document
from loaders.files import MIB, File, Listing, opening
from loaders.html_text import html_text
from loaders.offsets import Placed
from loaders.quotes import BY_WORDS, Anchor, Quotes, offsets_of, quoted_text
from loaders.reading import JSON, Draft, Key, Options, Reader, decoded
from loaders.w3c_body import Said, annotator_of, listed, recogito_quote, said_by
from loaders.w3c_shape import Plan, anchors_of, annotations_in, ends_of, has_selectors, id_of, references, targets

FORMAT = "w3c"

_PAGES = (".html", ".htm", ".xhtml")
_TEXTS = (".txt", *_PAGES)
_JSON = (".json", ".jsonld", ".jsonl")
_SIGNS = (  # in the first bytes of a file
    (re.compile(rb'"https?://www\.w3\.org/ns/anno\.jsonld"'), "W3C Web Annotation"),
    (re.compile(rb'"(?:TextQuoteSelector|TextPositionSelector)"'), "selectors of W3C Web Annotation"),
    (re.compile(rb'"anchor"\s*:\s*"(?:char-offset:|from=)'), "anchors of Recogito 2"),
    (re.compile(rb'"selector"\s*:\s*\[\s*\{[^{}\]]*"quote"\s*:'), "selectors of text-annotator-js"),
    (re.compile(rb'"user"\s*:\s*"acct:'), "rows of Hypothes.is"),
)
_SMALL = 32 * MIB  # a file that is read once and kept; a larger one is read twice
_MANY = 2_000  # files given beyond which a text is looked for by name alone
_FEW = 20  # files in a folder whose first bytes may be searched for the name of a text
_ENOUGH = 60  # code points of different quotes that no other text has by accident
_SAMPLE = 20  # quotes that tell whether a text is theirs
_READ = {  # keys of an annotation that are read here, or say nothing of it
    "@context", "id", "@id", "type", "@type", "annotation_id", "motivation", "body", "bodies", "bodyValue", "target",
    "creator", "user", "user_info", "uri", "tags", "text", "document", "references", "relations", "relates_to",
    "anchor", "annotates", "links", "permissions",
}  # fmt: skip


def claims(file: File, head: bytes) -> str | None:
    """Why these are web annotations: the words of one of the dialects."""
    if not opening(head).startswith((b"{", b"[")):
        return None
    return next((why for sign, why in _SIGNS if sign.search(head)), None)


def companion(file: File) -> bool:
    """A text that the annotations in a file beside it stand on."""
    if file.suffix not in _TEXTS:
        return False
    names = [f"{file.stem}{suffix}" for suffix in _JSON]
    if PurePosixPath(file.folder).name == "parts":
        names.append("../annotations.jsonl")  # of a backup of Recogito 2
    beside = [found for name in names if (found := file.sibling(name))]
    near = _near(file, _JSON)
    beside += near.get(_start(file), ())
    if sum(map(len, near.values())) <= _FEW:
        quoted = f'{file.name}"'.encode()
        beside += [one for several in near.values() for one in several if quoted in one.head()]
    if (only := _only(file, _JSON)) and _only(file, _TEXTS):
        beside.append(only)
    return any(claims(one, one.head()) for one in beside)


def _near(file: File, suffixes: tuple[str, ...]) -> Mapping[str, Sequence[File]]:
    """The files with one of these suffixes in the same folder, by how their names begin."""
    return _by_start(Listing(file.siblings), suffixes).get(file.folder, {})


def _only(file: File, suffixes: tuple[str, ...]) -> File | None:
    """The one file with one of these suffixes in the same folder."""
    found = [one for several in _near(file, suffixes).values() for one in several]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4)
def _by_start(listing: Listing, suffixes: tuple[str, ...]) -> Mapping[str, Mapping[str, Sequence[File]]]:
    """The files with one of these suffixes, by folder and how their names begin; none where there are many files."""
    found: dict[str, dict[str, list[File]]] = {}
    for one in listing.files.values() if len(listing.files) <= _MANY else ():
        if one.name.lower().endswith(suffixes):
            found.setdefault(one.folder, {}).setdefault(_start(one), []).append(one)
    return found


def _start(file: File) -> str:
    return file.name.partition(".")[0]


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """One document a source, as soon as its last annotation is read."""
    kept = list(annotations_in(file, diagnostics)) if file.size <= _SMALL else None
    plan = Plan(annotations_in(file, Diagnostics()) if kept is None else kept)
    waiting: dict[str | None, list[_One]] = defaultdict(list)
    for number, (place, value) in enumerate(annotations_in(file, diagnostics) if kept is None else kept):
        source = plan.source(value)
        waiting[source].append(_One(place, value))
        if plan.last[source] == number:
            yield _Page(file, options, diagnostics, plan, source).read(waiting.pop(source))
    if not plan.last and file.sibling(f"{file.stem}.txt"):  # a text with nothing marked on it
        yield _Page(file, options, diagnostics, plan, None).read([])


@dataclass(frozen=True, slots=True)
class _One:
    """An annotation, and where it stands in the file."""

    place: str
    value: dict[str, Any]

    @property
    def key(self) -> Key:
        return id_of(self.value) or ("#", self.place)


_Mark = tuple[_One, list[Anchor] | None]  # without anchors, on the page as a whole


class _Page:
    """A source with its annotations, on the way to a document."""

    def __init__(self, file: File, options: Options, diagnostics: Diagnostics, plan: Plan, source: str | None) -> None:
        self.file = file
        self.diagnostics = diagnostics
        self.plan = plan
        self.source = source
        self.unit = options.unit or "codepoint"
        self.draft = Draft(source or file.stem, "", file, FORMAT, diagnostics, unit=self.unit)
        self.own: set[Key] = set()

    def read(self, group: Sequence[_One]) -> Document:
        """The document of some annotations."""
        self.own.update(one.key for one in group)
        marks: list[_Mark] = []
        relations: list[tuple[_One, list[str]]] = []
        comments: list[tuple[_One, str]] = []
        for one in group:
            anchors = anchors_of(one.value, recogito_quote(one.value))
            if ends := ends_of(one.value, self.plan.knows):
                relations.append((one, ends))
            elif anchors or has_selectors(one.value):
                marks.append((one, anchors))
            elif about := self._about(one):
                comments.append((one, about))
            else:
                marks.append((one, None))
        self._marks(marks)
        self._relations(relations, comments)
        self._describe(group)
        return self.draft.finish()

    def _describe(self, group: Sequence[_One]) -> None:
        draft = self.draft
        if self.source:
            draft.metadata["source"] = self.source
        for one in group:
            page, annotates = one.value.get("document"), one.value.get("annotates")
            titles = listed(page.get("title")) if isinstance(page, dict) else []
            if titles and isinstance(titles[0], str):
                draft.metadata.setdefault("title", titles[0])
            if isinstance(annotates, dict) and isinstance(annotates.get("document_id"), str):
                draft.metadata.setdefault("document_id", annotates["document_id"])

    # --- marks on the text, and on the whole of it

    def _marks(self, marks: Sequence[_Mark]) -> None:
        on_words = [anchors for _, anchors in marks if anchors is not None]
        placed = iter(self._placed(on_words))
        for one, anchors in marks:
            if anchors is None:
                self._on_page(one)
            elif (where := next(placed)) is None:
                self._lost(one, anchors)
            else:
                self._mention(one, anchors, where)

    def _mention(self, one: _One, anchors: Sequence[Anchor], where: Placed) -> None:
        said = said_by(one.value)
        words = [anchor.exact for anchor in anchors if anchor.exact]
        self.draft.mention(
            one.key,
            said.types or [_motivation(one.value)],
            offsets_of(anchors),
            surface=" ".join(words) if len(words) == len(anchors) else None,
            at=where.fragments,
            repair=where.repair,
            links=tuple(said.links),
            **self._common(one, said),
        )
        self._state_rest(one, said)

    def _on_page(self, one: _One) -> None:
        """What is said of the document as a whole."""
        said = said_by(one.value)
        if said.types or said.links:
            types = said.types or [_motivation(one.value)]
            self.draft.mention(one.key, types, (), links=tuple(said.links), **self._common(one, said))
            self._state_rest(one, said)
            return
        annotator = annotator_of(one.value)
        for type_, text, by in said.notes:
            self.draft.note(None, type_, text, raw_id=id_of(one.value), annotator=by or annotator)
        if not said.notes:
            self.draft.skip("json.shape", "an annotation that says nothing", one.place, str(one.value))

    def _lost(self, one: _One, anchors: Sequence[Anchor]) -> None:
        words = " … ".join(anchor.exact for anchor in anchors if anchor.exact)
        if words:
            self.draft.skip("offset.mismatch", f"{words[:60]!r} is nowhere in the text", one.place, words)
        elif anchors and self.draft.text_origin == "missing":
            self.draft.skip("text.missing", "a position, and no text in which it counts", one.place, str(one.value))
        else:
            told = "a position outside of the text" if anchors else "no selector of text: neither quote nor position"
            self.draft.skip("offset.bad", told, one.place, str(one.value))

    def _placed(self, wanted: Sequence[Sequence[Anchor]]) -> list[Placed | None]:
        draft = self.draft
        text = self._text([anchor for anchors in wanted for anchor in anchors])
        if text is None:
            draft.text_origin = "missing"
            draft.text, fragments = quoted_text(wanted)
            if wanted:
                draft.warn("text.missing", f"no text of {draft.id} beside it: the quotes stand for it, a line each")
            return [Placed(found) if found else None for found in fragments]
        draft.text = text
        quotes = Quotes(text, self.unit)
        placed, repair = quotes.place(wanted)
        moved = sum(one is not None and one.repair == BY_WORDS for one in placed)
        if repair:
            draft.warn("offset.repaired", f"{repair} fits most positions, not {self.unit}", action=REPAIRED)
        if moved:
            told = f"{moved} of {len(placed)} quotes stand elsewhere than at their position; the words decide"
            draft.warn("offset.repaired", told, action=REPAIRED)
        if quotes.guessed:
            told = f"{quotes.guessed} quotes stand in several places, with nothing to choose by: the first is taken"
            draft.warn("offset.unchecked", told)
        return placed

    def _text(self, anchors: Sequence[Anchor]) -> str | None:
        """The text beside the file: named by the source, or else as the file is."""
        if len(self.file.siblings) == 1:
            return None
        for name in _names(self.source):
            if beside := self._beside(name):
                self.draft.id = beside.stem
                return self._read_text(beside)
        if len(self.plan.last) > 1:
            return None
        for suffix in _TEXTS:
            if beside := self._beside(f"{self.file.stem}{suffix}"):
                self.draft.id = self.file.stem
                return self._read_text(beside)
        alike = _near(self.file, _TEXTS).get(_start(self.file), ())
        if len(alike) == 1 and _holds(_plain(alike[0], Diagnostics())[0], anchors):
            return self._read_text(alike[0])
        only = _only(self.file, _TEXTS) if _only(self.file, _JSON) else None
        return self._read_text(only) if only and _holds_all(_plain(only, Diagnostics())[0], anchors) else None

    def _beside(self, name: str) -> File | None:
        found = self.file.sibling(name)
        return found if found and found.suffix in _TEXTS else None

    def _read_text(self, beside: File) -> str:
        text, title = _plain(beside, self.diagnostics)
        if title:
            self.draft.metadata["title"] = title
        return text

    # --- annotations on annotations

    def _about(self, one: _One) -> str | None:
        """The annotation that an annotation is about, if it is about one."""
        answered = [id_ for id_ in listed(one.value.get("references")) if isinstance(id_, str)]
        return next((id_ for id_ in [*answered[-1:], *references(one.value)] if answered or self.plan.knows(id_)), None)

    def _relations(self, relations: Sequence[tuple[_One, list[str]]], comments: Sequence[tuple[_One, str]]) -> None:
        """Relations, whose label may be the tag of an annotation on them; and the other comments."""
        tags: dict[Key, list[str]] = {one.key: [] for one, _ in relations}
        for one, about in comments:
            self._comment(one, about, tags.get(about))
        for one, ends in relations:
            said = said_by(one.value)
            types = [*said.types, *tags[one.key]]
            if types[1:]:
                said.attributes["tag"] = [*types[1:]]
            args = [("from" if number == 0 else "to", end) for number, end in enumerate(ends)]
            self._tie(one.key, next(iter(types), None), args, **self._common(one, said))
            self._state_rest(one, said)

    def _comment(self, one: _One, about: str, tags: list[str] | None) -> None:
        """An annotation on an annotation: its texts are notes on the other, its tags the other's."""
        said = said_by(one.value)
        annotator = annotator_of(one.value)
        for type_, text, by in said.notes:
            self.draft.note(about, type_, text, raw_id=id_of(one.value), annotator=by or annotator)
        for tag in said.types:
            if tags is None:
                self.draft.attribute(about, "tag", tag, one.place)
            else:
                tags.append(tag)
        if not said.notes and not said.types:
            self.draft.skip("json.shape", "an annotation that says nothing", one.place, str(one.value))

    # --- what all annotations say

    def _common(self, one: _One, said: Said) -> dict[str, Any]:
        target = next((found for found in targets(one.value) if isinstance(found, dict)), {})
        annotator = annotator_of(one.value) or annotator_of(target)
        if annotator is not None:
            self.draft.annotated_by(annotator)
        extra = {key: target[key] for key in ("created", "updated") if key in target}
        extra |= {key: value for key, value in one.value.items() if key not in _READ}
        if said.rest:
            extra["bodies"] = said.rest
        return {
            "raw_id": id_of(one.value),
            "place": one.place,
            "annotator": annotator,
            "status": said.status,
            "attributes": {name: tuple(values) for name, values in said.attributes.items()},
            "extra": extra,
        }

    def _state_rest(self, one: _One, said: Said) -> None:
        """Notes, and the relations that Recogito 2 keeps in the annotation they begin at."""
        annotator = annotator_of(one.value)
        for type_, text, by in said.notes:
            self.draft.note(one.key, type_, text, annotator=by or annotator)
        for number, relation in enumerate(listed(one.value.get("relations"))):
            place = f"{one.place}/relations/{number}"
            if not isinstance(relation, dict) or not isinstance(relation.get("relates_to"), str):
                self.draft.skip("json.shape", "a relation without relates_to", place, str(relation))
                continue
            inner = said_by(relation)
            args = [("from", one.key), ("to", relation["relates_to"])]
            type_ = next(iter(inner.types), None)
            self._tie(("relation", one.key, number), type_, args, **self._common(_One(place, relation), inner))

    def _tie(self, key: Key, type_: str | None, args: Sequence[tuple[str, Key]], **more: Any) -> None:
        """A relation; of an end in another file, or on another page, its id is all there is."""
        elsewhere = tuple(end for _, end in args if isinstance(end, str) and end not in self.own)
        for end in elsewhere:
            told = f"relation {type_ or ''} ends at {end}, which is no annotation of this text"
            self.draft.warn("ref.elsewhere", told.replace("  ", " "), more["place"])
        self.draft.relation(key, type_, args, elsewhere=elsewhere, **more)


def _motivation(value: dict[str, Any]) -> str:
    """What an annotation without a label is called."""
    found = listed(value.get("motivation"))
    return found[0].rpartition(":")[2] if found and isinstance(found[0], str) and found[0] else "Annotation"


def _names(source: str | None) -> list[str]:
    """The names that a source's text may have, in the file's folder."""
    if not source:
        return []
    try:
        path = unquote(urlsplit(source).path)
    except ValueError:  # no address, then
        path = source
    place = PurePosixPath(path)
    names = [path.lstrip("/"), place.name]
    stems = [stem for stem in (place.stem, place.name, f"parts/{place.stem}") if place.name]
    return [name for name in dict.fromkeys(names) if name] + [f"{stem}{suffix}" for stem in stems for suffix in _TEXTS]


def _plain(file: File, diagnostics: Diagnostics) -> tuple[str, str | None]:
    """The words of a text or a page, and the page's title."""
    text = decoded(file.read(), file, diagnostics)
    return html_text(text) if file.suffix in _PAGES else (text, None)


def _holds_all(text: str, anchors: Sequence[Anchor]) -> bool:
    """Whether a text of another name has the words of all quotes, and these are too many for an accident."""
    words = {"".join(anchor.exact.split()) for anchor in anchors if anchor.exact}
    bare = "".join(text.split())
    return sum(map(len, words)) >= _ENOUGH and all(word in bare for word in words)


def _holds(text: str, anchors: Sequence[Anchor]) -> bool:
    """Whether a text has the words of most quotes."""
    words = ["".join(anchor.exact.split()) for anchor in anchors[:_SAMPLE] if anchor.exact]
    bare = "".join(text.split())
    return bool(words) and sum(word in bare for word in words) * 2 > len(words)


W3C = Reader(FORMAT, "W3C Web Annotation, Recogito, Hypothes.is", claims, read, companion, opens=JSON)
