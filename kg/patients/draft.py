"""A patient while a health record is being read: entries as they come, then one validated `Patient`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.checks.patient import Patient
from kg.errors import BadPatient

__all__ = ["NOT_READ", "Draft", "PatientRecord", "Unusable", "built"]

NOT_READ = "not read:"
"""How a note begins that counts what was passed over."""


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """A patient that a file holds, with the identifier that the file gives ('' where it gives none)."""

    id: str
    patient: Patient


@dataclass(frozen=True, slots=True)
class Unusable:
    """What stands in the place of a patient whose data cannot be used; the error names file, place, and remedy."""

    id: str
    error: BadPatient


@dataclass(slots=True)
class Draft:
    """What was found so far. A part in which nothing was found stays None: not asked, unless the record itself says that none is known."""

    id: str
    prior: list[dict[str, Any]] = field(default_factory=list)
    taking: list[dict[str, Any]] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    procedures: list[dict[str, Any]] = field(default_factory=list)
    biomarkers: dict[str, str] = field(default_factory=dict)
    habits: list[str] | None = None
    none_known: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)

    def note(self, place: str, text: str) -> None:
        """Something that a reader of the report should know and that decides nothing."""
        self.notes.append(f"{place}: {text}")

    def doubt(self, place: str, text: str) -> None:
        """Something stated that cannot be evaluated: it makes every trial `unknown`."""
        self.unclear.append(f"{place}: {text}")

    def remark(self, place: str, note: str = "", doubt: str = "") -> None:
        """What is to be said of how something was read, if anything."""
        if note:
            self.note(place, note)
        if doubt:
            self.doubt(place, doubt)

    def merge(self, part: str, entry: dict[str, Any]) -> None:
        """Adds an exposure, joined to one of the same drug that says nothing else: several doses or prescriptions are one therapy."""
        same = ("drug", "route", "dose", "condition", "line", "regimen", "setting", "response")
        for old in getattr(self, part):
            if all(old.get(key) == entry.get(key) for key in same):
                for key, choose in (("start", min), ("last_dose", max)):
                    dates = [one[key] for one in (old, entry) if one.get(key)]
                    # an end that one of them does not give is not known
                    if len(dates) == 2:
                        old[key] = choose(dates)
                    elif key == "start" and dates:
                        old[key] = dates[0]
                    else:
                        old.pop(key, None)
                return
        getattr(self, part).append(entry)

    def finish(self, source: str, as_of: str | None) -> PatientRecord | Unusable:
        """The patient; unusable where the data contradict themselves."""
        data: dict[str, Any] = {"as_of": as_of} if as_of else {}
        for part in ("prior", "taking", "conditions", "biomarkers", "procedures"):
            value = getattr(self, part)
            if value or part in self.none_known:
                data[part] = value
        if self.habits is not None:
            data["habits"] = self.habits
        data["notes"] = list(dict.fromkeys(self.notes))
        data["unclear"] = list(dict.fromkeys(self.unclear))
        return built(data, f"{source}: patient {self.id}" if self.id else source, self.id)


def built(data: Mapping[str, Any], place: str, name: str) -> PatientRecord | Unusable:
    """`Patient.from_dict`, its errors with their place. A record of which nothing could be used is one: it must not read as a patient
    without conflict.
    """
    try:
        patient = Patient.from_dict(data)
    except BadPatient as error:
        return Unusable(name, BadPatient(f"{place}: {error}"))
    if patient.not_assessed != Patient().not_assessed or patient.unclear or any(not note.startswith(NOT_READ) for note in patient.notes):
        return PatientRecord(name, patient)
    told = "".join(f" ({note})" for note in patient.notes)
    return Unusable(name, BadPatient(f"{place}: says nothing of the patient{told}; say what is known, and of what none is known"))
