"""Therapies with which patients have to go on: "LHRH agonists must be continued", "stopping of X is not allowed"."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import one_of, pattern
from kg.records import Mention, Section

_GOES_ON_BEHIND = pattern("stance: goes on by duty behind")
_GOES_ON_BEFORE = pattern("stance: goes on by duty before")
_STOPPING_OF = pattern("stance: stopping of")
_NOT_TO_BE_STOPPED = pattern("stance: not to be stopped")
_MAY_GO_ON = one_of("stance: goes on by duty behind", "stance: goes on by duty before", "stance: stopping of")

_ASKS = re.compile(r"\b(?:must|should|shall|ha(?:s|ve)|needs?|required|mandatory|obligatory|compulsory)\b")


def goes_on_by_duty(clause: ClauseReading, mention: Mention) -> bool:
    """Whether who is on a therapy has to go on with it, so that nobody is kept out by it.

    Arguments:
        clause: the clause.
        mention: the therapy.
    """
    if not clause.possible & _MAY_GO_ON:
        return False
    start = clause.list_start(mention)
    if clause.found_before(_STOPPING_OF, start) and clause.found_behind(_NOT_TO_BE_STOPPED, mention.end):
        return True
    goes_on = clause.found_behind(_GOES_ON_BEHIND, mention.end) or clause.found_behind(_GOES_ON_BEHIND, clause.list_end(mention))
    goes_on = goes_on or clause.found_before(_GOES_ON_BEFORE, start)
    if goes_on is None:
        return False
    if clause.context.section is Section.EXCLUSION:
        return "may not" not in goes_on.group()  # an exclusion tells of those in whom it cannot end
    return "not" in goes_on.group() or _ASKS.search(goes_on.group()) is None  # an inclusion asks for what must go on
