"""One patient's FHIR R4 resources while they are read: where the others are, what is said of how one was read, values out of elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.checks.dates import When, days_ahead, order_fault, plan_fault
from kg.errors import BadPatient
from kg.patients.codes import Codes
from kg.patients.concept import Concept
from kg.patients.draft import Draft

__all__ = ["STATUS", "Record", "Resource", "code_in", "concept_in", "name_of", "sound"]

Resource = Mapping[str, Any]

_ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
"""International Patient Summary, code system "Absent and Unknown Data"."""
_NONE_KNOWN = {
    "no-known-medications": ("prior", "taking"),
    "no-known-problems": ("conditions",),
    "no-known-procedures": ("procedures",),
}
_NO_INFORMATION = ("no-medication-info", "no-problem-info", "no-procedure-info")

STATUS: Mapping[str, str] = {
    "active": "taking",
    "in-progress": "taking",
    "completed": "prior",
    "stopped": "prior",
    "intended": "planned",
    "draft": "planned",
    "on-hold": "held",
    "preparation": "planned",
    "not-taken": "ignored",
    "not-done": "ignored",
    "cancelled": "ignored",
    "entered-in-error": "ignored",
    "unknown": "unknown",
}
"""What a status says of a therapy: it goes on, it ended, it is only planned or halted, it does not count, or it cannot be told."""


def name_of(resource: Resource) -> str:
    """The resource's type and id, for messages."""
    return f"{resource['resourceType']}/{resource.get('id') or '(no id)'}"


@dataclass(frozen=True, slots=True)
class Record:
    """A draft, and what is needed to read a resource into it.

    known: the resources that came together, by reference; a `_fault` in one says why it is not FHIR R4.
    """

    draft: Draft
    codes: Codes
    known: Mapping[str, Resource]
    source: str
    today: str

    def referenced(self, resource: Resource, reference: Mapping[str, Any]) -> Resource | None:
        """What a reference leads to, if it is here.

        Raises:
            BadPatient: it is not FHIR R4.
        """
        where = str(reference.get("reference") or "")
        if where.startswith("#"):
            return next((r for r in resource.get("contained") or () if r.get("id") == where[1:]), None)
        found = self.known.get(where) or self.known.get("/".join(where.split("/")[-2:]))
        if found is not None:
            return sound(found)
        return None

    def concept_at(self, resource: Resource, reference: Mapping[str, Any]) -> tuple[Resource | None, Concept]:
        """What a reference leads to, and its code; where it leads nowhere, its own words."""
        target = self.referenced(resource, reference)
        if target is None:
            return None, Concept(text=str(reference.get("display") or reference.get("reference") or ""))
        return target, concept_in(target.get("code"))

    def day(self, resource: Resource, element: str, part: str = "") -> str | None:
        """The day of a date or an instant, as far as it is stated.

        Arguments:
            part: start or end, of an element that is a period.
        Raises:
            BadPatient: it is no date; a number would pass for one as seconds since 1970.
        """
        value = (resource.get(element) or {}).get(part) if part else resource.get(element)
        if value is None:
            return None
        try:
            return str(When.read(str(value)[:10]))
        except ValueError as error:
            where = f"{element}.{part}" if part else element
            raise BadPatient(f"{self.source}: {name_of(resource)}: {where}: {error}") from None

    def period(self, resource: Resource, element: str) -> tuple[str | None, str | None]:
        """The first and the last day of a period, as far as they are stated.

        Raises:
            BadPatient: one of them is no date, or it ends before it starts.
        """
        start, end = self.day(resource, element, "start"), self.day(resource, element, "end")
        if start and end and (fault := order_fault(start, end)):
            raise BadPatient(f"{self.source}: {name_of(resource)}: {element}: {fault}")
        return start, end

    def must_be_past(self, place: str, *days: str | None) -> None:
        """What was done or found cannot lie ahead.

        Raises:
            BadPatient: one of the days lies after that of the check.
        """
        for day in days:
            if day and days_ahead(day, self.today) > 0:
                told = "correct the date or the status, or check as of a later day"
                raise BadPatient(f"{self.source}: {place}: {day} lies after {self.today}, the day of the check; {told}")

    def is_planned(self, place: str, day: str | None) -> bool:
        """Whether what has a place in the record is only to begin.

        Raises:
            BadPatient: so far ahead that the year was mistyped.
        """
        if not day:
            return False
        if fault := plan_fault(day, self.today):
            raise BadPatient(f"{self.source}: {place}: {fault}")
        return days_ahead(day, self.today) > 0

    def reason(self, resource: Resource) -> str | None:
        """The condition that something was given or done for."""
        for concept in resource.get("reasonCode") or ():
            if name := self._condition_name(concept, name_of(resource)):
                return name
        for reference in resource.get("reasonReference") or ():
            target = self.referenced(resource, reference)
            if target is not None and target["resourceType"] == "Condition":
                return self._condition_name(target.get("code"), name_of(resource))
            if reference.get("display"):
                return str(reference["display"])
        return None

    def _condition_name(self, value: Any, place: str) -> str | None:
        read = self.codes.condition(concept_in(value))
        if read.doubt:
            self.draft.note(place, f"what it was given for: {read.doubt}; left out")
        return next(iter(read.names), None)

    def none_known(self, concept: Concept, place: str) -> bool:
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


def sound(resource: Resource) -> Resource:
    """The resource, if it is FHIR R4.

    Raises:
        BadPatient: it is not.
    """
    if fault := resource.get("_fault"):
        raise fault
    return resource


def concept_in(value: Any) -> Concept:
    """A CodeableConcept; an empty one where there is none."""
    if not isinstance(value, Mapping):
        return Concept()
    codings = tuple((str(c.get("system") or ""), str(c.get("code") or ""), str(c.get("display") or "")) for c in value.get("coding") or ())
    return Concept(codings, str(value.get("text") or ""))


def code_in(value: Any) -> str:
    """The first code of a CodeableConcept, whatever its system; '' where there is none."""
    return next((code for _, code, _ in concept_in(value).codings if code), "")
