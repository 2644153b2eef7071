"""A knowledge graph of clinical trials: which drugs, past or present, conflict with which eligibility sentence, and why."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.version import __version__

if TYPE_CHECKING:
    from kg.api import Graph, open
    from kg.building import BuildReport, Reject, build
    from kg.checks import Patient, Report
    from kg.errors import (
        AmbiguousName,
        BadInput,
        BadPatient,
        BadQuery,
        BadRecord,
        BadTable,
        GraphBusy,
        GraphNotFound,
        KgError,
        MissingTool,
        UnknownDrug,
        UnknownName,
        UnknownQuery,
        UnknownTrial,
    )
    from kg.knowledge import Drug
    from kg.names import Match
    from kg.records import (
        Clause,
        ClauseStatus,
        Criterion,
        Eligibility,
        Exposure,
        Finding,
        FindingKind,
        Procedure,
        Rule,
        Step,
        Trial,
        TrialResult,
        Verdict,
    )

__all__ = [
    "AmbiguousName",
    "BadInput",
    "BadPatient",
    "BadQuery",
    "BadRecord",
    "BadTable",
    "BuildReport",
    "Clause",
    "ClauseStatus",
    "Criterion",
    "Drug",
    "Eligibility",
    "Exposure",
    "Finding",
    "FindingKind",
    "Graph",
    "GraphBusy",
    "GraphNotFound",
    "KgError",
    "Match",
    "MissingTool",
    "Patient",
    "Procedure",
    "Reject",
    "Report",
    "Rule",
    "Step",
    "Trial",
    "TrialResult",
    "UnknownDrug",
    "UnknownName",
    "UnknownQuery",
    "UnknownTrial",
    "Verdict",
    "__version__",
    "build",
    "open",
]

_HOMES = ("errors", "records", "knowledge", "names", "checks", "api", "building")


def __getattr__(name: str) -> Any:
    """Public names come from their modules when they are first asked for, so that `kg --help` and small scripts start at once."""
    if name in __all__:
        for home in _HOMES:
            module = import_module(f"kg.{home}")
            if hasattr(module, name):
                globals()[name] = found = getattr(module, name)
                return found
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
