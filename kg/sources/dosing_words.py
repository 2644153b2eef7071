"""What words say of a drug: dose, route, frequency, days, infusion time, cycle; and where a text names the trial's own drugs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from kg.records import Dosing, Intervention
from kg.sources.wording import rows

__all__ = ["OwnNames", "cycles", "facts", "only_cycle", "route", "segment_start", "sentences"]

_NUMBER = r"\d+(?:[.,]\d+)*"
_RANGE = rf"{_NUMBER}(?:\s*(?:-|–|to)\s*{_NUMBER})?"
_UNIT = (
    r"(?:mg|milligrams?|mcg|micrograms?|µg|μg|ug|ng|g|grams?|ml|milliliters?|IU|international units|units?|U|MBq|GBq|mCi|cGy|Gy"
    r"|drops?|tablets?|capsules?|puffs?|(?:[a-z+]+ )?cells)"
)
_PER = r"(?:\s*(?:/|per)\s*(?:m\s*\\?\^?\s*[2²]|sqm|kg|day|d|dose|ml|hour|hr|h|minute|min|week|body weight)\b)*"
_POWER = rf"(?:{_NUMBER}\s*[×x*]\s*)?10\s*\\?\^\s*\d+"
_DOSE = re.compile(
    rf"(?:\bAUC\s*(?:of|=)?\s*{_RANGE}|(?<![\w^×*])(?<!\d[.,])(?:{_POWER}|{_RANGE})\s*{_UNIT}(?![a-z]){_PER})", re.IGNORECASE
)
_NO_DOSE = re.compile(r"/\s*ml$|ml/min$", re.IGNORECASE)
"""Concentrations, and a kidney's clearance."""
_DAY = r"[+-]?\d+"
_DAY_LIST = rf"{_DAY}(?:\s*(?:-|–|to|through|,?\s*and|,|&|or)\s*(?:days?\s+)?{_DAY})*"
_DAYS = re.compile(rf"\b(?:days?\s*:?\s*|d)({_DAY_LIST})(\s+of\s+(?:cycles?|courses?|weeks?|months?)\s+{_DAY_LIST})?(?!\w)", re.IGNORECASE)
_TIME = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?)"
_OVER = re.compile(rf"\bover\s+(?:approximately\s+|about\s+|at least\s+)?({_RANGE}\s*{_TIME})\b", re.IGNORECASE)
_LONG = re.compile(rf"\b(?<!\d[.,])({_NUMBER})[- ]({_TIME})\s+(?:(?:IV|intravenous|\(IV\))\s+)*infusion", re.IGNORECASE)
_PERIOD = re.compile(r"\bevery\s+(\w+)\s+(hours?|days?|weeks?|months?)\b|\bq\s?(\d+)\s?(h|d|w|m)\b", re.IGNORECASE)
_RATE = re.compile(r"\b\d+\s+(?:days|times|doses)\s*(?:/|per|a|each)\s*(?:day|week|month)\b", re.IGNORECASE)
_CYCLE = re.compile(
    r"(?:\b(?:courses?|cycles?|treatments?|therapy|regimens?)\b[^.;]{0,40}?\brepeat(?:s|ed|ing)?\s+(?:approximately\s+)?every\s+"
    r"(?P<a>\d{1,3}|[a-z]+)\s*(?P<au>day|week)s?\b"
    r"|\b(?P<b>\d{1,3})[- ](?P<bu>day|week)s?\s+(?:treatment\s+|dosing\s+)?(?:cycle|course)s?\b"
    r"|\b(?<!over the )(?:cycle|course)s?\s*(?:length|duration)?\s*(?:is|are|=|of|:|\()\s*(?P<c>\d{1,3})\s*(?P<cu>day|week)s?\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!vs)(?<!\.\w\.)(?<=[\w)\]%][.;])\s+(?=[A-Z(\[*])|(?<!\s)\s*\n\s*|\A\s+")
