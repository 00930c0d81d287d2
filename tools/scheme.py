"""Makes loaders/scheme/: what an annotation tool imports so that a team marks up articles in the vocabulary's words.

`--check` only says whether the files are fresh. What a label means and how to use it: docs/annotation-guide.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

from graph.article import DATE_KEYS, POLARITIES
from graph.vocabulary import Relation, Vocabulary, vocabulary
from loaders.label_studio import CONTROLS

FOLDER = Path(__file__).resolve().parent.parent / "loaders" / "scheme"

DATE, VALUE = "Date", "Value"  # labels of words that are no entity: a date as written, a number or other value
SUFFIXES = ("announced", "planned", "denied")  # stages as labels, where a tool has no attributes: signed:planned
_GREY, _TEAL = "#71717a", "#0f766e"
_LAYER = "webanno.custom."


def files(words: Vocabulary) -> dict[str, str]:
    """Path below loaders/scheme → what stands there."""
    return {
        "label-studio/labeling-config.xml": label_studio(words),
        "brat/annotation.conf": "\n".join(_brat_annotation(words)) + "\n",
        "brat/visual.conf": "\n".join(_brat_visual(words)) + "\n",
        "brat/tools.conf": _BRAT_TOOLS,
        "inception/layers.json": _json(inception_layers(words)),
        **{f"inception/tagset-{name}.json": _json(_tagset(name, tags)) for name, tags in _tagsets(words).items()},
        "inception/TypeSystem.xml": inception_types(words),
        "doccano/span-types.json": _json(_doccano((*_spans(words).items(), *_colored(_staged(words), _GREY)))),
        "doccano/relation-types.json": _json(_doccano(_colored((*_staged(words), *roles(words)), _GREY))),
        "prodigy/span-labels.txt": _lines((*_spans(words), *_staged(words))),
        "prodigy/relation-labels.txt": _lines((*_staged(words), *roles(words))),
        "prodigy/commands.txt": _PRODIGY,
        **{f"{tool}/profile.toml": "\n".join(_profile(tool, words)) + "\n" for tool in _TOOLS},
    }


# --- what every tool's scheme is made of -------------------------------------------------------------------------


def _spans(words: Vocabulary) -> dict[str, str]:
    """Labels of mentions, with their colours: the kinds, dates and values."""
    return {kind.name: kind.color for kind in words.kinds.values()} | {DATE: _TEAL, VALUE: _GREY}


def roles(words: Vocabulary) -> dict[str, tuple[str, ...]]:
    """What may be tied to the words that state a claim, and the labels it may have there; () for those of the relation.

    Value qualifiers with fixed choices are attributes and not among them.
    """
    values = [value.name for value in words.values.values() if value.type != "choice"]
    return {
        "subject": (),
        "object": (),
        **dict.fromkeys(DATE_KEYS, (DATE,)),
        **{role.name: _ordered(words, role.kinds) for role in words.roles.values()},
        "speaker": tuple(words.kinds),
        **dict.fromkeys(values, (VALUE,)),
    }


def _choices(words: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Attributes of a claim, with their values."""
    chosen = {value.name: value.choices for value in words.values.values() if value.type == "choice"}
    return {"stage": tuple(words.stages), "polarity": POLARITIES, **chosen}


def _staged(words: Vocabulary) -> Iterator[str]:
    """Relations, and each with the stages that are no default of it."""
    for relation in words.relations.values():
        yield relation.name
        yield from (f"{relation.name}:{stage}" for stage in SUFFIXES if stage != relation.stage)


def _ordered(words: Vocabulary, kinds: frozenset[str]) -> tuple[str, ...]:
    return tuple(kind for kind in words.kinds if kind in kinds)


def _colored(labels: Iterable[str], color: str) -> Iterator[tuple[str, str]]:
    return ((label, color) for label in labels)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _lines(labels: Iterable[str]) -> str:
    return "".join(f"{label}\n" for label in labels)


def _xml(root: Xml.Element) -> str:
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode") + "\n"


# --- profiles ---------------------------------------------------------------------------------------------------

_TOOLS = ("brat", "doccano", "inception", "label-studio", "prodigy")


