"""The labels of a classic ClinicalTrials.gov page ("Study Type : Interventional") and where their values belong in a v2-shaped study."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kg.sources.page_text import Study, ages, iso_date, put, put_masking, whole_number
from kg.sources.wording import code, known_code

__all__ = ["is_label", "read_label"]

_P = "protocolSection"

Setter = Callable[[Study, str], bool]


def _set(path: str, convert: Callable[[str], Any] = str) -> Setter:
    def setter(study: Study, value: str) -> bool:
        converted = convert(value)
        return converted not in ("", None) and put(study, f"{_P}.{path}", converted)

    return setter


def _coded(path: str, field: str) -> Setter:
    return _set(path, lambda value: code(field, value))


def _dated(path: str, kind: str = "") -> Setter:
    def setter(study: Study, value: str) -> bool:
        day = iso_date(value)
        if not day or not put(study, f"{_P}.statusModule.{path}.date", day):
            return False
        return not kind or put(study, f"{_P}.statusModule.{path}.type", kind.upper())

    return setter


def _status(study: Study, value: str) -> bool:
    """ "Terminated (Slow accrual)": the reason stands in the parenthesis."""
    found = re.match(r"^(?P<status>[^(]+?)\s*(?:\((?P<why>.*)\))?$", value)
    if not found or not put(study, f"{_P}.statusModule.overallStatus", code("status", found["status"])):
        return False
    return not found["why"] or put(study, f"{_P}.statusModule.whyStopped", found["why"])


def _study_type(study: Study, value: str) -> bool:
    words, registry = re.subn(r"\s*\[Patient Registry\]", "", value)
    if registry:
        put(study, f"{_P}.designModule.patientRegistry", True)
    return put(study, f"{_P}.designModule.studyType", code("study_type", words.split("(")[0].strip()))


def _enrollment(kind: str) -> Setter:
    def setter(study: Study, value: str) -> bool:
        count = whole_number(re.sub(r"\s+participants?$", "", value))
        if count is None or not put(study, f"{_P}.designModule.enrollmentInfo.count", count):
            return False
        return not kind or put(study, f"{_P}.designModule.enrollmentInfo.type", kind.upper())

    return setter


def _masking(study: Study, value: str) -> bool:
    put_masking(study, value)
    return True


def _ages(study: Study, value: str) -> bool:
    """ "18 Years to 65 Years (Adult, Older Adult)", or the groups alone when there is no limit."""
    found = re.match(r"^(?P<limits>[^(]*?)\s*(?:\((?P<groups>[^)]*)\))?$", value)
    if not found:
        return False
    groups = [known_code("age_group", part) for part in re.split(r"\s*,\s*", found["groups"] or found["limits"])]
    limits = ages(found["limits"])
    if limits is None and (found["groups"] or not all(groups)):
        return False
    if all(groups):
        put(study, f"{_P}.eligibilityModule.stdAges", groups)
    for name, limit in zip(("minimumAge", "maximumAge"), limits or (), strict=False):
        if limit:
            put(study, f"{_P}.eligibilityModule.{name}", limit)
    return True


def _volunteers(study: Study, value: str) -> bool:
    answer = known_code("volunteers", value)
    return bool(answer) and put(study, f"{_P}.eligibilityModule.healthyVolunteers", answer == "true")


def _results_posted(study: Study, value: str) -> bool:
    return _dated("resultsFirstPostDateStruct")(study, value) and put(study, "hasResults", True)


def _yes(path: str) -> Setter:
    def setter(study: Study, value: str) -> bool:
        return value in ("Yes", "No") and put(study, f"{_P}.{path}", value == "Yes")

    return setter


_LABELS: dict[str, Setter] = {
    "Recruitment Status": _status,
    "First Posted": _dated("studyFirstPostDateStruct"),
    "Results First Posted": _results_posted,
    "Last Update Posted": _dated("lastUpdatePostDateStruct"),
    "Last Verified": _set("statusModule.statusVerifiedDate", iso_date),
    "Study Type": _study_type,
    "Allocation": _coded("designModule.designInfo.allocation", "allocation"),
    "Intervention Model": _coded("designModule.designInfo.interventionModel", "model"),
    "Intervention Model Description": _set("designModule.designInfo.interventionModelDescription"),
    "Observational Model": _coded("designModule.designInfo.observationalModel", "model"),
    "Time Perspective": _coded("designModule.designInfo.timePerspective", "time"),
    "Masking": _masking,
    "Masking Description": _set("designModule.designInfo.maskingInfo.maskingDescription"),
    "Primary Purpose": _coded("designModule.designInfo.primaryPurpose", "purpose"),
    "Official Title": _set("identificationModule.officialTitle"),
    "Acronym": _set("identificationModule.acronym"),
    "Ages Eligible for Study": _ages,
    "Sexes Eligible for Study": _coded("eligibilityModule.sex", "sex"),
    "Genders Eligible for Study": _coded("eligibilityModule.sex", "sex"),
    "Gender Based Eligibility": _yes("eligibilityModule.genderBased"),
    "Accepts Healthy Volunteers": _volunteers,
    "Sampling Method": _coded("eligibilityModule.samplingMethod", "sampling"),
    "Studies a U.S. FDA-regulated Drug Product": _yes("oversightModule.isFdaRegulatedDrug"),
    "Studies a U.S. FDA-regulated Device Product": _yes("oversightModule.isFdaRegulatedDevice"),
    "Product Manufactured in and Exported from the U.S.": _yes("oversightModule.isUsExport"),
    "Plan to Share IPD": _coded("ipdSharingStatementModule.ipdSharing", "ipd"),
    **{
        f"{kind}{label}": _dated(path, kind.strip())
        for kind in ("Actual ", "Estimated ", "")
        for label, path in (
            ("Study Start Date", "startDateStruct"),
            ("Primary Completion Date", "primaryCompletionDateStruct"),
            ("Study Completion Date", "completionDateStruct"),
        )
    },
    **{f"{kind}Enrollment": _enrollment(kind.strip()) for kind in ("Actual ", "Estimated ", "")},
}


def is_label(line: str) -> bool:
    """Whether the line begins with a label of the page.

    >>> is_label("Allocation: Randomized"), is_label("Note: randomized")
    (True, False)
    """
    label, colon, _ = line.partition(":")
    return bool(colon) and label.strip() in _LABELS


def read_label(line: str, study: Study) -> bool:
    """Puts the value of a "Label : value" line into the study; false when the line is none, or its value was not understood or differs.

    >>> study = {}
    >>> read_label("Allocation: Randomized", study), study
    (True, {'protocolSection': {'designModule': {'designInfo': {'allocation': 'RANDOMIZED'}}}})
    """
    label, _, value = line.removesuffix(" Key Record Dates").partition(":")
    setter = _LABELS.get(label.strip())
    return bool(setter and value.strip() and setter(study, value.strip()))
