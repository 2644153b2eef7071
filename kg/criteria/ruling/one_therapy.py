"""One therapy of a clause → the rule that the clause states on it, and those that follow from how it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.criteria.bounds.carveouts import carveouts_of, excepts_from, of_another_disease, of_others
from kg.criteria.bounds.closed_lists import is_closed
from kg.criteria.bounds.doses import clause_doses, dose_allowed, dose_limit, physiologic_allowed, told_limit
from kg.criteria.bounds.doubts import BY_BODY_SIZE, OF_LATE, RECENT_START, doubts
from kg.criteria.bounds.limits import binds_if, in_combination, line_limit, list_ends, most_of, outcomes
from kg.criteria.bounds.only_so import heads_those_allowed, in_no_full_dose, only_so
from kg.criteria.bounds.ordinal_lines import ordinal_limits
from kg.criteria.bounds.permitted_if import kept_out_by_outcome
from kg.criteria.bounds.purposes import purpose
from kg.criteria.bounds.sequence import LATELY
from kg.criteria.clauses.clause import SYSTEMIC_ROUTES, ClauseReading
from kg.criteria.ruling.drafts import Draft, cue_words
from kg.criteria.stances.modality import modality
from kg.criteria.stances.negation import left_out_of_it
from kg.criteria.stances.past import (
    BEFORE_DIAGNOSIS,
    counts_to_diagnosis,
    excludes_old,
    told_by_its_start,
    used_for_a_disease,
)
from kg.criteria.stances.roles import asks, role_of
from kg.criteria.stances.stable import STABLE_DOSE
from kg.criteria.stances.stance import polarity_of, says_naive
from kg.criteria.stances.stopping import to_be_stopped
from kg.criteria.therapies.events import TAPERED
from kg.criteria.therapies.non_inducers import is_left_out
from kg.criteria.therapies.routes import OF_ONE_ROUTE, routes
from kg.criteria.times.durations import HOW_LONG, for_longer_or_lately
from kg.criteria.times.own_times import Times
from kg.criteria.times.timing import longest_ago
from kg.criteria.words.line_limits import line_limits
from kg.criteria.words.patterns import pattern
from kg.criteria.words.quantities import Span
from kg.criteria.words.time_windows import capped, shorter_end
from kg.records import LONGER_AGO, WHETHER_IT_GOES_ON, Carveout, LineLimit, Mention, Polarity, Role, Section, Window

_NO_MORE = pattern("rules: no more than permitted")
_HIGHER = pattern("rules: higher doses are out")
_BEHIND = 60
"""So near behind a permission stands what is said of higher doses than it permits."""
_KEEPS_UP = pattern("rules: keeps up")
_KEPT_UP = pattern("rules: kept up")
_ABOVE_PERMITTED = "a higher dose than it permits"
"""The doubt of a dose above one that is permitted: of it the sentence says nothing."""
_WHICH_END = "which end of the range of its time holds"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a clause says once, for each of its therapies to take what is of it."""

    times: Times
    lines: list[Span[LineLimit]]
    doses: list[Span[tuple[str, float]]]
    exceptions: list[Carveout]
    list_ends: dict[int, int]
    """Where the list ends that a therapy stands in, by the end of that therapy."""


def terms_of(clause: ClauseReading, subjects: list[Mention], times: Times) -> Terms:
    """What a clause says of its therapies together.

    Arguments:
        clause: the clause.
        subjects: the therapies that it rules on.
        times: its times.
    """
    doses = clause_doses(clause)
    return Terms(times, _line_limits(clause) if subjects else [], doses, carveouts_of(clause, doses), list_ends(clause, subjects))


