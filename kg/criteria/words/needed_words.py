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
_LONG = 5
"""A word of so many letters is in few others: it is looked for without its edges, so that one look finds it for all."""
_MOST_SETS = 3
"""So many sets of pieces tell nearly as well as all where an expression can match."""
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_BLANKS = (op.CATEGORY_SPACE, op.CATEGORY_NOT_WORD)
_EDGE = "\0"
"""Where a word begins or ends, in a piece that is not ready."""
_EDGES = re.compile(f" ?(?:{_EDGE}+ ?)+")

_Items = Iterable[tuple[Any, Any]]
_Pieces = frozenset[str]
_Needs = list[_Pieces]


def needed_words(expression: str) -> _Needs:
    r"""Sets of pieces, the rarest first: the words of each text that a regular expression matches hold one of each set.

    What is no letter or digit is a blank in them, and a blank stands where a word must begin or end: they are looked for in `words_only`.

    Example:
        >>> [sorted(pieces) for pieces in needed_words(r"\b(?:stops?|ended)\s+(?:the\s+)?therap(?:y|ies)")]
        [[' stop ', 'ended', 'stops'], ['therapies', 'therapy']]
        >>> [sorted(pieces) for pieces in needed_words(r"gr[ae]y|new")]
        [['gray', 'grey', 'new']]
        >>> needed_words(r"\w+\s+\d")
        []
    """
    return _of(parser.parse(expression), [""], at_edge=False)


def _of(items: _Items, pieces: list[str], at_edge: bool) -> _Needs:
    """What a sequence needs.

    Arguments:
        items: the sequence.
        pieces: how the word that it goes on with may be spelled so far.
        at_edge: whether a word must end behind it.
    """
    needs: _Needs = []
    sequence = list(items)
    for number, (code, value) in enumerate(sequence):
        if code is op.ASSERT_NOT:
            continue
        if code is op.ASSERT:
            needs += _of(value[1], [""], at_edge=False)
            continue
        letters = _letters(code, value)
        if letters and len(pieces) * len(letters) <= _MOST_SPELLINGS:
            pieces = [piece + letter for piece in pieces for letter in letters]
            continue
        blanks = code in _REPEATS and value[0] > 0 and _are_blanks(value[2])
        if blanks:
            pieces = [piece + _EDGE for piece in pieces]
        ends = _is_blank(*sequence[number + 1]) if number + 1 < len(sequence) else at_edge
        needs += _long(pieces) + _of_one(code, value, pieces, ends)
        pieces = [_EDGE if _ends_at_edge([(code, value)]) else ""]
    return _rarest(needs + _long([piece + _EDGE for piece in pieces] if at_edge else pieces))


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


def _of_one(code: Any, value: Any, pieces: list[str], at_edge: bool) -> _Needs:
    if code in _REPEATS:
        return _of(value[2], pieces, at_edge=False) if value[0] else []
    if code is op.SUBPATTERN:
        return _of(value[3], pieces, at_edge)
    if code is op.ATOMIC_GROUP:
        return _of(value, pieces, at_edge)
    if code is op.BRANCH:
        return _of_some([_of(branch, pieces, at_edge) for branch in value[1]])
    return []


def _of_some(branches: list[_Needs]) -> _Needs:
    """What each of some branches needs: one of the rarest of all of them, one of the next ones…"""
    if not all(branches):
        return []
    most = max(map(len, branches))
    return [frozenset().union(*(needs[min(number, len(needs) - 1)] for needs in branches)) for number in range(most)]


def _long(pieces: list[str]) -> _Needs:
    """Pieces that are worth looking for, as they stand in the words of a text; none where one is not."""
    ready = [_EDGES.sub(" ", "".join(c if c.isalnum() or c == _EDGE else " " for c in piece)) for piece in pieces]
    for number, piece in enumerate(ready):
        word = piece.strip()
        if len(word) < _FEWEST and not (word and piece == f" {word} "):
            return []
        ready[number] = word if len(word) >= _LONG else piece
    return [frozenset(ready)]


def _rarest(needs: _Needs) -> _Needs:
    """The rarest sets, those left out that are met where another is."""
    kept: _Needs = []
    for pieces in sorted(needs, key=_rarity, reverse=True):
        if not any(all(any(p in piece for p in pieces) for piece in other) for other in kept):
            kept.append(pieces)
    return kept[:_MOST_SETS]


def _rarity(pieces: _Pieces) -> tuple[bool, int]:
    common = any(piece in word for piece in pieces for word in _COMMON)
    return not common, min(map(len, pieces))


class NeededWords:
    """Tells of many regular expressions at once which can match in a text, as a number with bits for each; bit 0 is always set."""

    def __init__(self, expressions: Mapping[str, Iterable[str]]) -> None:
        """Bits for each of the named expressions, which are given as their alternatives."""
        self._bits: dict[str, int] = {}
        needs_of: list[_Needs] = [[]]
        for name, alternatives in expressions.items():
            self._bits[name] = 0
            for alternative in alternatives:
                needs = needed_words(alternative)
                self._bits[name] |= 1 << len(needs_of) if needs else 1
                if needs:
                    needs_of.append(needs)
        # An alternative's bit stands once for each of its sets: those of the second sets in front of those of the first…
        self._planes = [len(needs_of) * number for number in range(_MOST_SETS)]
        self._unasked = 0
        bits_of: dict[str, int] = {}
        for bit, needs in enumerate(needs_of):
            for number, plane in enumerate(self._planes):
                if number >= len(needs):
                    self._unasked |= 1 << plane + bit
                else:
                    for piece in needs[number]:
                        bits_of[piece] = bits_of.get(piece, 0) | 1 << plane + bit
        self._last = (1 << len(needs_of)) - 1
        self._automaton = ahocorasick.Automaton()
        for piece, bits in bits_of.items():
            self._automaton.add_word(piece, bits)
        self._automaton.make_automaton()

    def bits(self, name: str) -> int:
        """The bits of a regular expression: it can match where one of them is set."""
        return self._bits[name]

    def possible(self, lower: str) -> int:
        """The bits of those that can match in a text in lower case, or in a part of it that is cut out between words."""
        found = self._unasked
        for _, bits in self._automaton.iter(f" {words_only(lower)} "):
            found |= bits
        all_met = self._last
        for plane in self._planes:
            all_met &= found >> plane
        return all_met
