"""Windows: which amounts of time look back from enrolment, and which of them binds a therapy."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.own import identity
from kg.criteria.clauses.reading import THERAPY_KINDS, Part
from kg.criteria.times.durations import (
    at_most_so_long,
    free_of_recurrence,
    how_long_given,
    in_a_longer_time,
    of_an_event,
    of_another_use,
    of_another_way_in,
    of_use,
)
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import Mention, Section, Window

_AGE = re.compile(r"\s*(?:of age|old|or older|and older)\b|[\s)]*(?:serum |plasma |elimination |terminal )?half[- ]?li(?:fe|ves)\b")
"""Behind an amount of time: it is a person's age, or a drug's half-life."""
_ASIDE = re.compile(r"\s*\([^()]*\)")
UNSTATED = pattern("timing: unstated")
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
_LEADING = pattern("timing: leading")
_FROM_IT = pattern("timing: from it")
_INTERVAL = pattern("timing: interval")
_ROW_BEFORE = pattern("timing: row before")
_ROW_AFTER = pattern("timing: row after")
_WITH = pattern("timing: with")
"""Between a time and what was given in it: "treatment, within 14 days before the first dose, with X"."""
ROW_GAP = pattern("timing: row gap")
_ENDED = pattern("timing: ended")
_ENDED_ABOVE = pattern("timing: ended above")
_FOR_ANY = re.compile(r"\bfor any (?:cause|reason|diagnosis|indication)(?:\s*(?:/|or)\s*(?:cause|reason|diagnosis|indication))?\b")
_FOR_IT = re.compile(r"[\s)]*(?:for|from|since|after)\s+(?:(?:any|all|the|prior|previous|other|systemic)\s+){0,3}")
_LENGTH = re.compile(r"[\s-]+(?:length|duration)s?\b")
_OF_SOMETHING = re.compile(r"\s*of\s+(?!(?:that|the|its|their)\s+(?:previous|prior|last|therapy|treatment|drug|agent|respective))")
_AND_NO_MORE = re.compile(r"\b(?:and|but)\s+(?:(?:no|not)\s+(?:more|longer|later|greater)\s+than|at most)\s*$")
_USE_OF = re.compile(r"\s*(?:use|usage|treatment|therapy|administration|intake|receipt|exposure)\s+(?:of|with|to)\b")
_JOINED = re.compile(r"(?:[,;]|\b(?:or|and))\s*$")
_WHICH_REQUIRE = re.compile(r"\b(?:which|that)\s+(?:requires?|needs?)\s+(?:(?:at least|an?|minimum|wash-?\s?out|period|of)\s+)*$")
HALF_LIVES_FOR = re.compile(r"half[- ]?li\w+\s+(?P<how>for|if|in|of)\s")
_FREE_INTERVAL = pattern("timing: free interval")
_LIST_FOLLOWS = re.compile(r"(?:(?!\b(?:or|and)\b)[^,;.:]){0,80}(?::\s|\b(?:such as|including)\b)")
_OF_A_KIND = re.compile(r"\s+(?:for|if)\s+(?:short|long|intermediate|first|second|non|sedat|rapid|slow)")
_AT_ANY_TIME = pattern("timing: at any time")
_MOST_TO_BRACKET = 3
_THE_FOLLOWING = re.compile(r"\bfollowing (?:\w+ )?(?:drugs?|medications?|medicines?|treatments?|therapies|agents?)\b")
_OR_NEED = re.compile(r"[^(),;.]*?\bor\s+(?:need|requir|receiv|tak|us(?:e|ing)\b)")
_NOT_HAD = pattern("timing: not had")
_OTHER_PREDICATE = pattern("timing: other predicate")
COLON = re.compile(r":\s")
_BRACKETED = re.compile(r"\([^()]*\)")
_FOR_LOCAL = pattern("timing: for local therapy")
_WITH_NO = re.compile(r"\b(?:with|and|but)\s+$")
_BETWEEN = re.compile(r"[\s),]*(?:\w+\s+){0,2}between\b")
_GOES_ON = pattern("timing: goes on")
_OTHERS_RELAPSED = pattern("timing: others relapsed")
_LATELY = pattern("timing: lately")
_LEAST = ("at least", "minimum of", "no less than", "not less than", "no fewer than")
_SINCE = re.compile(r"\b(?:since|after|from|post|following)\b")
_PRIOR = re.compile(r"\b(?:prior|before|preceding)\b")
_STARTS_FOR = re.compile(r"\bfor\s+(?:at least\s+|a minimum of\s+|more than\s+|\u2265\s*|>=?\s*|over\s+)?$")
_AFTERWARDS = re.compile(r"[\s)]*(?:\([^)]*\)\s*)?(?:after|following|post)\b")
_CONTRACEPTION = re.compile(r"contracep|agree|abstain|donat|breast|pregnan|use")
_MOST_TO_AMOUNT = 160
"""How many characters before "at least 2 weeks" an interval may be spoken of."""
_FRONT = 160
"""A label ends at most this many characters from the start of its criterion."""
_OPENED = re.compile(r"\((?:approx\w*\.?|about|at least|i\.?e\.?,?)?\s*$")
_REACH = 80
"""Examples further behind what they explain than this many characters are read by themselves."""


def usable_windows(clause: ClauseReading, part: Part, lower: str) -> list[Span[Window]]:
    """The clause's windows that look back from enrolment, marked within / at least."""
    if not part.windows:
        return []
    usable: list[Span[Window]] = []
    stops = part.has("stop") or "elapsed" in lower[part.start : part.end] or "wash" in lower[part.start : part.end]
    above = clause.context.lead
    listed = (
        above is not None
        and part is not above
        and (
            above.has("stop")
            or above.has("prior")
            or (above.has("neg") and not above.has("permit"))
            or any(p.search(clause.context.lead_lower) for p in (_INTERVAL, TIMES_BELOW))
        )
    ) or (part is clause.part and _opens_rows(lower[: lower.find(": ", 0, _FRONT) + 1]))
    of_times = part is not above and above is not None and TIMES_BELOW.search(clause.context.lead_lower) is not None
    rows = _rows(part, lower)
    for number, span in enumerate(part.windows):
        # In "2 weeks (6 weeks for X) prior to entry" the brackets hold a window of their own.
        aside = _ASIDE.match(lower, span.end)
        behind = aside.end() if aside else span.end
        following = next((w.start for w in part.windows[number + 1 :] if w.start >= behind), part.end)
        if _AGE.match(lower, span.end):
            continue
        begin = part.start
        if number and in_a_longer_time(lower, part.windows[number - 1], part.windows[number:]):
            begin = part.windows[number - 1].end  # "lasting over 1 week within 28 days"
        before, after = lower[max(begin, span.start - 60) : span.start], lower[span.end : min(following, span.end + 80)]
        # What stands in brackets before "within 2 weeks" is not what the weeks are counted of, even if the brackets open further back.
        plain = _FOR_ANY.sub(" ", _BRACKETED.sub(" ", before).rpartition(")")[2] if ")" in before else before)
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
        timed = least and _INTERVAL.search(lower, max(part.start, span.start - _MOST_TO_AMOUNT), span.start) is not None
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
            ended = _ENDED.search(lower, max(part.start, span.start - _MOST_TO_AMOUNT), span.start) is not None
            ended = not within and (ended or (part is not above and _ENDED_ABOVE.search(clause.context.lead_lower) is not None))
            usable.append(Span(span.start, span.end, replace(span.value, within=not ended, anchor=_anchor(after))))
        elif listed and (bare or _ROW_BEFORE.search(lower[part.start : span.start]) or span in rows) and _ROW_AFTER.match(after):
            usable.append(Span(span.start, span.end, replace(span.value, within=False)))
        elif usable and (_FOR_SOME.match(after) or _WHICH_REQUIRE.search(before) or HALF_LIVES_FOR.search(inside)):
            usable.append(Span(span.start, span.end, replace(span.value, within=usable[-1].value.within, anchor=usable[-1].value.anchor)))
        elif (_FOR_SOME.match(after) or _fills_brackets(before, after)) and UNSTATED.search(lower, part.start, span.start):
            # "within the required period (14 days for chemotherapy, 28 days for antibodies)", "within a specific window (5 half-lives)"
            usable.append(Span(span.start, span.end, replace(span.value, within=True)))
    return _of_all_rows(clause, usable, rows)


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


