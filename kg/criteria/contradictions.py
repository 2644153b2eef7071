"""Exclusions that contradict what the trial asks for: "any prior anticancer therapy" where those are taken whom standard therapy failed.

What was meant had a time or a kind that the record does not give, so that a person has to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.criteria.clause import GENERIC
from kg.criteria.patterns import pattern
from kg.records import Criterion, Polarity, Role, Rule, Section

_PRETREATED = pattern("contradictions: pretreated")
_ANY = GENERIC - {"local-therapy"}
DOUBT = "the trial takes patients who were treated"


def doubted(criteria: Sequence[Criterion], rules: Sequence[Rule]) -> list[Rule]:
    """The rules, with a doubt in those that keep all treated patients out of a trial that asks for them.

    Arguments:
        criteria: all criteria of the trial.
        rules: its rules.
    """
    wide = {r.number for r in rules if _keeps_all_out(r)}
    if not wide or not any(c.section is Section.INCLUSION and not c.scope and _PRETREATED.search(c.text.lower()) for c in criteria):
        return list(rules)
    return [replace(r, doubts=(*r.doubts, DOUBT)) if r.number in wide else r for r in rules]


def _keeps_all_out(rule: Rule) -> bool:
    """Whether an exclusion names any therapy against the cancer, with no limit to it."""
    excludes = rule.section is Section.EXCLUSION and rule.polarity is Polarity.EXCLUDES and rule.role is Role.PRIOR_THERAPY
    limits = (rule.window, rule.lines, rule.settings, rule.conditions, rule.carveouts, rule.outcomes, rule.own_disease, rule.scope.texts)
    return excludes and not any(limits) and any(m.key in _ANY for m in rule.mentions)
