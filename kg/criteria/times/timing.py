"""Which amounts of time are windows: those that look back from enrolment."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import THERAPY_KINDS, Part
from kg.criteria.times.durations import (
    at_most_so_long,
    free_of_recurrence,
    how_long_given,
    in_a_longer_time,
    of_an_event,
    of_use,
)
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import one_of, pattern
from kg.criteria.words.quantities import ASIDE, Span
from kg.records import Section, Window

_AGE = re.compile(r"\s*(?:of age|old|or older|and older)\b|[\s)]*(?:serum |plasma |elimination |terminal )?half[- ]?li(?:fe|ves)\b")
"""Behind an amount of time: it is a person's age, or a drug's half-life."""
UNSTATED = pattern("timing: unstated")
MAY_BE_UNSTATED = one_of("timing: unstated")
TIMES_BELOW = pattern("timing: times below")
"""How a bullet ends that leaves the times of therapies to those below it, whatever it excepts before."""
_TO_RECURRENCE = pattern("timing: to recurrence")
_COUNTED_TO = re.compile(r"[^:;.()]{0,60}\b(?:before|prior to|preceding)\s[^:;.()]{3,60}:\s")
"""A label that says what the times behind it are counted to: "prior treatment before the first dose: chemotherapy (4 weeks), …"."""
_AND_ANOTHER = pattern("timing: and another")
_WITHIN = pattern("timing: within")
_WITHIN_WORD = pattern("timing: within word")
_LAST = pattern("timing: last")
_AT_LEAST = pattern("timing: at least")
_SINCE_AFTER = pattern("timing: since after")
_BEFORE_AFTER = pattern("timing: before after")
_FOR_SOME = re.compile(r"[\s,]*(?:for|if|in case|in the case|when|with)\b")
_OR_LONGER = re.compile(r"\s*(?:or|and)\s+(?:more|longer|greater)\b")
_INTERVAL = pattern("timing: interval")
_ROW_BEFORE = pattern("timing: row before")
_ROW_AFTER = pattern("timing: row after")
ROW_GAP = pattern("timing: row gap")
_ENDED = pattern("timing: ended")
_ENDED_ABOVE = pattern("timing: ended above")
_FOR_ANY = re.compile(r"\bfor any (?:cause|reason|diagnosis|indication)(?:\s*(?:/|or)\s*(?:cause|reason|diagnosis|indication))?\b")
_LENGTH = re.compile(r"[\s-]+(?:length|duration)s?\b")
_OF_SOMETHING = re.compile(r"\s*of\s+(?!(?:that|the|its|their)\s+(?:previous|prior|last|therapy|treatment|drug|agent|respective))")
_DURING = re.compile(r"\b(?:during|throughout)\s+(?:the\s+)?(?:first\s+)?$")
_OF_THE_DOSING = re.compile(
    r"\s*of\s+(?:(?:concurrent|concomitant|combined|study|active|planned|protocol)\s+)*(?:dosing|treatment|therapy|study|medication)\b"
)
_LASTED = re.compile(r"[\s-]+(?:in\s+)?duration\b")
_WASHED_OUT = re.compile(r"\bwash|\binterval|\bfree\b|\bpause|\bbreak")
_AND_NO_MORE = re.compile(r"\b(?:and|but)\s+(?:(?:no|not)\s+(?:more|longer|later|greater)\s+than|at most)\s*$")
_JOINED = re.compile(r"(?:[,;]|\b(?:or|and))\s*$")
_WHICH_REQUIRE = re.compile(r"\b(?:which|that)\s+(?:requires?|needs?)\s+(?:(?:at least|an?|minimum|wash-?\s?out|period|of)\s+)*$")
HALF_LIVES_FOR = re.compile(r"half[- ]?li\w+\s+(?P<how>for|if|in|of)\s")
_FREE_INTERVAL = pattern("timing: free interval")
_THE_FOLLOWING = re.compile(r"\bfollowing (?:\w+ )?(?:drugs?|medications?|medicines?|treatments?|therapies|agents?)\b")
_NOT_HAD = pattern("timing: not had")
COLON = re.compile(r":\s")
_LEAST = ("at least", "minimum of", "no less than", "not less than", "no fewer than")
_SINCE = re.compile(r"\b(?:since|after|from|post|following)\b")
_PRIOR = re.compile(r"\b(?:prior|before|preceding)\b")
_STARTS_FOR = re.compile(
    r"\bfor\s+(?:at least\s+|a minimum of\s+|up to\s+|no (?:more|longer) than\s+|a maximum of\s+|more than\s+|\u2265\s*|>=?\s*|over\s+)?$"
)
_THE_FIRST = re.compile(r"\b(?:within|in|during|for)\s+the\s+first\s*$")
_AFTERWARDS = re.compile(r"[\s)]*(?:\([^)]*\)\s*)?(?:after|following|post)\b")
_CONTRACEPTION = re.compile(r"contracep|agree|abstain|donat|breast|pregnan|use")
MOST_TO_AMOUNT = 160
"""How many characters before "at least 2 weeks" an interval may be spoken of."""
_FRONT = 160
"""A label ends at most this many characters from the start of its criterion."""
_OPENED = re.compile(r"\((?:approx\w*\.?|about|at least|i\.?e\.?,?)?\s*$")


def usable_windows(clause: ClauseReading, part: Part, lower: str) -> list[Span[Window]]:
    """The clause's windows that look back from enrolment, marked within / at least."""
    if not part.windows:
        return []
    usable: list[Span[Window]] = []
    stops = part.has("stop") or "elapsed" in lower[part.start : part.end] or "wash" in lower[part.start : part.end]
    above = clause.context.lead
    of_times = part is not above and above is not None and TIMES_BELOW.search(clause.context.lead_lower) is not None
    rows = _rows(part, lower)
    for number, span in enumerate(part.windows):
        # In "2 weeks (6 weeks for X) prior to entry" the brackets hold a window of their own.
        aside = ASIDE.match(lower, span.end)
        behind = aside.end() if aside else span.end
        following = next((w.start for w in part.windows[number + 1 :] if w.start >= behind), part.end)
        if _AGE.match(lower, span.end):
            continue
        begin = part.start
        if number and in_a_longer_time(lower, part.windows[number - 1], part.windows[number:]):
            begin = part.windows[number - 1].end  # "lasting over 1 week within 28 days"
        before, after = lower[max(begin, span.start - 60) : span.start], lower[span.end : min(following, span.end + 80)]
        # What stands in brackets before "within 2 weeks" is not what the weeks are counted of, even if the brackets open further back.
        plain = _FOR_ANY.sub(" ", IN_BRACKETS.sub(" ", before).rpartition(")")[2] if ")" in before else before)
        if free_of_recurrence(part, lower, span):
            usable.append(Span(span.start, span.end, replace(span.value, within=False)))
            continue
        if of_an_event(clause, plain, span):
            continue
        if _TO_RECURRENCE.match(lower[span.end : min(part.end, span.end + 200)]):
            continue
        if span.value.anchor:
            usable.append(span)  # "from day -28 to day 0"
            continue
        if _LASTED.match(after) and not _WASHED_OUT.search(before):
            continue  # "treatment (usually 8 weeks duration)"
        if _DURING.search(before) and _OF_THE_DOSING.match(after):
            continue  # "during the 2 weeks of concurrent dosing": what is to come
        within = _WITHIN.search(before) is not None and not before.rstrip().endswith(_LEAST)
        if number and _AND_NO_MORE.search(before):
            continue  # "no less than 4 weeks, and no more than 10 weeks, before day 1": the longest that it may be ago
        if _AND_NO_MORE.search(after) and number + 1 < len(part.windows):
            beyond = part.windows[number + 1].end
            after = lower[beyond : min(part.end, beyond + 80)]
        if at_most_so_long(clause, before, after):
            continue  # "no more than 12 weeks between surgery and randomisation", "two weeks or fewer of radiotherapy"
        last = bool(_LAST.search(before))
        least = bool(_AT_LEAST.search(before) or _OR_LONGER.match(after))
        inside = lower[span.start : span.end]
        since = bool(_SINCE_AFTER.match(after) or _SINCE.search(inside))
        prior = bool(_BEFORE_AFTER.match(after) or _PRIOR.search(inside))
        if not (since or prior) and number + 1 < len(part.windows):
            prior = _shares_its_end(part, lower, span, part.windows[number + 1])
        starts_for = _STARTS_FOR.search(before) is not None
        if _THE_FIRST.search(before) and _AFTERWARDS.match(after):
            continue  # "within the first 100 days after the transplant"
        if _AFTERWARDS.match(after) and _CONTRACEPTION.search(lower, part.start, span.start):
            continue
        taken = clause.context.section is not Section.EXCLUSION and least and prior and not (since or stops)
        if taken and how_long_given(part, lower, span):
            continue  # "must have been on X for at least 12 weeks before screening" says how long it was given
        if least and not within and (of_use(part, lower, span) or in_a_longer_time(lower, span, part.windows[number + 1 :])):
            continue  # "at least 12 weeks of prior treatment with X", "X for more than 3 weeks in the preceding 6 months"
        in_a_cycle = within and not part.has("progress") and _OF_SOMETHING.match(after) is None
        in_a_cycle = in_a_cycle or (prior and _LENGTH.match(after) is not None)
        cycles = span.value.cycles is not None and span.value.days is None and span.value.months is None
        if cycles and (not (since or last or in_a_cycle) or "interval" in after):
            continue  # "at least 2 cycles of prior chemotherapy" counts them
        timed = least and _INTERVAL.search(lower, max(part.start, span.start - MOST_TO_AMOUNT), span.start) is not None
        bare = starts_for and not (prior or since or last or stops)
        without = bare and _NOT_HAD.search(lower[max(part.start, span.start - 120) : span.start]) is not None
        if bare and not (without or of_times):
            continue
        follows = bool(usable) and since and not (within or last or least) and _JOINED.search(before) is not None
        if follows:
            usable.append(Span(span.start, span.end, replace(span.value, within=usable[-1].value.within, anchor=usable[-1].value.anchor)))
        elif (last and not within) or (within and _WITHIN_WORD.search(before)):
            usable.append(Span(span.start, span.end, replace(span.value, within=True, anchor=_anchor(after))))
        elif (least and (since or prior or stops or timed)) or since or stops or without or _FREE_INTERVAL.search(before):
            usable.append(Span(span.start, span.end, replace(span.value, within=False, anchor=_anchor(after))))
        elif prior:
            ended = _ENDED.search(lower, max(part.start, span.start - MOST_TO_AMOUNT), span.start) is not None
            ended = not within and (ended or (part is not above and _ENDED_ABOVE.search(clause.context.lead_lower) is not None))
            usable.append(Span(span.start, span.end, replace(span.value, within=not ended, anchor=_anchor(after))))
        elif (
            _listed(clause, part, lower)
            and (bare or _ROW_BEFORE.search(lower[part.start : span.start]) or span in rows)
            and _ROW_AFTER.match(after)
        ):
            usable.append(Span(span.start, span.end, replace(span.value, within=False)))
        elif usable and (_FOR_SOME.match(after) or _WHICH_REQUIRE.search(before) or HALF_LIVES_FOR.search(inside)):
            usable.append(Span(span.start, span.end, replace(span.value, within=usable[-1].value.within, anchor=usable[-1].value.anchor)))
        elif (_FOR_SOME.match(after) or _fills_brackets(before, after)) and UNSTATED.search(lower, part.start, span.start):
            # "within the required period (14 days for chemotherapy, 28 days for antibodies)", "within a specific window (5 half-lives)"
            usable.append(Span(span.start, span.end, replace(span.value, within=True)))
    return _of_all_rows(clause, usable, rows)


