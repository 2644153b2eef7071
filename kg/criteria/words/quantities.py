"""Quantities in criterion text: time windows, limits on lines of therapy. All work on the lower-case normal form."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Generic, TypeVar

from kg import bundle
from kg.criteria.words.first_letters import quick
from kg.criteria.words.lexicon import read_phrases
from kg.records import LineLimit, Window

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
def _patterns() -> dict[str, re.Pattern[str]]:
    words = "|".join(sorted((w for w in _numbers() if len(w) > 2), key=len, reverse=True))
    number = rf"(?:\d+(?:\.\d+)?|\b(?:{words})\b)"
    unit = r"(?P<unit>days?|weeks?|wks?|months?|mos?\b|years?|yrs?|half[- ]?li(?:fes?|ves?)|t1/2|cycles?|dosing\s+intervals?|hours?|hrs?|h\b|d\b|w\b(?!/))"  # noqa: E501
    amount = (
        rf"(?P<low>{number}|\ban?\b(?=\s+(?:week|month|year|day)))\s*(?:\(\s*(?:(?P<paren>\d+)|(?:{words}))\s*\)\s*)?(?:(?:-|to|or|\u2013)\s*(?P<high>{number})\s*)?(?:\(\s*\d+\s*\)\s*)?(?:(?:or|and)\s+(?:more|greater)\s+)?"
        rf"(?:-\s*)?(?:times\s+(?:the\s+)?|x\s+(?:the\s+)?|\u00d7\s*)?(?:(?:full|complete|consecutive|calendar|drug|elimination|terminal|plasma|serum|pharmacokinetic|pk|reported|published|mean|average|of|the|their|its|respective|known|estimated|biological|effective|study|agent|treatment)[\s-]+){{0,4}}{unit}"
    )
    count = rf"(?P<n>(?<![a-z\d])\d+|\b(?:{words})\b)"
    kind = r"(?P<kind>(?:(?!(?:or|and|for)\b)[\w/-]+[ -]){0,6}?)(?P<noun>lines?|regimens?|courses?|rounds?|therap(?:y|ies)|treatments?|(?:chemo|immuno|chemoimmuno)therap(?:y|ies)(?!\s+(?:regimen|line|course))|agents?|drugs?|antibod(?:y|ies)|tkis?|inhibitors?|cycles?)\b"  # noqa: E501
    counted = rf"{count}(?! and only)(?:\s*\(\s*\d+\s*\)|(?<=[<>\u2265\u2264=]\d)\))?(?P<ormore>\s*(?:or|and)\s*(?:more|greater|above)|\s*\+)?(?P<orless>\s*or\s*(?:fewer|less))?(?:\s*(?:-|to|or|\u2013)\s*(?P<n2>\d+|\b(?:{words})\b))?\s+{kind}"  # noqa: E501
    return {
        "amount": quick(amount),
        "whole": re.compile(r"\b(?:past|last|previous|preceding|prior)\s+(?P<unit>week|month|year)\b|\bthe\s+(?P<before>week|month|year)(?=\s+(?:prior|before|prece(?:e)?ding)\b)"),  # noqa: E501
        "interval": re.compile(r"(?:\bor|(?<=\bwithin))\s+(?P<of>(?:within\s+)?(?:(?:the|an?|its|their)\s+)?(?:(?:time\s+)?(?:period|interval|time)(?:\s+of\s+time)?\s+)?(?:(?:equal\s+to|equivalent\s+to|of|less\s+than|shorter\s+than)\s+)?(?:(?:the|its|their|a)\s+)?(?:(?:usual|normal|standard|typical)\s+)?(?:(?:dosing|dose|dosage|administration)\s+interval|cycle\s+length)\b)"),  # noqa: E501
        "join": re.compile(r"\s*(?:,|;|\()?\s*(?:or|and|/|,|\(or|\(|plus|versus|vs\.?)\s*(?:at least\s+|within\s+|a minimum of\s+|less than\s+|<\s*|\u2265\s*|>\s*|for\s+|approximately\s+)?\(?"),  # noqa: E501
        "more": re.compile(rf"(?:(?P<gt>more than|greater than|>|over|exceeding|in excess of|beyond)|(?P<ge>at least|\u2265|>=|>/=|a minimum of|minimum of|minimum)|(?P<le>no more (?:than )?(?:(?:or|and|nor) (?:no )?(?:less|fewer) )?than|not more than|at most|up to|\u2264|<=|=<|</=|a maximum of|maximum of|maximum|not exceed(?:ing)?|limited to|(?:one and )?only(?: a)?|exactly|just)|(?P<lt>fewer than|less than|<))?\s*(?:\([<>\u2264\u2265=]+\)\s*)?{counted}"),  # noqa: E501
        "counted": quick(counted),
    }  # fmt: skip


def _value(word: str) -> float:
    return float(_numbers().get(word, 0)) if not word[0].isdigit() else float(word)


_HALF_LIFE = ("half", "t1")
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
    """Every amount of time: (value, unit), e.g. "four (4) weeks", "the past month"; of a range ("7-14 days") its larger end."""
    found = []
    for m in _patterns()["amount"].finditer(lower):
        start = m.start()
        glued = start and lower[start - 1].isalnum() and not lower.endswith(_BEFORE_AMOUNT, 0, start)
        if m["high"] and (glued or lower.endswith(_COUNTED_DAY, 0, start)):
            start = m.start("high")  # "prior to day 1 or 5 half-lives"
        elif glued or lower.endswith(_NO_AMOUNT, 0, start):
            continue
        if m["unit"].startswith("cycle") and lower.endswith("day ", 0, m.start()):
            continue  # "day 1 cycle 1"
        value = _value(m["paren"] or m["high"] or m["low"])
        if value:
            found.append(Span(start, m.end(), (value, "cycle" if m["unit"].startswith("dosing") else m["unit"])))
    for m in _patterns()["whole"].finditer(lower):
        name = "unit" if m["unit"] else "before"
        found.append(Span(m.start(name), m.end(name), (1.0, m[name])))
    if "cycle length" in lower or (found and "interval" in lower):
        # "4 weeks or the time period equal to the dosing interval"
        found += [Span(m.start("of"), m.end("of"), (1.0, "cycle")) for m in _patterns()["interval"].finditer(lower)]
    if found and " for " in lower:
        found += _of_the_same_unit(lower, found)
    return sorted(found, key=lambda s: s.start)


_UNIT_LEFT_OUT = re.compile(r"(?P<opens>\(|,\s*|;\s*|\band\s+)(?P<low>\d{1,2}|two|three|four|six|eight|twelve)(?=\s+for\s)")
_BRACKET_NEAR = re.compile(r"[^().;]{0,40}")
"""Between an amount of time and the bracket whose number is of the same unit."""


def _of_the_same_unit(lower: str, found: list[Span[tuple[float, str]]]) -> list[Span[tuple[float, str]]]:
    """Numbers in brackets that leave out the unit told before: "3 weeks (6 for nitrosoureas, 2 for oral drugs) since chemotherapy"."""
    more: list[Span[tuple[float, str]]] = []
    for m in _UNIT_LEFT_OUT.finditer(lower):
        opened = lower.rfind("(", 0, m.start("low"))
        if opened < 0 or ")" in lower[opened : m.start()] or (m["opens"] != "(" and (not more or more[-1].start < opened)):
            continue
        told = next((s for s in reversed(found) if s.end <= opened and s.value[1][0] in "dwm"), None)
        if told is not None and _BRACKET_NEAR.fullmatch(lower, told.end, opened):
            more.append(Span(m.start("low"), m.end("low"), (_value(m["low"]), told.value[1])))
    return more


_OR_TIME = re.compile(
    r"^[^;.]*[\s(]or\s+(?:(?:(?:at|least|about|approximately|within|in|for|an?|the|minimum|interval|period|time|of|no|not|more|less|fewer|longer|than|have|has|had|exceeded|until|after|up|to|last|past|previous|preceding|prior)(?=\s)|[<>=\u2264\u2265(])\s*)*$"
)
"""Between two amounts: what leads to the second as another length of the same time, and names nothing else."""
_MOST_BETWEEN = 100
"""So many characters at most: "2 weeks prior to the first use of the investigational drug or within 5 half-lives"."""
_LEAST = r"(?:at least|more than|greater than|longer than|a minimum of|\u2265|>=?)"
_EITHER_WILL_DO = re.compile(rf"{_LEAST}\s*[\w()]+\s+(?:days?|weeks?|months?)\b[^;:]*\bor\s+(?:for\s+)?{_LEAST}\s")
_CHOICE_AHEAD = re.compile(
    r"\bthe (?:(?P<longer>longer|longest|greater|larger|later)|shorter|shortest|lesser|smaller) (?:period |time |interval )?"
    r"of:?\s+(?:the following:?\s+)?(?:at least\s+|either\s+)?$"
)
"""Words before two amounts that choose one: "within the shorter of 4 weeks or 5 half-lives"."""
_CHOICE_BEHIND = re.compile(
    r"[\s,(]*(?:(?!or\b|and\b)[\w-]+\s+){0,4}?(?:(?P<longer>longer|longest|later|latest|greater|greatest)|shorter|shortest|lesser|earlier|smaller)"
    r"(?=\s*(?:[().,;]|$)|\s+(?:one|period|time|interval|duration|of the two|is|shall|prevails?|applies|prior|before)\b)"
)
"""Words behind two amounts that choose one in few words: "4 weeks or 5 half-lives (the longer one)"."""
_DAYS_BEFORE = quick(
    r"\b(?:days?|d)\s?-\s?(?P<days>\d{1,3})\b"
    r"(?:\s*(?:to|through|until|till|and|up to|-|/)\s*(?:and including\s+)?(?:days?|d)?\s?[-+]?\s?\d\b|(?P<open>))"
)
"""Days that are counted to the day on which treatment begins: "day -28 to day 0", "D-14 through D1", "after day -14"."""
_OPEN_SINCE = re.compile(r"\b(?:from|since|after|later than|within|during)\s+(?:the\s+)?$")
_OR_IF = re.compile(r"[\s,(]*\bor,?\s*")
_THEN = re.compile(r"[\s,]*(?:(?:within|at least|less than|the|of)\s+)*")
"""Between two amounts, before and behind the words that choose one of them."""
ASIDE = re.compile(r"\s*\([^()]*\)")
"""Brackets that open at once behind an amount: "4 weeks (6 weeks for nitrosoureas)"."""
_OF_SOME = re.compile(
    r"\s*\(?(?:for|in case of|in the case of|of(?!\s+(?:(?:the|each|that|any|its|their|a|an)\s+)?"
    r"(?:drugs?|agents?|study|first|last|start\w*|enrol\w*|random\w*|treatment|therapy|dos\w*|day|cycle|prior|previous|admin\w*|initiat\w*)\b))\s"
)
"""Behind an amount: it is that of some therapies."""
_UNITS = ("day", "week", "month", "year", "half", "t1/2", "cycle", "hour", "wk", "yr", "hr")
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
        first = spans[index]
        around = _around_brackets(lower, spans, index, whichever)
        if around:
            result.extend(around)
            index += len(around) + 1
            continue
        fields: dict[str, float] = {}
        _add(fields, *first.value)
        end = first.end
        combine = ""
        last = index
        while last + 1 < len(spans):
            following = spans[last + 1]
            between = lower[end : following.start]
            ahead_of_it = next((c for c in whichever if end <= c[0] and c[1] <= following.start), None)
            if (
                ahead_of_it is not None
                and _OR_IF.fullmatch(lower, end, ahead_of_it[0])
                and _THEN.fullmatch(lower, ahead_of_it[1], following.start)
            ):
                _add(fields, *following.value)
                combine, end, last = ahead_of_it[2], following.end, last + 1
                break  # "4 weeks or, if shorter, within 5 half-lives"
            if ahead_of_it is not None:
                break  # "2 weeks or 5 half-lives, whichever is longer, or antibodies within 4 weeks": the choice ends a window
            unit_is_half = following.value[1].startswith(_HALF_LIFE)
            of_cycles = following.value[1].startswith("cycle")
            told = "half_lives" in fields if unit_is_half else "cycles" in fields
            same = told if unit_is_half or of_cycles else "days" in fields or "months" in fields
            if not same and _OF_SOME.match(between) and _OF_SOME.match(lower, following.end):
                break  # "within 4 weeks for antibodies or 5 half-lives for small molecules"
            gap = _patterns()["join"].fullmatch(between) if len(between) < 40 else None
            if same or not (
                gap or ((unit_is_half or "half_lives" in fields) and len(between) < _MOST_BETWEEN and _OR_TIME.search(f" {between}"))
            ):
                if (
                    same
                    and re.fullmatch(r"\s*\(\s*|\s*/\s*|\s*,?\s*(?:i\.e\.,?|or)\s*\(?", between)
                    and _same_time(fields, following.value)
                ):
                    end, last = following.end, last + 1
                    continue
                break
            _add(fields, *following.value)
            end, last = following.end, last + 1
        for start, stop, which in whichever if not combine else ():
            if last == index and lower.count(")", end, start) > lower.count("(", end, start):
                break  # "28 days or 5 half-lives (14 days for X), whichever is longer": the choice is not among what the brackets hold
            if end <= start and start - end < 90 and (last + 1 >= len(spans) or spans[last + 1].start > start):
                combine, end = which, stop
                break
            if last > index and end <= start and _only_brackets_between(lower, end, start, spans[last + 1 :]):
                combine = which  # "28 days or 5 half-lives (14 days or 5 half-lives for antibodies), whichever is less"
                break
        chosen = None
        if not combine and last > index:
            chosen = _CHOICE_AHEAD.search(lower, max(0, first.start - 40), first.start)
            chosen = chosen or (_CHOICE_BEHIND.match(lower, end) if "half_lives" in fields else None)
        if chosen:
            combine = "longer" if chosen["longer"] else "shorter"
        elif not combine and "half_lives" in fields and last == index + 1 and _EITHER_WILL_DO.search(lower[max(0, first.start - 20) : end]):
            combine = "shorter"  # "at least 4 weeks, or more than 5 half-lives": either will do
        result.append(Span(first.start, end, _window(fields, combine, lower[first.start : end])))
        index = last + 1
    return result or _counted_days(lower)


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
    _add(fields, _value(found["low"]), found["unit"])
    shorter = replace(_window(fields, window.combine, window.text), within=window.within, anchor=window.anchor)
    return shorter if shorter != window and _value(found["low"]) < _value(found["high"]) else None


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


_OF_BEFORE = ("prior", "previous", "earlier", "line", "regimen")
_LINES = ("line", "regimen", "course", "round")
_COUNTED = re.compile(
    r"\b(?:lines?|regimens?|courses?|rounds?|prior|previous|earlier|chemotherapies|systemic (?:therap(?:y|ies)|treatments?))\b"
)
_NUMBERED = ("grade", "phase", "cohort", "arm", "part", "group", "stage", "step", "stratum")
"""Before a number, its name: "patients in phase 2 must not have received prior X"."""
_ONE_EACH = re.compile(r"(?:.*\b)?systemic (?:therap(?:y|ies)|treatments?)|.*\bchemotherapies")
"""Therapies that are counted one by one are lines: "three or more chemotherapies"."""

_DENIED = re.compile(
    r"\b(?:not|never|cannot|can't|without)"
    r"(?:\s+(?:have|be|been|had|received?|undergone|experienced|prior|previous(?:ly)?|any|of|treated|with)){0,4}\s*$"
)
"""Before a number of lines: it is denied. "Must not have had more than 5" tells who is taken, in an exclusion who is not."""


def line_limits(lower: str, excluding: bool) -> list[Span[LineLimit]]:
    """Limits on the number of prior lines or regimens.

    Arguments:
        lower: lower-case normal form.
        excluding: the sentence tells who is kept out ("more than 2 prior lines"), rather than who is taken.

    >>> line_limits("no more than two prior lines of chemotherapy", excluding=False)[0].value
    LineLimit(minimum=None, maximum=2)
    """
    found: list[Span[LineLimit]] = []
    if not _COUNTED.search(lower) or not _patterns()["counted"].search(lower):  # quicker than what holds the words before the number
        return found
    for m in _patterns()["more"].finditer(lower):
        kind, noun = m["kind"], m["noun"]
        of_other_things = re.search(
            r"\b(?:on|with|after|before|since|who|and|or|in|within|hours?|weeks?|days?|months?|years?|grade)\b", kind
        )
        if of_other_things or lower[max(0, m.start() - 8) : m.start()].rstrip().endswith(_NUMBERED):
            continue
        about = f"{kind} {noun} {lower[m.end() : m.end() + 40]}"
        lines = noun.startswith(_LINES) or lower.startswith(_LINES, m.end() + 1)  # "1 treatment regimen"
        counts_lines = lines or any(word in kind for word in _OF_BEFORE) or _ONE_EACH.match(f"{kind}{noun}")
        if not counts_lines or noun.startswith("cycle") or re.match(r"\s*(?:week|day|month|year|half|mg)", kind + noun):
            continue
        if lower[max(0, m.start() - 1) : m.start()] in {"-", ".", "/"}:
            continue
        said = about + lower[max(0, m.start() - 60) : m.start()]
        lines_of = noun.startswith("line") and lower.startswith(" of ", m.end())
        if not lines_of and not re.search(r"prior|previous|earlier|line|regimen|receiv|treat|given|course|round|fail|after", said):
            continue
        n = int(_value(m["n"]))
        n2 = int(_value(m["n2"])) if m["n2"] else None
        denied = _DENIED.search(lower, max(0, m.start() - 60), m.start()) is not None
        limit = _limit(m, n, n2, excluding != denied)
        if limit:
            found.append(Span(m.start(), m.end(), limit))
    return found


def _limit(m: re.Match[str], n: int, n2: int | None, excluding: bool) -> LineLimit | None:
    if n == 0 and n2 is None:
        return LineLimit(maximum=0)
    if n2 is not None and (n2 > n or not excluding):  # "0-2 prior regimens"; not "before visit 1 or 1 course"
        return LineLimit(minimum=n or None, maximum=n2)
    more, less = bool(m["ge"] or m["ormore"]), bool(m["le"] or m["orless"])
    if m["gt"]:
        return LineLimit(maximum=n) if excluding else LineLimit(minimum=n + 1)
    if more:
        return LineLimit(maximum=n - 1) if excluding else LineLimit(minimum=n)
    if less:
        return LineLimit(minimum=n + 1) if excluding else LineLimit(maximum=n)
    if m["lt"]:
        return LineLimit(minimum=n) if excluding else LineLimit(maximum=n - 1)
    if excluding:
        return LineLimit(maximum=n - 1) if n > 1 else None  # who has had more has had "two prior lines", too
    return LineLimit(minimum=n)
