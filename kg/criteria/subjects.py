"""Which therapies a clause is about: those it names, without those that stand for something else, and those that its words imply."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clause import GENERIC, THERAPY_KINDS, ClauseReading
from kg.criteria.lexicon import Cue
from kg.criteria.narrowing import narrowed
from kg.criteria.patterns import pattern
from kg.records import Mention

_ABUSE_OF = pattern("subjects: abuse of")
_ANCHOR_BEFORE = pattern("subjects: anchor before")
_ANCHOR_LEAD = pattern("subjects: anchor lead")
_ABOUT_STUDY = frozenset({"pregnancy", "contraception", "consent", "tissue", "compliance"})
_POPULATION = pattern("subjects: population")
_CANDIDATE_AFTER = pattern("subjects: candidate after")
_RESTRICTED = pattern("subjects: restricted")
_SEROLOGY = pattern("subjects: serology")
_NURSING = pattern("subjects: nursing")
_REQUIRED_BY_DISEASE = pattern("subjects: required by disease")
_OTHER_THING = pattern("subjects: other thing")
_LISTED = pattern("subjects: listed")
_NOT_THE_PATIENT = pattern("subjects: not the patient")
_IRRESPECTIVE = pattern("subjects: irrespective")
_GIVEN_UP = pattern("subjects: given up")
_LED_TO = pattern("subjects: led to")
_OTHER_DISEASES = pattern("subjects: other diseases")
_NON = pattern("subjects: non")
_ACTS_SO = pattern("subjects: acts so")
_INSTEAD = pattern("subjects: instead")
_ABSENCE = pattern("subjects: absence")
_LEFT_BY = pattern("subjects: left by")
_SAMPLE = pattern("subjects: sample")
_SAMPLE_BEFORE = pattern("subjects: sample before")
_SAMPLE_AFTER = pattern("subjects: sample after")
_TOLD_BEFORE = pattern("subjects: told before")
_AS_A_LINE = pattern("subjects: as a line")
_DURING = pattern("subjects: during")
_WHY = pattern("subjects: why")
_WHY_AFTER = pattern("subjects: why after")
_TREATMENT_WITH = pattern("subjects: treatment with")
_SPREADS = frozenset({"allergy", "toxicity", "anchor", "study drug", "reason", "disease"})
_BRACKETED = re.compile(r"\([^()]*\)")
_OF_A_DOSE = pattern("subjects: of a dose")
_OF_ITS_OWN = pattern("timing: of its own")
_EXPLAINED = re.compile(r"\W{0,3}(?:(?:within|in|over|during)\s+[^,;.()]{0,30}\b(?:days?|weeks?|months?|years?)\b\s*)?")
"""What may stand between a therapy and the brackets that explain it: a time."""
_OR_ANY = re.compile(r"\bor\s+(?:any|one|other)\b")
_NAIVE = pattern("stance: naive")
_NAIVE_ONES = pattern("subjects: naive ones")
_NEED_OF = pattern("subjects: need of")
_INFECTION_WITH = pattern("subjects: infection with")
_CONDITIONAL = pattern("subjects: conditional")
_CONJUGATE = "antibody-drug-conjugate"
_PAYLOAD = pattern("subjects: payload")
_PAYLOAD_BEFORE = pattern("subjects: payload before")
_EVENT_UNDER = pattern("subjects: event under")
_SECOND_THING = pattern("subjects: second thing")
_FOLLOWING = pattern("subjects: the following")
_OWN_EXAMPLES = pattern("subjects: own examples")
_FORBIDDEN_MEDICINES = pattern("subjects: forbidden medicines")
_DISEASE_OR = pattern("subjects: disease or")
_BEFORE_INFUSION = pattern("subjects: before infusion")
_FOR_ANOTHER_CANCER = pattern("subjects: for another cancer")
_BETWEEN_EVENTS = pattern("subjects: between events")
_EARLIER_USE = pattern("subjects: earlier use")
_IF_HAD = pattern("subjects: if had")
_INFUSION = pattern("subjects: infusion")
_MADE = pattern("subjects: made")
_INVESTIGATIONAL = pattern("subjects: investigational")
_SINCE_A_TIME = pattern("subjects: since a time")
_HAS_OPPOSITE = frozenset({"biologic-therapy", "chemotherapy", "myelosuppressive-anticancer-therapy", "enzyme-inducing-anticonvulsant"})
"""Classes that "non-" before them turns into another."""
_REACTION_TO = pattern("subjects: reaction to")
_MOST_TO_OUTCOME = 60
"""Between a therapy and "during front-line treatment" stand at most this many characters."""
_MOST_DISTANCE = 160
"""Words further apart than this many characters are not taken to speak of each other."""


def subjects_of(clause: ClauseReading) -> list[Mention]:
    """Therapy mentions that the clause speaks of, without those that stand for something else (an anchor, an allergy, a reason…)."""
    therapy = [m for m in clause.part.mentions if m.kind in THERAPY_KINDS]
    label_end = clause.reading.label_end
    beyond_label = any(
        label_end <= m.start < _first_time_alone(clause, label_end) and not _IF_HAD.search(clause.before(m.start, 40))
        for m in therapy
        if not clause.in_exception(m.start) and clause.reading.paren_of(m.start) is None
    )
    kept = []
    for mention in therapy:
        if clause.in_exception(mention.start):
            clause.masked.append((mention, "exception"))
            continue
        if any(w == "population" and (m.kind, m.key) == (mention.kind, mention.key) for m, w in clause.masked):
            clause.masked.append((mention, "population"))
            continue
        why = "label" if mention.start < label_end and beyond_label and clause.part.start < label_end else _mask(clause, mention)
        if (
            not why
            and clause.masked
            and clause.masked[-1][1] in _SPREADS
            and _LISTED.fullmatch(_BRACKETED.sub(" ", clause.lower[_list_so_far(clause).end : mention.start]))
        ):
            why = clause.masked[-1][1]
        why = why or _spread(clause, mention)
        meant = [] if why else narrowed(clause, mention)
        if not meant:
            clause.masked.append((mention, why or "other target"))
        kept += meant
    return kept


def _first_time_alone(clause: ClauseReading, start: int) -> int:
    """Where the time of a label ends that has one: in "Chemotherapy: 3 weeks, 6 weeks if nitrosoureas" the 3 weeks are chemotherapy's."""
    times = [w for w in clause.part.windows if w.start >= start]
    if len(times) < 2 or _OF_ITS_OWN.match(clause.after(times[0].end, 120)) or not _OF_ITS_OWN.match(clause.after(times[1].end, 120)):
        return clause.part.end
    return times[1].start


