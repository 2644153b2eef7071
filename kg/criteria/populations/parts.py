"""Rules that every part of the trial states, each under its own heading, and that so bind all patients: "Stratum 1: no MEK inhibitor", "Stratum 2: …"."""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.criteria.clauses.own import Background, identity
from kg.criteria.layout.heading_scope import by_therapy, disease_of, scope_of_heading
from kg.criteria.layout.scope import clause_scope, part_names
from kg.records import Criterion, Polarity, Role, Rule, Scope, Window

_BY_THERAPY = re.compile(
    r"(?:\b(?:combination|mono-?therapy)\b|\+).*\bdose|\bdose\b.*(?:\b(?:combination|mono-?therapy)\b|\+)", re.IGNORECASE
)
_BESIDE = re.compile(r"\)\s+(?:and|or|and/or)\s+(?:[\w-]+\s+){1,3}\(")
_COUNTED = ("arm", "cohort", "group", "part")
"""Kinds of parts that are counted from the first."""


def of_the_whole(criteria: Sequence[Criterion], rules: Sequence[Rule], texts: Sequence[str]) -> list[Rule]:
    """The rules; those without their scope that are said of the whole trial.

    Such a scope names all parts that there are ("Parts 1, 2 and 3"), or is the heading under which all criteria stand.

    Arguments:
        criteria: all criteria of the trial.
        rules: its rules.
        texts: where its parts are named: the record's text, the labels of its arms.
    """
    scopes = {rule.scope.texts for rule in rules} - {()}
    if not scopes:
        return list(rules)
    above = {c.parent for c in criteria}
    headings = {_heading_scope(criteria, c) for c in criteria if c.parent is not None or c.order not in above}
    named = frozenset[tuple[str, str]]().union(*map(part_names, texts))
    whole = {scope for scope in scopes if headings == {scope} or (len(scope) == 1 and _names_all(scope[0], named))}
    # Parts that one heading names are those that it is of together: "Common criteria (Group 1 - …, Group 2 - …)".
    together = {scope_of_heading(c.heading) for c in criteria if "only" not in c.heading.lower()}
    whole |= {scope for scope in together & scopes if _names_all(", ".join(scope), named)}
    diseases = {disease_of(c.heading).lower() for c in criteria} - {""}
    if len({disease.rstrip("s") for disease in diseases}) == 1:  # where no other disease has criteria of its own, all have this one
        whole |= {scope for scope in scopes if len(scope) == 1 and scope[0].lower() in diseases}
    each = {rule.number for rule in rules if _names_one_by_one(rule) and _names_all(", ".join(rule.scope.texts), named)}
    return [replace(rule, scope=Scope()) if rule.scope.texts in whole or rule.number in each else rule for rule in rules]


def _heading_scope(criteria: Sequence[Criterion], criterion: Criterion) -> tuple[str, ...]:
    """The scope of what a criterion stands under: its heading, or the line that heads the list in which it is."""
    top = criterion
    while top.parent is not None:
        top = criteria[top.parent]
    return scope_of_heading(criterion.heading) or (() if top is criterion else clause_scope(top.text))


def _names_one_by_one(rule: Rule) -> bool:
    """Whether a sentence forbids something in parts that it names side by side: "newly diagnosed (cohort 1) or recurrent (cohort 2)"."""
    found = [re.search(re.escape(text) + r"\b", rule.quote, re.IGNORECASE) for text in rule.scope.texts]
    places = sorted(match.span() for match in found if match is not None)
    beside = all(_BESIDE.fullmatch(rule.quote, end, start) for (_, end), (start, _) in pairwise(places))
    told = rule.polarity is Polarity.EXCLUDES and not rule.doubts and len(places) == len(found) > 1
    return told and beside and all(m.end <= rule.start + places[0][0] for m in rule.mentions)


def _names_all(scope: str, named: frozenset[tuple[str, str]]) -> bool:
    """Whether words name several parts of one kind, and all of that kind that are named anywhere; "only" tells that there are others."""
    own = part_names(scope)
    kinds = {kind for kind, _ in own}
    others = {part for part in named if part[0] in kinds} - own
    return len(own) > 1 and len(kinds) == 1 and "only" not in scope.lower() and not others and _from_the_first(own)


def _from_the_first(parts: frozenset[tuple[str, str]]) -> bool:
    """Whether the first part is among some: "Arms 2 and 3" tells of another one before them; a trial can begin with Phase 2."""
    counted = [name for kind, name in parts if kind in _COUNTED]
    return not counted or any(name.startswith(("1", "a")) for name in counted)


def of_all_parts(rules: Sequence[Rule], texts: Iterable[str], known: Background) -> list[Rule]:
    """The rules; those that hold in each part of the trial without their scope.

    Arguments:
        rules: all rules of the trial.
        texts: where its parts are named: the record's text, the labels of its arms.
        known: how classes of therapies stand to each other.
    """
    parts = {rule.number: _parts(rule) for rule in rules if rule.scope.texts}
    if not any(parts.values()):
        return list(rules)
    headed = (by_therapy(text) for rule in rules for text in rule.scope.texts)
    named = frozenset[tuple[str, str]]().union(*(part_names(text) for text in texts), *parts.values(), *headed)
    bound = [rule for rule in rules if parts.get(rule.number)]
    found = []
    for rule in rules:
        own = parts.get(rule.number)
        if own:
            kind = next(iter(own))[0]
            reached = own.union(*(parts[other.number] for other in bound if _takes_in(other, rule, known)))
            if reached > own and {part for part in named if part[0] == kind} <= reached:
                rule = replace(rule, scope=Scope())
        found.append(rule)
    return found


def _parts(rule: Rule) -> frozenset[tuple[str, str]]:
    """The parts that an exclusion is limited to, if they are of one kind and it is limited to nothing else."""
    if rule.polarity is not Polarity.EXCLUDES or rule.role not in (Role.PRIOR_THERAPY, Role.CONCOMITANT):
        return frozenset()
    # The dose is escalated and expanded once for each therapy of the trial: "the combination dose expansion" is one of several.
    each = [part_names(text) or by_therapy(text) if not _BY_THERAPY.search(text) else frozenset() for text in rule.scope.texts]
    return frozenset().union(*each) if all(each) and len({kind for names in each for kind, _ in names}) == 1 else frozenset()


def _takes_in(wide: Rule, rule: Rule, known: Background) -> bool:
    """Whether whoever meets a rule meets another, parts aside."""
    bare = [replace(r, criterion=0, number=0, start=0, end=0, quote="", section=rule.section, mentions=(), window=None, carveouts=(),
                    scope=Scope(), cues=()) for r in (wide, rule)]  # fmt: skip
    exceptions = [{(c.effect, c.text) for c in r.carveouts} for r in (wide, rule)]
    return (
        bare[0] == bare[1]
        and exceptions[0] <= exceptions[1]
        and _lasts(wide.window, rule.window)
        and all(any(identity(w) == identity(m) or known.covers(w, m) for w in wide.mentions) for m in rule.mentions)
    )


def _lasts(wide: Window | None, window: Window | None) -> bool:
    """Whether one window ends no earlier than another."""
    if wide is None or window is None:
        return wide is None
    amounts = [replace(w, days=None, within=True, anchor="", text="") for w in (wide, window)]
    return amounts[0] == amounts[1] and (wide.days is None) == (window.days is None) and (wide.days or 0) >= (window.days or 0)
