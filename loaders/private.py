"""Who is private in a document: persons who are marked, and not in the register. Their names are masked.

Whoever one annotator marks as a person is one, whatever the others say, and so is all that a cluster says is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from graph.identity import Register
from loaders.document import Document, Fragment, Mention
from loaders.masking import Fragments, Masked, masked
from loaders.naming import candidates
from loaders.private_names import PrivateNames, has_capitals, is_name
from loaders.profile import Profile

NATURAL = ("Person", "Official")  # kinds of natural persons


@dataclass(frozen=True, slots=True)
class Private:
    """A mark whose words are to be masked: where it stands, what they are, and its place in the file."""

    fragments: tuple[Fragment, ...]
    words: tuple[str, ...]
    place: str = ""


def private_in(document: Document, profile: Profile, register: Register) -> list[Private]:
    """The marks of persons in a document who are not in the register, and whatever a cluster says is the same."""
    persons = [one for one in document.mentions if profile.is_private(one.types, one.layer, one.attributes)]
    known = _Known(document, profile, register)
    found = {one.id: one for one in persons if not known.has_person(one)}
    if found:
        found |= {one.id: one for one in _same(found, known)}
    return [Private(one.fragments, tuple(_words(one, document)), one.place) for one in found.values()]


def _same(found: dict[str, Mention], known: _Known) -> Iterator[Mention]:
    """The members of clusters that have one of these persons, and nobody whom the register knows."""
    mentions = {one.id: one for one in known.document.mentions}
    for cluster in known.document.clusters:
        if any(member in found for member in cluster.members):
            members = [mentions[member] for member in cluster.members if member in mentions]
            yield from (one for one in members if known.may_be_person(one))


def _words(mention: Mention, document: Document) -> Iterator[str]:
    yield document.words(mention)
    if mention.surface:
        yield mention.surface


def without_names(document: Document, private: Iterable[Private], profile: Profile, register: Register) -> Masked:
    """The document without the names of these persons.

    The words of what the register declares are left as they are, and so is a person within an official whom it has.
    """
    private = list(private)
    if not private:
        return Masked(document, PrivateNames(()))
    known = _Known(document, profile, register)
    public = Fragments(fragment for one in document.mentions if known.has_person(one) for fragment in one.fragments)
    wanted = [one for one in private if not (one.fragments and all(map(public.holds, one.fragments)))]
    spared = Fragments(fragment for one in document.mentions if known.has(one) for fragment in one.fragments)
    return masked(
        document, [fragment for one in wanted for fragment in one.fragments], names_of(wanted, register), spared
    )


def names_of(private: Iterable[Private], register: Register) -> PrivateNames:
    """Their names, but for those that the register has too: who is called Jordan does not take the country's away."""
    return PrivateNames(words for one in private for words in one.words if not register.ids_named(words))


class _Known:
    """What the register has for the mentions of a document."""

    def __init__(self, document: Document, profile: Profile, register: Register) -> None:
        self.document = document
        self._profile = profile
        self._register = register

    def has(self, mention: Mention) -> bool:
        """Whether the register has the one named, of the kind that the mark says."""
        kind = self._kind(mention)
        return any(one in (kind, *(NATURAL if kind in NATURAL else ())) for one in self._kinds_found(mention))

    def has_person(self, mention: Mention) -> bool:
        """Whether it has the person named, by this mark or by another one that a cluster says is the same."""
        return self._names_person(mention) or (mention.id in self._same_as_known and self._kind(mention) in NATURAL)

    def may_be_person(self, mention: Mention) -> bool:
        """Whether a mark in a cluster with a private person is their name too: "he" is none."""
        words = self.document.words(mention)
        written = is_name(words) or not has_capitals(words)
        return self._kind(mention) in (None, *NATURAL) and written and not self.has_person(mention)

    def _names_person(self, mention: Mention) -> bool:
        return self._kind(mention) in NATURAL and any(kind in NATURAL for kind in self._kinds_found(mention))

    @cached_property
    def _same_as_known(self) -> frozenset[str]:
        mentions = {one.id: one for one in self.document.mentions} if self.document.clusters else {}
        return frozenset(
            member
            for cluster in self.document.clusters
            if any(one in mentions and self._names_person(mentions[one]) for one in cluster.members)
            for member in cluster.members
        )

    def _kind(self, mention: Mention) -> str | None:
        asked = (mention.types, mention.layer, mention.attributes)
        return "Person" if self._profile.is_private(*asked) else self._profile.kind(*asked)

    def _kinds_found(self, mention: Mention) -> set[str]:
        given = [one.entity for one in candidates(mention, self.document, self._register)]
        named = map(self._register.get, self._register.ids_named(self.document.words(mention)))  # or several
        return {one.kind for one in (*given, *named) if one}
