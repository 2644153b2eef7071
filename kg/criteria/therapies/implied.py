"""Therapies that a clause speaks of without naming them: the study drug, any therapy against the cancer, drugs that interact or act so."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import THERAPY_KINDS
from kg.criteria.stances.negation import WASH_OUT, negation
from kg.criteria.therapies.above import ended_by, kinds_of_label
from kg.criteria.therapies.adjuvant import early_therapy
from kg.criteria.therapies.at_large import spoken_of_at_large
from kg.criteria.therapies.events import only_tells_of_harm, undone
from kg.criteria.therapies.fields import irradiated, to_a_place
from kg.criteria.therapies.last_therapy import counts_as_last, is_dated
from kg.criteria.therapies.like import all_others, and_so_on, others_alike
from kg.criteria.therapies.of_the_disease import counted, first_in_vain, for_its_disease, of_another_ill
from kg.criteria.therapies.other_trials import INVESTIGATIONAL, approved_or_not, is_of_another, of_other_trials, was_in_this_trial
from kg.criteria.therapies.restricted import says_with_which
from kg.criteria.therapies.shared_nouns import sharing_a_noun
from kg.criteria.therapies.unsupported import support_of_counts
from kg.criteria.times.own_times import timed_apart
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.names.meanings import ANY_CYP
from kg.records import ANY_PERPETRATOR, Mention, Section

_ANCHOR_BEFORE = pattern("subjects: anchor before")
_ANCHOR_LEAD = pattern("subjects: anchor lead")
_AGAINST_A_CANCER = pattern("implied: against a cancer")
_REFRACTORY_DISEASE = pattern("implied: refractory disease")
_OTHER_MEDICAL = pattern("implied: other medical therapy")
_AGAINST_CANCER = pattern("subjects: against the cancer")
_ANY_THERAPY = pattern("implied: any therapy")
_CANCER_THERAPY = pattern("subjects: cancer therapy")
_CANCER_THERAPY_BEFORE = pattern("subjects: cancer therapy before")
_ANY_BUT = pattern("implied: any but")
_FOR_ADVANCED = pattern("implied: for advanced disease")
_UNTIL_AFTER = pattern("subjects: until after")
_VAGUE = pattern("implied: vague")
_FOR_ANOTHER_CANCER = pattern("subjects: for another cancer")
_FOR_CANCER = pattern("subjects: for cancer")
_MEDICINES = pattern("subjects: medicines")
_FROM = re.compile(r"\b(?:half[- ]?li\w+|days?|weeks?|months?)\s+(?:from|of|since|after)\s+(?:(?:the|any|their)\s+)?$")
_LAST = ("last ", "most recent ", "latest ", "off ", "treatment-free", "treatment free", "therapy-free", "therapy free")
"""How words begin that stand for a therapy only where nothing but a time is told of it."""
_NO_MORE_TOLD = pattern("implied: no more told of it")
_NO_OTHER = pattern("implied: no other")
_ENZYME_INDUCERS = pattern("implied: enzyme inducers")
_TO_COME = pattern("implied: treatment to come")
_DRUGS_OF_TRIAL = pattern("implied: drugs of the trial")
_WHICH_INTERACT = pattern("implied: which interact")
"""Between a class and what its members do: "antiretroviral therapy that may interfere with the study drug" is no other drug."""
_WITH_NO_DRUG = pattern("implied: with no drug")
_DRUGS_THAT = pattern("implied: medicines")
_RISK_FACTORS = pattern("subjects: risk factors")
_THAT = pattern("implied: that")
_OF_THE_PATIENT = pattern("implied: told of the patient")
_OF_ANOTHER_PERSON = pattern("implied: state of another person")
_BY_ILLNESS = pattern("implied: state by illness")
_UNDER_STUDY = pattern("implied: under study")
_TREATED_WITH = pattern("subjects: treated with")
_WASHED_OUT = pattern("subjects: washed out")
_WASHED_OUT_ANY = pattern("subjects: washed out of any")
_SYSTEMIC = "systemic-anticancer-therapy"
_TOLD_BELOW = pattern("implied: told below")
_FREED_WITHIN = 40
"""So many characters behind "other than" the therapy is named that is meant."""
_LONGEST_BRACKET = 240
"""Brackets with examples of a therapy are at most about so long."""
_TO_EXCEPTION = 2
"""So far behind words for a therapy the exception begins that brackets right behind them hold."""
_HEADS_A_LIST = frozenset({"prior therapies", "previous therapies", "prior treatments", "previous treatments"})
_HARM_BEHIND = 30
"""Within so many characters a toxicity is that of the therapy before it: "prior treatment-related toxicities"."""

_OTHER = ("another ", "other ", "prior ", "previous ", "second", "concurrent ", "history of ")
_OR = re.compile(r"[;.]|\bor\b")
_OR_OTHER = re.compile(r"\b(?:or|and)\s+(?:any\s+)?other\s+$")
_IN_ANOTHER_TRIAL = pattern("implied: in another trial")
_TIMED_BESIDE = re.compile(rf"{WASH_OUT.pattern}|\band\s+(?:be\s+)?(?:at\s+least|more\s+than|a\s+minimum\s+of|[>\u2265]=?)\s*\d")
_HEALED = ("recover", "resol")
"""Behind a therapy these tell that its harm is over: "2 weeks since the last cancer therapy, with resolution of toxicities"."""


def implied(clause: ClauseReading) -> list[Mention]:
    """Mentions of the therapies that a clause means and does not name: by what they are to the trial, do, or are given for."""
    found = _given_by_the_trial(clause)
    found += _acting_so(clause, found)
    found += of_other_trials(clause)
    found += _any_but(clause)
    found += _at_large(clause, found)
    against = _against_the_cancer(clause)
    ended = ended_by(clause)
    of_cancer = _of_the_cancer(clause, against) + ([] if ended else _prior_therapy(clause, against))
    return [
        *found,
        *_inducers(clause),
        *_beside_a_cancer(clause),
        *_received_for_it(clause),
        *sharing_a_noun(clause),
        *others_alike(clause),
        *approved_or_not(clause, against),
        *ended,
        *(of_cancer or all_others(clause)),
        *and_so_on(clause),
        *_states(clause),
        *support_of_counts(clause),
        *to_a_place(clause),
        *irradiated(clause),
        *_interacting(clause),
    ]


def _given_by_the_trial(clause: ClauseReading) -> list[Mention]:
    """The trial's own drugs, where "study drug" tells that they were given before."""
    found: list[Mention] = []
    for cue in clause.part.tagged("study") if not clause.part.tagged("allergy") else ():
        before = clause.before(cue.start, 70)
        if clause.in_exception(cue.start) or _ANCHOR_BEFORE.search(before) or _ANCHOR_LEAD.search(before):
            continue
        if clause.part.has("kind", "contraception") and (clause.context.section is not Section.EXCLUSION or _UNTIL_AFTER.search(before)):
            continue  # "barrier contraception until 6 months after the last treatment with the study drug"
        if _TO_COME.search(before) and not clause.part.tagged("progress"):
            continue  # "live vaccines in the 30 days before treatment with study drug", "willing to undergo treatment with it"
        if is_of_another(clause, cue) or clause.found_before(_IN_ANOTHER_TRIAL, cue.start, 120):
            continue  # "other clinical trial drugs", "is currently participating and receiving study therapy"
        above = clause.context.lead
        if _TREATED_WITH.search(before) or (above is not None and above.has("prior") and not clause.part.tagged("prior", "neg", "require")):
            found += [Mention(cue.start, cue.end, "drug", key, cue.text) for key in clause.context.study_drugs]
    return found


