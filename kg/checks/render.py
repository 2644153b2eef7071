"""Reports as JSON values, text, Markdown and HTML. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from enum import Enum
from html import escape
from typing import TYPE_CHECKING, Any

import orjson

from kg.records import Finding, FindingKind, Step, TrialResult, Verdict
from kg.version import __version__

if TYPE_CHECKING:
    from kg.checks.report import Report

__all__ = [
    "DISCLAIMER",
    "NOTHING",
    "WORDS",
    "by_arm",
    "by_protocol",
    "cited",
    "earliest",
    "finding_dict",
    "kind_words",
    "markdown",
    "markdown_findings",
    "own_drugs",
    "proof",
    "recorded",
    "to_dict",
    "to_html",
    "to_json",
    "to_markdown",
    "to_text",
    "until",
    "why",
]

DISCLAIMER = "Research use only; not medical advice."

WORDS = {Verdict.EXCLUDED: "excluded", Verdict.UNKNOWN: "unknown", Verdict.REVIEW: "review", Verdict.NO_CONFLICT: "no conflict found"}
NOTHING = "No sentence was found to bear on the facts given."
_ALWAYS = (
    "kind", "verdict", "fact", "chain", "rule", "criterion", "quote", "start", "end", "section", "modality", "arms", "recoverable",
    "earliest_date", "sources",
)  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Step):
        return {"text": value.text, "source": value.source, "detail": value.detail}
    return value


def finding_dict(finding: Finding) -> dict[str, Any]:
    """A finding as plain values: the keys of the contract always, the others where they say something."""
    values = {f.name: getattr(finding, f.name) for f in fields(finding)}
    return {name: _plain(value) for name, value in values.items() if name in _ALWAYS or value not in ("", (), False, None)}


def _result_dict(result: TrialResult) -> dict[str, Any]:
    return {
        "nct": result.nct,
        "title": result.title,
        "status": result.status,
        "verdict": result.verdict.value,
        "criteria_verdict": result.criteria_verdict.value,
        "earliest_date": _plain(result.earliest_date),
        "findings": [finding_dict(finding) for finding in result.findings],
        "arms": {arm: verdict.value for arm, verdict in result.arms.items()},
        "notes": list(result.notes),
        "open_questions": list(result.open_questions),
        "intended": [finding_dict(finding) for finding in result.intended],
        "record": result.record,
    }


def to_dict(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "as_of": report.as_of.isoformat(),
        "disclaimer": report.disclaimer,
        "unrecognised": list(report.unrecognised),
        "suggestions": {name: list(near) for name, near in report.suggestions.items()},
        "not_assessed": list(report.not_assessed),
        "facts": list(report.facts),
        "notes": list(report.notes),
        "among": [finding_dict(finding) for finding in report.among],
        "version": __version__,
        "trials": [_result_dict(result) for result in report.trials],
        "sources": cited(report, report.trials),
    }


def to_json(report: Report) -> str:
    """The report as JSON text."""
    return orjson.dumps(to_dict(report), option=orjson.OPT_INDENT_2).decode()


def cited(report: Report, results: Iterable[TrialResult]) -> list[str]:
    """The documents that the findings rest on, one line each: key, title, version or date."""
    cited_by = [*(finding for result in results for finding in (*result.findings, *result.intended)), *report.among]
    keys = dict.fromkeys(key for finding in cited_by for key in finding.sources)
    lines = []
    for key in keys:
        source = report.sources.get(key)
        if source is None:
            lines.append(key)
            continue
        dated = source.version or (f"retrieved {source.retrieved}" if source.retrieved else "")
        lines.append(f"{key}: {source.title}" + (f" ({dated})" if dated else ""))
    return lines


# --- text and Markdown --------------------------------------------------------------------------------------------------------------------


def until(finding: Finding) -> str:
    """What mends it, and from when."""
    parts = [finding.remedy] if finding.remedy else []
    if finding.earliest_date and str(finding.earliest_date) not in finding.remedy:
        parts.append(f"from {finding.earliest_date} on it no longer holds")
    return "; ".join(parts)


def proof(finding: Finding) -> str:
    """The chain in one line."""
    return " → ".join(step.text.removeprefix("→ ") + (f" [{step.source}]" if step.source else "") for step in finding.chain)


def kind_words(finding: Finding) -> str:
    """An interaction's severity, action, mechanism and evidence."""
    if finding.kind is not FindingKind.INTERACTION:
        return ""
    words = [w for w in (finding.severity, finding.action, finding.mechanism, finding.evidence) if w]
    return f"interaction ({'; '.join(words)})"


