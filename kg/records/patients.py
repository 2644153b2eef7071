"""What a patient was given and what was done."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Exposure", "Procedure"]


@dataclass(frozen=True, slots=True)
class Exposure:
    """A drug (or class, or regimen) that a patient had or has.

    Dates are ISO text, whole or partial ("2024-11-20", "2024-11", "2024"). `dose` as "20 mg/day"; `route` a word of `data/routes.csv`;
    `setting` one of neoadjuvant, adjuvant, locally-advanced, recurrent, metastatic, maintenance; `line` counts from 1.
    """

    drug: str
    start: str | None = None
    last_dose: str | None = None
    dose: str | None = None
    route: str | None = None
    condition: str | None = None
    setting: str | None = None
    line: int | None = None
    regimen: str | None = None
    response: str | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """Radiotherapy, surgery, a transplant; `date` as in Exposure."""

    name: str
    date: str | None = None
    condition: str | None = None
