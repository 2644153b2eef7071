"""What the words beside a class leave out of it: steroids of "non-steroidal immunosuppressants", antibodies against PD-1 of others."""

from __future__ import annotations

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.named import Named
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_NON_KIND = pattern("narrowing: non-kind")
_OF_AN_ALTERATION = pattern("narrowing: of an alteration")
_NON = pattern("subjects: non")
_HAS_OPPOSITE = frozenset({"biologic-therapy", "chemotherapy", "myelosuppressive-anticancer-therapy", "enzyme-inducing-anticonvulsant"})
"""Classes that "non-" before them turns into another."""
_TARGETED = "targeted-therapy"
_OF_NO_ALTERATION = "immune-checkpoint-inhibitor"


def left_out(clause: ClauseReading, mention: Mention) -> Mention | None:
    """What the words beside a class leave out: "non-" before it, or that targeted therapy was for an alteration of the tumour's genes."""
    if mention.key == _TARGETED and clause.found_behind(_OF_AN_ALTERATION, mention.end, 160):
        return Mention(mention.start, mention.end, "class", _OF_NO_ALTERATION, mention.text)
    found = clause.found_before(_NON_KIND, mention.start, 60)
    if found is None:
        return None
    word = found["kind"]
    names = clause.context.known.names
    for form in (word, f"{word} therapy", f"{word} agent", f"{word} inhibitor", word.removesuffix("al")):
        for match in names.lookup(form, ("class", "drug")):
            kind = Mention(mention.start, mention.end, match.kind, match.key, found.group().strip())
            return None if clause.context.known.are_apart(mention, kind) else kind
    return None


def is_left_out(named: Named) -> bool:
    """Whether "non-" before it says that others are meant: "non-aspirin NSAIDs", "non-enzyme-inducing anticonvulsants"."""
    return (named.mention.kind == "drug" or named.mention.key in _HAS_OPPOSITE) and named.found_before(_NON) is not None
