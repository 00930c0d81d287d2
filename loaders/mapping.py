"""Documents → articles: what was marked becomes mentions and claims, by a profile, with the words under them.

Two shapes are read: a relation between mentions; and the words that say so, marked with the relation's name and tied
to subject, object and qualifiers. What does not fit costs itself and is said; the rest stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from graph.article import DATE_KEYS, POLARITIES, Article, Span, StatedClaim
from graph.article import Mention as ArticleMention
from graph.build import Contribution, contribution_of
from graph.claims import Claim, Evidence, claim_of
from graph.errors import AccordgraphError, DateError, did_you_mean
from graph.identity import Entity, Register
from graph.vocabulary import vocabulary
from loaders.article_fields import UNDETERMINED, Taken, article_fields, row_of, text_hash
from loaders.diagnostics import AS_IS, SKIPPED, Diagnostics
from loaders.document import Annotation, Attributes, Document, Event, Mention, Relation
from loaders.events import uncounted
from loaders.naming import Naming, Telling
from loaders.offsets import nearest
from loaders.private import Private, private_in, without_names
from loaders.profile import ENDS, PLAIN, Meaning, Profile, Rule, spelling
from loaders.stated import make_article
from loaders.worded import encloses

Part = Mention | str
# What tools write where we write affirmed and denied; a flag says the one that its name says.
_POLARITY = {"pos": "affirmed", "positive": "affirmed", "neg": "denied", "negative": "denied", "negated": "denied"}
_FLAGS = {"true": "denied", "1": "denied", "yes": "denied", "false": "affirmed", "0": "affirmed", "no": "affirmed"}


@dataclass(frozen=True, slots=True)
class Mapped:
    """An article made of a document, the entities that are its own, and its claims with their evidence.

    `wanted` is the article's id, but for what another text under that id may have put behind it.
    """

    wanted: str
    article: Article
    entities: Mapping[str, Entity]
    pairs: tuple[tuple[Claim, Evidence], ...]

    @property
    def contribution(self) -> Contribution:
        """What the article brings to the graph; its claims are checked already."""
        return contribution_of(self.article, self.pairs, {mention.entity for mention in self.article.mentions})


@dataclass(slots=True)
class _Stated:
    """A claim being put together: its parts by end or qualifier, and the marks whose words it rests on.

    `trigger` is the one that says so, where there is one; it is among the marks.
    """

    rule: Rule
    source: Annotation
    marks: list[Mention]
    parts: dict[str, list[Part]] = field(default_factory=dict)
    trigger: Mention | None = None


def article_of(
    document: Document,
    profile: Profile,
    register: Register,
    diagnostics: Diagnostics,
    *,
    keep_annotators: bool = False,
    private: Sequence[Private] | None = None,
    taken: Taken | None = None,
) -> Mapped | None:
    """The article that a document makes; None, and diagnostics, where it lacks what every article needs.

    Persons who are not in the register are masked before anything is computed; `private` are their marks, where they
    are found already. `taken` knows the ids of other articles. A claim that the vocabulary refuses costs itself.
    """
    persons = private_in(document, profile, register) if private is None else private
    row, digest = row_of(document, profile), text_hash(document.text)  # of the document as it was
    clean = without_names(document, persons, profile, register)
    document = clean.document
    if persons:
        told = f"{document.id}: {len(persons)} marks of persons who are not in the register are masked"
        diagnostics.add("entity.person", document.path, told, action=AS_IS, place=persons[0].place)
    if not document.text.strip():
        diagnostics.add("article.incomplete", document.path, f"{document.id}: no text, and no article without it")
        return None
    fields = article_fields(document, profile, diagnostics, row=row, hide=clean.address)
    if fields is None:
        return None
    wanted = fields["id"]
    if taken:
        fields["id"] = taken.own(wanted, digest)
    tell = Telling(document, diagnostics)
    naming = Naming(document, profile, register, fields["id"], tell)
    article = make_article(fields, document.text, _mentions(document, naming), (), document.path)
    checking = _Checking(article, register.beside(naming.local), naming, tell, keep_annotators)
    made = [one for stated in _Reading(document, profile, naming, tell).statements() for one in checking.claims(stated)]
    article = replace(article, claims=tuple(claim for claim, _ in made))
    return Mapped(wanted, article, naming.local, tuple(pair for _, pair in made))


def _mentions(document: Document, naming: Naming) -> list[ArticleMention]:
    return [
        ArticleMention(Span(mention.fragments[0][0], mention.fragments[-1][1]), naming.entities[mention.id])
        for mention in document.mentions
        if mention.id in naming.entities and mention.fragments
    ]


class _Reading:
    """What the marks of a document state, in the words of the profile."""

    def __init__(self, document: Document, profile: Profile, naming: Naming, tell: Telling) -> None:
        self.document = document
        self.profile = profile
        self.naming = naming
        self.tell = tell
        self.by_id = {one.id: one for one in document.annotations}

    def statements(self) -> Iterator[_Stated]:
        """In the order of relations, words that say so, events."""
        ties: dict[str, list[Relation]] = {}
        for relation in self.document.relations:
            if trigger := self._trigger_of(relation):
                ties.setdefault(trigger.id, []).append(relation)
            else:
                yield from self._of_relation(relation)
        used = {event.trigger for event in self.document.events}
        for mention in self.document.mentions:
            if mention.id in ties or mention.id not in used:
                yield from self._of_trigger(mention, ties.get(mention.id, ()))
        for event in self.document.events:
            yield from self._of_event(event)

    # --- relations between mentions

    def _of_relation(self, relation: Relation) -> Iterator[_Stated]:
        label = relation.type or ""
        if self.profile.ignores(label, relation=True):
            return
        meaning = self.profile.relation(label, relation.layer, relation.attributes)
        if meaning is None:
            self._unmapped("relation", label, relation)
            return
        stated = _Stated(meaning.rule, relation, [])
        for role, target in self._parts(relation, meaning):
            self._add(stated, role, target)
        yield self._qualified(stated, relation.attributes, meaning)

    def _parts(self, relation: Relation, meaning: Meaning) -> list[tuple[str, str]]:
        """Roles of ours and ids: by what the tool calls the roles, else by their order."""
        named = [(self._role(role, meaning.rule), target) for role, target in relation.args]
        if {role for role, _ in named} >= {*ENDS}:
            return [(role, target) for role, target in named if role]
        roles = list(dict.fromkeys(role for role, _ in relation.args))
        if len(relation.args) != 2 and len(roles) != 2:
            told = f"{relation.type!r} ties {len(relation.args)} marks; [roles] says which is subject, which object"
            self.tell("edge.endpoint-kind", told, relation)
            return []
        if len(relation.args) == 2:
            return [(end, target) for end, (_, target) in zip(ENDS, relation.args, strict=True)]
        return [(ENDS[roles.index(role)], target) for role, target in relation.args]

    def _role(self, role: str, rule: Rule) -> str | None:
        """What a tool's role means; a number behind it counts further ones of the same: Arg2, Subject3."""
        return self.profile.role(role, rule) or self.profile.role(uncounted(role), rule)

    # --- the words that say so

    def _trigger_of(self, relation: Relation) -> Mention | None:
        """The mention that bears a relation's name and is tied by this one to a part of the claim."""
        if len(relation.args) != 2:
            return None
        trigger = self.by_id.get(relation.args[0][1])
        if not isinstance(trigger, Mention) or trigger.id in self.naming.entities:
            return None
        if self.profile.ignores(relation.type or "", relation=True):
            return None
        meaning = self._named(trigger)
        return trigger if meaning and self._role(relation.type or "", meaning.rule) else None

    def _named(self, mention: Mention) -> Meaning | None:
        found = (self.profile.relation(label, mention.layer, mention.attributes) for label in mention.types)
        return next((meaning for meaning in found if meaning), None)

    def _of_trigger(self, trigger: Mention, ties: Iterable[Relation]) -> Iterator[_Stated]:
        if trigger.id in self.naming.entities or any(self.profile.ignores(label) for label in trigger.types):
            return
        if not (meaning := self._named(trigger)):
            return
        if not ties:
            self.tell("trigger.untied", f"{', '.join(trigger.types)}: nothing is tied to it", trigger)
            return
        stated = _Stated(meaning.rule, trigger, [trigger], trigger=trigger)
        for tie in ties:
            self._add(stated, self._role(tie.type or "", meaning.rule), tie.args[1][1])
        yield self._qualified(stated, trigger.attributes, meaning)

    def _of_event(self, event: Event) -> Iterator[_Stated]:
        label = event.type or ""
        if self.profile.ignores(label, relation=True) or self.profile.ignores(label):
            return
        trigger = self.by_id.get(event.trigger or "")
        said = {**(trigger.attributes if isinstance(trigger, Mention) else {}), **event.attributes}
        meaning = self.profile.relation(label, event.layer, said)
        if meaning is None:
            self._unmapped("event", label, event)
            return
        stated = _Stated(meaning.rule, event, [])
        if isinstance(trigger, Mention):
            stated.trigger = trigger
            stated.marks.append(trigger)
        for role, target in event.args:
            meant = self._role(role, meaning.rule)
            if meant:
                self._add(stated, meant, target)
            elif not self.profile.ignores(role, relation=True):
                self.tell("role.unmapped", f"{role!r} of {label!r} is no end and no qualifier", event)
        yield self._qualified(stated, said, meaning)

    def _unmapped(self, what: str, label: str, one: Annotation) -> None:
        if self.profile.unmapped_relations != "drop":
            action = SKIPPED if self.profile.unmapped_relations == "error" else AS_IS
            told = f"{what} {label!r} is no relation of the vocabulary, nor of a rule"
            self.tell("relation.unmapped", told, one, action=action)

    # --- parts

    def _add(self, stated: _Stated, role: str | None, target: str) -> None:
        mention = self.by_id.get(target)
        if isinstance(mention, Event) and mention.trigger in self.naming.entities:
            mention = self.by_id.get(mention.trigger)  # a meeting, say, that is marked as an event
        if role and isinstance(mention, Mention):
            stated.parts.setdefault(role, []).append(mention)
            stated.marks.append(mention)
        elif role:
            shown = (
                f"{type(mention).__name__.lower()} {target}, not a mention" if mention else f"{target}, in another file"
            )
            told = f"{role} of {stated.rule.relation} is {shown}"
            self.tell("edge.endpoint-kind", told, stated.source)

    def _qualified(self, stated: _Stated, attributes: Attributes, meaning: Meaning) -> _Stated:
        """With what attributes, the label and the rule say, turned round if need be; the mark goes before the rule."""
        if meaning.turned:
            parts = stated.parts
            parts["subject"], parts["object"] = parts.get("object", []), parts.get("subject", [])
        if meaning.stage:
            stated.parts.setdefault("stage", []).append(meaning.stage)
        for name, values in attributes.items():
            role = self.profile.role(name, stated.rule)
            if role and not (role in ENDS and stated.parts.get(role)):
                stated.parts.setdefault(role, []).extend(_value(role, str(value)) for value in values)
        for role, value in stated.rule.qualifiers.items():
            stated.parts.setdefault(role, [value])
        return stated


