"""Wash-outs and look-backs: from when on does a last dose no longer count?"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from kg.checks.dates import When, add_days, add_months
from kg.knowledge import HalfLife
from kg.records import Step, Window

__all__ = ["Side", "WindowAnswer", "answer"]

_LONGEST_CYCLE_DAYS = 63
"""Its own upper bound, of no source: cycles take two to six weeks, of nitrosoureas and mitomycin up to eight, and one may be late."""
_LONGEST_UNSTATED_DAYS = 365
"""A wash-out whose length is not stated is taken to be shorter than this."""


class Side(StrEnum):
    """On which side of a window the day of the check lies."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    NO_DATE = "no-date"
    """The date given, or its absence, does not decide."""
    UNSETTLED = "unsettled"
    """The dates are known; a half-life, a cycle's length or how two amounts are joined is not."""


@dataclass(frozen=True, slots=True)
class WindowAnswer:
    """What a window says. `free_from` is the first day that is surely outside; None where that cannot be told."""

    side: Side
    why: str
    free_from: date | None = None
    steps: tuple[Step, ...] = ()


_IF_UNKNOWN = "half-life"
"""Joins half-lives with days that hold where the half-life is not known."""

_Span = tuple[date, date]
"""The earliest and the latest day on which the window may end."""


def answer(
    window: Window, last: When | None, as_of: date, half_life: HalfLife | None = None, at_most: HalfLife | None = None
) -> WindowAnswer:
    """Where `as_of` lies.

    "At least N since" is over on last dose + N, "within N" on last dose + N + 1; months are calendar months. A partial last dose and a
    half-life range make the end an interval: it decides only if both its ends agree.

    Arguments:
        last: the last dose (or the day of a procedure), an interval; None where it is not known.
        half_life: of the drug, with its metabolites; None where it is not known.
        at_most: the longest that one which is not known can be; None where nothing is known of that.
    Example:
        >>> answer(Window(days=28), When.read("2026-11-01"), date(2026, 11, 21)).free_from
        datetime.date(2026, 11, 30)
    """
    if window.combine == _IF_UNKNOWN:
        window = _as_known(window, half_life)
    known = last.until(as_of) if last else When(date.min, as_of, "")
    spans: list[_Span] = []
    steps: list[Step] = []
    loose: list[str] = []
    if window.days is not None:
        spans.append((_end(add_days(known.low, window.days), window), _end(add_days(known.high, window.days), window)))
    if window.months is not None:
        spans.append((_end(add_months(known.low, window.months), window), _end(add_months(known.high, window.months), window)))
    if window.half_lives is not None:
        days = _half_life_days(window.half_lives, half_life)
        if days is None:
            most = _half_life_days(window.half_lives, at_most)
            spans.append((known.low, _end(add_days(known.high, most[1]), window) if most else date.max))
            loose.append("the drug's half-life is not known here")
            if most:
                words = f"{window.half_lives:g} half-lives: at most {most[1]} days, as of the longest of such drugs"
                steps.append(Step(words, *_source(at_most)))
        else:
            spans.append((_end(add_days(known.low, days[0]), window), _end(add_days(known.high, days[1]), window)))
            if days[0] != days[1]:
                loose.append(f"{window.half_lives:g} half-lives are {days[0]} to {days[1]} days")
            steps.append(Step(f"{window.half_lives:g} half-lives: {days[0]} to {days[1]} days", *_source(half_life)))
    if window.cycles is not None:
        spans.append((known.low, add_days(known.high, window.cycles * _LONGEST_CYCLE_DAYS)))
        loose.append("the length of a cycle is not known")
    if not spans:
        # No length is stated. Wash-outs are weeks, seldom months: a therapy that ended a year ago is past any of them.
        spans.append((known.low, add_days(known.high, _LONGEST_UNSTATED_DAYS)))
        loose.append(f"how long “{window.text}” is, the sentence does not say")
    first, latest = _combine(window.combine, spans)
    if window.combine == "" and len(spans) > 1:
        loose.append("the sentence does not say which of its amounts holds")
    said = _placed(window, known, last, as_of, first, latest, tuple(steps), loose)
    relied = window.half_lives is not None and half_life is None and window.combine != "shorter"
    if at_most is None or not relied or said.side is not Side.OUTSIDE:
        return said
    longest = f"{at_most.longest_hours / 24:.0f} days, the longest of such drugs"
    return replace(said, why=f"{said.why}; its half-life, which is not known here, is taken to be at most {longest}")


def _as_known(window: Window, half_life: HalfLife | None) -> Window:
    """A window whose days hold for drugs of unknown half-life only; one that is not known here may be known elsewhere."""
    if half_life is None:
        return replace(window, combine="shorter")
    return replace(window, days=None, months=None, combine="")


def _end(day: date, window: Window) -> date:
    return add_days(day, 1) if window.within else day


def _half_life_days(count: float, half_life: HalfLife | None) -> tuple[int, int] | None:
    if half_life is None:
        return None
    return math.ceil(count * half_life.low_hours / 24), math.ceil(count * half_life.longest_hours / 24)


def _source(half_life: HalfLife | None) -> tuple[str, str]:
    evidence = half_life.sources[0] if half_life and half_life.sources else None
    return (evidence.source, evidence.detail) if evidence else ("", "")


def _combine(how: str, spans: Iterable[_Span]) -> _Span:
    spans = list(spans)
    lows, highs = [low for low, _ in spans], [high for _, high in spans]
    if how == "shorter":
        return min(lows), min(highs)
    if how == "longer":
        return max(lows), max(highs)
    # "2 weeks (or 4 half-lives)": what lies inside the first amount is inside; past it, the second decides.
    return lows[0], max(highs)


def _placed(
    window: Window, known: When, last: When | None, as_of: date, first: date, latest: date, steps: tuple[Step, ...], loose: list[str]
) -> WindowAnswer:
    free_from = latest if latest < date.max else None
    ago = f"last {known.text}" if last else "date not given"
    if as_of >= latest:
        return WindowAnswer(Side.OUTSIDE, f"over since {latest} ({ago})", free_from, steps)
    if as_of < first:
        until = f"until {free_from}" if free_from else "still running"
        return WindowAnswer(Side.INSIDE, f"{until} ({ago})", free_from, steps)
    if last is None:
        return WindowAnswer(Side.NO_DATE, f"“{window.text or 'the interval'}” needs a date that is not given", None, steps)
    if not known.exact:
        return WindowAnswer(Side.NO_DATE, f"“{window.text or 'the interval'}”: the date {known.text} does not decide", free_from, steps)
    return WindowAnswer(Side.UNSETTLED, "; ".join(loose), free_from, steps)
