"""What a trial's eligibility text says: criteria, their clauses, and the rules that these give.

Offsets are character offsets (Python `str` indices) into `Trial.eligibility_text`, the record's own text unchanged, so that
`text[start:end]` is always the quote.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

__all__ = [
    "Carveout",
    "Clause",
    "ClauseStatus",
    "Criterion",
    "Eligibility",
    "LineLimit",
    "Mention",
    "Modality",
    "Polarity",
    "Role",
    "Rule",
    "Scope",
    "Section",
    "Window",
]


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


ANY_PERPETRATOR = "any"
"""Enzyme of the pk mention that "drugs known to interact with the study drug" gives: any strong or moderate inhibitor or inducer."""
ANY_MEDICINE = "medicine"
"""Class of the mention that "any medication" gives: every drug is in it, so that no table lists its members."""
LONGER_AGO = "ended longer ago"
"""The doubt of an exclusion of what lies too far back, of which no window says how far is near enough."""
WHETHER_IT_GOES_ON = "whether it goes on"
"""The doubt of an exclusion of those in whom a therapy has ended that has to go on: what they have now, the facts may not tell."""


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

    `effect`: `allows` (the rule does not hold for these), `window` (another window holds; where nothing else is told, those past it are
    freed), `depends` (holds only if something that the facts do not tell: approval, discretion, stable dose…), `conditional` (holds in the
    circumstance that `text` states, past the window if there is one), `purpose` (another use of the drug is meant: replacement,
    premedication; an ordinary therapeutic use is not freed), `no-cancer` (frees what was given for no cancer), `recent` (frees those
    still inside its window), `ongoing` (may free what has not ended), `together` (frees a line of therapy in which all of these were
    given). `dose_level` "low": only low doses are freed, an ordinary therapeutic dose is not; "physiologic": of corticosteroids only
    what replaces the body's own.
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
    position: str = ""
    """The position (first, only, last) that the sentence gives to a therapy which it requires: another therapy meets the rule only where
    it may have held that position."""
    modality: Modality = Modality.MUST_NOT
    scope: Scope = field(default_factory=Scope)
    binds_if: str = ""
    """A circumstance under which alone the rule binds, verbatim."""
    doubts: tuple[str, ...] = ()
    """Words of the sentence that were understood as making it uncertain; each makes the verdict `review`."""
    cues: tuple[str, ...] = ()
    """Cue words that the reading rests on, for `kg explain`."""

    def with_carveouts(self, *carveouts: Carveout) -> Rule:
        """The rule with further exceptions."""
        return replace(self, carveouts=(*self.carveouts, *carveouts))


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