def _value(role: str, text: str) -> str:
    """A value as the vocabulary spells it; a flag for a polarity says that it is denied, or that it is not."""
    if role == "polarity":
        known = _POLARITY.get(spelling(text)) or _FLAGS.get(spelling(text))
        return known or _spelled(text, POLARITIES)
    if role == "stage":
        return _spelled(text, vocabulary().stages)
    qualifier = vocabulary().values.get(role)
    if qualifier and qualifier.type == "integer":
        return _whole(text)
    return _spelled(text, qualifier.choices) if qualifier else text


def _whole(text: str) -> str:
    """A number in ASCII digits, whatever script it is in; 12.0, as tables write 12, without the point."""
    digits = "".join(str(unicodedata.digit(one)) if one.isdecimal() else one for one in text)
    return re.sub(r"\.0+$", "", digits)


def _spelled(text: str, known: Iterable[str]) -> str:
    return next((word for word in known if spelling(word) == spelling(text)), text)


class _Checking:
    """Statements → claims that the vocabulary takes, each with its evidence."""

    def __init__(
        self, article: Article, register: Register, naming: Naming, tell: Telling, keep_annotators: bool
    ) -> None:
        self.article = article
        self.register = register
        self.naming = naming
        self.tell = tell
        self.keep_annotators = keep_annotators

    def claims(self, stated: _Stated) -> Iterator[tuple[StatedClaim, tuple[Claim, Evidence]]]:
        """A claim for each subject and each object."""
        relation, parts = stated.rule.relation, stated.parts
        if missing := [end for end in ENDS if not parts.get(end)]:
            self.tell("claim.refused", f"{relation}: no {' and no '.join(missing)}", stated.source)
            return
        if not self._ends_fit(stated) or (qualifiers := self._qualifiers(stated)) is None:
            return
        for subject, object_ in product(parts["subject"], parts["object"]):
            claim = replace(qualifiers, subject=self.naming.name(subject), object=self.naming.name(object_))
            try:
                annotator = stated.source.annotator or self.article.annotator if self.keep_annotators else None
                yield claim, claim_of(claim, self.article, self.register, annotator)
            except AccordgraphError as problem:
                unsaid = isinstance(problem, DateError) and self.article.language == UNDETERMINED
                way_out = "say which language the text is in: --set language=en" if unsaid else problem.way_out
                self.tell("claim.refused", f"{problem.what}; {way_out}", stated.source)

    def _ends_fit(self, stated: _Stated) -> bool:
        """Whether both ends are entities, of the kinds that the rule takes."""
        fits = True
        for end, wanted in zip(ENDS, (stated.rule.subject, stated.rule.object), strict=True):
            for part in stated.parts[end]:
                found = self.register.get(self.naming.name(part))
                if isinstance(part, Mention) and part.id not in self.naming.entities:
                    shown = " ".join(part.types) or "no label"
                    told = f"{end} of {stated.rule.relation} is marked {shown}, which is no entity"
                elif wanted and found and found.kind not in wanted:
                    told = f"the rule for {stated.rule.relation} takes no {found.kind} as {end}"
                else:
                    continue
                self.tell("edge.endpoint-kind", told, stated.source)
                fits = False
        return fits

    def _qualifiers(self, stated: _Stated) -> StatedClaim | None:
        """The claim but for its ends; None where it says neither that it is so nor that it is not."""
        words = vocabulary()
        single = {role: parts for role, parts in stated.parts.items() if role not in words.roles and role not in ENDS}
        text = {role: self._one(role, parts, stated) for role, parts in single.items()}
        polarity = text.get("polarity", "affirmed")
        if polarity not in POLARITIES:
            told = f"{stated.rule.relation}: unknown polarity {polarity!r}; {did_you_mean(polarity, POLARITIES)}"
            self.tell("claim.refused", told, stated.source)
            return None
        return StatedClaim(
            subject="",
            relation=stated.rule.relation,
            object="",
            span=self._quote(stated),
            stage=text.get("stage"),
            polarity=polarity,
            dates={key: text[key] for key in DATE_KEYS if key in text},
            values={key: text[key] for key in words.values if key in text},
            roles={key: tuple(map(self.naming.name, stated.parts[key])) for key in words.roles if key in stated.parts},
            speaker=self.naming.name(stated.parts["speaker"][0]) if "speaker" in stated.parts else None,
            confidence=self._confidence(text.get("confidence"), stated),
        )

    def _one(self, role: str, parts: list[Part], stated: _Stated) -> str:
        texts = list(dict.fromkeys(_value(role, self._text(part)) for part in parts))
        if len(texts) > 1:
            told = f"{role} of {stated.rule.relation}: {texts[0]!r} is taken, {', '.join(map(repr, texts[1:]))} is not"
            self.tell("qualifier.several", told, stated.source)
        return texts[0]

    def _text(self, part: Part) -> str:
        if isinstance(part, str):
            return part
        return " ".join(self.article.text[start:end] for start, end in part.fragments)

    def _confidence(self, text: str | None, stated: _Stated) -> float | None:
        """As the mark says it, else the tool's own; from 0 to 1."""
        given = text if text is not None else stated.source.confidence
        if given is None:
            return None
        try:
            value = float(given)
        except ValueError:
            value = -1.0
        if 0 <= value <= 1:
            return value
        self.tell("qualifier.bad", f"confidence {given!r} is no number from 0 to 1", stated.source, action=AS_IS)
        return None

    def _quote(self, stated: _Stated) -> Span:
        """The words that the mark names as its quote, at the place nearest to it.

        Else the words that say so, where they are a passage in which an end stands; else all from first to last mark.
        """
        around = self._span(stated.marks)
        for part in stated.parts.get("quote", ()):
            if isinstance(part, Mention):
                return self._span([part])
            if found := nearest(self.article.text, part, hint=around.start):
                return Span(*found)
            told = f"quote {part!r} is not in the text; it goes from the first to the last mark"
            self.tell("qualifier.bad", told, stated.source)
        if stated.trigger and stated.trigger.fragments:
            passage = self._span([stated.trigger])
            ends = [part for end in ENDS for part in stated.parts[end] if isinstance(part, Mention) and part.fragments]
            if any(encloses((passage.start, passage.end), part.fragments) for part in ends):
                return passage
        return around

    def _span(self, marks: Iterable[Mention]) -> Span:
        """From the first to the last of the marks; the whole text where they stand nowhere in it."""
        fragments = [fragment for mention in marks for fragment in mention.fragments]
        if not fragments:
            return Span(0, len(self.article.text))
        return Span(min(start for start, _ in fragments), max(end for _, end in fragments))


def unmapped(document: Document, profile: Profile) -> Iterator[tuple[str, Mention]]:
    """The marks whose label means nothing to the profile, with that label."""
    if profile.unmapped_nodes == "drop":
        return
    for mention in document.mentions:
        if not profile.kind(mention.types, mention.layer, mention.attributes) and not any(
            profile.relation(label, mention.layer, mention.attributes) for label in mention.types
        ):
            known = (label for label in mention.types if spelling(label) not in PLAIN and not profile.ignores(label))
            yield from ((label, mention) for label in known)
