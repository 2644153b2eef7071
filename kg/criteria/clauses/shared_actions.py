"""Targets whose noun stands behind one that no table holds, or nowhere: BTK in "BTK or BMX inhibitors", "prior BTK", "BTK naive"."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.names import Names
from kg.records import Mention

_CODE = r"(?:[A-Z]{2,}[A-Za-z0-9-]*|[A-Z][a-z]*\d[A-Za-z0-9-]*)"
"""A gene or protein is written in capitals, or with a number."""
_JOINT = r"(?:\s*,\s*(?:(?:and/or|or|and)\s+)?|\s*/\s*|\s+(?:and/or|or|and)\s+)"
_SHARED = re.compile(rf"{_JOINT}(?:{_CODE}{_JOINT}){{0,3}}{_CODE}\s(?P<noun>(?:inhibitor|antagonist|agonist|blocker|degrader)s?)\b")
_BARE = rf"(?:PD-\(L\)1|{_CODE}|mTOR)"
_HAD = re.compile(
    rf"\b(?:[Pp]rior|[Pp]revious|lines?(?:\s+of)?)\s+(?:(?:exposure\s+to|use\s+of|treatment\s+with)\s+)?(?:{_BARE}{_JOINT}){{0,4}}$"
)
_NAMES_NOTHING_MORE = re.compile(
    rf"(?:{_JOINT}{_BARE}){{0,4}}+\s*(?:\([^()]*\)\s*)?(?:[.;,:)]|$|(?:exposure|within|at any time|in any (?:line|setting))\b)"
)
"""Behind "prior" and a list of targets stands nothing that is theirs: no test, mutation or status, and no noun for the drugs."""
_NAIVE = re.compile(rf"(?:{_JOINT}{_BARE}){{0,4}}+[\s-](?:na(?:i|\u00ef)ve|experienced|pre-?treated)\b", re.IGNORECASE)
"""Behind a target, or a list of them, that the drugs on it were had or not: "PD-1/PD-L1-naive"."""
_BLOCKED = "inhibitors"
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
        if noun is None or any(m.kind == "class" and m.start < mention.end and mention.start < m.end for m in mentions):
            continue
        meant = names.mentions(f"{cased[mention.start : mention.end]} {noun}")
        if len(meant) == 1:
            others = [m for m in mentions if m.end <= mention.start or m.start >= mention.end]
            mentions = sorted([*others, replace(meant[0], start=mention.start, end=mention.end)], key=lambda m: m.start)
    return mentions


def _is_had(cased: str, mention: Mention) -> bool:
    """Whether a target stands for the drugs on it: "prior PD-1, PD-L1 or CTLA-4", "any previous mTOR (everolimus)", "PD-1 naive"."""
    if _NAIVE.match(cased, mention.end):
        return True
    if _NAMES_NOTHING_MORE.match(cased, mention.end) is None:
        return False
    return _HAD.search(cased, max(0, mention.start - _LONGEST_LIST), mention.start) is not None
