"""AACT's tables: that they give the record that the API gives, what odd and broken ones become, and that they are never held together."""

from __future__ import annotations

import dataclasses
import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from aact_world import Study, Tables, tables_of
from criteria_told import told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memory import with_peak

from kg import bundle
from kg.errors import BadInput
from kg.records import Arm, DatedEvent, Identifier, Intervention, MeshTerm, Outcome, Site, Trial
from kg.sources import Rejected, read_trials
from kg.sources.textblock import unfolded

STUDIES = Path(__file__).parents[2] / "shared" / "studies" / "studies.jsonl.gz"
NEEDED = "studies eligibilities conditions interventions design_groups design_group_interventions sponsors".split()


def study(number: int, **modules: Any) -> Study:
    identification = {"nctId": f"NCT{number:08}", "briefTitle": f"Trial {number}"}
    return {"protocolSection": {"identificationModule": identification, **modules}}


def trials(path: Path) -> list[Trial]:
    found = list(read_trials(path))
    assert [one for one in found if isinstance(one, Rejected)] == []
    return [one for one in found if isinstance(one, Trial)]


def only(tables: Tables, folder: Path, change: Callable[[str], str] = lambda text: text) -> Trial:
    (trial,) = trials(tables.write(folder, NEEDED, change))
    return trial


def compared(trial: Trial) -> dict[str, Any]:
    """What the tables can tell: no keys of MeSH terms, no quotation marks, and no order of groups of ages and of an arm's drugs."""
    record = dataclasses.asdict(dataclasses.replace(trial, mesh=tuple(dataclasses.replace(term, id="") for term in trial.mesh)))
    record["age_groups"] = sorted(record["age_groups"])
    for arm in record["arms"]:
        arm["interventions"] = sorted(arm["interventions"])
    for name in ("source", "other", "dropped"):
        del record[name]
    return dict(orjson.loads(orjson.dumps(record).replace(b'\\"', b"")))


# --- the same record ----------------------------------------------------------------------------------------------------------------------


def test_the_tables_of_the_bundled_records_give_the_same_records(tmp_path: Path) -> None:
    paths = sorted(bundle.path("data/trials").glob("*.json"))
    found = trials(tables_of(orjson.loads(path.read_bytes()) for path in paths).write(tmp_path / "aact"))
    expected = trials(bundle.path("data/trials"))
    for trial, other in zip(found, expected, strict=True):
        # the page that the record was made from has no empty lines between an item and those below it
        assert [line for line in trial.eligibility_text.split("\n") if line] == [
            line for line in other.eligibility_text.replace('"', "").split("\n") if line
        ]
        assert told(trial) == told(other)
        assert compared(trial) | {"eligibility_text": ""} == compared(other) | {"eligibility_text": ""}
    assert [(trial.source.format, trial.source.name, trial.source.position) for trial in found] == [
        ("aact", "aact", trial.nct) for trial in expected
    ]


@pytest.mark.skipif(not STUDIES.exists(), reason="the registry sample is not here")
def test_so_do_the_tables_of_a_sample_of_the_registry(tmp_path: Path) -> None:
    with gzip.open(STUDIES) as lines:
        records = {
            found.get("nctId"): record
            for record in map(orjson.loads, lines)
            if (found := record["protocolSection"]["identificationModule"])
        }
    expected = {trial.nct: compared(trial) for trial in read_trials(STUDIES) if isinstance(trial, Trial)}
    chosen = sorted(nct for nct in expected if nct in records)[::5]
    found = trials(tables_of(records[nct] for nct in chosen).write(tmp_path / "aact"))
    assert [trial.nct for trial in found] == chosen
    texts = ("eligibility_text", "detailed_description", "brief_summary", "outcomes")
    differing = [(trial.nct, name) for trial in found for name, value in compared(trial).items() if value != expected[trial.nct][name]]
    assert [item for item in differing if item[1] not in texts] == []
    assert len(differing) <= 0.1 * len(found), differing  # texts in layouts that the API does not make


