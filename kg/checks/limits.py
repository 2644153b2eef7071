"""The limits but for doses that a rule or an exception sets on a therapy: does the patient's fact keep within them?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kg.checks.facts import Fact
from kg.checks.lookups import lookups
from kg.checks.windows import Side, answer
from kg.knowledge import Knowledge
from kg.names.fold import fold
from kg.records import Step, Window

__all__ = [
    "OF_OTHER_USE",
    "YES",
    "Holds",
    "Limit",
    "Own",
    "for_conditions",
    "for_own_disease",
    "given_for_another_ill",
    "in_settings",
    "of_outcomes",
    "on_routes",
    "within_window",
]


class Holds(StrEnum):
    """Whether a limit holds for a fact."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    """It depends on something that is not given: review."""
    MISSING = "missing"
    """A date that decides is missing: unknown."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The answer on one limit. `why` says what was compared; `free_from` the day from which on a window is over."""

    holds: Holds
    why: str = ""
    free_from: date | None = None
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()


YES = Limit(Holds.YES)
_OF_BLOOD = "hematologic-malignancy"


# --- where, why and in which setting ------------------------------------------------------------------------------------------------------


def on_routes(asked: tuple[str, ...], fact: Fact, knowledge: Knowledge, *, of_class: str = "") -> Limit:
    """Whether the therapy came in by one of the routes that a sentence asks for; none stated means systemic exposure.

    Members of a class that names a local route itself ("inhaled corticosteroid") are taken to be given so where their route is not stated.
    An operation or radiotherapy has no route.

    Arguments:
        of_class: the class of the sentence that the therapy is in.
    """
    if fact.kind == "class" and knowledge.classes[fact.key].kind == "procedure":
        return YES
    usual = _route_of(of_class, knowledge)
    if usual and not fact.route:
        return YES
    asked = asked or usual or ("systemic",)
    given = fact.route or "systemic"
    if "systemic" in asked:
        if fact.systemic == "yes":
            return YES
        if fact.systemic == "arguable":
            return Limit(Holds.UNCLEAR, f"whether {given} {fact.name} acts on the whole body is arguable")
        if given not in asked and "local" not in asked:
            return Limit(Holds.NO, f"{given} {fact.name} is no systemic exposure")
    if given in asked or ("local" in asked and fact.systemic == "no"):
        return YES
    if not fact.route and "oral" in asked and fact.usually_oral:
        return Limit(Holds.YES, notes=(f"{fact.name}: no route given; taken by mouth is assumed",))
    if not fact.route and fact.never_oral and "intravenous" in asked:
        return Limit(Holds.YES, notes=(f"{fact.name}: no route given; by injection is assumed",))
    if not fact.route and fact.never_oral and "oral" in asked and not any(_systemic_route(route) for route in asked if route != "oral"):
        return Limit(Holds.NO, f"{fact.name} is not taken by mouth")
    if not fact.route and fact.only_oral and "oral" not in asked:
        return Limit(Holds.NO, f"{fact.name} is taken by mouth")
    if not fact.route and any(_systemic_route(route) for route in asked):
        return Limit(Holds.UNCLEAR, f"the route of {fact.name} is not given; the sentence speaks of {' or '.join(asked)} use")
    return Limit(Holds.NO, f"{fact.name} is given as {given}; the sentence speaks of {' or '.join(asked)} use")


def _route_of(key: str, knowledge: Knowledge) -> tuple[str, ...]:
    """The local route that a class names itself; () for other classes."""
    label = knowledge.classes[key].label if key in knowledge.classes else ""
    found = knowledge.routes.get(label.split(" ")[0].casefold())
    return () if found is None or found.systemic == "yes" else (found.route,)


def _systemic_route(route: str) -> bool:
    return route in ("oral", "intravenous", "subcutaneous", "intramuscular", "parenteral")


def in_settings(asked: tuple[str, ...], fact: Fact, knowledge: Knowledge, *, recent: bool = False) -> Limit:
    """Whether the therapy was given in one of the settings (`data/settings.csv` says which settings answer to which).

    Arguments:
        recent: the sentence counts from the last dose: what was given so lately is taken to be for the disease that the patient has now.
    """
    if not asked:
        return YES
    words = " or ".join(asked)
    if not fact.settings and recent:
        return Limit(Holds.YES, notes=(f"setting not given: taken to be for the present disease, as the sentence asks ({words})",))
    if not fact.settings:
        return Limit(Holds.UNCLEAR, f"the setting of {fact.name} is not given; the sentence speaks of {words} disease or therapy")
    table = lookups(knowledge).settings
    answers = {table.get((a, given), "no") for a in asked for given in fact.settings}
    if "yes" in answers:
        return YES
    given = " and ".join(fact.settings)
    if "unclear" in answers:
        return Limit(Holds.UNCLEAR, f"the sentence speaks of {words} disease or therapy; {fact.name} was given in the {given} setting")
    return Limit(Holds.NO, f"{fact.name} was given in the {given} setting, not {words}")


