"""Radiotherapy told by how much of the body it reached, or by its dose: "to more than 25% of the bone marrow", "more than 30 Gy"."""

from __future__ import annotations

from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import one_of, pattern
from kg.records import Mention

_RADIOTHERAPY = "radiotherapy"
_WIDE = "wide-field-radiotherapy"
_TO_A_SHARE = frozenset({_RADIOTHERAPY, "bone-marrow-directed-radiotherapy", "pelvic-radiotherapy"})
_SHARE_BEFORE = pattern("fields: share before")
_SHARE_AFTER = pattern("fields: share after")
_TELLS_SHARE = one_of("fields: share before", "fields: share after")
_DOSE_BEFORE = pattern("fields: dose before")
_DOSE_AFTER = pattern("fields: dose after")
TELLS_DOSE = one_of("fields: dose before", "fields: dose after")


def of_a_field(clause: ClauseReading, mention: Mention) -> Mention:
    """Radiotherapy as one of wide fields, where it reached much of the marrow or of the pelvis; palliation of one place is none such."""
    if mention.key not in _TO_A_SHARE or not clause.possible & _TELLS_SHARE:
        return mention
    told = clause.found_before(_SHARE_BEFORE, mention.start) or clause.found_behind(_SHARE_AFTER, mention.end, 120)
    return replace(mention, key=_WIDE) if told else mention


def of_a_dose(clause: ClauseReading, mention: Mention) -> bool:
    """Whether only radiotherapy of some dose is meant, which no fact tells: "lung radiation of more than 30 Gy within 6 months"."""
    known = clause.context.known
    if mention.key != _RADIOTHERAPY and not known.covers(Mention(0, 0, "class", _RADIOTHERAPY, ""), mention):
        return False
    return bool(clause.found_before(_DOSE_BEFORE, mention.start) or clause.found_behind(_DOSE_AFTER, mention.end, 120))
