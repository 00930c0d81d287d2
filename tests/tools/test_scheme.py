"""The annotators' scheme: fresh, complete, and in each tool's own form."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from graph.vocabulary import parse, vocabulary
from loaders.detect import writer_named
from loaders.document import Document, Mention
from tools import scheme

MADE = scheme.files(vocabulary())
LABELS = {*vocabulary().kinds, "Date", "Value"}
RELATIONS = set(vocabulary().relations)
ROLES = {"subject", "object", "on", "from", "until", "due", "speaker", *vocabulary().roles, "count", "unit", "title"}


def made_json(name: str) -> list[dict[str, object]]:
    value: list[dict[str, object]] = json.loads(MADE[name])
    return value


def section(text: str, name: str) -> dict[str, str]:
    """The lines of a section of brat's configuration, by their first word."""
    body = re.split(r"^\[(\w+)\]\n", text, flags=re.MULTILINE)
    lines = dict(zip(body[1::2], body[2::2], strict=True))[name].strip().split("\n")
    return {line.split("\t")[0]: line.partition("\t")[2] for line in lines}


def test_the_files_are_fresh_and_no_other_stands_beside_them() -> None:
    there = {str(path.relative_to(scheme.FOLDER)) for path in scheme.FOLDER.rglob("*") if path.is_file()}
    assert there == set(MADE)
    for name, text in MADE.items():
        assert (scheme.FOLDER / name).read_text(encoding="utf-8") == text, name


def test_check_says_what_is_stale_and_writing_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scheme, "FOLDER", tmp_path)
    monkeypatch.setattr("sys.argv", ["scheme.py"])
    assert scheme.main() == 0
    (tmp_path / "brat" / "annotation.conf").write_text("old", encoding="utf-8")
    (tmp_path / "brat" / "stray.conf").write_text("", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["scheme.py", "--check"])
    assert scheme.main() == 1
    assert "brat/annotation.conf, brat/stray.conf" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["scheme.py"])
    assert scheme.main() == 0
    monkeypatch.setattr("sys.argv", ["scheme.py", "--check"])
    assert scheme.main() == 0


def test_label_studio_has_every_label_relation_and_role() -> None:
    view = Xml.fromstring(MADE["label-studio/labeling-config.xml"])  # noqa: S314  # our own
    labels = {group.get("name"): {one.get("value") for one in group} for group in view.iter("Labels")}
    assert labels == {"label": LABELS | RELATIONS}
    assert {one.get("value") for one in view.iter("Relation")} >= RELATIONS | ROLES
    choices = {group.get("name"): {one.get("value") for one in group} for group in view.iter("Choices")}
    assert choices["stage"] == set(vocabulary().stages)
    assert choices["polarity"] == {"affirmed", "denied"}
    assert all(one.get("toName") in (None, "text") for one in view.iter())
    shown = {one.get("name"): set((one.get("whenLabelValue") or "").split(",")) for one in view.iter()}
    assert shown["entity"] == set(vocabulary().kinds)
    assert shown["stage"] == shown["legal_status"] == RELATIONS
    assert "pre-wrap" in (view.findtext("Style") or "")


def test_label_studio_takes_what_our_writer_writes() -> None:
    mention = Mention(id="m", types=("Country",), fragments=((0, 3),))
    document = Document(id="d", path="d", format="text", text="ไทย", mentions=(mention,))
    (task,) = json.loads(b"".join(data for _, data in writer_named("label-studio").write([document], Counter())))
    view = Xml.fromstring(MADE["label-studio/labeling-config.xml"])  # noqa: S314  # our own
    names = {one.get("name") for one in view.iter()}
    (result,) = task["annotations"][0]["result"]
    assert {result["from_name"], result["to_name"]} <= names
    assert set(task["data"]) >= {"text"}


