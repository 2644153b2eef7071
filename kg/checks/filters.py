"""Which trials a person wants to see: by disease, status, phase, country, age and sex, as people search a registry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.errors import BadInput
from kg.knowledge import Knowledge
from kg.records import Trial

__all__ = ["Facets", "Wanted", "facets", "years"]

_UNITS = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25, "hour": 1 / 8766, "minute": 1 / 525960}


class Facets(NamedTuple):
    """What of a trial a search asks about; ages in years, None where the record states no limit."""

    status: str
    phases: tuple[str, ...]
    countries: tuple[str, ...]
    youngest: float | None
    oldest: float | None
    sex: str


def years(text: str) -> float | None:
    """An age of the registry in years; None where none is stated.

    Example:
        >>> years("18 Years"), years("6 Months"), years("N/A")
        (18.0, 0.5, None)
    """
    found = re.match(r"\s*(\d+(?:\.\d+)?)\s*(year|month|week|day|hour|minute)s?\b", text, re.IGNORECASE)
    return float(found[1]) * _UNITS[found[2].lower()] if found else None


def facets(trial: Trial) -> Facets:
    """What a search asks about, of one trial."""
    countries = tuple(sorted({_plain(site.country) for site in trial.sites if site.country}))
    limits = years(trial.minimum_age), years(trial.maximum_age)
    return Facets(_plain(trial.status), tuple(map(_plain, trial.phases)), countries, *limits, _plain(trial.sex))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; what is empty does not narrow the search, and what a record does not state keeps no trial out.

    Arguments:
        conditions: keys; a trial is kept that treats one of them, a narrower disease, or a broader one that takes it in.
        statuses, phases, countries: any of them, as the registry writes them ("RECRUITING", "PHASE2" or "2", "France").
        age: in years.
        sex: female or male.
    Raises:
        BadInput: a sex or an age that is none.
    """

    conditions: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    age: float | None = None
    sex: str = ""

    def __post_init__(self) -> None:
        if self.sex and _plain(self.sex) not in ("female", "male"):
            raise BadInput(f"sex {self.sex!r} is not one that the registry knows; write female or male")
        if self.age is not None and not 0 <= self.age <= 130:
            raise BadInput(f"age {self.age:g} is no one's age; give it in years")

    def treats(self, own: Sequence[str], knowledge: Knowledge) -> bool:
        """Whether a trial for these diseases is wanted."""
        return not self.conditions or any(knowledge.condition_kin(asked).intersection(own) for asked in self.conditions)

    def keeps(self, trial: Facets) -> bool:
        """Whether a trial with these facets, its diseases aside, is wanted."""
        if self.statuses and trial.status and trial.status not in map(_plain, self.statuses):
            return False
        if self.phases and not {_phase(p) for p in self.phases}.intersection(trial.phases):
            return False
        if self.countries and trial.countries and not {_plain(c) for c in self.countries}.intersection(trial.countries):
            return False
        if self.sex and trial.sex not in ("", "all", _plain(self.sex)):
            return False
        if self.age is None:
            return True
        # who is 65 has not yet outlived a limit of 65 years
        return (trial.youngest is None or self.age >= trial.youngest) and (trial.oldest is None or self.age < trial.oldest + 1)


def _phase(text: str) -> str:
    return _plain(text if text.casefold().startswith(("phase", "early", "na")) else f"phase{text}").replace("phase ", "phase")
