"""Registry records in, a graph folder out, in one streamed pass: sources → criteria → graph → store and records."""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from kg import criteria, folder, graph, tables
from kg.checks import stored as compiled_files
from kg.checks.compiled import Compiler
from kg.enrich import Enrichment, enrich
from kg.errors import BadInput, KgError
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import ClauseStatus, Eligibility
from kg.sidecar import Stored, Writer
from kg.sources import Rejected, read_trials
from kg.sources.vocabularies import read_vocabulary
from kg.version import __version__

__all__ = ["BuildReport", "Reject", "build", "quads"]

_REJECTS_SHOWN = 100
_NOT_KEPT = ("path", "rejects", "rejects_file", "refusals", "refusals_file")
"""What of a report the manifest leaves out: it stands in files of its own."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that could not be used: where it stands and why."""

    source: str
    position: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}{f', {self.position}' if self.position else ''}: {self.reason}"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `clauses` counts the clauses of all eligibility texts by what became of them."""

    path: Path
    read: int
    kept: int
    rejected: int
    criteria: int
    clauses: Mapping[str, int]
    rules: int
    triples: int
    seconds: float
    rejects: tuple[Reject, ...] = ()
    """The first hundred; all are in `rejects_file`."""
    rejects_file: Path | None = None
    vocabulary: Mapping[str, int] = field(default_factory=dict)
    """Rows that vocabulary releases added, by table."""
    refused: int = 0
    """What they say and the tables did not take, for it would contradict a curated row or point at two things."""
    refusals: tuple[str, ...] = ()
    """The first hundred; all are in `refusals_file`."""
    refusals_file: Path | None = None

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        files = {name: str(file) if file else None for name, file in self._files().items()}
        return {**asdict(self), "path": str(self.path), "vocabulary": dict(self.vocabulary), **files}

    def _files(self) -> dict[str, Path | None]:
        return {"rejects_file": self.rejects_file, "refusals_file": self.refusals_file}


def build(
    sources: Iterable[str | Path] | str | Path,
    out: str | Path,
    progress: bool = False,
    vocabularies: Iterable[str | Path] | str | Path = (),
) -> BuildReport:
    """Builds a graph from registry records into the folder `out`, replacing in one step the graph that is there.

    A record that cannot be used never stops the build: it is counted, named with the reason, and written to `rejects.jsonl`. Of two records
    with the same number the first is kept. A build that is killed leaves the graph that was there.

    Arguments:
        sources: files and folders: v2 JSON (a study, a list, a page), JSON lines, the older XML, page texts; gzipped and zipped too;
            the tables of AACT.
        out: the graph's folder; new, empty, or a graph.
        progress: show a counter on stderr, if that is a terminal.
        vocabularies: releases of RxNorm, ChEMBL, the NCI Thesaurus, or SSSOM tables, whose identifiers, names and classes of known drugs
            the graph takes too; curated rows stay as they are.
    Raises:
        BadInput: no source, a source that is not there, no usable record in any, a vocabulary that is none, or `out` holds something else.
        GraphBusy: another build is writing to `out`.

    Example:
        >>> import tempfile
        >>> from kg import bundle
        >>> with tempfile.TemporaryDirectory() as place:
        ...     report = build(bundle.path("data/trials"), f"{place}/my.kg")
        >>> report.kept, report.rejected
        (2, 0)
    """
    started = time.monotonic()
    given = _paths(sources)
    if not given:
        raise BadInput("no source was given; name a file or folder of registry records")
    further = _paths(vocabularies)
    path = Path(out)
    with folder.new_generation(path) as generation:
        run = _Run(generation)
        added = run.tables(further)
        with _counter(progress) as count:
            triples = run.through(given, count)
        report = BuildReport(
            path=path,
            read=run.read,
            kept=run.kept,
            rejected=run.rejected,
            criteria=run.criteria,
            clauses={status.value: run.clauses[status] for status in ClauseStatus},
            rules=run.rules,
            triples=triples,
            seconds=round(time.monotonic() - started, 3),
            rejects=tuple(run.rejects),
            rejects_file=generation / "rejects.jsonl" if run.rejected else None,
            vocabulary=dict(added.added),
            refused=len(added.refused),
            refusals=tuple(map(str, added.refused[:_REJECTS_SHOWN])),
            refusals_file=generation / "refusals.jsonl" if added.refused else None,
        )
        manifest = {
            "format": folder.FORMAT,
            "version": __version__,
            "built": datetime.now(UTC).isoformat(timespec="seconds"),
            "sources": [str(item) for item in given],
            "vocabularies": [str(item) for item in further],
            **{key: value for key, value in report.to_dict().items() if key not in _NOT_KEPT},
        }
        (generation / "manifest.json").write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return report