def _acting_so(clause: ClauseReading, named: list[Mention]) -> list[Mention]:
    """Drugs that are told by what they do, or what they are a risk of: "medicines that prolong the QT interval".

    Arguments:
        clause: the clause.
        named: what is found already.
    """
    found: dict[str, Mention] = {}
    for cue in clause.part.tagged("implied"):
        if any(c.end <= cue.start for c in clause.part.tagged("allergy")) or cue.value in found or any(m.key == cue.value for m in named):
            continue
        if clause.in_exception(cue.start) or undone(clause, cue.start):
            continue
        before = clause.before(cue.start, 110)
        # Risk factors of which the sentence gives examples, or a history, are diseases, unless it names medicines too.
        told = clause.part.tagged("example") or any(c.text == "history of" and c.end <= cue.start for c in clause.part.tagged("prior"))
        at_large = _RISK_FACTORS.search(before) and clause.context.section is Section.EXCLUSION and not told
        if _DRUGS_THAT.search(before) or at_large or _goes_on(clause, before):
            found[cue.value] = Mention(cue.start, cue.end, "class", cue.value, cue.text)
    return list(found.values())


def _at_large(clause: ClauseReading, named: list[Mention]) -> list[Mention]:
    """Medicines spoken of at large, other than those that are found already."""
    spoken = (m for m in spoken_of_at_large(clause) if not any(m.key == n.key or (m.start < n.end and n.start < m.end) for n in named))
    return [m for m in spoken if not undone(clause, m.start)]


