"""The command `kg`: thin doors to `kg.api` and `kg.build`. Data go to stdout, messages to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kg.errors import BadInput, KgError, MissingTool
from kg.output import Format, render, to_json

if TYPE_CHECKING:
    from kg.api import Graph
    from kg.checks.patient import Patient
    from kg.checks.report import Report
    from kg.records import Verdict

app = typer.Typer(
    name="kg",
    help="A knowledge graph of clinical trials: which drugs, past or present, conflict with which eligibility sentence, and why.",
    epilog="Research use, not medical advice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ERROR, MISUSE, FAILED_ON = 1, 2, 10

GraphOption = Annotated[
    str | None, typer.Option("--graph", "-g", metavar="DIR", help="A graph that `kg build` made. [default: the bundled graph]")
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print.")]


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


class ExportFormat(StrEnum):
    """The forms that `kg export` writes."""

    TURTLE = "turtle"
    NQUADS = "nquads"
    JSONLD = "jsonld"
    GRAPHML = "graphml"
    CSV = "csv"


# --- commands -----------------------------------------------------------------------------------------------------------------------------


@app.command()
def build(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE…", help="Files or folders of registry records; .gz is read as it is.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The graph's folder; a graph there is replaced in one step.")],
    vocabulary: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="A release of RxNorm, ChEMBL or the NCI Thesaurus, or an SSSOM table; may be repeated."),
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Build a graph from registry records.

    Examples: kg build studies.jsonl.gz -o my.kg;  kg build studies.jsonl.gz --vocabulary Thesaurus.FLAT.zip -o my.kg
    """
    from kg.building import build as run

    report = run(sources, out, progress=True, vocabularies=vocabulary or ())
    for word, told, number, file in (
        ("refused", report.refusals, report.refused, report.refusals_file),
        ("rejected", report.rejects, report.rejected, report.rejects_file),
    ):
        for item in told:
            _say(f"{word}: {item}")
        if number > len(told):
            _say(f"… and {number - len(told)} more, in {file}")
    if form is Format.TABLE:
        from kg import terminal

        _draw(terminal.build_report(report))
    else:
        row = report.to_dict()
        _print(to_json(row) + "\n" if form is Format.JSON else render(list(row), [row], form))