def to_text(report: Report) -> str:
    """The report as plain text."""
    lines = [f"Check as of {report.as_of}", *(f"  {fact}" for fact in report.facts)]
    lines.extend(f"NOT RECOGNISED: {name}" + _near(report, name) for name in report.unrecognised)
    for result in report.trials:
        lines += ["", _head(result), result.title, *recorded(result, "  record: ")]
        lines += [f"  {words}" for words in by_arm(result)]
        if not result.findings:
            lines.append(f"  {NOTHING}")
        for finding in result.findings:
            lines.append(f"  - {WORDS[finding.verdict].upper()}: {finding.fact}")
            lines.extend(f"      {text}" for text in _details(finding))
        lines.extend(f"  note: {note}" for note in result.notes)
        lines.extend(f"  to be asked: {question}" for question in result.open_questions)
        lines.extend(f"  intended by protocol: {text}" for text in by_protocol(result))
    lines += ["", *_foot(report)]
    return "\n".join(lines) + "\n"


def _near(report: Report, name: str) -> str:
    near = report.suggestions.get(name)
    return f" (did you mean {', '.join(near)}?)" if near else ""


def _head(result: TrialResult) -> str:
    own = "" if result.criteria_verdict is result.verdict else f" (by its own text alone: {WORDS[result.criteria_verdict]})"
    until = f"; {earliest(result)}" if result.verdict is Verdict.EXCLUDED else ""
    return f"{result.nct}: {WORDS[result.verdict]}{own}{until}"


def earliest(result: TrialResult) -> str:
    """When the exclusions of a trial end: on a day, once something is mended, or not by waiting; '' where nothing excludes."""
    if result.earliest_date:
        return f"earliest {result.earliest_date}"
    excluded = [finding for finding in result.findings if finding.verdict is Verdict.EXCLUDED]
    if not excluded:
        return ""
    return "once mended; no date follows" if all(finding.recoverable for finding in excluded) else "for good"


def by_arm(result: TrialResult) -> list[str]:
    """Each arm with its verdict, where they differ."""
    differ = len(set(result.arms.values())) > 1
    return [f"arm {label}: {WORDS[verdict]}" for label, verdict in result.arms.items()] if differ else []


def _details(finding: Finding) -> Iterator[str]:
    if finding.quote:
        where = (
            f"{finding.section}, characters {finding.start}-{finding.end}"
            if finding.section
            else f"characters {finding.start}-{finding.end}"
        )
        yield f"“{finding.quote}” ({where})"
    for text in (kind_words(finding), finding.reason, proof(finding), until(finding)):
        if text:
            yield text
    if finding.arms:
        yield f"arms: {', '.join(finding.arms)}"
    yield from finding.notes


def _foot(report: Report) -> Iterator[str]:
    if report.not_assessed:
        yield f"Not assessed: {', '.join(report.not_assessed)}."
    yield from (f"The patient's own drugs: {text}" for text in own_drugs(report))
    yield from (f"Note: {note}" for note in report.notes)
    yield from (f"Source: {line}" for line in cited(report, report.trials))
    yield f"trialkg {__version__}. {report.disclaimer}"


def own_drugs(report: Report) -> list[str]:
    """What the patient's own drugs do to each other: those that ask for action one by one, the others as a number."""
    asked = [finding for finding in report.among if finding.verdict is not Verdict.NO_CONFLICT]
    minor = len(report.among) - len(asked)
    lines = [_in_short(finding) for finding in asked]
    return lines + ([f"{minor} lesser interaction{'' if minor == 1 else 's'}, no action asked (--format json)"] if minor else [])


def recorded(result: TrialResult, lead: str = "Record: ") -> list[str]:
    """The line on which version of the record was read; none where that is not known."""
    return [f"{lead}{result.record}"] if result.record else []


def by_protocol(result: TrialResult) -> list[str]:
    """What the drugs of the trial's own arms do to each other."""
    return [_in_short(finding) + (f" [{', '.join(finding.arms)}]" if len(result.arms) > 1 else "") for finding in result.intended]


def _in_short(finding: Finding) -> str:
    return f"{finding.reason} ({finding.severity or 'severity not stated'}; {finding.action}; {finding.evidence})"


