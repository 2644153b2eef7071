"""All of its kind, where a drug stands for them: "more than 10 mg of prednisone or equivalent", "300 mg/m2 of doxorubicin equivalents"."""

from __future__ import annotations

from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_OR_EQUIVALENT = pattern("narrowing: or equivalent")
_DOSE_OR_EQUIVALENT = pattern("narrowing: dose or equivalent")
_STEROIDS = "systemic-corticosteroid"
_ANTHRACYCLINES = "anthracycline"


def with_like(clause: ClauseReading, mention: Mention) -> list[Mention]:
    """A mention; with all of its kind, where one stands for them: "more than 10 mg of prednisone (or equivalent)".

    So does an anthracycline in "a cumulative dose of 360 mg/m2 of doxorubicin or equivalent".
    """
    known = clause.context.known
    if mention.kind != "drug" or "equivalent" not in clause.lower:
        return [mention]
    after = clause.after(mention.end, 60)
    told = _OR_EQUIVALENT.match(after) is not None
    if told and mention.key in known.prednisone:
        return [mention, replace(mention, kind="class", key=_STEROIDS)]
    anthracyclines = replace(mention, kind="class", key=_ANTHRACYCLINES)
    told = told or _DOSE_OR_EQUIVALENT.match(after) is not None
    return [mention, anthracyclines] if told and known.covers(anthracyclines, mention) else [mention]
