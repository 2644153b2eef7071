"""FHIR R4 MedicationDispense → exposures: what was handed over is taken as long as it lasts, unless the record says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kg.checks.dates import When
from kg.patients.fhir_medications import exposure, what
from kg.patients.fhir_record import Record, Resource, name_of

__all__ = ["Dispenses"]

_NOT_GIVEN = ("cancelled", "declined", "entered-in-error")
_NOT_YET = ("preparation", "in-progress", "on-hold")
_DAYS = ("", "d", "day", "days")


@dataclass(frozen=True, slots=True)
class _Handed:
    """A drug that was handed over: on which day, and until when it lasts, as far as that is known."""

    resource: Resource
    drug: str
    day: When | None
    until: date | None


class Dispenses:
    """Reads one patient's dispenses; what they say is known when everything was read."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._handed: dict[str, list[_Handed]] = {}

    def read(self, resource: Resource) -> None:
        """One MedicationDispense.

        Raises:
            BadPatient: it refers to what is not FHIR R4.
        """
        draft, place, status = self.record.draft, name_of(resource), str(resource.get("status", "unknown"))
        concept, read = what(resource, self.record)
        named = concept.name or ", ".join(read.names)
        day = self.record.day(resource, "whenHandedOver")
        if not named:
            draft.doubt(place, read.doubt or f"no drug is named (status {status})")
        elif status in _NOT_GIVEN:
            draft.note(place, f"{named}: {status}; left out")
        elif status in _NOT_YET or (status == "stopped" and not day) or (day and When.read(day).low.isoformat() > self.record.today):
            draft.note(place, f"{named}: not handed over yet ({status}); left out")
        elif status not in ("completed", "stopped"):
            draft.doubt(place, f"{named}: status {status}: whether it was handed over cannot be told")
        else:
            draft.remark(place, read.note, read.doubt)
            for drug in read.names:
                when = When.read(day) if day else None
                # of a dispense that was stopped a part may have been handed over
                days = _supply(resource) if status == "completed" else None
                until = when.low + timedelta(days) if when and when.exact and days is not None else None
                self._handed.setdefault(self.record.codes.key(drug), []).append(_Handed(resource, drug, when, until))

    def close(self) -> None:
        """What they say beside what the rest of the record says of the same drugs, into the draft."""
        for key, handed in self._handed.items():
            open_ones = [one for one in handed if not self._told(key, one)]
            if open_ones:
                self._take(key, open_ones)

    def _take(self, key: str, handed: list[_Handed]) -> None:
        draft, today = self.record.draft, self.record.today
        latest = max(handed, key=lambda one: one.day.high if one.day else date.min)
        days = [one.day for one in handed if one.day]
        start = str(min(days, key=lambda day: day.low)) if len(days) == len(handed) else None
        until = max((one.until for one in handed if one.until), default=None)
        place, stated = name_of(latest.resource), self._entries("prior", key)
        if until and until.isoformat() >= today:
            # the end of a supply is no plan to stop
            draft.merge("taking", exposure(latest.resource, self.record, latest.drug, start, None))
        elif stated and not any(entry.get("last_dose") for entry in stated):
            return  # it ended, as an order or a statement says
        elif all(one.until for one in handed):
            draft.merge("prior", exposure(latest.resource, self.record, latest.drug, start, str(until)))
            draft.note(place, f"{latest.drug}: what was handed over was enough until {until}, which is read as the last dose")
        else:
            draft.merge("prior", exposure(latest.resource, self.record, latest.drug, start, None))
            draft.doubt(place, f"{latest.drug}: handed over for how many days is not given: whether it is still taken cannot be told")

    def _told(self, key: str, handed: _Handed) -> bool:
        """Whether a statement or an order tells what came of it: the drug goes on, or ended after it was handed over."""
        if self._entries("taking", key):
            return True
        ends = [When.read(entry["last_dose"]) for entry in self._entries("prior", key) if entry.get("last_dose")]
        return handed.day is not None and any(handed.day.high <= end.high for end in ends)

    def _entries(self, part: str, key: str) -> list[dict[str, Any]]:
        return [entry for entry in getattr(self.record.draft, part) if self.record.codes.key(entry["drug"]) == key]


def _supply(resource: Resource) -> int | None:
    """For how many days it was handed over."""
    supply = resource.get("daysSupply") or {}
    unit = str(supply.get("unit") or supply.get("code") or "").casefold()
    value = supply.get("value")
    return round(value) if isinstance(value, int | float) and value > 0 and unit in _DAYS else None
