"""Dates as patients know them: a day, a month or a year, each an interval of days."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["When", "add_days", "add_months", "days_ahead", "order_fault", "plan_fault"]

_MOST_AHEAD = 366
"""So many days ahead a therapy may be planned; what lies further ahead is a slip, and what was meant is not known."""
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class When:
    """A date that is known to lie between two days, both included.

    Example:
        >>> str(When.read("2024-02")), When.read("2024-02").high
        ('2024-02', datetime.date(2024, 2, 29))
    """

    low: date
    high: date
    text: str

    @classmethod
    def read(cls, text: str | date) -> When:
        """The interval that an ISO date, whole or partial (2024-11-20, 2024-11, 2024), stands for.

        Raises:
            ValueError: anything else.
        """
        if isinstance(text, date):
            return cls.on(text)
        found = _ISO.fullmatch(text.strip())
        if not found:
            raise ValueError(f"{text!r} is not a date; write 2024-11-20, 2024-11 or 2024")
        year, month, day = int(found[1]), found[2], found[3]
        try:
            if day:
                return cls.on(date(year, int(month), int(day)))
            if month:
                return cls(date(year, int(month), 1), date(year, int(month), calendar.monthrange(year, int(month))[1]), found[0])
            return cls(date(year, 1, 1), date(year, 12, 31), found[0])
        except (ValueError, calendar.IllegalMonthError):
            raise ValueError(f"{text!r} is not a day of the calendar; write 2024-11-20, 2024-11 or 2024") from None

    @classmethod
    def on(cls, day: date) -> When:
        """Exactly this day."""
        return cls(day, day, day.isoformat())

    @property
    def exact(self) -> bool:
        """The day is known."""
        return self.low == self.high

    def until(self, latest: date) -> When:
        """The same date, known not to lie after `latest`."""
        return self if self.high <= latest else When(min(self.low, latest), latest, self.text)

    def since(self, earliest: date) -> When:
        """The same date, known not to lie before `earliest`."""
        return self if self.low >= earliest else When(earliest, max(self.high, earliest), self.text)

    def __str__(self) -> str:
        return self.text


def add_days(day: date, days: int) -> date:
    """`day` + `days`; what lies past the calendar's end is its last day.

    Example:
        >>> add_days(date(2026, 11, 11), 21)
        datetime.date(2026, 12, 2)
    """
    try:
        return day + timedelta(days)
    except OverflowError:
        return date.max


def add_months(day: date, months: int) -> date:
    """`day` + calendar months: the same day of the month, or the month's last.

    Example:
        >>> add_months(date(2026, 8, 31), 6)
        datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_ahead(day: str, today: str) -> int:
    """How many days after `today` a day, month or year begins.

    >>> days_ahead("2026-12", "2026-11-21"), days_ahead("2026", "2026-11-21") > 0
    (10, False)
    """
    return (When.read(day).low - When.read(today).low).days


def plan_fault(day: str, today: str) -> str:
    """What is wrong with a plan for a day, and the remedy; '' where nothing is.

    >>> plan_fault("2062-11-21", "2026-11-21")
    '2062-11-21 lies more than a year after 2026-11-21, the day of the check; check the year'
    """
    if days_ahead(day, today) <= _MOST_AHEAD:
        return ""
    return f"{day} lies more than a year after {today}, the day of the check; check the year"


def order_fault(start: str, end: str) -> str:
    """What is wrong with a period from one day, month or year to another, and the remedy; '' where nothing is.

    >>> order_fault("2024-11", "2024-10-01"), order_fault("2024-11", "2024-11-02")
    ('start 2024-11 lies after end 2024-10-01; swap or correct them', '')
    """
    return f"start {start} lies after end {end}; swap or correct them" if When.read(start).low > When.read(end).high else ""
