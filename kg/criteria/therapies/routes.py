"""By which routes a sentence means a therapy: "inhaled steroids", "systemic or local antibiotics"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.criteria.clauses.clause import GENERIC, SYSTEMIC_ROUTES, ClauseReading
from kg.criteria.words.patterns import pattern
from kg.records import Mention

OF_ONE_ROUTE = {
    "inhaled-corticosteroid": "corticosteroid",
    "topical-corticosteroid": "corticosteroid",
    "intrathecal-chemotherapy": "chemotherapy",
    "intraperitoneal-chemotherapy": "chemotherapy",
    "intra-arterial-chemotherapy": "chemotherapy",
    "intravesical-therapy": "systemic-anticancer-therapy",
    "oral-chemotherapy": "chemotherapy",
}
"""Classes of one route, with what is meant where another shares their noun: "systemic or intrathecal chemotherapy"."""
_SHARING_A_NOUN = frozenset(OF_ONE_ROUTE.values())
_TO_ONE_PLACE = frozenset(OF_ONE_ROUTE) | {
    "hepatic-arterial-infusion-chemotherapy",
    "hyperthermic-intraperitoneal-chemotherapy",
    "isolated-limb-perfusion",
    "transarterial-chemoembolization",
}
"""Procedures, and classes of one route, by which the drugs that are told with them were given."""
_WITH = re.compile(r"\s+(?:therap(?:y|ies)\s+|treatments?\s+)?(?:with|using|of)\s+")
_BY_WHICHEVER = (("intravenous", "oral"), ("oral", "intravenous"))
_AT_LARGE = re.compile(r"\s+(?:therap(?:y|ies)|treatments?|agents?|medications?|drugs?|products?|preparations?)\s*")
_FORM_LIST = pattern("subjects: form list")
_DOSED = pattern("subjects: dosed")
_TELLING = SYSTEMIC_ROUTES | {"topical"}
"""Routes inside a class's name that limit it ("topical calcineurin inhibitors"); of "inhaled bronchodilators" it is the usual one."""
_LOCAL_ANYWAY = frozenset({"radiotherapy", "antacid"})
"""What is given to one place, or acts there, unless more is told of it: "local radiotherapy", a "local antacid" is any."""
_INTO_A_VEIN, _SWALLOWED = "intravenous", "oral"
_BY_INJECTION = re.compile(
    r"\s+(?:given\s+|administered\s+)?by\s+(?:(?:intravenous\s+)?(?:injection|infusion)|vein)\b(?!\s*(?:,|/|or\b|and\b))"
)
_INJECTED = re.compile(r"\b(?:injectable|injected|infused|infusional)\s+$")
_BY_MOUTH = re.compile(r"\s+(?:(?:given|taken|administered)\s+)?(?:by mouth|orally|per os)\b(?!\s*(?:,|/|or\b|and\b))")
_GIVEN_SO = re.compile(
    r"\s+(?:(?:has|have|had|was|were|been|being|is|are|that|which)\s+){0,4}"
    r"(?:given|used|administered|applied|injected|infused|delivered|instilled)\s+(?:only\s+)?"
)
_OR_OTHERWISE = re.compile(r"\s*(?:,|/|\bor\b|\band\b)")
_FORM = r"(?:(?:orally|systemic|oral|intravenous|topical|inhaled|intra-?nasal|nasal|ophthalmic|ocular|local|injected|parenteral)\b)"
_DENIED = re.compile(rf"\bnot\s+(?:{_FORM}(?:\s+(?:or|and)\s+|\s*/\s*|,\s+))*$")
_NOT_SO = re.compile(rf"[,(\s-]+(?:but\s+)?not\s+{_FORM}(?:(?:\s+(?:or|and)\s+|\s*/\s*|,\s+(?:or\s+)?){_FORM})*[),\s-]*")
"""Forms that are denied before the noun that they share: "systemic, but not topical, steroids"."""
_REACH = 80
"""A route stands at most this many characters before the therapy that it is said of."""


def routes(clause: ClauseReading, mention: Mention) -> tuple[str, ...]:
    """The routes a therapy is limited to: of "inhaled steroids" one, of "systemic or intrathecal chemotherapy" both; () for any to the
    whole body."""
    within = [] if mention.key in OF_ONE_ROUTE else _routes_within(clause, mention)
    inside = [route for route in within if route in _TELLING or mention.key in _SHARING_A_NOUN]
    named = tuple(dict.fromkeys([*routes_before(clause, mention), *inside, *_only_route(clause, mention)]))
    named = named or _of_what_it_explains(clause, mention)
    if mention.key in _LOCAL_ANYWAY:
        named = tuple(route for route in named if route != "local")
    if mention.key in GENERIC and is_of_either_kind(clause, mention):
        return ()
    if not named and given_to_one_place(clause, mention):
        return ("local",)
    local = tuple(route for route in named if route not in SYSTEMIC_ROUTES)
    if local and len(local) < len(named):
        return ("systemic", *local)
    known = clause.context.known
    by_vein = named == (_INTO_A_VEIN,) and (mention.key in known.anti_infectives or mention.key in known.steroids)
    by_vein = by_vein and "parenteral" not in mention.text.lower()
    if "systemic" in named or (any(route in SYSTEMIC_ROUTES for route in inside) and not by_vein):
        return ()
    for one, other in _BY_WHICHEVER:
        if one in named and clause.part.has("route", other) and not _told_apart(clause, mention, other):
            return ()  # "oral, intravenous or intra-articular steroids": by whichever route
    return named


