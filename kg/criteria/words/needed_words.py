"""Pieces of words without which a regular expression cannot match: one look at a text tells which of many are worth trying there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from re import _constants as op  # type: ignore[attr-defined]  # what `re` makes of an expression has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import ahocorasick

from kg.names.fold import words_only

_FEWEST = 3
"""Pieces with fewer letters than this are in most texts, but for whole words."""
_COMMON = tuple(
    f" {word} "
    for word in (
        *("treatment", "therapy", "other", "within", "prior", "for", "and", "the", "study", "drug", "patients", "with", "any", "not"),
        *("of", "in", "to", "or", "a", "no", "on", "is", "are", "be", "have", "has", "at"),
    )
)
"""Pieces of these are in a quarter of the texts that name a therapy, or more."""
_MOST_SPELLINGS = 6
"""A piece that can be spelled in more ways than this is cut."""
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_BLANKS = (op.CATEGORY_SPACE, op.CATEGORY_NOT_WORD)
_EDGE = "\0"
"""Where a word begins or ends, in a piece that is not ready."""
_EDGES = re.compile(f" ?(?:{_EDGE}+ ?)+")

_Items = Iterable[tuple[Any, Any]]
_Pieces = frozenset[str]


def needed_words(expression: str) -> _Pieces | None:
    r"""Pieces of which the words of each text that a regular expression matches hold one; None where that cannot be said.

    What is no letter or digit is a blank in them, and a blank stands where a word must begin or end: they are looked for in `words_only`.

    Example:
        >>> sorted(needed_words(r"\b(?:stops?|ended)\s+(?:the\s+)?therap(?:y|ies)"))
        [' ended ', ' stop ', ' stops ']
        >>> sorted(needed_words(r"gr[ae]y|new"))
        ['gray', 'grey', 'new']
        >>> needed_words(r"\w+\s+\d") is None
        True
    """
    return _of(parser.parse(expression), [""], at_edge=False)


def _of(items: _Items, pieces: list[str], at_edge: bool) -> _Pieces | None:
    """What a sequence needs: of the pieces that could be told those that are in the fewest texts.

    Arguments:
        items: the sequence.
        pieces: how the word that it goes on with may be spelled so far.
        at_edge: whether a word must end behind it.
    """
    best: _Pieces | None = None
    sequence = list(items)
    for number, (code, value) in enumerate(sequence):
        if code is op.ASSERT_NOT:
            continue
        if code is op.ASSERT:
            best = _rarer(best, _of(value[1], [""], at_edge=False))
            continue
        letters = _letters(code, value)
        if letters and len(pieces) * len(letters) <= _MOST_SPELLINGS:
            pieces = [piece + letter for piece in pieces for letter in letters]
            continue
        blanks = code in _REPEATS and value[0] > 0 and _are_blanks(value[2])
        if blanks:
            pieces = [piece + _EDGE for piece in pieces]
        ends = _is_blank(*sequence[number + 1]) if number + 1 < len(sequence) else at_edge
        best = _rarer(_rarer(best, _long(pieces)), _of_one(code, value, pieces, ends))
        pieces = [_EDGE if _ends_at_edge([(code, value)]) else ""]
    return _rarer(best, _long([piece + _EDGE for piece in pieces] if at_edge else pieces))


def _letters(code: Any, value: Any) -> list[str]:
    """The characters of a word of which one stands here; none where that cannot be said."""
    if code not in _REPEATS and _is_blank(code, value):
        return [_EDGE if code is op.AT else " "]
    if code is op.LITERAL:
        return [chr(value)]
    if code is op.IN and all(member is op.LITERAL for member, _ in value):
        return [chr(letter) for _, letter in value]
    if code in _REPEATS and value[:2] == (0, 1) and len(value[2]) == 1:
        letters = _letters(*value[2][0])
        return ["", *letters] if letters else []
    return []


def _is_blank(code: Any, value: Any) -> bool:
    """Whether no letter or digit stands here, or nothing at all between a word and what is none."""
    if code is op.AT:
        return value is op.AT_BOUNDARY
    if code is op.LITERAL:
        return not chr(value).isalnum()
    if code is op.IN:
        return all(of in _BLANKS if member is op.CATEGORY else _is_blank(member, of) for member, of in value)
    return code in _REPEATS and value[0] > 0 and _are_blanks(value[2])


def _ends_at_edge(items: _Items) -> bool:
    """Whether no word goes on behind a sequence."""
    for code, value in reversed(list(items)):
        if code is op.AT and value is op.AT_BEGINNING:
            return True
        if code is op.SUBPATTERN:
            return _ends_at_edge(value[3])
        if code is op.BRANCH:
            return all(_ends_at_edge(branch) for branch in value[1])
        if code in _REPEATS and not value[0] and _are_blanks(value[2]):
            continue
        return _is_blank(code, value)
    return False


def _are_blanks(items: _Items) -> bool:
    return all(_is_blank(code, value) for code, value in items)


def _of_one(code: Any, value: Any, pieces: list[str], at_edge: bool) -> _Pieces | None:
    if code in _REPEATS:
        return _of(value[2], pieces, at_edge=False) if value[0] else None
    if code is op.SUBPATTERN:
        return _of(value[3], pieces, at_edge)
    if code is op.ATOMIC_GROUP:
        return _of(value, pieces, at_edge)
    if code is op.BRANCH:
        found = [_of(branch, pieces, at_edge) for branch in value[1]]
        known = [f for f in found if f is not None]
        return frozenset().union(*known) if len(known) == len(found) else None
    return None


def _long(pieces: list[str]) -> _Pieces | None:
    """Pieces that are worth looking for, as they stand in the words of a text; None where one is not."""
    ready = [_EDGES.sub(" ", "".join(c if c.isalnum() or c == _EDGE else " " for c in piece)) for piece in pieces]
    whole = (piece.startswith(" ") and piece.endswith(" ") and piece.strip() for piece in ready)
    return frozenset(ready) if all(w or len(piece.strip()) >= _FEWEST for w, piece in zip(whole, ready, strict=True)) else None


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
        """The bits of those that can match in a text in lower case, or in a part of it that is cut out between words."""
        found = 1
        for _, bits in self._automaton.iter(f" {words_only(lower)} "):
            found |= bits
        return found
