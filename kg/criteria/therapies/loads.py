"""What says which of a form of drug is meant: the class that is its adjective, and what a conjugate carries."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Mention

_CARRIED_AFTER = pattern("narrowing: carried after")
_CARRIED_BEFORE = pattern("narrowing: carried before")
_ADJECTIVE = re.compile(
    r"(?:ive|ory|[a-z]ing|biologic|ical|cytotoxic|neoplastic|angiogenic|therapeutic|small[ -]molecule|-based|-directed)$"
)
_OR_ANTIBODY = re.compile(
    r"^small[ -]molecule(?:\s+(?:or|and|and/or)\s+|\s?/\s?)(?:monoclonal\s+)?antibody(?:-based)?\s+(?:\S+\s+)?(?:inhib|block|antagon)"
)
"""Two forms that share one class behind them: "small molecule or antibody EGFR inhibitors"."""
_CONJUGATES = "antibody-drug-conjugate"
_OF_ONE_TARGET = "adc"
"""What is asked of drugs by words such as "DLL3 ADC"."""
_BY_LOAD = {
    "top1": "topoisomerase-i-adc",
    "topoisomerase-i-inhibitor": "topoisomerase-i-adc",
    "topoisomerase-inhibitor": "topoisomerase-i-adc",
    "microtubule-inhibitor": "tubulin-inhibitor-adc",
}
"""What a conjugate carries, a class or what it acts on, with the conjugates that do."""


def is_adjective(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a class only says which of another: "immunosuppressive biologics", "platinum-based systemic therapy"."""
    if mention.kind != "class" or not mention.key or not _ADJECTIVE.search(mention.text.lower()):
        return False
    if clause.before(mention.start, 4).endswith(("non-", "non ")):
        return False
    if _OR_ANTIBODY.search(mention.text.lower() + clause.lower[mention.end : mention.end + 40]):
        return True
    procedures = clause.context.known.procedures
    noun = next((m for m in clause.part.mentions if m.start == mention.end + 1 and m.kind == "class" and m.key), None)
    return noun is not None and noun.key not in procedures and clause.lower[mention.end] == " "


def told_by_its_load(clause: ClauseReading, mention: Mention) -> bool:
    """Whether what it carries is named beside a form of drug, and read by itself: "MMAE-based ADCs", "ADCs with an auristatin payload"."""
    for m in clause.part.mentions:
        if m.kind != "class" or m.key == mention.key or not clause.context.known.covers(mention, m):
            continue
        if m.key in clause.context.known.of_one_target and is_adjective(clause, m):
            continue  # "ALK-directed TKI"
        if _is_carried(clause, mention, m):
            return True
    return False


def is_load(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a class only says what the conjugates right behind it carry: "topoisomerase 1 (TOP1) inhibitor antibody-drug conjugate"."""
    if mention.kind != "class" or not any(_carries(clause, m) and m.start > mention.end for m in clause.part.mentions):
        return False
    behind = (m for m in clause.part.mentions if m.start > mention.end and _is_carried(clause, m, mention))
    return any(_carries(clause, m) for m in behind) and _conjugates_with(clause, mention) is not None


def of_a_load(clause: ClauseReading, mention: Mention) -> Mention | None:
    """Conjugates as the load beside them narrows them: "topoisomerase I-containing conjugates", "DLL3 ADC with a … payload"."""
    if not _carries(clause, mention):
        return None
    for m in clause.part.mentions:
        carried = m.kind in ("class", "target") and not _carries(clause, m) and _is_carried(clause, mention, m)
        conjugates = _conjugates_with(clause, m) if carried else None
        if conjugates is not None:
            return replace(mention, key=conjugates) if mention.key == _CONJUGATES else replace(mention, also=conjugates)
    return None


def _carries(clause: ClauseReading, mention: Mention) -> bool:
    """Whether conjugates are meant, of any target or of one."""
    if mention.kind != "class":
        return False
    if mention.action == _OF_ONE_TARGET or mention.key == _CONJUGATES:
        return True
    return mention.key != "" and _CONJUGATES in clause.context.known.names.knowledge.class_ancestors(mention.key)


def _conjugates_with(clause: ClauseReading, load: Mention) -> str | None:
    """The conjugates that carry what a mention names; None where it is no load that the tables know conjugates by."""
    covers = clause.context.known.covers
    for key, conjugates in _BY_LOAD.items():
        named = load.key or load.target
        if named == key or (load.kind == "class" and covers(Mention(load.start, load.end, "class", key, load.text), load)):
            return conjugates
    return None


def _is_carried(clause: ClauseReading, form: Mention, load: Mention) -> bool:
    """Whether words join a form of drug and what it carries."""
    if load.end <= form.start:
        return _CARRIED_BEFORE.fullmatch(clause.lower, load.end, form.start) is not None
    # The word for it may be of the name: "ADC containing".
    places = (form.end, clause.lower.rfind(" ", form.start, form.end))
    return load.start >= form.end and any(_CARRIED_AFTER.fullmatch(clause.lower, at, load.start) for at in places)