def _list_so_far(clause: ClauseReading) -> Mention:
    """The last mention set aside that stands in no bracket of its own: where a list goes on from."""
    last = clause.masked[-1][0]
    return next((m for m, _ in reversed(clause.masked) if clause.reading.paren_of(m.start) is None), last)


def _of_brain_metastases(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a clause tells of steroids and the like only how brain metastases are kept: those of patients who have some."""
    lead = clause.context.lead
    if lead is not None and lead.has("kind", "brain_metastases"):
        # "Brain metastases, unless all of the following are met:", not "brain metastases, or any of the following:"
        return _OR_ANY.search(clause.context.lead_lower, lead.start, lead.end) is None
    return any(c.value == "brain_metastases" and c.end <= mention.start for p in clause.reading.parts for c in p.tagged("kind"))


def _of_a_sample(clause: ClauseReading, mention: Mention) -> bool:
    """Whether the clause only says which sample will do: "archival tissue, without intervening therapy since the biopsy"."""
    if not _SAMPLE.search(clause.lower, clause.sentence(clause.part.start), mention.start):
        return False
    return bool(_SAMPLE_BEFORE.search(clause.before(mention.start, 120)) or _SAMPLE_AFTER.match(clause.after(mention.end, 300)))


def of_no_patient(clause: ClauseReading, mention: Mention) -> bool:
    """Whether the clause tells of a lesion, a sample or a donor, not of the patient: "this lesion must not have been treated before"."""
    return bool(_NOT_THE_PATIENT.match(clause.lower[clause.part.start : mention.start])) or _of_a_sample(clause, mention)


def _of_some_patients(clause: ClauseReading) -> bool:
    """Whether it is one of the terms on which the bullet above takes patients with another disease ("with psoriasis are eligible if:")."""
    above = clause.context.lead
    taken = None if above is None else next(iter(above.tagged("permit")), None)
    if above is None or taken is None or not above.tagged("unless", "if") or any(m.kind in THERAPY_KINDS for m in above.mentions):
        return False
    neoplasms = clause.context.known.neoplasms
    others = [m for m in above.mentions if m.kind == "condition" and m.end <= taken.start and m.key not in neoplasms]
    return bool(others) or any(c.end <= taken.start for c in above.tagged("disease"))


def _spread(clause: ClauseReading, mention: Mention) -> str:
    """Why a mention in parentheses is not ruled on: because what it explains is not ("toxicity of immunotherapy (e.g. anti-PD-1)")."""
    paren = clause.reading.paren_of(mention.start)
    if paren is None:
        return ""
    for other, why in reversed(clause.masked):
        if why in _SPREADS and (_EXPLAINED.fullmatch(clause.lower, other.end, paren[0]) or paren[0] < other.start < paren[1]):
            return why
    return ""


def _only_if_given(clause: ClauseReading, mention: Mention) -> bool:
    """Whether the clause only says what is asked of those on a therapy: "an echocardiogram is required if anthracyclines were given"."""
    found = _CONDITIONAL.search(clause.lower, clause.part.start, mention.start)
    if found is None or not clause.lower[clause.part.start : found.start()].strip(" ,:-"):
        return False
    said = [c for c in clause.part.cues if c.start < found.start() and c.tag in ("permit", "prohibit", "neg", "stop")]
    therapies = [m for m in clause.part.mentions if m.kind in THERAPY_KINDS and m.start < found.start()]
    return not said and not therapies and not clause.part.has("prohibit")


def _tells_when(clause: ClauseReading, mention: Mention) -> bool:
    """Whether therapy at large only tells when another one failed: "platinum-refractory during front-line treatment"."""
    if not clause.part.tagged("progress") or not _DURING.search(clause.before(mention.start)):
        return False
    near = [m for m in clause.part.mentions if m.kind in THERAPY_KINDS and 0 <= mention.start - m.end <= _MOST_TO_OUTCOME]
    return any(m.key not in GENERIC for m in near)


def _restricts(clause: ClauseReading, other: Mention, mention: Mention) -> bool:
    """Whether a mention says which of a class is meant: "systemic treatment with X", "anticoagulation with heparin"."""
    if other.kind not in THERAPY_KINDS or other.start <= mention.end:
        return False
    if not _TREATMENT_WITH.fullmatch(clause.lower, mention.end, other.start):
        return False
    if mention.key in GENERIC:
        return other.key not in GENERIC
    return clause.context.known.covers(mention, other) and not any(
        mention.end <= c.start < other.start for c in clause.part.tagged("example")
    )


def _is_conjugate(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a mention stands for the conjugates that carry it, not for what it does: "MMAE", but not "topoisomerase inhibitor"."""
    return clause.context.known.covers(replace(mention, kind="class", key=_CONJUGATE), mention)


def _mask(clause: ClauseReading, mention: Mention) -> str:
    """Why a mention is not what the clause rules on; "" if it is."""
    before = clause.before(mention.start, 90)
    near = before[-60:]
    own = mention.kind == "drug" and mention.key in clause.context.study_drugs
    if _NOT_THE_PATIENT.match(clause.lower[clause.part.start : mention.start]):
        return "other subject"
    if _NAIVE.match(clause.after(mention.end, 12)) and _NAIVE_ONES.fullmatch(clause.lower, clause.part.start, mention.start):
        return "population"
    if _of_some_patients(clause):
        return "population"
    if _FOR_ANOTHER_CANCER.match(clause.after(mention.end)) and clause.context.known.is_anticancer(mention):
        return "other disease"
    if _BETWEEN_EVENTS.match(clause.after(mention.end)) or _MADE.search(near):
        return "anchor"
    if _BEFORE_INFUSION.search(near) and _INFUSION.match(clause.after(mention.end, 40)):
        return "anchor"
    supports = mention.key in clause.context.known.growth_factors  # counts "without growth factors" are those of who takes none
    if (_IRRESPECTIVE.search(before) and not supports) or (_GIVEN_UP.match(clause.after(mention.end, 60)) and _LED_TO.search(before)):
        return "reason"
    if _WHY.search(near) and _WHY_AFTER.match(clause.after(mention.end, 60)):
        return "reason"
    if _TOLD_BEFORE.search(near) and any(m.key == mention.key and m.end <= mention.start for m in clause.part.mentions):
        return "told before"
    if _ABSENCE.search(before) and clause.part.has("kind", "laboratory") and not supports:
        return "population"
    if _OTHER_THING.match(clause.after(mention.end, 30)):
        return "toxicity"
    if _ABUSE_OF.search(near) or (mention.key == "immunosuppressant" and _OF_A_DOSE.match(clause.after(mention.end, 30))):
        return "other thing"
    if (_PAYLOAD.match(clause.after(mention.end, 30)) or _PAYLOAD_BEFORE.search(near)) and not _is_conjugate(clause, mention):
        return "payload"
    if _EVENT_UNDER.search(clause.lower[max(clause.part.start, mention.start - 160) : mention.start]):
        return "toxicity"
    if any(c.tag == "kind" and c.value == "contraception" for c in clause.part.cues) and not clause.part.has("prohibit"):
        return "contraception"
    if own and any(c.tag == "kind" and c.value in _ABOUT_STUDY for c in clause.part.cues):
        return "study drug"
    if _ANCHOR_BEFORE.search(near) and (own or _ANCHOR_LEAD.search(near)) and not _NEED_OF.search(near) and not _EARLIER_USE.search(near):
        return "anchor"
    if mention.key in clause.context.known.anti_infectives and _INFECTION_WITH.search(near):
        return "disease"
    if not clause.context.known.is_anticancer(mention) and mention.kind != "pk" and _of_brain_metastases(clause, mention):
        return "disease"
    if (
        own
        and re.search(r"(?:to|with|of|by|for|receive|receiving|than)\s+(?:the\s+)?(?:\w+\s+){0,2}$", near)
        and not re.search(
            r"prior|previous|received|treated|treatment|exposure|therapy|history", clause.lower[clause.part.start : mention.start]
        )
    ):
        return "study drug"
    if _of_a_sample(clause, mention):
        return "tissue"
    if _only_if_given(clause, mention):
        return "population"
    if mention.kind == "class" and _INVESTIGATIONAL.search(near):
        return "investigational"
    if _POPULATION.search(before) and re.search(r"[,:]", clause.after(mention.end, 200)) and not clause.part.has("prohibit"):
        return "population"
    if clause.context.known.is_anticancer(mention) and _CANDIDATE_AFTER.match(clause.after(mention.end, 60)):
        return "candidacy"
    if mention.kind == "class" and any(
        m.kind == "pk" and m.start > mention.end and _RESTRICTED.match(clause.lower[mention.end : m.start]) for m in clause.part.mentions
    ):
        return "restricted"
    if mention.text.lower().startswith("anti") and _SEROLOGY.match(clause.after(mention.end, 40)):
        return "serology"
    if _NURSING.search(clause.lower[clause.part.start : mention.start]) and any(
        c.tag == "kind" and c.value == "pregnancy" for c in clause.part.cues
    ):
        return "pregnancy"
    if mention.key in GENERIC and (_AS_A_LINE.search(near) or _tells_when(clause, mention)):
        return "restricted"
    if _TREATMENT_WITH.match(clause.lower, mention.end) and any(_restricts(clause, m, mention) for m in clause.part.mentions):
        return "restricted"
    if _lists_all(clause, mention) or _is_told_by_examples(clause, mention):
        return "restricted"
    generic = mention.key in GENERIC or (mention.kind == "class" and mention.key in clause.context.known.procedures)
    if mention.key in _HAS_OPPOSITE and _NON.search(before):
        return "other thing"
    if mention.kind == "pk" and _ACTS_SO.search(clause.before(mention.start, 160)):
        return "reason"
    if _INSTEAD.search(near) and not clause.context.known.is_anticancer(mention):
        return "instead"
    if generic and _REQUIRED_BY_DISEASE.search(before):
        return "disease"
    between = ("prior", "current", "stop")
    for cue in reversed(clause.part.tagged("allergy", "candidate", "reason", "toxicity", "needing", "disease")):
        if cue.end > mention.start or mention.start - cue.end > _MOST_DISTANCE:
            continue
        gap = clause.lower[cue.end : mention.start]
        words = len(gap.split())
        other = [
            c
            for c in clause.part.cues
            if c.tag in between
            and cue.end <= c.start < mention.start
            and c.text not in ("had", "given", "treated with", "treatment with", "received", "used")
        ]
        if cue.tag == "allergy":
            if _FORBIDDEN_MEDICINES.match(gap) or any(c.tag == "stop" for c in other):
                continue
            if cue.text in ("contraindicated", "sensitivity to") or not other or words < 4 or _REACTION_TO.fullmatch(gap):
                return "allergy" if words <= 25 and not (cue.text == "intolerance" and clause.part.has("require")) else ""
        elif cue.tag == "candidate":
            if cue.text == "indicated for" and any(m.kind in THERAPY_KINDS and m.end == cue.start - 1 for m in clause.part.mentions):
                continue  # "herbal medicine indicated for cancer" tells what it is for, and of no patient
            # "Any standard of care chemotherapy" is one that was given.
            adjective = cue.text == "standard of care" and any(m.start == cue.end + 1 for m in clause.part.mentions)
            if words <= 8 and not other and not adjective and (cue.value == "no" or clause.context.known.is_anticancer(mention)):
                return "candidacy"
        elif cue.tag == "reason":
            timed = cue.text == "since the" and _SINCE_A_TIME.match(gap)
            if not timed and not re.search(r"[,;]", gap) and not (cue.text in ("associated with", "related to") and words > 8):
                return "reason"
        elif cue.tag == "toxicity":
            if (
                re.search(r"\b(?:from|of|on|to|while|during|under|related|due|attributed|caused|associated|by|with|after|any)\b", gap)
                and (words <= 12 or _LEFT_BY.search(before))
                and not re.search(r"\b(?:within|since|weeks|days)\b", gap)
            ):
                return "toxicity"
        elif cue.tag == "needing":
            if _OTHER_DISEASES.search(clause.lower, max(clause.part.start, cue.start - 40), mention.start):
                return ""
            if _is_second_thing(clause, cue):
                return ""
            disease: list[Cue | Mention] = [
                c for c in clause.part.tagged("disease", "toxicity") if c.end <= cue.start + 2 and cue.start - c.end < 220
            ]
            disease += [m for m in clause.part.mentions if "transplant" in m.key and 0 <= cue.start - m.end < 60]
            if disease and words <= 12 and not re.search(r"\b(?:prior|concomitant|concurrent)\b", gap):
                return "disease"
    return ""


def _lists_all(clause: ClauseReading, mention: Mention) -> bool:
    """Whether the drugs that are meant are all named behind a colon: "use of the following CYP3A4 inhibitors is prohibited: X, Y"."""
    if mention.kind not in ("class", "pk") or not _FOLLOWING.search(clause.before(mention.start)):
        return False
    colon = clause.lower.find(":", mention.end, min(mention.end + 60, clause.part.end))
    if colon < 0 or any(mention.end <= c.start <= colon + 20 for c in clause.part.tagged("example")):
        return False
    behind = [m for m in clause.part.mentions if m.kind in THERAPY_KINDS and m.start > colon]
    return bool(behind) and behind[0].kind == "drug" and behind[0].start - colon < 12


def _is_told_by_examples(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a class is an example that has examples itself: "strong inducers, including herbal products such as St John's wort"."""
    cue = next((c for c in reversed(clause.part.tagged("example")) if c.end <= mention.start), None)
    if mention.kind != "class" or cue is None:
        return False
    head = next((m for m in reversed(clause.part.mentions) if m.end <= cue.start and m.kind in THERAPY_KINDS), None)
    own = next((m for m in clause.part.mentions if m.kind == "drug" and _OWN_EXAMPLES.fullmatch(clause.lower, mention.end, m.start)), None)
    return head is not None and own is not None and head.kind == "pk" and cue.start - head.end <= 3


def _is_second_thing(clause: ClauseReading, cue: Cue) -> bool:
    """Whether a need is not that of the disease before it: "bleeding tendency or are receiving X", "coagulopathy or requiring X".

    "Infection that is uncontrolled or requiring antibiotics" is one thing: there the disease's adjectives go on.
    """
    before = clause.before(cue.start)
    if not _SECOND_THING.search(before):
        return False
    return (
        cue.text == "receiving"
        or _DISEASE_OR.fullmatch(
            clause.lower[max((c.end for c in clause.part.tagged("disease") if c.end <= cue.start), default=cue.start) : cue.start]
        )
        is not None
    )


def says_again(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a mention in parentheses only repeats one before it: "regimens (single-agent or combination chemotherapy)"."""
    paren = clause.reading.paren_of(mention.start)
    return paren is not None and any(
        m.end <= paren[0]
        and (m.kind, m.key, m.target, m.enzyme, m.role) == (mention.kind, mention.key, mention.target, mention.enzyme, mention.role)
        for m in clause.part.mentions
    )
