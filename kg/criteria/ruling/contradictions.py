"""Exclusions that contradict what the trial asks for: "any prior anticancer therapy" where those are taken whom standard therapy failed.

What was meant had a time or a kind that the record does not give, so that a person has to say. "No prior therapy" among the exclusions of
such a trial keeps out those who had none, as "no prior carboplatin" does where platinum must have failed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.criteria.clauses.clause import GENERIC
from kg.criteria.clauses.own import Background
from kg.criteria.words.patterns import pattern
from kg.records import Criterion, Polarity, Role, Rule, Section

_PRETREATED = pattern("contradictions: pretreated")
_DENIES = re.compile(r"\W*(?:no|never|lack of|absence of)\s+(?:any\s+)?(?:prior|previous)\b", re.IGNORECASE)
_ANY = GENERIC - {"local-therapy"}
_DEFINITIVE = re.compile(r"\b(?:definitive|curative(?:ly)?|radical)\b", re.IGNORECASE)
_RADIATION = "radiotherapy"
DOUBT = "the trial takes patients who were treated"


def doubted(criteria: Sequence[Criterion], rules: Sequence[Rule], known: Background) -> list[Rule]:
    """The rules of a trial that asks for treated patients, with a doubt in those that keep them all out.

    Arguments:
        criteria: all criteria of the trial.
        rules: its rules.
        known: what is known of drugs at large.
    """
    rules = [replace(r, polarity=Polarity.REQUIRES) if _denies_what_is_asked(r, rules, known) else r for r in rules]
    definitive = [r for r in rules if _asks_for_definitive(r, known)]
    rules = [replace(r, doubts=(*r.doubts, DOUBT)) if _asked_beside(r, rules) or _is_denied_by(r, definitive) else r for r in rules]
    if not any(_names_any(r) for r in rules):
        return list(rules)
    treated = [c for c in criteria if asks_for_treated(c)]
    if treated:
        rules = [replace(r, polarity=Polarity.REQUIRES) if _names_any(r) and _DENIES.match(r.quote) else r for r in rules]
    wide = {r.number for r in rules if _keeps_all_out(r)}
    if not wide or all(c.scope for c in treated):
        return list(rules)
    listed = {(r.start, r.end) for r in rules if r.number in wide}  # "any systemic therapy, hormonal therapy or immunotherapy"
    return [replace(r, doubts=(*r.doubts, DOUBT)) if (r.start, r.end) in listed and _keeps_out(r) else r for r in rules]


def _denies_what_is_asked(rule: Rule, rules: Sequence[Rule], known: Background) -> bool:
    """Whether it is an exclusion of "no prior X" where the trial asks all its patients for X, or for a therapy of which X is one."""
    if not _keeps_out(rule) or not _DENIES.match(rule.quote):
        return False
    asked = (r for r in rules if (r.section, r.polarity, r.role) == (Section.INCLUSION, Polarity.REQUIRES, Role.PRIOR_THERAPY))
    wide = [m for r in asked if not r.scope.texts for m in r.mentions if m.key not in GENERIC]
    return all(any(w.key == m.key or known.covers(w, m) for w in wide) for m in rule.mentions)


def asks_for_treated(criterion: Criterion) -> bool:
    """Whether a criterion takes patients who were treated: "who have progressed on standard therapy"."""
    return criterion.section is Section.INCLUSION and _PRETREATED.search(criterion.text.lower()) is not None


def _asked_beside(rule: Rule, rules: Sequence[Rule]) -> bool:
    """Whether its own criterion asks for therapy in the setting in which it takes no treated patients: what two cohorts ask for, in one."""
    if rule.section is Section.EXCLUSION or rule.polarity is not Polarity.EXCLUDES or rule.role is not Role.PRIOR_THERAPY:
        return False
    if rule.window or rule.lines or not any(m.key in _ANY for m in rule.mentions):
        return False
    beside = (r for r in rules if (r.criterion, r.polarity, r.role) == (rule.criterion, Polarity.REQUIRES, Role.PRIOR_THERAPY))
    left = {m.key for c in rule.carveouts if c.effect in ("allows", "depends") for m in c.mentions}  # "X, but no other"
    return any(not set(rule.settings).isdisjoint(r.settings) and not left.issuperset(m.key for m in r.mentions) for r in beside)


def _asks_for_definitive(rule: Rule, known: Background) -> bool:
    """Whether all patients have had definitive therapy with drugs: "have had definitive treatment, including surgery and chemotherapy"."""
    asked = (rule.section, rule.polarity, rule.role) == (Section.INCLUSION, Polarity.REQUIRES, Role.PRIOR_THERAPY)
    return (
        asked
        and not rule.scope.texts
        and _DEFINITIVE.search(rule.quote) is not None
        and any(m.key not in known.procedures for m in rule.mentions)
    )


def _is_denied_by(rule: Rule, asked: Sequence[Rule]) -> bool:
    """Whether an inclusion of untreated patients, of no setting, is not meant of all therapy, as another criterion asks for some."""
    if not asked or rule.section is not Section.INCLUSION or rule.polarity is not Polarity.EXCLUDES or rule.role is not Role.PRIOR_THERAPY:
        return False
    limits = (rule.window, rule.lines, rule.settings, rule.carveouts)
    return not any(limits) and any(m.key in _ANY for m in rule.mentions) and any(r.criterion != rule.criterion for r in asked)


def _keeps_all_out(rule: Rule) -> bool:
    """Whether an exclusion names any therapy against the cancer, with no limit to it."""
    return _names_any(rule) and _keeps_out(rule)


def _keeps_out(rule: Rule) -> bool:
    """Whether an exclusion of therapies that were given has no limit; an exception that frees some radiotherapy is none."""
    limits = (rule.window, rule.lines, rule.settings, rule.conditions, rule.outcomes, rule.own_disease, rule.scope.texts)
    freed = (c.mentions and all(_RADIATION in m.key for m in c.mentions) for c in rule.carveouts)
    return _excludes(rule) and not any(limits) and all(freed)


def _names_any(rule: Rule) -> bool:
    return _excludes(rule) and any(m.key in _ANY for m in rule.mentions)


def _excludes(rule: Rule) -> bool:
    return rule.section is Section.EXCLUSION and rule.polarity is Polarity.EXCLUDES and rule.role is Role.PRIOR_THERAPY
