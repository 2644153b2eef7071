"""Building a graph: what is kept, what is rejected and said, what survives a killed build."""

from __future__ import annotations

import copy
import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kg
from kg import bundle

TRIALS = sorted(bundle.path("data/trials").glob("NCT*.json"))


def study(nct: str, **eligibility: Any) -> dict[str, Any]:
    """A record like the bundled one, under another number."""
    record = copy.deepcopy(json.loads(TRIALS[0].read_text(encoding="utf-8")))
    record["protocolSection"]["identificationModule"]["nctId"] = nct
    record["protocolSection"]["eligibilityModule"].update(eligibility)
    return dict(record)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("graphs") / "my.kg"
    kg.build(TRIALS, place)
    return place


def test_a_built_graph_answers_as_the_bundled_one(built: Path) -> None:
    patient = kg.Patient(as_of="2026-11-21", prior=[kg.Exposure("trametinib", last_dose="2024-11-20")], taking=["itraconazole"])
    question = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    with kg.open(built) as graph, kg.open() as bundled:
        assert graph.records.ncts() == bundled.records.ncts() == ["NCT01206140", "NCT01281865"]
        assert graph.eligibility("NCT01206140") == bundled.eligibility("NCT01206140")
        assert graph.check(patient).to_dict() == bundled.check(patient).to_dict()
        assert graph.query("trials_excluding_prior_class", drug_class="MEK inhibitor") == bundled.query(
            "trials_excluding_prior_class", drug_class="MEK inhibitor"
        )
        # where a record was read from differs; what it says does not
        assert abs(graph.query(question)[0][0] - bundled.query(question)[0][0]) < 50  # type: ignore[operator]
        assert repr(graph).startswith(f"<kg.Graph '{built}': 2 trials")


def test_the_report_counts_every_clause(built: Path, tmp_path: Path) -> None:
    report = kg.build([TRIALS[0]], tmp_path / "one.kg")
    with kg.open(tmp_path / "one.kg") as graph:
        read = graph.eligibility(graph.records.ncts()[0])
    assert (report.read, report.kept, report.rejected, report.rejects_file) == (1, 1, 0, None)
    assert report.criteria == len(read.criteria)
    assert report.rules == len(read.rules) > 0
    assert sum(report.clauses.values()) == len(read.clauses)
    assert report.triples > 1000


def test_bad_records_are_counted_named_and_kept_apart(tmp_path: Path) -> None:
    lines = [
        json.dumps(study("NCT00000001")),
        '{"protocolSection": ',
        json.dumps({"protocolSection": {"identificationModule": {"briefTitle": "nameless"}}}),
        json.dumps(study("NCT00000001")),
        json.dumps(study("NCT00000002")),
    ]
    source = tmp_path / "studies.jsonl.gz"
    source.write_bytes(gzip.compress("\n".join(lines).encode()))
    report = kg.build(source, tmp_path / "my.kg")
    assert (report.read, report.kept, report.rejected) == (5, 2, 3)
    assert len(report.rejects) == 3
    assert all("studies.jsonl.gz" in str(reject) for reject in report.rejects)
    assert "duplicate of NCT00000001" in " ".join(reject.reason for reject in report.rejects)
    assert report.rejects_file is not None
    written = [json.loads(line) for line in report.rejects_file.read_text().splitlines()]
    assert [item["reason"] for item in written] == [reject.reason for reject in report.rejects]
    assert written[0]["raw"].startswith('{"protocolSection"')


def test_a_truncated_gz_is_said_and_leaves_the_old_graph(tmp_path: Path) -> None:
    place = tmp_path / "my.kg"
    kg.build(TRIALS[0], place)
    text = "".join(json.dumps(study(f"NCT{number:08d}")) + "\n" for number in range(1, 40))
    source = tmp_path / "cut.jsonl.gz"
    source.write_bytes(gzip.compress(text.encode())[:-2000])
    with pytest.raises(kg.BadInput, match=r"cut\.jsonl\.gz: the gzip file is cut short, after \d+ whole records"):
        kg.build(source, place)
    with kg.open(place) as graph:
        assert graph.records.ncts() == ["NCT01206140"]
    assert len(list(place.glob("gen-*"))) == 1


