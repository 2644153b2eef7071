"""A check against every trial of a graph: verdicts from the index at once, findings of a trial when it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from kg.checks.index import Verdicts
from kg.checks.report import Report
from kg.errors import UnknownTrial
from kg.records import TrialResult

__all__ = ["AllTrials", "LazyResults", "all_trials"]


class LazyResults(Sequence[TrialResult]):
    """Results that are worked out one by one, each on first sight."""

    def __init__(self, ncts: Sequence[str], work_out: Callable[[str], TrialResult]) -> None:
        self.ncts = ncts
        self._work_out = work_out
        self._done: dict[str, TrialResult] = {}

    def of(self, nct: str) -> TrialResult:
        """The result for one trial of `ncts`."""
        if nct not in self._done:
            self._done[nct] = self._work_out(nct)
        return self._done[nct]

    @overload
    def __getitem__(self, place: int) -> TrialResult: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[TrialResult]: ...
    def __getitem__(self, place: int | slice) -> TrialResult | Sequence[TrialResult]:
        return LazyResults(self.ncts[place], self._work_out) if isinstance(place, slice) else self.of(self.ncts[place])

    def __iter__(self) -> Iterator[TrialResult]:
        return map(self.of, self.ncts)

    def __len__(self) -> int:
        return len(self.ncts)


@dataclass(frozen=True, slots=True)
class AllTrials(Report):
    """A report on every trial. `verdicts` are there at once; a trial's findings are worked out when the trial is looked at, while the graph
    is open.
    """

    verdicts: Verdicts | None = None

    def __getitem__(self, nct: str) -> TrialResult:
        key = nct.strip().upper()
        if key not in self:
            raise UnknownTrial(f"{nct} was not checked: the graph does not hold it; `kg find` searches titles")
        assert isinstance(self.trials, LazyResults)
        return self.trials.of(key)

    def __contains__(self, nct: object) -> bool:
        return self.verdicts is not None and nct in self.verdicts


def all_trials(nothing: Report, verdicts: Verdicts, work_out: Callable[[str], TrialResult]) -> AllTrials:
    """The report on every trial of an index.

    Arguments:
        nothing: the patient's report on no trial: what was not recognised, what was not given.
        verdicts: what the index says of the patient.
        work_out: the check of one trial, by its number.
    """
    return AllTrials(
        as_of=nothing.as_of,
        trials=LazyResults(verdicts.ncts, work_out),
        unrecognised=nothing.unrecognised,
        not_assessed=nothing.not_assessed,
        suggestions=nothing.suggestions,
        notes=nothing.notes,
        facts=nothing.facts,
        among=nothing.among,
        sources=nothing.sources,
        verdicts=verdicts,
    )
