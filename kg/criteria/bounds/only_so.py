"""In which form alone a therapy may be taken: "only inhaled or topical steroids", "anticoagulation only with LMWH", in no full dose."""

from __future__ import annotations

from dataclasses import replace

from kg.criteria.clauses.clause import SYSTEMIC_ROUTES, ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Carveout, Mention, Polarity, Section

_ONLY = pattern("only so: only")
_SO = pattern("only so: so")
_MAY = pattern("only so: may")
_FULL_DOSE_OF = pattern("only so: full dose of")
_IN_FULL_DOSE = pattern("only so: in full dose")
_OR_LESS = pattern("only so: or less")
_ANTICOAGULANT = "anticoagulant"
_NEAR = 25
"""How far from "therapeutic" it is told, in characters, that lower doses are meant, too."""


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
        kinds = tuple(m for m in part.therapies if m.start >= at and m != mention and known.covers(mention, m))
        if kinds and kinds[0].start == at:
            return Carveout("allows", kinds, None, text=text)
    return None


def in_no_full_dose(clause: ClauseReading, mention: Mention, polarity: Polarity) -> Carveout | None:
    """The low doses of an anticoagulant of which a clause keeps out full ones: "full-dose anticoagulants", "therapeutic anticoagulation".

    Arguments:
        clause: one that speaks of doses.
        mention: the therapy.
        polarity: what the clause does with it.
    """
    told_full = any(c.value == "full" for c in clause.part.tagged("dose"))
    if not told_full or polarity is not Polarity.EXCLUDES or not _thins_blood(clause, mention):
        return None
    named = list(clause.part.therapies)
    for cue in clause.part.tagged("dose"):
        lower_too = _OR_LESS.search(clause.lower, max(0, cue.start - _NEAR), cue.end + _NEAR)
        if cue.value != "full" or lower_too or clause.in_exception(cue.start):
            continue
        first = next((m for m in named if m.end > cue.start), None)
        if first is None:  # then what it is of stands before it: "anticoagulants at therapeutic doses"
            start, end = mention.start, cue.end
            told = clause.found_before(_IN_FULL_DOSE, cue.start) is not None
        else:
            start, end = cue.start, first.end
            told = first.start <= mention.start and _thins_blood(clause, first)
            told = told and _FULL_DOSE_OF.fullmatch(clause.lower, cue.end, max(cue.end, first.start)) is not None
        if told:
            return Carveout("allows", (), None, dose_level="low", text=clause.lower[start:end])
    return None


def _thins_blood(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it names anticoagulants, all of them or some."""
    any_of_them = replace(mention, kind="class", key=_ANTICOAGULANT)
    return mention.key == _ANTICOAGULANT or clause.context.known.covers(any_of_them, mention)
