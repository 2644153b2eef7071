"""Commands on patients: `check`, `screen`, `diff`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.shared import (
    ERROR,
    FormatOption,
    GraphOption,
    app,
    findings_as_text,
    name_and_value,
    open_graph,
    print_item,
    print_rows,
    print_text,
    say,
)
from kg.files import replacing
from kg.output import Format, render, to_json

if TYPE_CHECKING:
    from kg.api import Graph
    from kg.checks.patient import Patient
    from kg.checks.report import Report
    from kg.checks.screen import Screened
    from kg.records import Verdict

__all__ = ["FailOn", "ReportFormat", "check", "diff", "screen"]

_FAILED_ON = 10


class FailOn(StrEnum):
    """The mildest verdict on which `kg check --fail-on` fails."""

    EXCLUDED = "excluded"
    UNKNOWN = "unknown"
    REVIEW = "review"


class ReportFormat(StrEnum):
    """The forms in which `kg check` prints a report: those of every command, and some of its own."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    CDS = "cds"
    FHIR = "fhir"


@app.command()
def check(
    patient: Annotated[Path | None, typer.Argument(metavar="[PATIENT]", help="A patient: YAML, JSON, FHIR R4 or OMOP.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day of the check. [default: today]")] = None,
    prior: Annotated[list[str] | None, typer.Option("--prior", metavar="DRUG[@DATE]", help="An ended therapy, its last dose.")] = None,
    taking: Annotated[list[str] | None, typer.Option("--taking", metavar="DRUG[:DOSE][@STOP]", help="A drug that goes on.")] = None,
    condition: Annotated[list[str] | None, typer.Option("--condition", metavar="NAME", help="A disease or state.")] = None,
    biomarker: Annotated[list[str] | None, typer.Option("--biomarker", metavar="NAME=STATE", help="A biomarker and its result.")] = None,
    habit: Annotated[list[str] | None, typer.Option("--habit", metavar="NAME", help="A habit, such as tobacco smoking.")] = None,
    procedure: Annotated[list[str] | None, typer.Option("--procedure", metavar="NAME[@DATE]", help="Radiotherapy, surgery…")] = None,
    no_prior: Annotated[bool, typer.Option("--no-prior", help="No prior therapy is known.")] = False,
    no_taking: Annotated[bool, typer.Option("--no-taking", help="The patient takes nothing.")] = False,
    trial: Annotated[list[str] | None, typer.Option("--trial", metavar="NCT", help="A trial; all of the graph's if none is named.")] = None,
    person: Annotated[str | None, typer.Option("--patient", metavar="ID", help="Which patient of a file that holds several.")] = None,
    every: Annotated[bool, typer.Option("--all", help="A line a trial, for all that the next options (and --condition) leave.")] = False,
    status: Annotated[list[str] | None, typer.Option("--status", metavar="WORD", help="With --all: such as RECRUITING.")] = None,
    phase: Annotated[list[str] | None, typer.Option("--phase", metavar="N", help="With --all: such as 2.")] = None,
    country: Annotated[list[str] | None, typer.Option("--country", metavar="NAME", help="With --all: with a site there.")] = None,
    age: Annotated[float | None, typer.Option("--age", metavar="YEARS", help="With --all: that takes this age.")] = None,
    sex: Annotated[str, typer.Option("--sex", metavar="SEX", help="With --all: that takes female or male.")] = "",
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on", help="Exit with 10 if any trial's verdict is this or worse.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Each finding's proof, step by step.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to; its ending says how.")] = None,
    graph: GraphOption = None,
    shape: Annotated[ReportFormat, typer.Option("--format", "-f", help="How to print.")] = ReportFormat.TABLE,
) -> None:
    """Check a patient against trials: which sentence conflicts, why, and until when.

    Examples: kg check patient.yaml;  kg check --prior trametinib@2024-11-20 --taking itraconazole --trial NCT01206140
    """
    from kg import terminal
    from kg.checks.patient import Patient
    from kg.patients import file as words

    if patient is None and not (prior or taking or condition or biomarker or habit or procedure or no_prior or no_taking):
        raise typer.BadParameter("give a patient file, or facts such as --prior and --taking", param_hint="PATIENT")
    if not every and (status or phase or country or age is not None or sex):
        raise typer.BadParameter("--status, --phase, --country, --age and --sex narrow --all", param_hint="--all")
    if every and trial:
        raise typer.BadParameter("give --trial or --all", param_hint="--all")
    shape = _form(shape, why, out)
    with open_graph(graph) as opened:
        name, data = _patient(patient, person, as_of, opened) if patient else ("", {})
        data = words.merged(
            data,
            prior=[words.ended(item) for item in prior or []] if prior or no_prior else None,
            taking=[words.going_on(item) for item in taking or []] if taking or no_taking else None,
            conditions=condition,
            biomarkers=dict(name_and_value(item, "--biomarker") for item in biomarker) if biomarker else None,
            habits=habit,
            procedures=[words.ended(item, "name", "date") for item in procedure] if procedure else None,
        )
        for flag, part in ((no_prior, "prior"), (no_taking, "taking")):
            if flag and data[part]:
                told = f"none is known by this option, and the data name {len(data[part])}; leave out one of the two"
                raise typer.BadParameter(told, param_hint=f"--no-{part}")
        if as_of:
            data["as_of"] = as_of
        asked = Patient.from_dict(data)
        if every:
            trial = opened.choose(condition or (), status or (), phase or (), country or (), age, sex)
        if every and not why and shape in (ReportFormat.TABLE, ReportFormat.CSV, ReportFormat.TSV):
            verdicts = _overview(opened, asked, trial or [], Format(shape.value), out)
        else:
            report = opened.check(asked, trials=trial)
            if shape is ReportFormat.TABLE:
                print_item(terminal.check(report))
            else:
                _put(_text(report, shape, why, name), out)
            verdicts = [result.verdict for result in report] if fail_on else []
    if fail_on and any(verdict.rank <= _rank(fail_on) for verdict in verdicts):
        raise typer.Exit(_FAILED_ON)


