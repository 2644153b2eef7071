"""The first line that a title alone names: "X as First-line Treatment of Advanced Y", where no criterion asks for the untreated.

What the title tells of its patients is no criterion, so that it only leaves a doubt about those who were treated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.criteria.clauses.clause import EARLY, GENERIC, ClauseReading, Context
from kg.criteria.clauses.reading import Part, read_criterion
from kg.criteria.ruling.contradictions import asks_for_treated
from kg.criteria.ruling.drafts import Draft
from kg.criteria.ruling.untreated import NEWLY_DIAGNOSED, untreated
from kg.criteria.words.lexicon import lexicon
from kg.criteria.words.normal import normalise
from kg.names import Names
from kg.records import Criterion, Polarity, Role, Rule, Section

_IF = re.compile(r"\bif\b", re.IGNORECASE)
"""A therapy that is only asked of some: "have completed adjuvant therapy, if indicated"."""
_ANOTHER_LINE = re.compile(
    r"\b(?:second|third|2nd|3rd|later|subsequent)[- ]lines?\b"
    r"|\b(?:relapsed|refractory|(?:previously |pre-?)treated)\s*(?:/\s*\w+\s*)?(?:and|or|&)\s"
    r"|\b(?:and|or|&)\s+(?:relapsed|refractory|(?:previously |pre-?)treated|r/r)\b"
)
"""A title that tells of a second line, too, is one of cohorts: "as first-line or, with chemotherapy, as second-line treatment",
"relapsed/refractory and treatment-naive CLL"."""
DOUBT = "the title tells of a first line"


def first_line(title: str, context: Context, names: Names) -> Draft | None:
    """What a title says of patients who had no therapy, as a rule in the making; None where it says nothing.

    Arguments:
        title: the record's title.
        context: what the trial gives and treats.
        names: the matcher.
    """
    lower = normalise(title).lower
    if not any(cue.tag == "naive" for cue in lexicon().find(lower)) or _ANOTHER_LINE.search(lower):
        return None  # looking for the words is quicker than for names
    reading = read_criterion(title, names)
    for part in reading.parts:
        for draft in untreated(ClauseReading(reading, part, context)):
            if NEWLY_DIAGNOSED not in draft.doubts:
                return draft
    return None


def on_patients(told: Draft, part: Part, context: Context) -> list[Draft]:
    """The same as a rule of the clause that names the trial's disease, to which it is quoted; none where the clause does not.

    Arguments:
        told: what the title says.
        part: a clause.
        context: of its criterion.
    """
    named = next((m for m in part.mentions if m.kind == "condition" and context.is_own(m)), None)
    if named is None or context.section is Section.EXCLUSION:
        return []
    mentions = [replace(m, start=named.start, end=named.end, text=named.text) for m in told.mentions]
    return [replace(told, start=part.start, end=part.end, mentions=mentions, carveouts=[], doubts=(DOUBT,), cues=())]


def needless(criteria: Sequence[Criterion], rules: Sequence[Rule]) -> set[int]:
    """Numbers of these rules where the criteria themselves say which therapy may or must have been.

    Arguments:
        criteria, rules: all of the trial.
    """
    own = {r.number for r in rules if DOUBT in r.doubts}
    if own and (any(asks_for_treated(c) for c in criteria) or any(_tells_lines(r) for r in rules if r.number not in own)):
        return own
    return set()


def _tells_lines(rule: Rule) -> bool:
    """Whether a rule asks for a therapy, counts them, or keeps out who had any."""
    if rule.role is not Role.PRIOR_THERAPY:
        return False
    any_at_all = rule.polarity is Polarity.EXCLUDES and rule.window is None and any(m.key in GENERIC for m in rule.mentions)
    earlier = not set(EARLY).isdisjoint(rule.settings)  # a first line is that of the disease which came back
    asked = rule.polarity is Polarity.REQUIRES and not earlier and not _IF.search(rule.quote)
    return asked or rule.lines is not None or any_at_all
