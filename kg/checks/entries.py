"""An entry whose name holds more than the name: a dose, a route, a form, a schedule ("tamoxifen 20 mg", "weekly paclitaxel")."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

from kg.checks.doses import AMOUNT, beside_doses, read_dose
from kg.errors import UnknownName
from kg.knowledge import Knowledge
from kg.names import Match, Names
from kg.records import Exposure

__all__ = ["resolved"]

_COMBINES = re.compile(r"[+]|/(?!\s*(?:m2|m²|m\^2|kg|ml|dose|da?y?|we?e?k)\b)|\s+(?:and|plus|with)\s+", re.I)
_KINDS = ("drug", "regimen", "class")
_MOST_OF_A_SALT = 2
"""So many words of a salt or form go behind a name: "metformin hydrochloride tablets"."""
_PIECE = re.compile(r"\b(?:tab(?:let)?|cap(?:sule)?|pill|puff|patch|vial|ampoule|suppositor)(?:e?s|y|ies)?\b", re.I)
"""What a strength is the strength of: how many of them are taken a day is another matter."""
_SAYS_NOTHING = re.compile(
    r"\b(?:(?:for|x)\s*)?(?:\d{1,2}\s*)?(?:cycles?|courses?)\b|\bd(?:ays?)?\s?\d{1,2}(?:\s?[-–,]\s?\d{1,2})*\b|\bAUC\s*(?:of\s*|=\s*)?\d+(?:\.\d+)?\b"
    r"|\b(?:(?:flat|fixed|standard)[\s-]doses?|doses?|dosed|bolus|infusions?|injections?|solution|(?:mono)?therapy|treatment|at|of|by|a|an)\b|[\s,;:()\[\]=]+",
    re.I,
)
"""What tells no amount a day beside one: cycles, the exposure aimed at, the form."""


def resolved(exposure: Exposure, knowledge: Knowledge, names: Names) -> list[tuple[Exposure, Match]]:
    """What an entry stands for: one drug, class or regimen, or the parts of a combination written with "/" or "+", each with its entry.

    What stands beside a name, a dose or a route, is put in its place, so that the entry is another; a name with words that are not
    understood is none.

    Raises:
        UnknownName, AmbiguousName: as `Names.resolve_therapy` does.
    Example:
        >>> knowledge = Knowledge.load()
        >>> ((read, match),) = resolved(Exposure("prednisone 5 mg/day PO"), knowledge, Names.of(knowledge))
        >>> match.key, read.dose, read.route
        ('prednisone', '5 mg/day', 'PO')
    """
    try:
        return [_one(exposure, knowledge, names)]
    except UnknownName:
        parts = [part.strip() for part in _COMBINES.split(exposure.drug) if part.strip()]
        if len(parts) > 1:
            with suppress(UnknownName):
                return [_part(exposure, part, knowledge, names) for part in parts]
        raise


def _part(exposure: Exposure, part: str, knowledge: Knowledge, names: Names) -> tuple[Exposure, Match]:
    alone = replace(exposure, drug=part)
    read, match = _one(alone, knowledge, names)
    return (exposure if read is alone else read), match


def _one(exposure: Exposure, knowledge: Knowledge, names: Names) -> tuple[Exposure, Match]:
    """The entry of one name. A name is also known without its brackets: what these hold is looked at first."""
    alone = _taken_apart(exposure, knowledge, names) if "(" in exposure.drug else None
    if alone is None:
        try:
            return exposure, names.resolve_therapy(exposure.drug)
        except UnknownName:
            alone = _taken_apart(exposure, knowledge, names)
            if alone is None:
                raise
    return alone, names.resolve_therapy(alone.drug)


def _taken_apart(exposure: Exposure, knowledge: Knowledge, names: Names) -> Exposure | None:
    """The entry with its name alone under `drug`, its dose and route where they belong; None where not every word of it is understood.

    What an entry says under `dose` and `route` counts: in its name the amount is then the strength of the product.
    """
    text = exposure.drug
    spans = {(m.start, m.end) for m in names.mentions(text) if m.kind in _KINDS and m.key}
    if len(spans) != 1:
        return None
    start, end = _with_its_salt(text, *spans.pop(), names)
    rest, route = _without_route(f"{text[:start]} ; {text[end:]}", knowledge)
    if exposure.route and route and _kind_of(exposure.route, knowledge) != _kind_of(route, knowledge):
        return None
    dose = _dose(rest)
    if dose is None or (dose and not exposure.dose and names.lookup(text[start:end], ("regimen",))):
        return None  # of a regimen it is no drug's dose
    return replace(exposure, drug=text[start:end], dose=exposure.dose or dose or None, route=exposure.route or route or None)


def _with_its_salt(text: str, start: int, end: int, names: Names) -> tuple[int, int]:
    """A name's span with the words of a salt or form that go behind it."""
    behind = list(re.finditer(r"\s+[^\W\d_]+(?![^\s,;)])", text[end:]))[:_MOST_OF_A_SALT]
    for word in reversed(behind):
        if names.lookup(text[start : end + word.end()], _KINDS):
            return start, end + word.end()
    return start, end


def _without_route(words: str, knowledge: Knowledge) -> tuple[str, str]:
    """The words without the route that they hold, and it; a tablet stays, as it tells what an amount is the strength of."""
    known = sorted(knowledge.routes, key=lambda word: (bool(_PIECE.fullmatch(word)), -len(word)))
    found = next((m for word in known if (m := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", words, re.I))), None)
    if found is None or _PIECE.fullmatch(found[0]):
        return words, found[0] if found else ""
    return f"{words[: found.start()]} ; {words[found.end() :]}", found[0]


def _kind_of(route: str, knowledge: Knowledge) -> str:
    """What words like "SC" and "subcutaneously" have in common."""
    known = knowledge.routes.get(route.strip().casefold())
    return known.route if known else route


def _dose(words: str) -> str | None:
    """The dose that words state, "" where they state none; None where they say anything else."""
    left = _PIECE.sub(" ", beside_doses(words))
    if _SAYS_NOTHING.sub("", left):
        return None
    dose = " ".join(_SAYS_NOTHING.sub(" ", words).split())
    if not AMOUNT.search(dose):
        return ""
    try:
        read = read_dose(dose)
    except ValueError:
        return None
    if read.puzzling:
        return None
    return "" if read.note and _PIECE.search(words) else dose
