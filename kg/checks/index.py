"""All trials at once: the rules of a graph compiled so that one patient's verdicts are a look-up.

Trials share rules: what a rule says, its place in the text aside, is a *shape*, and a shape is judged once for a patient, by the code that
judges one trial (`kg.checks.rules.evaluate`), however many trials hold it. Which shapes can bear on the patient at all is looked up by what
they mention. Where a shape asks about the trial's own disease, the trials that give the same answers to the questions that it did ask are
judged together; which questions it asks is observed, not declared. Interactions are looked up by the drugs of the arms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kg.checks.compiled import Compiled, Flags, Ids, compile_trials
from kg.checks.effects import Engine
from kg.checks.facts import Fact, PatientFacts
from kg.checks.filters import Wanted
from kg.checks.findings import Scene
from kg.checks.interactions import pair_findings
from kg.checks.limits import Holds, Own, relation
from kg.checks.matching import Grade, Match, match
from kg.checks.states import measured
from kg.checks.trials import safely
from kg.knowledge import Knowledge
from kg.names import Names
from kg.names.fold import fold
from kg.records import Eligibility, Mention, Polarity, Role, Rule, Trial, Verdict

__all__ = ["CODES", "Index", "Verdicts", "compile_index"]

CODES = (Verdict.NO_CONFLICT, Verdict.REVIEW, Verdict.UNKNOWN, Verdict.EXCLUDED)
"""The verdict of each code in an array: the worse, the higher."""
_CODE = {verdict: code for code, verdict in enumerate(CODES)}

Answers = NDArray[np.int8]
_Question = tuple[str, tuple[str, ...], tuple[str, ...]]
_T = TypeVar("_T")

_MOST_KEPT = 64 * 2**20
"""Bytes of answers that are kept for the next patient."""
_ENTRY_BYTES = 500
"""What keeping one answer costs beside its trials, about."""
_FEW = 1000
"""So few texts are searched one by one."""
_UNASKED = -2


@dataclass(frozen=True, slots=True)
class Verdicts(Mapping[str, Verdict]):
    """The verdict of every trial, by its number; `codes` and `criteria` are arrays of places in `CODES`, in the order of `ncts`.

    Example:
        See `Graph.verdicts`.
    """

    ncts: Sequence[str]
    codes: NDArray[np.uint8]
    criteria: NDArray[np.uint8]
    _places: Mapping[str, int]

    def __getitem__(self, nct: str) -> Verdict:
        return CODES[self.codes[self._places[nct]]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.ncts)

    def __len__(self) -> int:
        return len(self.ncts)

    def criteria_verdict(self, nct: str) -> Verdict:
        """The verdict from the trial's own text alone, without interactions."""
        return CODES[self.criteria[self._places[nct]]]

    def counts(self) -> dict[Verdict, int]:
        """How many trials have each verdict, worst first."""
        found = np.bincount(self.codes, minlength=len(CODES))
        return {verdict: int(found[_CODE[verdict]]) for verdict in Verdict}

    def having(self, *verdicts: Verdict) -> list[str]:
        """Numbers of the trials that have one of these verdicts."""
        chosen = np.isin(self.codes, [_CODE[v] for v in verdicts])
        return [self.ncts[place] for place in np.flatnonzero(chosen).tolist()]


class _Alike:
    """What rules can ask of a fact, its words and its place in the patient's data aside; a key that is hashed once.

    A rule that counts no lines asks for no line, one without a window for no date.
    """

    __slots__ = ("_hash", "_values")

    def __init__(self, *values: object) -> None:
        self._values, self._hash = values, hash(values)

    @classmethod
    def of(cls, fact: Fact, as_of: date | None) -> _Alike:
        """Arguments: as_of: the day of the check, where dates are asked for."""
        bare = replace(fact, place="", words="", steps=(), notes=(), line=None, regimen_name="", classes={})
        return cls(bare, as_of) if as_of else cls(replace(bare, last=None, stops=None))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alike) and self._hash == other._hash and self._values == other._values


def _is_timed(rule: Rule) -> bool:
    return rule.window is not None or any(carveout.window is not None for carveout in rule.carveouts)


