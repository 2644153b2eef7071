"""Enumerations inside a line: "1. … 2. …", "a) … b) …", "• … • …", "7. … 8. …" behind the mark of the line, "8.1 … 8.2 …" below it."""

from __future__ import annotations

import re
from itertools import pairwise

from kg.criteria.words.first_letters import quick
from kg.criteria.words.normal import IN_BRACKETS

_ENUMERATOR = quick(r"(?<![^\s;,.:])\(?(\d{1,2}|[a-zA-H]|[ivx]{1,6})[.)]\s*(?=[\w\u2265\u2264>=<(])(?!\d)")
_ABBREVIATED = re.compile(r"(?:\b(?:part|cohort|arm|phase|stage|grade|group|hepatitis|vitamin|type|class|e\.g|i)\s*|[.])$", re.IGNORECASE)
_ENDS_PART = re.compile(r"[.;)]\s*$")
_RUNS_ON = re.compile(
    r"(?:\b(?!(?:and|than|days?|cycles?|weeks?|score|visit|version|level|age|dose|from|with|about|least|until|through)\b)[a-z]{3,}|\bm2|[%)])\s+$"
)
"""Before a mark of two digits: words that no number belongs to, of a sentence that has lost its full stop."""
_MOST_BY_CHANCE = 2
"""More marks that count on, each before a capital, need no full stop before them."""
LABEL = r"(?:I|E|IN|EX|IC|EC|INC|EXC|INCL|EXCL)-?"
"""What numbers of inclusion and exclusion criteria can begin with: "I-4.", "E12."."""
_LABELLED = quick(rf"(?<![^\s;,.:])(?P<label>{LABEL})(?P<number>\d{{1,2}})[.:)]\s+(?=\S)")
_SECOND_LEVEL = quick(r"(?<![^\s;,.:])(\d{1,2}[.-]\d{1,2})[.)]?(?:\s+|(?=[A-Z]))")
_BULLET = re.compile(r"(?<=\s)[\u2022\u00b7\u2219\u25cf]\s+(?=\S)")
_BULLETS = "\u2022\u00b7\u2219\u25cf"
"""The marks that `_BULLET` finds. One alone may be a sign that was lost: "LVEF \u2022 40 %"."""
_WORDS = r"(?:[^.;:()\u2265\u2264<>]|\((?:[^()]|\([^()]*\))*\))"
_ROW = rf"(?=[A-Z][a-z]{{2,}}{_WORDS}{{0,80}}?\s?:\s?(?:at least|within|[\u2265\u2264<>])\s?=?\s?\d)"
"""A therapy with its time, and the words up to the next: "Antibodies (such as X) : \u2265 4 weeks"."""
_ROW_END = re.compile(
    r"\d\s*(?:days?|weeks?|months?|half[- ]?li(?:fe|ves))\b"
    rf"{_WORDS}{{0,60}}?(?<!\bfor)(?<!\bor)(?<!\band)(?<!\bof)(?<!\bwith)(?<!\bif)\s+{_ROW}"
)
"""Where a row ends that the next one follows without a mark: "Chemotherapy: \u2265 3 weeks Antibodies: \u2265 4 weeks"."""
_ROWS_OPEN = re.compile(rf"[^:]{{8,}}:(?=\s+{_ROW})")
_LEAST_ROWS = 3
LEAST_SEMICOLONS = 2
"""Fewer may be those of one criterion."""
_SERIES = (
    tuple(str(n) for n in range(1, 100)),
    tuple("abcdefghijklmnopqrstuvwxyz"),
    tuple("ABCDEFGH"),
    tuple(tens + ones for tens in ("", "x", "xx") for ones in ("", *"i ii iii iv v vi vii viii ix".split()) if tens or ones),
)
OPENS_LIST = (
    r"\b(?:following|except(?: for)?|excluding|through|until|defined\s+as|as\s+follows|i\.e|if|provided(?:\s+that)?)\W*$"
    r"|\b(?:(?:the|of)\s+following\b|following\s+(?:\w+\s+)?(?:drugs|medications|medicines|treatments|therapies|agents|criteria|conditions)\b)[^.;]*$"
)
"""How words end that open a list without a colon: "… which is defined as 1) … 2) …", "… the following drugs within 4 weeks 1) … 2) …"."""
_LEAST_RUN_IN = 2
_AMOUNT = re.compile(r"\b(?:\d+|two|three|four|six)[\s-]*(?:days?|weeks?|months?|half)\b", re.IGNORECASE)
MEMBER = (
    r"(?:(?!\b(?:is|are|was|were|be|been|has|have|had|must|may|should|can|will|no|not|who|within|since|unless|except)\b)[^;:.\d]){2,80}"
)
"""A member of a list that tells no more than what it is: no verb, no time."""
_MEMBER = re.compile(rf"{MEMBER}[;,]?\s*(?:(?:and/or|or|and)\s*)?", re.IGNORECASE)
_BEFORE_LAST = re.compile(r"\b(?:or|and)\s*$", re.IGNORECASE)
LONGEST_WORD = 24
"""No abbreviation is longer than this many characters."""