def _listed(clause: ClauseReading, part: Part, lower: str) -> bool:
    """Whether a bullet above, or a label in front, is one of times, so that an amount alone is one."""
    above = clause.context.lead
    if above is not None and part is not above:
        told = above.has("stop") or above.has("prior") or (above.has("neg") and not above.has("permit"))
        if told or _INTERVAL.search(clause.context.lead_lower) or TIMES_BELOW.search(clause.context.lead_lower):
            return True
    return part is clause.part and _opens_rows(lower[: lower.find(": ", 0, _FRONT) + 1])


def _fills_brackets(before: str, after: str) -> bool:
    """Whether nothing else stands in the brackets around a time: "(approximately 5 half-lives)"."""
    return after.startswith(")") and _OPENED.search(before) is not None


def _shares_its_end(part: Part, lower: str, span: Span[Window], other: Span[Window]) -> bool:
    """Whether what a time is counted to stands behind the next: "X at least one week and Y at least 3 weeks prior to enrolment"."""
    if not _AND_ANOTHER.fullmatch(lower, span.end, other.start):
        return False
    named = any(m.kind in THERAPY_KINDS and span.end <= m.start < other.start for m in part.mentions)
    return named and _BEFORE_AFTER.match(lower[other.end : min(part.end, other.end + 80)]) is not None


