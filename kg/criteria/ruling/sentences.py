"""What a sentence does with the rules of those before it in its criterion: it permits, times anew, softens, or only says them again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from kg.criteria.bounds.carveouts import carveouts_of, exceptions_in
from kg.criteria.bounds.doses import clause_doses
from kg.criteria.bounds.doubts import HIGH_DOSE, RECENT_START, UNNAMED_EXCEPTIONS
from kg.criteria.clauses.clause import EARLY, GENERIC, ClauseReading
from kg.criteria.clauses.own import Background, identity
from kg.criteria.clauses.reading import Part
from kg.criteria.ruling.drafts import Draft
from kg.criteria.ruling.untreated import NEWLY_DIAGNOSED
from kg.criteria.stances.stable import STABLE_DOSE
from kg.criteria.therapies.routes import OF_ONE_ROUTE, given_to_one_place
from kg.criteria.times.durations import HOW_LONG
from kg.criteria.times.own_times import unstated
from kg.criteria.words.origin import Origin
from kg.criteria.words.patterns import pattern
from kg.records import Carveout, Mention, Modality, Polarity, Role, Rule, Window

_LEFT_OPEN = frozenset({HOW_LONG, NEWLY_DIAGNOSED})
"""Doubts of a therapy that a later sentence can forbid outright."""
_HAD = re.compile(r"\b(?:received|had|been\s+(?:given|treated|exposed)|undergone)\b")
_THE_FOLLOWING = re.compile(r"\bthe\s+following\s+(?:[\w-]+\s+){0,3}$")
"""Before "therapies are allowed if …": those that the bullets below name."""
_BY_ITSELF = re.compile(r"\b(?:mono-?\s?therap(?:y|ies)|single[- ]agents?|alone)\b", re.IGNORECASE)
_UNCOUNTED = re.compile(r"\b(?:no limits?|unlimited|any number|not (?:be )?count\w*|regardless)\b", re.IGNORECASE)
_OF_NUMBERS = re.compile(r"\b(?:no (?:upper )?limits?|unlimited|any number)\b", re.IGNORECASE)
"""How many therapies there may have been, not how lately."""
_NOT_ASKED = re.compile(
    r"\bnot (?:required|needed|necessary|mandatory) (?:for|to) (?:(?:the|study|trial|be)\s+)*(?:participat|enrol|eligib|entry|inclu)",
    re.IGNORECASE,
)
"""A therapy that nobody needs to have had is not thereby free."""
_OTHERS = re.compile(r"\bother\s+(?:(?:prior|previous|types?|kinds?|forms?|classes|of)\s+){0,3}$")
_ELSEWHERE = pattern("together: exceptions elsewhere")
"""A sentence that only says that exceptions are made that it does not name: "Some exceptions apply.", "Exceptions may be granted."."""
_DEFINES = re.compile(
    r"\s+(?:(?:may|can|would)\s+)?(?:includes?|comprises?|consists?\s+of|means?|refers?\s+to|(?:is|are)\s+defined\s+as)\b"
)
_THESE_INCLUDE = re.compile(
    r"(?:these|this|those|examples|such (?:drugs|agents|products|medications|therap\w+|treatments?))\s+(?:\w+\s+)?include"
)
_TO_DEFINED = 20
"""So many characters at most stand before what a sentence defines: "examples of …"."""
_IF_UNAVOIDABLE = pattern("together: if unavoidable")
_IF = re.compile(r"\W*(?:note:?\s+)?(?:however,?\s+)?(?:if|when|where|in case)\b")
_WITH_CARE = pattern("together: with care")
_LETS_SOME_THROUGH = pattern("together: lets some through")

Permissions = dict[tuple[tuple[str, ...], Window | None], list[Mention]]
"""Therapies that a clause permits, by the settings that it permits them in and the time that must have passed."""


# --- what it permits of them ----------------------------------------------------------------------------------------------------------


def permissions_of(clause: ClauseReading, drafts: Iterable[Draft]) -> Permissions:
    """What a clause permits itself; one that ends in a colon leaves that to the bullets below it.

    Arguments:
        clause: the clause.
        drafts: its rules in the making.
    """
    found: Permissions = {}
    listed = clause.lower.startswith("the following ", clause.part.start)
    for draft in drafts:
        late = draft.window if _is_permission_in_time(clause, draft) else None
        on_terms = HOW_LONG in draft.doubts and clause.part.has("permit")
        meant = [m for m in draft.mentions if not (listed and m.key in GENERIC) and not _THE_FOLLOWING.search(clause.before(m.start))]
        meant = [m for m in meant if not (given_to_one_place(clause, m) or _was_not_had(clause, m))]
        if not meant:
            continue
        if draft.polarity is Polarity.ALLOWS or late is not None or on_terms:
            found.setdefault((draft.settings, late), []).extend(meant)
    return {} if clause.lower.endswith(":", clause.part.start, clause.part.end) else found


def _was_not_had(clause: ClauseReading, mention: Mention) -> bool:
    """Whether those come who never had it, which frees nobody who had: "patients who have not received chemotherapy are eligible"."""
    denied = any(c.end <= mention.start and _HAD.search(clause.lower, c.start, mention.start) for c in clause.part.tagged("neg"))
    return denied and not clause.part.windows and any(c.start >= mention.end for c in clause.part.tagged("permit"))


def permit(rules: list[Rule], numbers: Iterable[int], clause: ClauseReading, permissions: Permissions, origin: Origin) -> None:
    """Make what a clause permits an exception from rules before it.

    Arguments:
        rules: all rules of the trial, changed in place.
        numbers: those that the permission is about.
        clause: the clause.
        permissions: what it permits.
        origin: places it in the record's text.
    """
    lead = clause.context.lead
    timed = clause.part.windows and not clause.part.has("permit")  # a time below "exceptions:" is one that they have instead
    kind = "except" if timed and lead is not None and lead.tagged("except", "unless") else "permit"
    found = exceptions_in(clause, clause.part.start, clause.part.end, kind, clause_doses(clause))
    exceptions = [origin.carveout(e) for e in found]
    for number in numbers:
        for exception in exceptions:
            for (settings, late), named in permissions.items():
                at_large = exception.effect == "allows" and not (settings or late or _is_special(exception))
                mentions = [m for m in named if not _is_of_others(clause, m, rules[number], at_large)]
                if late is not None and not (settings or _tells_early(clause)):
                    mentions = _of_other_times(mentions, rules[number])
                told = {identity(m) for m in exception.mentions} if len(exceptions) > 1 else ()
                own = [m for m in mentions if identity(m) in told]  # of exceptions side by side each frees its own
                of_forms = exception.dose_level and not own and all(m.key in OF_ONE_ROUTE for m in mentions)
                freed = exception.mentions if told and of_forms else origin.mentions(own or mentions)  # "inhaled X or physiologic doses"
                if mentions or not named:
                    rules[number] = _permitted(rules[number], _limited(exception, settings, late), freed)


def _limited(exception: Carveout, settings: tuple[str, ...], late: Window | None) -> Carveout:
    """An exception in the settings that a permission tells of, and after the time that it asks for."""
    settings_told = settings or exception.settings
    if late is None or exception.effect not in ("allows", "window"):
        return replace(exception, settings=settings_told)
    early = tuple(s for s in settings_told if settings or s in EARLY)
    return replace(exception, effect="window", window=late, settings=early)


def except_apart(rules: list[Rule], made: Iterable[int], clause: ClauseReading, origin: Origin) -> None:
    """Free what a sentence of its own tells of as excepted from the rules before it: "Exceptions: hormonal therapy.".

    Arguments:
        rules: all rules of the trial, changed in place.
        made: the numbers of those that exclude and that the criterion has given so far.
        clause: the sentence.
        origin: places it in the record's text.
    """
    apart = [origin.carveout(e) for e in carveouts_of(clause, clause_doses(clause))]
    sooner = clause.part.has("unless")  # "a shorter interval may be considered" frees nobody who is kept out for good
    for number in (n for n in made if not sooner or rules[n].window is not None):
        rules[number] = rules[number].with_carveouts(*apart)


def _permitted(rule: Rule, exception: Carveout, mentions: Sequence[Mention]) -> Rule:
    """A rule with what a later sentence permits ("Topical steroids are allowed.") as an exception.

    "Allowed anticoagulants are: heparin" frees heparin, not the class that was forbidden: a permission without a form, dose or purpose of
    its own frees only what the rule does not itself name.

    Arguments:
        rule: the rule that forbids.
        exception: the permission read as an exception, placed in the record's text.
        mentions: the therapies that it permits, placed likewise.
    """
    if rule.combined and _BY_ITSELF.search(exception.text):
        return rule  # "prior monotherapy with X is allowed" frees nobody who had it together with Y
    if _NOT_ASKED.search(exception.text) or (rule.window and not exception.window and _OF_NUMBERS.search(exception.text)):
        return rule
    special = _is_special(exception)
    if rule.lines is not None and rule.lines.maximum and not special and not _UNCOUNTED.search(exception.text):
        return rule  # what may have been had is still counted
    if not special and exception.effect not in ("purpose", "conditional", "no-cancer"):
        same = {identity(m) for m in rule.mentions}
        mentions = [m for m in mentions if identity(m) not in same]
        if not mentions:
            return rule
    # "For patients who had X, at least 6 months have passed since it": what goes on from the front of a clause says it whole.
    begun = [c for c in rule.carveouts if exception.effect == "window" and c.effect == "allows" and c.start == exception.start]
    kept = [c for c in rule.carveouts if c not in begun]
    if HIGH_DOSE in rule.doubts and exception.effect == "allows" and exception.max_dose_mg is not None and not exception.routes:
        # "No high-dose steroids. Up to 10 mg of prednisone are permitted.": what is more is a high dose.
        rule = replace(rule, min_dose_mg=exception.max_dose_mg, doubts=tuple(d for d in rule.doubts if d != HIGH_DOSE))
    return replace(rule, carveouts=(*kept, replace(exception, mentions=tuple(mentions))))


def _is_special(exception: Carveout) -> bool:
    """Whether an exception has a form, setting, dose or time of its own."""
    return bool(exception.routes or exception.settings or exception.max_dose_mg is not None or exception.dose_level or exception.window)


def _is_of_others(clause: ClauseReading, mention: Mention, rule: Rule, at_large: bool) -> bool:
    """Whether a class is permitted but for what a rule names of it: "Prior dasatinib. Prior receipt of other TKIs is permitted.".

    So is one that is permitted at large and wider than all that the rule names: "Prior dasatinib. Prior TKIs are permitted."
    """
    wider = [m.key != mention.key and clause.context.known.covers(mention, m) for m in rule.mentions]
    if _OTHERS.search(clause.before(mention.start, 30)) is not None:
        return any(wider)
    return at_large and all(wider)


def _is_permission_in_time(clause: ClauseReading, draft: Draft) -> bool:
    """Whether a clause permits what was given early and ended long enough ago: "adjuvant X is allowed if 6 months have passed"."""
    if draft.polarity is not Polarity.EXCLUDES or draft.window is None or draft.window.within or unstated(draft.window):
        return False
    # Not "eligible if 4 weeks have passed since X", "must be off X for 2 weeks (Y is allowed)".
    behind = [c for c in clause.part.tagged("permit") if c.start >= draft.mentions[0].end and clause.reading.paren_of(c.start) is None]
    return bool(behind and not draft.conditions) or (clause.part.has("permit") and (bool(draft.settings) or _tells_early(clause)))


def _tells_early(clause: ClauseReading) -> bool:
    """Whether a clause tells of treatment of early disease."""
    return any(c.value in EARLY for c in clause.part.tagged("setting"))


def _of_other_times(mentions: list[Mention], rule: Rule) -> list[Mention]:
    """Which of the therapies that a sentence permits after some time are free of a rule then: kinds of what this keeps out whenever given.

    "No prior chemotherapy for advanced disease. Chemotherapy is permitted if it ended 6 months before." does not speak of the same.
    """
    same = {identity(m) for m in rule.mentions}
    return [] if rule.settings or rule.own_disease else [m for m in mentions if identity(m) not in same]


# --- what it says again, or more closely ----------------------------------------------------------------------------------------------


def beside_those_before(rules: list[Rule], made: Sequence[int], clause: ClauseReading, drafts: list[Draft], origin: Origin) -> list[Draft]:
    """The drafts of a clause that say more than the rules before it, which take over the times that it tells of their therapies.

    Arguments:
        rules: all rules of the trial, changed in place.
        made: the numbers of those that exclude and that the criterion has given so far.
        clause: the clause; what it only says again is masked.
        drafts: its rules in the making.
        origin: places its words in the record's text.
    """
    for number in made if drafts and clause.part.windows else ():
        rules[number] = _timed_by_examples(clause, drafts, rules[number])
    _times_of_those_before(rules, made, drafts, clause.context.known, origin.carveout)
    before = [rules[n] for n in made]
    drafts = [_but_for_a_short_time(clause, _of_the_same(clause, d, before), before) for d in drafts]
    kept = []
    for draft in drafts:
        if _repeats(draft, before):
            clause.masked += [(m, "repeats") for m in draft.mentions]
        else:
            kept.append(draft)
    return kept


def _repeats(draft: Draft, rules: Iterable[Rule]) -> bool:
    """Whether a draft only speaks again of therapies that the criterion already ruled on, with no window or limit of its own.

    Arguments:
        draft: the rule in the making.
        rules: those that the criterion has given so far.
    """
    if draft.lines is not None or draft.conditions:
        return False
    keys = {identity(m) for m in draft.mentions}
    rules = [r for r in rules if draft.window in (None, r.window) and draft.settings in ((), r.settings)]
    rules = [r for r in rules if _LEFT_OPEN.isdisjoint(r.doubts) or draft.doubts]  # "Newly diagnosed; no prior therapy": that is sure
    rules = [r for r in rules if r.modality in (draft.modality, Modality.MUST_NOT)]  # "inducers are discouraged, strong ones prohibited"
    if "neg: no" in draft.cues:  # "up to 2 prior lines in part A; no prior therapy in part B"
        rules = [r for r in rules if r.lines is None or not r.lines.maximum]
    rules = [r for r in rules if not (draft.outcomes and r.window is not None)]  # who progressed on it is kept out whenever that was
    if STABLE_DOSE in draft.doubts:  # "except up to 20 mg. However, patients on steroids must be on a stable dose" binds those excepted
        rules = [r for r in rules if not r.carveouts or STABLE_DOSE in r.doubts]
    rules = [r for r in rules if r.role is draft.role and r.polarity is draft.polarity and keys <= {identity(m) for m in r.mentions}]
    return any(all(any(_is_as_strong(m, told) for told in r.mentions) for m in draft.mentions) for r in rules)


def _but_for_a_short_time(clause: ClauseReading, draft: Draft, rules: Iterable[Rule]) -> Draft:
    """A ban with what may have been had for some time left open: "Up to 8 weeks of adjuvant X is allowed. Otherwise no prior X."."""
    keys = {identity(m) for m in draft.mentions}
    told = next((r for r in rules if HOW_LONG in r.doubts and keys <= {identity(m) for m in r.mentions}), None)
    if told is None or draft.settings or draft.polarity is not Polarity.EXCLUDES or draft.role is not told.role:
        return draft
    above = next(p for p in reversed(clause.reading.parts) if p.start < clause.part.start)
    left_open = Carveout("depends", tuple(draft.mentions), settings=told.settings, start=above.start, end=above.end)
    return replace(draft, carveouts=[*draft.carveouts, left_open])


def _is_as_strong(mention: Mention, told: Mention) -> bool:
    """Whether inhibitors or inducers that are told of again are among those told of before: "strong or moderate ones. Strong ones …"."""
    return identity(mention) == identity(told) and (not told.strengths or set(mention.strengths) <= set(told.strengths))


def goes_on(draft: Draft, rules: Iterable[Rule]) -> bool:
    """Whether only the start of a therapy is forbidden that the same criterion lets go on: "X may continue. X may not be initiated."."""
    if RECENT_START not in draft.doubts or draft.window is not None:
        return False
    keys = {identity(m) for m in draft.mentions}
    permits = (r for r in rules if r.polarity is Polarity.ALLOWS and r.role is Role.CONCOMITANT)
    return any(keys <= {identity(m) for m in r.mentions} for r in permits)


def _of_the_same(clause: ClauseReading, draft: Draft, rules: Iterable[Rule]) -> Draft:
    """A draft as what a sentence only defines is ruled on before it: "No concurrent cancer therapy. Cancer therapies include X."."""
    head = clause.part.mentions[0] if clause.part.mentions else None
    if head is None or head.start - clause.part.start > _TO_DEFINED or not _DEFINES.match(clause.lower, head.end, clause.part.end):
        return draft
    told = next((r for r in rules if identity(head) in {identity(m) for m in r.mentions}), None)
    if told is None or draft.window is not None:
        return draft
    return replace(draft, polarity=told.polarity, role=told.role, window=told.window, settings=told.settings, modality=told.modality)


def _timed_by_examples(clause: ClauseReading, drafts: Iterable[Draft], rule: Rule) -> Rule:
    """A rule with the time that a sentence tells of its examples: "Herbal products. These include kava and ginseng within 7 days."."""
    if rule.window is not None or not _THESE_INCLUDE.match(clause.lower, clause.part.start, clause.part.end):
        return rule
    covers = clause.context.known.covers
    timed = (d for d in drafts if d.window is not None and d.polarity is rule.polarity)
    draft = next((d for d in timed if any(identity(r) == identity(m) or covers(r, m) for r in rule.mentions for m in d.mentions)), None)
    return rule if draft is None else replace(rule, window=draft.window, role=draft.role)


def _times_of_those_before(
    rules: list[Rule], made: Iterable[int], drafts: Iterable[Draft], known: Background, placed: Callable[[Carveout], Carveout]
) -> None:
    """Times of some kinds that a clause tells of a therapy of the clause before: "no chemotherapy within 3 weeks, and no biologics within 1 week (6 weeks if a nitrosourea)".

    Arguments:
        rules: all rules of the trial, changed in place.
        made: the numbers of those that the criterion has given so far.
        drafts: the rules in the making, changed in place.
        known: for which class takes in what.
        placed: places an exception in the record's text.
    """  # noqa: E501
    timed = [n for n in made if rules[n].window is not None]
    for draft in drafts if timed else ():
        for own in [c for c in draft.carveouts if c.effect == "window" and c.mentions]:
            if _takes_in(known, draft.mentions, own.mentions):
                continue
            for number in (n for n in timed if _takes_in(known, rules[n].mentions, own.mentions)):
                there = rules[number].carveouts
                rules[number] = replace(rules[number], carveouts=there if placed(own) in there else (*there, placed(own)))
                draft.carveouts = [c for c in draft.carveouts if c is not own]


def _takes_in(known: Background, wide: Iterable[Mention], narrow: Iterable[Mention]) -> bool:
    return any(identity(w) == identity(n) or known.covers(w, n) for w in wide for n in narrow)


# --- whom it lets through -------------------------------------------------------------------------------------------------------------


def soften(rules: list[Rule], made: Iterable[int], part: Part, lower: str) -> None:
    """Let some through whom the rules before it keep out, by a sentence that names no therapy.

    Arguments:
        rules: all rules of the trial, changed in place.
        made: the numbers of those that exclude and that the criterion has given so far.
        part: the sentence.
        lower: the words of the criterion.
    """
    of_use, of_all = _terms_of_use(part, lower), _lets_some_through(part, lower)
    untold = of_all is None and not part.therapies and _ELSEWHERE.match(lower, part.start, part.end) is not None
    unnamed = (UNNAMED_EXCEPTIONS,) if untold else ()
    for number in made if of_use or of_all or unnamed else ():
        rule = rules[number]
        terms = of_all or (of_use if rule.role is Role.CONCOMITANT else None)
        softer = terms if terms is not None and rule.modality is Modality.MUST_NOT else rule.modality
        rules[number] = replace(rule, modality=softer, doubts=(*rule.doubts, *unnamed))


def _terms_of_use(part: Part, lower: str) -> Modality | None:
    """On what terms a sentence lets those in who need what was forbidden before: "If use is necessary, discuss with the sponsor."."""
    kept_on = part.tagged("cannotstop")  # "if it can not be discontinued, notify the sponsor"
    denied = [c for c in part.tagged("prohibit", "neg") if not any(o.start <= c.start and c.end <= o.end for o in kept_on)]
    if denied or not (_IF if kept_on else _IF_UNAVOIDABLE).match(lower, part.start, part.end):
        return None
    if part.has("approval"):
        return Modality.APPROVAL
    if part.has("discretion"):
        return Modality.DISCRETION
    return Modality.CAUTION if part.tagged("caution", "avoid") or _WITH_CARE.search(lower, part.start, part.end) else None


def _lets_some_through(part: Part, lower: str) -> Modality | None:
    """Who decides on exceptions from what was forbidden before: "Exceptions can be made at the investigator's discretion.".

    Such a sentence names no therapy; "these cases should be discussed with the sponsor", "patients on low doses may be enrolled if the
    sponsor agrees" are others.
    """
    found = _LETS_SOME_THROUGH.match(lower, part.start, part.end) if part.tagged("approval", "discretion") else None
    if found is None or any(c.start >= found.end() for c in part.tagged("prohibit")):  # "a prohibited drug" forbids nothing
        return None
    return Modality.APPROVAL if part.has("approval") else Modality.DISCRETION
