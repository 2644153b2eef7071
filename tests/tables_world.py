"""A small world of tables: each interesting case once. Tables that it does not need are empty; the grammar's words are the bundled ones."""

from __future__ import annotations

import shutil
from pathlib import Path

from kg import tables
from kg.knowledge import Knowledge
from kg.names import Names

HERE = Path(__file__).parent / "data" / "tables"
BUNDLED = ("actions", "eligibility/composition")


def write_world(directory: Path) -> Path:
    """Write the world's tables into a folder, for tests that change one."""
    for name in tables.SCHEMA:
        file = directory / f"{name}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        own = HERE / f"{name}.csv"
        if name in BUNDLED:
            shutil.copy(tables.data_dir() / f"{name}.csv", file)
        elif own.exists():
            shutil.copy(own, file)
        else:
            tables.write(name, [], directory)
    return directory


def add_row(directory: Path, table: str, **cells: str) -> None:
    """Add a row, recalled unless said otherwise, and write the table in canonical form."""
    header = tables.SCHEMA[table].header
    blank = {"source": "recalled", "to_check": "a label"} if "source" in header and table != "sources" else {}
    rows = [*tables.read(table, directory), {**dict.fromkeys(header, ""), **blank, **cells}]
    tables.write(table, rows, directory)


def load(directory: Path) -> tuple[Knowledge, Names]:
    """The knowledge of a folder and its names."""
    knowledge = Knowledge.load(directory)
    return knowledge, Names(knowledge, directory)
