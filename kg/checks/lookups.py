"""Small tables that the checks alone read: settings, words for responses and biomarker results, steroid equivalents, usual doses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from kg.knowledge import Evidence, Knowledge

__all__ = ["Equivalent", "Lookups", "UsualDose", "lookups"]


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


@dataclass(frozen=True, slots=True)
class Lookups:
    """The tables of one knowledge: that of the graph which is checked, so that a built graph answers with what it was built with."""

    settings: Mapping[tuple[str, str], str]
    """(setting asked for, setting given) → "yes" or "unclear"; a pair that is not there does not fit."""
    responses: Mapping[str, str]
    """Words for what came of a therapy → progression, intolerance, response or none (of these)."""
    biomarker_states: Mapping[str, tuple[str, str]]
    """Words for a biomarker's result → (what is measured, present or absent)."""
    steroid_equivalents: Mapping[str, Equivalent]
    """Corticosteroids that can be compared with prednisone, by drug key."""
    usual_doses: Mapping[str, UsualDose]
    """Usual adult doses, by drug key: what is assumed where a patient's dose is not given."""
    by_mouth: Mapping[str, tuple[tuple[str, str], ...]]
    """Kinds of drugs → (how names end, never or only taken by mouth)."""

    def taken(self, kind: str, label: str) -> str:
        """Whether drugs of a kind and name are never or only taken by mouth; "" where that differs."""
        return next((taken for stem, taken in self.by_mouth.get(kind, ()) if label.endswith(stem)), "")


_READ: WeakKeyDictionary[Knowledge, Lookups] = WeakKeyDictionary()


def lookups(knowledge: Knowledge) -> Lookups:
    """The small tables of a knowledge; read once for each.

    Example:
        >>> found = lookups(Knowledge.load())
        >>> found.settings["metastatic", "metastatic"], ("adjuvant", "metastatic") in found.settings
        ('yes', False)
        >>> found.biomarker_states["wild type"], found.steroid_equivalents["dexamethasone"].as_prednisone(3)
        (('mutation', 'absent'), 20.0)
        >>> found.taken("antibody", "rituximab"), found.taken("small-molecule", "imatinib"), found.taken("small-molecule", "etoposide")
        ('never', 'only', '')
    """
    found = _READ.get(knowledge)
    if found is None:
        found = _READ[knowledge] = _read(knowledge)
    return found


def _read(knowledge: Knowledge) -> Lookups:
    by_mouth: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in knowledge.rows("by_mouth"):
        by_mouth[row["kind"]] = (*by_mouth.get(row["kind"], ()), (row["stem"], row["taken"]))
    return Lookups(
        settings={(row["asked"], row["given"]): row["holds"] for row in knowledge.rows("settings")},
        responses={row["word"]: row["outcome"] for row in knowledge.rows("responses")},
        biomarker_states={row["word"]: (row["axis"], row["sign"]) for row in knowledge.rows("biomarker_states")},
        steroid_equivalents={
            row["drug"]: Equivalent(float(row["prednisone_5mg_equals_mg"]), _evidence(row)) for row in knowledge.rows("steroid_equivalents")
        },
        usual_doses={
            row["drug"]: UsualDose(float(row["low_mg_per_day"]), float(row["high_mg_per_day"]), _evidence(row))
            for row in knowledge.rows("usual_doses")
        },
        by_mouth=by_mouth,
    )


def _evidence(row: Mapping[str, str]) -> Evidence:
    return Evidence(row["source"], row["detail"], row["to_check"])
