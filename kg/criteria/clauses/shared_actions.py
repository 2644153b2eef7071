"""Targets that share their noun with one that no table holds: BTK in "BTK or BMX inhibitors"."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.names import Names
from kg.records import Mention

_CODE = r"(?:[A-Z]{2,}[A-Za-z0-9-]*|[A-Z][a-z]*\d[A-Za-z0-9-]*)"
"""A gene or protein is written in capitals, or with a number."""
_JOINT = r"(?:\s*,\s*(?:(?:and/or|or|and)\s+)?|\s*/\s*|\s+(?:and/or|or|and)\s+)"
_SHARED = re.compile(rf"{_JOINT}(?:{_CODE}{_JOINT}){{0,3}}{_CODE}\s(?P<noun>(?:inhibitor|antagonist|agonist|blocker|degrader)s?)\b")


def with_shared_actions(cased: str, mentions: list[Mention], names: Names) -> list[Mention]:
    """The mentions of a criterion with what is done to a target where the noun stands behind another, unknown one.

    Arguments:
        cased: the criterion's normal form.
        mentions: those that were found in it by their names.
        names: the matcher that knows the drugs of a target.
    """
    for mention in [m for m in mentions if m.kind == "target"]:
        shared = _SHARED.match(cased, mention.end)
        if shared is None or any(m.kind == "class" and m.start < mention.end and mention.start < m.end for m in mentions):
            continue
        meant = names.mentions(f"{cased[mention.start : mention.end]} {shared['noun']}")
        if len(meant) == 1:
            others = [m for m in mentions if m.end <= mention.start or m.start >= mention.end]
            mentions = sorted([*others, replace(meant[0], start=mention.start, end=mention.end)], key=lambda m: m.start)
    return mentions
