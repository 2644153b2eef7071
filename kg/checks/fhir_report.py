"""A report as FHIR R4 resources: a GuidanceResponse a trial, a DetectedIssue a finding, in one Bundle. The mapping: docs/fhir.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kg.checks.render import WORDS, cited, proof, until
from kg.records import Finding, FindingKind, TrialResult, Verdict

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
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource} for resource in resources]}


def _resources(result: TrialResult, report: Report, subject: str) -> Iterable[dict[str, Any]]:
    who = {"subject": {"reference": subject}} if subject else {}
    patient = {"patient": {"reference": subject}} if subject else {}
    issues = [
        {
            "resourceType": "DetectedIssue",
            "id": f"{result.nct.lower()}-{number}",
            "status": "preliminary",
            **patient,
            **_issue(f, result, report),
        }
        for number, f in enumerate(result.findings, 1)
    ]
    unmatched = [f"Not recognised: {name}" for name in report.unrecognised]
    asked = [f"To be asked: {question}" for question in result.open_questions]
    missing = [f"Not given, so not assessed: {', '.join(report.not_assessed)}"] if report.not_assessed else []
    told = [report.disclaimer, *unmatched, *missing, *asked, *report.notes, *result.notes, *cited(report, [result])]
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


def _issue(finding: Finding, result: TrialResult, report: Report) -> dict[str, Any]:
    code = _verdict(finding.verdict)
    if finding.kind is FindingKind.INTERACTION:
        code["coding"].append(
            {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "DRG", "display": "Drug Interaction Alert"}
        )
    said = [f"{result.nct}: {finding.fact}", f"“{finding.quote}”" if finding.quote else "", finding.reason, proof(finding), *finding.notes]
    issue: dict[str, Any] = {
        "code": code,
        "severity": _SEVERITY[finding.verdict],
        "identifiedDateTime": report.as_of.isoformat(),
        "detail": "\n".join([text for text in said if text] + [report.disclaimer]),
        "reference": f"https://clinicaltrials.gov/study/{result.nct}",
    }
    if words := until(finding):
        issue["mitigation"] = [{"action": {"text": words}}]
    return issue
