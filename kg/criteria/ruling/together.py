"""Rules seen together: what a clause repeats, permits or times anew of the rules before it, and what only introduces others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace

from kg.criteria.bounds.doubts import HIGH_DOSE, RECENT_START
from kg.criteria.clauses.clause import EARLY, GENERIC, ClauseReading
from kg.criteria.clauses.own import Background, identity
from kg.criteria.clauses.reading import Part
from kg.criteria.ruling.drafts import Draft
from kg.criteria.times.own_times import unstated
from kg.criteria.times.timing import TIMES_BELOW
from kg.criteria.words.patterns import pattern
from kg.knowledge import Knowledge
from kg.records import Carveout, Clause, Criterion, Mention, Modality, Polarity, Role, Rule

_EXCEPTS = re.compile(r"\b(?:except|exceptions?|excluding|other than|unless)\b", re.IGNORECASE)
_BY_ITSELF = re.compile(r"\b(?:mono-?\s?therap(?:y|ies)|single[- ]agents?|alone)\b", re.IGNORECASE)
_UNCOUNTED = re.compile(r"\b(?:no limits?|unlimited|any number|not (?:be )?count\w*|regardless)\b", re.IGNORECASE)
_OTHER = re.compile(r"\bother\s+$", re.IGNORECASE)
_OTHERS = re.compile(r"\bother\s+(?:(?:prior|previous|types?|kinds?|forms?|classes|of)\s+){0,3}$")
_OTHER_PRIOR = re.compile(r"\bother\s+(?:(?:prior|previous)\s+)?$", re.IGNORECASE)
_ELSEWHERE = pattern("together: exceptions elsewhere")
_LABEL = 50
"""A label is shorter than this many characters."""
_DEFINES = re.compile(
    r"\s+(?:(?:may|can|would)\s+)?(?:includes?|comprises?|consists?\s+of|means?|refers?\s+to|(?:is|are)\s+defined\s+as)\b"
)
_THESE_INCLUDE = re.compile(
    r"(?:these|this|those|examples|such (?:drugs|agents|products|medications|therap\w+|treatments?))\s+(?:\w+\s+)?include"
)
_TO_DEFINED = 20
"""So many characters at most stand before what a sentence defines: "examples of …"."""
_SAYS = ("neg:", "prohibit:", "permit:", "except:", "naive:")
_IF_UNAVOIDABLE = pattern("together: if unavoidable")
_WITH_CARE = pattern("together: with care")
_LETS_SOME_THROUGH = pattern("together: lets some through")
_INTRODUCES = re.compile(
    r"\bfollowing\b[^.;]*:\s*$|\bas\s+follows\W*$|\b(?:defined|specified|described|listed|outlined|detailed|stated)\s+below\W*$",
    re.IGNORECASE,
)
_EXAMPLES_BELOW = re.compile(r"\b(?:including|such as|e\.g\.?|namely|consisting of)\s*:\s*$", re.IGNORECASE)
_OR_THE_FOLLOWING = re.compile(
    r"\bor\s+(?:(?:any|one|either|use|receipt|treatment|therapy|with|of|other|the)\s+)*following\b|(?P<examples>\bincluding,?\s+(?:but\s+not\s+limited\s+to\b|(?:any\s+of\s+|all\s+of\s+)?the\s+following\b))",
    re.IGNORECASE,
)
"""What is told before these words is ruled on beside the bullets below: "docetaxel, or any of the following:"."""


def repeats(draft: Draft, rules: Iterable[Rule]) -> bool:
    """Whether a draft only speaks again of therapies that the criterion already ruled on, with no window or limit of its own.

    Arguments:
        draft: the rule in the making.
        rules: those that the criterion has given so far.
    """
    if draft.lines is not None or draft.conditions:
        return False
    keys = {identity(m) for m in draft.mentions}
    rules = [r for r in rules if draft.window in (None, r.window) and draft.settings in ((), r.settings)]
    rules = [r for r in rules if not (draft.outcomes and r.window is not None)]  # who progressed on it is kept out whenever that was
    return any(r.role is draft.role and r.polarity is draft.polarity and keys <= {identity(m) for m in r.mentions} for r in rules)


def goes_on(draft: Draft, rules: Iterable[Rule]) -> bool:
    """Whether only the start of a therapy is forbidden that the same criterion lets go on: "X may continue. X may not be initiated."."""
    if RECENT_START not in draft.doubts or draft.window is not None:
        return False
    keys = {identity(m) for m in draft.mentions}
    permits = (r for r in rules if r.polarity is Polarity.ALLOWS and r.role is Role.CONCOMITANT)
    return any(keys <= {identity(m) for m in r.mentions} for r in permits)


def of_the_same(clause: ClauseReading, draft: Draft, rules: Iterable[Rule]) -> Draft:
    """A draft as what a sentence only defines is ruled on before it: "No concurrent cancer therapy. Cancer therapies include X."."""
    head = clause.part.mentions[0] if clause.part.mentions else None
    if head is None or head.start - clause.part.start > _TO_DEFINED or not _DEFINES.match(clause.lower, head.end, clause.part.end):
        return draft
    told = next((r for r in rules if identity(head) in {identity(m) for m in r.mentions}), None)
    if told is None or draft.window is not None:
        return draft
    return replace(draft, polarity=told.polarity, role=told.role, window=told.window, settings=told.settings, modality=told.modality)


def timed_by_examples(clause: ClauseReading, drafts: Iterable[Draft], rule: Rule) -> Rule:
    """A rule with the time that a sentence tells of its examples: "Herbal products. These include kava and ginseng within 7 days."."""
    if rule.window is not None or not _THESE_INCLUDE.match(clause.lower, clause.part.start, clause.part.end):
        return rule
    covers = clause.context.known.covers
    timed = (d for d in drafts if d.window is not None and d.polarity is rule.polarity)
    draft = next((d for d in timed if any(identity(r) == identity(m) or covers(r, m) for r in rule.mentions for m in d.mentions)), None)
    return rule if draft is None else replace(rule, window=draft.window, role=draft.role)


def permitted(rule: Rule, exception: Carveout, mentions: Sequence[Mention]) -> Rule:
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
    special = exception.routes or exception.settings or exception.max_dose_mg is not None or exception.dose_level or exception.window
    if rule.lines is not None and rule.lines.maximum and not special and not _UNCOUNTED.search(exception.text):
        return rule  # what may have been had is still counted
    if not special and exception.effect not in ("purpose", "conditional"):
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


def is_of_others(clause: ClauseReading, mention: Mention, rule: Rule) -> bool:
    """Whether a class is permitted but for what a rule names of it: "Prior dasatinib. Prior receipt of other TKIs is permitted."."""
    if _OTHERS.search(clause.before(mention.start, 30)) is None:
        return False
    return any(m.key != mention.key and clause.context.known.covers(mention, m) for m in rule.mentions)


def times_of_those_before(
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


def is_permission_in_time(clause: ClauseReading, draft: Draft) -> bool:
    """Whether a clause permits what was given early and ended long enough ago: "adjuvant X is allowed if 6 months have passed"."""
    if draft.polarity is not Polarity.EXCLUDES or draft.window is None or draft.window.within or unstated(draft.window):
        return False
    told = draft.settings or any(c.value in EARLY for c in clause.part.tagged("setting"))
    return bool(told) and clause.part.has("permit")


def terms_of_use(part: Part, lower: str) -> Modality | None:
    """On what terms a sentence lets those in who need what was forbidden before: "If use is necessary, discuss with the sponsor."."""
    if part.tagged("prohibit", "neg") or not _IF_UNAVOIDABLE.match(lower, part.start, part.end):
        return None
    if part.has("approval"):
        return Modality.APPROVAL
    if part.has("discretion"):
        return Modality.DISCRETION
    return Modality.CAUTION if part.tagged("caution", "avoid") or _WITH_CARE.search(lower, part.start, part.end) else None


def lets_some_through(part: Part, lower: str) -> Modality | None:
    """Who decides on exceptions from what was forbidden before: "Exceptions can be made at the investigator's discretion.".

    Such a sentence names no therapy; "these cases should be discussed with the sponsor", "patients on low doses may be enrolled if the
    sponsor agrees" are others.
    """
    found = _LETS_SOME_THROUGH.match(lower, part.start, part.end) if part.tagged("approval", "discretion") else None
    if found is None or any(c.start >= found.end() for c in part.tagged("prohibit")):  # "a prohibited drug" forbids nothing
        return None
    return Modality.APPROVAL if part.has("approval") else Modality.DISCRETION


def exceptions_elsewhere(part: Part, lower: str) -> bool:
    """Whether a sentence only says that exceptions are made that it does not name: "Certain exceptions as defined in protocol apply."."""
    return "exception" in lower[part.start : part.end] and _ELSEWHERE.match(lower, part.start, part.end) is not None


def own_windows(rules: list[Rule], numbers: Sequence[int], knowledge: Knowledge) -> None:
    """A bullet that gives all therapy one window and some of it another leaves open which holds for the latter: a person has to say.

    Arguments:
        rules: all rules of the trial, changed in place.
        numbers: those of the bullet.
        knowledge: for the tree of classes.
    """
    timed = [n for n in numbers if rules[n].role is Role.PRIOR_THERAPY and _is_timed(rules[n])]
    for number in timed:
        keys = {m.key for m in rules[number].mentions if m.kind == "class"}
        for other in timed:
            special = rules[other]
            if special.window == rules[number].window or _is_longer(special, rules[number]):
                continue  # "within 2 weeks, 6 weeks for X" frees none of X
            classes = [m for m in special.mentions if m.kind == "class" and m.key not in keys]
            inner = tuple(m for m in classes if keys & knowledge.class_ancestors(m.key))
            if inner:
                carveout = Carveout("depends", inner, None, text=special.quote, start=special.start, end=special.end)
                rules[number] = replace(rules[number], carveouts=(*rules[number].carveouts, carveout))


def _is_timed(rule: Rule) -> bool:
    """Whether a rule has a window of stated length."""
    return rule.window is not None and not unstated(rule.window)


def _is_longer(special: Rule, general: Rule) -> bool:
    """Whether the window of a therapy is longer than any length of that of all: nothing has to be settled between the two."""
    own, wide = special.window, general.window
    if own is None or wide is None or own.half_lives is not None or own.within != wide.within:
        return False
    return own.days is not None and wide.days is not None and not wide.months and own.days >= wide.days


def windows_beside(text: str, criteria: Sequence[Criterion], rules: list[Rule]) -> None:
    """Of bullets that stand together, one on "other anticancer therapies" leaves to those named beside it the windows that they have there.

    Arguments:
        text: the record's text.
        criteria: its criteria.
        rules: all rules of the trial, changed in place.
    """
    timed = [r for r in rules if r.window is not None and r.role in (Role.PRIOR_THERAPY, Role.CONCOMITANT)]
    for rule in timed:
        if not any(m.key in GENERIC and _OTHER.search(text, max(rule.start, m.start - 20), m.start) for m in rule.mentions):
            continue
        named = {identity(m) for m in rule.mentions}
        for beside in timed:
            special = tuple(m for m in beside.mentions if m.key not in GENERIC and identity(m) not in named)
            if _stand_together(criteria[beside.criterion], criteria[rule.criterion]) and special and beside.window != rule.window:
                own = Carveout("window", special, beside.window, text=beside.quote, start=beside.start, end=beside.end)
                rules[rule.number] = replace(rules[rule.number], carveouts=(*rules[rule.number].carveouts, own))


def named_before_others(text: str, criteria: Sequence[Criterion], rules: list[Rule], known: Background) -> None:
    """What one bullet times the next leaves to it: "at least 2 days since prior hydroxyurea", "no other prior chemotherapy".

    Arguments:
        text: the record's text.
        criteria: its criteria.
        rules: all rules of the trial, changed in place.
        known: for which class takes in what.
    """
    for rule in [r for r in rules if r.polarity is Polarity.EXCLUDES and r.role is Role.PRIOR_THERAPY and r.window is None]:
        other = [m for m in rule.mentions if _OTHER_PRIOR.search(text, max(rule.start, m.start - 30), m.start)]
        for beside in rules if other else ():
            before = beside.criterion == rule.criterion - 1 and criteria[beside.criterion].parent == criteria[rule.criterion].parent
            if not before or beside.window is None or beside.polarity is not Polarity.EXCLUDES:
                continue
            special = tuple([m for m in beside.mentions if any(known.covers(wide, m) for wide in other)])
            if special:
                own = Carveout("window", special, beside.window, text=beside.quote, start=beside.start, end=beside.end)
                rules[rule.number] = rule = replace(rule, carveouts=(*rule.carveouts, own))


def beside_required(text: str, rules: list[Rule], known: Background) -> None:
    """What an earlier criterion asks for is none of the "other" therapies that a later one ends: "must be on X", "any other therapy of its class".

    Arguments:
        text: the record's text.
        rules: all rules of the trial, changed in place.
        known: for which class takes in what.
    """  # noqa: E501
    asked = [r for r in rules if r.polarity is Polarity.REQUIRES and r.role is Role.CONCOMITANT]
    ends = [r for r in rules if r.polarity is Polarity.EXCLUDES and r.role is Role.CONCOMITANT] if asked else []
    for rule in ends:
        other = [m for m in rule.mentions if m.key not in GENERIC and _OTHER.search(text, max(rule.start, m.start - 20), m.start)]
        required = tuple(
            [m for r in asked if r.criterion < rule.criterion for m in r.mentions if any(known.covers(wide, m) for wide in other)]
        )
        if required:
            named = Carveout("allows", required, text="asked for by itself", start=rule.start, end=rule.end)
            rules[rule.number] = replace(rule, carveouts=(*rule.carveouts, named))


def _stand_together(one: Criterion, other: Criterion) -> bool:
    """Whether bullets are of one list below a bullet, or neighbours where no bullet stands above them."""
    return one.parent == other.parent and (abs(one.order - other.order) == 1 or (one.parent is not None and one.order != other.order))


def _says_no_more(rule: Rule) -> bool:
    """Whether a rule is but a label ("Prior anticancer therapies:") or speaks of a wash-out of no stated length."""
    if rule.window is not None:
        return unstated(rule.window)
    return len(rule.quote) < _LABEL and {m.key for m in rule.mentions} <= GENERIC and not any(c.startswith(_SAYS) for c in rule.cues)


def _is_label(rule: Rule) -> bool:
    """Whether a rule only names what the bullets below have the times of: "Stem cell transplantation:"."""
    return rule.window is None and rule.polarity is Polarity.EXCLUDES and len(rule.quote) < _LABEL and not rule.carveouts


def without_introductions(
    text: str, criteria: Sequence[Criterion], rules: list[Rule], clauses: list[Clause]
) -> tuple[list[Rule], list[Clause]]:
    """ "… have received any of the following:" introduces the bullets below it; where those have rules, it rules on nothing itself.

    Arguments:
        text: the record's text.
        criteria, rules, clauses: all that was read in it.
    """
    bullets = [r for r in rules if r.role in (Role.PRIOR_THERAPY, Role.CONCOMITANT) and criteria[r.criterion].parent is not None]
    below = {criteria[r.criterion].parent for r in bullets}
    excluding = {criteria[r.criterion].parent for r in bullets if r.polarity is Polarity.EXCLUDES}
    timed = {criteria[r.criterion].parent for r in bullets if r.window is not None}
    untimed = {criteria[r.criterion].parent for r in bullets if r.window is None}
    dropped: set[int] = set()
    kept: dict[int, Rule] = {}
    for rule in rules:
        end = criteria[rule.criterion].end
        if rule.criterion not in below or rule.end < end - 2:
            continue
        joint = _OR_THE_FOLLOWING.search(text, rule.start, end)
        beside = tuple([m for m in rule.mentions if m.end <= joint.start()]) if joint else ()
        # Examples with times of their own tell those of what they are examples of.
        if joint and beside and not (joint["examples"] and rule.criterion in timed):
            kept[rule.number] = replace(rule, mentions=beside)
            continue
        label = text.endswith(":", rule.start, end) and rule.criterion in excluding
        at_large = rule.window is None and {m.key for m in rule.mentions} <= GENERIC
        told_below = at_large and rule.criterion not in untimed and _EXAMPLES_BELOW.search(text, rule.start, end)
        opens = _INTRODUCES.search(text, rule.start, end) or (
            label and (_says_no_more(rule) or (rule.criterion in timed and (told_below or _is_label(rule))))
        )
        timed_below = rule.criterion in timed and TIMES_BELOW.search(text[rule.start : end].lower())
        if timed_below or (opens and not _EXCEPTS.search(text, rule.start, end)):
            dropped.add(rule.number)
    return without(dropped, [kept.get(rule.number, rule) for rule in rules], clauses)


def without(dropped: Set[int], rules: list[Rule], clauses: list[Clause]) -> tuple[list[Rule], list[Clause]]:
    """The rules but for those of some numbers, numbered anew, and the clauses that point to them."""
    if not dropped:
        return rules, clauses
    kept = [r for r in rules if r.number not in dropped]
    number = {r.number: n for n, r in enumerate(kept)}
    return (
        [replace(r, number=number[r.number]) for r in kept],
        [replace(c, rules=tuple(number[n] for n in c.rules if n in number)) if c.rules else c for c in clauses],
    )