_NEAR = 80
"""How many letters before a name are looked at for words that lead up to it."""
_LEAD_IN = re.compile(r"(?:\b(?:of|a|an|the|single|dose|doses|infusions?|injections?|tablets?|capsules?)\b|\s)+$", re.IGNORECASE)


def facts(arm: str, name: str, words: str, quote: str) -> Dosing | None:
    """What the words about one drug say; None when they say nothing.

    >>> fact = facts("Arm I", "aspirin", "100 mg PO twice daily on days 1, 8 and 15", "")
    >>> fact.dose, fact.route, fact.frequency, fact.days
    ('100 mg', 'PO', 'twice daily', '1, 8, 15')
    """
    plain = _CYCLE.sub(lambda found: " " * len(found[0]), words)
    way = route(plain)
    over = _OVER.search(plain)
    if over and over[1].lower().rstrip("s").endswith("day") and way != "IV" and "infus" not in plain.lower():
        over = None  # how long the treatment lasts
    long = _LONG.search(plain)
    doses = (" ".join(found[0].split()) for found in _DOSE.finditer(plain))
    fact = Dosing(
        arm,
        name,
        dose="; ".join(dict.fromkeys(dose for dose in doses if not _NO_DOSE.search(dose))),
        route=way,
        frequency=_frequency(plain),
        days="; ".join(dict.fromkeys(_day_list(found) for found in _DAYS.finditer(plain))),
        duration=" ".join(over[1].split()) if over else f"{long[1]} {long[2].rstrip('s')}s" if long else "",
        quote=quote.strip(),
    )
    return fact if any((fact.dose, fact.route, fact.frequency, fact.days, fact.duration)) else None


def route(words: str) -> str:
    """The first route that the words name, '' for none."""
    return next((value for _, value in _valued("route", words)), "")


def _frequency(words: str) -> str:
    found = [(match.start(), -len(match[0]), value) for match, value in _valued("frequency", words)]
    for match in _PERIOD.finditer(words):
        number = match[1] or match[3]
        number = _number_words().get(number.lower(), number)
        unit = {"h": "hours", "d": "days", "w": "weeks", "m": "months"}.get((match[4] or "").lower(), match[2])
        if number.isdigit():
            found.append((match.start(), -len(match[0]), f"every {number} {unit}"))
    found += [(match.start(), -len(match[0]), match[0]) for match in _RATE.finditer(words)]
    return min(found)[2] if found else ""


def _day_list(found: re.Match[str]) -> str:
    days = re.sub(r"\s*(?:,?\s*\band\b|&|,|\bor\b)\s*(?:days?\s+)?", ", ", found[1], flags=re.IGNORECASE)
    days = re.sub(r"(?<=\d)\s*(?:-|–|\bto\b|\bthrough\b)\s*(?=\d)", "-", days)
    return " ".join(f"{days}{found[2] or ''}".split())


def cycles(text: str) -> Iterator[tuple[int, int]]:
    """Where a text states the length of a cycle, and the length in days.

    >>> list(cycles("Courses repeat every 4 weeks."))
    [(0, 28)]
    """
    if "cycle" not in (folded := text.lower()) and "course" not in folded and "repeat" not in folded:
        return
    for found in _CYCLE.finditer(text):
        number, unit = found["a"] or found["b"] or found["c"], found["au"] or found["bu"] or found["cu"]
        number = _number_words().get(number.lower(), number)
        if number.isdigit():
            yield found.start(), int(number) * (7 if unit.lower() == "week" else 1)


