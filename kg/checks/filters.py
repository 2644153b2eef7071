"""Which trials a person wants to see: by disease, status, phase, country, age and sex, as people search a registry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.errors import BadInput
from kg.knowledge import Knowledge
from kg.records import Trial

__all__ = ["Facets", "Wanted", "facets", "years"]

_UNITS = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25, "hour": 1 / 8766, "minute": 1 / 525960}


_STATUSES = (
    "ACTIVE_NOT_RECRUITING", "APPROVED_FOR_MARKETING", "AVAILABLE", "COMPLETED", "ENROLLING_BY_INVITATION", "NO_LONGER_AVAILABLE",
    "NOT_YET_RECRUITING", "RECRUITING", "SUSPENDED", "TEMPORARILY_NOT_AVAILABLE", "TERMINATED", "UNKNOWN", "WITHDRAWN", "WITHHELD",
)  # fmt: skip
_PHASES = ("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA")
"""ClinicalTrials.gov data API, enumerations Status and Phase."""
_SAME_COUNTRY = (
    ("united states", "usa", "us", "u s", "u s a", "united states of america"),
    ("united kingdom", "uk", "u k", "great britain"),
    ("south korea", "korea republic of", "republic of korea"),
    ("russia", "russian federation"),
    ("turkey turkiye", "turkey", "turkiye"),
    ("czechia", "czech republic"),
    ("iran", "iran islamic republic of"),
    ("vietnam", "viet nam"),
)
"""Names that the registry and people have for one country."""
_NEAR = 70


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
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; what is empty does not narrow the search, and what a record does not state keeps no trial out.

    Arguments:
        conditions: keys; a trial is kept that treats one of them, a narrower disease, or a broader one that takes it in.
        statuses, phases, countries: any of them, as the registry or people write them ("RECRUITING", "PHASE2" or "2", "France", "USA").
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

    def among(self, held: Iterable[Facets]) -> None:
        """Whether what is searched for can be found: a word that no record has keeps every trial out, which must not read as none found.

        Arguments:
            held: what the records say.
        Raises:
            BadInput: a status or phase that the registry does not know, or a country in which no trial has a site.
        """
        facets = list(held)
        for given, known, told in (
            (
                {word: (_plain(word),) for word in self.statuses},
                {*map(_plain, _STATUSES), *(one.status for one in facets)},
                "is no status of the registry",
            ),
            (
                {word: _phases(word) for word in self.phases},
                {phase for word in _PHASES for phase in _phases(word)}.union(*(one.phases for one in facets)),
                "is no phase",
            ),
            (
                {word: _country(word) for word in self.countries},
                set[str]().union(*(one.countries for one in facets)),
                "is no country in which a trial of this graph has a site",
            ),
        ):
            for word, forms in given.items():
                if known.isdisjoint(forms):
                    raise BadInput(f"{word!r} {told}; {_did_you_mean(forms[0], known)}")

    def treats(self, own: Sequence[str], knowledge: Knowledge) -> bool:
        """Whether a trial for these diseases is wanted."""
        return not self.conditions or any(knowledge.condition_kin(asked).intersection(own) for asked in self.conditions)

    def keeps(self, trial: Facets) -> bool:
        """Whether a trial with these facets, its diseases aside, is wanted."""
        if self.statuses and trial.status and trial.status not in map(_plain, self.statuses):
            return False
        if self.phases and not {phase for word in self.phases for phase in _phases(word)}.intersection(trial.phases):
            return False
        if self.countries and trial.countries and not {name for c in self.countries for name in _country(c)}.intersection(trial.countries):
            return False
        if self.sex and trial.sex not in ("", "all", _plain(self.sex)):
            return False
        if self.age is None:
            return True
        # who is 65 has not yet outlived a limit of 65 years
        return (trial.youngest is None or self.age >= trial.youngest) and (trial.oldest is None or self.age < trial.oldest + 1)


def _country(text: str) -> tuple[str, ...]:
    """All names of a country."""
    return next((names for names in _SAME_COUNTRY if _plain(text) in names), (_plain(text),))


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    from rapidfuzz import process  # only needed once a word is not found

    names = {name.replace("phase", "phase "): name for name in sorted(filter(None, known))}
    near = [name for name, _, _ in process.extract(word, names, limit=3, score_cutoff=_NEAR)]
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"there is {', '.join(list(names)[:20])}{' …' if len(names) > 20 else ''}" if names else "the records state none"


_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def _phases(text: str) -> tuple[str, ...]:
    """Phases as the registry's records have them in plain words.

    >>> [_phases(text) for text in ("2", "II", "Phase 2", "PHASE1/PHASE2", "1b", "early 1", "NA")]
    [('phase2',), ('phase2',), ('phase2',), ('phase1', 'phase2'), ('phase1',), ('early phase1',), ('na',)]
    """
    return tuple(_phase(_plain(part.casefold().replace("phase", " ")).split()) for part in re.split(r"[/,]", text))


def _phase(words: Sequence[str]) -> str:
    if list(words) == ["na"]:
        return "na"
    early = words[:1] == ["early"]
    number = " ".join(_ROMAN.get(word, word) for word in words[early:]) or "1" * early
    return ("early " if early else "") + "phase" + re.sub(r"^(\d)[abc]$", r"\1", number)
