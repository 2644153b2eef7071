"""What a clause does with patients on a therapy: whether it excludes, requires or allows, and the doubts that its wording leaves."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import THERAPY_KINDS, WITH_OR_WITHOUT, Part
from kg.criteria.stances.modality import modality_above, on_approval
from kg.criteria.stances.negation import (
    TO_ANOTHER_THING,
    WASH_OUT,
    left_out_of_it,
    needs_no_washout,
    negation,
    none_is_asked_for,
    not_within,
)
from kg.criteria.stances.terms_above import are_terms
from kg.criteria.stances.ways_in import or_long_ago, treated_or
from kg.criteria.times.timing import TIMES_BELOW
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import one_of, pattern
from kg.records import LineLimit, Mention, Modality, Polarity, Section, Window

STABLE_DOSE = "stable dose"
"""The doubt of a therapy that a clause lets patients take only on a dose that does not change."""
_MUST_BE = pattern("stance: must be")
_ARE_TO_BE = pattern("stance: are to be")
_WHO_COME_MUST = pattern("stance: who come must")
_NO_NEED = pattern("stance: no need")
ANOTHER_WAY_IN = pattern("stance: another way in")
_FEW_CYCLES = pattern("limits: few cycles")
_MAY_COUNT_CYCLES = one_of("limits: few cycles")
_MAY_BE_NAIVE = one_of("stance: naive", "stance: naive to", "stance: naive together")
_NAIVE_TO = pattern("stance: naive to")
_CAN_BE = pattern("stance: can be")
_OWN = pattern("clause: the trial's own")
_ONLY_THOSE = pattern("stance: only those")
_NAIVE = pattern("stance: naive")
_NAIVE_TOGETHER = pattern("stance: naive together")
_HAD_IT = re.compile(r"\b(?:prior|previous|earlier|received|with|after|had)\s+(?:\w+\s+)?$")
_NOT_NAIVE = re.compile(r"\b(?:not|non)[\s-]+(?:(?:[\w-]+\s+)?|na[i\u00ef]ve\s+(?:to|of)\s+(?:\w+\s+){0,3})$")
_INDEPENDENT = pattern("stance: independent")
_MAY_BE_INDEPENDENT = one_of("stance: independent")
_OR_TREATED = pattern("stance: or treated")
_NO_SUCH = re.compile(r"\bno\s+(?:[\w-]+\s+){0,4}$")
_HAS_ANY = pattern("stance: has any of these")
_TERMS_OF_ENTRY = ("provid", "as long as", "on condition")
_HAS_TO_SHOW = pattern("subjects: which has to show")
_WHATEVER = ("irrespective of", "regardless of")
"""Behind what is forbidden these say that nothing frees it."""
_IS_OR_IS_NOT = pattern("stance: is or is not")
_IF_NEEDED = pattern("together: if unavoidable")
_TERMS_FOLLOW = re.compile(r"\b(?:but|however|(?:with|under|on) (?:the )?following (?:conditions?|terms|restrictions?|criteria))\W*$")
_THOSE_BELOW = re.compile(
    r"\W*(?:(?:for|the|of|any|these|those|following|listed|below|as|follows|conditions?|exceptions?|situations?)\W+)*"
)
_WITHIN_ITS_TIME = re.compile(r"\s+(?:with)?in\s+(?:the|this|that|such|its)\s+(?:\w+\s+)?(?:wash-?\s?out|window|period|interval)\b")
_WHO = re.compile(r"\bwho\s+$")
_WAITS = re.compile(r"\b(?:elapsed|passed|(?:after|since|from)\s+(?:(?:the|their|any)\s+)?(?:last|completion|end|prior|previous|most))\b")
_COUNTS_FROM = pattern("stance: counts from")
_OFF_THE_TRIAL = re.compile(r"[\s-]+(?:(?:an?|any|the|this|our|clinical|research)\s+)*(?:trial|study|protocol|label)\b")
_EVEN_WITHOUT = pattern("stance: even without")


def says_naive(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a clause speaks of those who never had a therapy: "BTK inhibitor-naive", "naive to X", "chemotherapy and TKI naive"."""
    if not clause.possible & _MAY_BE_NAIVE:
        return False
    before, after = clause.before(mention.start, 60), clause.after(mention.end, 60)
    if _NAIVE.match(after[:44]) or _NAIVE_TO.search(before):
        return True
    return _NAIVE_TOGETHER.match(after) is not None and not _HAD_IT.search(before)


