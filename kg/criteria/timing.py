"""Windows: which amounts of time look back from enrolment, and which of them binds a therapy."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clause import THERAPY_KINDS, ClauseReading
from kg.criteria.patterns import pattern
from kg.criteria.quantities import Span
from kg.criteria.reading import Part
from kg.records import Mention, Window

_AGE = re.compile(r"\s*(?:of age|old|or older|and older)\b|[\s)]*(?:serum |plasma |elimination |terminal )?half[- ]?li(?:fe|ves)\b")
"""Behind an amount of time: it is a person's age, or a drug's half-life."""
_ASIDE = re.compile(r"\s*\([^()]*\)")
_UNSTATED = pattern("timing: unstated")
_WASHOUT = frozenset({"washout", "wash-out", "wash out", "washed out"})
_OF_ITS_OWN = pattern("timing: of its own")
_PROGRESS_WINDOW = pattern("timing: progress window")
_TO_RECURRENCE = pattern("timing: to recurrence")
_WITHIN = pattern("timing: within")
_WITHIN_WORD = pattern("timing: within word")
_LAST = pattern("timing: last")
_AT_LEAST = pattern("timing: at least")
_SINCE_AFTER = pattern("timing: since after")
_BEFORE_AFTER = pattern("timing: before after")
_LEADING = pattern("timing: leading")
_INTERVAL = pattern("timing: interval")
_ROW_BEFORE = pattern("timing: row before")
_ROW_AFTER = pattern("timing: row after")
_ENDED = pattern("timing: ended")
_FOR_IT = re.compile(r"[\s)]*for\s+(?:(?:any|all|the|prior|previous|other|systemic)\s+){0,3}")
_FOR_THESE = re.compile(r"\bfor\s+(?:[\w-]+[\s,/]+){0,6}$")
_FOR_NON = re.compile(r"\s+(?:for|if)\s+(?:\w+\s+){0,2}?non-?\s?(?P<what>[a-z]+)\b")
_HALF_LIVES_FOR = re.compile(r"half[- ]?li\w+\s+(?:for|if|in)\b")
_FREE_INTERVAL = pattern("timing: free interval")
_MADE_UP_OF = pattern("timing: made up of")
_NOT_HAD = pattern("timing: not had")
_WASHOUT_OF = pattern("timing: wash-out of")
_COLON = re.compile(r":\s")
_BRACKETED = re.compile(r"\([^()]*\)")
_GOES_ON = pattern("timing: goes on")
_MOST_TO_AMOUNT = 160
"""How many characters before "at least 2 weeks" an interval may be spoken of."""
_REACH = 80
"""Examples further behind what they explain than this many characters are read by themselves."""


def usable_windows(clause: ClauseReading, part: Part, lower: str) -> list[Span[Window]]:
    """The clause's windows that look back from enrolment, marked within / at least."""
    usable = []
    stops = part.has("stop") or "elapsed" in lower[part.start : part.end] or "wash" in lower[part.start : part.end]
    above = clause.context.lead
    listed = (
        above is not None
        and part is not above
        and (above.has("stop") or above.has("prior") or _INTERVAL.search(clause.context.lead_lower) is not None)
    )
    for number, span in enumerate(part.windows):
        # In "2 weeks (6 weeks for X) prior to entry" the brackets hold a window of their own.
        aside = _ASIDE.match(lower, span.end)
        behind = aside.end() if aside else span.end
        following = next((w.start for w in part.windows[number + 1 :] if w.start >= behind), part.end)
        if _AGE.match(lower, span.end):
            continue
        before, after = lower[max(part.start, span.start - 60) : span.start], lower[span.end : min(following, span.end + 80)]
        # What stands in brackets before "within 2 weeks" is not what the weeks are counted of, even if the brackets open further back.
        plain = _BRACKETED.sub(" ", before).rpartition(")")[2] if ")" in before else before
        if _PROGRESS_WINDOW.search(
            re.sub(r"(?:for|within|at least|in|of|the|\u2265|>=|>|a minimum|more than|over|last|past|\s)+$", " ", plain) + " "
        ):
            continue
        if _TO_RECURRENCE.match(lower[span.end : min(part.end, span.end + 200)]):
            continue
        within = bool(_WITHIN.search(before)) and not re.search(
            r"(?:at least|minimum of|no less than|not less than|no fewer than)\s*$", before
        )
        last = bool(_LAST.search(before))
        least = bool(_AT_LEAST.search(before))
        inside = lower[span.start : span.end]
        since = bool(_SINCE_AFTER.match(after) or re.search(r"\b(?:since|after|from|post|following)\b", inside))
        prior = bool(_BEFORE_AFTER.match(after) or re.search(r"\b(?:prior|before|preceding)\b", inside))
        starts_for = bool(re.search(r"\bfor\s+(?:at least\s+|a minimum of\s+|more than\s+|\u2265\s*|>\s*|over\s+)?$", before))
        if re.match(r"[\s)]*(?:\([^)]*\)\s*)?(?:after|following|post)\b", after) and re.search(
            r"contracep|agree|abstain|donat|breast|pregnan|use", lower[part.start : span.start]
        ):
            continue
        if span.value.cycles is not None and (not (since or last) or "interval" in after):
            continue
        timed = least and _INTERVAL.search(lower, max(part.start, span.start - _MOST_TO_AMOUNT), span.start) is not None
        bare = starts_for and not (prior or since or last or stops)
        without = bare and _NOT_HAD.search(lower[max(part.start, span.start - 120) : span.start]) is not None
        if bare and not without:
            continue
        if (last and not within) or (within and _WITHIN_WORD.search(before)):
            usable.append(Span(span.start, span.end, replace(span.value, within=True, anchor=_anchor(after))))
        elif (least and (since or prior or stops or timed)) or since or stops or without or _FREE_INTERVAL.search(before):
            usable.append(Span(span.start, span.end, replace(span.value, within=False, anchor=_anchor(after))))
        elif prior:
            ended = not within and _ENDED.search(lower, max(part.start, span.start - _MOST_TO_AMOUNT), span.start) is not None
            usable.append(Span(span.start, span.end, replace(span.value, within=not ended, anchor=_anchor(after))))
        elif listed and _ROW_BEFORE.search(lower[part.start : span.start]) and _ROW_AFTER.match(after):
            usable.append(Span(span.start, span.end, replace(span.value, within=False)))
        elif usable and re.match(r"[\s,]*(?:for|if|in case|in the case|when|with)\b", after):
            usable.append(Span(span.start, span.end, replace(span.value, within=usable[-1].value.within, anchor=usable[-1].value.anchor)))
    return usable


