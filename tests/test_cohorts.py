"""Cohort files, searches, and what a new version of a record changes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars
import pytest

import kg
from kg import cohort
from kg.checks.filters import Facets, Wanted, years
from kg.checks.screen import Screened, screen
from kg.cli import main
from kg.diff import changes
from kg.knowledge import Knowledge
from kg.patients import Unusable, each_patient

ROOT = Path(__file__).parent.parent
OLD = ROOT / "data/trials/NCT01206140.json"
NEW = ROOT / "docs/examples/NCT01206140-amended.json"
LINES = [
    {"id": "A", "as_of": "2026-11-21", "prior": [{"drug": "trametinib", "last_dose": "2020-01-05"}], "taking": []},
    {"id": "B", "as_of": "2026-11-21", "taking": ["itraconazole"]},
]


def read(path: Path) -> list[tuple[str, kg.Patient | kg.BadPatient]]:
    found = each_patient(path, Knowledge.load())
    return [(one.id, one.error if isinstance(one, Unusable) else one.patient) for one in found]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.ndjson"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return path


def test_every_form_holds_the_rows_of_a_check(people: Path, tmp_path: Path) -> None:
    graph = kg.open()
    wanted = {
        (name, result.nct, result.verdict.value, result.criteria_verdict.value, "")
        for name, patient in read(people)
        if isinstance(patient, kg.Patient)
        for result in graph.check(patient)
    }
    for name in ("rows.csv", "rows.jsonl", "rows.parquet"):
        out = tmp_path / name
        assert cohort.write(screen(read(people), graph.index), out) == len(wanted) == 4
        if name.endswith("csv"):
            rows = list(csv.DictReader(out.open()))
        elif name.endswith("jsonl"):
            rows = [json.loads(line) for line in out.read_text().splitlines()]
        else:
            rows = polars.read_parquet(out).to_dicts()
        assert {tuple(row[column] for column in cohort.COLUMNS) for row in rows} == wanted
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.ndjson", "rows.csv", "rows.jsonl", "rows.parquet"]


MANY = """
import resource, sys
from pathlib import Path
import numpy as np
from kg.checks.index import Verdicts
from kg.checks.screen import Screened
from kg.cohort import write

ncts = [f"NCT{number:08}" for number in range(2000)]
codes = np.arange(2000).astype(np.uint8) % 4

def cohort(count):
    return (Screened(f"patient {number}", Verdicts(ncts, codes, codes, {})) for number in range(count))