def window_of(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> Window | None:
    """The window that binds a mention: the nearest that leads it ("4 weeks since …") or trails it ("… within 4 weeks")."""
    kinds = _of_its_kinds(clause, mention, usable)
    if kinds is not None or _at_any_time(clause, mention):
        return kinds
    best: tuple[int, Window] | None = None
    inside = clause.reading.paren_of(mention.start)
    last = next((m for m in reversed(clause.part.mentions) if m.kind in THERAPY_KINDS), None)
    for span in usable:
        if clause.in_exception(span.start):
            continue
        paren = clause.reading.paren_of(span.start)
        apart = paren is not None and ";" in clause.lower[max(paren[0], mention.end) : span.start]
        if apart and (paren == inside or inside is None):
            continue  # in brackets, a semicolon parts one therapy's time from the others
        if _of_another_thing(clause, mention, span):
            continue
        if paren is not None and mention.end <= paren[0] and _of_a_later_use(clause, paren):
            continue  # "aspirin, or recent (within 21 days) use of X"
        if len(usable) > 1 and _FOR_LOCAL.match(clause.lower, span.end) and mention.key not in clause.context.known.procedures:
            continue  # "chemotherapy or radiotherapy within 2 weeks (local) or 4 weeks (systemic)"
        heads = paren is not None and 0 <= paren[0] - mention.end <= 3 and len(usable) == 1
        if (
            paren
            and paren != inside
            and not heads
            and not _tells_how_lately(clause, paren, mention)
            and (paren[0] < mention.start or _for_others(clause, span) or names_therapy(clause, paren))
        ):
            continue
        right_before = clause.lower[span.end : mention.start] == " "  # "at least 3 weeks from chemotherapy, 2 weeks TKI"
        if span.start <= mention.start < span.end or right_before or _FOR_IT.fullmatch(clause.lower, span.end, mention.start):
            return span.value
        leading = (
            (bool(_LEADING.match(clause.after(span.end))) and (last is None or last.start >= span.end))
            or not clause.lower[clause.part.start : span.start].strip(" ,(")
            or (mention.start >= span.end and (_opens(clause, span) or span.end <= clause.reading.label_end))
            or _counts_from(clause, span)
            or (paren is not None and paren[1] <= mention.start and _tells_how_lately(clause, paren, mention))
            or (mention.start >= span.end and _WITH.fullmatch(clause.lower, span.end, mention.start) is not None)
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
    if not usable and clause.context.lead is not None and not clause.context.excepts_below:
        above = usable_windows(clause, clause.context.lead, clause.context.lead_lower)
        if above:
            return above[-1].value
    return None


def _at_any_time(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a therapy counts whenever it was, so that the times of others are not its own: "X at any time, or Y within 4 weeks"."""
    found = _AT_ANY_TIME.match(clause.after(mention.end, 120))
    return found is not None and not any(mention.end <= w.start < mention.end + found.end() for w in clause.part.windows)


def _of_its_kinds(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> Window | None:
    """The longest time where brackets give those of kinds without a name: "antihistamines (3 days for short, 5 days for long acting)"."""
    paren = clause.reading.paren_of(usable[0].start) if len(usable) > 1 else None
    if paren is None or not 0 <= paren[0] - mention.end <= _MOST_TO_BRACKET or names_therapy(clause, paren):
        return None
    if not all(span.end <= paren[1] and _OF_A_KIND.match(clause.lower, span.end) for span in usable):
        return None
    return max((span.value for span in usable), key=lambda w: (w.months or 0) * 31 + (w.days or 0))


def _of_a_later_use(clause: ClauseReading, paren: tuple[int, int]) -> bool:
    """Whether brackets say how lately the use behind them was: "recent (within 21 days) use of X"."""
    lately = _LATELY.search(clause.before(paren[0], 40)) is not None and _USE_OF.match(clause.lower, paren[1]) is not None
    return lately and not names_therapy(clause, paren)


def _tells_how_lately(clause: ClauseReading, paren: tuple[int, int], mention: Mention) -> bool:
    """Whether brackets say what the word before them means: "recent (within 14 days) treatment with X", "previous use (…) of X"."""
    return paren[1] <= mention.start and _LATELY.search(clause.before(paren[0], 40)) is not None and not names_therapy(clause, paren)


def _of_another_thing(clause: ClauseReading, mention: Mention, span: Span[Window]) -> bool:
    """Whether a window is of something else: "not on immunosuppression, have had other cancers in the last two years".

    Before a therapy it is of the one that it stands before: "within 12 months from completion of X with no Y".
    """
    others = span.start >= mention.end and _OTHERS_RELAPSED.search(clause.lower, mention.end, span.start) is not None
    if others and free_of_recurrence(clause.part, clause.lower, span):
        return True  # "no prior systemic therapy, or relapse at least 12 months after adjuvant therapy"
    if span.end <= mention.start:
        none = [c.start for c in clause.part.tagged("neg") if span.end <= c.start < mention.start]
        denied = [at for at in none if _WITH_NO.search(clause.before(at))]
        return bool(denied) and any(m.kind in THERAPY_KINDS and span.end <= m.start < denied[-1] for m in clause.part.mentions)
    if span.start < mention.end:
        return False
    if of_another_way_in(clause, mention, span):
        return True
    if ", " not in clause.lower[mention.end : span.start]:
        return False
    if of_another_use(clause, mention, span):
        return True
    turns = [m.start() for m in _OTHER_PREDICATE.finditer(clause.lower, mention.end, span.start)]
    named = [m.start for m in clause.part.mentions if m.kind in THERAPY_KINDS]
    return not all(any(start <= at < end for at in named) for start, end in pairwise([*turns, span.start]))


def _of_what_it_explains(clause: ClauseReading, mention: Mention, usable: list[Span[Window]]) -> Window | None:
    """The window of the therapy of which a mention is an example: "anticancer therapy within 4 weeks, such as chemotherapy or …".

    A list behind a colon is read like examples.
    """
    openers = [(c.start, c.end) for c in clause.part.tagged("example")]
    anchors = [m for m, why in clause.masked if why in ("anchor", "study drug")]
    prior = max((c.start for c in clause.part.tagged("prior") if c.start < mention.start), default=0)
    openers += [(m.start(), m.end()) for m in COLON.finditer(clause.lower, clause.part.start, mention.start) if m.start() > prior]
    inside = clause.reading.paren_of(mention.start)
    if inside is not None and _examples_in(clause, inside) and all(span.value.within for span in usable if span.end <= inside[0]):
        openers.append((inside[0], inside[0] + 1))
    for start, end in sorted(openers, reverse=True):
        if end > mention.start:
            continue
        if _GOES_ON.search(clause.lower, end, mention.start):
            return None
        before = [span for span in usable if span.end <= start and not clause.in_exception(span.start)]
        head = next((m for m in reversed(clause.part.mentions) if m.kind in THERAPY_KINDS and m.end <= start and m not in anchors), None)
        if before and head is not None and start - max(head.end, before[-1].end) <= _REACH:
            return window_of(clause, head, before)
    return None


def _examples_in(clause: ClauseReading, paren: tuple[int, int]) -> bool:
    """Whether brackets list examples of the therapy named last before them: "immunosuppressants within 3 months (methotrexate, …)"."""
    named = [m for m in clause.part.mentions if m.kind in THERAPY_KINDS]
    head = next((m for m in reversed(named) if m.end <= paren[0]), None)
    first = next((m for m in named if paren[0] < m.start < paren[1]), None)
    return head is not None and first is not None and clause.context.known.covers(head, first)


def names_therapy(clause: ClauseReading, paren: tuple[int, int]) -> bool:
    """Whether a therapy is named in brackets, other than one from which a time is counted."""
    anchors = [m for m, why in clause.masked if why == "anchor"]
    return any(m.kind in THERAPY_KINDS and paren[0] < m.start < paren[1] and m not in anchors for m in clause.part.mentions)


def _opens(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether the window stands before every therapy of the clause ("Within 4 weeks before dosing, received …")."""
    if _of_a_disease_before(clause, span):
        return False
    if span.start - clause.part.start > (_MOST_TO_AMOUNT if _LIST_FOLLOWS.match(clause.after(span.end, 100)) else 60):
        return False
    return all(m.start >= span.end for m in clause.part.mentions if m.kind in THERAPY_KINDS)


def _of_a_disease_before(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether a window is that of an ill that stands before it, and "or" with a need follows: "bleeding within 30 days or need for X"."""
    told = any(c.end <= span.start for c in clause.part.tagged("disease"))
    return told and _OR_NEED.match(clause.after(span.end, 60)) is not None


def _for_others(clause: ClauseReading, span: Span[Window]) -> bool:
    return bool(re.match(r"[\s,]*(?:for|if|in case|in the case|when|since|after|from)\b", clause.after(span.end)))


def _counts_from(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether a time is counted from the therapy that stands behind it: "6 weeks from large field irradiation"."""
    first = next((m for m in clause.part.mentions if m.kind in THERAPY_KINDS and m.start >= span.end), None)
    if first is None or any(m is first and why in ("anchor", "study drug") for m, why in clause.masked):
        return False
    return _FROM_IT.fullmatch(clause.lower, span.end, first.start) is not None


def _names_own(clause: ClauseReading, span: Span[Window], mention: Mention) -> bool:
    """Whether a leading window has therapies of its own to its right, so that it does not reach back to this mention.

    "Chemotherapy is allowed if 6 months have passed between the end of chemotherapy and recurrence" speaks of the same one.
    """
    following = min((w.start for w in clause.part.windows if w.start >= span.end), default=clause.part.end)
    named = [m for m in clause.part.mentions if span.end <= m.start < following and m.kind in THERAPY_KINDS]
    between = _BETWEEN.match(clause.lower, span.end) is not None
    return any(not between or identity(m) != identity(mention) for m in named)


def _anchor(after: str) -> str:
    match = re.search(r"(?:prior to|before|of|from|preceding|to)\s+(?:the\s+)?([a-z0-9 ,/-]{3,60})", after)
    return match[1].strip(" ,") if match else ""