def _beside_a_cancer(clause: ClauseReading) -> list[Mention]:
    """Therapy that is told by the name of a cancer before it: "myeloma therapy within 2 weeks"; not "anti-lymphoma therapy with X"."""
    found = []
    for cancer in clause.part.mentions:
        if cancer.kind != "condition" or cancer.key not in clause.context.known.neoplasms or clause.in_exception(cancer.start):
            continue
        if any(c.value == "brain_metastases" and c.start < cancer.end and cancer.start < c.end for c in clause.part.tagged("kind")):
            continue  # "brain metastasis treatment" is of these alone
        words = clause.found_behind(_CANCER_THERAPY, cancer.end, 40)
        if words is None or not (clause.part.windows or clause.found_before(_CANCER_THERAPY_BEFORE, cancer.start, 40)):
            continue
        read = any(0 <= m.start - cancer.end <= 1 for m in clause.part.therapies)
        if not read and not says_with_which(clause, cancer.end + words.end()) and not _of_its_harm(clause, cancer.start, cancer.end):
            found.append(Mention(cancer.start, cancer.end, "class", _SYSTEMIC, cancer.text))
    return found


def _against_the_cancer(clause: ClauseReading) -> re.Match[str] | None:
    """The words of a clause for any therapy of the cancer: "anti-tumour treatment", beside named ones "other medical therapy"."""
    against = clause.find(_AGAINST_CANCER)
    if against is None and not clause.context.of_cancer:
        against = clause.find(_AGAINST_A_CANCER)
    if against is None and _of_cancer_or_investigational(clause):
        against = clause.find(_OTHER_MEDICAL)
    return None if against is None or _of_another_disease(clause, against.start()) else against


def _of_the_cancer(clause: ClauseReading, against: re.Match[str] | None) -> list[Mention]:
    """Any therapy of the cancer, where words for it hold no name."""
    named = against is not None and any(m.start < against.end() and against.start() < m.end for m in clause.part.therapies)
    if against is None or named or not _is_had(clause, against):
        return []
    key = _key_of(clause, against.start(), against.end())
    return [Mention(against.start(), against.end(), "class", key, against.group())]


def _received_for_it(clause: ClauseReading) -> list[Mention]:
    """Any therapy that was received for advanced disease: "were treated in the metastatic setting"."""
    received = clause.find(_FOR_ADVANCED) if clause.part.tagged("treated") else None
    if received is None or not _is_had(clause, received):
        return []
    named = any(m.start < received.end() and received.start() <= m.end for m in clause.part.therapies)
    if named or any(received.start() <= c.start < received.end() for c in clause.part.tagged("untold")):
        return []
    noun = received.group().rsplit(maxsplit=1)[-1]
    return [Mention(received.end() - len(noun), received.end(), "class", _SYSTEMIC, noun)]