def polarity_of(
    clause: ClauseReading, mention: Mention, window: Window | None, lines: LineLimit | None
) -> tuple[Polarity, tuple[str, ...]]:
    """What the clause does with patients on this therapy, and the doubts that its wording leaves."""
    section = clause.context.section
    before = clause.before(mention.start, 60)
    if says_naive(clause, mention):
        if _CAN_BE.search(before) or _OR_TREATED.match(clause.after(mention.end, 80)) or treated_or(clause, mention.start):
            return Polarity.ALLOWS, ()
        denied = _NOT_NAIVE.search(before) is not None
        return (Polarity.REQUIRES if (section is Section.EXCLUSION) != denied else Polarity.EXCLUDES), ()
    if clause.possible & _MAY_BE_INDEPENDENT and _INDEPENDENT.match(clause.after(mention.end, 16)):
        return (Polarity.ALLOWS if section is Section.EXCLUSION else Polarity.EXCLUDES), ()  # "growth factor independent"
    counted = clause.possible & _MAY_COUNT_CYCLES and section is not Section.EXCLUSION and clause.context.known.is_anticancer(mention)
    few = _FEW_CYCLES.search(before) if counted else None
    if few and (few["most"] or clause.part.has("permit")):
        return Polarity.EXCLUDES, ("a number of cycles",)  # "up to 1 cycle of prior chemotherapy is allowed"
    permits = [c for c in clause.part.tagged("permit") if not (clause.in_exception(c.start) or _elsewhere(clause, c, mention))]
    if section is Section.EXCLUSION:
        permits = [c for c in permits if not (c.text.startswith("may ") and _WHO.search(clause.before(c.start, 20)))]  # who possibly will
    prohibits = [c for c in clause.part.tagged("prohibit") if not (clause.in_exception(c.start) or _elsewhere(clause, c, mention))]
    if clause.context.known.is_anticancer(mention):
        prohibits = [c for c in prohibits if not c.text.endswith("contraindicated")]  # "in whom X is contraindicated" forbids nothing
    neg = negation(clause, mention)
    # What is told with or without another therapy is not permitted by that; the other is.
    ahead = section is Section.EXCLUSION or bool(neg)
    permits = [c for c in permits if not (_joins(clause, c) and (ahead or mention.end <= c.start))]
    permits = [c for c in permits if not (c.text in _WHATEVER and ahead and mention.end <= c.start)]
    same = _as_told_before(clause, mention)
    if same is not None:
        return same, ()
    if not prohibits and not neg and section is Section.EXCLUSION and _only_if_needed(clause, mention):
        return Polarity.ALLOWS, ()
    if needs_no_washout(clause, mention) or none_is_asked_for(clause, mention):
        return Polarity.ALLOWS, ()
    if neg and window is None and section is not Section.EXCLUSION and or_long_ago(clause, mention):
        return Polarity.ALLOWS, ()
    of_disease = neg and (
        section is Section.EXCLUSION or any(p.has("disease") for p in clause.reading.parts if p.start <= clause.part.start)
    )
    if of_disease and _NO_NEED.search(clause.before(mention.start, 60)):
        return Polarity.ALLOWS, ()
    if not permits and not prohibits and clause.context.lead is not None:
        if _excepted_from_a_permission(clause):
            return (Polarity.REQUIRES if neg == "predicate" else Polarity.EXCLUDES), ()
        if clause.context.excepts_below and clause.part.has("avoid"):
            return Polarity.EXCLUDES, ()  # a bullet that slipped among exceptions: "inducers should be avoided"
        if clause.context.excepts_below:
            return Polarity.ALLOWS, ()
        if _not_to_be_met(clause):
            return Polarity.EXCLUDES, ()
        asked = clause.context.lead.has("require") and section is not Section.EXCLUSION
        if clause.context.lead.has("prohibit") and not asked:
            return Polarity.EXCLUDES, ()
        if not asked and modality_above(clause) in (Modality.SHOULD_AVOID, Modality.CAUTION):
            return Polarity.EXCLUDES, ()
        lead = clause.context.lead
        stops = WASH_OUT.search(clause.context.lead_lower, lead.start, lead.end)
        follow = _TERMS_FOLLOW.search(clause.context.lead_lower, lead.start, lead.end)
        on_terms = lead.has("permit") and bool(lead.tagged("if", "unless") or stops or follow or are_terms(clause))
        if on_terms and (neg or lines is not None or (window is not None and not window.within)):
            return Polarity.EXCLUDES, ()  # "eligible if:" no X, or 4 weeks since X; "acceptable wash-outs:" X 4 weeks
        if on_terms and _if_stable(clause, mention):
            return Polarity.EXCLUDES, (STABLE_DOSE,)
        waits = section is Section.INCLUSION and window is not None and not window.within
        if waits and _WAITS.search(clause.lower, clause.part.start, clause.part.end):
            return Polarity.EXCLUDES, ()  # "eligible for cohort 1 with:" X, if 21 days have elapsed since
        excepted = _excepts(lead, clause.context.lead_lower) and not TIMES_BELOW.search(clause.context.lead_lower)
        if clause.context.lead.has("permit") or (excepted and section is Section.EXCLUSION):
            return Polarity.ALLOWS, ()
    if prohibits and not (permits and permits[-1].start > prohibits[-1].start and not neg):
        cue = prohibits[-1]
        if neg == "predicate" and cue.start > mention.end:
            return Polarity.REQUIRES, ()  # "patients who have not received X are excluded"
        return Polarity.EXCLUDES, ()
    if permits and left_out_of_it(clause, mention):
        return Polarity.EXCLUDES, ()
    if permits:
        cue = permits[-1]
        if _WITHIN_ITS_TIME.match(clause.lower, cue.end):
            return Polarity.ALLOWS, ()  # "is permitted within the washout period if …"
        if neg and _EVEN_WITHOUT.fullmatch(clause.lower, cue.end, mention.start):
            return Polarity.ALLOWS, ()  # "can be eligible without X"
        others = ANOTHER_WAY_IN.match(clause.lower, clause.part.start, clause.part.end) if neg and mention.end <= cue.start else None
        if others and others["some"]:
            return Polarity.ALLOWS, ()  # "patients with no prior X are eligible if they refuse it"
        if neg and cue.end <= mention.start and not cue.text.startswith("not") and not _tells_of_another(clause, mention, cue.end):
            return Polarity.EXCLUDES, ()  # "eligible if they have not received X"
        none = window is None or _NO_SUCH.search(before) is not None
        if neg == "determiner" and cue.start >= mention.end and none and not cue.text.startswith("no"):
            return Polarity.EXCLUDES, ()  # "no prior X is allowed", "no X is allowed within 4 weeks"
        if lines is not None or (window is not None and (not window.within or not_within(clause, mention))):
            return Polarity.EXCLUDES, ()
        if neg and _ONLY_THOSE.search(clause.lower, clause.part.start, mention.start):
            return Polarity.EXCLUDES, ()  # "only patients who have not received X are eligible"
        if _if_stable(clause, mention):
            return Polarity.EXCLUDES, (STABLE_DOSE,)
        if section is not Section.EXCLUSION and not clause.part.has("disease") and on_approval(clause):
            return Polarity.EXCLUDES, ()
        return Polarity.ALLOWS, ()
    if section is Section.EXCLUSION:
        if neg == "predicate":
            return Polarity.REQUIRES, ()
        if window is None and _HAS_TO_SHOW.match(clause.lower, mention.end, clause.part.end):
            return Polarity.ALLOWS, ()  # "who received X must have documented progression"
        must_be = window is None and _MUST_BE.search(clause.after(mention.end, 120)) is not None
        if must_be and not neg and _if_stable(clause, mention):
            return Polarity.EXCLUDES, (STABLE_DOSE,)  # "those on steroids must be on a stable dose"
        if must_be or (neg and clause.part.has("dose", "stable")):
            return Polarity.ALLOWS, ()
        if window is None and not neg and _WHO_COME_MUST.fullmatch(clause.lower, clause.part.start, mention.start) and _may_come(clause):
            return Polarity.ALLOWS, ()  # "those with prior hepatitis are permitted, but should receive antivirals"
        ends = clause.part.has("stop") or clause.part.has("dose", "stable")
        if window is None and not ends and _ARE_TO_BE.search(clause.before(mention.start, 100)):
            return Polarity.ALLOWS, ()  # "patients with HIV must be on antiretroviral therapy"
        return Polarity.EXCLUDES, ()
    if neg:
        return Polarity.EXCLUDES, ()
    if lines is not None and lines.maximum is not None:
        return Polarity.EXCLUDES, ()
    if window is not None and not window.within:
        return Polarity.EXCLUDES, ()
    if _is_to_stop(clause, window) and not clause.part.has("cannotstop") and (window is not None or not clause.part.has("require")):
        return Polarity.EXCLUDES, ()
    if clause.part.has("avoid") or clause.part.has("caution") or on_approval(clause):
        return Polarity.EXCLUDES, ()
    told = any(p.has("disease") or p.has("kind", "brain_metastases") for p in clause.reading.parts)
    if clause.part.has("dose", "stable") and not told and not clause.context.known.is_anticancer(mention):
        return Polarity.EXCLUDES, ()
    return Polarity.REQUIRES, ()


