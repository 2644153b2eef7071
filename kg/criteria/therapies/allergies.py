"""Allergies told of elsewhere than right before a therapy: held off with it, listed in a sentence of its own, the noun of a whole list."""

from __future__ import annotations

import re

from kg.criteria.clauses.named import Named
from kg.criteria.words.patterns import pattern

_PREMEDICATED = re.compile(r"\bpre-?medicat\w+\s+(?:with|by)\s+[^,;.]{0,40}$")
_THESE_INCLUDE = pattern("subjects: these include")
_NOUN_OF_A_LIST = pattern("subjects: noun of a list")
_IN_ONE_LIST = re.compile(r"\s*(?:,\s*(?:(?:or|and|and/or)\s+)?(?:[\w-]+/)?|/\s*|\s(?:or|and|and/or)\s+)")


def against_an_allergy(named: Named) -> bool:
    """Whether an allergy was to be held off with it: "hypersensitivity … that is not amenable to premedication with X"."""
    told = any(c.end <= named.mention.start for c in named.clause.part.tagged("allergy"))
    return told and _PREMEDICATED.search(named.near) is not None


def goes_on_with_an_allergy(named: Named) -> bool:
    """Whether a sentence only lists that to which an allergy was told of: "Allergy to platinum. These include cisplatin."."""
    part = named.clause.part
    if not _THESE_INCLUDE.match(named.clause.lower, part.start, named.mention.start):
        return False
    before = [p for p in named.clause.reading.parts if p.end <= part.start]
    return bool(before) and before[-1].has("allergy")


def shares_an_allergy(named: Named) -> bool:
    """Whether it stands in a list whose noun is an allergy: "oxaliplatin, fludarabine or rituximab intolerance"."""
    clause, end = named.clause, named.mention.end
    for other in clause.part.therapies:
        if other.start > named.mention.start and _IN_ONE_LIST.fullmatch(clause.lower, end, other.start):
            end = other.end
    return end > named.mention.end and _NOUN_OF_A_LIST.match(clause.lower, end, clause.part.end) is not None
