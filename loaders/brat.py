"""brat standoff: a .ann file of tab-separated lines beside the .txt file that they annotate, and back.

Lines by their first letter: T mention, R relation, E event, A or M attribute, N link, # note, * equivalence.
Specification: https://brat.nlplab.org/standoff.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from loaders.diagnostics import Diagnostics
from loaders.document import Arg, Document, Fragment, Link, Mention, Relation, Value
from loaders.files import File, opening
from loaders.reading import Draft, Options, Reader, decoded
from loaders.worded import worded
from loaders.writing import Losses, Writer, cannot_hold, named, numbered

FORMAT = "brat"
SETTINGS = ("annotation.conf", "visual.conf", "tools.conf", "kb_shortcuts.conf", "acl.conf")

_LEFT_OUT = (  # what standoff has no place for
    "names of annotators",
    "confidences",
    "verdicts",
    "layers",
    "undirected relations",
    "document metadata",
    "languages",
)
_NEARBY = ("..", "../txt", "../text", "../texts", "../corpus")  # where a corpus keeps its texts apart
_PLACE = r"\d{1,15}[ \t]+\d{1,15}"
_SPAN = re.compile(rf"(\S+)[ \t]+({_PLACE}(?:;{_PLACE})*)(?!\d) *\t?(.*)", re.DOTALL)
_ANN_LINE = re.compile(r"(?:[TREAMN#]\S*|\*)\t", re.ASCII)
_ANN_HEAD = re.compile(_ANN_LINE.pattern.encode())
_OTHERS = re.compile(rb"<|[^\t\n]+\t")
_SURELY = re.compile(rb"^(?:[TREAMN#]\S*\d\S*|\*)\t", re.MULTILINE)


class _BadLine(Exception):  # noqa: N818  # never leaves this module
    """Why a line cannot be read."""


def claims(file: File, head: bytes) -> str | None:
    """Why this is an .ann file of brat."""
    if file.suffix != ".ann":
        return None
    if _OTHERS.match(opening(head)) and not _SURELY.search(head):
        return None  # other tools write .ann files too
    if beside := _text_of(file):
        return f"{file.name} beside {beside.name}"
    return "lines of brat standoff" if _ANN_HEAD.match(head) else None


def companion(file: File) -> bool:
    """The text beside an .ann file, and the tool's settings."""
    return file.name in SETTINGS or (file.suffix == ".txt" and file.sibling(f"{file.stem}.ann") is not None)


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The one document of an .ann file."""
    beside = _text_of(file)
    text = decoded(beside.read(), beside, diagnostics) if beside else ""
    draft = Draft(file.stem, text, file, FORMAT, diagnostics, unit=options.unit or "codepoint")
    source = decoded(file.read(), file, diagnostics)
    if not beside:
        draft.text_origin = "missing"
        draft.warn("text.missing", f"no {file.stem}.txt beside it")
    for number, line in _lines(source):
        try:
            id_, _, rest = line.partition("\t")
            read_kind = _KINDS.get(id_[:1], _unknown) if rest else _unknown
            read_kind(draft, id_, rest, str(number))
        except _BadLine as problem:
            draft.skip("line.bad", str(problem), str(number), line)
    yield draft.finish()


def _text_of(file: File) -> File | None:
    """The text: of the same name, or of the name before an annotator's ("news_anna.ann"); else in a folder nearby."""
    beside = file.sibling(f"{file.stem}.txt") or file.sibling(f"{file.stem.rpartition('_')[0]}.txt")
    nearby = (file.sibling(f"{folder}/{file.stem}.txt") for folder in _NEARBY)
    return beside or next(filter(None, nearby), None)


def _lines(source: str) -> Iterator[tuple[int, str]]:
    """Numbered lines; words that a line break cuts go on in the next one."""
    held: tuple[int, str] | None = None
    for number, line in enumerate(source.split("\n"), start=1):
        line = line.removesuffix("\r")
        if held and not _ANN_LINE.match(line) and _unfinished(held[1]):
            held = (held[0], f"{held[1]}\n{line}")
            continue
        if held:
            yield held
        held = (number, line) if line.strip() else None
    if held:
        yield held


def _unfinished(line: str) -> bool:
    """Whether a mention's words are fewer than its offsets say: they go on in the next line."""
    id_, _, rest = line.partition("\t")
    found = _SPAN.match(rest) if id_.startswith("T") else None
    if not found:
        return False
    offsets = _offsets(found[2])
    return len(found[3]) < sum(end - start for start, end in offsets) + len(offsets) - 1


