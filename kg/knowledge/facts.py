"""The facts that the tables hold, one small frozen record a kind of row."""

from __future__ import annotations

from dataclasses import dataclass

from kg.records import Step

__all__ = [
    "Ambiguity",
    "Biomarker",
    "ClassTarget",
    "Condition",
    "Drug",
    "DrugClass",
    "DrugTarget",
    "Enzyme",
    "Evidence",
    "HalfLife",
    "Interaction",
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact was read. `source` is a key of the sources, or "recalled" with `to_check` the document to check it in."""

    source: str = ""
    detail: str = ""
    to_check: str = ""

    @property
    def recalled(self) -> bool:
        """The fact was not read anywhere yet."""
        return self.source == "recalled"


@dataclass(frozen=True, slots=True)
class Name:
    """Another name. `kind` of a drug's name: synonym, code, brand, salt, abbreviation, spelling; of others: synonym."""

    text: str
    kind: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Drug:
    """One active substance. `pk_curated`: its enzyme and transporter roles were looked into, so that none means none of note."""

    key: str
    label: str
    kind: str
    pk_curated: bool
    names: tuple[Name, ...]
    identifiers: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ClassTarget:
    """What defines a class: a primary target, and what the drug does with it."""

    target: str
    action: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class DrugClass:
    """What protocols group drugs by. `parents` maps a parent's key to plain or arguable; an identifier may be narrower."""

    key: str
    label: str
    kind: str
    definition: str
    names: tuple[Name, ...]
    parents: tuple[tuple[str, str, Evidence], ...]
    targets: tuple[ClassTarget, ...]
    identifiers: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Target:
    """A gene, family, complex, fusion or antigen that drugs act on; `parts` are the genes of a family."""

    key: str
    label: str
    kind: str
    hgnc: tuple[str, ...]
    uniprot: tuple[str, ...]
    names: tuple[Name, ...]
    parts: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class DrugTarget:
    """What a drug does with a target. Only rank "primary" (the curated mechanism) makes a class."""

    drug: str
    target: str
    action: str
    rank: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Enzyme:
    """A metabolising enzyme or a transporter."""

    key: str
    label: str
    kind: str
    hgnc: tuple[str, ...]
    uniprot: tuple[str, ...]
    names: tuple[Name, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Condition:
    """A disease or state; `kind`: neoplasm, infection, disease, state."""

    key: str
    label: str
    kind: str
    names: tuple[Name, ...]
    parents: tuple[str, ...]
    identifiers: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Regimen:
    """A combination known by a name, and the drugs it stands for."""

    key: str
    label: str
    names: tuple[Name, ...]
    drugs: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Biomarker:
    """Something measured in the tumour or the blood; `target` its gene or protein, where there is one."""

    key: str
    label: str
    target: str
    names: tuple[Name, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Route:
    """A word for a way of giving a drug; `systemic`: yes, no or arguable."""

    word: str
    route: str
    systemic: str


@dataclass(frozen=True, slots=True)
class PkRole:
    """What a drug (or, with `metabolite`, its metabolite) does with an enzyme or transporter, in one source's own grade."""

    drug: str
    enzyme: str
    role: str
    strength: str
    evidence: Evidence
    metabolite: str = ""


@dataclass(frozen=True, slots=True)
class Moiety:
    """The terminal half-life of a drug or of one of its active metabolites, as one source has it."""

    name: str
    low_hours: float
    high_hours: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class HalfLife:
    """A drug's half-life over all sources, its active metabolites kept apart.

    Example:
        >>> HalfLife(40, 60, (Moiety("x", 80, 110, Evidence()),), ()).longest_hours
        110
    """

    low_hours: float
    high_hours: float
    metabolites: tuple[Moiety, ...]
    sources: tuple[Evidence, ...]

    @property
    def longest_hours(self) -> float:
        """The upper end, active metabolites counted."""
        return max([self.high_hours, *(m.high_hours for m in self.metabolites)])


@dataclass(frozen=True, slots=True)
class Property:
    """A property that matters for interactions, in one source's own grade; `metabolite` as in `PkRole`."""

    drug: str
    property: str
    grade: str
    evidence: Evidence
    metabolite: str = ""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A general interaction rule: what a role or property of one drug does with that of another."""

    mechanism: str
    perpetrator: str
    victim: str
    effect: str
    severity: str
    action: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Interaction:
    """A measured or labelled pair in its source's own words; `drug_a` acts on `drug_b`."""

    drug_a: str
    drug_b: str
    effect: str
    mechanism: str
    severity: str
    action: str
    measured: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A name that stands for several drugs, and why."""

    name: str
    drugs: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Membership:
    """That a drug belongs to a class: `grade` plain or arguable, `path` the proof."""

    drug_class: str
    grade: str
    path: tuple[Step, ...]

    @property
    def plain(self) -> bool:
        """Nobody would dispute it."""
        return self.grade == "plain"
