"""A report as one self-contained HTML page: no scripts, nothing loaded from elsewhere, fit for print. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from kg import bundle
from kg.checks.render import NOTHING, WORDS, by_protocol, cited, earliest, kind_words, own_drugs, until
from kg.records import Finding, TrialResult, Verdict
from kg.version import __version__

if TYPE_CHECKING:
    from kg.checks.report import Report

__all__ = ["to_page"]


@lru_cache(maxsize=1)
def _style() -> str:
    return (bundle.path("visuals") / "report.css").read_text(encoding="utf-8")


def to_page(report: Report) -> str:
    """The page.

    Arguments:
        report: a check's answer.
    """
    results = list(report)
    head = [
        "<h1>Trial conflict check</h1>",
        f'<p class="soft">As of {report.as_of} · {len(results)} trial{"" if len(results) == 1 else "s"} · trialkg {__version__}</p>',
        f'<p class="disclaimer"><strong>{escape(report.disclaimer)}</strong> “No conflict found” means that no sentence was found to bear '
        "on the facts given; it does not mean that the patient may enter the trial.</p>",
    ]
    head.append(_list("What was checked", report.facts))
    if report.unrecognised:
        names = "".join(f"<li><strong>{escape(name)}</strong>{escape(_near(report, name))}</li>" for name in report.unrecognised)
        head.append(f'<div class="alarm"><strong>Not recognised, so not evaluated</strong><ul>{names}</ul></div>')
    foot = [_list("The patient’s own drugs", own_drugs(report)), _list("Notes on the patient’s data", report.notes)]
    if report.not_assessed:
        foot.append(f"<h3>Not given, so not assessed</h3><p>{escape(', '.join(report.not_assessed))}</p>")
    foot.append(_sources(report, results))
    body = "".join((*head, _overview(results), *map(_trial, results), *foot))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Trial conflict check, {report.as_of}</title><style>\n{_style()}</style></head><body><main>{body}</main></body></html>\n"
    )


def _near(report: Report, name: str) -> str:
    near = report.suggestions.get(name)
    return f": did you mean {', '.join(near)}?" if near else ": check the spelling"


def _verdict(verdict: Verdict) -> str:
    return f'<span class="verdict {verdict.value}">{WORDS[verdict]}</span>'


def _overview(results: Iterable[TrialResult]) -> str:
    rows = "".join(
        f"<tr><td>{_verdict(r.verdict)}</td><td><a href='#{r.nct}'>{r.nct}</a> {escape(r.title)}</td>"
        f"<td>{r.earliest_date or earliest(r)}</td></tr>"
        for r in results
    )
    return f'<table class="overview"><thead><tr><th>verdict</th><th>trial</th><th>earliest</th></tr></thead><tbody>{rows}</tbody></table>'


def _trial(result: TrialResult) -> str:
    own = "" if result.criteria_verdict is result.verdict else f"By its own text alone: {WORDS[result.criteria_verdict]}. "
    ends = f"Exclusions end on {result.earliest_date}. " if result.earliest_date else ""
    about = " · ".join(filter(None, (result.nct, result.status.replace("_", " ").lower(), result.record)))
    shown = [f for f in result.findings if f.verdict is not Verdict.NO_CONFLICT]
    folded = [f"{f.fact}: {f.reason}" for f in result.findings if f.verdict is Verdict.NO_CONFLICT]
    parts = [
        f'<section class="trial {result.verdict.value}" id="{result.nct}"><div class="headline"><h2>{escape(result.title)}</h2>'
        f'{_verdict(result.verdict)}</div><p class="soft">{escape(about)}</p>'
    ]
    if own or ends:
        parts.append(f"<p>{escape(own + ends)}</p>")
    if len(set(result.arms.values())) > 1:
        arms = "".join(f"<li>{_verdict(verdict)} {escape(arm)}</li>" for arm, verdict in result.arms.items())
        parts.append(f'<h3>By arm</h3><ul class="arms">{arms}</ul>')
    parts += [_finding(finding, result) for finding in shown] or [f"<p>{NOTHING}</p>"]
    parts.append(_list("To be asked", result.open_questions))
    parts.append(_list("Inside the trial’s regimen: intended by protocol", by_protocol(result)))
    notes = [*result.notes, *folded]
    if notes:
        items = "".join(f"<li>{escape(note)}</li>" for note in notes)
        parts.append(f"<details><summary>Notes ({len(notes)})</summary><ul>{items}</ul></details>")
    return "".join(parts) + "</section>"


def _finding(finding: Finding, result: TrialResult) -> str:
    parts = [f'<article class="{finding.verdict.value}"><h4>{_verdict(finding.verdict)} · {escape(finding.fact)}</h4>']
    if finding.quote:
        where = [finding.section, f"characters {finding.start}–{finding.end}", f"arms: {', '.join(finding.arms)}" if finding.arms else ""]
        footer = escape(" · ".join(filter(None, where)))
        parts.append(f"<blockquote>{_highlighted(finding, result)}<footer>{footer}</footer></blockquote>")
    arms = f"arms: {', '.join(finding.arms)}" if finding.arms and not finding.quote else ""
    parts += [f"<p>{escape(text)}</p>" for text in (kind_words(finding), finding.reason, arms) if text]
    if finding.chain:
        steps = "".join(
            f"<li>{escape(step.text.removeprefix('→ '))}{f' <small>[{escape(step.source)}]</small>' if step.source else ''}</li>"
            for step in finding.chain
        )
        parts.append(f'<ol class="chain">{steps}</ol>')
    if words := until(finding):
        parts.append(f'<p class="remedy">{escape(words)}</p>')
    # a step that was only recalled is marked where it stands, and the foot of the page says what that means
    parts += [f'<p class="note">{escape(note)}</p>' for note in finding.notes if not note.startswith("recalled, ")]
    return "".join(parts) + "</article>"


def _highlighted(finding: Finding, result: TrialResult) -> str:
    """The criterion's full text with the sentence marked; the sentence alone where the criterion is not at hand."""
    start, text = result.passages.get(finding.criterion, (finding.start or 0, finding.quote))
    low, high = (finding.start or 0) - start, (finding.end or 0) - start
    if text[max(low, 0) : high] != finding.quote or low < 0:
        return f"<mark>{escape(finding.quote)}</mark>"
    return f"{escape(text[:low])}<mark>{escape(text[low:high])}</mark>{escape(text[high:])}"


def _list(title: str, items: Iterable[str]) -> str:
    inner = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h3>{escape(title)}</h3><ul>{inner}</ul>" if inner else ""


def _sources(report: Report, results: Iterable[TrialResult]) -> str:
    lines = cited(report, results)
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    recalled = any(line.startswith("recalled") for line in lines)
    told = "<p>A step marked [recalled] was stated from memory and not yet checked in a document: check it.</p>" if recalled else ""
    return f'<h3>Sources</h3>{told}<ul class="sources">{items}</ul>' if items else ""
