"""API v2 records: what is read where, what odd records become, and that no value is lost."""

from __future__ import annotations

import copy
import gzip
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from conservation import lost
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import bundle
from kg.errors import BadRecord
from kg.records import Arm, DatedEvent, Identifier, MeshTerm, Party, RecordSource, Site
from kg.sources import Rejected, read_study, read_trials

SOURCE = RecordSource("test.json", "v2-json", "")
STUDIES = Path(__file__).parents[2] / "shared" / "studies" / "studies.jsonl.gz"
BUNDLED = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((bundle.path("data") / "trials").glob("*.json"))]


def study(**modules: Any) -> dict[str, Any]:
    identification = {"nctId": "NCT00000001", "briefTitle": "A trial", **modules.pop("identificationModule", {})}
    return {"protocolSection": {"identificationModule": identification, **modules}}


# --- what is read where -------------------------------------------------------------------------------------------------------------------


def test_identifiers_keep_their_kind_issuer_and_link() -> None:
    trial = read_study(
        study(
            identificationModule={
                "orgStudyIdInfo": {"id": "A-1", "type": "NIH", "link": "https://example.org/A-1"},
                "secondaryIdInfos": [{"id": 8412}, {"id": "X", "type": "REGISTRY", "domain": "CTRP"}],
                "nctIdAliases": ["NCT00000009"],
            }
        ),
        SOURCE,
    )
    assert trial.identifiers == (
        Identifier("A-1", "ORG", "", "https://example.org/A-1"),
        Identifier("8412"),
        Identifier("X", "REGISTRY", "CTRP"),
        Identifier("NCT00000009", "NCT_ALIAS"),
    )
    assert ("protocolSection.identificationModule.orgStudyIdInfo.type", "NIH") in trial.other


def test_dates_say_whether_they_are_actual() -> None:
    trial = read_study(
        study(statusModule={"startDateStruct": {"date": "2011-01", "type": "ACTUAL"}, "statusVerifiedDate": "2013-06"}), SOURCE
    )
    assert trial.dates == (DatedEvent("verified", "2013-06"), DatedEvent("start", "2011-01", "ACTUAL"))


def test_parties_in_each_role() -> None:
    trial = read_study(
        study(
            sponsorCollaboratorsModule={
                "leadSponsor": {"name": "NCI", "class": "NIH"},
                "collaborators": [{"name": "A company", "class": "INDUSTRY"}],
                "responsibleParty": {"type": "PRINCIPAL_INVESTIGATOR", "investigatorFullName": "Ann", "investigatorAffiliation": "NCI"},
            },
            contactsLocationsModule={"overallOfficials": [{"name": "Bea", "affiliation": "A hospital", "role": "STUDY_CHAIR"}]},
        ),
        SOURCE,
    )
    assert trial.parties == (
        Party("NCI", "LEAD", "NIH"),
        Party("A company", "COLLABORATOR", "INDUSTRY"),
        Party("Ann", "RESPONSIBLE_PARTY", "PRINCIPAL_INVESTIGATOR", "NCI"),
        Party("Bea", "STUDY_CHAIR", "", "A hospital"),
    )


def test_a_sponsor_that_is_itself_responsible_is_named() -> None:
    trial = read_study(study(sponsorCollaboratorsModule={"leadSponsor": {"name": "NCI"}, "responsibleParty": {"type": "SPONSOR"}}), SOURCE)
    assert Party("NCI", "RESPONSIBLE_PARTY", "SPONSOR") in trial.parties


def test_arms_and_interventions_name_each_other_whichever_side_said_it() -> None:
    trial = read_study(
        study(
            armsInterventionsModule={
                "armGroups": [{"label": "A", "interventionNames": ["Dietary Supplement: Zinc"]}, {"label": "B"}],
                "interventions": [
                    {"name": "Zinc", "type": "DIETARY_SUPPLEMENT"},
                    {"name": "Sugar", "type": "OTHER", "armGroupLabels": ["B"]},
                ],
            }
        ),
        SOURCE,
    )
    assert trial.arms == (Arm("A", interventions=("Zinc",)), Arm("B", interventions=("Sugar",)))
    assert [item.arms for item in trial.interventions] == [("A",), ("B",)]


def test_mesh_terms_tell_ancestors_and_what_they_are_about() -> None:
    record = study()
    record["derivedSection"] = {
        "conditionBrowseModule": {"meshes": [{"id": "D012509", "term": "Sarcoma"}], "ancestors": [{"id": "D009369", "term": "Neoplasms"}]},
        "interventionBrowseModule": {"meshes": [{"term": "Everolimus"}]},
        "miscInfoModule": {"versionHolder": "2024-01-01"},
    }
    trial = read_study(record, SOURCE)
    assert trial.mesh == (
        MeshTerm("Sarcoma", "D012509"),
        MeshTerm("Neoplasms", "D009369", ancestor=True),
        MeshTerm("Everolimus", about="intervention"),
    )
    assert trial.source.version == "2024-01-01"


def test_results_and_documents_are_counted() -> None:
    record = study() | {"resultsSection": {"m": {"a": [1, 2, None], "b": ""}}, "documentSection": {"d": {"c": "x"}}, "hasResults": True}
    trial = read_study(record, SOURCE)
    assert trial.dropped == (("resultsSection.m", 2), ("documentSection.d", 1))
    assert trial.other == (("hasResults", "true"),)


