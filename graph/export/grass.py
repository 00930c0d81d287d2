"""The graph's look in Neo4j Browser: a GraSS style sheet made from the vocabulary, in the page's colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph.vocabulary import Kind, vocabulary

# As in frontend/src/app.css.
_INK, _QUIET, _LINE, _ACCENT = "#1b222c", "#5b6675", "#9aa5b3", "#0b63c5"
_SURFACE, _FAINT, _MARK = "#ffffff", "#e3e7ec", "#ffe68a"
_NAMED, _TYPED = {"caption": "{name}"}, {"caption": "<type>"}
_LARGE = {"diameter": "80px"}
_LARGE_KINDS = frozenset({"Country", "Agreement"})

_Style = Mapping[str, str]


def to_grass() -> str:
    """The style sheet. Browser applies every rule that fits a node, in order: `Entity` stands before its kinds."""
    return "\n".join(f"{selector} {{\n{_declarations(style)}}}\n" for selector, style in (*_nodes(), *_edges()))


def _nodes() -> Iterator[tuple[str, _Style]]:
    size = {"diameter": "65px", "border-width": "2px", "font-size": "10px"}
    yield "node", {**size, **_fill(_LINE), "caption": "<id>"}
    yield "node.Entity", {**_fill(_LINE), **_NAMED}
    for kind in vocabulary().kinds.values():
        yield f"node.{kind.name}", _kind(kind)
    claim = {"diameter": "90px", "font-size": "8px", "caption": "{polarity} {stage} {relation}"}
    yield "node.Claim", {**_fill(_MARK), **claim}
    yield "node.Article", {**_fill(_SURFACE), "border-color": _QUIET, **_LARGE, "caption": "{publisher} · {title}"}
    yield "node.Build", {**_fill(_FAINT), "caption": "{id}"}


def _kind(kind: Kind) -> _Style:
    return {**_fill(kind.color), **(_LARGE if kind.name in _LARGE_KINDS else {}), **_NAMED}


def _edges() -> Iterator[tuple[str, _Style]]:
    size = {"shaft-width": "1px", "font-size": "8px", "padding": "3px", "text-color-external": _INK}
    yield "relationship", {**size, **_stroke(_QUIET), **_TYPED}
    for relation in vocabulary().relations.values():
        yield f"relationship.{relation.type}", {"shaft-width": "2px", **_stroke(_LINE), **_TYPED}
    for type_ in ("SUBJECT", "OBJECT", "MENTIONS"):
        yield f"relationship.{type_}", {**_stroke(_QUIET), **_TYPED}
    yield "relationship.QUALIFIED_BY", {**_stroke(_QUIET), "caption": "{role}"}
    yield "relationship.EVIDENCED_BY", {"shaft-width": "2px", **_stroke(_ACCENT), "caption": "{quote}"}


def _fill(color: str) -> dict[str, str]:
    darker = "#" + "".join(f"{channel * 4 // 5:02x}" for channel in _channels(color))
    return {"color": color, "border-color": darker, "text-color-internal": _legible_on(color)}


def _stroke(color: str) -> dict[str, str]:
    return {"color": color, "text-color-internal": _legible_on(color)}


def _declarations(style: _Style) -> str:
    """The style's lines. Browser splits them at `:` and `;` even within quotes, so no caption has either."""
    quoted = {key: f'"{value}"' if key == "caption" else value for key, value in style.items()}
    return "".join(f"  {key}: {value};\n" for key, value in quoted.items())


def _legible_on(color: str) -> str:
    """White or the page's ink, whichever stands out more against the colour."""
    return max((_SURFACE, _INK), key=lambda text: _contrast(text, color))


def _contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    shares = (channel / 255 for channel in _channels(color))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue
