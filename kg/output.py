"""Rows as text that programs read: JSON, JSON lines, CSV, TSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import orjson

__all__ = ["Format", "render", "to_json"]

_NO_BREAKS = str.maketrans("\t\r\n", "   ")


class Format(StrEnum):
    """How the command line prints its data."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"


def to_json(value: Any, indent: bool = True) -> str:
    """A value (dataclasses, dates and enums welcome) as JSON text."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0, default=_plain).decode()


def render(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], form: Format) -> str:
    r"""Rows in one of the machine-readable forms, ending in a line break.

    Several values in one cell are joined by `|` in CSV and TSV; TSV has no quoting, so tabs and line breaks in a value become blanks.

    >>> print(render(["drug", "trials"], [{"drug": "imatinib", "trials": ["NCT1", "NCT2"]}], Format.CSV), end="")
    drug,trials
    imatinib,NCT1|NCT2
    """
    if form is Format.JSON:
        return to_json([{column: row.get(column) for column in columns} for row in rows]) + "\n"
    if form is Format.JSONL:
        return "".join(to_json({column: row.get(column) for column in columns}, indent=False) + "\n" for row in rows)
    cells = ([_cell(row.get(column)) for column in columns] for row in rows)
    if form is Format.TSV:
        return "".join("\t".join(cell.translate(_NO_BREAKS) for cell in line) + "\n" for line in [list(columns), *cells])
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(cells)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "|".join(_cell(item) for item in value)
    return str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
