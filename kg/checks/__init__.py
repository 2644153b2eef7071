"""Checks: patients × rules and drugs × drugs → findings, each with its proof."""

from kg.checks.effects import Engine
from kg.checks.facts import PatientFacts
from kg.checks.interactions import arm_interactions, interactions
from kg.checks.patient import Patient
from kg.checks.reader import understand
from kg.checks.report import DISCLAIMER, Report, check
from kg.checks.trials import check_trial

__all__ = [
    "DISCLAIMER",
    "Engine",
    "Patient",
    "PatientFacts",
    "Report",
    "arm_interactions",
    "check",
    "check_trial",
    "interactions",
    "understand",
]
