"""Templates: a question a file, its header read and checked, its Cypher held to reading.

Header lines are comments before the first clause: `// title:`, `// answers:`, `// column NAME: meaning`,
`// parameter NAME: type | default | example | meaning`, `// relations:`; an indented one goes on with the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePath

from graph.errors import QuestionError, VocabularyError, did_you_mean
from graph.vocabulary import vocabulary

TYPES = {
    "text": "any text",
    "integer": "a whole number",
    "date": "YYYY, YYYY-MM or YYYY-MM-DD; a year or month stands for its last day",
    "start": "YYYY, YYYY-MM or YYYY-MM-DD; a year or month stands for its first day",
    "entity": "an entity's id, or any name it bears in any language",
    "entities": "one or more of them, separated by commas",
    "relation": "a relation of the vocabulary, as in `shares-intel`",
    "stage": "a stage of the vocabulary, as in `in force`",
    "article": "an article's id or address",
}
ANY, REQUIRED = "any", "required"

_READING = frozenset({"MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CALL"})
_WRITING = frozenset(
    {"CREATE", "MERGE", "INSERT", "SET", "DELETE", "DETACH", "NODETACH", "REMOVE", "FOREACH"}
    | {"DROP", "ALTER", "LOAD", "USE", "TRANSACTIONS"}
)
_TAG = re.compile(r"//\s?(title|answers|relations|parameter|column)(?:\s+(\S+))?\s*:\s*(.*)")
_MORE = re.compile(r"//\s{2,}(\S.*)")
_UNSPOKEN = re.compile(
    r"""//[^\r\n]* | /\*.*?\*/ | '(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" | `(?:``|[^`])*`""", re.VERBOSE | re.DOTALL
)
_WORD = re.compile(r"\$?[^\W\d]\w*|\d+|\S")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question asks for. `default` is None for "any"; a `required` one has no default; texts are as typed."""

    name: str
    type: str
    required: bool
    default: str | None
    example: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of an answer holds."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Template:
    """A question. `name` is its slug, `cypher` the whole file with its header, `relations` as in the vocabulary."""

    name: str
    title: str
    answers: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    relations: tuple[str, ...]
    cypher: str
    path: str

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name. Raises QuestionError with the nearest or the list."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise QuestionError(
            f"Question {self.name!r} has no parameter {name!r}",
            way_out=did_you_mean(name, (p.name for p in self.parameters)),
        )


@cache
def templates() -> Mapping[str, Template]:
    """The questions that ship with the package, by slug."""
    return load(files("queries").joinpath("templates"))


def find(name: str, among: Mapping[str, Template] | None = None) -> Template:
    """The question of this slug. Raises QuestionError with the nearest one."""
    known = templates() if among is None else among
    if name not in known:
        raise QuestionError(f"Unknown question {name!r}", way_out=did_you_mean(name, known))
    return known[name]


def load(folder: Traversable) -> Mapping[str, Template]:
    """The questions of a folder of *.cypher files, by slug. Raises QuestionError with file and line."""
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".cypher")), key=lambda f: f.name)
    parsed = [parse(f.read_text(encoding="utf-8"), str(f)) for f in found]
    return {template.name: template for template in parsed}


def parse(text: str, path: str) -> Template:
    """A template from its text; `path` names it. Raises QuestionError with file and line."""
    tags = list(_tags(text, path))
    template = Template(
        name=PurePath(path).stem,
        title=_one("title", tags, path),
        answers=_one("answers", tags, path),
        parameters=tuple(_parameter(tag, path) for tag in tags if tag.kind == "parameter"),
        columns=tuple(Column(tag.name, tag.text) for tag in tags if tag.kind == "column"),
        relations=tuple(_relations(tags, path)),
        cypher=text,
        path=path,
    )
    _check_reading(text, path)
    _check_parameters(template)
    _check_columns(template)
    return template


def reference() -> str:
    """docs/questions.md: every question with its parameters and columns, as Markdown."""
    lines = [
        "# Questions",
        "",
        "Generated from the headers of `queries/templates/*.cypher` by `make docs`; edit those.",
        "",
        "`accordgraph ask NAME -p parameter=value` asks one; a parameter whose default is *any* can be left out. Each",
        "takes `valid_at` (what held in the world on that day; an event counts from its day on) and `known_at` (what",
        "articles published by that day say). A denied claim never counts as one that affirms.",
        "",
        "| type | is written |",
        "|---|---|",
        *(f"| {name} | {meaning} |" for name, meaning in TYPES.items()),
        "",
        *(f"- [{t.name}](#{t.name}): {t.title}" for t in templates().values()),
    ]
    return "\n".join(lines + [line for t in templates().values() for line in _section(t)]) + "\n"


def code(text: str) -> str:
    """The Cypher with comments and strings blanked and quoted names crossed out: every word left is Cypher's own.

    Offsets stay as they are.
    """
    return _UNSPOKEN.sub(lambda m: re.sub(r"[^\n]", "_" if m[0].startswith("`") else " ", m[0]), text)


@dataclass(frozen=True, slots=True)
class _Tag:
    kind: str
    name: str
    text: str
    line: int


def _tags(text: str, path: str) -> Iterator[_Tag]:
    open_tag: _Tag | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("//"):
            break
        if match := _TAG.fullmatch(line):
            if open_tag:
                yield open_tag
            open_tag = _Tag(match[1], match[2] or "", match[3], number)
        elif open_tag and (more := _MORE.fullmatch(line)):
            open_tag = _Tag(open_tag.kind, open_tag.name, f"{open_tag.text} {more[1]}", open_tag.line)
        else:
            raise QuestionError(
                f"Header line that says nothing: {line!r}",
                path=path,
                line=number,
                way_out="write `// title:`, `// answers:`, `// parameter NAME:`, `// column NAME:` or `// relations:`",
            )
    if open_tag:
        yield open_tag


def _one(kind: str, tags: list[_Tag], path: str) -> str:
    texts = [tag.text for tag in tags if tag.kind == kind]
    if len(texts) != 1 or not texts[0]:
        raise QuestionError(f"The header has {len(texts)} lines `// {kind}:`", path=path, line=1, way_out="write one")
    return texts[0]


def _parameter(tag: _Tag, path: str) -> Parameter:
    fields = [field.strip() for field in tag.text.split("|", 3)]
    if len(fields) != 4 or not all(fields):
        way_out = "write `type | default, any or required | example | meaning`"
        raise QuestionError(f"Parameter {tag.name!r} is not fully declared", path=path, line=tag.line, way_out=way_out)
    type_, default, example, meaning = fields
    if type_ not in TYPES:
        raise QuestionError(
            f"Parameter {tag.name!r} has the unknown type {type_!r}",
            path=path,
            line=tag.line,
            way_out=did_you_mean(type_, TYPES),
        )
    unset = default in (ANY, REQUIRED)
    return Parameter(tag.name, type_, default == REQUIRED, None if unset else default, example, meaning)


def _relations(tags: list[_Tag], path: str) -> Iterator[str]:
    words = _one("relations", tags, path)
    line = next(tag.line for tag in tags if tag.kind == "relations")
    for word in () if words == ANY else words.split(","):
        try:
            yield vocabulary().relation(word.strip()).name
        except VocabularyError as error:
            raise QuestionError(error.what, path=path, line=line, way_out=error.way_out) from error


def _check_reading(text: str, path: str) -> None:
    """A template may only read. Unicode escapes are refused: an engine may undo them before it looks for words."""
    if "\\u" in text:
        raise _writes("a Unicode escape", text, text.index("\\u"), path)
    words = list(_WORD.finditer(code(text)))
    if words and words[0][0].upper() not in _READING:
        raise _writes(words[0][0], text, words[0].start(), path)
    for word, after in zip(words, [*words[1:], None], strict=True):
        calls_procedure = word[0].upper() == "CALL" and (after is None or after[0] not in ("(", "{"))
        if word[0].upper() in _WRITING or word[0] in (";", "\\") or calls_procedure:
            raise _writes(word[0], text, word.start(), path)


def _writes(word: str, text: str, offset: int, path: str) -> QuestionError:
    return QuestionError(
        f"A template may only read, this one has {word!r}",
        path=path,
        line=text.count("\n", 0, offset) + 1,
        way_out="use MATCH, OPTIONAL MATCH, UNWIND, WITH, CALL { … } and RETURN",
    )


def _check_parameters(template: Template) -> None:
    used = {m[1]: m.start() for m in reversed(list(re.finditer(r"\$(\w+)", code(template.cypher))))}
    names = [p.name for p in template.parameters]
    for name, offset in used.items():
        if name not in names:
            raise QuestionError(
                f"${name} is used and not declared",
                path=template.path,
                line=template.cypher.count("\n", 0, offset) + 1,
                way_out=f"add `// parameter {name}: type | default | example | meaning`",
            )
    for name in names:
        if name not in used or names.count(name) > 1:
            wrong = "declared twice" if name in used else "declared and not used"
            line = _line_of("parameter", name, template)
            raise QuestionError(
                f"Parameter {name!r} is {wrong}", path=template.path, line=line, way_out="delete its line"
            )


def _check_columns(template: Template) -> None:
    declared = [column.name for column in template.columns]
    returned, line = _returned(template.cypher)
    if declared != returned:
        odd = [name for name in (*declared, *returned) if (name in declared) != (name in returned)]
        place = _line_of("column", odd[0], template) if odd and odd[0] in declared else line
        said = f"Declared and returned columns differ: {', '.join(odd)}" if odd else "Columns stand in another order"
        raise QuestionError(said, path=template.path, line=place, way_out=f"the query returns: {', '.join(returned)}")


def _line_of(kind: str, name: str, template: Template) -> int:
    tags = [tag for tag in _tags(template.cypher, template.path) if (tag.kind, tag.name) == (kind, name)]
    return tags[-1].line


def _returned(text: str) -> tuple[list[str], int]:
    """The column names of the last RETURN outside brackets, and its line."""
    plain, depth, start = code(text), 0, len(text)
    for match in re.finditer(r"[(\[{]|[)\]}]|\bRETURN\b", plain, re.IGNORECASE):
        depth += match[0] in "([{"
        depth -= match[0] in ")]}"
        start = match.end() if depth == 0 and len(match[0]) > 1 else start
    body = re.split(r"\bORDER\s+BY\b|\bSKIP\b|\bLIMIT\b", plain[start:], maxsplit=1, flags=re.IGNORECASE)[0]
    flat = re.sub(r"\bDISTINCT\b", "", _without_brackets(body), flags=re.IGNORECASE)
    names = [re.split(r"\s", column.strip())[-1] for column in flat.split(",") if column.strip()]
    return names, plain.count("\n", 0, start) + 1


def _without_brackets(text: str) -> str:
    shorter = re.sub(r"[(\[{][^()\[\]{}]*[)\]}]", "", text)
    return text if shorter == text else _without_brackets(shorter)


def _section(template: Template) -> list[str]:
    relations = ", ".join(template.relations) or "any"
    return [
        "",
        f"## {template.name}",
        "",
        f"**{template.title}.** {template.answers}",
        "",
        "| parameter | type | default | example | is |",
        "|---|---|---|---|---|",
        *(f"| `{p.name}` | {p.type} | {_default(p)} | `{p.example}` | {p.meaning} |" for p in template.parameters),
        "",
        "| column | holds |",
        "|---|---|",
        *(f"| {c.name} | {c.meaning} |" for c in template.columns),
        "",
        f"Relations: {relations}.",
    ]


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "**required**"
    return "any" if parameter.default is None else f"`{parameter.default}`"
