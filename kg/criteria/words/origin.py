"""From positions in a criterion's normal form back to the record's own text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kg.criteria.words.normal import Normal
from kg.records import Carveout, Mention


class Origin:
    """Where the normal form of one criterion stands in the record's own text.

    Arguments:
        text: the record's whole text.
        start: where the criterion begins in it.
        normal: the criterion's normal form.
    """

    def __init__(self, text: str, start: int, normal: Normal) -> None:
        self._text = text
        self._start = start
        self._normal = normal
        self._as_written = normal.as_written
        self._placed: dict[int, tuple[Mention, Mention]] = {}

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the record's text of the normal form's [start, end)."""
        if self._as_written:
            return self._start + start, self._start + max(start, end)
        first, behind = self._normal.span(start, end)
        return self._start + first, self._start + behind

    def mentions(self, found: Iterable[Mention]) -> tuple[Mention, ...]:
        """Mentions at the offsets and in the words of the record's text."""
        return tuple([self._mention(m) for m in found])

    def _mention(self, m: Mention) -> Mention:
        known = self._placed.get(id(m))
        if known is None:
            start, end = self.span(m.start, m.end)
            text = self._text[start:end]
            placed = Mention(start, end, m.kind, m.key, text, m.target, m.action, m.enzyme, m.role, m.strengths, m.narrow_index, m.also)
            known = self._placed[id(m)] = m, placed  # the pair keeps `m` alive, and with it its id
        return known[1]

    def carveout(self, carveout: Carveout) -> Carveout:
        """An exception with its mentions, its offsets and its words as in the record's text."""
        mentions = self.mentions(carveout.mentions)
        if carveout.end <= carveout.start:
            return replace(carveout, mentions=mentions)
        start, end = self.span(carveout.start, carveout.end)
        return replace(carveout, mentions=mentions, start=start, end=end, text=self._text[start:end])
