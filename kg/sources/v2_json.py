"""ClinicalTrials.gov API v2: a study object becomes a `Trial`.

Every value that a field of `Trial` takes is removed from a copy of the study; whatever remains is then kept as (path, value) pairs in
`Trial.other`, or, for results and documents, counted in `Trial.dropped`. So a value cannot get lost by being forgotten here, and a value
of an unexpected type stays in `other` as it came. Only JSON null and empty strings, lists and objects say nothing and are not kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from kg.errors import BadRecord
from kg.records import (
    Arm,
    DatedEvent,
    Identifier,
    Intervention,
    MeshTerm,
    Outcome,
    Party,
    RecordSource,
    Site,
    Trial,
)
from kg.sources import take
from kg.sources.dosing import read_dosing
from kg.sources.objectives import read_objectives
from kg.sources.take import Json

__all__ = ["NCT", "checksum", "read_study"]

NCT = re.compile(r"NCT\d{8}")
"""The form of a ClinicalTrials.gov number."""

_EVENTS = {
    "statusVerifiedDate": "verified",
    "startDateStruct": "start",
    "primaryCompletionDateStruct": "primary_completion",
    "completionDateStruct": "completion",
    "studyFirstSubmitDate": "first_submitted",
    "studyFirstSubmitQcDate": "first_submitted_qc",
    "studyFirstPostDateStruct": "first_posted",
    "resultsFirstSubmitDate": "results_first_submitted",
    "resultsFirstSubmitQcDate": "results_first_submitted_qc",
    "resultsFirstPostDateStruct": "results_first_posted",
    "dispFirstSubmitDate": "disposition_first_submitted",
    "dispFirstSubmitQcDate": "disposition_first_submitted_qc",
    "dispFirstPostDateStruct": "disposition_first_posted",
    "lastUpdateSubmitDate": "last_update_submitted",
    "lastUpdatePostDateStruct": "last_update_posted",
}
_OUTCOMES = {"primaryOutcomes": "primary", "secondaryOutcomes": "secondary", "otherOutcomes": "other"}
_BROWSE = {"conditionBrowseModule": "condition", "interventionBrowseModule": "intervention"}
_COUNTED = ("resultsSection", "documentSection")


def read_study(study: Mapping[str, Any], source: RecordSource, counted: Sequence[tuple[str, int]] = ()) -> Trial:
    """The trial that an API v2 study object describes.

    Arguments:
        study: the object with `protocolSection`; it is left unchanged.
        source: where it came from; `version` is filled from the record's own `versionHolder` when empty.
        counted: parts of the record that its reader has counted instead of putting them into the study, as `Trial.dropped` has them.
    Raises:
        BadRecord: it is not a study object, or it has no NCT number by which it could be named.
    Source of the layout: ClinicalTrials.gov API v2 study data structure.

    Example:
        >>> study = {"protocolSection": {"identificationModule": {"nctId": "NCT01206140", "briefTitle": "Selumetinib"},
        ...                              "oversightModule": {"oversightHasDmc": True}}}
        >>> trial = read_study(study, RecordSource("one.json", "v2-json", ""))
        >>> trial.nct, trial.other
        ('NCT01206140', (('protocolSection.oversightModule.oversightHasDmc', 'true'),))
    """
    protocol = study.get("protocolSection")
    if not isinstance(protocol, dict):
        raise BadRecord("it has no protocolSection; a study of the ClinicalTrials.gov API v2 does")
    rest: Json = {name: section if name in _COUNTED else take.copy(section) for name, section in study.items()}
    protocol = rest["protocolSection"]
    module = take.modules(protocol)
    identification, status, design = module("identificationModule"), module("statusModule"), module("designModule")
    nct = _nct(identification)
    design_info = take.part(design, "designInfo")
    masking = take.part(design_info, "maskingInfo")
    enrollment = take.part(design, "enrollmentInfo")
    eligibility = module("eligibilityModule")
    conditions = module("conditionsModule")
    description = module("descriptionModule")
    places = module("contactsLocationsModule")
    repeated = _repeated_locations(places)
    arms, interventions = _arms(module("armsInterventionsModule"))
    official_title = take.text(identification, "officialTitle")
    detailed = take.text(description, "detailedDescription")
    arms, dosing = read_dosing(arms, interventions, detailed)
    derived = take.modules(take.part(rest, "derivedSection"))
    return Trial(
        nct=nct,
        brief_title=take.text(identification, "briefTitle") or official_title,
        official_title=official_title,
        acronym=take.text(identification, "acronym"),
        identifiers=_identifiers(identification),
        organization=take.text(take.part(identification, "organization"), "fullName"),
        status=take.text(status, "overallStatus"),
        why_stopped=take.text(status, "whyStopped"),
        dates=_dates(status),
        parties=_parties(module("sponsorCollaboratorsModule"), places),
        brief_summary=take.text(description, "briefSummary"),
        detailed_description=detailed,
        objectives=read_objectives(detailed),
        conditions=take.texts(conditions, "conditions"),
        keywords=take.texts(conditions, "keywords"),
        study_type=take.text(design, "studyType"),
        phases=take.texts(design, "phases"),
        allocation=take.text(design_info, "allocation"),
        model=take.text(design_info, "interventionModel") or take.text(design_info, "observationalModel"),
        masking=take.text(masking, "masking"),
        who_masked=take.texts(masking, "whoMasked"),
        purpose=take.text(design_info, "primaryPurpose"),
        enrollment=take.count(enrollment, "count"),
        enrollment_kind=take.text(enrollment, "type"),
        arms=arms,
        interventions=interventions,
        dosing=dosing,
        outcomes=_outcomes(module("outcomesModule")),
        eligibility_text=take.text(eligibility, "eligibilityCriteria"),
        sex=take.text(eligibility, "sex"),
        minimum_age=take.text(eligibility, "minimumAge"),
        maximum_age=take.text(eligibility, "maximumAge"),
        healthy_volunteers=take.flag(eligibility, "healthyVolunteers"),
        age_groups=take.texts(eligibility, "stdAges"),
        study_population=take.text(eligibility, "studyPopulation"),
        sampling_method=take.text(eligibility, "samplingMethod"),
        sites=_sites(places),
        mesh=tuple(_mesh(derived)),
        source=replace(source, version=source.version or take.text(derived("miscInfoModule"), "versionHolder")),
        dropped=_dropped(rest) + repeated + tuple(counted),
        other=tuple(_other(rest)),
    )


def checksum(study: Mapping[str, Any]) -> str:
    """The SHA-256 of the study as JSON with sorted keys and no spaces: the same for a record whether it came in JSONL, a page or a zip.

    Raises:
        BadRecord: it is nested deeper than any study (254 levels).

    >>> checksum({"b": 1, "a": 2}) == checksum({"a": 2, "b": 1})
    True
    """
    try:
        canonical = orjson.dumps(study, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise BadRecord(f"it cannot be written as JSON again: {error}") from error
    return hashlib.sha256(canonical).hexdigest()


# --- the record's parts -----------------------------------------------------------------------------------------------------------------


def _nct(identification: Json) -> str:
    raw = identification.get("nctId")
    if raw is None:
        raise BadRecord("it has no NCT number (protocolSection.identificationModule.nctId)")
    nct = raw.strip().upper() if isinstance(raw, str) else ""
    if not NCT.fullmatch(nct):
        raise BadRecord(f"its NCT number is {raw!r}; one is NCT and eight digits")
    del identification["nctId"]
    return nct


def _identifiers(identification: Json) -> tuple[Identifier, ...]:
    found = []
    own = take.part(identification, "orgStudyIdInfo")
    if take.is_text(own.get("id")):
        found.append(Identifier(take.text(own, "id"), "ORG", take.text(own, "domain"), take.text(own, "link")))
    for item in take.parts(identification, "secondaryIdInfos"):
        if take.is_text(item.get("id")):
            found.append(Identifier(take.text(item, "id"), take.text(item, "type"), take.text(item, "domain"), take.text(item, "link")))
    found.extend(Identifier(alias, "NCT_ALIAS") for alias in take.texts(identification, "nctIdAliases"))
    return tuple(found)


def _dates(status: Json) -> tuple[DatedEvent, ...]:
    found = []
    for name, event in _EVENTS.items():
        struct = take.part(status, name)
        if take.is_text(struct.get("date")):
            found.append(DatedEvent(event, take.text(struct, "date"), take.text(struct, "type")))
        elif take.is_text(status.get(name)):
            found.append(DatedEvent(event, take.text(status, name)))
    return tuple(found)


def _parties(sponsors: Json, places: Json) -> tuple[Party, ...]:
    found = []
    lead = take.part(sponsors, "leadSponsor")
    lead_name = take.text(lead, "name")
    if lead_name:
        found.append(Party(lead_name, "LEAD", take.text(lead, "class")))
    found.extend(
        Party(take.text(item, "name"), "COLLABORATOR", take.text(item, "class"))
        for item in take.parts(sponsors, "collaborators")
        if take.is_text(item.get("name"))
    )
    responsible = take.part(sponsors, "responsibleParty")
    name = take.text(responsible, "investigatorFullName") or take.text(responsible, "oldNameTitle")
    if not name and responsible.get("type") == "SPONSOR":
        name = lead_name
    if name:
        affiliation = take.text(responsible, "investigatorAffiliation") or take.text(responsible, "oldOrganization")
        found.append(Party(name, "RESPONSIBLE_PARTY", take.text(responsible, "type"), affiliation))
    found.extend(
        Party(take.text(item, "name"), take.text(item, "role") or "OFFICIAL", affiliation=take.text(item, "affiliation"))
        for item in take.parts(places, "overallOfficials")
        if take.is_text(item.get("name"))
    )
    return tuple(found)


def _arms(module: Json) -> tuple[tuple[Arm, ...], tuple[Intervention, ...]]:
    """Arms and interventions, each naming the others whichever side of the record stated it."""
    interventions = [
        Intervention(
            name=take.text(item, "name"),
            kind=take.text(item, "type"),
            description=take.text(item, "description"),
            other_names=take.texts(item, "otherNames"),
            arms=take.texts(item, "armGroupLabels"),
        )
        for item in take.parts(module, "interventions")
        if take.is_text(item.get("name"))
    ]
    # an arm names its interventions as "Dietary Supplement: vitamin D"
    names = {f"{item.kind.replace('_', ' ').title()}: {item.name}": item.name for item in interventions}
    arms = []
    for item in take.parts(module, "armGroups"):
        if not take.is_text(item.get("label")):
            continue
        label = take.text(item, "label")
        stated = [names.get(name, name) for name in take.texts(item, "interventionNames")]
        stated += [each.name for each in interventions if label in each.arms]
        arms.append(Arm(label, take.text(item, "type"), take.text(item, "description"), tuple(dict.fromkeys(stated))))
    for number, each in enumerate(interventions):
        stated = [*each.arms, *(arm.label for arm in arms if each.name in arm.interventions)]
        interventions[number] = replace(each, arms=tuple(dict.fromkeys(stated)))
    return tuple(arms), tuple(interventions)


def _outcomes(module: Json) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(kind, take.text(item, "measure"), take.text(item, "description"), take.text(item, "timeFrame"))
        for name, kind in _OUTCOMES.items()
        for item in take.parts(module, name)
        if take.is_text(item.get("measure"))
    )


def _repeated_locations(places: Json) -> tuple[tuple[str, int], ...]:
    """Some exports carry the locations twice, the second time as `locations_nested`: a copy is counted, an only child is used."""
    nested = places.get("locations_nested")
    if not isinstance(nested, list) or not nested:
        return ()
    if "locations" not in places:
        places["locations"] = places.pop("locations_nested")
        return ()
    if nested != places["locations"]:
        return ()
    del places["locations_nested"]
    return (("protocolSection.contactsLocationsModule.locations_nested", _leaf_count(nested)),)


def _sites(places: Json) -> tuple[Site, ...]:
    found = []
    for item in take.parts(places, "locations"):
        point = take.part(item, "geoPoint")
        site = Site(
            facility=take.text(item, "facility"),
            city=take.text(item, "city"),
            state=take.text(item, "state"),
            zip=take.text(item, "zip"),
            country=take.text(item, "country"),
            status=take.text(item, "status"),
            lat=take.number(point, "lat"),
            lon=take.number(point, "lon"),
        )
        if site != Site():
            found.append(site)
    return tuple(found)


def _mesh(derived: Callable[[str], Json]) -> Iterator[MeshTerm]:
    for name, about in _BROWSE.items():
        for group, ancestor in (("meshes", False), ("ancestors", True)):
            for item in take.parts(derived(name), group):
                if take.is_text(item.get("term")):
                    yield MeshTerm(take.text(item, "term"), take.text(item, "id"), about, ancestor)


# --- the rest ---------------------------------------------------------------------------------------------------------------------------


def _dropped(rest: Json) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for name in _COUNTED:
        section = rest.pop(name, None)
        parts = section.items() if isinstance(section, dict) else [("", section)]
        for module, value in parts:
            number = _leaf_count(value)
            if number:
                counts[f"{name}.{module}".rstrip(".")] = number
    return tuple(counts.items())


def _other(rest: Json) -> Iterator[tuple[str, str]]:
    stack: list[tuple[str, Any]] = [("", rest)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            stack.extend((f"{path}.{key}" if path else str(key), item) for key, item in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend((f"{path}[{number}]", value[number]) for number in reversed(range(len(value))))
        elif value is not None and value != "":
            yield path, ("true" if value else "false") if isinstance(value, bool) else str(value)


def _leaf_count(value: Any) -> int:
    """How many scalar values stand under `value`."""
    count, stack = 0, [value]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
        else:
            count += value is not None and value != ""
    return count
