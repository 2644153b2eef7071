"""How much of a therapy an inclusion lets patients have had: so many cycles, for so long, so high a dose in all."""

from __future__ import annotations

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.times.durations import had_for
from kg.criteria.words.patterns import pattern
from kg.records import Mention, Section

_FEW_CYCLES = pattern("limits: few cycles")
_LARGEST_DOSE = pattern("stance: largest dose")
_HAD_IN_ALL = pattern("stance: had in all")


def limited_in_amount(clause: ClauseReading, mention: Mention) -> tuple[str, ...] | None:
    """The doubts of a therapy that keeps out those who had more of it than an inclusion lets in; None where it limits no amount.

    Arguments:
        clause: the clause.
        mention: the therapy.
    """
    few = _of_few_cycles(clause, mention)
    if few is not None:
        return few
    return () if _of_so_long(clause, mention) or limits_the_dose_had(clause, mention) else None


def limits_the_dose_had(clause: ClauseReading, mention: Mention) -> bool:
    """Whether an inclusion tells how much patients may have had in all: "less than 300 mg/m2 of prior doxorubicin"."""
    if clause.context.section is Section.EXCLUSION or not clause.context.known.is_anticancer(mention):
        return False
    return clause.find(_HAD_IN_ALL) is not None and clause.find(_LARGEST_DOSE) is not None


def _of_few_cycles(clause: ClauseReading, mention: Mention) -> tuple[str, ...] | None:
    """By how many cycles it allows: "up to 1 cycle of prior chemotherapy is allowed"."""
    few = clause.found_before(_FEW_CYCLES, mention.start, 60)
    if few is None or clause.context.section is Section.EXCLUSION or not clause.context.known.is_anticancer(mention):
        return None
    return ("a number of cycles",) if few["most"] or clause.part.has("permit") else None


def _of_so_long(clause: ClauseReading, mention: Mention) -> bool:
    """Whether an inclusion tells for how long it may have been given: "up to 4 weeks of X is permitted"."""
    told = had_for(clause, mention) if clause.context.section is not Section.EXCLUSION else None
    if told is None or clause.in_exception(told.start):
        return False
    permitted = any(not clause.reading.paren_of(c.start) for c in clause.part.tagged("permit"))
    return told.most or permitted
