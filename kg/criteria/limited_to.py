"""What prior therapy is limited to: "prior therapy must be limited to X", "the only prior therapy allowed is X"; others keep out."""

from __future__ import annotations

import re

from kg.criteria.clause import ClauseReading
from kg.criteria.drafts import Draft, cue_words
from kg.criteria.patterns import pattern
from kg.criteria.purposes import diseases
from kg.criteria.reading import THERAPY_KINDS
from kg.records import Carveout, Mention, Polarity, Role, Section

_LIMITED = pattern("limited to: limited")
_ONLY_ONE = pattern("limited to: only one")
_WORDS = ("limited", "restricted", "confined", "only")
"""One of these is in all that `_LIMITED` and `_ONLY_ONE` find."""
_A_NUMBER = re.compile(r"\b(?:an?|single|one|two|three|\d+)\b")
_NAMED = 60
"""Within so many characters behind "limited to" it is told what to."""


def limited_to(clause: ClauseReading) -> list[Draft]:
    """The rule on any other therapy than those that a clause limits prior therapy to.

    Arguments:
        clause: one that may say so.
    """
    part, lower = clause.part, clause.lower
    if clause.context.section is Section.EXCLUSION or not clause.context.may_treat_cancer:
        return []
    told = any(word in lower for word in _WORDS)  # looking for these is quicker
    found = told and (_LIMITED.search(lower, part.start, part.end) or _ONLY_ONE.search(lower, part.start, part.end))
    if not found or clause.in_exception(found.start()):
        return []
    start, end = found.span("noun")
    left = [m for m in part.mentions if m.kind in THERAPY_KINDS and m.start >= found.end()]
    if not left or left[0].start - found.end() > _NAMED or _A_NUMBER.search(lower, found.end(), left[0].start):
        return []  # "limited to one chemotherapy regimen" counts lines
    known = clause.context.known
    wide = next((m for m in part.mentions if m.kind == "class" and m.start < end and start < m.end), None)
    wide = wide or Mention(start, end, "class", "systemic-anticancer-therapy", lower[start:end])
    if not known.is_anticancer(wide) or not all(known.is_anticancer(m) for m in left):
        return []  # "bridging therapy must be limited to steroids": of a time that is yet to come, or of other drugs
    settings = tuple(dict.fromkeys(c.value for c in part.tagged("setting") if end <= c.start < found.end()))
    conditions, own = diseases(clause, end, found.end())
    freed_in = tuple(dict.fromkeys(c.value for c in part.tagged("setting") if c.start >= found.end()))
    freed = Carveout("allows", tuple(left), None, settings=freed_in, text=lower[left[0].start : left[-1].end])
    return [
        Draft(
            part.start, part.end, Polarity.EXCLUDES, Role.PRIOR_THERAPY, [wide], None, [freed],
            conditions, own, settings, cues=cue_words(clause),
        )
    ]  # fmt: skip