def by_mouth(clause: ClauseReading, mentions: Sequence[Mention]) -> tuple[str, ...]:
    """("oral",) where of drugs against cancer only those are told that are swallowed: "except oral targeted agents".

    Arguments:
        clause: the clause.
        mentions: the drugs that are told together.
    """
    known = clause.context.known
    oral = bool(mentions) and all(known.is_anticancer(m) and routes_before(clause, m) == [_SWALLOWED] for m in mentions)
    return (_SWALLOWED,) if oral and not any(m.key in OF_ONE_ROUTE for m in mentions) else ()


def is_of_either_kind(clause: ClauseReading, mention: Mention) -> bool:
    """Whether therapy at large is meant, radiation and operations, too: "local or systemic antineoplastic therapy"."""
    named = routes_before(clause, mention)
    return "local" in named and ("systemic" in named or mention.text.lower().startswith("systemic"))


def given_to_one_place(clause: ClauseReading, mention: Mention) -> bool:
    """Whether a drug is told with the procedure by which it came to one place alone: "TACE with doxorubicin or cisplatin"."""
    by = [m for m in clause.part.therapies if m.key in _TO_ONE_PLACE and m.end <= mention.start] if mention.kind == "drug" else []
    found = _WITH.match(clause.lower, by[-1].end) if by else None
    if found is None:
        return False
    first = next((m for m in clause.part.therapies if m.start == found.end()), None)
    return first is not None and (first.start == mention.start or clause.list_end(first) >= mention.end)


def _only_route(clause: ClauseReading, mention: Mention) -> list[str]:
    """The route that is told as the only one: "amphotericin B by injection", "injectable cytotoxics", "drugs that were used locally"."""
    injected = _INJECTED.search(clause.before(mention.start, 20)) is not None and clause.context.known.is_anticancer(mention)
    injected = injected and not clause.part.has("kind", "contraception")
    if injected or _BY_INJECTION.match(clause.lower, mention.end, clause.part.end):
        return [_INTO_A_VEIN]
    if _BY_MOUTH.match(clause.lower, mention.end, clause.part.end):
        return [_SWALLOWED]
    told = (c for c in clause.part.tagged("route") if c.start >= mention.end and c.value not in SYSTEMIC_ROUTES)
    told = (c for c in told if _GIVEN_SO.fullmatch(clause.lower, mention.end, c.start))
    return [c.value for c in told if not _OR_OTHERWISE.match(clause.lower, c.end)]


def _routes_within(clause: ClauseReading, mention: Mention) -> list[str]:
    """The routes that the words of a therapy tell: "intravenous chemotherapy"."""
    return [c.value for c in clause.part.tagged("route") if mention.start <= c.start < mention.end]


def _whole(mention: Mention) -> str:
    """The class that one of a single route is of, by whichever route; else its own."""
    return OF_ONE_ROUTE.get(mention.key, mention.key)


def _told_apart(clause: ClauseReading, mention: Mention, route: str) -> bool:
    """Whether another route has a noun and a time of its own, or is of another therapy: "IV chemotherapy or oral targeted therapy"."""
    others = [m for m in clause.part.mentions if m.start != mention.start]
    others = [m for m in others if route in routes_before(clause, m) or route in _routes_within(clause, m)]
    if others and route not in routes_before(clause, mention) and all(_whole(m) != _whole(mention) for m in others):
        return True
    gaps = [(min(mention.end, other.end), max(mention.start, other.start)) for other in others]
    return any(start <= w.start < end for start, end in gaps for w in clause.part.windows)


def routes_before(clause: ClauseReading, mention: Mention) -> list[str]:
    """The routes that share the therapy's noun: "systemic or high doses of inhaled steroids"."""
    freed = clause.in_exception(mention.start)
    told = [c for c in clause.part.tagged("route") if clause.in_exception(c.start) == freed and 0 <= mention.start - c.end <= _REACH]
    if told and not clause.part.has("permit"):  # "inhaled but not systemic steroids are allowed" keeps out what it denies
        told = [c for c in told if not _DENIED.search(clause.before(c.start, 40))]
        return [c.value for c in told if _is_before(_NOT_SO.sub(" ", clause.lower[c.end : mention.start]))]
    return [c.value for c in told if _is_before(clause.lower[c.end : mention.start])]


def _is_before(gap: str) -> bool:
    """Whether what stands between a route and a therapy leaves them together."""
    return _FORM_LIST.fullmatch(_DOSED.sub("", gap)) is not None


def _of_what_it_explains(clause: ClauseReading, mention: Mention) -> tuple[str, ...]:
    """The local route of the therapy at large that a mention in brackets is an example of: "topical therapy (including steroids)"."""
    paren = clause.reading.paren_of(mention.start)
    if paren is None or mention.key in clause.context.known.procedures:
        return ()
    told = [c for c in clause.part.tagged("route") if c.end <= paren[0] and c.value not in SYSTEMIC_ROUTES | {"local"}]
    return (told[-1].value,) if told and _AT_LARGE.fullmatch(clause.lower, told[-1].end, paren[0]) else ()
