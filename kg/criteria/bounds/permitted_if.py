"""What must have come of a therapy for it to be permitted: "prior X is allowed if the patient responded", "… did not progress"."""

from __future__ import annotations

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import one_of, pattern
from kg.records import Mention

_NO_PROGRESSION = pattern("permitted if: no progression")
_NOT_REFRACTORY = pattern("permitted if: not refractory")
_RESPONSE = pattern("permitted if: response")
_MAY_BE_ON_TERMS = one_of("permitted if: no progression", "permitted if: not refractory", "permitted if: response")
WHAT_CAME = "what came of it"
"""The doubt of a therapy that is permitted to those whom it helped."""
_OTHER_MATTERS = ("brain_metastases", "second_malignancy")


def kept_out_by_outcome(clause: ClauseReading, mention: Mention) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """(outcomes, doubts) of those who had a permitted therapy and are kept out after all; None where nothing is asked of what came of it.

    Arguments:
        clause: one that permits the therapy.
        mention: the therapy.
    """
    if not clause.possible & _MAY_BE_ON_TERMS or not clause.context.known.is_anticancer(mention):
        return None
    part = clause.part
    if mention.key in clause.context.known.procedures or part.has("disease") or any(c.value in _OTHER_MATTERS for c in part.tagged("kind")):
        return None
    permit = next((c for c in part.tagged("permit") if c.start >= mention.end and not clause.in_exception(c.start)), None)
    if permit is None:
        return None
    none = _NOT_REFRACTORY.match(clause.lower, mention.end, permit.start) or _NO_PROGRESSION.match(clause.lower, permit.end, part.end)
    if none:
        return ((), (WHAT_CAME,)) if part.windows else (("progression",), ())
    return ((), (WHAT_CAME,)) if _RESPONSE.match(clause.lower, permit.end, part.end) else None
