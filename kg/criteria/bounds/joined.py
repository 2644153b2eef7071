"""Drugs against cancer that a sentence joins to one regimen: "X plus Y", "X-Y", "combined X and Y", "X/Y doublet", "X and Y (both)"."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_JOINED = pattern("joined: by themselves")
_COORDINATED = pattern("joined: coordinated")
_TOGETHER_BEFORE = pattern("joined: together before")
_TOGETHER_BEHIND = pattern("joined: together behind")
_HALF_OF_ONE = pattern("joined: half of one")
_ALONE_IS_FREE = pattern("joined: alone is free")
_OF_SEVERAL = re.compile(r"\b(?:combination|combined|dual|double)\s+(?:\w+\s+)?$")
_PLUS = re.compile(r"(?:\s*\+|\s+plus)\s")
_LISTS = re.compile(r"/|\s(?:and|&)\s")
"""Between the targets of one name, "BRAF/MEK inhibitors", which can be two drugs each for itself."""

_Place = tuple[int, int]
"""Where words for drugs start and end; those for the drugs of "BRAF/MEK inhibitors" have one place."""


def joined_to_another(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a drug against cancer is named as part of a regimen with another; a steroid beside it makes none."""
    known = clause.context.known
    drugs = [m for m in clause.part.therapies if known.is_anticancer(m) and m.key not in known.steroids]
    if mention not in drugs:
        return False
    if clause.found_behind(_HALF_OF_ONE, mention.end):
        return True  # "TKI/IO combination", of which the other half is no name
    if mention.kind == "regimen" and _is_told_to_be_one(clause, mention):
        return True
    places = sorted({(m.start, m.end) for m in drugs})
    at = places.index((mention.start, mention.end))
    if _is_one(clause, places[at : at + 1]) or _is_one(clause, places[at : at + 2]) or _is_one(clause, places[max(at - 1, 0) : at + 1]):
        return True
    told_below = _OF_SEVERAL.search(clause.before(mention.start)) is not None and clause.after(mention.end, 2) == " ("
    return told_below and _is_one(clause, places[at + 1 : at + 2] + places[at + 2 : at + 3])  # "combination blockade (X plus Y)"


def _is_told_to_be_one(clause: ClauseReading, mention: Mention) -> bool:
    """Whether words around a regimen say that the whole is meant: "quadruplets (e.g. X-VRd)", "combined X and Y (XY)", "XY (X + Y)"."""
    if _said_to_be_one(clause, (mention.start, mention.end), (mention.start, mention.end)):
        return True
    opened, closed = clause.reading.paren_of(mention.start), clause.reading.paren_of(mention.end + 2)
    for each in clause.part.therapies:
        bracketed = opened == (mention.start - 1, mention.end + 1) and each.end + 2 == mention.start
        spelled_out = closed is not None and closed[0] == mention.end + 1 and closed[0] < each.start < closed[1]
        if each.kind == "drug" and (bracketed or spelled_out) and _is_of_a_combination(clause, each):
            return True
    return False


def _is_of_a_combination(clause: ClauseReading, drug: Mention) -> bool:
    """Whether a drug is named with those that it is given with."""
    return joined_to_another(clause, drug) or clause.found_before(_TOGETHER_BEFORE, clause.list_start(drug)) is not None


def _is_one(clause: ClauseReading, places: list[_Place]) -> bool:
    """Whether the drugs of one place, or of two that follow each other, are one regimen."""
    if not places:
        return False
    left, right = places[0], places[-1]
    within = left == right
    between = clause.lower[left[0] : left[1]] if within else clause.lower[left[1] : right[0]]
    if _PLUS.search(between) if within else _JOINED.fullmatch(between):
        return True
    return bool(_LISTS.search(between) if within else _COORDINATED.fullmatch(between)) and _said_to_be_one(clause, left, right)


def _said_to_be_one(clause: ClauseReading, left: _Place, right: _Place) -> bool:
    """Whether the words around two drugs say that they are given together, or what both are called: "X/Y (XY)"."""
    if clause.found_before(_TOGETHER_BEFORE, left[0]) is not None or clause.found_behind(_TOGETHER_BEHIND, right[1]) is not None:
        return True
    called = any(m.kind == "regimen" and m.start == right[1] + 2 and clause.after(right[1], 2) == " (" for m in clause.part.therapies)
    return called or (bool(clause.possible & _ALONE_IS_FREE.bit) and _ALONE_IS_FREE.search(clause.lower, right[1]) is not None)
