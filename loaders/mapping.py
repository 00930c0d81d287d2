"""Documents → articles: what was marked becomes mentions and claims, by a profile, with the words under them.

Two shapes are read: a relation between two mentions; and the words that say so, marked with the relation's name and
tied to subject, object and qualifiers. A name that the register does not decide stays an entity of its article alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from graph.article import DATE_KEYS, POLARITIES, Article, Span, StatedClaim
from graph.article import Mention as ArticleMention
from graph.claims import claims_of
from graph.errors import DateError, UnknownNameError
from graph.identity import Entity, Register, entity, fold
from graph.vocabulary import vocabulary
from loaders.diagnostics import AS_IS, Diagnostics
from loaders.document import Annotation, Attributes, Document, Event, Mention, Relation
from loaders.profile import ENDS, Profile
from loaders.stated import OPTIONAL, REQUIRED, make_article

UNDETERMINED = "und"  # ISO 639-2
OWN_IDS = ("accordgraph", "entity")  # schemes of links whose ids are the register's

_NO_ID = re.compile(r"[^a-z0-9._-]+")
_SCRIPTS = (
    ("th", "\u0e00-\u0e7f"),
    ("lo", "\u0e80-\u0eff"),
    ("km", "\u1780-\u17ff"),
    ("my", "\u1000-\u109f"),
    ("ja", "\u3040-\u30ff"),
    ("ko", "\uac00-\ud7a3"),
    ("zh", "\u4e00-\u9fff"),
    ("hi", "\u0900-\u097f"),
    ("ar", "\u0600-\u06ff"),
    ("ru", "\u0400-\u04ff"),
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """An article made of a document, and the entities that are its own."""

    article: Article
    entities: Mapping[str, Entity]


@dataclass(slots=True)
class _Stated:
    """A claim being put together: its parts by end or qualifier, and what its words cover."""

    relation: str
    source: Annotation
    marks: list[Mention]
    parts: dict[str, list[Mention | str]] = field(default_factory=dict)


def article_of(document: Document, profile: Profile, register: Register, diagnostics: Diagnostics) -> Mapped | None:
    """The article that a document makes; None, and diagnostics, where it lacks what every article needs.

    A claim that the vocabulary refuses costs itself; the others stand.
    """
    return _Mapping(document, profile, register, diagnostics).mapped()


class _Mapping:
    def __init__(self, document: Document, profile: Profile, register: Register, diagnostics: Diagnostics) -> None:
        self.document = document
        self.profile = profile
        self.register = register
        self.diagnostics = diagnostics
        self.by_id = {one.id: one for one in document.annotations}
        self.local: dict[str, Entity] = {}
        self.entities: dict[str, str] = {}

    def mapped(self) -> Mapped | None:
        fields = self._fields()
        if fields is None:
            return None
        self.article_id = fields.id
        self.entities = {mention.id: id_ for mention in self.document.mentions if (id_ := self._entity(mention))}
        mentions = [
            ArticleMention(Span(mention.fragments[0][0], mention.fragments[-1][1]), self.entities[mention.id])
            for mention in self.document.mentions
            if mention.id in self.entities and mention.fragments
        ]
        ordered = tuple(sorted(mentions, key=lambda m: (m.span.start, m.span.end, m.entity)))
        article = replace(fields, mentions=ordered)
        claims = tuple(claim for stated in self._stated() for claim in self._claims(stated, article))
        return Mapped(replace(article, claims=claims), self.local)

    def _tell(self, code: str, message: str, one: Annotation | None = None, *, action: str = "skipped") -> None:
        place = one.place if one else ""
        self.diagnostics.add(code, self.document.path, message, action=action, place=place)

    # --- the article's own fields

    def _fields(self) -> Article | None:
        """The article without its marks."""
        document, profile = self.document, self.profile
        text_hash = hashlib.sha256(document.text.encode()).hexdigest()
        first = next((line.strip() for line in document.text.splitlines() if line.strip()), "untitled")
        usual = {
            "id": _NO_ID.sub("-", document.id.casefold()).strip("-._") or f"document-{text_hash[:12]}",
            "url": f"urn:sha256:{text_hash}",
            "title": first[:120],
            "publisher": "unstated",
            "language": document.language or _language(document.text),
            "form": "verbatim",
        }
        named = {name: document.metadata.get(key) for name, key in profile.metadata.items()}
        same = {
            name: document.metadata.get(name, document.metadata.get(f"meta.{name}"))
            for name in ("url", "title", "publisher", "language", "published")
        }
        stated = {name: str(value) for name, value in {**same, **named}.items() if value not in (None, "")}
        fields = {**usual, **profile.defaults, **stated}
        if "published" not in fields:
            way_out = "give --set published=2025-10-16, or [defaults] or [metadata] published in the profile"
            self._tell("article.incomplete", f"{document.id}: no date of publication; {way_out}")
            return None
        own = {name: fields[name] for name in (*REQUIRED, *OPTIONAL) if name in fields}
        return make_article(own, document.text, (), (), document.path)

    # --- entities

    def _entity(self, mention: Mention) -> str | None:
        """The id of the entity that a mention names; None for a label that is no kind, or a person not declared."""
        kind = self.profile.kind(mention.types)
        if kind is None:
            return None
        given = [str(value) for value in mention.attributes.get("entity", ())]
        given += [link.id for link in mention.links if link.scheme in OWN_IDS]
        name = self.document.words(mention) or (mention.surface or "")
        for wanted in (*given, name):
            found = self._resolved(wanted, kind)
            if found:
                return found
        if kind == "Person":
            self._tell("entity.person", f"{mention.id}: a person who is not in the register", mention)
            return None
        return self._local(kind, name, mention)

    def _resolved(self, name: str, kind: str) -> str | None:
        try:
            found = self.register.resolve(name)
        except UnknownNameError:
            return None
        return found.id if found.kind == kind else None

    def _local(self, kind: str, name: str, mention: Mention) -> str | None:
        if not fold(name):
            self._tell("entity.undecided", f"{mention.id}: no words and no entity", mention)
            return None
        digest = hashlib.sha256("\n".join((self.article_id, kind, fold(name))).encode()).hexdigest()[:12]
        id_ = f"{vocabulary().kinds[kind].slug}:local-{digest}"
        if id_ not in self.local:
            self.local[id_] = entity(id_, kind, [" ".join(name.split())], facts={"undecided": (self.article_id,)})
            self._tell("entity.undecided", f"{name!r} ({kind}): an entity of this article alone", mention, action=AS_IS)
        return id_

    # --- claims

    def _stated(self) -> Iterator[_Stated]:
        ties: dict[str, list[Relation]] = {}
        for relation in self.document.relations:
            if trigger := self._trigger_of(relation):
                ties.setdefault(trigger.id, []).append(relation)
            else:
                yield from self._binary(relation)
        for mention in self.document.mentions:
            if mention.id in ties and (stated := self._from_trigger(mention, ties[mention.id])):
                yield stated
        for event in self.document.events:
            if stated := self._from_event(event):
                yield stated

    def _trigger_of(self, relation: Relation) -> Mention | None:
        """The mention that bears a relation's name and is tied by this one to a part of the claim."""
        if len(relation.args) != 2 or not self.profile.role(relation.type or ""):
            return None
        trigger = self.by_id.get(relation.args[0][1])
        return trigger if isinstance(trigger, Mention) and self._named(trigger.types) else None

    def _named(self, labels: Iterable[str]) -> tuple[str, bool, str | None] | None:
        return next((found for label in labels if (found := self.profile.relation(label))), None)

    def _binary(self, relation: Relation) -> Iterator[_Stated]:
        label = relation.type or ""
        if self.profile.ignores(label, relation=True):
            return
        named = self.profile.relation(label)
        ends = [self.by_id.get(target) for _, target in relation.args]
        if named is None:
            self._tell("relation.unmapped", f"{label!r} is no relation of the vocabulary, nor of a rule", relation)
        elif len(ends) != 2 or not all(isinstance(end, Mention) and end.id in self.entities for end in ends):
            shown = " and ".join(f"{', '.join(end.types)}" for end in ends if isinstance(end, Mention))
            self._tell("edge.endpoint-kind", f"{label!r} between {shown}: not two entities", relation)
        else:
            subject, object_ = (ends[1], ends[0]) if named[1] else (ends[0], ends[1])
            marks = [end for end in ends if isinstance(end, Mention)]
            parts: dict[str, list[Mention | str]] = {
                "subject": [one for one in (subject,) if isinstance(one, Mention)],
                "object": [one for one in (object_,) if isinstance(one, Mention)],
            }
            yield self._qualified(_Stated(named[0], relation, marks, parts), relation.attributes, named[2])

    def _from_trigger(self, trigger: Mention, ties: Iterable[Relation]) -> _Stated | None:
        named = self._named(trigger.types)
        if not named:
            return None
        stated = _Stated(named[0], trigger, [trigger])
        for tie in ties:
            self._add(stated, self.profile.role(tie.type or ""), tie.args[1][1])
        return self._qualified(stated, trigger.attributes, named[2])

    def _from_event(self, event: Event) -> _Stated | None:
        named = self.profile.relation(event.type or "")
        if not named:
            self._tell("relation.unmapped", f"event {event.type!r} is no relation of the vocabulary", event)
            return None
        trigger = self.by_id.get(event.trigger or "")
        stated = _Stated(named[0], event, [trigger] if isinstance(trigger, Mention) else [])
        for role, target in event.args:
            self._add(stated, self.profile.role(role.rstrip("0123456789")), target)
        return self._qualified(stated, event.attributes, named[2])

    def _add(self, stated: _Stated, role: str | None, target: str) -> None:
        mention = self.by_id.get(target)
        if role and isinstance(mention, Mention):
            stated.parts.setdefault(role, []).append(mention)
            stated.marks.append(mention)

    def _qualified(self, stated: _Stated, attributes: Attributes, stage: str | None) -> _Stated:
        if stage:
            stated.parts.setdefault("stage", []).append(stage)
        for name, values in attributes.items():
            if (role := self.profile.role(name)) and role not in ENDS:
                stated.parts.setdefault(role, []).extend(str(value) for value in values)
        return stated

    def _claims(self, stated: _Stated, article: Article) -> Iterator[StatedClaim]:
        """A claim for each subject and each object, if the vocabulary takes it."""
        if not all(stated.parts.get(end) for end in ENDS):
            self._tell("claim.refused", f"{stated.relation}: no subject, or no object", stated.source)
            return
        for subject, object_ in product(stated.parts["subject"], stated.parts["object"]):
            claim = self._put_together(stated, self._name(subject), self._name(object_))
            _, problems = claims_of(replace(article, claims=(claim,)), self.register.beside(self.local))
            for problem in problems:
                unsaid = isinstance(problem, DateError) and article.language == UNDETERMINED
                way_out = "say which language the text is in: --set language=en" if unsaid else problem.way_out
                self._tell("claim.refused", f"{problem.what}; {way_out}", stated.source)
            if not problems:
                yield claim

    def _put_together(self, stated: _Stated, subject: str, object_: str) -> StatedClaim:
        words = vocabulary()
        text = {role: self._text(parts[0]) for role, parts in stated.parts.items()}
        starts = [mention.fragments[0][0] for mention in stated.marks if mention.fragments]
        ends = [mention.fragments[-1][1] for mention in stated.marks if mention.fragments]
        polarity = text.get("polarity", "affirmed")
        return StatedClaim(
            subject=subject,
            relation=stated.relation,
            object=object_,
            span=Span(min(starts), max(ends)) if starts else Span(0, len(self.document.text)),
            stage=text.get("stage"),
            polarity=polarity if polarity in POLARITIES else "affirmed",
            dates={key: text[key] for key in DATE_KEYS if key in text},
            values={key: text[key] for key in words.values if key in text},
            roles={key: tuple(map(self._name, stated.parts[key])) for key in words.roles if key in stated.parts},
            speaker=self._name(stated.parts["speaker"][0]) if "speaker" in stated.parts else None,
        )

    def _text(self, part: Mention | str) -> str:
        return part if isinstance(part, str) else self.document.words(part)

    def _name(self, part: Mention | str) -> str:
        """The entity's id, or the name as it is written: the register says whether it knows it."""
        return self.entities.get(part.id, self.document.words(part)) if isinstance(part, Mention) else part


def _language(text: str) -> str:
    """By the script that most letters of a language's own are in; undetermined where that tells nothing."""
    counts = {code: len(re.findall(f"[{letters}]", text)) for code, letters in _SCRIPTS}
    best = "ja" if counts["ja"] else max(counts, key=lambda code: counts[code])  # Japanese has Chinese letters too
    return best if counts[best] else UNDETERMINED


def unmapped(document: Document, profile: Profile) -> Iterator[str]:
    """Labels of mentions that mean nothing to the profile."""
    for mention in document.mentions:
        if not profile.kind(mention.types) and not any(map(profile.relation, mention.types)):
            yield from (label for label in mention.types if not profile.ignores(label))
