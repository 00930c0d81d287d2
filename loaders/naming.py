"""Which entity each mention of a document names: by its id, its links, its words; what the register does not decide.

Nothing is merged on a guess: a name that no entity bears alone becomes an entity of its article, until it is decided.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from graph.identity import Entity, Register, entity, fold
from graph.vocabulary import vocabulary
from loaders.diagnostics import AS_IS, SKIPPED, Diagnostics
from loaders.document import Annotation, Document, Event, Mention, Relation
from loaders.links import OWN, URI
from loaders.masking import MASK
from loaders.profile import Profile, spelling

OWN_SCHEMES = (OWN, "entity")
ID_ATTRIBUTES = ("entity", "entity_id")  # of mentions: the register's id


class Telling:
    """Says what is wrong with a document, or with one annotation in it, at its place and with its words."""

    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._document = document
        self._diagnostics = diagnostics

    @cached_property
    def _mentions(self) -> dict[str, Mention]:
        return {mention.id: mention for mention in self._document.mentions}

    def __call__(self, code: str, message: str, one: Annotation | None = None, *, action: str = SKIPPED) -> None:
        """Notes it."""
        place, excerpt = (one.place, self._words(one)) if one else ("", "")
        self._diagnostics.add(code, self._document.path, message, action=action, place=place, excerpt=excerpt)

    def _words(self, one: Annotation) -> str:
        targets = [target for _, target in one.args] if isinstance(one, Relation | Event) else []
        found = (self._mentions.get(target) for target in targets)
        several = [one] if isinstance(one, Mention) else [mention for mention in found if mention]
        return " … ".join(self._document.words(mention) for mention in several)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a mention may be called by, and the entity that the register has for it; `ours` is an id of the register."""

    called: str
    entity: Entity | None
    ours: bool = False


def candidates(mention: Mention, document: Document, register: Register) -> Iterator[Candidate]:
    """The surest first: ids of the register, links to other bases, the words."""
    given = [str(value) for name in ID_ATTRIBUTES for value in mention.attributes.get(name, ())]
    links = [(spelling(link.scheme), link.id) for link in mention.links]
    given += [id_ for scheme, id_ in links if _is_own(scheme, id_)]
    for id_ in map(_own_id, given):
        yield Candidate(id_, register.get(id_), ours=True)
    for scheme, id_ in links:
        if not _is_own(scheme, id_):
            yield Candidate(f"{scheme}:{id_}", register.identified(scheme, id_))
    name = document.words(mention) or mention.surface or ""
    ids = register.ids_named(name)
    yield Candidate(name, register.get(next(iter(ids))) if len(ids) == 1 else None)


def _is_own(scheme: str, id_: str) -> bool:
    return scheme in OWN_SCHEMES or (scheme == URI and id_.startswith(f"{OWN}:"))


def _own_id(text: str) -> str:
    return text.removeprefix(f"{OWN}:")


class Naming:
    """The entities of a document's mentions, by mention id; `local` are those that are the article's own, by id."""

    def __init__(self, document: Document, profile: Profile, register: Register, article: str, tell: Telling) -> None:
        self.local: dict[str, Entity] = {}
        self.entities: dict[str, str] = {}
        self._document = document
        self._register = register
        self._article = article
        self._tell = tell
        for mention in document.mentions:
            kind = profile.kind(mention.types, mention.layer, mention.attributes)
            if kind and (found := self._entity(mention, kind)):
                self.entities[mention.id] = found

    def name(self, part: Mention | str) -> str:
        """The entity's id, or the name as it is written: the register says whether it knows it."""
        if isinstance(part, str):
            return _own_id(part)
        return self.entities.get(part.id, self._document.words(part))

    def _entity(self, mention: Mention, kind: str) -> str | None:
        *given, words = candidates(mention, self._document, self._register)
        for one in given:
            if one.entity and one.entity.kind == kind:
                return one.entity.id
            if one.entity:
                told = f"{one.called!r} is of kind {one.entity.kind}, and the mark says {kind}"
                self._tell("entity.mismatch", told, mention, action=AS_IS)
            elif one.ours:
                self._tell("entity.mismatch", f"{one.called!r} is not in the register", mention, action=AS_IS)
        if words.entity and (words.entity.kind == kind or (kind, words.entity.kind) == ("Person", "Official")):
            return words.entity.id
        if kind == "Person":  # masked
            return None
        if not fold(words.called.replace(MASK, "")):
            self._tell("entity.undecided", f"{mention.id}: no words and no entity", mention)
            return None
        return self._local(kind, words.called, mention)

    def _local(self, kind: str, name: str, mention: Mention) -> str:
        digest = hashlib.sha256("\n".join((self._article, kind, fold(name))).encode()).hexdigest()[:12]
        id_ = f"{vocabulary().kinds[kind].slug}:local-{digest}"
        if id_ not in self.local:
            self.local[id_] = entity(id_, kind, [" ".join(name.split())], facts={"undecided": (self._article,)})
            self._tell("entity.undecided", f"{name!r} ({kind}): an entity of this article alone", mention, action=AS_IS)
        return id_
