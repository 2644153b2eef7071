"""Ways in beside "no prior therapy": those who were treated, or had it long ago, come as well."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import THERAPY_KINDS
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_TREATED_OR = pattern("stance: treated or")
_OR_LONG_AGO = pattern("stance: or long ago")
_NONE_OR_FAILED = pattern("stance: not had or failed")
_ONE_GROUP = pattern("stance: lets in one group")
_PERSONS_WITH = pattern("stance: persons with")
_ALONE = re.compile(r"\b(?:only|must|all|neither)\b")
_DENIED = re.compile(r"\b(?:no|not|never|without|nor)\b")
_REACH = 200
"""How far before "or treatment-naive" the other way in is told, in characters."""


def treated_or(clause: ClauseReading, position: int) -> bool:
    """Whether patients who were treated come as well as those told of behind: "failed a taxane, or is chemotherapy-naive".

    Arguments:
        clause: the clause; the other way in may be told in the one before it.
        position: where the naive are told of.
    """
    goes_on = clause.lower.startswith("or ", clause.part.start)
    start = 0 if goes_on else clause.sentence(clause.part.start)
    before = clause.lower[max(start, position - _REACH) : position]
    found = _TREATED_OR.search(before) if " or" in before else None
    return found is not None and not _DENIED.search(before, 0, found.start("or"))


def none_or_failed(clause: ClauseReading, mention: Mention) -> bool:
    """Whether whom it failed come as well as those who never had it: "have not received, or have progressed on, X"."""
    return clause.found_before(_NONE_OR_FAILED, mention.start, 120) is not None


def or_long_ago(clause: ClauseReading, mention: Mention) -> bool:
    """Whether who had it long ago comes, too: "no prior chemotherapy, or at least 4 weeks since the last chemotherapy"."""
    found = _OR_LONG_AGO.match(clause.lower, mention.end)
    if found is None:
        return False
    named = [m for m in clause.reading.mentions if m.kind in THERAPY_KINDS and mention.end <= m.start < found.end() + 60]
    return not named or named[0].key == mention.key or clause.context.known.covers(named[0], mention)


def lets_in_one_group(clause: ClauseReading, start: int, end: int) -> bool:
    """Whether it is only said of those who never had a therapy that they come: "chemotherapy-naive patients are eligible",
    "untreated AML patients are eligible if they are unfit".

    Arguments:
        clause: one of an inclusion.
        start: where the words that tell of them start; "only" before these says that nobody else comes.
        end: where these end.
    """
    found = _ONE_GROUP.match(clause.lower, end, clause.part.end)
    if found is None or _ALONE.search(clause.lower, clause.part.start, start):
        return False
    if found["ill"] and not _DENIED.search(clause.lower, clause.part.start, end):
        return True  # "previously untreated MCL is permitted"
    return bool(found["who"] or found["those"]) or _PERSONS_WITH.search(clause.lower, clause.part.start, start) is not None
