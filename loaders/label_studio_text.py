"""The text of a Label Studio task: which key of its data holds it, and where a region stands in it.

`Text` counts code points (UTF-16 in old exports), `HyperText` in all text nodes of the page, or in one that an XPath
leads to, `Paragraphs` inside one of several. What is no plain text is put together here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from loaders.document import Fragment
from loaders.html_text import Page, html_page
from loaders.offsets import Offsets, Stated, place, same_words

Region = Mapping[str, Any]  # the value of a result
PLAIN, PAGE, PARAGRAPHS = "plain", "page", "paragraphs"
BETWEEN = "\n\n"  # what stands between the texts of a task that has several

_COUNTED = (None, "utf16", "white-space")  # what may differ where offsets on a page are right
_AT = ("start", "end", "startOffset", "endOffset", "globalOffsets")
_TIMED = ("channel", "instant")  # keys of regions of sounds and of series
_SPACE = re.compile(r"(?:\s|\\[nrt])+")
_ADDRESS = re.compile(  # of an image, a sound or a page: no text
    r"(?:[a-z][a-z0-9+.-]{1,20}://|data:)\S*|/(?:data|static|storage-data|media)/.*"
    r"|\S+\.(?:wav|mp3|ogg|flac|m4a|mp4|webm|avi|mov|jpe?g|png|gif|bmp|tiff?|webp|svg|pdf|csv|html?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a region stands: raw offsets, and code points of the whole text if they had to be found here, and how."""

    raw: Fragment
    at: tuple[Fragment, ...] = ()
    repair: str | None = None


def is_region(value: Region) -> bool:
    """Whether this marks a stretch of text, or of sound."""
    return any(key in value for key in _AT)


def is_timed(value: Region) -> bool:
    """Whether what this marks is counted in time: sound, video, a series."""
    ends = (value.get("start"), value.get("end"))
    dated = any(isinstance(end, str) and end and end[0] != "/" and not end.isdecimal() for end in ends)
    return dated or any(isinstance(end, float) for end in ends) or any(key in value for key in _TIMED)


def words_of(value: Region) -> str | None:
    """The words that the region states."""
    words = value.get("text")
    return words if isinstance(words, str) and words else None


def shape(value: Region) -> str:
    """Which sort of text a region is of."""
    start = value.get("start")
    if isinstance(start, str) and not start.isdecimal():
        return PAGE
    if type(value.get("startOffset")) is int:
        return PARAGRAPHS
    return PAGE if start is None and isinstance(value.get("globalOffsets"), dict) else PLAIN


class TaskText:
    """The texts of a task that its regions stand on, as one; mostly there is one.

    `regions` are those of each object that is labelled (`to_name`), `timed` the objects that are no texts, `key` is the
    user's word, `usual` the keys that held the text of these objects before in the file; it is kept up to date.
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        regions: Mapping[str, Sequence[Region]],
        key: str | None = None,
        usual: dict[str, str] | None = None,
        timed: Collection[str] = (),
    ) -> None:
        usual = {} if usual is None else usual
        self._timed = timed
        regions = {name: several for name, several in regions.items() if name not in timed}
        found = {name: _key(data, regions.get(name, ()), name, key, usual) for name in regions or ("",)}
        sure = {name: key for name, (key, fits) in found.items() if key and fits}
        self._keys = sure or {name: key for name, (key, _) in [*found.items()][:1] if key}
        usual.update(self._keys)
        pages = {self._keys[name] for name in self._keys if PAGE in map(shape, regions.get(name, ()))}
        self._parts = {key: _Part(data[key], page=key in pages) for key in dict.fromkeys(self._keys.values())}
        lengths = [len(part.text) + len(BETWEEN) for part in self._parts.values()]
        self._starts = dict(zip(self._parts, accumulate(lengths, initial=0), strict=False))
        self.text = BETWEEN.join(part.text for part in self._parts.values())
        self.rebuilt = len(self._parts) > 1 or any(not part.plain for part in self._parts.values())

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of data that hold the text; none where nothing does."""
        return tuple(self._parts)

    @property
    def paragraphs(self) -> tuple[Fragment, ...]:
        """The paragraphs of a text that is one of several."""
        return tuple(
            (start + first, start + last)
            for key, start in self._starts.items()
            if key in self._parts
            for first, last in self._parts[key].paragraphs
        )

    def holds(self, value: Region, name: str) -> bool:
        """Whether a region of the object `name` marks a stretch of text."""
        return is_region(value) and not is_timed(value) and name not in self._timed

    def where(self, value: Region, name: str, unit: str) -> Where | None:
        """Where a region of the object `name` stands; None where that cannot be told."""
        key = self._keys.get(name) or next(iter(self._parts), None)
        if key is None or not self.rebuilt:
            raw = _pair(value.get("start"), value.get("end"))
            return raw and Where(raw)
        found = self._parts[key].where(value, unit)
        before = self._starts[key]
        return found and Where(found.raw, tuple((a + before, b + before) for a, b in found.at), found.repair)


