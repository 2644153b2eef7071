"""Words that mean "has had no therapy": treatment-naive, previously untreated, newly diagnosed, first-line as the stated population."""

from __future__ import annotations

import re

from kg.criteria.bounds.doubts import HOW_MUCH, LAST_PROGRESSION
from kg.criteria.bounds.purposes import diseases, settings_of_name
from kg.criteria.bounds.sequence import LATELY
from kg.criteria.clauses.clause import EARLY, GENERIC, ClauseReading
from kg.criteria.ruling.drafts import Draft, cue_words
from kg.criteria.stances.negation import negation
from kg.criteria.stances.stance import ANOTHER_WAY_IN
from kg.criteria.stances.ways_in import lets_in_one_group, treated_or
from kg.criteria.therapies.above import kinds_of_label
from kg.criteria.therapies.other_trials import was_in_this_trial
from kg.criteria.times.timing import usable_windows
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.records import Mention, Polarity, Role, Section, Window

_FOR_THE_LAST = pattern("limits: for the last progression")
_OF_A_RELAPSE = pattern("rules: of a relapse")
_OF_A_RELAPSE_BEFORE = pattern("rules: of a relapse before")
_OR_HAVE_RELAPSED = pattern("rules: or have relapsed")
_TREATED_TOO = pattern("rules: treated too")
_AFTER_ADJUVANT = pattern("rules: relapse after adjuvant")
_NEOPLASM_WORDS = pattern("rules: neoplasm words")
_DISEASE_BEFORE = pattern("rules: disease before")
_MUST_HAVE = pattern("rules: must have")
_NONE_ASKED_BEHIND = pattern("stance: none is asked for behind")
_AFTER = pattern("rules: after")
_OF_ALL = pattern("rules: of all")
_OF_ONE_KIND = pattern("rules: of one kind")
_KEPT_OUT = pattern("rules: kept out")
_COMPLETED = pattern("untreated: completed")
_FOR_THE_UNTREATED = pattern("rules: for the untreated")
_EITHER = re.compile(r"\beither\s+(?:\w+\s+)?$")
_OR_RECURRENT = pattern("rules: or recurrent")
_NONE = re.compile(r"(?:^|[.;:]\s)\W*(?:no|not)\s+$")
_NOT = re.compile(r"\bnot\s+(?:\w+\s+)?$")
_AT_A_TIME = pattern("rules: at a time")
_ANOTHER_PERSON = pattern("rules: another person")
_OTHER_ONSET = pattern("rules: other onset")
_OTHER_ONSET_BEFORE = pattern("rules: other onset before")
_TREATED_SINCE = pattern("rules: treated since")
_TREATED_SINCE_THEN = pattern("rules: treated since then")
_EARLY_DISEASE = pattern("rules: early disease")
_TREATED_LITTLE = pattern("rules: treated little")
_TO_COME = pattern("rules: to come")
_NOT_TO_COME = pattern("rules: not to come")
_NOT_TO_COME_AFTER = pattern("rules: not to come after")
_DE_NOVO = ("de novo", "de-novo")
_ALSO = re.compile(r"\balso\s+$")
_TO_BE = re.compile(r"\bto be\s+$")
_ONLY_THOSE = pattern("stance: only those")
_BESIDE = re.compile(r"[\s-]*(?:\([^()]{1,20}\)[\s-]*)?")
_NAIVE_TO = re.compile(r"\s*(?:to\b(?!\s+(?:be|date)\b)|(?<=na[i\u00ef]ve )of\b)")
_EARLIER = "locally-advanced"
_BLOOD = "hematologic-malignancy"
_FOR_OR_IN = re.compile(r"(?<!except )\b(?:for|in)\b")
_SAID_OF_IT = pattern("rules: said of the disease")
_IN_A_TIME = re.compile(
    r"\s+(?:(?:given|received|administered|completed)\s+)?"
    r"(?:for\s+(?:(?:the|their|this)\s+)?[\w-]+(?:\s+(?:cancer|disease|tumou?r|lymphoma|leuka?emia|carcinoma))?\s+)?"
    r"(?:within|in|during|for)\s+(?:the\s+)?(?:(?:last|past|previous|preceding|at least)\s+)?"
)
_NOT_SO = re.compile(r"\b(?:not|non)[\s-]+$")

