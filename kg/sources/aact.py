"""AACT, the registry as tables: pipe-delimited files, one a table, of which the rows of a trial become a study in the shape of the API v2.

Each table is read once, a row at a time, into a database in a temporary folder, which sorts the rows by trial; then one trial at a time is
in memory. Which column goes where stands in `data/registry/aact.csv`. The rows of results, and of tables that are not known, are counted.

Sources, read in the repository ctti-clinicaltrials/aact: lib/aact/mapping.json (columns and what of a study is in them), db/ctgov_v2.sql
(older columns), app/models/util/table_exporter.rb (how the files are written).
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import orjson

from kg.errors import BadInput, BadRecord
from kg.records import RecordSource, Trial
from kg.sources.placing import Node, fields, place
from kg.sources.v2_json import NCT, checksum, read_study

__all__ = ["FIRST", "Fault", "Rows", "each_trial", "read_rows"]

FIRST = "studies"
"""The table that has a row for every trial; where it is, the others are."""
_NEEDED = (FIRST, "eligibilities", "conditions", "interventions", "design_groups", "design_group_interventions", "sponsors")
"""Without these a trial would be read that says less than the registry does."""
_TABLE = "aact"
_LONGEST_ROW = 1 << 20
_MOST_COUNTS = 100_000
_LINE_OF = re.compile(r"(?:\d+\|)?\"?(NCT\d{8})\b")
_KEYS = {"id", "facility_id", "design_group_id", "intervention_id", "downcase_name", "downcase_mesh_term"}
"""Columns that say nothing of the trial: the database's own keys, and its copies for searching."""
_KINDS = {
    "id_information": ("id_source", {"org_study_id": "org_study_id", "nct_alias": "nct_alias", "secondary_id": ""}),
    "sponsors": ("lead_or_collaborator", {"lead": "lead", "collaborator": ""}),
    "design_outcomes": ("outcome_type", {"primary": "primary", "secondary": "secondary", "other": ""}),
    "browse_conditions": ("mesh_type", {"mesh-ancestor": "condition_ancestors", "mesh-list": ""}),
    "browse_interventions": ("mesh_type", {"mesh-ancestor": "intervention_ancestors", "mesh-list": ""}),
    "countries": ("removed", {"t": "removed", "true": "removed", "f": "", "false": ""}),
}
"""Tables whose rows are of several kinds: the column that says which, and where rows of each value belong ('': where the table's do)."""
_BELOW = {
    "design_group_interventions": ("interventions", "intervention_id"),
    "intervention_other_names": ("interventions", "intervention_id"),
    "facility_contacts": ("facilities", "facility_id"),
    "facility_investigators": ("facilities", "facility_id"),
}
"""Tables whose rows are parts of another's: of which, and the column that names its row."""

_Row = dict[str, str]


@dataclass(slots=True)
class Rows:
    """What the tables say of a trial."""

    nct: str
    tables: dict[str, list[_Row]] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """Rows of it that cannot be read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be read, and does not tell of which trial it is."""

    table: str
    line: int
    reason: str
    raw: str


def each_trial(tables: Mapping[str, Callable[[], BinaryIO]]) -> Iterator[Rows | Fault]:
    """What the tables say, trial by trial in the order of their numbers.

    Arguments:
        tables: by name, each a function that opens it.
    Raises:
        BadInput: a table that is needed is not there or has another header, or there is no room for the sorting.
    """
    if missing := [f"{name}.txt" for name in _NEEDED if name not in tables]:
        raise BadInput(
            f"of the tables of AACT {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not there; give the whole export"
        )
    with TemporaryDirectory(prefix="kg-aact-") as folder, closing(sqlite3.connect(Path(folder) / "rows.sqlite")) as database:
        try:
            database.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = FILE;"
                "CREATE TABLE part (nct TEXT, name TEXT, content BLOB)"
            )
            for name in sorted(tables):
                with tables[name]() as stream:
                    reader = _Table(name, stream)
                    database.executemany("INSERT INTO part VALUES (?, ?, ?)", reader.parts())
                    yield from reader.faults
            sorted_parts = database.execute("SELECT nct, name, content FROM part ORDER BY nct, name, rowid")
            for nct, parts in groupby(sorted_parts, key=lambda part: str(part[0])):
                yield _gathered(nct, parts)
        except sqlite3.OperationalError as error:
            told = f"the tables could not be sorted in {folder}: {error}"
            raise BadInput(f"{told}; let TMPDIR name a folder with about twice as much room as they take") from None


def read_rows(rows: Rows, source: RecordSource) -> Trial:
    """The trial that the tables tell of.

    Raises:
        BadRecord: it has no row in `studies`, or one of its rows cannot be read.
    """
    if rows.faults:
        raise BadRecord("; ".join(rows.faults))
    if FIRST not in rows.tables:
        raise BadRecord(f"other tables name {rows.nct}, and {FIRST}.txt has no row of it; give tables of one export")
    study = place(Node("", "", list(_nodes(rows.tables))), _TABLE, _TABLE)
    if rows.counted:
        study["hasResults"] = any(name.startswith("resultsSection") for name in rows.counted)
    where = RecordSource(source.name, source.format, checksum(study), source.version, source.retrieved, source.url, source.position)
    return read_study(study, where, tuple(sorted(rows.counted.items())))


# --- a trial's rows as parts of a record ------------------------------------------------------------------------------------------------


