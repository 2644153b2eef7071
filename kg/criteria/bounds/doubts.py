"""What a clause leaves open of a therapy that it excludes: kinds or exceptions that it does not name, how much, for what, how lately."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from kg.criteria.bounds.doses import BY_SIZE, of_a_high_dose
from kg.criteria.bounds.purposes import of_an_infection, of_those_who_need_it, only_to_prevent
from kg.criteria.clauses.clause import EARLY, GENERIC, ClauseReading
from kg.criteria.stances.amounts import limits_the_dose_had
from kg.criteria.stances.negation import is_state
from kg.criteria.stances.stable import STABLE_DOSE
from kg.criteria.therapies.fields import TELLS_DOSE, of_a_dose
from kg.criteria.therapies.like import is_one_of_several
from kg.criteria.times.durations import HOW_LONG, PROGRESSED_SOON, TELLS_HOW_LONG, had_for
from kg.criteria.words.normal import IN_BRACKETS
from kg.criteria.words.patterns import ANYWHERE, one_of, pattern
from kg.records import ANY_PERPETRATOR, Mention, Polarity, Section

_PROHIBITED = ("prohibited", "disallowed", "protocol-excluded", "specifically prohibited")
_AFTER_TRANSPLANT = pattern("limits: after a transplant")
_AGAINST_GVHD = pattern("limits: against GVHD")
_TRANSPLANTED = pattern("limits: transplanted")
_ALL_PATIENTS = pattern("limits: all patients")
_SAME_PATIENTS = pattern("limits: same patients")
_LAST_PROGRESSION = pattern("limits: for the last progression")
_SINCE_ANOTHER = pattern("limits: since another")
_AFTER_ANOTHER = pattern("subjects: after another")
_AFTER_PROCEDURE = pattern("limits: after a procedure")
_CHOSEN_ONE = pattern("limits: the one chosen")
_FOR_LONGER = pattern("limits: for longer than")
_CALLED_CHEMOTHERAPY = pattern("limits: called chemotherapy")
_SUB_COHORT = pattern("limits: sub-cohort")
_LIFETIME_DOSE = pattern("limits: lifetime dose")
_RECENT_START = pattern("limits: recent start")
RECENT_START = "a recent start"
_STARTED = ("initiat", "started", "newly started", "began", "begun", "commenc")
_STARTED_LATELY = pattern("limits: started lately")
_OR_OTHER = re.compile(r"\b(?:or|and)\s+(?:any\s+)?other\s+$")
_RISK_FACTORS = pattern("subjects: risk factors")
_UNNAMED_EXCEPTIONS = pattern("limits: unnamed exceptions")
_COUNTED_CYCLES = pattern("limits: counted cycles")
_CYCLES_BEHIND = pattern("limits: cycles behind")
_NOT_RECOVERED = pattern("limits: not recovered")
_NO_PATIENTS = re.compile(r"\W*no\s+(?:patients?|participants?|subjects?)\b")
_WAFER = pattern("limits: a wafer")
_IN_A_WAFER = pattern("limits: in a wafer")
_NOT_RECOVERED_ABOVE = pattern("limits: not recovered above")
_BY_ORIGIN = pattern("limits: by origin")
"""Antibodies told by the animal that they come from."""
_ALIKE = pattern("limits: alike")
_UNNAMED_KINDS = pattern("limits: unnamed kinds")
_AS_THE_PROTOCOL_SAYS = pattern("limits: as the protocol says")
_THAT_CONFOUND = pattern("limits: that confound")
_LOST_ROLE = pattern("limits: lost role")
_ACTS = {"inhibitor": "inhibit", "inducer": "induc"}
"""How the words for a role at an enzyme begin."""
_LATE_HARM = pattern("limits: late harm")
_IF_USED_SO = pattern("limits: if used so")
_IF_IT_DOES_SO = pattern("limits: if it does so")
_BY_SCHEDULE = pattern("limits: by schedule")
_WITHOUT_A_RELAPSE = pattern("limits: without a relapse")
_THAT_INTERACT = pattern("limits: that interact")
_BARS_MORE = pattern("limits: that bars more")
_NEXT_OF_LIST = re.compile(r"[;,]\s*(?:and/)?or\b|\bor\s+(?:has|have|had|who|patients|participants|subjects)\b|;\s")
_GIVEN = pattern("limits: given")
_GIVEN_AFTER = pattern("limits: given after")
_OF_A_SITE = pattern("limits: of a site")
_TO_A_SITE = pattern("limits: to a site")
_ANY_SITE = "radiotherapy"
_NO_PAUSE = pattern("limits: no pause for a procedure")
_OF_BOWEL_SURGERY = pattern("limits: of bowel surgery")
_BOWEL_SURGERY = "gastrointestinal-surgery"
HOW_MUCH = "how much of it was given"
LAST_PROGRESSION = "given for the last progression"
SINCE_ANOTHER = "given since another therapy"
OF_LATE = frozenset({LAST_PROGRESSION, SINCE_ANOTHER})
"""The doubts of what was given lately, if it counts."""
BY_BODY_SIZE = "a dose by the body's size"
HIGH_DOSE = "high dose"
STATE = "a state that drugs may have brought about"
_AMONG_THERAPIES = re.compile(r"\s*(?:,\s*(?:(?:or|and|and/or)\s+)?(?:other\s+)?|(?:or|and|and/or)\s+other\s+)")
SUB_COHORT = "a sub-cohort"
"""The doubt of a clause behind the name of a part of the trial; where its scope tells the part there is none."""
_BEHIND = 120
"""Within so many characters behind a therapy stands what is told of it."""
UNNAMED_EXCEPTIONS = "exceptions that it does not name"


def doubts(clause: ClauseReading, mention: Mention, polarity: Polarity) -> tuple[str, ...]:
    """What the clause leaves open of a therapy; nothing where it does not exclude.

    Arguments:
        clause: the clause that names it.
        mention: the therapy.
        polarity: what the clause does with patients on it.
    """
    if polarity is not Polarity.EXCLUDES:
        return ()
    return tuple([doubt for doubt, holds in _possible_doubts(clause.possible) if holds(clause, mention)])


@lru_cache(maxsize=16)  # one criterion asks this of each of its therapies
def _possible_doubts(possible: int) -> list[tuple[str, Callable[[ClauseReading, Mention], bool]]]:
    return [(doubt, holds) for doubt, asked, holds in _DOUBTS if asked & possible]


def _anticancer(clause: ClauseReading, mention: Mention) -> bool:
    return clause.context.known.is_anticancer(mention)


def _behind(clause: ClauseReading, mention: Mention) -> str:
    return clause.after(mention.end, _BEHIND)


def _behind_list(clause: ClauseReading, mention: Mention) -> str:
    """What stands behind the last of the therapies among which it is listed."""
    return clause.after(clause.list_end(mention), _BEHIND)


def _after_a_transplant(clause: ClauseReading, mention: Mention) -> bool:
    behind = IN_BRACKETS.sub("", clause.after(mention.end, 2 * _BEHIND))
    if "transplant" in mention.key:
        return False
    if _AFTER_TRANSPLANT.match(behind) or _AGAINST_GVHD.search(mention.text.lower()):
        return True
    if not _anticancer(clause, mention) and _AFTER_TRANSPLANT.match(_behind_list(clause, mention)):
        return True
    return _of_the_transplanted(clause, mention)


def _of_the_transplanted(clause: ClauseReading, mention: Mention) -> bool:
    """Whether the clause says on what terms transplanted patients are taken: "prior HSCT is allowed if off immunosuppressants"."""
    if clause.context.known.is_anticancer(mention) or mention.kind == "pk":
        return False
    start = clause.sentence(clause.part.start)
    if start and _SAME_PATIENTS.match(clause.lower, start):
        start = clause.sentence(start - 1)
    found = _TRANSPLANTED.search(clause.lower, start, mention.start)
    return found is not None and not _ALL_PATIENTS.search(clause.lower, start, found.start())


def _for_the_last_progression(clause: ClauseReading, mention: Mention) -> bool:
    return _LAST_PROGRESSION.match(_behind(clause, mention)) is not None


def _since_another(clause: ClauseReading, mention: Mention) -> bool:
    return _anticancer(clause, mention) and _SINCE_ANOTHER.match(_behind(clause, mention)) is not None


def _after_another(clause: ClauseReading, mention: Mention) -> bool:
    """Whether only those are meant who had it behind another therapy: "chemotherapy after surgery"; what is adjuvant says that itself."""
    if not _anticancer(clause, mention) or any(c.value in EARLY for c in clause.part.tagged("setting") if c.end <= mention.start):
        return False
    end = clause.list_end(mention)
    if _AFTER_TRANSPLANT.match(_behind(clause, mention)) or _SINCE_ANOTHER.match(_behind(clause, mention)):
        return False  # that tells it
    return _AFTER_PROCEDURE.match(clause.lower, end, clause.part.end) is not None or any(
        why == "anchor" and end <= m.start and _AFTER_ANOTHER.fullmatch(clause.lower, end, m.start) for m, why in clause.masked
    )


def _is_the_one_chosen(clause: ClauseReading, mention: Mention) -> bool:
    return mention.kind == "class" and _CHOSEN_ONE.match(_behind(clause, mention)) is not None


def _for_so_long(clause: ClauseReading, mention: Mention) -> bool:
    if had_for(clause, mention) is not None:
        return not _counted_in_cycles(clause, mention)
    return mention.key in clause.context.known.anti_infectives and _FOR_LONGER.match(_behind(clause, mention)) is not None


def _is_recently_started(clause: ClauseReading, mention: Mention) -> bool:
    started = clause.found_before(_RECENT_START, clause.list_start(mention))
    if started and (not _anticancer(clause, mention) or started["verb"] or started.group().startswith(_STARTED)):
        return True
    if _STARTED_LATELY.match(IN_BRACKETS.sub(" ", _behind(clause, mention))):
        return True
    return not _anticancer(clause, mention) and _STARTED_LATELY.match(IN_BRACKETS.sub(" ", _behind_list(clause, mention))) is not None


def _if_not_recovered(clause: ClauseReading, mention: Mention) -> bool:
    """Whether those alone are kept out whom it still harms: "chemotherapy within 2 weeks and have not recovered", not "or have not"."""
    keeps_out = clause.context.section is Section.EXCLUSION or _NO_PATIENTS.match(clause.lower, clause.part.start) is not None
    if not keeps_out or not _anticancer(clause, mention):
        return False
    above = clause.context.lead
    if above is not None and _NOT_RECOVERED_ABOVE.search(clause.context.lead_lower, above.start, above.end):
        return True  # "failure to recover from any of the following therapies:"
    found = _NOT_RECOVERED.match(clause.lower, mention.end)
    times = [w for p in clause.reading.parts for w in p.windows if found and mention.end <= w.start < found.end()]
    return found is not None and len(times) < 2


def _dosed_by_size(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a dose per body weight or surface is the mention's; beside a corticosteroid it is that one's."""
    steroids = clause.context.known.steroids
    if clause.context.known.is_anticancer(mention) or (
        mention.key not in steroids and any(m.key in steroids for m in clause.part.mentions)
    ):
        return False
    found = BY_SIZE.search(clause.lower, max(clause.part.start, mention.start - 60), min(clause.part.end, mention.end + 120))
    return found is not None and not clause.in_exception(found.start())


