"""The text of a classic ClinicalTrials.gov page of a trial (labels with values, tables written out) as a v2-shaped study."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kg.sources.classic_labels import is_label, read_label
from kg.sources.page_text import (
    KIND_AND_NAME,
    Lines,
    Study,
    collect,
    criteria,
    intervention,
    keep_unread,
    paragraphs,
    put,
    split_conditions,
)
from kg.sources.wording import known_code, wordings

__all__ = ["SECTIONS", "study_from_classic_page"]

_P = "protocolSection"

SECTIONS = {
    "summary": re.compile(r"Brief Summary:"),
    "overview": re.compile(r"Condition or disease\b.*"),
    "description": re.compile(r"Detailed Description:"),
    "design": re.compile(r"Layout table for study information|Study Design"),
    "arms": re.compile(r"(?:Arm|Group/Cohort)\s+Intervention/treatment"),
    "primary": re.compile(r"Primary Outcome Measures?\s*:"),
    "secondary": re.compile(r"Secondary Outcome Measures?\s*:"),
    "other": re.compile(r"Other (?:Pre-specified )?Outcome Measures?\s*:"),
    "notice": re.compile(r"Information from the National Library of Medicine"),
    "eligibility": re.compile(r"Layout table for eligibility information|Eligibility Criteria"),
    "criteria": re.compile(r"Criteria|(?:Inclusion|Exclusion) Criteria\b.*", re.IGNORECASE),
    "locations": re.compile(r"Layout table for location information|Locations"),
    "sponsors": re.compile(r"Sponsors and Collaborators"),
    "investigators": re.compile(r"Layout table for investigator information|Investigators"),
    "more": re.compile(r"Layout table for addi?ti?onal information|More Information|Additional Information:"),
    "keywords": re.compile(r"Keywords provided by .*:"),
    "mesh": re.compile(r"(?:Layout table for MeSH terms|Additional relevant MeSH terms:)"),
}
"""What begins each part of the page; a part may begin with its table's label or its heading, whichever the copied text holds."""

_PROSE = ("summary", "description", "arms", "primary", "secondary", "other", "criteria", "keywords", "mesh", "overview")
"""Parts in which a line with a colon is no label of the page."""

_AFTER_DEGREE = re.compile(r"^(.+\b(?:M\.?D|Ph\.?D|Pharm\.?D|D\.?O|MBBS|MSc?|MPH|RN)\b\.?),?\s+(\S.*)$")
_OUTCOME = re.compile(r"^(?:\d+\.\s+)?(?P<measure>.{0,2000}?)\s*\[\s*Time Frame:\s*(?P<frame>.{0,1000}?)\s*\]$")


def study_from_classic_page(text: str) -> Study:
    """The page as a study in the shape of the API v2; what could not be placed is under `pageSection`."""
    page = Lines(text)
    page.use_furniture("classic-page")
    study: Study = {_P: {"identificationModule": {}}}
    sections = _sections(page)
    _labels(page, sections, study)
    for name, reader in _READERS.items():
        reader(page, [number for number in sections.get(name, []) if page.plain[number]], sections.get(name, []), study)
    keep_unread(page, study)
    return study


def _sections(page: Lines) -> dict[str, list[int]]:
    """The lines of each part. A part may come in pieces; the criteria end where the page's next notice or table begins."""
    sections: dict[str, list[int]] = {"top": []}
    current = "top"
    for number, line in enumerate(page.plain):
        begun = next((name for name, form in SECTIONS.items() if form.fullmatch(line)), None)
        if begun and not (current == "criteria" and begun in ("criteria", "primary", "secondary", "other")):
            current = begun
            if begun != "criteria" or line.casefold() == "criteria":
                page.use(number)
                sections.setdefault(current, [])
                continue
        sections.setdefault(current, []).append(number)
    return sections


def _labels(page: Lines, sections: dict[str, list[int]], study: Study) -> None:
    """Every "Label : value" outside the prose, wherever it stands; the registry's number wherever it is called the identifier."""
    for name, numbers in sections.items():
        for number in numbers if name not in _PROSE else ():
            found = re.search(r"\bIdentifier:\s*(NCT\d{8})\b", page.plain[number])
            if found:
                put(study, f"{_P}.identificationModule.nctId", found[1])
            if read_label(page.plain[number], study):
                page.use(number)
    own = study[_P]["identificationModule"].get("nctId", "")
    for number in sections["top"]:  # the number alone or behind its name says nothing more
        if own and re.fullmatch(rf"(?:ClinicalTrials\.gov )?Identifier:\s*{own}", page.plain[number]):
            page.use(number)


