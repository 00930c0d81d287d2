"""How far annotators agree: F1 of spans and relations for every pair, kappa and alpha of labels.

NLTK computes the figures (docs/decisions/0008-agreement.md); what is compared with what is said here and in
docs/exports.md. A figure that is not defined says why.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import Any

from accordgraph.inspecting import documents
from graph.errors import AccordgraphError, ArticleError, did_you_mean
from loaders.diagnostics import Diagnostics
from loaders.layers import short
from loaders.marks import CURATION, Marks, Span, is_one_of, partners
from loaders.profile import Profile
from loaders.reading import Options
from loaders.same_text import Text, Texts, names_of

EXACT, OVERLAP = "exact", "overlap"
WAYS = (EXACT, OVERLAP)
DIGITS = 6  # of a figure; sums of floats differ beyond in another order
MANY = 1000  # labels, beyond which they are no categories

# figures of a pair: key in JSON → what it is for people
MEASURES: dict[str, str] = {
    "spans_exact": "spans, the same words",
    "spans_overlap": "spans, words in common",
    "labelled_exact": "spans and labels, the same words",
    "labelled_overlap": "spans and labels, words in common",
    "relations": "relations, ends and label",
    "relations_of_shared_ends": "relations, where both marked the ends",
}

_Units = tuple[set[Any], set[Any]]  # of the first and of the second annotator; units are anything that compares


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and what it is of; `value` is None where it is not defined, and `why` says so.

    F1 has `units` in `shared`, `first` and `second`: what both marked, and what either did. The others are of `shared`
    units.
    """

    value: float | None
    shared: int
    first: int | None = None
    second: int | None = None
    why: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The figure as JSON values."""
        names = ("value", "shared", "first", "second", "why")
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value is not None or name == "value"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two annotators: on how many texts, the figures of MEASURES, Cohen's kappa, F1 of each label, labels confused."""

    names: tuple[str, str]
    texts: int
    figures: Mapping[str, Figure]
    kappa: Figure
    labels: Mapping[str, tuple[Figure, Figure]]  # exact and overlap
    relation_labels: Mapping[str, Figure]
    confused: Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """All figures. `annotators` have their texts, spans and relations in the `texts` that are compared.

    `alone` counts texts that one annotator did, `left_out` what else is not compared.
    `named_by_path` are annotators whom no file names.
    """

    texts: int
    alone: int
    annotators: Mapping[str, Counter[str]]
    named_by_path: tuple[str, ...]
    pairs: Sequence[Pair]
    fleiss: Figure
    alpha: Figure
    left_out: Counter[str]

    def mean(self, measure: str) -> Figure:
        """The mean of the pairs that have the figure; `shared` is how many these are."""
        found = [pair.kappa if measure == "kappa" else pair.figures[measure] for pair in self.pairs]
        values = [figure.value for figure in found if figure.value is not None]
        if not values:
            return Figure(None, 0, why="not defined for any pair")
        return Figure(round(fmean(values), DIGITS), len(values))


def agreement(
    paths: Sequence[str | Path],
    diagnostics: Diagnostics,
    *,
    profile: Profile | None = None,
    format_: str | None = None,
    options: Options | None = None,
    match: str = EXACT,
    annotators: Sequence[str] = (),
    by_path: bool = False,
    layers: Sequence[str] = (),
) -> Agreement:
    """The agreement of the annotators of the exports below some paths.

    `match` is EXACT or OVERLAP, `layers` are globs of those that count. Raises ArticleError where no two
    annotators have a text in common, or an annotator or a layer is not there, and AccordgraphError without the library.
    """
    texts = Texts(profile, by_path, layers)
    for path, name in zip(paths, names_of([str(path) for path in paths]), strict=True):
        for document in documents([path], diagnostics, format_=format_, options=options):
            texts.add(name, document)
    for layer in layers:
        if not any(is_one_of(one, [layer]) for one in texts.layers_seen):
            raise ArticleError(f"No layer {layer!r} there", way_out=did_you_mean(layer, map(short, texts.layers_seen)))
    return agreement_on(texts, match=match, annotators=annotators)


def agreement_on(texts: Texts, *, match: str = EXACT, annotators: Sequence[str] = ()) -> Agreement:
    """The agreement of the annotators of texts that have been gathered; raises what `agreement` raises."""
    found = list(texts.found())
    names = _chosen({name for text in found for name in text.by}, annotators)
    both = [text for text in found if len(names & text.by.keys()) > 1]
    if not both:
        raise ArticleError(_nothing(found, names), way_out=WAY_OUT)
    counts = _counts(both, sorted(names))
    compared = _Compared(both)
    units = [unit for number in range(len(both)) for unit in _together(compared, number, list(counts), match)]
    return Agreement(
        texts=len(both),
        alone=sum(len(names & text.by.keys()) == 1 for text in found),
        annotators=counts,
        named_by_path=tuple(sorted(texts.named_by_path & counts.keys())),
        pairs=[pair for names_ in combinations(counts, 2) if (pair := _pair(compared, names_, match)) is not None],
        fleiss=_fleiss(units, counts),
        alpha=_alpha(units, counts),
        left_out=+texts.left_out,
    )


