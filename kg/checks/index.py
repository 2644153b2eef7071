"""All trials at once: the rules of a graph compiled so that one patient's verdicts are a look-up.

Trials share rules: what a rule says, its place in the text aside, is a *shape*, and a shape is judged once for a patient, by the code that
judges one trial (`kg.checks.rules.evaluate`), however many trials hold it. Which shapes can bear on the patient at all is looked up by what
they mention. Where a shape asks about the trial's own disease, the trials that give the same answers to the questions that it did ask are
judged together; which questions it asks is observed, not declared. Interactions are looked up by the drugs of the arms.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kg.checks.arms import arm_drugs
from kg.checks.effects import Engine
from kg.checks.facts import Fact, PatientFacts
from kg.checks.filters import Facets, Wanted, facets
from kg.checks.findings import Scene, bound_arms
from kg.checks.interactions import pair_findings
from kg.checks.limits import Holds, Own, relation
from kg.checks.matching import Grade, Match, match
from kg.checks.states import measured
from kg.checks.trials import is_not_understood, safely
from kg.knowledge import Knowledge
from kg.names import Names
from kg.names.fold import fold
from kg.records import Arm, Carveout, Eligibility, Mention, Polarity, RecordSource, Role, Rule, Scope, Section, Trial, Verdict, Window

__all__ = ["CODES", "Index", "Verdicts", "compile_index", "shape_key"]

CODES = (Verdict.NO_CONFLICT, Verdict.REVIEW, Verdict.UNKNOWN, Verdict.EXCLUDED)
"""The verdict of each code in an array: the worse, the higher."""
_CODE = {verdict: code for code, verdict in enumerate(CODES)}

Ids = NDArray[np.int32]
Flags = NDArray[np.bool_]
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


# --- shapes -------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shape:
    """A rule as one of the trials states it, with as much of that trial as a finding needs."""

    rule: Rule
    trial: Trial


_NOWHERE = RecordSource("", "", "")


def _bare(mention: Mention) -> Mention:
    return replace(mention, start=0, end=0, text="")


def _bare_window(window: Window | None) -> Window | None:
    return replace(window, text="", anchor="") if window else None


def _bare_carveout(carveout: Carveout) -> Carveout:
    mentions = tuple(map(_bare, carveout.mentions))
    return replace(carveout, mentions=mentions, window=_bare_window(carveout.window), text="", start=0, end=0)


def shape_key(rule: Rule, trial: Trial) -> tuple[Rule, bool]:
    """What the verdict of a rule can depend on. Only what is known to be words, places or proof is left out; new fields count."""
    bare = replace(
        rule,
        criterion=0,
        number=0,
        start=0,
        end=0,
        quote="",
        section=Section.EXCLUSION,
        mentions=tuple(map(_bare, rule.mentions)),
        window=_bare_window(rule.window),
        carveouts=tuple(map(_bare_carveout, rule.carveouts)),
        scope=Scope(),
        binds_if="if" if rule.binds_if else "",
        doubts=("doubt",) if rule.doubts else (),
        cues=(),
    )
    return bare, bound_arms(rule, trial)[1]


class _Postings:
    """Rows of numbers, written one by one and read as arrays: row i is `values[starts[i]:starts[i + 1]]`."""

    def __init__(self, starts: NDArray[np.int64], values: Ids) -> None:
        self.starts, self.values = starts, values

    @classmethod
    def of(cls, rows: Sequence[Any]) -> _Postings:
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        values = np.concatenate([np.asarray(row, dtype=np.int32) for row in rows]) if rows else np.zeros(0, dtype=np.int32)
        return cls(starts, values)

    def row(self, number: int) -> Ids:
        return self.values[self.starts[number] : self.starts[number + 1]]

    @property
    def nbytes(self) -> int:
        return int(self.starts.nbytes + self.values.nbytes)


class _Numbering(dict[Any, int]):
    """Things → 0, 1, 2… in the order in which they were first met."""

    def __missing__(self, key: Any) -> int:
        number = self[key] = len(self)
        return number


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

    def __init__(
        self,
        knowledge: Knowledge,
        names: Names,
        ncts: Sequence[str],
        shapes: Sequence[Shape],
        shape_trials: _Postings,
        mentions: Sequence[Mention],
        mention_shapes: _Postings,
        clause_trials: _Postings,
        drugs: Sequence[str],
        drug_trials: _Postings,
        own_keys: Sequence[tuple[str, ...]],
        own_of: Ids,
        own_texts: Sequence[str],
        facets: Sequence[Facets],
    ) -> None:
        self.knowledge, self.names, self.ncts = knowledge, names, ncts
        self.places = {nct: place for place, nct in enumerate(ncts)}
        self.shapes, self.shape_trials = shapes, shape_trials
        self.mentions, self.mention_shapes, self.clause_trials = mentions, mention_shapes, clause_trials
        self.drugs, self.drug_trials = drugs, drug_trials
        self.own_keys, self.own_of = own_keys, own_of
        self.own_texts = _Texts(own_texts)
        self.facets = facets
        self._engine = Engine.of(knowledge)
        self._matches: dict[tuple[str, str, str], tuple[Ids, Ids, Ids]] = {}
        self._acting: dict[str, Flags] = {}
        self._kept: dict[_Question, Answers] = {}
        self._holding: dict[str, Answers] = {}
        self._sayings: dict[Any, tuple[tuple[Ids, int], ...]] = {}
        self._kept_bytes = 0
        self._condition_shapes: dict[str, list[tuple[int, tuple[str, ...]]]] = {"required": [], "excluded": []}
        self._biomarker_shapes: list[tuple[int, frozenset[str]]] = []
        self._is_therapy = np.zeros(len(shapes), dtype=bool)
        for number, shape in enumerate(shapes):
            rule = shape.rule
            if rule.role is Role.CONDITION:
                asked = tuple(m.key for m in rule.mentions if m.kind == "condition" and m.key) + rule.conditions
                self._condition_shapes["excluded" if rule.polarity is Polarity.EXCLUDES else "required"].append((number, asked))
            elif rule.role is Role.BIOMARKER:
                asked_keys = frozenset(k for m in rule.mentions for k in measured(m.key, knowledge))
                self._biomarker_shapes.append((number, asked_keys))
            else:
                self._is_therapy[number] = True
        self._touching: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self.ncts)

    @property
    def nbytes(self) -> int:
        """The size of the arrays and of the texts of titles and conditions; shapes and numbers of trials come on top."""
        parts = (self.shape_trials, self.mention_shapes, self.clause_trials, self.drug_trials, self.own_texts)
        return sum(part.nbytes for part in parts) + self.own_of.nbytes

    def choose(self, wanted: Wanted) -> list[str]:
        """The numbers of the trials that a search wants."""
        kept = zip(self.ncts, self.facets, self.own_of.tolist(), strict=True)
        return [nct for nct, facets_, own in kept if wanted.keeps(facets_, self.own_keys[own], self.knowledge)]

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
        for shape, facts in self._bearing(patient).items():
            for trials, code in self._said(shape, facts, patient):
                criteria[trials] = np.maximum(criteria[trials], code)
        return Verdicts(self.ncts, self._with_interactions(criteria, patient), criteria, self.places)

    def _bearing(self, patient: PatientFacts) -> dict[int, tuple[Fact, ...]]:
        """The shapes that may say something of the patient (more than do, never fewer), each with the therapies that it names."""
        found: dict[int, tuple[Fact, ...]] = {}
        for fact in patient.facts:
            for number in self._met(fact)[0].tolist():
                found[number] = (*found.get(number, ()), fact)
        others: set[int] = set()
        for key in dict.fromkeys(key for key, _ in patient.conditions):
            others.update(self._touched_by(key))
        if patient.conditions:
            others.update(number for number, _ in self._condition_shapes["required"])
        results = {k for key, _, _ in patient.biomarkers for k in measured(key, self.knowledge)}
        if results:
            others.update(number for number, asked in self._biomarker_shapes if asked & results)
        return found | dict.fromkeys(others, ())

    def _said(self, number: int, facts: tuple[Fact, ...], patient: PatientFacts) -> Sequence[tuple[Ids, int]]:
        """`_judged`, kept for the next patient to whom the same applies; what says nothing is left out."""
        rule = self.shapes[number].rule
        if rule.lines is not None:  # lines are counted over entries, so that the entry matters
            return [said for said in self._judged(number, replace(patient, facts=facts)) if said[1]]
        alike = tuple(replace(fact, place="", words="", steps=(), notes=()) for fact in facts)
        results = patient.biomarkers if rule.role is Role.BIOMARKER else ()
        conditions = tuple(key for key, _ in patient.conditions) if rule.role is not Role.PRIOR_THERAPY else ()
        key = (number, patient.as_of, alike, conditions, results)
        kept = self._sayings.get(key)
        if kept is None:
            kept = tuple((trials, code) for trials, code in self._judged(number, replace(patient, facts=facts)) if code)
            self._kept_bytes += _ENTRY_BYTES + sum(trials.nbytes for trials, _ in kept)
            while self._sayings and self._kept_bytes > _MOST_KEPT:
                gone = self._sayings.pop(next(iter(self._sayings)))
                self._kept_bytes -= _ENTRY_BYTES + sum(trials.nbytes for trials, _ in gone)
            self._sayings[key] = kept
        return kept

    def _judged(self, number: int, patient: PatientFacts) -> Iterator[tuple[Ids, int]]:
        """The trials that hold the shape, with the code of what it says; more than once where it depends on the trial's own disease."""
        shape = self.shapes[number]
        trials = self.shape_trials.row(number)
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
            for number, mention in enumerate(self.mentions):
                found = _matched(mention, fact, self.knowledge)
                if found is not None and found.hit:
                    hits.append(number)
                    if found.grade is Grade.PLAIN:
                        plain.append(number)
            shapes = _union(self.mention_shapes.row(number) for number in hits)
            sure = np.array(plain, dtype=np.int32)
            named = np.array([n for n in plain if self.mentions[n].kind != "pk"], dtype=np.int32)
            kept = self._matches[key] = (shapes[self._is_therapy[shapes]], sure, named)
        return kept

    def _not_understood(self, patient: PatientFacts) -> Iterator[Ids]:
        """Trials with a clause that names one of the patient's therapies and gave no rule."""
        for fact in patient.facts:
            _, plain, named = self._met(fact)
            for mention in plain if fact.current else named:
                yield self.clause_trials.row(int(mention))

    def _touched_by(self, key: str) -> list[int]:
        """The shapes that exclude a condition which is not disjoint from this one."""
        kept = self._touching.get(key)
        if kept is None:
            asked = {a for _, keys in self._condition_shapes["excluded"] for a in keys}
            near = {a for a in asked if relation(self.knowledge, (a,), (key,)) is not Holds.NO}
            kept = self._touching[key] = [number for number, keys in self._condition_shapes["excluded"] if near.intersection(keys)]
        return kept

    # --- the trial's own disease --------------------------------------------------------------------------------------------------------

    def _own(self, trial: int) -> Own:
        return Own(self.own_keys[self.own_of[trial]], self.own_texts[trial])

    def _answers(self, question: _Question, trials: Ids) -> Answers:
        """What each of the trials answers."""
        kind, first, second = question
        if kind == "named":
            return self._named(fold(first[0]), trials)
        answers = self._kept.get(question)
        if answers is None:
            answers = _keep(self._kept, question, np.full(len(self.own_keys), _UNASKED, dtype=np.int8))
        owns = self.own_of[trials]
        for number in np.unique(owns[answers[owns] == _UNASKED]).tolist():
            own = Own(self.own_keys[number], "")
            known = self.knowledge
            answers[number] = _number(own.relates(first, known) if kind == "relates" else own.shared(first, second, known))
        return answers[owns]

    def _named(self, words: str, trials: Ids) -> Answers:
        kept = self._holding.get(words)
        if kept is None and len(trials) < _FEW:
            return np.fromiter((words in self.own_texts[trial] for trial in trials.tolist()), dtype=np.int8, count=len(trials))
        if kept is None:
            kept = _keep(self._holding, words, self.own_texts.holding(words).astype(np.int8))
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
            for number, other in enumerate(self.drugs):
                if any(f.verdict is not Verdict.NO_CONFLICT for f in pair_findings(self._engine, drug, other)):
                    kept[self.drug_trials.row(number)] = True
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


