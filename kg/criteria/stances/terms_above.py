"""Whether the bullet above only says that those who meet what stands below may take part, so that it is asked of all and not permitted."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import THERAPY_KINDS
from kg.criteria.words.patterns import pattern
from kg.records import Section

_OF_ALL_BELOW = pattern("stance: of all below")
_OF_PERSONS = re.compile(r"\b(?:eligib|enrol|includ|participat|enter)\w*")


def are_terms(clause: ClauseReading) -> bool:
    """Whether what stands below is asked of all patients: "those who have all of the following are eligible:".

    Of patients with a disease of its own, or on a therapy, such a bullet tells what is asked of them alone.
    """
    above = clause.context.lead
    if above is None or clause.context.section is Section.EXCLUSION:
        return False
    words = clause.context.lead_lower[above.start : above.end]
    others = (m for m in above.mentions if m.kind in THERAPY_KINDS or clause.context.of_another_disease(m))
    return _OF_ALL_BELOW.search(words) is not None and _OF_PERSONS.search(words) is not None and next(others, None) is None
