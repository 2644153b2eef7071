"""The diseases that a trial treats."""

from __future__ import annotations

from functools import lru_cache

from kg.names import Names
from kg.records import Trial


def own_conditions(trial: Trial, names: Names) -> tuple[str, ...]:
    """Keys of the conditions that a trial treats: those registered, else those in its title.

    Arguments:
        trial: the record.
        names: the matcher.
    """
    return tuple(dict.fromkeys(key for text in trial.conditions or (trial.brief_title,) for key in _diseases(text, names)))


@lru_cache(maxsize=512)
def _diseases(text: str, names: Names) -> tuple[str, ...]:
    """Keys of the conditions that a registered one names: many trials have the same."""
    return tuple(names.diseases(text))
