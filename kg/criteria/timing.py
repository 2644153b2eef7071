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
_ROW_GAP = pattern("timing: row gap")
_ENDED = pattern("timing: ended")
_FOR_IT = re.compile(r"[\s)]*(?:for|from|since|after)\s+(?:(?:any|all|the|prior|previous|other|systemic)\s+){0,3}")
_AND_NO_MORE = re.compile(r"\b(?:and|but)\s+(?:(?:no|not)\s+(?:more|longer|later|greater)\s+than|at most)\s*$")
_JOINED = re.compile(r"(?:[,;]|\b(?:or|and))\s*$")
_FOR_THESE = re.compile(r"\bfor\s+(?:[\w-]+[\s,/]+){0,6}$")
_FOR_NON = re.compile(r"\s+(?:for|if)\s+(?:\w+\s+){0,2}?non-?\s?(?P<what>[a-z]+)\b")
_HALF_LIVES_FOR = re.compile(r"half[- ]?li\w+\s+(?P<how>for|if|in|of)\s")
_ENDS_KINDS = re.compile(r",?\s+\(?which|[;.()]|,\s+(?:or|and)\s|\s(?:prior to|before|within|from|since)\b")
"""Behind "5 half-lives for", the end of the kinds of drugs that these are for."""
_FREE_INTERVAL = pattern("timing: free interval")
_MADE_UP_OF = pattern("timing: made up of")
_NOT_HAD = pattern("timing: not had")
_OTHER_PREDICATE = pattern("timing: other predicate")
_WASHOUT_OF = pattern("timing: wash-out of")
_COLON = re.compile(r":\s")
_BRACKETED = re.compile(r"\([^()]*\)")
_GOES_ON = pattern("timing: goes on")
_MOST_TO_AMOUNT = 160
"""How many characters before "at least 2 weeks" an interval may be spoken of."""
_FRONT = 160
"""A label ends at most this many characters from the start of its criterion."""
_TO_KINDS = 6
"""Behind "5 half-lives" that end a window, "for" stands at most this many characters further."""
_REACH = 80
"""Examples further behind what they explain than this many characters are read by themselves."""


def usable_windows(clause: ClauseReading, part: Part, lower: str) -> list[Span[Window]]:
    """The clause's windows that look back from enrolment, marked within / at least."""
    usable: list[Span[Window]] = []
    stops = part.has("stop") or "elapsed" in lower[part.start : part.end] or "wash" in lower[part.start : part.end]
    above = clause.context.lead
    listed = (
        above is not None
        and part is not above
        and (above.has("stop") or above.has("prior") or _INTERVAL.search(clause.context.lead_lower) is not None)
    ) or (part is clause.part and _INTERVAL.search(lower, 0, lower.find(": ", 0, _FRONT) + 1) is not None)
    rows = _rows(part, lower)
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
        if number and _AND_NO_MORE.search(before):
            continue  # "no less than 4 weeks, and no more than 10 weeks, before day 1": the longest that it may be ago
        if _AND_NO_MORE.search(after) and number + 1 < len(part.windows):
            beyond = part.windows[number + 1].end
            after = lower[beyond : min(part.end, beyond + 80)]
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
        follows = bool(usable) and since and not (within or last or least) and _JOINED.search(before) is not None
        if follows:
            usable.append(Span(span.start, span.end, replace(span.value, within=usable[-1].value.within, anchor=usable[-1].value.anchor)))
        elif (last and not within) or (within and _WITHIN_WORD.search(before)):
            usable.append(Span(span.start, span.end, replace(span.value, within=True, anchor=_anchor(after))))
        elif (least and (since or prior or stops or timed)) or since or stops or without or _FREE_INTERVAL.search(before):
            usable.append(Span(span.start, span.end, replace(span.value, within=False, anchor=_anchor(after))))
        elif prior:
            ended = not within and _ENDED.search(lower, max(part.start, span.start - _MOST_TO_AMOUNT), span.start) is not None
            usable.append(Span(span.start, span.end, replace(span.value, within=not ended, anchor=_anchor(after))))
        elif listed and (_ROW_BEFORE.search(lower[part.start : span.start]) or span in rows) and _ROW_AFTER.match(after):
            usable.append(Span(span.start, span.end, replace(span.value, within=False)))
        elif usable and (re.match(r"[\s,]*(?:for|if|in case|in the case|when|with)\b", after) or _HALF_LIVES_FOR.search(inside)):
            usable.append(Span(span.start, span.end, replace(span.value, within=usable[-1].value.within, anchor=usable[-1].value.anchor)))
    return _of_all_rows(clause, usable, rows)


def _rows(part: Part, lower: str) -> list[Span[Window]]:
    """Amounts that stand right behind a therapy, as in the rows of a list: "chemotherapy (21 days), antibodies: 28 days, TKI ≥ 2 weeks"."""
    therapies = [m.end for m in part.mentions if m.kind in THERAPY_KINDS]
    return [w for w in part.windows if any(_ROW_GAP.fullmatch(lower, end, w.start) for end in therapies if end <= w.start)]


def _of_all_rows(clause: ClauseReading, usable: list[Span[Window]], rows: list[Span[Window]]) -> list[Span[Window]]:
    """Of several rows, where one looks back from enrolment all do: "A (21 days), B (28 days) or C (14 days) before day 1"."""
    told = next(iter(usable), None)
    if len(rows) < 2 or (told is None and not _UNSTATED.search(clause.lower, clause.part.start, clause.part.end)):
        return usable
    within = told.value.within if told is not None else _INTERVAL.search(clause.lower, clause.part.start, clause.part.end) is None
    anchor = told.value.anchor if told is not None else ""
    known = {span.start for span in usable}
    more = [Span(w.start, w.end, replace(w.value, within=within, anchor=anchor)) for w in rows if w.start not in known]
    return sorted([*usable, *more], key=lambda span: span.start)


