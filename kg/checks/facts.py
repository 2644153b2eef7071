"""A patient's data, understood: every exposure as the drug, class or procedure that it is, with when, why and how it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kg.checks.dates import When
from kg.checks.doses import Dose
from kg.checks.patient import Patient
from kg.knowledge import Membership
from kg.records import Exposure, Step

__all__ = ["Fact", "PatientFacts", "Unrecognised", "in_words", "words_of"]

_NONE = {
    "prior": "no prior therapy",
    "taking": "takes nothing",
    "conditions": "no condition",
    "biomarkers": "no biomarker result",
    "habits": "no habit",
    "procedures": "no procedure",
}
"""What a report says of a part of the patient's data that was given as empty."""


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """Something in the patient's data that cannot be evaluated: a name that the tables do not have, or (`unclear`) a statement in doubt."""

    name: str
    place: str
    message: str
    suggestions: tuple[str, ...] = ()
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One therapy, drug, habit or procedure of the patient.

    `place` is the entry of the patient's data that it comes from (components of one regimen share it). `last` is the last dose, None where
    it is not known; a current drug's is the day of the check. `systemic` is yes, no or arguable.
    """

    place: str
    words: str
    name: str
    kind: str
    key: str
    current: bool
    last: When | None
    stops: When | None = None
    systemic: str = "yes"
    route: str = ""
    conditions: tuple[str, ...] = ()
    condition_text: str = ""
    indication: str = ""
    """What it was given for, in kind: neoplasm, other, unsure (surgery, which may be of a cancer), or "" where that is not known."""
    settings: tuple[str, ...] = ()
    line: int | None = None
    regimen: str = ""
    regimen_name: str = ""
    outcome: str = ""
    dose: Dose | None = None
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()
    classes: Mapping[str, Membership] = field(default_factory=dict, hash=False)
    usually_oral: bool = False
    """An everyday drug that goes on: a small molecule that is no cancer treatment; or one that `data/by_mouth.csv` tells by its name."""
    only_oral: bool = False
    """What comes in no other form, as `data/by_mouth.csv` tells."""
    never_oral: bool = False
    """What no one swallows: an antibody, a conjugate, cells …"""

    @property
    def line_key(self) -> tuple[str, object]:
        """Exposures with the same key were one line of therapy: the same line number, else the same regimen, else the same entry."""
        if self.line is not None:
            return "line", self.line
        if self.regimen_name:
            return "regimen", self.regimen_name
        return "entry", self.place


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """A patient's data, understood."""

    patient: Patient
    facts: tuple[Fact, ...]
    conditions: tuple[tuple[str, str], ...] = ()
    """Condition keys with the words that they were given in."""
    biomarkers: tuple[tuple[str, str, str], ...] = ()
    """(key, name as given, result as given)."""
    unrecognised: tuple[Unrecognised, ...] = ()
    remarks: tuple[str, ...] = ()
    """How names were read that hold more than a name, and what could not be read and decides nothing by itself, such as a dose's words."""

    @classmethod
    def nobody(cls) -> PatientFacts:
        """Facts of no one: for reading a trial by itself."""
        return cls(Patient(), ())

    @property
    def as_of(self) -> date:
        """The day of the check."""
        return self.patient.as_of

    @property
    def current(self) -> tuple[Fact, ...]:
        """What the patient takes now."""
        return tuple(fact for fact in self.facts if fact.current)


def in_words(patient: Patient) -> tuple[str, ...]:
    """A patient's data as a report states them: what was given, and what was said to be none.

    Example:
        >>> in_words(Patient("2026-11-21", prior=[], taking=["itraconazole"], biomarkers={"PDGFRA": "negative"}))
        ('no prior therapy', 'takes itraconazole', 'PDGFRA: negative')
    """
    procedures = (Exposure(p.name, last_dose=p.date, condition=p.condition) for p in patient.procedures or ())
    words: dict[str, list[str]] = {
        "prior": [words_of(one, "prior", False) for one in patient.prior or ()],
        "taking": [words_of(one, "taking", True) for one in patient.taking or ()],
        "conditions": [f"has {name}" for name in patient.conditions or ()],
        "biomarkers": [f"{name}: {result}" for name, result in (patient.biomarkers or {}).items()],
        "habits": [f"habit: {name}" for name in patient.habits or ()],
        "procedures": [words_of(one, "procedures", False) for one in procedures],
    }
    return tuple(text for part, said in words.items() if part not in patient.not_assessed for text in said or [_NONE[part]])


def words_of(exposure: Exposure, place: str, current: bool) -> str:
    """An entry of the patient's data as a report states it.

    Arguments:
        place: where it stands, as in "taking 1".
    """
    kind = place.split()[0]
    parts = []
    if exposure.dose:
        parts.append(exposure.dose)
    if exposure.route:
        parts.append(exposure.route)
    if exposure.condition:
        parts.append(f"for {exposure.condition}")
    if exposure.setting:
        parts.append(f"{exposure.setting} setting")
    if exposure.line:
        parts.append(f"line {exposure.line}")
    if exposure.last_dose:
        word = "planned to stop" if current else ("on" if kind == "procedures" else "last dose")
        parts.append(f"{word} {exposure.last_dose}")
    lead = {"taking": "takes", "habits": "habit:", "procedures": "had"}.get(kind, "prior")
    return f"{lead} {exposure.drug.strip()}" + (f" ({', '.join(parts)})" if parts else "")
