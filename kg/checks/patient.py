"""A patient as the checks take one: what is given is validated here, what is not given stays unknown."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from kg.checks.dates import When
from kg.checks.doses import read_dose
from kg.errors import BadPatient
from kg.records import Exposure, Procedure

__all__ = ["SETTINGS", "Patient"]

SETTINGS = ("neoadjuvant", "adjuvant", "locally-advanced", "recurrent", "metastatic", "maintenance")
"""The settings that an exposure may name."""

_MOST_LINES = 50
_FIRST_YEAR = 1900
_YEARS_AHEAD = 5
"""A check may be made for a day to come, not for one by which every wash-out is over because a year was mistyped."""
_REMARKS = ("notes", "unclear")
_PARTS = ("prior", "taking", "conditions", "biomarkers", "habits", "procedures")
_Record = TypeVar("_Record", Exposure, Procedure)


@dataclass(frozen=True, slots=True, init=False)
class Patient:
    """What is known of a patient on a day.

    `[]` says that none is known, `None` (not given) that it was not asked: the report then lists it under `not_assessed`.

    Arguments:
        as_of: the day of the check, a date or ISO text; today where not given.
        prior: therapies that ended, as exposures (or bare drug names).
        taking: drugs that go on; `last_dose` is the day they are planned to stop.
        conditions: diseases and states, e.g. "HIV infection".
        biomarkers: what was found, e.g. {"PDGFRA": "negative"}.
        habits: e.g. "tobacco smoking", "grapefruit juice".
        procedures: radiotherapy, surgery, transplants (or bare names).
        notes: what a reader of the report should know of the data, such as entries that were left out and why; they decide nothing.
        unclear: statements that could not be evaluated ("itraconazole: status unknown"); each makes every trial `unknown`.
    Raises:
        BadPatient: a date in the future or not of the calendar, a stop before its start, a dose that no one is given, an unknown
            setting…; the message names the place and the remedy.
    Example:
        >>> patient = Patient(as_of="2026-11-21", prior=[Exposure("trametinib", last_dose="2024-11-20")], taking=[])
        >>> patient.not_assessed
        ('conditions', 'biomarkers', 'habits', 'procedures')
    """

    as_of: date
    prior: tuple[Exposure, ...] | None
    taking: tuple[Exposure, ...] | None
    conditions: tuple[str, ...] | None
    biomarkers: Mapping[str, str] | None
    habits: tuple[str, ...] | None
    procedures: tuple[Procedure, ...] | None
    notes: tuple[str, ...]
    unclear: tuple[str, ...]

    def __init__(
        self,
        as_of: date | str | None = None,
        prior: Iterable[Exposure | str] | None = None,
        taking: Iterable[Exposure | str] | None = None,
        conditions: Iterable[str] | None = None,
        biomarkers: Mapping[str, str] | None = None,
        habits: Iterable[str] | None = None,
        procedures: Iterable[Procedure | str] | None = None,
        notes: Iterable[str] | None = None,
        unclear: Iterable[str] | None = None,
    ) -> None:
        day = _day(as_of)
        values = {
            "as_of": day,
            "prior": _records("prior", prior, Exposure),
            "taking": _records("taking", taking, Exposure),
            "conditions": _texts("conditions", conditions),
            "biomarkers": _biomarkers(biomarkers),
            "habits": _texts("habits", habits),
            "procedures": _records("procedures", procedures, Procedure),
            "notes": _texts("notes", notes) or (),
            "unclear": _texts("unclear", unclear) or (),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)
        for position, exposure in enumerate(self.prior or (), 1):
            _check_exposure(exposure, f"prior {position} ({exposure.drug})", day, current=False)
        for position, exposure in enumerate(self.taking or (), 1):
            _check_exposure(exposure, f"taking {position} ({exposure.drug})", day, current=True)
        for position, procedure in enumerate(self.procedures or (), 1):
            place = f"procedures {position} ({procedure.name})"
            when = _when(procedure.date, "date", place)
            if when and when.low > day:
                raise BadPatient(f"{place}: date {procedure.date} lies after {day}, the day of the check; only what was done counts")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Patient:
        """A patient from plain values, as a YAML or JSON file holds them: the keys are the constructor's arguments.

        Raises:
            BadPatient: an unknown key, or a value that cannot be used.
        Example:
            >>> Patient.from_dict({"taking": ["itraconazole", {"drug": "prednisone", "dose": "20 mg/day"}]}).taking[1].dose
            '20 mg/day'
        """
        if not isinstance(data, Mapping):
            raise BadPatient(f"a patient is a mapping with the keys as_of, {', '.join(_PARTS)}; this is a {type(data).__name__}")
        unknown = sorted(str(key) for key in data if key not in ("as_of", *_PARTS, *_REMARKS))
        if unknown:
            raise BadPatient(f"a patient has no {', '.join(unknown)}; its keys are as_of, {', '.join((*_PARTS, *_REMARKS))}")
        return cls(**data)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that `from_dict` reads back; what was not given is left out."""
        out: dict[str, Any] = {"as_of": self.as_of.isoformat()}
        for name in _PARTS:
            value = getattr(self, name)
            if value is None:
                continue
            out[name] = dict(value) if isinstance(value, Mapping) else [_plain(item) for item in value]
        out.update({name: list(value) for name in _REMARKS if (value := getattr(self, name))})
        return out

    @property
    def not_assessed(self) -> tuple[str, ...]:
        """The parts of the record that were not given."""
        return tuple(name for name in _PARTS if getattr(self, name) is None)

    def __hash__(self) -> int:
        return hash(
            (
                self.as_of,
                self.prior,
                self.taking,
                self.conditions,
                tuple(sorted((self.biomarkers or {}).items())),
                self.habits,
                self.procedures,
                self.notes,
                self.unclear,
            )
        )


