"""Where JSON of unknown shape may have its text, mentions and relations: guessed from keys that are often used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

import orjson

from loaders.diagnostics import Diagnostics
from loaders.files import File
from loaders.guessed_by_words import Guess, guess_by_words
from loaders.json_path import quoted
from loaders.json_stream import elements
from loaders.tags import is_tag

_TEXT = ("text", "content", "body", "document", "article", "sentence", "sentText", "passage", "raw_text", "raw", "data")
_TOKENS = ("tokens", "words", "token", "sentence", "sentences", "sents")
_IDS = ("id", "_id", "doc_id", "document_id", "docid", "doc_key", "uid", "uuid", "ref", "title", "name")
_MENTIONS = (
    "entities", "spans", "annotations", "mentions", "entity_mentions", "entityMentions", "named_entities", "ner",
    "labels", "label", "tags", "marks", "highlights",
)  # fmt: skip
_TAGS = ("ner_tags", "tags", "labels", "bio_tags", "ner", "entities", "tag", "bio", "iob")  # B-…, I-…, O
_RELATIONS = ("relations", "relation_mentions", "relationMentions", "links", "edges", "triples", "labels", "rels")
_STARTS = ("start", "begin", "start_offset", "startOffset", "start_char", "char_start", "from", "offset", "start_token")
_ENDS = ("end", "stop", "end_offset", "endOffset", "end_char", "char_end", "to", "end_token")
_SPANS = ("span", "offsets", "position", "pos", "indices", "offset", "char_span", "location")
_TYPES = ("label", "type", "tag", "category", "entity_type", "entityType", "labels", "class", "kind", "ner", "entity")
_WORDS = ("text", "value", "name", "surface", "word", "mention", "words", "quote", "entity")
_PAIRS = (
    ("head", "tail"), ("source", "target"), ("from", "to"), ("from_id", "to_id"), ("head_id", "tail_id"), ("h", "t"),
    ("source_id", "target_id"), ("subject", "object"), ("subj", "obj"), ("arg1", "arg2"), ("arg1_id", "arg2_id"),
    ("e1", "e2"), ("head", "child"), ("em1Text", "em2Text"), ("entity1", "entity2"),
)  # fmt: skip
_RELATION_TYPES = ("label", "type", "relation", "predicate", "relation_type", "name", "r", "tag", "labels")
_FEW = 50
_FIRST = 20  # elements of a file that are looked at
_LONGEST = 3  # texts that are tried where no key says which it is


def guess_of(file: File) -> Guess | None:
    """The table that `read_paths` takes, for a file; None where no text is found in its first elements."""
    return guess_paths([value for _, value in islice(elements(file, Diagnostics()), _FIRST)])


def guess_paths(elements: Sequence[Any]) -> Guess | None:
    """The table that `read_paths` takes, for a file that begins with these elements; None where no text is found."""
    for where, documents in _places(elements):
        if found := _document(documents):
            return {**({"documents": where} if where else {}), **found}
    return None


def as_toml(guess: Mapping[str, Any], *, inline: bool = False) -> str:
    """The [json] table of a profile, or the same on one line."""
    plain = {key: value for key, value in guess.items() if not isinstance(value, Mapping)}
    tables = {"json": plain, **{f"json.{key}": one for key, one in guess.items() if isinstance(one, Mapping)}}
    lines = [(f"[{name}]", *(f"{key} = {_toml(one)}" for key, one in table.items())) for name, table in tables.items()]
    if inline:
        return " ".join(f"{head} {', '.join(rest)}" for head, *rest in lines)
    return "\n\n".join("\n".join(table) for table in lines) + "\n"


def _toml(value: Any) -> str:
    return orjson.dumps(value).decode()  # texts, numbers, flags and lists of them are written alike


def _places(elements: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Where documents may be, nearest first: paths, and what is there."""
    tops = [one for one in elements if isinstance(one, dict | list)]
    yield "", tops
    objects = [one for one in tops if isinstance(one, dict)]
    for key in _keys(objects):
        inner = [one[key] for one in objects if key in one]
        yield f"{quoted(key)}[]", [*_objects(inner)]
        nested = [one for one in inner if isinstance(one, dict)]
        for deeper in _keys(nested):
            yield f"{quoted(key)}.{quoted(deeper)}[]", [*_objects(one.get(deeper) for one in nested)]
    yield "*", [value for one in objects for value in one.values() if isinstance(value, dict)][:_FEW]


def _keys(objects: Iterable[Mapping[str, Any]]) -> list[str]:
    """All keys that a path can say."""
    return [key for key in dict.fromkeys(chain.from_iterable(objects)) if key and "`" not in key]


