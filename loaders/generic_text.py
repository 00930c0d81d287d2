"""The text of a document in JSON: as it is, or joined from parts or tokens; and where those stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from loaders.document import Fragment
from loaders.json_path import Node, Path
from loaders.paths import Paths
from loaders.rebuilt import Sentence, rebuild

GIVEN, REBUILT = "given", "rebuilt"
_BETWEEN = "\n"  # parts of a text


@dataclass(slots=True)
class Texted:
    """A text. `starts` has where each sentence, or part, begins, `firsts` the number of its first token.

    Behind the last of `firsts` stands the number of all tokens.
    """

    text: str
    origin: str = GIVEN
    tokens: list[Fragment] = field(default_factory=list)
    sentences: list[Fragment] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)


def text_of(node: Node, paths: Paths, joiner: str | None) -> Texted | None:
    """The text of a document; None where there is none."""
    given = next((found for path in _texts(paths) if (found := _given(node, path, joiner))), None)
    if paths.tokens is None:
        return given
    forms = next((lists for path in paths.tokens.alternatives if (lists := [*forms_of(node, path)])), None)
    if forms is None:
        return given
    return _tokenised(forms, given, joiner)


def _texts(paths: Paths) -> Iterator[Path]:
    return paths.text.alternatives if paths.text else iter(())


def _given(node: Node, path: Path, joiner: str | None) -> Texted | None:
    parts = [part for part in path.values(node) if isinstance(part, str)]
    if not parts:
        return None
    if not path.several and not isinstance(path.one(node), list):
        return Texted(parts[0])
    between = _BETWEEN if joiner is None else joiner
    sentences, at = [], 0
    for part in parts:
        sentences.append((at, at + len(part)))
        at += len(part) + len(between)
    return Texted(between.join(parts), REBUILT, sentences=sentences, starts=[start for start, _ in sentences])


def forms_of(node: Node, path: Path) -> Iterator[list[str]]:
    """The tokens, or their tags, of each sentence; what is no word is an empty one, so that each keeps its number."""
    if not path.several:
        found = path.one(node)
        if isinstance(found, list) and found:
            yield [form if isinstance(form, str) else "" for form in found]
        return
    lists, inner = path.split()
    for one in lists.nodes(node):
        if isinstance(one.value, list):
            words = (inner.one(Node(token, "")) for token in one.value)
            yield [word if isinstance(word, str) else "" for word in words]


def _tokenised(forms: list[list[str]], given: Texted | None, joiner: str | None) -> Texted:
    """The text with its tokens: the given one, if it is made of them and white space."""
    firsts = [0]
    for sentence in forms:
        firsts.append(firsts[-1] + len(sentence))
    if given is None:
        built = rebuild([Sentence(sentence) for sentence in forms], joiner)
    else:
        built = rebuild([Sentence([form for sentence in forms for form in sentence], text=given.text)], joiner)
    origin = given.origin if given and built.text == given.text else REBUILT
    places = [(first, behind) for first, behind in pairwise(firsts) if behind > first]
    sentences = [(built.tokens[first][0], built.tokens[behind - 1][1]) for first, behind in places]
    starts = [built.tokens[first][0] if first < len(built.tokens) else len(built.text) for first in firsts[:-1]]
    return Texted(built.text, origin, built.tokens, sentences, starts, firsts)
