"""Clauses → rules: for every therapy that a clause names, which facts it looks at, what it does, in which window, with which exceptions."""

from __future__ import annotations

from kg.criteria.bounds.carveouts import of_a_disease, of_an_operation
from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import THERAPY_KINDS, Part
from kg.criteria.ruling.drafts import Draft, merged
from kg.criteria.ruling.each_other import ended_sooner, leave_to_each_other, leave_to_own_times, other_uses
from kg.criteria.ruling.left_out import left_out_of
from kg.criteria.ruling.limited_to import limited_to
from kg.criteria.ruling.one_therapy import Terms, drafts_on, terms_of
from kg.criteria.ruling.out_of_sequence import before_the_first_line, out_of_sequence
from kg.criteria.ruling.untreated import untreated
from kg.criteria.therapies.adjuvant import tells_of_early_therapy
from kg.criteria.therapies.asides import of_no_patient
from kg.criteria.therapies.implied import implied
from kg.criteria.therapies.non_inducers import without_inducers
from kg.criteria.therapies.subjects import says_again, subjects_of
from kg.criteria.times.own_times import times_of

_IMPLYING = (
    "naive",
    "study",
    "interact",
    "implied",
    "untold",
    "counted",
    "dated",
    "first",
    "treated",
    "elided",
    "own",
    "medicines",
    "state",
    "elsewhere",
    "unsupported",
    "irradiated",
)
"""Tags of cues that speak of therapies without naming any."""


def implies(part: Part) -> bool:
    """Whether a clause can speak of therapies that it does not name: "treatment-naive", "study drug", "systemic or local therapy"."""
    return bool(part.tagged(*_IMPLYING)) or part.has("route", "systemic") or tells_of_early_therapy(part)


def speaks(part: Part) -> bool:
    """Whether a clause names anything, tells a time, or can speak of therapies that it does not name."""
    return bool(part.mentions or part.windows) or implies(part)


def drafts_of(clause: ClauseReading) -> list[Draft]:
    """The rules of a clause.

    First those on each of its therapies, by what it says of all of them and of this one; those that say the same are made one. Then what
    some of these rules leave to others, the rules on therapies that it means by what it says of others, and times of some therapies only.
    """
    if not _may_rule(clause):
        return []
    named = subjects_of(clause)
    named += [m for m in implied(clause) if not of_no_patient(clause, m)]
    named = without_inducers(clause, named)
    if not named and not clause.part.has("permit") and not (limited_to(clause) or untreated(clause)):
        return []  # nothing is left that could give a rule
    named, times = times_of(clause, named)
    subjects = [m for m in named if not says_again(clause, m)]
    terms = terms_of(clause, subjects, times)
    drafts = [draft for mention in subjects for draft in drafts_on(clause, mention, terms)]
    drafts = merged(drafts + left_out_of(clause, drafts, terms))
    leave_to_each_other(clause, drafts)
    drafts += other_uses(clause, drafts) + ended_sooner(clause, drafts)
    drafts += _on_any_other(clause, drafts, terms)
    leave_to_own_times(clause, drafts, times)
    return drafts


def _may_rule(clause: ClauseReading) -> bool:
    """Whether a clause can rule on a therapy: it names or implies one, or tells the time of the one in the bullet above it."""
    neoplasms = clause.context.known.neoplasms
    if any(m.kind in THERAPY_KINDS or m.key in neoplasms for m in clause.part.mentions) or implies(clause.part):
        return True
    return bool(clause.part.windows) and clause.context.lead is not None  # "to the chest within 4 weeks", below radiotherapy


def _is_said(draft: Draft, drafts: list[Draft]) -> bool:
    """Whether another draft is of the same words: "any treatment related to the tumor" of those who "must not have received" it."""
    alike = (d for d in drafts if d.polarity is draft.polarity)
    no_narrower = (d for d in alike if d.window in (None, draft.window) or d.window.within)  # "no prior therapy within 4 weeks"
    of_them = [m for d in no_narrower if set(d.settings) <= set(draft.settings) for m in d.mentions]
    return any(m.start < each.end and each.start < m.end for each in draft.mentions for m in of_them)


def _on_any_other(clause: ClauseReading, drafts: list[Draft], terms: Terms) -> list[Draft]:
    """The rules of a clause that tells of patients by what they had alone, last or never: on any other therapy than what it leaves."""
    found = limited_to(clause) or out_of_sequence(clause, drafts, terms.lines)
    found = found or [d for d in untreated(clause) if not _is_said(d, drafts)] or before_the_first_line(clause, drafts)
    for draft in found:
        freed = [e for e in terms.exceptions if not of_a_disease(clause, e)]
        draft.carveouts = [*draft.carveouts, *(e for e in freed if not all(of_an_operation(clause, e, m) for m in draft.mentions))]
    return found
