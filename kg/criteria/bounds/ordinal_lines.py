"""Lines of therapy told by their place: "therapy beyond the second line", "third-line or later chemotherapy"."""

from __future__ import annotations

import re

from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import LineLimit

_NTH = ("first", "second", "third", "fourth", "fifth", "sixth")
_DIGIT = re.compile(r"\d")
_BEYOND = pattern("ordinal lines: beyond")
_OR_LATER = pattern("ordinal lines: or later")
_AT_LEAST = pattern("ordinal lines: at least")
_SINGLE = pattern("ordinal lines: single")
_IN_THAT_LINE = pattern("ordinal lines: in that line")
_UP_TO = pattern("ordinal lines: up to")
_DENIED = pattern("ordinal lines: denied")
_FORMS = ((_UP_TO, 0), (_BEYOND, 0), (_AT_LEAST, -1), (_OR_LATER, -1), (_SINGLE, -1), (_IN_THAT_LINE, -1))
"""How a line's place is told, and how many lines more, or less, than its number somebody may have had."""


def ordinal_limits(lower: str, excluding: bool) -> list[Span[LineLimit]]:
    """Limits on the number of lines, told by the place of a line; a plain "first-line" limits nothing.

    Arguments:
        lower: lower-case normal form.
        excluding: the sentence tells who is kept out rather than who is taken.

    >>> ordinal_limits("systemic therapy beyond the second line", excluding=True)[0].value
    LineLimit(minimum=None, maximum=2)
    """
    if "line" not in lower:
        return []
    found: list[Span[LineLimit]] = []
    for name, more in _FORMS:
        for match in name.finditer(lower):
            if any(s.start < match.end() and match.start() < s.end for s in found):
                continue
            most = _place(match["nth"]) + more
            kept_out = excluding or name is _UP_TO or _DENIED.search(lower[max(0, match.start() - 120) : match.start()]) is not None
            if most < 1 or (name in (_SINGLE, _IN_THAT_LINE) and not kept_out) or (name is _UP_TO and excluding):
                continue
            limit = LineLimit(maximum=most) if kept_out else LineLimit(minimum=most + 1)
            found.append(Span(match.start(), match.end(), limit))
    return sorted(found, key=lambda s: s.start)


def _place(nth: str) -> int:
    digit = _DIGIT.match(nth)
    return int(digit.group()) if digit else _NTH.index(nth) + 1