class _Asked(Own):
    """A trial's own disease that writes down what it was asked and what it answered."""

    __slots__ = ("asked",)
    asked: dict[_Question, int]

    def __init__(self, own: Own) -> None:
        super().__init__(own.keys, own.text)
        object.__setattr__(self, "asked", {})

    def named(self, words: str) -> bool:
        answer = super().named(words)
        self.asked["named", (words,), ()] = int(answer)
        return answer

    def oncological(self, knowledge: Knowledge) -> bool:
        answer = super().oncological(knowledge)
        self.asked["oncological", (), ()] = int(answer)
        return answer

    def relates(self, given: tuple[str, ...], knowledge: Knowledge) -> Holds | None:
        answer = super().relates(given, knowledge)
        self.asked["relates", given, ()] = _number(answer)
        return answer

    def shared(self, asked: tuple[str, ...], given: tuple[str, ...], knowledge: Knowledge) -> bool | None:
        answer = super().shared(asked, given, knowledge)
        self.asked["shared", asked, given] = _number(answer)
        return answer


def _number(answer: Holds | bool | None) -> int:
    if answer is None:
        return -1
    return int(answer) if isinstance(answer, bool) else list(Holds).index(answer)


# --- the index ----------------------------------------------------------------------------------------------------------------------------


class Index:
    """The rules of many trials, ready to be asked about one patient after another.

    Made by `compile_index`. Answers that patients may share (what a drug meets, which trials treat a disease, what a rule says of a fact)
    are kept in memory, by what was asked and not by who was; nothing is written.
    """

    def __init__(self, compiled: Compiled, knowledge: Knowledge, names: Names) -> None:
        self.knowledge, self.names, self.compiled = knowledge, names, compiled
        self.ncts = compiled.ncts
        self.places = {nct: place for place, nct in enumerate(compiled.ncts)}
        self._engine = Engine.of(knowledge)
        self._matches: dict[tuple[str, str, str], tuple[Ids, Ids, Ids]] = {}
        self._acting: dict[str, Flags] = {}
        self._kept: dict[_Question, Answers] = {}
        self._holding: dict[str, Answers] = {}
        self._sayings: dict[Any, tuple[tuple[Ids, int], ...]] = {}
        self._kept_bytes = 0
        self._touching: dict[str, list[int]] = {}
        self._is_therapy = np.ones(len(compiled.shapes), dtype=bool)
        self._is_therapy[[number for number, _, _ in compiled.conditions]] = False
        self._is_therapy[[number for number, _ in compiled.biomarkers]] = False
        self._excluded = [(number, asked) for number, polarity, asked in compiled.conditions if polarity == Polarity.EXCLUDES]
        self._required = [number for number, polarity, _ in compiled.conditions if polarity != Polarity.EXCLUDES]
        self._measured = [(n, frozenset(k for key in keys for k in measured(key, knowledge))) for n, keys in compiled.biomarkers]

    def __len__(self) -> int:
        return len(self.ncts)

    def choose(self, wanted: Wanted) -> list[str]:
        """The numbers of the trials that a search wants."""
        diseases = np.fromiter((wanted.treats(own, self.knowledge) for own in self.compiled.own_keys), dtype=bool)
        others = np.fromiter(map(wanted.keeps, self.compiled.facets), dtype=bool)
        kept = diseases[self.compiled.own_of] & others[self.compiled.facets_of] if len(self) else ()
        return [self.ncts[place] for place in np.flatnonzero(kept).tolist()]

    # --- one patient ------------------------------------------------------------------------------------------------------------------

    def verdicts(self, patient: PatientFacts) -> Verdicts:
        """The verdict of every trial, and that of its own text alone; the same as `check_trial` gives.

        Arguments:
            patient: the patient's data, understood (`kg.checks.facts.understand`).
        """
        criteria = np.zeros(len(self), dtype=np.uint8)
        if patient.unrecognised:
            criteria[:] = _CODE[Verdict.UNKNOWN]
        for trials in self._not_understood(patient):
            criteria[trials] = np.maximum(criteria[trials], _CODE[Verdict.UNKNOWN])
        for trials, code in self._said(patient):
            criteria[trials] = np.maximum(criteria[trials], code)
        return Verdicts(self.ncts, self._with_interactions(criteria, patient), criteria, self.places)

    def _said(self, patient: PatientFacts) -> Iterator[tuple[Ids, int]]:
        """What the shapes say that may bear on the patient (more are asked than do, never fewer): trials, and the code of a verdict."""
        lines: dict[int, list[Fact]] = {}
        for fact in patient.facts:
            alone = replace(patient, facts=(fact,))
            untimed, timed = _Alike.of(fact, None), _Alike.of(fact, patient.as_of)
            for number in self._met(fact)[0].tolist():
                rule = self.compiled.shapes[number].rule
                if rule.lines is not None:
                    lines.setdefault(number, []).append(fact)
                elif rule.polarity is Polarity.EXCLUDES:  # a therapy that is required is asked about, whatever the patient had
                    has = alone.conditions if rule.role is Role.CONCOMITANT and rule.conditions else ()
                    yield from self._kept_of((number, timed if _is_timed(rule) else untimed, has), number, alone)
        for number, facts in lines.items():  # counted over entries, each with its own place: nothing that patients share
            yield from self._judged(number, replace(patient, facts=tuple(facts)))
        conditions = tuple(key for key, _ in patient.conditions)
        for number in dict.fromkeys(number for key in conditions for number in self._touched_by(key)):
            yield from self._kept_of((number, conditions), number, patient)
        for number in self._required if conditions else ():
            yield from self._kept_of((number, conditions), number, patient)
        results = {k for key, _, _ in patient.biomarkers for k in measured(key, self.knowledge)}
        for number, asked in self._measured if results else ():
            if asked & results:
                yield from self._kept_of((number, patient.biomarkers), number, patient)

    def _kept_of(self, key: tuple[object, ...], number: int, patient: PatientFacts) -> Sequence[tuple[Ids, int]]:
        """`_judged`, kept for the next patient to whom the same applies; what says nothing is left out."""
        kept = self._sayings.get(key)
        if kept is None:
            kept = tuple((trials, code) for trials, code in self._judged(number, patient) if code)
            self._kept_bytes += _ENTRY_BYTES + sum(trials.nbytes for trials, _ in kept)
            while self._sayings and self._kept_bytes > _MOST_KEPT:
                gone = self._sayings.pop(next(iter(self._sayings)))
                self._kept_bytes -= _ENTRY_BYTES + sum(trials.nbytes for trials, _ in gone)
            self._sayings[key] = kept
        return kept

    def _judged(self, number: int, patient: PatientFacts) -> Iterator[tuple[Ids, int]]:
        """The trials that hold the shape, with the code of what it says; more than once where it depends on the trial's own disease."""
        shape = self.compiled.shapes[number]
        trials = self.compiled.shape_trials.row(number)
        while len(trials):
            own = _Asked(self._own(int(trials[0])))
            scene = _scene(shape.trial, patient, self, own)
            found = safely(shape.rule, scene)
            code = max((_CODE[j.finding.verdict] for j in found.judged), default=0)
            if not own.asked or len(trials) == 1:
                yield trials, code
                return
            same = np.ones(len(trials), dtype=bool)
            for question, answer in own.asked.items():
                same &= self._answers(question, trials) == answer
            yield trials[same], code
            trials = trials[~same]

    # --- what facts meet --------------------------------------------------------------------------------------------------------------

    def _met(self, fact: Fact) -> tuple[Ids, Ids, Ids]:
        """(therapy shapes that name the fact, mentions that plainly do, the same without roles at enzymes)."""
        key = (fact.kind, fact.key, fact.regimen)
        kept = self._matches.get(key)
        if kept is None:
            hits: list[int] = []
            plain: list[int] = []
            for number, mention in enumerate(self.compiled.mentions):
                found = _matched(mention, fact, self.knowledge)
                if found is not None and found.hit:
                    hits.append(number)
                    if found.grade is Grade.PLAIN:
                        plain.append(number)
            shapes = _union(self.compiled.mention_shapes.row(number) for number in hits)
            sure = np.array(plain, dtype=np.int32)
            named = np.array([n for n in plain if self.compiled.mentions[n].kind != "pk"], dtype=np.int32)
            kept = self._matches[key] = (shapes[self._is_therapy[shapes]], sure, named)
        return kept

    def _not_understood(self, patient: PatientFacts) -> Iterator[Ids]:
        """Trials with a clause that names one of the patient's therapies and gave no rule."""
        for fact in patient.facts:
            _, plain, named = self._met(fact)
            for mention in plain if fact.current else named:
                yield self.compiled.clause_trials.row(int(mention))

    def _touched_by(self, key: str) -> list[int]:
        """The shapes that exclude a condition which is not disjoint from this one."""
        kept = self._touching.get(key)
        if kept is None:
            asked = {a for _, keys in self._excluded for a in keys}
            near = {a for a in asked if relation(self.knowledge, (a,), (key,)) is not Holds.NO}
            kept = self._touching[key] = [number for number, keys in self._excluded if near.intersection(keys)]
        return kept

    # --- the trial's own disease --------------------------------------------------------------------------------------------------------

    def _own(self, trial: int) -> Own:
        return Own(self.compiled.own_keys[self.compiled.own_of[trial]], self.compiled.own_texts[trial])

    def _answers(self, question: _Question, trials: Ids) -> Answers:
        """What each of the trials answers."""
        kind, first, _ = question
        if kind == "named":
            return self._named(fold(first[0]), trials)
        answers = self._kept.get(question)
        if answers is None:
            answers = _keep(self._kept, question, np.full(len(self.compiled.own_keys), _UNASKED, dtype=np.int8))
        owns = self.compiled.own_of[trials]
        for number in np.unique(owns[answers[owns] == _UNASKED]).tolist():
            own = Own(self.compiled.own_keys[number], "")
            answers[number] = self._answer(own, question)
        return answers[owns]

    def _answer(self, own: Own, question: _Question) -> int:
        kind, first, second = question
        if kind == "oncological":
            return int(own.oncological(self.knowledge))
        return _number(own.relates(first, self.knowledge) if kind == "relates" else own.shared(first, second, self.knowledge))

    def _named(self, words: str, trials: Ids) -> Answers:
        kept = self._holding.get(words)
        if kept is None and len(trials) < _FEW:
            return np.fromiter((words in self.compiled.own_texts[trial] for trial in trials.tolist()), dtype=np.int8, count=len(trials))
        if kept is None:
            kept = _keep(self._holding, words, self.compiled.own_texts.holding(words).astype(np.int8))
        return kept[trials]

    # --- interactions -----------------------------------------------------------------------------------------------------------------

    def _with_interactions(self, criteria: NDArray[np.uint8], patient: PatientFacts) -> NDArray[np.uint8]:
        """An interaction that asks for action makes `review`: a sentence that covers it says as much itself, or more."""
        codes = criteria.copy()
        review = _CODE[Verdict.REVIEW]
        for fact in patient.current:
            if fact.kind == "drug" and fact.systemic != "no":
                codes[self._acting_on(fact.key) & (codes < review)] = review
        return codes

    def _acting_on(self, drug: str) -> Flags:
        """The trials that give a drug whose interaction with this one asks for action."""
        kept = self._acting.get(drug)
        if kept is None:
            kept = np.zeros(len(self), dtype=bool)
            for number, other in enumerate(self.compiled.drugs):
                if any(f.verdict is not Verdict.NO_CONFLICT for f in pair_findings(self._engine, drug, other)):
                    kept[self.compiled.drug_trials.row(number)] = True
            self._acting[drug] = kept
        return kept