def window_of(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> Window | None:
    """The window that binds a mention: the nearest that leads it ("4 weeks since …") or trails it ("… within 4 weeks")."""
    best: tuple[int, Window] | None = None
    inside = clause.reading.paren_of(mention.start)
    for span in usable:
        if clause.in_exception(span.start):
            continue
        paren = clause.reading.paren_of(span.start)
        apart = paren is not None and ";" in clause.lower[max(paren[0], mention.end) : span.start]
        if apart and (paren == inside or inside is None):
            continue  # in brackets, a semicolon parts one therapy's time from the others
        if _of_another_thing(clause, mention, span):
            continue
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


def _of_another_thing(clause: ClauseReading, mention: Mention, span: Span[Window]) -> bool:
    """Whether a window behind a therapy is of something else: "not on immunosuppression, have had other cancers in the last two years"."""
    between = clause.lower[mention.end : span.start] if span.start >= mention.end else ""
    turn = _OTHER_PREDICATE.search(between) if ", " in between else None
    named = [m for m in clause.part.mentions if m.kind in THERAPY_KINDS and turn and mention.end + turn.start() <= m.start < span.start]
    return turn is not None and not named


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


def spelled_out(
    clause: ClauseReading, mention: Mention, usable: list[Span[Window]], others: list[tuple[Window, tuple[Mention, ...]]]
) -> bool:
    """Whether what stands behind a therapy says of which kinds in which times.

    "Anticancer therapy (chemotherapy within 3 weeks, …)", "prior therapy within 4 weeks for antibodies or 2 weeks for small molecules".
    """
    timed = [m.start for _, mentions in others for m in mentions]
    if timed and not usable and mention.end <= min(timed):
        return True
    row = next((w for w in clause.part.windows if w.start >= mention.end), None)
    if row is not None and row.start not in {span.start for span in usable} and _ROW_GAP.fullmatch(clause.lower, mention.end, row.start):
        return any(row.end <= start for start in timed)
    paren = clause.reading.paren_of(mention.end + 2) if clause.lower.startswith(" (", mention.end) else None
    if paren is None or clause.in_exception(paren[0] + 1):
        return False
    first = next((span.start for span in usable if paren[0] < span.start < paren[1]), None)
    return first is not None and ";" not in clause.lower[paren[0] : first] and _names_therapy(clause, paren)


def unstated_window(clause: ClauseReading, usable: list[Span[Window]]) -> Window | None:
    """A wash-out that the clause speaks of without saying how long: "within protocol-specified intervals"."""
    found = _UNSTATED.search(clause.lower, clause.part.start, clause.part.end)
    if found:
        return Window(within=True, text=found.group())
    words = [] if usable else [c.text for c in clause.part.tagged("stop") if c.text in _WASHOUT]
    return Window(within=False, text=words[0]) if words else None


def unstated_before(clause: ClauseReading, mention: Mention) -> Window | None:
    """Such a wash-out right behind a therapy whose kinds follow with times of their own: "within protocol-specified time, including …"."""
    following = min((m.start for m in clause.part.mentions if m.kind in THERAPY_KINDS and m.start >= mention.end), default=mention.end)
    found = _UNSTATED.search(clause.lower, mention.end, following)
    return Window(within=True, text=found.group()) if found else None


def unstated(window: Window) -> bool:
    """Whether the sentence does not say how long a window is."""
    return (window.days, window.months, window.half_lives, window.cycles) == (None, None, None, None)


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
        inside = _half_lives_of_some(clause, span, number)
        if inside:
            # Without "whichever is …" the half-lives stand in the place of the days.
            others.append((replace(span.value, combine=span.value.combine or "half-life"), inside))
            if span.value.days is not None:
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
        # "4 weeks for antibodies or 2 weeks for small molecules": the first is of some, too.
        if match and (number or paren or (len(usable) > 1 and _OF_ITS_OWN.match(clause.after(usable[1].end, 120)))):
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


def _half_lives_of_some(clause: ClauseReading, span: Span[Window], number: int) -> tuple[Mention, ...]:
    """The therapies for which alone a window, or the one before it, puts half-lives beside its days.

    "28 days (or 5 half-lives for small molecules)", "28 days or 5 half-lives for targeted agents, whichever is shorter".
    """
    if span.value.half_lives is None or (span.value.days is None and number == 0):
        return ()
    told = _HALF_LIVES_FOR.search(clause.lower, span.start, min(clause.part.end, span.end + _TO_KINDS))
    if told is None:
        return ()
    ends = _ENDS_KINDS.search(clause.lower, told.end(), clause.part.end)
    end = ends.start() if ends else clause.part.end
    named = [m for m in clause.part.mentions if m.kind in THERAPY_KINDS and told.end() <= m.start < end]
    # "Half-lives of X" may be those of the drug that the window is counted from.
    return () if told["how"] == "of" and any(m.kind == "drug" for m in named) else tuple(named)


def _anchor(after: str) -> str:
    match = re.search(r"(?:prior to|before|of|from|preceding|to)\s+(?:the\s+)?([a-z0-9 ,/-]{3,60})", after)
    return match[1].strip(" ,") if match else ""
