"""A permission that its own sentence denies in another setting: "adjuvant X is allowed, in the metastatic setting it is not"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.criteria.words.patterns import pattern

if TYPE_CHECKING:
    from kg.criteria.clauses.clause import ClauseReading

ELSEWHERE = pattern("exceptions: elsewhere")
"""The end of such a sentence: "… but not for metastatic disease", "…; not allowed for metastatic disease"."""


def denied_elsewhere(clause: ClauseReading, others: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """[start, end, kind) of what a clause ends in that denies in another setting what it permits.

    Arguments:
        clause: the clause.
        others: its exceptions so far.
    """
    if not clause.possible & ELSEWHERE.bit:
        return []
    permit, named = next(iter(clause.part.tagged("permit")), None), clause.part.therapies
    if permit is None or not named or named[-1].end > permit.start:
        return []
    found = ELSEWHERE.search(clause.lower, permit.end, clause.part.end)
    if found is None or any(start < found.end() and found.start() < end for start, end, _ in others):
        return []
    return [(*found.span(), "except")]
