"""Numbers and amounts of time in criterion text. All work on the lower-case normal form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from kg.criteria.words.first_letters import quick
from kg.criteria.words.patterns import pattern
from kg.criteria.words.times_alike import numbers
from kg.criteria.words.units_left_out import RESPECTIVELY, numbers_of_a_series, of_the_same_unit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    """A value read at [start, end) of the normal form."""

    start: int
    end: int
    value: T


@cache
def amount_patterns() -> dict[str, re.Pattern[str]]:
    """The expressions of an amount of time, and of what joins two of them."""
    number = r"\d+(?:\.\d+)?"
    unit = r"(?P<unit>days?|weeks?|fortnights?|months?|years?|half[- ]?li(?:fes?|ves?)|cycles?|dosing\s+intervals?|hours?)"
    amount = (
        rf"(?P<low>{number}|\ban?\b(?=\s+(?:week|fortnight|month|year|day)))\s*(?:(?:-|to|or)\s*(?P<high>{number})\s*)?(?:(?:or|and)\s+(?:more|greater)\s+)?"
        rf"(?:-\s*)?(?:times\s+(?:the\s+)?|x\s+(?:the\s+)?|\u00d7\s*)?(?:(?:full|complete|consecutive|calendar|drug|elimination|terminal|plasma|serum|pharmacokinetic|pk|reported|published|mean|average|of|the|their|its|respective|known|estimated|biological|effective|study|agent|treatment)[\s-]+){{0,4}}[\"']?{unit}"
    )
    return {
        "amount": quick(amount),
        "whole": quick(r"\b(?:past|last|previous|preceding|prior)\s+(?P<unit>week|month|year)\b|\bthe\s+(?P<before>week|month|year)(?=\s+(?:prior|before|prece(?:e)?ding)\b)"),  # noqa: E501
        "interval": re.compile(r"(?:\bor|(?<=\bwithin))\s+(?P<of>(?:within\s+)?(?:(?:the|an?|its|their)\s+)?(?:(?:time\s+)?(?:period|interval|time)(?:\s+of\s+time)?\s+)?(?:(?:equal\s+to|equivalent\s+to|of|less\s+than|shorter\s+than)\s+)?(?:(?:the|its|their|a)\s+)?(?:(?:usual|normal|standard|typical)\s+)?(?:(?:dosing|dose|dosage|administration)\s+interval|cycle\s+length)\b)"),  # noqa: E501
        "join": re.compile(r"\s*(?:,|;|\()?\s*(?:or|and|/|,|\(or|\(|plus|versus|vs\.?)\s*(?:(?:at least|within|less than|more than|for|approximately)\s+)?\(?"),  # noqa: E501
    }  # fmt: skip


def value(word: str) -> float:
    """The value of a number in digits or as a word; 0 where it is no number.

    >>> value("four")
    4.0
    """
    return float(numbers().get(word, 0)) if not word[0].isdigit() else float(word)


HALF_LIFE = "half"
"""The unit of an amount of half-lives begins so."""


def add_to(window: dict[str, float], value: float, unit: str) -> None:
    """Put an amount of time among those of a window, in its days, months, half-lives or cycles."""
    if unit.startswith(HALF_LIFE):
        window["half_lives"] = value
    elif unit[0] == "h":
        window["days"] = max(1.0, value / 24)
    elif unit[0] == "d":
        window["days"] = value
    elif unit[0] == "w":
        window["days"] = value * 7
    elif unit[0] == "f":
        window["days"] = value * 14
    elif unit.startswith("mo"):
        window["months"] = value
    elif unit[0] == "y":
        window["months"] = value * 12
    else:
        window["cycles"] = value


_NO_AMOUNT = (".", "/", "^", "cycle ")
_PER = re.compile(
    r"(?:[\s(\d](?:m?c?g|kg|ml|l|iu|units?|u|m|auc|doses?|cycles?|infusions?|tablets?|times|x|and|or|w|d|h|weeks?|days?)|\W)/$"
)
"""Behind these a slash tells how often, or joins numbers; "chemotherapy/3 weeks" has a time."""
"""What stands before a number that begins no amount."""
_COUNTED_DAY = ("day ", "day -", "cycle ", "visit ")
"""What stands before the number of a day, behind which "or" leads to an amount."""


def amounts(lower: str) -> list[Span[tuple[float, str]]]:
    """Every amount of time: (value, unit), e.g. "4 weeks", "the past month"; of a range ("7-14 days") its larger end, or both."""
    found = []
    for m in amount_patterns()["amount"].finditer(lower):
        start = m.start()
        glued = start and lower[start - 1].isalnum()
        if m["high"] and (glued or lower.endswith(_COUNTED_DAY, 0, start)):
            start = m.start("high")  # "prior to day 1 or 5 half-lives"
        elif glued or (
            lower.endswith(_NO_AMOUNT, 0, start)
            and not (_of_a_name(lower, start) or _of_half_lives(lower, m) or numbers_of_a_series(lower, start, m.end()))
        ):
            continue
        elif m["high"] and _has_both_ends(lower, start, m.end()):
            found.append(Span(start, m.end("low"), (value(m["low"]), m["unit"])))
            start = m.start("high")
        if m["unit"].startswith("cycle") and lower.endswith("day ", 0, m.start()):
            continue  # "day 1 cycle 1"
        amount = value(m["high"] or m["low"])
        if amount:
            found.append(Span(start, m.end(), (amount, "cycle" if m["unit"].startswith("dosing") else m["unit"])))
    for m in amount_patterns()["whole"].finditer(lower):
        name = "unit" if m["unit"] else "before"
        found.append(Span(m.start(name), m.end(name), (1.0, m[name])))
    if "cycle length" in lower or (found and "interval" in lower):
        # "4 weeks or the time period equal to the dosing interval"
        found += [Span(m.start("of"), m.end("of"), (1.0, "cycle")) for m in amount_patterns()["interval"].finditer(lower)]
    if found and (" for " in lower or " since " in lower or " from " in lower or " after " in lower):
        told = [(s.start, s.end, s.value[1]) for s in found]
        found += [Span(start, end, (value(lower[start:end]), unit)) for start, end, unit in of_the_same_unit(lower, told)]
    if found:
        found = _of_a_series(lower, found)
    if found and ("between " in lower or " than " in lower):
        found += _shortest(lower, found)
    return sorted(found, key=lambda s: s.start)


def _of_a_name(lower: str, start: int) -> bool:
    """Whether a slash before an amount stands behind a name: "cytotoxics/3 weeks, TKI/2 weeks"."""
    return start > 2 and lower[start - 1] == "/" and lower[start - 2].isalpha() and _PER.search(lower, max(0, start - 12), start) is None


def _of_half_lives(lower: str, amount: re.Match[str]) -> bool:
    """Whether a slash before an amount parts days and half-lives: "4 weeks/5 half-lives"."""
    return lower.endswith("/", 0, amount.start()) and (
        amount["unit"].startswith(HALF_LIFE) or lower.endswith(("half-lives/", "half lives/"), 0, amount.start())
    )


IN_THEIR_ORDER = re.compile(rf"[^();.:]{{0,30}}\b{RESPECTIVELY}\b")
"""Behind the last times of a list, each of which is of another therapy."""


def _of_a_series(lower: str, found: list[Span[tuple[float, str]]]) -> list[Span[tuple[float, str]]]:
    """Each of the times that tell their unit with the last alone: "within 4, 2 or 6 weeks, respectively"."""
    series: list[Span[tuple[float, str]]] = []
    for span in found:
        *ahead, last = numbers_of_a_series(lower, span.start, span.end) or [(span.start, span.end)]
        series += [Span(start, end, (value(lower[start:end]), span.value[1])) for start, end in ahead]
        series.append(Span(last[0], span.end, span.value))
    return series


_BOTH_ENDS = re.compile(r"\s+(?:before|prior|after|since|following|ago)\b")
_ONE_END = re.compile(r"(?:\b(?:within|least|minimum|than|every|for|wait(?:ed|ing)?|wash-?out)\b|[<>\u2264\u2265])[\w\s]{0,12}$")
_AFTER_ITS_END = pattern("quantities: after its end")
"""Around a range: "3 to 8 weeks after completion of radiotherapy" has two ends, of "at least 4-6 weeks after" one holds."""


def _has_both_ends(lower: str, start: int, end: int) -> bool:
    """Whether a range of times tells when at the soonest and when at the latest: "from 3 to 8 weeks before", "3-8 weeks after its end"."""
    if lower.endswith("from ", 0, start):
        return _BOTH_ENDS.match(lower, end) is not None
    return _AFTER_ITS_END.match(lower, end) is not None and not _ONE_END.search(lower, max(0, start - _MOST_TO_SHORTEST), start)


_SHORTEST = pattern("quantities: shortest")
_MOST_TO_SHORTEST = 60


def _shortest(lower: str, found: list[Span[tuple[float, str]]]) -> list[Span[tuple[float, str]]]:
    """Lower ends that leave out the unit of the higher ones, where that is none of an age: "between 4 and 10 weeks after the last dose"."""
    told = [(_SHORTEST.search(lower, max(0, s.start - _MOST_TO_SHORTEST), s.start), s.value[1]) for s in found if s.value[1][0] in "dwm"]
    return [Span(m.start("low"), m.end("low"), (value(m["low"]), unit)) for m, unit in told if m is not None]
