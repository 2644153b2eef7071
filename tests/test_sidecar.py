"""The records beside the store: what is written reads back, once, and is found by its words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kg.errors import BadRecord, GraphNotFound, UnknownTrial
from kg.records import Arm, Criterion, Eligibility, RecordSource, Section, Trial
from kg.sidecar import Hit, Sidecar, Stored, Writer


def stored(nct: str, *criteria: str) -> Stored:
    source = RecordSource("a.json", "v2-json", "00")
    trial = Trial(nct, f"Trial {nct}", source, arms=(Arm("A", interventions=("x",)),), eligibility_text="\n".join(criteria))
    read = tuple(Criterion(number, 0, len(text), text, Section.EXCLUSION) for number, text in enumerate(criteria))
    return Stored(trial, Eligibility(read))


ONE = stored("NCT00000001", 'No prior "MEK" inhibitor', "No ketoconazole")
TWO = stored("NCT00000002", "Prior ketoconazole is allowed")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "records.sqlite"
    with Writer(path) as writer:
        writer.add(*TWO)
        writer.add(*ONE)
        with pytest.raises(BadRecord, match="NCT00000001 was read before"):
            writer.add(*stored("NCT00000001", "another text"))
    return path


@pytest.mark.parametrize("memory", [False, True])
def test_reads_back_what_was_written(file: Path, memory: bool) -> None:
    records = Sidecar.in_memory([TWO, ONE]) if memory else Sidecar(file)
    assert len(records) == 2
    assert records.ncts() == ["NCT00000001", "NCT00000002"]
    assert list(records.each()) == [ONE, TWO]
    assert records.get(" nct00000002 ") == TWO
    assert "NCT00000001" in records and "NCT00000003" not in records
    assert records.search("ketoconazole no") == [Hit("NCT00000001", 1, "No ketoconazole")]
    assert records.search('"MEK"') == [Hit("NCT00000001", 0, 'No prior "MEK" inhibitor')]
    assert records.search("  ") == []


def test_unknown_trial_names_what_there_is(file: Path) -> None:
    with pytest.raises(UnknownTrial, match="no trial NCT99999999; it holds 2") as caught:
        Sidecar(file).get("NCT99999999")
    assert "NCT00000001" in caught.value.suggestions


def test_no_file_and_a_foreign_file_are_said(tmp_path: Path) -> None:
    with pytest.raises(GraphNotFound, match="kg build"):
        Sidecar(tmp_path / "records.sqlite")
    (tmp_path / "records.sqlite").write_text("hello, this is no database at all, only text" * 50)
    with pytest.raises(GraphNotFound, match="kg build"):
        Sidecar(tmp_path / "records.sqlite")


def test_an_open_reader_can_be_noticed(file: Path) -> None:
    reader = Sidecar(file)
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN EXCLUSIVE")
    reader.close()
    other.execute("BEGIN EXCLUSIVE")