@app.command()
def screen(
    cohort: Annotated[Path, typer.Argument(metavar="PATIENTS", help="One patient a line with an id; FHIR or OMOP, a file or folder.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Rows go there: .csv, .jsonl or .parquet.")],
    only: Annotated[list[FailOn] | None, typer.Option("--only", help="Only rows with this verdict; may be repeated.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day of the check, for all.")] = None,
    graph: GraphOption = None,
) -> None:
    """Check many patients against every trial: one row a patient and trial.

    Example: kg screen patients.ndjson -o findings.parquet
    """
    from rich.console import Console
    from rich.progress import track

    from kg import cohort as files
    from kg.checks.screen import screen as run
    from kg.patients import Unusable, each_patient
    from kg.records import Verdict

    failed, doubted = 0, 0
    with open_graph(graph) as opened:
        found = each_patient(cohort, opened.knowledge, opened.names, as_of)
        people = run(((r.id or cohort.stem, r.error if isinstance(r, Unusable) else r.patient) for r in found), opened.index)

        def told() -> Iterable[Screened]:
            nonlocal failed, doubted
            stderr, many = Console(stderr=True), files.count(cohort) if sys.stderr.isatty() else 0
            for one in track(people, "patients", many or None, console=stderr, transient=True, disable=not stderr.is_terminal):
                if one.error:
                    failed += 1
                    say(f"left out: {one.patient}: {one.error}")
                doubted += bool(one.unrecognised)
                yield one

        rows = files.write(told(), out, tuple(Verdict(word.value) for word in only or []))
    say(f"wrote {rows} rows to {out}" + (f"; {_counted(failed)} left out" if failed else ""))
    if doubted:
        say(f"{_counted(doubted)} with names that were not recognised or statements in doubt: see the column unrecognised")
    if failed:
        raise typer.Exit(ERROR)


