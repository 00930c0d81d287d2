"""Words in scripts that are written without spaces: Thai, Lao, Khmer, Burmese, Chinese, Japanese. ICU's dictionaries.

Full-text analyzers find no word inside such a run; what is cut into words beforehand they do find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Thai, Lao, Burmese, Khmer (also their extensions); kana, Han
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\uaa60-\uaa7f\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)


def words(text: str) -> list[str]:
    """The words of a text in any script, without white space and punctuation (UAX #29 and ICU's dictionaries)."""
    from icu4py.breakers import WordBreaker

    # its pieces, not its segments(), which count UTF-16 code units
    return [piece for piece in WordBreaker(text, "en") if any(char.isalnum() for char in piece)]


def search_words(names: Iterable[str]) -> str | None:
    """The names of unspaced scripts with a space between their words, each name once; None where there is none."""
    cut = dict.fromkeys(" ".join(words(name)) for name in names if UNSPACED.search(name))
    return " / ".join(cut) or None