def _offsets(places: str) -> list[Fragment]:
    """The numbers of "0 4;10 14"."""
    offsets: list[Fragment] = []
    for fragment in places.split(";"):
        start, end = fragment.split()
        offsets.append((int(start), int(end)))
    return offsets


def _unknown(draft: Draft, id_: str, rest: str, place: str) -> None:
    raise _BadLine("no line of brat standoff: an id, a tab, and what it annotates")


def _mention(draft: Draft, id_: str, rest: str, place: str) -> None:
    found = _SPAN.match(rest)
    if not found:
        raise _BadLine("a mention without type, start and end")
    type_, places, words = found.groups()
    draft.mention(id_, (type_,), _offsets(places), surface=words or None, raw_id=id_, place=place)


def _args(words: Iterable[str]) -> list[tuple[str, str]]:
    args: list[tuple[str, str]] = []
    for word in words:
        role, _, target = word.partition(":")
        if not target:
            raise _BadLine(f"{word!r} is no ROLE:ID")
        args.append((role, target))
    return args


def _relation(draft: Draft, id_: str, rest: str, place: str) -> None:
    type_, *words = rest.split()
    args = _args(words)
    if len(args) < 2:
        raise _BadLine("a relation with fewer than two ends")
    draft.relation(id_, type_, args, raw_id=id_, place=place)


def _event(draft: Draft, id_: str, rest: str, place: str) -> None:
    (type_, trigger), *args = _args(rest.split())
    draft.event(id_, type_, trigger, args, raw_id=id_, place=place)


def _attribute(draft: Draft, id_: str, rest: str, place: str) -> None:
    name, *words = rest.split(maxsplit=2)
    if not words:
        raise _BadLine("an attribute of nothing")
    value: Value = words[1] if len(words) > 1 else True
    draft.attribute(words[0], name, value, place)


def _link(draft: Draft, id_: str, rest: str, place: str) -> None:
    reference, _, label = rest.partition("\t")
    words = reference.split(maxsplit=2)
    if len(words) == 2 and ":" in words[0]:  # DATABASE:KEY and an id, as some corpora have it
        words = ["Reference", *reversed(words)]
    scheme, colon, key = words[2].partition(":") if len(words) == 3 else ("", "", "")
    if not colon:
        raise _BadLine("a normalization is N1, Reference, an id, and DATABASE:KEY")
    draft.link(words[1], Link(scheme, key, label or None), place)


def _note(draft: Draft, id_: str, rest: str, place: str) -> None:
    reference, _, text = rest.partition("\t")
    type_, _, target = reference.partition(" ")
    if not target:
        raise _BadLine("a note on nothing")
    draft.note(target, type_, text, raw_id=id_)


def _equivalence(draft: Draft, id_: str, rest: str, place: str) -> None:
    type_, *members = rest.split()
    if len(members) < 2:
        raise _BadLine("an equivalence of fewer than two")
    draft.cluster(("*", place), type_, members, place=place)


_KINDS: dict[str, Callable[[Draft, str, str, str], None]] = {
    "T": _mention,
    "R": _relation,
    "E": _event,
    "A": _attribute,
    "M": _attribute,
    "N": _link,
    "#": _note,
    "*": _equivalence,
}

BRAT = Reader(FORMAT, "brat standoff (.ann and .txt)", claims, read, companion)


# --- writing -----------------------------------------------------------------------------------------------------


def write(documents: Iterable[Document], losses: Losses) -> Iterator[tuple[str, bytes]]:
    """Two files a document; what the lines cannot hold is counted."""
    for name, whole in named(documents, losses):
        document = worded(whole)
        lines = [*_Written(document, losses).lines()]
        yield f"{name}.txt", document.text.encode()
        yield f"{name}.ann", "".join(f"{line}\n" for line in lines).encode()