def _may_come(clause: ClauseReading) -> bool:
    """Whether the clause before it in its sentence lets some patients in."""
    opened = clause.sentence(clause.part.start)
    before = [p for p in clause.reading.parts if opened <= p.start < clause.part.start]
    return any(p.has("permit") for p in before) and not any(p.has("prohibit") for p in before)


def _if_stable(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a drug that is no therapy of the cancer, nor of an ill that the clause names, may be taken at a stable dose."""
    told = clause.part.has("dose", "stable") and not clause.part.has("disease") and not clause.part.has("purpose")
    return told and mention.kind != "pk" and not clause.context.known.is_anticancer(mention)


def _as_told_before(clause: ClauseReading, mention: Mention) -> Polarity | None:
    """What is left unsaid behind "is" or "is not", where the sentence says it of another: "surgery is permitted, X is not"."""
    found = _IS_OR_IS_NOT.fullmatch(clause.after(mention.end))
    if found is None:
        return None
    before = [c for p in clause.reading.parts for c in p.tagged("permit", "prohibit") if p.start <= clause.part.start]
    before = [c for c in before if c.end <= mention.start and not clause.in_exception(c.start)]
    before = [c for c in before if not any(o is not c and o.start <= c.start and c.end <= o.end for o in before)]  # "not allowed"
    if not before or not any(m.kind in THERAPY_KINDS and m.end <= before[-1].start for m in clause.reading.mentions):
        return None
    allowing = before[-1].tag == "permit" or "not" in before[-1].text  # "X is not allowed, Y is"
    return Polarity.ALLOWS if allowing != bool(found["not"]) else Polarity.EXCLUDES


def _only_if_needed(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a sentence tells what to do where a drug is needed: "If antiemetics are essential, follow the instructions"."""
    found = _IF_NEEDED.match(clause.lower, clause.part.start, clause.part.end)
    if found is None or mention.end > found.end() or clause.context.known.is_anticancer(mention):
        return False
    return "," in clause.lower[found.end() : clause.part.end]


def _joins(clause: ClauseReading, cue: Cue) -> bool:
    """Whether "with or without" stands between two therapies: what is said of the first holds with the second, too."""
    return cue.text in WITH_OR_WITHOUT and any(m.kind in THERAPY_KINDS and m.end <= cue.start for m in clause.part.mentions)


def _tells_of_another(clause: ClauseReading, mention: Mention, start: int) -> bool:
    """Whether "without" only says how another therapy was given: "eligible after stem cell infusion without X"."""
    return any(
        cue.text == "without" and start <= m.start and cue.start - 2 <= m.end <= cue.start and cue.end <= mention.start
        for cue in clause.part.tagged("neg")
        for m in clause.part.mentions
        if m.kind in THERAPY_KINDS
    )


def _is_to_stop(clause: ClauseReading, window: Window | None) -> bool:
    """Whether something is to be stopped; "6 months after the discontinuation of X" only counts from it."""
    stops = [c for c in clause.part.tagged("stop") if window is not None or c.text != "elapsed"]
    return any(
        not _COUNTS_FROM.search(clause.before(c.start, 40)) and not (c.text == "off" and _OFF_THE_TRIAL.match(clause.lower, c.end))
        for c in stops
    )


def _not_to_be_met(clause: ClauseReading) -> bool:
    """Whether what stands above lets in those to whom nothing below applies: "to be eligible, patients should not meet any of:"."""
    above = clause.context.lead
    if above is None or not above.has("permit"):
        return False
    last = above.tagged("permit")[-1].end
    return any(c.start >= last and not TO_ANOTHER_THING.search(clause.context.lead_lower, c.end, above.end) for c in above.tagged("neg"))


def _excepted_from_a_permission(clause: ClauseReading) -> bool:
    """Whether what stands above lets in all but those to whom something below applies: "eligible, unless they have any of:"."""
    above = clause.context.lead
    if above is None or not above.has("permit") or above.has("prohibit"):
        return False
    last = above.tagged("permit")[-1].end
    cue = next((c for c in above.tagged("except", "unless") if c.start >= last), None)
    if cue is None or cue.text.startswith(_TERMS_OF_ENTRY):
        return False  # "eligible, provided they meet the following:" leaves nobody out
    return clause.context.excepts_below or _HAS_ANY.fullmatch(clause.context.lead_lower, cue.end, above.end) is not None


def _excepts(lead: Part, lower: str) -> bool:
    """Whether what stands above makes exceptions of what stands below, not of what it tells itself.

    "Any of the following within 14 days, or has not recovered from toxicity (except alopecia):" excepts no therapy.
    """
    harmed = [c.end for c in lead.tagged("toxicity")]
    for cue in lead.tagged("except"):
        rest = lower[cue.end : lead.end]
        of_harm = any(end <= cue.start for end in harmed) and _THOSE_BELOW.fullmatch(rest) is None
        if not of_harm and rest.count(")") <= rest.count("("):
            return True
    return False


def to_be_stopped(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a therapy has to end: "must discontinue any prior therapy" keeps nobody out whose therapy has ended."""
    told = {c.start for c in clause.part.tagged("prohibit")}  # "X must be discontinued"
    stops = [c for c in clause.part.tagged("stop") if not clause.in_exception(c.start)]
    return any(c.end <= mention.start or c.start in told for c in stops) and _is_to_stop(clause, None)


def _elsewhere(clause: ClauseReading, cue: Cue, mention: Mention) -> bool:
    """Whether a permit or prohibit cue stands in a parenthesis that does not hold the mention."""
    paren = clause.reading.paren_of(cue.start)
    return paren is not None and not paren[0] < mention.start < paren[1]


def beside_its_own(clause: ClauseReading) -> bool:
    """Whether an exception is of what the trial itself gives: "other than the study drug", "except protocol-specified treatment"."""
    if any(m.key in clause.context.study_drugs and clause.in_exception(m.start) for m in clause.part.mentions):
        return True
    return any(_OWN.fullmatch(clause.lower, start, end) for start, end, _ in clause.exceptions)
