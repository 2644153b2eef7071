"""FHIR R4 Observations → biomarkers and habits: tumour markers, genomic variants, smoking status; of several results the latest."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.checks.results import read_state
from kg.knowledge import Knowledge
from kg.patients.concept import Concept
from kg.patients.draft import NOT_READ
from kg.patients.fhir_record import Record, Resource, concept_in, name_of

__all__ = ["Observations"]

_SMOKING = ("72166-2", "76691-5")
"""LOINC: tobacco smoking status."""
_SMOKES = ("449868002", "428041000124106", "77176002", "428071000124103", "428061000124105", "65568007")
_SMOKES_NOT = ("266919005", "8517006", "8392000")
"""SNOMED CT, as ONC's smoking status value set lists them (healthit.gov, "Representing Patient Tobacco Use")."""

_RESULTS: Mapping[tuple[str, str], str] = {
    (system, code): word
    for system, codes in {
        "snomedct": "10828004 positive|260385009 negative|260373001 detected|260415000 not detected|52101004 present|2667000 absent",
        "loinc": "LA6576-8 positive|LA6577-6 negative|LA9633-4 present|LA9634-2 absent|LA11882-0 detected|LA11883-8 not detected",
        "v3-interpretation": "POS positive|NEG negative|DET detected|ND not detected",
    }.items()
    for code, _, word in (item.partition(" ") for item in codes.split("|"))
}
"""Results by their codes alone: SNOMED CT qualifier values, LOINC answers, HL7 v3 ObservationInterpretation."""
_TAG = re.compile(r"\s*\((?:qualifier value|finding)\)$")
"""What SNOMED CT's full names end in."""
_FILTRATION = re.compile(r"\beGFR|[Gg]lomerular")
"""The kidneys' filtration rate, which letters of one case would make a gene."""
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


class Observations:
    """Reads one patient's observations; what they say is known when all were read."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._markers: dict[str, tuple[str, str]] = {}
        self._smoking: tuple[str, bool | None] | None = None
        self._others = 0

    def read(self, resource: Resource) -> None:
        """One Observation."""
        if concept_in(resource.get("code")).has("loinc", _SMOKING):
            if self._is_result(resource, "smoking status"):
                self._smokes(resource)
        else:
            self._marker(resource)

    def _is_result(self, resource: Resource, what: str) -> bool:
        """Whether an observation counts, by its status; what does not is said."""
        place, status = name_of(resource), str(resource.get("status", "unknown"))
        if status in _RESULT_WAITING:
            self.record.draft.note(place, f"{what}: {status}; left out")
        elif status == "unknown":
            self.record.draft.doubt(place, f"{what}: status unknown")
        return status != "unknown" and status not in _RESULT_WAITING

    def _day(self, resource: Resource) -> str:
        """The day of a result; '' where it is not stated."""
        day = self.record.day(resource, "effectiveDateTime") or self.record.day(resource, "effectivePeriod", "end") or ""
        self.record.must_be_past(name_of(resource), day)
        return day

    def _marker(self, resource: Resource) -> None:
        draft, place = self.record.draft, name_of(resource)
        studied = _component(resource, _GENE_STUDIED)
        asked = studied if studied.name else concept_in(resource.get("code"))
        if any(_FILTRATION.search(word) for word in asked.words):
            self._others += 1
            return
        read = self.record.codes.biomarker(asked)
        profiles = (resource.get("meta") or {}).get("profile") or ()
        if not (read.names or read.doubt or any(word in str(profile) for profile in profiles for word in _MARKER_PROFILES)):
            self._others += 1
            return
        marker = next(iter(read.names), asked.name)
        if not self._is_result(resource, marker):
            return
        if read.doubt or not marker:
            draft.doubt(place, read.doubt or "the biomarker is not named")
            return
        value = _value(resource, self.record.codes.knowledge)
        if value and studied.name:
            value = self._variant(resource, value)
        if not value:
            draft.doubt(place, f"{marker}: no result is given")
            return
        day = self._day(resource)
        old_day, old = self._markers.get(marker, (day, value))
        if old != value:
            draft.note(place, f"{marker}: {value} ({day or 'no date'}) and {old} ({old_day or 'no date'}): the later was taken")
            if day.startswith(old_day) or old_day.startswith(day):
                draft.doubt(place, f"{marker}: which of two results is the later cannot be told: {old} and {value}")
        if day >= old_day:
            self._markers[marker] = (day, value)

    def close(self) -> None:
        """What they say, into the draft."""
        self.record.draft.biomarkers = {name: result for name, (_, result) in self._markers.items()}
        if self._smoking and self._smoking[1] is not None:
            self.record.draft.habits = ["tobacco smoking"] if self._smoking[1] else []
        if self._others:
            told = f"Observations that are no biomarker and no smoking status: {self._others}"
            self.record.draft.notes.append(f"{NOT_READ} {told}")

    def _variant(self, resource: Resource, value: str) -> str:
        """A variant that was found is a change of its gene, not that the gene's protein is there."""
        knowledge = self.record.codes.knowledge
        state = read_state(value, knowledge)
        if state is None or state[0] != "presence":
            return value
        stated = _component(resource, _CHANGE_TYPE).name
        change = read_state(stated, knowledge)
        looked_for = stated if change and change[0] in _VARIANT else "mutation"
        found = read_state(value, knowledge, looked_for)
        return _VARIANT[found[0]][found[1] == "absent"] if found else f"{looked_for}: {value}"

    def _smokes(self, resource: Resource) -> None:
        place, day = name_of(resource), self._day(resource)
        value = concept_in(resource.get("valueCodeableConcept"))
        smokes = True if value.has("snomedct", _SMOKES) else False if value.has("snomedct", _SMOKES_NOT) else None
        if smokes is None:
            self.record.draft.note(
                place, f"smoking status “{value.name or 'none given'}” says neither smoker nor non-smoker; habits not assessed"
            )
        if self._smoking is None or day >= self._smoking[0]:
            self._smoking = (day, smokes)


def _component(resource: Resource, code: str) -> Concept:
    """The value of an observation's component with this LOINC code."""
    components = resource.get("component") or ()
    return next(
        (concept_in(c.get("valueCodeableConcept")) for c in components if concept_in(c.get("code")).has("loinc", (code,))), Concept()
    )


def _value(resource: Resource, knowledge: Knowledge) -> str:
    """An observation's result in words."""
    for part in (resource.get("valueCodeableConcept"), *(resource.get("interpretation") or ())):
        concept = concept_in(part)
        coded = [word for (system, code), word in _RESULTS.items() if concept.has(system, (code,))]
        words = [_TAG.sub("", word) for word in reversed(concept.words)][:1]
        # where code and words say different things, both stand there: then neither answers a sentence
        signs = [state and state[1] for state in (read_state(word, knowledge) for word in (*words, *coded))]
        if said := words if words and signs[0] and len(set(signs)) == 1 else [*words, *coded]:
            return "; ".join(said)
    if quantity := resource.get("valueQuantity"):
        return f"{quantity.get('comparator', '')}{quantity.get('value', '')} {quantity.get('unit') or quantity.get('code') or ''}".strip()
    for name in ("valueString", "valueInteger"):
        if name in resource:
            return str(resource[name])
    if "valueBoolean" in resource:
        return "present" if resource["valueBoolean"] else "absent"
    return ""