def _is_had(clause: ClauseReading, words: re.Match[str]) -> bool:
    """Whether words for a therapy tell of its use, and no name behind them which it was."""
    if any(not clause.in_exception(c.start) for c in clause.part.tagged("allergy", "toxicity", "candidate")):
        return False
    return not clause.in_exception(words.start()) and not says_with_which(clause, words.end())


def _prior_therapy(clause: ClauseReading, against: re.Match[str] | None) -> list[Mention]:
    """Any therapy of the cancer, where "prior therapy" or the like names none."""
    if not clause.context.may_treat_cancer or clause.part.tagged("naive"):
        return []
    of_it = for_its_disease(clause)
    for cue in (*clause.part.tagged("untold", "dated"), *of_it, *first_in_vain(clause), *early_therapy(clause), *counted(clause)):
        told = against is not None and against.start() <= cue.start < against.end()
        if told or clause.in_exception(cue.start) or _of_its_harm(clause, cue.start, cue.end):
            continue
        if _of_nothing_else(clause, cue, cue in of_it):
            kinds = kinds_of_label(clause, cue.start)
            keys = [m.key for m in kinds] or [_key_of(clause, cue.start, cue.end)]
            return [Mention(cue.start, cue.end, "class", key, cue.text) for key in keys]
    return []


def _interacting(clause: ClauseReading) -> list[Mention]:
    """Any drugs that act on the trial's own: "medicines known to interact with the study drug"."""
    cue = next((c for c in clause.part.tagged("interact") if c.value == "any" or _on_its_drugs(clause, c)), None)
    if cue is None or any(m.kind == "pk" for m in clause.part.mentions) or clause.in_exception(cue.start):
        return []
    if any(c.start > cue.end for c in clause.part.tagged("closed")) or _WITH_NO_DRUG.match(clause.lower, cue.end, clause.part.end):
        return []  # "…, namely X": X alone; "which interact with nitrate levels"
    if any(m.end < cue.start and _WHICH_INTERACT.fullmatch(clause.lower, m.end, cue.start) for m in clause.part.therapies):
        return []
    if not clause.found_before(_MEDICINES, cue.start, 80) or clause.found_before(_UNDER_STUDY, cue.start, 120):
        return []
    if clause.found_before(_OF_THE_PATIENT, cue.start):
        return []  # "is intolerant to treatment, or is contraindicated with it"
    if _of_another_disease(clause, cue.start):
        return []  # "another malignancy that requires therapy that interferes with it"
    return [Mention(cue.start, cue.end, "pk", "", cue.text, enzyme=ANY_PERPETRATOR, role=role) for role in ("inhibitor", "inducer")]


def _on_its_drugs(clause: ClauseReading, cue: Cue) -> bool:
    """Whether "interfere with" tells what becomes of the drugs of the trial: not of its conduct, its results or the patient."""
    named = any(m.key in clause.context.study_drugs and m.start == cue.end + 1 for m in clause.part.mentions)
    return cue.value == "own" and (named or _DRUGS_OF_TRIAL.match(clause.lower, cue.end, clause.part.end) is not None)


def _of_cancer_or_investigational(clause: ClauseReading) -> bool:
    """Whether a therapy beside which "any other treatment" is told of is one of cancer, or any under investigation."""
    return any(clause.context.known.is_anticancer(m) or m.key == INVESTIGATIONAL for m in clause.part.mentions)


def _key_of(clause: ClauseReading, start: int, end: int) -> str:
    """The class of a therapy of the cancer that is told by no name: by radiation, too, where it is "any therapy", or all but surgery."""
    left_out = [(at, stop) for at, stop, kind in clause.exceptions if kind == "except" and end <= at]
    procedures = [m.start for m in clause.part.mentions if m.key in clause.context.known.procedures]
    told = any(at <= start < stop for at, stop in left_out for start in procedures)
    told = told or _ANY_THERAPY.search(clause.lower, max(clause.part.start, start - 40), end) is not None
    return "anticancer-therapy" if told else _SYSTEMIC