def test_a_zip_gives_what_its_folder_gives(tmp_path: Path) -> None:
    folder = tables_of([study(1), study(2)]).write(tmp_path / "aact", NEEDED)
    with zipfile.ZipFile(tmp_path / "20260301_export.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    from_zip, from_folder = trials(tmp_path / "20260301_export.zip"), trials(folder)
    assert [trial.source.checksum for trial in from_zip] == [trial.source.checksum for trial in from_folder]
    assert from_zip[0].source.name == "20260301_export.zip"
    for path in list(folder.iterdir()):
        (folder / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert [trial.nct for trial in trials(folder)] == ["NCT00000001", "NCT00000002"]


# --- what is read where -------------------------------------------------------------------------------------------------------------------


def test_arms_and_interventions_are_joined_by_their_keys(tmp_path: Path) -> None:
    tables = tables_of([study(1)])
    arm = tables.add("design_groups", "NCT00000001", {"group_type": "EXPERIMENTAL", "title": "Arm I", "description": "a~b"})
    drug = tables.add("interventions", "NCT00000001", {"intervention_type": "DRUG", "name": "selumetinib"})
    tables.add("intervention_other_names", "NCT00000001", {"intervention_id": drug, "name": "AZD6244"})
    tables.add("design_group_interventions", "NCT00000001", {"design_group_id": arm, "intervention_id": drug})
    tables.add("design_group_interventions", "NCT00000001", {"design_group_id": 7, "intervention_id": 8})
    trial = only(tables, tmp_path / "aact")
    assert trial.arms == (Arm("Arm I", "EXPERIMENTAL", "a\n\nb", ("selumetinib",)),)
    assert trial.interventions == (Intervention("selumetinib", "DRUG", "", ("AZD6244",), ("Arm I",)),)


def test_older_tables_in_the_words_of_the_classic_site(tmp_path: Path) -> None:
    tables = Tables()
    nct = "NCT00000001"
    tables.add("studies", nct, {
        "brief_title": "A trial", "overall_status": "Active, not recruiting", "phase": "Phase 1/Phase 2", "start_month_year": "June 2006",
        "start_date": "2006-06-30", "completion_month_year": "December 31, 2018", "completion_date_type": "Anticipated",
        "study_type": "Observational [Patient Registry]", "enrollment": "70", "enrollment_type": "Actual",
        "nlm_download_date_description": "ClinicalTrials.gov processed this data on May 11, 2018",
    })  # fmt: skip
    tables.add("id_information", nct, {"id_type": "org_study_id", "id_value": "A-1"})
    tables.add("id_information", nct, {"id_type": "secondary_id", "id_value": "B-2"})
    tables.add("designs", nct, {"masking": "Double (Participant, Investigator)", "subject_masked": True, "investigator_masked": True})
    tables.add("browse_conditions", nct, {"mesh_term": "Sarcoma", "downcase_mesh_term": "sarcoma"})
    tables.add("design_outcomes", nct, {"outcome_type": "Primary", "measure": "Survival"})
    tables.add("facilities", nct, {"name": "A hospital", "city": "Oslo", "country": "Norway", "status": "Recruiting"})
    tables.add("eligibilities", nct, {
        "gender": "All", "minimum_age": "18 Years", "maximum_age": "N/A", "healthy_volunteers": "Accepts Healthy Volunteers",
        "criteria": "\n        Inclusion:\n\n          -  Sarcoma of one of\n             the following:\n\n               1. synovial\n",
    })  # fmt: skip
    trial = only(tables, tmp_path / "aact")
    assert (trial.status, trial.phases, trial.study_type, trial.masking, trial.who_masked) == (
        "ACTIVE_NOT_RECRUITING", ("PHASE1", "PHASE2"), "OBSERVATIONAL", "DOUBLE", ("PARTICIPANT", "INVESTIGATOR"),
    )  # fmt: skip
    assert trial.dates == (DatedEvent("start", "2006-06"), DatedEvent("completion", "2018-12-31", "ESTIMATED"))
    assert trial.identifiers == (Identifier("A-1", "ORG"), Identifier("B-2"))
    assert (trial.mesh, trial.outcomes, trial.source.version) == ((MeshTerm("Sarcoma"),), (Outcome("primary", "Survival"),), "2018-05-11")
    assert (trial.sex, trial.minimum_age, trial.maximum_age, trial.healthy_volunteers) == ("ALL", "18 Years", "", True)
    assert trial.sites == (Site("A hospital", "Oslo", country="Norway", status="RECRUITING"),)
    assert trial.eligibility_text == "Inclusion:\n\n* Sarcoma of one of the following:\n\n  1. synovial"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Inclusion:~* Age \\~60~* Well~Exclusion:~* Ill", "Inclusion:\n\n* Age \\~60\n* Well\n\nExclusion:\n\n* Ill"),
        ("1. One of~   * a~  * b~2. Two", "1. One of\n\n   * a\n   * b\n2. Two"),
        ("Inclusion:          -  Age at least 18 years          -  Well        Exclusion:          1. Allergy",
         "Inclusion:\n\n* Age at least 18 years\n* Well\n\nExclusion:\n\n1. Allergy"),
        ("~       Inclusion Criteria:~~          -  Group 1 PAH including~            idiopathic PAH~~          -  Consent~      ",
         "Inclusion Criteria:\n\n* Group 1 PAH including idiopathic PAH\n* Consent"),
        ("", ""),
    ],
)  # fmt: skip
def test_line_ends_come_back(cell: str, text: str) -> None:
    assert unfolded(cell) == text


