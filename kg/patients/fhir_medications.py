"""FHIR R4 medication resources → exposures: what was given, whether it goes on, when, how much. docs/fhir.md has the mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.checks.doses import read_dose
from kg.errors import BadPatient
from kg.patients.codes import Reading
from kg.patients.concept import Concept
from kg.patients.fhir_record import STATUS, Record, Resource, concept_in, name_of

__all__ = ["EXTENSIONS", "exposure", "read_medication", "what"]

EXTENSIONS = "https://w3id.org/trialkg/fhir/"
"""FHIR has no element for a line of therapy, a regimen's name, a setting or a response: extensions with these URLs (…/line) are read."""

_UNITS_OF_TIME = {"h": "hours", "d": "day", "wk": "week", "mo": "month"}


def read_medication(resource: Resource, record: Record) -> None:
    """A MedicationStatement, MedicationRequest or MedicationAdministration.

    Raises:
        BadPatient: it refers to what is not FHIR R4, or states a dose that no one is given.
    """
    place = name_of(resource)
    concept, read = what(resource, record)
    status = str(resource.get("status", "unknown"))
    meaning = STATUS.get(status, "unknown")
    if meaning != "ignored" and record.none_known(concept, place):
        return
    named = concept.name or ", ".join(read.names)
    if not named:
        record.draft.doubt(place, read.doubt or f"no drug is named (status {status})")
        return
    if resource.get("doNotPerform"):
        record.draft.note(place, f"{named}: an order not to give it; left out")
        return
    if resource.get("intent") in ("proposal", "plan", "option"):
        meaning = "planned" if meaning in ("taking", "held", "planned") else meaning
    start, last = _times(resource, record)
    later = meaning in ("taking", "held") and record.is_planned(place, start)
    if meaning == "held" and not later:
        # what is held is meant to go on: as a therapy that ended it would pass every sentence on what is taken
        record.draft.doubt(place, f"{named}: on hold: when it was last taken, if ever, and whether it goes on cannot be told")
        if start is None or resource["resourceType"] == "MedicationRequest":
            return  # nothing says that it was begun
        meaning, last = "prior", None
    if meaning == "ignored":
        record.draft.note(place, f"{named}: {status}; left out")
    elif meaning == "planned":
        record.draft.note(place, f"{named}: planned ({status}), not taken yet; left out")
    elif meaning == "unknown":
        record.draft.doubt(place, f"{named}: status {status}: whether it was or is taken cannot be told")
    elif later:
        record.draft.note(place, f"{named}: planned, to start on {start}; left out")
    else:
        if meaning == "taking" and last and last < record.today[: len(last)]:
            record.draft.note(place, f"{named}: {status}, though its period ended on {last}; read as ended")
            meaning = "prior"
        if meaning == "prior":
            record.must_be_past(place, start, last)
        record.draft.remark(place, read.note, read.doubt)
        for drug in read.names:
            record.draft.merge(meaning, exposure(resource, record, drug, start, last))


def what(resource: Resource, record: Record) -> tuple[Concept, Reading]:
    """What the record calls the drug, and what that is; where nothing is known of it, its ingredients."""
    if "medicationCodeableConcept" in resource:
        concept = concept_in(resource["medicationCodeableConcept"])
        return concept, record.codes.drugs(concept)
    target, concept = record.concept_at(resource, resource.get("medicationReference") or {})
    read = record.codes.drugs(concept)
    ingredients = (target or {}).get("ingredient") or ()
    if ingredients and not (read.known or read.doubt):
        return concept, _together([_ingredient(target or {}, item, record) for item in ingredients])
    return concept, read


def _ingredient(medication: Resource, item: Mapping[str, Any], record: Record) -> Reading:
    if "itemCodeableConcept" in item:
        return record.codes.drugs(concept_in(item["itemCodeableConcept"]))
    return record.codes.drugs(record.concept_at(medication, item.get("itemReference") or {})[1])


def _times(resource: Resource, record: Record) -> tuple[str | None, str | None]:
    """First and last dose, as far as they are stated. A prescription's day is the first on which it may have begun."""
    if resource["resourceType"] == "MedicationRequest":
        return record.day(resource, "authoredOn"), None
    if "effectiveDateTime" in resource:
        day = record.day(resource, "effectiveDateTime")
        # an administration is one dose; a statement made of one moment leaves open when the therapy ended
        return day, day if resource["resourceType"] == "MedicationAdministration" else None
    return record.period(resource, "effectivePeriod")


