"""Inhibitors and inducers of the enzyme that was named before: "X is metabolised by CYP3A4. Strong inhibitors are prohibited."."""

from __future__ import annotations

import re

from kg.records import Mention

_ROLE = re.compile(r"\b(?P<strength>strong|potent|moderate)\s(?P<role>inhibitor|inducer)s?\b(?!\sof\b)")


def with_bare_roles(lower: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions of a criterion with every strong or moderate inhibitor or inducer of an enzyme that is named before it only.

    Arguments:
        lower: the criterion's lower-case normal form.
        mentions: those that were found in it by their names.
    """
    named = [m for m in mentions if m.kind == "pk" and m.enzyme]
    if not named:
        return mentions
    found = []
    for words in _ROLE.finditer(lower, named[0].end):
        start, end = words.span()
        if any(m.start < end and start < m.end for m in mentions):
            continue
        enzyme = next(m.enzyme for m in reversed(named) if m.end <= start)
        strength = "strong" if words["strength"] == "potent" else words["strength"]
        found.append(Mention(start, end, "pk", "", words[0], enzyme=enzyme, role=words["role"], strengths=(strength,)))
    return sorted(mentions + found, key=lambda m: m.start)
