"""A report as CDS Hooks cards. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kg.checks.render import WORDS, cited, markdown, markdown_findings, recorded
from kg.records import TrialResult, Verdict
from kg.version import __version__

if TYPE_CHECKING:
    from kg.checks.report import Report

__all__ = ["to_cds_cards"]

_INDICATORS = {Verdict.EXCLUDED: "critical", Verdict.UNKNOWN: "warning", Verdict.REVIEW: "warning", Verdict.NO_CONFLICT: "info"}
_SUMMARY = 140
"""A card's summary is shorter than this many characters (CDS Hooks, Card attributes)."""


def _cut(text: str, length: int = _SUMMARY - 1) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def to_cds_cards(report: Report) -> list[dict[str, Any]]:
    """CDS Hooks cards, the `cards` of a response; none where nothing conflicts and every name was recognised."""
    cards: list[dict[str, Any]] = []
    source: dict[str, Any] = {"label": "trialkg"}
    if report.unrecognised:
        names = ", ".join(report.unrecognised)
        detail = "\n".join(
            f"- {markdown(name)}" + (f": did you mean {', '.join(near)}?" if (near := report.suggestions.get(name)) else "")
            for name in report.unrecognised
        )
        cards.append(
            {
                "summary": _cut(f"Not recognised: {' '.join(names.split())}"),
                "indicator": "warning",
                "detail": f"{detail}\n\n{report.disclaimer}",
                "source": source,
            }
        )
    for result in report.trials:
        if result.verdict is Verdict.NO_CONFLICT:
            continue
        first = next(f for f in result.findings if f.verdict is result.verdict)
        what = first.quote or first.reason
        cards.append(
            {
                "summary": _cut(f"{result.nct} {WORDS[result.verdict]}: {' '.join(what.split())}"),
                "indicator": _INDICATORS[result.verdict],
                "detail": "\n".join([*markdown_findings(result), "", *(markdown(line) + "  " for line in _card_foot(report, result))]),
                "source": {
                    **source,
                    "topic": {"code": result.nct, "system": "https://clinicaltrials.gov", "display": result.title or result.nct},
                },
                "links": [{"label": result.nct, "url": f"https://clinicaltrials.gov/study/{result.nct}", "type": "absolute"}],
            }
        )
    return cards


def _card_foot(report: Report, result: TrialResult) -> Iterator[str]:
    """What a card says below its findings: it stands alone in a record, so it repeats what the whole report says."""
    yield from (f"Not recognised: {name}" for name in report.unrecognised)
    if report.not_assessed:
        yield f"Not assessed: {', '.join(report.not_assessed)}"
    yield from (f"Note: {note}" for note in report.notes)
    yield from (f"Source: {line}" for line in cited(report, [result]))
    yield from recorded(result)
    yield f"trialkg {__version__}. {report.disclaimer}"
