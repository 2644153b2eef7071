"""What the commands share: the options that most of them take, opening a graph, printing. Data go to stdout, messages to stderr."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.output import Format, render

if TYPE_CHECKING:
    from kg.api import Graph

__all__ = [
    "ERROR",
    "FormatOption",
    "GraphOption",
    "app",
    "findings_as_text",
    "guarded",
    "name_and_value",
    "open_graph",
    "print_item",
    "print_rows",
    "print_text",
    "say",
]

app = typer.Typer(
    name="kg",
    help="A knowledge graph of clinical trials: which drugs, past or present, conflict with which eligibility sentence, and why.",
    epilog="Research use, not medical advice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ERROR = 1
"""The exit code of an error; typer gives 2 to misuse."""

GraphOption = Annotated[
    str | None,
    typer.Option("--graph", "-g", metavar="DIR|URL", help="A graph that `kg build` made, or a service. [default: the bundled graph]"),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print.")]


def open_graph(place: str | None) -> Graph:
    """The graph that `--graph` names."""
    if place is not None and re.match(r"https?://", place, re.IGNORECASE):
        from kg.remote import Remote

        return Remote(place)
    from kg.api import open

    return open(place)


def name_and_value(text: str, option: str) -> tuple[str, str]:
    """The two sides of NAME=VALUE.

    Raises:
        typer.BadParameter: it is not of this form.
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint=option)
    return name.strip(), value.strip()


_FINDING_COLUMNS = (
    "nct kind verdict fact quote section start end recoverable earliest_date remedy rule criterion chain "
    "drugs effect mechanism severity action evidence intended sources"
).split()


def findings_as_text(found: Sequence[tuple[str, Any]], form: Format) -> str:
    """Findings, each with the number of its trial ('' where there is none), in one of the machine-readable forms."""
    rows = []
    for nct, finding in found:
        row = {name: getattr(finding, name, None) for name in _FINDING_COLUMNS}
        row["nct"] = nct
        if form in (Format.JSON, Format.JSONL):
            row["chain"] = [{"text": step.text, "source": step.source} for step in finding.chain]
        else:
            row["chain"] = " → ".join(step.text.removeprefix("→ ") for step in finding.chain)
        rows.append(row)
    return render(_FINDING_COLUMNS if any(nct for nct, _ in found) else _FINDING_COLUMNS[1:], rows, form)


def print_rows(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], form: Format) -> None:
    """Rows, as a table or in one of the machine-readable forms."""
    if form is Format.TABLE:
        from kg import terminal

        print_item(terminal.grid(columns, rows))
    else:
        print_text(render(columns, rows, form))


def print_item(item: Any) -> None:
    """A table, or whatever else a terminal shows."""
    from kg import terminal

    guarded(lambda: terminal.console().print(item))


def print_text(text: str) -> None:
    """Data, to stdout."""
    guarded(lambda: sys.stdout.write(text))


def say(text: str) -> None:
    """A message, to stderr."""
    print(text, file=sys.stderr)


def guarded(write: Callable[[], object]) -> None:
    """Writes to stdout; a reader that went away (`kg … | head`) ends the program quietly."""
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout again at exit; point it where that does no harm
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