WAY_OUT = (
    "give each annotator's export as a path of its own, an export that names them, or --by-path where the same name "
    "stands in each"
)


def _nothing(texts: Collection[Text], names: Collection[str]) -> str:
    shown = ", ".join(sorted(names)) or "nobody"
    return f"No text that two annotators did: there are {len(texts)}, by {shown}"


def _chosen(known: set[str], wanted: Sequence[str]) -> set[str]:
    """Those wanted; without any, all but what was curated of their work."""
    for name in wanted:
        if name not in known:
            raise ArticleError(f"No annotator {name!r} there", way_out=did_you_mean(name, known))
    return set(wanted) or known - {CURATION}


def _counts(texts: Iterable[Text], names: Iterable[str]) -> dict[str, Counter[str]]:
    """What each annotator did of the texts: how many, and the spans and relations marked on them."""
    counts = {name: Counter[str]() for name in names}
    for text in texts:
        for name in counts.keys() & text.by.keys():
            marks = text.by[name]
            counts[name].update(texts=1, spans=len(marks.spans), relations=len(marks.ties))
    return {name: mine for name, mine in counts.items() if mine}


class _Compared:
    """The texts that are compared, and how the spans of two annotators on one go together, each found once."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.texts = texts
        self._found: dict[tuple[int, str, str, str], dict[Span, Span]] = {}

    def partners(self, number: int, one: str, other: str, way: str) -> dict[Span, Span]:
        """Spans of the other with those of the one; see `loaders.marks.partners`."""
        key = (number, one, other, way)
        if key not in self._found:
            text = self.texts[number]
            try:
                self._found[key] = partners(text.by[one], text.by[other], overlapping=way == OVERLAP)
            except ArticleError as problem:
                raise problem.at(text.path) from problem
        return self._found[key]


# --- two annotators ----------------------------------------------------------------------------------------------


@dataclass
class _Sets:
    """What two annotators marked, by measure, each as units that are the same where they agree."""

    of: dict[str, _Units] = field(default_factory=lambda: defaultdict(lambda: (set(), set())))
    labels: list[tuple[str, str]] = field(default_factory=list)  # of each span that both marked

    def add(self, measure: str, side: int, units: Iterable[Hashable]) -> None:
        self.of[measure][side].update(units)


def _pair(compared: _Compared, names: tuple[str, str], match: str) -> Pair | None:
    sets, count = _Sets(), 0
    for number, text in enumerate(compared.texts):
        if names[0] in text.by and names[1] in text.by:
            count += 1
            for way in WAYS:
                _compare(sets, compared, number, names, way, is_match=way == match)
    if not count:
        return None
    exact, overlap, ties = (_by_label(sets.of[name]) for name in ("labelled_exact", "labelled_overlap", "relations"))
    return Pair(
        names,
        count,
        {measure: _f1(*sets.of[measure]) for measure in MEASURES},
        _kappa(sets.labels),
        {label: (_f1(*exact[label]), _f1(*overlap[label])) for label in sorted(exact)},
        {label: _f1(*ties[label]) for label in sorted(ties)},
        Counter((min(pair), max(pair)) for pair in sets.labels if pair[0] != pair[1]),
    )


def _compare(
    sets: _Sets, compared: _Compared, number: int, names: tuple[str, str], way: str, *, is_match: bool
) -> None:
    """Puts two annotators' marks on a text in the sets; where spans go together, both stand there as the first's."""
    one, other = (compared.texts[number].by[name] for name in names)
    with_ = compared.partners(number, *names, way)
    for side, marks, places in ((0, one, {}), (1, other, with_)):
        named = {(number, _place(span, side, places)): labels for span, labels in marks.spans.items()}
        sets.add(f"spans_{way}", side, named)
        sets.add(f"labelled_{way}", side, _labelled(named))
        if is_match:
            _compare_ties(sets, number, side, marks, places, set(with_) if side else set(with_.values()))
    if is_match:
        sets.labels += [(_category(one.spans[a]), _category(other.spans[b])) for b, a in with_.items()]


def _place(span: Span, side: int, places: Mapping[Span, Span]) -> Hashable:
    """The first annotator's span; the second's own, told from the first's, where it goes with none of those."""
    return places.get(span, (side, span)) if side else span