_OF_THE_BLOOD = "hematologic-malignancy"
_ABOVE_WIDE = {_OF_THE_BLOOD, "cancer"}
"""Above the widest names of cancers of the blood, of which each doctor and register draws the borders anew."""


def _relation(knowledge: Knowledge, asked: str, given: str) -> Holds:
    if knowledge.covers(asked, given):
        return Holds.YES
    if knowledge.covers(given, asked):
        return Holds.UNCLEAR
    kinds = {knowledge.conditions[key].kind for key in (asked, given) if key in knowledge.conditions}
    if "state" in kinds or len(kinds) == 0:
        return Holds.UNCLEAR
    return Holds.UNCLEAR if len(kinds) == 1 and _share_forms(knowledge, asked, given) else Holds.NO


def _share_forms(knowledge: Knowledge, one: str, other: str) -> bool:
    """Whether two diseases have forms in common, as bladder cancer and urothelial carcinoma have."""
    return not knowledge.condition_descendants(one).isdisjoint(knowledge.condition_descendants(other))


def relation(knowledge: Knowledge, asked: Iterable[str], given: Iterable[str]) -> Holds:
    """The best relation between conditions asked for and given: YES covered, UNCLEAR perhaps, NO disjoint."""
    found = {_relation(knowledge, a, g) for a in asked for g in given}
    return next((h for h in (Holds.YES, Holds.UNCLEAR) if h in found), Holds.NO)


def in_a_blood_cancer(fact: Fact, knowledge: Knowledge) -> Limit:
    """Whether a therapy was given for a cancer of the blood, whose protocols count as chemotherapy what others do not."""
    if fact.indication == "neoplasm" and relation(knowledge, (_OF_BLOOD,), fact.conditions) is Holds.NO:
        return Limit(Holds.NO, f"{fact.name} was given for {fact.condition_text}; only protocols of blood cancers count it as chemotherapy")
    return YES


def _is_neoplasm(knowledge: Knowledge, key: str) -> bool:
    return key in knowledge.conditions and knowledge.conditions[key].kind == "neoplasm"


def _labels(knowledge: Knowledge, keys: Iterable[str]) -> str:
    return " or ".join(knowledge.conditions[k].label if k in knowledge.conditions else k for k in keys)


@dataclass(frozen=True, slots=True)
class Own:
    """The trial's own disease: condition keys, and the words of its title and conditions.

    Rules ask it questions and never look inside, so that trials which give the same answers can be judged together (`kg.checks.index`).
    """

    keys: tuple[str, ...]
    text: str

    def named(self, words: str) -> bool:
        """Whether the trial's title or conditions hold these words."""
        return fold(words) in self.text

    def oncological(self, knowledge: Knowledge) -> bool:
        """Whether it is a cancer, as is taken where it is not known."""
        return not self.keys or any(_is_neoplasm(knowledge, key) for key in self.keys)

    def relates(self, given: tuple[str, ...], knowledge: Knowledge) -> Holds | None:
        """How conditions stand to the trial's own; a broader name of it will do. None where its own are not known."""
        if not self.keys:
            return None
        if any(not knowledge.condition_kin(b).isdisjoint(self.keys) for b in given):
            return Holds.YES
        return relation(knowledge, self.keys, given)

    def shared(self, asked: tuple[str, ...], given: tuple[str, ...], knowledge: Knowledge) -> bool | None:
        """Whether `asked` and `given` both are the trial's own disease, by whichever of its names; None where `asked` is not."""
        own = {key for a in asked for key in self.keys if key in knowledge.condition_kin(a) or _share_forms(knowledge, a, key)}
        return any(not knowledge.condition_kin(b).isdisjoint(own) for b in given) if own else None


def for_conditions(asked: tuple[str, ...], fact: Fact, knowledge: Knowledge, has: tuple[str, ...] = (), own: Own | None = None) -> Limit:
    """Whether the therapy was given for one of the conditions.

    Arguments:
        has: conditions of the patient that stand in for the indication where it is not given ("HIV-positive patients on …").
        own: the trial's own disease: where the sentence speaks of it ("gastric adenocarcinoma") and the therapy was given for it under
            another of its names ("gastric cancer"), it is the same.
    """
    if not asked:
        return YES
    words = _labels(knowledge, asked)
    if not fact.condition_text:
        if has and relation(knowledge, asked, has) is Holds.YES:
            return YES
        return Limit(Holds.UNCLEAR, f"what {fact.name} was given for is not stated; the sentence is limited to {words}")
    if not fact.conditions and fact.indication == "other" and all(_is_neoplasm(knowledge, a) for a in asked):
        return Limit(Holds.NO, f"{fact.name} was given for {fact.condition_text}, which is not {words}")
    if not fact.conditions:
        return Limit(Holds.UNCLEAR, f"“{fact.condition_text}” is not known here; the sentence is limited to {words}")
    holds = relation(knowledge, asked, fact.conditions)
    if holds is Holds.YES or (own is not None and _both_own(asked, fact, own, knowledge)):
        return YES
    if own is not None and holds is Holds.NO and _registered_beside(asked, fact, own, knowledge):
        holds = Holds.UNCLEAR
    verb = "may not be" if holds is Holds.UNCLEAR else "is not"
    return Limit(holds, f"{fact.name} was given for {fact.condition_text}, which {verb} {words}")


