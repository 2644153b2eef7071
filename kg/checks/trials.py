"""One patient × one trial: every rule, every clause that could not be understood, every interaction, merged and put in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kg.checks.arms import arm_drugs, unresolved
from kg.checks.effects import Engine
from kg.checks.facts import Fact, PatientFacts, Unrecognised
from kg.checks.findings import Evaluation, Judged, Scene, shortened
from kg.checks.interactions import pair_findings, within_arms
from kg.checks.matching import Grade, best_match
from kg.checks.rules import evaluate
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import (
    Clause,
    ClauseStatus,
    Eligibility,
    Finding,
    FindingKind,
    Rule,
    Step,
    Trial,
    TrialResult,
    Verdict,
)
from kg.vocab import criterion_iri, rule_iri

__all__ = ["check_trial", "is_not_understood", "safely"]

_THERAPY = "therapy"
"""The kind of a clause that speaks of a therapy and of nothing else: if it gave no rule, it was not understood."""


def check_trial(
    patient: PatientFacts, trial: Trial, eligibility: Eligibility, knowledge: Knowledge, names: Names, engine: Engine | None = None
) -> TrialResult:
    """The answer for one trial.

    Arguments:
        patient: the patient's data, understood (`kg.checks.understand`).
        trial, eligibility: the record, and its criteria as read.
        engine: interactions already worked out, to share between trials.
    """
    engine = engine or Engine.of(knowledge)
    scene = Scene(trial, patient, knowledge, names)
    judged: list[Judged] = [_input(item) for item in patient.unrecognised]
    notes: list[str] = []
    questions: list[str] = []
    for rule in eligibility.rules:
        found = safely(rule, scene)
        judged.extend(found.judged)
        notes.extend(found.notes)
        questions.extend(found.open_questions)
    judged.extend(_not_understood(eligibility.clauses, scene))
    judged = _merged(judged)
    criteria = _worst(j.finding.verdict for j in judged)
    given = arm_drugs(trial, knowledge, names)
    more, folded = _interactions(judged, scene, names, engine, given)
    findings = _ordered(j.finding for j in more)
    return TrialResult(
        nct=trial.nct,
        title=trial.brief_title,
        status=trial.status,
        verdict=_worst(f.verdict for f in findings),
        criteria_verdict=criteria,
        findings=tuple(findings),
        notes=tuple(dict.fromkeys([*notes, *folded])),
        open_questions=tuple(dict.fromkeys(questions)),
        arms=_by_arm(trial, more),
        earliest_date=_earliest(findings),
        intended=tuple(f for f in within_arms(given, engine) if f.verdict is Verdict.REVIEW),
        record=_record(trial),
        passages=_passages(findings, trial, eligibility),
    )


def _record(trial: Trial) -> str:
    """Which record was read: its file, and what tells this version of it from others."""
    source = trial.source
    updated = next((event.value for event in trial.dates if event.event == "last_update_posted"), "")
    told = [
        f"version {source.version}" if source.version else "",
        f"retrieved {source.retrieved}" if source.retrieved and not source.version else "",
        f"last update posted {updated}" if updated else "",
    ]
    return ", ".join(filter(None, (source.name, *told))) + ("" if any(told) else f", sha256 {source.checksum[:12]}")


def _passages(findings: Iterable[Finding], trial: Trial, eligibility: Eligibility) -> dict[str, tuple[int, str]]:
    wanted = {finding.criterion for finding in findings if finding.quote}
    criteria = ((criterion_iri(trial.nct, c.order), c) for c in eligibility.criteria)
    return {iri: (c.start, trial.eligibility_text[c.start : c.end]) for iri, c in criteria if iri in wanted}


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    return min(verdicts, key=lambda v: v.rank, default=Verdict.NO_CONFLICT)


def _input(item: Unrecognised) -> Judged:
    if item.unclear:
        doubt = Finding(
            kind=FindingKind.INPUT,
            verdict=Verdict.UNKNOWN,
            fact=item.name,
            chain=(Step(f"{item.place} → cannot be evaluated"),),
            reason=item.message,
            recoverable=True,
            remedy="settle it in the record, or with the patient",
        )
        return Judged(doubt, item.name, Verdict.UNKNOWN)
    near = f"; near names: {', '.join(item.suggestions)}" if item.suggestions else ""
    finding = Finding(
        kind=FindingKind.INPUT,
        verdict=Verdict.UNKNOWN,
        fact=f"{item.place}: “{item.name}”",
        chain=(Step(f"“{item.name}” → not recognised{near}"),),
        reason=item.message,
        recoverable=True,
        remedy=f"did you mean {', '.join(item.suggestions)}?" if item.suggestions else "check the spelling, or give another name of it",
    )
    return Judged(finding, item.place, Verdict.UNKNOWN)


def safely(rule: Rule, scene: Scene) -> Evaluation:
    """The rule's evaluation; whatever goes wrong inside becomes an `unknown` finding, never silence."""
    try:
        return evaluate(rule, scene)
    except Exception as error:
        finding = Finding(
            kind=FindingKind.CRITERION,
            verdict=Verdict.UNKNOWN,
            fact="the patient's data",
            chain=(Step(f"→ {rule.section.value}: “{shortened(rule.quote)}”"),),
            reason=f"the sentence could not be evaluated: internal error ({type(error).__name__}: {error})",
            remedy="read the sentence; this is a defect of trialkg: please report it",
            rule=rule_iri(scene.trial.nct, rule.number),
            criterion=criterion_iri(scene.trial.nct, rule.criterion),
            quote=rule.quote,
            start=rule.start,
            end=rule.end,
            section=rule.section.value,
            modality=rule.modality.value,
        )
        return Evaluation(judged=[Judged(finding, f"rule {rule.number}", Verdict.UNKNOWN)])


