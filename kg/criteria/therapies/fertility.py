"""Therapies that are named for fertility: hormones as contraception, a drug after which that may end, ovaries that were removed."""

from __future__ import annotations

import re

from kg.criteria.clauses.named import Named
from kg.criteria.words.patterns import pattern
from kg.records import Section

_NO_USE_OF_IT = re.compile(
    r"\W*(?:(?P<no>no)|(?:(?:current|concurrent|concomitant)\s+)?use\s+of)"
    r"(?:\s+(?:concurrent|concomitant|current|planned|simultaneous|any|other|or|and|prior))*\s+"
)
_FERTILITY = ("contraception", "pregnancy")
_UNTIL_AFTER = pattern("subjects: until after")
_AS_LONG_AS = pattern("subjects: as long as")
_OF_MENSES = pattern("subjects: of menses")
_STERILISED_BY = pattern("subjects: sterilised by")
_OF_OVARIES = "oophorectomy"
_NURSING = pattern("subjects: nursing")
_HARM_BEFORE = pattern("subjects: harm before")
_HARM_TO_A_CHILD = pattern("subjects: harm to a child")
_HARMS_A_CHILD = pattern("subjects: harms a child")


def of_contraception(named: Named) -> bool:
    """Whether hormones are named as contraception, or a drug as that after which it may end: "until 9 months after X"."""
    part, above = named.clause.part, named.clause.context.lead
    told_of = [c for c in part.tagged("kind") if c.value == "contraception"]
    if told_of:
        itself = all(named.mention.start <= c.start < named.mention.end for c in told_of)
        return not part.has("prohibit") and not (itself and _forbids_it(named))
    told = part if part.has("kind", "pregnancy") else above
    if told is None or not part.windows or not any(told.has("kind", kind) for kind in _FERTILITY):
        return False
    return named.found_before(_UNTIL_AFTER) is not None or (told is above and _AS_LONG_AS.fullmatch(named.after) is not None)


def _forbids_it(named: Named) -> bool:
    """Whether hormones that are named as contraception are what may not be taken: "no concurrent oral contraception"."""
    found = _NO_USE_OF_IT.fullmatch(named.so_far)
    return found is not None and (found["no"] is not None or named.clause.context.section is Section.EXCLUSION)


def of_nursing(named: Named) -> bool:
    """ "Breast-feeding while on X", "amenorrhoea for 12 months in the absence of X", "sterilised by oophorectomy"."""
    so_far = named.so_far
    nursing = named.clause.part.has("kind", "pregnancy") and _NURSING.search(so_far) is not None
    sterilised = named.mention.key == _OF_OVARIES and _STERILISED_BY.search(so_far) is not None
    return nursing or sterilised or _OF_MENSES.search(so_far) is not None


def of_harm_to_a_child(named: Named) -> bool:
    """Whether it is told what a therapy does to an unborn child, as the reason of an exclusion: "the risks of X to a fetus"."""
    if _HARMS_A_CHILD.match(named.after):
        return True
    return _HARM_TO_A_CHILD.match(named.after) is not None and _HARM_BEFORE.search(named.before) is not None
