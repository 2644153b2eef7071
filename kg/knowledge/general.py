"""Classes that say little of what a drug acts on."""

from __future__ import annotations

from functools import cache

from kg import tables


@cache
def general_classes() -> frozenset[str]:
    """Classes that name a form or mode of drug only, so that a target beside them narrows them (`eligibility/general_classes.csv`).

    Example:
        >>> "kinase-inhibitor" in general_classes(), "mek-inhibitor" in general_classes()
        (True, False)
    """
    return frozenset(row["class"] for row in tables.read("eligibility/general_classes"))
