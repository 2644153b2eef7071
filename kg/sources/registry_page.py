"""The text of a third-party registry's page of a trial (headings on lines of their own, values below them) as a v2-shaped study."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kg.sources.page_text import (
    Lines,
    Study,
    ages,
    collect,
    criteria,
    intervention,
    keep_unread,
    paragraphs,
    put,
    put_masking,
    whole_number,
)
from kg.sources.wording import code, known_code

__all__ = ["HEADINGS", "study_from_registry_page"]

HEADINGS = (
    "Status and phase",
    "Conditions",
    "Treatments",
    "Study type",
    "Funder types",
    "Identifiers",
    "Details and patient eligibility",
    "About",
    "Full description",
    "Enrollment",
    "Sex",
    "Ages",
    "Volunteers",
    "Inclusion criteria",
    "Exclusion criteria",
    "Trial design",
    "Primary purpose",
    "Allocation",
    "Interventional model",
    "Masking",
    "Trial contacts and locations",
)
_GROUPS = re.compile(r"^(?P<count>[\d,]+) participants in (?P<groups>\d+) (?:patient )?groups?(?P<more>, .*)?$")
_IDENTIFIER = re.compile(r"^(?P<id>\S.*?)(?:\s*\((?P<kind>[^()]+)\))?$")
_P = "protocolSection"


def study_from_registry_page(text: str) -> Study:
    """The page as a study in the shape of the API v2; what could not be placed is under `pageSection`."""
    page = Lines(text)
    page.use_furniture("registry-page")
    study: Study = {_P: {"identificationModule": {}}}
    sections = _sections(page)
    for heading, numbers in sections.items():
        _READERS.get(heading, _nothing)(page, [number for number in numbers if page.plain[number]], numbers, study)
    _eligibility(page, sections, study)
    keep_unread(page, study)
    return study


def _sections(page: Lines) -> dict[str, list[int]]:
    """The lines under each heading; the first place of a heading counts, and 'top' is what precedes them all."""
    sections: dict[str, list[int]] = {"top": []}
    current = "top"
    for number, line in enumerate(page.plain):
        heading = "groups" if _GROUPS.match(line) else line
        if (heading in HEADINGS or heading == "groups") and heading not in sections:
            current = heading
            sections[current] = [number] if heading == "groups" else []
            if heading != "groups":
                page.use(number)
        else:
            sections[current].append(number)
    return sections


# --- one reader a heading; `numbers` are its lines with text, `block` all of them -------------------------------------------------------


def _nothing(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    """For headings that only stand above others."""


def _top(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    found = list(page.unread(numbers))
    if not found:
        return
    put(study, f"{_P}.identificationModule.briefTitle", page.plain[found[0]])
    logos = {number for number in found[1:] if page.plain[number].endswith(" logo")}
    named = [number for number in found[1:] if number not in logos]
    page.use(found[0], *named[:1])
    if named:
        sponsor = page.plain[named[0]]
        put(study, f"{_P}.sponsorCollaboratorsModule.leadSponsor", {"name": sponsor})
        page.use(*(number for number in logos if page.plain[number] == f"{sponsor} logo"))


def _status(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    for number in numbers:
        line = page.plain[number]
        phases = [known_code("phase", part) for part in re.split(r"\s*(?:/|\||,(?! not))\s*", line)]
        if all(phases):
            collect(study, f"{_P}.designModule.phases").extend(phases)
            page.use(number)
        elif put(study, f"{_P}.statusModule.overallStatus", code("status", line)):
            page.use(number)


def _conditions(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    collect(study, f"{_P}.conditionsModule.conditions").extend(page.plain[number] for number in numbers)
    page.use(*numbers)


def _treatments(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    for number in numbers:
        if intervention(page.plain[number], study) is not None:
            page.use(number)


def _identifiers(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    for number in numbers:
        line = page.plain[number]
        if re.fullmatch(r"NCT\d{8}", line) and put(study, f"{_P}.identificationModule.nctId", line):
            page.use(number)
            continue
        found = _IDENTIFIER.match(line)
        kind = known_code("identifier", found["kind"]) if found and found["kind"] else ""
        item = {"id": found["id"], "type": kind} if found and kind else {"id": line}
        collect(study, f"{_P}.identificationModule.secondaryIdInfos").append(item)
        page.use(number)


def _enrollment(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    for number in numbers:
        found = re.match(
            r"^(\S+)(?: (?:estimated )?(?:patients?|participants?))?(?: \((actual|estimated)\))?$", page.plain[number], re.IGNORECASE
        )
        count = whole_number(found[1]) if found else None
        if found and count is not None and put(study, f"{_P}.designModule.enrollmentInfo.count", count):
            if found[2]:
                put(study, f"{_P}.designModule.enrollmentInfo.type", found[2].upper())
            page.use(number)


def _groups(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    """ "70 participants in 2 patient groups" and the arms below it."""
    found = _GROUPS.match(page.plain[numbers[0]])
    count = whole_number(found["count"]) if found else None
    if found and count is not None and put(study, f"{_P}.designModule.enrollmentInfo.count", count) and not found["more"]:
        page.use(numbers[0])
    arm: dict[str, Any] = {}
    part = ""
    for place, number in enumerate(numbers[1:], 1):
        line = page.plain[number]
        following = page.plain[numbers[place + 1]] if place + 1 < len(numbers) else ""
        if _arm_kind(following):
            arm, part = {"label": line}, ""
            collect(study, f"{_P}.armsInterventionsModule.armGroups").append(arm)
        elif arm and "type" not in arm and _arm_kind(line):
            arm["type"] = _arm_kind(line)
        elif line in ("Description:", "Treatment:"):
            part = line
        elif part == "Description:" and arm:
            arm["description"] = f"{arm['description']}\n{line}" if "description" in arm else line
        elif part == "Treatment:" and arm and (item := intervention(line, study)) is not None:
            arm.setdefault("interventionNames", []).append(line)
            item.setdefault("armGroupLabels", []).append(arm["label"])
        else:
            continue
        page.use(number)


def _arm_kind(line: str) -> str:
    return known_code("arm", line.removesuffix(" group")) if line.endswith(" group") else ""


def _locations(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    for number in numbers:
        count = whole_number(page.plain[number])
        if count is not None and put(study, "pageSection.locationCount", count):
            page.use(number)


def _ages(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    for number in numbers:
        limits = ages(page.plain[number])
        if limits is None:
            continue
        for name, value in zip(("minimumAge", "maximumAge"), limits, strict=True):
            if value:
                put(study, f"{_P}.eligibilityModule.{name}", value)
        page.use(number)


def _volunteers(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    for number in numbers:
        answer = known_code("volunteers", page.plain[number])
        if answer and put(study, f"{_P}.eligibilityModule.healthyVolunteers", answer == "true"):
            page.use(number)


def _funders(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    collect(study, "pageSection.funderTypes").extend(page.plain[number] for number in numbers)
    page.use(*numbers)


class _Text:
    """A heading whose lines are one text."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
        if numbers:
            put(study, self.path, paragraphs(page.raw[number] for number in block))
            page.use(*numbers)


