"""Eligibility text → criteria, clauses and rules: a pure function of the record and the names that the knowledge gives."""

from __future__ import annotations

from kg.criteria.engine import read
from kg.criteria.layout.segments import segment

__all__ = ["read", "segment"]