# --- parts ------------------------------------------------------------------------------------------------------------------------------


def _top(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    """The title is the first line that nothing else has claimed; names may follow "Sponsor:" and "Information provided by"."""
    title = next((number for number in page.unread(numbers) if ":" not in page.plain[number] or len(page.plain[number]) > 60), None)
    if title is not None:
        put(study, f"{_P}.identificationModule.briefTitle", page.plain[title])
        page.use(title)
    for place, number in enumerate(numbers):
        label, colon, name = page.plain[number].partition(":")
        of_sponsor = label == "Sponsor"
        if not colon or not (of_sponsor or label.startswith("Information provided by")):
            continue
        following = numbers[place + 1] if not name and place + 1 < len(numbers) else number
        name = name.strip() or page.plain[following]
        if put(
            study, f"{_P}.sponsorCollaboratorsModule.leadSponsor" if of_sponsor else "responsible", {"name": name} if of_sponsor else name
        ):
            page.use(number, following)


def _text(path: str) -> Callable[[Lines, list[int], list[int], Study], None]:
    def reader(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
        if numbers:
            put(study, f"{_P}.{path}", paragraphs(page.raw[number] for number in block))
            page.use(*numbers)

    return reader


def _overview(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    """Conditions, interventions and phases, each in a cell of its own or all run together in one line."""
    cells = [cell for number in numbers for cell in re.split(r"\t|\s{3,}", page.raw[number].strip()) if cell.strip()]
    together = len(cells) == 1
    conditions = collect(study, f"{_P}.conditionsModule.conditions")
    phases = collect(study, f"{_P}.designModule.phases")
    kinds = "|".join(re.escape(words.title()) for words in wordings("intervention"))
    for cell in cells:
        tail = re.search(r"(?:\b(?:Early )?Phase \d(?:\s*/\s*Phase \d)?\b\s*|\bNot Applicable\s*)+$", cell)
        if tail:
            phases.extend(known_code("phase", each) for each in re.findall(r"(?:Early )?Phase \d|Not Applicable", tail[0]))
            cell = cell[: tail.start()].strip()
        first, *named = re.split(rf"(?=\b(?:{kinds}): )", cell)
        if first.strip():
            conditions.extend(split_conditions(first) if together else [first.strip()])
        for words in named:
            intervention(words.strip(), study)
    page.use(*numbers)
    for path in ("conditionsModule.conditions", "designModule.phases"):
        module, name = path.split(".")
        if not study[_P][module][name]:
            del study[_P][module][name]


def _arms(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    """Each arm, its description, then its interventions with their descriptions and other names."""
    listed = {f"{item['type']}: {item['name']}" for item in study[_P].get("armsInterventionsModule", {}).get("interventions", [])}
    groups = collect(study, f"{_P}.armsInterventionsModule.armGroups") if numbers else []
    arm: dict[str, Any] = {}
    item: dict[str, Any] = {}
    naming = False
    for number in numbers:
        line = page.plain[number]
        bullet = re.match(r"^[•◦*·]\s*(.*)$", line)
        found = KIND_AND_NAME.match(line)
        kind = known_code("arm", found["kind"]) if found else ""
        is_intervention = bool(
            found and (known := known_code("intervention", found["kind"])) and (not kind or f"{known}: {found['name']}" in listed)
        )
        if re.match(r"^Other Names?:", line) and item:
            naming = True
            inline = line.partition(":")[2].strip()
            if inline:
                item.setdefault("otherNames", []).append(inline)
        elif naming and bullet:
            if bullet[1] not in item.setdefault("otherNames", []):
                item["otherNames"].append(bullet[1])
        elif (is_intervention and arm) or (found and not kind and intervention(line, study) is not None):
            item, naming = intervention(line, study), False
            if arm:
                arm.setdefault("interventionNames", []).append(line)
                item.setdefault("armGroupLabels", []).append(arm["label"])
        elif (found and kind) or not arm:
            arm, item, naming = ({"label": found["name"], "type": kind} if found and kind else {"label": line}), {}, False
            groups.append(arm)
        else:
            target = item or arm
            if line not in target.get("description", "").split("\n"):
                target["description"] = f"{target['description']}\n{line}" if "description" in target else line
        page.use(number)


def _outcomes(kind: str) -> Callable[[Lines, list[int], list[int], Study], None]:
    def reader(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
        item: dict[str, str] = {}
        for number in numbers:
            line = page.plain[number]
            found = _OUTCOME.match(line)
            numbered = re.match(r"^\d+\.\s+(.*)$", line)
            if found or numbered:
                item = (
                    {"measure": found["measure"], "timeFrame": found["frame"]} if found else {"measure": numbered[1] if numbered else line}
                )
                collect(study, f"{_P}.outcomesModule.{kind}Outcomes").append(item)
            elif item:
                item["description"] = f"{item['description']}\n{line}" if "description" in item else line
            else:
                continue
            page.use(number)

    return reader


def _eligibility(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    if numbers:
        put(study, f"{_P}.eligibilityModule.eligibilityCriteria", criteria(page.raw[number] for number in block))
        page.use(*numbers)


def _sponsors(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    names = list(page.unread(numbers))
    for place, number in enumerate(names):
        if place == 0:
            put(study, f"{_P}.sponsorCollaboratorsModule.leadSponsor", {"name": page.plain[number]})
        else:
            collect(study, f"{_P}.sponsorCollaboratorsModule.collaborators").append({"name": page.plain[number]})
        page.use(number)


def _locations(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    """ "United States, New York", then for each site its name and "City, State, Country, ZIP"."""
    country = state = facility = ""
    for number in page.unread(list(numbers)):
        parts = page.plain[number].split(", ")
        if country and country in parts[1:]:
            place = parts.index(country, 1)
            site = {"facility": facility, "city": ", ".join(parts[: place - 1] if state and place > 1 else parts[:place])}
            site |= {"state": parts[place - 1] if state and place > 1 else "", "zip": ", ".join(parts[place + 1 :]), "country": country}
            collect(study, f"{_P}.contactsLocationsModule.locations").append({name: value for name, value in site.items() if value})
            facility = ""
        elif not facility and _is_place_heading(page, number, numbers):
            country, state = parts[0], ", ".join(parts[1:])
        elif not facility:
            facility = page.plain[number]
        else:
            continue
        page.use(number)
    if facility:
        collect(study, f"{_P}.contactsLocationsModule.locations").append({"facility": facility})


def _is_place_heading(page: Lines, number: int, numbers: list[int]) -> bool:
    """A heading names the country (and state) in which the address two lines below lies."""
    place = numbers.index(number)
    country = page.plain[number].split(", ")[0]
    below = [page.plain[each] for each in numbers[place + 2 : place + 3]]
    return any(country in address.split(", ")[1:] for address in below)


def _investigators(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    for number in page.unread(list(numbers)):
        label, colon, _ = page.plain[number].partition(":")
        role = known_code("role", label) if colon else ""
        if role:
            name, affiliation = _name_and_affiliation(page.raw[number].partition(":")[2].strip(), study)
            official = {"name": name, "affiliation": affiliation, "role": role}
            collect(study, f"{_P}.contactsLocationsModule.overallOfficials").append(
                {key: value for key, value in official.items() if value}
            )
            page.use(number)


def _name_and_affiliation(words: str, study: Study) -> tuple[str, str]:
    """A person and an institution that the page wrote one after the other.

    They part at a tab or a run of spaces, before an institution that the page names elsewhere (hyphens and case aside), or after an
    academic degree; else the whole is kept as the name.
    """
    parts = re.split(r"\t+|\s{2,}", words, maxsplit=1)
    if len(parts) == 2:
        return parts[0].strip(), parts[1].strip()
    spoken = [(found.start(), found[0].casefold()) for found in re.finditer(r"\w+", words)]
    for name in sorted(_institutions(study), key=len, reverse=True):
        known = re.findall(r"\w+", name.casefold())
        if known and len(known) < len(spoken) and [word for _, word in spoken[-len(known) :]] == known:
            start = spoken[-len(known)][0]
            return words[:start].rstrip(" ,("), words[start:]
    degree = _AFTER_DEGREE.match(words)
    return (degree[1], degree[2]) if degree else (words, "")


def _institutions(study: Study) -> list[str]:
    protocol = study[_P]
    sponsors, places = protocol.get("sponsorCollaboratorsModule", {}), protocol.get("contactsLocationsModule", {})
    named = [sponsors.get("leadSponsor", {}), *sponsors.get("collaborators", [])]
    issuers = [item.get("domain", "") for item in protocol["identificationModule"].get("secondaryIdInfos", [])]
    return [*(item.get("name", "") for item in named), *(site.get("facility", "") for site in places.get("locations", [])), *issuers]


def _more(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    """The responsible party and the other identifiers, the first of which is the organisation's own."""
    listing = False
    for number in numbers:
        line = page.plain[number]
        label, _, value = line.partition(":")
        if label == "Responsible Party":
            listing = False
            put(study, "responsible", re.sub(r"\s*(?:ClinicalTrials\.gov )?Identifier:\s*NCT\d{8}.*$", "", value).strip())
            page.use(number)
        elif label == "Other Study ID Numbers":
            listing = True
            if value.strip():
                _identifier(value.strip(), study)
            page.use(number)
        elif is_label(line):
            listing = False
        elif listing and line:
            _identifier(line, study)
            page.use(number)


def _identifier(words: str, study: Study) -> None:
    """ "10-167 ( Other Identifier: Memorial Hospital )": number, kind, and who issued it."""
    number, parenthesis, rest = words.partition("(")
    kind, _, domain = rest.strip().removesuffix(")").partition(":")
    known = known_code("identifier", kind) if parenthesis else ""
    identification = study[_P]["identificationModule"]
    if known:
        item = {"id": number.strip(), "type": known, "domain": domain.strip()}
        collect(identification, "secondaryIdInfos").append({name: value for name, value in item.items() if value})
    elif "orgStudyIdInfo" not in identification and "secondaryIdInfos" not in identification:
        identification["orgStudyIdInfo"] = {"id": words}
    else:
        collect(identification, "secondaryIdInfos").append({"id": words})


def _responsible(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    """The responsible party is the sponsor, or someone else whom the page writes in one line."""
    name = study.pop("responsible", "")
    sponsor = study[_P].get("sponsorCollaboratorsModule", {}).get("leadSponsor", {}).get("name", "")
    if name:
        party = {"type": "SPONSOR"} if name == sponsor else {"oldNameTitle": name}
        put(study, f"{_P}.sponsorCollaboratorsModule.responsibleParty", party)


def _keywords(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    if numbers:
        collect(study, f"{_P}.conditionsModule.keywords").extend(page.plain[number] for number in numbers)
        page.use(*numbers)


def _mesh(page: Lines, numbers: list[int], block: list[int], study: Study) -> None:
    """MeSH terms: of conditions, then of interventions, each followed by its ancestors, in one column that does not say which is which.

    A term whose words all stand in the name of a condition or intervention of the trial is its own; the others are ancestors. The terms of
    interventions begin with the first that is an intervention's own. When none is, the page does not tell, and they are kept as they are.
    """
    terms = list(page.unread(numbers))
    protocol = study[_P]
    interventions = [
        words
        for item in protocol.get("armsInterventionsModule", {}).get("interventions", [])
        for words in map(_words, (item["name"], *item.get("otherNames", [])))
    ]
    conditions = [_words(name) for name in protocol.get("conditionsModule", {}).get("conditions", [])]
    first = next((place for place, number in enumerate(terms) if any(_words(page.plain[number]) <= name for name in interventions)), None)
    for place, number in enumerate(terms):
        term = page.plain[number]
        page.use(number)
        if first is None:
            collect(study, "pageSection.meshTerms").append(term)
            continue
        module, names = ("conditionBrowseModule", conditions) if place < first else ("interventionBrowseModule", interventions)
        group = "meshes" if any(_words(term) <= name for name in names) else "ancestors"
        collect(study, f"derivedSection.{module}.{group}").append({"term": term})


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


_READERS: dict[str, Callable[[Lines, list[int], list[int], Study], None]] = {
    "top": _top,
    "summary": _text("descriptionModule.briefSummary"),
    "overview": _overview,
    "description": _text("descriptionModule.detailedDescription"),
    "arms": _arms,
    "primary": _outcomes("primary"),
    "secondary": _outcomes("secondary"),
    "other": _outcomes("other"),
    "criteria": _eligibility,
    "sponsors": _sponsors,
    "more": _more,
    "locations": _locations,
    "investigators": _investigators,
    "keywords": _keywords,
    "responsible": _responsible,
    "mesh": _mesh,
}
