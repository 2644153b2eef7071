"""Which classes a drug belongs to, and why: derived from primary targets, curated, then closed along the class tree.

The rules, in order:

1. A drug is in a class that is *defined* by a target when one of its PRIMARY targets is that target, a part of it, or a family that
   contains it, and what the drug does there fits what the class asks (`data/actions.csv` says which actions fit).
2. `data/drug_classes.csv` adds memberships (plain or arguable).
3. A member of a class is a member of its parents.

A membership is arguable when an arguable edge lies on every path to it, or a row of the drug says so; what is only reached by two arguable
steps (G-CSF as a cytokine, cytokines as therapy of cancer) is no membership. A `not` row denies that class, and what only follows
through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.knowledge.facts import ClassTarget, DrugClass, DrugTarget, Evidence, Membership
from kg.knowledge.graphs import Reach, invert
from kg.knowledge.load import Facts
from kg.records import Step

__all__ = ["PLAIN", "Actions", "Memberships"]

PLAIN, ARGUABLE, NOT = "plain", "arguable", "not"
ANY = "*"
_WHOLES = ("family", "complex")


class Actions:
    """`data/actions.csv`: whether what a drug does (and its kind) fits what is asked of it.

    Example:
        >>> actions = Actions([dict(asked="inhibitor", has="antagonist", kinds="", membership="plain")])
        >>> actions.fit("inhibitor", "antagonist", "small-molecule"), actions.fit("inhibitor", "agonist", "small-molecule")
        ('plain', '')
    """

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self._rules: dict[str, list[tuple[str, tuple[str, ...], str]]] = {}
        for row in rows:
            kinds = tuple(row["kinds"].split("|")) if row["kinds"] else ()
            self._rules.setdefault(row["asked"], []).append((row["has"], kinds, row["membership"]))

    def fit(self, asked: str, has: str, kind: str) -> str:
        """'plain', 'arguable' or '' (does not fit) for a drug of `kind` with action `has`; an action fits itself."""
        best = PLAIN if asked == has and asked not in self._rules else ""
        for action, kinds, membership in self._rules.get(asked, ()):
            if action in (has, ANY) and (not kinds or kind in kinds):
                if membership == PLAIN:
                    return PLAIN
                best = membership
        return best


@dataclass(frozen=True, slots=True)
class _Entry:
    """A way into the class tree: a class that a drug is in by its target or by curation."""

    drug_class: str
    grade: str
    steps: tuple[Step, ...]


class Memberships:
    """Class membership over one set of facts; everything is worked out on first use and kept."""

    def __init__(self, facts: Facts, actions: Actions) -> None:
        self._facts = facts
        self._actions = actions
        self._members: dict[str, Mapping[str, Membership]] = {}
        self._by_target: dict[tuple[str, str], Mapping[str, Membership]] = {}

    @cached_property
    def _wholes(self) -> Reach:
        return Reach(self._containers)

    @cached_property
    def _pieces(self) -> Reach:
        return Reach(self._parts)

    @cached_property
    def _containers(self) -> Mapping[str, tuple[str, ...]]:
        return invert({key: target.parts for key, target in self._facts.targets.items()})

    @cached_property
    def _parts(self) -> Mapping[str, tuple[str, ...]]:
        return {key: target.parts for key, target in self._facts.targets.items()}

    @cached_property
    def _defined_by(self) -> Mapping[str, list[tuple[DrugClass, ClassTarget]]]:
        found: dict[str, list[tuple[DrugClass, ClassTarget]]] = {}
        for drug_class in self._facts.classes.values():
            for definition in drug_class.targets:
                found.setdefault(definition.target, []).append((drug_class, definition))
        return found

    def answered_by(self, target: str) -> frozenset[str]:
        """What a drug that acts on `target` acts on: the target, its parts, and the families and complexes that contain it.

        A mutant form is not among them: who inhibits EGFR does not thereby inhibit EGFR T790M, though the converse holds.
        """
        containers = (c for c in self._wholes(target) if self._facts.targets[c].kind in _WHOLES)
        return self._pieces(target) | {target, *containers}

    def fits(self, row: DrugTarget, asked: str) -> str:
        """Whether what a drug does with its target fits an asked action: 'plain', 'arguable' or ''."""
        drug = self._facts.drugs.get(row.drug)
        return self._actions.fit(asked, row.action, drug.kind if drug else "")

    def action_fits(self, asked: str, has: str) -> bool:
        """Whether a class defined with action `has` answers to a phrase that asks for `asked`."""
        return bool(self._actions.fit(asked, has, ""))

    def _target_steps(self, row: DrugTarget, target: str) -> tuple[Step, ...]:
        label = self._facts.drugs[row.drug].label if row.drug in self._facts.drugs else row.drug
        own = self._facts.targets.get(row.target)
        first = Step(
            f"{label} → primary target {own.label if own else row.target} ({row.action})", row.evidence.source, row.evidence.detail
        )
        if target == row.target:
            return (first,)
        label = self._facts.targets[target].label
        if target in self._wholes(row.target):
            text, evidence = f"→ part of {label}", self._part_of(row.target, target)
        else:
            text, evidence = f"→ which includes {label}", self._part_of(target, row.target)
        return (first, Step(text, evidence.source, evidence.detail))

    def _part_of(self, piece: str, whole: str) -> Evidence:
        """Why a target is part of another; of a part of a part, why that part is one."""
        parts = self._facts.targets[whole].parts
        nearest = piece if piece in parts else next(part for part in parts if piece in self._pieces(part))
        return self._facts.target_parts[whole, nearest]

    def derived(self, drug: str) -> Mapping[str, _Entry]:
        """The classes that the drug's primary targets make, by class; no curation, no closure."""
        found: dict[str, _Entry] = {}
        for row in self._facts.drug_targets.get(drug, ()):
            if row.rank != "primary":
                continue
            # The drug's own target first, so that the shortest proof is kept.
            for target in sorted(self.answered_by(row.target), key=lambda t: (t != row.target, t)):
                for drug_class, definition in self._defined_by.get(target, ()):
                    grade = self.fits(row, definition.action)
                    old = found.get(drug_class.key)
                    if not grade or (old and (old.grade == PLAIN or grade == ARGUABLE)):
                        continue
                    steps = (*self._target_steps(row, target), self._class_step(drug_class, definition.evidence, grade))
                    found[drug_class.key] = _Entry(drug_class.key, grade, steps)
        return found

    def _class_step(self, drug_class: DrugClass, why: Evidence, grade: str) -> Step:
        return Step(
            f"→ {drug_class.label}" + (" (arguable: the action fits only loosely)" if grade == ARGUABLE else ""), why.source, why.detail
        )

    def _curated(self, drug: str) -> tuple[dict[str, _Entry], frozenset[str]]:
        entries: dict[str, _Entry] = {}
        denied: set[str] = set()
        label = self._facts.drugs[drug].label if drug in self._facts.drugs else drug
        for row in self._facts.drug_classes.get(drug, ()):
            key, grade = row["class"], row["membership"]
            if grade == NOT:
                denied.add(key)
            elif key in self._facts.classes:
                text = f"{label} → {self._facts.classes[key].label}" + (f" (arguable: {row['reason']})" if grade == ARGUABLE else "")
                entries[key] = _Entry(key, grade, (Step(text, row["source"], row["detail"]),))
        return entries, frozenset(denied)

    def _entries(self, drug: str) -> tuple[dict[str, _Entry], frozenset[str], frozenset[str]]:
        """The ways in, the classes that are denied, and those that are arguable at most."""
        entries = dict(self.derived(drug))
        curated, denied = self._curated(drug)
        for key, entry in curated.items():
            # A curated row speaks about this very drug: it overrides the grade of what the target alone suggests.
            if key not in entries or entry.grade != entries[key].grade:
                entries[key] = entry
        return entries, denied, frozenset(key for key, entry in curated.items() if entry.grade == ARGUABLE)

    def of(self, drug: str) -> Mapping[str, Membership]:
        """Every class the drug is in, by class, with grade and proof.

        Raises:
            KeyError: no such drug.
        """
        if drug not in self._facts.drugs:
            raise KeyError(drug)
        found = self._members.get(drug)
        if found is None:
            entries, denied, disputed = self._entries(drug)
            found = self._members[drug] = self.close(entries.values(), denied, disputed)
        return found

    def above(self, drug_class: str) -> Mapping[str, Membership]:
        """The class itself and what is above it, as if of a drug of which only the class is known.

        Raises:
            KeyError: no such class.
        """
        if drug_class not in self._facts.classes:
            raise KeyError(drug_class)
        return self.close([_Entry(drug_class, PLAIN, ())])

    def close(
        self, entries: Iterable[_Entry], denied: frozenset[str] = frozenset(), disputed: frozenset[str] = frozenset()
    ) -> dict[str, Membership]:
        """The entries and what follows from them along the class tree; breadth first, plain paths before arguable ones."""
        found: dict[str, Membership] = {}
        first = sorted(entries, key=lambda e: (len(e.steps), e.drug_class))
        for grade in (PLAIN, ARGUABLE):
            queue = [Membership(e.drug_class, grade, e.steps) for e in first if e.grade == grade]
            if grade == ARGUABLE:
                queue.extend(step for m in list(found.values()) for step in self._up(m, ARGUABLE))
            while queue:
                following: list[Membership] = []
                for membership in queue:
                    key = membership.drug_class
                    if key in found or key in denied or key not in self._facts.classes or (grade == PLAIN and key in disputed):
                        continue
                    found[key] = membership
                    following.extend(self._up(membership, PLAIN))
                queue = following
        return found

    def _up(self, membership: Membership, edge: str) -> Iterable[Membership]:
        """Memberships one `edge` up the tree, with the grade of the path so far (arguable once an arguable edge was taken)."""
        grade = ARGUABLE if edge == ARGUABLE else membership.grade
        for parent, kind, why in self._facts.classes[membership.drug_class].parents:
            if kind == edge and parent in self._facts.classes:
                start = "" if membership.path else f"{self._facts.classes[membership.drug_class].label} "
                text = f"{start}→ {self._facts.classes[parent].label}" + (" (arguable)" if edge == ARGUABLE else "")
                yield Membership(parent, grade, (*membership.path, Step(text, why.source, why.detail)))

    def without_denials(self, drug: str) -> Mapping[str, Membership]:
        """What `of` would say if no `not` row existed."""
        return self.close(self._entries(drug)[0].values())

    def by_target(self, target: str, asked: str) -> Mapping[str, Membership]:
        """Drugs with a primary target that is `target` (or a part of it, or contains it) and an action that fits `asked`, by drug."""
        kept = self._by_target.get((target, asked))
        if kept is not None:
            return kept
        found: dict[str, Membership] = {}
        for drug, rows in self._facts.drug_targets.items():
            for row in rows:
                if row.rank != "primary" or target not in self.answered_by(row.target):
                    continue
                grade = self.fits(row, asked)
                if grade and (drug not in found or not found[drug].plain):
                    found[drug] = Membership("", grade, self._target_steps(row, target))
        self._by_target[target, asked] = found
        return found
