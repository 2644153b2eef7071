"""The diseases that parts of a trial take: who has another, told by the part's inclusion criteria, is not bound by what the part rules on.

"Sub-study 2: histologically confirmed pancreatic cancer; no prior therapy" keeps out nobody who was treated for gastric cancer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kg.criteria.clauses.own import Background
from kg.criteria.clauses.reading import Reading
from kg.criteria.populations.population import are_some
from kg.criteria.words.patterns import pattern
from kg.records import Criterion, Mention, Polarity, Role, Rule, Section

_STATES = pattern("parts: states a disease")
_UNNAMED = pattern("parts: a disease not named")
_JOINED = pattern("parts: joined to another")
_LISTED_DISEASE = pattern("limits: listed disease")
_MOST_TO_NEXT = 40
"""Behind a joint the next disease of a list is named within so many characters."""
_SITE = "metastatic-cancer"


def bound_by_disease(
    criteria: Sequence[Criterion], rules: Sequence[Rule], readings: Mapping[int, Reading], own: frozenset[str], known: Background
) -> list[Rule]:
    """The rules; those of a part that takes some diseases only are limited to therapies for these.

    Arguments:
        criteria: all criteria of the trial.
        rules: its rules.
        readings: what was found in the criteria, by their order.
        own: the conditions that the trial treats.
        known: which of them are neoplasms, and how they stand to each other.
    """
    if not any(_can_be_limited(rule) for rule in rules):
        return list(rules)
    taken: dict[frozenset[str], tuple[str, ...]] = {}
    for scope in {frozenset(c.scope) for c in criteria if c.scope and c.section is not Section.EXCLUSION}:
        within = [c.order for c in criteria if frozenset(c.scope) == scope and c.section is not Section.EXCLUSION]
        diseases = _diseases([readings[order] for order in within if order in readings], own, known)
        if diseases:
            taken[scope] = diseases
    return [replace(rule, conditions=_of(rule, taken)) if _can_be_limited(rule) else rule for rule in rules]


def _can_be_limited(rule: Rule) -> bool:
    """Whether a rule keeps out for an earlier therapy, in some part, for whatever disease."""
    return rule.polarity is Polarity.EXCLUDES and rule.role is Role.PRIOR_THERAPY and bool(rule.scope.texts) and not rule.conditions


def _of(rule: Rule, taken: Mapping[frozenset[str], tuple[str, ...]]) -> tuple[str, ...]:
    """The diseases of the parts that a rule is limited to."""
    found = [diseases for scope, diseases in taken.items() if scope <= frozenset(rule.scope.texts)]
    return tuple(dict.fromkeys(key for diseases in found for key in diseases))


def _diseases(readings: Iterable[Reading], own: frozenset[str], known: Background) -> tuple[str, ...]:
    """The neoplasms that criteria of a part name, if one of them states which are taken, and all of those by names that are known."""
    stated: list[Mention] = []
    named: list[Mention] = []
    for reading in readings:
        neoplasms = [m for m in reading.mentions if m.kind == "condition" and m.key in known.neoplasms and not _is_site(m, known)]
        named += neoplasms
        if neoplasms and _STATES.match(reading.lower, 0, neoplasms[0].start):
            if _UNNAMED.search(reading.lower) or _LISTED_DISEASE.search(reading.lower, 0, neoplasms[0].start):
                return ()
            if any(_with_another(reading.lower, m, neoplasms) for m in neoplasms):
                return ()
            stated += neoplasms
    return tuple(dict.fromkeys(m.key for m in named)) if stated and are_some(stated, own, known) else ()


def _with_another(lower: str, mention: Mention, neoplasms: Sequence[Mention]) -> bool:
    """Whether it shares its noun with a disease whose name is none: "adenocarcinoma of the stomach or gastroesophageal junction"."""
    joined = _JOINED.match(lower, mention.end)
    return joined is not None and not any(0 <= m.start - joined.end() <= _MOST_TO_NEXT for m in neoplasms)


def _is_site(mention: Mention, known: Background) -> bool:
    """Whether it tells where a cancer has spread to."""
    return known.names.knowledge.covers(_SITE, mention.key)
