"""What is named by words whose noun stands behind others, or nowhere: "checkpoint or mTOR inhibitors", "BTK or BMX inhibitors", "prior BTK"."""  # noqa: E501

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.words.patterns import pattern
from kg.names import Names
from kg.records import Mention

_CODE = r"(?:[A-Z]{2,}[A-Za-z0-9-]*|[A-Z][a-z]*\d[A-Za-z0-9-]*)"
"""A gene or protein is written in capitals, or with a number."""
_JOINT = r"(?:\s*,\s*(?:(?:and/or|or|and)\s+)?|\s*/\s*|\s+(?:and/or|or|and)\s+)"
_JOINTS = (" or ", "/or ", ",or ", " and ", ",and ", "/", "/ ", ",", ", ")
"""How what `_JOINT` finds in a normal form ends."""
_SHARED = re.compile(rf"{_JOINT}(?:{_CODE}{_JOINT}){{0,3}}{_CODE}\s(?P<noun>(?:inhibitor|antagonist|agonist|blocker|degrader)s?)\b")
_NOUN = re.compile(r"\b(?:inhibitors?|blockers?|blockade|antagonists?|agonists?|degraders?|agents?)\b")
_BEFORE_JOINT = re.compile(rf"(?P<words>(?:[\w-]+ ){{0,3}}[\w-]+){_JOINT}$")
_MOST_SHARING = 4
_BY_NOUN = ("class", "pk")
"""Kinds of what is named by a noun."""
_NOUNLESS = ("target", "biomarker")
_NO_DRUGS = frozenset({"investigational-agent"})
"""Classes by which no drug is told: what shares their noun is told by them itself ("investigational or anticancer agents")."""
_BARE = rf"(?:PD-\(L\)1|{_CODE}|mTOR)"
_HAD = re.compile(
    rf"\b(?:(?:[Pp]rior|[Pp]revious|lines?(?:\s+of)?)\s+(?:(?:exposure\s+to|use\s+of|treatment\s+with)\s+)?"
    rf"|(?:[Tt]reat(?:ment|ed)\s+with|[Rr]eceived|[Ee]xpos(?:ure|ed)\s+to|[Uu]se\s+of)\s+(?:any\s+)?)(?:{_BARE}{_JOINT}){{0,4}}$"
)
_NAMES_NOTHING_MORE = re.compile(
    rf"(?:{_JOINT}{_BARE}){{0,4}}+\s*(?:\([^()]*\)\s*)?(?:[.;,:)]|$"
    r"|(?:exposure|within|before|prior to|previously|at any time|in any (?:line|setting))\b"
    r"|,?\s*(?:or|and/or|and)\s+(?:any\s+)?(?:(?:other|similar|equivalent|comparable|related)\s+(?:[a-z-]+\s+){0,2}"
    r"(?:immuno)?(?:therap(?:y|ies)|agents?|drugs?|treatments?|modulators?|medications?)|(?:major\s+)?(?:surgery|chemotherapy|radio\w+))\b"
    r"|(?:or|and/or)\s+(?:an?\s+)?(?!(?:mutat|test|status|express|amplif|rearrang|alter|fusion|positiv|negativ|disease|los[st]|deficien)\w*)"
    r"[a-z-]{5,}\s*(?:[.;)]|$))"
)
"""Behind "prior" and a list of targets stands nothing that is theirs, no test, mutation or status, and no noun for the drugs; others may: "PARP or taxane"."""  # noqa: E501
_NAIVE = re.compile(rf"(?:{_JOINT}{_BARE}){{0,4}}+[\s-](?:na(?:i|\u00ef)ve|experienced|pre-?treated)\b", re.IGNORECASE)
"""Behind a target, or a list of them, that the drugs on it were had or not: "PD-1/PD-L1-naive"."""
_FOR_ITS_DRUGS = pattern("reading: stands for its drugs")
"""Hormones that are named for the drugs that act like or against them: "hormonal therapy except GnRH"."""
_BLOCKED, _GIVEN = "inhibitors", "therapy"
_LONGEST_LIST = 80


def with_shared_actions(cased: str, mentions: list[Mention], names: Names) -> list[Mention]:
    """The mentions of a criterion with what is done to a target where the noun stands behind another, unknown one.

    Arguments:
        cased: the criterion's normal form.
        mentions: those that were found in it by their names.
        names: the matcher that knows the drugs of a target.
    """
    for mention in [m for m in mentions if m.kind == "target"]:
        shared = _SHARED.match(cased, mention.end)
        noun = shared["noun"] if shared else _BLOCKED if _is_had(cased, mention) else None
        if _FOR_ITS_DRUGS.match(cased.lower(), mention.start):
            noun = _GIVEN
        if noun is None or any(m.kind == "class" and m.start < mention.end and mention.start < m.end for m in mentions):
            continue
        meant = names.mentions(f"{cased[mention.start : mention.end]} {noun}")
        if len(meant) == 1:
            others = [m for m in mentions if m.end <= mention.start or m.start >= mention.end]
            mentions = sorted([*others, replace(meant[0], start=mention.start, end=mention.end)], key=lambda m: m.start)
    return mentions


def with_shared_nouns(lower: str, mentions: list[Mention], names: Names) -> list[Mention]:
    """The mentions of a criterion with those whose noun stands behind the last of a list: "checkpoint or mTOR inhibitors".

    Arguments:
        lower: the criterion's lower-case normal form.
        mentions: those that were found in it by their names.
        names: the matcher that knows which words name a class with that noun.
    """
    by_end = {m.end: m for m in reversed(mentions) if m.kind in _BY_NOUN}
    for noun in _NOUN.finditer(lower) if by_end else ():
        last = by_end.get(noun.end())
        at = last.start if last is not None else 0
        for _ in range(_MOST_SHARING):
            joined = lower.endswith(_JOINTS, 0, at)  # to look for these is quicker
            before = _BEFORE_JOINT.search(lower, max(0, at - _LONGEST_LIST), at) if joined else None
            if before is None:
                break
            start, end = before.span("words")
            named = next((m for m in mentions if m.end == end and m.kind not in _NOUNLESS), None)
            if named is None:
                named = _sharing(lower, start, end, noun.group(), names)
                if named is None:
                    break
                mentions = sorted([*(m for m in mentions if m.end <= named.start or m.start >= end), named], key=lambda m: m.start)
            at = named.start
    return mentions


def _sharing(lower: str, start: int, end: int, noun: str, names: Names) -> Mention | None:
    """The class that the last words at [start, end) name together with a noun, the more of them the better."""
    while start < end:
        words = f"{lower[start:end]} {noun}"
        for mention in names.mentions(words):
            whole = (mention.start, mention.end) == (0, len(words)) and mention.kind in _BY_NOUN
            if whole and mention.key not in _NO_DRUGS:
                return replace(mention, start=start, end=end, text=lower[start:end])
        start = lower.find(" ", start, end) + 1 or end
    return None


def _is_had(cased: str, mention: Mention) -> bool:
    """Whether a target stands for the drugs on it: "prior PD-1, PD-L1 or CTLA-4", "any previous mTOR (everolimus)", "PD-1 naive"."""
    if _NAIVE.match(cased, mention.end):
        return True
    if _NAMES_NOTHING_MORE.match(cased, mention.end) is None:
        return False
    return _HAD.search(cased, max(0, mention.start - _LONGEST_LIST), mention.start) is not None
