"""Cohorts: verdicts out to files, streamed: what is held does not grow with the number of patients."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import orjson

from kg.checks.index import CODES
from kg.checks.screen import Screened
from kg.errors import BadInput, MissingTool
from kg.files import replacing
from kg.records import Verdict

if TYPE_CHECKING:
    import polars

__all__ = ["COLUMNS", "count", "write"]

COLUMNS = ("patient", "nct", "verdict", "criteria_verdict", "unrecognised")
_AT_ONCE = 50
"""So many patients' rows are handed to the writer of a Parquet file at a time."""


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
    """Writes one row a patient and trial, in the columns `COLUMNS`. The file stands there when it is whole.

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
    with replacing(out) as file:
        return writers[out.suffix](cohort, file, only or tuple(Verdict))


def _csv(cohort: Iterable[Screened], out: BinaryIO, only: tuple[Verdict, ...]) -> int:
    rows = 0
    file = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in cohort:
        for row in one.rows(*only):
            writer.writerow(row)
            rows += 1
    file.detach()
    return rows


def _jsonl(cohort: Iterable[Screened], out: BinaryIO, only: tuple[Verdict, ...]) -> int:
    rows = 0
    for one in cohort:
        for row in one.rows(*only):
            out.write(orjson.dumps(row) + b"\n")
            rows += 1
    return rows


def _parquet(cohort: Iterable[Screened], out: BinaryIO, only: tuple[Verdict, ...]) -> int:
    try:
        import polars as pl
        from polars.io.plugins import register_io_source
    except ImportError as error:
        raise MissingTool("Parquet needs Polars; install trialkg[polars], or write .csv") from error
    rows, stream = 0, iter(cohort)

    def frames(*_: object) -> Iterator[polars.DataFrame]:
        nonlocal rows
        while some := list(islice(stream, _AT_ONCE)):
            frame = _frame(some, only)
            rows += len(frame)
            yield frame

    # Polars asks for the next frame when it has written those before: a list of all would take a gigabyte for 10,000 patients
    register_io_source(frames, schema=dict.fromkeys(COLUMNS, pl.String)).sink_parquet(out)
    return rows


def _frame(some: Sequence[Screened], only: tuple[Verdict, ...]) -> polars.DataFrame:
    import polars as pl

    words = [verdict.value for verdict in CODES]
    wanted = [CODES.index(verdict) for verdict in only]
    frames = [pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))]
    for one in some:
        if one.verdicts is None:
            continue
        kept = np.flatnonzero(np.isin(one.verdicts.codes, wanted))
        columns = {
            "patient": pl.repeat(one.patient, len(kept), eager=True),
            "nct": pl.Series(one.verdicts.ncts).gather(kept),
            "verdict": pl.Series(words).gather(one.verdicts.codes[kept]),
            "criteria_verdict": pl.Series(words).gather(one.verdicts.criteria[kept]),
            "unrecognised": pl.repeat(one.in_doubt, len(kept), eager=True),
        }
        frames.append(pl.DataFrame(columns))
    return pl.concat(frames)
