"""One patient's FHIR R4 resources → a draft: medications, conditions, procedures, observations. docs/fhir.md has the mapping."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kg.checks.dates import When
from kg.checks.doses import read_dose
from kg.checks.states import read_state
from kg.errors import BadPatient
from kg.patients.codes import Codes, Reading
from kg.patients.concept import Concept
from kg.patients.draft import Draft

__all__ = ["EXTENSIONS", "READ", "Reader", "Resource", "name_of"]

Resource = Mapping[str, Any]

EXTENSIONS = "https://w3id.org/trialkg/fhir/"
"""FHIR has no element for a line of therapy, a regimen's name, a setting or a response: extensions with these URLs (…/line) are read."""

_ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
"""International Patient Summary, code system "Absent and Unknown Data"."""
_NONE_KNOWN = {
    "no-known-medications": ("prior", "taking"),
    "no-known-problems": ("conditions",),
    "no-known-procedures": ("procedures",),
}
_NO_INFORMATION = ("no-medication-info", "no-problem-info", "no-procedure-info")

_SMOKING = ("72166-2", "76691-5")
"""LOINC: tobacco smoking status."""
_SMOKES = ("449868002", "428041000124106", "77176002", "428071000124103", "428061000124105", "65568007")
_SMOKES_NOT = ("266919005", "8517006", "8392000")
"""SNOMED CT, as ONC's smoking status value set lists them (healthit.gov, "Representing Patient Tobacco Use")."""

# what a status says of a therapy: it goes on, it ended, it is only planned, it does not count, or it cannot be told
_STATUS: Mapping[str, str] = {
    "active": "taking",
    "in-progress": "taking",
    "completed": "prior",
    "stopped": "prior",
    "intended": "planned",
    "draft": "planned",
    "on-hold": "planned",
    "preparation": "planned",
    "not-taken": "ignored",
    "not-done": "ignored",
    "cancelled": "ignored",
    "entered-in-error": "ignored",
    "unknown": "unknown",
}
_CONDITION_GONE = ("inactive", "remission", "resolved")
_CONDITION_DOUBTED = ("unconfirmed", "provisional", "differential")
_RESULT_WAITING = ("registered", "cancelled", "entered-in-error")
_MARKER_PROFILES = ("mcode-tumor-marker", "mcode-genomic-variant", "genomics-reporting/StructureDefinition/variant")
_GENE_STUDIED = "48018-6"
_CHANGE_TYPE = "48019-4"
"""LOINC: gene studied, DNA change type; components of a genomic variant."""
_VARIANT = {
    "mutation": ("mutated", "not mutated"),
    "amplification": ("amplified", "not amplified"),
    "rearrangement": ("rearranged", "not rearranged"),
}
"""What a variant that is present, or absent, says of its gene, by what was looked for."""
READ = ("MedicationStatement", "MedicationRequest", "MedicationAdministration", "Condition", "Observation", "Procedure")
_UNITS_OF_TIME = {"h": "hours", "d": "day", "wk": "week", "mo": "month"}


def name_of(resource: Resource) -> str:
    """The resource's type and id, for messages."""
    return f"{resource['resourceType']}/{resource.get('id') or '(no id)'}"