def _plain(item: str | Exposure | Procedure) -> str | dict[str, Any]:
    if isinstance(item, str):
        return item
    return {f.name: getattr(item, f.name) for f in dataclasses.fields(item) if getattr(item, f.name) is not None}


def _day(value: date | str | None) -> date:
    today = date.today()
    if value is None:
        return today
    if isinstance(value, datetime):
        value = value.date()
    try:
        when = When.read(value)
    except (ValueError, TypeError, AttributeError):
        raise BadPatient(f"as_of: {value!r} is no day of the calendar; write the day of the check, e.g. {today}") from None
    if not when.exact:
        raise BadPatient(f"as_of: {value} is no single day; write the day of the check, e.g. {when.high}")
    if not _FIRST_YEAR <= when.low.year <= today.year + _YEARS_AHEAD:
        raise BadPatient(f"as_of: {when} is no day on which a trial is entered; check the year")
    return when.low


def _items(place: str, values: Any) -> list[Any] | None:
    if values is None:
        return None
    if isinstance(values, str | Mapping | Exposure | Procedure) or not isinstance(values, Iterable):
        raise BadPatient(f"{place}: {values!r} is not a list; write a list, [] for none known, or leave it out where it was not asked")
    return list(values)


def _texts(place: str, values: Any) -> tuple[str, ...] | None:
    items = _items(place, values)
    if items is None:
        return None
    for item in items:
        if not isinstance(item, str) or not item.strip():
            raise BadPatient(f"{place}: {item!r} is not a name; write its name as text")
    return tuple(item.strip() for item in items)


def _biomarkers(values: Any) -> Mapping[str, str] | None:
    if values is None:
        return None
    if not isinstance(values, Mapping):
        raise BadPatient(f'biomarkers: {values!r} is not a mapping; write for instance {{"PDGFRA": "negative"}}')
    for name, state in values.items():
        if not (isinstance(name, str) and name.strip() and isinstance(state, str) and state.strip()):
            raise BadPatient(f'biomarkers: {name!r}: {state!r} is not a name and a result; write for instance {{"PDGFRA": "negative"}}')
    return dict(values)


def _records(place: str, values: Any, cls: type[_Record]) -> tuple[_Record, ...] | None:
    items = _items(place, values)
    if items is None:
        return None
    return tuple(_record(f"{place} {position}", item, cls) for position, item in enumerate(items, 1))


def _record(place: str, item: Any, cls: type[_Record]) -> _Record:
    names = [f.name for f in dataclasses.fields(cls)]
    if isinstance(item, str):
        item = {names[0]: item}
    if isinstance(item, cls):
        item = {name: value for name in names if (value := getattr(item, name)) is not None}
    if isinstance(item, Mapping):
        unknown = sorted(str(key) for key in item if key not in names)
        if unknown or names[0] not in item:
            where = "" if names[0] in item else f": what it names stands under {names[0]}"
            told = f"has no {unknown[0]}{where}" if unknown else f"lacks {names[0]}"
            raise BadPatient(f"{place}: {told}; its keys are {', '.join(names)}")
        # YAML reads 2024-11-20 as a date and 2024 as a number
        item = cls(**{key: _as_text(value) if key != "line" else value for key, value in item.items()})
    if not isinstance(item, cls):
        raise BadPatient(f"{place}: {item!r} is neither a name nor a mapping with keys of {', '.join(names)}; write one of these")
    for name in names:
        value = getattr(item, name)
        if name == "line":
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_LINES):
                raise BadPatient(f"{place}: line {value!r} is not a line of therapy; lines count from 1")
        elif value is not None and (not isinstance(value, str) or not value.strip()):
            raise BadPatient(f"{place}: {name} {value!r} is not a text; write it as text, or leave it out where it is not known")
    if not isinstance(getattr(item, names[0]), str):
        raise BadPatient(f"{place}: {names[0]} is missing; write its name")
    return item


def _as_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _when(text: str | None, name: str, place: str) -> When | None:
    if text is None:
        return None
    try:
        when = When.read(text)
    except ValueError as error:
        raise BadPatient(f"{place}: {name}: {error}") from None
    if when.low.year < _FIRST_YEAR:
        raise BadPatient(f"{place}: {name}: {text} lies before {_FIRST_YEAR}; check the year")
    return when


def _check_exposure(exposure: Exposure, place: str, as_of: date, *, current: bool) -> None:
    start = _when(exposure.start, "start", place)
    last = _when(exposure.last_dose, "last_dose", place)
    if start and start.low > as_of:
        raise BadPatient(f"{place}: start {start} lies after {as_of}, the day of the check; a therapy that is only planned is no exposure")
    if last and not current and last.low > as_of:
        raise BadPatient(
            f"{place}: last_dose {last} lies after {as_of}, the day of the check; list the drug under taking, with the day it is to stop"
        )
    if last and current and last.high < as_of:
        raise BadPatient(f"{place}: last_dose {last} lies before {as_of}, the day of the check; list the drug under prior")
    if start and last and start.low > last.high:
        raise BadPatient(f"{place}: start {start} lies after last_dose {last}; swap or correct them")
    if exposure.setting is not None and exposure.setting not in SETTINGS:
        raise BadPatient(f"{place}: setting {exposure.setting!r} is none of {', '.join(SETTINGS)}; use one of these, or leave it out")
    if exposure.dose is not None:
        try:
            read_dose(exposure.dose)
        except ValueError as error:
            raise BadPatient(f"{place}: {error}") from None