def test_results_and_unknown_tables_are_counted_and_unknown_columns_kept(tmp_path: Path) -> None:
    tables = tables_of([study(1)])
    for _ in range(3):
        tables.add("outcome_measurements", "NCT00000001", {"title": "x", "param_value": "1", "units": ""})
    tables.add("provided_documents", "NCT00000001", {"document_type": "Protocol"})
    tables.add("calculated_values", "NCT00000001", {"number_of_facilities": 7})
    tables.add("interventions", "NCT00000001", {"name": "a", "colour": "blue"})
    (tables.write(tmp_path / "aact", NEEDED) / "schema.txt").write_text("mesh_term|tree\nSarcoma|C04\n")
    (trial,) = trials(tmp_path / "aact")
    assert trial.dropped == (
        ("aact.calculated_values", 2),
        ("documentSection.largeDocumentModule", 2),
        ("resultsSection.outcomeMeasuresModule", 9),
    )
    assert {("aact.interventions.colour[0]", "blue"), ("hasResults", "true")} <= set(trial.other)


# --- broken tables ------------------------------------------------------------------------------------------------------------------------


def test_a_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = tables_of([study(1)]).write(tmp_path / "aact", NEEDED)
    (folder / "eligibilities.txt").unlink()
    with pytest.raises(BadInput, match=r"aact: of the tables of AACT eligibilities.txt is not there; give the whole export"):
        trials(folder)
    with pytest.raises(BadInput, match="one table of AACT; give the folder"):
        trials(folder / "interventions.txt")
    (folder / "eligibilities.txt").write_text("a|b\n")
    with pytest.raises(BadInput, match=r"eligibilities.txt: line 1: its columns are 'a\|b', without nct_id"):
        trials(folder)


def test_a_trial_of_which_a_row_cannot_be_read_is_rejected_and_the_others_are_read(tmp_path: Path) -> None:
    folder = tables_of([study(1), study(2), study(3)]).write(tmp_path / "aact", NEEDED)
    table = folder / "eligibilities.txt"
    lines = table.read_text().splitlines()
    lines[1] += "|one too many"
    lines[2] = lines[2].replace("|N/A", '|"N/A', 1)
    table.write_text("\n".join([lines[0], "9|NCTx|", *lines[1:]]))
    found = list(read_trials(folder))
    assert [trial.nct for trial in found if isinstance(trial, Trial)] == []
    bad = [(one.position, one.reason) for one in found if isinstance(one, Rejected)]
    assert bad[0][0] == "eligibilities.txt, line 2"
    assert [position for position, _ in bad[1:]] == ["NCT00000001", "NCT00000002", "NCT00000003"]
    assert "its row in eligibilities.txt, line 3, cannot be read: it has" in bad[1][1]
    assert "line 4, cannot be read: a quotation mark of it is not closed" in bad[2][1]
    assert "line 5, cannot be read: a quotation mark" in bad[3][1], "the row ran into the next one"


def test_rows_of_a_trial_that_the_first_table_does_not_have_are_named(tmp_path: Path) -> None:
    tables = tables_of([study(1)])
    tables.add("conditions", "NCT00000002", {"name": "Sarcoma"})
    first, second = read_trials(tables.write(tmp_path / "aact", NEEDED))
    assert isinstance(first, Trial)
    assert isinstance(second, Rejected)
    assert "other tables name NCT00000002, and studies.txt has no row of it" in second.reason


def test_the_same_trial_twice_is_named(tmp_path: Path) -> None:
    folder = tables_of([study(1)]).write(tmp_path / "aact", NEEDED)
    (tmp_path / "one.json").write_bytes(orjson.dumps(study(1)))
    _, second = read_trials([tmp_path / "one.json", folder])
    assert isinstance(second, Rejected)
    assert "duplicate of NCT00000001" in second.reason


def test_the_tables_are_never_held_in_memory_together(tmp_path: Path) -> None:
    text = "A long criterion. " * 1000
    folder = tables_of(study(n, eligibilityModule={"eligibilityCriteria": text}) for n in range(1, 1201)).write(tmp_path / "aact", NEEDED)
    size = (folder / "eligibilities.txt").stat().st_size
    read, peak = with_peak(lambda: sum(1 for _ in read_trials(folder)))
    assert read == 1200
    assert peak < size / 4


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(table=st.sampled_from(NEEDED), place=st.floats(0, 1), change=st.binary(max_size=4), cut=st.integers(0, 30))
def test_damaged_tables_are_refused_in_words_and_no_trial_says_less(
    tmp_path: Path, table: str, place: float, change: bytes, cut: int
) -> None:
    arms = {"armGroups": [{"label": "Arm I"}], "interventions": [{"name": "a drug", "type": "DRUG", "armGroupLabels": ["Arm I"]}]}
    text = {"eligibilityCriteria": "Exclusion Criteria:\n\n* Prior MEK inhibitor"}
    folder = tables_of(study(n, armsInterventionsModule=arms, eligibilityModule=text) for n in (1, 2, 3)).write(tmp_path / "aact", NEEDED)
    path = folder / f"{table}.txt"
    whole = path.read_bytes()
    at = int(place * len(whole))
    path.write_bytes(whole[:at] + change + whole[at + cut :])
    try:
        found = list(read_trials(folder))
    except BadInput as error:
        assert str(folder) in str(error)
    else:
        assert found
        assert all(isinstance(one, Trial) or one.reason for one in found)