def only_cycle(text: str) -> int | None:
    """The length of the cycle in days when the text states exactly one."""
    lengths = {days for _, days in cycles(text)}
    return lengths.pop() if len(lengths) == 1 else None


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences and lines of a text, with their places.

    >>> list(sentences("Given s.c. daily. Then not.\\nEnd"))
    [(0, 'Given s.c. daily.'), (18, 'Then not.'), (28, 'End')]
    """
    start = 0
    for end in _SENTENCE_END.finditer(text):
        yield start, text[start : end.start()]
        start = end.end()
    yield start, text[start:]


def segment_start(sentence: str, at: int, previous_end: int) -> int:
    """Where the words about a drug begin: at its name, or at doses, routes and frequencies directly before it ("10 mg of oral").

    A dose that follows the drug before ("cisplatin 75 mg carboplatin") is that drug's.
    """
    near = previous_end
    if at - near > 2 * _NEAR:
        near = at - 2 * _NEAR
        near += len(sentence[near:at]) - len(sentence[near:at].lstrip("0123456789.,"))  # not inside a number
    before = sentence[near:at]
    found = [*_DOSE.finditer(before), *_words("route", before), *_words("frequency", before)]
    start = len(before)
    while True:
        edge = _LEAD_IN.search(before, max(0, start - _NEAR), start)
        reached = edge.start() if edge else start
        leading = [each.start() for each in found if reached <= each.end() <= start and each.start() < start]
        if not leading or (near and near == previous_end and not before[: min(leading)].strip(" (")):
            return near + start
        start = min(leading)


# --- words and names ---


@cache
def _table(kind: str) -> dict[str, str]:
    return {phrase: value for each, phrase, value in rows("dosing_words", "kind", "phrase", "value") if each == kind}


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    phrases = sorted(_table(kind), key=len, reverse=True)
    return re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, phrases)) + r")(?!\w)", re.IGNORECASE)


def _words(kind: str, text: str) -> Iterator[re.Match[str]]:
    return _pattern(kind).finditer(text)


def _valued(kind: str, text: str) -> Iterator[tuple[re.Match[str], str]]:
    for found in _words(kind, text):
        value = _table(kind).get(found[0].casefold())
        if value:  # a pattern that ignores case also takes a few letters of other alphabets
            yield found, value


def _number_words() -> dict[str, str]:
    return _table("number")


class OwnNames:
    """Finds a trial's own interventions in its own wording.

    >>> OwnNames([Intervention("Imatinib Mesylate", other_names=("Gleevec",))]).find("imatinib or Gleevec")
    [(0, 8, 'Imatinib Mesylate'), (12, 19, 'Imatinib Mesylate')]
    """

    def __init__(self, interventions: Sequence[Intervention]) -> None:
        spellings: dict[str, str] = {}
        for item in interventions:
            for spelling in (item.name, *item.other_names):
                for variant in _variants(spelling):
                    spellings.setdefault(_lowered(variant), item.name)
        placebos = [item.name for item in interventions if "placebo" in item.name.casefold()]
        spellings.setdefault("placebo", placebos[0] if len(placebos) == 1 else "")  # even an unregistered one ends what is said of a drug
        self._spellings = sorted(
            ((spelling, name) for spelling, name in spellings.items() if len(spelling) > 2), key=lambda pair: -len(pair[0])
        )

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, intervention) of every name in the text in order, the longest where they overlap; '' is an unregistered placebo."""
        folded = _lowered(text)
        taken = bytearray(len(text))
        found: list[tuple[int, int, str]] = []
        for spelling, name in self._spellings:
            at = folded.find(spelling)
            while at >= 0:
                end = at + len(spelling)
                whole = not (at and folded[at - 1].isalnum()) and not (end < len(folded) and folded[end].isalnum())
                if whole and not any(taken[at:end]):
                    found.append((at, end, name))
                    taken[at:end] = b"\x01" * (end - at)
                at = folded.find(spelling, end)
        return sorted(found)


def _lowered(text: str) -> str:
    """Lower case that keeps every letter's place: the few letters that would grow stay as they are."""
    folded = text.lower()
    return folded if len(folded) == len(text) else "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _variants(name: str) -> Iterator[str]:
    """A name as registered, without its parenthesis, what stands in the parenthesis, and without a salt at its end."""
    name = name.strip()
    yield name
    bare = re.sub(r"\s*\([^)]*\)\s*", " ", name).strip()
    if bare != name:
        yield bare
        yield from (inner.strip() for inner in re.findall(r"\(([^)]*)\)", name))
    words = bare.split()
    while len(words) > 1 and words[-1].casefold() in _table("salt"):
        words = words[:-1]
        yield " ".join(words)
