"""From a patient's data to facts: what every name stands for, and what each entry says of when, why and how something was given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from kg.checks.dates import When
from kg.checks.doses import read_dose
from kg.checks.entries import resolved
from kg.checks.facts import Fact, PatientFacts, Unrecognised, words_of
from kg.checks.lookups import lookups
from kg.checks.patient import SETTINGS, Patient
from kg.errors import UnknownName
from kg.knowledge import Knowledge
from kg.names import Match, Names
from kg.records import Exposure, Mention, Step

__all__ = ["resolve_conditions", "understand"]

_OF_ANY_ILL = ("surgery", "stem-cell-transplant")
"""Procedures that a cancer may be treated with, too: what was given for one of these may have been given against a cancer."""
_OF_NO_CANCER = "solid-organ-transplant"
_ANTICANCER = "anticancer-therapy"
_JOINS = re.compile(r"\s*,\s*(?:(?:and/or|or|and)\s+)?|\s+(?:and/or|or|and)\s+|\s*/\s*")
"""What parts the conditions of a list."""
_MOST_OF_ITS_OWN = 4
"""So many words a condition has before those that it shares with the next."""
_OF_ANY_SITE = frozenset({"cancer", "solid-tumor", "metastatic-cancer"})
"""What "metastatic or recurrent" makes of the noun of "breast cancer"."""
_SLIP = 50
"""So many times above or below what is usual, a dose was mistyped: the point, or the unit."""


def understand(patient: Patient, knowledge: Knowledge, names: Names) -> PatientFacts:
    """Resolve everything that the patient's data name. What cannot be resolved is listed, never dropped.

    Arguments:
        patient: validated data.
        knowledge, names: where names are looked up.
    """
    reader = _Reader(patient, knowledge, names)
    return reader.read()


class _Reader:
    def __init__(self, patient: Patient, knowledge: Knowledge, names: Names) -> None:
        self.patient = patient
        self.names = names
        self.knowledge = knowledge
        self.facts: list[Fact] = []
        self.unrecognised: list[Unrecognised] = []
        self.remarks: list[str] = []

    def read(self) -> PatientFacts:
        for position, exposure in enumerate(self.patient.prior or (), 1):
            self._exposure(exposure, f"prior {position}", current=False)
        for position, exposure in enumerate(self.patient.taking or (), 1):
            self._exposure(exposure, f"taking {position}", current=True)
        for position, habit in enumerate(self.patient.habits or (), 1):
            self._exposure(Exposure(habit), f"habits {position}", current=True)
        for position, procedure in enumerate(self.patient.procedures or (), 1):
            self._exposure(
                Exposure(procedure.name, last_dose=procedure.date, condition=procedure.condition), f"procedures {position}", current=False
            )
        conditions: list[tuple[str, str]] = []
        for text in self.patient.conditions or ():
            found = resolve_conditions(text, self.names)
            conditions.extend((key, text) for key in found)
            if not found:
                self._not_found(text, "conditions", self.names.resolve_condition)
        biomarkers = []
        for name, result in (self.patient.biomarkers or {}).items():
            try:
                biomarkers.append((self._biomarker(name), name, result))
            except UnknownName as error:
                self._note(name, "biomarkers", error)
        open_still = "as long as it is open, no trial is without conflict"
        self.unrecognised.extend(Unrecognised(text, "the record", open_still, unclear=True) for text in self.patient.unclear)
        return PatientFacts(
            self.patient, tuple(self.facts), tuple(conditions), tuple(biomarkers), tuple(self.unrecognised), tuple(self.remarks)
        )

    # --- names ----------------------------------------------------------------------------------------------------------------------

    def _note(self, name: str, place: str, error: UnknownName) -> None:
        self.unrecognised.append(Unrecognised(name, place, str(error), error.suggestions))

    def _biomarker(self, name: str) -> str:
        """The biomarker's key, or that of the gene or protein that the whole name is."""
        try:
            return self.names.resolve_biomarker(name).key
        except UnknownName:
            genes = [m.key for m in self.names.mentions(name) if m.kind == "target" and m.text.strip() == name.strip()]
            if not genes:
                raise
            return genes[0]

    def _not_found(self, name: str, place: str, look_up: Callable[[str], object]) -> None:
        try:
            look_up(name)
        except UnknownName as error:
            self._note(name, place, error)

    # --- exposures ------------------------------------------------------------------------------------------------------------------

    def _exposure(self, exposure: Exposure, place: str, *, current: bool) -> None:
        try:
            found = resolved(exposure, self.knowledge, self.names)
        except UnknownName as error:
            self._note(exposure.drug, place, error)
            return
        for read, match in found:
            if read is not exposure:
                self._tell_how_read(exposure, read, match, place)
            if match.kind == "regimen":
                regimen = self.knowledge.regimens[match.key]
                step = Step(
                    f"{regimen.label} holds {', '.join(self._drug_label(d) for d in regimen.drugs)}",
                    regimen.evidence.source,
                    regimen.evidence.detail,
                )
                for drug in regimen.drugs:
                    self.facts.append(self._fact(read, place, "drug", drug, current, regimen=match.key, steps=(step,)))
            else:
                fact = self._fact(read, place, match.kind, match.key, current)
                self.facts.append(fact)
                self._look_at_dose(fact)
                self._look_at_words(fact, read)

    def _tell_how_read(self, exposure: Exposure, read: Exposure, match: Match, place: str) -> None:
        """What else than a name the name held, and what was made of it."""
        dose = f", dose {read.dose}" if read.dose and not exposure.dose else ""
        route = f", route {read.route}" if read.route and not exposure.route else ""
        self.remarks.append(f"{place}: {exposure.drug!r} was read as {match.label}{dose}{route}")

    def _look_at_dose(self, fact: Fact) -> None:
        """A dose that no one takes of this drug is in doubt: by its unit it may pass a sentence that the true one does not."""
        if fact.dose is None:
            return
        if fact.dose.puzzling:
            self.remarks.append(f"{fact.place}: {fact.name}: {fact.dose.note}; write it as mg a day, e.g. '20 mg/day'")
        usual, amount = lookups(self.knowledge).usual_doses.get(fact.key), fact.dose.mg_a_day
        if usual and amount and not usual.low / _SLIP <= amount <= usual.high * _SLIP:
            told = f"{amount:g} mg a day is no dose of {fact.name}, of which {usual.low:g} to {usual.high:g} mg a day are usual"
            said = f"{fact.place}: {fact.name} {fact.dose.text}"
            self.unrecognised.append(Unrecognised(said, fact.place, f"{told}; check the unit and the decimal point", unclear=True))

    def _look_at_words(self, fact: Fact, exposure: Exposure) -> None:
        """Words of an entry that answer no sentence, because they are not known here: its writer is told."""
        if exposure.route and not fact.route:
            self.remarks.append(f"{fact.place}: {fact.name}: the route {exposure.route!r} is not known here and was taken as systemic")
        if exposure.response and not fact.outcome:
            told = f"the response {exposure.response!r} is not known here, and answers no sentence that asks for one"
            self.remarks.append(f"{fact.place}: {fact.name}: {told}; write e.g. progression, response or intolerance")
        if fact.condition_text and not (fact.conditions or fact.indication):
            told = f"what it was given for, {fact.condition_text!r}, is not known here"
            self.remarks.append(f"{fact.place}: {fact.name}: {told}; sentences that ask for it are for a person to decide")

    def _drug_label(self, key: str) -> str:
        return self.knowledge.drugs[key].label if key in self.knowledge.drugs else key

    def _fact(
        self, exposure: Exposure, place: str, kind: str, key: str, current: bool, *, regimen: str = "", steps: tuple[Step, ...] = ()
    ) -> Fact:
        label = self._drug_label(key) if kind == "drug" else self.knowledge.classes[key].label
        given = exposure.drug.strip()
        if not steps and given.casefold() != label.casefold():
            steps = (Step(f"{given} is {label}"),)
        route, systemic, notes = self._route(exposure.route)
        condition_text = (exposure.condition or "").strip()
        settings = (exposure.setting,) if exposure.setting else _settings_in(condition_text)
        classes = self.knowledge.memberships(key) if kind == "drug" else self.knowledge.memberships_of_class(key)
        conditions = resolve_conditions(condition_text, self.names) if condition_text else ()
        made = self.knowledge.drugs[key].kind if kind == "drug" else ""
        by_mouth = lookups(self.knowledge).taken(made, label)
        regimen_name = (exposure.regimen or "").strip().casefold() or (regimen and f"{place} {regimen}")
        return Fact(
            place=place,
            words=words_of(exposure, place, current),
            name=label,
            kind=kind,
            key=key,
            current=current,
            last=_last(exposure, self.patient.as_of, current),
            stops=When.read(exposure.last_dose) if current and exposure.last_dose else None,
            systemic=systemic,
            route=route,
            conditions=conditions,
            condition_text=condition_text,
            indication=self._indication(condition_text, conditions),
            settings=settings,
            line=exposure.line,
            regimen=regimen or self._regimen_key(exposure.regimen),
            regimen_name=regimen_name,
            outcome=_outcome(exposure.response, lookups(self.knowledge).responses),
            dose=read_dose(exposure.dose) if exposure.dose else None,
            steps=steps,
            notes=notes,
            classes=classes,
            only_oral=by_mouth == "only",
            usually_oral=by_mouth == "only" or (made == "small-molecule" and current and _ANTICANCER not in classes),
            never_oral=by_mouth == "never",
        )

    def _indication(self, text: str, conditions: tuple[str, ...]) -> str:
        if not text:  # looking for names needs every name of the tables
            return ""
        if any(self.knowledge.conditions[key].kind == "neoplasm" for key in conditions):
            return "neoplasm"
        if any(self.knowledge.conditions[key].kind != "state" for key in conditions):
            return "other"
        procedures = [
            m.key for m in self.names.mentions(text) if m.kind == "class" and m.key and self.knowledge.classes[m.key].kind == "procedure"
        ]
        kinds = {kind for key in procedures for kind in (key, *self.knowledge.class_ancestors(key))}
        if _ANTICANCER in kinds:
            return "neoplasm"  # "with radiotherapy"
        if _OF_NO_CANCER not in kinds and not kinds.isdisjoint(_OF_ANY_ILL):
            return "unsure"
        return "other" if procedures else ""

    def _regimen_key(self, name: str | None) -> str:
        if not name:
            return ""
        try:
            found = self.names.resolve_therapy(name)
        except UnknownName:
            return ""
        return found.key if found.kind == "regimen" else ""

    def _route(self, word: str | None) -> tuple[str, str, tuple[str, ...]]:
        if not word:
            return "", "yes", ()
        route = self.knowledge.routes.get(word.strip().casefold())
        if route is None:
            return "", "yes", (f"the route {word!r} is not known here and was taken as systemic",)
        return route.route, route.systemic, ()