print(write(cohort(100), Path(sys.argv[1])))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(write(cohort(2000), Path(sys.argv[1])))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_the_memory_that_parquet_takes_does_not_grow_with_the_cohort(tmp_path: Path) -> None:
    out = tmp_path / "rows.parquet"
    done = subprocess.run([sys.executable, "-c", MANY, str(out)], capture_output=True, text=True, check=True, cwd=ROOT)
    few, many, grown = map(int, done.stdout.split())
    assert (few, many) == (200_000, 4_000_000)
    assert polars.scan_parquet(out).select(polars.len()).collect().item() == many
    assert grown < 100  # MiB; the rows themselves are 320


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.parquet"])
def test_a_cohort_that_breaks_off_leaves_the_file_that_was_there(name: str, people: Path, tmp_path: Path) -> None:
    def broken() -> Iterator[Screened]:
        yield from screen(read(people), kg.open().index)
        raise kg.BadPatient("people.ndjson: line 3: not a FHIR resource")

    out = tmp_path / name
    out.write_text("before")
    with pytest.raises(kg.BadPatient, match="line 3"):
        cohort.write(broken(), out)
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["people.ndjson", name])


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet"])
def test_rows_say_what_was_not_recognised(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "people.ndjson", tmp_path / name
    file.write_text('{"id": "A", "taking": ["foozumab", "barmab"]}\n{"id": "B", "taking": ["paracetamol"]}\n')
    with pytest.raises(SystemExit, match="0"):
        main(["screen", str(file), "-o", str(out)])
    rows = list(csv.DictReader(out.open())) if name.endswith("csv") else polars.read_parquet(out).to_dicts()
    told = {(row["patient"], row["verdict"], row["unrecognised"]) for row in rows}
    assert told == {("A", "unknown", "foozumab | barmab"), ("B", "no_conflict_found", "")}
    assert "1 patient with names that were not recognised" in capsys.readouterr().err


def test_a_line_that_is_no_patient_is_named_and_the_others_go_on(people: Path) -> None:
    people.write_text('{"id": "X", "as_of": "2099"}\nno json\n' + people.read_text())
    first, second, *rest = read(people)
    assert first[0] == "X"
    assert "people.ndjson:1" in str(first[1])
    assert "people.ndjson:2" in str(second[1])
    assert [name for name, patient in rest if isinstance(patient, kg.Patient)] == ["A", "B"]


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(kg.BadInput, match="parquet"):
        cohort.write([], tmp_path / "rows.xlsx")


def test_a_new_version_says_what_it_excludes_what_it_frees_and_for_whom(people: Path) -> None:
    patients = [(name, patient) for name, patient in read(people) if isinstance(patient, kg.Patient)]
    (change,) = changes(OLD, NEW, patients)
    assert (change.nct, change.change) == ("NCT01206140", "rules")
    assert (change.rules_added, change.rules_dropped) == (("Previous EGFR inhibitor use",), ("Previous MEK inhibitor use",))
    assert (change.newly_excluded, change.freed) == (("EGFR inhibitor",), ("MEK inhibitor",))
    assert [who for who, _, _ in change.verdicts] == ["A"]  # B is excluded before and after
    assert list(changes(OLD, OLD, patients)) == []


def test_a_trial_that_is_new_or_gone_is_said(tmp_path: Path) -> None:
    both = tmp_path / "both"
    both.mkdir()
    for path in sorted((ROOT / "data/trials").glob("*.json")):
        (both / path.name).write_bytes(path.read_bytes())
    assert [(c.nct, c.change) for c in changes(OLD, both)] == [("NCT01281865", "new")]
    assert [(c.nct, c.change) for c in changes(both, OLD)] == [("NCT01281865", "gone")]


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (Wanted(), True),
        (Wanted(conditions=("synovial-sarcoma",)), True),  # the trial is in sarcoma: it takes them in
        (Wanted(conditions=("melanoma",)), False),
        (Wanted(statuses=("RECRUITING",)), True),
        (Wanted(statuses=("COMPLETED",)), False),
        (Wanted(phases=("2",)), True),
        (Wanted(phases=("PHASE3",)), False),
        (Wanted(phases=("II",)), True),
        (Wanted(phases=("1/2",)), True),
        (Wanted(countries=("france",)), True),
        (Wanted(countries=("Spain",)), False),
        (Wanted(age=65.5), True),
        (Wanted(age=66), False),
        (Wanted(age=17.9), False),
        (Wanted(sex="male"), False),
    ],
)
def test_searches(wanted: Wanted, kept: bool) -> None:
    trial = Facets("recruiting", ("phase2",), ("france",), years("18 Years"), years("65 Years"), "female")
    assert (wanted.treats(("sarcoma",), Knowledge.load()) and wanted.keeps(trial)) is kept


def test_a_country_has_all_its_names() -> None:
    trial = Facets("", (), ("korea republic of",), None, None, "")
    assert all(Wanted(countries=(name,)).keeps(trial) for name in ("South Korea", "Republic of Korea", "Korea, Republic of"))


def test_a_record_that_states_nothing_is_kept() -> None:
    nothing = Facets("", (), (), None, None, "")
    assert Wanted(statuses=("RECRUITING",), countries=("France",), age=3, sex="male").keeps(nothing)


def test_another_drug_in_an_arm_changes_verdicts_though_no_rule_does(tmp_path: Path) -> None:
    """What itraconazole does to everolimus asks for action; to gemcitabine it does nothing."""
    old, new = ROOT / "data/trials/NCT01281865.json", tmp_path / "new.json"
    record = json.loads(old.read_text())
    arms = json.dumps(record["protocolSection"]["armsInterventionsModule"])
    record["protocolSection"]["armsInterventionsModule"] = json.loads(
        arms.replace("everolimus", "gemcitabine").replace("imatinib mesylate", "gemcitabine")
    )
    new.write_text(json.dumps(record))
    (change,) = changes(old, new, [("B", kg.Patient(as_of="2026-11-21", taking=["itraconazole"]))])
    assert (change.change, change.rules_added, change.rules_dropped) == ("record", (), ())
    assert change.verdicts == (("B", kg.Verdict.REVIEW, kg.Verdict.NO_CONFLICT),)
    assert list(changes(old, new)) == []


