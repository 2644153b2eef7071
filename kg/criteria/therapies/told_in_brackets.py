"""Therapy against the cancer whose kinds stand in brackets behind it: "anti-tumour therapy (chemotherapy, antibodies or hormones)"."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.records import Mention

_ANY, SYSTEMIC = "anticancer-therapy", "systemic-anticancer-therapy"
_OPEN_LIST = re.compile(r"\betc\b|\bother\b|\bany\b|\.\.\.")
_FEWEST = 3
"""Brackets that name so many kinds, and not as examples, mean to name all."""


def is_systemic(clause: ClauseReading, mention: Mention) -> bool:
    """Whether the kinds in brackets behind words for any therapy against cancer are systemic: radiotherapy and operations are no such.

    Arguments:
        clause: the clause that names it.
        mention: the words.
    """
    if mention.key != _ANY or not clause.lower.startswith(" (", mention.end):
        return False
    paren = clause.reading.paren_of(mention.end + 2)
    if paren is None or _OPEN_LIST.search(clause.lower, *paren):
        return False
    if any(paren[0] < c.start < paren[1] for c in clause.part.tagged("example")):
        return False
    kinds = [m for m in clause.part.therapies if paren[0] < m.start < paren[1]]
    return len(kinds) >= _FEWEST and not any(m.key in clause.context.known.procedures or m.key == "local-therapy" for m in kinds)
