"""Therapies that only tell when something was, or what came of them: "within 4 weeks before surgery", "pneumonitis under X"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.named import Named
from kg.criteria.times.binding import GIVEN_AROUND
from kg.criteria.words.patterns import pattern
from kg.records import Section

_ABSENCE = pattern("subjects: absence")
_ONLY_IN_TRIALS = frozenset({"lymphodepleting-chemotherapy"})
"""What is given right before the trial's own therapy: "chemotherapy within 7 days before lymphodepletion"."""
_ANCHOR_BEFORE = pattern("subjects: anchor before")
_ON_STUDY = pattern("subjects: on study")
_ANCHOR_LEAD = pattern("subjects: anchor lead")
_ANCHOR_OF_VACCINATION = pattern("subjects: anchor of vaccination")
_PROGRESSED_SINCE = pattern("subjects: progressed since")
_VACCINES = frozenset({"vaccine", "cancer-vaccine", "mrna-cancer-vaccine"})
_DATED = pattern("subjects: dated")
_WHEN_TESTED = pattern("subjects: when tested")
_TREATED_BEFORE_WITH = pattern("subjects: treated before with")
_USED_BEFORE = pattern("subjects: used before")
_NEED_OF = pattern("subjects: need of")
_EVENT_UNDER = pattern("subjects: event under")
_CAME_AFTER = pattern("subjects: came after")
_ONCE = re.compile(r"\b(?:prior|previous|earlier|past|history|experienced|developed|suffered)\b")
_DURING_IT = pattern("subjects: during it")
_EVENT_IN_IT = pattern("subjects: event in it")
_BEFORE_INFUSION = pattern("subjects: before infusion")
_BETWEEN_EVENTS = pattern("subjects: between events")
_EARLIER_USE = pattern("subjects: earlier use")
_USE_OF_IT = pattern("subjects: use of it")
_INFUSION = pattern("subjects: infusion")
_INFUSED = ("infusion", "infusions", "administration")
"""Names of therapies may end so: "NK cell infusion"."""
_MADE = pattern("subjects: made")
_MEANWHILE = pattern("subjects: meanwhile")
_CAME_BEFORE = pattern("subjects: came before")
_IN_THOSE_WHO_HAD_IT = pattern("subjects: in those who had it")
_SAMPLE = pattern("subjects: sample")
_SAMPLE_BEFORE = pattern("subjects: sample before")
_SAMPLE_AFTER = pattern("subjects: sample after")
_SINCE_SAMPLE = pattern("subjects: since a sample")
_SINCE_FIRST = tuple(f"{since} {the}first " for since in ("from", "since", "after", "post") for the in ("", "the ", "a "))
_SINCE_USE = tuple(
    f"{since} {the}{use} of " for since in ("of", "from", "after") for the in ("", "the ") for use in ("use", "administration")
)
_UNDONE = pattern("implied: undone")
_BESIDE = pattern("limits: in combination")
TAPERED = pattern("rules: tapered")
_GIVEN_WITH = pattern("subjects: given with")
_ILLS = frozenset({"brain_metastases", "cardiac", "pulmonary"})
"""Kinds of clauses that tell of an ill."""


_UNDER = re.compile(
    r"\b(?:during|while|when|on|under|receiving|taking|using|with|by|through|of|from|to|after|following|upon|despite|notwithstanding)\s+(?:[\w-]+\s+){0,8}$"
)
"""What stands before a therapy under which something befell, whatever that was: looking for this is quicker."""


def may_be_under(clause: ClauseReading, position: int) -> bool:
    """Whether the words before a position end like those that tell under which therapy something befell: "colitis while on …"."""
    return _ends_under(clause.before(position, 120))


@lru_cache(maxsize=64)  # asked more than once of each therapy
def _ends_under(before: str) -> bool:
    return _UNDER.search(before) is not None


def between_events(named: Named) -> bool:
    """Whether it is an event from which a time is counted, or between two: "between leukapheresis and conditioning"."""
    if named.found_behind(_BETWEEN_EVENTS) or named.found_near(_MADE):
        return True
    if not named.found_near(_BEFORE_INFUSION):
        return False
    return named.mention.text.lower().endswith(_INFUSED) or _INFUSION.match(named.after[:40]) is not None


def has_harm(named: Named) -> bool:
    """Whether what follows is an event under it, or one went before: "steroid-induced diabetes", "colitis while on X"."""
    return only_tells_of_harm(named.clause, named.mention.start, named.mention.end)