def _gathered(nct: str, parts: Iterable[tuple[str, str, bytes]]) -> Rows:
    rows = Rows(nct)
    for _, name, content in parts:
        value = orjson.loads(content)
        if name == "":
            rows.faults.append(value)
        elif isinstance(value, int):
            rows.counted[name] += value
        else:
            rows.tables.setdefault(name, []).append(value)
    for table in rows.tables.values():  # the database gives its keys in the order of the record
        table.sort(key=lambda row: int(row["id"]) if row.get("id", "").isascii() and row.get("id", "").isdigit() else 0)
    return rows


def _nodes(tables: dict[str, list[_Row]]) -> Iterator[Node]:
    titles = {row["id"]: row.get("title", "") for row in tables.get("design_groups", ()) if "id" in row}
    owned: dict[tuple[str, str], list[Node]] = {}
    for name, (owner, column) in _BELOW.items():
        for row in tables.get(name, ()):
            if titles.get(row.get("design_group_id", "")):
                row["title"] = titles[row["design_group_id"]]
            owned.setdefault((owner, row.get(column, "")), []).append(_node(name, row))
    for name, rows in tables.items():
        column, kinds = _KINDS.get(name, ("", {}))
        for row in rows if name not in _BELOW else ():
            if name == "id_information" and "id_source" not in row:  # as it was before 2022
                row["id_source"] = row.pop("id_type", "")
            kind = row.get(column, "").lower()
            if kind in kinds:
                del row[column]
            node = _node(kinds.get(kind) or name, row)
            node.children += owned.pop((name, row.get("id", "")), ())
            yield node
    for parts in owned.values():  # of a row that is not there
        yield from parts


def _node(name: str, row: _Row) -> Node:
    return Node(name, "", [Node(column, cell) for column, cell in row.items() if column not in _KEYS])


# --- a table ------------------------------------------------------------------------------------------------------------------------------


class _Table:
    """A table while it is read: its rows as (number of the trial, name of the table, content), and what cannot be read."""

    def __init__(self, name: str, stream: BinaryIO) -> None:
        self.faults: list[Fault] = []
        self._name = name
        self._stream = stream
        form = fields(_TABLE).get(name)
        known = any(element.partition("/")[0] == name for element in fields(_TABLE)) or name in _BELOW
        self._counted_as = form.path if form is not None and form.kind == "count" else "" if known else f"{_TABLE}.{name}"
        self._bad: list[tuple[str, str]] = []

    def parts(self) -> Iterator[tuple[str, str, bytes]]:
        """All of them.

        Raises:
            BadInput: the header names no trials.
        """
        lines = self._rows()
        _, header = next(lines, (0, []))
        columns = [column.strip().lower() for column in header]
        if "nct_id" not in columns:
            if self._name in _NEEDED:
                raise BadInput(f"{self._name}.txt: line 1: its columns are {'|'.join(columns)[:80]!r}, without nct_id; give tables of AACT")
            return
        at = columns.index("nct_id")
        kept = [column for column in columns if column != "nct_id" or self._name == FIRST]
        counts: Counter[str] = Counter()
        for number, cells in lines:
            if len(cells) != len(columns):
                self._fault(number, f"it has {len(cells)} cells, and the header {len(columns)}", "|".join(cells))
            elif not NCT.fullmatch(cells[at]):
                self._fault(number, f"its NCT number is {cells[at]!r}; one is NCT and eight digits", "|".join(cells))
            elif self._counted_as:
                counts[cells[at]] += sum(map(bool, cells)) - 1
                if len(counts) > _MOST_COUNTS:
                    yield from self._counts(counts)
            else:
                row = {column: cell for column, cell in zip(columns, cells, strict=True) if cell and column in kept}
                yield cells[at], self._name, orjson.dumps(row)
        yield from self._counts(counts)
        yield from ((nct, "", orjson.dumps(reason)) for nct, reason in self._bad)

    def _counts(self, counts: Counter[str]) -> Iterator[tuple[str, str, bytes]]:
        yield from ((nct, self._counted_as, orjson.dumps(number)) for nct, number in counts.items())
        counts.clear()

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows, each with the number of its first line. A cell in quotation marks may hold line ends."""
        begun, row = 0, b""
        for number, line in enumerate(self._stream, 1):
            begun, row = (begun, row + line) if row else (number, line)
            if row.count(b'"') % 2:
                if len(row) > _LONGEST_ROW:
                    self._unread(begun, row, "a quotation mark of it is not closed")
                    row = b""
                continue
            try:
                text = row.decode("utf-8-sig" if begun == 1 else "utf-8").rstrip("\r\n")
                if text:
                    yield begun, next(csv.reader([text], delimiter="|")) if '"' in text else text.split("|")
            except UnicodeDecodeError as error:
                self._unread(begun, row, f"byte {error.start} of it is not UTF-8")
            except csv.Error as error:
                self._unread(begun, row, str(error))
            row = b""
        if row:
            self._unread(begun, row, "a quotation mark of it is not closed")

    def _unread(self, begun: int, row: bytes, reason: str) -> None:
        """A row that cannot be read takes with it every line that it ran into."""
        for number, line in enumerate(row.decode("utf-8", "replace").splitlines(), begun):
            if number == begun or _LINE_OF.match(line):
                self._fault(number, reason, line)

    def _fault(self, number: int, reason: str, line: str) -> None:
        found = _LINE_OF.match(line)
        if found and not self._counted_as:
            self._bad.append((found[1], f"its row in {self._name}.txt, line {number}, cannot be read: {reason}"))
        elif not self._counted_as:
            self.faults.append(Fault(self._name, number, reason, line))
