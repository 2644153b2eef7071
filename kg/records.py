"""The records that flow through trialkg: what a trial, a criterion, a rule, a patient and a finding are.

All are frozen. Offsets are character offsets (Python `str` indices) into `Trial.eligibility_text`, the record's own text unchanged, so that
`text[start:end]` is always the quote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

# --- evidence -----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A document that facts were read in; a row of `data/sources.csv`."""

    key: str
    title: str
    url: str = ""
    version: str = ""
    retrieved: str = ""
    licence: str = ""
    licence_url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proof: what is claimed, and the key of the source that says so ('' where it follows from patient or protocol)."""

    text: str
    source: str = ""
    detail: str = ""


# --- trials -------------------------------------------------------------------------------------------------------------------------------


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


# --- eligibility --------------------------------------------------------------------------------------------------------------------------


class Section(StrEnum):
    """Under which heading a criterion stands."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"
    UNSTATED = "unstated"


class ClauseStatus(StrEnum):
    """What became of a clause: a rule or typed value (modelled), known for what it is but not computable (recognised), or out of scope."""

    MODELLED = "modelled"
    RECOGNISED = "recognised"
    OUT_OF_SCOPE = "out_of_scope"


class Polarity(StrEnum):
    """What a rule does with a patient who meets it."""

    EXCLUDES = "excludes"
    REQUIRES = "requires"
    ALLOWS = "allows"


class Role(StrEnum):
    """Which of the patient's facts a rule looks at."""

    PRIOR_THERAPY = "prior_therapy"
    CONCOMITANT = "concomitant"
    CONDITION = "condition"
    BIOMARKER = "biomarker"


class Modality(StrEnum):
    """How strongly the sentence speaks."""

    MUST_NOT = "must_not"
    SHOULD_AVOID = "should_avoid"
    CAUTION = "caution"
    DISCRETION = "discretion"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing named in a text, at exact offsets.

    `kind`: drug, class, target, enzyme, condition, regimen, biomarker or pk. `key` is the table's key ('' for a pk mention, and for a class
    composed of a known `target` for which no class is defined). A pk mention carries enzyme, role (inhibitor, inducer, substrate), the
    strengths asked for (empty: any) and whether a narrow therapeutic index is asked for. `also` is a class that what is named must be in
    beside: of "immunosuppressive biologics" the key is that of biologics.
    """

    start: int
    end: int
    kind: str
    key: str
    text: str
    target: str = ""
    action: str = ""
    enzyme: str = ""
    role: str = ""
    strengths: tuple[str, ...] = ()
    narrow_index: bool = False
    also: str = ""
    set_aside: str = ""
    """Of a clause's mention: why no rule speaks of it, a `reason` of `data/eligibility/set_aside.csv`; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class Window:
    """A wash-out or look-back. Several amounts given (days and half-lives) are joined by `combine`: shorter, longer, or half-life
    (the days hold only where the half-life is not known).

    `within` tells the two readings apart: "at least N since" (False: allowed from last dose + N) and "within N" (True: allowed from
    last dose + N + 1 day). `anchor` is what it is counted back from, as stated (enrolment, first dose…).
    """

    days: int | None = None
    months: int | None = None
    half_lives: float | None = None
    cycles: int | None = None
    combine: str = ""
    within: bool = True
    anchor: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Carveout:
    """An exception to a rule.

    `effect`: `allows` (the rule does not hold for these), `window` (another window holds), `depends` (holds only if something that
    the facts do not tell: approval, discretion, stable dose…), `conditional` (holds in the circumstance that `text` states), `purpose`
    (another use of the drug is meant: replacement, premedication; an ordinary therapeutic use is not freed). `dose_level` "low": only
    low doses are freed, an ordinary therapeutic dose is not; "physiologic": of corticosteroids only what replaces the body's own.
    """

    effect: str
    mentions: tuple[Mention, ...] = ()
    window: Window | None = None
    routes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    max_dose_mg: float | None = None
    dose_level: str = ""
    text: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class LineLimit:
    """How many prior lines or regimens a rule allows: fewer than `minimum` or more than `maximum` break it."""

    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Arms, cohorts, parts or phases that a rule binds, as stated; empty: all."""

    texts: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What a clause of a criterion means, in computable form.

    A patient's fact meets the rule when it is one of `mentions` (any of them), none of `carveouts` frees it, and every limit that is set
    (window, settings, conditions, lines, dose, routes, outcomes) holds; a limit that the fact does not settle makes the verdict `review`.
    `quote` is `eligibility_text[start:end]`.
    """

    criterion: int
    number: int
    start: int
    end: int
    quote: str
    section: Section
    polarity: Polarity
    role: Role
    mentions: tuple[Mention, ...]
    window: Window | None = None
    carveouts: tuple[Carveout, ...] = ()
    conditions: tuple[str, ...] = ()
    """Keys of conditions that the therapy must have been given for."""
    own_disease: bool = False
    """Limited to therapy for the trial's own disease."""
    settings: tuple[str, ...] = ()
    lines: LineLimit | None = None
    min_dose_mg: float | None = None
    """The rule holds only above this daily dose (prednisone equivalent for corticosteroids)."""
    routes: tuple[str, ...] = ()
    """Routes the rule is limited to, e.g. systemic, oral; empty: systemic exposure."""
    outcomes: tuple[str, ...] = ()
    """What must have come of the therapy: progression, intolerance, response."""
    states: tuple[str, ...] = ()
    """For biomarkers: positive, negative, mutated, wild-type…"""
    closed_list: bool = False
    """The mentions are the whole list ("limited to"), rather than examples."""
    combined: bool = False
    """The rule speaks of a combination: a therapy meets it only where it was given with another."""
    modality: Modality = Modality.MUST_NOT
    scope: Scope = field(default_factory=Scope)
    binds_if: str = ""
    """A circumstance under which alone the rule binds, verbatim."""
    doubts: tuple[str, ...] = ()
    """Words of the sentence that were understood as making it uncertain; each makes the verdict `review`."""
    cues: tuple[str, ...] = ()
    """Cue words that the reading rests on, for `kg explain`."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a criterion with one meaning. `facts` holds typed values (analyte, comparator, value, unit…); `rules` numbers of rules."""

    criterion: int
    number: int
    start: int
    end: int
    text: str
    status: ClauseStatus
    kind: str
    facts: tuple[tuple[str, str], ...] = ()
    rules: tuple[int, ...] = ()
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """A bullet or sub-bullet.

    `order` counts from 0 through the text, `parent` is another criterion's order; `scope` the arm, cohort or phase words.
    """

    order: int
    start: int
    end: int
    text: str
    section: Section
    depth: int = 0
    parent: int | None = None
    heading: str = ""
    scope: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A trial's eligibility text as read: every criterion, its clauses, and the rules they give."""

    criteria: tuple[Criterion, ...] = ()
    clauses: tuple[Clause, ...] = ()
    rules: tuple[Rule, ...] = ()