def only_tells_of_harm(clause: ClauseReading, start: int, end: int) -> bool:
    """Whether words for a therapy only tell when an ill befell: "colitis while on X", "during prior X, patients had no infection".

    Arguments:
        clause: the clause.
        start, end: where its words for a therapy stand, or for the disease that it is of.
    """
    possible = clause.possible
    if (
        possible & _EVENT_UNDER.bit
        and may_be_under(clause, start)
        and _EVENT_UNDER.search(clause.lower, max(clause.part.start, start - 160), start)
    ):
        return True
    if not possible & _DURING_IT.bit:
        return False
    return clause.found_before(_DURING_IT, start) is not None and clause.found_behind(_EVENT_IN_IT, end, 160) is not None


def came_before_a_disease(named: Named) -> bool:
    """Whether another disease is told of that came after it: "heart failure after anthracyclines", "leukaemia due to chemotherapy".

    One that came under a drug against cancer is over: "previous interstitial lung disease with erlotinib".
    """
    clause = named.clause
    for start, end in _ills(clause):
        found = _CAME_AFTER.fullmatch(clause.lower, end, named.mention.start) if end <= named.mention.start else None
        if found and (not found["under"] or (named.anticancer and _ONCE.search(clause.before(start)))):
            return True
    return False


def _ills(clause: ClauseReading) -> Iterator[tuple[int, int]]:
    """Where a clause tells of ills that are not what the trial treats."""
    yield from ((m.start, m.end) for m in clause.part.mentions if m.kind == "condition" and not clause.context.takes(m))
    yield from ((c.start, c.end) for c in clause.part.tagged("disease", "toxicity"))
    yield from ((c.start, c.end) for c in clause.part.tagged("kind") if c.value in _ILLS)


def befell_those_on_it(named: Named) -> bool:
    """Whether only patients on it are kept out who have an ill besides: "pneumonitis in patients who have received a PD-1 inhibitor"."""
    found = named.found_before(_IN_THOSE_WHO_HAD_IT) if "in " in named.before else None
    clause = named.clause
    if found is None or clause.part.tagged("progress"):
        return False
    start = named.mention.start - len(found.group())
    return any(end <= start for _, end in _ills(clause))


def is_anchor(named: Named) -> bool:
    """Whether a time is counted from it: "within 4 weeks before the first dose of X"."""
    near = named.near
    if is_date(named) or (named.mention.key in _VACCINES and _ANCHOR_OF_VACCINATION.search(near)):
        return True  # "within 30 days before study vaccination"
    if "transplant" in named.mention.key and named.clause.part.windows and near.endswith(_SINCE_FIRST):
        return False  # "at least 6 months from first transplant"
    if named.counts_support and named.clause.part.has("neg") and near.endswith(_SINCE_USE):
        return False  # "counts not measured within 7 days after administration of X"
    of_trial = named.own or named.mention.key in _ONLY_IN_TRIALS
    if not _ANCHOR_BEFORE.search(near) or not (of_trial or _ANCHOR_LEAD.search(near)):
        return False
    if near.endswith(" with ") and (named.mention.kind == "pk" or (not named.own and _treated_before_with(named))):
        return False  # "treatment within 14 days before the first dose of X with strong inducers", "treatment before day 1 with X"
    if near.endswith(" of ") and not named.own and named.found_before(_USED_BEFORE):
        return False  # "use within 14 days before day 1 of strong inhibitors"
    if not named.own and named.clause.part.tagged("progress") and named.found_before(_PROGRESSED_SINCE):
        return False  # "progression within 3 months of starting X" came under X
    return not (_NEED_OF.search(near) or _EARLIER_USE.search(near) or named.is_waited_for or told_of_users(named))


def _treated_before_with(named: Named) -> bool:
    return named.clause.found_before(_TREATED_BEFORE_WITH, named.mention.start, 120) is not None


def is_date(named: Named) -> bool:
    """Whether a procedure follows on a time that is counted back from it: "within 4 weeks prior to the scheduled surgery"."""
    clause, mention = named.clause, named.mention
    if mention.kind != "class" or mention.key not in clause.context.known.procedures:
        return False
    return any(w.end <= mention.start and _DATED.fullmatch(clause.lower, w.end, mention.start) for w in clause.part.windows)


def dates_a_test(named: Named) -> bool:
    """Whether it only tells when a test was done: "echocardiogram performed after the last anthracycline", "scan within 4 weeks of X".

    What raises counts must have ended by then: "counts measured at least 7 days after G-CSF".
    """
    return not named.counts_support and named.clause.found_before(_WHEN_TESTED, named.mention.start, 200) is not None


def meanwhile(named: Named) -> bool:
    """Whether it only tells when another is given: "patients who need radiotherapy during chemotherapy"."""
    found = named.found_near(_MEANWHILE) if named.anticancer and not named.clause.part.tagged("progress") else None
    return found is not None and (found["cycle"] is not None or named.goes_with_another(found))


