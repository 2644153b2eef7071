"""Patient files: what the schema allows is what `Patient` reads, and the page's example is one."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from fhir_world import bundle, of, statement

import kg
from kg.patients import PatientRecord, Unusable, each_patient, read_patients
from kg.patients.file import read

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "docs" / "patient.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def as_json(value: Any) -> Any:
    """YAML's dates as the text that JSON has."""
    return json.loads(json.dumps(value, default=str))


def test_the_schema_has_the_fields_of_the_records() -> None:
    VALIDATOR.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == {field.name for field in dataclasses.fields(kg.Patient)}
    for name, cls in (("exposure", kg.Exposure), ("procedure", kg.Procedure)):
        whole = SCHEMA["$defs"][name]["anyOf"][1]
        assert set(whole["properties"]) == {field.name for field in dataclasses.fields(cls)}
        assert whole["required"] == [dataclasses.fields(cls)[0].name]


def pages() -> list[str]:
    text = (ROOT / "docs" / "patient.md").read_text(encoding="utf-8")
    return [*re.findall(r"^```yaml\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL), (ROOT / "docs/examples/patient.yaml").read_text()]


@pytest.mark.parametrize("text", pages(), ids=["page", "example"])
def test_the_examples_are_patients(text: str, tmp_path: Path) -> None:
    (tmp_path / "patient.yaml").write_text(text, encoding="utf-8")
    data = read(tmp_path / "patient.yaml")
    VALIDATOR.validate(as_json(yaml.safe_load(text)))
    patient = kg.Patient.from_dict(data)
    assert kg.Patient.from_dict(patient.to_dict()) == patient
    VALIDATOR.validate(patient.to_dict())


@pytest.mark.parametrize(
    "data",
    [
        {"colour": "red"},
        {"taking": "aspirin"},
        {"taking": [{"dose": "5 mg/day"}]},
        {"taking": [{"drug": "aspirin", "colour": "red"}]},
        {"prior": [{"drug": "cisplatin", "setting": "bridge"}]},
        {"prior": [{"drug": "cisplatin", "line": 0}]},
        {"prior": [{"drug": "cisplatin", "last_dose": "20/11/2024"}]},
        {"biomarkers": ["PDGFRA"]},
        {"conditions": [" "]},
        {"procedures": [{"date": "2024"}]},
        {"as_of": "2024-11"},
        {"as_of": "2926-11-21"},
        {"prior": [{"drug": "cisplatin", "last_dose": "1026-01"}]},
    ],
    ids=str,
)
def test_schema_and_patient_refuse_alike(data: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors(data))
    with pytest.raises(kg.BadPatient):
        kg.Patient.from_dict({"as_of": "2026-11-21", **data})


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "patient.yaml").write_bytes(b"\xef\xbb\xbfas_of: 2026-11-21\r\ntaking:\r\n  - aspirin\r\n")
    assert kg.Patient.from_dict(read(tmp_path / "patient.yaml")).taking == (kg.Exposure("aspirin"),)


def test_what_is_not_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "patient.yaml").write_bytes(b"taking: [\xff\xfe]")
    with pytest.raises(kg.BadPatient, match="UTF-8"):
        read(tmp_path / "patient.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("as_of: 2026-13-45\ntaking: [aspirin]", "as_of: '2026-13-45' is no day of the calendar"),
        ("as_of: 2026-11-21\nprior: [{drug: cisplatin, last_dose: 2026-02-30}]", "prior 1 (cisplatin): last_dose: '2026-02-30'"),
        ("as_of: 2026-11-21\nprior: [{drug: cisplatin, start: 2026-05-01, last_dose: 2025}]", "swap or correct them"),
        ("as_of: 2026-11-21\ntaking: [{drug: aspirin, dose: 900 kg}]", "more than 100 g a day; check the unit"),
        ("as_of: 2026-11-21\ntaking: [null]", "taking 1: None is neither a name nor a mapping"),
        ("taking: [itraconazole]\nprior: []\ntaking: [aspirin]", "patient.yaml:3: not sound YAML or JSON: the key 'taking' stands twice"),
        ("taking:\n- drug: itraconazole\n  drug: aspirin", "patient.yaml:3: not sound YAML or JSON: the key 'drug' stands twice"),
        ('{"resourceType": "Bundle", "entry": [], "entry": []}', "the key 'entry' stands twice"),
        ("<Bundle/>", "FHIR is read as JSON, not as XML"),
        ("{}", "says nothing of the patient"),
        ("as_of: 2026-11-21", "says nothing of the patient"),
        (json.dumps(bundle({"resourceType": "Patient", "id": "1"})), "says nothing of the patient"),
        (json.dumps(bundle({"resourceType": "Encounter", "id": "1"})), "no patient in it: .* (1 Encounter)"),
    ],
)
def test_what_is_wrong_or_missing_is_said_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "patient.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(kg.KgError, match=re.escape(said).replace(r"\.\*", ".*")) as error:
        list(read_patients(file, kg.open().knowledge))
    assert str(file) in str(error.value)


@pytest.mark.parametrize("line", ["{oops", '{"taking": ["itraconazole"], "taking": []}'])
def test_a_first_line_that_cannot_be_read_is_named_and_the_others_go_on(line: str, tmp_path: Path) -> None:
    file = tmp_path / "people.ndjson"
    file.write_text(f'{line}\n{{"id": "B", "taking": ["aspirin"]}}\n')
    graph = kg.open()
    first, second = each_patient(file, graph.knowledge, graph.names)
    assert isinstance(first, Unusable) and "people.ndjson:1: not JSON" in str(first.error)
    assert isinstance(second, PatientRecord) and second.id == "B"


def test_what_was_left_out_of_a_record_is_no_silence(tmp_path: Path) -> None:
    """A record with one order, and that one cancelled, is reported with the note that says so."""
    order = statement(resourceType="MedicationRequest", intent="order", status="cancelled")
    patient = of(tmp_path, order)
    assert "itraconazole: cancelled; left out" in str(patient.notes) and "taking" in patient.not_assessed
