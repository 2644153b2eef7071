"""Which amounts of time are windows: those that look back from enrolment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import Part
from kg.criteria.times.durations import (
    at_most_so_long,
    free_of_recurrence,
    had_for,
    how_long_given,
    in_a_longer_time,
    of_an_event,
    of_use,
)
from kg.criteria.times.rows import INTERVAL, UNSTATED, is_to_wait, of_all_rows, rows_of
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.criteria.words.time_windows import ASIDE
from kg.records import Section, Window

_AGE = re.compile(r"\s*(?:of age|old|or older|and older)\b|[\s)]*(?:serum |plasma |elimination |terminal )?half[- ]?li(?:fe|ves)\b")
"""Behind an amount of time: it is a person's age, or a drug's half-life."""
_HALF_LIFE_OF = re.compile(
    r"\bhalf[- ]?li(?:fe|ves)\s+(?:(?:is|are|of|exceeds?|exceeding|longer|shorter|greater|more|less|over|under|above|below|than|up|to)\s+)*"
    r"(?:[<>\u2264\u2265]=?\s*)?$"
)
"""Before an amount of time: it is how long a drug's half-life is."""
TIMES_BELOW = pattern("timing: times below")
"""How a bullet ends that leaves the times of therapies to those below it, whatever it excepts before."""
_TO_RECURRENCE = pattern("timing: to recurrence")
_AND_ANOTHER = pattern("timing: and another")
_WITHIN = pattern("timing: within")
_WITHIN_WORD = pattern("timing: within word")
_LAST = pattern("timing: last")
_AT_LEAST = pattern("timing: at least")
_SINCE_AFTER = pattern("timing: since after")
_BEFORE_AFTER = pattern("timing: before after")
_FOR_SOME = re.compile(
    r"[\s,]*(?:(?:suffices?|(?:is|are)\s+(?:sufficient|enough|required|needed))\s+)?(?:for|if|in case|in the case|when|with)\b"
)
IN_CASE_OF = re.compile(
    r"(?:\b(?:in (?:the )?(?:case|event) of|(?:and|or|but|whereby|whereas|however),?\s+for)|;\s*for)\s+"
    r"(?:[^;:.()\d]{3,80}[,:]|[^;:.(),\d]{3,60}\b(?:at least|more than)"
    r"|(?:(?!\b(?:than|within|past|last|during|since|up|over|least)\b)[^;:.(),\d]){3,60}\s)"
    r"\s*(?:(?:at least|more than)\s+)?$"
)
"""Before a time that is of some only: "4 weeks, and in case of nitrosoureas, 6 weeks"."""
_OR_LONGER = re.compile(r"\s*(?:or|and)\s+(?:more|longer|greater)\b")
_ROW_BEFORE = pattern("timing: row before")
_ROW_AFTER = pattern("timing: row after")
_AS_LATE = re.compile(r"\b(?:up to|as late as|as recently as)\s+$")
"""Before the latest time of what is permitted: "may have had X up to 3 weeks before day 1"."""
_COMPLETED = re.compile(r"\b(?:completed|finished|ended|concluded):\s+(?:(?:at least|more than)\s+)?$")
_ENDED = pattern("timing: ended")
_ENDED_ABOVE = pattern("timing: ended above")
_IF_OVER = pattern("timing: if over")
_FOR_ANY = re.compile(r"\bfor any (?:cause|reason|diagnosis|indication)(?:\s*(?:/|or)\s*(?:cause|reason|diagnosis|indication))?\b")
_LENGTH = re.compile(r"[\s-]+(?:length|duration)s?\b")
_OF_SOMETHING = re.compile(r"\s*of\s+(?!(?:that|the|its|their)\s+(?:previous|prior|last|therapy|treatment|regimen|drug|agent|respective))")
_DURING = re.compile(r"\b(?:during|throughout)\s+(?:the\s+)?(?:first\s+)?$")
_HOURS = re.compile(r"(?:\b|\d)h(?:(?:ou)?rs?)?\b")
_APART = pattern("timing: hours apart")
_OF_THE_DOSING = re.compile(
    r"\s*of\s+(?:(?:concurrent|concomitant|combined|study|active|planned|protocol)\s+)*(?:dosing|treatment|therapy|study|medication)\b"
)
_LASTED = re.compile(r"[\s-]+(?:in\s+)?duration\b")
_WASHED_OUT = re.compile(r"\bwash|\binterval|\bfree\b|\bpause|\bbreak")
_AND_NO_MORE = re.compile(
    r"\b(?:and|but)\s+(?:(?:(?:no|not)\s+(?:more|longer|later|greater)|less|fewer)\s+than|at most|[<\u2264]=?)\s*$|\bbut\s+within\s*$"
)
_JOINED = re.compile(r"(?:[,;]|\b(?:or|and))\s*$")
_WHICH_REQUIRE = re.compile(
    r"\b(?:(?:which|that)\s+(?:requires?|needs?)"
    r"|for\s+which\s+(?:it|this|the\s+(?:\w+\s+)?(?:period|interval|time|window|wash-?\s?out))\s+(?:is|must be))\s+"
    r"(?:(?:at least|an?|minimum|wash-?\s?out|period|of)\s+)*$"
)
HALF_LIVES_FOR = re.compile(r"half[- ]?li\w+\s+(?P<how>for|if|in|of)\s")
_FREE_INTERVAL = pattern("timing: free interval")
_THE_FOLLOWING = re.compile(r"\bfollowing (?:\w+ )?(?:drugs?|medications?|medicines?|treatments?|therapies|agents?)\b")
_NOT_HAD = pattern("timing: not had")
COLON = re.compile(r":\s")
_SINCE = re.compile(r"\b(?:since|after|from|post|following)\b")
_PRIOR = re.compile(r"\b(?:prior|before|preceding)\b")
_STARTS_FOR = re.compile(
    r"\bfor\s+(?:at least\s+|a minimum of\s+|up to\s+|no (?:more|longer) than\s+|a maximum of\s+|more than\s+|\u2265\s*|>=?\s*|over\s+)?$"
)
_FROM_THE_START = re.compile(
    r"\s*,?\s*(?:(?:starting|beginning|counted|counting|commencing)\s+)?(?:from|after|at|with|on|since)\s+(?:(?:the|their|day\s+\d+\s+of)\s+){0,2}"
    r"(?:start|commencement|initiation|beginning|onset|randomi[sz]ation|registration|enrol\w+|(?:study|trial)\s+(?:entry|start|enrol\w+))\b"
)
"""Behind a time that is to come: "will receive X for two years from the start of study treatment"."""
_THE_FIRST = re.compile(r"\b(?:within|in|during|for)\s+the\s+first\s*$")
_AFTERWARDS = re.compile(r"[\s)]*(?:\([^)]*\)\s*)?(?:after|following|post)\b")
_CONTRACEPTION = re.compile(r"contracep|agree|abstain|donat|breast|pregnan|use")
MOST_TO_AMOUNT = 160
"""How many characters before "at least 2 weeks" an interval may be spoken of."""
_FRONT = 160
"""A label ends at most this many characters from the start of its criterion."""
_OPENED = re.compile(r"\((?:approx\w*\.?|about|at least|i\.?e\.?,?)?\s*$")


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount of time, and the words around it up to the next one."""

    part: Part
    lower: str
    number: int
    """Its place among the amounts of the part."""
    span: Span[Window]
    before: str
    after: str

    @property
    def following(self) -> Sequence[Span[Window]]:
        """The amounts behind it."""
        return self.part.windows[self.number + 1 :]


@dataclass(frozen=True, slots=True)
class _Told:
    """How the words around an amount of time use it."""

    within: bool
    last: bool
    """As in "the last 3 weeks"."""
    least: bool
    """As in "at least 3 weeks"."""
    since: bool
    """As in "3 weeks since"."""
    prior: bool
    """As in "3 weeks before"."""
    stops: bool
    """Whether the part says that something ends."""
    bare: bool
    """Whether it says for how long, and nothing else."""
    without: bool
    """Whether that is how long something was not had."""


def usable_windows(clause: ClauseReading, part: Part, lower: str) -> list[Span[Window]]:
    """The clause's windows that look back from enrolment, marked within / at least."""
    if not part.windows:
        return []
    usable: list[Span[Window]] = []
    stops = part.has("stop") or "elapsed" in lower[part.start : part.end] or "wash" in lower[part.start : part.end]
    rows = rows_of(part, lower)
    lengths = [told for m in part.therapies if (told := had_for(clause, m))] if part is clause.part else []
    for number, span in enumerate(part.windows):
        if _AGE.match(lower, span.end) or _HALF_LIFE_OF.search(lower, max(part.start, span.start - 40), span.start):
            continue
        if not any(told.start <= span.start < told.end for told in lengths):
            window = _looking_back(clause, _amount(part, lower, number), stops, usable, rows)
            if window is not None:
                usable.append(Span(span.start, span.end, window))
    return of_all_rows(clause, part, usable, rows)