def another_came_before(named: Named) -> bool:
    """Whether it only tells when another was given: "chemotherapy prior to TKIs is not allowed", "no therapy since the end of X".

    After which one another is asked for, patients must have had it as well: "chemotherapy after surgery".
    """
    found = named.found_before(_CAME_BEFORE) if named.anticancer else None
    if found is None:
        return False
    clause = named.clause
    denied = clause.context.section is Section.EXCLUSION or any(c.end <= named.mention.start for c in clause.part.tagged("neg"))
    untold = clause.part.tagged("untold", "naive", "treated") if found["after"] is None else ()
    of_any = any(c.end <= named.mention.start - len(found.group()) for c in untold)  # "no prior therapy for glioma before surgery"
    return (denied or found["after"] is None) and bool(found["alone"] or found["noun"] or of_any or named.goes_with_another(found))


def of_a_sample(named: Named) -> bool:
    """Whether the clause only says which sample will do: "archival tissue, without intervening therapy since the biopsy"."""
    clause, mention = named.clause, named.mention
    before, after = clause.found_before(_SAMPLE_BEFORE, mention.start, 120), clause.found_behind(_SAMPLE_AFTER, mention.end, 300)
    if _SAMPLE.search(clause.lower, clause.sentence(clause.part.start), mention.start):
        return bool(before or after)
    # "Must have had no therapy since collection of the sample", in a sentence of its own
    return bool(before and after) or clause.found_behind(_SINCE_SAMPLE, mention.end, 160) is not None


def told_of_users(named: Named) -> bool:
    """Whether an exclusion is of those on a drug, be it the trial's own: "current use of X", "consumption of X in the last month"."""
    return named.clause.context.section is Section.EXCLUSION and _USE_OF_IT.search(named.so_far) is not None


def on_study(named: Named) -> bool:
    """Whether a sentence tells what is done if it is given during the trial: "If X is required, the patient will be off study"."""
    return named.clause.opens_with(_ON_STUDY) is not None


def is_absent(named: Named) -> bool:
    """Whether a laboratory value, or an ill, is to be met in its absence: "INR of 1.5 without anticoagulants".

    What raises counts is asked for by that: "haemoglobin of 9 without transfusion".
    """
    found = named.found_before(_ABSENCE)
    if found is None:
        return False
    if named.clause.context.section is Section.EXCLUSION and found.group().startswith("in "):
        return True  # "coagulopathy (in the absence of anticoagulation)"
    return named.clause.part.has("kind", "laboratory") and not named.counts_support


def tells_when_another_was_given(named: Named) -> bool:
    """Whether it only tells when a permitted therapy was given: "gemcitabine given up to 4 weeks after radiotherapy is allowed"."""
    part = named.clause.part
    found = named.found_near(GIVEN_AROUND)
    ahead = [m for m in part.therapies if m.end <= named.mention.start] if found else []
    permitted = any(c.start >= named.mention.end for c in part.tagged("permit"))
    return bool(ahead) and (permitted or any(m.key == named.mention.key for m in ahead))


def tells_when_steroids_were_given(named: Named) -> bool:
    """Whether it only tells with what steroids were given that are to be tapered: "steroids during radiotherapy must be tapered"."""
    if not named.anticancer or named.found_near(_GIVEN_WITH) is None:
        return False
    clause = named.clause
    ahead = any(m.key in clause.context.known.steroids and m.end <= named.mention.start for m in clause.part.therapies)
    return ahead and TAPERED.search(clause.lower, named.mention.end, clause.part.end) is not None


def only_beside_another(named: Named) -> bool:
    """Whether it only tells beside what a forbidden therapy was given: "lenalidomide concurrently with rituximab or within …"."""
    clause = named.clause
    if clause.context.section is not Section.EXCLUSION:
        return False
    ahead = [m for m in clause.part.therapies if m.end <= named.mention.start]
    if ahead and any(m is ahead[-1] and why == "restricted" for m, why in clause.masked):
        return False  # "anticancer treatment with radiotherapy or chemotherapy" tells which treatment
    found = clause.found_behind(_BESIDE, ahead[-1].end, 120) if ahead and not clause.part.has("permit") else None
    return found is not None and ahead[-1].end + found.end() > named.mention.start


def undone(clause: ClauseReading, position: int) -> bool:
    """Whether a long QTc alone keeps out: "QTc > 480 ms despite discontinuation of drugs", "≥ 470 ms in those on drugs".

    Arguments:
        clause: the clause.
        position: where the drugs stand.
    """
    return clause.part.has("kind", "cardiac") and clause.found_before(_UNDONE, position, 240) is not None
