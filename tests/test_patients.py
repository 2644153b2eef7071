"""Patients out of FHIR and OMOP: what a record says counts, what it leaves open is said, what cannot be read is an error with its place."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from fhir_world import AS_OF, ATC, RXNORM, coded, of, records, statement

import kg
from kg.patients import PatientRecord, Unusable, each_patient, read_patients

FHIR = Path(__file__).parent / "data" / "fhir"


def test_codes_dates_line_and_setting_of_an_mcode_bundle() -> None:
    (record,) = records(FHIR / "mek-and-itraconazole.json")
    patient = record.patient
    assert patient.prior == (
        kg.Exposure("trametinib", start="2024-02", last_dose="2024-11-20", condition="Melanoma", setting="metastatic", line=1),
    )
    assert patient.taking == (kg.Exposure("itraconazole", start="2026-11-01", dose="200 mg daily", route="oral"),)
    assert patient.conditions == ("Synovial sarcoma",)
    assert patient.habits == () and patient.procedures is None and patient.biomarkers is None
    assert any("ketoconazole: entered-in-error" in note for note in patient.notes)
    assert kg.Patient.from_dict(patient.to_dict()) == patient


@pytest.mark.parametrize(
    ("status", "part"),
    [
        ("active", "taking"),
        ("completed", "prior"),
        ("stopped", "prior"),
        ("intended", "notes"),
        ("on-hold", "unclear"),
        ("not-taken", "notes"),
        ("entered-in-error", "notes"),
        ("unknown", "unclear"),
    ],
)
def test_each_status_has_its_place(status: str, part: str, tmp_path: Path) -> None:
    patient = of(tmp_path, statement(status=status))
    for name in ("prior", "taking", "notes", "unclear"):
        assert bool(getattr(patient, name)) is (name == part), name
    assert "itraconazole" in str(getattr(patient, part))


@pytest.mark.parametrize(
    ("concept", "drugs"),
    [
        (coded((RXNORM, "1425099")), ["trametinib"]),
        (coded((ATC, "L01EE01")), ["trametinib"]),
        (coded(("https://www.whocc.no/atc/", "L01EE01")), ["trametinib"]),
        (coded(("http://fdasis.nlm.nih.gov", "33E86K87QN")), ["trametinib"]),
        (coded(("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "C77908")), ["trametinib"]),
        (coded((RXNORM, "1425099"), (ATC, "L01EE")), ["trametinib"]),
        (coded((RXNORM, "1425099"), text="MEK inhibitor"), ["trametinib"]),
        (coded((ATC, "L01EE"), text="Mekinist"), ["Mekinist"]),
        (coded((ATC, "L01EE")), ["MEK inhibitor"]),
        (coded((ATC, "H02AB")), ["systemic corticosteroid"]),
        (coded((ATC, "J05AE03"), text="lopinavir / ritonavir 200 MG"), ["lopinavir", "ritonavir"]),
        (coded((ATC, "A04AD12"), text="fosaprepitant 150 mg"), ["fosaprepitant"]),
        (coded(text="itraconazole (SPORANOX) 100 mg capsule"), ["itraconazole"]),
        (coded(("http://hl7.org/fhir/sid/ndc", "99999-999-99", "itraconazole 100 MG Oral Capsule")), ["itraconazole"]),
    ],
)
def test_a_code_says_what_is_taken(concept: dict[str, Any], drugs: list[str], tmp_path: Path) -> None:
    patient = of(tmp_path, statement(medicationCodeableConcept=concept))
    assert [exposure.drug for exposure in patient.taking or ()] == drugs
    assert patient.unclear == () and kg.open().check(patient).unrecognised == ()


@pytest.mark.parametrize(
    ("concept", "said"),
    [
        (coded((RXNORM, "1425099"), text="imatinib"), ["RxNorm 1425099 is trametinib", "“imatinib”"]),
        (coded((RXNORM, "1425099", "Gleevec")), ["RxNorm 1425099 is trametinib", "“Gleevec” is imatinib"]),
        (coded((RXNORM, "1425099"), (ATC, "L01EA01")), ["RxNorm 1425099 is trametinib", "ATC L01EA01 is imatinib"]),
        (coded((ATC, "L01EE"), text="imatinib"), ["ATC L01EE is MEK inhibitor", "“imatinib”"]),
        (coded(("urn:local", "17", "trametinib"), text="imatinib"), ["“imatinib”", "“trametinib”"]),
        (coded((ATC, "A04AD12")), ["ATC A04AD12 is aprepitant or fosaprepitant"]),
    ],
)
def test_codes_and_words_that_disagree_match_nothing_and_make_every_trial_unknown(
    concept: dict[str, Any], said: list[str], tmp_path: Path
) -> None:
    patient = of(tmp_path, statement(medicationCodeableConcept=concept))
    assert not patient.taking and len(patient.unclear) == 1
    assert all(words in patient.unclear[0] for words in ["MedicationStatement/m1", *said])
    report = kg.open().check(patient)
    assert all(result.verdict is kg.Verdict.UNKNOWN for result in report)


def test_words_that_are_not_known_beside_a_code_that_is_are_said(tmp_path: Path) -> None:
    patient = of(tmp_path, statement(medicationCodeableConcept=coded((RXNORM, "1425099"), text="Krebsmittel X")))
    assert [exposure.drug for exposure in patient.taking or ()] == ["trametinib"]
    assert any("“Krebsmittel X” is not known here; read as trametinib" in note for note in patient.notes)


def test_a_product_that_is_not_known_is_read_by_its_ingredients(tmp_path: Path) -> None:
    def medication(**changes: Any) -> dict[str, Any]:
        return {"resourceType": "Medication", "id": "bag", "code": {"text": "Bag 17"}, **changes}

    given = statement(medicationReference={"reference": "Medication/bag"})
    del given["medicationCodeableConcept"]
    parts = [{"itemCodeableConcept": coded((RXNORM, "1425099"))}, {"itemReference": {"reference": "Substance/s"}}]
    substance = {"resourceType": "Substance", "id": "s", "code": {"text": "doxorubicin"}}
    patient = of(tmp_path, given, medication(ingredient=parts), substance)
    assert [exposure.drug for exposure in patient.taking or ()] == ["trametinib", "doxorubicin"]
    patient = of(tmp_path, given, medication(ingredient=parts))
    assert kg.open().check(patient).unrecognised == ("Substance/s",)
    patient = of(tmp_path, given, medication(ingredient=[*parts, {"itemCodeableConcept": {"id": "x"}}]), substance)
    assert "an ingredient is not named" in patient.unclear[0]


def test_doses_that_change_are_left_out(tmp_path: Path) -> None:
    """A dose that goes up counts as no dose that is known, not as its first."""

    def prednisone(*doses: str) -> kg.Exposure:
        steps = [{"text": dose, "route": {"text": "Oral route"}} for dose in doses]
        patient = of(tmp_path, statement(medicationCodeableConcept={"text": "prednisone"}, dosage=steps))
        assert any("several doses are given (5 mg daily; 40 mg daily)" in note for note in patient.notes) is (len(doses) > 1)
        (exposure,) = patient.taking or ()
        return exposure

    assert prednisone("5 mg daily", "40 mg daily") == kg.Exposure("prednisone", route="oral")
    assert prednisone("5 mg daily") == kg.Exposure("prednisone", dose="5 mg daily", route="oral")


def test_none_known_that_was_entered_in_error_is_not_said(tmp_path: Path) -> None:
    nothing = coded(("http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", "no-known-medications"))
    assert of(tmp_path, statement(medicationCodeableConcept=nothing)).taking == ()
    assert of(tmp_path, statement(medicationCodeableConcept=nothing, status="entered-in-error")).taking is None


def test_results_of_which_the_later_is_not_known_are_in_doubt(tmp_path: Path) -> None:
    def marker(number: int, result: str, day: str = "") -> dict[str, Any]:
        when = {"effectiveDateTime": day} if day else {}
        who, value = {"reference": "Patient/1"}, {"text": result}
        return {
            "resourceType": "Observation", "id": f"o{number}", "status": "final", "subject": who, "code": {"text": "PDGFRA"},
            "valueCodeableConcept": value, **when,
        }  # fmt: skip

    later = of(tmp_path, marker(1, "negative", "2026-02"), marker(2, "positive", "2026-03-01"))
    assert later.biomarkers == {"PDGFRA": "positive"} and later.unclear == ()
    for days in (("", "2026-03-01"), ("2026-03-01", ""), ("2026", "2026-03-01"), ("2026-03-01", "2026-03-01")):
        patient = of(tmp_path, marker(1, "negative", days[0]), marker(2, "positive", days[1]))
        assert "which of two results is the later cannot be told" in patient.unclear[0]


def test_a_procedure_is_read_by_what_its_words_name(tmp_path: Path) -> None:
    def procedure(text: str) -> dict[str, Any]:
        who = {"reference": "Patient/1"}
        return {
            "resourceType": "Procedure", "id": "p", "status": "completed", "subject": who, "code": {"text": text},
            "performedDateTime": "2026-11-11",
        }  # fmt: skip

    patient = of(tmp_path, procedure("Radiotherapy to left thigh"))
    assert patient.procedures == (kg.Procedure("radiotherapy", "2026-11-11"),)
    assert any("“Radiotherapy to left thigh” is read as radiotherapy" in note for note in patient.notes)
    assert kg.open().check(of(tmp_path, procedure("Foo of the thigh"))).unrecognised == ("Foo of the thigh",)


def test_a_condition_whose_code_and_words_disagree_is_in_doubt(tmp_path: Path) -> None:
    def condition(text: str) -> dict[str, Any]:
        code = coded(("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "C3400"), text=text)
        return {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/1"}, "code": code}

    assert of(tmp_path, condition("sarcoma")).conditions == ("synovial sarcoma",)
    patient = of(tmp_path, condition("melanoma"))
    assert patient.conditions is None and "NCIt C3400 is synovial sarcoma" in patient.unclear[0]


LOINC = "http://loinc.org"


def variant(gene: dict[str, Any], found: str, change: str = "") -> dict[str, Any]:
    """A genomic variant in mCODE's form."""
    parts = {"48018-6": gene, **({"48019-4": coded(text=change)} if change else {})}
    return {
        "resourceType": "Observation",
        "id": "v",
        "status": "final",
        "subject": {"reference": "Patient/1"},
        "code": coded((LOINC, "69548-6", "Genetic variant assessment")),
        "valueCodeableConcept": coded((LOINC, {"Present": "LA9633-4", "Absent": "LA9634-2"}.get(found, "LA0"), found)),
        "component": [{"code": coded((LOINC, code)), "valueCodeableConcept": value} for code, value in parts.items()],
    }


