"""Therapies that share one noun: "allogeneic bone marrow, stem cell or solid organ transplant", "live or mRNA vaccine"."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.names import Names
from kg.records import Mention

_NOUN = "transplant"
_DONOR = r"auto(?:logous)?|allo(?:gene?ic)?|haploidentical|syngeneic"
_OF_BLOOD = (
    r"(?:(?:ha?ematopoietic|ha?ematolog(?:ic|ical)|peripheral[- ]blood)\s)?(?:progenitor\s)?stem[- ]cells?|ha?ematopoietic(?:\scells?)?"
    r"|ha?ematolog(?:ic|ical)|(?:bone[- ])?marrow"
    r"|(?:(?:single|double)\s)?(?:umbilical\s)?cord[- ]blood"
)
_OF_ORGANS = r"(?:solid[- ])?organ|tissue|kidney|renal|liver|hepatic|heart|cardiac|lung|corneal?|pancreas"
_ITEM = rf"\b(?:(?:(?:{_DONOR})\s)?(?:{_OF_BLOOD}|{_OF_ORGANS})|(?:{_DONOR}))\b"
_JOINT = r"(?:\s?,\s?(?:(?:and/or|or|and)\s)?|\s?/\s?|\s(?:and/or|or|and)\s)"
_SHORT = r"\s\([a-z-]{2,10}\)"
"""Its abbreviation in the midst: "allogeneic stem cell (SCT) or organ transplant"."""
_LIST = re.compile(
    rf"(?P<items>{_ITEM}(?:(?:{_SHORT})?{_JOINT}{_ITEM}){{1,6}}(?:{_SHORT})?|{_ITEM}{_SHORT})\s(?:transplant(?:s|ations?)?|allografts?)\b"
)
_ITEMS = re.compile(_ITEM)
_FROM_WHOM = re.compile(rf"(?P<donor>{_DONOR})\b\s?")
_SPELLED = {"auto": "autologous", "allo": "allogeneic", "hapl": "allogeneic"}
_BLOOD = re.compile(_OF_BLOOD)
_LIVE_OR_OTHER = re.compile(
    r"\b(?P<live>live(?:[\s/-]+(?:attenuated|virus|viral))?|attenuated)\s?(?:,\s?(?:or\s|and\s)?|/|\s(?:or|and|and/or)\s)(?!attenuated\s)(?:[\w-]+[\s,/]+){1,6}?vaccin"
)
"""A live vaccine beside another kind, whose noun it shares."""
_LIVE_VACCINE = "live-vaccine"


def with_live_vaccines(lower: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions of a criterion with the live vaccines that share the noun of others: "live/attenuated or mRNA vaccine".

    Arguments:
        lower: the criterion's lower-case normal form.
        mentions: those that were found in it by their names.
    """
    if "vaccin" not in lower or ("attenuated" not in lower and "live" not in lower):
        return mentions
    for listed in _LIVE_OR_OTHER.finditer(lower):
        start, end = listed.span("live")
        if not any(m.start < end and start < m.end for m in mentions):
            mentions = [*mentions, Mention(start, end, "class", _LIVE_VACCINE, listed["live"])]
    return sorted(mentions, key=lambda m: m.start)


def with_grafts(lower: str, mentions: list[Mention], names: Names) -> list[Mention]:
    """The mentions of a criterion with every transplant of a list that shares the last one's noun.

    A donor who is told of once is that of every transplant of blood cells that follows: "allogeneic bone marrow or stem cell transplant".

    Arguments:
        lower: the criterion's lower-case normal form.
        mentions: those that were found in it by their names.
        names: the matcher that knows the classes of transplants.
    """
    if _NOUN not in lower and "allograft" not in lower:
        return mentions
    for listed in _LIST.finditer(lower):
        donors: list[str] = []
        for item in _ITEMS.finditer(lower, *listed.span("items")):
            own = _FROM_WHOM.match(item.group())
            bare = item.group()[own.end() :] if own else item.group()
            if own:
                donors.append(_SPELLED.get(own["donor"][:4], ""))
            donor = donors[-1] if own else donors[0] if len(donors) == 1 and _BLOOD.fullmatch(bare) else ""
            key = _class_of(f"{donor} {bare}".strip(), names) or _class_of(bare, names)
            mentions = _with(mentions, item.start(), item.end(), key, item.group())
    return sorted(mentions, key=lambda m: m.start)


def _class_of(graft: str, names: Names) -> str:
    """The class that a transplant of this is; "" if none is known."""
    nouns = (_NOUN, f"{_NOUN}ation") if graft else ()
    return next((match.key for noun in nouns for match in names.lookup(f"{graft} {noun}", ("class",))), "")


def _with(mentions: list[Mention], start: int, end: int, key: str, text: str) -> list[Mention]:
    """The mentions with this one; one that was found at its place (the list's last) gets its class."""
    if not key:
        return mentions
    if not any(m.start < end and start < m.end for m in mentions):
        return [*mentions, Mention(start, end, "class", key, text)]
    return [replace(m, key=key) if m.kind == "class" and m.start == start and m.end > end else m for m in mentions]
