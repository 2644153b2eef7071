"""Whether a therapy has to end."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Mention, Window

_COUNTS_FROM = pattern("stance: counts from")
_HAS_ENDED = re.compile(
    r"\s+(?:(?:been|already|permanently|completely|fully|first|also|since|previously|come|taken|weaned|tapered|completed|finished|or|either)\s+)*"
)
"""Between "must have" and the word for the end of a therapy."""
_OFF_THE_TRIAL = re.compile(r"[\s-]+(?:(?:an?|any|the|this|our|clinical|research)\s+)*(?:trial|study|protocol|label)\b")


def is_to_stop(clause: ClauseReading, window: Window | None) -> bool:
    """Whether something is to be stopped; "6 months after the discontinuation of X" only counts from it."""
    stops = [c for c in clause.part.tagged("stop") if window is not None or c.text != "elapsed"]
    return any(
        not clause.found_before(_COUNTS_FROM, c.start, 40) and not (c.text == "off" and _OFF_THE_TRIAL.match(clause.lower, c.end))
        for c in stops
    )


def asks_only_for_its_end(clause: ClauseReading) -> bool:
    """Whether all that is asked for is that a therapy has ended: "must have discontinued X", "X must have been stopped"."""
    stops = {c.start for c in clause.part.tagged("stop")}
    return all(at in stops for at in _has_ended(clause))


def _has_ended(clause: ClauseReading) -> list[int]:
    """Where what is asked for begins, behind "must have already", as far as the words for an end go."""
    asked = (_HAS_ENDED.match(clause.lower, c.end) for c in clause.part.tagged("require"))
    return [found.end() if found else -1 for found in asked]


def to_be_stopped(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a therapy has to end: "must discontinue any prior therapy" keeps nobody out whose therapy has ended."""
    told = {c.start for c in clause.part.tagged("prohibit")} | set(_has_ended(clause))  # "X must be discontinued", "must have been stopped"
    stops = [c for c in clause.part.tagged("stop") if not clause.in_exception(c.start)]
    return any(c.end <= mention.start or c.start in told for c in stops) and is_to_stop(clause, None)
