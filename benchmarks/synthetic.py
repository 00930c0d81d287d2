"""Synthetic annotated articles and the entity register they speak of; their words are in synthetic.toml.

An article depends on its number and the parameters alone, so a longer corpus begins with the shorter one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

import click
import yaml

from graph.article import Article, Mention, Span, StatedClaim
from loaders.registry import LOADERS

LANGUAGES = ("th", "id", "en")
CLAIMS, MENTIONS, LENGTH = 4, 6, 1500  # of an article; its length in code points, at least
RETOLD = 0.15  # so many claims repeat what an earlier article says
SPOKEN = 0.3  # so many are somebody's word
DENIED = 0.03

_WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "synthetic.toml").read_text(encoding="utf-8"))
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Parameters:
    """What a corpus is made of.

    `articles` from number `first` on; `languages` take turns; `errors` is the share of broken articles, 0 to 1;
    `entities` is how many the register declares beside crimes; another `seed` makes another corpus of the same sort.
    """

    articles: int
    languages: Sequence[str] = LANGUAGES
    errors: float = 0.0
    entities: int = 400
    seed: int = 0
    first: int = 0


@dataclass(frozen=True)
class Fact:
    """What a claim says, in no language yet. `sentence` is its row in synthetic.toml."""

    sentence: dict[str, Any]
    subject: str
    object: str
    place: str
    day: date
    count: int
    polarity: str


def articles(parameters: Parameters) -> Iterator[Article]:
    """The articles, by number."""
    return (_article(number, parameters) for number in range(parameters.first, parameters.first + parameters.articles))


def register(parameters: Parameters) -> str:
    """The entity register as YAML."""
    ids = [f"crime:{slug}" for slug in _WORDS["crimes"]]
    ids += [id_ for kind in _WORDS["kinds"] for id_ in _cast(parameters.entities)[kind]]
    return yaml.dump(
        [_entity(id_, place) for place, id_ in enumerate(ids)],
        Dumper=yaml.CSafeDumper,
        allow_unicode=True,
        sort_keys=False,
    )


def is_broken(number: int, parameters: Parameters) -> bool:
    """Whether the article of this number is one of the broken ones."""
    return Random(f"{parameters.seed} broken {number}").random() < parameters.errors


def write_corpus(folder: Path, parameters: Parameters, *, suffix: str = ".jsonl") -> None:
    """Writes register and articles into the folder: Markdown one file an article, JSON Lines one file for all."""
    write = next(loader.write for loader in LOADERS if loader.suffix == suffix)
    (folder / "entities").mkdir(parents=True, exist_ok=True)
    (folder / "entities" / "synthetic.yaml").write_text(register(parameters), encoding="utf-8")
    made = articles(parameters)
    files = [(f"from-{parameters.first}", made)] if suffix == ".jsonl" else ((one.id, iter([one])) for one in made)
    for name, several in files:
        with (folder / f"{name}{suffix}").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(write(several))


# --- entities ----------------------------------------------------------------------------------------------------


@cache
def _cast(entities: int) -> dict[str, list[str]]:
    """Kind slug → ids of its entities; agency:synthetic-7 is the seventh of them all."""
    kinds = [kind for kind, words in _WORDS["kinds"].items() for _ in range(words["share"])]
    cast: dict[str, list[str]] = {kind: [] for kind in kinds}
    for number, kind in enumerate(islice(cycle(kinds), max(entities, len(kinds) * 2))):
        cast[kind].append(f"{kind}:synthetic-{number}")
    cast["country"] = [f"country:{code}" for code in _WORDS["countries"]]
    cast["crime"] = [f"crime:{slug}" for slug in _WORDS["crimes"]]
    return cast


@cache
def _name(id_: str, language: str) -> str:
    kind, _, slug = id_.partition(":")
    if kind in ("country", "crime"):
        return str(_WORDS["countries" if kind == "country" else "crimes"][slug][language])
    return str(_WORDS["kinds"][kind][language]).format(n=slug.rpartition("-")[2])


def _entity(id_: str, place: int) -> dict[str, Any]:
    kind = id_.partition(":")[0]
    country = f"country:{list(_WORDS['countries'])[place % len(_WORDS['countries'])]}"
    entity: dict[str, Any] = {"id": id_, "names": {language: _name(id_, language) for language in LANGUAGES}}
    if kind == "official":
        entity["offices"] = [
            {"title": "Commander", "agency": country, "from": "2018", "source": "https://news.example/"}
        ]
    elif kind == "agency":
        entity["part_of"] = country
    elif kind == "place":
        entity["country"] = country
    return entity


# --- articles ----------------------------------------------------------------------------------------------------


def _article(number: int, parameters: Parameters) -> Article:
    rng = Random(f"{parameters.seed} article {number}")
    language = parameters.languages[number % len(parameters.languages)]
    text, mentions, claims = _text(_facts(number, parameters, rng), language, parameters, rng)
    if is_broken(number, parameters):
        at = rng.randrange(len(claims))
        claims[at] = rng.choice(_BREAKS)(claims[at])
    return Article(
        id=f"synthetic-{parameters.seed}-{number:06d}",
        url=f"https://news.example/{parameters.seed}/{number}",
        title=text[: claims[0].span.end].rpartition("\n")[2],
        publisher=f"{language.upper()} Daily {rng.randrange(30)}",
        language=language,
        published=(date(2026, 1, 1) + timedelta(days=number % 300)).isoformat(),
        form="digest",
        text=text,
        wire=f"wire-{number // 10}" if rng.random() < 0.2 else None,
        mentions=tuple(mentions[:MENTIONS]),
        claims=tuple(claims),
    )


def _facts(number: int, parameters: Parameters, rng: Random) -> list[Fact]:
    """The article's own facts, some of them replaced by facts of earlier articles."""
    own = range(number * CLAIMS, (number + 1) * CLAIMS)
    numbers = {rng.randrange(own.start) if own.start and rng.random() < RETOLD else one: None for one in own}
    spare = (one for one in own if one not in numbers)
    return [_fact(one, parameters) for one in (*numbers, *islice(spare, CLAIMS - len(numbers)))]


