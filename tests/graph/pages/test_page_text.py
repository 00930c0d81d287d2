"""The page as text: what stands in it, that nothing in it can run, and that the same graph gives the same bytes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.build import Graph
from graph.errors import VocabularyError
from graph.pages import render
from graph.pages.page import asset, embedded, web_address

AWKWARD = st.text(max_size=40) | st.sampled_from(
    [
        "ลงนามบันทึกความเข้าใจ ปี 2565",
        "កម្ពុជា\u200bចុះហត្ថលេខា",
        "ລາວ ສປປ",
        "မြန်မာနိုင်ငံ",
        "柬埔寨与泰国",
        "👩🏽‍⚖️🇹🇭",
        "e\u0301\u0323a\u0308",
        "\u202eمرحبا\u202c \u05e9\u05dc\u05d5\u05dd",
        "</script><!--<script>",
        "]]>&amp;\\u003c\u2028\u2029\x00\r\n\t",
    ]
)


class _Elements(HTMLParser):
    """The elements of a page with their attributes, and the text inside scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._inside: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag in self.raw:
            self._inside = tag
            self.raw[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.raw[self._inside][-1] += data


@given(
    st.recursive(AWKWARD | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(AWKWARD, inner))
)
def test_embedded_json_reads_back_and_cannot_end_its_element(value: object) -> None:
    text = embedded(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


@given(AWKWARD)
def test_a_title_is_text_wherever_it_stands(title: str) -> None:
    page = _Elements(render(Graph({}, {}, {}, {}, {}, ""), title=title))
    assert json.loads(page.raw["script"][1])["title"] == title
    assert [tag for tag, _ in page.found].count("script") == 3
    assert len(page.raw["style"]) == 1


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        embedded({"confidence": float("nan")})


def test_the_policy_lets_in_what_the_page_brings_and_nothing_else(small: Graph) -> None:
    page = _Elements(render(small))
    policy = next(said["content"] for tag, said in page.found if said.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.split(" ", 1) for rule in (policy or "").split("; "))
    boot, _data, script = page.raw["script"]
    hashes = {b64encode(sha256(text.encode()).digest()).decode() for text in (boot, script)}
    assert set(re.findall(r"'sha256-(.+?)'", rules["script-src"])) == hashes
    style = b64encode(sha256(page.raw["style"][0].encode()).digest()).decode()
    assert rules["style-src"] == f"'sha256-{style}'"
    assert (rules["default-src"], rules["base-uri"], rules["form-action"]) == ("'none'", "'none'", "'none'")
    assert rules["require-trusted-types-for"] == "'script'"
    assert not any("style" in said or any(name.startswith("on") for name in said) for _, said in page.found)
    assert not any(
        tag in {"link", "img", "iframe", "object", "embed", "base"} or "src" in said for tag, said in page.found
    )


def test_the_page_says_its_language_and_sends_no_referrer(small: Graph) -> None:
    page = _Elements(render(small))
    assert ("html", {"lang": "en"}) in page.found
    assert ("meta", {"name": "referrer", "content": "no-referrer"}) in page.found
    outward = [said for tag, said in page.found if tag == "a" and (said["href"] or "").startswith("http")]
    assert outward
    assert all(said["rel"] == "noopener noreferrer" and said["target"] == "_blank" for said in outward)


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    recipe = (
        "import runpy, sys; from hashlib import sha256; from graph.pages import render; "
        "made = runpy.run_path(sys.argv[1]); "
        "print(*(sha256(render(graph).encode()).hexdigest() for graph in (made['mou'](), made['generated'](60, 120))))"
    )
    root = Path(str(files("graph"))).parent
    printed = {
        subprocess.run(
            [sys.executable, "-c", recipe, str(Path(__file__).with_name("conftest.py"))],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONPATH": str(root)},
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone, locale in [("1", "UTC", "C.UTF-8"), ("2", "Asia/Bangkok", "C")]
    }
    assert len(printed) == 1


def test_importing_pages_loads_neither_pyvis_nor_networkx() -> None:
    heavy = "import sys, graph.pages; print(sorted({'pyvis', 'networkx', 'numpy', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", heavy], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_the_assets_are_those_of_the_manifest() -> None:
    manifest = json.loads(asset("manifest.json"))
    assert {name: sha256(asset(name).encode()).hexdigest() for name in manifest} == manifest
    assert {"explorer.js", "app.css", "THIRD_PARTY.txt"} == set(manifest)
    assert "vis-network" in asset("THIRD_PARTY.txt")
    assert asset("THIRD_PARTY.txt") in asset("explorer.js")


def test_only_web_addresses_become_links() -> None:
    assert web_address("https://a.example/ก?b=1") == "https://a.example/ก?b=1"
    for other in (
        "javascript:alert(1)",
        " https://a.example",
        "java\nscript:x",
        "file:///etc/passwd",
        "//a.example",
        "https://a b",
    ):
        assert web_address(other) == ""


def test_a_relation_that_the_vocabulary_lacks_is_named(sketch: Any) -> None:
    one, two = sketch.entity("country:TH", "Thailand"), sketch.entity("country:KH", "Cambodia")
    claim = sketch.claim(one, "signs", two, stage="signed")
    sketch.quote(claim, sketch.article("a"), "", "they sign")
    with pytest.raises(VocabularyError, match="did you mean 'signed'"):
        render(sketch.graph())