def _scene(trial: Trial, patient: PatientFacts, index: Index, own: Own) -> Scene:
    scene = Scene(trial, patient, index.knowledge, index.names)
    scene.__dict__["own"] = own  # where the cached property keeps it
    return scene


def _matched(mention: Mention, fact: Fact, knowledge: Knowledge) -> Match | None:
    try:
        return match(mention, fact, knowledge)
    except Exception:  # the rule is then judged, and its failure becomes a finding
        return Match(Grade.ARGUABLE, mention)


def _keep(kept: dict[_T, Answers], key: _T, answers: Answers) -> Answers:
    while kept and (len(kept) + 1) * answers.nbytes > _MOST_KEPT:
        del kept[next(iter(kept))]
    kept[key] = answers
    return answers


def _union(parts: Iterable[Ids]) -> Ids:
    rows = list(parts)
    return np.unique(np.concatenate(rows)) if rows else np.zeros(0, dtype=np.int32)


def compile_index(trials: Iterable[tuple[Trial, Eligibility]], knowledge: Knowledge, names: Names) -> Index:
    """The index of trials: records with their criteria as read, which are read once, one at a time.

    Example:
        >>> knowledge = Knowledge.load()
        >>> len(compile_index([], knowledge, Names.of(knowledge)))
        0
    """
    return Index(compile_trials(trials, knowledge, names), knowledge, names)
