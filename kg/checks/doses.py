"""Doses as written on a chart, in mg a day.

How often a dose is given is read only where every word on it is understood: half of what a patient takes would pass a sentence that the
whole does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["AMOUNT", "MOST_MG_A_DAY", "Dose", "beside_doses", "read_dose"]

MOST_MG_A_DAY = 100_000.0
"""Above this no drug is given: a slip of the unit or the point."""
_MOST_PIECES = 100

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
_PIECES = re.compile(r"(?:tab(?:let)?|cap(?:sule)?|pill|puff|patch|suppositor|injection|vial|ampoule)(?:e?s|y|ies)?", re.I)
_AMOUNT = re.compile(
    r"(?P<sign>[-−]?)\s*(?P<number>\d+(?:[.,]\d+)*)\s*(?P<unit>[a-zµμ]+)?\s*(?P<per>/\s*(?:m2|m²|m\^2|kg)|per\s+(?:m2|m²|kg))?", re.I
)

AMOUNT = re.compile(
    rf"(?<![\w.-])\d+(?:[.,]\d+)*\s*(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))}|iu|units?|u|ml|m[ce]q|mmol|mci|[gmk]bq)\b"
    r"(?:\s*/\s*(?:m2|m²|m\^2|kg|ml|dose)\b|\s+per\s+(?:m2|m²|kg|dose)\b)*",
    re.I,
)
"""An amount that tells of what it is one."""

# --- how often ----------------------------------------------------------------------------------------------------------------------------

_DAYS = {"h": 1 / 24, "d": 1.0, "w": 7.0, "m": 28.0}
_PERIOD = r"(?:(?P<d>da(?:y|ily)|d\b)|(?P<w>week(?:ly)?|wk)|(?P<m>month(?:ly)?))s?\b"
_COUNTS = {"once": 1, "one": 1, "twice": 2, "two": 2, "thrice": 3, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNTED = re.compile(
    rf"\b(?P<count>once|twice|thrice|(?:one|two|three|four|five|six|\d{{1,2}})\s*(?:times?\b|[x×]))\s*(?:/|per\b|an?\b|each\b|every\b)?\s*{_PERIOD}",
    re.I,
)
_EVERY = re.compile(
    r"(?:\b(?:every|each)\s*(?P<number>other\b|second\b|\d{1,2})?|\bq\.?\s*(?P<q>\d{1,2})|/\s*(?P<per>\d{1,2}))\s*"
    r"(?:(?P<h>h(?:ou)?rs?\b|h\b)|(?P<d>days?\b|d\b)|(?P<w>weeks?\b|wks?\b|w\b)|(?P<m>months?\b))",
    re.I,
)
_BARE = re.compile(rf"(?:/\s*|\bper\s+|\ban?\s+|\b){_PERIOD}", re.I)
_SHORT = tuple(
    (re.compile(pattern, re.I), times)
    for pattern, times in (
        (r"\balternate days?\b|\bqod\b", 1 / 2),
        (r"\bb\.?\s?i\.?\s?d\b\.?|\bbd\b", 2.0),
        (r"\bt\.?\s?i\.?\s?d\b\.?|\btds\b", 3.0),
        (r"\bq\.?\s?i\.?\s?d\b\.?|\bqds\b", 4.0),
        (r"\bbiweekly\b", 1 / 14),
        (r"\bqw\b", 1 / 7),
        (r"\bo\.?\s?d\b\.?|\bq\.?\s?d\b\.?|\bnightly\b", 1.0),
    )
)
_TIMES_OF_DAY = re.compile(r"\b(?:(mornings?|breakfast)|(noon|midday|lunch)|(evenings?|dinner|supper)|(nights?|bedtime))\b", re.I)
_SAYS_NOTHING = re.compile(
    r"\b(?:one|1)\s+(?:tab|cap|pill|puff|patch)\w*|\b(?:for|since|until|from)\s+\d[\d-]*(?:\s*(?:day|week|month|year)s?)?|\bday\s+1\b", re.I
)
"""What says nothing on how much a day: one tablet, for how long."""
_OPEN = re.compile(
    r"\d|\b(?:times?|every|each|h(?:ou)?r(?:s|ly)?|weeks?|months?|cycles?|then|follow|alternat|taper|plus|needed|required|directed|prn|bid|tid|qid)",
    re.I,
)
"""What is left of a dose's words and may change how much a day it is."""


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose. `mg_a_day` is None where it cannot be told (per body surface, in units, no number); `note` says what was assumed or why.

    `puzzling`: its words could not be read, which the writer may not know.
    """

    text: str
    mg_a_day: float | None
    note: str = ""
    puzzling: bool = False


def read_dose(text: str) -> Dose:
    """The dose that `text` states.

    Raises:
        ValueError: not above nothing, or beyond what any drug is given at.
    Example:
        >>> read_dose("20 mg/day").mg_a_day, read_dose("0.5 g 2 times a day").mg_a_day, read_dose("75 mg/m2 every 3 weeks").mg_a_day
        (20.0, 1000.0, None)
        >>> read_dose("20 mg, then as before").mg_a_day
    """
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    found = _AMOUNT.search(plain)
    if not found:
        return Dose(text, None, f"the dose {text!r} holds no amount", puzzling=True)
    amount = float(found["number"].replace(",", ".")) if found["number"].count(".") + found["number"].count(",") <= 1 else None
    unit = _UNITS.get((found["unit"] or "").lower())
    if amount is not None and (found["sign"] or amount <= 0):
        raise ValueError(f"the dose {text!r} is not above zero; write the amount given, e.g. '20 mg/day'")
    if amount is not None and _PIECES.fullmatch(found["unit"] or "") and amount > _MOST_PIECES:
        raise ValueError(f"the dose {text!r} is more than {_MOST_PIECES} pieces; check the number")
    if amount is None or unit is None:
        return Dose(text, None, f"the dose {text!r} is not stated in mg")
    if amount * unit > MOST_MG_A_DAY:
        raise _too_much(text)
    if found["per"]:
        return Dose(text, None, f"the dose {text!r} depends on the body's size")
    times, told = _times_a_day(f"{plain[: found.start()]} ; {plain[found.end('unit') :]}")
    if times is None:
        return Dose(text, None, f"how much a day the dose {text!r} is could not be told", puzzling=True)
    total = amount * unit * times
    if total > MOST_MG_A_DAY:
        raise _too_much(text)
    return Dose(text, total, "" if told else f"the dose {text!r} was read as a day's dose")


def beside_doses(text: str) -> str:
    """What words say beside amounts with their units and how often these are given.

    Example:
        >>> beside_doses("75 mg/m2 every 3 weeks").split(), beside_doses("1000 IU twice daily, planned").split()
        ([], [',', 'planned'])
    """
    text = AMOUNT.sub(" ", re.sub(r"(?<=\d),(?=\d{3}\b)", "", text))
    for pattern in (_COUNTED, _EVERY, *(short for short, _ in _SHORT), _TIMES_OF_DAY, _BARE):
        text = pattern.sub(" ", text)
    return text


def _too_much(text: str) -> ValueError:
    return ValueError(f"the dose {text!r} is more than {MOST_MG_A_DAY / 1000:g} g a day; check the unit and the decimal point")


def _times_a_day(words: str) -> tuple[float | None, bool]:
    """(how often a day, None where not all that is said of it is understood; whether it is said at all)."""
    words = _SAYS_NOTHING.sub(" ", words)
    times, span = _stated(words)
    parts = {number for m in _TIMES_OF_DAY.finditer(words) for number, part in enumerate(m.groups()) if part}
    left = words[: span[0]] + words[span[1] :]
    if times is not None and _stated(left)[0] is not None:
        return None, True  # two statements: "10 mg daily, 5 mg every other day"
    if parts and (times is None or times == 1.0):
        times, left = float(len(parts)), re.sub(r"\b(?:every|each)\b", " ", left)
    if _OPEN.search(left):
        return None, True
    return (1.0, False) if times is None else (times, True)


def _stated(words: str) -> tuple[float | None, tuple[int, int]]:
    """How often a day, and where the words say so; None where they do not."""
    if found := _COUNTED.search(words):
        count = re.match(r"[a-z]+|\d+", found["count"].lower())
        assert count is not None
        number = _COUNTS[count[0]] if count[0] in _COUNTS else int(count[0])
        return number / _days(found, "dwm"), found.span()
    if found := _EVERY.search(words):
        stated = (found["number"] or found["q"] or found["per"] or "1").lower()
        between = 2 if stated in ("other", "second") else int(stated)
        return (1 / (between * _days(found, "hdwm")) if between else None), found.span()
    for pattern, times in _SHORT:
        if found := pattern.search(words):
            return times, found.span()
    if found := _BARE.search(words):
        return 1 / _days(found, "dwm"), found.span()
    return None, (0, 0)


def _days(found: re.Match[str], units: str) -> float:
    return next(_DAYS[unit] for unit in units if found[unit])