# --- clauses that gave no rule ------------------------------------------------------------------------------------------------------------


def is_not_understood(clause: Clause) -> bool:
    """Whether the clause speaks of a therapy and gave no rule."""
    return clause.status is ClauseStatus.RECOGNISED and not clause.rules and clause.kind == _THERAPY


def _not_understood(clauses: Iterable[Clause], scene: Scene) -> Iterable[Judged]:
    """A clause on a therapy that the patient had or takes, and that gave no rule, cannot be evaluated: unknown."""
    for clause in clauses:
        if not is_not_understood(clause):
            continue
        for fact in scene.patient.facts:
            # what was stopped is no longer an inhibitor, inducer or substrate of anything
            mentions = clause.mentions if fact.current else [m for m in clause.mentions if m.kind != "pk"]
            found = best_match(mentions, fact, scene.knowledge)
            if found is None or found.grade is not Grade.PLAIN:
                continue
            finding = Finding(
                kind=FindingKind.CRITERION,
                verdict=Verdict.UNKNOWN,
                fact=fact.words,
                chain=(*fact.steps, *found.steps, Step(f"→ “{shortened(clause.text)}”")),
                reason=f"the sentence names {fact.name} (“{found.mention.text}”), but what it asks could not be understood",
                remedy="read the sentence",
                criterion=criterion_iri(scene.trial.nct, clause.criterion),
                quote=clause.text,
                start=clause.start,
                end=clause.end,
                sources=tuple(dict.fromkeys(s.source for s in found.steps if s.source)),
            )
            yield Judged(finding, fact.place, Verdict.UNKNOWN, found, fact)


# --- merging and order --------------------------------------------------------------------------------------------------------------------


def _merged(judged: Sequence[Judged]) -> list[Judged]:
    """One finding for each sentence and entry of the patient's data: the worst, with the others' drugs as notes."""
    groups: dict[tuple[object, ...], list[Judged]] = {}
    for one in judged:
        finding = one.finding
        key = (finding.kind, finding.start, finding.end, one.place) if finding.quote else (finding.kind, finding.fact)
        groups.setdefault(key, []).append(one)
    return [_one(group) for group in groups.values()]


def _one(group: Sequence[Judged]) -> Judged:
    best = min(group, key=lambda j: (j.finding.verdict.rank, j.finding.recoverable))
    others = [j for j in group if j is not best]
    if not others:
        return best
    notes = [
        f"also: {' '.join(step.text for step in j.finding.chain[:-1])}" for j in others if j.finding.chain[:-1] != best.finding.chain[:-1]
    ]
    sources = dict.fromkeys(s for j in group for s in j.finding.sources)
    dates = [j.finding.earliest_date for j in group if j.finding.verdict == best.finding.verdict]
    finding = replace(
        best.finding,
        notes=tuple(dict.fromkeys([*best.finding.notes, *notes])),
        sources=tuple(sources),
        earliest_date=max((d for d in dates if d), default=None) if best.finding.recoverable else None,
    )
    bare = _worst(j.bare for j in group)
    return replace(best, finding=finding, bare=bare)


