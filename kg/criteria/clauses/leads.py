"""What introduces a criterion: the bullet above it that opens a list, or its sub-heading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.criteria.clauses.reading import Part, Reading, read_criterion
from kg.criteria.layout.enumerations import OPENS_LIST
from kg.criteria.layout.headings import names_section
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.quantities import Span
from kg.names import Names
from kg.records import Criterion, Window

_SAYS_WINDOW = re.compile(r"\bwithin\b.*\d")
_OPENS_LIST = re.compile(
    rf"[:\uff1a\u2013-]\s*$|\bexceptions?\s+(?:listed\s+)?below\W*$|{OPENS_LIST}"
    r"|\b(?:wash-?\s?outs?|intervals?|durations?|periods?|times?)\b[^.;:]{0,60}"
    r"\b(?:shown|listed|specified|outlined|detailed|described|given|noted|defined|indicated|as|see)\s+below\b"
    r"|\b(?:following|these|below)\b[^.;:]{0,60}\b(?:met|satisfied|fulfilled|appl(?:y|ies))\W*$"
    r"|\b(?:medications?|drugs?|agents?|therap(?:y|ies)|treatments?|substances?)\b[^.:;]{0,60}\b(?:one|any|all|either) of the following\b"
    r"[^:;]{0,400}\.\s*$",
    re.IGNORECASE,
)
"""A list may be told of before the last sentence above it: "… any of the following drugs. If they are needed, ask the sponsor."."""
_THE_FOLLOWING = re.compile(r"\b(?:any|one|all|either) of the following\b")
_FOLLOWING = re.compile(r"\b(?:following|these|below)\b")
_INCLUDING = re.compile(r"\b(?:includ\w+(?:,? but (?:is |are )?not limited to)?|such as|e\.g\.?|i\.e\.?|namely|consisting of)\W*$")
_SHORT = 120
"""A bullet shorter than this that names no therapy can introduce those below it without a colon."""


class Leads:
    """The words that introduce the criteria of a trial."""

    def __init__(self, criteria: Sequence[Criterion], readings: Mapping[int, Reading], names: Names) -> None:
        self._criteria = criteria
        self._readings = readings
        self._names = names
        self._below = Counter(c.parent for c in criteria)
        self._found: dict[tuple[int | None, str], tuple[Part | None, str]] = {}

    def of(self, criterion: Criterion) -> tuple[Part | None, str]:
        """The words that introduce a criterion, with their text: of a bullet above it, else of its sub-heading."""
        place = criterion.parent, criterion.heading
        if place not in self._found:
            self._found[place] = self._bullet_above(criterion.parent) or self._sub_heading(criterion.heading)
        return self._found[place]

    def _bullet_above(self, above: int | None) -> tuple[Part | None, str] | None:
        """The bullet above that ends with a colon, or holds no therapy of its own; (None, "") where one above rules for itself.

        A bullet that alone stands below an item of a list, as where each is indented deeper than the last, is an item of that list.
        """
        below_item = False
        while above is not None:
            parent = self._criteria[above]
            reading = self._readings.get(above)
            if reading is not None and reading.parts:
                last = _that_lists(reading)
                bare = not any(p.therapies for p in reading.parts)
                if not _OPENS_LIST.search(parent.text) and (below_item or not (bare and len(parent.text) < _SHORT)):
                    if below_item or parent.parent is None or self._below[above] > 1:
                        return None, ""
                    above, below_item = parent.parent, True
                    continue
                if last.therapies:
                    last = replace(last, windows=_of_those_below(last, reading.lower))
                last = replace(last, cues=(*_kinds_before(reading, last), *last.cues))
                if last.cues or last.windows:
                    return last, reading.lower
            above = parent.parent
        return None

    def _sub_heading(self, heading: str) -> tuple[Part | None, str]:
        if (heading and not names_section(heading)) or _SAYS_WINDOW.search(heading):
            reading = read_criterion(heading, self._names)
            if reading.parts:
                return _of_no_time(reading.parts[-1]), reading.lower
        return None, ""


def _of_no_time(heading: Part) -> Part:
    """A heading without its words of time where it has those of either: below "Prior/concurrent therapy" each criterion tells its own."""
    both = heading.has("prior") and heading.has("current")
    return replace(heading, cues=tuple(c for c in heading.cues if c.tag not in ("prior", "current"))) if both else heading


def _that_lists(reading: Reading) -> Part:
    """The clause of a bullet that introduces those below it: "any of the following within 2 weeks, or has not recovered from them:"."""
    last = reading.parts[-1]
    opened = reading.lower.rfind(". ", 0, last.start) + 1
    if _FOLLOWING.search(reading.lower, last.start, last.end):
        return last
    before = (p for p in reversed(reading.parts[:-1]) if p.start >= opened and p.windows)
    return next((p for p in before if _THE_FOLLOWING.search(reading.lower, p.start, p.end)), last)


def _kinds_before(reading: Reading, last: Part) -> tuple[Cue, ...]:
    """What a sentence is about, told before it was cut: "CNS metastases that were treated, but are stable, if all of these are met:"."""
    opened = reading.lower.rfind(". ", 0, last.start) + 1
    return tuple(c for p in reading.parts if opened <= p.start < last.start for c in p.tagged("kind"))


def _of_those_below(lead: Part, lower: str) -> tuple[Span[Window], ...]:
    """The times of a lead that names a therapy: its own, unless it is told of those below, "the following drugs within 4 weeks:"."""
    return tuple([w for w in lead.windows if _FOLLOWING.search(lower, lead.start, w.start) or _INCLUDING.search(lower, w.end, lead.end)])
