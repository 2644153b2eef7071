"""What the project knows about drugs, classes, targets, enzymes and conditions, with the evidence for each fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from kg import tables
from kg.knowledge.facts import (
    Ambiguity,
    Biomarker,
    Condition,
    Drug,
    DrugClass,
    DrugTarget,
    Enzyme,
    Evidence,
    HalfLife,
    Interaction,
    Mechanism,
    Membership,
    Moiety,
    Name,
    PkRole,
    Property,
    Regimen,
    Route,
    Target,
)
from kg.knowledge.graphs import Reach, invert
from kg.knowledge.load import Facts
from kg.knowledge.membership import Actions, Memberships
from kg.records import Source

__all__ = [
    "Ambiguity",
    "Biomarker",
    "Condition",
    "Drug",
    "DrugClass",
    "DrugTarget",
    "Enzyme",
    "Evidence",
    "HalfLife",
    "Interaction",
    "Knowledge",
    "Mechanism",
    "Membership",
    "Moiety",
    "Name",
    "PkRole",
    "Property",
    "Regimen",
    "Route",
    "Target",
]

_ANTIBODIES = frozenset({"antibody", "antibody-drug-conjugate", "bispecific"})
"""Kinds of drugs that are antibodies, or built of one."""


class Knowledge:
    """The curated tables as facts, and what follows from them. Nothing changes after loading; closures are worked out on first use.

    Example:
        >>> knowledge = Knowledge.load()
        >>> knowledge.drugs["imatinib"].label
        'imatinib'
    """

    drugs: Mapping[str, Drug]
    classes: Mapping[str, DrugClass]
    targets: Mapping[str, Target]
    enzymes: Mapping[str, Enzyme]
    conditions: Mapping[str, Condition]
    regimens: Mapping[str, Regimen]
    biomarkers: Mapping[str, Biomarker]
    routes: Mapping[str, Route]
    sources: Mapping[str, Source]
    mechanisms: tuple[Mechanism, ...]
    interactions: tuple[Interaction, ...]
    ambiguities: Mapping[str, Ambiguity]

    def __init__(self, facts: Facts, actions: Actions) -> None:
        self._facts = facts
        self._memberships = Memberships(facts, actions)
        self.drugs = facts.drugs
        self.classes = facts.classes
        self.targets = facts.targets
        self.enzymes = facts.enzymes
        self.conditions = facts.conditions
        self.regimens = facts.regimens
        self.biomarkers = facts.biomarkers
        self.routes = facts.routes
        self.sources = facts.sources
        self.mechanisms = facts.mechanisms
        self.interactions = facts.interactions
        self.ambiguities = facts.ambiguities
        self._class_up = {key: tuple(parent for parent, _, _ in c.parents) for key, c in facts.classes.items()}
        self._condition_up = {key: c.parents for key, c in facts.conditions.items()}

    @classmethod
    def load(cls, directory: Path | None = None) -> Knowledge:
        """The knowledge of a data folder; the bundled one (`None`) is read once and shared.

        Raises:
            BadTable: a table that cannot be read; the message names file, line and remedy.
        """
        return _bundled() if directory is None else cls._read(directory)

    @classmethod
    def _read(cls, directory: Path) -> Knowledge:
        names = (name for name in tables.SCHEMA if "/" not in name)
        return cls.from_tables({name: tables.read(name, directory) for name in names})

    @classmethod
    def from_tables(cls, rows: Mapping[str, list[dict[str, str]]]) -> Knowledge:
        """Knowledge from rows already read, by table name."""
        return cls(Facts(rows), Actions(rows["actions"]))

    def label(self, kind: str, key: str) -> str:
        """The label of a drug, class, regimen, target, enzyme, condition or biomarker.

        Raises:
            KeyError: no such kind, or no such key.
        Example:
            >>> Knowledge.load().label("drug", "rifampicin")
            'rifampicin'
        """
        tables: dict[str, Mapping[str, Drug | DrugClass | Regimen | Target | Enzyme | Condition | Biomarker]] = {
            "drug": self.drugs,
            "class": self.classes,
            "regimen": self.regimens,
            "target": self.targets,
            "enzyme": self.enzymes,
            "condition": self.conditions,
            "biomarker": self.biomarkers,
        }
        return tables[kind][key].label

    def rows(self, table: str) -> Sequence[Mapping[str, str]]:
        """The rows of a table as they were read, for who needs every cell.

        Raises:
            KeyError: there is no such table.
        Example:
            >>> list(Knowledge.load().rows("metabolites")[0])
            ['drug', 'metabolite', 'source', 'detail', 'to_check']
        """
        return self._facts.rows(table)

    # --- classes -----------------------------------------------------------------------------------------------------------------------

    def memberships(self, drug: str) -> Mapping[str, Membership]:
        """Every class that the drug is in, by class key, each with grade and proof path.

        Raises:
            KeyError: no drug has this key.
        Example:
            >>> Knowledge.load().memberships("imatinib")["tyrosine-kinase-inhibitor"].grade
            'plain'
        """
        return self._memberships.of(drug)

    def memberships_of_class(self, drug_class: str) -> Mapping[str, Membership]:
        """Every class that a drug of which only its class is known is in, by class key, each with grade and proof path.

        Raises:
            KeyError: no class has this key.
        Example:
            >>> Knowledge.load().memberships_of_class("interferon-alfa")["immunotherapy"].grade
            'plain'
        """
        return self._memberships.above(drug_class)

    @cached_property
    def _members(self) -> Mapping[str, dict[str, Membership]]:
        found: dict[str, dict[str, Membership]] = {key: {} for key in self.classes}
        for drug in self.drugs:
            for key, membership in self.memberships(drug).items():
                found[key][drug] = membership
        return found

    def members(self, drug_class: str) -> Mapping[str, Membership]:
        """The drugs of a class, by drug key.

        Raises:
            KeyError: no class has this key.
        """
        return self._members[drug_class]

    def members_by_target(self, target: str, action: str = "") -> Mapping[str, Membership]:
        """The drugs that a phrase such as "DLL3-targeted agents" means where no class is defined: by primary target and action ('' any)."""
        return self._memberships.by_target(target, action)

    @cached_property
    def _class_ancestors(self) -> Reach:
        return Reach(self._class_up)

    def class_ancestors(self, drug_class: str) -> frozenset[str]:
        """The classes above, without the class itself."""
        return self._class_ancestors(drug_class)

    @cached_property
    def _class_down(self) -> Mapping[str, tuple[str, ...]]:
        return invert(self._class_up)

    @cached_property
    def _class_descendants(self) -> Reach:
        return Reach(self._class_down)

    def class_descendants(self, drug_class: str) -> frozenset[str]:
        """The classes below, without the class itself."""
        return self._class_descendants(drug_class)

    @cached_property
    def defined_classes(self) -> frozenset[str]:
        """Classes that are defined by a primary target."""
        return frozenset(key for key, c in self.classes.items() if c.targets)

    def definition_words(self, drug_class: str) -> list[str]:
        """A defined class's targets and actions in words."""
        return [
            f"{t.action} of {self.targets[t.target].label if t.target in self.targets else t.target}"
            for t in self.classes[drug_class].targets
        ]

    def classes_for_target(self, target: str, action: str = "") -> tuple[str, ...]:
        """Classes defined by exactly this target with an action that answers to `action`, broadest first."""
        found = [
            key
            for key in self.defined_classes
            if any(
                t.target == target and (t.action == action or self._memberships.action_fits(action, t.action))
                for t in self.classes[key].targets
            )
        ]
        return tuple(sorted(found, key=lambda k: (len(self.class_ancestors(k) & set(found)), k)))

    def derived(self, drug: str) -> frozenset[str]:
        """The classes that the drug's primary targets alone make, with their ancestors; `not` rows and curated rows left aside."""
        return frozenset(self._memberships.close(self._memberships.derived(drug).values()))

    def would_be_member(self, drug: str, drug_class: str) -> bool:
        """Whether the drug would be in the class if no `not` row denied it."""
        return drug_class in self._memberships.without_denials(drug)

    # --- targets -----------------------------------------------------------------------------------------------------------------------

    def drug_targets(self, drug: str, rank: str = "primary") -> tuple[DrugTarget, ...]:
        """What the drug does with its targets; `rank` primary, secondary, or '' for both."""
        return tuple(row for row in self._facts.drug_targets.get(drug, ()) if rank in ("", row.rank))

    def answered_by(self, target: str) -> frozenset[str]:
        """What a drug that acts on `target` acts on: the target, its parts, and the families and complexes that contain it."""
        return self._memberships.answered_by(target)

    # --- pharmacokinetics --------------------------------------------------------------------------------------------------------------

    def metabolites(self, drug: str) -> tuple[str, ...]:
        """The drug's metabolites that are drugs of the tables themselves."""
        return self._facts.metabolites.get(drug, ())

    def pk_roles(self, drug: str, include_metabolites: bool = True) -> tuple[PkRole, ...]:
        """Enzyme and transporter roles, every source's row; those of metabolites carry `metabolite`."""
        own = tuple(self._facts.pk_roles.get(drug, ()))
        if not include_metabolites:
            return own
        return own + tuple(
            PkRole(drug, r.enzyme, r.role, r.strength, r.evidence, metabolite=m)
            for m in self.metabolites(drug)
            for r in self._facts.pk_roles.get(m, ())
        )

    def half_life(self, drug: str) -> HalfLife | None:
        """The drug's half-life over all sources, active metabolites apart; `None`: not known here."""
        rows = list(self._facts.half_lives.get(drug, ()))
        label = self.drugs[drug].label if drug in self.drugs else drug
        own = [r for r in rows if r.name.casefold() in (drug, label.casefold())]
        others = [r for r in rows if r not in own]
        for metabolite in self.metabolites(drug):
            others.extend(r for r in self._facts.half_lives.get(metabolite, ()) if r not in others)
        if not own:
            return None
        return HalfLife(min(r.low_hours for r in own), max(r.high_hours for r in own), tuple(others), tuple(r.evidence for r in own))

    def longest_half_life(self, drug: str) -> HalfLife | None:
        """For an antibody, or what is built of one: the longest half-life of all of these that are known here; `None` for other drugs.

        The body clears all of them as it does its own, those that are engineered to last at the slowest: an antibody that is tested for
        the first time does not last longer, while among small molecules nothing binds one by others.

        Example:
            >>> knowledge = Knowledge.load()
            >>> knowledge.half_life("sasanlimab"), 30 <= knowledge.longest_half_life("sasanlimab").high_hours / 24 <= 100
            (None, True)
            >>> knowledge.longest_half_life("imatinib")
        """
        kind = self.drugs[drug].kind if drug in self.drugs else ""
        return self._longest_of_antibodies if kind in _ANTIBODIES else None

    @cached_property
    def _longest_of_antibodies(self) -> HalfLife | None:
        known = (self.half_life(key) for key, drug in self.drugs.items() if drug.kind in _ANTIBODIES)
        return max((h for h in known if h), key=lambda h: h.high_hours, default=None)

    def half_life_of_class(self, drug_class: str) -> HalfLife | None:
        """The half-life of a drug that is told by a class that bears its name: of "interferon alfa", over interferon alfa-2a and alfa-2b.

        Members of other names (peginterferons) would be called by them. `None`: no such class or member, or no half-life of any is known.

        Example:
            >>> Knowledge.load().half_life_of_class("interferon-alfa").high_hours
            8.5
            >>> Knowledge.load().half_life_of_class("mek-inhibitor")
        """
        if drug_class not in self.classes:
            return None
        name = self.classes[drug_class].label.casefold()
        namesakes = [key for key, drug in self.drugs.items() if drug.label.casefold().startswith(name)]
        known = [found for key in namesakes if drug_class in self.memberships(key) and (found := self.half_life(key))]
        if not known:
            return None
        return HalfLife(
            min(h.low_hours for h in known),
            max(h.high_hours for h in known),
            tuple(m for h in known for m in h.metabolites),
            tuple(e for h in known for e in h.sources),
        )

    def properties(self, drug: str, include_metabolites: bool = True) -> tuple[Property, ...]:
        """Properties that matter for interactions (QT, acid, bleeding…), every source's row."""
        own = tuple(self._facts.properties.get(drug, ()))
        if not include_metabolites:
            return own
        return own + tuple(
            Property(drug, p.property, p.grade, p.evidence, metabolite=m)
            for m in self.metabolites(drug)
            for p in self._facts.properties.get(m, ())
        )

    # --- conditions --------------------------------------------------------------------------------------------------------------------

    @cached_property
    def _condition_ancestors(self) -> Reach:
        return Reach(self._condition_up)

    def condition_ancestors(self, condition: str) -> frozenset[str]:
        """The conditions above, without the condition itself."""
        return self._condition_ancestors(condition)

    @cached_property
    def _condition_down(self) -> Mapping[str, tuple[str, ...]]:
        return invert(self._condition_up)

    @cached_property
    def _condition_descendants(self) -> Reach:
        return Reach(self._condition_down)

    def condition_descendants(self, condition: str) -> frozenset[str]:
        """The conditions below, without the condition itself."""
        return self._condition_descendants(condition)

    def covers(self, general: str, special: str) -> bool:
        """Whether whoever has `special` has `general`: the same condition, or one above it.

        Example:
            >>> Knowledge.load().covers("sarcoma", "synovial-sarcoma")
            True
        """
        return general == special or general in self.condition_ancestors(special)

    @cached_property
    def _kin(self) -> dict[str, frozenset[str]]:
        return {}

    def condition_kin(self, condition: str) -> frozenset[str]:
        """The condition, those above and those below: whatever is covered by it or covers it.

        Example:
            >>> "sarcoma" in Knowledge.load().condition_kin("synovial-sarcoma")
            True
        """
        kin = self._kin.get(condition)
        if kin is None:
            kin = self._kin[condition] = self.condition_ancestors(condition) | self.condition_descendants(condition) | {condition}
        return kin


@lru_cache(maxsize=1)
def _bundled() -> Knowledge:
    return Knowledge._read(tables.data_dir())