def _counted_in_cycles(clause: ClauseReading, mention: Mention) -> bool:
    return clause.found_before(_COUNTED_CYCLES, mention.start) is not None or _CYCLES_BEHIND.match(_behind(clause, mention)) is not None


def _of_a_cumulative_dose(clause: ClauseReading, mention: Mention) -> bool:
    said = clause.lower[clause.part.start : clause.part.end]
    if "cumulative" in said or limits_the_dose_had(clause, mention):
        return True
    return "mg" in said and _anticancer(clause, mention) and _LIFETIME_DOSE.search(said) is not None


def _of_a_stable_dose(clause: ClauseReading, mention: Mention) -> bool:
    # "Azoles, except fluconazole on a stable dose": of fluconazole alone, and told by the exception.
    return any(c.value == "stable" and not clause.in_exception(c.start) for c in clause.part.tagged("dose"))


def _of_a_list_elsewhere(clause: ClauseReading, mention: Mention) -> bool:
    """Whether only those of a class are meant that a list elsewhere prohibits; "prohibited drugs, including X" prohibits X."""
    for cue in clause.part.tagged("vague"):
        if mention.kind != "class" and (mention.kind != "pk" or clause.lower[cue.end : mention.start].strip()):
            continue  # of those that act on an enzyme only in "specifically prohibited CYP3A4 inhibitors"
        examples = (c for c in clause.part.tagged("example") if cue.end <= c.start < mention.start)
        here = ": " in clause.lower[cue.end : mention.start]  # "prohibited drugs: X, Y" is the list
        if mention.end <= cue.start and _OR_OTHER.search(clause.before(cue.start, 20)):
            continue  # "PPIs or other prohibited medications"
        if cue.text.startswith(_PROHIBITED) and next(examples, None) is None and not here:
            return True
    return False