def why(report: Report) -> str:
    """Each finding's chain, a step a line, with the source of each."""
    lines = [f"Check as of {report.as_of}"]
    lines.extend(f"NOT RECOGNISED: {name}" + _near(report, name) for name in report.unrecognised)
    for result in report.trials:
        lines += [
            "",
            _head(result),
            *recorded(result, "  record: "),
            *(f"  {words}" for words in by_arm(result)),
        ]
        for number, finding in enumerate(result.findings, 1):
            lines.append(f"  {number}. {WORDS[finding.verdict].upper()}: {finding.fact}")
            for place, step in enumerate(finding.chain, 1):
                source = f"  [{step.source}{': ' + step.detail if step.detail else ''}]" if step.source else ""
                lines.append(f"     {number}.{place} {step.text.removeprefix('→ ')}{source}")
            lines += [f"     so: {finding.reason}"] if finding.reason else []
            if finding.quote:
                lines.append(f"     “{' '.join(finding.quote.split())}” (characters {finding.start}-{finding.end})")
        if not result.findings:
            lines.append(f"  {NOTHING}")
    return "\n".join([*lines, "", *_foot(report)]) + "\n"


def markdown(text: str) -> str:
    """A text on one line, its signs without meaning in Markdown."""
    out = " ".join(text.split())
    for character in "\\`*_[]<>#|":
        out = out.replace(character, "\\" + character)
    return out


def markdown_findings(result: TrialResult) -> Iterator[str]:
    """The findings of a trial as a list."""
    for finding in result.findings:
        yield f"- **{WORDS[finding.verdict]}**: {markdown(finding.fact)}"
        yield from (f"  - {markdown(text)}" for text in _details(finding))


def to_markdown(report: Report) -> str:
    """The report as Markdown."""
    lines = [f"# Check as of {report.as_of}", ""]
    lines += [*(f"- {markdown(fact)}" for fact in report.facts), ""] if report.facts else []
    lines.extend(f"**Not recognised: {markdown(name)}**{markdown(_near(report, name))}\n" for name in report.unrecognised)
    for result in report.trials:
        lines += [f"## {markdown(_head(result))}", "", markdown(result.title), ""]
        lines += [*map(markdown, recorded(result)), ""] if result.record else []
        lines += [*(f"- {markdown(words)}" for words in by_arm(result)), ""] if by_arm(result) else []
        lines += list(markdown_findings(result)) or [NOTHING]
        lines += [f"- note: {markdown(note)}" for note in result.notes]
        lines += [f"- to be asked: {markdown(question)}" for question in result.open_questions]
        lines += [f"- intended by protocol: {markdown(text)}" for text in by_protocol(result)]
        lines.append("")
    lines += [f"*{markdown(text)}*" for text in _foot(report)]
    return "\n".join(lines) + "\n"


# --- HTML ---------------------------------------------------------------------------------------------------------------------------------


_HEAD = "<th>verdict</th><th>fact and sentence</th><th>how it follows</th><th>until</th>"


def to_html(report: Report) -> str:
    """The report as an HTML fragment without scripts or style sheets, as notebooks show it. All text is escaped."""
    parts = [f"<p>Check as of {report.as_of}: {escape('; '.join(report.facts))}</p>"]
    parts += [f"<p><strong>Not recognised: {escape(name)}</strong>{escape(_near(report, name))}</p>" for name in report.unrecognised]
    for result in report.trials:
        parts.append(f"<h4>{escape(_head(result))}</h4><p>{escape(result.title)}<br><small>{escape(result.record)}</small></p>")
        parts.append("".join(f"<p>{escape(words)}</p>" for words in by_arm(result)))
        if result.findings:
            rows = "".join(_row(finding) for finding in result.findings)
            parts.append(f"<table><thead><tr>{_HEAD}</tr></thead><tbody>{rows}</tbody></table>")
        else:
            parts.append(f"<p>{NOTHING}</p>")
        parts.append(_list("notes", result.notes) + _list("to be asked", result.open_questions))
        parts.append(_list("intended by protocol", by_protocol(result)))
    parts += [f"<p><em>{escape(text)}</em></p>" for text in _foot(report)]
    return f'<div class="trialkg-report">{"".join(parts)}</div>'


def _row(finding: Finding) -> str:
    said = f"<br><q>{escape(finding.quote)}</q>" if finding.quote else ""
    how = "<br>".join(escape(text) for text in (kind_words(finding), finding.reason, proof(finding), *finding.notes) if text)
    cells = (WORDS[finding.verdict], escape(finding.fact) + said, how, escape(until(finding)))
    return "<tr>" + "".join(f'<td style="text-align:left;vertical-align:top">{cell}</td>' for cell in cells) + "</tr>"


def _list(title: str, items: Iterable[str]) -> str:
    inner = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<details><summary>{title}</summary><ul>{inner}</ul></details>" if inner else ""
