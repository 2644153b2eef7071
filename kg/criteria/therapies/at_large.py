"""Medicines that a clause speaks of at large: any at all ("any prescription or over-the-counter drug"), or all that act on something.

What they act on is in `patterns.csv`, one name a class: "acts on: immunosuppressant" holds the words behind "drugs that affect …",
"given for: anticonvulsant" those behind "drugs for …".
"""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import TAKEN_BY_THE_ILL, ClauseReading
from kg.criteria.words.patterns import pattern, patterns_named
from kg.records import ANY_MEDICINE, Mention

_ANY = pattern("at large: any")
_TAKEN = pattern("at large: taken")
_NARROWED = pattern("at large: narrowed")
_ANOTHER_MATTER = pattern("at large: another matter")
_ACT = pattern("at large: act")
_FOR = pattern("at large: for")
_IN_VAIN = pattern("at large: in vain")
_NEEDS = pattern("at large: needs")
_TO_GO_ON = pattern("at large: to go on")
_OR = re.compile(r"\bor\b|[,;]")
_DETERMINER = re.compile(r"^(?:any|all|no|every)\s+")
_SUPPLEMENTS = pattern("at large: supplements")
_BAD_UNDER = pattern("subjects: bad under")
_TELLS_WHICH = ("stable", "immunosuppressive")
"""Doses by which it is told which medicines are meant."""
_OF_THE_DIET = "dietary-supplement"
_BY_WHAT_THEY_DO = ((_ACT, "acts on: "), (_FOR, "given for: "))
"""The words that lead to what medicines do, with the front of the names of the patterns that tell which class does so."""


def spoken_of_at_large(clause: ClauseReading) -> list[Mention]:
    """Mentions of the classes that such words stand for; those that are read from a name are not among them."""
    if not clause.part.has("medicines") or clause.part.tagged("allergy", "toxicity"):
        return _needed(clause)
    return _any_at_all(clause) + _acting(clause) + _needed(clause) + _supplements(clause)


def _any_at_all(clause: ClauseReading) -> list[Mention]:
    """ "Any medication", unless words behind it say which ("… known to prolong QT", "… for asthma") or it need only be stable."""
    part = clause.part
    for found in _ANY.finditer(clause.lower, part.start, part.end):
        if (
            clause.in_exception(found.start())
            or any(c.value in _TELLS_WHICH for c in part.tagged("dose"))
            or _of_a_disease(clause, found.start())
        ):
            continue
        if clause.found_before(_TO_GO_ON, found.start(), 60):
            continue  # "should continue to take the prescribed medication"
        said = clause.outside_exceptions(found.end())
        taken = not clause.before(found.start()).strip(" ,") or clause.found_before(_TAKEN, found.start())
        if taken and not _NARROWED.search(said) and not clause.find(_ANOTHER_MATTER):
            start = found.start() + len(found.group()) - len(_DETERMINER.sub("", found.group()))
            return [Mention(start, found.end(), "class", ANY_MEDICINE, clause.lower[start : found.end()])]
    return []


def _supplements(clause: ClauseReading) -> list[Mention]:
    """ "Supplements" without a word for what they supplement: those of the diet."""
    found = clause.find(_SUPPLEMENTS) if "supplements" in clause.lower else None
    if found is None or clause.in_exception(found.start("noun")):
        return []
    start, end = found.span("noun")
    if clause.found_before(_BAD_UNDER, start, 120):
        return []  # "hypokalaemia not correctable with supplements"
    if clause.reading.paren_of(start) or any(m.start < end and start < m.end for m in clause.part.mentions):
        return []
    return [Mention(start, end, "class", _OF_THE_DIET, found["noun"])]


def _of_a_disease(clause: ClauseReading, start: int) -> bool:
    """Whether medicines are those of patients with the disease told before: "severe asthma and currently on medications"."""
    diseases = [m.end for m in clause.part.mentions if clause.context.of_another_disease(m)]
    diseases += [c.end for c in clause.part.tagged("disease")]
    before = max((end for end in diseases if end <= start), default=None)
    return before is not None and _OR.search(clause.lower, before, start) is None


def _acting(clause: ClauseReading) -> list[Mention]:
    """ "Drugs that affect the immune system", "medication for epilepsy": the class of each thing that they are said to do."""
    made = []
    for leads, front in _BY_WHAT_THEY_DO:
        for act in leads.finditer(clause.lower, clause.part.start, clause.part.end):
            if clause.in_exception(act.start()) or (leads is _FOR and _tells_of_a_disease(clause, act.start())):
                continue
            for key, words in patterns_named(front).items():
                found = words.match(clause.lower, act.end(), clause.part.end)
                if found:
                    made.append(Mention(act.start("act"), found.end(), "class", key, clause.lower[act.start("act") : found.end()]))
    return made


def _needed(clause: ClauseReading) -> list[Mention]:
    """ "Seizure disorder requiring medication": the class that nearly all with the disease take."""
    if not clause.possible & _NEEDS.bit:
        return []
    made = []
    harms = clause.part.tagged("allergy", "toxicity")
    for key, disease in TAKEN_BY_THE_ILL.items():
        for ill in disease.finditer(clause.lower, clause.part.start, clause.part.end):
            found = _NEEDS.match(clause.lower, ill.end(), clause.part.end)
            if found and not clause.in_exception(ill.start()) and not any(c.end <= ill.start() for c in harms):
                made.append(Mention(*found.span("noun"), "class", key, found["noun"]))
    return made


def _tells_of_a_disease(clause: ClauseReading, start: int) -> bool:
    """Whether medicines for a disease tell how it does: "hypertension on medication for it", "change in medication for diabetes"."""
    return _of_a_disease(clause, start) or clause.found_before(_IN_VAIN, start, 80) is not None
