"""No way from something that was not understood to "no conflict found"; patient data stay where they are."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.checks import trials as checks_trials
from kg.checks import understand
from kg.records import FindingKind, Verdict

AS_OF = "2026-11-21"
ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "data",
    [
        {"taking": ["foozumab"]},
        {"prior": ["foozumab"]},
        {"prior": [{"drug": "paracetamol + foozumab"}]},
        {"conditions": ["foo disease of bar"]},
        {"biomarkers": {"FOOBAR9": "positive"}},
        {"habits": ["juggling"]},
        {"procedures": ["foo-ectomy"]},
        {"unclear": ["itraconazole: status unknown"]},
        {"taking": [{"drug": "prednisone", "dose": "20 mcg/day"}]},
        {"taking": [{"drug": "warfarin", "dose": "5 g/day"}]},
    ],
    ids=str,
)
def test_what_is_not_recognised_leaves_no_trial_without_conflict(data: dict[str, Any]) -> None:
    report = kg.open().check(kg.Patient.from_dict({"as_of": AS_OF, **data}))
    assert len(report) and all(result.verdict is not Verdict.NO_CONFLICT for result in report)
    assert all(any(f.kind is FindingKind.INPUT and f.verdict is Verdict.UNKNOWN for f in result.findings) for result in report)
    in_doubt = "unclear" in data or any("dose" in entry for entry in data.get("taking", ()))
    assert in_doubt != bool(report.unrecognised)


@pytest.mark.parametrize(
    "data",
    [
        {"prior": [{"drug": "imatinib", "last_dose": "20/11/2024"}]},
        {"prior": [{"drug": "imatinib", "last_dose": "2024-02-30"}]},
        {"prior": [{"drug": "imatinib", "last_dose": "2027-01-01"}]},
        {"prior": [{"drug": "imatinib", "start": "2025-01-01", "last_dose": "2024-01-01"}]},
        {"prior": [{"last_dose": "2024-01-01"}]},
        {"taking": [{"drug": "prednisone", "dose": "-5 mg/day"}]},
        {"taking": [{"drug": "prednisone", "dose": "500 kg/day"}, {"drug": "prednisone", "dose": "500000 g/day"}]},
        {"procedures": [{"name": "surgery", "date": "2030"}]},
    ],
    ids=str,
)
def test_impossible_data_are_errors(data: dict[str, Any]) -> None:
    with pytest.raises(kg.BadPatient):
        kg.Patient.from_dict({"as_of": AS_OF, **data})


def test_a_dose_that_cannot_be_read_is_said() -> None:
    report = kg.open().check(kg.Patient(as_of=AS_OF, taking=[kg.Exposure("prednisone", dose="20 mg, then less")]))
    assert "how much a day the dose '20 mg, then less' is could not be told" in report.to_text()


def test_words_that_are_not_known_are_said_though_they_decide_nothing() -> None:
    odd = kg.Exposure("imatinib", last_dose="2026-01-01", route="by spoon", response="meh", condition="grumpiness")
    plain = kg.Exposure("imatinib", last_dose="2026-01-01", route="oral", response="progression", condition="HIV infection")
    notes = kg.open().check(kg.Patient(as_of=AS_OF, prior=[odd, plain])).notes
    assert len(notes) == 3 and all(note.startswith("prior 1: imatinib: ") for note in notes)
    for word, note in zip(("'by spoon'", "'meh'", "'grumpiness'"), notes, strict=True):
        assert word in note and "not known here" in note


def test_a_date_that_decides_and_is_missing_is_unknown() -> None:
    patient = kg.Patient(as_of=AS_OF, procedures=[kg.Procedure("radiotherapy")])
    assert kg.open().check(patient)["NCT01206140"].verdict is Verdict.UNKNOWN


def test_an_error_inside_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(rule: object, scene: object) -> None:
        raise ZeroDivisionError("broken on purpose")

    monkeypatch.setattr(checks_trials, "evaluate", broken)
    patient = kg.Patient(as_of=AS_OF, taking=["paracetamol"])
    results = list(kg.open().check(patient, trials=["NCT01206140", "NCT01281865"]))
    assert all(result.verdict is not Verdict.NO_CONFLICT for result in results)
    assert any("internal error" in finding.reason for finding in results[0].findings)


def test_patient_data_are_written_and_logged_nowhere(tmp_path: Path) -> None:
    home, temp, work = tmp_path / "home", tmp_path / "temp", tmp_path / "work"
    for folder in (home, temp, work):
        folder.mkdir()
    file = work / "patient.json"
    file.write_text(json.dumps({"as_of": AS_OF, "taking": ["itraconazole"]}))
    environment = {"HOME": str(home), "TMPDIR": str(temp), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", "from kg.cli import main; main()", "check", str(file), "--format", "html", "-o", "report.html"]
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=True)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["patient.json", "report.html"]
    assert done.stdout == "" and "itraconazole" not in done.stderr
    assert "itraconazole" in (work / "report.html").read_text(encoding="utf-8")


def test_a_check_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    kg.open().check(kg.Patient(as_of=AS_OF, taking=["itraconazole", "foozumab"]))
    assert "itraconazole" not in caplog.text and "foozumab" not in caplog.text


def test_the_patients_own_drugs_are_looked_at_apart() -> None:
    alone = kg.open().check(kg.Patient(as_of=AS_OF, taking=["itraconazole"]))
    both = kg.open().check(kg.Patient(as_of=AS_OF, taking=["itraconazole", "everolimus"]))
    assert alone.among == () and both.among[0].drugs == ("itraconazole", "everolimus")
    for text in (both.to_text(), both.to_markdown(), both.to_html()):
        assert "own drugs" in text


def test_a_built_graph_answers_with_its_own_tables(tmp_path: Path) -> None:
    """The dose that is assumed, and the like, come from the graph's knowledge folder, not from the installed tables."""
    kg.build(ROOT / "data" / "trials", tmp_path / "my.kg")
    (table,) = (tmp_path / "my.kg").glob("gen-*/knowledge/responses.csv")
    patient = kg.Patient(as_of=AS_OF, prior=[kg.Exposure("imatinib", response="progression")])

    def outcome() -> str:
        with kg.open(tmp_path / "my.kg") as graph:
            return understand(patient, graph.knowledge, graph.names).facts[0].outcome

    assert outcome() == "progression"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if not line.startswith("progression,")), encoding="utf-8")
    assert outcome() == ""