def _amount(part: Part, lower: str, number: int) -> _Amount:
    """An amount of time with the words that can tell what it is of."""
    span = part.windows[number]
    # In "2 weeks (6 weeks for X) prior to entry" the brackets hold a window of their own.
    aside = ASIDE.match(lower, span.end)
    behind = aside.end() if aside else span.end
    following = next((w.start for w in part.windows[number + 1 :] if w.start >= behind), part.end)
    begin = part.start
    if number and in_a_longer_time(lower, part.windows[number - 1], part.windows[number:]):
        begin = part.windows[number - 1].end  # "lasting over 1 week within 28 days"
    before, after = lower[max(begin, span.start - 60) : span.start], lower[span.end : min(following, span.end + 80)]
    return _Amount(part, lower, number, span, before, after)


def _looking_back(
    clause: ClauseReading, amount: _Amount, stops: bool, usable: list[Span[Window]], rows: list[Span[Window]]
) -> Window | None:
    """The window that an amount of time is; none where it tells the length of something, or what is to come.

    Arguments:
        clause: the clause.
        amount: the amount.
        stops: whether something ends.
        usable: the windows before it.
        rows: the amounts that stand as in the rows of a list.
    """
    value = amount.span.value
    if free_of_recurrence(amount.part, amount.lower, amount.span):
        return replace(value, within=False)
    if _is_of_an_event(clause, amount):
        return None
    if value.anchor:
        return value  # "from day -28 to day 0"
    if _tells_a_length(clause, amount):
        return None
    between = bool(amount.following) and _are_ends(amount.lower, amount.span, amount.following[0])
    if between and clause.context.section is Section.EXCLUSION:
        return None  # whom "surgery between 2 and 4 weeks ago" keeps out, the longer time tells
    if between or (amount.following and _AND_NO_MORE.search(amount.after)):
        beyond = amount.following[0].end
        amount = replace(amount, after=amount.lower[beyond : min(amount.part.end, beyond + 80)])
    if at_most_so_long(clause, amount.before, amount.after):
        return None  # "no more than 12 weeks between surgery and randomisation", "two weeks or fewer of radiotherapy"
    told = _told(amount, stops)
    if _is_of_use(clause, amount, told) or _counts_cycles(amount, told):
        return None
    if told.bare and not told.without and not _is_of_times(clause, amount.part):
        return None
    return _placed(clause, amount, told, usable, rows)