def test_brat_allows_the_ends_that_the_vocabulary_allows() -> None:
    text = MADE["brat/annotation.conf"]
    assert set(section(text, "entities")) == LABELS
    for kind in ("relations", "events"):
        assert set(section(text, kind)) == RELATIONS
    for name, line in section(text, "relations").items():
        ends = dict(end.split(":") for end in line.split(", "))
        relation = vocabulary().relations[name]
        assert set(ends["Arg1"].split("|")) == relation.subject
        assert set(ends["Arg2"].split("|")) == relation.object
        assert ("<REL-TYPE>" in ends) == relation.symmetric
    roles = {role.split(":")[0].rstrip("?*+") for role in section(text, "events")["signed"].split(", ")}
    assert roles >= ROLES
    assert "in-force" in section(text, "attributes")["stage"]


def test_brat_separates_only_where_its_parser_does() -> None:
    for name in ("annotation", "visual"):
        for line in MADE[f"brat/{name}.conf"].splitlines():
            assert line.count("\t") <= 1
            assert " " not in line.split("\t")[0] or "|" in line.split("\t")[0], line


def test_inception_layers_refer_to_what_is_there() -> None:
    layers = {str(layer["name"]): layer for layer in made_json("inception/layers.json")}
    mention = "webanno.custom.Mention"
    assert layers["webanno.custom.Relation"]["attach_type"] == {"name": mention}
    features = {name: {one["name"]: one for one in layer["features"]} for name, layer in layers.items()}  # type: ignore[attr-defined]
    assert set(features[mention]) == {"kind", "entity"}
    assert set(features["webanno.custom.Relation"]) == {"relation", "stage", "polarity", "on", "from", "until", "due"}
    arguments = features["webanno.custom.Claim"]["arguments"]
    assert (arguments["link_mode"], arguments["type"]) == ("WITH_ROLE", mention)
    assert {tag["tag_name"] for tag in arguments["tag_set"]["tags"]} >= ROLES
    assert {tag["tag_name"] for tag in features[mention]["kind"]["tag_set"]["tags"]} == LABELS


def test_the_type_system_has_the_layers_with_their_ends() -> None:
    root = Xml.fromstring(MADE["inception/TypeSystem.xml"])  # noqa: S314  # our own
    space = "{http://uima.apache.org/resourceSpecifier}"
    types = {
        one.findtext(f"{space}name"): {name.text for name in one.iter(f"{space}name")}
        for one in root.iter(f"{space}typeDescription")
    }
    assert {"Governor", "Dependent", "relation", "stage"} <= types["webanno.custom.Relation"]
    assert {"role", "target"} <= types["webanno.custom.ClaimArgumentsLink"]
    assert {"arguments", "relation", "legal_status"} <= types["webanno.custom.Claim"]


def test_tools_without_attributes_name_the_stage_in_the_label() -> None:
    spans = {str(one["text"]) for one in made_json("doccano/span-types.json")}
    ties = {str(one["text"]) for one in made_json("doccano/relation-types.json")}
    assert spans >= LABELS | RELATIONS | {"signed:planned"}
    assert ties >= RELATIONS | ROLES | {"signed:planned"}
    assert "plans-to-sign:planned" not in ties
    assert set(MADE["prodigy/span-labels.txt"].split()) == spans
    assert set(MADE["prodigy/relation-labels.txt"].split()) == ties
    for label in spans | ties:
        relation, _, stage = label.partition(":")
        assert not stage or (vocabulary().relation(relation) and vocabulary().stage(stage))


def test_no_role_is_a_relation_and_no_label_is_both_kind_and_relation() -> None:
    assert not RELATIONS & set(scheme.roles(vocabulary()))
    assert not RELATIONS & LABELS


def test_a_new_relation_reaches_every_tool() -> None:
    toml = Path("graph/vocabulary.toml")
    text = (scheme.FOLDER.parent.parent / toml).read_text(encoding="utf-8")
    more = text.replace("[relations.ratified]", "[relations.initialled]", 1)
    made = scheme.files(parse(more))
    files = ("label-studio/labeling-config.xml", "brat/annotation.conf", "brat/visual.conf", "inception/layers.json")
    for name in (*files, "inception/tagset-relation.json", "doccano/relation-types.json", "prodigy/span-labels.txt"):
        assert "initialled" in made[name], name
