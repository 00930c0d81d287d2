"""The questions as Neo4j Browser's saved scripts: one that asks, and one of the same name that sets its parameters.

Two, because Browser shows the rows of a statement only where it stands alone. Those of `graphs/` are for Browser only:
their answers are nodes and relationships, which it draws.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath

from graph.errors import UnknownNameError
from graph.stores.base import View
from queries.catalog import Parameter, Template, load, templates
from queries.run import Value, bind, literal

QUESTIONS, PARAMETERS = "accordgraph", "accordgraph parameters"  # folders, as Browser shows them


@cache
def graphs() -> Mapping[str, Template]:
    """The questions whose answers Browser draws, by slug."""
    return load(files("queries").joinpath("graphs"))


def scripts(view: View) -> dict[str, str]:
    """Every script by its path. Parameters have their examples' values, as far as this graph has them."""
    every = [*templates().values(), *graphs().values()]
    asking = {f"{QUESTIONS}/{one.name}.cypher": _question(one) for one in every}
    setting = {f"{PARAMETERS}/{one.name}.cypher": _parameters(view, one) for one in every}
    return asking | setting


def archive(texts: Mapping[str, str]) -> bytes:
    """The scripts as a ZIP file, which Browser imports with its folders; the same bytes for the same texts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for folder in sorted({PurePosixPath(path).parent for path in texts}):
            pack.writestr(zipfile.ZipInfo(f"{folder}/"), b"")  # Neo4j's newer Browser knows no folder without it
        for path, text in texts.items():
            pack.writestr(zipfile.ZipInfo(path), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _question(template: Template) -> str:
    """The query below its name, which Browser takes from the first line."""
    where = f"// Set its parameters first: the script of this name in the folder {PARAMETERS!r}."
    return f"// {template.title}\n{where}\n{template.cypher}"


def _parameters(view: View, template: Template) -> str:
    """A `:param` line for each parameter, below its name and what each means.

    The statement in between is for Neo4j's newer Browser, to which a comment right before `:param` is an error.
    """
    values = {parameter.name: _example(view, template, parameter) for parameter in template.parameters}
    told = (f"// {parameter.name}: {_told(parameter, values[parameter.name])}" for parameter in template.parameters)
    lines = [
        f"// {template.title}",
        "// Change a value to ask about something else.",
        *told,
        f"RETURN {literal(f'Now run the script of this name in the folder {QUESTIONS}.')} AS next;",
        *(f":param {name} => {literal(value)};" for name, value in values.items()),
    ]
    return "\n".join(lines) + "\n"


def _told(parameter: Parameter, value: Value) -> str:
    absent = f"; this graph has no {parameter.example!r}" if value is None else ""
    return f"{parameter.meaning} ({parameter.type}, {'required' if parameter.required else 'null for any'}{absent})"


def _example(view: View, template: Template, parameter: Parameter) -> Value:
    """The example's value, entities by their id; None where it names what this graph does not hold."""
    alone = replace(template, parameters=(parameter,))
    try:
        return bind(view, alone, {parameter.name: parameter.example})[parameter.name]
    except UnknownNameError:
        return None
