"""What each annotator marked on a text, as sets that can be compared, and how two annotators' spans go together.

Which documents are of one text is for `loaders.same_text`, the figures are `accordgraph.agreement`'s.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import NamedTuple

from graph.errors import ArticleError
from graph.vocabulary import vocabulary
from loaders.document import Annotation, Document, Fragment, Mention, Relation
from loaders.events import without_events
from loaders.layers import short
from loaders.profile import Meaning, Profile

CURATION = "curation"  # whatever was curated, by whomever
INITIAL = "initial"

MEETING = 200_000  # pairs of spans that share words, in one text of two annotators, beyond which it is no annotation

Labels = dict[str, None]  # a set that keeps its order


class Span(NamedTuple):
    """Where a mark is: its layer, and its fragments in code points."""

    layer: str | None
    fragments: tuple[Fragment, ...]


class Tie(NamedTuple):
    """What a relation joins; roles are left out where there are two ends and their order says it."""

    ends: tuple[tuple[str, Span], ...]
    directed: bool

    def over(self, spans: Mapping[Span, Span]) -> Tie:
        """The tie with other spans in the place of its own; the ends of an undirected one in the order of the text."""
        ends = tuple((role, spans.get(span, span)) for role, span in self.ends)
        return Tie(ends if self.directed else tuple(sorted(ends, key=repr)), self.directed)


@dataclass(slots=True)
class Marks:
    """One annotator's marks on one text: the labels of every span, and of every tie between spans."""

    spans: dict[Span, Labels] = field(default_factory=dict)
    ties: dict[Tie, Labels] = field(default_factory=dict)

    def add(self, other: Marks) -> None:
        """Takes over the marks of another document of the same annotator and text."""
        for span, labels in other.spans.items():
            self.spans[span] = self.spans.get(span, {}) | labels
        for tie, labels in other.ties.items():
            self.ties[tie] = self.ties.get(tie, {}) | labels

    def without_layers(self) -> Marks:
        """The marks with the labels of all layers together."""
        bare: dict[Span, Span] = {span: Span(None, span.fragments) for span in self.spans}
        joined = Marks()
        for span, labels in self.spans.items():
            joined.add(Marks({bare[span]: labels}))
        for tie, labels in self.ties.items():
            joined.add(Marks({}, {tie.over(bare): labels}))
        return joined


def marks_of(
    document: Document, profile: Profile | None, left_out: Counter[str], layers: Sequence[str] = ()
) -> dict[str | None, Marks]:
    """The marks on a document by annotator; None for what nobody is named for. Events are told as relations.

    With a profile labels are kinds and relations of ours, and what it ignores is left out; without one they are the
    file's own. `layers` are globs of those that count, all where there are none. Whoever accepted a text without a
    mark has none.
    """
    plain = without_events(document, left_out)
    left_out["clusters"] += len(plain.clusters)
    said = [one for one in plain.annotators if not one.verdicts or one.verdicts.get("accept")]
    found: dict[str | None, Marks] = defaultdict(Marks)
    for annotator in said:
        found[CURATION if annotator.role == "curator" else annotator.id] = Marks()
    spans: dict[str, Span] = {}
    for mention in plain.mentions:
        if layers and not is_one_of(mention.layer or "", layers):
            continue
        if not mention.fragments:
            left_out["marks without words"] += 1
        elif mention.origin != INITIAL and (labels := _labels(mention, profile)) is not None:
            span = spans[mention.id] = Span(mention.layer, tuple(sorted(mention.fragments)))
            mine = found[_maker(mention)].spans
            mine[span] = mine.get(span, {}) | labels
    for relation in plain.relations:
        if relation.origin != INITIAL and (tie := _tie(relation, spans, profile, left_out)):
            ties = found[_maker(relation)].ties
            ties[tie[0]] = ties.get(tie[0], {}) | tie[1]
    return dict(found)


def is_one_of(layer: str, patterns: Sequence[str]) -> bool:
    """Whether a layer's name, whole or short, is one of these."""
    return any(fnmatchcase(name, pattern) for name in (layer, short(layer)) for pattern in patterns)


def _maker(one: Annotation) -> str | None:
    return CURATION if one.origin == CURATION else one.annotator or (one.origin if one.origin == "prediction" else None)


