"""Inhibitors and inducers of the enzyme that was named before: "X is metabolised by CYP3A4. Strong inhibitors are prohibited."."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.words.normal import Normal
from kg.criteria.words.patterns import pattern
from kg.names import Names
from kg.records import Mention

_ROLE = pattern("reading: bare role")
_KIND = r"(?:(?:strong|potent|moderate|weak|sensitive)\s+)?(?:inhibitor|inducer|substrate|antagonist|agonist|blocker)s?"
_OPENS = re.compile(
    rf"\b(?P<roles>{_KIND}(?:(?:,|,?\s+(?:and/or|and|or)|\s?/)\s?{_KIND}){{0,2}})\s+(?:of|for)"
    r"(?:\s+(?:any|one|all|of|the|following|these|cyp|cytochrome|p-?450|(?:iso)?enzymes?|isoforms?|transporters?)){0,7}\s*:\W*$",
    re.IGNORECASE,
)
"""The end of a bullet whose role is that of the enzymes or targets below it."""


_ENZYMES = ("cyp", "cytochrome", "pgp", "p-gp", "p-glyco", "bcrp", "oatp", "ugt")
"""One of these is in what `_BESIDE` finds."""
_BESIDE = re.compile(
    r"(?:^|\s)(?P<label>(?:cyp|cytochrome|p-?gp|p-glyco|bcrp|oatp|ugt)[\w\s/,-]{0,40}?)\s?[:-]\s(?=(?:[a-z/-]+\s){0,5}?(?:strong|potent|moderate|weak)\s)"
    r"|(?:on|with|affect\w*|influenc\w+|modulat\w+)\s(?P<acted>(?:cyp|cytochrome|p-?gp|p-glyco|bcrp|oatp|ugt)[\w\s/,-]{0,40}?)\s?"
    r"\((?=(?:(?:strong|potent|moderate|weak|or|and|\s)+)?(?:inhibitor|inducer))"
    r"|\((?P<last>(?:cyp|cytochrome|p-?gp|p-glyco|bcrp|oatp|ugt)[\w\s/,-]{0,40})\)\W*$"
)
"""Enzymes that a label names, or brackets at the end, or whose role brackets tell: "CYP3A4: strong inhibitors", "strong inducers, strong inhibitors (CYP3A4)", "acting on CYP3A4 (strong inhibitors)"."""  # noqa: E501

_LOST = re.compile(
    r"(?P<what>(?:\b(?:strong|potent|moderate|weak)\s+(?:(?:and|or|to|and/or)\s+)?){0,2}\b(?:cyp|cytochrome|p-?gp|p-glyco|bcrp|oatp|ugt)[\w/-]*)"
    r"(?P<behind>\s*(?:/|\b(?:and/or|and|or)\s)\s*(?P<role>inhibitor|inducer)s?)\b(?!\s+(?:of|for)\b)"
)
"""An enzyme whose role is lost before "or": "strong CYP3A4 or inducers"."""
_OTHER_ROLE = {"inhibitor": "inducer", "inducer": "inhibitor"}


def _lost(lower: str, mentions: list[Mention], names: Names) -> list[Mention]:
    """The roles at an enzyme of which the text has lost one: the one that is left, and the other, which the enzyme alone stands for."""
    found: list[Mention] = []
    for words in _LOST.finditer(lower):
        start, end = words.span("what")
        if any(m.kind == "pk" and m.start < end and start < m.end for m in mentions):
            continue  # "metabolised by CYP3A4 or inducers": its role stands before it
        at, stop = words.span("role")
        for m in names.mentions(f"{words['what']} {words['role']}s"):
            if m.kind == "pk":
                found.append(replace(m, start=start, end=end, text=words["what"], role=_OTHER_ROLE[words["role"]]))
                found.append(replace(m, start=at, end=stop, text=words["role"]))
    return found


_AHEAD = re.compile(
    r"(?:^|[(,:;]\s*|\b(?:of|with|any|all|no|on|taking|receiving|using|are|include|including|as)\s+)"
    r"(?P<what>(?P<grades>(?:(?:strong|potent|moderate|weak)\s*(?:(?:/|\b(?:or|and|to)\b)\s*)?){0,2})(?P<role>inhibitor|inducer)s?)"
    r"\s*(?:/|\b(?:and/or|or|and)\b)\s*$"
)
"""A role before the enzyme that another role has: "strong inducers or CYP3A4 inhibitors"."""
_GRADE = re.compile(r"strong|potent|moderate|weak")


def _ahead(lower: str, first: Mention) -> list[Mention]:
    """The role that stands before the first role at an enzyme, and is one at the same."""
    words = _AHEAD.search(lower, max(0, first.start - 60), first.start)
    if words is None or words["role"] == first.role:
        return []
    strengths = tuple("strong" if grade == "potent" else grade for grade in _GRADE.findall(words["grades"]))
    return [replace(first, start=words.start("what"), end=words.end("what"), text=words["what"], role=words["role"], strengths=strengths)]


def _beside(lower: str, names: Names) -> list[Mention]:
    """The enzymes of a criterion whose roles stand apart from them, as what stands before these."""
    found = _BESIDE.search(lower)
    if found is None:
        return []
    end = max(found.end("label"), found.end("acted"), 0)
    named = names.mentions(f"inhibitors of {found['label'] or found['acted'] or found['last']}")
    return [replace(m, start=end, end=end) for m in named if m.kind == "pk" and m.enzyme]


def with_bare_roles(lower: str, mentions: list[Mention], names: Names) -> list[Mention]:
    """The mentions of a criterion with every inhibitor or inducer of an enzyme that is named apart from it.

    It is told by its strength ("strong inhibitors"), by a word for the enzymes ("inhibitors of these enzymes"), or joined to the one
    before, whose strength it then shares: "strong CYP3A4 inhibitors within 7 days or inducers within 14 days".

    Arguments:
        lower: the criterion's lower-case normal form.
        mentions: those that were found in it by their names.
        names: the matcher that knows enzymes.
    """
    if "inducer" in lower or "inhibitor" in lower:
        mentions = sorted(mentions + _lost(lower, mentions, names), key=lambda m: m.start)
    named = [m for m in mentions if m.kind == "pk" and m.enzyme]
    apart = not named
    if apart and any(enzyme in lower for enzyme in _ENZYMES):  # looking for these is quicker
        named = _beside(lower, names)
    if not named:
        return mentions
    found = [] if apart else _ahead(lower, named[0])
    anchors = list(named)
    for words in _ROLE.finditer(lower, named[0].end):
        start, end = words.span("what")
        grade = words["strength"] or words["alone"]
        if not (words["joined"] or grade or words["these"]) or any(m.start < end and start < m.end for m in mentions):
            continue
        before = max((m for m in anchors if m.end <= start), key=lambda m: m.end)
        strengths = ("strong" if grade == "potent" else grade,) if grade else before.strengths
        # "Strong ones" are of all roles and enzymes of the phrase before.
        told = [m for m in named if (m.start, m.end) == (before.start, before.end)] if words["alone"] else [before]
        roles = [r for r in ("inhibitor", "inducer") if r in words["what"]] or dict.fromkeys(m.role for m in told)
        several = apart or (words["these"] and words["these"].endswith("s"))
        enzymes = dict.fromkeys(m.enzyme for m in (named if several else told) if m.end <= start)
        made = [
            Mention(start, end, "pk", "", words["what"], enzyme=enzyme, role=role, strengths=strengths)
            for role in roles
            for enzyme in enzymes
        ]
        found += made
        anchors += () if words["alone"] else made
    return sorted(mentions + found, key=lambda m: m.start)


def with_roles_above(normal: Normal, above: str, mentions: list[Mention], names: Names) -> list[Mention]:
    """The mentions of a criterion with what acts on its enzymes or targets as the bullet above says: "strong inhibitors of: / * CYP3A4".

    Arguments:
        normal: the criterion's normal form.
        above: the bullet above it; "" for none.
        mentions: those that were found in it by their names.
        names: the matcher that knows the roles at enzymes and what acts on targets.
    """
    opened = _OPENS.search(above) if above.endswith(":") else None
    if opened is None or any(m.kind == "pk" for m in mentions):
        return mentions
    lead = f"{opened['roles'].lower()} of "
    found = []
    for mention in names.mentions(lead + normal.cased):
        if mention.end > len(lead) and (mention.kind == "pk" or (mention.kind == "class" and mention.start < len(lead))):
            start, end = max(0, mention.start - len(lead)), mention.end - len(lead)
            found.append(replace(mention, start=start, end=end, text=normal.cased[start:end]))
    others = [m for m in mentions if m.kind != "target" or all(m.end <= f.start or f.end <= m.start for f in found)]
    return sorted(others + found, key=lambda m: m.start)