HGNC = "http://www.genenames.org/geneid"


@pytest.mark.parametrize(
    ("resource", "biomarkers"),
    [
        (variant(coded((HGNC, "HGNC:1097")), "Present"), {"BRAF": "mutated"}),
        (variant(coded((HGNC, "1097")), "Absent"), {"BRAF": "not mutated"}),
        (variant(coded((HGNC, "HGNC:1097"), text="BRAF V600E"), "Present"), {"BRAF V600E": "mutated"}),
        (variant(coded(text="ALK"), "Present", "translocation"), {"ALK": "rearranged"}),
        (variant(coded(text="ALK"), "Indeterminate"), {"ALK": "Indeterminate"}),
        (variant(coded(text="BRAF"), "No mutation detected"), {"BRAF": "No mutation detected"}),
        (variant(coded(text="BRAF"), "Present", "Wild type"), {"BRAF": "not mutated"}),
        (variant(coded(text="BRAF"), "Absent", "Wild type"), {"BRAF": "Wild type: Absent"}),
        (variant(coded(text="BRAF"), "Present", "Deletion"), {"BRAF": "mutated"}),
        (variant(coded(text="MET"), "Not detected", "copy_number_gain"), {"MET": "not amplified"}),
    ],
)
def test_a_variant_says_that_its_gene_is_changed(resource: dict[str, Any], biomarkers: dict[str, str], tmp_path: Path) -> None:
    """PDGFRA that is mutated is not PDGFRA that is there: a variant's "Present" is no positive marker."""
    assert of(tmp_path, resource).biomarkers == biomarkers


