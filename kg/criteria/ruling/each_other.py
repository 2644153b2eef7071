"""What the rules of one clause leave to each other: "steroids above 10 mg a day, or other immunosuppressants", times of their own."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.own import Background
from kg.criteria.ruling.drafts import Draft
from kg.criteria.stances.negation import needs_no_washout
from kg.criteria.stances.roles import role_of
from kg.criteria.therapies.kinds_left_out import left_out
from kg.criteria.therapies.routes import by_mouth
from kg.criteria.times.own_times import Times, times_by_route, unstated
from kg.criteria.words.patterns import pattern
from kg.records import Carveout, Mention, Polarity, Role, Section, Window

_OTHER = re.compile(
    r"\b(?:other|remaining)\s+(?:(?:prior|previous|earlier)\s+|(?:forms?|kinds?|types?|class(?:es)?|lines?|courses?)\s+of\s+)?$"
)
_HORMONES = "endocrine-therapy"
_FOR_A_USE = re.compile(r"\s+(?:(?:used|given|taken|replacement|therapy)\s+)*(?:for|as|to)\b")
_UP_TO_IT = "up to the dose told beside it"
_WHICH_MUST_END = pattern("rules: which must end")


def leave_to_each_other(clause: ClauseReading, drafts: list[Draft]) -> None:
    """Except from each rule what the clause rules on in other words, and the kinds that its own words leave out.

    Arguments:
        clause: the clause.
        drafts: the rules on its therapies.
    """
    for draft in drafts:
        draft.carveouts = [
            *draft.carveouts,
            *_named_beside(clause, draft, drafts),
            *_non_kind(clause, draft),
            *_no_wash_out(clause, draft, drafts),
        ]


def leave_to_own_times(clause: ClauseReading, drafts: list[Draft], times: Times) -> None:
    """Except from the time of each rule the therapies that have another one: "3 weeks (6 weeks for nitrosoureas)".

    Arguments:
        clause: the clause.
        drafts: its rules.
        times: its times.
    """
    timed = {m.start for _, mentions in times.of_some for m in mentions}
    by_route = times_by_route(clause)
    for draft in drafts:
        draft.carveouts = [e for e in (_but_for(e, timed) for e in draft.carveouts) if e is not None]
        if draft.window is None:
            continue
        draft.carveouts += [
            Carveout("window", mentions, window, by_mouth(clause, mentions), text=window.text)
            for window, mentions in times.of_some
            if mentions
        ]
        _leave_to_routes(draft, by_route)
        if unstated(draft.window):
            told = [d for d in drafts if d.window is not None and not unstated(d.window) and d.polarity is draft.polarity]
            draft.carveouts += [Carveout("window", tuple(d.mentions), d.window, text=d.window.text) for d in told if d.window]


def _leave_to_routes(draft: Draft, told: list[tuple[Window, str]]) -> None:
    """Of times told by route the one without a route, or the longest, is that of the rule, and the others are exceptions from it."""
    own = draft.window
    if own is None or not any(own.text == window.text for window, _ in told):
        return
    alike = [(replace(window, within=own.within, anchor=own.anchor), route) for window, route in told]
    draft.window, _ = wide = max(alike, key=lambda t: (not t[1], t[0].months or 0, t[0].days or 0))
    others = (t for t in alike if t is not wide)
    draft.carveouts += [Carveout("window", (), window, (route,), text=window.text) for window, route in others]


def _but_for(exception: Carveout, timed: set[int]) -> Carveout | None:
    """An exception without what it gives a time of its own, which frees nobody before: "except 23 days for temozolomide"."""
    told = exception.routes or exception.settings or exception.max_dose_mg is not None or exception.dose_level or exception.window
    if exception.effect != "allows" or told or not any(m.start in timed for m in exception.mentions):
        return exception
    rest = tuple(m for m in exception.mentions if m.start not in timed)
    return replace(exception, mentions=rest) if rest else None


def _named_beside(clause: ClauseReading, draft: Draft, drafts: list[Draft]) -> list[Carveout]:
    """What the clause rules on in its own terms before "or other …": "steroids above 10 mg a day, or other immunosuppressants"."""
    if draft.polarity is not Polarity.EXCLUDES:
        return []
    known = clause.context.known
    wide = [
        m
        for m in draft.mentions
        if ("other" in clause.lower or "remaining" in clause.lower)
        and (_OTHER.search(clause.before(m.start, 30)) or m.text.startswith("other"))
    ]
    named = []
    beside = [d for d in drafts if wide and d is not draft and d.polarity is draft.polarity and not _bans_more(d, draft)]
    for mention in (m for d in beside for m in d.mentions if m not in draft.mentions):
        steroids = mention.kind == "class" and mention.key in known.steroids
        narrow = replace(mention, key="systemic-corticosteroid") if steroids else mention
        if any(mention.end <= m.start and known.covers(m, narrow) for m in wide):
            named.append(mention)
    before = clause.reading.parts if wide else ()
    # "X is required; no other drugs of its class", "X is permitted; all other drugs of its class are prohibited".
    asked = [p for p in before if p.end <= clause.part.start and not p.windows and not p.tagged("neg", "prohibit")]
    asked = [p for p in asked if clause.context.section is not Section.EXCLUSION or p.has("permit")]
    kinds = {p.start: ("drug", "class") if p.has("require") else ("drug",) for p in asked}
    left = [m for p in asked for m in p.mentions if m.kind in kinds[p.start] and any(m.key == w.key or known.covers(w, m) for w in wide)]
    again = {m.key for m in draft.mentions if m not in wide}  # "X in low doses is permitted; X or other drugs of its class are not"
    named += [m for m in left if m.key not in again]
    if named:
        return [Carveout("allows", tuple(named), None, text="named by themselves")]
    return _above_a_dose(draft, drafts, known)


def _no_wash_out(clause: ClauseReading, draft: Draft, drafts: list[Draft]) -> list[Carveout]:
    """What needs no time where all others do: "systemic therapy within 4 weeks (LHRH analogues: no washout)"."""
    if draft.polarity is not Polarity.EXCLUDES or draft.window is None:
        return []
    covers = clause.context.known.covers
    allowed = [(d.window, m) for d in drafts if d.polarity is Polarity.ALLOWS and d.role is draft.role for m in d.mentions]
    free = [m for window, m in allowed if window == draft.window or (window is None and needs_no_washout(clause, m))]
    named = tuple(m for m in free if any(covers(w, m) for w in draft.mentions))
    return [Carveout("allows", named, None, text="permitted by itself")] if named else []


def _bans_more(draft: Draft, other: Draft) -> bool:
    """Whether what a rule is of is banned whenever and for whatever it was had, so that another need not leave it out."""
    limits = (draft.window, draft.lines, draft.min_dose_mg)
    limited = draft.settings or draft.conditions or draft.own_disease or draft.doubts or draft.outcomes or draft.routes or draft.binds_if
    freed = all(exception in other.carveouts for exception in draft.carveouts)
    return draft.role is other.role and limits == (None, None, None) and freed and not limited


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
    # "Antiplatelet agents (aspirin above 300 mg a day)", "aspirin (up to 325 mg allowed), NSAIDs" let less aspirin pass.
    wide = [m for m in draft.mentions if m.kind == "class" and m.key not in known.steroids]  # "inhaled budesonide > 2 mg, oral steroids"
    return [
        Carveout("allows", (m,), max_dose_mg=most, text=_UP_TO_IT)
        for d in drafts
        for m in d.mentions
        if m.kind == "drug" and m.key not in known.prednisone and (most := _let_pass(d)) is not None
        if any((w.end <= m.start or m.end <= w.start) and known.covers(w, m) for w in wide)
    ]


def _let_pass(draft: Draft) -> float | None:
    """Up to which dose a rule lets its therapies pass."""
    if draft.min_dose_mg is not None:
        return draft.min_dose_mg
    return next((e.max_dose_mg for e in draft.carveouts if e.effect == "allows" and not e.mentions and e.max_dose_mg is not None), None)


def _non_kind(clause: ClauseReading, draft: Draft) -> list[Carveout]:
    """What "non-steroidal immunosuppressants" and "non-hormonal therapy" leave out, where it is not named beside them."""
    left = [left_out(clause, m) for m in draft.mentions if m.kind == "class"]
    named = {m.key for m in draft.mentions}
    return [Carveout("allows", (m,), None, text=m.text) for m in left if m is not None and m.key not in named]


def other_uses(clause: ClauseReading, drafts: list[Draft]) -> list[Draft]:
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


def ended_sooner(clause: ClauseReading, drafts: list[Draft]) -> list[Draft]:
    """What is excepted and must end sooner, and was not forbidden: "no chemotherapy within 2 weeks, except imatinib, which must be stopped 3 days before"."""  # noqa: E501
    if not clause.possible & _WHICH_MUST_END.bit:
        return []
    covers = clause.context.known.covers
    found: list[Draft] = []
    for draft in drafts if not any(d.lines for d in drafts) else ():
        for own in [c for c in draft.carveouts if c.effect == "window" and _WHICH_MUST_END.search(c.text)]:
            left = [m for m in own.mentions if not any(m.key == w.key or covers(w, m) for d in drafts for w in d.mentions)]
            if left and draft.polarity is Polarity.EXCLUDES:
                found.append(replace(draft, role=role_of(clause, left[0]), mentions=left, window=own.window, carveouts=[]))
    return found[:1]