def drafts_on(clause: ClauseReading, mention: Mention, terms: Terms) -> list[Draft]:
    """The rules on one therapy: the one that the clause states, parted by what is sure, and those that it implies on the same therapy.

    Arguments:
        clause: the clause.
        mention: the therapy.
        terms: what the clause says of all its therapies.
    """
    stated = _stated(clause, mention, terms)
    if stated is None:
        return []
    *for_longer, stated = _parted_by_length(clause, stated, terms)
    *in_shorter, stated = _parted_by_range(stated)
    *of_lines, stated = _parted_by_lines(clause, stated)
    *on_any_dose, draft = _parted_by_stability(clause, stated, terms)
    *by_start, draft = _parted_by_start(clause, draft)
    implied = (
        _too_long_ago(clause, draft),
        _above_stable(clause, draft, terms),
        _not_kept_up(clause, draft),
        _not_helped(clause, draft),
        _above_permitted(clause, draft, terms),
    )
    return [
        *for_longer,
        *in_shorter,
        *of_lines,
        *on_any_dose,
        *by_start,
        *_parted_by_size(clause, draft, terms),
        *(d for d in implied if d is not None),
    ]


# --- the rule that is stated ----------------------------------------------------------------------------------------------------------


def _stated(clause: ClauseReading, mention: Mention, terms: Terms) -> Draft | None:
    """The rule that a clause states on a therapy; none where it tells of the therapy without asking for it."""
    window = None if left_out_of_it(clause, mention) else terms.times.of(clause, mention)
    ended_then = window is not None and counts_to_diagnosis(clause, window)
    window = None if ended_then else window
    naive = says_naive(clause, mention)  # of those who never had it, lines and progression are those of other therapies
    polarity, lines, unsure = _stance(clause, mention, window, [] if naive else terms.lines)
    highest = _highest_asked(clause, mention, polarity, terms)
    polarity = polarity if highest is None else Polarity.EXCLUDES
    only = only_so(clause, mention, polarity)
    if is_left_out(mention) or heads_those_allowed(clause, mention):
        polarity = Polarity.EXCLUDES
    if only is not None:
        polarity = Polarity.EXCLUDES
        # "Only topical steroids" and "only weak inhibitors" leave no others.
        mention = replace(mention, key=OF_ONE_ROUTE.get(mention.key, mention.key), strengths=())
    # A wash-out holds whatever came of the therapy.
    came = outcomes(clause, mention, polarity) if not naive and (window is None or window.within) else ()
    if polarity is Polarity.REQUIRES and not came and not asks(clause, mention):
        clause.masked.append((mention, "not asked"))
        return None
    above = dose_limit(clause, mention, terms.doses)
    if polarity is Polarity.ALLOWS and above is not None and not clause.part.has("permit"):
        polarity = Polarity.EXCLUDES  # a bullet that slipped among exceptions: none frees a drug above a dose only
    last = terms.list_ends[mention.end]
    conditions, own, settings = purpose(clause, mention, last)
    freed, of_own_only = _freed(clause, mention, terms)
    freed = [e for e in freed if not _frees_all(e, settings)]
    own = own or (of_own_only and not conditions)
    of_cancer = own or bool(settings) or not clause.context.known.neoplasms.isdisjoint(conditions)
    unsure += (BEFORE_DIAGNOSIS,) * ended_then + doubts(clause, mention, polarity)
    return Draft(
        clause.part.start,
        clause.part.end,
        polarity,
        Role.PRIOR_THERAPY if ended_then else _role(clause, mention, polarity, window, bool(came), of_cancer),
        [mention],
        LATELY if window is None and not OF_LATE.isdisjoint(unsure) else window,
        freed + [e for e in (only, in_no_full_dose(clause, mention, polarity)) if e],
        conditions,
        own,
        settings,
        lines,
        above if highest is None else highest,
        () if only else routes(clause, mention),
        came,
        closed_list=is_closed(clause),
        combined=polarity is Polarity.EXCLUDES and in_combination(clause, mention),
        modality=modality(clause, mention, polarity),
        binds_if=binds_if(clause, mention, polarity, last),
        doubts=unsure,
        cues=cue_words(clause),
    )


def _stance(
    clause: ClauseReading, mention: Mention, window: Window | None, limits: list[Span[LineLimit]]
) -> tuple[Polarity, LineLimit | None, tuple[str, ...]]:
    """What a clause does with a therapy, for those with how many lines of it, and what is not sure of that."""
    lines = line_limit(clause, mention, limits)
    polarity, unsure = polarity_of(clause, mention, window, lines)
    if lines is None and polarity is Polarity.EXCLUDES and clause.context.known.is_anticancer(mention):
        lines = most_of(clause, mention)
    return polarity, lines, unsure