class _Written:
    """The lines of one document, and the ids of brat's form in them."""

    def __init__(self, document: Document, losses: Losses) -> None:
        self.document = document
        self.losses = losses
        cannot_hold(document, losses, *_LEFT_OUT)
        self.mentions = [one for one in document.mentions if one.types and self._fragments(one)]
        losses["mentions without text or label"] += len(document.mentions) - len(self.mentions)
        written = {one.id for one in self.mentions}
        self.events = [one for one in document.events if one.trigger in written]
        losses["events without a trigger"] += len(document.events) - len(self.events)
        self.triggers = {one.trigger for one in self.events}
        self.ids = {
            **numbered("T", [one.id for one in self.mentions]),
            **numbered("R", [one.id for one in self._relations(document)]),
            **numbered("E", [one.id for one in self.events]),
        }

    def lines(self) -> Iterator[str]:
        for mention in self.mentions:
            yield from self._mention(mention)
        for event in self.events:
            trigger = self.ids[event.trigger or ""]
            args = [f"{self._word(event.type or 'Event')}:{trigger}", *self._args(event.args)]
            yield f"{self.ids[event.id]}\t{' '.join(args)}"
        for relation in self.document.relations:
            if relation.id in self.ids:
                ends = " ".join(self._args(relation.args))
                yield f"{self.ids[relation.id]}\t{self._label(relation.type)} {ends}\t"
        yield from self._attributes()
        yield from self._links()
        yield from self._notes()
        for cluster in self.document.clusters:
            members = [self.ids[one] for one in cluster.members if one in self.ids]
            self.losses["attributes of clusters"] += len(cluster.attributes)
            self.losses["clusters of fewer than two mentions"] += len(members) < 2
            if len(members) > 1:
                yield f"*\t{self._label(cluster.type or 'Equiv')} {' '.join(members)}"

    def _relations(self, document: Document) -> list[Relation]:
        """Those whose ends are written, and so on for relations between these."""
        lost = {one.id for one in (*document.mentions, *document.events)}
        lost -= {one.id for one in (*self.mentions, *self.events)}
        kept = [*document.relations]
        while gone := [one for one in kept if one.elsewhere or any(target in lost for _, target in one.args)]:
            lost |= {one.id for one in gone}
            kept = [one for one in kept if one.id not in lost]
        self.losses["relations of what is not written"] += len(document.relations) - len(kept)
        return kept

    def _fragments(self, mention: Mention) -> list[Fragment]:
        return [part for fragment in mention.fragments for part in _unbroken(self.document.text, fragment)]

    def _mention(self, mention: Mention) -> Iterator[str]:
        fragments = self._fragments(mention)
        self.losses["line breaks in mentions"] += fragments != list(mention.fragments)
        places = ";".join(f"{start} {end}" for start, end in fragments)
        words = " ".join(self.document.text[start:end] for start, end in fragments)
        self.losses["further labels of a mention"] += len(mention.types) - 1
        label = self._word(mention.types[0]) if mention.id in self.triggers else self._label(mention.types[0])
        yield f"{self.ids[mention.id]}\t{label} {places}\t{words}"

    def _args(self, args: Iterable[Arg]) -> list[str]:
        self.losses["arguments that are not written"] += sum(target not in self.ids for _, target in args)
        return [f"{self._word(role)}:{self.ids[target]}" for role, target in args if target in self.ids]

    def _word(self, text: str) -> str:
        """What stands before a colon: a role, an event's label, which is its trigger's too."""
        return self._changed(text, r"[\s:]+")

    def _label(self, text: str | None) -> str:
        """A label as brat allows it, in one word."""
        return self._changed(text or "Unnamed", r"\s+")

    def _changed(self, text: str, refused: str) -> str:
        written = re.sub(refused, "_", text) or "Unnamed"
        self.losses["spaces and colons in labels, written as _"] += written != text
        return written

    def _attributes(self) -> Iterator[str]:
        stated = (
            (self.ids[one.id], name, value)
            for one in self.document.annotations
            if one.id in self.ids
            for name, values in one.attributes.items()
            for value in values
        )
        for number, (target, name, value) in enumerate(stated, start=1):
            said = "" if value is True else f" {_line(str(value))}"
            yield f"A{number}\t{self._label(name)} {target}{said}"

    def _links(self) -> Iterator[str]:
        links = ((self.ids[one.id], link) for one in self.mentions for link in one.links)
        for number, (target, link) in enumerate(links, start=1):
            key = re.sub(r"\s+", "_", link.id)  # may hold colons: the first one ends the scheme
            yield f"N{number}\tReference {target} {self._word(link.scheme)}:{key}\t{_line(link.label or '')}"

    def _notes(self) -> Iterator[str]:
        for number, note in enumerate(self.document.notes, start=1):
            if note.target in self.ids:
                self.losses["line breaks in notes"] += len(note.text.splitlines()) > 1
                about = f"{self._label(note.type or 'AnnotatorNotes')} {self.ids[note.target]}"
                yield f"#{number}\t{about}\t{_line(note.text)}"
            else:
                self.losses["notes on a document, or on what is not written"] += 1


def _unbroken(text: str, fragment: Fragment) -> Iterator[Fragment]:
    """The fragment cut at line breaks, which brat does not allow in one."""
    for found in re.finditer(r"[^\r\n]+", text[fragment[0] : fragment[1]]):
        yield fragment[0] + found.start(), fragment[0] + found.end()


def _line(text: str) -> str:
    return " ".join(text.split())


BRAT_WRITER = Writer(FORMAT, "brat standoff: .txt and .ann", write)
