"""Cohorts: verdicts out to files, streamed."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson

from kg.checks.index import CODES
from kg.checks.screen import Screened
from kg.errors import BadInput, MissingTool
from kg.records import Verdict

if TYPE_CHECKING:
    import polars

__all__ = ["COLUMNS", "count", "write"]

COLUMNS = ("patient", "nct", "verdict", "criteria_verdict")
_CHUNK = 500
"""So many patients are held at once while a Parquet file is written."""


def count(path: Path) -> int:
    """How many patients a file with one a line holds, for a progress bar; 0 where that cannot be told before it is read."""
    if path.suffix not in (".ndjson", ".jsonl"):
        return 0
    try:
        with path.open("rb") as file:
            return sum(1 for line in file if line.strip())
    except OSError:
        return 0


def write(cohort: Iterable[Screened], out: Path, only: tuple[Verdict, ...] = ()) -> int:
    """Writes one row a patient and trial, in the columns `COLUMNS`.

    Arguments:
        out: a file whose name ends in .csv, .jsonl or .parquet (which needs the extra `polars`).
        only: the verdicts that are wanted; all if none is named.
    Returns:
        The number of rows.
    Raises:
        BadInput: another ending, or the file cannot be written.
        MissingTool: Polars is not installed.
    """
    writers = {".csv": _csv, ".jsonl": _jsonl, ".parquet": _parquet}
    if out.suffix not in writers:
        raise BadInput(f"{out}: rows are written as .csv, .jsonl or .parquet; give the file one of these endings")
    try:
        return writers[out.suffix](cohort, out, only or tuple(Verdict))
    except OSError as error:
        raise BadInput(f"{out}: cannot be written: {error.strerror or error}; name another file") from error


def _csv(cohort: Iterable[Screened], out: Path, only: tuple[Verdict, ...]) -> int:
    rows = 0
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for one in cohort:
            for row in one.rows(*only):
                writer.writerow(row)
                rows += 1
    return rows


def _jsonl(cohort: Iterable[Screened], out: Path, only: tuple[Verdict, ...]) -> int:
    rows = 0
    with out.open("wb") as file:
        for one in cohort:
            for row in one.rows(*only):
                file.write(orjson.dumps(row) + b"\n")
                rows += 1
    return rows


def _parquet(cohort: Iterable[Screened], out: Path, only: tuple[Verdict, ...]) -> int:
    try:
        import polars as pl
    except ImportError as error:
        raise MissingTool("Parquet needs Polars; install trialkg[polars], or write .csv") from error
    rows, stream = 0, iter(cohort)
    # parts stand beside the file that was asked for, and go when it is written
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as parts:
        number = 0
        while chunk := list(islice(stream, _CHUNK)):
            frame = _frame(chunk, only)
            rows += len(frame)
            frame.write_parquet(Path(parts) / f"{number:06}.parquet")
            number += 1
        if number:
            pl.scan_parquet(Path(parts) / "*.parquet").sink_parquet(out)
        else:
            pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String)).write_parquet(out)
    return rows


def _frame(chunk: Iterable[Screened], only: tuple[Verdict, ...]) -> polars.DataFrame:
    import polars as pl

    words = [verdict.value for verdict in CODES]
    wanted = [CODES.index(verdict) for verdict in only]
    frames = [pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))]
    for one in chunk:
        if one.verdicts is None:
            continue
        kept = np.flatnonzero(np.isin(one.verdicts.codes, wanted))
        named = pl.Series(one.verdicts.ncts).gather(kept)
        verdicts, criteria = (pl.Series(words).gather(codes[kept]) for codes in (one.verdicts.codes, one.verdicts.criteria))
        frames.append(
            pl.DataFrame(
                {"patient": pl.repeat(one.patient, len(kept), eager=True), "nct": named, "verdict": verdicts, "criteria_verdict": criteria}
            )
        )
    return pl.concat(frames)
