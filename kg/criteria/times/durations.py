"""Amounts of time that tell how long something lasted or took, or how long ago an event was: no window of a therapy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import Part
from kg.criteria.words.first_letters import quick
from kg.criteria.words.patterns import one_of, pattern
from kg.criteria.words.quantities import Span
from kg.records import Mention, Section, Window

_PROGRESS_WINDOW = pattern("timing: progress window")
PROGRESSED_SOON = pattern("timing: from start to progression")
"""How soon after its start a therapy failed: "progression within 2 months after treatment initiation"."""
_FREE_OF_RECURRENCE = pattern("timing: free of recurrence")
"""How long it took from adjuvant therapy to recurrence; a § stands for the amount of time."""
_OR_A_RELAPSE = pattern("timing: or a relapse")
_HAD_BEFORE = pattern("timing: had before")
_ANOTHER_USE = pattern("timing: another use")
_SAYS_AGAIN = pattern("timing: says again")
_WHENEVER = pattern("timing: whenever")
_OTHER_SUBJECT = re.compile(
    r",\s+or\s+(?:if\s+)?(?:the\s+)?(?:patients?|participants?|subjects?)\s+(?:who\s+)?(?:has|have|had)\s+(?:received|undergone|been|had)\b"
)
_GIVEN_FOR = pattern("timing: given for")
_TAKEN_FOR = pattern("timing: taken for")
_OF_USE = pattern("timing: of use")
_NO_USE = re.compile(r"[\s-]+(?:(?:treatment|therapy|drug)[\s-]+)?(?:free|wash\w*|breaks?|holidays?|rest|abstinence|interruption|pause)\b")
_IN_WHICH = pattern("timing: in which")
_REACH = 160
"""How many characters before or behind an amount what it is of may be told."""
_UP_TO = pattern("timing: up to")
_COURSE_OF = pattern("timing: course of")
_BEFORE_SOMETHING = pattern("timing: before after")
_OR_LESS_OF = re.compile(r"\s*(?:\([^)]*\)\s*)?or\s+(?:fewer|less)\s+of\b")
_LONG_BEHIND = pattern("durations: had for so long behind")
_LONG_BEFORE = pattern("durations: had for so long before")
_LONGER_OR_WITHIN = pattern("durations: for longer or within")
_DURATION_OF = pattern("durations: duration of")
_OF_ITS_DURATION = pattern("durations: of its duration")
TELLS_HOW_LONG = one_of("durations: had for so long behind", "durations: had for so long before", "durations: of its duration")
_WAITS_FOR = re.compile(r"\bfor\s+(?:at least|a minimum of|\u2265|>=)\s*[^;,.]{1,20}\b(?:days?|weeks?|months?)\b")
_COUNTS_FROM_LAST = re.compile(r"\b(?:intervals?|since|last|latest|recent|elapsed)\b")
HOW_LONG = "for how long it was given"
"""The doubt of a therapy that counts only where it was given for so long, or in so many cycles."""
_COMPARISON = quick(r"(?:for|within|at least|in|of|the|\u2265|>=|>|\u2264|<=|<|a minimum|more than|less than|over|last|past|\s)+$")
_AND_THEN = re.compile(r"\sand\s+$")
_PATIENTS_MUST = re.compile(r"\bwith\s+(?:an?\s+)?(?:[\w/-]+\s+){0,3}(?:must|should)\b")
"""Patients are told by their disease: "with recurrent disease must be 4 weeks from their last X" times X."""
_FROM = re.compile(r"\s+(?:from|since|after)\b")
_OFF_IT = pattern("timing: off it")
"""Words for the end of a therapy, in spite of which a disease progressed."""
_SHORTEST = re.compile(r"(?:\b(?:at least|more than|and|or)|[(,;:])\s*$")
_EVENTS = ("infarct", "stroke", "angina", "biops")
"""Events of the heart and the brain, and biopsies, among the words of which a time is."""
_VISIT = re.compile(r"screening(?:\s+(?:visit|date))?\W*")
_TAKEN = ("obtain", "measur", "test")
"""Words for taking blood among those that a time may be of."""
_TO_SUPPORT = 60
"""Behind a time what lifts the counts is named within so many characters: "after administration of short-acting G-CSF"."""


def of_an_event(clause: ClauseReading, before: str, span: Span[Window]) -> bool:
    """Whether a time is of what the words before it tell: "stable for 4 weeks", "infarction within 6 months".

    An operation in one list with an event of the heart shares its time: "infarction or coronary stenting within 6 months".

    Arguments:
        clause: the clause.
        before: the words before the time.
        span: the time.
    """
    soon = clause.find(PROGRESSED_SOON)
    if soon is not None and soon.start() < span.start < soon.end():
        return True
    event = _PROGRESS_WINDOW.search(_COMPARISON.sub(" ", before) + " ")
    if event is not None and _AND_THEN.search(event.group()) and _FROM.match(clause.lower, span.end):
        return False  # "relapse after a transplant and at least 6 months from it"
    if event is not None and "wash" in event.group():
        return False  # "a negative test after a wash-out of at least 4 weeks"
    if event is not None and (_PATIENTS_MUST.search(before) or _progressed_off_it(clause, span)):
        return False
    if event is not None and event.group().startswith(_TAKEN) and _of_supported_counts(clause, span):
        return False
    if event is not None and _VISIT.fullmatch(event.group()) and _FROM.match(clause.lower, span.end):
        return False  # "screening visit less than 21 days after chemotherapy"
    if event is None or not event.group().startswith(_EVENTS):
        return event is not None
    operations = clause.context.known.procedures
    return not any(m.kind == "class" and m.key in operations and m.end <= span.start for m in clause.part.mentions)


def _progressed_off_it(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether who comes progressed so long after the end of a therapy, which is so long ago: "≥ 4 weeks after stopping flutamide"."""
    if clause.context.section is Section.EXCLUSION or clause.find(_OFF_IT) is None:
        return False
    shortest = _SHORTEST.search(clause.before(span.start, 20))
    return shortest is not None and _FROM.match(clause.lower, span.end) is not None


