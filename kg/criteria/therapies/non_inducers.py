"""Anticonvulsants that must not induce enzymes: "anti-seizure drugs must be non-enzyme-inducing", which keeps out those on the others."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_ONLY_OTHERS = pattern("non-inducers: only others")
_LEFT_OUT = pattern("non-inducers: inducers left out")
_NON = "non"
_DENIED = re.compile(r"(?:non|not|except|excluding|unless|other than|apart from|but)\b")
_INDUCERS = "enzyme-inducing-anticonvulsant"
_ANY = "anticonvulsant"


def without_inducers(clause: ClauseReading, named: list[Mention]) -> list[Mention]:
    """The therapies that a clause speaks of: where it asks for anticonvulsants that induce no enzymes, the others of these.

    Arguments:
        clause: the clause.
        named: the therapies found so far.
    """
    found = clause.find(_ONLY_OTHERS)
    if found is not None and clause.in_exception(found.start()):
        return named
    found = found or _left_out_of_a_permission(clause)
    if found is None:
        return named
    if any(m.key == _INDUCERS and not clause.before(m.start, 4).strip(" -").endswith(_NON) for m in clause.part.mentions):
        return named  # "must not be on inducers, but may be on non-inducers" says it itself
    start, end = next((n for n in map(found.span, found.groupdict()) if n[0] >= 0), found.span())
    return [*(m for m in named if m.key != _ANY), Mention(start, end, "class", _INDUCERS, clause.lower[start:end])]


def _left_out_of_a_permission(clause: ClauseReading) -> re.Match[str] | None:
    """Where inducers are excepted from anticonvulsants that are permitted: "anticonvulsants are allowed unless enzyme-inducing"."""
    found = clause.find(_LEFT_OUT) if clause.part.has("permit") else None
    return found if found is not None and any(m.key == _ANY for m in clause.part.mentions) else None


def is_left_out(mention: Mention) -> bool:
    """Whether a mention is of anticonvulsants by what others must be."""
    return mention.key == _INDUCERS and _DENIED.match(mention.text.lower()) is not None
