"""Clauses that are not about drugs: their kind, the values they state, and the rules on conditions and biomarkers that they give."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import Part
from kg.criteria.ruling.drafts import Draft
from kg.criteria.therapies.set_aside import reason
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.names import Names
from kg.records import Mention, Modality, Polarity, Role, Section

_SIGNS = {
    "\u2265": "\u2265", ">=": "\u2265", "=>": "\u2265", ">/=": "\u2265", "greater than or equal to": "\u2265", "at least": "\u2265", "not less than": "\u2265",  # noqa: E501
    "\u2264": "\u2264", "<=": "\u2264", "=<": "\u2264", "</=": "\u2264", "less than or equal to": "\u2264", "at most": "\u2264", "up to": "\u2264", "no more than": "\u2264",  # noqa: E501
    "not exceed": "\u2264", "not exceeding": "\u2264", "not more than": "\u2264", ">": ">", "greater than": ">", "more than": ">", "above": ">", "exceeding": ">",  # noqa: E501
    "<": "<", "less than": "<", "below": "<", "=": "=",
}  # fmt: skip
_LIMIT = pattern("facts: limit")
_PARTS = re.compile(r"[;,(]|\band\b|\bor\b")
"""Between the values of several analytes."""
_ECOG = pattern("facts: ecog")
_KARNOFSKY = pattern("facts: karnofsky")
_PRIORITY = (
    "allergy", "consent", "pregnancy", "contraception", "performance_status", "laboratory", "life_expectancy", "brain_metastases", "second_malignancy",  # noqa: E501
    "toxicity_recovery", "cardiac", "infection", "autoimmune", "gastrointestinal", "pulmonary", "neurologic", "ophthalmic", "bleeding", "psychiatric",  # noqa: E501
    "organ_function", "measurable_disease", "tissue", "donor_transplant", "histology", "biomarker", "disease_stage", "investigational_participation",  # noqa: E501
    "age", "body_size", "sex", "compliance", "healthy_volunteers", "comorbidity", "trial_procedure",
)  # fmt: skip
_RANKS = {kind: rank for rank, kind in enumerate(_PRIORITY)}
_QUALIFIERS = pattern("facts: qualifiers")
_OPEN_BIOMARKER = pattern("facts: open biomarker")
_ALTERNATIVE = pattern("facts: alternative")
_POSITIVE = pattern("facts: positive")
_POSITIVE_BEFORE = pattern("facts: positive before")
_NEGATIVE = pattern("facts: negative")
_CONFIRMED = pattern("facts: confirmed")


def kind_of(part: Part, has_rule: bool, masked: list[tuple[Mention, str]]) -> str:
    """The kind of a clause; "" for none.

    It is `therapy` where the clause rules on one or was not understood, else what tells why its therapies are not ruled on, else the kind
    that its cues give.
    """
    if has_rule:
        return "therapy"
    if any(why == "allergy" for _, why in masked):
        return "allergy"
    aside = {(m.start, m.kind) for m, _ in masked}  # what a name is narrowed to stands in its place
    if any((m.start, m.kind) not in aside for m in part.therapies):
        return "therapy"
    if masked:
        return reason(masked[0][1]).kind
    ranks = [_RANKS[c.value] for c in part.tagged("kind") if c.value in _RANKS]
    return _PRIORITY[min(ranks)] if ranks else ""


def clause_facts(lower: str, kind: str) -> tuple[tuple[str, str], ...]:
    """Typed values of a clause: comparator, value and unit with the analyte for laboratory limits; scores for performance status."""
    facts: list[tuple[str, str]] = []
    if kind == "performance_status":
        if ecog := _ECOG.search(lower):
            facts += [("scale", "ECOG"), ("value", re.sub(r"\s+", "", ecog["value"]))]
        if kps := _KARNOFSKY.search(lower):
            facts += [("scale", "Karnofsky"), ("comparator", _SIGNS.get(kps["cmp"] or "", "")), ("value", kps["value"])]
        return tuple(facts)
    if kind in ("laboratory", "cardiac", "age", "life_expectancy", "organ_function", "body_size", "measurable_disease"):
        for match in _LIMIT.finditer(lower):
            before = _PARTS.split(lower[: match.start()])[-1].strip(" :-*")
            subject = before[-60:] or (facts[-4][1] if len(facts) >= 4 else "")
            facts += [
                ("analyte", subject),
                ("comparator", _SIGNS[match["cmp"]]),
                ("value", match["value"].replace(",", "")),
                ("unit", (match["unit"] or "").strip()),
            ]
    return tuple(facts)


def disease_drafts(clause: ClauseReading, has_therapy: bool, names: Names) -> list[Draft]:
    """Rules on the patient's conditions and biomarkers.

    Arguments:
        clause: the clause as read.
        has_therapy: whether it gave a rule on a therapy; its conditions then only say what the therapy was for.
        names: for the condition tree.
    """
    part, lower, context = clause.part, clause.lower, clause.context
    drafts: list[Draft] = []
    excluding = context.section is Section.EXCLUSION
    kinds = {m.kind for m in part.mentions}
    markers = {m.start for m in part.mentions if m.kind == "biomarker"} if "biomarker" in kinds else set()
    told = set()
    for mention in part.mentions if markers or "target" in kinds else ():
        # a gene that is a biomarker too is read once, and so is a name that is spelled out before
        if mention.kind == "biomarker" or (mention.kind == "target" and mention.start not in markers):
            found = _biomarker(mention, part, lower, excluding)
            drafts += [d for d in found if (mention.key, d.polarity, d.states, d.doubts) not in told]
            told |= {(mention.key, d.polarity, d.states, d.doubts) for d in found}
    if has_therapy or "condition" not in kinds:
        return drafts
    conditions = _stated_conditions(clause, names)
    if not conditions or part.has("kind", "second_malignancy"):
        return drafts
    negated = [c for c in part.tagged("neg") if c.end <= conditions[0].start]
    prohibits = part.has("prohibit")
    permits = part.has("permit") and not prohibits
    text = lower[part.start : part.end]
    if part.tagged("allergy", "toxicity") or permits:
        return drafts
    if excluding or negated or prohibits:
        if excluding and any(c.value == "predicate" for c in negated):
            return drafts
        doubts = tuple(dict.fromkeys(m.group() for m in _QUALIFIERS.finditer(text)))
        if any(names.knowledge.covers(m.key, own) for m in conditions for own in context.own_conditions):
            doubts += ("some form of the trial's own disease",)
        drafts.append(
            Draft(
                part.start,
                part.end,
                Polarity.EXCLUDES,
                Role.CONDITION,
                conditions,
                doubts=doubts,
                modality=Modality.MUST_NOT,
                cues=_words(part),
            )
        )
    elif part.has("kind", "histology") and _CONFIRMED.search(text):
        neoplasms = [m for m in conditions if names.knowledge.conditions[m.key].kind == "neoplasm"]
        if neoplasms:
            drafts.append(Draft(part.start, part.end, Polarity.REQUIRES, Role.CONDITION, neoplasms, cues=_words(part)))
    return drafts


def _stated_conditions(clause: ClauseReading, names: Names) -> list[Mention]:
    """The conditions that a clause speaks of: not those excepted, nor a general one that a parenthesis spells out ("sarcomas (Ewing's)")."""  # noqa: E501
    found = [m for m in clause.part.mentions if m.kind == "condition" and not clause.in_exception(m.start)]
    spelled_out = set()
    for start, end in clause.reading.parens:
        inside = [m for m in found if start < m.start < end]
        before = [m for m in found if m.end <= start <= m.end + 2]
        spelled_out |= {b.start for b in before if any(i.key != b.key and names.knowledge.covers(b.key, i.key) for i in inside)}
    return [m for m in found if m.start not in spelled_out]


def _biomarker(mention: Mention, part: Part, lower: str, excluding: bool) -> list[Draft]:
    after, before = lower[mention.end : min(part.end, mention.end + 40)], lower[max(part.start, mention.start - 50) : mention.start]
    if said := _NEGATIVE.match(after):
        state = (said.lastgroup or "negative").replace("_", " ")
    elif said := _POSITIVE.match(after):
        state = said.lastgroup or "positive"
    elif _POSITIVE_BEFORE.search(before):
        state = "positive"
    else:
        return []
    negated = any(c.end <= mention.start and mention.start - c.end < 40 for c in part.tagged("neg"))
    near = lower[max(part.start, mention.start - 25) : min(part.end, mention.end + 40)]
    if _OPEN_BIOMARKER.search(lower, part.start, part.end) or _ALTERNATIVE.search(near):
        doubts: tuple[str, ...] = ("alternatives or status",)
    else:
        doubts = ()
    if excluding == negated:
        return [
            Draft(part.start, part.end, Polarity.REQUIRES, Role.BIOMARKER, [mention], states=(state,), doubts=doubts, cues=_words(part))
        ]
    return [Draft(part.start, part.end, Polarity.EXCLUDES, Role.BIOMARKER, [mention], states=(state,), doubts=doubts, cues=_words(part))]


def _words(part: Part) -> tuple[str, ...]:
    return tuple(f"{c.tag}: {c.text}" for c in _informative(part.cues))


def _informative(cues: tuple[Cue, ...]) -> list[Cue]:
    return [c for c in cues if c.tag not in ("kind", "anchor", "medicines")]
