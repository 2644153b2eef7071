"""What would raise a blood count that is to be met without it: "neutrophils of 1,000 (unsupported)", "platelets without support"."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import patterns_named
from kg.records import Mention

_COUNTS = patterns_named("count raised by: ")
"""For classes of what raises a blood count, the words for that count."""
_BY_WHAT = re.compile(r"\s*(?:by|with|through|of|from)\b")


def support_of_counts(clause: ClauseReading) -> list[Mention]:
    """What raises the counts that are told before "unsupported", or else behind it; nothing where it is said what supports them.

    Arguments:
        clause: the clause.
    """
    told = clause.part.tagged("unsupported")
    cue = next((c for c in told if not clause.in_exception(c.start)), None) if told else None
    if cue is None or _BY_WHAT.match(clause.lower, cue.end):
        return []
    if any(m.kind == "class" and m.key in clause.context.known.count_support for m in clause.part.therapies):
        return []  # "(unsupported, defined as no platelet transfusion within 7 days)"
    before = clause.lower[clause.sentence(cue.start) : cue.start]
    behind = clause.lower[cue.end : clause.part.end]
    counted = [key for key, words in _COUNTS.items() if words.search(before)]
    counted = counted or [key for key, words in _COUNTS.items() if words.match(behind)]
    return [Mention(cue.start, cue.end, "class", key, cue.text) for key in counted]
