"""What one drug does to another: measured pairs, and general mechanisms over roles and properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from kg.checks.matching import evidence_step
from kg.knowledge import Knowledge, Mechanism, PkRole, Property
from kg.records import Step

__all__ = ["Effect", "Engine", "weight"]

_SEVERITIES = ("contraindicated", "major", "moderate", "minor", "none", "")
_ACTIONS = ("avoid", "adjust", "monitor", "none", "")
"""From worst to least; a word that is not there counts as asking for action, so that nothing is played down."""
_NARROW = "narrow-therapeutic-index"


def weight(action: str, severity: str) -> tuple[int, int]:
    """(action, severity) as places on their scales, 0 for the worst."""
    return (_ACTIONS.index(action) if action in _ACTIONS else 0, _SEVERITIES.index(severity) if severity in _SEVERITIES else 0)


@dataclass(frozen=True, slots=True)
class Effect:
    """What `perpetrator` does to `victim`, by one mechanism or one measured pair. `mutual`: each adds to the other."""

    perpetrator: str
    victim: str
    mechanism: str
    effect: str
    severity: str
    action: str
    evidence: str
    steps: tuple[Step, ...]
    enzyme: str = ""
    role: str = ""
    mutual: bool = False
    notes: tuple[str, ...] = ()

    @property
    def asks_for_action(self) -> bool:
        """Its source asks to avoid, adjust or monitor."""
        return self.action not in ("none", "")

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """Worst first; of equals, measured pairs before mechanisms."""
        return *weight(self.action, self.severity), 0 if self.evidence in ("measured", "label") else 1, self.mechanism


class Engine:
    """All effects between the drugs of one Knowledge; worked out pair by pair on first use and kept.

    Example:
        >>> knowledge = Knowledge.load()
        >>> Engine.of(knowledge) is Engine.of(knowledge)
        True
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._pairs: dict[tuple[str, str], tuple[Effect, ...]] = {}
        self._profiles: dict[str, _Profile] = {}

    @staticmethod
    def of(knowledge: Knowledge) -> Engine:
        """The engine that all checks with this knowledge share."""
        return _shared(knowledge)

    @cached_property
    def _mechanisms(self) -> Mapping[tuple[str, str], tuple[Mechanism, ...]]:
        """Mechanisms by (perpetrator, victim) term; a term is role:strength, property:grade or a bare property."""
        found: dict[tuple[str, str], list[Mechanism]] = {}
        for mechanism in self.knowledge.mechanisms:
            found.setdefault((mechanism.perpetrator, mechanism.victim), []).append(mechanism)
        return {key: tuple(rows) for key, rows in found.items()}

    @cached_property
    def _measured(self) -> Mapping[tuple[str, str], tuple[Effect, ...]]:
        found: dict[tuple[str, str], list[Effect]] = {}
        for row in self.knowledge.interactions:
            step = evidence_step(f"{self.label(row.drug_a)} → {self.label(row.drug_b)}: {row.effect}", row.evidence)
            effect = Effect(row.drug_a, row.drug_b, row.mechanism, row.effect, row.severity, row.action, row.measured, (step,))
            found.setdefault((row.drug_a, row.drug_b), []).append(effect)
        return {key: tuple(rows) for key, rows in found.items()}

    def label(self, drug: str) -> str:
        """The drug's label."""
        return self.knowledge.drugs[drug].label if drug in self.knowledge.drugs else drug

    def curated(self, drug: str) -> bool:
        """Whether the drug's pharmacokinetics were looked into."""
        return drug in self.knowledge.drugs and self.knowledge.drugs[drug].pk_curated

    def between(self, first: str, second: str) -> tuple[Effect, ...]:
        """Effects in both directions, worst first; a drug has none with itself."""
        if first == second:
            return ()
        key = (first, second) if first < second else (second, first)
        found = self._pairs.get(key)
        if found is None:
            a, b = key
            effects = [*self._acts(a, b), *self._acts(b, a), *self._adds(a, b)]
            found = self._pairs[key] = tuple(sorted(effects, key=lambda e: (e.rank, e.perpetrator, e.victim, e.enzyme)))
        return found

    def _profile(self, drug: str) -> _Profile:
        found = self._profiles.get(drug)
        if found is None:
            found = self._profiles[drug] = _Profile(self.knowledge.pk_roles(drug), self.knowledge.properties(drug))
        return found

    # --- one direction --------------------------------------------------------------------------------------------------------------

    def _measured_on(self, acting: str, perpetrator: str, victim: str) -> Iterable[Effect]:
        """What was measured of a drug that acts, itself or as a metabolite of the perpetrator, on the victim and its metabolites."""
        for moiety in (victim, *self.knowledge.metabolites(victim)):
            parts = ((acting, perpetrator), (moiety, victim))
            notes = tuple(f"measured on {self.label(m)}, a metabolite of {self.label(of)}" for m, of in parts if m != of)
            for effect in self._measured.get((acting, moiety), ()):
                yield replace(effect, perpetrator=perpetrator, victim=victim, notes=notes) if notes else effect

    def _acts(self, perpetrator: str, victim: str) -> Iterable[Effect]:
        """Measured pairs (of the metabolites of both, too), and what roles of the one do at enzymes that the other passes through.

        Between a drug and its own metabolite roles do nothing: that is part of the drug's own kinetics.
        """
        acting, passing = self._profile(perpetrator), self._profile(victim)
        kin = perpetrator in self.knowledge.metabolites(victim) or victim in self.knowledge.metabolites(perpetrator)
        yield from self._measured_on(perpetrator, perpetrator, victim)
        for metabolite in self.knowledge.metabolites(perpetrator) if not kin else ():
            yield from self._measured_on(metabolite, perpetrator, victim)
        for (enzyme, role), rows in acting.roles.items():
            if role == "substrate" or kin:
                continue
            substrates = passing.roles.get((enzyme, "substrate"), ())
            if substrates:
                best = self._worst(perpetrator, victim, enzyme, role, rows, substrates, passing.narrow)
                if best:
                    yield best
        for (name, grade), prop in acting.properties.items():
            for (other, other_grade), victim_prop in passing.properties.items():
                if name != other:
                    for mechanism in self._terms(name, grade, other, other_grade):
                        yield self._by_property(perpetrator, victim, mechanism, prop, victim_prop, mutual=False)

    def _worst(
        self,
        perpetrator: str,
        victim: str,
        enzyme: str,
        role: str,
        rows: Sequence[PkRole],
        substrates: Sequence[PkRole],
        narrow: Property | None,
    ) -> Effect | None:
        """Where sources differ in strength, the worst of what they give; the others' strengths are said."""
        found: list[Effect] = []
        kind = self.knowledge.enzymes[enzyme].kind if enzyme in self.knowledge.enzymes else "enzyme"
        for row in _graded(rows):
            for substrate in _graded(substrates):
                for mechanism in self._mechanisms.get((f"{role}:{row.strength}", f"substrate:{substrate.strength}"), ()):
                    if mechanism.mechanism.startswith(f"{kind}-"):
                        found.append(self._by_role(perpetrator, victim, mechanism, row, substrate, enzyme, role))
                if narrow and substrate.strength != "minor":
                    for mechanism in self._mechanisms.get((f"{role}:{row.strength}", _NARROW), ()):
                        step = evidence_step(
                            f"{self.label(victim)} has a narrow therapeutic index{_via(narrow.metabolite)}", narrow.evidence
                        )
                        found.append(self._by_role(perpetrator, victim, mechanism, row, substrate, enzyme, role, step))
        if not found:
            return None
        best = min(found, key=lambda e: e.rank)
        notes = tuple(
            f"sources differ on {self.label(drug)} as {word} of {self._enzyme(enzyme)}: {', '.join(sorted(strengths))}"
            for drug, word, group in ((perpetrator, role, rows), (victim, "substrate", substrates))
            if len(strengths := {f"{r.strength} ({r.evidence.source})" for r in _graded(group)}) > 1
            and len({r.strength for r in _graded(group)}) > 1
        )
        return Effect(
            best.perpetrator,
            best.victim,
            best.mechanism,
            best.effect,
            best.severity,
            best.action,
            best.evidence,
            best.steps,
            enzyme,
            role,
            notes=notes,
        )

    def _enzyme(self, key: str) -> str:
        return self.knowledge.enzymes[key].label if key in self.knowledge.enzymes else key

    def _by_role(
        self, perpetrator: str, victim: str, mechanism: Mechanism, row: PkRole, substrate: PkRole, enzyme: str, role: str, *more: Step
    ) -> Effect:
        label = self._enzyme(enzyme)
        steps = (
            evidence_step(f"{self.label(perpetrator)} → {_strength(row)}{label} {role}{_via(row.metabolite)}", row.evidence),
            evidence_step(
                f"{self.label(victim)} → {_strength(substrate)}{label} substrate{_via(substrate.metabolite)}", substrate.evidence
            ),
            *more,
            evidence_step(f"→ {mechanism.effect}", mechanism.evidence),
        )
        words = f"{mechanism.mechanism} ({label})"
        return Effect(perpetrator, victim, words, mechanism.effect, mechanism.severity, mechanism.action, "derived", steps, enzyme, role)

    # --- effects that add up --------------------------------------------------------------------------------------------------------

    def _adds(self, first: str, second: str) -> Iterable[Effect]:
        one, other = self._profile(first), self._profile(second)
        for (name, grade), prop in one.properties.items():
            for (same, other_grade), other_prop in other.properties.items():
                if name == same:
                    found = [
                        self._by_property(first, second, m, prop, other_prop, mutual=True)
                        for m in self._terms(name, grade, name, other_grade)
                    ]
                    found = found or [
                        self._by_property(first, second, m, prop, other_prop, mutual=True)
                        for m in self._terms(name, other_grade, name, grade)
                    ]
                    yield from found

    def _terms(self, name: str, grade: str, other: str, other_grade: str) -> Iterable[Mechanism]:
        seen: dict[tuple[str, str], None] = {}
        for perpetrator in (f"{name}:{grade}", name):
            for victim in (f"{other}:{other_grade}", other):
                seen[perpetrator, victim] = None
        for key in seen:
            yield from self._mechanisms.get(key, ())

    def _by_property(self, first: str, second: str, mechanism: Mechanism, one: Property, other: Property, *, mutual: bool) -> Effect:
        steps = (
            evidence_step(f"{self.label(first)} → {_property(one)}{_via(one.metabolite)}", one.evidence),
            evidence_step(f"{self.label(second)} → {_property(other)}{_via(other.metabolite)}", other.evidence),
            evidence_step(f"→ {mechanism.effect}", mechanism.evidence),
        )
        return Effect(
            first, second, mechanism.mechanism, mechanism.effect, mechanism.severity, mechanism.action, "derived", steps, mutual=mutual
        )


