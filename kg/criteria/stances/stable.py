"""Doses that must not change: whom a clause lets in only on a stable dose, and where that is no more than a laboratory limit."""

from __future__ import annotations

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Mention

STABLE_DOSE = "stable dose"
"""The doubt of a therapy that a clause lets patients take only on a dose that does not change."""
_INR = pattern("stance: inr")


def if_stable(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a drug that is no therapy of the cancer, nor of an ill that the clause names, may be taken at a stable dose.

    Arguments:
        clause: the clause.
        mention: the therapy.
    """
    told = clause.part.has("dose", "stable") and not clause.part.has("disease") and not clause.part.has("purpose")
    return told and not kept_by_effect(clause) and mention.kind != "pk" and not clause.context.known.is_anticancer(mention)


def kept_by_effect(clause: ClauseReading) -> bool:
    """Whether a stable dose is one that keeps the INR where it is to be, for no time that is told: that is a laboratory limit."""
    return not clause.part.windows and clause.find(_INR) is not None