def _of_a_sub_cohort(clause: ClauseReading, mention: Mention) -> bool:
    return _SUB_COHORT.search(clause.lower, clause.part.start, mention.start) is not None


def _of_unnamed_kinds(clause: ClauseReading, mention: Mention) -> bool:
    """Whether "certain X" are meant and no examples follow; "specific ALK inhibitors" are those that inhibit ALK alone."""
    if clause.found_behind(_LATE_HARM, mention.end):
        return True  # "chemotherapy with delayed toxicity within 4 weeks"
    if mention.key in GENERIC and _AS_THE_PROTOCOL_SAYS.match(_behind_list(clause, mention)):
        return True  # "anti-cancer therapy as specified in the protocol"; "PD-1 inhibitors as defined in the protocol" are all of them
    if mention.key in GENERIC and clause.found_before(_CALLED_CHEMOTHERAPY, mention.start):
        return True  # "chemotherapy with approved anticancer drugs": which of them are called so?
    if not clause.context.known.is_anticancer(mention) and clause.found_behind(_THAT_CONFOUND, mention.end, 160):
        return True  # "herbal medicines that would confound the results"
    if _BY_ORIGIN.match(mention.text.lower()) or _ALIKE.match(mention.text.lower()) or is_one_of_several(clause, mention):
        return True
    found = clause.found_before(_UNNAMED_KINDS, mention.start)
    if found is None or any(c.start >= mention.end for c in clause.part.tagged("example")):
        return False
    return not (found.group().strip() == "specific" and (mention.target or mention.key in clause.context.known.of_one_target))