def _paths(given: Iterable[str | Path] | str | Path) -> list[str | Path]:
    return [given] if isinstance(given, str | Path) else list(given)


def quads(stored: Iterable[Stored], knowledge: Knowledge) -> Iterator[str]:
    """Everything that a graph of these trials states, as N-Quads lines: the ontology, the knowledge, the trials."""
    yield from graph.ontology_quads()
    yield from graph.knowledge_quads(knowledge)
    for trial, eligibility in stored:
        yield from graph.trial_quads(trial, eligibility, knowledge)


@dataclass
class _Run:
    """One build: what it writes into its generation, and what it has counted."""

    generation: Path
    knowledge: Knowledge | None = None
    """Of the generation's own tables, where they differ from the bundled ones."""
    read: int = 0
    kept: int = 0
    rejected: int = 0
    criteria: int = 0
    rules: int = 0
    clauses: Counter[ClauseStatus] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)

    def tables(self, vocabularies: Sequence[str | Path]) -> Enrichment:
        """Copies the tables into the generation, and adds to the copy what the releases say."""
        place = self.generation / "knowledge"
        shutil.copytree(tables.data_dir(), place, ignore=shutil.ignore_patterns("trials", "*.md", "*.schema.json"))
        if not vocabularies:
            return Enrichment()
        added = enrich(place, map(read_vocabulary, vocabularies))
        with (self.generation / "refusals.jsonl").open("wb") as file:
            file.writelines(orjson.dumps(asdict(refusal), option=orjson.OPT_APPEND_NEWLINE) for refusal in added.refused)
        self.knowledge = Knowledge.load(place)
        return added

    def through(self, sources: Sequence[str | Path], count: Callable[[int], None]) -> int:
        """The whole pass; gives the number of triples."""
        from kg.store import Store

        knowledge = self.knowledge or Knowledge.load()
        names = Names.of(knowledge)
        compiler = Compiler(knowledge, names)
        store = Store.create(self.generation / "store")
        with Writer(self.generation / "records.sqlite") as writer, (self.generation / "rejects.jsonl").open("wb") as rejects:
            store.load(self._lines(sources, knowledge, compiler, writer, rejects, count))
        if not self.kept:
            why = "; ".join(str(reject) for reject in self.rejects[:3]) or f"{', '.join(map(str, sources))}: no records there"
            raise BadInput(f"no usable record was read, so no graph was written: {why}")
        compiled_files.save(compiler.finish(), self.generation / folder.INDEX)
        store.materialise()
        store.finish()
        return len(store)

    def _lines(
        self,
        sources: Iterable[str | Path],
        knowledge: Knowledge,
        compiler: Compiler,
        writer: Writer,
        rejects: BinaryIO,
        count: Callable[[int], None],
    ) -> Iterator[str]:
        """Every N-Quads line of the graph; on the way each record is stored or rejected, so that one pass over the sources does it all."""
        names = Names.of(knowledge)
        yield from quads((), knowledge)
        for item in read_trials(sources):
            self.read += 1
            count(self.read)
            if isinstance(item, Rejected):
                self._reject(rejects, item.source, item.position, item.reason, item.raw)
                continue
            place = (item.source.name, item.source.position or item.nct)
            try:
                stored = Stored(item, criteria.read(item, names))
                lines = list(graph.trial_quads(*stored, knowledge))
                looked = compiler.look(*stored)
                writer.add(*stored)
            except KgError as error:
                self._reject(rejects, *place, str(error))
                continue
            except Exception as error:  # one record must not stop the others; the reason says whose fault it is
                reason = f"could not be read ({type(error).__name__}: {error}); this is a defect of trialkg: please report it"
                self._reject(rejects, *place, reason)
                continue
            compiler.add(looked)
            self._keep(stored.eligibility)
            yield from lines

    def _keep(self, eligibility: Eligibility) -> None:
        self.kept += 1
        self.criteria += len(eligibility.criteria)
        self.rules += len(eligibility.rules)
        self.clauses.update(clause.status for clause in eligibility.clauses)

    def _reject(self, file: BinaryIO, source: str, position: str, reason: str, raw: str = "") -> None:
        self.rejected += 1
        if len(self.rejects) < _REJECTS_SHOWN:
            self.rejects.append(Reject(source, position, reason))
        file.write(orjson.dumps({"source": source, "position": position, "reason": reason, "raw": raw}, option=orjson.OPT_APPEND_NEWLINE))


@contextmanager
def _counter(wanted: bool) -> Iterator[Callable[[int], None]]:
    """A counter on stderr, where that is a terminal and it is wanted; else one that shows nothing."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda read: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(), TextColumn("{task.completed:,.0f} records"), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as shown:
        task = shown.add_task("records", total=None)
        yield lambda read: shown.update(task, completed=read)
