"""Makes what is generated in the documentation: the references, and the output of the commands in README.md.

`--check` only says whether they are fresh.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from graph.article import DATE_KEYS, FORMS, POLARITIES
from graph.vocabulary import Vocabulary, vocabulary
from loaders.detect import READERS, WRITERS
from loaders.diagnostics import CODES
from loaders.stated import OPTIONAL, REQUIRED
from queries.catalog import reference

ROOT = Path(__file__).resolve().parent.parent
_CONSOLE = re.compile(r"^```console\n\$ (.+)\n(?:.*\n)*?```$", re.MULTILINE)


def vocabulary_page(words: Vocabulary) -> str:
    """The vocabulary as Markdown tables."""
    return "\n".join(_vocabulary_lines(words)) + "\n"


def _vocabulary_lines(words: Vocabulary) -> Iterator[str]:
    yield "# Vocabulary\n\nGenerated from `graph/vocabulary.toml` by `make docs`; change it there.\n"
    yield f"RDF terms without a prefix of their own stand in the namespace `{words.namespace}` (`ag:`).\n\n## Kinds\n"
    kinds = words.kinds.values()
    yield from _table(
        ("kind", "id prefix", "means", "RDF"), ((k.name, f"`{k.slug}:`", k.meaning, f"`{k.rdf}`") for k in kinds)
    )
    yield "\n## Relations\n"
    yield from _table(
        (
            "relation",
            "in Cypher",
            "means",
            "subject",
            "object",
            "nature",
            "stage",
            "requires",
            "CAMEO",
            "PLOVER",
            "RDF",
        ),
        (
            (
                f"`{r.name}`" + (" (symmetric)" if r.symmetric else ""),
                f"`{r.type}`",
                r.meaning,
                ", ".join(sorted(r.subject)),
                ", ".join(sorted(r.object)),
                r.nature,
                r.stage,
                ", ".join(one.replace("|", " or ") for one in r.requires),
                r.cameo,
                r.plover,
                f"`{r.rdf}`",
            )
            for r in words.relations.values()
        ),
    )
    yield "\n`stage` is what a claim's stage is where the annotation does not say.\n\n## Stages\n"
    yield from _table(("stage", "means"), words.stages.items())
    yield "\n## Value qualifiers\n"
    values = words.values.values()
    yield from _table(
        ("key", "type", "means", "values"),
        ((f"`{v.name}`", v.type, v.meaning, ", ".join(v.choices or v.suggested)) for v in values),
    )
    yield "\n## Entity qualifiers\n"
    yield from _table(
        ("key", "kinds", "means"),
        ((f"`{r.name}`", ", ".join(sorted(r.kinds)), r.meaning) for r in words.roles.values()),
    )


def _table(head: tuple[str, ...], rows: Any) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"


def article_schema(words: Vocabulary) -> str:
    """The JSON Schema of an article's front matter, for editors to complete and check."""
    text = {"type": ["string", "number"]}
    ids = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    claim: dict[str, Any] = {
        "subject": {"type": "string"},
        "relation": {"enum": sorted(words.relations)},
        "object": {"type": "string"},
        "quote": {"type": "string", "minLength": 1},
        "prefix": {"type": "string"},
        "suffix": {"type": "string"},
        "stage": {"enum": list(words.stages)},
        "polarity": {"enum": list(POLARITIES)},
        "speaker": {"type": "string"},
        "confidence": text,
        **dict.fromkeys(DATE_KEYS, text),
        **{
            v.name: {"enum": list(v.choices)} if v.choices else {**text, "description": v.meaning}
            for v in words.values.values()
        },
        **{r.name: {**ids, "description": r.meaning} for r in words.roles.values()},
    }
    head: dict[str, Any] = dict.fromkeys((*REQUIRED, *OPTIONAL), text)
    head |= {
        "id": {"type": "string", "pattern": "^[a-z0-9][a-z0-9._-]*$"},
        "url": {"type": "string", "pattern": "^(https?://|urn:[a-z0-9][a-z0-9-]*:)"},
        "form": {"enum": list(FORMS)},
        "claims": {"type": "array", "items": _object(claim, ("subject", "relation", "object", "quote"))},
        "mentions": {
            "type": "array",
            "items": _object(
                {k: {"type": "string"} for k in ("entity", "quote", "prefix", "suffix")}, ("entity", "quote")
            ),
        },
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of an annotated article",
        **_object(head, REQUIRED),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _object(properties: Mapping[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def readme() -> str:
    """README.md with the output of each of its commands as it is now, run one after another in a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "articles", Path(folder) / "articles")
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        return _CONSOLE.sub(lambda block: f"```console\n$ {block[1]}\n{_output(block[1], folder)}```", text)


def _output(command: str, folder: str) -> str:
    environment = {**os.environ, "COLUMNS": "110", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    environment.pop("ACCORDGRAPH_STORE", None)
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        check=True,
        stdout=-1,
        stderr=-2,
        text=True,
        encoding="utf-8",
    )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"


def formats_page() -> str:
    """Which formats of annotation tools are read and written, and what each diagnostic says, as Markdown tables."""
    written = {writer.format for writer in WRITERS}
    formats = (
        (f"`{reader.format}`", reader.title, "yes" if reader.format in written else "")
        for reader in sorted(READERS, key=lambda reader: reader.format)
    )
    lines = [
        "# Formats of annotation tools\n",
        "Generated from the readers by `make docs`. How they are used: [exports](exports.md).\n",
        "## Read\n",
        *_table(("format", "is", "also written"), formats),
        "\n## Diagnostics\n",
        "Each line is `path:line: CODE message [action]`, in JSON `path#/pointer: …`. Codes are stable.\n",
        *_table(("code", "says"), ((f"`{code}`", said) for code, said in sorted(CODES.items()))),
    ]
    return "\n".join(lines) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/formats.md": formats_page,
    "docs/vocabulary.md": lambda: vocabulary_page(vocabulary()),
    "docs/article.schema.json": lambda: article_schema(vocabulary()),
    "docs/questions.md": reference,
    "README.md": readme,
}


def main() -> int:
    """Writes the files, or with --check compares them; 1 if one was stale."""
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and stale:
        print(f"stale: {', '.join(stale)}; run make docs")
        return 1
    print("the references are fresh" if not stale else f"written: {', '.join(stale)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
