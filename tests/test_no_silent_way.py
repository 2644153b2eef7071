"""Properties: no way leads from a record that was not understood, or from what it leaves out, to "no conflict found"."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checks_world import AS_OF, KNOWLEDGE, NAMES, allows, cls, concomitant, drug, pk, report, rule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.checks import understand
from kg.errors import BadPatient, UnknownName
from kg.patients import Unusable, each_patient
from kg.records import LineLimit, Rule, Verdict, Window

# --- a FHIR record ----------------------------------------------------------------------------------------------------------------------

Resource = dict[str, Any]
WHO = {"reference": "Patient/1"}
GRAPH = kg.open()


def harmless() -> Resource:
    """A statement that no sentence of the bundled trials bears on."""
    return {
        "resourceType": "MedicationStatement", "id": "base", "status": "active", "subject": WHO,
        "medicationCodeableConcept": {"text": "paracetamol"},
    }  # fmt: skip


def outcome(resources: list[Any]) -> list[Verdict] | None:
    """The verdicts on a Bundle of these resources; None where it cannot be used and an error says so."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bundle.json"
        file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}))
        try:
            (record,) = each_patient(file, GRAPH.knowledge, GRAPH.names, AS_OF)
        except BadPatient:
            return None
    return None if isinstance(record, Unusable) else [result.verdict for result in GRAPH.check(record.patient)]


def never_silent(*resources: Any) -> None:
    found = outcome([harmless(), *resources])
    assert found is None or Verdict.NO_CONFLICT not in found, resources


def test_the_record_that_the_faults_are_added_to_has_no_conflict() -> None:
    assert set(outcome([harmless()]) or ()) == {Verdict.NO_CONFLICT}


def known(word: str) -> bool:
    try:
        GRAPH.names.resolve_therapy(word)
    except UnknownName:
        return bool(GRAPH.names.mentions(word))
    return True


UNKNOWN_WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=14).map("zq{}".format).filter(lambda word: not known(word))
SYSTEMS = st.sampled_from(
    [
        "http://www.nlm.nih.gov/research/umls/rxnorm", "http://www.whocc.no/atc", "http://snomed.info/sct", "http://fdasis.nlm.nih.gov",
        "http://hl7.org/fhir/sid/ndc", "urn:oid:1.2.3", "https://example.org/formulary",
    ]
)  # fmt: skip
UNKNOWN_CODES = st.builds(lambda system, code: {"system": system, "code": f"0000{code}"}, SYSTEMS, st.integers(0, 10**6))
UNKNOWN_CONCEPTS = st.one_of(
    UNKNOWN_WORDS.map(lambda word: {"text": word}),
    UNKNOWN_CODES.map(lambda code: {"coding": [code]}),
    st.builds(lambda code, word: {"coding": [{**code, "display": word}], "text": word}, UNKNOWN_CODES, UNKNOWN_WORDS),
    UNKNOWN_WORDS.map(lambda word: {"text": f"paracetamol 500 MG / {word} 5 MG Oral Tablet"}),
)
DISAGREEING = st.sampled_from(
    [
        {"coding": [{"system": "http://www.whocc.no/atc", "code": "N02BE01"}], "text": "trametinib"},
        {"coding": [{"system": "http://www.whocc.no/atc", "code": "L01EE"}], "text": "paracetamol"},
        {"coding": [{"system": "urn:local", "code": "1", "display": "paracetamol"}], "text": "itraconazole"},
        {"coding": [{"system": "http://www.whocc.no/atc", "code": "N02BE01"}, {"system": "http://www.whocc.no/atc", "code": "L01EE01"}]},
    ]
)
COUNTING = {
    "MedicationStatement": ["active", "completed", "stopped", "on-hold", "unknown"],
    "MedicationRequest": ["active", "completed", "stopped", "on-hold", "unknown"],
    "MedicationAdministration": ["in-progress", "completed", "stopped", "on-hold", "unknown"],
}
"""Statuses by which a therapy counts; planned and untrue ones are left out with a note."""


@st.composite
def medications(draw: st.DrawFn, concepts: st.SearchStrategy[Resource]) -> Resource:
    kind = draw(st.sampled_from(sorted(COUNTING)))
    return {
        "resourceType": kind, "id": "m", "status": draw(st.sampled_from(COUNTING[kind])), "subject": WHO,
        **({"intent": "order"} if kind == "MedicationRequest" else {"effectiveDateTime": "2026-10-01"}),
        "medicationCodeableConcept": draw(concepts),
    }  # fmt: skip


@given(medications(UNKNOWN_CONCEPTS | DISAGREEING))
@settings(max_examples=60, deadline=None)
def test_a_drug_that_is_not_understood(resource: Resource) -> None:
    never_silent(resource)