class _Part:
    """One text of a task."""

    def __init__(self, given: Any, *, page: bool) -> None:
        self.plain = isinstance(given, str) and not page
        self.page: Page | None = html_page(given) if isinstance(given, str) and page else None
        several = [] if isinstance(given, str) else [*_paragraphs(given)]
        self.text = self.page.text if self.page else "\n".join(several) if several else given
        ends = [*accumulate((len(one) + 1 for one in several), initial=0)]
        self.paragraphs = [(start, start + len(one)) for start, one in zip(ends, several, strict=False)]
        self._known: dict[str | None, list[Fragment]] = {}

    @cached_property
    def offsets(self) -> Offsets:
        return Offsets(self.text)

    def where(self, value: Region, unit: str) -> Where | None:
        """Where a region stands in this text."""
        words, sort = words_of(value), shape(value)
        if sort == PARAGRAPHS and self.paragraphs:
            return self._in_paragraphs(value, words, unit)
        if self.page and sort == PAGE:
            return self._on_page(value, self.page, words)
        raw = _pair(value.get("start"), value.get("end"))
        return raw and _fitting(self.offsets, raw, words, unit, raw=raw)

    def _in_paragraphs(self, value: Region, words: str | None, unit: str) -> Where | None:
        first, last = _number(value.get("start")), _number(value.get("end"))
        raw = _pair(value.get("startOffset"), value.get("endOffset"))
        if raw is None or first is None or last is None or not 0 <= first <= last < len(self.paragraphs):
            return None
        start, end = self.paragraphs[first]
        if first == last:
            return _fitting(Offsets(self.text[start:end]), raw, words, unit, raw=raw, before=start)
        whole = start + raw[0], self.paragraphs[last][0] + raw[1]
        return _fitting(self.offsets, whole, words, unit, raw=raw)

    def _on_page(self, value: Region, page: Page, words: str | None) -> Where | None:
        given = value.get("globalOffsets")
        if isinstance(given, dict) and (raw := _pair(given.get("start"), given.get("end"))):
            exact = page.fragment(*raw)
            found = _fitting(self.offsets, exact, words, "codepoint", raw=raw)
            if found and found.repair in _COUNTED:
                return found
            near = min(self._around(words, exact[0]), key=lambda at: abs(at[0] - exact[0]), default=None)
            return Where(raw, (near,), "nearest") if near else None
        inside = _pair(value.get("startOffset"), value.get("endOffset"))
        for unit in ("utf16", "codepoint"):
            ends = (self._in_node(page, value.get(end), value.get(f"{end}Offset"), unit) for end in ("start", "end"))
            first, last = ends
            if inside and first is not None and last is not None and first <= last:
                found = _fitting(self.offsets, (first, last), words, "codepoint", raw=inside)
                if found and found.repair in _COUNTED:
                    return found
        places = self._places(words)
        return Where(inside, (places[0],), "only-place") if inside and len(places) == 1 else None

    def _in_node(self, page: Page, path: Any, offset: Any, unit: str) -> int | None:
        """Where an offset in the text node at a path stands in the text."""
        begin = page.node(path) if isinstance(path, str) and type(offset) is int else None
        if begin is None:
            return None
        found = Offsets(self.text[begin : begin + max(offset, 0)]).fragment(0, offset, unit)
        return found and begin + found[1]

    def _places(self, words: str | None) -> list[Fragment]:
        """Where words stand, white space apart."""
        if words not in self._known:
            pattern = _SPACE.pattern.join(map(re.escape, filter(None, _SPACE.split(words or ""))))
            self._known[words] = [found.span() for found in re.finditer(pattern, self.text)] if pattern else []
        return self._known[words]

    def _around(self, words: str | None, hint: int) -> list[Fragment]:
        """The places of words before and behind an offset."""
        places = self._places(words)
        behind = bisect_left(places, (hint, 0))
        return places[max(behind - 1, 0) : behind + 1]


