"""Vaccines that treat: "vaccines for glioblastoma" are none that prevent an infection."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.records import Mention

VACCINE, AGAINST_CANCER = "vaccine", "cancer-vaccine"
_FOR = re.compile(
    r"\s+(?:therapy\s+|treatment\s+)?(?:for|against|to treat)\s+"
    r"(?:the\s+|their\s+|this\s+|treatment\s+of\s+|recurrent\s+|advanced\s+|metastatic\s+)*"
)


def is_against_a_tumour(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a vaccine is told as one for a cancer.

    Arguments:
        clause: the clause that names it.
        mention: the vaccine.
    """
    if mention.key != VACCINE:
        return False
    tumours = (m.start for m in clause.part.mentions if m.key in clause.context.known.neoplasms and m.start > mention.end)
    return any(_FOR.fullmatch(clause.lower, mention.end, start) for start in tumours)
