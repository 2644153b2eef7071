"""What prior therapy is limited to: "prior therapy must be limited to X", "the only prior therapy allowed is X"; others keep out."""

from __future__ import annotations

import re

from kg.criteria.bounds.purposes import diseases
from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import THERAPY_KINDS
from kg.criteria.ruling.drafts import Draft, cue_words
from kg.criteria.words.patterns import pattern
from kg.records import Carveout, Mention, Polarity, Role, Section

_LIMITED = pattern("limited to: limited")
_ONLY_ONE = pattern("limited to: only one")
_ONLY_IN = pattern("limited to: only in a setting")
_WORDS = ("limited", "restricted", "confined", "only")
"""One of these is in all that `_LIMITED`, `_ONLY_ONE` and `_ONLY_IN` find."""
_A_NUMBER = re.compile(r"\b(?:an?|single|one|two|three|\d+)\b")
_TO_SETTING = 4
"""The setting stands at once behind "only allowed in"."""
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
        return _only_in_a_setting(clause) if told else []
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


def _only_in_a_setting(clause: ClauseReading) -> list[Draft]:
    """The rule on a therapy in any other setting than the one it is allowed in: "prior chemotherapy is only allowed as adjuvant"."""
    for mention in clause.part.mentions:
        words = _ONLY_IN.match(clause.after(mention.end, 120)) if mention.kind in THERAPY_KINDS else None
        if words is None or not clause.context.known.is_anticancer(mention):
            continue
        end = mention.end + words.end()
        settings = tuple(dict.fromkeys(c.value for c in clause.part.tagged("setting") if end <= c.start < end + _TO_SETTING))
        if settings:
            freed = Carveout("allows", settings=settings, text=clause.lower[mention.end : end])
            place = clause.part.start, clause.part.end
            return [Draft(*place, Polarity.EXCLUDES, Role.PRIOR_THERAPY, [mention], None, [freed], cues=cue_words(clause))]
    return []
