"""Rules seen together: what a clause repeats, permits or times anew of the rules before it, and what only introduces others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.criteria.own import identity
from kg.criteria.rules import Draft
from kg.knowledge import Knowledge
from kg.records import Carveout, Clause, Criterion, Mention, Role, Rule, Window

_EXCEPTS = re.compile(r"\b(?:except|exceptions?|excluding|other than|unless)\b", re.IGNORECASE)
_INTRODUCES = re.compile(r"\bfollowing\b[^.;]*:\s*$", re.IGNORECASE)


def repeats(draft: Draft, rules: Iterable[Rule]) -> bool:
    """Whether a draft only speaks again of therapies that the criterion already ruled on, with no window or limit of its own.

    Arguments:
        draft: the rule in the making.
        rules: those that the criterion has given so far.
    """
    if draft.window is not None or draft.lines is not None or draft.conditions or draft.settings:
        return False
    keys = {identity(m) for m in draft.mentions}
    return any(r.role is draft.role and r.polarity is draft.polarity and keys <= {identity(m) for m in r.mentions} for r in rules)


def permitted(rule: Rule, exception: Carveout, mentions: Sequence[Mention]) -> Rule:
    """A rule with what a later sentence permits ("Topical steroids are allowed.") as an exception.

    "Allowed anticoagulants are: heparin" frees heparin, not the class that was forbidden: a permission without a form, dose or purpose of
    its own frees only what the rule does not itself name.

    Arguments:
        rule: the rule that forbids.
        exception: the permission read as an exception, placed in the record's text.
        mentions: the therapies that it permits, placed likewise.
    """
    special = exception.routes or exception.settings or exception.max_dose_mg is not None or exception.dose_level or exception.window
    if not special and exception.effect != "purpose":
        same = {identity(m) for m in rule.mentions}
        mentions = [m for m in mentions if identity(m) not in same]
        if not mentions:
            return rule
    return replace(rule, carveouts=(*rule.carveouts, replace(exception, mentions=tuple(mentions))))


def own_windows(rules: list[Rule], numbers: Sequence[int], knowledge: Knowledge) -> None:
    """A bullet that gives all therapy one window and some of it another leaves open which holds for the latter: a person has to say.

    Arguments:
        rules: all rules of the trial, changed in place.
        numbers: those of the bullet.
        knowledge: for the tree of classes.
    """
    timed = [n for n in numbers if rules[n].window is not None and rules[n].role is Role.PRIOR_THERAPY]
    for number in timed:
        keys = {m.key for m in rules[number].mentions if m.kind == "class"}
        for other in timed:
            special = rules[other]
            if special.window == rules[number].window:
                continue
            classes = [m for m in special.mentions if m.kind == "class" and m.key not in keys]
            inner = tuple(m for m in classes if keys & knowledge.class_ancestors(m.key))
            if inner:
                carveout = Carveout("depends", inner, None, text=special.quote, start=special.start, end=special.end)
                rules[number] = replace(rules[number], carveouts=(*rules[number].carveouts, carveout))


def _of_no_length(window: Window | None) -> bool:
    """Whether a window is spoken of without saying how long it is."""
    return window is not None and (window.days, window.months, window.half_lives, window.cycles) == (None, None, None, None)


def without_introductions(
    text: str, criteria: Sequence[Criterion], rules: list[Rule], clauses: list[Clause]
) -> tuple[list[Rule], list[Clause]]:
    """ "… have received any of the following:" introduces the bullets below it; where those have rules, it rules on nothing itself.

    Arguments:
        text: the record's text.
        criteria, rules, clauses: all that was read in it.
    """
    below = {criteria[r.criterion].parent for r in rules if r.role in (Role.PRIOR_THERAPY, Role.CONCOMITANT)} - {None}
    dropped = set()
    for rule in rules:
        end = criteria[rule.criterion].end
        last = rule.criterion in below and rule.end >= end - 2
        opens = _INTRODUCES.search(text, rule.start, end) or (_of_no_length(rule.window) and text[:end].rstrip().endswith(":"))
        if last and opens and not _EXCEPTS.search(text, rule.start, end):
            dropped.add(rule.number)
    if not dropped:
        return rules, clauses
    kept = [r for r in rules if r.number not in dropped]
    number = {r.number: n for n, r in enumerate(kept)}
    return (
        [replace(r, number=number[r.number]) for r in kept],
        [replace(c, rules=tuple(number[n] for n in c.rules if n in number)) if c.rules else c for c in clauses],
    )