@app.command()
def query(
    text: Annotated[str | None, typer.Argument(metavar="NAME|FILE|SPARQL|-", help="A question, a file, SPARQL, or - for stdin.")] = None,
    param: Annotated[list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter; may be repeated.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the questions of the library.")] = False,
    graph: GraphOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Ask a question of the library, or in SPARQL.

    Example: kg query trials_excluding_prior_class --param drug_class="MEK inhibitor"
    """
    if listing or text is None:
        from kg.queries import catalogue

        _rows(
            ["name", "question", "parameters"],
            [{"name": q.name, "question": q.question, "parameters": [p.name for p in q.parameters]} for q in catalogue()],
            form,
        )
        return
    parameters = dict(_pair(item, "--param") for item in param or [])
    with _open(graph) as opened:
        rows = opened.query(_query_text(text), **parameters)
    _rows(rows.columns, rows.to_dicts(), form)


@app.command()
def check(
    patient: Annotated[Path | None, typer.Argument(metavar="[PATIENT]", help="A patient: YAML, JSON, FHIR R4 or OMOP.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day of the check. [default: today]")] = None,
    prior: Annotated[list[str] | None, typer.Option("--prior", metavar="DRUG[@DATE]", help="An ended therapy, its last dose.")] = None,
    taking: Annotated[list[str] | None, typer.Option("--taking", metavar="DRUG[:DOSE]", help="A drug that goes on.")] = None,
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
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to; .html, .md and .json say how.")] = None,
    graph: GraphOption = None,
    shape: Annotated[ReportFormat, typer.Option("--format", "-f", help="How to print.")] = ReportFormat.TABLE,
) -> None:
    """Check a patient against trials: which sentence conflicts, why, and until when.

    Examples: kg check patient.yaml;  kg check --prior trametinib@2024-11-20 --taking itraconazole --trial NCT01206140
    """
    from kg.checks.patient import Patient
    from kg.patients import file as words

    if patient is None and not (prior or taking or condition or biomarker or habit or procedure or no_prior or no_taking):
        raise typer.BadParameter("give a patient file, or facts such as --prior and --taking", param_hint="PATIENT")
    opened = _open(graph)
    data = words.merged(
        _patient(patient, person, as_of, opened) if patient else {},
        prior=[words.at_date(item) for item in prior or []] if prior or no_prior else None,
        taking=[words.with_dose(item) for item in taking or []] if taking or no_taking else None,
        conditions=condition,
        biomarkers=dict(_pair(item, "--biomarker") for item in biomarker) if biomarker else None,
        habits=habit,
        procedures=[words.at_date(item, "name", "date") for item in procedure] if procedure else None,
    )
    if as_of:
        data["as_of"] = as_of
    whole = why or out is not None or shape.value not in set(Format)
    form = Format.JSON if whole else Format(shape.value)
    if not every and (status or phase or country or age is not None or sex):
        raise typer.BadParameter("--status, --phase, --country, --age and --sex narrow --all", param_hint="--all")
    if every and trial:
        raise typer.BadParameter("give --trial or --all", param_hint="--all")
    with opened:
        asked = Patient.from_dict(data)
        if every:
            trial = opened.choose(condition or (), status or (), phase or (), country or (), age, sex)
        if every and form is Format.TABLE:
            verdicts = _overview(opened, asked, trial or [])
        else:
            report = opened.check(asked, trials=trial)
            if whole:
                _whole(report, shape, why, out)
            else:
                _report(report, form)
            verdicts = [result.verdict for result in report] if fail_on else []
    if fail_on and any(verdict.rank <= _rank(fail_on) for verdict in verdicts):
        raise typer.Exit(FAILED_ON)


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

    failed = 0
    with _open(graph) as opened:

        def told() -> Iterable[Any]:
            nonlocal failed
            stderr, many = Console(stderr=True), files.count(cohort) if sys.stderr.isatty() else 0
            found = each_patient(cohort, opened.knowledge, opened.names, as_of)
            people = run(((r.id, r.error if isinstance(r, Unusable) else r.patient) for r in found), opened.index)
            for one in track(people, "patients", many or None, console=stderr, transient=True, disable=not stderr.is_terminal):
                if one.error:
                    failed += 1
                    _say(f"left out: {one.patient}: {one.error}")
                yield one

        rows = files.write(told(), out, tuple(Verdict(word.value) for word in only or []))
    _say(f"wrote {rows} rows to {out}" + (f"; {failed} patients left out" if failed else ""))
    if failed:
        raise typer.Exit(ERROR)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A record file, or a graph's folder.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, later.")],
    patients: Annotated[Path | None, typer.Option("--patients", metavar="FILE", help="Whose verdicts change?")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say which trials' rules changed between two versions, and whose verdicts that changes.

    Example: kg diff old.jsonl new.jsonl --patients patients.ndjson
    """
    from kg.diff import COLUMNS, changes
    from kg.knowledge import Knowledge
    from kg.patients import read_patients

    people = [(record.id, record.patient) for record in read_patients(patients, Knowledge.load())] if patients else []
    found = [change.to_dict() for change in changes(old, new, people)]
    if form is Format.JSON:
        _print(to_json(found) + "\n")
    else:
        _rows(COLUMNS, found, form)


@app.command()
def interactions(
    drugs: Annotated[list[str], typer.Argument(metavar="DRUG DRUG…", help="Two drugs or more; or one trial's number, for its arms.")],
    graph: GraphOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Interactions among drugs, or inside the arms of a trial.

    Examples: kg interactions everolimus itraconazole;  kg interactions NCT01281865
    """
    if len(drugs) == 1 and not drugs[0].upper().startswith("NCT"):
        raise typer.BadParameter("name two drugs or more, or one trial", param_hint="DRUG DRUG…")
    with _open(graph) as opened:
        found = opened.arm_interactions(drugs[0]) if len(drugs) == 1 else opened.interactions(drugs)
    if form is Format.TABLE:
        from kg import terminal

        _draw(terminal.findings(found))
    else:
        _findings([("", finding) for finding in found], form)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NCT|DRUG", help="A trial's number, or any name of a drug.")],
    graph: GraphOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a trial or a drug, with sources.

    Examples: kg show NCT01206140;  kg show AZD6244
    """
    from kg import terminal

    with _open(graph) as opened:
        if name.strip().upper().startswith("NCT"):
            stored = opened.stored(name)
            if form is Format.TABLE:
                _draw(terminal.trial(stored.trial, stored.eligibility))
                return
            from kg.codec import to_plain

            facts: dict[str, Any] = to_plain(stored.trial)
        else:
            facts = opened.drug_facts(name)
            if form is Format.TABLE:
                _draw(terminal.pairs(facts.items()))
                return
    if form is Format.JSON:
        _print(to_json(facts) + "\n")
    elif form is Format.JSONL:
        _print(to_json(facts, indent=False) + "\n")
    else:
        _rows(["field", "value"], [{"field": key, "value": value} for key, value in facts.items()], form)


@app.command()
def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A name, in any spelling, or words of a title.")],
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 10,
    graph: GraphOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Find drugs, classes, targets, enzymes, conditions and trials by name.

    Example: kg find "mTor inhibitor"
    """
    with _open(graph) as opened:
        found = opened.find(text, limit=limit)
    _rows(["kind", "label", "reason", "iri"], [{"kind": m.kind, "label": m.label, "reason": m.reason, "iri": m.iri} for m in found], form)
    if not found:
        _say(f"nothing found for {text!r}")


@app.command()
def draw(
    names: Annotated[list[str], typer.Argument(metavar="NCT|NAME…", help="Trials, drugs or classes to draw the surroundings of.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE.html", help="The page to write.")],
    graph: GraphOption = None,
) -> None:
    """Draw trials into one HTML page that opens offline.

    Example: kg draw NCT01206140 NCT01281865 -o trials.html
    """
    with _open(graph) as opened:
        opened.draw(names, out)
    _say(f"wrote {out}")


@app.command()
def validate(
    graph: GraphOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Test the tables and the graph; exits with 1 if anything is wrong.

    Example: kg validate --graph my.kg
    """
    with _open(graph) as opened:
        try:
            found = opened.validate()
        except MissingTool as error:
            found = opened.validate(shapes=False)
            _say(f"only the tables were tested: {error}")
    if found or form is not Format.TABLE:
        _rows(["violation"], [{"violation": text} for text in found], form)
    _say(f"{len(found)} violations" if found else "valid")
    if found:
        raise typer.Exit(ERROR)


@app.command()
def export(
    form: Annotated[ExportFormat, typer.Option("--format", "-f", help="The form to write.")] = ExportFormat.TURTLE,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write it. [default: stdout]")] = None,
    graph: GraphOption = None,
) -> None:
    """Write the whole graph in another form.

    Example: kg export --format turtle -o graph.ttl
    """
    with _open(graph) as opened:
        if out is None:
            _guarded(lambda: opened.export(sys.stdout.buffer, form.value))
        else:
            opened.export(out, form.value)
            _say(f"wrote {out}")


@app.command()
def info(graph: GraphOption = None, form: FormatOption = Format.TABLE) -> None:
    """Say what the graph holds: counts, sources, versions.

    Example: kg info --graph my.kg
    """
    with _open(graph) as opened:
        facts = opened.info()
    if form is Format.JSON:
        _print(to_json(facts) + "\n")
    elif form is Format.JSONL:
        _print(to_json(facts, indent=False) + "\n")
    else:
        _rows(["what", "value"], [{"what": key, "value": value} for key, value in _flat(facts)], form)


@app.command()
def explain(
    nct: Annotated[str, typer.Argument(metavar="NCT", help="A trial's number.")],
    criterion: Annotated[int | None, typer.Option("--criterion", "-c", metavar="N", min=0, help="Only this one, from 0.")] = None,
    graph: GraphOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Explain how a trial's eligibility text was read: criteria, clauses, mentions, rules.

    Example: kg explain NCT01206140 --criterion 3
    """
    with _open(graph) as opened:
        stored = opened.stored(nct)
    read = stored.eligibility
    if criterion is not None and criterion not in {item.order for item in read.criteria}:
        raise BadInput(f"{stored.trial.nct} has no criterion {criterion}; its criteria are 0 to {len(read.criteria) - 1}")
    if form is Format.TABLE:
        from kg import terminal

        _draw(terminal.explain(stored.trial, read, criterion))
        return
    from kg.codec import to_plain

    def chosen(kind: str, items: Iterable[Any], number: str) -> list[dict[str, Any]]:
        return [{"kind": kind, **to_plain(item)} for item in items if criterion is None or getattr(item, number) == criterion]

    parts = {"criteria": chosen("criterion", read.criteria, "order"), "clauses": chosen("clause", read.clauses, "criterion")}
    parts["rules"] = chosen("rule", read.rules, "criterion")
    if form is Format.JSON:
        _print(to_json({"nct": stored.trial.nct, **parts}) + "\n")
    elif form is Format.JSONL:
        _print("".join(to_json(item, indent=False) + "\n" for items in parts.values() for item in items))
    else:
        rows = [{**item, "quote": stored.trial.eligibility_text[item["start"] : item["end"]]} for items in parts.values() for item in items]
        _rows(["kind", "criterion", "order", "number", "start", "end", "status", "polarity", "role", "quote"], rows, form)


# --- what the commands share --------------------------------------------------------------------------------------------------------------


def _open(place: str | None) -> Graph:
    from kg.api import open

    return open(place)


def _patient(path: Path, person: str | None, as_of: str | None, graph: Graph) -> dict[str, Any]:
    """The one patient of a file, or the one that is asked for."""
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
    return patients[0].to_dict()


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint=option)
    return name.strip(), value.strip()


def _query_text(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    path = Path(text) if "\n" not in text and len(text) < 4096 and "{" not in text else None
    if path is not None and (path.suffix in (".rq", ".sparql") or "/" in text):
        try:
            return path.read_text(encoding="utf-8")
        except OSError as error:
            raise BadInput(f"{path}: cannot be read: {error.strerror}; name a file, or a question of `kg query --list`") from error
    return text


def _overview(graph: Graph, patient: Patient, trials: Sequence[str]) -> list[Verdict]:
    """A line a trial, those without conflict first; returns the verdicts."""
    from kg.records import Verdict

    said = graph.verdicts(patient)
    titles = {nct: {"status": status, "title": title} for nct, title, status in graph.records.titles()}
    rows = [
        {"nct": nct, "verdict": said[nct], "criteria_verdict": said.criteria_verdict(nct), **titles[nct]}
        for nct in sorted(trials, key=lambda nct: (-said[nct].rank, nct))
    ]
    _rows(["nct", "verdict", "criteria_verdict", "status", "title"], rows, Format.TABLE)
    named = [said[nct] for nct in trials]
    _say(f"{len(named)} trials: " + ", ".join(f"{named.count(verdict)} {verdict.value}" for verdict in Verdict))
    _say("Research use only; not medical advice.")
    return named


def _rank(verdict: FailOn) -> int:
    from kg.records import Verdict

    return Verdict(verdict.value).rank


def _flat(facts: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    from kg.vocab import curie

    for key, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key} ")
        else:
            yield prefix + curie(key), value


_FINDING_COLUMNS = (
    "nct kind verdict fact quote section start end recoverable earliest_date remedy rule criterion chain "
    "drugs effect mechanism severity action evidence intended sources"
).split()


def _findings(found: Iterable[tuple[str, Any]], form: Format) -> None:
    rows = []
    for nct, finding in found:
        row = {name: getattr(finding, name, None) for name in _FINDING_COLUMNS}
        row["nct"] = nct
        if form in (Format.JSON, Format.JSONL):
            row["chain"] = [{"text": step.text, "source": step.source} for step in finding.chain]
        else:
            row["chain"] = " → ".join(step.text.removeprefix("→ ") for step in finding.chain)
        rows.append(row)
    _rows(_FINDING_COLUMNS if any(nct for nct, _ in found) else _FINDING_COLUMNS[1:], rows, form)


_BY_ENDING = {".html": ReportFormat.HTML, ".md": ReportFormat.MARKDOWN, ".json": ReportFormat.JSON}
"""What a file's name says of the report that is to go there, where no format is asked for."""


def _whole(report: Report, shape: ReportFormat, why: bool, out: Path | None) -> None:
    """A report as one text, to stdout or into a file."""
    if shape is ReportFormat.TABLE and out is not None:
        shape = _BY_ENDING.get(out.suffix.lower(), ReportFormat.TEXT)
    forms: dict[ReportFormat, Callable[[], str]] = {
        ReportFormat.TABLE: report.to_text,
        ReportFormat.TEXT: report.to_text,
        ReportFormat.JSON: lambda: report.to_json() + "\n",
        ReportFormat.HTML: report.to_html,
        ReportFormat.MARKDOWN: report.to_markdown,
        ReportFormat.CDS: lambda: to_json({"cards": report.to_cds_cards()}) + "\n",
        ReportFormat.FHIR: lambda: to_json(report.to_fhir()) + "\n",
    }
    if not why and shape not in forms:
        raise typer.BadParameter(f"--out takes {', '.join(forms)}; for {shape.value}, send stdout to a file", param_hint="--format")
    text = report.why() if why else forms[shape]()
    if out is None:
        _print(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{out}: cannot be written: {error.strerror}; name a file in a folder that exists") from error
    _say(f"wrote {out}")


def _report(report: Any, form: Format) -> None:
    if form is Format.TABLE:
        from kg import terminal

        _draw(terminal.check(report))
    elif form is Format.JSON:
        _print(report.to_json() + "\n")
    elif form is Format.JSONL:
        _print("".join(to_json(item, indent=False) + "\n" for item in report.to_dict()["trials"]))
    else:
        _findings([(result.nct, finding) for result in report for finding in result.findings], form)


def _rows(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], form: Format) -> None:
    if form is Format.TABLE:
        from kg import terminal

        _draw(terminal.grid(columns, rows))
    else:
        _print(render(columns, rows, form))


def _draw(item: Any) -> None:
    from kg import terminal

    _guarded(lambda: terminal.console().print(item))


def _print(text: str) -> None:
    _guarded(lambda: sys.stdout.write(text))


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _guarded(write: Callable[[], object]) -> None:
    """Writes to stdout; a reader that went away (`kg … | head`) ends the program quietly."""
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout again at exit; point it where that does no harm
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The console script: runs a command and exits with 0 (it ran), 1 (error), 2 (misuse) or 10 (`--fail-on`)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app(args=arguments)
    except KgError as error:
        _say(f"kg: {error}")
    except KeyboardInterrupt:
        _say("kg: interrupted")
        sys.exit(130)
    except Exception as error:
        if os.environ.get("KG_DEBUG"):
            raise
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f" in {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
        what = f"internal error ({type(error).__name__}: {error}{where})"
        _say(f"kg: {what}; this is a defect of trialkg: please report it (KG_DEBUG=1 shows more)")
    sys.exit(ERROR)


if __name__ == "__main__":
    main()