SNOMED = "http://snomed.info/sct"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"


@pytest.mark.parametrize(
    ("test", "result", "biomarkers"),
    [
        (
            coded((LOINC, "16112-5", "Estrogen receptor [Interpretation] in Tissue")),
            coded((SNOMED, "10828004")),
            {"Estrogen receptor": "positive"},
        ),
        (
            coded((LOINC, "85319-2", "HER2 [Presence] in Breast cancer specimen by Immune stain")),
            coded((SNOMED, "260385009", "Negative (qualifier value)")),
            {"HER2": "Negative"},
        ),
        (coded((LOINC, "21704-8", "KRAS gene mutations found in Tissue")), coded((LOINC, "LA11883-8")), {"KRAS mutation": "not detected"}),
        (
            coded((LOINC, "78205-2", "ALK gene rearrangements in Tissue by FISH")),
            coded((LOINC, "LA6576-8")),
            {"ALK rearrangement": "positive"},
        ),
        (coded(text="PDGFRA"), coded((SNOMED, "260385009", "Positive")), {"PDGFRA": "Positive; negative"}),
        (coded((LOINC, "98979-8"), text="eGFR"), coded(text="85 mL/min"), None),
    ],
)
def test_a_laboratory_names_tests_and_results_by_codes(
    test: dict[str, Any], result: dict[str, Any], biomarkers: dict[str, str] | None, tmp_path: Path
) -> None:
    who = {"reference": "Patient/1"}
    found = {"resourceType": "Observation", "id": "o", "status": "final", "subject": who, "code": test, "valueCodeableConcept": result}
    assert of(tmp_path, found, statement()).biomarkers == biomarkers


