"""From the steps of a proof back to the rows of the tables that state them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from kg.knowledge import Knowledge
from kg.records import Finding, Step

Node = tuple[str, str]
"""What a step leads to: its kind and key."""


class Cited(NamedTuple):
    """A fact: all rows of a table with these cells, whatever their source."""

    table: str
    cells: tuple[tuple[str, str], ...]

    def stated_by(self, row: Mapping[str, str]) -> bool:
        return all(row[column] == value for column, value in self.cells)


def cited(finding: Finding, knowledge: Knowledge) -> list[Cited]:
    """The facts that the steps of a finding's proof state, where they name a source.

    Raises:
        AssertionError: no row with that source states what a step says.
    """
    facts = []
    node = ("", "")
    for step in finding.chain:
        if step.source:
            told = (
                (fact, after)
                for fact, after in _readings(step, node, finding, knowledge)
                if any(fact.stated_by(row) and row["source"] == step.source for row in knowledge.rows(fact.table))
            )
            fact, node = next(told, (None, node))
            assert fact is not None, f"no row of {step.source} says {step.text!r}, of {finding.fact!r}"
            facts.append(fact)
    return facts


def _readings(step: Step, node: Node, finding: Finding, knowledge: Knowledge) -> Iterator[tuple[Cited, Node]]:
    words = f"{finding.fact} {' '.join(step.text for step in finding.chain)}"
    for pattern, form in _FORMS:
        if said := re.fullmatch(pattern, step.text):
            yield from form(_Place(knowledge, node, words), **said.groupdict())


@lru_cache
def _keys(knowledge: Knowledge, kind: str) -> Mapping[str, list[str]]:
    """Keys by label; of enzymes, drugs … no two have one label, of conditions some do."""
    things: Mapping[str, Mapping[str, object]] = {
        "drug": knowledge.drugs, "class": knowledge.classes, "target": knowledge.targets, "enzyme": knowledge.enzymes,
        "condition": knowledge.conditions, "regimen": knowledge.regimens,
    }  # fmt: skip
    found: dict[str, list[str]] = {}
    for key in things[kind]:
        found.setdefault(knowledge.label(kind, key), []).append(key)
    return found


class _Place(NamedTuple):
    """Where a step stands: behind which node, in a proof of which words."""

    knowledge: Knowledge
    node: Node
    words: str

    def keys(self, kind: str, label: str) -> list[str]:
        return _keys(self.knowledge, kind).get(label, [])

    def parts(self, target: str) -> frozenset[str]:
        parts = self.knowledge.targets[target].parts
        return frozenset(parts).union(*(self.parts(part) for part in parts))


def _fact(table: str, **cells: str) -> Cited:
    return Cited(table, tuple(cells.items()))


Reading = Iterator[tuple[Cited, Node]]


def _primary_target(at: _Place, drug: str, target: str, action: str) -> Reading:
    for one in at.keys("drug", drug):
        for key in at.keys("target", target):
            yield _fact("drug_targets", drug=one, target=key, action=action, rank="primary"), ("target", key)


def _part(at: _Place, whole: str) -> Reading:
    for key in at.keys("target", whole):
        for part in at.knowledge.targets[key].parts:
            if at.node[1] in {part} | at.parts(part):
                yield _fact("target_parts", target=key, part=part), ("target", key)


def _includes(at: _Place, part: str) -> Reading:
    for key in at.keys("target", part):
        for whole in {at.node[1]} | at.parts(at.node[1]):
            yield _fact("target_parts", target=whole, part=key), ("target", key)


def _in_class(at: _Place, to: str, of: str = "") -> Reading:
    for key in at.keys("class", to):
        for drug in at.keys("drug", of):
            yield _fact("drug_classes", drug=drug, **{"class": key}), ("class", key)
        for below in at.keys("class", of) if of else [at.node[1]]:
            yield _fact("class_parents", parent=key, **{"class": below}), ("class", key)
        if not of and at.node[0] == "target":
            yield _fact("class_targets", target=at.node[1], **{"class": key}), ("class", key)


def _role(at: _Place, drug: str, strength: str | None, enzyme: str, role: str, via: str | None) -> Reading:
    drugs = [via] if via in at.knowledge.drugs else at.keys("drug", via or drug)
    for one in drugs:
        for key in at.keys("enzyme", enzyme):
            yield _fact("pk_roles", drug=one, enzyme=key, role=role, strength=strength or "unspecified"), at.node


def _interaction(at: _Place, a: str, b: str, effect: str) -> Reading:
    for one in at.keys("drug", a):
        for other in at.keys("drug", b):
            yield _fact("interactions", drug_a=one, drug_b=other, effect=effect), at.node


def _property(at: _Place, drug: str, name: str, grade: str | None = None) -> Reading:
    for one in at.keys("drug", drug):
        yield _fact("drug_properties", drug=one, property=name.replace(" ", "-"), grade=grade or "yes"), at.node


def _narrow(at: _Place, drug: str, via: str | None) -> Reading:
    return _property(at, via or drug, "narrow-therapeutic-index")


def _mechanism(at: _Place, effect: str) -> Reading:
    yield _fact("mechanisms", effect=effect), at.node


def _of_drug(table: str) -> Callable[..., Reading]:
    def form(at: _Place, drug: str) -> Reading:
        return ((_fact(table, drug=key), at.node) for key in at.keys("drug", drug))

    return form


def _half_life(at: _Place) -> Reading:
    named = (key for label, keys in _keys(at.knowledge, "drug").items() if label in at.words for key in keys)
    return ((_fact("half_lives", drug=key), at.node) for key in named)


def _condition(at: _Place, label: str) -> Reading:
    for known, keys in _keys(at.knowledge, "condition").items():
        if known.casefold() == label.casefold():
            yield from ((_fact("conditions", condition=key), at.node) for key in keys)


def _regimen(at: _Place, label: str) -> Reading:
    return ((_fact("regimens", regimen=key), at.node) for key in at.keys("regimen", label))


_ARGUABLE = r"(?: \(arguable.*\))?"
_FORMS: tuple[tuple[str, Callable[..., Reading]], ...] = (
    (r"(?P<drug>.+) → primary target (?P<target>.+) \((?P<action>.+)\)", _primary_target),
    (r"→ part of (?P<whole>.+)", _part),
    (r"→ which includes (?P<part>.+)", _includes),
    (rf"→ (?P<to>.+?){_ARGUABLE}", _in_class),
    (rf"(?P<of>.+) → (?P<to>.+?){_ARGUABLE}", _in_class),
    (
        r"(?P<drug>.+) → (?:(?P<strength>strong|moderate|weak|sensitive|minor) )?(?P<enzyme>.+) (?P<role>inhibitor|inducer|substrate)"
        r"(?: \(through its metabolite (?P<via>.+)\))?",
        _role,
    ),
    (r"(?P<a>.+) → (?P<b>.+?): (?P<effect>.+)", _interaction),
    (r"(?P<drug>.+) → (?P<name>[\w ]+?)(?: \((?P<grade>\w+)\))?", _property),
    (r"(?P<drug>.+?) has a narrow therapeutic index(?: \(through its metabolite (?P<via>.+)\))?", _narrow),
    (r"→ (?P<effect>.+)", _mechanism),
    (r"usual adult dose of (?P<drug>.+): .*", _of_drug("usual_doses")),
    (r".* of (?P<drug>.+) act like .* of prednisone", _of_drug("steroid_equivalents")),
    (r"[\d.]+ half-lives: .*", _half_life),
    (r"(?:.+ → )?(?P<label>.+)", _condition),
    (r"(?P<label>.+) holds .*", _regimen),
)
"""How proofs word what the tables state."""
