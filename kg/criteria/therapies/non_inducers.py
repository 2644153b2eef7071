"""Anticonvulsants that must not induce enzymes: "anti-seizure drugs must be non-enzyme-inducing", which keeps out those on the others."""

from __future__ import annotations

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_ONLY_OTHERS = pattern("non-inducers: only others")
_NON = "non"
_INDUCERS = "enzyme-inducing-anticonvulsant"
_ANY = "anticonvulsant"


def without_inducers(clause: ClauseReading, named: list[Mention]) -> list[Mention]:
    """The therapies that a clause speaks of: where it asks for anticonvulsants that induce no enzymes, the others of these.

    Arguments:
        clause: the clause.
        named: the therapies found so far.
    """
    found = clause.find(_ONLY_OTHERS)
    if found is None or clause.in_exception(found.start()):
        return named
    if any(m.key == _INDUCERS and not clause.before(m.start, 4).strip(" -").endswith(_NON) for m in clause.part.mentions):
        return named  # "must not be on inducers, but may be on non-inducers" says it itself
    start, end = next((n for n in (found.span("what"), found.span("first")) if n[0] >= 0), found.span())
    return [*(m for m in named if m.key != _ANY), Mention(start, end, "class", _INDUCERS, clause.lower[start:end])]


def is_left_out(mention: Mention) -> bool:
    """Whether a mention is of anticonvulsants by what others must be."""
    return mention.key == _INDUCERS and mention.text.startswith(_NON)