@given(UNKNOWN_CONCEPTS | DISAGREEING, st.sampled_from(["Condition", "Procedure"]))
@settings(max_examples=40, deadline=None)
def test_a_condition_or_procedure_that_is_not_understood(concept: Resource, kind: str) -> None:
    status = {"status": "completed"} if kind == "Procedure" else {}
    never_silent({"resourceType": kind, "id": "c", "subject": WHO, "code": concept, **status})


@given(st.lists(UNKNOWN_CONCEPTS, min_size=1, max_size=3), st.booleans())
@settings(max_examples=30, deadline=None)
def test_a_medication_of_which_a_part_is_not_understood(parts: list[Resource], contained: bool) -> None:
    known_part = {"itemCodeableConcept": {"text": "paracetamol"}}
    bag: Resource = {"resourceType": "Medication", "id": "bag", "code": {"text": "zqbag"}}
    bag["ingredient"] = [known_part, *({"itemCodeableConcept": part} for part in parts)]
    given_bag = {**harmless(), "id": "m", "medicationReference": {"reference": "#bag" if contained else "Medication/bag"}}
    del given_bag["medicationCodeableConcept"]
    never_silent(*([{**given_bag, "contained": [bag]}] if contained else [given_bag, bag]))


DATED: Mapping[str, tuple[str, ...]] = {
    "MedicationStatement": ("effectiveDateTime", "effectivePeriod.start", "effectivePeriod.end"),
    "MedicationAdministration": ("effectiveDateTime", "effectivePeriod.start", "effectivePeriod.end"),
    "MedicationRequest": ("authoredOn",),
    "Procedure": ("performedDateTime", "performedPeriod.end"),
}
NO_DATES = st.sampled_from(
    ["2024-13-01", "2024-02-30", "20/11/2024", "2024-1-1", "11-2024", "24", "yesterday", " ", "", "2024-11-20T25:00:00Z", 20241301, True]
) | st.text(max_size=8).filter(lambda text: not text[:4].isdigit())  # fmt: skip


@given(st.data(), NO_DATES)
@settings(max_examples=60, deadline=None)
def test_a_date_that_is_none(data: st.DataObject, date: object) -> None:
    kind = data.draw(st.sampled_from(sorted(DATED)))
    element, _, part = data.draw(st.sampled_from(DATED[kind])).partition(".")
    named = {"code": {"text": "radiotherapy"}} if kind == "Procedure" else {"medicationCodeableConcept": {"text": "doxorubicin"}}
    resource = {
        "resourceType": kind, "id": "d", "subject": WHO, "status": "completed", "intent": "order", **named,
        element: {part: date} if part else date,
    }  # fmt: skip
    if kind != "MedicationRequest":
        del resource["intent"]
    never_silent(resource)


WHOLE: list[Resource] = [
    {
        "resourceType": "MedicationRequest", "id": "whole", "status": "on-hold", "intent": "order", "subject": WHO,
        "authoredOn": "2026-11-14", "medicationCodeableConcept": {"text": "itraconazole"},
    },
    {**harmless(), "id": "whole", "status": "completed", "medicationCodeableConcept": {"text": "trametinib"}},
    {
        "resourceType": "MedicationRequest", "id": "whole", "status": "active", "intent": "order", "subject": WHO,
        "medicationCodeableConcept": {"text": "itraconazole"},
    },
    {
        "resourceType": "MedicationAdministration", "id": "whole", "status": "completed", "subject": WHO,
        "effectiveDateTime": "2026-11-11", "medicationCodeableConcept": {"text": "doxorubicin"},
    },
    {
        "resourceType": "Procedure", "id": "whole", "status": "completed", "subject": WHO, "performedDateTime": "2026-11-11",
        "code": {"text": "radiotherapy"},
    },
    {
        "resourceType": "Condition", "id": "whole", "subject": WHO, "code": {"text": "Ewing sarcoma"},
        "clinicalStatus": {"coding": [{"code": "active"}]}, "verificationStatus": {"coding": [{"code": "confirmed"}]},
    },
    {
        "resourceType": "Observation", "id": "whole", "status": "final", "subject": WHO, "code": {"text": "PDGFRA"},
        "valueCodeableConcept": {"text": "negative"},
        "meta": {"profile": ["http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-tumor-marker-test"]},
    },
]  # fmt: skip
"""Resources each of which conflicts with a trial."""