def window_of(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> Window | None:
    """The window that binds a mention: the nearest that leads it ("4 weeks since …") or trails it ("… within 4 weeks")."""
    best: tuple[int, Window] | None = None
    inside = clause.reading.paren_of(mention.start)
    for span in usable:
        if clause.in_exception(span.start):
            continue
        paren = clause.reading.paren_of(span.start)
        heads = paren is not None and 0 <= paren[0] - mention.end <= 3 and len(usable) == 1
        if (
            paren
            and paren != inside
            and not heads
            and (paren[0] < mention.start or _for_others(clause, span) or _names_therapy(clause, paren))
        ):
            continue
        if span.start <= mention.start < span.end or _FOR_IT.fullmatch(clause.lower, span.end, mention.start):
            return span.value
        leading = (
            bool(_LEADING.match(clause.after(span.end)))
            or not clause.lower[clause.part.start : span.start].strip(" ,(")
            or (mention.start >= span.end and (_opens(clause, span) or span.end <= clause.reading.label_end))
        )
        distance = span.start - mention.end if span.start >= mention.end else mention.start - span.end
        if span.start >= mention.end:
            if leading and any(other.end <= mention.start for other in usable):
                continue
            if leading and _names_own(clause, span, mention):
                continue
        elif not leading:
            continue
        if best is None or distance < best[0]:
            best = distance, span.value
    if best is not None:
        return best[1]
    timed = _of_what_it_explains(clause, mention, usable)
    if timed is not None:
        return timed
    if not usable and clause.context.lead is not None:
        above = usable_windows(clause, clause.context.lead, clause.context.lead_lower)
        if above:
            return above[-1].value
    return None


def _of_what_it_explains(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> Window | None:
    """The window of the therapy of which a mention is an example: "anticancer therapy within 4 weeks, such as chemotherapy or …".

    A list behind a colon is read like examples.
    """
    openers = [(c.start, c.end) for c in clause.part.tagged("example")]
    prior = max((c.start for c in clause.part.tagged("prior") if c.start < mention.start), default=0)
    openers += [(m.start(), m.end()) for m in _COLON.finditer(clause.lower, clause.part.start, mention.start) if m.start() > prior]
    for start, end in sorted(openers, reverse=True):
        if end > mention.start:
            continue
        if _GOES_ON.search(clause.lower, end, mention.start):
            return None
        before = [span for span in usable if span.end <= start and not clause.in_exception(span.start)]
        head = next((m for m in reversed(clause.part.mentions) if m.kind in THERAPY_KINDS and m.end <= start), None)
        if before and head is not None and start - max(head.end, before[-1].end) <= _REACH:
            return window_of(clause, head, before)
    return None


def spelled_out(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> bool:
    """Whether brackets behind a therapy say of which kinds in which times: "anticancer therapy (chemotherapy within 3 weeks, …)"."""
    paren = clause.reading.paren_of(mention.end + 2) if clause.lower.startswith(" (", mention.end) else None
    if paren is None or clause.in_exception(paren[0] + 1):
        return False
    return _names_therapy(clause, paren) and any(paren[0] < span.start < paren[1] for span in usable)


def unstated_window(clause: ClauseReading, usable: list[Span[Window]]) -> Window | None:
    """A wash-out that the clause speaks of without saying how long: "within protocol-specified intervals"."""
    found = _UNSTATED.search(clause.lower, clause.part.start, clause.part.end)
    if found:
        return Window(within=True, text=found.group())
    words = [] if usable else [c.text for c in clause.part.tagged("stop") if c.text in _WASHOUT]
    return Window(within=False, text=words[0]) if words else None


def _names_therapy(clause: ClauseReading, paren: tuple[int, int]) -> bool:
    return any(m.kind in THERAPY_KINDS and paren[0] < m.start < paren[1] for m in clause.part.mentions)


def _opens(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether the window stands before every therapy of the clause ("Within 4 weeks before dosing, received …")."""
    if span.start - clause.part.start > 60:
        return False
    return all(m.start >= span.end for m in clause.part.mentions if m.kind in THERAPY_KINDS)


def _for_others(clause: ClauseReading, span: Span[Window]) -> bool:
    return bool(re.match(r"[\s,]*(?:for|if|in case|in the case|when|since|after|from)\b", clause.after(span.end)))


def _names_own(clause: ClauseReading, span: Span[Window], mention: Mention) -> bool:
    """Whether a leading window has therapies of its own to its right, so that it does not reach back to this mention."""
    following = min((w.start for w in clause.part.windows if w.start >= span.end), default=clause.part.end)
    return any(span.end <= m.start < following and m.kind in THERAPY_KINDS for m in clause.part.mentions)


def windows_of_others(
    clause: ClauseReading, usable: list[Span[Window]]
) -> tuple[list[tuple[Window, tuple[Mention, ...]]], list[Span[Window]]]:
    """Windows of their own for named drugs: "(6 weeks for mitomycin C or nitrosoureas)", "6 weeks if the last regimen held BCNU"."""
    others: list[tuple[Window, tuple[Mention, ...]]] = []
    kept: list[Span[Window]] = []
    for number, span in enumerate(usable):
        after = clause.after(span.end, 120)
        match = _OF_ITS_OWN.match(after)
        paren = clause.reading.paren_of(span.start)
        inside = _half_lives_of_some(clause, span)
        if inside:
            others.append((span.value, inside))
            kept.append(replace(span, value=replace(span.value, half_lives=None, combine="")))
            continue
        before = max(paren[0], usable[number - 1].end if number else 0) if paren else 0
        told = _WASHOUT_OF.search(clause.lower, before, span.start) if paren else None
        if told:
            # "(the wash-out period for mitomycin is 6 weeks)"
            timed = tuple(m for m in clause.part.mentions if m.kind in THERAPY_KINDS and told.start() <= m.start < span.start)
            if timed:
                others.append((span.value, timed))
                continue
        if number and kept and not paren and _opposite_of(clause, kept[-1], span):
            # "21 days for myelosuppressive agents or 14 days for non-myelosuppressive ones": the latter holds at large
            first = tuple(m for m in clause.part.mentions if m.kind in THERAPY_KINDS and kept[-1].end <= m.start < span.start)
            if first:
                others.append((kept[-1].value, first))
                kept[-1] = span
                continue
        if (number and match) or (paren and match):
            end = paren[1] if paren else (usable[number + 1].start if number + 1 < len(usable) else clause.part.end)
            # "28 days before treatment with the study drug" is no time of its own for that drug.
            named = [m for m in clause.part.mentions if m.kind in THERAPY_KINDS and span.end <= m.start < end]
            named = [m for m in named if m.key not in clause.context.study_drugs]
            # "6 weeks for chemotherapy with mitomycin" is of mitomycin.
            mentions = tuple(m for m in named if not any(_MADE_UP_OF.fullmatch(clause.lower, m.end, n.start) for n in named))
            if mentions:
                others.append((span.value, mentions))
                continue
        kept.append(span)
    return others, kept


def _opposite_of(clause: ClauseReading, one: Span[Window], other: Span[Window]) -> bool:
    """Whether a time is for those that another one is not for: "2 weeks for cytotoxic agents, 4 weeks for non-cytotoxic ones"."""
    negated = _FOR_NON.match(clause.after(other.end))
    return negated is not None and re.match(rf"\s+(?:for|if)\s+(?:\w+\s+){{0,2}}{negated['what']}\b", clause.after(one.end)) is not None


def timed_alone(clause: ClauseReading, others: list[tuple[Window, tuple[Mention, ...]]], subjects: list[Mention]) -> dict[Mention, Window]:
    """Of the therapies that have a window of their own those that no other subject takes in, so that they are subjects themselves.

    "6 weeks since nitrosoureas, 3 weeks for other chemotherapy": the latter is no exception from the former.
    """
    apart = [m for _, mentions in others for m in mentions]
    wide = [m for m in subjects if m not in apart]
    covers = clause.context.known.covers
    return {
        m: window
        for window, mentions in others
        for m in mentions
        if m in subjects and _FOR_THESE.search(clause.before(m.start)) and not any(covers(o, m) or o.key == m.key for o in wide)
    }


def _half_lives_of_some(clause: ClauseReading, span: Span[Window]) -> tuple[Mention, ...]:
    """The therapies for which brackets in a window put half-lives beside its days: "28 days (or 5 half-lives for small molecules)"."""
    opened = clause.lower.find("(", span.start, span.end)
    paren = clause.reading.paren_of(opened + 1) if opened >= 0 else None
    if paren is None or span.value.days is None or not _HALF_LIVES_FOR.search(clause.lower, *paren):
        return ()
    return tuple(m for m in clause.part.mentions if m.kind in THERAPY_KINDS and paren[0] < m.start < paren[1])


def _anchor(after: str) -> str:
    match = re.search(r"(?:prior to|before|of|from|preceding|to)\s+(?:the\s+)?([a-z0-9 ,/-]{3,60})", after)
    return match[1].strip(" ,") if match else ""
