"""Daily doses: what a clause says of them ("more than 10 mg of prednisone a day"), and above which dose it binds a therapy."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.records import Mention, Section

_DOSE = pattern("doses: dose")
_ABOVE = pattern("doses: above")
_FROM = pattern("doses: from")
_BELOW = pattern("doses: below")
_UP_TO = pattern("doses: up to")
BY_SIZE = pattern("doses: by size")
_MILLIGRAMS = {"g": 1000.0, "mcg": 0.001}
_HIGH_BEFORE = pattern("doses: high before")
_OF_ONE = pattern("doses: of one")
_MUST_BE = re.compile(r"\b(?:must|should|has to|have to|needs? to)\s+be\s*$")
_AT_ONCE = pattern("doses: at once")
_NEAR = 80
"""How far, in characters, a dose can stand from the therapy that it is of."""
_EFFECTS_MG = {"immunosuppressive": 10.0, "supraphysiologic": 7.5, "high": 7.5}
"""Above how many mg of prednisone a day a corticosteroid does so, where the clause names no amount; none of less is a high dose."""
_HAIR = 0.001
"""Taken off a limit that counts itself ("≥ 20 mg"), so that all limits read "more than"."""


def daily_doses(lower: str) -> list[Span[tuple[str, float]]]:
    """Doses in mg with their comparator; a dose by body weight or surface is none.

    Arguments:
        lower: lower-case normal form.

    >>> [d.value for d in daily_doses("more than 10 mg prednisone per day, or 4 mg or less")]
    [('>', 10.0), ('≤', 4.0)]
    """
    found: list[Span[tuple[str, float]]] = []
    if "mg" not in lower and "gram" not in lower and " g" not in lower and "mcg" not in lower:
        return found
    for m in _DOSE.finditer(lower):
        if m["per"] == "week" or BY_SIZE.match(lower, m.start("unit")) or lower[max(0, m.start("value") - 1)] in "./":
            continue
        value = float(m["value"]) * _MILLIGRAMS.get(m["unit"], 1.0)
        found.append(Span(m.start(), m.end(), (_comparator(" ".join(((m["cmp"] or "") + " " + (m["post"] or "")).split())), value)))
    return found


def _comparator(words: str) -> str:
    for sign, says in (("\u2265", _FROM), ("\u2264", _UP_TO), (">", _ABOVE), ("<", _BELOW)):
        if says.search(words):
            return sign
    return ""


def clause_doses(clause: ClauseReading) -> list[Span[tuple[str, float]]]:
    """The doses of a clause; one of a corticosteroid ("4 mg of dexamethasone") is given as the prednisone that acts like it."""
    doses = daily_doses(clause.lower[clause.part.start : clause.part.end])
    if not doses:
        return doses
    factors = clause.context.known.prednisone
    steroids = [m for m in clause.part.mentions if m.kind == "drug" and m.key in factors]
    if not steroids:
        return doses
    found = []
    for dose in doses:
        start, end = clause.part.start + dose.start, clause.part.start + dose.end
        behind = next((m for m in steroids if m.start >= end and _OF_ONE.fullmatch(clause.lower[end : m.start])), None)
        ahead = next((m for m in reversed(steroids) if m.end <= start), None)
        one = behind or ahead or (steroids[0] if len({m.key for m in steroids}) == 1 else None)
        sign, value = dose.value
        found.append(Span(dose.start, dose.end, (sign, value * factors[one.key])) if one else dose)
    return found


def dose_limit(clause: ClauseReading, mention: Mention, doses: list[Span[tuple[str, float]]]) -> float | None:
    """The daily dose in mg above which the clause holds; in a clause that names a corticosteroid the dose is that one's.

    Arguments:
        clause: the clause.
        mention: the therapy.
        doses: its doses, as `clause_doses` gives them.
    """
    told = told_limit(clause, mention, doses)
    return _by_effect(clause, mention) if told is None else told


def told_limit(clause: ClauseReading, mention: Mention, doses: list[Span[tuple[str, float]]]) -> float | None:
    """The same, where the clause names an amount."""
    for dose in doses:
        start = clause.part.start + dose.start
        if clause.in_exception(start) or not _is_of(clause, dose, mention):
            continue
        sign, value = dose.value
        if sign == ">" or (sign == "" and clause.found_before(_HIGH_BEFORE, start, 25)):
            return value
        if sign == "\u2265":
            return value - _HAIR
        if sign in ("\u2264", "<") and _MUST_BE.search(clause.before(start, 25)) and clause.context.section is Section.EXCLUSION:
            return most(sign, value)  # "above replacement doses (must be < 5 mg of prednisone a day)"
    return None


def _by_effect(clause: ClauseReading, mention: Mention) -> float | None:
    """The limit of a corticosteroid of which the clause only tells what its doses do: "immunosuppressive doses of steroids"."""
    if mention.key not in clause.context.known.steroids:
        return None
    for cue in clause.part.tagged("dose"):
        if cue.value in _EFFECTS_MG and not clause.in_exception(cue.start) and (cue.value != "high" or _is_high(clause, cue, mention)):
            return _EFFECTS_MG[cue.value]
    return None


def _is_high(clause: ClauseReading, cue: Cue, mention: Mention) -> bool:
    """Whether "high-dose" is told of a corticosteroid: not in "high-dose chemotherapy, steroids", nor of all in "systemic or high doses of …"."""  # noqa: E501
    if clause.before(cue.start, 8).endswith("or "):
        return False
    between = [m for m in clause.part.therapies if cue.end <= m.start < mention.start]
    within = mention.start <= cue.start < mention.end
    return within or (0 <= mention.start - cue.end < _NEAR and all(m.key in clause.context.known.steroids for m in between))


def dose_allowed(clause: ClauseReading, mention: Mention, doses: list[Span[tuple[str, float]]]) -> float | None:
    """The highest daily dose in mg that the clause lets a therapy have: "up to 10 mg of prednisone a day are permitted"."""
    for dose in doses:
        sign, value = dose.value
        if sign in ("\u2264", "<") and not clause.in_exception(clause.part.start + dose.start) and _is_of(clause, dose, mention):
            return most(sign, value)
    return None


def most(sign: str, value: float) -> float:
    """The highest dose that a sign before a dose leaves: what is "< 10 mg" is less."""
    return value - _HAIR if sign == "<" else value


def _is_of(clause: ClauseReading, dose: Span[tuple[str, float]], mention: Mention) -> bool:
    """Whether a dose is the mention's: it stands near, and is not told of another therapy right beside it."""
    steroids = clause.context.known.steroids
    if mention.key not in steroids and any(m.key in steroids for m in clause.part.mentions):
        return False
    start, end = clause.part.start + dose.start, clause.part.start + dose.end
    if abs(start - mention.end) > _NEAR and abs(mention.start - start) > _NEAR:
        return False
    if mention.start >= end and _OF_ONE.fullmatch(clause.lower[end : mention.start]):
        return True
    others = [m for m in clause.part.therapies if m is not mention and m.key not in steroids]
    if mention.start >= end and any(m.end <= start and _AT_ONCE.fullmatch(clause.lower[m.end : start]) for m in others):
        return False  # "aspirin > 325 mg/day or anticoagulants"
    if mention.end <= start and any(
        mention.end <= m.start < m.end <= start and _AT_ONCE.fullmatch(clause.lower[m.end : start]) for m in others
    ):
        return False  # "warfarin or aspirin > 325 mg/day"
    paren = clause.reading.paren_of(start)
    if paren is None or paren == clause.reading.paren_of(mention.start):
        return True
    # "warfarin or heparin, antiplatelets (aspirin, > 300 mg)": a dose in brackets is of what stands in them or right before them.
    return not any(paren[0] < m.start < start or mention.end <= m.start < paren[0] for m in others)
