"""Roles at enzymes that a sentence names again without their strength: "Strong CYP3A inhibitors are excluded. Such inhibitors …"."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.records import Mention

_SUCH = re.compile(r"\b(?:such|these|those|said)\s+(?:(?:drugs?|agents?|medications?|substances?)\s+(?:that\s+are\s+)?)?$")


def as_strong_as_before(clause: ClauseReading, mention: Mention) -> Mention:
    """A role at an enzyme, with the strengths that were told of it before, if "such" points to them."""
    if mention.kind != "pk" or mention.strengths or not _SUCH.search(clause.before(mention.start, 40)):
        return mention
    told = (m for m in clause.reading.mentions if m.kind == "pk" and m.end <= mention.start and m.strengths)
    same = next((m for m in told if (m.enzyme, m.role) == (mention.enzyme, mention.role)), None)
    return mention if same is None else replace(mention, strengths=same.strengths)
