"""Alternatives among inclusion criteria: "one of: no prior therapy; relapse after one line" keeps no treated patient out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.criteria.clauses.clause import GENERIC
from kg.criteria.ruling.contradictions import asks_for_treated
from kg.criteria.ruling.untreated import FIRST_LINE, NEWLY_DIAGNOSED
from kg.criteria.words.patterns import pattern
from kg.records import Carveout, Criterion, Mention, Polarity, Role, Rule, Section

_ONE_OF = pattern("alternatives: one of")
_NOT_ANY = re.compile(r"\b(?:not|no|none|never|without|neither|cannot|unless|except)\b[^.;,]*$")
"""Before "any of the following", words that rule all of them out."""
_MORE_ARE_TAKEN = pattern("alternatives: more are taken")
_ENDS_WITH_OR = re.compile(r"[\s;,.)](?:and/)?or\W*$", re.IGNORECASE)
"""How a bullet ends before another way in."""
_OR_LINE = re.compile(r"\W*(?:and/)?or\W*", re.IGNORECASE)
_OR_ELSE = re.compile(r"\bor(?:,?\s+(?:for|if|in|where|when)\s[^.;,]{3,60},)?\s*$", re.IGNORECASE)
"""What stands before another way in, of the same sentence: ", or", "or, for countries without access,"."""
_AFTER_ADJUVANT = re.compile(r"\b(?:recurr|relaps|progress)\w*[^.;]{0,80}\badjuvant\b")
_TREATED = pattern("alternatives: treated")
_TAKES_TREATED = pattern("alternatives: takes treated")
_TOLD_OF_PATIENTS = frozenset({NEWLY_DIAGNOSED, FIRST_LINE})
_DEFINED = re.compile(r"\b(?P<to>\w+)[\s-](?P<how>sensitive|resistant|refractory)\b[^.;]{0,120}?\b(?P<as>defined\s+as)\b", re.IGNORECASE)
DOUBT = "one of several alternatives"


def softened(criteria: Sequence[Criterion], rules: Sequence[Rule]) -> list[Rule]:
    """The rules as they bind where their criterion is one of several: as permission where another takes treated patients, else in doubt.

    Arguments:
        criteria: all criteria of the trial, by order.
        rules: its rules.
    """
    if not any(_excludes_treated(rule) for rule in rules):
        return list(rules)
    rules = [replace(r, polarity=Polarity.ALLOWS) if _is_another_way_in(r, rules, criteria) else r for r in rules]
    rules = [_of_some_patients(rule, criteria) if _TOLD_OF_PATIENTS.intersection(rule.doubts) else rule for rule in rules]
    required: dict[int, list[Mention]] = {}
    for rule in rules:
        if rule.polarity is Polarity.REQUIRES and rule.role is Role.PRIOR_THERAPY:
            required.setdefault(rule.criterion, []).extend(rule.mentions)
    rules = [_beside_treated(rule, rules, criteria) for rule in rules]
    beside = {own: [c for c in group if c.order != own] for group in _groups(criteria) for own in (c.order for c in group)}
    return [_softened(rule, beside.get(_top(rule.criterion, beside, criteria), ()), required) for rule in rules]


def defined_beside(criteria: Sequence[Criterion], rules: Sequence[Rule]) -> set[int]:
    """Numbers of the rules that come from what two kinds of patients mean who may both come: "platinum-resistant is defined as …;
    platinum-sensitive is defined as being off therapy for 6 months" is no wash-out of 6 months.

    Arguments:
        criteria, rules: all of the trial.
    """
    told = [(c, found) for c in criteria if "defined" in c.text for found in _DEFINED.finditer(c.text)]
    told = [(c, found) for c, found in told if c.section is not Section.EXCLUSION]
    kinds = {(found["to"].lower(), found["how"].lower() == "sensitive") for _, found in told}
    places = [c.start + found.start("as") for c, found in told if {(found["to"].lower(), True), (found["to"].lower(), False)} <= kinds]
    return {r.number for r in rules if r.polarity is Polarity.EXCLUDES and any(r.start <= at < r.end for at in places)}


def _is_another_way_in(rule: Rule, rules: Sequence[Rule], criteria: Sequence[Criterion]) -> bool:
    """Whether a criterion takes more patients than another that asks for therapy: "those who relapsed after adjuvant therapy are eligible
    if they had none for metastatic disease" keeps out nobody who had what the other asks for."""
    if rule.section is Section.EXCLUSION or not _excludes_treated(rule) or not _MORE_ARE_TAKEN.match(rule.quote.lower()):
        return False
    asked = {r.criterion for r in rules if (r.polarity, r.role, r.section) == (Polarity.REQUIRES, Role.PRIOR_THERAPY, rule.section)}
    return any(c.order != rule.criterion and (c.order in asked or asks_for_treated(c)) for c in criteria)


