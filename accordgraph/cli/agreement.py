"""The command that says how far the annotators of the same texts agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from accordgraph.cli import QUARANTINE, report_diagnostics, say
from accordgraph.cli.reading import DIAGNOSTICS, OFFSETS, STRICT, as_told

if TYPE_CHECKING:
    from accordgraph.agreement import Agreement, Figure, Pair

PAIRS = 10  # that are printed one by one
CONFUSED = 20  # pairs of labels that are printed


@click.command(
    epilog="""\b
Examples:
  accordgraph agreement annotator-a/ annotator-b/
  accordgraph agreement project.zip --annotators anna,curation --layer NamedEntity
  accordgraph agreement tasks.json --match overlap --per-label
  accordgraph agreement anna.jsonl bob.jsonl --by-path
  accordgraph agreement tasks.json --profile ours.toml --json | jq .mean
"""
)
@click.argument("paths", nargs=-1, required=True)
@click.option("--format", "-f", "format_", metavar="FORMAT", help="The format, where it is not to be found out.")
@click.option(
    "--profile",
    "profile_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Compare what labels mean by this profile (TOML), not the labels themselves.",
)
@click.option("--annotators", metavar="A,B,…", help="These alone; `curation` is what was curated, by whomever.")
@click.option("--by-path", is_flag=True, help="Each PATH is one annotator, whomever the files name.")
@click.option(
    "--match",
    type=click.Choice(["exact", "overlap"]),
    default="exact",
    show_default=True,
    help="Which spans go together for relations, kappa and alpha: the same words, or any in common.",
)
@click.option("--layer", "layers", multiple=True, metavar="LAYER", help="Compare marks of this layer alone; a glob.")
@click.option("--per-label", is_flag=True, help="F1 of each label, and which labels are taken for one another.")
@OFFSETS
@click.option("--predictions", is_flag=True, help="Compare with what a model proposed, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@DIAGNOSTICS
@STRICT
def agreement(
    paths: tuple[str, ...],
    *,
    format_: str | None,
    profile_file: Path | None,
    annotators: str | None,
    by_path: bool,
    match: str,
    layers: tuple[str, ...],
    per_label: bool,
    unit: str | None,
    predictions: bool,
    as_json: bool,
    diagnostics: bool,
    strict: bool,
) -> None:
    """Say how far annotators of the same texts agree. Needs the extra `agreement` (NLTK).

    Annotators are those that the exports name; where an export names nobody, each PATH is one, or within a PATH each
    folder. Texts are the same where they are equal letter by letter.

    F1 of spans and of relations is 2 × shared / (first's + second's): of marks nobody can count what was rightly left
    unmarked, and kappa comes near F1 the more of it there is (Hripcsak & Rothschild 2005). Cohen's kappa, and for three
    or more Fleiss' kappa and Krippendorff's alpha (Artstein & Poesio 2008), are of labels alone: on spans that both,
    all, or at least two marked. Beside each figure stands what it is of; docs/exports.md says more.
    """
    from accordgraph.agreement import agreement as agreement_of
    from loaders.diagnostics import Diagnostics
    from loaders.profile_file import read_profile
    from loaders.reading import Options

    profile = read_profile(profile_file) if profile_file else None
    options = profile.options if profile else Options()
    read = Diagnostics(strict=strict)
    found = agreement_of(
        paths,
        read,
        profile=profile,
        format_=format_ or (profile.format if profile else None),
        options=as_told(options, unit, predictions=predictions),
        match=match,
        annotators=[name.strip() for name in annotators.split(",") if name.strip()] if annotators else (),
        by_path=by_path,
        layers=layers,
    )
    if as_json:
        _print_json(found, match)
    else:
        _print(found, per_label=per_label)
    if not as_json or diagnostics:
        report_diagnostics(read.kept, read.codes, every=diagnostics)
    if read.lost:
        click.get_current_context().exit(QUARANTINE)


# --- for programs ------------------------------------------------------------------------------------------------


def _print_json(found: Agreement, match: str) -> None:
    import orjson

    from accordgraph.agreement import MEASURES

    told = {
        "texts": found.texts,
        "alone": found.alone,
        "match": match,
        "annotators": found.annotators,
        "named_by_path": found.named_by_path,
        "pairs": [_pair(pair) for pair in found.pairs],
        "mean": {measure: found.mean(measure).as_dict() for measure in (*MEASURES, "kappa")},
        "fleiss": found.fleiss.as_dict(),
        "alpha": found.alpha.as_dict(),
        "left_out": found.left_out,
    }
    click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2))


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "annotators": pair.names,
        "texts": pair.texts,
        **{measure: figure.as_dict() for measure, figure in pair.figures.items()},
        "kappa": pair.kappa.as_dict(),
        "labels": {
            label: {"exact": exact.as_dict(), "overlap": overlap.as_dict()}
            for label, (exact, overlap) in pair.labels.items()
        },
        "relation_labels": {label: figure.as_dict() for label, figure in pair.relation_labels.items()},
        "confused": [[one, other, count] for (one, other), count in pair.confused.most_common()],
    }


# --- for people --------------------------------------------------------------------------------------------------


def _print(found: Agreement, *, per_label: bool) -> None:
    from accordgraph.tables import counted, table

    for name, counts in found.annotators.items():
        did = ", ".join(counted(counts[what], what[:-1]) for what in ("texts", "spans", "relations"))
        click.echo(f"{name}: {did}")
    rows = [row for pair in found.pairs[:PAIRS] for row in _rows(pair)]
    if len(found.pairs) > 1:
        rows += _of_all(found)
    click.echo()
    for line in table(("who", "what", "", "figure", "of"), rows, fits=10_000):
        click.echo(line)
    if len(found.pairs) > PAIRS:
        click.echo(f"… and {len(found.pairs) - PAIRS} more pairs: --json has them")
    if per_label:
        _print_labels(found)
    if found.named_by_path:
        say(f"annotators by the path alone: {', '.join(found.named_by_path)}")
    if found.alone:
        say(f"{counted(found.alone, 'text')} left out that one annotator alone did")
    for what, count in sorted(found.left_out.items()):
        say(f"not compared: {what}, {count:,}")


def _rows(pair: Pair) -> Iterator[tuple[str, str, str, str, str]]:
    from accordgraph.agreement import MEASURES

    who = " and ".join(pair.names)
    for measure, what in MEASURES.items():
        figure = pair.figures[measure]
        yield who, what, "F1", _value(figure), _of(figure)
        who = ""
    yield "", "labels of spans that both marked", "Cohen's κ", _value(pair.kappa), _of(pair.kappa)


def _of_all(found: Agreement) -> Iterator[tuple[str, str, str, str, str]]:
    from accordgraph.agreement import MEASURES

    who = "all"
    for measure, what in MEASURES.items():
        mean = found.mean(measure)
        yield who, what, "mean F1", _value(mean), mean.why or f"{mean.shared} pairs"
        who = ""
    mean = found.mean("kappa")
    yield "", "labels of spans that both marked", "mean κ", _value(mean), mean.why or f"{mean.shared} pairs"
    yield "", "labels of spans that all marked", "Fleiss' κ", _value(found.fleiss), _of(found.fleiss)
    yield "", "labels of spans that two or more marked", "Krippendorff's α", _value(found.alpha), _of(found.alpha)


def _value(figure: Figure) -> str:
    return "–" if figure.value is None else f"{figure.value:.3f}"


def _of(figure: Figure) -> str:
    """What a figure is of: "10 of 12 and 11" for F1, "10 spans" for labels."""
    from accordgraph.tables import counted

    if figure.first is not None:
        said = f"{figure.shared} of {figure.first} and {figure.second}"
        return figure.why or said
    return f"{counted(figure.shared, 'span')}; {figure.why}" if figure.why else counted(figure.shared, "span")


def _print_labels(found: Agreement) -> None:
    from accordgraph.tables import table

    rows = []
    for pair in found.pairs[:PAIRS]:
        who = " and ".join(pair.names)
        for label, (exact, overlap) in pair.labels.items():
            rows.append((who, label or "(none)", _value(exact), _of(exact), _value(overlap), _of(overlap)))
        for label, figure in pair.relation_labels.items():
            rows.append((who, f"→ {label or '(none)'}", _value(figure), _of(figure), "", ""))
    click.echo()
    for line in table(("who", "label", "F1", "of", "F1, overlap", "of"), rows, fits=10_000):
        click.echo(line)
    confused: Counter[tuple[str, str]] = sum((pair.confused for pair in found.pairs), Counter())
    if confused:
        most = [f"{one or '(none)'} / {other or '(none)'} {count}" for (one, other), count in confused.most_common()]
        more = len(most) - CONFUSED
        click.echo("Taken for one another: " + ", ".join(most[:CONFUSED]) + (f" … and {more} more" if more > 0 else ""))
