"""Pieces of words without which a regular expression cannot match: one look at a text tells which of many are worth trying there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from re import _constants as op  # type: ignore[attr-defined]  # what `re` makes of an expression has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import ahocorasick

_FEWEST = 3
"""Pieces with fewer letters than this are in most texts."""
_COMMON = ("treatment", "therapy", "other", "within", "prior", "for", "and", "the", "study", "drug")
"""Pieces of these are in a quarter of the texts that name a therapy, or more."""
_MOST_SPELLINGS = 6
"""A piece that can be spelled in more ways than this is cut."""
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)

_Items = Iterable[tuple[Any, Any]]
_Pieces = frozenset[str]


def needed_words(expression: str) -> _Pieces | None:
    """Pieces of words of which each text that a regular expression matches holds one; None where that cannot be said.

    Example:
        >>> sorted(needed_words(r"\\b(?:stops?|ended)\\s+(?:the\\s+)?therap(?:y|ies)"))
        ['ended', 'stop']
        >>> sorted(needed_words(r"gr[ae]y|new"))
        ['gray', 'grey', 'new']
        >>> needed_words(r"\\w+\\s+\\d") is None
        True
    """
    return _of(parser.parse(expression))


def _of(items: _Items) -> _Pieces | None:
    """What a sequence needs: of those that could be told the ones that are in the fewest texts."""
    best: _Pieces | None = None
    pieces = [""]
    for code, value in items:
        letters = _letters(code, value)
        if letters and len(pieces) * len(letters) <= _MOST_SPELLINGS:
            pieces = [piece + letter for piece in pieces for letter in letters]
            continue
        best = _rarer(_rarer(best, _long(pieces)), _of_one(code, value))
        pieces = [""]
    return _rarer(best, _long(pieces))


def _letters(code: Any, value: Any) -> list[str]:
    """The characters of a word of which one stands here; none where that cannot be said."""
    if code is op.LITERAL:
        found = [chr(value)]
    elif code is op.IN and all(member is op.LITERAL for member, _ in value):
        found = [chr(letter) for _, letter in value]
    else:
        return []
    return [] if any(letter.isspace() for letter in found) else found


def _of_one(code: Any, value: Any) -> _Pieces | None:
    if code in _REPEATS:
        return _of(value[2]) if value[0] else None
    if code is op.SUBPATTERN:
        return _of(value[3])
    if code is op.ATOMIC_GROUP:
        return _of(value)
    if code is op.ASSERT:
        return _of(value[1])
    if code is op.BRANCH:
        found = [_of(branch) for branch in value[1]]
        known = [f for f in found if f is not None]
        return frozenset().union(*known) if len(known) == len(found) else None
    return None


def _long(pieces: list[str]) -> _Pieces | None:
    return frozenset(pieces) if len(pieces[0]) >= _FEWEST else None


def _rarer(one: _Pieces | None, other: _Pieces | None) -> _Pieces | None:
    if one is None or other is None:
        return one or other
    return other if _rarity(other) > _rarity(one) else one


def _rarity(pieces: _Pieces) -> tuple[bool, int]:
    common = any(piece in word for piece in pieces for word in _COMMON)
    return not common, min(map(len, pieces))


class NeededWords:
    """Tells of many regular expressions at once which can match in a text, as a number with a bit for each; bit 0 is always set."""

    def __init__(self, expressions: Mapping[str, str]) -> None:
        self._bits: dict[str, int] = {}
        bits_of: dict[str, int] = {}
        for number, (name, expression) in enumerate(expressions.items(), start=1):
            needed = needed_words(expression)
            self._bits[name] = 1 << number if needed is not None else 1
            for piece in needed or ():
                bits_of[piece] = bits_of.get(piece, 0) | self._bits[name]
        self._automaton = ahocorasick.Automaton()
        for piece, bits in bits_of.items():
            self._automaton.add_word(piece, bits)
        self._automaton.make_automaton()

    def bit(self, name: str) -> int:
        """The bit of a regular expression."""
        return self._bits[name]

    def possible(self, lower: str) -> int:
        """The bits of those that can match in a text in lower case, or in a part of it."""
        found = 1
        for _, bits in self._automaton.iter(lower):
            found |= bits
        return found
