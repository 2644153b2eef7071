"""Clauses → rules: for every therapy that a clause names, which facts it looks at, what it does, in which window, with which exceptions."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.bounds.carveouts import carveouts_of, excepts_from, of_a_disease, of_another_disease
from kg.criteria.bounds.closed_lists import is_closed
from kg.criteria.bounds.doses import clause_doses, dose_allowed, dose_limit
from kg.criteria.bounds.doubts import LAST_PROGRESSION, RECENT_START, doubts
from kg.criteria.bounds.limits import binds_if, in_combination, line_limit, list_ends, most_of, outcomes
from kg.criteria.bounds.only_so import in_no_full_dose, only_so
from kg.criteria.bounds.ordinal_lines import ordinal_limits
from kg.criteria.bounds.permitted_if import kept_out_by_outcome
from kg.criteria.bounds.purposes import purpose
from kg.criteria.bounds.sequence import LATELY
from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.own import Background
from kg.criteria.clauses.reading import THERAPY_KINDS, Part
from kg.criteria.ruling.drafts import Draft, cue_words
from kg.criteria.ruling.limited_to import limited_to
from kg.criteria.ruling.out_of_sequence import out_of_sequence
from kg.criteria.ruling.untreated import untreated
from kg.criteria.stances.modality import modality
from kg.criteria.stances.negation import left_out_of_it
from kg.criteria.stances.past import LONGER_AGO, excludes_old, told_by_its_start, used_for_a_disease
from kg.criteria.stances.roles import asks, role_of
from kg.criteria.stances.stance import polarity_of, says_naive, to_be_stopped
from kg.criteria.therapies.adjuvant import tells_of_early_therapy
from kg.criteria.therapies.asides import of_no_patient
from kg.criteria.therapies.implied import implied
from kg.criteria.therapies.kinds_left_out import left_out
from kg.criteria.therapies.narrowing import narrowed
from kg.criteria.therapies.routes import OF_ONE_ROUTE, routes
from kg.criteria.therapies.subjects import says_again, subjects_of
from kg.criteria.times.binding import window_of
from kg.criteria.times.own_times import recently, spelled_out, timed_alone, unstated, unstated_before, unstated_window, windows_of_others
from kg.criteria.times.timing import usable_windows
from kg.criteria.words.patterns import one_of, pattern
from kg.criteria.words.quantities import Span, line_limits
from kg.records import Carveout, LineLimit, Mention, Polarity, Role, Rule, Section, Window

_OTHER = re.compile(r"\bother\s+(?:(?:prior|previous|earlier)\s+|(?:forms?|kinds?|types?|class(?:es)?|lines?|courses?)\s+of\s+)?$")
_HORMONES = "endocrine-therapy"
_FOR_A_USE = re.compile(r"\s+(?:(?:used|given|taken|replacement|therapy)\s+)*(?:for|as|to)\b")
_TAPERED = pattern("rules: tapered")
_MAY_BE_TAPERED = one_of("rules: tapered")
_MEDICINES = pattern("subjects: medicines")
_NAMES_AT_ONCE = pattern("rules: names at once")
_TIMED_ONLY = pattern("rules: timed only")

_UP_TO_IT = "up to the dose told beside it"
ABOVE_PERMITTED = "a higher dose than it permits"
"""The doubt of a dose above one that is permitted: of it the sentence says nothing."""
_WHICH_MUST_END = pattern("rules: which must end")
_MAY_END_SOONER = one_of("rules: which must end")
_IMPLYING = ("naive", "study", "interact", "implied", "untold", "first", "treated", "elided", "own", "medicines", "state", "elsewhere")
"""Tags of cues that speak of therapies without naming any."""


def implies(part: Part) -> bool:
    """Whether a clause can speak of therapies that it does not name: "treatment-naive", "study drug", "systemic or local therapy"."""
    return bool(part.tagged(*_IMPLYING)) or part.has("route", "systemic") or tells_of_early_therapy(part)


def speaks(part: Part) -> bool:
    """Whether a clause names anything, tells a time, or can speak of therapies that it does not name."""
    return bool(part.mentions or part.windows) or implies(part)


def drafts_of(clause: ClauseReading) -> list[Draft]:
    """The rules of the clause."""
    known = clause.context.known
    named = any(m.kind in THERAPY_KINDS or m.key in known.neoplasms for m in clause.part.mentions)
    timed = bool(clause.part.windows) and clause.context.lead is not None  # "to the chest within 4 weeks", below radiotherapy
    if not named and not timed and not implies(clause.part):
        return []
    subjects = subjects_of(clause)
    subjects += [m for m in implied(clause) if not of_no_patient(clause, m)]
    usable = usable_windows(clause, clause.part, clause.lower)
    others, usable = windows_of_others(clause, usable)
    others = [(w, tuple([n for m in mentions for n in [s for s in subjects if s.start == m.start] or [m]])) for w, mentions in others]
    apart = [m for _, mentions in others for m in mentions]
    heads = [m for m in subjects if m not in apart and spelled_out(clause, m, usable, others)] if clause.part.windows else []
    clause.masked += [(m, "label") for m in heads]
    subjects = [m for m in subjects if m not in heads]
    alone = timed_alone(clause, others, subjects)
    others = [(w, tuple([m for m in mentions if m not in alone])) for w, mentions in others]
    subjects = [m for m in subjects if (m not in apart or m in alone) and not says_again(clause, m)]
    drafts: list[Draft] = []
    limits = _line_limits(clause) if subjects else []
    doses = clause_doses(clause)
    exceptions = carveouts_of(clause, doses)
    lists = list_ends(clause, subjects)
    for mention in subjects:
        window = alone.get(mention) or unstated_before(clause, mention) or window_of(clause, mention, usable)
        window = window or unstated_window(clause, usable) or recently(clause, mention)
        window = None if left_out_of_it(clause, mention) else window
        naive = says_naive(clause, mention)  # of those who never had it, lines and progression are those of other therapies
        lines = None if naive else line_limit(clause, mention, limits)
        polarity, unsure = polarity_of(clause, mention, window, lines)
        if lines is None and polarity is Polarity.EXCLUDES and known.is_anticancer(mention):
            lines = most_of(clause, mention)
        tapered = clause.possible & _MAY_BE_TAPERED and _TAPERED.search(clause.lower, clause.part.start, clause.part.end)
        asked = polarity is Polarity.REQUIRES or tapered
        most = dose_allowed(clause, mention, doses) if asked and not known.is_anticancer(mention) else None
        if most is not None:
            polarity = Polarity.EXCLUDES  # "steroids must be limited (or tapered) to 10 mg a day": a higher dose keeps out
        only = only_so(clause, mention, polarity)
        if only is not None:
            polarity = Polarity.EXCLUDES
            mention = replace(mention, key=OF_ONE_ROUTE.get(mention.key, mention.key))  # "only topical steroids" leaves no others
        # A wash-out holds whatever came of the therapy.
        came = outcomes(clause, mention, polarity) if not naive and (window is None or window.within) else ()
        if polarity is Polarity.REQUIRES and not came and not asks(clause, mention):
            clause.masked.append((mention, "not asked"))
            continue
        above = dose_limit(clause, mention, doses)
        if polarity is Polarity.ALLOWS and above is not None and not clause.part.has("permit"):
            polarity = Polarity.EXCLUDES  # a bullet that slipped among exceptions: none frees a drug above a dose only
        role = role_of(clause, mention)
        if window is not None and not known.is_anticancer(mention):
            role = Role.CONCOMITANT
        if window is None and polarity is Polarity.EXCLUDES and not came and to_be_stopped(clause, mention):
            role = Role.CONCOMITANT
        conditions, own, settings = purpose(clause, mention, lists[mention.end])
        freed = [e for e in exceptions if excepts_from(clause, e, mention)]
        if known.is_anticancer(mention) and any(of_another_disease(clause, e) for e in freed):
            freed = [e for e in freed if not of_another_disease(clause, e)]
            own = own or not conditions  # "unless given for another cancer": what was given for this one keeps out
        of_cancer = own or settings or not known.neoplasms.isdisjoint(conditions)
        if role is Role.CONCOMITANT and of_cancer and used_for_a_disease(clause, mention):
            role = Role.PRIOR_THERAPY
        draft = Draft(
            clause.part.start, clause.part.end, polarity, role, [mention], window,
            freed + [e for e in (only, in_no_full_dose(clause, mention, polarity)) if e], conditions, own, settings, lines,
            above, () if only else routes(clause, mention), came, (), is_closed(clause),
            polarity is Polarity.EXCLUDES and in_combination(clause, mention),
            modality(clause, polarity), binds_if(clause, mention, polarity, lists[mention.end]),
            unsure + doubts(clause, mention, polarity), cue_words(clause),
        )  # fmt: skip
        if LAST_PROGRESSION in draft.doubts and window is None:
            draft.window = LATELY
        if most is not None:
            draft.min_dose_mg = most
        if (
            above is not None
            and clause.context.section is not Section.EXCLUSION
            and clause.part.has("neg")
            and "stable dose" in draft.doubts
        ):
            # "On a stable dose and not on more than 4 mg": above that no stability helps.
            drafts.append(replace(draft, mentions=[mention], min_dose_mg=None))
            draft.doubts = tuple(d for d in draft.doubts if d != "stable dose")
        if window is not None and not window.within and excludes_old(clause, polarity):
            if told_by_its_start(clause):  # who ended longer ago than that began longer ago, too
                lately = Carveout("recent", (), window, text=window.text)
                sure = tuple(d for d in draft.doubts if d != RECENT_START)
                drafts.append(replace(draft, window=None, doubts=sure, mentions=[mention], carveouts=[*draft.carveouts, lately]))
            draft.window, draft.doubts = None, (*draft.doubts, LONGER_AGO)
        drafts.append(draft)
        highest = dose_allowed(clause, mention, doses) if "stable dose" in draft.doubts else None
        if highest is not None:
            # "Off steroids, or on a stable dose of at most 10 mg": above that no stability helps.
            sure = tuple(d for d in draft.doubts if d != "stable dose")
            drafts.append(replace(draft, mentions=[mention], min_dose_mg=highest, doubts=sure))
        on_terms = kept_out_by_outcome(clause, mention) if polarity is Polarity.ALLOWS and role is Role.PRIOR_THERAPY else None
        if on_terms is not None:
            outcome, unclear = on_terms
            failed = replace(draft, polarity=Polarity.EXCLUDES, mentions=[mention], window=None, carveouts=[])
            drafts.append(replace(failed, outcomes=outcome, doubts=unclear))
        permitted = _permitted_dose(clause, mention, doses) if polarity is Polarity.ALLOWS else None
        if permitted is not None:
            above_it = replace(draft, polarity=Polarity.EXCLUDES, mentions=[mention], window=None, carveouts=[])
            drafts.append(replace(above_it, min_dose_mg=permitted, doubts=(ABOVE_PERMITTED,)))
    drafts += _left_out(clause, drafts, usable, doses)
    merged: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        alike = merged.get(draft.key())
        if alike is None:
            merged[draft.key()] = draft
        else:
            alike.mentions += draft.mentions
    result = list(merged.values())
    for draft in result:
        draft.carveouts += _named_beside(clause, draft, result) + _non_kind(clause, draft)
    result += _other_uses(clause, result) + _ended_sooner(clause, result)
    more = limited_to(clause) or out_of_sequence(clause, result, limits) or untreated(clause)
    for draft in more:
        draft.carveouts += [e for e in exceptions if not of_a_disease(clause, e)]
    result += more
    of_their_own = {m.start for _, mentions in others for m in mentions}
    for draft in result:
        draft.carveouts = [e for e in (_but_for(e, of_their_own) for e in draft.carveouts) if e is not None]
        for window, mentions in others:
            if draft.window is not None and mentions:
                draft.carveouts.append(Carveout("window", mentions, window, text=window.text))
        if draft.window is not None and unstated(draft.window):
            told = [d for d in result if d.window is not None and not unstated(d.window) and d.polarity is draft.polarity]
            draft.carveouts += [Carveout("window", tuple(d.mentions), d.window, text=d.window.text) for d in told if d.window]
    return result


def _but_for(exception: Carveout, timed: set[int]) -> Carveout | None:
    """An exception without what it gives a time of its own, which frees nobody before: "except 23 days for temozolomide"."""
    told = exception.routes or exception.settings or exception.max_dose_mg is not None or exception.dose_level or exception.window
    if exception.effect != "allows" or told or not any(m.start in timed for m in exception.mentions):
        return exception
    rest = tuple(m for m in exception.mentions if m.start not in timed)
    return replace(exception, mentions=rest) if rest else None


def _line_limits(clause: ClauseReading) -> list[Span[LineLimit]]:
    """The numbers of lines that the clause tells of, and lines by their place."""
    prohibits = (c for c in clause.part.tagged("prohibit") if not clause.in_exception(c.start))
    excluding = clause.context.section is Section.EXCLUSION or next(prohibits, None) is not None
    said = clause.lower[clause.part.start : clause.part.end]
    return line_limits(said, excluding) + ordinal_limits(said, excluding)


def _permitted_dose(clause: ClauseReading, mention: Mention, doses: list[Span[tuple[str, float]]]) -> float | None:
    """Up to which dose a corticosteroid is permitted; what is said of patients with a disease holds for no others."""
    known = clause.context.known
    if mention.key not in known.steroids or not clause.part.has("permit"):
        return None
    told = [*clause.reading.parts, *([clause.context.lead] if clause.context.lead else [])]
    if any(p.has("disease") or p.has("kind", "brain_metastases") for p in told):
        return None
    return dose_allowed(clause, mention, doses)


def _left_out(clause: ClauseReading, drafts: list[Draft], usable: list[Span[Window]], doses: list[Span[tuple[str, float]]]) -> list[Draft]:
    """What a permission leaves out: "prior immunotherapy is permitted, except ipilimumab", "allowed unless given within 4 weeks"."""
    permission = next((d for d in drafts if d.polarity is Polarity.ALLOWS), None) or _medicines_permitted(clause, drafts)
    if permission is None and any(c.text == "but not" for c in clause.part.tagged("except")):
        permission = next((d for d in drafts if d.polarity is Polarity.REQUIRES), None)  # "received X but not Y"
    return [] if permission is None else _excepted(clause, permission, usable, doses)


def left_out_apart(clause: ClauseReading, permission: Rule) -> list[Draft]:
    """What a sentence of its own leaves out of a permission before it: "Any prior therapy is allowed. Exception: MEK inhibitors."."""
    part = clause.part
    draft = Draft(part.start, part.end, Polarity.ALLOWS, permission.role, list(permission.mentions), cues=cue_words(clause))
    return _excepted(clause, draft, usable_windows(clause, part, clause.lower), clause_doses(clause))


def _excepted(clause: ClauseReading, permission: Draft, usable: list[Span[Window]], doses: list[Span[tuple[str, float]]]) -> list[Draft]:
    """The rules on what a clause excepts from a permission."""
    found = []
    told = [m for m, why in clause.masked if why in ("told before", "anchor")]
    for start, end, kind in clause.exceptions:
        cue = next((c for c in clause.part.tagged("except", "unless") if c.start == start), None)
        if cue is None:
            continue
        window = next((w.value for w in usable if start <= w.start < end and w.value.within), None)
        therapies = [m for m in clause.part.mentions if m.kind in THERAPY_KINDS and start <= m.start < end]
        left_out = replace(permission, polarity=Polarity.EXCLUDES, window=window, carveouts=[])
        if not therapies:
            if permission.mentions and window is not None and _TIMED_ONLY.match(clause.lower, cue.end, end):
                found.append(replace(left_out, mentions=[*permission.mentions]))
            continue
        ahead = [m for m in clause.part.mentions if m.kind in THERAPY_KINDS and m.end <= start]
        if ahead and ahead[-1] in told:
            continue  # "an interval since completion of the systemic treatment (excluding hormonal therapy)" only says how to count
        if kind != "except" or not _NAMES_AT_ONCE.fullmatch(clause.lower, cue.end, therapies[0].start):
            continue
        settings = tuple(dict.fromkeys(c.value for c in clause.part.tagged("setting") if therapies[-1].end <= c.start < end))
        if settings and any(start <= c.start < end for c in clause.part.tagged("permit")):
            # "… except X, which is only allowed in the adjuvant setting"
            left_out.carveouts = [Carveout("allows", settings=settings, text=clause.lower[start:end])]
        elif settings:
            left_out.settings = settings
        left_out.min_dose_mg = next((d.value[1] for d in doses if d.value[0] == ">" and start <= clause.part.start + d.start < end), None)
        for mention in (n for m in therapies for n in narrowed(clause, m)):
            found.append(replace(left_out, mentions=[mention], role=left_out.role if permission.mentions else role_of(clause, mention)))
    return found


def _medicines_permitted(clause: ClauseReading, drafts: list[Draft]) -> Draft | None:
    """A permission of medicines at large: "other concomitant medications are allowed, except …"."""
    part = clause.part
    if drafts or clause.context.section is Section.EXCLUSION or part.tagged("neg", "prohibit", "if"):
        return None
    first = next((c for c in part.tagged("permit") if not clause.in_exception(c.start)), None)
    if first is None:
        return None
    if not _MEDICINES.search(clause.before(first.start, 20)):
        return None
    return Draft(part.start, part.end, Polarity.ALLOWS, Role.CONCOMITANT, [], cues=cue_words(clause))


def _named_beside(clause: ClauseReading, draft: Draft, drafts: list[Draft]) -> list[Carveout]:
    """What the clause rules on in its own terms before "or other …": "steroids above 10 mg a day, or other immunosuppressants"."""
    if draft.polarity is not Polarity.EXCLUDES:
        return []
    known = clause.context.known
    wide = [m for m in draft.mentions if "other" in clause.lower and _OTHER.search(clause.before(m.start, 30))]
    named = []
    for mention in (m for d in drafts if wide and d is not draft and d.polarity is draft.polarity for m in d.mentions):
        steroids = mention.kind == "class" and mention.key in known.steroids
        narrow = replace(mention, key="systemic-corticosteroid") if steroids else mention
        if any(mention.end <= m.start and known.covers(m, narrow) for m in wide):
            named.append(mention)
    before = clause.reading.parts if wide and clause.context.section is not Section.EXCLUSION else ()
    # "X is required; no other drugs of its class".
    asked = [p for p in before if p.end <= clause.part.start and not p.windows and not p.tagged("neg", "prohibit")]
    kinds = {p.start: ("drug", "class") if p.has("require") else ("drug",) for p in asked}
    named += [m for p in asked for m in p.mentions if m.kind in kinds[p.start] and any(m.key == w.key or known.covers(w, m) for w in wide)]
    if named:
        return [Carveout("allows", tuple(named), None, text="named by themselves")]
    return _above_a_dose(draft, drafts, known)


def _above_a_dose(draft: Draft, drafts: list[Draft], known: Background) -> list[Carveout]:
    """What a class leaves to a corticosteroid told of with a dose: "prednisone above 10 mg a day, or immunosuppressants"."""
    if draft.min_dose_mg is not None:
        return []
    for other in drafts:
        for mention in other.mentions if other.min_dose_mg is not None else ():
            if mention.key not in known.steroids and mention.key not in known.prednisone:
                continue
            steroids = Mention(mention.start, mention.end, "class", "systemic-corticosteroid", mention.text)
            if any(m.key not in known.steroids and known.covers(m, steroids) for m in draft.mentions):
                return [Carveout("allows", (steroids,), max_dose_mg=other.min_dose_mg, text=_UP_TO_IT)]
    # "Antiplatelet agents (aspirin above 300 mg a day)" lets less aspirin pass.
    named = [(m, d.min_dose_mg) for d in drafts for m in d.mentions if m.kind == "drug" and m.key not in known.prednisone]
    dosed = [(m, most) for m, most in named if most is not None]
    wide = [m for m in draft.mentions if m.kind == "class"]
    return [
        Carveout("allows", (m,), max_dose_mg=most, text=_UP_TO_IT)
        for m, most in dosed
        if any(w.end <= m.start and known.covers(w, m) for w in wide)
    ]


def _non_kind(clause: ClauseReading, draft: Draft) -> list[Carveout]:
    """What "non-steroidal immunosuppressants" and "non-hormonal therapy" leave out."""
    left = [left_out(clause, m) for m in draft.mentions if m.kind == "class"]
    return [Carveout("allows", (m,), None, text=m.text) for m in left if m is not None]


def _other_uses(clause: ClauseReading, drafts: list[Draft]) -> list[Draft]:
    """Steroids, where some uses of them are all that hormonal therapy leaves: "no hormonal therapy except steroids for adrenal failure".

    The uses may stand in bullets: "no hormonal therapy except for the following: / * steroids for adrenal failure".
    """
    excluded = [d for d in drafts if d.polarity is Polarity.EXCLUDES and d.role is Role.CONCOMITANT]
    hormones = next((d for d in excluded if any(m.key == _HORMONES for m in d.mentions)), None)
    above = clause.context.lead.mentions if clause.context.lead is not None and clause.context.excepts_below else ()
    below = any(m.key == _HORMONES for m in above)
    if below:
        hormones = next((d for d in drafts if d.polarity is Polarity.ALLOWS and d.role is Role.CONCOMITANT), None)
    for mention in clause.part.mentions if hormones else ():
        steroid = mention.key in clause.context.known.steroids and (below or clause.in_exception(mention.start))
        if hormones and steroid and _FOR_A_USE.match(clause.after(mention.end)):
            systemic = replace(mention, key="systemic-corticosteroid")
            doubts = ("uses that it does not name",)
            return [replace(hormones, polarity=Polarity.EXCLUDES, mentions=[systemic], carveouts=[], doubts=doubts)]
    return []


def _ended_sooner(clause: ClauseReading, drafts: list[Draft]) -> list[Draft]:
    """What is excepted and must end sooner, and was not forbidden: "no chemotherapy within 2 weeks, except imatinib, which must be stopped 3 days before"."""  # noqa: E501
    if not clause.possible & _MAY_END_SOONER:
        return []
    covers = clause.context.known.covers
    found: list[Draft] = []
    for draft in drafts if not any(d.lines for d in drafts) else ():
        for own in [c for c in draft.carveouts if c.effect == "window" and _WHICH_MUST_END.search(c.text)]:
            left = [m for m in own.mentions if not any(m.key == w.key or covers(w, m) for d in drafts for w in d.mentions)]
            if left and draft.polarity is Polarity.EXCLUDES:
                found.append(replace(draft, role=role_of(clause, left[0]), mentions=left, window=own.window, carveouts=[]))
    return found[:1]