class _Code:
    """A heading with one coded value."""

    def __init__(self, path: str, field: str) -> None:
        self.path, self.field = path, field

    def __call__(self, page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
        if numbers and put(study, self.path, code(self.field, page.plain[numbers[0]])):
            page.use(numbers[0])


def _masking(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    """ "None (Open label)", "Double Blind", "Triple (Participant, Investigator)"."""
    if not numbers:
        return
    page.use(numbers[0])
    put_masking(study, page.plain[numbers[0]])


_READERS: dict[str, Callable[[Lines, list[int], list[int], Study], None]] = {
    "top": _top,
    "Status and phase": _status,
    "Conditions": _conditions,
    "Treatments": _treatments,
    "Study type": _Code(f"{_P}.designModule.studyType", "study_type"),
    "Funder types": _funders,
    "Identifiers": _identifiers,
    "About": _Text(f"{_P}.descriptionModule.briefSummary"),
    "Full description": _Text(f"{_P}.descriptionModule.detailedDescription"),
    "Enrollment": _enrollment,
    "Sex": _Code(f"{_P}.eligibilityModule.sex", "sex"),
    "Ages": _ages,
    "Volunteers": _volunteers,
    "Primary purpose": _Code(f"{_P}.designModule.designInfo.primaryPurpose", "purpose"),
    "Allocation": _Code(f"{_P}.designModule.designInfo.allocation", "allocation"),
    "Interventional model": _Code(f"{_P}.designModule.designInfo.interventionModel", "model"),
    "Masking": _masking,
    "groups": _groups,
    "Trial contacts and locations": _locations,
}


def _eligibility(page: Lines, sections: dict[str, list[int]], study: Study) -> None:
    """Both lists as one text, under the headings that the API's records carry."""
    texts = []
    for heading, written in (("Inclusion criteria", "Inclusion Criteria:"), ("Exclusion criteria", "Exclusion Criteria:")):
        numbers = sections.get(heading, [])
        if any(page.plain[number] for number in numbers):
            texts.append(f"{written}\n\n{criteria(page.raw[number] for number in numbers)}")
            page.use(*numbers)
    if texts:
        put(study, f"{_P}.eligibilityModule.eligibilityCriteria", "\n\n".join(texts))