def _opens_rows(label: str) -> bool:
    """Whether a label at the front is one of rows of therapies and times: "the following will exclude: X - 6 months; Y - 4 weeks"."""
    return bool(_INTERVAL.search(label) or TIMES_BELOW.search(label) or _THE_FOLLOWING.search(label))


def _rows(part: Part, lower: str) -> list[Span[Window]]:
    """Amounts that stand right behind a therapy, as in the rows of a list: "chemotherapy (21 days), antibodies: 28 days, TKI ≥ 2 weeks"."""
    therapies = [m.end for m in part.mentions if m.kind in THERAPY_KINDS]
    return [w for w in part.windows if any(ROW_GAP.fullmatch(lower, end, w.start) for end in therapies if end <= w.start)]


def _of_all_rows(clause: ClauseReading, usable: list[Span[Window]], rows: list[Span[Window]]) -> list[Span[Window]]:
    """Of several rows, where one looks back from enrolment all do: "A (21 days), B (28 days) or C (14 days) before day 1"."""
    told = next(iter(usable), None)
    counted = told is None and _COUNTED_TO.match(clause.lower, clause.part.start, clause.part.end) is not None
    if len(rows) < 2 or (told is None and not counted and not UNSTATED.search(clause.lower, clause.part.start, clause.part.end)):
        return usable
    within = told.value.within if told is not None else _INTERVAL.search(clause.lower, clause.part.start, clause.part.end) is None
    anchor = told.value.anchor if told is not None else ""
    known = {span.start for span in usable}
    more = [Span(w.start, w.end, replace(w.value, within=within, anchor=anchor)) for w in rows if w.start not in known]
    return sorted([*usable, *more], key=lambda span: span.start)


def _anchor(after: str) -> str:
    match = re.search(r"(?:prior to|before|of|from|preceding|to)\s+(?:the\s+)?([a-z0-9 ,/-]{3,60})", after)
    return match[1].strip(" ,") if match else ""