def _objects(lists: Iterable[Any]) -> Iterator[Any]:
    for one in lists:
        if isinstance(one, list):
            yield from one[:_FEW]


def _document(documents: Sequence[Any]) -> Guess | None:
    rows = [one[:2] for one in documents if isinstance(one, list)]
    if rows and len(rows) == len(documents) and all([type(part) for part in row] == [str, dict] for row in rows):
        return {"text": "0", **_marks([marks for _, marks in rows], "1.", None, {})}
    objects = [one for one in documents if isinstance(one, dict)]
    if not objects:
        return None
    text = _key(objects, _TEXT, str)
    tokens = next((key for key in _TOKENS if _all_texts(objects, key)), None)
    nested = next((key for key in _TOKENS if _all_texts([*_first(objects, key)], 0)), None)
    if text is None and tokens is None and nested is None:
        return _by_words(objects)
    found: Guess = {} if text is None else {"text": text}
    id_ = next((key for key in _IDS if key != text and _key(objects, (key,), str | int)), None)
    found |= {} if id_ is None else {"id": id_}
    if text is None:
        found |= {"tokens": f"{tokens}[]" if tokens else f"{nested}[][]", "unit": "token"}
    marks = _marks(objects, "", tokens or nested or text, found)
    if not marks and text is not None:
        marks = _marks_by_words(objects, text) or {}
    return found | marks


def _by_words(objects: Sequence[Mapping[str, Any]]) -> Guess | None:
    """Paths where no key says what the text is: the longest one that marks cut words out of."""
    texts = [(len(value), key) for one in objects for key, value in one.items() if isinstance(value, str)]
    for key in [*dict.fromkeys(key for _, key in sorted(texts, reverse=True))][:_LONGEST]:
        if "`" not in key and key and (marks := _marks_by_words(objects, key)):
            return {"text": quoted(key), **marks}
    return None


def _marks_by_words(objects: Sequence[Mapping[str, Any]], text: str) -> Guess | None:
    found = (guess_by_words(one, one[text]) for one in objects[:_FEW] if isinstance(one.get(text), str))
    return max((one for one in found if one), key=len, default=None)  # with relations, if there are any


def _key(objects: Sequence[Any], keys: Iterable[str], sort: Any) -> str | None:
    return next((key for key in keys if any(isinstance(one.get(key), sort) for one in objects)), None)


def _first(objects: Sequence[Any], key: str) -> Iterator[list[Any]]:
    for one in objects:
        if isinstance(one.get(key), list):
            yield one[key]


def _all_texts(values: Sequence[Any], key: Any) -> bool:
    found = [one[key] for one in values if (key in one if isinstance(one, dict) else len(one) > key)]
    lists = [one for one in found if isinstance(one, list) and one]
    return bool(lists) and all(isinstance(word, str) for one in lists for word in one[:_FEW])


def _all_tags(objects: Sequence[Any], key: str) -> bool:
    lists = [*_first(objects, key)]
    words = [word for one in lists for word in (chain.from_iterable(one) if _is_nested(one) else one)]
    return bool(words) and all(isinstance(word, str) and is_tag(word) for word in words[:_FEW])


def _is_nested(value: list[Any]) -> bool:
    return all(isinstance(one, list) for one in value)


def _marks(objects: Sequence[Any], prefix: str, other: str | None, given: Guess) -> Guess:
    """Mentions and relations."""
    found: Guess = {}
    if given.get("unit") == "token" and (tags := next((key for key in _TAGS if _all_tags(objects, key)), None)):
        return {"mentions": {"tags": given["tokens"].replace(other or "", tags, 1)}}
    for key in _MENTIONS:
        for path, marks in _lists(objects, key):
            if key != other and (mentions := _mention(marks, starred=path.endswith("*[]"))):
                if given.get("unit") == "token" and any(_same(one, mentions) for one in marks):
                    mentions["inclusive"] = True
                found["mentions"] = {"path": prefix + path, **mentions}
                relations = _relations(objects, prefix, key, marks, mentions)
                return found | ({"relations": relations} if relations else {})
    return found


def _lists(objects: Sequence[Any], key: str) -> Iterator[tuple[str, list[Any]]]:
    yield f"{key}[]", [*_objects(_first(objects, key))]
    keyed = [one[key] for one in objects if isinstance(one.get(key), dict)]
    yield f"{key}.*[]", [*_objects(value for one in keyed for value in one.values())]