def exposure(resource: Resource, record: Record, drug: str, start: str | None, last: str | None) -> dict[str, Any]:
    """One drug of a medication resource, with what the resource says of its dose, route, reason and line."""
    place = name_of(resource)
    dosage = resource.get("dosage") or resource.get("dosageInstruction") or []
    dosages = dosage if isinstance(dosage, list) else [dosage]
    entry: dict[str, Any] = {"drug": drug, "start": start, "last_dose": last}
    entry["dose"] = _only([_dose(one, place, record) for one in dosages], "doses", place, record)
    routes = [record.codes.route(concept_in(one["route"])) if one.get("route") else None for one in dosages]
    entry["route"] = _only(routes, "routes", place, record)
    entry["condition"] = record.reason(resource)
    for name, value in _extensions(resource).items():
        entry[name] = value
    return {key: value for key, value in entry.items() if value not in (None, "")}


def _only(values: list[str | None], what: str, place: str, record: Record) -> str | None:
    """What all dosages say; nothing where they differ, as in a dose that is tapered."""
    if len(different := dict.fromkeys(values)) > 1:
        record.draft.note(place, f"several {what} are given ({'; '.join(value or 'not stated' for value in different)}); left out")
        return None
    return next(iter(different), None)


def _dose(dosage: Mapping[str, Any], place: str, record: Record) -> str | None:
    rates = dosage.get("doseAndRate") or [{}]
    quantity = rates[0].get("doseQuantity") or dosage.get("dose") or {}
    text = str(dosage.get("text") or "").strip()
    dose = f"{quantity['value']:g} {quantity.get('unit') or quantity.get('code') or ''}".strip() if "value" in quantity else ""
    repeat = (dosage.get("timing") or {}).get("repeat") or {}
    if dose and repeat.get("period") and repeat.get("periodUnit") in _UNITS_OF_TIME:
        times, period, unit = int(repeat.get("frequency", 1)), repeat["period"], repeat["periodUnit"]
        if unit == "d" and period == 1 and times in (1, 2, 3, 4):
            dose += (" daily", " twice daily", " three times daily", " four times daily")[times - 1]
        elif times == 1 and (unit, period) in (("h", 6), ("h", 8), ("h", 12), ("h", 24), ("d", 2), ("wk", 2), ("wk", 3), ("wk", 4)):
            dose += f" every {period} {_UNITS_OF_TIME[unit]}" + ("s" if unit in ("d", "wk") else "")
        elif times == 1 and (unit, period) in (("wk", 1), ("mo", 1)):
            dose += f" every {_UNITS_OF_TIME[unit]}"
        else:
            record.draft.note(place, f"{dose}, {times} times in {period} {unit}: how much a day cannot be told; the dose was left out")
            return None
    elif dose and text:
        dose = f"{dose} ({text})"
    for words in filter(None, (dose, text)):
        if _read_dose(words, f"{record.source}: {place}: dosage"):
            return words
    if dose or text:
        record.draft.note(place, f"the dose “{dose or text}” could not be read and was left out")
    return None


def _together(parts: list[Reading]) -> Reading:
    """The ingredients of one product."""
    nameless = "an ingredient is not named"
    return Reading(
        tuple(name for part in parts for name in part.names),
        all(part.known for part in parts),
        note="; ".join(part.note for part in parts if part.note),
        doubt="; ".join(part.doubt or nameless for part in parts if not part.names),
    )


def _read_dose(text: str, place: str) -> bool:
    """Whether a dose can be read in a text; a dose that no one is given is an error."""
    try:
        dose = read_dose(text)
        return dose.mg_a_day is not None or "body's size" in dose.note
    except ValueError as error:
        raise BadPatient(f"{place}: {error}") from None


def _extensions(resource: Resource) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for extension in resource.get("extension") or ():
        url = str(extension.get("url") or "")
        name = url.removeprefix(EXTENSIONS)
        if url.startswith(EXTENSIONS) and name in ("line", "regimen", "setting", "response"):
            found[name] = next((value for key, value in extension.items() if key.startswith("value")), None)
    return found
