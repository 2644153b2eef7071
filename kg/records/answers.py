"""What a check answers: a verdict for each trial, and the findings with their proofs that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kg.records.evidence import Step

__all__ = ["Finding", "FindingKind", "TrialResult", "Verdict"]


class Verdict(StrEnum):
    """The answer of a check; the definitions stand in docs/verdicts.md."""

    EXCLUDED = "excluded"
    UNKNOWN = "unknown"
    REVIEW = "review"
    NO_CONFLICT = "no_conflict_found"

    @property
    def rank(self) -> int:
        """0 for the worst: excluded > unknown > review > no_conflict_found."""
        return list(Verdict).index(self)


class FindingKind(StrEnum):
    """Where a finding comes from: a sentence of the protocol, a drug interaction, or the input itself."""

    CRITERION = "criterion"
    INTERACTION = "interaction"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason for a verdict, with its proof."""

    kind: FindingKind
    verdict: Verdict
    fact: str
    chain: tuple[Step, ...] = ()
    reason: str = ""
    rule: str = ""
    criterion: str = ""
    quote: str = ""
    start: int | None = None
    end: int | None = None
    section: str = ""
    modality: str = ""
    arms: tuple[str, ...] = ()
    recoverable: bool = False
    remedy: str = ""
    earliest_date: date | None = None
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    # interactions only
    drugs: tuple[str, ...] = ()
    mechanism: str = ""
    effect: str = ""
    severity: str = ""
    action: str = ""
    evidence: str = ""
    intended: bool = False
    """The interaction is inside the trial's own regimen: intended by protocol."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """A check's answer for one trial."""

    nct: str
    title: str
    status: str
    verdict: Verdict
    criteria_verdict: Verdict
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    arms: Mapping[str, Verdict] = field(default_factory=dict)
    earliest_date: date | None = None
    intended: tuple[Finding, ...] = ()
    """What the drugs of the trial's own arms do to each other and asks for action: intended by protocol, and of no patient."""
    record: str = ""
    """Which version of the trial's record was read."""
    passages: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Criterion IRI → where the criterion starts in the eligibility text, and its text: of the criteria that findings quote."""
