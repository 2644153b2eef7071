"""The end of a sentence that permits a form or kind of what it forbids: "steroids, topical ones are allowed", "anticoagulants, LMWH is allowed"."""  # noqa: E501

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.records import Section

if TYPE_CHECKING:
    from kg.criteria.clauses.clause import ClauseReading

_SPECIAL_FORM = pattern("clause: special form")
_OF_PERSONS = re.compile(r"\W*(?:patients|subjects|participants|individuals|those)\b")
_LETS_IN = re.compile(r"exclude|may (?:be )?(?:enrol|enter|participat)")
_NO_KIND = re.compile(
    r",\s+(?:(?:including|such|like|e\.?g|i\.?e|with|for|in|given|either|even|especially|mainly|whether|regardless|only|also)\b"
    r"|[^.;]*\b(?:and|or|but|which|that|who|if)\b)"
)
"""A comma behind which stands no one kind of what is before it: "chemotherapy, radiotherapy and surgery", "hormones, such as X"."""
_GOES_ON = re.compile(r",\s+(?:or|and|nor)\b")
"""Behind a permission the list goes on that it stands in: "any TKI, imatinib not counted, or interferon"."""


def permitted_tail(clause: ClauseReading, others: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """[start, end, kind) of the end of a clause that permits a form or kind of what it forbids before; empty for none.

    Arguments:
        clause: the clause.
        others: its exceptions so far.
    """
    excludes = clause.context.section is Section.EXCLUSION
    if not excludes and not clause.part.has("neg"):
        return []
    for cue in clause.part.tagged("permit"):
        if any(s <= cue.start < e for s, e, _ in others) or clause.reading.paren_of(cue.start):
            continue
        comma = _kind_permitted(clause, cue)
        if comma >= 0 and (excludes or any(c.end <= comma for c in clause.part.tagged("neg"))):
            return [(comma, cue.end if _GOES_ON.match(clause.lower, cue.end) else clause.part.end, "permit")]
        if not excludes:
            continue
        if _LETS_IN.search(cue.text) and _OF_PERSONS.match(clause.lower, clause.part.start):
            continue  # "subjects who use bronchodilators or inhaled steroids will not be excluded", "may enroll" forbids nothing
        listed = {c.end for c in clause.part.tagged("route")}  # "steroids for topical, ocular or nasal use are allowed" forbids nothing
        tails = [t for t in _SPECIAL_FORM.finditer(clause.lower, clause.part.start, cue.start) if t.start() not in listed]
        if _SPECIAL_FORM.match(f", {clause.lower[clause.part.start : cue.start]}"):
            continue  # "low-dose aspirin, low-dose warfarin and … are permitted" forbids nothing either
        first = next((t for t in tails if any(m.end <= t.start() for m in clause.part.therapies)), None)
        if first and not clause.reading.paren_of(first.start() + 1):
            return [(first.start(), clause.part.end, "permit")]
    return []


def _kind_permitted(clause: ClauseReading, cue: Cue) -> int:
    """The comma behind which one kind of what stands before it is permitted: "anticoagulants, LMWH is allowed"; -1 for none."""
    comma = clause.lower.rfind(", ", clause.part.start, cue.start)
    if comma < 0 or clause.reading.paren_of(comma) or _NO_KIND.match(clause.lower, comma, cue.start):
        return -1
    before = [m for m in clause.part.therapies if m.end <= comma]
    behind = [m for m in clause.part.therapies if comma < m.start < cue.start]
    narrowed = bool(clause.part.settings_in(comma, cue.start))
    if any(c.end <= comma for c in clause.part.tagged("untold")):
        kinds = bool(behind) or narrowed
    elif behind:
        covers = clause.context.known.covers
        kinds = all(any(narrowed if b.key == m.key else covers(b, m) for b in before) for m in behind)
    else:
        kinds = bool(before) and narrowed
    return comma if kinds else -1
