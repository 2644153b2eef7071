"""Rules on conditions and biomarkers × what a patient has."""

from __future__ import annotations

from collections.abc import Sequence

from kg.checks.findings import Evaluation, Judged, Scene, make_finding, requirement, softened
from kg.checks.limits import Holds, relation
from kg.checks.results import compare_states, read_state
from kg.knowledge import Knowledge
from kg.records import Polarity, Rule, Step, Verdict

__all__ = ["biomarker_rule", "condition_rule", "measured"]


# --- conditions ---------------------------------------------------------------------------------------------------------------------------


def condition_rule(rule: Rule, scene: Scene) -> Evaluation:
    """What a rule on diseases and states says: an exclusion that covers a condition of the patient, a requirement that none can meet."""
    asked = tuple(dict.fromkeys([m.key for m in rule.mentions if m.kind == "condition" and m.key] + list(rule.conditions)))
    return _excluded_condition(rule, scene, asked) if rule.polarity is Polarity.EXCLUDES else _required_condition(rule, scene, asked)


def _label(knowledge: Knowledge, key: str) -> str:
    return knowledge.conditions[key].label if key in knowledge.conditions else key


def _excluded_condition(rule: Rule, scene: Scene, asked: Sequence[str]) -> Evaluation:
    out = Evaluation()
    for key, words in scene.patient.conditions:
        found = relation(scene.knowledge, asked, (key,))
        if found is Holds.NO:
            continue
        general = next((a for a in asked if scene.knowledge.covers(a, key)), "")
        if found is Holds.UNCLEAR and not any(scene.knowledge.covers(key, a) for a in asked):
            continue  # unrelated states are no doubt worth a reader's time
        bare = Verdict.EXCLUDED if general else Verdict.REVIEW
        reasons = [] if general else [f"“{words}” is broader than what the sentence names"]
        if rule.window is not None or rule.settings or rule.states:
            bare, reasons = Verdict.REVIEW, [*reasons, "the sentence limits it in time or kind, which is not given"]
        steps = (_step(words, scene.knowledge, key), *((_covers(scene.knowledge, general, key),) if general and general != key else ()))
        finding = make_finding(rule, scene.trial, bare, f"has {words}", steps, reason="; ".join(reasons))
        out.judged.append(Judged(finding, f"condition {words}", softened(rule, bare)[0]))
    return out


def _step(words: str, knowledge: Knowledge, key: str) -> Step:
    label = _label(knowledge, key)
    evidence = knowledge.conditions[key].evidence if key in knowledge.conditions else None
    return Step(words if words.casefold() == label.casefold() else f"{words} → {label}", evidence.source if evidence else "")


def _covers(knowledge: Knowledge, general: str, special: str) -> Step:
    return Step(f"{_label(knowledge, special)} → {_label(knowledge, general)}")


def _required_condition(rule: Rule, scene: Scene, asked: Sequence[str]) -> Evaluation:
    """Contradicted only by a neoplasm that is none of those required; other diseases stand beside the one that a trial treats."""
    out = Evaluation()
    knowledge = scene.knowledge
    given = [(key, words) for key, words in scene.patient.conditions]
    keys = [key for key, _ in given]
    if not asked or any(knowledge.covers(a, key) for a in asked for key in keys):
        return out
    neoplasms = [(key, words) for key, words in given if _kind(knowledge, key) == "neoplasm"]
    asked_neoplasms = [a for a in asked if _kind(knowledge, a) == "neoplasm"]
    contradicted = neoplasms and asked_neoplasms == list(asked) and relation(knowledge, asked, [key for key, _ in neoplasms]) is Holds.NO
    if not contradicted:
        out.open_questions.append(requirement(rule))
        return out
    words = ", ".join(words for _, words in neoplasms)
    elsewhere = scene.own.relates(tuple(key for key, _ in neoplasms), knowledge) in (Holds.YES, Holds.UNCLEAR)
    bare = Verdict.REVIEW if elsewhere else Verdict.EXCLUDED
    reason = f"{words} is none of what the sentence requires" + ("; the trial's registered conditions do take it in" if elsewhere else "")
    steps = tuple(_step(words, knowledge, key) for key, words in neoplasms)
    finding = make_finding(rule, scene.trial, bare, f"has {words}", steps, reason=reason)
    out.judged.append(Judged(finding, "conditions", softened(rule, bare)[0]))
    return out


def _kind(knowledge: Knowledge, key: str) -> str:
    return knowledge.conditions[key].kind if key in knowledge.conditions else ""


# --- biomarkers ---------------------------------------------------------------------------------------------------------------------------


def biomarker_rule(rule: Rule, scene: Scene) -> Evaluation:
    """What a rule on biomarkers says: a result that it excludes, or one that contradicts what it requires."""
    out = Evaluation()
    asked = {key: m for m in rule.mentions if m.kind in ("biomarker", "target") for key in measured(m.key, scene.knowledge)}
    states = rule.states or ("positive",)
    met = False
    for key, name, result in scene.patient.biomarkers:
        hit_key = next((k for k in measured(key, scene.knowledge) if k in asked), "")
        if not hit_key:
            continue
        wanted = asked[hit_key]
        found = compare_states(states, result, scene.knowledge, wanted.text, name)
        if wanted.key != key and not _answers(key, name, result, wanted.key, scene.knowledge):
            found = Holds.UNCLEAR
        met = met or found is Holds.YES
        hit = found if rule.polarity is Polarity.EXCLUDES else {Holds.YES: Holds.NO, Holds.NO: Holds.YES}.get(found, found)
        if hit is Holds.NO:
            continue
        bare = Verdict.EXCLUDED if hit is Holds.YES else Verdict.REVIEW
        verb = "excludes" if rule.polarity is Polarity.EXCLUDES else "requires"
        reason = f"the sentence {verb} {wanted.text} {' or '.join(states)}; the patient's is {result}"
        finding = make_finding(rule, scene.trial, bare, f"{name} {result}", (Step(f"{name}: {result}"),), reason=reason)
        out.judged.append(Judged(finding, f"biomarker {name}", softened(rule, bare)[0]))
    if rule.polarity is Polarity.REQUIRES:
        if met:  # one of several alternatives is enough
            out.judged.clear()
        elif not out.judged:
            out.open_questions.append(requirement(rule))
    return out


def measured(key: str, knowledge: Knowledge) -> tuple[str, ...]:
    """A biomarker and the gene or protein that it measures."""
    target = knowledge.biomarkers[key].target if key in knowledge.biomarkers else ""
    return (key, target) if target else (key,)


def _answers(key: str, name: str, result: str, asked: str, knowledge: Knowledge) -> bool:
    """Whether a result on one marker of a gene tells about another."""
    state = read_state(result, knowledge, name)
    # what one form of a gene has, the gene has; what the gene lacks, each of its forms lacks
    whole = asked if state is not None and state[1] == "present" else key
    return whole not in knowledge.biomarkers or knowledge.biomarkers[whole].target == whole
