"""The lines of a text, cut also where a section opens in the midst of one: "… ECOG 0-1. Patients with any of these are excluded: 1) …"."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.criteria.layout.enumerations import LABEL, LEAST_SEMICOLONS
from kg.criteria.layout.heading_scope import qualifies
from kg.criteria.layout.headings import COLONS, breaks_off, heading_section
from kg.criteria.layout.registers import items, paragraph_end
from kg.criteria.layout.verdicts import verdict, words_that_say_who
from kg.criteria.layout.wrapping import ROUND_SIGNS, SIGNS
from kg.criteria.words.first_letters import quick
from kg.criteria.words.patterns import pattern
from kg.records import Section

BULLET = re.compile(
    rf"(?P<mark>[{SIGNS}](?=\s)|[{ROUND_SIGNS}]+(?=\w)"
    rf"|[\u2460-\u2473](?=\s?\S)|-(?=[A-Z])|{LABEL}\d{{1,2}}[.:)](?=\s)"
    r"|\(?(?:\d{1,3}(?:\.\d{1,2})*|[a-zA-Z]|[ivxIVX]{1,5})\\?[.)](?=\s)|\(?\d{1,2}[.)](?=[A-Za-z])|\d{1,2}(?:\.\d{1,2}){1,3}(?=\s)|\\[-*+.](?=\s))\s*"
)
_INLINE_HEADING = re.compile(
    r"(?<=\s)((?:Key |Main )?(?:Inclusion|Exclusion|INCLUSION|EXCLUSION)\s+(?:Criteria|CRITERIA)\s*[:\uff1a]?)(?=\s|$)"
)
_COUNTED = re.compile(
    r"^[ \t]*(?:#|[Nn]o\.?[ ]?|[\uff08\[])?(\d{1,2})(?:[ ]?(?:[-\u2013:/]|\.[-)]?)[ \t]+|[\u3001\uff0e\uff09\]][ \t]*|[ \t]+)"
    r"(?=(?!(?:or|and|to|hours?|days?|weeks?|months?|years?|cycles?|lines?|doses?|mg)\b)[A-Za-z\u2265\u2264<>])",
    re.MULTILINE,
)
"""A number at the front of a line, without the sign that would make it a mark."""
_LEAST_COUNTED = 3
_REFERS = pattern("layout: refers to")
"""Before "Inclusion Criteria", words of a sentence that speaks of them: "See Inclusion Criteria for details."."""
LONGEST_REFERENCE = 12
"""They and the blanks behind them are no longer than this."""
_LINE = re.compile(r"[^\n\r\u2028\u2029\u0085\v\f]+|\n\s*\n")
"""A line, or the empty ones between two."""
_FIRST = quick(r"(?<!\S)(\(?)(1|a|A|i|I)([.)])(?=\s?\S)")
"""The first mark of a list."""
_SECOND = {"1": "2", "a": "b", "A": "B", "i": "ii", "I": "II"}
_OPENS_ONE = re.compile(r"[:\uff1a?]|\s[-\u2013\u2014](?=\s)|(?<!\S)(?=\(?(?:1|a|A|i|I)[.)]\s?\S)")
_SAYS_WHO = re.compile(r"riteri|clu[ds]|ligib|nrol|enter|articip|must|should|can|may|who|qualif", re.IGNORECASE)
"""Found in every heading of such a list: looking for this is quicker."""
_OPENERS = (":", "\uff1a", "clusion", "CLUSION", " if ", "?")
"""One of these is in every line that has one: looking for these is quicker still."""
_IN_A_WORD = quick(r"(?:^|(?<=\n)|(?<=[.;] ))[ \t]*((?:in|ex|IN|EX|In|Ex)(?:clusion|CLUSION))\s?:[ \t]*(?=[^\s:])")
"""A section in one line, headed by a word."""
_SENTENCE = re.compile(r"[.;]\s+")
_LONGEST = 200


class Lines(NamedTuple):
    """The lines of a text as (start, end), and of those that it does not break itself what they are."""

    spans: list[tuple[int, int]]
    heads: dict[int, tuple[Section, bool]]
    """Where the headings of lists in one line start: their section, and whether they name criteria by themselves."""
    lists: set[int]
    """Where those lists start."""


class _Head(NamedTuple):
    """The heading of a list in one line."""

    start: int
    end: int
    opened: tuple[Section, bool]


def lines_of(text: str) -> Lines:
    """The lines of a text, cut also before a section heading that stands in the middle of a line, and behind it.

    >>> text = "Patients with any of the following are not eligible: (1) prior taxanes; (2) HIV"
    >>> [text[a:b] for a, b in lines_of(text).spans]
    ['Patients with any of the following are not eligible:', ' (1) prior taxanes; (2) HIV']
    """
    found = Lines([], {}, set())
    in_a_word = len({m[1].lower() for m in _IN_A_WORD.finditer(text)}) > 1
    done = 0
    for match in _LINE.finditer(text):
        if match.start() < done:
            continue
        if match.group().isspace():
            found.spans.append((match.start(), match.start()))
            continue
        line = match.group()
        start, end = match.span()
        if "riteria" in line or "RITERIA" in line:
            start = _named(text, start, end, found.spans)
        done = end
        if ":" in line:
            done = paragraph_end(text, start, end)
            if listed := items(text, start, done):
                # What lies between two items of a list in one line ends the first like an empty line.
                found.spans.extend(span for item in listed for span in (item, (item[1], item[1])))
                continue
        if any(map(line.__contains__, _OPENERS)):
            start = _told(text, start, end, found, in_a_word=in_a_word)
        found.spans.append((start, end))
    return found


def counted(text: str) -> dict[int, tuple[str, int]]:
    r"""The lines whose numbers count up from one, and so are marks, whatever stands behind them: where each starts → (mark, where its words do).

    >>> counted("1 Prior taxanes\n2 HIV\n3 Two lines\n2 lines or more")
    {0: ('1.', 2), 16: ('2.', 18), 22: ('3.', 24)}
    """  # noqa: E501
    found: dict[int, tuple[str, int]] = {}
    run: list[re.Match[str]] = []
    for match in [*_COUNTED.finditer(text), None]:
        number = int(match[1]) if match else 0
        if number != len(run) + 1:
            if len(run) >= _LEAST_COUNTED:
                found |= {_begin(text, *m.span()): (f"{m[1]}.", m.end()) for m in run}
            run = []
        if match and number == len(run) + 1:
            run.append(match)
    return found


def refers(before: str) -> bool:
    """Whether the words before "Inclusion Criteria" speak of them: "for details see"."""
    return _REFERS.search(before.lower()) is not None


def _named(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> int:
    """Cut a line where it names its criteria, "… Exclusion Criteria: …", into spans; the start of the last one."""
    line = text[start:end]
    for inline in _INLINE_HEADING.finditer(line):
        at, tail = (end - len(line) + place for place in inline.span(1))
        if text[start:at].strip(" *-\t") and not refers(text[max(start, at - LONGEST_REFERENCE) : at]) and not qualifies(text[start:at]):
            spans.append((start, at))
            start = at
        if inline.group(1).endswith(COLONS) and text[tail:end].strip():
            spans.append((start, tail))
            start = tail
    return start


def _told(text: str, start: int, end: int, found: Lines, *, in_a_word: bool) -> int:
    """Cut a line where words that say who is taken or excluded head a list in it; the start of what is left.

    Arguments:
        text: the text.
        start: where the line begins.
        end: where it ends.
        found: the lines so far, added to.
        in_a_word: whether the sections of the text are headed by a word each, behind which any words are a list.
    """
    if not (in_a_word or _holds_list(text, start, end)):
        return start
    begin = _begin(text, start, end)
    bullet = BULLET.match(text, begin, end)
    first = bullet.end() if bullet else begin
    heads: list[_Head] = []
    for match in _OPENS_ONE.finditer(text, first, end):
        if head := _head(text, heads[-1].end if heads else first, match):
            heads.append(head)
    if not heads and text.count(";", first, end) >= LEAST_SEMICOLONS and (torn := _torn(text, first, end)):
        heads = [torn]
    if bullet:  # a bullet that asks for something is read with its list
        heads = [head._replace(start=begin) for head in heads[:1] if head.start == first and head.opened == (Section.EXCLUSION, False)]
    for head, until in zip(heads, [*(h.start for h in heads[1:]), end], strict=False):
        if not (_holds_list(text, head.end, until) or (in_a_word and head.opened[1] and text[head.end : until].strip())):
            continue
        if text[start : head.start].strip():
            found.spans.append((start, head.start))
            start = head.start
        found.spans.append((start, head.end))
        found.heads[_begin(text, start, end)] = head.opened
        start = head.end
        found.lists.add(_begin(text, start, end))
    return start


def _begin(text: str, start: int, end: int) -> int:
    """Where the words of text[start:end] begin."""
    return end - len(text[start:end].lstrip())


def _torn(text: str, start: int, end: int) -> _Head | None:
    """The heading that goes over into the first member of its list: "Patients are excluded if they | have HIV; are on warfarin; …"."""
    at = words_that_say_who(text, start, end)
    said = verdict(text[start:at]) if at > start and breaks_off(text[start:at]) else None
    return _Head(start, at, (said, False)) if said else None


def _holds_list(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a line is a list: it has marks that count, or its members are parted by semicolons."""
    first = _FIRST.search(text, start, end)
    if first and f"{first[1]}{_SECOND[first[2]]}{first[3]}" in text[first.end() : end]:
        return True
    return text.count(";", start, end) >= LEAST_SEMICOLONS


def _head(text: str, start: int, opens: re.Match[str]) -> _Head | None:
    """The heading in text[start:] that ends where a list opens: the sentence before it, or the last two: "… if all apply. You:"."""
    start = max(start, opens.start() - _LONGEST)
    if not _SAYS_WHO.search(text, start, opens.start()):
        return None
    starts = [start, *(m.end() for m in _SENTENCE.finditer(text, start, opens.start()))]
    for at in starts[-2:]:
        words = text[at : opens.start()].strip()
        opened = heading_section(f"{words}:") if words else None
        if opened and (opened[1] or verdict(words)):
            return _Head(at, opens.end(), opened)
    return None
