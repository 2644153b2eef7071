"""FHIR R4 Observations → biomarkers and habits: tumour markers, genomic variants, smoking status; of several results the latest."""

from __future__ import annotations

from kg.checks.states import read_state
from kg.patients.codes import Reading
from kg.patients.concept import Concept
from kg.patients.fhir_record import Record, Resource, concept_in, day_in, name_of

__all__ = ["Observations"]

_SMOKING = ("72166-2", "76691-5")
"""LOINC: tobacco smoking status."""
_SMOKES = ("449868002", "428041000124106", "77176002", "428071000124103", "428061000124105", "65568007")
_SMOKES_NOT = ("266919005", "8517006", "8392000")
"""SNOMED CT, as ONC's smoking status value set lists them (healthit.gov, "Representing Patient Tobacco Use")."""

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
        place, concept, status = name_of(resource), concept_in(resource.get("code")), str(resource.get("status", "unknown"))
        smoking = concept.has("loinc", _SMOKING)
        studied = _component(resource, _GENE_STUDIED)
        profiles = (resource.get("meta") or {}).get("profile") or ()
        declared = any(word in str(profile) for profile in profiles for word in _MARKER_PROFILES)
        asked = studied if studied.name else concept
        read = Reading() if smoking else self.record.codes.biomarker(asked)
        marker = next(iter(read.names), asked.name if declared or read.doubt else "")
        if not smoking and not marker:
            self._others += 1
            return
        what = "smoking status" if smoking else marker
        if status in _RESULT_WAITING:
            self.record.draft.note(place, f"{what}: {status}; left out")
            return
        if read.doubt:
            self.record.draft.doubt(place, read.doubt)
            return
        value = self._variant(resource, _value(resource)) if studied.name else _value(resource)
        if status == "unknown" or (not smoking and not value):
            why = "status unknown" if status == "unknown" else "no result is given"
            self.record.draft.doubt(place, f"{what}: {why}")
            return
        day = day_in(resource.get("effectiveDateTime")) or day_in((resource.get("effectivePeriod") or {}).get("end")) or ""
        if smoking:
            self._smokes(resource, place, day)
            return
        old = self._markers.get(what)
        if old and old[1] != value:
            self.record.draft.note(place, f"{what}: {value} ({day or 'no date'}) and {old[1]} ({old[0] or 'no date'}): the later was taken")
            if old[0] == day:
                self.record.draft.doubt(place, f"{what}: two results of the same day differ: {old[1]} and {value}")
        if not old or day >= old[0]:
            self._markers[what] = (day, value)

    def close(self) -> None:
        """What they say, into the draft."""
        self.record.draft.biomarkers = {name: result for name, (_, result) in self._markers.items()}
        if self._smoking and self._smoking[1] is not None:
            self.record.draft.habits = ["tobacco smoking"] if self._smoking[1] else []
        if self._others:
            self.record.draft.notes.append(f"not read: Observations that are no biomarker and no smoking status: {self._others}")

    def _variant(self, resource: Resource, value: str) -> str:
        """A variant that was found is a change of its gene, not that the gene's protein is there."""
        state = read_state(value, self.record.codes.knowledge)
        if state is None or state[0] != "presence":
            return value
        change = read_state(_component(resource, _CHANGE_TYPE).name, self.record.codes.knowledge)
        present, absent = _VARIANT[change[0] if change and change[0] in _VARIANT else "mutation"]
        return present if state[1] == "present" else absent

    def _smokes(self, resource: Resource, place: str, day: str) -> None:
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


def _value(resource: Resource) -> str:
    """An observation's result in words."""
    for part in (resource.get("valueCodeableConcept"), *(resource.get("interpretation") or ())):
        if name := next((word for word in reversed(concept_in(part).words)), ""):
            return name
    if quantity := resource.get("valueQuantity"):
        return f"{quantity.get('comparator', '')}{quantity.get('value', '')} {quantity.get('unit') or quantity.get('code') or ''}".strip()
    for name in ("valueString", "valueInteger"):
        if name in resource:
            return str(resource[name])
    if "valueBoolean" in resource:
        return "present" if resource["valueBoolean"] else "absent"
    return ""