@given(st.sampled_from(WHOLE), st.data())
@settings(max_examples=80, deadline=None)
def test_an_element_that_is_missing_or_of_another_type(whole: Resource, data: st.DataObject) -> None:
    """What bore on a trial still does, or an error says what is missing."""
    told = outcome([harmless(), whole])
    assert told is not None and set(told) - {Verdict.NO_CONFLICT}
    element = data.draw(st.sampled_from(sorted(set(whole) - {"resourceType", "id"})))
    value = data.draw(st.sampled_from([None, "", " ", 7, [], {}, [{}], {"text": ""}, {"coding": []}, "nonsense", True]))
    changed = {key: item for key, item in whole.items() if key != element}
    if data.draw(st.booleans()):
        changed[element] = value
    found = outcome([harmless(), changed])
    assert found is None or set(found) - {Verdict.NO_CONFLICT}, changed


@given(st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2) | st.just({}) | st.just({"resourceType": 3}))
@settings(max_examples=40, deadline=None)
def test_an_entry_that_is_no_resource(entry: object) -> None:
    never_silent(entry)


# --- a patient's data -------------------------------------------------------------------------------------------------------------------

NAMES_GIVEN = st.one_of(
    UNKNOWN_WORDS, st.text(min_size=1, max_size=12).filter(str.strip), st.sampled_from(["mekinib", "chemotherapy", "DUO", "quiet"])
)
RULES: list[Rule] = [
    rule(drug("mekinib")),
    rule(cls("chemotherapy"), window=Window(days=28, within=False)),
    rule(cls("chemotherapy"), window=Window(days=28)),
    rule(cls("chemotherapy"), settings=("metastatic",)),
    rule(cls("chemotherapy"), conditions=("sarcoma",)),
    rule(cls("kinase-inhibitor"), own_disease=True),
    rule(cls("kinase-inhibitor"), outcomes=("progression",)),
    rule(cls("systemic-anticancer-therapy"), carveouts=(allows(settings=("adjuvant",)),)),
    rule(cls("systemic-anticancer-therapy"), window=Window(half_lives=5, within=False)),
    rule(cls("chemotherapy"), lines=LineLimit(maximum=0)),
    concomitant(cls("corticosteroid"), min_dose_mg=10.0),
    concomitant(cls("corticosteroid"), carveouts=(allows(cls("corticosteroid"), max_dose_mg=10.0),)),
    concomitant(cls("corticosteroid"), carveouts=(allows(cls("corticosteroid"), routes=("topical",)),)),
    concomitant(pk("cyp3a4", "inhibitor", "strong")),
    concomitant(pk("cyp3a4", "inhibitor", "strong"), routes=("oral",)),
]


@given(
    st.fixed_dictionaries({part: st.lists(NAMES_GIVEN, max_size=2) for part in ("prior", "taking", "conditions", "habits", "procedures")})
)
@settings(max_examples=60, deadline=None)
def test_every_entry_is_understood_or_listed(data: dict[str, list[str]]) -> None:
    patient = kg.Patient.from_dict({"as_of": AS_OF, **data})
    facts = understand(patient, KNOWLEDGE, NAMES)
    places = {fact.place for fact in facts.facts} | {one.place for one in facts.unrecognised}
    for part in ("prior", "taking", "habits", "procedures"):
        assert {f"{part} {number}" for number in range(1, len(data[part]) + 1)} <= places
    words = [words for _, words in facts.conditions] + [one.name for one in facts.unrecognised]
    assert {name.strip() for name in data["conditions"]} <= set(words)
    if facts.unrecognised:
        assert report(*RULES, **data).trials[0].verdict is not Verdict.NO_CONFLICT


FULL = st.builds(
    dict,
    drug=st.sampled_from(["mekinib", "platin", "mustine", "mtorimus", "slowmab", "prednisone", "conazole", "DUO"]),
    start=st.sampled_from(["2025-01-01", "2026-11-01"]),
    last_dose=st.sampled_from(["2026-11-01", "2026-11-20"]),
    dose=st.sampled_from(["40 mg/day", "20 mg/day"]),
    route=st.just("oral"),
    condition=st.sampled_from(["sarcoma", "synovial sarcoma"]),
    setting=st.sampled_from(["metastatic", "adjuvant"]),
    response=st.just("progression"),
)


@given(FULL, st.sets(st.sampled_from(["start", "last_dose", "dose", "route", "condition", "setting", "response"])), st.booleans())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_not_said_of_a_therapy_clears_no_trial(full: dict[str, str], left_out: set[str], current: bool) -> None:
    """A trial with which a therapy conflicts as it is stated is not without conflict when less is stated of it."""
    part = "taking" if current else "prior"
    if current:
        del full["last_dose"]
    less = {key: value for key, value in full.items() if key not in left_out}
    for one in RULES:
        whole, some = (report(one, **{part: [kg.Exposure(**said)]}).trials[0].verdict for said in (full, less))
        assert whole is Verdict.NO_CONFLICT or some is not Verdict.NO_CONFLICT, one
