"""Which facts a clause looks at: what the patient had, or what the patient takes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.criteria.clauses.clause import GENERIC, ClauseReading
from kg.criteria.clauses.reading import Part
from kg.criteria.stances.negation import is_state, was_not_given
from kg.criteria.stances.past import PERFECT, tells_of_the_past, tells_why_it_ended
from kg.criteria.stances.stance import says_naive
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.records import ANY_MEDICINE, Mention, Role, Section

_STRONG = frozenset(
    "prior|previous|previously|earlier|history of|past"
    "|concomitant|concomitantly|concurrent|concurrently|parallel|simultaneous|current|currently"
    "|ongoing".split("|")
)
"""Words that settle the role; the others only suggest it."""
_OWN = pattern("clause: the trial's own")
_WHILE_IN_TRIAL = pattern("stance: while in the trial")
_PLANNED_BEHIND = pattern("stance: planned behind")
_AT_ITS_START = pattern("stance: at its start")
_OPENS_AT_START = pattern("stance: opens at its start")
_ON_THE_HEART = "qt-prolonging-drug"
"""A class that acts only while it is taken, whatever list it stands in: "restrictions on prior therapy: / * QT-prolonging drugs"."""
_PRESENT_DISEASE = pattern("stance: present disease")
_ON_IT = pattern("stance: on it")
_ILL_UNDER = pattern("stance: ill under it")
_OR_HAD = re.compile(r"\s+or\s+(?:ha(?:ve|s|d)\s+)?(?:been\s+)?(?:received|treated|used|taken)\b")
_BESIDE = pattern("stance: beside")
_OF_ONE_USE = pattern("stance: of one use")
"""Between two words of time of one therapy stand only words for its use."""
_USE = ("use of", "use", "treatment with", "therapy with")
_NEEDED = (*_USE, "require", "requires", "required", "requiring")
"""Words that leave it to others when a therapy is had."""
_TURNS = re.compile(r"[,;:()]|\b(?:and|or)\b")
_BEFORE = ("prior", "previous", "previously", "earlier")
_LOOKS_BACK = re.compile(r"[^.;,]{0,20}\bwithin\s+[\w-]+\s+(?:\(\w+\)\s+)?(?:days?|weeks?|months?)\s+(?:prior to|before)\b")
_EITHER_TIME = pattern("stance: either time")
_PREVIOUSLY = re.compile(r"\b(?:previously|formerly|ever)\s+$")
_HISTORY_OF = re.compile(r"\bhistory of\s+$")
_NOT_DONE = re.compile(r"\b(?:did not|yet to)\s+(?:\w+\s+)?$")
_PRIOR_OR = re.compile(
    r"\b(?:history(?:\s+of)?|prior|previous|(?:have|has)\s+(?:had|received|undergone)),?\s*(?:\b(?:or|and/or)\b|/)\s*(?:(?:who\s+)?(?:are|is)\s+)?$"
)
_TO_COME = re.compile(r"\b(?:to be|planned|anticipated|upcoming)\s+$")
_MAY_BE = re.compile(r"\b(?:to|may|must|can|will|should|could|not)\s+(?:not\s+)?be\s+$")
_HAS_BEEN = re.compile(
    r"\b(?:(?:has|have|had)\s+(?:(?:not|never|ever|already|previously)\s+)?been|was|were)\s+(?:(?:not|ever|already|previously)\s+)?$"
)
_NOT_BE = re.compile(r"(?:not|never)\s+be\s+$")
_IN_THIS_TRIAL = re.compile(r"\s+(?:in|for|by)\s+(?:this|the|our|the present|the current)\s+(?:clinical\s+)?(?:study|trial|protocol)\b")
_BEFORE_TRIAL = re.compile(
    r"\s+(?:at any time\s+|ever\s+)?(?:(?:prior to|before)\s+"
    r"(?:(?:entering|entry into|enrolment in|enrollment in)\s+)?(?:this|the)\s+(?:study|trial)"
    r"|in the past(?!\s+(?:\d|\w+\s+(?:days|weeks|months|years)))"
    r"|at any time(?=\s*(?:[,;.)]|or\b|$))|in any (?:prior |previous )?line)\b"
)
_ANSWERED = pattern("stance: answered")
_ANOTHER_THING = pattern("stance: another thing")
_OF_ORDER = ("prior", "previous", "earlier", "before enrollment")
_TO_OR_TIME = re.compile(r"\s+(?:to|\d+|(?:two|three|four|six)\s)\b")
_ENDS_IN_TIME = re.compile(r"\b(?:days?|weeks?|months?|years?)\s*\)?\s*$")
_PAST_TIME = re.compile(r"\s+(?:\d+|\w+\s+(?:days|weeks|months|years))")
_EITHER = "immunomodulator"
"""A class against cancer as well as for other uses."""
_EXAMPLES = r"(?:such as|including|e\.?g|for example|like)\b"
_ITS_EXAMPLES = re.compile(rf"s?(?:(?P<all>\s*\({_EXAMPLES})|\s*\(|,?\s*{_EXAMPLES})[^()]*$")
"""Between a class and an example of it; in brackets with words that say so, all are examples."""
_TO_DO = re.compile(r"\s+(?:to|that|by|for)\b")


@dataclass(slots=True)
class _Times:
    """The words of a clause that tell when a therapy is had."""

    cues: list[Cue]
    left: list[Cue]
    """Those before the therapy."""
    right: list[Cue]
    """Those behind it."""
    anticancer: bool
    """Whether the therapy is one against cancer, which counts when it is over, too."""

    @property
    def strong(self) -> bool:
        """Whether one before the therapy settles when it is had."""
        return any(c.text in _STRONG for c in self.left)


def role_of(clause: ClauseReading, mention: Mention) -> Role:
    """Whether the clause looks at what the patient had or at what the patient takes.

    Words that settle it by themselves come first, then those of time beside the therapy, what stands above, and last its kind.
    """
    if mention.kind == "pk" or mention.key == _ON_THE_HEART or is_state(mention):
        return Role.CONCOMITANT
    anticancer = clause.context.known.is_anticancer(mention) and not _is_for_another_use(clause, mention)
    if anticancer and (says_naive(clause, mention) or was_not_given(clause, mention) or _BEFORE_TRIAL.match(clause.after(mention.end))):
        return Role.PRIOR_THERAPY
    times = _times(clause, mention, anticancer)
    if _is_to_come(clause, mention, times) or _is_needed(clause, mention, times) or _is_in_the_trial(clause, mention, times):
        return Role.CONCOMITANT
    if anticancer and mention.text.lower().startswith(_BEFORE):
        return Role.PRIOR_THERAPY  # "previous lines of treatment are required"
    if times.left and all(c.text in _USE for c in times.left) and _is_heading_of_the_past(clause):
        return Role.PRIOR_THERAPY  # "Prior therapy with: / * use of estrogens"
    if times.cues:
        role = _by_its_words(clause, mention, times)
    elif clause.found_before(_ON_IT, mention.start, 100):
        role = Role.CONCOMITANT  # "patients on chemotherapy"
    else:
        role = _by_what_stands_above(clause, mention, anticancer)
    if role is not None:
        return role
    lasting = anticancer and mention.key not in clause.context.known.count_support and not _is_beside_the_trial(clause, mention, times)
    return Role.PRIOR_THERAPY if lasting else Role.CONCOMITANT


def _times(clause: ClauseReading, mention: Mention, anticancer: bool) -> _Times:
    """The words of time that are of a therapy, on either side of it."""
    found = clause.part.tagged("prior", "current", "cannotstop")
    cues = [c for c in found if not clause.in_exception(c.start) and not is_anchor_word(clause, c)]
    cues = [c for c in cues if not any(o.start <= c.start and c.end <= o.end and o.tag != c.tag for o in cues)]  # "on treatment with"
    cues = [c for c in cues if not clause.found_before(_ILL_UNDER, c.start)]  # who "progressed while receiving X" had it
    left = [c for c in cues if c.end <= mention.start + 1]
    left = [c for c in left if not _history_of_another(clause, c, left)]
    right = [c for c in cues if c.start >= mention.end]
    if not anticancer:
        right = [c for c in right if "," not in clause.lower[mention.end : c.start]]
    return _Times(cues, left, right, anticancer)


def _is_to_come(clause: ClauseReading, mention: Mention, times: _Times) -> bool:
    """Whether it is told that a therapy is planned, and nothing behind the plan that it was had."""
    planned = [c.start for c in clause.part.tagged("planned") if c.end <= mention.start]
    if planned and times.anticancer and _LOOKS_BACK.match(clause.lower, mention.end):
        planned = []  # "planned chemotherapy within 4 weeks before enrolment"
    planned = [at for at in planned if not _PRIOR_OR.search(clause.before(at, 40))]  # "prior or planned transplant"
    told = (c for c in times.left if not c.text.startswith(("during", *_NEEDED)) and not _TO_COME.search(clause.before(c.start, 20)))
    if planned and all(c.start < planned[-1] for c in told):
        return True
    return bool(clause.possible & _PLANNED_BEHIND.bit) and _is_planned_behind(clause, mention)


def _is_needed(clause: ClauseReading, mention: Mention, times: _Times) -> bool:
    """Whether another therapy than one against cancer is needed now: "a history of diseases that require administration of steroids"."""
    if times.anticancer:
        return False
    told = next((c.start for c in reversed(times.left) if c.text in _STRONG), 0)
    past = (_HISTORY_OF, PERFECT, _PREVIOUSLY)  # "who have been treated with X"
    needs = (c for c in clause.part.tagged("needing") if not any(p.search(clause.before(c.start, 40)) for p in past))
    needs = (c for c in needs if not _OR_HAD.match(clause.lower, c.end))
    return any(told <= c.start < mention.start and not c.text.endswith("ed") for c in needs)


def _is_in_the_trial(clause: ClauseReading, mention: Mention, times: _Times) -> bool:
    """Whether a therapy is told of as one during the trial, beside its own or at its start."""
    if clause.found_behind(_WHILE_IN_TRIAL, mention.end) and not any(c.text == "prior" for c in times.left):
        return True  # "received other chemotherapies while participating in this trial"
    if clause.found_before(_BESIDE, mention.start) and not times.strong:
        return True  # "treatment with any other anticancer agent": beside that of the trial
    # "Treatment at the start of the study with X, Y"
    return clause.opens_with(_OPENS_AT_START) is not None and not any(c.text in _STRONG for c in times.cues)


def _by_its_words(clause: ClauseReading, mention: Mention, times: _Times) -> Role | None:
    """By the nearest word of time before a therapy, else behind it; what is had at both times was had."""
    group = times.left[::-1] or times.right
    if not group:
        return None
    behind = [c for c in times.right if c.text not in _NEEDED]
    if behind and all(c.text in _USE for c in group) and not _TURNS.search(clause.lower, mention.end, behind[0].start):
        group = behind  # "treatment with chemotherapy during the study"
    if len(group) > 1 and group[0].text in _USE and clause.lower[group[1].end : group[0].start] == " ":
        group = group[1:]  # "who require treatment with X"
    first = next((c for c in group if c.text in _STRONG), group[0])
    if any(c.tag != first.tag and _side_by_side(clause.part, clause.lower, first, c) for c in group):
        return Role.PRIOR_THERAPY
    if first.tag != "prior":
        return Role.CONCOMITANT
    settled = first.text in _STRONG or times.anticancer or tells_of_the_past(clause, first, mention)
    return Role.PRIOR_THERAPY if settled else None


def _by_what_stands_above(clause: ClauseReading, mention: Mention, anticancer: bool) -> Role | None:
    """By the words of time in the bullet above, where the clause has none."""
    lead, lower = clause.context.lead, clause.context.lead_lower
    above = list(lead.tagged("prior", "current")) if lead is not None else []
    if mention.key in clause.context.known.count_support:
        above = [c for c in above if not _only_dates(lower, c)]  # "based on values within 7 days prior to registration:"
    if lead is None or not above:
        return None
    last = next((c for c in reversed(above) if c.text in _STRONG), above[-1])
    if any(c.tag != last.tag and _side_by_side(lead, lower, last, c) for c in above):
        return Role.PRIOR_THERAPY
    return Role.PRIOR_THERAPY if last.tag == "prior" and (anticancer or last.text in _STRONG) else Role.CONCOMITANT


def _is_beside_the_trial(clause: ClauseReading, mention: Mention, times: _Times) -> bool:
    """Whether a therapy of which no time is told is one beside that of the trial, or at its start."""
    if mention.key in GENERIC and not mention.text.startswith(("prior", "previous")) and _beside_its_own(clause):
        return True  # "any antileukemic therapy other than the study drug" is one beside it
    untimed = not (times.cues or clause.part.windows)
    return untimed and _AT_ITS_START.match(clause.lower, mention.end, clause.part.end) is not None  # "any cancer treatment at study entry"


def _is_for_another_use(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it is an example of what is not given for cancer: "immunosuppressive treatment (cyclophosphamide, azathioprine)"."""
    known = clause.context.known
    for head in clause.part.therapies:
        if head.kind == "class" and head.end <= mention.start and not known.is_anticancer(head) and head.key != _EITHER:
            found = _ITS_EXAMPLES.match(clause.lower, head.end, mention.start)
            if found is not None and (found["all"] or known.covers(head, mention)):
                return True
    return False


