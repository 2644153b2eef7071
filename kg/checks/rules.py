"""One rule of a protocol × a patient's facts: which reader of rules it needs."""

from __future__ import annotations

from kg.checks.findings import Evaluation, Scene
from kg.checks.states import biomarker_rule, condition_rule
from kg.checks.therapies import therapy_rule
from kg.records import Polarity, Role, Rule

__all__ = ["evaluate"]


def evaluate(rule: Rule, scene: Scene) -> Evaluation:
    """What `rule` says of the patient: findings, notes on what nearly applied, open questions; nothing if it only allows."""
    if rule.polarity is Polarity.ALLOWS:
        return Evaluation()
    if rule.role is Role.CONDITION:
        return condition_rule(rule, scene)
    if rule.role is Role.BIOMARKER:
        return biomarker_rule(rule, scene)
    return therapy_rule(rule, scene)