def _is_of_an_event(clause: ClauseReading, amount: _Amount) -> bool:
    """Whether an amount is counted from or to something that happens to the patient."""
    before = amount.before
    # What stands in brackets before "within 2 weeks" is not what the weeks are counted of, even if the brackets open further back.
    plain = _FOR_ANY.sub(" ", IN_BRACKETS.sub(" ", before).rpartition(")")[2] if ")" in before else before)
    end = amount.span.end
    return of_an_event(clause, plain, amount.span) or bool(_TO_RECURRENCE.match(amount.lower[end : min(amount.part.end, end + 200)]))


def _tells_a_length(clause: ClauseReading, amount: _Amount) -> bool:
    """Whether an amount says how long something lasts, or how long ago something may be at most."""
    before, after = amount.before, amount.after
    if _LASTED.match(after) and not _WASHED_OUT.search(before):
        return True  # "treatment (usually 8 weeks duration)"
    if _DURING.search(before) and _OF_THE_DOSING.match(after):
        return True  # "during the 2 weeks of concurrent dosing": what is to come
    if _HOURS.search(amount.lower, amount.span.start, amount.span.end) and _APART.match(amount.lower, amount.span.end, amount.part.end):
        return True  # "2 hours before or after the study drug" tells when on a day
    # "no less than 4 weeks, and no more than 10 weeks, before day 1": the longest that it may be ago
    return amount.number > 0 and _is_longest(clause, amount.part.windows[amount.number - 1], amount.span)


def _is_longest(clause: ClauseReading, first: Span[Window], second: Span[Window]) -> bool:
    """Whether the second of two times is the longest that what is asked for may be ago: "at least 4 and no more than 10 weeks".

    "Less than 28 days from X, and less than 7 days for Y" are two that it must not be within.
    """
    if _AND_NO_MORE.search(clause.lower, first.end, second.start):
        if clause.context.section is not Section.EXCLUSION:
            return True
        return not any(_WITHIN.search(clause.before(w.start)) for w in clause.part.windows if w.start < second.start)
    return clause.context.section is not Section.EXCLUSION and _are_ends(clause.lower, first, second)