def _of_supported_counts(clause: ClauseReading, span: Span[Window]) -> bool:
    """Whether a time says how long after growth factors or a transfusion blood is taken: "measured at least 7 days after G-CSF"."""
    after = _FROM.match(clause.lower, span.end) or clause.lower.startswith(" of ", span.end)
    support = clause.context.known.count_support
    return bool(after) and any(m.key in support and 0 <= m.start - span.end < _TO_SUPPORT for m in clause.part.mentions)


def at_most_so_long(clause: ClauseReading, before: str, after: str) -> bool:
    """Whether a time is the longest that it may be: "ended not more than 12 weeks ago", "two weeks or fewer of X"."""
    asked = clause.context.section is not Section.EXCLUSION
    if _COURSE_OF.search(before):
        return True  # "a short course of steroids (up to 14 days)"
    most = _UP_TO.search(before) if asked else None
    if most is not None and most["late"] and _BEFORE_SOMETHING.match(after):
        most = None  # "ended no later than 4 weeks before registration" tells the least
    return most is not None or _OR_LESS_OF.match(after) is not None


def how_long_given(part: Part, lower: str, span: Span[Window]) -> bool:
    """Whether "for at least 12 weeks before screening" tells how long something was given, not how long ago: nothing is denied."""
    start = max(part.start, span.start - 160)
    if _GIVEN_FOR.search(lower, start, span.start):
        return True
    denied = any(c.start < span.start for c in part.tagged("neg", "stop", "prohibit"))
    return not denied and _TAKEN_FOR.search(lower, start, span.start) is not None


def free_of_recurrence(part: Part, lower: str, span: Span[Window]) -> bool:
    """Whether a time has to lie between adjuvant therapy and recurrence: who had it later has not been free of disease for so long.

    "Adjuvant therapy is allowed if progression occurred more than 6 months after it", "6 months between its end and recurrence".
    """
    if "adjuvant" not in lower[part.start : part.end]:
        return False
    before = lower[max(part.start, span.start - _REACH) : span.start]
    after = lower[span.end : min(part.end, span.end + _REACH)]
    return _FREE_OF_RECURRENCE.search(f"{before}\u00a7{after}") is not None


def of_another_way_in(clause: ClauseReading, mention: Mention, span: Span[Window]) -> bool:
    """Whether a time behind a therapy is of other patients: "no prior therapy, or relapse more than 6 months after adjuvant therapy"."""
    return free_of_recurrence(clause.part, clause.lower, span) and _OR_A_RELAPSE.match(clause.lower, mention.end, span.start) is not None


def of_another_use(clause: ClauseReading, mention: Mention, span: Span[Window]) -> bool:
    """Whether a time behind a therapy is of drugs of another kind, behind a comma: "prior chemotherapy, and use of steroids within …"."""
    known = clause.context.known
    if not known.is_anticancer(mention) or not clause.opens_with(_HAD_BEFORE):
        return False
    if _OTHER_SUBJECT.search(clause.lower, mention.end, span.start):
        return True  # "who have previously received X, or the patient has received Y within 3 months"
    turn = _ANOTHER_USE.search(clause.lower, mention.end, span.start)
    behind = [m for m in clause.part.therapies if turn is not None and turn.end() <= m.start < span.start]
    return bool(behind) and not any(known.is_anticancer(m) for m in behind)


