"""Radiotherapy told by how much of the body it reached, where, by its dose or a verb: "to >25% of the marrow", "were irradiated"."""

from __future__ import annotations

import re
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
_IRRADIATED_BEFORE = pattern("subjects: irradiated before")
_IRRADIATED_BEHIND = pattern("subjects: irradiated behind")
_TO_A_PLACE = re.compile(r"\W*(?:[a-z]\.\s+)?(?P<to>to)\s+(?!be\b)")
_COLON = re.compile(r"\s*:")
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


def irradiated(clause: ClauseReading) -> list[Mention]:
    """Radiotherapy, where it is said of patients that they were irradiated; of a lesion, a field or blood it tells of these."""
    cues = [c for c in clause.part.tagged("irradiated") if not clause.in_exception(c.start)]
    of_patients = (c for c in cues if clause.found_before(_IRRADIATED_BEFORE, c.start) and clause.found_behind(_IRRADIATED_BEHIND, c.end))
    return [of_a_field(clause, Mention(c.start, c.end, "class", _RADIOTHERAPY, c.text)) for c in of_patients]


def to_a_place(clause: ClauseReading) -> list[Mention]:
    """Radiotherapy, where a bullet only says to what place and when: "has received radiotherapy: / * to the chest within 4 weeks"."""
    above = clause.context.lead
    told = list(above.therapies) if above is not None else []
    if not told or told[-1].key != _RADIOTHERAPY or not clause.part.windows:
        return []
    words = _TO_A_PLACE.match(clause.lower, clause.part.start, clause.part.end)
    if words is None or not _COLON.match(clause.context.lead_lower, told[-1].end):
        return []
    return [Mention(words.start("to"), words.end("to"), "class", _RADIOTHERAPY, words["to"])]