def test_a_result_may_be_an_interpretation_alone(tmp_path: Path) -> None:
    who, negative = {"reference": "Patient/1"}, [coded((INTERPRETATION, "NEG"))]
    found = {"resourceType": "Observation", "id": "o", "status": "final", "subject": who, "code": coded(text="PDGFRA")}
    report = kg.open().check(of(tmp_path, {**found, "interpretation": negative}))
    assert report["NCT01281865"].verdict is kg.Verdict.EXCLUDED


def test_an_operation_for_cancer_may_have_been_a_major_one(tmp_path: Path) -> None:
    """ "No major surgery within the past 4 weeks": whether a lumpectomy is one is for a person to decide."""
    who, day = {"reference": "Patient/1"}, "2026-11-10"
    done = {"resourceType": "Procedure", "id": "p", "status": "completed", "subject": who, "performedDateTime": day}
    for words, verdict in (("Lumpectomy of breast", "review"), ("craniotomy", "excluded"), ("liver transplant", "excluded")):
        report = kg.open().check(of(tmp_path, {**done, "code": coded(text=words)}))
        assert report["NCT01281865"].verdict.value == verdict, words


def test_a_variant_does_not_answer_for_the_protein(tmp_path: Path) -> None:
    pdgfra = coded((HGNC, "HGNC:8803", "PDGFRA"))
    finding = next(f for f in kg.open().check(of(tmp_path, variant(pdgfra, "Present")))["NCT01281865"].findings if "PDGFRA" in f.fact)
    assert (finding.verdict, finding.fact) == (kg.Verdict.REVIEW, "PDGFRA mutated")
    patient = of(tmp_path, variant(coded((HGNC, "HGNC:8803", "BRAF")), "Present"))
    assert patient.biomarkers is None and "HGNC 8803 is PDGFRA" in patient.unclear[0]


