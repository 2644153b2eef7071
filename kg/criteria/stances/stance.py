"""What a clause does with patients on a therapy: whether it excludes, requires or allows, and the doubts that its wording leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.criteria.clauses.clause import GENERIC, LISTED_OR_EXAMPLE, ClauseReading
from kg.criteria.clauses.reading import THERAPY_KINDS
from kg.criteria.stances.amounts import limited_in_amount
from kg.criteria.stances.beside_another import asked_beside_another, joins, tells_of_another
from kg.criteria.stances.duties import goes_on_by_duty
from kg.criteria.stances.modality import IF_IT_CAN, modality_above, on_approval
from kg.criteria.stances.negation import (
    left_out_of_it,
    needs_no_washout,
    negation,
    none_is_asked_for,
    not_within,
)
from kg.criteria.stances.past import tells_why_it_ended
from kg.criteria.stances.stable import STABLE_DOSE, if_stable, kept_by_effect
from kg.criteria.stances.stopping import asks_only_for_its_end, is_to_stop
from kg.criteria.stances.terms_above import excepted_from_a_permission, excepts, not_to_be_met, permits_on_terms
from kg.criteria.stances.ways_in import lets_in_one_group, none_or_failed, or_long_ago, treated_or
from kg.criteria.times.timing import TIMES_BELOW
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import one_of, pattern
from kg.records import ANY_MEDICINE, LineLimit, Mention, Modality, Polarity, Section, Window

_MUST_BE = pattern("stance: must be")
_ARE_TO_BE = pattern("stance: are to be")
_WHO_COME_MUST = pattern("stance: who come must")
_LITTLE_BEFORE = pattern("stance: little before")
_NO_NEED = pattern("stance: no need")
ANOTHER_WAY_IN = pattern("stance: another way in")
_MAY_BE_NAIVE = one_of("stance: naive", "stance: naive to", "stance: naive together")
_NAIVE_TO = pattern("stance: naive to")
_CAN_BE = pattern("stance: can be")
_ONLY_THOSE = pattern("stance: only those")
_NAIVE = pattern("stance: naive")
_NAIVE_TOGETHER = pattern("stance: naive together")
_HAD_IT = re.compile(r"\b(?:prior|previous|earlier|received|with|after|had)\s+(?:\w+\s+)?$")
_NOT_NAIVE = re.compile(r"\b(?:not|non)[\s-]+(?:(?:[\w-]+\s+)?|na[i\u00ef]ve\s+(?:to|of)\s+(?:\w+\s+){0,3})$")
_INDEPENDENT = pattern("stance: independent")
_OR_TREATED = pattern("stance: or treated")
_NO_SUCH = re.compile(r"\bno\s+(?:[\w-]+\s+){0,4}$")
_HAS_TO_SHOW = pattern("subjects: which has to show")
_WHATEVER = ("irrespective of", "regardless of")
"""Behind what is forbidden these say that nothing frees it."""
_IS_OR_IS_NOT = pattern("stance: is or is not")
_DENYING = re.compile(r"\b(?:not|no|n't)\b")
_IF_NEEDED = pattern("together: if unavoidable")
_WITHIN_ITS_TIME = re.compile(r"\s+(?:with)?in\s+(?:the|this|that|such|its)\s+(?:\w+\s+)?(?:wash-?\s?out|window|period|interval)\b")
_ONCE_STOPPED = pattern("stance: once stopped")
_POSSIBLY = re.compile(r"\bwho\s+may\s[\w ]+$|\b(?:that|which)\s+may\s+have$")
"""Words that tell what is possible, and permit nothing: "who may be given X", "herbs that may have effects"."""
_HOW_TO_GO_ON = pattern("stance: how to go on")
_ADVISED_AGAINST = pattern("stance: advised against")
_WAITS = re.compile(r"\b(?:elapsed|passed|(?:after|since|from)\s+(?:(?:the|their|any)\s+)?(?:last|completion|end|prior|previous|most))\b")
_FOR_A_THERAPY = pattern("stance: for a therapy")
"""Behind "ineligible": what they are ineligible for is no part of the trial."""
_THEN_ANOTHER = re.compile(r",\s*(?:(?:and|but|while|whereas|any|all|prior|previous)\s+)*")
"""Between the verb of one therapy and the next, which has one, too."""
_EVEN_WITHOUT = pattern("stance: even without")
_AS_A_LINE = pattern("stance: as a line")
"""Behind "does not count": it is told how lines are counted, and no time that must have passed."""


def says_naive(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a clause speaks of those who never had a therapy: "BTK inhibitor-naive", "naive to X", "chemotherapy and TKI naive"."""
    if not clause.possible & _MAY_BE_NAIVE:
        return False
    before, after = clause.before(mention.start, 60), clause.after(mention.end, 60)
    starts = {clause.list_start(mention), clause.list_start(mention, LISTED_OR_EXAMPLE)}
    if _NAIVE.match(after[:44]) or any(_NAIVE_TO.search(clause.before(start)) for start in starts):
        return True
    return _NAIVE_TOGETHER.match(after) is not None and not _HAD_IT.search(before)