@lru_cache(maxsize=4)
def _shared(knowledge: Knowledge) -> Engine:
    return Engine(knowledge)


class _Profile:
    """A drug's roles by (enzyme, role), and its properties by (property, grade), metabolites included."""

    def __init__(self, roles: Iterable[PkRole], properties: Iterable[Property]) -> None:
        by_role: dict[tuple[str, str], list[PkRole]] = {}
        for row in roles:
            by_role.setdefault((row.enzyme, row.role), []).append(row)
        self.roles: Mapping[tuple[str, str], Sequence[PkRole]] = by_role
        self.properties: dict[tuple[str, str], Property] = {}
        for prop in properties:
            self.properties.setdefault((prop.property, prop.grade), prop)
        self.narrow = next((p for (name, _), p in self.properties.items() if name == _NARROW), None)


def _graded(rows: Sequence[PkRole]) -> Sequence[PkRole]:
    """One row a strength, read before recalled; "unspecified" only where no source says more."""
    best: dict[str, PkRole] = {}
    for row in rows:
        if row.strength not in best or (best[row.strength].evidence.recalled and not row.evidence.recalled):
            best[row.strength] = row
    known = [row for strength, row in best.items() if strength != "unspecified"]
    return known or list(best.values())


def _strength(row: PkRole) -> str:
    return "" if row.strength == "unspecified" else f"{row.strength} "


def _via(metabolite: str) -> str:
    return f" (through its metabolite {metabolite})" if metabolite else ""


def _property(prop: Property) -> str:
    return prop.property.replace("-", " ") + ("" if prop.grade == "yes" else f" ({prop.grade})")
