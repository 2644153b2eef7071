"""Answers as tables for people at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kg.checks.render import by_arm, own_drugs
from kg.records import Criterion, Eligibility, Finding, FindingKind, Trial, TrialResult, Verdict
from kg.vocab import curie

if TYPE_CHECKING:
    from kg.building import BuildReport
    from kg.checks import Report
    from kg.diff import Change

__all__ = ["build_report", "changes", "check", "console", "explain", "findings", "grid", "pairs", "trial"]

_STYLE = {Verdict.EXCLUDED: "bold red", Verdict.UNKNOWN: "bold magenta", Verdict.REVIEW: "bold yellow", Verdict.NO_CONFLICT: "green"}
_WORDS = {verdict: verdict.value.replace("_", " ") for verdict in Verdict}
_FOLDED_INTERACTIONS = 6
_RECORD_NOTES = 12
_NOTES_SHOWN = 2
_INTENDED_SHOWN = 4
_WIDTH_OFF_TERMINAL = 110


def console(file: TextIO | None = None) -> Console:
    """A console on stdout (or `file`): the terminal's width on a terminal, a fixed one off it so that output is the same everywhere."""
    target = file or sys.stdout
    width = None if target.isatty() or "COLUMNS" in os.environ else _WIDTH_OFF_TERMINAL
    return Console(file=target, width=width, highlight=False, soft_wrap=False, emoji=False, markup=False)