def test_locations_written_twice_are_read_once_and_counted() -> None:
    places = [{"facility": "A hospital", "city": "Oslo", "country": "Norway", "geoPoint": {"lat": 59.9, "lon": 10}}]
    site = Site("A hospital", "Oslo", country="Norway", lat=59.9, lon=10.0)
    twice = read_study(study(contactsLocationsModule={"locations": places, "locations_nested": copy.deepcopy(places)}), SOURCE)
    assert (twice.sites, twice.dropped) == ((site,), (("protocolSection.contactsLocationsModule.locations_nested", 5),))
    alone = read_study(study(contactsLocationsModule={"locations_nested": copy.deepcopy(places)}), SOURCE)
    assert (alone.sites, alone.dropped) == ((site,), ())
    differing = read_study(study(contactsLocationsModule={"locations": places, "locations_nested": [{"facility": "Another"}]}), SOURCE)
    assert differing.sites == (site,)
    assert ("protocolSection.contactsLocationsModule.locations_nested[0].facility", "Another") in differing.other


def test_the_text_of_the_criteria_is_unchanged() -> None:
    text = "Inclusion Criteria:\r\n\r\n* Age \\>= 18\u00a0years  \n"
    assert read_study(study(eligibilityModule={"eligibilityCriteria": text}), SOURCE).eligibility_text == text


# --- odd records --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "protocolSection"),
        ({"protocolSection": []}, "protocolSection"),
        ({"protocolSection": {}}, "no NCT number"),
        ({"protocolSection": {"identificationModule": "NCT00000001"}}, "no NCT number"),
        (study(identificationModule={"nctId": "NCT123"}), "'NCT123'"),
        (study(identificationModule={"nctId": 1}), "eight digits"),
    ],
)
def test_a_record_that_cannot_be_named_says_why(record: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        read_study(record, SOURCE)


def test_a_record_with_hardly_anything_is_read() -> None:
    trial = read_study({"protocolSection": {"identificationModule": {"nctId": " nct00000001 "}}}, SOURCE)
    assert (trial.nct, trial.brief_title, trial.eligibility_text, trial.enrollment) == ("NCT00000001", "", "", None)


def test_values_of_an_unexpected_type_stay_as_they_came() -> None:
    record = study(
        statusModule="COMPLETED",
        designModule={"enrollmentInfo": {"count": "about 20"}, "phases": ["PHASE1", {"x": 2}]},
        eligibilityModule={"eligibilityCriteria": ["Adults"], "healthyVolunteers": "No"},
    )
    before = copy.deepcopy(record)
    trial = read_study(record, SOURCE)
    assert record == before
    assert (trial.enrollment, trial.phases, trial.eligibility_text, trial.healthy_volunteers) == (None, ("PHASE1",), "", None)
    assert trial.other == (
        ("protocolSection.statusModule", "COMPLETED"),
        ("protocolSection.designModule.enrollmentInfo.count", "about 20"),
        ("protocolSection.designModule.phases[1].x", "2"),
        ("protocolSection.eligibilityModule.eligibilityCriteria[0]", "Adults"),
        ("protocolSection.eligibilityModule.healthyVolunteers", "No"),
    )


# --- nothing is lost ----------------------------------------------------------------------------------------------------------------------

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value, as the keys that lead to it."""
    found = [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += places(item, (*path, key))
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_record_broken_anywhere_is_read_without_loss_or_refused(data: st.DataObject) -> None:
    record = copy.deepcopy(data.draw(st.sampled_from(BUNDLED)))
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from([path for path in places(record) if path]))
        parent = record
        for key in path[:-1]:
            parent = parent[key]
        parent[path[-1]] = data.draw(JSON)
    try:
        trial = read_study(record, SOURCE)
    except BadRecord:
        return
    assert lost(record, trial) == []


@settings(max_examples=100, deadline=None)
@given(value=JSON)
def test_any_json_at_all_is_no_reason_to_crash(value: Any) -> None:
    with pytest.raises(BadRecord):
        read_study(value if isinstance(value, dict) else {"protocolSection": value}, SOURCE)


@pytest.mark.parametrize("record", BUNDLED, ids=lambda record: record["protocolSection"]["identificationModule"]["nctId"])
def test_the_bundled_records_are_kept_whole(record: dict[str, Any]) -> None:
    trial = read_study(record, SOURCE)
    assert (lost(record, trial), trial.dropped) == ([], ())


@pytest.mark.skipif(not STUDIES.exists(), reason="the 1,466 reference studies are not beside this checkout")
def test_every_value_of_the_reference_studies_is_kept_or_counted() -> None:
    results = list(read_trials(STUDIES))
    with gzip.open(STUDIES) as lines:
        records = [orjson.loads(line) for line in lines]
    assert len(results) == len(records)
    rejected = [result for result in results if isinstance(result, Rejected)]
    assert all(result.reason and result.raw for result in rejected)
    assert len(rejected) <= 0.01 * len(records)
    losses = {result.nct: lost(record, result) for record, result in zip(records, results, strict=True) if not isinstance(result, Rejected)}
    assert {nct: missing for nct, missing in losses.items() if missing} == {}
