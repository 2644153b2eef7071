"""Sentences that only say what holds if a therapy was given, or how such therapies are counted: they keep nobody out for it."""

from __future__ import annotations

from kg.criteria.clauses.named import Named
from kg.criteria.words.patterns import pattern
from kg.records import Section

_CONDITIONAL = pattern("subjects: conditional")
_COUNTED_SO = pattern("subjects: counted so")
_TESTS = ("biomarker", "laboratory")
_OF_THEM = ("permit", "prohibit", "neg", "stop", "caution")
"""Tags of words that, before "if" or "when", tell of the therapy behind it: "caution when giving X"."""


def only_if_given(named: Named) -> bool:
    """Whether the clause only says what is asked of those on a therapy: "an echocardiogram is required if anthracyclines were given"."""
    clause = named.clause
    listed = [m.end for m in clause.part.therapies if m.end < named.mention.start]
    said = clause.lower[: named.mention.start]
    for end in listed:  # "if treated with X, Y or Z"
        said = f"{said[:end]} {said[end + 1 :]}" if said[end] == "," else said
    found = _CONDITIONAL.search(said, clause.part.start)
    if found is None or not clause.lower[clause.part.start : found.start()].strip(" ,:-"):
        return False
    tests = [c.start for c in clause.part.tagged("kind") if c.value in _TESTS and c.end <= found.start()]
    tests += [m.start for m in clause.part.mentions if m.kind == "biomarker" and m.end <= found.start()]
    cues = [c for c in clause.part.cues if c.start < found.start() and c.tag in _OF_THEM]
    cues = [c for c in cues if not (c.tag == "neg" and any(c.end <= test for test in tests))]  # "no mutation testing if X was given"
    beside = clause.lower.endswith("or ", 0, found.start()) and " if " not in clause.lower[clause.part.start : found.start()]
    if beside and clause.context.section is Section.EXCLUSION and not tests:
        return False  # "bleeding diathesis, or if they are on warfarin" tells of others who are kept out
    therapies = [end for end in listed if end <= found.start()]
    return not cues and not therapies and not clause.part.has("prohibit")


def tells_how_to_count(named: Named) -> bool:
    """Whether a sentence only tells how something is counted: "if no therapy was given, this is 1 relapse", "X are counted by compound"."""
    found = _COUNTED_SO.search(named.clause.lower, named.clause.sentence(named.mention.start))
    return found is not None and found.start() <= named.mention.start < found.end()
