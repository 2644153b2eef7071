"""Amounts of time that stand with their therapies, as in the rows of a list: "chemotherapy (21 days), antibodies: 28 days"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kg.criteria.clauses.clause import GENERIC, ClauseReading
from kg.criteria.clauses.reading import Part
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.criteria.words.units_left_out import RESPECTIVELY
from kg.records import Mention, Section, Window

UNSTATED = pattern("timing: unstated")
INTERVAL = pattern("timing: interval")
ROW_GAP = pattern("timing: row gap")
_ROW_FOR = pattern("timing: row for")
"""Between a time and the therapy that it is of: "4 weeks for antibodies, 3 weeks (chemotherapy)"."""
_OTHERS = re.compile(r"\bother\s+(?:agents?|drugs?|therap(?:y|ies)|treatments?)\b")
_NEXT_OF_LIST = re.compile(r"[,/;]|\b(?:and|or)\b")
_NEXT_TIME = re.compile(
    r"(?:[\s,/;]|\b(?:and|or|at least|within|in|less than|fewer than|more than|a minimum of)\b|[<>\u2264\u2265]=?|\(?\b[a-z\d]{1,3}\))*"
)
"""Between the times of a list: "within a) 3 weeks, b) 4 weeks or c) 2 weeks", "\u2265 4 weeks and \u2265 2 weeks"."""
_COUNTED_TO = re.compile(r"[^:;.()]{0,60}\b(?:before|prior to|preceding)\s[^:;.()]{3,60}:\s")
"""A label that says what the times behind it are counted to: "prior treatment before the first dose: chemotherapy (4 weeks), …"."""
_WITHIN = re.compile(
    r"\s+(?:(?:therap(?:y|ies)|treatments?|agents?|drugs?)\s+)?(?:within|[>\u2265]=?|at\s+least)\s*(?:the\s+(?:last|past|previous)\s+)?"
)
"""Between a therapy and its own time."""
_RECOVERED_FROM = pattern("rows: recovered from")
"""A label before times for which patients are to wait until they have recovered: "recovered from prior therapy: 3 weeks for antibodies"."""
_OF_A_ROW = re.compile(
    r"(?:[\s,:/().;=-]|(?:or|and|other|any|all|prior|previous|therap(?:y|ies)|treatments?|agents?|drugs?|in|within|less than|[<\u2264]=?)"
    r"(?!\w))*"
)
"""What a row may hold besides a therapy and its time."""
_LEAST = ("at least", "more than")
_TO_WAIT = re.compile(
    r"(?:[\s,:/()-]|(?:or|and|other|any|all|prior|previous|last|therap(?:y|ies)|treatments?|agents?|drugs?|held|paused|must be|at least"
    r"|more than|minimum(?: of)?)(?!\w))*"
)
"""What a therapy may stand with before its time, where the time is how long it must be over: "other antibodies, at least 28 days"."""
_IS_OVER = re.compile(
    r"(?:at least|more than)[^;.]*?\b(?:before|prior|since|from last|elapsed|ago)\b|\blast\b[^;.]*?(?:at least|more than)"
)
_GOES_ON = pattern("rows: goes on")
"""Labels before a time that tell how long something is to be had: "stable dose of X: at least 4 weeks"."""


def rows_of(part: Part, lower: str) -> list[Span[Window]]:
    """The amounts of a part that stand right behind a therapy, as in the rows of a list, or several of them before theirs.

    Arguments:
        part: the part.
        lower: the lower-case normal form.
    """
    ends, starts = [m.end for m in part.therapies], [m.start for m in part.therapies]
    if ends:  # "cytotoxics 21 days, antibodies 28 days, other agents 14 days"
        ends += [m.end() for m in _OTHERS.finditer(lower, ends[0], part.end)]
    rows = [w for w in part.windows if any(ROW_GAP.fullmatch(lower, end, w.start) for end in ends if end <= w.start)]
    before = [w for w in part.windows if any(_ROW_FOR.fullmatch(lower, w.end, start) for start in starts if start >= w.end)]
    rows += before if len(before) > 1 else [w for w, _ in respective(part, lower)]
    return sorted({w.start: w for w in rows}.values(), key=lambda w: w.start)


def is_to_wait(clause: ClauseReading, row: Span[Window], *, least: bool) -> bool:
    """Whether a clause is a therapy and the least time that it must be over: "Antibodies: at least 28 days" among what is asked for.

    Arguments:
        clause: the clause.
        row: the first of its times.
        least: whether it is told to be the least; among others that are to be over it need not be.
    """
    # No therapy is asked for in half-lives; and beside the harm that has to be over, its time has, too.
    least = least or row.value.half_lives is not None or clause.part.has("toxicity")
    if not least and not any(
        p is not clause.part and p.windows and _IS_OVER.search(clause.lower, p.start, p.end) for p in clause.reading.parts
    ):
        return False
    named = [m for m in clause.part.therapies if m.end <= row.start]
    if not named or not clause.context.may_treat_cancer or clause.find(_GOES_ON):
        return False
    front = clause.lower[clause.part.start : row.start]
    if front.count(": ") == 1 and front.partition(": ")[2].strip(" =") in ("", "must be", *_LEAST):
        return True
    words, at = "", clause.part.start
    for mention in named:
        words, at = words + clause.lower[at : mention.start], max(at, mention.end)
    return _TO_WAIT.fullmatch(words + clause.lower[at : row.start]) is not None


def respective(part: Part, lower: str) -> list[tuple[Span[Window], tuple[Mention, ...]]]:
    """The times of a list, each with what stands in its place in a list of therapies: "A, B and C within 3, 4 and 2 weeks, respectively".

    The therapies may stand behind the times: "4 weeks and 2 weeks since A and B, respectively", "within 3/4/2 weeks of A/B/C".

    Arguments:
        part: the part.
        lower: the lower-case normal form.
    """
    if len(part.windows) < 2:
        return []
    told = lower.find(RESPECTIVELY, part.start, part.end)
    times = [w for w in part.windows if w.end <= told]
    while any(not _NEXT_TIME.fullmatch(lower, one.end, other.start) for one, other in pairwise(times)):
        times = times[1:]
    if len(times) < 2:
        times, told = _of_one_unit(part, lower), part.end
    if len(times) < 2:
        return []
    behind = _items([m for m in part.therapies if times[-1].end <= m.start < told], lower)
    if told == part.end and len(behind) != len(times):
        behind = []
    items = behind or _items([m for m in part.therapies if m.end <= times[0].start], lower)
    if len(items) < len(times) or (behind and len(items) > len(times)):
        return []
    return [(time, tuple(item)) for time, item in zip(times, items[-len(times) :], strict=True)]


def _of_one_unit(part: Part, lower: str) -> list[Span[Window]]:
    """The times of a list that tell their unit with the last alone: "within 3/4/2 weeks"."""
    times: list[Span[Window]] = []
    for window in part.windows:
        if times and not (times[-1].value.text.isdigit() and _NEXT_TIME.fullmatch(lower, times[-1].end, window.start)):
            break
        if times or window.value.text.isdigit():
            times.append(window)
    return times


def _items(therapies: Sequence[Mention], lower: str) -> list[list[Mention]]:
    """Therapies by the items of their list: "TKI targeted therapy" is one."""
    items: list[list[Mention]] = []
    for mention in therapies:
        if items and not _NEXT_OF_LIST.search(lower, items[-1][-1].end, mention.start):
            items[-1].append(mention)
        else:
            items.append([mention])
    return items


def of_all_rows(clause: ClauseReading, part: Part, usable: list[Span[Window]], rows: list[Span[Window]]) -> list[Span[Window]]:
    """Of several rows, where one looks back from enrolment all do: "A (21 days), B (28 days) or C (14 days) before day 1".

    An exclusion needs no words that look back: "A (21 days), B [28 days]", "A: 3 weeks".

    Arguments:
        clause: the clause.
        part: the clause itself, or the one above it.
        usable: those of its amounts that look back.
        rows: those that stand as in rows.
    """
    told = next(iter(usable), None)
    if told is not None and len(rows) > 1 and not told.value.within and clause.context.section is not Section.EXCLUSION:
        # "At least 21 days for chemotherapy or 14 days for TKIs before day 1": both are shortest times
        usable = [replace(w, value=replace(w.value, within=False)) if w.start in {r.start for r in rows} else w for w in usable]
    beside = told is not None and (len(rows) > 1 or any(_in_brackets(clause, w) for w in rows))
    if not beside and (told is not None or not _look_back(clause, part, rows)):
        return usable
    excluding = clause.context.section is Section.EXCLUSION
    within = told.value.within if told is not None else (excluding or not _allowed(clause, rows)) and clause.find(INTERVAL) is None
    anchor = told.value.anchor if told is not None else ""
    known = {span.start for span in usable}
    more = [Span(w.start, w.end, replace(w.value, within=within, anchor=anchor)) for w in rows if w.start not in known]
    return sorted([*usable, *more], key=lambda span: span.start)


def _in_brackets(clause: ClauseReading, row: Span[Window]) -> bool:
    """Whether brackets hold a therapy with its time: "ended 2 weeks before (antibodies: 4 weeks)"."""
    paren = clause.reading.paren_of(row.start)
    return paren is not None and any(paren[0] < m.start < row.start for m in clause.part.therapies)


def _look_back(clause: ClauseReading, part: Part, rows: list[Span[Window]]) -> bool:
    """Whether rows are of how long ago therapies were, though no words beside an amount say so."""
    excluding = part is clause.part and clause.context.section is Section.EXCLUSION
    if len(rows) < 2:
        return excluding and _is_all(part, clause.lower, rows)
    counted = _COUNTED_TO.match(clause.lower, part.start, part.end) is not None
    return excluding or counted or clause.find(UNSTATED) is not None or (part is clause.part and _allowed(clause, rows))


def _allowed(clause: ClauseReading, rows: list[Span[Window]]) -> bool:
    """Whether what is permitted has to be so long ago: "prior chemotherapy (\u2265 21 days), antibodies (\u2265 28 days) permitted"."""
    if clause.context.section is Section.EXCLUSION:
        return False
    if clause.part.has("toxicity") and _RECOVERED_FROM.match(clause.lower, clause.part.start, rows[0].start):
        return True
    return clause.part.has("permit") and all(clause.before(w.start, 12).rstrip("= ").endswith(_LEAST) for w in rows)


def _is_all(part: Part, lower: str, rows: list[Span[Window]]) -> bool:
    """Whether a clause is a therapy with its time, and nothing else: "other targeted agents: 2 weeks"."""
    if len(rows) != 1 or len(part.windows) != 1:
        return False
    words, at = "", part.start
    for start, end in sorted([*((m.start, m.end) for m in part.therapies), (rows[0].start, rows[0].end)]):
        words, at = words + lower[at:start] + " ", max(at, end)
    return _OF_A_ROW.fullmatch(words + lower[at : part.end]) is not None


def tells_what_for(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether a time is of the therapy before it, and "for" behind tells its purpose: "X within 14 days for anticancer treatment"."""
    named = [m for m in clause.part.therapies if m.start >= span.end]
    if not named or named[0].key not in GENERIC:
        return False
    return any(_WITHIN.fullmatch(clause.lower, m.end, span.start) for m in clause.part.therapies if m.end <= span.start)
