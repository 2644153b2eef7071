"""Lines that were broken because they were full, put together again, with the way back to the original offsets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from kg.criteria.layout.headings import COLONS, heading_section
from kg.criteria.words.normal import Normal

_WIDEST = 140
"""Nobody wraps lines at more characters than this."""
_LEAST_BREAKS = 4
"""Fewer line breaks tell nothing of how they were made."""
_MOST = 0.9
"""Where lines were wrapped, this share of those that go on in small letters stands behind a full one."""
_SMALL = re.compile(r"\s*[a-z]{2}")
SIGNS = (
    r"*\u2022\u25cf\u25cb\u25e6\u00b7\u2023\u25aa\u25a0\u25a1\u25ba\u25b6\u25b8\u25c6\u25c7\u2610\u2713\u2714\u2192\u27a2\u2043\u00bb\u203b\u30fb"
    r"\uf0b7\uf0a7\u2013\u2014\u00a7\u00b0\u2212+o-"
)
"""What bullets begin with, before a blank."""
ROUND_SIGNS = r"*\u2022\u25cf\u25cb\u25e6\u00b7\u25aa\u25a0\u25a1\u25c6\u25c7\u30fb"
"""Of these what needs no blank behind it."""
_MARK = re.compile(
    rf"\s*\\?(?:(?P<sign>[{SIGNS}](?=\s)|[{ROUND_SIGNS}](?=\w))"
    r"|(?P<open>\(?)(?P<label>\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})\\?(?P<close>[.)]))\s*(?=\S)"
)
_DASHES = "-\u2013\u2014\u2212+"
"""Signs that stand in the midst of sentences, too."""
_ENDS = (".", ":", ";")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


def unwrapped(text: str) -> Normal | None:
    r"""The text with the lines put together that were broken because they were full; None where none was.

    >>> whole = unwrapped("* no drug that\n  acts on the\n  enzyme or on\n  the receptor\n  of the cell\n* 18 years\n* all")
    >>> whole.cased, whole.span(2, 14)
    ('* no drug that acts on the enzyme or on the receptor of the cell\n* 18 years\n* all', (2, 14))
    """
    lines = text.split("\n")
    goes_on = _going_on(lines)
    if not goes_on:
        return None
    pieces: list[str] = []
    positions, shifts = [0], [0]
    length = done = 0
    for number, line in enumerate(lines):
        piece = line.lstrip() if number in goes_on else line
        if number in goes_on:
            positions.append(length)
            shifts.append(done + len(line) - len(piece) - length)
        piece = piece.rstrip() + " " if number + 1 in goes_on else piece + "\n"
        pieces.append(piece)
        length += len(piece)
        done += len(line) + 1
    cased = "".join(pieces)[:-1]
    return Normal(cased, cased, tuple(positions), tuple(shifts))


def _going_on(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines that only go on with the one before, which was full."""
    breaks = [n + 1 for n, (line, following) in enumerate(pairwise(lines)) if line.strip() and following.strip()]
    width = max(len(line.rstrip()) for line in lines)
    full = {n for n in breaks if _is_full(lines[n - 1], lines[n], width)}
    if len(full) == len(breaks) and (len(breaks) >= _LEAST_BREAKS or all(_hangs(lines[n - 1], lines[n]) for n in breaks)):
        return full  # an empty line stands between any two criteria
    small = [n for n in breaks if _SMALL.match(lines[n]) and not _MARK.match(lines[n])]
    if len(small) < _LEAST_BREAKS:
        return set()
    width = max(len(lines[n - 1].rstrip()) for n in small)
    full = {n for n in breaks if _is_full(lines[n - 1], lines[n], width)}
    if sum(n in full for n in small) < _MOST * len(small):
        return set()
    return _not_begun(lines, full)


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the first word of the line that follows would not have found room in a line."""
    return width <= _WIDEST and len(line.rstrip()) + 1 + len(following.split(maxsplit=1)[0]) > width


def _not_begun(lines: Sequence[str], full: set[int]) -> set[int]:
    """Of the lines behind full ones, those that begin nothing."""
    free = [n for n, line in enumerate(lines) if n not in full and line.strip()]
    places = {_place(lines[n]) for n in free if _MARK.match(lines[n])}
    # Whether some criteria are lines of their own, without a mark or an empty line before them; and whether bullets stand out.
    plain = any(n and lines[n - 1].strip() and not _MARK.match(lines[n]) and not _SMALL.match(lines[n]) for n in free)
    hanging = all(_indent(lines[n]) > _indent(lines[n - 1]) for n in full if _SMALL.match(lines[n]) and _MARK.match(lines[n - 1]))
    goes_on: set[int] = set()
    labels: dict[_Place, str] = {}
    bullet = ""
    for number, line in enumerate(lines):
        mark = _MARK.match(line)
        if number in full:
            before = lines[number - 1].rstrip()
            ends = before.endswith(_ENDS) and before.count("(") <= before.count(")")
            if mark:
                begins = _begins(mark, _place(line), places, labels, ends)
            elif _SMALL.match(line):
                begins = False
            elif bullet:
                deeper = _indent(line) - _indent(bullet)
                begins = hanging and (deeper < 0 or (deeper == 0 and ends))
            else:
                begins = plain and ends
            begins = begins or _heads(before, line, begun=number - 1 in goes_on or bool(bullet))
            if not begins:
                goes_on.add(number)
                continue
        bullet = line if mark else ""
        if mark and mark["label"]:
            labels[_place(line)] = mark["label"]
    return goes_on


class _Place(NamedTuple):
    """Where bullets of a kind stand."""

    indent: int
    kind: str


def _begins(mark: re.Match[str], place: _Place, places: set[_Place], labels: Mapping[_Place, str], ends: bool) -> bool:
    """Whether the mark at the front of a line behind a full one is that of a bullet."""
    if mark["label"]:
        last = labels.get(place)
        return _follows(mark["label"], last) if last else ends and _follows(mark["label"], "")
    return place in places or ends or mark["sign"] not in _DASHES


def _follows(label: str, last: str) -> bool:
    """Whether a label is the one behind another, or, behind none, the first of its kind."""
    if not last:
        return label in ("1", "a", "A", "i", "I")
    if label.isdigit() and last.isdigit():
        return int(label) == int(last) + 1
    roman = last.lower() in _ROMAN and label.lower() in _ROMAN and _ROMAN.index(label.lower()) == _ROMAN.index(last.lower()) + 1
    return roman or (len(label) == len(last) == 1 and ord(label) == ord(last) + 1)


def _place(line: str) -> _Place:
    mark = _MARK.match(line)
    assert mark is not None
    kind = mark["sign"] or mark["open"] + ("1" if mark["label"].isdigit() else "A" if mark["label"].isupper() else "a") + mark["close"]
    return _Place(_indent(line), kind)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _hangs(line: str, following: str) -> bool:
    """Whether a line goes on below the first words of a bullet."""
    mark = _MARK.match(line)
    return mark is not None and not _MARK.match(following) and _indent(following) == mark.end()


def _heads(before: str, line: str, *, begun: bool) -> bool:
    """Whether a line heads a section: no sentence speaks of it, and it does not end the heading that the line before it begins.

    Arguments:
        before: the line before.
        line: the line.
        begun: whether something that the line before goes on with stands before that.
    """
    words = line.strip()
    opened = heading_section(words)
    if opened is None or not opened[1] or before.count("(") > before.count(")") or not (words[0].isupper() or words.endswith(COLONS)):
        return False
    whole = heading_section(f"{before.strip()} {words}")
    return begun or whole is None or not whole[1]
