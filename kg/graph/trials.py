"""A registry record → N-Quads: every field of `Trial`, a node a part, drugs and conditions linked to the known ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg.graph.lines import A, Lines, double, node, typed
from kg.graph.names import RecordNames, correction_iri
from kg.graph.predicates import FIELDS, LABEL, K
from kg.records import Trial
from kg.vocab import KG_BASE, PUBLIC, slug, thing_iri, trial_iri

__all__ = ["TrialWriter", "years"]

_MESH = {
    ("condition", False): K.hasConditionMeshTerm,
    ("condition", True): K.hasConditionMeshAncestor,
    ("intervention", False): K.hasInterventionMeshTerm,
    ("intervention", True): K.hasInterventionMeshAncestor,
}
_ASPECT = {"age-group": K.ageGroup, "course": K.course, "extent": K.extent}
_LEAD = "LEAD"
_DATE = re.compile(r"(\d{4})(-\d{2})?(-\d{2})?")
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(year|month|week|day|hour|minute)s?", re.IGNORECASE)
_PER_YEAR = {"year": 1, "month": 12, "week": 365.25 / 7, "day": 365.25, "hour": 365.25 * 24, "minute": 365.25 * 24 * 60}
_MESH_ID = re.compile(r"[A-Z]\d+")


def years(age: str) -> float | None:
    """An age as registered, in years; `None` if it is not a number and a unit.

    Example:
        >>> years("18 Years"), years("6 Months"), years("N/A")
        (18.0, 0.5, None)
    """
    found = _AGE.fullmatch(age.strip())
    return float(found[1]) / _PER_YEAR[found[2].lower()] if found else None


def _date(value: str) -> str | None:
    """A date as a literal: a day, a month or a year, whichever it is."""
    found = _DATE.fullmatch(value)
    if not found:
        return None
    return typed(value, "date" if found[3] else "gYearMonth" if found[2] else "gYear")


class TrialWriter:
    """Writes one trial's record into a named graph; `lines.out` holds the result."""

    def __init__(self, trial: Trial, lines: Lines, names: RecordNames) -> None:
        self.trial = trial
        self.lines = lines
        self.names = names
        self.subject = node(trial_iri(trial.nct))
        self._base = trial.nct
        self._arms: dict[str, str] = {}
        self._interventions: dict[str, str] = {}
        self._therapies: dict[str, tuple[tuple[str, str], ...]] = {}
        self._drugs: dict[str, None] = {}
        self._treatments: dict[tuple[str, str], str] = {}

    def part(self, kind: str, number: object) -> str:
        """The node of a part of this trial."""
        return f"<{KG_BASE}{kind}/{self._base}/{number}>"

    @property
    def drugs(self) -> tuple[str, ...]:
        """Keys of the drugs that the interventions and arms give, once written."""
        return tuple(self._drugs)

    def arm(self, label: str) -> str | None:
        """The node of the arm with this label."""
        return self._arms.get(label)

    def write(self) -> None:
        """All fields but the eligibility as read."""
        trial, lines, subject = self.trial, self.lines, self.subject
        lines.add(subject, A, K.ClinicalTrial)
        lines.text(subject, LABEL, trial.brief_title or trial.nct)
        lines.fields(subject, trial, FIELDS["Trial"])
        for predicate, age in ((K.minimumAgeYears, trial.minimum_age), (K.maximumAgeYears, trial.maximum_age)):
            number = years(age) if age else None
            if number is not None:
                lines.add(subject, predicate, double(number))
        self._provenance()
        self._simple_parts()
        self._parties()
        self._events()
        self._mesh()
        self._conditions()
        self._interventions_and_arms()
        self._dosing()
        self._corrections_and_biomarkers()
        self._rest()

    def _each(self, kind: str, link: str, records: Sequence[object], numbered: bool = True) -> None:
        """A node for each record, in order; the record's class is that of the node."""
        lines = self.lines
        if not records:
            return
        record_class = type(records[0]).__name__
        fields, class_node = FIELDS[record_class], getattr(K, record_class)
        for number, record in enumerate(records):
            part = self.part(kind, number)
            lines.add(self.subject, link, part)
            lines.add(part, A, class_node)
            lines.fields(part, record, fields)
            if numbered:
                lines.integer(part, K.order, number)

    def _simple_parts(self) -> None:
        trial = self.trial
        self._each("identifier", K.hasIdentifier, trial.identifiers)
        self._each("outcome", K.hasOutcome, trial.outcomes)
        self._each("objective", K.hasObjective, trial.objectives)
        self._each("site", K.hasSite, trial.sites, numbered=False)

    def _provenance(self) -> None:
        part = f"<{KG_BASE}record/{self._base}>"
        self.lines.add(self.subject, K.hasRecordSource, part)
        self.lines.add(part, A, K.RecordSource)
        self.lines.fields(part, self.trial.source, FIELDS["RecordSource"])

    def _parties(self) -> None:
        lines = self.lines
        for number, party in enumerate(self.trial.parties):
            part = self.part("participation", number)
            whose = f"<{KG_BASE}party/{slug(party.name)}>"
            lines.add(self.subject, K.hasParticipation, part)
            lines.add(part, A, K.Participation)
            lines.fields(part, party, FIELDS["Party"])
            lines.add(part, K.isPlayedBy, whose)
            lines.add(whose, A, K.Party)
            lines.text(whose, LABEL, party.name)
            if party.role == _LEAD:
                lines.add(self.subject, K.isSponsoredBy, whose)

    def _events(self) -> None:
        self._each("event", K.hasDatedEvent, self.trial.dates, numbered=False)
        for number, event in enumerate(self.trial.dates):
            date = _date(event.value)
            if date:
                self.lines.add(self.part("event", number), K.eventDate, date)

    def _mesh(self) -> None:
        lines = self.lines
        for term in self.trial.mesh:
            public = _MESH_ID.fullmatch(term.id)
            heading = node(f"{PUBLIC['mesh']}{term.id}" if public else f"{KG_BASE}mesh/{slug(term.term)}")
            lines.add(self.subject, _MESH.get((term.about, term.ancestor), K.hasMeshTerm), heading)
            lines.add(heading, A, K.MeshTerm)
            lines.text(heading, LABEL, term.term)

    def _conditions(self) -> None:
        lines = self.lines
        for number, name in enumerate(self.trial.conditions):
            part = self.part("trial-condition", number)
            lines.add(self.subject, K.hasCondition, part)
            lines.add(part, A, K.TrialCondition)
            lines.text(part, LABEL, name)
            lines.integer(part, K.order, number)
            composed = self.names.composition(name)
            for key in composed.conditions:
                condition = node(thing_iri("condition", key))
                lines.add(part, K.namesCondition, condition)
                lines.add(self.subject, K.studiesCondition, condition)
            lines.texts(part, K.stage, composed.stages)
            for aspect, value in composed.qualifiers:
                lines.text(part, _ASPECT[aspect], value)

    def _gives(self, subject: str, therapies: Iterable[tuple[str, str]]) -> None:
        for kind, key in therapies:
            self.lines.add(subject, K.givesDrug if kind == "drug" else K.givesTherapy, node(thing_iri(kind, key)))
            if kind == "drug":
                self._drugs[key] = None
            elif kind == "regimen":
                self._drugs.update(dict.fromkeys(self.names.components(key)))

    def _interventions_and_arms(self) -> None:
        lines, trial = self.lines, self.trial
        self._each("intervention", K.hasIntervention, trial.interventions)
        for number, intervention in enumerate(trial.interventions):
            part = self.part("intervention", number)
            found = self.names.therapies(intervention.name, intervention.other_names)
            self._therapies[intervention.name] = found
            self._interventions.setdefault(intervention.name, part)
            self._gives(part, found)
        self._each("arm", K.hasArm, trial.arms)
        for number, arm in enumerate(trial.arms):
            self._arms.setdefault(arm.label, self.part("arm", number))
        for number, arm in enumerate(trial.arms):
            part = self.part("arm", number)
            if arm.crosses_to in self._arms:
                lines.add(part, K.crossesOverTo, self._arms[arm.crosses_to])
            for position, name in enumerate(arm.interventions):
                self._treatment(part, self.part("treatment", f"{number}-{position}"), arm.label, name)

    def _treatment(self, arm: str, part: str, label: str, name: str) -> None:
        lines = self.lines
        self._treatments.setdefault((label, name), part)
        lines.add(arm, K.hasTreatment, part)
        lines.add(part, A, K.ArmTreatment)
        lines.text(part, LABEL, name)
        lines.text(part, K.interventionName, name)
        if name in self._interventions:
            lines.add(part, K.appliesIntervention, self._interventions[name])
        self._gives(part, self._therapies[name] if name in self._therapies else self.names.therapies(name, ()))

    def _dosing(self) -> None:
        for number, dosing in enumerate(self.trial.dosing):
            part = self.part("dosing", number)
            owner = self._treatments.get((dosing.arm, dosing.intervention), self.subject)
            self.lines.add(owner, K.hasDosing, part)
            self.lines.add(part, A, K.Dosing)
            self.lines.fields(part, dosing, FIELDS["Dosing"])
            self.lines.integer(part, K.order, number)

    def _corrections_and_biomarkers(self) -> None:
        corrections = self.names.corrections(self.trial.nct)
        written = "\n".join((self.trial.brief_summary, self.trial.detailed_description, self.trial.eligibility_text))
        for row in corrections:
            if row["scope"] == self.trial.nct or row["found"] in written:
                self.lines.add(self.subject, K.hasCorrection, node(correction_iri(row)))
        named = "\n".join([o.text for o in self.trial.objectives] + [f"{o.measure}\n{o.description}" for o in self.trial.outcomes])
        for row in corrections:
            named = named.replace(row["found"], row["corrected"])
        for key in self.names.biomarkers(named):
            self.lines.add(self.subject, K.measuresBiomarker, node(thing_iri("biomarker", key)))

    def _rest(self) -> None:
        lines, trial = self.lines, self.trial
        for number, (path, value) in enumerate(trial.other):
            part = self.part("record-fact", number)
            lines.add(self.subject, K.hasRecordFact, part)
            lines.add(part, A, K.RecordFact)
            lines.text(part, K.recordPath, path)
            lines.text(part, K.recordValue, value)
        for number, (path, count) in enumerate(trial.dropped):
            part = self.part("dropped", number)
            lines.add(self.subject, K.hasDroppedModule, part)
            lines.add(part, A, K.DroppedModule)
            lines.text(part, K.recordPath, path)
            lines.integer(part, K.valueCount, count)
