"""Things that only bear the name of a therapy: "lupus anticoagulant", "abuse of steroids", "CD3 T cells", "anti-HBc"."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.named import Named
from kg.criteria.words.patterns import pattern

_ABUSE_OF = pattern("subjects: abuse of")
_ABUSED_TOO = pattern("subjects: abused too")
_CONSUMED = frozenset({"ethanol", "tobacco-smoking"})
"""What keeps out without being abused, too: "smoking, or drug abuse"."""
_DONATED = pattern("subjects: donated")
_SEROLOGY = pattern("subjects: serology")
_OTHER_THING_BEFORE = pattern("subjects: other thing before")
_OF_A_DOSE = pattern("subjects: of a dose")
_MEDICINES_IN = re.compile(r"\b(?:medications?|medicines?|drugs?|agents?)\s+(?:at|in|with)\s+(?:an?\s+)?$")
"""Before "immunosuppressive doses", drugs that bear no name, so that these words tell which they are."""
_CONJUGATE = "antibody-drug-conjugate"
_T_CELLS = pattern("subjects: T cells")
_AIMED = re.compile(r"(?:directed|targeted|targeting|specific|modified|engineered|redirected)$")
_PAYLOAD = pattern("subjects: payload")
_PAYLOAD_BEFORE = pattern("subjects: payload before")


def is_other_thing(named: Named) -> bool:
    """Whether something else bears its name: "abuse of steroids", "lupus anticoagulant", "donation of blood products"."""
    if named.found_near(_ABUSE_OF) or (named.found_behind(_ABUSED_TOO) and named.mention.key not in _CONSUMED):
        return True
    if named.found_near(_OTHER_THING_BEFORE):
        return True
    if named.found_near(_DONATED) and "transfus" not in named.mention.text.lower():
        return True
    of_doses = named.mention.key == "immunosuppressant" or named.mention.text.lower() == "cytotoxic"
    if not of_doses or named.found_behind(_OF_A_DOSE) is None or named.near.endswith("last "):
        return False
    unnamed = _MEDICINES_IN.search(named.near)
    start = named.mention.start - len(unnamed.group()) if unnamed else 0
    return unnamed is None or any(start < m.end <= named.mention.start for m in named.clause.part.therapies)


def are_cells_of_the_body(named: Named) -> bool:
    """Whether T cells follow that only bear its name: "CD3 T cells"; "CD19-directed T cells" are given."""
    return _T_CELLS.match(named.after[:40]) is not None and _AIMED.search(named.mention.text.lower()) is None


def is_payload(named: Named) -> bool:
    """Whether it is what a conjugate carries: "conjugates with a topoisomerase inhibitor payload"; "MMAE" means the conjugates."""
    if not (_PAYLOAD.match(named.after[:30]) or named.found_near(_PAYLOAD_BEFORE)):
        return False
    conjugate = replace(named.mention, kind="class", key=_CONJUGATE)
    return not named.clause.context.known.covers(conjugate, named.mention)


def is_serology(named: Named) -> bool:
    """ "Anti-HBc positive"."""
    return not named.anticancer and named.mention.text.lower().startswith("anti") and _SEROLOGY.match(named.after[:40]) is not None


def is_against_a_protein(named: Named) -> bool:
    """Whether "protein" belongs to a target's name: "anti-programmed cell death 1 protein (anti-PD-1)", not "monoclonal protein"."""
    return named.mention.text.lower().startswith("anti") and named.after.lstrip().startswith("protein")
