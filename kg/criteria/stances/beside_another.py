"""Two therapies of which "with" or "without" tells that one was given beside the other."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import WITH_OR_WITHOUT
from kg.criteria.words.lexicon import Cue
from kg.records import Mention

_ONE_THING = re.compile(r"(?:(?!\b(?:and|but|nor|who|which|are|is|if|unless)\b)[^.,;:()]){0,60}")
"""What goes on to tell of one therapy."""


def joins(clause: ClauseReading, cue: Cue) -> bool:
    """Whether "with or without" stands between two therapies: what is said of the first holds with the second, too."""
    return cue.text in WITH_OR_WITHOUT and any(m.end <= cue.start for m in clause.part.therapies)


def tells_of_another(clause: ClauseReading, mention: Mention, start: int) -> bool:
    """Whether "without" only says how another therapy was given: "eligible after stem cell infusion without X"."""
    return any(
        cue.text == "without" and start <= m.start and cue.start - 2 <= m.end <= cue.start and cue.end <= mention.start
        for cue in clause.part.tagged("neg")
        for m in clause.part.therapies
    )


def asked_beside_another(clause: ClauseReading, mention: Mention) -> bool:
    """Whether another therapy is forbidden where it was given without this one: "no prior chemotherapy without bevacizumab"."""
    cues = [c for c in clause.part.tagged("neg") if c.end <= mention.start and not clause.in_exception(c.start)]
    if not cues or cues[-1].text != "without":
        return False
    without, denied = cues[-1], [c for c in cues[:-1] if c.end <= cues[-1].start]
    before = (m for m in clause.part.therapies if m.end <= without.start and any(c.end <= m.start for c in denied))
    return any(_ONE_THING.fullmatch(clause.lower, m.end, without.start) for m in before) and bool(
        _ONE_THING.fullmatch(clause.lower, without.end, mention.start)
    )
