"""Which predicate says which field of a record: one table for writing, and for reading back."""

from __future__ import annotations

from collections.abc import Mapping

from kg.graph.lines import Fields, node
from kg.terms import KGO
from kg.vocab import PREFIXES

__all__ = ["ALT_LABEL", "DESCRIPTION", "FIELDS", "LABEL", "K"]


class _Nodes:
    """`K.hasArm` is the node of `kgo:hasArm`; a name that is no term of the ontology raises."""

    def __getattr__(self, name: str) -> str:
        found = node(KGO[name])
        setattr(self, name, found)  # the next access finds it without coming here
        return found


K = _Nodes()

LABEL = node(f"{PREFIXES['rdfs']}label")
ALT_LABEL = node(f"{PREFIXES['skos']}altLabel")
DESCRIPTION = node(f"{PREFIXES['dcterms']}description")

FIELDS: Mapping[str, Fields] = {
    "Trial": {
        "nct": K.nctId, "brief_title": K.briefTitle, "official_title": K.officialTitle, "acronym": K.acronym,
        "organization": K.organizationName, "status": K.overallStatus, "why_stopped": K.stopReason,
        "brief_summary": K.briefSummary, "detailed_description": K.detailedDescription, "keywords": K.keyword,
        "study_type": K.studyType, "phases": K.phase, "allocation": K.allocation, "model": K.interventionModel,
        "masking": K.masking, "who_masked": K.maskedParty, "purpose": K.primaryPurpose, "enrollment": K.enrollmentCount,
        "enrollment_kind": K.enrollmentKind, "eligibility_text": K.eligibilityText, "sex": K.sex,
        "minimum_age": K.minimumAge, "maximum_age": K.maximumAge, "healthy_volunteers": K.healthyVolunteers,
        "age_groups": K.ageGroup, "study_population": K.studyPopulation, "sampling_method": K.samplingMethod,
    },
    "RecordSource": {
        "name": K.sourceName, "format": K.recordFormat, "checksum": K.checksumSha256, "version": K.sourceVersion,
        "retrieved": K.retrievalDate, "url": K.documentUrl, "position": K.recordPosition,
    },
    "Identifier": {"value": K.identifierValue, "kind": K.identifierKind, "domain": K.identifierDomain, "link": K.identifierLink},
    "DatedEvent": {"event": K.eventName, "value": K.dateText, "kind": K.dateKind},
    "Party": {"role": K.partyRole, "kind": K.partyKind, "affiliation": K.affiliation},
    "Site": {
        "facility": K.facilityName, "city": K.city, "state": K.state, "zip": K.postalCode, "country": K.country,
        "status": K.siteStatus, "lat": K.latitudeDegrees, "lon": K.longitudeDegrees,
    },
    "Outcome": {"kind": K.outcomeKind, "measure": LABEL, "description": DESCRIPTION, "time_frame": K.timeFrame},
    "Objective": {"kind": K.objectiveKind, "number": K.objectiveNumber, "text": K.text},
    "Arm": {
        "label": LABEL, "kind": K.armKind, "description": DESCRIPTION, "crosses_to": K.crossoverArmLabel,
        "crosses_when": K.crossoverCondition,
    },
    "Intervention": {
        "name": LABEL, "kind": K.interventionKind, "description": DESCRIPTION, "other_names": ALT_LABEL, "arms": K.interventionArmLabel,
    },
    "Dosing": {
        "arm": K.armLabel, "intervention": K.interventionName, "dose": K.dose, "route": K.route, "frequency": K.frequency,
        "days": K.dosingDays, "duration": K.duration, "cycle_days": K.cycleDays, "quote": K.quote,
    },
    "Criterion": {
        "order": K.order, "start": K.startOffset, "end": K.endOffset, "text": K.text, "section": K.section, "depth": K.depth,
        "heading": K.heading, "scope": K.scopeText,
    },
    "Clause": {
        "number": K.clauseNumber, "start": K.startOffset, "end": K.endOffset, "text": K.text, "status": K.clauseStatus,
        "kind": K.clauseKind,
    },
    "Rule": {
        "number": K.ruleNumber, "start": K.startOffset, "end": K.endOffset, "quote": K.quote, "section": K.section, "polarity": K.polarity,
        "role": K.ruleRole, "own_disease": K.ownDiseaseOnly, "settings": K.setting, "min_dose_mg": K.minimumDoseMgPerDay,
        "routes": K.route, "outcomes": K.therapyOutcome, "states": K.biomarkerState, "closed_list": K.closedList,
        "combined": K.inCombination, "position": K.linePosition, "modality": K.modality, "binds_if": K.bindingCircumstance,
        "doubts": K.doubt, "cues": K.cue,
    },
    "Scope": {"texts": K.scopeText, "arms": K.armLabel},
    "LineLimit": {"minimum": K.minimumLines, "maximum": K.maximumLines},
    "Window": {
        "days": K.windowDays, "months": K.windowMonths, "half_lives": K.windowHalfLives, "cycles": K.windowCycles,
        "combine": K.windowCombination, "within": K.withinWindow, "anchor": K.windowAnchor, "text": K.text,
    },
    "Carveout": {
        "effect": K.carveOutEffect, "routes": K.route, "settings": K.setting, "max_dose_mg": K.maximumDoseMgPerDay,
        "dose_level": K.doseLevel, "text": K.text, "start": K.startOffset, "end": K.endOffset,
    },
    "Mention": {
        "start": K.startOffset, "end": K.endOffset, "kind": K.mentionKind, "text": K.text, "action": K.targetAction, "role": K.enzymeRole,
        "strengths": K.roleStrength, "set_aside": K.setAsideReason,
    },
}  # fmt: skip
"""By the record's class: fields that are a literal of its node. The others are nodes of their own, written by hand."""