def _labels(mention: Mention, profile: Profile | None) -> Labels | None:
    """The labels of a mention; None where the profile ignores all of them."""
    types = mention.types
    if profile is None:
        return dict.fromkeys(types or ("",))
    if kind := profile.kind(types, mention.layer, mention.attributes):
        return {kind: None}
    kept = [label for label in types if not profile.ignores(label)]
    meant = ((label, profile.relation(label, mention.layer, mention.attributes)) for label in kept)
    named = [_name(meaning) if meaning else label for label, meaning in meant]
    return dict.fromkeys(named or ("",)) if kept or not types else None


def _name(meaning: Meaning) -> str:
    return f"{meaning.relation}:{meaning.stage}" if meaning.stage else meaning.relation


def _tie(
    relation: Relation, spans: Mapping[str, Span], profile: Profile | None, left_out: Counter[str]
) -> tuple[Tie, Labels] | None:
    ends = [(role, spans[target]) for role, target in relation.args if target in spans]
    if len(ends) < 2 or len(ends) < len(relation.args):
        left_out["relations that do not join marks"] += 1
        return None
    label, directed, turned = relation.type or "", relation.directed, False
    if profile:
        if profile.ignores(label, relation=True):
            return None
        if meaning := profile.relation(label, relation.layer, relation.attributes):
            label, turned = _name(meaning), meaning.turned
            directed = directed and not vocabulary().relations[meaning.relation].symmetric
        else:
            label = profile.role(label) or label
    if len(ends) == 2:
        ends = [("", span) for _, span in (reversed(ends) if turned else ends)]
    return Tie(tuple(ends), directed).over({}), {label: None}


# --- two annotators' spans ---------------------------------------------------------------------------------------


def partners(one: Marks, other: Marks, *, overlapping: bool) -> dict[Span, Span]:
    """Each span of `other` with the span of `one` it goes with: the same words in the same layer, one to one.

    Where parts are enough: first the same words, then those with a label in common, then the larger the part of both
    that is shared (Jaccard), each span once. Exchanging the two gives the same pairs. Raises ArticleError for more than
    MEETING pairs that share words.
    """
    found = {span: span for span in one.spans if span in other.spans}
    if not overlapping:
        return found
    mine = [span for span in one.spans if span not in found]
    theirs = [span for span in other.spans if span not in found]
    pairs: list[tuple[bool, float, Span, Span]] = []
    for a, b in _meeting(mine, theirs):
        if part := _shared(a.fragments, b.fragments):
            pairs.append((one.spans[a].keys().isdisjoint(other.spans[b]), -part, a, b))
            if len(pairs) > MEETING:
                told = f"More than {MEETING:,} pairs of overlapping spans in one text"
                raise ArticleError(told, way_out="compare one layer, or leave the text out")
    pairs.sort(key=lambda pair: (*pair[:2], sorted((pair[2].fragments, pair[3].fragments)), pair[2].layer or ""))
    taken: set[Span] = set()
    for _, _, a, b in pairs:
        if a not in taken and b not in found:
            taken.add(a)
            found[b] = a
    return found


def _meeting(mine: Iterable[Span], theirs: Iterable[Span]) -> Iterator[tuple[Span, Span]]:
    """Pairs of one layer that may share words."""
    by_layer: dict[str | None, list[Span]] = defaultdict(list)
    for span in theirs:
        by_layer[span.layer].append(span)
    for several in by_layer.values():
        several.sort(key=lambda span: span.fragments[0][0])
    starts = {layer: [span.fragments[0][0] for span in several] for layer, several in by_layer.items()}
    longest = {layer: max(map(_length, several)) for layer, several in by_layer.items()}
    for span in mine:
        if span.layer in by_layer:
            first = bisect_left(starts[span.layer], span.fragments[0][0] - longest[span.layer])
            last = bisect_left(starts[span.layer], span.fragments[-1][1])
            yield from ((span, other) for other in by_layer[span.layer][first:last])


def _length(span: Span) -> int:
    return span.fragments[-1][1] - span.fragments[0][0]


def _shared(one: Sequence[Fragment], other: Sequence[Fragment]) -> float:
    """The code points that both cover, of those that either does."""
    both = 0
    for start, end in one:
        for begin, stop in other:
            if begin < end and start < stop:
                both += min(end, stop) - max(start, begin)
    return both / (sum(end - start for start, end in (*one, *other)) - both) if both > 0 else 0.0
