"""How arms give their drugs: route, frequency, days, infusion time and cycle, read from the wording of arms and interventions.

Each arm's description is cut into sentences and each sentence at the names of the trial's interventions; the words that follow a name
(and a dose or route directly before it) belong to it. What a sentence does not say stays empty: nothing is taken from pharmacology.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.records import Arm, Dosing, Intervention
from kg.sources.dosing_words import OwnNames, cycles, facts, only_cycle, route, segment_start, sentences

__all__ = ["read_dosing"]

_NOT_DOSED = ("BEHAVIORAL", "DEVICE", "DIAGNOSTIC_TEST", "PROCEDURE")
"""Kinds of intervention that are done rather than dosed."""
_JOINED = re.compile(
    r"(?:,|\band\b|\bplus\b|\bwith\b|\bfollowed by\b|\bthen\b|\bor\b|\+|/)\s*(?:(?:a|an|the|by|of|fixed|dose|doses)\s+)*$", re.IGNORECASE
)
_GROUP = r"(?:arm|group|cohort|part|regimen|stratum)"
_LABEL = re.compile(rf"\b{_GROUP}s?\s+(?P<name>[IVX]+|\d+[A-Za-z]?|[A-Za-z])\b", re.IGNORECASE)
_AS_IN = re.compile(
    r"\b(?:as|same)\b(?:\s+(?:in|for|described|per|those|that|the|treatment|patients|given|to|regimen|schedule|dose|as)){0,8}"
    rf"\s+(?P<ref>{_GROUP}\s+\w+)",
    re.IGNORECASE,
)
_CROSS = re.compile(r"\bcross(?:es|ed|ing)?(?:\s+|-)?over\b(?:\s+(?:to|into))?", re.IGNORECASE)
_PROGRESSION = re.compile(
    r"(?:\b(?:disease|tumou?r|radiographic|radiological|clinical|objective|confirmed)\s+){0,3}"
    r"\bprogress(?:ion|ive disease|ed|es)\b(?:\s+of\s+(?:the\s+)?disease)?",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bwho\s+(.{1,200}?)\s+(?:may|can|will|are|have the option|could)\b.{0,200}?\bcross", re.IGNORECASE)


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
    names = OwnNames(interventions)
    own, common = _by_arm(arms, description)
    read: dict[str, list[Dosing]] = {}
    for arm in arms:
        read.setdefault(arm.label, []).extend(_arm_facts(arm, arms, names, interventions, own.get(arm.label, ""), common))
    for _ in arms:  # a reference may point at an arm that itself refers to another
        added = [_resolve(arm, arms, names, read, own.get(arm.label, "")) for arm in arms]
        if not any(added):
            break
    crossing = tuple(_crossing(arm, arms, own.get(arm.label, "")) for arm in arms)
    return crossing, tuple(dict.fromkeys(fact for label in read for fact in read[label]))


# --- one arm ----------------------------------------------------------------------------------------------------------------------------


def _arm_facts(
    arm: Arm, arms: Sequence[Arm], names: OwnNames, interventions: Sequence[Intervention], own: str, common: str
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
        if item.name in listed - known and item.description and (arm.label in item.arms or not item.arms):
            found += list(_intervention_facts(arm.label, item, names))
    shared = only_cycle(own) or only_cycle(common)
    other = {item.name for item in interventions if item.kind == "OTHER" and "placebo" not in item.name.casefold()}
    for fact in found:
        if fact.intervention in other and not fact.route:
            continue  # blood samples and visits have volumes and frequencies too
        yield fact if fact.cycle_days is not None or shared is None else replace(fact, cycle_days=shared)


def _text_facts(arm: str, text: str, names: OwnNames, arms: Sequence[Arm]) -> Iterator[Dosing]:
    lengths = list(cycles(text))
    for start, sentence in sentences(text):
        for fact in _sentence_facts(arm, sentence, names, arms):
            # a cycle is stated after the drugs that it holds for, or, failing that, before them
            days = next((days for at, days in lengths if at >= start), lengths[-1][1] if lengths else None)
            yield replace(fact, cycle_days=days)


def _intervention_facts(arm: str, item: Intervention, names: OwnNames) -> Iterator[Dosing]:
    text = item.description
    length = next((days for _, days in cycles(text)), None)
    for _, sentence in sentences(text):
        others = [at for at, _, name in names.find(sentence) if name != item.name]
        fact = facts(arm, item.name, sentence[: min(others, default=len(sentence))], sentence)
        if fact is not None:
            yield replace(fact, cycle_days=length)


def _sentence_facts(arm: str, sentence: str, names: OwnNames, arms: Sequence[Arm]) -> Iterator[Dosing]:
    quote, reference = sentence, _AS_IN.search(sentence)
    if reference and _refers(reference["ref"], arms):  # what stands before it is copied when the other arm is known
        sentence = " " * reference.end() + sentence[reference.end() :]
    mentions = names.find(sentence)
    if not mentions:
        return
    starts = [segment_start(sentence, at, mentions[number - 1][1] if number else 0) for number, (at, _, _) in enumerate(mentions)]
    found: list[Dosing | None] = []
    joined = []
    for (at, end, name), start, stop in zip(mentions, starts, [*starts[1:], len(sentence)], strict=True):
        words = sentence[start:at] + " " * (end - at) + sentence[end:stop]
        fact = facts(arm, name, words, quote)
        if fact is not None and not fact.route:  # "XC8 oral tablet"
            fact = replace(fact, route=route(sentence[at:end]))
        found.append(fact)
        joined.append(bool(_JOINED.search(words[-80:])))
    for number in reversed(range(len(found) - 1)):
        if joined[number]:
            found[number] = _inherit(arm, mentions[number][2], found[number], found[number + 1])
    merged: dict[str, Dosing] = {}
    for fact in found:
        if fact is not None:
            merged.setdefault(fact.intervention, fact)
    yield from merged.values()


def _inherit(arm: str, name: str, fact: Dosing | None, following: Dosing | None) -> Dosing | None:
    """ "A and B IV on day 1": what is said after B holds for A too, as far as A says nothing of its own."""
    if following is None:
        return fact
    if fact is None:
        shared = any((following.route, following.frequency, following.days, following.duration))  # a dose is one drug's own
        return replace(following, arm=arm, intervention=name, dose="") if shared else None
    if not fact.frequency and not fact.days:
        return replace(fact, frequency=following.frequency, days=following.days)
    if not fact.days and fact.frequency == following.frequency:
        return replace(fact, days=following.days)
    return fact


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


def _resolve(arm: Arm, arms: Sequence[Arm], names: OwnNames, read: dict[str, list[Dosing]], own: str) -> bool:
    """Copies what "as in arm I" points at; true when something was added."""
    added = False
    for text in (arm.description, own):
        for _, sentence in sentences(text):
            reference = _AS_IN.search(sentence)
            other = _refers(reference["ref"], arms) if reference else None
            if reference is None or other is None or other.label == arm.label:
                continue
            named = {name for _, _, name in names.find(sentence[: reference.start()])} or set(arm.interventions)
            known = {fact.intervention for fact in read[arm.label]}
            copies = [
                replace(fact, arm=arm.label, quote=sentence.strip())
                for fact in read[other.label]
                if fact.intervention in named - known and (not arm.interventions or fact.intervention in arm.interventions)
            ]
            read[arm.label] += copies
            added = added or bool(copies)
    return added


def _crossing(arm: Arm, arms: Sequence[Arm], own: str) -> Arm:
    for text in (arm.description, own):
        for _, sentence in sentences(text):
            found = _CROSS.search(sentence)
            to = _refers(sentence[found.end() :], arms) if found else None
            if to is not None and to.label != arm.label:
                when = _PROGRESSION.search(sentence) or _WHO.search(sentence)
                return replace(arm, crosses_to=to.label, crosses_when=(when[1] if when.re is _WHO else when[0]).strip() if when else "")
    return arm