def enumerated(text: str, start: int, end: int, mark: str) -> list[tuple[int, int]]:
    """Parts of an inline enumeration "1. … 2. …", "a) … b) …", "i. … ii. …", in order; the lead-in, if any, comes first.

    Two parts or more, or one that goes on from the mark of the line: "7. … 8. …". Rows of therapies and their times are parts, too.
    """
    bullets = max(text.count(bullet, start, end) for bullet in _BULLETS)
    if bullets < 2 and (rows := _rows(text, start, end)):
        return rows
    if bullets < 2 and text.count(")", start, end) + text.count(".", start, end) < 2:
        return []
    marks = list(_ENUMERATOR.finditer(text, start, end))
    cuts = _counted_up(text, start, marks)
    if _runs_in(text, start, end, cuts):
        return []
    if marks and not cuts:
        cuts = _counted_on(text, start, marks, mark)
    cuts = cuts or _numbered_below(text, start, end, mark) or _labelled(text, start, end, mark)
    if bullets > 1 and not cuts:
        cuts = [m.span() for m in _BULLET.finditer(text, start, end)]
    if not cuts:
        return []
    parts = [(start, cuts[0][0])] if text[start : cuts[0][0]].strip(" :-") else []
    for number, (_, body) in enumerate(cuts):
        parts.append((body, cuts[number + 1][0] if number + 1 < len(cuts) else end))
    return parts


