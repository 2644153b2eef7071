"""Lists whose members semicolons part: "major surgery; radiotherapy; or immunotherapy within 21 days" is read as with commas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.criteria.layout.enumerations import MEMBER
from kg.criteria.words.normal import Normal
from kg.records import Mention

_LAST = re.compile(r";\s*(?:and/or|or|and)\s+")
"""What the last member of a list begins with."""
_OWN = (
    r"(?:use|prior|previous\w*|received?|receiving|treat\w+|taking|current\w*|has|have|had|who|known|history|no|not|never|none|must|should"
    r"|patients?|participants?|subjects?|those|participat\w+|concurrent\w*|concomitant\w*|at)\b"
)
"""Words that begin a matter of its own."""
_MEMBER = re.compile(rf"\s*(?!{_OWN}){MEMBER}\s*")
_BEHIND = re.compile(r"(?:\s*\([^()]*\)|\s*(?:therap(?:y|ies)|treatments?|agents?|drugs?|regimens?))*\s*")
"""Between a therapy and the semicolon behind it."""
_NEAR = 40
"""The last member's therapy begins at most so many characters behind "or"."""


def with_commas(normal: Normal, therapies: Sequence[Mention]) -> Normal:
    """The text with a comma for each semicolon that parts two members of a list of therapies, whose last one begins with "or" or "and".

    Arguments:
        normal: the normal form of a criterion.
        therapies: those that it names.
    """
    lower = normal.lower
    if lower.count(";") < 2:  # two members could as well be two matters
        return normal
    changed: list[int] = []
    for last in _LAST.finditer(lower):
        near = lower[last.end() : last.end() + _NEAR]
        if re.match(_OWN, near) is None and any(last.end() <= m.start < last.end() + len(near.partition(";")[0]) for m in therapies):
            changed += _before(lower, last.start(), therapies)
    if not changed:
        return normal
    cased, small = list(normal.cased), list(lower)
    for at in changed:
        cased[at] = small[at] = ","
    return replace(normal, cased="".join(cased), lower="".join(small))


def _before(lower: str, last: int, therapies: Sequence[Mention]) -> list[int]:
    """The semicolons of a list up to that before its last member; none where nothing but two members may be of it."""
    found = [last]
    while (at := lower.rfind(";", 0, found[-1])) >= 0:
        if not (_MEMBER.fullmatch(lower, at + 1, found[-1]) and any(at < m.start < found[-1] for m in therapies)):
            break
        found.append(at)
    first = found[-1]
    ends = [m.end for m in therapies if m.end <= first and _BEHIND.fullmatch(lower, m.end, first)]
    return found if len(found) > 1 and ends else []
