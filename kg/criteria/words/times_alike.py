"""Amounts of time written alike: "four (4) weeks", "four weeks", "4wks" and "4-weeks" are read as "4 weeks"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from kg import bundle
from kg.criteria.words.lexicon import read_phrases


class Put(NamedTuple):
    """What stands in the normal form for the characters [start, end) of a text."""

    start: int
    end: int
    text: str


BETWEEN = "\0"
"""Stands before each of several texts that are looked through at once."""
_TIMES = re.compile(r"\b(?:x|times)\b|\u00d7")
_UNITS = {"w": "week", "d": "day", "m": "month", "y": "year", "h": "hour"}
"""The first letter of an abbreviated unit: "wks", "d", "mos", "yrs", "hrs"."""
_COMPARISON = re.compile(
    r"(?:(?P<least>>\s?/?=|=\s?\\?>|\u2265|\b(?:a\s+)?minimum\s+of\b|\bnot?\s+(?:less|fewer|shorter)\s+than\b)"
    r"|(?P<more>>|\b(?:greater|longer)\s+than\b)|(?P<less>(?<![=>])(?<!=\\)<|\b(?:fewer|shorter)\s+than\b))\s*$"
)
_COMPARED = ("<", ">", "\u2265", "=", "n", "f")
"""What such words end with."""
_MOST_TO_COMPARE = 24
_SAID = {"least": "at least ", "more": "more than ", "less": "less than "}

_MUST = r"(?:must|should|shall|will|needs?\s+to|ha(?:s|ve)\s+to|(?:is|are)\s+(?:required\s+)?to)\s+(?:have\s+)?(?:be(?:en)?\s+)?"
_ELAPSES = re.compile(rf"\b{_MUST}elapsed?\b")
_PASSES = re.compile(
    rf"\s+(?:(?P<must>{_MUST}"
    r"(?:elapsed?|pass(?:ed)?|lapsed?|gone\s+by|transpired)\b|(?:is|are)\s+(?:required|needed|necessary|mandatory)"
    r"(?=\s+(?:since|from|after|between|following|post)\b))|ha(?:s|ve)\s+(?P<no>not\s+)?(?:yet\s+)?(?:elapsed|passed|lapsed|gone\s+by|transpired)\b)"
)
"""Behind an amount, that it must have passed, or has: "need to have elapsed", "must pass", "are required since"."""


@cache
def numbers() -> dict[str, int]:
    """The values of words for numbers (`numbers.csv`)."""
    rows = read_phrases(bundle.path("data") / "eligibility" / "numbers.csv", ("word", "value"))
    return {word: int(value) for _, (word, value) in rows}


@cache
def number_words() -> str:
    """The words for numbers as the alternatives of an expression, the longest first."""
    return "|".join(sorted((w for w in numbers() if len(w) > 2), key=len, reverse=True))


_ADJECTIVES = ("single", "zero")
"""Words for numbers that stay words before a unit of time."""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """An amount of time in digits, a word for a number, an amount that begins with one, and a number that is told twice."""
    words = "|".join(word for word in number_words().split("|") if word not in _ADJECTIVES)
    digits, word = r"\d+(?:\.\d+)?", rf"(?:{words})\b"
    twice = rf"(?:\s*\(\s*(?:{digits}|{word})\s*\))?"
    unit = (
        r"(?P<half>t\s?(?:1/2|\u00bd)|half[- ]?li(?:fes?|ves?)\s*\(\s*t\s?(?:1/2|\u00bd)\s*\))"
        r"|(?P<whole>days?|weeks?|fortnights?|months?|years?|hours?|half[- ]?li(?:fes?|ves?)|cycles?|dosing\s+intervals?)"
        r"(?P<some>\(s\))?(?![a-z])"
        r"|(?P<short>wks?|mos?|mths?|yrs?|hrs?|[wh]|d(?!\s+(?:echo|imag|conform|mass|ultra|radio|plan|print)))\b(?!\.\w|[-/])"
    )
    between = (
        r"[\s-]*(?:(?:full|complete|consecutive|calendar|continuous|treatment|study)[\s-]+){0,2}"
        r"(?:(?:(?:x|times|\u00d7|elimination|terminal|plasma|serum|drug|of|the|its|their|study)[\s-]+){0,4}(?=half|t\s?(?:1/2|\u00bd)))?"
    )
    behind = rf"{twice})(?:\s*(?:-|\bto\b|\bor\b|\band\b)\s*(?P<high>(?:{digits}|{word}){twice}))?(?P<between>{between})(?:{unit})"
    return (
        re.compile(r"(?P<low>\d(?:(?<![\w.,^\\-]\d)|(?<=within\d)|(?<=least\d)|(?<=last\d)|(?<=past\d)|(?<=than\d))\d*(?:\.\d+)?" + behind),
        re.compile(rf"[\s{BETWEEN}(<>\u2264\u2265=/-](?={word})"),
        re.compile(rf"(?P<low>{word}{behind}"),
        re.compile(rf"(?P<word>{word})\s*\(\s*(?P<digits>\d+)\s*\)|(?<=(?P<last>\d)\s\()(?P<again>{word})\s*\)"),
    )


def times_alike(text: str, lower: str) -> Iterator[Put]:
    """What is put for the amounts of time of a text, and for numbers told twice, where they are written otherwise than these.

    Arguments:
        text, lower: the text, and its twin in lower case.
    Example:
        >>> text = "within four (4) wks, or \u2265 5half-lives, after two (2) lines"
        >>> sorted(put.text for put in times_alike(text, text))
        [' ', '4', 'at least ', 'two', 'weeks']
    """
    in_digits, a_word, in_words, twice = _patterns()
    for m in _ELAPSES.finditer(lower) if "elapse" in lower else ():
        yield Put(*m.span(), "must have elapsed")
    for m in in_digits.finditer(lower):
        yield from _written_alike(text, lower, m)
    for found in a_word.finditer(lower):
        told = in_words.match(lower, found.end())
        again = twice.match(lower, found.end()) if told is None else None
        if told:
            yield from _written_alike(text, lower, told)
        elif again and again["word"] and numbers()[again["word"]] == int(again["digits"]):
            yield Put(*again.span(), again["word"])
        elif again and again["again"] and numbers()[again["again"]] % 10 == int(again["last"]):
            yield Put(again.start() - len(" ("), again.end(), "")


def _written_alike(text: str, lower: str, m: re.Match[str]) -> Iterator[Put]:
    """What is put for an amount of time, and for the words before it that compare it; none for "part 2D"."""
    if m["short"] and len(m["short"]) == 1 and text[m.start("short")].isupper():
        return
    start, whole = m.start(), m["whole"]
    compared = lower[max(0, start - 2) : start].rstrip().endswith(_COMPARED) and _COMPARISON.search(
        lower, max(0, start - _MOST_TO_COMPARE), start
    )
    passes = _PASSES.match(lower, m.end())
    if passes:
        yield Put(*passes.span(), " must have elapsed" if passes["must"] else " have elapsed")
    if passes and passes["no"]:  # "at least 4 weeks have not elapsed": less than that have
        yield Put(*(compared.span() if compared else (start, start)), _SAID["less"])
    elif compared:
        yield Put(*compared.span(), _SAID[compared.lastgroup or ""])
    elif start and lower[start - 1].isalpha():
        yield Put(start, start, " ")  # "within14 days"
    for name in ("low", "high"):
        if m[name] and not m[name][-1].isdigit():
            yield Put(*m.span(name), _digits(m[name]))
    start, end = m.span("between")
    if _TIMES.search(lower, start, end):
        yield Put(start, end, " ")  # "5 times the half-life", "5 x half-lives"
    elif start == end or (lower[start:end] == "-" and whole and whole.endswith("s") and not lower.startswith("-", m.end())):
        yield Put(start, end, " ")
    if m["short"]:
        yield Put(*m.span("short"), _UNITS[m["short"][0]] + "s")
    elif m["some"]:
        yield Put(m.start("whole"), m.end("some"), whole + "s")
    elif m["half"]:
        yield Put(*m.span("half"), "half-lives")


def _digits(told: str) -> str:
    """A number as its digits, of which one told twice is in brackets or before them."""
    first, _, again = told.rstrip(")").partition("(")
    for number in (again.strip(), first.strip()):
        if number[:1].isdigit():
            return number
    return str(numbers()[first.strip()])
