"""Therapies that only tell of whom a clause is: "patients on anticoagulants: …", "BTK inhibitor-naive patients", "in Part E (X + Y)"."""

from __future__ import annotations

import re

from kg.criteria.clauses.named import Named
from kg.criteria.times.durations import free_of_recurrence
from kg.criteria.words.patterns import pattern
from kg.records import Section

_POPULATION = pattern("subjects: population")
_LOOKED_AFTER = pattern("subjects: looked after")
_OF_THOSE_WITHOUT = pattern("subjects: at last of those without")
_OF_THE_TRIAL = re.compile(r"\b(?:eligib|trial|study|open|only|allow|permit|exclu|indicat|intended|reserved)")
_ENDS_SENTENCE = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:[.;)]|$)")
_CANDIDATE_AFTER = pattern("subjects: candidate after")
_BARRED_BY_IT = pattern("subjects: barred by it")
_FOR_WHOM = pattern("subjects: for whom")
_OF_A_MARKER = pattern("subjects: of a marker")
_CONTRAINDICATED = pattern("subjects: contraindicated")
_NAIVE = pattern("stance: naive")
_NAIVE_ONES = pattern("subjects: naive ones")
_OF_A_PART = pattern("subjects: of a part")
_LABEL_OF_A_PART = pattern("subjects: label of a part")
_OPENS_LABEL = re.compile(r"(?:^|[.;]\s+)(?P<within>(?:for|in)\s+(?:the\s+)?)?(?:[\w/+&-]+\s+){0,6}$")
_THOSE_AMONG = pattern("subjects: those among")
_AMONG_BEHIND = pattern("subjects: those among behind")
_TESTED = pattern("subjects: of the tested")
_TO_BE_DISCUSSED = pattern("subjects: to be discussed")
_DOSE = re.compile(r"\bdos(?:es?|ages?|ing)\b")
_PASSED = ("elapsed", "passed", "wash-out", "washout", "wash out")
_FREE_OF_IT = "treatment-free"
_ENDS_TOPIC = re.compile(r"[,:]")


def names_the_naive(named: Named) -> bool:
    """Whether it only says who may come: "BTK inhibitor-naive patients with …"."""
    part = named.clause.part
    return bool(_NAIVE.match(named.after[:44]) and _NAIVE_ONES.fullmatch(named.clause.lower, part.start, named.mention.start))


def is_of_those_without(named: Named) -> bool:
    """Whether a sentence ends with those whom it binds: "evidence of residual disease, for patients who have not had surgery"."""
    clause = named.clause
    if clause.context.section is Section.EXCLUSION or not _OF_THOSE_WITHOUT.match(named.so_far) or _OF_THE_TRIAL.search(named.so_far):
        return False
    return _ENDS_SENTENCE.match(named.after) is not None


def says_whom(named: Named) -> bool:
    """Whether it only says whom the clause is about: "patients on anticoagulants: INR must be …"."""
    clause = named.clause
    if named.found_before(_LOOKED_AFTER):
        return True  # "tests will be performed in patients on warfarin"
    whom = None if clause.part.has("prohibit") else named.found_before(_POPULATION)
    if whom is None:
        return False
    start = named.mention.start
    paren = clause.reading.paren_of(start)
    in_it = paren is not None and start - len(named.before) + whom.start() >= paren[0]  # "(for patients who receive X)"
    if not in_it and not _ENDS_TOPIC.search(clause.after(named.mention.end, 200)):
        return False
    if clause.part.has("approval") and _TO_BE_DISCUSSED.match(clause.lower, named.mention.end, clause.part.end):
        return False  # "if the patient is on X, this should be discussed with the investigator": somebody decides who comes
    told = clause.part.has("dose", "stable") and _DOSE.search(clause.lower, clause.part.start)
    if told and not named.anticancer and not any(p.has("disease") for p in clause.reading.parts):
        return False  # "if on steroids, the dose must be stable for a week" is a term of its own
    other = not named.anticancer or named.mention.key in clause.context.known.count_support
    if other and any(c.start >= named.mention.end and not c.text.endswith(_PASSED) for c in clause.part.tagged("stop")):
        return False  # "if on X, discontinue at least 7 days before"
    passed = any(c.text.endswith(_PASSED) for c in clause.part.tagged("stop")) or any(
        c.text.startswith(_FREE_OF_IT) for c in clause.part.tagged("untold")
    )
    passed = passed or any(free_of_recurrence(clause.part, clause.lower, w) for w in clause.part.windows)
    # "For patients who received X, at least 3 weeks must have passed since" times X.
    return not (named.anticancer and passed and clause.part.windows)


def is_given_in_a_part(named: Named) -> bool:
    """Whether the study drug tells what a part of the trial gives: "in Part E (X + Y) must have", "X cohorts: no more than 2 lines"."""
    if not named.own:
        return False
    if named.found_before(_OF_A_PART):
        return True
    opened = _OPENS_LABEL.search(named.before)
    label = named.found_behind(_LABEL_OF_A_PART) if opened else None
    return label is not None and opened is not None and (label["comma"] is None or opened["within"] is not None)


def of_candidates(named: Named) -> bool:
    """ "Chemotherapy candidates", "patients in whom X is contraindicated", "a driver mutation with an approved targeted therapy"."""
    if named.found_near(_FOR_WHOM) and named.found_behind(_CONTRAINDICATED):
        return True
    if not named.anticancer:
        return False
    if named.found_before(_BARRED_BY_IT) is not None:
        return True  # "prior X that would preclude Y"
    return _CANDIDATE_AFTER.match(named.after[:70]) is not None or named.found_before(_OF_A_MARKER) is not None


def of_the_tested(named: Named) -> bool:
    """Whether the clause only advises a test for patients on it: "mutation analysis is recommended for patients who progressed on X"."""
    clause = named.clause
    return _TESTED.match(clause.lower, clause.part.start, named.mention.start) is not None and not clause.part.tagged("prohibit", "permit")


def of_those_among(named: Named) -> bool:
    """Whether only some of those who had it are kept out: "for patients with prior X, those with a reaction to it are excluded"."""
    clause, mention = named.clause, named.mention
    if _THOSE_AMONG.search(clause.lower, clause.part.start, mention.start) is None:
        return False
    behind = _AMONG_BEHIND.match(clause.lower, mention.end, clause.part.end)
    # Whom it failed among them is kept out by what came of it.
    return behind is not None and not any(c.start >= behind.end() for c in clause.part.tagged("progress"))