def _fact(number: int, parameters: Parameters) -> Fact:
    rng = Random(f"{parameters.seed} fact {number}")
    cast = _cast(parameters.entities)
    (sentence,) = rng.choices(_WORDS["sentences"], [one["weight"] for one in _WORDS["sentences"]])
    subject = object_ = _one_of(cast[sentence["subject"]], rng)
    while object_ == subject:
        object_ = _one_of(cast[sentence["object"]], rng)
    return Fact(
        sentence=sentence,
        subject=subject,
        object=object_,
        place=_one_of(cast["place"], rng),
        day=date(2019, 1, 1) + timedelta(days=rng.randrange(2500)),
        count=rng.randrange(2, 2000),
        polarity="denied" if rng.random() < DENIED else "affirmed",
    )


def _one_of(ids: Sequence[str], rng: Random) -> str:
    """One of them, the first ones more often than the last, as in the news."""
    return ids[int(len(ids) * rng.random() ** 2)]


def _text(
    facts: list[Fact], language: str, parameters: Parameters, rng: Random
) -> tuple[str, list[Mention], list[StatedClaim]]:
    """A paragraph for each fact, with background until the text is long enough."""
    parts: list[str] = []
    mentions: list[Mention] = []
    claims: list[StatedClaim] = []
    length = 0
    stop = "" if language == "th" else "."
    for place, fact in enumerate(facts, start=1):
        sentence, named = _sentence(fact, language, length)
        claims.append(_claim(fact, Span(length, length + len(sentence)), language, parameters, rng))
        mentions += named
        parts += (sentence, stop)
        length += len(sentence) + len(stop)
        while length < LENGTH * place / len(facts):
            line = " " + rng.choice(_WORDS["background"][language]).format(count=rng.randrange(2, 500))
            parts.append(line)
            length += len(line)
        parts.append("\n\n")
        length += 2
    return "".join(parts).rstrip(), mentions, claims


def _sentence(fact: Fact, language: str, start: int) -> tuple[str, list[Mention]]:
    """The fact in words, and where they name its ends; `start` is where the sentence begins in the text."""
    words = {
        "subject": _name(fact.subject, language),
        "object": _name(fact.object, language),
        "place": _name(fact.place, language),
        "date": _date(fact.day, language),
        "count": str(fact.count),
    }
    text = ""
    mentions = []
    for literal, slot in _pieces(fact.sentence[language]):
        text += literal
        if slot in ("subject", "object"):
            span = Span(start + len(text), start + len(text) + len(words[slot]))
            mentions.append(Mention(span, fact.subject if slot == "subject" else fact.object))
        text += words[slot] if slot else ""
    return text, mentions


@cache
def _pieces(template: str) -> list[tuple[str, str]]:
    """A template as pairs of literal text and the slot that follows it, "" at the end."""
    pieces = [*_SLOT.split(template), ""]
    return list(zip(pieces[::2], pieces[1::2], strict=True))


def _date(day: date, language: str) -> str:
    month = _WORDS["months"][language].split()[day.month - 1]
    year = f"{(day.year + 543) % 100}" if language == "th" else day.year
    return f"{day.day} {month} {year}"


def _claim(fact: Fact, span: Span, language: str, parameters: Parameters, rng: Random) -> StatedClaim:
    sentence = fact.sentence
    counted = {"count": str(fact.count)} if "{count}" in sentence["en"] else {}
    return StatedClaim(
        subject=fact.subject,
        relation=sentence["relation"],
        object=fact.object,
        span=span,
        polarity=fact.polarity,
        dates={sentence["date"]: _date(fact.day, language)},
        values=counted | sentence.get("values", {}),
        roles={"at": (fact.place,)} if "{place}" in sentence["en"] else {},
        speaker=_one_of(_cast(parameters.entities)["official"], rng) if rng.random() < SPOKEN else None,
    )


_BREAKS: list[Callable[[StatedClaim], StatedClaim]] = [
    lambda claim: replace(claim, relation="signs"),
    lambda claim: replace(claim, subject="agency:nobody-knows"),
    lambda claim: replace(claim, relation="shares-intel", object="operation:synthetic-8"),
    lambda claim: replace(claim, dates={"on": "2024-02-31"}),
]


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--articles", default=1000, show_default=True, help="How many.")
@click.option("--languages", default=",".join(LANGUAGES), show_default=True, help="Which, in turn.")
@click.option("--errors", default=0.0, show_default=True, help="Share of broken articles, 0 to 1.")
@click.option("--entities", default=400, show_default=True, help="How many the register declares.")
@click.option("--seed", default=0, show_default=True, help="Another seed, another corpus.")
@click.option("--suffix", type=click.Choice([loader.suffix for loader in LOADERS]), default=".jsonl", show_default=True)
def main(folder: Path, suffix: str, languages: str, **parameters: Any) -> None:
    """Writes a synthetic corpus into FOLDER."""
    write_corpus(folder, Parameters(languages=tuple(languages.split(",")), **parameters), suffix=suffix)


if __name__ == "__main__":
    main()
