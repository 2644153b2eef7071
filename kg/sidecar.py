"""Trials and what was read from their eligibility text, as records beside the RDF store: one SQLite file, with full-text search.

A check reads records from here and needs no RDF store. The file is written once, by a build, and only read afterwards; an open reader holds
a shared lock on it, by which a later build sees that the generation is still in use.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from kg.codec import dumps, loads
from kg.errors import BadRecord, GraphNotFound, UnknownTrial
from kg.records import Eligibility, Trial

_SCHEMA = """
CREATE TABLE trials (
    nct TEXT PRIMARY KEY, title TEXT, status TEXT, phases TEXT, conditions TEXT, drugs TEXT, trial BLOB NOT NULL, eligibility BLOB NOT NULL
) WITHOUT ROWID;
CREATE VIRTUAL TABLE criteria USING fts5 (text, nct UNINDEXED, number UNINDEXED);
"""


class Stored(NamedTuple):
    """A trial and its eligibility as read."""

    trial: Trial
    eligibility: Eligibility


class Hit(NamedTuple):
    """A criterion found by its words."""

    nct: str
    number: int
    text: str


class Writer:
    """Writes the file, one trial at a time; a context manager. A file whose writer did not close in peace is to be thrown away.

    Raises:
        FileExistsError: the file is there already; a generation is written once.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None and path.exists():
            raise FileExistsError(path)
        self.connection = sqlite3.connect(":memory:" if path is None else path, isolation_level=None, check_same_thread=False)
        # A crash discards the whole generation, so no journal is needed until the last page is written.
        self.connection.execute("PRAGMA journal_mode = OFF")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.executescript(_SCHEMA)
        self.connection.execute("BEGIN")

    def add(self, trial: Trial, eligibility: Eligibility) -> None:
        """Stores one trial.

        Raises:
            BadRecord: its number is there already; the first record stays.
        """
        row = (
            trial.nct,
            trial.brief_title,
            trial.status,
            "|".join(trial.phases),
            "|".join(trial.conditions),
            "|".join(item.name for item in trial.interventions),
            dumps(trial),
            dumps(eligibility),
        )
        if not self.connection.execute("INSERT OR IGNORE INTO trials VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row).rowcount:
            raise BadRecord(f"{trial.nct} was read before; the first record is kept")
        rows = [(criterion.text, trial.nct, criterion.order) for criterion in eligibility.criteria]
        self.connection.executemany("INSERT INTO criteria VALUES (?, ?, ?)", rows)

    def finish(self) -> None:
        """Makes all that was added durable."""
        self.connection.execute("INSERT INTO criteria (criteria) VALUES ('optimize')")
        self.connection.execute("COMMIT")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("PRAGMA journal_mode = DELETE")

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.finish()
        self.connection.close()


class Sidecar:
    """The stored records, for reading.

    Raises:
        GraphNotFound: there is no such file, or it is not one that a build wrote.
    """

    def __init__(self, path: Path) -> None:
        try:
            connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM trials")  # takes the shared lock, held until close()
        except sqlite3.Error as error:
            raise GraphNotFound(f"{path}: no readable records here ({error}); build the graph again with `kg build`") from error
        self._connection = connection

    @classmethod
    def in_memory(cls, stored: Iterable[Stored]) -> Sidecar:
        """The same, of records that are at hand."""
        writer = Writer(None)
        for item in stored:
            writer.add(*item)
        writer.finish()
        self = cls.__new__(cls)
        self._connection = writer.connection
        return self

    def close(self) -> None:
        """Gives up the file; using the records afterwards is an error."""
        self._connection.close()

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM trials").fetchone()[0])

    def __contains__(self, nct: object) -> bool:
        return self._connection.execute("SELECT 1 FROM trials WHERE nct = ?", (nct,)).fetchone() is not None

    def ncts(self) -> list[str]:
        """Every trial's number, sorted."""
        return [row[0] for row in self._connection.execute("SELECT nct FROM trials ORDER BY nct")]

    def titles(self) -> Iterator[tuple[str, str, str]]:
        """Number, brief title and status of every trial, sorted by number."""
        yield from self._connection.execute("SELECT nct, title, status FROM trials ORDER BY nct")

    def get(self, nct: str) -> Stored:
        """One trial, by its number in either case.

        Raises:
            UnknownTrial: the graph does not hold it.
        """
        row = self._connection.execute("SELECT trial, eligibility FROM trials WHERE nct = ?", (nct.strip().upper(),)).fetchone()
        if row is None:
            held = self.ncts()
            some = ", ".join(held[:5]) + (", …" if len(held) > 5 else "")
            raise UnknownTrial(f"this graph holds no trial {nct}; it holds {len(held)} ({some})", held[:5])
        return Stored(loads(Trial, row[0]), loads(Eligibility, row[1]))

    def each(self, ncts: Iterable[str] | None = None) -> Iterator[Stored]:
        """The trials named, in that order; all, by number, when none are named."""
        for nct in self.ncts() if ncts is None else ncts:
            yield self.get(nct)

    def search(self, text: str, limit: int = 20) -> list[Hit]:
        """Criteria that hold all these words, best first."""
        words = " ".join('"' + word.replace('"', '""') + '"' for word in text.split())
        if not words:
            return []
        query = "SELECT nct, number, text FROM criteria WHERE criteria MATCH ? ORDER BY rank LIMIT ?"
        return [Hit(nct, int(number), body) for nct, number, body in self._connection.execute(query, (words, limit))]
