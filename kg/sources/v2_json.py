"""ClinicalTrials.gov API v2: a study object becomes a `Trial`.

Every value that a field of `Trial` takes is removed from a copy of the study; whatever remains is then kept as (path, value) pairs in
`Trial.other`, or, for results and documents, counted in `Trial.dropped`. So a value cannot get lost by being forgotten here, and a value
of an unexpected type stays in `other` as it came. Only JSON null and empty strings, lists and objects say nothing and are not kept.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterator, Mapping
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
from kg.sources.dosing import read_dosing
from kg.sources.objectives import read_objectives

__all__ = ["NCT", "checksum", "read_study"]

Json = dict[str, Any]

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


def read_study(study: Mapping[str, Any], source: RecordSource) -> Trial:
    """The trial that an API v2 study object describes.

    Arguments:
        study: the object with `protocolSection`; it is left unchanged.
        source: where it came from; `version` is filled from the record's own `versionHolder` when empty.
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
    rest: Json = {name: section if name in _COUNTED else _copy(section) for name, section in study.items()}
    protocol = rest["protocolSection"]
    module = _modules(protocol)
    identification, status, design = module("identificationModule"), module("statusModule"), module("designModule")
    nct = _nct(identification)
    design_info = _object(design, "designInfo")
    masking = _object(design_info, "maskingInfo")
    enrollment = _object(design, "enrollmentInfo")
    eligibility = module("eligibilityModule")
    conditions = module("conditionsModule")
    description = module("descriptionModule")
    places = module("contactsLocationsModule")
    repeated = _repeated_locations(places)
    arms, interventions = _arms(module("armsInterventionsModule"))
    official_title = _text(identification, "officialTitle")
    detailed = _text(description, "detailedDescription")
    arms, dosing = read_dosing(arms, interventions, detailed)
    derived = _modules(_object(rest, "derivedSection"))
    return Trial(
        nct=nct,
        brief_title=_text(identification, "briefTitle") or official_title,
        official_title=official_title,
        acronym=_text(identification, "acronym"),
        identifiers=_identifiers(identification),
        organization=_text(_object(identification, "organization"), "fullName"),
        status=_text(status, "overallStatus"),
        why_stopped=_text(status, "whyStopped"),
        dates=_dates(status),
        parties=_parties(module("sponsorCollaboratorsModule"), places),
        brief_summary=_text(description, "briefSummary"),
        detailed_description=detailed,
        objectives=read_objectives(detailed),
        conditions=_texts(conditions, "conditions"),
        keywords=_texts(conditions, "keywords"),
        study_type=_text(design, "studyType"),
        phases=_texts(design, "phases"),
        allocation=_text(design_info, "allocation"),
        model=_text(design_info, "interventionModel") or _text(design_info, "observationalModel"),
        masking=_text(masking, "masking"),
        who_masked=_texts(masking, "whoMasked"),
        purpose=_text(design_info, "primaryPurpose"),
        enrollment=_count(enrollment, "count"),
        enrollment_kind=_text(enrollment, "type"),
        arms=arms,
        interventions=interventions,
        dosing=dosing,
        outcomes=_outcomes(module("outcomesModule")),
        eligibility_text=_text(eligibility, "eligibilityCriteria"),
        sex=_text(eligibility, "sex"),
        minimum_age=_text(eligibility, "minimumAge"),
        maximum_age=_text(eligibility, "maximumAge"),
        healthy_volunteers=_flag(eligibility, "healthyVolunteers"),
        age_groups=_texts(eligibility, "stdAges"),
        study_population=_text(eligibility, "studyPopulation"),
        sampling_method=_text(eligibility, "samplingMethod"),
        sites=_sites(places),
        mesh=tuple(_mesh(derived)),
        source=replace(source, version=source.version or _text(derived("miscInfoModule"), "versionHolder")),
        dropped=_dropped(rest) + repeated,
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


# --- taking values out ------------------------------------------------------------------------------------------------------------------


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value


def _modules(section: Json) -> Callable[[str], Json]:
    return lambda name: _object(section, name)


def _object(parent: Json, name: str) -> Json:
    """The object of that name, or an empty one: taking from it then finds nothing, and a value of another type stays where it is."""
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _objects(parent: Json, name: str) -> list[Json]:
    value = parent.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _is_text(value: Any) -> bool:
    """Numbers count: identifiers and telephone numbers are sometimes written as numbers."""
    return isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool))


def _text(parent: Json, name: str) -> str:
    return str(parent.pop(name)) if _is_text(parent.get(name)) else ""


def _texts(parent: Json, name: str) -> tuple[str, ...]:
    items = parent.get(name)
    if not isinstance(items, list):
        return ()
    taken = tuple(str(item) for item in items if _is_text(item))
    parent[name] = [None if _is_text(item) else item for item in items]  # what remains keeps its index
    return taken


