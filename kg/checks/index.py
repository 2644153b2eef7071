"""All trials at once: the rules of a graph compiled so that one patient's verdicts are a look-up.

Trials share rules: what a rule says, its place in the text aside, is a *shape*, and a shape is judged once for a patient, by the code that
judges one trial (`kg.checks.rules.evaluate`), however many trials hold it. Which shapes can bear on the patient at all is looked up by what
they mention. Where a shape asks about the trial's own disease, the trials that give the same answers to the questions that it did ask are
judged together; which questions it asks is observed, not declared. Interactions are looked up by the drugs of the arms.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from kg.checks.asking import Alike, Asked, Met, Question, as_number
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
from kg.records import Eligibility, Mention, Polarity, Trial, Verdict

__all__ = ["CODES", "Index", "Verdicts", "compile_index"]

CODES = (Verdict.NO_CONFLICT, Verdict.REVIEW, Verdict.UNKNOWN, Verdict.EXCLUDED)
"""The verdict of each code in an array: the worse, the higher."""
_CODE = {verdict: code for code, verdict in enumerate(CODES)}

Answers = NDArray[np.int8]
Codes = NDArray[np.uint8]
_T = TypeVar("_T")

_MOST_KEPT = 64 * 2**20
"""Bytes of answers that are kept for the next patient."""
_PART_BYTES = 1000
"""What keeping the answer to one part of a patient's data costs beside its codes, about."""
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
    codes: Codes
    criteria: Codes
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
        self._matches: dict[tuple[str, str, str], Met] = {}
        self._acting: dict[str, Flags] = {}
        self._kept: dict[Question, Answers] = {}
        self._holding: dict[str, Answers] = {}
        # of a plain dict the oldest entry would be sought behind all that were taken out before it
        self._parts: OrderedDict[tuple[object, ...], Codes] = OrderedDict()
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
        """The numbers of the trials that a search wants.

        Raises:
            BadInput: a status, phase or country that no record can have.
        """
        wanted.among(self.compiled.facets)
        diseases = np.fromiter((wanted.treats(own, self.knowledge) for own in self.compiled.own_keys), dtype=bool)
        others = np.fromiter(map(wanted.keeps, self.compiled.facets), dtype=bool)
        kept = diseases[self.compiled.own_of] & others[self.compiled.facets_of] if len(self) else ()
        return [self.ncts[place] for place in np.flatnonzero(kept).tolist()]

    # --- one patient ------------------------------------------------------------------------------------------------------------------

    def verdicts(self, patient: PatientFacts) -> Verdicts:
        """The verdict of every trial, and that of its own text alone; the same as `check_trial` gives.

        Arguments:
            patient: the patient's data, understood (`kg.checks.understand`).
        """
        criteria = np.zeros(len(self), dtype=np.uint8)
        if patient.unrecognised:
            criteria[:] = _CODE[Verdict.UNKNOWN]
        for trials in self._not_understood(patient):
            criteria[trials] = np.maximum(criteria[trials], _CODE[Verdict.UNKNOWN])
        for codes in self._said(patient):
            np.maximum(criteria, codes, out=criteria)
        return Verdicts(self.ncts, self._with_interactions(criteria, patient), criteria, self.places)

    def _said(self, patient: PatientFacts) -> Iterator[Codes]:
        """What the shapes say that may bear on the patient (more are asked than do, never fewer), part by part of the patient's data."""
        lines: dict[int, tuple[Fact, ...]] = {}
        combined: dict[int, None] = {}
        for fact in patient.facts:
            met, alone = self._met(fact), replace(patient, facts=(fact,))
            undated, dated = Alike.of(fact, None), Alike.of(fact, patient.as_of)
            for key, shapes in (((undated,), met.untimed), ((dated,), met.timed), ((dated, patient.conditions), met.limited)):
                if shapes:
                    yield self._part(key, shapes, alone)
            for shape in met.lines:
                lines[shape] = (*lines.get(shape, ()), fact)
            combined.update(dict.fromkeys(met.combined))
        for shape, facts in lines.items():  # counted over entries, each with its own place: nothing that patients share
            yield self._judged_all((shape,), replace(patient, facts=facts))
        yield self._judged_all(combined, patient)  # what else was given is looked for among all that the patient had
        for one in patient.conditions:
            yield self._part(("excluded", one[0]), self._touched_by(one[0]), replace(patient, conditions=(one,)))
        if patient.conditions:
            yield self._part(("required", *sorted({key for key, _ in patient.conditions})), self._required, patient)
        if results := {k for key, _, _ in patient.biomarkers for k in measured(key, self.knowledge)}:
            asking = [shape for shape, asked in self._measured if asked & results]
            yield self._part(("biomarkers", *patient.biomarkers), asking, patient)

    def _part(self, key: tuple[object, ...], shapes: Sequence[int], patient: PatientFacts) -> Codes:
        """`_judged_all`, kept for the next patient to whom the same applies."""
        kept = self._parts.get(key)
        if kept is None:
            kept = self._parts[key] = self._judged_all(shapes, patient)
            while len(self._parts) * (_PART_BYTES + kept.nbytes) > _MOST_KEPT:
                self._parts.popitem(last=False)
        else:
            self._parts.move_to_end(key)
        return kept

    def _judged_all(self, shapes: Iterable[int], patient: PatientFacts) -> Codes:
        """The worst that the shapes say of each trial."""
        codes = np.zeros(len(self), dtype=np.uint8)
        for number in shapes:
            for trials, code in self._judged(number, patient):
                if code:
                    codes[trials] = np.maximum(codes[trials], code)
        return codes

    def _judged(self, number: int, patient: PatientFacts) -> Iterator[tuple[Ids, int]]:
        """The trials that hold the shape, with the code of what it says; more than once where it depends on the trial's own disease."""
        shape = self.compiled.shapes[number]
        trials = self.compiled.shape_trials.row(number)
        while len(trials):
            own = Asked(self._own(int(trials[0])))
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

    def _met(self, fact: Fact) -> Met:
        """What names the fact."""
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
            kept = self._matches[key] = Met(plain, [n for n in plain if self.compiled.mentions[n].kind != "pk"])
            for number in shapes[self._is_therapy[shapes]].tolist():
                kept.add(number, self.compiled.shapes[number].rule)
        return kept

    def _not_understood(self, patient: PatientFacts) -> Iterator[Ids]:
        """Trials with a clause that names one of the patient's therapies and gave no rule."""
        for fact in patient.facts:
            met = self._met(fact)
            for mention in met.plain if fact.current else met.named:
                yield self.compiled.clause_trials.row(mention)

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

    def _answers(self, question: Question, trials: Ids) -> Answers:
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

    def _answer(self, own: Own, question: Question) -> int:
        kind, first, second = question
        if kind == "oncological":
            return int(own.oncological(self.knowledge))
        return as_number(own.relates(first, self.knowledge) if kind == "relates" else own.shared(first, second, self.knowledge))

    def _named(self, words: str, trials: Ids) -> Answers:
        kept = self._holding.get(words)
        if kept is None and len(trials) < _FEW:
            return np.fromiter((words in self.compiled.own_texts[trial] for trial in trials.tolist()), dtype=np.int8, count=len(trials))
        if kept is None:
            kept = _keep(self._holding, words, self.compiled.own_texts.holding(words).astype(np.int8))
        return kept[trials]

    # --- interactions -----------------------------------------------------------------------------------------------------------------

    def _with_interactions(self, criteria: Codes, patient: PatientFacts) -> Codes:
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