def test_snomed_codes_come_from_a_vocabulary_of_ones_own(tmp_path: Path) -> None:
    given = statement(medicationCodeableConcept=coded(("http://snomed.info/sct", "9000012")))
    assert kg.open().check(of(tmp_path, given)).unrecognised == ("SNOMED CT 9000012",)
    table = tmp_path / "own.sssom.tsv"
    table.write_text("subject_id\tpredicate_id\tobject_id\nSCTID:9000012\tskos:exactMatch\trxnorm:1425099\n")
    kg.build(FHIR.parents[2] / "data" / "trials", tmp_path / "my.kg", vocabularies=[table])
    with kg.open(tmp_path / "my.kg") as graph:
        (record,) = read_patients(tmp_path / "bundle.json", graph.knowledge, graph.names, AS_OF)
    assert record.patient.taking == (kg.Exposure("trametinib"),)


GIVEN_ON = {
    "MedicationAdministration": {"effectiveDateTime": "2062-11-11"},
    "Immunization": {"vaccineCode": {"text": "FluMist"}, "patient": {"reference": "Patient/1"}, "occurrenceDateTime": "2062-11-11"},
    "Procedure": {"code": {"text": "radiotherapy"}, "performedDateTime": "2062-11-11"},
    "MedicationStatement": {"effectivePeriod": {"start": "2026-01-01", "end": "2062-11-11"}},
    "Observation": {"code": {"text": "PDGFRA"}, "status": "final", "valueString": "negative", "effectiveDateTime": "2062-11-11"},
}


@pytest.mark.parametrize("kind", GIVEN_ON)
def test_what_is_done_cannot_lie_ahead(kind: str, tmp_path: Path) -> None:
    """A slip of the year must not read as "planned": what was given the week before would be left out."""
    whole = {**statement(status="completed"), "resourceType": kind, **GIVEN_ON[kind]}
    kept = {"MedicationStatement", "MedicationAdministration"}
    resource = {key: value for key, value in whole.items() if kind in kept or key != "medicationCodeableConcept"}
    if kind == "Immunization":
        del resource["subject"]
    with pytest.raises(kg.BadPatient, match=f"{kind}/m1: 2062-11-11 lies after 2026-11-21, the day of the check; correct the date"):
        of(tmp_path, resource)


def test_nothing_is_planned_years_ahead(tmp_path: Path) -> None:
    soon = of(tmp_path, statement(effectivePeriod={"start": "2026-12-24"}))
    assert "planned, to start on 2026-12-24; left out" in soon.notes[0]
    with pytest.raises(kg.BadPatient, match=r"MedicationStatement/m1: 2062-11-11 lies more than a year after .* check the year"):
        of(tmp_path, statement(effectivePeriod={"start": "2062-11-11"}))


def test_radiotherapy_that_goes_on_counts_today(tmp_path: Path) -> None:
    who = {"reference": "Patient/1"}
    period = {"performedPeriod": {"start": "2026-11-02", "end": "2026-12-11"}}
    course = {"resourceType": "Procedure", "id": "p", "status": "in-progress", "subject": who, "code": {"text": "radiotherapy"}, **period}
    assert of(tmp_path, course).procedures == (kg.Procedure("radiotherapy", "2026-11-21"),)


def test_on_hold_after_a_start_was_a_therapy_that_may_go_on(tmp_path: Path) -> None:
    patient = of(tmp_path, statement(status="on-hold", effectivePeriod={"start": "2025-01-01"}))
    assert patient.prior == (kg.Exposure("itraconazole", start="2025-01-01"),)
    assert "whether it goes on cannot be told" in patient.unclear[0]
    # taken, it would be excluded; as a therapy that ended, it would not
    assert all(result.verdict is kg.Verdict.UNKNOWN for result in kg.open().check(patient))


