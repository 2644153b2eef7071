"""In which form alone a therapy may be taken: "steroids only as inhaled or topical preparations", "anticoagulation only with LMWH"."""

from __future__ import annotations

from kg.criteria.clauses.clause import SYSTEMIC_ROUTES, ClauseReading
from kg.criteria.clauses.reading import THERAPY_KINDS
from kg.criteria.words.patterns import pattern
from kg.records import Carveout, Mention, Polarity, Section

_ONLY = pattern("only so: only")
_SO = pattern("only so: so")
_MAY = pattern("only so: may")


def only_so(clause: ClauseReading, mention: Mention, polarity: Polarity) -> Carveout | None:
    """What a clause leaves of a therapy that it otherwise keeps out: some routes, low doses, or one kind of it.

    Arguments:
        clause: one that permits a therapy or is about one.
        mention: the therapy.
        polarity: what the clause does with it, by its other words.
    """
    part, lower = clause.part, clause.lower
    known = clause.context.known
    if polarity is Polarity.EXCLUDES or known.is_anticancer(mention) or part.has("disease") or part.has("except"):
        return None
    if not part.has("permit") and (clause.context.section is Section.EXCLUSION or not _MAY.search(lower, part.start, part.end)):
        return None
    for only in _ONLY.finditer(lower, part.start, part.end):
        so = _SO.match(lower, only.end(), part.end)
        at = so.end() if so is not None else only.end()
        text = lower[only.start() : part.end]
        routes = tuple(c.value for c in part.tagged("route") if c.start >= only.start() and c.value not in SYSTEMIC_ROUTES)
        first = next((c.start for c in part.tagged("route") if c.start >= only.start()), None)
        if routes and first == at:
            return Carveout("allows", (mention,), None, routes, text=text)
        if any(c.start == at and c.value == "low" for c in part.tagged("dose")) and mention.end <= only.start():
            return Carveout("allows", (mention,), None, dose_level="low", text=text)
        kinds = tuple(m for m in part.mentions if m.kind in THERAPY_KINDS and m.start >= at and m != mention and known.covers(mention, m))
        if kinds and kinds[0].start == at:
            return Carveout("allows", kinds, None, text=text)
    return None
