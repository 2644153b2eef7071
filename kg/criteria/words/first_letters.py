"""Regular expressions that look at one character before they try their alternatives, which rules most places of a text out at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as op  # type: ignore[attr-defined]  # what `re` makes of an expression has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_MOST = 40
"""A set of more first characters than this rules too few places out."""
_LONGEST_RANGE = 26
_EMPTY = (op.AT, op.ASSERT, op.ASSERT_NOT)
"""What takes no character: the edge of a word, a look ahead or back."""
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)
_CATEGORIES = {op.CATEGORY_DIGIT: r"\d", op.CATEGORY_SPACE: r"\s"}

_Items = Iterable[tuple[Any, Any]]


def quick(expression: str) -> re.Pattern[str]:
    """The regular expression compiled: it finds the same, and faster where its matches begin with few characters.

    Raises:
        re.error: it is none.
    Example:
        >>> quick(r"\\b(?:stop|end)s").pattern
        '(?=[es])(?:\\\\b(?:stop|end)s)'
        >>> quick(r"\\w+ended").pattern
        '\\\\w+ended'
    """
    found = _first(parser.parse(expression))
    if found is None or len(found) > _MOST:
        return re.compile(expression)
    return re.compile(f"(?=[{''.join(sorted(found))}])(?:{expression})")


def _first(items: _Items) -> set[str] | None:
    """What a match can begin with, as members of a character class; None where that cannot be said, or a match can be empty."""
    found: set[str] = set()
    for code, value in items:
        if code in _EMPTY:
            continue
        optional = code in _REPEATS and value[0] == 0
        first = _first(value[2]) if code in _REPEATS else _first_of(code, value)
        if first is None:
            return None
        found |= first
        if not optional:
            return found
    return None


def _first_of(code: Any, value: Any) -> set[str] | None:
    if code is op.LITERAL:
        return {re.escape(chr(value))}
    if code is op.IN:
        return _members(value)
    if code is op.SUBPATTERN:
        return _first(value[3])
    if code is op.BRANCH:
        found: set[str] = set()
        for branch in value[1]:
            first = _first(branch)
            if first is None:
                return None
            found |= first
        return found
    return None


def _members(items: _Items) -> set[str] | None:
    found: set[str] = set()
    for code, value in items:
        if code is op.LITERAL:
            found.add(re.escape(chr(value)))
        elif code is op.RANGE and value[1] - value[0] < _LONGEST_RANGE:
            found |= {re.escape(chr(c)) for c in range(value[0], value[1] + 1)}
        elif code is op.CATEGORY and value in _CATEGORIES:
            found.add(_CATEGORIES[value])
        else:
            return None
    return found
