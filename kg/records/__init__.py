"""The records that flow through trialkg: what a trial, a criterion, a rule, a patient and a finding are. All are frozen."""

from __future__ import annotations

from kg.records.answers import Finding, FindingKind, TrialResult, Verdict
from kg.records.eligibility import (
    Carveout,
    Clause,
    ClauseStatus,
    Criterion,
    Eligibility,
    LineLimit,
    Mention,
    Modality,
    Polarity,
    Role,
    Rule,
    Scope,
    Section,
    Window,
)
from kg.records.evidence import Source, Step
from kg.records.patients import Exposure, Procedure
from kg.records.trials import (
    Arm,
    DatedEvent,
    Dosing,
    Identifier,
    Intervention,
    MeshTerm,
    Objective,
    Outcome,
    Party,
    RecordSource,
    Site,
    Trial,
)

__all__ = [
    "Arm",
    "Carveout",
    "Clause",
    "ClauseStatus",
    "Criterion",
    "DatedEvent",
    "Dosing",
    "Eligibility",
    "Exposure",
    "Finding",
    "FindingKind",
    "Identifier",
    "Intervention",
    "LineLimit",
    "Mention",
    "MeshTerm",
    "Modality",
    "Objective",
    "Outcome",
    "Party",
    "Polarity",
    "Procedure",
    "RecordSource",
    "Role",
    "Rule",
    "Scope",
    "Section",
    "Site",
    "Source",
    "Step",
    "Trial",
    "TrialResult",
    "Verdict",
    "Window",
]
