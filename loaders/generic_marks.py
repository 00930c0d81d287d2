"""What is marked on one document in JSON: mentions, clusters and relations, found by the paths of a declaration."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from loaders.document import Fragment, Link, Value
from loaders.generic_ends import Ends, scalar, whole
from loaders.generic_text import Texted, forms_of
from loaders.json_path import Node, Path, Read, read_by, unread
from loaders.links import link_to
from loaders.offsets import Offsets
from loaders.paths import TOKENS, ClusterPaths, Marks, MentionPaths, Paths, RelationPaths
from loaders.reading import Draft, Key, Options
from loaders.tags import is_tag, spans

_UNDIRECTED = ("false", "no", "none", "undirected", "symmetric", "bi", "0")
_ENOUGH = 2**31  # code points that are searched for the words of one text

_Where = tuple[list[Fragment], dict[str, Any]]  # fragments, and what more is known of them


class _Wrong(NamedTuple):
    """Why a mention stands nowhere."""

    code: str
    told: str


class Marked:
    """A document while what is marked on it is stated: mentions first, then clusters, then relations."""

    def __init__(self, draft: Draft, texted: Texted, options: Options, paths: Paths, annotator: str | None) -> None:
        self.draft = draft
        self.texted = texted
        self.options = options
        self.paths = paths
        self.annotator = annotator
        self.offsets = Offsets(draft.text)
        self.ends = Ends(draft, paths.kinds_of_ends)
        self.sorts = 0  # of mentions, so far
        self.grouped: dict[str, list[Key]] = defaultdict(list)  # mentions by the cluster that they name
        self.respaced = 0  # mentions whose words differ from the tokens in white space alone
        self.behind: dict[str, int] = {}  # where words were found last
        self.searched = 0

    # --- mentions

    def mentions(self, stated: MentionPaths, nodes: Iterable[Node]) -> None:
        """States mentions; what cannot be read is skipped and said."""
        if self._is_left_out(stated, nodes := [*nodes]):
            return
        self.sorts += 1
        read = _read_of(stated, self.paths)
        for node in nodes:
            if stated.tags:
                self._tagged(stated.tags, stated, node)
                continue
            key = None if self._is_passed_over(stated, node) else self._mention(stated, node, read)
            self.ends.numbered.append(key)

    def finish(self) -> None:
        """Says which names were found by their words, and might have been meant elsewhere."""
        several = [words for words, at in self.behind.items() if self._next(words, at) >= 0]
        if several:
            told = f"{self.draft.id}: {len(several)} names stand more often than they are marked: the first are taken"
            self.draft.warn("offset.unchecked", told)

    def _mention(self, stated: MentionPaths, node: Node, read: Read | None) -> Key | None:
        words = _joined(stated.surface.values(node)) if stated.surface else None
        raw = self._raw(stated, node) if stated.start else ()
        placed = self._placed(stated, node, raw, words)
        if isinstance(placed, _Wrong):
            self.draft.skip(placed.code, placed.told, node.place, str(node.value))
            return None
        fragments, more = placed
        common = self._common(stated, node, read)
        key: tuple[str, ...] = (
            ("mention", common["raw_id"]) if common["raw_id"] else ("mention at", str(self.sorts), node.place)
        )
        links = self._links(stated, node)
        types = _types(stated, node)
        given = key
        for annotator in self._annotators(stated, node):
            self.draft.mention(key, types, fragments, surface=words, links=links, annotator=annotator, **more, **common)
            key = (*given, annotator or "")  # another annotator's own
        self._remember(stated, node, given, raw or (), words, common["confidence"])
        return given

    def _tagged(self, path: Path, stated: MentionPaths, node: Node) -> None:
        """States what the tags of tokens mark."""
        tags = [tag if isinstance(tag, str) else "" for words in forms_of(node, path) for tag in words]
        if len(tags) != len(self.texted.tokens) or not all(map(is_tag, tags)):
            told = f"{len(tags)} tags like B-…, I-…, O are expected for {len(self.texted.tokens)} tokens"
            self.draft.skip("json.shape", told, node.place, str(tags))
            return
        for label, start, end in spans(tags):
            key = ("tagged", str(self.sorts), start)
            place = (self.texted.tokens[start][0], self.texted.tokens[end - 1][1])
            annotator = next(iter(self._annotators(stated, node)))
            layer = scalar(stated.layer.one(node)) if stated.layer else None
            self.draft.mention(key, (label,), [place], placed=True, place=node.place, annotator=annotator, layer=layer)
            self.ends.numbered.append(key)
            self.ends.add(key, node.place, [(start, end)], None, None)
            self.ends.add_tokens(key, start, end - 1)

    def _remember(
        self, stated: MentionPaths, node: Node, key: Key, raw: Sequence[Fragment], words: str | None, sure: float | None
    ) -> None:
        """Keeps by what relations and clusters may name the mention."""
        self.ends.add(key, node.place, raw, words, sure)
        if stated.cluster and (cluster := scalar(stated.cluster.one(node))) is not None:
            self.grouped[cluster].append(key)
        if not self.ends.by_token:
            return
        if stated.first_token or stated.last_token:
            first, last = (whole(path.one(node)) if path else None for path in (stated.first_token, stated.last_token))
            self.ends.add_tokens(key, first, last)
        elif self.paths.unit == TOKENS and raw:
            first = self._token(stated, node, raw[0][0])
            last = self._token(stated, node, raw[-1][1] - (not stated.inclusive))
            self.ends.add_tokens(key, first, last)

    def _raw(self, stated: MentionPaths, node: Node) -> list[Fragment] | None:
        """The offsets as the file has them; None where they are no numbers."""
        behind = stated.end or stated.length
        if not stated.start or not behind:
            return None
        starts = [whole(one) for one in stated.start.values(node)]
        others = [whole(one) for one in behind.values(node)]
        if not starts or len(starts) != len(others):
            return None
        found: list[Fragment] = []
        for start, other in zip(starts, others, strict=True):
            if start is None or other is None:
                return None
            found.append((start, other if stated.end else start + other))
        return found

    def _placed(
        self, stated: MentionPaths, node: Node, raw: Sequence[Fragment] | None, words: str | None
    ) -> _Where | _Wrong:
        """Fragments, and whether they are code points for certain; else what is wrong with them."""
        if stated.start is None:
            return self._found(words)
        if not raw:
            return _Wrong("offset.bad", "start and end are no numbers")
        exclusive = [(start, end + 1) for start, end in raw] if stated.inclusive else [*raw]
        number = whole(stated.sentence.one(node)) if stated.sentence else None
        if stated.sentence and (number is None or not 0 <= number < len(self.texted.starts)):
            return _Wrong("offset.bad", f"no sentence {stated.sentence.one(node)!r}")
        if self.paths.unit == TOKENS:
            return self._from_tokens(exclusive, number, words)
        if number is None:
            return exclusive, {}
        base = self.offsets.written(self.texted.starts[number], self.draft.unit)
        return [(start + base, end + base) for start, end in exclusive], {}

    def _from_tokens(self, ranges: Sequence[Fragment], sentence: int | None, words: str | None) -> _Where | _Wrong:
        tokens, firsts = self.texted.tokens, self.texted.firsts
        base, behind = (0, len(tokens)) if sentence is None else (firsts[sentence], firsts[sentence + 1])
        fragments: list[Fragment] = []
        for start, end in ranges:
            if not 0 <= start < end <= behind - base:
                return _Wrong("offset.bad", f"tokens {start}–{end} of {behind - base}")
            fragments.append((tokens[base + start][0], tokens[base + end - 1][1]))
        found = " ".join(self.draft.text[start:end] for start, end in fragments)
        if words is None or found == words:
            return fragments, {"placed": True}
        if "".join(found.split()) != "".join(words.split()):
            return _Wrong("offset.mismatch", f"the tokens are {found[:60]!r}, not {words[:60]!r}")
        self.respaced += 1
        return fragments, {"placed": True, "repair": "white-space"}

    def _found(self, words: str | None) -> _Where | _Wrong:
        """Where words stand that have no offsets: each time behind the place where they were found before."""
        if not words:
            return _Wrong("offset.bad", "neither offsets nor words")
        start = self.behind.get(words, 0)
        at = self._next(words, start)
        if at < 0 and start:
            at = start - len(words)  # marked more often than it stands
        if at < 0:
            return _Wrong("offset.mismatch", "the words are not in the text")
        self.behind[words] = at + len(words)
        return [(at, at + len(words))], {"placed": True}

    def _next(self, words: str, start: int) -> int:
        """Where words stand next; -1 where they do not, or enough has been searched."""
        if self.searched > _ENOUGH:
            return -1
        at = self.draft.text.find(words, start)
        self.searched += (len(self.draft.text) if at < 0 else at) - start
        return at

    def _token(self, stated: MentionPaths, node: Node, number: int) -> int:
        """A token's number in the whole text."""
        sentence = whole(stated.sentence.one(node)) if stated.sentence else None
        return number + (self.texted.firsts[sentence] if sentence is not None else 0)

    def _links(self, stated: MentionPaths, node: Node) -> tuple[Link, ...]:
        if not stated.link:
            return ()
        scheme = scalar(stated.scheme.one(node)) if stated.scheme else None
        ids = [id_ for one in stated.link.values(node) if (id_ := scalar(one))]
        return tuple(Link(scheme, id_) if scheme else link_to(id_) for id_ in ids)

    # --- clusters

    def clusters(self, stated: ClusterPaths, nodes: Iterable[Node]) -> None:
        """States clusters of the mentions that stand inside, or that are named."""
        if self._is_left_out(stated, nodes := [*nodes]):
            return
        read = _read_of(stated, self.paths)
        for number, node in enumerate(nodes):
            members = self._members(stated, node)
            if not members:
                self.draft.skip("json.shape", "a cluster without mentions", node.place, str(node.value))
                continue
            common = self._common(stated, node, read if isinstance(node.value, dict) else None)
            types = _types(stated, node)
            key = ("cluster", common["raw_id"] or node.place)
            annotator = next(iter(self._annotators(stated, node)))
            self.draft.cluster(key, next(iter(types), None), members, annotator=annotator, **common)
            self.ends.clusters[common["raw_id"] or str(number)] = members[0]

    def grouped_clusters(self, *, stated: bool) -> None:
        """The clusters that the mentions themselves name, if they are not `stated` as such."""
        for id_, members in self.grouped.items():
            self.ends.clusters.setdefault(id_, members[0])
            if not stated:
                self.draft.cluster(("cluster", id_), None, members, raw_id=f"cluster-{id_}")

    def _members(self, stated: ClusterPaths, node: Node) -> list[Key]:
        if stated.members is None:
            id_ = scalar(stated.id.one(node)) if stated.id else None
            return self.grouped.get(id_ or "") or self.ends.inside(node.place)
        if stated.ends in ("offsets", "tokens"):
            several = [one.value if isinstance(one.value, list) else [] for one in stated.members.nodes(node)]
        else:
            several = [[value] for value in stated.members.values(node)]
        found = [key for values in several if (key := self.ends.key(stated.ends, values))]
        return [*dict.fromkeys(found)]

    # --- relations

    def relations(self, stated: RelationPaths, nodes: Iterable[Node]) -> None:
        """States relations between what `ends` says their ends are."""
        if self._is_left_out(stated, nodes := [*nodes]):
            return
        read = _read_of(stated, self.paths)
        for node in nodes:
            if not self._is_passed_over(stated, node):
                self._relation(stated, node, read)

    def _relation(self, stated: RelationPaths, node: Node, read: Read | None) -> None:
        head, tail = (
            self.ends.key(stated.ends, [path.one(node) for path in paths]) for paths in (stated.head, stated.tail)
        )
        if head is None or tail is None:
            missing = "head" if head is None else "tail"
            self.draft.skip("json.shape", f"a relation without a {missing}", node.place, str(node.value))
            return
        common = self._common(stated, node, read)
        types = _types(stated, node)
        if types[1:]:
            common["attributes"]["label"] = (*types[1:],)
        evidence = stated.evidence.one(node) if stated.evidence else None
        if evidence is not None:
            common["extra"]["evidence"] = evidence
        directed = scalar(stated.directed.one(node)) if stated.directed else None
        key: tuple[str, ...] = ("relation", common["raw_id"] or node.place)
        for annotator in self._annotators(stated, node):
            self.draft.relation(
                key,
                next(iter(types), None),
                [("head", head), ("tail", tail)],
                directed=directed is None or directed.casefold() not in _UNDIRECTED,
                annotator=annotator,
                **common,
            )
            key = (*key[:2], annotator or "")

    # --- what all marks say

    def _is_left_out(self, stated: Marks, nodes: Sequence[Node]) -> bool:
        """Whether these are a model's, and nobody asked for them."""
        if stated.origin != "prediction" or self.options.predictions:
            return False
        if nodes:
            told = "what a model proposed is read on request"
            self.draft.warn("annotation.prediction", told, nodes[0].place)
        return True

    def _is_passed_over(self, stated: Marks, node: Node) -> bool:
        """Whether this is no mark, or one that is not to be loaded."""
        if stated.where and stated.where.one(node) is None:
            self.draft.extra.setdefault("others", []).append({"place": node.place, "value": node.value})
            return True
        status = scalar(stated.status.one(node)) if stated.status else None
        accept = self.options.accept
        if status is None or (status not in stated.reject and (not accept or status in accept)):
            return False
        self.draft.warn(
            "task.not-accepted", f"{stated.status and stated.status.text} is {status}: not loaded", node.place
        )
        return True

    def _common(self, stated: Marks, node: Node, read: Read | None) -> dict[str, Any]:
        confidence = stated.confidence.one(node) if stated.confidence else None
        extra = {} if read is None else unread(node.value, read)
        number = _number(confidence)
        if confidence is not None and number is None:
            extra["confidence"] = confidence
        attributes: dict[str, tuple[Value, ...]] = {}
        for name, path in stated.attributes.items():
            values = [one for one in path.values(node) if isinstance(one, str | int | float) and one != ""]
            if values:
                attributes[name] = (*values,)
        return {
            "raw_id": scalar(stated.id.one(node)) if stated.id else None,
            "place": node.place,
            "layer": scalar(stated.layer.one(node)) if stated.layer else None,
            "status": scalar(stated.status.one(node)) if stated.status else None,
            "origin": stated.origin,
            "confidence": number,
            "attributes": attributes,
            "extra": extra,
        }

    def _annotators(self, stated: Marks, node: Node) -> list[str | None]:
        """Who made it: one or several, each of whom is known to the document from now on."""
        if not stated.annotator:
            return [self.annotator]
        found = [name for one in stated.annotator.values(node) if (name := scalar(one))]
        for name in found:
            self.draft.annotated_by(name)
        return [*dict.fromkeys(found)] or [self.annotator]


