"""What stands under "except", "other than", "unless" … or a permission in a clause."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.criteria.clauses.elsewhere import denied_elsewhere
from kg.criteria.clauses.exception_ends import end_of
from kg.criteria.clauses.permitted_tails import permitted_tail
from kg.criteria.clauses.reading import WITH_OR_WITHOUT
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.records import Section

if TYPE_CHECKING:
    from kg.criteria.clauses.clause import ClauseReading

_CONDITIONS = ("provid", "so long as", "as long as", "on condition that", "only if")
_ENDED_AGO = pattern("clause: ended ago")
_PROVIDED_IN = pattern("clause: provided in")
_THAN = (" more than ", " longer than ", " later than ", " greater than ", " less than", " fewer than")
BUT_NOT = pattern("clause: but not")
"""Before a therapy, two words for forms of it: "inhaled but not systemic (steroids)"."""
_NONE_PERMITTED = pattern("clause: none permitted")
"""In brackets these forbid: "(no growth factors permitted within 7 days)"."""
_FOR_A_PART = re.compile(r"\s+(?:(?:for|in|of)\s+)?(?:part|cohort|arm|phase|group|module)\b")
_OUTSIDE_THE_TRIAL = re.compile(r"\s+(?:the|this|our)\s+(?:(?:current|present|clinical|research)\s+){0,2}(?:trial|study|protocol)\b")
_LEFT_OUT = pattern("clause: left out")
NOT_THESE = re.compile(r"not\s+(?:(?:including|any|the|for|of|use|with)\s+){0,3}")
"""What a bracket opens with that leaves out what it names: "statins (not simvastatin)"."""
_EXCEPTED_BEHIND = pattern("clause: excepted behind")
_STOPPED = pattern("clause: stopped already")
_STILL_ON = ("if not", "unless")
_IN_AN_EMERGENCY = pattern("exceptions: in an emergency")
_A_LESION = pattern("clause: a lesion")
_BEYOND_USE = pattern("clause: beyond use")
_TIME_BEFORE = re.compile(r"\b(?:days?|weeks?|months?|years?|half[- ]li(?:fe|ves))(?:\s*\([^()]*\))?\s*$")


def exceptions_of(clause: ClauseReading) -> list[tuple[int, int, str]]:
    """[start, end, kind) of the exceptions of a clause: by words that except, by a permission at its end, and in brackets."""
    spans: list[tuple[int, int, str]] = []
    for cue in clause.part.tagged("except", "unless"):
        if not (spans and cue.start < spans[-1][1]) and _makes_one(clause, cue):
            spans.append((cue.start, end_of(clause, cue), cue.tag))
    spans += permitted_tail(clause, spans)
    for start, end in clause.reading.parens:
        if clause.part.start <= start < clause.part.end:
            apart = not any(s < end and start < e for s, e, _ in spans)
            left_out = clause.possible & _LEFT_OUT.bit and _LEFT_OUT.search(clause.lower, start, end)
            if apart and _permits_a_part(clause, start, end):
                spans.append((start + 1, end - 1, "permit"))
            elif left_out or (apart and _denies_a_part(clause, start, end)):
                spans.append((start + 1, end - 1, "except"))
    spans += denied_elsewhere(clause, spans)
    if clause.possible & _EXCEPTED_BEHIND.bit:  # "any TKI, imatinib excepted, or interferon"
        behind = [found.span("what") for found in _EXCEPTED_BEHIND.finditer(clause.lower, clause.part.start, clause.part.end)]
        spans += [(*what, "except") for what in behind if not any(s < what[1] and what[0] < e for s, e, _ in spans)]
    return spans


def _makes_one(clause: ClauseReading, cue: Cue) -> bool:
    """Whether words that can make an exception do, and tell no term, no time and no place."""
    if cue.text.startswith("provid") and (_PROVIDED_IN.match(clause.lower, cue.end) or _takes_after(clause, cue)):
        return False
    if cue.text.startswith(_CONDITIONS) and any(c.end <= cue.start for c in clause.part.tagged("permit")):
        return False  # "permitted provided that 4 weeks have elapsed" says on what terms, and excepts nothing
    if cue.text == "excluding" and clause.part.start == cue.start:
        return False
    if any(c.start <= cue.start and cue.end < c.end for c in clause.part.tagged("neg")):
        return False  # "excluding measurements within 7 days after X"
    if cue.text == "but not" and clause.lower.startswith(_THAN, cue.end):
        return False  # "at least 3 weeks but not more than 8 weeks before"
    if cue.text == "but not" and _tells_of_a_form(clause, cue):
        return False  # "inhaled but not systemic steroids", "strong, but not moderate, inhibitors of CYP3A4"
    if cue.text == "if not" and clause.lower.startswith((",", " within", " known", " available"), cue.end):
        return False  # "a sample must be available; if not, a new biopsy" asks for the new one, "if not within 4 weeks" tells a term
    if (cue.text in _STILL_ON and _still_on_it(clause, cue)) or _in_an_emergency(clause, cue):
        return False
    if cue.text == "outside of" and (_OUTSIDE_THE_TRIAL.match(clause.lower, cue.end) or _A_LESION.search(clause.before(cue.start, 40))):
        return False  # "concurrent treatment outside of this trial", "measurable disease outside of the irradiated field"
    if cue.text == "beyond" and (not _beyond_use(clause, cue) or _TIME_BEFORE.search(clause.before(cue.start, 80))):
        return False
    paren = clause.reading.paren_of(cue.start)
    return paren is None or not _shuts_out(clause, cue, paren)


def _still_on_it(clause: ClauseReading, cue: Cue) -> bool:
    """Whether "unless stopped" only says that those still on a drug are meant: "PPIs, if not stopped at enrolment"."""
    stopped = _STOPPED.match(clause.lower, cue.end, clause.part.end) if clause.possible & _STOPPED.bit else None
    if stopped is None or stopped["not"] or any(w.start >= cue.end for w in clause.part.windows):
        return False
    return _of_what_is_taken(clause, cue)


def _in_an_emergency(clause: ClauseReading, cue: Cue) -> bool:
    """Whether it only frees what is given in an emergency, as what is taken for long is not: "systemic steroids unless emergency"."""
    found = clause.found_behind(_IN_AN_EMERGENCY, cue.end)
    return found is not None and not clause.part.windows and _of_what_is_taken(clause, cue)


def _of_what_is_taken(clause: ClauseReading, cue: Cue) -> bool:
    """Whether drugs that are not against cancer are told of before an exception."""
    before = [m for m in clause.part.therapies if m.end <= cue.start]
    return bool(before) and not any(clause.context.known.is_anticancer(m) for m in before)


def _tells_of_a_form(clause: ClauseReading, cue: Cue) -> bool:
    """Whether "but not" stands between two words for forms of the first therapy of a clause, or for its strengths."""
    first = next(iter(clause.part.therapies), None)
    if first is None or first.start < cue.end:
        return any(m.start < cue.start and cue.end < m.end for m in clause.part.therapies)
    found = clause.found_before(BUT_NOT, first.start)
    told = found and first.start - len(found.string) + found.start("told")
    if found is None or clause.part.has("permit"):
        return found is not None
    return first.start > cue.end + 1 and any(c.start == told for c in clause.part.tagged("route", "dose", "purpose"))


def _permits_a_part(clause: ClauseReading, start: int, end: int) -> bool:
    """Whether brackets permit a part of what stands before them: "(topical use is allowed)"."""
    verbs = [c.start for c in clause.part.tagged("permit") if start < c.start < end and c.text not in WITH_OR_WITHOUT]
    if not verbs:
        return False
    if "wash" in clause.lower[start : verbs[0]] and any(start < w.start < verbs[0] for w in clause.part.windows):
        return False  # "(a one-week wash-out from X is permitted)" tells how long X must be over
    return not _NONE_PERMITTED.fullmatch(clause.lower, start + 1, end - 1) and not _speaks_for_itself(clause, start, end)


def _denies_a_part(clause: ClauseReading, start: int, end: int) -> bool:
    """Whether brackets deny a part of what stands before them: "azoles (not fluconazole)"."""
    denied = NOT_THESE.match(clause.lower, start + 1, end)
    told = [m.end for m in clause.part.therapies] + [c.end for c in clause.part.tagged("untold")]
    if denied is None or not any(stop <= start for stop in told):
        return False
    form = next((c for c in clause.part.tagged("route", "dose", "purpose") if c.start == denied.end()), None)
    named = denied.end() if form is None else form.end + 1
    return any(m.start == named for m in clause.part.therapies)


def _speaks_for_itself(clause: ClauseReading, start: int, end: int) -> bool:
    """Whether what stands in brackets is a sentence of its own, of which nothing was said before: "INR ≤ 1.5. (Warfarin is allowed if …)"."""  # noqa: E501
    if not clause.part.end - 1 <= end <= clause.part.end + 1:
        return False
    if start == clause.part.start or clause.context.section is Section.EXCLUSION:
        return start == clause.part.start
    opens = clause.lower[clause.part.start : start].rstrip().endswith(".")
    return opens and not any(m.end <= start for m in clause.part.therapies)


def _shuts_out(clause: ClauseReading, cue: Cue, paren: tuple[int, int]) -> bool:
    """Whether brackets of an inclusion tell whom one part excludes: "(except for part B, where patients with X are excluded)"."""
    if clause.context.section is not Section.INCLUSION or not _FOR_A_PART.match(clause.lower, cue.end):
        return False
    return any(paren[0] < c.start < paren[1] for c in clause.part.tagged("prohibit"))


def _takes_after(clause: ClauseReading, cue: Cue) -> bool:
    """Whether an inclusion says when a therapy must have ended: "relapse after transplant, provided it was at least 100 days ago"."""
    if clause.context.section is not Section.INCLUSION or clause.part.tagged("neg", "prohibit"):
        return False
    had = any(m.end <= cue.start for m in clause.part.therapies)
    return had and _ENDED_AGO.match(clause.lower, cue.end) is not None


def _beyond_use(clause: ClauseReading, cue: Cue) -> bool:
    """Whether "beyond" stands before a therapy, not a time or an event: "beyond the use of X", "therapy beyond surgical resection"."""
    return _BEYOND_USE.match(clause.lower, cue.end) is not None or any(m.start == cue.end + 1 for m in clause.part.therapies)
