"""Articles and exports → articles to be written as our own files, and the entities that nobody has declared yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import normpath
from pathlib import Path

import yaml

from accordgraph.exports import Exports
from accordgraph.pipeline import on_disk, read_articles, read_register
from graph.article import Article
from graph.errors import AccordgraphError
from graph.identity import Entity
from loaders.diagnostics import Diagnostics
from loaders.profile import Profile
from loaders.registry import find_inputs

UNDECIDED = "undecided.yaml"  # in the folder `entities`
_TO_COMPLETE = {  # what the register does not take without a decision
    "Official": "an official enters by an office: add offices: with title, agency and source",
    "Country": "no country of ISO 3166 has this name: mend the mention in the article",
}


@dataclass
class Converted:
    """Articles in the order they were read; `entities` are those that only they name.

    `problems` are the register's, and those of articles of ours that cannot be read.
    """

    articles: list[Article] = field(default_factory=list)
    entities: dict[str, Entity] = field(default_factory=dict)
    problems: list[AccordgraphError] = field(default_factory=list)


def converted(paths: Sequence[str | Path], profile: Profile, diagnostics: Diagnostics) -> Converted:
    """The articles below the paths, and those that exports among them make; what is wrong there is in `diagnostics`."""
    inputs = find_inputs(on_disk(paths))
    own = {normpath(path) for path in (*inputs.articles, *inputs.registers)}
    register, problems = read_register(inputs)
    found = Converted(problems=problems)
    found.articles += read_articles(inputs.articles, found.problems)
    exports = Exports(paths, profile, diagnostics, own.__contains__, keep_annotators=True)
    found.articles += (mapped.article for mapped in exports.mapped(register))
    found.entities = exports.entities
    return found


def undecided_yaml(entities: Iterable[Entity], articles: Mapping[str, Article]) -> str:
    """Register entries for entities that nobody has decided on: to be merged with declared ones, or named better.

    What the register would refuse stands there as a comment with what it lacks.
    """
    head = (
        "# Named in exports, and not in the register. Decide on each: another entity's alias, or an entry of its own.\n"
    )
    return head + "".join(_entry(one, articles) for one in sorted(entities, key=lambda one: one.id))


def _entry(one: Entity, articles: Mapping[str, Article]) -> str:
    of = one.facts.get("undecided", ("",))[0]
    language = articles[of].language if of in articles else "und"
    row = {"id": one.id, "names": {language: one.name}, "note": f"named in {of}"}
    text = yaml.safe_dump([row], allow_unicode=True, sort_keys=False, width=110)
    if wanting := _TO_COMPLETE.get(one.kind):
        return "".join(_commented(f"{wanting}\n{text}"))
    return text


def _commented(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield f"# {line}\n"
