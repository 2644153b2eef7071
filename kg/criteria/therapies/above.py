"""The therapy of the bullet or label above, where a clause does not name it: "X: / * the last dose of the agent 4 weeks before day 1"."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import GENERIC, ClauseReading
from kg.criteria.clauses.reading import Part
from kg.criteria.words.patterns import pattern
from kg.records import Mention, Section

_ANCHOR = pattern("subjects: anchor before")
_THE_ONE_TOLD = pattern("above: the one told")
_NAMES_KINDS = re.compile(r"(?:(?:prior|previous)\s)?(?:[a-z-]+\s){0,2}(?:\w*therapy|surgery)\s?:\s*")


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


def kinds_of_label(clause: ClauseReading, position: int) -> list[Mention]:
    """The kinds of cancer therapy that a label names which says no more, where "therapy" behind it is one of these: "Chemotherapy: no prior therapy".

    Arguments:
        clause: the clause.
        position: where the therapy is told of; the label stands before it in its criterion, or above it.
    """  # noqa: E501
    above, end = clause.context.lead, clause.reading.label_end
    if 0 < end <= position:
        label, named = clause.lower[:end], [m for m in clause.part.therapies if m.end <= end]
    else:
        label, named = clause.context.lead_lower, list(above.therapies) if above is not None else []
    kinds = [m for m in named if m.kind == "class" and m.key not in GENERIC and clause.context.known.is_anticancer(m)]
    return kinds if kinds and _NAMES_KINDS.fullmatch(label) else []


def _is_label(clause: ClauseReading, above: Part) -> bool:
    """Whether what stands above an item of an inclusion only names therapies: "Monoclonal antibodies and agents with long half-lives:"."""
    if clause.context.section is Section.EXCLUSION or clause.part.has("progress"):
        return False
    label = clause.context.lead_lower.rstrip().endswith(":")
    return label and not above.tagged("neg", "require", "stop", "except", "toxicity", "allergy", "if", "planned")
