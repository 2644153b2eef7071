"""What is asked of some patients alone: the terms on which those with brain metastases, or with another disease, may come."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.named import Named
from kg.criteria.clauses.reading import Part, Reading
from kg.criteria.words.patterns import pattern
from kg.records import Section

_TERMS = ("permit", "unless", "if", "except", "require")
"""Tags of cues that tell on what terms somebody may come."""
_ALL_WHO_TAKE = pattern("subjects: all who take")
_OTHER_PATIENTS = pattern("subjects: other patients")
_OR_ANY = re.compile(r"\bor\s+(?:any|one|other)\b")
_THESE = pattern("subjects: these patients")
_WITH = pattern("subjects: patients with")
_STABLE_AFTER = re.compile(
    r"\b(?:stable|controlled|asymptomatic)\s+(?:after|following|post|since)\s+(?:[\w-]+\s+){0,3}(?:(?:or|and|and/or)\s+)?(?:[\w-]+\s+){0,2}$"
)
_NONE_OF_IT = re.compile(
    r"(?:(?:patients?|participants?|subjects?|must|has|have|with)\s+)*no\s+(?:known\s+|clinical\s+)?(?:evidence|history|signs?)\s+of\b"
    r"(?:(?!\b(?:\w*treated|active|stable|\w*symptomatic|progress\w*|new|prior|previous|unless|except|or if)\b)[^.;])*[.;]"
)
"""How an inclusion begins that takes nobody with an ill: "no evidence of brain disease. Patients must require no steroids."."""
_SUPPRESSANT = "immunosuppressant"
_TAKEN_BESIDE = pattern("some patients: taken beside others")
_OF_THOSE = pattern("some patients: of those")


def taken_beside_others(reading: Reading, part: Part) -> str:
    """Words for those whom a sentence takes beside others, where the next tells their terms; "" for none.

    "Patients with X are also eligible. They must not have received Y", "inoperable patients are eligible. Inoperable patients must …".

    Arguments:
        reading: the criterion.
        part: the clause that may tell their terms.
    """
    if not (part.start and reading.possible & _OF_THOSE.bit and reading.possible & _TAKEN_BESIDE.bit):
        return ""
    subject = _OF_THOSE.match(reading.lower, part.start, part.end)
    taken = _TAKEN_BESIDE.search(reading.lower, 0, part.start) if subject is not None else None
    if subject is None or taken is None:
        return ""
    beside = subject["kind"] in taken["who"] if subject["kind"] else taken["also"] or taken["too"]
    return taken["who"].strip() if beside else ""


def asked_of_some(named: Named) -> bool:
    """Whether it is one of the terms on which the bullet above takes patients with another disease ("with psoriasis are eligible if:")."""
    context = named.clause.context
    above = context.lead
    taken = None if above is None else next(iter(above.tagged("permit")), None)
    if above is None or taken is None or not above.tagged("unless", "if") or bool(above.therapies):
        return False
    others = [m for m in above.mentions if m.kind == "condition" and m.end <= taken.start and m.key not in context.known.neoplasms]
    return bool(others) or any(c.end <= taken.start for c in above.tagged("disease"))


def of_brain_metastases(named: Named) -> bool:
    """Whether a clause tells of steroids and the like only how brain metastases are kept: those of patients who have some."""
    clause = named.clause
    if named.mention.key in clause.context.known.procedures and _STABLE_AFTER.search(named.before):
        # "Brain metastases (must be stable after radiation)"
        return any(c.value == "brain_metastases" for p in clause.reading.parts for c in p.tagged("kind") if c.end <= named.mention.start)
    if named.anticancer or named.mention.kind == "pk":
        return False
    lead = clause.context.lead
    if lead is not None and lead.has("kind", "brain_metastases"):
        # "Brain metastases, unless all of the following are met:", not "brain metastases, or any of the following:"
        return _OR_ANY.search(clause.context.lead_lower, lead.start, lead.end) is None
    told = [c for p in clause.reading.parts for c in p.tagged("kind") if c.value == "brain_metastases" and c.end <= named.mention.start]
    if _ALL_WHO_TAKE.match(clause.lower, clause.part.start) and any(c.start >= named.mention.end for c in clause.part.tagged("prohibit")):
        return False  # "Treated brain metastases are allowed. Patients on more than 10 mg of prednisone are excluded.": whoever they are
    none_come = clause.context.section is Section.EXCLUSION or _NONE_OF_IT.match(clause.lower) is not None
    if told and told[-1].end <= clause.part.start and clause.part.has("neg") and none_come:
        # "Uncontrolled brain metastases. Cannot be receiving X.": no terms were told on which such patients may come
        terms = [c for p in clause.reading.parts if p.start < clause.part.start for c in p.tagged(*_TERMS)]
        return bool(terms) or any(c.end <= named.mention.start for c in clause.part.tagged("permit"))
    return bool(told) and _OTHER_PATIENTS.search(clause.lower, told[-1].end, named.mention.start) is None


def asked_of_the_ill(named: Named) -> bool:
    """Whether a clause only tells when those with a disease may come who take nothing against it.

    "Autoimmune disease. These patients may be included if it is controlled without immunosuppressants.", "patients with autoimmune
    disease are eligible if …": that a drug is taken tells of no such disease, and of other patients the clause says nothing.
    """
    clause, mention = named.clause, named.mention
    known = clause.context.known
    taken = next((c for c in clause.part.tagged("permit") if c.end <= mention.start and not clause.in_exception(c.start)), None)
    if taken is None or not any(taken.end <= c.start < mention.start for c in clause.part.tagged("unless", "if")):
        return False
    suppresses = mention.key == _SUPPRESSANT or mention.key in known.steroids
    suppresses = suppresses or known.covers(replace(mention, kind="class", key=_SUPPRESSANT), mention)
    if not suppresses or named.anticancer:
        return False
    subject = clause.lower[clause.part.start : taken.start]
    ills = [m.start for m in clause.part.mentions if clause.context.of_another_disease(m) and m.key not in known.neoplasms]
    ills += [c.start for c in clause.part.tagged("disease")]
    if any(clause.found_before(_WITH, start, 90) for start in ills if start < taken.start):
        return True
    before = [p for p in clause.reading.parts if p.end <= clause.part.start]
    ill = any(p.has("disease") or any(clause.context.of_another_disease(m) for m in p.mentions) for p in before)
    taking = any(m.key == mention.key or known.covers(m, mention) or known.covers(mention, m) for p in before for m in p.mentions)
    return _THESE.search(subject) is not None and ill and not taking