def _ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Worst first, then those that cannot be mended, then sentences before interactions, in the order of the text."""
    kinds = list(FindingKind)
    return sorted(findings, key=lambda f: (f.verdict.rank, f.recoverable, kinds.index(f.kind), f.start or 0, f.fact))


def _by_arm(trial: Trial, judged: Sequence[Judged]) -> dict[str, Verdict]:
    """The verdict for a patient who enters each arm; a finding that binds other arms only does not count there."""
    labels = [arm.label for arm in trial.arms]
    out = {}
    for label in labels:
        found = []
        for one in judged:
            arms = [a for a in one.finding.arms if a in labels]
            if label in arms:
                found.append(one.bare)
            elif not arms:  # all arms, or a cohort that no arm's label names
                found.append(one.finding.verdict)
        out[label] = _worst(found)
    return out


def _earliest(findings: Sequence[Finding]) -> date | None:
    """The first day on which none of the exclusions holds any more; None where one of them cannot be mended or has no date."""
    excluded = [f for f in findings if f.verdict is Verdict.EXCLUDED]
    if not excluded or any(not f.recoverable or f.earliest_date is None for f in excluded):
        return None
    return max(f.earliest_date for f in excluded if f.earliest_date)


# --- interactions -------------------------------------------------------------------------------------------------------------------------


def _interactions(
    judged: Sequence[Judged], scene: Scene, names: Names, engine: Engine, by_arm: Mapping[str, Sequence[str]]
) -> tuple[list[Judged], list[str]]:
    """Each current drug against each arm's drugs: joined to the sentence that covers it, a finding of its own, or folded into the notes."""
    out = list(judged)
    notes: list[str] = []
    if not scene.patient.current:
        return out, notes
    given: dict[str, list[str]] = {}
    for label, drugs in by_arm.items():
        for drug in drugs:
            given.setdefault(drug, []).append(label)
    missing = unresolved(scene.trial, scene.knowledge, names)
    notes.extend(f"interactions not assessed with {name}: the trial's drug is not known here" for name in missing)
    if not given:
        return out, notes
    for fact in scene.patient.current:
        if fact.kind != "drug":
            notes.append(f"{fact.words}: interactions not assessed: {fact.name} is no single drug")
            continue
        if fact.systemic != "yes":
            if fact.systemic == "no":
                notes.append(f"{fact.words}: no systemic exposure, so its interactions were not looked at")
                continue
            notes.append(f"{fact.words}: whether it acts on the whole body is arguable; interactions as if it did")
        if not engine.curated(fact.key):
            notes.append(f"{fact.words}: interactions not assessed: the pharmacokinetics of {fact.name} were not curated")
        for drug, labels in given.items():
            arms = () if "" in labels or len(labels) == len(scene.trial.arms) else tuple(labels)
            for finding in pair_findings(engine, fact.key, drug, fact=f"{fact.words} × {engine.label(drug)}", arms=arms):
                _place(finding, fact, engine, out, notes)
    for drug in given:
        if not engine.curated(drug):
            notes.append(f"interactions not assessed with {engine.label(drug)}: its pharmacokinetics were not curated")
    return out, notes


def _place(finding: Finding, fact: Fact, engine: Engine, out: list[Judged], notes: list[str]) -> None:
    if finding.verdict is Verdict.NO_CONFLICT:
        notes.append(f"{fact.words}: {finding.reason} ({finding.mechanism}; {finding.severity or 'severity not stated'}, no action asked)")
        return
    covering = next((i for i, one in enumerate(out) if _covers(one, finding, fact, engine)), None)
    if covering is None:
        told = ["no sentence of the protocol covers it"]
        if fact.stops is not None:
            told.append(f"{fact.name} is planned to stop {fact.stops}; how long it acts after that was not looked into")
        out.append(
            Judged(
                replace(finding, notes=(*told, *finding.notes), recoverable=True),
                f"{fact.place} × {finding.drugs}",
                finding.verdict,
                fact=fact,
            )
        )
        return
    one = out[covering]
    note = f"interaction that this sentence covers: {finding.reason} ({finding.severity}; {finding.action}; {finding.evidence})"
    merged = replace(
        one.finding,
        notes=tuple(dict.fromkeys([*one.finding.notes, note])),
        sources=tuple(dict.fromkeys([*one.finding.sources, *finding.sources])),
    )
    out[covering] = replace(one, finding=merged)


def _covers(one: Judged, finding: Finding, fact: Fact, engine: Engine) -> bool:
    """A sentence that is met by the same drug and speaks of the same enzyme and role, or that forbids the drug by its name or class."""
    if one.fact is None or one.match is None or one.fact.place != fact.place or not one.fact.current:
        return False
    mention = one.match.mention
    if mention.kind != "pk":
        return one.finding.verdict is Verdict.EXCLUDED
    effects = [e for e in engine.between(*finding.drugs) if e.asks_for_action and (e.perpetrator, e.victim) == finding.drugs]
    role = mention.role
    if role == "substrate":
        return any(e.enzyme == mention.enzyme and e.victim == fact.key for e in effects)
    return (
        bool(effects) and effects[0].enzyme in (mention.enzyme, "") and effects[0].role in (role, "") and effects[0].perpetrator == fact.key
    )
