"""How strongly a clause excludes: outright, or subject to approval, caution, avoidance or somebody's judgement."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import Part
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.records import Mention, Modality, Polarity

_SOFTER = (
    ("approval", Modality.APPROVAL),
    ("caution", Modality.CAUTION),
    ("avoid", Modality.SHOULD_AVOID),
    ("discretion", Modality.DISCRETION),
)
"""Tags of words that soften an exclusion, with what they make of it."""
IF_IT_CAN = "if it can"
"""Value of words that only soften what others say: "ideally", "where possible"."""
_ASKED = re.compile(r"without|unless|\bonly\b|require|must|should|need|necessary|contact|\bdiscuss with|\breview with")
_NOT_OF_A_PATIENT = re.compile(r"[^.;]{0,30}\b(?:fda|ema|pmda|nmpa|ethics|irb|authorit|agency|administration|regulat|market)")
"""Behind "approval": it is that of a drug or of the trial, not of a patient."""
_MARKETING = re.compile(r"\b(?:market\w*|ministerial|regulatory|fda|ema|ethic\w*|irb|drug)\s+$")
_CANNOT = re.compile(r"\b(?:can ?not|unable to|inability to|unwilling(?:ness)? to|not (?:able|willing) to|refus\w+ to)\s+(?:be\s+)?$")
"""Before "avoid" or "avoided": who cannot is out."""
_ITS_OBJECT = re.compile(r"\s+(?:(?:any|all|the|use|intake|consumption|of|eating|drinking|taking|using)\s+)*")
"""Between "avoid" and what is avoided."""
_ADVISED_AGAINST = pattern("stance: advised against")
_JUDGED_HARM = pattern("stance: judged harm")
_JUDGED_NEED = pattern("stance: judged need")
_NEEDS_BEFORE = pattern("stance: needs before")
_AND_JUDGED = pattern("stance: and judged")
_JUDGES = ("investigator", "researcher", "physician", "doctor", " pi ")
"""One of these is in all that `_AND_JUDGED` finds."""
_OR_USE = pattern("stance: or use")
_OR_ANYTHING_THAT = re.compile(
    r"\bor\s+(?:any|an?)\s+(?:other\s+)?(?:[\w-]+\s+){0,3}?(?:conditions?|diseases?|disorders?|illness(?:es)?|reasons?|circumstances?"
    r"|drugs?|medications?|medicines?|substances?)\s+(?:that|which)[\s,]+$"
)
_LETS_IN = pattern("stance: lets in")
_AT_THE = re.compile(r"\W*(?:only\s+)?(?:at|in|by|upon)\s+(?:the\s+)?")


def modality(clause: ClauseReading, mention: Mention, polarity: Polarity) -> Modality:
    """How strongly a clause excludes a therapy: by its own words, else by those of the bullet above ("the following should be avoided:").

    Arguments:
        clause: the clause.
        mention: the therapy.
        polarity: what the clause does with patients on it.
    """
    if polarity is not Polarity.EXCLUDES:
        return Modality.MUST_NOT
    forbids = [c for c in clause.part.tagged("prohibit") if not clause.in_exception(c.start)]
    hard = bool(forbids)
    for tag, modality in _SOFTER:
        cues = [c for c in clause.part.tagged(tag) if not clause.in_exception(c.start) and _softens(c, clause.part, clause.lower)]
        if tag == "approval":
            cues = [c for c in cues if not _of_what_is_permitted(clause, c, mention)]
        if tag == "discretion":
            cues = [c for c in cues if c.text.startswith("case") or not _judges_the_need(clause, c)]
            cues = [c for c in cues if not _judges_another_thing(clause, c)]
        if tag == "avoid":
            cues = [c for c in cues if not _avoids_another(clause, c, mention)]
        if hard and tag == "avoid":  # "X should be switched, where possible"
            ends = {c.start for c in clause.part.tagged("stop")}
            cues = [c for c in cues if c.value == IF_IT_CAN and all(f.start in ends for f in forbids)]
        if cues:
            return modality
    if not hard and _is_judged(clause):
        return Modality.DISCRETION
    if not hard and clause.find(_ADVISED_AGAINST):
        return Modality.SHOULD_AVOID
    return Modality.MUST_NOT if hard else modality_above(clause)


def modality_above(clause: ClauseReading) -> Modality:
    """How strongly the bullet above excludes what stands below it, if it names no therapy itself."""
    above, lower = clause.context.lead, clause.context.lead_lower
    if above is None or bool(above.therapies):
        return Modality.MUST_NOT
    for tag, modality in _SOFTER[: 1 if above.has("prohibit") else 3]:
        if any(_softens(cue, above, lower) for cue in above.tagged(tag)):
            return modality
    return Modality.MUST_NOT


def on_approval(clause: ClauseReading) -> bool:
    """Whether a clause permits a therapy on terms: to those whom somebody lets in ("allowed after consultation …"), or with caution."""
    judged = clause.part.tagged("discretion")
    if any(clause.found_before(_LETS_IN, c.start) or _AT_THE.fullmatch(clause.lower, clause.part.start, c.start) for c in judged):
        return True  # "patients on steroids may be enrolled at the discretion of the investigator", "at the discretion of …, patients …"
    if any("caution" in c.text and not clause.in_exception(c.start) for c in clause.part.tagged("caution")):
        return True  # "may be given with caution"
    return any(_of_a_patient(c, clause.lower) and _softens(c, clause.part, clause.lower) for c in clause.part.tagged("approval"))


def _of_a_patient(cue: Cue, lower: str) -> bool:
    """Whether approval is that of a patient, not that of a drug or of the trial."""
    return not (_NOT_OF_A_PATIENT.match(lower, cue.end) or _MARKETING.search(lower, max(0, cue.start - 30), cue.start))


def _of_what_is_permitted(clause: ClauseReading, cue: Cue, mention: Mention) -> bool:
    """Whether approval is asked for what is permitted before it, not for what is denied behind: "may have had X if approved, but no Y"."""
    if not any(c.end <= cue.start for c in clause.part.tagged("permit")):
        return False
    return any(cue.end <= c.start and c.end <= mention.start for c in clause.part.tagged("neg"))


def _avoids_another(clause: ClauseReading, cue: Cue, mention: Mention) -> bool:
    """Whether what is to be avoided is another therapy than the one that is to stop: "to avoid X, and to stop Y 7 days before"."""
    stops = [c for c in clause.part.tagged("stop") if c.start != cue.start]
    named = clause.part.therapies
    if cue.end <= mention.start:
        return any(cue.end <= m.end <= c.start and c.end <= mention.start for c in stops for m in named)
    return any(c.end <= mention.start for c in stops) and any(_ITS_OBJECT.fullmatch(clause.lower, cue.end, m.start) for m in named)


def _softens(cue: Cue, part: Part, lower: str) -> bool:
    """Whether a word that softens does so beside those before it: approval that is asked for, what one can avoid."""
    if cue.tag == "approval" and part.has("permit"):
        return _of_a_patient(cue, lower)
    if cue.tag == "approval":
        return _ASKED.search(lower[max(part.start, cue.start - 40) : cue.end]) is not None
    return cue.tag != "avoid" or _CANNOT.search(lower[max(part.start, cue.start - 24) : cue.start]) is None


def _is_judged(clause: ClauseReading) -> bool:
    """Whether a therapy keeps out those only of whom somebody says so: "use of X, and the investigator believes that it affects …"."""
    words = clause.outside_exceptions() if any(word in clause.lower for word in _JUDGES) else ""
    return bool(words) and _AND_JUDGED.search(words) is not None


def _judges_another_thing(clause: ClauseReading, cue: Cue) -> bool:
    """Whether what is judged is no therapy, but stands in one list with its use: "any condition that, in the investigator's opinion, …,
    or use of X", "use of X, or any condition that, in the investigator's opinion, …"."""
    therapies = list(clause.part.therapies)
    if not therapies:
        return False
    if cue.end <= therapies[0].start:
        return _OR_USE.search(clause.lower, cue.end, therapies[0].start) is not None
    return therapies[-1].end <= cue.start and _OR_ANYTHING_THAT.search(clause.lower, therapies[-1].end, cue.start) is not None


def _judges_the_need(clause: ClauseReading, cue: Cue) -> bool:
    """Whether the investigator only judges who needs a drug ("judged to require X"); who is on it is out."""
    after = clause.after(cue.end, 140)
    if _JUDGED_NEED.match(after):
        return True
    return clause.found_before(_NEEDS_BEFORE, cue.start, 120) is not None and not _JUDGED_HARM.match(after)