def _profile(tool: str, words: Vocabulary) -> Iterator[str]:
    """How an export made with this scheme is read: the same as without a profile, written out to be added to."""
    yield f"# Reads what is annotated with the scheme for {tool}. Labels of your own: add them, see docs/exports.md."
    yield f'[profile]\nname = "accordgraph scheme for {tool}"'
    yield "\n[defaults]  # what no export states; --set published=2025-10-16 does the same"
    yield '# published = "2025-10-16"\n# publisher = "…"'
    yield "\n# --- labels of mentions\n"
    yield from (f'[nodes.{kind}]\nfrom = ["{kind}"]' for kind in words.kinds)
    yield "\n# --- labels of relations, and of the words that say so; signed:planned names a stage\n"
    yield from (f'[relations.{relation}]\nfrom = ["{relation}"]' for relation in words.relations)
    yield "\n[roles]  # what ties the parts of a claim to the words that say so"
    yield from (f'{role} = ["{role}"]' for role in (*roles(words), *_choices(words)))
    yield f'\n[ignore]  # no entities, but parts of claims\nlabels = ["{DATE}", "{VALUE}"]'
    yield '\n[unmapped]\nnodes = "keep"\nrelations = "error"'


# --- Label Studio ------------------------------------------------------------------------------------------------


def label_studio(words: Vocabulary) -> str:
    """The labelling configuration: ties, labels of mentions and of claims, and what a chosen region may say."""
    view = Xml.Element("View")
    Xml.SubElement(view, "Style").text = ".htx-text{ white-space: pre-wrap; }"  # else spaces are cut and offsets move
    ties = Xml.SubElement(view, "Relations")
    for name in (*words.relations, *roles(words)):
        Xml.SubElement(ties, "Relation", value=name)
    labels = Xml.SubElement(view, "Labels", name=CONTROLS["from_name"], toName=CONTROLS["to_name"])
    hints = {kind.name: kind.meaning for kind in words.kinds.values()}
    for label, color in _spans(words).items():
        Xml.SubElement(labels, "Label", value=label, background=color, hint=hints.get(label, f"{label} as written"))
    for relation in words.relations.values():
        Xml.SubElement(labels, "Label", value=relation.name, background=_GREY, hint=relation.meaning)
    Xml.SubElement(view, "Text", name=CONTROLS["to_name"], value="$text", granularity="symbol")
    of_entity = _shown_with(words.kinds)
    Xml.SubElement(view, "TextArea", of_entity, name="entity", placeholder="id or name in the register", rows="1")
    of_claim = _shown_with(words.relations) | {"showInline": "true", "choice": "single"}
    for name, values in _choices(words).items():
        group = Xml.SubElement(view, "Choices", of_claim, name=name)
        for value in values:
            Xml.SubElement(group, "Choice", value=value)
    return _xml(view)


def _shown_with(labels: Iterable[str]) -> dict[str, str]:
    """What makes a field belong to one region, of one of these labels."""
    shown = {"visibleWhen": "region-selected", "whenLabelValue": ",".join(labels)}
    return {"toName": CONTROLS["to_name"], "perRegion": "true", **shown}


# --- brat --------------------------------------------------------------------------------------------------------

_BRAT_TOOLS = """\
[options]

Tokens\ttokenizer:whitespace
Sentences\tsplitter:newline
Validation\tvalidate:all

[search]

[annotators]

[disambiguators]

[normalization]
"""


def _brat_annotation(words: Vocabulary) -> Iterator[str]:
    yield "[entities]\n"
    yield from _spans(words)
    yield "\n[relations]\n"
    for relation in words.relations.values():
        ends = f"Arg1:{_either(words, relation.subject)}, Arg2:{_either(words, relation.object)}"
        yield f"{relation.name}\t{ends}" + (", <REL-TYPE>:symmetric" if relation.symmetric else "")
    yield "\n[events]\n"
    for relation in words.relations.values():
        yield f"{relation.name}\t{', '.join(_brat_roles(words, relation))}"
    yield "\n[attributes]\n"
    for name, values in _choices(words).items():
        targets = "<EVENT>|<RELATION>" if name in ("stage", "polarity") else "<EVENT>"
        yield f"{name}\tArg:{targets}, Value:{'|'.join(_brat_word(value) for value in values)}"


