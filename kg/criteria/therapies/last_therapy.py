"""The last therapy, or any, told of without a name: when it ended, or that the disease progressed on it."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern

_OF_THE_LAST = pattern("implied: of the last")
_SINCE_THE_LAST = pattern("implied: since the last")
_LAST_WITHIN = pattern("implied: last within")
_FOR_OWN = pattern("implied: for its own")
_PROGRESSED_ON = re.compile(
    r"\b(?:progress\w+(?:\s+disease)?|refractory|relapsed?)\s+(?:on|during|to|under|while\s+on)\s+(?:(?:the|their|his|her)\s+)?$"
)


def counts_as_last(clause: ClauseReading, cue: Cue) -> bool:
    """Whether words such as "the last therapy" mean any therapy of the cancer: its time alone is told, or that it failed.

    Arguments:
        clause: the clause.
        cue: the words.
    """
    return is_dated(clause, cue) or _PROGRESSED_ON.search(clause.before(cue.start)) is not None


def is_dated(clause: ClauseReading, cue: Cue) -> bool:
    """Whether nothing but a time is told of a therapy: "at least 3 weeks since the last treatment", "standard treatment within 3 weeks".

    What progressed, was measured or is avoided since then is another matter.

    Arguments:
        clause: the clause.
        cue: the words for the therapy.
    """
    lower, part = clause.lower, clause.part
    neoplasms = (m for m in part.mentions if m.kind == "condition" and m.key in clause.context.known.neoplasms and m.start > cue.end)
    end = next((m.end for m in neoplasms if _FOR_OWN.fullmatch(lower, cue.end, m.start)), cue.end)
    for window in part.windows:
        if window.end <= cue.start:
            told = _OF_THE_LAST.fullmatch(lower, part.start, window.start) and _SINCE_THE_LAST.fullmatch(lower, window.end, cue.start)
        else:
            told = _OF_THE_LAST.fullmatch(lower, part.start, cue.start) and _LAST_WITHIN.fullmatch(lower, end, window.start)
        if told:
            return True
    return False