def _are_ends(lower: str, first: Span[Window], second: Span[Window]) -> bool:
    """Whether two times are the ends of a range: "between 4 weeks and 10 weeks", "3 to 8 weeks after completion"."""
    gap = lower[first.end : second.start]
    return (gap == " and " and lower.endswith("between ", 0, first.start)) or gap.strip() in ("to", "-")


def _told(amount: _Amount, stops: bool) -> _Told:
    """How the words around an amount of time use it."""
    lower, span, before, after = amount.lower, amount.span, amount.before, amount.after
    within = _WITHIN.search(before) is not None and not before.endswith("at least ")
    last = bool(_LAST.search(before))
    least = bool(_AT_LEAST.search(before) or _OR_LONGER.match(after) or before.endswith("between "))
    least = least or _OR_LONGER.search(lower, span.start, span.end) is not None
    least = least or (bool(amount.following) and _are_ends(lower, span, amount.following[0]))
    inside = lower[span.start : span.end]
    since = bool(_SINCE_AFTER.match(after) or _SINCE.search(inside))
    prior = bool(_BEFORE_AFTER.match(after) or _PRIOR.search(inside))
    if not (since or prior) and amount.following:
        prior = _shares_its_end(amount.part, lower, span, amount.following)
    bare = not (prior or since or last or stops) and _STARTS_FOR.search(before) is not None
    without = bare and _NOT_HAD.search(lower[max(amount.part.start, span.start - 200) : span.start]) is not None
    return _Told(within, last, least, since, prior, stops, bare, without)


def _is_of_use(clause: ClauseReading, amount: _Amount, told: _Told) -> bool:
    """Whether an amount says for how long a therapy was had, or how long after something else it must not be."""
    part, lower, span = amount.part, amount.lower, amount.span
    afterwards = _AFTERWARDS.match(amount.after)
    if afterwards and (_THE_FIRST.search(amount.before) or _CONTRACEPTION.search(lower, part.start, span.start)):
        return True  # "within the first 100 days after the transplant"
    asked = clause.context.section is not Section.EXCLUSION
    taken = told.least and told.prior and not (told.since or told.stops)
    taken = taken or (_STARTS_FOR.search(amount.before) is not None and _FROM_THE_START.match(amount.after) is not None)
    if asked and taken and how_long_given(part, lower, span):
        return True  # "must have been on X for at least 12 weeks before screening" says how long it was given
    # "at least 12 weeks of prior treatment with X", "X for more than 3 weeks in the preceding 6 months"
    return told.least and not told.within and (of_use(part, lower, span) or in_a_longer_time(lower, span, amount.following))


def _counts_cycles(amount: _Amount, told: _Told) -> bool:
    """Whether cycles are counted, and tell no time: "at least 2 cycles of prior chemotherapy"."""
    value, after = amount.span.value, amount.after
    if value.cycles is None or value.days is not None or value.months is not None:
        return False
    in_a_cycle = told.within and not amount.part.has("progress") and _OF_SOMETHING.match(after) is None
    in_a_cycle = in_a_cycle or (told.prior and _LENGTH.match(after) is not None)
    return not (told.since or told.last or in_a_cycle) or "interval" in after


def _is_of_times(clause: ClauseReading, part: Part) -> bool:
    """Whether the bullet above leaves the times of therapies to those below it."""
    above = clause.context.lead
    return part is not above and above is not None and TIMES_BELOW.search(clause.context.lead_lower) is not None