def grid(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> RenderableType:
    """Rows as a plain table."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    count = 0
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
        count += 1
    return table if count else Text("no rows", style="dim")


def pairs(items: Iterable[tuple[str, Any]]) -> RenderableType:
    """Names and values, one a line; empty values are left out."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in items:
        if value not in ("", None, (), [], {}):
            table.add_row(name, value if isinstance(value, Text) else _cell(value))
    return table


def _cell(value: Any) -> Text:
    if value is None:
        return Text("")
    if isinstance(value, list | tuple):
        return Text(", ".join(str(item) for item in value))
    return Text(curie(str(value)))


# --- checks -------------------------------------------------------------------------------------------------------------------------------


def _verdict(verdict: Verdict) -> Text:
    return Text(_WORDS[verdict], style=_STYLE[verdict])


def check(report: Report) -> RenderableType:
    """A whole report: what was not recognised first, then a table a trial."""
    parts: list[RenderableType] = []
    for name in report.unrecognised:
        near = report.suggestions.get(name, ())
        hint = f"did you mean {' or '.join(near)}?" if near else "no name is near; check the spelling"
        parts.append(Text.assemble((f"NOT RECOGNISED: {name}", "bold magenta"), f"  {hint}"))
    parts += [_trial_result(result) for result in report]
    parts.append(Text())
    parts += [Text(f"the patient's own drugs: {words}") for words in own_drugs(report)]
    for note in report.notes[:_RECORD_NOTES]:
        parts.append(Text(f"note: {note}", style="dim"))
    if len(report.notes) > _RECORD_NOTES:
        parts.append(Text(f"… and {len(report.notes) - _RECORD_NOTES} more notes (--format text)", style="dim"))
    if report.not_assessed:
        parts.append(Text(f"Not given, so not assessed: {', '.join(report.not_assessed)}", style="dim"))
    parts.append(Text(f"As of {report.as_of}. {report.disclaimer}", style="dim"))
    return Group(*parts)


def _trial_result(result: TrialResult) -> RenderableType:
    head = Text.assemble((result.nct, "bold"), "  ", _verdict(result.verdict))
    if result.criteria_verdict != result.verdict:
        head.append(f"  (by its own text alone: {_WORDS[result.criteria_verdict]})", style="dim")
    if result.earliest_date:
        head.append(f"  earliest {result.earliest_date}", style="dim")
    about = f"{result.title}  [{result.status.lower()}]" if result.status else result.title
    parts: list[RenderableType] = [Text(), head, Text(about, style="dim")]
    parts += [Text(words, style="dim") for words in by_arm(result)]
    shown = [f for f in result.findings if f.verdict is not Verdict.NO_CONFLICT]
    parts.append(findings(shown) if shown else Text("No sentence was found to bear on the facts given.", style="dim"))
    notes = [*result.notes, *(_folded(f) for f in result.findings if f.verdict is Verdict.NO_CONFLICT)]
    for note in notes[:_FOLDED_INTERACTIONS]:
        parts.append(Padding(Text(f"note: {note}", style="dim"), (0, 0, 0, 1)))
    if len(notes) > _FOLDED_INTERACTIONS:
        parts.append(Padding(Text(f"… and {len(notes) - _FOLDED_INTERACTIONS} more notes (--format json)", style="dim"), (0, 0, 0, 1)))
    if result.open_questions:
        parts.append(Padding(Text("to be asked: " + "; ".join(result.open_questions), style="dim"), (0, 0, 0, 1)))
    if result.intended:
        named = [f"{finding.fact} ({finding.severity}; {finding.action})" for finding in result.intended[:_INTENDED_SHOWN]]
        more = f"; … {len(result.intended) - len(named)} more (kg interactions {result.nct})" if len(result.intended) > len(named) else ""
        parts.append(Padding(Text(f"inside the regimen, intended by protocol: {'; '.join(named)}{more}", style="dim"), (0, 0, 0, 1)))
    return Group(*parts)


def _folded(finding: Finding) -> str:
    return finding.reason or f"{finding.fact}: {finding.effect}"


def findings(items: Iterable[Finding]) -> RenderableType:
    """Findings as a table: verdict, the sentence or interaction, how it follows, until when."""
    table = Table(box=box.ROUNDED, show_lines=True, header_style="bold", expand=True)
    table.add_column("verdict", width=8)
    table.add_column("fact and sentence", ratio=6, overflow="fold")
    table.add_column("how it follows", ratio=7, overflow="fold")
    table.add_column("until", ratio=3, overflow="fold", min_width=10)
    count = 0
    for finding in items:
        table.add_row(_verdict(finding.verdict), _what(finding), _how(finding), _until(finding))
        count += 1
    return table if count else Text("none found", style="dim")


def _what(finding: Finding) -> RenderableType:
    parts: list[RenderableType] = [Text(finding.fact, style="bold")]
    if finding.quote:
        parts.append(Text(f"“{finding.quote}”", style="italic"))
        place = [finding.section] if finding.section else []
        if finding.start is not None:
            place.append(f"characters {finding.start}–{finding.end}")
        if finding.arms:
            place.append("arms: " + ", ".join(finding.arms))
        parts.append(Text(" · ".join(place), style="dim"))
    if finding.kind is FindingKind.INTERACTION:
        parts.append(Text(finding.reason or finding.effect))
        words = [f"{name}: {value}" for name, value in (("severity", finding.severity), ("action", finding.action)) if value]
        words += ["intended by protocol"] if finding.intended else []
        parts.append(Text(" · ".join(words), style="dim"))
        if finding.arms:
            parts.append(Text(f"arms: {', '.join(finding.arms)}", style="dim"))
    return Group(*parts)


def _how(finding: Finding) -> RenderableType:
    lines = Text()
    for number, step in enumerate(finding.chain):
        if finding.quote and finding.quote in step.text:
            continue  # the sentence stands in the column before
        lines.append("→ " if number and not step.text.startswith("→") else "")
        lines.append(step.text)
        lines.append(f" [{step.source}]\n" if step.source else "\n", style="dim")
    for text in _remarks(finding):
        lines.append(f"{text}\n", style="dim")
    lines.rstrip()
    return lines


def _remarks(finding: Finding) -> list[str]:
    """The reason and the notes, as far as the table does not say the same elsewhere; a step's source tells already that it was recalled."""
    reason = finding.mechanism if finding.kind is FindingKind.INTERACTION else finding.reason
    notes = [note for note in finding.notes if not note.startswith("recalled")]
    shown = notes if len(notes) <= _NOTES_SHOWN else [*notes[: _NOTES_SHOWN - 1], f"… {len(notes) - _NOTES_SHOWN + 1} more (--format json)"]
    return [text for text in (reason, *shown) if text and not any(text in step.text for step in finding.chain)]


def _until(finding: Finding) -> RenderableType:
    if finding.verdict is Verdict.NO_CONFLICT:
        return Text("")
    lines = Text()
    if finding.earliest_date is not None and str(finding.earliest_date) not in finding.remedy:
        lines.append(f"{finding.earliest_date}\n", style="bold")
    if finding.remedy:
        lines.append(finding.remedy)
    elif not finding.recoverable and finding.earliest_date is None and finding.verdict is Verdict.EXCLUDED:
        lines.append("for good")
    lines.rstrip()
    return lines


def changes(items: Iterable[Change]) -> RenderableType:
    """What two versions of records change: a block a trial."""
    parts: list[RenderableType] = []
    for one in items:
        words = {"rules": "its rules changed", "record": "no rule changed, but what its arms give or what it treats"}.get(
            one.change, one.change
        )
        lines = [(f"+ “{quote}”", "green") for quote in one.rules_added] + [(f"− “{quote}”", "red") for quote in one.rules_dropped]
        named = (("newly excludes", one.newly_excluded), ("no longer excludes", one.freed))
        lines += [(f"{told}: {', '.join(found)}", "") for told, found in named if found]
        lines += [(text, "bold") for text in one.verdicts_in_words()]
        parts += [Text(), Text.assemble((one.nct, "bold"), f"  {words}"), Text(one.title, style="dim")]
        parts += [Padding(Text(" ".join(line.split()), style=style), (0, 0, 0, 2)) for line, style in lines]
    return Group(*parts) if parts else Text("no trial's rules differ", style="dim")


# --- trials -------------------------------------------------------------------------------------------------------------------------------


def trial(record: Trial, eligibility: Eligibility) -> RenderableType:
    """A trial's record in short, with its criteria and what became of them."""
    head = Text.assemble((record.nct, "bold"), f"  {record.official_title or record.brief_title}")
    facts = pairs(
        [
            ("status", record.status),
            ("phase", record.phases),
            ("design", [part for part in (record.allocation, record.model, record.masking, record.purpose) if part]),
            ("enrolment", f"{record.enrollment} {record.enrollment_kind.lower()}".strip() if record.enrollment is not None else ""),
            ("conditions", record.conditions),
            ("sponsor", [party.name for party in record.parties if party.role.upper().startswith("LEAD")]),
            ("sex, ages", [part for part in (record.sex, record.minimum_age, record.maximum_age) if part]),
            ("source", f"{record.source.name} ({record.source.format})"),
        ]
    )
    arms = grid(
        ["arm", "kind", "interventions", "may cross over to"],
        [{"arm": a.label, "kind": a.kind, "interventions": a.interventions, "may cross over to": a.crosses_to} for a in record.arms],
    )
    lines = [Text("  " * c.depth + f"{c.order:>3} {c.section.value[:4]}  {c.text}", overflow="fold") for c in eligibility.criteria]
    counted = f"{len(eligibility.criteria)} criteria, {len(eligibility.clauses)} clauses, {len(eligibility.rules)} rules"
    return Group(head, facts, Text(), arms, Text.assemble((counted, "bold"), (f"  (kg explain {record.nct})", "dim")), *lines)


def explain(record: Trial, eligibility: Eligibility, only: int | None = None) -> RenderableType:
    """How the eligibility text was read: each criterion, its clauses with their mentions, and the rules that they give."""
    parts: list[RenderableType] = [Text.assemble((record.nct, "bold"), f"  {record.brief_title}")]
    for criterion in eligibility.criteria:
        if only is None or criterion.order == only:
            parts.append(_explain_criterion(criterion, eligibility))
    return Group(*parts)


def _explain_criterion(criterion: Criterion, eligibility: Eligibility) -> RenderableType:
    place = f"criterion {criterion.order} · {criterion.section.value} · characters {criterion.start}–{criterion.end}"
    if criterion.parent is not None:
        place += f" · under {criterion.parent}"
    parts: list[RenderableType] = [Text(), Text(place, style="dim"), Text(criterion.text, style="bold")]
    for clause in (c for c in eligibility.clauses if c.criterion == criterion.order):
        facts = ", ".join(f"{name} {value}" for name, value in clause.facts)
        line = Text.assemble((f"{clause.status.value.replace('_', ' ')}: ", "cyan"), clause.kind, (f" ({facts})" if facts else "", "dim"))
        parts.append(Padding(Group(line, Text(f"“{clause.text}”", style="italic"), *_mentions(clause.mentions)), (0, 0, 0, 2)))
    for rule in (r for r in eligibility.rules if r.criterion == criterion.order):
        parts.append(Padding(Group(Text(f"rule {rule.number}", style="yellow"), pairs(_rule_lines(rule))), (0, 0, 0, 2)))
    return Group(*parts)


def _mentions(items: Iterable[Any]) -> list[Text]:
    from kg.criteria.therapies.set_aside import reason

    items = list(items)
    found = [Text(f"  {m.kind} {m.key or m.enzyme or m.target} ← “{m.text}” at {m.start}", style="dim") for m in items]
    aside = dict.fromkeys((m.text, reason(m.set_aside).meaning) for m in items if m.set_aside)
    return found + [Text(f"  named, not ruled on: {text} — {meaning}", style="dim") for text, meaning in aside]


def _rule_lines(rule: Any) -> list[tuple[str, Any]]:
    from kg.codec import to_plain

    plain = to_plain(rule)
    skip = {"criterion", "number", "start", "end", "quote", "mentions", "carveouts", "window", "section"}
    lines: list[tuple[str, Any]] = [
        ("quote", f"“{rule.quote}”"),
        ("about", [m.key or " ".join((*m.strengths, m.enzyme, m.role)).strip() or m.target or m.text for m in rule.mentions]),
    ]
    if rule.window is not None:
        lines.append(("window", ", ".join(f"{name} {value}" for name, value in to_plain(rule.window).items())))
    for carveout in rule.carveouts:
        about = [m.key or m.text for m in carveout.mentions]
        lines.append(("except", f"{carveout.effect}: {', '.join(about) or carveout.text} “{carveout.text}”"))
    lines += [(name.replace("_", " "), _flat(value)) for name, value in plain.items() if name not in skip]
    return lines


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_flat(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_flat(item) for item in value)
    return str(value)


# --- builds -------------------------------------------------------------------------------------------------------------------------------


def _vocabulary(report: BuildReport) -> Iterable[tuple[str, str]]:
    """What vocabulary releases gave, if any was read."""
    if report.vocabulary or report.refused:
        yield (
            "rows from vocabularies",
            ", ".join(f"{count} {table.replace('_', ' ')}" for table, count in report.vocabulary.items()) or "none",
        )
        yield "refused", f"{report.refused} (named in {report.refusals_file})" if report.refused else "0"


def build_report(report: BuildReport) -> RenderableType:
    """What a build read, kept and rejected."""
    return pairs(
        [
            ("records read", report.read),
            ("kept", report.kept),
            ("rejected", f"{report.rejected} (named in {report.rejects_file})" if report.rejected else "0"),
            ("criteria", report.criteria),
            ("clauses", ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in report.clauses.items())),
            ("rules", report.rules),
            ("triples", report.triples),
            *_vocabulary(report),
            ("seconds", f"{report.seconds:.1f}"),
            ("graph", report.path),
        ]
    )
