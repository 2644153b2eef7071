"""Daily doses: what a clause says of them ("more than 10 mg of prednisone a day"), and above which dose it binds a therapy."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import GENERIC, ClauseReading
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
_OR_HIGH_DOSE = pattern("narrowing: or in a high dose")
_HIGH_BEFORE = pattern("doses: high before")
_OF_ONE = pattern("doses: of one")
_MUST_BE = re.compile(r"\b(?:must|should|has to|have to|needs? to)\s+be\s*$")
_AT_ONCE = pattern("doses: at once")
_TOLD_AT_ONCE = pattern("doses: told at once")
_AS_MUCH_OF_OTHERS = pattern("doses: or as much of others")
_TO_SUPPRESS = pattern("narrowing: to suppress immunity")
_UP_TO_PHYSIOLOGIC = pattern("doses: up to physiologic")
_ANOTHER = re.compile(r",\s*(?:(?:or|and)\s+)?(?:an?|any)\s")
"""Behind a dose and its drug, the next in a list, which has no such dose: "high-dose alkylating agents, a PARP inhibitor"."""
_OR_CHRONIC = re.compile(r"\bor\s+(?:(?:any|the|use|of|other|all)\s+)*(?:chronic|long-?term|prolonged|continuous)\b")
_BEHIND_IT = re.compile(r"\b(?:in|at)\s+(?:(?:an?|very|such|daily)\s+)*$")
"""Before words for a dose that is told behind its drug."""
_NEAR = 80
"""How far, in characters, a dose can stand from the therapy that it is of."""
_EFFECTS_MG = {"pulse": 249.0, "immunosuppressive": 10.0, "supraphysiologic": 7.5, "high": 7.5}
"""Above how many mg of prednisone a day a corticosteroid does so, where the clause names no amount; none of less is a high dose."""
_SHARED = ("high", "pulse")
"""Words of them that chemotherapy has, too."""
_KILOGRAMS, _SQUARE_METRES = (40.0, 120.0), (1.3, 2.5)
"""Between which lie the body weights and surfaces of adults."""
_SURFACE = ("m2", "m^2", "m\u00b2")
_MORE = (">", "\u2265")
_OR_DOSE = re.compile(r"[^.;:\d]{0,60}\b(?P<or>or)\b[^.;:\d]{0,30}\d")
_HAIR = 0.001
"""Taken off a limit that counts itself ("≥ 20 mg"), so that all limits read "more than"."""


def daily_doses(lower: str, of_size: int | None = None) -> list[Span[tuple[str, float]]]:
    """Doses in mg with their comparator; a dose by body weight or surface is none.

    Arguments:
        lower: lower-case normal form.
        of_size: instead the doses by weight or surface, as those of the smallest (0) or the largest adult (1).

    >>> [d.value for d in daily_doses("more than 10 mg prednisone per day, or 4 mg or less")]
    [('>', 10.0), ('≤', 4.0)]
    """
    found: list[Span[tuple[str, float]]] = []
    if "mg" not in lower and "gram" not in lower and " g" not in lower and "mcg" not in lower:
        return found
    for m in _DOSE.finditer(lower):
        sized = BY_SIZE.match(lower, m.start("unit"))
        if m["per"] == "week" or (sized is None) != (of_size is None) or lower[max(0, m.start("value") - 1)] in "./":
            continue
        value = float(m["value"]) * _MILLIGRAMS.get(m["unit"], 1.0)
        if sized is not None and of_size is not None:
            value *= (_SQUARE_METRES if sized.group().endswith(_SURFACE) else _KILOGRAMS)[of_size]
        start = m.start("value" if m["named"] else 0)  # of "more than prednisone 10 mg" the dose stands behind its drug
        found.append(Span(start, m.end(), (_comparator(" ".join(((m["cmp"] or "") + " " + (m["post"] or "")).split())), value)))
    return found


def _comparator(words: str) -> str:
    for sign, says in (("\u2265", _FROM), ("\u2264", _UP_TO), (">", _ABOVE), ("<", _BELOW)):
        if says.search(words):
            return sign
    return ""


def clause_doses(clause: ClauseReading, of_size: int | None = None) -> list[Span[tuple[str, float]]]:
    """The doses of a clause; one of a corticosteroid ("4 mg of dexamethasone") is given as the prednisone that acts like it.

    Arguments:
        clause: the clause.
        of_size: as of `daily_doses`.
    """
    doses = daily_doses(clause.lower[clause.part.start : clause.part.end], of_size)
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
    for at, dose in enumerate(doses):
        start = clause.part.start + dose.start
        if clause.in_exception(start) or not is_of(clause, dose, mention):
            continue
        sign, value = dose.value
        if sign in _MORE or (sign == "" and clause.found_before(_HIGH_BEFORE, start, 25)):
            return min(_limits(clause, mention, doses[at:]))
        if sign in ("\u2264", "<") and _MUST_BE.search(clause.before(start, 25)) and clause.context.section is Section.EXCLUSION:
            return most(sign, value)  # "above replacement doses (must be < 5 mg of prednisone a day)"
    return None


def _limits(clause: ClauseReading, mention: Mention, doses: list[Span[tuple[str, float]]]) -> list[float]:
    """Above which doses it begins by the first of some, and by those told by "or" behind: "> 20 mg/day, or > 10 mg for 2 weeks"."""
    limits: list[float] = []
    end = None
    for dose in doses:
        sign, value = dose.value
        if end is not None and not (sign in _MORE and _is_or_told(clause, end, dose) and is_of(clause, dose, mention)):
            break
        limits.append(value - _HAIR if sign == "\u2265" else value)
        end = clause.part.start + dose.end
    return limits


def _is_or_told(clause: ClauseReading, end: int, dose: Span[tuple[str, float]]) -> bool:
    """Whether "or" leads from where a dose ends to one of no drug of its own: not "prednisone > 20 mg/day or dexamethasone > 2 mg"."""
    joined = _OR_DOSE.match(clause.lower, end)
    if joined is None:
        return False
    behind = clause.part.start + dose.end
    drugs = (m.start for m in clause.part.mentions if m.kind == "drug" and m.start > joined.end("or"))
    first = next(drugs, None)
    return first is None or (first >= behind and not _OF_ONE.fullmatch(clause.lower, behind, first))


def _by_effect(clause: ClauseReading, mention: Mention) -> float | None:
    """The limit of a corticosteroid of which the clause only tells what its doses do: "immunosuppressive doses of steroids"."""
    if mention.key not in clause.context.known.steroids:
        return None
    told = {
        cue.value
        for cue in clause.part.tagged("dose")
        if cue.value in _EFFECTS_MG and not clause.in_exception(cue.start) and (cue.value not in _SHARED or _is_told(clause, cue, mention))
    }
    return next((mg for effect, mg in _EFFECTS_MG.items() if effect in told), None)


def _is_told(clause: ClauseReading, cue: Cue, mention: Mention) -> bool:
    """Whether "high-dose" or "pulse" is told of a corticosteroid: not in "high-dose chemotherapy, steroids", nor of all in "systemic or high doses of …"."""  # noqa: E501
    if clause.before(cue.start, 8).endswith("or "):
        return False
    between = [m for m in clause.part.therapies if cue.end <= m.start < mention.start]
    within = mention.start <= cue.start < mention.end or clause.lower[mention.end : cue.start] == " "
    return within or (0 <= mention.start - cue.end < _NEAR and all(m.key in clause.context.known.steroids for m in between))


def dose_allowed(clause: ClauseReading, mention: Mention, doses: list[Span[tuple[str, float]]]) -> float | None:
    """The highest daily dose in mg that the clause lets a therapy have: "up to 10 mg of prednisone a day are permitted"."""
    for dose in doses:
        sign, value = dose.value
        if sign in ("\u2264", "<") and not clause.in_exception(clause.part.start + dose.start) and is_of(clause, dose, mention):
            return most(sign, value)
    return None


def physiologic_allowed(clause: ClauseReading) -> float | None:
    """The prednisone a day that a clause lets a patient have: "corticosteroids at or below physiologic doses are allowed"."""
    return _EFFECTS_MG["supraphysiologic"] if clause.find(_UP_TO_PHYSIOLOGIC) else None


def most(sign: str, value: float) -> float:
    """The highest dose that a sign before a dose leaves: what is "< 10 mg" is less."""
    return value - _HAIR if sign == "<" else value


def _of_all_steroids(clause: ClauseReading, start: int, end: int, mention: Mention) -> bool:
    """Whether the dose at [start, end) is one of steroids told far from it: "used steroids in the last month and had more than 3 mg"."""
    if mention.key not in clause.context.known.steroids:
        return False
    between = (_TOLD_AT_ONCE, mention.end, start) if mention.end <= start else (_AS_MUCH_OF_OTHERS, end, mention.start)
    return between[0].fullmatch(clause.lower, *between[1:]) is not None


def is_of(clause: ClauseReading, dose: Span[tuple[str, float]], mention: Mention) -> bool:
    """Whether a dose is the mention's: it stands near, and is not told of another therapy right beside it."""
    steroids = clause.context.known.steroids
    if mention.kind == "pk":
        return False  # "those on CYP3A4 inhibitors should have their dose lowered to 100 mg"
    if mention.key not in steroids and any(m.key in steroids for m in clause.part.mentions):
        return False
    start, end = clause.part.start + dose.start, clause.part.start + dose.end
    if abs(start - mention.end) > _NEAR and abs(mention.start - start) > _NEAR and not _of_all_steroids(clause, start, end, mention):
        return False
    if mention.start >= end and _OF_ONE.fullmatch(clause.lower[end : mention.start]):
        return True
    if mention.start >= end and _OR_CHRONIC.search(clause.lower, end, mention.end):
        return False  # "prednisone > 20 mg/day, or any chronic steroid use"
    # Of "systemic treatment with > 10 mg of prednisone" all that is told is its route; "other hormones" may be read as steroids.
    others = [m for m in clause.part.therapies if m.start != mention.start and m.key not in steroids and m.key not in GENERIC]
    if mention.key in steroids and (aim := _TO_SUPPRESS.match(clause.lower, mention.end)):
        others = [m for m in others if not mention.end < m.start < aim.end()]  # "steroids for immunosuppressive purposes (> 10 mg/day)"
    if mention.start >= end and any(m.end <= start and _AT_ONCE.fullmatch(clause.lower[m.end : start]) for m in others):
        return False  # "aspirin > 325 mg/day or anticoagulants"
    if any(end <= m.start < mention.start and _OF_ONE.fullmatch(clause.lower[end : m.start]) for m in others):
        return False  # "more than 325 mg of aspirin or anticoagulants"
    if mention.end <= start and any(
        mention.end <= m.start < m.end <= start and _AT_ONCE.fullmatch(clause.lower[m.end : start]) for m in others
    ):
        return False  # "warfarin or aspirin > 325 mg/day"
    paren = clause.reading.paren_of(start)
    if paren is None or paren == clause.reading.paren_of(mention.start):
        return True
    # "warfarin or heparin, antiplatelets (aspirin, > 300 mg)": a dose in brackets is of what stands in them or right before them.
    return not any(paren[0] < m.start < start or mention.end <= m.start < paren[0] for m in others)