def _mention(marks: Sequence[Any], *, starred: bool) -> Guess | None:
    label = {"type": "*"} if starred else {}
    rows = [one for one in marks if isinstance(one, list)]
    if rows and len(rows) == len(marks):
        row = rows[0]
        if len(row) > 1 and type(row[0]) is int and type(row[1]) is int:
            return {"start": "0", "end": "1", **({"type": "2"} if len(row) > 2 else label)}
        return {"start": "1", "end": "2", "type": "0"} if [type(one) for one in row] == [str, int, int] else None
    objects = [one for one in marks if isinstance(one, dict)]
    span = _span(objects)
    words = _key(objects, _WORDS, str)
    if not objects or (span is None and words is None):
        return None
    type_ = next((key for key in _TYPES if key != words and _key(objects, (key,), str | list)), None)
    found = {**(span or {}), **({"type": type_} if type_ else label)}
    id_ = _key(objects, ("id", "_id", "mention_id"), str | int)
    return found | ({"surface": words} if words else {}) | ({"id": id_} if id_ else {})


def _span(objects: Sequence[Any]) -> Guess | None:
    start = next((key for key in _STARTS if any(type(one.get(key)) is int for one in objects)), None)
    end = next((key for key in _ENDS if any(type(one.get(key)) is int for one in objects)), None)
    if start and end:
        return {"start": start, "end": end}
    if start and _key(objects, ("length", "len"), int):
        return {"start": start, "length": str(_key(objects, ("length", "len"), int))}
    for key in _SPANS:
        for pair in _first(objects, key):
            if len(pair) == 2 and all(type(one) is int for one in pair):
                return {"start": f"{key}.0", "end": f"{key}.1"}
            if pair and all(isinstance(one, list) and len(one) == 2 for one in pair):
                return {"start": f"{key}[].0", "end": f"{key}[].1"}
    return None


def _same(mark: Any, mentions: Mapping[str, Any]) -> bool:
    """Whether a mention ends where it starts: then the end is included."""
    if isinstance(mark, list):
        return len(mark) > 1 and mark[0] == mark[1]
    start, end = (mark.get(mentions.get(key)) for key in ("start", "end")) if isinstance(mark, dict) else (0, 1)
    return start is not None and start == end


def _relations(
    objects: Sequence[Any], prefix: str, other: str, marks: Sequence[Any], mentions: Mapping[str, Any]
) -> Guess | None:
    for key in _RELATIONS:
        found = [*_objects(_first(objects, key))]
        rows = [one for one in found if isinstance(one, list) and len(one) > 4 and type(one[3]) is int]
        if key != other and rows:
            ends = {"ends": "offsets", "head": ["0", "1"], "tail": ["2", "3"]}
            return {"path": f"{prefix}{key}[]", **ends, "type": "4"}
        ties = [one for one in found if isinstance(one, dict)]
        pair = next((pair for pair in _PAIRS if any(pair[0] in one and pair[1] in one for one in ties)), None)
        if key == other or not pair:
            continue
        sample = next(one for one in ties if pair[0] in one and pair[1] in one)
        type_ = next((name for name in _RELATION_TYPES if name not in pair and name in sample), None)
        return {
            "path": f"{prefix}{key}[]",
            **_ends(pair, sample, marks, mentions),
            **({"type": type_} if type_ else {}),
        }
    return None


def _ends(pair: tuple[str, str], sample: Mapping[str, Any], marks: Sequence[Any], mentions: Mapping[str, Any]) -> Guess:
    """What the two ends of a relation are, judged by the first one."""
    head, tail = pair
    value = sample[head]
    if isinstance(value, dict):
        inner = _span([value])
        if inner and "end" in inner:
            both = [[f"{end}.{inner['start']}", f"{end}.{inner['end']}"] for end in pair]
            return {"ends": "offsets", "head": both[0], "tail": both[1]}
        key = next((key for key in ("id", "text", "name") if key in value), "id")
        return {"ends": "id" if key == "id" else "words", "head": f"{head}.{key}", "tail": f"{tail}.{key}"}
    if isinstance(value, list) and len(value) == 2:
        return {"ends": "offsets", "head": [f"{head}.0", f"{head}.1"], "tail": [f"{tail}.0", f"{tail}.1"]}
    if "id" in mentions:
        ids = {str(one.get(mentions["id"])) for one in marks if isinstance(one, dict)}
        kind = "id" if str(value) in ids or not isinstance(value, int) else "index"
    else:
        kind = "index" if isinstance(value, int) else "words"
    return {"ends": kind, "head": head, "tail": tail}
