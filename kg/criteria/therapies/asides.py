"""Why a therapy that a clause names is not what it rules on: it belongs to another subject, a reason, an anchor, a sample, a disease…"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from kg.criteria.clauses.clause import GENERIC, ClauseReading
from kg.criteria.clauses.named import Named
from kg.criteria.populations.some_patients import asked_of_some, asked_of_the_ill, of_brain_metastases
from kg.criteria.stances.negation import who_lack_it
from kg.criteria.therapies.allergies import against_an_allergy, goes_on_with_an_allergy, shares_an_allergy
from kg.criteria.therapies.conditional import only_if_given, tells_how_to_count
from kg.criteria.therapies.descriptions import describes, is_defined, is_its_use, tells_the_disease, tells_what_a_drug_is
from kg.criteria.therapies.events import (
    another_came_before,
    befell_those_on_it,
    between_events,
    came_before_a_disease,
    dates_a_test,
    has_harm,
    is_absent,
    is_anchor,
    may_be_under,
    meanwhile,
    of_a_sample,
    on_study,
    only_beside_another,
    tells_when_another_was_given,
    tells_when_steroids_were_given,
    told_of_users,
    undone,
)
from kg.criteria.therapies.fertility import of_contraception, of_harm_to_a_child, of_nursing
from kg.criteria.therapies.for_whom import (
    is_given_in_a_part,
    is_of_those_without,
    names_the_naive,
    of_candidates,
    of_the_tested,
    of_those_among,
    says_whom,
)
from kg.criteria.therapies.governed import governed, of_all_who_take_it
from kg.criteria.therapies.kinds_left_out import is_left_out
from kg.criteria.therapies.narrowing import of_steroid_hormones
from kg.criteria.therapies.other_things import are_cells_of_the_body, is_against_a_protein, is_other_thing, is_payload, is_serology
from kg.criteria.therapies.other_trials import INVESTIGATIONAL, are_such_drugs, of_a_trial, of_this_trial
from kg.criteria.therapies.restricted import restricted
from kg.criteria.therapies.told_before import goes_on_about_it, of_a_list_elsewhere
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import ANYWHERE, Words, one_of, pattern
from kg.records import Mention, Section

_ADHERENCE = pattern("subjects: adherence")
_HARMED_BY = pattern("subjects: harmed by")
_ABOUT_STUDY = frozenset({"pregnancy", "contraception", "consent", "tissue", "compliance"})
_REQUIRED_BY_DISEASE = pattern("subjects: required by disease")
_OTHER_THING = pattern("subjects: other thing")
_NOT_THE_PATIENT = pattern("subjects: not the patient")
_OF_A_LESION = pattern("subjects: of a lesion")
_AS_A_LESION = pattern("subjects: as a lesion")
_PATIENTS_WITH = re.compile(r"\b(?:patients?|participants?|subjects?)\s+(?:with|who\s+ha(?:ve|d))\b")
_LEFT_UNTREATED = pattern("subjects: left untreated")
_IRRESPECTIVE = pattern("subjects: irrespective")
_AS_OPPOSED_TO = pattern("subjects: as opposed to")
_IF_USED_FOR = pattern("subjects: if used for")
_GIVEN_UP = pattern("subjects: given up")
_LED_TO = pattern("subjects: led to")
_ACTS_SO = pattern("subjects: acts so")
_IS_WHY = pattern("subjects: is why")
_IS_NO_SUCH_THING = pattern("subjects: is no such thing")
"""Before the class that something is not one of: "hydroxyurea is not considered prior chemotherapy"."""
_PAUSED_FOR = pattern("subjects: paused for")
_COUNTS_AS_ONE = pattern("subjects: counts as one")
_COUNTS = ("considered", "counted", "regarded", "counts", "constitutes")
"""One of these is in all that `_COUNTS_AS_ONE` finds."""
_RUN_IN = pattern("subjects: run-in")
_RUN_IN_BEFORE = pattern("subjects: run-in before")
_WHICH_ARE_NOT = pattern("subjects: which are not")
_INSTEAD = pattern("subjects: instead")
_SWITCHED_TO = pattern("subjects: switched to")
_WHY = pattern("subjects: why")
_WHY_THE_CRITERION = pattern("subjects: why the criterion")
_WHY_AFTER = pattern("subjects: why after")
_INFECTION_WITH = pattern("subjects: infection with")
_AN_INFECTION = pattern("subjects: an infection")
_BAD_UNDER = pattern("subjects: bad under")
_FOR_ANOTHER_CANCER = pattern("subjects: for another cancer")
_OTHER_THAN = pattern("subjects: for a cancer other than")
_TOLD_OF_ANOTHER_CANCER = pattern("subjects: told of another cancer")
_ANOTHER_CANCER = pattern("subjects: another cancer")
_YEARS_AGO = pattern("subjects: ended years ago")
_INVESTIGATIONAL = pattern("subjects: investigational")
_INVESTIGATIONAL_LIST = pattern("subjects: investigational list")
_OR_DEVICES = pattern("subjects: or devices")
_APPLIES_TO = pattern("subjects: applies to")
_THESE_APPLY = pattern("subjects: these apply")
_GIVES = re.compile(r"(?:to|with|of|by|for|receive|receiving|than)\s+(?:the\s+)?(?:\w+\s+){0,2}$")
_USED_BEFORE = re.compile(
    r"prior|previous|received|treated|treatment|expos(?:ure|ed)|(?:was|were|been) (?:given|administered)|therapy"
    r"|history|refractor|unresponsive|fail(?:ure|ed)|(?<!ing )resistan\w+ to"
)
_WILL_NOT_GET = pattern("subjects: will not get")


def why_aside(clause: ClauseReading, mention: Mention) -> str:
    """Why a therapy that a clause names is not what it rules on, as a key of `set_aside.csv`; "" if it is.

    Arguments:
        clause: the clause that names it.
        mention: the therapy, one of the clause's mentions.
    """
    named = Named.of(clause, mention)
    for why, holds in _possible_reasons(clause.possible):
        if holds(named):
            return why
    return governed(clause, mention)


@lru_cache(maxsize=16)  # one criterion asks this of each of its therapies
def _possible_reasons(possible: int) -> list[tuple[str, Callable[[Named], bool]]]:
    return [(why, holds) for why, asked, holds in _REASONS if asked & possible]


def of_no_patient(clause: ClauseReading, mention: Mention) -> bool:
    """Whether the clause tells of a lesion, a sample or a donor, not of the patient: "this lesion must not have been treated before"."""
    named = Named.of(clause, mention)
    return _of_another_subject(named) or of_a_sample(named)


def _of_another_subject(named: Named) -> bool:
    """ "Family members who were treated with X", "a donor who has had X", "lesions that were irradiated are not measurable"."""
    if _NOT_THE_PATIENT.match(named.so_far):
        return True
    clause, mention = named.clause, named.mention
    if clause.found_behind(_AS_A_LESION, mention.end, 160):
        return True
    found = clause.found_before(_OF_A_LESION, mention.start, 160)
    # "Patients with lesions previously treated with X" had it themselves.
    return found is not None and (clause.context.section is not Section.EXCLUSION or not _PATIENTS_WITH.search(named.so_far))


def _of_another_cancer(named: Named) -> bool:
    """ "Chemotherapy for a previous malignancy", "a history of other tumours for which X was given"."""
    if not named.anticancer:
        return False
    clause, end, last = named.clause, named.mention.end, named.clause.list_end(named.mention)
    # "X, Y or any therapy for another cancer" tells it of the last alone, which would take in the others.
    shared = last > end and not any(m.end == last and m.key in GENERIC for m in clause.part.therapies)
    behind = IN_BRACKETS.sub("", clause.after(end, 160)).removeprefix(")")  # "chemotherapy (e.g. cyclophosphamide) for another cancer"
    told = clause.possible & _FOR_ANOTHER_CANCER.bit and _FOR_ANOTHER_CANCER.match(behind[:80])
    if told or (shared and clause.found_behind(_FOR_ANOTHER_CANCER, last)):
        return True
    if named.found_before(_TOLD_OF_ANOTHER_CANCER) is not None:
        return True
    # "for any pelvic tumor other than ovarian cancer"
    own = (m for m in clause.part.mentions if m.start > end and m.kind == "condition" and clause.context.is_own(m))
    return bool(clause.possible & _OTHER_THAN.bit) and any(_OTHER_THAN.fullmatch(clause.lower, end, m.start) for m in own)


def _frees_another_cancer(named: Named) -> bool:
    """Whether a clause is one of the terms on which an earlier cancer is none: "malignancy, unless cured and no treatment was given".

    A sentence of its own may be one: "Another cancer, cured, is allowed. All treatment must have been completed 3 years ago".
    """
    clause = named.clause
    before = next((p for p, following in pairwise(clause.reading.parts) if following.start == clause.part.start), None)
    if before is None or not named.anticancer:
        return False
    if clause.possible & _YEARS_AGO.bit and clause.find(_YEARS_AGO) and _ANOTHER_CANCER.search(clause.lower, before.start, before.end):
        return True
    if not (before.has("unless") and before.has("kind", "second_malignancy")):
        return False
    return clause.lower[before.end : clause.part.start].strip(" ,") in ("", "and", "or")


def _is_reason(named: Named) -> bool:
    """Whether it only gives a reason, or makes no difference: "regardless of prior X", "stopped X for …", "who relapsed on X"."""
    if named.found_before(_IRRESPECTIVE) and not named.counts_support:
        return True
    opposed = named.found_before(_AS_OPPOSED_TO)
    if opposed and any(m.end <= opposed.start() for m in named.clause.part.therapies):
        return True  # "chronic steroids, as opposed to those given with X"; not "systemic as opposed to topical X"
    if named.mention.key in GENERIC and named.found_before(_IF_USED_FOR):
        return True  # "21 days for bevacizumab when used for tumor-directed therapy"
    if named.clause.possible & _GIVEN_UP.bit and _GIVEN_UP.match(named.after[:60]) and named.found_before(_LED_TO):
        return True
    if named.clause.possible & _WHY_THE_CRITERION.bit and _WHY_THE_CRITERION.match(named.clause.lower, named.clause.part.start):
        return True  # "The intent of this criterion is to ensure that no X is given within that time"
    why = named.found_near(_WHY)
    return why is not None and (why.group().startswith("why") or _WHY_AFTER.match(named.after[:60]) is not None)


def _has_the_enzyme_behind(named: Named, words: Words) -> bool:
    return named.mention.kind == "pk" and named.clause.found_before(words, named.mention.start, 160) is not None


def _is_what_they_are_not(named: Named) -> bool:
    """Whether it only tells what the drugs before it are not: "herbal products (which are not inducers of CYP3A4)"."""
    clause = named.clause
    if named.mention.kind != "pk" or clause.context.section is not Section.EXCLUSION or clause.part.tagged("permit"):
        return False  # "only drugs that are not inhibitors of CYP3A4 are allowed"
    return named.found_near(_WHICH_ARE_NOT) is not None


def _of_brain_metastases(named: Named) -> bool:
    """Whether it tells how brain metastases are kept; "hormones" with a dose of prednisone are steroids, which are none against cancer."""
    steroids = "hormon" in named.mention.text.lower() and of_steroid_hormones(named.clause, named.mention)
    return of_brain_metastases(replace(named, mention=replace(named.mention, key="corticosteroid")) if steroids else named)


def _about_the_study(named: Named) -> bool:
    """Whether the study drug is named where pregnancy, consent and the like are told of."""
    if not named.own:
        return False
    part = named.clause.part
    # "Within a year before signing the informed consent" only tells when.
    dated = {c.start for c in part.tagged("kind") if c.value == "consent" and part.windows and named.mention.end <= c.start}
    told = any(c.value in _ABOUT_STUDY and c.start not in dated for c in part.tagged("kind"))
    return told and not told_of_users(named)


def _of_an_infection(named: Named) -> bool:
    """Whether an anti-infective tells of an infection: "infection treated with antibiotics", "who needs antibiotics has an infection"."""
    if named.mention.key not in named.clause.context.known.anti_infectives or of_all_who_take_it(named.clause, named.mention):
        return False
    return named.found_near(_INFECTION_WITH) is not None or named.found_behind(_AN_INFECTION) is not None


def _to_be_given(named: Named) -> bool:
    """Whether the study drug is named as what will be given or not: "willing to receive X", unless earlier use of it is told."""
    if named.own and named.found_near(_WILL_NOT_GET):
        return True
    given = named.own and _GIVES.search(named.near) is not None and _USED_BEFORE.search(named.so_far) is None
    return given and not named.is_waited_for and not told_of_users(named)


def _is_investigational(named: Named) -> bool:
    """Whether a class is meant as far as it is not approved: "investigational antibodies", "investigational drugs, biologics, devices"."""
    if named.mention.kind != "class" or named.mention.key == INVESTIGATIONAL:
        return False
    listed = named.found_near(_INVESTIGATIONAL_LIST) and named.found_behind(_OR_DEVICES)
    if listed or named.found_near(_INVESTIGATIONAL) or are_such_drugs(named.clause, named.mention):
        return True
    return named.anticancer and of_a_trial(named.clause, named.mention)


def _told_for_whom_these_are(named: Named) -> bool:
    """Whether it only tells whom the criteria below are of: "for patients with prior X, the following criteria apply:"."""
    clause = named.clause
    return named.so_far.startswith("for ") and clause.found_behind(_THESE_APPLY, named.mention.end, 160) is not None


def _asked_by_a_disease(named: Named) -> bool:
    """ "A disease that requires systemic treatment": therapy at large, or a procedure."""
    mention = named.mention
    generic = mention.key in GENERIC or (mention.kind == "class" and mention.key in named.clause.context.known.procedures)
    return generic and named.found_before(_REQUIRED_BY_DISEASE) is not None


def _of_the_run_in(named: Named) -> bool:
    """Whether it is given at the start of the trial, before what is under study: "with dexamethasone run-in", "lead-in with X"."""
    return _RUN_IN.match(named.after[:40]) is not None or named.found_near(_RUN_IN_BEFORE) is not None


def _counts_as_one(named: Named) -> bool:
    """ "If no therapy was given after surgery, this is considered to constitute 1 relapse"."""
    return named.clause.find(_COUNTS_AS_ONE) is not None


def _below_a_definition(named: Named) -> bool:
    """Whether the bullet above only says what counts as a relapse: "Each of the following is considered 1 relapse:"."""
    lead, lower = named.clause.context.lead, named.clause.context.lead_lower
    told = lead is not None and any(word in lower for word in _COUNTS)  # looking for these is quicker
    return told and lead is not None and _COUNTS_AS_ONE.search(lower, lead.start, lead.end) is not None


def _fought_in_vain(named: Named) -> bool:
    """Whether a drug only tells how hard an ill was fought: "hypertension while on antihypertensives", "vomiting despite antiemetics".

    Of drugs against cancer only the blood count is such an ill: "leukocytes above 50,000 (not controlled by hydroxyurea)".
    """
    clause, at = named.clause, named.mention.start
    if named.anticancer and not any(c.value == "laboratory" and c.end <= at for c in clause.part.tagged("kind")):
        return False
    return may_be_under(clause, at) and clause.found_before(_BAD_UNDER, at, 200) is not None


_REASONS: tuple[tuple[str, int, Callable[[Named], bool]], ...] = (
    ("other subject", one_of("subjects: not the patient", "subjects: of a lesion", "subjects: as a lesion"), _of_another_subject),
    ("population", one_of("stance: naive"), names_the_naive),
    ("population", ANYWHERE, asked_of_some),
    ("population", one_of("stance: who lack it"), lambda named: named.mention.end <= who_lack_it(named.clause)),
    (
        "other disease",
        one_of("subjects: for another cancer", "subjects: told of another cancer", "subjects: for a cancer other than"),
        _of_another_cancer,
    ),
    ("other disease", ANYWHERE, _frees_another_cancer),
    ("disease", one_of("subjects: a disease by its answer"), tells_the_disease),
    ("anchor", one_of("subjects: between events", "subjects: made", "subjects: before infusion"), between_events),
    (
        "reason",
        one_of(
            "subjects: irrespective",
            "subjects: as opposed to",
            "subjects: if used for",
            "subjects: given up",
            "subjects: why",
            "subjects: why the criterion",
        ),
        _is_reason,
    ),
    ("not asked", one_of("implied: undone"), lambda named: not named.anticancer and undone(named.clause, named.mention.start)),
    ("listed elsewhere", one_of("subjects: of a list elsewhere"), of_a_list_elsewhere),
    ("told before", one_of("subjects: told before", "subjects: ended on terms", "subjects: came back after"), goes_on_about_it),
    ("told before", one_of("subjects: described"), describes),
    ("population", one_of("subjects: absence"), is_absent),
    ("population", one_of("subjects: on study"), on_study),
    (
        "toxicity",
        one_of("subjects: other thing"),
        lambda named: named.mention.kind != "pk" and _OTHER_THING.match(named.after[:30]) is not None and not is_against_a_protein(named),
    ),
    ("other thing", one_of("subjects: T cells"), are_cells_of_the_body),
    (
        "other thing",
        one_of("subjects: abuse of", "subjects: abused too", "subjects: other thing before", "subjects: donated", "subjects: of a dose"),
        is_other_thing,
    ),
    ("payload", one_of("subjects: payload", "subjects: payload before"), is_payload),
    ("toxicity", one_of("subjects: event under", "subjects: during it"), has_harm),
    ("toxicity", one_of("subjects: came after"), came_before_a_disease),
    ("population", one_of("subjects: in those who had it"), befell_those_on_it),
    ("contraception", ANYWHERE, of_contraception),
    ("study drug", ANYWHERE, _about_the_study),
    ("anchor", one_of("subjects: anchor before", "subjects: anchor of vaccination", "subjects: dated"), is_anchor),
    ("anchor", one_of("subjects: when tested"), dates_a_test),
    ("disease", one_of("subjects: infection with", "subjects: an infection"), _of_an_infection),
    ("disease", ANYWHERE, _of_brain_metastases),
    ("disease", ANYWHERE, asked_of_the_ill),
    ("study drug", ANYWHERE, _to_be_given),
    ("tissue", one_of("subjects: sample"), of_a_sample),
    ("population", one_of("subjects: conditional"), only_if_given),
    ("population", one_of("subjects: counted so"), tells_how_to_count),
    ("population", one_of("subjects: applies to"), lambda named: named.found_before(_APPLIES_TO) is not None),
    ("population", one_of("subjects: these apply"), _told_for_whom_these_are),
    (
        "investigational",
        one_of("subjects: investigational", "subjects: investigational list", "other trials: trial of", "other trials: a drug or"),
        _is_investigational,
    ),
    ("study drug", one_of("subjects: of this trial", "subjects: beside its drug", "subjects: its own product"), of_this_trial),
    ("population", one_of("subjects: population", "subjects: looked after"), says_whom),
    ("population", one_of("subjects: those among"), of_those_among),
    ("population", one_of("subjects: of the tested"), of_the_tested),
    ("population", one_of("subjects: at last of those without"), is_of_those_without),
    ("study drug", one_of("subjects: of a part", "subjects: label of a part"), is_given_in_a_part),
    (
        "candidacy",
        one_of("subjects: contraindicated", "subjects: candidate after", "subjects: of a marker", "subjects: barred by it"),
        of_candidates,
    ),
    ("serology", one_of("subjects: serology"), is_serology),
    ("pregnancy", one_of("subjects: nursing", "subjects: sterilised by", "subjects: of menses"), of_nursing),
    ("pregnancy", one_of("subjects: harm to a child", "subjects: harms a child"), of_harm_to_a_child),
    ("restricted", ANYWHERE, restricted),
    ("anchor", one_of("subjects: meanwhile"), meanwhile),
    ("anchor", one_of("subjects: came before"), another_came_before),
    ("reason", one_of("subjects: acts so"), lambda named: _has_the_enzyme_behind(named, _ACTS_SO)),
    ("description", ANYWHERE, tells_what_a_drug_is),
    ("description", ANYWHERE, is_its_use),
    ("description", one_of("subjects: as a term"), is_defined),
    ("description", one_of("subjects: is why"), lambda named: _has_the_enzyme_behind(named, _IS_WHY)),
    ("description", one_of("subjects: is no such thing"), lambda named: named.found_before(_IS_NO_SUCH_THING) is not None),
    ("description", one_of("subjects: which are not"), _is_what_they_are_not),
    ("instead", one_of("subjects: instead"), lambda named: named.found_near(_INSTEAD) is not None and not named.anticancer),
    ("instead", one_of("subjects: switched to"), lambda named: named.found_near(_SWITCHED_TO) is not None),
    ("left out", one_of("subjects: non"), is_left_out),
    ("study drug", one_of("subjects: run-in", "subjects: run-in before"), _of_the_run_in),
    ("study drug", one_of("subjects: adherence"), lambda named: named.found_near(_ADHERENCE) is not None),
    ("allergy", one_of("subjects: harmed by"), lambda named: named.found_near(_HARMED_BY) is not None),
    ("disease", one_of("subjects: required by disease"), _asked_by_a_disease),
    ("disease", one_of("subjects: bad under"), _fought_in_vain),
    ("disease", one_of("subjects: left untreated"), lambda named: named.found_before(_LEFT_UNTREATED) is not None),
    ("allergy", ANYWHERE, against_an_allergy),
    ("allergy", one_of("subjects: these include"), goes_on_with_an_allergy),
    ("allergy", one_of("subjects: noun of a list"), shares_an_allergy),
    ("anchor", one_of("limits: in combination"), only_beside_another),
    ("anchor", one_of("subjects: given around"), tells_when_another_was_given),
    ("anchor", one_of("rules: tapered"), tells_when_steroids_were_given),
    ("description", one_of("subjects: counts as one"), _counts_as_one),
    ("description", ANYWHERE, _below_a_definition),
    ("pause", one_of("subjects: paused for"), lambda named: named.clause.found_behind(_PAUSED_FOR, named.mention.end, 160) is not None),
)
"""Reasons with the patterns of which one must match for each, and its test, in the order in which they are asked: the first that holds is shown."""  # noqa: E501
