"""CAT XML (Content Annotation Tool; MEANTIME, ECB+, EventStoryLine): tokens, markables anchored at them, relations.

The text is rebuilt from the tokens. A markable without an anchor stands for the thing itself, not for words: a mention
of the document as a whole. A relation, coreference too, ties its sources to its targets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element

from loaders.diagnostics import Diagnostics
from loaders.document import Document, Value
from loaders.files import File, opening
from loaders.links import link_to
from loaders.reading import Draft, Options, Reader
from loaders.rebuilt import Sentence, in_pieces, rebuild
from loaders.safe_xml import LINE, parse

FORMAT = "cat"
ANCHOR, REFERENCE = "token_anchor", "external_ref"

_ROOT = re.compile(rb"<Document[\s>]")
_TOKEN = re.compile(rb"<token\s[^<>]*\bt_id\s*=|<Markables[\s/>]")


def claims(file: File, head: bytes) -> str | None:
    """Why this is CAT XML: its root, and tokens with a t_id."""
    if opening(head)[:1] != b"<" or not _ROOT.search(head) or not _TOKEN.search(head):
        return None
    return "a Document of tokens with t_id"


def read(file: File, options: Options, diagnostics: Diagnostics) -> Iterator[Document]:
    """The one document of a file."""
    root = parse(file, diagnostics)
    if root is None:
        return
    tokens, markables, relations = (root.findall(path) for path in ("token", "Markables/*", "Relations/*"))
    if not tokens and not markables:
        diagnostics.lose("file.bad", file.path, f"no tokens and no Markables in <{root.tag}>")
        return
    draft = Draft(root.get("doc_name") or file.stem, "", file, FORMAT, diagnostics)
    draft.metadata = {name: value for name, value in root.attrib.items() if value and name not in ("doc_name", LINE)}
    draft.language = root.get("lang") or None
    places = _text(draft, tokens, options.joiner)
    for markable in markables:
        _mention(draft, markable, places)
    for relation in relations:
        _relation(draft, relation)
    yield draft.finish()


def _text(draft: Draft, tokens: Iterable[Element], joiner: str | None) -> Mapping[str, int]:
    """Gives the draft its text; which token is which by its t_id."""
    sentences: list[Sentence] = []
    places: dict[str, int] = {}
    before: str | None = None
    for number, token in enumerate(tokens):
        if not sentences or token.get("sentence") != before:
            sentences.append(Sentence())
        before = token.get("sentence")
        sentences[-1].forms.append("".join(token.itertext()))
        id_ = token.get("t_id", "")
        if places.setdefault(id_, number) != number:
            draft.warn("id.duplicate", f"token {id_} stands twice; an anchor means the first", token.get(LINE, ""))
    built = rebuild(sentences, joiner)
    draft.text, draft.tokens, draft.sentences = built.text, built.tokens, built.sentences
    draft.text_origin = "rebuilt"
    draft.warn("text.rebuilt", "offsets are of the text rebuilt from its tokens")
    return places


def _mention(draft: Draft, markable: Element, places: Mapping[str, int]) -> None:
    id_, line = markable.get("m_id"), markable.get(LINE, "")
    anchors = [child.get("t_id", "") for child in markable.iter(ANCHOR)]
    if missing := [anchor for anchor in anchors if anchor not in places]:
        told = f"{markable.tag} {id_} is anchored at token {missing[0]}, which is not there"
        draft.skip("ref.dangling", told, line)
        return
    reference = markable.get(REFERENCE, "")
    links = (link_to(reference),) if reference.startswith(("http://", "https://")) else ()
    draft.mention(
        ("markable", id_ if id_ is not None else f"on line {line}"),
        [markable.tag],
        in_pieces({places[anchor] for anchor in anchors}, draft.tokens),
        placed=True,
        raw_id=id_,
        place=line,
        attributes=_attributes(markable, {"m_id", REFERENCE} if links else {"m_id"}),
        links=links,
    )


def _relation(draft: Draft, relation: Element) -> None:
    id_, line = relation.get("r_id"), relation.get(LINE, "")
    args = [(child.tag, ("markable", target)) for child in relation if (target := child.get("m_id")) is not None]
    roles = {role for role, _ in args}
    if missing := [role for role in ("source", "target") if role not in roles]:
        draft.skip("ref.dangling", f"{relation.tag} {id_} has no {' and no '.join(missing)}", line)
        return
    draft.relation(
        ("relation", id_ if id_ is not None else f"on line {line}"),
        relation.tag,
        args,
        raw_id=id_,
        place=line,
        attributes=_attributes(relation, {"r_id"}),
    )


def _attributes(element: Element, without: set[str]) -> dict[str, tuple[Value, ...]]:
    """What an element says of itself; an empty value says nothing."""
    return {name: (value,) for name, value in element.items() if value and name not in without and name != LINE}


CAT = Reader(FORMAT, "CAT XML (MEANTIME, ECB+, EventStoryLine)", claims, read, opens=b"<")