class Reader:
    """Reads one patient's resources into a draft."""

    def __init__(self, draft: Draft, codes: Codes, known: Mapping[str, Resource], source: str, as_of: str | None) -> None:
        self.draft = draft
        self.codes = codes
        self.known = known
        self.source = source
        self.today = (as_of or date.today().isoformat())[:10]
        self._markers: dict[str, tuple[str, str]] = {}
        self._smoking: tuple[str, bool | None] | None = None
        self._other_observations = 0

    def read(self, resource: Resource) -> None:
        """One resource.

        Raises:
            BadPatient: it, or one that it refers to, is not FHIR R4 (`_fault` says why), or states a dose that no one is given.
        """
        _must_be_sound(resource)
        kind = resource["resourceType"]
        {"Condition": self._condition, "Observation": self._observation, "Procedure": self._procedure}.get(kind, self._medication)(resource)

    def close(self) -> None:
        """What can be said only when everything was read."""
        self.draft.biomarkers = {name: result for name, (_, result) in self._markers.items()}
        if self._smoking and self._smoking[1] is not None:
            self.draft.habits = ["tobacco smoking"] if self._smoking[1] else []
        if self._other_observations:
            self.draft.notes.append(f"not read: Observations that are no biomarker and no smoking status: {self._other_observations}")

    # --- medications ----------------------------------------------------------------------------------------------------------------------

    def _medication(self, resource: Resource) -> None:
        place = name_of(resource)
        concept, read = self._what(resource)
        status = str(resource.get("status", "unknown"))
        meaning = _STATUS.get(status, "unknown")
        if self._none_known(concept, place):
            return
        named = concept.name or ", ".join(read.names)
        if not named:
            self.draft.doubt(place, read.doubt or f"no drug is named (status {status})")
            return
        if resource.get("doNotPerform"):
            self.draft.note(place, f"{named}: an order not to give it; left out")
            return
        if resource.get("intent") in ("proposal", "plan", "option"):
            meaning = "planned" if meaning in ("taking", "planned") else meaning
        start, last = self._times(resource)
        if meaning == "planned" and status == "on-hold" and start and start[:10] <= self.today and "Request" not in place:
            self.draft.note(place, f"{named}: on hold since some day after {start}; read as a prior therapy with its last dose not known")
            meaning, last = "prior", None
        if meaning == "ignored":
            self.draft.note(place, f"{named}: {status}; left out")
        elif meaning == "planned":
            self.draft.note(place, f"{named}: planned ({status}), not taken yet; left out")
        elif meaning == "unknown":
            self.draft.doubt(place, f"{named}: status {status}: whether it was or is taken cannot be told")
        elif meaning == "taking" and start and start[:10] > self.today:
            self.draft.note(place, f"{named}: planned, to start on {start}; left out")
        else:
            if meaning == "taking" and last and last < self.today[: len(last)]:
                self.draft.note(place, f"{named}: {status}, though its period ended on {last}; read as ended")
                meaning = "prior"
            self.draft.remark(place, read.note, read.doubt)
            for drug in read.names:
                self.draft.merge(meaning, self._exposure(resource, place, drug, start, last))

    def _what(self, resource: Resource) -> tuple[Concept, Reading]:
        """What the record calls the drug, and what that is; where nothing is known of it, its ingredients."""
        if "medicationCodeableConcept" in resource:
            concept = _concept(resource["medicationCodeableConcept"])
            return concept, self.codes.drugs(concept)
        target, concept = self._concept_at(resource, resource.get("medicationReference") or {})
        read = self.codes.drugs(concept)
        ingredients = (target or {}).get("ingredient") or ()
        if ingredients and not (read.known or read.doubt):
            return concept, _together([self._ingredient(target or {}, item) for item in ingredients])
        return concept, read

    def _ingredient(self, medication: Resource, item: Mapping[str, Any]) -> Reading:
        if "itemCodeableConcept" in item:
            return self.codes.drugs(_concept(item["itemCodeableConcept"]))
        return self.codes.drugs(self._concept_at(medication, item.get("itemReference") or {})[1])

    def _concept_at(self, resource: Resource, reference: Mapping[str, Any]) -> tuple[Resource | None, Concept]:
        """What a reference leads to, and its code; where it leads nowhere, its own words."""
        target = self._referenced(resource, reference)
        if target is None:
            return None, Concept(text=str(reference.get("display") or reference.get("reference") or ""))
        return target, _concept(target.get("code"))

    def _referenced(self, resource: Resource, reference: Mapping[str, Any]) -> Resource | None:
        where = str(reference.get("reference") or "")
        if where.startswith("#"):
            return next((r for r in resource.get("contained") or () if r.get("id") == where[1:]), None)
        found = self.known.get(where) or self.known.get("/".join(where.split("/")[-2:]))
        if found is not None:
            _must_be_sound(found)
        return found

    @staticmethod
    def _times(resource: Resource) -> tuple[str | None, str | None]:
        """First and last dose, as far as they are stated. A prescription's day is the first on which it may have begun."""
        period = resource.get("effectivePeriod") or {}
        if resource["resourceType"] == "MedicationRequest":
            return _day(resource.get("authoredOn")), None
        if "effectiveDateTime" in resource:
            day = _day(resource["effectiveDateTime"])
            # an administration is one dose; a statement made of one moment leaves open when the therapy ended
            return day, day if resource["resourceType"] == "MedicationAdministration" else None
        return _day(period.get("start")), _day(period.get("end"))

    def _exposure(self, resource: Resource, place: str, drug: str, start: str | None, last: str | None) -> dict[str, Any]:
        dosage = resource.get("dosage") or resource.get("dosageInstruction") or {}
        if isinstance(dosage, list):
            if len(dosage) > 1:
                self.draft.note(place, "several dosages are given; the first was read")
            dosage = dosage[0] if dosage else {}
        entry: dict[str, Any] = {"drug": drug, "start": start, "last_dose": last}
        entry["dose"] = self._dose(dosage, place)
        entry["route"] = self.codes.route(_concept(dosage.get("route"))) if dosage.get("route") else None
        entry["condition"] = self._reason(resource)
        for name, value in _extensions(resource).items():
            entry[name] = value
        return {key: value for key, value in entry.items() if value not in (None, "")}

    def _dose(self, dosage: Mapping[str, Any], place: str) -> str | None:
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
                self.draft.note(place, f"{dose}, {times} times in {period} {unit}: how much a day cannot be told; the dose was left out")
                return None
        elif dose and text:
            dose = f"{dose} ({text})"
        for words in filter(None, (dose, text)):
            if _read_dose(words, f"{self.source}: {place}: dosage"):
                return words
        if dose or text:
            self.draft.note(place, f"the dose “{dose or text}” could not be read and was left out")
        return None

    def _reason(self, resource: Resource) -> str | None:
        for concept in resource.get("reasonCode") or ():
            if name := self._condition_name(concept, name_of(resource)):
                return name
        for reference in resource.get("reasonReference") or ():
            target = self._referenced(resource, reference)
            if target is not None and target["resourceType"] == "Condition":
                return self._condition_name(target.get("code"), name_of(resource))
            if reference.get("display"):
                return str(reference["display"])
        return None

    def _condition_name(self, value: Any, place: str) -> str | None:
        read = self.codes.condition(_concept(value))
        if read.doubt:
            self.draft.note(place, f"what it was given for: {read.doubt}; left out")
        return next(iter(read.names), None)

    # --- conditions, procedures -----------------------------------------------------------------------------------------------------------

    def _condition(self, resource: Resource) -> None:
        place, concept = name_of(resource), _concept(resource.get("code"))
        if self._none_known(concept, place):
            return
        read = self.codes.condition(concept)
        name = next(iter(read.names), concept.name)
        checked, clinical = _code(resource.get("verificationStatus")), _code(resource.get("clinicalStatus"))
        if not name:
            self.draft.doubt(place, "no condition is named")
        elif checked in ("entered-in-error", "refuted"):
            self.draft.note(place, f"{name}: {checked}; left out")
        elif checked in _CONDITION_DOUBTED:
            self.draft.doubt(place, f"{name}: {checked}: whether the patient has it cannot be told")
        elif clinical in _CONDITION_GONE:
            self.draft.note(place, f"{name}: {clinical}; a past condition, not assessed: read the sentences on history")
        elif read.doubt:
            self.draft.doubt(place, read.doubt)
        elif name not in self.draft.conditions:
            self.draft.conditions.append(name)

    def _procedure(self, resource: Resource) -> None:
        place, concept = name_of(resource), _concept(resource.get("code"))
        if self._none_known(concept, place):
            return
        status = str(resource.get("status", "unknown"))
        meaning = _STATUS.get(status, "unknown")
        period = resource.get("performedPeriod") or {}
        day = _day(resource.get("performedDateTime")) or _day(period.get("end"))
        read = self.codes.procedures(concept)
        if not concept.name:
            self.draft.doubt(place, "no procedure is named")
        elif meaning in ("ignored", "planned") and not (status == "on-hold" and period.get("start")):
            self.draft.note(place, f"{concept.name}: {status}; left out")
        elif meaning == "unknown":
            self.draft.doubt(place, f"{concept.name}: status {status}: whether it was done cannot be told")
        elif read.doubt:
            self.draft.doubt(place, read.doubt)
        elif day and When.read(day).low.isoformat() > self.today:
            self.draft.note(place, f"{concept.name}: planned for {day}; left out")
        else:
            day = self.today if meaning == "taking" else day
            self.draft.remark(place, read.note)
            for name in read.names:
                entry = {"name": name, "date": day, "condition": self._reason(resource)}
                self.draft.procedures.append({key: value for key, value in entry.items() if value})

    # --- observations ---------------------------------------------------------------------------------------------------------------------

    def _observation(self, resource: Resource) -> None:
        place, concept, status = name_of(resource), _concept(resource.get("code")), str(resource.get("status", "unknown"))
        smoking = concept.has("loinc", _SMOKING)
        studied = _component(resource, _GENE_STUDIED)
        profiles = (resource.get("meta") or {}).get("profile") or ()
        declared = any(word in str(profile) for profile in profiles for word in _MARKER_PROFILES)
        asked = studied if studied.name else concept
        read = Reading() if smoking else self.codes.biomarker(asked)
        marker = next(iter(read.names), asked.name if declared or read.doubt else "")
        if not smoking and not marker:
            self._other_observations += 1
            return
        what = "smoking status" if smoking else marker
        if status in _RESULT_WAITING:
            self.draft.note(place, f"{what}: {status}; left out")
            return
        if read.doubt:
            self.draft.doubt(place, read.doubt)
            return
        value = self._variant(resource, _value(resource)) if studied.name else _value(resource)
        if status == "unknown" or (not smoking and not value):
            why = "status unknown" if status == "unknown" else "no result is given"
            self.draft.doubt(place, f"{what}: {why}")
            return
        day = _day(resource.get("effectiveDateTime")) or _day((resource.get("effectivePeriod") or {}).get("end")) or ""
        if smoking:
            self._smokes(resource, place, day)
            return
        old = self._markers.get(what)
        if old and old[1] != value:
            self.draft.note(place, f"{what}: {value} ({day or 'no date'}) and {old[1]} ({old[0] or 'no date'}): the later was taken")
            if old[0] == day:
                self.draft.doubt(place, f"{what}: two results of the same day differ: {old[1]} and {value}")
        if not old or day >= old[0]:
            self._markers[what] = (day, value)

    def _variant(self, resource: Resource, value: str) -> str:
        """A variant that was found is a change of its gene, not that the gene's protein is there."""
        state = read_state(value, self.codes.knowledge)
        if state is None or state[0] != "presence":
            return value
        change = read_state(_component(resource, _CHANGE_TYPE).name, self.codes.knowledge)
        present, absent = _VARIANT[change[0] if change and change[0] in _VARIANT else "mutation"]
        return present if state[1] == "present" else absent

    def _smokes(self, resource: Resource, place: str, day: str) -> None:
        value = _concept(resource.get("valueCodeableConcept"))
        smokes = True if value.has("snomedct", _SMOKES) else False if value.has("snomedct", _SMOKES_NOT) else None
        if smokes is None:
            self.draft.note(place, f"smoking status “{value.name or 'none given'}” says neither smoker nor non-smoker; habits not assessed")
        if self._smoking is None or day >= self._smoking[0]:
            self._smoking = (day, smokes)

    def _none_known(self, concept: Concept, place: str) -> bool:
        """Whether the entry is the International Patient Summary's way to say that there is nothing, or no information."""
        for system, code, _ in concept.codings:
            if system == _ABSENT and code in _NONE_KNOWN:
                # a list of medications is of current ones: it does not speak of the past
                self.draft.none_known.update(part for part in _NONE_KNOWN[code] if part != "prior")
                return True
            if system == _ABSENT and code in _NO_INFORMATION:
                self.draft.note(place, "the record says that there is no information; not assessed")
                return True
        return False


