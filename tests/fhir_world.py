"""FHIR records for tests, small and in the real format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import kg
from kg.patients import PatientRecord, read_patients

AS_OF = "2026-11-21"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
CVX = "http://hl7.org/fhir/sid/cvx"


def records(path: Path) -> list[PatientRecord]:
    graph = kg.open()
    return list(read_patients(path, graph.knowledge, graph.names, AS_OF))


def bundle(*resources: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources], **changes}


def of(tmp_path: Path, *resources: dict[str, Any]) -> kg.Patient:
    """The patient of a Bundle of these."""
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(bundle(*resources)))
    (record,) = records(file)
    return record.patient


def statement(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationStatement",
        "id": "m1",
        "status": "active",
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": {"text": "itraconazole"},
        **changes,
    }


def coded(*codes: tuple[str, str] | tuple[str, str, str], text: str = "") -> dict[str, Any]:
    """A CodeableConcept of (system, code[, display]) and a text."""
    coding = [dict(zip(("system", "code", "display"), code, strict=False)) for code in codes]
    return {**({"coding": coding} if codes else {}), **({"text": text} if text else {})}
