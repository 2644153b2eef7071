"""Records of the API as the tables that AACT makes of them: the columns by its mapping, the files as its exporter writes them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Study = dict[str, Any]

_MASKED = {"subject": "PARTICIPANT", "caregiver": "CARE_PROVIDER", "investigator": "INVESTIGATOR", "outcomes_assessor": "OUTCOMES_ASSESSOR"}
_DATES = {
    "study_first_submitted_date": "studyFirstSubmitDate", "study_first_submitted_qc_date": "studyFirstSubmitQcDate",
    "results_first_submitted_date": "resultsFirstSubmitDate", "results_first_submitted_qc_date": "resultsFirstSubmitQcDate",
    "disposition_first_submitted_date": "dispFirstSubmitDate", "disposition_first_submitted_qc_date": "dispFirstSubmitQcDate",
    "last_update_submitted_date": "lastUpdateSubmitDate", "verification_month_year": "statusVerifiedDate",
}  # fmt: skip
_STRUCTS = {
    "study_first_posted_date": "studyFirstPostDateStruct", "results_first_posted_date": "resultsFirstPostDateStruct",
    "disposition_first_posted_date": "dispFirstPostDateStruct", "last_update_posted_date": "lastUpdatePostDateStruct",
    "start_month_year": "startDateStruct", "completion_month_year": "completionDateStruct",
    "primary_completion_month_year": "primaryCompletionDateStruct",
}  # fmt: skip


class Tables:
    """The rows of all trials, by table."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        self._next = 1000

    def add(self, table: str, nct: str, row: Row) -> int:
        """Adds a row; gives its key."""
        self._next += 1
        own = {} if table == "studies" else {"id": self._next}
        self.rows.setdefault(table, []).append({**own, "nct_id": nct, **row})
        return self._next

    def write(self, folder: Path, needed: Iterable[str] = (), change: Callable[[str], str] = lambda text: text) -> Path:
        """Writes them as AACT does; `needed` are tables that are written though they are empty."""
        folder.mkdir(parents=True, exist_ok=True)
        for table in {*self.rows, *needed}:
            (folder / f"{table}.txt").write_text(change(exported(self.rows.get(table, []))), encoding="utf-8")
        return folder


def exported(rows: list[Row]) -> str:
    """Rows as PostgreSQL writes them, then as AACT does: line ends are "~", doubled quotation marks are lost."""
    columns = list(dict.fromkeys(column for row in rows for column in row)) or ["id", "nct_id"]
    text = "|".join(columns) + "\n"
    for row in rows:
        out = io.StringIO()
        cells = [row.get(column) for column in columns]
        csv.writer(out, delimiter="|", lineterminator="\n").writerow(["t" if c is True else "f" if c is False else c for c in cells])
        folded = re.sub(r"\n\s", "~", out.getvalue().replace('""', "")).replace("\n", "~")
        text += re.sub(r"~$", "\n", folded)
    return text


def tables_of(studies: Iterable[Study]) -> Tables:
    """The tables of these studies."""
    tables = Tables()
    for study in studies:
        _add(tables, study)
    return tables


