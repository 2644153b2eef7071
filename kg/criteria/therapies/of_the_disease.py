"""Words for any therapy of the cancer that the trial takes: "has received treatment for NSCLC", "refractory to initial therapy"."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.line_limits import line_limits
from kg.criteria.words.patterns import pattern
from kg.records import Mention, Section

_FOR_ITS_DISEASE = pattern("implied: treatment for its disease")
_GOING_ON = pattern("implied: going on for its disease")
_FIRST_IN_VAIN = pattern("implied: first therapy in vain")
_OF_A_DISEASE = pattern("implied: of a disease")
_BEFORE_DISEASE = 160
"""Within so many characters before the name of a disease it is said that a treatment for it was received."""
_TREATED_BEFORE_IT = pattern("implied: treated before its name")
_TREATED_BEHIND_IT = pattern("implied: treated behind its name")
_OF_THERAPY = re.compile(r"\s+of\s+(?:(?:prior|previous|systemic|anti-?cancer)\s+)*(?:treatment|therapy)\b")
_HAD_SO_MANY = pattern("implied: had so many")
_NONE_FOR_IT = pattern("implied: none for its disease")
_NONE_UNTIL_NOW = pattern("implied: none until now")
_NONE_GIVEN = pattern("implied: none given for it")
TREATED = "treated"
"""The word that stands for any therapy where it is said of the disease itself."""
_PARTED = re.compile(r"[;.,]|\band\b")
_ANY_CANCER = ("cancer", "metastatic-cancer")
_SYSTEMIC = "systemic-anticancer-therapy"


def for_its_disease(clause: ClauseReading) -> list[Cue]:
    """Words for any therapy of the cancer that the trial takes, told of by its name: "must not have received treatment for NSCLC"."""
    found = []
    for disease in clause.part.mentions:
        if disease.kind == "condition" and disease.key in clause.context.known.neoplasms and clause.context.takes(disease):
            before = clause.before(disease.start, _BEFORE_DISEASE)
            words = _FOR_ITS_DISEASE.search(before)
            other = any(c.value == "second_malignancy" and c.end <= disease.start for c in clause.part.tagged("kind"))
            if words is None and clause.context.section is Section.EXCLUSION and clause.possible & _GOING_ON.bit and not other:
                words = _GOING_ON.search(before)
            start = disease.start - len(before)
            if words is None and clause.context.section is Section.EXCLUSION and not other and _is_its_name(clause, disease):
                words, start = _treated(clause, disease)
            if words is None and clause.context.section is not Section.EXCLUSION and not other:
                words, start = _none_given(clause, disease)
            if words is not None:
                start += words.start("noun")
                found.append(Cue(start, start + len(words["noun"]), "untold", _SYSTEMIC, words["noun"]))
    return found


def _none_given(clause: ClauseReading, disease: Mention) -> tuple[re.Match[str] | None, int]:
    """Words that no therapy of a disease was had, and where they are counted from: "no therapy for prostate cancer to date"."""
    behind = clause.found_behind(_NONE_GIVEN, disease.end)
    if behind is not None:
        return behind, disease.end
    before = clause.before(disease.start)
    words = _NONE_FOR_IT.search(before) if clause.found_behind(_NONE_UNTIL_NOW, disease.end) else None
    return words, disease.start - len(before)


def _is_its_name(clause: ClauseReading, disease: Mention) -> bool:
    """Whether a mention names the disease of the trial itself: no other that its patients can have, nor any cancer."""
    return disease.key not in _ANY_CANCER and clause.context.is_own(disease)


def _treated(clause: ClauseReading, disease: Mention) -> tuple[re.Match[str] | None, int]:
    """Words that say of the disease itself that it was treated, and where they are counted from: "breast cancer that has been treated"."""
    if not clause.possible & (_TREATED_BEFORE_IT.bit | _TREATED_BEHIND_IT.bit):
        return None, 0
    behind = clause.found_behind(_TREATED_BEHIND_IT, disease.end)
    if behind is not None:
        return behind, disease.end
    before = clause.before(disease.start)
    return _TREATED_BEFORE_IT.search(before), disease.start - len(before)


def counted(clause: ClauseReading) -> list[Cue]:
    """Words for any therapy of the cancer, where only their number is told: "treated with more than two regimens"."""
    if not clause.possible & _HAD_SO_MANY.bit or not clause.part.tagged("counted") or clause.part.tagged("untold"):
        return []
    limits = line_limits(clause.lower[clause.part.start : clause.part.end], excluding=False)
    spans = [(clause.part.start + s.start, clause.part.start + s.end) for s in limits]
    told = [end for start, end in spans if clause.found_before(_HAD_SO_MANY, start) and not clause.in_exception(start)]
    found = []
    for at in told:
        start, of_it = clause.lower.rfind(" ", 0, at) + 1, _OF_THERAPY.match(clause.lower, at)
        end = of_it.end() if of_it else at
        found.append(Cue(start, end, "untold", _SYSTEMIC, clause.lower[start:end]))
    return found


def first_in_vain(clause: ClauseReading) -> list[Cue]:
    """Words for the first therapy of the cancer, where an exclusion is of those whom it failed: "relapsed following primary therapy"."""
    first = clause.part.tagged("first") if clause.context.section is Section.EXCLUSION else ()
    ills = clause.part.tagged("disease")  # "an infection refractory to initial therapy"
    return [c for c in first if not any(ill.end <= c.start for ill in ills) and clause.found_before(_FIRST_IN_VAIN, c.start, 90)]


def is_of_the_disease(clause: ClauseReading, therapy: Mention) -> bool:
    """Whether a therapy is told to be against the cancer that the trial takes: "treatments directed against a plasma cell disorder"."""
    behind = (m for m in clause.part.mentions if m.kind == "condition" and m.key in clause.context.known.neoplasms)
    disease = next((m for m in behind if m.start >= therapy.end), None)
    if disease is None or not clause.context.takes(disease):
        return False
    return _OF_A_DISEASE.fullmatch(clause.lower, therapy.end, disease.start) is not None


def of_another_ill(clause: ClauseReading, cue: Cue) -> bool:
    """Whether a wash-out is of the therapy of an ill that is told before it: "those with hepatitis C after a wash-out from therapy"."""
    ills = (m for m in clause.part.mentions if clause.context.of_another_disease(m) and m.key not in clause.context.known.neoplasms)
    return any(m.end <= cue.start and not _PARTED.search(clause.lower, m.end, cue.start) for m in ills)
