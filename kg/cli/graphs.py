"""Commands on whole graphs: `fetch` (the records for one), `build`, `draw`, `validate`, `export`, `info`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli.shared import ERROR, FormatOption, GraphOption, app, guarded, open_graph, print_item, print_rows, print_text, say
from kg.errors import MissingTool
from kg.output import Format, render, to_json

__all__ = ["ExportFormat", "build", "draw", "export", "fetch", "info", "validate"]


class ExportFormat(StrEnum):
    """The forms that `kg export` writes."""

    TURTLE = "turtle"
    NQUADS = "nquads"
    JSONLD = "jsonld"
    GRAPHML = "graphml"
    CSV = "csv"


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
            say(f"{word}: {item}")
        if number > len(told):
            say(f"… and {number - len(told)} more, in {file}")
    if form is Format.TABLE:
        from kg import terminal

        print_item(terminal.build_report(report))
    else:
        row = report.to_dict()
        print_text(to_json(row) + "\n" if form is Format.JSON else render(list(row), [row], form))


@app.command()
def fetch(
    ncts: Annotated[list[str], typer.Argument(metavar="NCT…", help="The trials' numbers.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder of records.")] = Path("records"),
    form: FormatOption = Format.TABLE,
) -> None:
    """Fetch records from ClinicalTrials.gov, one a second, for `kg build`; exits with 1 if one could not be had.

    Example: kg fetch NCT01206140 NCT01281865 -o records
    """
    from kg.sources.registry_api import Missed
    from kg.sources.registry_api import fetch as run

    rows, missed = [], 0
    for one in run(ncts, out):
        if isinstance(one, Missed):
            missed += 1
            say(f"not fetched: {one.asked}: {one.reason}")
        else:
            rows.append({"asked": one.asked, "nct": one.nct, "file": str(one.file)})
            if one.nct != one.asked:
                say(f"{one.asked} is {one.nct} now")
    print_rows(["asked", "nct", "file"], rows, form)
    if missed:
        raise typer.Exit(ERROR)


@app.command()
def draw(
    names: Annotated[list[str], typer.Argument(metavar="NCT|NAME…", help="Trials, drugs or classes to draw the surroundings of.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE.html", help="The page to write.")],
    graph: GraphOption = None,
) -> None:
    """Draw trials into one HTML page that opens offline.

    Example: kg draw NCT01206140 NCT01281865 -o trials.html
    """
    with open_graph(graph) as opened:
        opened.draw(names, out)
    say(f"wrote {out}")


@app.command()
def validate(
    graph: GraphOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Test the tables and the graph; exits with 1 if anything is wrong.

    Example: kg validate --graph my.kg
    """
    with open_graph(graph) as opened:
        try:
            found = opened.validate()
        except MissingTool as error:
            found = opened.validate(shapes=False)
            say(f"only the tables were tested: {error}")
    if found or form is not Format.TABLE:
        print_rows(["violation"], [{"violation": text} for text in found], form)
    say(f"{len(found)} violations" if found else "valid")
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
    with open_graph(graph) as opened:
        if out is None:
            guarded(lambda: opened.export(sys.stdout.buffer, form.value))
        else:
            opened.export(out, form.value)
            say(f"wrote {out}")


@app.command()
def info(graph: GraphOption = None, form: FormatOption = Format.TABLE) -> None:
    """Say what the graph holds: counts, sources, versions.

    Example: kg info --graph my.kg
    """
    with open_graph(graph) as opened:
        facts = opened.info()
    if form is Format.JSON:
        print_text(to_json(facts) + "\n")
    elif form is Format.JSONL:
        print_text(to_json(facts, indent=False) + "\n")
    else:
        print_rows(["what", "value"], [{"what": key, "value": value} for key, value in _flat(facts)], form)


def _flat(facts: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    from kg.vocab import curie

    for key, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key} ")
        else:
            yield prefix + curie(key), value
