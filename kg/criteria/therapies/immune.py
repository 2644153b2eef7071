"""Which way "immunomodulators" are meant to move the immune system, where the words beside them tell."""

from __future__ import annotations

from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_LISTED = pattern("subjects: listed")
_MODULATOR = "immunomodulator"
_LIKE_THALIDOMIDE = "immunomodulatory-drug"
_SUPPRESSANT = "immunosuppressant"
_MYELOMA, _OF_THE_BLOOD = "plasma-cell-neoplasm", "hematologic-malignancy"
_STIMULANTS = ("systemic-immunostimulatory-agent", "cytokine-therapy")
_MOST_TO_EXAMPLES = 4
"""Between the word and "such as" stand at most this many characters: a comma, a bracket."""
_MOST_TO_FIRST = 24
"""The first example stands at most this many characters behind "such as"."""


def on_the_immune_system(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """The classes that a word for immunomodulators means, where it is not the class that it names; else none.

    Arguments:
        clause: the clause that names them.
        mention: one of the clause's mentions.
    """
    if mention.key not in (_MODULATOR, _LIKE_THALIDOMIDE):
        return []
    # Where no cancer is treated, "immunomodulatory drugs" are all that act on the immune system, not thalidomide's kind.
    if not clause.context.of_cancer and "imid" not in mention.text.lower():
        return [replace(mention, key=key) for key in (_MODULATOR, _SUPPRESSANT)]
    if "imid" in mention.text.lower() or "modulat" not in mention.text.lower():
        return []
    examples = _examples(clause, mention)
    known = clause.context.known
    for keys in ((_SUPPRESSANT,), _STIMULANTS, (_LIKE_THALIDOMIDE,)):
        meant = [replace(mention, key=key) for key in keys]
        alike = known.steroids if _SUPPRESSANT in keys else ()  # of any route, so they are no immunosuppressants by their class
        if examples and all(e.key in alike or any(known.covers(m, e) for m in meant) for e in examples):
            return meant  # "immune modulators such as ciclosporin or tacrolimus", "immunomodulators (thymosin, interferon)"
    key = _by_the_disease(clause, mention)
    return [replace(mention, key=key)] if key != mention.key else []


def _by_the_disease(clause: ClauseReading, mention: Mention) -> str:
    """What the word means by itself: in myeloma thalidomide's kind, in solid tumours, where that is not given, any immunomodulators."""
    own, covers = clause.context.own_conditions, clause.context.known.names.knowledge.covers
    if any(covers(_MYELOMA, key) for key in own):
        return _LIKE_THALIDOMIDE
    return _MODULATOR if own and not any(covers(_OF_THE_BLOOD, key) for key in own) else mention.key


def _examples(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """The therapies that are listed behind a word as examples of it."""
    told = next((c for c in clause.part.tagged("example") if 0 <= c.start - mention.end <= _MOST_TO_EXAMPLES), None)
    if told is None and not clause.lower.startswith(" (", mention.end):
        return []
    at = told.end if told else mention.end
    found: list[Mention] = []
    for m in clause.part.therapies:
        if m.start < at:
            continue
        if not (_LISTED.fullmatch(clause.lower, found[-1].end, m.start) if found else m.start - at <= _MOST_TO_FIRST):
            break
        found.append(m)
    return found