def _is_planned_behind(clause: ClauseReading, mention: Mention) -> bool:
    """Whether words behind a list say that it is to come, and no use of it is told: "chemotherapy or surgery, planned in the next year"."""
    found = _PLANNED_BEHIND.match(clause.lower, mention.end, clause.part.end)
    if found is None or clause.in_exception(found.end() - 1):
        return False
    past = (c for c in clause.part.tagged("prior", "current", "cannotstop", "prohibit") if c.start < found.end())
    return next(past, None) is None and not any(w.end <= found.end() for w in clause.part.windows)


def _is_heading_of_the_past(clause: ClauseReading) -> bool:
    """Whether the bullet above only says that what stands below it was had before."""
    above = clause.context.lead
    if above is None or not clause.context.lead_lower.rstrip().endswith(":") or above.tagged("permit", "except", "unless"):
        return False
    now = any(c.text in _STRONG for c in above.tagged("current"))
    return not now and any(c.text in _BEFORE for c in above.tagged("prior"))


def _side_by_side(part: Part, lower: str, one: Cue, other: Cue) -> bool:
    """Whether two words of time are of one therapy: "current or prior", "received or are receiving"; not "prior HSCT or current steroids"."""  # noqa: E501
    start, end = min(one.end, other.end), max(one.start, other.start)
    if end - start >= 40 or any(start <= m.start < end for m in part.mentions):
        return False
    strong = one.text in _STRONG and other.text in _STRONG
    return (_OF_ONE_USE if strong else _EITHER_TIME).fullmatch(lower, start, end) is not None