# --- patients -----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exposure:
    """A drug (or class, or regimen) that a patient had or has.

    Dates are ISO text, whole or partial ("2024-11-20", "2024-11", "2024"). `dose` as "20 mg/day"; `route` a word of `data/routes.csv`;
    `setting` one of neoadjuvant, adjuvant, locally-advanced, recurrent, metastatic, maintenance; `line` counts from 1.
    """

    drug: str
    start: str | None = None
    last_dose: str | None = None
    dose: str | None = None
    route: str | None = None
    condition: str | None = None
    setting: str | None = None
    line: int | None = None
    regimen: str | None = None
    response: str | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """Radiotherapy, surgery, a transplant; `date` as in Exposure."""

    name: str
    date: str | None = None
    condition: str | None = None


# --- answers ------------------------------------------------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """The answer of a check; the definitions stand in docs/verdicts.md."""

    EXCLUDED = "excluded"
    UNKNOWN = "unknown"
    REVIEW = "review"
    NO_CONFLICT = "no_conflict_found"

    @property
    def rank(self) -> int:
        """0 for the worst: excluded > unknown > review > no_conflict_found."""
        return list(Verdict).index(self)


class FindingKind(StrEnum):
    """Where a finding comes from: a sentence of the protocol, a drug interaction, or the input itself."""

    CRITERION = "criterion"
    INTERACTION = "interaction"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason for a verdict, with its proof."""

    kind: FindingKind
    verdict: Verdict
    fact: str
    chain: tuple[Step, ...] = ()
    reason: str = ""
    rule: str = ""
    criterion: str = ""
    quote: str = ""
    start: int | None = None
    end: int | None = None
    section: str = ""
    modality: str = ""
    arms: tuple[str, ...] = ()
    recoverable: bool = False
    remedy: str = ""
    earliest_date: date | None = None
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    # interactions only
    drugs: tuple[str, ...] = ()
    mechanism: str = ""
    effect: str = ""
    severity: str = ""
    action: str = ""
    evidence: str = ""
    intended: bool = False
    """The interaction is inside the trial's own regimen: intended by protocol."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """A check's answer for one trial."""

    nct: str
    title: str
    status: str
    verdict: Verdict
    criteria_verdict: Verdict
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    arms: Mapping[str, Verdict] = field(default_factory=dict)
    earliest_date: date | None = None
    record: str = ""
    """Which version of the trial's record was read."""
    passages: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Criterion IRI → where the criterion starts in the eligibility text, and its text: of the criteria that findings quote."""
