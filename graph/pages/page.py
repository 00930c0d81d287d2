"""The HTML of a page: template, style, script and data in one text under a strict content security policy."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from graph.identity import fold

# Runs before the body is drawn: hides what only readers without a script need.
_BOOT = 'document.documentElement.className="js"'
_WEB = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_UNSAFE = "<>&\u2028\u2029"


def page(document: Mapping[str, Any], *, title: str, options: Mapping[str, Any]) -> str:
    """One HTML file that shows the document (see graph.pages.document). `options` are vis-network options."""
    css, script = asset("app.css"), asset("explorer.js")
    text: str = _template().render(
        title=title,
        document=document,
        order=reading_order(document),
        csp=policy(styles=[css], scripts=[_BOOT, script]),
        css=css,
        boot=_BOOT,
        script=script,
        data=embedded({**document, "title": title, "options": options}),
    )
    return text


def reading_order(document: Mapping[str, Any]) -> list[int]:
    """The places of the edges in the order in which the table lists them: by subject, then date, undated ones last."""
    nodes, edges = document["nodes"], document["edges"]

    def key(at: int) -> tuple[str, bool, str, str]:
        edge = edges[at]
        subject, object_ = (fold(nodes[edge[end]]["label"]) for end in ("from", "to"))
        return subject, "since" not in edge, edge.get("since", ""), object_

    return sorted(range(len(edges)), key=key)


def embedded(value: object) -> str:
    """JSON that cannot end a script element or start a comment: `< > &`, U+2028 and U+2029 are written as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in _UNSAFE:
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def policy(*, styles: list[str], scripts: list[str]) -> str:
    """The content security policy under which only these texts run and nothing is loaded."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_digest, scripts))}",
            f"style-src {' '.join(map(_digest, styles))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def web_address(url: str) -> str:
    """The URL if it is http or https, else nothing: no other scheme becomes a link."""
    return url if _WEB.fullmatch(url) else ""


@cache
def asset(name: str) -> str:
    """The text of a built asset of this package; line ends as committed, for the policy's hashes cover them."""
    return files("graph.pages").joinpath("assets", name).read_bytes().decode()


@cache
def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("graph.pages", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["web_address"] = web_address
    return environment.get_template("page.html")


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