def _history_of_another(clause: ClauseReading, cue: Cue, left: list[Cue]) -> bool:
    """Whether "a history of X or use of Y" tells the role of X only."""
    return cue.text == "history of" and any(
        c.tag == "current" and c.start > cue.end and _ANOTHER_THING.match(clause.lower, cue.end, c.start) for c in left
    )


def _only_dates(lower: str, cue: Cue) -> bool:
    """Whether a word of order belongs to a time: "prior to registration", "2 weeks prior"."""
    if cue.text not in _OF_ORDER:
        return False
    return _TO_OR_TIME.match(lower, cue.end) is not None or _ENDS_IN_TIME.search(lower[max(0, cue.start - 20) : cue.start]) is not None


def is_anchor_word(clause: ClauseReading, cue: Cue) -> bool:
    """Words such as "prior" in "prior to registration" or "since" in a reason tell no role."""
    if cue.text in _OF_ORDER:
        return _only_dates(clause.lower, cue)
    rest = clause.lower[cue.end : cue.end + 30]
    if cue.text.endswith(" with") and rest.startswith((" no ", " neither ")):
        return True  # "adjuvant therapy with no treatment for metastatic disease" is on nothing
    if tells_why_it_ended(clause, cue):
        return True  # "who discontinued X due to progression" had it
    if cue.text == "take" and rest.startswith(" part"):
        return True
    if cue.text in ("receive", "take", "use") and _NOT_DONE.search(clause.before(cue.start, 20)):
        return True
    if cue.text in ("received", "given", "used") and _TO_COME.search(clause.before(cue.start, 20)):
        return True
    if cue.text == "treated with" and _NOT_BE.search(clause.before(cue.start, 20)):
        return True
    if cue.text in ("received", "given") and _MAY_BE.search(clause.before(cue.start, 20)):
        return True  # "X may not be given during the study"
    if cue.text == "used" and _HAS_BEEN.search(clause.before(cue.start, 40)):
        return True  # "X has been used before" tells of no present use
    if cue.text == "used" and _IN_THIS_TRIAL.match(clause.lower, cue.end):
        return True  # "has received any of the drugs used in this study"
    if cue.text == "current" and _PRESENT_DISEASE.match(clause.lower, cue.end):
        return True
    if cue.text == "parallel" and clause.lower.endswith("in ", clause.part.start, cue.start):
        return True  # "chemotherapy in parallel with radiotherapy"
    if cue.text == "past":
        return _PAST_TIME.match(rest) is not None
    if cue.text in ("during treatment", "required", "requires", "require"):
        return _TO_DO.match(rest) is not None
    return False