def _compare_ties(
    sets: _Sets, text: int, side: int, marks: Marks, places: Mapping[Span, Span], shared: set[Span]
) -> None:
    placed: dict[Hashable, dict[str, None]] = {}
    of_shared: dict[Hashable, dict[str, None]] = {}
    for tie, labels in marks.ties.items():
        unit = (text, tie.over(places))
        placed[unit] = placed.get(unit, {}) | labels
        if all(span in shared for _, span in tie.ends):
            of_shared[unit] = of_shared.get(unit, {}) | labels
    sets.add("relations", side, _labelled(placed))
    sets.add("relations_of_shared_ends", side, _labelled(of_shared))


def _labelled(units: Mapping[Any, Iterable[str]]) -> Iterator[tuple[Hashable, str]]:
    return ((unit, label) for unit, labels in units.items() for label in labels)


def _category(labels: Collection[str]) -> str:
    """The labels of a span as one category: of several, all of them."""
    return " + ".join(sorted(labels))


def _by_label(units: _Units) -> dict[str, _Units]:
    found: dict[str, _Units] = defaultdict(lambda: (set(), set()))
    for side in (0, 1):
        for unit in units[side]:
            found[unit[1]][side].add(unit)
    return found


# --- all annotators ----------------------------------------------------------------------------------------------


def _together(compared: _Compared, number: int, names: Sequence[str], match: str) -> Iterator[dict[str, str]]:
    """The labels by annotator of each mark that two or more made: spans that go together, no two of one annotator."""
    text = compared.texts[number]
    here = [name for name in names if name in text.by]
    leader: dict[tuple[str, Span], tuple[str, Span]] = {}

    def first(node: tuple[str, Span]) -> tuple[str, Span]:
        while (above := leader.get(node, node)) != node:
            leader[node] = leader.get(above, above)
            node = above
        return node

    for one, other in combinations(here, 2):
        for b, a in compared.partners(number, one, other, match).items():
            leader[first((other, b))] = first((one, a))
    groups: dict[tuple[str, Span], list[tuple[str, Span]]] = defaultdict(list)
    for name in here:
        for span in text.by[name].spans:
            groups[first((name, span))].append((name, span))
    for nodes in groups.values():
        if len(nodes) > 1 and len({name for name, _ in nodes}) == len(nodes):
            yield {name: _category(text.by[name].spans[span]) for name, span in nodes}


def _fleiss(units: Iterable[Mapping[str, str]], names: Collection[str]) -> Figure:
    if len(names) < 3:
        return Figure(None, 0, why="fewer than three annotators: Cohen's kappa is theirs")
    everybody = [unit for unit in units if len(unit) == len(names)]
    return _coefficient(everybody, lambda task: task.pi(), f"no span that all {len(names)} marked")


def _alpha(units: Sequence[Mapping[str, str]], names: Collection[str]) -> Figure:
    if len(names) < 3:
        return Figure(None, 0, why="fewer than three annotators: Cohen's kappa is theirs")
    return _coefficient(units, lambda task: task.alpha(), "no span that two marked")


# --- the library -------------------------------------------------------------------------------------------------


def _kappa(labels: Sequence[tuple[str, str]]) -> Figure:
    units = [{"1": one, "2": other} for one, other in labels]
    return _coefficient(units, lambda task: task.kappa_pairwise("1", "2"), "no span that both marked")


def _coefficient(units: Sequence[Mapping[str, str]], computed: Callable[[Any], float], none: str) -> Figure:
    """A coefficient of NLTK's AnnotationTask over units, each with a label by annotator."""
    labels = {label for unit in units for label in unit.values()}
    if not units:
        return Figure(None, 0, why=none)
    if len(labels) == 1:
        why = f"one label alone, {next(iter(labels)) or '(none)'}: chance cannot be told from agreement"
        return Figure(None, len(units), why=why)
    if len(labels) > MANY:
        return Figure(None, len(units), why=f"{len(labels):,} labels are no categories")
    task = _library("agreement").AnnotationTask(
        [(name, number, label) for number, unit in enumerate(units) for name, label in unit.items()]
    )
    return Figure(round(float(computed(task)), DIGITS) + 0.0, len(units))  # + 0.0: no minus before a zero


def _f1(one: set[Any], other: set[Any]) -> Figure:
    counts = (len(one & other), len(one), len(other))
    if not one and not other:
        return Figure(None, *counts, why="neither marked any")
    value = _library("scores").f_measure(one, other)  # None where one of them marked nothing
    return Figure(round(float(value or 0.0), DIGITS), *counts)


def _library(module: str) -> Any:
    """A module of nltk.metrics. Raises AccordgraphError where it is not installed."""
    import importlib

    try:
        return importlib.import_module(f"nltk.metrics.{module}")
    except ImportError as problem:
        way_out = "pip install 'accordgraph[agreement]'"
        raise AccordgraphError("Agreement is computed with NLTK, which is not installed", way_out=way_out) from problem
