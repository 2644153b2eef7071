"""Numbers of days, weeks or months that leave out the unit which another amount of time tells: "3 weeks (6 for nitrosoureas)"."""

from __future__ import annotations

import re

Amount = tuple[int, int, str]
"""Where an amount of time stands, and its unit."""

RESPECTIVELY = "respectively"
_BEFORE_IN_SERIES = re.compile(r"(?:(?<![\w.])\d{1,3}\s*(?:/|,\s*(?:(?:and|or)\s+)?|\s(?:and|or)\s+))+$")
_JOINS = ("/", "/ ", ", ", " and ", " or ")
"""What stands before an amount of time that may end a series."""
_IN_THEIR_PLACES = re.compile(
    r"(?<!between )(?<!\d )(?!1/2\b)\d+(?:\s*/\s*\d+|\s+and\s+\d+|(?:,\s*\d+)+,?\s+(?:and|or)\s+\d+)(?:\s*/\s*\d+)*"
)
"""Numbers that without "respectively" are of several therapies: "within 3/4/2 weeks of A/B/C", "A, B and C within 3, 4 and 2 weeks"."""
_NUMBER = re.compile(r"\d+")
_MOST_OF_SERIES = 20
"""A series begins at most this many characters before the amount that tells its unit."""
_UNIT_LEFT_OUT = re.compile(
    r"(?P<opens>\(|,\s*|;\s*|\b(?:and|or)\s+)(?P<low>\d{1,2}|two|three|four|six|eight|twelve)(?=\s+(?P<of>for|since|from|after)\s)"
)
_ANOTHER_FOR = re.compile(
    r"\s+(?:(?:suffices?|(?:is|are)\s+\w+)\s+)?(?P<of>for|since|from|after)\s[^().;]{3,60}?(?:,|\band\b|\bor\b)\s*(?:and\s+|or\s+)?(?P=of)"
)
"""Between a time and a number, with what follows that: both are for, or since, some therapy: "4 weeks since A, 3 since B"."""
_BRACKET_NEAR = re.compile(r"[^().;]{0,40}")
"""Between an amount of time and the bracket whose number is of the same unit."""


def numbers_of_a_series(lower: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the numbers stand of which the last alone has its unit: "within 4, 2 or 6 weeks, respectively"; none where it is but one.

    Arguments:
        lower: lower-case normal form.
        start, end: where the amount of time stands that tells the unit.
    """
    told = end <= lower.rfind(RESPECTIVELY)
    if not (told or lower.endswith(_JOINS, 0, start)) or "(" in lower[start:end]:
        return []
    ahead = _BEFORE_IN_SERIES.search(lower, max(0, start - _MOST_OF_SERIES), start)
    numbers = [m.span() for m in _NUMBER.finditer(lower, ahead.start() if ahead else start, end)]
    if len(numbers) < 2 or not (told or _IN_THEIR_PLACES.fullmatch(lower, numbers[0][0], numbers[-1][1])):
        return []
    return numbers


def of_the_same_unit(lower: str, told: list[Amount]) -> list[Amount]:
    """Numbers with the unit that they leave out: "3 weeks (6 for nitrosoureas)", "at least 4 weeks since antibodies, 3 since chemotherapy".

    Arguments:
        lower: lower-case normal form.
        told: the amounts of time that tell theirs.
    """
    more: list[Amount] = []
    for m in _UNIT_LEFT_OUT.finditer(lower):
        start, end = m.span("low")
        last = next((a for a in reversed([*told, *more]) if a[1] <= start), None)
        if last is not None and last[2][0] in "dwm" and _ANOTHER_FOR.fullmatch(f"{lower[last[1] : start]}{m['of']}"):
            more.append((start, end, last[2]))
            continue
        opened = lower.rfind("(", 0, start)
        if opened < 0 or ")" in lower[opened : m.start()] or m["of"] != "for":
            continue
        if m["opens"] != "(" and (m["opens"] == "or " or not more or more[-1][0] < opened):
            continue
        ahead = next((a for a in reversed(told) if a[1] <= opened and a[2][0] in "dwm"), None)
        if ahead is not None and _BRACKET_NEAR.fullmatch(lower, ahead[1], opened):
            more.append((start, end, ahead[2]))
    return more
