"""Whether a sentence names all the drugs that it means, so that the class before them says only what they have in common."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading

_ANY_OF_THESE = re.compile(r"\b(?:any|either|one) of the following\b[^:;.]{3,160}:\s")
_FEWEST = 2


def is_closed(clause: ClauseReading) -> bool:
    """Whether only the drugs that a clause names are meant: "namely X", "any of the following potent CYP3A4 inhibitors: X, Y or Z"."""
    if clause.part.has("closed"):
        return True
    opened = _ANY_OF_THESE.search(clause.lower, clause.part.start, clause.part.end) if "of the following" in clause.lower else None
    if opened is None:
        return False
    listed = [m for m in clause.part.therapies if m.start >= opened.end()]
    headed = any(m.kind in ("class", "pk") and opened.start() <= m.start < opened.end() for m in clause.part.mentions)
    return headed and len(listed) >= _FEWEST and all(m.kind == "drug" for m in listed)