@pytest.mark.parametrize(
    ("order", "part"),
    [
        ({"authoredOn": "2026-11-14"}, "unclear"),
        ({}, "unclear"),
        ({"authoredOn": "2026-12-01"}, "notes"),
        ({"authoredOn": "2026-11-14", "intent": "plan"}, "notes"),
    ],
)
def test_an_order_on_hold_may_have_been_taken(order: dict[str, Any], part: str, tmp_path: Path) -> None:
    request = statement(resourceType="MedicationRequest", status="on-hold", **{"intent": "order", **order})
    patient = of(tmp_path, request)
    assert (patient.prior, patient.taking) == (None, None)
    for name in ("notes", "unclear"):
        assert bool(getattr(patient, name)) is (name == part), name


@pytest.mark.parametrize(
    ("when", "procedures"),
    [
        ({}, None),
        ({"performedDateTime": "2026-11-11"}, (kg.Procedure("radiotherapy", "2026-11-11"),)),
        ({"performedPeriod": {"start": "2026-11-11"}}, (kg.Procedure("radiotherapy"),)),
    ],
)
def test_a_procedure_on_hold_was_begun_if_it_has_a_day(when: dict[str, Any], procedures: tuple[Any, ...] | None, tmp_path: Path) -> None:
    who = {"reference": "Patient/1"}
    course = {"resourceType": "Procedure", "id": "p", "status": "on-hold", "subject": who, "code": {"text": "radiotherapy"}, **when}
    patient = of(tmp_path, course)
    assert patient.procedures == procedures and bool(patient.unclear) is (procedures is None)


def test_a_status_that_is_unknown_makes_every_trial_unknown(tmp_path: Path) -> None:
    report = kg.open().check(of(tmp_path, statement(status="unknown", medicationCodeableConcept={"text": "paracetamol"})))
    assert [result.verdict.value for result in report if result.verdict.value == "no_conflict_found"] == []
    assert all(any(f.kind.value == "input" and "status unknown" in f.fact for f in result.findings) for result in report)
    assert report.unrecognised == ()


@pytest.mark.parametrize(
    "concept",
    [
        {"text": "foozumab"},
        {"coding": [{"system": "http://hl7.org/fhir/sid/ndc", "code": "99999-999-99"}]},
        {"text": "itraconazole 100 MG / foozumab 5 MG Oral Tablet"},
    ],
    ids=["text", "code", "part of a product"],
)
def test_what_is_not_known_is_reported_never_dropped(concept: dict[str, Any], tmp_path: Path) -> None:
    report = kg.open().check(of(tmp_path, statement(medicationCodeableConcept=concept)))
    assert len(report.unrecognised) == 1
    assert all(result.verdict is not kg.Verdict.NO_CONFLICT for result in report)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"effectivePeriod": {"start": "2024-13-45"}}, ["MedicationStatement/m1", "effectivePeriod"]),
        (
            {"status": "completed", "effectivePeriod": {"start": "2025-05-01", "end": "2024-01-01"}},
            ["MedicationStatement/m1", "start 2025-05-01"],
        ),
        ({"status": "completed", "effectivePeriod": {"end": "2027-01-01"}}, ["MedicationStatement/m1", "2027-01-01"]),
        ({"dosage": [{"text": "500 kg daily", "doseAndRate": [{"doseQuantity": {"value": 500000, "unit": "g"}}]}]}, ["dosage", "g a day"]),
        ({"subject": {}}, ["MedicationStatement/m1", "subject"]),
        ({"medicationCodeableConcept": "itraconazole"}, ["MedicationStatement/m1", "medicationCodeableConcept"]),
    ],
    ids=["no day", "reversed", "future", "absurd dose", "no one's", "not FHIR"],
)
def test_errors_name_the_place(changes: dict[str, Any], words: list[str], tmp_path: Path) -> None:
    with pytest.raises(kg.BadPatient) as caught:
        of(tmp_path, statement(**changes))
    for word in ["bundle.json", *words]:
        assert word in str(caught.value)


def test_doses_of_one_drug_are_one_therapy_and_none_known_is_said() -> None:
    (record,) = records(FHIR / "administrations.json")
    (exposure,) = record.patient.prior or ()
    assert exposure.drug.startswith("doxorubicin") and (exposure.start, exposure.last_dose) == ("2023-03-02", "2023-04-13")
    assert record.patient.taking == ()