def _must_be_sound(resource: Resource) -> None:
    if fault := resource.get("_fault"):
        raise fault


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


def _concept(value: Any) -> Concept:
    if not isinstance(value, Mapping):
        return Concept()
    codings = tuple((str(c.get("system") or ""), str(c.get("code") or ""), str(c.get("display") or "")) for c in value.get("coding") or ())
    return Concept(codings, str(value.get("text") or ""))


def _component(resource: Resource, code: str) -> Concept:
    """The value of an observation's component with this LOINC code."""
    components = resource.get("component") or ()
    return next((_concept(c.get("valueCodeableConcept")) for c in components if _concept(c.get("code")).has("loinc", (code,))), Concept())


def _code(value: Any) -> str:
    return next((code for _, code, _ in _concept(value).codings if code), "")


def _day(value: Any) -> str | None:
    return str(value)[:10] if value else None


def _value(resource: Resource) -> str:
    """An observation's result in words."""
    for part in (resource.get("valueCodeableConcept"), *(resource.get("interpretation") or ())):
        if name := next((word for word in reversed(_concept(part).words)), ""):
            return name
    if quantity := resource.get("valueQuantity"):
        return f"{quantity.get('comparator', '')}{quantity.get('value', '')} {quantity.get('unit') or quantity.get('code') or ''}".strip()
    for name in ("valueString", "valueInteger"):
        if name in resource:
            return str(resource[name])
    if "valueBoolean" in resource:
        return "present" if resource["valueBoolean"] else "absent"
    return ""


def _extensions(resource: Resource) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for extension in resource.get("extension") or ():
        url = str(extension.get("url") or "")
        name = url.removeprefix(EXTENSIONS)
        if url.startswith(EXTENSIONS) and name in ("line", "regimen", "setting", "response"):
            found[name] = next((value for key, value in extension.items() if key.startswith("value")), None)
    return found
