"""What is taken in other trials: drugs that are not approved, whether they are named so or only the taking part is told of."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.named import Named
from kg.criteria.therapies.of_the_disease import is_of_the_disease
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.records import Mention, Section

INVESTIGATIONAL = "investigational-agent"
_SYSTEMIC = "systemic-anticancer-therapy"
_FORMS = frozenset(
    {"antibody-based-therapy", "monoclonal-antibody", "biologic-therapy", "small-molecule-targeted-therapy", "targeted-therapy"}
)
_APPROVED_OR = pattern("implied: approved or")
_CANCER = pattern("implied: cancer")
_DOSED = re.compile(r"(?:high|low|reduced|full)\b")
_A_BIOLOGIC = re.compile(r"biologic(?:al)?(?:\s+(?:agent|product|drug|medication))?", re.IGNORECASE)
_A_DRUG_OR = pattern("other trials: a drug or")
_TOOK_PART = pattern("other trials: took part")
_TRIAL_OF = pattern("other trials: trial of")
_NOT_SO = re.compile(r"\b(?:not|no|never|without|(?:un)?willing\w*|agree\w*|(?:un)?able|refus\w+|declin\w+|consent\w*)\s+(?:\w+\s+){0,4}$")
"""Before it, that nobody takes part, or whether they would."""
_DRUG_OF_ANOTHER = pattern("other trials: drug of another")
_OF_THIS_TRIAL = pattern("subjects: of this trial")
_IN_THIS_TRIAL = pattern("subjects: in this trial")
_BESIDE_ITS_DRUG = pattern("subjects: beside its drug")
_ITS_OWN_PRODUCT = pattern("subjects: its own product")
_ITS_DOSING = re.compile(r"\s+(?:administration|dosing|initiation|start|infusion|treatment|discontinuation)\b")


def is_of_another(clause: ClauseReading, cue: Cue) -> bool:
    """Whether words such as "study drug" mean that of another trial: "other clinical trial drugs".

    Arguments:
        clause: the clause.
        cue: the words.
    """
    return cue.text.startswith(("study", "trial")) and clause.found_before(_DRUG_OF_ANOTHER, cue.start, 120) is not None


def of_a_trial(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a therapy only tells what a trial that somebody took part in was of: "participation in a trial of anticancer drugs".

    Arguments:
        clause: the clause.
        mention: the therapy.
    """
    told = "trial" in clause.lower or "stud" in clause.lower  # looking for these is quicker
    return told and clause.found_before(_TRIAL_OF, mention.start, 160) is not None


def of_this_trial(named: Named) -> bool:
    """Whether what is under study is what this trial gives, not all that is: "the investigational agents tested in this study".

    One product that dates something, or is not to be interfered with, is its own: "within 14 days of investigational product dosing".
    """
    if named.mention.key != INVESTIGATIONAL:
        return False
    clause, end = named.clause, named.mention.end
    own = (m for m in clause.part.mentions if m.key in clause.context.study_drugs and m.start >= end)
    before = None if named.mention.text.endswith("s") else named.found_before(_ITS_OWN_PRODUCT)
    if before and (before["dates"] is None or _ITS_DOSING.match(named.after)):
        return True
    return named.found_behind(_OF_THIS_TRIAL) is not None or any(_BESIDE_ITS_DRUG.fullmatch(clause.lower, end, m.start) for m in own)


def was_in_this_trial(clause: ClauseReading, cue: Cue) -> bool:
    """Whether words for any therapy tell of one that this trial gave before: "no previous treatment in the present study".

    Arguments:
        clause: the clause.
        cue: the words.
    """
    return clause.found_behind(_IN_THIS_TRIAL, cue.end, 60) is not None


def are_such_drugs(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a form of drugs is that of investigational ones: "investigational drug or biologic", "IMP within 4 weeks (8 for antibodies)".

    Arguments:
        clause: the clause.
        mention: the form; in the brackets it has its own time.
    """
    if clause.found_before(_A_DRUG_OR, mention.start) and _A_BIOLOGIC.fullmatch(mention.text):
        return True
    paren = clause.reading.paren_of(mention.start) if mention.key in _FORMS else None
    if paren is None or not any(paren[0] < w.start < paren[1] for w in clause.part.windows):
        return False
    others = [m for m in clause.part.therapies if not paren[0] < m.start < paren[1]]
    return bool(others) and all(m.key == INVESTIGATIONAL for m in others)


def of_other_trials(clause: ClauseReading) -> list[Mention]:
    """The drugs of other trials, where a clause names none: "participation in another clinical trial within 28 days"."""
    if (
        not (clause.possible & _TOOK_PART.bit or clause.part.has("study"))
        or clause.part.tagged("allergy", "toxicity")
        or clause.part.has("kind", "contraception")
    ):
        return []
    aside = [m for m, _ in clause.masked]
    if any(m.key == INVESTIGATIONAL and m not in aside for m in clause.part.mentions):
        return []
    for cue in clause.part.tagged("study"):
        if is_of_another(clause, cue) and not clause.in_exception(cue.start):
            return [Mention(cue.start, cue.end, "class", INVESTIGATIONAL, cue.text)]
    words = clause.find(_TOOK_PART)
    asked = clause.context.section is Section.INCLUSION and not clause.part.windows
    if words is None or asked or clause.in_exception(words.start()) or _NOT_SO.search(clause.before(words.start())):
        return []
    start, end = words.span("trial")
    return [Mention(start, end, "class", INVESTIGATIONAL, words["trial"])]


def approved_or_not(clause: ClauseReading, against: re.Match[str] | None) -> list[Mention]:
    """Any therapy of the cancer in "approved or investigational anticancer therapy", "standard or targeted treatment": not only the last.

    Arguments:
        clause: the clause.
        against: its words for any therapy of the cancer.
    """
    found: list[Mention] = []
    if not clause.possible & _APPROVED_OR.bit or clause.part.tagged("allergy", "toxicity"):
        return found
    for m in clause.part.mentions:
        asked = (m.key == INVESTIGATIONAL or _is_a_kind(clause, m)) and not clause.in_exception(m.start)
        words = clause.found_before(_APPROVED_OR, m.start) if asked else None
        if words is None:
            continue
        of_cancer = _CANCER.search(m.text.lower()) or (against is not None and against.start() < m.end and m.start < against.end())
        usual = words["usual"] is not None and clause.context.of_cancer
        if usual or (m.key == INVESTIGATIONAL and (of_cancer or is_of_the_disease(clause, m))):
            found.append(Mention(m.start, m.end, "class", _SYSTEMIC, m.text))
    return found


def _is_a_kind(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a mention is a kind of drugs against cancer, and not told by a dose: "standard or high-dose chemotherapy" has two doses."""
    known = clause.context.known
    is_one = mention.kind == "class" and mention.key not in known.procedures and known.is_anticancer(mention)
    return is_one and not _DOSED.match(mention.text.lower())