def of_a_high_dose(clause: ClauseReading, mention: Mention) -> bool:
    """Whether only high doses of it are told of, and no dose says how high: "high-dose methotrexate"."""
    high = [c for c in clause.part.tagged("dose") if c.value == "high" and abs(c.end - mention.start) < 40]
    if mention.kind == "pk" or any(_is_behind_its_drug(clause, c) and c.end <= mention.start for c in high):
        return False  # "vitamins in high dose, herbal remedies", "high-dose vitamins, strong CYP3A4 inducers"
    if clause.context.known.is_anticancer(mention):  # "conventional or high-dose chemotherapy" is any
        high = [c for c in high if not clause.found_before(_OR_HIGH_DOSE, c.start, 40)]
    high = [c for c in high if not _ANOTHER.search(clause.lower, c.end, mention.start) and not _is_of_one_before(clause, c.end, mention)]
    return bool(high) and told_limit(clause, mention, clause_doses(clause)) is None


def _is_behind_its_drug(clause: ClauseReading, cue: Cue) -> bool:
    """Whether words for a dose follow what has it: "vitamins in high dose"; not those of "at high doses of steroids"."""
    return _BEHIND_IT.search(clause.before(cue.start, 20)) is not None and not clause.lower.startswith(" of ", cue.end)


def _is_of_one_before(clause: ClauseReading, end: int, mention: Mention) -> bool:
    """Whether what ends there is told of a drug before a class of others: "high-dose aspirin, or anticoagulants"."""
    first = next((m for m in clause.part.therapies if m.start >= end), mention)
    if mention.kind != "class" or first.kind != "drug" or first.end > mention.start or clause.context.known.is_anticancer(mention):
        return False
    return not clause.context.known.covers(mention, first)
