"""One criterion as it is read: its normal form, its mentions and cues, and the clauses that it falls into. Positions are those of the normal form."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.criteria.lexicon import Cue, lexicon
from kg.criteria.normal import Normal, normalise
from kg.criteria.quantities import Span, windows
from kg.criteria.segments import sentences
from kg.names import Names
from kg.records import Mention, Window

_BREAK = re.compile(
    r"(?P<cut>;|\s+(?:but|however|although|whereas)\s+(?!not limited|not |only|are not|is not)"
    r"|(?:,|\band|\bor|\bplus)\s+(?=(?:no|must not|may not|must have|must be|should not|at least \d+\s+\w+ (?:must )?(?:have|has|since)|have not|has not|who have not|not have) )"
    r"|\s+(?=note:|nb:|n\.b\.)|\s-\s(?=[a-z])|,?\s+(?=(?:these|such) (?:patients|drugs|agents|medications)))"
)
_LABEL = re.compile(r"^[^:.;()]{2,70}(?:\([^)]*\)[^:.;()]{0,30})?:(?=\s)")
_PAREN = re.compile(r"\(([^()]*)\)")
_LIMITED = frozenset({"but not", "are not", "is not", "not"})
"""Before "limited to" these negate and except nothing."""
_BARE = frozenset({"may not", "cannot"})
"""These deny a permission that follows, and forbid nothing alone."""
_SOFT_TAGS = frozenset({"permitnot"})


@dataclass(frozen=True, slots=True)
class Part:
    """A clause of a criterion: [start, end) and what lies in it."""

    start: int
    end: int
    mentions: tuple[Mention, ...]
    cues: tuple[Cue, ...]
    windows: tuple[Span[Window], ...]

    def tagged(self, *tags: str) -> list[Cue]:
        """The part's cues of these tags, by position."""
        return [c for c in self.cues if c.tag in tags]

    def has(self, tag: str, value: str | None = None) -> bool:
        """Whether a cue of this tag (and value) is in the part."""
        return any(c.tag == tag and (value is None or c.value == value) for c in self.cues)


@dataclass(frozen=True, slots=True)
class Reading:
    """A criterion's text with everything found in it."""

    normal: Normal
    parts: tuple[Part, ...]
    parens: tuple[tuple[int, int], ...]
    label_end: int
    """Where a leading label ("Prior therapy:") ends; 0 for none."""

    @property
    def lower(self) -> str:
        """The lower-case normal form."""
        return self.normal.lower

    @property
    def mentions(self) -> list[Mention]:
        """All mentions, by position."""
        return [m for p in self.parts for m in p.mentions]

    def paren_of(self, position: int) -> tuple[int, int] | None:
        """The parenthesis that holds a position."""
        for start, end in self.parens:
            if start < position < end:
                return start, end
        return None


def _settle(cues: list[Cue], lower: str) -> list[Cue]:
    """Drop cues that a longer one overrules: "not permitted" holds neither "permitted" nor "not", "not excluded" no "excluded"."""
    denied = [(c.start, c.end) for c in cues if c.tag == "permitnot"]
    permits = [c for c in cues if c.tag == "permit" and not any(s < c.end and c.start < e for s, e in denied)]
    prohibits = [c for c in cues if c.tag == "prohibit" and not any(p.start <= c.start and c.end <= p.end for p in permits)]
    kept = []
    verbs = [(c.start, c.end) for c in permits + prohibits if " " in c.text]
    verbs += [(c.start + 1, c.end) for c in cues if c.tag == "neg" and c.value == "determiner" and " " in c.text]
    for cue in cues:
        if (cue.tag == "permit" and cue not in permits) or (cue.tag == "prohibit" and cue not in prohibits):
            continue
        if cue.text in _LIMITED and lower.startswith((" limited", " restricted"), cue.end):
            continue
        if cue.tag == "neg" and any(s <= cue.start < e for s, e in verbs + denied):
            continue
        if cue.tag == "permitnot" and cue.text not in _BARE and not any(p.start < cue.end and cue.start < p.end for p in prohibits):
            kept.append(replace(cue, tag="prohibit"))
            continue
        if cue.tag not in _SOFT_TAGS:
            kept.append(cue)
    return kept


def read_criterion(text: str, names: Names) -> Reading:
    """Find everything in a criterion's text and cut it into clauses.

    Arguments:
        text: the criterion, verbatim.
        names: the matcher that finds drugs, classes, conditions…
    """
    normal = normalise(text)
    lower = normal.lower
    parens = tuple((m.start(), m.end()) for m in _PAREN.finditer(lower))
    cues = _settle(lexicon().find(lower), lower)
    mentions = names.mentions(normal.cased)
    chosen = [(c.start, c.end, c.value) for c in cues if c.tag == "whichever"]
    spans = windows(lower, chosen)
    label = _LABEL.match(lower)
    if label and any(c.end <= label.end() and c.tag in ("neg", "require", "prohibit", "permit") for c in cues):
        label = None
    sentence_spans = sentences(lower, 0, len(lower))
    parts = []
    for start, end in sentence_spans:
        for at, stop in _cut_sentence(lower, start, end, parens):
            parts.append(
                Part(
                    at,
                    stop,
                    tuple(m for m in mentions if at <= m.start < stop),
                    tuple(c for c in cues if at <= c.start < stop),
                    tuple(w for w in spans if at <= w.start < stop),
                )
            )
    return Reading(normal, tuple(parts), parens, label.end() if label else 0)


def _cut_sentence(lower: str, start: int, end: int, parens: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    spans = []
    at = start
    for match in _BREAK.finditer(lower, start, end):
        if match.start() <= at or any(s < match.start() < e for s, e in parens):
            continue
        spans.append((at, match.start()))
        at = match.end()
    if at < end:
        spans.append((at, end))
    trimmed = []
    for a, b in spans:
        while a < b and lower[a] in " ,":
            a += 1
        while b > a and lower[b - 1] == " ":
            b -= 1
        if a < b:
            trimmed.append((a, b))
    return trimmed
