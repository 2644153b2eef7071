"""Therapies that a sentence names again: roles at enzymes without their strength, "such inhibitors", and what goes on about one."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.named import Named
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_TOLD_BEFORE = pattern("subjects: told before")
_ON_TERMS = pattern("subjects: told of on terms")
_ENDED_ON_TERMS = pattern("subjects: ended on terms")
_CAME_BACK = pattern("subjects: came back after")
_OF_A_LIST = pattern("subjects: of a list elsewhere")
_LIST_ELSEWHERE = pattern("subjects: the list is elsewhere")
_SUCH = re.compile(r"\b(?:such|these|those|said)\s+(?:(?:drugs?|agents?|medications?|substances?)\s+(?:that\s+are\s+)?)?$")


def as_strong_as_before(clause: ClauseReading, mention: Mention) -> Mention:
    """A role at an enzyme, with the strengths that were told of it before, if "such" points to them."""
    if mention.kind != "pk" or mention.strengths or not _SUCH.search(clause.before(mention.start, 40)):
        return mention
    told = (m for m in clause.reading.mentions if m.kind == "pk" and m.end <= mention.start and m.strengths)
    same = next((m for m in told if (m.enzyme, m.role) == (mention.enzyme, mention.role)), None)
    return mention if same is None else replace(mention, strengths=same.strengths)


def of_a_list_elsewhere(named: Named) -> bool:
    """Whether a sentence only tells where a list of drugs stands of which some were ruled on before: "See Appendix 1 for a list of …"."""
    clause, mention = named.clause, named.mention
    told = clause.found_before(_OF_A_LIST, mention.start, 200)
    if told is None or (told["given"] and clause.found_behind(_LIST_ELSEWHERE, mention.end, 160) is None):
        return False
    start = max(clause.part.start, mention.start - 200) + told.start()
    covers = clause.context.known.covers
    before = (m for m in clause.reading.mentions if m.end <= start and m.kind == mention.kind)
    return any(m.kind == "pk" or m.key == mention.key or covers(m, mention) or covers(mention, m) for m in before)


def goes_on_about_it(named: Named) -> bool:
    """Whether the clause has named it before, and goes on about it, or permits it on terms: "X is allowed provided therapy ended …"."""
    mention = named.mention
    on_terms = named.found_behind(_ENDED_ON_TERMS) and named.clause.found_before(_ON_TERMS, mention.start, 160)
    told = named.clause.part.mentions if on_terms or named.found_near(_TOLD_BEFORE) else _let_in_on_terms(named)
    known = named.clause.context.known
    return any(m.end <= mention.start and (m.key == mention.key or known.covers(mention, m)) for m in told)


def _let_in_on_terms(named: Named) -> list[Mention]:
    """What the sentence lets patients in after, if one of its terms is that the disease has not come back since this therapy.

    "Patients who received X are eligible if they responded and have not relapsed within 6 months of frontline therapy" asks that of them.
    """
    clause, at = named.clause, named.mention.start
    if not clause.found_before(_CAME_BACK, at, 120):
        return []
    opened = clause.sentence(at)
    parts = [p for p in clause.reading.parts if opened <= p.start <= clause.part.start]
    permit = next((c for p in parts for c in p.tagged("permit") if c.end <= at), None)
    if permit is None or not any(permit.end <= c.start < at for p in parts for c in p.tagged("if", "unless")):
        return []
    return [m for p in parts for m in p.therapies if m.end <= permit.start]
