"""Others, where one stands for them: "prednisone or equivalent", "itraconazole or similar agents", "radiotherapy etc.", "all others"."""

from __future__ import annotations

from dataclasses import replace

from kg.criteria.clauses.clause import GENERIC, ClauseReading
from kg.criteria.words.first_letters import quick
from kg.criteria.words.patterns import pattern
from kg.knowledge.general import general_classes
from kg.records import Mention

_OR_EQUIVALENT = pattern("narrowing: or equivalent")
_DOSE_OR_EQUIVALENT = pattern("narrowing: dose or equivalent")
_ALL_OTHERS = pattern("narrowing: all others")
_OR_SIMILAR = pattern("narrowing: or similar")
_ALIKE_TO = pattern("narrowing: alike to")
_ALIKE = _OR_SIMILAR.bit | _ALIKE_TO.bit
_LISTED = pattern("subjects: listed")
_STEROIDS = "systemic-corticosteroid"
_ANTHRACYCLINES = "anthracycline"
_ANY_THERAPY = "systemic-anticancer-therapy"
_ETC = quick(r"\b(?:etc|and so on|and so forth)\b")
_KINDS_OF_THERAPY = frozenset({"chemotherapy", "endocrine-therapy", "targeted-therapy", "immunotherapy", "biologic-therapy"})
_NEAR = 40
"""Within so many characters behind a list "etc." is of it."""


def with_like(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """A mention; with all of its kind, where one stands for them: "more than 10 mg of prednisone (or equivalent)".

    So does an anthracycline in "a cumulative dose of 360 mg/m2 of doxorubicin or equivalent".
    """
    known = clause.context.known
    if mention.kind != "drug" or "equivalent" not in clause.lower:
        return [mention]
    after = clause.after(mention.end, 60)
    told = _OR_EQUIVALENT.match(after) is not None
    if told and mention.key in known.prednisone:
        return [mention, replace(mention, kind="class", key=_STEROIDS)]
    anthracyclines = replace(mention, kind="class", key=_ANTHRACYCLINES)
    told = told or _DOSE_OR_EQUIVALENT.match(after) is not None
    return [mention, anthracyclines] if told and known.covers(anthracyclines, mention) else [mention]


def others_alike(clause: ClauseReading) -> list[Mention]:
    """Others of the narrowest classes that drugs of a list share: "X, Y or similar agents", "drugs of the same class as X"."""
    if not clause.possible & _ALIKE or clause.part.tagged("allergy", "toxicity"):
        return []
    found = clause.find(_OR_SIMILAR)
    if found is not None:
        listed: list[Mention] = []
        at = found.start()
        for m in reversed(clause.part.therapies):
            if m.kind == "drug" and m.end <= at and _LISTED.fullmatch(clause.lower, m.end, at):
                listed.append(m)
                at = m.start
    else:
        found = clause.find(_ALIKE_TO)
        listed = [m for m in clause.part.therapies if found is not None and m.kind == "drug" and m.start == found.end()]
    if found is None or clause.in_exception(found.start()):
        return []
    start, end = found.span("alike")
    return [
        Mention(start, end, "class", key, found["alike"]) for key in clause.context.known.shared_by(listed) if key not in general_classes()
    ]


def is_one_of_several(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a class is one of those that a drug is in, of which "another of its class" does not tell which is meant."""
    alike = others_alike(clause) if clause.possible & _ALIKE and mention.kind == "class" else []
    return len(alike) > 1 and any((m.start, m.key) == (mention.start, mention.key) for m in alike)


def and_so_on(clause: ClauseReading) -> list[Mention]:
    """Any therapy against the cancer, where kinds of it are listed that others may join: "chemotherapy, endocrine therapy, etc."."""
    if len(clause.part.therapies) < 2 or clause.part.tagged("allergy", "toxicity"):
        return []
    for words in _ETC.finditer(clause.lower, clause.part.start, clause.part.end):
        listed = [m for m in clause.part.therapies if not clause.in_exception(m.start)]
        before = [m for m in listed if m.end <= words.start()]
        kinds = {m.key for m in before if m.key in _KINDS_OF_THERAPY}
        alike = all(m.key in _KINDS_OF_THERAPY | clause.context.known.procedures for m in before)
        if len(kinds) > 1 and alike and words.start() - before[-1].end < _NEAR and not clause.reading.paren_of(words.start()):
            return [Mention(words.start(), words.end(), "class", _ANY_THERAPY, words.group())]
    return []


def all_others(clause: ClauseReading) -> list[Mention]:
    """Any other therapy against the cancer behind some with their times: "chemotherapy within 2 weeks, all others within 4 weeks"."""
    found = clause.find(_ALL_OTHERS) if clause.context.may_treat_cancer else None
    if found is None or clause.in_exception(found.start()) or clause.reading.paren_of(found.end()):
        return []
    before = [m for m in clause.part.therapies if m.end <= found.start()]
    timed = any(before[0].end <= w.start < found.start() for w in clause.part.windows) if before else False
    if not timed or not all(clause.context.known.is_anticancer(m) for m in before):
        return []
    if any(clause.context.known.covers(wide, m) for wide in before if wide.key not in GENERIC for m in before if m is not wide):
        return []  # "antiandrogens within 4 weeks for flutamide and 6 weeks for all others" is of other antiandrogens
    start, end = found.span(found.lastgroup or 0)
    return [Mention(start, end, "class", _ANY_THERAPY, clause.lower[start:end])]
