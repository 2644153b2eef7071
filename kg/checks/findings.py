"""Findings as they are made from rules: what they carry, and how a sentence's softness and arms bend a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from kg.checks.facts import Fact, PatientFacts
from kg.checks.limits import Own
from kg.checks.matching import Match
from kg.knowledge import Knowledge
from kg.names import Names
from kg.names.fold import fold
from kg.names.treated import own_conditions
from kg.records import Finding, FindingKind, Modality, Rule, Step, Trial, Verdict
from kg.vocab import criterion_iri, rule_iri

__all__ = ["Evaluation", "Judged", "Scene", "bound_arms", "make_finding", "recalled_note", "requirement", "shortened", "softened"]

_MODALITY_WORDS = {
    Modality.SHOULD_AVOID: "the sentence asks to avoid it, it does not forbid it",
    Modality.CAUTION: "the sentence asks for caution, it does not forbid it",
    Modality.DISCRETION: "the sentence leaves it to the investigator",
    Modality.APPROVAL: "the sentence asks for approval",
}


@dataclass(frozen=True)
class Scene:
    """What a rule is read against: the trial, the patient and the knowledge."""

    trial: Trial
    patient: PatientFacts
    knowledge: Knowledge
    names: Names

    @property
    def as_of(self) -> date:
        """The day of the check."""
        return self.patient.as_of

    @cached_property
    def own(self) -> Own:
        """The trial's own disease: its registered conditions, or what its title names where none are registered."""
        texts = [*self.trial.conditions, self.trial.brief_title, self.trial.official_title]
        return Own(own_conditions(self.trial, self.names), fold(" · ".join(texts)))


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with what joins it to others: the entry of the patient's data, and the verdict in the arms that the rule binds."""

    finding: Finding
    place: str
    bare: Verdict
    match: Match | None = None
    fact: Fact | None = None


@dataclass(slots=True)
class Evaluation:
    """What one rule says of one patient."""

    judged: list[Judged] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    open_questions: list[str] = field(default_factory=list)


def requirement(rule: Rule) -> str:
    """The open question that a requirement leaves."""
    return f"required and not shown by the data given: “{shortened(rule.quote)}”"


def shortened(quote: str, length: int = 160) -> str:
    """A quote on one line, cut at a word."""
    line = " ".join(quote.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + " …"


def softened(rule: Rule, bare: Verdict) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict after the sentence's own softness (modality, doubts, a circumstance), and why; arms are not looked at."""
    why = [_MODALITY_WORDS[rule.modality]] if rule.modality in _MODALITY_WORDS else []
    why.extend(f"the sentence leaves a doubt: {doubt}" for doubt in rule.doubts)
    if rule.binds_if:
        why.append(f"it binds only “{rule.binds_if}”")
    if bare is Verdict.EXCLUDED and why:
        return Verdict.REVIEW, tuple(why)
    return bare, tuple(why)


def bound_arms(rule: Rule, trial: Trial) -> tuple[tuple[str, ...], bool]:
    """(arms, cohorts or parts that the rule binds; whether a patient can enter the trial outside of them)."""
    labels = {arm.label for arm in trial.arms}
    if rule.scope.arms:
        return rule.scope.arms, not labels or bool(labels - set(rule.scope.arms))
    return rule.scope.texts, bool(rule.scope.texts)


def recalled_note(chain: Iterable[Step]) -> tuple[str, ...]:
    """One note that names the steps whose evidence was only recalled, and where to check them; none if there are none."""
    steps = [step for step in chain if step.source == "recalled"]
    if not steps:
        return ()
    documents = list(dict.fromkeys(step.detail for step in steps if step.detail))
    words = "; ".join(dict.fromkeys(step.text.removeprefix("→ ") for step in steps))
    return (f"recalled, not yet checked: {words}" + (f" (to check in: {'; '.join(documents)})" if documents else ""),)


def make_finding(
    rule: Rule,
    trial: Trial,
    bare: Verdict,
    fact: str,
    steps: Iterable[Step],
    *,
    reason: str = "",
    recoverable: bool = False,
    remedy: str = "",
    earliest: date | None = None,
    notes: tuple[str, ...] = (),
) -> Finding:
    """A finding of a rule: the verdict softened by modality, doubts and arms; the proof ends in the quote."""
    verdict, soft = softened(rule, bare)
    arms, partial = bound_arms(rule, trial)
    if partial and verdict is Verdict.EXCLUDED:
        verdict = Verdict.REVIEW
        soft = (*soft, f"it binds only {', '.join(arms)}")
    chain = (*steps, Step(f"→ {rule.section.value}: “{shortened(rule.quote)}”"))
    recalled = recalled_note(chain)
    return Finding(
        kind=FindingKind.CRITERION,
        verdict=verdict,
        fact=fact,
        chain=tuple(dict.fromkeys(chain)),
        reason="; ".join(part for part in (reason, *soft) if part),
        rule=rule_iri(trial.nct, rule.number),
        criterion=criterion_iri(trial.nct, rule.criterion),
        quote=rule.quote,
        start=rule.start,
        end=rule.end,
        section=rule.section.value,
        modality=rule.modality.value,
        arms=arms,
        recoverable=recoverable,
        remedy=remedy,
        earliest_date=earliest,
        sources=tuple(dict.fromkeys(s.source for s in chain if s.source)),
        notes=tuple(dict.fromkeys((*notes, *recalled))),
    )
