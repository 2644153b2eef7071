"""Whether a therapy stood where a sentence requires another: "progressed on first-line X" says nothing of what was given after X."""

from __future__ import annotations

from collections.abc import Iterator

from kg.checks.facts import Fact
from kg.checks.findings import Scene
from kg.checks.limits import YES, Holds, Limit, for_own_disease, in_settings
from kg.checks.matching import Grade, match
from kg.records import Mention, Rule

__all__ = ["in_position"]


def in_position(rule: Rule, fact: Fact, scene: Scene) -> Limit:
    """Whether the therapy held the position (first, only, last) that the rule's sentence gives to the therapy that it requires.

    It did not where its own line number says so, where it was given together with the required therapy, or where the required therapy is
    known to have held the position: by its line number, else by the days on which the two ended.

    Arguments:
        rule: one with a position; its carve-outs name the therapy that is required.
        fact: another therapy.
    """
    required = list(_required(rule, scene))
    if fact in required:
        return Limit(Holds.NO, f"{fact.name} is what the sentence requires")
    if rule.position == "first" and fact.line is not None and fact.line > 1:
        return Limit(Holds.NO, f"{fact.name} was given as line {fact.line}; the sentence speaks of the first")
    for other in required:
        if other.line_key == fact.line_key:
            return Limit(Holds.NO, f"{fact.name} was given with {other.name}, which the sentence requires")
        first = other.line == 1 or (other.line is None and _came_before(other, fact))
        if rule.position == "first" and first and fact.line != 1:
            return Limit(Holds.NO, f"{other.name}, which the sentence requires, was given before {fact.name}")
        if rule.position == "last" and _came_before(fact, other):
            return Limit(Holds.NO, f"{other.name}, which the sentence requires, was given after {fact.name}")
    return YES


def _required(rule: Rule, scene: Scene) -> Iterator[Fact]:
    """What the patient had of the therapy that the sentence requires; of several that it requires together, only lines that hold all."""
    knowledge = scene.knowledge
    given = [
        fact
        for fact in scene.patient.facts
        if for_own_disease(fact, scene.own, knowledge).holds is not Holds.NO
        and in_settings(rule.settings, fact, knowledge, recent=False).holds is not Holds.NO
    ]
    for carveout in rule.carveouts:
        for fact in given if carveout.effect in ("allows", "together") else ():
            line = [other for other in given if other.line_key == fact.line_key]
            whole = carveout.effect == "allows" or all(any(_is(m, other, scene) for other in line) for m in carveout.mentions)
            if whole and any(_is(m, fact, scene) for m in carveout.mentions):
                yield fact


def _is(mention: Mention, fact: Fact, scene: Scene) -> bool:
    found = match(mention, fact, scene.knowledge)
    return found is not None and found.grade is Grade.PLAIN


def _came_before(first: Fact, second: Fact) -> bool:
    """By the numbers of their lines, where both have one, else by the days on which they ended."""
    if first.line is not None and second.line is not None:
        return first.line < second.line
    return first.last is not None and second.last is not None and first.last.high < second.last.low