def _highest_asked(clause: ClauseReading, mention: Mention, polarity: Polarity, terms: Terms) -> float | None:
    """The dose, if a clause asks for one, above which a therapy keeps out: "steroids must be limited (or tapered) to 10 mg a day"."""
    known = clause.context.known
    if mention.key in known.steroids and polarity is Polarity.REQUIRES and not terms.doses:
        return physiologic_allowed(clause)
    if not terms.doses or known.is_anticancer(mention):
        return None
    tapered = clause.find(TAPERED)
    return dose_allowed(clause, mention, terms.doses) if tapered or polarity is Polarity.REQUIRES else None


def _role(clause: ClauseReading, mention: Mention, polarity: Polarity, window: Window | None, told_outcome: bool, of_cancer: bool) -> Role:
    """Whether what a patient had or what they take is meant; who may not take a drug for some time may be on it until then."""
    waits = window is not None and not clause.context.known.is_anticancer(mention)
    stops = window is None and polarity is Polarity.EXCLUDES and not told_outcome and to_be_stopped(clause, mention)
    role = Role.CONCOMITANT if waits or stops else role_of(clause, mention)
    if role is Role.CONCOMITANT and of_cancer and used_for_a_disease(clause, mention):
        return Role.PRIOR_THERAPY
    return role


def _freed(clause: ClauseReading, mention: Mention, terms: Terms) -> tuple[list[Carveout], bool]:
    """The exceptions from a rule on a therapy, and whether others free it for another cancer: what was given for this one keeps out."""
    # What is ruled on by what is excepted, as enzyme inducers are, is not free by that.
    exceptions = [e for e in terms.exceptions if not e.start <= mention.start < e.end and excepts_from(clause, e, mention)]
    freed = [e for e in (of_others(clause, e, mention) for e in exceptions) if e is not None]
    if not clause.context.known.is_anticancer(mention):
        return freed, False
    kept = [e for e in freed if not of_another_disease(clause, e)]
    return kept, len(kept) < len(freed)


def _frees_all(exception: Carveout, settings: tuple[str, ...]) -> bool:
    """Whether an exception tells nothing but the setting that a rule is of: "for metastatic disease, except resection of metastases"."""
    told = exception.mentions or exception.routes or exception.window or exception.max_dose_mg is not None or exception.dose_level
    return exception.effect == "allows" and not told and bool(settings) and set(settings) <= set(exception.settings)


def _line_limits(clause: ClauseReading) -> list[Span[LineLimit]]:
    """The numbers of lines that the clause tells of, and lines by their place."""
    prohibits = (c for c in clause.part.tagged("prohibit") if not clause.in_exception(c.start))
    excluding = clause.context.section is Section.EXCLUSION or next(prohibits, None) is not None
    said = clause.lower[clause.part.start : clause.part.end]
    return line_limits(said, excluding) + ordinal_limits(said, excluding)


# --- what follows from it -------------------------------------------------------------------------------------------------------------


def _parted_by_length(clause: ClauseReading, draft: Draft, terms: Terms) -> list[Draft]:
    """Of "for more than 1 month or within 12 weeks" a rule on what may have been given for so long, and one on what was lately."""
    mention, window = draft.mentions[0], draft.window
    if draft.polarity is not Polarity.EXCLUDES or window is None:
        return [draft]
    if not for_longer_or_lately(clause, mention, terms.list_ends[mention.end], window):
        return [draft]
    lately = replace(draft, doubts=_without(draft.doubts, HOW_LONG))
    return [replace(lately, window=None, doubts=(*lately.doubts, HOW_LONG)), lately]


def _parted_by_range(draft: Draft) -> list[Draft]:
    """Of "within 2-4 weeks (depending on the drug)" a rule on the 2 weeks that are sure, and one on those up to the 4 that may be meant.

    Of "2 weeks or 5 half-lives, whichever is longer (at most 4 weeks)" one on the 2 weeks, and one on the half-lives up to the 4.
    """
    if draft.window is None or draft.polarity is not Polarity.EXCLUDES:
        return [draft]
    if told := capped(draft.window):
        return [replace(draft, window=window) for window in told]
    shorter = shorter_end(draft.window)
    if shorter is None:
        return [draft]
    return [replace(draft, window=shorter), replace(draft, doubts=(*draft.doubts, _WHICH_END))]


