"""A draft of a profile from what an export holds: every label with its count, and a guess where a name is common.

A guess is to be read by whoever knows the corpus; what is not guessed is listed as ignored, not left out.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from accordgraph.profiling import USUAL, Found, Mark
from graph.errors import DateError
from graph.vocabulary import vocabulary
from loaders.article_fields import UNDETERMINED, published
from loaders.profile import Profile, spelling

# What tools and corpora commonly call our kinds.
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
    "Person": ("per", "pers", "persname"),
}
RELATIONS: dict[str, tuple[str, ...]] = {
    "located-in": ("location", "based-in", "place"),
    "cooperates-with": ("partner", "works-with", "collaborates-with"),
    "part-of": ("part-whole", "subsidiary", "belongs-to"),
    "member-of": ("membership",),
    "holds-office": ("position", "works-for", "employed-by"),
}
FIELD_KEYS: dict[str, tuple[str, ...]] = {
    "published": ("published", "date", "pub-date", "publication-date", "datepublished", "dct", "timestamp"),
    "url": ("url", "source-url", "link", "uri", "source", "href"),
    "title": ("title", "headline"),
    "publisher": ("publisher", "outlet", "site", "newspaper"),
    "language": ("language", "lang"),
}
_ENDING = re.compile(r"(?:s|es|d|ed|ing|ation|ment)$")
SHOWN = 6  # values of an attribute, pairs of ends


def draft(found: Found, name: str) -> str:
    """A profile with comments that reads and checks clean but for ends that are not allowed."""
    return "\n".join(_lines(found, name)) + "\n"


def _lines(found: Found, name: str) -> Iterator[str]:
    yield f"# A draft from the labels found in {found.documents} documents, with how often each stands there."
    yield "# Read every line before you use it; what the sections mean: docs/exports.md."
    yield f"[profile]\nname = {_text(name)}"
    yield from _metadata(found)
    yield '\n[defaults]\n# published = "2025-10-16"\n# publisher = "…"\n# language = "en"'
    labels, relations = _by_label(found.mentions), _by_label(found.relations + found.events)
    plain = Profile()
    open_ = [label for label in sorted(relations) if not plain.relation(label) and not plain.role(label)]
    named = {label: _relation(label) for label in open_}
    said = {label for label in labels if plain.kind([label]) or plain.relation(label) or named.get(label)}
    guessed = {label: _kind(label) for label in labels if label not in said}
    yield from _nodes(found, labels, guessed)
    yield from _relations(found, relations, named)
    yield from _roles(found)
    yield "\n[ignore]  # what these are nobody has said yet: make a rule, or leave them here"
    yield f"labels = [{_listed(sorted(label for label, kind in guessed.items() if not kind), labels)}]"
    yield f"relations = [{_listed([label for label in open_ if not named[label]], relations)}]"
    yield "\n[unmapped]  # labels that turn up later: keep (they are told), drop, or error"
    yield 'nodes = "keep"\nrelations = "error"'


def _metadata(found: Found) -> Iterator[str]:
    yield "\n[metadata]  # field of the article = key of what the export says of the text"
    chosen: dict[str, str] = {}
    for key in sorted(found.metadata):
        field = next((name for name, keys in FIELD_KEYS.items() if spelling(key.rpartition(".")[2]) in keys), None)
        if field and field not in chosen and _fits(field, found.examples[key]):
            chosen[field] = key
    for field, key in chosen.items():
        yield f"{field} = {_text(key)}  # in {found.metadata[key]} of {found.documents}, such as {_example(found, key)}"
    for key in sorted(found.metadata.keys() - set(chosen.values())):
        yield f"# {_text(key)}  # in {found.metadata[key]} of {found.documents}, such as {_example(found, key)}"


def _fits(field: str, examples: Sequence[str]) -> bool:
    if field == "url":
        return all(value.startswith(("http://", "https://")) for value in examples)
    if field != "published":
        return True
    try:
        return bool([published(value, None, UNDETERMINED) for value in examples])
    except DateError:
        return False


def _example(found: Found, key: str) -> str:
    return _text(found.examples[key][0][: SHOWN * 10].replace("\n", " "))


def _nodes(found: Found, labels: Counter[str], guessed: dict[str, str | None]) -> Iterator[str]:
    yield "\n# --- mentions: LABEL, layer/LABEL, or LABEL:value of an attribute"
    for label in sorted(label for label in labels if label not in guessed):
        yield f"# {_text(label)} ({labels[label]}) is our own word"
    yield from _attributes(found.mentions)
    for kind in sorted({kind for kind in guessed.values() if kind}):
        several = sorted(label for label, one in guessed.items() if one == kind)
        yield f"[nodes.{kind}]\nfrom = [{_listed(several, labels)}]"


def _relations(found: Found, relations: Counter[str], named: dict[str, str | None]) -> Iterator[str]:
    yield "\n# --- relations and events; a rule is [relations.NAME], NAME from docs/vocabulary.md, ! turns it round"
    for label in sorted(label for label in relations if label not in named):
        yield f"# {_text(label)} ({relations[label]}) is our own word"
    for label in sorted(relations):
        ends = Counter[str]()
        for (tie, first, second), count in found.ends.items():
            if tie.label == label:
                ends[f"{first.label} → {second.label}"] += count
        if ends:
            yield f"# {_text(label)} joins " + ", ".join(f"{pair} ({n})" for pair, n in ends.most_common(SHOWN))
    yield from _attributes(found.relations + found.events)
    for relation in sorted({one.removesuffix("!") for one in named.values() if one}):
        rows = {
            f"{label}{'!' if one and one.endswith('!') else ''}": relations[label]
            for label, one in named.items()
            if one and one.removesuffix("!") == relation
        }
        yield f"[relations.{relation}]\nfrom = [{_listed(sorted(rows), Counter(rows))}]"


def _roles(found: Found) -> Iterator[str]:
    """Roles of events that have no rule yet, as comments to be completed."""
    plain = Profile()
    yield "\n[roles]  # subject, object and qualifiers = the tool's names for them"
    counts: Counter[str] = Counter()
    for (_, role), count in found.roles.items():
        counts[role] += count
    for role, count in sorted(counts.items()):
        meant = plain.role(role)
        yield f"# {_text(role)} ({count}) is {f'our {meant}' if meant else 'open: subject, object, on, at …'}"


def _attributes(marks: Counter[Mark]) -> Iterator[str]:
    """What attributes stand on which labels, with their most frequent values, but for what is said of persons."""
    values: dict[tuple[str, str], Counter[str]] = {}
    private = {mark.label for mark in marks if Profile().is_private([mark.label], mark.layer)}
    for mark, count in marks.items():
        for name, several in mark.attributes:
            for value in several:
                values.setdefault((mark.label, name), Counter())[value] += count
    for (label, name), counts in sorted(values.items()):
        shown = ", ".join(f"{_text(value)[1:-1]} ({n})" for value, n in counts.most_common(SHOWN))
        told = f"{len(counts)} values, not shown" if label in private else shown
        yield f"# {_text(label)} has {_text(name)[1:-1]}: {told}"


def _by_label(marks: Counter[Mark]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for mark, count in marks.items():
        counts[mark.label] += count
    return counts


def _kind(label: str) -> str | None:
    spelled = spelling(label)
    return next((kind for kind, words in SYNONYMS.items() if spelled in words), None)


def _relation(label: str) -> str | None:
    """A relation that a label may mean, with ! where it is the other way round: signed_by."""
    spelled = spelling(label.partition(":")[0])
    if spelled in USUAL:
        return None
    bare = spelled.removesuffix("-by")
    turned = "!" if bare != spelled else ""
    for name in vocabulary().relations:
        if bare in RELATIONS.get(name, ()) or _stem(bare) == _stem(name) or bare == name:
            return name + turned
    return None


def _stem(words: str) -> str:
    """The first word without its ending, where it is all or nearly all of a name: signs, signing, has-signed."""
    plain = [word for word in words.split("-") if word not in ("has", "is", "was", "with", "to", "in", "of", "at")]
    return "-".join(_ENDING.sub("", word).removesuffix("e") for word in plain)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # which TOML wants escaped, too


def _listed(labels: Iterable[str], counts: Counter[str]) -> str:
    lines = [f"\n  {_text(label)},  # {counts[label]}" for label in labels]
    return "".join(lines) + ("\n" if lines else "")
