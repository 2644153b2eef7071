"""Therapy told by when it was given: "prior adjuvant therapy" is any that was given so."""

from __future__ import annotations

from kg.criteria.clauses.clause import EARLY, ClauseReading
from kg.criteria.clauses.reading import Part
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern

_ADJUVANT = pattern("implied: adjuvant")
_SYSTEMIC = "systemic-anticancer-therapy"


def tells_of_early_therapy(part: Part) -> bool:
    """Whether a clause tells of therapy before or after an operation, which it need not name otherwise."""
    return any(part.has("setting", setting) for setting in EARLY)


def early_therapy(clause: ClauseReading) -> list[Cue]:
    """The noun of "prior (neo)adjuvant therapy", as words for any therapy of the cancer."""
    if not clause.possible & _ADJUVANT.bit or not tells_of_early_therapy(clause.part):
        return []
    found = clause.find(_ADJUVANT)
    return [] if found is None else [Cue(*found.span("noun"), "untold", _SYSTEMIC, found["noun"])]
