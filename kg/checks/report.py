"""A check's answer for all the trials that were asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from kg.checks import render
from kg.checks.effects import Engine
from kg.checks.facts import PatientFacts, in_words
from kg.checks.interactions import order, pair_findings
from kg.checks.patient import Patient
from kg.checks.reader import understand
from kg.checks.trials import check_trial
from kg.errors import UnknownTrial
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Eligibility, Finding, Source, Trial, TrialResult

__all__ = ["DISCLAIMER", "Report", "check"]

DISCLAIMER = render.DISCLAIMER


@dataclass(frozen=True, slots=True)
class Report:
    """The results, trial by trial, in the order in which the trials came.

    `unrecognised` are names in the patient's data that the tables do not have, `suggestions` the near ones (or how to write an entry, if
    a name holds a dose or a route); `not_assessed` the parts of the patient's data that were not given.

    Example:
        >>> Report(date(2026, 11, 21), ()).to_dict()["disclaimer"]
        'Research use only; not medical advice.'
    """

    as_of: date
    trials: Sequence[TrialResult]
    unrecognised: tuple[str, ...] = ()
    not_assessed: tuple[str, ...] = ()
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    disclaimer: str = DISCLAIMER
    notes: tuple[str, ...] = ()
    """What is to be known of the patient's data, such as entries that were left out and why."""
    facts: tuple[str, ...] = ()
    """What was given of the patient, in words: a report that is printed says what was checked."""
    among: tuple[Finding, ...] = ()
    """What the patient's own drugs do to each other, worst first: of no trial, so that it changes no verdict."""
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False)
    """The documents that findings may cite, by their key."""

    def __getitem__(self, nct: str) -> TrialResult:
        """The result for one trial.

        Raises:
            UnknownTrial: it was not checked.
        """
        for result in self.trials:
            if result.nct == nct.strip().upper():
                return result
        checked = [result.nct for result in self.trials]
        raise UnknownTrial(
            f"{nct} was not checked; checked were {', '.join(checked[:5]) or 'none'}{' …' if len(checked) > 5 else ''}", checked[:5]
        )

    def __iter__(self) -> Iterator[TrialResult]:
        return iter(self.trials)

    def __len__(self) -> int:
        return len(self.trials)

    def __contains__(self, nct: object) -> bool:
        return any(result.nct == nct for result in self.trials)

    def to_dict(self) -> dict[str, Any]:
        """Plain values (texts, numbers, lists, mappings) in the shape that `kg check --format json` prints."""
        return render.to_dict(self)

    def to_json(self) -> str:
        """`to_dict` as JSON text."""
        return render.to_json(self)

    def to_cds_cards(self) -> list[dict[str, Any]]:
        """CDS Hooks cards: one for each trial that conflicts or is in doubt, and one for names that were not recognised."""
        from kg.checks.cards import to_cds_cards

        return to_cds_cards(self)

    def to_text(self) -> str:
        """Plain text, for a terminal or a letter."""
        return render.to_text(self)

    def to_markdown(self) -> str:
        """Markdown."""
        return render.to_markdown(self)

    def to_html(self) -> str:
        """One self-contained HTML page, fit for print."""
        from kg.checks.page import to_page

        return to_page(self)

    def to_fhir(self, subject: str = "") -> dict[str, Any]:
        """A FHIR R4 Bundle: a GuidanceResponse a trial, a DetectedIssue a finding; `subject` refers to the patient, as in "Patient/1"."""
        from kg.checks.fhir_report import to_fhir

        return to_fhir(self, subject)

    def why(self) -> str:
        """Each finding's proof, step by step, as plain text."""
        return render.why(self)

    def _repr_html_(self) -> str:
        return render.to_html(self)


def _among(facts: PatientFacts, engine: Engine) -> tuple[Finding, ...]:
    drugs = list(dict.fromkeys(fact.key for fact in facts.current if fact.kind == "drug" and fact.systemic != "no"))
    return tuple(order(finding for one, other in combinations(drugs, 2) for finding in pair_findings(engine, one, other)))


def check(patient: Patient, trials: Iterable[tuple[Trial, Eligibility]], knowledge: Knowledge, names: Names) -> Report:
    """Check a patient against trials.

    Arguments:
        patient: validated data.
        trials: records with their criteria as read.
        knowledge, names: what drugs are, and how names are looked up.
    """
    facts = understand(patient, knowledge, names)
    engine = Engine.of(knowledge)
    results = tuple(check_trial(facts, trial, eligibility, knowledge, names, engine) for trial, eligibility in trials)
    return Report(
        as_of=patient.as_of,
        trials=results,
        unrecognised=tuple(dict.fromkeys(item.name for item in facts.unrecognised if not item.unclear)),
        not_assessed=patient.not_assessed,
        suggestions={item.name: item.suggestions for item in facts.unrecognised if not item.unclear},
        notes=(*patient.notes, *facts.remarks),
        facts=in_words(patient),
        among=_among(facts, engine),
        sources=knowledge.sources,
    )