def test_the_command_names_who_is_left_out_and_goes_on(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people.write_text('{"id": "X", "as_of": "2099"}\n' + people.read_text())
    with pytest.raises(SystemExit, match="1"):
        main(["diff", str(OLD), str(NEW), "--patients", str(people)])
    out, err = capsys.readouterr()
    assert "left out: X: " in err
    for said in ("NCT01206140  its rules changed", "+ “Previous EGFR", "− “Previous MEK", "no longer excludes: MEK", "A: excluded → no_c"):
        assert said in out, said


def test_a_record_that_cannot_be_read_is_named_and_the_others_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.dumps(json.loads(path.read_text())) for path in (OLD, NEW)]
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_text(f"{lines[0]}\n")
    new.write_text(f'{{"protocolSection": {{}}}}\n{lines[1]}\n')
    with pytest.raises(SystemExit, match="1"):
        main(["diff", str(old), str(new)])
    out, err = capsys.readouterr()
    assert "left out: " in err and "new.jsonl" in err and "no longer excludes: MEK" in out
    with pytest.raises(kg.BadInput, match="cannot be compared"):
        list(changes(old, new))


def test_a_patient_without_a_name_has_that_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["screen", str(ROOT / "docs/examples/patient.yaml"), "-o", str(tmp_path / "rows.csv")])
    assert {row["patient"] for row in csv.DictReader((tmp_path / "rows.csv").open())} == {"patient"}


# --- health records ---------------------------------------------------------------------------------------------------------------------


def medication(number: int, person: str, **changes: object) -> dict[str, object]:
    return {
        "resourceType": "MedicationStatement",
        "id": f"m{number}",
        "status": "active",
        "subject": {"reference": f"Patient/{person}"},
        "medicationCodeableConcept": {"text": "itraconazole"},
        **changes,
    }


def screened(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[tuple[str, str], str], str]:
    """Exit code, verdicts and messages of `kg screen`."""
    out = tmp_path / "verdicts.csv"
    with pytest.raises(SystemExit) as ended:
        main(["screen", str(path), "--as-of", "2026-11-21", "-o", str(out)])
    rows = {(row["patient"], row["nct"]): row["verdict"] for row in csv.DictReader(out.open())}
    return int(ended.value.code or 0), rows, capsys.readouterr().err


def test_a_bulk_export_is_screened_as_it_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with a file for each kind of resource; one person's date is none: they are named, the others have their verdicts."""
    export = tmp_path / "export"
    export.mkdir()
    (export / "Patient.ndjson").write_text("".join(json.dumps({"resourceType": "Patient", "id": p}) + "\n" for p in "abc"))
    lines = [medication(1, "a"), medication(2, "b", effectivePeriod={"start": "2024-13-45"}), medication(3, "c", status="unknown")]
    (export / "MedicationStatement.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    code, rows, told = screened(export, tmp_path, capsys)
    assert code == 1 and "MedicationStatement/m2" in told and "1 patient left out" in told
    assert {who for who, _ in rows} == {"a", "c"}
    for record in each_patient(export, Knowledge.load(), as_of="2026-11-21"):
        if not isinstance(record, Unusable):
            assert {nct: v.verdict for nct, v in zip(("NCT01206140", "NCT01281865"), kg.open().check(record.patient), strict=True)} == {
                nct: verdict for (who, nct), verdict in rows.items() if who == record.id
            }
    assert set(rows.values()) & {"no_conflict_found"} == set()


def test_bundles_and_omop_are_screened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundles = tmp_path / "bundles.ndjson"
    one = [{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": medication(n, f"p{n}")}]} for n in range(2)]
    bundles.write_text("".join(json.dumps(bundle) + "\n" for bundle in one))
    assert screened(bundles, tmp_path, capsys)[1]["p1", "NCT01206140"] == "excluded"
    table = tmp_path / "drug_exposure.csv"
    table.write_text(
        "person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date,drug_source_value\n"
        "7,0,2024-01-01,2024-11-20,trametinib\n8,0,2024-99-01,2024-11-20,trametinib\n"
    )
    code, rows, told = screened(table, tmp_path, capsys)
    assert (code, rows["7", "NCT01206140"]) == (1, "excluded") and "line 3" in told and ("8", "NCT01206140") not in rows


def test_another_persons_fault_does_not_stop_a_check(tmp_path: Path) -> None:
    file = tmp_path / "two.ndjson"
    lines = [medication(1, "a"), medication(2, "b", effectivePeriod={"start": "2024-13-45"})]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    good, bad = each_patient(file, Knowledge.load())
    assert not isinstance(good, Unusable) and good.patient.taking
    assert isinstance(bad, Unusable) and "MedicationStatement/m2" in str(bad.error)