def _brat_roles(words: Vocabulary, relation: Relation) -> Iterator[str]:
    """A claim needs a subject and an object; each of several makes one claim. Dates, values, a speaker stand once."""
    yield f"subject+:{_either(words, relation.subject)}"
    yield f"object+:{_either(words, relation.object)}"
    for role, labels in roles(words).items():
        if labels:
            yield f"{role}{'?' if labels in ((DATE,), (VALUE,)) or role == 'speaker' else '*'}:{'|'.join(labels)}"


def _either(words: Vocabulary, kinds: frozenset[str]) -> str:
    return "|".join(_ordered(words, kinds))


def _brat_word(text: str) -> str:
    """A value without spaces, which brat does not allow; `in-force` is read as in force."""
    return text.replace(" ", "-")


def _brat_visual(words: Vocabulary) -> Iterator[str]:
    yield "[labels]\n"
    yield from (f"{kind.name} | {kind.label}" for kind in words.kinds.values())
    yield from (f"{relation} | {relation.replace('-', ' ')}" for relation in words.relations)
    yield "\n[drawing]\n"
    yield "SPAN_DEFAULT\tfgColor:black, bgColor:#e4e4e7, borderColor:darken"
    yield "ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5"
    yield from (f"{label}\tfgColor:white, bgColor:{color}" for label, color in _spans(words).items())
    yield "polarity\tglyph:+|¬"


# --- INCEpTION ---------------------------------------------------------------------------------------------------


def _tagsets(words: Vocabulary) -> dict[str, dict[str, str]]:
    """Name → tag → what it means."""
    return {
        "kind": {kind.name: kind.meaning for kind in words.kinds.values()}
        | {DATE: "A date as written.", VALUE: "A number, title or other value as written."},
        "relation": {relation.name: relation.meaning for relation in words.relations.values()},
        **{name: dict(zip(values, values, strict=True)) for name, values in _choices(words).items()},
        "stage": dict(words.stages),
        "role": {role: _role_meaning(words, role) for role in roles(words)},
    }


def _role_meaning(words: Vocabulary, role: str) -> str:
    known = words.roles.get(role) or words.values.get(role)
    return known.meaning if known else f"The {role} of the claim."


def _tagset(name: str, tags: Mapping[str, str]) -> dict[str, Any]:
    listed = [{"tag_name": tag, "tag_description": meaning} for tag, meaning in tags.items()]
    return {"name": f"accordgraph {name}", "description": "", "language": "mul", "tags": listed, "create_tag": False}


def inception_layers(words: Vocabulary) -> list[dict[str, Any]]:
    """Three layers: Mention; Relation between two mentions; Claim, words with mentions tied to them by role."""
    tagsets = {name: _tagset(name, tags) for name, tags in _tagsets(words).items()}
    relation, stage, polarity = (_feature(name, tagsets[name]) for name in ("relation", "stage", "polarity"))
    dates = [_feature(key) for key in DATE_KEYS]
    chosen = [_feature(name, tagsets[name]) for name in _choices(words)]
    arguments = _feature("arguments", tagsets["role"]) | {
        "type": f"{_LAYER}Mention",
        "multi_value_mode": "ARRAY",
        "link_mode": "WITH_ROLE",
        "link_type_name": f"{_LAYER}ClaimArgumentsLink",
        "link_type_role_feature_name": "role",
        "link_type_target_feature_name": "target",
        "traits": json.dumps({"defaultSlots": [], "enableRoleLabels": True}),
    }
    return [
        _layer("Mention", "span", [_feature("kind", tagsets["kind"]), _feature("entity")]),
        _layer("Relation", "relation", [relation, stage, polarity, *dates])
        | {"attach_type": {"name": f"{_LAYER}Mention"}},
        _layer("Claim", "span", [relation, *chosen, arguments]),
    ]


