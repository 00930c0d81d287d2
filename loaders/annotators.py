"""Several annotators of one text: their documents become one, and a policy says whose marks count.

Marks are the same where they cover the same words with the same labels; ties, where they join the same marks in the
same roles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from graph.errors import ArticleError
from loaders.document import Annotation, Annotator, Cluster, Document, Event, Mention, Relation, referred
from loaders.events import fresh

DEPTH = 100  # of ties on ties that are told apart
POLICIES = "all, union, majority:N or prefer:NAME"

_Sign = tuple[object, ...]  # what makes two annotations the same


def merged(documents: Iterable[Document], policy: str = "all") -> Iterator[Document]:
    """One document a text, in the order of the first; documents are of one text if id and text are equal.

    all: everything, each mark once for everybody who made it. union: each mark once. majority:N: what at least N
    annotators have marked. prefer:NAME: NAME's alone where there are any, else everybody's; `curation` stands for
    whatever was curated. Raises ArticleError for another policy.
    """
    choose = _policy(policy)
    same_text: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in documents:
        same_text[document.id, document.text].append(document)
    for several in same_text.values():
        yield choose(_joined(several))


def _joined(documents: list[Document]) -> Document:
    """Everything of several documents in one; ids that clash get their annotator's name."""
    if len(documents) == 1:
        return documents[0]
    taken: set[str] = set()
    parts = [_apart(document, taken) for document in documents]
    annotators: dict[str, Annotator] = {}
    for annotator in (one for part in parts for one in part.annotators):
        annotators.setdefault(annotator.id, annotator)
    return replace(
        parts[0],
        mentions=tuple(one for part in parts for one in part.mentions),
        relations=tuple(one for part in parts for one in part.relations),
        events=tuple(one for part in parts for one in part.events),
        clusters=tuple(one for part in parts for one in part.clusters),
        notes=tuple(one for part in parts for one in part.notes),
        annotators=tuple(annotators.values()),
        metadata={key: value for part in reversed(parts) for key, value in part.metadata.items()},
    )


def _apart(document: Document, taken: set[str]) -> Document:
    """The document with ids that are not taken yet."""
    ids: dict[str, str] = {}
    for one in document.annotations:
        wanted = one.id if one.id not in taken else f"{one.id}@{one.annotator or document.path}"
        ids[one.id] = fresh(wanted, taken)
    return replace(
        document,
        mentions=tuple(replace(one, id=ids[one.id]) for one in document.mentions),
        relations=tuple(replace(one, id=ids[one.id], args=_args(one, ids)) for one in document.relations),
        events=tuple(
            replace(one, id=ids[one.id], args=_args(one, ids), trigger=one.trigger and ids[one.trigger])
            for one in document.events
        ),
        clusters=tuple(
            replace(
                one,
                id=ids[one.id],
                members=tuple(ids[member] for member in one.members),
                canonical=one.canonical and ids[one.canonical],
            )
            for one in document.clusters
        ),
        notes=tuple(replace(one, target=one.target and ids[one.target]) for one in document.notes),
    )


def _args(one: Relation | Event, ids: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((role, ids.get(target, target)) for role, target in one.args)


# --- policies ----------------------------------------------------------------------------------------------------


class _Policy:
    """Which annotations of a joined document are kept: how many annotators must agree, or who is preferred."""

    def __init__(self, at_least: int = 0, preferred: str | None = None) -> None:
        self.at_least = at_least
        self.preferred = preferred

    def __call__(self, document: Document) -> Document:
        if self.preferred is not None:
            return self._prefer(document, self.preferred)
        return _agreed(document, self.at_least) if self.at_least else document

    def _prefer(self, document: Document, name: str) -> Document:
        theirs = {one.id for one in document.annotations if name in (one.annotator, one.origin)}
        return _only(document, theirs) if theirs else document


def _policy(text: str) -> _Policy:
    name, _, value = text.partition(":")
    if text == "all":
        return _Policy()
    if text == "union":
        return _Policy(at_least=1)
    if name == "majority" and value.isdigit() and int(value) > 0:
        return _Policy(at_least=int(value))
    if name == "prefer" and value:
        return _Policy(preferred=value)
    raise ArticleError(f"Unknown way to choose between annotators {text!r}", way_out=f"give {POLICIES}")


def _agreed(document: Document, at_least: int) -> Document:
    """Each mark once, if at least so many annotators have made it; ties go to the marks that are kept."""
    signs = signatures(document)
    makers: dict[_Sign, set[str | None]] = defaultdict(set)
    first: dict[_Sign, str] = {}
    for one in document.annotations:
        makers[signs[one.id]].add(one.annotator)
        first.setdefault(signs[one.id], one.id)
    ids = {id_: first[sign] for id_, sign in signs.items()}
    kept = {id_ for sign, id_ in first.items() if len(makers[sign]) >= at_least}
    return _only(_renamed(document, ids, kept), kept)


def _renamed(document: Document, ids: dict[str, str], kept: set[str]) -> Document:
    """What is kept, referring to what is kept: every mark by the id of the first that is the same."""
    return replace(
        document,
        relations=tuple(replace(one, args=_args(one, ids)) for one in document.relations if one.id in kept),
        events=tuple(
            replace(one, args=_args(one, ids), trigger=one.trigger and ids[one.trigger])
            for one in document.events
            if one.id in kept
        ),
        clusters=tuple(
            replace(one, members=tuple(dict.fromkeys(ids[m] for m in one.members)), canonical=None)
            for one in document.clusters
            if one.id in kept
        ),
        notes=tuple(replace(one, target=one.target and ids[one.target]) for one in document.notes),
    )


def _only(document: Document, kept: set[str]) -> Document:
    """What is in `kept` and refers to nothing else."""
    while lost := {one.id for one in document.annotations if one.id in kept and not kept.issuperset(referred(one))}:
        kept = kept - lost
    return replace(
        document,
        mentions=tuple(one for one in document.mentions if one.id in kept),
        relations=tuple(one for one in document.relations if one.id in kept),
        events=tuple(one for one in document.events if one.id in kept),
        clusters=tuple(one for one in document.clusters if one.id in kept),
        notes=tuple(one for one in document.notes if one.target is None or one.target in kept),
    )


def signatures(document: Document) -> dict[str, _Sign]:
    """What makes each annotation the same as another one's, by id; whoever made it is not in it."""
    found: dict[str, _Sign] = {}
    by_id = {one.id: one for one in document.annotations}

    def sign(id_: str, above: frozenset[str]) -> _Sign:
        if id_ not in by_id:
            return "elsewhere", id_
        if id_ not in found and id_ not in above and len(above) < DEPTH:
            found[id_] = _sign(by_id[id_], lambda target: sign(target, above | {id_}))
        return found.get(id_, ("circle",))

    for id_ in by_id:
        sign(id_, frozenset())
    return found


def _sign(one: Annotation, of: Callable[[str], _Sign]) -> _Sign:
    if isinstance(one, Mention):
        return "mention", one.layer, one.types, one.fragments
    if isinstance(one, Relation):
        return "relation", one.layer, one.type, tuple((role, of(target)) for role, target in one.args)
    if isinstance(one, Event):
        trigger = of(one.trigger) if one.trigger else None
        return "event", one.layer, one.type, trigger, tuple((role, of(target)) for role, target in one.args)
    members = one.members if isinstance(one, Cluster) else ()
    return "cluster", one.layer, tuple(sorted(map(repr, (of(member) for member in members))))
