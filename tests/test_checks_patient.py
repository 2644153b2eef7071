"""Patient data: validated at the edge, with the place and the remedy in each message; what is not given stays unknown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kg.checks import Patient
from kg.errors import BadPatient
from kg.records import Exposure, Procedure

AS_OF = "2026-11-21"


def test_not_given_is_not_none_known() -> None:
    patient = Patient(as_of=AS_OF, prior=[], conditions=[])
    assert patient.not_assessed == ("taking", "biomarkers", "habits", "procedures")


def test_bare_names_dates_and_numbers_are_taken_as_files_hold_them() -> None:
    patient = Patient.from_dict(
        {
            "as_of": date(2026, 11, 21),
            "prior": [
                "trametinib",
                {"drug": "cisplatin", "last_dose": 2026, "line": 2},
                {"drug": "imatinib", "last_dose": date(2025, 1, 2)},
            ],
            "procedures": ["radiotherapy"],
        }
    )
    assert patient.prior is not None
    assert [e.last_dose for e in patient.prior] == [None, "2026", "2025-01-02"]
    assert patient.procedures == (Procedure("radiotherapy"),)
    assert Patient.from_dict(patient.to_dict()) == patient


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"as_of": "2026"}, "single day"),
        ({"as_of": "tomorrow"}, "as_of: 'tomorrow' is no day of the calendar; write the day of the check, e.g. 20"),
        ({"as_of": "2926-11-21"}, "as_of: 2926-11-21 .* check the year"),
        ({"as_of": "1026-11-21"}, "as_of: 1026-11-21 .* check the year"),
        ({"prior": [Exposure("x", last_dose="1026-11-01")]}, r"prior 1 \(x\): last_dose: 1026-11-01 lies before 1900; check the year"),
        ({"taking": [Exposure("x", start="0026")]}, "start: 0026 lies before 1900"),
        ({"procedures": [Procedure("surgery", date="0202-11-01")]}, "date: 0202-11-01 lies before 1900"),
        ({"prior": [Exposure("x", last_dose="2026-12-01")]}, r"prior 1 \(x\).*lies after.*list the drug under taking"),
        ({"prior": [Exposure("x", start="2027")]}, "start 2027 lies after"),
        ({"prior": [Exposure("x", start="2025-05", last_dose="2024")]}, "swap or correct"),
        ({"taking": [Exposure("x", last_dose="2026-11-20")]}, "list the drug under prior"),
        ({"prior": [Exposure("x", last_dose="20/11/2024")]}, "write 2024-11-20"),
        ({"prior": [Exposure("x", setting="palliative")]}, "neoadjuvant, adjuvant"),
        ({"prior": [Exposure("x", line=0)]}, "lines count from 1"),
        ({"prior": [Exposure("x", dose="0 mg")]}, "above zero"),
        ({"taking": [Exposure("x", dose="400 g/day")]}, "check the unit"),
        ({"prior": [Exposure("")]}, "prior 1: drug"),
        ({"prior": [{"last_dose": "2024"}]}, "lacks drug"),
        ({"prior": [{"name": "x"}]}, "has no name: what it names stands under drug"),
        ({"prior": [{"drug": "x", "lastdose": "2024"}]}, "has no lastdose"),
        ({"prior": [3]}, "neither a name nor a mapping"),
        ({"prior": "trametinib"}, "not a list"),
        ({"prior": Exposure("x")}, "not a list"),
        ({"conditions": [""]}, "conditions"),
        ({"biomarkers": ["PDGFRA"]}, "mapping"),
        ({"biomarkers": {"PDGFRA": True}}, "PDGFRA"),
        ({"procedures": [Procedure("surgery", date="2027-01-01")]}, "procedures 1"),
        ({"alergies": []}, "no alergies"),
    ],
)
def test_bad_data_are_refused_with_a_remedy(data: dict[str, Any], words: str) -> None:
    with pytest.raises(BadPatient, match=words):
        Patient.from_dict({"as_of": AS_OF, **data})


def test_a_planned_stop_may_lie_ahead_and_a_partial_date_may_overlap_today() -> None:
    patient = Patient(as_of=AS_OF, taking=[Exposure("x", last_dose="2026-12-01")], prior=[Exposure("y", last_dose="2026")])
    assert patient.taking and patient.taking[0].last_dose == "2026-12-01"


def test_without_a_day_the_check_is_of_today() -> None:
    assert Patient().as_of == date.today()