def _states(clause: ClauseReading) -> list[Mention]:
    """The drugs that bring about how a patient is said to be: "immunocompromised patients", not "… due to HIV"."""
    found = []
    for cue in clause.part.tagged("state"):
        told = clause.found_behind(_BY_ILLNESS, cue.end) or clause.found_before(_OF_ANOTHER_PERSON, cue.start)
        aside = clause.context.section is not Section.EXCLUSION and clause.reading.paren_of(cue.start) is not None
        named = says_with_which(clause, cue.end) or any(m.start < cue.end <= m.end for m in clause.part.therapies)
        if told or aside or named or clause.in_exception(cue.start):
            continue  # "anticoagulated with warfarin", "fully anticoagulated": these are read as what they name
        drugs = Mention(cue.start, cue.end, "class", cue.value, cue.text)
        if (clause.context.section is Section.EXCLUSION) != bool(negation(clause, drugs)):
            found.append(drugs)  # who is not immunocompromised is kept out by no criterion
    return found


def _any_but(clause: ClauseReading) -> list[Mention]:
    """Any therapy against the cancer, where one is all that may have been had: "receipt of any treatment other than a taxane"."""
    words = clause.find(_ANY_BUT)
    if words is None or clause.part.tagged("allergy", "toxicity") or clause.in_exception(words.start()):
        return []
    start, end = words.span("noun")
    told = any(c.start < end and start < c.end for c in clause.part.tagged("untold"))
    told = told or any(m.start < end and words.start() < m.end for m in clause.part.therapies)  # "radiation therapy with anything but X"
    freed = next((m for m in clause.part.therapies if 0 <= m.start - words.end() <= _FREED_WITHIN), None)
    if told or freed is None or freed.key in clause.context.study_drugs:
        return []
    if not words["noun"].endswith("thing") and not clause.context.known.is_anticancer(freed):
        return []
    if words["noun"] == "nothing":  # it denies what stands behind it
        start, end = end, words.end()
    return [Mention(start, end, "class", _SYSTEMIC, words["noun"])]


def _of_another_disease(clause: ClauseReading, position: int) -> bool:
    """Whether a cancer told of before is another one: "a prior malignancy for which they are receiving treatment for their cancer"."""
    others = (c for c in clause.part.tagged("kind") if c.value == "second_malignancy" and c.text.startswith(_OTHER))
    return any(c.end <= position and not _OR.search(clause.lower, c.end, position) for c in others)


def _of_its_harm(clause: ClauseReading, start: int, end: int) -> bool:
    """Whether words such as "prior therapy" only tell what an allergy or toxicity is of; "ended 30 days ago, recovered" does not."""
    harms = clause.part.tagged("allergy", "toxicity")
    behind = next((c for c in harms if c.start >= start), None)
    near = behind is not None and behind.start - end < _HARM_BEHIND and not behind.text.startswith(_HEALED)
    if near or only_tells_of_harm(clause, start, end):
        return True
    # "No toxic effects of prior therapy, and a wash-out of 5 half-lives from the previous therapy": that is of all that had it.
    return any(c.start < start and not _TIMED_BESIDE.search(clause.lower, c.end, start) for c in harms)


def _goes_on(clause: ClauseReading, before: str) -> bool:
    """Whether a bullet only says which of the medicines above are meant: "any of the following medications: / * that prolong QT"."""
    return bool(_THAT.fullmatch(before)) and clause.context.lead is not None and bool(_DRUGS_THAT.search(clause.context.lead_lower))


