"""What is meant by a class whose kinds are told behind it: "anti-tumour therapy (chemotherapy, antibodies or hormones)", "… (i.e. X)"."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Mention

IMMUNOTHERAPY = "immunotherapy"
_ANY, SYSTEMIC = "anticancer-therapy", "systemic-anticancer-therapy"
_OPEN_LIST = re.compile(r"\betc\b|\bother\b|\bany\b|\.\.\.")
_THAT_IS = pattern("narrowing: that is")
_CAPITALS = 2
"""An abbreviation has so many capital letters, or more."""
_FEWEST = 3
"""Brackets that name so many kinds, and not as examples, mean to name all."""
_ANY_OF_THEM = re.compile(
    r"[\s,]*(?:or|and/or)\s+(?:any|each|either|one)\s+(?:one\s+)?of\s+(?:its|their|the|these)\s+(?:\w+\s+)?(?:components?|constituents?|agents?|drugs?)\b"
)


def is_systemic(clause: ClauseReading, mention: Mention) -> bool:
    """Whether the kinds in brackets behind words for any therapy against cancer are systemic: radiotherapy and operations are no such.

    Arguments:
        clause: the clause that names it.
        mention: the words.
    """
    if mention.key != _ANY or not clause.lower.startswith(" (", mention.end):
        return False
    paren = clause.reading.paren_of(mention.end + 2)
    if paren is None or _OPEN_LIST.search(clause.lower, *paren):
        return False
    if any(paren[0] < c.start < paren[1] for c in clause.part.tagged("example")):
        return False
    kinds = [m for m in clause.part.therapies if paren[0] < m.start < paren[1]]
    return len(kinds) >= _FEWEST and not any(m.key in clause.context.known.procedures or m.key == "local-therapy" for m in kinds)


def is_told_to_mean(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a class is told to mean kinds of it: "immunotherapy (i.e. anti-PD-1 or anti-CTLA-4)", "immunomodulatory agents (IMiDs)",
    "anticoagulants (vitamin K antagonists)".

    Arguments:
        clause: the clause that names it.
        mention: the class.
    """
    that_is = clause.found_behind(_THAT_IS, mention.end) if mention.key == IMMUNOTHERAPY else None
    if that_is is None and not clause.lower.startswith(" (", mention.end):
        return False
    start = mention.end + (that_is.end() if that_is else 2)
    paren = clause.reading.paren_of(start)
    kinds = [m for m in clause.part.therapies if m.start >= start and (paren is None or m.end < paren[1])]
    if not kinds or not all(m.kind == "class" and m.key != mention.key and clause.context.known.covers(mention, m) for m in kinds):
        return False
    if that_is is not None:
        return True
    told = kinds[0]
    if paren != (told.start - 1, told.end + 1):
        return False
    if not clause.context.known.is_anticancer(mention):
        return True
    if sum(c.isupper() for c in told.text) < _CAPITALS:
        return False
    first = mention.text.split()[0].lower()
    of_its_name = first in clause.context.known.names.knowledge.label("class", told.key).lower()  # "anti-inflammatory drugs (NSAIDs)"
    return told.text.isalpha() and (of_its_name or told.text[0].lower() == first[0])


def spells_out_a_regimen(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a drug only tells in brackets what a regimen is made of: the lenalidomide of "RVd (lenalidomide, bortezomib, dexamethasone)".

    Arguments:
        clause: the clause that names it.
        mention: the drug.
    """
    paren = clause.reading.paren_of(mention.start) if mention.kind == "drug" else None
    if paren is None:
        return False
    regimen = next((m for m in clause.part.therapies if m.kind == "regimen" and m.end == paren[0] - 1), None)
    if regimen is None or any(paren[0] < c.start < paren[1] for c in clause.part.tagged("example")):
        return False
    drugs = clause.context.known.names.knowledge.regimens[regimen.key].drugs
    told = [m for m in clause.part.therapies if paren[0] < m.start < paren[1]]
    if _ANY_OF_THEM.match(clause.lower, paren[1]):
        return False  # "PCV (procarbazine, lomustine and vincristine) or any of its components"
    return len(told) > 1 and all(m.kind == "drug" and m.key in drugs for m in told)
