"""NIF 2 in Turtle or N-Triples: contexts that hold a text, and the strings in it that are linked or classed.

Specification: https://persistence.uni-leipzig.org/nlp2rdf/
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Fragment, Link
from loaders.files import File
from loaders.links import link_to
from loaders.reading import Draft, Options, Reader

FORMAT = "nif"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
ITS = "http://www.w3.org/2005/11/its/rdf#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"

_SUFFIXES = {".ttl": "turtle", ".nif": "turtle", ".n3": "turtle", ".nt": "nt"}
_RDF = re.compile(
    rb"\s*(?:@prefix\s|@base\s|PREFIX\s|<\w+:[^>\s]*>\s+(?:<|a\s|\w+:))"
)  # of standard input, which has none
_STRUCTURE = {"Paragraph", "Section", "Structure", "Title", "Sentence", "Context", "String", "OffsetBasedString"}
_SCHEMES = {"RFC5147String", "CString", "ContextHashBasedString", "OffsetBasedString", "String", "Phrase", "Word"}

_Properties = Mapping[str, Sequence[Any]]  # by address
_Subjects = dict[str, dict[str, list[Any]]]


def claims(file: File, head: bytes) -> str | None:
    """Why this is NIF: the suffix, or what only RDF begins with, and the address of its vocabulary."""
    is_rdf = file.suffix in _SUFFIXES or (not file.suffix and _RDF.match(head))
    return "the NIF core vocabulary" if is_rdf and NIF.encode() in head else None


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """A document for each context."""
    subjects = _subjects(file, diagnostics)
    inside: dict[str, list[str]] = defaultdict(list)
    for subject, said in subjects.items():
        for context in said.get(f"{NIF}referenceContext", ()):
            inside[str(context)].append(subject)
    contexts = [subject for subject, said in subjects.items() if f"{NIF}isString" in said]
    for context in contexts:
        yield _document(context, inside.pop(context, []), subjects, file, options, diagnostics)
    for context, strings in inside.items():
        draft = Draft(context, "", file, FORMAT, diagnostics)
        for subject in strings:
            if subject != context and _is_mention(subjects[subject], subjects):
                draft.skip("text.missing", f"its context {context} has no nif:isString", subject)


def _subjects(file: File, diagnostics: Diagnostics) -> _Subjects:
    """What is said of every subject; of a file that is cut off, what stands before."""
    from rdflib import Graph
    from rdflib.exceptions import ParserError
    from rdflib.plugins.parsers.notation3 import BadSyntax

    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=file.read().removeprefix(b"\xef\xbb\xbf"), format=_SUFFIXES.get(file.suffix, "turtle"))
    except (BadSyntax, ParserError, ValueError, RecursionError, IndexError, AssertionError) as problem:
        line = str(getattr(problem, "lines", 0) + 1 or "") if isinstance(problem, BadSyntax) else ""
        diagnostics.lose("rdf.bad", file.path, _told(problem), place=line)
    found: _Subjects = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in graph:
        found[str(subject)][str(predicate)].append(value)
    return found


def _told(problem: Exception) -> str:
    """What is wrong with the RDF, in one line."""
    if isinstance(problem, IndexError):
        return "cut off in the middle of a statement"
    _, _, told = " ".join(str(problem).split()).rpartition(" of <>: ")
    return told[:200] or type(problem).__name__


def _document(
    context: str,
    strings: Sequence[str],
    subjects: _Subjects,
    file: File,
    options: Options,
    diagnostics: Diagnostics,
) -> Document:
    said = subjects[context]
    text = said[f"{NIF}isString"][0]
    draft = Draft(context.partition("#")[0] or context, str(text), file, FORMAT, diagnostics)
    draft.unit = options.unit or "codepoint"
    draft.language = getattr(text, "language", None)
    for predicate, values in sorted(said.items()):
        name = _name(predicate)
        if (predicate.startswith(NIF) and name not in ("sourceUrl", "wasConvertedFrom")) or predicate == TYPE:
            continue
        draft.metadata[name] = "; ".join(sorted(map(str, values)))
    if "language" in draft.metadata and not draft.language:
        draft.language = _name(str(draft.metadata["language"]))
    found = [(place, subject) for subject in strings if subject != context and (place := _place(subjects[subject]))]
    for place, subject in sorted(found):
        _string(draft, subject, place, subjects)
    for subject in set(strings) - {subject for _, subject in found} - {context}:
        if _is_mention(subjects[subject], subjects):
            draft.skip("offset.bad", "without nif:beginIndex and nif:endIndex", subject)
    return draft.finish()


def _string(draft: Draft, subject: str, place: Fragment, subjects: _Subjects) -> None:
    said = subjects[subject]
    kinds = {_name(str(kind)) for kind in said.get(TYPE, ())}
    if not _is_mention(said, subjects):
        inside = place[0] <= place[1] <= len(draft.text)
        if inside and "Sentence" in kinds:
            draft.sentences.append(place)
        elif inside and "Word" in kinds:
            draft.tokens.append(place)
        return
    units = _units(said, subjects)
    classes = [str(one) for unit in units for one in unit.get(f"{ITS}taClassRef", ())]
    types = [*sorted(map(_name, classes))] or sorted(kinds - _SCHEMES - _STRUCTURE) or ["Phrase"]
    scores = [_number(one) for unit in units for one in unit.get(f"{ITS}taConfidence", ())]
    by = [str(one) for unit in units for one in unit.get(f"{ITS}taAnnotatorsRef", ())]
    if by:
        draft.annotated_by(by[0])
    draft.mention(
        subject,
        dict.fromkeys(types),
        [place],
        surface=next((str(one) for one in said.get(f"{NIF}anchorOf", ())), None),
        raw_id=subject.partition("#")[2] or subject,
        place=subject,
        links=tuple(_links(units, subjects)),
        confidence=next((score for score in scores if score is not None), None),
        annotator=by[0] if by else None,
        extra={"classes": sorted(classes)} if classes else {},
    )


def _is_mention(said: _Properties, subjects: _Subjects) -> bool:
    """Whether a string names something, or only is a part of the text."""
    for unit in _units(said, subjects):
        if f"{ITS}taIdentRef" in unit or f"{ITS}taClassRef" in unit:
            return True
    kinds = {_name(str(kind)) for kind in said.get(TYPE, ())}
    return bool(kinds & {"Phrase", "EntityOccurrence", "TermOccurrence", "Annotation"}) or not kinds


def _units(said: _Properties, subjects: _Subjects) -> list[_Properties]:
    """The string itself, and its annotation units (NIF 2.1)."""
    return [said, *(subjects[str(one)] for one in said.get(f"{NIF}annotationUnit", ()) if str(one) in subjects)]


def _links(units: Sequence[_Properties], subjects: _Subjects) -> Iterator[Link]:
    for unit in units:
        for one in sorted(map(str, unit.get(f"{ITS}taIdentRef", ()))):
            labels = subjects[one].get(LABEL, ()) if one in subjects else ()
            yield link_to(one, next(iter(sorted(map(str, labels))), None))


def _place(said: _Properties) -> Fragment | None:
    found = [next(iter(map(str, said.get(f"{NIF}{which}", ()))), "") for which in ("beginIndex", "endIndex")]
    return (int(found[0]), int(found[1])) if all(one.isdecimal() and len(one) < 16 for one in found) else None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _name(address: str) -> str:
    return address.rstrip("/#").rpartition("#")[2].rpartition("/")[2] or address


NIF_READER = Reader(FORMAT, "NIF 2 (Turtle)", claims, read)
