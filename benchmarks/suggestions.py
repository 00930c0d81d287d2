"""How good `accordgraph suggest` is: its mentions and dates beside those that annotators marked in some articles.

Run `python -m benchmarks.suggestions`. Articles mark a thing where it is first named, and often only there: right is
what lies on a mention of its entity, or on words of an entity that the article marks or claims elsewhere.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import click

from accordgraph.pipeline import read_articles, read_register
from accordgraph.tables import table
from graph.article import Article
from graph.identity import Register, countries_named, fold
from loaders.document import Document
from loaders.registry import find_inputs
from loaders.suggest import DATE, Suggester, document_of

COLUMNS = ("language", "marked", "found", "known names", "found of these", "suggested", "right", "dates", "covered")
WIDTH = 160


@click.command()
@click.argument("folder", default="articles", type=click.Path(path_type=Path, exists=True))
def main(folder: Path) -> None:
    """Prints recall and precision of what is suggested in the articles below FOLDER, by language, and the speed."""
    register, _ = read_register(find_inputs([folder]))
    articles = list(read_articles([folder]))
    suggester = Suggester(register)
    bare = [replace(document_of(article), mentions=()) for article in articles]
    list(suggester.suggest(bare))  # the names of each language are prepared once
    begun = time.process_time()
    suggested = list(suggester.suggest(bare))
    seconds = time.process_time() - begun
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for article, document in zip(articles, suggested, strict=True):
        found = compared(article, document, register)
        counts[article.language.partition("-")[0]] += found
        counts["all"] += found
    click.echo("\n".join(table(COLUMNS, [_row(language, counts[language]) for language in sorted(counts)], WIDTH)))
    size = sum(len(article.text.encode()) for article in articles)
    click.echo(f"{len(articles)} articles, {size / 1000:.0f} kB at {size / 1000 / seconds:.0f} kB/s of processor time")


def compared(article: Article, document: Document, register: Register) -> Counter[str]:
    """What was marked and suggested, and how much of each agrees; see COLUMNS."""
    counts: Counter[str] = Counter()
    marked = {(one.span.start, one.span.end): one.entity for one in article.mentions}
    named = {one.fragments[0]: one.links[0].id for one in document.mentions if one.links}
    for place, entity in marked.items():
        counts["marked"] += 1
        counts["found"] += named.get(place) == entity
        if _is_known(article.text[slice(*place)], entity, register):
            counts["known names"] += 1
            counts["found of these"] += named.get(place) == entity
    said = {*marked.values(), *(end for claim in article.claims for end in (claim.subject, claim.object))}
    for (start, end), entity in named.items():
        under = {other for (first, last), other in marked.items() if first < end and start < last}
        counts["suggested"] += 1
        counts["right"] += entity in (under or said)
    dates = [document.words(one) for one in document.mentions if DATE in one.types]
    for written in {date for claim in article.claims for date in claim.dates.values()}:
        counts["dates"] += 1
        counts["covered"] += any(written in date or date in written for date in dates)
    return counts


def _is_known(words: str, entity: str, register: Register) -> bool:
    one = register.get(entity)
    return bool(one and fold(words) in one.keys) or entity in countries_named(words)


def _row(language: str, counts: Counter[str]) -> tuple[str, ...]:
    of = {"found": "marked", "found of these": "known names", "right": "suggested", "covered": "dates"}
    shares = {part: f" ({counts[part] / counts[whole]:.0%})" for part, whole in of.items() if counts[whole]}
    return language, *(f"{counts[column]}{shares.get(column, '')}" for column in COLUMNS[1:])


if __name__ == "__main__":
    main()
