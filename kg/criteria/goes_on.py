"""A clause that says when the therapy of the one before it must have ended: "X is allowed. It must be completed 4 weeks before entry"."""

from __future__ import annotations

from kg.criteria.patterns import pattern
from kg.criteria.reading import THERAPY_KINDS, Part, Reading

_ANCHOR = pattern("subjects: anchor before")
_ENDS = pattern("goes on: ends")


def with_therapy_before(reading: Reading, number: int) -> Part:
    """A clause; together with the one before it where it names no therapy of its own and tells a time for the one named there.

    Arguments:
        reading: the criterion.
        number: the clause's place in it.
    """
    part = reading.parts[number]
    if not number or not part.windows or not _ENDS.match(reading.lower, part.start, part.end):
        return part
    before = reading.parts[number - 1]
    own = [m for m in part.mentions if m.kind in THERAPY_KINDS and not _ANCHOR.search(reading.lower, part.start, m.start)]
    named = any(m.kind in THERAPY_KINDS for m in before.mentions) or before.has("untold")
    if own or not named or before.windows or before.tagged("neg", "prohibit") or before.has("kind", "second_malignancy"):
        return part
    return Part(before.start, part.end, before.mentions + part.mentions, before.cues + part.cues, part.windows)
