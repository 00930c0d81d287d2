"""Where JSON whose keys say nothing has its marks: where numbers cut out of the text the words that stand by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, permutations
from typing import Any

from loaders.json_path import quoted

Guess = dict[str, Any]  # as read_paths takes it
Marks = Sequence[Mapping[str, Any]]

_DEPTH = 4  # lists in lists
_FEW = 50  # lists, and marks in each, that are looked at
_KEYS = 6  # numbers, and texts, of a mark that are tried


def guess_by_words(document: Mapping[str, Any], text: str) -> Guess | None:
    """The tables of mentions and relations, for a document with this text; None where no words are cut out of it."""
    lists = [*islice(_lists(document, "", 0), _FEW)]
    for path, marks in lists:
        if found := _mentions(marks, text):
            relations = (_relations(other, ties, marks, found) for other, ties in lists if not other.startswith(path))
            tied = next((one for one in relations if one), None)
            return {"mentions": {"path": path, **found}, **({"relations": tied} if tied else {})}
    return None


def _lists(value: Mapping[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, Marks]]:
    """Every list of objects, with its path."""
    for key, inner in value.items():
        if not key or "`" in key or depth == _DEPTH:
            continue
        path = f"{prefix}{quoted(key)}"
        if isinstance(inner, dict):
            yield from _lists(inner, f"{path}.", depth + 1)
        objects = [one for one in inner[:_FEW] if isinstance(one, dict)] if isinstance(inner, list) else []
        if objects:
            yield f"{path}[]", objects
            yield from _lists(_merged(objects), f"{path}[].", depth + 1)


def _merged(objects: Marks) -> dict[str, Any]:
    """The lists and objects in several objects, those of one key together."""
    found: dict[str, Any] = {}
    for one in objects:
        for key, value in one.items():
            before = found.get(key)
            if isinstance(value, list):
                found[key] = [*(before if isinstance(before, list) else ()), *value[:_FEW]]
            elif isinstance(value, dict) and before is None:
                found[key] = value
    return found


def _keys(marks: Marks, sort: type) -> list[str]:
    """The keys that hold this sort of value in every mark."""
    first = [key for key, value in marks[0].items() if type(value) is sort and key and "`" not in key][:_KEYS]
    return [key for key in first if all(type(one.get(key)) is sort for one in marks)]


def _mentions(marks: Marks, text: str) -> Guess | None:
    numbers, texts = _keys(marks, int), _keys(marks, str)
    for words in texts:
        for start, end in permutations(numbers, 2):
            shape = next((shape for shape in ("end", "length") if _cut(marks, text, start, end, words, shape)), None)
            if shape:
                type_ = next((key for key in _by_variety(marks, texts) if key != words), None)
                id_ = next(
                    (key for key in (*numbers, *texts) if key not in (start, end, words) and _one_each(marks, key)),
                    None,
                )
                return {
                    "start": quoted(start),
                    shape: quoted(end),
                    "surface": quoted(words),
                    **({"type": quoted(type_)} if type_ else {}),
                    **({"id": quoted(id_)} if id_ and id_ != type_ else {}),
                }
    return None


def _cut(marks: Marks, text: str, start: str, end: str, words: str, shape: str) -> bool:
    """Whether the words of most marks are what their numbers cut out of the text."""
    misses = 0
    for one in marks:
        first, last = one[start], one[end] + (one[start] if shape == "length" else 0)
        misses += not (0 <= first < last and text[first:last] == one[words])
        if misses * 10 > len(marks):
            return False
    return True


def _by_variety(marks: Marks, keys: Sequence[str]) -> list[str]:
    """Keys, those with the fewest values first, as labels are few; those with one value last."""
    values = {key: len({one[key] for one in marks}) for key in keys}
    return sorted(keys, key=lambda key: (values[key] == 1, values[key]))


def _one_each(marks: Marks, key: str) -> bool:
    return len({one[key] for one in marks}) == len(marks)


def _relations(path: str, ties: Marks, marks: Marks, mentions: Mapping[str, str]) -> Guess | None:
    ids = {str(one[mentions["id"].strip("`")]) for one in marks} if "id" in mentions else set()
    words = {one[mentions["surface"].strip("`")] for one in marks}
    for kind, known in (("id", ids), ("index", {str(number) for number in range(len(marks))}), ("words", words)):
        keys = [key for key in (*_keys(ties, int), *_keys(ties, str)) if all(str(one[key]) in known for one in ties)]
        ends = [key for key in ties[0] if key in keys][:2]
        if len(ends) == 2:
            type_ = next((key for key in _by_variety(ties, _keys(ties, str)) if key not in ends), None)
            named = {"head": quoted(ends[0]), "tail": quoted(ends[1])}
            return {"path": path, "ends": kind, **named, **({"type": quoted(type_)} if type_ else {})}
    return None