def _placed(clause: ClauseReading, amount: _Amount, told: _Told, usable: list[Span[Window]], rows: list[Span[Window]]) -> Window | None:
    """A window by which something must not have been, or by which it must have ended; none where no words say either."""
    part, lower, span, before, after = amount.part, amount.lower, amount.span, amount.before, amount.after
    value = span.value
    front = max(part.start, span.start - MOST_TO_AMOUNT)
    latest = usable[-1].value if usable else None
    if told.since and not (told.within or told.last or told.least) and latest is not None and _JOINED.search(before):
        return replace(value, within=latest.within, anchor=latest.anchor)
    if (told.last and not told.within) or (told.within and _WITHIN_WORD.search(before)):
        return replace(value, within=True, anchor=_anchor(after))
    asked = clause.context.section is not Section.EXCLUSION
    if asked and told.prior and not told.within and part.has("permit") and _AS_LATE.search(before):
        return replace(value, within=False, anchor=_anchor(after))
    of_some = _FOR_SOME.match(after) is not None or IN_CASE_OF.search(before) is not None or _of_what_brackets_name(amount)
    if asked and (told.least or of_some) and _COMPLETED.search(before):
        return replace(value, within=False)
    if told.since or told.stops or told.without or (told.least and (told.prior or INTERVAL.search(lower, front, span.start))):
        return replace(value, within=False, anchor=_anchor(after))
    if _FREE_INTERVAL.search(before):
        return replace(value, within=False, anchor=_anchor(after))
    if told.prior:
        above = part is not clause.context.lead and _ENDED_ABOVE.search(clause.context.lead_lower) is not None
        first = next((w.start for w in part.windows if w.start >= front), span.start) if span in rows else span.start
        ended = not told.within and (above or _ENDED.search(lower, front, first) is not None)
        return replace(value, within=not ended, anchor=_anchor(after))
    listed = _listed(clause, part, lower) and (told.bare or _ROW_BEFORE.search(lower[part.start : span.start]) or span in rows)
    alone = asked and not amount.number and part is clause.part
    if _ROW_AFTER.match(after) and (listed or (alone and is_to_wait(clause, span, least=told.least))):
        return replace(value, within=False)
    if told.least and part.has("permit") and _IF_OVER.search(before) and _ROW_AFTER.match(after):
        return replace(value, within=False)  # "bevacizumab is permitted if ended \u2265 4 weeks"
    if latest is not None and (of_some or _WHICH_REQUIRE.search(before) or HALF_LIVES_FOR.search(lower[span.start : span.end])):
        return replace(value, within=latest.within, anchor=latest.anchor)
    if (of_some or _fills_brackets(before, after)) and UNSTATED.search(lower, part.start, span.start):
        # "within the required period (14 days for chemotherapy, 28 days for antibodies)", "within a specific window (5 half-lives)"
        return replace(value, within=True)
    return None


def longest_ago(clause: ClauseReading) -> Window | None:
    """How long ago at most what was to wait has ended: "no less than 4 weeks, and no more than 10 weeks, prior to randomization"."""
    for first, span in pairwise(clause.part.windows):
        after = clause.after(span.end)
        if clause.part.has("permit") and _are_ends(clause.lower, first, span):
            continue  # "may have been stopped between 2 weeks and 2 months ago"
        if _is_longest(clause, first, span) and (_BEFORE_AFTER.match(after) or _SINCE_AFTER.match(after)):
            return replace(span.value, within=True)
    return None


def _listed(clause: ClauseReading, part: Part, lower: str) -> bool:
    """Whether a bullet above, or a label in front, is one of times, so that an amount alone is one."""
    above = clause.context.lead
    if above is not None and part is not above:
        told = above.has("stop") or above.has("prior") or (above.has("neg") and not above.has("permit"))
        if told or INTERVAL.search(clause.context.lead_lower) or TIMES_BELOW.search(clause.context.lead_lower):
            return True
    return part is clause.part and _opens_rows(lower[: lower.find(": ", 0, _FRONT) + 1])


def _of_what_brackets_name(amount: _Amount) -> bool:
    """Whether brackets behind a time name the therapies that it is of: "4 weeks (chemotherapy)"."""
    brackets = IN_BRACKETS.match(amount.lower, amount.span.end + 1)
    return brackets is not None and any(brackets.start() < m.start < brackets.end() for m in amount.part.therapies)


def _fills_brackets(before: str, after: str) -> bool:
    """Whether nothing else stands in the brackets around a time: "(approximately 5 half-lives)"."""
    return after.startswith(")") and _OPENED.search(before) is not None


def _shares_its_end(part: Part, lower: str, span: Span[Window], following: Sequence[Span[Window]]) -> bool:
    """Whether what a time is counted to stands behind the last of a list: "X in the 4 weeks, Y in the 3 weeks or Z in the week before"."""
    for other in following:
        named = any(span.end <= m.start < other.start for m in part.therapies)
        if not named or not _AND_ANOTHER.fullmatch(lower, span.end, other.start):
            return False
        if _BEFORE_AFTER.match(lower[other.end : min(part.end, other.end + 80)]):
            return True
        span = other
    return False


def _opens_rows(label: str) -> bool:
    """Whether a label at the front is one of rows of therapies and times: "the following will exclude: X - 6 months; Y - 4 weeks"."""
    return bool(INTERVAL.search(label) or TIMES_BELOW.search(label) or _THE_FOLLOWING.search(label))


def _anchor(after: str) -> str:
    match = re.search(r"(?:prior to|before|of|from|preceding|to)\s+(?:the\s+)?([a-z0-9 ,/-]{3,60})", after)
    return match[1].strip(" ,") if match else ""