def _add(tables: Tables, study: Study) -> None:
    protocol, derived = study["protocolSection"], study.get("derivedSection", {})
    identification = protocol["identificationModule"]
    nct = identification["nctId"]

    def module(name: str) -> Study:
        found: Study = protocol.get(f"{name}Module", {})
        return found

    status, design, eligibility = module("status"), module("design"), module("eligibility")
    tables.add("studies", nct, {
        "brief_title": identification.get("briefTitle"), "official_title": identification.get("officialTitle"),
        "acronym": identification.get("acronym"), "source": identification.get("organization", {}).get("fullName"),
        "overall_status": status.get("overallStatus"), "why_stopped": status.get("whyStopped"),
        **{column: status.get(name) for column, name in _DATES.items()},
        **{column: status.get(name, {}).get("date") for column, name in _STRUCTS.items()},
        **{f"{column.replace('month_year', 'date')}_type": status.get(name, {}).get("type") for column, name in _STRUCTS.items()},
        "study_type": design.get("studyType"), "phase": "/".join(design.get("phases", [])),
        "enrollment": design.get("enrollmentInfo", {}).get("count"), "enrollment_type": design.get("enrollmentInfo", {}).get("type"),
        "has_dmc": module("oversight").get("oversightHasDmc"), "created_at": "2026-03-15 05:50:58.00926",
    })  # fmt: skip
    own = identification.get("orgStudyIdInfo", {})
    for source, item in [("org_study_id", own)] * bool(own) + [
        ("secondary_id", each) for each in identification.get("secondaryIdInfos", [])
    ]:
        tables.add("id_information", nct, {
            "id_source": source, "id_value": item.get("id"), "id_type": item.get("type"), "id_type_description": item.get("domain"),
            "id_link": item.get("link"),
        })  # fmt: skip
    for alias in identification.get("nctIdAliases", []):
        tables.add("id_information", nct, {"id_source": "nct_alias", "id_value": alias})
    sponsors = module("sponsorCollaborators")
    for role, item in [("collaborator", each) for each in sponsors.get("collaborators", [])] + [("lead", sponsors.get("leadSponsor", {}))]:
        tables.add("sponsors", nct, {"agency_class": item.get("class"), "lead_or_collaborator": role, "name": item.get("name")})
    party = sponsors.get("responsibleParty", {})
    tables.add("responsible_parties", nct, {
        "responsible_party_type": party.get("type"), "name": party.get("investigatorFullName"), "title": party.get("investigatorTitle"),
        "affiliation": party.get("investigatorAffiliation"), "old_name_title": party.get("oldNameTitle"),
        "organization": party.get("oldOrganization"),
    })  # fmt: skip
    tables.add("brief_summaries", nct, {"description": module("description").get("briefSummary")})
    tables.add("detailed_descriptions", nct, {"description": module("description").get("detailedDescription")})
    for table in ("conditions", "keywords"):
        for name in module("conditions").get(table, []):
            tables.add(table, nct, {"name": name, "downcase_name": name.lower()})
    info = design.get("designInfo", {})
    masking = info.get("maskingInfo", {})
    tables.add("designs", nct, {
        "allocation": info.get("allocation"), "intervention_model": info.get("interventionModel"),
        "observational_model": info.get("observationalModel"), "primary_purpose": info.get("primaryPurpose"),
        "time_perspective": info.get("timePerspective"), "masking": masking.get("masking"),
        **{f"{who}_masked": (code in masking["whoMasked"]) if "whoMasked" in masking else None for who, code in _MASKED.items()},
    })  # fmt: skip
    arms = module("armsInterventions")
    keys = {
        item["label"]: tables.add("design_groups", nct, {
            "group_type": item.get("type"), "title": item["label"], "description": item.get("description"),
        })
        for item in arms.get("armGroups", []) if "label" in item
    }  # fmt: skip
    for item in arms.get("interventions", []):
        row = {"intervention_type": item.get("type"), "name": item.get("name"), "description": item.get("description")}
        key = tables.add("interventions", nct, row)
        for name in item.get("otherNames", []):
            tables.add("intervention_other_names", nct, {"intervention_id": key, "name": name})
        for label in item.get("armGroupLabels", []):
            if label in keys:
                tables.add("design_group_interventions", nct, {"design_group_id": keys[label], "intervention_id": key})
    for kind in ("primary", "secondary", "other"):
        for item in module("outcomes").get(f"{kind}Outcomes", []):
            tables.add("design_outcomes", nct, {
                "outcome_type": kind, "measure": item.get("measure"), "time_frame": item.get("timeFrame"),
                "population": None, "description": item.get("description"),
            })  # fmt: skip
    tables.add("eligibilities", nct, {
        "sampling_method": eligibility.get("samplingMethod"), "gender": eligibility.get("sex"),
        "minimum_age": eligibility.get("minimumAge", "N/A"), "maximum_age": eligibility.get("maximumAge", "N/A"),
        "healthy_volunteers": eligibility.get("healthyVolunteers"), "population": eligibility.get("studyPopulation"),
        "criteria": eligibility.get("eligibilityCriteria"),
        **{name: name.upper() in eligibility.get("stdAges", []) for name in ("adult", "child", "older_adult")},
    })  # fmt: skip
    places = module("contactsLocations")
    for item in places.get("overallOfficials", []):
        tables.add("overall_officials", nct, {key: item.get(key) for key in ("role", "name", "affiliation")})
    for item in places.get("locations", []):
        point = item.get("geoPoint", {})
        tables.add("facilities", nct, {
            "status": item.get("status"), "name": item.get("facility"), "city": item.get("city"), "state": item.get("state"),
            "zip": item.get("zip"), "country": item.get("country"), "latitude": point.get("lat"), "longitude": point.get("lon"),
        })  # fmt: skip
    for about in ("condition", "intervention"):
        for kind, group in (("mesh-list", "meshes"), ("mesh-ancestor", "ancestors")):
            for item in derived.get(f"{about}BrowseModule", {}).get(group, []):
                row = {"mesh_term": item["term"], "downcase_mesh_term": item["term"].lower(), "mesh_type": kind}
                tables.add(f"browse_{about}s", nct, row)
