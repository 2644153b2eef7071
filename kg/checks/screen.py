"""Cohorts: many patients × many trials, streamed; each patient costs one look-up in the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from kg.checks.index import Index, Verdicts
from kg.checks.patient import Patient
from kg.checks.reader import understand
from kg.errors import BadInput, BadPatient
from kg.records import Verdict

__all__ = ["Screened", "screen"]


@dataclass(frozen=True, slots=True)
class Screened:
    """One patient's verdicts over all trials; `error` says why a patient's data could not be used, in place of verdicts.

    `unrecognised`: names that are not known and statements in doubt, for which every trial is `unknown` or worse.
    """

    patient: str
    verdicts: Verdicts | None = None
    unrecognised: tuple[str, ...] = ()
    error: str = ""

    @property
    def in_doubt(self) -> str:
        """What was not recognised, in one text."""
        return " | ".join(self.unrecognised)

    def rows(self, *wanted: Verdict) -> Iterator[dict[str, str]]:
        """One row a trial (patient, nct, verdict, criteria_verdict, unrecognised); only those with a verdict that is wanted, all if none
        is named.
        """
        if self.verdicts is None:
            return
        for nct in self.verdicts.having(*(wanted or Verdict)):
            verdict, criteria = self.verdicts[nct], self.verdicts.criteria_verdict(nct)
            verdicts = {"verdict": verdict.value, "criteria_verdict": criteria.value}
            yield {"patient": self.patient, "nct": nct, **verdicts, "unrecognised": self.in_doubt}

    def codes(self) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
        """The verdicts as an array of places in `kg.checks.index.CODES`.

        Raises:
            BadInput: the patient's data could not be used.
        """
        if self.verdicts is None:
            raise BadInput(f"patient {self.patient} has no verdicts: {self.error}; correct the record")
        return self.verdicts.codes


def screen(patients: Iterable[tuple[str, Patient | BadPatient]], index: Index) -> Iterator[Screened]:
    """Each patient's verdicts, one patient after another; nothing of a patient is kept.

    Arguments:
        patients: (name or number, patient), or the error that stands for a record that is none: it is handed on, never dropped.
        index: the trials.
    """
    for name, patient in patients:
        if isinstance(patient, BadPatient):
            yield Screened(name, error=str(patient))
            continue
        facts = understand(patient, index.knowledge, index.names)
        yield Screened(name, index.verdicts(facts), tuple(dict.fromkeys(item.name for item in facts.unrecognised)))
