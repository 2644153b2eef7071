"""Drugs × drugs → findings: the patient's drugs, any drugs, and the drugs of one regimen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from kg.checks.arms import arm_drugs
from kg.checks.effects import Effect, Engine, weight
from kg.checks.entries import resolved
from kg.checks.findings import recalled_note
from kg.errors import AmbiguousName, UnknownDrug, UnknownName
from kg.knowledge import Knowledge
from kg.names import Match, Names
from kg.records import Exposure, Finding, FindingKind, Trial, Verdict

__all__ = ["arm_interactions", "interactions", "not_assessed", "order", "pair_findings", "within_arms"]

_REMEDIES = {"avoid": "avoid the combination", "adjust": "adjust the dose", "monitor": "monitor the patient"}


def pair_findings(
    engine: Engine, first: str, second: str, *, fact: str = "", intended: bool = False, arms: tuple[str, ...] = ()
) -> list[Finding]:
    """One finding a direction (and one for effects that add up): the worst first, the others as notes.

    Arguments:
        fact: the patient's fact in words; the pair's names where there is none.
        intended: both drugs are of one arm's regimen.
    """
    groups: dict[tuple[str, str, bool], list[Effect]] = {}
    for effect in engine.between(first, second):
        groups.setdefault((effect.perpetrator, effect.victim, effect.mutual), []).append(effect)
    return [_finding(engine, effects, fact, intended, arms) for effects in groups.values()]


def _finding(engine: Engine, effects: Sequence[Effect], fact: str, intended: bool, arms: tuple[str, ...]) -> Finding:
    worst, *others = effects
    one, other = engine.label(worst.perpetrator), engine.label(worst.victim)
    notes = [*worst.notes]
    notes.extend(
        f"also {e.mechanism or e.evidence}: {e.effect} ({e.severity or 'severity not stated'}; {e.action or 'no action stated'})"
        for e in others
    )
    notes.extend(recalled_note(worst.steps))
    if intended:
        notes.insert(0, "intended by protocol: both drugs are of the same regimen")
    link = "and" if worst.mutual else "on"
    return Finding(
        kind=FindingKind.INTERACTION,
        verdict=Verdict.REVIEW if worst.asks_for_action else Verdict.NO_CONFLICT,
        fact=fact or f"{one} {link} {other}",
        chain=worst.steps,
        reason=f"{one} {link} {other}: {worst.effect}",
        arms=arms,
        remedy="" if intended or not worst.asks_for_action else _REMEDIES.get(worst.action, worst.action),
        sources=tuple(dict.fromkeys(s.source for e in effects for s in e.steps if s.source)),
        notes=tuple(dict.fromkeys(notes)),
        drugs=(worst.perpetrator, worst.victim),
        mechanism=worst.mechanism,
        effect=worst.effect,
        severity=worst.severity,
        action=worst.action,
        evidence=worst.evidence,
        intended=intended,
    )


def not_assessed(engine: Engine, drug: str, *, fact: str = "", arms: tuple[str, ...] = ()) -> Finding:
    """What stands in place of "none" for a drug whose pharmacokinetics were not curated."""
    label = engine.label(drug)
    return Finding(
        kind=FindingKind.INTERACTION,
        verdict=Verdict.UNKNOWN,
        fact=fact or label,
        reason=f"interactions not assessed: the pharmacokinetics of {label} were not curated",
        remedy="look the drug up in its prescribing information",
        arms=arms,
        drugs=(drug,),
    )


def order(found: Iterable[Finding]) -> list[Finding]:
    """Worst first: by verdict, then by action and severity."""

    return sorted(found, key=lambda f: (f.verdict.rank, *weight(f.action, f.severity), f.drugs))


def interactions(drugs: Iterable[str], knowledge: Knowledge, names: Names, engine: Engine | None = None) -> list[Finding]:
    """What the drugs do to each other; empty if none is known among drugs that were looked into.

    Arguments:
        drugs: names as people write them; a regimen stands for its components.
        engine: one to reuse.
    Returns:
        One finding for each pair and direction, worst first; a drug that was not looked into gives an `unknown` finding.
    Raises:
        UnknownDrug: a name that is no drug; the message names near ones.
    Example:
        >>> knowledge = Knowledge.load()
        >>> found = interactions(["everolimus", "itraconazole"], knowledge, Names(knowledge))
        >>> found[0].drugs, found[0].action
        (('itraconazole', 'everolimus'), 'avoid')
    """
    engine = engine or Engine.of(knowledge)
    keys: list[str] = []
    for name in drugs:
        for found in _therapies(name, knowledge, names):
            keys.extend(knowledge.regimens[found.key].drugs if found.kind == "regimen" else (found.key,))
    keys = list(dict.fromkeys(keys))
    findings = [f for a, b in combinations(keys, 2) for f in pair_findings(engine, a, b)]
    if len(keys) > 1:
        findings.extend(not_assessed(engine, key) for key in keys if not engine.curated(key))
    return order(findings)


def _therapies(name: str, knowledge: Knowledge, names: Names) -> list[Match]:
    """What a name stands for, whatever dose or route stands beside it."""
    try:
        found = [match for _, match in resolved(Exposure(name), knowledge, names)]
    except (UnknownDrug, AmbiguousName):
        raise
    except UnknownName as error:
        raise UnknownDrug(str(error), error.suggestions) from None
    if any(match.kind == "class" for match in found):
        raise UnknownDrug(f"{name!r} is a class of drugs, not a drug; name the drug itself")
    return found


def arm_interactions(trial: Trial, knowledge: Knowledge, names: Names) -> list[Finding]:
    """What the drugs of one arm do to each other: intended by protocol. A pair that several arms share is one finding that names them.

    Example:
        See `Graph.arm_interactions`.
    """
    return within_arms(arm_drugs(trial, knowledge, names), Engine.of(knowledge))


def within_arms(given: Mapping[str, Sequence[str]], engine: Engine) -> list[Finding]:
    """`arm_interactions` of drugs that are known.

    Arguments:
        given: the drugs of each arm, by its label (`kg.checks.arms.arm_drugs`).
    """
    pairs: dict[tuple[str, str], list[str]] = {}
    alone: dict[str, list[str]] = {}
    for label, drugs in given.items():
        for a, b in combinations(drugs, 2):
            pairs.setdefault((a, b) if a < b else (b, a), []).append(label)
        for drug in drugs if len(drugs) > 1 else ():
            if not engine.curated(drug):
                alone.setdefault(drug, []).append(label)
    findings = [f for (a, b), arms in pairs.items() for f in pair_findings(engine, a, b, intended=True, arms=tuple(filter(None, arms)))]
    findings.extend(not_assessed(engine, drug, arms=tuple(filter(None, arms))) for drug, arms in alone.items())
    return order(findings)