def _flag(parent: Json, name: str) -> bool | None:
    return bool(parent.pop(name)) if isinstance(parent.get(name), bool) else None


def _count(parent: Json, name: str) -> int | None:
    value = parent.get(name)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    del parent[name]
    return value


def _number(parent: Json, name: str) -> float | None:
    value = parent.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    del parent[name]
    return float(value)


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
    own = _object(identification, "orgStudyIdInfo")
    if _is_text(own.get("id")):
        found.append(Identifier(_text(own, "id"), "ORG", _text(own, "domain"), _text(own, "link")))
    for item in _objects(identification, "secondaryIdInfos"):
        if _is_text(item.get("id")):
            found.append(Identifier(_text(item, "id"), _text(item, "type"), _text(item, "domain"), _text(item, "link")))
    found.extend(Identifier(alias, "NCT_ALIAS") for alias in _texts(identification, "nctIdAliases"))
    return tuple(found)


def _dates(status: Json) -> tuple[DatedEvent, ...]:
    found = []
    for name, event in _EVENTS.items():
        struct = _object(status, name)
        if _is_text(struct.get("date")):
            found.append(DatedEvent(event, _text(struct, "date"), _text(struct, "type")))
        elif _is_text(status.get(name)):
            found.append(DatedEvent(event, _text(status, name)))
    return tuple(found)


def _parties(sponsors: Json, places: Json) -> tuple[Party, ...]:
    found = []
    lead = _object(sponsors, "leadSponsor")
    lead_name = _text(lead, "name")
    if lead_name:
        found.append(Party(lead_name, "LEAD", _text(lead, "class")))
    found.extend(
        Party(_text(item, "name"), "COLLABORATOR", _text(item, "class"))
        for item in _objects(sponsors, "collaborators")
        if _is_text(item.get("name"))
    )
    responsible = _object(sponsors, "responsibleParty")
    name = _text(responsible, "investigatorFullName") or _text(responsible, "oldNameTitle")
    if not name and responsible.get("type") == "SPONSOR":
        name = lead_name
    if name:
        affiliation = _text(responsible, "investigatorAffiliation") or _text(responsible, "oldOrganization")
        found.append(Party(name, "RESPONSIBLE_PARTY", _text(responsible, "type"), affiliation))
    found.extend(
        Party(_text(item, "name"), _text(item, "role") or "OFFICIAL", affiliation=_text(item, "affiliation"))
        for item in _objects(places, "overallOfficials")
        if _is_text(item.get("name"))
    )
    return tuple(found)


def _arms(module: Json) -> tuple[tuple[Arm, ...], tuple[Intervention, ...]]:
    """Arms and interventions, each naming the others whichever side of the record stated it."""
    interventions = [
        Intervention(
            name=_text(item, "name"),
            kind=_text(item, "type"),
            description=_text(item, "description"),
            other_names=_texts(item, "otherNames"),
            arms=_texts(item, "armGroupLabels"),
        )
        for item in _objects(module, "interventions")
        if _is_text(item.get("name"))
    ]
    # an arm names its interventions as "Dietary Supplement: vitamin D"
    names = {f"{item.kind.replace('_', ' ').title()}: {item.name}": item.name for item in interventions}
    arms = []
    for item in _objects(module, "armGroups"):
        if not _is_text(item.get("label")):
            continue
        label = _text(item, "label")
        stated = [names.get(name, name) for name in _texts(item, "interventionNames")]
        stated += [each.name for each in interventions if label in each.arms]
        arms.append(Arm(label, _text(item, "type"), _text(item, "description"), tuple(dict.fromkeys(stated))))
    for number, each in enumerate(interventions):
        stated = [*each.arms, *(arm.label for arm in arms if each.name in arm.interventions)]
        interventions[number] = replace(each, arms=tuple(dict.fromkeys(stated)))
    return tuple(arms), tuple(interventions)


def _outcomes(module: Json) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(kind, _text(item, "measure"), _text(item, "description"), _text(item, "timeFrame"))
        for name, kind in _OUTCOMES.items()
        for item in _objects(module, name)
        if _is_text(item.get("measure"))
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
    for item in _objects(places, "locations"):
        point = _object(item, "geoPoint")
        site = Site(
            facility=_text(item, "facility"),
            city=_text(item, "city"),
            state=_text(item, "state"),
            zip=_text(item, "zip"),
            country=_text(item, "country"),
            status=_text(item, "status"),
            lat=_number(point, "lat"),
            lon=_number(point, "lon"),
        )
        if site != Site():
            found.append(site)
    return tuple(found)


def _mesh(derived: Callable[[str], Json]) -> Iterator[MeshTerm]:
    for name, about in _BROWSE.items():
        for group, ancestor in (("meshes", False), ("ancestors", True)):
            for item in _objects(derived(name), group):
                if _is_text(item.get("term")):
                    yield MeshTerm(_text(item, "term"), _text(item, "id"), about, ancestor)


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