def test_lines_of_several_patients(tmp_path: Path) -> None:
    file = tmp_path / "export.ndjson"
    resources = [statement(id=f"m{n}", subject={"reference": f"Patient/{n % 2}"}) for n in range(4)]
    file.write_text("".join(json.dumps(r) + "\n" for r in resources))
    assert [(r.id, len(r.patient.taking or ())) for r in records(file)] == [("0", 1), ("1", 1)]
    file.write_text('{"id": "a", "taking": ["aspirin"]}\n{"id": "b", "prior": []}\n')
    assert [(r.id, r.patient.not_assessed[:2]) for r in records(file)] == [("a", ("prior", "conditions")), ("b", ("taking", "conditions"))]


@pytest.mark.parametrize("text", ['{"protocolSection": {}}\n{"protocolSection": {}}\n', '{"protocolSection": {}}', '{"studies": []}'])
def test_records_of_trials_are_no_patients(text: str, tmp_path: Path) -> None:
    file = tmp_path / "studies.jsonl"
    file.write_text(text)
    with pytest.raises(kg.BadPatient, match="records of trials, not of patients"):
        records(file)


def test_without_the_package_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "fhir.resources.R4B", None)
    with pytest.raises(kg.MissingTool, match=r"trialkg\[fhir\]"):
        of(tmp_path, statement())


OMOP = """person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date,drug_source_value
7,1,2024-02-01,2024-11-20,
7,0,2026-11-01,2026-12-01,itraconazole
8,0,2026-11-01,,ketoconazole
"""


def test_omop_reads_the_conditions_and_procedures_that_lie_beside(tmp_path: Path) -> None:
    (tmp_path / "drug_exposure.csv").write_text(OMOP)
    (tmp_path / "condition_occurrence.csv").write_text("person_id,condition_concept_id,condition_source_value\n9,1,synovial sarcoma\n")
    (tmp_path / "procedure_occurrence.csv").write_text(
        "person_id,procedure_concept_id,procedure_date,procedure_source_value\n7,2,2026-11-15,radiotherapy\n8,2,2062-11-15,radiotherapy\n"
    )
    graph = kg.open()
    found = {one.id: one for one in each_patient(tmp_path, graph.knowledge, graph.names, AS_OF)}
    seven, eight, nine = (found[name] for name in "789")
    assert isinstance(seven, PatientRecord) and seven.patient.procedures == (kg.Procedure("radiotherapy", "2026-11-15"),)
    assert isinstance(nine, PatientRecord) and nine.patient.conditions == ("synovial sarcoma",)
    assert isinstance(eight, Unusable) and "procedure_occurrence.csv: line 3: 2062-11-15 lies after" in str(eight.error)


def test_omop_with_a_concept_table(tmp_path: Path) -> None:
    (tmp_path / "drug_exposure.csv").write_text(OMOP)
    (tmp_path / "concept.csv").write_text("concept_id,concept_name,vocabulary_id,concept_code\n1,anything,RxNorm,1425099\n")
    seven, eight = records(tmp_path / "drug_exposure.csv")
    assert seven.patient.prior == (kg.Exposure("trametinib", start="2024-02-01", last_dose="2024-11-20"),)
    assert seven.patient.taking == (kg.Exposure("itraconazole", start="2026-11-01"),)
    assert eight.patient.unclear and "no end date" in eight.patient.unclear[0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2024-02-01", "01/02/2024", "line 2"),
        ("person_id", "person", "YAML"),
        (",,ketoconazole", "", "line 4"),
        ("2026-11-01", "2062-11-01", "check the year"),
        ("2024-02-01", "2025-02-01", "swap or correct them"),
    ],
)
def test_omop_errors(old: str, new: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "drug_exposure.csv").write_text(OMOP.replace(old, new))
    with pytest.raises(kg.BadPatient, match=words if words != "YAML" else "mapping|YAML"):
        records(tmp_path / "drug_exposure.csv")
