"""Profiles beside an export: a draft from the labels found, and what a profile leaves open."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accordgraph.inspecting import documents
from graph.vocabulary import vocabulary
from loaders.diagnostics import Diagnostics
from loaders.document import Document, Mention
from loaders.profile import Profile, matches, spelling

# What tools and corpora commonly call our kinds; a guess, to be confirmed by whoever knows the corpus.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "Country": ("gpe", "nation", "state", "country-name"),
    "Agency": ("org", "organization", "organisation", "ministry", "government", "police", "institution"),
    "Official": ("title", "minister", "politician", "office-holder"),
    "Agreement": ("law", "treaty", "mou", "contract", "document"),
    "Crime": ("offense", "offence", "crime-type"),
    "Place": ("loc", "location", "fac", "facility", "city", "address"),
    "Company": ("business", "corporation", "firm"),
    "Operation": ("raid", "campaign"),
    "Meeting": ("summit", "conference"),
}
USUAL = ("date", "time", "value", "o", "no-rel", "no-relation", "none", "token")  # labels that are no entity


@dataclass
class Found:
    """Labels, relation labels and the kinds that relations join, counted over an export."""

    labels: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    ends: Counter[tuple[str, str | None, str | None]] = field(default_factory=Counter)
    metadata: Counter[str] = field(default_factory=Counter)

    def add(self, document: Document, profile: Profile) -> None:
        """Counts a document; the kinds of a relation's ends are the profile's."""
        by_id = {mention.id: mention for mention in document.mentions}
        self.metadata.update(document.metadata)
        for mention in document.mentions:
            self.labels.update(mention.types)
        for relation in document.relations:
            self.relations[relation.type or ""] += 1
            kinds = [_kind(by_id.get(target), profile) for _, target in relation.args]
            if len(kinds) == 2:
                self.ends[relation.type or "", kinds[0], kinds[1]] += 1
        for event in document.events:
            self.relations[event.type or ""] += 1
            self.roles.update(role.rstrip("0123456789") for role, _ in event.args)


def _kind(mention: Mention | None, profile: Profile) -> str | None:
    return profile.kind(mention.types) if mention else None


def found_in(paths: Iterable[str | Path], profile: Profile, diagnostics: Diagnostics) -> Found:
    """What the exports below the paths hold, in the words of their tools."""
    found = Found()
    for document in documents(paths, diagnostics, format_=profile.format, options=profile.options):
        found.add(document, profile)
    return found


# --- a draft -----------------------------------------------------------------------------------------------------


def draft(found: Found, name: str) -> str:
    """A profile with comments: rules where a label is known, the others ignored until somebody says what they are."""
    return "\n".join(_draft_lines(found, name)) + "\n"


def _draft_lines(found: Found, name: str) -> Iterator[str]:
    yield "# A draft from the labels found, with how often each stands there. Read every line before you use it."
    yield f"[profile]\nname = {_text(name)}"
    yield "\n[metadata]  # field of the article = key of what the export says of the text"
    for key, count in sorted(found.metadata.items()):
        yield f"# {_text(key)}  # {count}"
    yield '\n[defaults]\n# published = "2025-10-16"\n# publisher = "…"\n# language = "en"'
    plain = Profile()
    guessed = {label: _guess(label) for label in found.labels if not plain.kind([label]) and not plain.relation(label)}
    yield "\n# --- mentions"
    for label in sorted(label for label in found.labels if label not in guessed):
        yield f"# {_text(label)} ({found.labels[label]}) is our own word"
    for kind in sorted({kind for kind in guessed.values() if kind}):
        labels = sorted(label for label, one in guessed.items() if one == kind)
        yield f"[nodes.{kind}]\nfrom = [{_listed(labels, found.labels)}]"
    yield "\n# --- relations; a rule is [relations.NAME], NAME from docs/vocabulary.md, ! behind a label turns it round"
    open_ = [label for label in sorted(found.relations) if not plain.relation(label) and not plain.role(label)]
    for label in sorted(label for label in found.relations if label not in open_):
        yield f"# {_text(label)} ({found.relations[label]}) is our own word"
    yield "\n[ignore]  # what these are nobody has said yet: make a rule, or leave them here"
    yield f"labels = [{_listed(sorted(label for label, kind in guessed.items() if not kind), found.labels)}]"
    yield f"relations = [{_listed(open_, found.relations)}]"


def _guess(label: str) -> str | None:
    spelled = spelling(label)
    return next((kind for kind, words in SYNONYMS.items() if spelled in words), None)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _listed(labels: Sequence[str], counts: Counter[str]) -> str:
    return "".join(f"\n  {_text(label)},  # {counts[label]}" for label in labels) + ("\n" if labels else "")


# --- a check -----------------------------------------------------------------------------------------------------


def check(profile: Profile, found: Found) -> Iterator[str]:
    """What the profile leaves open on this export: labels without a rule, rules without a label, forbidden ends."""
    for label, count in sorted(found.labels.items()):
        if not (profile.kind([label]) or profile.relation(label) or profile.ignores(label) or _usual(label)):
            yield f"label {label!r} ({count}) has no rule"
    for label, count in sorted(found.relations.items()):
        known = profile.relation(label) or profile.role(label) or profile.ignores(label, relation=True)
        if not known and not _usual(label):
            yield f"relation {label!r} ({count}) has no rule"
    yield from _idle(profile, found)
    yield from _forbidden(profile, found)


def _usual(label: str) -> bool:
    return spelling(label) in USUAL


def _idle(profile: Profile, found: Found) -> Iterator[str]:
    bare = {label.partition(":")[0] for label in found.relations}
    for section, rules, labels in (
        ("nodes", profile.nodes, found.labels.keys()),
        ("relations", profile.relations, found.relations.keys() | bare | found.labels.keys()),
    ):
        for name, patterns in rules.items():
            for pattern in patterns:
                if not any(matches(label, (pattern.removesuffix("!"),)) for label in labels):
                    yield f"[{section}.{name}] {pattern!r} matches nothing"


def _forbidden(profile: Profile, found: Found) -> Iterator[str]:
    for (label, first, second), count in sorted(found.ends.items(), key=repr):
        named = profile.relation(label)
        if not named or profile.ignores(label, relation=True):
            continue
        subject, object_ = (second, first) if named[1] else (first, second)
        relation = vocabulary().relation(named[0])
        for end, kind, allowed in (("subject", subject, relation.subject), ("object", object_, relation.object)):
            if kind not in allowed:
                shown = kind or "something that is no kind"
                yield f"relation {label!r} ({count}): {relation.name} takes no {shown} as {end}"