def _of_some_patients(rule: Rule, criteria: Sequence[Criterion]) -> Rule:
    """The rule as permission where other patients are taken who were treated: "newly diagnosed …", and in another line "relapsed …".

    For a first line it has to be a bullet of the same list.
    """
    own = criteria[rule.criterion]
    for criterion in criteria:
        if criterion.section is Section.EXCLUSION or criterion.order == own.order:
            continue
        if NEWLY_DIAGNOSED not in rule.doubts and (own.parent is None or criterion.parent != own.parent):
            continue
        lower = criterion.text.lower()
        if any(not _NOT_ANY.search(lower, 0, found.start()) for found in _TAKES_TREATED.finditer(lower)):
            return replace(rule, polarity=Polarity.ALLOWS)
    return rule


def _softened(rule: Rule, others: Sequence[Criterion], required: Mapping[int, Sequence[Mention]]) -> Rule:
    if not others or not _excludes_treated(rule):
        return rule
    had = [required.get(c.order, ()) for c in others if c.order in required or _tells_of_treated(c.text.lower())]
    if any(all(m.key in GENERIC for m in mentions) for mentions in had):
        return replace(rule, polarity=Polarity.ALLOWS)
    # The others ask for therapies of their own: for who had these there is a way in, for who had another only perhaps.
    freed = tuple(m for mentions in had for m in mentions)
    carveouts = (*rule.carveouts, Carveout("allows", freed, text="the therapy of another alternative")) if freed else rule.carveouts
    return replace(rule, doubts=(*rule.doubts, DOUBT), carveouts=carveouts)


def _beside_treated(rule: Rule, rules: Sequence[Rule], criteria: Sequence[Criterion]) -> Rule:
    """A rule that keeps out the treated, where its sentence takes those who had some, too: "progressed on X, or no prior therapy"."""
    if rule.section is Section.EXCLUSION or not _excludes_treated(rule) or rule.lines is not None:
        return rule
    criterion = criteria[rule.criterion]
    before = criterion.text[: rule.start - criterion.start]
    found = _OR_ELSE.search(before)
    if found is None:
        return rule
    sentence = criterion.start + max(before.rfind(". "), before.rfind("; ")) + 1
    asked = [r for r in rules if r.criterion == rule.criterion and sentence <= r.start < rule.start and r.role is Role.PRIOR_THERAPY]
    required = tuple([m for r in asked if r.polarity is Polarity.REQUIRES for m in r.mentions])
    if not required or any(r.polarity is Polarity.EXCLUDES for r in asked):
        return rule
    if any(m.key in GENERIC for m in required):
        return replace(rule, polarity=Polarity.ALLOWS)
    freed = Carveout("allows", required, text="the therapy of another alternative")
    return replace(rule, doubts=(*rule.doubts, DOUBT), carveouts=(*rule.carveouts, freed))


def _tells_of_treated(lower: str) -> bool:
    """Whether a criterion tells of patients who were treated; who relapsed after adjuvant therapy had none for the relapse."""
    return _TREATED.search(lower) is not None and _AFTER_ADJUVANT.search(lower) is None


def _excludes_treated(rule: Rule) -> bool:
    return rule.polarity is Polarity.EXCLUDES and rule.role is Role.PRIOR_THERAPY and rule.window is None


def _top(order: int, beside: dict[int, list[Criterion]], criteria: Sequence[Criterion]) -> int:
    """The criterion itself or the nearest one above it that is an alternative; -1 for none."""
    above: int | None = order
    while above is not None and above not in beside:
        above = criteria[above].parent
    return -1 if above is None else above


def _groups(criteria: Sequence[Criterion]) -> Iterator[list[Criterion]]:
    """Criteria of which one must hold: bullets under "one of the following", neighbours of a line that says "OR", bullets that end so."""
    run: list[Criterion] = []
    for criterion in criteria:
        if criterion.section is Section.EXCLUSION:
            continue
        ends = _ENDS_WITH_OR.search(criterion.text) is not None
        if run and criterion.parent == run[-1].parent:
            run.append(criterion)
        elif ends:
            run = [criterion]
        if not ends and run and criterion.order == run[-1].order:
            yield run
            run = []
        found = _ONE_OF.search(criterion.text.lower()) if ":" in criterion.text else None
        if found and not _NOT_ANY.search(criterion.text.lower(), 0, found.start()):
            below = [c for c in criteria if c.parent == criterion.order]
            if len(below) > 1:
                yield below
        if _OR_LINE.fullmatch(criterion.text) and 0 < criterion.order < len(criteria) - 1:
            before, after = criteria[criterion.order - 1], criteria[criterion.order + 1]
            if _TREATED.search(after.text.lower()):  # several bullets can make up the alternative before: "untreated", "aged 60 or more"
                yield [*(c for c in criteria[: before.order] if (c.parent, c.section) == (before.parent, before.section)), before, after]
            else:
                yield [before, after]
