"""How arms give their drugs: route, frequency, days, infusion time and cycle, read from the wording of arms and interventions.

Each arm's description is cut into sentences and each sentence at the names of the trial's interventions; the words that follow a name
(and a dose or route directly before it) belong to it. What a sentence does not say stays empty: nothing is taken from pharmacology.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg.records import Arm, Dosing, Intervention
from kg.sources.wording import rows

__all__ = ["read_dosing"]

_NUMBER = r"\d+(?:[.,]\d+)*"
_RANGE = rf"{_NUMBER}(?:\s*(?:-|–|to)\s*{_NUMBER})?"
_UNIT = (
    r"(?:mg|milligrams?|mcg|micrograms?|µg|μg|ug|ng|g|grams?|ml|milliliters?|IU|international units|units?|U|MBq|GBq|mCi|cGy|Gy"
    r"|drops?|tablets?|capsules?|puffs?|(?:[a-z+]+ )?cells)"
)
_PER = r"(?:\s*(?:/|per)\s*(?:m\s*\\?\^?\s*[2²]|sqm|kg|day|d|dose|ml|hour|hr|h|minute|min|week|body weight)\b)*"
_POWER = rf"(?:{_NUMBER}\s*[×x*]\s*)?10\s*\\?\^\s*\d+"
_DOSE = re.compile(rf"(?:\bAUC\s*(?:of|=)?\s*{_RANGE}|(?<![\w.^])(?:{_POWER}|{_RANGE})\s*{_UNIT}(?![a-z]){_PER})", re.IGNORECASE)
_NO_DOSE = re.compile(r"/\s*ml$|ml/min$", re.IGNORECASE)
"""Concentrations, and a kidney's clearance."""
_DAY = r"[+-]?\d+"
_DAY_LIST = rf"{_DAY}(?:\s*(?:-|–|to|through|,?\s*and|,|&|or)\s*(?:days?\s+)?{_DAY})*"
_DAYS = re.compile(rf"\b(?:days?\s*:?\s*|d)({_DAY_LIST})(\s+of\s+(?:cycles?|courses?|weeks?|months?)\s+{_DAY_LIST})?(?!\w)", re.IGNORECASE)
_TIME = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?)"
_OVER = re.compile(rf"\bover\s+(?:approximately\s+|about\s+|at least\s+)?({_RANGE}\s*{_TIME})\b", re.IGNORECASE)
_LONG = re.compile(rf"\b({_NUMBER})[- ]({_TIME})\s+(?:(?:IV|intravenous|\(IV\))\s+)*infusion", re.IGNORECASE)
_PERIOD = re.compile(r"\bevery\s+(\w+)\s+(hours?|days?|weeks?|months?)\b|\bq\s?(\d+)\s?(h|d|w|m)\b", re.IGNORECASE)
_RATE = re.compile(r"\b\d+\s+(?:days|times|doses)\s*(?:/|per|a|each)\s*(?:day|week|month)\b", re.IGNORECASE)
_CYCLE = re.compile(
    r"(?:\b(?:courses?|cycles?|treatments?|therapy|regimens?)\b[^.;]{0,40}?\brepeat(?:s|ed|ing)?\s+(?:approximately\s+)?every\s+(?P<a>\d+|[a-z]+)\s*(?P<au>day|week)s?\b"
    r"|\b(?P<b>\d+)[- ](?P<bu>day|week)s?\s+(?:treatment\s+|dosing\s+)?(?:cycle|course)s?\b"
    r"|\b(?<!over the )(?:cycle|course)s?\s*(?:length|duration)?\s*(?:is|are|=|of|:|\()\s*(?P<c>\d+)\s*(?P<cu>day|week)s?\b)",
    re.IGNORECASE,
)
_NOT_DOSED = ("BEHAVIORAL", "DEVICE", "DIAGNOSTIC_TEST", "PROCEDURE")
"""Kinds of intervention that are done rather than dosed."""
_SENTENCE_END = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!vs)(?<!\.\w\.)(?<=[\w)\]%][.;])\s+(?=[A-Z(\[*])|\s*\n+\s*")
_LEAD_IN = re.compile(r"(?:\b(?:of|a|an|the|single|dose|doses|infusions?|injections?|tablets?|capsules?)\b|\s)+$", re.IGNORECASE)
_JOINED = re.compile(
    r"(?:,|\band\b|\bplus\b|\bwith\b|\bfollowed by\b|\bthen\b|\bor\b|\+|/)\s*(?:(?:a|an|the|by|of|fixed|dose|doses)\s+)*$", re.IGNORECASE
)
_GROUP = r"(?:arm|group|cohort|part|regimen|stratum)"
_LABEL = re.compile(rf"\b{_GROUP}s?\s+(?P<name>[IVX]+|\d+[A-Za-z]?|[A-Za-z])\b", re.IGNORECASE)
_AS_IN = re.compile(
    r"\b(?:as|same)\b(?:\s+(?:in|for|described|per|those|that|the|treatment|patients|given|to|regimen|schedule|dose|as))*"
    rf"\s+(?P<ref>{_GROUP}\s+\w+)",
    re.IGNORECASE,
)
_CROSS = re.compile(r"\bcross(?:es|ed|ing)?(?:\s+|-)?over\b(?:\s+(?:to|into))?", re.IGNORECASE)
_PROGRESSION = re.compile(
    r"(?:\b(?:disease|tumou?r|radiographic|radiological|clinical|objective|confirmed)\s+)*"
    r"\bprogress(?:ion|ive disease|ed|es)\b(?:\s+of\s+(?:the\s+)?disease)?",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bwho\s+(.+?)\s+(?:may|can|will|are|have the option|could)\b.*?\bcross", re.IGNORECASE)


def read_dosing(
    arms: Sequence[Arm], interventions: Sequence[Intervention], description: str = ""
) -> tuple[tuple[Arm, ...], tuple[Dosing, ...]]:
    """How each arm gives each of its interventions, and the arms with the cross-over that their wording states.

    What an arm's own description does not tell is looked for in the paragraph of the detailed description that names the arm ("ARM I: …"),
    then in the intervention's description. "as in arm I" copies from that arm. Cycle lengths stated for all arms hold for all.

    Arguments:
        arms, interventions: as read from the record.
        description: the detailed description.

    >>> arm = Arm("Arm I", description="Patients receive aspirin PO twice daily on days 1-5 and 8. Courses repeat every 28 days.",
    ...           interventions=("Aspirin",))
    >>> _, (fact,) = read_dosing([arm], [Intervention("Aspirin")])
    >>> fact.route, fact.frequency, fact.days, fact.cycle_days
    ('PO', 'twice daily', '1-5, 8', 28)
    """
    names = _Names(interventions)
    own, common = _by_arm(arms, description)
    facts: dict[str, list[Dosing]] = {}
    for arm in arms:
        facts.setdefault(arm.label, []).extend(_arm_facts(arm, arms, names, interventions, own.get(arm.label, ""), common))
    for _ in arms:  # a reference may point at an arm that itself refers to another
        added = [_resolve(arm, arms, names, facts, own.get(arm.label, "")) for arm in arms]
        if not any(added):
            break
    crossing = tuple(_crossing(arm, arms, own.get(arm.label, "")) for arm in arms)
    return crossing, tuple(dict.fromkeys(fact for label in facts for fact in facts[label]))


# --- one arm ----------------------------------------------------------------------------------------------------------------------------


def _arm_facts(
    arm: Arm, arms: Sequence[Arm], names: _Names, interventions: Sequence[Intervention], own: str, common: str
) -> Iterator[Dosing]:
    given = {item.name for item in interventions if item.kind not in _NOT_DOSED}
    listed = given & set(arm.interventions) if arm.interventions else given
    texts = [arm.description, own or (common if len(arms) == 1 else "")]
    found: list[Dosing] = []
    for text in texts:
        known = {fact.intervention for fact in found}
        found += [fact for fact in _text_facts(arm.label, text, names, arms) if fact.intervention in listed - known]
    known = {fact.intervention for fact in found}
    for item in interventions:
        if item.name in listed - known and item.description:
            found += list(_intervention_facts(arm.label, item, names))
    shared = _only_cycle(own) or _only_cycle(common)
    other = {item.name for item in interventions if item.kind == "OTHER" and "placebo" not in item.name.casefold()}
    for fact in found:
        if fact.intervention in other and not fact.route:
            continue  # blood samples and visits have volumes and frequencies too
        yield fact if fact.cycle_days is not None or shared is None else replace(fact, cycle_days=shared)


def _text_facts(arm: str, text: str, names: _Names, arms: Sequence[Arm]) -> Iterator[Dosing]:
    cycles = list(_cycles(text))
    for start, sentence in _sentences(text):
        for fact in _sentence_facts(arm, sentence, names, arms):
            # a cycle is stated after the drugs that it holds for, or, failing that, before them
            after = [days for at, days in cycles if at >= start] or [days for _, days in reversed(cycles)]
            yield replace(fact, cycle_days=after[0]) if after else fact


def _intervention_facts(arm: str, item: Intervention, names: _Names) -> Iterator[Dosing]:
    text = item.description
    cycles = [days for _, days in _cycles(text)]
    for _, sentence in _sentences(text):
        others = [at for at, _, name in names.find(sentence) if name != item.name]
        fact = _facts(arm, item.name, sentence[: min(others, default=len(sentence))], sentence)
        if fact is not None:
            yield replace(fact, cycle_days=cycles[0]) if cycles else fact


def _sentence_facts(arm: str, sentence: str, names: _Names, arms: Sequence[Arm]) -> Iterator[Dosing]:
    quote, reference = sentence, _AS_IN.search(sentence)
    if reference and _refers(reference["ref"], arms):  # what stands before it is copied when the other arm is known
        sentence = " " * reference.end() + sentence[reference.end() :]
    mentions = names.find(sentence)
    if not mentions:
        return
    starts = [_segment_start(sentence, at, mentions[number - 1][1] if number else 0) for number, (at, _, _) in enumerate(mentions)]
    facts = []
    joined = []
    for (at, end, name), start, stop in zip(mentions, starts, [*starts[1:], len(sentence)], strict=True):
        words = sentence[start:at] + " " * (end - at) + sentence[end:stop]
        fact = _facts(arm, name, words, quote)
        if fact is not None and not fact.route:  # "XC8 oral tablet"
            fact = replace(fact, route=_route(sentence[at:end]))
        facts.append(fact)
        joined.append(bool(_JOINED.search(words)))
    for number in reversed(range(len(facts) - 1)):
        if joined[number]:
            facts[number] = _inherit(arm, mentions[number][2], facts[number], facts[number + 1])
    merged: dict[str, Dosing] = {}
    for fact in facts:
        if fact is not None:
            merged.setdefault(fact.intervention, fact)
    yield from merged.values()


def _segment_start(sentence: str, at: int, previous_end: int) -> int:
    """Where the words about a drug begin: at its name, or at doses, routes and frequencies directly before it ("10 mg of oral").

    A dose that follows the drug before ("cisplatin 75 mg carboplatin") is that drug's.
    """
    before = sentence[previous_end:at]
    found = [*_DOSE.finditer(before), *_words("route", before), *_words("frequency", before)]
    start = len(before)
    while True:
        edge = _LEAD_IN.search(before, 0, start)
        reached = edge.start() if edge else start
        leading = [each.start() for each in found if reached <= each.end() <= start and each.start() < start]
        if not leading or (previous_end and not before[: min(leading)].strip(" (")):
            return previous_end + start
        start = min(leading)


def _inherit(arm: str, name: str, fact: Dosing | None, following: Dosing | None) -> Dosing | None:
    """ "A and B IV on day 1": what is said after B holds for A too, as far as A says nothing of its own."""
    if following is None:
        return fact
    if fact is None:
        return replace(following, arm=arm, intervention=name, dose="")
    if not fact.frequency and not fact.days:
        return replace(fact, frequency=following.frequency, days=following.days)
    if not fact.days and fact.frequency == following.frequency:
        return replace(fact, days=following.days)
    return fact


def _facts(arm: str, name: str, words: str, quote: str) -> Dosing | None:
    """What the words about one drug say; None when they say nothing."""
    plain = _CYCLE.sub(lambda found: " " * len(found[0]), words)
    route = _route(plain)
    over = _OVER.search(plain)
    if over and over[1].lower().rstrip("s").endswith("day") and route != "IV" and "infus" not in plain.lower():
        over = None  # how long the treatment lasts
    long = _LONG.search(plain)
    doses = (" ".join(found[0].split()) for found in _DOSE.finditer(plain))
    fact = Dosing(
        arm,
        name,
        dose="; ".join(dict.fromkeys(dose for dose in doses if not _NO_DOSE.search(dose))),
        route=route,
        frequency=_frequency(plain),
        days="; ".join(dict.fromkeys(_day_list(found) for found in _DAYS.finditer(plain))),
        duration=" ".join(over[1].split()) if over else f"{long[1]} {long[2].rstrip('s')}s" if long else "",
        quote=quote.strip(),
    )
    return fact if any((fact.dose, fact.route, fact.frequency, fact.days, fact.duration)) else None


def _route(words: str) -> str:
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


def _cycles(text: str) -> Iterator[tuple[int, int]]:
    if "cycle" not in (folded := text.lower()) and "course" not in folded and "repeat" not in folded:
        return
    for found in _CYCLE.finditer(text):
        number, unit = found["a"] or found["b"] or found["c"], found["au"] or found["bu"] or found["cu"]
        number = _number_words().get(number.lower(), number)
        if number.isdigit():
            yield found.start(), int(number) * (7 if unit.lower() == "week" else 1)


def _only_cycle(text: str) -> int | None:
    lengths = {days for _, days in _cycles(text)}
    return lengths.pop() if len(lengths) == 1 else None


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        yield start, text[start : end.start()]
        start = end.end()
    yield start, text[start:]


# --- arms that speak of other arms ------------------------------------------------------------------------------------------------------


def _by_arm(arms: Sequence[Arm], description: str) -> tuple[dict[str, str], str]:
    """The paragraphs of the description that begin with an arm's label, by arm, and the rest."""
    own: dict[str, str] = {}
    common = []
    for paragraph in description.split("\n"):
        head, colon, _ = paragraph.partition(":")
        arm = _refers(head, arms) if colon and len(head) < 80 else None
        if arm is None:
            common.append(paragraph)
        else:
            own[arm.label] = f"{own[arm.label]}\n{paragraph}" if arm.label in own else paragraph
    return own, "\n".join(common)


def _refers(words: str, arms: Sequence[Arm]) -> Arm | None:
    """The one arm that "arm I" or the whole of a label in `words` points at."""
    reference = _LABEL.search(words)
    if reference:
        wanted = _label_key(reference["name"])
        matching = [arm for arm in arms if (label := _LABEL.search(arm.label)) and _label_key(label["name"]) == wanted]
        if len(matching) == 1:
            return matching[0]
    folded = words.casefold()
    matching = [arm for arm in arms if len(arm.label) > 3 and arm.label.casefold() in folded]
    return matching[0] if len(matching) == 1 else None


def _label_key(name: str) -> str:
    """Roman and Arabic numbers alike: "I" is "1"."""
    roman = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "X": "10"}
    return roman.get(name.upper(), name.casefold())


def _resolve(arm: Arm, arms: Sequence[Arm], names: _Names, facts: dict[str, list[Dosing]], own: str) -> bool:
    """Copies what "as in arm I" points at; true when something was added."""
    added = False
    for text in (arm.description, own):
        for _, sentence in _sentences(text):
            reference = _AS_IN.search(sentence)
            other = _refers(reference["ref"], arms) if reference else None
            if reference is None or other is None or other.label == arm.label:
                continue
            named = {name for _, _, name in names.find(sentence[: reference.start()])} or set(arm.interventions)
            known = {fact.intervention for fact in facts[arm.label]}
            copies = [
                replace(fact, arm=arm.label, quote=sentence.strip())
                for fact in facts[other.label]
                if fact.intervention in named - known and (not arm.interventions or fact.intervention in arm.interventions)
            ]
            facts[arm.label] += copies
            added = added or bool(copies)
    return added


def _crossing(arm: Arm, arms: Sequence[Arm], own: str) -> Arm:
    for text in (arm.description, own):
        for _, sentence in _sentences(text):
            found = _CROSS.search(sentence)
            to = _refers(sentence[found.end() :], arms) if found else None
            if to is not None and to.label != arm.label:
                when = _PROGRESSION.search(sentence) or _WHO.search(sentence)
                return replace(arm, crosses_to=to.label, crosses_when=(when[1] if when.re is _WHO else when[0]).strip() if when else "")
    return arm


# --- words ------------------------------------------------------------------------------------------------------------------------------


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
        yield found, _table(kind)[found[0].lower()]


def _number_words() -> dict[str, str]:
    return _table("number")


@dataclass(frozen=True, slots=True)
class _Spelling:
    folded: str
    name: str


class _Names:
    """Finds a trial's own interventions in its own wording."""

    def __init__(self, interventions: Sequence[Intervention]) -> None:
        spellings: dict[str, str] = {}
        for item in interventions:
            for spelling in (item.name, *item.other_names):
                for variant in _variants(spelling):
                    spellings.setdefault(variant.casefold(), item.name)
        placebos = [item.name for item in interventions if "placebo" in item.name.casefold()]
        spellings.setdefault("placebo", placebos[0] if len(placebos) == 1 else "")  # even an unregistered one ends what is said of a drug
        self._spellings = [_Spelling(folded, spellings[folded]) for folded in sorted(spellings, key=len, reverse=True) if len(folded) > 2]

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, intervention) of every name in the text in order, the longest where they overlap; '' is an unregistered placebo."""
        folded = text.lower()
        if len(folded) != len(text):  # a few letters grow when lowered, which would shift the places
            folded = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
        taken: list[tuple[int, int, str]] = []
        for spelling in self._spellings:
            at = folded.find(spelling.folded)
            while at >= 0:
                end = at + len(spelling.folded)
                whole = not (at and folded[at - 1].isalnum()) and not (end < len(folded) and folded[end].isalnum())
                if whole and not any(start < end and at < stop for start, stop, _ in taken):
                    taken.append((at, end, spelling.name))
                at = folded.find(spelling.folded, end)
        return sorted(taken)


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