def parted_by_semicolons(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The members of a list that is all there is of a section, and has semicolons for marks; none of any other.

    >>> text = "prior taxanes; HIV (type 1; type 2); pregnancy; age below 18"
    >>> [text[a:b].strip() for a, b in parted_by_semicolons(text, 0, len(text))]
    ['prior taxanes;', 'HIV (type 1; type 2);', 'pregnancy;', 'age below 18']
    """
    if text.count(";", start, end) < LEAST_SEMICOLONS:
        return []
    masked = IN_BRACKETS.sub(lambda m: " " * len(m.group()), text[start:end])
    cuts = [start, *(start + m.end() for m in re.finditer(";", masked)), end]
    bodies = [text[a:b] for a, b in pairwise(cuts)]
    shared = _AMOUNT.search(bodies[-1]) and all(map(_MEMBER.fullmatch, bodies[:-1])) and not bodies[0][:1].isupper()
    return [] if len(cuts) <= LEAST_SEMICOLONS or shared else list(pairwise(cuts))


def marks_run_in(text: str) -> list[tuple[int, int]]:
    """The marks of a list that runs in its sentence, since its members share a time.

    >>> text = "At least 4 weeks since (a) chemotherapy, (b) radiotherapy or (c) antibodies"
    >>> [text[slice(*mark)] for mark in marks_run_in(text)]
    ['(a) ', '(b) ', '(c) ']
    """
    if text.count(")") < _LEAST_RUN_IN:
        return []
    cuts = _counted_up(text, 0, list(_ENUMERATOR.finditer(text)))
    return cuts if _runs_in(text, 0, len(text), cuts) else []


def _runs_in(text: str, start: int, end: int, cuts: list[tuple[int, int]]) -> bool:
    """Whether a time stands before the marks in their sentence, or behind the last, that all members share, which tell no more.

    "Must have elapsed since (a) chemotherapy or (b) radiotherapy", "any of the following: (a) chemotherapy, or (b) X within 4 weeks".
    """
    lead = text[start : cuts[0][0]].rstrip() if len(cuts) > 1 and ")" in text[slice(*cuts[0])] else ""
    if not lead[-1:].isalpha() and not lead.endswith(":"):
        return False
    bodies = [text[body:until] for (_, body), (until, _) in pairwise(cuts)]
    if not all(map(_MEMBER.fullmatch, bodies)) or not _BEFORE_LAST.search(bodies[-1]):
        return False
    if _AMOUNT.search(lead):
        return not lead.endswith(":") and re.search(OPENS_LIST, lead, re.IGNORECASE) is None
    return _AMOUNT.search(text, cuts[-1][1], end) is not None


def _counted_up(text: str, start: int, marks: list[re.Match[str]]) -> list[tuple[int, int]]:
    """The marks of the series that begins first."""
    cuts: list[tuple[int, int]] = []
    for series in _SERIES if len(marks) > 1 else ():
        found = _in_order(text, start, marks, series)
        if len(found) >= 2 and (not cuts or found[0][0] < cuts[0][0]):
            cuts = found
    return cuts


def _rows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The rows of a list of therapies and their times that lost its line breaks, behind what opens it."""
    if text.count(":", start, end) < _LEAST_ROWS:
        return []
    cuts = [m.end() for m in _ROW_END.finditer(text, start, end)]
    if len(cuts) + 1 < _LEAST_ROWS:
        return []
    opens = _ROWS_OPEN.match(text, start, cuts[0])
    return list(pairwise([start, *([opens.end()] if opens else []), *cuts, end]))


def _counted_on(text: str, start: int, marks: list[re.Match[str]], mark: str) -> list[tuple[int, int]]:
    """The marks behind the end of a sentence that count on from the mark of the line, written like it: 8, 9, 10 after "7.".

    The full stop of that sentence may be lacking: "… is permitted 12. Subjects who have …" after "11.".
    """
    number = mark.replace("\\", "")[:-1]
    if not number.isdigit() or not mark.endswith("."):
        return []
    alike = [
        m
        for m in marks
        if m.group().startswith(f"{m[1]}.")
        and (
            _ENDS_PART.search(text, start, m.start())
            or (len(m[1]) > 1 and text[m.end()].isupper() and _RUNS_ON.search(text, start, m.start()))
        )
    ]
    found = _in_order(text, start, alike, _SERIES[0][int(number) :])
    if found:
        return found
    capitals = [m for m in marks if m.group().startswith(f"{m[1]}.") and text[m.end()].isupper()]
    found = _in_order(text, start, capitals, _SERIES[0][int(number) :])
    return found if len(found) > _MOST_BY_CHANCE else []


def _labelled(text: str, start: int, end: int, mark: str) -> list[tuple[int, int]]:
    """The marks that count up with a letter for the section: "E-9. … E-10. …", or from that of the line: "E-10." behind "E-9."."""
    marks = list(_LABELLED.finditer(text, start, end))
    before = _LABELLED.match(f"{mark} .")
    if len(marks) + (before is not None) < 2:
        return []
    label, first = (before["label"], int(before["number"]) + 1) if before else (marks[0]["label"], int(marks[0]["number"]))
    found: list[tuple[int, int]] = []
    for match in marks:
        if match["label"] == label and int(match["number"]) == first + len(found):
            found.append(match.span())
    return found if before or len(found) > 1 else []


def _numbered_below(text: str, start: int, end: int, mark: str) -> list[tuple[int, int]]:
    """The marks of the second level below the mark of the line: 8.1, 8.2, 8.3 after "8."."""
    number = mark.replace("\\", "").rstrip(".)")
    if not number.isdigit():
        return []
    marks = list(_SECOND_LEVEL.finditer(text, start, end))
    if len(marks) < 2:
        return []
    found = _in_order(text, start, marks, tuple(f"{number}.{n}" for n in _SERIES[0]))
    found = found or _in_order(text, start, marks, tuple(f"{number}-{n}" for n in _SERIES[0]))
    return found if len(found) > 1 else []


def _in_order(text: str, start: int, marks: list[re.Match[str]], series: tuple[str, ...]) -> list[tuple[int, int]]:
    """The marks that count up a series from its first, as (start, end)."""
    found: list[tuple[int, int]] = []
    for match in marks:
        unit = text[match.end() : match.end() + 6].lower()
        if (
            len(found) < len(series)
            and match[1] == series[len(found)]
            and not unit.startswith(("day", "week", "month", "year", "mg"))
            and not _ABBREVIATED.search(text, max(start, match.start() - LONGEST_WORD), match.start())
        ):
            found.append((match.start(), match.end()))
    return found
