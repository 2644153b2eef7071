"""Amounts of time in criterion text, and the windows that they make. All work on the lower-case normal form."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Generic, TypeVar

from kg import bundle
from kg.criteria.words.first_letters import quick
from kg.criteria.words.lexicon import read_phrases
from kg.criteria.words.patterns import pattern
from kg.criteria.words.units_left_out import RESPECTIVELY, numbers_of_a_series, of_the_same_unit
from kg.records import Window

T = TypeVar("T")


@cache
def _numbers() -> dict[str, int]:
    rows = read_phrases(bundle.path("data") / "eligibility" / "numbers.csv", ("word", "value"))
    return {word: int(value) for _, (word, value) in rows}


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    """A value read at [start, end) of the normal form."""

    start: int
    end: int
    value: T


@cache
def number_words() -> str:
    """The words for numbers as the alternatives of an expression, the longest first."""
    return "|".join(sorted((w for w in _numbers() if len(w) > 2), key=len, reverse=True))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = number_words()
    number = rf"(?:\d+(?:\.\d+)?|\b(?:{words})\b)"
    unit = r"(?P<unit>days?|weeks?|fortnights?|wks?|months?|mos?\b|years?|yrs?|half[- ]?li(?:fes?|ves?)|t1/2|t½|cycles?|dosing\s+intervals?|hours?|hrs?|h\b|d\b|w\b(?!/))"  # noqa: E501
    amount = (
        rf"(?P<low>{number}|\ban?\b(?=\s+(?:week|fortnight|month|year|day)))\s*(?:\(\s*(?:(?P<paren>\d+)|(?:{words}))\s*\)\s*)?(?:(?:-|to|or|\u2013)\s*(?P<high>{number})\s*)?(?:\(\s*\d+\s*\)\s*)?(?:(?:or|and)\s+(?:more|greater)\s+)?"
        rf"(?:-\s*)?(?:times\s+(?:the\s+)?|x\s+(?:the\s+)?|\u00d7\s*)?(?:(?:full|complete|consecutive|calendar|drug|elimination|terminal|plasma|serum|pharmacokinetic|pk|reported|published|mean|average|of|the|their|its|respective|known|estimated|biological|effective|study|agent|treatment)[\s-]+){{0,4}}{unit}"
    )
    return {
        "amount": quick(amount),
        "whole": quick(r"\b(?:past|last|previous|preceding|prior)\s+(?P<unit>week|month|year)\b|\bthe\s+(?P<before>week|month|year)(?=\s+(?:prior|before|prece(?:e)?ding)\b)"),  # noqa: E501
        "interval": re.compile(r"(?:\bor|(?<=\bwithin))\s+(?P<of>(?:within\s+)?(?:(?:the|an?|its|their)\s+)?(?:(?:time\s+)?(?:period|interval|time)(?:\s+of\s+time)?\s+)?(?:(?:equal\s+to|equivalent\s+to|of|less\s+than|shorter\s+than)\s+)?(?:(?:the|its|their|a)\s+)?(?:(?:usual|normal|standard|typical)\s+)?(?:(?:dosing|dose|dosage|administration)\s+interval|cycle\s+length)\b)"),  # noqa: E501
        "join": re.compile(r"\s*(?:,|;|\()?\s*(?:or|and|/|,|\(or|\(|plus|versus|vs\.?)\s*(?:at least\s+|within\s+|a minimum of\s+|less than\s+|<\s*|\u2265\s*|>\s*|for\s+|approximately\s+)?\(?"),  # noqa: E501
    }  # fmt: skip


def value(word: str) -> float:
    """The value of a number in digits or as a word; 0 where it is no number.

    >>> value("four")
    4.0
    """
    return float(_numbers().get(word, 0)) if not word[0].isdigit() else float(word)


_HALF_LIFE = ("half", "t1", "t½")
"""The unit of an amount of half-lives begins so."""


def _add(window: dict[str, float], value: float, unit: str) -> None:
    if unit.startswith(_HALF_LIFE):
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


_BEFORE_AMOUNT = ("within", "least", "last", "past", "than")
"""Words that an amount may be written together with: "within14 days"."""
_NO_AMOUNT = (".", "/", "^", "cycle ")
"""What stands before a number that begins no amount."""
_COUNTED_DAY = ("day ", "day -", "cycle ", "visit ")
"""What stands before the number of a day, behind which "or" leads to an amount."""


def amounts(lower: str) -> list[Span[tuple[float, str]]]:
    """Every amount of time: (value, unit), e.g. "four (4) weeks", "the past month"; of a range ("7-14 days") its larger end, or both."""
    found = []
    for m in _patterns()["amount"].finditer(lower):
        start = m.start()
        glued = start and lower[start - 1].isalnum() and not lower.endswith(_BEFORE_AMOUNT, 0, start)
        if m["high"] and (glued or lower.endswith(_COUNTED_DAY, 0, start)):
            start = m.start("high")  # "prior to day 1 or 5 half-lives"
        elif glued or (lower.endswith(_NO_AMOUNT, 0, start) and not (lower.endswith("/", 0, start) and RESPECTIVELY in lower)):
            continue
        elif m["high"] and _has_both_ends(lower, start, m.end()):
            found.append(Span(start, m.end("low"), (value(m["low"]), m["unit"])))
            start = m.start("high")
        if m["unit"].startswith("cycle") and lower.endswith("day ", 0, m.start()):
            continue  # "day 1 cycle 1"
        amount = value(m["paren"] or m["high"] or m["low"])
        if amount:
            found.append(Span(start, m.end(), (amount, "cycle" if m["unit"].startswith("dosing") else m["unit"])))
    for m in _patterns()["whole"].finditer(lower):
        name = "unit" if m["unit"] else "before"
        found.append(Span(m.start(name), m.end(name), (1.0, m[name])))
    if "cycle length" in lower or (found and "interval" in lower):
        # "4 weeks or the time period equal to the dosing interval"
        found += [Span(m.start("of"), m.end("of"), (1.0, "cycle")) for m in _patterns()["interval"].finditer(lower)]
    if found and (" for " in lower or " since " in lower or " from " in lower or " after " in lower):
        told = [(s.start, s.end, s.value[1]) for s in found]
        found += [Span(start, end, (value(lower[start:end]), unit)) for start, end, unit in of_the_same_unit(lower, told)]
    if found and RESPECTIVELY in lower:
        found = _of_a_series(lower, found)
    if found and ("between " in lower or " than " in lower):
        found += _shortest(lower, found)
    return sorted(found, key=lambda s: s.start)


_IN_THEIR_ORDER = re.compile(rf"[^();.:]{{0,30}}\b{RESPECTIVELY}\b")
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


_OR_TIME = pattern("quantities: or a time")
"""Between two amounts: what leads to the second as another length of the same time, and names nothing else."""
_MOST_BETWEEN = 100
"""So many characters at most: "2 weeks prior to the first use of the investigational drug or within 5 half-lives"."""
_EITHER_WILL_DO = pattern("quantities: either will do")
_CHOICE_AHEAD = pattern("quantities: choice ahead")
"""Words before two amounts that choose one: "within the shorter of 4 weeks or 5 half-lives"."""
_CHOICE_BEHIND = pattern("quantities: choice behind")
"""Words behind two amounts that choose one in few words: "4 weeks or 5 half-lives (the longer one)"."""
_DAYS_BEFORE = pattern("quantities: days before")
"""Days that are counted to the day on which treatment begins: "day -28 to day 0", "D-14 through D1", "after day -14"."""
_OPEN_SINCE = re.compile(r"\b(?:from|since|after|later than|within|during)\s+(?:the\s+)?$")
_OR_IF = re.compile(r"[\s,(]*\bor,?\s*")
_AT_MOST = pattern("quantities: at most")
"""Between half-lives and the longest time that they stand for: "5 half-lives, capped at 28 days"."""
_AT_LEAST = pattern("quantities: at least")
"""Between the shorter of two amounts and the time that it is at least: "4 weeks or 5 half-lives (the shorter; but at least 2 weeks)"."""
_THEN = re.compile(r"[\s,]*(?:(?:within|at least|less than|the|of)\s+)*")
"""Between two amounts, before and behind the words that choose one of them."""
ASIDE = re.compile(r"\s*\([^()]*\)")
"""Brackets that open at once behind an amount: "4 weeks (6 weeks for nitrosoureas)"."""
_OF_SOME = pattern("quantities: of some")
"""Behind an amount: it is that of some therapies."""
_AGAIN = re.compile(r"\s*\(\s*|\s*/\s*|\s*,?\s*(?:i\.e\.,?|or)\s*\(?")
"""Between two amounts of which the second may say the first again: "28 days (4 weeks)"."""
_UNITS = ("day", "week", "fortnight", "month", "year", "half", "t1/2", "t½", "cycle", "hour", "wk", "yr", "hr")
_SHORT_UNIT = re.compile(r"[mhdw](?<![a-z][mhdw])(?:(?<=m)os?|(?<=[hdw]))\b")
"""A text with none of these states no amount of time: looking for them is quicker than for whole amounts."""


def _names_unit(lower: str) -> bool:
    for unit in _UNITS:
        if unit in lower:
            return True
    return _SHORT_UNIT.search(lower) is not None


def windows(lower: str, whichever: list[tuple[int, int, str]]) -> list[Span[Window]]:
    """Windows with their amounts joined: "2 weeks or 5 half-lives, whichever is shorter" is one window of both.

    Arguments:
        lower: lower-case normal form.
        whichever: (start, end, "shorter"|"longer") of the words that choose.
    """
    if not _names_unit(lower):
        return []
    result: list[Span[Window]] = []
    spans = amounts(lower)
    index = 0
    while index < len(spans):
        around = _around_brackets(lower, spans, index, whichever)
        if around:
            result.extend(around)
            index += len(around) + 1
            continue
        joined = _joined(lower, spans, index, whichever)
        _cap(lower, joined, spans)
        if not joined.combine:
            _choose(lower, joined, spans, whichever)
            _raise(lower, joined, spans)
            joined.end = _closed(lower, joined)
        result.append(Span(joined.start, joined.end, _window(joined.fields, joined.combine, lower[joined.start : joined.end])))
        index = joined.last + 1
    return result or _counted_days(lower)


@dataclass(slots=True)
class _Joined:
    """Amounts of time that make one window."""

    start: int
    end: int
    first: int
    """The number of the first of them."""
    last: int
    fields: dict[str, float]
    combine: str = ""
    """Which of them counts, "shorter" or "longer"."""


def _joined(lower: str, spans: list[Span[tuple[float, str]]], index: int, whichever: list[tuple[int, int, str]]) -> _Joined:
    """An amount with those behind it that are another length of the same time."""
    first = spans[index]
    joined = _Joined(first.start, first.end, index, index, {})
    _add(joined.fields, *first.value)
    for following in spans[index + 1 :]:
        choice = next((c for c in whichever if joined.end <= c[0] and c[1] <= following.start), None)
        if choice is not None:
            if not (_OR_IF.fullmatch(lower, joined.end, choice[0]) and _THEN.fullmatch(lower, choice[1], following.start)):
                break  # "2 weeks or 5 half-lives, whichever is longer, or antibodies within 4 weeks": the choice ends a window
            joined.combine = choice[2]  # "4 weeks or, if shorter, within 5 half-lives"
        elif not _goes_with(lower, joined, following):
            break
        if choice is not None or not _is_told(joined.fields, following.value[1]):
            _add(joined.fields, *following.value)
        joined.end, joined.last = following.end, joined.last + 1
        if choice is not None:
            break
    return joined


def _is_told(fields: dict[str, float], unit: str) -> bool:
    """Whether an amount of the kind of a unit is among those of a window."""
    if unit.startswith(_HALF_LIFE):
        return "half_lives" in fields
    return "cycles" in fields if unit.startswith("cycle") else "days" in fields or "months" in fields


def _goes_with(lower: str, joined: _Joined, following: Span[tuple[float, str]]) -> bool:
    """Whether an amount tells the same time as those before it: again, or as another length of it."""
    between = lower[joined.end : following.start]
    if _is_told(joined.fields, following.value[1]):
        return _AGAIN.fullmatch(between) is not None and _same_time(joined.fields, following.value)
    if _IN_THEIR_ORDER.match(lower, following.end) or (_OF_SOME.match(between) and _OF_SOME.match(lower, following.end)):
        return False  # "within 4 weeks for antibodies or 5 half-lives for small molecules"
    if len(between) < 40 and _patterns()["join"].fullmatch(between):
        return True
    halves = "half_lives" in joined.fields or following.value[1].startswith(_HALF_LIFE)
    return halves and len(between) < _MOST_BETWEEN and _OR_TIME.search(f" {between}") is not None


def _cap(lower: str, joined: _Joined, spans: list[Span[tuple[float, str]]]) -> None:
    """Add the longest time that half-lives stand for ("5 half-lives (maximum 4 weeks)"), which days beside them may be, too."""
    following = spans[joined.last + 1] if joined.last + 1 < len(spans) else None
    if following is None or "half_lives" not in joined.fields or following.value[1].startswith(_HALF_LIFE):
        return
    if not _AT_MOST.fullmatch(lower, joined.end, following.start):
        return
    if joined.fields.keys() == {"half_lives"}:
        _add(joined.fields, *following.value)
        joined.combine = "shorter"
    elif _same_time(joined.fields, following.value):
        del joined.fields["half_lives"]
    else:
        return
    joined.end, joined.last = following.end, joined.last + 1


def _choose(lower: str, joined: _Joined, spans: list[Span[tuple[float, str]]], whichever: list[tuple[int, int, str]]) -> None:
    """Find which amount of a window counts, by words behind them, before them, or since either will do."""
    alone = joined.last == joined.first
    later = spans[joined.last + 1 :]
    for start, stop, which in whichever:
        if alone and lower.count(")", joined.end, start) > lower.count("(", joined.end, start):
            return  # "28 days or 5 half-lives (14 days for X), whichever is longer": the choice is not among what the brackets hold
        if joined.end <= start and start - joined.end < 90 and (not later or later[0].start > start):
            joined.combine, joined.end = which, stop
            return
        if not alone and joined.end <= start and _only_brackets_between(lower, joined.end, start, later):
            joined.combine = which  # "28 days or 5 half-lives (14 days or 5 half-lives for antibodies), whichever is less"
            return
    if alone:
        return
    halves = "half_lives" in joined.fields
    told = _CHOICE_AHEAD.search(lower, max(0, joined.start - 40), joined.start)
    told = told or (_CHOICE_BEHIND.match(lower, joined.end) if halves else None)
    if told:
        joined.combine = "longer" if told["longer"] else "shorter"
    elif halves and joined.last == joined.first + 1 and _EITHER_WILL_DO.search(lower[max(0, joined.start - 20) : joined.end]):
        joined.combine = "shorter"  # "at least 4 weeks, or more than 5 half-lives": either will do


def _raise(lower: str, joined: _Joined, spans: list[Span[tuple[float, str]]]) -> None:
    """Put the least time that the shorter of two amounts stands for in the place of its days.

    What is inside that time is inside, past it the half-lives decide: "4 weeks or 5 half-lives (whichever is less; but at least 14 days)".
    """
    following = spans[joined.last + 1] if joined.last + 1 < len(spans) else None
    if following is None or joined.combine != "shorter" or joined.fields.keys() != {"days", "half_lives"}:
        return
    least: dict[str, float] = {}
    _add(least, *following.value)
    shorter = least.get("days", joined.fields["days"]) < joined.fields["days"]
    if shorter and _AT_LEAST.fullmatch(lower, joined.end, following.start):
        joined.fields.update(least)
        joined.combine, joined.end, joined.last = "", following.end, joined.last + 1


def _closed(lower: str, joined: _Joined) -> int:
    """The end of a window, or of brackets around its choice before a therapy: "4 weeks or 5 half-lives (the shorter) for X"."""
    opened = lower.count("(", joined.start, joined.end) > lower.count(")", joined.start, joined.end)
    of_some = opened and lower.startswith(")", joined.end) and _OF_SOME.match(lower, joined.end + 1)
    return joined.end + 1 if of_some else joined.end


def _window(fields: dict[str, float], combine: str, text: str) -> Window:
    return Window(
        days=round(fields["days"]) if "days" in fields else None,
        months=round(fields["months"]) if fields.get("months") else None,
        half_lives=fields.get("half_lives"),
        cycles=round(fields["cycles"]) if "cycles" in fields else None,
        combine=combine,
        text=text,
    )


def shorter_end(window: Window) -> Window | None:
    """A window that is told as a range, with the smaller end of that: "2-4 weeks (depending on the drug)"; None for any other.

    >>> shorter_end(windows("within 2-4 weeks", [])[0].value).days
    14
    """
    found = _patterns()["amount"].fullmatch(window.text)
    if found is None or found["high"] is None or found["paren"] is not None:
        return None
    fields: dict[str, float] = {}
    _add(fields, value(found["low"]), found["unit"])
    shorter = replace(_window(fields, window.combine, window.text), within=window.within, anchor=window.anchor)
    return shorter if shorter != window and value(found["low"]) < value(found["high"]) else None


def _around_brackets(
    lower: str, spans: list[Span[tuple[float, str]]], index: int, whichever: list[tuple[int, int, str]]
) -> list[Span[Window]]:
    """Windows that share the half-lives behind brackets: "4 weeks (6 weeks for nitrosoureas) or 5 half-lives, whichever is shorter"."""
    first = spans[index]
    aside = ASIDE.match(lower, first.end) if not first.value[1].startswith(_HALF_LIFE) else None
    if aside is None:
        return []
    inside = [s for s in spans[index + 1 :] if s.end <= aside.end()]
    behind = next((s for s in spans[index + 1 :] if s.start >= aside.end()), None)
    halves = [s for s in (*inside, behind) if s is not None and s.value[1].startswith(_HALF_LIFE)]
    if not inside or halves != [behind] or behind is None or not _patterns()["join"].fullmatch(lower, aside.end(), behind.start):
        return []
    choice = next((c for c in whichever if behind.end <= c[0] < behind.end + _MOST_BETWEEN), None)
    end, combine = (choice[1], choice[2]) if choice else (behind.end, "")
    found = []
    for span in (first, *inside):
        fields: dict[str, float] = {}
        _add(fields, *span.value)
        _add(fields, *behind.value)
        stop = end if span is first else span.end
        found.append(Span(span.start, stop, _window(fields, combine, lower[span.start : stop])))
    return found


def _only_brackets_between(lower: str, start: int, end: int, spans: list[Span[tuple[float, str]]]) -> bool:
    """Whether all amounts of a stretch stand in brackets."""
    between = [s for s in spans if s.end <= end]
    return end - start < 2 * _MOST_BETWEEN and all(lower.count("(", start, s.start) > lower.count(")", start, s.start) for s in between)


def _counted_days(lower: str) -> list[Span[Window]]:
    """Windows of a text without any other that are told by the numbers of their days."""
    found = []
    for m in _DAYS_BEFORE.finditer(lower) if "d" in lower and "-" in lower else ():
        if m["open"] is None or _OPEN_SINCE.search(lower, max(0, m.start() - 20), m.start()):
            found.append(Span(m.start(), m.end(), Window(days=int(m["days"]), anchor="day 0", text=m.group())))
    return found


def _same_time(fields: dict[str, float], other: tuple[float, str]) -> bool:
    """Whether a second amount only says the first again in another unit: "28 days (4 weeks)"."""
    again: dict[str, float] = {}
    _add(again, *other)
    days = {k: v * (30.4 if k == "months" else 1) for k, v in {**fields}.items() if k in ("days", "months")}
    more = {k: v * (30.4 if k == "months" else 1) for k, v in again.items() if k in ("days", "months")}
    return bool(days and more) and abs(sum(days.values()) - sum(more.values())) <= 4