def _parted_by_lines(clause: ClauseReading, draft: Draft) -> list[Draft]:
    """Of "one prior regimen of X, completed at least 4 weeks before" a rule on how many lines, and one on when the last must have ended."""
    ended = draft.polarity is Polarity.EXCLUDES and draft.window is not None and not draft.window.within
    if not ended or draft.lines is None or clause.context.section is Section.EXCLUSION:
        return [draft]
    polarity = Polarity.REQUIRES if draft.lines.maximum is None else Polarity.EXCLUDES
    return [replace(draft, polarity=polarity, window=None), replace(draft, lines=None)]


def _parted_by_stability(clause: ClauseReading, draft: Draft, terms: Terms) -> list[Draft]:
    """Of "on a stable dose and not on more than 4 mg" a rule on the stability of any dose, and one above which no stability helps."""
    told = STABLE_DOSE in draft.doubts and clause.context.section is not Section.EXCLUSION and clause.part.has("neg")
    if not told or dose_limit(clause, draft.mentions[0], terms.doses) is None:
        return [draft]
    return [replace(draft, min_dose_mg=None), replace(draft, doubts=_without(draft.doubts, STABLE_DOSE))]


def _parted_by_start(clause: ClauseReading, draft: Draft) -> list[Draft]:
    """What is kept out because it ended too long ago; where it is told by its start, what began that long ago is, too, and surely."""
    window = draft.window
    if window is None or window.within or not excludes_old(clause, draft.polarity):
        return [draft]
    old = replace(draft, window=None, doubts=(*draft.doubts, LONGER_AGO))
    if not told_by_its_start(clause):
        return [old]
    lately = Carveout("recent", (), window, text=window.text)
    begun = replace(draft, window=None, doubts=_without(draft.doubts, RECENT_START), carveouts=[*draft.carveouts, lately])
    return [begun, old]  # who ended longer ago than that began longer ago, too


def _too_long_ago(clause: ClauseReading, draft: Draft) -> Draft | None:
    """Of "at least 4 weeks, and no more than 10 weeks, since X" a rule on what ended longer ago than that, if nothing came after it."""
    waits = draft.polarity is Polarity.EXCLUDES and draft.window is not None and not draft.window.within
    if not waits or clause.context.section is Section.EXCLUSION or not clause.context.known.is_anticancer(draft.mentions[0]):
        return None
    longest = longest_ago(clause)
    if longest is None:
        return None
    lately = Carveout("recent", (), longest, text=longest.text)
    return replace(draft, window=None, doubts=(*draft.doubts, LONGER_AGO), carveouts=[*draft.carveouts, lately])


def _not_kept_up(clause: ClauseReading, draft: Draft) -> Draft | None:
    """Of a therapy of the cancer that has to go on, "must continue GnRH agonists", a rule on those in whom it has ended."""
    mention = draft.mentions[0]
    asked = draft.polarity is Polarity.REQUIRES and draft.role is Role.CONCOMITANT and clause.context.known.is_anticancer(mention)
    if not asked or draft.outcomes or clause.part.has("permit"):
        return None
    if not (clause.found_before(_KEEPS_UP, mention.start, 100) or clause.found_behind(_KEPT_UP, mention.end, 100)):
        return None
    now = Window(days=1, within=True, text="the day of the check")
    current = Carveout("recent", (), now, text=now.text)
    unsure = (*draft.doubts, WHETHER_IT_GOES_ON)
    return replace(draft, polarity=Polarity.EXCLUDES, role=Role.PRIOR_THERAPY, window=None, carveouts=[current], doubts=unsure)


