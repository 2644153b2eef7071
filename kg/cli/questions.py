"""Commands that ask a graph: `query`, `interactions`, `show`, `find`, `explain`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.shared import (
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
from kg.errors import BadInput, UnknownDrug
from kg.output import Format, to_json

if TYPE_CHECKING:
    from kg.api import Graph

__all__ = ["explain", "find", "interactions", "query", "show"]


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

        print_rows(
            ["name", "question", "parameters"],
            [{"name": q.name, "question": q.question, "parameters": [p.name for p in q.parameters]} for q in catalogue()],
            form,
        )
        return
    parameters = dict(name_and_value(item, "--param") for item in param or [])
    with open_graph(graph) as opened:
        rows = opened.query(_query_text(text), **parameters)
    print_rows(rows.columns, rows.to_dicts(), form)


@app.command()
def interactions(
    drugs: Annotated[list[str], typer.Argument(metavar="DRUG DRUG…", help="Two drugs or more; or one trial's number, for its arms.")],
    graph: GraphOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Interactions among drugs, or inside the arms of a trial.

    Examples: kg interactions everolimus itraconazole;  kg interactions NCT01281865
    """
    trials = [name for name in drugs if name.upper().startswith("NCT")]
    if (len(drugs) == 1) != bool(trials):
        raise typer.BadParameter("name two drugs or more, or one trial alone", param_hint="DRUG DRUG…")
    with open_graph(graph) as opened:
        found = opened.arm_interactions(drugs[0]) if len(drugs) == 1 else opened.interactions(drugs)
    if form is Format.TABLE:
        from kg import terminal

        print_item(terminal.findings(found))
    else:
        print_text(findings_as_text([("", finding) for finding in found], form))


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

    with open_graph(graph) as opened:
        if name.strip().upper().startswith("NCT"):
            stored = opened.stored(name)
            if form is Format.TABLE:
                print_item(terminal.trial(stored.trial, stored.eligibility))
                return
            from kg.codec import to_plain

            facts: dict[str, Any] = to_plain(stored.trial)
        else:
            try:
                facts = opened.drug_facts(name)
            except UnknownDrug as error:
                raise UnknownDrug(f"{error}{_elsewhere(name, opened)}", error.suggestions) from None
            if form is Format.TABLE:
                print_item(terminal.pairs(facts.items()))
                return
    if form is Format.JSON:
        print_text(to_json(facts) + "\n")
    elif form is Format.JSONL:
        print_text(to_json(facts, indent=False) + "\n")
    else:
        print_rows(["field", "value"], [{"field": key, "value": value} for key, value in facts.items()], form)


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
    with open_graph(graph) as opened:
        found = opened.find(text, limit=limit)
    print_rows(
        ["kind", "label", "reason", "iri"], [{"kind": m.kind, "label": m.label, "reason": m.reason, "iri": m.iri} for m in found], form
    )
    if not found:
        say(f"nothing found for {text!r}")


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
    with open_graph(graph) as opened:
        stored = opened.stored(nct)
    read = stored.eligibility
    if criterion is not None and criterion not in {item.order for item in read.criteria}:
        raise BadInput(f"{stored.trial.nct} has no criterion {criterion}; its criteria are 0 to {len(read.criteria) - 1}")
    if form is Format.TABLE:
        from kg import terminal

        print_item(terminal.explain(stored.trial, read, criterion))
        return
    from kg.codec import to_plain

    def chosen(kind: str, items: Iterable[Any], number: str) -> list[dict[str, Any]]:
        return [{"kind": kind, **to_plain(item)} for item in items if criterion is None or getattr(item, number) == criterion]

    parts = {"criteria": chosen("criterion", read.criteria, "order"), "clauses": chosen("clause", read.clauses, "criterion")}
    parts["rules"] = chosen("rule", read.rules, "criterion")
    if form is Format.JSON:
        print_text(to_json({"nct": stored.trial.nct, **parts}) + "\n")
    elif form is Format.JSONL:
        print_text("".join(to_json(item, indent=False) + "\n" for items in parts.values() for item in items))
    else:
        rows = [{**item, "quote": stored.trial.eligibility_text[item["start"] : item["end"]]} for items in parts.values() for item in items]
        print_rows(["kind", "criterion", "order", "number", "start", "end", "status", "polarity", "role", "quote"], rows, form)


def _elsewhere(name: str, graph: Graph) -> str:
    """What to ask of a name that is no drug's, one line a question; nothing where it is not known at all."""
    from kg.queries import catalogue

    known = {match.kind: match for match in graph.names.lookup(name, ("class", "regimen", "target", "enzyme", "condition", "biomarker"))}
    lines = [f'kg query {q.name} -p {p.name}="{known[p.type].label}"' for q in catalogue() for p in q.parameters if p.type in known]
    if "regimen" in known:
        lines += [f'kg show "{graph.names.label("drug", drug)}"' for drug in graph.knowledge.regimens[known["regimen"].key].drugs]
    return "; or ask\n  " + "\n  ".join(lines) if lines else ""


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
