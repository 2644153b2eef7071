"""Inhibitors and inducers of the enzyme that was named before: "X is metabolised by CYP3A4. Strong inhibitors are prohibited."."""

from __future__ import annotations

from kg.criteria.words.patterns import pattern
from kg.records import Mention

_ROLE = pattern("reading: bare role")


def with_bare_roles(lower: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions of a criterion with every inhibitor or inducer of an enzyme that is named before it only.

    It is told by its strength ("strong inhibitors"), by a word for the enzymes ("inhibitors of these enzymes"), or joined to the one
    before, whose strength it then shares: "strong CYP3A4 inhibitors within 7 days or inducers within 14 days".

    Arguments:
        lower: the criterion's lower-case normal form.
        mentions: those that were found in it by their names.
    """
    named = [m for m in mentions if m.kind == "pk" and m.enzyme]
    if not named:
        return mentions
    found: list[Mention] = []
    for words in _ROLE.finditer(lower, named[0].end):
        start, end = words.span("what")
        if not (words["joined"] or words["strength"] or words["these"]) or any(m.start < end and start < m.end for m in mentions):
            continue
        before = max((m for m in (*named, *found) if m.end <= start), key=lambda m: m.end)
        grade = words["strength"]
        strengths = ("strong" if grade == "potent" else grade,) if grade else before.strengths
        role = "inhibitor" if "inhibitor" in words["what"] else "inducer"
        several = words["these"] and words["these"].endswith("s")
        enzymes = dict.fromkeys(m.enzyme for m in named if m.end <= start) if several else (before.enzyme,)
        found += [Mention(start, end, "pk", "", words["what"], enzyme=enzyme, role=role, strengths=strengths) for enzyme in enzymes]
    return sorted(mentions + found, key=lambda m: m.start)
