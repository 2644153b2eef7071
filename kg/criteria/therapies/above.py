"""The therapy of the bullet above, where a clause only tells when it ended: "X: / * the last dose of the agent 4 weeks before day 1"."""

from __future__ import annotations

from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import Part
from kg.criteria.words.patterns import pattern
from kg.records import Mention, Section

_ANCHOR = pattern("subjects: anchor before")
_THE_ONE_TOLD = pattern("above: the one told")


def ended_by(clause: ClauseReading) -> list[Mention]:
    """The therapies that the bullet above names, or lets in on terms, at the words that stand for them; none where a clause names its own.

    Arguments:
        clause: a clause below that bullet.
    """
    above = clause.context.lead
    if above is None or not clause.part.windows or above.has("prohibit"):
        return []
    if not above.tagged("permit", "unless") and not _is_label(clause, above):
        return []
    if any(not clause.found_before(_ANCHOR, m.start) for m in clause.part.therapies):
        return []
    words = clause.find(_THE_ONE_TOLD)
    if words is None:
        return []
    named = [m for m in above.therapies if clause.context.known.is_anticancer(m)]
    return [replace(m, start=words.start(), end=words.end(), text=words.group()) for m in named]


def _is_label(clause: ClauseReading, above: Part) -> bool:
    """Whether what stands above an item of an inclusion only names therapies: "Monoclonal antibodies and agents with long half-lives:"."""
    if clause.context.section is Section.EXCLUSION or clause.part.has("progress"):
        return False
    label = clause.context.lead_lower.rstrip().endswith(":")
    return label and not above.tagged("neg", "require", "stop", "except", "toxicity", "allergy", "if", "planned")