def _registered_beside(asked: tuple[str, ...], fact: Fact, own: Own, knowledge: Knowledge) -> bool:
    """Whether a trial of what is asked for registers it under a wide name, too: trials of MDS as "leukemia, myelodysplastic syndromes"."""
    wide = [key for key in fact.conditions if key in own.keys and knowledge.condition_ancestors(key) == _ABOVE_WIDE]
    return bool(wide) and any(key in own.keys and knowledge.covers(_OF_THE_BLOOD, key) for key in asked)


def _both_own(asked: tuple[str, ...], fact: Fact, own: Own, knowledge: Knowledge) -> bool:
    """Whether what the sentence asks for and what the therapy was given for are both the disease that the trial treats."""
    shared = own.shared(asked, fact.conditions, knowledge)
    if shared is not None:
        return shared
    named = any(own.named(knowledge.conditions[a].label) for a in asked if a in knowledge.conditions)
    return named and for_own_disease(fact, own, knowledge).holds is Holds.YES


def for_own_disease(fact: Fact, own: Own, knowledge: Knowledge) -> Limit:
    """Whether the therapy was given for the disease that the trial treats; a broader name of it will do."""
    if not fact.condition_text:
        return Limit(Holds.UNCLEAR, f"what {fact.name} was given for is not stated; the sentence is limited to the trial's own disease")
    if own.named(fact.condition_text):
        return YES
    holds = own.relates(fact.conditions, knowledge) if fact.conditions else None
    if holds is None:
        return Limit(Holds.UNCLEAR, f"whether {fact.condition_text} is the trial's own disease could not be told")
    if holds is Holds.YES:
        return YES
    verb = "may not be" if holds is Holds.UNCLEAR else "is not"
    return Limit(holds, f"{fact.name} was given for {fact.condition_text}, which {verb} the trial's own disease")


OF_OTHER_USE = ("dmard", "immunosuppressant")
"""What drugs against cancer are, too, that are given for other diseases."""


def given_for_another_ill(fact: Fact, asked: str) -> Limit:
    """Whether a therapy counts as one of cancer that was given for something else, as far as it is told: what is only cytotoxic may all
    the same ("carboplatin for a pleural effusion"), which a person has to say.

    Arguments:
        fact: the therapy.
        asked: the sentence's words for therapy of cancer.
    """
    why = f"{fact.name} was given for {fact.condition_text}, not as {asked}"
    cytotoxic = fact.classes.get("chemotherapy")
    if cytotoxic is None or not cytotoxic.plain or any(key in fact.classes for key in OF_OTHER_USE):
        return Limit(Holds.NO, why)
    return Limit(Holds.UNCLEAR, f"{why}; it is hardly given but against cancer")


def of_outcomes(asked: tuple[str, ...], fact: Fact) -> Limit:
    """Whether the therapy ended as the rule asks."""
    if not asked or fact.outcome in asked:
        return YES
    words = " or ".join(asked)
    if not fact.outcome and asked == ("intolerance",):
        return Limit(Holds.NO, f"the sentence speaks of those who did not tolerate {fact.name}; nothing given says so of the patient")
    if not fact.outcome:
        return Limit(Holds.UNCLEAR, f"what came of {fact.name} is not given; the sentence speaks of {words}")
    return Limit(
        Holds.NO, f"{fact.name} ended in {fact.outcome if fact.outcome != 'none' else 'none of these'}, the sentence speaks of {words}"
    )


# --- windows ------------------------------------------------------------------------------------------------------------------------------

_SIDES = {Side.INSIDE: Holds.YES, Side.OUTSIDE: Holds.NO, Side.NO_DATE: Holds.MISSING, Side.UNSETTLED: Holds.UNCLEAR}


def within_window(window: Window | None, fact: Fact, as_of: date, knowledge: Knowledge) -> Limit:
    """Whether the last dose lies inside a window that is not over. A current drug's window runs from its planned stop, or today."""
    if window is None:
        return YES
    half_life = knowledge.half_life(fact.key) if fact.kind == "drug" else knowledge.half_life_of_class(fact.key)
    at_most = knowledge.longest_half_life(fact.key) if half_life is None else None
    if fact.current:
        stops = fact.stops.high if fact.stops else as_of
        said = answer(window, fact.last if fact.stops is None else fact.stops, stops, half_life, at_most)
        return Limit(Holds.YES, f"{fact.name} goes on", said.free_from, said.steps)
    said = answer(window, fact.last, as_of, half_life, at_most)
    return Limit(_SIDES[said.side], said.why, said.free_from, said.steps)
