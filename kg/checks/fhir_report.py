"""A report as FHIR R4 resources: a GuidanceResponse a trial, a DetectedIssue a finding, in one Bundle. The mapping: docs/fhir.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kg.checks.render import WORDS, cited, proof, recorded, until
from kg.records import Finding, FindingKind, TrialResult, Verdict
from kg.version import __version__

if TYPE_CHECKING:
    from kg.checks.report import Report

__all__ = ["to_fhir"]

_MODULE = "https://w3id.org/trialkg/check"
_SYSTEM = "https://w3id.org/trialkg/verdict"
_SEVERITY = {Verdict.EXCLUDED: "high", Verdict.UNKNOWN: "moderate", Verdict.REVIEW: "moderate", Verdict.NO_CONFLICT: "low"}


def to_fhir(report: Report, subject: str = "") -> dict[str, Any]:
    """A Bundle of type collection.

    Arguments:
        subject: a reference to the patient, such as "Patient/1"; left out where it is ''.
    """
    resources = [resource for result in report for resource in _resources(result, report, subject)]
    asked = [finding for finding in report.among if finding.verdict is not Verdict.NO_CONFLICT]
    resources += [_issue(finding, "", f"own-{number}", report, subject) for number, finding in enumerate(asked, 1)]
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource} for resource in resources]}


def _resources(result: TrialResult, report: Report, subject: str) -> Iterable[dict[str, Any]]:
    who = {"subject": {"reference": subject}} if subject else {}
    issues = [_issue(f, result.nct, f"{result.nct.lower()}-{n}", report, subject) for n, f in enumerate(result.findings, 1)]
    unmatched = [f"Not recognised: {name}" for name in report.unrecognised]
    asked = [f"To be asked: {question}" for question in result.open_questions]
    missing = [f"Not given, so not assessed: {', '.join(report.not_assessed)}"] if report.not_assessed else []
    versions = [*cited(report, [result]), *recorded(result), f"trialkg {__version__}"]
    told = [report.disclaimer, *unmatched, *missing, *asked, *report.notes, *result.notes, *versions]
    yield {
        "resourceType": "GuidanceResponse",
        "id": result.nct.lower(),
        "moduleUri": _MODULE,
        "requestIdentifier": {"system": "https://clinicaltrials.gov", "value": result.nct},
        "status": "data-required" if result.verdict is Verdict.UNKNOWN else "success",
        **who,
        "occurrenceDateTime": report.as_of.isoformat(),
        "reasonCode": [_verdict(result.verdict)],
        "note": [{"text": text} for text in dict.fromkeys(told)],
    }
    yield from issues


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {"coding": [{"system": _SYSTEM, "code": verdict.value, "display": WORDS[verdict]}]}


def _issue(finding: Finding, nct: str, name: str, report: Report, subject: str) -> dict[str, Any]:
    """A finding on a trial, or (without a number) on the patient's own drugs."""
    code = _verdict(finding.verdict)
    if finding.kind is FindingKind.INTERACTION:
        code["coding"].append(
            {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "DRG", "display": "Drug Interaction Alert"}
        )
    lead = f"{nct}: " if nct else "The patient's own drugs: "
    said = [lead + finding.fact, f"“{finding.quote}”" if finding.quote else "", finding.reason, proof(finding), *finding.notes]
    issue: dict[str, Any] = {
        "resourceType": "DetectedIssue",
        "id": name,
        "status": "preliminary",
        **({"patient": {"reference": subject}} if subject else {}),
        "code": code,
        "severity": _SEVERITY[finding.verdict],
        "identifiedDateTime": report.as_of.isoformat(),
        "detail": "\n".join([text for text in said if text] + [report.disclaimer]),
        **({"reference": f"https://clinicaltrials.gov/study/{nct}"} if nct else {}),
    }
    if words := until(finding):
        issue["mitigation"] = [{"action": {"text": words}}]
    return issue