class _Texts:
    """Many texts as one, so that all are searched at once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._all = "\n".join(texts) + "\n"
        lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
        self._starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])

    def __getitem__(self, number: int) -> str:
        return self._all[self._starts[number] : self._starts[number + 1] - 1]

    @property
    def nbytes(self) -> int:
        return self._all.__sizeof__() + self._starts.nbytes

    def holding(self, words: str) -> Flags:
        """Which texts hold the words."""
        found = np.zeros(len(self._starts) - 1, dtype=bool)
        if not words:
            return ~found
        places = array("q")
        at = self._all.find(words)
        while at >= 0:
            places.append(at)
            at = self._all.find(words, at + len(words))
        found[np.searchsorted(self._starts, np.frombuffer(places, dtype=np.int64), side="right") - 1] = True
        return found


# --- compiling ----------------------------------------------------------------------------------------------------------------------------


def compile_index(trials: Iterable[tuple[Trial, Eligibility]], knowledge: Knowledge, names: Names) -> Index:
    """Compile trials to an index.

    Arguments:
        trials: records with their criteria as read; they are read once, one at a time.
        knowledge, names: what drugs are, and how names are looked up.
    Example:
        >>> knowledge = Knowledge.load()
        >>> len(compile_index([], knowledge, Names.of(knowledge)))
        0
    """
    ncts: list[str] = []
    shapes: list[Shape] = []
    shape_numbers, mention_numbers, drug_numbers, own_numbers = _Numbering(), _Numbering(), _Numbering(), _Numbering()
    holders: list[array[int]] = []
    naming: list[dict[int, None]] = []
    clauses: list[array[int]] = []
    givers: list[array[int]] = []
    own_of = array("i")
    texts: list[str] = []
    seen: list[Facets] = []
    same_facets: dict[Facets, Facets] = {}
    empty = PatientFacts.nobody()

    def mention_number(mention: Mention) -> int:
        number = mention_numbers[_bare(mention)]
        if number == len(naming):
            naming.append({})
            clauses.append(array("i"))
        return number

    for place, (trial, eligibility) in enumerate(trials):
        ncts.append(trial.nct)
        found = facets(trial)
        seen.append(same_facets.setdefault(found, found))
        own = Scene(trial, empty, knowledge, names).own
        own_of.append(own_numbers[own.keys])
        texts.append(own.text.replace("\n", " "))
        for rule in eligibility.rules:
            if rule.polarity is Polarity.ALLOWS:
                continue
            number = shape_numbers[shape_key(rule, trial)]
            if number == len(shapes):
                arms = tuple(Arm(arm.label) for arm in trial.arms)
                shapes.append(Shape(rule, Trial(trial.nct, "", _NOWHERE, arms=arms)))
                holders.append(array("i"))
                for mention in rule.mentions:
                    naming[mention_number(mention)][number] = None
            _append(holders[number], place)
        for clause in eligibility.clauses:
            if is_not_understood(clause):
                for mention in clause.mentions:
                    _append(clauses[mention_number(mention)], place)
        for drug in dict.fromkeys(d for given in arm_drugs(trial, knowledge, names).values() for d in given):
            number = drug_numbers[drug]
            if number == len(givers):
                givers.append(array("i"))
            givers[number].append(place)
    return Index(
        knowledge,
        names,
        ncts,
        shapes,
        _Postings.of(holders),
        list(mention_numbers),
        _Postings.of([list(row) for row in naming]),
        _Postings.of(clauses),
        list(drug_numbers),
        _Postings.of(givers),
        list(own_numbers),
        np.frombuffer(own_of, dtype=np.int32) if own_of else np.zeros(0, dtype=np.int32),
        texts,
        seen,
    )


def _append(row: array[int], place: int) -> None:
    if not row or row[-1] != place:
        row.append(place)