def _parted_by_size(clause: ClauseReading, draft: Draft, terms: Terms) -> list[Draft]:
    """Of "more than 1 mg/kg" a rule on what is more in any adult, and one on what may be, in a small one."""
    excludes = draft.polarity is Polarity.EXCLUDES and BY_BODY_SIZE in draft.doubts
    if not excludes or told_limit(clause, draft.mentions[0], terms.doses) is not None:
        return [draft]
    lowest, highest = (told_limit(clause, draft.mentions[0], clause_doses(clause, of_size)) for of_size in (0, 1))
    if lowest is None or highest is None:
        return [draft]
    return [replace(draft, min_dose_mg=highest, doubts=_without(draft.doubts, BY_BODY_SIZE)), replace(draft, min_dose_mg=lowest)]


def _above_stable(clause: ClauseReading, draft: Draft, terms: Terms) -> Draft | None:
    """Of "off steroids, or on a stable dose of at most 10 mg" a rule on higher doses: above that no stability helps."""
    highest = dose_allowed(clause, draft.mentions[0], terms.doses) if STABLE_DOSE in draft.doubts else None
    if highest is None:
        return None
    settled = _without(draft.doubts, STABLE_DOSE)
    return replace(draft, min_dose_mg=highest, doubts=settled if _says_no_more_is_permitted(clause) else (*settled, _ABOVE_PERMITTED))


def _not_helped(clause: ClauseReading, draft: Draft) -> Draft | None:
    """Who is kept out of those whom a permission lets in on terms: "prior X is allowed if the patient responded"."""
    permits = draft.polarity is Polarity.ALLOWS and draft.role is Role.PRIOR_THERAPY
    terms = kept_out_by_outcome(clause, draft.mentions[0]) if permits else None
    if terms is None:
        return None
    outcome, unclear = terms
    return replace(draft, polarity=Polarity.EXCLUDES, window=None, carveouts=[], outcomes=outcome, doubts=unclear)


def _above_permitted(clause: ClauseReading, draft: Draft, terms: Terms) -> Draft | None:
    """Higher doses than those that are permitted, of a corticosteroid, or where it is said that they are out."""
    permitted = _permitted_dose(clause, draft.mentions[0], terms.doses) if draft.polarity is Polarity.ALLOWS else None
    if permitted is None:
        return None
    swallowed = [m for m in draft.mentions if m.key not in OF_ONE_ROUTE]  # "inhaled steroids and prednisone up to 10 mg are allowed"
    if not swallowed or (draft.routes and SYSTEMIC_ROUTES.isdisjoint(draft.routes)):
        return None
    unsure = () if _says_no_more_is_permitted(clause) else (_ABOVE_PERMITTED,)
    return replace(draft, polarity=Polarity.EXCLUDES, mentions=swallowed, window=None, carveouts=[], min_dose_mg=permitted, doubts=unsure)


def _says_no_more_is_permitted(clause: ClauseReading) -> bool:
    """Whether a clause that permits a dose says what is to be of higher ones; one that permits nothing forbids them."""
    if not clause.part.has("permit") or _higher_are_out(clause):
        return True
    return _NO_MORE.search(clause.lower, clause.part.start, clause.part.end) is not None


def _higher_are_out(clause: ClauseReading) -> bool:
    """Whether a permission goes on with a ban of higher doses: "prednisone up to 10 mg is allowed; higher doses are not"."""
    return bool(clause.possible & _HIGHER.bit) and _HIGHER.search(clause.lower, clause.part.start, clause.part.end + _BEHIND) is not None


def _permitted_dose(clause: ClauseReading, mention: Mention, doses: list[Span[tuple[str, float]]]) -> float | None:
    """Up to which dose a drug is permitted; what is said of patients with a disease holds for no others."""
    known = clause.context.known
    if not clause.part.has("permit") or known.is_anticancer(mention):
        return None
    higher_out = _higher_are_out(clause)
    if mention.key not in known.steroids and not higher_out:
        return None
    replaces = physiologic_allowed(clause)
    if replaces is not None:
        return replaces
    told = [*clause.reading.parts, *([clause.context.lead] if clause.context.lead else [])]
    if not higher_out and any(p.has("disease") or p.has("kind", "brain_metastases") for p in told):
        return None
    return dose_allowed(clause, mention, doses)


def _without(unsure: tuple[str, ...], settled: str) -> tuple[str, ...]:
    """Doubts but for one that is settled."""
    return tuple(d for d in unsure if d != settled)
