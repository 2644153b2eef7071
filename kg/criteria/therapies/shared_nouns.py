"""What stands before a noun that another word takes: "systemic or local therapy" is systemic therapy, too."""

from __future__ import annotations

import re

from kg.criteria.clauses.clause import GENERIC, ClauseReading
from kg.criteria.therapies.narrowing import narrowed
from kg.criteria.therapies.other_trials import INVESTIGATIONAL
from kg.criteria.therapies.restricted import says_with_which
from kg.criteria.words.lexicon import Cue
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_INVESTIGATIONAL = pattern("subjects: investigational")
_NON = pattern("subjects: non")
_SHARED_NOUN = pattern("implied: shared noun")
_OR_LOCAL = re.compile(r"\bsystemic\s*(?:,|/|or|and|and/or)\s+(?:local|loco-?regional|regional|topical|intra-?[a-z]+)\s+$")
_SYSTEMIC = "systemic-anticancer-therapy"
_SYSTEMIC_OR = pattern("subjects: systemic or")


def sharing_a_noun(clause: ClauseReading) -> list[Mention]:
    """What stands before a noun that another word takes: "systemic or local therapy", "anti-cancer or investigational agents".

    Arguments:
        clause: the clause.
    """
    if clause.part.tagged("allergy", "toxicity"):
        return []
    places: list[tuple[int, int, str]] = []
    systemic = clause.find(_SYSTEMIC_OR) if "systemic" in clause.lower else None
    if systemic and _of_cancer(clause, systemic) and not _is_told(clause, systemic):
        places.append((systemic.start(), systemic.start() + len("systemic"), _SYSTEMIC))
    aside = {m.start for m, _ in clause.masked}
    elided = [c for c in clause.part.tagged("elided") if _shares(clause, c) and _next_therapy(clause, c) not in aside]
    if clause.part.tagged("candidate"):
        elided = [c for c in elided if c.value in clause.context.known.steroids]
    places += [(c.start, c.end, c.value) for c in elided]
    return [
        mention
        for start, end, key in places
        if not clause.in_exception(start) and not clause.found_before(_INVESTIGATIONAL, start)
        for mention in narrowed(clause, Mention(start, end, "class", key, clause.lower[start:end]))
    ]


def _next_therapy(clause: ClauseReading, cue: Cue) -> int:
    """Where the therapy stands that has the noun which a word shares; -1 for none."""
    return next((m.start for m in clause.part.therapies if m.start >= cue.end), -1)


def _shares(clause: ClauseReading, cue: Cue) -> bool:
    """Whether a noun behind it is its own, too; "steroidal" shares "anti-inflammatory drugs" only."""
    if any(m.start <= cue.start and cue.end <= m.end for m in clause.part.therapies):
        return False  # a name holds it: "AURKA-targeted or RET-targeted agents"
    after = clause.after(cue.end)
    if cue.text.endswith("steroidal") and ("inflammat" not in after or clause.found_before(_NON, cue.start, 4)):
        return False
    return _SHARED_NOUN.match(after) is not None


def _is_told(clause: ClauseReading, words: re.Match[str]) -> bool:
    """Whether it is told which therapy is so: "systemic or local cytotoxic treatment", "systemic or local treatment with X"."""
    if says_with_which(clause, words.end()):
        return True
    last = next((m for m in clause.part.therapies if words.start() < m.start and m.end == words.end()), None)
    known = clause.context.known
    return (
        last is not None
        and last.key not in GENERIC
        and known.is_anticancer(last)
        and _OR_LOCAL.search(clause.before(last.start)) is not None
    )


def _of_cancer(clause: ClauseReading, words: re.Match[str]) -> bool:
    """Whether words name no therapy that is for something else: "systemic or topical steroid treatment", "estrogen systemic therapy"."""
    named = [m for m in clause.part.therapies if words.start() <= m.end + 1 and m.start < words.end()]
    return all(clause.context.known.is_anticancer(m) or m.key == INVESTIGATIONAL for m in named)
