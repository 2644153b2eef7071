"""Windows of time in criterion text, which its amounts make: "2 weeks or 5 half-lives, whichever is shorter" is one of both."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import HALF_LIFE, IN_THEIR_ORDER, Span, add_to, amount_patterns, amounts, value
from kg.records import Window

_OR_TIME = pattern("quantities: or a time")
"""Between two amounts: what leads to the second as another length of the same time, and names nothing else."""
_MOST_TO_TIME = 240
"""So many characters at most: "or within a period during which the drug has not been cleared from the body (e.g. 5 half-lives)"."""
_MOST_BETWEEN = 100
"""Between two amounts, or the last of them and the words that choose one, stand so many characters at most."""
_EITHER_WILL_DO = pattern("quantities: either will do")
_CHOSEN = pattern("quantities: chosen")
"""Words that choose one of two amounts: "whichever is shorter", "if longer", "if the half-life is not known"."""
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
_WITH_CAP = 3
"""So many amounts tell a choice of two with the longest time that it may be."""
_THEN = re.compile(r"[\s,]*(?:(?:within|at least|less than|the|of)\s+)*")
"""Between two amounts, before and behind the words that choose one of them."""
ASIDE = re.compile(r"\s*\([^()]*\)")
"""Brackets that open at once behind an amount: "4 weeks (6 weeks for nitrosoureas)"."""
_OF_SOME = pattern("quantities: of some")
"""Behind an amount: it is that of some therapies."""
_AGAIN = re.compile(r"\s*\(\s*|\s*/\s*|\s*,?\s*(?:i\.e\.,?|or)\s*\(?")
"""Between two amounts of which the second may say the first again: "28 days (4 weeks)"."""
_UNITS = ("day", "week", "fortnight", "month", "year", "half", "cycle", "hour")
"""A text with none of these states no amount of time: looking for them is quicker than for whole amounts."""
_DAY_NUMBER = re.compile(r"\bd\s?-")


def _names_unit(lower: str) -> bool:
    for unit in _UNITS:
        if unit in lower:
            return True
    return _DAY_NUMBER.search(lower) is not None


def windows(lower: str) -> list[Span[Window]]:
    """Windows of a lower-case normal form with their amounts joined: "2 weeks or 5 half-lives, whichever is shorter" is one window of both."""  # noqa: E501
    if not _names_unit(lower):
        return []
    result: list[Span[Window]] = []
    spans = amounts(lower)
    whichever = _choices(lower) if spans else []
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
            _cap_longer(lower, joined, spans)
            joined.end = _closed(lower, joined)
        result.append(Span(joined.start, joined.end, _window(joined.fields, joined.combine, lower[joined.start : joined.end])))
        index = joined.last + 1
    return _with_choice_of_all(lower, result) or _counted_days(lower)


def _with_choice_of_all(lower: str, found: list[Span[Window]]) -> list[Span[Window]]:
    """The windows; those of two amounts choose among these as the last of their sentence does.

    "X within 2 weeks or 5 half-lives, Y within 4 weeks or 5 half-lives, whichever is longer".
    """
    last = found[-1] if len(found) > 1 else None
    if last is None or not (last.value.combine and _has_half_lives_beside(last.value)):
        return found
    open_ones = [s for s in found if _has_half_lives_beside(s.value) and not s.value.combine and ". " not in lower[s.end : last.start]]
    return [replace(s, value=replace(s.value, combine=last.value.combine)) if s in open_ones else s for s in found]


def _has_half_lives_beside(window: Window) -> bool:
    """Whether a window is one of days or months and of half-lives."""
    return window.half_lives is not None and (window.days is not None or window.months is not None)


def _choices(lower: str) -> list[tuple[int, int, str]]:
    """(start, end, which) of the words that choose among amounts: the "longer", the "shorter", or the "half-life" where that is known."""
    found = _CHOSEN.finditer(lower)
    return [(m.start(), m.end(), "longer" if m["longer"] else "half-life" if m["unknown"] else "shorter") for m in found]


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
    add_to(joined.fields, *first.value)
    for following in spans[index + 1 :]:
        choice = next((c for c in whichever if joined.end <= c[0] and c[1] <= following.start), None)
        if choice is not None:
            if not (_OR_IF.fullmatch(lower, joined.end, choice[0]) and _THEN.fullmatch(lower, choice[1], following.start)):
                break  # "2 weeks or 5 half-lives, whichever is longer, or antibodies within 4 weeks": the choice ends a window
            joined.combine = choice[2]  # "4 weeks or, if shorter, within 5 half-lives"
        elif not _goes_with(lower, joined, following):
            break
        if choice is not None or not _is_told(joined.fields, following.value[1]):
            add_to(joined.fields, *following.value)
        joined.end, joined.last = following.end, joined.last + 1
        if choice is not None:
            break
    return joined


def _is_told(fields: dict[str, float], unit: str) -> bool:
    """Whether an amount of the kind of a unit is among those of a window."""
    if unit.startswith(HALF_LIFE):
        return "half_lives" in fields
    return "cycles" in fields if unit.startswith("cycle") else "days" in fields or "months" in fields


def _goes_with(lower: str, joined: _Joined, following: Span[tuple[float, str]]) -> bool:
    """Whether an amount tells the same time as those before it: again, or as another length of it."""
    between = lower[joined.end : following.start]
    if _is_told(joined.fields, following.value[1]):
        of_some = "(" in between and _OF_SOME.match(lower, following.end)  # "28 days (30 days for antibodies)"
        again = not of_some and _AGAIN.fullmatch(between) and not lower[joined.start : joined.end].isdigit()  # "within 4/2/2 weeks"
        return bool(again) and _same_time(joined.fields, following.value)
    if IN_THEIR_ORDER.match(lower, following.end) or (_OF_SOME.match(between) and _OF_SOME.match(lower, following.end)):
        return False  # "within 4 weeks for antibodies or 5 half-lives for small molecules"
    if len(between) < 40 and amount_patterns()["join"].fullmatch(between):
        return True
    halves = "half_lives" in joined.fields or following.value[1].startswith(HALF_LIFE)
    return halves and len(between) < _MOST_TO_TIME and _OR_TIME.search(f" {between}") is not None


def _cap(lower: str, joined: _Joined, spans: list[Span[tuple[float, str]]]) -> None:
    """Add the longest time that half-lives stand for ("5 half-lives (maximum 4 weeks)"), which days beside them may be, too."""
    following = spans[joined.last + 1] if joined.last + 1 < len(spans) else None
    if following is None or "half_lives" not in joined.fields or following.value[1].startswith(HALF_LIFE):
        return
    if not _AT_MOST.fullmatch(lower, joined.end, following.start):
        return
    if joined.fields.keys() == {"half_lives"}:
        add_to(joined.fields, *following.value)
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
    ahead = _CHOICE_AHEAD.search(lower, max(0, joined.start - 40), joined.start)
    told = ahead or (_CHOICE_BEHIND.match(lower, joined.end) if halves else None)
    if told:
        joined.combine = "longer" if told["longer"] else "shorter"
        joined.end = joined.end if ahead or "(" in told.group() else told.end()  # "2 weeks or 5 half-lives - the shorter (TKIs)"
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
    add_to(least, *following.value)
    shorter = least.get("days", joined.fields["days"]) < joined.fields["days"]
    if shorter and _AT_LEAST.fullmatch(lower, joined.end, following.start):
        joined.fields.update(least)
        joined.combine, joined.end, joined.last = "", following.end, joined.last + 1


def _cap_longer(lower: str, joined: _Joined, spans: list[Span[tuple[float, str]]]) -> None:
    """Take in the longest time that the longer of two amounts stands for; `capped` tells what it makes of them."""
    following = spans[joined.last + 1] if joined.last + 1 < len(spans) else None
    if following is None or joined.combine != "longer" or joined.fields.keys() != {"days", "half_lives"}:
        return
    if not following.value[1].startswith(HALF_LIFE) and _AT_MOST.fullmatch(lower, joined.end, following.start):
        joined.end, joined.last = following.end, joined.last + 1


def capped(window: Window) -> tuple[Window, Window] | None:
    """The two windows that the longer of days and half-lives is where the text caps it: the days, and the half-lives up to the cap.

    >>> [w.days for w in capped(windows("within 2 weeks or 5 half-lives, whichever is longer (at most 4 weeks)")[0].value)]
    [14, 28]
    """
    told = amounts(window.text) if window.combine == "longer" and _has_half_lives_beside(window) else []
    if len(told) < _WITH_CAP:
        return None
    fields: dict[str, float] = {}
    add_to(fields, *told[-1].value)
    most = replace(window, days=None, months=None, combine="shorter")
    cap = _window(fields, "", "")
    return replace(window, half_lives=None, combine=""), replace(most, days=cap.days, months=cap.months)


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

    >>> shorter_end(windows("within 2-4 weeks")[0].value).days
    14
    """
    found = amount_patterns()["amount"].fullmatch(window.text)
    if found is None or found["high"] is None:
        return None
    fields: dict[str, float] = {}
    add_to(fields, value(found["low"]), found["unit"])
    shorter = replace(_window(fields, window.combine, window.text), within=window.within, anchor=window.anchor)
    return shorter if shorter != window and value(found["low"]) < value(found["high"]) else None


