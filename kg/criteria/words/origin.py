"""From positions in the normal form of a criterion, or of a text, back to the record's own text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kg.criteria.words.normal import Normal
from kg.records import Carveout, Eligibility, Mention


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
            placed = Mention(
                start, end, m.kind, m.key, text, m.target, m.action, m.enzyme, m.role, m.strengths, m.narrow_index, m.also, m.set_aside
            )
            known = self._placed[id(m)] = m, placed  # the pair keeps `m` alive, and with it its id
        return known[1]

    def carveout(self, carveout: Carveout) -> Carveout:
        """An exception with its mentions, its offsets and its words as in the record's text."""
        mentions = self.mentions(carveout.mentions)
        if carveout.end <= carveout.start:
            return replace(carveout, mentions=mentions)
        start, end, text = self._place(carveout.start, carveout.end)
        return replace(carveout, mentions=mentions, start=start, end=end, text=text)

    def eligibility(self, reading: Eligibility) -> Eligibility:
        """The reading of a whole text, at the offsets and in the words of the record's text."""
        criteria, clauses, rules = [], [], []
        for criterion in reading.criteria:
            start, end, text = self._place(criterion.start, criterion.end)
            criteria.append(replace(criterion, start=start, end=end, text=text))
        for clause in reading.clauses:
            start, end, text = self._place(clause.start, clause.end)
            clauses.append(replace(clause, start=start, end=end, text=text, mentions=self.mentions(clause.mentions)))
        for rule in reading.rules:
            start, end, text = self._place(rule.start, rule.end)
            carveouts = tuple(self._moved_carveout(c) for c in rule.carveouts)
            rules.append(replace(rule, start=start, end=end, quote=text, mentions=self.mentions(rule.mentions), carveouts=carveouts))
        return Eligibility(tuple(criteria), tuple(clauses), tuple(rules))

    def _moved_carveout(self, carveout: Carveout) -> Carveout:
        """The same; a text of its own ("asked for by itself") stays."""
        as_read = carveout.text == self._normal.cased[carveout.start : carveout.end]
        placed = self.carveout(carveout)
        return placed if as_read else replace(placed, text=carveout.text)

    def _place(self, start: int, end: int) -> tuple[int, int, str]:
        start, end = self.span(start, end)
        return start, end, self._text[start:end]
