"""What the words of a biomarker's result say: of what (presence, mutation, amplification, rearrangement), and whether it is there.

A result is read only where each of its words is understood (`biomarker_states.csv`): of one that is not, nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kg.checks.limits import Holds
from kg.checks.lookups import lookups
from kg.knowledge import Knowledge

__all__ = ["compare_states", "read_state"]

_Word = tuple[str, str]
"""A word's axis and sign, as the table has them."""
_NEGATION, _NARROWER, _FILLER, _UNKNOWN = ("negation", ""), ("narrower", ""), ("filler", ""), ("", "")
_NO_STATE = {"negation", "narrower", "filler"}
_PRESENCE = "presence"

_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212_", "------ ")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_BREAK = re.compile(r"[,;()\[\]]|\.(?=\s|$)|(?:^|(?<=\s))-(?=\s)")
_CHANGE = re.compile(r"(?:exon \d+|(?:p\.)?[a-z]{1,3}\d+[a-z]{1,3})\b")
"""One change of a gene: exon 19, V600E, p.Gly12Cys."""
_PIECE = re.compile(rf"{_CHANGE.pattern}|\w+|[-+]$|[^\s:]\S*")
_LONGEST = 3
"""Words of the longest phrase in the table."""


def read_state(text: str, knowledge: Knowledge, marker: str = "") -> tuple[str, str] | None:
    """What a result speaks of (presence, mutation, amplification, rearrangement), and whether it is there; None where that is not known.

    Arguments:
        marker: what was looked for, in words: "EGFR mutation" says of what a bare "negative" speaks.
    Example:
        >>> knowledge = Knowledge.load()
        >>> read_state("wild type", knowledge), read_state("no mutation detected", knowledge)
        (('mutation', 'absent'), ('mutation', 'absent'))
        >>> read_state("negative", knowledge), read_state("negative", knowledge, "EGFR mutation")
        (('presence', 'absent'), ('mutation', 'absent'))
        >>> read_state("mutation status unknown", knowledge), read_state("no V600E mutation", knowledge)
        (None, None)
    """
    table = lookups(knowledge).biomarker_states
    name = _plain(marker)
    # what was looked for may be named again in the result, and says nothing more there
    named = dict.fromkeys((piece for piece in _PIECE.findall(name) if piece not in table), _FILLER)
    clauses = [list(_words(clause, {**table, **named})) for clause in _BREAK.split(_plain(text))]
    found = _agreed([_state(clause) for clause in clauses if not set(clause) <= {_FILLER, _NARROWER}])
    looked_for = list(_words(name, {**table, **dict.fromkeys(_CHANGE.findall(name), ("mutation", "present"))}))
    about = _state([word for word in looked_for if word != _UNKNOWN])
    if found is not None and found[0] == _PRESENCE and about is not None:
        found = about if found[1] == "present" else _state([about, _NEGATION])
    # that one kind of mutation was not found says nothing of the others
    narrowed = any(_NARROWER in words for words in (looked_for, *clauses))
    return None if found is not None and found[1] == "absent" and narrowed else found


def compare_states(asked: Sequence[str], given: str, knowledge: Knowledge, asked_of: str = "", given_of: str = "") -> Holds:
    """Whether a result is one of those asked for; UNCLEAR where they speak of different things (a mutation, an amplification).

    Arguments:
        asked_of, given_of: the marker, in the words of the sentence and of the patient's data.
    Example:
        >>> knowledge = Knowledge.load()
        >>> compare_states(["positive"], "negative", knowledge), compare_states(["mutated"], "amplified", knowledge)
        (<Holds.NO: 'no'>, <Holds.UNCLEAR: 'unclear'>)
    """
    has = read_state(given, knowledge, given_of)
    found = {_compare(read_state(state, knowledge, asked_of), has) for state in asked}
    return next((h for h in (Holds.YES, Holds.UNCLEAR) if h in found), Holds.NO)


def _compare(wanted: _Word | None, has: _Word | None) -> Holds:
    if wanted is None or has is None:
        return Holds.UNCLEAR
    if wanted[0] == has[0]:
        return Holds.YES if wanted[1] == has[1] else Holds.NO
    # nothing there to be mutated, amplified…; but what is not mutated may well be there
    return Holds.NO if has == (_PRESENCE, "absent") and wanted[1] == "present" else Holds.UNCLEAR


def _plain(text: str) -> str:
    """The text with all its dashes alike, and none within words."""
    return _HYPHEN.sub(" ", text.casefold().translate(_DASHES))


def _words(plain: str, known: Mapping[str, _Word]) -> Iterator[_Word]:
    """What each word says; the longest phrase that is known counts as one."""
    pieces = _PIECE.findall(plain)
    at = 0
    while at < len(pieces):
        phrases = ((size, " ".join(pieces[at : at + size])) for size in range(_LONGEST, 0, -1))
        size, word = next(((size, known[phrase]) for size, phrase in phrases if phrase in known), (1, _UNKNOWN))
        yield _NARROWER if word == _UNKNOWN and _CHANGE.fullmatch(pieces[at]) else word
        at += size


def _state(words: Sequence[_Word]) -> _Word | None:
    """What words that belong together say: one thing, negated at most once."""
    axes = {axis for axis, _ in words} - _NO_STATE
    negative = sum(word == _NEGATION or word[1] == "absent" for word in words)
    # what is not high may still be there
    if _UNKNOWN in words or negative > 1 or (negative and any(sign == "more" for _, sign in words)):
        return None
    return _one_axis(axes, "absent" if negative else "present")


def _agreed(states: Sequence[_Word | None]) -> _Word | None:
    """What all clauses of a result say: "negative (wild type)"; None where they differ."""
    signs = {state[1] for state in states if state}
    if None in states or len(signs) != 1:
        return None
    return _one_axis({state[0] for state in states if state}, signs.pop())


def _one_axis(axes: set[str], sign: str) -> _Word | None:
    """The one axis among these; presence stands beside any."""
    narrow = axes - {_PRESENCE}
    return None if not axes or len(narrow) > 1 else (next(iter(narrow), _PRESENCE), sign)
