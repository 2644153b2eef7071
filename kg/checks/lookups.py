"""Small tables that the checks read themselves: settings, words for responses and biomarker results, steroid equivalents, usual doses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg import tables
from kg.knowledge import Evidence

__all__ = ["Equivalent", "UsualDose", "biomarker_states", "responses", "settings", "steroid_equivalents", "usual_doses"]


@dataclass(frozen=True, slots=True)
class Equivalent:
    """How many mg of a corticosteroid act like 5 mg of prednisone."""

    mg: float
    evidence: Evidence

    def as_prednisone(self, mg: float) -> float:
        """The prednisone dose that acts like `mg` of the drug."""
        return mg * 5.0 / self.mg


@dataclass(frozen=True, slots=True)
class UsualDose:
    """The range of usual adult doses, mg a day."""

    low: float
    high: float
    evidence: Evidence


def _evidence(row: Mapping[str, str]) -> Evidence:
    return Evidence(row["source"], row["detail"], row["to_check"])


@lru_cache(maxsize=1)
def settings() -> Mapping[tuple[str, str], str]:
    """(setting asked for, setting given) → "yes" or "unclear"; a pair that is not there does not fit.

    Example:
        >>> settings()["metastatic", "metastatic"], ("adjuvant", "metastatic") in settings()
        ('yes', False)
    """
    return {(row["asked"], row["given"]): row["holds"] for row in tables.read("settings")}


@lru_cache(maxsize=1)
def responses() -> Mapping[str, str]:
    """Words for what came of a therapy → progression, intolerance, response or none (of these)."""
    return {row["word"]: row["outcome"] for row in tables.read("responses")}


@lru_cache(maxsize=1)
def biomarker_states() -> Mapping[str, tuple[str, str]]:
    """Words for a biomarker's result → (what is measured, present or absent).

    Example:
        >>> biomarker_states()["wild-type"]
        ('mutation', 'absent')
    """
    return {row["word"]: (row["axis"], row["sign"]) for row in tables.read("biomarker_states")}


@lru_cache(maxsize=1)
def steroid_equivalents() -> Mapping[str, Equivalent]:
    """Corticosteroids that can be compared with prednisone, by drug key.

    Example:
        >>> steroid_equivalents()["dexamethasone"].as_prednisone(3)
        20.0
    """
    return {row["drug"]: Equivalent(float(row["prednisone_5mg_equals_mg"]), _evidence(row)) for row in tables.read("steroid_equivalents")}


@lru_cache(maxsize=1)
def usual_doses() -> Mapping[str, UsualDose]:
    """Usual adult doses, by drug key: what is assumed where a patient's dose is not given."""
    return {
        row["drug"]: UsualDose(float(row["low_mg_per_day"]), float(row["high_mg_per_day"]), _evidence(row))
        for row in tables.read("usual_doses")
    }