def _inducers(clause: ClauseReading) -> list[Mention]:
    """ "Strong enzyme inducers": of any enzyme that breaks drugs down, where none is named."""
    found: list[Mention] = []
    if "enzyme" not in clause.lower:
        return found  # looking for the word is quicker
    for words in _ENZYME_INDUCERS.finditer(clause.lower, clause.part.start, clause.part.end):
        start, end = words.span()
        if clause.in_exception(start) or any(m.start < end and start < m.end for m in clause.part.mentions):
            continue
        strengths = ("strong",) if words["strong"] else ()
        found.append(Mention(start, end, "pk", "", words[0], enzyme=ANY_CYP, role="inducer", strengths=strengths))
    return found


def _of_nothing_else(clause: ClauseReading, cue: Cue, of_its_disease: bool) -> bool:
    """Whether "prior therapy" names no therapy of its own, so that any counts, and is the cancer's ("including …" gives examples)."""
    if clause.found_before(_VAGUE, cue.start) or _TOLD_BELOW.match(clause.lower, cue.end, clause.part.end) or _counts_from(clause, cue):
        return False
    if says_with_which(clause, cue.end):
        return False
    if cue.text in _HEADS_A_LIST and clause.lower.strip(" .:") == cue.text:
        return False  # a bullet of these words alone is a heading that lost its place
    if clause.context.section is Section.EXCLUSION and clause.found_before(_REFRACTORY_DISEASE, cue.start, 200):
        return False  # "primary refractory disease (no response to any prior therapy)" tells of the disease
    if was_in_this_trial(clause, cue) or clause.found_behind(_FOR_ANOTHER_CANCER, cue.end) or clause.found_before(_NO_OTHER, cue.start, 40):
        return False
    examples = next((c.start for c in clause.part.tagged("example") if c.start >= cue.end), clause.part.end)
    anchors = {m.start for m, why in clause.masked if why in ("anchor", "study drug")}  # "prior therapy within 3 weeks before X"
    beside = of_its_disease and _OR_OTHER.search(clause.before(cue.start, 20)) is not None  # "chemotherapy or other therapy for NSCLC"
    near = [
        m
        for m in clause.part.therapies
        if m.start not in anchors
        and not (beside and m.end <= cue.start)
        and -60 < m.start - cue.end < 90
        and m.start < examples
        and not any(cue.end <= start <= m.start or start <= m.start < end <= cue.start for start, end, _ in clause.exceptions)
    ]
    if "wash" in cue.text:
        # "Prior radiotherapy. Adequate wash-out is required." speaks of the therapy named before, "wash-out from prior therapies" does not.
        of_any = clause.found_behind(_WASHED_OUT_ANY, cue.end)
        named = any(m.kind in THERAPY_KINDS for m in (clause.part if of_any else clause.reading).mentions)
        return not named and bool(clause.found_behind(_WASHED_OUT, cue.end)) and not of_another_ill(clause, cue)
    apart = timed_apart(clause) if near else ()
    near = [m for m in near if m.start not in apart]
    if near or of_its_disease:
        return not near
    if cue.tag == "dated":
        return is_dated(clause, cue)
    if any(cue.end <= start <= cue.end + _TO_EXCEPTION for start, _, _ in clause.exceptions):
        return True  # "any prior treatment (surgery not counted)"
    if clause.part.windows and "wash" in clause.lower and clause.found_behind(_NO_MORE_TOLD, cue.end):
        return not of_another_ill(clause, cue)  # "a wash-out of 4 weeks after prior treatment is required"
    return counts_as_last(clause, cue) if cue.text.startswith(_LAST) else bool(clause.found_behind(_FOR_CANCER, cue.end, _LONGEST_BRACKET))


def _counts_from(clause: ClauseReading, cue: Cue) -> bool:
    """Whether a time of therapies named before is counted from it: "chemotherapy within 2 weeks or 5 half-lives from prior therapy"."""
    times = [w for w in clause.part.windows if w.start < cue.start]
    return (
        len(times) == 1
        and _FROM.search(clause.before(cue.start, 40)) is not None
        and any(m.end <= times[0].start for m in clause.part.therapies)
    )