def test_a_defect_in_one_record_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg import criteria

    honest = criteria.read

    def faulty(trial: kg.Trial, names: Any) -> kg.Eligibility:
        if trial.nct == "NCT01206140":
            raise ZeroDivisionError("on purpose")
        return honest(trial, names)

    monkeypatch.setattr("kg.criteria.read", faulty)
    report = kg.build(TRIALS, tmp_path / "my.kg")
    assert (report.kept, report.rejected) == (1, 1)
    assert "ZeroDivisionError" in report.rejects[0].reason and "defect of trialkg" in report.rejects[0].reason


def test_no_usable_record_leaves_the_old_graph(built: Path, tmp_path: Path) -> None:
    place = tmp_path / "my.kg"
    kg.build(TRIALS[0], place)
    (tmp_path / "empty.json").write_text("[]")
    (tmp_path / "bad.json").write_text("hello")
    for source in ("empty.json", "bad.json"):
        with pytest.raises(kg.BadInput, match=source):
            kg.build(tmp_path / source, place)
    with kg.open(place) as graph:
        assert len(graph.records) == 1


def test_a_source_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(kg.BadInput, match=r"nowhere\.json"):
        kg.build(tmp_path / "nowhere.json", tmp_path / "my.kg")
    with pytest.raises(kg.BadInput, match="no source"):
        kg.build([], tmp_path / "my.kg")
    with pytest.raises(kg.GraphNotFound):
        kg.open(tmp_path / "my.kg")


KILLED = """
import importlib, sys, time
from pathlib import Path
import kg

module = importlib.import_module("kg.building")
honest = module.read_trials

def endless(sources):
    yield from honest(sources)
    print("half way", flush=True)
    time.sleep(600)

module.read_trials = endless
kg.build([sys.argv[1]], sys.argv[2])
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL on Windows")
def test_a_killed_build_leaves_the_old_graph(tmp_path: Path) -> None:
    place = tmp_path / "my.kg"
    kg.build(TRIALS[0], place)
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(TRIALS[1]), str(place)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process, process.stdout:
        assert process.stdout.readline() == "half way\n"
        with pytest.raises(kg.GraphBusy, match="another build"):
            kg.build(TRIALS[1], place)
        with kg.open(place) as graph:
            assert graph.records.ncts() == ["NCT01206140"]
        process.send_signal(signal.SIGKILL)
    with kg.open(place) as graph:
        assert graph.records.ncts() == ["NCT01206140"]
        assert len(graph.query("SELECT ?t WHERE { ?t a kgo:ClinicalTrial }")) == 1
    kg.build(TRIALS[1], place)
    with kg.open(place) as graph:
        assert graph.records.ncts() == ["NCT01281865"]
    assert len(list(place.glob("gen-*"))) == 1


def test_a_closed_graph_says_so(built: Path) -> None:
    with kg.open(built) as graph:
        assert graph.trial("NCT01206140")
    with pytest.raises(kg.KgError, match="closed"):
        graph.trial("NCT01206140")
    with kg.open() as bundled:
        pass
    with pytest.raises(kg.KgError, match="closed"):
        bundled.query("SELECT * WHERE { ?s ?p ?o }")
    assert kg.open().trial("NCT01206140"), "closing one bundled graph leaves the others"


def test_a_graph_of_another_format_is_refused(built: Path, tmp_path: Path) -> None:
    place = tmp_path / "my.kg"
    kg.build(TRIALS[0], place)
    (manifest,) = place.glob("gen-*/manifest.json")
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 99'))
    with pytest.raises(kg.KgError, match="build the graph again"):
        kg.open(place)
