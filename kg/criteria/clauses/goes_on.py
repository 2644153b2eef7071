"""A clause that says when the therapy of the one before it must have ended: "X is allowed. It must be completed 4 weeks before entry"."""

from __future__ import annotations

import re

from kg.criteria.clauses.reading import Part, Reading
from kg.criteria.words.patterns import pattern

_ANCHOR = pattern("subjects: anchor before")
_ENDS = pattern("goes on: ends")
_NOT_BESIDE = pattern("goes on: not beside")
_OF_THEM = re.compile(
    r"\W*(?:but\s+|however,?\s+)?(?:they|it|these|such\s+(?:drugs|agents|medications))\s+(?:should|must|need|may|are|is|can)\b"
)
_COUNT_OF_LINES = re.compile(
    r"\W*(?:(?:and|but|with)\s+)?(?:no|not|at most|up to|a maximum of|maximum|only|[<\u2264]=?)\s[^;.]{0,30}\b(?:lines?|regimens?)\b"
)
_ANY = re.compile(r"\b(?:any|all)\s+(?:other\s+)?$")
"""Before "prior therapy": that it is any, not only the one told of before."""


def with_therapy_before(reading: Reading, number: int) -> Part:
    """A clause; together with the one before it where it names no therapy of its own and tells a time for the one named there.

    One may also not be given beside the trial's: "X is left to the physician, but should not occur concurrently with study therapy".
    One that is permitted may also be to stop without a time: "steroids are permitted, but must be discontinued at enrolment".

    Arguments:
        reading: the criterion.
        number: the clause's place in it.
    """
    part = reading.parts[number]
    if not number:
        return part
    before = reading.parts[number - 1]
    if number > 1 and not before.mentions and _COUNT_OF_LINES.match(reading.lower, before.start, before.end):
        before = reading.parts[number - 2]  # "prior X; no more than one line; last dose at least 3 weeks ago"
    if _NOT_BESIDE.match(reading.lower, part.start, part.end) and not part.mentions and not before.tagged("neg", "prohibit"):
        return Part(before.start, part.end, before.mentions, before.cues + part.cues, part.windows)
    if (
        not part.mentions
        and before.has("permit")
        and part.tagged("avoid", "caution")
        and _OF_THEM.match(reading.lower, part.start, part.end)
    ):
        return Part(before.start, part.end, before.mentions, part.cues, ())  # "although PPIs are not prohibited, they should be avoided"
    if not part.windows and not (part.has("stop") and part.has("prohibit") and before.has("permit")):
        return part
    if not _ENDS.match(reading.lower, part.start, part.end):
        return part
    own = [m for m in part.therapies if not _ANCHOR.search(reading.lower, part.start, m.start)]
    named = bool(before.therapies) or before.has("untold")
    any_at_all = any(_ANY.search(reading.lower, part.start, c.start) for c in part.tagged("untold"))
    if own or any_at_all or not named or before.windows or before.has("kind", "second_malignancy"):
        return part
    if before.tagged("neg", "prohibit") and not (part.has("stop") and before.has("prohibit")):
        return part
    return Part(before.start, part.end, before.mentions + part.mentions, before.cues + part.cues, part.windows)
