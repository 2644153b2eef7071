"""What a registry says of a trial."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Arm",
    "DatedEvent",
    "Dosing",
    "Identifier",
    "Intervention",
    "MeshTerm",
    "Objective",
    "Outcome",
    "Party",
    "RecordSource",
    "Site",
    "Trial",
]


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier of a trial: `kind` as the registry says (NIH, REGISTRY, OTHER, ORG…), `domain` who issued it."""

    value: str
    kind: str = ""
    domain: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm, group or cohort. `interventions` are names as in `Trial.interventions`; `crosses_to` is where patients may cross over to."""

    label: str
    kind: str = ""
    description: str = ""
    interventions: tuple[str, ...] = ()
    crosses_to: str = ""
    crosses_when: str = ""


@dataclass(frozen=True, slots=True)
class Intervention:
    """A treatment or procedure as registered. `kind` as the registry says (DRUG, BIOLOGICAL, RADIATION, OTHER…)."""

    name: str
    kind: str = ""
    description: str = ""
    other_names: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dosing:
    """How an arm gives an intervention, as stated: amounts and days verbatim, `quote` the sentence it was read from."""

    arm: str
    intervention: str
    dose: str = ""
    route: str = ""
    frequency: str = ""
    days: str = ""
    duration: str = ""
    cycle_days: int | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A registered outcome. `kind`: primary, secondary, other."""

    kind: str
    measure: str
    description: str = ""
    time_frame: str = ""


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective found in the description. `kind`: primary, secondary, tertiary, exploratory or ''; `number` as printed (I, II, …)."""

    kind: str
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """A place where the trial runs."""

    facility: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    status: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A sponsor, collaborator, official or responsible party. `role` as the registry says (LEAD, COLLABORATOR, PRINCIPAL_INVESTIGATOR…)."""

    name: str
    role: str
    kind: str = ""
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class MeshTerm:
    """A MeSH term that the registry derived. `about`: condition or intervention; `ancestor`: the term is an ancestor of a derived one."""

    term: str
    id: str = ""
    about: str = "condition"
    ancestor: bool = False


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """A date of the record.

    `event`: start, primary_completion, first_posted…; `value` as given (2011-01 or 2011-01-24); `kind`: ACTUAL, ESTIMATED or ''.
    """

    event: str
    value: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RecordSource:
    """Where a record came from.

    `format`: v2-json, classic-page, registry-page, legacy-xml, aact. `checksum`: sha256 hex of the record's bytes.
    """

    name: str
    format: str
    checksum: str
    version: str = ""
    retrieved: str = ""
    url: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One registry record, whichever format it came in."""

    nct: str
    brief_title: str
    source: RecordSource
    official_title: str = ""
    acronym: str = ""
    identifiers: tuple[Identifier, ...] = ()
    organization: str = ""
    status: str = ""
    why_stopped: str = ""
    dates: tuple[DatedEvent, ...] = ()
    parties: tuple[Party, ...] = ()
    brief_summary: str = ""
    detailed_description: str = ""
    objectives: tuple[Objective, ...] = ()
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    study_type: str = ""
    phases: tuple[str, ...] = ()
    allocation: str = ""
    model: str = ""
    masking: str = ""
    who_masked: tuple[str, ...] = ()
    purpose: str = ""
    enrollment: int | None = None
    enrollment_kind: str = ""
    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    dosing: tuple[Dosing, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    eligibility_text: str = ""
    sex: str = ""
    minimum_age: str = ""
    maximum_age: str = ""
    healthy_volunteers: bool | None = None
    age_groups: tuple[str, ...] = ()
    study_population: str = ""
    sampling_method: str = ""
    sites: tuple[Site, ...] = ()
    mesh: tuple[MeshTerm, ...] = ()
    other: tuple[tuple[str, str], ...] = ()
    """Scalar facts of the record that have no field of their own, as (path, value): oversight, IPD sharing, references…"""
    dropped: tuple[tuple[str, int], ...] = ()
    """Modules of the record that are counted but not kept (results, documents), as (path, number of leaf values)."""
