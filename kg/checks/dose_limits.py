"""The doses that a rule or an exception speaks of: is a therapy given at more, at a low dose, or only to replace what the body makes?"""

from __future__ import annotations

from dataclasses import dataclass

from kg.checks.facts import Fact
from kg.checks.limits import YES, Holds, Limit
from kg.checks.lookups import lookups
from kg.checks.matching import evidence_step
from kg.knowledge import Knowledge
from kg.records import Step

__all__ = ["above_dose", "low_dose", "not_above", "replaces_only"]

_PHYSIOLOGIC_MG = 7.5
"""Prednisone a day that at most replaces what the body makes itself, and that counts as a low dose."""


_LOW_PART = 0.1
"""Of the highest usual dose: less is a low dose of drugs that are given in very unlike amounts, as aspirin."""


@dataclass(frozen=True, slots=True)
class _Daily:
    low: float
    high: float
    words: str
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()


def _daily_dose(fact: Fact, knowledge: Knowledge) -> _Daily | str:
    """The daily dose in mg, a corticosteroid's as prednisone (as rules state their limits), or why it cannot be told."""
    steps: list[Step] = []
    notes: list[str] = []
    if fact.dose is not None and fact.dose.mg_a_day is None:
        return fact.dose.note
    if fact.dose is not None and fact.dose.mg_a_day is not None:
        low = high = fact.dose.mg_a_day
        words = f"{low:g} mg a day"
        notes.extend([fact.dose.note] if fact.dose.note else [])
    else:
        usual = lookups(knowledge).usual_doses.get(fact.key)
        if usual is None:
            return f"the dose of {fact.name} is not given"
        low, high = usual.low, usual.high
        words = f"{low:g} to {high:g} mg a day, the usual adult dose"
        steps.append(evidence_step(f"usual adult dose of {fact.name}: {low:g} to {high:g} mg a day", usual.evidence))
        notes.append(f"{fact.name}: no dose given; a usual adult dose is assumed")
    equivalent = lookups(knowledge).steroid_equivalents.get(fact.key)
    if equivalent:
        low, high = equivalent.as_prednisone(low), equivalent.as_prednisone(high)
        if fact.key != "prednisone":
            amount = f"{low:g} mg" if low == high else f"{low:g} to {high:g} mg"
            steps.append(evidence_step(f"{words} of {fact.name} act like {amount} of prednisone", equivalent.evidence))
    return _Daily(low, high, words, tuple(steps), tuple(notes))


def above_dose(limit: float | None, fact: Fact, knowledge: Knowledge) -> Limit:
    """Whether the daily dose is above `limit` mg; a usual range that begins at the limit is."""
    if limit is None:
        return YES
    dose = _daily_dose(fact, knowledge)
    if isinstance(dose, str):
        return Limit(Holds.UNCLEAR, f"{dose}; the sentence holds above {limit:g} mg a day")
    if dose.low > limit or dose.low == limit < dose.high:
        return Limit(Holds.YES, f"{dose.words} is above {limit:g} mg", steps=dose.steps, notes=dose.notes)
    if dose.high <= limit:
        return Limit(Holds.NO, f"{dose.words} is not above {limit:g} mg", steps=dose.steps, notes=dose.notes)
    return Limit(
        Holds.UNCLEAR,
        f"the dose of {fact.name} is not given; the sentence holds above {limit:g} mg a day",
        steps=dose.steps,
        notes=dose.notes,
    )


def not_above(limit: float, fact: Fact, knowledge: Knowledge) -> Limit:
    """Whether the daily dose is at most `limit` mg."""
    above = above_dose(limit, fact, knowledge)
    turned = {Holds.YES: Holds.NO, Holds.NO: Holds.YES}.get(above.holds, above.holds)
    return Limit(turned, above.why, steps=above.steps, notes=above.notes)


def replaces_only(fact: Fact, knowledge: Knowledge) -> Limit:
    """Whether a corticosteroid is given at no more than what replaces the body's own."""
    if fact.dose is None:
        return Limit(Holds.NO, notes=(f"{fact.name}: no dose given; a usual adult dose is assumed",))
    if fact.key not in lookups(knowledge).steroid_equivalents:
        return Limit(Holds.UNCLEAR, f"how much of {fact.name} replaces the body's own is not known here")
    return not_above(_PHYSIOLOGIC_MG, fact, knowledge)


def low_dose(fact: Fact, knowledge: Knowledge) -> Limit:
    """Whether the dose is a low one of its drug, by the usual doses or, of a corticosteroid, by what the body makes itself."""
    if fact.dose is None and not fact.current:
        return Limit(Holds.UNCLEAR, f"at which dose {fact.name} was given is not known")
    if fact.dose is None:
        return Limit(
            Holds.NO,
            f"{fact.name} is assumed to be given at a therapeutic dose",
            notes=(f"{fact.name}: no dose given; a usual adult dose is assumed",),
        )
    if fact.key in lookups(knowledge).steroid_equivalents and not_above(_PHYSIOLOGIC_MG, fact, knowledge).holds is Holds.YES:
        return not_above(_PHYSIOLOGIC_MG, fact, knowledge)
    usual = lookups(knowledge).usual_doses.get(fact.key)
    if usual is None or fact.dose.mg_a_day is None:
        return Limit(Holds.UNCLEAR, f"whether {fact.dose.text} of {fact.name} is a low dose could not be told")
    step = evidence_step(f"usual adult dose of {fact.name}: {usual.low:g} to {usual.high:g} mg a day", usual.evidence)
    if fact.dose.mg_a_day < max(usual.low, usual.high * _LOW_PART):
        return Limit(Holds.YES, f"{fact.dose.text} of {fact.name} is low for its usual dose", steps=(step,))
    middle = (usual.low * usual.high) ** 0.5
    if fact.dose.mg_a_day >= middle:
        return Limit(Holds.NO, f"{fact.dose.text} of {fact.name} is no low dose", steps=(step,))
    return Limit(Holds.UNCLEAR, f"whether {fact.dose.text} of {fact.name} is a low dose could not be told", steps=(step,))
