"""Trials compiled to arrays and rule shapes: what `kg.checks.index` asks about one patient after another.

What a rule says, its place in the text aside, is a *shape*; trials share shapes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.checks.arms import arm_drugs
from kg.checks.facts import PatientFacts
from kg.checks.filters import Facets, facets
from kg.checks.findings import Scene, bound_arms
from kg.checks.trials import is_not_understood
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Arm, Carveout, Eligibility, Mention, Polarity, RecordSource, Role, Rule, Scope, Section, Trial, Window

__all__ = ["Compiled", "Compiler", "Flags", "Ids", "Postings", "Shape", "Texts", "compile_trials", "shape_key"]

Ids = NDArray[np.int32]
Flags = NDArray[np.bool_]


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


class Postings:
    """Rows of numbers: row i is `values[starts[i]:starts[i + 1]]`."""

    def __init__(self, starts: NDArray[np.int64], values: Ids) -> None:
        self.starts, self.values = starts, values

    @classmethod
    def of(cls, rows: Sequence[Any]) -> Postings:
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        values = np.concatenate([np.asarray(row, dtype=np.int32) for row in rows]) if rows else np.zeros(0, dtype=np.int32)
        return cls(starts, values)

    def row(self, number: int) -> Ids:
        return self.values[self.starts[number] : self.starts[number + 1]]

    @property
    def nbytes(self) -> int:
        return int(self.starts.nbytes + self.values.nbytes)


class Texts:
    """Many texts as one, so that all are searched at once."""

    def __init__(self, text: str, starts: NDArray[np.int64]) -> None:
        self.all, self.starts = text, starts

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """Texts without line breaks, each ended by one."""
        lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
        return cls("".join(f"{text}\n" for text in texts), np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)]))

    def __getitem__(self, number: int) -> str:
        return self.all[self.starts[number] : self.starts[number + 1] - 1]

    @property
    def nbytes(self) -> int:
        return self.all.__sizeof__() + self.starts.nbytes

    def holding(self, words: str) -> Flags:
        """Which texts hold the words."""
        found = np.zeros(len(self.starts) - 1, dtype=bool)
        if not words:
            return ~found
        places = array("q")
        at = self.all.find(words)
        while at >= 0:
            places.append(at)
            at = self.all.find(words, at + len(words))
        found[np.searchsorted(self.starts, np.frombuffer(places, dtype=np.int64), side="right") - 1] = True
        return found


@dataclass(frozen=True, slots=True)
class Compiled:
    """The trials, in the order of their numbers, as rows of numbers: shape → trials that hold it, drug → trials that give it, and so on."""

    ncts: Sequence[str]
    shapes: Sequence[Shape]
    shape_trials: Postings
    mentions: Sequence[Mention]
    mention_shapes: Postings
    clause_trials: Postings
    """Mention → trials with a clause that holds it and gave no rule."""
    drugs: Sequence[str]
    drug_trials: Postings
    conditions: Sequence[tuple[int, str, tuple[str, ...]]]
    """Shapes on conditions: number, polarity, keys of the conditions that they name."""
    biomarkers: Sequence[tuple[int, tuple[str, ...]]]
    """Shapes on biomarkers: number, keys of what they name."""
    own_keys: Sequence[tuple[str, ...]]
    """The trials' own diseases, each set once; `own_of` has the place of each trial's."""
    own_of: Ids
    own_texts: Texts
    facets: Sequence[Facets]
    """What searches ask about, each set once; `facets_of` has the place of each trial's."""
    facets_of: Ids

    @property
    def nbytes(self) -> int:
        """The size of the arrays and of the texts of titles and conditions; shapes and numbers of trials come on top."""
        parts = (self.shape_trials, self.mention_shapes, self.clause_trials, self.drug_trials, self.own_texts)
        return sum(part.nbytes for part in parts) + self.own_of.nbytes + self.facets_of.nbytes


class _Numbering(dict[Any, int]):
    """Things → 0, 1, 2… in the order in which they were first met."""

    def __missing__(self, key: Any) -> int:
        number = self[key] = len(self)
        return number


@dataclass(frozen=True, slots=True)
class Looked:
    """One trial as far as it can be compiled by itself."""

    nct: str
    facets: Facets
    own_keys: tuple[str, ...]
    own_text: str
    rules: tuple[tuple[tuple[Rule, bool], Shape], ...]
    doubted: tuple[Mention, ...]
    drugs: tuple[str, ...]


