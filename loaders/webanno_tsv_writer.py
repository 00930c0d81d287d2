"""Documents → WebAnno TSV 3.3, a file each, which INCEpTION imports into a project that has the layers of its header.

Tokens are the document's, else ICU's words, cut where a mention begins or ends, so that it is whole tokens; an empty
mention is a sub-token. What stands between two sentences is part of the first, so that the text comes back whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from icu4py.breakers import SentenceBreaker, WordBreaker

from loaders.document import Document, Fragment, Mention, Relation
from loaders.layered import Arc, Layered, Slot, chain_features, labels, said_beside
from loaders.layers import DEPENDENCY, REFERENCE_RELATION, REFERENCE_TYPE, TOKEN, short
from loaders.offsets import Offsets
from loaders.worded import worded
from loaders.writing import Losses, Writer, cannot_hold, named

FORMAT = "webanno-tsv"
ANY = "uima.tcas.Annotation"

_WORD = re.compile(r"\S+")
_VALUE = re.compile(r"[\\\[\]|_;*\t\n]|->")
_TEXT = re.compile(r"[\\\t\r\f\b]")
_WRITTEN = {"\t": r"\t", "\n": r"\n", "\r": r"\r", "\f": r"\f", "\b": r"\b"}

Cells = Callable[[int], list[str]]  # of a layer, in the row of a unit


@dataclass(frozen=True, slots=True)
class Unit:
    """A token or sub-token, and its number in the table."""

    number: str
    start: int
    end: int


def write(documents: Iterable[Document], losses: Losses) -> Iterator[tuple[str, bytes]]:
    """A file a document; what the table cannot hold is counted."""
    for name, whole in named(documents, losses):
        document = worded(whole)  # a cell has one value of a feature, and as many slots as there are
        cannot_hold(document, losses, "document metadata", "languages")
        lines = _Table(document, losses).lines()
        yield f"{name}.tsv", "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


class _Table:
    """The rows of one document, and what stands in them."""

    def __init__(self, document: Document, losses: Losses) -> None:
        self.text = document.text.encode("utf-8", "replace").decode()
        self.losses = losses
        self.layered = Layered(document, losses)
        self.offsets = Offsets(self.text)
        links = [one for _, members in self.layered.chains for one in members]
        tokens = [one for one in document.mentions if self.layered.layer_of.get(one.id) == TOKEN]
        placed = (*self.layered.spans, *links, *tokens)
        self.places = {one.id: place for one in placed if (place := self._trimmed(one))}
        self.units: list[Unit] = []
        self.sentences: list[tuple[str, int]] = []  # the text, and the first unit behind it
        self._divide(document)
        self.starts = [unit.start for unit in self.units]
        self.empty = {unit.start: number for number, unit in enumerate(self.units) if unit.start == unit.end}
        self.covered = {id_: self._units(*place) for id_, place in self.places.items()}
        spans = [one for one in self.layered.spans if self.covered.get(one.id)]
        losses["mentions of white space alone"] += len(self.layered.spans) - len(spans)
        self.on: dict[str, dict[int, list[Mention]]] = defaultdict(lambda: defaultdict(list))  # by layer and unit
        for one in spans:
            for number in self.covered[one.id]:
                self.on[self.layered.layer_of[one.id]][number].append(one)
        self.spans = {one.id for one in spans}
        self.tokens = {one.id for one in tokens if self.covered.get(one.id)}
        self.slots = {
            id_: [slot for slot in slots if slot.target.id in self.spans]
            for id_, slots in self.layered.slots.items()
            if id_ in self.spans
        }
        lost = sum(map(len, self.layered.slots.values())) - sum(map(len, self.slots.values()))
        losses["arguments that are links of a chain"] += lost
        self.ids: dict[str, int] = {}
        self._number(spans)

    # --- tokens and sentences

    def _trimmed(self, one: Mention) -> Fragment | None:
        """Where a mention stands, without white space at its edges; None where nothing is left."""
        start, end = min(start for start, _ in one.fragments), max(end for _, end in one.fragments)
        words = self.text[start:end]
        if not words:
            return (start, end) if start <= len(self.text) else None
        left, right = len(words) - len(words.lstrip()), len(words) - len(words.rstrip())
        if left == len(words):
            return None
        self.losses["white space at the edges of mentions"] += bool(left or right)
        return start + left, end - right

    def _divide(self, document: Document) -> None:
        """Cuts the text into sentences and these into tokens and sub-tokens."""
        edges = {edge for place in self.places.values() for edge in place}
        stated = [edge for token in document.tokens for edge in token]
        words = stated or [0, *accumulate(map(len, WordBreaker(self.text, "en")))]
        begins = self._sentence_starts(document)
        bounds = sorted({*edges, *words, *begins, 0, len(self.text)})
        tokens = [word.span() for start, end in pairwise(bounds) for word in _WORD.finditer(self.text, start, end)]
        empty = self._empty(tokens)
        groups: dict[int, list[int]] = defaultdict(list)
        for index, (start, _) in enumerate(tokens):
            groups[bisect_right(begins, start)].append(index)
        firsts = [tokens[group[0]][0] for group in groups.values()]
        ends = [*firsts[1:], len(self.text)] if firsts else []
        for number, (group, behind) in enumerate(zip(groups.values(), ends, strict=True), 1):
            for place, index in enumerate(group, 1):
                self.units.append(Unit(f"{number}-{place}", *tokens[index]))
                for sub, at in enumerate(sorted(empty.get(index, ())), 1):
                    self.units.append(Unit(f"{number}-{place}.{sub}", at, at))
            text = self.text[tokens[group[0]][0] : behind]
            self.sentences.append((text.removesuffix("\n") if behind < len(self.text) else text, len(self.units)))
        lead = self.text[: firsts[0]] if firsts else self.text
        self.losses["white space before the text"] += bool(lead.strip(" "))
        self.losses["texts without a word"] += not firsts

    def _sentence_starts(self, document: Document) -> list[int]:
        """Where sentences begin: as stated, else ICU's, but none within a mention."""
        if document.sentences:
            return sorted({start for start, _ in document.sentences})
        starts, ends = (sorted(edges) for edges in zip(*self.places.values(), strict=True)) if self.places else ([], [])
        found = [0, *accumulate(map(len, SentenceBreaker(self.text, "en")))]
        return [at for at in found if bisect_left(starts, at) <= bisect_right(ends, at)]

    def _empty(self, tokens: Sequence[Fragment]) -> dict[int, set[int]]:
        """Where empty mentions stand, by the token that they touch, else the one before."""
        found: dict[int, set[int]] = defaultdict(set)
        ends = [end for _, end in tokens]
        for id_, (start, end) in self.places.items() if tokens else ():
            if start == end:
                index = min(bisect_left(ends, start), len(ends) - 1)
                index -= index > 0 and tokens[index][0] > start
                at = max(start, tokens[index][0])
                self.losses["places of empty mentions"] += at != start
                self.places[id_] = (at, at)
                found[index].add(at)
        return found

    def _units(self, start: int, end: int) -> Sequence[int]:
        """The units from start to end."""
        if start == end:
            return [self.empty[start]] if start in self.empty else []
        found = range(bisect_left(self.starts, start), bisect_left(self.starts, end))
        return [number for number in found if self.units[number].start < self.units[number].end]

    # --- ids

    def _number(self, spans: Sequence[Mention]) -> None:
        """Gives an id to each span that its layer and its first unit do not tell from all others."""
        stacked = (ones for layer in self.on.values() for ones in layer.values() if len(ones) > 1)
        wanted = {one.id for ones in stacked for one in ones}
        wanted |= {one.id for one in spans if len(self.covered[one.id]) > 1}
        layer_of = self.layered.layer_of
        for arcs in self.layered.arcs_by_layer().values():
            base = self._base(arcs)
            ends = {end.id for arc in arcs for end in (arc.source, arc.target)}
            wanted |= {end for end in ends if layer_of[end] != base} - self.tokens
        for slots in self._slots_by_feature().values():
            target = self._pointed_at(slots)
            wanted |= {slot.target.id for slot in slots if layer_of[slot.target.id] != target}
        for one in spans:
            if one.id in wanted:
                self.ids[one.id] = len(self.ids) + 1

    def _slots_by_feature(self) -> dict[tuple[str, str], list[Slot]]:
        found: dict[tuple[str, str], list[Slot]] = defaultdict(list)
        for id_, slots in self.slots.items():
            for slot in slots:
                found[self.layered.layer_of[id_], slot.feature].append(slot)
        return found

    def _pointed_at(self, slots: Sequence[Slot]) -> str:
        layers = {self.layered.layer_of[slot.target.id] for slot in slots}
        return layers.pop() if len(layers) == 1 else ANY

    def _base(self, arcs: Sequence[Arc]) -> str:
        """The layer that most relations of a layer end at."""
        ends = (self.layered.layer_of[end.id] for arc in arcs for end in (arc.source, arc.target))
        return Counter(ends).most_common(1)[0][0]

    def _id(self, one: Mention) -> str:
        return f"[{self.ids[one.id]}]" if one.id in self.ids else ""

    # --- lines

    def lines(self) -> Iterator[str]:
        """The header, and each sentence with its rows."""
        columns = [*self._span_columns(), *self._chain_columns(), *self._relation_columns()]
        yield "#FORMAT=WebAnno TSV 3.3"
        yield from (header for header, _ in columns)
        yield ""
        at = 0
        for text, behind in self.sentences:
            yield ""
            for line in text.split("\n"):
                yield f"#Text={_TEXT.sub(_escaped_text, line)}"
            for number in range(at, behind):
                unit = self.units[number]
                begin, end = (self.offsets.written(edge, "utf16") for edge in (unit.start, unit.end))
                cells = [cell for _, of in columns for cell in of(number)]
                yield "\t".join([unit.number, f"{begin}-{end}", self.text[unit.start : unit.end], *cells, ""])
            at = behind

    def _span_columns(self) -> Iterator[tuple[str, Cells]]:
        slots = self._slots_by_feature()
        for layer, ones in self.layered.by_layer().items():
            features = self._features(layer, ones)
            linking = {feature: self._pointed_at(all_) for (owner, feature), all_ in slots.items() if owner == layer}
            fields = [
                f"ROLE_{layer}:{name}_{self.layered.link_type(layer, name)}|{target}"
                for name, target in linking.items()
            ]
            yield (
                f"#T_SP={'|'.join([layer, *(feature for feature, _ in features), *fields]) or layer}"
                + ("" if features or fields else "|"),
                self._span_cells(layer, features, list(linking)),
            )

    def _features(self, layer: str, ones: Sequence[Mention | Relation]) -> list[tuple[str, str | None]]:
        """The features of a layer, and what each holds: an attribute, None for the label."""
        label = self.layered.label_feature(layer)
        named = self.layered.features(layer, ones).items()
        found: list[tuple[str, str | None]] = [(feature, name) for name, feature in named]
        for one in ones:
            self.losses["further labels of a mention"] += max(0, len(labels(one)) - 1)
            self.losses["further values of an attribute"] += sum(len(all_) - 1 for all_ in said_beside(one).values())
        return sorted([*found, *([(label, None)] if label else [])], key=lambda pair: pair[0])

    def _span_cells(self, layer: str, features: Sequence[tuple[str, str | None]], linking: Sequence[str]) -> Cells:
        on = self.on.get(layer, {})
        width = len(features) + 2 * len(linking) or 1

        def cells(unit: int) -> list[str]:
            ones = on.get(unit)
            if not ones:
                return ["_"] * width
            found = ["|".join(f"{_value(one, name, layer)}{self._id(one)}" for one in ones) for _, name in features]
            for feature in linking:
                slots = [[slot for slot in self.slots.get(one.id, ()) if slot.feature == feature] for one in ones]
                roles = [";".join(_escaped(slot.role or "") for slot in of) or "_" for of in slots]
                found.append("|".join(f"{role}{self._id(one)}" for role, one in zip(roles, ones, strict=True)))
                found.append("|".join(";".join(self._pointer(slot.target) for slot in of) or "*" for of in slots))
            return found or ["|".join(f"*{self._id(one)}" for one in ones)]

        return cells

    def _pointer(self, one: Mention) -> str:
        return f"{self.units[self.covered[one.id][0]].number}{self._id(one)}"

    def _chain_columns(self) -> Iterator[tuple[str, Cells]]:
        chains: dict[str, dict[int, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
        for number, (layer, members) in enumerate(self.layered.chains, 1):
            for place, one in enumerate((one for one in members if self.covered.get(one.id)), 1):
                stated = chain_features(one, layer)
                tie, type_ = (_escaped(stated.get(name, "")) for name in (REFERENCE_RELATION, REFERENCE_TYPE))
                for unit in self.covered[one.id]:
                    chains[layer][unit].append((f"{tie}->{number}-{place}", f"{type_}[{number}]"))
        for layer, on in sorted(chains.items()):
            header = f"#T_CH={layer}Link|{REFERENCE_RELATION}|{REFERENCE_TYPE}"
            yield header, lambda unit, on=on: _joined(on.get(unit, ()), 2)  # type: ignore[misc]

    def _relation_columns(self) -> Iterator[tuple[str, Cells]]:
        for layer, arcs in self.layered.arcs_by_layer().items():
            features = self._features(layer, [arc.relation for arc in arcs])
            base = self._base(arcs)
            on: dict[int, list[tuple[str, ...]]] = defaultdict(list)
            for arc in arcs:
                tokens = self.tokens if base == TOKEN or layer == DEPENDENCY else set()
                if not {arc.source.id, arc.target.id} <= self.spans | tokens:
                    self.losses["relations of links of a chain, or of white space"] += 1
                    continue
                source, target = self.covered[arc.source.id][0], self.covered[arc.target.id][0]
                ids = [self.ids.get(end.id, 0) for end in (arc.source, arc.target)]
                pointer = self.units[source].number + (f"[{ids[0]}_{ids[1]}]" if any(ids) else "")
                on[target].append((*(_value(arc.relation, name, layer) for _, name in features), pointer))
            header = "|".join([layer, *(feature for feature, _ in features), f"BT_{base}"])
            width = len(features) + 1
            yield f"#T_RL={header}", lambda unit, on=on, width=width: _joined(on.get(unit, ()), width)  # type: ignore[misc]


def _joined(stacked: Sequence[Sequence[str]], width: int) -> list[str]:
    """Stacked values, column by column."""
    return ["|".join(column) for column in zip(*stacked, strict=True)] if stacked else ["_"] * width


def _value(one: Mention | Relation, name: str | None, layer: str) -> str:
    """The value of an attribute, or the label, as a cell has it."""
    if name is None:
        label = next(iter(labels(one)), "")
        return "*" if label == short(layer) else _escaped(label)
    value = next(iter(said_beside(one).get(name, ())), "")
    return _escaped(str(value).lower() if isinstance(value, bool) else str(value))


def _escaped(value: str) -> str:
    """A value as a cell has it; nothing is a star."""
    return _VALUE.sub(lambda found: _WRITTEN.get(found[0], f"\\{found[0]}"), value) or "*"


def _escaped_text(found: re.Match[str]) -> str:
    return _WRITTEN.get(found[0], rf"\{found[0]}")


WEBANNO_TSV_WRITER = Writer(FORMAT, "WebAnno TSV 3.3, for INCEpTION", write)