Stance = tuple[Polarity, tuple[str, ...]]
"""What a clause does with patients on a therapy, and the doubts that its wording leaves."""
_EXCLUDES: Stance = (Polarity.EXCLUDES, ())
_REQUIRES: Stance = (Polarity.REQUIRES, ())
_ALLOWS: Stance = (Polarity.ALLOWS, ())
_IF_STABLE: Stance = (Polarity.EXCLUDES, (STABLE_DOSE,))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a clause says of a therapy that tells what it does with patients on it."""

    mention: Mention
    window: Window | None
    lines: LineLimit | None
    neg: str
    """How it is negated, as `negation` gives it."""
    permits: list[Cue]
    prohibits: list[Cue]

    @property
    def ended(self) -> bool:
        """Whether a time is told that must have passed since it."""
        return self.window is not None and not self.window.within


def polarity_of(clause: ClauseReading, mention: Mention, window: Window | None, lines: LineLimit | None) -> Stance:
    """What the clause does with patients on this therapy, and the doubts that its wording leaves.

    Words that settle it by themselves come first, then what stands above, the verbs of the clause, and last its section.

    Arguments:
        clause: the clause.
        mention: the therapy.
        window: the time in which it counts.
        lines: how many lines of it are told of.
    """
    if says_naive(clause, mention):
        return _of_the_naive(clause, mention)
    alone = _of_the_independent(clause, mention) or (
        (Polarity.EXCLUDES, doubts) if (doubts := limited_in_amount(clause, mention)) is not None else None
    )
    if alone is not None:
        return alone
    said = _said(clause, mention, window, lines)
    return (
        _freed_at_once(clause, said)
        or _by_what_stands_above(clause, said)
        or _by_prohibition(said)
        or _by_permission(clause, said)
        or (_of_an_exclusion if clause.context.section is Section.EXCLUSION else _of_an_inclusion)(clause, said)
    )


def _of_the_naive(clause: ClauseReading, mention: Mention) -> Stance:
    """What a clause does with those who had a therapy by what it says of those who never had it."""
    before = clause.before(clause.list_start(mention, LISTED_OR_EXAMPLE))
    # What is let in beside them may be a clause of its own: "X-naive, or must have progressed on it".
    or_treated = clause.possible & _OR_TREATED.bit and _OR_TREATED.match(clause.lower[mention.end : mention.end + 80])
    if _CAN_BE.search(before) or or_treated or treated_or(clause, mention.start):
        return _ALLOWS
    inclusion = clause.context.section is not Section.EXCLUSION
    if inclusion and lets_in_one_group(clause, mention.start, mention.end):
        return _ALLOWS
    denied = _NOT_NAIVE.search(before) is not None
    return _EXCLUDES if inclusion != denied else _REQUIRES


def _of_the_independent(clause: ClauseReading, mention: Mention) -> Stance | None:
    """By what it says of those who do not need a therapy: "growth factor independent", "unsupported"."""
    unsupported = any(c.start == mention.start for c in clause.part.tagged("unsupported"))
    if clause.found_behind(_INDEPENDENT, mention.end, 16) is None and not unsupported:
        return None
    return _ALLOWS if clause.context.section is Section.EXCLUSION else _EXCLUDES


def _of_its_own(clause: ClauseReading, mention: Mention, permits: list[Cue], prohibits: list[Cue]) -> tuple[list[Cue], list[Cue]]:
    """The verbs of a therapy where another one with a verb of its own follows: "prior X allowed, prior Y not allowed"."""
    if not permits or not prohibits:
        return permits, prohibits
    behind = sorted((c for c in (*permits, *prohibits) if c.start >= mention.end), key=lambda c: c.start)
    following = [m for m in clause.part.therapies if behind and m.start >= behind[0].end]
    parted = bool(following) and _THEN_ANOTHER.fullmatch(clause.lower, behind[0].end, following[0].start) is not None
    if not parted or not any(c.start >= following[0].end for c in behind):
        return permits, prohibits
    return [c for c in permits if c is behind[0]], [c for c in prohibits if c is behind[0]]


def _said(clause: ClauseReading, mention: Mention, window: Window | None, lines: LineLimit | None) -> _Said:
    """The negation and the verbs of a clause that are of a therapy."""
    permits = [c for c in clause.part.tagged("permit") if not (clause.in_exception(c.start) or _elsewhere(clause, c, mention))]
    prohibits = [c for c in clause.part.tagged("prohibit") if not (clause.in_exception(c.start) or _elsewhere(clause, c, mention))]
    prohibits = [c for c in prohibits if not (c.text.endswith("eligible") and _FOR_A_THERAPY.match(clause.lower, c.end))]
    if clause.context.section is Section.EXCLUSION:
        permits = [c for c in permits if not (c.text.startswith("may ") and _POSSIBLY.search(clause.before(c.start, 20) + c.text))]
    if clause.context.known.is_anticancer(mention):
        prohibits = [c for c in prohibits if not c.text.endswith("contraindicated")]  # "in whom X is contraindicated" forbids nothing
    permits, prohibits = _of_its_own(clause, mention, permits, prohibits)
    lead = clause.context.lead
    alone = permits and lead is not None and lead.has("neg")
    # "No inducers, including: / * X. Antacids are allowed": of what it permits itself the bullet above denies nothing
    neg = negation(clause.without_lead() if alone else clause, mention)
    # What is told with or without another therapy is not permitted by that; the other is.
    ahead = clause.context.section is Section.EXCLUSION or bool(neg)
    permits = [c for c in permits if not (joins(clause, c) and (ahead or mention.end <= c.start))]
    permits = [c for c in permits if not (c.text in _WHATEVER and ahead and mention.end <= c.start)]
    return _Said(mention, window, lines, neg, permits, prohibits)


def _freed_at_once(clause: ClauseReading, said: _Said) -> Stance | None:
    """By words that free or tell whom they free wherever they stand."""
    mention = said.mention
    exclusion = clause.context.section is Section.EXCLUSION
    same = _as_told_before(clause, mention)
    if same is not None:
        return same, ()
    if not said.prohibits and not said.neg and exclusion and _only_if_needed(clause, mention):
        return _ALLOWS
    if needs_no_washout(clause, mention) or none_is_asked_for(clause, mention):
        return _ALLOWS
    if said.window is None and goes_on_by_duty(clause, mention):
        return _ALLOWS
    little = None if exclusion or said.prohibits or said.lines else clause.find(_LITTLE_BEFORE)
    if little is not None and little.start() < mention.end:
        return _ALLOWS  # "limited prior therapy, including X"
    if not said.neg:
        return None
    if not exclusion and (asked_beside_another(clause, mention) or none_or_failed(clause, mention)):
        return _ALLOWS
    if said.window is None and not exclusion and or_long_ago(clause, mention):
        return _ALLOWS
    told = (c for p in clause.reading.parts if p.start <= clause.part.start for c in p.tagged("disease"))
    of_disease = exclusion or any(not clause.in_exception(c.start) for c in told)
    if not of_disease or clause.tells_what_it_is_for(mention):
        return None
    return _ALLOWS if clause.found_before(_NO_NEED, mention.start, 60) else None


def _by_what_stands_above(clause: ClauseReading, said: _Said) -> Stance | None:
    """By the bullet above, where the clause has no verb of its own."""
    lead, lead_lower, section = clause.context.lead, clause.context.lead_lower, clause.context.section
    if said.permits or said.prohibits or lead is None:
        return None
    if excepted_from_a_permission(clause):
        return _REQUIRES if said.neg == "predicate" else _EXCLUDES
    if clause.context.excepts_below:
        # "inducers should be avoided" is a bullet that slipped among exceptions
        return _EXCLUDES if clause.part.has("avoid") else _ALLOWS
    if not_to_be_met(clause):
        return _EXCLUDES
    asked = lead.has("require") and section is not Section.EXCLUSION
    if not asked and (lead.has("prohibit") or modality_above(clause) in (Modality.SHOULD_AVOID, Modality.CAUTION)):
        return _EXCLUDES
    if section is not Section.EXCLUSION and lead.tagged("avoid", "caution") and lead.has("example") and lead_lower.endswith(":"):
        return _EXCLUDES  # "avoid inhibitors such as:"
    on_terms = lead.has("permit") and permits_on_terms(clause, lead)
    if on_terms and (said.neg or said.lines is not None or said.ended):
        return _EXCLUDES  # "eligible if:" no X, or 4 weeks since X; "acceptable wash-outs:" X 4 weeks
    if on_terms and if_stable(clause, said.mention):
        return _IF_STABLE
    if section is Section.INCLUSION and said.ended and _WAITS.search(clause.lower, clause.part.start, clause.part.end):
        return _EXCLUDES  # "eligible for cohort 1 with:" X, if 21 days have elapsed since
    excepted = excepts(lead, lead_lower) and not TIMES_BELOW.search(lead_lower)
    return _ALLOWS if lead.has("permit") or (excepted and section is Section.EXCLUSION) else None


def _by_prohibition(said: _Said) -> Stance | None:
    """By its last verb that forbids, if none that permits follows."""
    if not said.prohibits or (said.permits and said.permits[-1].start > said.prohibits[-1].start and not said.neg):
        return None
    # "patients who have not received X are excluded"
    return _REQUIRES if said.neg == "predicate" and said.prohibits[-1].start > said.mention.end else _EXCLUDES


def _by_permission(clause: ClauseReading, said: _Said) -> Stance | None:
    """By its last verb that permits: what is permitted, or on what terms."""
    if not said.permits:
        return None
    mention, neg, cue = said.mention, said.neg, said.permits[-1]
    section = clause.context.section
    if left_out_of_it(clause, mention):
        return _EXCLUDES
    if _WITHIN_ITS_TIME.match(clause.lower, cue.end):
        return _ALLOWS  # "is permitted within the washout period if …"
    if neg and _EVEN_WITHOUT.fullmatch(clause.lower, cue.end, mention.start):
        return _ALLOWS  # "can be eligible without X"
    others = clause.opens_with(ANOTHER_WAY_IN) if neg and mention.end <= cue.start else None
    if others and others["some"]:
        return _ALLOWS  # "patients with no prior X are eligible if they refuse it"
    if neg and cue.end <= mention.start and not cue.text.startswith("not") and not tells_of_another(clause, mention, cue.end):
        return _EXCLUDES  # "eligible if they have not received X"
    none = said.window is None or _NO_SUCH.search(clause.before(mention.start, 60)) is not None
    if neg == "determiner" and cue.start >= mention.end and none and not cue.text.startswith("no"):
        one_group = section is not Section.EXCLUSION and lets_in_one_group(clause, mention.start, mention.end)
        return _ALLOWS if one_group else _EXCLUDES  # "no prior X is allowed", "no X is allowed within 4 weeks"
    stopped = _ONCE_STOPPED.match(clause.lower, cue.end) if mention.end <= cue.start else None
    if stopped is not None:
        # "Eligible once switched to Y", "permitted up to 7 days before day 1"; cancer therapy "until the day before" has been.
        return _ALLOWS if stopped["eve"] and clause.context.known.is_anticancer(mention) else _EXCLUDES
    if _DENYING.search(cue.text) and mention.end <= cue.start and _AS_A_LINE.match(clause.lower, cue.end):
        return _ALLOWS  # "X more than 12 months before relapse does not count as a line"
    if said.lines is not None or said.ended or (said.window is not None and not_within(clause, mention)):
        return _EXCLUDES
    if neg and _ONLY_THOSE.search(clause.lower, clause.part.start, mention.start):
        return _EXCLUDES  # "only patients who have not received X are eligible"
    if if_stable(clause, mention):
        return _IF_STABLE
    free = section is not Section.EXCLUSION or not _may_be_an_exception(clause, mention)
    on_terms = free and not clause.part.has("disease") and on_approval(clause)
    return _EXCLUDES if on_terms else _ALLOWS


def _of_an_exclusion(clause: ClauseReading, said: _Said) -> Stance:
    """What an exclusion does that has no verb: it excludes, but for those of whom it tells what they must do, or have not had."""
    if said.neg == "predicate":
        return _REQUIRES
    part, mention, untimed = clause.part, said.mention, said.window is None
    if untimed and _HAS_TO_SHOW.match(clause.lower, mention.end, part.end):
        return _ALLOWS  # "who received X must have documented progression"
    others = not said.neg and not clause.context.known.is_anticancer(mention)
    if untimed and others and clause.find(_ADVISED_AGAINST):
        return _EXCLUDES  # "INR must be checked, and switching should be considered"
    if _told_how_to_go_on(clause, said):
        return _ALLOWS
    must_be = untimed and _MUST_BE.search(clause.after(mention.end, 120)) is not None
    if must_be and not said.neg and if_stable(clause, mention):
        return _IF_STABLE  # "those on steroids must be on a stable dose"
    if must_be or (said.neg and part.has("dose", "stable")):
        return _ALLOWS
    if untimed and not said.neg and _WHO_COME_MUST.fullmatch(clause.lower, part.start, mention.start) and _may_come(clause):
        return _ALLOWS  # "those with prior hepatitis are permitted, but should receive antivirals"
    ends = part.has("stop") or part.has("dose", "stable")
    if untimed and not said.neg and not ends and clause.found_before(_ARE_TO_BE, mention.start, 100):
        return _ALLOWS  # "patients with HIV must be on antiretroviral therapy"
    return _EXCLUDES


def _of_an_inclusion(clause: ClauseReading, said: _Said) -> Stance:
    """What an inclusion does that has no verb: it requires, but what is negated, counted, ended or to be avoided."""
    part = clause.part
    if said.neg or said.ended or (said.lines is not None and said.lines.maximum is not None):
        return _EXCLUDES
    ended = clause.context.known.is_anticancer(said.mention) and any(tells_why_it_ended(clause, c) for c in part.tagged("stop"))
    to_stop = not ended and is_to_stop(clause, said.window) and not part.has("cannotstop")
    if to_stop and (said.window is not None or asks_only_for_its_end(clause)):
        return _EXCLUDES
    careful = any("monitor" not in c.text for c in part.tagged("caution")) or clause.find(_ADVISED_AGAINST) is not None
    avoided = any(c.value != IF_IT_CAN for c in part.tagged("avoid"))
    if not (careful or avoided or part.has("dose", "stable")) and _told_how_to_go_on(clause, said):
        return _ALLOWS
    if avoided or part.has("caution") or on_approval(clause):
        return _EXCLUDES
    told = any(p.has("disease") or p.has("kind", "brain_metastases") for p in clause.reading.parts)
    if part.has("dose", "stable") and not told and not clause.context.known.is_anticancer(said.mention):
        return _ALLOWS if kept_by_effect(clause) else _EXCLUDES
    return _REQUIRES


def _told_how_to_go_on(clause: ClauseReading, said: _Said) -> bool:
    """Whether a clause tells no more of those on a drug than how to treat them: "they will get a lower dose", "INR should be followed"."""
    if said.window is not None or said.neg or clause.context.known.is_anticancer(said.mention) or clause.part.has("stop"):
        return False
    return clause.find(_HOW_TO_GO_ON) is not None


def _may_be_an_exception(clause: ClauseReading, mention: Mention) -> bool:
    """Whether what is permitted may be an exception from what stands before it in its criterion, or above it."""
    if clause.context.lead is not None:
        return True
    parts = (p for p in clause.reading.parts if p.start < clause.part.start)
    before = [m for p in parts if not p.has("permit") or p.tagged("except", "unless", "prohibit") for m in p.therapies]
    if mention.kind != "pk":
        covers = clause.context.known.covers
        return any(m.key in (ANY_MEDICINE, mention.key, *GENERIC) or covers(m, mention) or covers(mention, m) for m in before)
    alike = [m for m in before if (m.enzyme, m.role) == (mention.enzyme, mention.role)]
    return any(not m.strengths or not mention.strengths or not set(m.strengths).isdisjoint(mention.strengths) for m in alike)


def _may_come(clause: ClauseReading) -> bool:
    """Whether the clause before it in its sentence lets some patients in."""
    opened = clause.sentence(clause.part.start)
    before = [p for p in clause.reading.parts if opened <= p.start < clause.part.start]
    return any(p.has("permit") for p in before) and not any(p.has("prohibit") for p in before)


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
    # "X is not allowed, Y is" allows Y; "X is not an exclusion, Y is" does not.
    allowing = (before[-1].tag == "permit") != (_DENYING.search(before[-1].text) is not None)
    return Polarity.ALLOWS if allowing != bool(found["not"]) else Polarity.EXCLUDES


def _only_if_needed(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a sentence tells what to do where a drug is needed: "If antiemetics are essential, follow the instructions"."""
    found = clause.opens_with(_IF_NEEDED)
    if found is None or mention.end > found.end() or clause.context.known.is_anticancer(mention):
        return False
    return "," in clause.lower[found.end() : clause.part.end]


def _elsewhere(clause: ClauseReading, cue: Cue, mention: Mention) -> bool:
    """Whether a permit or prohibit cue stands in a parenthesis that does not hold the mention."""
    paren = clause.reading.paren_of(cue.start)
    return paren is not None and not paren[0] < mention.start < paren[1]
