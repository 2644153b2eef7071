"""The web service: a SPARQL endpoint, checks of patients, and pages for people; `serve` runs it."""

from __future__ import annotations

from kg.web.server import serve

__all__ = ["serve"]