def _was_answered(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it is told what came of a therapy of the cancer: "stable disease after first-line X", "complete response to X"."""
    known = clause.context.known
    if clause.context.section is Section.EXCLUSION or not known.is_anticancer(mention) or mention.key in known.procedures:
        return False
    told = clause.part.has("disease") or clause.part.has("kind", "brain_metastases")
    return not told and clause.found_before(_ANSWERED, mention.start, 160) is not None


def asks(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a clause that would require a therapy really speaks of patients on it, and of more than a stable dose."""
    if mention.key != ANY_MEDICINE and _was_answered(clause, mention):
        return True
    if mention.key == ANY_MEDICINE or clause.part.has("dose", "stable"):
        return False
    if not (clause.part.has("require") or clause.part.has("prior") or clause.part.has("current")):
        return False
    return any(
        c.start < mention.start or c.start - mention.end < 40
        for c in clause.part.tagged("require", "prior", "current")
        if not is_anchor_word(clause, c)
    )


def _beside_its_own(clause: ClauseReading) -> bool:
    """Whether an exception is of what the trial itself gives: "other than the study drug", "except protocol-specified treatment"."""
    if any(m.key in clause.context.study_drugs and clause.in_exception(m.start) for m in clause.part.mentions):
        return True
    return any(_OWN.fullmatch(clause.lower, start, end) for start, end, _ in clause.exceptions)