FIRST_LINE = "first-line population"
NEWLY_DIAGNOSED = "newly diagnosed population"
"""The doubts of sentences that tell of a first treatment without asking that there was none before."""


def untreated(clause: ClauseReading) -> list[Draft]:
    """The rule of words that mean "has had no therapy": treatment-naive, previously untreated, first-line as the stated population.

    Of several such words those count first that ask for it without a doubt.
    """
    told = clause.part.tagged("naive")
    if not told or not clause.context.may_treat_cancer:
        return []
    drafts = [_keeping_out_the_treated(clause, cue) for cue in told if _asks_for_the_untreated(clause, cue)]
    return sorted(drafts, key=lambda d: bool(d.doubts))[:1]


def _asks_for_the_untreated(clause: ClauseReading, cue: Cue) -> bool:
    """Whether a clause takes only those who have had no therapy."""
    return not (
        _of_something_else(clause, cue)
        or _takes_the_treated(clause, cue)
        or _others_come_too(clause, cue)
        or (cue.text == "untreated" and not _is_the_cancer(clause, cue))
        or (cue.value == "population" and _is_no_first_treatment(clause, cue))
    )


def _of_something_else(clause: ClauseReading, cue: Cue) -> bool:
    """Whether the words tell of another thing than what patients have had: of an ill, of one therapy, of what holds for some."""
    after, before = clause.after(cue.end, 60), clause.before(cue.start, 60)
    population = cue.value == "population"
    if clause.found_before(_FOR_THE_UNTREATED, cue.start):
        return True  # "for previously untreated patients, in combination with …" tells what holds for some
    if clause.in_exception(cue.start) or (population and negation(clause, Mention(cue.start, cue.end, "class", "", ""))):
        return True
    if cue.text.startswith("no") and (_NONE_ASKED_BEHIND.match(after) or was_in_this_trial(clause, cue)):
        return True  # "no prior treatment is required", "no previous treatment in the present study"
    if _NONE.search(before):
        return True  # "no previously untreated nasopharyngeal cancer"
    ills = (c for c in clause.part.cues if c.tag == "disease" or c.value == "brain_metastases")
    if any(-2 <= c.start - cue.end <= 28 and not _is_where_it_lies(clause, c) for c in ills):
        return True
    if _OF_ONE_KIND.match(after) and not (population and _is_new(cue, before)):
        return True
    return _naive_to(clause, cue) or _of_one_therapy(clause, cue)  # which is read by itself


def _is_where_it_lies(clause: ClauseReading, cue: Cue) -> bool:
    """Whether a word of the brain only tells where the cancer lies that the trial treats: "intracranial ependymoma", "CNS lymphoma"."""
    own = (m for m in clause.part.mentions if m.kind == "condition" and m.start <= cue.end + 1 < m.end and clause.context.takes(m))
    return any("metasta" not in m.text.lower() for m in own)


def _takes_the_treated(clause: ClauseReading, cue: Cue) -> bool:
    """Whether it is the treated who come: who is not naive is kept out by an exclusion alone, or who is naive is kept out."""
    behind = clause.after(cue.end, 60) + clause.after(cue.end, 160)
    if _KEPT_OUT.search(behind) or (clause.part.has("require") and _MUST_HAVE.search(behind)):
        return True  # "treatment-naive patients are excluded"
    if cue.value != "population" and _NOT_SO.search(clause.before(cue.start, 60)) is not None:
        return clause.context.section is not Section.EXCLUSION
    return clause.context.section is Section.EXCLUSION and not _permits(clause, cue)


