"""What a reader says of a document, held back until the private names in it are known, and said without them."""

from __future__ import annotations

from collections.abc import Iterable

from graph.identity import Register
from loaders.diagnostics import Diagnostic, Diagnostics
from loaders.masking import MASK, without
from loaders.private import Private, names_of
from loaders.profile import Profile

_MISPLACED = "offset.mismatch"  # tells the text at the offsets, which may begin in the middle of a name


class Held:
    """Diagnostics for a reader: `reading` is given to it, `release` passes on what it has said since."""

    def __init__(self, diagnostics: Diagnostics, profile: Profile, register: Register) -> None:
        self.reading = Diagnostics(sink=self._hold)
        self._diagnostics = diagnostics
        self._profile = profile
        self._register = register
        self._held: list[Diagnostic] = []

    def _hold(self, one: Diagnostic) -> None:
        self._held.append(one)

    def lost(self) -> list[Private]:
        """Marks of persons that were skipped: nobody knows where they are, but their words are private."""
        return [Private((), (one.excerpt,), one.place) for one in self._held if one.excerpt and self._is_private(one)]

    def release(self, private: Iterable[Private] = ()) -> None:
        """Says what was held back. Raises ArticleError as `Diagnostics.add` does."""
        names = names_of(private, self._register)
        held, self._held = self._held, []
        self._diagnostics.read += self.reading.read
        self._diagnostics.skipped += self.reading.skipped
        self.reading.read = self.reading.skipped = 0
        for one in held:
            message, excerpt = without(names, one.message), without(names, one.excerpt)
            if self._is_private(one):
                excerpt = MASK
            if one.code == _MISPLACED and (names or excerpt == MASK):
                message = f"the text at its offsets is not {excerpt!r}"
            self._diagnostics.add(
                one.code, one.path, message, action=one.action, place=one.place, excerpt=excerpt, labels=one.labels
            )

    def _is_private(self, one: Diagnostic) -> bool:
        return bool(one.labels) and self._profile.is_private(one.labels)
