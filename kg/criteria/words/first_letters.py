"""Regular expressions that look at a character before they try to match there, which rules most places of a text out at once.

`re` does so by itself only where an expression begins with a character or a class of them, not with the edge of a word or a group of
alternatives.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import re
from collections.abc import Iterable
from re import _compiler as compiler  # type: ignore[attr-defined]  # what `re` makes of an expression has no public name
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_EMPTY = (op.AT, op.ASSERT, op.ASSERT_NOT)
"""What takes no character: the edge of a word, a look ahead or back."""
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_LONGEST_RANGE = 26
_CASES = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f"}
"""Letters that are like these where case does not count."""

_Items = Iterable[tuple[Any, Any]]


def quick(expression: str, flags: int = 0) -> re.Pattern[str]:
    """The regular expression compiled: it finds the same as that of `re.compile`, sooner.

    Raises:
        re.error: it is none.
    Example:
        >>> quick(r"\\b(?:stop|end)s").search("it ends").span()
        (3, 7)
    """
    parsed = parser.parse(expression, flags)
    state = parsed.state
    first = _first(parsed, state.flags)
    code: list[int] = []
    compiler._compile_info(code, parsed, state.flags)  # the operation, its length, what it tells, the shortest and longest match
    if first and not code[2] and code[3]:
        compiler._compile_charset(compiler._optimize_charset(first)[0], state.flags, code)
        code[1:3] = len(code) - 1, op.SRE_INFO_CHARSET
    compiler._compile(code, parsed.data, state.flags)
    code.append(op.SUCCESS)
    names = {number: name for name, number in state.groupdict.items()}
    groups = tuple(names.get(number) for number in range(state.groups))
    made: re.Pattern[str] = _sre.compile(expression, state.flags, code, state.groups - 1, state.groupdict, groups)
    return made


def _first(items: _Items, flags: int) -> list[tuple[Any, Any]] | None:
    """What a match can begin with, as members of a character class; None where that cannot be said, or a match can be empty."""
    found: list[tuple[Any, Any]] = []
    for code, value in items:
        if code in _EMPTY:
            continue
        first = _first(value[2], flags) if code in _REPEATS else _first_of(code, value, flags)
        if first is None:
            return None
        found += first
        if code not in _REPEATS or value[0]:
            return found
    return None


def _first_of(code: Any, value: Any, flags: int) -> list[tuple[Any, Any]] | None:
    if code is op.LITERAL:
        return _in_each_case([(code, value)], flags)
    if code is op.IN:
        return _in_each_case(value, flags)
    if code is op.SUBPATTERN:
        return _first(value[3], flags | value[1]) if not value[2] else None
    if code is op.ATOMIC_GROUP:
        return _first(value, flags)
    if code is op.BRANCH:
        branches = [_first(branch, flags) for branch in value[1]]
        known = [branch for branch in branches if branch is not None]
        return [member for branch in known for member in branch] if len(known) == len(branches) else None
    return None


def _in_each_case(members: _Items, flags: int) -> list[tuple[Any, Any]] | None:
    """The members of a character class, where case does not count in each."""
    found: list[tuple[Any, Any]] = []
    for code, value in members:
        if code is op.NEGATE:
            return None
        if code is op.CATEGORY or not flags & re.IGNORECASE:
            found.append((code, value))
            continue
        low, high = value if code is op.RANGE else (value, value)
        if any(chr(letter).isalpha() for letter in (low, high) if letter > ord("z")) or high - low > _LONGEST_RANGE:
            return None
        for letter in map(chr, range(low, high + 1)):
            found += [(op.LITERAL, ord(c)) for c in {letter.lower(), letter.upper(), *_CASES.get(letter.lower(), "")}]
    return found