def _others_come_too(clause: ClauseReading, cue: Cue) -> bool:
    """Whether those who have had a therapy come beside those who had none."""
    if clause.part.has("permit") and (_OF_ALL.search(clause.before(cue.start, 60)) or _too(clause)):
        return True
    if ANOTHER_WAY_IN.match(clause.lower, cue.end, clause.part.end) or lets_in_one_group(clause, cue.start, cue.end):
        return True  # "patients with no prior therapy are eligible if they are not candidates for X": others are, too
    if _OR_RECURRENT.match(clause.lower, cue.end, _alternatives_end(clause)) and "metasta" not in cue.text:
        return True  # "newly diagnosed or recurrent glioblastoma"
    if _TREATED_TOO.search(clause.lower[clause.part.start : cue.start]) or _TREATED_TOO.search(_behind(clause, cue)):
        return True
    return treated_or(clause, cue.start) or _OR_HAVE_RELAPSED.search(clause.lower, clause.part.end, _sentence_end(clause)) is not None


def _behind(clause: ClauseReading, cue: Cue) -> str:
    """What goes on behind the words, up to a relapse after adjuvant therapy: who had that had none for the relapse."""
    goes_on = clause.lower[cue.end : _alternatives_end(clause)]
    relapse = _AFTER_ADJUVANT.search(goes_on) if "adjuvant" in goes_on else None
    return goes_on if relapse is None else goes_on[: relapse.start()]


def _is_the_cancer(clause: ClauseReading, cue: Cue) -> bool:
    """Whether it is a cancer that is "untreated", not an infection."""
    return (
        _of_a_relapse(clause, cue)
        or _NEOPLASM_WORDS.search(clause.after(cue.end, 60)) is not None
        or _DISEASE_BEFORE.search(clause.before(cue.start, 60)) is not None
        or any(m.kind == "condition" and 0 <= m.start - cue.end < 60 for m in clause.part.mentions)
        or _said_of(clause, cue) is not None
    )


def _said_of(clause: ClauseReading, cue: Cue) -> Mention | None:
    """The cancer that the trial takes, of which the words behind it are said: "breast cancer must be untreated"."""
    cancers = (m for m in clause.part.mentions if m.kind == "condition" and m.key in clause.context.known.neoplasms)
    told = (m for m in cancers if m.end <= cue.start and _SAID_OF_IT.fullmatch(clause.lower, m.end, cue.start))
    return next((m for m in told if clause.context.takes(m)), None)


def _is_no_first_treatment(clause: ClauseReading, cue: Cue) -> bool:
    """Whether "newly diagnosed" or "first-line" does not tell that the first therapy of the disease is to come."""
    if _not_of_it(clause, cue) or clause.part.tagged("progress") or _AFTER.search(clause.before(cue.start, 60)):
        return True
    return _treated_since(clause, cue) or _COMPLETED.match(clause.after(cue.end, 60)) is not None


def _keeping_out_the_treated(clause: ClauseReading, cue: Cue) -> Draft:
    """A rule that excludes those who have had a therapy: any systemic one, or chemotherapy where only that is told of."""
    population = cue.value == "population"
    chemotherapy = cue.value == "chemotherapy" or (population and cue.text.endswith(" chemotherapy"))
    drug_class = "chemotherapy" if chemotherapy else "systemic-anticancer-therapy"
    kinds = [m.key for m in kinds_of_label(clause, cue.start)] if cue.text.startswith("no ") else []
    conditions, own = diseases(clause, cue.end, cue.end + 90)
    settings = _settings(clause, cue, conditions)
    new = NEWLY_DIAGNOSED if "diagnos" in cue.text or cue.text in _DE_NOVO else FIRST_LINE
    # "To be treated with first-line therapy for metastatic disease" asks for the line, which "newly diagnosed" only makes likely.
    asked = new == FIRST_LINE and "metastatic" in settings and _TO_COME.search(clause.before(cue.start, 60))
    doubts = (new,) if population and not asked else ()
    if clause.found_behind(_TREATED_LITTLE, cue.end, 120):
        doubts = (*doubts, HOW_MUCH)  # "untreated, or limited prior therapy including a cycle of X"
    lately = _of_a_relapse(clause, cue)
    return Draft(
        clause.part.start,
        clause.part.end,
        Polarity.EXCLUDES,
        Role.PRIOR_THERAPY,
        [Mention(cue.start, cue.end, "class", key, cue.text) for key in kinds or [drug_class]],
        LATELY if lately else _time_behind(clause, cue),
        conditions=conditions,
        own_disease=own,
        settings=() if lately else settings,
        doubts=(LAST_PROGRESSION,) if lately else doubts,
        cues=cue_words(clause),
    )