def _around_brackets(
    lower: str, spans: list[Span[tuple[float, str]]], index: int, whichever: list[tuple[int, int, str]]
) -> list[Span[Window]]:
    """Windows that share the half-lives behind brackets: "4 weeks (6 weeks for nitrosoureas) or 5 half-lives, whichever is shorter"."""
    first = spans[index]
    aside = ASIDE.match(lower, first.end) if not first.value[1].startswith(HALF_LIFE) else None
    if aside is None:
        return []
    inside = [s for s in spans[index + 1 :] if s.end <= aside.end()]
    behind = next((s for s in spans[index + 1 :] if s.start >= aside.end()), None)
    halves = [s for s in (*inside, behind) if s is not None and s.value[1].startswith(HALF_LIFE)]
    if not inside or halves != [behind] or behind is None or not amount_patterns()["join"].fullmatch(lower, aside.end(), behind.start):
        return []
    choice = next((c for c in whichever if behind.end <= c[0] < behind.end + _MOST_BETWEEN), None)
    end, combine = (choice[1], choice[2]) if choice else (behind.end, "")
    found = []
    for span in (first, *inside):
        fields: dict[str, float] = {}
        add_to(fields, *span.value)
        add_to(fields, *behind.value)
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
    add_to(again, *other)
    days = {k: v * (30.4 if k == "months" else 1) for k, v in {**fields}.items() if k in ("days", "months")}
    more = {k: v * (30.4 if k == "months" else 1) for k, v in again.items() if k in ("days", "months")}
    return bool(days and more) and abs(sum(days.values()) - sum(more.values())) <= 4