def of_another_predicate(clause: ClauseReading, mention: Mention, span: Span[Window]) -> bool:
    """Whether a time behind a therapy is of what is said last, and the therapy counts whenever it was.

    "Has had prior X for metastatic disease, or has had Y within 3 weeks", "prior W, prior X, or Y within 3 weeks".
    """
    if not clause.possible & _SAYS_AGAIN.bit:
        return False
    again = (m.end() for m in _SAYS_AGAIN.finditer(clause.lower, clause.part.start, span.start))
    turn = max((end for end in again if end > mention.end), default=None)
    behind = [m for m in clause.part.therapies if turn is not None and turn <= m.start < span.start]
    if turn is None or not behind or "," in clause.lower[behind[-1].end : span.start]:
        return False  # "prior X, or has had Y, within 3 weeks" times both
    begins = _WHENEVER.search(clause.lower, clause.part.start, turn) is not None
    return begins and _WHENEVER.search(clause.lower, turn, span.start) is None


def of_use(part: Part, lower: str, span: Span[Window]) -> bool:
    """Whether a time says how long a therapy was given; "4 weeks of chemotherapy-free interval" does not."""
    therapies = list(part.therapies)
    return any(_OF_USE.fullmatch(lower, span.end, m.start) and not _NO_USE.match(lower, m.end) for m in therapies)


@dataclass(frozen=True, slots=True)
class HadFor:
    """Where a clause tells for how long a therapy was given."""

    start: int
    end: int
    most: bool
    """Whether it is the longest that is told: "up to 4 weeks", "6 months or less"."""


def had_for(clause: ClauseReading, mention: Mention) -> HadFor | None:
    """For how long, or in how many cycles, a drug against cancer was given by a clause: "X for more than 6 months", "< 2 cycles of X".

    Arguments:
        clause: the clause.
        mention: the drug or class.
    """
    known = clause.context.known
    if not clause.possible & TELLS_HOW_LONG or not known.is_anticancer(mention) or mention.key in known.procedures:
        return None
    if not clause.context.may_treat_cancer:
        return None
    start = clause.list_start(mention)
    found = clause.found_before(_LONG_BEFORE, start) if not _NO_USE.match(clause.lower, mention.end) else None
    at = max(clause.part.start, start - 60)
    if found is None:
        found = clause.found_behind(_LONG_BEHIND, mention.end, _REACH)
        if found is None and clause.found_before(_DURATION_OF, start) is not None:
            found = clause.found_behind(_OF_ITS_DURATION, mention.end)
        at = mention.end
        if _COUNTS_FROM_LAST.search(clause.before(start, 40)):
            return None  # "an interval since the last treatment of fewer than 3 weeks"
        ends = ("neg", "stop") if found and _WAITS_FOR.search(found.group()) else ("stop",)
        if any(c.start <= mention.start for c in clause.part.tagged(*ends) if not clause.in_exception(c.start)):
            return None  # "no chemotherapy for at least 4 weeks", "stopped X for more than 4 weeks", "off all therapy for 4 weeks"
    if found is None or (clause.in_exception(at + found.end() - 1) and not clause.in_exception(mention.start)):
        return None  # "no prior therapy other than steroids for < 1 week": so long is what is excepted
    return HadFor(at + found.start(), at + found.end(), any(v for k, v in found.groupdict().items() if k.startswith(("most", "less"))))


def for_longer_or_lately(clause: ClauseReading, mention: Mention, end: int, window: Window) -> bool:
    """Whether a therapy of cancer counts if given for so long, and anyhow if lately: "for more than 1 month or within 12 weeks".

    Arguments:
        clause: the clause.
        mention: the drug or class.
        end: where the list ends that it stands in.
        window: how lately.
    """
    known = clause.context.known
    if not window.within or not known.is_anticancer(mention) or mention.key in known.procedures:
        return False
    return bool(clause.possible & _LONGER_OR_WITHIN.bit) and _LONGER_OR_WITHIN.match(clause.lower, end, clause.part.end) is not None


def in_a_longer_time(lower: str, span: Span[Window], following: Sequence[Span[Window]]) -> bool:
    """Whether a time says how long a therapy was given in the time that follows it."""
    return bool(following) and _IN_WHICH.fullmatch(lower, span.end, following[0].start) is not None