def _time_behind(clause: ClauseReading, cue: Cue) -> Window | None:
    """The time in which alone there may have been no therapy: "no prior therapy within 4 weeks"."""
    spans = usable_windows(clause, clause.part, clause.lower) if cue.text.startswith(("no ", "not ")) else []
    return next((s.value for s in spans if s.start > cue.end and _IN_A_TIME.fullmatch(clause.lower, cue.end, s.start)), None)


def _settings(clause: ClauseReading, cue: Cue, conditions: tuple[str, ...]) -> tuple[str, ...]:
    """The settings in which no therapy was had; of those who are to have their first therapy of early disease: the early ones."""
    if cue.value == "population" and clause.found_behind(_EARLY_DISEASE, cue.end, 120) and not _of_the_blood(clause, conditions):
        return EARLY
    reach = min(60, len(_behind(clause, cue)))
    candidacy = next((c.start for c in clause.part.tagged("candidate") if c.start >= cue.end), cue.end + reach)
    end = min(cue.end + reach, candidacy)  # "not yet treated, who are no candidates for neoadjuvant therapy"
    told = [c for c in clause.part.tagged("setting") if cue.end <= c.start < end and not clause.in_exception(c.start)]
    disease = _said_of(clause, cue)
    if not told and disease is not None:
        named = settings_of_name(clause, disease)
        return () if named == (_EARLIER,) else named
    settings = tuple(dict.fromkeys(c.value for c in told))
    if settings == (_EARLIER,) and not _FOR_OR_IN.search(clause.lower, cue.end, told[0].start):
        return ()  # "untreated, locally advanced cancer" had no therapy at all
    return settings


def _of_the_blood(clause: ClauseReading, conditions: tuple[str, ...]) -> bool:
    """Whether a disease is a lymphoma or the like, which is treated in one setting whatever its stage."""
    knowledge = clause.context.known.names.knowledge
    return bool(conditions) and all(c == _BLOOD or knowledge.covers(_BLOOD, c) for c in conditions)


def _naive_to(clause: ClauseReading, cue: Cue) -> bool:
    """Whether it is told behind it what patients are naive to, or naive of."""
    return _NAIVE_TO.match(clause.lower, cue.end, clause.part.end) is not None


def _of_one_therapy(clause: ClauseReading, cue: Cue) -> bool:
    """Whether only a therapy that is named before it has not been had: "TKI treatment-naive", "targeted-therapy naive"."""
    if "na" not in cue.text or cue.value == "population":
        return False
    named = (m for m in clause.part.therapies if m.key not in GENERIC)
    return any(m.start < cue.start and _BESIDE.fullmatch(clause.lower, min(m.end, cue.start), cue.start) for m in named)


def _of_a_relapse(clause: ClauseReading, cue: Cue) -> bool:
    """Whether only a relapse has had no therapy: "untreated first relapse", "no prior therapy for the current relapse"."""
    if clause.found_behind(_FOR_THE_LAST, cue.end) or clause.found_before(_OF_A_RELAPSE_BEFORE, cue.start):
        return True
    return cue.text.endswith("untreated") and clause.found_behind(_OF_A_RELAPSE, cue.end) is not None


def _alternatives_end(clause: ClauseReading) -> int:
    """Where the alternatives of a clause end: "For untreated patients …. Or for those with one prior therapy …."."""
    end = clause.part.end
    for part in clause.reading.parts:
        if part.start >= end and clause.lower.startswith("or ", part.start):
            end = part.end
    return end


def _sentence_end(clause: ClauseReading) -> int:
    found = clause.lower.find(". ", clause.part.end)
    return found if found >= 0 else len(clause.lower)