def _counted(patients: int) -> str:
    return f"{patients} patient{'' if patients == 1 else 's'}"


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A record file, or a graph's folder.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, later.")],
    patients: Annotated[Path | None, typer.Option("--patients", metavar="FILE", help="Whose verdicts change?")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day of the check, for all patients.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say which trials' rules changed between two versions, and whose verdicts that changes.

    Example: kg diff old.jsonl new.jsonl --patients patients.ndjson
    """
    from kg import terminal
    from kg.diff import COLUMNS, changes
    from kg.knowledge import Knowledge
    from kg.patients import Unusable, each_patient

    records = list(each_patient(patients, Knowledge.load(), as_of=as_of)) if patients else []
    left_out = [f"{record.id}: {record.error}" for record in records if isinstance(record, Unusable)]
    people = [(record.id, record.patient) for record in records if not isinstance(record, Unusable)]
    found = list(changes(old, new, people, lambda one: left_out.append(f"{one.place}: {one.reason}")))
    for told in left_out:
        say(f"left out: {told}")
    if form is Format.TABLE:
        print_item(terminal.changes(found))
    elif form is Format.JSON:
        print_text(to_json([change.to_dict() for change in found]) + "\n")
    else:
        print_rows(COLUMNS, [change.to_dict() for change in found], form)
    if left_out:
        raise typer.Exit(ERROR)


def _patient(path: Path, person: str | None, as_of: str | None, graph: Graph) -> tuple[str, dict[str, Any]]:
    """The one patient of a file, or the one that is asked for: the name that the file gives, and the data."""
    from kg.errors import BadPatient
    from kg.patients import Unusable, each_patient

    found = [r for r in each_patient(path, graph.knowledge, graph.names, as_of) if person is None or r.id == person]
    if not found:
        raise BadPatient(f"{path}: holds no patient {person}" if person else f"{path}: holds no patient; see docs/patient.md")
    if len({record.id for record in found}) > 1:
        some = ", ".join(record.id for record in found[:5])
        raise BadPatient(f"{path}: holds {len(found)} patients ({some}{' …' if len(found) > 5 else ''}); choose one with --patient ID")
    patients = []
    for record in found:
        if isinstance(record, Unusable):
            raise record.error
        patients.append(record.patient)
    if len(patients) > 1:
        raise BadPatient(f"{path}: holds {len(patients)} records of the patient {found[0].id}; put them into one")
    return found[0].id, patients[0].to_dict()


def _overview(graph: Graph, patient: Patient, trials: Sequence[str], form: Format, out: Path | None) -> list[Verdict]:
    """A line a trial, those without conflict first, and on stderr what is to be known of them all; returns the verdicts."""
    from kg.checks import understand
    from kg.records import Verdict

    facts = understand(patient, graph.knowledge, graph.names)
    said = graph.index.verdicts(facts)
    for item in facts.unrecognised:
        near = f" (did you mean {', '.join(item.suggestions)}?)" if item.suggestions else ""
        say(f"IN DOUBT: {item.name}: {item.message}" if item.unclear else f"NOT RECOGNISED: {item.name}{near}")
    titles = {nct: {"status": status, "title": title} for nct, title, status in graph.records.titles()}
    rows = [
        {"nct": nct, "verdict": said[nct], "criteria_verdict": said.criteria_verdict(nct), **titles[nct]}
        for nct in sorted(trials, key=lambda nct: (-said[nct].rank, nct))
    ]
    columns = ["nct", "verdict", "criteria_verdict", "status", "title"]
    if form is Format.TABLE:
        print_rows(columns, rows, form)
    else:
        _put(render(columns, rows, form), out)
    named = [said[nct] for nct in trials]
    say(f"{len(named)} trials: " + ", ".join(f"{named.count(verdict)} {verdict.value}" for verdict in Verdict))
    for note in (*patient.notes, *facts.remarks):
        say(f"note: {note}")
    if patient.not_assessed:
        say(f"Not given, so not assessed: {', '.join(patient.not_assessed)}")
    say(f"As of {patient.as_of}. Research use only; not medical advice.")
    return named


def _rank(verdict: FailOn) -> int:
    from kg.records import Verdict

    return Verdict(verdict.value).rank


_BY_ENDING = {
    "": ReportFormat.TEXT,
    ".txt": ReportFormat.TEXT,
    ".md": ReportFormat.MARKDOWN,
    ".html": ReportFormat.HTML,
    ".htm": ReportFormat.HTML,
    ".json": ReportFormat.JSON,
    ".jsonl": ReportFormat.JSONL,
    ".csv": ReportFormat.CSV,
    ".tsv": ReportFormat.TSV,
}
"""What a file's name says of the report that is to go there, where no format is asked for."""


def _form(asked: ReportFormat, why: bool, out: Path | None) -> ReportFormat:
    """The form of the answer: as asked for, else as the file's name says; proofs are plain text."""
    if asked is ReportFormat.TABLE and out is not None:
        if out.suffix.lower() not in _BY_ENDING:
            told = f"what {out.suffix} is to hold is not known; end the name in {', '.join(filter(None, _BY_ENDING))}, or add --format"
            raise typer.BadParameter(told, param_hint="--out")
        asked = _BY_ENDING[out.suffix.lower()]
    if not why:
        return asked
    if asked not in (ReportFormat.TABLE, ReportFormat.TEXT):
        raise typer.BadParameter(f"proofs are plain text; leave out {asked.value}, or --why", param_hint="--why")
    return ReportFormat.TEXT


def _text(report: Report, shape: ReportFormat, why: bool, patient: str) -> str:
    """A report as one text.

    Arguments:
        patient: the name that the file gives, to which FHIR resources refer.
    """
    subject = patient if ":" in patient else f"Patient/{patient}" if patient else ""
    forms: dict[ReportFormat, Callable[[], str]] = {
        ReportFormat.TEXT: report.why if why else report.to_text,
        ReportFormat.JSON: lambda: report.to_json() + "\n",
        ReportFormat.JSONL: lambda: "".join(to_json(item, indent=False) + "\n" for item in report.to_dict()["trials"]),
        ReportFormat.HTML: report.to_html,
        ReportFormat.MARKDOWN: report.to_markdown,
        ReportFormat.CDS: lambda: to_json({"cards": report.to_cds_cards()}) + "\n",
        ReportFormat.FHIR: lambda: to_json(report.to_fhir(subject)) + "\n",
    }
    if shape in forms:
        return forms[shape]()
    return findings_as_text([(result.nct, finding) for result in report for finding in result.findings], Format(shape.value))


def _put(text: str, out: Path | None) -> None:
    """A text to stdout, or into a file."""
    if out is None:
        print_text(text)
        return
    with replacing(out) as file:
        file.write(text.encode())
    say(f"wrote {out}")