def _read_of(stated: Marks, paths: Paths) -> Read | None:
    """What is read of a mark; what counts tokens stays beside it, as offsets are code points then.

    None where the mark is the document itself, whose other keys are metadata.
    """
    if not stated.path.steps and not stated.file:
        return None
    found: list[Path | None] = [stated.id, stated.layer, stated.annotator, stated.status, stated.confidence]
    found += [*stated.type, *stated.attributes.values()]
    if isinstance(stated, MentionPaths):
        found += [stated.surface, stated.link, stated.scheme]
        found += [] if paths.unit == TOKENS else [stated.start, stated.end, stated.length, stated.sentence]
    elif isinstance(stated, RelationPaths):
        found += [*stated.head, *stated.tail, stated.directed, stated.evidence]
    elif isinstance(stated, ClusterPaths):
        found.append(stated.members)
    found += [other.path.within(stated.path) for other in paths.marks if other.file == stated.file]
    return read_by([path for path in found if path])


def _types(stated: Marks, node: Node) -> list[str]:
    found = [label for path in stated.type for one in path.values(node) if (label := scalar(one))]
    return found if len(found) < 2 else [*dict.fromkeys(found)]


def _joined(words: list[Any]) -> str | None:
    """The words of a mention, those of its parts with spaces between."""
    if len(words) == 1 and isinstance(words[0], str):
        return words[0] or None
    return " ".join(str(part) for part in words if scalar(part) is not None) or None


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    sound = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if sound else None