def _is_new(cue: Cue, before: str) -> bool:
    """Whether "with" behind a cue tells the disease ("newly diagnosed with X") or a therapy to come ("first-line therapy with X")."""
    return "diagnos" in cue.text or cue.text.startswith("requiring ") or _TO_COME.search(before) is not None


def _treated_since(clause: ClauseReading, cue: Cue) -> bool:
    """Whether "newly diagnosed" only tells when it began, of which onset it is or who else has it, "first-line" that there was one."""
    before, after = clause.before(cue.start, 60), clause.after(cue.end, 160)
    if _ANOTHER_PERSON.search(clause.lower, clause.part.start, cue.start):
        return True
    if "diagnos" in cue.text and (_AT_A_TIME.search(before) or _TREATED_SINCE.search(before) or _TREATED_SINCE_THEN.match(after)):
        return True
    had = "line" in cue.text and not _TO_COME.search(before)
    if had and (_NOT_TO_COME.search(clause.before(cue.start, 160)) or _NOT_TO_COME_AFTER.match(after)):
        return True
    if cue.text not in _DE_NOVO:
        return False
    paren = clause.reading.paren_of(cue.start)
    reach = min(cue.end + 40, paren[1]) if paren is not None else cue.end + 40  # "DLBCL (de novo) and FL" tells of the lymphoma before it
    # Other cancers are "de novo" that are no recurrence, whatever they were treated with since.
    named = (m.key for m in clause.part.mentions if m.kind == "condition" and cue.end <= m.start < reach)
    return (
        not any(_of_the_blood(clause, (key,)) for key in named)
        or _OTHER_ONSET.match(after) is not None
        or _OTHER_ONSET_BEFORE.search(before) is not None
    )


def _not_of_it(clause: ClauseReading, cue: Cue) -> bool:
    """Whether "first-line therapy" is one that patients cannot have or have refused, or that is permitted, or one of two ways in."""
    near = [c for c in clause.part.tagged("candidate", "intolerant") if 0 <= cue.start - c.end <= 30]
    if _EITHER.search(clause.before(cue.start, 20)):
        return True
    refused = _tells_a_line(cue) and any(c.tag == "intolerant" or c.value == "no" or _NOT.search(clause.before(c.start, 20)) for c in near)
    return refused or _permits(clause, cue)


def _tells_a_line(cue: Cue) -> bool:
    """Whether a cue tells of a line of therapy, of which somebody can be no candidate; of a diagnosis nobody can."""
    return "diagnos" not in cue.text and cue.text not in _DE_NOVO


def _too(clause: ClauseReading) -> bool:
    """Whether those of whom the clause tells are taken beside others: "untreated patients are also eligible"."""
    return any(_ALSO.search(clause.before(c.start, 8)) for c in clause.part.tagged("permit"))


def _permits(clause: ClauseReading, cue: Cue) -> bool:
    """Whether the clause permits something; "eligible for first-line therapy" and "to be eligible" only tell who the patients are.

    So do brackets on another matter: "newly diagnosed sarcoma (results of the institution are acceptable)".
    """
    if clause.find(_ONLY_THOSE):
        return False
    candidates = clause.part.tagged("candidate")
    return any(
        not any(c.start <= p.start < c.end or (p.text.startswith("not") and p.start < c.start < p.end) for c in candidates)
        and not _TO_BE.search(clause.before(p.start, 8))
        and not _in_brackets_on_else(clause, p, cue)
        for p in clause.part.tagged("permit")
    )


def _in_brackets_on_else(clause: ClauseReading, permit: Cue, cue: Cue) -> bool:
    """Whether something is permitted in brackets that name no therapy, and not who is untreated."""
    paren = clause.reading.paren_of(permit.start)
    if paren is None or paren[0] < cue.start < paren[1]:
        return False
    told = [m.start for m in clause.part.therapies] + [c.start for c in clause.part.tagged("untold", "treated", "elided")]
    return not any(paren[0] < start < paren[1] for start in told)
