"""A built graph on disk: a folder of generations, of which the file CURRENT names the live one.

    my.kg/
      CURRENT           the live generation's name, replaced in one step
      .trialkg          marks the folder as a graph; locked while a build runs
      gen-000001/
        manifest.json   what it was built from, counts, versions
        knowledge/      the curated tables that it was built with
        records.sqlite  trials and their eligibility (kg.sidecar)
        index/          their rules, compiled for checks against all trials (kg.checks.stored)
        store/          the RDF store (kg.store)
        rejects.jsonl   records that could not be used, with the reason

A build writes a new generation beside the live one and swaps CURRENT at the end, so that readers always see a whole graph, and a build that
is killed changes nothing.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import BadInput, GraphBusy, GraphNotFound

__all__ = ["FORMAT", "INDEX", "live", "new_generation"]

FORMAT = 1
"""The version of a generation's contents, written into its manifest; a reader refuses what it does not know."""

INDEX = "index"
"""The folder of a generation that holds the compiled rules."""

_MARK = ".trialkg"
_CURRENT = "CURRENT"


def live(path: Path) -> Path:
    """The folder of the live generation of the graph at `path`.

    Raises:
        GraphNotFound: no graph there.
    """
    try:
        name = (path / _CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        what = "there is nothing" if not path.exists() else "this is no built graph"
        raise GraphNotFound(f"{path}: {what}; build one with `kg build SOURCE… -o {path}`") from None
    except OSError as error:
        raise GraphNotFound(f"{path}: cannot be read: {error.strerror}") from error
    generation = path / name
    if not name.startswith("gen-") or not generation.is_dir():
        raise GraphNotFound(f"{path}: {_CURRENT} names {name!r}, which is not there; build the graph again")
    return generation


@contextmanager
def new_generation(path: Path) -> Iterator[Path]:
    """An empty folder for a new generation, which becomes the live one when the block ends without an error, and is removed otherwise.

    Raises:
        BadInput: `path` exists and is not a graph; it is left as it is.
        GraphBusy: another build is at work there.
    """
    _claim(path)
    with _locked(path):
        generation = path / f"gen-{_last_number(path) + 1:06d}"
        _remove_stale(path)
        generation.mkdir()
        try:
            yield generation
        except BaseException:
            shutil.rmtree(generation, ignore_errors=True)
            raise
        _make_live(path, generation)
        _remove_stale(path)


def _claim(path: Path) -> None:
    """Makes `path` a graph folder, if it is one, is empty, or is not there."""
    if path.exists() and not path.is_dir():
        raise BadInput(f"{path}: a file stands here; give the name of a folder to build into")
    if path.is_dir() and not (path / _MARK).exists() and any(path.iterdir()):
        raise BadInput(f"{path}: this folder holds other things and is no graph, so nothing was written; give a new or empty folder")
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / _MARK).touch()
    except OSError as error:
        raise BadInput(f"{path}: cannot be written: {error.strerror}") from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """SQLite's file lock: works on every system, and the operating system gives it up when the process dies."""
    connection = sqlite3.connect(path / _MARK, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise GraphBusy(f"{path}: another build is writing here; wait for it, or build into another folder") from error
    try:
        yield
    finally:
        connection.close()


def _generations(path: Path) -> list[Path]:
    return sorted(item for item in path.glob("gen-*") if item.is_dir())


def _last_number(path: Path) -> int:
    return max((int(item.name[4:]) for item in _generations(path) if item.name[4:].isdigit()), default=0)


def _make_live(path: Path, generation: Path) -> None:
    temporary = path / (_CURRENT + ".new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(generation.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path / _CURRENT)


def _remove_stale(path: Path) -> None:
    """Removes what killed builds left, and generations that nobody reads any more; those in use wait for the next build."""
    try:
        keep = live(path)
    except GraphNotFound:
        keep = None
    for generation in _generations(path):
        if generation != keep and not _in_use(generation):
            shutil.rmtree(generation, ignore_errors=True)


def _in_use(generation: Path) -> bool:
    """Whether a reader holds the shared lock of the records (see kg.sidecar)."""
    records = generation / "records.sqlite"
    if not records.exists():
        return False
    connection = sqlite3.connect(records, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError:  # half written by a killed build
        return False
    finally:
        connection.close()
    return False