def resolve_conditions(text: str, names: Names) -> tuple[str, ...]:
    """Keys of the conditions that a text names: exactly that name, else those found inside it; empty if none.

    Example:
        >>> from kg.knowledge import Knowledge
        >>> resolve_conditions("recurrent soft tissue sarcoma", Names(Knowledge.load()))
        ('soft-tissue-sarcoma',)
        >>> resolve_conditions("advanced gastric or rectal cancer", Names(Knowledge.load()))
        ('gastric-cancer', 'rectal-cancer')
    """
    try:
        return (names.resolve_condition(text).key,)
    except UnknownName:
        named = [m for m in names.mentions(text) if m.kind == "condition" and m.key]
        return tuple(dict.fromkeys(key for m in named for key in (*_sharing_its_noun(text, m, names), m.key)))


def _sharing_its_noun(text: str, named: Mention, names: Names) -> list[str]:
    """Keys of the conditions listed before one whose last words are theirs, too: gastric cancer in "gastric or rectal cancer"."""
    words = named.text.split()
    joins = list(_JOINS.finditer(text, 0, named.start))
    if not joins or joins[-1].end() != named.start:
        return []
    found = []
    for join in joins if len(words) > 1 else ():
        own = text[: join.start()].split()[-_MOST_OF_ITS_OWN:]
        forms = [" ".join([*own[i:], *words[at:]]) for at in range(1, len(words)) for i in range(len(own))]
        matches = (match for form in forms for match in names.lookup(form, ("condition",)))
        match = next((m for m in matches if m.key not in _OF_ANY_SITE), None)
        if match is not None:
            found.append(match.key)
    return found


def _settings_in(text: str) -> tuple[str, ...]:
    plain = re.sub(r"[\s-]+", "-", text.casefold())
    return tuple(s for s in SETTINGS if re.search(rf"(?<![a-z]){s}(?![a-z])", plain))


def _outcome(response: str | None, table: Mapping[str, str]) -> str:
    if not response:
        return ""
    plain = " ".join(response.casefold().split())
    if plain in table:
        return table[plain]
    found = {table[word] for word in table if len(word) > 3 and re.search(rf"\b{re.escape(word)}\b", plain)}
    return found.pop() if len(found) == 1 else ""


def _last(exposure: Exposure, as_of: date, current: bool) -> When | None:
    if current:
        return When.on(as_of)
    start = When.read(exposure.start) if exposure.start else None
    if exposure.last_dose:
        last = When.read(exposure.last_dose)
        return last.since(start.low) if start and start.low <= last.high else last
    # a therapy that began on a day cannot have ended before it
    return When(start.low, as_of, f"between {start} and {as_of}") if start else None
