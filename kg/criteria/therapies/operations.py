"""Which operations are meant where the organ is told beside "surgery": "surgery of the stomach", "cardiac or abdominal surgery"."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import pattern, patterns_named
from kg.records import Mention

_AT_LARGE = frozenset({"surgery", "major-surgery"})
_OF_A_PART = frozenset({"abdominal-surgery", "cardiac-surgery", "eye-surgery", "joint-surgery", "sinonasal-surgery", "thoracic-surgery"})
_AND_ANOTHER_PART = pattern("narrowing: and another part")
_BEHIND = re.compile(
    r"\s+(?:procedures?\s+|resections?\s+)?(?:of|involving|on|to|affecting)\s+"
    r"(?P<where>(?:(?!within\b|during\b|in\b|for\b|that\b|which\b|who\b|with\b|prior\b|before\b|at\b|by\b|due\b)[\w/-]+(?:,?\s+|\b)){1,9})"
)
_OF_TUMOURS = re.compile(r"\b(?:metasta|tumou?r|cancer|lesion|carcinoma|gliom|melanom|sarcom|neoplas|malignan|mass\b)")
_ORGANS = "operation: "


def of_organs(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """The operations that are meant by words for any, or for one part of several; none where no other part is told.

    Arguments:
        clause: the clause that names it.
        mention: the operation.
    """
    if mention.key in _AT_LARGE:
        behind = _BEHIND.match(clause.after(mention.end, 90))
        return [replace(mention, key=key) for key in _parts(behind["where"])] if behind is not None else []
    if mention.key not in _OF_A_PART:
        return []
    before = clause.found_before(_AND_ANOTHER_PART, mention.start, 40)
    if before is None:
        return []
    keys = [key for key in _parts(before.group()) if key != mention.key]
    # A part that shares the noun is not passed over, though it has no class of its own.
    return [mention, *(replace(mention, key=key) for key in keys)] if keys else [replace(mention, key="surgery")]


def _parts(where: str) -> list[str]:
    """The classes of operations on the organs that words name; none of a tumour there, which is told of as a disease."""
    return [] if _OF_TUMOURS.search(where) else [key for key, words in patterns_named(_ORGANS).items() if words.search(where)]
