"""One patient's FHIR R4 resources → a draft, each by its kind. docs/fhir.md has the mapping."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kg.patients.fhir_dispenses import Dispenses
from kg.patients.fhir_medications import read_medication
from kg.patients.fhir_observations import Observations
from kg.patients.fhir_record import STATUS, Record, Resource, code_in, concept_in, name_of, sound

__all__ = ["READ", "Reader"]

_CONDITION_UNTRUE = ("entered-in-error", "refuted")
_CONDITION_GONE = ("inactive", "remission", "resolved")
_CONDITION_DOUBTED = ("unconfirmed", "provisional", "differential")


class Reader:
    """Reads one patient's resources into the draft of a record."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._observations = Observations(record)
        self._dispenses = Dispenses(record)

    def read(self, resource: Resource) -> None:
        """One resource, of a kind in `READ`.

        Raises:
            BadPatient: it, or one that it refers to, is not FHIR R4, or it states a dose that no one is given.
        """
        kind = resource["resourceType"]
        if kind == "Observation":
            self._observations.read(sound(resource))
        elif kind == "MedicationDispense":
            self._dispenses.read(sound(resource))
        else:
            _READERS[kind](sound(resource), self.record)

    def close(self) -> None:
        """What can be said only when everything was read."""
        self._observations.close()
        self._dispenses.close()


def _read_condition(resource: Resource, record: Record) -> None:
    place, concept = name_of(resource), concept_in(resource.get("code"))
    checked, clinical = code_in(resource.get("verificationStatus")), code_in(resource.get("clinicalStatus"))
    if checked not in _CONDITION_UNTRUE and record.none_known(concept, place):
        return
    read = record.codes.condition(concept)
    name = next(iter(read.names), concept.name)
    if not name:
        record.draft.doubt(place, "no condition is named")
    elif checked in _CONDITION_UNTRUE:
        record.draft.note(place, f"{name}: {checked}; left out")
    elif checked in _CONDITION_DOUBTED:
        record.draft.doubt(place, f"{name}: {checked}: whether the patient has it cannot be told")
    elif clinical in _CONDITION_GONE:
        record.draft.note(place, f"{name}: {clinical}; a past condition, not assessed: read the sentences on history")
    elif read.doubt:
        record.draft.doubt(place, read.doubt)
    elif name not in record.draft.conditions:
        record.draft.conditions.append(name)


def _read_procedure(resource: Resource, record: Record) -> None:
    place, concept = name_of(resource), concept_in(resource.get("code"))
    status = str(resource.get("status", "unknown"))
    meaning = STATUS.get(status, "unknown")
    if meaning != "ignored" and record.none_known(concept, place):
        return
    start, end = record.period(resource, "performedPeriod")
    day = record.day(resource, "performedDateTime") or end
    begun = start or day
    read = record.codes.procedures(concept)
    if not concept.name:
        record.draft.doubt(place, "no procedure is named")
    elif meaning in ("ignored", "planned"):
        record.draft.note(place, f"{concept.name}: {status}; left out")
    elif meaning == "unknown" or (meaning == "held" and not begun):
        record.draft.doubt(place, f"{concept.name}: status {status}: whether it was done cannot be told")
    elif read.doubt:
        record.draft.doubt(place, read.doubt)
    elif meaning in ("taking", "held") and record.is_planned(place, begun):
        record.draft.note(place, f"{concept.name}: planned for {begun}; left out")
    else:
        if meaning == "prior":
            record.must_be_past(place, begun, day)
        day = record.today if meaning == "taking" else day
        record.draft.remark(place, read.note)
        for name in read.names:
            entry = {"name": name, "date": day, "condition": record.reason(resource)}
            record.draft.procedures.append({key: value for key, value in entry.items() if value})


def _read_immunization(resource: Resource, record: Record) -> None:
    place, concept, status = name_of(resource), concept_in(resource.get("vaccineCode")), str(resource.get("status", "unknown"))
    read = record.codes.vaccine(concept)
    day = record.day(resource, "occurrenceDateTime")
    if not concept.name:
        record.draft.doubt(place, f"no vaccine is named (status {status})")
    elif status in ("not-done", "entered-in-error"):
        record.draft.note(place, f"{concept.name}: {status}; left out")
    elif status != "completed":
        record.draft.doubt(place, f"{concept.name}: status {status}: whether it was given cannot be told")
    else:
        record.must_be_past(place, day)
        record.draft.remark(place, read.note, read.doubt)
        # by nose, mouth or needle: a vaccine acts on the whole body, so that its route is left out
        for drug in read.names:
            record.draft.merge("prior", {"drug": drug, "last_dose": day} if day else {"drug": drug})


_READERS: Mapping[str, Callable[[Resource, Record], None]] = {
    "MedicationStatement": read_medication,
    "MedicationRequest": read_medication,
    "MedicationAdministration": read_medication,
    "Condition": _read_condition,
    "Procedure": _read_procedure,
    "Immunization": _read_immunization,
}
READ = (*_READERS, "MedicationDispense", "Observation")
"""The kinds of resources that say something of a patient."""