def _fitting(
    text: Offsets, offsets: Fragment, words: str | None, unit: str, *, raw: Fragment, before: int = 0
) -> Where | None:
    """Offsets checked in the text that they count in, and moved by what stands before that."""
    (found,), _ = place(text, [Stated((offsets,), words)], unit)
    return Where(raw, tuple((a + before, b + before) for a, b in found.fragments), found.repair) if found else None


def _pair(start: Any, end: Any) -> Fragment | None:
    return (start, end) if type(start) is int and type(end) is int else None


def _number(value: Any) -> int | None:
    """The number of a paragraph, which newer exports write as a string."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        return int(value)
    return value if type(value) is int else None


def _paragraphs(value: Any) -> Iterator[str]:
    """The words of each paragraph, under `text` or the key that holds most; nothing where these are no paragraphs."""
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        return
    sizes: dict[str, int] = defaultdict(int)
    for one in value:
        for key, words in one.items():
            sizes[key] += len(words) if isinstance(words, str) else 0
    key = max(sizes, key=lambda key: (bool(sizes[key]), key == "text", sizes[key]), default=None)
    if key is not None and sizes[key]:
        yield from (words if isinstance(words := one.get(key), str) else "" for one in value)


def _key(
    data: Mapping[str, Any], regions: Sequence[Region], name: str, given: str | None, usual: Mapping[str, str]
) -> tuple[str | None, bool]:
    """The key of data that holds the text: given, the only one, or the one that regions fit; and whether they do."""
    if given:
        return (given, True) if isinstance(data.get(given), str) or any(_paragraphs(data.get(given))) else (None, False)
    strings = {key: value for key, value in data.items() if isinstance(value, str)}
    texts = [key for key, value in strings.items() if key in usual.values() or _is_text(value, regions)]
    several = [key for key, value in data.items() if any(_paragraphs(value))]
    keys = several if several and (not texts or PARAGRAPHS in map(shape, regions)) else texts
    if len(keys) < 2:
        return next(iter(keys), None), bool(keys)
    fits = {key: _fits(data[key], regions) for key in keys}
    before = usual.get(name) or next(iter(usual.values()), None)
    best = max(keys, key=lambda key: (*fits[key], key == before, key == "text", key == name, len(data[key])))
    return best, any(fits[best])


def _is_text(value: str, regions: Sequence[Region]) -> bool:
    return not _ADDRESS.fullmatch(value) or _fits(value, regions)[0] > 0


def _fits(value: Any, regions: Sequence[Region]) -> tuple[int, int]:
    """How many regions state the words at their offsets in this text; where some do not: how many words are in it."""
    stated = [(one.get("start"), one.get("end"), words) for one in regions if (words := words_of(one))]
    text = value if isinstance(value, str) else "\n".join(_paragraphs(value))
    fits = sum(
        type(start) is int and type(end) is int and same_words(text[start:end], words) for start, end, words in stated
    )
    return fits, 0 if fits == len(stated) else sum(words in text for _, _, words in stated)