class Compiler:
    """Compiles trials one by one: `look` at a trial, `add` what it gave, `finish`.

    Example:
        >>> knowledge = Knowledge.load()
        >>> len(Compiler(knowledge, Names.of(knowledge)).finish().ncts)
        0
    """

    def __init__(self, knowledge: Knowledge, names: Names) -> None:
        self._knowledge, self._names = knowledge, names
        self._nobody = PatientFacts.nobody()
        self._ncts: list[str] = []
        self._shapes: list[Shape] = []
        self._shape_numbers, self._mention_numbers, self._drug_numbers = _Numbering(), _Numbering(), _Numbering()
        self._own_numbers, self._facet_numbers = _Numbering(), _Numbering()
        self._holders: list[array[int]] = []
        self._naming: list[dict[int, None]] = []
        self._clauses: list[array[int]] = []
        self._givers: list[array[int]] = []
        self._conditions: list[tuple[int, str, tuple[str, ...]]] = []
        self._biomarkers: list[tuple[int, tuple[str, ...]]] = []
        self._own_of, self._facets_of = array("i"), array("i")
        self._texts: list[str] = []

    def look(self, trial: Trial, eligibility: Eligibility) -> Looked:
        """All that can fail, before anything is added."""
        own = Scene(trial, self._nobody, self._knowledge, self._names).own
        arms = tuple(Arm(arm.label) for arm in trial.arms)
        bare = Trial(trial.nct, "", _NOWHERE, arms=arms)
        return Looked(
            trial.nct,
            facets(trial),
            own.keys,
            own.text.replace("\n", " "),
            tuple((shape_key(rule, trial), Shape(rule, bare)) for rule in eligibility.rules if rule.polarity is not Polarity.ALLOWS),
            tuple(mention for clause in eligibility.clauses if is_not_understood(clause) for mention in clause.mentions),
            tuple(dict.fromkeys(drug for given in arm_drugs(trial, self._knowledge, self._names).values() for drug in given)),
        )

    def add(self, seen: Looked) -> None:
        """Takes a trial in; each number once."""
        place = len(self._ncts)
        self._ncts.append(seen.nct)
        self._facets_of.append(self._facet_numbers[seen.facets])
        self._own_of.append(self._own_numbers[seen.own_keys])
        self._texts.append(seen.own_text)
        for key, shape in seen.rules:
            number = self._shape_numbers[key]
            if number == len(self._shapes):
                self._new(number, shape)
            _append(self._holders[number], place)
        for mention in seen.doubted:
            _append(self._clauses[self._mention(mention)], place)
        for drug in seen.drugs:
            number = self._drug_numbers[drug]
            if number == len(self._givers):
                self._givers.append(array("i"))
            _append(self._givers[number], place)

    def _new(self, number: int, shape: Shape) -> None:
        rule = shape.rule
        self._shapes.append(shape)
        self._holders.append(array("i"))
        for mention in rule.mentions:
            self._naming[self._mention(mention)][number] = None
        if rule.role is Role.CONDITION:
            asked = tuple(m.key for m in rule.mentions if m.kind == "condition" and m.key) + rule.conditions
            self._conditions.append((number, rule.polarity.value, asked))
        elif rule.role is Role.BIOMARKER:
            self._biomarkers.append((number, tuple(m.key for m in rule.mentions)))

    def _mention(self, mention: Mention) -> int:
        number = self._mention_numbers[_bare(mention)]
        if number == len(self._naming):
            self._naming.append({})
            self._clauses.append(array("i"))
        return number

    def finish(self) -> Compiled:
        """What was added, in the order of the trials' numbers."""
        order = sorted(range(len(self._ncts)), key=self._ncts.__getitem__)
        place = np.empty(len(order), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)

        def trials(rows: Sequence[array[int]]) -> Postings:
            return Postings.of([np.sort(place[np.frombuffer(row, dtype=np.int32)]) if row else () for row in rows])

        def arranged(values: array[int]) -> Ids:
            return np.asarray(values, dtype=np.int32)[order] if order else np.zeros(0, dtype=np.int32)

        return Compiled(
            [self._ncts[old] for old in order],
            self._shapes,
            trials(self._holders),
            list(self._mention_numbers),
            Postings.of([list(row) for row in self._naming]),
            trials(self._clauses),
            list(self._drug_numbers),
            trials(self._givers),
            self._conditions,
            self._biomarkers,
            list(self._own_numbers),
            arranged(self._own_of),
            Texts.of([self._texts[old] for old in order]),
            list(self._facet_numbers),
            arranged(self._facets_of),
        )


def _append(row: array[int], place: int) -> None:
    if not row or row[-1] != place:
        row.append(place)


def compile_trials(trials: Iterable[tuple[Trial, Eligibility]], knowledge: Knowledge, names: Names) -> Compiled:
    """Compiles trials.

    Arguments:
        trials: records with their criteria as read; they are read once, one at a time.
        knowledge, names: what drugs are, and how names are looked up.
    """
    compiler = Compiler(knowledge, names)
    for trial, eligibility in trials:
        compiler.add(compiler.look(trial, eligibility))
    return compiler.finish()
