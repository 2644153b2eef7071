"""Words of time that tell of the whole past of a patient, "have received X", "X at any time in the past", or of what lies far back."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.records import Mention, Polarity, Section, Window

PERFECT = pattern("stance: perfect")
"""Before a word of time: "who have ever …"."""
_WHENEVER = frozenset({"ever", "any time", "at any time", "in the past"})
_HAD = frozenset({"have had", "has had"})
_OTHERS = re.compile(r"\bwho\b|\bor\s+(?:is|are|plans?|will)\b")
"""Between a word of time and a therapy, a turn to other patients or to what is to come."""
_IN_THE_TRIAL = re.compile(r"\s+(?:during|up to|until|throughout)\b")
_MUST_BE = re.compile(r"\b(?:must|should|has to|have to|needs? to)\s+(?:be|have been)\s+$")
_LONGER_AGO = pattern("timing: longer ago")
BEFORE_DIAGNOSIS = "counted back from the diagnosis"
"""The doubt of a time that ended with the diagnosis of the disease: how long ago that was, no date of a therapy tells."""
_BEFORE_DIAGNOSIS = pattern("timing: before diagnosis")
_STARTED = ("start", "initiat", "beg", "commenc")
_USE = ("use of", "use")
_MEANWHILE = re.compile(r"\b(?:during|while|throughout|until|concomitant\w*|concurrent\w*)\b")
_NEAR = 30
_UNTIL = re.compile(r"\buntil\b")
_WHY_IT_ENDED = re.compile(
    r"\s[^.;,]{2,60}?\b(?:due to|because of|owing to|for|secondary to|on account of)\s+(?:[\w-]+\s+){0,3}"
    r"(?:progress|relaps|recurren|toxic|adverse|intoleran|side effect)"
)


def tells_why_it_ended(clause: ClauseReading, cue: Cue) -> bool:
    """Whether a word for the end of a therapy is followed by its reason: "discontinued X due to progression" had it."""
    return cue.text in ("discontinued", "stopped") and _WHY_IT_ENDED.match(clause.lower, cue.end) is not None


def tells_of_the_past(clause: ClauseReading, cue: Cue, mention: Mention) -> bool:
    """Whether a word of time is one of the past, whenever that was: "have received X", "ever took X", "X at any time in the past".

    Arguments:
        clause: the clause that names the therapy.
        cue: a word of time before or behind it.
        mention: the therapy.
    """
    if clause.part.has("permit") or clause.part.has("dose", "stable") or _UNTIL.search(clause.after(mention.end)):
        return False
    if _OTHERS.search(clause.lower, cue.end, mention.start):
        return False
    behind = (c for c in clause.part.tagged("prior") if 0 <= c.start - mention.end <= _NEAR)
    whenever = [c for c in behind if c.text in _WHENEVER and not _IN_THE_TRIAL.match(clause.lower, c.end)]
    if any("," not in clause.lower[mention.end : c.start] for c in whenever):
        return True
    return cue.text in _WHENEVER or cue.text in _HAD or clause.found_before(PERFECT, cue.start, 40) is not None


def used_for_a_disease(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a use is of no time, but told with what it was for, as a history is: "use of chemotherapy for breast cancer".

    To be asked of a therapy whose disease or setting the clause names.

    Arguments:
        clause: the clause that names the therapy.
        mention: the therapy.
    """
    timed = any(not clause.in_exception(w.start) for w in clause.part.windows)
    if not clause.context.known.is_anticancer(mention) or timed or clause.part.tagged("planned", "permit"):
        return False
    times = [c for c in clause.part.tagged("prior", "current") if not clause.in_exception(c.start)]
    if not times or any(c.text not in _USE or c.start > mention.start for c in times):
        return False
    return not _OTHERS.search(clause.lower, times[-1].end, mention.start) and not _MEANWHILE.search(clause.lower, mention.end)


def counts_to_diagnosis(clause: ClauseReading, window: Window) -> bool:
    """Whether a time ended with the diagnosis: "endocrine therapy within 5 years prior to diagnosis of the current malignancy"."""
    to_it = window.within and "diagnosis" in window.anchor
    return to_it and clause.find(_BEFORE_DIAGNOSIS) is not None


def told_by_its_start(clause: ClauseReading) -> bool:
    """Whether therapy of old is told by when it began: "systemic therapy that was initiated more than 90 days before registration"."""
    found = clause.find(_LONGER_AGO)
    return found is not None and found.group().startswith(_STARTED)


def excludes_old(clause: ClauseReading, polarity: Polarity) -> bool:
    """Whether an exclusion is of therapy that ended too long ago: "more than 180 days have elapsed since the first dose of X"."""
    if clause.context.section is not Section.EXCLUSION or polarity is not Polarity.EXCLUDES:
        return False
    found = clause.find(_LONGER_AGO)
    if found is None or _MUST_BE.search(clause.before(found.start(), 30)):
        return False
    denied = clause.part.tagged("prohibit")
    if any(not any(d.start <= c.start and c.end <= d.end for d in denied) for c in clause.part.tagged("permit")):
        return False  # "is allowed if completed more than 4 weeks before", "completed more than 4 weeks before is allowed"
    # "More than 5 years since prior and no concurrent X" tells what must be.
    return not any(c.value == "determiner" and c.start >= found.end() for c in clause.part.tagged("neg"))