def _layer(name: str, type_: str, features: list[dict[str, Any]]) -> dict[str, Any]:
    """A layer that is anchored on characters: word breaks of Thai, Khmer, Lao or Burmese text are guesses."""
    return {
        "name": f"{_LAYER}{name}",
        "features": [feature | {"rank": rank} for rank, feature in enumerate(features)],
        "uiName": name,
        "type": type_,
        "description": "",
        "enabled": True,
        "built_in": False,
        "readonly": False,
        "attach_type": None,
        "attach_feature": None,
        "allow_stacking": True,
        "cross_sentence": True,
        "show_hover": True,
        "anchoring_mode": "CHARACTERS",
        "overlap_mode": "ANY_OVERLAP",
        "validation_mode": "ALWAYS",
        "lock_to_token_offset": False,
        "multiple_tokens": True,
        "linked_list_behavior": False,
        "on_click_javascript_action": None,
        "traits": None,
    }


def _feature(name: str, tagset: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "tag_set": tagset,
        "uiName": name,
        "type": "uima.cas.String",
        "enabled": True,
        "visible": True,
        "include_in_hover": False,
        "required": name in ("kind", "relation"),
        "remember": False,
        "hideUnconstraintFeature": False,
        "description": "",
        "multi_value_mode": "NONE",
        "link_mode": "NONE",
        "link_type_name": None,
        "link_type_role_feature_name": None,
        "link_type_target_feature_name": None,
        "traits": None,
        "curatable": True,
    }


def inception_types(words: Vocabulary) -> str:
    """The same layers as a UIMA type system, for programs that write XMI or CAS JSON."""
    root = Xml.Element("typeSystemDescription", xmlns="http://uima.apache.org/resourceSpecifier")
    Xml.SubElement(root, "name").text = "accordgraph"
    types = Xml.SubElement(root, "types")
    for layer in inception_layers(words):
        features = _type(types, layer["name"], "uima.tcas.Annotation")
        for end in ("Governor", "Dependent") if layer["type"] == "relation" else ():
            _uima_feature(features, end, f"{_LAYER}Mention")
        for feature in layer["features"]:
            if feature["link_mode"] == "NONE":
                _uima_feature(features, feature["name"], feature["type"])
            else:
                _uima_feature(features, feature["name"], "uima.cas.FSArray", feature["link_type_name"])
    link = _type(types, f"{_LAYER}ClaimArgumentsLink", "uima.cas.TOP")
    _uima_feature(link, "role", "uima.cas.String")
    _uima_feature(link, "target", f"{_LAYER}Mention")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _xml(root)


def _type(types: Xml.Element, name: str, above: str) -> Xml.Element:
    """A type in the list; returns where its features go."""
    one = Xml.SubElement(types, "typeDescription")
    for tag, text in (("name", name), ("description", ""), ("supertypeName", above)):
        Xml.SubElement(one, tag).text = text
    return Xml.SubElement(one, "features")


def _uima_feature(features: Xml.Element, name: str, range_: str, element: str | None = None) -> None:
    one = Xml.SubElement(features, "featureDescription")
    for tag, text in (("name", name), ("description", ""), ("rangeTypeName", range_), ("elementType", element)):
        if text is not None:
            Xml.SubElement(one, tag).text = text


# --- doccano, Prodigy --------------------------------------------------------------------------------------------

_PRODIGY = """\
prodigy rel.manual articles blank:th suggestions.jsonl --span-label span-labels.txt --label relation-labels.txt --wrap
prodigy db-out articles > articles.jsonl
"""


def _doccano(labels: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    keys = {"prefix_key": None, "suffix_key": None}
    return [{"text": label, **keys, "background_color": color, "text_color": "#ffffff"} for label, color in labels]


def main() -> int:
    """Writes the files, or with --check compares them; 1 if one was stale or stands there without being made."""
    made = {FOLDER / name: text for name, text in files(vocabulary()).items()}
    stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    stray = [path for path in FOLDER.rglob("*") if path.is_file() and path not in made]
    if "--check" in sys.argv:
        wrong = ", ".join(str(path.relative_to(FOLDER)) for path in (*stale, *stray))
        print(f"stale: {wrong}; run make docs" if wrong else "the annotators' scheme is fresh")
        return 1 if wrong else 0
    for path in stray:
        path.unlink()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
