"""Doses as written on a chart, in mg a day."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["MOST_MG_A_DAY", "Dose", "read_dose"]

MOST_MG_A_DAY = 100_000.0
"""Above this no drug is given: a slip of the unit or the point."""

_UNITS = {
    unit: mg
    for units, mg in (
        ("kg kilogram kilograms", 1_000_000.0),
        ("g gram grams", 1000.0),
        ("mg milligram milligrams", 1.0),
        ("mcg µg μg ug microgram micrograms", 0.001),
        ("ng nanogram nanograms", 0.000001),
    )
    for unit in units.split()
}
_AMOUNT = re.compile(
    r"(?P<sign>[-−]?)\s*(?P<number>\d+(?:[.,]\d+)*)\s*(?P<unit>[a-zµμ]+)?\s*(?P<per>/\s*(?:m2|m²|m\^2|kg)|per\s+(?:m2|m²|kg))?", re.I
)
_A_DAY: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(pattern, re.I), times)
    for pattern, times in (
        (r"every other day|alternate days?|\bqod\b|every 2 days|every second day", 1 / 2),
        (r"twice (?:a |per )?(?:daily|day)|\bb\.?i\.?d\b|2\s*[x×]\s*(?:/|per |a )?\s*(?:day|daily)|(?:every|q)\s*12\s*h|two times", 2.0),
        (r"three times (?:a |per )?(?:daily|day)|thrice|\bt\.?i\.?d\b|3\s*[x×]\s*(?:/|per |a )?\s*(?:day|daily)|(?:every|q)\s*8\s*h", 3.0),
        (r"four times (?:a |per )?(?:daily|day)|\bq\.?i\.?d\b|4\s*[x×]\s*(?:/|per |a )?\s*(?:day|daily)|(?:every|q)\s*6\s*h", 4.0),
        (r"twice (?:a |per )?week", 2 / 7),
        (r"every 2 weeks|every other week|biweekly|\bq2w\b", 1 / 14),
        (r"every 3 weeks|\bq3w\b", 1 / 21),
        (r"every 4 weeks|monthly|(?:/|per |a )\s*month|\bq4w\b", 1 / 28),
        (r"weekly|(?:/|per |a |every )\s*week|\bqw\b", 1 / 7),
        (r"daily|(?:/|per |a |every |each )\s*(?:day|d\b)|\bq\.?d\b|\bo\.?d\b|every morning|at night|nightly|\bq24h|every 24\s*h", 1.0),
    )
)


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose. `mg_a_day` is None where it cannot be told (per body surface, in units, no number); `note` says what was assumed or why."""

    text: str
    mg_a_day: float | None
    note: str = ""


def read_dose(text: str) -> Dose:
    """The dose that `text` states.

    Raises:
        ValueError: not above nothing, or beyond what any drug is given at.
    Example:
        >>> read_dose("20 mg/day").mg_a_day, read_dose("0.5 g twice daily").mg_a_day, read_dose("75 mg/m2 every 3 weeks").mg_a_day
        (20.0, 1000.0, None)
    """
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    found = _AMOUNT.search(plain)
    if not found:
        return Dose(text, None, f"the dose {text!r} holds no amount")
    amount = float(found["number"].replace(",", ".")) if found["number"].count(".") + found["number"].count(",") <= 1 else None
    unit = _UNITS.get((found["unit"] or "").lower())
    if amount is not None and (found["sign"] or amount <= 0):
        raise ValueError(f"the dose {text!r} is not above zero; write the amount given, e.g. '20 mg/day'")
    if amount is None or unit is None:
        return Dose(text, None, f"the dose {text!r} is not stated in mg")
    if found["per"]:
        return Dose(text, None, f"the dose {text!r} depends on the body's size")
    times = next((times for pattern, times in _A_DAY if pattern.search(plain[found.end("number") :])), None)
    total = amount * unit * (times or 1.0)
    if total > MOST_MG_A_DAY or amount * unit > MOST_MG_A_DAY:
        raise ValueError(f"the dose {text!r} is more than {MOST_MG_A_DAY / 1000:g} g a day; check the unit and the decimal point")
    return Dose(text, total, "" if times else f"the dose {text!r} was read as a day's dose")
