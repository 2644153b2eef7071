"""What the bullet above makes of what stands below it: terms on which patients may take part, what they must not meet, or exceptions."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import THERAPY_KINDS, Part
from kg.criteria.stances.negation import TO_ANOTHER_THING, WASH_OUT
from kg.criteria.words.patterns import pattern
from kg.records import Section

_OF_ALL_BELOW = pattern("stance: of all below")
_OF_PERSONS = re.compile(r"\b(?:eligib|enrol|includ|participat|enter)\w*")
_HAS_ANY = pattern("stance: has any of these")
_TERMS_OF_ENTRY = ("provid", "as long as", "on condition")
_TERMS_FOLLOW = re.compile(r"\b(?:but|however|(?:with|under|on) (?:the )?following (?:conditions?|terms|restrictions?|criteria))\W*$")
_TO_PASS = re.compile(rf"{WASH_OUT.pattern}|\bintervals\b|\btime periods?\b|\belapsed\b")
"""Words above for the times that those below must have let pass: "these intervals from prior treatments are required to be eligible:"."""
_THOSE_BELOW = re.compile(
    r"\W*(?:(?:for|the|of|any|these|those|following|listed|below|as|follows|conditions?|exceptions?|situations?)\W+)*"
)


def permits_on_terms(clause: ClauseReading, above: Part) -> bool:
    """Whether a bullet above that permits leaves to those below on what terms: "eligible if:", "allowed with these wash-outs:".

    Arguments:
        clause: a clause below it.
        above: what the bullet says.
    """
    words = clause.context.lead_lower[above.start : above.end]
    told = above.tagged("if", "unless") or _TO_PASS.search(words) or _TERMS_FOLLOW.search(words)
    return bool(told) or _are_terms(clause)


def _are_terms(clause: ClauseReading) -> bool:
    """Whether what stands below is asked of all patients: "those who have all of the following are eligible:".

    Of patients with a disease of its own, or on a therapy, such a bullet tells what is asked of them alone.
    """
    above = clause.context.lead
    if above is None or clause.context.section is Section.EXCLUSION:
        return False
    words = clause.context.lead_lower[above.start : above.end]
    others = (m for m in above.mentions if m.kind in THERAPY_KINDS or clause.context.of_another_disease(m))
    return _OF_ALL_BELOW.search(words) is not None and _OF_PERSONS.search(words) is not None and next(others, None) is None


def not_to_be_met(clause: ClauseReading) -> bool:
    """Whether what stands above lets in those to whom nothing below applies: "to be eligible, patients should not meet any of:"."""
    above = clause.context.lead
    if above is None or not above.has("permit"):
        return False
    last = above.tagged("permit")[-1].end
    return any(c.start >= last and not TO_ANOTHER_THING.search(clause.context.lead_lower, c.end, above.end) for c in above.tagged("neg"))


def excepted_from_a_permission(clause: ClauseReading) -> bool:
    """Whether what stands above lets in all but those to whom something below applies: "eligible, unless they have any of:"."""
    above = clause.context.lead
    if above is None or not above.has("permit") or above.has("prohibit"):
        return False
    last = above.tagged("permit")[-1].end
    cue = next((c for c in above.tagged("except", "unless") if c.start >= last), None)
    if cue is None or cue.text.startswith(_TERMS_OF_ENTRY):
        return False  # "eligible, provided they meet the following:" leaves nobody out
    return clause.context.excepts_below or _HAS_ANY.fullmatch(clause.context.lead_lower, cue.end, above.end) is not None


def excepts(lead: Part, lower: str) -> bool:
    """Whether what stands above makes exceptions of what stands below, not of what it tells itself.

    "Any of the following within 14 days, or has not recovered from toxicity (except alopecia):" excepts no therapy.
    """
    harmed = [c.end for c in lead.tagged("toxicity")]
    for cue in lead.tagged("except"):
        rest = lower[cue.end : lead.end]
        of_harm = any(end <= cue.start for end in harmed) and _THOSE_BELOW.fullmatch(rest) is None
        if not of_harm and rest.count(")") <= rest.count("("):
            return True
    return False
