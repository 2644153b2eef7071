"""The therapy of the bullet above, where a clause only tells when it ended: "prior X is allowed provided: / * it ended 4 weeks ago"."""

from __future__ import annotations

from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_ANCHOR = pattern("subjects: anchor before")
_THE_ONE_TOLD = pattern("above: the one told")


def ended_by(clause: ClauseReading) -> list[Mention]:
    """The therapies that the bullet above lets in on terms, placed at the words that stand for them; none where the clause names its own.

    Arguments:
        clause: a clause below that bullet.
    """
    above = clause.context.lead
    if above is None or not clause.part.windows or not above.tagged("permit", "unless") or above.has("prohibit"):
        return []
    if any(not clause.found_before(_ANCHOR, m.start) for m in clause.part.therapies):
        return []
    words = clause.find(_THE_ONE_TOLD)
    if words is None:
        return []
    named = [m for m in above.therapies if clause.context.known.is_anticancer(m)]
    return [replace(m, start=words.start(), end=words.end(), text=words.group()) for m in named]