def _is_a_state(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a word tells how a patient is rather than what is taken: "known or suspected immunosuppression"."""
    lead = clause.context.lead
    named = is_state(mention) and (lead is None or not lead.tagged("current", "prior", "needing")) and not clause.part.has("stop")
    listed = (_AMONG_THERAPIES.fullmatch(clause.lower, m.end, mention.start) for m in clause.part.therapies if m.end <= mention.start)
    named = named and not any(listed)  # "chemotherapy, immunotherapy, or other immunosuppression"
    return named and not clause.found_before(_GIVEN, mention.start, 80) and not clause.found_behind(_GIVEN_AFTER, mention.end, 40)


def _may_be_paused(clause: ClauseReading, mention: Mention) -> bool:
    told = None if _anticancer(clause, mention) else clause.find(_NO_PAUSE)
    return told is not None and ";" not in clause.lower[told.end() : mention.start]


def _has_unnamed_exceptions(clause: ClauseReading, mention: Mention) -> bool:
    """Whether "with limited exceptions" is of a therapy: not if it has its own window and another therapy stands between."""
    found = _UNNAMED_EXCEPTIONS.search(clause.lower, mention.end, clause.part.end)
    if found is None:
        return False
    aside = {m.start for m, _ in clause.masked}
    named = (m.start for m in clause.part.therapies if m.start not in aside)
    between = [start for start in named if mention.end <= start < found.start()]
    return not any(mention.end <= w.start and any(w.end <= start for start in between) for w in clause.part.windows)


def _of_the_bowel(clause: ClauseReading, mention: Mention) -> bool:
    return mention.key == _BOWEL_SURGERY and clause.find(_OF_BOWEL_SURGERY) is not None


def _at_a_site(clause: ClauseReading, mention: Mention) -> bool:
    if mention.key != _ANY_SITE:
        return False
    told = _TO_A_SITE.match(_behind(clause, mention)) or _TO_A_SITE.match(clause.lower, mention.start)
    return told is not None or clause.found_before(_OF_A_SITE, mention.start, 40) is not None


def _in_a_wafer(clause: ClauseReading, mention: Mention) -> bool:
    return _WAFER.search(mention.text.lower()) is not None or _IN_A_WAFER.match(_behind(clause, mention)) is not None


def _of_risk_factors(clause: ClauseReading, mention: Mention) -> bool:
    return clause.found_before(_RISK_FACTORS, mention.start, 80) is not None


def _known_to_interact(clause: ClauseReading, mention: Mention) -> bool:
    return mention.kind == "pk" and mention.enzyme == ANY_PERPETRATOR


def _of_a_lost_role(clause: ClauseReading, mention: Mention) -> bool:
    """Whether an enzyme stands alone for the role that its words have lost: the inhibitors of "strong CYP3A4 or inducers"."""
    lost = mention.role in _ACTS and _ACTS[mention.role] not in mention.text.lower()
    return lost and clause.found_behind(_LOST_ROLE, mention.end) is not None


def _behind_a_laboratory_value(clause: ClauseReading, mention: Mention) -> bool:
    if not clause.part.has("neg", "predicate") or mention.key in clause.context.known.count_support or "transplant" in mention.key:
        return False
    return any(c.value == "laboratory" and c.end <= mention.start for c in clause.part.tagged("kind"))


def _if_used_so(clause: ClauseReading, mention: Mention) -> bool:
    told = clause.found_before(_IF_USED_SO, mention.start, 200) or clause.found_behind(_IF_IT_DOES_SO, mention.end, _BEHIND)
    return told is not None and not _anticancer(clause, mention)


def _by_schedule(clause: ClauseReading, mention: Mention) -> bool:
    return _anticancer(clause, mention) and _BY_SCHEDULE.search(clause.lower, clause.part.start, mention.start) is not None


def _without_a_relapse(clause: ClauseReading, mention: Mention) -> bool:
    return _anticancer(clause, mention) and _WITHOUT_A_RELAPSE.search(clause.lower, clause.part.start, mention.start) is not None


def _bars_more(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it keeps out only where there was so much that the study treatment cannot be given."""
    return _anticancer(clause, mention) and _BARS_MORE.match(_behind(clause, mention)) is not None


def _progressed_soon(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it counts only where it failed soon after its start, and the clause says that of no other therapy."""
    found = clause.find(PROGRESSED_SOON) if _anticancer(clause, mention) else None
    if found is None:
        return False
    between = clause.lower[mention.end : found.start()] if mention.end <= found.start() else clause.lower[found.end() : mention.start]
    return not _NEXT_OF_LIST.search(between)


def _that_interacts(clause: ClauseReading, mention: Mention) -> bool:
    return not _anticancer(clause, mention) and _THAT_INTERACT.match(_behind(clause, mention)) is not None


_UNNAMED = one_of(
    "limits: late harm",
    "limits: as the protocol says",
    "limits: that confound",
    "limits: by origin",
    "limits: alike",
    "narrowing: or similar",
    "narrowing: alike to",
    "limits: unnamed kinds",
    "limits: called chemotherapy",
)
_DOUBTS: tuple[tuple[str, int, Callable[[ClauseReading, Mention], bool]], ...] = (
    ("after a transplant", one_of("limits: after a transplant", "limits: against GVHD", "limits: transplanted"), _after_a_transplant),
    (LAST_PROGRESSION, one_of("limits: for the last progression"), _for_the_last_progression),
    (SINCE_ANOTHER, one_of("limits: since another"), _since_another),
    ("behind another therapy", one_of("subjects: after another", "limits: after a procedure"), _after_another),
    ("the one that is chosen", one_of("limits: the one chosen"), _is_the_one_chosen),
    (HOW_LONG, one_of("limits: for longer than") | TELLS_HOW_LONG, _for_so_long),
    (RECENT_START, one_of("limits: recent start", "limits: started lately"), _is_recently_started),
    ("what it is given for", one_of("limits: for prevention", "limits: prophylactic", "limits: as prophylaxis"), only_to_prevent),
    ("only those who have not recovered", ANYWHERE, _if_not_recovered),
    (BY_BODY_SIZE, one_of("doses: by size"), _dosed_by_size),
    ("a number of cycles", one_of("limits: counted cycles", "limits: cycles behind"), _counted_in_cycles),
    ("cumulative dose", ANYWHERE, _of_a_cumulative_dose),
    (STABLE_DOSE, ANYWHERE, _of_a_stable_dose),
    (HIGH_DOSE, ANYWHERE, of_a_high_dose),
    ("a list that the record does not give", ANYWHERE, _of_a_list_elsewhere),
    (SUB_COHORT, one_of("limits: sub-cohort"), _of_a_sub_cohort),
    ("treatment of an infection", ANYWHERE, of_an_infection),
    ("the disease that needs it", one_of("taken by the ill: antiarrhythmic", "taken by the ill: anticonvulsant"), of_those_who_need_it),
    ("kinds that it does not name", _UNNAMED, _of_unnamed_kinds),
    (STATE, one_of("limits: a state"), _is_a_state),
    ("a pause that may be possible", one_of("limits: no pause for a procedure"), _may_be_paused),
    (UNNAMED_EXCEPTIONS, one_of("limits: unnamed exceptions"), _has_unnamed_exceptions),
    ("how much was resected, or what that did to absorption", one_of("limits: of bowel surgery"), _of_the_bowel),
    ("where it was given", one_of("limits: to a site", "limits: of a site"), _at_a_site),
    ("a use that no fact tells", one_of("limits: if used so", "limits: if it does so"), _if_used_so),
    ("the schedule by which it was given", one_of("limits: by schedule"), _by_schedule),
    ("only patients without a relapse", one_of("limits: without a relapse"), _without_a_relapse),
    (HOW_MUCH, one_of("limits: that bars more"), _bars_more),
    ("how soon after its start it failed", PROGRESSED_SOON.bit, _progressed_soon),
    ("only those that interact", one_of("limits: that interact"), _that_interacts),
    ("how high its dose was", TELLS_DOSE, of_a_dose),
    ("implanted, not infused", one_of("limits: a wafer", "limits: in a wafer"), _in_a_wafer),
    ("risk factors at large", one_of("subjects: risk factors"), _of_risk_factors),
    ("known to interact", ANYWHERE, _known_to_interact),
    ("a role at the enzyme that the text has lost", one_of("limits: lost role"), _of_a_lost_role),
    ("support behind a laboratory value", ANYWHERE, _behind_a_laboratory_value),
)
"""Each doubt with the patterns of which one must match, and its test."""
