"""In which form alone a therapy may be taken: "only inhaled or topical steroids", "anticoagulation only with LMWH", in no full dose."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.bounds.doses import daily_doses
from kg.criteria.clauses.clause import GENERIC, SYSTEMIC_ROUTES, ClauseReading
from kg.criteria.clauses.exceptions import BUT_NOT
from kg.criteria.words.patterns import pattern
from kg.records import ANY_MEDICINE, Carveout, Mention, Polarity, Section

_ONLY = pattern("only so: only")
_SO = pattern("only so: so")
_MAY = pattern("only so: may")
_NEEDED = pattern("only so: if it is needed")
_MUST_BE_USED = pattern("only so: must be used")
_THATS_ALL = re.compile(r"\s*(?:[).,;]|$|(?:is|are|may|can|will)\b)")
"""What stands behind "only" where it is said of what stands before it: "(heparin only)"."""
_IS_THE = re.compile(r"\s+(?:is|are|will be)\s+the\s+")
_THE_ONLY = pattern("only so: the only")
_ARE = pattern("only so: are")
_ALLOWED_ONES = pattern("only so: allowed ones")
_FULL_DOSE_OF = pattern("only so: full dose of")
_IN_FULL_DOSE = pattern("only so: in full dose")
_OR_LESS = pattern("only so: or less")
_FULL_OUT = pattern("only so: full doses are out")
_BEHIND = 60
"""So near behind a permission stands what is said of full doses: "prophylactic heparin is allowed; therapeutic doses are not"."""
_TO_DOSE = re.compile(r"[\s,:<=\u2264]*(?:(?!\b(?:or|and|within|than)\b)[a-z]+[\s,:<=\u2264]+){0,7}(?:(?:no|not) more than\s+)?")
"""Between "only" and the highest dose that is permitted: "only at 1 mg/day", "only at doses of up to 100 mg"."""
_OF = re.compile(r"\bof\b")
_THINNERS = ("anticoagulant", "antiplatelet")
_NEAR = 25
"""How far from "therapeutic" it is told, in characters, that lower doses are meant, too."""


def only_so(clause: ClauseReading, mention: Mention, polarity: Polarity) -> Carveout | None:
    """What a clause leaves of a therapy that it otherwise keeps out: some routes, low doses, or one kind of it.

    Arguments:
        clause: one that permits a therapy or is about one.
        mention: the therapy.
        polarity: what the clause does with it, by its other words.
    """
    part, lower = clause.part, clause.lower
    known = clause.context.known
    if polarity is Polarity.EXCLUDES or known.is_anticancer(mention) or part.has("disease"):
        return None
    alone = _not_the_other(clause, mention)
    if alone is not None or part.has("except"):
        return alone
    told = part.has("permit") or bool(clause.found_before(_NEEDED, mention.end))
    if not told and (clause.context.section is Section.EXCLUSION or not _MAY.search(lower, part.start, part.end)):
        return None
    instead = _to_be_used(clause, mention) if told and not part.tagged("prohibit", "neg") else None
    if instead is not None:
        return instead
    full = _FULL_OUT.search(lower, mention.end, part.end + _BEHIND) if told and _thins_blood(clause, mention) else None
    if full is not None:
        return Carveout("allows", (mention,), None, dose_level="low", text=full.group())
    for only, end, at in _places(clause, mention):
        text = lower[only : part.end]
        routes = tuple(c.value for c in part.tagged("route") if c.start >= only and c.value not in SYSTEMIC_ROUTES)
        first = next((c.start for c in part.tagged("route") if c.start >= only), None)
        ahead = [c for c in part.tagged("route") if mention.end <= c.start and c.end < only]
        if ahead and ahead[-1].end + 1 == only and part.has("permit") and _THATS_ALL.match(lower, end, part.end):
            routes = tuple(c.value for c in ahead if c.value not in SYSTEMIC_ROUTES)
            return Carveout("allows", (mention,), None, routes, text=lower[ahead[0].start : end]) if routes else None
        if routes and first == at:
            return Carveout("allows", (mention,), None, routes, text=text)
        kinds = [m for m in part.therapies if m != mention and known.covers(mention, m)]
        left = _left(clause, mention, kinds, only, at)
        if left:
            return Carveout("allows", tuple(left), None, text=lower[min(only, left[0].start) : part.end])
        steroid = mention.key in known.steroids or mention.key in known.prednisone  # whose doses are read by their equivalents
        doses = daily_doses(lower) if mention.end <= only and not steroid else []
        dose = next((d for d in doses if d.start >= end), None)
        if dose is not None and _TO_DOSE.fullmatch(lower, end, dose.start):
            return Carveout("allows", (mention,), None, max_dose_mg=dose.value[1], text=text)
        low = any(c.start == at and c.value == "low" for c in part.tagged("dose"))
        if low and (mention.end <= only or _is_alone(clause, mention, at)):
            return Carveout("allows", (mention,), None, dose_level="low", text=text)
        purposes = {c.value for c in part.tagged("purpose") if c.start == at}
        if purposes and mention.end <= only:
            others = any(c.start > at and c.value != "replacement" for c in part.tagged("purpose"))
            replaced = purposes == {"replacement"} and not others and mention.key in known.steroids
            return Carveout("allows" if replaced else "purpose", (mention,), None, dose_level="physiologic" if replaced else "", text=text)
        if mention.strengths and part.has("permit") and mention.start == at:  # "only weak inhibitors are allowed"
            return Carveout("allows", (mention,), None, text=text)
    return None


def _places(clause: ClauseReading, mention: Mention) -> list[tuple[int, int, int]]:
    """(start, end, where it is told what) of words by which a therapy is let in alone so: "only", "those allowed are the following"."""
    lower, end = clause.lower, clause.part.end
    places = []
    for only in _ONLY.finditer(lower, clause.part.start, end):
        so = _SO.match(lower, only.end(), end)
        places.append((only.start(), only.end(), so.end() if so is not None else only.end()))
    told = _those_allowed(clause, mention)
    return places if told is None else [*places, (told, told, told)]


def _those_allowed(clause: ClauseReading, mention: Mention) -> int | None:
    """Where it begins which ones of a therapy are permitted: "allowed anticoagulants are the following: heparin"; None if not told."""
    if mention.key in (ANY_MEDICINE, *GENERIC) or not clause.part.has("permit"):
        return None
    ones = _ARE.match(clause.lower, mention.end, clause.part.end)
    if ones is None or not (ones["allowed"] or clause.found_before(_ALLOWED_ONES, mention.start, 80)):
        return None
    return ones.end()


def heads_those_allowed(clause: ClauseReading, mention: Mention) -> bool:
    """Whether the bullets below a clause tell which ones alone of a therapy are permitted: "allowed anticoagulants are:"."""
    if clause.context.known.is_anticancer(mention) or not clause.lower.rstrip().endswith((":", "following")):
        return False
    return _those_allowed(clause, mention) == clause.part.end


def _left(clause: ClauseReading, mention: Mention, kinds: list[Mention], only: int, at: int) -> list[Mention]:
    """Which kinds of a therapy are left, of those that the clause names; none where they stand elsewhere than "only" can be of them.

    Arguments:
        clause: the clause.
        mention: the therapy.
        kinds: kinds of it that the clause names.
        only: where "only" begins.
        at: where what it is of can begin.
    """
    behind = [m for m in kinds if m.start >= at]
    if behind and behind[0].start == at:
        return behind  # "anticoagulation only with heparin"
    lower = clause.lower
    ahead = [m for m in kinds if m.end <= only]
    if ahead and mention.start >= only and clause.part.has("permit") and _IS_THE.fullmatch(lower, ahead[-1].end, only):
        return ahead if _THE_ONLY.fullmatch(lower, only, mention.start) else []  # "heparin is the only anticoagulant allowed"
    behind = [m for m in kinds if m.start >= mention.end]
    if behind and mention.start >= only and clause.part.has("permit") and _THE_ONLY.fullmatch(lower, only, mention.start):
        return behind if _ARE.fullmatch(lower, mention.end, behind[0].start) else []  # "the only anticoagulants allowed are heparins"
    ahead = [m for m in ahead if m.start >= mention.end]
    if not ahead or lower[ahead[-1].end : only] != " ":
        return []
    # "If anticoagulation is needed, heparin only", "anticoagulation is permitted (heparin only)"
    alone = clause.found_before(_NEEDED, mention.end) is not None or _THATS_ALL.match(lower, at, clause.part.end) is not None
    return ahead if alone else []


def _not_the_other(clause: ClauseReading, mention: Mention) -> Carveout | None:
    """The form of a therapy that is permitted where another is not: "inhaled but not systemic steroids are allowed"."""
    found = clause.found_before(BUT_NOT, mention.start) if clause.part.has("permit") else None
    if found is None:
        return None
    start = mention.start - len(clause.before(mention.start)) + found.start("told")
    told = [c for c in clause.part.cues if c.start == start]
    routes = tuple(c.value for c in told if c.tag == "route" and c.value not in SYSTEMIC_ROUTES)
    low = any((c.tag == "dose" and c.value == "low") or (c.tag == "purpose" and c.value == "prophylaxis") for c in told)
    if not routes and not low:
        return None
    return Carveout("allows", () if routes else (mention,), None, routes, dose_level="" if routes else "low", text=found.group().strip())


def _to_be_used(clause: ClauseReading, mention: Mention) -> Carveout | None:
    """What must be taken of a therapy by those who need it: "if anticoagulation is required, heparin must be used"."""
    if clause.found_before(_NEEDED, mention.end) is None:
        return None
    kinds = [m for m in clause.part.therapies if m.start >= mention.end and clause.context.known.covers(mention, m)]
    at = next((n for n, m in enumerate(kinds, 1) if clause.found_behind(_MUST_BE_USED, m.end)), 0)
    if not at:
        return None
    return Carveout("allows", tuple(kinds[:at]), None, text=clause.lower[kinds[0].start : clause.part.end])


def _is_alone(clause: ClauseReading, mention: Mention, at: int) -> bool:
    """Whether a therapy is the only one that a clause names from a place on: "only low doses of warfarin"."""
    named = [m for m in clause.part.therapies if m.end > at]
    return len(named) == 1 and named[0].start == mention.start and not any(m.end <= at for m in clause.part.therapies)


def in_no_full_dose(clause: ClauseReading, mention: Mention, polarity: Polarity) -> Carveout | None:
    """The low doses of an anticoagulant of which a clause keeps out full ones: "full-dose anticoagulants", "therapeutic anticoagulation".

    Arguments:
        clause: one that speaks of doses.
        mention: the therapy.
        polarity: what the clause does with it.
    """
    told_full = any(c.value == "full" for c in clause.part.tagged("dose"))
    if not told_full or polarity is not Polarity.EXCLUDES or not _thins_blood(clause, mention):
        return None
    named = list(clause.part.therapies)
    for cue in clause.part.tagged("dose"):
        lower_too = _OR_LESS.search(clause.lower, max(0, cue.start - _NEAR), cue.end + _NEAR)
        if cue.value != "full" or lower_too or clause.in_exception(cue.start):
            continue
        first = next((m for m in named if m.end > cue.start), None)
        if first is None:  # then what it is of stands before it: "anticoagulants at therapeutic doses"
            start, end = mention.start, cue.end
            told = clause.found_before(_IN_FULL_DOSE, cue.start) is not None
        else:
            start, end = cue.start, first.end
            told = first.start <= mention.start and _thins_blood(clause, first) and not _is_of_none(clause, cue.end, first, mention)
            told = told and _FULL_DOSE_OF.fullmatch(clause.lower, cue.end, max(cue.end, first.start)) is not None
        if told:
            return Carveout("allows", (), None, dose_level="low", text=clause.lower[start:end])
    return None


def _is_of_none(clause: ClauseReading, end: int, first: Mention, mention: Mention) -> bool:
    """Whether a full dose is only of anticoagulants, and not of what acts on platelets: "full-dose anticoagulation or antiplatelets".

    Arguments:
        clause: the clause.
        end: where the words for the full dose end.
        first: the therapy that follows them.
        mention: the therapy that is asked about.
    """
    shared = _OF.search(clause.lower, end, max(end, first.start)) is not None  # "full doses of anticoagulants or antiplatelets"
    anticoagulants, _ = _THINNERS
    return not shared and _is_one(clause, first, anticoagulants) and not _is_one(clause, mention, anticoagulants)


def _thins_blood(clause: ClauseReading, mention: Mention) -> bool:
    """Whether it names anticoagulants or drugs on platelets, all of them or some."""
    return any(_is_one(clause, mention, key) for key in _THINNERS)


def _is_one(clause: ClauseReading, mention: Mention, key: str) -> bool:
    """Whether it names a class, or drugs of it."""
    return mention.key == key or clause.context.known.covers(replace(mention, kind="class", key=key), mention)
