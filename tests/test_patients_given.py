"""Immunizations and dispenses: what was given counts, by its status and as long as it lasts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fhir_world import CVX, coded, of, statement

import kg

WHO = {"reference": "Patient/1"}


def immunization(vaccine: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Immunization", "id": "i", "status": "completed", "patient": WHO, "vaccineCode": vaccine,
        "occurrenceDateTime": "2026-11-11T09:30:00+01:00", **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("vaccine", "drugs"),
    [
        (coded((CVX, "21", "varicella")), ["varicella vaccine"]),
        (coded((CVX, "94")), ["measles mumps rubella vaccine", "varicella vaccine"]),
        (coded((CVX, "140", "Influenza, seasonal, injectable, preservative free")), ["influenza vaccine"]),
        (coded((CVX, "113", "Td (adult) preservative free")), ["inactivated vaccine", "tetanus vaccine"]),
        (coded((CVX, "06", "rubella")), ["live vaccine"]),
        (coded(text="FluMist"), ["FluMist"]),
        (coded((CVX, "88", "influenza, unspecified formulation")), ["vaccine"]),
        (coded(text="Impfstoff X"), ["vaccine"]),
    ],
)
def test_an_immunization_is_a_vaccine_that_was_given(vaccine: dict[str, Any], drugs: list[str], tmp_path: Path) -> None:
    patient = of(tmp_path, immunization(vaccine, route=coded(text="Nasal")))
    assert patient.prior == tuple(kg.Exposure(drug, last_dose="2026-11-11") for drug in drugs)
    assert kg.open().check(patient).unrecognised == () and patient.unclear == ()
    assert any("of which more is not known" in note for note in patient.notes) is (drugs == ["vaccine"])


@pytest.mark.parametrize(("status", "part"), [("completed", "prior"), ("not-done", "notes"), ("entered-in-error", "notes")])
def test_the_status_of_an_immunization_counts(status: str, part: str, tmp_path: Path) -> None:
    patient = of(tmp_path, immunization(coded((CVX, "21", "varicella")), status=status))
    assert "varicella" in str(getattr(patient, part)) and bool(patient.prior) is (part == "prior")


def dispense(**changes: Any) -> dict[str, Any]:
    """30 days of itraconazole, handed over twenty days ago."""
    return {
        "resourceType": "MedicationDispense", "id": "d", "status": "completed", "subject": WHO,
        "medicationCodeableConcept": {"text": "itraconazole"}, "whenHandedOver": "2026-11-01",
        "daysSupply": {"value": 30, "unit": "days"}, **changes,
    }  # fmt: skip


def test_a_supply_that_lasts_is_taken(tmp_path: Path) -> None:
    patient = of(tmp_path, dispense(), dispense(id="d0", whenHandedOver="2026-10-01"))
    assert patient.taking == (kg.Exposure("itraconazole", start="2026-10-01"),)
    assert patient.prior is None and patient.unclear == ()


def test_a_supply_that_ended_was_taken_until_then(tmp_path: Path) -> None:
    patient = of(tmp_path, dispense(whenHandedOver="2026-09-01"))
    assert patient.prior == (kg.Exposure("itraconazole", start="2026-09-01", last_dose="2026-10-01"),)
    assert any("enough until 2026-10-01, which is read as the last dose" in note for note in patient.notes)


@pytest.mark.parametrize("changes", [{"daysSupply": None}, {"daysSupply": {"value": 30, "unit": "tablets"}}, {"whenHandedOver": None}])
def test_for_how_long_is_not_known(changes: dict[str, Any], tmp_path: Path) -> None:
    given = {key: value for key, value in (dispense() | changes).items() if value is not None}
    patient = of(tmp_path, given)
    assert [exposure.drug for exposure in patient.prior or ()] == ["itraconazole"]
    assert any("whether it is still taken cannot be told" in text for text in patient.unclear)
    assert all(result.verdict is not kg.Verdict.NO_CONFLICT for result in kg.open().check(patient))


@pytest.mark.parametrize(
    ("status", "part"),
    [
        ("preparation", "notes"),
        ("in-progress", "notes"),
        ("on-hold", "notes"),
        ("cancelled", "notes"),
        ("declined", "notes"),
        ("entered-in-error", "notes"),
        ("stopped", "unclear"),
        ("unknown", "unclear"),
    ],
)
def test_the_status_of_a_dispense_counts(status: str, part: str, tmp_path: Path) -> None:
    patient = of(tmp_path, dispense(status=status))
    assert "itraconazole" in str(getattr(patient, part)) and patient.taking is None


def test_what_the_record_says_of_the_drug_goes_before_its_dispenses(tmp_path: Path) -> None:
    stopped = statement(status="stopped", effectivePeriod={"start": "2026-10-01", "end": "2026-11-10"})
    assert of(tmp_path, stopped, dispense()).taking is None, "handed over, and stopped since"
    assert of(tmp_path, dispense(), stopped).taking is None, "in whichever order they stand"
    again = of(tmp_path, stopped, dispense(whenHandedOver="2026-11-15"))
    assert [exposure.drug for exposure in again.taking or ()] == ["itraconazole"], "handed over since it was stopped"
    brand = statement(medicationCodeableConcept={"text": "Sporanox"})
    assert of(tmp_path, brand, dispense(daysSupply={"value": 5})).taking == (kg.Exposure("Sporanox"),), "it goes on, by another name"
    order = {"resourceType": "MedicationRequest", "id": "r", "status": "completed", "intent": "order", "subject": WHO}
    order |= {"medicationCodeableConcept": {"text": "itraconazole"}, "authoredOn": "2026-10-30"}
    assert [one.drug for one in of(tmp_path, order, dispense()).taking or ()] == ["itraconazole"], "an order is done when it is handed over"
